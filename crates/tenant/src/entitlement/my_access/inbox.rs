//! What waits for an approver: by the same stages as Graph's.
//! entra-docs docs/id-governance/entitlement-management-request-approve.md

use super::accounts::Visit;
use super::frame::{facts, refusal_words};
use super::{FormFields, PageResult};
use crate::entitlement::RequestRecord;
use crate::entitlement::object_view::{APPROVALS, found};
use crate::html::{self, escape};
use crate::{Tenant, value};
use graph::{Method, Reply};
use serde_json::{Value, json};
use time::Moment;

impl Tenant {
    pub(super) fn inbox_page(&self, visit: &Visit, now: Moment) -> Reply {
        let waiting = self.governance.requests.known().filter(|one| self.is_asked(&visit.person.id, one, now));
        let row = |one: &RequestRecord| {
            let link = visit.link(&format!("request-approvals/{}", one.id), self.package_name(&one.package));
            format!("<tr><td>{link}</td><td>{}</td><td>{}</td></tr>", escape(&self.requestor_name(one)), one.created.iso())
        };
        let rows: String = waiting.map(row).collect();
        let list = match rows.as_str() {
            "" => "<p class=\"quiet\">Nothing waits for you.</p>".to_owned(),
            _ => format!("<table><tr><th>Access package</th><th>Requestor</th><th>Submitted</th></tr>{rows}</table>"),
        };
        visit.page(200, "Approvals", &format!("<h1>Approvals</h1>{list}"))
    }

    fn requestor_name(&self, request: &RequestRecord) -> String {
        self.directory.by_id(&request.target).map_or_else(|| request.target.clone(), |person| person.display_name.clone())
    }

    pub(super) fn decision_page(&self, visit: &Visit, id: &str, now: Moment) -> PageResult {
        self.decision_with(visit, (id, now), (&[], None))
    }

    /// The request with what was typed, and with what Graph said to that.
    ///
    /// # Errors
    /// What somebody sees who decides none of its stages.
    fn decision_with(&self, visit: &Visit, (id, now): (&str, Moment), (form, refused): (&FormFields, Option<&Reply>)) -> PageResult {
        let request = self.governance.requests.known().find(|one| one.id.eq_ignore_ascii_case(id));
        let decides = |one: &&RequestRecord| one.stages.iter().any(|stage| self.approvers(one, stage, now).contains(&visit.person.id));
        let request = found(request.filter(decides), APPROVALS).map_err(|reply| visit.refusal(&reply))?;
        let rows = self.request_rows(request);
        let form = match request.open_stage().filter(|_| self.is_asked(&visit.person.id, request, now)) {
            Some(stage) => {
                let needed = request.stages[stage].settings["isApproverJustificationRequired"] == json!(true);
                decision_form(&visit.to(&format!("request-approvals/{}", request.id)), &request.stages[stage].id, needed, form)
            }
            None => self.decisions_made(request),
        };
        let words = refused.map(refusal_words).unwrap_or_default();
        let body = format!("<h1>{}</h1>{}{words}{form}", escape(self.package_name(&request.package)), facts(&rows));
        Ok(visit.page(refused.map_or(200, |reply| reply.status), "Approvals", &body))
    }

    /// Who asks for what, and why.
    fn request_rows(&self, request: &RequestRecord) -> Vec<(&'static str, String)> {
        let person = self.directory.by_id(&request.target);
        let address = person.map_or(Some(request.target.as_str()), |person| person.mail.as_deref()).unwrap_or_default();
        let organization = self.organization_of(&request.target).map_or("", |one| one.text("displayName"));
        let mut rows = vec![
            ("Requestor", escape(&self.requestor_name(request))),
            ("Email", escape(address)),
            ("Organization", escape(organization)),
            ("Submitted", request.created.iso()),
            ("Business justification", escape(request.sent("justification").as_str().unwrap_or_default())),
        ];
        let policy = self.governance.policies.ever(&request.policy);
        let questions = policy.and_then(|policy| policy.body.get("questions")).and_then(Value::as_array);
        for answer in request.sent("answers").as_array().into_iter().flatten() {
            let mut all = questions.into_iter().flatten();
            let question = all.find(|question| question["id"] == answer["answeredQuestion"]["id"]);
            let text = question.and_then(|question| question["text"].as_str()).unwrap_or_default();
            rows.push(("Answer", format!("{}<br><b>{}</b>", escape(text), escape(answer["value"].as_str().unwrap_or_default()))));
        }
        let until = request.open_stage().and_then(|stage| request.stages[stage].denied_at());
        rows.extend(until.map(|until| ("Request expires", until.iso())));
        rows
    }

    /// Who decided what: all approvers see it.
    fn decisions_made(&self, request: &RequestRecord) -> String {
        let one = |decision: &crate::entitlement::decisions::Decision| {
            let by = self.directory.by_id(&decision.by).map_or_else(String::new, |person| person.display_name.clone());
            let what = if decision.is_approval { "Approved" } else { "Denied" };
            let reason = decision.justification.as_deref().unwrap_or_default();
            format!("<li>{what} by {} on {}: {}</li>", escape(&by), decision.at.iso(), escape(reason))
        };
        let made: String = request.stages.iter().filter_map(|stage| stage.decision()).map(one).collect();
        format!("<h2>Decisions</h2><ul>{made}</ul><p>There is nothing for you to decide here.</p>")
    }

    pub(super) fn decide_as_told(&mut self, visit: &Visit, id: &str, form: &FormFields, now: Moment) -> PageResult {
        let path = format!("accessPackageAssignmentApprovals/{id}/stages/{}", value(form, "stage").unwrap_or("none"));
        let body = json!({"reviewResult": value(form, "decision"), "justification": value(form, "justification")});
        let told = self.ask_graph(visit.person.clone(), (Method::Patch, &path), &body, now);
        if told.is_success() {
            return Ok(html::redirect(&visit.to("request-approvals")));
        }
        self.decision_with(visit, (id, now), (form, Some(&told)))
    }
}

fn decision_form(action: &str, stage: &str, is_reason_needed: bool, typed: &FormFields) -> String {
    let mark = if is_reason_needed { " (required)" } else { "" };
    format!(
        "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"stage\" value=\"{}\">\
         <p><label>Reason{mark}<br><textarea name=\"justification\" rows=\"3\">{}</textarea></label></p>\
         <button name=\"decision\" value=\"Approve\">Approve</button> <button name=\"decision\" value=\"Deny\">Deny</button></form>",
        escape(action),
        escape(stage),
        escape(value(typed, "justification").unwrap_or_default())
    )
}
