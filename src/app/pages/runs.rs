//! *Runs*: what this person sent from this browser in this tenant, the unfinished ones first; then what others left
//! unfinished, and what cannot be read.

use crate::app::effects::{clock, download};
use crate::app::parts::dialog::Dialog;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::{Route, Show as Rows};
use crate::app::state::{AppState, open_runs, runner};
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::recycle_bin::journal::StoredRecycle;
use guestlist::jobs::run_tally::RunTally;
use guestlist::storage::journal::UnreadableRun;
use guestlist::storage::overview::RunSummary;
use guestlist::tab::TabReport;
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use std::cmp::Reverse;
use std::sync::Arc;
use time::Moment;

#[component]
pub fn Runs() -> impl IntoView {
    let app = AppState::here();
    let own = move || {
        app.accounts.account.track();
        let person = app.accounts.person().unwrap_or_default();
        let mut own: Vec<ListedRun> = app.runs.own.with(|runs| {
            runs.iter().filter(|run| run.owner.is_of_tenant(&person)).map(|run| ListedRun::Invitations(Arc::clone(run))).collect()
        });
        own.extend(app.runs.recycles.with(|runs| runs.iter().map(|run| ListedRun::Recycle(Arc::clone(run))).collect::<Vec<_>>()));
        own.sort_by_cached_key(|run| (!run.is_unfinished(), Reverse(run.begun())));
        own
    };
    crate::app::effects::spawn(app.runs.read());
    view! {
        <h1 id="view" tabindex="-1">"Runs"</h1>
        {move || app.runs.all.with(|all| all.as_ref().and_then(|all| all.as_ref().err().cloned())).map(|denied| {
            let (what, next) = TabReport::NotRead(denied).words(clock::now());
            view! { <Notice tone=Tone::Danger><strong>{what}</strong><p>{next}</p></Notice> }
        })}
        {move || {
            let own = own();
            if own.is_empty() {
                return view! { <NoRuns/> }.into_any();
            }
            view! {
                <div class="scroll" tabindex="0" role="group" aria-label="Runs"><table class="plain"><caption class="unseen">"Runs of this browser"</caption>
                    <thead><tr><th scope="col">"Begun"</th><th scope="col">"By"</th><th scope="col" class="number">"Rows"</th><th scope="col">"State"</th></tr></thead>
                    <tbody>{own.into_iter().map(|run| view! { <Line run/> }).collect_view()}</tbody></table></div>
            }.into_any()
        }}
        <Others/>
    }
}

/// What is said where there is no run to be listed: nothing where some cannot be read, which is said elsewhere.
#[component]
fn NoRuns() -> impl IntoView {
    let app = AppState::here();
    let is_read = move || app.runs.all.with(|all| all.as_ref().map(Result::is_ok));
    let hides_own = move || app.accounts.person().is_some_and(|person| unreadable(app).iter().any(|run| run.owner.is(&person)));
    move || {
        match is_read() {
        None => view! { <p class="hint" role="status">"Reading what lies in this browser …"</p> }.into_any(),
        Some(true) if !hides_own() => view! { <p class="hint">"You have sent nothing from this browser yet. "<a class="link" href=Route::default().hash()>"Invite the first guest"</a></p> }.into_any(),
        Some(_) => ().into_any(),
    }
    }
}

/// A run of this person's, whatever it does.
#[derive(Clone)]
enum ListedRun {
    Invitations(Arc<RunSummary>),
    Recycle(Arc<StoredRecycle>),
}

impl ListedRun {
    fn is_unfinished(&self) -> bool {
        match self {
            Self::Invitations(run) => run.is_unfinished,
            Self::Recycle(run) => run.is_unfinished(),
        }
    }

    fn begun(&self) -> Moment {
        match self {
            Self::Invitations(run) => run.begun,
            Self::Recycle(run) => run.header.begun,
        }
    }
}

#[component]
fn Line(run: ListedRun) -> impl IntoView {
    let app = AppState::here();
    let (begun, unfinished) = (run.begun(), run.is_unfinished());
    let (id, tally, by, name) = match &run {
        ListedRun::Invitations(run) => (run.id.clone(), RunTally::Invite(run.tally), &run.carrier().username, String::new()),
        ListedRun::Recycle(run) => {
            let (id, tally) = (run.header.id.clone(), open_runs::recycle_at_rest(run).tally);
            (id, tally, &run.owner.username, format!("{}: ", run.header.kind.name()))
        }
    };
    let moving = app.runs.running.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.run == id && shown.is_moving));
    let state = match (moving, unfinished) {
        (true, _) => format!("{} now", tally.doing()),
        (_, true) if app.runs.is_elsewhere(&id) => format!("{} in another tab", tally.doing()),
        (_, true) => format!("{name}Interrupted: {} open", grouped(tally.open())),
        _ => format!("{name}{}", tally.sentence()),
    };
    view! {
        <tr><th scope="row"><a class="link" href=Route::Run { id, show: Rows::All, row: None }.hash()><time datetime=begun.iso()>{clock::shown(begun)}</time></a></th>
            <td><bdi>{by.clone()}</bdi></td><td class="number">{grouped(tally.total())}</td><td>{state}</td></tr>
    }
}

