//! What the set-up page says about a slip: what has to stand at a key, and what usually went wrong.

use super::{KEYS, Wrong};
use identity::address::{UnfitAuthority, unfit};
use json::Raw;

impl Wrong {
    /// What has to stand there, as the end of “expected …”.
    pub fn expected(&self) -> String {
        if let Some(expected) = &self.expected {
            return expected.clone();
        }
        let key = self.key.split('[').next().unwrap_or_default();
        let words = match (key, self.key.len() > key.len()) {
            ("auth.clientId", _) => "the application (client) id of your app registration, a GUID",
            ("auth.authority", _) => {
                "the https address of a tenant, such as https://login.microsoftonline.com/contoso.onmicrosoft.com, or in mode OIDC of an issuer"
            }
            ("auth.protocolMode", _) => "AAD or OIDC",
            ("auth.redirectUri", _) => "a path on the page's own origin, such as auth.html",
            ("cache.cacheLocation", _) => "sessionStorage or memoryStorage",
            ("graph", _) => "the https root of Microsoft Graph, such as https://graph.microsoft.com",
            ("invite.redirectUrl", _) => "an https address without port and user name; {tenantId} stands for your tenant",
            ("invite.redirectHosts", true) => "a host name, such as contoso.sharepoint.com",
            ("invite.redirectHosts", false) => "a list of host names, such as contoso.sharepoint.com",
            ("embed.parents", true) => "an origin, such as https://contoso.sharepoint.com",
            ("embed.parents", false) => "a list of origins, such as https://contoso.sharepoint.com",
            ("config.json", _) => "a JSON object",
            ("auth" | "cache" | "invite" | "embed", _) => "an object",
            _ => return format!("one of {}", siblings(key).join(", ")),
        };
        words.to_owned()
    }

    /// More about it, in sentences, where the slip is a usual one.
    pub fn advice(&self) -> Option<&'static str> {
        let found = self.found.strip_prefix('“').and_then(|found| found.strip_suffix('”'))?;
        if self.key == "auth.authority" { unfit(found).map(advice) } else { None }
    }
}

const fn advice(authority: UnfitAuthority) -> &'static str {
    match authority {
        UnfitAuthority::CustomersB2c => {
            "This is an Azure AD B2C tenant, which signs customers in: its tokens do not open Microsoft Graph, and it cannot invite guests. Name the workforce tenant that the guests are for."
        }
        UnfitAuthority::CustomersCiam => {
            "This is an external tenant (CIAM), which signs customers in and does not take guests by invitation. Name the workforce tenant that the guests are for."
        }
        UnfitAuthority::Personal => {
            "“consumers” stands for personal Microsoft accounts: they have no directory, and nobody can be invited into one. Name your tenant instead."
        }
        UnfitAuthority::Common => {
            "“common” lets personal Microsoft accounts in, too, and they have no directory to invite into. Name your tenant, or “organizations” for an app of several tenants."
        }
        UnfitAuthority::WithoutTenant => {
            "The tenant is missing: its id or one of its domains follows the host, as in https://login.microsoftonline.com/contoso.onmicrosoft.com."
        }
        UnfitAuthority::NotOneTenant => {
            "One tenant follows the host, by its id or one of its domains such as contoso.onmicrosoft.com, and nothing else but the known endings of endpoints."
        }
    }
}

/// The keys that are known beside this one.
fn siblings(key: &str) -> &'static [&'static str] {
    let section = key.split_once('.').map_or("", |(section, _)| section);
    KEYS.iter().find(|(name, _)| *name == section).map_or(&[], |(_, known)| known)
}

