//! What the pages share, in parts: who is here, what is being composed, which runs there are, where the page is, what is said. State goes
//! down as signals that only its own part sets; what happens comes up as calls to the methods of the parts and to `session`, `beginning`, `runner`,
//! `terms` and `kept`, which do what needs several of them.

pub mod access_packages;
pub mod accounts;
mod announcer;
mod at_work;
pub mod beginning;
pub mod draft;
pub mod drive;
pub mod kept;
pub mod navigator;
pub mod open_runs;
pub mod organization;
pub mod recycling;
pub mod run_progress;
pub mod runner;
mod runs;
pub mod session;
pub mod state_signal;
pub mod terms;
mod undo_window;

use super::routes::Route;
use super::start_config::StartConfig;
use accounts::Accounts;
use announcer::Announcer;
use draft::DraftState;
use guestlist::jobs::invite::journal::Writer;
use leptos::prelude::*;
use navigator::Navigator;
use organization::OrganizationState;
use runs::Runs;
use undo_window::UndoWindow;

#[derive(Clone, Copy)]
pub struct AppState {
    pub announcer: Announcer,
    pub navigator: &'static Navigator,
    pub accounts: &'static Accounts,
    pub organization: &'static OrganizationState,
    pub draft: &'static DraftState,
    pub runs: &'static Runs,
    pub undo_window: &'static UndoWindow,
    /// Of the signals of all parts.
    owner: &'static Owner,
}

impl AppState {
    /// The parts live as long as the page.
    pub fn new(place: StartConfig) -> Self {
        let (navigator, accounts) = (for_good(Navigator::new()), for_good(Accounts::new(place)));
        let organization = for_good(OrganizationState::new(accounts, navigator));
        let draft = for_good(DraftState::new(accounts, organization));
        let (runs, undo_window) = (for_good(Runs::new(accounts)), for_good(UndoWindow::new()));
        let owner = for_good(Owner::current().unwrap_or_default());
        Self { announcer: Announcer, navigator, accounts, organization, draft, runs, undo_window, owner }
    }

    /// The state of the page that a component belongs to.
    pub fn here() -> Self {
        expect_context()
    }

    /// Reads who is here and gives the letter its defaults, once somebody is signed in.
    pub fn begin(self) {
        let is_somebody = self.accounts.account.with_untracked(Option::is_some);
        self.navigator.is_about(is_somebody.then_some(""));
        if is_somebody {
            self.draft.begin();
            self.organization.read();
        }
    }

    /// Who writes letters, as Graph has to be told.
    pub fn writer(self) -> Writer {
        let me = self.organization.snapshot().map(|known| known.me);
        // Until Graph has told it, the sign-in does.
        let id = me.as_ref().map(|me| me.id.clone()).or_else(|| self.accounts.person().map(|person| person.person));
        Writer { id: id.unwrap_or_default(), mail: me.and_then(|me| me.mail), graph: self.accounts.graph().to_owned() }
    }

    /// A part that is made when it is first needed: it outlives the view that needs it, and so do its signals.
    fn made_late<T>(self, make: impl FnOnce() -> T) -> &'static T {
        self.owner.with(|| for_good(make()))
    }

    /// Nothing of anybody is left in the page.
    fn forget(self) {
        self.undo_window.undo();
        self.accounts.forget();
        self.organization.forget();
        self.draft.forget();
        self.runs.forget();
        self.navigator.adjust(Route::default());
        self.navigator.is_about(None);
    }
}

fn for_good<T>(part: T) -> &'static T {
    Box::leak(Box::new(part))
}
