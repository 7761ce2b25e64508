//! Requests. <https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignmentrequests>

use super::{AssignmentRequest, RequestState};
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::{Operation, PaceKind, Page, Request};

/// What comes with each request of many.
pub(super) const EXPAND: &str = "requestor,accessPackage,assignment($expand=target)";

/// 200 with a page of [`AssignmentRequest`], with who asked, of what, and what it is. Whoever holds a role of one catalog alone has to name a
/// package (microsoft-graph-docs #17822).
#[derive(Clone, Copy, Debug)]
pub struct ListAssignmentRequests<'a> {
    /// Those of this package alone, by its id.
    pub package: Option<&'a str>,
    /// Those in this state alone.
    pub state: Option<&'a RequestState>,
}

impl Operation for ListAssignmentRequests<'_> {
    type Output = Page<AssignmentRequest>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let package = self.package.map(|id| is("accessPackage/id", id));
        let state = self.state.map(|state| is("state", state.as_str()));
        list("assignmentRequests", &[package, state], EXPAND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn requests_are_listed_with_who_asked_and_of_what() {
        let all = ListAssignmentRequests { package: None, state: None };
        let expand = "$expand=requestor,accessPackage,assignment($expand=target)";
        reads(&all, &format!("{ROOT}/assignmentRequests?{expand}"), "EntitlementManagement.Read.All");
        let list = ListAssignmentRequests { package: Some("k"), state: Some(&RequestState::PendingApproval) };
        let filter = "$filter=accessPackage/id%20eq%20'k'%20and%20state%20eq%20'pendingApproval'";
        reads(&list, &format!("{ROOT}/assignmentRequests?{filter}&{expand}"), "EntitlementManagement.Read.All");
        let body = r#"{"value":[{"id":"7999249e","requestType":"userAdd","state":"delivered","status":"Delivered",
            "createdDateTime":"2019-10-25T22:55:11.623Z","requestor":{"objectId":"u","email":"a@x.example"},
            "accessPackage":{"id":"k","displayName":"Sales"}}]}"#;
        let found = all.read(&reply(200, body)).unwrap().value.remove(0);
        assert!(found.is_for("U") && found.access_package.is_some_and(|package| package.id == "k"));
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
