//! Typing in a cell: a field in its place, until what is typed is kept or taken back.

use super::model::{GridEvent, GridModel};
use crate::app::effects::document;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The field that somebody types in, while they do.
pub fn input(sheet: GridModel) -> Option<HtmlInputElement> {
    document().get_element_by_id(&sheet.id_of_input())?.dyn_into().ok()
}

/// Opens the cell under the hand for typing.
pub fn type_in(sheet: GridModel, text: &str) {
    let selection = sheet.selection.get_untracked();
    let Some(cell) = document().get_element_by_id(&sheet.rows.id_of_cell(selection.row, selection.column)) else { return };
    let Ok(input) = document().create_element("input").map(JsCast::unchecked_into::<HtmlInputElement>) else { return };
    input.set_id(&sheet.id_of_input());
    input.set_class_name("grid-input");
    let heading = sheet.rows.headings.with_untracked(|headings| headings.get(selection.column).cloned().unwrap_or_default());
    _ = input.set_attribute("aria-label", &format!("{heading}, row {}", sheet.rows.row.run(selection.row).number));
    _ = input.set_attribute("autocomplete", "off");
    input.set_value(text);
    _ = cell.append_child(&input);
    sheet.selection.update(|selection| selection.is_typing = true);
    _ = input.focus();
}

/// Ends typing; what was typed is told unless it is taken back, or the field is left since the grid is gone.
pub fn settle(sheet: GridModel, keep: bool) {
    let Some(selection) = sheet.selection.try_get_untracked().filter(|selection| selection.is_typing) else { return };
    sheet.selection.update(|selection| selection.is_typing = false);
    let Some(input) = input(sheet) else { return };
    let text = input.value();
    input.remove();
    if keep && sheet.rows.cell(selection.row, selection.column).text != text {
        sheet.tell.run(GridEvent::Typed { row: selection.row, column: selection.column, text });
    }
}

pub fn typing_key(sheet: GridModel, event: &KeyboardEvent) {
    let selection = sheet.selection.get_untracked();
    match event.key().as_str() {
        "Enter" => {
            settle(sheet, true);
            sheet.go(selection.row + 1, selection.column);
        }
        "Tab" => {
            settle(sheet, true);
            let (row, column) = selection.neighbour(event.shift_key(), sheet.last());
            sheet.go(row, column);
        }
        "Escape" => {
            settle(sheet, false);
            sheet.go(selection.row, selection.column);
        }
        _ => return event.stop_propagation(),
    }
    event.prevent_default();
    event.stop_propagation();
}
