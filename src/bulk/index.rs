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
pub(super) struct Ask {
    /// [`Step::place`]
    pub(super) step_place: usize,
    pub(super) is_look: bool,
    /// Which of Microsoft's limits it counts against: looks go to the directory.
    pub(super) lane: PaceKind,
    /// What asking it twice would do: a look reads.
    pub(super) effect: Effect,
}

impl Ask {
    /// In the order in which they are asked where rows wait for several.
    pub(super) fn all<S: Step>() -> Vec<Self> {
        S::ALL.iter().flat_map(|step| [Self::to_do(*step), Self::to_look(*step)]).collect()
    }

    pub(super) fn to_do<S: Step>(step: S) -> Self {
        Self { step_place: step.place(), is_look: false, lane: step.lane(), effect: step.effect() }
    }

    pub(super) fn to_look<S: Step>(step: S) -> Self {
        Self { step_place: step.place(), is_look: true, lane: PaceKind::DirectoryRead, effect: Effect::Reads }
    }

    pub(super) fn step<S: Step>(self) -> S {
        S::ALL[self.step_place]
    }

    /// Whether it is to do the first step of all.
    pub(super) const fn is_first(self) -> bool {
        self.step_place == 0 && !self.is_look
    }

    const fn number(self) -> usize {
        self.step_place * 2 + self.is_look as usize
    }
}

/// How many rows there are of whatever is counted of them.
#[derive(Clone, Default)]
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

/// Where a row stands, as far as that is kept count of.
struct RowPosition {
    waits: Waits,
    /// [`Ending::class`], if it has ended.
    class: Option<usize>,
    is_left_off: bool,
    is_offline: bool,
    is_checking: bool,
    is_here: bool,
    marks: Marks,
}

/// What a row waits for.
enum Waits {
    /// To be asked this, by [`Ask::number`], from then on.
    Due(usize, Moment),
    /// To leave with this step, by its place, which stands in the journal.
    Recorded(usize),
    /// An answer, or nothing more.
    Else,
}

/// Which rows stand where, whatever is done for them.
struct Places {
    by_row: HashMap<u32, Place>,
    /// By [`Ask::number`].
    asks: Vec<Ask>,
    /// What wants to be asked and from when on, by [`Ask::number`].
    due: Vec<BTreeSet<(Moment, Place)>>,
    /// What stands in the journal as leaving and is not on its way, by step.
    recorded: Vec<BTreeSet<Place>>,
    /// By [`Ending::class`].
    ended: Vec<usize>,
    counts: Counts,
    changed: ChangeLog,
}

impl Places {
    fn new(rows: &[u32], asks: Vec<Ask>, classes: usize) -> Self {
        Self {
            by_row: rows.iter().enumerate().map(|(place, row)| (*row, place)).collect(),
            due: vec![BTreeSet::new(); asks.len()],
            recorded: vec![BTreeSet::new(); asks.len() / 2],
            asks,
            ended: vec![0; classes],
            counts: Counts::default(),
            changed: ChangeLog::new(rows.len()),
        }
    }

    /// Enters a row under where it stands, or strikes it out.
    fn count(&mut self, place: Place, position: &RowPosition, enter: bool) {
        match position.waits {
            Waits::Due(ask, then) => {
                let due = &mut self.due[ask];
                _ = if enter { due.insert((then, place)) } else { due.remove(&(then, place)) };
            }
            Waits::Recorded(step) => {
                let recorded = &mut self.recorded[step];
                _ = if enter { recorded.insert(place) } else { recorded.remove(&place) };
            }
            Waits::Else => {}
        }
        let add = |number: &mut usize, counts: bool| match (counts, enter) {
            (false, _) => {}
            (true, true) => *number += 1,
            (true, false) => *number -= 1,
        };
        if let Some(class) = position.class {
            add(&mut self.ended[class], true);
        }
        let Marks { accepted, seen, follow_up_due, follow_up_to_come, follow_up_done } = position.marks;
        let counts = &mut self.counts;
        add(&mut counts.open, position.class.is_none());
        add(&mut counts.left_off, position.is_left_off);
        add(&mut counts.offline, position.is_offline);
        add(&mut counts.checking, position.is_checking);
        add(&mut counts.here, position.is_here);
        add(&mut counts.accepted, accepted);
        add(&mut counts.seen, seen);
        add(&mut counts.follow_up_due, follow_up_due);
        add(&mut counts.follow_up_to_come, follow_up_to_come);
        add(&mut counts.follow_up_done, follow_up_done);
    }

    fn changed(&mut self, place: Place, before: &RowPosition, after: &RowPosition) {
        self.count(place, before, false);
        self.count(place, after, true);
        self.changed.note(place);
    }

    fn due(&self, ask: Ask, most: usize, now: Moment) -> Vec<Place> {
        self.due[ask.number()].iter().take_while(|(then, _)| *then <= now).take(most).map(|(_, place)| *place).collect()
    }

    fn later(&self, ask: Ask, now: Moment) -> Option<Moment> {
        self.due[ask.number()].range((Moment(now.0 + 1), 0)..).next().map(|(then, _)| *then)
    }

