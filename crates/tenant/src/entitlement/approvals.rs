//! Approvals: the id of one is that of its request. <https://learn.microsoft.com/graph/api/resources/approval>

use super::access::CatalogTask;
use super::bodies;
use super::decisions::Decision;
use super::object_view::{APPROVALS, STAGES, found};
use super::requests::no_such_option;
use super::walk::RequestRecord;
use super::{refused, unauthorized};
use crate::Tenant;
use crate::graph_api::refusal;
use crate::recycle_bin::no_content;
use crate::resources::{GraphCall, ScopeList};
use graph::Reply;
use serde_json::Value;

/// approvalFilterByCurrentUserOptions.
const OPTIONS: [&str; 3] = ["target", "createdBy", "approver"];
const SUBJECT_ACCESS: ScopeList = &["EntitlementMgmt-SubjectAccess.ReadWrite"];

impl Tenant {
    /// # Errors
    /// 403 for a token of `EntitlementMgmt-SubjectAccess.ReadWrite` alone. Its description says that it approves, the table of permissions
    /// does not: a knob.
    fn needs_more_than_own(&self, asked: &GraphCall<'_>, scopes: ScopeList) -> Result<(), Reply> {
        let is_own = self.knobs.approvals_by_subject_access && asked.caller.has_any(SUBJECT_ACCESS);
        if is_own || asked.caller.has_any(scopes) { Ok(()) } else { Err(unauthorized()) }
    }

    pub(super) fn my_approvals(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        self.needs_more_than_own(asked, super::routes::WRITING)?;
        if !OPTIONS.contains(&asked.id()) {
            return Err(no_such_option());
        }
        let me = asked.me.id.as_str();
        let requests = self.governance.requests.known().filter(|one| match asked.id() {
            "approver" => self.is_asked(me, one, asked.now),
            "target" => one.target == me && !one.stages.is_empty(),
            _ => one.requestor == me && !one.stages.is_empty(),
        });
        let keys = requests.map(|one| format!("{}|{me}", one.id)).collect();
        Ok(self.listed(asked, keys, "accessPackageAssignmentApprovals"))
    }

    /// The request of an approval, which the caller may see: as approver of one of its stages, or by a role.
    fn approval_asked(&self, asked: &GraphCall<'_>) -> Result<&RequestRecord, Reply> {
        self.needs_more_than_own(asked, super::routes::READING)?;
        let place = found(self.governance.requests.place(asked.id()), APPROVALS)?;
        let request = &self.governance.requests[place];
        if request.stages.is_empty() {
            return found(None, APPROVALS);
        }
        let is_approver = request.stages.iter().any(|stage| self.approvers(request, stage, asked.now).contains(&asked.me.id));
        let catalog = self.governance.catalog_of(&request.package);
        if !is_approver && !self.may(&asked.me, CatalogTask::Read, catalog, asked.now) {
            return Err(unauthorized());
        }
        Ok(request)
    }

    pub(super) fn approval(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let request = self.approval_asked(asked)?;
        self.told(asked, &format!("{}|{}", request.id, asked.me.id), APPROVALS)
    }

    pub(super) fn approval_stages(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let request = self.approval_asked(asked)?;
        let keys = self.governance.stage_keys(&format!("{}|{}", request.id, asked.me.id));
        Ok(self.listed(asked, keys, "accessPackageAssignmentApprovals/stages"))
    }

    pub(super) fn approval_stage(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let request = self.approval_asked(asked)?;
        let number = found(stage_number(request, asked.nth_id(1)), STAGES)?;
        self.told(asked, &format!("{}|{}|{number}", request.id, asked.me.id), STAGES)
    }

    /// 204; 403 for whoever is no approver, or has asked themselves; 404; 409 where somebody else was first:
    /// <https://learn.microsoft.com/graph/api/approvalstage-update>. That a stage ahead is not anybody's as yet is our reading.
    pub(super) fn decide_stage(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        self.needs_more_than_own(asked, super::routes::WRITING)?;
        let body = bodies::read(asked.request, &bodies::DECISION)?;
        let place = found(self.governance.requests.place(asked.id()), APPROVALS)?;
        let request = &self.governance.requests[place];
        let number = found(stage_number(request, asked.nth_id(1)), STAGES)?;
        let stage = &request.stages[number];
        if !self.approvers(request, stage, asked.now).contains(&asked.me.id) || stage.is_ahead() {
            return Err(unauthorized());
        }
        if request.open_stage() != Some(number) {
            return Err(refusal(409, "ApprovalAlreadyCompleted", "The stage of the approval was already completed."));
        }
        let text = |name: &str| bodies::text(&body, name);
        let is_approval = match text("reviewResult") {
            result if result.eq_ignore_ascii_case("Approve") => true,
            result if result.eq_ignore_ascii_case("Deny") => false,
            _ => return Err(bodies::invalid_model()),
        };
        let justification = Some(text("justification")).filter(|text| !text.trim().is_empty()).map(str::to_owned);
        if justification.is_none() && stage.settings["isApproverJustificationRequired"] == Value::Bool(true) {
            return Err(refused("JustificationRequired", "A justification is required to decide this request."));
        }
        self.decide(place, Decision { is_approval, by: asked.me.id.clone(), at: asked.now, justification });
        Ok(no_content())
    }
}

fn stage_number(request: &RequestRecord, id: &str) -> Option<usize> {
    request.stages.iter().position(|stage| stage.id.eq_ignore_ascii_case(id))
}
