//! A reply that is not a success: what it means, whether to ask again, and what to tell the person.
//!
//! Graph's `error.code` is stable, but the failures of `/invitations` share generic codes, so telling them apart needs
//! fragments of the message. What is not recognised stays [`Kind::Unknown`] and keeps Graph's own text for the report.

use super::Reply;
use super::challenge::{self, Challenge};
use crate::time::Millis;
use crate::words::Words;
use serde::{Deserialize, Serialize};

/// Whether and when the same thing may be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    Never,
    /// Nothing happened, or nothing that could do harm twice; ask again after this long, at the earliest.
    After(Millis),
    /// The token has expired or misses a claim; sign in, then ask again.
    AfterSignIn,
    /// It may have happened. Look before asking again.
    LookFirst,
}

/// What a refusal means. One value per thing that a person would do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    SuspiciousActivity,
    InvitationsNotAllowed,
    MissingPermission,
    OwnDomain,
    AlreadyInDirectory,
    AccountBlocked,
    AddressRefused,
    GroupAddress,
    DomainNotAllowed,
    CrossTenantBlocked,
    CrossCloudDisabled,
    ProxyConflict,
    TargetNotFound,
    RedirectRefused,
    TokenExpired,
    ClaimsChallenge,
    Throttled,
    ServiceBusy,
    NotYetUsable,
    NoMailbox,
    MailRefused,
    MailLimit,
    RecipientRefused,
    NotFound,
    Unreadable,
    Unknown,
}

/// Everything that one failed reply told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: Kind,
    pub status: u16,
    pub code: String,
    /// Graph's own text: not localised, may change, belongs under "details".
    pub message: String,
    pub request_id: Option<String>,
    pub retry_after: Option<Millis>,
    /// JSON of a claims challenge, to be handed to the identity platform. Journals of earlier pages may hold base64 here:
    /// nobody reads it from there, and what is no JSON object is never sent (`identity::authorize`).
    pub claims: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    error: ErrorBody,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    code: String,
    message: String,
    #[serde(rename = "innerError", alias = "innererror")]
    inner: Inner,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Inner {
    #[serde(rename = "request-id")]
    request_id: Option<String>,
}

/// Fragments of messages, most particular first.
/// SuspiciousActivity: Microsoft Q&A 12731593. OwnDomain, AlreadyInDirectory: msgraph-beta-sdk-dotnet #798.
/// AccountBlocked: msgraph-sdk-php #301. AddressRefused: msgraph-sdk-dotnet #2786.
/// TargetNotFound: docs-contrib #1025; Graph says the same of GET /organization (msgraph-sdk-java #823) and POST /groups
/// (graph-explorer-v4 #2054), so it seems to speak of a service of its own and not of the guest.
/// CrossTenantBlocked, CrossCloudDisabled, ProxyConflict: entra-docs docs/external-id/troubleshoot.md.
/// NotYetUsable: msgraph-sdk-dotnet #2508, docs-contrib #2465.
const FRAGMENTS: [(&str, Kind); 18] = [
    ("due to suspicious activity", Kind::SuspiciousActivity),
    ("Guest invitations not allowed", Kind::InvitationsNotAllowed),
    ("is a verified domain of this directory", Kind::OwnDomain),
    ("the account is blocked from signing in", Kind::AccountBlocked),
    ("already exists in the directory as object", Kind::AlreadyInDirectory),
    ("already exists as object", Kind::AlreadyInDirectory),
    ("Primary SMTP Address is an invalid", Kind::AddressRefused),
    ("invitedUserEmailAddress", Kind::AddressRefused),
    ("Group email address is not supported", Kind::GroupAddress),
    ("allow/deny list", Kind::DomainNotAllowed),
    ("domain is not allowed", Kind::DomainNotAllowed),
    ("blocked by cross-tenant access", Kind::CrossTenantBlocked),
    ("Cross Cloud Worker application has been disabled", Kind::CrossCloudDisabled),
    ("conflict in proxyAddresses", Kind::ProxyConflict),
    ("Unable to find target address", Kind::TargetNotFound),
    ("inviteRedirectUrl", Kind::RedirectRefused),
    ("Not a valid reference update", Kind::NotYetUsable),
    ("mailbox is either inactive", Kind::NoMailbox),
];

