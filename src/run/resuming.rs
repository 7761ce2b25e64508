//! How a row is taken up: anew after it failed, and from what the journal tells.

use super::journal::{Entry, What};
use super::stage::{Guest, Stage};
use super::task::Errand;
use crate::outcome::{Ended, NoLetter, Outcome};
use crate::time::{Moment, Now};

impl Errand {
    /// Sets a failed row going again.
    pub(super) fn again(&mut self, now: Now) -> Option<Entry> {
        let outcome = self.outcome().map(|ended| ended.outcome.clone()).filter(Outcome::is_failure)?;
        (self.lost, self.failed_looks) = (0, 0);
        match outcome {
            // These may have been done: look first.
            Outcome::Unsure | Outcome::NotFound { .. } if !self.is_known => {
                self.earlier = Some(Box::new(outcome));
                self.stage = Stage::Unsure { not_before: now.steady, tries: 0 };
                Some(self.entry(What::Left, now))
            }
            Outcome::NoLetter { guest, redeem: None, seen, .. } => Some(self.ask_for_link(Guest { id: guest, redeem: None, seen }, now)),
            Outcome::NoLetter { guest, redeem, seen, .. } => Some(self.letter_due(Guest { id: guest, redeem, seen }, now.steady, 0, now)),
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
            What::Left if self.found.is_some() => {
                self.lost += 1;
                Stage::Waiting { not_before: Moment(0), tries: 0 }
            }
            What::Left if self.is_known => Stage::Ended(Ended { outcome: Outcome::Unsure, at: entry.at }),
            What::Left => {
                self.lost += 1;
                self.first_left.get_or_insert(entry.at);
                if let Stage::Ended(Ended { outcome: outcome @ (Outcome::Unsure | Outcome::NotFound { .. }), .. }) = &self.stage {
                    self.earlier = Some(Box::new(outcome.clone()));
                }
                Stage::Unsure { not_before: Moment(0), tries: 0 }
            }
            What::NotDone => {
                (self.lost, self.first_left) = (0, None);
                Stage::Waiting { not_before: Moment(0), tries: 0 }
            }
            // It stays counted as lost: a second silence is for a person to decide.
            What::NotSeen => {
                self.earlier.get_or_insert_with(|| Box::new(Outcome::Unsure));
                // They may have appeared since.
                Stage::Unsure { not_before: Moment(0), tries: 0 }
            }
            What::LinkWanted { guest, seen } => {
                self.is_known = true;
                self.found = Some(Guest { id: guest, redeem: None, seen });
                Stage::Waiting { not_before: Moment(0), tries: 0 }
            }
            What::Created { guest, redeem } => {
                (self.found, self.earlier) = (None, None);
                Stage::Created { guest, redeem, not_before: Moment(0), tries: 0 }
            }
            What::LetterDue { guest, redeem, seen } => {
                Stage::LetterDue { guest: Guest { id: guest, redeem, seen }, not_before: Moment(0), tries: 0 }
            }
            What::LetterLeft { guest, redeem, seen } => {
                Stage::Ended(Ended { outcome: Outcome::NoLetter { guest, redeem, seen, why: NoLetter::Unsure }, at: entry.at })
            }
            What::Ended(outcome) => Stage::Ended(Ended { outcome, at: entry.at }),
        };
    }
}
