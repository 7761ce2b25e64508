//! A run that withdraws or restores, whichever it is: made of what is written down, and told in its own words.

use super::recycle_bin::journal::{RecycleKind, StoredRecycle};
use super::recycle_bin::{RecycleOutcome, RecycleRun, RecycleTally};
use super::withdraw::AppRoleAccess;
use super::{restore, withdraw};
use crate::bulk::{Ending, Ramp, RunStatus};
use crate::sheet::Table;
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

/// What became of each guest, as a table: address, outcome, reason, the directory's id, the request, when.
pub fn report(stored: &StoredRecycle, run: &RecycleRun) -> Table {
    let mut table = Table::default();
    table.push(["Address", "Outcome", "Reason", "GuestId", "RequestId", "At"]);
    for guest in &stored.header.guests {
        let ended = run.ended(guest.row);
        let outcome = ended.map(|ended| &ended.outcome);
        let reason = outcome.and_then(|outcome| words(stored.header.kind, outcome)).map(|words| words.what).unwrap_or_default();
        let request = outcome.and_then(Ending::refused).and_then(|refused| refused.problem.request_id.clone()).unwrap_or_default();
        let at = ended.map(|ended| ended.at.iso()).unwrap_or_default();
        table.push([guest.email.as_str(), outcome.map_or("Open", Ending::name), &reason, &guest.id, &request, &at]);
    }
    table
}
