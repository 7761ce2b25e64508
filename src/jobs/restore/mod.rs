//! Restoring guests whom a withdrawal deleted, for 30 days.
//!
//! `plan.rs` says whom, and of all others why not; `course.rs` what is asked and what answers mean; `telling.rs` how endings are told. The
//! rest is [`super::recycle_bin`].

mod course;
pub mod plan;
mod telling;

use super::recycle_bin::{OwnGuest, RecycleEntry, RecycleRun};
use crate::bulk::Ramp;
pub use telling::{ending, left_out, words};

/// These guests being restored, to be begun or, with what its journal tells, gone on with: what had left without an answer is looked up
/// first. `can_look`: the token may read the directory.
pub fn run(guests: &[OwnGuest], ramp: Ramp, entries: &[RecycleEntry], can_look: bool) -> RecycleRun {
    RecycleRun::of(course::RESTORING, guests, ramp, entries, can_look)
}
