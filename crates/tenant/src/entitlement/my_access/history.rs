//! What became of somebody's own requests: names of states as entra-docs docs/id-governance/entitlement-management-process.md has them.

use super::PageResult;
use super::accounts::Visit;
use super::frame::facts;
use crate::Tenant;
use crate::entitlement::RequestRecord;
use crate::entitlement::object_view::{REQUESTS, found};
use crate::entitlement::walk::RequestPhase;
use crate::html::{self, button_form, escape};
use graph::{Method, Reply};
use serde_json::json;
use time::Moment;

impl Tenant {
    pub(super) fn history_page(&self, visit: &Visit, now: Moment) -> Reply {
        let own = self.governance.requests.known().filter(|one| visit.is(&one.target));
        let row = |one: &RequestRecord| {
            let link = visit.link(&format!("request-history/{}", one.id), self.package_name(&one.package));
            format!("<tr><td>{link}</td><td>{}</td><td>{}</td><td>{}</td></tr>", what(one), one.created.iso(), self.state_words(one, now).0)
        };
        let rows: Vec<String> = own.map(row).collect();
        let rows: String = rows.into_iter().rev().collect();
        let head = "<tr><th>Access package</th><th>Request</th><th>Submitted</th><th>State</th></tr>";
        visit.page(200, "Request history", &format!("<h1>Request history</h1><table>{head}{rows}</table>"))
    }

    pub(super) fn package_name(&self, package: &str) -> &str {
        self.governance.packages.ever(package).map_or("", |package| package.text("displayName"))
    }

    /// The name of its state, and a sentence; nothing of a person's stands in them.
    fn state_words(&self, request: &RequestRecord, now: Moment) -> (&'static str, &'static str) {
        let is_escalated = request.open_stage().is_some_and(|stage| request.stages[stage].is_escalated(now));
        let has_ended = || self.governance.assignments.by_id(&request.assignment).is_some_and(|one| one.is_over());
        match request.phase {
            RequestPhase::Submitted => ("Submitted", "Your request was submitted."),
            RequestPhase::PendingApproval if is_escalated => ("Pending approval", "Your request was forwarded to others who decide."),
            RequestPhase::PendingApproval => ("Pending approval", "Somebody has to approve your request."),
            RequestPhase::Scheduled => ("Scheduled", "Your access begins later."),
            RequestPhase::Delivering if request.kind.is_add() && self.waits_for_sign_in(&request.target) => {
                ("Delivering", "Your request was approved. You get access once you have come in.")
            }
            RequestPhase::Delivering => ("Delivering", "Your request is being carried out."),
            RequestPhase::Delivered | RequestPhase::PartiallyDelivered if request.kind.is_add() && has_ended() => {
                ("Access expired", "Your access has ended. To get it again, send another request.")
            }
            RequestPhase::Delivered if request.kind.is_update() => ("Access extended", "Your access was extended."),
            RequestPhase::Delivered if request.kind.is_removal() => ("Access removed", "Your access was removed."),
            RequestPhase::Delivered => ("Delivered", "You have access."),
            RequestPhase::PartiallyDelivered => ("Partially delivered", "You have access to some of the resources."),
            RequestPhase::DeliveryFailed => ("Undelivered", "Your request could not be carried out."),
            RequestPhase::Denied if request.denial().is_none() => {
                ("Expired", "Nobody decided your request in time. To try again, send another request.")
            }
            RequestPhase::Denied => ("Denied", "Your request was denied."),
            RequestPhase::Canceled => ("Canceled", "The request was canceled."),
        }
    }

    pub(super) fn request_page(&self, visit: &Visit, id: &str, now: Moment) -> PageResult {
        let request = self.governance.requests.known().find(|one| one.id.eq_ignore_ascii_case(id) && visit.is(&one.target));
        let request = found(request, REQUESTS).map_err(|reply| visit.refusal(&reply))?;
        let (state, sentence) = self.state_words(request, now);
        let mut rows = vec![
            ("Access package", visit.link(&format!("access-packages/{}", request.package), self.package_name(&request.package))),
            ("Request", what(request).to_owned()),
            ("Submitted", request.created.iso()),
            ("State", format!("<b>{state}</b>")),
        ];
        rows.extend(request.completed.map(|at| ("Completed", at.iso())));
        rows.extend(request.denial().and_then(|denial| denial.justification.as_deref()).map(|reason| ("Reason", escape(reason))));
        rows.extend(request.failure.map(|why| ("Reason", escape(why))));
        let mut more = format!("<p role=\"status\">{sentence}</p>");
        if matches!(state, "Delivered" | "Partially delivered") {
            more.push_str(&format!("<h2>Resources</h2>{}", self.resource_list(&request.package, true)));
        }
        if request.phase == RequestPhase::Delivering && request.kind.is_add() && self.waits_for_sign_in(&request.target) {
            let here = visit.to(&format!("request-history/{}", request.id));
            more.push_str(&button_form(&visit.to("accept"), &[("to", &here)], "Accept"));
        }
        if matches!(request.phase, RequestPhase::Submitted | RequestPhase::PendingApproval | RequestPhase::Scheduled) {
            more.push_str(&button_form(&visit.to(&format!("request-history/{}/cancel", request.id)), &[], "Cancel request"));
        }
        Ok(visit.page(200, state, &format!("<h1>{}</h1>{}{more}", escape(self.package_name(&request.package)), facts(&rows))))
    }

    pub(super) fn cancel_own(&mut self, visit: &Visit, id: &str, now: Moment) -> PageResult {
        let target = self.governance.requests.by_id(id).map(|one| one.target.clone()).filter(|target| visit.is(target));
        let target = found(target, REQUESTS).map_err(|reply| visit.refusal(&reply))?;
        let told = self.ask_graph(visit.named(&target), (Method::Post, &format!("assignmentRequests/{id}/cancel")), &json!({}), now);
        if told.is_success() { Ok(html::redirect(&visit.to(&format!("request-history/{id}")))) } else { Err(visit.refusal(&told)) }
    }
}

const fn what(request: &RequestRecord) -> &'static str {
    if request.kind.is_removal() {
        "Remove access"
    } else if request.kind.is_update() {
        "Extend access"
    } else {
        "Access"
    }
}
