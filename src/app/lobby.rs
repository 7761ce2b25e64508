//! What a visitor sees before anybody has signed in.

use super::effects::{address_bar, is_embedded};
use super::pages::welcome::Entrance;
use super::routes::Route;
use super::{Place, session};
use guestlist::identity::authorize::Manner;
use guestlist::identity::scopes;
use leptos::prelude::*;

#[component]
pub fn Lobby(place: Place) -> impl IntoView {
    address_bar::title("Sign in · Guestlist");
    let refused = RwSignal::new(false);
    let sign_in = Callback::new(move |()| {
        let route = Route::parse(&address_bar::hash()).hash();
        refused.set(!session::leave(&place, scopes::base(), &route, &Manner::default()));
    });
    view! {
        <header class="top"><span class="brand">"Guestlist"</span><span class="gap"></span><FullWindow/></header>
        <nav class="main-nav" aria-label="Main"></nav>
        <main class="main" id="main">
            <Entrance sign_in>{move || refused.get().then(|| view! { <p class="error" role="alert">{session::NOT_REMEMBERED}</p> })}</Entrance>
        </main>
    }
}

/// The way out of a frame, when the page is in one: Microsoft refuses to be framed.
#[component]
pub fn FullWindow() -> impl IntoView {
    is_embedded().then(|| view! { <a class="link" href=address_bar::here() target="_blank" rel="noopener">"Open full window"</a> })
}
