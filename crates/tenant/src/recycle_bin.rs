//! Deleting users, and what lies in the recycle bin for 30 days. <https://learn.microsoft.com/graph/api/resources/directory>

use super::directory::{Deletion, Person};
use super::graph_api::{Caller, insufficient, refusal};
use super::invitations::GLOBAL_ADMINISTRATOR;
use super::query::Query;
use super::reads::not_found;
use super::{Tenant, contoso, json_reply, payload};
use graph::{Headers, Reply, Request};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use time::{Millis, Moment};

/// Restorable for so long: <https://learn.microsoft.com/graph/api/directory-deleteditems-list>.
const KEPT: Millis = Millis::days(30);
const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: &str = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";
/// Who may delete users: <https://learn.microsoft.com/graph/api/user-delete#permissions>, and whoever may do everything.
const DELETERS: [&str; 3] = [contoso::USER_ADMINISTRATOR.template, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// Who may restore them: <https://learn.microsoft.com/graph/api/directory-deleteditems-restore#permissions>.
const RESTORERS: [&str; 2] = [contoso::USER_ADMINISTRATOR.template, GLOBAL_ADMINISTRATOR];
/// Roles that take no higher one to delete whoever holds them:
/// <https://learn.microsoft.com/graph/api/resources/users#who-can-perform-sensitive-actions>.
const HARMLESS: [&str; 2] = [contoso::GUEST_INVITER.template, contoso::DIRECTORY_READERS.template];

impl Tenant {
    /// `DELETE /users/{id}`.
    pub(super) fn delete_user(&mut self, me: &Person, id: &str, now: Moment) -> Reply {
        if let Err(refused) = self.may_write(me, &DELETERS, now) {
            return refused;
        }
        // A guest who was made a moment ago is not known here yet, and one who was deleted a moment ago no longer.
        let Some(person) = self.user_called(id, now).filter(|person| !person.is_deleted()) else { return not_found(id) };
        if is_privileged(person) {
            return insufficient();
        }
        let id = person.id.clone();
        let seen_from = now + self.delay();
        self.directory.change(&id, |person| person.deleted = Some(Deletion::At { when: now, seen_from }));
        no_content()
    }

    /// `GET /directory/deletedItems/{id}`.
    pub(super) fn deleted_user(&self, caller: &Caller, id: &str, query: &Query, now: Moment) -> Reply {
        let Some(person) = self.in_bin(id, now) else { return not_found(id) };
        self.entity("directoryObjects", query, with_type(self.shown_in_bin(person, query, caller)))
    }

    /// `POST /directory/deletedItems/{id}/restore`.
    pub(super) fn restore_user(&mut self, me: &Person, id: &str, request: &Request, now: Moment) -> Reply {
        if request.body.as_deref().is_some_and(|body| !body.is_empty())
            && let Err(refused) = payload::read(request, &payload::RESTORE)
        {
            return refused;
        }
        if let Err(refused) = self.may_write(me, &RESTORERS, now) {
            return refused;
        }
        let Some(person) = self.in_bin(id, now).cloned() else { return not_found(id) };
        if is_privileged(&person) {
            return insufficient();
        }
        if let Some(property) = self.taken(&person) {
            return conflict(property);
        }
        let visible_from = now + self.delay();
        self.directory.change(&person.id, |person| {
            person.deleted = None;
            person.visible_from = visible_from;
        });
        self.entity("directoryObjects", &Query::default(), with_type(person.selected(None, false)))
    }

    /// `DELETE /directory/deletedItems/{id}`: <https://learn.microsoft.com/graph/api/directory-deleteditems-delete>.
    pub(super) fn purge_user(&mut self, me: &Person, id: &str, now: Moment) -> Reply {
        if let Err(refused) = self.may_write(me, &DELETERS, now) {
            return refused;
        }
        let Some(person) = self.in_bin(id, now) else { return not_found(id) };
        if is_privileged(person) {
            return insufficient();
        }
        let id = person.id.clone();
        self.directory.change(&id, |person| person.deleted = Some(Deletion::ForGood));
        self.end_assignments_of(&id, now);
        no_content()
    }

    /// What is shown of a user who lies in the recycle bin.
    pub(super) fn shown_in_bin(&self, person: &Person, query: &Query, caller: &Caller) -> Map<String, Value> {
        let mut shown = self.shown(person, query, caller);
        if let Some(when) = shown.get_mut("deletedDateTime") {
            *when = json!(self.deleted_at(person).map(Moment::iso));
        }
        shown
    }

    /// When somebody was deleted who can be restored, or could.
    pub(super) fn deleted_at(&self, person: &Person) -> Option<Moment> {
        match person.deleted? {
            Deletion::AsStoryBegan => self.begun,
            Deletion::At { when, .. } => Some(when),
            Deletion::ForGood => None,
        }
    }

    /// Whether reads show somebody in the recycle bin.
    pub(super) fn is_in_bin(&self, person: &Person, now: Moment) -> bool {
        let is_seen = !matches!(person.deleted, Some(Deletion::At { seen_from, .. }) if now < seen_from);
        is_seen && self.deleted_at(person).is_some_and(|when| now - when < KEPT)
    }

    fn in_bin(&self, id: &str, now: Moment) -> Option<&Arc<Person>> {
        self.directory.known_as(id).find(|person| person.id.eq_ignore_ascii_case(id) && self.is_in_bin(person, now))
    }

    /// # Errors
    /// 429 beyond the quota, 403 without one of these roles.
    fn may_write(&mut self, me: &Person, roles: &[&str], now: Moment) -> Result<(), Reply> {
        self.count_write(now)?;
        if roles.iter().any(|role| me.has_role(role)) { Ok(()) } else { Err(insufficient()) }
    }

    /// What of this person somebody else has by now: a sign-in name, or an address.
    fn taken(&self, person: &Person) -> Option<&'static str> {
        let is_taken = |text: &str| {
            let mut others = self.directory.known_as(text).filter(|other| other.id != person.id && !other.is_deleted());
            others.any(|other| other.owns(text))
        };
        if is_taken(&person.user_principal_name) {
            return Some("userPrincipalName");
        }
        // Main addresses are among the proxy addresses: <https://learn.microsoft.com/graph/api/resources/user#properties>.
        let proxies = person.proxy_addresses.iter().filter_map(|proxy| proxy.split_once(':').map(|(_, address)| address));
        person.mail.as_deref().into_iter().chain(proxies).any(is_taken).then_some("proxyAddresses")
    }

    fn delay(&self) -> Millis {
        Millis(i64::from(self.knobs.delay_ms))
    }
}

fn is_privileged(person: &Person) -> bool {
    person.roles.iter().any(|role| !HARMLESS.contains(&role.template))
}

/// What is told of a directory object names its type.
pub(super) fn with_type(mut shown: Map<String, Value>) -> Map<String, Value> {
    shown.insert("@odata.type".into(), json!("#microsoft.graph.user"));
    shown
}

pub(super) fn no_content() -> Reply {
    Reply { status: 204, headers: Headers::default(), body: String::new() }
}

/// As a second user with the same name is refused: microsoft-graph-docs #1508.
fn conflict(property: &str) -> Reply {
    let words = format!("Another object with the same value for property {property} already exists.");
    let refused = refusal(400, "Request_BadRequest", &words);
    let mut body: Value = serde_json::from_str(&refused.body).unwrap_or_default();
    body["error"]["details"] = json!([{"code": "ObjectConflict", "target": property}]);
    json_reply(400, &body)
}
