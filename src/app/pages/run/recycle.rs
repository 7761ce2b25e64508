//! A run that takes guests back, or restores them.

use super::progress::{Progress, Steering};
use super::subject::{ProgressMemo, recycled, with};
use super::taking_back::{Movable, Move, MovePermission, listed};
use crate::app::effects::{clock, download};
use crate::app::parts::copy::Copy;
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::{AppState, open_runs, runner};
use guestlist::bulk::{Ending, Job, Task};
use guestlist::jobs::invite::outcome::to_csv;
use guestlist::jobs::recycle_bin::journal::{RecycleKind, StoredRecycle};
use guestlist::jobs::recycle_bin::{OwnGuest, Recycle as RecycleJob, RecycleOutcome, is_barred};
use guestlist::jobs::restore::plan::RestorePlan;
use guestlist::jobs::{recycling, restore};
use guestlist::tab::ResumeScope;
use guestlist::words::{Explain, Words, grouped};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Moment;

/// Rows in the table at first; a button shows more.
const MOST: usize = 200;

/// The run that is shown.
#[derive(Clone, Copy)]
struct Moved {
    app: AppState,
    stored: Memo<Option<Arc<StoredRecycle>>>,
    shown: ProgressMemo,
    /// Whom restoring can bring back.
    restorable: Memo<Arc<RestorePlan>>,
    /// Rows that were chosen, by their ids.
    chosen: RwSignal<BTreeSet<u32>>,
}

#[component]
pub(super) fn Recycle(moved: Memo<Option<Arc<StoredRecycle>>>, shown: ProgressMemo) -> impl IntoView {
    let app = AppState::here();
    let chosen = RwSignal::new(BTreeSet::new());
    let is_over = move || with(shown, |shown| !shown.is_moving && shown.tally.open() == 0).unwrap_or(false);
    let restorable = Memo::new(move |_| {
        let stored = moved.get().filter(|stored| is_over() && stored.header.kind == RecycleKind::Withdraw);
        let plan = stored
            .zip(app.accounts.person())
            .and_then(|(stored, person)| recycled(app, &person, |guests| restore::plan::of(&stored, guests, None, clock::now())));
        Arc::new(plan.unwrap_or_default())
    });
    let subject = Moved { app, stored: moved, shown, restorable, chosen };
    let origin = move || {
        let stored = moved.get()?;
        let back = Route::Run { id: stored.header.of.clone(), show: Rows::All, row: None }.hash();
        let words =
            if stored.header.kind == RecycleKind::Withdraw { "The run that invited them" } else { "The withdrawal that deleted them" };
        Some(view! { <p class="hint"><a class="link" href=back>{words}</a></p> })
    };
    let again = move || {
        let id = moved.with(|stored| stored.as_ref().map(|stored| stored.header.id.clone()))?;
        Some(listed(app.runs.recycles.with(|runs| runs.iter().filter(|run| run.header.of == id).cloned().collect())))
    };
    view! {
        {origin}
        <Progress shown/>
        <Permissions subject/>
        <Commands subject/>
        {again}
        <Outcomes subject/>
    }
}

/// What is needed to go on, in a tab that has not been allowed it.
#[component]
fn Permissions(subject: Moved) -> impl IntoView {
    let is_left =
        Memo::new(move |_| with(subject.shown, |shown| !shown.is_moving && shown.tally.open() + shown.tally.failed() > 0).unwrap_or(false));
    view! { <Show when=move || is_left.get()><MovePermission app=subject.app/></Show> }
}

#[component]
fn Commands(subject: Moved) -> impl IntoView {
    let Moved { app, stored, shown, restorable, chosen } = subject;
    let state = Memo::new(move |_| {
        let signed_in = app.accounts.signed_in.get();
        with(shown, |shown| {
            let may_again = shown.tally.failed() > 0 && !is_barred(&shown.status, signed_in > shown.halted_at);
            (shown.is_moving, shown.tally.open() > 0, may_again)
        })
        .unwrap_or_default()
    });
    let resume = move |scope: ResumeScope| {
        if let Some(stored) = stored.get_untracked() {
            runner::resume_recycle(app, stored, scope);
        }
    };
    let report = move |_| {
        let Some(stored) = stored.get_untracked() else { return };
        let table = open_runs::with_recycle(&stored, |run| recycling::report(&stored, run));
        download::offer(&format!("guestlist-{}.csv", stored.header.begun.iso().replace(':', "-")), "text/csv", &to_csv(&table).into());
    };
    let movable = move || {
        let chosen = chosen.get();
        restorable.with(|plan| match chosen.is_empty() {
            true => Movable { guests: plan.guests.clone(), left_out: restore::left_out(plan) },
            false => {
                let guests = plan.guests.iter().filter(|guest| chosen.contains(&guest.row)).cloned().collect();
                Movable { guests, left_out: String::new() }
            }
        })
    };
    let of = move || stored.with(|stored| stored.as_ref().map(|stored| stored.header.id.clone()).unwrap_or_default());
    view! {
        <div class="row commands">
            <Steering shown/>
            {move || {
                let (moving, open, may_again) = state.get();
                view! {
                    {(!moving && open).then(|| view! { <button class="button primary" type="button" on:click=move |_| resume(ResumeScope::Open)>"Resume"</button> })}
                    {(!moving && !open && may_again).then(|| view! { <button class="button primary" type="button" on:click=move |_| resume(ResumeScope::Failed)>"Try failed again"</button> })}
                    {(!open).then(|| view! { <button class="button" type="button" on:click=report>"Download report"</button> })}
                }
            }}
            <Move kind=RecycleKind::Restore movable=Arc::new(movable) of=Arc::new(of) chosen/>
        </div>
    }
}

