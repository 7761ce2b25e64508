//! Sites of SharePoint. <https://learn.microsoft.com/graph/api/resources/site>

mod search;

pub use search::SearchSites;

use serde::Deserialize;

/// A site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SharePointSite {
    /// Graph's: host and two ids, with commas between.
    pub id: String,
    /// As its pages show it.
    pub display_name: Option<String>,
    /// Its address, by which entitlement management knows it.
    pub web_url: Option<String>,
    /// Whether it is somebody's OneDrive.
    pub is_personal_site: Option<bool>,
}
