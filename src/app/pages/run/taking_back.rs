//! Taking guests of a run back, and restoring whom a withdrawal deleted: who it is, what it needs, and a question before it begins.

use super::subject::Subject;
use crate::app::effects::{clock, spawn};
use crate::app::pages::missing_permission::MissingPermission;
use crate::app::parts::dialog::Dialog;
use crate::app::parts::field::Field;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::{AppState, open_runs, recycling};
use guestlist::jobs::recycle_bin::OwnGuest;
use guestlist::jobs::recycle_bin::journal::{RecycleKind, StoredRecycle};
use guestlist::jobs::withdraw::AppRoleAccess;
use guestlist::jobs::withdraw::plan::{UNTYPED_MOST, WithdrawPlan};
use guestlist::jobs::{run_tally::RunTally, withdraw};
use guestlist::permissions::{DELETING, DIRECTORY};
use guestlist::tab::TabReport;
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who of a run would be moved, and why the others would not.
#[derive(Clone, Default)]
pub(super) struct Movable {
    pub(super) guests: Vec<OwnGuest>,
    pub(super) left_out: String,
}

/// *Withdraw*, for a run of invitations or for what is selected in it.
#[component]
pub(super) fn Withdraw(subject: Subject) -> impl IntoView {
    let movable = move || {
        let chosen = subject.chosen.get();
        let is_wanted = |row: u32| chosen.is_empty() || chosen.contains(&row);
        subject.taking_back.with(|told| {
            let guests = told.plan.guests.iter().filter(|guest| is_wanted(guest.row)).cloned().collect();
            let others = told.plan.others.iter().filter(|(row, _)| is_wanted(*row)).copied().collect();
            let plan = WithdrawPlan { guests, others };
            Movable { left_out: withdraw::left_out(&plan), guests: plan.guests }
        })
    };
    let of = move || subject.stored.with(|stored| stored.as_ref().map(|stored| stored.header.id.clone()).unwrap_or_default());
    view! { <Move kind=RecycleKind::Withdraw movable=Arc::new(movable) of=Arc::new(of) chosen=subject.chosen/> }
}

