//! What waits for the signed-in person. <https://learn.microsoft.com/graph/api/approval-filterbycurrentuser>

use super::{Approval, COLLECTION, READING_APPROVALS};
use crate::entitlement::{EntitlementRefusal, ROOT, get_request};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`Approval`], of which only the id is told: that of the request.
#[derive(Clone, Copy, Debug)]
pub struct ListOwnApprovals;

impl Operation for ListOwnApprovals {
    type Output = Page<Approval>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING_APPROVALS;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{ROOT}/{COLLECTION}/filterByCurrentUser(on='approver')"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn what_waits_is_told_by_the_ids_of_requests() {
        let path = format!("{ROOT}/accessPackageAssignmentApprovals/filterByCurrentUser(on='approver')");
        reads(&ListOwnApprovals, &path, "EntitlementMgmt-SubjectAccess.ReadWrite");
        let found = ListOwnApprovals.read(&reply(200, r#"{"value":[{"id":"r"}]}"#)).unwrap();
        assert_eq!((found.value[0].id.as_str(), found.value[0].stages.len()), ("r", 0));
        refuses(&ListOwnApprovals, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
