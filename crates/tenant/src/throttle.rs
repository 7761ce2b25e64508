//! Quotas as Graph publishes them: writes of an app in a tenant within a window.
//! <https://learn.microsoft.com/graph/throttling-limits>, "Identity and access service limits".

use super::knobs::Knobs;
use std::collections::VecDeque;
use time::{Millis, Moment};

#[derive(Clone, Default)]
pub(super) struct Throttle {
    writes: VecDeque<Moment>,
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
