//! What a job has to state. The engine does the rest: it writes down what leaves before it leaves, keeps to paces and the ramp, asks again,
//! looks where an answer was lost, pauses, stops, resumes and counts.

use super::budget::Budget;
use super::journal::NotSent;
use super::task::{Task, WAITS};
use crate::protocol::Cost;
use crate::refused::Refused;
use graph::{PaceKind, Problem, Reply, Request};
use std::fmt::Debug;
use time::{Millis, Moment};

/// Something that is done for each of many rows.
pub trait Job: Sized {
    /// What is done for a row, one after the other.
    type Step: Step;
    /// What is known of one row.
    type Facts: Clone + Debug;
    /// Every way a row can end.
    type Outcome: Ending;
    /// What the journal says of a row.
    type Event: Clone + Debug + PartialEq;
    /// What limits how often the first step is done in a day.
    type Budget: Budget;

    /// What is asked to do this step for a row, of those that this run [can do](Self::can_do).
    fn request(&self, task: &Task<Self>, step: Self::Step) -> Request;
    /// What is asked, of the directory, to look whether it was done, or whether somebody else has done it. Only of steps whose
    /// [`LostAnswer`] is to look.
    fn look(&self, task: &Task<Self>, step: Self::Step) -> Request;
    /// What was seen so far of several pages is of no use any more: [`Self::look`] begins anew.
    fn look_anew(&self, _facts: &mut Self::Facts) {}
    /// For how long a look at a row holds, where every row is looked at right before it leaves: then nobody leaves who cannot be looked at.
    /// Without this only rows that have waited are looked at again.
    fn looks_first(&self) -> Option<Millis> {
        None
    }
    /// The delegated permission without which that is refused; `is_look`: without which it cannot be looked at.
    fn permission(&self, facts: &Self::Facts, step: Self::Step, is_look: bool) -> &'static str;
    /// What doing this uses up of its lane's pace. In batches it is counted by the request.
    fn cost(&self, _facts: &Self::Facts, _step: Self::Step) -> Cost {
        Cost::Writes(1)
    }
    /// Whether this run can do that step at all. Where it cannot, rows stay due.
    fn can_do(&self, _step: Self::Step) -> bool {
        true
    }

