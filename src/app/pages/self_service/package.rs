//! One access package: the link by which it is asked for, what is inside, its policies in words, and what is worth a look.

use super::catalog::{CatalogMend, MendCatalog};
use super::commands::Commands;
use super::policy::Policy;
use super::reading::{NotLearnt, WhenRead};
use super::visitor::WhatTheySee;
use crate::app::parts::copy::Copy;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::Route;
use crate::app::state::AppState;
use crate::app::state::access_packages::AccessPackages;
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::assignment_policies::AssignmentPolicy;
use graph::entitlement::catalogs::CatalogState;
use guestlist::entitlement::contents::{self, Given};
use guestlist::entitlement::inventory::Inventory;
use guestlist::entitlement::suggestions::Suggestion;
use guestlist::entitlement::{link, suggestions};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Package() -> impl IntoView {
    let app = AppState::here();
    let part = AccessPackages::of(app);
    // The address may lead from one package to another.
    let id = Memo::new(move |_| app.navigator.route.with(|route| if let Route::Package(id) = route { id.clone() } else { String::new() }));
    let name = move || {
        let found = part.inventory.with(|inventory| id.with(|id| inventory.as_ref()?.package(id)?.display_name.clone()));
        found.unwrap_or_else(|| "Access package".into())
    };
    // What is read anew and is the same redraws nothing, so that what somebody types stays.
    let package = Memo::new(move |_| part.inventory.with(|inventory| id.with(|id| inventory.as_ref()?.package(id).cloned())));
    let known = move || match (package.get(), part.inventory.get_untracked()) {
        (Some(package), Some(inventory)) => view! { <Known package inventory/> }.into_any(),
        _ => view! { <Notice tone=Tone::Warning><p>"This access package is not there, or you may not see it."</p></Notice> }.into_any(),
    };
    view! {
        <p><a class="link" href=Route::SelfService { find: String::new() }.hash()>"All access packages"</a></p>
        <h1 id="view" tabindex="-1">{name}</h1>
        <WhenRead>{known}</WhenRead>
    }
}

#[component]
fn Known(package: AccessPackage, inventory: Arc<Inventory>) -> impl IntoView {
    let suggestions = suggestions::of_package(&package, &inventory);
    let policies = package.assignment_policies.clone().unwrap_or_default();
    let has_no_policy = policies.is_empty();
    let of_policies = Arc::clone(&inventory);
    let id = package.id.clone();
    let policies = move || {
        let card =
            |policy: &AssignmentPolicy| view! { <Policy package=id.clone() policy=policy.clone() inventory=Arc::clone(&of_policies)/> };
        policies.iter().map(card).collect_view()
    };
    let mendable = package.clone();
    let of_catalog = Arc::clone(&inventory);
    let mend = move |suggestion: &Suggestion| {
        let mend = CatalogMend::of(suggestion)?;
        Some(view! { <MendCatalog mend package=mendable.clone() inventory=Arc::clone(&of_catalog)/> })
    };
    let suggestion = |one: Suggestion| {
        let mend = mend(&one);
        view! { <Notice tone=Tone::Warning><strong>{one.title()}</strong><p>{one.words()}</p>{mend}</Notice> }
    };
    let suggestions = suggestions.into_iter().map(suggestion).collect_view();
    view! {
        <div class="sections">
        <p>{package.description.clone().unwrap_or_default()}</p>
        <Commands package=package.clone()/>
        <NotTaken package=package.id.clone()/>
        <Link package=package.id.clone() is_hidden=package.is_hidden/>
        {suggestions}
        <Contents package=package.clone() are_roles_known=inventory.are_roles_known/>
        <h2>"Policies"</h2>
        {policies}
        <Show when=move || has_no_policy><p class="hint">"It has no policy, so nobody can ask for it."</p></Show>
        <WhatTheySee package inventory/>
        </div>
    }
}

