//! Giving somebody a role in a catalog. <https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments>

use super::{COLLECTION, CatalogRole, CatalogRoleAssignment, CatalogRolesOf, ListCatalogRoles, scope};
use crate::entitlement::{CreateRefusal, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde_json::json;

/// 201 with the [`CatalogRoleAssignment`].
#[derive(Clone, Copy, Debug)]
pub struct AddCatalogRole<'a> {
    /// The catalog's id.
    pub catalog: &'a str,
    /// Which role.
    pub role: &'a CatalogRole,
    /// Object id of a person or group.
    pub principal: &'a str,
}

impl Operation for AddCatalogRole<'_> {
    type Output = CatalogRoleAssignment;
    type Refusal = CreateRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let body = json!({
            "principalId": self.principal, "roleDefinitionId": self.role.as_str(), "appScopeId": scope(self.catalog),
        });
        Request::post(COLLECTION, &body)
    }

    /// The roles of the catalog show it.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(ListCatalogRoles { of: CatalogRolesOf::Catalog(self.catalog) }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::EntitlementRefusal;
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn somebody_becomes_owner_of_a_catalog() {
        let add = AddCatalogRole { catalog: "c", role: &CatalogRole::Owner, principal: "u" };
        let body = json!({"principalId": "u", "roleDefinitionId": "ae79f266-94d4-4dab-b730-feca7e132178",
            "appScopeId": "/AccessPackageCatalog/c"});
        writes(&add, "POST", COLLECTION, &body);
        assert_eq!(add.read(&reply(201, r#"{"id":"a","principalId":"u"}"#)).unwrap().id, "a");
        assert_eq!(looks(&add), ListCatalogRoles { of: CatalogRolesOf::Catalog("c") }.request());
        refuses(
            &add,
            &[
                (400, "InvalidModel", "Model is not valid.", Some(CreateRefusal::Any(EntitlementRefusal::InvalidModel))),
                (403, "UnAuthorized", "", Some(CreateRefusal::Any(EntitlementRefusal::NotAuthorized))),
            ],
        );
    }
}
