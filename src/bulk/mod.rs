//! What is done for many rows, without doing any of it: the engine of every [`Job`]. It says what is next and is told what was heard; it
//! does no I/O, reads no clock and draws no random numbers, so a native test drives it through throttling, lost replies and a killed tab
//! in made-up time.
//!
//! A row goes through its job's steps one after the other: due, in the journal as leaving, sent, and where an answer was lost, unsure and
//! looked at. `job.rs` is what a job states, `task.rs` one row's own state machine, `resuming.rs` how it begins again, `index.rs` which
//! rows stand where, `ramp.rs` how much may leave now, `budget.rs` what may leave in a day, `answers.rs` what an answer means, `looking.rs`
//! what is looked at again after a wait, `halting.rs` why nothing more leaves and `refusals.rs` which refusals nobody can explain,
//! `journal.rs` what must be on disk before a request may leave, `changed.rs` what a view follows, `status.rs` the run in one word.
//! `whole.rs` is the run as a whole: like most of `index.rs` it knows no job's types.

mod answers;
mod budget;
mod changed;
mod halting;
mod index;
mod job;
pub mod journal;
mod looking;
mod ramp;
mod refusals;
mod resuming;
mod status;
mod task;
mod whole;

use crate::protocol::{Action, Cost, Hold, StateMachine, Ticket, is_batched};
use budget::Spending;
pub use budget::{Budget, NoBudget};
pub use changed::{Seen, ShownRows};
use graph::{Answer, PaceKind, Request, batch};
pub use halting::HaltReason;
use halting::Halts;
use index::{Ask, Place, TaskIndex};
pub use job::{Effect, Ending, Happened, History, Job, Learned, LostAnswer, Marks, Recalled, RowAt, Sighted, Step};
use journal::{EndedAs, JournalEntry, NotSent, WriteAhead};
pub use ramp::Ramp;
pub use refusals::unanswered;
pub use status::RunStatus;
pub use task::{Phase, TRIES, Task, TaskState};
use time::{Millis, Moment, Now};
use whole::{InFlight, Mode, Whole};

/// What has to be on disk before anything else happens.
pub type Record<J> = Vec<JournalEntry<<J as Job>::Event>>;

/// A job being done for many rows.
pub struct Bulk<J: Job> {
    job: J,
    index: TaskIndex<J>,
    journal: WriteAhead<J::Event>,
    whole: Whole,
    /// What may be done in a day.
    spending: Option<Spending<J::Budget>>,
}

impl<J: Job> Bulk<J> {
    /// `can_look`: the token may read the directory.
    pub fn begin(job: J, tasks: impl Iterator<Item = Task<J>>, ramp: Ramp, can_look: bool) -> Self {
        Self {
            job,
            index: TaskIndex::new(tasks),
            journal: WriteAhead::default(),
            whole: Whole::of(J::Step::ALL.len(), ramp, can_look),
            spending: None,
        }
    }

    /// A run that was interrupted, as its journal tells. What had left without an answer is looked up first.
    #[must_use]
    pub fn remembering(mut self, entries: &[JournalEntry<J::Event>]) -> Self {
        let mut halts = Halts::<J>::default();
        for entry in entries {
            if let Some(place) = self.index.by_row(entry.row) {
                halts.read(entry);
                let job = &self.job;
                self.index.change(place, |task| task.remember(job, entry));
            }
        }
        self.whole.proven = self.index.counts().accepted > 0;
        if let Some(halt) = halts.last(&self.job, self.index.is_over()) {
            self.whole.mode = Mode::Halted(halt);
        }
        self
    }

    pub const fn job(&self) -> &J {
        &self.job
    }

    /// Every row, in the plan's order.
    pub fn tasks(&self) -> &[Task<J>] {
        self.index.all()
    }

