//! What is told where permissions are missing for what somebody is about to do, with the way to allow them.

use crate::app::parts::notice::{Notice, Tone};
use crate::app::state::{AppState, session};
use leptos::prelude::*;

/// Asks for the `missing` permissions; nothing where none is. `what` needs them, and `after` says what comes of allowing them.
#[component]
pub fn MissingPermission(#[prop(into)] missing: Signal<Vec<&'static str>>, what: &'static str, after: &'static str) -> impl IntoView {
    let app = AppState::here();
    view! {
        <Show when=move || missing.with(|missing| !missing.is_empty())>
            <Notice tone=Tone::Warning><strong>{what}" a permission that this tab does not have yet."</strong>
                <p>{move || format!("It asks for {}. {after}", missing.get().join(" and "))}</p>
                <button class="button primary" type="button" on:click=move |_| session::allow(app, &missing.get_untracked())>"Allow it"</button></Notice>
        </Show>
    }
}
