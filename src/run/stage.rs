//! Where a row stands.

use crate::outcome::Ended;
use graph::invitations::RedeemUrl;
use time::Moment;

/// A guest who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InvitedGuest {
    pub(super) id: String,
    pub(super) redeem: Option<RedeemUrl>,
    pub(super) seen: bool,
}

/// Where a row stands. `tries` counts what was asked in this stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TaskStage {
    /// Nothing has left, or what left came to nothing for certain.
    Waiting {
        not_before: Moment,
        tries: u32,
    },
    /// Nothing has left, and it is looked at whether somebody else has invited the guest meanwhile.
    Checking {
        tries: u32,
    },
    /// In the journal as leaving.
    Leaving {
        tries: u32,
    },
    Asked {
        tries: u32,
    },
    /// It left and no answer came: look before anything else.
    Unsure {
        not_before: Moment,
        tries: u32,
    },
    Looking {
        tries: u32,
    },
    /// Graph said 201; the guest has not been seen yet.
    Created {
        guest: String,
        redeem: Option<RedeemUrl>,
        not_before: Moment,
        tries: u32,
    },
    Verifying {
        guest: String,
        redeem: Option<RedeemUrl>,
        tries: u32,
    },
    /// The guest is there; the letter has not left.
    LetterDue {
        guest: InvitedGuest,
        not_before: Moment,
        tries: u32,
    },
    /// In the journal as leaving.
    LetterLeaving {
        guest: InvitedGuest,
        tries: u32,
    },
    /// The letter, or the question for its chat, is on its way.
    LetterAsked {
        guest: InvitedGuest,
        tries: u32,
    },
    Ended(Ended),
}

impl TaskStage {
    pub(super) fn word(&self) -> &'static str {
        match self {
            TaskStage::Waiting { .. } | TaskStage::Checking { .. } => "Waiting",
            TaskStage::Leaving { .. } | TaskStage::Asked { .. } => "Sending",
            TaskStage::Unsure { .. } | TaskStage::Looking { .. } => "No answer, looking",
            TaskStage::Created { .. } | TaskStage::Verifying { .. } => "Created, not yet seen",
            TaskStage::LetterDue { .. } => "Invited, letter to come",
            TaskStage::LetterLeaving { .. } | TaskStage::LetterAsked { .. } => "Invited, letter leaving",
            TaskStage::Ended(ended) => ended.outcome.name(),
        }
    }

    /// Who was made, where that is known.
    pub(super) fn guest(&self) -> Option<&str> {
        match self {
            TaskStage::Created { guest, .. } | TaskStage::Verifying { guest, .. } => Some(guest),
            TaskStage::LetterDue { guest, .. } | TaskStage::LetterLeaving { guest, .. } | TaskStage::LetterAsked { guest, .. } => {
                Some(&guest.id)
            }
            TaskStage::Ended(ended) => ended.outcome.guest().map(String::as_str),
            TaskStage::Waiting { .. } | TaskStage::Checking { .. } | TaskStage::Leaving { .. } | TaskStage::Asked { .. } => None,
            TaskStage::Unsure { .. } | TaskStage::Looking { .. } => None,
        }
    }

    pub(super) const fn tries(&self) -> u32 {
        match self {
            TaskStage::Waiting { tries, .. }
            | TaskStage::Checking { tries }
            | TaskStage::Leaving { tries }
            | TaskStage::Asked { tries } => *tries,
            TaskStage::Unsure { tries, .. } | TaskStage::Looking { tries } => *tries,
            TaskStage::Created { tries, .. } | TaskStage::Verifying { tries, .. } => *tries,
            TaskStage::LetterDue { tries, .. } | TaskStage::LetterLeaving { tries, .. } | TaskStage::LetterAsked { tries, .. } => *tries,
            TaskStage::Ended(_) => 0,
        }
    }
}
