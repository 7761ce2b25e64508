//! Why a change was not made, in words that name who can make it.

use crate::refused::Refused;
use crate::words::{Explain, Words};
use graph::entitlement::assignment_policies::PolicyRefusal;
use graph::entitlement::{DeleteRefusal, EntitlementRefusal};
use graph::{CommonRefusal, Refusal};

/// Why something is not as it was to become, or why nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeFailure {
    /// Graph refused it; nothing was changed.
    Refused(Refused),
    /// The policy was refused for what it says.
    Policy(PolicyRefusal, Refused),
    /// Somebody has the package that was to be deleted.
    InUse(Refused),
    /// Nothing was asked for: Microsoft was not reached.
    Unreached,
    /// It was asked for, and no answer told whether it was done; the last that came, if one did.
    Unsure(Option<Refused>),
    /// Only a person can go on: the sign-in has ended, or has to be proved once more.
    SignIn,
    /// It was changed; how it is now could not be read.
    NotReadBack,
    /// Somebody else changed the policy since it was read; nothing was changed.
    ChangedMeanwhile,
    /// Graph does not show these parts, and would forget them; nothing was changed.
    WouldLose(String),
}

const WHO: &str = "An Identity Governance Administrator, or an owner of the catalog.";

impl ChangeFailure {
    /// Of a policy.
    pub(super) fn of_policy(refused: Refused) -> Self {
        match PolicyRefusal::told_by(&refused.problem) {
            Some(refusal) if !matches!(refusal, PolicyRefusal::Any(_)) => Self::Policy(refusal, refused),
            _ => Self::Refused(refused),
        }
    }

    /// Whether a deletion was refused since somebody has what was to be deleted.
    pub(super) fn is_in_use(refused: &Refused) -> bool {
        DeleteRefusal::told_by(&refused.problem) == Some(DeleteRefusal::InUse)
    }
}

fn policy_words(refusal: PolicyRefusal) -> Words {
    let (what, why, next) = match refusal {
        PolicyRefusal::InvalidApprovalStages => (
            "Microsoft refused: approval is required, and nobody is named who could give it.",
            "Whoever was to approve may have been deleted.",
            "Name approvers in the Microsoft Entra admin center, then try again.",
        ),
        PolicyRefusal::WrongReviewDuration => (
            "Microsoft refused the policy's access review.",
            "How long the review is open does not fit how often it comes.",
            "Set the review in the Microsoft Entra admin center, then try again.",
        ),
        PolicyRefusal::TargetsNotTaken | PolicyRefusal::Any(_) => (
            "Microsoft refused whom the policy is for.",
            "Somebody, or an organization, is named who is not there any more.",
            "Set who can ask in the Microsoft Entra admin center, then try again.",
        ),
        PolicyRefusal::ReviewGone => (
            "Microsoft refused: the policy's access review was removed elsewhere.",
            "The policy still names it.",
            "Turn the review off in the Microsoft Entra admin center, then try again.",
        ),
    };
    Words::new(what, why, WHO, next)
}

