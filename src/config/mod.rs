//! `config.json`: which app registration, which tenant, where guests may land. Read strictly, so that a slip is found by
//! name instead of surfacing later as a refused sign-in.

pub mod expected;

use crate::words;
use identity::address;
use identity::authority::{Authority, AuthoritySettings, ForeignGraph, ProtocolMode};
use json::{Members, Raw, text};
use serde_json::value::RawValue;
use url::Url;

/// A sound configuration. Shaped like MSAL's, so that an administrator can carry one over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub client_id: String,
    /// Without a trailing slash and without endings of endpoints: `https://login.microsoftonline.com/contoso.onmicrosoft.com`.
    pub authority: String,
    pub mode: ProtocolMode,
    /// Relative to the page's own address.
    pub redirect_uri: String,
    pub cache: CacheLocation,
    /// Root of Graph without a version; `None` means that of the authority's cloud. Where the authority is one of Microsoft's
    /// clouds, it has to be that cloud's own or on loopback ([`Config::known_authority`]).
    pub graph: Option<String>,
    /// Where guests land unless told otherwise; `{tenantId}` stands for the signed-in tenant.
    pub redirect_url: String,
    /// Hosts where guests may land.
    pub redirect_hosts: Vec<String>,
    /// Origins that may embed the page, as browsers write them: no usual port, no trailing slash.
    pub parents: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheLocation {
    SessionStorage,
    MemoryStorage,
}

/// One thing that is wrong, by the key's full path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub key: String,
    /// What has to stand there, where the key alone does not say it: [`Wrong::expected`].
    pub expected: Option<String>,
    pub found: String,
}

const DEFAULT_REDIRECT_URL: &str = "https://myapps.microsoft.com/?tenantid={tenantId}";
const KEYS: &[(&str, &[&str])] = &[
    ("", &["auth", "cache", "graph", "invite", "embed"]),
    ("auth", &["clientId", "authority", "protocolMode", "redirectUri"]),
    ("cache", &["cacheLocation"]),
    ("graph", &[]),
    ("invite", &["redirectUrl", "redirectHosts"]),
    ("embed", &["parents"]),
];

impl Config {
    /// Reads and checks the file's text.
    ///
    /// # Errors
    /// Everything that is wrong, not only the first thing.
    pub fn read(text: &str) -> Result<Self, Vec<Wrong>> {
        let file: Raw = serde_json::from_str(text).map_err(|error| vec![wrong("config.json", &expected::no_json(text, &error))])?;
        let mut reader = ConfigReader { sections: Vec::new(), wrong: Vec::new() };
        reader.open(&file);
        let config = reader.config();
        if reader.wrong.is_empty() { Ok(config) } else { Err(reader.wrong) }
    }

    /// Where somebody is to sign in.
    pub fn authority_settings(&self) -> AuthoritySettings<'_> {
        AuthoritySettings { authority: &self.authority, mode: self.mode, graph: self.graph.as_deref() }
    }

    /// The authority of one of Microsoft's clouds; `None` means that it has to be discovered.
    ///
    /// # Errors
    /// `graph` is not of the authority's cloud.
    pub fn known_authority(&self) -> Result<Option<Authority>, Wrong> {
        Authority::known(&self.authority_settings()).map_err(|ForeignGraph { roots, cloud, configured }| {
            let roots = if roots.is_empty() { "the root of one of Microsoft's clouds".to_owned() } else { roots.join(" or ") };
            let expected = Some(format!("{roots}, as auth.authority is of the {}", words::identity::cloud(cloud)));
            Wrong { key: "graph".into(), expected, found: format!("“{configured}”") }
        })
    }

    /// Refuses a redirect page elsewhere: `page` is the page's own address, `redirect` is `redirect_uri` as it was resolved against
    /// it and will be sent. What the redirect page hands over lies in storage that only its own origin reads, so a code that
    /// arrives elsewhere is of no use here and of use there.
    ///
    /// # Errors
    /// The key, by its path, with what was expected.
    pub fn check_redirect(&self, page: &str, redirect: &str) -> Result<(), Wrong> {
        let is_own = match (Url::parse(page), Url::parse(redirect)) {
            (Ok(page), Ok(target)) => page.origin() == target.origin() && target.username().is_empty() && target.password().is_none(),
            _ => false,
        };
        if is_own { Ok(()) } else { Err(wrong("auth.redirectUri", &format!("“{redirect}”"))) }
    }

    /// The address where guests land unless told otherwise.
    pub fn default_redirect_url(&self, tenant_id: &str) -> String {
        self.redirect_url.replace("{tenantId}", tenant_id)
    }

    /// Whether this is that address for some tenant.
    pub fn is_default_redirect_url(&self, address: &str) -> bool {
        let Some((before, after)) = self.redirect_url.split_once("{tenantId}") else { return address == self.redirect_url };
        let tenant = address.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        tenant.is_some_and(|tenant| tenant.len() == 36 && tenant.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'))
    }
}

