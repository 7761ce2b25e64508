//! Why signing in did not work, in words that a person can act on.
//!
//! entra-docs docs/identity-platform/reference-error-codes.md: programs branch on `error`, `suberror` and `claims`; AADSTS
//! numbers may change and serve diagnosis. So numbers choose the words here, while [`Trouble::remedy`] falls back on the
//! OAuth error for numbers that nobody listed.

use super::token::Refused;
use crate::time::Millis;
use crate::words::Words;

/// Something that went wrong on the way to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    kind: Kind,
    error: String,
    /// AADSTS numbers, for the details.
    codes: Vec<u32>,
    description: String,
    correlation_id: Option<String>,
    /// JSON to hand back in the next question.
    pub claims: Option<String>,
    pub drop_refresh_token: bool,
    /// When the token endpoint wants to be asked again.
    pub retry_after: Option<Millis>,
}

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Sign in again, with the same permissions and the returned claims.
    SignIn,
    /// Sign in with another account.
    OtherAccount,
    /// Ask for consent once more.
    Consent,
    /// An administrator has to allow the app.
    AdminConsent,
    /// config.json or the app registration is wrong.
    Configure,
    /// The same again, a little later.
    Later,
    /// Nothing this page could do.
    Nothing,
    /// The person changed their mind: say so quietly.
    Quiet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    InteractionNeeded,
    ConsentNeeded,
    /// What was allowed once is not any more.
    ConsentWithdrawn,
    Declined,
    AppMisconfigured,
    AdminConsentNeeded,
    MfaNeeded,
    AccountChoice,
    NotInTenant,
    CrossTenant,
    WrongAccountType,
    NotAssigned,
    WrongAuthority,
    OurBug,
    RedirectMismatch,
    WrongPlatform,
    /// Ended for a reason that was not told.
    GrantDead,
    Expired,
    SignInFrequency,
    Revoked,
    AccountDisabled,
    /// Graph asks for a proof that the token does not carry.
    StepUp,
    SignedOut,
    ConditionalAccess,
    Loop,
    Transient,
    WrongCloud,
    Unreached,
    Unsound,
    Unknown,
}

/// By AADSTS number: reference-error-codes.md (edition of 2024-04-24); 9002325 to 9002327 from public field reports.
const NUMBERS: [(Kind, &[u32]); 23] = [
    (Kind::ConsentNeeded, &[65001]),
    (Kind::Declined, &[65004]),
    (Kind::AppMisconfigured, &[65005, 650_056, 650_057, 500_011, 650_052]),
    (Kind::AdminConsentNeeded, &[90094, 90095]),
    (Kind::MfaNeeded, &[50076, 50079, 50074, 50072, 50078]),
    (Kind::InteractionNeeded, &[50058]),
    (Kind::AccountChoice, &[16000, 16001, 16002, 160_021]),
    (Kind::NotInTenant, &[50020, 50034, 51004, 50014, 16003, 90072]),
    (Kind::CrossTenant, &[500_212, 500_213, 500_021]),
    (Kind::WrongAccountType, &[500_208, 9_002_332]),
    (Kind::NotAssigned, &[50105]),
    (Kind::WrongAuthority, &[50194, 90002, 700_016, 700_011, 90124, 90130]),
    (
        Kind::OurBug,
        &[700_005, 90015, 9_002_313, 900_144, 90014, 90005, 9_002_325, 50147, 501_481, 501_491, 700_022, 700_023, 70011, 28002, 28003],
    ),
    (Kind::RedirectMismatch, &[50011]),
    (Kind::WrongPlatform, &[9_002_326, 9_002_327]),
    (Kind::GrantDead, &[54005]),
    (Kind::Expired, &[70008, 700_082, 700_084]),
    (Kind::SignInFrequency, &[70043]),
    (Kind::Revoked, &[50173, 50132, 50133]),
    (Kind::AccountDisabled, &[50057]),
    (Kind::ConditionalAccess, &[53000, 53001, 53002, 53003, 53004, 53011, 530_032, 530_035, 50005, 50131]),
    (Kind::Loop, &[50196]),
    (Kind::Transient, &[90024, 90033, 90012, 90006, 50033, 90055]),
];
const WRONG_CLOUD: u32 = 90038;

