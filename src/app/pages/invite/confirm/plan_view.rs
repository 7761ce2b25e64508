//! The plan in one sentence, what to know before it, and the button that sends.

use super::check::CheckResult;
use super::steps::{Choosing, Domains, ForAll, Steps, listed};
use crate::app::effects::clock;
use crate::app::pages::allowance::DailyAllowance;
use crate::app::pages::last_look::LastLook;
use crate::app::pages::missing_permission::MissingPermission;
use crate::app::parts::field::Field;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::state::state_signal::StateSignal;
use crate::app::state::{AppState, beginning, session, terms};
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::plan::{self, Choices, Plan, RowAction};
use guestlist::permissions::{CONTACTS, DIRECTORY};
use guestlist::tab::TabReport;
use guestlist::words::count;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn PlanView(
    plan: Plan,
    found: Arc<CheckResult>,
    blind: bool,
    choices: StateSignal<Choices>,
    choose: Callback<Choosing>,
) -> impl IntoView {
    let app = AppState::here();
    let invited = plan.invitations();
    let begun = RwSignal::new(false);
    let refused: RwSignal<Option<TabReport>> = RwSignal::new(None);
    let ramp = RwSignal::new(usual_ramp(app));
    let allow = move |_| session::allow(app, &[DIRECTORY]);
    let allow_contacts = move |_| session::allow(app, &[CONTACTS]);
    // What bringing the letters needs and is not allowed yet.
    let missing: Vec<&'static str> =
        app.accounts.scopes.with_untracked(|scopes| plan.scopes().into_iter().filter(|scope| !scopes.contains(scope)).collect());
    // A row may go another way than the letter was written for.
    let unfit: Vec<String> = app
        .draft
        .letter
        .with_untracked(|letter| {
            plan.channels().into_keys().flat_map(|channel| plan::own_message_issues(letter, channel)).collect::<Vec<_>>()
        })
        .iter()
        .map(plan::BlockingIssue::words)
        .collect();
    let takes = plan.letters_take();
    let without_name = plan.without_name();
    let may_send = missing.is_empty() && unfit.is_empty();
    let is_unfit = !unfit.is_empty();
    let sees_contacts = app.accounts.may(CONTACTS);
    let rows = plan.rows.len();
    let domains = plan.domains();
    let listed = listed(&plan);
    let (new, known) = plan.rows.iter().map(|row| row.choices()).fold((0, 0), |(new, known), can| {
        (new + usize::from(can.contains(&RowAction::OnlyAdd)), known + usize::from(can.contains(&RowAction::Resend)))
    });
    let warnings = plan.warnings.clone();
    let (outlook, sees_others) = (terms::outlook(app, found.allowance.clone(), invited), found.lately.is_some());
    let stored = StoredValue::new((plan, found));
    let further_days = move || outlook.get().forecast.map_or(0, |forecast| forecast.days);
    let sentence = move || stored.with_value(|(plan, _)| plan.sentence(further_days()));
    let send = move |_| {
        // A second click while the first is at work does nothing.
        if begun.get_untracked() {
            return;
        }
        begun.set(true);
        refused.set(None);
        let (plan, found) = stored.get_value();
        let ramp = ramp.get_untracked();
        crate::app::effects::spawn(async move {
            let report = beginning::begin(app, plan, found.before.clone(), found.lately.clone(), ramp).await;
            // The page may be gone: the run has one of its own.
            if report != Some(TabReport::Carried) {
                if report.is_some() {
                    app.announcer.at_once("Nothing was sent. The page says why.");
                }
                _ = refused.try_set(report);
                _ = begun.try_set(false);
            }
        });
    };
    view! {
        <section class="plan card" role="region" aria-label="Plan">
            <h2 id="plan-title" tabindex="-1">"Plan"</h2>
            <p class="sentence">{sentence}</p>
            {warnings.into_iter().map(|warning| view! { <Notice tone=Tone::Warning><p>{warning}</p></Notice> }).collect_view()}
            {without_name.map(|words| view! { <p class="hint">{words}</p> })}
            {blind.then(|| view! { <p><button class="button" type="button" on:click=allow>"Allow reading the directory"</button>" "<span class="hint">"Asks for User.Read.All; your draft is kept."</span></p> })}
            {(!blind && !sees_contacts).then(|| view! { <p><button class="button subtle" type="button" on:click=allow_contacts>"Look for mail contacts, too"</button>" "<span class="hint">"Asks for OrgContact.Read.All; your draft is kept."</span></p> })}
            <ForAll new known choices choose/>
            <Domains domains/>
            <Steps listed rows choose/>
            {move || refused.get().map(|report| {
                let (what, next) = report.words(clock::now());
                let tone = if matches!(report, TabReport::NothingLeft(_) | TabReport::OtherTab) { Tone::Warning } else { Tone::Danger };
                let is_signed_out = matches!(report, TabReport::NotLooked(_)) && app.accounts.auth_error.with(Option::is_some);
                view! { <Notice tone><strong>{what}</strong><p>{next}</p>
                    {is_signed_out.then(|| view! { <button class="button" type="button" on:click=move |_| session::sign_in_as_asked(app)>"Sign in again"</button> })}</Notice> }
            })}
            {move || (begun.get() && app.runs.is_looking.get()).then(|| view! { <LastLook/> })}
            {takes.map(|words| view! { <p class="hint">{words}</p> })}
            <DailyAllowance outlook sees_others/>
            {(invited > FEW).then(|| view! { <Pace ramp/> })}
            {is_unfit.then(|| view! { <Notice tone=Tone::Danger><strong>"Some letters cannot leave like this."</strong><ul>{unfit.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul></Notice> })}
            {(invited > 0 && !is_unfit && !may_send).then(|| view! { <MissingPermission missing what="Your letters need" after="Your draft is kept; check again after that."/> })}
            {(invited > 0 && may_send).then(|| view! {
                <button class="button primary" type="button" aria-busy=move || begun.get().to_string() on:click=send>{format!("Invite {}", count(invited, "guest", "guests"))}</button>
            })}
        </section>
    }
}

/// Too few for a pace to matter.
const FEW: usize = 5;

/// Careful in a tenant that this browser has not invited to yet.
fn usual_ramp(app: AppState) -> Ramp {
    let person = app.accounts.person().unwrap_or_default();
    let is_known = app.runs.own.with_untracked(|runs| runs.iter().any(|run| run.owner.is_of_tenant(&person) && run.tally.invited > FEW));
    if is_known { Ramp::AtTheLimit } else { Ramp::Careful }
}

#[component]
fn Pace(ramp: RwSignal<Ramp>) -> impl IntoView {
    let hint = move || match ramp.get() {
        Ramp::Careful => {
            "Five guests first, a look whether they appear, then ever more at once. Right for a tenant that has not sent many yet."
                .to_owned()
        }
        Ramp::AtTheLimit => "One guest first, then twenty a second, which is what Microsoft allows.".to_owned(),
    };
    view! {
        <Field label="Pace" hint=Signal::derive(hint) error="" let:ids>
            <select id=ids.control class="input" aria-describedby=ids.described prop:value=move || if ramp.get() == Ramp::Careful { "careful" } else { "limit" }
                on:change=move |event| ramp.set(if event_target_value(&event) == "limit" { Ramp::AtTheLimit } else { Ramp::Careful })>
                <option value="careful" selected=ramp.get_untracked() == Ramp::Careful>"Careful"</option>
                <option value="limit" selected=ramp.get_untracked() == Ramp::AtTheLimit>"At Microsoft’s limit"</option>
            </select>
        </Field>
    }
}
