//! What is done for a guest, one after the other.

use crate::bulk::{Effect, Step};
use graph::chats::{CreateOneOnOneChat, SendChatMessage};
use graph::invitations::CreateInvitation;
use graph::mail::SendMail;
use graph::users::GetUser;
use graph::{Operation, PaceKind};

/// What is done for a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteStep {
    Invite,
    /// Has the guest appeared?
    Verify,
    /// Open the chat that the letter goes to.
    OpenChat,
    /// Bring the letter as a message of that chat.
    Message,
    /// Bring the letter by one's own mailbox: sent, or laid down as a draft.
    Letter,
}

impl Step for InviteStep {
    const ALL: &'static [Self] = &[Self::Invite, Self::Verify, Self::OpenChat, Self::Message, Self::Letter];

    fn place(self) -> usize {
        self as usize
    }

    fn lane(self) -> PaceKind {
        match self {
            Self::Invite => CreateInvitation::PACE,
            Self::Verify => GetUser::PACE,
            Self::OpenChat => CreateOneOnOneChat::PACE,
            Self::Message => SendChatMessage::PACE,
            Self::Letter => SendMail::PACE,
        }
    }

    fn effect(self) -> Effect {
        match self {
            Self::Verify => Effect::Reads,
            // Of two people there is one chat, however often it is opened.
            Self::OpenChat => Effect::Repeatable,
            Self::Invite | Self::Message | Self::Letter => Effect::Noticed,
        }
    }
}

impl InviteStep {
    /// Whether it belongs to bringing the letter.
    pub(super) const fn is_of_letters(self) -> bool {
        matches!(self, Self::OpenChat | Self::Message | Self::Letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_stands_at_its_place() {
        assert!(InviteStep::ALL.iter().enumerate().all(|(place, step)| step.place() == place));
        assert_eq!(InviteStep::ALL.last(), Some(&InviteStep::Letter), "as many as there are");
    }
}
