//! What this tab does with runs. The library's [`Tab`] decides; here its actions are carried out, and where a run stands is
//! shown.

use super::drive::{self, AnyMachine, DriveError, Writing, drive};
use super::open_runs::{self, OpenInvite, OpenRun, RunCommand};
use super::run_progress::{RunProblem, RunProgress};
use super::{AppState, at_work};
use crate::app::effects::{address_bar, clock, lock, notification, spawn, store, tab_icon, window};
use crate::app::routes::{Route, Show as Rows};
use futures_channel::mpsc::unbounded;
use futures_util::future::join;
use graph::Answer;
use guestlist::bulk::journal::JournalEntry;
use guestlist::bulk::{Bulk, Job, RunStatus};
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::recycle_bin::journal::StoredRecycle;
use guestlist::jobs::run_tally::RunTally;
use guestlist::jobs::withdraw::AppRoleAccess;
use guestlist::letter::Letter;
use guestlist::lookup::Lookup;
use guestlist::permissions::DIRECTORY;
use guestlist::protocol::{Action, StateMachine, Ticket};
use guestlist::storage::Denied;
use guestlist::tab::{Carrying, Changes, Moving, ResumeScope, RunIntent, Tab, TabAction, TabReport};
use guestlist::words::{count, grouped};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use time::{Millis, Moment};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

thread_local! {
    static TAB: RefCell<Tab> = RefCell::default();
}

/// Paint progress at most this often.
const PAINT: Millis = Millis(100);

/// Does what somebody wants, from the lock to its release; how it ended. [`TabReport::Busy`] while this tab is at work with
/// something else.
pub(super) async fn undertake(app: AppState, intent: RunIntent) -> TabReport {
    let Some(person) = app.accounts.person() else { return TabReport::SignedOut };
    let may_look = app.accounts.may(DIRECTORY);
    let is_begun = matches!(intent, RunIntent::Begin(_) | RunIntent::Recycle(_));
    let is_free = TAB.with_borrow_mut(|tab| {
        tab.sign_in(person);
        tab.reads_app_roles(AppRoleAccess::of(|scope| app.accounts.may(scope)));
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
                app.runs.look(addresses.len());
                let look = Lookup::again(app.accounts.graph(), addresses);
                let looked = drive::look_up(app.accounts, look, Some(app.runs.looked.inner())).await;
                app.runs.end_look();
                TAB.with_borrow_mut(|tab| tab.looked(looked, clock::steady()));
            }
            TabAction::Commit(transaction) => {
                let committed = store::commit(transaction).await;
                TAB.with_borrow_mut(|tab| tab.committed(committed));
            }
            TabAction::Carry(carrying) => {
                if is_begun {
                    let id = carrying.stored.header.id.clone();
                    join(app.draft.load(), app.runs.open(id.clone())).await;
                    app.navigator.go(&Route::Run { id, show: Rows::All, row: None });
                } else {
                    app.runs.read().await;
                }
                let done = invite(app, *carrying).await;
                carried(app, done).await;
            }
            TabAction::Move(moving) => {
                app.runs.read().await;
                if is_begun {
                    app.navigator.go(&Route::Run { id: moving.stored.header.id.clone(), show: Rows::All, row: None });
                }
                let done = recycle(app, *moving).await;
                carried(app, done).await;
            }
            TabAction::Unlock => held = None,
            TabAction::Rest(report) => {
                drop(held);
                return report.unwrap_or(TabReport::SignedOut);
            }
        }
    }
}

/// The run that was at work has ended, or goes no further here.
async fn carried(app: AppState, done: Result<(), DriveError>) {
    TAB.with_borrow_mut(Tab::carried);
    open_runs::end();
    app.runs.read().await;
    finish(app, done);
}

/// Takes a run up, and shows beside it why not if that cannot be; `at_rest` is how it stands then.
fn take_up(app: AppState, intent: RunIntent, at_rest: impl FnOnce() -> RunProgress + 'static) {
    spawn(async move {
        let report = undertake(app, intent).await;
        // Of a second click nothing is said: the first is at work, and the page shows it.
        if !matches!(report, TabReport::Carried | TabReport::SignedOut | TabReport::Busy) {
            app.announcer.at_once("Nothing was sent. The page says why.");
            let auth_error = app.accounts.auth_error.get_untracked().filter(|_| matches!(report, TabReport::NotLooked(_)));
            let problem = auth_error.map_or(RunProblem::Refused(report), |auth_error| RunProblem::SignIn(Box::new(auth_error), None));
            app.runs.show(RunProgress { problem: Some(problem), ..at_rest() });
        }
        // Last: a database that does not answer keeps nobody waiting for the words.
        app.runs.read().await;
    });
}

/// Takes up this person's run, and of it what is wanted.
pub fn resume(app: AppState, stored: Arc<Stored>, scope: ResumeScope) {
    let run = stored.header.id.clone();
    take_up(app, RunIntent::Resume { run, scope }, move || open_runs::at_rest(&stored));
}

