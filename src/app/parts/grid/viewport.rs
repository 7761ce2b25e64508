//! The part of the grid that is seen.

use crate::app::effects::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Height of a row in CSS pixels; `--row` in parts.css is the same.
pub const ROW: usize = 34;

pub fn cell_id(row: usize, column: usize) -> String {
    format!("cell-{row}-{column}")
}

pub fn viewport() -> Option<HtmlElement> {
    document().get_element_by_id("grid")?.dyn_into().ok()
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
