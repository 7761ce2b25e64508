//! "What will somebody see?": whether people of an organization, guests or members can ask for a package, and why not.

use crate::app::parts::field::Field;
use crate::app::parts::icon::{Glyph, Icon};
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::connected_organizations::ConnectedOrganization;
use guestlist::entitlement::audience::{Sight, Visitor, VisitorAccount, sight};
use guestlist::entitlement::inventory::Inventory;
use guestlist::entitlement::terms;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who can be looked through the eyes of: what each is called, and who that is.
fn visitors(inventory: &Inventory) -> Vec<(String, Visitor)> {
    let account = |is_guest| Visitor { account: Some(VisitorAccount { is_guest, ..VisitorAccount::default() }), organization: None };
    let named = |organization: &ConnectedOrganization| organization.display_name.clone().unwrap_or_default();
    let mut organizations: Vec<&ConnectedOrganization> = inventory.organizations.iter().flat_map(BTreeMap::values).collect();
    organizations.sort_by_cached_key(|organization| named(organization).to_lowercase());
    let of_organization = organizations.into_iter().map(|organization| {
        let visitor = Visitor { account: None, organization: Some(organization.id.clone()) };
        (format!("Somebody from {}", named(organization)), visitor)
    });
    let others = [
        ("Somebody whose organization is not connected", Visitor::default()),
        ("A guest of your organization", account(true)),
        ("A member of your organization", account(false)),
    ];
    of_organization.chain(others.map(|(name, visitor)| (name.to_owned(), visitor))).collect()
}

#[component]
pub(super) fn WhatTheySee(package: AccessPackage, inventory: Arc<Inventory>) -> impl IntoView {
    let all = visitors(&inventory);
    let names: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    let chosen = RwSignal::new(0);
    let choose = move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0));
    let told = move || {
        let Some((_, visitor)) = all.get(chosen.get()) else { return ().into_any() };
        match sight(&package, visitor, &inventory) {
            Sight::CanAsk(policy) => {
                let facts = [("Approval", terms::approval(&policy.terms)), ("Access ends", terms::ends(&policy.terms))];
                let hidden = package.is_hidden.then_some(" It is hidden, so they need the link.");
                view! {
                    <p><span class="good"><Glyph icon=Icon::Good/>" They can ask"</span>{format!(" under “{}”.", policy.terms.display_name)}{hidden}</p>
                    <dl class="facts">{facts.map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> }).collect_view()}</dl>
                }
                .into_any()
            }
            Sight::Cannot(obstacles) => view! {
                <p><span class="danger"><Glyph icon=Icon::Bad/>" They cannot ask."</span></p>
                <ul>{obstacles.into_iter().map(|obstacle| view! { <li>{obstacle.words()}</li> }).collect_view()}</ul>
            }
            .into_any(),
        }
    };
    view! {
        <h2>"What will they see?"</h2>
        <Field label="Look as" hint="Blocked domains and one-time passcodes that are off keep people out as well; this page may not read those settings." error="" let:ids>
            <select id=ids.control class="input" aria-describedby=ids.described on:change=choose>
                {names.into_iter().enumerate().map(|(place, name)| view! { <option value=place.to_string()>{name}</option> }).collect_view()}
            </select>
        </Field>
        <div role="status">{told}</div>
    }
}
