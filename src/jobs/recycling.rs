//! A run that withdraws or restores, whichever it is: made of what is written down, and told in its own words.

use super::recycle_bin::journal::{RecycleKind, StoredRecycle};
use super::recycle_bin::{RecycleOutcome, RecycleRun, RecycleTally};
use super::withdraw::AppRoleAccess;
use super::{restore, withdraw};
use crate::bulk::{Ramp, RunStatus};
use crate::words::Words;

/// The run, to be begun or gone on with. `can_look`: the token may read the directory.
pub fn run(stored: &StoredRecycle, can_look: bool, roles: AppRoleAccess) -> RecycleRun {
    let guests = &stored.header.guests;
    match stored.header.kind {
        RecycleKind::Withdraw => withdraw::run(guests, Ramp::Careful, &stored.entries, can_look, roles),
        RecycleKind::Restore => restore::run(guests, Ramp::Careful, &stored.entries, can_look),
    }
}

/// Cause, who can fix it, next step; nothing for what went well.
pub fn words(kind: RecycleKind, outcome: &RecycleOutcome) -> Option<Words> {
    match kind {
        RecycleKind::Withdraw => withdraw::words(outcome),
        RecycleKind::Restore => restore::words(outcome),
    }
}

/// `Finished: 12 withdrawn, 1 kept.`
pub fn ending(kind: RecycleKind, status: &RunStatus, tally: &RecycleTally) -> String {
    match kind {
        RecycleKind::Withdraw => withdraw::ending(status, tally),
        RecycleKind::Restore => restore::ending(status, tally),
    }
}