/// One guest as they are shown.
#[derive(Clone)]
struct MovedRow {
    row: u32,
    email: String,
    id: String,
    word: &'static str,
    ended: Option<(RecycleOutcome, Moment)>,
    words: Option<Words>,
}

#[component]
fn Outcomes(subject: Moved) -> impl IntoView {
    let Moved { app, stored, shown, .. } = subject;
    let most = RwSignal::new(MOST);
    let only_failed = move || app.navigator.route.with(|route| matches!(route, Route::Run { show: Rows::Failed, .. }));
    let rows = Memo::new_with_compare(
        move |_| {
            shown.track();
            let (only_failed, most) = (only_failed(), most.get());
            let Some(stored) = stored.get() else { return (Vec::new(), 0) };
            open_runs::with_recycle(&stored, |run| {
                // The run has a row for each guest, in their order.
                let all = stored.header.guests.iter().zip(run.tasks());
                let fits = all.filter(|(_, task)| !only_failed || task.outcome().is_some_and(|ended| ended.outcome.is_failure()));
                let number = fits.clone().count();
                let row = |(guest, task): (&OwnGuest, &Task<RecycleJob>)| MovedRow {
                    row: guest.row,
                    email: guest.email.clone(),
                    id: guest.id.clone(),
                    word: RecycleJob::word(task),
                    ended: task.outcome().map(|ended| (ended.outcome.clone(), ended.at)),
                    words: task.outcome().and_then(|ended| recycling::words(stored.header.kind, &ended.outcome)),
                };
                (fits.take(most).map(row).collect::<Vec<_>>(), number.saturating_sub(most))
            })
        },
        |_, _| true,
    );
    let to = move |show: Rows| {
        app.navigator.route.with_untracked(|route| {
            if let Route::Run { id, .. } = route { Route::Run { id: id.clone(), show, row: None } } else { Route::Runs }
        })
    };
    let filters = [(Rows::All, "All rows"), (Rows::Failed, "Failed rows")].map(|(show, words)| {
        view! { <button class="button subtle" type="button" aria-pressed=move || (only_failed() == (show == Rows::Failed)).to_string() on:click=move |_| app.navigator.adjust(to(show))>{words}</button> }
    });
    view! {
        <div class="row" role="group" aria-label="Show">{filters}</div>
        <div class="scroll" tabindex="0" role="group" aria-label="Outcomes, scrollable">
            <table class="plain outcomes stacked" role="table"><caption class="unseen">"Outcomes"</caption>
                <thead role="rowgroup"><tr role="row"><th role="columnheader">"Address"</th><th role="columnheader">"Outcome"</th><th role="columnheader">"Why"</th></tr></thead>
                <tbody role="rowgroup">
                    <For each=move || rows.get().0 key=|row| (row.row, row.word, row.ended.as_ref().map(|(_, at)| *at)) let(row)>
                        <Line row subject/>
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || rows.with(|rows| rows.0.is_empty())><p class="hint">{move || if only_failed() { "No row has failed." } else { "There are no rows." }}</p></Show>
        <Show when=move || rows.with(|rows| rows.1 != 0)><button class="button" type="button" on:click=move |_| most.update(|most| *most += MOST)>{move || format!("Show more ({} left)", grouped(rows.with(|rows| rows.1)))}</button></Show>
    }
}

fn icon_of(outcome: Option<&RecycleOutcome>) -> (Icon, &'static str) {
    match outcome {
        None => (Icon::Waiting, ""),
        Some(outcome) if outcome.is_done() => (Icon::Good, "good"),
        Some(RecycleOutcome::Kept(_)) => (Icon::Skipped, ""),
        Some(RecycleOutcome::Unsure | RecycleOutcome::Missing | RecycleOutcome::NotSent(_)) => (Icon::Warning, "caution"),
        Some(_) => (Icon::Bad, "danger"),
    }
}

#[component]
fn Line(row: MovedRow, subject: Moved) -> impl IntoView {
    let MovedRow { row: number, email, id, word, ended, words } = row;
    let (icon, class) = icon_of(ended.as_ref().map(|(outcome, _)| outcome));
    let (label, chosen) = (format!("Select {email}"), subject.chosen);
    let choice = move || {
        subject.restorable.with(|movable| movable.guests.iter().any(|guest| guest.row == number)).then(|| {
            let choose = move |event| {
                let take = event_target_checked(&event);
                chosen.update(|chosen| _ = if take { chosen.insert(number) } else { chosen.remove(&number) });
            };
            view! { <input type="checkbox" aria-label=label.clone() prop:checked=move || chosen.with(|chosen| chosen.contains(&number)) on:change=choose/> }
        })
    };
    let why = words.map(|words| {
        let technical = ended.as_ref().and_then(|(outcome, _)| outcome.refused().map(Explain::details));
        let page = subject.app.accounts.place.authority.user_page(&id);
        view! {
            {words.what}
            <details class="details"><summary>"Details"</summary>
                <p>{words.why}</p><p><span class="label">"Who can fix it: "</span>{words.who}</p><p><span class="label">"Next step: "</span>{words.next}</p>
                {technical.map(|details| view! { <p class="breakable"><code>{details.clone()}</code></p><Copy label="Copy details" text=details/> })}
                {page.map(|page| view! { <a class="button" href=page target="_blank" rel="noopener">"Open in the admin center"</a> })}
            </details>
        }
    });
    let at = ended.map(|(_, at)| view! { <time class="hint nowrap" datetime=at.iso()>{clock::shown(at)}</time> });
    view! {
        <tr role="row"><th role="rowheader">{choice}<bdi>{email}</bdi></th><td role="cell" class=class><span class="nowrap"><Glyph icon/>{word}</span>" "{at}</td><td role="cell">{why}</td></tr>
    }
}
