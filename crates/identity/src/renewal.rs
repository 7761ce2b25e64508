//! Whether to use the token at hand, to renew it, to wait, or to ask the person: decided here, done by whoever embeds it.
//!
//! A renewal that failed takes nothing away: the token stays in use until it ends. What passes by itself (the network, a busy
//! service) is asked again when the service says so, or after a while that doubles; everything else only the person can fix.

use super::problem::AuthError;
use super::session::{Session, TokenState};
use time::{Millis, Moment};

/// What whoever needs a token is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenewalStep {
    /// Use the token at hand.
    Use,
    /// Ask the token endpoint, then ask here again.
    Renew,
    /// There is no good token, and asking now would bring none.
    Without(NoToken),
}

/// Why there is no good token now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoToken {
    /// The token endpoint may be asked again then; nobody has to do anything.
    Until(Moment),
    /// Only the person can help.
    Person(Box<AuthError>),
}

/// After a refusal the token endpoint is not asked again for so long: what a person fixes meanwhile (a consent, a policy) is
/// found out without a reload, and nothing is asked in a loop (AADSTS50196, reference-error-codes.md).
const AFTER_REFUSAL: Millis = Millis::minutes(1);
/// No Retry-After is believed beyond this; as `@azure/msal-common` 16.16.1 does.
const MOST: Millis = Millis::minutes(60);

/// What renewing has met lately. Lives as long as its [`Session`] is held; nobody stores it.
#[derive(Clone, Debug, Default)]
pub struct Renewal {
    failed: Option<FailedRenewal>,
}

#[derive(Clone, Debug)]
struct FailedRenewal {
    auth_error: AuthError,
    at: Moment,
    /// From `at` until the token endpoint may be asked again.
    wait: Millis,
    in_a_row: u32,
}

impl Renewal {
    /// For whoever wants to send something.
    pub fn step(&self, session: &Session, now: Moment) -> RenewalStep {
        let failed = self.failed.as_ref();
        match session.token_state(now) {
            TokenState::Good => RenewalStep::Use,
            TokenState::Renew
                if now < session.tokens.expires && failed.is_some_and(|failed| failed.is_quiet(now) || !failed.auth_error.passes()) =>
            {
                RenewalStep::Use
            }
            TokenState::Renew | TokenState::SignIn => self.fresh(session, now),
        }
    }

    /// For whoever heard from Graph that the token is no good, with the claims of a challenge (JSON). Such a challenge needs the
    /// person: a renewal carries over what the first sign-in proved, and no more.
    pub fn after_refusal(&self, claims: Option<&str>, session: &Session, now: Moment) -> RenewalStep {
        match claims {
            Some(claims) => RenewalStep::Without(NoToken::Person(Box::new(AuthError::step_up(claims)))),
            None => self.fresh(session, now),
        }
    }

    fn fresh(&self, session: &Session, now: Moment) -> RenewalStep {
        match &self.failed {
            _ if !session.is_renewable(now) => RenewalStep::Without(NoToken::Person(Box::new(self.cause()))),
            Some(failed) if failed.is_quiet(now) && failed.auth_error.passes() => {
                RenewalStep::Without(NoToken::Until(failed.at + failed.wait))
            }
            Some(failed) if failed.is_quiet(now) => RenewalStep::Without(NoToken::Person(Box::new(failed.auth_error.clone()))),
            _ => RenewalStep::Renew,
        }
    }

    /// What is to be told once nothing can be renewed any more: the refusal that ended it, else that its day is over.
    fn cause(&self) -> AuthError {
        let refusal = self.failed.as_ref().filter(|failed| !failed.auth_error.passes());
        refusal.map_or_else(AuthError::expired, |failed| failed.auth_error.clone())
    }

