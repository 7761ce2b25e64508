//! A catalog as a picture, with a table beside it that says the same.

use super::reading::{NotLearnt, WhenRead};
use crate::app::parts::field::Field;
use crate::app::routes::Route;
use crate::app::state::AppState;
use crate::app::state::access_packages::AccessPackages;
use guestlist::entitlement::inventory::Inventory;
use guestlist::entitlement::map::{self, AccessMap, DRAWN, MapColumn, MapNode};
use guestlist::words::{count, grouped, shortened};
use leptos::prelude::*;
use std::sync::Arc;

/// Width of a column, height of a row and of what stands in it, in CSS pixels.
const COLUMN: usize = 230;
const ROW: usize = 40;
const BOX: (usize, usize) = (186, 30);
/// Beside the first column.
const EDGE: usize = 12;
/// Signs of a label that fit.
const FITS: usize = 24;

#[component]
pub fn PackageMap() -> impl IntoView {
    view! {
        <p><a class="link" href=Route::SelfService { find: String::new() }.hash()>"All access packages"</a></p>
        <h1 id="view" tabindex="-1">"Map of access packages"</h1>
        <p class="hint">"What a catalog holds: its resources, the packages that give them, their policies, and who can ask under these."</p>
        <WhenRead>{
            let part = AccessPackages::of(AppState::here());
            move || part.inventory.get().map(|inventory| view! { <Chosen inventory/> })
        }</WhenRead>
    }
}

#[component]
fn Chosen(inventory: Arc<Inventory>) -> impl IntoView {
    let app = AppState::here();
    let part = AccessPackages::of(app);
    let all: Vec<(String, String)> = map::catalogs(&inventory)
        .into_iter()
        .map(|(catalog, packages)| {
            let name = catalog.display_name.clone().unwrap_or_default();
            (catalog.id.clone(), format!("{name} ({})", count(packages, "package", "packages")))
        })
        .collect();
    if all.is_empty() {
        return view! { <p class="hint">"There are no access packages that you may see."</p> }.into_any();
    }
    let first = all[0].0.clone();
    let wanted = Memo::new(move |_| {
        app.navigator
            .route
            .with(|route| if let Route::PackageMap { catalog, from } = route { (catalog.clone(), *from) } else { <_>::default() })
    });
    let catalog = Memo::new(move |_| wanted.with(|(catalog, _)| if catalog.is_empty() { first.clone() } else { catalog.clone() }));
    let options = move || {
        let all = all.clone().into_iter();
        all.map(|(id, words)| view! { <option selected=catalog.with(|chosen| *chosen == id) value=id>{words}</option> }).collect_view()
    };
    let from = Memo::new(move |_| wanted.with(|(_, from)| *from / DRAWN * DRAWN));
    Effect::new(move || part.read_contents(catalog.get()));
    let drawn = Memo::new(move |_| {
        catalog.with(|catalog| {
            part.contents.with(|contents| {
                let resources = contents.get(catalog).and_then(|read| read.as_ref().ok());
                map::of_catalog(&inventory, catalog, resources.map(Vec::as_slice).unwrap_or_default(), from.get())
            })
        })
    });
    let go = move |catalog: String, from: usize| app.navigator.adjust(Route::PackageMap { catalog, from });
    let choose = move |event| go(event_target_value(&event), 0);
    let turn = move |to: usize| go(catalog.get_untracked(), to);
    let said = move || {
        let (shown, of) = drawn.with(|map| (map.rows.len(), map.packages));
        let of_all = count(of, "package", "packages");
        if shown == of || shown == 0 {
            of_all
        } else {
            format!("{}–{} of {of_all}", grouped(from.get() + 1), grouped(from.get() + shown))
        }
    };
    let failed = move || {
        let failure = catalog.with(|catalog| part.contents.with(|contents| contents.get(catalog)?.as_ref().err().cloned()))?;
        let again = move |()| part.read_contents(catalog.get_untracked());
        Some(view! { <p>"The catalog's resources could not be read, so they are shown by their ids."</p><NotLearnt failure again/> })
    };
    let is_empty = move || drawn.with(|map| map.rows.is_empty());
    let has_more = move || drawn.with(|map| map.packages > from.get() + map.rows.len());
    let back = move |_| {
        if from.get_untracked() > 0 {
            turn(from.get_untracked().saturating_sub(DRAWN));
        }
    };
    let ahead = move |_| {
        if untrack(has_more) {
            turn(from.get_untracked() + DRAWN);
        }
    };
    view! {
        <div class="row find">
            <Field label="Catalog" hint="" error="" let:ids>
                <select id=ids.control class="input" prop:value=move || catalog.get() on:change=choose>{options}</select>
            </Field>
        </div>
        <p role="status">{said}</p>
        <Show when=move || drawn.with(|map| map.packages > DRAWN)>
            <div class="row commands">
                <button class="button" type="button" aria-disabled=move || (from.get() == 0).to_string() on:click=back>"Previous"</button>
                <button class="button" type="button" aria-disabled=move || (!has_more()).to_string() on:click=ahead>"Next"</button>
            </div>
        </Show>
        {failed}
        <Show when=is_empty><p class="hint">"There are no such packages, or you may not see them."</p></Show>
        <Show when=move || !is_empty()>{move || drawn.with(picture)}{move || drawn.with(table)}</Show>
    }
    .into_any()
}