/// The same of a run that takes guests back, or restores them.
pub fn resume_recycle(app: AppState, stored: Arc<StoredRecycle>, scope: ResumeScope) {
    let run = stored.header.id.clone();
    take_up(app, RunIntent::Resume { run, scope }, move || open_runs::recycle_at_rest(&stored));
}

/// Takes up the run of somebody else of the tenant, which is this person's from then on, and shows it.
pub fn take_over(app: AppState, stored: Arc<Stored>) {
    let run = stored.header.id.clone();
    app.navigator.go(&Route::Run { id: run.clone(), show: Rows::All, row: None });
    take_up(app, RunIntent::TakeOver { run, writer: app.writer() }, move || open_runs::at_rest(&stored));
}

/// Removes a run from this browser, and shows those that are left; beside the run why not, if that cannot be.
pub fn remove(app: AppState, stored: Arc<Stored>) {
    spawn(async move {
        let report = remove_by_id(app, stored.header.id.clone()).await;
        if report == TabReport::Removed {
            app.announcer.politely("The run was removed from this browser. Guests are not affected.");
            app.navigator.go(&Route::Runs);
        } else {
            app.announcer.at_once("The run was not removed. The page says why.");
            app.runs.show(RunProgress { problem: Some(RunProblem::Refused(report)), ..open_runs::at_rest(&stored) });
        }
    });
}

/// Removes a run that this version cannot read.
pub fn remove_unreadable(app: AppState, run: String) {
    spawn(async move {
        let report = remove_by_id(app, run).await;
        app.announcer.politely(report.words(clock::now()).0);
    });
}

async fn remove_by_id(app: AppState, run: String) -> TabReport {
    let report = undertake(app, RunIntent::Remove { run }).await;
    app.runs.read().await;
    report
}

/// Puts the rows that somebody can fix back on the list, with all their columns and beside what is composed there.
pub fn fix(app: AppState, stored: &Stored) {
    let rows =
        open_runs::with_run(stored, |run| stored.header.list.only(|row| run.ended(row).is_some_and(|ended| ended.outcome.can_be_fixed())));
    let words = count(rows.len(), "row", "rows");
    app.draft.edit(|guests| guests.grow(format!("{words} of a run"), |list| list.take_over(rows)));
    if app.draft.letter.with_untracked(Letter::is_unwritten) {
        app.draft.compose(|letter| *letter = stored.header.letter.clone());
    }
    app.announcer.politely(format!("{words} of the run stand on your list again."));
    app.navigator.go(&Route::default());
}

/// Deletes what this browser keeps of whoever is signed in.
pub async fn delete_all(app: AppState) -> TabReport {
    // The draft is not written again after it was deleted.
    app.draft.keep().await;
    undertake(app, RunIntent::DeleteAll).await
}

/// A run whose entries become what this tab writes down.
struct Carried<J: Job> {
    run: Rc<RefCell<Bulk<J>>>,
    written: fn(&Tab, &[JournalEntry<J::Event>]) -> Writing,
}

impl<J: Job> StateMachine for Carried<J> {
    type Record = Writing;

    fn wall_clock(&mut self, ahead: Millis) {
        self.run.borrow_mut().wall_clock(ahead);
    }

    fn next(&mut self, now: Moment) -> Action<Writing> {
        let next = self.run.borrow_mut().next(now);
        next.map_record(|entries| TAB.with_borrow(|tab| (self.written)(tab, &entries)))
    }

    fn recorded(&mut self) {
        self.run.borrow_mut().recorded();
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        self.run.borrow_mut().heard(ticket, answer, now);
    }

    fn signed_in(&mut self) {
        self.run.borrow_mut().signed_in();
    }
}

async fn invite(app: AppState, carrying: Carrying) -> Result<(), DriveError> {
    let Carrying { stored, run, changes } = carrying;
    let (open_run, id) = (OpenInvite::new(run), stored.header.id.clone());
    let run = Rc::clone(&open_run.run);
    let told = if changes.is_empty() { String::new() } else { format!("{} ", changes.sentence(clock::now())) };
    let began = (clock::steady(), run.borrow().tally().done());
    let shown = || {
        let mut shown = RunProgress::of_invite(&id, &run.borrow(), began, true);
        shown.changes = Changes { in_directory: changes.in_directory + shown.changes.in_directory, ..changes.clone() };
        shown
    };
    let stands = || (RunTally::Invite(run.borrow().tally()), run.borrow().status(clock::steady()));
    let machine = RefCell::new(Carried { run: Rc::clone(&run), written: Tab::append });
    carry(app, OpenRun::Invite(open_run), &machine, &told, (&stands, &shown)).await
}