    /// What follows from a success.
    ///
    /// # Errors
    /// The reply tells of a problem, or cannot be read.
    fn learn(&self, row: RowAt<'_, Self>, reply: &Reply) -> Result<Learned<Self>, Problem>;
    /// What a look shows; `is_check`: nothing has left, and it is looked at whether somebody else has done it meanwhile.
    ///
    /// # Errors
    /// As [`Self::learn`].
    fn looked(&self, row: RowAt<'_, Self>, reply: &Reply, is_check: bool) -> Result<Sighted<Self>, Problem>;
    /// What follows where a step that reads cannot be asked, or not often enough.
    fn cannot_read(&self, row: RowAt<'_, Self>) -> Learned<Self> {
        Learned::Ended(self.unsure(row.facts, row.step))
    }
    /// How a row ends that a step that reads has waited for in vain.
    fn never_seen(&self, facts: &Self::Facts, step: Self::Step) -> Self::Outcome {
        self.unsure(facts, step)
    }
    /// How a row ends for which this was refused for good.
    fn refused(&self, facts: &Self::Facts, step: Self::Step, refused: Refused) -> Self::Outcome;
    /// How a row ends of which nobody knows whether this was done.
    fn unsure(&self, facts: &Self::Facts, step: Self::Step) -> Self::Outcome;
    /// How a row ends for which this did not leave any more.
    fn left_off(&self, facts: &Self::Facts, step: Self::Step, why: NotSent) -> Self::Outcome;
    /// The last word on how a row ends, by what is known of it.
    fn conclude(&self, _facts: &mut Self::Facts, outcome: Self::Outcome) -> Self::Outcome {
        outcome
    }

    /// What is to be done where the answer to something that changes was lost for the `lost + 1`th time.
    fn after_loss(&self, facts: &Self::Facts, step: Self::Step, lost: u32) -> LostAnswer;
    /// Whether every further row would meet the same refusal of this step, so that asking on only does harm.
    fn halts(&self, step: Self::Step, refused: &Refused) -> bool;
    /// From which step on a row that failed is taken up; where that may be done ([`Ending::may_be_done`]) and looking tells, it is looked for
    /// first. `None`: it stays as it is.
    fn again(&self, facts: &mut Self::Facts, outcome: &Self::Outcome) -> Option<Self::Step>;

    /// What is written down of this.
    fn event(&self, facts: &Self::Facts, happened: Happened<'_, Self>) -> Self::Event;
    /// What the journal tells of a row. `None`: nothing is to be done for it, whatever stands there.
    fn remember(&self, facts: &mut Self::Facts, event: &Self::Event) -> Option<Recalled<Self>>;
    /// How the row ended, where this says that.
    fn outcome_of(event: &Self::Event) -> Option<&Self::Outcome>;

    /// Which of several things is next for a row for which the same steps are done again and again: what was met by one says nothing of
    /// another.
    fn thing(_facts: &Self::Facts) -> usize {
        0
    }

    /// For a budget: what was made for a row, by its id, where that is known.
    fn made(_task: &Task<Self>) -> Option<&str> {
        None
    }

    /// Where a row stands, in a word or two.
    fn word(task: &Task<Self>) -> &'static str;
    /// What is counted of a row. Unless said otherwise, a row is accepted, and seen, as soon as its first step is done.
    fn marks(task: &Task<Self>) -> Marks {
        let follows = task.phase().is_some_and(|(step, _)| step != Self::Step::FIRST);
        let is_done = task.outcome().is_some_and(|ended| ended.outcome.is_done());
        Marks {
            accepted: follows || is_done,
            seen: follows || is_done,
            follow_up_due: follows,
            follow_up_to_come: follows,
            follow_up_done: is_done,
        }
    }
}

/// One of the things that a job does for a row: an enum of few values.
pub trait Step: Copy + Debug + PartialEq + 'static {
    /// All of them; in this order they are asked for where rows wait for several.
    const ALL: &'static [Self];
    /// The one that a run is ramped up by.
    const FIRST: Self = Self::ALL[0];
    /// Its place among [`Self::ALL`].
    fn place(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).expect("every step stands among all")
    }
    fn lane(self) -> PaceKind;
    fn effect(self) -> Effect;
}

/// What doing a step twice would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only reads.
    Reads,
    /// It changes something, once.
    Repeatable,
    /// It would be noticed: it is written down before it leaves.
    Noticed,
}

/// What is to be done where an answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostAnswer {
    /// Ask once more.
    Repeat,
    /// Look whether it was done ([`Job::look`]).
    Look,
    /// Only a person can say.
    AskPerson,
}

/// What was met before by a row, as far as it matters to what follows.
#[derive(Clone, Debug)]
pub struct History<O> {
    /// How often it was sent without an answer that tells.
    pub lost: u32,
    /// When it left first, by the computer's clock, unless that came to nothing for certain.
    pub first_left: Option<Moment>,
    /// How it ended, or would have, when it may have been done: what comes to nothing after that ends like that, too.
    pub earlier: Option<Box<O>>,
    /// How often in a row it was not there yet: apart from how often it was asked to wait, or did not come through.
    pub waited: usize,
}

impl<O> Default for History<O> {
    fn default() -> Self {
        Self { lost: 0, first_left: None, earlier: None, waited: 0 }
    }
}

impl<O> History<O> {
    /// Whether it may have been done before.
    pub const fn is_in_doubt(&self) -> bool {
        self.lost > 0 || self.earlier.is_some()
    }

    /// Whether it was waited for as long as anything is: what is not there yet by now ends the row ([`Job::never_seen`]).
    pub const fn has_waited(&self) -> bool {
        self.waited >= WAITS.len()
    }
}

