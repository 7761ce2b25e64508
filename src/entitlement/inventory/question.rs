//! What is asked while reading what there is, one by one: each by its operation, page by page.

use crate::protocol::InquiryQuestion;
use crate::protocol::collection::{OpenPages, next_page};
use graph::entitlement::access_packages::{ListAccessPackages, PackageDetail, PackageName};
use graph::entitlement::connected_organizations::ListConnectedOrganizations;
use graph::entitlement::resources::ListCatalogResources;
use graph::{Operation, Request};

pub enum InventoryQuestion {
    Packages(PackageDetail, OpenPages),
    Organizations(OpenPages),
    Resources(String, OpenPages),
}

impl InquiryQuestion for InventoryQuestion {
    fn request(&self) -> Request {
        match self {
            Self::Packages(detail, pages) => next_page(&ListAccessPackages { named: PackageName::Any, detail: *detail }, pages),
            Self::Organizations(pages) => next_page(&ListConnectedOrganizations { named: None }, pages),
            Self::Resources(catalog, pages) => next_page(&ListCatalogResources { catalog, origin: None }, pages),
        }
    }

    /// Packages are of use without what else is asked.
    fn is_optional(&self) -> bool {
        !matches!(self, Self::Packages(..))
    }

    fn permission(&self) -> &'static str {
        match self {
            Self::Packages(..) => ListAccessPackages::SCOPES[0],
            Self::Organizations(_) => ListConnectedOrganizations::SCOPES[0],
            Self::Resources(..) => ListCatalogResources::SCOPES[0],
        }
    }
}
