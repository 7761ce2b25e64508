//! Other tenants of Entra. <https://learn.microsoft.com/graph/api/resources/tenantinformation>

mod find_by_domain;
mod find_by_id;

pub use find_by_domain::{FindTenantByDomain, FindTenantRefusal};
pub use find_by_id::FindTenantById;

use serde::Deserialize;

/// What a tenant tells everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TenantInformation {
    /// Of the tenant.
    pub tenant_id: String,
    /// As its administrators chose it.
    pub display_name: Option<String>,
    /// Of new users there.
    pub default_domain_name: Option<String>,
    /// What its sign-in pages show.
    pub federation_brand_name: Option<String>,
}
