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
use std::collections::BTreeSet;
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
    /// Whom a withdrawal can take back, and who was.
    pub(super) taking_back: Memo<Arc<TakingBack>>,
}

/// Whom of a run a withdrawal can take back, once nothing moves, and who was taken back.
#[derive(Default, PartialEq)]
pub(super) struct TakingBack {
    pub(super) plan: WithdrawPlan,
    /// Rows of the plan's guests, in the order of their ids.
    own: Vec<u32>,
    /// With when that was, in the order of their ids.
    withdrawn: Vec<(u32, Moment)>,
}

impl TakingBack {
    /// `can_be`: whether somebody may take them back now.
    fn new(stored: &Stored, can_be: bool, guests: &RecycledGuests<'_>) -> Self {
        let plan = if can_be { plan(stored, None, &|id| guests.is_withdrawn(id)) } else { WithdrawPlan::default() };
        let mut own: Vec<u32> = plan.guests.iter().map(|guest| guest.row).collect();
        own.sort_unstable();
        let mut withdrawn: Vec<(u32, Moment)> = guests.withdrawn_of(&stored.header.id).map(|(row, recycled)| (row, recycled.at)).collect();
        withdrawn.sort_unstable_by_key(|(row, _)| *row);
        Self { plan, own, withdrawn }
    }

    /// Whether the guest of this row can be taken back.
    pub(super) fn can_be(&self, row: u32) -> bool {
        self.own.binary_search(&row).is_ok()
    }

    /// When the guest of this row was taken back, if they are.
    pub(super) fn withdrawn(&self, row: u32) -> Option<Moment> {
        self.withdrawn.binary_search_by_key(&row, |(row, _)| *row).ok().map(|place| self.withdrawn[place].1)
    }
}

impl Subject {
    pub(super) fn new(app: AppState, stored: Memo<Option<Arc<Stored>>>, shown: ProgressMemo) -> Self {
        let taking_back = Memo::new(move |_| {
            let person = app.accounts.person().unwrap_or_default();
            let told = stored.get().and_then(|stored| {
                // Whoever carries the run on may take its guests back.
                let can_be = is_over(shown) && stored.carrier().is(&person);
                recycled(app, &person, |guests| TakingBack::new(&stored, can_be, guests))
            });
            Arc::new(told.unwrap_or_default())
        });
        Self { app, stored, shown, chosen: RwSignal::default(), taking_back }
    }

    /// When the guest of this row was taken back, if they are.
    pub(super) fn withdrawn(self, row: u32) -> Option<Moment> {
        self.taking_back.with(|told| told.withdrawn(row))
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
        self.stored.with(|stored| stored.as_ref().is_some_and(failed)) && self.withdrawn(row).is_none()
    }

    /// Nothing moves and no row is open.
    pub(super) fn is_over(self) -> bool {
        is_over(self.shown)
    }
}

/// Reads where guests are by what was taken back and restored here, once the runs have been read.
pub(super) fn recycled<T>(app: AppState, person: &Owner, read: impl FnOnce(&RecycledGuests<'_>) -> T) -> Option<T> {
    app.runs.all.with(|all| Some(read(&all.as_ref()?.as_ref().ok()?.whole.recycled(person))))
}

fn is_over(shown: ProgressMemo) -> bool {
    with(shown, |shown| !shown.is_moving && shown.tally.open() == 0).unwrap_or(false)
}

pub(super) fn with<T>(shown: ProgressMemo, read: impl FnOnce(&RunProgress) -> T) -> Option<T> {
    shown.with(|shown| shown.as_ref().map(read))
}
