//! How requests and assignments go on by the clock.
//! entra-docs docs/id-governance/entitlement-management-process.md; states: <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequest>

use super::Governance;
use super::agenda::Wake;
use super::assignments::{AssignmentRecord, AssignmentState};
use super::decisions::StageRecord;
use super::millis;
use super::record_set::HasId;
use crate::{Tenant, date_time};
use serde_json::{Map, Value, json};
use time::{Millis, Moment};

/// What is asked for, by the schema's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    UserAdd,
    UserUpdate,
    UserRemove,
    AdminAdd,
    AdminUpdate,
    AdminRemove,
}

impl RequestKind {
    const ALL: [(&'static str, Self); 6] = [
        ("userAdd", Self::UserAdd),
        ("userUpdate", Self::UserUpdate),
        ("userRemove", Self::UserRemove),
        ("adminAdd", Self::AdminAdd),
        ("adminUpdate", Self::AdminUpdate),
        ("adminRemove", Self::AdminRemove),
    ];

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
    }

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// By the person themselves.
    pub(super) const fn is_own(self) -> bool {
        matches!(self, Self::UserAdd | Self::UserUpdate | Self::UserRemove)
    }

    pub(super) const fn is_removal(self) -> bool {
        matches!(self, Self::UserRemove | Self::AdminRemove)
    }

    pub(super) const fn is_update(self) -> bool {
        matches!(self, Self::UserUpdate | Self::AdminUpdate)
    }

    pub(super) const fn is_add(self) -> bool {
        matches!(self, Self::UserAdd | Self::AdminAdd)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestPhase {
    Submitted,
    PendingApproval,
    Scheduled,
    Delivering,
    Delivered,
    PartiallyDelivered,
    DeliveryFailed,
    Denied,
    Canceled,
}

impl RequestPhase {
    /// State, and the status that goes with it.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Submitted => ("submitted", "Accepted"),
            Self::PendingApproval => ("pendingApproval", "PendingApproval"),
            Self::Scheduled => ("scheduled", "PendingNotBefore"),
            Self::Delivering => ("delivering", "Delivering"),
            Self::Delivered => ("delivered", "Delivered"),
            Self::PartiallyDelivered => ("partiallyDelivered", "PartiallyDelivered"),
            Self::DeliveryFailed => ("deliveryFailed", "DeliveryFailed"),
            Self::Denied => ("denied", "Denied"),
            Self::Canceled => ("canceled", "Canceled"),
        }
    }

    pub(super) const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::PendingApproval | Self::Scheduled | Self::Delivering)
    }
}

#[derive(Clone, Debug)]
pub(super) struct RequestRecord {
    pub(super) id: String,
    pub(super) kind: RequestKind,
    /// Who asks, by object id.
    pub(super) requestor: String,
    /// For whom: an object id, or an address until there is one.
    pub(super) target: String,
    pub(super) package: String,
    pub(super) policy: String,
    /// By its id: for an addition there is none of that id until it is delivered.
    pub(super) assignment: String,
    pub(super) created: Moment,
    pub(super) completed: Option<Moment>,
    /// `justification`, `answers` and `schedule` as they were sent.
    pub(super) sent: Map<String, Value>,
    pub(super) stages: Vec<StageRecord>,
    pub(super) phase: RequestPhase,
    /// In this phase since then.
    pub(super) since: Moment,
    /// Why it failed.
    pub(super) failure: Option<&'static str>,
    /// A mail has told of what it brought.
    pub(super) is_access_told: bool,
}

impl HasId for RequestRecord {
    fn id(&self) -> &str {
        &self.id
    }
}

impl RequestRecord {
    pub(super) fn sent(&self, name: &str) -> &Value {
        self.sent.get(name).unwrap_or(&Value::Null)
    }

    fn start(&self) -> Option<Moment> {
        self.sent("schedule")["startDateTime"].as_str().and_then(date_time::read)
    }

    /// The stage that is to be decided.
    pub(super) fn open_stage(&self) -> Option<usize> {
        if self.phase == RequestPhase::PendingApproval { self.stages.iter().position(StageRecord::is_open) } else { None }
    }

