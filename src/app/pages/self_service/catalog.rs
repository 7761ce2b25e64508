//! What of a catalog keeps its packages from people, mended in place: it is asked first, since it concerns all packages in it.

use super::commands::{ChangeInHand, InHand, WhenAllowed};
use crate::app::parts::dialog::Dialog;
use crate::app::state::AppState;
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::catalogs::CatalogState;
use graph::entitlement::{EntitlementChange, OwnChange};
use guestlist::entitlement::changing::Change;
use guestlist::entitlement::inventory::Inventory;
use guestlist::entitlement::suggestions::Suggestion;
use guestlist::words::count;
use leptos::prelude::*;
use std::sync::Arc;

/// What can be done about a suggestion that is about the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CatalogMend {
    /// People of other organisations come to see it.
    ShowToOutsiders,
    /// It is no draft any more.
    Publish,
}

impl CatalogMend {
    pub fn of(suggestion: &Suggestion) -> Option<Self> {
        match suggestion {
            Suggestion::HiddenFromOutside => Some(Self::ShowToOutsiders),
            Suggestion::NotPublished => Some(Self::Publish),
            _ => None,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::ShowToOutsiders => "Show catalog to external users",
            Self::Publish => "Publish catalog",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::ShowToOutsiders => "Show catalog to external users?",
            Self::Publish => "Publish catalog?",
        }
    }

    const fn told(self) -> &'static str {
        match self {
            Self::ShowToOutsiders => "The catalog is visible to external users now.",
            Self::Publish => "The catalog is published now.",
        }
    }

    /// What it does to so many packages.
    fn question(self, catalog: &str, packages: usize) -> String {
        let packages = count(packages, "access package", "access packages");
        match self {
            Self::ShowToOutsiders => format!(
                "The catalog {catalog} holds {packages} that you see. External users will see those of them that a policy lets them ask for."
            ),
            Self::Publish => {
                format!("The catalog {catalog} holds {packages} that you see. Whoever a policy lets ask will be able to do so.")
            }
        }
    }

    fn change(self) -> EntitlementChange {
        let (state, is_externally_visible) = match self {
            Self::ShowToOutsiders => (None, Some(true)),
            Self::Publish => (Some(CatalogState::Published), None),
        };
        OwnChange::Catalog { state, is_externally_visible }.into()
    }
}

/// The button, and the question behind it.
#[component]
pub(super) fn MendCatalog(mend: CatalogMend, package: AccessPackage, inventory: Arc<Inventory>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let change = ChangeInHand::new(AppState::here(), &package.id, asking);
    let catalog = package.catalog.unwrap_or_default();
    let is_within = |other: &&AccessPackage| other.catalog.as_ref().is_some_and(|own| own.id == catalog.id);
    let packages = inventory.packages.iter().filter(is_within).count();
    let question = mend.question(catalog.display_name.as_deref().unwrap_or_default(), packages);
    let catalog = StoredValue::new(catalog.id);
    let wanted = move || Change::Update { id: catalog.get_value(), change: mend.change() };
    view! {
        <button class="button" type="button" on:click=move |_| asking.set(true)>{mend.label()}</button>
        <Dialog title=mend.title() open=asking>
            <p>{question.clone()}</p>
            <WhenAllowed>
                <InHand change/>
                <button class="button primary" type="button" aria-disabled=move || change.is_under_way.get().to_string()
                    on:click=move |_| change.make(wanted(), mend.told())>{mend.label()}</button>
            </WhenAllowed>
        </Dialog>
    }
}
