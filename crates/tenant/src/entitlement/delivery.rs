//! What an assignment brings: guests who are made, members of groups, roles of applications, members of sites; and how it is taken away.

use super::Governance;
use super::agenda::Wake;
use super::assignments::{AssignmentRecord, AssignmentState};
use super::walk::{RequestPhase, RequestRecord};
use crate::Tenant;
use crate::applications::ApplicationRecord;
use crate::directory::Person;
use serde_json::Value;
use time::Moment;

/// A role that somebody did not have before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenRole {
    /// The role of a package, by id.
    role_scope: String,
    origin_id: String,
    role: String,
}

impl Governance {
    /// Origin and role of the roles that a package gives.
    fn roles_of(&self, package: &str) -> Vec<GivenRole> {
        let given = |one: &super::RoleScopeRecord| {
            let resource = self.resources.iter().find(|resource| resource.id == one.resource)?;
            Some(GivenRole { role_scope: one.id.clone(), origin_id: resource.origin_id.clone(), role: one.role.clone() })
        };
        self.role_scopes_of(package).filter_map(given).collect()
    }
}

impl Tenant {
    /// Before anything is given: whoever is not in the directory is made a guest, without a mail, and the assignment begins.
    /// entra-docs docs/id-governance/entitlement-management-external-users.md
    ///
    /// # Errors
    /// Why nobody can be made a guest.
    pub(super) fn prepare(&mut self, place: usize, at: Moment) -> Result<(), &'static str> {
        let request = &self.governance.requests[place];
        let (target, package, policy) = (request.target.clone(), request.package.clone(), request.policy.clone());
        let is_address = target.contains('@');
        if is_address && self.is_blocked(&target) {
            return Err("The domain is blocked by the allow/deny list of the organization.");
        }
        let scope = self.governance.policies.ever(&policy).map_or("", |policy| policy.text("allowedTargetScope")).to_owned();
        if scope == "allExternalUsers" {
            let address = self.directory.by_id(&target).map_or(Some(target.clone()), |person| person.mail.clone());
            self.propose_organization(&address.unwrap_or_default(), at);
        }
        let target = if is_address { self.guest_of(&target, at) } else { target };
        self.welcome_back(&target);
        let assignment = AssignmentRecord {
            id: self.governance.requests[place].assignment.clone(),
            target: target.clone(),
            package,
            policy,
            state: AssignmentState::Delivering,
            start: at,
            expiration: Value::Null,
            end: None,
            expired: None,
            given: Vec::new(),
            redeliver_at: None,
        };
        self.governance.assignments.add(assignment);
        let request = &mut self.governance.requests[place];
        if request.kind.is_own() {
            request.requestor.clone_from(&target);
        }
        request.target = target;
        Ok(())
    }

    /// The guest with this address, made if there is none.
    fn guest_of(&mut self, address: &str, at: Moment) -> String {
        if let Some(person) = self.directory.by_address(address) {
            return person.id.clone();
        }
        let id = self.ids.guid();
        self.directory.add(Person::guest(id.clone(), address, at));
        self.governance.govern(&id);
        id
    }

    /// Gives what the package gives and is not given yet.
    pub(super) fn deliver(&mut self, place: usize, at: Moment) -> AssignmentState {
        let assignment = &self.governance.assignments[place];
        let (target, wanted) = (assignment.target.clone(), self.governance.roles_of(&assignment.package));
        let mut failed = 0;
        for (number, role) in wanted.iter().enumerate() {
            let is_failing = match self.knobs.delivery_fault.as_str() {
                "failed" => true,
                "partial" => number == 0 && wanted.len() > 1,
                _ => false,
            };
            failed += usize::from(is_failing || !self.give(place, role, at));
        }
        let state = match failed {
            0 if self.directory.by_id(&target).is_some_and(|person| !person.is_deleted()) => AssignmentState::Delivered,
            some if some < wanted.len() && some > 0 => AssignmentState::PartiallyDelivered,
            _ => AssignmentState::DeliveryFailed,
        };
        let is_first = self.governance.assignments[place].expiration.is_null();
        self.governance.assignments[place].state = state;
        if is_first && state != AssignmentState::DeliveryFailed {
            let expiration = self.expiration_of(place);
            self.extend(place, expiration, at);
        }
        state
    }

    /// How long it lasts: as the request says, or else as the policy does.
    fn expiration_of(&self, place: usize) -> Value {
        let assignment = &self.governance.assignments[place];
        let request = self.governance.requests.iter().find(|one| one.assignment == assignment.id);
        let asked = request.map(|request| request.sent("schedule")["expiration"].clone()).unwrap_or_default();
        if !matches!(asked["type"].as_str(), None | Some("notSpecified")) {
            return asked;
        }
        let policy = self.governance.policies.ever(&assignment.policy);
        policy.and_then(|policy| policy.body.get("expiration")).cloned().unwrap_or_default()
    }

    /// Whether somebody has the role now.
    fn give(&mut self, place: usize, role: &GivenRole, at: Moment) -> bool {
        let target = self.governance.assignments[place].target.clone();
        if self.directory.by_id(&target).is_none_or(|person| person.is_deleted()) {
            return false;
        }
        let is_new = if let Some(application) = ApplicationRecord::by_id(&role.origin_id) {
            let has = self.applications.has(&target, application.id, &role.role);
            if !has {
                let id = self.ids.guid();
                self.applications.assign(id, &target, (application.id, &role.role), at);
            }
            !has
        } else if let Some(site) = self.sites.iter_mut().find(|site| site.url == role.origin_id) {
            let member = (target, role.role.clone());
            let has = site.members.contains(&member);
            if !has {
                site.members.push(member);
            }
            !has
        } else {
            let Some(group) = self.groups.by_id_mut(&role.origin_id).filter(|group| group.takes_members().is_ok()) else { return false };
            let people = if role.role.starts_with("Owner_") { &mut group.owners } else { &mut group.members };
            let has = people.contains(&target);
            if !has {
                people.push(target);
            }
            !has
        };
        // What somebody has by another package is taken by the last of the two.
        let is_known = self.governance.assignments[place].given.contains(role);
        if !is_known && (is_new || self.is_given_elsewhere(place, role)) {
            self.governance.assignments[place].given.push(role.clone());
        }
        true
    }

    /// Whether another assignment of the same person gives this role.
    fn is_given_elsewhere(&self, place: usize, role: &GivenRole) -> bool {
        let target = &self.governance.assignments[place].target;
        let is_same = |given: &GivenRole| given.origin_id == role.origin_id && given.role == role.role;
        let others = self.governance.assignments.iter().enumerate().filter(|(other, _)| *other != place);
        others.into_iter().any(|(_, other)| other.target == *target && !other.is_over() && other.given.iter().any(is_same))
    }

    /// A role that was put into a package, for those who have the package already.
    pub(super) fn give_new_role(&mut self, place: usize, at: Moment) {
        let role_scope = &self.governance.role_scopes[place];
        if role_scope.is_removed {
            return;
        }
        let (package, id) = (role_scope.package.clone(), role_scope.id.clone());
        let Some(role) = self.governance.roles_of(&package).into_iter().find(|role| role.role_scope == id) else { return };
        for assigned in 0..self.governance.assignments.len() {
            let assignment = &self.governance.assignments[assigned];
            if assignment.package == package
                && matches!(assignment.state, AssignmentState::Delivered | AssignmentState::PartiallyDelivered)
                && !self.give(assigned, &role, at)
            {
                self.governance.assignments[assigned].state = AssignmentState::PartiallyDelivered;
            }
        }
    }

    pub(super) fn take_role_from_all(&mut self, package: &str, role_scope: &str) {
        for place in 0..self.governance.assignments.len() {
            if self.governance.assignments[place].package == package {
                self.take_roles(place, |role| role.role_scope == role_scope);
            }
        }
    }

    /// Takes roles away that nothing else gives. What somebody had before the assignment stays: our reading.
    fn take_roles(&mut self, place: usize, which: impl Fn(&GivenRole) -> bool) {
        let target = self.governance.assignments[place].target.clone();
        let given = std::mem::take(&mut self.governance.assignments[place].given);
        let (gone, kept): (Vec<GivenRole>, Vec<GivenRole>) = given.into_iter().partition(which);
        self.governance.assignments[place].given = kept;
        for role in gone {
            if self.is_given_elsewhere(place, &role) {
                continue;
            }
            if let Some(application) = ApplicationRecord::by_id(&role.origin_id) {
                self.applications.remove(&target, application.id, &role.role);
            } else if let Some(site) = self.sites.iter_mut().find(|site| site.url == role.origin_id) {
                site.members.retain(|(person, own)| *person != target || *own != role.role);
            } else if let Some(group) = self.groups.by_id_mut(&role.origin_id) {
                let people = if role.role.starts_with("Owner_") { &mut group.owners } else { &mut group.members };
                people.retain(|person| *person != target);
            }
        }
    }

    /// An assignment ends, by its time or by a request.
    pub(super) fn end(&mut self, place: usize, at: Moment) {
        self.take_roles(place, |_| true);
        let assignment = &mut self.governance.assignments[place];
        (assignment.state, assignment.expired) = (AssignmentState::Expired, Some(at));
        let (id, target) = (assignment.id.clone(), assignment.target.clone());
        // What was still delivering has nothing to deliver any more.
        let waits = |one: &RequestRecord| one.phase == RequestPhase::Delivering && one.kind.is_add() && one.assignment == id;
        let all = self.governance.requests.iter().enumerate();
        let waiting: Vec<usize> = all.filter(|(_, one)| waits(one)).map(|(request, _)| request).collect();
        for request in waiting {
            self.enter(request, RequestPhase::Canceled, at);
        }
        self.after_last_assignment(&target, at);
    }

    /// Whoever is purged has nothing any more.
    pub(crate) fn end_assignments_of(&mut self, person: &str, at: Moment) {
        let all = self.governance.assignments.iter().enumerate();
        let own: Vec<usize> = all.filter(|(_, one)| one.target == person && !one.is_over()).map(|(place, _)| place).collect();
        for place in own {
            self.governance.agenda.wake(at, Wake::Assignment(place));
            self.governance.assignments[place].end = Some(at);
        }
        self.settle(at);
    }
}
