//! Every row of a run, and by where it stands: what is due, what is leaving, how many have ended and how. Kept up to date with each
//! change, so that a run of a million rows asks for the next thing without looking through them, and a view follows it likewise.

use super::changed::ChangeLog;
use super::job::{Effect, Ending, Job, Marks, Step};
use super::journal::EndedAs;
use super::task::{Phase, Task};
use graph::PaceKind;
use std::collections::{BTreeSet, HashMap};
use time::Moment;

/// A row's place in the plan, from 0.
pub(super) type Place = usize;

/// What can be asked about rows: to do a step, or to look whether it was done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ask<S> {
    pub(super) step: S,
    pub(super) is_look: bool,
}

impl<S: Step> Ask<S> {
    /// In the order in which they are asked where rows wait for several.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        S::ALL.iter().flat_map(|step| [false, true].map(|is_look| Self { step: *step, is_look }))
    }

    pub(super) fn to_do(step: S) -> Self {
        Self { step, is_look: false }
    }

    pub(super) fn to_look(step: S) -> Self {
        Self { step, is_look: true }
    }

    /// To do the first step of all.
    pub(super) fn first() -> Self {
        Self::to_do(S::FIRST)
    }

    /// Which of Microsoft's limits it counts against: looks go to the directory.
    pub(super) fn lane(self) -> PaceKind {
        if self.is_look { PaceKind::DirectoryRead } else { self.step.lane() }
    }

    /// What asking it twice would do: a look reads.
    pub(super) fn effect(self) -> Effect {
        if self.is_look { Effect::Reads } else { self.step.effect() }
    }

    fn number(self) -> usize {
        self.step.place() * 2 + usize::from(self.is_look)
    }
}

/// How many rows there are of whatever is counted of them.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) accepted: usize,
    pub(super) seen: usize,
    pub(super) follow_up_due: usize,
    pub(super) follow_up_to_come: usize,
    pub(super) follow_up_done: usize,
    /// Of which the first step has not left, or its answer is still to come.
    pub(super) here: usize,
    /// Of which it is looked at whether somebody else has done it meanwhile, or will be once more because that failed.
    pub(super) checking: usize,
    pub(super) offline: usize,
    /// Somebody wanted no more of them.
    pub(super) left_off: usize,
    pub(super) open: usize,
}

pub(super) struct TaskIndex<J: Job> {
    tasks: Vec<Task<J>>,
    places: HashMap<u32, Place>,
    /// What wants to be asked and from when on, by [`Ask::number`].
    due: Vec<BTreeSet<(Moment, Place)>>,
    /// What stands in the journal as leaving and is not on its way, by step.
    recorded: Vec<BTreeSet<Place>>,
    /// By [`Ending::class`].
    ended: Vec<usize>,
    counts: Counts,
    changed: ChangeLog,
}

impl<J: Job> TaskIndex<J> {
    pub(super) fn new(tasks: impl Iterator<Item = Task<J>>) -> Self {
        let tasks: Vec<Task<J>> = tasks.collect();
        let steps = J::Step::ALL.len();
        let mut index = Self {
            places: tasks.iter().enumerate().map(|(place, task)| (task.row, place)).collect(),
            changed: ChangeLog::new(tasks.len()),
            tasks,
            due: vec![BTreeSet::new(); steps * 2],
            recorded: vec![BTreeSet::new(); steps],
            ended: vec![0; J::Outcome::CLASSES],
            counts: Counts::default(),
        };
        (0..index.tasks.len()).for_each(|place| index.count(place, true));
        index
    }

    pub(super) const fn all(&self) -> &[Task<J>] {
        self.tasks.as_slice()
    }

    pub(super) fn at(&self, place: Place) -> &Task<J> {
        &self.tasks[place]
    }

    pub(super) fn by_row(&self, row: u32) -> Option<Place> {
        self.places.get(&row).copied()
    }

    /// The only way to change a row.
    pub(super) fn change<T>(&mut self, place: Place, change: impl FnOnce(&mut Task<J>) -> T) -> T {
        self.count(place, false);
        let told = change(&mut self.tasks[place]);
        self.count(place, true);
        self.changed.note(place);
        told
    }

