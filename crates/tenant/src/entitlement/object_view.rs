//! One object as it is answered: its members, what leads on from it, and how a filter sees both.

use super::derived_id;
use crate::expand::Expansion;
use crate::filter::{Filterable, Literal, ObjectType, Property, literals};
use crate::graph_api::refusal;
use crate::resources::GraphCall;
use crate::{Tenant, selection};
use graph::Reply;
use serde_json::{Map, Value, json};
use time::Moment;

/// An object by its type and key: an id, or what an id follows from.
#[derive(Clone)]
pub(super) struct ObjectView<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) kind: &'static ObjectType,
    pub(super) key: String,
    pub(super) now: Moment,
}

/// Stands before the id of a request in the key of the assignment that it asks for, as long as nothing is assigned. That an assignment has id
/// and target before it is made is our reading.
const ASKED_FOR: &str = "asked for by ";

/// What a policy holds itself, although it is a navigation. Questions come without `$expand`, too.
const CONTAINED: [&str; 2] = ["questions", "customExtensionStageSettings"];

/// What a navigation leads to, by keys.
enum Related {
    One(Option<String>),
    Many(Vec<String>),
}

impl ObjectView<'_> {
    fn other(&self, kind: &'static ObjectType, key: String) -> Self {
        Self { kind, key, ..self.clone() }
    }

    /// Its members; `None` where there is no such object.
    pub(super) fn members(&self) -> Option<Map<String, Value>> {
        let governance = &self.tenant.governance;
        let key = self.key.as_str();
        let stored = |set: &super::StoredSet| set.ever(key).map(super::StoredObject::full);
        let object = |value: Value| match value {
            Value::Object(members) => Some(members),
            _ => None,
        };
        match self.kind.name {
            "accessPackageCatalog" => stored(&governance.catalogs),
            "accessPackage" => stored(&governance.packages),
            "accessPackageAssignmentPolicy" => {
                let mut members = stored(&governance.policies)?;
                members.remove(CONTAINED[1]);
                Some(members)
            }
            "connectedOrganization" => stored(&governance.organizations),
            "accessPackageResource" => object(self.tenant.catalog_resource(key)?.full()),
            "accessPackageResourceRole" => object(self.tenant.resource_role(key)?),
            "accessPackageResourceScope" => object(self.tenant.catalog_resource(key)?.scope()),
            "accessPackageResourceRoleScope" => {
                let found = governance.role_scopes.iter().find(|one| one.id == key)?;
                object(json!({"id": found.id, "createdDateTime": found.created.iso()}))
            }
            "accessPackageAssignmentRequest" => governance.requests.by_id(key)?.shown(self.now),
            "accessPackageAssignment" => match key.strip_prefix(ASKED_FOR) {
                None => governance.assignments.by_id(key)?.shown(),
                Some(request) => object(json!({"id": governance.requests.by_id(request)?.assignment, "state": null, "status": null,
                    "expiredDateTime": null, "schedule": null, "customExtensionCalloutInstances": []})),
            },
            "accessPackageSubject" => object(self.tenant.subject(key)),
            "approval" => object(json!({ "id": key.split('|').next() })),
            "approvalStage" => self.tenant.shown_stage(key, self.now),
            "user" => self.tenant.shown_sponsor(key, None),
            "group" => object(self.tenant.groups.by_id(key)?.full()),
            "unifiedRoleAssignment" => object(governance.role_assignments.iter().find(|one| one.id == key)?.full()),
            _ => None,
        }
    }

    fn related(&self, name: &str) -> Related {
        let governance = &self.tenant.governance;
        let key = self.key.as_str();
        let one = |key: Option<&str>| Related::One(key.filter(|key| !key.is_empty()).map(str::to_owned));
        let below = |set: &super::StoredSet| Related::Many(set.below(key).map(|one| one.id.clone()).collect());
        match (self.kind.name, name) {
            ("accessPackageCatalog", "resources") => {
                Related::Many(governance.resources_of(key, self.now).map(|one| one.id.clone()).collect())
            }
            ("accessPackageCatalog", _) => below(&governance.packages),
            ("accessPackage", "catalog") => one(governance.packages.ever(key).map(|package| package.parent.as_str())),
            ("accessPackage", "assignmentPolicies") => below(&governance.policies),
            ("accessPackage", "resourceRoleScopes") => Related::Many(governance.role_scopes_of(key).map(|one| one.id.clone()).collect()),
            ("accessPackage", relation) => Related::Many(governance.incompatible_with(key, relation)),
            ("accessPackageAssignmentPolicy", "accessPackage") => one(governance.policies.ever(key).map(|policy| policy.parent.as_str())),
            ("accessPackageAssignmentPolicy", _) => {
                let package = governance.policies.ever(key).and_then(|policy| governance.packages.ever(&policy.parent));
                one(package.map(|package| package.parent.as_str()))
            }
            ("connectedOrganization", relation) => Related::Many(governance.sponsors_of(key, relation == "internalSponsors")),
            ("accessPackageResource", "roles") => Related::Many(self.tenant.role_keys(key)),
            ("accessPackageResource", _) => Related::Many(vec![key.to_owned()]),
            ("accessPackageResourceRole", _) => one(key.split('|').next()),
            ("accessPackageResourceScope", _) => one(Some(key)),
            ("accessPackageResourceRoleScope", relation) => {
                let found = governance.role_scopes.iter().find(|one| one.id == key);
                let of_role = |one: &super::RoleScopeRecord| format!("{}|{}", one.resource, one.role);
                let leads = if relation == "role" { found.map(of_role) } else { found.map(|one| one.resource.clone()) };
                Related::One(leads)
            }
            ("accessPackageAssignmentRequest", relation) => {
                let found = governance.requests.by_id(key);
                Related::One(found.map(|found| match relation {
                    "requestor" => found.requestor.clone(),
                    "accessPackage" => found.package.clone(),
                    _ if governance.assignments.by_id(&found.assignment).is_some() => found.assignment.clone(),
                    _ => format!("{ASKED_FOR}{key}"),
                }))
            }
            ("accessPackageAssignment", relation) => {
                let made = governance.assignments.by_id(key).map(|one| [&one.target, &one.package, &one.policy]);
                let asked = || {
                    let request = governance.requests.by_id(key.strip_prefix(ASKED_FOR)?)?;
                    Some([&request.target, &request.package, &request.policy])
                };
                one(made.or_else(asked).map(|[target, package, policy]| match relation {
                    "target" => target.as_str(),
                    "accessPackage" => package.as_str(),
                    _ => policy.as_str(),
                }))
            }
            ("accessPackageSubject", _) => Related::One(self.tenant.organization_of(key).map(|organization| organization.id.clone())),
            ("approval", _) => Related::Many(governance.stage_keys(key)),
            _ => Related::One(None),
        }
    }

    /// What `$select` and `$expand` want of it.
    pub(super) fn shown(&self, select: Option<&str>, expand: &[Expansion]) -> Option<Map<String, Value>> {
        let mut shown = selection::only(Value::Object(self.members()?), select);
        for expansion in expand {
            let Some((name, kind)) = self.kind.related(expansion.name) else { continue };
            let inner = |key: String| self.other(kind, key).shown(expansion.select.as_deref(), &expansion.expand).map(Value::Object);
            if CONTAINED.contains(&name) {
                let policy = self.tenant.governance.policies.ever(&self.key);
                let value = policy.and_then(|policy| policy.body.get(name)).filter(|value| value.is_array()).cloned();
                shown.insert(name.into(), value.unwrap_or_else(|| json!([])));
                continue;
            }
            let value = match self.related(name) {
                Related::One(key) => key.and_then(inner).unwrap_or_default(),
                Related::Many(keys) => keys.into_iter().filter_map(inner).collect(),
            };
            shown.insert(name.into(), value);
        }
        Some(shown)
    }
}

