//! How a state machine that decides talks to a shell that acts. The machine says what is next; the shell carries requests,
//! waits, writes to disk, and tells what it heard. Neither [`crate::lookup`] nor [`crate::run`] does any of that itself.

mod flights;

pub use flights::{Flights, PATIENCE, PATIENCE_READING};

use crate::graph::{Answer, Request};
use crate::time::{Millis, Moment};
use std::collections::VecDeque;

/// Ties an answer to its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// What the shell is to do next. `R` is what has to be on disk before anything else happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<R> {
    /// Write this down durably, then say so.
    Record(R),
    /// Carry this; tell the answer later. Ask for the next thing at once.
    Send(Ticket, Request),
    /// Give this request up: its answer was waited for long enough and is not to be told any more. Ask for the next thing at once.
    Abandon(Ticket),
    /// Nothing to do before then, unless an answer comes.
    WaitUntil(Moment),
    /// Nothing to do until an answer comes.
    WaitForReply,
    /// The token was refused: get a fresh one, then say so. Holds the claims of a challenge.
    SignIn(Option<String>),
    /// Nothing to do until a person says go on.
    Idle,
    Done,
}

/// Something that is driven by asking it what is next. Every `now` comes from a clock that never goes back and is never set.
pub trait StateMachine {
    /// What has to be on disk before a request may leave.
    type Record;
    /// How far the computer's clock, which is what is written down, stands ahead of that one.
    fn wall_clock(&mut self, _ahead: Millis) {}
    fn next(&mut self, now: Moment) -> Action<Self::Record>;
    /// The last [`Action::Record`] is on disk.
    fn recorded(&mut self) {}
    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment);
    /// There is a fresh token.
    fn signed_in(&mut self);
}

/// When the next request may leave. Graph counts a throttled call against the whole app, so everybody waits.
/// <https://learn.microsoft.com/graph/throttling>
#[derive(Clone, Debug)]
pub struct Pace {
    /// Until when Graph asked for quiet.
    quiet: Moment,
    writes_from: Moment,
    /// Microseconds between two writes at the fastest, and as learnt.
    least: i64,
    per_write: i64,
    /// Since it was learnt anew.
    accepted: u32,
    /// Until when it is held back because writes got no answer that tells, and how often in a row that was.
    doubt: (Moment, u32),
    /// When how many were written lately.
    recent: VecDeque<(Moment, usize)>,
}

/// Writes that Graph allows one app in a tenant in [`WINDOW`]. <https://learn.microsoft.com/graph/throttling-limits>
pub const QUOTA: usize = 3000;
pub const WINDOW: Millis = Millis(150_000);

/// Microseconds. Directory writes of one app in a tenant: 3,000 per 150 s, which is one every 50 ms; a little more, so that
/// a window that begins with a batch of twenty holds no more either.
/// <https://learn.microsoft.com/graph/throttling-limits>
const PER_WRITE: i64 = 50_400;
/// Never slower than so many times as long: Graph says itself how long to wait.
const SLOWER_MOST: i64 = 8;
/// What a late wake-up may make up for.
const LATE: Millis = Millis(100);

impl Default for Pace {
    fn default() -> Self {
        Self {
            quiet: Moment(0),
            writes_from: Moment(0),
            least: PER_WRITE,
            per_write: PER_WRITE,
            accepted: 0,
            doubt: (Moment(0), 0),
            recent: VecDeque::new(),
        }
    }
}

impl Pace {
    /// With this long between two writes at the fastest.
    pub fn every(least: Millis) -> Self {
        Self { least: least.0 * 1000, per_write: least.0 * 1000, ..Self::default() }
    }

    /// Until when Graph asked for quiet, if that lies ahead. Nothing may leave before.
    pub fn quiet_until(&self, now: Moment) -> Option<Moment> {
        (self.quiet > now).then_some(self.quiet)
    }

    /// The moment before which nothing may be written, if it lies ahead.
    pub fn writes_from(&self, now: Moment) -> Option<Moment> {
        let from = self.writes_from.max(self.doubt.0);
        (from > now).then_some(from)
    }

    /// Counts `writes` that leave now.
    pub fn wrote(&mut self, writes: usize, now: Moment) {
        while self.recent.front().is_some_and(|(then, _)| now - *then >= WINDOW) {
            self.recent.pop_front();
        }
        self.recent.push_back((now, writes));
        let writes = i64::try_from(writes).unwrap_or(i64::MAX);
        self.pass(self.per_write.saturating_mul(writes), now);
    }

    /// Counts something that takes this long at the fastest, and longer where waiting was learnt.
    pub fn spent(&mut self, takes: Millis, now: Moment) {
        self.pass(takes.0.saturating_mul(1000).saturating_mul(self.per_write) / self.least, now);
    }

    fn pass(&mut self, micros: i64, now: Moment) {
        let since = self.writes_from.max(Moment(now.0 - LATE.0));
        self.writes_from = since + Millis(micros / 1000);
    }

    /// How many of [`QUOTA`] this run has used up.
    pub fn used(&self, now: Moment) -> usize {
        self.recent.iter().filter(|(then, _)| now - *then < WINDOW).map(|(_, writes)| writes).sum()
    }

    /// Graph asked everybody to wait. Others may use up the same quota, so what follows goes a little slower.
    pub fn quiet(&mut self, wait: Millis, now: Moment) {
        if self.quiet_until(now).is_none() {
            self.per_write = (self.per_write * 5 / 4).min(self.least * SLOWER_MOST);
            self.accepted = 0;
        }
        self.quiet = self.quiet.max(now + wait);
    }

    /// A write got no answer that tells whether it was done. While that goes on, each further one would be in doubt, too, so they
    /// come ever more rarely: after 2 s, 4 s and so on up to a minute. Writes that were on their way together count once.
    pub fn unanswered(&mut self, now: Moment) {
        let (until, times) = self.doubt;
        if until <= now {
            self.doubt = (now + Millis::seconds(2 << times.min(5)), times + 1);
        }
    }

    /// A write was accepted. A hundred of them are reason to go a little faster again.
    pub fn accepted(&mut self) {
        self.doubt.1 = 0;
        self.accepted += 1;
        if self.accepted >= 100 {
            self.per_write = (self.per_write * 9 / 10).max(self.least);
            self.accepted = 0;
        }
    }
}
