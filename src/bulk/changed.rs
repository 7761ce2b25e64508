//! Which rows have changed, in the order in which they did: a view that has drawn them once asks for what changed since, and does not look
//! through all of them.

use super::Bulk;
use super::job::Job;
use std::collections::BTreeSet;
use std::sync::Arc;

/// As of when somebody has seen the rows; at first nothing of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen(u64);

/// The rows of one run that a view shows, in the plan's order, kept up with what changes.
#[derive(Default)]
pub struct ShownRows {
    seen: Seen,
    /// By their places in the plan.
    fitting: BTreeSet<usize>,
    /// The same, as it is handed out.
    places: Arc<[usize]>,
}

impl ShownRows {
    /// Takes over what changed since the last time. Run and question are to be the same each time.
    pub fn follow<J: Job>(&mut self, run: &Bulk<J>, fits: impl Fn(Option<&J::Outcome>) -> bool) {
        let (changed, seen) = run.changed_since(self.seen);
        self.seen = seen;
        let mut is_other = false;
        for place in changed {
            let outcome = run.tasks()[place].outcome().map(|ended| &ended.outcome);
            is_other |= if fits(outcome) { self.fitting.insert(place) } else { self.fitting.remove(&place) };
        }
        if is_other {
            self.places = self.fitting.iter().copied().collect();
        }
    }

    /// The places of all that fit, in the plan's order.
    pub fn places(&self) -> Arc<[usize]> {
        Arc::clone(&self.places)
    }
}

/// Each row stands in it once, where it changed last: a list whose links lie in an array.
pub(super) struct ChangeLog {
    /// The number of each row's last change.
    last: Vec<u64>,
    /// The row that changed before each, and the one after it. Behind the rows stands what links the ends.
    links: Vec<(u32, u32)>,
    number: u64,
}

impl ChangeLog {
    /// Of so many rows, each of which nobody has seen.
    pub(super) fn new(rows: usize) -> Self {
        let end = u32::try_from(rows).unwrap_or(u32::MAX);
        let links = (0..=end).map(|row| (row.checked_sub(1).unwrap_or(end), if row == end { 0 } else { row + 1 }));
        Self { last: (1..=u64::from(end)).collect(), links: links.collect(), number: u64::from(end) }
    }

    pub(super) fn note(&mut self, row: usize) {
        let (end, this) = (self.last.len(), u32::try_from(row).unwrap_or(u32::MAX));
        let (before, after) = self.links[row];
        self.links[before as usize].1 = after;
        self.links[after as usize].0 = before;
        let newest = self.links[end].0;
        self.links[newest as usize].1 = this;
        self.links[row] = (newest, u32::try_from(end).unwrap_or(u32::MAX));
        self.links[end].0 = this;
        self.number += 1;
        self.last[row] = self.number;
    }

    /// Rows that changed since, each once, in the order in which they changed last, and as of when that is.
    pub(super) fn since(&self, seen: Seen) -> (Vec<usize>, Seen) {
        let end = self.last.len();
        let newest_first = std::iter::successors(Some(self.links[end].0 as usize), |row| Some(self.links[*row].0 as usize));
        let mut rows: Vec<usize> = newest_first.take_while(|row| *row != end && self.last[*row] > seen.0).collect();
        rows.reverse();
        (rows, Seen(self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_follows_hears_of_each_row_once_however_often_it_changed() {
        let mut log = ChangeLog::new(3);
        let (rows, seen) = log.since(Seen::default());
        assert_eq!(rows, [0, 1, 2], "at first of all");
        assert_eq!(log.since(seen), (vec![], seen));
        log.note(2);
        log.note(0);
        log.note(2);
        let (rows, later) = log.since(seen);
        assert_eq!(rows, [0, 2]);
        log.note(1);
        assert_eq!(log.since(later).0, [1]);
        assert_eq!(log.since(seen).0, [0, 2, 1], "another one follows at a pace of its own");
    }

    #[test]
    fn whoever_comes_late_to_a_long_run_hears_of_each_row_once() {
        let mut log = ChangeLog::new(10);
        let (_, seen) = log.since(Seen::default());
        for number in 0..100_000 {
            log.note(number % 7);
        }
        let (mut rows, later) = log.since(seen);
        rows.sort_unstable();
        assert_eq!((rows, log.since(later).0), (vec![0, 1, 2, 3, 4, 5, 6], vec![]));
        assert_eq!(log.since(Seen::default()).0.len(), 10);
        assert_eq!(ChangeLog::new(0).since(Seen::default()).0, Vec::<usize>::new());
    }
}
