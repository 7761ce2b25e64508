//! What is written down of a guest, and what it tells whoever reads it.

use super::Invite;
use super::facts::{GuestFacts, InvitedGuest};
use super::journal::RowEvent;
use super::steps::InviteStep;
use crate::bulk::{Happened, LostAnswer, Recalled};
use crate::jobs::invite::outcome::Outcome;

pub(super) fn event(facts: &GuestFacts, happened: Happened<'_, Invite>) -> RowEvent {
    let guest = || {
        let guest = facts.guest.clone();
        guest.map_or_else(Default::default, |guest| (guest.id, guest.redeem, guest.seen))
    };
    match happened {
        Happened::Leaves(step) if step.is_of_letters() => {
            let (guest, redeem, seen) = guest();
            RowEvent::LetterLeft { guest, redeem, seen }
        }
        Happened::Leaves(_) => RowEvent::Left,
        Happened::PutBack { step, .. } | Happened::Reached(step) if step.is_of_letters() => {
            let (guest, redeem, seen) = guest();
            RowEvent::LetterDue { guest, redeem, seen }
        }
        Happened::Reached(InviteStep::Verify) => {
            let (guest, redeem, _) = guest();
            RowEvent::Created { guest, redeem }
        }
        Happened::PutBack { in_doubt, .. } => match &facts.found {
            Some(found) => link_wanted(found),
            None if in_doubt => RowEvent::NotSeen,
            None => RowEvent::NotDone,
        },
        Happened::Reached(_) => facts.found.as_ref().map_or(RowEvent::NotDone, link_wanted),
        Happened::Ended(outcome) => RowEvent::Ended(outcome.clone()),
    }
}

fn link_wanted(found: &InvitedGuest) -> RowEvent {
    RowEvent::LinkWanted { guest: found.id.clone(), seen: found.seen }
}

