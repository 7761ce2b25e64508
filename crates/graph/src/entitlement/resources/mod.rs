//! Groups, apps and sites of a catalog, with their roles. <https://learn.microsoft.com/graph/api/resources/accesspackageresource>
//!
//! A resource has two ids: the catalog's own, and `originId`, which the group, the app or the site has.

mod list;
mod list_roles;

pub use list::ListCatalogResources;
pub use list_roles::{ListResourceRoles, ListRolesRefusal};

use super::nullable;
use crate::enumeration::enumeration;
use serde::{Deserialize, Serialize};

enumeration! {
    /// Where a resource comes from.
    pub enum OriginSystem {
        /// A group: `originId` is its object id.
        Group = "AadGroup",
        /// An app: `originId` is the object id of its service principal.
        Application = "AadApplication",
        /// A site of SharePoint: `originId` is its address.
        Site = "SharePointOnline",
    }
}

/// A resource of a catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessPackageResource {
    /// The catalog's own, which roles are added by.
    pub id: String,
    /// As it was when it was added, or later.
    pub display_name: Option<String>,
    /// Of the group, app or site.
    pub description: Option<String>,
    /// Its id where it comes from.
    pub origin_id: Option<String>,
    /// Where it comes from.
    pub origin_system: Option<OriginSystem>,
    /// Only where they were asked for.
    #[serde(deserialize_with = "nullable")]
    pub roles: Vec<ResourceRole>,
    /// Only where they were asked for.
    #[serde(deserialize_with = "nullable")]
    pub scopes: Vec<ResourceScope>,
}

impl AccessPackageResource {
    /// The resource of this origin among these.
    pub fn of_origin<'r>(resources: &'r [Self], origin: &str) -> Option<&'r Self> {
        resources.iter().find(|resource| resource.origin_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(origin)))
    }
}

/// What somebody can be in a resource. <https://learn.microsoft.com/graph/api/resources/accesspackageresourcerole>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceRole {
    /// The catalog's own; none where nobody has looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// For showing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `Member_{groupId}`, `Owner_{groupId}`, the id of an app role, or the number of a role of a site.
    pub origin_id: Option<String>,
    /// Where its resource comes from.
    pub origin_system: Option<OriginSystem>,
}

impl ResourceRole {
    /// Being a member of a group.
    pub fn member(group: &str) -> Self {
        Self { origin_id: Some(format!("Member_{group}")), display_name: Some("Member".into()), ..Self::of(OriginSystem::Group) }
    }

    /// Being an owner of a group.
    pub fn owner(group: &str) -> Self {
        Self { origin_id: Some(format!("Owner_{group}")), display_name: Some("Owner".into()), ..Self::of(OriginSystem::Group) }
    }

    fn of(system: OriginSystem) -> Self {
        Self { origin_system: Some(system), ..Self::default() }
    }
}

/// Of what a role is had: of all of a resource, as far as is known. <https://learn.microsoft.com/graph/api/resources/accesspackageresourcescope>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceScope {
    /// The catalog's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// For showing: `Root`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// That of the resource.
    pub origin_id: Option<String>,
    /// That of the resource.
    pub origin_system: Option<OriginSystem>,
    /// Whether it is all of the resource.
    #[serde(deserialize_with = "nullable")]
    pub is_root_scope: bool,
}
