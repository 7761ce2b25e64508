//! Who may what: roles of the directory for everything, roles of entitlement management for one catalog or for all.
//! <https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate>

use super::bodies;
use super::object_view::{CATALOGS, found};
use super::{millis, unauthorized};
use crate::directory::Person;
use crate::graph_api::refusal;
use crate::invitations::GLOBAL_ADMINISTRATOR;
use crate::recycle_bin::no_content;
use crate::resources::GraphCall;
use crate::{Tenant, contoso};
use graph::Reply;
use serde_json::{Value, json};
use time::Moment;

pub(super) const CATALOG_CREATOR: &str = "ba92d953-d8e0-4e39-a797-0cbedb0a89e8";
pub(super) const CATALOG_OWNER: &str = "ae79f266-94d4-4dab-b730-feca7e132178";
pub(super) const CATALOG_READER: &str = "44272f93-9762-48e8-af59-1b5351b1d6b3";
pub(super) const PACKAGE_MANAGER: &str = "7f480852-ebdc-47d4-87de-0d8498384a83";
pub(super) const ASSIGNMENT_MANAGER: &str = "e2182095-804a-4656-ae11-64734e9b7ae5";
const CATALOG_ROLES: [&str; 5] = [CATALOG_CREATOR, CATALOG_OWNER, CATALOG_READER, PACKAGE_MANAGER, ASSIGNMENT_MANAGER];

/// Everything, connected organizations and settings too.
const GOVERNORS: [&str; 2] = [contoso::GOVERNANCE.template, GLOBAL_ADMINISTRATOR];
/// Security Reader, Global Reader, Compliance Administrator, Security Administrator.
const READERS: [&str; 4] = [
    "5d6b6bb7-de71-4623-b4af-96380a352509",
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    "17315797-102d-40b4-93e0-432062caca18",
    "194ae4cb-b126-40b2-bd5b-6091b380977d",
];

/// What somebody wants to do in a catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CatalogTask {
    Read,
    /// The catalog itself, its resources and roles.
    Own,
    ManagePackages,
    ManageAssignments,
}

impl CatalogTask {
    /// The roles of a catalog that suffice.
    const fn roles(self) -> &'static [&'static str] {
        match self {
            Self::Read => &[CATALOG_OWNER, CATALOG_READER, PACKAGE_MANAGER, ASSIGNMENT_MANAGER],
            Self::Own => &[CATALOG_OWNER],
            Self::ManagePackages => &[CATALOG_OWNER, PACKAGE_MANAGER],
            Self::ManageAssignments => &[CATALOG_OWNER, PACKAGE_MANAGER, ASSIGNMENT_MANAGER],
        }
    }
}

/// A role of entitlement management that somebody has.
#[derive(Clone, Debug)]
pub(super) struct RoleAssignmentRecord {
    pub(super) id: String,
    principal: String,
    role: String,
    /// `/` or `/AccessPackageCatalog/{id}`.
    scope: String,
    since: Moment,
}

impl RoleAssignmentRecord {
    /// Somebody owns this catalog.
    pub(super) fn owner(id: String, person: &Person, catalog: &str, since: Moment) -> Self {
        let scope = format!("/AccessPackageCatalog/{catalog}");
        Self { id, principal: person.id.clone(), role: CATALOG_OWNER.to_owned(), scope, since }
    }

    pub(super) fn full(&self) -> Value {
        let (app, directory) = if self.scope == "/" { (Value::Null, json!("/")) } else { (json!(self.scope), Value::Null) };
        json!({"id": self.id, "principalId": self.principal, "roleDefinitionId": self.role, "appScopeId": app,
            "directoryScopeId": directory})
    }
}

pub(super) fn is_governor(person: &Person) -> bool {
    GOVERNORS.iter().any(|role| person.has_role(role))
}

impl Tenant {
    /// Whether somebody may do this in this catalog.
    pub(super) fn may(&self, person: &Person, task: CatalogTask, catalog: &str, now: Moment) -> bool {
        is_governor(person)
            || task == CatalogTask::Read && READERS.iter().any(|role| person.has_role(role))
            || task.roles().iter().any(|role| self.has_catalog_role(person, role, catalog, now))
    }

    fn has_catalog_role(&self, person: &Person, role: &str, catalog: &str, now: Moment) -> bool {
        let delay = millis(self.knobs.governance_role_ms);
        let is_here = |scope: &str| scope == "/" || scope.rsplit('/').next().is_some_and(|id| id.eq_ignore_ascii_case(catalog));
        self.governance
            .role_assignments
            .iter()
            .any(|one| one.principal == person.id && one.role == role && one.since + delay <= now && is_here(&one.scope))
    }

