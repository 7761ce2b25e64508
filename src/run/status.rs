//! What can be seen of a run at a moment, in one word.

use super::{HaltReason, Mode, Run};
use crate::outcome::Tally;
use crate::words::grouped;
use graph::problem::ProblemKind;
use time::Moment;

/// What can be seen of a run at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStatus {
    Going,
    /// Microsoft asked everybody to wait until then.
    Throttled(Moment),
    /// The day's allowance is used up; the next invitation leaves then, by the computer's clock.
    WaitingForAllowance(Moment),
    /// What others sent today has to be counted before the next invitations leave, and that is tried again.
    Counting,
    /// Rows that have waited are held against the directory once more before they leave.
    LookingAgain,
    /// Every row left; guests have not all appeared yet, or lost replies are being looked into.
    Looking,
    /// Everybody is invited; so many letters are to follow.
    DeliveringLetters(usize),
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

impl RunStatus {
    /// Whether asking again is in vain until somebody else has changed something. A role or a permission that was given since comes with the
    /// next sign-in, and nobody but support lifts a block: `has_signed_in` says that somebody signed in after the run halted.
    pub const fn is_barred(&self, has_signed_in: bool) -> bool {
        match self {
            Self::Halted(HaltReason::Refused(problem)) => match problem.kind {
                ProblemKind::SuspiciousActivity | ProblemKind::InvitationsNotAllowed | ProblemKind::MissingPermission => !has_signed_in,
                _ => false,
            },
            _ => false,
        }
    }

    /// `Finished: 12 invited, 1 refused.` or `Stopped. 260 of 1,451 invited; 1,191 not sent.`
    pub fn ending(&self, tally: &Tally) -> String {
        match self {
            Self::Stopped | Self::Halted(_) => {
                let rest = Tally { invited: 0, ..*tally };
                let rest = if rest.total() > 0 { format!("; {}", rest.sentence()) } else { String::new() };
                format!("Stopped. {} of {} invited{rest}.", grouped(tally.invited), grouped(tally.total()))
            }
            _ => format!("Finished: {}.", tally.sentence()),
        }
    }
}

impl Run {
    pub fn status(&self, now: Moment) -> RunStatus {
        let open = !self.index.is_over();
        match &self.mode {
            Mode::Halted(halt) if !open => RunStatus::Halted(halt.reason.clone()),
            _ if !open && self.index.has_left_off() => RunStatus::Stopped,
            _ if !open => RunStatus::Finished,
            _ if self.needs_sign_in.is_some() => RunStatus::SignInNeeded,
            Mode::Paused => RunStatus::Paused,
            Mode::Stopping => RunStatus::Stopping,
            Mode::Going | Mode::Halted(_) => self.under_way(now),
        }
    }

    fn under_way(&self, now: Moment) -> RunStatus {
        if let Some(until) = self.pace.quiet_until(now).or(self.letter_pace.quiet_until(now)) {
            return RunStatus::Throttled(until);
        }
        let allowance = self.free_from(now).filter(|_| self.index.to_invite() > 0);
        match allowance {
            _ if self.is_offline(now) => RunStatus::Offline,
            Some(until) => RunStatus::WaitingForAllowance(until),
            None if self.index.to_invite() > 0 && self.has_to_count(now) => RunStatus::Counting,
            // Where rows leave all the time, looking goes along with that.
            None if self.index.is_checking() && self.pace.used(now) == 0 => RunStatus::LookingAgain,
            None if self.index.has_left() && self.index.letters_due() > 0 => RunStatus::DeliveringLetters(self.index.letters_due()),
            None if self.index.has_left() => RunStatus::Looking,
            None => RunStatus::Going,
        }
    }
}
