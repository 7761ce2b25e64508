//! The runs of this browser, the one that this tab is at work with, and what is known of how many invitations may leave in a day.

use super::accounts::Accounts;
use super::open_runs;
use super::run_progress::RunProgress;
use crate::app::effects::store;
use guestlist::jobs::invite::allowance::Terms;
use guestlist::jobs::invite::journal::Stored;
use guestlist::storage::allowance;
use guestlist::storage::journal::Journal;
use guestlist::storage::{Denied, Range, Store};
use leptos::prelude::*;
use std::sync::Arc;

/// Everybody's runs of this browser, or why they could not be read; nothing until they have been.
type ReadJournal = Option<Result<Arc<Journal>, Denied>>;

/// The runs of this browser.
#[derive(Clone, Copy)]
pub struct Runs {
    /// Runs that belong to whoever is signed in, oldest first.
    pub own: ReadSignal<Vec<Arc<Stored>>>,
    pub journal: ReadSignal<ReadJournal>,
    /// What is known of the tenant that decides how many invitations a day it may send, as it lies here.
    pub terms: ReadSignal<Terms>,
    /// The run that this tab carries out, or carried out last.
    pub running: ReadSignal<Option<RunProgress>>,
    /// Somebody asked for a word from the desktop when it ends.
    pub notify: ReadSignal<bool>,
    /// The directory is looked at once more, right before something is sent.
    pub is_looking: ReadSignal<bool>,
    /// Of that look, how many of how many questions are answered.
    pub looked: ReadSignal<(usize, usize)>,
    set_own: WriteSignal<Vec<Arc<Stored>>>,
    set_journal: WriteSignal<ReadJournal>,
    set_terms: WriteSignal<Terms>,
    set_running: WriteSignal<Option<RunProgress>>,
    set_notify: WriteSignal<bool>,
    set_is_looking: WriteSignal<bool>,
    pub(super) set_looked: WriteSignal<(usize, usize)>,
    accounts: Accounts,
}

impl Runs {
    pub(super) fn new(accounts: Accounts) -> Self {
        let ((own, set_own), (journal, set_journal)) = (signal(Vec::new()), signal(None));
        let ((terms, set_terms), (running, set_running)) = (signal(Terms::default()), signal(None));
        let ((notify, set_notify), (is_looking, set_is_looking)) = (signal(false), signal(false));
        let (looked, set_looked) = signal((0, 1));
        Self {
            own,
            journal,
            terms,
            running,
            notify,
            is_looking,
            looked,
            set_own,
            set_journal,
            set_terms,
            set_running,
            set_notify,
            set_is_looking,
            set_looked,
            accounts,
        }
    }

    /// Reads the runs of this browser anew. While nobody is signed in there are none.
    pub async fn read(self) {
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
        self.set_own.set(own.unwrap_or_default());
        self.set_journal.set(Some(journal));
    }

    /// Something else is known of the tenant: for this page, and for what is sent now.
    pub(super) fn learn(self, terms: Terms) {
        if self.terms.with_untracked(|known| *known != terms) {
            self.set_terms.set(terms);
            open_runs::set_terms(terms);
        }
    }

    /// Where the run of this tab stands.
    pub(super) fn show(self, progress: RunProgress) {
        self.set_running.set(Some(progress));
    }

    /// Changes what is shown of the run of this tab, if there is one.
    pub(super) fn change_shown(self, change: impl FnOnce(&mut RunProgress)) {
        self.set_running.update(|shown| {
            if let Some(shown) = shown {
                change(shown);
            }
        });
    }

    /// Whether somebody wants a word from the desktop when it ends.
    pub fn notify_at_end(self, wanted: bool) {
        self.set_notify.set(wanted);
    }

    pub(super) fn look(self, is_looking: bool) {
        self.set_is_looking.set(is_looking);
    }

    pub(super) fn forget(self) {
        self.set_own.set(Vec::new());
        self.set_journal.set(None);
        self.set_terms.set(Terms::default());
        self.set_running.set(None);
        self.set_notify.set(false);
    }
}
