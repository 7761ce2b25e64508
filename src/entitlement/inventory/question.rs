//! What is asked while reading what there is, one by one: each by its operation, page by page.

use crate::protocol::InquiryQuestion;
use crate::protocol::collection::{OpenPages, next_page};
use graph::entitlement::access_packages::{ListAccessPackages, PackageDetail, PackageName};
use graph::entitlement::assignment_policies::GetAssignmentPolicy;
use graph::entitlement::assignments::ListPackageAssignments;
use graph::entitlement::catalog_roles::{CatalogRole, CatalogRolesOf, ListCatalogRoles};
use graph::entitlement::connected_organizations::ListConnectedOrganizations;
use graph::entitlement::resources::ListCatalogResources;
use graph::users::GetUser;
use graph::{Operation, Request};

pub(super) const LIST_OWNERS: ListCatalogRoles<'static> = ListCatalogRoles { of: CatalogRolesOf::Role(&CatalogRole::Owner) };

pub enum InventoryQuestion {
    Packages(PackageDetail, OpenPages),
    Organizations(OpenPages),
    /// Who owns which catalog, of all catalogs at once.
    CatalogOwners(OpenPages),
    Resources(String, OpenPages),
    Policy(String),
    Holders(String, OpenPages),
    /// Who this object id is.
    Person(String),
}

impl InquiryQuestion for InventoryQuestion {
    fn request(&self) -> Request {
        match self {
            Self::Packages(detail, pages) => next_page(&ListAccessPackages { named: PackageName::Any, detail: *detail }, pages),
            Self::Organizations(pages) => next_page(&ListConnectedOrganizations { named: None }, pages),
            Self::CatalogOwners(pages) => next_page(&LIST_OWNERS, pages),
            Self::Resources(catalog, pages) => next_page(&ListCatalogResources { catalog, origin: None }, pages),
            Self::Policy(id) => GetAssignmentPolicy { id }.request(),
            Self::Holders(package, pages) => next_page(&holders(package), pages),
            Self::Person(id) => GetUser { id }.request(),
        }
    }

    /// Packages are of use without what is asked beside them, and what is known of some people without the others.
    fn is_optional(&self) -> bool {
        matches!(self, Self::Organizations(_) | Self::CatalogOwners(_) | Self::Person(_))
    }

    fn permission(&self) -> &'static str {
        match self {
            Self::Packages(..) => ListAccessPackages::SCOPES[0],
            Self::Organizations(_) => ListConnectedOrganizations::SCOPES[0],
            Self::CatalogOwners(_) => ListCatalogRoles::SCOPES[0],
            Self::Resources(..) => ListCatalogResources::SCOPES[0],
            Self::Policy(_) => GetAssignmentPolicy::SCOPES[0],
            Self::Holders(..) => ListPackageAssignments::SCOPES[0],
            Self::Person(_) => GetUser::SCOPES[0],
        }
    }
}

/// Who has a package, expired assignments among them.
pub fn holders(package: &str) -> ListPackageAssignments<'_> {
    ListPackageAssignments { package: Some(package), ..ListPackageAssignments::default() }
}
