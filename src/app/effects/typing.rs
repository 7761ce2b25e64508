//! The caret in a text control, and changing its text so that the browser's own undo still works.

use super::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

enum Control {
    Line(HtmlInputElement),
    Area(HtmlTextAreaElement),
}

fn control(id: &str) -> Option<Control> {
    let element = document().get_element_by_id(id)?;
    match element.dyn_into::<HtmlTextAreaElement>() {
        Ok(area) => Some(Control::Area(area)),
        Err(element) => element.dyn_into().ok().map(Control::Line),
    }
}

/// Where the caret is, in UTF-16 units.
pub fn caret(id: &str) -> Option<usize> {
    let caret = match control(id)? {
        Control::Line(line) => line.selection_end(),
        Control::Area(area) => area.selection_end(),
    };
    caret.ok().flatten().map(|caret| caret as usize)
}

fn select(control: &Control, start: u32, end: u32) {
    _ = match control {
        Control::Line(line) => line.focus().and_then(|()| line.set_selection_range(start, end)),
        Control::Area(area) => area.focus().and_then(|()| area.set_selection_range(start, end)),
    };
}

/// Types at the caret.
pub fn insert(id: &str, text: &str) {
    let Some(control) = control(id) else { return };
    let end = u32::try_from(caret(id).unwrap_or_default()).unwrap_or(u32::MAX);
    select(&control, end, end);
    type_over(&control, text);
}

/// Puts a text in the place of the whole one, the caret in UTF-16 units.
pub fn replace(id: &str, text: &str, caret: usize) {
    let Some(control) = control(id) else { return };
    select(&control, 0, u32::MAX);
    type_over(&control, text);
    let caret = u32::try_from(caret).unwrap_or(u32::MAX);
    select(&control, caret, caret);
}

/// `insertText` is the one way that keeps the control's undo; without it the value is set and the page told.
fn type_over(control: &Control, text: &str) {
    let document: web_sys::HtmlDocument = document().unchecked_into();
    if document.exec_command_with_show_ui_and_value("insertText", false, text) == Ok(true) {
        return;
    }
    let element: &web_sys::Element = match control {
        Control::Line(line) => {
            _ = line.set_range_text(text);
            line
        }
        Control::Area(area) => {
            _ = area.set_range_text(text);
            area
        }
    };
    if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &{
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        init
    }) {
        _ = element.dispatch_event(&event);
    }
}
