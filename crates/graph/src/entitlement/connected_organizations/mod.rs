//! Organisations whose people may ask. <https://learn.microsoft.com/graph/api/resources/connectedorganization>
//!
//! It takes Identity Governance Administrator: the roles of catalogs do not suffice.

mod add_sponsor;
mod create;
mod get;
mod list;
mod list_sponsors;
mod remove_sponsor;
mod source;

pub use add_sponsor::{AddSponsor, SponsorToAdd};
pub use create::{CreateConnectedOrganization, NewConnectedOrganization};
pub use get::GetConnectedOrganization;
pub use list::ListConnectedOrganizations;
pub use list_sponsors::{ListSponsors, SponsorSide};
pub use remove_sponsor::RemoveSponsor;
pub use source::IdentitySource;

use super::nullable;
use crate::enumeration::enumeration;
use serde::Deserialize;

enumeration! {
    /// Whether an organisation was chosen by somebody.
    pub enum ConnectedOrganizationState {
        /// It was; it counts among all that are configured.
        Configured = "configured",
        /// It appeared by itself, when somebody of it asked under a policy for everybody.
        Proposed = "proposed",
    }
}

/// An organisation whose people may ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectedOrganization {
    /// Graph's; not its tenant's.
    pub id: String,
    /// It need not be unique.
    pub display_name: Option<String>,
    /// For administrators.
    pub description: Option<String>,
    /// Whether somebody chose it.
    pub state: Option<ConnectedOrganizationState>,
    /// How its people are known. The answers that make or change it may show none.
    #[serde(deserialize_with = "nullable")]
    pub identity_sources: Vec<IdentitySource>,
    /// ISO 8601.
    pub created_date_time: Option<String>,
    /// Only where they were asked for.
    pub internal_sponsors: Option<Vec<Sponsor>>,
    /// Only where they were asked for.
    pub external_sponsors: Option<Vec<Sponsor>>,
}

impl ConnectedOrganization {
    /// Whether people with addresses of this domain are known as its own: by the domain, or by its tenant where that is given. All verified
    /// domains of a tenant count, so the domain alone does not tell.
    pub fn covers(&self, domain: &str, tenant: Option<&str>) -> bool {
        self.identity_sources.iter().any(|source| match source {
            IdentitySource::Domain { domain: own, .. } | IdentitySource::Federation { domain: own, .. } => own.eq_ignore_ascii_case(domain),
            IdentitySource::Tenant { id, .. } | IdentitySource::CrossCloudTenant { id, .. } => {
                tenant.is_some_and(|tenant| id.eq_ignore_ascii_case(tenant))
            }
            IdentitySource::Social { .. } | IdentitySource::Other(_) => false,
        })
    }
}

/// Somebody, or a group, who vouches for an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sponsor {
    /// `#microsoft.graph.user` or `#microsoft.graph.group`.
    #[serde(rename = "@odata.type")]
    pub kind: Option<String>,
    /// Object id.
    pub id: String,
    /// What address books show.
    pub display_name: Option<String>,
    /// Main address.
    pub mail: Option<String>,
    /// Sign-in name, of people.
    pub user_principal_name: Option<String>,
}
