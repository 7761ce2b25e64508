//! A reply that is not a success: what it means, and whether to ask again.
//!
//! Graph's `error.code` is stable, but the failures of `/invitations` share generic codes, so telling them apart needs fragments of the
//! message. What is not recognised stays [`ProblemKind::Unknown`] and keeps Graph's own text.

use super::Reply;
use super::challenge::{self, Challenge};
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

/// What a refusal means. One value per thing that a person would do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Microsoft's abuse detection blocks invitations for the whole tenant; only its support lifts that.
    SuspiciousActivity,
    /// The tenant's guest invite settings do not let this person invite.
    InvitationsNotAllowed,
    /// The person's role does not cover it, or the app lacks consent: Graph does not tell which.
    MissingPermission,
    /// Refused with 403, and not for a reason that is known.
    Forbidden,
    /// No more directory objects may be made: by this person, or in this tenant.
    ObjectQuota,
    /// The address is of a verified domain of the inviting tenant, so nobody can be its guest by it.
    OwnDomain,
    /// The address belongs to a user of the tenant who is no guest.
    AlreadyInDirectory,
    /// The guest is there already, and may not sign in.
    AccountBlocked,
    /// Graph does not take the address: not SMTP's, or with characters that invitations do not allow.
    AddressRefused,
    /// The address of a group: only people are invited.
    GroupAddress,
    /// The tenant's list of allowed or blocked domains keeps the guest's out.
    DomainNotAllowed,
    /// Cross-tenant access settings, of this tenant or the guest's, do not allow it.
    CrossTenantBlocked,
    /// The guest's account is of another national cloud, and the tenant does not work with that.
    CrossCloudDisabled,
    /// Another object, such as a contact, has the address among its proxy addresses.
    ProxyConflict,
    /// One of Microsoft's services did not find another; nothing that whoever asks could change.
    TargetNotFound,
    /// `inviteRedirectUrl` is no address that Graph takes.
    RedirectRefused,
    /// 401 without a claims challenge: the token has ended or is not taken.
    TokenExpired,
    /// The token lacks a proof: [`Problem::claims`] says which, where that can be read.
    ClaimsChallenge,
    /// 429: everybody waits. <https://learn.microsoft.com/graph/throttling>
    Throttled,
    /// 503, 509, or two writes to one object at once.
    ServiceBusy,
    /// The object was made a moment ago and is not known everywhere yet.
    NotYetUsable,
    /// The account has no mailbox in Exchange Online, or an inactive one.
    NoMailbox,
    /// Exchange denies access to the mailbox, or to send as its owner.
    MailRefused,
    /// The mailbox has sent all that it may for now.
    MailLimit,
    /// Over its quota a mailbox sends nothing either.
    MailboxFull,
    /// Microsoft's outbound spam protection keeps the mailbox from sending.
    SenderRestricted,
    /// Exchange does not take a recipient's address.
    RecipientRefused,
    /// 404: deleted, or not known everywhere yet.
    NotFound,
    /// Something on the way answered in Graph's place.
    NotGraphs,
    /// A success whose body is not in the expected shape.
    Unreadable,
    /// Nothing of the above: only code and message tell.
    Unknown,
}

/// Everything that one failed reply told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// By code, status and fragments of the message.
    pub kind: ProblemKind,
    /// Of HTTP; in a batch that of the item.
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
    /// The permission that what was asked for needs, where the refusal may be for want of it: `Mail.Send`.
    pub permission: Option<String>,
    /// JSON object of a claims challenge, to be handed to the identity platform as it is. `None` where there was none, or none that can be
    /// read.
    pub claims: Option<String>,
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

