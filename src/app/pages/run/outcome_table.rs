//! How each row of a run ended, whichever job it does, as a table; one row's own story in the drawer.

use crate::app::effects::{address_bar, focus};
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::AppState;
use guestlist::words::grouped;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Moment;

/// Rows in the table at first; a button shows more.
const MOST: usize = 200;

/// One row as it is shown.
#[derive(Clone)]
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
    /// The first so many rows that fit, and how many more there are.
    pub(super) lines: Arc<dyn Fn(Rows, usize) -> (Vec<OutcomeLine>, usize) + Send + Sync>,
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
    let RunRows { beside, filters, lines, has_ended, details, chosen } = rows;
    let (details, filters) = (StoredValue::new(details), StoredValue::new(filters));
    let most = RwSignal::new(MOST);
    let route = app.navigator.route;
    let filter = move || route.with(|route| if let Route::Run { show, .. } = route { *show } else { Rows::All });
    let open_row = Memo::new(move |_| route.with(|route| if let Route::Run { row, .. } = route { *row } else { None }));
    let lines = Memo::new_with_compare(move |_| lines(filter(), most.get()), |_, _| true);
    let to = move |show: Rows, row: Option<u32>| {
        route.with_untracked(|route| if let Route::Run { id, .. } = route { Route::Run { id: id.clone(), show, row } } else { Route::Runs })
    };
    // A row's own story, in the drawer. Back closes it before it leaves the page.
    let told = move || open_row.get().and_then(|row| details.with_value(|details| details(row)));
    let is_open = Memo::new(move |_| open_row.get().is_some_and(|row| has_ended(row)));
    Effect::new(move |was: Option<Option<u32>>| {
        let row = open_row.get();
        match (was.flatten(), row) {
            (_, Some(_)) if was.flatten() != row => focus::later("details-title"),
            (Some(before), None) => focus::later(format!("details-{before}")),
            _ => {}
        }
        row
    });
    let close = move || {
        if route.with_untracked(|route| matches!(route, Route::Run { row: Some(_), .. })) {
            address_bar::back()
        }
    };
    let open = Callback::new(move |row| app.navigator.go(&to(untrack(filter), Some(row))));
    let buttons = filters.get_value().into_iter().map(|(show, words, _)| {
        view! { <button class="button subtle" type="button" aria-pressed=move || (filter() == show).to_string() on:click=move |_| app.navigator.adjust(to(show, None))>{words}</button> }
    });
    let buttons = buttons.collect_view();
    let none = move || filters.with_value(|filters| filters.iter().find(|(show, ..)| *show == filter()).map(|(.., none)| *none));
    view! {
        <div class="row" role="group" aria-label="Show">
            {buttons}
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label="Outcomes, scrollable">
            <table class="plain outcomes stacked" role="table"><caption class="unseen">"Outcomes"</caption>
                <thead role="rowgroup"><tr role="row"><th role="columnheader">"Address"</th><th role="columnheader">{beside}</th><th role="columnheader">"Outcome"</th><th role="columnheader">"Why"</th><th role="columnheader"><span class="unseen">"Details"</span></th></tr></thead>
                <tbody role="rowgroup">
                    <For each=move || lines.get().0 key=|line| (line.row, line.word, line.at, line.can_be_chosen) let(line)>
                        <Line line chosen open/>
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || lines.with(|lines| lines.0.is_empty())><p class="hint">{none}</p></Show>
        <Show when=move || lines.with(|lines| lines.1 != 0)><button class="button" type="button" on:click=move |_| most.update(|most| *most += MOST)>{move || format!("Show more ({} left)", grouped(lines.with(|lines| lines.1)))}</button></Show>
        <Show when=move || is_open.get()>
            <aside class="drawer" aria-labelledby="details-title" on:keydown=move |event| if event.key() == "Escape" { close() }>
                <div class="row"><h2 id="details-title" tabindex="-1">"Details"</h2><span class="gap"></span><button class="button subtle" type="button" on:click=move |_| close()>"Close"</button></div>
                {told}
            </aside>
        </Show>
    }
}

#[component]
fn Line(line: OutcomeLine, chosen: RwSignal<BTreeSet<u32>>, open: Callback<u32>) -> impl IntoView {
    let OutcomeLine { row: number, email, beside, word, icon, class, why, at, can_be_chosen } = line;
    let choice = can_be_chosen.then(|| {
        let choose = move |event| {
            let take = event_target_checked(&event);
            chosen.update(|chosen| _ = if take { chosen.insert(number) } else { chosen.remove(&number) });
        };
        view! { <input type="checkbox" aria-label=format!("Select {email}") prop:checked=move || chosen.with(|chosen| chosen.contains(&number)) on:change=choose/> }
    });
    let details = at.is_some().then(|| view! { <button id=format!("details-{number}") class="button subtle small" type="button" aria-label=format!("Details of {email}") on:click=move |_| open.run(number)>"Details"</button> });
    view! {
        <tr role="row"><th role="rowheader">{choice}<bdi>{email}</bdi></th><td role="cell"><bdi>{beside}</bdi></td><td role="cell" class=class><span class="nowrap"><Glyph icon/>{word}</span></td><td role="cell">{why}</td>
            <td role="cell">{details}</td></tr>
    }
}
