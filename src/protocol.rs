//! How a state machine that decides talks to a shell that acts. The machine says what is next; the shell carries requests,
//! waits, writes to disk, and tells what it heard. Neither [`crate::lookup`] nor [`crate::bulk`] does any of that itself.

pub(crate) mod collection;
mod dispatch;
mod flights;
mod inquiry;
mod pace;
mod questions;

pub(crate) use dispatch::{BESIDE, LETTER, is_batched};
pub use dispatch::{Cost, Dispatch, Hold};
pub use flights::{Flights, PATIENCE, PATIENCE_READING};
pub use inquiry::{Inquiry, InquiryQuestion, ReadFailure};
pub use pace::{Pace, QUOTA, WINDOW};
pub use questions::{AskedQuestion, Questions};

use graph::{Answer, Request, Unreached};
use identity::renewal::NoToken;
use time::{Millis, Moment};

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

impl<R> Action<R> {
    /// The same, with what is to be written down said in other terms.
    pub fn map_record<S>(self, map: impl FnOnce(R) -> S) -> Action<S> {
        match self {
            Self::Record(record) => Action::Record(map(record)),
            Self::Send(ticket, request) => Action::Send(ticket, request),
            Self::Abandon(ticket) => Action::Abandon(ticket),
            Self::WaitUntil(then) => Action::WaitUntil(then),
            Self::WaitForReply => Action::WaitForReply,
            Self::SignIn(claims) => Action::SignIn(claims),
            Self::Idle => Action::Idle,
            Self::Done => Action::Done,
        }
    }
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

/// What a machine hears instead of Graph's answer where there is no good token: nothing has left, so that no row ends over it. Who waits
/// for the token endpoint waits as without a network.
pub const fn unreached_without(token: &NoToken) -> Unreached {
    match token {
        NoToken::Until(_) => Unreached::Offline,
        NoToken::Person(_) => Unreached::NoToken,
    }
}
