//! Assignment policies. <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentpolicy>

use super::access::CatalogTask;
use super::bodies;
use super::object_view::{PACKAGES, POLICIES, found, keys};
use super::stored::StoredObject;
use super::{millis, refused, types};
use crate::Tenant;
use crate::graph_api::refusal;
use crate::recycle_bin::no_content;
use crate::resources::GraphCall;
use graph::Reply;
use serde_json::{Map, Value, json};

/// Of so many stages approval may consist: entra-docs docs/id-governance/entitlement-management-access-package-approval-policy.md.
const STAGES_MOST: usize = 3;

impl Tenant {
    /// The policy of the path, in whose catalog the caller may do this.
    fn policy_for(&self, asked: &GraphCall<'_>, task: CatalogTask) -> Result<&StoredObject, Reply> {
        let policy = self.governance.policies.ever(asked.id()).filter(|policy| policy.is_answered(asked.now));
        let policy = found(policy, POLICIES)?;
        self.needs(asked, task, self.governance.catalog_of(&policy.parent))?;
        Ok(policy)
    }

    pub(super) fn list_policies(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let readable = self.readable(asked)?;
        let is_mine = |policy: &&StoredObject| readable.iter().any(|catalog| catalog == self.governance.catalog_of(&policy.parent));
        let policies = self.governance.policies.answered(asked.now).filter(is_mine);
        Ok(self.listed(asked, keys(policies), "assignmentPolicies"))
    }

    pub(super) fn policy(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let id = self.policy_for(asked, CatalogTask::Read)?.id.clone();
        self.told(asked, &id, POLICIES)
    }

