//! Applications as service principals, and who has which of their roles. <https://learn.microsoft.com/graph/api/resources/approleassignment>

use super::directory::Person;
use super::filter::{ObjectType, Property};
use super::graph_api::{insufficient, refusal};
use super::groups::bad_request;
use super::query;
use super::reads::not_found;
use super::recycle_bin::no_content;
use super::resources::{AllowedCall, GraphCall, GraphRoute, ScopeList, Service, delete, get, post};
use super::{Tenant, contoso, json_reply, payload, selection};
use graph::Reply;
use serde_json::{Map, Value, json};
use time::Moment;

/// An application that defines no roles.
pub(super) const WIKI: &str = "a9911ca7-c070-4050-a000-c0ffee000005";
/// The role of an application that defines none.
pub(super) const DEFAULT_ROLE: &str = "00000000-0000-0000-0000-000000000000";
/// Who assigns roles of applications, beside the permission: <https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto>.
const WRITERS: [&str; 4] = [
    super::invitations::GLOBAL_ADMINISTRATOR,
    contoso::USER_ADMINISTRATOR.template,
    // Application Administrator, Cloud Application Administrator.
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "158c047a-c907-4556-b7ef-446551a6b5f7",
];

const READING: ScopeList = &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const OF_USERS: ScopeList = &["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"];
const ASSIGNING: ScopeList = &["AppRoleAssignment.ReadWrite.All"];

static SERVICE_PRINCIPAL: ObjectType = ObjectType {
    name: "servicePrincipal",
    service: Service::Directory,
    properties: &[Property::text("id"), Property::text("appId"), Property::text("displayName").by_prefix()],
    navigations: &[],
};

const ASSIGNED_TO: &[AllowedCall] = &[
    get(READING, query::ROLES, |tenant, asked| tenant.assigned_to(asked).into()),
    post(ASSIGNING, |tenant, asked| tenant.assign_app_role(asked, "resourceId").into()),
];

pub(super) static ROUTES: &[GraphRoute] = &[
    route("servicePrincipals", &[get(READING, query::COLLECTION, |tenant, asked| tenant.list_applications(asked).into())]),
    route("servicePrincipals/{}", &[get(READING, query::ONE, |tenant, asked| tenant.application(asked).into())]),
    route("servicePrincipals(appId)", &[get(READING, query::ONE, |tenant, asked| tenant.application(asked).into())]),
    route("servicePrincipals/{}/appRoleAssignedTo", ASSIGNED_TO),
    route("servicePrincipals(appId)/appRoleAssignedTo", ASSIGNED_TO),
    route(
        "servicePrincipals/{}/appRoleAssignedTo/{}",
        &[delete(ASSIGNING, |tenant, asked| tenant.remove_app_role(asked, |role| role.resource).into())],
    ),
    route(
        "users/{}/appRoleAssignments",
        &[
            get(OF_USERS, query::ROLES, |tenant, asked| tenant.app_roles(asked).into()),
            post(ASSIGNING, |tenant, asked| tenant.assign_app_role(asked, "principalId").into()),
        ],
    ),
    route(
        "users/{}/appRoleAssignments/{}",
        &[delete(ASSIGNING, |tenant, asked| tenant.remove_app_role(asked, |role| &role.principal).into())],
    ),
];

const fn route(pattern: &'static str, calls: &'static [AllowedCall]) -> GraphRoute {
    GraphRoute { pattern, service: Service::Directory, kind: &SERVICE_PRINCIPAL, calls }
}

/// An application of Contoso's, with id, value and name of each role.
#[derive(Clone, Debug)]
pub(super) struct ApplicationRecord {
    pub(super) id: &'static str,
    pub(super) app_id: &'static str,
    pub(super) display_name: &'static str,
    pub(super) roles: &'static [(&'static str, &'static str, &'static str)],
}

