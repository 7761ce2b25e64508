//! What follows an invitation when the letter is one's own: due, in the journal as leaving, on its way, there. A letter that
//! fails never leads back to inviting, and one that may have left is never sent again by itself.

use super::journal::{Entry, RowEvent, Stored};
use super::refusals::unanswered;
use super::request_kind::RequestKind;
use super::stage::{InvitedGuest, TaskStage};
use super::task::{LONGEST_WAIT, TRIES, Task};
use crate::letter::renderer::Renderer;
use crate::letter::{Channel, OutgoingMessage, html, languages, mime};
use crate::outcome::{Ended, NoLetter, Outcome};
use crate::rows::{Address, Row, is_same_address};
use graph::chats::{self, Chat, OWN_NOTES};
use graph::invitations::RedeemUrl;
use graph::{Again, Problem, Reply, Request, Unreached, mail};
use serde::Deserialize;
use std::sync::Arc;
use time::{Millis, Moment, Now};

/// How often Microsoft's answer may be lost before a person has to ask for the link.
pub(super) const ASKS: u32 = 4;

/// A draft or a chat message that is there.
#[derive(Deserialize)]
struct CreatedItem {
    #[serde(rename = "id")]
    _id: String,
}

/// The chat that a letter goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ChatTarget {
    /// It is a mail.
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

    /// What is asked to bring the letter, or to open its chat.
    pub(super) fn request(&self, task: &Task, kind: RequestKind, redeem: &RedeemUrl) -> Request {
        let header = &self.0.header;
        let row = self.row(task.row);
        if kind == RequestKind::Chat {
            return chats::create_one_on_one(&header.writer.graph, &header.writer.id, &self.sponsor(task.row).unwrap_or_default());
        }
        let outgoing = OutgoingMessage::for_row(&Renderer::new(&header.letter, &header.plan.merge_context), row, Some(redeem));
        if let ChatTarget::Open(chat) = &task.chat {
            let who = format!("{} <{}>", outgoing.to_name, outgoing.to);
            let intro = format!("<p>For <b>{}</b>, to pass on:</p>\n", html::escape(who.trim()));
            return chats::send_message(
                chat,
                &(intro + &html::body(&outgoing.text, languages::accept(&outgoing.language), outgoing.link())),
            );
        }
        let message = mime::write(&outgoing, false);
        if task.channel == Channel::Drafts { mail::draft(&message) } else { mail::send(&message) }
    }
}

impl Task {
    /// The guest is there: what follows depends on who brings the letter.
    pub(super) fn invited(&mut self, guest: InvitedGuest, now: Now) -> Entry {
        let needs_link = !self.channel.is_microsoft();
        match &guest.redeem {
            // The answer that carried the link was lost. Whoever is there already gets a new one, and no mail by Microsoft.
            None if needs_link && self.lost < ASKS => self.ask_for_link(guest, now),
            None if needs_link => self.no_letter(guest, NoLetter::NoLink, now),
            Some(_) if self.channel.is_posted() => self.letter_due(guest, now.steady, 0, now),
            _ => self.end(Outcome::Invited { guest: guest.id, redeem: guest.redeem, seen: guest.seen }, now),
        }
    }

    /// Invites somebody who is there once more, without a mail by Microsoft, for the link alone.
    pub(super) fn ask_for_link(&mut self, guest: InvitedGuest, now: Now) -> Entry {
        self.is_known = true;
        self.found = Some(guest);
        self.wait_again(now.steady, 0, now)
    }

    pub(super) fn no_letter(&mut self, guest: InvitedGuest, why: NoLetter, now: Now) -> Entry {
        self.end(Outcome::NoLetter { guest: guest.id, redeem: guest.redeem, seen: guest.seen, why }, now)
    }

    pub(super) fn letter_due(&mut self, guest: InvitedGuest, not_before: Moment, tries: u32, now: Now) -> Entry {
        let what = RowEvent::LetterDue { guest: guest.id.clone(), redeem: guest.redeem.clone(), seen: guest.seen };
        self.stage = TaskStage::LetterDue { guest, not_before, tries };
        self.entry(what, now)
    }

    /// About to leave: the journal has to know first.
    pub(super) fn letter_leaves(&mut self, now: Now) -> Entry {
        let Some(guest) = self.guest() else { return self.entry(RowEvent::NotDone, now) };
        let what = RowEvent::LetterLeft { guest: guest.id.clone(), redeem: guest.redeem.clone(), seen: guest.seen };
        self.stage = TaskStage::LetterLeaving { guest, tries: self.tries() };
        self.entry(what, now)
    }

    fn guest(&self) -> Option<InvitedGuest> {
        match &self.stage {
            TaskStage::LetterDue { guest, .. } | TaskStage::LetterLeaving { guest, .. } | TaskStage::LetterAsked { guest, .. } => {
                Some(guest.clone())
            }
            _ => None,
        }
    }

    pub(super) fn redeem(&self) -> Option<RedeemUrl> {
        self.guest()?.redeem
    }

