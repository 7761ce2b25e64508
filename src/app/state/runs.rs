//! The runs of this browser, the one that this tab is at work with, and what is known of how many invitations may leave in a day.

use super::accounts::Accounts;
use super::run_progress::RunProgress;
use super::state_signal::StateSignal;
use super::{at_work, open_runs};
use crate::app::effects::{clock, spawn, store};
use guestlist::jobs::invite::allowance::{Sent, Terms};
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::recycle_bin::journal::StoredRecycle;
use guestlist::rows::Address;
use guestlist::storage::journal::EarlierInvitations;
use guestlist::storage::overview::{Overview, OverviewReading, RunSummary};
use guestlist::storage::{Denied, StoreQuery, Transaction, allowance};
use guestlist::tab::TabReport;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Everybody's runs of this browser, or why they could not be read; nothing until they have been.
type ReadRuns = Option<Result<Arc<Overview>, Denied>>;

thread_local! {
    /// The run that a page is about.
    static OPEN: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Readings that have begun, and the one whose outcome is shown.
    static READINGS: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

/// The runs of this browser.
pub struct Runs {
    /// Runs that belong to whoever is signed in and invite, oldest first.
    pub own: StateSignal<Vec<Arc<RunSummary>>>,
    /// Those of them that take guests back, or restore them, oldest first.
    pub recycles: StateSignal<Vec<Arc<StoredRecycle>>>,
    /// The one of `own` that a page is about, whole.
    pub opened: StateSignal<Option<Arc<Stored>>>,
    pub all: StateSignal<ReadRuns>,
    /// Unfinished ones that other tabs are at work with, by their ids.
    pub elsewhere: StateSignal<Vec<String>>,
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
        let (own, recycles, opened) = (StateSignal::new(Vec::new()), StateSignal::new(Vec::new()), StateSignal::new(None));
        let (all, terms, running) = (StateSignal::new(None), StateSignal::new(Terms::default()), StateSignal::new(None));
        let (notify, is_looking) = (StateSignal::new(false), StateSignal::new(false));
        let (looked, elsewhere) = (StateSignal::new((0, 1)), StateSignal::new(Vec::new()));
        Self { own, recycles, opened, all, elsewhere, terms, running, notify, is_looking, looked, accounts }
    }

    /// A page is about this run from here on: it is read whole, unless one is already, and again whenever runs are read.
    pub async fn open(&'static self, id: String) {
        if OPEN.replace(Some(id.clone())).as_ref() != Some(&id) {
            self.read().await;
        }
    }

    /// No page is about a run any more.
    pub fn close(&'static self) {
        OPEN.set(None);
        self.opened.set(None);
    }

    /// Reads the runs of this browser anew. While nobody is signed in there are none.
    pub async fn read(&'static self) {
        let (begun, shown) = READINGS.get();
        let reading = begun + 1;
        READINGS.set((reading, shown));
        let open = OPEN.with_borrow(Clone::clone);
        let read = self.overview(OverviewReading::of_list(open.clone())).await;
        // Somebody may have signed out meanwhile.
        let Some(person) = self.accounts.person() else { return };
        let all = read.map(Arc::new);
        let mine = |all: &Overview| {
            let own: Vec<Arc<RunSummary>> = all.summaries().filter(|run| run.belongs_to(&person)).cloned().collect();
            let recycles: Vec<Arc<StoredRecycle>> = all.whole.recycles.iter().filter(|run| run.belongs_to(&person)).cloned().collect();
            (own, recycles)
        };
        let (own, recycles) = all.as_deref().map(mine).unwrap_or_default();
        let opened = all.as_ref().map(|all| all.whole.run(&open?).filter(|run| run.belongs_to(&person)).cloned());
        // Before they are shown, so that none is called interrupted.
        self.look_elsewhere(&own, &recycles).await;
        let (begun, shown) = READINGS.get();
        // One that began later may have come to its end before, and knows more.
        if shown > reading || !self.accounts.person().is_some_and(|still| still.is(&person)) {
            return;
        }
        READINGS.set((begun, reading));
        self.own.set(own);
        self.recycles.set(recycles);
        self.opened.set(opened.unwrap_or_default());
        self.all.set(Some(all));
    }

    /// Finds out which unfinished runs other tabs are at work with; once one of them is not any more, runs are read anew.
    async fn look_elsewhere(&'static self, own: &[Arc<RunSummary>], recycles: &[Arc<StoredRecycle>]) {
        let own = own.iter().filter(|run| run.is_unfinished).map(|run| run.id.clone());
        let recycles = recycles.iter().filter(|run| run.is_unfinished()).map(|run| run.header.id.clone());
        let elsewhere = at_work::among(own.chain(recycles).filter(|run| !open_runs::is_active(run))).await;
        let before = self.elsewhere.get_untracked();
        if elsewhere == before {
            return;
        }
        for run in elsewhere.clone().into_iter().filter(|run| !before.contains(run)) {
            spawn(async move {
                at_work::ended(&run).await;
                self.read().await;
            });
        }
        self.elsewhere.set(elsewhere);
    }

    /// Whether another tab is at work with this run.
    pub fn is_elsewhere(&'static self, run: &str) -> bool {
        self.elsewhere.with(|runs| runs.iter().any(|other| other == run))
    }

    /// Whom of these this browser has invited in this person's tenant before, and what of all that left within a day.
    ///
    /// # Errors
    /// That nobody knows: then nobody is invited.
    pub async fn before(&'static self, addresses: Vec<Address>) -> Result<(EarlierInvitations, Sent), TabReport> {
        let all = self.overview(OverviewReading::of_invitations(addresses)).await.map_err(TabReport::NotRead)?;
        let person = self.accounts.person().ok_or(TabReport::SignedOut)?;
        match all.whole.blocks(&person) {
            Some(hidden) => Err(TabReport::Unreadable(hidden.id.clone())),
            None => Ok((all.before(&person), all.sent(&person, clock::now()))),
        }
    }

    /// What of this person's tenant left this browser within a day, as far as it can be read.
    pub async fn sent(&'static self) -> Option<Sent> {
        let all = self.overview(OverviewReading::of_invitations([])).await.ok()?;
        Some(all.sent(&self.accounts.person()?, clock::now()))
    }

    /// Reads them, with what is known of the tenant; what is found out of finished runs is kept for the next time.
    async fn overview(&'static self, mut reading: OverviewReading) -> Result<Overview, Denied> {
        let person = self.accounts.person();
        let mut queries = reading.asks_first();
        let asked = queries.len();
        queries.extend(person.iter().map(|person| StoreQuery::Texts(allowance::range(person))));
        let answers = store::ask(queries).await?;
        let first = answers.get(..asked).and_then(|answers| reading.heard_first(answers));
        first.ok_or_else(|| Denied("the database answered something else".into()))?;
        while let Some(queries) = reading.asks() {
            let answers = store::ask(queries).await?;
            keep(reading.heard(&answers, clock::now()));
        }
        let (overview, orphans) = reading.end();
        keep(orphans.into_iter().collect());
        if let (Some(person), Some(terms)) = (person, answers.get(asked))
            && self.accounts.person().is_some_and(|still| still.is(&person))
        {
            self.learn(allowance::terms(&person, terms));
        }
        Ok(overview)
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
        self.opened.set(None);
        self.all.set(None);
        self.elsewhere.set(Vec::new());
        OPEN.set(None);
        self.terms.set(Terms::default());
        self.running.set(None);
        self.notify.set(false);
    }
}

/// Nobody waits for it: what is not kept is found out once more.
fn keep(transactions: Vec<Transaction>) {
    if !transactions.is_empty() {
        spawn(async move {
            for transaction in transactions {
                _ = store::commit(transaction).await;
            }
        });
    }
}