impl Filterable for ObjectView<'_> {
    fn values(&self, property: &Property) -> Vec<Literal> {
        let Some((relation, rest)) = property.name.split_once('/') else {
            let members = self.members().unwrap_or_default();
            return literals(members.get(property.name).unwrap_or(&Value::Null), property);
        };
        let Some((name, kind)) = self.kind.related(relation) else { return vec![Literal::Null] };
        match self.related(name) {
            Related::One(Some(key)) => {
                let members = self.other(kind, key).members().unwrap_or_default();
                literals(members.get(rest).unwrap_or(&Value::Null), property)
            }
            _ => vec![Literal::Null],
        }
    }
}

impl Tenant {
    /// One page of these objects, as far as the filter fits them.
    pub(super) fn listed(&self, asked: &GraphCall<'_>, keys: Vec<String>, set: &str) -> Reply {
        let views = keys.into_iter().map(|key| ObjectView { tenant: self, kind: asked.kind, key, now: asked.now });
        let found: Vec<ObjectView<'_>> = views.filter(|view| asked.query.fits(view)).collect();
        let query = &asked.query;
        self.page(&found, query, asked.request, set, |view| view.shown(query.select.as_deref(), &query.expand).unwrap_or_default())
    }

    /// # Errors
    /// 404 with this code where there is no such object.
    pub(super) fn told(&self, asked: &GraphCall<'_>, key: &str, (set, code, words): (&str, &str, &str)) -> Result<Reply, Reply> {
        let view = ObjectView { tenant: self, kind: asked.kind, key: key.to_owned(), now: asked.now };
        let shown = view.shown(asked.query.select.as_deref(), &asked.query.expand);
        let shown = shown.ok_or_else(|| refusal(404, code, words))?;
        Ok(self.entity(set, &asked.query, shown))
    }

