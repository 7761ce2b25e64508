//! What a refusal means for the whole run: whether it holds for every row, and whether another one is the same.

use graph::problem::ProblemKind;
use graph::{Headers, Problem, Reply};

/// Nothing came back, however often it was asked.
pub(super) fn unanswered() -> Problem {
    let problem = Problem::from_reply(&Reply { status: 0, headers: Headers::default(), body: String::new() });
    Problem { kind: ProblemKind::ServiceBusy, message: "No answer came.".into(), ..problem }
}

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

/// Whether two refusals are the same, of those that this page cannot explain. Of 403 the code tells; other codes stand for much, so there
/// the words have to be the same, too.
pub(super) fn is_as_unknown_as(one: &Problem, other: &Problem) -> bool {
    let is_unknown = matches!(one.kind, ProblemKind::Forbidden | ProblemKind::Unknown) && one.kind == other.kind && one.was_not_done();
    is_unknown && one.code == other.code && (one.kind == ProblemKind::Forbidden || one.message == other.message)
}

#[cfg(test)]
mod tests {
    use super::*;

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