/// Where something stands, in CSS pixels: the left upper corner.
const fn corner(node: &MapNode) -> (usize, usize) {
    (EDGE + node.column as usize * COLUMN, (node.place + 1) * ROW)
}

fn picture(map: &AccessMap) -> AnyView {
    let rows = map.nodes.iter().map(|node| node.place + 1).max().unwrap_or(0);
    let (width, height) = (EDGE + MapColumn::ALL.len() * COLUMN, (rows + 1) * ROW);
    let headings = MapColumn::ALL.map(|column| {
        let left = EDGE + column as usize * COLUMN;
        view! { <text class="map-heading" x=left y=ROW / 2>{column.heading()}</text> }
    });
    let line = |(from, to): &(usize, usize)| {
        let ((left, top), (right, bottom)) = (corner(&map.nodes[*from]), corner(&map.nodes[*to]));
        let (left, top, bottom) = (left + BOX.0, top + BOX.1 / 2, bottom + BOX.1 / 2);
        let middle = usize::midpoint(left, right);
        view! { <path class="map-line" d=format!("M{left} {top}C{middle} {top} {middle} {bottom} {right} {bottom}")/> }
    };
    let shown = |node: &MapNode| {
        let (left, top) = corner(node);
        let words = if node.is_marked { format!("⚠ {}", node.label) } else { node.label.clone() };
        view! {
            <g class="map-node" class:caution=node.is_marked>
                <title>{node.label.clone()}</title>
                <rect x=left y=top width=BOX.0 height=BOX.1 rx="4"/>
                <text x=left + 8 y=top + BOX.1 / 2>{shortened(&words, FITS).into_owned()}</text>
            </g>
        }
    };
    let label = format!(
        "Picture of {} with what they give and who can ask for them; the table below says the same.",
        count(map.rows.len(), "access package", "access packages")
    );
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Map">
            <svg class="map" role="img" aria-label=label width=width height=height viewBox=format!("0 0 {width} {height}")>
                {headings}
                {map.edges.iter().map(line).collect_view()}
                {map.nodes.iter().map(shown).collect_view()}
            </svg>
        </div>
    }
    .into_any()
}

fn table(map: &AccessMap) -> AnyView {
    let row = |row: &map::MapRow| {
        let link = Route::Package(row.id.clone()).hash();
        let [resources, policies, audiences] = [&row.resources, &row.policies, &row.audiences].map(|all| all.join(", "));
        view! {
            <tr><th scope="row"><a class="link" href=link>{row.package.clone()}</a></th><td>{resources}</td><td>{policies}</td><td>{audiences}</td><td>{row.suggestions.join(", ")}</td></tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="The same as a table"><table class="plain"><caption class="unseen">"Packages of the catalog, what they give and who can ask for them"</caption>
            <thead><tr><th scope="col">"Package"</th><th scope="col">"Resources"</th><th scope="col">"Policies"</th><th scope="col">"Who can ask"</th><th scope="col">"Suggestions"</th></tr></thead>
            <tbody>{map.rows.iter().map(row).collect_view()}</tbody></table></div>
    }
    .into_any()
}
