//! One row's own state machine: a step of its job, and how far it has come with that, or how it ended.

use super::answers::Attempts;
use super::job::{Effect, Ending, Happened, History, Job, Learned, LostAnswer, RowAt, Sighted, Step};
use super::journal::{EndedAs, JournalEntry, NotSent};
use super::refusals::unanswered;
use crate::refused::Refused;
use graph::{Again, Problem, Reply, Unreached};
use time::{Millis, Moment, Now};

/// Waits between looks, in seconds; four minutes together. The directory is eventually consistent, so one look proves
/// nothing (learn.microsoft.com/graph/api/user-list).
pub(super) const WAITS: [i64; 8] = [2, 4, 8, 16, 30, 60, 60, 60];
/// Of these, as many for a lost reply before it is sent once more: two minutes.
pub(super) const LOOKS: u32 = 6;
/// How often a row that Graph says to ask again is asked before it counts as refused.
pub const TRIES: u32 = 8;
/// So often in a row a look may come to nothing, which takes half an hour or so: longer than gateways take to be fixed, and no longer than
/// somebody waits for an end. Then what is in doubt stays so, and whoever has not left does not leave.
pub(super) const FAILED_LOOKS: u32 = 24;
/// So often a row leaves whose answers are lost and which nobody sees: after that it is never sent again by itself.
pub(super) const SENDS: u32 = 2;

/// How far a row has come with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has left, or what left came to nothing for certain. It may leave then, at the earliest.
    Due(Moment),
    /// Nothing has left, and it is looked at whether somebody else has done it meanwhile.
    Checking,
    /// In the journal as leaving.
    Recorded,
    Sent,
    /// It left and no answer came that tells. It is looked for before anything else: then, at the earliest.
    Unsure(Moment),
    Looking,
}

/// Where a row stands.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskState<S, O> {
    /// `tries` counts what was asked in this phase.
    At {
        step: S,
        phase: Phase,
        tries: u32,
    },
    Ended(EndedAs<O>),
}

/// A row, what is known of it, and where it stands.
pub struct Task<J: Job> {
    pub(super) row: u32,
    pub(super) facts: J::Facts,
    pub(super) state: TaskState<J::Step, J::Outcome>,
    /// What was asked last of it did not leave this machine.
    pub(super) is_cut_off: bool,
    pub(super) history: History<J::Outcome>,
    /// When it was looked last who has done it, if that was in this run.
    pub(super) looked: Option<Now>,
    /// So many looks failed since, and when the first of them did, by the computer's clock.
    pub(super) failed_looks: u32,
    pub(super) looks_fail_since: Moment,
    /// How often it had been asked to wait when it was looked for again.
    pub(super) sent: u32,
    /// Which step that is noticed its history is about, and which [thing](Job::thing).
    pub(super) about: (J::Step, usize),
    /// When it was seen that there is another page to look at, unless that is over.
    pub(super) page_from: Option<Now>,
}

/// What an answer came to.
pub(super) struct TaskUpdate<E> {
    pub(super) entry: Option<JournalEntry<E>>,
    /// Somebody else had done it before it left.
    pub(super) was_others: bool,
}

impl<J: Job> Task<J> {
    /// A row that is to be done, from its job's first step on.
    pub fn new(row: u32, facts: J::Facts) -> Self {
        Self::with_state(row, facts, TaskState::At { step: J::Step::FIRST, phase: Phase::Due(Moment(0)), tries: 0 })
    }

    /// A row of which nothing is to be done.
    pub fn ended(row: u32, facts: J::Facts, ended: EndedAs<J::Outcome>) -> Self {
        Self::with_state(row, facts, TaskState::Ended(ended))
    }

    fn with_state(row: u32, facts: J::Facts, state: TaskState<J::Step, J::Outcome>) -> Self {
        let about = (J::Step::FIRST, J::thing(&facts));
        Self {
            row,
            facts,
            state,
            is_cut_off: false,
            history: History::default(),
            looked: None,
            failed_looks: 0,
            looks_fail_since: Moment(0),
            sent: 0,
            about,
            page_from: None,
        }
    }

    /// [`crate::rows::Row::id`]
    pub const fn row(&self) -> u32 {
        self.row
    }

    pub const fn facts(&self) -> &J::Facts {
        &self.facts
    }

