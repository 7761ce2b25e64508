//! When the next request may leave, as quotas and the answers so far tell.

use std::collections::VecDeque;
use time::{Millis, Moment};

/// When the next request may leave. Graph counts a throttled call against the whole app, so everybody waits.
/// <https://learn.microsoft.com/graph/throttling>
#[derive(Clone, Debug)]
pub struct Pace {
    /// Until when Graph asked for quiet.
    quiet: Moment,
    writes_from: Moment,
    /// Microseconds between two writes at the fastest, and as learnt.
    least: i64,
    per_write: i64,
    /// Since it was learnt anew.
    accepted: u32,
    /// Until when it is held back because writes got no answer that tells, and how often in a row that was.
    doubt: (Moment, u32),
    /// When how many were written lately.
    recent: VecDeque<(Moment, usize)>,
}

/// Writes that Graph allows one app in a tenant in [`WINDOW`]. <https://learn.microsoft.com/graph/throttling-limits>
pub const QUOTA: usize = 3000;
pub const WINDOW: Millis = Millis(150_000);

/// Microseconds. Directory writes of one app in a tenant: 3,000 per 150 s, which is one every 50 ms; a little more, so that
/// a window that begins with a batch of twenty holds no more either.
/// <https://learn.microsoft.com/graph/throttling-limits>
const PER_WRITE: i64 = 50_400;
/// Never slower than so many times as long: Graph says itself how long to wait.
const SLOWER_MOST: i64 = 8;
/// What a late wake-up may make up for.
const LATE: Millis = Millis(100);

impl Default for Pace {
    fn default() -> Self {
        Self {
            quiet: Moment(0),
            writes_from: Moment(0),
            least: PER_WRITE,
            per_write: PER_WRITE,
            accepted: 0,
            doubt: (Moment(0), 0),
            recent: VecDeque::new(),
        }
    }
}

impl Pace {
    /// With this long between two writes at the fastest.
    pub fn every(least: Millis) -> Self {
        Self { least: least.0 * 1000, per_write: least.0 * 1000, ..Self::default() }
    }

    /// Until when Graph asked for quiet, if that lies ahead. Nothing may leave before.
    pub fn quiet_until(&self, now: Moment) -> Option<Moment> {
        (self.quiet > now).then_some(self.quiet)
    }

    /// The moment before which nothing may be written, if it lies ahead.
    pub fn writes_from(&self, now: Moment) -> Option<Moment> {
        let from = self.writes_from.max(self.doubt.0);
        (from > now).then_some(from)
    }

    /// Counts `writes` that leave now.
    pub fn wrote(&mut self, writes: usize, now: Moment) {
        while self.recent.front().is_some_and(|(then, _)| now - *then >= WINDOW) {
            self.recent.pop_front();
        }
        self.recent.push_back((now, writes));
        let writes = i64::try_from(writes).unwrap_or(i64::MAX);
        self.pass(self.per_write.saturating_mul(writes), now);
    }

    /// Counts something that takes this long at the fastest, and longer where waiting was learnt.
    pub fn spent(&mut self, takes: Millis, now: Moment) {
        self.pass(takes.0.saturating_mul(1000).saturating_mul(self.per_write) / self.least, now);
    }

    fn pass(&mut self, micros: i64, now: Moment) {
        let since = self.writes_from.max(Moment(now.0 - LATE.0));
        self.writes_from = since + Millis(micros / 1000);
    }

    /// How many of [`QUOTA`] this run has used up.
    pub fn used(&self, now: Moment) -> usize {
        self.recent.iter().filter(|(then, _)| now - *then < WINDOW).map(|(_, writes)| writes).sum()
    }

    /// Graph asked everybody to wait. Others may use up the same quota, so what follows goes a little slower.
    pub fn quiet(&mut self, wait: Millis, now: Moment) {
        if self.quiet_until(now).is_none() {
            self.per_write = (self.per_write * 5 / 4).min(self.least * SLOWER_MOST);
            self.accepted = 0;
        }
        self.quiet = self.quiet.max(now + wait);
    }

    /// A write got no answer that tells whether it was done. While that goes on, each further one would be in doubt, too, so they
    /// come ever more rarely: after 2 s, 4 s and so on up to a minute. Writes that were on their way together count once.
    pub fn unanswered(&mut self, now: Moment) {
        let (until, times) = self.doubt;
        if until <= now {
            self.doubt = (now + Millis::backoff(times), times + 1);
        }
    }

