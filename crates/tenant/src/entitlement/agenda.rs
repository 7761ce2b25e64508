//! What goes on by the clock, and when: no timers, whoever asks next lets happen what is due by then.

use std::collections::BTreeSet;
use time::Moment;

/// What is looked at again, by its place among its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wake {
    Request(usize),
    Assignment(usize),
    RoleScope(usize),
    Outsider(usize),
    /// From then on more people may decide a request.
    Escalation(usize),
    /// An assignment ends soon.
    Ending(usize),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    due: BTreeSet<(Moment, Wake)>,
}

impl Agenda {
    pub(super) fn wake(&mut self, at: Moment, what: Wake) {
        self.due.insert((at, what));
    }

    /// The earliest of what is due by now, which is then off the list.
    pub(super) fn next(&mut self, now: Moment) -> Option<(Moment, Wake)> {
        let first = self.due.first().copied().filter(|(at, _)| *at <= now)?;
        self.due.remove(&first);
        Some(first)
    }
}
