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

    /// A run whose canaries were all accepted at 0, and none of which was seen.
    fn waiting(ramp: Ramp, can_look: bool) -> (Whole, Counts) {
        let whole = Whole { canaries_since: Some(Moment(0)), ..Whole::of(1, ramp, can_look) };
        (whole, Counts { accepted: CANARIES, follow_up_to_come: 1, ..Counts::default() })
    }

    #[test]
    fn the_careful_ramp_waits_half_a_minute_for_the_first_to_be_seen() {
        let until = Moment(0) + LOOKS_AT_MOST;
        let (careful, counts) = waiting(Ramp::Careful, true);
        let at = |now: i64| careful.canaries_until(&counts, Moment(now));
        assert_eq!([at(0), at(29_999), at(30_000), at(30_001)], [Some(until), Some(until), None, None]);
        let with = |counts: Counts| careful.canaries_until(&counts, Moment(0));
        assert_eq!([with(Counts { accepted: CANARIES - 1, ..counts.clone() }), with(Counts { seen: 1, ..counts.clone() })], [None; 2]);
        for (ramp, can_look) in [(Ramp::AtTheLimit, true), (Ramp::Careful, false)] {
            assert_eq!(waiting(ramp, can_look).0.canaries_until(&counts, Moment(0)), None, "{ramp:?} {can_look}");
        }
        let begun = Whole { canaries_since: None, ..careful };
        assert_eq!(begun.canaries_until(&counts, Moment(0)), None);
    }

    #[test]
    fn everybody_waits_half_a_minute_for_the_first_to_go_all_the_way() {
        let (whole, counts) = waiting(Ramp::AtTheLimit, false);
        let at = |now: i64| whole.follow_up_until(&counts, Moment(now));
        assert_eq!([at(0), at(29_999), at(30_000)], [Some(Moment(30_000)), Some(Moment(30_000)), None]);
        let with = |counts: Counts| whole.follow_up_until(&counts, Moment(0));
        assert_eq!([with(Counts { follow_up_to_come: 0, ..counts.clone() }), with(Counts { follow_up_done: 1, ..counts })], [None; 2]);
    }

    #[test]
    fn only_what_is_on_its_way_of_the_first_step_counts_against_the_ramp() {
        #[derive(Clone, Copy, Debug, PartialEq)]
        enum TwoSteps {
            First,
            Second,
        }

        impl crate::bulk::Step for TwoSteps {
            const ALL: &'static [Self] = &[Self::First, Self::Second];

            fn lane(self) -> graph::PaceKind {
                graph::PaceKind::DirectoryWrite
            }

            fn effect(self) -> Effect {
                Effect::Noticed
            }
        }

        let at_once = |step: TwoSteps, proven: bool| {
            let mut whole = Whole { proven, ..Whole::of(2, Ramp::Careful, true) };
            let mut asks = Ask::all::<TwoSteps>().into_iter();
            let ask = asks.find(|ask| !ask.is_look && ask.step::<TwoSteps>() == step).unwrap();
            let on_its_way = crate::bulk::whole::InFlight::Rows(ask, vec![0, 1]);
            let request = graph::Request::get("/me");
            let _: crate::protocol::Action<()> =
                whole.dispatch.send(ask.lane, on_its_way, &[request.clone(), request], crate::protocol::Cost::Nothing, Moment(0));
            whole.at_once(&Counts { accepted: 1, ..Counts::default() })
        };
        assert_eq!([at_once(TwoSteps::First, true), at_once(TwoSteps::Second, true)], [2, 4]);
        assert_eq!([at_once(TwoSteps::First, false), at_once(TwoSteps::Second, false)], [0, 1], "the first goes alone");
    }
}
