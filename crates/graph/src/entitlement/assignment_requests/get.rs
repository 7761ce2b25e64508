//! One request. <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-get>

use super::AssignmentRequest;
use crate::entitlement::{EntitlementRefusal, READING, get_request, one};
use crate::{Operation, PaceKind, Request};

/// What comes with one request.
const EXPAND: &str = "requestor,accessPackage,assignment($expand=target,assignmentPolicy)";

/// 200 with the [`AssignmentRequest`] of this id, with who asked, of what, what it is, and by which policy.
#[derive(Clone, Copy, Debug)]
pub struct GetAssignmentRequest<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for GetAssignmentRequest<'_> {
    type Output = AssignmentRequest;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{}?$expand={EXPAND}", one("assignmentRequests", self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn a_request_is_read_by_its_id() {
        let get = GetAssignmentRequest { id: "r" };
        let path = format!("{ROOT}/assignmentRequests/r?$expand=requestor,accessPackage,assignment($expand=target,assignmentPolicy)");
        reads(&get, &path, "EntitlementManagement.Read.All");
        assert_eq!(get.read(&reply(200, r#"{"id":"r","schedule":null}"#)).unwrap().id, "r");
        refuses(&get, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
