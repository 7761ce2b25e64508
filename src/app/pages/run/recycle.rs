//! A run that takes guests back, or restores them.

use super::details::WordsOf;
use super::outcome_table::{OutcomeLine, OutcomeTable, RunRows};
use super::progress::{Progress, Steering};
use super::subject::{ProgressMemo, recycled, with};
use super::taking_back::{Movable, Move, MovePermission, listed, missing};
use crate::app::effects::{clock, download};
use crate::app::parts::copy::Copy;
use crate::app::parts::icon::Icon;
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::{AppState, open_runs, runner};
use guestlist::bulk::journal::EndedAs;
use guestlist::bulk::{Ending, Job, Task};
use guestlist::jobs::invite::outcome::to_csv;
use guestlist::jobs::recycle_bin::journal::{RecycleKind, StoredRecycle};
use guestlist::jobs::recycle_bin::{OwnGuest, Recycle as RecycleJob, RecycleOutcome, is_barred};
use guestlist::jobs::restore::plan::RestorePlan;
use guestlist::jobs::{recycling, restore};
use guestlist::tab::ResumeScope;
use guestlist::words::Explain;
use leptos::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

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
    view! { <Show when=move || is_left.get()><MovePermission missing=missing(subject.app)/></Show> }
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
                let elsewhere = with(shown, |shown| app.runs.is_elsewhere(&shown.run)).unwrap_or(false);
                view! {
                    {(!moving && open && !elsewhere).then(|| view! { <button class="button primary" type="button" on:click=move |_| resume(ResumeScope::Open)>"Resume"</button> })}
                    {(!moving && !open && may_again).then(|| view! { <button class="button primary" type="button" on:click=move |_| resume(ResumeScope::Failed)>"Try failed again"</button> })}
                    {(!open).then(|| view! { <button class="button" type="button" on:click=report>"Download report"</button> })}
                }
            }}
            <Move kind=RecycleKind::Restore movable=Arc::new(movable) of=Arc::new(of) chosen/>
        </div>
    }
}

#[component]
fn Outcomes(subject: Moved) -> impl IntoView {
    let Moved { stored, shown, restorable, .. } = subject;
    let places = move |filter: Rows| -> Arc<[usize]> {
        shown.track();
        restorable.track();
        let Some(stored) = stored.get() else { return Arc::default() };
        open_runs::with_recycle(&stored, |run| {
            let is_failure = |task: &Task<RecycleJob>| task.outcome().is_some_and(|ended| ended.outcome.is_failure());
            let fits = |(place, task)| (filter != Rows::Failed || is_failure(task)).then_some(place);
            run.tasks().iter().enumerate().filter_map(fits).collect()
        })
    };
    let can_be = Memo::new(move |_| restorable.with(|plan| plan.guests.iter().map(|guest| guest.row).collect::<HashSet<u32>>()));
    let line = move |place: usize| {
        let stored = stored.get()?;
        open_runs::with_recycle(&stored, |run| {
            // The run has a row for each guest, in their order.
            let (guest, task) = (stored.header.guests.get(place)?, run.tasks().get(place)?);
            let can_be_chosen = can_be.with(|rows| rows.contains(&guest.row));
            Some(OutcomeLine { can_be_chosen, ..line_of(stored.header.kind, guest, task) })
        })
    };
    let details = move |row: u32| {
        shown.track();
        let stored = stored.get()?;
        let guest = stored.header.guests.iter().find(|guest| guest.row == row)?.clone();
        let ended = open_runs::with_recycle(&stored, |run| run.ended(row).cloned())?;
        Some(view! { <Details kind=stored.header.kind guest ended/> }.into_any())
    };
    let has_ended = move |row: u32| {
        shown.track();
        stored.with(|stored| stored.as_ref().is_some_and(|stored| open_runs::with_recycle(stored, |run| run.ended(row).is_some())))
    };
    let filters = vec![(Rows::All, "All rows", "There are no rows."), (Rows::Failed, "Failed rows", "No row has failed.")];
    let place = move |row: u32| stored.with(|stored| open_runs::with_recycle(stored.as_ref()?, |run| run.place_of(row)));
    let (places, place, line) = (Arc::new(places), Arc::new(place), Arc::new(line));
    let (has_ended, details) = (Arc::new(has_ended), Arc::new(details));
    let rows = RunRows { beside: "When", filters, places, place, line, has_ended, details, chosen: subject.chosen };
    view! { <OutcomeTable rows/> }
}

fn line_of(kind: RecycleKind, guest: &OwnGuest, task: &Task<RecycleJob>) -> OutcomeLine {
    let ended = task.outcome();
    let (icon, class) = match ended.map(|ended| &ended.outcome) {
        None => (Icon::Waiting, ""),
        Some(outcome) if outcome.is_done() => (Icon::Good, "good"),
        Some(RecycleOutcome::Kept(_)) => (Icon::Skipped, ""),
        Some(RecycleOutcome::Unsure | RecycleOutcome::Missing | RecycleOutcome::NotSent(_)) => (Icon::Warning, "caution"),
        Some(_) => (Icon::Bad, "danger"),
    };
    OutcomeLine {
        row: guest.row,
        email: guest.email.clone(),
        beside: ended.map(|ended| clock::shown(ended.at)).unwrap_or_default(),
        word: RecycleJob::word(task),
        icon,
        class,
        why: ended.and_then(|ended| recycling::words(kind, &ended.outcome)).map(|words| words.what),
        at: ended.map(|ended| ended.at),
        can_be_chosen: false,
    }
}

/// One guest's own story: what became of them and what to do.
#[component]
fn Details(kind: RecycleKind, guest: OwnGuest, ended: EndedAs<RecycleOutcome>) -> impl IntoView {
    let EndedAs { outcome, at } = ended;
    let details = outcome.refused().map_or_else(|| format!("{} · {}", outcome.name(), at.iso()), Explain::details);
    let page = AppState::here().accounts.place.authority.user_page(&guest.id);
    view! {
        <p><strong><bdi>{guest.email}</bdi></strong></p>
        <p class="nowrap">{outcome.name()}", "<time datetime=at.iso()>{clock::shown(at)}</time></p>
        {recycling::words(kind, &outcome).map(|words| view! { <WordsOf words/> })}
        <p class="breakable"><span class="label">"Guest id: "</span><code>{guest.id.clone()}</code></p><Copy label="Copy guest id" text=guest.id/>
        {page.map(|page| view! { <a class="button" href=page target="_blank" rel="noopener">"Open in the admin center"</a> })}
        <details class="details"><summary>"Technical details"</summary><code>{details.clone()}</code></details>
        <Copy label="Copy details" text=details/>
    }
}
