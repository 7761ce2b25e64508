//! A reply that is not a success: everything that it tells, and whether to ask again. Which refusal it is, `refusal.rs` and each operation
//! tell by it.

use super::Reply;
use super::challenge::{self, Challenge};
use super::mail::SendMailRefusal;
use super::refusal::{CommonRefusal, Recognised};
use json::{Members, Raw, text};
use serde::Deserialize;
use time::Millis;

/// Whether and when the same thing may be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// The same would be refused again: somebody has to change something first.
    Never,
    /// Nothing happened, or nothing that could do harm twice; ask again after this long, at the earliest.
    After(Millis),
    /// The token has expired or misses a claim; sign in, then ask again.
    AfterSignIn,
    /// It may have happened. Look before asking again.
    LookFirst,
}

/// What a reply demands to be proved before Graph goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Demanded {
    /// It holds no claims challenge.
    #[default]
    Nothing,
    /// The JSON object of a claims challenge, to be handed to the identity platform as it is.
    Claims(String),
    /// A claims challenge that cannot be read: [`Problem::message`] says why.
    Unreadable,
}

/// Everything that one failed reply told: facts alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Of HTTP; in a batch that of the item. 0 where no answer came.
    pub status: u16,
    /// `error.code`; empty where the body was no error in Graph's form. <https://learn.microsoft.com/graph/errors>
    pub code: String,
    /// The innermost code below `error.innerError`, which says more than [`Self::code`] where a service behind Graph refused.
    /// <https://learn.microsoft.com/graph/errors#error-resource-type>
    pub inner_code: Option<String>,
    /// Graph's own text, which may change, with a note of this crate's where a claims challenge cannot be read; of a success that cannot be
    /// read this crate's own diagnostic alone. In English, for developers: no sentence for a user.
    pub message: String,
    /// What Microsoft's support asks for: from the error, else from the header `request-id`.
    pub request_id: Option<String>,
    /// As [`super::Headers::retry_after`] reads it: 0 … 3600 s.
    pub retry_after: Option<Millis>,
    /// What is to be proved first.
    pub demanded: Demanded,
    /// It is a success whose body is not in the expected shape.
    pub is_unreadable: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorEnvelope {
    error: ErrorBody,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    code: String,
    message: String,
    #[serde(rename = "innerError", alias = "innererror")]
    inner: Option<Raw>,
}

/// What stands below `error.innerError`: the innermost code, and the outermost request id. What is in no known form tells nothing, and
/// takes nothing else with it.
fn inner_facts(inner: Option<Raw>) -> (Option<String>, Option<String>) {
    let (mut code, mut request_id) = (None, None);
    let mut next = inner;
    while let Some(members) = next.and_then(|raw| serde_json::from_str::<Members>(raw.get()).ok()) {
        let get = |name: &str| members.get(name).and_then(text).filter(|text| !text.is_empty());
        code = get("code").or(code);
        request_id = request_id.or_else(|| get("request-id"));
        next = members.get("innerError").or_else(|| members.get("innererror")).map(ToOwned::to_owned);
    }
    (code, request_id)
}

impl Problem {
    /// What a reply tells that is not a success. A body in another form than Graph's leaves code and message empty.
    pub fn from_reply(reply: &Reply) -> Self {
        let envelope: ErrorEnvelope = serde_json::from_str(&reply.body).unwrap_or_default();
        let ErrorBody { code, mut message, inner } = envelope.error;
        let demanded = match challenge::read(&reply.headers.all("WWW-Authenticate")) {
            Some(Challenge::Claims(claims)) => Demanded::Claims(claims),
            Some(Challenge::Unusable(why)) => {
                message.push_str(&format!(" (claims challenge: {why})"));
                Demanded::Unreadable
            }
            None => Demanded::Nothing,
        };
        let (inner_code, request_id) = inner_facts(inner);
        let request_id = request_id.or_else(|| reply.headers.get("request-id").map(Into::into));
        let retry_after = reply.headers.retry_after();
        Self { status: reply.status, code, inner_code, message, request_id, retry_after, demanded, is_unreadable: false }
    }

