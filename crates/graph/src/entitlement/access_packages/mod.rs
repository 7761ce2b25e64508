//! Bundles of roles that are asked for as one. <https://learn.microsoft.com/graph/api/resources/accesspackage>

mod create;
mod find_requestable;
mod get;
mod list;
mod requirements;

pub use create::{CreateAccessPackage, NewAccessPackage};
pub use find_requestable::FindRequestablePackages;
pub use get::GetAccessPackage;
pub use list::{ListAccessPackages, PackageDetail, PackageName};
pub use requirements::{GetPolicyRequirements, PolicyRequirements};

use super::assignment_policies::AssignmentPolicy;
use super::catalogs::AccessPackageCatalog;
use super::nullable;
use super::role_scopes::RoleScope;
use serde::Deserialize;

/// A package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessPackage {
    /// Graph's.
    pub id: String,
    /// Shown to whoever asks. It need not be unique.
    pub display_name: Option<String>,
    /// As the name.
    pub description: Option<String>,
    /// Whether it can be asked for by its link alone.
    #[serde(deserialize_with = "nullable")]
    pub is_hidden: bool,
    /// ISO 8601; null in the answer that made it.
    pub created_date_time: Option<String>,
    /// ISO 8601.
    pub modified_date_time: Option<String>,
    /// Only where it was asked for.
    pub catalog: Option<AccessPackageCatalog>,
    /// Only where they were asked for. US Nat and US Sec have none (their schemas).
    pub resource_role_scopes: Option<Vec<RoleScope>>,
    /// Only where they were asked for.
    pub assignment_policies: Option<Vec<AssignmentPolicy>>,
}
