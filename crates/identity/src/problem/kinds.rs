//! What kinds of errors there are on the way to a token, and how each is known.

use time::Millis;

/// What an error means. One value per thing that a person would do differently or has to be told by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthErrorKind {
    /// A token cannot be had without the person.
    InteractionNeeded,
    /// Neither the person nor an administrator has allowed a permission yet.
    ConsentNeeded,
    /// What was allowed once is not any more.
    ConsentWithdrawn,
    /// The person cancelled signing in, or refused consent.
    Declined,
    /// The registration's permissions, account types or resource do not fit the tenant.
    AppMisconfigured,
    /// The tenant leaves this consent to administrators.
    AdminConsentNeeded,
    /// Another proof is needed, has expired or is not set up.
    MfaNeeded,
    /// Several accounts are signed in, or the one that was meant is not.
    AccountChoice,
    /// The tenant does not know the account, or its own invitation waits to be redeemed.
    NotInTenant,
    /// Cross-tenant access settings or tenant restrictions forbid it.
    CrossTenant,
    /// The app does not take this kind of account, such as a personal one.
    WrongAccountType,
    /// The tenant lets only chosen people use the app.
    NotAssigned,
    /// The tenant does not know the app.
    UnknownApp,
    /// The app is switched off in the tenant.
    AppDisabled,
    /// Graph is switched off in the tenant.
    GraphDisabled,
    /// The cloud does not know a permission that was asked for.
    UnknownPermission,
    /// The authority's tenant is mistyped, of another cloud, or gone.
    UnknownTenant,
    /// The authority names no tenant, and this app needs one.
    TenantNeeded,
    /// The app is refused for a reason that has no words here.
    AppRefused,
    /// The request was not well formed: a mistake of the app or of this crate.
    OurBug,
    /// The redirect URI is not among those that are registered.
    RedirectMismatch,
    /// The redirect URI is not of platform “Single-page application”: its code cannot be redeemed without a client secret.
    WrongPlatform,
    /// The redirect URI is of the right platform, and its request came without the header by which Entra knows a browser.
    OriginRemoved,
    /// By so much the computer's clock is ahead, behind where it is negative, as far as the token tells.
    WrongClock(Option<Millis>),
    /// Somebody came back from the identity platform without any answer.
    Unanswered,
    /// An answer came for a question that does not wait for one here.
    NotOurs,
    /// The code that came back from the identity platform was redeemed before, or is too old.
    CodeSpent,
    /// Ended for a reason that was not told.
    GrantDead,
    /// The refresh token has reached its age; a single-page application's lasts 24 hours.
    Expired,
    /// Conditional Access wants a new sign-in after so long.
    SignInFrequency,
    /// An administrator ended the sign-ins, or the password was changed.
    Revoked,
    /// The person's account is blocked in the directory.
    AccountDisabled,
    /// Graph asks for a proof that the token does not carry.
    StepUp,
    /// Nobody is signed in: made by [`super::AuthError::signed_out`].
    SignedOut,
    /// A policy wants another device, app, place or a lower risk: signing in again does not help.
    ConditionalAccess,
    /// The same was asked too often in a short time.
    Loop,
    /// The service is busy.
    Transient,
    /// The account belongs to another national cloud.
    WrongCloud,
    /// No answer came from the token endpoint, or one that is not its own.
    Unreached,
    /// An answer came that does not fit the question, so nothing of it is used.
    Unsound,
    /// Nothing of the above: only the description tells.
    Unknown,
}