    /// A write was accepted. A hundred of them are reason to go a little faster again.
    pub fn accepted(&mut self) {
        self.doubt.1 = 0;
        self.accepted += 1;
        if self.accepted >= 100 {
            self.per_write = (self.per_write * 9 / 10).max(self.least);
            self.accepted = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment(0) + Millis::seconds(seconds)
    }

    /// Milliseconds until the next write after twenty now.
    fn gap(pace: &mut Pace, now: Moment) -> i64 {
        pace.wrote(20, now);
        pace.writes_from(now).map_or(0, |from| (from - now).0)
    }

    #[test]
    fn writes_keep_below_the_quota_in_every_window_and_waste_little_of_it() {
        let mut pace = Pace::default();
        let mut left: VecDeque<Moment> = VecDeque::new();
        let (mut now, mut written) = (at(1000), 0);
        while now < at(1600) {
            now = pace.writes_from(now).unwrap_or(now);
            // Whoever is woken late may make up for a little.
            now += Millis(i64::from(written % 7 == 0) * 90);
            pace.wrote(20, now);
            written += 20;
            left.extend([now; 20]);
            while left.front().is_some_and(|then| now - *then >= WINDOW) {
                left.pop_front();
            }
            assert!(left.len() <= QUOTA, "{} within a window", left.len());
            assert_eq!(left.len(), pace.used(now));
        }
        assert!(written >= QUOTA * 4 * 98 / 100, "{written} in ten minutes");
    }

    #[test]
    fn what_was_written_is_used_until_the_window_is_over() {
        let mut pace = Pace::default();
        pace.wrote(20, at(10));
        assert_eq!(pace.used(at(10) + WINDOW + Millis(-1)), 20);
        assert_eq!(pace.used(at(10) + WINDOW), 0);
    }

    #[test]
    fn who_is_asked_for_quiet_goes_slower_until_a_hundred_writes_are_accepted() {
        let mut pace = Pace::default();
        let before = gap(&mut pace, at(10));
        pace.quiet(Millis::seconds(30), at(20));
        // Requests that were on their way together are asked together, which counts once; the longest wait counts.
        pace.quiet(Millis::seconds(10), at(20));
        assert_eq!((pace.quiet_until(at(49)), pace.quiet_until(at(50))), (Some(at(50)), None));
        let slower = gap(&mut pace, at(60));
        assert_eq!(slower + LATE.0, (before + LATE.0) * 5 / 4);
        (0..99).for_each(|_| pace.accepted());
        assert_eq!(gap(&mut pace, at(70)), slower);
        pace.accepted();
        assert_eq!(gap(&mut pace, at(75)) + LATE.0, (slower + LATE.0) * 9 / 10);
        (0..300).for_each(|_| pace.accepted());
        assert_eq!(gap(&mut pace, at(80)), before, "never faster than at first");
        for round in 0..30 {
            pace.quiet(Millis::seconds(1), at(100 + 2 * round));
        }
        assert_eq!(gap(&mut pace, at(200)) + LATE.0, (before + LATE.0) * SLOWER_MOST);
    }

    #[test]
    fn writes_without_an_answer_that_tells_come_ever_more_rarely() {
        let mut pace = Pace::default();
        let mut now = at(10);
        for expected in [2, 4, 8, 16, 32, 64, 64] {
            pace.unanswered(now);
            pace.unanswered(now + Millis(1));
            assert_eq!(pace.writes_from(now), Some(now + Millis::seconds(expected)));
            assert_eq!(pace.quiet_until(now), None, "reading goes on");
            now += Millis::seconds(expected);
        }
        pace.accepted();
        pace.unanswered(now);
        assert_eq!(pace.writes_from(now), Some(now + Millis::seconds(2)));
    }

    #[test]
    fn a_letter_takes_its_time_and_longer_where_waiting_was_learnt() {
        let mut pace = Pace::every(Millis(2000));
        pace.spent(Millis(2000), at(10));
        assert_eq!(pace.writes_from(at(10)), Some(at(12) + Millis(-LATE.0)));
        pace.quiet(Millis(1), at(20));
        pace.spent(Millis(2000), at(30));
        assert_eq!(pace.writes_from(at(30)), Some(at(30) + Millis(2500 - LATE.0)));
        assert_eq!(pace.used(at(30)), 0, "letters are no writes of the directory");
    }
}
