//! What may be done in a day, as a run asks for it before the first step of the next rows leaves. What others did is counted first, where
//! that can be read and may matter.

use super::index::Place;
use super::job::Job;
use super::journal::JournalEntry;
use super::looking::ReadAccess;
use super::{Bulk, InFlight, Record, Whole};
use crate::protocol::{Action, Cost};
use graph::{Again, Answer, PaceKind, Problem, Reply, Request, Unreached};
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use time::{Millis, Moment, Now};

/// How often something may be done in a day, and how often it was. Every `now` is the computer's clock.
pub trait Budget {
    /// Whether there is a limit.
    fn is_limited(&self, now: Moment) -> bool;
    /// How many may be done now; `None`: there is no limit.
    fn left(&self, now: Moment) -> Option<usize>;
    /// When the next one may be done, if none may be now.
    fn free_from(&self, now: Moment) -> Option<Moment>;
    /// So many leave now; the time that they are counted under.
    fn leave(&mut self, number: usize, now: Moment) -> Moment;
    /// One that was counted under that time has not left this machine. Whatever left counts, whatever came of it.
    fn never_left(&mut self, at: Moment);
    /// This was made here, so that it is not counted as others' once more.
    fn is_own(&mut self, id: &str);
    /// Whether what others did may matter where so many are wanted.
    fn is_to_be_told(&self, wanted: usize, now: Moment) -> bool;
    /// What tells that; asked together.
    fn questions(now: Moment) -> Vec<Request>;
    /// Takes over what they told, all of them.
    ///
    /// # Errors
    /// A reply tells of a problem, or cannot be read.
    fn learn(&mut self, replies: &[&Reply], is_own: &dyn Fn(&str) -> bool, now: Moment) -> Result<(), Problem>;
}

/// For jobs without any.
pub enum NoBudget {}

impl Budget for NoBudget {
    fn is_limited(&self, _now: Moment) -> bool {
        match *self {}
    }
    fn left(&self, _now: Moment) -> Option<usize> {
        match *self {}
    }
    fn free_from(&self, _now: Moment) -> Option<Moment> {
        match *self {}
    }
    fn leave(&mut self, _number: usize, _now: Moment) -> Moment {
        match *self {}
    }
    fn never_left(&mut self, _at: Moment) {
        match *self {}
    }
    fn is_own(&mut self, _id: &str) {
        match *self {}
    }
    fn is_to_be_told(&self, _wanted: usize, _now: Moment) -> bool {
        match *self {}
    }
    fn questions(_now: Moment) -> Vec<Request> {
        Vec::new()
    }
    fn learn(&mut self, _replies: &[&Reply], _is_own: &dyn Fn(&str) -> bool, _now: Moment) -> Result<(), Problem> {
        match *self {}
    }
}

/// What others did is counted anew after this.
const COUNT_LASTS: Millis = Millis::minutes(10);
/// So often that is tried, a minute together. Then it goes by what this browser did, until others are to be counted anew: a question that
/// Microsoft does not answer is no reason to do nothing.
const COUNT_TRIES: u32 = 5;

/// Whether what others did is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Counted,
    /// It was tried in vain last.
    NotCounted,
    /// They may not be counted.
    Hidden,
}

/// A budget, and what this run does with it.
pub(super) struct Spending<B> {
    pub(super) budget: B,
    /// When what is on its way left, by the computer's clock.
    on_its_way: HashMap<Place, Moment>,
    /// When others were counted last, or were to be.
    counted: Option<Now>,
    others: Others,
    /// Counting failed so often; it is not tried again before.
    failed: (u32, Moment),
    /// It did not leave this machine when it was tried last.
    is_cut_off: bool,
}

impl<J: Job> Bulk<J> {
    /// Holds the run to a budget. Without this there is no limit.
    pub fn hold_to(&mut self, budget: J::Budget) {
        self.spending = Some(Spending {
            budget,
            on_its_way: HashMap::new(),
            counted: None,
            others: Others::Counted,
            failed: (0, Moment(0)),
            is_cut_off: false,
        });
    }

    pub fn budget_mut(&mut self) -> Option<&mut J::Budget> {
        self.spending.as_mut().map(|spending| &mut spending.budget)
    }

    /// The budget, where there is a limit.
    fn limited(&self, now: Moment) -> Option<&Spending<J::Budget>> {
        self.spending.as_ref().filter(|spending| spending.budget.is_limited(now + self.whole.ahead))
    }

    /// How many rows may leave now for all that the budget says.
    pub(super) fn allowed(&self, now: Moment) -> usize {
        self.spending.as_ref().and_then(|spending| spending.budget.left(now + self.whole.ahead)).unwrap_or(usize::MAX)
    }

    /// When the budget lets the next one leave, by the computer's clock, if it lets none leave now.
    pub(super) fn free_from(&self, now: Moment) -> Option<Moment> {
        self.limited(now)?.budget.free_from(now + self.whole.ahead)
    }

    /// Until when rows are held back by the budget, or because counting others has to be tried again.
    pub(super) fn budget_until(&self, now: Moment) -> Option<Moment> {
        let free_from = self.free_from(now).map(|then| now + (then - (now + self.whole.ahead)));
        let tried_again = self.limited(now).map(|spending| spending.failed.1).filter(|then| *then > now);
        free_from.max(tried_again)
    }

