//! How much may leave now: the first guest alone, canaries, Microsoft's quotas, and the mailbox's own. The day's allowance stands in
//! `daily.rs`.

use super::Run;
use super::index::Place;
use super::request_kind::RequestKind;
use crate::letter::Channel;
use graph::{batch, mail};
use time::{Millis, Moment};

/// Requests on their way at the same time. Graph executes a batch's items one after the other as far as anybody knows, so
/// one batch may take seconds.
const FLIGHTS: usize = 4;
/// The careful ramp looks whether guests appear after as many.
pub(super) const CANARIES: usize = 5;
/// And goes on after this, whether they have appeared or not: the directory is eventually consistent. So it does when the
/// first letter has not gone out by then.
const LOOKS_AT_MOST: Millis = Millis::seconds(30);
/// Between two letters of one mailbox; a little more than a thirtieth of a minute, so that thirty keep within any minute of
/// Exchange's clock, too, when one of them was a second longer on its way.
pub(super) const LETTER: Millis = Millis(60_000 / mail::PER_MINUTE as i64 + 40);
/// Between two drafts or chat messages: they are not under the limit of sending. Outlook allows 10,000 requests in ten
/// minutes, Teams twenty a second for all. <https://learn.microsoft.com/graph/throttling-limits>
const BESIDE: Millis = Millis(250);

/// How fast a run sets out. Whichever it is, one guest goes first and alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ramp {
    /// Five guests, a look whether they appear, then ever more at once.
    #[default]
    Careful,
    /// As fast as Graph allows.
    AtTheLimit,
}

/// Whether requests of a kind are held back.
pub(super) enum Hold {
    Not,
    Until(Moment),
    UntilReply,
}

/// What one letter takes of the time that there is for letters.
pub(super) const fn takes(channel: Channel) -> Millis {
    if matches!(channel, Channel::Mailbox) { LETTER } else { BESIDE }
}

impl Run {
    pub(super) fn held(&self, kind: RequestKind, now: Moment) -> Hold {
        let alike = self.flights.all().filter(|(other, _)| other.is_of_letters() == kind.is_of_letters()).count();
        let (most, pace) = if kind.is_of_letters() { (mail::AT_ONCE, &self.letter_pace) } else { (FLIGHTS, &self.pace) };
        let waits_for_count = kind == RequestKind::Invite && self.is_counting();
        if alike >= most || waits_for_count || kind.is_of_letters() && self.letter_context.is_none() {
            return Hold::UntilReply;
        }
        // Reads do not wait for the pace of writes.
        let paced = if matches!(kind, RequestKind::Look | RequestKind::Verify) { None } else { pace.writes_from(now) };
        let canaries = if kind == RequestKind::Invite { self.canaries_until(now).max(self.first_letter_until(now)) } else { None };
        let allowance = if kind == RequestKind::Invite { self.allowance_until(now) } else { None };
        pace.quiet_until(now).into_iter().chain(paced).chain(canaries).chain(allowance).max().map_or(Hold::Not, Hold::Until)
    }

    /// Rows of one kind that may be asked now.
    pub(super) fn chosen(&self, kind: RequestKind, now: Moment) -> Vec<Place> {
        match kind {
            RequestKind::Look | RequestKind::Verify => return self.index.due(kind, batch::MOST, now),
            RequestKind::Count => return Vec::new(),
            RequestKind::Chat | RequestKind::Letter => return self.index.due(kind, 1, now),
            RequestKind::Invite => {}
        }
        let mut due = self.index.due(kind, self.at_once().min(self.allowed(now)), now);
        // A row that was lost before travels alone, so that it cannot take others with it.
        if let Some(alone) = due.iter().position(|place| self.index.at(*place).was_lost()) {
            due.truncate(alone.max(1));
        }
        due
    }

    /// How many invitations may leave together now.
    fn at_once(&self) -> usize {
        let accepted = self.index.accepted();
        let in_flight: usize = self.flights.all().filter(|(kind, _)| *kind == RequestKind::Invite).map(|(_, places)| places.len()).sum();
        match self.ramp {
            _ if !self.proven => usize::from(in_flight == 0),
            Ramp::AtTheLimit => batch::MOST,
            Ramp::Careful if accepted < CANARIES => (CANARIES - accepted).saturating_sub(in_flight),
            Ramp::Careful => match accepted {
                0..40 => 5,
                40..120 => 10,
                _ => batch::MOST,
            },
        }
    }

    /// Until when the careful ramp waits for its canaries to appear, if it does.
    fn canaries_until(&self, now: Moment) -> Option<Moment> {
        let until = self.canaries_since? + LOOKS_AT_MOST;
        let waits = self.ramp == Ramp::Careful && self.can_look && self.index.accepted() >= CANARIES && self.index.seen() == 0;
        (waits && until > now).then_some(until)
    }

    /// Until when everybody waits for the first letter to go out: a mailbox that cannot send costs one guest, not all.
    fn first_letter_until(&self, now: Moment) -> Option<Moment> {
        let until = self.canaries_since? + LOOKS_AT_MOST;
        let waits = self.letter_context.is_some() && self.index.letters_to_come() > 0 && self.index.letters_sent() == 0;
        (waits && until > now).then_some(until)
    }
}
