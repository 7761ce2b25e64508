//! Sites by words. <https://learn.microsoft.com/graph/api/site-search>

use super::SharePointSite;
use crate::{Operation, PaceKind, Page, ReadRefusal, Request, literal};

/// 200 with a page of [`SharePointSite`], those that the person may see and that are found by now: the index lags behind.
#[derive(Clone, Copy, Debug)]
pub struct SearchSites<'a> {
    /// What their names hold; `*` finds all.
    pub text: &'a str,
}

impl Operation for SearchSites<'_> {
    type Output = Page<SharePointSite>;
    type Refusal = ReadRefusal;
    /// Of the page on this call: permissions.json is not cut for it here.
    const SCOPES: &'static [&'static str] = &["Sites.Read.All", "Sites.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        // No string literal of OData: quotes are not doubled.
        let words = literal(self.text).replace("%27%27", "%27");
        Request::get(format!("/sites?search={words}&$select=id,displayName,webUrl,isPersonalSite"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn sites_are_found_by_words() {
        let search = SearchSites { text: "o'neil & co" };
        reads(&search, "/sites?search=o%27neil%20%26%20co&$select=id,displayName,webUrl,isPersonalSite", "Sites.Read.All");
        let body = r#"{"value":[{"id":"x.example,1,2","displayName":"Community","webUrl":"https://x.example/portals/Community"}]}"#;
        let found = search.read(&reply(200, body)).unwrap().value.remove(0);
        assert_eq!(found.web_url.as_deref(), Some("https://x.example/portals/Community"));
        refuses(&search, &[(403, "accessDenied", "Access denied", Some(ReadRefusal::MissingPermission))]);
    }
}
