//! Access packages. <https://learn.microsoft.com/graph/api/resources/accesspackage>

use super::access::CatalogTask;
use super::bodies;
use super::evaluation::Requestor;
use super::object_view::{CATALOGS, PACKAGES, found, keys};
use super::stored::StoredObject;
use super::{Governance, millis, refused, types, unauthorized};
use crate::groups::{already_there, not_there};
use crate::recycle_bin::no_content;
use crate::resources::GraphCall;
use crate::{Tenant, json_reply};
use graph::Reply;
use serde_json::{Value, json};

/// Whoever has the package or is in the group gets not this package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Incompatibility {
    package: String,
    other: String,
    is_group: bool,
}

impl Governance {
    /// Keys of what a relation of a package names: `incompatibleAccessPackages` and the like.
    pub(super) fn incompatible_with(&self, package: &str, relation: &str) -> Vec<String> {
        let all = self.incompatible.iter();
        match relation {
            "accessPackagesIncompatibleWith" => all.filter(|one| one.other == package).map(|one| one.package.clone()).collect(),
            _ => {
                let of_groups = relation == "incompatibleGroups";
                all.filter(|one| one.package == package && one.is_group == of_groups).map(|one| one.other.clone()).collect()
            }
        }
    }

    /// The catalog of a package.
    pub(super) fn catalog_of(&self, package: &str) -> &str {
        self.packages.ever(package).map_or("", |package| package.parent.as_str())
    }
}

impl Tenant {
    /// The package of the path, in whose catalog the caller may do this.
    pub(super) fn package_for(&self, asked: &GraphCall<'_>, task: CatalogTask) -> Result<&StoredObject, Reply> {
        let package = found(self.governance.packages.by_id(asked.id()), PACKAGES)?;
        self.needs(asked, task, &package.parent)?;
        Ok(package)
    }

    pub(super) fn list_packages(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let readable = self.readable(asked)?;
        let packages = self.governance.packages.answered(asked.now).filter(|package| readable.contains(&package.parent));
        Ok(self.listed(asked, keys(packages), "accessPackages"))
    }

