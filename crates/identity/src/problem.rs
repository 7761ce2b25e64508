//! Why signing in did not work, and what helps.
//!
//! entra-docs docs/identity-platform/reference-error-codes.md: programs branch on `error`, `suberror` and `claims`; AADSTS numbers may
//! change and serve diagnosis. So numbers choose the kind here, which falls back on the OAuth error for numbers that nobody listed.

pub mod kinds;

use super::token::TokenErrorBody;
use kinds::{AuthErrorKind, EXPIRED_BY_DISUSE, kind_of, number_in};
use time::Millis;

/// Something that went wrong on the way to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthError {
    /// By AADSTS number, else by the OAuth error.
    pub kind: AuthErrorKind,
    /// The OAuth error; empty where nobody sent one.
    pub error: String,
    /// AADSTS numbers; empty where nobody sent one.
    pub codes: Vec<u32>,
    /// In the words of whoever refused, else this crate's own diagnostic in English. For developers, no sentence for a user. No token and
    /// no code can be in it.
    pub description: String,
    /// What Microsoft's support asks for. The token endpoint sends it; an answer with the address has none.
    pub correlation_id: Option<String>,
    /// JSON to hand back in the next question.
    pub claims: Option<String>,
    /// The refresh token is of no use any more and is to be forgotten.
    pub drop_refresh_token: bool,
    /// After how long the token endpoint wants to be asked again, as it said: [`super::Renewal::failed`] clamps it.
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
    /// The app's configuration, its registration or its settings in the tenant have to be changed.
    Configure,
    /// The same again, a little later.
    Later,
    /// Nothing that an app could do.
    Nothing,
    /// The person changed their mind: say so quietly.
    Quiet,
}

impl AuthError {
    /// An error that came back with the address.
    pub fn answered(error: &str, suberror: Option<String>, description: Option<String>, claims: Option<String>) -> Self {
        let description = description.unwrap_or_default();
        let codes = number_in(&description).into_iter().collect();
        Self::refused(TokenErrorBody {
            error: error.into(),
            error_description: Some(description),
            error_codes: Some(codes),
            suberror,
            claims,
            correlation_id: None,
        })
    }

    /// An error of the token endpoint.
    pub(super) fn refused(refused: TokenErrorBody) -> Self {
        let description = refused.error_description.unwrap_or_default();
        let codes = refused.error_codes.filter(|codes| !codes.is_empty()).unwrap_or_else(|| number_in(&description).into_iter().collect());
        let kind = kind_of(&refused.error, refused.suberror.as_deref(), &codes, &description);
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
        Self::from_kind(AuthErrorKind::Unsound, what)
    }
    pub(super) fn unreached() -> Self {
        Self::from_kind(AuthErrorKind::Unreached, "no answer from the token endpoint")
    }
    pub(super) fn expired() -> Self {
        Self::from_kind(AuthErrorKind::Expired, "there is no refresh token that has not ended")
    }
    /// Graph's claims challenge, as JSON.
    pub(super) fn step_up(claims: &str) -> Self {
        Self { claims: Some(claims.into()), ..Self::from_kind(AuthErrorKind::StepUp, "insufficient_claims") }
    }
    /// Somebody asks for a token, and nobody is signed in.
    pub fn signed_out() -> Self {
        Self::from_kind(AuthErrorKind::SignedOut, "no session in this tab")
    }
    /// An answer without meaning of its own: a busy service, or something on the way.
    pub(super) fn from_status(status: u16) -> Self {
        let kind = if is_busy(status) { AuthErrorKind::Transient } else { AuthErrorKind::Unreached };
        Self::from_kind(kind, &format!("status {status} without an answer in the expected shape"))
    }
    /// The same, with when to ask again.
    pub(super) fn with_retry_after(self, retry_after: Option<Millis>) -> Self {
        Self { retry_after, ..self }
    }
    /// The same, met with this status: what a busy service says is not about the sign-in.
    pub(super) fn with_status(self, status: u16) -> Self {
        let is_hiccup = is_busy(status) && !self.passes();
        if is_hiccup { Self { kind: AuthErrorKind::Transient, drop_refresh_token: false, ..self } } else { self }
    }
    /// The same, met while a sign-in was renewed: what it lacks now it had before.
    #[must_use]
    pub(super) fn while_renewing(self) -> Self {
        let is_withdrawn = self.kind == AuthErrorKind::ConsentNeeded;
        if is_withdrawn { Self { kind: AuthErrorKind::ConsentWithdrawn, ..self } } else { self }
    }
    /// The same, met while a code was redeemed: nobody was signed in yet whose sign-in could have ended.
    #[must_use]
    pub(super) fn while_redeeming(self) -> Self {
        let kind = match self.kind {
            AuthErrorKind::Expired if self.codes.contains(&EXPIRED_BY_DISUSE) => AuthErrorKind::CodeSpent,
            AuthErrorKind::GrantDead | AuthErrorKind::Expired => AuthErrorKind::Unknown,
            _ => return self,
        };
        Self { kind, drop_refresh_token: false, ..self }
    }
    /// An answer to a question that was not asked here, or that was answered already.
    pub fn not_ours() -> Self {
        Self::from_kind(AuthErrorKind::NotOurs, "the answer belongs to no sign-in that waits for one in this tab (state)")
    }

