//! *Check*: what keeps the letter from leaving, a look at the tenant, and then the plan.

mod check;
mod plan_view;
mod steps;

use super::add::Adding;
use crate::app::effects::{clock, focus};
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::parts::looking::Looking;
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::state::accounts::tokens;
use crate::app::state::{AppState, drive, session, terms};
use check::{Basis, Check, CheckResult, LastCheck};
use guestlist::jobs::invite::allowance::{Allowance, Lately, Sent};
use guestlist::jobs::invite::plan::{self, Choices};
use guestlist::letter::editing;
use guestlist::lookup::{Lookup, TenantSnapshot};
use guestlist::permissions::{CONTACTS, DIRECTORY, SUBSCRIPTION};
use guestlist::protocol::ReadFailure;
use guestlist::rows::{Address, ByAddress, List};
use guestlist::storage::journal::EarlierInvitations;
use guestlist::words::{Explain, count};
use leptos::prelude::*;
use plan_view::PlanView;
use std::sync::Arc;

#[component]
pub fn Confirm(adding: Adding) -> impl IntoView {
    let app = AppState::here();
    let check = RwSignal::new(Check::Composing);
    let held = LastCheck { found: StoredValue::new(None), choices: app.draft.choices };
    let progress = RwSignal::new((0, 1));
    // An edit makes the plan stale, and what hindered it: both are told anew on the next check.
    Effect::new(move || {
        let now = Basis::now(app);
        let stale = check.with_untracked(|check| match check {
            Check::Planned(_, basis, _) => **basis != now,
            Check::Hindered(_) => true,
            _ => false,
        });
        if stale {
            check.set(Check::Composing);
        }
    });
    let run_check = move |_| start_check(app, check, held, progress, adding.settle());
    let choose = Callback::new(move |(change, id): (Callback<Choices, Choices>, String)| {
        app.draft.choose(|choices| *choices = change.run(std::mem::take(choices)));
        check.update(|check| {
            if let Check::Planned(plan, basis, _) = check {
                **plan = held.plan(app, &basis.letter);
            }
        });
        focus::later(id);
    });
    view! {
        <div class="confirm">
            <button id="check" class="button" class:primary=move || !check.with(|check| matches!(check, Check::Planned(..))) type="button"
                aria-busy=move || check.with(|check| matches!(check, Check::Looking)).to_string() on:click=run_check>"Check"</button>
            {move || match check.get() {
                Check::Composing => view! { <p class="hint">"Looks at the list and at your tenant first. Nothing is sent yet."</p> }.into_any(),
                Check::Hindered(words) => view! {
                    <div id="hindrances" tabindex="-1" class="notice notice-danger" role="alert"><Glyph icon=Icon::Bad/>
                        <div class="notice-body"><strong>"This cannot be sent yet."</strong><ul>{words.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul><OwnMessages/></div></div>
                }.into_any(),
                Check::Looking => view! { <Looking name="Check" words="Looking at your tenant …" progress stop=|()| drive::stop_looking()/> }.into_any(),
                Check::Failed(ReadFailure::Refused(problem)) => view! { <Problem words=problem.words() details=problem.details()/> }.into_any(),
                Check::Failed(ReadFailure::Stopped) => ().into_any(),
                Check::Failed(ReadFailure::Unreached) => view! { <Unreached/> }.into_any(),
                Check::Blocked(what, next) => view! { <Notice tone=Tone::Danger><strong>{what}</strong><p>{next}</p></Notice> }.into_any(),
                Check::Planned(plan, _, blind) => view! { <PlanView plan=*plan found=held.found() blind choices=held.choices choose/> }.into_any(),
            }}
        </div>
    }
}

/// One click for the placeholders of other programs in messages that rows have of their own, which is a step of the list's, with its undo;
/// and one for each that is meant as it stands.
#[component]
fn OwnMessages() -> impl IntoView {
    let app = AppState::here();
    let changed = move || {
        app.draft
            .guests
            .with_untracked(|guests| app.draft.letter.with_untracked(|letter| editing::own_messages(guests.list(), &letter.as_typed)))
    };
    let rows = changed().len();
    let change = move |_| {
        let cells = changed();
        let written = app.draft.edit(|guests| guests.set_each("Placeholders in own messages", cells.into_iter()));
        app.announcer.politely(format!("{} changed.", count(written, "row", "rows")));
        focus::later("check");
    };
    let leave = move |typed: String| {
        app.announcer.politely(format!("{typed} stays as it is."));
        app.draft.compose(|letter| letter.as_typed.push(typed));
        focus::later("check");
    };
    let typed = app
        .draft
        .guests
        .with_untracked(|guests| app.draft.letter.with_untracked(|letter| editing::typed_in_own_messages(guests.list(), &letter.as_typed)));
    let left = typed.into_iter().map(|typed| {
        let words = format!("Leave {typed} as it is");
        view! { <p><button class="button subtle" type="button" on:click=move |_| leave(typed.clone())>{words}</button></p> }
    });
    let left = left.collect_view();
    let changed = (rows > 0).then(|| {
        let words = format!("Change the placeholders in {} own message", count(rows, "row’s", "rows’"));
        view! { <p><button class="button" type="button" on:click=change>{words}</button></p> }
    });
    view! { {changed}{left} }
}

/// `left`: what to do about what stands in *Add guests* and cannot be added.
fn start_check(app: AppState, check: RwSignal<Check>, held: LastCheck, progress: RwSignal<(usize, usize)>, left: Option<String>) {
    if check.with_untracked(|check| matches!(check, Check::Looking)) {
        return;
    }
    let basis = untrack(move || Basis::now(app));
    let hosts = app.accounts.place.config.redirect_hosts.clone();
    let mut blocking_issues: Vec<String> = app.draft.guests.with_untracked(|guests| {
        plan::blocking_issues(&basis.letter, guests.list(), &hosts).iter().map(plan::BlockingIssue::words).collect()
    });
    if let Some(words) = left {
        blocking_issues.insert(0, words);
    } else if app.draft.guests.with_untracked(|guests| guests.list().is_empty()) {
        blocking_issues.insert(0, "Nobody is on the list yet. Add the first guest above.".into());
    }
    if !blocking_issues.is_empty() {
        check.set(Check::Hindered(blocking_issues));
        return focus::later("hindrances");
    }
    progress.set((0, 1));
    check.set(Check::Looking);
    crate::app::effects::spawn(async move {
        let all = app.draft.guests.with_untracked(|guests| addresses(guests.list()));
        let (before, sent) = match app.runs.before(all.clone()).await {
            Ok(told) => told,
            Err(report) => {
                let (what, next) = report.words(clock::now());
                check.set(Check::Blocked(what, next));
                return;
            }
        };
        // Without the permission nobody can be looked up; the plan says so.
        let may_look = app.accounts.may(DIRECTORY);
        let look = Lookup::new(app.accounts.graph(), if may_look { all } else { Vec::new() });
        let look = if app.accounts.may(CONTACTS) { look.and_contacts() } else { look };
        let is_limited = app.runs.terms.with_untracked(|terms| terms.limit(clock::now()).is_some());
        let look = if may_look && is_limited { look.and_lately(Lately::since(clock::now())) } else { look };
        let look = if app.accounts.may(SUBSCRIPTION) { look.and_subscription() } else { look };
        let found = drive::look_up(app.accounts, look, Some(progress)).await;
        let unchanged = untrack(move || Basis::now(app)) == basis;
        let checked = match found {
            _ if !unchanged => Check::Composing,
            Err(ReadFailure::Stopped) => Check::Composing,
            Err(failed) => Check::Failed(failed),
            Ok(known) => {
                let blind = !may_look || known.blind.is_some();
                let found = counted(app, known, before, sent).await;
                // The page may be gone.
                if check.is_disposed() {
                    return;
                }
                held.found.set_value(Some(Arc::new(found)));
                Check::Planned(Box::new(held.plan(app, &basis.letter)), Box::new(basis), blind)
            }
        };
        check.set(checked);
        focus::later("plan-title");
    });
}

/// What was found, with what is known of the day's allowance, which is kept for the next time.
async fn counted(app: AppState, mut known: TenantSnapshot, before: EarlierInvitations, sent: Sent) -> CheckResult {
    let now = clock::now();
    if let Some(subscription) = known.subscription.take()
        && app.runs.terms.with_untracked(|terms| terms.told(&subscription, now) != *terms)
    {
        terms::change(app, move |terms| terms.told(&subscription, now)).await;
    }
    let mut allowance = Allowance::new(app.runs.terms.get_untracked(), sent);
    let lately = known.lately.take().map(|users| Lately::from_users([users].into_iter().chain(known.deleted_lately.take()), now));
    if let Some(lately) = &lately {
        allowance.see(lately, |_| false);
    }
    CheckResult { known, before, allowance, lately }
}

/// Each address once: duplicates and broken ones are not looked up.
fn addresses(list: &List) -> Vec<Address> {
    let mut seen: ByAddress<usize> = ByAddress::default();
    let mut addresses = Vec::new();
    for address in list.rows().filter_map(|row| Address::parse(row.cell("email")).ok()) {
        if seen.get(&address).is_none() {
            seen.set(&address, Some(0));
            addresses.push(address);
        }
    }
    addresses
}

#[component]
fn Unreached() -> impl IntoView {
    let app = AppState::here();
    view! {
        <Notice tone=Tone::Danger><strong>"Microsoft Graph could not be asked."</strong>
            <p>{move || app.accounts.auth_error.get().map_or_else(|| "The network is down, or something between here and Microsoft blocks it. Nothing was sent; check the connection and try again.".to_owned(), |auth_error| format!("{} {}", auth_error.words().what, auth_error.words().next))}</p>
            <Show when=move || app.accounts.auth_error.get().is_some() || !tokens::is_alive()><button class="button" type="button" on:click=move |_| session::sign_in_as_asked(app)>"Sign in again"</button></Show>
        </Notice>
    }
}