    /// Whether rows are held back because counting others has to be tried again.
    pub(super) fn has_to_count(&self, now: Moment) -> bool {
        self.limited(now).is_some_and(|spending| spending.failed.1 > now)
    }

    /// Whether what others did could not be counted when that was tried last, so that the budget goes by what this browser did.
    pub fn goes_by_own(&self, now: Moment) -> bool {
        !self.is_offline(now) && self.limited(now).is_some_and(|spending| spending.others == Others::NotCounted)
    }

    /// Whether the network seems to be gone: of rows, or as others were to be counted.
    pub(super) fn is_offline(&self, now: Moment) -> bool {
        self.index.counts().offline > 0 || self.has_to_count(now) && self.spending.as_ref().is_some_and(|spending| spending.is_cut_off)
    }

    /// What was made for a row has become known.
    pub(super) fn made(&mut self, place: Place) {
        if let (Some(spending), Some(id)) = (&mut self.spending, J::made(self.index.at(place))) {
            spending.budget.is_own(id);
        }
    }

    /// These leave now. They are counted also while there is no limit: somebody may say otherwise meanwhile.
    pub(super) fn spend(&mut self, places: &[Place], now: Moment) {
        let wall = now + self.whole.ahead;
        if let Some(spending) = &mut self.spending {
            let at = spending.budget.leave(places.len(), wall);
            spending.on_its_way.extend(places.iter().map(|place| (*place, at)));
        }
    }

    /// One that left has been answered, or will not be: what it came to is told by the entry that follows.
    pub(super) fn account(&mut self, place: Place, entry: Option<&JournalEntry<J::Event>>) {
        let Some(spending) = &mut self.spending else { return };
        let Some(at) = spending.on_its_way.remove(&place) else { return };
        if entry.is_some_and(|entry| entry.never_left) {
            spending.budget.never_left(at);
        }
    }

    /// Asks what others did lately, where that may matter and was not asked just now.
    pub(super) fn count_others(&mut self, now: Moment) -> Option<Action<Record<J>>> {
        let at = self.at(now);
        let spending =
            self.limited(now).filter(|spending| self.whole.reading == ReadAccess::Allowed && spending.others != Others::Hidden)?;
        let is_fresh = spending.counted.is_some_and(|counted| at.since(counted) < COUNT_LASTS);
        if is_fresh || !spending.budget.is_to_be_told(self.to_start(), at.wall) {
            return None;
        }
        let questions = J::Budget::questions(at.wall);
        Some(self.whole.dispatch.send(PaceKind::DirectoryRead, InFlight::Budget, &questions, Cost::Nothing, now))
    }

    pub(super) fn counted(&mut self, answers: &[Answer], now: Moment) {
        let at = self.at(now);
        let Some(spending) = &mut self.spending else { return };
        spending.is_cut_off = answers.contains(&Err(Unreached::Offline));
        if answers.contains(&Err(Unreached::NoToken)) {
            return self.whole.dispatch.refuse_token(None);
        }
        let own = LazyCell::new(|| self.index.all().iter().filter_map(J::made).collect::<HashSet<&str>>());
        let replies: Result<Vec<&Reply>, &Unreached> = answers.iter().map(Answer::as_ref).collect();
        let problem = match replies.map(|replies| spending.budget.learn(&replies, &|id| own.contains(id), at.wall)) {
            Ok(Ok(())) => {
                (spending.counted, spending.others, spending.failed) = (Some(at), Others::Counted, (0, Moment(0)));
                return;
            }
            Ok(Err(problem)) => Some(problem),
            Err(_) => None,
        };
        let tries = spending.failed.0;
        let again = problem.as_ref().map(|problem| problem.again_harmless(tries));
        let wait = match again {
            Some(Again::After(wait)) => wait,
            Some(Again::AfterSignIn) => Millis(0),
            Some(Again::Never | Again::LookFirst) if problem.as_ref().is_some_and(Problem::is_graphs_denial) => {
                return spending.others = Others::Hidden;
            }
            // Something on the way may let the next one through.
            Some(Again::Never | Again::LookFirst) | None => Millis::backoff(tries),
        };
        if let Some(quiet) = problem.as_ref().and_then(|problem| problem.retry_after) {
            self.whole.dispatch.quiet(PaceKind::DirectoryRead, quiet, now);
        }
        if tries + 1 < COUNT_TRIES {
            spending.failed = (tries + 1, now + wait);
            if let Some(problem) = problem.filter(|_| again == Some(Again::AfterSignIn)) {
                self.whole.dispatch.refuse_token(problem.claims().map(Into::into));
            }
        } else if spending.is_cut_off {
            // Nothing else leaves either.
            spending.failed.1 = now + wait;
        } else {
            (spending.counted, spending.others, spending.failed) = (Some(at), Others::NotCounted, (0, Moment(0)));
        }
    }
}

impl Whole {
    /// Whether what others did is being counted.
    pub(super) fn is_counting(&self) -> bool {
        self.dispatch.all().any(|asked| matches!(asked, InFlight::Budget))
    }
}