/// What lies at an address instead of JSON, where it is one of the usual things; the end of “it is …”. Nothing for what is meant to be
/// config.json: what is wrong with that [`super::Config::read`] tells.
pub fn instead_of_json(text: &str) -> Option<&'static str> {
    let text = begun(text);
    if text.starts_with('<') {
        // Hosts of single-page applications answer every unknown address with their start page and status 200.
        Some("a web page: the file is not there, or the host keeps it behind a page of its own")
    } else if text.starts_with('\u{1f}') {
        // RFC 1952, 2.3.1: 1f 8b, of which the second is no UTF-8.
        Some("packed by gzip, and the host does not say so: unpack it, or let the host send Content-Encoding: gzip with it")
    } else if is_utf16(text) {
        // PowerShell 5 and Notepad's “Unicode”.
        Some("a text in UTF-16: save it as UTF-8")
    } else if text.contains(|sign: char| sign.is_control() && !sign.is_whitespace()) {
        Some("no text at all")
    } else if text.is_empty() {
        Some("empty")
    } else if text.starts_with('{') || names_client(text) || serde_json::from_str::<Raw>(text).is_ok() {
        None
    } else {
        // Sign-in pages and errors of hosts need not begin with a tag, and are often plain text.
        Some("a web page or a text, and no JSON: the file is not there, or the host keeps it behind a page of its own")
    }
}

/// Behind byte order marks and blanks.
fn begun(text: &str) -> &str {
    text.trim_start_matches(|sign: char| sign == '\u{feff}' || sign.is_whitespace())
}

/// Every second byte is nought, read as UTF-8, in which a byte order mark of UTF-16 is nothing.
fn is_utf16(text: &str) -> bool {
    let (noughts, others) =
        text.chars().filter(|sign| *sign != '\u{fffd}').fold((0_usize, 0_usize), |(noughts, others), sign| match sign {
            '\0' => (noughts + 1, others),
            _ => (noughts, others + 1),
        });
    noughts > 0 && noughts * 3 > others * 2
}

/// Whether a key of config.json stands in it, in whatever way of writing one down.
fn names_client(text: &str) -> bool {
    ["clientId", "authority"].iter().flat_map(|key| text.split(key).skip(1)).any(|behind| {
        let behind = behind.trim_start_matches(['"', '\'']).trim_start();
        behind.starts_with([':', '='])
    })
}

