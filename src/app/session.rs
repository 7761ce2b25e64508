//! Who is signed in, and fresh tokens for whoever asks. Tokens live in this module and, if config.json says so, in
//! `sessionStorage`; nowhere else.

mod remembered;

pub use remembered::{forget_earlier, is_expected, keep_under};

use super::StartConfig;
use super::effects::{address_bar, clock, entries, fetch, other_tabs, random, store, tab};
use super::state::AppState;
use super::{kept, runner};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use guestlist::config::{CacheLocation, Config};
use guestlist::embedding::{may_use_session, with_entry};
use guestlist::owner::Owner;
use guestlist::permissions;
use guestlist::storage::drafts;
use identity::authorize::{Client, Interaction, Prompt, RedirectResult, answered, parse_redirect};
use identity::claims::Account;
use identity::renewal::{NoToken, Renewal, RenewalStep};
use identity::scopes::Scopes;
use identity::session::TokenState;
use identity::{AuthError, Authority, Secret, Session};
use leptos::prelude::*;
use remembered::{ANSWER, ENTRIES, PENDING, SESSION, forget_session, name};
use std::cell::RefCell;
use time::Millis;

type Asking = Shared<LocalBoxFuture<'static, bool>>;

thread_local! {
    static HELD: RefCell<Option<Session>> = const { RefCell::new(None) };
    static RENEWAL: RefCell<Renewal> = RefCell::default();
    /// The question to the token endpoint under way, which every caller shares.
    static ASKING: RefCell<Option<Asking>> = const { RefCell::new(None) };
}

/// The redirect URI as it has to be registered.
pub fn redirect_uri(app: AppState) -> String {
    app.config.with_value(|config| address_bar::resolve(&config.redirect_uri))
}

/// Takes up what the redirect page handed over, else what the tab remembers. Whether somebody who was at work here came
/// back from signing in once more.
pub async fn land(app: AppState) -> bool {
    let answer = tab::take(&name(ANSWER));
    let (mut questions, was_asked) = remembered::take_questions();
    let pending = answer.as_ref().and_then(|answer| answered(answer, &mut questions));
    let landed = answer.map(|answer| parse_redirect(&answer, pending.as_ref()));
    // Only the answer to this very question gets as far as being a code or a refusal.
    let came_back = matches!(landed, Some(RedirectResult::Code(_) | RedirectResult::Refused(_)));
    if !may_use_session(&tab::get(&name(ENTRIES)).unwrap_or_default(), &entries::around(), came_back) {
        forget_session();
        questions.clear();
    } else if let Some(text) = tab::get(&name(SESSION)).filter(|_| caches(app))
        && let Ok(session) = serde_json::from_str::<Session>(&text)
        && session.token_state(clock::now()) != TokenState::SignIn
    {
        let authority = app.authority.get_value();
        // Somebody may have signed out in another tab while this one was elsewhere.
        match last_sign_out(&authority, &session.account).await {
            Some(last) if last != session.signed_out => forget_session(),
            _ => hold(app, session),
        }
    }
    remembered::keep_question(questions.first());
    let was_at_work = app.account.get_untracked().is_some();
    // Who is still signed in asked for more; the page stays theirs.
    let tell = move |auth_error| if was_at_work { app.refused.set(Some(auth_error)) } else { app.auth_error.set(Some(auth_error)) };
    let Some(landed) = landed else {
        if was_asked && !was_at_work {
            tell(AuthError::unanswered());
        }
        return false;
    };
    if let Some(pending) = &pending {
        address_bar::replace_hash(&pending.route);
        app.route.set(super::routes::Route::parse(&pending.route));
    }
    match (landed, pending) {
        (RedirectResult::Code(code), Some(pending)) => {
            let (config, authority, redirect) = parts(app);
            let client = Client { authority: &authority, client_id: &config.client_id, redirect_uri: &redirect };
            match client.exchange_code(code, pending, clock::now(), &fetch::token_endpoint).await {
                Ok((account, tokens)) => {
                    let signed_out = last_sign_out(&authority, &account).await.flatten();
                    hold(app, Session { account, tokens, signed_out, signed_in: Some(clock::now()) });
                }
                Err(auth_error) => tell(auth_error),
            }
        }
        (RedirectResult::Refused(auth_error), _) => tell(auth_error),
        (RedirectResult::NotOurs | RedirectResult::Code(_), _) => tell(AuthError::not_ours()),
        (RedirectResult::AdminConsented | RedirectResult::Nothing, _) => {}
    }
    was_at_work
}

fn parts(app: AppState) -> (Config, Authority, String) {
    (app.config.get_value(), app.authority.get_value(), redirect_uri(app))
}

fn caches(app: AppState) -> bool {
    app.config.with_value(|config| config.cache == CacheLocation::SessionStorage)
}

