//! Where to sign in and which Graph belongs to it. Microsoft's clouds come from a table, so that a start needs no network
//! call; any other authority is discovered.

use super::address;
use serde::Deserialize;
use url::{Position, Url};

/// How the authority is discovered and what its tokens hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolMode {
    /// As Entra does.
    Aad,
    /// As any other OpenID provider does.
    Oidc,
}

/// Where somebody is to sign in, as whoever embeds this configures it.
#[derive(Clone, Copy, Debug)]
pub struct AuthoritySettings<'a> {
    /// As [`address::base`] yields it: without a trailing slash and without endings of endpoints.
    pub authority: &'a str,
    /// How an authority is discovered that the table of clouds does not hold, and what the tokens of any must hold.
    pub mode: ProtocolMode,
    /// Root of Graph without a version; `None` means that of the authority's cloud.
    pub graph: Option<&'a str>,
}

/// Whose identity platform an authority is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudKind {
    /// Microsoft's for everybody.
    Public,
    /// Microsoft's for the government of the United States.
    UsGovernment,
    /// Microsoft's in China, which 21Vianet runs.
    China,
    /// A provider on this machine, as for a test.
    Loopback,
    /// Somebody else's.
    Other,
}

/// The Graph that is configured is not of the authority's cloud, so its tokens must not go there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignGraph {
    /// The authority's.
    pub cloud: CloudKind,
    /// The roots that would do; none where any of Microsoft's would.
    pub roots: &'static [&'static str],
    /// As it was written.
    pub configured: String,
}

/// What is wrong with a discovery document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscoveryProblem {
    /// Why it is not such a document.
    Unreadable(String),
    /// The authority that was configured is no address.
    NoAddress,
    /// It is that of this other issuer.
    OtherIssuer(String),
    /// It names this address, which is not of the authority's own origin.
    ForeignOrigin(String),
    /// It names this address, which is not safe: neither https nor on this machine.
    UnsafeAddress(String),
    /// No Graph is configured, and the authority is not Microsoft's.
    NoGraph,
}

/// The endpoints of one authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Whose identity platform it is.
    pub cloud: CloudKind,
    /// Endpoint that the person is sent to (RFC 6749, 3.1).
    pub authorize: String,
    /// Endpoint for codes and refresh tokens (RFC 6749, 3.2).
    pub token: String,
    /// Absent where the authority knows no sign-out.
    pub logout: Option<String>,
    /// May hold a literal `{tenantid}`, which stands for the token's `tid`.
    pub issuer: String,
    /// The tenant as the configuration names it: a GUID, a domain, `organizations`.
    pub tenant: String,
    /// What its tokens must hold: a tenant in mode AAD.
    pub mode: ProtocolMode,
    /// Root of Microsoft Graph without a version.
    pub graph: String,
    /// Scopes of a national cloud carry its Graph root.
    pub scope_prefix: String,
    /// Root of the cloud's admin center; none for an authority that is not Microsoft's.
    pub admin_center: Option<&'static str>,
    /// Root of the cloud's My Access, where access packages are asked for; none where Microsoft names none, and for an authority that is not
    /// Microsoft's.
    pub my_access: Option<&'static str>,
}

struct Cloud {
    kind: CloudKind,
    hosts: &'static [&'static str],
    /// The first is the usual one.
    graphs: &'static [&'static str],
    prefixed: bool,
    admin_center: &'static str,
    my_access: Option<&'static str>,
}

/// `@azure/msal-common` 16.16.1 (hosts and aliases); microsoft-graph-docs-contrib concepts/deployments.md (Graph
/// roots); entra-docs docs/identity-platform/authentication-national-cloud.md (portals) and
/// docs/id-governance/entitlement-management-access-package-settings.md (My Access).
const CLOUDS: [Cloud; 3] = [
    Cloud {
        kind: CloudKind::Public,
        hosts: &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        graphs: &["https://graph.microsoft.com"],
        prefixed: false,
        admin_center: "https://entra.microsoft.com",
        my_access: Some("https://myaccess.microsoft.com"),
    },
    Cloud {
        kind: CloudKind::UsGovernment,
        hosts: &["login.microsoftonline.us", "login.usgovcloudapi.net"],
        graphs: &["https://graph.microsoft.us", "https://dod-graph.microsoft.us"],
        prefixed: true,
        admin_center: "https://portal.azure.us",
        my_access: Some("https://myaccess.microsoft.us"),
    },
    Cloud {
        kind: CloudKind::China,
        hosts: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        graphs: &["https://microsoftgraph.chinacloudapi.cn"],
        prefixed: true,
        admin_center: "https://portal.azure.cn",
        my_access: None,
    },
];