/// Fragments of messages, most particular first.
/// SuspiciousActivity: Microsoft Q&A 12731593. OwnDomain, AlreadyInDirectory: msgraph-beta-sdk-dotnet #798.
/// AccountBlocked: msgraph-sdk-php #301. AddressRefused: msgraph-sdk-dotnet #2786.
/// TargetNotFound: docs-contrib #1025; Graph says the same of GET /organization (msgraph-sdk-java #823) and POST /groups
/// (graph-explorer-v4 #2054), so it seems to speak of a service of its own and not of the guest.
/// CrossTenantBlocked, CrossCloudDisabled, ProxyConflict: entra-docs docs/external-id/troubleshoot.md.
/// NotYetUsable: msgraph-sdk-dotnet #2508, docs-contrib #2465.
/// MissingPermission: learn.microsoft.com/graph/resolve-auth-errors; Teams says it in the second way (MSTeamsChatExporter #9).
/// ObjectQuota: instructure/canvas-lms spec/lib/microsoft_sync/graph_service.
const FRAGMENTS: [(&str, ProblemKind); 22] = [
    ("due to suspicious activity", ProblemKind::SuspiciousActivity),
    ("Guest invitations not allowed", ProblemKind::InvitationsNotAllowed),
    ("is a verified domain of this directory", ProblemKind::OwnDomain),
    ("the account is blocked from signing in", ProblemKind::AccountBlocked),
    ("already exists in the directory as object", ProblemKind::AlreadyInDirectory),
    ("already exists as object", ProblemKind::AlreadyInDirectory),
    ("Primary SMTP Address is an invalid", ProblemKind::AddressRefused),
    ("invitedUserEmailAddress", ProblemKind::AddressRefused),
    ("Group email address is not supported", ProblemKind::GroupAddress),
    ("allow/deny list", ProblemKind::DomainNotAllowed),
    ("domain is not allowed", ProblemKind::DomainNotAllowed),
    ("blocked by cross-tenant access", ProblemKind::CrossTenantBlocked),
    ("Cross Cloud Worker application has been disabled", ProblemKind::CrossCloudDisabled),
    ("conflict in proxyAddresses", ProblemKind::ProxyConflict),
    ("Unable to find target address", ProblemKind::TargetNotFound),
    ("inviteRedirectUrl", ProblemKind::RedirectRefused),
    ("Not a valid reference update", ProblemKind::NotYetUsable),
    ("mailbox is either inactive", ProblemKind::NoMailbox),
    ("directory object quota limit", ProblemKind::ObjectQuota),
    ("Insufficient privileges", ProblemKind::MissingPermission),
    ("Missing scope permissions", ProblemKind::MissingPermission),
    ("Missing role permissions", ProblemKind::MissingPermission),
];

/// Codes that mean one thing wherever they come. ObjectQuota: as above. The others: learn.microsoft.com/graph/errors.
const CODES: [(&str, ProblemKind); 3] = [
    ("Directory_QuotaExceeded", ProblemKind::ObjectQuota),
    ("Authorization_RequestDenied", ProblemKind::MissingPermission),
    ("accessDenied", ProblemKind::MissingPermission),
];

/// Codes of a mailbox, or what they begin with. learn.microsoft.com/graph/resolve-auth-errors and
/// /exchange/client-developer/web-service-reference/responsecode. MailboxFull: microsoft-graph-docs #5607. MailLimit and
/// SenderRestricted: the codes of Microsoft's outbound spam protection in ewsjs/ews-javascript-api, Enumerations/ServiceError.
const MAILBOX: [(&str, ProblemKind); 13] = [
    ("MailboxNotEnabledForRESTAPI", ProblemKind::NoMailbox),
    ("ErrorNonExistentMailbox", ProblemKind::NoMailbox),
    ("ErrorAccessDenied", ProblemKind::MailRefused),
    ("ErrorSendAsDenied", ProblemKind::MailRefused),
    ("ErrorExceededMessageLimit", ProblemKind::MailLimit),
    ("ErrorExceededMaxRecipientLimit", ProblemKind::MailLimit),
    ("ErrorSubmissionQuotaExceeded", ProblemKind::MailLimit),
    ("ErrorQuotaExceeded", ProblemKind::MailboxFull),
    ("ErrorSendQuotaExceeded", ProblemKind::MailboxFull),
    ("ErrorMessageSubmissionBlocked", ProblemKind::SenderRestricted),
    ("ErrorAccountSuspend", ProblemKind::SenderRestricted),
    ("ErrorInvalidRecipients", ProblemKind::RecipientRefused),
    ("ErrorMissingEmailAddress", ProblemKind::RecipientRefused),
];