/// Codes of a mailbox. learn.microsoft.com/graph/resolve-auth-errors and /exchange/client-developer/web-service-reference/responsecode.
const MAILBOX: [(&str, Kind); 8] = [
    ("MailboxNotEnabledForRESTAPI", Kind::NoMailbox),
    ("ErrorNonExistentMailbox", Kind::NoMailbox),
    ("ErrorAccessDenied", Kind::MailRefused),
    ("ErrorSendAsDenied", Kind::MailRefused),
    ("ErrorExceededMessageLimit", Kind::MailLimit),
    ("ErrorSubmissionQuotaExceeded", Kind::MailLimit),
    ("ErrorInvalidRecipients", Kind::RecipientRefused),
    ("ErrorMissingEmailAddress", Kind::RecipientRefused),
];

impl Problem {
    pub fn of(reply: &Reply) -> Self {
        let envelope: Envelope = serde_json::from_str(&reply.body).unwrap_or_default();
        let ErrorBody { code, mut message, inner } = envelope.error;
        let challenge = challenge::read(&reply.headers.all("WWW-Authenticate"));
        let kind = if challenge.is_some() { Kind::ClaimsChallenge } else { Self::kind_of(reply.status, &code, &message) };
        let claims = match challenge {
            Some(Challenge::Claims(claims)) => Some(claims),
            Some(Challenge::Unusable(why)) => {
                message.push_str(&format!(" (The claims challenge cannot be met: {why}.)"));
                None
            }
            None => None,
        };
        let request_id = inner.request_id.or_else(|| reply.headers.get("request-id").map(Into::into));
        Self { kind, status: reply.status, code, message, request_id, retry_after: reply.headers.retry_after(), claims }
    }

    pub(super) fn unreadable(reply: &Reply, why: &str) -> Self {
        Self { kind: Kind::Unreadable, message: why.into(), ..Self::of(reply) }
    }

    fn kind_of(status: u16, code: &str, message: &str) -> Kind {
        let lower = message.to_ascii_lowercase();
        let recognised = FRAGMENTS.iter().find(|(fragment, _)| lower.contains(&fragment.to_ascii_lowercase()));
        let of_mailbox = MAILBOX.iter().find(|(known, _)| *known == code);
        match (status, code) {
            _ if of_mailbox.is_some() => of_mailbox.map_or(Kind::Unknown, |(_, kind)| *kind),
            (429, _) => Kind::Throttled,
            _ if recognised.is_some() => recognised.map_or(Kind::Unknown, |(_, kind)| *kind),
            (401, _) => Kind::TokenExpired,
            (403, _) => Kind::MissingPermission,
            (404, _) => Kind::NotFound,
            (409, "Directory_ConcurrencyViolation") | (503 | 509, _) => Kind::ServiceBusy,
            _ => Kind::Unknown,
        }
    }

    /// Whether and when a write that met this may be asked again. `waited` is how often this was asked before: without
    /// Retry-After the wait grows. <https://learn.microsoft.com/graph/throttling>: honour Retry-After, else back off exponentially.
    pub fn again(&self, waited: u32) -> Again {
        match self.kind {
            _ if !self.is_undone() => Again::LookFirst,
            Kind::Throttled | Kind::ServiceBusy | Kind::NotYetUsable => Again::After(self.wait(waited)),
            Kind::TokenExpired | Kind::ClaimsChallenge if !self.wants_the_unknown() => Again::AfterSignIn,
            _ => Again::Never,
        }
    }

    /// As [`Self::again`], for what only reads or harms nobody when it is done twice: nothing has to be looked into first.
    pub fn again_harmless(&self, waited: u32) -> Again {
        match self.again(waited) {
            Again::LookFirst => Again::After(self.wait(waited)),
            other => other,
        }
    }

    fn wait(&self, waited: u32) -> Millis {
        self.retry_after.unwrap_or(Millis::seconds(2 << waited.min(5)))
    }

    /// Whether this reply says for certain that a write was not done: a refusal of the request (4xx), or a service that is too
    /// busy and says so itself. A gateway that gives up (502, 503, 504 with a page of its own, 408 and 499 after its own
    /// patience) knows nothing of what became of the request behind it, nor does a failure in the midst of it (500), a redirect
    /// or a success that cannot be read. <https://www.rfc-editor.org/rfc/rfc9110#section-15.6>
    const fn is_undone(&self) -> bool {
        match self.status {
            408 | 499 => false,
            429 | 503 => self.is_graphs_word(),
            status => status >= 400 && status < 500,
        }
    }

