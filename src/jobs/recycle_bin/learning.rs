//! What follows from answers, for one guest.
//!
//! Where a guest is to be looked at first, the engine does it as it looks at whoever has waited ([`Job::looks_first`]): a step of its own
//! would be done for hundreds of guests while the first of them waits for the pace, and would hold after a wait.

use super::events;
use super::facts::{self, MovingFacts, Proof, Question};
use super::{Recycle, RecycleEvent, RecycleOutcome, RecycleStep};
use crate::bulk::journal::NotSent;
use crate::bulk::{Happened, Job, Learned, LostAnswer, Marks, NoBudget, Phase, Recalled, RowAt, Sighted, Task};
use crate::refused::Refused;
use graph::users::{DeleteUser, GetDeletedUser, GetUser, ListAppRoles, UserRefusal};
use graph::{CommonRefusal, Operation, Problem, Reply, Request};
use time::Millis;

/// How soon it is looked whether a guest has moved.
const VERIFY_AFTER: Millis = Millis(500);

/// In which state of affairs a guest is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookReason {
    /// Before anything leaves.
    First,
    /// An answer was lost.
    Lost,
    /// Somebody tries a guest again who ended unsure.
    Again,
}

/// What one answer of a look tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BinLook {
    /// The guest has not moved, and nothing speaks against moving them.
    Nothing,
    /// This is to be asked, too.
    Ask(Question),
    Moved,
    Ends(RecycleOutcome),
}

/// What Graph says to moving a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveAnswer {
    Accepted,
    /// Nobody is there to be moved.
    NotThere,
    Ends(RecycleOutcome),
}

/// What withdrawing and restoring state differently.
pub trait Course {
    /// For how long a look before a guest is moved holds; `None`: nobody has to be looked at first.
    fn looks_first(&self) -> Option<Millis>;
    /// What moves the guest.
    fn moves(&self, id: &str) -> Request;
    /// What is asked among the users.
    fn users(&self, id: &str) -> Request;
    /// Where they are moved to.
    fn goal(&self) -> Question;
    /// What a look begins with.
    fn begins(&self, why: LookReason) -> Question;
    /// What an answer to [`Self::moves`] says.
    ///
    /// # Errors
    /// The reply tells of a problem, or cannot be read.
    fn answered(&self, id: &str, reply: &Reply) -> Result<MoveAnswer, Problem>;
    /// What an answer of a look says.
    ///
    /// # Errors
    /// As [`Self::answered`].
    fn looked(&self, guest: &MovingFacts, question: Question, why: LookReason, reply: &Reply) -> Result<BinLook, Problem>;
    /// How a guest ends who was moved; `seen`: and was found there then.
    fn moved(&self, seen: bool) -> RecycleOutcome;
    /// How a guest ends whom somebody else had moved.
    fn had_moved(&self) -> RecycleOutcome;
    /// How a guest ends who is neither where they were nor where they were to be moved to.
    fn nowhere(&self) -> RecycleOutcome;

    /// How a guest ends of whom Graph said this, and who was seen where they were moved to, or not.
    fn ended(&self, proof: Proof, seen: bool) -> RecycleOutcome {
        match proof {
            Proof::Accepted => self.moved(seen),
            // By what was asked before, whose answer was lost.
            Proof::NotThere { in_doubt: true } if seen => self.moved(seen),
            Proof::NotThere { in_doubt: true } => RecycleOutcome::Unsure,
            Proof::NotThere { in_doubt: false } if seen => self.had_moved(),
            Proof::NotThere { in_doubt: false } => self.nowhere(),
        }
    }
}

/// Whether this guest is there, among users or in the recycle bin: either way the answer is a user. Whoever answers without naming them
/// knows nobody.
///
/// # Errors
/// The reply tells of a problem, or cannot be read.
pub fn are_there(id: &str, reply: &Reply) -> Result<bool, Problem> {
    let get = GetUser { id };
    match get.read(reply) {
        Ok(user) => Ok(user.id.eq_ignore_ascii_case(id)),
        Err(problem) if get.refusal(&problem) == Some(UserRefusal::NotFound) => Ok(false),
        Err(problem) => Err(problem),
    }
}

impl Recycle {
    fn question(&self, facts: &MovingFacts, why: LookReason) -> Question {
        facts.question.unwrap_or_else(|| self.course.begins(why))
    }

    fn asks(&self, question: Question, id: &str) -> Request {
        match question {
            Question::Users => self.course.users(id),
            Question::Bin => GetDeletedUser { id }.request(),
            Question::AppRoles => ListAppRoles { id }.request(),
        }
    }
}

impl Job for Recycle {
    type Step = RecycleStep;
    type Facts = MovingFacts;
    type Outcome = RecycleOutcome;
    type Event = RecycleEvent;
    type Budget = NoBudget;

