//! All access packages: who can ask for each, whether somebody has to say yes, when it ends, and what is worth a look.

use super::reading::WhenRead;
use crate::app::effects::is_narrow;
use crate::app::parts::field::Field;
use crate::app::parts::grid::{CellLook, GridCell, GridRow, ReadOnlyTable, RowButton, RowShape, RowsModel};
use crate::app::parts::icon::Icon;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::Route;
use crate::app::state::AppState;
use crate::app::state::access_packages::AccessPackages;
use graph::entitlement::access_packages::AccessPackage;
use guestlist::entitlement::inventory::Inventory;
use guestlist::entitlement::{suggestions, terms};
use guestlist::words::count;
use leptos::prelude::*;
use std::sync::Arc;

/// Columns and the least width of a row in CSS pixels: package, catalog, who, approval, end, suggestion, and the button.
const LINE: (&str, i32) = ("minmax(200px, 2fr) minmax(120px, 1fr) minmax(180px, 2fr) 90px minmax(110px, 1fr) minmax(160px, 2fr) 48px", 912);
/// Package above who, and the button; its page tells the rest.
const CARD: (&str, i32) = ("minmax(0, 1fr) 40px", 0);

#[component]
pub fn Packages() -> impl IntoView {
    view! {
        <h1 id="view" tabindex="-1">"Self-service"</h1>
        <p class="hint">"Access packages: partners ask for access themselves, under policies that your organization controls."</p>
        <WhenRead>{
            let part = AccessPackages::of(AppState::here());
            move || part.inventory.get().map(|inventory| view! { <Listed inventory/> })
        }</WhenRead>
    }
}

/// What a list says of a package.
struct ListedPackage {
    id: String,
    name: String,
    catalog: String,
    who: String,
    approval: String,
    ends: String,
    /// The gravest, with how many there are beside it; and all of them.
    suggestions: Option<(String, String)>,
    /// What is looked through: names and who, in lower case.
    sought: String,
}

fn listed(inventory: &Inventory) -> Vec<ListedPackage> {
    let line = |package: &AccessPackage| {
        let policies = package.assignment_policies.as_deref().unwrap_or_default();
        let first = terms::first(policies).map(|policy| &policy.terms);
        let name = package.display_name.clone().unwrap_or_default();
        let catalog = package.catalog.as_ref().and_then(|catalog| catalog.display_name.clone()).unwrap_or_default();
        let who = first.map_or_else(|| "Nobody: it has no policy".into(), |terms| terms::who(terms, inventory));
        ListedPackage {
            sought: [&name, &catalog, &who].map(|text| text.to_lowercase()).join(" "),
            approval: first.map(terms::approval).unwrap_or_default(),
            ends: first.map(terms::ends).unwrap_or_default(),
            id: package.id.clone(),
            name,
            catalog,
            who,
            suggestions: suggestions::in_short(&suggestions::of_package(package, inventory)),
        }
    };
    inventory.packages.iter().map(line).collect()
}

#[component]
fn Listed(inventory: Arc<Inventory>) -> impl IntoView {
    let app = AppState::here();
    let (has_more, is_blind) = (inventory.has_more, inventory.organizations.is_none());
    let all = StoredValue::new(listed(&inventory));
    let find = Memo::new(move |_| {
        app.navigator.route.with(|route| if let Route::SelfService { find } = route { find.clone() } else { String::new() })
    });
    let places = Memo::new(move |_| {
        let words: Vec<String> = find.get().split_whitespace().map(str::to_lowercase).collect();
        let fits = |package: &ListedPackage| words.iter().all(|word| package.sought.contains(word));
        all.with_value(|all| (0..all.len()).filter(|place| fits(&all[*place])).collect::<Vec<_>>())
    });
    let typed = move |event| app.navigator.adjust(Route::SelfService { find: event_target_value(&event) });
    let refresh = move |_| AccessPackages::of(app).read();
    let said = move || {
        let (shown, of) = (places.with(Vec::len), all.with_value(Vec::len));
        if shown == of {
            count(of, "access package", "access packages")
        } else {
            format!("{shown} of {}", count(of, "access package", "access packages"))
        }
    };
    let none = move || {
        if all.with_value(Vec::is_empty) {
            "There are no access packages that you may see. Packages of a catalog are seen by its owners and readers.".to_owned()
        } else {
            format!("No results for “{}”.", find.get())
        }
    };
    view! {
        {has_more.then(|| view! { <Notice tone=Tone::Warning><p>"There are more packages than Microsoft says a tenant may have; the rest is not shown."</p></Notice> })}
        {is_blind.then(|| view! { <Notice tone=Tone::Info><p>"Connected organizations could not be read, so they are counted and not named. That takes the role Identity Governance Administrator or Global Reader."</p></Notice> })}
        <div class="row find">
            <Field label="Search packages" hint="" error="" let:ids>
                <input id=ids.control class="input" type="search" autocomplete="off" prop:value=move || find.get() on:input=typed/>
            </Field>
            <span class="gap"></span>
            <a class="button" href=Route::PackageMap { catalog: String::new(), from: 0 }.hash()>"Map"</a>
            <button class="button" type="button" on:click=refresh>"Refresh"</button>
        </div>
        <p role="status">{said}</p>
        <ReadOnlyTable label="Access packages" rows=rows(app, all, places)/>
        <Show when=move || places.with(Vec::is_empty)><p class="hint">{none}</p></Show>
    }
}

fn rows(app: AppState, all: StoredValue<Vec<ListedPackage>>, places: Memo<Vec<usize>>) -> RowsModel {
    let narrow = is_narrow();
    let of = move |shown: usize| places.with_untracked(|places| places.get(shown).copied());
    RowsModel {
        id: "packages",
        headings: Signal::derive(move || {
            let all = if narrow {
                vec!["Package", "Who can ask"]
            } else {
                vec!["Package", "Catalog", "Who can ask", "Approval", "Ends", "Suggestions"]
            };
            all.into_iter().map(str::to_owned).collect()
        }),
        count: Memo::new(move |_| places.with(Vec::len)).into(),
        version: Signal::derive(move || {
            places.track();
            0
        }),
        row: Callback::new(move |shown: usize| {
            let Some(place) = of(shown) else { return GridRow::default() };
            all.with_value(|all| {
                let package = &all[place];
                let plain = |text: &str| GridCell { text: text.to_owned(), ..GridCell::default() };
                let suggestions = package.suggestions.clone().map_or_else(GridCell::default, |(text, whole)| GridCell {
                    text,
                    whole: Some(whole),
                    look: CellLook::With(Icon::Warning, "caution"),
                });
                let [name, catalog, who] = [&package.name, &package.catalog, &package.who].map(|text| plain(text));
                let cells = if narrow {
                    vec![name, who]
                } else {
                    vec![name, catalog, who, plain(&package.approval), plain(&package.ends), suggestions]
                };
                GridRow { number: place + 1, cells, button: Some(format!("Open {}", package.name)), choice: None }
            })
        }),
        template: Signal::derive(move || {
            let (template, least) = if narrow { CARD } else { LINE };
            (template.to_owned(), least)
        }),
        button: RowButton {
            icon: Icon::Next,
            heading: "Open",
            press: Callback::new(move |shown: usize| {
                if let Some(id) = of(shown).map(|place| all.with_value(|all| all[place].id.clone())) {
                    app.navigator.go(&Route::Package(id));
                }
            }),
        },
        shape: if narrow { RowShape::Card } else { RowShape::Line },
        choose: None,
    }
}
