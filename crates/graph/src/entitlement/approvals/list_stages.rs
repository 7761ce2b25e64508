//! Stages of an approval. <https://learn.microsoft.com/graph/api/approval-list-stages>

use super::{ApprovalStage, COLLECTION, READING_APPROVALS};
use crate::entitlement::{EntitlementRefusal, get_request, one};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`ApprovalStage`], in their order.
#[derive(Clone, Copy, Debug)]
pub struct ListApprovalStages<'a> {
    /// The request's.
    pub approval: &'a str,
}

impl Operation for ListApprovalStages<'_> {
    type Output = Page<ApprovalStage>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING_APPROVALS;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{}/stages", one(COLLECTION, self.approval)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn stages_are_listed() {
        let list = ListApprovalStages { approval: "r" };
        let path = format!("{ROOT}/accessPackageAssignmentApprovals/r/stages");
        reads(&list, &path, "EntitlementMgmt-SubjectAccess.ReadWrite");
        let body = r#"{"value":[{"id":"s","assignedToMe":true,"status":"InProgress","reviewResult":"NotReviewed","reviewedBy":null}]}"#;
        assert!(list.read(&reply(200, body)).unwrap().value[0].waits_for_me());
        refuses(&list, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