/// What stands where a file stops being JSON; the end of “found …”.
pub(super) fn no_json(text: &str, error: &serde_json::Error) -> String {
    let begun = begun(text);
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let here = line.get(error.column().saturating_sub(1)..).unwrap_or_default();
    let beginning: String = begun.lines().next().unwrap_or_default().chars().take(40).collect();
    if here.starts_with(['/', '#']) {
        format!("a comment in line {}, and JSON has none", error.line())
    } else if begun.is_empty() || begun.starts_with('{') {
        error.to_string()
    } else {
        format!("“{beginning}” at its beginning, where “{{” belongs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn a_page_in_place_of_the_file_is_told_from_a_slip_in_it() {
        let case = include_str!("../../tests/cases/36-config-answered-with-a-page/config.json");
        assert!(Config::read(case).is_err());
        assert!(instead_of_json(case).is_some_and(|what| what.starts_with("a web page")));
        for page in ["\u{feff}\n<!DOCTYPE html>", "<html>", "  <?xml version=\"1.0\"?>"] {
            assert!(instead_of_json(page).is_some(), "{page}");
        }
        assert!(instead_of_json("{\0\"\0").is_some_and(|what| what.contains("UTF-8")));
        assert_eq!(instead_of_json(" \n"), Some("empty"));
        for text in ["Please log in <a href=x>here</a>", "Not found", "not found", "404", "[error] nobody", "// auth"] {
            let is_text = instead_of_json(text).is_some_and(|what| what.starts_with("a web page or a text"));
            assert_eq!(is_text, text != "404", "{text}");
        }
        for slip in ["{\"auth\": ", "[]", "\"x\"", "\u{feff} null"] {
            assert_eq!(instead_of_json(slip), None, "{slip}");
        }
    }

    #[test]
    fn a_file_that_is_there_and_is_no_json_is_told_by_what_stands_in_it() {
        let inside =
            r#""auth": {"clientId": "9e57115f-c070-4050-a000-c0ffee000002", "authority": "https://login.microsoftonline.com/contoso.com"}"#;
        let check = |text: &str, found: &str| {
            assert_eq!(instead_of_json(text), None, "{text}");
            let wrong = Config::read(text).unwrap_err();
            assert_eq!((wrong.len(), wrong[0].key.as_str(), wrong[0].found.as_str()), (1, "config.json", found), "{text}");
        };
        check(&format!("// Guestlist\n{{{inside}}}"), "a comment in line 1, and JSON has none");
        check(&format!("\n/* Contoso */\r\n{{{inside}}}"), "a comment in line 2, and JSON has none");
        check(&format!("# x\n{{{inside}}}"), "a comment in line 1, and JSON has none");
        check(&format!("{{\n  // ours\n  {inside}}}"), "a comment in line 2, and JSON has none");
        check(&format!("{{{inside} /* ours */}}"), "a comment in line 1, and JSON has none");
        check(&format!("{{{inside}}} // ours"), "a comment in line 1, and JSON has none");
        check(inside, "“\"auth\": {\"clientId\": \"9e57115f-c070-4050” at its beginning, where “{” belongs");
        check("window.config = {\n  clientId: 'x'\n}", "“window.config = {” at its beginning, where “{” belongs");
        check("auth:\n  clientId: x", "“auth:” at its beginning, where “{” belongs");
        check("clientId=x", "“clientId=x” at its beginning, where “{” belongs");
        for page in ["Contact the authority that runs this host.", "Set a clientId, please"] {
            assert!(instead_of_json(page).is_some_and(|what| what.contains("the file is not there")), "{page}");
        }
    }

    #[test]
    fn what_is_no_text_is_told_from_one_in_utf_16() {
        let check = |bytes: &[u8], words: &str| {
            let came = instead_of_json(&String::from_utf8_lossy(bytes)).unwrap_or_default();
            assert!(came.starts_with(words), "{bytes:?}: {came}");
        };
        check(b"\xff\xfe{\0\"\0a\0\"\0:\0\xfc\x001\0}\0", "a text in UTF-16");
        check(b"\xfe\xff\0{\0\"\0a\0\"", "a text in UTF-16");
        check(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV\x4a,-\xc9", "packed by gzip");
        check(b"PK\x03\x04\x14\0\0\0\x08\0", "no text");
    }

    // Case 31
    #[test]
    fn a_tenant_for_customers_is_refused_by_name_before_anybody_signs_in() {
        for case in [
            include_str!("../../tests/cases/31-customer-tenant/config-b2c.json"),
            include_str!("../../tests/cases/31-customer-tenant/config-external.json"),
        ] {
            let wrong = Config::read(case).unwrap_err();
            assert_eq!(wrong.iter().map(|wrong| wrong.key.as_str()).collect::<Vec<_>>(), ["auth.authority"]);
            let advice = wrong[0].advice().unwrap();
            assert!(advice.contains("customers") && advice.contains("workforce tenant"), "{advice}");
        }
    }

    #[test]
    fn each_key_says_what_belongs_there() {
        let of = |key: &str| Wrong { key: key.into(), expected: None, found: "nothing".into() }.expected();
        for (section, keys) in KEYS {
            for key in *keys {
                let key = if section.is_empty() { (*key).to_owned() } else { format!("{section}.{key}") };
                assert!(!of(&key).is_empty() && !of(&key).starts_with("one of"), "{key}");
            }
        }
        assert_eq!(of("auth.tenant"), "one of clientId, authority, protocolMode, redirectUri");
        assert_eq!(of("telemetry"), "one of auth, cache, graph, invite, embed");
        assert_eq!(of("embed.parents[1]"), "an origin, such as https://contoso.sharepoint.com");
    }
}
