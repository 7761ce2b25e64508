//! Who has packages. <https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignments>

use super::{PackageAssignment, PackageAssignmentState};
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::{Operation, PaceKind, Page, Request};

/// What comes with an assignment.
pub(super) const EXPAND: &str = "target,accessPackage,assignmentPolicy";

/// 200 with a page of [`PackageAssignment`], expired ones among them, with who, what, and by which terms. Whoever holds a role of one catalog
/// alone has to name a package.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListPackageAssignments<'a> {
    /// Those of this package alone, by its id.
    pub package: Option<&'a str>,
    /// Those of this policy alone, by its id.
    pub policy: Option<&'a str>,
    /// Those of this person alone, by object id.
    pub target: Option<&'a str>,
    /// Those in this state alone.
    pub state: Option<&'a PackageAssignmentState>,
}

impl Operation for ListPackageAssignments<'_> {
    type Output = Page<PackageAssignment>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let filters = [
            self.package.map(|id| is("accessPackage/id", id)),
            self.policy.map(|id| is("assignmentPolicy/id", id)),
            self.target.map(|id| is("target/objectId", id)),
            self.state.map(|state| is("state", state.as_str())),
        ];
        list("assignments", &filters, EXPAND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::{Expiration, ROOT};
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn assignments_are_found_by_package_policy_person_and_state() {
        let expand = "$expand=target,accessPackage,assignmentPolicy";
        let all = ListPackageAssignments::default();
        reads(&all, &format!("{ROOT}/assignments?{expand}"), "EntitlementManagement.Read.All");
        let state = PackageAssignmentState::Delivered;
        let list = ListPackageAssignments { package: Some("k"), policy: Some("p"), target: Some("u"), state: Some(&state) };
        let filter = "$filter=accessPackage/id%20eq%20'k'%20and%20assignmentPolicy/id%20eq%20'p'%20and%20target/objectId%20eq%20'u'\
                      %20and%20state%20eq%20'delivered'";
        reads(&list, &format!("{ROOT}/assignments?{filter}&{expand}"), "EntitlementManagement.Read.All");
        // As of microsoft-graph-docs-contrib #2664.
        let body = r#"{"value":[{"id":"a","state":"delivered","status":"Delivered","expiredDateTime":null,
            "schedule":{"startDateTime":"2021-12-12T20:08:52.82Z","recurrence":null,
                "expiration":{"endDateTime":null,"duration":null,"type":"noExpiration"}},
            "accessPackage":{"id":"k"},"target":{"objectId":"u","email":"a@x.example"}}]}"#;
        let found = all.read(&reply(200, body)).unwrap().value.remove(0);
        assert_eq!((found.state, found.schedule.expiration), (Some(PackageAssignmentState::Delivered), Expiration::Never));
        refuses(&list, &[(400, "InvalidFilter", "", Some(EntitlementRefusal::InvalidFilter))]);
    }
}
