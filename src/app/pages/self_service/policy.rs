//! One policy in words, and the form in which what is said of it can be changed.

use super::commands::{ChangeInHand, InHand, WhenAllowed};
use super::reading::NotLearnt;
use crate::app::effects::{clock, focus, spawn};
use crate::app::parts::dialog::Dialog;
use crate::app::parts::field::Field;
use crate::app::state::AppState;
use crate::app::state::access_packages::AccessPackages;
use graph::entitlement::assignment_policies::AssignmentPolicy;
use guestlist::entitlement::changing::{Change, ChangeFailure, EditedPolicy, EndKind, PolicyField};
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
    let (seen, edited) = (RwSignal::new(None), RwSignal::new(EditedPolicy::from(&policy.terms)));
    let rows = move || part.people.with(|people| terms::rows(&policy.terms, &inventory, people));
    view! {
        <section class="card" aria-label=name.clone()>
            <h3 class="card-title">{name.clone()}</h3>
            <dl class="facts">{move || rows().into_iter().map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> }).collect_view()}</dl>
            <div class="row commands"><button class="button" type="button" aria-label=format!("Edit policy {name}") on:click=move |_| editing.set(true)>"Edit policy"</button></div>
        </section>
        <Dialog title="Edit policy" open=editing>
            // One form at a time: what is typed stays with the policy.
            <WhenAllowed><Show when=move || editing.get()><Editing package=package.get_value() id=id.get_value() seen edited editing/></Show></WhenAllowed>
        </Dialog>
    }
}

/// A policy as it was read to be edited.
type SeenPolicy = Option<Result<AssignmentPolicy, ReadFailure>>;

/// Reads the policy as it is now, unless somebody has begun to edit it, and shows the form.
#[component]
fn Editing(
    package: String,
    id: String,
    seen: RwSignal<SeenPolicy>,
    edited: RwSignal<EditedPolicy>,
    editing: RwSignal<bool>,
) -> impl IntoView {
    let app = AppState::here();
    let (package, id) = (StoredValue::new(package), StoredValue::new(id));
    let read = move || {
        seen.set(None);
        let id = id.get_value();
        spawn(async move {
            let read = AccessPackages::of(app).policy(&id).await;
            if let Ok(policy) = &read {
                _ = edited.try_set(EditedPolicy::from(&policy.terms));
            }
            _ = seen.try_set(Some(read));
            focus::later(NAME);
        });
    };
    if seen.with_untracked(|seen| !matches!(seen, Some(Ok(_)))) {
        read();
    }
    move || match seen.get() {
        None => view! { <p class="hint" role="status">"Reading the policy …"</p> }.into_any(),
        Some(Err(failure)) => view! { <NotLearnt failure again=move |()| read()/> }.into_any(),
        Some(Ok(policy)) => view! { <Form package=package.get_value() policy edited editing again=move |()| read()/> }.into_any(),
    }
}

const NAME: &str = "policy-name";
const DAYS: &str = "policy-days";
const DATE: &str = "policy-date";

