//! How a row is taken up: with its next step or thing, anew after it failed, and from what the journal tells.

use super::job::{Effect, Ending, Happened, History, Job, LostAnswer, Recalled, Step};
use super::journal::{EndedAs, JournalEntry};
use super::task::{Phase, Task, TaskState};
use time::{Moment, Now};

impl<J: Job> Task<J> {
    /// What was met before a step that is noticed says nothing of another such step, nor of another thing.
    pub(super) fn reach(&mut self, step: J::Step) {
        let thing = J::thing(&self.facts);
        if step.effect() == Effect::Noticed && step != self.about.0 || thing != self.about.1 {
            (self.history, self.about) = (History::default(), (step, thing));
        }
    }

    /// Sets a failed row going again.
    pub(super) fn again(&mut self, job: &J, now: Now) -> Option<JournalEntry<J::Event>> {
        let outcome = self.outcome().map(|ended| ended.outcome.clone()).filter(J::Outcome::is_failure)?;
        let step = job.again(&mut self.facts, &outcome)?;
        (self.history.lost, self.history.waited, self.failed_looks) = (0, 0, 0);
        if outcome.may_be_done() && job.after_loss(&self.facts, step, 0) == LostAnswer::Look {
            self.history.earlier = Some(Box::new(outcome));
            self.stand(step, Phase::Unsure(now.steady), 0);
            return Some(self.entry(job.event(&self.facts, Happened::Leaves(step)), now));
        }
        Some(self.put_back(job, step, now.steady, 0, now))
    }

    /// Takes over what the journal tells.
    pub(super) fn remember(&mut self, job: &J, entry: &JournalEntry<J::Event>) {
        let Some(remembered) = job.remember(&mut self.facts, &entry.what) else { return };
        let due = Phase::Due(Moment(0));
        match remembered {
            Recalled::Left(step, LostAnswer::Repeat) => {
                self.reach(step);
                self.history.lost += 1;
                self.stand(step, due, 0);
            }
            Recalled::Left(step, LostAnswer::Look) => {
                self.reach(step);
                self.history.lost += 1;
                self.history.first_left.get_or_insert(entry.at);
                if let TaskState::Ended(ended) = &self.state
                    && ended.outcome.may_be_done()
                {
                    self.history.earlier = Some(Box::new(ended.outcome.clone()));
                }
                self.stand(step, Phase::Unsure(Moment(0)), 0);
            }
            Recalled::Left(step, LostAnswer::AskPerson) => {
                let outcome = job.unsure(&self.facts, step);
                self.state = TaskState::Ended(EndedAs { outcome, at: entry.at });
            }
            Recalled::NotDone(step) => {
                (self.history.lost, self.history.first_left) = (0, None);
                self.stand(step, due, 0);
            }
            // It stays counted as lost: a second silence is for a person to decide. They may have appeared since.
            Recalled::NotSeen(step, outcome) => {
                self.history.earlier.get_or_insert_with(|| Box::new(outcome));
                self.stand(step, Phase::Unsure(Moment(0)), 0);
            }
            Recalled::Reached { step, is_done } => {
                if is_done {
                    self.history.earlier = None;
                }
                self.reach(step);
                self.stand(step, due, 0);
            }
            Recalled::Ended(outcome) => self.state = TaskState::Ended(EndedAs { outcome, at: entry.at }),
        }
    }
}
