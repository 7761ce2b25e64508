//! Why a run has halted: something that holds for every row, as an answer told it, or as the journal tells it after a reload.

use super::journal::{Entry, RowEvent};
use super::refusals::{halts_letters, halts_the_run, is_as_unknown_as};
use super::{HaltReason, Mode, Run};
use crate::outcome::{NoLetter, NotSent, Outcome};
use graph::Problem;
use std::collections::HashSet;
use time::Moment;

/// Why the run has halted, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Halt {
    pub(super) reason: HaltReason,
    /// By the computer's clock.
    at: Moment,
}

impl Run {
    /// When it halted, by the computer's clock, if it has.
    pub const fn halted_at(&self) -> Option<Moment> {
        if let Mode::Halted(halt) = &self.mode { Some(halt.at) } else { None }
    }

    pub(super) fn halt(&mut self, reason: HaltReason, now: Moment) {
        if !matches!(self.mode, Mode::Halted(_)) {
            self.halt_to_tell = Some(Box::new(reason.clone()));
            self.mode = Mode::Halted(Box::new(Halt { reason, at: self.at(now).wall }));
            self.end_those_left(NotSent::Halted, now);
        }
    }
}

/// Reads a journal, entry by entry, for why the run halted last.
#[derive(Default)]
pub(super) struct Halts<'a> {
    /// As it was written down.
    told: Option<(&'a HaltReason, Moment)>,
    /// Earlier versions wrote no reason down: there it is the last refusal, where that holds for all or others were left off for it.
    refused: Option<(&'a Problem, Moment)>,
    were_left: bool,
    /// Rows that have ended.
    ended: HashSet<u32>,
}

impl<'a> Halts<'a> {
    pub(super) fn read(&mut self, entry: &'a Entry) {
        match &entry.what {
            RowEvent::Ended(outcome) => {
                self.ended.insert(entry.row);
                match outcome {
                    Outcome::Refused(problem) | Outcome::NoLetter { why: NoLetter::Refused(problem), .. } => {
                        self.refused = Some((problem, entry.at));
                    }
                    Outcome::NotSent(NotSent::Halted) | Outcome::NoLetter { why: NoLetter::NotSent(NotSent::Halted), .. } => {
                        self.were_left = true;
                    }
                    _ => {}
                }
            }
            // Somebody has taken up what had ended: what held then need not hold any more.
            _ if self.ended.remove(&entry.row) => (self.told, self.refused, self.were_left) = (None, None, false),
            _ => {}
        }
        self.told = entry.halted.as_deref().map(|reason| (reason, entry.at)).or(self.told);
    }

    /// Why the run stands still; `is_over`: all of its rows have ended.
    pub(super) fn last(self, is_over: bool) -> Option<Box<Halt>> {
        let were_left = self.were_left;
        let holds_for_all =
            |problem: &Problem| halts_the_run(problem) || were_left && (halts_letters(problem) || is_as_unknown_as(problem, problem));
        let refused = self.refused.filter(|(problem, _)| is_over && holds_for_all(problem));
        let told = self.told.map(|(reason, at)| (reason.clone(), at));
        let last = told.or(refused.map(|(problem, at)| (HaltReason::Refused(problem.clone()), at)));
        last.map(|(reason, at)| Box::new(Halt { reason, at }))
    }
}
