//! The address of an authority as it is copied from a portal or an endpoint list, and whether anybody of an organisation signs in there.

use super::authority::ProtocolMode;
use url::{Host, Position, Url};

/// Domains under which Microsoft signs people in, also where no table has endpoints: other names of its clouds, customers'
/// sign-in (CIAM, B2C), sovereign clouds. From the cloud discovery metadata and known authorities of MSAL (`@azure/msal-common` 16.16.1,
/// MSAL.NET), and <https://learn.microsoft.com/azure/active-directory-b2c/b2clogin>.
const MICROSOFT: [&str; 14] = [
    "microsoftonline.com",
    "microsoftonline.us",
    "microsoftonline.de",
    "microsoftonline.cn",
    "windows.net",
    "windows-ppe.net",
    "microsoft.com",
    "usgovcloudapi.net",
    "chinacloudapi.cn",
    CIAM,
    B2C,
    "sovcloud-identity.fr",
    "sovcloud-identity.de",
    "sovcloud-identity.sg",
];
const CIAM: &str = "ciamlogin.com";
const B2C: &str = "b2clogin.com";

/// What follows the tenant in endpoints of Entra: entra-docs docs/identity-platform/v2-protocols.md, and the list “Endpoints” of an
/// app registration.
const ENDPOINTS: [&str; 8] = ["v2.0", "oauth2", ".well-known", "discovery", "adminconsent", "federationmetadata", "wsfed", "saml2"];

/// The tenant of all personal accounts: entra-docs docs/identity-platform/id-token-claims-reference.md, `tid`.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// How the name of a user flow or policy of Azure AD B2C begins, in small letters.
const POLICY: &str = "b2c_1";

/// https, or http on this very machine; without user name and fragment.
pub fn is_safe(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    (url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url))
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
}

/// The origin of an address on this very machine; `None` for any other.
pub fn origin_here(text: &str) -> Option<String> {
    Url::parse(text).ok().filter(is_loopback).map(|url| url.origin().ascii_serialization())
}

/// This very machine: 127.0.0.0/8 and ::1 (RFC 6890), `localhost` and all names below it (RFC 6761, 6.3), which is what browsers trust without
/// https, too (Secure Contexts, 3.1). Of its names a content policy can hold all but `[::1]` (Content Security Policy Level 3, `host-source`), so an app
/// with such a policy reaches that under `localhost` only.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether Microsoft signs people in there, in whichever cloud.
pub(super) fn is_microsofts(authority: &Url) -> bool {
    MICROSOFT.iter().any(|domain| is_under(authority, domain))
}

fn is_under(url: &Url, domain: &str) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    host.strip_suffix(domain).is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

/// The authority without trailing slash and without what an endpoint adds to it; `None` where nobody of an organisation signs in.
/// Microsoft's hosts and mode AAD need a tenant: discovery and endpoints stand below it (entra-docs
/// docs/identity-platform/v2-protocols-oidc.md). Any other issuer may have any path or none (OpenID Connect Discovery 1.0, 4).
pub fn base(text: &str, mode: ProtocolMode) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| is_safe(text) && url.query().is_none())?;
    let is_microsofts = is_microsofts(&url);
    let has_tenant = is_microsofts || mode == ProtocolMode::Aad;
    let path = url.path().to_ascii_lowercase();
    let segments = || path.split('/').filter(|part| !part.is_empty());
    let ends = |part: &str| if has_tenant { ENDPOINTS.contains(&part) } else { part == ".well-known" };
    let count = segments().take_while(|part| !ends(part)).count();
    if has_tenant {
        let is_for_others = |part: &str| matches!(part, "common" | "consumers" | PERSONAL) || part.starts_with(POLICY);
        let is_fit = |tenant: &str| tenant == "organizations" || tenant.contains('.') || tenant.len() == 36;
        let is_refused = count == 0
            || segments().take(count).any(is_for_others)
            || is_microsofts && (count > 1 || !segments().take(1).all(is_fit) || is_under(&url, CIAM) || is_under(&url, B2C));
        if is_refused {
            return None;
        }
    }
    let kept: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).take(count).collect();
    Some(format!("{}/{}", &url[..Position::BeforePath], kept.join("/")).trim_end_matches('/').to_owned())
}

/// What an authority is that [`base`] refuses, where it is one of the usual slips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfitAuthority {
    /// An Azure AD B2C tenant, which signs customers in.
    CustomersB2c,
    /// An external tenant, which signs customers in (CIAM).
    CustomersCiam,
    /// `consumers`: personal Microsoft accounts alone.
    Personal,
    /// `common`: personal accounts, too.
    Common,
    /// One of Microsoft's hosts and nothing else.
    WithoutTenant,
    /// One of Microsoft's hosts with something else than one tenant.
    NotOneTenant,
}

