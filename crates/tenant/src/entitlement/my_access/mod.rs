//! My Access: the pages on which people ask for packages, see what became of it, and decide about others.
//! <https://learn.microsoft.com/entra/id-governance/entitlement-management-request-access>
//!
//! `accounts` is who comes and how they sign in, `offers` what they may ask for, `asking` how they do, `history` what became of it,
//! `inbox` what waits for an approver. Nothing is done here that Graph does: what changes anything is asked of it, by [`Tenant::ask_graph`].
//! The look and the paths of the pages are ours; that `#/access-packages/{id}` names a package is Microsoft's.

mod accounts;
mod asking;
mod frame;
mod history;
mod inbox;
mod offers;

pub(super) use accounts::Visits;

use super::routes;
use crate::directory::Person;
use crate::graph_api::Caller;
use crate::html::{self, escape};
use crate::partners::PartnerTenant;
use crate::sign_in::error_page;
use crate::{DOMAIN, TENANT_ID, Tenant, contoso, pairs, split};
use accounts::Visit;
use graph::{Headers, Method, Reply, Request};
use serde_json::Value;
use std::sync::Arc;
use time::Moment;

/// What comes before the names of entitlement management's own.
const ROOT: &str = "/identityGovernance/entitlementManagement";

/// The fragment of a link never reaches a server, so a script turns it into a path. A path, and not a query, since each page is then one place
/// that works without a script, also after signing in.
const SCRIPT: &str = "// The part of a link behind # names a page, and is not sent to the tenant.
const follow = () => {
  const page = /^#(\\/(?:access-packages|request-history|request-approvals)(?:\\/[0-9a-f-]+)?)$/i.exec(location.hash);
  if (page) location.replace(location.pathname.split('/').slice(0, 2).join('/') + page[1]);
};
addEventListener('hashchange', follow);
follow();
";

/// Pairs of a form.
type FormFields = [(String, String)];

pub(crate) fn script() -> Reply {
    let headers = Headers::default().with("Content-Type", "text/javascript").with("Cache-Control", "no-store");
    Reply { status: 200, headers, body: SCRIPT.into() }
}

/// A page or what leads to one; the error is what somebody sees in its place.
type PageResult = Result<Reply, Reply>;

impl Tenant {
    /// What is asked below `/@{hint}`.
    pub(crate) fn my_access(&mut self, request: &Request, now: Moment) -> Reply {
        let (path, query) = split(&request.path);
        let below = path.strip_prefix("/@").unwrap_or_default();
        let (hint, rest) = below.split_once('/').unwrap_or((below, ""));
        if ![DOMAIN, contoso::INITIAL_DOMAIN, TENANT_ID].iter().any(|own| own.eq_ignore_ascii_case(hint)) {
            return elsewhere(hint);
        }
        let base = format!("/@{hint}");
        let form = pairs(request.body.as_deref().unwrap_or_default());
        let steps: Vec<&str> = rest.split('/').filter(|step| !step.is_empty()).collect();
        if (request.method, steps.as_slice()) == (Method::Post, &["sign-in"]) {
            return self.sign_in_to_my_access(&base, &form, now);
        }
        let Some(visit) = self.visit(base.clone(), request) else {
            return match request.method {
                Method::Get => self.account_picker(&base, path),
                _ => html::redirect(&base),
            };
        };
        let (Ok(reply) | Err(reply)) = match (request.method, steps.as_slice()) {
            (Method::Post, ["sign-out"]) => Ok(self.sign_out_of_my_access(&base, request)),
            (Method::Get, ["accept"]) => Ok(consent_page(&visit, &query)),
            (Method::Post, ["accept"]) => Ok(self.accept_permissions(&visit, &form, now)),
            _ if !self.knobs.governance_licensed => Err(visit.refusal(&super::unauthorized())),
            (Method::Get, [] | ["access-packages"]) => Ok(self.offers_page(&visit)),
            (Method::Get, ["access-packages", package]) => self.package_page(&visit, package, &query),
            (Method::Post, ["access-packages", package]) => self.ask_for_package(&visit, package, &form, now),
            (Method::Post, ["assignments", assignment, "extend"]) => self.extend_own(&visit, assignment, now),
            (Method::Post, ["assignments", assignment, "remove"]) => self.remove_own(&visit, assignment, now),
            (Method::Get, ["request-history"]) => Ok(self.history_page(&visit, now)),
            (Method::Get, ["request-history", id]) => self.request_page(&visit, id, now),
            (Method::Post, ["request-history", id, "cancel"]) => self.cancel_own(&visit, id, now),
            (Method::Get, ["request-approvals"]) => Ok(self.inbox_page(&visit, now)),
            (Method::Get, ["request-approvals", id]) => self.decision_page(&visit, id, now),
            (Method::Post, ["request-approvals", id]) => self.decide_as_told(&visit, id, &form, now),
            _ => Err(visit.page(404, "Not found", "<h1>There is nothing here</h1>")),
        };
        reply
    }

    /// Asks Graph, as My Access does for whoever is signed in: with all that its own permissions reach.
    fn ask_graph(&mut self, me: Arc<Person>, (method, path): (Method, &str), body: &Value, now: Moment) -> Reply {
        let headers = Headers::default().with("Content-Type", "application/json");
        let request = Request { method, path: format!("{ROOT}/{path}"), headers, body: Some(body.to_string()) };
        let scopes = routes::WRITING.iter().map(|scope| (*scope).to_owned()).collect();
        let caller = Caller { id: me.id.clone(), scopes, stepped_up: true };
        let answer = self.route_for(Some(me), &caller, &request, now).map(|handled| handled.answer);
        match answer {
            Ok(Ok(reply)) | Err(reply) => reply,
            Ok(Err(_)) => html::page(502, "My Access", "<h1>Something went wrong</h1>"),
        }
    }
}

/// Somebody else's tenant, or nobody's: there is nothing of Contoso to be seen. Nobody's is what the identity platform says.
fn elsewhere(hint: &str) -> Reply {
    match PartnerTenant::known_as(hint) {
        Some(partner) => html::page(
            404,
            "My Access",
            &format!(
                "<h1>No access packages</h1><p>This is My Access of {}. What another organization offers is seen by its own link alone.</p>",
                escape(partner.name)
            ),
        ),
        None => error_page(90002, &format!("Tenant '{}' not found.", escape(hint))),
    }
}

fn consent_page(visit: &Visit, query: &FormFields) -> Reply {
    let to = visit.way_back(query);
    let accept = html::button_form(&visit.to("accept"), &[("to", &to)], "Accept");
    let cancel = html::button_form(&visit.to("sign-out"), &[], "Cancel");
    let text =
        format!("<h1>Review permissions</h1><p>{} would like to let you in as <b>{}</b>.</p>", contoso::NAME, escape(&visit.address));
    html::page(200, "Review permissions", &format!("{text}{accept}{cancel}"))
}
