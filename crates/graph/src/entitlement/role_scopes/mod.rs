//! Which roles a package gives. <https://learn.microsoft.com/graph/api/resources/accesspackageresourcerolescope>
//!
//! They are read with the package ([`super::access_packages::PackageDetail::Whole`]).

mod add;
mod remove;

pub use add::{AddRoleScope, AddRoleScopeRefusal, NewRoleScope};
pub use remove::RemoveRoleScope;

use super::nullable;
use super::resources::{ResourceRole, ResourceScope};
use serde::Deserialize;

/// A role of a resource that a package gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RoleScope {
    /// The ids of role and scope, with `_` between.
    pub id: String,
    /// Only where it was asked for.
    #[serde(deserialize_with = "nullable")]
    pub role: ResourceRole,
    /// Only where it was asked for.
    #[serde(deserialize_with = "nullable")]
    pub scope: ResourceScope,
    /// ISO 8601.
    pub created_date_time: Option<String>,
}
