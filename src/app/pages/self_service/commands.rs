//! What can be done with an access package: it is renamed, hidden or shown, deleted. Each asks for the permission that it takes, and says why
//! it came to nothing where it was asked for.

use super::reading::NotLearnt;
use crate::app::effects::{clock, focus, spawn};
use crate::app::pages::missing_permission::MissingPermission;
use crate::app::parts::dialog::Dialog;
use crate::app::parts::field::Field;
use crate::app::parts::notice::Problem;
use crate::app::routes::Route;
use crate::app::state::AppState;
use crate::app::state::access_packages::AccessPackages;
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::{EntitlementChange, OwnChange};
use guestlist::entitlement::changing::{Change, ChangeFailure};
use guestlist::entitlement::holders;
use guestlist::permissions::ENTITLEMENT_CHANGES;
use guestlist::protocol::ReadFailure;
use guestlist::words::{Explain, grouped};
use leptos::prelude::*;

/// A change of a package that a dialog makes.
#[derive(Clone, Copy)]
pub(super) struct ChangeInHand {
    app: AppState,
    package: StoredValue<String>,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    pub is_under_way: RwSignal<bool>,
    pub failed: RwSignal<Option<ChangeFailure>>,
}

impl ChangeInHand {
    pub fn new(app: AppState, package: &str, open: RwSignal<bool>) -> Self {
        Self { app, package: StoredValue::new(package.into()), open, is_under_way: RwSignal::new(false), failed: RwSignal::new(None) }
    }

    /// Makes the change, unless one is under way. Once it is made, the dialog closes, and `told` is said.
    pub fn make(self, change: Change, told: &'static str) {
        if self.is_under_way.get_untracked() {
            return;
        }
        self.is_under_way.set(true);
        self.failed.set(None);
        let (package, is_deletion) = (self.package.get_value(), change == Change::Delete);
        spawn(async move {
            let made = AccessPackages::of(self.app).change(&package, change).await;
            // The page may be another by now.
            _ = self.is_under_way.try_set(false);
            match made {
                Ok(is_whole) => {
                    _ = self.open.try_set(false);
                    // Nobody is taken away from elsewhere.
                    let is_here = self.app.navigator.route.with_untracked(|route| *route == Route::Package(package));
                    if is_deletion && is_here {
                        self.app.navigator.go(&Route::SelfService { find: String::new() });
                    }
                    // What is said behind a modal dialog is not heard.
                    clock::frame().await;
                    self.app.announcer.politely(if is_whole { told } else { "Saved, but not all of it. The page says what is missing." });
                    focus::if_lost("view");
                }
                Err(failure) => {
                    // Whoever has closed it meanwhile is told, too.
                    _ = self.open.try_set(true);
                    self.app.announcer.at_once(failure.words().what);
                    _ = self.failed.try_set(Some(failure));
                }
            }
        });
    }
}

/// That a change is under way, or why it came to nothing.
#[component]
pub(super) fn InHand(change: ChangeInHand) -> impl IntoView {
    view! {
        <Show when=move || change.is_under_way.get()><p class="hint" role="status">"Saving …"</p></Show>
        {move || change.failed.get().map(|failure| view! { <Problem words=failure.words() details=failure.details()/> })}
    }
}

/// Of what a change takes, what this tab may not do yet.
pub(super) fn missing(app: AppState) -> Memo<Vec<&'static str>> {
    Memo::new(move |_| {
        app.accounts.scopes.with(|scopes| [ENTITLEMENT_CHANGES].into_iter().filter(|scope| !scopes.contains(scope)).collect())
    })
}

/// Asks for what a change takes; what is in it stands there once this tab may make one.
#[component]
pub(super) fn WhenAllowed(children: ChildrenFn) -> impl IntoView {
    let missing = missing(AppState::here());
    view! {
        <MissingPermission missing what="Changing access packages takes" after="You need a role that may change this one as well, such as Identity Governance Administrator, or owner of its catalog."/>
        <Show when=move || missing.with(Vec::is_empty)>{children()}</Show>
    }
}