#[component]
fn Form(
    package: String,
    policy: AssignmentPolicy,
    edited: RwSignal<EditedPolicy>,
    editing: RwSignal<bool>,
    /// Reads the policy once more, whatever was typed.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let app = AppState::here();
    let change = ChangeInHand::new(app, &package, editing);
    let can_want_reason = EditedPolicy::can_want_reason(&policy.terms) && policy.knows_justification();
    let can_be_asked = EditedPolicy::can_be_asked(&policy.terms);
    let is_own = EditedPolicy::from(&policy.terms).ends == EndKind::Unchanged;
    let ends = Memo::new(move |_| edited.with(|edited| edited.ends));
    let kinds = EndKind::ALL.into_iter().filter(|kind| is_own || *kind != EndKind::Unchanged);
    let option = |kind: EndKind| view! { <option selected=ends.get_untracked() == kind value=kind.name()>{kind.name()}</option> };
    let kinds = kinds.map(option).collect_view();
    let policy = StoredValue::new(policy);
    let faulty =
        move |edited: &EditedPolicy, field: PolicyField| policy.with_value(|policy| edited.fault(field, &policy.terms, clock::now()));
    let fault = move |field: PolicyField| Signal::derive(move || edited.with(|edited| faulty(edited, field)).unwrap_or_default());
    let invalid = move |field: PolicyField| move || edited.with(|edited| faulty(edited, field)).map(|_| "true");
    let choose = move |event| {
        if let Some(kind) = EndKind::from_name(&event_target_value(&event)) {
            edited.update(|edited| edited.ends = kind);
        }
    };
    let save = move |_| {
        let seen = policy.get_value();
        let Some(terms) = edited.with_untracked(|edited| edited.applied(&seen.terms, clock::now())) else {
            let fields = [(PolicyField::Name, NAME), (PolicyField::Days, DAYS), (PolicyField::Date, DATE)];
            let first = fields.into_iter().find(|(field, _)| edited.with_untracked(|edited| faulty(edited, *field).is_some()));
            return first.into_iter().for_each(|(_, id)| focus::now(id));
        };
        if terms == seen.terms {
            return editing.set(false);
        }
        change.make(Change::Policy { seen: Box::new(seen), terms: Box::new(terms) }, "Saved.");
    };
    let is_outdated = move || {
        let is_outdated = |failure: &ChangeFailure| {
            matches!(failure, ChangeFailure::ChangedMeanwhile | ChangeFailure::Unsure(_) | ChangeFailure::NotReadBack)
        };
        change.failed.with(|failed| failed.as_ref().is_some_and(is_outdated))
    };
    view! {
        <Field id=NAME label="Name" hint="Shown to whoever asks." error=fault(PolicyField::Name) let:ids>
            <input id=ids.control class="input" type="text" autocomplete="off" aria-describedby=ids.described aria-invalid=invalid(PolicyField::Name) prop:value=move || edited.with(|edited| edited.name.clone())
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
            <Field id=DAYS label="Days" hint="" error=fault(PolicyField::Days) let:ids>
                <input id=ids.control class="input" type="text" inputmode="numeric" autocomplete="off" aria-describedby=ids.described aria-invalid=invalid(PolicyField::Days) prop:value=move || edited.with(|edited| edited.days.clone())
                    on:input=move |event| edited.update(|edited| edited.days = event_target_value(&event))/>
            </Field>
        </Show>
        <Show when=move || ends.get() == EndKind::OnDate>
            <Field id=DATE label="Date" hint="Access ends with this day, in UTC." error=fault(PolicyField::Date) let:ids>
                <input id=ids.control class="input" type="date" aria-describedby=ids.described aria-invalid=invalid(PolicyField::Date) prop:value=move || edited.with(|edited| edited.date.clone())
                    on:input=move |event| edited.update(|edited| edited.date = event_target_value(&event))/>
            </Field>
        </Show>
        <Show when=move || can_be_asked>
            <label class="check"><input type="checkbox" prop:checked=move || edited.with(|edited| edited.takes_requests)
                on:change=move |event| edited.update(|edited| edited.takes_requests = event_target_checked(&event))/>"People can ask for it themselves"</label>
            <label class="check"><input type="checkbox" prop:checked=move || edited.with(|edited| edited.can_extend)
                on:change=move |event| edited.update(|edited| edited.can_extend = event_target_checked(&event))/>"People can ask for more time"</label>
        </Show>
        <Show when=move || can_want_reason>
            <label class="check"><input type="checkbox" prop:checked=move || edited.with(|edited| edited.wants_reason)
                on:change=move |event| edited.update(|edited| edited.wants_reason = event_target_checked(&event))/>"Whoever asks gives a reason"</label>
        </Show>
        <InHand change/>
        <Show when=is_outdated><button class="button" type="button" on:click=move |_| again.run(())>"Read the policy again"</button></Show>
        <div class="row commands"><button class="button primary" type="button" aria-disabled=move || change.is_under_way.get().to_string() on:click=save>"Save"</button></div>
    }
}