fn hold(app: AppState, session: Session) {
    if caches(app) {
        tab::put(&name(SESSION), &serde_json::to_string(&session).unwrap_or_default());
        remember_entry();
    }
    app.account.set(Some(session.account.clone()));
    app.scopes.set(session.tokens.scopes.clone());
    app.signed_in.set(session.signed_in);
    HELD.set(Some(session));
}

/// The session is one of the present history entry, too.
fn remember_entry() {
    if let Some(entry) = entries::current() {
        tab::put(&name(ENTRIES), &with_entry(&tab::get(&name(ENTRIES)).unwrap_or_default(), &entry));
    }
}

/// Said when [`leave`] cannot.
pub const NOT_REMEMBERED: &str =
    "This browser does not let the page remember the sign-in. Allow site data for this page, or open it in a window of its own.";

/// Leaves for the identity platform, to come back to this view; `false` where the tab remembers nothing.
pub fn leave(place: &StartConfig, scopes: Scopes, route: &str, interaction: &Interaction) -> bool {
    let redirect = address_bar::resolve(&place.config.redirect_uri);
    let client = Client { authority: &place.authority, client_id: &place.config.client_id, redirect_uri: &redirect };
    let (url, pending) = client.authorization_request(scopes, route, interaction, &random::bytes());
    let is_remembered = tab::put(&name(PENDING), &serde_json::to_string(&pending).unwrap_or_default());
    if is_remembered {
        // So that Back over the identity platform leads to somebody who is signed in.
        remember_entry();
        address_bar::go(&url);
    }
    is_remembered
}

/// Leaves for the identity platform, to come back to the present view.
pub fn sign_in(app: AppState, extra: &[&str], interaction: &Interaction) {
    let mut wanted: Scopes = permissions::base();
    app.scopes.with_untracked(|scopes| wanted.extend(scopes.iter()));
    wanted.extend(extra.iter().copied());
    let place = StartConfig { config: app.config.get_value(), authority: app.authority.get_value() };
    let (route, interaction) = (app.route.with_untracked(super::routes::Route::hash), interaction.clone());
    super::effects::spawn(async move {
        app.keep_draft().await;
        if !leave(&place, wanted, &route, &interaction) {
            app.announce_assertive(NOT_REMEMBERED);
        }
    });
}

/// Asks for more permissions. Without a prompt: who has allowed them before is not asked again.
pub fn allow(app: AppState, scopes: &[&str]) {
    let interaction = app.account.with_untracked(|account| Interaction::again(account.as_ref(), None));
    sign_in(app, scopes, &interaction);
}

/// Signs in once more as the same person, with what an error or a challenge demands.
pub fn sign_in_again(app: AppState, claims: Option<String>) {
    let interaction = app.account.with_untracked(|account| Interaction::again(account.as_ref(), claims));
    sign_in(app, &[], &interaction);
}

/// Signs in once more with the claims of the error that the page shows.
pub fn sign_in_as_asked(app: AppState) {
    sign_in_again(app, app.auth_error.with_untracked(|auth_error| auth_error.as_ref().and_then(|auth_error| auth_error.claims.clone())));
}

/// Asks once more for what the person, or an administrator, has taken back.
pub fn consent_again(app: AppState) {
    let again = app.account.with_untracked(|account| Interaction::again(account.as_ref(), None));
    sign_in(app, &[], &Interaction { prompt: Some(Prompt::Consent), ..again });
}

pub fn switch_account(app: AppState) {
    sign_in(app, &[], &Interaction { prompt: Some(Prompt::SelectAccount), ..Interaction::default() });
}

/// Signs out in every tab of this browser and at the identity platform. From the first moment on nothing is sent, here or in
/// another tab; nothing is shown after a quarter of a second, whatever becomes of the disk and of leaving the page.
pub async fn sign_out(app: AppState) {
    runner::sign_out();
    HELD.set(None);
    tell_others(app);
    // What was edited a moment ago is written down first, where that is quick.
    clock::within(AT_ONCE, app.keep_draft()).await;
    leave_for_good(app).await;
}

/// How long signing out waits for a draft to be written.
const AT_ONCE: Millis = Millis(250);
/// How long it waits for its own record, before it leaves for the identity platform.
const RECORD: Millis = Millis::seconds(2);

/// The same, without writing a draft down before.
pub async fn sign_out_at_once(app: AppState) {
    tell_others(app);
    leave_for_good(app).await;
}

fn tell_others(app: AppState) {
    if let Some(person) = app.person() {
        other_tabs::tell(&signed_out_word(&person));
    }
}

