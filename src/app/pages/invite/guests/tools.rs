//! What stands above the grid: numbers that filter, undo, finding and replacing, values and columns.

use super::table::GuestTable;
use crate::app::effects::focus;
use crate::app::parts::grid::{Arrangement, GridEvent};
use guestlist::rows::findings::FindingKind;
use guestlist::rows::view::{Only, View, values};
use guestlist::words::{count, grouped};
use leptos::prelude::*;

/// How many rows there are and how they are; each number is a filter.
#[component]
pub(super) fn Summary(table: GuestTable) -> impl IntoView {
    let app = table.app;
    let summary = Memo::new(move |_| app.draft.guests.with(|guests| guests.checks().summary()));
    let words = move || {
        let summary = summary.get();
        let problems = summary.errors + summary.warnings;
        match summary.rows {
            0 => "Nobody yet. Add the first guest above.".to_owned(),
            rows if problems == 0 => format!("{}, all ready.", count(rows, "guest", "guests")),
            rows => format!(
                "{}: {} ready, {} (F8 goes to the next).",
                count(rows, "guest", "guests"),
                grouped(summary.ready),
                count(problems, "problem", "problems")
            ),
        }
    };
    let filter = move |only: Only, words: String| view! { <Filter table only words class="button subtle"/> };
    let kinds = move || {
        app.draft.guests.with(|guests| {
            FindingKind::ALL
                .into_iter()
                .map(|kind| (kind, guests.checks().count_of(kind)))
                .filter(|(_, number)| *number > 0)
                .map(|(kind, number)| filter(Only::Kind(kind), count(number, kind.words().0, kind.words().1)))
                .collect_view()
        })
    };
    let numbers = move || {
        let summary = summary.get();
        (summary.rows > 0 && summary.errors + summary.warnings > 0).then(|| {
            view! {
                {filter(Only::All, count(summary.rows, "row", "rows"))}
                {filter(Only::Ready, format!("{} ready", grouped(summary.ready)))}
                {(summary.errors > 0).then(|| filter(Only::Errors, count(summary.errors, "error", "errors")))}
                {(summary.warnings > 0).then(|| filter(Only::Warnings, count(summary.warnings, "warning", "warnings")))}
                {kinds()}
            }
        })
    };
    view! {
        <p class="hint">{words}</p>
        <div class="row filters" role="group" aria-label="Show rows">{numbers}</div>
    }
}

/// A button that shows only some rows, and all of them again.
#[component]
fn Filter(table: GuestTable, only: Only, words: String, class: &'static str) -> impl IntoView {
    let mine = only.clone();
    let toggle = move |_| {
        let only = only.clone();
        table.look(|view| view.only = if view.only == only { Only::All } else { only });
    };
    view! { <button class=class type="button" aria-pressed=move || table.view.with(|view| view.only == mine).to_string() on:click=toggle>{words}</button> }
}

#[component]
pub(super) fn Undo(table: GuestTable) -> impl IntoView {
    let name = move |again: bool| {
        table.app.draft.guests.with(|guests| {
            let (verb, name) = if again { ("Redo", guests.redoes()) } else { ("Undo", guests.undoes()) };
            (name.map_or_else(|| verb.to_owned(), |name| format!("{verb}: {name}")), name.is_none())
        })
    };
    let button = move |again: bool| {
        view! { <button class="button subtle" type="button" aria-disabled=move || name(again).1.to_string() on:click=move |_| table.undo(again)>{move || name(again).0}</button> }
    };
    view! { <div class="row" role="group" aria-label="Undo">{button(false)}{button(true)}</div> }
}

/// Values of a column that are offered as filters.
const MOST_VALUES: usize = 50;

