//! The form by which somebody asks, and what becomes of it: a `userAdd` of Graph, or a `userUpdate` and `userRemove` of what they have.

use super::accounts::Visit;
use super::frame::code_of;
use super::{FormFields, PageResult};
use crate::entitlement::object_view::{ASSIGNMENTS, found};
use crate::entitlement::stored::StoredObject;
use crate::html::{self, escape};
use crate::{Tenant, value};
use graph::{Method, Reply};
use serde_json::{Value, json};
use time::Moment;

/// Begins the names of fields that answer a question, before its id.
const ANSWER: &str = "answer-";

/// Posted to this page, with what was typed before.
pub(super) fn form(policy: &StoredObject, visit: &Visit, (page, typed): (&str, &FormFields)) -> String {
    let settings = policy.body.get("requestApprovalSettings").cloned().unwrap_or_default();
    let mut questions = policy.body.get("questions").and_then(Value::as_array).cloned().unwrap_or_default();
    questions.sort_by_key(|question| question["sequence"].as_i64());
    let fields: String = questions.iter().map(|question| field(question, &visit.language, typed)).collect();
    let has_period = policy.body.get("requestorSettings").is_some_and(|settings| settings["allowCustomAssignmentSchedule"] == json!(true));
    let date = |name: &str, label: &str| {
        let own = escape(value(typed, name).unwrap_or_default());
        format!("<p><label>{label}<br><input type=\"date\" name=\"{name}\" value=\"{own}\"></label></p>")
    };
    let period = if has_period { date("from", "Start date") + &date("until", "End date") } else { String::new() };
    let needs_reason = settings["isRequestorJustificationRequired"] == json!(true);
    format!(
        "<h2>Request</h2><form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"policy\" value=\"{}\">{fields}\
         <p><label>Business justification{}<br><textarea name=\"justification\" rows=\"3\">{}</textarea></label></p>{period}\
         <button>Submit request</button></form>",
        escape(&visit.to(page)),
        escape(&policy.id),
        mark(needs_reason),
        escape(value(typed, "justification").unwrap_or_default())
    )
}

const fn mark(is_required: bool) -> &'static str {
    if is_required { " (required)" } else { "" }
}

/// The field of a question: the tenant itself says what is missing, so that a browser does not.
fn field(question: &Value, language: &str, typed: &FormFields) -> String {
    let text = |name: &str| question[name].as_str().unwrap_or_default();
    let name = escape(&format!("{ANSWER}{}", text("id")));
    let own = value(typed, &format!("{ANSWER}{}", text("id"))).unwrap_or_default();
    let input = match question["choices"].as_array() {
        Some(choices) => {
            let option = |choice: &Value| {
                let actual = choice["actualValue"].as_str().unwrap_or_default();
                let shown = Some(text_in(choice, language)).filter(|text| !text.is_empty());
                let selected = if actual == own { " selected" } else { "" };
                format!("<option value=\"{}\"{selected}>{}</option>", escape(actual), escape(shown.unwrap_or(actual)))
            };
            format!("<select name=\"{name}\"><option value=\"\"></option>{}</select>", choices.iter().map(option).collect::<String>())
        }
        None if question["isSingleLineQuestion"] == json!(true) => format!("<input name=\"{name}\" value=\"{}\">", escape(own)),
        None => format!("<textarea name=\"{name}\" rows=\"3\">{}</textarea>", escape(own)),
    };
    format!("<p><label>{}{}<br>{input}</label></p>", escape(text_in(question, language)), mark(question["isRequired"] == json!(true)))
}

/// The text of a question or choice in this language, or else in the language of the policy.
fn text_in<'a>(of: &'a Value, language: &str) -> &'a str {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let all = of["localizations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let named = |fits: &dyn Fn(&str) -> bool| all.iter().find(|one| one["languageCode"].as_str().is_some_and(fits));
    let own = named(&|code| code.eq_ignore_ascii_case(language)).or_else(|| named(&|code| primary(code) == primary(language)));
    own.unwrap_or(of)["text"].as_str().unwrap_or_default()
}

