//! Stages of an approval: who decides, until when, and what follows.
//! entra-docs docs/id-governance/entitlement-management-access-package-approval-policy.md

use super::Governance;
use super::walk::{RequestPhase, RequestRecord};
use crate::{Tenant, date_time};
use serde_json::{Map, Value, json};
use time::{Millis, Moment};

/// Where a stage does not say how long it may take: 14 days, as the portal proposes.
const DENIED_AFTER: Millis = Millis::days(14);

/// What somebody decided.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub(super) is_approval: bool,
    /// By object id.
    pub(super) by: String,
    pub(super) at: Moment,
    pub(super) justification: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct StageRecord {
    pub(super) id: String,
    /// `accessPackageApprovalStage`, as the policy had it when the request was sent.
    pub(super) settings: Value,
    began: Option<Moment>,
    decision: Option<Decision>,
    is_expired: bool,
}

impl StageRecord {
    pub(super) const fn new(id: String, settings: Value) -> Self {
        Self { id, settings, began: None, decision: None, is_expired: false }
    }

    pub(super) const fn begin(&mut self, at: Moment) {
        self.began = Some(at);
    }

    /// Begun, and neither decided nor over.
    pub(super) const fn is_open(&self) -> bool {
        self.began.is_some() && self.decision.is_none() && !self.is_expired
    }

    /// Not begun.
    pub(super) const fn is_ahead(&self) -> bool {
        self.began.is_none()
    }

    fn length(&self, name: &str) -> Option<Millis> {
        self.settings[name].as_str().and_then(date_time::duration)
    }

    pub(super) fn denied_at(&self) -> Option<Moment> {
        Some(self.began? + self.length("durationBeforeAutomaticDenial").unwrap_or(DENIED_AFTER))
    }

    /// When others may decide, too.
    pub(super) fn escalates_at(&self) -> Option<Moment> {
        let length = self.length("durationBeforeEscalation").filter(|_| self.settings["isEscalationEnabled"] == json!(true));
        self.began.zip(length).map(|(began, length)| began + length)
    }

    pub(super) fn is_escalated(&self, now: Moment) -> bool {
        self.escalates_at().is_some_and(|due| due <= now)
    }

    pub(super) const fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }
}

impl RequestRecord {
    /// The decision that ended it.
    pub(super) fn denial(&self) -> Option<&Decision> {
        self.stages.iter().filter_map(StageRecord::decision).find(|decision| !decision.is_approval)
    }
}

impl Governance {
    /// Keys of the stages of an approval: `{request}|{whoever asks}` has those of `{request}|{whoever asks}|{number}`.
    pub(super) fn stage_keys(&self, approval: &str) -> Vec<String> {
        let id = approval.split('|').next().unwrap_or_default();
        let stages = self.requests.place(id).map_or(0, |place| self.requests[place].stages.len());
        (0..stages).map(|number| format!("{approval}|{number}")).collect()
    }
}

