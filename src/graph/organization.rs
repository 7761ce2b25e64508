//! The tenant itself. With `User.Read` Graph shows id, name and verified domains, which is all that is needed.
//! <https://learn.microsoft.com/graph/api/organization-list>

use super::Request;
use serde::Deserialize;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Organization {
    pub id: String,
    pub display_name: String,
    pub verified_domains: Vec<VerifiedDomain>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VerifiedDomain {
    pub name: String,
    pub is_default: bool,
    pub is_initial: bool,
}

pub fn organization() -> Request {
    Request::get("/organization?$select=id,displayName,verifiedDomains")
}

impl Organization {
    pub fn default_domain(&self) -> &str {
        self.domain(|domain| domain.is_default)
    }
    /// The `.onmicrosoft.com` name the tenant was made with: since December 2025 the sender of Microsoft's mail.
    pub fn initial_domain(&self) -> &str {
        self.domain(|domain| domain.is_initial)
    }
    pub fn owns(&self, domain: &str) -> bool {
        self.verified_domains.iter().any(|own| own.name.eq_ignore_ascii_case(domain))
    }
    fn domain(&self, which: impl Fn(&VerifiedDomain) -> bool) -> &str {
        let found = self.verified_domains.iter().find(|domain| which(domain)).or(self.verified_domains.first());
        found.map_or("", |domain| &domain.name)
    }
}
