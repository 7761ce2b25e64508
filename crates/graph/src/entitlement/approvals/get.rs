//! One approval, or one stage of it. <https://learn.microsoft.com/graph/api/approval-get>

use super::{Approval, ApprovalStage, COLLECTION, READING_APPROVALS};
use crate::entitlement::{EntitlementRefusal, get_request, one};
use crate::{Operation, PaceKind, Request, literal};

/// 200 with the [`Approval`] of a request, with its stages.
#[derive(Clone, Copy, Debug)]
pub struct GetApproval<'a> {
    /// The request's.
    pub id: &'a str,
}

/// 200 with one [`ApprovalStage`].
#[derive(Clone, Copy, Debug)]
pub struct GetApprovalStage<'a> {
    /// The request's.
    pub approval: &'a str,
    /// Of the stage.
    pub stage: &'a str,
}

/// The path of a stage.
pub(super) fn stage_path(approval: &str, stage: &str) -> String {
    format!("{}/stages/{}", one(COLLECTION, approval), literal(stage))
}

impl Operation for GetApproval<'_> {
    type Output = Approval;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING_APPROVALS;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{}?$expand=stages", one(COLLECTION, self.id)))
    }
}

impl Operation for GetApprovalStage<'_> {
    type Output = ApprovalStage;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING_APPROVALS;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(stage_path(self.approval, self.stage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::entitlement::approvals::ReviewResult;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn an_approval_is_read_with_its_stages_or_stage_by_stage() {
        let get = GetApproval { id: "r" };
        let root = format!("{ROOT}/accessPackageAssignmentApprovals/r");
        reads(&get, &format!("{root}?$expand=stages"), "EntitlementMgmt-SubjectAccess.ReadWrite");
        let stage = r#"{"id":"s","displayName":null,"status":"Completed","assignedToMe":true,"reviewResult":"Approved",
            "reviewedBy":{"id":"u","displayName":"Ada"},"reviewedDateTime":"2021-01-30T13:13:13Z","justification":"OK"}"#;
        assert_eq!(get.read(&reply(200, &format!(r#"{{"id":"r","stages":[{stage}]}}"#))).unwrap().stages.len(), 1);
        refuses(&get, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
        let get = GetApprovalStage { approval: "r", stage: "s" };
        reads(&get, &format!("{root}/stages/s"), "EntitlementMgmt-SubjectAccess.ReadWrite");
        let read = get.read(&reply(200, stage)).unwrap();
        assert_eq!(
            (read.review_result, read.reviewed_by.and_then(|by| by.display_name)),
            (Some(ReviewResult::Approved), Some("Ada".into()))
        );
        refuses(&get, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