impl Problem {
    /// What a reply tells that is not a success. A body in another form than Graph's leaves code and message empty.
    pub fn from_reply(reply: &Reply) -> Self {
        let envelope: ErrorEnvelope = serde_json::from_str(&reply.body).unwrap_or_default();
        let ErrorBody { code, mut message, inner } = envelope.error;
        let challenge = challenge::read(&reply.headers.all("WWW-Authenticate"));
        let kind = if challenge.is_some() { ProblemKind::ClaimsChallenge } else { Self::kind_of(reply.status, &code, &message) };
        let claims = match challenge {
            Some(Challenge::Claims(claims)) => Some(claims),
            Some(Challenge::Unusable(why)) => {
                message.push_str(&format!(" (claims challenge: {why})"));
                None
            }
            None => None,
        };
        let (inner_code, request_id) = inner_facts(inner);
        let request_id = request_id.or_else(|| reply.headers.get("request-id").map(Into::into));
        let retry_after = reply.headers.retry_after();
        Self { kind, status: reply.status, code, inner_code, message, request_id, retry_after, permission: None, claims }
    }

    /// The same, met while asking for what needs this permission.
    #[must_use]
    pub fn for_permission(self, permission: &str) -> Self {
        let may_be_why = matches!(self.kind, ProblemKind::MissingPermission | ProblemKind::MailRefused);
        Self { permission: may_be_why.then(|| permission.to_owned()), ..self }
    }

    pub(super) fn unreadable(reply: &Reply, why: &str) -> Self {
        Self { kind: ProblemKind::Unreadable, message: why.into(), ..Self::from_reply(reply) }
    }

    fn kind_of(status: u16, code: &str, message: &str) -> ProblemKind {
        let lower = message.to_ascii_lowercase();
        let recognised = FRAGMENTS.iter().find(|(fragment, _)| lower.contains(&fragment.to_ascii_lowercase()));
        let of_mailbox = MAILBOX.iter().find(|(known, _)| code.starts_with(known));
        let of_code = CODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
        match (status, code) {
            _ if of_mailbox.is_some() => of_mailbox.map_or(ProblemKind::Unknown, |(_, kind)| *kind),
            (429, _) => ProblemKind::Throttled,
            // Graph always names a code, and knows more than a status.
            (_, "") if is_refusal(status) && status != 401 => ProblemKind::NotGraphs,
            // A refusal that says more goes before the code that it shares with others.
            _ if recognised.is_some() => recognised.map_or(ProblemKind::Unknown, |(_, kind)| *kind),
            _ if of_code.is_some() => of_code.map_or(ProblemKind::Unknown, |(_, kind)| *kind),
            (401, _) => ProblemKind::TokenExpired,
            (404, _) => ProblemKind::NotFound,
            (409, "Directory_ConcurrencyViolation") | (503 | 509, _) => ProblemKind::ServiceBusy,
            (300.., "") => ProblemKind::NotGraphs,
            (403, _) => ProblemKind::Forbidden,
            _ => ProblemKind::Unknown,
        }
    }

    /// Whether and when a write that met this may be asked again. `waited` is how often this was asked before: without Retry-After the wait
    /// doubles from 2 s to 64 s. <https://learn.microsoft.com/graph/throttling>: honour Retry-After, else back off exponentially.
    pub fn again(&self, waited: u32) -> Again {
        match self.kind {
            _ if !self.was_not_done() => Again::LookFirst,
            ProblemKind::Throttled | ProblemKind::ServiceBusy | ProblemKind::NotYetUsable => Again::After(self.wait(waited)),
            ProblemKind::TokenExpired | ProblemKind::ClaimsChallenge if !self.is_unreadable_challenge() => Again::AfterSignIn,
            _ => Again::Never,
        }
    }

    /// As [`Self::again`], for what only reads or harms nobody when it is done twice: nothing has to be looked into first.
    pub fn again_harmless(&self, waited: u32) -> Again {
        match self.again(waited) {
            Again::LookFirst if self.is_refusal() => Again::Never,
            Again::LookFirst => Again::After(self.wait(waited)),
            other => other,
        }
    }

    fn wait(&self, waited: u32) -> Millis {
        self.retry_after.unwrap_or(Millis::seconds(2 << waited.min(5)))
    }

