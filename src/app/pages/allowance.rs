//! The day's allowance: over how many days a run goes, and the one question that decides it. Shown only where a run would pass what
//! every tenant may send, or what a person allows.

use crate::app::effects::clock;
use crate::app::parts::field::Field;
use crate::app::state::terms::{self, Outlook};
use crate::app::state::{AppState, session};
use guestlist::jobs::invite::allowance::{TenantKind, Terms};
use guestlist::permissions::SUBSCRIPTION;
use leptos::prelude::*;

/// What is known of the tenant changes.
fn change(app: AppState, to: impl Fn(Terms) -> Terms + 'static) {
    crate::app::effects::spawn(terms::change(app, to));
}

/// What becomes of invitations that are to leave. `sees_others`: what others sent was counted, too.
#[component]
pub fn DailyAllowance(outlook: Memo<Outlook>, sees_others: bool) -> impl IntoView {
    let app = AppState::here();
    // What has been shown stays, so that the focus does, too.
    let is_shown = Memo::new(move |was: Option<&bool>| was.copied().unwrap_or_default() || outlook.get().is_to_be_told);
    let forecast = move || outlook.get().forecast;
    let rest = move || forecast().is_some_and(|forecast| forecast.rest > 0);
    view! {
        <Show when=move || is_shown.get()><div role="group" aria-label="Invitations a day">
            {move || forecast().map(|forecast| {
                let is_own = app.runs.terms.with(|terms| terms.most() == Some(forecast.limit));
                view! { <p>{if is_own { "You let this tenant send " } else { "Microsoft lets this tenant send " }}{forecast.sentence()}</p> }
            })}
            <Show when=rest><p class="hint">"What is left goes on by itself while this tab is open and signed in, else with Resume. More in a day would block invitations for the whole tenant until Microsoft support lifts that."</p></Show>
            <Show when=move || !sees_others && forecast().is_some()><p class="hint">"Counted is what this browser sent; what others sent is not seen."</p></Show>
            <KindOfTenant/>
        </div></Show>
    }
}

/// What is known of the tenant, to be changed; asked where nobody has said it.
#[component]
pub fn KindOfTenant() -> impl IntoView {
    let app = AppState::here();
    // Where it stands stays, so that the focus does, too.
    if !app.runs.terms.with_untracked(Terms::is_certain) {
        return view! { <Question/> }.into_any();
    }
    let known = move || app.runs.terms.with(|terms| terms.kind(clock::now()).words());
    view! { <details class="details"><summary>"Your tenant: "{known}</summary><Question/></details> }.into_any()
}

/// What decides the limit: asked, or read by whoever allows it.
#[component]
fn Question() -> impl IntoView {
    let app = AppState::here();
    let kind = move || app.runs.terms.with(|terms| terms.kind(clock::now()));
    let hint = move || {
        if kind() == TenantKind::Unknown {
            "Microsoft limits invitations a day by this. The lowest limit counts while it is not known."
        } else {
            ""
        }
    };
    let said = move |event| {
        let value = event_target_value(&event);
        let kind = TenantKind::ALL.into_iter().find(|kind| kind.words() == value).unwrap_or_default();
        let now = clock::now();
        change(app, move |terms| terms.said(kind, now));
    };
    let options = TenantKind::ALL.map(|one| view! { <option value=one.words() selected=one == kind()>{one.words()}</option> });
    let most = move || app.runs.terms.with(|terms| terms.most().map(|most| most.to_string()).unwrap_or_default());
    let is_unfit = RwSignal::new(false);
    let limited = move |event| {
        let typed = event_target_value(&event);
        let most = typed.trim().parse().ok().filter(|most| *most > 0);
        is_unfit.set(most.is_none() && !typed.trim().is_empty());
        // What is no number of guests changes nothing.
        if !is_unfit.get_untracked() {
            change(app, move |terms| terms.at_most(most));
        }
    };
    let unfit = move || if is_unfit.get() { "A whole number from 1, or nothing. What was said before still holds." } else { "" };
    let may_read = app.accounts.may(SUBSCRIPTION);
    view! {
        <Field label="Your tenant" hint=Signal::derive(move || hint().to_owned()) error="" let:ids>
            <select id=ids.control class="input" aria-describedby=ids.described prop:value=move || kind().words() on:change=said>{options.collect_view()}</select>
        </Field>
        {(!may_read).then(|| view! { <p><button class="button subtle" type="button" on:click=move |_| session::allow(app, &[SUBSCRIPTION])>"Read it from Microsoft"</button>" "<span class="hint">"Asks for Organization.Read.All; your draft is kept."</span></p> })}
        <Field label="At most a day" hint="Empty: as many as Microsoft allows." error=Signal::derive(move || unfit().to_owned()) let:ids>
            <input id=ids.control class="input" type="number" min="1" aria-invalid=move || is_unfit.get().to_string() aria-describedby=ids.described prop:value=most on:change=limited/>
        </Field>
    }
}