/// Why [`base`] refused this authority; `None` where it is not one of the usual slips.
pub fn unfit(authority: &str) -> Option<UnfitAuthority> {
    let url = Url::parse(authority).ok()?;
    let path = url.path().to_ascii_lowercase();
    let has = |name: &str| path.split('/').any(|part| part == name);
    let is_flow = path.split('/').any(|part| part.starts_with(POLICY))
        || url.query().is_some_and(|query| query.to_ascii_lowercase().contains(POLICY));
    Some(if is_under(&url, B2C) || is_flow || has("tfp") {
        UnfitAuthority::CustomersB2c
    } else if is_under(&url, CIAM) {
        UnfitAuthority::CustomersCiam
    } else if has("consumers") || has(PERSONAL) {
        UnfitAuthority::Personal
    } else if has("common") {
        UnfitAuthority::Common
    } else if is_microsofts(&url) && path == "/" {
        UnfitAuthority::WithoutTenant
    } else if is_microsofts(&url) {
        UnfitAuthority::NotOneTenant
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "11111111-2222-4333-8444-555555555555";

    #[test]
    fn endings_of_endpoint_lists_are_taken_off() {
        for host in ["https://login.microsoftonline.com", "https://login.microsoftonline.us", "http://localhost:8081", "https://id.example"]
        {
            let own = format!("{host}/{TENANT}");
            for ending in [
                "",
                "/",
                "//",
                "/v2.0",
                "/V2.0/",
                "/oauth2/v2.0/authorize",
                "/oauth2/v2.0/token",
                "/oauth2/v2.0/logout",
                "/oauth2/authorize",
                "/oauth2",
                "/.well-known/openid-configuration",
                "/v2.0/.well-known/openid-configuration",
                "/discovery/v2.0/keys",
                "/v2.0/adminconsent",
                "/adminconsent",
                "/federationmetadata/2007-06/federationmetadata.xml",
                "/saml2",
                "/wsfed",
            ] {
                assert_eq!(base(&format!("{own}{ending}"), ProtocolMode::Aad).as_ref(), Some(&own), "{ending}");
            }
        }
        // Microsoft's own hosts are read alike in both modes.
        let v2 = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
        assert_eq!(base(&v2, ProtocolMode::Oidc).as_deref(), v2.strip_suffix("/v2.0"));
        assert_eq!(
            base("HTTPS://Login.MicrosoftOnline.com:443/Contoso.onmicrosoft.com/", ProtocolMode::Aad).as_deref(),
            Some("https://login.microsoftonline.com/Contoso.onmicrosoft.com")
        );
        assert!(base("https://login.microsoftonline.com/organizations/v2.0", ProtocolMode::Aad).is_some());
    }

    #[test]
    fn where_nobody_of_an_organisation_signs_in_is_refused_by_name() {
        use UnfitAuthority::{Common, CustomersB2c, CustomersCiam, NotOneTenant, Personal, WithoutTenant};
        let check = |authority: &str, what: UnfitAuthority| {
            for mode in [ProtocolMode::Aad, ProtocolMode::Oidc] {
                assert_eq!(base(authority, mode), None, "{authority}");
            }
            assert_eq!(unfit(authority), Some(what), "{authority}");
        };
        check("https://login.microsoftonline.com/consumers", Personal);
        check("https://login.microsoftonline.com/Consumers/v2.0", Personal);
        check("https://login.microsoftonline.com/9188040D-6c67-4c5b-b112-36a304b66dad/v2.0/", Personal);
        check("https://login.microsoftonline.com/common/oauth2/v2.0/authorize", Common);
        check("https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin", CustomersB2c);
        check("https://contoso.b2clogin.com/contoso.onmicrosoft.com/v2.0", CustomersB2c);
        check("https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/b2c_1a_signin/v2.0/.well-known/openid-configuration", CustomersB2c);
        check("https://login.microsoftonline.com/tfp/contoso.onmicrosoft.com/B2C_1_signin", CustomersB2c);
        check("https://login.microsoftonline.com/tfp/contoso.onmicrosoft.com", CustomersB2c);
        check("https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize?p=b2c_1_signin", CustomersB2c);
        check("https://contoso.ciamlogin.com/", CustomersCiam);
        check("https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0", CustomersCiam);
        check("https://login.microsoftonline.com", WithoutTenant);
        check("https://login.microsoftonline.com/v2.0", NotOneTenant);
        check("https://login.microsoftonline.com/contoso", NotOneTenant);
        check("https://login.microsoftonline.com/<your tenant>", NotOneTenant);
        check("https://login.microsoftonline.com/contoso.com/else", NotOneTenant);
        // On a domain of the customer's own, where only the path tells.
        assert_eq!(base("https://login.contoso.example/contoso.onmicrosoft.com/B2C_1_signin", ProtocolMode::Aad), None);
        assert_eq!(base("https://login.contoso.example/consumers", ProtocolMode::Aad), None);
    }

    #[test]
    fn an_issuer_in_mode_oidc_may_have_any_path_or_none() {
        for (written, own) in [
            ("https://id.example", "https://id.example"),
            ("https://id.example/", "https://id.example"),
            ("https://id.example:8443", "https://id.example:8443"),
            ("https://id.example/realms/guests/", "https://id.example/realms/guests"),
            ("https://id.example/oauth2/default", "https://id.example/oauth2/default"),
            ("https://id.example/consumers/v2.0", "https://id.example/consumers/v2.0"),
            ("https://id.example/.well-known/openid-configuration", "https://id.example"),
            ("https://id.example/a/.well-known/openid-configuration", "https://id.example/a"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:8080/realm", "http://127.0.0.1:8080/realm"),
            ("http://127.0.0.2:8080/", "http://127.0.0.2:8080"),
            ("http://foo.localhost:9", "http://foo.localhost:9"),
            ("http://localhost.:9", "http://localhost.:9"),
            ("http://[::1]:9", "http://[::1]:9"),
        ] {
            assert_eq!(base(written, ProtocolMode::Oidc).as_deref(), Some(own), "{written}");
        }
        let with_more = ["https://me@id.example", "https://:secret@id.example", "https://id.example/?x", "https://id.example/#x"];
        let elsewhere = ["http://128.0.0.1", "http://[::2]", "http://notlocalhost", "http://localhost.example", "http://10.0.0.1"];
        let refused = ["http://id.example", "id.example", "ftp://localhost", ""].into_iter().chain(with_more).chain(elsewhere);
        for refused in refused {
            assert_eq!((base(refused, ProtocolMode::Oidc), unfit(refused)), (None, None), "{refused}");
        }
    }
}