    /// Whether the body was an error in Graph's own form, which always names a code. <https://learn.microsoft.com/graph/errors>
    const fn is_graphs_word(&self) -> bool {
        !self.code.is_empty()
    }

    /// A claims challenge that cannot be read: signing in again proves nothing that was asked for.
    pub const fn wants_the_unknown(&self) -> bool {
        matches!(self.kind, Kind::ClaimsChallenge) && self.claims.is_none()
    }

    /// Whether every further row would meet the same refusal, so that asking on only does harm.
    pub const fn halts_the_run(&self) -> bool {
        matches!(self.kind, Kind::SuspiciousActivity | Kind::InvitationsNotAllowed | Kind::MissingPermission) || self.wants_the_unknown()
    }

    /// Whether no further letter could leave this mailbox either.
    pub const fn halts_letters(&self) -> bool {
        matches!(self.kind, Kind::NoMailbox | Kind::MailRefused | Kind::MailLimit) || self.wants_the_unknown()
    }

    /// Status, code, Graph's text and ids, for support. No token and no redeem link can be in it.
    pub fn details(&self) -> String {
        let id = self.request_id.as_deref().unwrap_or("none");
        format!("HTTP {} {} · {} · request-id {id}", self.status, self.code, self.message)
    }

    pub fn words(&self) -> Words {
        if self.wants_the_unknown() {
            return Words::new(
                "Microsoft wants one more proof, but does not say which.",
                "A Conditional Access policy asks for it, and the question in Microsoft's answer could not be read.",
                "Your tenant's Conditional Access Administrator, with the request id.",
                "Copy the details and show them; nothing of this was sent.",
            );
        }
        self.kind.words()
    }
}

