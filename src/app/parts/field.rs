//! A labelled control with its hint and its error, tied together for assistive technology.

use super::icon::{Glyph, Icon};
use super::ids;
use leptos::prelude::*;

/// What ties a control to what is said of it.
#[derive(Clone)]
pub struct ControlIds {
    /// The control's own `id`.
    pub control: String,
    /// For its `aria-describedby`: error and hint.
    pub described: String,
}

/// Label, control, hint and error. The control is told its ids.
#[component]
pub fn Field<V: IntoView + 'static>(
    /// Of the control, where something else has to find it; else it is given one.
    #[prop(optional)]
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] hint: Signal<String>,
    /// Empty while all is well.
    #[prop(into)]
    error: Signal<String>,
    children: impl FnOnce(ControlIds) -> V,
) -> impl IntoView {
    let control = if id.is_empty() { ids::fresh("field") } else { id.to_owned() };
    let told = ControlIds { described: format!("{control}-error {control}-hint"), control: control.clone() };
    around(&control, label, hint, error, children(told).into_any())
}

/// What is the same around every control.
fn around(id: &str, label: String, hint: Signal<String>, error: Signal<String>, control: AnyView) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for=id.to_owned() class="label">{label}</label>
            {control}
            <p id=format!("{id}-error") class="error"><Show when=move || !error.get().is_empty()><Glyph icon=Icon::Bad/>{move || error.get()}</Show></p>
            <p id=format!("{id}-hint") class="hint">{move || hint.get()}</p>
        </div>
    }
}
