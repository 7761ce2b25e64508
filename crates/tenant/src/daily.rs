//! The limits of invitations per tenant and day, and what comes of going over one: the block for suspicious activity, which stays until
//! support lifts it (here the knob `suspicious`).
//! <https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions>, section B2B invitations, since 2025-12-09.

use super::Tenant;
use serde_json::{Value, json};
use std::collections::VecDeque;
use time::{Millis, Moment};

const DAY: Millis = Millis::days(1);
const NEW: Millis = Millis::days(30);
/// Exchange Online (Plan 2).
const EXCHANGE: &str = "efb87545-963c-4e0d-99df-69c6916d9eb0";

/// When invitations were asked for in the last day. Refused ones count, too, and those that met a throttle: whether they do at Microsoft is not known, and the lower
/// limit is the safer teacher.
#[derive(Clone, Default)]
pub(super) struct DailyCount {
    asked: VecDeque<Moment>,
}

impl Tenant {
    /// When the tenant was made.
    pub(super) fn created(&self) -> Moment {
        self.begun.unwrap_or_default() - Millis::days(i64::from(self.knobs.age_days))
    }

    fn daily_limit(&self, now: Moment) -> Option<usize> {
        match (self.knobs.paid, now - self.created() <= NEW) {
            (false, true) => Some(10),
            (false, false) => Some(100),
            (true, true) => Some(200),
            (true, false) => None,
        }
    }

    /// Counts one invitation that is asked for. One more than the day's limit blocks the tenant.
    pub(super) fn count_for_the_day(&mut self, now: Moment) {
        let asked = &mut self.daily.asked;
        while asked.front().is_some_and(|oldest| now - *oldest >= DAY) {
            asked.pop_front();
        }
        asked.push_back(now);
        if self.daily_limit(now).is_some_and(|limit| self.daily.asked.len() > limit) {
            self.knobs.suspicious = true;
        }
    }

    /// What tells of the limit, in the shape of an organization's members: something bought as long as the tenant is old, or nothing.
    pub(super) fn subscription(&self) -> [(&'static str, Value); 2] {
        let created = self.created().iso();
        let exchange =
            json!({"assignedDateTime": created, "capabilityStatus": "Enabled", "service": "exchange", "servicePlanId": EXCHANGE});
        [("createdDateTime", json!(created)), ("assignedPlans", if self.knobs.paid { json!([exchange]) } else { json!([]) })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, tenant};

    #[test]
    fn a_day_takes_as_many_invitations_as_age_and_payment_allow() {
        let check = |paid: bool, age_days: u32, limit: usize| {
            let mut tenant = tenant("guest-inviter", &[]);
            (tenant.knobs.paid, tenant.knobs.age_days, tenant.begun) = (paid, age_days, Some(NOW));
            for _ in 0..limit {
                tenant.count_for_the_day(NOW);
            }
            assert!(!tenant.knobs.suspicious, "{paid} {age_days}");
            // What is a day old counts no more.
            tenant.count_for_the_day(NOW + DAY);
            assert!(!tenant.knobs.suspicious, "{paid} {age_days}");
            for _ in 0..limit {
                tenant.count_for_the_day(NOW + DAY);
            }
            assert!(tenant.knobs.suspicious, "{paid} {age_days}");
        };
        check(false, 29, 10);
        check(false, 31, 100);
        check(true, 29, 200);
        let mut old = tenant("guest-inviter", &[]);
        (old.knobs.age_days, old.begun) = (31, Some(NOW));
        for _ in 0..1_000 {
            old.count_for_the_day(NOW);
        }
        assert!(!old.knobs.suspicious, "who pays and is old has no limit");
    }

    #[test]
    fn a_tenant_is_new_for_thirty_days_and_a_day_takes_its_limit_until_its_last_moment() {
        let mut tenant = tenant("guest-inviter", &[]);
        (tenant.knobs.paid, tenant.knobs.age_days, tenant.begun) = (false, 30, Some(NOW));
        assert_eq!((tenant.daily_limit(NOW), tenant.daily_limit(NOW + Millis(1))), (Some(10), Some(100)));
        tenant.knobs.age_days = 0;
        for _ in 0..10 {
            tenant.count_for_the_day(NOW);
        }
        tenant.count_for_the_day(NOW + DAY - Millis(1));
        assert!(tenant.knobs.suspicious);
    }

    #[test]
    fn what_was_bought_is_as_old_as_the_tenant() {
        let mut tenant = tenant("guest-inviter", &[]);
        (tenant.knobs.age_days, tenant.begun) = (2, Some(NOW));
        let created = (NOW - Millis::days(2)).iso();
        let [(_, made), (_, plans)] = tenant.subscription();
        assert_eq!((made, &plans[0]["assignedDateTime"], &plans[0]["servicePlanId"]), (json!(created), &json!(created), &json!(EXCHANGE)));
        tenant.knobs.paid = false;
        assert_eq!(tenant.subscription()[1].1, json!([]));
    }
}
