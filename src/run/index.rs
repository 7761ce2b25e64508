//! Every row of a run, and by stage: what is due, what is leaving, how many have ended and how. Kept up to date with each
//! change, so that a run of a million rows asks for the next thing without looking through them.

use super::Entry;
use super::request_kind::RequestKind;
use super::stage::TaskStage;
use super::task::Task;
use crate::outcome::{Ended, Outcome, Tally};
use std::collections::{BTreeSet, HashMap};
use time::Moment;

/// A row's place in the plan, from 0.
pub(super) type Place = usize;

#[derive(Default)]
pub(super) struct TaskIndex {
    tasks: Vec<Task>,
    places: HashMap<u32, Place>,
    /// What wants to be asked and from when on, by kind.
    due: [BTreeSet<(Moment, Place)>; RequestKind::ALL.len()],
    leaving: BTreeSet<Place>,
    letters_leaving: BTreeSet<Place>,
    tally: Tally,
    offline: usize,
    /// Rows of which it is looked at whether somebody else has invited them meanwhile.
    checking: usize,
    /// Rows that have not left for good.
    here: usize,
    accepted: usize,
    seen: usize,
    /// Guests who are there and whose letters are not.
    letters_due: usize,
    /// Those, and guests who have not been seen yet and get a letter then.
    letters_to_come: usize,
    letters_sent: usize,
    /// Rows that somebody wanted no more of.
    left_off: usize,
}

impl TaskIndex {
    pub(super) fn new(tasks: impl Iterator<Item = Task>) -> Self {
        let mut index = Self { tasks: tasks.collect(), ..Self::default() };
        for place in 0..index.tasks.len() {
            index.places.insert(index.tasks[place].row, place);
            index.count(place, true);
        }
        index
    }

    pub(super) const fn all(&self) -> &[Task] {
        self.tasks.as_slice()
    }

    pub(super) fn at(&self, place: Place) -> &Task {
        &self.tasks[place]
    }

    pub(super) fn by_row(&self, row: u32) -> Option<Place> {
        self.places.get(&row).copied()
    }

    /// The only way to change a row.
    pub(super) fn change<T>(&mut self, place: Place, change: impl FnOnce(&mut Task) -> T) -> T {
        self.count(place, false);
        let told = change(&mut self.tasks[place]);
        self.count(place, true);
        told
    }

    /// Changes each of these rows; what has to be written down of it.
    pub(super) fn change_each(&mut self, places: Vec<Place>, change: impl Fn(&mut Task) -> Option<Entry>) -> Vec<Entry> {
        places.into_iter().filter_map(|place| self.change(place, &change)).collect()
    }

    /// Enters a row under its stage, or strikes it out.
    fn count(&mut self, place: Place, enter: bool) {
        let task = &self.tasks[place];
        for kind in RequestKind::ALL {
            if let Some(then) = task.wants(kind) {
                let due = &mut self.due[kind as usize];
                _ = if enter { due.insert((then, place)) } else { due.remove(&(then, place)) };
            }
        }
        if matches!(task.stage, TaskStage::Leaving { .. }) {
            _ = if enter { self.leaving.insert(place) } else { self.leaving.remove(&place) };
        }
        if matches!(task.stage, TaskStage::LetterLeaving { .. }) {
            _ = if enter { self.letters_leaving.insert(place) } else { self.letters_leaving.remove(&place) };
        }
        let add = |number: &mut usize, counts: bool| match (counts, enter) {
            (false, _) => {}
            (true, true) => *number += 1,
            (true, false) => *number -= 1,
        };
        let outcome = task.outcome().map(|ended| &ended.outcome);
        add(self.tally.counter_for(outcome), true);
        add(&mut self.offline, task.is_offline());
        add(&mut self.checking, task.is_checking());
        add(&mut self.here, !task.has_left());
        add(&mut self.accepted, task.is_accepted());
        add(&mut self.seen, task.is_seen());
        add(&mut self.letters_due, task.wants_letter());
        add(&mut self.letters_to_come, task.has_letter_to_come());
        add(&mut self.letters_sent, task.has_letter());
        add(&mut self.left_off, outcome.is_some_and(Outcome::is_left_off));
    }

    /// At most `most` rows that may be asked this now, those that have waited longest first.
    pub(super) fn due(&self, kind: RequestKind, most: usize, now: Moment) -> Vec<Place> {
        self.due[kind as usize].iter().take_while(|(then, _)| *then <= now).take(most).map(|(_, place)| *place).collect()
    }

    /// How many rows wait to be sent.
    pub(super) fn to_invite(&self) -> usize {
        self.due[RequestKind::Invite as usize].len()
    }

    /// When the earliest of the rows may be asked this that may not now.
    pub(super) fn later(&self, kind: RequestKind, now: Moment) -> Option<Moment> {
        self.due[kind as usize].range((Moment(now.0 + 1), 0)..).next().map(|(then, _)| *then)
    }

    /// Every row that wants to be asked one of these, whenever.
    pub(super) fn wanting(&self, kinds: &[RequestKind]) -> Vec<Place> {
        kinds.iter().flat_map(|kind| &self.due[*kind as usize]).map(|(_, place)| *place).collect()
    }

    /// At most `most` rows that stand in the journal as leaving and are not in flight.
    pub(super) fn leaving(&self, most: usize) -> Vec<Place> {
        self.leaving.iter().copied().take(most).collect()
    }

    /// Rows whose letters stand in the journal as leaving and are not in flight: few.
    pub(super) fn letters_leaving(&self) -> Vec<Place> {
        self.letters_leaving.iter().copied().collect()
    }

    /// Guests who are there and wait for their letters.
    pub(super) const fn letters_due(&self) -> usize {
        self.letters_due
    }

    /// Guests who are invited and get a letter, now or once they have been seen.
    pub(super) const fn letters_to_come(&self) -> usize {
        self.letters_to_come
    }

    /// Letters that went out.
    pub(super) const fn letters_sent(&self) -> usize {
        self.letters_sent
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    pub(super) const fn is_over(&self) -> bool {
        self.tally.open == 0
    }

    /// Whether some row was left off.
    pub(super) const fn has_left_off(&self) -> bool {
        self.left_off > 0
    }

    pub(super) const fn is_offline(&self) -> bool {
        self.offline > 0
    }

    pub(super) const fn is_checking(&self) -> bool {
        self.checking > 0
    }

    /// Whether every row has left, though guests may still have to appear.
    pub(super) const fn has_left(&self) -> bool {
        self.here == 0
    }

    /// Invitations that Graph has accepted, in this run and before it was interrupted.
    pub(super) const fn accepted(&self) -> usize {
        self.accepted
    }

    /// Guests that were then seen in the directory.
    pub(super) const fn seen(&self) -> usize {
        self.seen
    }

    pub(super) fn ended(&self, row: u32) -> Option<&Ended> {
        self.at(self.by_row(row)?).outcome()
    }
}
