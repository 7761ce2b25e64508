//! The last words of a program that cannot go on: static HTML takes over.

use super::document;

/// Shows the notice of index.html, with the reason under its details. The journal makes a reload safe.
pub fn show(reason: &str) {
    if let Some(element) = document().get_element_by_id("failed-reason") {
        element.set_text_content(Some(reason));
    }
    if let Some(element) = document().get_element_by_id("failed") {
        _ = element.remove_attribute("hidden");
    }
}