    fn request(&self, task: &Task<Self>, step: RecycleStep) -> Request {
        let id = &task.facts().id;
        match step {
            RecycleStep::Move => self.course.moves(id),
            RecycleStep::Verify if self.course.goal() == Question::Bin => GetDeletedUser { id }.request(),
            RecycleStep::Verify => GetUser { id }.request(),
        }
    }

    fn look(&self, task: &Task<Self>, _step: RecycleStep) -> Request {
        let is_check = matches!(task.phase(), Some((_, Phase::Checking)));
        let why = if is_check { LookReason::First } else { LookReason::Lost };
        self.asks(self.question(task.facts(), why), &task.facts().id)
    }

    fn look_anew(&self, facts: &mut MovingFacts) {
        facts.question = None;
    }

    fn looks_first(&self) -> Option<Millis> {
        self.course.looks_first()
    }

    fn permission(&self, _facts: &MovingFacts, step: RecycleStep, is_look: bool) -> &'static str {
        if is_look || step == RecycleStep::Verify { GetDeletedUser::SCOPES[0] } else { DeleteUser::SCOPES[0] }
    }

    fn learn(&self, row: RowAt<'_, Self>, reply: &Reply) -> Result<Learned<Self>, Problem> {
        let RowAt { facts, step, history } = row;
        if step == RecycleStep::Verify {
            let is_seen = are_there(&facts.id, reply)?;
            return Ok(if is_seen { Learned::Ended(self.course.ended(facts.proof, true)) } else { Learned::NotYet });
        }
        facts.proof = match self.course.answered(&facts.id, reply)? {
            MoveAnswer::Accepted => Proof::Accepted,
            MoveAnswer::NotThere => Proof::NotThere { in_doubt: history.is_in_doubt() },
            MoveAnswer::Ends(outcome) => return Ok(Learned::Ended(outcome)),
        };
        Ok(Learned::Next(RecycleStep::Verify, VERIFY_AFTER))
    }

    fn looked(&self, row: RowAt<'_, Self>, reply: &Reply, is_check: bool) -> Result<Sighted<Self>, Problem> {
        let RowAt { facts, history, .. } = row;
        let why = match history.lost {
            _ if is_check => LookReason::First,
            0 => LookReason::Again,
            _ => LookReason::Lost,
        };
        let told = self.course.looked(facts, self.question(facts, why), why, reply)?;
        facts.question = if let BinLook::Ask(next) = &told { Some(*next) } else { None };
        Ok(match told {
            BinLook::Nothing => Sighted::Nobody,
            BinLook::Ask(_) => Sighted::Partly,
            BinLook::Moved => Sighted::Done(Learned::Ended(self.course.ended(Proof::Accepted, true))),
            BinLook::Ends(outcome) => Sighted::Another(outcome),
        })
    }

    fn cannot_read(&self, row: RowAt<'_, Self>) -> Learned<Self> {
        Learned::Ended(self.course.ended(row.facts.proof, false))
    }

    fn never_seen(&self, facts: &MovingFacts, _step: RecycleStep) -> RecycleOutcome {
        self.course.ended(facts.proof, false)
    }

    fn refused(&self, _facts: &MovingFacts, _step: RecycleStep, refused: Refused) -> RecycleOutcome {
        RecycleOutcome::Refused(refused)
    }

    fn unsure(&self, _facts: &MovingFacts, _step: RecycleStep) -> RecycleOutcome {
        RecycleOutcome::Unsure
    }

    fn left_off(&self, _facts: &MovingFacts, _step: RecycleStep, why: NotSent) -> RecycleOutcome {
        RecycleOutcome::NotSent(why)
    }

    fn after_loss(&self, _facts: &MovingFacts, step: RecycleStep, _lost: u32) -> LostAnswer {
        if step == RecycleStep::Move { LostAnswer::Look } else { LostAnswer::Repeat }
    }

    fn halts(&self, _step: RecycleStep, refused: &Refused) -> bool {
        refused.holds_for_all(refused.problem.common().unwrap_or(CommonRefusal::Unknown))
    }

    fn again(&self, facts: &mut MovingFacts, _outcome: &RecycleOutcome) -> Option<RecycleStep> {
        facts.proof = Proof::Accepted;
        Some(RecycleStep::Move)
    }

    fn event(&self, facts: &MovingFacts, happened: Happened<'_, Self>) -> RecycleEvent {
        events::event(facts, happened)
    }

    fn remember(&self, facts: &mut MovingFacts, event: &RecycleEvent) -> Option<Recalled<Self>> {
        Some(events::remember(facts, event))
    }

    fn outcome_of(event: &RecycleEvent) -> Option<&RecycleOutcome> {
        if let RecycleEvent::Ended(outcome) = event { Some(outcome) } else { None }
    }

    fn word(task: &Task<Self>) -> &'static str {
        facts::word(task)
    }

    fn marks(task: &Task<Self>) -> Marks {
        facts::marks(task)
    }
}
