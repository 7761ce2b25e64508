//! A look at the directory, with how far it is; it can be stopped.

use crate::app::state::drive;
use leptos::prelude::*;

/// `name`: of the progress bar. `progress`: how many of how many questions are answered.
#[component]
pub fn Looking(name: &'static str, words: &'static str, progress: RwSignal<(usize, usize)>) -> impl IntoView {
    view! {
        <div class="looking">
            <p role="status"><progress max=move || progress.get().1.to_string() value=move || progress.get().0.to_string() aria-label=name></progress>" "{words}</p>
            <button class="button" type="button" on:click=move |_| drive::stop_looking()>"Stop"</button>
        </div>
    }
}

/// The look right before anything is sent.
#[component]
pub fn LastLook() -> impl IntoView {
    let progress = crate::app::state::AppState::here().runs.looked;
    view! { <Looking name="Last look" words="Looking once more who was invited meanwhile …" progress/> }
}
