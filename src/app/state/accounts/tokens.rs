//! Fresh tokens for whoever asks.

use super::{Accounts, held};
use crate::app::effects::{clock, fetch};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use identity::renewal::{NoToken, Renewal, RenewalStep};
use identity::{AuthError, Secret, Session};
use std::cell::RefCell;

type Asking = Shared<LocalBoxFuture<'static, bool>>;

thread_local! {
    static RENEWAL: RefCell<Renewal> = RefCell::default();
    /// The question to the token endpoint under way, which every caller shares.
    static ASKING: RefCell<Option<Asking>> = const { RefCell::new(None) };
}

/// A token that may be sent now; renewed if need be, once for all who ask meanwhile.
///
/// # Errors
/// Why there is none.
pub async fn token(accounts: &'static Accounts) -> Result<Secret, NoToken> {
    let step = || step(|renewal, session| renewal.step(session, clock::now()));
    if step() == RenewalStep::Renew {
        renew(accounts).await;
    }
    match step() {
        RenewalStep::Without(none) => Err(none),
        RenewalStep::Use | RenewalStep::Renew => {
            held::with(|held| held.as_ref().map(|session| session.tokens.access.clone())).ok_or_else(signed_out)
        }
    }
}

/// Graph refused the token, perhaps with the claims of a challenge (JSON): gets a fresh one, whatever the old one is good for.
///
/// # Errors
/// Why there is none.
pub async fn after_refusal(accounts: &'static Accounts, claims: Option<&str>) -> Result<(), NoToken> {
    let step = || step(|renewal, session| renewal.after_refusal(claims, session, clock::now()));
    match step() {
        RenewalStep::Without(none) => return Err(none),
        RenewalStep::Use | RenewalStep::Renew => {}
    }
    let is_renewed = renew(accounts).await;
    match step() {
        RenewalStep::Without(none) if !is_renewed => Err(none),
        _ => Ok(()),
    }
}

/// Renews the sign-in while it can still be renewed, where that makes it last longer.
pub async fn stretch(accounts: &'static Accounts) {
    if held::with(|held| held.as_ref().is_some_and(|session| session.ends_soon(clock::now()))) {
        renew(accounts).await;
    }
}

/// What is waited out just now before the sign-in is renewed.
pub fn waits() -> Option<AuthError> {
    RENEWAL.with_borrow(|renewal| renewal.waits(clock::now()).map(|(auth_error, _)| auth_error.clone()))
}

/// Whether the person need not sign in again, as far as is known.
pub fn is_alive() -> bool {
    !matches!(step(|renewal, session| renewal.step(session, clock::now())), RenewalStep::Without(NoToken::Person(_)))
}

fn signed_out() -> NoToken {
    NoToken::Person(Box::new(AuthError::signed_out()))
}

fn step(ask: impl FnOnce(&Renewal, &Session) -> RenewalStep) -> RenewalStep {
    held::with(|held| match held {
        Some(session) => RENEWAL.with_borrow(|renewal| ask(renewal, session)),
        None => RenewalStep::Without(signed_out()),
    })
}

/// Asks the token endpoint, once for all who want it meanwhile. Whether there are fresh tokens now.
async fn renew(accounts: &'static Accounts) -> bool {
    let running = ASKING.with_borrow(Clone::clone);
    let asking = running.unwrap_or_else(|| {
        // It ends itself: whoever waits may be late, when the next one is already under way.
        let fresh: Asking = async move {
            let done = renewed(accounts).await;
            ASKING.set(None);
            done
        }
        .boxed_local()
        .shared();
        ASKING.set(Some(fresh.clone()));
        fresh
    });
    asking.await
}

async fn renewed(accounts: &'static Accounts) -> bool {
    let Some(session) = held::with(Clone::clone) else { return false };
    let answer = accounts.place.client(&accounts.place.redirect_uri()).renew(&session.tokens, &clock::now, &fetch::token_endpoint).await;
    // Somebody may have signed out meanwhile, or another person in.
    if held::with(|held| held.as_ref().is_none_or(|held| held.account != session.account)) {
        return false;
    }
    match answer {
        Ok(tokens) => {
            accounts.hold(Session { tokens, ..session });
            RENEWAL.with_borrow_mut(Renewal::done);
            true
        }
        Err(auth_error) => {
            if auth_error.drop_refresh_token {
                held::drop_refresh_token();
            }
            RENEWAL.with_borrow_mut(|renewal| renewal.failed(auth_error, clock::now()));
            false
        }
    }
}
