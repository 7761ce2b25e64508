//! Runs whose rows are in memory: the one at work in this tab, and the one that was looked at last.

use super::run_progress::RunProgress;
use crate::app::effects::clock;
use crate::app::routes::Show as Rows;
use futures_channel::mpsc::UnboundedSender;
use guestlist::bulk::ShownRows;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::allowance::Terms;
use guestlist::jobs::invite::journal::Stored;
use std::cell::RefCell;
use std::rc::Rc;

/// A run, and which of its rows are shown.
#[derive(Clone)]
pub(super) struct OpenRun {
    pub(super) run: Rc<RefCell<Run>>,
    rows: Rc<RefCell<Option<(Rows, ShownRows)>>>,
}

impl OpenRun {
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

/// Changes the run that this tab is at work with, if there is one.
pub(super) fn change<T>(change: impl FnOnce(&mut Run) -> T) -> Option<T> {
    ACTIVE.with_borrow(|active| {
        let active = active.as_ref()?;
        let changed = change(&mut active.open_run.run.borrow_mut());
        _ = active.nudge.unbounded_send(());
        Some(changed)
    })
}

/// Somebody has said what the tenant is: that decides how many invitations may leave in a day.
pub(super) fn set_terms(terms: Terms) {
    change(|run| run.set_terms(terms));
}

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