/// The button, and the question behind it.
#[component]
pub(super) fn Move(
    kind: RecycleKind,
    movable: Arc<dyn Fn() -> Movable + Send + Sync>,
    /// The run whose guests they are.
    of: Arc<dyn Fn() -> String + Send + Sync>,
    chosen: RwSignal<BTreeSet<u32>>,
) -> impl IntoView {
    let app = AppState::here();
    let (movable, of) = (StoredValue::new(movable), StoredValue::new(of));
    let movable = move || movable.with_value(|movable| movable());
    let asking = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let refused: RwSignal<Option<TabReport>> = RwSignal::new(None);
    let number = Memo::new(move |_| movable().guests.len());
    let verb = if kind == RecycleKind::Withdraw { "Withdraw" } else { "Restore" };
    let label = move || {
        if chosen.with(BTreeSet::is_empty) {
            return verb.to_owned();
        }
        format!("{verb} {}", count(number.get(), "selected guest", "selected guests"))
    };
    let missing = missing(app);
    let needs_typing = move || kind == RecycleKind::Withdraw && number.get() > UNTYPED_MOST;
    let is_confirmed = move || !needs_typing() || typed.with(|typed| typed.trim().replace(',', "") == number.get().to_string());
    let begin = move |_| {
        if !untrack(is_confirmed) {
            return;
        }
        asking.set(false);
        refused.set(None);
        let (of, guests) = (untrack(move || of.with_value(|of| of())), untrack(movable).guests);
        spawn(async move {
            let report = recycling::begin(app, kind, of, guests).await;
            // Whoever undid it still has selected whom they had.
            if report.is_some() {
                _ = chosen.try_set(BTreeSet::new());
            }
            // The page may be gone: the run has one of its own.
            if let Some(report) = report.filter(|report| !matches!(report, TabReport::Carried | TabReport::SignedOut)) {
                app.announcer.at_once("Nothing was changed. The page says why.");
                _ = refused.try_set(Some(report));
            }
        });
    };
    // Nobody is asked for the permission that shows this.
    let apps = move || match AppRoleAccess::of(|scope| app.accounts.may(scope)) {
        AppRoleAccess::Readable => " So is whoever may use an app.",
        AppRoleAccess::Hidden => " Who may use an app cannot be seen by this page, so nobody is kept for that.",
    };
    let ask = move |_| {
        typed.set(String::new());
        asking.set(true);
    };
    view! {
        <Show when=move || { number.get() > 0 }><button class="button" type="button" on:click=ask>{label}</button></Show>
        {move || refused.get().map(|report| {
            let (what, next) = report.words(clock::now());
            view! { <Notice tone=Tone::Danger><strong>{what}</strong><p>{next}</p></Notice> }
        })}
        <Dialog title=if kind == RecycleKind::Withdraw { "Withdraw guests?" } else { "Restore guests?" } open=asking>
            {match kind {
                RecycleKind::Withdraw => view! {
                    <p>{move || format!("{} whom this run made will be deleted from your directory. Their redeem links stop working. For 30 days they can be restored.", count(number.get(), "guest", "guests"))}</p>
                    <p>"Each is looked at first. Whoever has accepted, or was given a group, a role or a licence since, is kept."{apps}</p>
                    <p class="hint">"Whom somebody else had invited in the 70 minutes before this run may be taken for one of its guests, if Check could not read the directory."</p>
                }.into_any(),
                RecycleKind::Restore => view! {
                    <p>{move || format!("{} will be users of your directory again, as they were. An invitation that waited waits again.", count(number.get(), "guest", "guests"))}</p>
                }.into_any(),
            }}
            {move || Some(movable().left_out).filter(|words| !words.is_empty()).map(|words| view! { <p class="hint">{format!("Left out: {words}.")}</p> })}
            <MovePermission missing/>
            <Show when=move || missing.with(Vec::is_empty)>
                <Show when=needs_typing>
                    <Field label="How many guests?" hint=Signal::derive(move || format!("Type {} to confirm.", number.get())) error="" let:ids>
                        <input id=ids.control class="input" type="text" inputmode="numeric" autocomplete="off" aria-describedby=ids.described
                            prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
                    </Field>
                </Show>
                <button class="button" class:danger-button=kind == RecycleKind::Withdraw class:primary=kind == RecycleKind::Restore type="button"
                    aria-disabled=move || (!is_confirmed()).to_string() on:click=begin>{move || format!("{verb} {}", count(number.get(), "guest", "guests"))}</button>
            </Show>
        </Dialog>
    }
}

/// Of what deleting and restoring need, what this tab may not do yet.
pub(super) fn missing(app: AppState) -> Memo<Vec<&'static str>> {
    Memo::new(move |_| {
        app.accounts.scopes.with(|scopes| [DELETING, DIRECTORY].into_iter().filter(|scope| !scopes.contains(scope)).collect())
    })
}

/// Asks for what deleting and restoring need, where this tab may not do it yet.
#[component]
pub(super) fn MovePermission(#[prop(into)] missing: Signal<Vec<&'static str>>) -> impl IntoView {
    view! { <MissingPermission missing what="This needs" after="In your tenant it takes the role User Administrator, or one that may do more. Your run is kept."/> }
}

/// What was done with guests of this run since.
#[component]
pub(super) fn Withdrawals(subject: Subject) -> impl IntoView {
    let app = subject.app;
    let of = move || {
        let id = subject.stored.with(|stored| stored.as_ref().map(|stored| stored.header.id.clone()))?;
        Some(app.runs.recycles.with(|runs| runs.iter().filter(|run| run.header.of == id).cloned().collect::<Vec<_>>()))
    };
    move || of().map(listed)
}

/// Links to these runs, each with how it stands.
pub(super) fn listed(runs: Vec<Arc<StoredRecycle>>) -> AnyView {
    let line = |run: Arc<StoredRecycle>| {
        let header = &run.header;
        let link = Route::Run { id: header.id.clone(), show: Rows::All, row: None }.hash();
        let words = format!("{} of {}", header.kind.name(), clock::shown(header.begun));
        let tally = open_runs::recycle_at_rest(&run).tally;
        view! { <p class="hint"><a class="link" href=link>{words}</a>": "{stands(&tally)}</p> }
    };
    runs.into_iter().map(line).collect_view().into_any()
}

fn stands(tally: &RunTally) -> String {
    let open = tally.open();
    if open > 0 { format!("interrupted, {} open", grouped(open)) } else { tally.sentence() }
}
