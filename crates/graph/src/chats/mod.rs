//! Teams chats. <https://learn.microsoft.com/graph/api/chat-post>, <https://learn.microsoft.com/graph/api/chat-post-messages>

mod create;
mod send_message;

pub use create::CreateOneOnOneChat;
pub use send_message::SendChatMessage;

use crate::{CommonRefusal, Problem, Refusal};
use serde::Deserialize;

/// The chat that everybody has with oneself.
pub const OWN_NOTES: &str = "48:notes";

/// What a 201 tells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Chat {
    /// What [`SendChatMessage`] takes.
    pub id: String,
}

/// Why nothing is said in Teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatRefusal {
    /// The role does not cover it, or the app lacks consent: Graph does not tell which.
    MissingPermission,
    /// Whoever is to be written to, or the chat, is not there.
    NotFound,
}

impl Refusal for ChatRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match problem.common() {
            Some(CommonRefusal::MissingPermission) => Some(Self::MissingPermission),
            Some(CommonRefusal::NotFound) => Some(Self::NotFound),
            _ => None,
        }
    }
}
