//! Which rows have changed, in the order in which they did: a view that has drawn them once asks for what changed since, and does not look
//! through all of them.

use super::Bulk;
use super::job::Job;
use std::collections::{BTreeSet, VecDeque};

/// As of when somebody has seen the rows; at first nothing of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen(u64);

/// The rows of one run that a view shows, in the plan's order, kept up with what changes.
#[derive(Default)]
pub struct ShownRows {
    seen: Seen,
    /// By their places in the plan.
    fitting: BTreeSet<usize>,
}

impl ShownRows {
    /// Takes over what changed since the last time. Run and question are to be the same each time.
    pub fn follow<J: Job>(&mut self, run: &Bulk<J>, fits: impl Fn(Option<&J::Outcome>) -> bool) {
        let (changed, seen) = run.changed_since(self.seen);
        self.seen = seen;
        for place in changed {
            let outcome = run.tasks()[place].outcome().map(|ended| &ended.outcome);
            _ = if fits(outcome) { self.fitting.insert(place) } else { self.fitting.remove(&place) };
        }
    }

    /// The places of all that fit, in the plan's order.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        self.fitting.iter().copied()
    }

    pub fn len(&self) -> usize {
        self.fitting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.fitting.is_empty()
    }
}

/// Each row stands in it once, where it changed last.
pub(super) struct ChangeLog {
    /// When each row changed last: the number of the change.
    last: Vec<u64>,
    /// Numbers and rows, oldest first, also of changes that were followed by another one of the same row.
    log: VecDeque<(u64, usize)>,
    number: u64,
}

impl ChangeLog {
    /// Of so many rows, each of which nobody has seen.
    pub(super) fn new(rows: usize) -> Self {
        let log: VecDeque<(u64, usize)> = (0..rows).map(|row| (row as u64 + 1, row)).collect();
        Self { last: log.iter().map(|(number, _)| *number).collect(), log, number: rows as u64 }
    }

    pub(super) fn note(&mut self, row: usize) {
        self.number += 1;
        self.last[row] = self.number;
        self.log.push_back((self.number, row));
        // What has been followed by others is thrown out once it is more than half of all.
        if self.log.len() > 2 * self.last.len() + 64 {
            let last = &self.last;
            self.log.retain(|(number, row)| last[*row] == *number);
        }
    }

    /// Rows that changed since, each once, and as of when that is.
    pub(super) fn since(&self, seen: Seen) -> (Vec<usize>, Seen) {
        let from = self.log.partition_point(|(number, _)| *number <= seen.0);
        let rows = self.log.range(from..).filter(|(number, row)| self.last[*row] == *number).map(|(_, row)| *row).collect();
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
    fn a_long_run_keeps_no_more_than_its_rows_take() {
        let mut log = ChangeLog::new(10);
        let (_, seen) = log.since(Seen::default());
        for number in 0..100_000 {
            log.note(number % 7);
        }
        assert!(log.log.len() <= 2 * 10 + 64, "{}", log.log.len());
        let (mut rows, _) = log.since(seen);
        rows.sort_unstable();
        assert_eq!(rows, [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(log.since(Seen::default()).0.len(), 10);
    }
}
