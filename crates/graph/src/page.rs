//! Collections, which come in pages. <https://learn.microsoft.com/graph/paging>
//!
//! A page may hold fewer than were asked for, none among them, and still be followed by another: only a page without `@odata.nextLink`
//! is the last. The link is opaque: it is cut below the version root, so that it travels like any other request, alone or in a `$batch`,
//! and the token goes to Graph's own root whatever a link says.

use crate::{Problem, Reply, Request, VERSION};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::mem;

/// One page of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// In the order they came.
    pub value: Vec<T>,
    /// Where the next page is, absolute or relative; the last has none.
    pub next_link: Option<String>,
}

/// What is the same of every page, so that it is read by one program.
#[derive(Deserialize)]
struct PageBody<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(rename = "@odata.nextLink", default)]
    next_link: Option<String>,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let PageBody { value, next_link } = PageBody::deserialize(deserializer)?;
        Ok(Self { value: serde_json::from_str(value.get()).map_err(D::Error::custom)?, next_link })
    }
}

/// How much of a collection is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimit {
    /// So many requests that were answered; one is asked in any case.
    pub pages: usize,
    /// So many items; what a page holds beyond them is left out.
    pub items: usize,
}

/// Why no further page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagesEnd {
    /// That was all.
    Complete,
    /// There is more: a [`PageLimit`] was reached.
    More,
    /// Somebody wanted no more of it.
    Cancelled,
}

/// Follows a collection to its end: says what is asked next, and is told the answers.
#[derive(Clone, Debug)]
pub struct Pages<T> {
    items: Vec<T>,
    walk: PageWalk,
}

/// What is the same whatever the items are.
#[derive(Clone, Debug)]
struct PageWalk {
    root: String,
    limit: PageLimit,
    next: Result<Request, PagesEnd>,
    /// Paths that were answered.
    answered: Vec<String>,
}

impl<T: DeserializeOwned> Pages<T> {
    /// Begins with a request that reads. Its headers go with every page: Graph keeps `ConsistencyLevel` of none
    /// (<https://learn.microsoft.com/graph/aad-advanced-queries>). `root` is Graph's, without a version and a slash at the end.
    pub fn new(first: Request, root: &str, limit: PageLimit) -> Self {
        Self { items: Vec::new(), walk: PageWalk::new(first, root, limit) }
    }

    /// What is to be asked now; `None` at the end.
    pub fn next(&self) -> Option<&Request> {
        self.walk.next.as_ref().ok()
    }

    /// What came of [`Self::next`]. At the end nothing is heard any more.
    ///
    /// # Errors
    /// The problem that the reply tells of. Where a page cannot be read, leads to another host than Graph's, or to a page that was there
    /// already, it [cannot be read](Problem::is_unreadable). The same may be asked again, and goes on where it stood.
    pub fn heard(&mut self, reply: &Reply) -> Result<(), Problem> {
        if self.walk.next.is_err() {
            return Ok(());
        }
        let PageBody { value, next_link } = reply.read()?;
        let mut value: Vec<T> = serde_json::from_str(value.get()).map_err(|error| reply.unreadable(&error))?;
        value.truncate(self.walk.heard(reply, next_link.as_deref(), self.items.len(), value.len())?);
        self.items.append(&mut value);
        Ok(())
    }

    /// How many items were read so far.
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether none was.
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Wants no more of it. What was read so far stays.
    pub fn cancel(&mut self) {
        if self.walk.next.is_ok() {
            self.walk.next = Err(PagesEnd::Cancelled);
        }
    }

    /// All that was read, in its order, and how it ended; who does not wait for the end has cancelled it.
    pub fn finish(self) -> (Vec<T>, PagesEnd) {
        (self.items, self.walk.next.err().unwrap_or(PagesEnd::Cancelled))
    }
}

impl PageWalk {
    fn new(first: Request, root: &str, limit: PageLimit) -> Self {
        Self { root: root.into(), limit, next: Ok(first), answered: Vec::new() }
    }

    /// A page of so many items came, after so many; how many of it are read.
    fn heard(&mut self, reply: &Reply, link: Option<&str>, before: usize, items: usize) -> Result<usize, Problem> {
        let room = self.limit.items.saturating_sub(before);
        let Ok(asked) = &self.next else { return Ok(0) };
        let next = self.after(asked, link, items >= room, items > room).map_err(|why| Problem::unreadable(reply, why))?;
        self.follow(next);
        Ok(items.min(room))
    }

