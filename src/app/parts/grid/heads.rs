//! The headings of the grid: they sort, and their edges make columns wider.

use super::model::{GridEvent, GridModel};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

#[component]
pub fn Heads(sheet: GridModel) -> impl IntoView {
    // The mouse's way; the keyboard's is beside the list of columns.
    let grip = |event: &PointerEvent| {
        if let Some(grip) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            _ = grip.set_pointer_capture(event.pointer_id());
        }
    };
    let resized = move |column: usize, event: &PointerEvent| {
        let head = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|grip| grip.parent_element());
        if let (1, Some(head)) = (event.buttons(), head) {
            let width = event.client_x() - head.get_bounding_client_rect().left() as i32;
            sheet.tell.run(GridEvent::Resized { column, width });
        }
    };
    move || {
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
                    <button id=sheet.id_of_head(column) class="grid-sort" type="button" tabindex="-1" title="Sort by this column" on:click=move |_| sheet.tell.run(GridEvent::Sort(column))>{heading}<span aria-hidden="true">{mark}</span></button>
                    <span class="grid-grip" aria-hidden="true" on:pointerdown=move |event| grip(&event) on:pointermove=move |event| resized(column, &event)></span>
                </div>
            }
        };
        sheet.rows.headings.get().into_iter().enumerate().map(head).collect_view()
    }
}
