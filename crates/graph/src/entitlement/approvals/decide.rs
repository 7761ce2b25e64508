//! Saying yes or no at one stage. <https://learn.microsoft.com/graph/api/approvalstage-update>

use super::get::stage_path;
use super::{DECIDING, GetApprovalStage};
use crate::entitlement::{EntitlementRefusal, NO_CONTENT};
use crate::refusal::Recognised;
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Reply, Request};
use serde::Serialize;

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct DecideStage<'a> {
    /// The request's.
    pub approval: &'a str,
    /// Of the stage.
    pub stage: &'a str,
    /// Yes or no.
    pub decision: ApprovalDecision,
    /// Why; the policy may demand it.
    pub justification: Option<&'a str>,
}

/// Yes or no. What is stored is another word ([`super::ReviewResult`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ApprovalDecision {
    /// Yes.
    Approve,
    /// No.
    Deny,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StageDecision<'a> {
    review_result: ApprovalDecision,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
}

/// Why a decision is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionRefusal {
    /// 409: a colleague was first.
    DecidedAlready,
    /// 403 `UnAuthorized`: the person is no approver of this stage, it is their own request, or the app lacks consent. Microsoft documents the
    /// status for all of these; that it comes with this code is our reading.
    NotApprover,
    /// 400 by a text that asks for a reason: the code is not public (our reading).
    JustificationMissing,
    /// As of any call.
    Any(EntitlementRefusal),
}

impl Refusal for DecisionRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match (problem.status, Recognised::by(problem)) {
            (409, Recognised::Common(CommonRefusal::Unknown)) => Some(Self::DecidedAlready),
            (403, Recognised::NotEntitled) => Some(Self::NotApprover),
            (400, Recognised::Common(CommonRefusal::Unknown)) if problem.message.to_ascii_lowercase().contains("justification") => {
                Some(Self::JustificationMissing)
            }
            _ => EntitlementRefusal::told_by(problem).map(Self::Any),
        }
    }
}

impl Operation for DecideStage<'_> {
    type Output = ();
    type Refusal = DecisionRefusal;
    const SCOPES: &'static [&'static str] = DECIDING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let body = StageDecision { review_result: self.decision, justification: self.justification };
        Request::patch(stage_path(self.approval, self.stage), &body)
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// The stage shows what was decided, and by whom.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(GetApprovalStage { approval: self.approval, stage: self.stage }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{looks, problem, refuses, reply, writes};
    use serde_json::json;

    #[test]
    fn a_decision_is_written_in_its_own_words_and_looked_for_at_its_stage() {
        let yes = DecideStage { approval: "r", stage: "s", decision: ApprovalDecision::Approve, justification: Some("OK") };
        let path = format!("{ROOT}/accessPackageAssignmentApprovals/r/stages/s");
        writes(&yes, "PATCH", &path, &json!({"reviewResult": "Approve", "justification": "OK"}));
        let no = DecideStage { decision: ApprovalDecision::Deny, justification: None, ..yes };
        writes(&no, "PATCH", &path, &json!({"reviewResult": "Deny"}));
        assert_eq!(yes.read(&reply(204, "")), Ok(()));
        assert_eq!(looks(&yes), GetApprovalStage { approval: "r", stage: "s" }.request());
        assert_eq!(DecideStage::SCOPES, ["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.ReadWrite.All"]);
    }

    #[test]
    fn each_refusal_is_told_apart() {
        let yes = DecideStage { approval: "r", stage: "s", decision: ApprovalDecision::Approve, justification: None };
        refuses(
            &yes,
            &[
                (409, "NewCode", "", Some(DecisionRefusal::DecidedAlready)),
                (403, "UnAuthorized", "", Some(DecisionRefusal::NotApprover)),
                (400, "NewCode", "Justification is required.", Some(DecisionRefusal::JustificationMissing)),
                (404, "NewCode", "", Some(DecisionRefusal::Any(EntitlementRefusal::NotFound))),
                (400, "InvalidModel", "", Some(DecisionRefusal::Any(EntitlementRefusal::InvalidModel))),
                (409, "Directory_ConcurrencyViolation", "", None),
                (403, "Authorization_RequestDenied", "", None),
            ],
        );
        // What nobody knows stays unexplained.
        assert_eq!(yes.refusal(&problem(403, "NewCode", "")), None);
    }
}
