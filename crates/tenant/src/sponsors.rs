//! Sponsors of users: people and groups who answer for a guest. <https://learn.microsoft.com/graph/api/user-list-sponsors>

use super::directory::Person;
use super::filter::USER;
use super::graph_api::insufficient;
use super::groups::{already_there, bad_request, not_there};
use super::invitations::GLOBAL_ADMINISTRATOR;
use super::reads::not_found;
use super::recycle_bin::no_content;
use super::resources::{AllowedCall, GraphCall, GraphRoute, ScopeList, Service, delete, get, post};
use super::{Tenant, contoso, payload, query};
use graph::Reply;
use serde_json::{Map, Value};

/// So many sponsors one user has at most: <https://learn.microsoft.com/graph/api/user-post-sponsors>.
const MOST: usize = 5;
const READING: ScopeList = &["User.Read", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
const WRITING: ScopeList = &["User.ReadWrite.All", "Directory.ReadWrite.All"];
/// That Guest Inviters may not is the fact; that these may is our reading of
/// <https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>.
const WRITERS: [&str; 3] = [GLOBAL_ADMINISTRATOR, contoso::USER_ADMINISTRATOR.template, contoso::DIRECTORY_WRITERS.template];

pub(super) static ROUTES: &[GraphRoute] = &[
    route("users/{}/sponsors", &[get(READING, query::ROLES, |tenant, asked| tenant.list_sponsors(asked).into())]),
    route("users/{}/sponsors/$ref", &[post(WRITING, |tenant, asked| tenant.add_sponsor(asked).into())]),
    route("users/{}/sponsors/{}/$ref", &[delete(WRITING, |tenant, asked| tenant.remove_sponsor(asked).into())]),
];

const fn route(pattern: &'static str, calls: &'static [AllowedCall]) -> GraphRoute {
    GraphRoute { pattern, service: Service::Directory, kind: &USER, calls }
}

impl Tenant {
    fn list_sponsors(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let person = self.user_called(asked.id(), asked.now).ok_or_else(|| not_found(asked.id()))?;
        if person.id != asked.me.id && !asked.caller.has_any(&READING[1..]) {
            return Err(insufficient());
        }
        let shown = |id: &String| self.shown_sponsor(id, asked.query.select.as_deref());
        let sponsors: Vec<Map<String, Value>> = person.sponsors.iter().filter_map(shown).collect();
        Ok(self.page(&sponsors, &asked.query, asked.request, "directoryObjects", Map::clone))
    }

    fn add_sponsor(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = payload::read(asked.request, &payload::REFERENCE)?;
        let person = self.sponsored(asked)?;
        let sponsor = self.referenced_sponsor(&body["@odata.id"], asked.now)?;
        let sponsors = self.directory.by_id(&person).map(|person| person.sponsors.clone()).unwrap_or_default();
        // By analogy with members of groups.
        if sponsors.contains(&sponsor) {
            return Err(already_there("sponsors"));
        }
        if sponsors.len() >= MOST {
            return Err(bad_request(&format!("A user can have at most {MOST} sponsors.")));
        }
        self.directory.change(&person, |person| person.sponsors.push(sponsor));
        Ok(no_content())
    }

    fn remove_sponsor(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let person = self.sponsored(asked)?;
        let mut is_removed = false;
        self.directory.change(&person, |person| {
            let before = person.sponsors.len();
            person.sponsors.retain(|id| !id.eq_ignore_ascii_case(asked.nth_id(1)));
            is_removed = person.sponsors.len() < before;
        });
        if is_removed { Ok(no_content()) } else { Err(not_there("sponsors")) }
    }

    /// The user of the path, whom the caller may change.
    fn sponsored(&mut self, asked: &GraphCall<'_>) -> Result<String, Reply> {
        self.count_write(asked.now)?;
        if !WRITERS.iter().any(|role| asked.me.has_role(role)) {
            return Err(insufficient());
        }
        self.user_called(asked.id(), asked.now).map(|person| person.id.clone()).ok_or_else(|| not_found(asked.id()))
    }

    /// The sponsors that an invitation names; without any the inviter is one: <https://learn.microsoft.com/graph/api/invitation-post>.
    ///
    /// # Errors
    /// 400 for an id that leads to nobody: our reading.
    pub(super) fn invited_sponsors(&self, inviter: &Person, body: &Value) -> Result<Vec<String>, Reply> {
        let named = body["invitedUserSponsors"].as_array().filter(|all| !all.is_empty());
        let Some(named) = named else { return Ok(vec![inviter.id.clone()]) };
        let one = |sponsor: &Value| {
            let link = sponsor["id"].as_str().or(sponsor["@odata.id"].as_str()).unwrap_or_default();
            let person = link.rsplit('/').next().and_then(|id| self.directory.by_id(id)).filter(|person| !person.is_deleted());
            person.map(|person| person.id.clone()).ok_or_else(|| bad_request("Not a valid reference update."))
        };
        named.iter().map(one).collect()
    }
}
