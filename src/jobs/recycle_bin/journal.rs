//! A withdrawal, or restoring, as it is written down, and what the runs of a browser tell together of where guests are.

use super::{OwnGuest, RecycleEntry, RecycleEvent, RecycleOutcome};
use crate::bulk::journal::StoredRun;
use std::collections::HashMap;
use time::Moment;

/// What a run does with its guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecycleKind {
    Withdraw,
    Restore,
}

impl RecycleKind {
    /// What such a run is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Withdraw => "Withdrawal",
            Self::Restore => "Restore",
        }
    }
}

/// Everything about a run that moves guests but its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecycleHeader {
    pub id: String,
    pub kind: RecycleKind,
    /// Of the run that invited these guests, or, where they are restored, of the one that withdrew them.
    pub of: String,
    pub begun: Moment,
    pub guests: Vec<OwnGuest>,
}

/// A run that moves guests as it lies on disk.
pub type StoredRecycle = StoredRun<RecycleHeader, RecycleEvent>;

impl StoredRecycle {
    /// Whether some guest has no outcome yet.
    pub fn is_unfinished(&self) -> bool {
        let last = self.last();
        self.header.guests.iter().any(|guest| !matches!(last.get(&guest.row), Some((_, RecycleEntry { what: RecycleEvent::Ended(_), .. }))))
    }

    /// The last entry of each row, with its place.
    fn last(&self) -> HashMap<u32, (usize, &RecycleEntry)> {
        self.entries.iter().enumerate().map(|(place, entry)| (entry.row, (place, entry))).collect()
    }
}

impl StoredRecycle {
    /// The entry of each row that first tells that its guest was moved, with its place, where nothing else was told since: what is written
    /// down later of the same move, such as that it was seen, says nothing new.
    fn moved(&self) -> HashMap<u32, (usize, &RecycleEntry)> {
        let mut moved = HashMap::new();
        for (place, entry) in self.entries.iter().enumerate() {
            if entry.what.has_moved() {
                moved.entry(entry.row).or_insert((place, entry));
            } else {
                moved.remove(&entry.row);
            }
        }
        moved
    }
}

/// What a browser did last with a guest whom it had invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recycled<'a> {
    /// Of the run that did it.
    pub header: &'a RecycleHeader,
    pub at: Moment,
    /// Of the database's sequence.
    pub number: u64,
}

/// Where guests are by what these runs did, by object id: only whom they moved themselves.
#[derive(Clone, Debug, Default)]
pub struct RecycledGuests<'a>(HashMap<&'a str, (&'a OwnGuest, Recycled<'a>)>);

impl<'a> RecycledGuests<'a> {
    pub fn read(runs: impl IntoIterator<Item = &'a StoredRecycle>) -> Self {
        let mut guests: HashMap<&str, (&OwnGuest, Recycled<'_>)> = HashMap::new();
        for run in runs {
            let moved = run.moved();
            for guest in &run.header.guests {
                let Some((place, entry)) = moved.get(&guest.row) else { continue };
                let recycled = Recycled { header: &run.header, at: entry.at, number: run.number_of(*place) };
                let known = guests.entry(&guest.id).or_insert((guest, recycled));
                if known.1.number < recycled.number {
                    *known = (guest, recycled);
                }
            }
        }
        Self(guests)
    }

    /// What was done last with the guest who has this object id.
    pub fn last(&self, id: &str) -> Option<Recycled<'a>> {
        self.0.get(id).map(|(_, recycled)| *recycled)
    }

    pub fn is_withdrawn(&self, id: &str) -> bool {
        self.last(id).is_some_and(|recycled| recycled.header.kind == RecycleKind::Withdraw)
    }

    /// Whether another run than this moved the guest after this one began.
    pub fn was_moved_since(&self, id: &str, run: &StoredRecycle) -> bool {
        self.last(id).is_some_and(|recycled| recycled.header.id != run.header.id && recycled.number > run.begun_at)
    }

    /// Who is here again, since that was done last with them.
    pub fn restored(&self) -> impl Iterator<Item = &'a OwnGuest> {
        self.0.values().copied().filter(|(_, recycled)| recycled.header.kind == RecycleKind::Restore).map(|(guest, _)| guest)
    }

    /// Who is withdrawn, with when that was.
    pub fn withdrawn(&self) -> impl Iterator<Item = (&'a OwnGuest, Recycled<'a>)> {
        self.0.values().copied().filter(|(_, recycled)| recycled.header.kind == RecycleKind::Withdraw)
    }

    /// The rows of the run with this id whose guests are withdrawn, with when that was.
    pub fn withdrawn_of(&self, run: &str) -> impl Iterator<Item = (u32, Recycled<'a>)> {
        self.withdrawn().filter(move |(_, recycled)| recycled.header.of == run).map(|(guest, recycled)| (guest.row, recycled))
    }
}

