//! What a run asks Graph for.

use crate::protocol::{PATIENCE, PATIENCE_READING};
use time::Millis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    Invite,
    /// Is somebody there with this address?
    Look,
    /// Has the guest appeared?
    Verify,
    /// Open the chat that the letter goes to.
    Chat,
    /// Bring the letter.
    Letter,
    /// How many guests did others make lately? About no row.
    Count,
}

impl RequestKind {
    /// What is asked about rows.
    pub(super) const ALL: [Self; 5] = [Self::Invite, Self::Look, Self::Verify, Self::Chat, Self::Letter];

    /// Whether doing it twice would be noticed.
    pub(super) const fn reaches_somebody(self) -> bool {
        matches!(self, Self::Invite | Self::Letter)
    }

    /// How long its answer is waited for.
    pub(super) const fn patience(self) -> Millis {
        if matches!(self, Self::Look | Self::Verify | Self::Count) { PATIENCE_READING } else { PATIENCE }
    }

    /// Whether it goes to the writer's own mailbox or chats, with a pace of their own.
    pub(super) const fn is_of_letters(self) -> bool {
        matches!(self, Self::Chat | Self::Letter)
    }
}