    /// Somebody who has something or asks for it: a person by id, or an address of somebody who is not in the directory.
    /// Case of field reports: microsoft-graph-docs-contrib #2664, an empty target but for the address.
    fn subject(&self, key: &str) -> Value {
        let person = self.directory.by_id(key);
        let lifecycle = if self.governance.is_governed(key) { "governed" } else { "notDefined" };
        let id = derived_id(key);
        match person {
            Some(person) => json!({"id": id, "objectId": person.id, "displayName": person.display_name, "email": person.mail,
                "principalName": person.user_principal_name, "subjectType": "user", "subjectLifecycle": lifecycle,
                "onPremisesSecurityIdentifier": null}),
            None => json!({"id": id, "objectId": null, "displayName": null, "email": key, "principalName": null,
                "subjectType": "notSpecified", "subjectLifecycle": lifecycle, "onPremisesSecurityIdentifier": null}),
        }
    }
}

/// A kind's set, and what is said where nobody has an id.
pub(super) const CATALOGS: (&str, &str, &str) = ("catalogs", "CatalogNotFound", "The catalog was not found.");
/// By analogy: the codes of the others are our reading.
pub(super) const PACKAGES: (&str, &str, &str) = ("accessPackages", "AccessPackageNotFound", "The access package was not found.");
pub(super) const POLICIES: (&str, &str, &str) = ("assignmentPolicies", "AssignmentPolicyNotFound", "The assignment policy was not found.");
pub(super) const ORGANIZATIONS: (&str, &str, &str) =
    ("connectedOrganizations", "ConnectedOrganizationNotFound", "The connected organization was not found.");
pub(super) const REQUESTS: (&str, &str, &str) = ("assignmentRequests", "RequestNotFound", "The assignment request was not found.");
pub(super) const ASSIGNMENTS: (&str, &str, &str) = ("assignments", "AssignmentNotFound", "The assignment was not found.");
pub(super) const APPROVALS: (&str, &str, &str) = ("accessPackageAssignmentApprovals", "ApprovalNotFound", "The approval was not found.");
pub(super) const STAGES: (&str, &str, &str) =
    ("accessPackageAssignmentApprovals/stages", "ApprovalStageNotFound", "The stage of the approval was not found.");

/// # Errors
/// 404 of this kind.
pub(super) fn found<T>(object: Option<T>, (_, code, words): (&str, &str, &str)) -> Result<T, Reply> {
    object.ok_or_else(|| refusal(404, code, words))
}

pub(super) fn keys<'a>(objects: impl Iterator<Item = &'a super::StoredObject>) -> Vec<String> {
    objects.map(|one| one.id.clone()).collect()
}
