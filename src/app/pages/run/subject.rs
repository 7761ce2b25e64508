//! The run that a page is about.

use crate::app::routes::{Route, Show as Rows};
use crate::app::state::AppState;
use crate::app::state::run_progress::RunProgress;
use guestlist::jobs::invite::journal::Stored;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) type ProgressMemo = Memo<Option<RunProgress>>;

/// The run that a page is about.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    pub(super) app: AppState,
    pub(super) stored: Memo<Option<Arc<Stored>>>,
    pub(super) shown: ProgressMemo,
    /// Rows that were chosen, by their ids.
    pub(super) chosen: RwSignal<BTreeSet<u32>>,
}

impl Subject {
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

    /// Nothing moves and no row is open.
    pub(super) fn is_over(self) -> bool {
        self.with(|shown| !shown.is_moving && shown.tally.open == 0).unwrap_or(false)
    }
}

pub(super) fn with<T>(shown: ProgressMemo, read: impl FnOnce(&RunProgress) -> T) -> Option<T> {
    shown.with(|shown| shown.as_ref().map(read))
}
