//! What is known of a guest.

use super::letters::ChatTarget;
use super::steps::InviteStep;
use crate::bulk::{Ending, Learned, Marks, Phase, Task, TaskState};
use crate::jobs::invite::outcome::{NoLetter, Outcome};
use crate::letter::Channel;
use crate::lookup::FEW;
use crate::protocol::collection::{OpenPages, next_page, whole};
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
        let found = whole(&FindUsersByAddress { address: self.address() }, &mut pages, reply, root, FEW);
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

#[cfg(test)]
mod tests {
    use super::super::Run;
    use super::super::journal::{Entry, RowEvent};
    use super::super::plan::{Plan, Planned};
    use super::*;
    use crate::bulk::{Ramp, unanswered};
    use crate::jobs::invite::examples::planned;
    use time::Moment;

    const ROOT: &str = "https://graph.microsoft.com";

    fn facts(channel: Channel) -> GuestFacts {
        let invitation = Invitation { invited_user_email_address: "ada@x.example".into(), ..Invitation::default() };
        GuestFacts::new(Arc::new(invitation), false, channel, ChatTarget::None)
    }

    fn guest(redeem: Option<&str>, seen: bool) -> InvitedGuest {
        InvitedGuest { id: "g".into(), redeem: redeem.map(|link| RedeemUrl::new(link.into())), seen }
    }

    #[test]
    fn a_link_that_was_lost_is_asked_for_so_often_and_only_where_a_letter_needs_it() {
        let after = |channel: Channel, redeem: Option<&str>, lost: u32| {
            let mut facts = facts(channel);
            let learned = facts.invited(guest(redeem, true), lost);
            assert_eq!(facts.guest, Some(guest(redeem, true)));
            (learned, facts.found)
        };
        let (learned, found) = after(Channel::Mailbox, None, ASKS - 1);
        assert!(matches!(learned, Learned::Next(InviteStep::Invite, Millis(0))));
        assert_eq!(found, Some(guest(None, true)));
        for channel in [Channel::Mailbox, Channel::Files] {
            let (learned, found) = after(channel, None, ASKS);
            assert!(matches!(learned, Learned::Ended(Outcome::NoLetter { why: NoLetter::NoLink, .. })), "{channel:?}");
            assert_eq!(found, None);
        }
        for (channel, redeem) in [(Channel::Microsoft, None), (Channel::Microsoft, Some("link")), (Channel::Files, Some("link"))] {
            assert!(matches!(after(channel, redeem, 0).0, Learned::Ended(Outcome::Invited { seen: true, .. })), "{channel:?}");
        }
        assert!(matches!(after(Channel::Mailbox, Some("link"), 9).0, Learned::Next(InviteStep::Letter, Millis(0))));
    }

    #[test]
    fn a_look_that_begins_anew_begins_with_the_first_page() {
        let first = facts(Channel::Microsoft).next_look().path;
        let body = r#"{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?token=2"}"#;
        let page = Reply { status: 200, headers: Default::default(), body: body.into() };
        let half_read = || {
            let mut facts = facts(Channel::Microsoft);
            assert_eq!(facts.found_by(&page, ROOT), Ok(None), "there is another page");
            assert_eq!(facts.next_look().path, "/users?token=2");
            facts.guest = Some(guest(None, true));
            facts
        };
        let mut anew = half_read();
        anew.look_anew();
        assert_eq!((anew.next_look().path, anew.guest), (first.clone(), Some(guest(None, true))));
        let mut forgotten = half_read();
        forgotten.forget();
        assert_eq!((forgotten.next_look().path, forgotten.guest), (first, None));
    }

    #[test]
    fn what_is_counted_and_shown_of_a_guest_follows_from_where_the_guest_stands() {
        let told = |channel: Channel, events: &[RowEvent]| {
            let planned = Planned { channel, ..planned(1) };
            let plan = Plan { rows: vec![planned], ..Plan::default() };
            let entries: Vec<Entry> =
                events.iter().map(|what| Entry { row: 1, what: what.clone(), at: Moment(0), halted: None, never_left: false }).collect();
            let run = Run::resume(&plan, Ramp::default(), &entries, true, Moment(0));
            let task = &run.tasks()[0];
            (marks(task), word(task), made(task).map(str::to_owned))
        };
        let (link, id) = (|| Some(RedeemUrl::new("link".into())), || "g".to_owned());
        let created = RowEvent::Created { guest: id(), redeem: link() };
        let due = |seen: bool| RowEvent::LetterDue { guest: id(), redeem: link(), seen };
        let invited = |seen: bool| RowEvent::Ended(Outcome::Invited { guest: id(), redeem: link(), seen });
        let none = Marks::default();
        let (mailbox, microsoft) = (Channel::Mailbox, Channel::Microsoft);
        assert_eq!(told(mailbox, &[]), (none, "Waiting", None));
        let wanted = RowEvent::LinkWanted { guest: id(), seen: true };
        assert_eq!(told(mailbox, &[RowEvent::Left, wanted]), (none, "Invited, link to come", None));
        let accepted = Marks { accepted: true, ..none };
        let verifying = |channel: Channel| told(channel, &[RowEvent::Left, created.clone()]);
        assert_eq!(verifying(microsoft), (accepted, "Created, not yet seen", Some(id())));
        assert_eq!(verifying(mailbox).0, Marks { follow_up_to_come: true, ..accepted });
        let to_come = Marks { follow_up_due: true, follow_up_to_come: true, ..accepted };
        assert_eq!(told(mailbox, &[RowEvent::Left, due(false)]), (to_come, "Invited, letter to come", Some(id())));
        assert_eq!(told(mailbox, &[RowEvent::Left, due(true)]).0, Marks { seen: true, ..to_come });
        let seen = Marks { seen: true, ..accepted };
        assert_eq!(told(mailbox, &[RowEvent::Left, invited(true)]), (Marks { follow_up_done: true, ..seen }, "Invited", Some(id())));
        assert_eq!(told(microsoft, &[RowEvent::Left, invited(true)]).0, seen);
        assert_eq!(told(microsoft, &[RowEvent::Left, invited(false)]), (accepted, "Invited, not verified", Some(id())));
        let no_letter = Outcome::NoLetter { guest: id(), redeem: link(), seen: true, why: NoLetter::Unsure };
        assert_eq!(told(mailbox, &[RowEvent::Left, RowEvent::Ended(no_letter)]).0, seen);
        for outcome in [Outcome::Unsure, Outcome::Refused(unanswered()), Outcome::NotSent(crate::bulk::journal::NotSent::Stopped)] {
            assert_eq!(told(mailbox, &[RowEvent::Left, RowEvent::Ended(outcome.clone())]), (none, outcome.name(), None));
        }
    }
}
