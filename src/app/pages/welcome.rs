//! Before anybody has signed in.

use crate::app::effects::is_embedded;
use crate::app::pages::entrance::{Entrance, NotHere};
use crate::app::parts::copy::Copy;
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::state::{AppState, session};
use guestlist::words::Explain;
use identity::AuthError;
use identity::authorize::{Interaction, Prompt};
use identity::problem::Remedy;
use leptos::prelude::*;

/// Nobody is signed in any more, or signing in did not work.
#[component]
pub fn Welcome() -> impl IntoView {
    let app = AppState::here();
    let sign_in = move |_| {
        let interaction = app.accounts.auth_error.with_untracked(|auth_error| {
            interaction(auth_error.as_ref().map(|auth_error| (auth_error.remedy(), auth_error.claims.clone())))
        });
        session::sign_in(app, &[], &interaction);
    };
    view! {
        <Entrance>
            {move || app.accounts.auth_error.get().map(|auth_error| {
                if auth_error.remedy() == Remedy::Quiet {
                    let words = auth_error.words();
                    view! { <Notice tone=Tone::Info><strong>{words.what}</strong><p>{words.next}</p></Notice> }.into_any()
                } else {
                    view! { <Refusal auth_error/> }.into_any()
                }
            })}
            {if is_embedded() {
                view! { <NotHere/> }.into_any()
            } else {
                view! { <button class="button primary" type="button" on:click=sign_in>"Sign in"</button> }.into_any()
            }}
        </Entrance>
    }
}

/// Asking for more permissions did not work: told above every page until it is closed.
#[component]
pub fn NotExtended() -> impl IntoView {
    let app = AppState::here();
    let close = move || view! { <button class="button" type="button" on:click=move |_| app.accounts.close_refused()>"Close"</button> };
    move || {
        app.accounts.refused.get().map(|auth_error| {
            let told = match auth_error.remedy() {
                Remedy::Quiet => view! { <Notice tone=Tone::Info><strong>"No further permission was given."</strong></Notice> }.into_any(),
                _ => view! { <Refusal auth_error/> }.into_any(),
            };
            view! { <section class="card" aria-label="Sign-in">{told}<p>"You are still signed in, and everything else works as before."</p>{close()}</section> }
        })
    }
}

#[component]
fn Refusal(auth_error: AuthError) -> impl IntoView {
    let (words, details) = (auth_error.words(), auth_error.details());
    match auth_error.remedy() {
        Remedy::AdminConsent | Remedy::Consent => {
            view! { <Problem words details><Copy label="Copy admin-consent link" text=AppState::here().accounts.admin_consent_url(None)/></Problem> }
                .into_any()
        }
        _ => view! { <Problem words details/> }.into_any(),
    }
}

/// How to ask once more after a refusal.
fn interaction(remedy: Option<(Remedy, Option<String>)>) -> Interaction {
    match remedy {
        Some((Remedy::OtherAccount, _)) => Interaction { prompt: Some(Prompt::SelectAccount), ..Interaction::default() },
        Some((Remedy::Consent, _)) => Interaction { prompt: Some(Prompt::Consent), ..Interaction::default() },
        Some((_, claims)) => Interaction { claims, ..Interaction::default() },
        None => Interaction::default(),
    }
}
