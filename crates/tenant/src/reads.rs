//! What is read from the directory: the caller, users, deleted users, contacts, roles and the organisation.

use super::directory::{Person, Role};
use super::graph_api::{Caller, insufficient, refusal};
use super::query::Query;
use super::resources::GraphCall;
use super::{Tenant, contoso, filter, json_reply, selection};
use graph::{Headers, Reply, Request};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use time::Moment;

impl Tenant {
    /// A context URL: <https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html#sec_ContextURL>
    pub(super) fn context(&self, of: &str) -> String {
        format!("{}/v1.0/$metadata#{of}", self.origins.graph)
    }

    /// One object of a set, with its context.
    pub(super) fn entity(&self, set: &str, query: &Query, shown: Map<String, Value>) -> Reply {
        let mut body = Map::new();
        body.insert("@odata.context".into(), json!(self.context(&format!("{}/$entity", query.projected(set)))));
        body.extend(shown);
        json_reply(200, &Value::Object(body))
    }

    pub(super) fn me(&self, me: &Person, query: &Query) -> Reply {
        self.entity("users", query, me.selected(query.select.as_deref(), false))
    }

    pub(super) fn user(&self, caller: &Caller, id: &str, query: &Query, now: Moment) -> Reply {
        if !query.expand.is_empty() && only_basic(caller) {
            return insufficient();
        }
        match self.user_called(id, now) {
            Some(person) => self.entity("users", query, self.shown(person, query, caller)),
            None => not_found(id),
        }
    }

    /// The user of this id or sign-in name, as reads show it.
    pub(super) fn user_called(&self, id: &str, now: Moment) -> Option<&Arc<Person>> {
        let mut found = self.directory.known_as(id).filter(|person| person.is_visible(now));
        found.find(|person| person.id.eq_ignore_ascii_case(id) || person.user_principal_name.eq_ignore_ascii_case(id))
    }

    pub(super) fn contacts(&self, query: &Query, request: &Request) -> Reply {
        let found: Vec<Arc<Person>> = contoso::contacts().into_iter().filter(|contact| query.fits(contact)).map(Arc::new).collect();
        let select = query.select.as_deref().unwrap_or("id,displayName,mail,proxyAddresses");
        // A contact is an open type as well, so of what it does not have nothing comes.
        let select: Vec<&str> = select.split(',').map(str::trim).filter(|name| selection::has(filter::CONTACT.name, name)).collect();
        let select = select.join(",");
        self.page(&found, query, request, "contacts", |contact: &Arc<Person>| contact.selected(Some(&select), false))
    }

    /// How many people the query fits. Without the header: microsoft-graph-docs #13226.
    pub(super) fn user_count(&self, query: &Query, headers: &Headers, now: Moment) -> Reply {
        if headers.get("ConsistencyLevel").is_none_or(|level| !level.eq_ignore_ascii_case("eventual")) {
            return refusal(400, "Request_BadRequest", "$count is not currently supported.");
        }
        let count = self.directory.visible(now).filter(|person| query.fits(person.as_ref())).count();
        Reply { status: 200, headers: Headers::default().with("Content-Type", "text/plain"), body: count.to_string() }
    }

    /// Users, or those in the recycle bin.
    pub(super) fn people(&self, asked: &GraphCall<'_>, is_deleted: bool) -> Reply {
        let GraphCall { caller, query, request, now, .. } = asked;
        let now = *now;
        if !query.expand.is_empty() && only_basic(caller) {
            return insufficient();
        }
        let people: Vec<&Arc<Person>> = match query.filter.as_ref().and_then(super::filter::Filter::named) {
            Some(names) => self.directory.among(&names),
            None => self.directory.all().collect(),
        };
        let is_shown = |person: &Person| if is_deleted { self.is_in_bin(person, now) } else { person.is_visible(now) };
        let is_there = |person: &&Arc<Person>| is_shown(person) && query.fits(person.as_ref());
        let mut found: Vec<Arc<Person>> = people.into_iter().filter(is_there).cloned().collect();
        if let Some(order) = query.order {
            found.sort_by(|one, other| order.compare(one, other, |person| self.deleted_at(person)));
        }
        self.page(&found, query, request, "users", |person: &Arc<Person>| {
            if is_deleted { self.shown_in_bin(person, query, caller) } else { self.shown(person, query, caller) }
        })
    }

