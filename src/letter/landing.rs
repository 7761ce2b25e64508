//! Where guests land after redeeming. Graph documents no allow-list for `inviteRedirectUrl`, so this page keeps one.

use url::Url;

/// What is wrong with an address where guests are to land.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LandingProblem {
    Missing,
    NotAnAddress,
    NotHttps,
    HasUserName,
    HostNotAllowed { host: String, allowed: Vec<String> },
}

/// Checks the address against the hosts that config.json allows.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(text: &str, hosts: &[String]) -> Result<(), LandingProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(LandingProblem::Missing);
    }
    // Parsers disagree about backslashes and control characters, and with them about the host.
    if text.contains(|character: char| character == '\\' || character.is_control() || character.is_whitespace()) {
        return Err(LandingProblem::NotAnAddress);
    }
    let url = Url::parse(text).map_err(|_| LandingProblem::NotAnAddress)?;
    if url.scheme() != "https" {
        return Err(LandingProblem::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(LandingProblem::HasUserName);
    }
    let host = url.host_str().unwrap_or_default();
    if hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
        Ok(())
    } else {
        Err(LandingProblem::HostNotAllowed { host: host.into(), allowed: hosts.to_vec() })
    }
}

impl LandingProblem {
    pub fn words(&self) -> String {
        match self {
            Self::Missing => "Say where guests land after accepting, for example https://myapps.microsoft.com.".into(),
            Self::NotAnAddress => "This is not a complete address. It begins with https://.".into(),
            Self::NotHttps => "The address must begin with https://.".into(),
            Self::HasUserName => "The address must not contain a user name.".into(),
            Self::HostNotAllowed { host, allowed } => {
                format!(
                    "{host} is not an allowed host. Allowed: {}. Whoever publishes this page can add hosts in config.json.",
                    allowed.join(", ")
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_to_listed_hosts() {
        let hosts = ["myapps.microsoft.com".to_owned(), "contoso.sharepoint.com".to_owned()];
        let check = |text: &str, expected: &str| {
            let found = match super::check(text, &hosts) {
                Ok(()) => "ok",
                Err(LandingProblem::Missing) => "missing",
                Err(LandingProblem::NotAnAddress) => "no address",
                Err(LandingProblem::NotHttps) => "not https",
                Err(LandingProblem::HasUserName) => "user name",
                Err(LandingProblem::HostNotAllowed { .. }) => "host",
            };
            assert_eq!(found, expected, "{text}");
        };
        check("https://myapps.microsoft.com/?tenantid=t", "ok");
        check(" HTTPS://CONTOSO.sharepoint.com/sites/x ", "ok");
        check("", "missing");
        check("myapps.microsoft.com", "no address");
        check("http://myapps.microsoft.com", "not https");
        check("javascript:alert(1)", "not https");
        check("https://evil.example@myapps.microsoft.com/", "user name");
        check("https://myapps.microsoft.com@evil.example/", "user name");
        check("https://myapps.microsoft.com.evil.example/", "host");
        check("https://evil.example/myapps.microsoft.com", "host");
        check("https://myapps.microsoft.com\\@evil.example", "no address");
    }
}
