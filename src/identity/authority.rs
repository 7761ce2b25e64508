//! Where to sign in and which Graph belongs to it. Microsoft's clouds come from a table, so that a start needs no network
//! call; any other authority is discovered.

use crate::config::{self, Config, ProtocolMode, Wrong};
use serde::Deserialize;
use url::{Position, Url};

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
    /// The first is the usual one.
    graphs: &'static [&'static str],
    prefixed: bool,
    admin_center: &'static str,
}

/// `@azure/msal-common` 16.16.1 (hosts and aliases); microsoft-graph-docs-contrib concepts/deployments.md (Graph
/// roots); entra-docs docs/identity-platform/authentication-national-cloud.md (portals).
const CLOUDS: [Cloud; 3] = [
    Cloud {
        name: "Microsoft cloud",
        hosts: &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        graphs: &["https://graph.microsoft.com"],
        prefixed: false,
        admin_center: "https://entra.microsoft.com",
    },
    Cloud {
        name: "US Government cloud",
        hosts: &["login.microsoftonline.us", "login.usgovcloudapi.net"],
        graphs: &["https://graph.microsoft.us", "https://dod-graph.microsoft.us"],
        prefixed: true,
        admin_center: "https://portal.azure.us",
    },
    Cloud {
        name: "China cloud (21Vianet)",
        hosts: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        graphs: &["https://microsoftgraph.chinacloudapi.cn"],
        prefixed: true,
        admin_center: "https://portal.azure.cn",
    },
];

impl Cloud {
    /// Where requests go, and the root that scopes are named by.
    fn graph(&self, configured: Option<&str>) -> Result<(String, &'static str), Wrong> {
        let usual = self.graphs[0];
        let Some(configured) = configured else { return Ok((usual.into(), usual)) };
        let given = Url::parse(configured);
        let is_given = |root: &&&str| given.as_ref().is_ok_and(|given| Url::parse(root).as_ref() == Ok(given));
        match self.graphs.iter().find(is_given) {
            Some(own) => Ok(((*own).into(), own)),
            None if given.as_ref().is_ok_and(config::is_loopback) => Ok((configured.into(), usual)),
            None => Err(foreign(&self.graphs.join(" or "), self.name, configured)),
        }
    }
}

/// The root of Graph as it is written down: one spelling for all that mean the same. What is no address stays as it is.
pub fn root_of(graph: &str) -> String {
    let written = Url::parse(graph).ok().filter(Url::has_host).map(|url| url[..Position::AfterPath].to_owned());
    written.as_deref().unwrap_or(graph).trim_end_matches('/').to_owned()
}

/// Whether two roots of Graph are of one cloud: the same, two of the same cloud of Microsoft's, or one that says nothing of it. That is
/// none at all, as an early version of this page wrote, and one on this machine, a proxy in front of whichever cloud: there the tenant's
/// id tells.
pub fn is_same_cloud(one: &str, other: &str) -> bool {
    let (one, other) = (root_of(one), root_of(other));
    let is_silent = |root: &str| root.is_empty() || Url::parse(root).as_ref().is_ok_and(config::is_loopback);
    let is_of = |cloud: &Cloud, root: &str| cloud.graphs.contains(&root);
    one == other || is_silent(&one) || is_silent(&other) || CLOUDS.iter().any(|cloud| is_of(cloud, &one) && is_of(cloud, &other))
}

/// Where Microsoft signs people in and the table does not know the cloud, requests go to one of Microsoft's Graphs.
fn check_graph(authority: &Url, configured: Option<&str>) -> Result<(), Wrong> {
    let Some(configured) = configured.filter(|_| config::authority::is_microsofts(authority)) else { return Ok(()) };
    let given = Url::parse(configured);
    let is_known = CLOUDS.iter().flat_map(|cloud| cloud.graphs).any(|root| Url::parse(root) == given);
    if is_known || given.as_ref().is_ok_and(config::is_loopback) {
        return Ok(());
    }
    Err(foreign("the root of one of Microsoft's clouds", CLOUDS[0].name, configured))
}

fn foreign(roots: &str, cloud: &str, configured: &str) -> Wrong {
    let expected = Some(format!("{roots}, as auth.authority is of the {cloud}"));
    Wrong { key: "graph".into(), expected, found: format!("“{configured}”") }
}

