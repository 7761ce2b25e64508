//! Before anybody has signed in.

use crate::app::desk::Desk;
use crate::app::effects::is_embedded;
use crate::app::parts::copy::Copy;
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::session;
use guestlist::identity::authorize::{Manner, Prompt};
use guestlist::identity::problem::Remedy;
use leptos::prelude::*;

/// What the page is for, and the way in. Between them stands whatever has to be said.
#[component]
pub fn Entrance(sign_in: Callback<()>, children: Children) -> impl IntoView {
    view! {
        <div class="welcome card">
            <h1 id="view" tabindex="-1">"Invite guests"</h1>
            <p>"Write, check and send B2B guest invitations through Microsoft Graph, one or many. Everything happens in this browser: your list goes to Microsoft and to nobody else."</p>
            {children()}
            {if is_embedded() {
                view! { <p class="notice">"Microsoft does not allow its sign-in page inside another page. Use “Open full window” above to sign in."</p> }.into_any()
            } else {
                view! { <button class="button primary" type="button" on:click=move |_| sign_in.run(())>"Sign in"</button> }.into_any()
            }}
        </div>
    }
}

/// Nobody is signed in any more, or signing in did not work.
#[component]
pub fn Welcome() -> impl IntoView {
    let desk = Desk::here();
    let sign_in = Callback::new(move |()| {
        let manner =
            desk.trouble.with_untracked(|trouble| manner(trouble.as_ref().map(|trouble| (trouble.remedy(), trouble.claims.clone()))));
        session::sign_in(desk, &[], &manner);
    });
    view! {
        <Entrance sign_in>
            {move || desk.trouble.get().map(|trouble| {
                let words = trouble.words();
                match trouble.remedy() {
                    Remedy::Quiet => view! { <Notice tone=Tone::Info><strong>{words.what}</strong><p>{words.next}</p></Notice> }.into_any(),
                    Remedy::AdminConsent | Remedy::Consent => view! { <Problem words details=trouble.details()><Copy label="Copy admin-consent link" text=desk.admin_consent_url()/></Problem> }.into_any(),
                    _ => view! { <Problem words details=trouble.details()/> }.into_any(),
                }
            })}
        </Entrance>
    }
}

/// How to ask once more after a refusal.
fn manner(remedy: Option<(Remedy, Option<String>)>) -> Manner {
    match remedy {
        Some((Remedy::OtherAccount, _)) => Manner { prompt: Some(Prompt::SelectAccount), ..Manner::default() },
        Some((Remedy::Consent, _)) => Manner { prompt: Some(Prompt::Consent), ..Manner::default() },
        Some((_, claims)) => Manner { claims, ..Manner::default() },
        None => Manner::default(),
    }
}
