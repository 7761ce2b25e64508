//! Who is signed in: the account of this page, where it signs in, and what its token may do. Tokens live in [`tokens`] and, if
//! config.json says so, in `sessionStorage`; nowhere else.

mod held;
pub mod landing;
pub mod leaving;
pub mod remembered;
pub mod tokens;

use super::state_signal::StateSignal;
use crate::app::effects::tab;
use crate::app::start_config::StartConfig;
use guestlist::config::CacheLocation;
use guestlist::owner::Owner;
use guestlist::permissions;
use identity::claims::Account;
use identity::scopes::{Scopes, admin_consent_url};
use identity::{AuthError, Session};
use leptos::prelude::*;
use remembered::{SESSION, forget_session, name, take_questions};
use time::Moment;

/// Who is signed in.
pub struct Accounts {
    pub account: StateSignal<Option<Account>>,
    /// When whoever is signed in did that, as far as the tab knows.
    pub signed_in: StateSignal<Option<Moment>>,
    /// What the present token may do.
    pub scopes: StateSignal<Scopes>,
    /// Why signing in did not work.
    pub auth_error: StateSignal<Option<AuthError>>,
    /// Why asking for more permissions did not work, while whoever is signed in stays so.
    pub refused: StateSignal<Option<AuthError>>,
    /// What was known before.
    pub place: StartConfig,
    /// Who else holds something of whoever is signed in.
    holders: StoredValue<Vec<fn()>>,
}

impl Accounts {
    pub(super) fn new(place: StartConfig) -> Self {
        let (account, signed_in) = (StateSignal::new(None), StateSignal::new(None));
        let (auth_error, refused) = (StateSignal::new(None), StateSignal::new(None));
        let scopes = StateSignal::new(Scopes::default());
        Self { account, signed_in, scopes, auth_error, refused, place, holders: StoredValue::default() }
    }

    /// Where Graph is.
    pub fn graph(&'static self) -> &'static str {
        &self.place.authority.graph
    }

    /// Whoever is signed in, as what they keep here names them.
    pub fn person(&'static self) -> Option<Owner> {
        let account = self.account.get_untracked()?;
        Some(Owner::from_account(&account, self.graph()))
    }

    /// Whether the present token may do this.
    pub fn may(&'static self, scope: &str) -> bool {
        self.scopes.with_untracked(|scopes| scopes.contains(scope))
    }

    /// These permissions beside those of the present token.
    pub(super) fn with_present(&self, extra: &[&str]) -> Scopes {
        let mut wanted: Scopes = permissions::base();
        self.scopes.with_untracked(|scopes| wanted.extend(scopes.iter()));
        wanted.extend(extra.iter().copied());
        wanted
    }

    /// Where to go to sign out at the identity platform, too, if it has a place for that.
    pub(super) fn sign_out_url(&'static self) -> Option<String> {
        let hint = self.account.with_untracked(|account| account.as_ref().and_then(|account| account.login_hint.clone()));
        self.place.client(&self.place.redirect_uri()).sign_out_url(hint.as_deref())
    }

    fn caches(&'static self) -> bool {
        self.place.config.cache == CacheLocation::SessionStorage
    }

    fn hold(&'static self, session: Session) {
        if self.caches() {
            tab::put(&name(SESSION), &serde_json::to_string(&session).unwrap_or_default());
            remembered::remember_entry();
        }
        self.account.set(Some(session.account.clone()));
        self.scopes.set(session.tokens.scopes.clone());
        self.signed_in.set(session.signed_in);
        held::hold(session);
    }

    /// Nothing is sent for anybody from now on.
    pub(super) fn hold_nothing(&'static self) {
        held::forget();
    }

    /// Only the person can help; the page says how.
    pub(super) fn needs_person(&'static self, auth_error: AuthError) {
        self.auth_error.set(Some(auth_error));
    }

    /// Whoever is here has read why asking for more permissions did not work.
    pub fn close_refused(&'static self) {
        self.refused.set(None);
    }

    /// Areas that hold something of whoever is signed in forget it by this.
    pub(super) fn when_forgotten(&'static self, forget: fn()) {
        self.holders.update_value(|holders| holders.push(forget));
    }

    /// Nobody is signed in here any more: tokens leave the page.
    pub(super) fn forget(&'static self) {
        self.holders.with_value(|holders| holders.iter().for_each(|forget| forget()));
        self.hold_nothing();
        forget_session();
        _ = take_questions();
        self.account.set(None);
        self.scopes.set(Scopes::default());
        self.refused.set(None);
    }

    /// The link that an administrator opens to allow the app for everybody, with one permission more than everybody needs.
    pub fn admin_consent_url(&'static self, more: Option<&str>) -> String {
        let StartConfig { config, authority } = &self.place;
        admin_consent_url(authority, &config.client_id, &self.place.redirect_uri(), &permissions::for_everybody(more))
    }
}