    /// A word for where every row stands, in the plan's order.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &'static str, Option<&EndedAs<J::Outcome>>)> {
        self.index.all().iter().map(|task| (task.row, J::word(task), task.outcome()))
    }

    /// The place in the plan of the row with this id.
    pub fn place_of(&self, row: u32) -> Option<usize> {
        self.index.by_row(row)
    }

    /// Which rows have changed since somebody looked, by their places in the plan, each once; and as of when that is.
    pub fn changed_since(&self, seen: Seen) -> (Vec<usize>, Seen) {
        self.index.changed().since(seen)
    }

    /// How the row with this id ended, if it has.
    pub fn ended(&self, row: u32) -> Option<&EndedAs<J::Outcome>> {
        self.index.outcome_of(row)
    }

    /// How many rows have ended, by [`Ending::class`].
    pub fn classes(&self) -> &[usize] {
        self.index.ended()
    }

    /// How many rows have not ended.
    pub const fn open(&self) -> usize {
        self.index.counts().open
    }

    /// For how many rows the first step is still to leave.
    pub fn to_start(&self) -> usize {
        self.index.to_start()
    }

    /// How many writes of the directory's quota this run has used up lately.
    pub fn quota_used(&self, now: Moment) -> usize {
        self.whole.dispatch.used(PaceKind::DirectoryWrite, now)
    }

    /// Whether nothing is on its way, and nothing is to be written down.
    pub const fn is_settled(&self) -> bool {
        self.whole.dispatch.is_empty() && self.journal.is_empty()
    }

    pub fn pause(&mut self) {
        if self.whole.mode == Mode::Going {
            self.whole.mode = Mode::Paused;
        }
    }

    pub fn go_on(&mut self) {
        if self.whole.mode == Mode::Paused {
            self.whole.mode = Mode::Going;
        }
    }

    /// Nothing more leaves. Rows in flight finish when their answers come within seconds; what is silent longer stays unsure, without
    /// a look that might be as silent. The rest is kept to be tried again, which looks first.
    pub fn stop(&mut self, now: Moment) {
        if self.whole.stop(now) {
            self.end_those_left(NotSent::Stopped, now);
        }
    }

    /// Sets going again what failed, but for what might reach somebody twice.
    pub fn try_failed_again(&mut self, now: Moment) {
        self.try_failed_of(|_| true, now);
    }

    /// The same of the rows that `may` be.
    pub fn try_failed_of(&mut self, may: impl Fn(u32) -> bool, now: Moment) {
        self.take_up(|task| may(task.row) && task.outcome().is_some_and(|ended| !ended.outcome.needs_person()), now);
    }

    /// Sets going again what failed of the rows that are `wanted`. What may have been done is looked up first.
    pub fn try_again(&mut self, wanted: impl Fn(u32) -> bool, now: Moment) {
        self.take_up(|task| wanted(task.row), now);
    }

    fn take_up(&mut self, wanted: impl Fn(&Task<J>) -> bool, now: Moment) {
        let at = self.at(now);
        self.whole.begin_anew();
        self.journal.forget_halt();
        let places = self.index.all().iter().enumerate().filter(|(_, task)| wanted(task)).map(|(place, _)| place).collect();
        self.change_each(places, |job, task| task.again(job, at));
    }

    fn at(&self, steady: Moment) -> Now {
        self.whole.at(steady)
    }

    /// Sends this for these rows, in one request.
    fn send(&mut self, ask: Ask, places: Vec<Place>, now: Moment) -> Action<Record<J>> {
        let job = &self.job;
        places.iter().for_each(|place| self.index.change(*place, |task| task.left(job, ask.is_look, now)));
        let request = |place: &Place| {
            let task = self.index.at(*place);
            if ask.is_look { job.look(task, ask.step()) } else { job.request(task, ask.step()) }
        };
        let requests: Vec<Request> = places.iter().map(request).collect();
        let lane = ask.lane;
        let cost = match places.first() {
            Some(_) if ask.effect != Effect::Reads && is_batched(lane) => Cost::Writes(places.len()),
            Some(first) if ask.effect != Effect::Reads => job.cost(&self.index.at(*first).facts, ask.step()),
            _ => Cost::Nothing,
        };
        if ask.is_first() {
            self.spend(&places, now);
        }
        self.whole.dispatch.send(lane, InFlight::Rows(ask, places), &requests, cost, now)
    }

    fn end_those_left(&mut self, why: NotSent, now: Moment) {
        let at = self.at(now);
        self.change_each(self.index.resting(), |job, task| task.leave_off(job, why, at));
    }

    /// Changes each of these rows; what is to be written down of it is kept for that.
    fn change_each(&mut self, places: Vec<Place>, change: impl Fn(&J, &mut Task<J>) -> Option<JournalEntry<J::Event>>) {
        let job = &self.job;
        let entries = places.into_iter().filter_map(|place| self.index.change(place, |task| change(job, task)));
        self.journal.extend(entries);
    }

    /// Sends what stands in the journal as leaving: nobody waits for anything else once that is on disk.
    fn send_recorded(&mut self, now: Moment) -> Option<Action<Record<J>>> {
        J::Step::ALL.iter().find_map(|step| {
            let leaving = self.index.recorded(*step, most_of(step.lane()));
            if leaving.is_empty() {
                return None;
            }
            Some(self.put_back(*step, &leaving, now).unwrap_or_else(|| self.send(Ask::to_do(*step), leaving, now)))
        })
    }

    /// What would be noticed is written to disk first and sent after that; the rest is sent at once.
    fn set_out(&mut self, ask: Ask, chosen: Vec<Place>, now: Moment) -> Action<Record<J>> {
        if ask.effect == Effect::Noticed {
            let at = self.at(now);
            self.change_each(chosen, |job, task| Some(task.leave(job, ask.step(), at)));
            return Action::Record(self.journal.record());
        }
        self.send(ask, chosen, now)
    }
}

