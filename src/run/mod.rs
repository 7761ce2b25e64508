//! A plan being carried out, without doing any of it. The run says what is next and is told what was heard; it does no
//! I/O, reads no clock and throws no dice, so a native test drives it through throttling, lost replies and a killed tab
//! in made-up time.
//!
//! `errand.rs` is one row's own little machine, `ledger.rs` knows which rows are at which stage, `journal.rs` is what must be
//! on disk before a request may leave.

mod errand;
pub mod journal;
mod ledger;

use crate::ask::{Machine, Next, Pace, Ticket};
use crate::graph::{Again, Answer, Problem, Request, batch};
use crate::outcome::{Ended, NotSent, Outcome, Tally};
use crate::plan::{Action, Plan, Step};
use crate::time::{Millis, Moment};
use errand::Errand;
use journal::Entry;
use ledger::{Ledger, Place};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Requests on their way at the same time. Graph executes a batch's items one after the other as far as anybody knows, so
/// one batch may take seconds.
const FLIGHTS: usize = 4;
/// The careful gait looks whether guests appear after as many.
const CANARIES: usize = 5;
/// And goes on after this, whether they have appeared or not: the directory is eventually consistent.
const LOOKS_AT_MOST: Millis = Millis::seconds(30);

/// How fast a run sets out. Whichever it is, one guest goes first and alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gait {
    /// Five guests, a look whether they appear, then ever more at once.
    #[default]
    Careful,
    /// As fast as Graph allows.
    AtTheLimit,
}

/// What the person, or Graph, wants of the run as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mode {
    Going,
    Paused,
    /// Those in flight finish, the rest is kept.
    Stopping,
    /// A refusal that holds for every row.
    Halted(Box<Problem>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Invite,
    /// Is somebody there with this address?
    Look,
    /// Has the guest appeared?
    Verify,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Invite, Self::Look, Self::Verify];
}

pub struct Run {
    ledger: Ledger,
    gait: Gait,
    mode: Mode,
    pace: Pace,
    flights: Vec<(Ticket, Kind, Vec<Place>)>,
    tickets: u32,
    /// Not on disk yet.
    unrecorded: Vec<Entry>,
    recording: bool,
    needs_sign_in: Option<Option<String>>,
    /// Whether the directory can be read.
    can_look: bool,
    /// Graph accepted at least one invitation since the run set out, so more may go at once.
    proven: bool,
    /// When the last canary was accepted.
    canaries_since: Option<Moment>,
}

/// What can be seen of a run at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Going,
    /// Microsoft asked everybody to wait until then.
    Throttled(Moment),
    /// Every row left; guests have not all appeared yet, or lost replies are being looked into.
    Looking,
    /// The network is gone, it seems; asked again by itself.
    Offline,
    SignInNeeded,
    Paused,
    Stopping,
    Halted(Problem),
    Finished,
}

impl Run {
    /// `can_look`: the token may read the directory.
    pub fn new(plan: &Plan, gait: Gait, can_look: bool, now: Moment) -> Self {
        let errands = plan.rows.iter().map(|row| match &row.step {
            Step::Invite(invitation) => Errand::new(row.row, Arc::clone(invitation), row.action == Action::Resend),
            Step::Skip(skip) => Errand::ended(row.row, Ended { outcome: Outcome::Skipped(skip.clone()), at: now }),
        });
        Self {
            ledger: Ledger::new(errands),
            gait,
            mode: Mode::Going,
            pace: Pace::default(),
            flights: Vec::new(),
            tickets: 0,
            unrecorded: Vec::new(),
            recording: false,
            needs_sign_in: None,
            can_look,
            proven: false,
            canaries_since: None,
        }
    }

    /// A run that was interrupted, as its journal tells. What had left without an answer is looked up first.
    pub fn resume(plan: &Plan, gait: Gait, entries: &[Entry], can_look: bool, now: Moment) -> Self {
        let mut run = Self::new(plan, gait, can_look, now);
        for entry in entries {
            if let Some(place) = run.ledger.of_row(entry.row) {
                run.ledger.change(place, |errand| errand.remember(entry));
            }
        }
        run.proven = run.ledger.accepted() > 0;
        run
    }

