//! A menu button after the ARIA Authoring Practices: ↓ opens, arrows move, Home and End, Esc returns to the button.

use super::ids;
use crate::app::effects::{document, focus};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// One line of the menu, and what it does.
pub type MenuItem = (&'static str, Callback<()>);

#[component]
pub fn Menu(label: &'static str, items: Vec<MenuItem>, children: Children) -> impl IntoView {
    let open = RwSignal::new(false);
    let count = items.len();
    let id = StoredValue::new(ids::fresh("menu"));
    let id_of = move |place: usize| id.with_value(|id| format!("{id}-{place}"));
    let focus_item = move |place: usize| focus::later(id_of(place));
    let show = move |place: usize| {
        open.set(true);
        focus_item(place);
    };
    let close = move || {
        open.set(false);
        id.with_value(|id| focus::now(id));
    };
    let on_button = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            show(0);
        }
        "ArrowUp" => {
            event.prevent_default();
            show(count - 1);
        }
        _ => {}
    };
    let on_item = move |event: KeyboardEvent, place: usize| {
        let to = match event.key().as_str() {
            "ArrowDown" => (place + 1) % count,
            "ArrowUp" => (place + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            "Escape" => {
                event.stop_propagation();
                return close();
            }
            "Tab" => return open.set(false),
            _ => return,
        };
        event.prevent_default();
        focus_item(to);
    };
    // Leaving the menu by mouse or Tab closes it.
    let on_focus_out = move |event: web_sys::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        // Also heard when the menu goes with what it stands in.
        let list = id.try_with_value(|id| document().get_element_by_id(&format!("{id}-list"))).flatten();
        let stays = list.is_some_and(|list| list.contains(to.as_ref()));
        if !stays && to.is_some() {
            open.set(false);
        }
    };
    let lines = items.into_iter().enumerate().map(|(place, (words, act))| {
        view! {
            <button id=id_of(place) class="menu-item" role="menuitem" tabindex="-1" type="button"
                on:keydown=move |event| on_item(event, place)
                on:click=move |_| { open.set(false); act.run(()); }>{words}</button>
        }
    });
    view! {
        <div class="menu" on:focusout=on_focus_out>
            <button id=id.get_value() class="button subtle" type="button" aria-haspopup="menu" aria-expanded=move || open.get().to_string()
                aria-label=label title=label on:keydown=on_button on:click=move |_| if open.get() { open.set(false) } else { show(0) }>{children()}</button>
            <div id=format!("{}-list", id.get_value()) class="menu-list" role="menu" aria-label=label hidden=move || !open.get()>{lines.collect_view()}</div>
        </div>
    }
}