async fn recycle(app: AppState, moving: Moving) -> Result<(), DriveError> {
    let Moving { stored, run } = moving;
    let (run, header) = (Rc::new(RefCell::new(run)), &stored.header);
    let began = (clock::steady(), run.borrow().tally().done());
    let shown = || RunProgress::of_recycle(&header.id, header.kind, &run.borrow(), began, true);
    let stands = || (RunTally::Recycle(header.kind, run.borrow().tally()), run.borrow().status(clock::steady()));
    let machine = RefCell::new(Carried { run: Rc::clone(&run), written: Tab::append_moves });
    carry(app, OpenRun::Recycle(Rc::clone(&run)), &machine, "", (&stands, &shown)).await
}

/// Drives a run to its end. `stands` is how it stands and is asked at every step, `shown` all that is painted of that. `told` is said
/// before what is done.
async fn carry(
    app: AppState,
    open_run: OpenRun,
    machine: &AnyMachine,
    told: &str,
    (stands, shown): (&dyn Fn() -> (RunTally, RunStatus), &dyn Fn() -> RunProgress),
) -> Result<(), DriveError> {
    let first = shown();
    let _at_work = at_work::claim(&first.run).await;
    let (nudge, mut nudged) = unbounded();
    open_runs::begin(first.run.clone(), open_run, nudge);
    let (painted, spoken) = (Cell::new(Moment(0)), Cell::new((clock::steady(), 0_usize)));
    app.announcer.politely(format!("{told}{}.", first.tally.beginning()));
    app.runs.show(first);
    let changed = || {
        let (now, (tally, status)) = (clock::steady(), stands());
        let (done, total) = (tally.ended(), tally.total());
        let is_due = now - painted.get() >= PAINT;
        if is_due {
            painted.set(now);
            let percent = done * 100 / total.max(1);
            address_bar::title(&format!("{percent} % · {} · Guestlist", tally.doing()));
            tab_icon::show_progress(percent);
            app.runs.show(shown());
        }
        // At every tenth part or every 15 seconds, whichever is rarer.
        let (when, tenth) = spoken.get();
        let tenths = done * 10 / total.max(1);
        if tenths > tenth && now - when >= Millis::seconds(15) {
            spoken.set((now, tenths));
            app.announcer.politely(format!("{} of {} done.", grouped(done), grouped(total)));
        }
        // What was not painted yet, and the seconds that Microsoft asked for, are painted later.
        match status {
            _ if !is_due => Some(now + PAINT),
            RunStatus::Throttled(_) => Some(now + Millis::seconds(1)),
            _ => None,
        }
    };
    let done = drive(app.accounts, machine, &mut nudged, &changed).await;
    if app.accounts.person().is_some() {
        app.runs.show(shown());
    }
    app.navigator.retitle();
    tab_icon::restore();
    done
}

fn finish(app: AppState, done: Result<(), DriveError>) {
    if app.accounts.person().is_none() {
        return;
    }
    // From here on the run can be taken up again, or left.
    app.runs.change_shown(|shown| shown.is_moving = false);
    let problem = match done {
        Ok(()) => {
            let words = app.runs.running.with_untracked(|shown| shown.as_ref().map(|shown| shown.tally.ending(&shown.status)));
            let words = words.unwrap_or_default();
            notify(app, &words);
            return app.announcer.politely(words);
        }
        Err(DriveError::NotWritten(Denied(why))) => RunProblem::NotWritten(why),
        Err(DriveError::SignIn(auth_error, claims)) => RunProblem::SignIn(auth_error, claims),
        Err(DriveError::GivenUp) => return,
    };
    const NEEDED: &str = "The run has paused and needs you.";
    notify(app, NEEDED);
    app.announcer.at_once(NEEDED);
    app.runs.change_shown(|shown| shown.problem = Some(problem));
}

/// Tells those who asked for it, once.
fn notify(app: AppState, words: &str) {
    if app.runs.notify.get_untracked() {
        app.runs.notify_at_end(false);
        notification::show(words);
    }
}

/// Nobody is signed in any more: what runs here writes and sends nothing from now on.
pub fn sign_out() {
    TAB.with_borrow_mut(Tab::sign_out);
    open_runs::forget();
}

pub fn command(app: AppState, command: RunCommand) {
    let status = open_runs::command(command);
    if let Some(status) = status {
        app.runs.change_shown(|shown| shown.status = status);
    }
    app.announcer.politely(match command {
        RunCommand::Pause => "Paused. What was on its way is finished.",
        RunCommand::GoOn => "Going on.",
        RunCommand::Stop => "Stopping. What was on its way has some seconds to finish, the rest is kept.",
    });
}

/// Leaving during a run, or while one is about to begin, raises the browser's own question; otherwise never.
pub fn ask_before_leaving(app: AppState) {
    let ask = Closure::<dyn FnMut(web_sys::BeforeUnloadEvent)>::new(move |event: web_sys::BeforeUnloadEvent| {
        if open_runs::is_at_work() || app.undo_window.is_open() {
            event.prevent_default();
        }
    });
    _ = window().add_event_listener_with_callback("beforeunload", ask.as_ref().unchecked_ref());
    // Listens as long as the page lives.
    ask.forget();
}
