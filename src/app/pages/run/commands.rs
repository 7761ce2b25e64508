//! What can be done with a run: pause, stop, try again, take away, remove.

use super::letters::{LetterExport, XLSX};
use super::subject::Subject;
use crate::app::effects::{download, focus, notification, reader};
use crate::app::parts::copy::Copy;
use crate::app::parts::dialog::Dialog;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::open_runs;
use crate::app::state::runner::{self, RunCommand};
use guestlist::bulk::RunStatus;
use guestlist::jobs::invite::outcome::{report, to_csv};
use guestlist::letter::Letter;
use guestlist::tab::ResumeScope;
use guestlist::words::count;
use leptos::prelude::*;
use std::collections::BTreeSet;

#[component]
pub(super) fn Commands(subject: Subject) -> impl IntoView {
    let Subject { app, stored, chosen, .. } = subject;
    let state = Memo::new(move |_| {
        let is_barred = subject.is_barred();
        subject
            .with(|shown| {
                let tally = shown.tally;
                let may_again = tally.failed() > 0 && !is_barred;
                (shown.is_moving, shown.status == RunStatus::Paused, tally.open > 0, may_again, tally.invited > 0, tally.to_fix())
            })
            .unwrap_or_default()
    });
    let resume = move |scope: ResumeScope| {
        if let Some(stored) = stored.get_untracked() {
            runner::resume(app, stored, scope);
        }
    };
    let writing = LetterExport::new();
    let offer = move |links: bool, as_workbook: bool| {
        let Some(stored) = stored.get_untracked() else { return };
        let filter = subject.filter();
        let table =
            open_runs::with_run(&stored, |run| report(&stored.header.list, |row| run.ended(row), |outcome| filter.fits(outcome), links));
        let name = format!("guestlist-{}{}", stored.header.begun.iso().replace(':', "-"), filter.suffix().replace(' ', "-"));
        if !as_workbook {
            return download::offer(&format!("{name}.csv"), "text/csv", &to_csv(&table).into());
        }
        writing.offer(format!("{name}.xlsx"), XLSX, |told| reader::write(table, told));
    };
    let wipe = move |()| {
        let Some(stored) = stored.get_untracked() else { return };
        runner::remove(app, stored);
    };
    // Back on the list, with all their columns, and beside what is composed there.
    let fix = move || {
        let Some(stored) = stored.get_untracked() else { return };
        let rows = open_runs::with_run(&stored, |run| {
            stored.header.list.only(|row| run.ended(row).is_some_and(|ended| ended.outcome.can_be_fixed()))
        });
        let words = count(rows.len(), "row", "rows");
        app.draft.edit(|guests| guests.grow(format!("{words} of a run"), |list| list.take_over(rows)));
        if app.draft.letter.with_untracked(Letter::is_unwritten) {
            app.draft.compose(|letter| *letter = stored.header.letter.clone());
        }
        app.announcer.politely(format!("{words} of the run stand on your list again."));
        app.navigator.go(&Route::default());
    };
    // Put together when it is asked for, and not before: redeem links are secrets.
    let links = Signal::derive(move || {
        let Some(stored) = stored.get() else { return String::new() };
        let mut lines = String::new();
        open_runs::with_run(&stored, |run| {
            for planned in &stored.header.plan.rows {
                if let Some(link) = run.ended(planned.row).and_then(|ended| ended.outcome.redeem()) {
                    lines.push_str(&format!("{}\t{}\n", planned.email, link.reveal()));
                }
            }
        });
        lines
    });
    let new_guests = move || {
        stored
            .with(|stored| stored.as_ref().map(|stored| Route::Run { id: stored.header.id.clone(), show: Rows::Invited, row: None }.hash()))
    };
    let asking = RwSignal::new(false);
    let rows = move || stored.with(|stored| stored.as_ref().map_or(0, |stored| stored.header.plan.rows.len()));
    // Pause and Resume stand in one place, so that the focus stays where the person pressed.
    let id_of = |words: &str| if matches!(words, "Pause" | "Resume") { "pause-resume" } else { "" };
    let button = move |words: &'static str, class: &'static str, act: Callback<()>| view! { <button id=id_of(words) class=class type="button" on:click=move |_| act.run(())>{words}</button> };
    // A report holds the rows that are shown.
    let button_of = move |words: &'static str, class: &'static str, act: Callback<()>| view! { <button class=class type="button" on:click=move |_| act.run(())>{move || format!("{words}{}", subject.filter().suffix())}</button> };
    let again = move || {
        let number = chosen.with(BTreeSet::len);
        (number > 0 && subject.is_over() && !subject.is_barred()).then(|| {
            let act = move |_| {
                let rows = chosen.get_untracked();
                chosen.set(BTreeSet::new());
                resume(ResumeScope::Rows(rows));
            };
            view! { <button class="button primary" type="button" on:click=act>{format!("Try {} again", count(number, "selected row", "selected rows"))}</button> }
        })
    };
    view! {
        <div class="row commands">
            {again}
            {move || {
                let (moving, paused, open, may_again, invited, to_fix) = state.get();
                view! {
                    {(moving && open && !paused).then(|| button("Pause", "button", Callback::new(move |()| { runner::command(app, RunCommand::Pause); focus::later("pause-resume"); })))}
                    {(moving && open && paused).then(|| button("Resume", "button primary", Callback::new(move |()| { runner::command(app, RunCommand::GoOn); focus::later("pause-resume"); })))}
                    {(moving && open).then(|| button("Stop", "button", Callback::new(move |()| runner::command(app, RunCommand::Stop))))}
                    {moving.then(|| view! { <Notify subject/> })}
                    {(!moving && open && !app.runs.is_looking.get()).then(|| button("Resume", "button primary", Callback::new(move |()| resume(ResumeScope::Open))))}
                    {(!moving && !open && may_again).then(|| button("Try failed again", "button primary", Callback::new(move |()| resume(ResumeScope::Failed))))}
                    {(!moving && !open && to_fix > 0).then(|| view! { <button class="button" type="button" on:click=move |_| fix()>{format!("Fix {}", count(to_fix, "row", "rows"))}</button> })}
                    {(!open).then(|| button_of("Download report", "button", Callback::new(move |()| offer(false, false))))}
                    {(!open).then(|| button_of("Download report for Excel", "button", Callback::new(move |()| offer(false, true))))}
                    {(!open).then(|| button_of("Download report with redeem links", "button", Callback::new(move |()| offer(true, false))))}
                    {(!open).then(|| view! { <Copy label="Copy redeem links" text=links/> })}
                    {(!open && invited).then(|| view! { <a class="button" href=new_guests()>"New guests"</a> })}
                    {(!open).then(|| view! { <a class="button" href=Route::default().hash()>"Invite more"</a> })}
                    {(!moving && !open).then(|| button("Remove from this browser", "button subtle", Callback::new(move |()| asking.set(true))))}
                }
            }}
        </div>
        <Show when=move || !writing.refused.with(String::is_empty)><Notice tone=Tone::Danger><p>{move || writing.refused.get()}</p></Notice></Show>
        <Dialog title="Remove this run from this browser?" open=asking>
            <p>{move || format!("Its {} with their outcomes and redeem links are wiped here. Guests are not affected, but this browser then no longer knows whom it has invited. What left in the last day still counts towards the tenant’s allowance.", count(rows(), "row", "rows"))}</p>
            <button class="button danger-button" type="button" on:click=move |_| { asking.set(false); wipe(()); }>{move || format!("Remove {}", count(rows(), "row", "rows"))}</button>
        </Dialog>
    }
}

/// A word from the desktop when the run ends or needs somebody, only for those who ask.
#[component]
fn Notify(subject: Subject) -> impl IntoView {
    let app = subject.app;
    let toggle = move |_| {
        crate::app::effects::spawn(async move {
            if app.runs.notify.get_untracked() {
                app.runs.notify_at_end(false);
            } else if notification::allowed().await {
                app.runs.notify_at_end(true);
            } else {
                app.announcer.at_once("This browser does not let the page notify you. The tab’s title shows the progress.");
            }
        });
    };
    view! { <button class="button subtle" type="button" aria-pressed=move || app.runs.notify.get().to_string() on:click=toggle>"Notify me at the end"</button> }
}
