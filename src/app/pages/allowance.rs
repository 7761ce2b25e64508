//! The day's allowance: over how many days a run goes, and the one question that decides it. Shown only where a run would pass what
//! every tenant may send.

use crate::app::desk::Desk;
use crate::app::effects::clock;
use crate::app::kept;
use crate::app::parts::field::{Field, described};
use crate::app::runner;
use crate::app::session;
use guestlist::allowance::{Allowance, Forecast, LOWEST, TenantKind, Terms};
use guestlist::identity::scopes::SUBSCRIPTION;
use leptos::prelude::*;

/// What is known of the tenant changes: for this page, for what is sent now, and for the next time.
fn change(desk: Desk, terms: Terms) {
    desk.terms.set(terms);
    runner::set_terms(terms);
    crate::app::effects::spawn(async move { kept::keep_terms(desk, &terms).await });
}

/// What becomes of so many invitations beside what was counted. `sees_others`: what others sent is among it.
#[component]
pub fn DailyAllowance(counted: Allowance, wanted: usize, sees_others: bool) -> impl IntoView {
    let desk = Desk::here();
    if counted.used(clock::now()) + wanted <= LOWEST {
        return ().into_any();
    }
    let counted = StoredValue::new(counted);
    let forecast = Memo::new(move |_| counted.with_value(|counted| counted.clone().under(desk.terms.get()).forecast(wanted, clock::now())));
    let rest = move || forecast.get().is_some_and(|forecast: Forecast| forecast.rest > 0);
    view! {
        <div role="group" aria-label="Invitations a day">
            {move || forecast.get().map(|forecast| view! { <p>"Microsoft lets this tenant send "{forecast.sentence()}</p> })}
            <Show when=rest><p class="hint">"What is left goes on by itself while this tab is open and signed in, else with Resume. More in a day would block invitations for the whole tenant until Microsoft support lifts that."</p></Show>
            <Show when=move || !sees_others && forecast.get().is_some()><p class="hint">"Counted is what this browser sent; what others sent is not seen."</p></Show>
            <KindOfTenant/>
        </div>
    }
    .into_any()
}

/// What is known of the tenant, to be changed; asked where nobody has said it.
#[component]
pub fn KindOfTenant() -> impl IntoView {
    let desk = Desk::here();
    // Where it stands stays, so that the focus does, too.
    if !desk.terms.with_untracked(Terms::is_certain) {
        return view! { <Question/> }.into_any();
    }
    let known = move || desk.terms.with(|terms| terms.kind(clock::now()).words());
    view! { <details class="details"><summary>"Your tenant: "{known}</summary><Question/></details> }.into_any()
}

/// What decides the limit: asked, or read by whoever allows it.
#[component]
fn Question() -> impl IntoView {
    let desk = Desk::here();
    let kind = move || desk.terms.with(|terms| terms.kind(clock::now()));
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
        change(desk, desk.terms.get_untracked().said(kind, clock::now()));
    };
    let options = TenantKind::ALL.map(|one| view! { <option value=one.words() selected=one == kind()>{one.words()}</option> });
    let most = move || desk.terms.with(|terms| terms.most().map(|most| most.to_string()).unwrap_or_default());
    let limited = move |event| change(desk, desk.terms.get_untracked().at_most(event_target_value(&event).trim().parse().ok()));
    let may_read = desk.scopes.with_untracked(|scopes| scopes.contains(SUBSCRIPTION));
    view! {
        <Field id="tenant-kind" label="Your tenant" hint=Signal::derive(move || hint().to_owned()) error="">
            <select id="tenant-kind" class="input" aria-describedby=described("tenant-kind") prop:value=move || kind().words() on:change=said>{options.collect_view()}</select>
        </Field>
        {(!may_read).then(|| view! { <p><button class="button subtle" type="button" on:click=move |_| session::allow(desk, &[SUBSCRIPTION])>"Read it from Microsoft"</button>" "<span class="hint">"Asks for Organization.Read.All; your draft is kept."</span></p> })}
        <Field id="day-most" label="At most a day" hint="Empty: as many as Microsoft allows." error="">
            <input id="day-most" class="input" type="number" min="1" aria-describedby=described("day-most") prop:value=most on:change=limited/>
        </Field>
    }
}
