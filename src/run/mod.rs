//! A plan being carried out, without doing any of it. The run says what is next and is told what was heard; it does no
//! I/O, reads no clock and draws no random numbers, so a native test drives it through throttling, lost replies and a killed tab
//! in made-up time.
//!
//! `task.rs` is one row's own state machine and `delivery.rs` its second half, `index.rs` knows which rows are at which
//! stage, `ramp.rs` how much may leave now, `answers.rs` what an answer means, `halting.rs` why nothing more leaves, `reason.rs`
//! how that is told and kept, `refusals.rs` which refusals hold for every row, `journal.rs` is what must be on disk before a
//! request may leave, `daily.rs` what the tenant may send in a day, `checking.rs` what is looked at again after a wait.

mod answers;
mod checking;
mod daily;
mod delivery;
pub mod export;
mod halting;
mod index;
pub mod journal;
mod ramp;
mod reason;
mod reconcile;
mod refusals;
mod request_kind;
mod resuming;
mod sent;
mod stage;
mod status;
mod task;
mod undelivered;

use crate::outcome::{Ended, NotSent, Outcome, Tally};
use crate::plan::{Plan, PlanStep, RowAction};
use crate::protocol::{Action, Flights, Pace, StateMachine, Ticket};
use answers::Unexplained;
use checking::ReadAccess;
use daily::DailyAllowance;
use delivery::LetterContext;
use graph::{Answer, Request, Unreached, batch};
use halting::{Halt, Halts};
use index::{Place, TaskIndex};
use journal::{Entry, Stored};
pub use ramp::Ramp;
use ramp::{Hold, LETTER};
pub use reason::HaltReason;
use request_kind::RequestKind;
pub use status::RunStatus;
use std::sync::Arc;
use task::Task;
use time::{Millis, Moment, Now};

/// What the person, or Graph, wants of the run as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mode {
    Going,
    Paused,
    /// Those in flight finish, the rest is kept.
    Stopping,
    /// Something that holds for every row.
    Halted(Box<Halt>),
}

pub struct Run {
    index: TaskIndex,
    ramp: Ramp,
    mode: Mode,
    pace: Pace,
    letter_pace: Pace,
    /// Writes the letters, where some are one's own.
    letter_context: Option<LetterContext>,
    flights: Flights<(RequestKind, Vec<Place>)>,
    /// How far the computer's clock stands ahead of the one that waits are measured by.
    ahead: Millis,
    /// A person wants no more of it.
    stopped: bool,
    /// Not on disk yet.
    unrecorded: Vec<Entry>,
    /// How many of these are being written.
    recording: usize,
    /// Why it has halted, where that is not on disk yet.
    halt_to_tell: Option<Box<HaltReason>>,
    needs_sign_in: Option<Option<String>>,
    /// By kind, so that what is accepted of one does not hide what is refused of another.
    unexplained: [Unexplained; RequestKind::ALL.len()],
    /// Whether the directory can be read.
    can_look: bool,
    /// Whether this person may read it.
    reading: ReadAccess,
    /// When all rows were held against the directory, before it set out.
    looked: Option<Now>,
    /// Rows that were left out since, because somebody else had invited them.
    found_meanwhile: usize,
    /// Graph accepted at least one invitation since the run set out, so more may go at once.
    proven: bool,
    /// When the last canary was accepted.
    canaries_since: Option<Moment>,
    /// What the tenant may send in a day.
    daily: Option<Box<DailyAllowance>>,
}

impl Run {
    /// `can_look`: the token may read the directory. `now` by the computer's clock, here and where a run is resumed.
    pub fn new(plan: &Plan, ramp: Ramp, can_look: bool, now: Moment) -> Self {
        let tasks = plan.rows.iter().map(|row| match &row.step {
            PlanStep::Invite(invitation) => Task::new(row.row, Arc::clone(invitation), row.action == RowAction::Resend, row.brings()),
            PlanStep::Skip(skip) => Task::ended(row.row, Ended { outcome: Outcome::Skipped(skip.clone()), at: now }),
        });
        Self {
            index: TaskIndex::new(tasks),
            ramp,
            mode: Mode::Going,
            pace: Pace::default(),
            letter_pace: Pace::every(LETTER),
            letter_context: None,
            flights: Flights::default(),
            ahead: Millis(0),
            stopped: false,
            unrecorded: Vec::new(),
            recording: 0,
            halt_to_tell: None,
            needs_sign_in: None,
            unexplained: Default::default(),
            can_look,
            reading: if can_look { ReadAccess::Allowed } else { ReadAccess::NotAllowed },
            looked: None,
            found_meanwhile: 0,
            proven: false,
            canaries_since: None,
            daily: None,
        }
    }

