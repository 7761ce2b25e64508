//! The ten seconds before a run begins in which it can be taken back: nothing has been written down or sent until they have passed.

use super::announcer::Announcer;
use super::state_signal::StateSignal;
use crate::app::effects::clock;
use futures_channel::oneshot::{self, Sender};
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use std::cell::RefCell;
use time::Millis;

/// How long a run can be taken back before it begins.
const SECONDS: u32 = 10;

/// What is about to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartingRun {
    /// As `Sending to 12 guests`.
    pub what: String,
    pub seconds: u32,
}

/// The window, open while something is about to begin.
pub struct UndoWindow {
    pub pending: StateSignal<Option<StartingRun>>,
}

thread_local! {
    /// Who waits for the window to close: whether it begins.
    static DECIDED: RefCell<Option<Sender<bool>>> = const { RefCell::new(None) };
}

impl UndoWindow {
    pub(super) fn new() -> Self {
        Self { pending: StateSignal::new(None) }
    }

    /// Whether time passes without anybody undoing it. `what`: as `Sending to 12 guests`.
    pub(super) async fn passes(&'static self, announcer: Announcer, what: String) -> bool {
        let (sender, mut decided) = oneshot::channel();
        DECIDED.set(Some(sender));
        announcer.politely(format!("{what} begins in {SECONDS} seconds."));
        let mut begins = true;
        for seconds in (1..=SECONDS).rev() {
            self.pending.set(Some(StartingRun { what: what.clone(), seconds }));
            if let Either::Right((answer, _)) = select(clock::sleep(Millis::seconds(1)).boxed_local(), &mut decided).await {
                // Nobody is left who could decide: whoever wanted it has signed out.
                begins = answer.unwrap_or(false);
                break;
            }
        }
        DECIDED.set(None);
        self.pending.set(None);
        if !begins {
            announcer.politely("Undone. Nothing has begun.");
        }
        begins
    }

    /// It begins now.
    pub fn begin_now(&'static self) {
        decide(true);
    }

    /// It does not begin.
    pub fn undo(&'static self) {
        decide(false);
    }

    /// Whether something is about to begin.
    pub(super) fn is_open(&'static self) -> bool {
        self.pending.with_untracked(Option::is_some)
    }
}

fn decide(begins: bool) {
    if let Some(decided) = DECIDED.take() {
        _ = decided.send(begins);
    }
}
