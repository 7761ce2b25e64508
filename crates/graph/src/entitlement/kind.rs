//! What stands below entitlement management, each kind in a collection of its own.

use super::one;

/// What others may use, and what stands in the way of its deletion then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntitlementKind {
    /// Not deleted while there are assignments, also of deleted users: each is removed first, and that takes minutes.
    AccessPackage,
    /// Not deleted while assignments use it. For some seconds it can still be read (terraform-provider-azuread waits for the 404).
    AssignmentPolicy,
    /// Not deleted while packages are in it.
    Catalog,
    /// Not deleted while people of it are in the directory by entitlement management.
    ConnectedOrganization,
}

impl EntitlementKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AccessPackage, Self::AssignmentPolicy, Self::Catalog, Self::ConnectedOrganization];

    /// Of one of them.
    pub(super) fn path(self, id: &str) -> String {
        let collection = match self {
            Self::AccessPackage => "accessPackages",
            Self::AssignmentPolicy => "assignmentPolicies",
            Self::Catalog => "catalogs",
            Self::ConnectedOrganization => "connectedOrganizations",
        };
        one(collection, id)
    }
}
