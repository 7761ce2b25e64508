//! What this tab does with runs. The library's [`Tab`] decides; here its actions are carried out, and where a run stands is
//! shown.

use super::drive::{self, DriveError, Writing, drive};
use super::effects::{address_bar, clock, lock, notification, store, tab_icon, window};
use super::routes::{Route, Show as Rows};
pub use super::run_progress::{RunProblem, RunProgress};
use super::state::AppState;
use futures_channel::mpsc::{UnboundedSender, unbounded};
use graph::Answer;
use guestlist::bulk::{RunStatus, ShownRows};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::allowance::Terms;
use guestlist::jobs::invite::journal::{Entry, Stored};
use guestlist::lookup::Lookup;
use guestlist::permissions::DIRECTORY;
use guestlist::protocol::{Action, StateMachine, Ticket};
use guestlist::storage::Denied;
use guestlist::tab::{Carrying, Changes, RunIntent, Tab, TabAction, TabReport};
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use time::{Millis, Moment};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// A run, and which of its rows are shown.
#[derive(Clone)]
struct OpenRun {
    run: Rc<RefCell<Run>>,
    rows: Rc<RefCell<Option<(Rows, ShownRows)>>>,
}

impl OpenRun {
    fn new(run: Run) -> Self {
        Self { run: Rc::new(RefCell::new(run)), rows: Rc::default() }
    }
}

struct Active {
    id: String,
    open_run: OpenRun,
    nudge: UnboundedSender<()>,
}

struct Resting {
    id: String,
    /// Of the journal that it was read from.
    length: usize,
    open_run: OpenRun,
}

thread_local! {
    static TAB: RefCell<Tab> = RefCell::default();
    static ACTIVE: RefCell<Option<Active>> = const { RefCell::new(None) };
    /// The run that was looked at last while nobody carried it out.
    static RESTING: RefCell<Option<Resting>> = const { RefCell::new(None) };
}

/// Paint progress at most this often.
const PAINT: Millis = Millis(100);

/// How a run would be shown that nobody carries out.
pub fn at_rest(stored: &Stored) -> RunProgress {
    RunProgress::new(&stored.header.id, &resting(stored).run.borrow(), (clock::steady(), 0), false)
}

fn resting(stored: &Stored) -> OpenRun {
    let (id, length) = (stored.header.id.clone(), stored.entries.len());
    let known = RESTING.with_borrow(|resting| {
        resting.as_ref().filter(|known| known.id == id && known.length == length).map(|known| known.open_run.clone())
    });
    known.unwrap_or_else(|| {
        let run = Run::resume(&stored.header.plan, stored.header.ramp, &stored.entries, true, stored.header.begun);
        let open_run = OpenRun::new(run);
        RESTING.set(Some(Resting { id, length, open_run: open_run.clone() }));
        open_run
    })
}

/// The one at work here, or as its journal tells.
fn open_run(stored: &Stored) -> OpenRun {
    let active =
        ACTIVE.with_borrow(|active| active.as_ref().filter(|active| active.id == stored.header.id).map(|active| active.open_run.clone()));
    active.unwrap_or_else(|| resting(stored))
}

/// Reads the rows of a run: of the one at work here, or as its journal tells.
pub fn with_run<T>(stored: &Stored, read: impl FnOnce(&Run) -> T) -> T {
    read(&open_run(stored).run.borrow())
}

/// Reads the rows that are to be shown of a run: whoever asks again pays for what changed since, not for all rows.
pub fn with_rows<T>(stored: &Stored, show: Rows, read: impl FnOnce(&Run, &ShownRows) -> T) -> T {
    let open_run = open_run(stored);
    let (run, mut rows) = (open_run.run.borrow(), open_run.rows.borrow_mut());
    let (_, followed) = match &mut *rows {
        Some(rows) if rows.0 == show => rows,
        rows => rows.insert((show, ShownRows::default())),
    };
    followed.follow(&run, |outcome| show.fits(outcome));
    read(&run, followed)
}

