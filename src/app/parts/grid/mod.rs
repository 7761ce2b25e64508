//! An editable grid driven by the keyboard, after the ARIA Authoring Practices: one tab stop, arrows move, Shift selects,
//! Enter or F2 edit, Esc returns. Rows have one height and only those near the view are in the DOM; the active row always
//! is. It knows cells and findings, not guests.

mod arrangement;
mod clipboard;
mod editing;
mod form;
mod heads;
mod keyboard;
mod model;
mod pointer;
mod pool;
mod selection;
mod viewport;

pub use arrangement::Arrangement;
pub use form::RowForm;
pub use model::{GridEvent, GridModel};
pub use selection::{Block, Selection};

use crate::app::effects::{clock, spawn};
use crate::app::parts::icon::{Glyph, Icon};
use heads::Heads;
use leptos::prelude::*;
use pool::Pool;
use viewport::{ROW, viewport};

/// Rows kept above and below the view.
const AROUND: usize = 6;
/// Rows in the DOM at most.
const MOST: usize = 58;

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
        if let Some(view) = viewport(sheet.id).filter(|view| view.client_height() > 0) {
            top.set(usize::try_from(view.scroll_top()).unwrap_or(0) / ROW);
            height.set(usize::try_from(view.client_height()).unwrap_or(0) / ROW + 1);
        }
    };
    // The view's height is known once it is seen, with rows in it.
    let any = Memo::new(move |_| sheet.count.get() > 0);
    Effect::new(move || {
        any.track();
        spawn(async move {
            clock::frame().await;
            scrolled(());
        });
    });
    let detail = move || {
        sheet.version.track();
        let selection = sheet.selection.get();
        sheet
            .finding
            .run((selection.row, selection.column))
            .map(|(words, _)| format!("Row {}: {words}", sheet.number.run(selection.row)))
            .unwrap_or_default()
    };
    let all_columns = move || (sheet.headings.with(Vec::len) + 1).to_string();
    view! {
        <div hidden node_ref=icon><Glyph icon=Icon::Remove/></div>
        <div id=sheet.id class="grid" role="grid" aria-label=label aria-multiselectable="true" aria-rowcount=move || (sheet.count.get() + 1).to_string() aria-colcount=all_columns
            on:scroll=move |_| scrolled(()) on:keydown=move |event| keyboard::key(sheet, &event)
            on:mousedown=move |event| pointer::pressed(sheet, &event) on:mouseover=move |event| pointer::dragged(sheet, &event)
            on:click=move |event| pointer::clicked(sheet, &event) on:dblclick=move |event| pointer::pressed_twice(sheet, &event)
            on:focusin=move |event| pointer::focused(sheet, &event) on:focusout=move |event| pointer::left(sheet, &event)
            on:copy=move |event| clipboard::copied(sheet, &event, false) on:cut=move |event| clipboard::copied(sheet, &event, true)
            on:paste=move |event| clipboard::pasted(sheet, &event)
            style:--template=move || sheet.template.get().0 style:--least=move || format!("{}px", sheet.template.get().1) style:--rows=move || sheet.count.get().to_string()>
            <div class="grid-row grid-header" role="row" aria-rowindex="1">
                <Heads sheet/>
                <div class="grid-head narrow" role="columnheader" aria-colindex=all_columns><span class="unseen">"Remove"</span></div>
            </div>
            <div class="grid-body" role="presentation" node_ref=body style:height=move || format!("{}px", sheet.count.get() * ROW)></div>
        </div>
        <p id=sheet.id_of_detail() class="error grid-detail">{detail}</p>
    }
}
