//! What somebody may ask for, and one package with what it asks of them.

use super::accounts::Visit;
use super::frame::refusal_words;
use super::{FormFields, PageResult, asking};
use crate::entitlement::assignments::{AssignmentRecord, AssignmentState};
use crate::entitlement::object_view::{PACKAGES, found};
use crate::entitlement::stored::StoredObject;
use crate::entitlement::submission::not_covered;
use crate::html::{button_form, escape};
use crate::{TENANT_ID, Tenant, value};
use graph::Reply;
use serde_json::{Value, json};

impl Tenant {
    /// Hidden packages are left out: whoever has their link finds them.
    pub(super) fn offers_page(&self, visit: &Visit) -> Reply {
        let requestor = self.requestor(&visit.person.id);
        let is_offered = |one: &&StoredObject| !one.flag("isHidden") && self.ineligibility(&one.id, &requestor).is_none();
        let row = |package: &StoredObject, more: &str| {
            let link = visit.link(&format!("access-packages/{}", package.id), package.text("displayName"));
            format!("<tr><td>{link}</td><td>{}</td><td>{more}</td></tr>", escape(package.text("description")))
        };
        let offered = self.governance.packages.living().filter(is_offered);
        let available: String = offered.map(|package| row(package, &self.resource_names(&package.id))).collect();
        let of_assignments = |is_wanted: fn(&AssignmentRecord) -> bool| -> String {
            let own = self.governance.assignments.iter().filter(|one| visit.is(&one.target) && is_wanted(one));
            own.filter_map(|one| Some(row(self.governance.packages.ever(&one.package)?, &state_of(one)))).collect()
        };
        let table = |title: &str, last: &str, rows: String| match rows.as_str() {
            "" => format!("<h2>{title}</h2><p class=\"quiet\">None</p>"),
            _ => format!("<h2>{title}</h2><table><tr><th>Name</th><th>Description</th><th>{last}</th></tr>{rows}</table>"),
        };
        let body = format!(
            "<h1>Access packages</h1>{}{}{}",
            table("Available", "Resources", available),
            table("Active", "State", of_assignments(AssignmentRecord::is_active)),
            table("Expired", "State", of_assignments(AssignmentRecord::is_over))
        );
        visit.page(200, "Access packages", &body)
    }

    /// `query` may name one of several policies.
    pub(super) fn package_page(&self, visit: &Visit, id: &str, query: &FormFields) -> PageResult {
        self.package_with(visit, id, (query, None))
    }

    /// The package with what was typed, and with what Graph said to that.
    ///
    /// # Errors
    /// What somebody sees who may not ask for it: neither name nor contents (entra-docs, entitlement-management-troubleshoot.md).
    pub(super) fn package_with(&self, visit: &Visit, id: &str, (form, refused): (&FormFields, Option<&Reply>)) -> PageResult {
        let package = found(self.governance.packages.by_id(id), PACKAGES).map_err(|reply| visit.refusal(&reply))?;
        let name = package.text("displayName");
        let head = format!(
            "<h1>{}</h1><p>{}</p><h2>Resources</h2>{}",
            escape(name),
            escape(package.text("description")),
            self.resource_list(&package.id, false)
        );
        let own = |target: &str, other: &str| visit.is(target) && other == package.id;
        let open = self.governance.requests.known().find(|one| one.phase.is_open() && own(&one.target, &one.package));
        let held = self.governance.assignments.iter().find(|one| one.is_active() && own(&one.target, &one.package));
        let mut rest = refused.map(refusal_words).unwrap_or_default();
        if let Some(request) = open {
            let link = visit.link(&format!("request-history/{}", request.id), "See what becomes of it");
            rest.push_str(&format!("<p>You have a request for this access package. {link}</p>"));
        }
        if let Some(held) = held {
            rest.push_str(&format!("<p>{}</p>{}", state_of(held), self.own_buttons(visit, held)));
        }
        if open.is_some() || held.is_some() {
            return Ok(visit.page(refused.map_or(200, |reply| reply.status), name, &format!("{head}{rest}")));
        }
        let requestor = self.requestor(&visit.person.id);
        if let Some(cause) = self.ineligibility(&package.id, &requestor) {
            let words = refusal_words(&not_covered()) + &format!("<p class=\"quiet\">{cause:?}</p>");
            return Err(visit.page(403, "My Access", &format!("<h1>You can’t request this access package</h1>{words}")));
        }
        if let Err(reply) = self.check_compatible(&package.id, &requestor) {
            return Err(visit.page(403, name, &format!("{head}{}", refusal_words(&reply))));
        }
        let offered = self.offered_policies(&package.id, &requestor);
        let here = format!("access-packages/{}", package.id);
        let chosen = value(form, "policy").and_then(|id| offered.iter().find(|policy| policy.id == id));
        let asked = match (offered.as_slice(), chosen) {
            ([policy], _) | (_, Some(policy)) => format!("{}{rest}{}", terms(policy), asking::form(policy, visit, (&here, form))),
            (several, None) => {
                let choice = |policy: &&StoredObject| {
                    let link = visit.link(&format!("{here}?policy={}", policy.id), policy.text("displayName"));
                    format!("<li>{link} <span class=\"quiet\">{}</span></li>", escape(policy.text("description")))
                };
                format!("{rest}<h2>Select a policy</h2><ul>{}</ul>", several.iter().map(choice).collect::<String>())
            }
        };
        Ok(visit.page(refused.map_or(200, |reply| reply.status), name, &format!("{head}{asked}")))
    }

