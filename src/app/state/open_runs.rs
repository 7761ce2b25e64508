//! Runs whose rows are in memory: the one at work in this tab, and the one that was looked at last.

use super::run_progress::RunProgress;
use crate::app::effects::clock;
use crate::app::routes::Show as Rows;
use futures_channel::mpsc::UnboundedSender;
use guestlist::bulk::{Bulk, Job, RunStatus, ShownRows};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::allowance::Terms;
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::recycle_bin::RecycleRun;
use guestlist::jobs::recycle_bin::journal::StoredRecycle;
use guestlist::jobs::recycling;
use guestlist::jobs::withdraw::AppRoleAccess;
use std::cell::RefCell;
use std::rc::Rc;
use time::Moment;

/// A run whose rows are in memory.
#[derive(Clone)]
pub(super) enum OpenRun {
    Invite(OpenInvite),
    Recycle(Rc<RefCell<RecycleRun>>),
}

/// A run of invitations, and which of its rows are shown.
#[derive(Clone)]
pub(super) struct OpenInvite {
    pub(super) run: Rc<RefCell<Run>>,
    rows: Rc<RefCell<Option<(Rows, ShownRows)>>>,
}

impl OpenInvite {
    pub(super) fn new(run: Run) -> Self {
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
    static ACTIVE: RefCell<Option<Active>> = const { RefCell::new(None) };
    /// The run that was looked at last while nobody carried it out.
    static RESTING: RefCell<Option<Resting>> = const { RefCell::new(None) };
}

/// From now on this tab is at work with this run; `nudge` tells whoever drives it that it was changed.
pub(super) fn begin(id: String, open_run: OpenRun, nudge: UnboundedSender<()>) {
    ACTIVE.set(Some(Active { id, open_run, nudge }));
}

/// This tab is at work with no run any more. What drives one ends when nobody is left to nudge it.
pub(super) fn end() {
    ACTIVE.set(None);
}

/// Nothing of any run is in memory any more.
pub(super) fn forget() {
    RESTING.set(None);
    end();
}

/// Whether this tab is at work with a run.
pub(super) fn is_at_work() -> bool {
    ACTIVE.with_borrow(Option::is_some)
}

/// Whether this tab is at work with this run.
pub(super) fn is_active(id: &str) -> bool {
    active(id).is_some()
}

/// What a person wants of the run that this tab is at work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunCommand {
    Pause,
    GoOn,
    Stop,
}

impl RunCommand {
    fn tell<J: Job>(self, run: &mut Bulk<J>, now: Moment) -> RunStatus {
        match self {
            Self::Pause => run.pause(),
            Self::GoOn => run.go_on(),
            Self::Stop => run.stop(now),
        }
        run.status(now)
    }
}

/// Tells the run that this tab is at work with, if there is one; how it stands then.
pub(super) fn command(command: RunCommand) -> Option<RunStatus> {
    let now = clock::steady();
    change(|open_run| match open_run {
        OpenRun::Invite(open_run) => command.tell(&mut *open_run.run.borrow_mut(), now),
        OpenRun::Recycle(run) => command.tell(&mut *run.borrow_mut(), now),
    })
}

/// Changes the run that this tab is at work with, if there is one.
fn change<T>(change: impl FnOnce(&OpenRun) -> T) -> Option<T> {
    ACTIVE.with_borrow(|active| {
        let active = active.as_ref()?;
        let changed = change(&active.open_run);
        _ = active.nudge.unbounded_send(());
        Some(changed)
    })
}

/// Somebody has said what the tenant is: that decides how many invitations may leave in a day.
pub(super) fn set_terms(terms: Terms) {
    change(|open_run| {
        if let OpenRun::Invite(open_run) = open_run {
            open_run.run.borrow_mut().set_terms(terms);
        }
    });
}

/// How a run would be shown that nobody carries out.
pub fn at_rest(stored: &Stored) -> RunProgress {
    RunProgress::of_invite(&stored.header.id, &resting_invite(stored).run.borrow(), (clock::steady(), 0), false)
}

/// The same of a run that takes guests back, or restores them.
pub fn recycle_at_rest(stored: &StoredRecycle) -> RunProgress {
    RunProgress::of_recycle(&stored.header.id, stored.header.kind, &resting_recycle(stored).borrow(), (clock::steady(), 0), false)
}

/// The run with this id as it was read from so many entries, or read now.
fn resting(id: &str, length: usize, read: impl FnOnce() -> OpenRun) -> OpenRun {
    let known = RESTING.with_borrow(|resting| {
        resting.as_ref().filter(|known| known.id == id && known.length == length).map(|known| known.open_run.clone())
    });
    known.unwrap_or_else(|| {
        let open_run = read();
        RESTING.set(Some(Resting { id: id.to_owned(), length, open_run: open_run.clone() }));
        open_run
    })
}

fn resting_invite(stored: &Stored) -> OpenInvite {
    let read = || OpenInvite::new(Run::resume(&stored.header.plan, stored.header.ramp, &stored.entries, true, stored.header.begun));
    match resting(&stored.header.id, stored.entries.len(), || OpenRun::Invite(read())) {
        OpenRun::Invite(open_run) => open_run,
        // No two runs have one id.
        OpenRun::Recycle(_) => read(),
    }
}

fn resting_recycle(stored: &StoredRecycle) -> Rc<RefCell<RecycleRun>> {
    let read = || Rc::new(RefCell::new(recycling::run(stored, true, AppRoleAccess::Hidden)));
    match resting(&stored.header.id, stored.entries.len(), || OpenRun::Recycle(read())) {
        OpenRun::Recycle(run) => run,
        OpenRun::Invite(_) => read(),
    }
}

/// The one at work here with this id.
fn active(id: &str) -> Option<OpenRun> {
    ACTIVE.with_borrow(|active| active.as_ref().filter(|active| active.id == id).map(|active| active.open_run.clone()))
}

/// The one at work here, or as its journal tells.
fn open_invite(stored: &Stored) -> OpenInvite {
    match active(&stored.header.id) {
        Some(OpenRun::Invite(open_run)) => open_run,
        _ => resting_invite(stored),
    }
}

/// Reads the rows of a run: of the one at work here, or as its journal tells.
pub fn with_run<T>(stored: &Stored, read: impl FnOnce(&Run) -> T) -> T {
    read(&open_invite(stored).run.borrow())
}

/// The same of a run that takes guests back, or restores them.
pub fn with_recycle<T>(stored: &StoredRecycle, read: impl FnOnce(&RecycleRun) -> T) -> T {
    let run = match active(&stored.header.id) {
        Some(OpenRun::Recycle(run)) => run,
        _ => resting_recycle(stored),
    };
    let run = run.borrow();
    read(&run)
}

/// Reads the rows that are to be shown of a run: whoever asks again pays for what changed since, not for all rows.
pub fn with_rows<T>(stored: &Stored, show: Rows, read: impl FnOnce(&Run, &ShownRows) -> T) -> T {
    let open_run = open_invite(stored);
    let (run, mut rows) = (open_run.run.borrow(), open_run.rows.borrow_mut());
    let (_, followed) = match &mut *rows {
        Some(rows) if rows.0 == show => rows,
        rows => rows.insert((show, ShownRows::default())),
    };
    followed.follow(&run, |outcome| show.fits(outcome));
    read(&run, followed)
}
