//! What packages are made of, and who may see them. <https://learn.microsoft.com/graph/api/resources/accesspackagecatalog>

mod create;
mod get;
mod list;

pub use create::{CreateCatalog, NewCatalog};
pub use get::GetCatalog;
pub use list::ListCatalogs;

use super::nullable;
use crate::enumeration::enumeration;
use serde::Deserialize;

enumeration! {
    /// Whether packages of a catalog can be asked for.
    pub enum CatalogState {
        /// They cannot.
        Unpublished = "unpublished",
        /// They can.
        Published = "published",
    }
}

enumeration! {
    /// Who made a catalog.
    pub enum CatalogType {
        /// Somebody of the tenant.
        UserManaged = "userManaged",
        /// "General", which is there from the start.
        ServiceDefault = "serviceDefault",
        /// Another service of Microsoft's.
        ServiceManaged = "serviceManaged",
    }
}

/// A catalog. Whoever holds a role of one catalog alone sees no other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessPackageCatalog {
    /// Graph's.
    pub id: String,
    /// It need not be unique.
    pub display_name: Option<String>,
    /// For whoever makes packages.
    pub description: Option<String>,
    /// Whether its packages can be asked for.
    pub state: Option<CatalogState>,
    /// Who made it.
    pub catalog_type: Option<CatalogType>,
    /// Whether people of other organisations can ask for its packages.
    #[serde(deserialize_with = "nullable")]
    pub is_externally_visible: bool,
    /// ISO 8601; null in the answer that made it.
    pub created_date_time: Option<String>,
}
