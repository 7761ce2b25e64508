//! The one run that this tab carries out: holding the lock, writing the journal, showing where it stands.

use super::desk::Desk;
use super::drive::{Broken, drive};
use super::effects::store::Denied;
use super::effects::{address_bar, clock, lock, notification, store, tab_icon, window};
use futures_channel::mpsc::{UnboundedSender, unbounded};
use guestlist::ask::Machine;
use guestlist::identity::scopes::DIRECTORY;
use guestlist::outcome::Tally;
use guestlist::run::journal::{Entry, Stored};
use guestlist::run::{Run, Standing};
use guestlist::time::{Millis, Moment};
use guestlist::words::count;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// Where a run stands, for the page to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub run: String,
    /// Something still happens in this tab.
    pub is_moving: bool,
    pub standing: Standing,
    pub tally: Tally,
    /// Why nothing happens, when that is nobody's wish.
    pub hindrance: Option<Hindrance>,
    /// Since this tab began, and how many rows had ended then.
    pub began: (Moment, usize),
    /// Writes of Microsoft's quota that were used up lately.
    pub quota_used: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    OtherTab,
    /// The browser would not write the journal.
    NotWritten(String),
    /// Claims of a challenge, if Microsoft asked for more.
    SignIn(Option<String>),
}

struct Active {
    id: String,
    run: Rc<RefCell<Run>>,
    nudge: UnboundedSender<()>,
}

struct Resting {
    id: String,
    /// Of the journal that it was read from.
    length: usize,
    run: Rc<RefCell<Run>>,
}

thread_local! {
    static ACTIVE: RefCell<Option<Active>> = const { RefCell::new(None) };
    /// The run that was looked at last while nobody carried it out.
    static RESTING: RefCell<Option<Resting>> = const { RefCell::new(None) };
}

/// Paint progress at most this often.
const PAINT: Millis = Millis(100);

/// How a run would be shown that nobody carries out.
pub fn at_rest(stored: &Stored) -> Shown {
    shown(&stored.header.id, &resting(stored).borrow(), (clock::steady(), 0), false)
}

fn resting(stored: &Stored) -> Rc<RefCell<Run>> {
    let (id, length) = (stored.header.id.clone(), stored.entries.len());
    let known = RESTING.with_borrow(|resting| {
        resting.as_ref().filter(|known| known.id == id && known.length == length).map(|known| Rc::clone(&known.run))
    });
    known.unwrap_or_else(|| {
        let run = Run::resume(&stored.header.plan, stored.header.gait, &stored.entries, true, stored.header.begun);
        let run = Rc::new(RefCell::new(run));
        RESTING.set(Some(Resting { id, length, run: Rc::clone(&run) }));
        run
    })
}

/// Reads the rows of a run: of the one at work here, or as its journal tells.
pub fn with_run<T>(stored: &Stored, read: impl FnOnce(&Run) -> T) -> T {
    let active =
        ACTIVE.with_borrow(|active| active.as_ref().filter(|active| active.id == stored.header.id).map(|active| Rc::clone(&active.run)));
    let run = active.unwrap_or_else(|| resting(stored));
    let run = run.borrow();
    read(&run)
}

fn shown(id: &str, run: &Run, began: (Moment, usize), is_moving: bool) -> Shown {
    let now = clock::steady();
    Shown {
        run: id.into(),
        is_moving,
        standing: run.standing(now),
        tally: run.tally(),
        hindrance: None,
        began,
        quota_used: run.quota_used(now),
    }
}

/// What a run is to take up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// What is open: of a new one or of one that was interrupted.
    Open,
    /// And everything that failed, once more.
    Failed,
    /// And, once more, what failed of these rows.
    Rows(BTreeSet<u32>),
}

/// Carries a run out.
pub fn carry_out(desk: Desk, stored: Arc<Stored>, take: Take) {
    crate::app::effects::spawn(async move {
        let name = format!("guestlist-run-{}", stored.header.tenant_id);
        let Some(held) = lock::take(&name).await else {
            desk.cry("Another tab is sending already.");
            desk.running.set(Some(Shown { hindrance: Some(Hindrance::OtherTab), ..at_rest(&stored) }));
            return;
        };
        // Another tab may have gone on with it since this page read the journal.
        desk.read_runs().await;
        let fresh = desk.runs.with_untracked(|runs| runs.iter().find(|run| run.header.id == stored.header.id).cloned());
        let stored = fresh.unwrap_or(stored);
        let can_look = desk.scopes.with_untracked(|scopes| scopes.contains(DIRECTORY));
        let mut run = Run::of(&stored, can_look, clock::now());
        run.wall_clock(clock::ahead());
        match take {
            Take::Open => {}
            Take::Failed => run.try_failed_again(clock::steady()),
            Take::Rows(rows) => run.try_again(|row| rows.contains(&row), clock::steady()),
        }
        let done = carry(desk, &stored, Rc::new(RefCell::new(run))).await;
        drop(held);
        desk.read_runs().await;
        finish(desk, done);
    });
}