    /// How many writes of the quota this run has used up lately.
    pub fn quota_used(&self, now: Moment) -> usize {
        self.pace.used(now)
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

    /// Nothing more leaves. Rows in flight finish; the rest is kept for *Try failed again*.
    pub fn stop(&mut self, now: Moment) {
        if matches!(self.mode, Mode::Going | Mode::Paused) {
            self.mode = Mode::Stopping;
            self.needs_sign_in = None;
            self.end_those_left(NotSent::Stopped, now);
        }
    }

    /// Sets going again what failed of the rows that are `wanted`. What may have been sent is looked up first.
    pub fn try_again(&mut self, wanted: impl Fn(u32) -> bool, now: Moment) {
        self.mode = Mode::Going;
        self.proven = false;
        let places = self.ledger.all().iter().enumerate().filter(|(_, errand)| wanted(errand.row)).map(|(place, _)| place).collect();
        self.unrecorded.extend(self.ledger.change_each(places, |errand| errand.again(now)));
    }

    pub fn tally(&self) -> Tally {
        self.ledger.tally()
    }

    /// How the row with this id ended, if it has.
    pub fn ended(&self, row: u32) -> Option<&Ended> {
        self.ledger.ended(row)
    }

    /// A word for where every row stands, in the plan's order.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &'static str, Option<&Ended>)> {
        self.ledger.all().iter().map(|errand| (errand.row, errand.word(), errand.outcome()))
    }

    pub fn standing(&self, now: Moment) -> Standing {
        let open = !self.ledger.is_over();
        match &self.mode {
            Mode::Halted(problem) if !open => Standing::Halted((**problem).clone()),
            _ if !open => Standing::Finished,
            _ if self.needs_sign_in.is_some() => Standing::SignInNeeded,
            Mode::Paused => Standing::Paused,
            Mode::Stopping => Standing::Stopping,
            Mode::Going | Mode::Halted(_) => match self.pace.quiet_until(now) {
                Some(until) => Standing::Throttled(until),
                None if self.ledger.is_offline() => Standing::Offline,
                None if self.ledger.has_left() => Standing::Looking,
                None => Standing::Going,
            },
        }
    }

    /// How many invitations may leave together now.
    fn at_once(&self, now: Moment) -> usize {
        let accepted = self.ledger.accepted();
        let in_flight: usize = self.flights.iter().filter(|(_, kind, _)| *kind == Kind::Invite).map(|(.., places)| places.len()).sum();
        match self.gait {
            _ if !self.proven => usize::from(in_flight == 0),
            Gait::AtTheLimit => batch::MOST,
            Gait::Careful if accepted < CANARIES => (CANARIES - accepted).saturating_sub(in_flight),
            Gait::Careful if self.canaries_until(now).is_some() => 0,
            Gait::Careful => match accepted {
                0..40 => 5,
                40..120 => 10,
                _ => batch::MOST,
            },
        }
    }

    /// Until when the careful gait waits for its canaries to appear, if it does.
    fn canaries_until(&self, now: Moment) -> Option<Moment> {
        let until = self.canaries_since? + LOOKS_AT_MOST;
        let waits = self.gait == Gait::Careful && self.can_look && self.ledger.seen() == 0 && until > now;
        waits.then_some(until)
    }

    fn send(&mut self, kind: Kind, places: Vec<Place>, now: Moment) -> Next<Vec<Entry>> {
        for place in &places {
            self.ledger.change(*place, Errand::left);
        }
        let requests: Vec<Request> = places.iter().map(|place| self.ledger.at(*place).request(kind)).collect();
        if kind == Kind::Invite {
            self.pace.wrote(places.len(), now);
        }
        self.tickets += 1;
        self.flights.push((Ticket(self.tickets), kind, places));
        Next::Send(Ticket(self.tickets), batch::pack(&requests))
    }

    fn end_those_left(&mut self, why: NotSent, now: Moment) {
        let mut left = self.ledger.wanting(&Kind::ALL);
        left.extend(self.ledger.leaving(usize::MAX));
        self.unrecorded.extend(self.ledger.change_each(left, |errand| errand.leave_off(why, now)));
    }

