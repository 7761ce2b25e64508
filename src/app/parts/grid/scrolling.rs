//! The element that rows are scrolled in.

use crate::app::effects::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The element of the grid with this id.
pub fn viewport(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Brings the row into view, where rows are so high in CSS pixels, below the sticky header.
pub fn scroll_to(view: &HtmlElement, row_height: usize, row: usize) {
    let pixels = |rows_above: usize| i32::try_from(rows_above * row_height).unwrap_or(i32::MAX);
    let (top, end, height) = (pixels(row), pixels(row + 1), view.client_height() - pixels(1));
    if top < view.scroll_top() {
        view.set_scroll_top(top);
    } else if end > view.scroll_top() + height {
        view.set_scroll_top(end - height);
    }
}
