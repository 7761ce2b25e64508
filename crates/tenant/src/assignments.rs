//! What others assign to a guest at Contoso: groups, roles, licences, roles of applications. Tests and people assign it here, as an
//! administrator in another window would.

use super::directory::Person;
use super::expand::Expansion;
use super::graph_api::Caller;
use super::groups::GroupRecord;
use super::{Tenant, applications, contoso, html, json_reply, selection};
use graph::Reply;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::Moment;

/// Microsoft 365 E3: entra-docs docs/identity/users/licensing-service-plan-reference.md.
const LICENSE: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
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

impl Person {
    pub(super) fn licenses(&self) -> Vec<Value> {
        if self.is_licensed { vec![json!({"skuId": LICENSE, "disabledPlans": []})] } else { Vec::new() }
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
        let guest = guest.id.clone();
        match what {
            GuestAssignment::Group => {
                let (id, place) = (self.ids.guid(), self.groups.with_member(&guest).count() + 1);
                let project = GroupRecord { display_name: format!("Project {place}"), members: vec![guest], ..GroupRecord::new(id, since) };
                self.groups.add(project);
            }
            GuestAssignment::DirectoryRole => self.directory.change(&guest, |guest| {
                if !guest.has_role(contoso::DIRECTORY_READERS.template) {
                    guest.roles.push(contoso::DIRECTORY_READERS);
                }
            }),
            GuestAssignment::License => self.directory.change(&guest, |guest| guest.is_licensed = true),
            GuestAssignment::AppRole => {
                let id = self.ids.guid();
                self.applications.assign(id, &guest, (applications::WIKI, applications::DEFAULT_ROLE), since);
            }
        }
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

    /// Groups and roles of a person. Without a permission for their types only type and id are shown:
    /// <https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects>.
    pub(super) fn memberships(&self, expansion: &Expansion, person: &Person, caller: &Caller) -> Value {
        let may_read = caller.has_any(READ_ALL);
        let shown = |kind: &str, id: &str, name: &str| {
            let name = if may_read { json!(name) } else { Value::Null };
            let mut shown = selection::only(json!({"id": id, "deletedDateTime": null, "displayName": name}), expansion.select.as_deref());
            shown.insert("@odata.type".into(), json!(format!("#microsoft.graph.{kind}")));
            Value::Object(shown)
        };
        let groups = self.groups.with_member(&person.id).map(|group| shown("group", &group.id, &group.display_name));
        let roles = person.roles.iter().map(|role| shown("directoryRole", role.template, role.name));
        groups.chain(roles).take(EXPANDED_MOST).collect()
    }
}
