//! What stands where nobody is signed in: what the page is for, and the way in.

use crate::app::effects::address_bar;
use leptos::prelude::*;

/// What the page is for; then whatever has to be said, and the way in.
#[component]
pub fn Entrance(children: Children) -> impl IntoView {
    view! {
        <div class="welcome card">
            <h1 id="view" tabindex="-1">"Invite guests"</h1>
            <p>"Write, check and send B2B guest invitations through Microsoft Graph, one or many. Everything happens in this browser: your list goes to Microsoft and to nobody else."</p>
            {children()}
        </div>
    }
}

/// Why nobody signs in here, and the ways to where they can.
#[component]
pub fn NotHere() -> impl IntoView {
    view! {
        <p class="notice">"Microsoft does not allow its sign-in page inside another page. Use “Open full window” above to sign in."</p>
        <p class="hint">"If that opens nothing, as in the SharePoint app, open this address in a browser: "<code class="breakable">{address_bar::here()}</code></p>
    }
}