impl Kind {
    #[rustfmt::skip]
    pub fn words(self) -> Words {
        let w = Words::new;
        match self {
            Self::SuspiciousActivity => w("Microsoft has blocked invitations for the whole tenant.", "Its abuse detection saw suspicious activity: many invitations in a short time, repeated failures or a risky sign-in.", "Only Microsoft support can lift this block.", "Stop inviting. Open a support case in the Entra admin center and send them the request id."),
            Self::InvitationsNotAllowed => w("This tenant does not let you invite guests.", "The setting “Guest invite restrictions” allows only certain roles.", "A User Administrator can give you the role Guest Inviter, or change External collaboration settings.", "Ask for the role Guest Inviter; a new role needs 15 to 60 minutes to act."),
            Self::MissingPermission => w("Microsoft refused: a permission is missing.", "Either your role does not cover this, or the app lacks consent for the permission.", "An administrator can give you the role Guest Inviter and grant the app User.Invite.All.", "Ask your administrator, then sign in again."),
            Self::OwnDomain => w("This address belongs to your own organisation.", "Its domain is a verified domain of this tenant, so the person cannot be a guest.", "You can.", "Remove the row, or use the person's address at another organisation."),
            Self::AlreadyInDirectory => w("Somebody with this address is already a member of this tenant.", "The directory has a member or synchronised user with it.", "A User Administrator can convert the account, if that is wanted.", "Remove the row; the person has an account already."),
            Self::AccountBlocked => w("This guest is here already, but the account is blocked.", "An administrator has blocked sign-in for it.", "A User Administrator can unblock it in the Entra admin center.", "Ask for the account to be unblocked, then try this row again."),
            Self::AddressRefused => w("Microsoft does not accept this address.", "It contains a character that invitations do not allow, such as +, or is not an SMTP address.", "The guest can name another address.", "Correct the address and try this row again."),
            Self::GroupAddress => w("This address belongs to a group.", "Only people can be invited, not groups or distribution lists.", "The partner can tell you the person's own address.", "Replace the address and try this row again."),
            Self::DomainNotAllowed => w("Your tenant does not allow guests from this domain.", "The collaboration restrictions list it as blocked, or allow only other domains.", "A Global Administrator can change it under External collaboration settings.", "Ask for the domain to be allowed, or leave this guest out."),
            Self::CrossTenantBlocked => w("Cross-tenant access settings block this guest.", "Your tenant or the partner's does not allow B2B collaboration with the other.", "A Security Administrator of your tenant, or the partner's IT.", "Ask both sides to look at their cross-tenant access settings."),
            Self::CrossCloudDisabled => w("The guest's account lives in another Microsoft cloud.", "Collaboration between the clouds is switched off in this tenant.", "A Security Administrator can enable it under cross-tenant access settings.", "Ask for the other cloud to be enabled."),
            Self::ProxyConflict => w("Another object in the directory owns this address.", "A contact or group carries it among its proxy addresses.", "An Exchange or User Administrator can remove the other object.", "Have the address freed, then try this row again."),
            Self::TargetNotFound => w("Microsoft could not carry this out.", "One of its services did not find another; the reason is not known.", "Nobody in your tenant.", "Try this row again later."),
            Self::RedirectRefused => w("Microsoft refused the address where guests land.", "It must be a complete https address.", "You can, at “Guests land on”.", "Correct the address and try again."),
            Self::TokenExpired => w("Your sign-in has expired.", "Microsoft no longer accepts the token.", "You can.", "Sign in again; everything here is kept."),
            Self::ClaimsChallenge => w("Microsoft wants you to prove who you are once more.", "A Conditional Access policy asks for it.", "You can.", "Sign in again; everything here is kept."),
            Self::Throttled => w("Microsoft asked us to wait.", "Too many requests came from this app or tenant.", "Nobody needs to do anything.", "It continues by itself."),
            Self::ServiceBusy => w("Microsoft's service is busy.", "It is temporarily not available.", "Nobody needs to do anything.", "It continues by itself; if it keeps failing, try this row again later."),
            Self::NotYetUsable => w("The guest was created but is not usable yet.", "The directory needs some time to spread the news.", "Nobody needs to do anything.", "Wait a few minutes."),
            Self::NoMailbox => w("Your account has no mailbox that Graph can send from.", "It is inactive, on premises, or was never licensed.", "An Exchange Administrator can give the account a mailbox in Exchange Online.", "Choose Files under Send by, or let somebody with a mailbox send the letters."),
            Self::MailRefused => w("Microsoft refused to send from your mailbox.", "The app lacks consent for it, or a policy keeps apps from sending.", "You can allow it for yourself unless the tenant reserves that to administrators.", "Allow sending once more, then try the letters again; nobody is invited twice."),
            Self::MailLimit => w("Your mailbox has reached its limit for today.", "Exchange Online lets a mailbox, and a tenant, write to so many people a day.", "Nobody can lift it at once.", "Try the letters again tomorrow, or hand them over as files; nobody is invited twice."),
            Self::RecipientRefused => w("The mailbox refused this recipient.", "The address is not one that Exchange sends to.", "The guest can name another address.", "Correct the address in a new list, or pass the link on by hand."),
            Self::NotFound => w("Microsoft does not find this.", "It was deleted, or has not appeared yet.", "Nobody in particular.", "Look again in a few minutes."),
            Self::Unreadable => w("Microsoft's answer could not be read.", "It was not in the expected shape.", "The makers of this page.", "Copy the details and report them."),
            Self::Unknown => w("Microsoft refused this for a reason this page does not know.", "The details hold Microsoft's own words.", "Your administrator, with the request id.", "Copy the details and ask."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Headers;

    fn reply(status: u16, code: &str, message: &str) -> Reply {
        let body = serde_json::json!({"error": {"code": code, "message": message, "innerError": {"request-id": "r-1"}}});
        Reply { status, headers: Headers::default(), body: body.to_string() }
    }

    #[test]
    fn the_error_catalogue_is_recognised() {
        let check = |status, message: &str, kind, again| {
            let problem = Problem::of(&reply(status, "BadRequest", message));
            assert_eq!((problem.kind, problem.again(0)), (kind, again), "{status} {message}");
            assert_eq!(problem.request_id.as_deref(), Some("r-1"));
        };
        let later = Again::After(Millis::seconds(2));
        check(403, "Invitations are blocked for this directory due to suspicious activity.", Kind::SuspiciousActivity, Again::Never);
        check(
            403,
            "Guest invitations not allowed for your company. Contact your company administrator.",
            Kind::InvitationsNotAllowed,
            Again::Never,
        );
        check(403, "Insufficient privileges to complete the operation.", Kind::MissingPermission, Again::Never);
        check(
            400,
            "The user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
            Kind::OwnDomain,
            Again::Never,
        );
        check(400, "The invited user already exists in the directory as object ID: 6fb9.", Kind::AlreadyInDirectory, Again::Never);
        check(
            412,
            "The invited user already exists as object ID 6fb9, but the account is blocked from signing in.",
            Kind::AccountBlocked,
            Again::Never,
        );
        check(400, "The Primary SMTP Address is an invalid value.", Kind::AddressRefused, Again::Never);
        check(400, "Group email address is not supported", Kind::GroupAddress, Again::Never);
        check(400, "This invitation is blocked by cross-tenant access settings.", Kind::CrossTenantBlocked, Again::Never);
        check(500, "Unable to find target address", Kind::TargetNotFound, Again::LookFirst);
        check(401, "Access token has expired.", Kind::TokenExpired, Again::AfterSignIn);
        check(429, "Please retry", Kind::Throttled, later);
        check(503, "", Kind::ServiceBusy, later);
        check(500, "Something", Kind::Unknown, Again::LookFirst);
        check(418, "Something", Kind::Unknown, Again::Never);
    }

    #[test]
    fn only_a_refusal_and_graphs_own_word_prove_that_nothing_was_done() {
        let bodies =
            ["", "<html>503</html>", "{}", r#"{"error":"busy"}"#, r#"{"error":{"code":""}}"#, r#"{"error":{"code":"ServiceUnavailable"}}"#];
        for status in 200..600 {
            for body in bodies {
                let problem = Problem::of(&Reply { status, headers: Headers::default(), body: body.into() });
                let is_undone = match status {
                    408 | 499 => false,
                    429 | 503 => body.contains("ServiceUnavailable"),
                    _ => (400..500).contains(&status),
                };
                assert_eq!(problem.again(0) != Again::LookFirst, is_undone, "{status} {body}");
                assert_ne!(problem.again_harmless(0), Again::LookFirst, "{status} {body}");
            }
        }
    }

    #[test]
    fn a_body_that_is_no_json_is_a_problem_without_text() {
        let reply = Reply { status: 404, headers: Headers::default(), body: "<html>".into() };
        assert_eq!(Problem::of(&reply).kind, Kind::NotFound);
    }

    #[test]
    fn a_claims_challenge_is_decoded_or_told_as_one_that_cannot_be_met() {
        let challenged = |claims: &str| {
            let header = format!(r#"Bearer realm="", claims="{claims}", error="insufficient_claims""#);
            Problem::of(&Reply { status: 401, headers: Headers::default().with("www-authenticate", header), body: String::new() })
        };
        let problem = challenged("eyJhY2Nlc3NfdG9rZW4iOnt9fQ==");
        assert_eq!((problem.kind, problem.claims.as_deref()), (Kind::ClaimsChallenge, Some(r#"{"access_token":{}}"#)));
        assert_eq!((problem.again(0), problem.halts_the_run()), (Again::AfterSignIn, false));
        let problem = challenged("%%%");
        assert_eq!((problem.kind, problem.again(0), problem.claims.as_deref()), (Kind::ClaimsChallenge, Again::Never, None));
        assert!(problem.halts_the_run() && problem.halts_letters() && problem.details().contains("not base64"));
        assert!(problem.words().what.contains("does not say which"));
    }

    #[test]
    fn a_problem_of_an_earlier_page_with_its_claims_in_base64_is_still_read() {
        let stored = r#"{"kind":"ClaimsChallenge","status":401,"code":"InvalidAuthenticationToken","message":"","request_id":null,"retry_after":null,"claims":"eyJ9"}"#;
        assert_eq!(serde_json::from_str::<Problem>(stored).unwrap().claims.as_deref(), Some("eyJ9"));
    }

    #[test]
    fn no_words_are_empty_or_codes() {
        let kinds = FRAGMENTS.iter().map(|(_, kind)| *kind).chain([Kind::Unknown, Kind::Throttled, Kind::TokenExpired]);
        for kind in kinds {
            let Words { what, why, who, next } = kind.words();
            assert!([what, why, who, next].iter().all(|text| text.ends_with('.') && !text.contains("AADSTS")), "{kind:?}");
        }
    }
}
