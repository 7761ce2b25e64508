//! What whoever invites may be refused for, and which of that holds for every row.

use crate::refused::Refused;
use graph::invitations::InvitationRefusal;
use graph::mail::SendMailRefusal;
use graph::{CommonRefusal, Refusal};

/// Why a guest is not invited, or has no letter: what its call alone meets, or any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteRefusal {
    Invitation(InvitationRefusal),
    /// Sending meets all that laying down drafts does.
    Letter(SendMailRefusal),
    /// Also a missing permission, whatever was asked.
    Common(CommonRefusal),
}

impl InviteRefusal {
    /// Each by its name on disk, where refusals of all calls lie side by side.
    const TABLE: [(&str, Self); 31] = [
        ("SuspiciousActivity", Self::Invitation(InvitationRefusal::SuspiciousActivity)),
        ("InvitationsNotAllowed", Self::Invitation(InvitationRefusal::InvitationsNotAllowed)),
        ("MissingPermission", Self::Common(CommonRefusal::MissingPermission)),
        ("Forbidden", Self::Common(CommonRefusal::Forbidden)),
        ("ObjectQuota", Self::Invitation(InvitationRefusal::ObjectQuota)),
        ("OwnDomain", Self::Invitation(InvitationRefusal::OwnDomain)),
        ("AlreadyInDirectory", Self::Invitation(InvitationRefusal::AlreadyInDirectory)),
        ("AccountBlocked", Self::Invitation(InvitationRefusal::AccountBlocked)),
        ("AddressRefused", Self::Invitation(InvitationRefusal::AddressRefused)),
        ("GroupAddress", Self::Invitation(InvitationRefusal::GroupAddress)),
        ("DomainNotAllowed", Self::Invitation(InvitationRefusal::DomainNotAllowed)),
        ("CrossTenantBlocked", Self::Invitation(InvitationRefusal::CrossTenantBlocked)),
        ("CrossCloudDisabled", Self::Invitation(InvitationRefusal::CrossCloudDisabled)),
        ("ProxyConflict", Self::Invitation(InvitationRefusal::ProxyConflict)),
        ("TargetNotFound", Self::Common(CommonRefusal::TargetNotFound)),
        ("RedirectRefused", Self::Invitation(InvitationRefusal::RedirectRefused)),
        ("TokenExpired", Self::Common(CommonRefusal::TokenExpired)),
        ("ClaimsChallenge", Self::Common(CommonRefusal::ClaimsChallenge)),
        ("Throttled", Self::Common(CommonRefusal::Throttled)),
        ("ServiceBusy", Self::Common(CommonRefusal::ServiceBusy)),
        ("NotYetUsable", Self::Common(CommonRefusal::NotYetUsable)),
        ("NoMailbox", Self::Letter(SendMailRefusal::NoMailbox)),
        ("MailRefused", Self::Letter(SendMailRefusal::AccessDenied)),
        ("MailLimit", Self::Letter(SendMailRefusal::MailLimit)),
        ("MailboxFull", Self::Letter(SendMailRefusal::MailboxFull)),
        ("SenderRestricted", Self::Letter(SendMailRefusal::SenderRestricted)),
        ("RecipientRefused", Self::Letter(SendMailRefusal::RecipientRefused)),
        ("NotFound", Self::Common(CommonRefusal::NotFound)),
        ("NotGraphs", Self::Common(CommonRefusal::NotGraphs)),
        ("Unreadable", Self::Common(CommonRefusal::Unreadable)),
        ("Unknown", Self::Common(CommonRefusal::Unknown)),
    ];

    /// What it can be called on disk.
    pub const NAMES: [&str; 31] = {
        let (mut names, mut place) = ([""; 31], 0);
        while place < names.len() {
            names[place] = Self::TABLE[place].0;
            place += 1;
        }
        names
    };

    pub fn told_by(refused: &Refused) -> Self {
        if let Some(written) = refused.written_as.and_then(Self::by_name) {
            return written;
        }
        let problem = &refused.problem;
        if let Some(common) = problem.common() {
            return Self::Common(common);
        }
        let of_letters = || SendMailRefusal::told_by(problem).map(Self::Letter);
        let told = InvitationRefusal::told_by(problem).map(Self::Invitation).or_else(of_letters);
        told.unwrap_or(Self::Common(CommonRefusal::Unknown))
    }

    /// What it is called on disk.
    pub fn name(self) -> &'static str {
        Self::TABLE.iter().find(|(_, one)| *one == self).map_or("MissingPermission", |(name, _)| name)
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(one, _)| *one == name).map(|(_, refusal)| *refusal)
    }
}

/// Whether every further row would meet the same refusal, so that asking on only does harm.
pub(super) fn halts_the_run(refused: &Refused) -> bool {
    use InvitationRefusal::{InvitationsNotAllowed, ObjectQuota, SuspiciousActivity};
    match InviteRefusal::told_by(refused) {
        InviteRefusal::Invitation(SuspiciousActivity | InvitationsNotAllowed | ObjectQuota) => true,
        InviteRefusal::Common(common) => refused.holds_for_all(common),
        InviteRefusal::Invitation(_) | InviteRefusal::Letter(_) => false,
    }
}

/// Whether no further letter could leave this mailbox either.
pub(super) fn halts_letters(refused: &Refused) -> bool {
    match InviteRefusal::told_by(refused) {
        InviteRefusal::Letter(refusal) => refusal != SendMailRefusal::RecipientRefused,
        InviteRefusal::Common(common) => refused.holds_for_all(common),
        InviteRefusal::Invitation(_) => false,
    }
}

/// Whether no further chat could be opened either.
pub(super) fn halts_chats(refused: &Refused) -> bool {
    matches!(InviteRefusal::told_by(refused), InviteRefusal::Common(common) if refused.holds_for_all(common))
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::{Headers, Problem, Reply};

    fn refused(status: u16, code: &str) -> Refused {
        let body = if code.is_empty() { String::new() } else { format!(r#"{{"error":{{"code":"{code}"}}}}"#) };
        Problem::from_reply(&Reply { status, headers: Headers::default(), body }).into()
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
            let headers = Headers::default().with("www-authenticate", header);
            Refused::from(Problem::from_reply(&Reply { status: 401, headers, body: String::new() }))
        };
        let readable = challenged("eyJhY2Nlc3NfdG9rZW4iOnt9fQ==");
        assert!(!halts_the_run(&readable) && !halts_letters(&readable));
        assert!(halts_the_run(&challenged("%%%")) && halts_letters(&challenged("%%%")));
    }

    #[test]
    fn each_refusal_has_a_name_of_its_own_and_what_was_written_down_holds() {
        for name in InviteRefusal::NAMES {
            let refusal = InviteRefusal::by_name(name).unwrap();
            assert_eq!(refusal.name(), name);
            assert_eq!(InviteRefusal::told_by(&Refused { written_as: Some(name), ..refused(403, "NewCode2027") }), refusal);
        }
        assert_eq!(InviteRefusal::told_by(&refused(403, "NewCode2027")).name(), "Forbidden");
        assert_eq!(InviteRefusal::told_by(&refused(403, "ErrorQuotaExceeded")).name(), "MailboxFull");
        assert_eq!(InviteRefusal::told_by(&refused(403, "Authorization_RequestDenied")).name(), "MissingPermission");
        assert_eq!(InviteRefusal::told_by(&refused(403, "Directory_QuotaExceeded")).name(), "ObjectQuota");
        assert_eq!(InviteRefusal::by_name("OfLaterVersions"), None);
    }
}
