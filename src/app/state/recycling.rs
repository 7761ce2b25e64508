//! How guests of a run are taken back, or restored.

use super::{AppState, runner};
use crate::app::effects::{clock, random};
use guestlist::jobs::recycle_bin::OwnGuest;
use guestlist::jobs::recycle_bin::journal::{RecycleHeader, RecycleKind};
use guestlist::jobs::run_tally::RunTally;
use guestlist::tab::{RunIntent, TabReport};

/// Takes these guests back whom the run `of` invited, or restores whom the withdrawal `of` deleted, unless somebody undoes it in time;
/// nothing where that was done.
pub async fn begin(app: AppState, kind: RecycleKind, of: String, guests: Vec<OwnGuest>) -> Option<TabReport> {
    let what = RunTally::moving(kind, guests.len());
    if !app.undo_window.passes(app.announcer, what).await {
        return None;
    }
    let header = RecycleHeader { id: random::guid(), kind, of, begun: clock::now(), guests };
    let report = runner::undertake(app, RunIntent::Recycle(Box::new(header))).await;
    if report != TabReport::Carried {
        // What another tab has done meanwhile is shown here, too.
        app.runs.read().await;
    }
    Some(report)
}
