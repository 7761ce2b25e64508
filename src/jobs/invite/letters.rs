//! What brings a letter of one's own once its guest is there. A letter that fails never leads back to inviting, and one that may have left
//! is never sent again by itself.

use super::facts::GuestFacts;
use super::journal::Stored;
use super::steps::InviteStep;
use crate::letter::renderer::Renderer;
use crate::letter::{Channel, OutgoingMessage, html, languages, mime};
use crate::rows::{Address, Row, is_same_address};
use graph::chats::{CreateOneOnOneChat, OWN_NOTES, SendChatMessage};
use graph::mail::{CreateDraft, SendMail};
use graph::{Operation, Problem, Reply, Request};
use std::sync::Arc;

/// The chat that a letter goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum ChatTarget {
    /// It is a mail.
    #[default]
    None,
    /// It has to be opened first.
    Wanted,
    Open(String),
}

/// Writes letters: the run's list, letter and writer.
#[derive(Clone)]
pub(super) struct LetterContext(pub(super) Arc<Stored>);

impl LetterContext {
    fn row(&self, id: u32) -> Row<'_> {
        let list = &self.0.header.list;
        list.row(list.place(id).unwrap_or(usize::MAX))
    }

    /// Whoever looks after the guest, if that is somebody else than the writer.
    fn sponsor(&self, row: u32) -> Option<String> {
        let sponsor = Address::from_record(self.row(row).cell("sponsor"))?;
        let is_writer = self.0.header.writer.mail.as_deref().is_some_and(|mail| is_same_address(mail, sponsor.as_str()));
        (!is_writer).then(|| sponsor.as_str().to_owned())
    }

    /// The chat that this row's letter goes to, at the outset.
    pub(super) fn chat(&self, row: u32, channel: Channel) -> ChatTarget {
        match channel {
            Channel::Teams if self.sponsor(row).is_some() => ChatTarget::Wanted,
            Channel::Teams => ChatTarget::Open(OWN_NOTES.into()),
            _ => ChatTarget::None,
        }
    }

    /// What opens the chat with whoever looks after the guest.
    pub(super) fn opens_chat(&self, row: u32) -> Request {
        let writer = &self.0.header.writer;
        CreateOneOnOneChat { root: &writer.graph, me: &writer.id, other: &self.sponsor(row).unwrap_or_default() }.request()
    }

    /// What brings the letter with the guest's link.
    pub(super) fn brings(&self, row: u32, facts: &GuestFacts) -> Request {
        let header = &self.0.header;
        let renderer = Renderer::new(&header.letter, &header.plan.merge_context);
        let outgoing = OutgoingMessage::for_row(&renderer, self.row(row), facts.guest.as_ref().and_then(|guest| guest.redeem.as_ref()));
        if let ChatTarget::Open(chat) = &facts.chat {
            let who = format!("{} <{}>", outgoing.to_name, outgoing.to);
            let intro = format!("<p>For <b>{}</b>, to pass on:</p>\n", html::escape(who.trim()));
            let body = html::body(&outgoing.text, languages::accept(&outgoing.language), outgoing.link());
            return SendChatMessage { chat, html: &(intro + &body) }.request();
        }
        let message = &mime::write(&outgoing, false);
        if facts.channel == Channel::Drafts { CreateDraft { message }.request() } else { SendMail { message }.request() }
    }
}

/// The chat that an answer tells of.
///
/// # Errors
/// It tells of a problem, or of no chat.
pub(super) fn opened(reply: &Reply) -> Result<ChatTarget, Problem> {
    let any = CreateOneOnOneChat { root: "", me: "", other: "" };
    Ok(ChatTarget::Open(any.read(reply)?.id))
}

/// Makes sure that a letter was taken.
///
/// # Errors
/// The answer tells of a problem, or is a page that a gateway serves as a success: that has brought nobody a letter.
pub(super) fn read_taken(step: InviteStep, channel: Channel, reply: &Reply) -> Result<(), Problem> {
    match step {
        InviteStep::Message => SendChatMessage { chat: "", html: "" }.read(reply),
        _ if channel == Channel::Drafts => CreateDraft { message: "" }.read(reply),
        _ => SendMail { message: "" }.read(reply),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_taken_only_where_its_own_operation_says_so() {
        let is_taken = |step: InviteStep, channel: Channel, status: u16, body: &str| {
            read_taken(step, channel, &Reply { status, headers: Default::default(), body: body.into() }).is_ok()
        };
        for (step, channel, status, body) in [
            (InviteStep::Letter, Channel::Mailbox, 202, ""),
            (InviteStep::Letter, Channel::Drafts, 201, r#"{"id":"draft"}"#),
            (InviteStep::Message, Channel::Teams, 201, r#"{"id":"message"}"#),
        ] {
            assert!(is_taken(step, channel, status, body), "{channel:?}");
            assert!(!is_taken(step, channel, 200, "<html>") && !is_taken(step, channel, 403, ""), "{channel:?}");
        }
        assert!(!is_taken(InviteStep::Letter, Channel::Mailbox, 201, r#"{"id":"draft"}"#), "a draft is not sent");
        assert!(!is_taken(InviteStep::Letter, Channel::Drafts, 202, ""), "what was taken to be sent is no draft");
    }
}
