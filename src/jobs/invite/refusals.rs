//! Which refusals hold for every row.

use graph::Problem;
use graph::problem::ProblemKind;

/// Whether every further row would meet the same refusal, so that asking on only does harm.
pub(super) const fn halts_the_run(problem: &Problem) -> bool {
    use ProblemKind::{InvitationsNotAllowed, MissingPermission, ObjectQuota, SuspiciousActivity};
    let of_all = matches!(problem.kind, SuspiciousActivity | InvitationsNotAllowed | MissingPermission | ObjectQuota);
    of_all || is_barred_on_the_way(problem) || problem.is_unreadable_challenge()
}

/// Whether no further letter could leave this mailbox either.
pub(super) const fn halts_letters(problem: &Problem) -> bool {
    use ProblemKind::{MailLimit, MailRefused, MailboxFull, MissingPermission, NoMailbox, SenderRestricted};
    let of_all = matches!(problem.kind, NoMailbox | MailRefused | MailLimit | MailboxFull | SenderRestricted | MissingPermission);
    of_all || is_barred_on_the_way(problem) || problem.is_unreadable_challenge()
}

/// Whether something on the way lets nothing through: a proxy that wants a sign-in of its own or forbids Graph.
const fn is_barred_on_the_way(problem: &Problem) -> bool {
    matches!(problem.kind, ProblemKind::NotGraphs) && matches!(problem.status, 403 | 407 | 451)
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::{Headers, Reply};

    fn refused(status: u16, code: &str) -> Problem {
        let body = if code.is_empty() { String::new() } else { format!(r#"{{"error":{{"code":"{code}"}}}}"#) };
        Problem::from_reply(&Reply { status, headers: Headers::default(), body })
    }

    #[test]
    fn what_holds_for_every_row_halts_the_run() {
        for code in ["Directory_QuotaExceeded", "Authorization_RequestDenied"] {
            assert!(halts_the_run(&refused(403, code)), "{code}");
        }
        assert!(!halts_the_run(&refused(400, "BadRequest")) && !halts_the_run(&refused(403, "NewCode2027")));
        for status in [403, 407, 451] {
            assert!(halts_the_run(&refused(status, "")) && halts_letters(&refused(status, "")), "{status}");
        }
        assert!(!halts_the_run(&refused(404, "")));
    }

    #[test]
    fn a_mailbox_that_cannot_send_halts_the_letters() {
        for code in ["ErrorQuotaExceeded", "ErrorAccountSuspend", "ErrorExceededMessageLimit", "MailboxNotEnabledForRESTAPI"] {
            assert!(halts_letters(&refused(403, code)) && !halts_the_run(&refused(403, code)), "{code}");
        }
        assert!(!halts_letters(&refused(400, "ErrorInvalidRecipients")));
    }

    #[test]
    fn a_challenge_halts_everything_only_where_nobody_can_meet_it() {
        let challenged = |claims: &str| {
            let header = format!(r#"Bearer realm="", claims="{claims}", error="insufficient_claims""#);
            Problem::from_reply(&Reply { status: 401, headers: Headers::default().with("www-authenticate", header), body: String::new() })
        };
        let readable = challenged("eyJhY2Nlc3NfdG9rZW4iOnt9fQ==");
        assert!(!halts_the_run(&readable) && !halts_letters(&readable));
        assert!(halts_the_run(&challenged("%%%")) && halts_letters(&challenged("%%%")));
    }
}
