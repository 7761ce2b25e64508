//! Moving the focus, after what was changed is there.

use super::{clock, document};
use wasm_bindgen::JsCast;

/// Focuses the element with this id in the next frame.
pub fn later(id: impl Into<String>) {
    let id = id.into();
    crate::app::effects::spawn(async move {
        clock::frame().await;
        now(&id);
    });
}

/// Focuses the element with this id in the next frame if what had the focus is gone by then: nobody is taken away from elsewhere.
pub fn if_lost(id: &'static str) {
    crate::app::effects::spawn(async move {
        clock::frame().await;
        if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
            now(id);
        }
    });
}

/// Lets the element with this id be seen, without moving the focus.
pub fn into_view(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

pub fn now(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = element.focus();
    }
}