    /// The service has to find the catalog to judge the role (terraform-provider-azuread #1857): that it is looked for first is our reading.
    pub(super) fn create_package(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::PACKAGE)?;
        let catalog = found(self.governance.catalogs.by_id(bodies::named_id(&body, "catalog")), CATALOGS)?.id.clone();
        self.needs(asked, CatalogTask::ManagePackages, &catalog)?;
        if bodies::text(&body, "displayName").is_empty() {
            return Err(bodies::invalid_model());
        }
        let mut full = json!({"description": null, "isHidden": false});
        for (name, value) in body {
            full[name] = value;
        }
        let id = self.ids.guid();
        self.governance.packages.add(StoredObject::new(id.clone(), catalog, full, asked.now));
        Ok(self.answer_created("accessPackages", self.fresh(&types::PACKAGE, &id, asked)))
    }

    pub(super) fn package(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let package = found(self.governance.packages.ever(asked.id()).filter(|package| package.is_answered(asked.now)), PACKAGES)?;
        self.needs(asked, CatalogTask::Read, &package.parent)?;
        self.told(asked, &package.id, PACKAGES)
    }

    pub(super) fn update_package(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::PACKAGE)?;
        self.package_for(asked, CatalogTask::ManagePackages)?;
        found(self.governance.packages.by_id_mut(asked.id()), PACKAGES)?.change(body, asked.now);
        Ok(no_content())
    }

    /// Refused while somebody has it, whoever was deleted and not purged among them: microsoft-graph-docs #12619. The code is ours.
    pub(super) fn delete_package(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let id = self.package_for(asked, CatalogTask::ManagePackages)?.id.clone();
        if self.governance.is_in_use(|assignment| assignment.package == id) {
            return Err(refused("AccessPackageHasAssignments", "The access package can not be deleted because it has assignments."));
        }
        let gone_from = Some(asked.now + millis(self.knobs.package_gone_ms));
        let policies: Vec<String> = self.governance.policies.below(&id).map(|policy| policy.id.clone()).collect();
        for policy in policies {
            found(self.governance.policies.by_id_mut(&policy), PACKAGES)?.gone_from = gone_from;
        }
        let used_until = asked.now + millis(self.knobs.removal_ms);
        self.governance.release_roles(|one| one.package == id, used_until);
        self.governance.incompatible.retain(|one| one.package != id && one.other != id);
        found(self.governance.packages.by_id_mut(&id), PACKAGES)?.gone_from = gone_from;
        Ok(no_content())
    }

    /// `filterByCurrentUser(on='allowedRequestor')`: what the caller may ask for, hidden ones left out.
    pub(super) fn requestable_packages(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        if asked.id() != "allowedRequestor" {
            return Err(refused("InvalidFilter", "OData query is invalid: the value of the parameter 'on' is not known."));
        }
        let requestor = self.requestor(&asked.me.id);
        let may = |package: &&StoredObject| !package.flag("isHidden") && !self.usable_policies(&package.id, &requestor).is_empty();
        let packages = self.governance.packages.living().filter(may);
        Ok(self.listed(asked, keys(packages), "accessPackages"))
    }

    /// `getApplicablePolicyRequirements`: one for each policy that the caller may ask by, nothing where there is none.
    /// <https://learn.microsoft.com/graph/api/accesspackage-getapplicablepolicyrequirements>
    pub(super) fn policy_requirements(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let package = found(self.governance.packages.by_id(asked.id()), PACKAGES)?;
        let requestor: Requestor = self.requestor(&asked.me.id);
        let one = |policy: &&StoredObject| {
            let settings = |group: &str, name: &str| policy.body.get(group).is_some_and(|group| group[name] == json!(true));
            json!({
                "policyId": policy.id, "policyDisplayName": policy.text("displayName"), "policyDescription": policy.text("description"),
                "isApprovalRequiredForAdd": settings("requestApprovalSettings", "isApprovalRequiredForAdd"),
                "isApprovalRequiredForUpdate": settings("requestApprovalSettings", "isApprovalRequiredForUpdate"),
                "isRequestorJustificationRequired": settings("requestApprovalSettings", "isRequestorJustificationRequired"),
                "allowCustomAssignmentSchedule": settings("requestorSettings", "allowCustomAssignmentSchedule"),
                "questions": policy.body.get("questions").cloned().unwrap_or_else(|| json!([])),
                "schedule": {"startDateTime": null, "recurrence": null,
                    "expiration": policy.body.get("expiration").cloned().unwrap_or_default()},
            })
        };
        let value: Vec<Value> = self.usable_policies(&package.id, &requestor).iter().map(one).collect();
        let context = self.context("Collection(microsoft.graph.accessPackageAssignmentRequestRequirements)");
        Ok(json_reply(200, &json!({"@odata.context": context, "value": value})))
    }

    pub(super) fn incompatible(&self, asked: &GraphCall<'_>, relation: &str) -> Result<Reply, Reply> {
        let package = self.package_for(asked, CatalogTask::Read)?;
        Ok(self.listed(asked, self.governance.incompatible_with(&package.id, relation), relation))
    }

    pub(super) fn add_incompatible(&mut self, asked: &GraphCall<'_>, is_group: bool) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::REFERENCE)?;
        let package = self.package_for(asked, CatalogTask::ManagePackages)?.id.clone();
        let other = bodies::text(&body, "@odata.id").rsplit('/').next().unwrap_or_default();
        let known = if is_group {
            self.groups.by_id(other).map(|group| group.id.clone())
        } else {
            self.governance.packages.by_id(other).map(|package| package.id.clone())
        };
        let one = Incompatibility { package, other: found(known, PACKAGES)?, is_group };
        if self.governance.incompatible.contains(&one) {
            return Err(already_there(if is_group { "incompatibleGroups" } else { "incompatibleAccessPackages" }));
        }
        self.governance.incompatible.push(one);
        Ok(no_content())
    }

    pub(super) fn remove_incompatible(&mut self, asked: &GraphCall<'_>, is_group: bool) -> Result<Reply, Reply> {
        let package = self.package_for(asked, CatalogTask::ManagePackages)?.id.clone();
        let one = Incompatibility { package, other: asked.nth_id(1).into(), is_group };
        let before = self.governance.incompatible.len();
        self.governance.incompatible.retain(|known| *known != one);
        if self.governance.incompatible.len() == before { Err(not_there("incompatibleAccessPackages")) } else { Ok(no_content()) }
    }

    /// `GET assignments/additionalAccess(…)`: who has both packages.
    pub(super) fn additional_access(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let (package, other) = (asked.nth_id(0), asked.nth_id(1));
        let catalog = &found(self.governance.packages.by_id(package), PACKAGES)?.parent;
        if !self.may(&asked.me, CatalogTask::Read, catalog, asked.now) {
            return Err(unauthorized());
        }
        let has = |target: &str, package: &str| self.governance.is_in_use(|one| one.target == target && one.package == package);
        let both = self.governance.assignments.iter().filter(|one| one.package == package && !one.is_over() && has(&one.target, other));
        Ok(self.listed(asked, both.map(|one| one.id.clone()).collect(), "assignments"))
    }
}