/// Runs of this tenant, or of nobody knows which, that cannot be read.
fn unreadable(app: AppState) -> Vec<UnreadableRun> {
    app.accounts.account.track();
    let person = app.accounts.person().unwrap_or_default();
    app.runs.all.with(|all| {
        let runs = all.iter().flatten().flat_map(|all| &all.whole.unreadable);
        runs.filter(|run| run.may_be_of_tenant(&person)).cloned().collect()
    })
}

/// What is not this person's to see, or cannot be read: no row of it is shown.
#[component]
fn Others() -> impl IntoView {
    let app = AppState::here();
    let taking: RwSignal<Option<Arc<Stored>>> = RwSignal::new(None);
    let asking = RwSignal::new(false);
    let take = move || {
        let Some(run) = taking.get_untracked() else { return };
        asking.set(false);
        runner::take_over(app, run);
    };
    let of_others = move || {
        app.accounts.account.track();
        let person = app.accounts.person().unwrap_or_default();
        app.runs.all.with(|all| {
            // Whatever is unfinished was read whole.
            let runs = all.iter().flatten().flat_map(|all| &all.whole.runs);
            runs.filter(|run| run.owner.is_of_tenant(&person) && !run.carrier().is(&person) && run.is_unfinished())
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    view! {
        {move || of_others().into_iter().map(|run| {
            let who = run.carrier().username.clone();
            let open = open_runs::at_rest(&run).tally.open();
            let words = format!("{who} began a run on {} and left {} open.", clock::shown(run.header.begun), count(open, "row", "rows"));
            let ask = move |_| { taking.set(Some(Arc::clone(&run))); asking.set(true); };
            view! { <Notice tone=Tone::Info><p>{words}</p><button class="button" type="button" on:click=ask>{format!("Take over from {who}")}</button></Notice> }
        }).collect_view()}
        {move || unreadable(app).into_iter().map(|run| view! { <Broken run/> }).collect_view()}
        <Dialog title="Take this run over?" open=asking>
            <p>"From then on the run is yours: what is open is sent by you, and letters come from your own mailbox. Each step from here on is written down under your name. You will see its guests and their redeem links."</p>
            <button class="button primary" type="button" on:click=move |_| take()>"Take over and resume"</button>
        </Dialog>
    }
}

/// A run that this version cannot read. Whom it names count as invited until it is removed. What it holds, redeem links among
/// it, is handed to its owner alone; what names no owner can be removed by whoever finds it.
#[component]
fn Broken(run: UnreadableRun) -> impl IntoView {
    let app = AppState::here();
    let asking = RwSignal::new(false);
    let guests = run.addresses.len();
    let is_own = app.accounts.person().is_some_and(|person| run.owner.is(&person));
    let may_remove = is_own || run.owner.is_unknown();
    let whose = match (is_own, run.owner.username.as_str()) {
        (true, _) => String::new(),
        (false, _) if may_remove => " It does not say whose it is, so nobody is shown what it holds.".into(),
        (false, "") => " It is somebody else’s; only they can download or remove it.".into(),
        (false, who) => format!(" It is {who}’s; only they can download or remove it."),
    };
    let known = if run.hides_addresses {
        "Nobody knows whom it invited, so nothing is sent from this browser until it is removed.".to_owned()
    } else {
        format!("Its {} as invited; nothing of it is sent.", count(guests, "guest counts", "guests count"))
    };
    let (id, file, why) = (run.id.clone(), run.as_file(), run.why.words());
    let name = format!("guestlist-run-{id}.json");
    let begun = run.begun.map_or_else(String::new, |begun| format!(" of {}", clock::shown(begun)));
    let remove = move |_| {
        asking.set(false);
        runner::remove_unreadable(app, id.clone());
    };
    view! {
        <Notice tone=Tone::Warning><strong>{format!("A run{begun} cannot be read.")}</strong><p>{why}" "{known}{whose}</p>
            <div class="row">{is_own.then(|| view! { <button class="button" type="button" on:click=move |_| download::offer(&name, "application/json", &file.clone().into())>"Download"</button> })}
                {may_remove.then(|| view! { <button class="button subtle" type="button" on:click=move |_| asking.set(true)>"Remove from this browser"</button> })}</div></Notice>
        <Dialog title="Remove the run that cannot be read?" open=asking>
            <p>{format!("Download it first: what it holds is gone then. Guests are not affected, but its {} may be invited again from this browser.", count(guests, "guest", "guests"))}</p>
            <button class="button danger-button" type="button" on:click=remove.clone()>"Remove the run"</button>
        </Dialog>
    }
}
