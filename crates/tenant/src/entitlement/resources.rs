//! Resources of a catalog, and the requests that add and remove them.
//! <https://learn.microsoft.com/graph/api/entitlementmanagement-post-resourcerequests>

use super::access::{CatalogTask, is_governor};
use super::bodies;
use super::object_view::{CATALOGS, found};
use super::{Governance, derived_id, millis, refused};
use crate::Tenant;
use crate::applications::ApplicationRecord;
use crate::directory::Person;
use crate::groups::{GroupKind, GroupRecord};
use crate::resources::GraphCall;
use crate::sites::SITE_ROLES;
use graph::Reply;
use serde_json::{Value, json};
use time::{Millis, Moment};

/// Something that access can be given to, in a catalog.
#[derive(Clone, Debug)]
pub(super) struct CatalogResource {
    pub(super) id: String,
    pub(super) catalog: String,
    pub(super) origin_id: String,
    /// `AadGroup`, `AadApplication` or `SharePointOnline`.
    pub(super) origin_system: &'static str,
    pub(super) display_name: String,
    created: Moment,
    /// Listed from then on.
    listed_from: Moment,
    /// A package still used it until then.
    pub(super) used_until: Moment,
}

impl CatalogResource {
    pub(super) fn full(&self) -> Value {
        json!({"id": self.id, "originId": self.origin_id, "originSystem": self.origin_system, "displayName": self.display_name,
            "description": null, "createdDateTime": self.created.iso(), "modifiedDateTime": self.created.iso(), "attributes": []})
    }

    /// A group, listed from the start.
    pub(super) fn of_group(id: String, catalog: String, group: &GroupRecord, created: Moment) -> Self {
        Self {
            id,
            catalog,
            origin_id: group.id.clone(),
            origin_system: "AadGroup",
            display_name: group.display_name.clone(),
            created,
            listed_from: created,
            used_until: Moment(0),
        }
    }

    /// The one scope that each has: itself.
    pub(super) fn scope(&self) -> Value {
        json!({"id": derived_id(&format!("{}|scope", self.id)), "displayName": "Root", "description": "Root Scope",
            "originId": self.origin_id, "originSystem": self.origin_system, "isRootScope": true})
    }

