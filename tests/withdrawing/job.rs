//! Withdrawing guests, as "Add a job" in `src/README.md` says it: block each, then delete them.

use crate::daily::DailyBlocks;
use graph::PaceKind;
use graph::{CommonRefusal, Method, Problem, Reply, Request};
use guestlist::bulk::journal::NotSent;
use guestlist::bulk::{Effect, Ending, Happened, Job, Learned, LostAnswer, Phase, Recalled, RowAt, Sighted, Step, Task, TaskState};
use guestlist::refused::Refused;
use time::Millis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithdrawStep {
    Block,
    Delete,
}

impl Step for WithdrawStep {
    const ALL: &'static [Self] = &[Self::Block, Self::Delete];

    fn lane(self) -> PaceKind {
        PaceKind::DirectoryWrite
    }

    fn effect(self) -> Effect {
        if self == Self::Block { Effect::Repeatable } else { Effect::Noticed }
    }
}

/// How a guest ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Withdrawal {
    Deleted,
    /// Somebody else had deleted the guest before this run did.
    WasGone,
    Refused(Refused),
    Unsure,
    NotDone(NotSent),
}

impl Ending for Withdrawal {
    const CLASSES: usize = 5;

    fn class(&self) -> usize {
        match self {
            Self::Deleted => 0,
            Self::WasGone => 1,
            Self::Refused(_) => 2,
            Self::Unsure => 3,
            Self::NotDone(_) => 4,
        }
    }

    fn name(&self) -> &'static str {
        ["Deleted", "Was gone already", "Refused", "Unsure", "Not done"][self.class()]
    }

    fn is_done(&self) -> bool {
        matches!(self, Self::Deleted | Self::WasGone)
    }

    fn is_failure(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Unsure | Self::NotDone(_))
    }

    fn needs_person(&self) -> bool {
        false
    }

    fn may_be_done(&self) -> bool {
        *self == Self::Unsure
    }

    fn comes_to_nothing(&self) -> bool {
        self.is_failure()
    }

    fn not_sent(&self) -> Option<NotSent> {
        if let Self::NotDone(why) = self { Some(*why) } else { None }
    }

    fn refused(&self) -> Option<&Refused> {
        if let Self::Refused(refused) = self { Some(refused) } else { None }
    }
}

/// What is written down of a guest.
#[derive(Clone, Debug, PartialEq)]
pub enum WithdrawEvent {
    Blocked,
    Leaves,
    /// It came to nothing for certain, at this step.
    NotDone(WithdrawStep),
    /// It left, and the guest is still there.
    NotSeen,
    Ended(Withdrawal),
}

pub struct Withdraw;

impl Job for Withdraw {
    type Step = WithdrawStep;
    /// The guest's object id.
    type Facts = String;
    type Outcome = Withdrawal;
    type Event = WithdrawEvent;
    type Budget = DailyBlocks;

    fn request(&self, task: &Task<Self>, step: WithdrawStep) -> Request {
        let user = Request::get(format!("/users/{}", task.facts()));
        match step {
            WithdrawStep::Block => {
                let block = Request::post(user.path, &std::collections::BTreeMap::from([("accountEnabled", false)]));
                Request { method: Method::Patch, ..block }
            }
            WithdrawStep::Delete => Request { method: Method::Delete, ..user },
        }
    }

    fn look(&self, task: &Task<Self>, _step: WithdrawStep) -> Request {
        Request::get(format!("/users/{}?$select=id", task.facts()))
    }

