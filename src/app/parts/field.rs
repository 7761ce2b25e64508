//! A labelled control with its hint and its error, tied together for assistive technology.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// Label, control, hint and error. The control takes its `id` and, while there is one of them, `described`.
#[component]
pub fn Field(
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] hint: Signal<String>,
    /// Empty while all is well.
    #[prop(into)]
    error: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id class="label">{label}</label>
            {children()}
            <p id=format!("{id}-error") class="error"><Show when=move || !error.get().is_empty()><Glyph icon=Icon::Bad/>{move || error.get()}</Show></p>
            <p id=format!("{id}-hint") class="hint">{move || hint.get()}</p>
        </div>
    }
}

/// Ids of error and hint, for `aria-describedby`.
pub fn described(id: &str) -> String {
    format!("{id}-error {id}-hint")
}
