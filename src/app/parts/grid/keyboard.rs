//! What keys mean in the grid, after the ARIA Authoring Practices.

use super::editing::{type_in, typing_key};
use super::model::{GridEvent, GridModel};
use super::selection::Selection;
use crate::app::effects::focus;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Carries out what a key means where the hand is.
pub fn key(sheet: GridModel, event: &KeyboardEvent) {
    let selection = sheet.selection.get_untracked();
    if selection.is_typing {
        return typing_key(sheet, event);
    }
    let last = sheet.last();
    let key = event.key();
    let jump = event.ctrl_key() || event.meta_key();
    if head_key(sheet, event, &key) {
        return;
    }
    if let Some((row, column)) = selection.moved(&key, jump, last) {
        if key == "ArrowUp" && selection.row == 0 && !event.shift_key() {
            focus::now(&sheet.id_of_head(selection.column));
        } else if event.shift_key() {
            sheet.put(Selection { row, column: column.min(last.1 - 1), ..selection });
        } else {
            sheet.go(row, column);
        }
        return event.prevent_default();
    }
    let block = selection.block();
    match key.as_str() {
        "F8" => sheet.tell.run(GridEvent::NextProblem { back: event.shift_key() }),
        "Delete" | "Backspace" if jump => sheet.tell.run(GridEvent::Removed { from: block.rows.0, to: block.rows.1 }),
        "a" if jump => sheet.selection.set(Selection { row: last.0, column: last.1 - 1, from: (0, 0), is_typing: false }),
        "d" if jump => sheet.tell.run(GridEvent::FilledDown(block)),
        "z" if jump && event.shift_key() => sheet.tell.run(GridEvent::Redo),
        "z" if jump => sheet.tell.run(GridEvent::Undo),
        "y" if jump => sheet.tell.run(GridEvent::Redo),
        " " if jump => sheet.selection.set(Selection { row: last.0, from: (0, selection.column), ..selection }),
        " " if event.shift_key() => sheet.selection.set(Selection { column: last.1 - 1, from: (selection.row, 0), ..selection }),
        // The last column is a button; Enter and Space press it.
        _ if selection.column == last.1 => return,
        "Enter" | "F2" => type_in(sheet, &sheet.rows.cell(selection.row, selection.column).text),
        "Delete" | "Backspace" => sheet.tell.run(GridEvent::Cleared(block)),
        typed if typed.chars().count() == 1 && !jump && !event.alt_key() => type_in(sheet, typed),
        _ => return,
    }
    event.prevent_default();
}

/// Keys on a heading: arrows go along them and back to the cells.
fn head_key(sheet: GridModel, event: &KeyboardEvent, key: &str) -> bool {
    let id = event.target().and_then(|target| target.dyn_into::<Element>().ok()).map(|element| element.id()).unwrap_or_default();
    let column = id.strip_prefix(&sheet.id_of_heads()).and_then(|column| column.parse::<usize>().ok());
    let Some(column) = column else { return false };
    match key {
        "ArrowDown" => sheet.go(0, column),
        "ArrowLeft" => focus::now(&sheet.id_of_head(column.saturating_sub(1))),
        "ArrowRight" => focus::now(&sheet.id_of_head(column + 1)),
        _ => return true,
    }
    event.prevent_default();
    true
}