/// Does what somebody wants, from the lock to its release; how it ended. [`TabReport::Busy`] while this tab is at work with
/// something else.
pub async fn undertake(app: AppState, intent: RunIntent) -> TabReport {
    let Some(person) = app.person() else { return TabReport::SignedOut };
    let may_look = app.scopes.with_untracked(|scopes| scopes.contains(DIRECTORY));
    let is_begun = matches!(intent, RunIntent::Begin(_));
    let is_free = TAB.with_borrow_mut(|tab| {
        tab.sign_in(person);
        tab.want(intent, may_look)
    });
    if !is_free {
        return TabReport::Busy;
    }
    let mut held = None;
    loop {
        let action = TAB.with_borrow_mut(Tab::next_action);
        match action {
            TabAction::Lock(name) => {
                let (locked, lock) = lock::take(&name).await;
                held = lock;
                TAB.with_borrow_mut(|tab| tab.locked(locked));
            }
            TabAction::Read(ranges) => {
                let read = store::read(ranges).await;
                TAB.with_borrow_mut(|tab| {
                    tab.wall_clock(clock::ahead());
                    tab.read(read, clock::steady());
                });
            }
            TabAction::Look(addresses) => {
                app.looked.set((0, addresses.len()));
                app.is_looking.set(true);
                let look = app.authority.with_value(|authority| Lookup::again(&authority.graph, addresses));
                let looked = drive::look_up(app, look, Some(app.looked)).await;
                app.is_looking.set(false);
                TAB.with_borrow_mut(|tab| tab.looked(looked, clock::steady()));
            }
            TabAction::Commit(transaction) => {
                let committed = store::commit(transaction).await;
                TAB.with_borrow_mut(|tab| tab.committed(committed));
            }
            TabAction::Carry(carrying) => {
                app.read_runs().await;
                if is_begun {
                    app.load_draft().await;
                    app.go(&Route::Run { id: carrying.stored.header.id.clone(), show: Rows::All, row: None });
                }
                let done = carry(app, *carrying).await;
                TAB.with_borrow_mut(Tab::carried);
                ACTIVE.set(None);
                app.read_runs().await;
                finish(app, done);
            }
            TabAction::Unlock => held = None,
            TabAction::Rest(report) => {
                drop(held);
                return report.unwrap_or(TabReport::SignedOut);
            }
        }
    }
}

/// Takes a run up, and shows beside it why not if that cannot be.
pub fn take_up(app: AppState, stored: Arc<Stored>, intent: RunIntent) {
    crate::app::effects::spawn(async move {
        let report = undertake(app, intent).await;
        // Of a second click nothing is said: the first is at work, and the page shows it.
        if !matches!(report, TabReport::Carried | TabReport::SignedOut | TabReport::Busy) {
            app.announce_assertive("Nothing was sent. The page says why.");
            let auth_error = app.auth_error.get_untracked().filter(|_| matches!(report, TabReport::NotLooked(_)));
            let problem = auth_error.map_or(RunProblem::Refused(report), |auth_error| RunProblem::SignIn(Box::new(auth_error), None));
            app.running.set(Some(RunProgress { problem: Some(problem), ..at_rest(&stored) }));
        }
        // Last: a database that does not answer keeps nobody waiting for the words.
        app.read_runs().await;
    });
}

/// A run whose entries become what this tab writes down.
struct Carried(Rc<RefCell<Run>>);

impl StateMachine for Carried {
    type Record = Writing;

    fn wall_clock(&mut self, ahead: Millis) {
        self.0.borrow_mut().wall_clock(ahead);
    }

    fn next(&mut self, now: Moment) -> Action<Writing> {
        let next = self.0.borrow_mut().next(now);
        next.map_record(|entries: Vec<Entry>| TAB.with_borrow(|tab| tab.append(&entries)))
    }

    fn recorded(&mut self) {
        self.0.borrow_mut().recorded();
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        self.0.borrow_mut().heard(ticket, answer, now);
    }

    fn signed_in(&mut self) {
        self.0.borrow_mut().signed_in();
    }
}