    /// Somebody came back without any answer: by the browser's *Back*, perhaps from an error that Microsoft only shows.
    pub fn unanswered() -> Self {
        Self::from_kind(AuthErrorKind::Unanswered, "no answer came back")
    }
    /// The token's times do not fit this computer's, which is `ahead` as far as is known.
    pub(super) fn wrong_clock(ahead: Option<Millis>, what: &str) -> Self {
        Self::from_kind(AuthErrorKind::WrongClock(ahead), what)
    }

    fn from_kind(kind: AuthErrorKind, description: &str) -> Self {
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
        matches!(self.kind, AuthErrorKind::Transient | AuthErrorKind::Unreached | AuthErrorKind::Loop)
    }

    /// The permission that Entra's sentence names: “… asked for scope 'Name' that doesn't exist on the resource …”.
    pub fn permission(&self) -> Option<&str> {
        let (_, rest) = self.description.rsplit_once("scope '")?;
        let name = rest.split('\'').next()?.rsplit('/').next()?.trim();
        let is_name =
            !name.is_empty() && name.len() <= 80 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        is_name.then_some(name)
    }

    /// What helps.
    pub fn remedy(&self) -> Remedy {
        match self.kind {
            AuthErrorKind::InteractionNeeded
            | AuthErrorKind::MfaNeeded
            | AuthErrorKind::CodeSpent
            | AuthErrorKind::GrantDead
            | AuthErrorKind::Expired
            | AuthErrorKind::SignInFrequency
            | AuthErrorKind::Revoked => Remedy::SignIn,
            AuthErrorKind::StepUp | AuthErrorKind::SignedOut | AuthErrorKind::NotOurs | AuthErrorKind::Unsound | AuthErrorKind::OurBug => {
                Remedy::SignIn
            }
            AuthErrorKind::ConsentNeeded | AuthErrorKind::ConsentWithdrawn => Remedy::Consent,
            AuthErrorKind::Declined | AuthErrorKind::Unanswered => Remedy::Quiet,
            AuthErrorKind::AppMisconfigured
            | AuthErrorKind::UnknownApp
            | AuthErrorKind::AppDisabled
            | AuthErrorKind::GraphDisabled
            | AuthErrorKind::UnknownPermission => Remedy::Configure,
            AuthErrorKind::UnknownTenant | AuthErrorKind::TenantNeeded | AuthErrorKind::AppRefused | AuthErrorKind::WrongCloud => {
                Remedy::Configure
            }
            AuthErrorKind::RedirectMismatch | AuthErrorKind::WrongPlatform => Remedy::Configure,
            AuthErrorKind::AdminConsentNeeded => Remedy::AdminConsent,
            AuthErrorKind::AccountChoice
            | AuthErrorKind::NotInTenant
            | AuthErrorKind::WrongAccountType
            | AuthErrorKind::AccountDisabled => Remedy::OtherAccount,
            AuthErrorKind::CrossTenant
            | AuthErrorKind::NotAssigned
            | AuthErrorKind::ConditionalAccess
            | AuthErrorKind::OriginRemoved
            | AuthErrorKind::WrongClock(_) => Remedy::Nothing,
            AuthErrorKind::Loop | AuthErrorKind::Transient | AuthErrorKind::Unreached | AuthErrorKind::Unknown => Remedy::Later,
        }
    }
}

