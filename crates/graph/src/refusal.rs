//! What any call of Graph may be refused for, and which table tells what.
//!
//! Graph's `error.code` is stable, but many failures share generic codes, so telling them apart needs fragments of the message. What only
//! some calls meet stands beside their refusals; here stand the tables of all others, and the order in which all of them are asked.

use crate::invitations::InvitationRefusal;
use crate::mail::SendMailRefusal;
use crate::{Demanded, Problem};

/// What any call may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommonRefusal {
    /// 401 in Graph's own form, without a claims challenge: the token has ended or is not taken.
    TokenExpired,
    /// The token lacks a proof: [`Problem::demanded`] says which, where that can be read.
    ClaimsChallenge,
    /// 429: everybody waits. <https://learn.microsoft.com/graph/throttling>
    Throttled,
    /// 503, 509, or two writes to one object at once; or no answer came.
    ServiceBusy,
    /// The object was made a moment ago and is not known everywhere yet.
    NotYetUsable,
    /// The person's role does not cover it, or the app lacks consent: Graph does not tell which.
    MissingPermission,
    /// Refused with 403, and not for a reason that is known.
    Forbidden,
    /// 404: deleted, or not known everywhere yet.
    NotFound,
    /// One of Microsoft's services did not find another; nothing that whoever asks could change.
    TargetNotFound,
    /// Something on the way answered in Graph's place.
    NotGraphs,
    /// A success whose body is not in the expected shape.
    Unreadable,
    /// Nothing of the above: only code and message tell.
    Unknown,
}

/// Fragments of messages.
/// TargetNotFound: docs-contrib #1025 of an invitation; Graph says the same of GET /organization (msgraph-sdk-java #823) and POST /groups
/// (graph-explorer-v4 #2054), so it seems to speak of a service of its own and not of the guest.
/// NotYetUsable: msgraph-sdk-dotnet #2508, docs-contrib #2465.
/// MissingPermission: learn.microsoft.com/graph/resolve-auth-errors; Teams says it in the second way (MSTeamsChatExporter #9).
const FRAGMENTS: [(&str, CommonRefusal); 5] = [
    ("Unable to find target address", CommonRefusal::TargetNotFound),
    ("Not a valid reference update", CommonRefusal::NotYetUsable),
    ("Insufficient privileges", CommonRefusal::MissingPermission),
    ("Missing scope permissions", CommonRefusal::MissingPermission),
    ("Missing role permissions", CommonRefusal::MissingPermission),
];

/// Codes that mean one thing wherever they come: learn.microsoft.com/graph/errors.
const CODES: [(&str, CommonRefusal); 2] =
    [("Authorization_RequestDenied", CommonRefusal::MissingPermission), ("accessDenied", CommonRefusal::MissingPermission)];

/// What a problem is, by the table that knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recognised {
    Invitation(InvitationRefusal),
    Mail(SendMailRefusal),
    /// [`NOT_ENTITLED`]
    NotEntitled,
    Common(CommonRefusal),
}

/// 403 with this code is entitlement management's word for want of a permission, a role or a licence; not the directory's, which says
/// `Authorization_RequestDenied` (msgraph-metadata #327, msgraph-sdk-powershell #1482).
const NOT_ENTITLED: &str = "UnAuthorized";

impl Recognised {
    pub(crate) fn by(problem: &Problem) -> Self {
        let (status, code) = (problem.status, problem.code.as_str());
        let by_mailbox = SendMailRefusal::by_code(code);
        Self::Common(match by_mailbox {
            _ if problem.is_unreadable => CommonRefusal::Unreadable,
            _ if problem.demanded != Demanded::Nothing => CommonRefusal::ClaimsChallenge,
            Some(why) => return Self::Mail(why),
            None if status == 429 => CommonRefusal::Throttled,
            // Graph always names a code, and knows more than a status.
            None if problem.is_refused_on_the_way() => CommonRefusal::NotGraphs,
            None if status == 403 && code.eq_ignore_ascii_case(NOT_ENTITLED) => return Self::NotEntitled,
            None => {
                // A refusal that says more goes before the code that it shares with others.
                let lower = problem.message.to_ascii_lowercase();
                let by_message = || InvitationRefusal::by_message(&lower).map(Self::Invitation);
                let by_message = by_message().or_else(|| SendMailRefusal::by_message(&lower).map(Self::Mail));
                let by_message = by_message.or_else(|| first_within(&lower, &FRAGMENTS).map(Self::Common));
                let by_code = || InvitationRefusal::by_code(code).map(Self::Invitation).or_else(|| same(code, &CODES).map(Self::Common));
                return by_message.or_else(by_code).unwrap_or_else(|| Self::Common(by_status(status, code)));
            }
        })
    }
}

fn by_status(status: u16, code: &str) -> CommonRefusal {
    match (status, code) {
        (401, _) => CommonRefusal::TokenExpired,
        (404, _) => CommonRefusal::NotFound,
        (409, "Directory_ConcurrencyViolation") | (0 | 503 | 509, _) => CommonRefusal::ServiceBusy,
        (300.., "") => CommonRefusal::NotGraphs,
        (403, _) => CommonRefusal::Forbidden,
        _ => CommonRefusal::Unknown,
    }
}

