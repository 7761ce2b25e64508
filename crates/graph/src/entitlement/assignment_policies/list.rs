//! Policies. <https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignmentpolicies>

use super::AssignmentPolicy;
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`AssignmentPolicy`], each with its package.
#[derive(Clone, Copy, Debug)]
pub struct ListAssignmentPolicies<'a> {
    /// Those of this package alone, by its id.
    pub package: Option<&'a str>,
}

impl Operation for ListAssignmentPolicies<'_> {
    type Output = Page<AssignmentPolicy>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        list("assignmentPolicies", &[self.package.map(|id| is("accessPackage/id", id))], "accessPackage")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn policies_are_listed_with_their_packages() {
        let of_all = ListAssignmentPolicies { package: None };
        reads(&of_all, &format!("{ROOT}/assignmentPolicies?$expand=accessPackage"), "EntitlementManagement.Read.All");
        let list = ListAssignmentPolicies { package: Some("k") };
        let path = format!("{ROOT}/assignmentPolicies?$filter=accessPackage/id%20eq%20'k'&$expand=accessPackage");
        reads(&list, &path, "EntitlementManagement.Read.All");
        let found = list.read(&reply(200, r#"{"value":[{"id":"p","accessPackage":{"id":"k"}}]}"#)).unwrap();
        assert_eq!(found.value[0].package.as_deref(), Some("k"));
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
