//! How a machine that decides talks to a shell that does. The machine says what is next; the shell carries requests,
//! waits, writes to disk, and tells what it heard. Neither [`crate::look`] nor [`crate::run`] does any of that itself.

use crate::graph::{Answer, Request};
use crate::time::{Millis, Moment};

/// Ties an answer to its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// What the shell is to do next. `R` is what has to be on disk before anything else happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next<R> {
    /// Write this down durably, then say so.
    Record(R),
    /// Carry this; tell the answer later. Ask for the next thing at once.
    Send(Ticket, Request),
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

/// Something that is driven by asking it what is next.
pub trait Machine {
    /// What has to be on disk before a request may leave.
    type Record;
    fn next(&mut self, now: Moment) -> Next<Self::Record>;
    /// The last [`Next::Record`] is on disk.
    fn recorded(&mut self) {}
    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment);
    /// There is a fresh token.
    fn signed_in(&mut self);
}

/// When the next request may leave. Graph counts a throttled call against the whole app, so everybody waits.
/// <https://learn.microsoft.com/graph/throttling>
#[derive(Clone, Debug, Default)]
pub struct Pace {
    not_before: Moment,
    /// Since when and until when Graph asked for quiet.
    quiet: Option<Moment>,
}

/// Directory writes of one app in a tenant: 3,000 per 150 s, so one every 50 ms keeps below it for ever.
/// <https://learn.microsoft.com/graph/throttling-limits>
pub const PER_WRITE: Millis = Millis(50);

impl Pace {
    /// The moment before which nothing may leave, if it lies ahead.
    pub fn held_until(&self, now: Moment) -> Option<Moment> {
        (self.not_before > now).then_some(self.not_before)
    }

    /// Counts `writes` that leave now.
    pub fn left(&mut self, writes: usize, now: Moment) {
        let writes = i64::try_from(writes).unwrap_or(i64::MAX);
        self.not_before = self.not_before.max(now) + Millis(PER_WRITE.0.saturating_mul(writes));
    }

    /// Graph asked everybody to wait.
    pub fn quiet(&mut self, wait: Millis, now: Moment) {
        self.not_before = self.not_before.max(now + wait);
        self.quiet = Some(self.not_before);
    }

    /// Until when Graph asked for quiet, if that lies ahead.
    pub fn quiet_until(&self, now: Moment) -> Option<Moment> {
        self.quiet.filter(|until| *until > now)
    }
}
