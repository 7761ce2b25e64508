//! The row of headings, the last of which is the button's.

use super::rows::RowsModel;
use leptos::prelude::*;

#[component]
pub fn HeaderRow(rows: RowsModel, children: Children) -> impl IntoView {
    view! {
        <div class="grid-row grid-header" role="row" aria-rowindex="1">
            {children()}
            <div class="grid-head narrow" role="columnheader" aria-colindex=move || rows.all_columns()><span class="unseen">{rows.button.heading}</span></div>
        </div>
    }
}
