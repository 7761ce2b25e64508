//! The look at the directory right before anything is sent.

use crate::app::desk::Desk;
use leptos::prelude::*;

#[component]
pub fn LastLook() -> impl IntoView {
    let desk = Desk::here();
    view! { <p class="looking" role="status"><progress max=move || desk.looked.get().1.to_string() value=move || desk.looked.get().0.to_string() aria-label="Last look"></progress>" Looking once more who was invited meanwhile …"</p> }
}
