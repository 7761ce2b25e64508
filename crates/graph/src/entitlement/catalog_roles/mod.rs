//! Who may do what in a catalog. <https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments>

mod add;
mod list;
mod remove;

pub use add::AddCatalogRole;
pub use list::{CatalogRolesOf, ListCatalogRoles};
pub use remove::RemoveCatalogRole;

use crate::enumeration::enumeration;
use serde::Deserialize;

/// The collection of them all.
const COLLECTION: &str = "/roleManagement/entitlementManagement/roleAssignments";

enumeration! {
    /// What somebody may do, by the id of its definition, which is the same in every tenant.
    /// <https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate>
    pub enum CatalogRole {
        /// Makes catalogs of their own; it holds for all catalogs.
        Creator = "ba92d953-d8e0-4e39-a797-0cbedb0a89e8",
        /// Everything in the catalog.
        Owner = "ae79f266-94d4-4dab-b730-feca7e132178",
        /// Sees what is in it.
        Reader = "44272f93-9762-48e8-af59-1b5351b1d6b3",
        /// Makes packages of what is in it.
        PackageManager = "7f480852-ebdc-47d4-87de-0d8498384a83",
        /// Assigns packages.
        AssignmentManager = "e2182095-804a-4656-ae11-64734e9b7ae5",
    }
}

/// Somebody's role in a catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CatalogRoleAssignment {
    /// Graph's.
    pub id: String,
    /// Object id of a person or group.
    pub principal_id: Option<String>,
    /// Which role.
    pub role_definition_id: Option<CatalogRole>,
    /// `/AccessPackageCatalog/{id}`, or nothing where it holds for all.
    pub app_scope_id: Option<String>,
}

impl CatalogRoleAssignment {
    /// The id of the catalog that it is a role in; `None` where it holds for all.
    pub fn catalog(&self) -> Option<&str> {
        self.app_scope_id.as_deref()?.strip_prefix(SCOPE)
    }
}

/// What stands before the id of a catalog where roles are.
const SCOPE: &str = "/AccessPackageCatalog/";

/// How a catalog is named where roles are.
fn scope(catalog: &str) -> String {
    format!("{SCOPE}{catalog}")
}