    /// Enters a row under where it stands, or strikes it out.
    fn count(&mut self, place: Place, enter: bool) {
        let task = &self.tasks[place];
        let phase = task.phase();
        let asked = match phase {
            Some((step, Phase::Due(then))) => Some((Ask::to_do(step), then)),
            Some((step, Phase::Unsure(then))) => Some((Ask::to_look(step), then)),
            _ => None,
        };
        if let Some((ask, then)) = asked {
            let due = &mut self.due[ask.number()];
            _ = if enter { due.insert((then, place)) } else { due.remove(&(then, place)) };
        }
        if let Some((step, Phase::Recorded)) = phase {
            let recorded = &mut self.recorded[step.place()];
            _ = if enter { recorded.insert(place) } else { recorded.remove(&place) };
        }
        let add = |number: &mut usize, counts: bool| match (counts, enter) {
            (false, _) => {}
            (true, true) => *number += 1,
            (true, false) => *number -= 1,
        };
        let outcome = task.outcome().map(|ended| &ended.outcome);
        if let Some(outcome) = outcome {
            add(&mut self.ended[outcome.class()], true);
        }
        let Marks { accepted, seen, follow_up_due, follow_up_to_come, follow_up_done } = J::marks(task);
        let counts = &mut self.counts;
        add(&mut counts.open, outcome.is_none());
        add(&mut counts.left_off, outcome.is_some_and(|outcome| outcome.not_sent().is_some()));
        add(&mut counts.offline, task.is_offline());
        add(&mut counts.checking, task.is_checking());
        add(&mut counts.here, task.is_here());
        add(&mut counts.accepted, accepted);
        add(&mut counts.seen, seen);
        add(&mut counts.follow_up_due, follow_up_due);
        add(&mut counts.follow_up_to_come, follow_up_to_come);
        add(&mut counts.follow_up_done, follow_up_done);
    }

    pub(super) const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many rows have ended, by [`Ending::class`].
    pub(super) fn ended(&self) -> &[usize] {
        &self.ended
    }

    pub(super) const fn is_over(&self) -> bool {
        self.counts.open == 0
    }

    pub(super) const fn changed(&self) -> &ChangeLog {
        &self.changed
    }

    /// At most `most` rows that may be asked this now, those that have waited longest first.
    pub(super) fn due(&self, ask: Ask<J::Step>, most: usize, now: Moment) -> Vec<Place> {
        self.due[ask.number()].iter().take_while(|(then, _)| *then <= now).take(most).map(|(_, place)| *place).collect()
    }

    /// How many rows wait to be asked this, whenever.
    pub(super) fn waiting(&self, ask: Ask<J::Step>) -> usize {
        self.due[ask.number()].len()
    }

    /// When the earliest of the rows may be asked this that may not now.
    pub(super) fn later(&self, ask: Ask<J::Step>, now: Moment) -> Option<Moment> {
        self.due[ask.number()].range((Moment(now.0 + 1), 0)..).next().map(|(then, _)| *then)
    }

    /// Every row that wants to be asked something of these, whenever.
    pub(super) fn wanting(&self, asks: impl Fn(Ask<J::Step>) -> bool) -> Vec<Place> {
        Ask::all().filter(|ask| asks(*ask)).flat_map(|ask| &self.due[ask.number()]).map(|(_, place)| *place).collect()
    }

    /// At most `most` rows that stand in the journal as leaving with this step and are not on their way.
    pub(super) fn recorded(&self, step: J::Step, most: usize) -> Vec<Place> {
        self.recorded[step.place()].iter().copied().take(most).collect()
    }

    pub(super) fn outcome_of(&self, row: u32) -> Option<&EndedAs<J::Outcome>> {
        self.at(self.by_row(row)?).outcome()
    }
}

impl<J: Job> Task<J> {
    /// Whether it is looked at whether somebody else has done it, or will be once more because that failed.
    pub(super) fn is_checking(&self) -> bool {
        match self.phase() {
            Some((_, Phase::Checking)) => true,
            Some((step, Phase::Due(_))) => self.failed_looks > 0 && step.effect() != Effect::Reads,
            _ => false,
        }
    }

    /// Whether nothing of the first step has left, or its answer is still to come.
    fn is_here(&self) -> bool {
        let is_here = |phase| matches!(phase, Phase::Due(_) | Phase::Checking | Phase::Recorded | Phase::Sent);
        self.phase().is_some_and(|(step, phase)| step == J::Step::FIRST && is_here(phase))
    }
}
