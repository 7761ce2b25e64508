//! What a person wants of signing in: in, in once more, for more permissions, as somebody else, out.

use super::accounts::landing::RECORD;
use super::accounts::leaving::{NOT_REMEMBERED, leave};
use super::{AppState, runner, terms};
use crate::app::effects::{address_bar, clock, other_tabs, random, spawn, store};
use crate::app::routes::Route;
use guestlist::owner::Owner;
use guestlist::storage::drafts;
use identity::authorize::{Interaction, Prompt};
use time::Millis;

/// Leaves for the identity platform, to come back to the present view.
pub fn sign_in(app: AppState, extra: &[&str], interaction: &Interaction) {
    let wanted = app.accounts.with_present(extra);
    let (route, interaction) = (app.navigator.route.with_untracked(Route::hash), interaction.clone());
    spawn(async move {
        app.draft.keep().await;
        if !leave(&app.accounts.place, wanted, &route, &interaction) {
            app.announcer.at_once(NOT_REMEMBERED);
        }
    });
}

/// Asks for more permissions. Without a prompt: who has allowed them before is not asked again.
pub fn allow(app: AppState, scopes: &[&str]) {
    let interaction = app.accounts.account.with_untracked(|account| Interaction::again(account.as_ref(), None));
    sign_in(app, scopes, &interaction);
}

/// Signs in once more as the same person, with what an error or a challenge demands.
pub fn sign_in_again(app: AppState, claims: Option<String>) {
    let interaction = app.accounts.account.with_untracked(|account| Interaction::again(account.as_ref(), claims));
    sign_in(app, &[], &interaction);
}

/// Signs in once more with the claims of the error that the page shows.
pub fn sign_in_as_asked(app: AppState) {
    sign_in_again(
        app,
        app.accounts.auth_error.with_untracked(|auth_error| auth_error.as_ref().and_then(|auth_error| auth_error.claims.clone())),
    );
}

/// Asks once more for what the person, or an administrator, has taken back.
pub fn consent_again(app: AppState) {
    let again = app.accounts.account.with_untracked(|account| Interaction::again(account.as_ref(), None));
    sign_in(app, &[], &Interaction { prompt: Some(Prompt::Consent), ..again });
}

pub fn switch_account(app: AppState) {
    sign_in(app, &[], &Interaction { prompt: Some(Prompt::SelectAccount), ..Interaction::default() });
}

/// Signs out in every tab of this browser and at the identity platform. From the first moment on nothing is sent, here or in
/// another tab; nothing is shown after a quarter of a second, whatever becomes of the disk and of leaving the page.
pub async fn sign_out(app: AppState) {
    runner::sign_out();
    app.accounts.hold_nothing();
    tell_others(app);
    // What was edited a moment ago is written down first, where that is quick.
    clock::within(AT_ONCE, app.draft.keep()).await;
    leave_for_good(app).await;
}

/// How long signing out waits for a draft to be written.
const AT_ONCE: Millis = Millis(250);

/// The same, without writing a draft down before.
pub async fn sign_out_at_once(app: AppState) {
    tell_others(app);
    leave_for_good(app).await;
}

fn tell_others(app: AppState) {
    if let Some(person) = app.accounts.person() {
        other_tabs::tell(&signed_out_word(&person));
    }
}

/// Forgets who is here, writes down that they have signed out, and leaves for the identity platform.
async fn leave_for_good(app: AppState) {
    let (url, person) = (app.accounts.sign_out_url(), app.accounts.person());
    forget(app);
    if let Some(person) = person {
        // For tabs that are elsewhere and come back.
        clock::within(RECORD, store::commit(drafts::sign_out(&person, &random::guid()))).await;
    }
    if let Some(url) = url {
        address_bar::go(&url);
    }
}

/// Nobody is signed in here any more: tokens, and everything that belongs to a person, leave the page.
fn forget(app: AppState) {
    runner::sign_out();
    app.forget();
}

fn signed_out_word(person: &Owner) -> String {
    format!("signed-out {}", person.prefix())
}

/// Signs out here when the same person signs out in another tab, and learns what another tab was told of the tenant.
pub fn follow_other_tabs(app: AppState) {
    other_tabs::on_word(move |word| {
        if app.accounts.person().is_some_and(|person| word == signed_out_word(&person)) {
            forget(app);
            app.announcer.at_once("You have signed out in another tab.");
        } else {
            terms::hear(app, &word);
        }
    });
}
