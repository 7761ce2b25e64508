#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod batch;
mod challenge;
pub mod chats;
pub mod contacts;
pub mod entitlement;
mod enumeration;
pub mod groups;
pub mod invitations;
pub mod mail;
pub mod operation;
pub mod organization;
pub mod page;
pub mod problem;
pub mod refusal;
pub mod service_principals;
pub mod sites;
pub mod tenants;
pub mod users;

use serde::{Deserialize, Serialize};
use time::Millis;

pub use operation::{AfterLoss, NoRefusal, Operation, PaceKind, ReadRefusal, Refusal};
pub use page::Page;
pub use problem::{Again, Demanded, Problem};
pub use refusal::CommonRefusal;

/// What stands between Graph's root and a [`Request::path`].
pub const VERSION: &str = "/v1.0";

/// Carried out, with nothing to tell: RFC 9110, 15.3.5.
pub(crate) const NO_CONTENT: u16 = 204;

/// What a request does: RFC 9110, 9.3, and RFC 5789 for PATCH. Serialised in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads, and changes nothing.
    Get,
    /// Makes something or calls an action: twice may do it twice.
    Post,
    /// Replaces the whole object: what the body leaves out is lost.
    Put,
    /// Changes the properties that the body names.
    Patch,
    /// Removes.
    Delete,
    /// Asks what is allowed, as the preflight of a browser does.
    Options,
}

impl Method {
    /// In capitals, as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }

    /// Reads what [`Self::as_str`] yields; case counts (RFC 9110, 9.1). `None` for every other method.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Options].into_iter().find(|method| method.as_str() == text)
    }

    /// Whether asking twice may do something twice.
    pub const fn writes(self) -> bool {
        !matches!(self, Self::Get | Self::Options)
    }
}

/// Names and values in their order. Names compare without case: Graph itself writes `retry-after` inside batches and `Retry-After`
/// outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The first value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All values of this name, joined as RFC 9110, 5.3 has it.
    pub fn all(&self, name: &str) -> String {
        self.0.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Adds a value; others of the same name stay.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// How long everybody is to wait, clamped to 0 … 3600 s. Only the form in seconds is read, which Graph sends, not the date (RFC 9110,
    /// 10.2.3).
    pub fn retry_after(&self) -> Option<Millis> {
        let seconds: i64 = self.get("Retry-After")?.trim().parse().ok()?;
        Some(Millis::seconds(seconds.clamp(0, 3600)))
    }
}

/// Something to ask. `path` is relative to the version root (`/me?$select=id`), so that the same request travels alone or inside a
/// `$batch`. The carrier adds root, token and correlation id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whether it [writes](Method::writes) decides what a lost answer means.
    pub method: Method,
    /// With its query, percent-encoded already.
    pub path: String,
    /// Only what belongs to the request itself, such as `Content-Type`.
    pub headers: Headers,
    /// As it is sent: JSON, or base64 of a message ([`mail`]).
    pub body: Option<String>,
}

impl Request {
    /// Without headers and body. The path is percent-encoded already.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::Get, path: path.into(), headers: Headers::default(), body: None }
    }

    /// Without headers and body. The path is percent-encoded already.
    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::Delete, ..Self::get(path) }
    }

    /// With a body in JSON and its `Content-Type`.
    ///
    /// # Panics
    /// Where the body cannot be written as JSON: a map whose keys are no texts, or a `Serialize` of its own that fails.
    pub fn post(path: impl Into<String>, body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).expect("wire types have string keys and no failing serializers");
        let headers = Headers::default().with("Content-Type", "application/json");
        Self { method: Method::Post, path: path.into(), headers, body: Some(body) }
    }

    /// As [`Self::post`], and changes the properties that the body names.
    ///
    /// # Panics
    /// As [`Self::post`].
    pub fn patch(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self { method: Method::Patch, ..Self::post(path, body) }
    }

    /// As [`Self::post`], and replaces the whole object.
    ///
    /// # Panics
    /// As [`Self::post`].
    pub fn put(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self { method: Method::Put, ..Self::post(path, body) }
    }
}

/// What came back, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Of HTTP; in a batch that of the item.
    pub status: u16,
    /// As many as the carrier may read: a browser shows those that the server exposes.
    pub headers: Headers,
    /// Empty where there was none.
    pub body: String,
}

impl Reply {
    /// 2xx (RFC 9110, 15.3).
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The value of a successful reply.
    ///
    /// # Errors
    /// The problem that any other reply tells of. A success that cannot be read is one too ([`Problem::is_unreadable`]).
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Problem> {
        serde_json::from_str(self.success()?).map_err(|error| self.unreadable(&error))
    }

    /// The body of a success.
    fn success(&self) -> Result<&str, Problem> {
        if self.is_success() { Ok(&self.body) } else { Err(Problem::from_reply(self)) }
    }

    /// That it was carried out, where there is nothing to tell: one of these statuses, and no page that a gateway serves as a success.
    pub(crate) fn carried_out(&self, statuses: &[u16]) -> Result<(), Problem> {
        let body = self.success()?;
        let is_plain = body.trim().is_empty() || json::is_object(body);
        if is_plain && statuses.contains(&self.status) {
            return Ok(());
        }
        Err(Problem::unreadable(self, "a success that is not the expected one"))
    }

    /// The problem that a success is which is not in the expected shape.
    pub fn unreadable(&self, error: &serde_json::Error) -> Problem {
        Problem::unreadable(self, &error.to_string())
    }
}

/// No reply came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unreached {
    /// The request never left this machine: there is no network.
    Offline,
    /// Nor did this: there is no token, and only a person can get one.
    NoToken,
    /// The request may have arrived: the connection broke, or nothing came in time.
    Lost,
}

/// What came of a request: a reply of whatever status, or none.
pub type Answer = Result<Reply, Unreached>;

/// `'` doubled, then percent-encoded, as a string literal of `$filter` wants it.
/// <https://learn.microsoft.com/graph/query-parameters#escaping-single-quotes>
pub fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    url::form_urlencoded::byte_serialize(doubled.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_found_in_any_case_and_kept_within_an_hour() {
        let check = |value: &str, expected: Option<i64>| {
            assert_eq!(Headers::default().with("retry-AFTER", value).retry_after(), expected.map(Millis::seconds), "{value}");
        };
        check("2", Some(2));
        check(" 30 ", Some(30));
        check("99999", Some(3600));
        check("-5", Some(0));
        check("Wed, 21 Oct 2026 07:28:00 GMT", None);
        assert_eq!(Headers::default().retry_after(), None);
    }

    #[test]
    fn each_method_is_read_as_it_is_written() {
        for method in [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete, Method::Options] {
            assert_eq!(Method::parse(method.as_str()), Some(method));
        }
        assert_eq!((Method::parse("put"), Method::parse("HEAD")), (None, None));
        let put = Request::put("/x", &serde_json::json!({"a": 1}));
        assert_eq!((put.method, put.method.writes(), put.body.as_deref()), (Method::Put, true, Some(r#"{"a":1}"#)));
    }

    #[test]
    fn literals_cannot_break_out_of_a_filter() {
        assert_eq!(literal("o'neil@fabrikam.example"), "o%27%27neil%40fabrikam.example");
        assert_eq!(literal("a b+c#d&e"), "a%20b%2Bc%23d%26e");
    }

    #[test]
    fn only_200_to_299_is_a_success() {
        let is_success = |status: u16| Reply { status, headers: Headers::default(), body: String::new() }.is_success();
        assert_eq!([199, 200, 299, 300].map(is_success), [false, true, true, false]);
    }
}