fn wrong(key: &str, found: &str) -> Wrong {
    Wrong { key: key.into(), expected: None, found: found.into() }
}

struct ConfigReader {
    /// Names and members of the file itself (`""`) and of each section that is an object.
    sections: Vec<(&'static str, Members)>,
    wrong: Vec<Wrong>,
}

impl ConfigReader {
    /// Opens the file and its sections, and refuses what nobody knows.
    fn open(&mut self, file: &RawValue) {
        for (section, known) in KEYS.iter().filter(|(section, _)| *section != "graph") {
            let value = if section.is_empty() { Some(file) } else { self.at("", section) };
            let Some(value) = value else { continue };
            match serde_json::from_str::<Members>(value.get()) {
                Ok(members) => {
                    self.refuse_others(section, &members, known);
                    self.sections.push((*section, members));
                }
                Err(_) => {
                    let found = kind(value);
                    self.wrong.push(wrong(if section.is_empty() { "config.json" } else { section }, &found));
                }
            }
        }
    }

    fn refuse_others(&mut self, section: &str, members: &Members, known: &[&str]) {
        for (key, _) in members.0.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            self.wrong.push(wrong(&path(section, key), "a key that is not known"));
        }
    }

    /// A member of a section; `null` counts as left out.
    fn at(&self, section: &str, key: &str) -> Option<&RawValue> {
        self.sections.iter().find(|(name, _)| *name == section).and_then(|(_, members)| members.get(key))
    }

    fn config(&mut self) -> Config {
        let mode = match self.text("auth", "protocolMode", |text| ["AAD", "OIDC"].contains(&text)).as_deref() {
            Some("OIDC") => ProtocolMode::Oidc,
            _ => ProtocolMode::Aad,
        };
        // Other identity providers give their clients ids of any form (RFC 6749, 2.2).
        let client_id = self.required("auth", "clientId", |text| match mode {
            ProtocolMode::Aad => is_client_id(text),
            ProtocolMode::Oidc => !text.trim().is_empty(),
        });
        if mode == ProtocolMode::Oidc {
            let of_client = self.wrong.iter_mut().filter(|wrong| wrong.key == "auth.clientId");
            of_client.for_each(|wrong| wrong.expected = Some("the client id that your identity provider gave this page".into()));
        }
        let authority = self.required("auth", "authority", |text| address::base(text, mode).is_some());
        let redirect_uri = self.text("auth", "redirectUri", |text| !text.contains(['#', '?']) && !text.is_empty());
        let cache = match self.text("cache", "cacheLocation", |text| ["sessionStorage", "memoryStorage"].contains(&text)).as_deref() {
            Some("memoryStorage") => CacheLocation::MemoryStorage,
            _ => CacheLocation::SessionStorage,
        };
        let graph = self.text("", "graph", address::is_safe);
        let redirect_url = self.text("invite", "redirectUrl", is_redirect);
        let redirect_url = redirect_url.unwrap_or_else(|| DEFAULT_REDIRECT_URL.into());
        let mut redirect_hosts = self.list("invite", "redirectHosts", is_host);
        let default_host = Url::parse(&redirect_url.replace("{tenantId}", "x")).ok().and_then(|url| url.host_str().map(str::to_owned));
        if let Some(host) = default_host.filter(|host| !redirect_hosts.contains(host)) {
            redirect_hosts.push(host);
        }
        let parents = self.list("embed", "parents", |text| origin(text).is_some());
        let parents = parents.iter().filter_map(|text| origin(text)).collect();
        Config {
            client_id,
            authority: address::base(&authority, mode).unwrap_or_default(),
            mode,
            redirect_uri: redirect_uri.unwrap_or_else(|| "auth.html".into()),
            cache,
            graph: graph.map(|graph| graph.trim_end_matches('/').into()),
            redirect_url,
            redirect_hosts,
            parents,
        }
    }

