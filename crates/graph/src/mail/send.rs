//! Sending a message. <https://learn.microsoft.com/graph/api/user-sendmail>

use super::{ACCEPTED, raw};
use crate::refusal::{Recognised, first_within};
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Reply, Request};

/// 202 and nothing else: accepted, not delivered. A copy lies in Sent items.
#[derive(Clone, Copy, Debug)]
pub struct SendMail<'a> {
    /// A whole Internet message (RFC 5322), as it is.
    pub message: &'a str,
}

/// Why a message is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendMailRefusal {
    /// The app lacks consent.
    MissingPermission,
    /// The account has no mailbox in Exchange Online, or an inactive one.
    NoMailbox,
    /// Exchange denies access to the mailbox, also where the app lacks consent, or to send as its owner.
    AccessDenied,
    /// The mailbox has sent all that it may for now.
    MailLimit,
    /// Over its quota a mailbox sends nothing either.
    MailboxFull,
    /// Microsoft's outbound spam protection keeps the mailbox from sending.
    SenderRestricted,
    /// Exchange does not take a recipient's address.
    RecipientRefused,
}

/// Codes of a mailbox, or what they begin with. learn.microsoft.com/graph/resolve-auth-errors and
/// /exchange/client-developer/web-service-reference/responsecode. MailboxFull: microsoft-graph-docs #5607. MailLimit and
/// SenderRestricted: the codes of Microsoft's outbound spam protection in ewsjs/ews-javascript-api, Enumerations/ServiceError.
const CODES: [(&str, SendMailRefusal); 13] = [
    ("MailboxNotEnabledForRESTAPI", SendMailRefusal::NoMailbox),
    ("ErrorNonExistentMailbox", SendMailRefusal::NoMailbox),
    ("ErrorAccessDenied", SendMailRefusal::AccessDenied),
    ("ErrorSendAsDenied", SendMailRefusal::AccessDenied),
    ("ErrorExceededMessageLimit", SendMailRefusal::MailLimit),
    ("ErrorExceededMaxRecipientLimit", SendMailRefusal::MailLimit),
    ("ErrorSubmissionQuotaExceeded", SendMailRefusal::MailLimit),
    ("ErrorQuotaExceeded", SendMailRefusal::MailboxFull),
    ("ErrorSendQuotaExceeded", SendMailRefusal::MailboxFull),
    ("ErrorMessageSubmissionBlocked", SendMailRefusal::SenderRestricted),
    ("ErrorAccountSuspend", SendMailRefusal::SenderRestricted),
    ("ErrorInvalidRecipients", SendMailRefusal::RecipientRefused),
    ("ErrorMissingEmailAddress", SendMailRefusal::RecipientRefused),
];

/// Fragments of messages. learn.microsoft.com/graph/resolve-auth-errors
const FRAGMENTS: [(&str, SendMailRefusal); 1] = [("mailbox is either inactive", SendMailRefusal::NoMailbox)];

impl Refusal for SendMailRefusal {
    /// Also where something else is asked of the mailbox.
    fn told_by(problem: &Problem) -> Option<Self> {
        match Recognised::by(problem) {
            Recognised::Mail(why) => Some(why),
            Recognised::Common(CommonRefusal::MissingPermission) => Some(Self::MissingPermission),
            Recognised::Common(_) | Recognised::Invitation(_) | Recognised::NotEntitled => None,
        }
    }
}

impl SendMailRefusal {
    pub(crate) fn by_code(code: &str) -> Option<Self> {
        CODES.iter().find(|(known, _)| code.starts_with(known)).map(|(_, why)| *why)
    }

    pub(crate) fn by_message(lower: &str) -> Option<Self> {
        first_within(lower, &FRAGMENTS)
    }
}

impl Operation for SendMail<'_> {
    type Output = ();
    type Refusal = SendMailRefusal;
    const SCOPES: &'static [&'static str] = &["Mail.Send"];
    const PACE: PaceKind = PaceKind::Mailbox;

    fn request(&self) -> Request {
        raw("/me/sendMail", self.message)
    }

    /// A page that a gateway serves as a success has brought nobody a letter.
    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        match reply.status {
            ACCEPTED => Ok(()),
            _ if reply.is_success() => Err(Problem::unreadable(reply, "a success that is not 202")),
            _ => Err(Problem::from_reply(reply)),
        }
    }

    /// The permission shows nothing of Sent items.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::AskPerson
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reply};

    const MAIL: SendMail<'_> = SendMail { message: "Subject: x\r\n\r\ny" };

    #[test]
    fn a_message_travels_as_base64_and_is_never_sent_again_unasked() {
        let request = MAIL.request();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/me/sendMail"));
        assert_eq!((request.headers.get("Content-Type"), request.body.as_deref()), (Some("text/plain"), Some("U3ViamVjdDogeA0KDQp5")));
        assert_eq!(MAIL.after_loss(), AfterLoss::AskPerson);
        assert_eq!((SendMail::SCOPES, SendMail::PACE), (&["Mail.Send"][..], PaceKind::Mailbox));
    }

    #[test]
    fn only_graphs_own_success_has_sent_something() {
        assert_eq!(MAIL.read(&reply(202, "")), Ok(()));
        for (status, body) in [(200, "<html>"), (200, "{}"), (204, "")] {
            assert_eq!(MAIL.read(&reply(status, body)).unwrap_err().common(), Some(CommonRefusal::Unreadable), "{status} {body}");
        }
        let refused = reply(429, r#"{"error":{"code":"ApplicationThrottled","message":""}}"#);
        assert_eq!(MAIL.read(&refused).unwrap_err().common(), Some(CommonRefusal::Throttled));
    }

    #[test]
    fn each_refusal_is_told_apart() {
        for (code, expected) in [
            ("Authorization_RequestDenied", SendMailRefusal::MissingPermission),
            ("MailboxNotEnabledForRESTAPI", SendMailRefusal::NoMailbox),
            ("ErrorAccessDenied", SendMailRefusal::AccessDenied),
            ("ErrorExceededMessageLimit", SendMailRefusal::MailLimit),
            ("ErrorQuotaExceeded", SendMailRefusal::MailboxFull),
            ("ErrorAccountSuspend", SendMailRefusal::SenderRestricted),
            ("ErrorInvalidRecipients", SendMailRefusal::RecipientRefused),
        ] {
            assert_eq!(MAIL.refusal(&problem(403, code, "")), Some(expected), "{code}");
        }
        let inactive = problem(404, "NewCode2027", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
        assert_eq!(MAIL.refusal(&inactive), Some(SendMailRefusal::NoMailbox));
        let own_domain = problem(400, "BadRequest", "is a verified domain of this directory");
        assert!(common().iter().chain([&own_domain]).all(|problem| MAIL.refusal(problem).is_none()));
    }
}
