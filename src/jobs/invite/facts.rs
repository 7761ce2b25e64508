//! What is known of a guest.

use super::letters::ChatTarget;
use super::steps::InviteStep;
use crate::bulk::{Ending, Learned, Marks, Phase, Task, TaskState};
use crate::jobs::invite::outcome::{NoLetter, Outcome};
use crate::letter::Channel;
use crate::lookup::question::{OpenPages, next_page, whole};
use graph::invitations::{Invitation, RedeemUrl};
use graph::page::PagesEnd;
use graph::users::{FindUsersByAddress, User};
use graph::{Problem, Reply, Request};
use std::sync::Arc;
use time::Millis;

/// A guest who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InvitedGuest {
    pub(super) id: String,
    pub(super) redeem: Option<RedeemUrl>,
    pub(super) seen: bool,
}

/// What is known of a guest.
#[derive(Clone, Debug, Default)]
pub struct GuestFacts {
    /// Who brings the letter.
    pub(super) channel: Channel,
    pub(super) chat: ChatTarget,
    /// None of whoever is skipped by plan.
    pub(super) invitation: Option<Arc<Invitation>>,
    /// Somebody who is there already gets a new link: looking does not tell whether it was sent.
    pub(super) is_known: bool,
    /// Who is there already, while the link that got lost with an answer is asked for once more.
    pub(super) found: Option<InvitedGuest>,
    /// Who was made, or is there.
    pub(super) guest: Option<InvitedGuest>,
    /// Who has the address, where not all pages of that are read yet.
    pages: OpenPages,
}

/// How often Microsoft's answer may be lost before a person has to ask for the link.
pub(super) const ASKS: u32 = 4;

impl GuestFacts {
    pub(super) fn new(invitation: Arc<Invitation>, is_known: bool, channel: Channel, chat: ChatTarget) -> Self {
        Self { channel, chat, invitation: Some(invitation), is_known, found: None, guest: None, pages: None }
    }

    pub(super) fn address(&self) -> &str {
        self.invitation.as_ref().map_or("", |invitation| &invitation.invited_user_email_address)
    }

    /// What is asked next to see who has the address: the first page, or another.
    pub(super) fn next_look(&self) -> Request {
        next_page(&FindUsersByAddress { address: self.address() }, &self.pages)
    }

    /// Who has the address, once all pages are read.
    ///
    /// # Errors
    /// The problem that the reply tells of, or its next page leads elsewhere.
    pub(super) fn found_by(&mut self, reply: &Reply, root: &str) -> Result<Option<(Vec<User>, PagesEnd)>, Problem> {
        let mut pages = self.pages.take();
        let found = whole(&FindUsersByAddress { address: self.address() }, &mut pages, reply, root);
        self.pages = pages;
        found
    }

    /// What was read of who has the address is of no use any more.
    pub(super) fn look_anew(&mut self) {
        self.pages = None;
    }

    /// The row has ended: what is to be kept stands in how.
    pub(super) fn forget(&mut self) {
        (self.guest, self.pages) = (None, None);
    }

    /// The step that brings the letter, or opens its chat.
    pub(super) fn letter_step(&self) -> InviteStep {
        match &self.chat {
            ChatTarget::None => InviteStep::Letter,
            ChatTarget::Wanted => InviteStep::OpenChat,
            ChatTarget::Open(_) => InviteStep::Message,
        }
    }

    /// The guest is there: what follows depends on who brings the letter.
    pub(super) fn invited(&mut self, guest: InvitedGuest, lost: u32) -> Learned<super::Invite> {
        let needs_link = !self.channel.is_microsoft();
        let has_link = guest.redeem.is_some();
        self.guest = Some(guest.clone());
        match has_link {
            // The answer that carried the link was lost. Whoever is there already gets a new one, and no mail by Microsoft.
            false if needs_link && lost < ASKS => {
                self.ask_for_link(guest);
                Learned::Next(InviteStep::Invite, Millis(0))
            }
            false if needs_link => Learned::Ended(no_letter(guest, NoLetter::NoLink)),
            true if self.channel.is_posted() => Learned::Next(self.letter_step(), Millis(0)),
            _ => Learned::Ended(Outcome::Invited { guest: guest.id, redeem: guest.redeem, seen: guest.seen }),
        }
    }

    /// Somebody who is there is invited once more, without a mail by Microsoft, for the link alone.
    pub(super) fn ask_for_link(&mut self, guest: InvitedGuest) {
        self.is_known = true;
        self.found = Some(guest);
    }

    /// The guest is there and this is why the letter is not.
    pub(super) fn without_letter(&self, why: NoLetter) -> Outcome {
        let nobody = || InvitedGuest { id: String::new(), redeem: None, seen: false };
        no_letter(self.guest.clone().unwrap_or_else(nobody), why)
    }
}

pub(super) fn no_letter(guest: InvitedGuest, why: NoLetter) -> Outcome {
    Outcome::NoLetter { guest: guest.id, redeem: guest.redeem, seen: guest.seen, why }
}

/// Where a guest stands, in a word or two.
pub(super) fn word(task: &Task<super::Invite>) -> &'static str {
    match task.state() {
        TaskState::Ended(ended) => ended.outcome.name(),
        TaskState::At { step: InviteStep::Invite, phase, .. } => match phase {
            Phase::Due(_) if task.facts().found.is_some() => "Invited, link to come",
            Phase::Due(_) | Phase::Checking => "Waiting",
            Phase::Recorded | Phase::Sent => "Sending",
            Phase::Unsure(_) | Phase::Looking => "No answer, looking",
        },
        TaskState::At { step: InviteStep::Verify, .. } => "Created, not yet seen",
        TaskState::At { phase: Phase::Due(_), .. } => "Invited, letter to come",
        TaskState::At { .. } => "Invited, letter leaving",
    }
}

pub(super) fn marks(task: &Task<super::Invite>) -> Marks {
    let facts = task.facts();
    let is_posted = facts.channel.is_posted();
    match task.state() {
        TaskState::At { step, .. } => Marks {
            accepted: *step != InviteStep::Invite,
            seen: step.is_of_letters() && facts.guest.as_ref().is_some_and(|guest| guest.seen),
            follow_up_due: step.is_of_letters(),
            follow_up_to_come: is_posted && *step != InviteStep::Invite,
            follow_up_done: false,
        },
        TaskState::Ended(ended) => Marks {
            accepted: ended.outcome.is_done(),
            seen: matches!(ended.outcome, Outcome::Invited { seen: true, .. } | Outcome::NoLetter { seen: true, .. }),
            follow_up_done: is_posted && matches!(ended.outcome, Outcome::Invited { .. }),
            ..Marks::default()
        },
    }
}

/// Who was made, where that is known.
pub(super) fn made(task: &Task<super::Invite>) -> Option<&str> {
    match task.state() {
        TaskState::Ended(ended) => ended.outcome.guest().map(String::as_str),
        TaskState::At { step: InviteStep::Invite, .. } => None,
        TaskState::At { .. } => task.facts().guest.as_ref().map(|guest| guest.id.as_str()),
    }
}
