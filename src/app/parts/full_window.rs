//! The way out of a frame.

use super::dialog::Dialog;
use crate::app::effects::{address_bar, is_embedded};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// The way out of a frame, when the page is in one: Microsoft refuses to be framed. Some apps open no windows for what they show
/// (SharePoint/sp-dev-docs #1656), and some frames may not: then the address is told instead.
///
/// The window that comes of it begins signed out, as any that another page opens (`guestlist::embedding`).
#[component]
pub fn FullWindow() -> impl IntoView {
    let is_shut = RwSignal::new(false);
    let open = move |event: MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            is_shut.set(!address_bar::open(&address_bar::here()));
        }
    };
    is_embedded().then(|| {
        view! {
            <a class="link" href=address_bar::here() target="_blank" rel="noopener" on:click=open>"Open full window"</a>
            <Dialog title="No window opened" open=is_shut>
                <p>"The app or the page around this one lets it open no windows, and Microsoft’s sign-in page opens nowhere else. Open this address in a browser:"</p>
                <p><code class="breakable">{move || is_shut.get().then(address_bar::here)}</code></p>
            </Dialog>
        }
    })
}