impl Cloud {
    /// Where requests go, and the root that scopes are named by.
    fn graph(&self, configured: Option<&str>) -> Result<(String, &'static str), ForeignGraph> {
        let usual = self.graphs[0];
        let Some(configured) = configured else { return Ok((usual.into(), usual)) };
        let given = Url::parse(configured);
        let is_given = |root: &&&str| given.as_ref().is_ok_and(|given| Url::parse(root).as_ref() == Ok(given));
        match self.graphs.iter().find(is_given) {
            Some(own) => Ok(((*own).into(), own)),
            None if given.as_ref().is_ok_and(address::is_loopback) => Ok((configured.into(), usual)),
            None => Err(ForeignGraph { cloud: self.kind, roots: self.graphs, configured: configured.into() }),
        }
    }
}

/// The root of Graph as it is written down: one spelling for all that mean the same. What is no address stays as it is.
pub fn root_of(graph: &str) -> String {
    let written = Url::parse(graph).ok().filter(Url::has_host).map(|url| url[..Position::AfterPath].to_owned());
    written.as_deref().unwrap_or(graph).trim_end_matches('/').to_owned()
}

/// Whether two roots of Graph are of one cloud: the same, two of the same cloud of Microsoft's, or one that says nothing of it. That is
/// none at all, and one on this machine, a proxy in front of whichever cloud: there the tenant's id tells.
pub fn is_same_cloud(one: &str, other: &str) -> bool {
    let (one, other) = (root_of(one), root_of(other));
    let is_silent = |root: &str| root.is_empty() || Url::parse(root).as_ref().is_ok_and(address::is_loopback);
    let is_of = |cloud: &Cloud, root: &str| cloud.graphs.contains(&root);
    one == other || is_silent(&one) || is_silent(&other) || CLOUDS.iter().any(|cloud| is_of(cloud, &one) && is_of(cloud, &other))
}

/// Where Microsoft signs people in and the table does not know the cloud, requests go to one of Microsoft's Graphs.
fn check_graph(authority: &Url, configured: Option<&str>) -> Result<(), ForeignGraph> {
    let Some(configured) = configured.filter(|_| address::is_microsofts(authority)) else { return Ok(()) };
    let given = Url::parse(configured);
    let is_known = CLOUDS.iter().flat_map(|cloud| cloud.graphs).any(|root| Url::parse(root) == given);
    if is_known || given.as_ref().is_ok_and(address::is_loopback) {
        return Ok(());
    }
    Err(ForeignGraph { cloud: CloudKind::Public, roots: &[], configured: configured.into() })
}

impl Authority {
    /// The authority of one of Microsoft's clouds; `None` means that it has to be discovered. Its tokens open the whole
    /// directory, so they go to that cloud's Graph alone, or to this very machine (a proxy that somebody tests with). An authority
    /// that is not Microsoft's names the Graph that goes with it: its tokens are good for nothing else.
    ///
    /// # Errors
    /// `graph` is not of the authority's cloud.
    pub fn known(settings: &AuthoritySettings<'_>) -> Result<Option<Self>, ForeignGraph> {
        let Ok(url) = Url::parse(settings.authority) else { return Ok(None) };
        let is_of = |cloud: &&Cloud| url.port().is_none() && url.host_str().is_some_and(|host| cloud.hosts.contains(&host));
        let Some(cloud) = CLOUDS.iter().find(is_of) else {
            return check_graph(&url, settings.graph).map(|()| None);
        };
        let (root, tenant) = (settings.authority, tenant_of(&url));
        let (graph, of_scopes) = cloud.graph(settings.graph)?;
        Ok(Some(Self {
            cloud: cloud.kind,
            authorize: format!("{root}/oauth2/v2.0/authorize"),
            token: format!("{root}/oauth2/v2.0/token"),
            logout: Some(format!("{root}/oauth2/v2.0/logout")),
            issuer: format!("https://{}/{{tenantid}}/v2.0", cloud.hosts[0]),
            tenant,
            mode: settings.mode,
            scope_prefix: if cloud.prefixed { format!("{of_scopes}/") } else { String::new() },
            admin_center: Some(cloud.admin_center),
            my_access: cloud.my_access,
            graph,
        }))
    }

