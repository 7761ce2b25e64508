//! Where guests land after redeeming. Graph documents no allow-list for `inviteRedirectUrl`, so this page keeps one.

use url::Url;

/// An address where guests may be led, if its host is allowed. It is read once, and what was read is what is sent: another
/// program cannot understand by it another host than the one that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUrl(Url);

/// What is wrong with an address where guests are to land.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectProblem {
    Missing,
    NotAnAddress,
    NotHttps,
    HasUserName,
    HasPort,
    /// Its host is written in another way than it is read: `%65vil.example`.
    HostInDisguise {
        host: String,
    },
    /// `{{company}}`, `{tenantId}`
    HasField,
    HostNotAllowed {
        host: String,
        allowed: Vec<String>,
    },
}

impl RedirectUrl {
    /// Reads an address, whatever its host.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, RedirectProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RedirectProblem::Missing);
        }
        // Nothing fills fields in here: what looks like one was meant to be something else.
        if text.contains(['{', '}']) {
            return Err(RedirectProblem::HasField);
        }
        // Parsers disagree about backslashes and control characters, and with them about the host.
        if text.contains(|character: char| character == '\\' || character.is_control() || character.is_whitespace()) {
            return Err(RedirectProblem::NotAnAddress);
        }
        let url = Url::parse(text).map_err(|_| RedirectProblem::NotAnAddress)?;
        if url.scheme() != "https" {
            return Err(RedirectProblem::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectProblem::HasUserName);
        }
        // As it was typed, between the slashes: the standard takes `https:/x`, `https://@x` and `https://x:443` for the same.
        let typed = text.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
        let host = url.host_str().unwrap_or_default();
        match typed.strip_prefix_ignoring_case(host) {
            Some("") if !host.is_empty() => Ok(Self(url)),
            Some(port) if port.starts_with(':') => Err(RedirectProblem::HasPort),
            _ if typed.is_empty() => Err(RedirectProblem::NotAnAddress),
            _ if typed.contains('@') => Err(RedirectProblem::HasUserName),
            _ => Err(RedirectProblem::HostInDisguise { host: host.into() }),
        }
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

trait StripPrefix {
    fn strip_prefix_ignoring_case(&self, prefix: &str) -> Option<&str>;
}

impl StripPrefix for str {
    fn strip_prefix_ignoring_case(&self, prefix: &str) -> Option<&str> {
        let (head, rest) = self.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some(rest)
    }
}

/// Reads the address and holds it against the hosts that config.json allows.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(text: &str, hosts: &[String]) -> Result<RedirectUrl, RedirectProblem> {
    let url = RedirectUrl::parse(text)?;
    if hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(url.host())) {
        Ok(url)
    } else {
        Err(RedirectProblem::HostNotAllowed { host: url.host().into(), allowed: hosts.to_vec() })
    }
}