    pub(super) fn shown(&self, now: Moment) -> Option<Map<String, Value>> {
        let (state, status) = self.phase.words();
        let is_escalated = self.open_stage().is_some_and(|stage| self.stages[stage].is_escalated(now));
        let status = self.failure.filter(|_| self.phase == RequestPhase::DeliveryFailed).unwrap_or(status);
        let schedule = self.sent("schedule");
        let shown = json!({
            "id": self.id, "requestType": self.kind.name(), "state": state,
            "status": if is_escalated { "PendingApprovalEscalated" } else { status },
            "createdDateTime": self.created.iso(), "completedDateTime": self.completed.map(Moment::iso),
            "justification": self.sent("justification"), "answers": self.sent("answers").as_array().cloned().unwrap_or_default(),
            "schedule": if schedule.is_null() { json!({"startDateTime": null, "recurrence": null, "expiration": null}) } else { schedule.clone() },
            "customExtensionCalloutInstances": [],
        });
        shown.as_object().cloned()
    }
}

impl Governance {
    /// Whether there is an assignment like this that is not over.
    pub(super) fn is_in_use(&self, which: impl Fn(&AssignmentRecord) -> bool) -> bool {
        self.assignments.iter().any(|one| !one.is_over() && which(one))
    }
}

/// When something ends that began then: of `expirationPattern`, <https://learn.microsoft.com/graph/api/resources/expirationpattern>.
pub(super) fn end_of(expiration: &Value, start: Moment) -> Option<Moment> {
    match expiration["type"].as_str() {
        Some("afterDuration") => expiration["duration"].as_str().and_then(date_time::duration).map(|length| start + length),
        Some("afterDateTime") => expiration["endDateTime"].as_str().and_then(date_time::read),
        _ => None,
    }
}

impl Tenant {
    /// Lets happen what is due by now, in the order of time.
    pub(crate) fn settle(&mut self, now: Moment) {
        while let Some((at, wake)) = self.governance.agenda.next(now) {
            match wake {
                Wake::Request(place) => self.walk(place, at),
                Wake::Assignment(place) => self.walk_assignment(place, at),
                Wake::RoleScope(place) => self.give_new_role(place, at),
                Wake::Outsider(place) => self.delete_outsider(place, at),
                Wake::Escalation(place) => self.tell_alternates(place, at),
                Wake::Ending(place) => self.tell_of_ending(place, at),
            }
        }
    }

    /// When the request goes on by itself; `None`: somebody has to do something.
    fn due(&self, request: &RequestRecord) -> Option<Moment> {
        let after = |knob: u32| Some(request.since + millis(knob));
        match request.phase {
            RequestPhase::Submitted => after(self.knobs.request_ms),
            RequestPhase::PendingApproval => request.open_stage().and_then(|stage| request.stages[stage].denied_at()),
            RequestPhase::Scheduled => request.start(),
            RequestPhase::Delivering if request.kind.is_removal() => after(self.knobs.removal_ms),
            RequestPhase::Delivering if self.waits_for_sign_in(&request.target) => None,
            RequestPhase::Delivering => after(self.knobs.delivery_ms),
            _ => None,
        }
    }

    /// "Delivering" lasts for people from outside until they have been in the directory and consented:
    /// <https://learn.microsoft.com/graph/api/resources/accesspackageassignment>.
    pub(super) fn waits_for_sign_in(&self, target: &str) -> bool {
        !self.knobs.outsiders_at_once && self.directory.by_id(target).is_some_and(|person| person.is_pending())
    }

    /// Takes up what waited for somebody's first sign-in.
    pub(crate) fn has_signed_in(&mut self, person: &str, now: Moment) {
        for (place, request) in self.governance.requests.iter_mut().enumerate() {
            if request.target == person && request.phase == RequestPhase::Delivering {
                request.since = now;
                self.governance.agenda.wake(now + millis(self.knobs.delivery_ms), Wake::Request(place));
            }
        }
    }

    pub(super) fn enter(&mut self, place: usize, phase: RequestPhase, at: Moment) {
        let request = &mut self.governance.requests[place];
        (request.phase, request.since) = (phase, at);
        request.completed = (!phase.is_open()).then_some(at);
        if let Some(due) = self.due(&self.governance.requests[place]) {
            self.governance.agenda.wake(due.max(at), Wake::Request(place));
        }
    }