    /// What a package gives; whoever has it is led there.
    pub(super) fn resource_list(&self, package: &str, is_given: bool) -> String {
        let line = |(name, role, address): (String, String, String)| {
            let name = match is_given {
                true => format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape(&address), escape(&name)),
                false => escape(&name),
            };
            format!("<li>{name} <span class=\"quiet\">{}</span></li>", escape(&role))
        };
        format!("<ul>{}</ul>", self.given_by(package).into_iter().map(line).collect::<String>())
    }

    fn resource_names(&self, package: &str) -> String {
        escape(&self.given_by(package).into_iter().map(|(name, ..)| name).collect::<Vec<_>>().join(", "))
    }

    /// Name, role and address of what a package gives: sites have their own, all else is found at My Apps.
    fn given_by(&self, package: &str) -> Vec<(String, String, String)> {
        let one = |given: &crate::entitlement::RoleScopeRecord| {
            let resource = self.governance.resources.iter().find(|resource| resource.id == given.resource)?;
            let role = resource.roles().into_iter().find(|(id, _)| *id == given.role).map_or("", |(_, name)| name);
            let is_site = resource.origin_system == "SharePointOnline";
            let address = if is_site { resource.origin_id.clone() } else { format!("https://myapps.microsoft.com/?tenantid={TENANT_ID}") };
            Some((resource.display_name.clone(), role.to_owned(), address))
        };
        self.governance.role_scopes_of(package).filter_map(one).collect()
    }

    /// Extending and giving up, where the policy lets its people.
    fn own_buttons(&self, visit: &Visit, held: &AssignmentRecord) -> String {
        let policy = self.governance.policies.ever(&held.policy).map(|policy| &policy.body);
        let lets = |name: &str| policy.is_some_and(|policy| policy["requestorSettings"][name] == json!(true));
        let button = |what: &str, words: &str| button_form(&visit.to(&format!("assignments/{}/{what}", held.id)), &[], words);
        let has_length = policy.is_some_and(|policy| policy["expiration"]["type"] == "afterDuration");
        let extend = if lets("enableTargetsToSelfUpdateAccess") && has_length { button("extend", "Extend access") } else { String::new() };
        let remove = if lets("enableTargetsToSelfRemoveAccess") { button("remove", "Remove access") } else { String::new() };
        extend + &remove
    }
}

/// Escaped.
fn state_of(assignment: &AssignmentRecord) -> String {
    let until = assignment.end.map_or_else(|| "without an end".to_owned(), |end| format!("until {}", end.iso()));
    match assignment.state {
        AssignmentState::Delivering => "Delivering".into(),
        AssignmentState::Delivered => format!("Delivered, {until}"),
        AssignmentState::PartiallyDelivered => format!("Partially delivered, {until}"),
        AssignmentState::DeliveryFailed => "Undelivered".into(),
        AssignmentState::Expired => format!("Expired on {}", assignment.expired.unwrap_or(assignment.start).iso()),
    }
}

/// The policy that counts, and what it means for whoever asks.
fn terms(policy: &StoredObject) -> String {
    let member = |name: &str| policy.body.get(name).cloned().unwrap_or_default();
    let is_approved = member("requestApprovalSettings")["isApprovalRequiredForAdd"] == json!(true);
    let expiration: Value = member("expiration");
    let end = expiration["duration"].as_str().or(expiration["endDateTime"].as_str());
    super::frame::facts(&[
        ("Policy", format!("{}<br>{}", escape(policy.text("displayName")), escape(policy.text("description")))),
        ("Approval", if is_approved { "Required" } else { "Not required" }.to_owned()),
        ("Access ends", end.map_or_else(|| "Never".to_owned(), escape)),
    ])
}
