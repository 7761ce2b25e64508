//! What the end of a run is called, and whether asking again is in vain.

use super::refusals::InviteRefusal;
use crate::bulk::{HaltReason, RunStatus};
use crate::jobs::invite::outcome::Tally;
use crate::words::grouped;
use graph::CommonRefusal;
use graph::invitations::InvitationRefusal::{InvitationsNotAllowed, SuspiciousActivity};

impl RunStatus {
    /// Whether asking again is in vain until somebody else has changed something. A role or a permission that was given since comes with the
    /// next sign-in, and nobody but support lifts a block: `has_signed_in` says that somebody signed in after the run halted.
    pub fn is_barred(&self, has_signed_in: bool) -> bool {
        match self {
            Self::Halted(HaltReason::Refused(refused)) => match InviteRefusal::told_by(refused) {
                InviteRefusal::Invitation(SuspiciousActivity | InvitationsNotAllowed)
                | InviteRefusal::Common(CommonRefusal::MissingPermission) => !has_signed_in,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_was_stopped_tells_what_is_left_only_where_something_is() {
        let ending = |tally: Tally| RunStatus::Stopped.ending(&tally);
        assert_eq!(ending(Tally { invited: 3, ..Tally::default() }), "Stopped. 3 of 3 invited.");
        let tally = Tally { invited: 260, not_sent: 1191, ..Tally::default() };
        assert_eq!(ending(tally), "Stopped. 260 of 1,451 invited; 1,191 not sent.");
    }
}