    pub(super) fn create_policy(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::POLICY)?;
        let package = found(self.governance.packages.by_id(bodies::named_id(&body, "accessPackage")), PACKAGES)?;
        self.needs(asked, CatalogTask::ManagePackages, &package.parent)?;
        let package = package.id.clone();
        let id = self.ids.guid();
        let body = self.checked(body)?;
        self.governance.policies.add(StoredObject::new(id.clone(), package, Value::Object(body), asked.now));
        Ok(self.answer_created("assignmentPolicies", self.fresh(&types::POLICY, &id, asked)))
    }

    /// The whole object: what is left out is lost. <https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-update>
    pub(super) fn replace_policy(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::POLICY)?;
        let policy = self.policy_for(asked, CatalogTask::ManagePackages)?;
        let is_this = |value: Option<&Value>, own: &str| value.and_then(Value::as_str).is_none_or(|id| id.eq_ignore_ascii_case(own));
        let package = bodies::named_id(&body, "accessPackage");
        if !is_this(body.get("id"), &policy.id) || !package.is_empty() && !package.eq_ignore_ascii_case(&policy.parent) {
            return Err(bodies::invalid_model());
        }
        let body = self.checked(body)?;
        // In these words where the review of a policy was removed elsewhere: field report of 2026-10. The code is ours.
        if self.knobs.reviews_removed && body["reviewSettings"]["isEnabled"] == json!(true) {
            return Err(refusal(404, "BusinessFlowNotFound", "BusinessFlow not found"));
        }
        found(self.governance.policies.by_id_mut(asked.id()), POLICIES)?.replace(body, asked.now);
        self.told(asked, asked.id(), POLICIES)
    }

    /// Refused while somebody has the package by it: our reading, terraform-provider-azuread #1426 met refusals.
    pub(super) fn delete_policy(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let id = self.policy_for(asked, CatalogTask::ManagePackages)?.id.clone();
        if self.governance.is_in_use(|assignment| assignment.policy == id) {
            return Err(refused("PolicyHasAssignments", "The policy can not be deleted because there are assignments by it."));
        }
        let gone_from = Some(asked.now + millis(self.knobs.package_gone_ms));
        found(self.governance.policies.by_id_mut(&id), POLICIES)?.gone_from = gone_from;
        Ok(no_content())
    }

    /// The body as it is kept: with everything that a policy has, without what a knob drops, and with ids of questions.
    ///
    /// # Errors
    /// What a policy may not say.
    fn checked(&mut self, body: Map<String, Value>) -> Result<Map<String, Value>, Reply> {
        let mut full = json!({
            "displayName": null, "description": null, "allowedTargetScope": "notSpecified", "specificAllowedTargets": [],
            "expiration": {"type": "noExpiration", "duration": null, "endDateTime": null},
            "requestorSettings": {
                "enableTargetsToSelfAddAccess": false, "enableTargetsToSelfUpdateAccess": false, "enableTargetsToSelfRemoveAccess": false,
                "allowCustomAssignmentSchedule": true, "enableOnBehalfRequestorsToAddAccess": false,
                "enableOnBehalfRequestorsToUpdateAccess": false, "enableOnBehalfRequestorsToRemoveAccess": false, "onBehalfRequestors": [],
            },
            "requestApprovalSettings": {
                "isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": false, "isRequestorJustificationRequired": false,
                "stages": [],
            },
            "reviewSettings": null, "automaticRequestSettings": null, "notificationSettings": null, "questions": [],
        });
        for (name, value) in body {
            match (&mut full[&name], value) {
                (Value::Object(own), Value::Object(sent)) => own.extend(sent),
                (own, value) if name == "questions" || !value.is_null() => *own = value,
                _ => {}
            }
        }
        if full["displayName"].as_str().is_none_or(str::is_empty) {
            return Err(bodies::invalid_model());
        }
        self.check_targets(&full)?;
        check_approval(&full["requestApprovalSettings"])?;
        // terraform-provider-azuread #1355: a review that is off, sent back with an empty duration. The words are ours.
        if full["reviewSettings"]["schedule"]["expiration"]["duration"] == "" {
            let words = "The duration of the access review does not fit its recurrence.";
            return Err(refusal(400, "AccessReviewWrongDurationForRecurrenceType", words));
        }
        for question in full["questions"].as_array_mut().into_iter().flatten() {
            if question["id"].as_str().is_none_or(str::is_empty) {
                question["id"] = json!(self.ids.guid());
            }
        }
        let dropped: Vec<&str> = self.knobs.dropped_settings.split_whitespace().collect();
        drop_settings(&mut full, &dropped);
        match full {
            Value::Object(full) => Ok(full),
            _ => Err(bodies::invalid_model()),
        }
    }

    /// Codes of a scope without targets and of an unknown organization are our reading.
    fn check_targets(&self, policy: &Value) -> Result<(), Reply> {
        let targets = policy["specificAllowedTargets"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_specific = policy["allowedTargetScope"].as_str().is_some_and(|scope| scope.starts_with("specific"));
        if is_specific && targets.is_empty() {
            return Err(refused("InvalidAllowedTargets", "A policy for specific targets must name at least one."));
        }
        let organizations = targets.iter().filter_map(|target| target["connectedOrganizationId"].as_str());
        let is_unknown = |id: &str| self.governance.organizations.by_id(id).is_none();
        if !self.knobs.unknown_organizations && organizations.into_iter().any(is_unknown) {
            return Err(refused("InvalidAllowedTargets", "A connected organization of the policy was not found."));
        }
        Ok(())
    }
}

fn check_approval(settings: &Value) -> Result<(), Reply> {
    let is_required = ["isApprovalRequiredForAdd", "isApprovalRequiredForUpdate"].iter().any(|name| settings[name] == json!(true));
    let stages = settings["stages"].as_array().map_or(0, Vec::len);
    if is_required && stages == 0 || stages > STAGES_MOST {
        let words = "If approval is required, a valid list of stages must be provided.";
        return Err(refusal(400, "InvalidApprovalStages", words));
    }
    Ok(())
}

/// Takes out members of these names, and subject sets of these types, wherever they stand.
fn drop_settings(value: &mut Value, dropped: &[&str]) {
    let is_dropped = |value: &Value| {
        let kind = value["@odata.type"].as_str().and_then(|kind| kind.strip_prefix("#microsoft.graph."));
        kind.is_some_and(|kind| dropped.contains(&kind))
    };
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !dropped.contains(&name.as_str()));
            members.values_mut().for_each(|value| drop_settings(value, dropped));
        }
        Value::Array(values) => {
            values.retain(|value| !is_dropped(value));
            values.iter_mut().for_each(|value| drop_settings(value, dropped));
        }
        _ => {}
    }
}