    /// Where a user is shown in the cloud's admin center, by object id; `None` where there is no such center, or the id is none.
    pub fn user_page(&self, id: &str) -> Option<String> {
        let root = self.admin_center?;
        id.bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
            .then(|| format!("{root}/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/{id}"))
    }

    /// Where the discovery document of another authority lies.
    pub fn discovery_url(settings: &AuthoritySettings<'_>) -> String {
        let version = if settings.mode == ProtocolMode::Aad { "/v2.0" } else { "" };
        format!("{}{version}/.well-known/openid-configuration", settings.authority)
    }

    /// Reads the discovery document that came from [`Self::discovery_url`]. In mode OIDC it has to be that of this very issuer (OpenID
    /// Connect Discovery 1.0, 4.3), which may have its endpoints on other hosts, as Google has: https, or http on this machine where the
    /// issuer is on it. What sends codes is then the issuer's own word, and PKCE binds them to whoever asked. In mode AAD, and where
    /// Microsoft signs people in, issuer and endpoints must be of the authority's own origin.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn discovered(settings: &AuthoritySettings<'_>, document: &str) -> Result<Self, DiscoveryProblem> {
        let found: Document = serde_json::from_str(document).map_err(|error| DiscoveryProblem::Unreadable(error.to_string()))?;
        let url = Url::parse(settings.authority).map_err(|_| DiscoveryProblem::NoAddress)?;
        let is_pinned = settings.mode == ProtocolMode::Aad || address::is_microsofts(&url);
        if !is_pinned && root_of(&found.issuer) != root_of(settings.authority) {
            return Err(DiscoveryProblem::OtherIssuer(found.issuer));
        }
        let is_sound = |address: &str| match Url::parse(&address.replace("{tenantid}", "x")) {
            Ok(other) if is_pinned => other.origin() == url.origin(),
            Ok(other) => address::is_safe(address) && (other.scheme() == "https" || address::is_loopback(&url)),
            Err(_) => false,
        };
        let endpoints =
            [Some(&found.issuer), Some(&found.authorization_endpoint), Some(&found.token_endpoint), found.end_session_endpoint.as_ref()];
        if let Some(foreign) = endpoints.into_iter().flatten().find(|address| !is_sound(address)) {
            let address = foreign.clone();
            return Err(if is_pinned { DiscoveryProblem::ForeignOrigin(address) } else { DiscoveryProblem::UnsafeAddress(address) });
        }
        let graph = settings.graph.ok_or(DiscoveryProblem::NoGraph)?.to_owned();
        Ok(Self {
            cloud: if address::is_loopback(&url) { CloudKind::Loopback } else { CloudKind::Other },
            authorize: found.authorization_endpoint,
            token: found.token_endpoint,
            logout: found.end_session_endpoint,
            issuer: found.issuer,
            tenant: tenant_of(&url),
            mode: settings.mode,
            graph,
            scope_prefix: String::new(),
            admin_center: None,
            my_access: None,
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

    fn settings(authority: &str) -> AuthoritySettings<'_> {
        AuthoritySettings { authority, mode: ProtocolMode::Aad, graph: Some("https://graph.example") }
    }

    #[test]
    fn each_cloud_has_its_graph_and_scopes() {
        let check = |authority: &str, graph: &str, prefix: &str| {
            let authority = Authority::known(&AuthoritySettings { graph: None, ..settings(authority) }).unwrap().unwrap();
            assert_eq!((authority.graph.as_str(), authority.scope_prefix.as_str()), (graph, prefix));
        };
        check("https://login.microsoftonline.com/contoso.com", "https://graph.microsoft.com", "");
        check("https://login.microsoftonline.us/contoso.us", "https://graph.microsoft.us", "https://graph.microsoft.us/");
        check(
            "https://login.partner.microsoftonline.cn/contoso.cn",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://microsoftgraph.chinacloudapi.cn/",
        );
        assert_eq!(Authority::known(&settings("https://login.evil.example/contoso.com")), Ok(None));
    }

    #[test]
    fn a_cloud_is_known_by_each_of_its_hosts_and_issues_under_one() {
        let known = |authority: &str| Authority::known(&AuthoritySettings { graph: None, ..settings(authority) }).unwrap().unwrap();
        let alias = known("https://sts.windows.net/contoso.example");
        assert_eq!(alias.authorize, "https://sts.windows.net/contoso.example/oauth2/v2.0/authorize");
        assert_eq!(alias.token, "https://sts.windows.net/contoso.example/oauth2/v2.0/token");
        assert_eq!(alias.logout.as_deref(), Some("https://sts.windows.net/contoso.example/oauth2/v2.0/logout"));
        assert_eq!(alias.issuer, "https://login.microsoftonline.com/{tenantid}/v2.0");
        assert_eq!((alias.tenant.as_str(), alias.cloud), ("contoso.example", CloudKind::Public));
        assert_eq!(known("https://login.microsoftonline.com").tenant, "");
    }

    #[test]
    fn two_roots_of_graph_are_of_one_cloud_where_nothing_tells_them_apart() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!((is_same_cloud(one, other), is_same_cloud(other, one)), (expected, expected), "{one} {other}");
        };
        let (public, gov, dod) = ("https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us");
        check(public, "HTTPS://GRAPH.microsoft.com:443/", true);
        check(gov, dod, true);
        check(public, gov, false);
        check("https://graph.example", "https://graph.example/", true);
        check("https://graph.example", public, false);
        check("https://graph.example", "https://graph.other.example", false);
        // They say nothing of a cloud.
        check("", public, true);
        check("http://localhost:8082", gov, true);
        check("nowhere/", "nowhere", true);
        check("nowhere", public, false);
    }

    #[test]
    fn a_clouds_tokens_go_to_its_own_graph_or_to_this_machine() {
        let check = |authority: &str, graph: &str| {
            // Also where `address::base` would have refused the authority before.
            Authority::known(&AuthoritySettings { graph: Some(graph), ..settings(authority) })
                .map(|known| known.map(|known| (known.graph, known.scope_prefix)))
                .map_err(|foreign| foreign.configured)
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
            assert_eq!(check(global, foreign), Err(foreign.to_owned()), "{foreign}");
        }
        // Microsoft's, though the table has no endpoints of them.
        for other in [
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com",
            "https://login.microsoftonline.com:8443/contoso.com",
            "https://login.microsoftonline.com./contoso.com",
            "https://login.microsoftonline.de/contoso.de",
            "https://login.sovcloud-identity.fr/contoso.fr",
        ] {
            assert_eq!(check(other, "https://evil.example"), Err("https://evil.example".to_owned()), "{other}");
            assert_eq!(check(other, "https://graph.microsoft.com"), Ok(None), "{other}");
            assert_eq!(check(other, "http://localhost:8082"), Ok(None), "{other}");
        }
        // Not Microsoft's: nothing to hold it against.
        assert_eq!(check("https://login.notmicrosoft.com/t", "https://graph.example"), Ok(None));
        assert_eq!(check("https://id.example/t", "https://graph.example"), Ok(None));
    }

    #[test]
    fn a_user_has_a_page_in_the_clouds_admin_center() {
        let gov = AuthoritySettings { graph: None, ..settings("https://login.microsoftonline.us/contoso.us") };
        let authority = Authority::known(&gov).unwrap().unwrap();
        let page = authority.user_page("0a1b-2c");
        assert!(page.is_some_and(|page| page.starts_with("https://portal.azure.us/#view/") && page.ends_with("/userId/0a1b-2c")));
        assert_eq!(authority.user_page("../evil"), None);
    }

    #[test]
    fn an_issuer_of_another_provider_is_discovered_with_or_without_a_path() {
        let here = ["http://localhost:8080", "http://127.0.0.2:8080", "http://foo.localhost:9"];
        for issuer in ["https://id.example", "https://id.example/realms/guests"].into_iter().chain(here) {
            for written in [issuer.to_owned(), format!("{issuer}/"), format!("{issuer}/.well-known/openid-configuration")] {
                let base = address::base(&written, ProtocolMode::Oidc).unwrap();
                let settings = AuthoritySettings { mode: ProtocolMode::Oidc, ..settings(&base) };
                assert_eq!(Authority::known(&settings), Ok(None), "{written}");
                assert_eq!(Authority::discovery_url(&settings), format!("{issuer}/.well-known/openid-configuration"), "{written}");
                let document =
                    format!(r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/authorize","token_endpoint":"{issuer}/token"}}"#);
                assert_eq!(Authority::discovered(&settings, &document).unwrap().token, format!("{issuer}/token"));
            }
        }
    }

    #[test]
    fn an_issuer_may_have_its_endpoints_on_other_hosts() {
        let (aad, oidc) = (ProtocolMode::Aad, ProtocolMode::Oidc);
        let discovered = |authority: &str, mode: ProtocolMode, issuer: &str, token: &str| {
            let base = address::base(authority, mode).unwrap();
            let document = format!(r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/auth","token_endpoint":"{token}"}}"#);
            Authority::discovered(&AuthoritySettings { mode, ..settings(&base) }, &document)
                .map(|authority| (authority.issuer, authority.token))
        };
        let google = "https://accounts.google.com";
        let token = "https://oauth2.googleapis.com/token";
        assert_eq!(discovered(google, oidc, google, token), Ok((google.to_owned(), token.to_owned())));
        // With the slash that config.json's loses, which tokens carry.
        let auth0 = "https://contoso.auth0.com/";
        assert_eq!(discovered(auth0, oidc, auth0, token).map(|(issuer, _)| issuer), Ok(auth0.to_owned()));
        assert!(discovered("http://[::1]:8080", oidc, "http://[::1]:8080", "http://localhost:9000/token").is_ok());
        // The document is another issuer's.
        for issuer in ["https://accounts.google.com.evil.example", "https://accounts.google.com/x", "http://accounts.google.com", "x", ""] {
            assert_eq!(discovered(google, oidc, issuer, token), Err(DiscoveryProblem::OtherIssuer(issuer.into())), "{issuer}");
        }
        for token in
            ["http://oauth2.googleapis.com/token", "http://localhost/token", "https://me@evil.example/", "javascript:x", "token", ""]
        {
            assert_eq!(discovered(google, oidc, google, token), Err(DiscoveryProblem::UnsafeAddress(token.into())), "{token}");
        }
        // Tokens that open a directory of Microsoft's are sent to nobody else.
        let foreign = |authority: &str, mode: ProtocolMode| {
            assert_eq!(discovered(authority, mode, authority, token), Err(DiscoveryProblem::ForeignOrigin(token.into())), "{authority}");
        };
        foreign("https://id.example/contoso.example", aad);
        foreign("https://login.microsoftonline.de/contoso.de", oidc);
    }

    #[test]
    fn a_discovery_document_cannot_send_codes_elsewhere() {
        let document = |token: &str| {
            format!(r#"{{"issuer":"https://id.example/t","authorization_endpoint":"https://id.example/a","token_endpoint":"{token}"}}"#)
        };
        let settings = settings("https://id.example/t");
        let found = Authority::discovered(&settings, &document("https://id.example/token")).unwrap();
        assert_eq!((found.cloud, found.tenant.as_str(), found.authorize.as_str()), (CloudKind::Other, "t", "https://id.example/a"));
        // An issuer of many tenants, as Entra's document has it.
        let many = document("https://id.example/token").replace("/t\"", "/{tenantid}/v2.0\"");
        assert_eq!(Authority::discovered(&settings, &many).unwrap().issuer, "https://id.example/{tenantid}/v2.0");
        assert_eq!(Authority::discovery_url(&settings), "https://id.example/t/v2.0/.well-known/openid-configuration");
        let here = AuthoritySettings { authority: "http://localhost:8081/t", ..settings };
        let own = document("http://localhost:8081/token").replace("https://id.example", "http://localhost:8081");
        assert_eq!(Authority::discovered(&here, &own).unwrap().cloud, CloudKind::Loopback);
        let nowhere = AuthoritySettings { authority: "nowhere", ..settings };
        assert_eq!(Authority::discovered(&nowhere, &own), Err(DiscoveryProblem::NoAddress));
        let evil = "https://evil.example/token";
        assert_eq!(Authority::discovered(&settings, &document(evil)), Err(DiscoveryProblem::ForeignOrigin(evil.into())));
        assert!(matches!(Authority::discovered(&settings, "<html>"), Err(DiscoveryProblem::Unreadable(_))));
        let nowhere = AuthoritySettings { graph: None, ..settings };
        assert_eq!(Authority::discovered(&nowhere, &document("https://id.example/token")), Err(DiscoveryProblem::NoGraph));
    }
}
