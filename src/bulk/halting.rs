//! Why a run has halted: something that holds for every row, as an answer told it, or as the journal tells it after a reload.

use super::job::{Ending, Job, Step};
use super::journal::{JournalEntry, NotSent};
use super::{Bulk, Mode};
use crate::refused::Refused;
use crate::words::Words;
use std::collections::HashSet;
use time::Moment;

/// Why a run halts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HaltReason {
    /// What an answer told holds for every row.
    Refused(Refused),
    /// For long it could not be looked at who is in the directory.
    NoDirectory {
        /// What was met last. Of which kind it was is not written down.
        last: Refused,
        /// By the computer's clock.
        since: Option<Moment>,
    },
}

impl HaltReason {
    /// The last of many looks met this, none of which told since then who is in the directory.
    pub(crate) fn no_directory(last: Refused, since: Moment) -> Self {
        Self::NoDirectory { last, since: Some(since) }
    }

    /// What was met last.
    pub const fn refused(&self) -> &Refused {
        match self {
            Self::Refused(refused) | Self::NoDirectory { last: refused, .. } => refused,
        }
    }

    /// How it is told, in a job's own words for what was refused and for a directory that does not answer.
    pub(crate) fn told(&self, refused: fn(&Refused) -> Words, silent: fn() -> Words) -> Words {
        let told = match self {
            Self::NoDirectory { last, .. } if last.permission.is_none() => silent(),
            _ => refused(self.refused()),
        };
        match self {
            Self::NoDirectory { since: Some(since), .. } => {
                Words { why: format!("{} It has been so since {} UTC.", told.why, since.iso()[..16].replace('T', " ")), ..told }
            }
            _ => told,
        }
    }
}

/// Why the run has halted, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Halt {
    pub(super) reason: HaltReason,
    /// By the computer's clock.
    at: Moment,
}

impl<J: Job> Bulk<J> {
    /// When it halted, by the computer's clock, if it has.
    pub const fn halted_at(&self) -> Option<Moment> {
        if let Mode::Halted(halt) = &self.whole.mode { Some(halt.at) } else { None }
    }

    pub(super) fn halt(&mut self, reason: HaltReason, now: Moment) {
        if !matches!(self.whole.mode, Mode::Halted(_)) {
            self.journal.tell_halt(reason.clone());
            self.whole.mode = Mode::Halted(Box::new(Halt { reason, at: self.at(now).wall }));
            self.end_those_left(NotSent::Halted, now);
        }
    }
}

/// Reads a journal, entry by entry, for why the run halted last.
pub(super) struct Halts<'a, J: Job> {
    /// As it was written down.
    told: Option<(&'a HaltReason, Moment)>,
    /// Earlier versions wrote no reason down: there it is the last refusal, where that holds for all or others were left off for it.
    refused: Option<(&'a J::Outcome, Moment)>,
    were_left: bool,
    /// Rows that have ended.
    ended: HashSet<u32>,
}

impl<J: Job> Default for Halts<'_, J> {
    fn default() -> Self {
        Self { told: None, refused: None, were_left: false, ended: HashSet::new() }
    }
}

impl<'a, J: Job> Halts<'a, J> {
    pub(super) fn read(&mut self, entry: &'a JournalEntry<J::Event>) {
        match J::outcome_of(&entry.what) {
            Some(outcome) => {
                self.ended.insert(entry.row);
                if outcome.refused().is_some() {
                    self.refused = Some((outcome, entry.at));
                }
                self.were_left |= outcome.not_sent() == Some(NotSent::Halted);
            }
            // Somebody has taken up what had ended: what held then need not hold any more.
            None if self.ended.remove(&entry.row) => (self.told, self.refused, self.were_left) = (None, None, false),
            None => {}
        }
        self.told = entry.halted.as_deref().map(|reason| (reason, entry.at)).or(self.told);
    }

    /// Why the run stands still; `is_over`: all of its rows have ended.
    pub(super) fn last(self, job: &J, is_over: bool) -> Option<Box<Halt>> {
        let told = self.told.map(|(reason, at)| (reason.clone(), at));
        let refused = || {
            let (outcome, at) = self.refused.filter(|_| is_over)?;
            let refused = outcome.refused()?;
            let halts = |step: &J::Step| job.halts(*step, refused);
            let others =
                || self.were_left && (J::Step::ALL.iter().any(halts) || refused.is_unexplained() && refused.problem.was_not_done());
            (halts(&J::Step::FIRST) || others()).then(|| (HaltReason::Refused(refused.clone()), at))
        };
        told.or_else(refused).map(|(reason, at)| Box::new(Halt { reason, at }))
    }
}
