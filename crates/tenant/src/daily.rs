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

/// When invitations were asked for in the last day. Refused ones count, too: whether they do at Microsoft is not known, and the lower
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
