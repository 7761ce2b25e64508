//! What becomes of people from outside whom entitlement management brought in, once their last assignment has ended.
//! entra-docs docs/id-governance/entitlement-management-external-users.md, "Manage the lifecycle of external users"

use super::Governance;
use super::agenda::Wake;
use crate::directory::Deletion;
use crate::{Tenant, date_time};
use time::{Millis, Moment};

/// Blocked when the last assignment ends, deleted after 30 days, unless somebody sets it otherwise.
#[derive(Clone, Debug)]
pub(super) struct LifecycleSettings {
    /// `none`, `blockSignIn` or `blockSignInAndDelete`.
    pub(super) action: String,
    /// `Edm.Duration`
    pub(super) duration: String,
}

impl Default for LifecycleSettings {
    fn default() -> Self {
        Self { action: "blockSignInAndDelete".into(), duration: "P30D".into() }
    }
}

/// Somebody whom entitlement management brought in.
#[derive(Clone, Debug)]
pub(super) struct OutsiderRecord {
    person: String,
    /// Blocked by it since then.
    blocked: Option<Moment>,
}

impl Governance {
    pub(super) fn govern(&mut self, person: &str) {
        self.outsiders.push(OutsiderRecord { person: person.into(), blocked: None });
    }

    pub(super) fn is_governed(&self, person: &str) -> bool {
        self.outsiders.iter().any(|one| one.person == person)
    }
}

impl Tenant {
    pub(super) fn after_last_assignment(&mut self, person: &str, at: Moment) {
        let settings = self.governance.settings.clone();
        let Some(place) = self.governance.outsiders.iter().position(|one| one.person == person) else { return };
        if settings.action == "none" || self.governance.is_in_use(|one| one.target == person) {
            return;
        }
        self.governance.outsiders[place].blocked = Some(at);
        self.directory.change(person, |person| person.account_enabled = false);
        if settings.action == "blockSignInAndDelete" {
            let length = date_time::duration(&settings.duration).unwrap_or(Millis(0));
            self.governance.agenda.wake(at + length, Wake::Outsider(place));
        }
    }

    /// Whoever is to get something again may sign in again: our reading.
    pub(super) fn welcome_back(&mut self, person: &str) {
        let outsider = self.governance.outsiders.iter_mut().find(|one| one.person == person && one.blocked.is_some());
        if let Some(outsider) = outsider {
            outsider.blocked = None;
            self.directory.change(person, |person| person.account_enabled = true);
        }
    }

    pub(super) fn delete_outsider(&mut self, place: usize, at: Moment) {
        let outsider = &self.governance.outsiders[place];
        let length = date_time::duration(&self.governance.settings.duration).unwrap_or(Millis(0));
        if outsider.blocked.is_none_or(|blocked| blocked + length > at) || self.governance.settings.action != "blockSignInAndDelete" {
            return;
        }
        self.directory.change(&outsider.person.clone(), |person| {
            person.deleted.get_or_insert(Deletion::At { when: at, seen_from: at });
        });
    }
}