/// A period of one's own: days, as the fields name them. `None` where neither is named.
fn period(form: &FormFields) -> Option<Value> {
    let at = |name: &str| value(form, name).map(|day| format!("{day}T00:00:00Z"));
    let (from, until) = (at("from"), at("until"));
    let expiration = match &until {
        Some(until) => json!({"type": "afterDateTime", "endDateTime": until}),
        None => json!({"type": "notSpecified"}),
    };
    (from.is_some() || until.is_some()).then(|| json!({"startDateTime": from, "expiration": expiration}))
}

/// The body of a request for a package.
fn body_of(package: &str, form: &FormFields) -> Value {
    let answer = |(name, text): &(String, String)| {
        let question = name.strip_prefix(ANSWER).filter(|_| !text.trim().is_empty())?;
        let answered = json!({"@odata.type": "#microsoft.graph.accessPackageQuestion", "id": question});
        Some(json!({"@odata.type": "#microsoft.graph.accessPackageAnswerString", "value": text, "displayValue": text,
            "answeredQuestion": answered}))
    };
    let answers: Vec<Value> = form.iter().filter_map(answer).collect();
    let mut assignment = json!({"accessPackageId": package});
    if let Some(policy) = value(form, "policy") {
        assignment["assignmentPolicyId"] = json!(policy);
    }
    json!({"requestType": "userAdd", "assignment": assignment, "justification": value(form, "justification"), "answers": answers,
        "schedule": period(form)})
}

impl Tenant {
    /// Whoever sends the same form twice has one request, and sees it.
    pub(super) fn ask_for_package(&mut self, visit: &Visit, package: &str, form: &FormFields, now: Moment) -> PageResult {
        let told = self.ask_graph(visit.person.clone(), (Method::Post, "assignmentRequests"), &body_of(package, form), now);
        self.request_made(visit, &told).or_else(|| self.open_request(visit, package, &told)).map_or_else(
            || self.package_with(visit, package, (form, Some(&told))),
            |id| Ok(html::redirect(&visit.to(&format!("request-history/{id}")))),
        )
    }

    /// The request that Graph has made, by its id.
    fn request_made(&self, visit: &Visit, told: &Reply) -> Option<String> {
        let body: Value = serde_json::from_str(&told.body).unwrap_or_default();
        let request = self.governance.requests.by_id(body["id"].as_str()?).filter(|one| visit.is(&one.target))?;
        Some(request.id.clone())
    }

    /// The request that stood in the way of another.
    fn open_request(&self, visit: &Visit, package: &str, told: &Reply) -> Option<String> {
        let is_same = |one: &&crate::entitlement::RequestRecord| {
            one.phase.is_open() && visit.is(&one.target) && one.package.eq_ignore_ascii_case(package)
        };
        let open = self.governance.requests.known().find(is_same).map(|one| one.id.clone());
        open.filter(|_| code_of(told) == "ExistingOpenRequest")
    }

    /// For as long again as the policy gives.
    pub(super) fn extend_own(&mut self, visit: &Visit, assignment: &str, now: Moment) -> PageResult {
        let policy = self.governance.assignments.by_id(assignment).and_then(|one| self.governance.policies.ever(&one.policy));
        let expiration = policy.and_then(|policy| policy.body.get("expiration")).cloned().unwrap_or_default();
        self.change_own(visit, assignment, json!({"requestType": "userUpdate", "schedule": {"expiration": expiration}}), now)
    }

    pub(super) fn remove_own(&mut self, visit: &Visit, assignment: &str, now: Moment) -> PageResult {
        self.change_own(visit, assignment, json!({"requestType": "userRemove"}), now)
    }

    fn change_own(&mut self, visit: &Visit, assignment: &str, mut body: Value, now: Moment) -> PageResult {
        body["assignment"] = json!({"id": assignment});
        let package = self.governance.assignments.by_id(assignment).filter(|one| visit.is(&one.target)).map(|one| one.package.clone());
        let package = found(package, ASSIGNMENTS).map_err(|reply| visit.refusal(&reply))?;
        let told = self.ask_graph(visit.person.clone(), (Method::Post, "assignmentRequests"), &body, now);
        self.request_made(visit, &told).or_else(|| self.open_request(visit, &package, &told)).map_or_else(
            || self.package_with(visit, &package, (&[], Some(&told))),
            |id| Ok(html::redirect(&visit.to(&format!("request-history/{id}")))),
        )
    }
}
