//! The look right before anything is sent.

use crate::app::parts::looking::Looking;
use crate::app::state::{AppState, drive};
use leptos::prelude::*;

#[component]
pub fn LastLook() -> impl IntoView {
    let progress = AppState::here().runs.looked;
    view! { <Looking name="Last look" words="Looking once more who was invited meanwhile …" progress stop=|()| drive::stop_looking()/> }
}