/// The address that whoever may ask opens.
#[component]
fn Link(package: String, is_hidden: bool) -> impl IntoView {
    let app = AppState::here();
    let my_access = link::my_access(&app.accounts.place.authority);
    let is_unknown = my_access.is_none();
    let address = Memo::new(move |_| {
        let known = app.organization.snapshot()?;
        Some(link::of_package(my_access.as_deref()?, known.organization.default_domain(), &package))
    });
    let words = if is_hidden { "Only people with this link find it." } else { "People who may ask also find it in My Access." };
    view! {
        <Show when=move || is_unknown><p class="hint">{link::UNKNOWN}</p></Show>
        <Show when=move || address.with(Option::is_some)>
            <p class="breakable"><span class="label">"Link: "</span>{move || address.get()}</p>
            <div class="row commands"><Copy label="Copy request link" text=Signal::derive(move || address.get().unwrap_or_default())/><span class="hint">{words}</span></div>
        </Show>
    }
}

/// What whoever gets the package gets with it.
#[component]
fn Contents(package: AccessPackage, are_roles_known: bool) -> impl IntoView {
    let part = AccessPackages::of(AppState::here());
    let catalog = package.catalog.clone().unwrap_or_default();
    let is_published = catalog.state != Some(CatalogState::Unpublished);
    let visible = if catalog.is_externally_visible { "visible to external users" } else { "not visible to external users" };
    let of_catalog = format!(
        "{}: {}, {visible}.",
        catalog.display_name.clone().unwrap_or_default(),
        if is_published { "published" } else { "not published" }
    );
    let roles = package.resource_role_scopes.unwrap_or_default();
    let is_empty = roles.is_empty();
    if !is_empty && !catalog.id.is_empty() {
        part.read_contents(catalog.id.clone());
    }
    let catalog = StoredValue::new(catalog.id);
    let read = Memo::new(move |_| part.contents.with(|contents| catalog.with_value(|id| contents.get(id).cloned())));
    let failed = move || {
        let failure = read.get().and_then(Result::err).filter(|_| are_roles_known)?;
        let again = move |()| part.read_contents(catalog.get_value());
        Some(view! { <p>"The catalog's resources could not be read, so they are shown by their ids."</p><NotLearnt failure again/> })
    };
    let given = move || {
        let all = read.get().and_then(Result::ok);
        let line = |Given { kind, resource, role, .. }| view! { <tr><th scope="row">{resource}</th><td>{kind}</td><td>{role}</td></tr> };
        contents::given(&roles, all.as_deref().unwrap_or_default()).into_iter().map(line).collect_view()
    };
    view! {
        <h2>"What people get"</h2>
        {match (are_roles_known, is_empty) {
            (false, _) => view! { <p class="hint">"This cloud does not tell what is in a package."</p> }.into_any(),
            (true, true) => view! { <p class="hint">"Nothing yet."</p> }.into_any(),
            (true, false) => view! {
                <div class="scroll" tabindex="0" role="group" aria-label="What people get"><table class="plain"><caption class="unseen">"Groups, apps and sites of this package"</caption>
                    <thead><tr><th scope="col">"Resource"</th><th scope="col">"Type"</th><th scope="col">"Role"</th></tr></thead>
                    <tbody>{given}</tbody></table></div>
            }.into_any(),
        }}
        {failed}
        <p class="hint">"Catalog "{of_catalog}</p>
    }
}

/// What Microsoft did not take over of the policy that was changed last.
#[component]
fn NotTaken(package: String) -> impl IntoView {
    let part = AccessPackages::of(AppState::here());
    move || {
        let parts =
            part.not_taken.with(|not_taken| not_taken.as_ref().filter(|(of, _)| *of == package).map(|(_, parts)| parts.join(", ")))?;
        Some(view! {
            <Notice tone=Tone::Warning><strong>"Microsoft saved the policy, but not all of it."</strong>
                <p>"It did not take over: "<code>{parts}</code>". Look at the policy in the Microsoft Entra admin center."</p></Notice>
        })
    }
}