/// What the first of these fragments means that stands in a message, which is in small letters.
pub(crate) fn first_within<T: Copy>(lower: &str, table: &[(&str, T)]) -> Option<T> {
    table.iter().find(|(fragment, _)| lower.contains(&fragment.to_ascii_lowercase())).map(|(_, why)| *why)
}

/// Which of a call's own refusals this is: by status and code, else by status and a fragment of the message. Only Graph's own word counts.
pub(crate) fn own<T: Copy>(problem: &Problem, codes: &[(u16, &str, T)], fragments: &[(u16, &str, T)]) -> Option<T> {
    if !problem.was_not_done() {
        return None;
    }
    let by_code = codes.iter().find(|(status, code, _)| *status == problem.status && code.eq_ignore_ascii_case(&problem.code));
    let lower = problem.message.to_ascii_lowercase();
    let by_text = || fragments.iter().find(|(status, text, _)| *status == problem.status && first_within(&lower, &[(*text, ())]).is_some());
    by_code.or_else(by_text).map(|(.., why)| *why)
}

/// What this code means, in capitals or not.
pub(crate) fn same<T: Copy>(code: &str, table: &[(&str, T)]) -> Option<T> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{problem, reply};

    /// All that is known by its message, most particular first.
    const MESSAGES: [(&str, Recognised); 22] = [
        ("due to suspicious activity", Recognised::Invitation(InvitationRefusal::SuspiciousActivity)),
        ("Guest invitations not allowed", Recognised::Invitation(InvitationRefusal::InvitationsNotAllowed)),
        ("is a verified domain of this directory", Recognised::Invitation(InvitationRefusal::OwnDomain)),
        ("the account is blocked from signing in", Recognised::Invitation(InvitationRefusal::AccountBlocked)),
        ("already exists in the directory as object", Recognised::Invitation(InvitationRefusal::AlreadyInDirectory)),
        ("already exists as object", Recognised::Invitation(InvitationRefusal::AlreadyInDirectory)),
        ("Primary SMTP Address is an invalid", Recognised::Invitation(InvitationRefusal::AddressRefused)),
        ("invitedUserEmailAddress", Recognised::Invitation(InvitationRefusal::AddressRefused)),
        ("Group email address is not supported", Recognised::Invitation(InvitationRefusal::GroupAddress)),
        ("allow/deny list", Recognised::Invitation(InvitationRefusal::DomainNotAllowed)),
        ("domain is not allowed", Recognised::Invitation(InvitationRefusal::DomainNotAllowed)),
        ("blocked by cross-tenant access", Recognised::Invitation(InvitationRefusal::CrossTenantBlocked)),
        ("Cross Cloud Worker application has been disabled", Recognised::Invitation(InvitationRefusal::CrossCloudDisabled)),
        ("conflict in proxyAddresses", Recognised::Invitation(InvitationRefusal::ProxyConflict)),
        ("Unable to find target address", Recognised::Common(CommonRefusal::TargetNotFound)),
        ("inviteRedirectUrl", Recognised::Invitation(InvitationRefusal::RedirectRefused)),
        ("Not a valid reference update", Recognised::Common(CommonRefusal::NotYetUsable)),
        ("mailbox is either inactive", Recognised::Mail(SendMailRefusal::NoMailbox)),
        ("directory object quota limit", Recognised::Invitation(InvitationRefusal::ObjectQuota)),
        ("Insufficient privileges", Recognised::Common(CommonRefusal::MissingPermission)),
        ("Missing scope permissions", Recognised::Common(CommonRefusal::MissingPermission)),
        ("Missing role permissions", Recognised::Common(CommonRefusal::MissingPermission)),
    ];

    /// All that is known by its code, whatever the message says.
    const MAILBOX: [(&str, Recognised); 13] = [
        ("MailboxNotEnabledForRESTAPI", Recognised::Mail(SendMailRefusal::NoMailbox)),
        ("ErrorNonExistentMailbox", Recognised::Mail(SendMailRefusal::NoMailbox)),
        ("ErrorAccessDenied", Recognised::Mail(SendMailRefusal::AccessDenied)),
        ("ErrorSendAsDenied", Recognised::Mail(SendMailRefusal::AccessDenied)),
        ("ErrorExceededMessageLimit", Recognised::Mail(SendMailRefusal::MailLimit)),
        ("ErrorExceededMaxRecipientLimit", Recognised::Mail(SendMailRefusal::MailLimit)),
        ("ErrorSubmissionQuotaExceeded", Recognised::Mail(SendMailRefusal::MailLimit)),
        ("ErrorQuotaExceeded", Recognised::Mail(SendMailRefusal::MailboxFull)),
        ("ErrorSendQuotaExceeded", Recognised::Mail(SendMailRefusal::MailboxFull)),
        ("ErrorMessageSubmissionBlocked", Recognised::Mail(SendMailRefusal::SenderRestricted)),
        ("ErrorAccountSuspend", Recognised::Mail(SendMailRefusal::SenderRestricted)),
        ("ErrorInvalidRecipients", Recognised::Mail(SendMailRefusal::RecipientRefused)),
        ("ErrorMissingEmailAddress", Recognised::Mail(SendMailRefusal::RecipientRefused)),
    ];

    /// All that is known by its code where the message does not say more.
    const OTHERS: [(&str, Recognised); 3] = [
        ("Directory_QuotaExceeded", Recognised::Invitation(InvitationRefusal::ObjectQuota)),
        ("Authorization_RequestDenied", Recognised::Common(CommonRefusal::MissingPermission)),
        ("accessDenied", Recognised::Common(CommonRefusal::MissingPermission)),
    ];

    fn is_known<'a>(table: &'a [(&str, Recognised)], is_it: impl Fn(&str) -> bool) -> Option<&'a Recognised> {
        table.iter().find(|(known, _)| is_it(known)).map(|(_, told)| told)
    }

    /// What a refusal is by status, code and message, all tables laid together.
    fn expected(status: u16, code: &str, message: &str) -> Recognised {
        use CommonRefusal as Any;
        let lower = message.to_ascii_lowercase();
        let by_mailbox = is_known(&MAILBOX, |known| code.starts_with(known));
        let by_message = is_known(&MESSAGES, |known| lower.contains(&known.to_ascii_lowercase()));
        let by_code = is_known(&OTHERS, |known| known.eq_ignore_ascii_case(code));
        let is_refusal = (400..500).contains(&status) && ![408, 429, 499].contains(&status);
        match (status, code) {
            _ if by_mailbox.is_some() => *by_mailbox.unwrap(),
            (429, _) => Recognised::Common(Any::Throttled),
            (_, "") if is_refusal => Recognised::Common(Any::NotGraphs),
            (403, "UnAuthorized" | "Unauthorized") => Recognised::NotEntitled,
            _ if by_message.is_some() => *by_message.unwrap(),
            _ if by_code.is_some() => *by_code.unwrap(),
            (401, _) => Recognised::Common(Any::TokenExpired),
            (404, _) => Recognised::Common(Any::NotFound),
            (409, "Directory_ConcurrencyViolation") | (503 | 509, _) => Recognised::Common(Any::ServiceBusy),
            (300.., "") => Recognised::Common(Any::NotGraphs),
            (403, _) => Recognised::Common(Any::Forbidden),
            _ => Recognised::Common(Any::Unknown),
        }
    }

    #[test]
    fn whatever_status_code_and_message_say_is_told_by_one_table() {
        let statuses =
            (200..600).filter(|status| status % 7 == 0).chain([400, 401, 403, 404, 408, 409, 412, 429, 499, 500, 502, 503, 504, 509]);
        let others = [
            "",
            "BadRequest",
            "Directory_ConcurrencyViolation",
            "authorization_requestdenied",
            "ErrorQuotaExceededNow",
            "UnAuthorized",
            "Unauthorized",
        ];
        let codes: Vec<&str> = MAILBOX.iter().chain(&OTHERS).map(|(code, _)| *code).chain(others).collect();
        let messages = MESSAGES.iter().flat_map(|(known, _)| [format!("So: {known}."), known.to_uppercase()]);
        let messages = messages.chain(["".into(), "made up".into(), "invitedUserEmailAddress: Insufficient privileges".into()]);
        let messages: Vec<String> = messages.collect();
        for status in statuses {
            for (code, message) in codes.iter().flat_map(|code| messages.iter().map(move |message| (code, message))) {
                let problem = problem(status, code, message);
                let told = Recognised::by(&problem);
                assert_eq!(told, expected(status, code, message), "{status} {code} {message}");
                assert_eq!(problem.common(), if let Recognised::Common(common) = told { Some(common) } else { None });
                let may_lack = matches!(
                    told,
                    Recognised::Common(CommonRefusal::MissingPermission)
                        | Recognised::Mail(SendMailRefusal::AccessDenied)
                        | Recognised::NotEntitled
                );
                assert_eq!(problem.may_lack_permission(), may_lack, "{status} {code} {message}");
            }
        }
    }

    #[test]
    fn a_success_that_cannot_be_read_and_a_challenge_go_before_all_that_is_said() {
        let refused = problem(403, "ErrorQuotaExceeded", "Insufficient privileges");
        let challenged = Problem { demanded: Demanded::Unreadable, ..refused.clone() };
        assert_eq!(challenged.common(), Some(CommonRefusal::ClaimsChallenge));
        let both = Problem { is_unreadable: true, ..challenged };
        assert_eq!((both.common(), both.is_unreadable_challenge()), (Some(CommonRefusal::Unreadable), false));
        assert_eq!(Problem::from_reply(&reply(0, "")).common(), Some(CommonRefusal::ServiceBusy), "no answer came");
    }
}
