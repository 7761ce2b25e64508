//! Where to sign in and which Graph belongs to it. Microsoft's clouds come from a table, so that a start needs no network
//! call; any other authority is discovered.

use crate::config::{Config, ProtocolMode};
use serde::Deserialize;
use url::Url;

/// The endpoints of one authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// A word for the banner: which cloud this is.
    pub cloud: &'static str,
    pub authorize: String,
    pub token: String,
    /// Absent where the authority knows no sign-out.
    pub logout: Option<String>,
    /// May hold a literal `{tenantid}`, which stands for the token's `tid`.
    pub issuer: String,
    /// The tenant as the configuration names it: a GUID, a domain, `organizations`.
    pub tenant: String,
    pub mode: ProtocolMode,
    /// Root of Microsoft Graph without a version.
    pub graph: String,
    /// Scopes of a national cloud carry its Graph root.
    pub scope_prefix: String,
    /// Root of the cloud's admin center; none for an authority that is not Microsoft's.
    pub admin_center: Option<&'static str>,
}

struct Cloud {
    name: &'static str,
    hosts: &'static [&'static str],
    graph: &'static str,
    prefixed: bool,
    admin_center: &'static str,
}

/// `@azure/msal-common` 16.16.1 (hosts and aliases); microsoft-graph-docs-contrib concepts/deployments.md (Graph
/// roots); entra-docs docs/identity-platform/authentication-national-cloud.md (portals).
const CLOUDS: [Cloud; 3] = [
    Cloud {
        name: "Microsoft cloud",
        hosts: &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        graph: "https://graph.microsoft.com",
        prefixed: false,
        admin_center: "https://entra.microsoft.com",
    },
    Cloud {
        name: "US Government cloud",
        hosts: &["login.microsoftonline.us", "login.usgovcloudapi.net"],
        graph: "https://graph.microsoft.us",
        prefixed: true,
        admin_center: "https://portal.azure.us",
    },
    Cloud {
        name: "China cloud (21Vianet)",
        hosts: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        graph: "https://microsoftgraph.chinacloudapi.cn",
        prefixed: true,
        admin_center: "https://portal.azure.cn",
    },
];

impl Authority {
    /// The authority of one of Microsoft's clouds; `None` means that it has to be discovered.
    pub fn known(config: &Config) -> Option<Self> {
        let url = Url::parse(&config.authority).ok()?;
        let cloud = CLOUDS.iter().find(|cloud| url.host_str().is_some_and(|host| cloud.hosts.contains(&host)))?;
        let (root, tenant) = (&config.authority, tenant_of(&url));
        let graph = config.graph.clone().unwrap_or_else(|| cloud.graph.into());
        Some(Self {
            cloud: cloud.name,
            authorize: format!("{root}/oauth2/v2.0/authorize"),
            token: format!("{root}/oauth2/v2.0/token"),
            logout: Some(format!("{root}/oauth2/v2.0/logout")),
            issuer: format!("https://{}/{{tenantid}}/v2.0", cloud.hosts[0]),
            tenant,
            mode: config.mode,
            scope_prefix: if cloud.prefixed { format!("{graph}/") } else { String::new() },
            admin_center: Some(cloud.admin_center),
            graph,
        })
    }

    /// The page of a user in the cloud's admin center.
    pub fn user_page(&self, id: &str) -> Option<String> {
        let root = self.admin_center?;
        id.bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
            .then(|| format!("{root}/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/{id}"))
    }

    /// Where the discovery document of another authority lies.
    pub fn discovery_url(config: &Config) -> String {
        let version = if config.mode == ProtocolMode::Aad { "/v2.0" } else { "" };
        format!("{}{version}/.well-known/openid-configuration", config.authority)
    }

    /// Reads the discovery document. Every endpoint and the issuer must be of the authority's own origin: a document
    /// that sends codes elsewhere is refused.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn discovered(config: &Config, document: &str) -> Result<Self, String> {
        let found: Document = serde_json::from_str(document).map_err(|error| format!("The discovery document cannot be read: {error}."))?;
        let url = Url::parse(&config.authority).map_err(|_| "The authority is not an address.".to_owned())?;
        let own = |address: &str| Url::parse(&address.replace("{tenantid}", "x")).is_ok_and(|other| other.origin() == url.origin());
        let endpoints =
            [Some(&found.issuer), Some(&found.authorization_endpoint), Some(&found.token_endpoint), found.end_session_endpoint.as_ref()];
        if let Some(foreign) = endpoints.into_iter().flatten().find(|address| !own(address)) {
            return Err(format!("The discovery document names {foreign}, which is not of the authority's own origin."));
        }
        let graph = config.graph.clone().ok_or("config.json must name “graph” for an authority that is not Microsoft's.")?;
        Ok(Self {
            cloud: if is_loopback(&url) { "Sample tenant" } else { "Own identity provider" },
            authorize: found.authorization_endpoint,
            token: found.token_endpoint,
            logout: found.end_session_endpoint,
            issuer: found.issuer,
            tenant: tenant_of(&url),
            mode: config.mode,
            graph,
            scope_prefix: String::new(),
            admin_center: None,
        })
    }
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    end_session_endpoint: Option<String>,
}

fn tenant_of(url: &Url) -> String {
    url.path_segments().and_then(|mut segments| segments.next()).unwrap_or_default().to_owned()
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(authority: &str) -> Config {
        let text = format!(
            r#"{{"auth":{{"clientId":"9e57115f-c070-4050-a000-c0ffee000002","authority":"{authority}"}},"graph":"https://graph.example"}}"#
        );
        Config::read(&text).unwrap()
    }

    #[test]
    fn each_cloud_has_its_graph_and_scopes() {
        let check = |authority: &str, graph: &str, prefix: &str| {
            let config = Config { graph: None, ..config(authority) };
            let authority = Authority::known(&config).unwrap();
            assert_eq!((authority.graph.as_str(), authority.scope_prefix.as_str()), (graph, prefix));
        };
        check("https://login.microsoftonline.com/contoso.com", "https://graph.microsoft.com", "");
        check("https://login.microsoftonline.us/contoso.us", "https://graph.microsoft.us", "https://graph.microsoft.us/");
        check(
            "https://login.partner.microsoftonline.cn/c",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://microsoftgraph.chinacloudapi.cn/",
        );
        assert_eq!(Authority::known(&config("https://login.evil.example/contoso.com")), None);
    }

    #[test]
    fn a_user_has_a_page_in_the_clouds_admin_center() {
        let authority = Authority::known(&config("https://login.microsoftonline.us/contoso.us")).unwrap();
        let page = authority.user_page("0a1b-2c");
        assert!(page.is_some_and(|page| page.starts_with("https://portal.azure.us/#view/") && page.ends_with("/userId/0a1b-2c")));
        assert_eq!(authority.user_page("../evil"), None);
    }

    #[test]
    fn a_discovery_document_cannot_send_codes_elsewhere() {
        let document = |token: &str| {
            format!(r#"{{"issuer":"https://id.example/t","authorization_endpoint":"https://id.example/a","token_endpoint":"{token}"}}"#)
        };
        let config = config("https://id.example/t");
        assert!(Authority::discovered(&config, &document("https://id.example/token")).is_ok());
        assert!(Authority::discovered(&config, &document("https://evil.example/token")).unwrap_err().contains("evil.example"));
        assert!(Authority::discovered(&config, "<html>").is_err());
    }
}
