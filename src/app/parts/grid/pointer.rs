//! What the mouse does in the grid, and where the focus is.

use super::editing::{settle, type_in};
use super::model::{GridEvent, GridModel};
use super::selection::Selection;
use leptos::ev::{FocusEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Row and column of the cell that an event happened in.
fn place_of(sheet: GridModel, event: &web_sys::Event) -> Option<(usize, usize)> {
    let cell = event.target()?.dyn_into::<Element>().ok()?.closest(&format!("[id^={}]", sheet.id_of_cells())).ok()??;
    let (row, column) =
        cell.id().strip_prefix(&sheet.id_of_cells())?.split_once('-').map(|(row, column)| (row.parse().ok(), column.parse().ok()))?;
    Some((row?, column?))
}

/// Puts the hand on a cell; with Shift selects up to it.
pub fn pressed(sheet: GridModel, event: &MouseEvent) {
    let Some((row, column)) = place_of(sheet, event) else { return };
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
    if let Some((row, column)) =
        place_of(sheet, event).filter(|place| event.buttons() == 1 && !selection.is_typing && *place != (selection.row, selection.column))
    {
        sheet.selection.set(Selection { row, column: column.min(sheet.columns() - 1), ..selection });
    }
}

/// Opens a cell for typing.
pub fn pressed_twice(sheet: GridModel, event: &MouseEvent) {
    let selection = sheet.selection.get_untracked();
    if place_of(sheet, event).is_some() && !selection.is_typing && selection.column < sheet.columns() {
        type_in(sheet, &sheet.cell.run((selection.row, selection.column)).0);
    }
}

/// Removes a row by its button.
pub fn clicked(sheet: GridModel, event: &MouseEvent) {
    let button = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| target.closest(".grid-remove").ok().flatten());
    if let (Some(_), Some((row, _))) = (button, place_of(sheet, event)) {
        sheet.tell.run(GridEvent::Removed { from: row, to: row });
    }
}

/// The hand goes where the focus goes.
pub fn focused(sheet: GridModel, event: &FocusEvent) {
    let selection = sheet.selection.get_untracked();
    if let Some((row, column)) = place_of(sheet, event).filter(|place| !selection.is_typing && *place != (selection.row, selection.column))
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