    /// Ids and names of its roles, as the origin has them.
    pub(super) fn roles(&self) -> Vec<(String, &'static str)> {
        let own = |all: &[(&str, &'static str)]| all.iter().map(|(id, name)| ((*id).to_owned(), *name)).collect();
        match self.origin_system {
            "AadGroup" => vec![(format!("Member_{}", self.origin_id), "Member"), (format!("Owner_{}", self.origin_id), "Owner")],
            "AadApplication" => ApplicationRecord::by_id(&self.origin_id).map_or_else(Vec::new, |one| own(&one.roles())),
            _ => own(&SITE_ROLES),
        }
    }
}

impl Governance {
    /// What is listed in a catalog.
    pub(super) fn resources_of<'a>(&'a self, catalog: &'a str, now: Moment) -> impl Iterator<Item = &'a CatalogResource> {
        self.resources.iter().filter(move |one| one.catalog.eq_ignore_ascii_case(catalog) && one.listed_from <= now)
    }
}

impl Tenant {
    pub(super) fn catalog_resource(&self, id: &str) -> Option<&CatalogResource> {
        self.governance.resources.iter().find(|one| one.id.eq_ignore_ascii_case(id))
    }

    /// Keys of the roles of a resource: `{resource}|{role as the origin has it}`.
    pub(super) fn role_keys(&self, resource: &str) -> Vec<String> {
        let roles = self.catalog_resource(resource).map(CatalogResource::roles).unwrap_or_default();
        roles.into_iter().map(|(role, _)| format!("{resource}|{role}")).collect()
    }

    pub(super) fn resource_role(&self, key: &str) -> Option<Value> {
        let (resource, origin) = key.split_once('|')?;
        let resource = self.catalog_resource(resource)?;
        let (origin, name) = resource.roles().into_iter().find(|(own, _)| own == origin)?;
        let id = derived_id(key);
        Some(json!({"id": id, "originId": origin, "originSystem": resource.origin_system, "displayName": name, "description": null}))
    }

    pub(super) fn list_resources(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let catalog = found(self.governance.catalogs.by_id(asked.id()), CATALOGS)?;
        self.needs(asked, CatalogTask::Read, &catalog.id)?;
        let keys = self.governance.resources_of(&catalog.id, asked.now).map(|one| one.id.clone()).collect();
        Ok(self.listed(asked, keys, "resources"))
    }

    /// Wants a filter by origin and resource: msgraph-sdk-powershell #1982.
    pub(super) fn list_resource_roles(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let catalog = found(self.governance.catalogs.by_id(asked.id()), CATALOGS)?;
        self.needs(asked, CatalogTask::Read, &catalog.id)?;
        let filter = asked.query.filter.as_ref();
        if !filter.is_some_and(|filter| filter.names_one("originSystem")) {
            return Err(refused("InvalidFilter", "Origin system is required."));
        }
        if !filter.is_some_and(|filter| filter.names_one("resource/id")) {
            return Err(refused("InvalidFilter", "Resource is required."));
        }
        let keys = self.governance.resources_of(&catalog.id, asked.now).flat_map(|one| self.role_keys(&one.id)).collect();
        Ok(self.listed(asked, keys, "resourceRoles"))
    }

    pub(super) fn request_resource(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::RESOURCE_REQUEST)?;
        let kind = bodies::text(&body, "requestType");
        let catalog = found(self.governance.catalogs.by_id(bodies::named_id(&body, "catalog")), CATALOGS)?.id.clone();
        self.needs(asked, CatalogTask::Own, &catalog)?;
        let resource = body.get("resource").cloned().unwrap_or_default();
        match kind {
            "adminAdd" => self.onboard(asked, &resource, &catalog)?,
            "adminRemove" => self.remove_resource(asked, &resource, &catalog)?,
            "adminUpdate" => found(self.in_catalog(&resource, &catalog), NOT_IN_CATALOG).map(|_| ())?,
            _ => return Err(bodies::invalid_model()),
        }
        let shown = json!({"id": self.ids.guid(), "requestType": kind, "state": "delivered", "createdDateTime": null});
        let Value::Object(shown) = shown else { return Err(bodies::invalid_model()) };
        Ok(self.answer_created("resourceRequests", shown))
    }

    /// Groups that somebody else fills are no resources: entra-docs docs/id-governance/entitlement-management-troubleshoot.md; the code is
    /// ours.
    fn onboard(&mut self, asked: &GraphCall<'_>, resource: &Value, catalog: &str) -> Result<(), Reply> {
        let (origin, system) = (resource["originId"].as_str().unwrap_or_default(), resource["originSystem"].as_str().unwrap_or_default());
        let (origin_id, origin_system, name) = self.originals(origin, system, asked.now).ok_or_else(not_in_origin)?;
        if let Some(group) = self.groups.by_id(&origin_id)
            && !matches!(group.kind, GroupKind::Security | GroupKind::Unified)
        {
            return Err(refused(
                "ResourceNotSupported",
                "Groups with dynamic membership, synchronized from on-premises or of Exchange can not be added.",
            ));
        }
        if !self.controls(&asked.me, &origin_id) {
            return Err(refused("CallerNotResourceOwner", "The caller is not the resource owner."));
        }
        if self.governance.resources.iter().any(|one| one.catalog == catalog && one.origin_id == origin_id) {
            return Err(refused("ResourceAlreadyOnboarded", "The specified resource is already onboarded to ELM."));
        }
        let listed_from = asked.now + millis(self.knobs.resource_ms);
        let (id, catalog) = (self.ids.guid(), catalog.to_owned());
        let display_name = resource["displayName"].as_str().map_or(name, Into::into);
        self.governance.resources.push(CatalogResource {
            id,
            catalog,
            origin_id,
            origin_system,
            display_name,
            created: asked.now,
            listed_from,
            used_until: Moment(0),
        });
        Ok(())
    }

    /// What somebody means by an id in a system: as it is written there, with its name. A group that was made a moment ago is not found.
    fn originals(&self, origin: &str, system: &str, now: Moment) -> Option<(String, &'static str, String)> {
        match system {
            "AadGroup" => {
                let delay: Millis = millis(self.knobs.group_onboard_ms);
                let group = self.groups.by_id(origin).filter(|group| group.is_old(delay, now))?;
                Some((group.id.clone(), "AadGroup", group.display_name.clone()))
            }
            "AadApplication" => {
                let application = ApplicationRecord::by_id(origin)?;
                Some((application.id.into(), "AadApplication", application.display_name.into()))
            }
            "SharePointOnline" => {
                let site = self.sites.iter().find(|site| site.url.eq_ignore_ascii_case(origin.trim_end_matches('/')))?;
                Some((site.url.into(), "SharePointOnline", site.display_name.into()))
            }
            _ => None,
        }
    }

    /// Who may bring a resource in, beside owning the catalog: owners of a group, and who governs everything but groups that roles are
    /// assigned to. That the Identity Governance Administrator may bring in any other is our reading of
    /// entra-docs docs/id-governance/entitlement-management-delegate.md.
    fn controls(&self, person: &Person, origin: &str) -> bool {
        match self.groups.by_id(origin) {
            Some(group) if group.has_owner(person) => true,
            Some(group) if group.is_role_assignable => person.has_role(crate::invitations::GLOBAL_ADMINISTRATOR),
            _ => is_governor(person),
        }
    }

    /// The resource of the catalog that a body names by id or by origin.
    pub(super) fn in_catalog(&self, resource: &Value, catalog: &str) -> Option<&CatalogResource> {
        let id = resource["id"].as_str().unwrap_or_default();
        self.governance.resources.iter().find(|one| one.catalog == catalog && one.id.eq_ignore_ascii_case(id))
    }

    /// terraform-provider-azuread #1091 and #1175: refused shortly after the last package was removed, too.
    fn remove_resource(&mut self, asked: &GraphCall<'_>, resource: &Value, catalog: &str) -> Result<(), Reply> {
        let found = found(self.in_catalog(resource, catalog), NOT_IN_CATALOG)?;
        let (id, name) = (found.id.clone(), found.display_name.clone());
        let is_used = self.governance.role_scopes.iter().any(|one| one.resource == id && !one.is_removed);
        if is_used || asked.now < found.used_until {
            let words = format!("The resource: {name} can not be deleted because there are active entitlements.");
            return Err(refused("InvalidDeleteResourceHasEntitlements", &words));
        }
        self.governance.resources.retain(|one| one.id != id);
        Ok(())
    }
}

/// microsoft-graph-docs #18874 and #11907 met a 404; its code is our reading.
pub(super) const NOT_IN_CATALOG: (&str, &str, &str) = ("resources", "ResourceNotFound", "The resource was not found in the catalog.");

/// Also of a group that was made a moment ago, for seconds to minutes.
fn not_in_origin() -> Reply {
    refused("ResourceNotFoundInOriginSystem", "The specified resource was not found in the origin system.")
}
