//! What has waited is looked at once more before it leaves: while a run waits for tomorrow's allowance, for the network or for a person,
//! somebody else may invite the same guest. *Resume* looks in the same way. The journals of this browser need not be read anew: the tab
//! holds the tenant's lock all the while, so no other tab has sent.

use super::index::Place;
use super::journal::Entry;
use super::refusals::unanswered;
use super::request_kind::RequestKind;
use super::stage::TaskStage;
use super::task::{FAILED_LOOKS, LOOKS, Task};
use super::{HaltReason, Now, Run};
use crate::lookup::{Match, owner};
use crate::outcome::Outcome;
use crate::plan::skip_found;
use crate::protocol::{Action, StateMachine};
use graph::users::User;
use graph::{Problem, batch};
use time::{Millis, Moment};

/// A row that was looked at longer ago is looked at again before it leaves. A run that does not wait sends 6,000 invitations in this time,
/// and sooner the directory would hardly show what somebody else did: it is eventually consistent.
const FRESH: Millis = Millis::minutes(5);
/// The same for a row that may have been sent already: its guest may appear at any moment.
const FRESH_IN_DOUBT: Millis = Millis::minutes(1);
/// By so much the computer's clock may be ahead of Microsoft's: signing in notices it once a token of an hour seems to have expired five
/// minutes ago.
const CLOCKS: Millis = Millis::minutes(70);

/// Whether a person may read the directory, whatever keeps its answers back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadAccess {
    /// The token does not say so.
    NotAllowed,
    Allowed,
    /// Graph has said otherwise since the run set out.
    NoMore,
}

impl Run {
    /// When all rows were held against the directory, as far as it can be read: *Check* or *Resume* began to look then. Without this it
    /// was when the run is asked for the first time.
    pub const fn is_as_of(&mut self, then: Now) {
        self.looked = Some(then);
    }

    /// How many rows were left out since the run set out, because somebody else had invited them.
    pub const fn found_meanwhile(&self) -> usize {
        self.found_meanwhile
    }

    /// Whether Graph has said since the run set out that the directory may not be read any more: nobody is looked at from then on.
    pub const fn may_look_no_more(&self) -> bool {
        matches!(self.reading, ReadAccess::NoMore)
    }

    fn is_stale(&self, place: Place, now: Now) -> bool {
        let task = self.index.at(place);
        let fresh = match task.is_in_doubt() {
            // Whoever is asked for anew by intention is there already.
            _ if task.is_known => return false,
            true => FRESH_IN_DOUBT,
            false if self.reading == ReadAccess::Allowed => FRESH,
            false => return false,
        };
        task.looked.or(self.looked).is_some_and(|then| now.since(then) > fresh)
    }

    /// Looks at rows that have waited, where some of those are that are about to leave.
    pub(super) fn look_again(&mut self, about_to_leave: &[Place], now: Moment) -> Option<Action<Vec<Entry>>> {
        let at = self.at(now);
        if !about_to_leave.iter().any(|place| self.is_stale(*place, at)) {
            return None;
        }
        let mut stale = self.index.due(RequestKind::Invite, batch::MOST, now);
        stale.retain(|place| self.is_stale(*place, at));
        for place in &stale {
            self.index.change(*place, |task| task.look_again(at));
        }
        // What is in doubt and cannot be looked for ends so.
        stale.retain(|place| self.can_look || !self.index.at(*place).is_in_doubt());
        Some(if stale.is_empty() { self.next(now) } else { self.send(RequestKind::Look, stale, now) })
    }

    /// A look at this row came to nothing, by this answer of Graph's if there was one. Nobody leaves who cannot be looked at for long: all
    /// who are left wait for a person then.
    pub(super) fn heed_failed_look(&mut self, place: Place, last: Option<Problem>, now: Moment) {
        let task = self.index.at(place);
        if task.is_checking() && task.failed_looks >= FAILED_LOOKS {
            self.halt(HaltReason::no_directory(last.unwrap_or_else(unanswered), task.looks_fail_since), now);
        }
    }

    /// Rows that stand in the journal as leaving have not left if the computer slept right then: back to be looked at.
    pub(super) fn put_back(&mut self, leaving: &[Place], now: Moment) -> Option<Action<Vec<Entry>>> {
        let at = self.at(now);
        if !leaving.iter().any(|place| self.is_stale(*place, at)) {
            return None;
        }
        let entries = self.index.change_each(leaving.to_vec(), |task| Some(task.wait_again(now, task.tries(), at)));
        self.unrecorded.extend(entries);
        Some(self.record())
    }
}

impl Task {
    /// Whether it may have been sent before.
    pub(super) const fn is_in_doubt(&self) -> bool {
        self.lost > 0 || self.earlier.is_some()
    }

    /// Whether it is looked at, or will be once more because that failed.
    pub(super) const fn is_checking(&self) -> bool {
        matches!(self.stage, TaskStage::Checking { .. }) || self.failed_looks > 0 && matches!(self.stage, TaskStage::Waiting { .. })
    }

    fn look_again(&mut self, now: Now) {
        let tries = self.tries();
        self.stage = if self.is_in_doubt() {
            // Once, since it was looked for before.
            self.sent = tries;
            TaskStage::Unsure { not_before: now.steady, tries: LOOKS }
        } else {
            TaskStage::Checking { tries }
        };
    }

    /// Whether somebody was there before this row left, and only appeared later: of them nobody knows whether the request arrived, which
    /// would have sent them a mail, too. Who does not tell when they were made is taken for the guest that was asked for.
    fn is_older(&self, user: &User) -> bool {
        let is_known_as_own = self.earlier.as_ref().is_some_and(|earlier| earlier.guest() == Some(&user.id));
        let created = user.created_date_time.as_deref().and_then(Moment::from_graph);
        !is_known_as_own && created.zip(self.first_left).is_some_and(|(created, left)| created + CLOCKS < left)
    }

    /// Who has the address of this row, as the directory tells.
    pub(super) fn looked_up(&mut self, users: &[User], now: Now) -> Option<Entry> {
        (self.looked, self.failed_looks) = (Some(now), 0);
        let address = self.invitation.as_ref().map(|invitation| invitation.invited_user_email_address.clone()).unwrap_or_default();
        match (&self.stage, owner(users, &address)) {
            (TaskStage::Checking { .. }, Some((_, found))) => Some(self.end(Outcome::Skipped(skip_found(&found)?), now)),
            (&TaskStage::Checking { tries }, None) => {
                self.stage = TaskStage::Waiting { not_before: Moment(0), tries };
                None
            }
            (_, Some((user, found))) if matches!(found, Match::Clash { .. }) || self.is_older(user) => Some(self.end(Outcome::Unsure, now)),
            // The plan found nobody with this address, so this guest is the one that was asked for.
            (_, Some((user, _))) => Some(self.seen(user.id.clone(), now)),
            (_, None) => self.nobody_there(now),
        }
    }
}