    /// One page of a collection. `nextLink` is opaque and ends the pages by its absence; the number of all stands on the first page
    /// (microsoft-graph-docs #22341).
    pub(super) fn page<T>(
        &self,
        found: &[T],
        query: &Query,
        request: &Request,
        of: &str,
        shown: impl Fn(&T) -> Map<String, Value>,
    ) -> Reply {
        let mut body = json!({"@odata.context": self.context(&query.projected(of))});
        if query.counted && query.start == 0 {
            body["@odata.count"] = json!(found.len());
        }
        // A page may hold fewer than were asked for: learn.microsoft.com/graph/paging.
        let most = usize::try_from(self.knobs.page_size).ok().filter(|most| *most > 0).unwrap_or(usize::MAX);
        let size = query.top.min(most);
        let end = query.start.saturating_add(size);
        if end < found.len() {
            let (path, pairs) = super::split(&request.path);
            let mut next = url::form_urlencoded::Serializer::new(String::new());
            next.extend_pairs(pairs.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken")));
            next.append_pair("$skiptoken", &query.token(end));
            body["@odata.nextLink"] = json!(format!("{}/v1.0{path}?{}", self.origins.graph, next.finish()));
        }
        body["value"] = found.iter().skip(query.start).take(size).map(|one| Value::Object(shown(one))).collect();
        json_reply(200, &body)
    }

    /// What is shown of a user: what `$select` names, and what is expanded.
    pub(super) fn shown(&self, person: &Person, query: &Query, caller: &Caller) -> Map<String, Value> {
        let mut shown = person.selected(query.select.as_deref(), only_basic(caller));
        for expansion in &query.expand {
            shown.insert(expansion.name.into(), self.memberships(expansion, person, caller));
        }
        shown
    }

    /// Roles and groups of whoever asks.
    pub(super) fn my_memberships(&self, asked: &GraphCall<'_>) -> Reply {
        let select = asked.query.select.as_deref();
        let typed = |kind: &str, mut shown: Map<String, Value>| {
            shown.insert("@odata.type".into(), json!(format!("#microsoft.graph.{kind}")));
            shown
        };
        let roles = asked.me.roles.iter().map(|role| typed("directoryRole", shown_role(role, select)));
        let groups = self.groups.with_member(&asked.me.id).map(|group| typed("group", selection::only(group.full(), select)));
        let all: Vec<Map<String, Value>> = roles.chain(groups).collect();
        self.page(&all, &asked.query, asked.request, "directoryObjects", Map::clone)
    }

    pub(super) fn my_roles(&self, asked: &GraphCall<'_>) -> Reply {
        let select = asked.query.select.as_deref();
        self.page(&asked.me.roles, &asked.query, asked.request, "directoryRoles", |role| shown_role(role, select))
    }

    pub(super) fn my_groups(&self, asked: &GraphCall<'_>) -> Reply {
        let select = asked.query.select.as_deref();
        let groups: Vec<_> = self.groups.with_member(&asked.me.id).collect();
        self.page(&groups, &asked.query, asked.request, "groups", |group| selection::only(group.full(), select))
    }

    /// A collection that holds nothing.
    pub(super) fn nothing(&self, asked: &GraphCall<'_>, set: &str) -> Reply {
        self.page(&[], &asked.query, asked.request, set, Map::clone)
    }

    /// With `User.Read` Graph shows only id, name and domains; the others are null (learn.microsoft.com/graph/api/organization-list), or
    /// empty, where the schema has no null.
    pub(super) fn organization(&self, caller: &Caller, query: &Query) -> Reply {
        let mut organization = json!({"id": contoso::TENANT_ID, "displayName": contoso::NAME, "verifiedDomains": [
            {"name": contoso::DOMAIN, "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email, OfficeCommunicationsOnline"},
            {"name": contoso::INITIAL_DOMAIN, "isDefault": false, "isInitial": true, "type": "Managed", "capabilities": "Email"},
        ]});
        let may_read = caller.has_any(&["Organization.Read.All", "Directory.Read.All"]);
        for (name, value) in self.subscription() {
            organization[name] = if may_read {
                value
            } else if value.is_array() {
                json!([])
            } else {
                Value::Null
            };
        }
        if let (Some(names), Some(members)) = (&query.select, organization.as_object_mut()) {
            members.retain(|own, _| names.split(',').any(|name| name.trim().eq_ignore_ascii_case(own)));
        }
        json_reply(200, &json!({"@odata.context": self.context("organization"), "value": [organization]}))
    }
}

fn shown_role(role: &Role, select: Option<&str>) -> Map<String, Value> {
    let all = json!({"id": role.template, "displayName": role.name, "roleTemplateId": role.template,
        "deletedDateTime": null, "description": null});
    selection::only(all, select)
}

/// What Graph says of an id that leads nowhere, or not yet.
pub(super) fn not_found(id: &str) -> Reply {
    let words = format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
    refusal(404, "Request_ResourceNotFound", &words)
}

fn only_basic(caller: &Caller) -> bool {
    let full = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
    !caller.scopes.iter().any(|scope| full.contains(&scope.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::tests::{NOW, asked, request, tenant};
    use graph::Method;

    #[test]
    fn of_what_a_contact_does_not_have_nothing_comes() {
        let mut tenant = tenant("guest-inviter", &["OrgContact.Read.All"]);
        let mut members = |select: &str| {
            let (status, told) = asked(&mut tenant, &request(Method::Get, &format!("/contacts?$select={select}"), None), NOW);
            let connie = told["value"][0].as_object().cloned().unwrap();
            (status, connie.keys().filter(|name| !name.starts_with('@')).cloned().collect::<Vec<_>>())
        };
        assert_eq!(members("id,userType,userPrincipalName,mail"), (200, vec!["id".to_owned(), "mail".to_owned()]));
        assert_eq!(members("userType"), (200, Vec::new()));
    }
}
