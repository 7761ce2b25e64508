//! How many rows of a run ended how, whichever job it does.

use super::invite::outcome::Tally;
use super::recycle_bin::journal::RecycleKind;
use super::recycle_bin::{RecycleClass, RecycleTally};
use super::recycling;
use crate::bulk::RunStatus;
use crate::words::count;

/// How many rows of a run ended how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunTally {
    Invite(Tally),
    Recycle(RecycleKind, RecycleTally),
}

/// Rows by what their endings mean to whoever looks at the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    pub well: usize,
    pub unsure: usize,
    pub failed: usize,
    pub left_out: usize,
    /// Not ended yet, or never done.
    pub not_done: usize,
}

impl RunTally {
    pub fn total(&self) -> usize {
        match self {
            Self::Invite(tally) => tally.total(),
            Self::Recycle(_, tally) => tally.total(),
        }
    }

    /// Rows that have ended.
    pub fn ended(&self) -> usize {
        self.total() - self.open()
    }

    /// Rows that have not ended yet.
    pub const fn open(&self) -> usize {
        match self {
            Self::Invite(tally) => tally.open,
            Self::Recycle(_, tally) => tally.open,
        }
    }

    /// Rows that ended with something done about them, or decided.
    pub fn done(&self) -> usize {
        self.total() - self.segments().not_done
    }

    /// Rows that can be tried again.
    pub fn failed(&self) -> usize {
        match self {
            Self::Invite(tally) => tally.failed(),
            Self::Recycle(_, tally) => tally.failed(),
        }
    }

    pub const fn segments(&self) -> Segments {
        match self {
            Self::Invite(tally) => Segments {
                well: tally.invited,
                unsure: tally.not_found + tally.letter_unsure + tally.unsure,
                failed: tally.refused + tally.no_letter,
                left_out: tally.skipped,
                not_done: tally.not_sent + tally.open,
            },
            Self::Recycle(_, tally) => Self::of_moved(tally),
        }
    }

    const fn of_moved(tally: &RecycleTally) -> Segments {
        use RecycleClass::{GoneForGood, Kept, Missing, NotSent, Refused, Restored, Taken, Unsure, WasGone, WasThere, Withdrawn};
        Segments {
            well: tally.count(Withdrawn) + tally.count(WasGone) + tally.count(Restored) + tally.count(WasThere),
            unsure: tally.count(Unsure) + tally.count(Missing),
            failed: tally.count(Refused) + tally.count(GoneForGood) + tally.count(Taken),
            left_out: tally.count(Kept),
            not_done: tally.count(NotSent) + tally.open,
        }
    }

    /// What is being done, in one word.
    pub const fn doing(&self) -> &'static str {
        match self {
            Self::Invite(_) => "Sending",
            Self::Recycle(kind, _) => Self::doing_of(*kind),
        }
    }

    const fn doing_of(kind: RecycleKind) -> &'static str {
        match kind {
            RecycleKind::Withdraw => "Withdrawing",
            RecycleKind::Restore => "Restoring",
        }
    }

    /// `Sending to 12 guests`
    pub fn beginning(&self) -> String {
        match self {
            Self::Invite(tally) => Self::inviting(tally.open),
            Self::Recycle(kind, tally) => Self::moving(*kind, tally.open),
        }
    }

    /// The same of so many who are to be invited.
    pub fn inviting(guests: usize) -> String {
        format!("Sending to {}", count(guests, "guest", "guests"))
    }

    /// The same of so many who are to be taken back, or restored.
    pub fn moving(kind: RecycleKind, guests: usize) -> String {
        format!("{} {}", Self::doing_of(kind), count(guests, "guest", "guests"))
    }

    /// `Finished: 12 invited, 1 refused.`
    pub fn ending(&self, status: &RunStatus) -> String {
        match self {
            Self::Invite(tally) => status.ending(tally),
            Self::Recycle(kind, tally) => recycling::ending(*kind, status, tally),
        }
    }

    /// `12 invited, 1 refused`
    pub fn sentence(&self) -> String {
        match self {
            Self::Invite(tally) => tally.sentence(),
            Self::Recycle(_, tally) => tally.sentence(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_in_one_segment_and_sums_match() {
        let invite = RunTally::Invite(Tally::from_classes(&[1, 2, 4, 8, 16, 32, 64, 128], 1024));
        let recycle =
            RunTally::Recycle(RecycleKind::Withdraw, RecycleTally::from_classes(&[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 2048], 1024));
        for tally in [invite, recycle] {
            let Segments { well, unsure, failed, left_out, not_done } = tally.segments();
            assert_eq!(well + unsure + failed + left_out + not_done, tally.total(), "{tally:?}");
            assert_eq!((tally.open(), tally.ended()), (1024, tally.total() - 1024));
            assert_eq!(tally.done(), well + unsure + failed + left_out);
        }
    }

    #[test]
    fn the_end_is_told_in_the_words_of_the_job() {
        let ending = |tally: RunTally| tally.ending(&RunStatus::Finished);
        assert_eq!(ending(RunTally::Invite(Tally { invited: 2, ..Tally::default() })), "Finished: 2 invited.");
        let tally = RecycleTally::from_classes(&[3], 0);
        assert_eq!(ending(RunTally::Recycle(RecycleKind::Withdraw, tally)), "Finished: 3 withdrawn.");
        let tally = RecycleTally::from_classes(&[0, 0, 0, 0, 1], 0);
        assert_eq!(RunTally::Recycle(RecycleKind::Restore, tally).sentence(), "1 restored");
        let open = |tally: RunTally| tally.beginning();
        assert_eq!(open(RunTally::Invite(Tally { open: 2, ..Tally::default() })), "Sending to 2 guests");
        assert_eq!(open(RunTally::Recycle(RecycleKind::Withdraw, RecycleTally::from_classes(&[], 1))), "Withdrawing 1 guest");
    }
}
