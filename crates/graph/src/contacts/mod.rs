//! Mail contacts of the organisation's address book. <https://learn.microsoft.com/graph/api/resources/orgcontact>

mod find_by_address;

pub use find_by_address::FindContactsByAddress;

use serde::Deserialize;

/// A mail contact: an address in the organisation's address book, and nobody who could sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrgContact {
    /// What address books show.
    pub display_name: Option<String>,
}