impl Explain for ChangeFailure {
    fn words(&self) -> Words {
        let w = Words::new;
        match self {
            Self::Refused(refused) if EntitlementRefusal::told_by(&refused.problem) == Some(EntitlementRefusal::NotFound) => w(
                "It is not there any more.",
                "Somebody deleted it since it was read, or you may not see it any more.",
                "No action needed.",
                "Refresh the list of access packages.",
            ),
            Self::Refused(refused) if EntitlementRefusal::told_by(&refused.problem) == Some(EntitlementRefusal::NotAuthorized) => w(
                "Microsoft refused: you may not change this.",
                "You have no role that may, or your organization has no license for entitlement management; Microsoft does not say which.",
                "An Identity Governance Administrator can give you a role: access package manager for packages and policies, catalog owner for the catalog.",
                "Ask one of them, then try again: a new role takes some minutes.",
            ),
            Self::Refused(refused) if matches!(refused.problem.common(), Some(CommonRefusal::Throttled | CommonRefusal::ServiceBusy)) => w(
                "Microsoft is busy and did not make the change.",
                "It was asked for several times over some minutes.",
                "No action needed.",
                "Try again later.",
            ),
            Self::Refused(refused) => refused.words(),
            Self::Policy(refusal, _) => policy_words(*refusal),
            Self::InUse(_) => w(
                "Microsoft refused: somebody still has this access package.",
                "Assignments stand in the way, also those of users who were deleted in the last 30 days.",
                "An Identity Governance Administrator, or an assignment manager of the catalog.",
                "Remove each assignment first. It takes some minutes until the package can be deleted.",
            ),
            Self::Unreached => w(
                "Microsoft could not be reached.",
                "Nothing was changed.",
                "You, or whoever looks after your network.",
                "Check the network, then try again.",
            ),
            Self::Unsure(_) => w(
                "No answer tells whether it was changed.",
                "The request left, and its answer was lost, or something on the way answered in Microsoft's place.",
                "You can.",
                "Try again: that does no harm. Refresh the list of access packages to see how it is.",
            ),
            Self::SignIn => w(
                "Microsoft wants you to sign in again.",
                "Your sign-in has ended, or a Conditional Access policy asks for one more proof.",
                "You can.",
                "Close this and sign in at the top of the page, then make the change again.",
            ),
            Self::NotReadBack => w(
                "It was changed, but how it is now could not be read.",
                "Microsoft took the change and did not answer the question that followed.",
                "No action needed.",
                "Refresh the list of access packages to see it.",
            ),
            Self::ChangedMeanwhile => w(
                "Somebody else changed this policy since you opened it.",
                "Nothing was saved, so that their change is not lost.",
                "You can.",
                "Read the policy again, then make your change once more.",
            ),
            Self::WouldLose(_) => w(
                "Saving would lose a part of this policy.",
                "A policy is saved as a whole, and Microsoft does not show all of it here.",
                WHO,
                "Change it in the Microsoft Entra admin center.",
            ),
        }
    }

    fn details(&self) -> String {
        match self {
            Self::Refused(refused) | Self::Policy(_, refused) | Self::InUse(refused) => refused.details(),
            Self::Unreached => "no request left".into(),
            Self::Unsure(refused) => refused.as_ref().map_or_else(|| "no answer".into(), Refused::details),
            Self::SignIn => "sign-in needed".into(),
            Self::NotReadBack => "no answer".into(),
            Self::ChangedMeanwhile => "the policy read right before saving differs from the one shown".into(),
            Self::WouldLose(parts) => format!("not shown: {parts}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::{Headers, Problem, Reply};

    fn refused(status: u16, code: &str, message: &str) -> Refused {
        let body = serde_json::json!({"error": {"code": code, "message": message}}).to_string();
        Refused::new(Problem::from_reply(&Reply { status, headers: Headers::default(), body }), "EntitlementManagement.ReadWrite.All")
    }

    #[test]
    fn each_failure_is_told_in_words_that_name_who_can_act() {
        let policy = |status: u16, code: &str, message: &str| ChangeFailure::of_policy(refused(status, code, message));
        let denied = || refused(403, "UnAuthorized", "User is not authorized to perform the operation.");
        let failures = [
            policy(400, "InvalidApprovalStages", ""),
            policy(400, "AccessReviewWrongDurationForRecurrenceType", ""),
            policy(400, "NewCode", "A connected organization was not found."),
            policy(404, "NewCode", "BusinessFlow not found"),
            policy(404, "NewCode", ""),
            policy(400, "InvalidModel", "Model is not valid."),
            ChangeFailure::of_policy(denied()),
            ChangeFailure::Refused(refused(429, "TooManyRequests", "")),
            ChangeFailure::InUse(refused(409, "NewCode", "")),
            ChangeFailure::Unreached,
            ChangeFailure::Unsure(None),
            ChangeFailure::SignIn,
            ChangeFailure::NotReadBack,
            ChangeFailure::ChangedMeanwhile,
            ChangeFailure::WouldLose("questions".into()),
        ];
        let mut told = std::collections::BTreeSet::new();
        for failure in &failures {
            let Words { what, why, who, next } = failure.words();
            assert!([&what, &why, &who, &next].iter().all(|words| words.ends_with('.') && words.len() > 5), "{failure:?}");
            assert!(!failure.details().is_empty());
            told.insert(what);
        }
        assert_eq!(told.len(), failures.len(), "{told:?}");
        assert!(ChangeFailure::is_in_use(&refused(409, "NewCode", "")) && !ChangeFailure::is_in_use(&denied()));
        assert!(matches!(policy(404, "NewCode", "BusinessFlow not found"), ChangeFailure::Policy(PolicyRefusal::ReviewGone, _)));
        assert!(ChangeFailure::Refused(denied()).words().who.contains("Identity Governance Administrator"));
    }
}
