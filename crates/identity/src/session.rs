//! What is kept while somebody is signed in.

use super::claims::Account;
use super::token::Tokens;
use serde::{Deserialize, Serialize};
use time::{Millis, Moment};

/// Renew this long before the access token ends.
const EARLY: Millis = Millis::minutes(5);

/// The last minutes of a refresh token.
const LAST: Millis = Millis::minutes(10);
const HOUR: Millis = Millis::hours(1);

/// A signed-in person and the tokens. Serialising writes them in clear: whoever embeds this keeps it in memory, or in storage that ends
/// with the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// As the first id_token told; renewing changes nothing of it.
    pub account: Account,
    /// Those of the last renewal.
    pub tokens: Tokens,
    /// The app's own mark of the last sign-out before this sign-in, so that it can tell a later one, which ends it. Nobody reads it here.
    #[serde(default)]
    pub signed_out: Option<String>,
    /// When this sign-in was made, by the computer's clock: renewing its tokens makes no new one. `None` where that was not kept.
    #[serde(default)]
    pub signed_in: Option<Moment>,
}

/// What the tokens are good for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// Use the access token.
    Good,
    /// Ask for fresh ones first; a short-lived access token is never sent in its last minutes.
    Renew,
    /// Only the person can help.
    SignIn,
}

impl Session {
    /// `now` is of the clock by which the tokens were received. An access token that can be renewed counts as ending five minutes early.
    pub fn token_state(&self, now: Moment) -> TokenState {
        // A token whose whole life is shorter than the margin is used until it ends.
        if now + EARLY < self.tokens.expires {
            TokenState::Good
        } else if self.is_renewable(now) {
            TokenState::Renew
        } else if now < self.tokens.expires {
            TokenState::Good
        } else {
            TokenState::SignIn
        }
    }

    /// Whether there is a refresh token that has not ended.
    pub(super) fn is_renewable(&self, now: Moment) -> bool {
        self.tokens.refresh.is_some() && self.tokens.refresh_expires.is_none_or(|end| now < end)
    }

    /// Whether the refresh token is in its last minutes, and a new access token would outlast it for longer than the present one does: the
    /// refresh token of a single-page application lasts a day from signing in, an access token an hour or more from being issued.
    pub fn ends_soon(&self, now: Moment) -> bool {
        let is_last = self.tokens.refresh_expires.is_some_and(|end| end - now < LAST);
        is_last && self.is_renewable(now) && self.tokens.expires - now < HOUR
    }

    /// Whether the access token holds this permission.
    pub fn may(&self, scope: &str) -> bool {
        self.tokens.scopes.contains(scope)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::Secret;

    /// Of somebody who signed in at the beginning of time; the token ends after an hour, the refresh token after a day.
    pub fn session() -> Session {
        let account = Account {
            id: "a".into(),
            tenant_id: "t".into(),
            object_id: "o".into(),
            name: "n".into(),
            username: "u".into(),
            login_hint: None,
        };
        let tokens = Tokens {
            access: Secret::new("a".into()),
            expires: Moment(0) + Millis::hours(1),
            refresh: Some(Secret::new("r".into())),
            refresh_expires: Some(Moment(0) + Millis::hours(24)),
            scopes: ["User.Read", "User.Invite.All"].into_iter().collect(),
        };
        Session { account, tokens, signed_out: None, signed_in: Some(Moment(0)) }
    }

    #[test]
    fn tokens_are_renewed_five_minutes_early_and_for_a_day_at_most() {
        let session = session();
        let check = |after: Millis, stand: TokenState| assert_eq!(session.token_state(Moment(0) + after), stand, "{after:?}");
        check(Millis::minutes(54), TokenState::Good);
        check(Millis::minutes(55), TokenState::Renew);
        check(Millis::hours(23), TokenState::Renew);
        check(Millis::hours(24), TokenState::SignIn);
        let without = Session { tokens: Tokens { refresh: None, ..session.tokens.clone() }, ..session };
        assert_eq!(without.token_state(Moment(0) + Millis::minutes(57)), TokenState::Good);
        assert_eq!(without.token_state(Moment(0) + Millis::minutes(60)), TokenState::SignIn);
    }

    #[test]
    fn a_token_is_good_until_it_ends_and_not_a_moment_longer() {
        let session = session();
        let check = |after: Millis, stand: TokenState| assert_eq!(session.token_state(Moment(0) + after), stand, "{after:?}");
        check(Millis(Millis::minutes(55).0 - 1), TokenState::Good);
        check(Millis(Millis::hours(24).0 - 1), TokenState::Renew);
        let without = Session { tokens: Tokens { refresh: None, ..session.tokens.clone() }, ..session.clone() };
        assert_eq!(without.token_state(Moment(Millis::hours(1).0 - 1)), TokenState::Good);
        assert!(!without.is_renewable(Moment(0)), "there is nothing to renew with");
        let endless = Session { tokens: Tokens { refresh_expires: None, ..session.tokens.clone() }, ..session.clone() };
        assert!(endless.is_renewable(Moment(0) + Millis::hours(48)));
        assert!(session.may("User.Read") && !session.may("Mail.Send"));
    }

    #[test]
    fn a_sign_in_ends_soon_where_a_fresh_token_would_outlast_what_renews_it() {
        let mut session = session();
        let day = Moment(0) + Millis::hours(24);
        let mut check = |left: Millis, access: Millis, expected: bool| {
            let now = day - left;
            session.tokens.expires = now + access;
            assert_eq!(session.ends_soon(now), expected, "{left:?} {access:?}");
        };
        check(Millis::minutes(9), Millis::minutes(59), true);
        check(Millis(1), Millis(0), true);
        check(Millis::minutes(9), Millis::hours(-1), true);
        check(Millis::minutes(10), Millis::minutes(59), false);
        check(Millis::minutes(9), Millis::hours(1), false);
        check(Millis(0), Millis::minutes(59), false);
        check(Millis::hours(23), Millis::minutes(59), false);
        session.tokens.refresh_expires = None;
        assert!(!session.ends_soon(day), "as far as anybody knows it does not end");
        (session.tokens.refresh_expires, session.tokens.refresh) = (Some(day), None);
        assert!(!session.ends_soon(day - Millis(1)));
    }
}