    /// Whether this reply says for certain that a write was not done: Graph's own refusal of the request (4xx), or Graph itself too
    /// busy. A token that is not taken is looked at before anything else, whoever does not take it. A gateway that gives up (502,
    /// 503, 504 in a form of its own, 408 and 499 after its own patience) or answers in Graph's place knows nothing of what became
    /// of the request behind it: some look at answers, too. Nor does a failure in the midst of it (500), a redirect or a success
    /// that cannot be read tell. <https://www.rfc-editor.org/rfc/rfc9110#section-15.6>
    pub const fn was_not_done(&self) -> bool {
        match self.status {
            401 => true,
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
        self.is_refusal() && self.status != 401 && !self.is_graphs_word()
    }

    /// Whether Graph itself says that this person or app may not.
    pub const fn is_graphs_denial(&self) -> bool {
        matches!(self.status, 401 | 403) && self.is_graphs_word()
    }

    /// Whether the body was an error in Graph's own form, which always names a code. <https://learn.microsoft.com/graph/errors>
    const fn is_graphs_word(&self) -> bool {
        !self.code.is_empty()
    }

    /// Whether it is a claims challenge that cannot be read: signing in again proves nothing that was asked for.
    pub const fn is_unreadable_challenge(&self) -> bool {
        matches!(self.kind, ProblemKind::ClaimsChallenge) && self.claims.is_none()
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

    fn reply(status: u16, code: &str, message: &str) -> Reply {
        let body = serde_json::json!({"error": {"code": code, "message": message, "innerError": {"request-id": "r-1"}}});
        Reply { status, headers: Headers::default(), body: body.to_string() }
    }

    #[test]
    fn the_error_catalogue_is_recognised() {
        let check = |status, message: &str, kind, again| {
            let problem = Problem::from_reply(&reply(status, "BadRequest", message));
            assert_eq!((problem.kind, problem.again(0)), (kind, again), "{status} {message}");
            assert_eq!(problem.request_id.as_deref(), Some("r-1"));
        };
        let later = Again::After(Millis::seconds(2));
        check(403, "Invitations are blocked for this directory due to suspicious activity.", ProblemKind::SuspiciousActivity, Again::Never);
        check(
            403,
            "Guest invitations not allowed for your company. Contact your company administrator.",
            ProblemKind::InvitationsNotAllowed,
            Again::Never,
        );
        check(403, "Insufficient privileges to complete the operation.", ProblemKind::MissingPermission, Again::Never);
        check(
            403,
            "Missing scope permissions on the request. API requires one of 'Chat.Create'.",
            ProblemKind::MissingPermission,
            Again::Never,
        );
        check(403, "The directory object quota limit for the Principal has been exceeded.", ProblemKind::ObjectQuota, Again::Never);
        check(403, "Something new", ProblemKind::Forbidden, Again::Never);
        check(
            400,
            "The user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
            ProblemKind::OwnDomain,
            Again::Never,
        );
        check(400, "The invited user already exists in the directory as object ID: 6fb9.", ProblemKind::AlreadyInDirectory, Again::Never);
        check(
            412,
            "The invited user already exists as object ID 6fb9, but the account is blocked from signing in.",
            ProblemKind::AccountBlocked,
            Again::Never,
        );
        check(400, "The Primary SMTP Address is an invalid value.", ProblemKind::AddressRefused, Again::Never);
        check(400, "Group email address is not supported", ProblemKind::GroupAddress, Again::Never);
        check(400, "This invitation is blocked by cross-tenant access settings.", ProblemKind::CrossTenantBlocked, Again::Never);
        check(500, "Unable to find target address", ProblemKind::TargetNotFound, Again::LookFirst);
        check(401, "Access token has expired.", ProblemKind::TokenExpired, Again::AfterSignIn);
        check(429, "Please retry", ProblemKind::Throttled, later);
        check(503, "", ProblemKind::ServiceBusy, later);
        check(500, "Something", ProblemKind::Unknown, Again::LookFirst);
        check(418, "Something", ProblemKind::Unknown, Again::Never);
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
                    401 => true,
                    408 | 499 => false,
                    400..500 | 503 => body.contains("ServiceUnavailable"),
                    _ => false,
                };
                assert_eq!(problem.again(0) != Again::LookFirst, is_undone, "{status} {body}");
                assert_ne!(problem.again_harmless(0), Again::LookFirst, "{status} {body}");
            }
        }
    }

    #[test]
    fn a_body_that_is_no_json_is_a_problem_without_text() {
        let reply = Reply { status: 404, headers: Headers::default(), body: "<html>".into() };
        assert_eq!(Problem::from_reply(&reply).kind, ProblemKind::NotGraphs, "Graph names a code");
        assert_eq!(Problem::from_reply(&self::reply(404, "Request_ResourceNotFound", "")).kind, ProblemKind::NotFound);
        assert_eq!(Problem::from_reply(&Reply { status: 503, ..reply }).kind, ProblemKind::ServiceBusy);
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
            let problem = answer(text).for_permission("User.Invite.All");
            assert_eq!((problem.kind, problem.permission.as_deref(), problem.again(0)), (ProblemKind::ObjectQuota, None, Again::Never));
        }
    }

    #[test]
    fn only_what_is_known_to_be_a_missing_permission_is_called_so() {
        let kind = |code: &str, message: &str| Problem::from_reply(&reply(403, code, message)).kind;
        assert_eq!(kind("Authorization_RequestDenied", ""), ProblemKind::MissingPermission);
        assert_eq!(kind("AccessDenied", "Access is denied."), ProblemKind::MissingPermission);
        for code in ["Forbidden", "UnknownError", "Directory_ResultSizeLimitExceeded", "AclCheckFailed", "NewCode2027"] {
            assert_eq!(kind(code, "made up"), ProblemKind::Forbidden, "{code}");
        }
        for body in ["", "<html>403</html>", "{}"] {
            let problem = Problem::from_reply(&Reply { status: 403, headers: Headers::default(), body: body.into() });
            assert_eq!(
                (problem.kind, problem.again(0), problem.again_harmless(0)),
                (ProblemKind::NotGraphs, Again::LookFirst, Again::Never)
            );
            assert!(!problem.is_graphs_denial(), "{body}");
        }
    }

    #[test]
    fn a_mailbox_that_cannot_send_says_so_by_its_codes() {
        for (code, kind) in [
            ("ErrorQuotaExceeded", ProblemKind::MailboxFull),
            ("ErrorMessageSubmissionBlocked", ProblemKind::SenderRestricted),
            ("ErrorAccountSuspend", ProblemKind::SenderRestricted),
            ("ErrorExceededMessageLimit", ProblemKind::MailLimit),
            ("ErrorExceededMaxRecipientLimitBlock", ProblemKind::MailLimit),
            ("ErrorSubmissionQuotaExceeded", ProblemKind::MailLimit),
            ("MailboxNotEnabledForRESTAPI", ProblemKind::NoMailbox),
            ("Authorization_RequestDenied", ProblemKind::MissingPermission),
            ("ErrorInvalidRecipients", ProblemKind::RecipientRefused),
        ] {
            assert_eq!(Problem::from_reply(&reply(403, code, "")).kind, kind, "{code}");
        }
    }

    #[test]
    fn a_claims_challenge_is_decoded_or_told_as_one_that_cannot_be_met() {
        let challenged = |claims: &str| {
            let header = format!(r#"Bearer realm="", claims="{claims}", error="insufficient_claims""#);
            Problem::from_reply(&Reply { status: 401, headers: Headers::default().with("www-authenticate", header), body: String::new() })
        };
        let problem = challenged("eyJhY2Nlc3NfdG9rZW4iOnt9fQ==");
        assert_eq!((problem.kind, problem.claims.as_deref()), (ProblemKind::ClaimsChallenge, Some(r#"{"access_token":{}}"#)));
        assert_eq!((problem.again(0), problem.is_unreadable_challenge()), (Again::AfterSignIn, false));
        let problem = challenged("%%%");
        assert_eq!((problem.kind, problem.again(0), problem.claims.as_deref()), (ProblemKind::ClaimsChallenge, Again::Never, None));
        assert!(problem.is_unreadable_challenge() && problem.message.contains("not base64"));
    }
}