    /// Puts the letter back to be sent at this moment, at the earliest.
    fn letter_later(&mut self, not_before: Moment, now: Now) -> Entry {
        match self.guest() {
            Some(guest) => self.letter_due(guest, not_before, self.tries() + 1, now),
            None => self.entry(RowEvent::NotDone, now),
        }
    }

    pub(super) fn letter_told(&mut self, kind: RequestKind, reply: &Reply, now: Now) -> Result<Option<Entry>, Problem> {
        if kind == RequestKind::Chat {
            self.chat = ChatTarget::Open(reply.read::<Chat>()?.id);
            return Ok(self.guest().map(|guest| self.letter_due(guest, now.steady, 0, now)));
        }
        // A page that a gateway serves as a success has brought nobody a letter.
        if reply.status != mail::ACCEPTED {
            reply.read::<CreatedItem>()?;
        }
        let guest = self.guest();
        Ok(guest.map(|guest| self.end(Outcome::Invited { guest: guest.id, redeem: guest.redeem, seen: guest.seen }, now)))
    }

    /// No reply came. Opening a chat twice opens it once.
    pub(super) fn letter_unreached(&mut self, kind: RequestKind, unreached: Unreached, now: Now) -> Entry {
        let soon = now + Millis::seconds(2 << self.tries().min(LONGEST_WAIT));
        match (kind, unreached, self.guest()) {
            (RequestKind::Letter, Unreached::Lost, Some(guest)) => self.no_letter(guest, NoLetter::Unsure, now),
            (_, Unreached::Lost, Some(guest)) if self.tries() >= TRIES => self.no_letter(guest, NoLetter::Refused(unanswered()), now),
            // Waiting for the network makes waits longer, and never counts as having asked too often.
            (_, Unreached::Offline, Some(guest)) => self.letter_due(guest, soon, (self.tries() + 1).min(LONGEST_WAIT), now),
            _ => self.letter_later(soon, now),
        }
    }

    pub(super) fn letter_refused(&mut self, problem: Problem, again: Again, now: Now) -> Entry {
        let Some(guest) = self.guest() else { return self.entry(RowEvent::NotDone, now) };
        let may_again = self.tries() < TRIES;
        match again {
            Again::After(wait) if may_again => self.letter_later(now + wait, now),
            Again::AfterSignIn if may_again => self.letter_later(now.steady, now),
            // Nobody but a person can look into Sent items.
            Again::LookFirst => self.no_letter(guest, NoLetter::Unsure, now),
            _ => self.no_letter(guest, NoLetter::Refused(problem), now),
        }
    }

    /// Whether the guest is invited and a letter is to follow.
    pub(super) fn has_letter_to_come(&self) -> bool {
        self.channel.is_posted() && !matches!(self.stage, TaskStage::Ended(_)) && self.is_accepted()
    }

    /// Whether the letter went out in this run.
    pub(super) fn has_letter(&self) -> bool {
        self.channel.is_posted() && matches!(&self.stage, TaskStage::Ended(Ended { outcome: Outcome::Invited { .. }, .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Explain;

    #[test]
    fn a_link_whose_answers_are_lost_is_not_asked_for_ever_however_often_the_run_is_taken_up() {
        let now = Now { steady: Moment(0), wall: Moment(0) };
        let mut journal = vec![RowEvent::Left, RowEvent::LinkWanted { guest: "g".into(), seen: true }];
        // Each time it is taken up it is asked once, and the tab dies.
        let mut asked = 0;
        loop {
            let mut task = Task::new(1, Arc::default(), false, Channel::Mailbox);
            journal.iter().for_each(|what| task.remember(&task.entry(what.clone(), now)));
            journal.push(task.leave(RequestKind::Invite, now).what);
            task.left();
            asked += 1;
            let what = task.unreached(RequestKind::Invite, Unreached::Lost, now).unwrap().what;
            if matches!(what, RowEvent::Ended(Outcome::NoLetter { why: NoLetter::NoLink, .. })) {
                break;
            }
            assert!(asked <= ASKS, "{journal:?}");
            journal.push(what);
        }
    }

    #[test]
    fn a_chat_that_nobody_answers_about_is_not_asked_for_ever() {
        let now = Now { steady: Moment(0), wall: Moment(0) };
        let mut task = Task::new(1, Arc::default(), false, Channel::Teams);
        let guest = InvitedGuest { id: "g".into(), redeem: None, seen: true };
        task.letter_due(guest, now.steady, 0, now);
        let mut asked = |unreached: Unreached, times: u32| {
            (0..times).find(|_| {
                task.left();
                matches!(task.letter_unreached(RequestKind::Chat, unreached, now).what, RowEvent::Ended(_))
            })
        };
        assert_eq!(asked(Unreached::Offline, 1000), None, "the network is waited for");
        let asked = asked(Unreached::Lost, 1000);
        assert!(asked.is_some_and(|times| times <= TRIES), "{asked:?}");
        let Some(Outcome::NoLetter { why: NoLetter::Refused(problem), .. }) = task.outcome().map(|ended| &ended.outcome) else {
            panic!("it ended as {:?}", task.outcome())
        };
        assert!(problem.details().starts_with("no status · No answer came.") && !problem.words().what.is_empty());
    }
}
