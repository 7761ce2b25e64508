//! Laying a message down as a draft. <https://learn.microsoft.com/graph/api/user-post-messages>

use super::{SendMailRefusal, raw};
use crate::{AfterLoss, Operation, PaceKind, Problem, Refusal, Reply, Request};
use serde::Deserialize;

/// 201 with the draft, of which nothing but its id is looked at: that there is one tells Graph's success from another.
#[derive(Clone, Copy, Debug)]
pub struct CreateDraft<'a> {
    /// A whole Internet message (RFC 5322), as it is.
    pub message: &'a str,
}

/// Why there is no draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftRefusal {
    /// The app lacks consent.
    MissingPermission,
    /// The account has no mailbox in Exchange Online, or an inactive one.
    NoMailbox,
    /// Exchange denies access to the mailbox, also where the app lacks consent.
    AccessDenied,
    /// Over its quota a mailbox takes nothing more.
    MailboxFull,
}

impl Refusal for DraftRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match SendMailRefusal::told_by(problem)? {
            SendMailRefusal::MissingPermission => Some(Self::MissingPermission),
            SendMailRefusal::NoMailbox => Some(Self::NoMailbox),
            SendMailRefusal::AccessDenied => Some(Self::AccessDenied),
            SendMailRefusal::MailboxFull => Some(Self::MailboxFull),
            SendMailRefusal::MailLimit | SendMailRefusal::SenderRestricted | SendMailRefusal::RecipientRefused => None,
        }
    }
}

#[derive(Deserialize)]
struct DraftMessage {
    #[serde(rename = "id")]
    _id: String,
}

impl Operation for CreateDraft<'_> {
    type Output = ();
    type Refusal = DraftRefusal;
    const SCOPES: &'static [&'static str] = &["Mail.ReadWrite"];
    const PACE: PaceKind = PaceKind::Mailbox;

    fn request(&self) -> Request {
        raw("/me/messages", self.message)
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.read::<DraftMessage>().map(drop)
    }

    /// No address of the draft is known without its answer; whoever has the mailbox looks into Drafts.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::AskPerson
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommonRefusal;
    use crate::operation::testing::{common, problem, reply};

    const DRAFT: CreateDraft<'_> = CreateDraft { message: "Subject: x\r\n\r\ny" };

    #[test]
    fn a_draft_travels_as_base64_and_is_there_once_it_has_an_id() {
        let request = DRAFT.request();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/me/messages"));
        assert_eq!((request.headers.get("Content-Type"), request.body.as_deref()), (Some("text/plain"), Some("U3ViamVjdDogeA0KDQp5")));
        assert_eq!((CreateDraft::SCOPES, CreateDraft::PACE), (&["Mail.ReadWrite"][..], PaceKind::Mailbox));
        assert_eq!(DRAFT.after_loss(), AfterLoss::AskPerson);
        assert_eq!(DRAFT.read(&reply(201, r#"{"id":"m"}"#)), Ok(()));
        assert_eq!(DRAFT.read(&reply(200, "<html>")).unwrap_err().common(), Some(CommonRefusal::Unreadable));
    }

    #[test]
    fn each_refusal_is_told_apart() {
        for (code, expected) in [
            ("Authorization_RequestDenied", Some(DraftRefusal::MissingPermission)),
            ("MailboxNotEnabledForRESTAPI", Some(DraftRefusal::NoMailbox)),
            ("ErrorAccessDenied", Some(DraftRefusal::AccessDenied)),
            ("ErrorQuotaExceeded", Some(DraftRefusal::MailboxFull)),
            ("ErrorExceededMessageLimit", None),
        ] {
            assert_eq!(DRAFT.refusal(&problem(403, code, "")), expected, "{code}");
        }
        assert!(common().iter().all(|problem| DRAFT.refusal(problem).is_none()));
    }
}
