//! What has waited is looked at once more before it leaves: while a run waits for tomorrow, for the network or for a person, somebody else
//! may do the same for the same row. *Resume* looks in the same way. The journals of this browser need not be read anew: the tab holds the
//! tenant's lock all the while, so no other tab has sent.

use super::index::{Ask, Place};
use super::job::{Effect, Job, LostAnswer, Step};
use super::journal::JournalEntry;
use super::refusals::unanswered;
use super::task::{FAILED_LOOKS, LOOKS, Phase, SENDS, Task};
use super::{Bulk, HaltReason, Record};
use crate::protocol::{Action, StateMachine};
use crate::refused::Refused;
use graph::batch;
use time::{Millis, Moment, Now};

/// A row that was looked at longer ago is looked at again before it leaves. A run that does not wait sends 6,000 invitations in this time,
/// and sooner the directory would hardly show what somebody else did: it is eventually consistent.
const FRESH: Millis = Millis::minutes(5);
/// The same for a row that may have been sent already: what it made may appear at any moment.
const FRESH_IN_DOUBT: Millis = Millis::minutes(1);

/// A look goes on where it stood among pages for as long; after that it begins anew, since what it has seen may have changed.
const PAGE_LASTS: Millis = Millis::minutes(1);

/// Whether a person may read the directory, whatever keeps its answers back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadAccess {
    /// The token does not say so.
    NotAllowed,
    Allowed,
    /// Graph has said otherwise since the run set out.
    NoMore,
}

impl<J: Job> Bulk<J> {
    /// When all rows were held against the directory, as far as it can be read: *Check* or *Resume* began to look then. Without this it
    /// was when the run is asked for the first time.
    pub const fn is_as_of(&mut self, then: Now) {
        self.whole.looked = Some(then);
    }

    /// How many rows were left out since the run set out, because somebody else had done it.
    pub const fn found_meanwhile(&self) -> usize {
        self.whole.found_meanwhile
    }

    /// Whether Graph has said since the run set out that the directory may not be read any more: nobody is looked at from then on.
    pub const fn may_look_no_more(&self) -> bool {
        matches!(self.whole.reading, ReadAccess::NoMore)
    }

    /// Rows of which nothing has left, and that may be done already by somebody else.
    pub fn rows_to_start(&self) -> impl Iterator<Item = u32> {
        let first = J::Step::FIRST;
        let is_due = move |phase: Option<(J::Step, Phase)>| matches!(phase, Some((step, Phase::Due(_))) if step == first);
        let tasks = self.index.all().iter();
        tasks.filter(move |task| is_due(task.phase()) && self.is_looked_for(task.facts(), first)).map(|task| task.row)
    }

    /// Leaves out these rows, with how they end so, where they have not left. Where one may have left, it is looked for but not sent
    /// again. How many were left out.
    pub fn leave_out(&mut self, rows: impl IntoIterator<Item = (u32, J::Outcome)>, now: Moment) -> usize {
        let now = self.at(now);
        let mut left_out = 0;
        for (row, outcome) in rows {
            let Some(place) = self.index.by_row(row) else { continue };
            let job = &self.job;
            let entry = self.index.change(place, |task| match task.phase() {
                Some((step, Phase::Due(_))) if step == J::Step::FIRST => Some(task.end(job, outcome, now)),
                Some((_, Phase::Unsure(_))) => {
                    task.history.lost = task.history.lost.max(SENDS);
                    None
                }
                _ => None,
            });
            left_out += usize::from(entry.is_some());
            self.journal.extend(entry);
        }
        left_out
    }

    /// Whether looking tells whether this was done.
    fn is_looked_for(&self, facts: &J::Facts, step: J::Step) -> bool {
        step.effect() == Effect::Noticed && self.job.after_loss(facts, step, 0) == LostAnswer::Look
    }

