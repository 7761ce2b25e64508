//! Roles in a catalog. <https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments>

use super::{CatalogRoleAssignment, of_catalog};
use crate::entitlement::{EntitlementRefusal, READING};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`CatalogRoleAssignment`].
#[derive(Clone, Copy, Debug)]
pub struct ListCatalogRoles<'a> {
    /// The catalog's id.
    pub catalog: &'a str,
}

impl Operation for ListCatalogRoles<'_> {
    type Output = Page<CatalogRoleAssignment>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(of_catalog(self.catalog))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::catalog_roles::CatalogRole;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn roles_are_listed_by_their_catalog() {
        let list = ListCatalogRoles { catalog: "c" };
        let path = "/roleManagement/entitlementManagement/roleAssignments?$filter=appScopeId%20eq%20'%2FAccessPackageCatalog%2Fc'";
        reads(&list, path, "EntitlementManagement.Read.All");
        let body = r#"{"value":[{"id":"a","principalId":"u","roleDefinitionId":"AE79F266-94d4-4dab-b730-feca7e132178",
            "directoryScopeId":null,"appScopeId":"/AccessPackageCatalog/c"}]}"#;
        assert_eq!(list.read(&reply(200, body)).unwrap().value[0].role_definition_id, Some(CatalogRole::Owner));
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
