//! One row of a run, as it is shown.

use guestlist::jobs::invite::outcome::Ended;
use guestlist::jobs::invite::plan::Planned;
use guestlist::letter::{Channel, OutgoingMessage};
use time::Moment;

/// One row as it is shown.
#[derive(Clone)]
pub(super) struct SeenRow {
    pub(super) row: u32,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) word: &'static str,
    pub(super) ended: Option<Ended>,
    /// A letter of one's own, with the personal link, once somebody looks at the row.
    pub(super) letter: Option<OutgoingMessage>,
    pub(super) channel: Channel,
    /// When the guest was taken back, if they are.
    pub(super) withdrawn: Option<Moment>,
}

impl SeenRow {
    pub(super) fn from_planned(planned: &Planned, word: &'static str, ended: Option<&Ended>) -> Self {
        Self {
            row: planned.row,
            email: planned.email.clone(),
            name: planned.name.clone(),
            word,
            ended: ended.cloned(),
            letter: None,
            channel: planned.brings(),
            withdrawn: None,
        }
    }
}
