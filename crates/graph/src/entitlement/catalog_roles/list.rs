//! Roles in a catalog. <https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments>

use super::{COLLECTION, CatalogRole, CatalogRoleAssignment, scope};
use crate::entitlement::{EntitlementRefusal, READING, is};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`CatalogRoleAssignment`]. Whoever holds a role of catalogs alone sees those of their own (our reading).
#[derive(Clone, Copy, Debug)]
pub struct ListCatalogRoles<'a> {
    /// Which of them.
    pub of: CatalogRolesOf<'a>,
}

/// Which roles are listed. Either can be filtered by: <https://learn.microsoft.com/graph/api/resources/unifiedroleassignment>.
#[derive(Clone, Copy, Debug)]
pub enum CatalogRolesOf<'a> {
    /// All in the catalog of this id.
    Catalog(&'a str),
    /// This one, in all catalogs.
    Role(&'a CatalogRole),
}

impl Operation for ListCatalogRoles<'_> {
    type Output = Page<CatalogRoleAssignment>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let filter = match self.of {
            CatalogRolesOf::Catalog(id) => is("appScopeId", &scope(id)),
            CatalogRolesOf::Role(role) => is("roleDefinitionId", role.as_str()),
        };
        Request::get(format!("{COLLECTION}?$filter={filter}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn roles_are_listed_by_their_catalog_or_by_what_they_are() {
        let owners = ListCatalogRoles { of: CatalogRolesOf::Role(&CatalogRole::Owner) };
        let path =
            "/roleManagement/entitlementManagement/roleAssignments?$filter=roleDefinitionId%20eq%20'ae79f266-94d4-4dab-b730-feca7e132178'";
        reads(&owners, path, "EntitlementManagement.Read.All");
        let list = ListCatalogRoles { of: CatalogRolesOf::Catalog("c") };
        let path = "/roleManagement/entitlementManagement/roleAssignments?$filter=appScopeId%20eq%20'%2FAccessPackageCatalog%2Fc'";
        reads(&list, path, "EntitlementManagement.Read.All");
        let body = r#"{"value":[{"id":"a","principalId":"u","roleDefinitionId":"AE79F266-94d4-4dab-b730-feca7e132178",
            "directoryScopeId":null,"appScopeId":"/AccessPackageCatalog/c"}]}"#;
        let told = &list.read(&reply(200, body)).unwrap().value[0];
        assert_eq!((&told.role_definition_id, told.catalog()), (&Some(CatalogRole::Owner), Some("c")));
        let of_all = |scope: Option<&str>| CatalogRoleAssignment { app_scope_id: scope.map(Into::into), ..told.clone() };
        assert_eq!((of_all(None).catalog(), of_all(Some("/")).catalog()), (None, None));
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
