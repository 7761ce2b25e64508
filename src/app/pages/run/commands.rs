//! What can be done with a run: pause, stop, try again, take away, remove.

use super::letters::LetterExport;
use super::reports::Reports;
use super::subject::Subject;
use crate::app::effects::{focus, notification};
use crate::app::parts::dialog::Dialog;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::runner::{self, RunCommand};
use guestlist::bulk::RunStatus;
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
    let fix = move || {
        if let Some(stored) = stored.get_untracked() {
            runner::fix(app, &stored);
        }
    };
    let wipe = move |()| {
        let Some(stored) = stored.get_untracked() else { return };
        runner::remove(app, stored);
    };
    let new_guests = move || {
        stored
            .with(|stored| stored.as_ref().map(|stored| Route::Run { id: stored.header.id.clone(), show: Rows::Invited, row: None }.hash()))
    };
    let asking = RwSignal::new(false);
    let rows = move || stored.with(|stored| stored.as_ref().map_or(0, |stored| stored.header.plan.rows.len()));
    // Pause and Resume stand in one place, so that the focus stays where the person pressed.
    let id_of = |words: &str| if matches!(words, "Pause" | "Resume") { "pause-resume" } else { "" };
    let button = move |words: &'static str, class: &'static str, act: Callback<()>| view! { <button id=id_of(words) class=class type="button" on:click=move |_| act.run(())>{words}</button> };
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
                    {(!open).then(|| view! { <Reports subject writing/> })}
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