impl RecycleEvent {
    /// Whether it says that this run moved the guest.
    const fn has_moved(&self) -> bool {
        matches!(self, Self::Accepted | Self::Ended(RecycleOutcome::Withdrawn { .. } | RecycleOutcome::Restored { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::recycle_bin::every_ending;
    use crate::owner::Owner;

    fn guest(row: u32) -> OwnGuest {
        OwnGuest { row, email: format!("guest{row}@x.example"), id: format!("g{row}"), left: Moment(0) }
    }

    /// A run of these rows, each of whose entries has a number of its own in the sequence.
    fn run(kind: RecycleKind, rows: &[u32], entries: &[(u64, u32, RecycleEvent)]) -> StoredRecycle {
        let header =
            RecycleHeader { id: "r".into(), kind, of: "run".into(), begun: Moment(0), guests: rows.iter().copied().map(guest).collect() };
        let entry = |(number, row, what): &(u64, u32, RecycleEvent)| RecycleEntry {
            row: *row,
            what: what.clone(),
            at: Moment(i64::try_from(*number).unwrap()),
            halted: None,
            never_left: false,
        };
        let numbers = entries.iter().enumerate().map(|(place, (number, ..))| (place, *number)).collect();
        StoredRecycle { numbers, ..StoredRecycle::begun_by(Owner::default(), header, entries.iter().map(entry).collect()) }
    }

    #[test]
    fn where_a_guest_is_follows_from_what_was_done_last_by_the_sequence() {
        use RecycleEvent::{Accepted, Ended, Left};
        let withdrawn = Ended(RecycleOutcome::Withdrawn { seen: true });
        let first = run(RecycleKind::Withdraw, &[1, 2, 3], &[(2, 1, Left), (7, 1, Accepted), (9, 1, withdrawn.clone()), (4, 2, Accepted)]);
        let back = run(RecycleKind::Restore, &[1, 2], &[(5, 1, Accepted), (6, 2, Ended(RecycleOutcome::Restored { seen: false }))]);
        for order in [[&first, &back], [&back, &first]] {
            let guests = RecycledGuests::read(order);
            let last = |row: u32| guests.last(["", "g1", "g2", "g3"][row as usize]);
            assert_eq!(last(1), Some(Recycled { header: &first.header, at: Moment(7), number: 7 }));
            assert_eq!(last(2), Some(Recycled { header: &back.header, at: Moment(6), number: 6 }));
            assert_eq!(last(3), None);
            assert_eq!(["g1", "g2", "g3"].map(|id| guests.is_withdrawn(id)), [true, false, false]);
            assert_eq!(guests.withdrawn_of("run").map(|(row, _)| row).collect::<Vec<_>>(), [1]);
            assert_eq!(guests.withdrawn_of("another").count(), 0);
            assert_eq!(guests.restored().map(|guest| guest.row).collect::<Vec<_>>(), [2]);
        }
    }

    #[test]
    fn only_whom_the_run_itself_moved_counts_as_moved() {
        let moved = |what: RecycleEvent| RecycledGuests::read([&run(RecycleKind::Withdraw, &[1], &[(2, 1, what)])]).last("g1").is_some();
        for ending in every_ending() {
            let expected = matches!(ending, RecycleOutcome::Withdrawn { .. } | RecycleOutcome::Restored { .. });
            assert_eq!(moved(RecycleEvent::Ended(ending.clone())), expected, "{ending:?}");
        }
        assert!(moved(RecycleEvent::Accepted));
        for event in [RecycleEvent::Left, RecycleEvent::NotDone, RecycleEvent::NotSeen, RecycleEvent::NotThere { in_doubt: true }] {
            assert!(!moved(event));
        }
    }

    #[test]
    fn a_run_is_unfinished_until_each_guest_has_ended() {
        let ended = |row: u32| (u64::from(row), row, RecycleEvent::Ended(RecycleOutcome::WasGone));
        assert!(run(RecycleKind::Withdraw, &[1, 2], &[]).is_unfinished());
        assert!(run(RecycleKind::Withdraw, &[1, 2], &[ended(1)]).is_unfinished());
        assert!(!run(RecycleKind::Withdraw, &[1, 2], &[ended(1), ended(2)]).is_unfinished());
        assert!(run(RecycleKind::Withdraw, &[1], &[ended(1), (7, 1, RecycleEvent::Left)]).is_unfinished(), "taken up again");
    }
}