impl Trouble {
    /// An error that came back with the address.
    pub(super) fn answered(error: &str, suberror: Option<String>, description: Option<String>, claims: Option<String>) -> Self {
        let description = description.unwrap_or_default();
        let codes = number_in(&description).into_iter().collect();
        Self::refused(Refused {
            error: error.into(),
            error_description: Some(description),
            error_codes: Some(codes),
            suberror,
            claims,
            correlation_id: None,
        })
    }

    /// An error of the token endpoint.
    pub(super) fn refused(refused: Refused) -> Self {
        let description = refused.error_description.unwrap_or_default();
        let codes = refused.error_codes.filter(|codes| !codes.is_empty()).unwrap_or_else(|| number_in(&description).into_iter().collect());
        let kind = kind_of(&refused.error, refused.suberror.as_deref(), &codes);
        let drop_refresh_token = refused.suberror.as_deref() == Some("bad_token") || kind.ends_the_grant();
        Self {
            kind,
            error: refused.error,
            codes,
            description,
            correlation_id: refused.correlation_id,
            claims: refused.claims,
            drop_refresh_token,
            retry_after: None,
        }
    }

    pub(super) fn unsound(what: &str) -> Self {
        Self::of(Kind::Unsound, what)
    }
    pub(super) fn unreached() -> Self {
        Self::of(Kind::Unreached, "no answer from the token endpoint")
    }
    pub(super) fn expired() -> Self {
        Self::of(Kind::Expired, "there is no refresh token that has not ended")
    }
    /// Graph's claims challenge, as JSON.
    pub(super) fn step_up(claims: &str) -> Self {
        Self { claims: Some(claims.into()), ..Self::of(Kind::StepUp, "insufficient_claims") }
    }
    /// Somebody asks for a token, and nobody is signed in.
    pub fn signed_out() -> Self {
        Self::of(Kind::SignedOut, "no session in this tab")
    }
    /// An answer without meaning of its own: a busy service, or something on the way.
    pub(super) fn of_status(status: u16) -> Self {
        let kind = if is_busy(status) { Kind::Transient } else { Kind::Unreached };
        Self::of(kind, &format!("status {status} without an answer in the expected shape"))
    }
    /// The same, with when to ask again.
    pub(super) fn with_retry_after(self, retry_after: Option<Millis>) -> Self {
        Self { retry_after, ..self }
    }
    /// The same, met with this status: what a busy service says is not about the sign-in.
    pub(super) fn with_status(self, status: u16) -> Self {
        let is_hiccup = is_busy(status) && !self.passes();
        if is_hiccup { Self { kind: Kind::Transient, drop_refresh_token: false, ..self } } else { self }
    }
    /// The same, met while a sign-in was renewed: what it lacks now it had before.
    #[must_use]
    pub(super) fn while_renewing(self) -> Self {
        let is_withdrawn = self.kind == Kind::ConsentNeeded;
        if is_withdrawn { Self { kind: Kind::ConsentWithdrawn, ..self } } else { self }
    }
    /// An answer that this tab did not ask for.
    pub fn not_ours() -> Self {
        Self::of(Kind::Unsound, "the answer does not belong to a sign-in that this tab began (state)")
    }

    fn of(kind: Kind, description: &str) -> Self {
        Self {
            kind,
            error: String::new(),
            codes: Vec::new(),
            description: description.into(),
            correlation_id: None,
            claims: None,
            drop_refresh_token: kind.ends_the_grant(),
            retry_after: None,
        }
    }

    /// Whether it goes by without anybody's doing.
    pub const fn passes(&self) -> bool {
        matches!(self.kind, Kind::Transient | Kind::Unreached | Kind::Loop)
    }

    /// Codes and ids for support. No token and no code can be in it.
    pub fn details(&self) -> String {
        let codes: Vec<String> = self.codes.iter().map(|code| format!("AADSTS{code}")).collect();
        let id = self.correlation_id.as_deref().unwrap_or("none");
        format!("{} {} · {} · correlation id {id}", self.error, codes.join(" "), self.description).trim().to_owned()
    }