    pub(super) fn unreadable(reply: &Reply, why: &str) -> Self {
        Self { is_unreadable: true, message: why.into(), ..Self::from_reply(reply) }
    }

    /// What any call may meet; `None` where the refusals of an operation tell more: [`crate::invitations::InvitationRefusal`],
    /// [`SendMailRefusal`], [`crate::entitlement::EntitlementRefusal`].
    pub fn common(&self) -> Option<CommonRefusal> {
        if let Recognised::Common(common) = Recognised::by(self) { Some(common) } else { None }
    }

    /// Whether this may be refused for want of a permission: Graph says so, or Exchange or entitlement management denies access, which does
    /// not tell.
    pub fn may_lack_permission(&self) -> bool {
        matches!(
            Recognised::by(self),
            Recognised::Common(CommonRefusal::MissingPermission)
                | Recognised::Mail(SendMailRefusal::AccessDenied)
                | Recognised::NotEntitled
        )
    }

    /// The claims that it demands, where they can be read.
    pub fn claims(&self) -> Option<&str> {
        if let Demanded::Claims(claims) = &self.demanded { Some(claims) } else { None }
    }

    /// Whether and when a write that met this may be asked again. `waited` is how often this was asked before: without Retry-After the wait
    /// doubles from 2 s to 64 s. <https://learn.microsoft.com/graph/throttling>: honour Retry-After, else back off exponentially.
    pub fn again(&self, waited: u32) -> Again {
        use CommonRefusal::{ClaimsChallenge, NotYetUsable, ServiceBusy, Throttled, TokenExpired};
        match self.common() {
            _ if !self.was_not_done() => Again::LookFirst,
            Some(Throttled | ServiceBusy | NotYetUsable) => Again::After(self.wait(waited)),
            Some(TokenExpired | ClaimsChallenge) if !self.is_unreadable_challenge() => Again::AfterSignIn,
            _ => Again::Never,
        }
    }

    /// As [`Self::again`], for what only reads or harms nobody when it is done twice: nothing has to be looked into first.
    pub fn again_harmless(&self, waited: u32) -> Again {
        match self.again(waited) {
            Again::LookFirst if self.status == 401 => Again::AfterSignIn,
            Again::LookFirst if self.is_refusal() => Again::Never,
            Again::LookFirst => Again::After(self.wait(waited)),
            other => other,
        }
    }

    /// Whether a fresh token has to be had before anything else is asked: this one was not taken, whoever says so, and whatever became of
    /// the request.
    pub fn wants_fresh_token(&self) -> bool {
        self.again_harmless(0) == Again::AfterSignIn
    }

    fn wait(&self, waited: u32) -> Millis {
        self.retry_after.unwrap_or(Millis::backoff(waited))
    }

    /// Whether this reply says for certain that a write was not done: Graph's own refusal of the request (4xx), or Graph itself too
    /// busy. A token that Graph does not take is refused in its own form, too (`InvalidAuthenticationToken`), or by a claims challenge,
    /// which nobody else has reason to make. A gateway that gives up (502, 503, 504 in a form of its own, 408 and 499 after its own
    /// patience) or answers in Graph's place (401 once a sign-in of its own has ended) knows nothing of what became of the request behind
    /// it: some look at answers, too. Nor does a failure in the midst of it (500), a redirect or a success that cannot be read tell.
    /// <https://www.rfc-editor.org/rfc/rfc9110#section-15.6>, <https://learn.microsoft.com/graph/errors>
    pub const fn was_not_done(&self) -> bool {
        match self.status {
            429 | 503 => self.is_graphs_word(),
            _ => self.is_refusal() && self.is_graphs_word(),
        }
    }

    /// Whether whoever answered refused the request as it was, in the end.
    const fn is_refusal(&self) -> bool {
        is_refusal(self.status)
    }

    /// Whether something on the way refused the request as it was, in Graph's place.
    pub const fn is_refused_on_the_way(&self) -> bool {
        self.is_refusal() && !self.is_graphs_word()
    }

