//! A copy button beside an id, a link or details. Where the clipboard is refused, a selected text field takes its place.

use super::icon::{Glyph, Icon};
use super::ids;
use crate::app::effects::{clipboard, focus, live_region};
use leptos::prelude::*;

#[component]
pub fn Copy(
    /// The button's words, such as *Copy details*.
    #[prop(into)]
    label: String,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    let refused = RwSignal::new(false);
    let id = ids::fresh("copy");
    let field = id.clone();
    let copy = move |_| {
        let (field, text) = (field.clone(), text.get_untracked());
        crate::app::effects::spawn(async move {
            if clipboard::copy(&text).await {
                refused.set(false);
                live_region::politely("Copied.");
            } else {
                refused.set(true);
                live_region::politely("The browser does not let this page copy. The text is selected; press Ctrl+C.");
                focus::later(field);
            }
        });
    };
    let name = label.clone();
    let select = |event: web_sys::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    view! {
        <button class="button" type="button" on:click=copy><Glyph icon=Icon::Copy/>{label}</button>
        <Show when=move || refused.get()>
            <input id=id.clone() class="input" readonly aria-label=name.clone() prop:value=move || text.get()
                on:focus=select/>
        </Show>
    }
}
