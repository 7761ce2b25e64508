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

pub fn now(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = element.focus();
    }
}