    /// Whether Graph itself says that this person or app may not.
    pub const fn is_graphs_denial(&self) -> bool {
        matches!(self.status, 401 | 403) && self.is_graphs_word()
    }

    /// Whether the body was an error in Graph's own form, which always names a code, or a header a claims challenge.
    /// <https://learn.microsoft.com/graph/errors>, <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
    const fn is_graphs_word(&self) -> bool {
        !self.code.is_empty() || !matches!(self.demanded, Demanded::Nothing)
    }

    /// Whether it is a claims challenge that cannot be read: signing in again proves nothing that was asked for.
    pub const fn is_unreadable_challenge(&self) -> bool {
        matches!(self.demanded, Demanded::Unreadable) && !self.is_unreadable
    }
}

/// Whether this status refuses a request as it was, in the end.
const fn is_refusal(status: u16) -> bool {
    status >= 400 && status < 500 && !matches!(status, 408 | 429 | 499)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headers;
    use crate::invitations::InvitationRefusal;

    fn reply(status: u16, code: &str, message: &str) -> Reply {
        let body = serde_json::json!({"error": {"code": code, "message": message, "innerError": {"request-id": "r-1"}}});
        Reply { status, headers: Headers::default(), body: body.to_string() }
    }

    #[test]
    fn the_error_catalogue_is_recognised() {
        let check = |status, message: &str, told, again| {
            let problem = Problem::from_reply(&reply(status, "BadRequest", message));
            assert_eq!((Recognised::by(&problem), problem.again(0)), (told, again), "{status} {message}");
            assert_eq!(problem.request_id.as_deref(), Some("r-1"));
        };
        let later = Again::After(Millis::seconds(2));
        check(
            403,
            "Invitations are blocked for this directory due to suspicious activity.",
            Recognised::Invitation(InvitationRefusal::SuspiciousActivity),
            Again::Never,
        );
        check(
            403,
            "Guest invitations not allowed for your company. Contact your company administrator.",
            Recognised::Invitation(InvitationRefusal::InvitationsNotAllowed),
            Again::Never,
        );
        check(
            403,
            "Insufficient privileges to complete the operation.",
            Recognised::Common(CommonRefusal::MissingPermission),
            Again::Never,
        );
        check(
            403,
            "Missing scope permissions on the request. API requires one of 'Chat.Create'.",
            Recognised::Common(CommonRefusal::MissingPermission),
            Again::Never,
        );
        check(
            403,
            "The directory object quota limit for the Principal has been exceeded.",
            Recognised::Invitation(InvitationRefusal::ObjectQuota),
            Again::Never,
        );
        check(403, "Something new", Recognised::Common(CommonRefusal::Forbidden), Again::Never);
        check(
            400,
            "The user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
            Recognised::Invitation(InvitationRefusal::OwnDomain),
            Again::Never,
        );
        check(
            400,
            "The invited user already exists in the directory as object ID: 6fb9.",
            Recognised::Invitation(InvitationRefusal::AlreadyInDirectory),
            Again::Never,
        );
        check(
            412,
            "The invited user already exists as object ID 6fb9, but the account is blocked from signing in.",
            Recognised::Invitation(InvitationRefusal::AccountBlocked),
            Again::Never,
        );
        check(
            400,
            "The Primary SMTP Address is an invalid value.",
            Recognised::Invitation(InvitationRefusal::AddressRefused),
            Again::Never,
        );
        check(400, "Group email address is not supported", Recognised::Invitation(InvitationRefusal::GroupAddress), Again::Never);
        check(
            400,
            "This invitation is blocked by cross-tenant access settings.",
            Recognised::Invitation(InvitationRefusal::CrossTenantBlocked),
            Again::Never,
        );
        check(500, "Unable to find target address", Recognised::Common(CommonRefusal::TargetNotFound), Again::LookFirst);
        check(401, "Access token has expired.", Recognised::Common(CommonRefusal::TokenExpired), Again::AfterSignIn);
        check(429, "Please retry", Recognised::Common(CommonRefusal::Throttled), later);
        check(503, "", Recognised::Common(CommonRefusal::ServiceBusy), later);
        check(500, "Something", Recognised::Common(CommonRefusal::Unknown), Again::LookFirst);
        check(418, "Something", Recognised::Common(CommonRefusal::Unknown), Again::Never);
    }

    #[test]
    fn the_innermost_code_is_read_and_what_is_in_no_known_form_takes_nothing_with_it() {
        let check = |inner: &str, code: Option<&str>, request_id: Option<&str>| {
            let body = format!(r#"{{"error":{{"code":"Forbidden","message":"m",{inner}}}}}"#);
            let problem = Problem::from_reply(&Reply { status: 403, headers: Headers::default(), body });
            assert_eq!((problem.code.as_str(), problem.message.as_str()), ("Forbidden", "m"), "{inner}");
            assert_eq!((problem.inner_code.as_deref(), problem.request_id.as_deref()), (code, request_id), "{inner}");
        };
        check(r#""innerError":{"date":"2026-11-26T20:00:00","request-id":"r"}"#, None, Some("r"));
        check(
            r#""innererror":{"code":"a","innererror":{"code":"b","innerError":{"request-id":"s"}},"request-id":"r"}"#,
            Some("b"),
            Some("r"),
        );
        check(r#""innerError":{"innererror":{"code":"b","request-id":"s"}}"#, Some("b"), Some("s"));
        check(r#""innerError":{"code":"a","innererror":{"code":""}}"#, Some("a"), None);
        check(r#""innerError":null"#, None, None);
        check(r#""innerError":"x""#, None, None);
        check(r#""innerError":{"code":7,"request-id":[],"innererror":[{"code":"b"}]}"#, None, None);
    }

    #[test]
    fn only_graphs_own_word_proves_that_nothing_was_done() {
        let bodies =
            ["", "<html>503</html>", "{}", r#"{"error":"busy"}"#, r#"{"error":{"code":""}}"#, r#"{"error":{"code":"ServiceUnavailable"}}"#];
        for status in 200..600 {
            for body in bodies {
                let problem = Problem::from_reply(&Reply { status, headers: Headers::default(), body: body.into() });
                let is_undone = match status {
                    408 | 499 => false,
                    400..500 | 503 => body.contains("ServiceUnavailable"),
                    _ => false,
                };
                assert_eq!(problem.again(0) != Again::LookFirst, is_undone, "{status} {body}");
                assert_ne!(problem.again_harmless(0), Again::LookFirst, "{status} {body}");
                assert_eq!(problem.wants_fresh_token(), status == 401, "{status} {body}");
            }
        }
    }

    #[test]
    fn a_body_that_is_no_json_is_a_problem_without_text() {
        let reply = Reply { status: 404, headers: Headers::default(), body: "<html>".into() };
        assert_eq!(Recognised::by(&Problem::from_reply(&reply)), Recognised::Common(CommonRefusal::NotGraphs), "Graph names a code");
        assert_eq!(
            Recognised::by(&Problem::from_reply(&self::reply(404, "Request_ResourceNotFound", ""))),
            Recognised::Common(CommonRefusal::NotFound)
        );
        assert_eq!(Recognised::by(&Problem::from_reply(&Reply { status: 503, ..reply })), Recognised::Common(CommonRefusal::ServiceBusy));
    }

    /// What Graph answers in a case of `tests/cases`.
    fn answer(text: &str) -> Problem {
        #[derive(Deserialize)]
        struct RecordedAnswer<'a> {
            status: u16,
            #[serde(borrow)]
            body: &'a serde_json::value::RawValue,
        }
        let RecordedAnswer { status, body } = serde_json::from_str(text).unwrap();
        Problem::from_reply(&Reply { status, headers: Headers::default(), body: body.get().into() })
    }

    // Case 26
    #[test]
    fn a_used_up_quota_of_objects_is_no_missing_permission() {
        for text in [
            include_str!("../tests/cases/26-directory-quota/answer-principal.json"),
            include_str!("../tests/cases/26-directory-quota/answer-tenant.json"),
        ] {
            let problem = answer(text);
            assert_eq!(
                (Recognised::by(&problem), problem.again(0)),
                (Recognised::Invitation(InvitationRefusal::ObjectQuota), Again::Never)
            );
            assert!(!problem.may_lack_permission());
        }
    }

    #[test]
    fn only_what_is_known_to_be_a_missing_permission_is_called_so() {
        let told = |code: &str, message: &str| Recognised::by(&Problem::from_reply(&reply(403, code, message)));
        assert_eq!(told("Authorization_RequestDenied", ""), Recognised::Common(CommonRefusal::MissingPermission));
        assert_eq!(told("AccessDenied", "Access is denied."), Recognised::Common(CommonRefusal::MissingPermission));
        for code in ["Forbidden", "UnknownError", "Directory_ResultSizeLimitExceeded", "AclCheckFailed", "NewCode2027"] {
            assert_eq!(told(code, "made up"), Recognised::Common(CommonRefusal::Forbidden), "{code}");
        }
        for body in ["", "<html>403</html>", "{}"] {
            let problem = Problem::from_reply(&Reply { status: 403, headers: Headers::default(), body: body.into() });
            assert_eq!(
                (Recognised::by(&problem), problem.again(0), problem.again_harmless(0)),
                (Recognised::Common(CommonRefusal::NotGraphs), Again::LookFirst, Again::Never)
            );
            assert!(!problem.is_graphs_denial(), "{body}");
        }
    }

    #[test]
    fn a_mailbox_that_cannot_send_says_so_by_its_codes() {
        for (code, told) in [
            ("ErrorQuotaExceeded", Recognised::Mail(SendMailRefusal::MailboxFull)),
            ("ErrorMessageSubmissionBlocked", Recognised::Mail(SendMailRefusal::SenderRestricted)),
            ("ErrorAccountSuspend", Recognised::Mail(SendMailRefusal::SenderRestricted)),
            ("ErrorExceededMessageLimit", Recognised::Mail(SendMailRefusal::MailLimit)),
            ("ErrorExceededMaxRecipientLimitBlock", Recognised::Mail(SendMailRefusal::MailLimit)),
            ("ErrorSubmissionQuotaExceeded", Recognised::Mail(SendMailRefusal::MailLimit)),
            ("MailboxNotEnabledForRESTAPI", Recognised::Mail(SendMailRefusal::NoMailbox)),
            ("Authorization_RequestDenied", Recognised::Common(CommonRefusal::MissingPermission)),
            ("ErrorInvalidRecipients", Recognised::Mail(SendMailRefusal::RecipientRefused)),
        ] {
            assert_eq!(Recognised::by(&Problem::from_reply(&reply(403, code, ""))), told, "{code}");
        }
    }

    #[test]
    fn a_claims_challenge_is_decoded_or_told_as_one_that_cannot_be_met() {
        let challenged = |claims: &str| {
            let header = format!(r#"Bearer realm="", claims="{claims}", error="insufficient_claims""#);
            Problem::from_reply(&Reply { status: 401, headers: Headers::default().with("www-authenticate", header), body: String::new() })
        };
        let problem = challenged("eyJhY2Nlc3NfdG9rZW4iOnt9fQ==");
        assert_eq!(
            (Recognised::by(&problem), problem.claims()),
            (Recognised::Common(CommonRefusal::ClaimsChallenge), Some(r#"{"access_token":{}}"#))
        );
        assert_eq!((problem.again(0), problem.is_unreadable_challenge()), (Again::AfterSignIn, false));
        let problem = challenged("%%%");
        assert_eq!(
            (Recognised::by(&problem), problem.again(0), problem.claims()),
            (Recognised::Common(CommonRefusal::ClaimsChallenge), Again::Never, None)
        );
        assert!(problem.is_unreadable_challenge() && problem.message.contains("not base64"));
    }
}