async fn carry(desk: Desk, stored: &Stored, run: Rc<RefCell<Run>>) -> Result<(), Broken<Denied>> {
    let (nudge, mut nudged) = unbounded();
    let id = stored.header.id.clone();
    ACTIVE.set(Some(Active { id: id.clone(), run: Rc::clone(&run), nudge }));
    let began = (clock::steady(), run.borrow().tally().done());
    let (painted, spoken, number) = (Cell::new(Moment(0)), Cell::new((clock::steady(), 0_usize)), Cell::new(0_u32));
    let show = |is_moving| desk.running.set(Some(shown(&id, &run.borrow(), began, is_moving)));
    show(true);
    desk.say(format!("Sending to {}.", count(run.borrow().tally().open, "guest", "guests")));
    let write = async |entries: Vec<Entry>| {
        number.set(number.get() + 1);
        store::write(&id, clock::now(), number.get(), &entries).await
    };
    let changed = || {
        let (now, tally) = (clock::steady(), run.borrow().tally());
        let is_due = now - painted.get() >= PAINT;
        if is_due {
            painted.set(now);
            show(true);
            let percent = tally.done() * 100 / tally.total().max(1);
            address_bar::title(&format!("{percent} % · Sending · Guestlist"));
            tab_icon::show_progress(percent);
        }
        // At every tenth part or every 15 seconds, whichever is rarer.
        let (when, tenth) = spoken.get();
        let done = tally.done() * 10 / tally.total().max(1);
        if done > tenth && now - when >= Millis::seconds(15) {
            spoken.set((now, done));
            desk.say(format!("{} of {} done.", tally.done(), tally.total()));
        }
        // What was not painted yet, and the seconds that Microsoft asked for, are painted later.
        match run.borrow().standing(now) {
            _ if !is_due => Some(now + PAINT),
            Standing::Throttled(_) => Some(now + Millis::seconds(1)),
            _ => None,
        }
    };
    let done = drive(desk, &run, &mut nudged, write, changed).await;
    show(false);
    desk.retitle();
    tab_icon::restore();
    done
}

fn finish(desk: Desk, done: Result<(), Broken<Denied>>) {
    ACTIVE.set(None);
    let hindrance = match done {
        Ok(()) => {
            let tally = desk.running.with_untracked(|shown| shown.as_ref().map(|shown| shown.tally.sentence()));
            let words = format!("Finished: {}.", tally.unwrap_or_default());
            notify(desk, &words);
            return desk.say(words);
        }
        Err(Broken::NotWritten(Denied(why))) => Hindrance::NotWritten(why),
        Err(Broken::SignIn(trouble, claims)) => Hindrance::SignIn(claims.or(trouble.claims)),
    };
    const NEEDED: &str = "The run has paused and needs you.";
    notify(desk, NEEDED);
    desk.cry(NEEDED);
    desk.running.update(|shown| {
        if let Some(shown) = shown {
            shown.hindrance = Some(hindrance);
        }
    });
}

/// Tells those who asked for it, once.
fn notify(desk: Desk, words: &str) {
    if desk.notify.get_untracked() {
        desk.notify.set(false);
        notification::show(words);
    }
}

/// What a person wants of the active run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Pause,
    GoOn,
    Stop,
}

pub fn wish(desk: Desk, wish: Wish) {
    ACTIVE.with_borrow(|active| {
        let Some(active) = active else { return };
        {
            let mut run = active.run.borrow_mut();
            match wish {
                Wish::Pause => run.pause(),
                Wish::GoOn => run.go_on(),
                Wish::Stop => run.stop(clock::steady()),
            }
        }
        _ = active.nudge.unbounded_send(());
        let standing = active.run.borrow().standing(clock::steady());
        desk.running.update(|shown| {
            if let Some(shown) = shown {
                shown.standing = standing;
            }
        });
    });
    desk.say(match wish {
        Wish::Pause => "Paused. What was on its way is finished.",
        Wish::GoOn => "Going on.",
        Wish::Stop => "Stopping. What was on its way has some seconds to finish, the rest is kept.",
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
