//! Guests who are moved into the recycle bin, or out of it: what [`super::withdraw`] and [`super::restore`] have in common. Each states as a
//! [`Course`] what it asks and what answers mean; to the engine both are one job, so that it is compiled once for both.
//!
//! `steps.rs` is what is done for a guest, `facts.rs` what is known of one, `learning.rs` what follows from answers, `events.rs` what is
//! written down of a row, `journal.rs` a run as it is written down, `outcome.rs` every way a row can end, with the tally, `telling.rs` the words that both have.

mod events;
mod facts;
pub mod journal;
mod learning;
mod outcome;
mod steps;
mod telling;

use crate::bulk::journal::JournalEntry;
use crate::bulk::{Bulk, Ramp, Task};
pub use events::RecycleEvent;
pub use facts::{MovingFacts, Proof, Question};
pub use learning::{BinLook, Course, LookReason, MoveAnswer, are_there};
#[cfg(test)]
pub(crate) use outcome::tests::{every_ending, tally};
pub use outcome::{RecycleClass, RecycleOutcome, RecycleTally, WhyKept};
pub use steps::RecycleStep;
pub(super) use telling::{ending, left_out, not_sent, refusal};
pub use telling::{halt_words, is_barred};
use time::Moment;

/// A guest whom a run of this browser made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnGuest {
    /// Of the run that invited: [`crate::rows::Row::id`].
    pub row: u32,
    /// As it was invited.
    pub email: String,
    /// Object id.
    pub id: String,
    /// When that run wrote down that their row may leave, by the computer's clock.
    pub left: Moment,
}

/// Moves guests on this course.
pub struct Recycle {
    course: &'static dyn Course,
}

/// Guests being withdrawn, or restored.
pub type RecycleRun = Bulk<Recycle>;

/// What is written down of a withdrawal, or of restoring.
pub type RecycleEntry = JournalEntry<RecycleEvent>;

impl RecycleRun {
    /// A run of these guests, to be begun or, with what its journal tells, gone on with. `can_look`: the token may read the directory.
    pub(super) fn of(course: &'static dyn Course, guests: &[OwnGuest], ramp: Ramp, entries: &[RecycleEntry], can_look: bool) -> Self {
        let tasks = guests.iter().map(|guest| Task::new(guest.row, MovingFacts::new(guest.id.clone(), guest.left)));
        Self::begin(Recycle { course }, tasks, ramp, can_look).remembering(entries)
    }

    pub fn tally(&self) -> RecycleTally {
        RecycleTally::from_classes(self.classes(), self.open())
    }
}
