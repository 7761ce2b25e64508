//! By which terms an access package can be had. <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentpolicy>

mod approval;
mod create;
mod get;
mod list;
mod replace;
mod review;
mod targets;
mod terms;

pub use approval::{
    ApprovalSettings, ApprovalStages, ApprovedRequests, ApproverVisibility, Approvers, Escalation, PolicyApproval, PolicyStage,
};
pub use create::CreateAssignmentPolicy;
pub use get::GetAssignmentPolicy;
pub use list::ListAssignmentPolicies;
pub use replace::ReplaceAssignmentPolicy;
pub use review::{PolicyReview, ReviewExpiration, Reviewers};
pub use targets::{AllowedTargets, AskedFor, AutomaticRequests, NamedTargets, RequestorSettings, TargetKind, TargetScope};
pub use terms::{AssignmentPolicy, PolicyTerms};

use super::EntitlementRefusal;
use crate::refusal::own;
use crate::{Problem, Refusal};

/// Why a policy is not made, or not replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyRefusal {
    /// 400 `InvalidApprovalStages`: approval is required, and nobody is there to give it.
    InvalidApprovalStages,
    /// 400 `AccessReviewWrongDurationForRecurrenceType`: how long a review is open does not fit how often it comes
    /// (terraform-provider-azuread #1355).
    WrongReviewDuration,
    /// Nobody is named where somebody has to be, or somebody who is not there. Neither code nor text is public: our reading of texts that say
    /// so.
    TargetsNotTaken,
    /// 404 "BusinessFlow not found": the review of the policy was removed elsewhere.
    ReviewGone,
    /// As of any call; what is not found is the package, or the policy.
    Any(EntitlementRefusal),
}

const CODES: [(u16, &str, PolicyRefusal); 2] = [
    (400, "InvalidApprovalStages", PolicyRefusal::InvalidApprovalStages),
    (400, "AccessReviewWrongDurationForRecurrenceType", PolicyRefusal::WrongReviewDuration),
];

const FRAGMENTS: [(u16, &str, PolicyRefusal); 3] = [
    (404, "BusinessFlow not found", PolicyRefusal::ReviewGone),
    (400, "targets", PolicyRefusal::TargetsNotTaken),
    (400, "connected organization", PolicyRefusal::TargetsNotTaken),
];

impl Refusal for PolicyRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        own(problem, &CODES, &FRAGMENTS).or_else(|| EntitlementRefusal::told_by(problem).map(Self::Any))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem};

    #[test]
    fn each_refusal_is_told_apart() {
        let check = |status: u16, code: &str, message: &str, expected: Option<PolicyRefusal>| {
            assert_eq!(PolicyRefusal::told_by(&problem(status, code, message)), expected, "{status} {code} {message}");
        };
        let no_stages = "If approval is required, a valid list of stages must be provided.";
        check(400, "InvalidApprovalStages", no_stages, Some(PolicyRefusal::InvalidApprovalStages));
        check(400, "AccessReviewWrongDurationForRecurrenceType", "", Some(PolicyRefusal::WrongReviewDuration));
        check(400, "NewCode", "Specific targets have to be named.", Some(PolicyRefusal::TargetsNotTaken));
        check(400, "NewCode", "A connected organization was not found.", Some(PolicyRefusal::TargetsNotTaken));
        check(404, "NewCode", "BusinessFlow not found", Some(PolicyRefusal::ReviewGone));
        check(404, "NewCode", "", Some(PolicyRefusal::Any(EntitlementRefusal::NotFound)));
        check(400, "InvalidModel", "", Some(PolicyRefusal::Any(EntitlementRefusal::InvalidModel)));
        check(403, "UnAuthorized", "", Some(PolicyRefusal::Any(EntitlementRefusal::NotAuthorized)));
        check(400, "NewCode", "", None);
        assert!(common().iter().all(|problem| PolicyRefusal::told_by(problem).is_none()));
    }
}
