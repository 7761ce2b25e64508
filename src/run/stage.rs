//! Where a row stands.

use crate::graph::invitations::RedeemUrl;
use crate::outcome::Ended;
use crate::time::Moment;

/// A guest who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guest {
    pub(super) id: String,
    pub(super) redeem: Option<RedeemUrl>,
    pub(super) seen: bool,
}

/// Where a row stands. `tries` counts what was asked in this stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
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
        guest: Guest,
        not_before: Moment,
        tries: u32,
    },
    /// In the journal as leaving.
    LetterLeaving {
        guest: Guest,
        tries: u32,
    },
    /// The letter, or the question for its chat, is on its way.
    LetterAsked {
        guest: Guest,
        tries: u32,
    },
    Ended(Ended),
}

impl Stage {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Stage::Waiting { .. } | Stage::Checking { .. } => "Waiting",
            Stage::Leaving { .. } | Stage::Asked { .. } => "Sending",
            Stage::Unsure { .. } | Stage::Looking { .. } => "No answer, looking",
            Stage::Created { .. } | Stage::Verifying { .. } => "Created, not yet seen",
            Stage::LetterDue { .. } => "Invited, letter to come",
            Stage::LetterLeaving { .. } | Stage::LetterAsked { .. } => "Invited, letter leaving",
            Stage::Ended(ended) => ended.outcome.name(),
        }
    }

    /// Who was made, where that is known.
    pub(super) fn guest(&self) -> Option<&str> {
        match self {
            Stage::Created { guest, .. } | Stage::Verifying { guest, .. } => Some(guest),
            Stage::LetterDue { guest, .. } | Stage::LetterLeaving { guest, .. } | Stage::LetterAsked { guest, .. } => Some(&guest.id),
            Stage::Ended(ended) => ended.outcome.guest().map(String::as_str),
            Stage::Waiting { .. } | Stage::Checking { .. } | Stage::Leaving { .. } | Stage::Asked { .. } => None,
            Stage::Unsure { .. } | Stage::Looking { .. } => None,
        }
    }

    pub(super) const fn tries(&self) -> u32 {
        match self {
            Stage::Waiting { tries, .. } | Stage::Checking { tries } | Stage::Leaving { tries } | Stage::Asked { tries } => *tries,
            Stage::Unsure { tries, .. } | Stage::Looking { tries } => *tries,
            Stage::Created { tries, .. } | Stage::Verifying { tries, .. } => *tries,
            Stage::LetterDue { tries, .. } | Stage::LetterLeaving { tries, .. } | Stage::LetterAsked { tries, .. } => *tries,
            Stage::Ended(_) => 0,
        }
    }
}
