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
