//! Assignments: who has which package. They are made and removed by requests alone.
//! <https://learn.microsoft.com/graph/api/resources/accesspackageassignment>

use super::access::CatalogTask;
use super::delivery::GivenRole;
use super::object_view::{ASSIGNMENTS, found};
use super::record_set::HasId;
use super::requests::{empty, no_such_option};
use super::unauthorized;
use crate::Tenant;
use crate::resources::GraphCall;
use graph::Reply;
use serde_json::{Map, Value, json};
use time::Moment;

/// `on` of `filterByCurrentUser`: accessPackageAssignmentFilterByCurrentUserOptions.
const OPTIONS: [&str; 4] = ["target", "createdBy", "targetManager", "targetAgentIdentitySponsorOrOwner"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AssignmentState {
    Delivering,
    Delivered,
    PartiallyDelivered,
    DeliveryFailed,
    Expired,
}

/// That somebody has a package.
#[derive(Clone, Debug)]
pub(super) struct AssignmentRecord {
    pub(super) id: String,
    pub(super) target: String,
    pub(super) package: String,
    pub(super) policy: String,
    pub(super) state: AssignmentState,
    pub(super) start: Moment,
    /// `expirationPattern`
    pub(super) expiration: Value,
    pub(super) end: Option<Moment>,
    pub(super) expired: Option<Moment>,
    pub(super) given: Vec<GivenRole>,
    /// Its roles are given once more then.
    pub(super) redeliver_at: Option<Moment>,
}

impl HasId for AssignmentRecord {
    fn id(&self) -> &str {
        &self.id
    }
}

impl AssignmentRecord {
    pub(super) fn is_over(&self) -> bool {
        self.state == AssignmentState::Expired
    }

    /// Under way or delivered, at least in part.
    pub(super) fn is_active(&self) -> bool {
        !matches!(self.state, AssignmentState::Expired | AssignmentState::DeliveryFailed)
    }

    pub(super) fn shown(&self) -> Option<Map<String, Value>> {
        let (state, status) = match self.state {
            AssignmentState::Delivering => ("delivering", "Delivering"),
            AssignmentState::Delivered => ("delivered", "Delivered"),
            AssignmentState::PartiallyDelivered => ("partiallyDelivered", "PartiallyDelivered"),
            AssignmentState::DeliveryFailed => ("deliveryFailed", "DeliveryFailed"),
            AssignmentState::Expired => ("expired", "Expired"),
        };
        let expiration = match (self.end, &self.expiration) {
            (Some(end), _) => json!({"type": "afterDateTime", "duration": null, "endDateTime": end.iso()}),
            _ => json!({"type": "noExpiration", "duration": null, "endDateTime": null}),
        };
        let shown = json!({
            "id": self.id, "state": state, "status": status, "expiredDateTime": self.expired.map(Moment::iso),
            "schedule": {"startDateTime": self.start.iso(), "recurrence": null, "expiration": expiration},
            "customExtensionCalloutInstances": [],
        });
        shown.as_object().cloned()
    }
}

impl Tenant {
    /// Expired ones are among them.
    pub(super) fn list_assignments(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let packages = self.readable_packages(asked)?;
        let all = self.reads_all(&asked.me);
        let assignments = self.governance.assignments.iter().filter(|one| all || packages.contains(&one.package));
        Ok(self.listed(asked, assignments.map(|one| one.id.clone()).collect(), "assignments"))
    }

    pub(super) fn assignment_one(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let place = found(self.governance.assignments.place(asked.id()), ASSIGNMENTS)?;
        let assignment = &self.governance.assignments[place];
        if !self.may(&asked.me, CatalogTask::Read, self.governance.catalog_of(&assignment.package), asked.now) {
            return Err(unauthorized());
        }
        self.told(asked, &assignment.id.clone(), ASSIGNMENTS)
    }

    pub(super) fn my_assignments(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        if !OPTIONS.contains(&asked.id()) {
            return Err(no_such_option());
        }
        let created =
            |assignment: &str| self.governance.requests.iter().any(|one| one.requestor == asked.me.id && one.assignment == assignment);
        let assignments = self.governance.assignments.iter().filter(|one| match asked.id() {
            "target" => one.target == asked.me.id,
            "createdBy" => created(&one.id),
            _ => false,
        });
        Ok(self.listed(asked, assignments.map(|one| one.id.clone()).collect(), "assignments"))
    }

    pub(super) fn reprocess_assignment(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let place = found(self.governance.assignments.place(asked.id()), ASSIGNMENTS)?;
        let package = self.governance.assignments[place].package.clone();
        self.needs(asked, CatalogTask::ManageAssignments, self.governance.catalog_of(&package))?;
        self.redeliver(place, asked.now);
        Ok(empty(202))
    }
}