    /// A run that was interrupted, as its journal tells. What had left without an answer is looked up first.
    pub fn resume(plan: &Plan, ramp: Ramp, entries: &[Entry], can_look: bool, now: Moment) -> Self {
        let mut run = Self::new(plan, ramp, can_look, now);
        let mut halts = Halts::default();
        for entry in entries {
            if let Some(place) = run.index.by_row(entry.row) {
                halts.read(entry);
                run.index.change(place, |task| task.remember(entry));
            }
        }
        run.proven = run.index.accepted() > 0;
        if let Some(halt) = halts.last(run.index.is_over()) {
            run.mode = Mode::Halted(halt);
        }
        run
    }

    /// With letters of one's own, written as the run's header says. Without this, what is to be brought by oneself stays due.
    #[must_use]
    pub fn with_letters(mut self, stored: Arc<Stored>) -> Self {
        let letter_context = LetterContext(stored);
        for place in 0..self.index.all().len() {
            let chat = letter_context.chat(self.index.at(place).row, self.index.at(place).channel);
            if chat != delivery::ChatTarget::None {
                self.index.change(place, |task| task.chat = chat);
            }
        }
        self.letter_context = Some(letter_context);
        self
    }

    /// A run as it lies on disk, to be begun or gone on with.
    pub fn from_stored(stored: &Arc<Stored>, can_look: bool, now: Moment) -> Self {
        let header = &stored.header;
        Self::resume(&header.plan, header.ramp, &stored.entries, can_look, now).with_letters(Arc::clone(stored))
    }

    /// How many writes of the quota this run has used up lately.
    pub fn quota_used(&self, now: Moment) -> usize {
        self.pace.used(now)
    }

    /// How many invitations are still to leave.
    pub fn to_invite(&self) -> usize {
        self.index.to_invite()
    }

    pub fn pause(&mut self) {
        if self.mode == Mode::Going {
            self.mode = Mode::Paused;
        }
    }

    pub fn go_on(&mut self) {
        if self.mode == Mode::Paused {
            self.mode = Mode::Going;
        }
    }

    /// Nothing more leaves. Rows in flight finish when their answers come within seconds; what is silent longer stays unsure, without
    /// a look that might be as silent. The rest is kept for *Try failed again*, which looks first.
    pub fn stop(&mut self, now: Moment) {
        if self.stopped {
            return;
        }
        self.stopped = true;
        if matches!(self.mode, Mode::Going | Mode::Paused) {
            self.mode = Mode::Stopping;
        }
        self.needs_sign_in = None;
        self.flights.hurry(now);
        self.end_those_left(NotSent::Stopped, now);
    }

    /// Sets going again what failed, but for letters that may be there.
    pub fn try_failed_again(&mut self, now: Moment) {
        let there: Vec<u32> =
            self.rows().filter(|(.., ended)| ended.is_some_and(|ended| ended.outcome.may_be_there())).map(|(row, ..)| row).collect();
        self.try_again(|row| there.binary_search(&row).is_err(), now);
    }

    /// Sets going again what failed of the rows that are `wanted`. What may have been sent is looked up first.
    pub fn try_again(&mut self, wanted: impl Fn(u32) -> bool, now: Moment) {
        let at = self.at(now);
        self.mode = Mode::Going;
        self.halt_to_tell = None;
        self.stopped = false;
        self.unexplained = Default::default();
        self.proven = false;
        let places = self.index.all().iter().enumerate().filter(|(_, task)| wanted(task.row)).map(|(place, _)| place).collect();
        self.unrecorded.extend(self.index.change_each(places, |task| task.again(at)));
    }

    pub fn tally(&self) -> Tally {
        self.index.tally()
    }

    /// How the row with this id ended, if it has.
    pub fn ended(&self, row: u32) -> Option<&Ended> {
        self.index.ended(row)
    }

