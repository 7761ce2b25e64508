//! The part of the grid that is seen.

use crate::app::effects::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Height of a row in CSS pixels; `--row` in parts.css is the same.
pub const ROW: usize = 34;

/// The element of the grid with this id.
pub fn viewport(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Brings the row into view below the sticky header.
pub fn scroll_to(view: &HtmlElement, row: usize) {
    let pixels = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let (top, height) = (pixels(row * ROW), view.client_height() - pixels(ROW));
    if top < view.scroll_top() {
        view.set_scroll_top(top);
    } else if top + pixels(ROW) > view.scroll_top() + height {
        view.set_scroll_top(top + pixels(ROW) - height);
    }
}