    /// What follows a page.
    ///
    /// # Errors
    /// Why its link is not followed.
    fn after(&self, asked: &Request, link: Option<&str>, is_full: bool, is_more: bool) -> Result<Result<Request, PagesEnd>, &'static str> {
        let Some(link) = link else { return Ok(Err(if is_more { PagesEnd::More } else { PagesEnd::Complete })) };
        let path = path_of(link, &self.root).ok_or("its next link leads elsewhere than to Graph")?;
        if path == asked.path || self.answered.contains(&path) {
            return Err("its next link leads to a page that was there already");
        }
        if is_full || self.answered.len() + 1 >= self.limit.pages {
            return Ok(Err(PagesEnd::More));
        }
        Ok(Ok(Request { headers: asked.headers.clone(), ..Request::get(path) }))
    }

    fn follow(&mut self, next: Result<Request, PagesEnd>) {
        if let Ok(asked) = mem::replace(&mut self.next, next) {
            self.answered.push(asked.path);
        }
    }
}

/// The path of a link below the version root. A link is a URI reference (RFC 3986, 4.1), relative to the version root where it is not
/// absolute: <https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_RelativeURLs>. `None` where it
/// leads elsewhere: to another host, scheme, version, or, by its dots, above the version root.
fn path_of(link: &str, root: &str) -> Option<String> {
    let own = link.split_at_checked(root.len()).filter(|(host, _)| host.eq_ignore_ascii_case(root));
    let rest = own.map_or(link, |(_, rest)| rest);
    let rest = if own.is_some() { rest.strip_prefix(":443").unwrap_or(rest) } else { rest };
    let below = match rest.split_at_checked(VERSION.len()) {
        Some((version, below)) if version.eq_ignore_ascii_case(VERSION) && below.starts_with('/') => below,
        _ if own.is_some() => return None,
        _ => rest,
    };
    let path = below.split('?').next().unwrap_or_default();
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/');
    // What stands before a colon is a scheme, or may be taken for one; an empty beginning is a host's, or nothing at all.
    let is_below = segments.next().is_some_and(|first| !first.is_empty() && !first.contains(':') && !is_dots(first));
    // Browsers read a backslash as a slash, and over tabs and line ends: https://url.spec.whatwg.org/#url-parsing.
    let is_plain = !path.contains('\\') && !below.contains(|sign: char| sign.is_ascii_control());
    (is_below && is_plain && !segments.any(is_dots)).then(|| format!("/{}", below.strip_prefix('/').unwrap_or(below)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommonRefusal;
    use crate::operation::testing::reply;
    use crate::users::{DirectoryRole, ListMyRoles, User};
    use crate::{Again, Headers, Operation, batch};

    const ROOT: &str = "https://graph.microsoft.com";
    const WIDE: PageLimit = PageLimit { pages: 100, items: 1000 };

    fn users(limit: PageLimit) -> Pages<User> {
        let mut first = Request::get("/users?$top=2");
        first.headers = first.headers.with("ConsistencyLevel", "eventual");
        Pages::new(first, ROOT, limit)
    }

    fn page(ids: &[&str], link: Option<&str>) -> Reply {
        let value: Vec<_> = ids.iter().map(|id| serde_json::json!({"id": id})).collect();
        let mut body = serde_json::json!({ "value": value });
        if let Some(link) = link {
            body["@odata.nextLink"] = link.into();
        }
        reply(200, &body.to_string())
    }

    fn ids(pages: Pages<User>) -> (Vec<String>, PagesEnd) {
        let (users, end) = pages.finish();
        (users.into_iter().map(|user| user.id).collect(), end)
    }

    fn asked(pages: &Pages<User>) -> Option<&str> {
        pages.next().map(|request| request.path.as_str())
    }

    #[test]
    fn a_collection_is_followed_to_its_end_with_the_headers_of_its_beginning() {
        let mut pages = users(WIDE);
        let links = [
            ("https://graph.microsoft.com/v1.0/users?$top=2&$skiptoken=R'%2F..%2F", "/users?$top=2&$skiptoken=R'%2F..%2F"),
            ("/v1.0/users?$skiptoken=b", "/users?$skiptoken=b"),
            ("users?$skiptoken=c", "/users?$skiptoken=c"),
        ];
        for (place, (link, path)) in links.into_iter().enumerate() {
            // A page may be empty and not be the last.
            pages.heard(&page(&["a", "b"][..2 * (place % 2)], Some(link))).unwrap();
            let next = pages.next().unwrap();
            assert_eq!((next.method.as_str(), next.path.as_str(), next.body.as_deref()), ("GET", path, None));
            assert_eq!(next.headers, Headers::default().with("ConsistencyLevel", "eventual"));
        }
        // Inside a batch like any other.
        assert!(batch::pack(&[pages.next().unwrap().clone()]).body.unwrap().contains(r#""url":"/users?$skiptoken=c""#));
        pages.heard(&page(&["c"], None)).unwrap();
        assert!(pages.next().is_none());
        assert_eq!(pages.heard(&reply(500, "")), Ok(()), "nothing is heard after the end");
        assert_eq!(ids(pages), (["a", "b", "c"].map(String::from).to_vec(), PagesEnd::Complete));
    }

    #[test]
    fn a_link_is_cut_below_the_version_root_and_leads_nowhere_else() {
        let check = |link: &str, expected: Option<&str>| assert_eq!(path_of(link, ROOT).as_deref(), expected, "{link:?}");
        check("https://graph.microsoft.com/v1.0/users?a=https://x/../y\\", Some("/users?a=https://x/../y\\"));
        check("HTTPS://Graph.Microsoft.com/V1.0/users", Some("/users"));
        check("https://graph.microsoft.com:443/v1.0/users?a", Some("/users?a"));
        check("/v1.0/users/a.b/..c?a", Some("/users/a.b/..c?a"));
        check("/users?$skiptoken=a:b", Some("/users?$skiptoken=a:b"));
        check("users/a:b/c", Some("/users/a:b/c"));
        check("v1.0", Some("/v1.0"));
        for link in [
            "",
            "/",
            "?$skiptoken=a",
            "https://graph.microsoft.com",
            "https://graph.microsoft.com/v1.0",
            "https://graph.microsoft.com/v1.0/",
            "https://graph.microsoft.com/v1.0?a",
            "https://graph.microsoft.com/v1.0//users",
            "https://graph.microsoft.com/v1.00/users",
            "https://graph.microsoft.com/beta/users",
            "https://graph.microsoft.com/users",
            "https://graph.microsoft.com:8443/v1.0/users",
            "https://graph.microsoft.com.evil.example/v1.0/users",
            "https://graph.microsoft.com@evil.example/v1.0/users",
            "https://graph.microsoft.com\\@evil.example/v1.0/users",
            "https://graph.microsoft.us/v1.0/users",
            "https://evil.example/v1.0/users",
            "https://evil.example/?https://graph.microsoft.com/v1.0/users",
            "http://graph.microsoft.com/v1.0/users",
            "//evil.example/v1.0/users",
            "/v1.0//evil.example/users",
            "\\\\evil.example/v1.0/users",
            "/\\evil.example/v1.0/users",
            "users\\..\\..\\x",
            "javascript:alert(1)",
            "data:application/json,{}",
            "../beta/users",
            "/v1.0/../beta/users",
            "/v1.0/./users",
            "/v1.0/users/../../beta/users",
            "/v1.0/users/%2e%2E/%2E./beta",
            "/v1.0/users/.%2e?a",
            "/v1.0/us\ners?a",
            "/v1.0/users?a\tb",
            "https://graph.microsoft.com/v1.0/users?a\r\nAuthorization: x",
            "é",
        ] {
            let expected = (link == "é").then_some("/é");
            check(link, expected);
        }
        // A root that nobody told is nobody's.
        assert_eq!(path_of("https://evil.example/v1.0/users", ""), None);
    }

    #[test]
    fn a_link_that_is_not_followed_is_a_problem_and_changes_nothing() {
        let mut pages = users(WIDE);
        let problem = pages.heard(&page(&["a"], Some("https://evil.example/v1.0/users"))).unwrap_err();
        assert_eq!(
            (problem.common(), problem.again_harmless(0)),
            (Some(CommonRefusal::Unreadable), Again::After(time::Millis::seconds(2)))
        );
        assert!(problem.message.contains("elsewhere"), "{}", problem.message);
        assert_eq!(asked(&pages), Some("/users?$top=2"));
        pages.heard(&page(&["b"], None)).unwrap();
        assert_eq!(ids(pages), (vec!["b".into()], PagesEnd::Complete));
    }

    #[test]
    fn a_link_that_repeats_itself_is_not_followed_for_ever() {
        for again in ["/users?$top=2", "/v1.0/users?a", "https://graph.microsoft.com/v1.0/users?b"] {
            let mut pages = users(WIDE);
            pages.heard(&page(&["a"], Some("/users?a"))).unwrap();
            pages.heard(&page(&["b"], Some("/users?b"))).unwrap();
            let problem = pages.heard(&page(&["c"], Some(again))).unwrap_err();
            assert!(problem.common() == Some(CommonRefusal::Unreadable) && problem.message.contains("already"), "{problem:?}");
            assert_eq!(asked(&pages), Some("/users?b"));
        }
    }

    #[test]
    fn a_refusal_or_a_page_that_cannot_be_read_leaves_everything_where_it_was() {
        let mut pages = users(WIDE);
        pages.heard(&page(&["a"], Some("/users?a"))).unwrap();
        let throttled = reply(429, r#"{"error":{"code":"TooManyRequests","message":""}}"#);
        assert_eq!(pages.heard(&throttled).unwrap_err().common(), Some(CommonRefusal::Throttled));
        for body in ["", "<html>", "{}", r#"{"value":[],"@odata.nextLink":7}"#] {
            assert_eq!(pages.heard(&reply(200, body)).unwrap_err().common(), Some(CommonRefusal::Unreadable), "{body}");
        }
        assert_eq!(asked(&pages), Some("/users?a"));
        assert_eq!(ids(pages), (vec!["a".into()], PagesEnd::Cancelled));
    }

    #[test]
    fn a_limit_ends_it_and_says_that_there_is_more() {
        let check = |(pages, items): (usize, usize), requests: usize, read: &[&str], end: PagesEnd| {
            let mut walk = users(PageLimit { pages, items });
            let told = [page(&["a", "b"], Some("/users?a")), page(&["c", "d"], Some("/users?b")), page(&["e"], None)];
            let mut heard = 0;
            for reply in &told {
                if walk.next().is_some() {
                    walk.heard(reply).unwrap();
                    heard += 1;
                }
            }
            assert_eq!((heard, ids(walk)), (requests, (read.iter().map(|id| String::from(*id)).collect(), end)), "{pages} {items}");
        };
        check((100, 100), 3, &["a", "b", "c", "d", "e"], PagesEnd::Complete);
        check((3, 5), 3, &["a", "b", "c", "d", "e"], PagesEnd::Complete);
        check((2, 100), 2, &["a", "b", "c", "d"], PagesEnd::More);
        check((1, 100), 1, &["a", "b"], PagesEnd::More);
        check((0, 100), 1, &["a", "b"], PagesEnd::More);
        check((100, 4), 2, &["a", "b", "c", "d"], PagesEnd::More);
        check((100, 3), 2, &["a", "b", "c"], PagesEnd::More);
        check((100, 1), 1, &["a"], PagesEnd::More);
        check((100, 0), 1, &[], PagesEnd::More);
        // The last page holds more than is wanted, or just as much.
        for (items, end) in [(1, PagesEnd::More), (2, PagesEnd::Complete), (3, PagesEnd::Complete)] {
            let mut walk = users(PageLimit { pages: 1, items });
            walk.heard(&page(&["a", "b"], None)).unwrap();
            assert_eq!(walk.finish().1, end, "{items}");
        }
    }

    #[test]
    fn what_is_cancelled_keeps_what_was_read() {
        let mut pages = users(WIDE);
        pages.heard(&page(&["a"], Some("/users?a"))).unwrap();
        pages.cancel();
        assert_eq!(asked(&pages), None);
        assert_eq!(pages.heard(&page(&["b"], None)), Ok(()));
        assert_eq!(ids(pages), (vec!["a".into()], PagesEnd::Cancelled));
        // What has ended before has ended as it did.
        let mut pages = users(WIDE);
        pages.heard(&page(&["a"], None)).unwrap();
        pages.cancel();
        assert_eq!(pages.finish().1, PagesEnd::Complete);
    }

    #[test]
    fn pages_of_an_operation_begin_with_its_request() {
        let pages: Pages<DirectoryRole> = Pages::new(ListMyRoles.request(), ROOT, WIDE);
        assert_eq!(pages.next(), Some(&ListMyRoles.request()));
    }
}
