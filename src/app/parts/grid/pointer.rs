//! What the mouse does in the grid, and where the focus is.

use super::editing::{settle, type_in};
use super::model::GridModel;
use super::selection::Selection;
use super::viewport::place_of;
use leptos::ev::{FocusEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Puts the hand on a cell; with Shift selects up to it.
pub fn pressed(sheet: GridModel, event: &MouseEvent) {
    let Some((row, column)) = place_of(sheet.rows, event) else { return };
    let selection = sheet.selection.get_untracked();
    if selection.is_typing && selection.is_at(row, column) {
        return;
    }
    settle(sheet, true);
    let from = if event.shift_key() { selection.from } else { (row, column) };
    sheet.selection.set(Selection { row, column, from, is_typing: false });
}

/// Selects while the button is held.
pub fn dragged(sheet: GridModel, event: &MouseEvent) {
    let selection = sheet.selection.get_untracked();
    if let Some((row, column)) = place_of(sheet.rows, event)
        .filter(|place| event.buttons() == 1 && !selection.is_typing && *place != (selection.row, selection.column))
    {
        sheet.selection.set(Selection { row, column: column.min(sheet.rows.columns() - 1), ..selection });
    }
}

/// Opens a cell for typing.
pub fn pressed_twice(sheet: GridModel, event: &MouseEvent) {
    let selection = sheet.selection.get_untracked();
    if place_of(sheet.rows, event).is_some() && !selection.is_typing && selection.column < sheet.rows.columns() {
        type_in(sheet, &sheet.rows.cell(selection.row, selection.column).text);
    }
}

/// The hand goes where the focus goes.
pub fn focused(sheet: GridModel, event: &FocusEvent) {
    let selection = sheet.selection.get_untracked();
    if let Some((row, column)) =
        place_of(sheet.rows, event).filter(|place| !selection.is_typing && *place != (selection.row, selection.column))
    {
        sheet.selection.set(Selection::at(row, column));
    }
}

/// What was typed is kept when somebody leaves the field.
pub fn left(sheet: GridModel, event: &FocusEvent) {
    let is_input =
        event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.id() == sheet.id_of_input());
    if is_input {
        settle(sheet, true);
    }
}
