//! What a visitor sees before anybody has signed in. In a frame that is `embedded.rs`.

use super::effects::address_bar;
use super::pages::entrance::Entrance;
use super::routes::Route;
use super::start_config::StartConfig;
use super::state::accounts::leaving;
use guestlist::permissions;
use identity::authorize::Interaction;
use leptos::prelude::*;

#[component]
pub fn SignedOut(place: StartConfig) -> impl IntoView {
    address_bar::title("Sign in · Guestlist");
    let refused = RwSignal::new(false);
    let sign_in = move |_| {
        let route = Route::parse(&address_bar::hash()).hash();
        refused.set(!leaving::leave(&place, permissions::base(), &route, &Interaction::default()));
    };
    view! {
        <header class="top"><span class="brand">"Guestlist"</span></header>
        <nav class="main-nav" aria-label="Main"></nav>
        <main class="main" id="main">
            <Entrance>
                {move || refused.get().then(|| view! { <p class="error" role="alert">{leaving::NOT_REMEMBERED}</p> })}
                <button class="button primary" type="button" on:click=sign_in>"Sign in"</button>
            </Entrance>
        </main>
    }
}
