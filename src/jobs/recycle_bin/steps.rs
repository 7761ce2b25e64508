//! What is done for a guest, one after the other.

use crate::bulk::{Effect, Step};
use graph::users::{DeleteUser, GetDeletedUser};
use graph::{Operation, PaceKind};

/// What is done for a guest. Looking before the first is no step: a look holds for seconds, and is made again whatever kept a guest back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecycleStep {
    /// Delete or restore.
    Move,
    /// Have they appeared where they were moved to?
    Verify,
}

impl Step for RecycleStep {
    const ALL: &'static [Self] = &[Self::Move, Self::Verify];

    fn place(self) -> usize {
        self as usize
    }

    fn lane(self) -> PaceKind {
        match self {
            Self::Move => DeleteUser::PACE,
            Self::Verify => GetDeletedUser::PACE,
        }
    }

    fn effect(self) -> Effect {
        match self {
            Self::Move => Effect::Noticed,
            Self::Verify => Effect::Reads,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::users::{GetUser, RestoreUser};

    #[test]
    fn each_step_stands_at_its_place_and_restoring_goes_in_the_same_lanes() {
        assert!(RecycleStep::ALL.iter().enumerate().all(|(place, step)| step.place() == place));
        assert_eq!((DeleteUser::PACE, GetDeletedUser::PACE), (RestoreUser::PACE, GetUser::PACE));
        assert_eq!((DeleteUser::SCOPES, GetDeletedUser::SCOPES), (RestoreUser::SCOPES, GetUser::SCOPES));
    }
}
