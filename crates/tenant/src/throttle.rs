//! Quotas as Graph publishes them: writes of an app in a tenant within a window.
//! <https://learn.microsoft.com/graph/throttling-limits>, "Identity and access service limits".

use super::Tenant;
use super::graph_api::refusal;
use super::knobs::Knobs;
use graph::Reply;
use std::collections::VecDeque;
use time::{Millis, Moment};

#[derive(Clone, Default)]
pub(super) struct Throttle {
    writes: VecDeque<Moment>,
}

impl Tenant {
    /// Counts one write.
    ///
    /// # Errors
    /// 429 beyond the quota, with how long to wait.
    pub(super) fn count_write(&mut self, now: Moment) -> Result<(), Reply> {
        self.throttle.write(&self.knobs, now).map_err(|wait| {
            let mut reply = refusal(429, "TooManyRequests", "Please retry again later.");
            reply.headers = reply.headers.with("Retry-After", wait.in_seconds().max(1).to_string());
            reply
        })
    }
}

impl Throttle {
    /// Counts one write, or tells how long to wait.
    pub(super) fn write(&mut self, knobs: &Knobs, now: Moment) -> Result<(), Millis> {
        let window = Millis(i64::from(knobs.quota_window_ms));
        while self.writes.front().is_some_and(|oldest| now - *oldest >= window) {
            self.writes.pop_front();
        }
        if self.writes.len() >= knobs.quota_writes as usize {
            return Err(self.writes.front().map_or(window, |oldest| *oldest + window - now));
        }
        self.writes.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_takes_so_many_writes_and_tells_when_the_next_may_come() {
        let knobs = Knobs { quota_writes: 2, quota_window_ms: 1_000, ..Knobs::default() };
        let mut throttle = Throttle::default();
        let mut write = |at: i64| throttle.write(&knobs, Moment(at));
        assert_eq!((write(0), write(300), write(400)), (Ok(()), Ok(()), Err(Millis(600))));
        assert_eq!((write(999), write(1_000), write(1_001)), (Err(Millis(1)), Ok(()), Err(Millis(299))));
        let none = Knobs { quota_writes: 0, ..knobs };
        assert_eq!(Throttle::default().write(&none, Moment(0)), Err(Millis(1_000)));
    }
}