    fn earliest(&self, ask: Ask, then: Moment, now: Moment) -> Option<Moment> {
        let is_due = self.due[ask.number()].first().is_some_and(|(due, _)| *due <= now);
        let due = is_due.then_some(then);
        due.into_iter().chain(self.later(ask, now)).min()
    }

    /// Every row that wants to be asked something that reads, whenever.
    fn wanting_a_look(&self) -> Vec<Place> {
        let asks = self.asks.iter().filter(|ask| ask.effect == Effect::Reads);
        asks.flat_map(|ask| &self.due[ask.number()]).map(|(_, place)| *place).collect()
    }

    /// Every row that is not on its way and has not ended.
    fn resting(&self) -> Vec<Place> {
        self.due.iter().flatten().map(|(_, place)| *place).chain(self.recorded.iter().flatten().copied()).collect()
    }

    fn recorded(&self, step: usize, most: usize) -> Vec<Place> {
        self.recorded[step].iter().copied().take(most).collect()
    }
}

pub(super) struct TaskIndex<J: Job> {
    tasks: Vec<Task<J>>,
    places: Places,
}

impl<J: Job> TaskIndex<J> {
    pub(super) fn new(tasks: impl Iterator<Item = Task<J>>) -> Self {
        let tasks: Vec<Task<J>> = tasks.collect();
        let rows: Vec<u32> = tasks.iter().map(|task| task.row).collect();
        let mut places = Places::new(&rows, Ask::all::<J::Step>(), J::Outcome::CLASSES);
        tasks.iter().enumerate().for_each(|(place, task)| places.count(place, &task.position(), true));
        Self { tasks, places }
    }

    pub(super) const fn all(&self) -> &[Task<J>] {
        self.tasks.as_slice()
    }

    pub(super) fn at(&self, place: Place) -> &Task<J> {
        &self.tasks[place]
    }

    pub(super) fn by_row(&self, row: u32) -> Option<Place> {
        self.places.by_row.get(&row).copied()
    }

    /// The only way to change a row.
    pub(super) fn change<T>(&mut self, place: Place, change: impl FnOnce(&mut Task<J>) -> T) -> T {
        let task = &mut self.tasks[place];
        let before = task.position();
        let told = change(task);
        self.places.changed(place, &before, &task.position());
        told
    }

    pub(super) const fn counts(&self) -> &Counts {
        &self.places.counts
    }

    /// How many rows have ended, by [`Ending::class`].
    pub(super) fn ended(&self) -> &[usize] {
        &self.places.ended
    }

    pub(super) const fn is_over(&self) -> bool {
        self.places.counts.open == 0
    }

    pub(super) const fn changed(&self) -> &ChangeLog {
        &self.places.changed
    }

    /// At most `most` rows that may be asked this now, those that have waited longest first.
    pub(super) fn due(&self, ask: Ask, most: usize, now: Moment) -> Vec<Place> {
        self.places.due(ask, most, now)
    }

    /// How many rows wait to be asked to do the first step, whenever.
    pub(super) fn to_start(&self) -> usize {
        self.places.due[0].len()
    }

    /// When the earliest of the rows may be asked this that may not now.
    pub(super) fn later(&self, ask: Ask, now: Moment) -> Option<Moment> {
        self.places.later(ask, now)
    }

    /// When somebody is to look again whether rows may be asked this, where none may be before `then`.
    pub(super) fn earliest(&self, ask: Ask, then: Moment, now: Moment) -> Option<Moment> {
        self.places.earliest(ask, then, now)
    }

    /// Everything that can be asked, in the order in which it is where rows wait for several.
    pub(super) fn asks(&self) -> &[Ask] {
        &self.places.asks
    }

    /// Every row that wants to be asked something that reads, whenever.
    pub(super) fn wanting_a_look(&self) -> Vec<Place> {
        self.places.wanting_a_look()
    }

    /// Every row that is not on its way and has not ended.
    pub(super) fn resting(&self) -> Vec<Place> {
        self.places.resting()
    }

    /// At most `most` rows that stand in the journal as leaving with this step and are not on their way.
    pub(super) fn recorded(&self, step: J::Step, most: usize) -> Vec<Place> {
        self.places.recorded(step.place(), most)
    }

    pub(super) fn outcome_of(&self, row: u32) -> Option<&EndedAs<J::Outcome>> {
        self.at(self.by_row(row)?).outcome()
    }
}

impl<J: Job> Task<J> {
    fn position(&self) -> RowPosition {
        let outcome = self.outcome().map(|ended| &ended.outcome);
        RowPosition {
            waits: match self.phase() {
                Some((step, Phase::Due(then))) => Waits::Due(Ask::to_do(step).number(), then),
                Some((step, Phase::Unsure(then))) => Waits::Due(Ask::to_look(step).number(), then),
                Some((step, Phase::Recorded)) => Waits::Recorded(step.place()),
                _ => Waits::Else,
            },
            class: outcome.map(Ending::class),
            is_left_off: outcome.is_some_and(|outcome| outcome.not_sent().is_some()),
            is_offline: self.is_offline(),
            is_checking: self.is_checking(),
            is_here: self.is_here(),
            marks: J::marks(self),
        }
    }

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