    /// A word for where every row stands, in the plan's order.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &'static str, Option<&Ended>)> {
        self.index.all().iter().map(|task| (task.row, task.word(), task.outcome()))
    }

    fn send(&mut self, kind: RequestKind, places: Vec<Place>, now: Moment) -> Action<Vec<Entry>> {
        for place in &places {
            self.index.change(*place, Task::left);
        }
        let requests: Vec<Request> = places.iter().map(|place| self.index.at(*place).request(kind)).collect();
        if kind == RequestKind::Invite {
            self.pace.wrote(places.len(), now);
            self.spend(&places, now);
        }
        self.fly(kind, places, batch::pack(&requests), now)
    }

    fn fly(&mut self, kind: RequestKind, places: Vec<Place>, request: Request, now: Moment) -> Action<Vec<Entry>> {
        let ticket = self.flights.leave((kind, places), kind.patience(), now);
        Action::Send(ticket, request)
    }

    /// Sends a letter, or opens its chat, alone: batches carry no messages of the mailbox's own form.
    fn send_letter(&mut self, kind: RequestKind, place: Place, now: Moment) -> Option<Action<Vec<Entry>>> {
        let task = self.index.at(place);
        let (letter_context, redeem) = (self.letter_context.as_ref()?, task.redeem()?);
        let (request, channel) = (letter_context.request(task, kind, &redeem), task.channel);
        self.index.change(place, Task::left);
        self.letter_pace.spent(ramp::takes(channel), now);
        Some(self.fly(kind, vec![place], request, now))
    }

    fn at(&self, steady: Moment) -> Now {
        Now { steady, wall: steady + self.ahead }
    }

    fn end_those_left(&mut self, why: NotSent, now: Moment) {
        let at = self.at(now);
        let mut left = self.index.wanting(&RequestKind::ALL);
        left.extend(self.index.leaving(usize::MAX));
        left.extend(self.index.letters_leaving());
        self.unrecorded.extend(self.index.change_each(left, |task| task.leave_off(why, at)));
    }

    /// What is to be written down now: nothing leaves before it is on disk.
    fn record(&mut self) -> Action<Vec<Entry>> {
        if let Some(entry) = self.unrecorded.last_mut() {
            entry.halted = self.halt_to_tell.take().or(entry.halted.take());
        }
        self.recording = self.unrecorded.len();
        Action::Record(self.unrecorded.clone())
    }

    /// What may reach somebody is written to disk first and sent after that; the rest is sent at once.
    fn set_out(&mut self, kind: RequestKind, chosen: Vec<Place>, now: Moment) -> Action<Vec<Entry>> {
        let at = self.at(now);
        match kind {
            RequestKind::Invite | RequestKind::Letter => {
                let entries = chosen.into_iter().map(|place| self.index.change(place, |task| task.leave(kind, at)));
                self.unrecorded.extend(entries);
                self.record()
            }
            RequestKind::Chat => self.send_letter(kind, chosen[0], now).unwrap_or_else(|| self.flights.wait()),
            RequestKind::Look | RequestKind::Verify | RequestKind::Count => self.send(kind, chosen, now),
        }
    }
}

impl StateMachine for Run {
    type Record = Vec<Entry>;

    fn wall_clock(&mut self, ahead: Millis) {
        self.ahead = ahead;
    }

    fn next(&mut self, now: Moment) -> Action<Vec<Entry>> {
        let at = self.at(now);
        self.looked.get_or_insert(at);
        if let Some((ticket, flight)) = self.flights.overdue(now) {
            self.landed(flight, &Err(Unreached::Lost), now);
            return Action::Abandon(ticket);
        }
        if !self.can_look {
            let blind = self.index.wanting(&[RequestKind::Look, RequestKind::Verify]);
            self.unrecorded.extend(self.index.change_each(blind, |task| task.cannot_look(at)));
        }
        if !self.unrecorded.is_empty() {
            return self.record();
        }
        let leaving = self.index.leaving(batch::MOST);
        if !leaving.is_empty() {
            return self.put_back(&leaving, now).unwrap_or_else(|| self.send(RequestKind::Invite, leaving, now));
        }
        if let Some(sent) = self.index.letters_leaving().first().and_then(|place| self.send_letter(RequestKind::Letter, *place, now)) {
            return sent;
        }
        if self.flights.is_empty() && self.index.is_over() {
            return Action::Done;
        }
        if let Some(claims) = &self.needs_sign_in {
            return if self.flights.is_empty() { Action::SignIn(claims.clone()) } else { self.flights.wait() };
        }
        if self.mode == Mode::Paused || self.mode == Mode::Stopping {
            return if self.flights.is_empty() { Action::Idle } else { self.flights.wait() };
        }
        let mut wakes: Vec<Moment> = self.flights.until().into_iter().collect();
        for kind in RequestKind::ALL {
            match self.held(kind, now) {
                Hold::Not => {}
                Hold::UntilReply => continue,
                Hold::Until(then) => {
                    if !self.index.due(kind, 1, now).is_empty() {
                        wakes.push(then);
                    }
                    wakes.extend(self.index.later(kind, now));
                    continue;
                }
            }
            let chosen = self.chosen(kind, now);
            if !chosen.is_empty() {
                let first =
                    if kind == RequestKind::Invite { self.count_others(now).or_else(|| self.look_again(&chosen, now)) } else { None };
                return first.unwrap_or_else(|| self.set_out(kind, chosen, now));
            }
            wakes.extend(self.index.later(kind, now));
        }
        wakes.into_iter().min().map_or(Action::WaitForReply, Action::WaitUntil)
    }

    fn recorded(&mut self) {
        // A person may have stopped the run while this was written.
        self.unrecorded.drain(..std::mem::take(&mut self.recording));
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        if let Some(flight) = self.flights.arrived(ticket, now) {
            self.landed(flight, answer, now);
        }
    }

    fn signed_in(&mut self) {
        self.needs_sign_in = None;
    }
}