async fn carry(app: AppState, carrying: Carrying) -> Result<(), DriveError> {
    let Carrying { stored, run, changes } = carrying;
    let (open_run, id) = (OpenRun::new(run), stored.header.id.clone());
    let run = Rc::clone(&open_run.run);
    let (nudge, mut nudged) = unbounded();
    ACTIVE.set(Some(Active { id: id.clone(), open_run, nudge }));
    let began = (clock::steady(), run.borrow().tally().done());
    let (painted, spoken) = (Cell::new(Moment(0)), Cell::new((clock::steady(), 0_usize)));
    let show = || {
        let mut shown = RunProgress::new(&id, &run.borrow(), began, true);
        shown.changes = Changes { in_directory: changes.in_directory + shown.changes.in_directory, ..changes.clone() };
        app.running.set(Some(shown));
    };
    show();
    let told = if changes.is_empty() { String::new() } else { format!("{} ", changes.sentence(clock::now())) };
    app.announce_polite(format!("{told}Sending to {}.", count(run.borrow().tally().open, "guest", "guests")));
    let changed = || {
        let (now, tally) = (clock::steady(), run.borrow().tally());
        let is_due = now - painted.get() >= PAINT;
        if is_due {
            painted.set(now);
            show();
            let percent = tally.done() * 100 / tally.total().max(1);
            address_bar::title(&format!("{percent} % · Sending · Guestlist"));
            tab_icon::show_progress(percent);
        }
        // At every tenth part or every 15 seconds, whichever is rarer.
        let (when, tenth) = spoken.get();
        let done = tally.done() * 10 / tally.total().max(1);
        if done > tenth && now - when >= Millis::seconds(15) {
            spoken.set((now, done));
            app.announce_polite(format!("{} of {} done.", grouped(tally.done()), grouped(tally.total())));
        }
        // What was not painted yet, and the seconds that Microsoft asked for, are painted later.
        match run.borrow().status(now) {
            _ if !is_due => Some(now + PAINT),
            RunStatus::Throttled(_) => Some(now + Millis::seconds(1)),
            _ => None,
        }
    };
    let machine = RefCell::new(Carried(Rc::clone(&run)));
    let done = drive(app, &machine, &mut nudged, &changed).await;
    if app.person().is_some() {
        show();
    }
    app.retitle();
    tab_icon::restore();
    done
}

fn finish(app: AppState, done: Result<(), DriveError>) {
    if app.person().is_none() {
        return;
    }
    // From here on the run can be taken up again, or left.
    app.running.update(|shown| {
        if let Some(shown) = shown {
            shown.is_moving = false;
        }
    });
    let problem = match done {
        Ok(()) => {
            let words = app.running.with_untracked(|shown| shown.as_ref().map(|shown| shown.status.ending(&shown.tally)));
            let words = words.unwrap_or_default();
            notify(app, &words);
            return app.announce_polite(words);
        }
        Err(DriveError::NotWritten(Denied(why))) => RunProblem::NotWritten(why),
        Err(DriveError::SignIn(auth_error, claims)) => RunProblem::SignIn(auth_error, claims),
        Err(DriveError::GivenUp) => return,
    };
    const NEEDED: &str = "The run has paused and needs you.";
    notify(app, NEEDED);
    app.announce_assertive(NEEDED);
    app.running.update(|shown| {
        if let Some(shown) = shown {
            shown.problem = Some(problem);
        }
    });
}

/// Tells those who asked for it, once.
fn notify(app: AppState, words: &str) {
    if app.notify.get_untracked() {
        app.notify.set(false);
        notification::show(words);
    }
}

/// Nobody is signed in any more: what runs here writes and sends nothing from now on.
pub fn sign_out() {
    TAB.with_borrow_mut(Tab::sign_out);
    RESTING.set(None);
    // The loop that drives it ends when nobody is left to nudge it.
    ACTIVE.set(None);
}

/// Somebody has said what the tenant is: that decides how many invitations may leave in a day.
pub fn set_terms(terms: Terms) {
    ACTIVE.with_borrow(|active| {
        if let Some(active) = active {
            active.open_run.run.borrow_mut().set_terms(terms);
            _ = active.nudge.unbounded_send(());
        }
    });
}

/// What a person wants of the active run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunCommand {
    Pause,
    GoOn,
    Stop,
}

pub fn command(app: AppState, command: RunCommand) {
    ACTIVE.with_borrow(|active| {
        let Some(active) = active else { return };
        {
            let mut run = active.open_run.run.borrow_mut();
            match command {
                RunCommand::Pause => run.pause(),
                RunCommand::GoOn => run.go_on(),
                RunCommand::Stop => run.stop(clock::steady()),
            }
        }
        _ = active.nudge.unbounded_send(());
        let status = active.open_run.run.borrow().status(clock::steady());
        app.running.update(|shown| {
            if let Some(shown) = shown {
                shown.status = status;
            }
        });
    });
    app.announce_polite(match command {
        RunCommand::Pause => "Paused. What was on its way is finished.",
        RunCommand::GoOn => "Going on.",
        RunCommand::Stop => "Stopping. What was on its way has some seconds to finish, the rest is kept.",
    });
}

/// Leaving during a run raises the browser's own question; otherwise never.
pub fn ask_before_leaving() {
    let ask = Closure::<dyn FnMut(web_sys::BeforeUnloadEvent)>::new(|event: web_sys::BeforeUnloadEvent| {
        if ACTIVE.with_borrow(Option::is_some) {
            event.prevent_default();
        }
    });
    _ = window().add_event_listener_with_callback("beforeunload", ask.as_ref().unchecked_ref());
    // Listens as long as the page lives.
    ask.forget();
}
