//! Many rows to be read. What can be pressed in them is in the order of Tab; arrows scroll.

use super::header_row::HeaderRow;
use super::rows::{RowShape, RowsModel};
use super::viewport::{Viewport, place_of, pressed_button};
use leptos::ev::Event;
use leptos::prelude::*;

/// Rows kept above and below the view: so many can be found in the page, too.
const AROUND: usize = 100;

/// The same as a function, so that it can be named where it is to lie.
pub fn read_only_table(label: &'static str, rows: RowsModel) -> AnyView {
    view! { <ReadOnlyTable label rows/> }.into_any()
}

#[component]
pub fn ReadOnlyTable(label: &'static str, rows: RowsModel) -> impl IntoView {
    let view = Viewport::new(rows, AROUND);
    Effect::new(move || view.paint(None));
    let chosen = move |event: Event| {
        if let (Some(choose), Some((row, _))) = (rows.choose, place_of(rows, &event)) {
            choose.run((row, event_target_checked(&event)));
        }
    };
    let heads = move || {
        let head = |(column, heading): (usize, String)| view! { <div class="grid-head" role="columnheader" aria-colindex=(column + 1).to_string()><span class="grid-text">{heading}</span></div> };
        rows.headings.get().into_iter().enumerate().map(head).collect_view()
    };
    view! {
        <div id=rows.id class=if rows.shape == RowShape::Card { "grid cards" } else { "grid" } role="table" aria-label=label tabindex="0" aria-rowcount=move || rows.all_rows() aria-colcount=move || rows.all_columns()
            on:scroll=move |_| view.scrolled() on:click=move |event| pressed_button(rows, &event) on:change=chosen
            style:--template=move || rows.template.get().0 style:--least=move || format!("{}px", rows.template.get().1) style:--rows=move || rows.count.get().to_string()>
            <HeaderRow rows>{heads}</HeaderRow>
            <div class="grid-body" role="rowgroup" node_ref=view.body style:height=move || format!("{}px", view.height())></div>
        </div>
    }
}