    fn is_stale(&self, step: J::Step, place: Place, now: Now) -> bool {
        let task = self.index.at(place);
        // Whoever is asked for anew by intention is there already.
        if !self.is_looked_for(&task.facts, step) {
            return false;
        }
        if let Some(fresh) = self.job.looks_first() {
            return task.looked.is_none_or(|then| now.since(then) > fresh);
        }
        let fresh = match task.history.is_in_doubt() {
            true => FRESH_IN_DOUBT,
            false if self.whole.reading == ReadAccess::Allowed => FRESH,
            false => return false,
        };
        task.looked.or(self.whole.looked).is_some_and(|then| now.since(then) > fresh)
    }

    /// Looks at rows that have waited, where some of those are that are about to leave. Where every row is looked at first, those leave
    /// meanwhile that were.
    pub(super) fn look_again(&mut self, ask: Ask, about_to_leave: &mut Vec<Place>, now: Moment) -> Option<Action<Record<J>>> {
        let at = self.at(now);
        let is_stale = |place: &Place| self.is_stale(ask.step(), *place, at);
        let (mut stale, fresh): (Vec<Place>, Vec<Place>) = about_to_leave.iter().partition(|place| is_stale(place));
        if ask.is_look || stale.is_empty() {
            return None;
        }
        if self.job.looks_first().is_none() {
            stale = self.index.due(ask, batch::MOST, now);
            stale.retain(is_stale);
        } else if !fresh.is_empty() {
            *about_to_leave = fresh;
            return None;
        }
        for place in &stale {
            self.index.change(*place, |task| task.look_again(at));
        }
        // What is in doubt and cannot be looked for ends so.
        stale.retain(|place| self.whole.can_look || !self.index.at(*place).history.is_in_doubt());
        Some(if stale.is_empty() { self.next(now) } else { self.send(Ask::to_look(ask.step::<J::Step>()), stale, now) })
    }

    /// A look at this row came to nothing, by this answer of Graph's if there was one. Nobody leaves who cannot be looked at for long: all
    /// who are left wait for a person then.
    pub(super) fn heed_failed_look(&mut self, place: Place, last: Option<Refused>, now: Moment) {
        let task = self.index.at(place);
        if task.is_checking() && task.failed_looks >= FAILED_LOOKS {
            self.halt(HaltReason::no_directory(last.unwrap_or_else(unanswered), task.looks_fail_since), now);
        }
    }

    /// Rows that stand in the journal as leaving have not left if the computer slept right then: back to be looked at.
    pub(super) fn put_back(&mut self, step: J::Step, leaving: &[Place], now: Moment) -> Option<Action<Record<J>>> {
        let at = self.at(now);
        if !leaving.iter().any(|place| self.is_stale(step, *place, at)) {
            return None;
        }
        self.change_each(leaving.to_vec(), |job, task| Some(task.never_left(job, step, now, task.tries(), at)));
        Some(Action::Record(self.journal.record()))
    }
}

impl<J: Job> Task<J> {
    /// Is looked at where it stood among pages, unless that is too long ago to be of use.
    pub(super) fn begin_look(&mut self, job: &J, now: Moment) {
        if self.page_from.is_none_or(|then| now - then.steady > PAGE_LASTS) {
            self.page_from = None;
            job.look_anew(&mut self.facts);
        }
    }

    /// Whether a look at it has gone beyond the first page.
    pub(super) const fn is_on_a_later_page(&self) -> bool {
        self.page_from.is_some()
    }

    /// Is looked at once more before it leaves.
    pub(super) fn look_again(&mut self, now: Now) {
        let Some((step, _)) = self.phase() else { return };
        let tries = self.tries();
        if self.history.is_in_doubt() {
            // Once, since it was looked for before.
            self.sent = tries;
            self.stand(step, Phase::Unsure(now.steady), LOOKS);
        } else {
            self.stand(step, Phase::Checking, tries);
        }
    }

    /// Nothing can be looked at: what waits to be seen goes on as if it were there, what is unsure stays so.
    pub(super) fn cannot_look(&mut self, job: &J, now: Now) -> Option<JournalEntry<J::Event>> {
        match self.phase()? {
            (step, Phase::Unsure(_)) => Some(self.end(job, job.unsure(&self.facts, step), now)),
            (step, Phase::Due(_)) if step.effect() == Effect::Reads => {
                let learned = job.cannot_read(self.row_at(step));
                self.advance(job, learned, now)
            }
            _ => None,
        }
    }
}
