//! The runs of this browser, the one that this tab is at work with, and what is known of how many invitations may leave in a day.

use super::accounts::Accounts;
use super::open_runs;
use super::run_progress::RunProgress;
use super::state_signal::StateSignal;
use crate::app::effects::store;
use guestlist::jobs::invite::allowance::Terms;
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::recycle_bin::journal::StoredRecycle;
use guestlist::storage::allowance;
use guestlist::storage::journal::Journal;
use guestlist::storage::{Denied, Range, Store};
use std::sync::Arc;

/// Everybody's runs of this browser, or why they could not be read; nothing until they have been.
type ReadJournal = Option<Result<Arc<Journal>, Denied>>;

/// The runs of this browser.
pub struct Runs {
    /// Runs that belong to whoever is signed in, oldest first.
    pub own: StateSignal<Vec<Arc<Stored>>>,
    /// Those of them that take guests back, or restore them, oldest first.
    pub recycles: StateSignal<Vec<Arc<StoredRecycle>>>,
    pub journal: StateSignal<ReadJournal>,
    /// What is known of the tenant that decides how many invitations a day it may send, as it lies here.
    pub terms: StateSignal<Terms>,
    /// The run that this tab carries out, or carried out last.
    pub running: StateSignal<Option<RunProgress>>,
    /// Somebody asked for a word from the desktop when it ends.
    pub notify: StateSignal<bool>,
    /// The directory is looked at once more, right before something is sent.
    pub is_looking: StateSignal<bool>,
    /// Of that look, how many of how many questions are answered.
    pub looked: StateSignal<(usize, usize)>,
    accounts: &'static Accounts,
}

impl Runs {
    pub(super) fn new(accounts: &'static Accounts) -> Self {
        let (own, recycles, journal) = (StateSignal::new(Vec::new()), StateSignal::new(Vec::new()), StateSignal::new(None));
        let (terms, running) = (StateSignal::new(Terms::default()), StateSignal::new(None));
        let (notify, is_looking) = (StateSignal::new(false), StateSignal::new(false));
        let looked = StateSignal::new((0, 1));
        Self { own, recycles, journal, terms, running, notify, is_looking, looked, accounts }
    }

    /// Reads the runs of this browser anew. While nobody is signed in there are none.
    pub async fn read(&'static self) {
        let of_tenant = self.accounts.person().map(|person| allowance::range(&person));
        let ranges = [Range::with_prefix(Store::Runs, ""), Range::with_prefix(Store::Entries, "")].into_iter().chain(of_tenant).collect();
        let read = store::read(ranges).await;
        // Somebody may have signed out meanwhile.
        let Some(person) = self.accounts.person() else { return };
        if let Ok([_, _, terms]) = read.as_deref() {
            self.learn(allowance::terms(&person, terms));
        }
        let journal = read.map(|read| Arc::new(Journal::read(&read[0], &read[1])));
        let own = journal.as_ref().map(|journal| journal.runs.iter().filter(|run| run.belongs_to(&person)).cloned().collect());
        let recycles = journal.as_ref().map(|journal| journal.recycles.iter().filter(|run| run.belongs_to(&person)).cloned().collect());
        self.own.set(own.unwrap_or_default());
        self.recycles.set(recycles.unwrap_or_default());
        self.journal.set(Some(journal));
    }

    /// Something else is known of the tenant: for this page, and for what is sent now.
    pub(super) fn learn(&'static self, terms: Terms) {
        if self.terms.with_untracked(|known| *known != terms) {
            self.terms.set(terms);
            open_runs::set_terms(terms);
        }
    }

    /// Where the run of this tab stands.
    pub(super) fn show(&'static self, progress: RunProgress) {
        self.running.set(Some(progress));
    }

    /// Changes what is shown of the run of this tab, if there is one.
    pub(super) fn change_shown(&'static self, change: impl FnOnce(&mut RunProgress)) {
        self.running.update(|shown| {
            if let Some(shown) = shown {
                change(shown);
            }
        });
    }

    /// Whether somebody wants a word from the desktop when it ends.
    pub fn notify_at_end(&'static self, wanted: bool) {
        self.notify.set(wanted);
    }

    /// From now on the directory is looked at, by so many questions.
    pub(super) fn look(&'static self, questions: usize) {
        self.looked.set((0, questions));
        self.is_looking.set(true);
    }

    pub(super) fn end_look(&'static self) {
        self.is_looking.set(false);
    }

    pub(super) fn forget(&'static self) {
        self.own.set(Vec::new());
        self.recycles.set(Vec::new());
        self.journal.set(None);
        self.terms.set(Terms::default());
        self.running.set(None);
        self.notify.set(false);
    }
}
