//! Who is signed in: the account of this page, where it signs in, and what its token may do. Tokens live in [`tokens`] and, if
//! config.json says so, in `sessionStorage`; nowhere else.

mod held;
pub mod landing;
pub mod leaving;
pub mod remembered;
pub mod tokens;

use super::state_signal::StateSignal;
use crate::app::effects::{address_bar, tab};
use crate::app::start_config::StartConfig;
use guestlist::config::{CacheLocation, Config};
use guestlist::owner::Owner;
use guestlist::permissions;
use identity::authorize::{Client, Interaction};
use identity::claims::Account;
use identity::scopes::{Scopes, admin_consent_url};
use identity::{AuthError, Authority, Session};
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
    pub config: Config,
    pub authority: Authority,
}

impl Accounts {
    pub(super) fn new(StartConfig { config, authority }: StartConfig) -> Self {
        let (account, signed_in) = (StateSignal::new(None), StateSignal::new(None));
        let (auth_error, refused) = (StateSignal::new(None), StateSignal::new(None));
        let scopes = StateSignal::new(Scopes::default());
        Self { account, signed_in, scopes, auth_error, refused, config, authority }
    }

    /// Where Graph is.
    pub fn graph(&'static self) -> &'static str {
        &self.authority.graph
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

    /// The redirect URI as it has to be registered.
    fn redirect_uri(&'static self) -> String {
        address_bar::resolve(&self.config.redirect_uri)
    }

    fn client<'a>(&'a self, redirect_uri: &'a str) -> Client<'a> {
        Client { authority: &self.authority, client_id: &self.config.client_id, redirect_uri }
    }

    fn start(&'static self) -> StartConfig {
        StartConfig { config: self.config.clone(), authority: self.authority.clone() }
    }

    /// Leaves for the identity platform to ask for these permissions beside those of the present token, to come back to this view; `false`
    /// where the tab remembers nothing.
    pub(super) fn leave(&'static self, extra: &[&str], route: &str, interaction: &Interaction) -> bool {
        let mut wanted: Scopes = permissions::base();
        self.scopes.with_untracked(|scopes| wanted.extend(scopes.iter()));
        wanted.extend(extra.iter().copied());
        leaving::leave(&self.start(), wanted, route, interaction)
    }

    /// Where to go to sign out at the identity platform, too, if it has a place for that.
    pub(super) fn sign_out_url(&'static self) -> Option<String> {
        let hint = self.account.with_untracked(|account| account.as_ref().and_then(|account| account.login_hint.clone()));
        self.client(&self.redirect_uri()).sign_out_url(hint.as_deref())
    }

    fn caches(&'static self) -> bool {
        self.config.cache == CacheLocation::SessionStorage
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

    /// Nobody is signed in here any more: tokens leave the page.
    pub(super) fn forget(&'static self) {
        held::forget();
        forget_session();
        _ = take_questions();
        self.account.set(None);
        self.scopes.set(Scopes::default());
        self.refused.set(None);
    }

    /// The link that an administrator opens to allow the app for everybody, with one permission more than everybody needs.
    pub fn admin_consent_url(&'static self, more: Option<&str>) -> String {
        admin_consent_url(&self.authority, &self.config.client_id, &self.redirect_uri(), &permissions::for_everybody(more))
    }
}
