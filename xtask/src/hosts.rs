//! The response headers that `public/` ships for hosts that can send them, read as those hosts read them. The demo serves
//! by them, so that what the journeys drive is what a host sends; the tests hold the files against each other.

use std::path::Path;

/// The addresses that whoever hosts the page narrows to their own: authority and Graph …
pub const CONNECT: &str = "https://login.microsoftonline.com https://graph.microsoft.com";
/// … and who may embed it.
pub const PARENT: &str = "https://contoso.sharepoint.com";

type HeaderList = Vec<(String, String)>;

/// Paths, in which `*` stands for anything, and their headers.
pub struct Rules(Vec<(String, HeaderList)>);

impl Rules {
    /// The headers of one path, by name. A later rule takes the place of an earlier one; where two name the same header,
    /// Cloudflare would send both.
    pub fn for_path(&self, path: &str) -> HeaderList {
        let mut found = std::collections::BTreeMap::new();
        for (_, headers) in self.0.iter().filter(|(pattern, _)| matches(pattern, path)) {
            found.extend(headers.iter().cloned());
        }
        found.into_iter().collect()
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => path.len() >= start.len() + end.len() && path.starts_with(start) && path.ends_with(end),
        None => pattern == path,
    }
}

/// Reads a file of the form of Cloudflare Pages and Netlify: a path, and indented below it `Name: value`.
///
/// # Errors
/// That it is not there, and the line that cannot be read.
pub fn read_headers_file(file: &Path) -> Result<Rules, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut rules: Vec<(String, HeaderList)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if line.starts_with('/') {
            rules.push((line.trim().to_owned(), Vec::new()));
        } else {
            let header = line.trim().split_once(": ").zip(rules.last_mut());
            let ((name, value), (_, headers)) = header.ok_or(format!("{}: {line}", file.display()))?;
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    Ok(Rules(rules))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::root;

    fn headers_file() -> Rules {
        read_headers_file(&root().join("public/_headers")).unwrap()
    }

    /// As Azure Static Web Apps reads it: the first route that matches adds to the global headers.
    fn azure() -> (HeaderList, Rules) {
        let text = std::fs::read_to_string(root().join("public/staticwebapp.config.json")).unwrap();
        let all: serde_json::Value = serde_json::from_str(&text).unwrap();
        let headers = |value: &serde_json::Value| -> HeaderList {
            value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
        };
        let routes = all["routes"].as_array().unwrap().iter();
        // Its one wildcard within a name is `*.{wasm}`.
        let rules = routes.map(|route| (route["route"].as_str().unwrap().replace(['{', '}'], ""), headers(&route["headers"])));
        (headers(&all["globalHeaders"]), Rules(rules.collect()))
    }

    const PATHS: [&str; 13] = [
        "/",
        "/index.html",
        "/auth.html",
        "/auth",
        "/auth.js",
        "/boot.js",
        "/cannot-start.js",
        "/config.json",
        "/guestlist-1_bg.wasm",
        "/files-1/files_bg.wasm",
        "/guestlist-1.js",
        "/NOTICES.txt",
        "/relay.html",
    ];

    #[test]
    fn both_host_files_say_the_same_of_every_path() {
        let (global, routes) = azure();
        for path in PATHS {
            let first = routes.0.iter().find(|(pattern, _)| matches(pattern, path)).map(|(_, headers)| headers.clone());
            let merged: std::collections::BTreeMap<_, _> = global.iter().cloned().chain(first.into_iter().flatten()).collect();
            assert_eq!(headers_file().for_path(path), merged.into_iter().collect::<HeaderList>(), "{path}");
        }
    }

    /// The answer of a sign-in is in the address, also where a host serves the redirect page without its ending.
    #[test]
    fn the_redirect_page_is_never_kept() {
        let sent = std::fs::read_to_string(root().join("tests/cases/35-html-extension-stripped/requests.json")).unwrap();
        let sent: Vec<serde_json::Value> = serde_json::from_str(&sent).unwrap();
        for request in &sent {
            let path = request["get"].as_str().unwrap().split('#').next().unwrap();
            let kept = headers_file().for_path(path).into_iter().find(|(name, _)| name == "Cache-Control");
            assert_eq!(kept.map(|(_, value)| value).as_deref(), Some("no-store"), "{path}");
        }
    }

    #[test]
    fn no_header_is_named_by_two_rules_of_one_path() {
        let rules = headers_file();
        for path in PATHS {
            let names: Vec<_> = rules.0.iter().filter(|(pattern, _)| matches(pattern, path)).flat_map(|(_, headers)| headers).collect();
            assert_eq!(names.len(), rules.for_path(path).len(), "{path}: Cloudflare would send both");
        }
    }

    #[test]
    fn only_the_page_is_kept_apart_from_its_opener() {
        for path in PATHS {
            let opener = headers_file().for_path(path).into_iter().find(|(name, _)| name == "Cross-Origin-Opener-Policy");
            let is_page = matches!(path, "/" | "/index.html");
            assert_eq!(opener.map(|(_, value)| value).as_deref(), is_page.then_some("same-origin-allow-popups"), "{path}");
        }
    }

    #[test]
    fn every_path_gets_what_a_host_can_send() {
        for path in PATHS {
            let headers = headers_file().for_path(path);
            let value = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
            assert!(value("Strict-Transport-Security").starts_with("max-age=31536000"), "{path}");
            assert_eq!(value("X-Content-Type-Options"), "nosniff", "{path}");
            assert_eq!(value("Referrer-Policy"), "no-referrer", "{path}");
            for feature in ["camera", "clipboard-read", "display-capture", "geolocation", "microphone", "payment", "usb"] {
                assert!(value("Permissions-Policy").contains(&format!("{feature}=()")), "{path}: {feature}");
            }
            // Copy buttons write.
            assert!(!value("Permissions-Policy").contains("clipboard-write"), "{path}");
        }
    }

    /// Hosts without headers have the page's own policy alone: it says the same but for who may embed it, which a page
    /// cannot say, and what it may reach, which is narrowed by hand.
    #[test]
    fn the_page_itself_carries_the_same_policy() {
        let page = std::fs::read_to_string(root().join("index.html")).unwrap();
        let (_, own) = page.split_once("content=\"default-src").unwrap();
        let own = format!("default-src{}", own.split('"').next().unwrap());
        let sent = headers_file().for_path("/").into_iter().find(|(name, _)| name == "Content-Security-Policy").unwrap().1;
        let parts = |policy: &str| -> Vec<String> {
            let parts = policy.split(';').map(|part| part.trim().to_owned());
            parts.filter(|part| !part.starts_with("connect-src") && !part.starts_with("frame-ancestors")).collect()
        };
        assert_eq!(parts(&own), parts(&sent));
        assert!(sent.contains(&format!("connect-src 'self' {CONNECT};")) && sent.contains(&format!("frame-ancestors 'self' {PARENT}")));
    }
}
