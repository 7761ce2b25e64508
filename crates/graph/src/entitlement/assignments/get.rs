//! One assignment. <https://learn.microsoft.com/graph/api/accesspackageassignment-get>

use super::PackageAssignment;
use super::list::EXPAND;
use crate::entitlement::{EntitlementRefusal, READING, get_request, one};
use crate::{Operation, PaceKind, Request};

/// 200 with the [`PackageAssignment`] of this id, with who, what, and by which terms.
#[derive(Clone, Copy, Debug)]
pub struct GetPackageAssignment<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for GetPackageAssignment<'_> {
    type Output = PackageAssignment;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{}?$expand={EXPAND}", one("assignments", self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::entitlement::assignments::PackageAssignmentState;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn an_assignment_is_read_by_its_id() {
        let get = GetPackageAssignment { id: "a" };
        reads(&get, &format!("{ROOT}/assignments/a?$expand=target,accessPackage,assignmentPolicy"), "EntitlementManagement.Read.All");
        assert_eq!(get.read(&reply(200, r#"{"id":"a","state":"Expired"}"#)).unwrap().state, Some(PackageAssignmentState::Expired));
        refuses(&get, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