pub(super) static APPLICATIONS: [ApplicationRecord; 3] = [
    ApplicationRecord { id: WIKI, app_id: "a9911ca7-c070-4050-a000-c0ffee000015", display_name: "Contoso Wiki", roles: &[] },
    ApplicationRecord {
        id: "a9911ca7-c070-4050-a000-c0ffee000006",
        app_id: "a9911ca7-c070-4050-a000-c0ffee000016",
        display_name: "Contoso Expenses",
        roles: &[
            ("a9911ca7-c070-4050-a000-c0ffee000026", "Expenses.Submit", "Submitter"),
            ("a9911ca7-c070-4050-a000-c0ffee000036", "Expenses.Approve", "Approver"),
        ],
    },
    ApplicationRecord {
        id: "a9911ca7-c070-4050-a000-c0ffee000007",
        app_id: "a9911ca7-c070-4050-a000-c0ffee000017",
        display_name: "Contoso Tickets",
        roles: &[("a9911ca7-c070-4050-a000-c0ffee000027", "Tickets.ReadWrite", "Agent")],
    },
];

impl ApplicationRecord {
    pub(super) fn by_id(id: &str) -> Option<&'static Self> {
        APPLICATIONS.iter().find(|one| one.id.eq_ignore_ascii_case(id) || one.app_id.eq_ignore_ascii_case(id))
    }

    /// Ids and names of the roles that somebody can have.
    pub(super) fn roles(&self) -> Vec<(&'static str, &'static str)> {
        let own = self.roles.iter().map(|(id, _, name)| (*id, *name));
        if self.roles.is_empty() { vec![(DEFAULT_ROLE, "Default Access")] } else { own.collect() }
    }

    fn full(&self) -> Value {
        let role = |(id, value, name): &(&str, &str, &str)| {
            json!({"id": id, "value": value, "displayName": name, "description": name, "isEnabled": true, "allowedMemberTypes": ["User"],
                "origin": "Application"})
        };
        let roles: Vec<Value> = self.roles.iter().map(role).collect();
        json!({"id": self.id, "appId": self.app_id, "displayName": self.display_name, "appDisplayName": self.display_name,
            "accountEnabled": true, "appRoleAssignmentRequired": true, "servicePrincipalType": "Application", "appRoles": roles})
    }
}

/// That somebody has a role of an application.
#[derive(Clone, Debug)]
pub(super) struct AppRoleRecord {
    id: String,
    principal: String,
    resource: &'static str,
    role: String,
    since: Moment,
}

#[derive(Clone, Default)]
pub(super) struct Applications {
    assigned: Vec<AppRoleRecord>,
}

impl Applications {
    /// Gives somebody a role: application and role by id.
    pub(super) fn assign(&mut self, id: String, principal: &str, (resource, role): (&'static str, &str), since: Moment) {
        self.assigned.push(AppRoleRecord { id, principal: principal.into(), resource, role: role.into(), since });
    }

    pub(super) fn has(&self, principal: &str, resource: &str, role: &str) -> bool {
        self.assigned.iter().any(|one| one.principal == principal && one.resource == resource && one.role == role)
    }

    pub(super) fn remove(&mut self, principal: &str, resource: &str, role: &str) {
        self.assigned.retain(|one| one.principal != principal || one.resource != resource || one.role != role);
    }
}

impl Tenant {
    fn list_applications(&self, asked: &GraphCall<'_>) -> Reply {
        let shown = APPLICATIONS.iter().filter_map(|one| match one.full() {
            Value::Object(full) if asked.query.fits(&full) => Some(full),
            _ => None,
        });
        let found: Vec<Map<String, Value>> = shown.collect();
        let select = asked.query.select.as_deref();
        self.page(&found, &asked.query, asked.request, "servicePrincipals", |full| selection::only(Value::Object(full.clone()), select))
    }

    fn application(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let found = ApplicationRecord::by_id(asked.id()).ok_or_else(|| not_found(asked.id()))?;
        Ok(self.entity("servicePrincipals", &asked.query, selection::only(found.full(), asked.query.select.as_deref())))
    }

    fn assigned_to(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let found = ApplicationRecord::by_id(asked.id()).ok_or_else(|| not_found(asked.id()))?;
        let roles: Vec<&AppRoleRecord> = self.applications.assigned.iter().filter(|role| role.resource == found.id).collect();
        let select = asked.query.select.as_deref();
        Ok(self.page(&roles, &asked.query, asked.request, "appRoleAssignments", |role| selection::only(self.shown_app_role(role), select)))
    }

