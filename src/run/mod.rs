//! A plan being carried out, without doing any of it. The run says what is next and is told what was heard; it does no
//! I/O, reads no clock and throws no dice, so a native test drives it through throttling, lost replies and a killed tab
//! in made-up time.
//!
//! `errand.rs` is one row's own little machine, `journal.rs` what must be on disk before a request may leave.

mod errand;
pub mod journal;

use crate::ask::{Machine, Next, Pace, Ticket};
use crate::graph::{Again, Answer, Problem, Request, batch};
use crate::outcome::{Ended, NotSent, Outcome, Tally};
use crate::plan::{Plan, Step};
use crate::time::{Millis, Moment};
use errand::{Errand, Stage};
use journal::Entry;

/// Invitations in one `$batch`. Small, so that each row's ending shows soon and a lost reply leaves few rows unsure.
const AT_ONCE: usize = 5;
/// Requests on their way at the same time.
const FLIGHTS: usize = 2;

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

pub struct Run {
    errands: Vec<Errand>,
    mode: Mode,
    pace: Pace,
    flights: Vec<(Ticket, Kind, Vec<usize>)>,
    tickets: u32,
    /// Not on disk yet.
    unrecorded: Vec<Entry>,
    recording: bool,
    needs_sign_in: Option<Option<String>>,
    /// Whether the directory can be read.
    can_look: bool,
    /// Graph accepted at least one invitation, so more may go at once.
    proven: bool,
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
    pub fn new(plan: &Plan, can_look: bool, now: Moment) -> Self {
        let errands = plan.rows.iter().map(|row| match &row.step {
            Step::Invite(invitation) => Errand::new(row.row, invitation.clone()),
            Step::Skip(skip) => Errand::ended(row.row, Ended { outcome: Outcome::Skipped(skip.clone()), at: now }),
        });
        Self {
            errands: errands.collect(),
            mode: Mode::Going,
            pace: Pace::default(),
            flights: Vec::new(),
            tickets: 0,
            unrecorded: Vec::new(),
            recording: false,
            needs_sign_in: None,
            can_look,
            proven: false,
        }
    }

    /// A run that was interrupted, as its journal tells. What had left without an answer is looked up first.
    pub fn resume(plan: &Plan, entries: &[Entry], can_look: bool, now: Moment) -> Self {
        let mut run = Self::new(plan, can_look, now);
        for entry in entries {
            if let Some(errand) = run.errands.iter_mut().find(|errand| errand.row == entry.row) {
                errand.remember(entry);
            }
        }
        run.proven = run.errands.iter().any(|errand| errand.is_accepted());
        run
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

    /// Sets everything that failed going again. What may have been sent is looked up first.
    pub fn try_again(&mut self, now: Moment) {
        self.mode = Mode::Going;
        self.proven = false;
        for errand in &mut self.errands {
            if let Some(entry) = errand.again(now) {
                self.unrecorded.push(entry);
            }
        }
    }

    pub fn tally(&self) -> Tally {
        Tally::of(self.errands.iter().map(|errand| errand.outcome().map(|ended| &ended.outcome)))
    }

    /// How the row with this id ended, if it has.
    pub fn ended(&self, row: u32) -> Option<&Ended> {
        self.errands.iter().find(|errand| errand.row == row)?.outcome()
    }

    /// A word for where every row stands, in the plan's order.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &'static str, Option<&Ended>)> {
        self.errands.iter().map(|errand| (errand.row, errand.word(), errand.outcome()))
    }

    pub fn standing(&self, now: Moment) -> Standing {
        let open = self.errands.iter().any(|errand| errand.outcome().is_none());
        match &self.mode {
            Mode::Halted(problem) if !open => Standing::Halted((**problem).clone()),
            _ if !open => Standing::Finished,
            _ if self.needs_sign_in.is_some() => Standing::SignInNeeded,
            Mode::Paused => Standing::Paused,
            Mode::Stopping => Standing::Stopping,
            Mode::Going | Mode::Halted(_) => match self.pace.quiet_until(now) {
                Some(until) => Standing::Throttled(until),
                None if self.errands.iter().any(Errand::is_offline) => Standing::Offline,
                None if self.errands.iter().all(Errand::has_left) => Standing::Looking,
                None => Standing::Going,
            },
        }
    }

    /// Rows of one kind that may be asked now, and when the earliest of the others may.
    fn due(&self, kind: Kind, now: Moment) -> (Vec<usize>, Option<Moment>) {
        let mut due = Vec::new();
        let mut later: Option<Moment> = None;
        for (place, errand) in self.errands.iter().enumerate() {
            match errand.wants(kind) {
                Some(then) if then <= now => due.push(place),
                Some(then) => later = Some(later.map_or(then, |earliest| earliest.min(then))),
                None => {}
            }
        }
        (due, later)
    }