/// Looking for something, replacing it, and what stands in a column.
#[component]
pub(super) fn Tools(table: GuestTable) -> impl IntoView {
    let (with, column) = (RwSignal::new(String::new()), RwSignal::new(None::<usize>));
    let replace = move |_| {
        let rows = table.ids(0..table.sheet.rows.count.get_untracked());
        let (find, with) = (table.view.with_untracked(|view| view.text.clone()), with.get_untracked());
        let replaced = table.edit(|guests| guests.replace(&rows, column.get_untracked(), &find, &with));
        table.app.announcer.politely(format!("{} changed.", count(replaced, "cell", "cells")));
    };
    // Of which column the values are shown; domains first.
    let of = RwSignal::new(None::<usize>);
    let values = move || {
        table.app.draft.guests.with(|guests| {
            let column = of.get().and_then(|column| Some((column, guests.list().columns().get(column)?)));
            let values = column.map_or_else(|| guests.checks().domains(), |(place, _)| values(guests.list(), place));
            let more = values.len().saturating_sub(MOST_VALUES);
            let lines = values.into_iter().take(MOST_VALUES).map(|(value, rows)| {
                let only = match column {
                    None => Only::Domain(value.to_owned()),
                    Some((_, column)) => Only::Value(column.name.clone(), value.to_owned()),
                };
                let shown = if value.is_empty() { "(empty)" } else { value };
                view! { <Filter table only words=format!("{shown} {}", grouped(rows)) class="button subtle small"/> }
            });
            view! { {lines.collect_view()}{(more > 0).then(|| view! { <span class="hint">{format!("and {} more", grouped(more))}</span> })} }
        })
    };
    let open = RwSignal::new(false);
    let columns = move || {
        table
            .headings()
            .into_iter()
            .enumerate()
            .map(|(column, heading)| view! { <option value=column.to_string()>{heading}</option> })
            .collect_view()
    };
    let columns_open = RwSignal::new(false);
    view! {
        <div class="row tools">
            <label class="label" for="find">"Find"</label>
            <input id="find" class="input" type="search" autocomplete="off" spellcheck="false" prop:value=move || table.view.with(|view| view.text.clone())
                on:input=move |event| table.look(|view| view.text = event_target_value(&event))/>
            <Show when=move || table.view.with(|view| !view.is_plain())>
                <button class="button subtle" type="button" on:click=move |_| { table.look(|view| *view = View::default()); focus::now("find"); }>"Clear all"</button>
            </Show>
            <button class="button subtle" type="button" on:click=move |_| table.did(GridEvent::NextProblem { back: false })>"Next problem"</button>
        </div>
        <details class="details" on:toggle=move |_| open.update(|open| *open = !*open)><summary>"Replace, filter by value"</summary>
            <div class="row tools">
                <label class="label" for="replace-with">"Replace what was found with"</label>
                <input id="replace-with" class="input" autocomplete="off" on:input=move |event| with.set(event_target_value(&event))/>
                <label class="label" for="replace-in">"in"</label>
                <select id="replace-in" class="input" on:change=move |event| column.set(event_target_value(&event).parse().ok())><option value="">"all columns"</option>{columns}</select>
                <button class="button" type="button" aria-disabled=move || table.view.with(|view| view.text.trim().is_empty()).to_string() on:click=replace>"Replace all"</button>
            </div>
            <div class="row tools">
                <label class="label" for="values-of">"Show rows by"</label>
                <select id="values-of" class="input" on:change=move |event| of.set(event_target_value(&event).parse().ok())><option value="">"domain"</option>{columns}</select>
            </div>
            <div class="row" role="group" aria-label="Values">{move || open.get().then(values)}</div>
        </details>
        <details class="details" on:toggle=move |_| columns_open.update(|open| *open = !*open)><summary>"Columns"</summary>
            {move || columns_open.get().then(|| view! { <Columns table/> })}
        </details>
        <Show when=move || table.sheet.rows.count.get() == 0><p class="hint">"No row fits. "{move || table.view.with(|view| if view.text.is_empty() { String::new() } else { format!("Nothing holds “{}”.", view.text) })}</p></Show>
    }
}

/// Which columns are shown, in which order and how wide.
#[component]
fn Columns(table: GuestTable) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Arrangement)| table.arrangement.update(|arrangement| change(arrangement));
    let lines = move || {
        let headings = table.headings();
        let count = headings.len();
        let order = table.arrangement.with(|arrangement| arrangement.all(count));
        let line = |column: usize| {
            let heading = headings[column].clone();
            let button = |what: &'static str, act: Callback<()>| {
                let id = format!("column-{column}-{}", what.to_lowercase());
                let own = id.clone();
                view! { <button id=id class="button subtle small" type="button" aria-label=format!("{what}: {heading}") on:click=move |_| { act.run(()); focus::later(own.clone()); }>{what}</button> }
            };
            let wide = move |by: i32| {
                change(&|arrangement| {
                    let width = arrangement.width(column).unwrap_or(180);
                    arrangement.resize(column, width + by);
                })
            };
            let id = format!("column-{column}");
            let is_shown = move || table.arrangement.with(|arrangement| !arrangement.is_hidden(column));
            view! {
                <li class="row">
                    <input id=id.clone() type="checkbox" prop:checked=is_shown on:change=move |event| { let show = event_target_checked(&event); change(&|arrangement| arrangement.hide(column, !show)); focus::later(format!("column-{column}")); }/>
                    <label for=id>{heading.clone()}</label>
                    {button("Earlier", Callback::new(move |()| change(&|arrangement| arrangement.shift(column, true, count))))}
                    {button("Later", Callback::new(move |()| change(&|arrangement| arrangement.shift(column, false, count))))}
                    {button("Wider", Callback::new(move |()| wide(40)))}
                    {button("Narrower", Callback::new(move |()| wide(-40)))}
                </li>
            }
        };
        order.into_iter().map(line).collect_view()
    };
    view! { <ul class="repairs" aria-label="Columns">{lines}</ul> }
}
