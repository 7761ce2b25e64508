//! One policy in words, and the form in which what is said of it can be changed.

use super::commands::{ChangeInHand, InHand, WhenAllowed};
use super::reading::NotLearnt;
use crate::app::effects::{clock, focus, spawn};
use crate::app::parts::dialog::Dialog;
use crate::app::parts::field::Field;
use crate::app::state::AppState;
use crate::app::state::access_packages::AccessPackages;
use graph::entitlement::assignment_policies::AssignmentPolicy;
use guestlist::entitlement::changing::{Change, EditedPolicy, EndKind, PolicyField};
use guestlist::entitlement::inventory::Inventory;
use guestlist::entitlement::terms;
use guestlist::protocol::ReadFailure;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn Policy(package: String, policy: AssignmentPolicy, inventory: Arc<Inventory>) -> impl IntoView {
    let part = AccessPackages::of(AppState::here());
    part.read_people(terms::unnamed(&policy.terms).map(str::to_owned).collect());
    let editing = RwSignal::new(false);
    let (package, id) = (StoredValue::new(package), StoredValue::new(policy.id.clone()));
    let name = policy.terms.display_name.clone();
    let rows = move || part.people.with(|people| terms::rows(&policy.terms, &inventory, people));
    view! {
        <section class="card" aria-label=name.clone()>
            <h3 class="card-title">{name.clone()}</h3>
            <dl class="facts">{move || rows().into_iter().map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> }).collect_view()}</dl>
            <div class="row commands"><button class="button" type="button" aria-label=format!("Edit policy {name}") on:click=move |_| editing.set(true)>"Edit policy"</button></div>
        </section>
        <Dialog title="Edit policy" open=editing>
            <WhenAllowed><Editing package=package.get_value() id=id.get_value() editing/></WhenAllowed>
        </Dialog>
    }
}

/// Reads the policy as it is now, and shows the form.
#[component]
fn Editing(package: String, id: String, editing: RwSignal<bool>) -> impl IntoView {
    let app = AppState::here();
    let (package, id) = (StoredValue::new(package), StoredValue::new(id));
    let seen: RwSignal<Option<Result<AssignmentPolicy, ReadFailure>>> = RwSignal::new(None);
    let read = move || {
        seen.set(None);
        spawn(async move {
            let read = AccessPackages::of(app).policy(&id.get_value()).await;
            _ = seen.try_set(Some(read));
        });
    };
    // What somebody typed and did not save stands there when they come back.
    Effect::new(move || {
        if editing.get() && seen.with_untracked(|seen| !matches!(seen, Some(Ok(_)))) {
            untrack(read);
        }
    });
    move || match seen.get() {
        None => view! { <p class="hint" role="status">"Reading the policy …"</p> }.into_any(),
        Some(Err(failure)) => view! { <NotLearnt failure again=move |()| read()/> }.into_any(),
        Some(Ok(policy)) => view! { <Form package=package.get_value() policy editing/> }.into_any(),
    }
}

#[component]
fn Form(package: String, policy: AssignmentPolicy, editing: RwSignal<bool>) -> impl IntoView {
    let app = AppState::here();
    let change = ChangeInHand::new(app, &package);
    let edited = RwSignal::new(EditedPolicy::from(&policy.terms));
    let can_want_reason = EditedPolicy::can_want_reason(&policy.terms);
    let is_own = edited.with_untracked(|edited| edited.ends) == EndKind::Unchanged;
    let kinds = EndKind::ALL.into_iter().filter(|kind| is_own || *kind != EndKind::Unchanged);
    let kinds = kinds.map(|kind| view! { <option value=kind.name()>{kind.name()}</option> }).collect_view();
    let fault =
        move |field: PolicyField| Signal::derive(move || edited.with(|edited| edited.fault(field, clock::now())).unwrap_or_default());
    let ends = Memo::new(move |_| edited.with(|edited| edited.ends));
    let choose = move |event| {
        if let Some(kind) = EndKind::from_name(&event_target_value(&event)) {
            edited.update(|edited| edited.ends = kind);
        }
    };
    let save = move |_| {
        let now = clock::now();
        let Some(terms) = edited.with_untracked(|edited| edited.applied(&policy.terms, now)) else {
            let first = [(PolicyField::Name, "policy-name"), (PolicyField::Days, "policy-days"), (PolicyField::Date, "policy-date")];
            let first = first.into_iter().find(|(field, _)| edited.with_untracked(|edited| edited.fault(*field, now).is_some()));
            return first.into_iter().for_each(|(_, id)| focus::now(id));
        };
        if terms == policy.terms {
            return editing.set(false);
        }
        let wanted = Change::Policy { seen: Box::new(policy.clone()), terms: Box::new(terms) };
        change.make(wanted, "Saved.", move || _ = editing.try_set(false));
    };
    view! {
        <Field id="policy-name" label="Name" hint="Shown to whoever asks." error=fault(PolicyField::Name) let:ids>
            <input id=ids.control class="input" type="text" autocomplete="off" aria-describedby=ids.described prop:value=move || edited.with(|edited| edited.name.clone())
                on:input=move |event| edited.update(|edited| edited.name = event_target_value(&event))/>
        </Field>
        <Field label="Description" hint="" error="" let:ids>
            <textarea id=ids.control class="input" rows="2" aria-describedby=ids.described prop:value=move || edited.with(|edited| edited.description.clone())
                on:input=move |event| edited.update(|edited| edited.description = event_target_value(&event))></textarea>
        </Field>
        <Field label="Access ends" hint="Whoever has access already keeps the end that they were given." error="" let:ids>
            <select id=ids.control class="input" aria-describedby=ids.described prop:value=move || ends.get().name() on:change=choose>{kinds}</select>
        </Field>
        <Show when=move || ends.get() == EndKind::AfterDays>
            <Field id="policy-days" label="Days" hint="" error=fault(PolicyField::Days) let:ids>
                <input id=ids.control class="input" type="text" inputmode="numeric" autocomplete="off" aria-describedby=ids.described prop:value=move || edited.with(|edited| edited.days.clone())
                    on:input=move |event| edited.update(|edited| edited.days = event_target_value(&event))/>
            </Field>
        </Show>
        <Show when=move || ends.get() == EndKind::OnDate>
            <Field id="policy-date" label="Date" hint="Access ends with this day, in UTC." error=fault(PolicyField::Date) let:ids>
                <input id=ids.control class="input" type="date" aria-describedby=ids.described prop:value=move || edited.with(|edited| edited.date.clone())
                    on:input=move |event| edited.update(|edited| edited.date = event_target_value(&event))/>
            </Field>
        </Show>
        <label class="check"><input type="checkbox" prop:checked=move || edited.with(|edited| edited.can_extend)
            on:change=move |event| edited.update(|edited| edited.can_extend = event_target_checked(&event))/>"People can ask for more time"</label>
        <label class="check"><input type="checkbox" prop:checked=move || edited.with(|edited| edited.takes_requests)
            on:change=move |event| edited.update(|edited| edited.takes_requests = event_target_checked(&event))/>"New requests are accepted"</label>
        <Show when=move || can_want_reason>
            <label class="check"><input type="checkbox" prop:checked=move || edited.with(|edited| edited.wants_reason)
                on:change=move |event| edited.update(|edited| edited.wants_reason = event_target_checked(&event))/>"Whoever asks gives a reason"</label>
        </Show>
        <InHand change/>
        <div class="row commands"><button class="button primary" type="button" aria-disabled=move || change.is_under_way.get().to_string() on:click=save>"Save"</button></div>
    }
}