    pub fn remedy(&self) -> Remedy {
        match self.kind {
            Kind::InteractionNeeded | Kind::MfaNeeded | Kind::GrantDead | Kind::Expired | Kind::SignInFrequency | Kind::Revoked => {
                Remedy::SignIn
            }
            Kind::StepUp | Kind::SignedOut | Kind::Unsound | Kind::OurBug => Remedy::SignIn,
            Kind::ConsentNeeded | Kind::ConsentWithdrawn => Remedy::Consent,
            Kind::Declined => Remedy::Quiet,
            Kind::AppMisconfigured | Kind::WrongAuthority | Kind::RedirectMismatch | Kind::WrongPlatform | Kind::WrongCloud => {
                Remedy::Configure
            }
            Kind::AdminConsentNeeded => Remedy::AdminConsent,
            Kind::AccountChoice | Kind::NotInTenant | Kind::WrongAccountType | Kind::AccountDisabled => Remedy::OtherAccount,
            Kind::CrossTenant | Kind::NotAssigned | Kind::ConditionalAccess => Remedy::Nothing,
            Kind::Loop | Kind::Transient | Kind::Unreached | Kind::Unknown => Remedy::Later,
        }
    }

    #[rustfmt::skip]
    pub fn words(&self) -> Words {
        let w = Words::new;
        match self.kind {
            Kind::InteractionNeeded => w("Microsoft wants you to sign in.", "A silent renewal was not possible.", "You can.", "Sign in again; everything here is kept."),
            Kind::ConsentNeeded => w("A permission has not been allowed yet.", "Neither you nor an administrator has consented to what this page asks for.", "You, or an administrator of your tenant.", "Sign in again and accept, or send the admin-consent link to an administrator."),
            Kind::ConsentWithdrawn => w("A permission of this page was withdrawn.", "You, or an administrator, had allowed it and took it back, or the page's app was changed.", "You, or an administrator of your tenant.", "Allow it again, or send the admin-consent link to an administrator; everything here is kept."),
            Kind::Declined => w("You did not finish signing in.", "The sign-in or the consent was cancelled.", "You can.", "Sign in when you are ready; nothing was lost."),
            Kind::AppMisconfigured => w("The app registration does not fit this tenant.", "Its list of permissions or the resource it names is wrong.", "Whoever registered the app for this page.", "Compare the registration with the set-up page."),
            Kind::AdminConsentNeeded => w("An administrator has to allow this app first.", "Your tenant reserves consent for such permissions to administrators.", "A Cloud Application Administrator or Global Administrator.", "Send them the admin-consent link; then sign in again."),
            Kind::MfaNeeded => w("Microsoft asks for one more proof.", "Multi-factor authentication is needed, has expired or is not set up.", "You can.", "Sign in again and follow Microsoft's instructions."),
            Kind::AccountChoice => w("Microsoft could not tell which account to use.", "Several accounts are signed in, or the chosen one has been signed out.", "You can.", "Sign in and pick your account."),
            Kind::NotInTenant => w("This account is not in this tenant.", "It does not exist there, or its own guest invitation is still waiting.", "You can use another account; an administrator of the tenant can add this one.", "Sign in with an account of the tenant."),
            Kind::CrossTenant => w("A policy between two tenants blocks this sign-in.", "Outbound or inbound cross-tenant access, or tenant restrictions, do not allow it.", "Security Administrators of both tenants.", "Show them the details."),
            Kind::WrongAccountType => w("This kind of account cannot be used here.", "The app accepts work or school accounts of its tenant, not personal ones.", "You can.", "Sign in with your work or school account."),
            Kind::NotAssigned => w("You are not assigned to this app.", "The tenant allows it to chosen people only.", "Whoever owns the enterprise application.", "Ask to be assigned, then sign in again."),
            Kind::WrongAuthority => w("The tenant or the app id in config.json is wrong.", "Microsoft does not know this app in this tenant.", "Whoever publishes this page.", "Compare auth.clientId and auth.authority with the app registration."),
            Kind::OurBug => w("The sign-in request was not well formed.", "This page made a mistake, or the sign-in took very long.", "The makers of this page.", "Try once more; if it happens again, copy the details and report them."),
            Kind::RedirectMismatch => w("This page's address is not registered.", "The app registration lists other redirect URIs.", "Whoever registered the app.", "Add this page's auth.html as a redirect URI of platform “Single-page application”."),
            Kind::WrongPlatform => w("The redirect URI is registered for the wrong platform.", "It must be of type “Single-page application”, not “Web” or “Mobile and desktop”.", "Whoever registered the app.", "Move the redirect URI to the platform “Single-page application”."),
            Kind::GrantDead => w("Your sign-in has ended.", "Microsoft no longer renews it, and did not say why.", "You can.", "Sign in again; everything here is kept."),
            Kind::Expired => w("Your sign-in has ended.", "The sign-in of a page like this one lasts 24 hours at most; renewing it does not make that longer.", "You can.", "Sign in again; everything here is kept."),
            Kind::SignInFrequency => w("Your organisation wants you to sign in again.", "Its Conditional Access policies say how often; that time is over.", "You can.", "Sign in again; everything here is kept."),
            Kind::Revoked => w("Your sign-in was revoked.", "An administrator has ended your sign-ins, or your password was changed.", "You can.", "Sign in again; everything here is kept."),
            Kind::AccountDisabled => w("This account is disabled.", "An administrator has blocked its sign-in in the directory.", "A User Administrator of your tenant.", "Ask for the account to be enabled, or sign in with another one."),
            Kind::StepUp => w("Microsoft wants you to prove who you are once more.", "A Conditional Access policy asks for it before this goes on.", "You can.", "Sign in again; everything here is kept."),
            Kind::SignedOut => w("Nobody is signed in here any more.", "This tab has signed out, or the browser has forgotten the sign-in.", "You can.", "Sign in again; everything here is kept."),
            Kind::ConditionalAccess => w("A Conditional Access policy does not let you in.", "It asks for a managed device, an approved app, another place or a lower risk.", "Your tenant's Conditional Access Administrator.", "Show them the details, or use a device that fits."),
            Kind::Loop => w("Microsoft stopped a loop of sign-ins.", "The page asked too often in a short time.", "Nobody needs to do anything.", "Wait a minute, then sign in again."),
            Kind::Transient => w("Microsoft's sign-in service is busy.", "It is temporarily not available.", "Nobody needs to do anything.", "Try again in a moment."),
            Kind::WrongCloud => w("This account lives in another national cloud.", "The tenant was moved, or config.json names the authority of another cloud.", "Whoever publishes this page.", "Set auth.authority to the account's cloud."),
            Kind::Unreached => w("The sign-in service could not be reached.", "The network is down, a proxy blocks it, or the redirect URI is not of type “Single-page application”.", "You, or whoever runs your network.", "Check the connection, then try again."),
            Kind::Unsound => w("The answer to the sign-in could not be trusted.", "It does not fit the question that this tab asked.", "You can.", "Sign in again. If it happens again, copy the details and report them."),
            Kind::Unknown => w("Signing in did not work.", "Microsoft gave a reason that this page does not know; it is under the details.", "Your administrator, with the correlation id.", "Try again, or copy the details and ask."),
        }
    }
}

