//! How each row of a run ended, whichever job it does, as a table; one row's own story in the drawer.

use crate::app::effects::{address_bar, focus, is_narrow};
use crate::app::parts::grid::{CellLook, GridCell, GridRow, ReadOnlyTable, RowButton, RowShape, RowsModel};
use crate::app::parts::icon::Icon;
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::AppState;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Moment;

/// Columns and the least width of a row in CSS pixels: address, what stands beside it, outcome, why, and the button.
const LINE: (&str, i32) = ("minmax(220px, 2fr) minmax(120px, 1fr) minmax(140px, 1fr) minmax(200px, 3fr) 48px", 728);
/// Address above outcome, and the button; the drawer tells the rest.
const CARD: (&str, i32) = ("minmax(0, 1fr) 40px", 0);

/// One row as it is shown.
pub(super) struct OutcomeLine {
    pub(super) row: u32,
    pub(super) email: String,
    /// What stands beside the address: the name, or when it ended.
    pub(super) beside: String,
    pub(super) word: &'static str,
    pub(super) icon: Icon,
    pub(super) class: &'static str,
    pub(super) why: Option<String>,
    /// When it ended; there is nothing to tell before.
    pub(super) at: Option<Moment>,
    pub(super) can_be_chosen: bool,
}

/// What a run shows of its rows.
#[derive(Clone)]
pub(super) struct RunRows {
    /// What stands beside the addresses.
    pub(super) beside: &'static str,
    /// What can be asked for, with what is said where no row is like that.
    pub(super) filters: Vec<(Rows, &'static str, &'static str)>,
    /// The places in the run of all rows that fit, rising.
    pub(super) places: Arc<dyn Fn(Rows) -> Arc<[usize]> + Send + Sync>,
    /// The place of a row.
    pub(super) place: Arc<dyn Fn(u32) -> Option<usize> + Send + Sync>,
    /// The row at this place.
    pub(super) line: Arc<dyn Fn(usize) -> Option<OutcomeLine> + Send + Sync>,
    /// Whether a row has ended, so that there is something to tell of it.
    pub(super) has_ended: Arc<dyn Fn(u32) -> bool + Send + Sync>,
    /// One row's own story, if it has ended.
    pub(super) details: Arc<dyn Fn(u32) -> Option<AnyView> + Send + Sync>,
    /// Rows that were chosen, by their ids.
    pub(super) chosen: RwSignal<BTreeSet<u32>>,
}

#[component]
pub(super) fn OutcomeTable(rows: RunRows) -> impl IntoView {
    let app = AppState::here();
    let RunRows { beside, filters, places, place, line, has_ended, details, chosen } = rows;
    let (details, filters) = (StoredValue::new(details), StoredValue::new(filters));
    let route = app.navigator.route;
    let filter = move || route.with(|route| if let Route::Run { show, .. } = route { *show } else { Rows::All });
    let open_row = Memo::new(move |_| route.with(|route| if let Route::Run { row, .. } = route { *row } else { None }));
    let places = Memo::new_with_compare(move |_| places(filter()), |_, _| true);
    let to = move |show: Rows, row: Option<u32>| {
        route.with_untracked(|route| if let Route::Run { id, .. } = route { Route::Run { id: id.clone(), show, row } } else { Route::Runs })
    };
    let line = StoredValue::new(line);
    let line = move |shown: usize| {
        let place = places.with_untracked(|places| places.get(shown).copied())?;
        untrack(|| line.with_value(|line| line(place)))
    };
    let narrow = is_narrow();
    let rows = RowsModel {
        id: "outcomes",
        headings: Signal::derive(move || {
            let all = if narrow { vec!["Address", "Outcome"] } else { vec!["Address", beside, "Outcome", "Why"] };
            all.into_iter().map(str::to_owned).collect()
        }),
        count: Memo::new(move |_| places.with(|places| places.len())).into(),
        version: Signal::derive(move || {
            places.track();
            chosen.track();
            0
        }),
        row: Callback::new(move |shown: usize| {
            let number = places.with_untracked(|places| places.get(shown).map_or(0, |place| place + 1));
            let Some(line) = line(shown) else { return GridRow::default() };
            let outcome = GridCell { text: line.word.to_owned(), look: CellLook::With(line.icon, line.class), ..GridCell::default() };
            let is_chosen = chosen.with_untracked(|chosen| chosen.contains(&line.row));
            let button = line.at.map(|_| format!("Details of {}", line.email));
            let choice = line.can_be_chosen.then(|| (is_chosen, format!("Select {}", line.email)));
            let address = GridCell { text: line.email, ..GridCell::default() };
            let cells = if narrow {
                vec![address, outcome]
            } else {
                let beside = GridCell { text: line.beside, ..GridCell::default() };
                vec![address, beside, outcome, GridCell { text: line.why.unwrap_or_default(), ..GridCell::default() }]
            };
            GridRow { number, cells, button, choice }
        }),
        template: Signal::derive(move || {
            let (template, least) = if narrow { CARD } else { LINE };
            (template.to_owned(), least)
        }),
        button: RowButton {
            icon: Icon::Next,
            heading: "Details",
            press: Callback::new(move |shown: usize| {
                if let Some(line) = line(shown) {
                    app.navigator.go(&to(untrack(filter), Some(line.row)));
                }
            }),
        },
        shape: if narrow { RowShape::Card } else { RowShape::Line },
        choose: Some(Callback::new(move |(shown, take): (usize, bool)| {
            if let Some(OutcomeLine { row, .. }) = line(shown) {
                chosen.update(|chosen| _ = if take { chosen.insert(row) } else { chosen.remove(&row) });
            }
        })),
    };
    // A row's own story, in the drawer. Back closes it before it leaves the page.
    let told = move || open_row.get().and_then(|row| details.with_value(|details| details(row)));
    let is_open = Memo::new(move |_| open_row.get().is_some_and(|row| has_ended(row)));
    Effect::new(move |was: Option<Option<u32>>| {
        let row = open_row.get();
        match (was.flatten(), row) {
            (was, Some(_)) if was != row => focus::later("details-title"),
            (Some(before), None) => {
                let place = untrack(|| place(before));
                if let Some(shown) = place.and_then(|place| places.with_untracked(|places| places.binary_search(&place).ok())) {
                    rows.go_to_button(shown);
                }
            }
            _ => {}
        }
        row
    });
    let close = move || {
        if route.with_untracked(|route| matches!(route, Route::Run { row: Some(_), .. })) {
            address_bar::back()
        }
    };
    let buttons = filters.get_value().into_iter().map(|(show, words, _)| {
        view! { <button class="button subtle" type="button" aria-pressed=move || (filter() == show).to_string() on:click=move |_| app.navigator.adjust(to(show, None))>{words}</button> }
    });
    let buttons = buttons.collect_view();
    let none = move || filters.with_value(|filters| filters.iter().find(|(show, ..)| *show == filter()).map(|(.., none)| *none));
    view! {
        <div class="row commands" role="group" aria-label="Show">
            {buttons}
        </div>
        <ReadOnlyTable label="Outcomes" rows/>
        <Show when=move || places.with(|places| places.is_empty())><p class="hint">{none}</p></Show>
        <Show when=move || is_open.get()>
            <aside class="drawer" aria-labelledby="details-title" on:keydown=move |event| if event.key() == "Escape" { close() }>
                <div class="row"><h2 id="details-title" tabindex="-1">"Details"</h2><span class="gap"></span><button class="button subtle" type="button" on:click=move |_| close()>"Close"</button></div>
                {told}
            </aside>
        </Show>
    }
}