/// The bar of commands.
#[component]
pub(super) fn Commands(package: AccessPackage) -> impl IntoView {
    let app = AppState::here();
    let (editing, hiding, deleting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let is_hidden = package.is_hidden;
    let id = package.id.clone();
    let package = StoredValue::new(package);
    let hide = move || {
        let change = EntitlementChange::from(OwnChange::AccessPackage { is_hidden: Some(!is_hidden) });
        Change::Update { id: id.clone(), change }
    };
    let hide = StoredValue::new(hide);
    let change = ChangeInHand::new(app, &package.with_value(|package| package.id.clone()), hiding);
    let label = if is_hidden { "Show in My Access" } else { "Hide from My Access" };
    let told = if is_hidden { "It is shown in My Access now." } else { "It is hidden from My Access now." };
    view! {
        <div class="row commands" role="group" aria-label="Access package">
            <button class="button" type="button" on:click=move |_| editing.set(true)>"Edit"</button>
            <button class="button" type="button" on:click=move |_| hiding.set(true)>{label}</button>
            <button class="button" type="button" on:click=move |_| deleting.set(true)>"Delete"</button>
        </div>
        <Dialog title="Edit access package" open=editing>
            <WhenAllowed><Names package=package.get_value() editing/></WhenAllowed>
        </Dialog>
        <Dialog title=if is_hidden { "Show in My Access?" } else { "Hide from My Access?" } open=hiding>
            <p>{if is_hidden { "Whoever may ask for it will find it in My Access." } else { "Nobody will find it in My Access any more. Whoever has its link can still ask, and whoever has access keeps it." }}</p>
            <WhenAllowed>
                <InHand change/>
                <button class="button primary" type="button" aria-disabled=move || change.is_under_way.get().to_string()
                    on:click=move |_| change.make(hide.with_value(|hide| hide()), told)>{label}</button>
            </WhenAllowed>
        </Dialog>
        <Dialog title="Delete access package?" open=deleting>
            <WhenAllowed><Deletion package=package.get_value() deleting/></WhenAllowed>
        </Dialog>
    }
}

/// Name and description.
#[component]
fn Names(package: AccessPackage, editing: RwSignal<bool>) -> impl IntoView {
    let app = AppState::here();
    let change = ChangeInHand::new(app, &package.id, editing);
    let name = RwSignal::new(package.display_name.clone().unwrap_or_default());
    let description = RwSignal::new(package.description.clone().unwrap_or_default());
    let fault = move || if name.with(|name| name.trim().is_empty()) { "An access package needs a name." } else { "" };
    let save = move |_| {
        if !fault().is_empty() {
            return focus::now("package-name");
        }
        let own = OwnChange::AccessPackage { is_hidden: None };
        let different = |was: &Option<String>, now: String| (was.as_deref().unwrap_or_default() != now).then(|| now.trim().to_owned());
        let display_name = different(&package.display_name, name.get_untracked());
        let description = different(&package.description, description.get_untracked());
        if display_name.is_none() && description.is_none() {
            return editing.set(false);
        }
        let wanted = Change::Update { id: package.id.clone(), change: EntitlementChange { display_name, description, own } };
        change.make(wanted, "Saved.");
    };
    view! {
        <Field id="package-name" label="Name" hint="Shown to whoever asks." error=Signal::derive(move || fault().to_owned()) let:ids>
            <input id=ids.control class="input" type="text" autocomplete="off" aria-describedby=ids.described aria-invalid=move || (!fault().is_empty()).then_some("true") prop:value=move || name.get()
                on:input=move |event| name.set(event_target_value(&event))/>
        </Field>
        <Field label="Description" hint="Shown below the name." error="" let:ids>
            <textarea id=ids.control class="input" rows="3" aria-describedby=ids.described prop:value=move || description.get()
                on:input=move |event| description.set(event_target_value(&event))></textarea>
        </Field>
        <InHand change/>
        <button class="button primary" type="button" aria-disabled=move || change.is_under_way.get().to_string() on:click=save>"Save"</button>
    }
}

/// Who stands in the way, or the question whether it is to go.
#[component]
fn Deletion(package: AccessPackage, deleting: RwSignal<bool>) -> impl IntoView {
    let app = AppState::here();
    let change = ChangeInHand::new(app, &package.id, deleting);
    let name = package.display_name.clone().unwrap_or_default();
    let policies = package.assignment_policies.as_deref().unwrap_or_default().len();
    let id = StoredValue::new(package.id);
    // Who has it is read whenever somebody is about to delete it.
    let holders: RwSignal<Option<Result<Option<String>, ReadFailure>>> = RwSignal::new(None);
    let read = move || {
        holders.set(None);
        spawn(async move {
            let read = AccessPackages::of(app).holders(&id.get_value()).await;
            _ = holders.try_set(Some(read.map(|all| holders::in_words(&all))));
        });
    };
    Effect::new(move || {
        if deleting.get() {
            untrack(read);
        }
    });
    let with = match policies {
        0 => String::new(),
        1 => " and its policy".to_owned(),
        many => format!(" and its {} policies", grouped(many)),
    };
    let question = format!("“{name}”{with} will be deleted. Its link stops working. This cannot be undone.");
    move || {
        match holders.get() {
        None => view! { <p class="hint" role="status">"Looking who has it …"</p> }.into_any(),
        Some(Err(failure)) => view! { <p>"Who has it could not be read, so it is not deleted."</p><NotLearnt failure again=move |()| read()/> }.into_any(),
        Some(Ok(Some(words))) => view! {
            <p>{words}</p>
            <p>"It can be deleted once nobody has it. Remove their access first: that takes some minutes. Users who were deleted in the last 30 days count, too."</p>
        }
        .into_any(),
        Some(Ok(None)) => view! {
            <p>{question.clone()}</p>
            <InHand change/>
            <button class="button danger-button" type="button" aria-disabled=move || change.is_under_way.get().to_string()
                on:click=move |_| change.make(Change::Delete, "The access package was deleted.")>"Delete access package"</button>
        }
        .into_any(),
    }
    }
}