/// Request time-out, throttling, and every failure of the service or a gateway before it.
const fn is_busy(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_error_table_has_its_remedy() {
        let check = |codes: &[u32], remedy: Remedy| {
            for code in codes {
                let auth_error = AuthError::answered("invalid_grant", None, Some(format!("AADSTS{code}: text")), None);
                assert_eq!(auth_error.remedy(), remedy, "AADSTS{code}");
                assert_eq!(auth_error.codes, [*code]);
            }
        };
        check(&[65001], Remedy::Consent);
        check(&[65004], Remedy::Quiet);
        check(
            &[65005, 650_056, 650_057, 500_011, 650_052, 50194, 90002, 700_016, 700_011, 90124, 90130, 50011, 9_002_326, 90038],
            Remedy::Configure,
        );
        check(
            &[650_053, 650_054, 7_000_112, 500_014, 7_000_218, 70002, 500_113, 900_971, 9_002_331, 9_002_346, 900_023],
            Remedy::Configure,
        );
        check(&[9_002_327], Remedy::Nothing);
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
        let renewed = AuthError::answered("invalid_grant", None, Some("AADSTS70008: text".into()), None);
        assert_eq!((renewed.kind, renewed.drop_refresh_token), (AuthErrorKind::Expired, true));
        check(&[54005, 70008, 700_082, 700_084, 70043, 50173, 50132, 50133], Remedy::SignIn);
        check(&[50196, 90024, 90033, 90012, 90006, 50033, 90055], Remedy::Later);
    }

    #[test]
    fn nothing_has_ended_where_a_code_is_redeemed() {
        let kind = |code: u32| {
            let refused = AuthError::answered("invalid_grant", None, Some(format!("AADSTS{code}: text")), None).while_redeeming();
            (refused.kind, refused.drop_refresh_token)
        };
        for code in [999_999, 700_082, 700_084] {
            assert_eq!(kind(code), (AuthErrorKind::Unknown, false), "AADSTS{code}");
        }
        for code in [54005, 70008] {
            assert_eq!(kind(code), (AuthErrorKind::CodeSpent, false), "AADSTS{code}");
        }
        assert_eq!((kind(53003).0, kind(50057).0), (AuthErrorKind::ConditionalAccess, AuthErrorKind::AccountDisabled));
    }

    #[test]
    fn without_a_number_the_oauth_error_decides() {
        let check = |error: &str, suberror: Option<&str>, remedy: Remedy| {
            assert_eq!(AuthError::answered(error, suberror.map(Into::into), None, None).remedy(), remedy, "{error} {suberror:?}");
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
    fn an_oauth_error_without_a_number_means_what_its_name_says() {
        let check = |error: &str, suberror: Option<&str>, kind: AuthErrorKind| {
            let auth_error = AuthError::answered(error, suberror.map(Into::into), Some("no number".into()), None);
            assert_eq!((auth_error.kind, auth_error.codes.len()), (kind, 0), "{error} {suberror:?}");
        };
        for demand in ["message_only", "additional_action", "basic_action", "user_password_expired", "ui_not_allowed", "interrupted_user"] {
            check("interaction_required", Some(demand), AuthErrorKind::MfaNeeded);
        }
        check("interaction_required", None, AuthErrorKind::InteractionNeeded);
        check("login_required", None, AuthErrorKind::InteractionNeeded);
        check("invalid_grant", None, AuthErrorKind::GrantDead);
        check("interaction_required", Some("bad_token"), AuthErrorKind::GrantDead);
        check("server_error", None, AuthErrorKind::Transient);
        check("temporarily_unavailable", None, AuthErrorKind::Transient);
        check("invalid_client", None, AuthErrorKind::AppRefused);
        check("unauthorized_client", None, AuthErrorKind::AppRefused);
        for malformed in ["invalid_request", "invalid_scope", "unsupported_response_type", "unsupported_grant_type"] {
            check(malformed, None, AuthErrorKind::OurBug);
        }
        check("something_new", None, AuthErrorKind::Unknown);
    }

    #[test]
    fn numbers_go_before_what_the_description_says() {
        let codes = |error_codes: Option<Vec<u32>>| {
            let description = Some("AADSTS65001: text".into());
            AuthError::refused(TokenErrorBody {
                error: "invalid_grant".into(),
                error_codes,
                error_description: description,
                ..Default::default()
            })
        };
        assert_eq!(codes(Some(vec![50173])).kind, AuthErrorKind::Revoked);
        assert_eq!((codes(Some(vec![])).codes, codes(None).kind), (vec![65001], AuthErrorKind::ConsentNeeded));
        assert_eq!(codes(Some(vec![50173, 90038])).kind, AuthErrorKind::WrongCloud);
    }

    #[test]
    fn what_a_busy_service_says_ends_no_sign_in() {
        let met = |number: u32, status: u16| {
            let auth_error = AuthError::answered("invalid_grant", None, Some(format!("AADSTS{number}: text")), None).with_status(status);
            (auth_error.kind, auth_error.drop_refresh_token)
        };
        for status in [408, 429, 500, 503, 599] {
            assert_eq!(met(700_084, status), (AuthErrorKind::Transient, false), "{status}");
            assert_eq!(met(50196, status), (AuthErrorKind::Loop, false), "what passes keeps its name");
        }
        assert_eq!(met(700_084, 400), (AuthErrorKind::Expired, true));
        let ends = |auth_error: AuthError| auth_error.drop_refresh_token;
        assert!(ends(AuthError::expired()) && !ends(AuthError::unreached()));
    }

    #[test]
    fn nobody_has_declined_where_a_number_tells_another_reason() {
        let check = |description: &str, remedy: Remedy, kind: AuthErrorKind| {
            let auth_error = AuthError::answered("access_denied", None, Some(description.into()), None);
            assert_eq!((auth_error.remedy(), auth_error.kind, &*auth_error.description), (remedy, kind, description));
        };
        let (declined, by_policy) = (AuthErrorKind::Declined, AuthErrorKind::ConditionalAccess);
        check("the user canceled the authentication", Remedy::Quiet, declined);
        check("AADSTS65004: User declined to consent to access the app.", Remedy::Quiet, declined);
        for number in [53000, 53003, 53010, 530_001, 530_002, 530_003, 530_004, 530_021, 530_034, 50097] {
            check(&format!("AADSTS{number}: Your device is required to be managed."), Remedy::Nothing, by_policy);
        }
        check("AADSTS50158: External security challenge not satisfied.", Remedy::SignIn, AuthErrorKind::MfaNeeded);
        check("AADSTS50053: The account is locked.", Remedy::Later, AuthErrorKind::Unknown);
        check("AADSTS9999999: Something new.", Remedy::Later, AuthErrorKind::Unknown);
    }

    #[test]
    fn a_bad_refresh_token_is_dropped_but_an_interaction_demand_keeps_it() {
        let drop = |suberror: &str| AuthError::answered("invalid_grant", Some(suberror.into()), None, None).drop_refresh_token;
        assert!(drop("bad_token"));
        assert!(!drop("basic_action"));
    }

    #[test]
    fn the_permission_that_a_refusal_names_is_found() {
        let permission =
            |description: &str| AuthError::answered("invalid_client", None, Some(description.into()), None).permission().map(str::to_owned);
        let named =
            "AADSTS650053: The application 'It's 'ours'' asked for scope 'OrgContact.Read.All' that doesn't exist on the resource 'x'.";
        assert_eq!(permission(named).as_deref(), Some("OrgContact.Read.All"));
        assert_eq!(permission("scope 'https://graph.microsoft.us/Chat.Create' that").as_deref(), Some("Chat.Create"));
        assert_eq!((permission("AADSTS650053: in other words"), permission("scope '<b>x</b> y' ")), (None, None));
        let long = |length: usize| permission(&format!("scope '{}' that", "x".repeat(length)));
        assert_eq!((long(0), long(80).map(|name| name.len()), long(81)), (None, Some(80), None));
    }

    #[test]
    fn an_app_of_the_wrong_platform_is_known_however_entra_says_it() {
        for (error, description) in [
            ("invalid_client", "AADSTS7000218: The request body must contain the following parameter: 'client_secret'."),
            ("invalid_request", "AADSTS9002326: x"),
            ("invalid_client", "AADSTS7999999: some new sentence about client_secret"),
            ("unauthorized_client", "A client_assertion is needed."),
        ] {
            let auth_error = AuthError::answered(error, None, Some(description.into()), None);
            assert_eq!(auth_error.kind, AuthErrorKind::WrongPlatform, "{description}");
        }
    }

    #[test]
    fn a_wrong_clock_is_no_reason_to_sign_in_again() {
        assert_eq!(AuthError::wrong_clock(None, "nbf").remedy(), Remedy::Nothing, "no new sign-in is offered as a cure");
        assert_eq!(AuthError::unanswered().remedy(), Remedy::Quiet);
    }
}