    /// The token endpoint was asked and gave none. It is asked again after its Retry-After, clamped to 1 … 3600 s; else after 2 s, doubled
    /// each time up to 64 s, for what passes by itself, and after a minute for what does not.
    pub fn failed(&mut self, auth_error: AuthError, now: Moment) {
        let auth_error = auth_error.while_renewing();
        let in_a_row = self.failed.as_ref().map_or(0, |before| before.in_a_row + 1);
        let backoff = Millis::backoff(in_a_row);
        let wait = match auth_error.retry_after {
            Some(wait) => wait.clamp(Millis::seconds(1), MOST),
            None if auth_error.passes() => backoff,
            None => AFTER_REFUSAL,
        };
        self.failed = Some(FailedRenewal { auth_error, at: now, wait, in_a_row });
    }

    /// There are fresh tokens.
    pub fn done(&mut self) {
        self.failed = None;
    }

    /// What is waited out just now and until when, for the app to show.
    pub fn waits(&self, now: Moment) -> Option<(&AuthError, Moment)> {
        let failed = self.failed.as_ref().filter(|failed| failed.is_quiet(now) && failed.auth_error.passes())?;
        Some((&failed.auth_error, failed.at + failed.wait))
    }
}

impl FailedRenewal {
    /// Whether it is too early to ask again. A clock that was set back does not make it wait longer.
    fn is_quiet(&self, now: Moment) -> bool {
        self.at <= now && now < self.at + self.wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Remedy;
    use crate::problem::kinds::AuthErrorKind;
    use crate::session::tests::session;

    /// Minutes and seconds after signing in; the token ends after 60 minutes.
    fn at(minutes: i64, seconds: i64) -> Moment {
        Moment(0) + Millis::minutes(minutes) + Millis::seconds(seconds)
    }

    fn until(then: Moment) -> RenewalStep {
        RenewalStep::Without(NoToken::Until(then))
    }

    fn refused(error: &str, number: u32) -> AuthError {
        AuthError::answered(error, None, Some(format!("AADSTS{number}: text")), None)
    }

    /// What somebody is told; nothing where nobody is.
    fn told(step: &RenewalStep) -> Option<AuthErrorKind> {
        match step {
            RenewalStep::Without(NoToken::Person(auth_error)) => Some(auth_error.kind),
            _ => None,
        }
    }

    #[test]
    fn a_hiccup_keeps_the_good_token_and_asks_again_later_and_later() {
        let (session, mut renewal) = (session(), Renewal::default());
        assert_eq!(renewal.step(&session, at(54, 0)), RenewalStep::Use);
        assert_eq!(renewal.step(&session, at(55, 0)), RenewalStep::Renew);
        renewal.failed(AuthError::unreached(), at(55, 0));
        assert_eq!(renewal.step(&session, at(55, 1)), RenewalStep::Use);
        assert_eq!(renewal.step(&session, at(55, 2)), RenewalStep::Renew);
        renewal.failed(AuthError::unreached(), at(55, 2));
        assert_eq!(renewal.step(&session, at(55, 5)), RenewalStep::Use);
        assert_eq!(renewal.step(&session, at(55, 6)), RenewalStep::Renew);
        renewal.failed(AuthError::unreached(), at(59, 59));
        assert_eq!(renewal.step(&session, at(59, 59)), RenewalStep::Use);
        assert_eq!(renewal.step(&session, at(60, 0)), until(at(60, 7)), "it has ended at this moment");
        // The token ends while the service is away: waiting, never a refusal.
        for _ in 0..9 {
            renewal.failed(AuthError::unreached(), at(61, 0));
        }
        assert_eq!(renewal.step(&session, at(61, 0)), until(at(62, 4)));
        assert_eq!(renewal.waits(at(61, 0)).map(|(auth_error, then)| (auth_error.remedy(), then)), Some((Remedy::Later, at(62, 4))));
        assert_eq!(renewal.step(&session, at(62, 4)), RenewalStep::Renew);
        // A clock that was set back does not wait for the old one.
        assert_eq!(renewal.after_refusal(None, &session, at(40, 0)), RenewalStep::Renew);
        renewal.done();
        assert_eq!((renewal.step(&session, at(61, 1)), renewal.waits(at(61, 1))), (RenewalStep::Renew, None));
        renewal.failed(AuthError::unreached(), at(61, 1));
        assert_eq!(renewal.step(&session, at(61, 1)), until(at(61, 3)), "counted anew");
    }

    #[test]
    fn the_service_says_itself_when_to_come_back() {
        let (session, mut renewal) = (session(), Renewal::default());
        let busy = |seconds| refused("temporarily_unavailable", 90055).with_retry_after(Some(Millis::seconds(seconds)));
        renewal.failed(busy(90), at(61, 0));
        assert_eq!(renewal.step(&session, at(61, 0)), until(at(62, 30)));
        renewal.failed(busy(0), at(61, 0));
        assert_eq!(renewal.step(&session, at(61, 0)), until(at(61, 1)));
        renewal.failed(busy(99_999), at(61, 0));
        assert_eq!(renewal.step(&session, at(61, 0)), until(at(121, 0)));
    }

    #[test]
    fn a_refusal_is_told_when_the_token_ends_and_by_its_own_name() {
        let check = |auth_error: AuthError, kind: AuthErrorKind| {
            let (mut session, mut renewal) = (session(), Renewal::default());
            if auth_error.drop_refresh_token {
                session.tokens.refresh = None;
            }
            renewal.failed(auth_error, at(56, 0));
            assert_eq!(renewal.step(&session, at(59, 59)), RenewalStep::Use, "{kind:?}");
            assert_eq!(renewal.waits(at(56, 0)), None, "nothing is waited for that does not pass");
            renewal.failed(renewal.failed.clone().unwrap().auth_error, at(60, 0));
            assert_eq!(told(&renewal.step(&session, at(60, 1))), Some(kind));
            assert_eq!(told(&renewal.after_refusal(None, &session, at(60, 1))), Some(kind));
        };
        check(refused("invalid_grant", 700_084), AuthErrorKind::Expired);
        check(refused("invalid_grant", 50173), AuthErrorKind::Revoked);
        check(refused("invalid_grant", 70043), AuthErrorKind::SignInFrequency);
        check(refused("invalid_grant", 65001), AuthErrorKind::ConsentWithdrawn);
        check(refused("invalid_grant", 53003), AuthErrorKind::ConditionalAccess);
        check(refused("interaction_required", 50076), AuthErrorKind::MfaNeeded);
        check(refused("invalid_grant", 50057), AuthErrorKind::AccountDisabled);
        check(AuthError::answered("invalid_grant", Some("bad_token".into()), None, None), AuthErrorKind::GrantDead);
    }

    #[test]
    fn what_was_fixed_meanwhile_is_found_out_after_a_minute() {
        let (session, mut renewal) = (session(), Renewal::default());
        renewal.failed(refused("invalid_grant", 65001), at(61, 0));
        assert!(told(&renewal.step(&session, at(61, 59))).is_some());
        assert_eq!(renewal.step(&session, at(62, 0)), RenewalStep::Renew);
    }

    #[test]
    fn after_a_day_the_person_signs_in_again_even_if_the_network_was_away_last() {
        let (session, mut renewal) = (session(), Renewal::default());
        renewal.failed(AuthError::unreached(), at(24 * 60, -1));
        assert_eq!(told(&renewal.step(&session, at(24 * 60, 0))), Some(AuthErrorKind::Expired));
        assert_eq!(told(&Renewal::default().step(&session, at(24 * 60, 0))), Some(AuthErrorKind::Expired));
    }

    #[test]
    fn a_challenge_needs_the_person_whatever_the_token() {
        let claims = r#"{"access_token":{}}"#;
        let RenewalStep::Without(NoToken::Person(auth_error)) = Renewal::default().after_refusal(Some(claims), &session(), at(1, 0)) else {
            panic!("a person")
        };
        assert_eq!((auth_error.claims.as_deref(), auth_error.remedy()), (Some(claims), Remedy::SignIn));
    }
}
