//! The run that a page is about.

use crate::app::routes::{Route, Show as Rows};
use crate::app::state::run_progress::RunProgress;
use crate::app::state::{AppState, open_runs};
use guestlist::bulk::Ending;
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::recycle_bin::journal::RecycledGuests;
use guestlist::jobs::withdraw::plan::{WithdrawPlan, plan};
use guestlist::owner::Owner;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use time::Moment;

pub(super) type ProgressMemo = Memo<Option<RunProgress>>;

/// The run that a page is about.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    pub(super) app: AppState,
    pub(super) stored: Memo<Option<Arc<Stored>>>,
    pub(super) shown: ProgressMemo,
    /// Rows that were chosen, by their ids.
    pub(super) chosen: RwSignal<BTreeSet<u32>>,
    /// Whom a withdrawal can take back, once nothing moves.
    pub(super) own_guests: Memo<WithdrawPlan>,
    pub(super) own_rows: Memo<BTreeSet<u32>>,
    /// Rows whose guests are withdrawn, with when that was.
    pub(super) withdrawn: Memo<BTreeMap<u32, Moment>>,
}

impl Subject {
    pub(super) fn new(app: AppState, stored: Memo<Option<Arc<Stored>>>, shown: ProgressMemo) -> Self {
        let is_over = move || with(shown, |shown| !shown.is_moving && shown.tally.open() == 0).unwrap_or(false);
        // Whoever carries the run on may take its guests back.
        let own_guests = Memo::new(move |_| {
            let person = app.accounts.person().unwrap_or_default();
            let Some(stored) = stored.get().filter(|stored| is_over() && stored.carrier().is(&person)) else {
                return WithdrawPlan::default();
            };
            recycled(app, &person, |guests| plan(&stored, None, &|id| guests.is_withdrawn(id))).unwrap_or_default()
        });
        let withdrawn = Memo::new(move |_| {
            let (person, stored) = (app.accounts.person().unwrap_or_default(), stored.get());
            let of =
                |id: &str| recycled(app, &person, |guests| guests.withdrawn_of(id).map(|(row, recycled)| (row, recycled.at)).collect());
            stored.and_then(|stored| of(&stored.header.id)).unwrap_or_default()
        });
        let own_rows = Memo::new(move |_| own_guests.with(|plan| plan.guests.iter().map(|guest| guest.row).collect()));
        Self { app, stored, shown, chosen: RwSignal::default(), own_guests, own_rows, withdrawn }
    }

    pub(super) fn with<T>(self, read: impl FnOnce(&RunProgress) -> T) -> Option<T> {
        with(self.shown, read)
    }

    /// Which rows are shown.
    pub(super) fn filter(self) -> Rows {
        self.app.navigator.route.with(|route| if let Route::Run { show, .. } = route { *show } else { Rows::All })
    }

    /// Only others can help; trying again is in vain until then.
    pub(super) fn is_barred(self) -> bool {
        let signed_in = self.app.accounts.signed_in.get();
        self.with(|shown| shown.status.is_barred(signed_in > shown.halted_at)).unwrap_or(false)
    }

    /// Whether a row ended so that it can be tried again.
    pub(super) fn has_failed(self, row: u32) -> bool {
        let failed =
            |stored: &Arc<Stored>| open_runs::with_run(stored, |run| run.ended(row).is_some_and(|ended| ended.outcome.is_failure()));
        self.stored.with(|stored| stored.as_ref().is_some_and(failed)) && !self.withdrawn.with(|withdrawn| withdrawn.contains_key(&row))
    }

    /// Nothing moves and no row is open.
    pub(super) fn is_over(self) -> bool {
        self.with(|shown| !shown.is_moving && shown.tally.open() == 0).unwrap_or(false)
    }
}

/// Reads where guests are by what was taken back and restored here, once the runs have been read.
pub(super) fn recycled<T>(app: AppState, person: &Owner, read: impl FnOnce(&RecycledGuests<'_>) -> T) -> Option<T> {
    app.runs.journal.with(|journal| Some(read(&journal.as_ref()?.as_ref().ok()?.recycled(person))))
}

pub(super) fn with<T>(shown: ProgressMemo, read: impl FnOnce(&RunProgress) -> T) -> Option<T> {
    shown.with(|shown| shown.as_ref().map(read))
}