    fn answered(&mut self, kind: Kind, place: Place, answer: &Answer, now: Moment) {
        let problem = match answer {
            Ok(reply) => match self.ledger.change(place, |errand| errand.told(kind, reply, now)) {
                Ok(entry) => {
                    if kind == Kind::Invite {
                        self.proven = true;
                        self.pace.accepted();
                        if self.ledger.accepted() <= CANARIES {
                            self.canaries_since = Some(now);
                        }
                    }
                    self.unrecorded.extend(entry);
                    return;
                }
                Err(problem) => problem,
            },
            Err(unreached) => {
                self.unrecorded.extend(self.ledger.change(place, |errand| errand.unreached(kind, *unreached, now)));
                return;
            }
        };
        let again = problem.again(self.ledger.at(place).tries());
        if let (Again::After(wait), Some(_)) = (again, problem.retry_after) {
            self.pace.quiet(wait, now);
        }
        if again == Again::AfterSignIn {
            self.needs_sign_in = Some(problem.claims.clone());
        }
        let halts = kind == Kind::Invite && problem.halts_the_run();
        if kind != Kind::Invite && again == Again::Never {
            self.can_look = false;
        }
        let entry = self.ledger.change(place, |errand| errand.refused(kind, problem.clone(), again, now));
        self.unrecorded.extend(entry);
        if halts && !matches!(self.mode, Mode::Halted(_)) {
            self.mode = Mode::Halted(Box::new(problem));
            self.end_those_left(NotSent::Halted, now);
        }
    }

    /// What is to be written down now: nothing leaves before it is on disk.
    fn record(&mut self) -> Next<Vec<Entry>> {
        self.recording = true;
        Next::Record(self.unrecorded.clone())
    }

    /// Rows of one kind that may be asked now.
    fn chosen(&self, kind: Kind, now: Moment) -> Vec<Place> {
        if kind != Kind::Invite {
            return self.ledger.due(kind, batch::MOST, now);
        }
        if self.pace.writes_from(now).is_some() {
            return Vec::new();
        }
        let mut due = self.ledger.due(kind, self.at_once(now), now);
        // A row that was lost before travels alone, so that it cannot take others with it.
        if let Some(alone) = due.iter().position(|place| self.ledger.at(*place).was_lost()) {
            due.truncate(alone.max(1));
        }
        due
    }
}

impl Machine for Run {
    type Record = Vec<Entry>;

    fn next(&mut self, now: Moment) -> Next<Vec<Entry>> {
        if !self.can_look {
            let blind = self.ledger.wanting(&[Kind::Look, Kind::Verify]);
            self.unrecorded.extend(self.ledger.change_each(blind, |errand| errand.cannot_look(now)));
        }
        if !self.unrecorded.is_empty() {
            return self.record();
        }
        let leaving = self.ledger.leaving(batch::MOST);
        if !leaving.is_empty() {
            return self.send(Kind::Invite, leaving, now);
        }
        if self.flights.is_empty() && self.ledger.is_over() {
            return Next::Done;
        }
        if let Some(claims) = &self.needs_sign_in {
            return if self.flights.is_empty() { Next::SignIn(claims.clone()) } else { Next::WaitForReply };
        }
        if self.mode == Mode::Paused || self.mode == Mode::Stopping || self.flights.len() >= FLIGHTS {
            return if self.flights.is_empty() { Next::Idle } else { Next::WaitForReply };
        }
        if let Some(then) = self.pace.quiet_until(now) {
            return Next::WaitUntil(then);
        }
        for kind in Kind::ALL {
            let chosen = self.chosen(kind, now);
            if chosen.is_empty() {
                continue;
            }
            if kind == Kind::Invite {
                // First on disk, then out of the house.
                let entries = chosen.into_iter().map(|place| self.ledger.change(place, |errand| errand.leave(now)));
                self.unrecorded.extend(entries);
                return self.record();
            }
            return self.send(kind, chosen, now);
        }
        let rows_wait = !self.ledger.due(Kind::Invite, 1, now).is_empty();
        let held = [self.pace.writes_from(now), self.canaries_until(now)].into_iter().flatten().filter(|_| rows_wait).max();
        let later = Kind::ALL.into_iter().filter_map(|kind| self.ledger.later(kind, now)).chain(held).min();
        later.map_or(Next::WaitForReply, Next::WaitUntil)
    }

    fn recorded(&mut self) {
        if std::mem::take(&mut self.recording) {
            self.unrecorded.clear();
        }
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        let Some(place) = self.flights.iter().position(|(own, ..)| *own == ticket) else { return };
        let (_, kind, places) = self.flights.swap_remove(place);
        let answers = batch::each(answer, places.len());
        for (place, answer) in places.into_iter().zip(answers) {
            self.answered(kind, place, &answer, now);
        }
        match self.mode {
            Mode::Stopping => self.end_those_left(NotSent::Stopped, now),
            Mode::Halted(_) => self.end_those_left(NotSent::Halted, now),
            Mode::Going | Mode::Paused => {}
        }
    }

    fn signed_in(&mut self) {
        self.needs_sign_in = None;
    }
}