impl Kind {
    /// Whether the refresh token is of no use any more.
    const fn ends_the_grant(self) -> bool {
        matches!(self, Self::GrantDead | Self::Expired | Self::SignInFrequency | Self::Revoked)
    }
}

/// Request time-out, throttling, and every failure of the service or a gateway before it.
const fn is_busy(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..)
}

fn number_in(description: &str) -> Option<u32> {
    let digits: String = description.split_once("AADSTS")?.1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn kind_of(error: &str, suberror: Option<&str>, codes: &[u32]) -> Kind {
    let listed = codes.iter().find_map(|code| NUMBERS.iter().find(|(_, numbers)| numbers.contains(code)).map(|(kind, _)| *kind));
    if codes.contains(&WRONG_CLOUD) {
        return Kind::WrongCloud;
    }
    match (listed, error, suberror) {
        (Some(kind), ..) => kind,
        (_, _, Some("consent_required")) | (_, "consent_required", _) => Kind::ConsentNeeded,
        (
            _,
            _,
            Some("message_only" | "additional_action" | "basic_action" | "user_password_expired" | "ui_not_allowed" | "interrupted_user"),
        ) => Kind::MfaNeeded,
        (_, _, Some("bad_token")) | (_, "invalid_grant", _) => Kind::GrantDead,
        (_, "interaction_required" | "login_required", _) => Kind::InteractionNeeded,
        (_, "access_denied", _) => Kind::Declined,
        (_, "server_error" | "temporarily_unavailable", _) => Kind::Transient,
        (_, "invalid_client" | "unauthorized_client", _) => Kind::WrongAuthority,
        (_, "invalid_request" | "invalid_scope" | "unsupported_response_type" | "unsupported_grant_type", _) => Kind::OurBug,
        _ => Kind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_error_table_has_its_remedy() {
        let check = |codes: &[u32], remedy: Remedy| {
            for code in codes {
                let trouble = Trouble::answered("invalid_grant", None, Some(format!("AADSTS{code}: text")), None);
                assert_eq!(trouble.remedy(), remedy, "AADSTS{code}");
                assert!(trouble.details().contains(&code.to_string()));
            }
        };
        check(&[65001], Remedy::Consent);
        check(&[65004], Remedy::Quiet);
        check(
            &[65005, 650_056, 650_057, 500_011, 650_052, 50194, 90002, 700_016, 700_011, 90124, 90130, 50011, 9_002_326, 9_002_327, 90038],
            Remedy::Configure,
        );
        check(&[90094, 90095], Remedy::AdminConsent);
        check(&[50076, 50079, 50074, 50072, 50078, 50058], Remedy::SignIn);
        check(&[16000, 16001, 16002, 160_021, 50020, 50034, 51004, 50014, 16003, 90072, 500_208, 9_002_332, 50057], Remedy::OtherAccount);
        check(
            &[500_212, 500_213, 500_021, 50105, 53000, 53001, 53002, 53003, 53004, 53011, 530_032, 530_035, 50005, 50131],
            Remedy::Nothing,
        );
        check(
            &[700_005, 90015, 9_002_313, 900_144, 90014, 90005, 9_002_325, 50147, 501_481, 501_491, 700_022, 700_023, 70011, 28002, 28003],
            Remedy::SignIn,
        );
        check(&[54005, 70008, 700_082, 700_084, 70043, 50173, 50132, 50133], Remedy::SignIn);
        check(&[50196, 90024, 90033, 90012, 90006, 50033, 90055], Remedy::Later);
    }

    #[test]
    fn without_a_number_the_oauth_error_decides() {
        let check = |error: &str, suberror: Option<&str>, remedy: Remedy| {
            assert_eq!(Trouble::answered(error, suberror.map(Into::into), None, None).remedy(), remedy, "{error} {suberror:?}");
        };
        check("access_denied", None, Remedy::Quiet);
        check("interaction_required", None, Remedy::SignIn);
        check("login_required", None, Remedy::SignIn);
        check("consent_required", None, Remedy::Consent);
        check("invalid_grant", Some("consent_required"), Remedy::Consent);
        check("invalid_grant", Some("bad_token"), Remedy::SignIn);
        check("invalid_grant", Some("basic_action"), Remedy::SignIn);
        check("server_error", None, Remedy::Later);
        check("temporarily_unavailable", None, Remedy::Later);
        check("something_new", None, Remedy::Later);
    }

    #[test]
    fn a_bad_refresh_token_is_dropped_but_an_interaction_demand_keeps_it() {
        let drop = |suberror: &str| Trouble::answered("invalid_grant", Some(suberror.into()), None, None).drop_refresh_token;
        assert!(drop("bad_token"));
        assert!(!drop("basic_action"));
    }

    #[test]
    fn words_are_sentences_without_codes() {
        for (_, numbers) in NUMBERS {
            let words = Trouble::answered("invalid_grant", None, Some(format!("AADSTS{}: x", numbers[0])), None).words();
            for text in [words.what, words.why, words.who, words.next] {
                assert!(text.ends_with('.') && !text.contains("AADSTS"), "{text}");
            }
        }
    }
}