/// A row about which something is learnt.
pub struct RowAt<'a, J: Job> {
    pub facts: &'a mut J::Facts,
    pub step: J::Step,
    pub history: &'a History<J::Outcome>,
}

/// What follows from an answer.
pub enum Learned<J: Job> {
    /// This is to be done next, after so long.
    Next(J::Step, Millis),
    /// It is not there yet, or refused until something else is: asked again later.
    NotYet,
    Ended(J::Outcome),
}

/// What a look shows.
pub enum Sighted<J: Job> {
    /// Nothing of it.
    Nobody,
    /// Nothing of it so far, and there is another page: [`Job::look`] asks for that next.
    Partly,
    /// Not what this row was to do: it ends so.
    Another(J::Outcome),
    /// It was done.
    Done(Learned<J>),
}

/// What happens to a row, to be written down.
pub enum Happened<'a, J: Job> {
    /// It is about to leave, or may have left.
    Leaves(J::Step),
    /// It came to nothing, or seems to have (`in_doubt`), and is done again.
    PutBack {
        step: J::Step,
        in_doubt: bool,
    },
    /// This is to be done next.
    Reached(J::Step),
    Ended(&'a J::Outcome),
}

/// What the journal tells of a row.
pub enum Recalled<J: Job> {
    /// It may have left: this is to be done about it.
    Left(J::Step, LostAnswer),
    /// It came to nothing for certain.
    NotDone(J::Step),
    /// It left and was not seen; this is how it ends if nothing more is learnt.
    NotSeen(J::Step, J::Outcome),
    /// This is to be done next. `is_done`: what may have been done before certainly was.
    Reached {
        step: J::Step,
        is_done: bool,
    },
    Ended(J::Outcome),
}

/// How a row ended.
pub trait Ending: Clone + Debug + PartialEq {
    /// How many groups endings are counted by.
    const CLASSES: usize;
    /// In which of them this is counted, from 0.
    fn class(&self) -> usize;
    fn name(&self) -> &'static str;
    /// Whether what was wanted is done, or at least its first step.
    fn is_done(&self) -> bool;
    /// Whether it may be tried again.
    fn is_failure(&self) -> bool;
    /// Whether trying it again might reach somebody twice: only a person may decide that.
    fn needs_person(&self) -> bool;
    /// Whether it may have been done, so that it is looked for before it is tried again.
    fn may_be_done(&self) -> bool;
    /// Whether nothing came of it, so that how it ended before stands.
    fn comes_to_nothing(&self) -> bool;
    /// Why somebody or something wanted no more of it, if that is how it ended.
    fn not_sent(&self) -> Option<NotSent>;
    /// What was refused, if that is how it ended.
    fn refused(&self) -> Option<&Refused>;
}

/// What is counted of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Graph has accepted the first step.
    pub accepted: bool,
    /// And what it made was seen.
    pub seen: bool,
    /// A step that is noticed is to follow the first: now, or once something else is done.
    pub follow_up_due: bool,
    pub follow_up_to_come: bool,
    pub follow_up_done: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum ThreeSteps {
        Begin,
        GoOn,
        End,
    }

    impl Step for ThreeSteps {
        const ALL: &'static [Self] = &[Self::Begin, Self::GoOn, Self::End];

        fn lane(self) -> PaceKind {
            PaceKind::DirectoryWrite
        }

        fn effect(self) -> Effect {
            Effect::Repeatable
        }
    }

    #[test]
    fn every_step_has_a_place_of_its_own() {
        assert_eq!([ThreeSteps::Begin, ThreeSteps::GoOn, ThreeSteps::End].map(ThreeSteps::place), [0, 1, 2]);
    }

    #[test]
    fn what_was_sent_without_an_answer_or_may_have_been_done_before_is_in_doubt() {
        let anew = History::<&str>::default();
        assert!(!anew.is_in_doubt());
        assert!(History { lost: 1, ..anew.clone() }.is_in_doubt());
        assert!(History { earlier: Some(Box::new("unsure")), ..anew }.is_in_doubt());
    }
}