impl Tenant {
    /// People and groups whom a subject set means, for this request. Nobody at Contoso has a manager.
    fn people_in(&self, set: &Value, request: &RequestRecord) -> Vec<String> {
        let text = |name: &str| set[name].as_str().unwrap_or_default().to_owned();
        let sponsors = |is_internal: bool| {
            let organization = self.organization_of(&request.target);
            organization.map(|one| self.governance.sponsors_of(&one.id, is_internal)).unwrap_or_default()
        };
        match set["@odata.type"].as_str().and_then(|kind| kind.strip_prefix("#microsoft.graph.")) {
            Some("singleUser") => vec![text("userId")],
            Some("groupMembers") => vec![text("groupId")],
            Some("internalSponsors") => sponsors(true),
            Some("externalSponsors") => sponsors(false),
            Some("targetUserSponsors") => self.directory.by_id(&request.target).map(|person| person.sponsors.clone()).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Those of the first of these lists of subject sets that leads to anybody.
    fn first_people(&self, stage: &StageRecord, request: &RequestRecord, lists: [&str; 2]) -> Vec<String> {
        let of_list = |name: &str| -> Vec<String> {
            let sets = stage.settings[name].as_array().into_iter().flatten();
            let members = |id: String| self.groups.by_id(&id).map_or_else(|| vec![id.clone()], |group| group.members.clone());
            let people = sets.flat_map(|set| self.people_in(set, request)).flat_map(members);
            people.filter(|id| self.directory.by_id(id).is_some_and(|person| !person.is_deleted())).collect()
        };
        lists.into_iter().map(of_list).find(|people| !people.is_empty()).unwrap_or_default()
    }

    /// Who may decide a stage now. Nobody decides about themselves.
    pub(super) fn approvers(&self, request: &RequestRecord, stage: &StageRecord, now: Moment) -> Vec<String> {
        let mut people = self.first_people(stage, request, ["primaryApprovers", "fallbackPrimaryApprovers"]);
        if stage.is_escalated(now) {
            people.extend(self.first_people(stage, request, ["escalationApprovers", "fallbackEscalationApprovers"]));
        }
        people.retain(|id| *id != request.target && *id != request.requestor);
        people
    }

    /// Whether somebody may decide the stage that is open.
    pub(super) fn is_asked(&self, person: &str, request: &RequestRecord, now: Moment) -> bool {
        let stage = request.open_stage().map(|stage| &request.stages[stage]);
        stage.is_some_and(|stage| self.approvers(request, stage, now).iter().any(|id| id == person))
    }

    /// By its key, as whoever is named there sees it.
    pub(super) fn shown_stage(&self, key: &str, now: Moment) -> Option<Map<String, Value>> {
        let mut parts = key.split('|');
        let (id, me, number) = (parts.next()?, parts.next()?, parts.next()?.parse::<usize>().ok()?);
        let request = &self.governance.requests[self.governance.requests.place(id)?];
        let stage = request.stages.get(number)?;
        let (status, result) = match (&stage.decision, stage.began) {
            (Some(decision), _) => ("Completed", if decision.is_approval { "Approved" } else { "Denied" }),
            (None, _) if stage.is_expired => ("Expired", "NotReviewed"),
            (None, Some(_)) if request.phase == RequestPhase::PendingApproval => ("InProgress", "NotReviewed"),
            (None, Some(_)) => ("Completed", "NotReviewed"),
            (None, None) => ("Initializing", "NotReviewed"),
        };
        let decision = stage.decision.as_ref();
        let reviewer = decision.and_then(|decision| self.directory.by_id(&decision.by));
        let shown = json!({
            "id": stage.id, "displayName": null, "status": status, "reviewResult": result,
            "assignedToMe": self.approvers(request, stage, now).iter().any(|id| id == me),
            "reviewedBy": reviewer.map(|person| json!({"id": person.id, "displayName": person.display_name})),
            "reviewedDateTime": decision.map(|decision| decision.at.iso()),
            "justification": decision.and_then(|decision| decision.justification.clone()),
        });
        shown.as_object().cloned()
    }

    /// Somebody decides the stage that is open.
    pub(super) fn decide(&mut self, place: usize, decision: Decision) {
        let at = decision.at;
        let request = &mut self.governance.requests[place];
        let Some(stage) = request.open_stage() else { return };
        let is_approval = decision.is_approval;
        request.stages[stage].decision = Some(decision);
        self.tell_of_decision(place, stage, at);
        match self.governance.requests[place].stages.len() {
            _ if !is_approval => self.enter(place, RequestPhase::Denied, at),
            count if stage + 1 < count => self.begin_stage(place, stage + 1, at),
            _ => self.go_on(place, at),
        }
    }

    /// Nobody decided in time.
    pub(super) fn deny_for_silence(&mut self, place: usize, at: Moment) {
        let request = &mut self.governance.requests[place];
        if let Some(stage) = request.open_stage() {
            request.stages[stage].is_expired = true;
            self.tell_of_decision(place, stage, at);
        }
        self.enter(place, RequestPhase::Denied, at);
    }
}