pub(super) fn remember(facts: &mut GuestFacts, event: &RowEvent) -> Option<Recalled<Invite>> {
    facts.invitation.as_ref()?;
    Some(match event.clone() {
        // Asking for a link brings nobody a mail, but counts towards the day: not without an end, however often it is taken up.
        RowEvent::Left if facts.found.is_some() => Recalled::Left(InviteStep::Invite, LostAnswer::Repeat),
        RowEvent::Left if facts.is_known => Recalled::Left(InviteStep::Invite, LostAnswer::AskPerson),
        RowEvent::Left => Recalled::Left(InviteStep::Invite, LostAnswer::Look),
        RowEvent::NotDone => Recalled::NotDone(InviteStep::Invite),
        RowEvent::NotSeen => Recalled::NotSeen(InviteStep::Invite, Outcome::Unsure),
        RowEvent::LinkWanted { guest, seen } => {
            facts.ask_for_link(InvitedGuest { id: guest, redeem: None, seen });
            Recalled::Reached { step: InviteStep::Invite, is_done: false }
        }
        RowEvent::Created { guest, redeem } => {
            facts.found = None;
            facts.guest = Some(InvitedGuest { id: guest, redeem, seen: false });
            Recalled::Reached { step: InviteStep::Verify, is_done: true }
        }
        // Nothing writes that. Without its link no letter can leave.
        RowEvent::LetterDue { guest, redeem: None, seen } => {
            facts.ask_for_link(InvitedGuest { id: guest, redeem: None, seen });
            Recalled::Reached { step: InviteStep::Invite, is_done: false }
        }
        RowEvent::LetterDue { guest, redeem, seen } => {
            facts.guest = Some(InvitedGuest { id: guest, redeem, seen });
            Recalled::Reached { step: facts.letter_step(), is_done: false }
        }
        // Whether it has arrived only a person can tell.
        RowEvent::LetterLeft { guest, redeem, seen } => {
            facts.guest = Some(InvitedGuest { id: guest, redeem, seen });
            Recalled::Left(facts.letter_step(), LostAnswer::AskPerson)
        }
        RowEvent::Ended(outcome) => {
            facts.forget();
            Recalled::Ended(outcome)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::invite::letters::ChatTarget;
    use crate::letter::Channel;
    use graph::invitations::RedeemUrl;
    use std::sync::Arc;

    const LETTERS: [InviteStep; 3] = [InviteStep::OpenChat, InviteStep::Message, InviteStep::Letter];

    fn facts(is_known: bool, chat: ChatTarget) -> GuestFacts {
        GuestFacts::new(Arc::default(), is_known, Channel::Mailbox, chat)
    }

    fn guest() -> InvitedGuest {
        InvitedGuest { id: "g".into(), redeem: Some(RedeemUrl::new("link".into())), seen: true }
    }

    fn found() -> InvitedGuest {
        InvitedGuest { id: "g".into(), redeem: None, seen: true }
    }

    #[test]
    fn what_leaves_is_written_down_as_what_it_is() {
        let mut facts = facts(false, ChatTarget::None);
        facts.guest = Some(guest());
        let InvitedGuest { id: guest, redeem, seen } = guest();
        let left = RowEvent::LetterLeft { guest: guest.clone(), redeem: redeem.clone(), seen };
        let due = RowEvent::LetterDue { guest: guest.clone(), redeem: redeem.clone(), seen };
        for step in LETTERS {
            assert_eq!(event(&facts, Happened::Leaves(step)), left, "{step:?}");
            assert_eq!(event(&facts, Happened::Reached(step)), due, "{step:?}");
            for in_doubt in [false, true] {
                assert_eq!(event(&facts, Happened::PutBack { step, in_doubt }), due, "{step:?}");
            }
        }
        assert_eq!(event(&facts, Happened::Leaves(InviteStep::Invite)), RowEvent::Left);
        assert_eq!(event(&facts, Happened::Reached(InviteStep::Verify)), RowEvent::Created { guest, redeem });
        assert_eq!(event(&facts, Happened::Ended(&Outcome::Unsure)), RowEvent::Ended(Outcome::Unsure));
    }

    #[test]
    fn an_invitation_that_is_put_back_is_written_down_with_what_is_known_of_it() {
        let put_back = |facts: &GuestFacts, in_doubt: bool| event(facts, Happened::PutBack { step: InviteStep::Invite, in_doubt });
        let mut facts = facts(false, ChatTarget::None);
        assert_eq!((put_back(&facts, false), put_back(&facts, true)), (RowEvent::NotDone, RowEvent::NotSeen));
        assert_eq!(event(&facts, Happened::Reached(InviteStep::Invite)), RowEvent::NotDone);
        facts.ask_for_link(found());
        let wanted = RowEvent::LinkWanted { guest: "g".into(), seen: true };
        assert_eq!((put_back(&facts, false), put_back(&facts, true)), (wanted.clone(), wanted.clone()));
        assert_eq!(event(&facts, Happened::Reached(InviteStep::Invite)), wanted);
    }

    #[test]
    fn a_letter_that_may_have_left_is_never_sent_again_by_itself_and_one_that_is_due_is() {
        for (chat, step) in [
            (ChatTarget::None, InviteStep::Letter),
            (ChatTarget::Wanted, InviteStep::OpenChat),
            (ChatTarget::Open("chat".into()), InviteStep::Message),
        ] {
            let InvitedGuest { id, redeem, seen } = guest();
            let mut facts = facts(false, chat);
            let left = RowEvent::LetterLeft { guest: id.clone(), redeem: redeem.clone(), seen };
            assert!(matches!(remember(&mut facts, &left), Some(Recalled::Left(at, LostAnswer::AskPerson)) if at == step), "{step:?}");
            assert_eq!(facts.guest, Some(guest()));
            let due = RowEvent::LetterDue { guest: id.clone(), redeem, seen };
            assert!(matches!(remember(&mut facts, &due), Some(Recalled::Reached { step: at, is_done: false }) if at == step), "{step:?}");
            let linkless = RowEvent::LetterDue { guest: id, redeem: None, seen };
            let recalled = remember(&mut facts, &linkless);
            assert!(matches!(recalled, Some(Recalled::Reached { step: InviteStep::Invite, is_done: false })), "{step:?}");
            assert_eq!((facts.found, facts.is_known), (Some(found()), true), "the link is asked for");
        }
    }

    #[test]
    fn an_invitation_that_may_have_left_is_looked_for_unless_a_mail_may_have_gone_to_somebody_who_is_there() {
        let after = |facts: &mut GuestFacts| match remember(facts, &RowEvent::Left) {
            Some(Recalled::Left(InviteStep::Invite, after)) => after,
            _ => panic!("it may have left"),
        };
        assert_eq!(after(&mut facts(false, ChatTarget::None)), LostAnswer::Look);
        assert_eq!(after(&mut facts(true, ChatTarget::None)), LostAnswer::AskPerson);
        let mut facts = facts(false, ChatTarget::None);
        facts.ask_for_link(found());
        assert_eq!(after(&mut facts), LostAnswer::Repeat, "asking for a link brings nobody a mail");
        assert!(remember(&mut GuestFacts::default(), &RowEvent::Left).is_none(), "nothing is sent for whoever is skipped");
    }
}
