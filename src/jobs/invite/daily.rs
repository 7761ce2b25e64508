//! The day's allowance as the budget of a run: what others sent is counted by the guests that the directory shows.

use super::Run;
use crate::bulk::Budget;
use crate::jobs::invite::allowance::{Allowance, Lately, Terms};
use graph::users::ListGuestsSince;
use graph::{Operation, Problem, Reply, Request};
use time::Moment;

/// What the tenant may send in a day.
pub struct DailyAllowance(Allowance);

impl Budget for DailyAllowance {
    fn is_limited(&self, now: Moment) -> bool {
        self.0.terms.limit(now).is_some()
    }

    fn left(&self, now: Moment) -> Option<usize> {
        self.0.left(now)
    }

    fn free_from(&self, now: Moment) -> Option<Moment> {
        self.0.free_from(now)
    }

    fn leave(&mut self, number: usize, now: Moment) -> Moment {
        self.0.leave(number, now)
    }

    fn came_to_nothing(&mut self, at: Moment) {
        self.0.came_to_nothing(at);
    }

    fn is_own(&mut self, id: &str) {
        self.0.is_own(id);
    }

    fn is_to_be_told(&self, wanted: usize, now: Moment) -> bool {
        self.0.is_to_be_told(wanted, now)
    }

    fn question(now: Moment) -> Request {
        ListGuestsSince { then: Lately::since(now) }.request()
    }

    fn learn(&mut self, reply: &Reply, is_own: &dyn Fn(&str) -> bool, now: Moment) -> Result<(), Problem> {
        let guests = ListGuestsSince { then: Lately::since(now) }.read(reply)?;
        self.0.see(&Lately::from_guests(guests, now), is_own);
        Ok(())
    }
}

impl Run {
    /// Holds the run to what its tenant may send in a day. Without this there is no limit.
    pub fn allow(&mut self, allowance: Allowance) {
        self.hold_to(DailyAllowance(allowance));
    }

    /// Somebody has said what the tenant is while the run is under way.
    pub fn set_terms(&mut self, terms: Terms) {
        if let Some(DailyAllowance(allowance)) = self.budget_mut() {
            allowance.terms = terms;
        }
    }

    /// How many invitations are counted as used, of those that may be sent in a day.
    pub fn allowance_used(&mut self, now: Moment) -> Option<usize> {
        self.budget_mut().map(|DailyAllowance(allowance)| allowance.used(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::invite::allowance::{LOWEST, Sent};

    const NOW: Moment = Moment(1_795_344_203_000);

    #[test]
    fn a_guest_who_turns_out_to_be_ones_own_counts_once() {
        let sent = Sent { at: vec![NOW; 2], ..Sent::default() };
        let mut budget = DailyAllowance(Allowance::new(Terms::default(), sent));
        assert_eq!((budget.is_limited(NOW), budget.left(NOW)), (true, Some(LOWEST - 2)));
        let guest = |id: &str| format!(r#"{{"id":"{id}","createdDateTime":"{}"}}"#, NOW.iso());
        let body = format!(r#"{{"@odata.count":3,"value":[{},{},{}]}}"#, guest("a"), guest("b"), guest("c"));
        budget.learn(&Reply { status: 200, headers: Default::default(), body }, &|id| id == "c", NOW).unwrap();
        assert_eq!(budget.left(NOW), Some(LOWEST - 4), "two of others, beside one's own");
        budget.is_own("a");
        assert_eq!(budget.left(NOW), Some(LOWEST - 3));
        let at = budget.leave(LOWEST - 3, NOW);
        assert_eq!((budget.left(NOW), budget.free_from(NOW).is_some()), (Some(0), true));
        budget.came_to_nothing(at);
        assert_eq!((budget.left(NOW), budget.free_from(NOW)), (Some(1), None));
    }
}