impl RedirectProblem {
    pub fn words(&self) -> String {
        match self {
            Self::Missing => "Say where guests land after accepting, for example https://myapps.microsoft.com.".into(),
            Self::NotAnAddress => "This is not a complete address. It begins with https://.".into(),
            Self::NotHttps => "The address must begin with https://.".into(),
            Self::HasUserName => "The address must not contain a user name.".into(),
            Self::HasPort => "The address must not contain a port, such as :443.".into(),
            Self::HostInDisguise { host } => {
                format!("The address means {host}, but that is not what stands in it. Write {host}, if that is where guests should land.")
            }
            Self::HasField => "The address must be complete: no field is filled in here. Take out { and }.".into(),
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
                Ok(_) => "ok",
                Err(RedirectProblem::Missing) => "missing",
                Err(RedirectProblem::NotAnAddress) => "no address",
                Err(RedirectProblem::NotHttps) => "not https",
                Err(RedirectProblem::HasUserName) => "user name",
                Err(RedirectProblem::HasPort) => "port",
                Err(RedirectProblem::HostInDisguise { .. }) => "disguise",
                Err(RedirectProblem::HasField) => "field",
                Err(RedirectProblem::HostNotAllowed { .. }) => "host",
            };
            assert_eq!(found, expected, "{text}");
        };
        check("https://myapps.microsoft.com/?tenantid=t", "ok");
        check(" HTTPS://CONTOSO.sharepoint.com/sites/x ", "ok");
        check("https://contoso.sharepoint.com?web=1#top", "ok");
        check("", "missing");
        check("myapps.microsoft.com", "no address");
        check("http://myapps.microsoft.com", "not https");
        check("javascript:alert(1)", "not https");
        check("https://evil.example@myapps.microsoft.com/", "user name");
        check("https://myapps.microsoft.com@evil.example/", "user name");
        check("https://:@myapps.microsoft.com/", "user name");
        check("https://myapps.microsoft.com:@myapps.microsoft.com/", "user name");
        check("https://myapps.microsoft.com.evil.example/", "host");
        check("https://myapps.microsoft.com./", "host");
        check("https://evil.example/myapps.microsoft.com", "host");
        check("https://myapps.microsoft.com\\@evil.example", "no address");
        check("https:/myapps.microsoft.com/", "no address");
        check("https:myapps.microsoft.com/", "no address");
        check("https:///myapps.microsoft.com/", "no address");
        check("https://myapps.microsoft.com:443/", "port");
        check("https://myapps.microsoft.com:8443/", "port");
        check("https://myapps.microsoft.com:/", "port");
        check("https://my%61pps.microsoft.com/", "disguise");
        check("https://myapps%2Emicrosoft.com/", "disguise");
        check("https://2130706433/", "disguise");
        check("https://10.1.2.3./", "disguise");
        check("https://myapps.microsoft.com/?tenantid={tenantId}", "field");
        check("https://contoso.sharepoint.com/{{company}}", "field");
        check("https://contoso.sharepoint.com/a\nb", "no address");
        check("https://contoso.sharepoint.com/a b", "no address");
    }

    #[test]
    fn what_is_sent_is_what_was_read() {
        let sent = |text: &str| RedirectUrl::parse(text).map(|url| url.as_str().to_owned());
        assert_eq!(sent(" HTTPS://Contoso.SharePoint.com/ä/../x?q=ü#f ").as_deref(), Ok("https://contoso.sharepoint.com/x?q=%C3%BC#f"));
        assert_eq!(sent("https://myapps.microsoft.com").as_deref(), Ok("https://myapps.microsoft.com/"));
        let again = sent("https://contoso.sharepoint.com/%7Bx%7D/%2e%2e/y").unwrap();
        assert_eq!(sent(&again), Ok(again));
    }

    #[test]
    fn each_problem_is_told_with_what_to_do() {
        let hosts = ["myapps.microsoft.com".to_owned(), "contoso.sharepoint.com".to_owned()];
        let check = |text: &str, expected: &[&str]| {
            let words = super::check(text, &hosts).unwrap_err().words();
            assert!(expected.iter().all(|expected| words.contains(expected)), "{text}: {words}");
        };
        check(" ", &["Say where guests land"]);
        check("myapps.microsoft.com", &["begins with https://"]);
        check("http://myapps.microsoft.com", &["must begin with https://"]);
        check("https://ada@myapps.microsoft.com", &["user name"]);
        check("https://:secret@myapps.microsoft.com", &["user name"]);
        check("https://myapps.microsoft.com:443", &["port"]);
        check("https://%65vil.example", &["means evil.example", "Write evil.example"]);
        check("https://myapps.microsoft.com/{tenantId}", &["Take out { and }"]);
        check("https://evil.example/x", &["evil.example is not an allowed host", "myapps.microsoft.com, contoso.sharepoint.com"]);
        assert_eq!(
            super::check("https://Contoso.SharePoint.com/sites/x", &hosts).map(|url| url.host().to_owned()).as_deref(),
            Ok("contoso.sharepoint.com")
        );
    }
}
