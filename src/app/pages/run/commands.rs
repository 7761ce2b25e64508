//! What can be done with a run: pause, stop, try again, take away, remove.

use super::letters::LetterExport;
use super::progress::Steering;
use super::reports::Reports;
use super::subject::Subject;
use super::taking_back::Withdraw;
use crate::app::parts::dialog::Dialog;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::runner;
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
                let tally = shown.invited().unwrap_or_default();
                (shown.is_moving, tally.open > 0, tally.failed() > 0 && !is_barred, tally.invited > 0, tally.to_fix())
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
    let has_withdrawals = move || {
        let id = stored.with(|stored| stored.as_ref().map(|stored| stored.header.id.clone()));
        id.is_some_and(|id| app.runs.recycles.with(|runs| runs.iter().any(|run| run.header.of == id)))
    };
    let rows = move || stored.with(|stored| stored.as_ref().map_or(0, |stored| stored.header.plan.rows.len()));
    let button = move |words: &'static str, class: &'static str, act: Callback<()>| view! { <button class=class type="button" on:click=move |_| act.run(())>{words}</button> };
    let again = move || {
        let failed = |row: &u32| subject.has_failed(*row);
        let rows: BTreeSet<u32> = chosen.with(|chosen| chosen.iter().copied().filter(failed).collect());
        let number = rows.len();
        (number > 0 && subject.is_over() && !subject.is_barred()).then(|| {
            let act = move |_| {
                let rows = rows.clone();
                chosen.set(BTreeSet::new());
                resume(ResumeScope::Rows(rows));
            };
            view! { <button class="button primary" type="button" on:click=act>{format!("Try {} again", count(number, "selected row", "selected rows"))}</button> }
        })
    };
    view! {
        <div class="row commands">
            {again}
            <Steering shown=subject.shown/>
            {move || {
                let (moving, open, may_again, invited, to_fix) = state.get();
                let elsewhere = subject.with(|shown| app.runs.is_elsewhere(&shown.run)).unwrap_or(false);
                view! {
                    {(!moving && open && !elsewhere && !app.runs.is_looking.get()).then(|| button("Resume", "button primary", Callback::new(move |()| resume(ResumeScope::Open))))}
                    {(!moving && !open && may_again).then(|| button("Try failed again", "button primary", Callback::new(move |()| resume(ResumeScope::Failed))))}
                    {(!moving && !open && to_fix > 0).then(|| view! { <button class="button" type="button" on:click=move |_| fix()>{format!("Fix {}", count(to_fix, "row", "rows"))}</button> })}
                    {(!open).then(|| view! { <Reports subject writing/> })}
                    {(!open && invited).then(|| view! { <a class="button" href=new_guests()>"New guests"</a> })}
                    {(!open).then(|| view! { <a class="button" href=Route::default().hash()>"Invite more"</a> })}
                    {(!moving && !open).then(|| button("Remove from this browser", "button subtle", Callback::new(move |()| asking.set(true))))}
                }
            }}
            <Withdraw subject/>
        </div>
        <Show when=move || !writing.refused.with(String::is_empty)><Notice tone=Tone::Danger><p>{move || writing.refused.get()}</p></Notice></Show>
        <Dialog title="Remove this run from this browser?" open=asking>
            <p>{move || format!("Its {} with their outcomes and redeem links are wiped here. Guests are not affected, but this browser then no longer knows whom it has invited. What left in the last day still counts towards the tenant’s allowance.", count(rows(), "row", "rows"))}</p>
            <Show when=move || has_withdrawals()><p>"Its withdrawals go with it: whom they deleted can then be restored in the Entra admin center alone."</p></Show>
            <button class="button danger-button" type="button" on:click=move |_| { asking.set(false); wipe(()); }>{move || format!("Remove {}", count(rows(), "row", "rows"))}</button>
        </Dialog>
    }
}