impl Authority {
    /// The authority of one of Microsoft's clouds; `None` means that it has to be discovered. Its tokens open the whole
    /// directory, so they go to that cloud's Graph alone, or to this very machine (a proxy that somebody tests with). An authority
    /// that is not Microsoft's names the Graph that goes with it: its tokens are good for nothing else.
    ///
    /// # Errors
    /// `graph` is not of the authority's cloud.
    pub fn known(config: &Config) -> Result<Option<Self>, Wrong> {
        let Ok(url) = Url::parse(&config.authority) else { return Ok(None) };
        let is_of = |cloud: &&Cloud| url.port().is_none() && url.host_str().is_some_and(|host| cloud.hosts.contains(&host));
        let Some(cloud) = CLOUDS.iter().find(is_of) else {
            return check_graph(&url, config.graph.as_deref()).map(|()| None);
        };
        let (root, tenant) = (&config.authority, tenant_of(&url));
        let (graph, of_scopes) = cloud.graph(config.graph.as_deref())?;
        Ok(Some(Self {
            cloud: cloud.name,
            authorize: format!("{root}/oauth2/v2.0/authorize"),
            token: format!("{root}/oauth2/v2.0/token"),
            logout: Some(format!("{root}/oauth2/v2.0/logout")),
            issuer: format!("https://{}/{{tenantid}}/v2.0", cloud.hosts[0]),
            tenant,
            mode: config.mode,
            scope_prefix: if cloud.prefixed { format!("{of_scopes}/") } else { String::new() },
            admin_center: Some(cloud.admin_center),
            graph,
        }))
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

    /// Reads the discovery document that came from [`Self::discovery_url`]. In mode OIDC it has to be that of this very issuer (OpenID
    /// Connect Discovery 1.0, 4.3), which may have its endpoints on other hosts, as Google has: https, or http on this machine where the
    /// issuer is on it. What sends codes is then the issuer's own word, and PKCE binds them to this page. In mode AAD, and where Microsoft
    /// signs people in, issuer and endpoints must be of the authority's own origin.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn discovered(config: &Config, document: &str) -> Result<Self, String> {
        let found: Document = serde_json::from_str(document).map_err(|error| format!("The discovery document cannot be read: {error}."))?;
        let url = Url::parse(&config.authority).map_err(|_| "The authority is not an address.".to_owned())?;
        let is_pinned = config.mode == ProtocolMode::Aad || config::authority::is_microsofts(&url);
        if !is_pinned && root_of(&found.issuer) != root_of(&config.authority) {
            return Err(format!(
                "The discovery document is that of another issuer, {}: “auth.authority” has to be the issuer.",
                found.issuer
            ));
        }
        let is_sound = |address: &str| match Url::parse(&address.replace("{tenantid}", "x")) {
            Ok(other) if is_pinned => other.origin() == url.origin(),
            Ok(other) => config::is_safe_address(address) && (other.scheme() == "https" || config::is_loopback(&url)),
            Err(_) => false,
        };
        let endpoints =
            [Some(&found.issuer), Some(&found.authorization_endpoint), Some(&found.token_endpoint), found.end_session_endpoint.as_ref()];
        if let Some(foreign) = endpoints.into_iter().flatten().find(|address| !is_sound(address)) {
            let expected = if is_pinned { "of the authority's own origin" } else { "an https address" };
            return Err(format!("The discovery document names {foreign}, which is not {expected}."));
        }
        let graph = config.graph.clone().ok_or("config.json must name “graph” for an authority that is not Microsoft's.")?;
        Ok(Self {
            cloud: if config::is_loopback(&url) { "Sample tenant" } else { "Own identity provider" },
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
            let authority = Authority::known(&config).unwrap().unwrap();
            assert_eq!((authority.graph.as_str(), authority.scope_prefix.as_str()), (graph, prefix));
        };
        check("https://login.microsoftonline.com/contoso.com", "https://graph.microsoft.com", "");
        check("https://login.microsoftonline.us/contoso.us", "https://graph.microsoft.us", "https://graph.microsoft.us/");
        check(
            "https://login.partner.microsoftonline.cn/contoso.cn",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://microsoftgraph.chinacloudapi.cn/",
        );
        assert_eq!(Authority::known(&config("https://login.evil.example/contoso.com")), Ok(None));
    }

    #[test]
    fn a_clouds_tokens_go_to_its_own_graph_or_to_this_machine() {
        let check = |authority: &str, graph: &str| {
            // Also where `Config::read` would have refused the authority before.
            let config = Config { graph: Some(graph.into()), authority: authority.into(), ..config("https://id.example/t") };
            Authority::known(&config).map(|known| known.map(|known| (known.graph, known.scope_prefix))).map_err(|wrong| wrong.key)
        };
        let known = |graph: &str, prefix: &str| Ok(Some((graph.to_owned(), prefix.to_owned())));
        let (global, gov) = ("https://login.microsoftonline.com/contoso.com", "https://login.microsoftonline.us/contoso.us");
        assert_eq!(check(global, "https://graph.microsoft.com"), known("https://graph.microsoft.com", ""));
        assert_eq!(check(global, "https://GRAPH.microsoft.com:443"), known("https://graph.microsoft.com", ""));
        assert_eq!(
            check(gov, "https://dod-graph.microsoft.us"),
            known("https://dod-graph.microsoft.us", "https://dod-graph.microsoft.us/")
        );
        assert_eq!(check(gov, "http://localhost:8082"), known("http://localhost:8082", "https://graph.microsoft.us/"));
        for foreign in [
            "https://graph.microsoft.us",
            "https://graph.microsoft.com.evil.example",
            "https://evil.example",
            "https://graph.microsoft.com:8443",
            "https://graph.microsoft.com/proxy",
            "https://localhost.evil.example",
        ] {
            assert_eq!(check(global, foreign), Err("graph".to_owned()), "{foreign}");
        }
        // Microsoft's, though the table has no endpoints of them.
        for other in [
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com",
            "https://login.microsoftonline.com:8443/contoso.com",
            "https://login.microsoftonline.com./contoso.com",
            "https://login.microsoftonline.de/contoso.de",
            "https://login.sovcloud-identity.fr/contoso.fr",
        ] {
            assert_eq!(check(other, "https://evil.example"), Err("graph".to_owned()), "{other}");
            assert_eq!(check(other, "https://graph.microsoft.com"), Ok(None), "{other}");
        }
        // Not Microsoft's: nothing to hold it against.
        assert_eq!(check("https://login.notmicrosoft.com/t", "https://graph.example"), Ok(None));
        assert_eq!(check("https://id.example/t", "https://graph.example"), Ok(None));
    }

    #[test]
    fn a_user_has_a_page_in_the_clouds_admin_center() {
        let config = Config { graph: None, ..config("https://login.microsoftonline.us/contoso.us") };
        let authority = Authority::known(&config).unwrap().unwrap();
        let page = authority.user_page("0a1b-2c");
        assert!(page.is_some_and(|page| page.starts_with("https://portal.azure.us/#view/") && page.ends_with("/userId/0a1b-2c")));
        assert_eq!(authority.user_page("../evil"), None);
    }

    #[test]
    fn an_issuer_of_another_provider_is_discovered_with_or_without_a_path() {
        for issuer in ["https://id.example", "https://id.example/realms/guests", "http://localhost:8080"] {
            for written in [issuer.to_owned(), format!("{issuer}/"), format!("{issuer}/.well-known/openid-configuration")] {
                let text = format!(
                    r#"{{"auth":{{"clientId":"guestlist","authority":"{written}","protocolMode":"OIDC"}},"graph":"https://graph.example"}}"#
                );
                let config = Config::read(&text).unwrap();
                assert_eq!(Authority::known(&config), Ok(None), "{written}");
                assert_eq!(Authority::discovery_url(&config), format!("{issuer}/.well-known/openid-configuration"), "{written}");
                let document =
                    format!(r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/authorize","token_endpoint":"{issuer}/token"}}"#);
                assert_eq!(Authority::discovered(&config, &document).unwrap().token, format!("{issuer}/token"));
            }
        }
    }

    #[test]
    fn an_issuer_may_have_its_endpoints_on_other_hosts() {
        let discovered = |authority: &str, mode: &str, issuer: &str, token: &str| {
            let text = format!(
                r#"{{"auth":{{"clientId":"9e57115f-c070-4050-a000-c0ffee000002","authority":"{authority}","protocolMode":"{mode}"}},"graph":"https://graph.example"}}"#
            );
            let document = format!(r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/auth","token_endpoint":"{token}"}}"#);
            Authority::discovered(&Config::read(&text).unwrap(), &document).map(|authority| (authority.issuer, authority.token))
        };
        let google = "https://accounts.google.com";
        let token = "https://oauth2.googleapis.com/token";
        assert_eq!(discovered(google, "OIDC", google, token), Ok((google.to_owned(), token.to_owned())));
        // With the slash that config.json's loses, which tokens carry.
        let auth0 = "https://contoso.auth0.com/";
        assert_eq!(discovered(auth0, "OIDC", auth0, token).map(|(issuer, _)| issuer), Ok(auth0.to_owned()));
        assert!(discovered("http://[::1]:8080", "OIDC", "http://[::1]:8080", "http://localhost:9000/token").is_ok());
        let refused = |authority: &str, mode: &str, issuer: &str, token: &str, word: &str| {
            let told = discovered(authority, mode, issuer, token).unwrap_err();
            assert!(told.contains(word), "{told}");
        };
        // The document is another issuer's.
        for issuer in ["https://accounts.google.com.evil.example", "https://accounts.google.com/x", "http://accounts.google.com", "x", ""] {
            refused(google, "OIDC", issuer, token, "another issuer");
        }
        for token in
            ["http://oauth2.googleapis.com/token", "http://localhost/token", "https://me@evil.example/", "javascript:x", "token", ""]
        {
            refused(google, "OIDC", google, token, "not an https address");
        }
        // Tokens that open a directory of Microsoft's are sent to nobody else.
        refused("https://id.example/contoso.example", "AAD", "https://id.example/contoso.example", token, "own origin");
        let german = "https://login.microsoftonline.de/contoso.de";
        refused(german, "OIDC", german, token, "own origin");
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
