//! What is known of a guest who is moved.

use super::outcome::RecycleOutcome;
use super::{Recycle, RecycleStep};
use crate::bulk::{Ending, Marks, Phase, Task, TaskState};
use time::Moment;

/// What can be asked about a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Who it is among the users.
    Users,
    /// Whether they lie in the recycle bin.
    Bin,
    /// Whether they hold a role of an application.
    AppRoles,
}

/// What Graph said of moving a guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    /// Accepted.
    #[default]
    Accepted,
    /// Nobody was there to be moved, though it may have been done before where an answer was lost.
    NotThere { in_doubt: bool },
}

/// What is known of a guest who is moved.
#[derive(Clone, Debug)]
pub struct MovingFacts {
    /// Object id.
    pub(in crate::jobs) id: String,
    /// [`super::OwnGuest::left`]
    pub(in crate::jobs) left: Moment,
    /// What a look asks next, where it has begun.
    pub(super) question: Option<Question>,
    pub(super) proof: Proof,
}

impl MovingFacts {
    pub(in crate::jobs) const fn new(id: String, left: Moment) -> Self {
        Self { id, left, question: None, proof: Proof::Accepted }
    }
}

/// Where a guest stands, in a word or two.
pub(super) fn word(task: &Task<Recycle>) -> &'static str {
    match task.state() {
        TaskState::Ended(ended) => ended.outcome.name(),
        TaskState::At { step: RecycleStep::Verify, .. } if task.facts().proof != Proof::Accepted => "Not there, looking",
        TaskState::At { step: RecycleStep::Verify, .. } => "Accepted, not yet seen",
        TaskState::At { phase, .. } => match phase {
            Phase::Due(_) => "Waiting",
            Phase::Checking => "Looking first",
            Phase::Recorded | Phase::Sent => "Leaving",
            Phase::Unsure(_) | Phase::Looking => "No answer, looking",
        },
    }
}

pub(super) fn marks(task: &Task<Recycle>) -> Marks {
    let outcome = task.outcome().map(|ended| &ended.outcome);
    let is_verifying = matches!(task.phase(), Some((RecycleStep::Verify, _)));
    Marks {
        accepted: is_verifying || outcome.is_some_and(Ending::is_done),
        seen: matches!(outcome, Some(RecycleOutcome::Withdrawn { seen: true } | RecycleOutcome::Restored { seen: true })),
        ..Marks::default()
    }
}
