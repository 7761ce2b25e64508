//! One row of a run whose own story is told.

use guestlist::jobs::invite::outcome::Ended;
use guestlist::jobs::invite::plan::Planned;
use guestlist::letter::{Channel, OutgoingMessage};

/// One row whose own story is told.
#[derive(Clone)]
pub(super) struct SeenRow {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) ended: Ended,
    /// A letter of one's own, with the personal link.
    pub(super) letter: Option<OutgoingMessage>,
    pub(super) channel: Channel,
}

impl SeenRow {
    pub(super) fn from_planned(planned: &Planned, ended: &Ended) -> Self {
        Self { email: planned.email.clone(), name: planned.name.clone(), ended: ended.clone(), letter: None, channel: planned.brings() }
    }
}
