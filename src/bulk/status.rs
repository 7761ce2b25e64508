//! What can be seen of a run at a moment, in one word.

use super::job::{Job, Step};
use super::{Bulk, HaltReason, Mode};
use time::Moment;

/// What can be seen of a run at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStatus {
    Going,
    /// Microsoft asked everybody to wait until then.
    Throttled(Moment),
    /// What may be done in a day is used up; the next row leaves then, by the computer's clock.
    WaitingForAllowance(Moment),
    /// What others did in a day has to be counted before the next rows leave, and that is tried again.
    Counting,
    /// Rows that have waited are held against the directory once more before they leave.
    LookingAgain,
    /// Every row left; what they made has not all appeared yet, or lost replies are being looked into.
    Looking,
    /// The first step is done for every row; for so many another is to follow.
    FollowingUp(usize),
    /// The network is gone, it seems; asked again by itself.
    Offline,
    SignInNeeded,
    Paused,
    Stopping,
    Halted(HaltReason),
    /// Every row has ended, some because somebody wanted no more.
    Stopped,
    Finished,
}

impl<J: Job> Bulk<J> {
    pub fn status(&self, now: Moment) -> RunStatus {
        let open = !self.index.is_over();
        match &self.whole.mode {
            Mode::Halted(halt) if !open => RunStatus::Halted(halt.reason.clone()),
            _ if !open && self.index.counts().left_off > 0 => RunStatus::Stopped,
            _ if !open => RunStatus::Finished,
            _ if self.whole.dispatch.needs_sign_in() => RunStatus::SignInNeeded,
            Mode::Paused => RunStatus::Paused,
            Mode::Stopping => RunStatus::Stopping,
            Mode::Going | Mode::Halted(_) => self.under_way(now),
        }
    }

    fn under_way(&self, now: Moment) -> RunStatus {
        if let Some(until) = self.whole.dispatch.quiet_until(now) {
            return RunStatus::Throttled(until);
        }
        let counts = self.index.counts();
        let to_start = self.to_start();
        let (has_left, allowance) = (counts.here == 0, self.free_from(now).filter(|_| to_start > 0));
        match allowance {
            _ if self.is_offline(now) => RunStatus::Offline,
            Some(until) => RunStatus::WaitingForAllowance(until),
            None if to_start > 0 && self.has_to_count(now) => RunStatus::Counting,
            // Where rows leave all the time, looking goes along with that.
            None if counts.checking > 0 && self.whole.dispatch.used(J::Step::FIRST.lane(), now) == 0 => RunStatus::LookingAgain,
            None if has_left && counts.follow_up_due > 0 => RunStatus::FollowingUp(counts.follow_up_due),
            None if has_left => RunStatus::Looking,
            None => RunStatus::Going,
        }
    }
}
