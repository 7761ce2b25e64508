//! Withdrawing guests: taking back whom a run of this browser made, while they have not accepted and nothing was given to them.
//!
//! `plan.rs` says whom, and of all others why not; `course.rs` what is asked and what answers mean; `telling.rs` how endings are told. The
//! rest is [`super::recycle_bin`].

mod course;
pub mod plan;
mod telling;

use super::recycle_bin::{OwnGuest, RecycleEntry, RecycleRun};
use crate::bulk::Ramp;
use course::{WITH_APP_ROLES, WITHOUT_APP_ROLES};
use graph::Operation;
use graph::users::ListAppRoles;
pub use telling::{ending, left_out, words};

/// Whether the token may read who holds roles of applications. Nobody is asked for that permission: where it is there, it is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AppRoleAccess {
    Readable,
    #[default]
    Hidden,
}

impl AppRoleAccess {
    /// `may`: whether the token has this permission.
    pub fn of(may: impl Fn(&str) -> bool) -> Self {
        if ListAppRoles::SCOPES.iter().any(|scope| may(scope)) { Self::Readable } else { Self::Hidden }
    }
}

/// A withdrawal of these guests, to be begun or, with what its journal tells, gone on with: what had left without an answer is looked up
/// first. `can_look`: the token may read the directory; else the run halts at the first guest.
pub fn run(guests: &[OwnGuest], ramp: Ramp, entries: &[RecycleEntry], can_look: bool, roles: AppRoleAccess) -> RecycleRun {
    let course = if roles == AppRoleAccess::Readable { WITH_APP_ROLES } else { WITHOUT_APP_ROLES };
    RecycleRun::of(course, guests, ramp, entries, can_look)
}