/// By AADSTS number: reference-error-codes.md (edition of 2024-04-24); 9002325 to 9002327 from public field reports, as are the
/// app's own: 650053 (MicrosoftDocs/azure-docs 37280), 7000112 (MicrosoftDocs/azure-docs 28469), 500014
/// (microsoft-authentication-library-for-dotnet 3150), 500113 (ms-identity-javascript-tutorial 92), 7000218 and its older number 70002
/// for a redirect URI of platform “Web” (MicrosoftDocs/azure-docs 61446, microsoft-authentication-library-for-js 3273).
pub const NUMBERS: [(AuthErrorKind, &[u32]); 29] = [
    (AuthErrorKind::ConsentNeeded, &[65001]),
    (AuthErrorKind::Declined, &[65004]),
    (AuthErrorKind::AppMisconfigured, &[65005, 650_056, 650_057, 650_054, 500_011, 650_052, 9_002_331, 9_002_346]),
    (AuthErrorKind::AdminConsentNeeded, &[90094, 90095]),
    (AuthErrorKind::MfaNeeded, &[50076, 50079, 50074, 50072, 50078, 50158]),
    (AuthErrorKind::InteractionNeeded, &[50058]),
    (AuthErrorKind::AccountChoice, &[16000, 16001, 16002, 160_021]),
    (AuthErrorKind::NotInTenant, &[50020, 50034, 51004, 50014, 16003, 90072]),
    (AuthErrorKind::CrossTenant, &[500_212, 500_213, 500_021]),
    (AuthErrorKind::WrongAccountType, &[500_208, 9_002_332]),
    (AuthErrorKind::NotAssigned, &[50105]),
    (AuthErrorKind::UnknownApp, &[700_016, 700_011]),
    (AuthErrorKind::AppDisabled, &[7_000_112]),
    (AuthErrorKind::GraphDisabled, &[500_014]),
    (AuthErrorKind::UnknownPermission, &[650_053]),
    (AuthErrorKind::UnknownTenant, &[90002, 900_023]),
    (AuthErrorKind::TenantNeeded, &[50194, 90124, 90130, 50059, 90019]),
    (
        AuthErrorKind::OurBug,
        &[700_005, 90015, 9_002_313, 900_144, 90014, 90005, 9_002_325, 50147, 501_481, 501_491, 700_022, 700_023, 70011, 28002, 28003],
    ),
    (AuthErrorKind::RedirectMismatch, &[50011, 500_113, 900_971]),
    (AuthErrorKind::WrongPlatform, &[9_002_326, 7_000_218, 70002]),
    (AuthErrorKind::OriginRemoved, &[9_002_327]),
    (AuthErrorKind::CodeSpent, &[54005]),
    (AuthErrorKind::Expired, &[EXPIRED_BY_DISUSE, 700_082, 700_084]),
    (AuthErrorKind::SignInFrequency, &[70043]),
    (AuthErrorKind::Revoked, &[50173, 50132, 50133]),
    (AuthErrorKind::AccountDisabled, &[50057]),
    (AuthErrorKind::ConditionalAccess, &[53000, 53001, 53002, 53003, 53004, 53011, 530_032, 530_035, 50005, 50097, 50131]),
    (AuthErrorKind::Loop, &[50196]),
    (AuthErrorKind::Transient, &[90024, 90033, 90012, 90006, 50033, 90055]),
];
const WRONG_CLOUD: u32 = 90038;
/// Of a code as well as of a refresh token: reference-error-codes.md, `ExpiredOrRevokedGrant`.
pub(super) const EXPIRED_BY_DISUSE: u32 = 70008;

/// Whether a number is of those that Microsoft gives to Conditional Access, security defaults and risk, whatever it says exactly:
/// reference-error-codes.md lists 53000 to 53011 and 530032 to 530035, field reports and troubleshooting articles 530001 to 530004.
const fn is_of_conditional_access(code: u32) -> bool {
    matches!(code, 53_000..=53_099 | 530_000..=530_999)
}

impl AuthErrorKind {
    /// Whether the refresh token is of no use any more.
    pub(super) const fn ends_the_grant(self) -> bool {
        matches!(self, Self::GrantDead | Self::Expired | Self::SignInFrequency | Self::Revoked)
    }
}

pub(super) fn number_in(description: &str) -> Option<u32> {
    let digits: String = description.split_once("AADSTS")?.1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What an error is: by its number, else by the OAuth error. `description` is looked at only for what no number tells.
pub(super) fn kind_of(error: &str, suberror: Option<&str>, codes: &[u32], description: &str) -> AuthErrorKind {
    let listed = codes.iter().find_map(|code| NUMBERS.iter().find(|(_, numbers)| numbers.contains(code)).map(|(kind, _)| *kind));
    if codes.contains(&WRONG_CLOUD) {
        return AuthErrorKind::WrongCloud;
    }
    match (listed, error, suberror) {
        (Some(kind), ..) => kind,
        _ if codes.iter().any(|code| is_of_conditional_access(*code)) => AuthErrorKind::ConditionalAccess,
        (_, _, Some("consent_required")) | (_, "consent_required", _) => AuthErrorKind::ConsentNeeded,
        (
            _,
            _,
            Some("message_only" | "additional_action" | "basic_action" | "user_password_expired" | "ui_not_allowed" | "interrupted_user"),
        ) => AuthErrorKind::MfaNeeded,
        (_, _, Some("bad_token")) | (_, "invalid_grant", _) => AuthErrorKind::GrantDead,
        (_, "interaction_required" | "login_required", _) => AuthErrorKind::InteractionNeeded,
        // Whoever declines brings no number, or that of the table; any other number is a refusal.
        (_, "access_denied", _) if codes.is_empty() => AuthErrorKind::Declined,
        (_, "server_error" | "temporarily_unavailable", _) => AuthErrorKind::Transient,
        // Asked of a client that has none, and in other words than the listed ones: the redirect URI is of another platform.
        (_, "invalid_client" | "unauthorized_client" | "invalid_request", _) if asks_for_a_secret(description) => {
            AuthErrorKind::WrongPlatform
        }
        (_, "invalid_client" | "unauthorized_client", _) => AuthErrorKind::AppRefused,
        (_, "invalid_request" | "invalid_scope" | "unsupported_response_type" | "unsupported_grant_type", _) => AuthErrorKind::OurBug,
        _ => AuthErrorKind::Unknown,
    }
}

fn asks_for_a_secret(description: &str) -> bool {
    description.contains("client_secret") || description.contains("client_assertion")
}