/// Forgets who is here, writes down that they have signed out, and leaves for the identity platform.
async fn leave_for_good(app: AppState) {
    let (config, authority, redirect) = parts(app);
    let hint = app.account.with_untracked(|account| account.as_ref().and_then(|account| account.login_hint.clone()));
    let person = app.person();
    forget(app);
    if let Some(person) = person {
        // For tabs that are elsewhere and come back.
        clock::within(RECORD, store::commit(drafts::sign_out(&person, &random::guid()))).await;
    }
    let client = Client { authority: &authority, client_id: &config.client_id, redirect_uri: &redirect };
    if let Some(url) = client.sign_out_url(hint.as_deref()) {
        address_bar::go(&url);
    }
}

/// The record of this person's last signing out in this browser, as far as it can be read soon. What cannot be read signs nobody
/// out: then nothing is shown or sent of what lies here, either.
async fn last_sign_out(authority: &Authority, account: &Account) -> Option<Option<String>> {
    let person = Owner::from_account(account, &authority.graph);
    let read = clock::within(RECORD, store::read(vec![drafts::sign_out_range(&person)])).await?.ok()?;
    Some(read.concat().pop().map(|(_, record)| record))
}

/// Nobody is signed in here any more: tokens, and everything that belongs to a person, leave the page.
fn forget(app: AppState) {
    HELD.set(None);
    forget_session();
    _ = remembered::take_questions();
    runner::sign_out();
    app.forget();
}

fn signed_out_word(person: &Owner) -> String {
    format!("signed-out {}", person.prefix())
}

/// Signs out here when the same person signs out in another tab, and learns what another tab was told of the tenant.
pub fn follow_other_tabs(app: AppState) {
    other_tabs::on_word(move |word| {
        if app.person().is_some_and(|person| word == signed_out_word(&person)) {
            forget(app);
            app.announce_assertive("You have signed out in another tab.");
        } else {
            kept::hear_of_terms(app, &word);
        }
    });
}

/// A token that may be sent now; renewed if need be, once for all who ask meanwhile.
///
/// # Errors
/// Why there is none.
pub async fn token(app: AppState) -> Result<Secret, NoToken> {
    let step = || step(|renewal, session| renewal.step(session, clock::now()));
    if step() == RenewalStep::Renew {
        renew(app).await;
    }
    match step() {
        RenewalStep::Without(none) => Err(none),
        RenewalStep::Use | RenewalStep::Renew => {
            HELD.with_borrow(|held| held.as_ref().map(|session| session.tokens.access.clone())).ok_or_else(signed_out)
        }
    }
}

/// Graph refused the token, perhaps with the claims of a challenge (JSON): gets a fresh one, whatever the old one is good for.
///
/// # Errors
/// Why there is none.
pub async fn after_refusal(app: AppState, claims: Option<&str>) -> Result<(), NoToken> {
    let step = || step(|renewal, session| renewal.after_refusal(claims, session, clock::now()));
    match step() {
        RenewalStep::Without(none) => return Err(none),
        RenewalStep::Use | RenewalStep::Renew => {}
    }
    let is_renewed = renew(app).await;
    match step() {
        RenewalStep::Without(none) if !is_renewed => Err(none),
        _ => Ok(()),
    }
}

/// Renews the sign-in while it can still be renewed, where that makes it last longer.
pub async fn stretch(app: AppState) {
    if HELD.with_borrow(|held| held.as_ref().is_some_and(|session| session.ends_soon(clock::now()))) {
        renew(app).await;
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
    HELD.with_borrow(|held| match held {
        Some(session) => RENEWAL.with_borrow(|renewal| ask(renewal, session)),
        None => RenewalStep::Without(signed_out()),
    })
}

/// Asks the token endpoint, once for all who want it meanwhile. Whether there are fresh tokens now.
async fn renew(app: AppState) -> bool {
    let running = ASKING.with_borrow(Clone::clone);
    let asking = running.unwrap_or_else(|| {
        // It ends itself: whoever waits may be late, when the next one is already under way.
        let fresh: Asking = async move {
            let done = renewed(app).await;
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

async fn renewed(app: AppState) -> bool {
    let Some(session) = HELD.with_borrow(Clone::clone) else { return false };
    let (config, authority, redirect) = parts(app);
    let client = Client { authority: &authority, client_id: &config.client_id, redirect_uri: &redirect };
    let answer = client.renew(&session.tokens, &clock::now, &fetch::token_endpoint).await;
    // Somebody may have signed out meanwhile, or another person in.
    if HELD.with_borrow(|held| held.as_ref().is_none_or(|held| held.account != session.account)) {
        return false;
    }
    match answer {
        Ok(tokens) => {
            hold(app, Session { tokens, ..session });
            RENEWAL.with_borrow_mut(Renewal::done);
            true
        }
        Err(auth_error) => {
            if auth_error.drop_refresh_token {
                HELD.with_borrow_mut(|held| {
                    if let Some(session) = held {
                        session.tokens.refresh = None;
                    }
                });
            }
            RENEWAL.with_borrow_mut(|renewal| renewal.failed(auth_error, clock::now()));
            false
        }
    }
}