    fn text(&mut self, section: &str, key: &str, sound: impl Fn(&str) -> bool) -> Option<String> {
        let value = self.at(section, key)?;
        let (read, found) = (text(value).filter(|text| sound(text)), kind(value));
        if read.is_none() {
            self.wrong.push(wrong(&path(section, key), &found));
        }
        read
    }

    fn required(&mut self, section: &str, key: &str, sound: impl Fn(&str) -> bool) -> String {
        if self.at(section, key).is_none() {
            self.wrong.push(wrong(&path(section, key), "nothing"));
        }
        self.text(section, key, sound).unwrap_or_default()
    }

    fn list(&mut self, section: &str, key: &str, sound: impl Fn(&str) -> bool) -> Vec<String> {
        let Some(value) = self.at(section, key) else { return Vec::new() };
        let Ok(items) = serde_json::from_str::<Vec<Raw>>(value.get()) else {
            let found = kind(value);
            self.wrong.push(wrong(&path(section, key), &found));
            return Vec::new();
        };
        let mut list = Vec::new();
        for (place, item) in items.iter().enumerate() {
            match text(item).filter(|text| sound(text)) {
                Some(text) => list.push(text.to_ascii_lowercase()),
                None => self.wrong.push(wrong(&format!("{}[{place}]", path(section, key)), &kind(item))),
            }
        }
        list
    }
}

fn path(section: &str, key: &str) -> String {
    if section.is_empty() { key.into() } else { format!("{section}.{key}") }
}

fn kind(value: &RawValue) -> String {
    match (value.get().chars().next(), text(value)) {
        (_, Some(text)) => format!("“{}”", text.chars().take(160).collect::<String>()),
        (Some('n'), _) => "nothing".into(),
        (Some('t' | 'f'), _) => "true or false".into(),
        (Some('['), _) => "a list".into(),
        (Some('{'), _) => "an object".into(),
        _ => format!("the number {}", value.get()),
    }
}

fn is_client_id(text: &str) -> bool {
    let dashes = text.char_indices().filter(|(_, character)| *character == '-').map(|(place, _)| place);
    text.len() == 36
        && dashes.eq([8, 13, 18, 23])
        && text.chars().all(|character| character == '-' || character.is_ascii_hexdigit())
        && text.chars().any(|character| !matches!(character, '0' | '-'))
}

/// Nothing that `letter::redirect` would refuse before sending: https, and the host as it is typed, with nothing around it.
fn is_redirect(text: &str) -> bool {
    let address = text.replace("{tenantId}", "x");
    let Some(host) = Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned)) else { return false };
    let rest = address.strip_prefix("https://").and_then(|typed| typed.strip_prefix(host.as_str()));
    let is_plain = |character: char| character.is_ascii_graphic() && !matches!(character, '{' | '}' | '\\');
    let head = text.get(8..).and_then(|typed| typed.split(['/', '?', '#']).next()).unwrap_or_default();
    // The host is allowed by its name, and of a redirect address it has to be told whether it is the usual one.
    let is_plainly_of_tenant = !head.contains('{') && text.matches("{tenantId}").count() <= 1;
    is_plainly_of_tenant && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#'])) && address.chars().all(is_plain)
}

