//! A run as a whole, whatever is done for its rows. It knows no job's types, so that a second job does not bring it along once more.

use super::answers::Unexplained;
use super::halting::Halt;
use super::index::{Ask, Place};
use super::looking::ReadAccess;
use super::ramp::Ramp;
use crate::protocol::{Action, Dispatch};
use time::{Millis, Moment, Now};

/// What the person, or Graph, wants of the run as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Going,
    Paused,
    /// Those in flight finish, the rest is kept.
    Stopping,
    /// Something that holds for every row.
    Halted(Box<Halt>),
}

/// What is on its way.
pub(super) enum InFlight {
    Rows(Ask, Vec<Place>),
    /// What others did in a day. About no row.
    Budget,
}

/// A run as a whole, whatever is done for its rows.
pub(super) struct Whole {
    pub(super) dispatch: Dispatch<InFlight>,
    pub(super) ramp: Ramp,
    pub(super) mode: Mode,
    /// How far the computer's clock stands ahead of the one that waits are measured by.
    pub(super) ahead: Millis,
    /// A person wants no more of it.
    pub(super) stopped: bool,
    /// By step, so that what is accepted of one does not hide what is refused of another.
    pub(super) unexplained: Vec<Unexplained>,
    /// Whether the directory can be read.
    pub(super) can_look: bool,
    /// Whether this person may read it.
    pub(super) reading: ReadAccess,
    /// When all rows were held against the directory, before it set out.
    pub(super) looked: Option<Now>,
    /// Rows that were left out since, because somebody else had done it.
    pub(super) found_meanwhile: usize,
    /// Graph accepted the first step of at least one row since the run set out, so more may go at once.
    pub(super) proven: bool,
    /// When the last canary was accepted.
    pub(super) canaries_since: Option<Moment>,
}

impl Whole {
    pub(super) fn of(steps: usize, ramp: Ramp, can_look: bool) -> Self {
        Self {
            dispatch: Dispatch::default(),
            ramp,
            mode: Mode::Going,
            ahead: Millis(0),
            stopped: false,
            unexplained: (0..steps).map(|_| Unexplained::default()).collect(),
            can_look,
            reading: if can_look { ReadAccess::Allowed } else { ReadAccess::NotAllowed },
            looked: None,
            found_meanwhile: 0,
            proven: false,
            canaries_since: None,
        }
    }

    pub(super) fn at(&self, steady: Moment) -> Now {
        Now { steady, wall: steady + self.ahead }
    }

    /// Nothing more leaves. Whether that is new.
    pub(super) fn stop(&mut self, now: Moment) -> bool {
        if self.stopped {
            return false;
        }
        self.stopped = true;
        if matches!(self.mode, Mode::Going | Mode::Paused) {
            self.mode = Mode::Stopping;
        }
        self.dispatch.open_gate();
        self.dispatch.hurry(now);
        true
    }

    /// What was met before holds no more.
    pub(super) fn begin_anew(&mut self) {
        self.mode = Mode::Going;
        self.stopped = false;
        self.unexplained.iter_mut().for_each(|unexplained| *unexplained = Unexplained::default());
        self.proven = false;
    }

    /// What keeps everything from leaving, if anything does; `is_over`: every row has ended.
    pub(super) fn gate<R>(&self, is_over: bool) -> Option<Action<R>> {
        if self.dispatch.is_empty() && is_over {
            return Some(Action::Done);
        }
        let is_held = self.mode == Mode::Paused || self.mode == Mode::Stopping;
        let held = || is_held.then(|| if self.dispatch.is_empty() { Action::Idle } else { self.dispatch.wait() });
        self.dispatch.gate().or_else(held)
    }
}
