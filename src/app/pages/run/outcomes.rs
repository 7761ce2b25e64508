//! How each row ended, as a table; one row's own problem in the drawer.

use super::details::Details;
use super::seen_row::SeenRow;
use super::subject::Subject;
use crate::app::effects::{address_bar, clock, focus};
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::open_runs;
use guestlist::bulk::{Ending, Job};
use guestlist::jobs::invite::outcome::Outcome;
use guestlist::jobs::invite::{Invite, export};
use guestlist::words::grouped;
use leptos::prelude::*;

/// Rows in the table at first; a button shows more.
const MOST: usize = 200;

#[component]
pub(super) fn Outcomes(subject: Subject) -> impl IntoView {
    let Subject { app, stored, shown, .. } = subject;
    let most = RwSignal::new(MOST);
    let filter = move || subject.filter();
    let open_row = Memo::new(move |_| app.navigator.route.with(|route| if let Route::Run { row, .. } = route { *row } else { None }));
    // The first rows that fit, and how many more there are.
    let rows = Memo::new_with_compare(
        move |_| {
            shown.track();
            let (filter, most) = (filter(), most.get());
            let Some(stored) = stored.get() else { return (Vec::new(), 0) };
            let taken = subject.taking_back.get();
            open_runs::with_rows(&stored, filter, |run, shown| {
                // The run has a row for each of the plan's, in its order.
                let row = |place: usize| {
                    let (planned, task) = (&stored.header.plan.rows[place], &run.tasks()[place]);
                    let seen = SeenRow::from_planned(planned, Invite::word(task), task.outcome());
                    SeenRow { withdrawn: taken.withdrawn(planned.row), ..seen }
                };
                (shown.places().take(most).map(row).collect(), shown.len().saturating_sub(most))
            })
        },
        |_, _| true,
    );
    let to = move |show: Rows, row: Option<u32>| {
        app.navigator
            .route
            .with_untracked(|route| if let Route::Run { id, .. } = route { Route::Run { id: id.clone(), show, row } } else { Route::Runs })
    };
    // A row's own problem, in the drawer. Back closes it before it leaves the page.
    let details = move || {
        let row = open_row.get()?;
        shown.track();
        let stored = stored.get()?;
        open_runs::with_run(&stored, |run| {
            let planned = &stored.header.plan.rows[run.place_of(row)?];
            let letter = if planned.brings().is_microsoft() { None } else { export::letter(&stored, run, row) };
            Some(SeenRow { letter, ..SeenRow::from_planned(planned, "", Some(run.ended(row)?)) })
        })
    };
    let is_open = Memo::new(move |_| details().is_some());
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
        if app.navigator.route.with_untracked(|route| matches!(route, Route::Run { row: Some(_), .. })) {
            address_bar::back()
        }
    };
    let filters = [(Rows::All, "All rows"), (Rows::Invited, "Invited rows"), (Rows::Failed, "Failed rows")].map(|(show, words)| {
        view! { <button class="button subtle" type="button" aria-pressed=move || (filter() == show).to_string() on:click=move |_| app.navigator.adjust(to(show, None))>{words}</button> }
    });
    view! {
        <div class="row" role="group" aria-label="Show">
            {filters}
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label="Outcomes, scrollable">
            <table class="plain outcomes stacked" role="table"><caption class="unseen">"Outcomes"</caption>
                <thead role="rowgroup"><tr role="row"><th role="columnheader">"Address"</th><th role="columnheader">"Name"</th><th role="columnheader">"Outcome"</th><th role="columnheader">"Why"</th><th role="columnheader"><span class="unseen">"Details"</span></th></tr></thead>
                <tbody role="rowgroup">
                    <For each=move || rows.get().0 key=|row| (row.row, row.word, row.withdrawn, row.ended.as_ref().map(|ended| ended.at)) let(row)>
                        <Line row subject open=Callback::new(move |row| app.navigator.go(&to(filter(), Some(row))))/>
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || rows.with(|rows| rows.0.is_empty())><p class="hint">{move || match filter() { Rows::Failed => "No row has failed.", Rows::Invited => "Nobody has been invited.", Rows::All => "There are no rows." }}</p></Show>
        <Show when=move || rows.with(|rows| rows.1 != 0)><button class="button" type="button" on:click=move |_| most.update(|most| *most += MOST)>{move || format!("Show more ({} left)", grouped(rows.with(|rows| rows.1)))}</button></Show>
        <Show when=move || is_open.get()>
            <aside class="drawer" aria-labelledby="details-title" on:keydown=move |event| if event.key() == "Escape" { close() }>
                <div class="row"><h2 id="details-title" tabindex="-1">"Details"</h2><span class="gap"></span><button class="button subtle" type="button" on:click=move |_| close()>"Close"</button></div>
                {move || details().map(|row| view! { <Details row/> })}
            </aside>
        </Show>
    }
}

fn icon_of(row: &SeenRow) -> (Icon, &'static str) {
    if row.withdrawn.is_some() {
        return (Icon::Skipped, "");
    }
    match row.ended.as_ref().map(|ended| &ended.outcome) {
        None => (Icon::Waiting, ""),
        Some(Outcome::Invited { .. }) => (Icon::Good, "good"),
        Some(Outcome::Skipped(_)) => (Icon::Skipped, ""),
        Some(Outcome::Refused(_) | Outcome::NotFound { .. }) => (Icon::Bad, "danger"),
        Some(Outcome::Unsure | Outcome::NotSent(_) | Outcome::NoLetter { .. }) => (Icon::Warning, "caution"),
    }
}

#[component]
fn Line(row: SeenRow, subject: Subject, open: Callback<u32>) -> impl IntoView {
    let (icon, class) = icon_of(&row);
    let why = match (row.withdrawn, row.ended.as_ref().map(|ended| &ended.outcome)) {
        (Some(at), _) => Some(format!("{}, and withdrawn on {}.", row.word, clock::shown(at))),
        (None, Some(Outcome::Skipped(skip))) => Some(skip.words()),
        (None, outcome) => outcome.and_then(Outcome::words).map(|words| words.what),
    };
    let word = if row.withdrawn.is_some() { "Withdrawn" } else { row.word };
    let number = row.row;
    let chosen = subject.chosen;
    let label = format!("Select {}", row.email);
    // What failed can be tried again once nothing moves, and whom the run made can be taken back.
    let has_failed = row.ended.as_ref().is_some_and(|ended| ended.outcome.is_failure());
    let choice = move || {
        (subject.taking_back.with(|told| told.can_be(number)) || has_failed && subject.is_over() && !subject.is_barred()).then(|| {
            let choose = move |event| {
                let take = event_target_checked(&event);
                chosen.update(|chosen| _ = if take { chosen.insert(number) } else { chosen.remove(&number) });
            };
            view! { <input type="checkbox" aria-label=label.clone() prop:checked=move || chosen.with(|chosen| chosen.contains(&number)) on:change=choose/> }
        })
    };
    view! {
        <tr role="row"><th role="rowheader">{choice}<bdi>{row.email.clone()}</bdi></th><td role="cell"><bdi>{row.name}</bdi></td><td role="cell" class=class><span class="nowrap"><Glyph icon/>{word}</span></td><td role="cell">{why}</td>
            <td role="cell">{row.ended.is_some().then(|| view! { <button id=format!("details-{number}") class="button subtle small" type="button" aria-label=format!("Details of {}", row.email) on:click=move |_| open.run(number)>"Details"</button> })}</td></tr>
    }
}
