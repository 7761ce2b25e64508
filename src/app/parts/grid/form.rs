//! One row of the grid as a form: for narrow pages and for whoever likes it better. The same cells, the same messages.

use super::model::{GridEvent, GridModel};
use super::rows::{CellLook, MADE};
use super::selection::Selection;
use crate::app::effects::focus;
use crate::app::parts::field::Field;
use crate::app::parts::icon::{Glyph, Icon};
use leptos::prelude::*;

/// Columns that have a field; more are changed in the grid.
const MOST: usize = 16;

#[component]
pub fn RowForm(sheet: GridModel) -> impl IntoView {
    let row = Memo::new(move |_| sheet.selection.with(|selection| selection.row).min(sheet.rows.count.get().saturating_sub(1)));
    let step = move |back: bool| {
        let (row, count) = (row.get_untracked(), sheet.rows.count.get_untracked());
        let to = if back { row.saturating_sub(1) } else { (row + 1).min(count.saturating_sub(1)) };
        sheet.selection.set(Selection::at(to, 0));
        focus::later(sheet.id_of_form());
    };
    let remove = move |_| {
        sheet.tell.run(GridEvent::Removed { from: row.get_untracked(), to: row.get_untracked() });
        focus::later(sheet.id_of_form());
    };
    let more = move || sheet.rows.headings.with(Vec::len).saturating_sub(MOST);
    // What is shown of it, for all fields at once.
    let shown = Memo::new(move |_| {
        sheet.rows.version.track();
        sheet.rows.row.run(row.get())
    });
    let title = move || format!("Row {}", shown.with(|shown| shown.number));
    let fields = move || {
        let headings = sheet.rows.headings.get();
        let fields = headings.into_iter().enumerate().take(MOST).map(|(column, heading)| {
            let text = Memo::new(move |_| shown.with(|shown| shown.cells.get(column).map(|cell| cell.text.clone()).unwrap_or_default()));
            let finding = Memo::new(move |_| {
                sheet.rows.version.track();
                sheet.finding.run((row.get(), column))
            });
            let (said, hint) = (
                Signal::derive(move || finding.with(|finding| finding.clone().filter(|(_, is_error)| *is_error).map(|(words, _)| words)).unwrap_or_default()),
                Signal::derive(move || finding.with(|finding| finding.clone().filter(|(_, is_error)| !*is_error).map(|(words, _)| words)).unwrap_or_default()),
            );
            let is_made = move || shown.with(|shown| shown.cells.get(column).is_some_and(|cell| cell.look == CellLook::Made));
            let hint = Signal::derive(move || if hint.with(String::is_empty) && is_made() { format!("{MADE}.") } else { hint.get() });
            let changed = move |event| sheet.tell.run(GridEvent::Typed { row: row.get_untracked(), column, text: event_target_value(&event) });
            view! {
                <Field label=heading hint error=said let:ids>
                    <input id=ids.control class="input" autocomplete="off" aria-describedby=ids.described aria-invalid=move || (!said.with(String::is_empty)).then_some("true") prop:value=move || text.get() on:change=changed/>
                </Field>
            }
        });
        fields.collect_view()
    };
    view! {
        <section class="card" role="group" aria-labelledby=sheet.id_of_form()>
            <div class="row">
                <h3 id=sheet.id_of_form() tabindex="-1">{title}</h3><span class="gap"></span>
                <button class="button subtle" type="button" aria-label="Previous row" on:click=move |_| step(true)><Glyph icon=Icon::Previous/></button>
                <button class="button subtle" type="button" aria-label="Next row" on:click=move |_| step(false)><Glyph icon=Icon::Next/></button>
                <button class="button subtle" type="button" on:click=remove>"Remove row"</button>
            </div>
            {fields}
            {move || Some(more()).filter(|more| *more > 0).map(|more| view! { <p class="hint">{format!("And {more} more columns, in the grid.")}</p> })}
        </section>
    }
}