    fn permission(&self, _facts: &String, _step: WithdrawStep, is_look: bool) -> &'static str {
        if is_look { "User.Read.All" } else { "User.ReadWrite.All" }
    }

    fn learn(&self, row: RowAt<'_, Self>, reply: &Reply) -> Result<Learned<Self>, Problem> {
        if !reply.is_success() {
            let problem = Problem::from_reply(reply);
            let is_gone = problem.common() == Some(CommonRefusal::NotFound);
            return if is_gone { Ok(Learned::Ended(Withdrawal::WasGone)) } else { Err(problem) };
        }
        Ok(match row.step {
            WithdrawStep::Block => Learned::Next(WithdrawStep::Delete, Millis(0)),
            WithdrawStep::Delete => Learned::Ended(Withdrawal::Deleted),
        })
    }

    fn looked(&self, _row: RowAt<'_, Self>, reply: &Reply, is_check: bool) -> Result<Sighted<Self>, Problem> {
        if reply.is_success() {
            return Ok(Sighted::Nobody);
        }
        let problem = Problem::from_reply(reply);
        match problem.common() {
            Some(CommonRefusal::NotFound) if is_check => Ok(Sighted::Another(Withdrawal::WasGone)),
            Some(CommonRefusal::NotFound) => Ok(Sighted::Done(Learned::Ended(Withdrawal::Deleted))),
            _ => Err(problem),
        }
    }

    fn refused(&self, _facts: &String, _step: WithdrawStep, refused: Refused) -> Withdrawal {
        Withdrawal::Refused(refused)
    }

    fn unsure(&self, _facts: &String, _step: WithdrawStep) -> Withdrawal {
        Withdrawal::Unsure
    }

    fn left_off(&self, _facts: &String, _step: WithdrawStep, why: NotSent) -> Withdrawal {
        Withdrawal::NotDone(why)
    }

    fn after_loss(&self, _facts: &String, step: WithdrawStep, _lost: u32) -> LostAnswer {
        if step == WithdrawStep::Block { LostAnswer::Repeat } else { LostAnswer::Look }
    }

    fn halts(&self, _step: WithdrawStep, refused: &Refused) -> bool {
        refused.problem.common() == Some(CommonRefusal::MissingPermission)
    }

    fn again(&self, _facts: &mut String, outcome: &Withdrawal) -> Option<WithdrawStep> {
        Some(if *outcome == Withdrawal::Unsure { WithdrawStep::Delete } else { WithdrawStep::Block })
    }

    fn event(&self, _facts: &String, happened: Happened<'_, Self>) -> WithdrawEvent {
        match happened {
            Happened::Leaves(_) => WithdrawEvent::Leaves,
            Happened::Reached(WithdrawStep::Delete) => WithdrawEvent::Blocked,
            Happened::PutBack { in_doubt: true, .. } => WithdrawEvent::NotSeen,
            Happened::PutBack { step, .. } | Happened::Reached(step) => WithdrawEvent::NotDone(step),
            Happened::Ended(outcome) => WithdrawEvent::Ended(outcome.clone()),
        }
    }

    fn remember(&self, _facts: &mut String, event: &WithdrawEvent) -> Option<Recalled<Self>> {
        Some(match event {
            WithdrawEvent::Blocked => Recalled::Reached { step: WithdrawStep::Delete, is_done: false },
            WithdrawEvent::Leaves => Recalled::Left(WithdrawStep::Delete, LostAnswer::Look),
            WithdrawEvent::NotDone(step) => Recalled::NotDone(*step),
            WithdrawEvent::NotSeen => Recalled::NotSeen(WithdrawStep::Delete, Withdrawal::Unsure),
            WithdrawEvent::Ended(outcome) => Recalled::Ended(outcome.clone()),
        })
    }

    fn outcome_of(event: &WithdrawEvent) -> Option<&Withdrawal> {
        if let WithdrawEvent::Ended(outcome) = event { Some(outcome) } else { None }
    }

    fn made(task: &Task<Self>) -> Option<&str> {
        let is_blocked = matches!(task.phase(), Some((WithdrawStep::Delete, _)));
        let is_deleted = task.outcome().is_some_and(|ended| ended.outcome == Withdrawal::Deleted);
        (is_blocked || is_deleted).then_some(task.facts().as_str())
    }

    fn word(task: &Task<Self>) -> &'static str {
        match task.state() {
            TaskState::Ended(ended) => ended.outcome.name(),
            TaskState::At { step: WithdrawStep::Block, .. } => "Waiting",
            TaskState::At { phase: Phase::Unsure(_) | Phase::Looking, .. } => "No answer, looking",
            TaskState::At { .. } => "Blocked",
        }
    }
}
