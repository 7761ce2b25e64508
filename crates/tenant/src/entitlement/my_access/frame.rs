//! What all pages of My Access have around them, and how they say that something was refused.

use super::accounts::Visit;
use crate::contoso;
use crate::html::{self, button_form, escape};
use graph::Reply;
use serde_json::Value;

pub(super) const SCRIPT_PATH: &str = "/_tenant/my-access.js";

/// The pages that each page leads to.
const PAGES: [(&str, &str); 3] =
    [("access-packages", "Access packages"), ("request-history", "Request history"), ("request-approvals", "Approvals")];

impl Visit {
    /// A page with this in it, which must be escaped already.
    pub(super) fn page(&self, status: u16, title: &str, body: &str) -> Reply {
        let links = PAGES.map(|(page, name)| format!("<a href=\"{}\">{name}</a>", escape(&self.to(page)))).join(" · ");
        let body = format!(
            "<p class=\"quiet\">{} · My Access · {}</p><nav>{links}</nav>{body}{}",
            contoso::NAME,
            escape(&self.address),
            button_form(&self.to("sign-out"), &[], "Sign out")
        );
        html::page_with_script(status, &format!("{title} | My Access"), &body, SCRIPT_PATH)
    }

    /// A link to a page, by its path.
    pub(super) fn link(&self, page: &str, words: &str) -> String {
        format!("<a href=\"{}\">{}</a>", escape(&self.to(page)), escape(words))
    }

    /// What Graph refused, with the same status.
    pub(super) fn refusal(&self, reply: &Reply) -> Reply {
        self.page(reply.status, "My Access", &refusal_words(reply))
    }
}

/// Code of what Graph refused.
pub(super) fn code_of(reply: &Reply) -> String {
    error_of(reply, "code")
}

fn error_of(reply: &Reply, name: &str) -> String {
    let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    body["error"][name].as_str().unwrap_or_default().to_owned()
}

/// What Graph refused, in its own words, and with its code.
pub(super) fn refusal_words(reply: &Reply) -> String {
    let (words, code) = (error_of(reply, "message"), code_of(reply));
    format!("<p class=\"warning\" role=\"alert\">{}<br><span class=\"quiet\">{}</span></p>", escape(&words), escape(&code))
}

/// A table of names and values, which must be escaped already.
pub(super) fn facts(rows: &[(&str, String)]) -> String {
    let rows: String =
        rows.iter().map(|(name, value)| format!("<tr><th scope=\"row\">{}</th><td>{value}</td></tr>", escape(name))).collect();
    format!("<table>{rows}</table>")
}
