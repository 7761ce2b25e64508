//! Cells to and from the clipboard, as text with tabs.

use super::editing::input;
use super::model::{GridEvent, GridModel};
use leptos::ev::ClipboardEvent;
use leptos::prelude::*;
use web_sys::DataTransfer;

/// While somebody types, the clipboard is that of their field.
fn data(sheet: GridModel, event: &ClipboardEvent) -> Option<DataTransfer> {
    event.clipboard_data().filter(|_| input(sheet).is_none())
}

/// Copies what is selected; `cut`: and empties it.
pub fn copied(sheet: GridModel, event: &ClipboardEvent, cut: bool) {
    let block = sheet.selection.get_untracked().block();
    if let Some(data) = data(sheet, event) {
        _ = data.set_data("text/plain", &sheet.copied.run(block));
        event.prevent_default();
        if cut {
            sheet.tell.run(GridEvent::Cleared(block));
        }
    }
}

/// Puts cells where the selection begins.
pub fn pasted(sheet: GridModel, event: &ClipboardEvent) {
    let selection = sheet.selection.get_untracked().block();
    if let Some(text) = data(sheet, event).and_then(|data| data.get_data("text/plain").ok()) {
        event.prevent_default();
        sheet.tell.run(GridEvent::Pasted { row: selection.rows.0, column: selection.columns.0, text });
    }
}
