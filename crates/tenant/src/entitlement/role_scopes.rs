//! Which roles of which resources a package gives. <https://learn.microsoft.com/graph/api/accesspackage-post-resourcerolescopes>

use super::access::CatalogTask;
use super::agenda::Wake;
use super::bodies;
use super::object_view::found;
use super::resources::NOT_IN_CATALOG;
use super::{Governance, derived_id, millis, refused};
use crate::resources::GraphCall;
use crate::{Tenant, json_reply};
use graph::{Headers, Reply};
use serde_json::{Value, json};
use time::Moment;

/// One role of one resource in one package.
#[derive(Clone, Debug)]
pub(super) struct RoleScopeRecord {
    /// `{id of the role}_{id of the scope}`
    pub(super) id: String,
    pub(super) package: String,
    /// The catalog's resource, by id.
    pub(super) resource: String,
    /// As the origin has it: `Member_{group}`, the id of an application's role, a site's number.
    pub(super) role: String,
    pub(super) created: Moment,
    /// Taken out of the package.
    pub(super) is_removed: bool,
}

impl RoleScopeRecord {
    /// A role of the catalog's resource, by the id of that and as the origin has it.
    pub(super) fn new(package: String, resource: &str, role: String, created: Moment) -> Self {
        let id = format!("{}_{}", derived_id(&format!("{resource}|{role}")), derived_id(&format!("{resource}|scope")));
        Self { id, package, resource: resource.into(), role, created, is_removed: false }
    }
}

impl Governance {
    pub(super) fn role_scopes_of<'a>(&'a self, package: &'a str) -> impl Iterator<Item = &'a RoleScopeRecord> {
        self.role_scopes.iter().filter(move |one| one.package == package && !one.is_removed)
    }

    /// Takes roles out of their packages; their resources count as used until this moment.
    pub(super) fn release_roles(&mut self, which: impl Fn(&RoleScopeRecord) -> bool, used_until: Moment) {
        for one in self.role_scopes.iter_mut().filter(|one| !one.is_removed && which(one)) {
            one.is_removed = true;
            if let Some(resource) = self.resources.iter_mut().find(|resource| resource.id == one.resource) {
                resource.used_until = used_until;
            }
        }
    }
}

impl Tenant {
    /// The resource has to be in the catalog first.
    pub(super) fn add_role_scope(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::ROLE_SCOPE)?;
        let package = self.package_for(asked, CatalogTask::ManagePackages)?;
        let (package, catalog) = (package.id.clone(), package.parent.clone());
        let (role, scope) = (bodies::member(&body, "role"), bodies::member(&body, "scope"));
        let resource = self.in_catalog(&role["resource"], &catalog).filter(|one| {
            let listed = self.governance.resources_of(&catalog, asked.now);
            listed.into_iter().any(|listed| listed.id == one.id)
        });
        let resource = found(resource, NOT_IN_CATALOG)?;
        let origin = role["originId"].as_str().unwrap_or_default();
        let known = resource.roles().into_iter().find(|(own, _)| own.eq_ignore_ascii_case(origin));
        let is_fit = |value: &Value, own: &str| value.as_str().is_none_or(|value| value.eq_ignore_ascii_case(own));
        let (Some((origin, _)), true) = (known, is_fit(&scope["originId"], &resource.origin_id)) else {
            return Err(bodies::invalid_model());
        };
        let record = RoleScopeRecord::new(package, &resource.id, origin, asked.now);
        if self.governance.role_scopes_of(&record.package).any(|one| one.id == record.id) {
            return Err(refused("RoleScopeAlreadyExists", "The resource role already exists in the access package."));
        }
        let shown = json!({"id": record.id, "createdDateTime": null});
        self.governance.role_scopes.push(record);
        // Whoever has the package already gets it some time later.
        self.governance.agenda.wake(asked.now + millis(self.knobs.delivery_ms), Wake::RoleScope(self.governance.role_scopes.len() - 1));
        let Value::Object(shown) = shown else { return Err(bodies::invalid_model()) };
        Ok(self.answer_created("accessPackages/resourceRoleScopes", shown))
    }

    /// Answered with 200, as measured, or with 204, as documented: the knob `roleRemovalStatus`.
    pub(super) fn remove_role_scope(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let package = self.package_for(asked, CatalogTask::ManagePackages)?.id.clone();
        let role_scope = self.governance.role_scopes_of(&package).find(|one| one.id.eq_ignore_ascii_case(asked.nth_id(1)));
        let id = found(role_scope, ("", "RoleScopeNotFound", "The access package does not have this role."))?.id.clone();
        self.take_role_from_all(&package, &id);
        self.governance.release_roles(|one| one.package == package && one.id == id, asked.now + millis(self.knobs.removal_ms));
        Ok(match self.knobs.role_removal_status {
            204 => Reply { status: 204, headers: Headers::default(), body: String::new() },
            status => json_reply(status, &json!({})),
        })
    }
}