/// How many rows are asked about in one request.
const fn most_of(lane: PaceKind) -> usize {
    if is_batched(lane) { batch::MOST } else { 1 }
}

impl<J: Job> StateMachine for Bulk<J> {
    type Record = Record<J>;

    fn wall_clock(&mut self, ahead: Millis) {
        self.whole.ahead = ahead;
    }

    fn next(&mut self, now: Moment) -> Action<Record<J>> {
        let at = self.at(now);
        self.whole.looked.get_or_insert(at);
        if let Some((ticket, asked, answers)) = self.whole.dispatch.overdue(now) {
            self.landed(asked, &answers, now);
            return Action::Abandon(ticket);
        }
        if !self.whole.can_look {
            self.change_each(self.index.wanting_a_look(), |job, task| task.cannot_look(job, at));
        }
        if !self.journal.is_empty() {
            return Action::Record(self.journal.record());
        }
        if let Some(sent) = self.send_recorded(now) {
            return sent;
        }
        if let Some(gate) = self.whole.gate(self.index.is_over()) {
            return gate;
        }
        let mut wakes: Vec<Moment> = self.whole.dispatch.until().into_iter().collect();
        for &ask in self.index.asks() {
            match self.held(ask, now) {
                Hold::Not => {}
                Hold::UntilReply => continue,
                Hold::Until(then) => {
                    wakes.extend(self.index.earliest(ask, then, now));
                    continue;
                }
            }
            let mut chosen = self.chosen(ask, now);
            if !chosen.is_empty() {
                let counting = if ask.is_first() { self.count_others(now) } else { None };
                return counting.or_else(|| self.look_again(ask, &mut chosen, now)).unwrap_or_else(|| self.set_out(ask, chosen, now));
            }
            wakes.extend(self.index.later(ask, now));
        }
        wakes.into_iter().min().map_or(Action::WaitForReply, Action::WaitUntil)
    }

    fn recorded(&mut self) {
        // A person may have stopped the run while this was written.
        self.journal.recorded();
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        if let Some((asked, answers)) = self.whole.dispatch.arrived(ticket, answer, now) {
            self.landed(asked, &answers, now);
        }
    }

    fn signed_in(&mut self) {
        self.whole.dispatch.open_gate();
    }
}