    pub const fn state(&self) -> &TaskState<J::Step, J::Outcome> {
        &self.state
    }

    /// Its step and how far it has come with that, unless it has ended.
    pub const fn phase(&self) -> Option<(J::Step, Phase)> {
        if let TaskState::At { step, phase, .. } = &self.state { Some((*step, *phase)) } else { None }
    }

    /// How it ended, if it has.
    pub const fn outcome(&self) -> Option<&EndedAs<J::Outcome>> {
        if let TaskState::Ended(ended) = &self.state { Some(ended) } else { None }
    }

    pub(super) const fn tries(&self) -> u32 {
        if let TaskState::At { tries, .. } = &self.state { *tries } else { 0 }
    }

    pub(super) const fn attempts(&self) -> Attempts {
        let is_checking = matches!(self.state, TaskState::At { phase: Phase::Checking, .. });
        Attempts { tries: self.tries(), failed_looks: self.failed_looks, is_checking, is_on_a_later_page: self.is_on_a_later_page() }
    }

    pub(super) const fn is_offline(&self) -> bool {
        self.is_cut_off && matches!(self.state, TaskState::At { .. })
    }

    pub(super) const fn row_at(&mut self, step: J::Step) -> RowAt<'_, J> {
        RowAt { facts: &mut self.facts, step, history: &self.history }
    }

    pub(super) fn stand(&mut self, step: J::Step, phase: Phase, tries: u32) {
        self.state = TaskState::At { step, phase, tries };
    }

    /// About to leave: the journal has to know first.
    pub(super) fn leave(&mut self, job: &J, step: J::Step, now: Now) -> JournalEntry<J::Event> {
        self.stand(step, Phase::Recorded, self.tries());
        if job.after_loss(&self.facts, step, self.history.lost) == LostAnswer::Look {
            self.history.first_left.get_or_insert(now.wall);
        }
        self.entry(job.event(&self.facts, Happened::Leaves(step)), now)
    }

    /// It is on its way now.
    pub(super) fn left(&mut self, job: &J, is_look: bool, now: Moment) {
        if is_look {
            self.begin_look(job, now);
        }
        self.is_cut_off = false;
        if let TaskState::At { phase, .. } = &mut self.state {
            *phase = match *phase {
                Phase::Due(_) | Phase::Recorded => Phase::Sent,
                Phase::Unsure(_) => Phase::Looking,
                other => other,
            };
        }
    }

    /// A reply came. What has to be written down, or the problem it tells of.
    pub(super) fn told(&mut self, job: &J, reply: &Reply, now: Now) -> Result<TaskUpdate<J::Event>, Problem> {
        let Some((step, phase)) = self.phase() else { return Ok(TaskUpdate { entry: None, was_others: false }) };
        if matches!(phase, Phase::Looking | Phase::Checking) {
            return self.sighted(job, step, phase, reply, now);
        }
        let learned = job.learn(self.row_at(step), reply)?;
        if step.effect() != Effect::Reads {
            self.history.earlier = None;
        }
        Ok(TaskUpdate { entry: self.advance(job, learned, now), was_others: false })
    }

    fn sighted(&mut self, job: &J, step: J::Step, phase: Phase, reply: &Reply, now: Now) -> Result<TaskUpdate<J::Event>, Problem> {
        let is_check = phase == Phase::Checking;
        let sighted = job.looked(self.row_at(step), reply, is_check)?;
        let is_whole = !matches!(sighted, Sighted::Partly);
        // What one question told is as old as that, whatever another tells later.
        let as_of = self.page_from.filter(|_| job.looks_first().is_some()).unwrap_or(now);
        self.page_from = (!is_whole).then_some(now);
        if is_whole {
            (self.looked, self.failed_looks) = (Some(as_of), 0);
        }
        let was_others = is_check && matches!(&sighted, Sighted::Another(outcome) if !outcome.is_failure());
        let entry = match sighted {
            Sighted::Nobody | Sighted::Partly if is_check => {
                self.stand(step, Phase::Due(Moment(0)), self.tries());
                None
            }
            Sighted::Partly => {
                self.stand(step, Phase::Unsure(now.steady), self.tries());
                None
            }
            Sighted::Nobody => self.nobody_there(job, step, now),
            Sighted::Another(outcome) => Some(self.end(job, outcome, now)),
            Sighted::Done(learned) => self.advance(job, learned, now),
        };
        Ok(TaskUpdate { entry, was_others })
    }

    /// Goes on with what follows from an answer.
    pub(super) fn advance(&mut self, job: &J, learned: Learned<J>, now: Now) -> Option<JournalEntry<J::Event>> {
        match learned {
            Learned::Next(step, after) => {
                (self.failed_looks, self.history.waited) = (0, 0);
                self.reach(step);
                self.stand(step, Phase::Due(now + after), 0);
                Some(self.entry(job.event(&self.facts, Happened::Reached(step)), now))
            }
            Learned::NotYet => {
                let (step, tries) = (self.phase()?.0, self.tries());
                self.failed_looks = 0;
                let Some(wait) = WAITS.get(self.history.waited) else {
                    return Some(self.end(job, job.never_seen(&self.facts, step), now));
                };
                self.history.waited += 1;
                let then = now + Millis::seconds(*wait);
                if step.effect() == Effect::Noticed {
                    // It came to nothing for certain.
                    return Some(self.put_back(job, step, then, tries, now));
                }
                self.stand(step, Phase::Due(then), tries);
                None
            }
            Learned::Ended(outcome) => Some(self.end(job, outcome, now)),
        }
    }

    /// Nothing shows that it was done. After looks enough the request is taken not to have arrived, and may be sent once more; a second
    /// silence stays unsure.
    fn nobody_there(&mut self, job: &J, step: J::Step, now: Now) -> Option<JournalEntry<J::Event>> {
        let tries = self.tries();
        match WAITS[..LOOKS as usize].get(tries as usize) {
            Some(wait) => {
                self.stand(step, Phase::Unsure(now + Millis::seconds(*wait)), tries + 1);
                None
            }
            None if self.history.lost < SENDS => {
                self.history.earlier.get_or_insert_with(|| Box::new(job.unsure(&self.facts, step)));
                let sent = std::mem::take(&mut self.sent);
                Some(self.put_back(job, step, now.steady, sent, now))
            }
            None => Some(self.end(job, job.unsure(&self.facts, step), now)),
        }
    }

    /// No reply came.
    pub(super) fn unreached(&mut self, job: &J, unreached: Unreached, now: Now) -> Option<JournalEntry<J::Event>> {
        let (step, phase) = self.phase()?;
        let tries = self.tries();
        let soon = now + Millis::backoff(tries);
        self.is_cut_off = unreached == Unreached::Offline;
        if phase != Phase::Sent || step.effect() == Effect::Reads {
            // A look that failed is not counted as a look.
            return self.look_failed(job, self.looked_for_soon(now), now);
        }
        match unreached {
            // Waiting for the network makes waits longer, and never counts as having asked too often.
            Unreached::Offline => {
                return Some(self.never_left(job, step, soon, tries.max((tries + 1).min(Millis::LONGEST_BACKOFF)), now));
            }
            // Nobody asks again before a person has signed in.
            Unreached::NoToken => return Some(self.never_left(job, step, now.steady, tries, now)),
            Unreached::Lost => {}
        }
        let is_noticed = step.effect() == Effect::Noticed;
        Some(match job.after_loss(&self.facts, step, self.history.lost) {
            LostAnswer::Repeat if is_noticed && self.history.lost < TRIES => {
                self.history.lost += 1;
                self.put_back(job, step, soon, tries + 1, now)
            }
            LostAnswer::Repeat if !is_noticed && tries < TRIES => self.put_back(job, step, soon, tries + 1, now),
            LostAnswer::Repeat if !is_noticed => self.end(job, job.refused(&self.facts, step, unanswered()), now),
            LostAnswer::Repeat | LostAnswer::AskPerson => self.end(job, job.unsure(&self.facts, step), now),
            LostAnswer::Look => {
                self.history.lost += 1;
                self.stand(step, Phase::Unsure(now + Millis::seconds(1)), 0);
                return None;
            }
        })
    }

    pub(super) fn refused(&mut self, job: &J, refused: Refused, again: Again, now: Now) -> Option<JournalEntry<J::Event>> {
        let (step, phase) = self.phase()?;
        let tries = self.tries();
        if phase == Phase::Sent && step.effect() != Effect::Reads {
            return match again {
                Again::After(wait) if tries < TRIES => Some(self.put_back(job, step, now + wait, tries + 1, now)),
                Again::AfterSignIn if tries < TRIES => Some(self.put_back(job, step, now.steady, tries + 1, now)),
                Again::LookFirst => self.unreached(job, Unreached::Lost, now),
                _ => Some(self.end(job, job.refused(&self.facts, step, refused), now)),
            };
        }
        let then = match again {
            Again::After(wait) => now + wait,
            // A fresh token that is not taken either is not fetched again and again.
            Again::AfterSignIn if self.failed_looks > 0 => self.looked_for_soon(now),
            // Where nobody may look, that is told from here on; `cannot_look` ends the row.
            Again::AfterSignIn | Again::Never | Again::LookFirst => now.steady,
        };
        self.look_failed(job, then, now)
    }

    fn looked_for_soon(&self, now: Now) -> Moment {
        now + Millis::backoff(self.tries() + self.failed_looks)
    }

    /// Asked again then, unless that came to nothing so often that a person has to see to it.
    fn look_failed(&mut self, job: &J, then: Moment, now: Now) -> Option<JournalEntry<J::Event>> {
        self.page_from = None;
        if self.failed_looks == 0 {
            self.looks_fail_since = now.wall;
        }
        // Waiting for the network makes waits longer, and never counts as having asked too often.
        if !self.is_cut_off || self.failed_looks < Millis::LONGEST_BACKOFF {
            self.failed_looks += 1;
        }
        if let TaskState::At { phase, .. } = &mut self.state {
            *phase = match *phase {
                Phase::Looking => Phase::Unsure(then),
                Phase::Checking | Phase::Sent => Phase::Due(then),
                other => other,
            };
        }
        if self.failed_looks < FAILED_LOOKS { None } else { self.cannot_look(job, now) }
    }

    /// It is done once more: then, at the earliest.
    pub(super) fn put_back(&mut self, job: &J, step: J::Step, then: Moment, tries: u32, now: Now) -> JournalEntry<J::Event> {
        self.stand(step, Phase::Due(then), tries);
        // What came to nothing now says nothing of what may have been sent before.
        let in_doubt = self.history.earlier.is_some();
        if !in_doubt {
            self.history.first_left = None;
        }
        self.entry(job.event(&self.facts, Happened::PutBack { step, in_doubt }), now)
    }

    /// The same for what has not left this machine.
    pub(super) fn never_left(&mut self, job: &J, step: J::Step, then: Moment, tries: u32, now: Now) -> JournalEntry<J::Event> {
        JournalEntry { never_left: true, ..self.put_back(job, step, then, tries, now) }
    }

    /// The run ends: what is not on its way gets the ending it has earned.
    pub(super) fn leave_off(&mut self, job: &J, why: NotSent, now: Now) -> Option<JournalEntry<J::Event>> {
        let (step, phase) = self.phase()?;
        match phase {
            Phase::Due(_) | Phase::Recorded if step.effect() != Effect::Reads => {
                Some(self.end(job, job.left_off(&self.facts, step, why), now))
            }
            // A halted run still looks at what has left; reading harms nobody.
            _ if why == NotSent::Halted => None,
            _ => {
                let entry = self.cannot_look(job, now);
                match self.phase() {
                    Some((next, Phase::Due(_))) if next != step => self.leave_off(job, why, now),
                    _ => entry,
                }
            }
        }
    }

    pub(super) fn end(&mut self, job: &J, outcome: J::Outcome, now: Now) -> JournalEntry<J::Event> {
        // Whatever became of doing it again, what was done before is done.
        let outcome = match self.history.earlier.take() {
            Some(earlier) if outcome.comes_to_nothing() => *earlier,
            _ => outcome,
        };
        let outcome = job.conclude(&mut self.facts, outcome);
        let entry = self.entry(job.event(&self.facts, Happened::Ended(&outcome)), now);
        self.state = TaskState::Ended(EndedAs { outcome, at: now.wall });
        entry
    }

    pub(super) const fn entry(&self, what: J::Event, now: Now) -> JournalEntry<J::Event> {
        JournalEntry { row: self.row, what, at: now.wall, halted: None, never_left: false }
    }
}

#[cfg(test)]
mod tests;