    /// `GET /users/{id}/appRoleAssignments`. The roles that the documentation names are those of everybody at Contoso who holds any:
    /// <https://learn.microsoft.com/graph/api/user-list-approleassignments#permissions>.
    fn app_roles(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        if asked.me.roles.is_empty() {
            return Err(insufficient());
        }
        let person = self.user_called(asked.id(), asked.now).ok_or_else(|| not_found(asked.id()))?;
        let roles = self.applications.assigned.iter().filter(|role| role.principal == person.id);
        // What is beyond the page is not told of: microsoft-graph-docs-contrib #6525.
        let found: Vec<&AppRoleRecord> = roles.take(asked.query.top).collect();
        let select = asked.query.select.as_deref();
        Ok(self.page(&found, &asked.query, asked.request, "appRoleAssignments", |role| selection::only(self.shown_app_role(role), select)))
    }

    fn shown_app_role(&self, role: &AppRoleRecord) -> Value {
        let name = |person: &Person| person.display_name.clone();
        json!({
            "id": role.id, "deletedDateTime": null, "appRoleId": role.role, "createdDateTime": role.since.iso(),
            "principalDisplayName": self.directory.by_id(&role.principal).map(|person| name(person)), "principalId": role.principal,
            "principalType": "User", "resourceId": role.resource,
            "resourceDisplayName": ApplicationRecord::by_id(role.resource).map(|one| one.display_name),
        })
    }

    /// Assigns a role. `owned_by`: which member of the body the path says once more.
    fn assign_app_role(&mut self, asked: &GraphCall<'_>, owned_by: &str) -> Result<Reply, Reply> {
        let body = payload::read(asked.request, &payload::APP_ROLE_ASSIGNMENT)?;
        self.count_write(asked.now)?;
        // Both permissions are needed: <https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto>.
        if owned_by == "resourceId" && !asked.caller.has_any(READING) || !WRITERS.iter().any(|role| asked.me.has_role(role)) {
            return Err(insufficient());
        }
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let application = ApplicationRecord::by_id(text("resourceId")).ok_or_else(|| not_found(text("resourceId")))?;
        let named = if owned_by == "resourceId" { application.id } else { text("principalId") };
        let path = ApplicationRecord::by_id(asked.id()).map_or(asked.id(), |one| one.id);
        if !named.eq_ignore_ascii_case(path) {
            return Err(bad_request(&format!("The value of '{owned_by}' is not the one of the path.")));
        }
        let Some(role) = application.roles().into_iter().find(|(id, _)| id.eq_ignore_ascii_case(text("appRoleId"))) else {
            return Err(bad_request("Permission being assigned was not found on application."));
        };
        // In these words where somebody was made a second ago, too.
        let principal = self.user_called(text("principalId"), asked.now).filter(|person| !person.is_deleted());
        let principal = principal.ok_or_else(|| bad_request("Not a valid reference update."))?.id.clone();
        if self.applications.has(&principal, application.id, role.0) {
            return Err(bad_request("Permission being assigned already exists on the object"));
        }
        let id = self.ids.guid();
        self.applications.assign(id, &principal, (application.id, role.0), asked.now);
        let created = self.applications.assigned.last().map(|role| self.shown_app_role(role));
        let mut created = created.ok_or_else(|| refusal(500, "InternalServerError", ""))?;
        created["@odata.context"] = json!(self.context("appRoleAssignments/$entity"));
        Ok(json_reply(201, &created))
    }

    /// Takes the role away that the path names second, of whoever it names first.
    fn remove_app_role(&mut self, asked: &GraphCall<'_>, owner: fn(&AppRoleRecord) -> &str) -> Result<Reply, Reply> {
        self.count_write(asked.now)?;
        if !WRITERS.iter().any(|role| asked.me.has_role(role)) {
            return Err(insufficient());
        }
        let is_meant = |role: &AppRoleRecord| role.id == asked.nth_id(1) && owner(role).eq_ignore_ascii_case(asked.id());
        let place = self.applications.assigned.iter().position(is_meant).ok_or_else(|| not_found(asked.nth_id(1)))?;
        self.applications.assigned.remove(place);
        Ok(no_content())
    }
}
