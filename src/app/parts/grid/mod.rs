//! Many rows of one height. Only those near the view are in the DOM ([`viewport`], [`pool`]). It knows cells and findings, not guests.
//!
//! [`Grid`] can be edited, driven by the keyboard after the ARIA Authoring Practices: one tab stop, arrows move, Shift selects ([`selection`],
//! [`keyboard`], [`pointer`]), Enter or F2 edit, Esc returns ([`editing`], [`clipboard`]); the active row is always in the DOM.
//! [`ReadOnlyTable`] is the same rows to be read, and what can be pressed in them.

mod arrangement;
mod clipboard;
mod editing;
mod form;
mod header_row;
mod heads;
mod keyboard;
mod model;
mod pointer;
mod pool;
mod read_only;
mod rows;
mod scrolling;
mod selection;
mod viewport;

#[cfg(test)]
mod tests;

pub use arrangement::Arrangement;
pub use form::RowForm;
pub use model::{GridEvent, GridModel};
pub use read_only::{ReadOnlyTable, read_only_table};
pub use rows::{CellLook, GridCell, GridRow, RowButton, RowShape, RowsModel};
pub use selection::{Block, Selection};

use header_row::HeaderRow;
use heads::Heads;
use leptos::prelude::*;
use pool::EditedGrid;
use viewport::{Viewport, pressed_button};

/// Rows kept above and below the view.
const AROUND: usize = 6;

#[component]
pub fn Grid(label: &'static str, sheet: GridModel) -> impl IntoView {
    let view = Viewport::new(sheet.rows, AROUND);
    Effect::new(move || view.paint(Some(EditedGrid { sheet, selection: &sheet.selection.get() })));
    let detail = move || {
        sheet.rows.version.track();
        let selection = sheet.selection.get();
        sheet
            .finding
            .run((selection.row, selection.column))
            .map(|(words, _)| format!("Row {}: {words}", sheet.rows.row.run(selection.row).number))
            .unwrap_or_default()
    };
    view! {
        <div id=sheet.rows.id class="grid" role="grid" aria-label=label aria-multiselectable="true" aria-rowcount=move || sheet.rows.all_rows() aria-colcount=move || sheet.rows.all_columns()
            on:scroll=move |_| view.scrolled() on:keydown=move |event| keyboard::key(sheet, &event)
            on:mousedown=move |event| pointer::pressed(sheet, &event) on:mouseover=move |event| pointer::dragged(sheet, &event)
            on:click=move |event| pressed_button(sheet.rows, &event) on:dblclick=move |event| pointer::pressed_twice(sheet, &event)
            on:focusin=move |event| pointer::focused(sheet, &event) on:focusout=move |event| pointer::left(sheet, &event)
            on:copy=move |event| clipboard::copied(sheet, &event, false) on:cut=move |event| clipboard::copied(sheet, &event, true)
            on:paste=move |event| clipboard::pasted(sheet, &event)
            style:--template=move || sheet.rows.template.get().0 style:--least=move || format!("{}px", sheet.rows.template.get().1) style:--rows=move || sheet.rows.count.get().to_string()>
            <HeaderRow rows=sheet.rows><Heads sheet/></HeaderRow>
            <div class="grid-body" role="presentation" node_ref=view.body style:height=move || format!("{}px", view.height())></div>
        </div>
        <p id=sheet.id_of_detail() class="error grid-detail">{detail}</p>
    }
}
