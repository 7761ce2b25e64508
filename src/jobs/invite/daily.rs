//! The day's allowance as the budget of a run: what others sent is counted by whom directory and recycle bin show.

use super::Run;
use crate::bulk::Budget;
use crate::jobs::invite::allowance::{Allowance, Lately, Terms};
use graph::users::{ListMadeSince, MadePlace};
use graph::{Again, Operation, Problem, Reply, Request};
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

    fn never_left(&mut self, at: Moment) {
        self.0.never_left(at);
    }

    fn is_own(&mut self, id: &str) {
        self.0.is_own(id);
    }

    fn is_to_be_told(&self, wanted: usize, now: Moment) -> bool {
        self.0.is_to_be_told(wanted, now)
    }

    fn questions(now: Moment) -> Vec<Request> {
        vec![made(MadePlace::Directory, now).request(), made(MadePlace::RecycleBin, now).request()]
    }

    fn learn(&mut self, replies: &[&Reply], is_own: &dyn Fn(&str) -> bool, now: Moment) -> Result<(), Problem> {
        let [users, deleted] = <[&Reply; 2]>::try_from(replies).expect("there is a reply to each of the two questions");
        let users = made(MadePlace::Directory, now).read(users)?;
        let deleted = match made(MadePlace::RecycleBin, now).read(deleted) {
            // Who may read the directory need not be allowed to read that.
            Err(problem) if problem.was_not_done() && problem.again_harmless(0) == Again::Never => None,
            deleted => Some(deleted?),
        };
        self.0.see(&Lately::from_users([users].into_iter().chain(deleted), now), is_own);
        Ok(())
    }
}

fn made(place: MadePlace, now: Moment) -> ListMadeSince {
    ListMadeSince { then: Lately::since(now), place }
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
    use crate::bulk::Ramp;
    use crate::jobs::invite::allowance::{LOWEST, Sent, TenantKind};
    use crate::jobs::invite::plan::Plan;

    const NOW: Moment = Moment(1_795_344_203_000);

    fn reply(status: u16, body: String) -> Reply {
        Reply { status, headers: Default::default(), body }
    }

    fn shown(ids: &[&str]) -> Reply {
        let users: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}","createdDateTime":"{}"}}"#, NOW.iso())).collect();
        reply(200, format!(r#"{{"@odata.count":{},"value":[{}]}}"#, ids.len(), users.join(",")))
    }

    #[test]
    fn whom_others_invited_and_deleted_since_counts_where_the_recycle_bin_may_be_read() {
        let told = |deleted: Reply| {
            let mut budget = DailyAllowance(Allowance::new(Terms::default(), Sent::default()));
            budget.learn(&[&shown(&["a", "b"]), &deleted], &|id| id == "own", NOW).map(|()| budget.left(NOW).unwrap())
        };
        assert_eq!(told(shown(&["b", "c", "own"])), Ok(LOWEST - 3), "who is seen in both places counts once");
        for (status, code) in [(403, "Authorization_RequestDenied"), (400, "Request_UnsupportedQuery")] {
            assert_eq!(told(reply(status, format!(r#"{{"error":{{"code":"{code}"}}}}"#))), Ok(LOWEST - 2), "{code}");
        }
        for (status, body) in [(503, "<html>"), (403, "<html>"), (429, r#"{"error":{"code":"TooManyRequests"}}"#), (200, "{")] {
            assert!(told(reply(status, body.into())).is_err(), "{status} {body}: it is asked again");
        }
    }

    #[test]
    fn a_guest_who_turns_out_to_be_ones_own_counts_once() {
        let sent = Sent { at: vec![NOW; 2], ..Sent::default() };
        let mut budget = DailyAllowance(Allowance::new(Terms::default(), sent));
        assert_eq!((budget.is_limited(NOW), budget.left(NOW)), (true, Some(LOWEST - 2)));
        let deleted = reply(403, r#"{"error":{"code":"Authorization_RequestDenied"}}"#.into());
        budget.learn(&[&shown(&["a", "b", "c"]), &deleted], &|id| id == "c", NOW).unwrap();
        assert_eq!(budget.left(NOW), Some(LOWEST - 4), "two of others, beside one's own");
        budget.is_own("a");
        assert_eq!(budget.left(NOW), Some(LOWEST - 3));
        let at = budget.leave(LOWEST - 3, NOW);
        assert_eq!((budget.left(NOW), budget.free_from(NOW).is_some()), (Some(0), true));
        budget.never_left(at);
        assert_eq!((budget.left(NOW), budget.free_from(NOW)), (Some(1), None));
    }

    #[test]
    fn others_are_counted_among_users_and_in_the_recycle_bin_where_more_are_wanted_than_every_tenant_may_send() {
        let places: Vec<String> = DailyAllowance::questions(NOW).into_iter().map(|request| request.path).collect();
        assert!(
            matches!(places.as_slice(), [users, deleted] if users.starts_with("/users") && deleted.starts_with("/directory/deletedItems/"))
        );
        let budget = DailyAllowance(Allowance::new(Terms::default(), Sent::default()));
        assert_eq!([LOWEST, LOWEST + 1].map(|wanted| budget.is_to_be_told(wanted, NOW)), [false, true]);
    }

    #[test]
    fn what_somebody_says_of_the_tenant_while_a_run_is_under_way_holds_from_then_on() {
        let mut run = Run::new(&Plan::default(), Ramp::Careful, true, NOW);
        run.allow(Allowance::new(Terms::default(), Sent::default()));
        assert!(run.budget_mut().is_some_and(|budget| budget.is_limited(NOW)));
        run.set_terms(Terms::default().said(TenantKind::OldPaid, NOW));
        assert!(run.budget_mut().is_some_and(|budget| !budget.is_limited(NOW) && budget.left(NOW).is_none()));
    }
}