/// An origin as browsers write it. A `*` would look like a rule and match nothing.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| address::is_safe(text) && url.path() == "/" && url.query().is_none())?;
    Some(url.as_str().trim_end_matches('/').to_owned()).filter(|origin| !origin.contains('*'))
}

fn is_host(text: &str) -> bool {
    Url::parse(&format!("https://{text}/")).is_ok_and(|url| url.host_str() == Some(&text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn sound() -> Value {
        json!({"auth": {"clientId": "9e57115f-c070-4050-a000-c0ffee000002", "authority": "https://login.microsoftonline.com/contoso.onmicrosoft.com/"},
            "invite": {"redirectHosts": ["contoso.sharepoint.com"]}})
    }

    #[test]
    fn a_short_configuration_gets_defaults() {
        let config = Config::read(&sound().to_string()).unwrap();
        assert_eq!(config.authority, "https://login.microsoftonline.com/contoso.onmicrosoft.com");
        assert_eq!(config.redirect_uri, "auth.html");
        assert_eq!(config.redirect_hosts, ["contoso.sharepoint.com", "myapps.microsoft.com"]);
        assert_eq!(config.default_redirect_url("T"), "https://myapps.microsoft.com/?tenantid=T");
    }

    #[test]
    fn the_authority_of_an_endpoint_list_is_read_as_its_tenants() {
        for text in [
            include_str!("../../tests/cases/37-authority-with-v2/config-slash.json"),
            include_str!("../../tests/cases/37-authority-with-v2/config-token.json"),
            include_str!("../../tests/cases/37-authority-with-v2/config-v2.json"),
            include_str!("../../tests/cases/37-authority-with-v2/config-well-known.json"),
        ] {
            let config = Config::read(text).unwrap();
            let authority = config.known_authority().unwrap().unwrap();
            assert_eq!(authority.authorize, "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/oauth2/v2.0/authorize");
        }
    }

    #[test]
    fn a_graph_of_another_cloud_is_named_by_its_key() {
        let config = |graph: &str| Config { graph: Some(graph.into()), ..Config::read(&sound().to_string()).unwrap() };
        let wrong = config("https://graph.microsoft.us").known_authority().unwrap_err();
        assert_eq!((wrong.key.as_str(), wrong.found.as_str()), ("graph", "“https://graph.microsoft.us”"));
        assert_eq!(wrong.expected(), "https://graph.microsoft.com, as auth.authority is of the Microsoft cloud");
        let authority = "https://login.microsoftonline.de/contoso.de".into();
        let wrong = Config { authority, ..config("https://evil.example") }.known_authority().unwrap_err();
        assert!(wrong.expected().starts_with("the root of one of Microsoft's clouds, as"), "{}", wrong.expected());
    }

    #[test]
    fn another_identity_provider_needs_no_guid_and_no_tenant() {
        let file = |mode: &str, client: &str| json!({"auth": {"clientId": client, "authority": "https://id.example", "protocolMode": mode}, "graph": "https://graph.example"});
        let config = Config::read(&file("OIDC", "guestlist").to_string()).unwrap();
        assert_eq!((config.client_id.as_str(), config.authority.as_str()), ("guestlist", "https://id.example"));
        for loopback in
            ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080", "http://127.0.0.2:8080", "http://foo.localhost:9"]
        {
            let file = json!({"auth": {"clientId": "guestlist", "authority": loopback, "protocolMode": "OIDC"}, "graph": loopback});
            assert_eq!(Config::read(&file.to_string()).unwrap().authority, loopback);
        }
        let keys = |file: Value| Config::read(&file.to_string()).unwrap_err().into_iter().map(|wrong| wrong.key).collect::<Vec<_>>();
        assert_eq!(keys(file("OIDC", " ")), ["auth.clientId"]);
        assert_eq!(keys(file("AAD", "guestlist")), ["auth.clientId", "auth.authority"]);
        let expected = |file: Value| Config::read(&file.to_string()).unwrap_err()[0].expected();
        let mut without = file("OIDC", "");
        without["auth"]["clientId"].take();
        for blank in [file("OIDC", " "), file("OIDC", ""), without] {
            assert_eq!(expected(blank), "the client id that your identity provider gave this page");
        }
        assert!(expected(file("AAD", " ")).ends_with("a GUID"));
    }

    #[test]
    fn a_redirect_url_that_may_be_configured_may_be_sent() {
        let sound = ["https://myapps.microsoft.com/?tenantid={tenantId}", "https://contoso.sharepoint.com", "https://a.example/x?y=1#z"];
        assert!(sound.iter().all(|redirect| is_redirect(redirect)));
        // Whatever an address is made of: what is taken here is sent as it stands.
        let begins = ["https://", "http://", "HTTPS://", "https:/", "https:\\\\", "https://u@", "https://u:p@", " https://", "javascript:"];
        let hosts = [
            "a.example",
            "A.example",
            "a.example.",
            "a.example:443",
            "a.example:8443",
            "{tenantId}.example",
            "a%2eexample",
            "ä.example",
            "[::1]",
        ];
        let ends = [
            "",
            "/",
            "/x?y=1#z",
            "?t={tenantId}",
            "#{tenantId}",
            "/{tenantId}/{tenantId}",
            "\\@b.example",
            "/\tx",
            "/{x}",
            "/ä",
            "@b.example",
            ".b.example/",
        ];
        let mut taken = 0;
        for begin in begins {
            for host in hosts {
                for end in ends {
                    let redirect = format!("{begin}{host}{end}");
                    if is_redirect(&redirect) {
                        taken += 1;
                        let address = redirect.replace("{tenantId}", "9e57115f-c070-4050-a000-c0ffee000002");
                        let own = Url::parse(&address).unwrap().host_str().unwrap().to_owned();
                        assert!(crate::letter::redirect::check(&address, &[own]).is_ok(), "{redirect}");
                    }
                }
            }
        }
        assert!(taken > 5, "{taken}");
    }

    #[test]
    fn the_usual_redirect_url_of_any_tenant_is_known() {
        let config = Config::read(&sound().to_string()).unwrap();
        let usual = config.default_redirect_url("9e57115f-c070-4050-a000-c0ffee000002");
        assert!(config.is_default_redirect_url(&usual));
        for own in ["", "https://contoso.sharepoint.com/", "https://myapps.microsoft.com/?tenantid=", &format!("{usual}&x=1")] {
            assert!(!config.is_default_redirect_url(own), "{own}");
        }
    }

    #[test]
    fn each_slip_is_named_by_its_key() {
        let check = |pointer: &str, value: Value, key: &str| {
            let mut file = sound();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if file.pointer(parent).is_none() {
                file[&parent[1..]] = json!({});
            }
            file.pointer_mut(parent).unwrap()[name] = value;
            let keys: Vec<String> = Config::read(&file.to_string()).expect_err(pointer).into_iter().map(|wrong| wrong.key).collect();
            assert_eq!(keys, [key], "{file}");
        };
        check("/auth/clientId", json!("00000000-0000-0000-0000-000000000000"), "auth.clientId");
        check("/auth/clientId", json!(7), "auth.clientId");
        check("/auth/clientId", Value::Null, "auth.clientId");
        check("/auth/clientID", json!("x"), "auth.clientID");
        check("/auth/authority", json!("http://login.microsoftonline.com/x"), "auth.authority");
        check("/auth/authority", json!("https://login.microsoftonline.com"), "auth.authority");
        check("/auth/authority", json!("https://login.microsoftonline.com/consumers"), "auth.authority");
        check("/auth/protocolMode", json!("SAML"), "auth.protocolMode");
        check("/auth/redirectUri", json!("auth.html#x"), "auth.redirectUri");
        check("/cache/cacheLocation", json!("localStorage"), "cache.cacheLocation");
        check("/graph", json!("javascript:alert(1)"), "graph");
        check("/graph", json!({"root": 1}), "graph");
        for redirect in [
            "http://evil.example",
            "http://localhost:8080/",
            "https://contoso.sharepoint.com:8443/",
            "https://contoso%2Esharepoint.com/",
            "https://Contoso.sharepoint.com/",
            "https://contoso.sharepoint.com\\@evil.example/",
            "https://contoso.sharepoint.com/a b",
            "https://{tenantId}.sharepoint.com/",
            "https://contoso.sharepoint.com/{tenantId}/{tenantId}",
            "https:contoso.sharepoint.com",
            "contoso.sharepoint.com",
            "https://contoso.sharepoint.com/{{company}}",
            "https://{tenantId}@contoso.sharepoint.com/",
            " https://contoso.sharepoint.com/",
        ] {
            check("/invite/redirectUrl", json!(redirect), "invite.redirectUrl");
        }
        check("/invite/redirectHosts", json!("contoso.sharepoint.com"), "invite.redirectHosts");
        check("/invite/redirectHosts", json!(["a.example", "b.example/path"]), "invite.redirectHosts[1]");
        check("/embed/parents", json!(["https://contoso.sharepoint.com/sites/x"]), "embed.parents[0]");
        check("/embed/parents", json!(["https://contoso.sharepoint.com/?x"]), "embed.parents[0]");
        check("/embed/parents", json!(["https://*.sharepoint.com"]), "embed.parents[0]");
        check("/embed/parents", json!(["null"]), "embed.parents[0]");
        check("/embed/parents", json!(["https://me@contoso.sharepoint.com"]), "embed.parents[0]");
        check("/telemetry", json!({}), "telemetry");
        check("/cache", json!([]), "cache");
    }

    #[test]
    fn the_redirect_page_is_of_the_pages_own_origin() {
        let config = Config::read(&sound().to_string()).unwrap();
        let page = "https://contoso.example/guests/index.html#/invite";
        let check = |uri: &str| {
            let resolved = Url::parse(page).unwrap().join(uri).unwrap();
            config.check_redirect(page, resolved.as_str()).map_err(|wrong| wrong.key)
        };
        for own in ["auth.html", "/auth.html", "../auth.html", "https://contoso.example/guests/auth.html", "https://CONTOSO.example:443/a"]
        {
            assert_eq!(check(own), Ok(()), "{own}");
        }
        for other in [
            "https://evil.example/auth.html",
            "//evil.example/auth.html",
            "http://contoso.example/auth.html",
            "https://contoso.example:8443/auth.html",
            "https://contoso.example.evil.example/",
            "https://me@contoso.example/auth.html",
            "/\\evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert_eq!(check(other), Err("auth.redirectUri".to_owned()), "{other}");
        }
        assert!(config.check_redirect("null", "auth.html").is_err());
    }

    #[test]
    fn origins_are_kept_as_browsers_write_them() {
        for (written, origin) in [
            ("https://contoso.sharepoint.com", "https://contoso.sharepoint.com"),
            ("https://Contoso.SharePoint.com/", "https://contoso.sharepoint.com"),
            ("HTTPS://contoso.sharepoint.com:443/", "https://contoso.sharepoint.com"),
            ("https://portal.contoso.example:8443", "https://portal.contoso.example:8443"),
            ("http://127.0.0.1:8083/", "http://127.0.0.1:8083"),
            ("http://localhost:80", "http://localhost"),
        ] {
            let mut file = sound();
            file["embed"] = json!({"parents": [written]});
            assert_eq!(Config::read(&file.to_string()).unwrap().parents, [origin], "{written}");
        }
    }

    #[test]
    fn what_is_no_json_says_where() {
        let found = Config::read("{\"auth\": ").unwrap_err();
        assert_eq!(found[0].key, "config.json");
        assert!(found[0].found.contains("line 1"), "{}", found[0].found);
        assert_eq!(Config::read("[]").unwrap_err()[0].expected(), "a JSON object");
    }
}
