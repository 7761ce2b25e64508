//! What guests hold at Contoso because somebody assigned it: groups, roles, licences, roles of applications. Nothing of it comes from the
//! page; tests and people assign it here.

use super::directory::Person;
use super::expand::Expansion;
use super::graph_api::{Caller, insufficient};
use super::query::Query;
use super::reads::not_found;
use super::{Tenant, contoso, html, json_reply};
use graph::{Reply, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::Moment;

/// Microsoft 365 E3: entra-docs docs/identity/users/licensing-service-plan-reference.md.
const LICENSE: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
/// The application whose role is assigned.
const APP: (&str, &str) = ("a9911ca7-c070-4050-a000-c0ffee000005", "Contoso Wiki");
/// The role of an application that defines none: <https://learn.microsoft.com/graph/api/resources/approleassignment>.
const DEFAULT_ROLE: &str = "00000000-0000-0000-0000-000000000000";
/// So many expanded objects come, without a link to the rest: <https://learn.microsoft.com/graph/query-parameters#expand>.
const EXPANDED_MOST: usize = 20;
/// What shows more of a group or a role than type and id.
const READ_ALL: &[&str] = &["Directory.Read.All"];

/// What somebody at Contoso can assign to a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GuestAssignment {
    /// A group, each time another one.
    Group,
    /// Directory Readers.
    DirectoryRole,
    /// Microsoft 365 E3.
    License,
    /// Access to an application, each time once more.
    AppRole,
}

/// Something that somebody holds, apart from roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holding {
    Group { id: String, name: String },
    License,
    AppRole { id: String, since: Moment },
}

impl Person {
    pub(super) fn licenses(&self) -> Vec<Value> {
        let held = self.holdings.iter().filter(|held| **held == Holding::License);
        held.map(|_| json!({"skuId": LICENSE, "disabledPlans": []})).collect()
    }
}

impl Tenant {
    /// Assigns this to the guest with this address, as an administrator in another window would. Whether there is such a guest.
    pub fn assign(&mut self, address: &str, what: GuestAssignment, now: Moment) -> bool {
        self.assign_at(address, what, self.clock(now))
    }

    /// As [`Self::assign`], by the tenant's own clock.
    fn assign_at(&mut self, address: &str, what: GuestAssignment, since: Moment) -> bool {
        let Some(guest) = self.directory.by_address(address).filter(|person| person.creation_type.is_some()) else { return false };
        let (guest, place) = (guest.id.clone(), guest.holdings.len() + 1);
        let id = self.ids.guid();
        self.directory.change(&guest, |guest| match what {
            GuestAssignment::Group => guest.holdings.push(Holding::Group { id, name: format!("Project {place}") }),
            GuestAssignment::DirectoryRole if guest.has_role(contoso::DIRECTORY_READERS.template) => {}
            GuestAssignment::DirectoryRole => guest.roles.push(contoso::DIRECTORY_READERS),
            GuestAssignment::License if guest.holdings.contains(&Holding::License) => {}
            GuestAssignment::License => guest.holdings.push(Holding::License),
            GuestAssignment::AppRole => guest.holdings.push(Holding::AppRole { id, since }),
        });
        true
    }

    /// `POST /_tenant/assign` of `{"address": …, "what": …}`, or the same as a form.
    pub(super) fn assign_as_told(&mut self, told: &Value, is_form: bool, now: Moment) -> Reply {
        let what = GuestAssignment::deserialize(&told["what"]);
        let (Some(address), Ok(what)) = (told["address"].as_str(), what) else {
            let words = "address and what (group, directoryRole, license or appRole) were expected";
            return json_reply(400, &json!({ "error": words }));
        };
        match self.assign_at(address, what, now) {
            false => json_reply(404, &json!({"error": "no guest has this address"})),
            true if is_form => html::redirect("/"),
            true => json_reply(200, &json!({})),
        }
    }

    /// `GET /users/{id}/appRoleAssignments`. The roles that the documentation names are those of everybody at Contoso who holds any:
    /// <https://learn.microsoft.com/graph/api/user-list-approleassignments#permissions>.
    pub(super) fn app_roles(&self, me: &Person, id: &str, query: &Query, request: &Request, now: Moment) -> Reply {
        if me.roles.is_empty() {
            return insufficient();
        }
        let Some(person) = self.user_called(id, now) else { return not_found(id) };
        let roles = person.holdings.iter().filter_map(|held| match held {
            Holding::AppRole { id, since } => Some((id, since)),
            _ => None,
        });
        // What is beyond the page is not told of: microsoft-graph-docs-contrib #6525.
        let found: Vec<(&String, &Moment)> = roles.take(query.top).collect();
        self.page(&found, query, request, "appRoleAssignments", |(id, since)| {
            let all = json!({
                "id": id, "deletedDateTime": null, "appRoleId": DEFAULT_ROLE, "createdDateTime": since.iso(),
                "principalDisplayName": person.display_name, "principalId": person.id, "principalType": "User",
                "resourceDisplayName": APP.1, "resourceId": APP.0,
            });
            selected(all, query.select.as_deref())
        })
    }
}

impl Expansion {
    /// Groups and roles of a person. Without a permission for their types only type and id are shown:
    /// <https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects>.
    pub(super) fn memberships(&self, person: &Person, caller: &Caller) -> Value {
        let may_read = caller.has_any(READ_ALL);
        let shown = |kind: &str, id: &str, name: &str| {
            let name = if may_read { json!(name) } else { Value::Null };
            let mut shown = selected(json!({"id": id, "deletedDateTime": null, "displayName": name}), self.select.as_deref());
            shown.insert("@odata.type".into(), json!(format!("#microsoft.graph.{kind}")));
            Value::Object(shown)
        };
        let groups = person.holdings.iter().filter_map(|held| match held {
            Holding::Group { id, name } => Some(shown("group", id, name)),
            _ => None,
        });
        let roles = person.roles.iter().map(|role| shown("directoryRole", role.template, role.name));
        groups.chain(roles).take(EXPANDED_MOST).collect()
    }
}

/// What `$select` names, in any case, of these members.
fn selected(all: Value, select: Option<&str>) -> Map<String, Value> {
    let Value::Object(mut members) = all else { return Map::new() };
    if let Some(names) = select {
        members.retain(|own, _| names.split(',').any(|name| name.trim().eq_ignore_ascii_case(own)));
    }
    members
}