    fn send(&mut self, kind: Kind, places: Vec<usize>, now: Moment) -> Next<Vec<Entry>> {
        let requests: Vec<Request> = places.iter().map(|place| self.errands[*place].request(kind)).collect();
        self.pace.left(if kind == Kind::Invite { places.len() } else { 0 }, now);
        self.tickets += 1;
        self.flights.push((Ticket(self.tickets), kind, places));
        Next::Send(Ticket(self.tickets), batch::pack(&requests))
    }

    /// Invitations that stand in the journal as leaving and are not in flight.
    fn leaving(&self) -> Vec<usize> {
        let ready = |errand: &&Errand| matches!(errand.stage, Stage::Leaving { .. });
        self.errands.iter().enumerate().filter(|(_, errand)| ready(errand)).map(|(place, _)| place).collect()
    }

    fn end_those_left(&mut self, why: NotSent, now: Moment) {
        for errand in &mut self.errands {
            if let Some(entry) = errand.leave_off(why, now) {
                self.unrecorded.push(entry);
            }
        }
    }

    fn answered(&mut self, kind: Kind, place: usize, answer: &Answer, now: Moment) {
        let problem = match answer {
            Ok(reply) => match self.errands[place].told(kind, reply, now) {
                Ok(entry) => {
                    self.proven |= kind == Kind::Invite;
                    self.unrecorded.extend(entry);
                    return;
                }
                Err(problem) => problem,
            },
            Err(unreached) => {
                self.unrecorded.extend(self.errands[place].unreached(kind, *unreached, now));
                return;
            }
        };
        let again = problem.again(self.errands[place].tries());
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
        self.unrecorded.extend(self.errands[place].refused(kind, problem.clone(), again, now));
        if halts && !matches!(self.mode, Mode::Halted(_)) {
            self.mode = Mode::Halted(Box::new(problem));
            self.end_those_left(NotSent::Halted, now);
        }
    }
}

impl Machine for Run {
    type Record = Vec<Entry>;

    fn next(&mut self, now: Moment) -> Next<Vec<Entry>> {
        if !self.can_look {
            let blind: Vec<Entry> = self.errands.iter_mut().filter_map(|errand| errand.cannot_look(now)).collect();
            self.unrecorded.extend(blind);
        }
        if !self.unrecorded.is_empty() {
            self.recording = true;
            return Next::Record(self.unrecorded.clone());
        }
        let leaving = self.leaving();
        if !leaving.is_empty() {
            for place in &leaving {
                self.errands[*place].left();
            }
            return self.send(Kind::Invite, leaving, now);
        }
        if self.flights.is_empty() && self.errands.iter().all(|errand| errand.outcome().is_some()) {
            return Next::Done;
        }
        if let Some(claims) = &self.needs_sign_in {
            return if self.flights.is_empty() { Next::SignIn(claims.clone()) } else { Next::WaitForReply };
        }
        if self.mode == Mode::Paused || self.mode == Mode::Stopping || self.flights.len() >= FLIGHTS {
            return if self.flights.is_empty() { Next::Idle } else { Next::WaitForReply };
        }
        if let Some(then) = self.pace.held_until(now) {
            return Next::WaitUntil(then);
        }
        let mut later: Option<Moment> = None;
        for kind in [Kind::Invite, Kind::Look, Kind::Verify] {
            let (mut due, then) = self.due(kind, now);
            later = match (later, then) {
                (Some(earlier), Some(then)) => Some(earlier.min(then)),
                (earlier, then) => earlier.or(then),
            };
            // One guest goes ahead; the others follow once Graph has accepted an invitation.
            let canary_out = !self.proven && self.flights.iter().any(|(_, kind, _)| *kind == Kind::Invite);
            due.truncate(match kind {
                Kind::Invite if canary_out => 0,
                Kind::Invite if !self.proven => 1,
                Kind::Invite => AT_ONCE,
                Kind::Look | Kind::Verify => batch::MOST,
            });
            // A row that was lost before travels alone, so that it cannot take others with it.
            if let Some(alone) = due.iter().position(|place| kind == Kind::Invite && self.errands[*place].was_lost()) {
                due = if alone == 0 { vec![due[0]] } else { due[..alone].to_vec() };
            }
            if due.is_empty() {
                continue;
            }
            if kind == Kind::Invite {
                // First on disk, then out of the house.
                self.unrecorded.extend(due.iter().map(|place| self.errands[*place].leave(now)));
                self.recording = true;
                return Next::Record(self.unrecorded.clone());
            }
            for place in &due {
                self.errands[*place].left();
            }
            return self.send(kind, due, now);
        }
        match later {
            Some(then) if self.flights.is_empty() || then > now => Next::WaitUntil(then.max(now + Millis(1))),
            _ => Next::WaitForReply,
        }
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
