//! An editable grid driven by the keyboard, after the ARIA Authoring Practices: one tab stop, arrows move, Shift selects,
//! Enter or F2 edit, Esc returns. Rows have one height and only those near the view are in the DOM; the active row always
//! is. It knows cells and findings, not guests.

mod arrangement;
mod form;
mod model;
mod pool;
mod selection;
mod viewport;

pub use arrangement::Arrangement;
pub use form::RowForm;
pub use model::{GridEvent, GridModel};
pub use selection::{Block, Selection};

use crate::app::effects::{document, focus};
use crate::app::parts::icon::{Glyph, Icon};
use leptos::ev::{ClipboardEvent, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use pool::Pool;
use viewport::{ROW, cell_id, viewport};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Rows kept above and below the view.
const AROUND: usize = 6;
/// Rows in the DOM at most.
const MOST: usize = 58;

fn input() -> Option<HtmlInputElement> {
    document().get_element_by_id("grid-input")?.dyn_into().ok()
}

/// Row and column of the cell that an event happened in.
fn place_of(event: &web_sys::Event) -> Option<(usize, usize)> {
    let cell = event.target()?.dyn_into::<Element>().ok()?.closest("[id^=cell-]").ok()??;
    let (row, column) = cell.id().strip_prefix("cell-")?.split_once('-').map(|(row, column)| (row.parse().ok(), column.parse().ok()))?;
    Some((row?, column?))
}

/// Opens the cell under the hand for typing.
fn type_in(sheet: GridModel, text: &str) {
    let selection = sheet.selection.get_untracked();
    let Some(cell) = document().get_element_by_id(&cell_id(selection.row, selection.column)) else { return };
    let Ok(input) = document().create_element("input").map(JsCast::unchecked_into::<HtmlInputElement>) else { return };
    input.set_id("grid-input");
    input.set_class_name("grid-input");
    let heading = sheet.headings.with_untracked(|headings| headings.get(selection.column).cloned().unwrap_or_default());
    _ = input.set_attribute("aria-label", &format!("{heading}, row {}", sheet.number.run(selection.row)));
    _ = input.set_attribute("autocomplete", "off");
    input.set_value(text);
    _ = cell.append_child(&input);
    sheet.selection.update(|selection| selection.is_typing = true);
    _ = input.focus();
}

/// Ends typing; what was typed is told unless it is taken back.
fn settle(sheet: GridModel, keep: bool) {
    let selection = sheet.selection.get_untracked();
    if !selection.is_typing {
        return;
    }
    sheet.selection.update(|selection| selection.is_typing = false);
    let Some(input) = input() else { return };
    let text = input.value();
    input.remove();
    if keep && sheet.cell.run((selection.row, selection.column)).0 != text {
        sheet.tell.run(GridEvent::Typed { row: selection.row, column: selection.column, text });
    }
}

fn typing_key(sheet: GridModel, event: &KeyboardEvent) {
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

fn key(sheet: GridModel, event: &KeyboardEvent) {
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
            focus::now(&format!("head-{}", selection.column));
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
        "Enter" | "F2" => type_in(sheet, &sheet.cell.run((selection.row, selection.column)).0),
        "Delete" | "Backspace" => sheet.tell.run(GridEvent::Cleared(block)),
        typed if typed.chars().count() == 1 && !jump && !event.alt_key() => type_in(sheet, typed),
        _ => return,
    }
    event.prevent_default();
}

/// Keys on a heading: arrows go along them and back to the cells.
fn head_key(sheet: GridModel, event: &KeyboardEvent, key: &str) -> bool {
    let id = event.target().and_then(|target| target.dyn_into::<Element>().ok()).map(|element| element.id()).unwrap_or_default();
    let Some(column) = id.strip_prefix("head-").and_then(|column| column.parse::<usize>().ok()) else { return false };
    match key {
        "ArrowDown" => sheet.go(0, column),
        "ArrowLeft" => focus::now(&format!("head-{}", column.saturating_sub(1))),
        "ArrowRight" => focus::now(&format!("head-{}", column + 1)),
        _ => return true,
    }
    event.prevent_default();
    true
}

#[component]
pub fn Grid(label: &'static str, sheet: GridModel) -> impl IntoView {
    let top = RwSignal::new(0_usize);
    let height = RwSignal::new(10_usize);
    let pool = StoredValue::new_local(Pool::default());
    let (body, icon) = (NodeRef::<leptos::html::Div>::new(), NodeRef::<leptos::html::Div>::new());
    Effect::new(move || {
        sheet.version.track();
        sheet.headings.track();
        let (count, selection, top, height) = (sheet.count.get(), sheet.selection.get(), top.get(), height.get());
        let (Some(body), Some(icon)) = (body.get(), icon.get().and_then(|icon| icon.first_child())) else { return };
        let (first, last) = (top.saturating_sub(AROUND), (top + height + AROUND).min(count));
        let mut rows: Vec<usize> = (first..last.min(first + MOST)).collect();
        if selection.row < count
            && let Err(place) = rows.binary_search(&selection.row)
        {
            rows.insert(place, selection.row);
        }
        pool.update_value(|pool| pool.show(&body, &icon, &rows, sheet, &selection));
    });
    let scrolled = move |_| {
        if let Some(view) = viewport().filter(|view| view.client_height() > 0) {
            top.set(usize::try_from(view.scroll_top()).unwrap_or(0) / ROW);
            height.set(usize::try_from(view.client_height()).unwrap_or(0) / ROW + 1);
        }
    };
    // The view's height is known once it is seen, with rows in it.
    let any = Memo::new(move |_| sheet.count.get() > 0);
    Effect::new(move || {
        any.track();
        crate::app::effects::spawn(async move {
            crate::app::effects::clock::frame().await;
            scrolled(());
        });
    });
    let pressed = move |event: MouseEvent| {
        let Some((row, column)) = place_of(&event) else { return };
        let selection = sheet.selection.get_untracked();
        if selection.is_typing && selection.is_at(row, column) {
            return;
        }
        settle(sheet, true);
        let from = if event.shift_key() { selection.from } else { (row, column) };
        sheet.selection.set(Selection { row, column, from, is_typing: false });
    };
    let dragged = move |event: MouseEvent| {
        let selection = sheet.selection.get_untracked();
        if let Some((row, column)) =
            place_of(&event).filter(|place| event.buttons() == 1 && !selection.is_typing && *place != (selection.row, selection.column))
        {
            sheet.selection.set(Selection { row, column: column.min(sheet.columns() - 1), ..selection });
        }
    };
    let clicked = move |event: MouseEvent| {
        let button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest(".grid-remove").ok().flatten());
        if let (Some(_), Some((row, _))) = (button, place_of(&event)) {
            sheet.tell.run(GridEvent::Removed { from: row, to: row });
        }
    };
    let focused = move |event: web_sys::FocusEvent| {
        let selection = sheet.selection.get_untracked();
        if let Some((row, column)) = place_of(&event).filter(|place| !selection.is_typing && *place != (selection.row, selection.column)) {
            sheet.selection.set(Selection::at(row, column));
        }
    };
    let left = move |event: web_sys::FocusEvent| {
        let is_input =
            event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.id() == "grid-input");
        if is_input {
            settle(sheet, true);
        }
    };
    let data = |event: &ClipboardEvent| event.clipboard_data().filter(|_| input().is_none());
    let copied = move |event: ClipboardEvent, cut: bool| {
        let block = sheet.selection.get_untracked().block();
        if let Some(data) = data(&event) {
            _ = data.set_data("text/plain", &sheet.copied.run(block));
            event.prevent_default();
            if cut {
                sheet.tell.run(GridEvent::Cleared(block));
            }
        }
    };
    let pasted = move |event: ClipboardEvent| {
        let selection = sheet.selection.get_untracked().block();
        if let Some(text) = data(&event).and_then(|data| data.get_data("text/plain").ok()) {
            event.prevent_default();
            sheet.tell.run(GridEvent::Pasted { row: selection.rows.0, column: selection.columns.0, text });
        }
    };
    let detail = move || {
        sheet.version.track();
        let selection = sheet.selection.get();
        sheet
            .finding
            .run((selection.row, selection.column))
            .map(|(words, _)| format!("Row {}: {words}", sheet.number.run(selection.row)))
            .unwrap_or_default()
    };
    // The mouse's way; the keyboard's is beside the list of columns.
    let grip = |event: &web_sys::PointerEvent| {
        if let Some(grip) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            _ = grip.set_pointer_capture(event.pointer_id());
        }
    };
    let resized = move |column: usize, event: &web_sys::PointerEvent| {
        let head = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|grip| grip.parent_element());
        if let (1, Some(head)) = (event.buttons(), head) {
            let width = event.client_x() - head.get_bounding_client_rect().left() as i32;
            sheet.tell.run(GridEvent::Resized { column, width });
        }
    };
    let heads = move || {
        let sorted = sheet.sorted.get();
        let head = move |(column, heading): (usize, String)| {
            let order = sorted.filter(|(own, _)| *own == column).map(|(_, descends)| if descends { "descending" } else { "ascending" });
            let mark = match order {
                Some("ascending") => " ↑",
                Some(_) => " ↓",
                None => "",
            };
            view! {
                <div class="grid-head" role="columnheader" aria-colindex=(column + 1).to_string() aria-sort=order>
                    <button id=format!("head-{column}") class="grid-sort" type="button" tabindex="-1" title="Sort by this column" on:click=move |_| sheet.tell.run(GridEvent::Sort(column))>{heading}<span aria-hidden="true">{mark}</span></button>
                    <span class="grid-grip" aria-hidden="true" on:pointerdown=move |event| grip(&event) on:pointermove=move |event| resized(column, &event)></span>
                </div>
            }
        };
        sheet.headings.get().into_iter().enumerate().map(head).collect_view()
    };
    let all_columns = move || (sheet.headings.with(Vec::len) + 1).to_string();
    view! {
        <div hidden node_ref=icon><Glyph icon=Icon::Remove/></div>
        <div id="grid" class="grid" role="grid" aria-label=label aria-multiselectable="true" aria-rowcount=move || (sheet.count.get() + 1).to_string() aria-colcount=all_columns
            on:scroll=move |_| scrolled(()) on:keydown=move |event| key(sheet, &event) on:mousedown=pressed on:mouseover=dragged on:click=clicked
            on:dblclick=move |event| { if place_of(&event).is_some() && !sheet.selection.get_untracked().is_typing { let selection = sheet.selection.get_untracked(); if selection.column < sheet.columns() { type_in(sheet, &sheet.cell.run((selection.row, selection.column)).0) } } }
            on:focusin=focused on:focusout=left on:copy=move |event| copied(event, false) on:cut=move |event| copied(event, true) on:paste=pasted
            style:--template=move || sheet.template.get().0 style:--least=move || format!("{}px", sheet.template.get().1) style:--rows=move || sheet.count.get().to_string()>
            <div class="grid-row grid-header" role="row" aria-rowindex="1">
                {heads}
                <div class="grid-head narrow" role="columnheader" aria-colindex=all_columns><span class="unseen">"Remove"</span></div>
            </div>
            <div class="grid-body" role="presentation" node_ref=body style:height=move || format!("{}px", sheet.count.get() * ROW)></div>
        </div>
        <p id="grid-detail" class="error grid-detail">{detail}</p>
    }
}
