//! What must be on disk before anything may leave.

use super::HaltReason;
use crate::owner::Owner;
use time::Moment;

/// One thing that happened to one row. The last entry of a row counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry<E> {
    /// [`crate::rows::Row::id`]
    pub row: u32,
    pub what: E,
    pub at: Moment,
    /// Why the run as a whole has halted, with the first entry that was written after it had.
    pub halted: Option<Box<HaltReason>>,
    /// What the row's entry before this announced has not left this machine, so that it counts towards no budget. Of what came to nothing
    /// in other ways, and of what versions before this flag wrote, that is not said.
    pub never_left: bool,
}

/// A run as it lies on disk: what it is about, and what was written down of its rows since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRun<H, E> {
    pub header: H,
    /// Who began it.
    pub owner: Owner,
    /// Who took it over since, by saying so; the last of them carries it on.
    pub takers: Vec<Owner>,
    /// In the order in which they were written.
    pub entries: Vec<JournalEntry<E>>,
    /// The number of the run's beginning in the database's sequence; 0 for runs of versions before 2.
    pub begun_at: u64,
    /// From which of `entries` on they have which number in that sequence.
    pub numbers: Vec<(usize, u64)>,
}

impl<H, E> StoredRun<H, E> {
    /// That nothing has been written of but these entries.
    pub const fn begun_by(owner: Owner, header: H, entries: Vec<JournalEntry<E>>) -> Self {
        Self { header, owner, takers: Vec::new(), entries, begun_at: 0, numbers: Vec::new() }
    }

    /// Whether it is shown to this person: who began it or took it over.
    pub fn belongs_to(&self, person: &Owner) -> bool {
        self.owner.is(person) || self.takers.iter().any(|taker| taker.is(person))
    }

    /// Who carries it on: whoever took it over last, else whoever began it.
    pub fn carrier(&self) -> &Owner {
        self.takers.last().unwrap_or(&self.owner)
    }

    /// The number of an entry, by its place, in the database's sequence.
    pub fn number_of(&self, entry: usize) -> u64 {
        let place = self.numbers.partition_point(|(from, _)| *from <= entry);
        place.checked_sub(1).map_or(0, |place| self.numbers[place].1)
    }
}

/// Why a row never left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    Stopped,
    /// The run halted for a reason that holds for all, which the journal tells.
    Halted,
}

/// How a row ended, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedAs<O> {
    pub outcome: O,
    /// By the computer's clock.
    pub at: Moment,
}

/// What is not on disk yet. Nothing leaves while something is here.
pub(super) struct WriteAhead<E> {
    unrecorded: Vec<JournalEntry<E>>,
    /// How many of these are being written.
    recording: usize,
    /// Why the run has halted, where that is to be told with the next entry.
    halt: Option<Box<HaltReason>>,
}

impl<E> Default for WriteAhead<E> {
    fn default() -> Self {
        Self { unrecorded: Vec::new(), recording: 0, halt: None }
    }
}

impl<E: Clone> WriteAhead<E> {
    pub(super) fn extend(&mut self, entries: impl IntoIterator<Item = JournalEntry<E>>) {
        self.unrecorded.extend(entries);
    }

    pub(super) fn tell_halt(&mut self, reason: HaltReason) {
        self.halt = Some(Box::new(reason));
    }

    /// What held for every row does not hold any more.
    pub(super) fn forget_halt(&mut self) {
        self.halt = None;
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.unrecorded.is_empty()
    }

    /// What is to be written down now.
    pub(super) fn record(&mut self) -> Vec<JournalEntry<E>> {
        if let Some(entry) = self.unrecorded.last_mut() {
            entry.halted = self.halt.take().or(entry.halted.take());
        }
        self.recording = self.unrecorded.len();
        self.unrecorded.clone()
    }

    /// What was to be written down is on disk. What came while it was written is not.
    pub(super) fn recorded(&mut self) {
        self.unrecorded.drain(..std::mem::take(&mut self.recording));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::refusals::unanswered;

    fn entry(row: u32) -> JournalEntry<&'static str> {
        JournalEntry { row, what: "left", at: Moment(0), halted: None, never_left: false }
    }

    #[test]
    fn what_comes_while_something_is_written_is_written_after_it() {
        let mut ahead = WriteAhead::default();
        ahead.extend([entry(1), entry(2)]);
        assert_eq!(ahead.record(), [entry(1), entry(2)]);
        ahead.extend([entry(3)]);
        ahead.recorded();
        assert!(!ahead.is_empty());
        assert_eq!(ahead.record(), [entry(3)]);
        ahead.recorded();
        assert!(ahead.is_empty());
        ahead.recorded();
        ahead.extend([entry(4)]);
        ahead.recorded();
        assert!(!ahead.is_empty(), "what was not handed out is not on disk");
    }

    #[test]
    fn why_a_run_has_halted_is_told_once_with_the_last_entry() {
        let reason = HaltReason::Refused(unanswered());
        let mut ahead = WriteAhead::default();
        ahead.tell_halt(reason.clone());
        assert!(ahead.is_empty(), "without an entry there is nothing to tell it with");
        ahead.extend([entry(1), entry(2)]);
        let written = ahead.record();
        assert_eq!((&written[0].halted, written[1].halted.as_deref()), (&None, Some(&reason)));
        assert_eq!(ahead.record(), written, "asked once more before it is on disk, it is told again");
        ahead.recorded();
        ahead.tell_halt(reason);
        ahead.forget_halt();
        ahead.extend([entry(3)]);
        assert_eq!(ahead.record(), [entry(3)]);
    }

    #[test]
    fn a_run_is_shown_to_whoever_began_it_or_took_it_over_and_the_last_of_them_carries_it_on() {
        let person = |name: &str| Owner { person: name.into(), tenant: "t".into(), ..Owner::default() };
        let mut run = StoredRun::begun_by(person("ada"), (), vec![entry(1)]);
        let belongs = |run: &StoredRun<(), &str>| ["ada", "bob", "eve"].map(|name| run.belongs_to(&person(name)));
        assert_eq!((belongs(&run), run.carrier()), ([true, false, false], &person("ada")));
        run.takers = vec![person("bob")];
        assert_eq!((belongs(&run), run.carrier()), ([true, true, false], &person("bob")));
        run.takers.push(person("ada"));
        assert_eq!((belongs(&run), run.carrier()), ([true, true, false], &person("ada")));
    }
}
