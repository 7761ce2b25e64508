//! How much may leave now: the first row alone, canaries, Microsoft's quotas, and the mailbox's own. What may leave in a day stands in
//! `budget.rs`.

use super::index::{Ask, Counts, Place};
use super::job::{Effect, Job};
use super::{Bulk, InFlight, Whole, most_of};
use crate::protocol::Hold;
use graph::batch;
use time::{Millis, Moment};

/// The careful ramp looks whether what was made appears after as many.
pub(super) const CANARIES: usize = 5;
/// And goes on after this, whether it has appeared or not: the directory is eventually consistent. So it does when what follows the first
/// step has not gone out by then.
const LOOKS_AT_MOST: Millis = Millis::seconds(30);

/// How fast a run sets out. Whichever it is, one row goes first and alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ramp {
    /// Five rows, a look whether they appear, then ever more at once.
    #[default]
    Careful,
    /// As fast as Graph allows.
    AtTheLimit,
}

impl Ramp {
    /// How many rows may leave together once some have been `accepted`, and `in_flight` wait for their answers.
    const fn at_once(self, accepted: usize, in_flight: usize) -> usize {
        match (self, accepted) {
            (Self::AtTheLimit, _) => batch::MOST,
            (Self::Careful, 0..CANARIES) => (CANARIES - accepted).saturating_sub(in_flight),
            (Self::Careful, CANARIES..40) => 5,
            (Self::Careful, 40..120) => 10,
            (Self::Careful, _) => batch::MOST,
        }
    }
}

impl<J: Job> Bulk<J> {
    pub(super) fn held(&self, ask: Ask, now: Moment) -> Hold {
        if !ask.is_look && !self.job.can_do(ask.step()) {
            return Hold::UntilReply;
        }
        self.whole.held(ask, self.index.counts(), self.budget_until(now), now)
    }

    /// Rows that may be asked this now.
    pub(super) fn chosen(&self, ask: Ask, now: Moment) -> Vec<Place> {
        if ask.is_look {
            return self.index.due(ask, batch::MOST, now);
        }
        let most = most_of(ask.lane);
        let most = if ask.is_first() { most.min(self.whole.at_once(self.index.counts())).min(self.allowed(now)) } else { most };
        let mut due = self.index.due(ask, most, now);
        // A row that was lost before travels alone, so that it cannot take others with it.
        if ask.effect == Effect::Noticed
            && let Some(alone) = due.iter().position(|place| self.index.at(*place).history.lost > 0)
        {
            due.truncate(alone.max(1));
        }
        due
    }
}

impl Whole {
    /// Whether this may be asked now of any row; `budget` is until when the first step is held back by what may be done in a day.
    fn held(&self, ask: Ask, counts: &Counts, budget: Option<Moment>, now: Moment) -> Hold {
        let is_first = ask.is_first();
        if is_first && self.is_counting() {
            return Hold::UntilReply;
        }
        let ramped = if is_first { self.canaries_until(counts, now).max(self.follow_up_until(counts, now)).max(budget) } else { None };
        // Reads do not wait for the pace of writes.
        match (self.dispatch.hold(ask.lane, ask.effect != Effect::Reads, now), ramped) {
            (Hold::UntilReply, _) => Hold::UntilReply,
            (Hold::Until(then), ramped) => Hold::Until(ramped.map_or(then, |until| until.max(then))),
            (Hold::Not, ramped) => ramped.map_or(Hold::Not, Hold::Until),
        }
    }

    /// For how many rows the first step may leave now.
    fn at_once(&self, counts: &Counts) -> usize {
        let of_first = |asked: &InFlight| match asked {
            InFlight::Rows(ask, places) if ask.is_first() => places.len(),
            _ => 0,
        };
        let in_flight: usize = self.dispatch.all().map(of_first).sum();
        if !self.proven {
            return usize::from(in_flight == 0);
        }
        self.ramp.at_once(counts.accepted, in_flight)
    }

    /// Until when the careful ramp waits for its canaries to appear, if it does.
    fn canaries_until(&self, counts: &Counts, now: Moment) -> Option<Moment> {
        let until = self.canaries_since? + LOOKS_AT_MOST;
        let waits = self.ramp == Ramp::Careful && self.can_look && counts.accepted >= CANARIES && counts.seen == 0;
        (waits && until > now).then_some(until)
    }

    /// Until when everybody waits for the first row to go all the way: a mailbox that cannot send costs one guest, not all.
    fn follow_up_until(&self, counts: &Counts, now: Moment) -> Option<Moment> {
        let until = self.canaries_since? + LOOKS_AT_MOST;
        let waits = counts.follow_up_to_come > 0 && counts.follow_up_done == 0;
        (waits && until > now).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_careful_ramp_sends_five_and_then_ever_more() {
        let careful = |accepted: usize| Ramp::Careful.at_once(accepted, 0);
        assert_eq!([1, 4].map(careful), [4, 1]);
        assert_eq!([5, 39, 40, 119, 120, 5000].map(careful), [5, 5, 10, 10, 20, 20]);
        assert_eq!(Ramp::Careful.at_once(1, 3), 1, "what is on its way counts among the canaries");
        assert_eq!(Ramp::Careful.at_once(1, 9), 0);
        assert_eq!(Ramp::Careful.at_once(5, 9), 5);
        assert_eq!([1, 5, 500].map(|accepted| Ramp::AtTheLimit.at_once(accepted, 40)), [20; 3]);
    }
}
