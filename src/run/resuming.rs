//! How a row is taken up: anew after it failed, and from what the journal tells.

use super::journal::{Entry, RowEvent};
use super::stage::{InvitedGuest, TaskStage};
use super::task::Task;
use crate::outcome::{Ended, NoLetter, Outcome};
use time::{Moment, Now};

impl Task {
    /// Sets a failed row going again.
    pub(super) fn again(&mut self, now: Now) -> Option<Entry> {
        let outcome = self.outcome().map(|ended| ended.outcome.clone()).filter(Outcome::is_failure)?;
        (self.lost, self.failed_looks) = (0, 0);
        match outcome {
            // These may have been done: look first.
            Outcome::Unsure | Outcome::NotFound { .. } if !self.is_known => {
                self.earlier = Some(Box::new(outcome));
                self.stage = TaskStage::Unsure { not_before: now.steady, tries: 0 };
                Some(self.entry(RowEvent::Left, now))
            }
            Outcome::NoLetter { guest, redeem: None, seen, .. } => {
                Some(self.ask_for_link(InvitedGuest { id: guest, redeem: None, seen }, now))
            }
            Outcome::NoLetter { guest, redeem, seen, .. } => {
                Some(self.letter_due(InvitedGuest { id: guest, redeem, seen }, now.steady, 0, now))
            }
            _ => Some(self.wait_again(now.steady, 0, now)),
        }
    }

    /// Takes over what the journal tells.
    pub(super) fn remember(&mut self, entry: &Entry) {
        if self.invitation.is_none() {
            return;
        }
        self.stage = match entry.what.clone() {
            // Asking for a link brings nobody a mail, but counts towards the day: not without an end, however often it is taken up.
            RowEvent::Left if self.found.is_some() => {
                self.lost += 1;
                TaskStage::Waiting { not_before: Moment(0), tries: 0 }
            }
            RowEvent::Left if self.is_known => TaskStage::Ended(Ended { outcome: Outcome::Unsure, at: entry.at }),
            RowEvent::Left => {
                self.lost += 1;
                self.first_left.get_or_insert(entry.at);
                if let TaskStage::Ended(Ended { outcome: outcome @ (Outcome::Unsure | Outcome::NotFound { .. }), .. }) = &self.stage {
                    self.earlier = Some(Box::new(outcome.clone()));
                }
                TaskStage::Unsure { not_before: Moment(0), tries: 0 }
            }
            RowEvent::NotDone => {
                (self.lost, self.first_left) = (0, None);
                TaskStage::Waiting { not_before: Moment(0), tries: 0 }
            }
            // It stays counted as lost: a second silence is for a person to decide.
            RowEvent::NotSeen => {
                self.earlier.get_or_insert_with(|| Box::new(Outcome::Unsure));
                // They may have appeared since.
                TaskStage::Unsure { not_before: Moment(0), tries: 0 }
            }
            RowEvent::LinkWanted { guest, seen } => {
                self.is_known = true;
                self.found = Some(InvitedGuest { id: guest, redeem: None, seen });
                TaskStage::Waiting { not_before: Moment(0), tries: 0 }
            }
            RowEvent::Created { guest, redeem } => {
                (self.found, self.earlier) = (None, None);
                TaskStage::Created { guest, redeem, not_before: Moment(0), tries: 0 }
            }
            RowEvent::LetterDue { guest, redeem, seen } => {
                TaskStage::LetterDue { guest: InvitedGuest { id: guest, redeem, seen }, not_before: Moment(0), tries: 0 }
            }
            RowEvent::LetterLeft { guest, redeem, seen } => {
                TaskStage::Ended(Ended { outcome: Outcome::NoLetter { guest, redeem, seen, why: NoLetter::Unsure }, at: entry.at })
            }
            RowEvent::Ended(outcome) => TaskStage::Ended(Ended { outcome, at: entry.at }),
        };
    }
}
