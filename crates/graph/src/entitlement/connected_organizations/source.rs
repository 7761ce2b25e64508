//! How people of an organisation are known. <https://learn.microsoft.com/graph/api/resources/identitysource>

use crate::entitlement::members::{by_value, kind, text, typed};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How people are known. A domain that belongs to a tenant of Entra becomes that tenant once it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum IdentitySource {
    /// By a domain, whatever they sign in with.
    Domain {
        /// Such as `fabrikam.example`.
        domain: String,
        /// For showing.
        name: Option<String>,
    },
    /// By a tenant of Entra, in this cloud.
    Tenant {
        /// Of the tenant.
        id: String,
        /// For showing.
        name: Option<String>,
    },
    /// By a tenant of Entra in another cloud.
    CrossCloudTenant {
        /// Of the tenant.
        id: String,
        /// Such as `microsoftonline.us`.
        cloud: String,
        /// For showing.
        name: Option<String>,
    },
    /// By a domain with an identity provider of its own.
    Federation {
        /// Such as `fabrikam.example`.
        domain: String,
        /// Of the identity provider.
        issuer: Option<String>,
        /// For showing.
        name: Option<String>,
    },
    /// By an account of a social network.
    Social {
        /// Such as `facebook`.
        provider: String,
        /// For showing.
        name: Option<String>,
    },
    /// In a way that is not known here, as it came.
    Other(Value),
}

impl IdentitySource {
    /// A domain.
    pub fn domain(domain: impl Into<String>) -> Self {
        let domain = domain.into();
        Self::Domain { name: Some(domain.clone()), domain }
    }

    /// A tenant.
    pub fn tenant(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Tenant { id: id.into(), name: Some(name.into()) }
    }

    pub(super) fn read(value: &Value) -> Self {
        let name = text(value, "displayName");
        let (domain, tenant) = (text(value, "domainName"), text(value, "tenantId"));
        match (kind(value), domain, tenant) {
            ("domainIdentitySource", Some(domain), _) => Self::Domain { domain, name },
            ("azureActiveDirectoryTenant", _, Some(id)) => Self::Tenant { id, name },
            ("crossCloudAzureActiveDirectoryTenant", _, Some(id)) => {
                Self::CrossCloudTenant { id, cloud: text(value, "cloudInstance").unwrap_or_default(), name }
            }
            ("externalDomainFederation", Some(domain), _) => Self::Federation { domain, issuer: text(value, "issuerUri"), name },
            ("socialIdentitySource", ..) => Self::Social { provider: text(value, "socialIdentitySourceType").unwrap_or_default(), name },
            _ => Self::Other(value.clone()),
        }
    }

    pub(super) fn write(&self) -> Value {
        let say = |text: &String| Value::from(text.clone());
        let named = |name: &Option<String>| ("displayName", name.clone().into());
        match self {
            Self::Domain { domain, name } => typed("domainIdentitySource", [("domainName", say(domain)), named(name)]),
            Self::Tenant { id, name } => typed("azureActiveDirectoryTenant", [("tenantId", say(id)), named(name)]),
            Self::CrossCloudTenant { id, cloud, name } => {
                typed("crossCloudAzureActiveDirectoryTenant", [("tenantId", say(id)), ("cloudInstance", say(cloud)), named(name)])
            }
            Self::Federation { domain, issuer, name } => {
                typed("externalDomainFederation", [("domainName", say(domain)), ("issuerUri", issuer.clone().into()), named(name)])
            }
            Self::Social { provider, name } => typed("socialIdentitySource", [("socialIdentitySourceType", say(provider)), named(name)]),
            Self::Other(value) => value.clone(),
        }
    }
}

by_value!(IdentitySource);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::connected_organizations::ConnectedOrganization;
    use serde_json::json;

    #[test]
    fn each_source_is_written_with_its_type_as_it_is_read() {
        let name = Some("Fabrikam".to_owned());
        let sources = [
            IdentitySource::domain("fabrikam.example"),
            IdentitySource::tenant("t", "Fabrikam"),
            IdentitySource::CrossCloudTenant { id: "t".into(), cloud: "microsoftonline.us".into(), name: name.clone() },
            IdentitySource::Federation { domain: "fabrikam.example".into(), issuer: Some("https://x.example".into()), name: name.clone() },
            IdentitySource::Social { provider: "facebook".into(), name },
            IdentitySource::Other(json!({"@odata.type": "#microsoft.graph.moonColony", "crater": 7})),
        ];
        for source in sources {
            let written = serde_json::to_value(&source).unwrap();
            assert!(written["@odata.type"].as_str().unwrap().starts_with("#microsoft.graph."), "{written}");
            assert_eq!(serde_json::from_value::<IdentitySource>(written).unwrap(), source);
        }
        let domain = json!({"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "x.example", "displayName": "x.example"});
        assert_eq!(IdentitySource::domain("x.example").write(), domain);
    }

    #[test]
    fn an_organization_covers_its_domain_or_whatever_is_its_tenants() {
        let of = |source| ConnectedOrganization { identity_sources: vec![source], ..ConnectedOrganization::default() };
        assert!(of(IdentitySource::domain("Fabrikam.example")).covers("fabrikam.example", None));
        assert!(!of(IdentitySource::domain("sub.fabrikam.example")).covers("fabrikam.example", Some("t")));
        assert!(of(IdentitySource::tenant("T", "Fabrikam")).covers("other.example", Some("t")));
        assert!(!of(IdentitySource::tenant("T", "fabrikam.example")).covers("fabrikam.example", None));
    }
}