    fn walk(&mut self, place: usize, at: Moment) {
        let request = &self.governance.requests[place];
        match self.due(request) {
            None => return,
            // A knob was turned, or the phase is another one by now.
            Some(later) if later > at => return self.governance.agenda.wake(later, Wake::Request(place)),
            Some(_) => {}
        }
        match request.phase {
            RequestPhase::Submitted if request.stages.is_empty() => self.go_on(place, at),
            RequestPhase::Submitted => self.begin_stage(place, 0, at),
            RequestPhase::PendingApproval => self.deny_for_silence(place, at),
            RequestPhase::Scheduled => self.begin_delivery(place, at),
            RequestPhase::Delivering => self.finish(place, at),
            _ => {}
        }
    }

    pub(super) fn begin_stage(&mut self, place: usize, stage: usize, at: Moment) {
        self.governance.requests[place].stages[stage].begin(at);
        self.enter(place, RequestPhase::PendingApproval, at);
        self.tell_approvers(place, stage, at);
    }

    /// Nothing has to be decided any more.
    pub(super) fn go_on(&mut self, place: usize, at: Moment) {
        match self.governance.requests[place].start() {
            Some(start) if start > at => self.enter(place, RequestPhase::Scheduled, at),
            _ => self.begin_delivery(place, at),
        }
    }

    fn begin_delivery(&mut self, place: usize, at: Moment) {
        if self.governance.requests[place].kind.is_add()
            && let Err(failure) = self.prepare(place, at)
        {
            return self.fail(place, failure, at);
        }
        self.enter(place, RequestPhase::Delivering, at);
        if self.waits_for_sign_in(&self.governance.requests[place].target) {
            self.tell_of_access(place, at);
        }
    }

    pub(super) fn fail(&mut self, place: usize, failure: &'static str, at: Moment) {
        self.governance.requests[place].failure = Some(failure);
        self.enter(place, RequestPhase::DeliveryFailed, at);
    }

    fn finish(&mut self, place: usize, at: Moment) {
        let request = &self.governance.requests[place];
        let (kind, assignment) = (request.kind, request.assignment.clone());
        let Some(assigned) = self.governance.assignments.place(&assignment) else {
            return self.fail(place, "The assignment was not found.", at);
        };
        let phase = if kind.is_removal() {
            self.end(assigned, at);
            RequestPhase::Delivered
        } else if kind.is_update() {
            let expiration = request.sent("schedule")["expiration"].clone();
            if expiration.is_object() {
                self.extend(assigned, expiration, at);
            }
            RequestPhase::Delivered
        } else {
            match self.deliver(assigned, at) {
                AssignmentState::Delivered => RequestPhase::Delivered,
                AssignmentState::PartiallyDelivered => RequestPhase::PartiallyDelivered,
                _ => RequestPhase::DeliveryFailed,
            }
        };
        self.enter(place, phase, at);
        if phase != RequestPhase::DeliveryFailed {
            self.tell_of_access(place, at);
        }
    }

    /// Lets an assignment end when this says, counted from now where it says how long.
    pub(super) fn extend(&mut self, place: usize, expiration: Value, at: Moment) {
        let assignment = &mut self.governance.assignments[place];
        assignment.end = end_of(&expiration, at);
        assignment.expiration = expiration;
        if let Some(end) = assignment.end {
            self.governance.agenda.wake(end.max(at), Wake::Assignment(place));
            self.announce_end(place, at);
        }
    }

    fn walk_assignment(&mut self, place: usize, at: Moment) {
        let assignment = &self.governance.assignments[place];
        if assignment.is_over() {
            return;
        }
        if assignment.end.is_some_and(|end| end <= at) {
            self.end(place, at);
            return self.tell_of_end(place, at);
        }
        if assignment.redeliver_at.is_some_and(|due| due <= at) {
            self.governance.assignments[place].redeliver_at = None;
            self.deliver(place, at);
        }
    }

    /// Asks for the roles of an assignment once more.
    pub(super) fn redeliver(&mut self, place: usize, at: Moment) {
        let due = at + Millis(i64::from(self.knobs.delivery_ms));
        self.governance.assignments[place].redeliver_at = Some(due);
        self.governance.agenda.wake(due, Wake::Assignment(place));
    }
}