    /// # Errors
    /// 403 where somebody may not do this in this catalog.
    pub(super) fn needs(&self, asked: &GraphCall<'_>, task: CatalogTask, catalog: &str) -> Result<(), Reply> {
        if self.may(&asked.me, task, catalog, asked.now) { Ok(()) } else { Err(unauthorized()) }
    }

    /// Which catalogs somebody may read.
    ///
    /// # Errors
    /// 403 for whoever may read none of them.
    pub(super) fn readable(&self, asked: &GraphCall<'_>) -> Result<Vec<String>, Reply> {
        let all: Vec<String> = self.governance.catalogs.living().map(|one| one.id.clone()).collect();
        let mine: Vec<String> = all.into_iter().filter(|id| self.may(&asked.me, CatalogTask::Read, id, asked.now)).collect();
        let may_create = self.may_create_catalogs(&asked.me, asked.now);
        if mine.is_empty() && !may_create { Err(unauthorized()) } else { Ok(mine) }
    }

    /// Whether somebody reads everything, and not only their own catalogs.
    pub(super) fn reads_all(&self, person: &Person) -> bool {
        is_governor(person) || READERS.iter().any(|role| person.has_role(role))
    }

    pub(super) fn may_create_catalogs(&self, person: &Person, now: Moment) -> bool {
        is_governor(person) || self.has_catalog_role(person, CATALOG_CREATOR, "", now)
    }

    /// Whoever makes a catalog owns it.
    pub(super) fn make_owner(&mut self, person: &Person, catalog: &str, now: Moment) {
        let delay = millis(self.knobs.governance_role_ms);
        let id = self.ids.guid();
        self.governance.role_assignments.push(RoleAssignmentRecord::owner(id, person, catalog, now - delay));
    }

    pub(super) fn list_role_assignments(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let readable = self.readable(asked)?;
        let all = self.reads_all(&asked.me);
        let is_shown = |one: &&RoleAssignmentRecord| all || readable.iter().any(|catalog| one.scope.ends_with(catalog.as_str()));
        let keys = self.governance.role_assignments.iter().filter(is_shown).map(|one| one.id.clone()).collect();
        Ok(self.listed(asked, keys, "roleManagement/entitlementManagement/roleAssignments"))
    }

    pub(super) fn assign_catalog_role(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::ROLE_ASSIGNMENT)?;
        let text = |name: &str| bodies::text(&body, name).to_owned();
        let (principal, role) = (text("principalId"), text("roleDefinitionId").to_ascii_lowercase());
        // One of the two has to stand: <https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments>.
        let scope = match (text("appScopeId"), text("directoryScopeId")) {
            (scope, _) if scope.starts_with("/AccessPackageCatalog/") => scope,
            (app, directory) if app == "/" || directory == "/" => "/".to_owned(),
            _ => return Err(bodies::invalid_model()),
        };
        if !CATALOG_ROLES.contains(&role.as_str()) || self.directory.by_id(&principal).is_none() {
            return Err(bodies::invalid_model());
        }
        self.may_assign_in(asked, &scope)?;
        let record = RoleAssignmentRecord { id: self.ids.guid(), principal, role, scope, since: asked.now };
        let Value::Object(shown) = record.full() else { return Err(bodies::invalid_model()) };
        self.governance.role_assignments.push(record);
        Ok(self.answer_created("roleManagement/entitlementManagement/roleAssignments", shown))
    }

    fn may_assign_in(&self, asked: &GraphCall<'_>, scope: &str) -> Result<(), Reply> {
        let Some(catalog) = scope.strip_prefix("/AccessPackageCatalog/") else {
            return if is_governor(&asked.me) { Ok(()) } else { Err(unauthorized()) };
        };
        found(self.governance.catalogs.by_id(catalog), CATALOGS)?;
        self.needs(asked, CatalogTask::Own, catalog)
    }

    pub(super) fn remove_catalog_role(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let place = self.governance.role_assignments.iter().position(|one| one.id == asked.id());
        let place = place.ok_or_else(|| refusal(404, "RoleAssignmentNotFound", "The role assignment was not found."))?;
        let scope = self.governance.role_assignments[place].scope.clone();
        self.may_assign_in(asked, &scope)?;
        self.governance.role_assignments.remove(place);
        Ok(no_content())
    }

    /// # Errors
    /// 403 for whoever has no role of the directory that suffices for everything.
    pub(super) fn needs_governor(&self, asked: &GraphCall<'_>) -> Result<(), Reply> {
        if is_governor(&asked.me) { Ok(()) } else { Err(unauthorized()) }
    }

    /// # Errors
    /// 403 for whoever does not read everything: roles of catalogs do not suffice.
    pub(super) fn needs_reader(&self, asked: &GraphCall<'_>) -> Result<(), Reply> {
        if self.reads_all(&asked.me) { Ok(()) } else { Err(unauthorized()) }
    }
}
