//! Both kinds of rows on one page, in a browser.

use super::*;
use crate::app::effects::{clock, document};
use crate::app::parts::icon::Icon;
use std::collections::BTreeSet;
use time::Millis;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

/// What the style sheet of the page says of where rows stand.
const STYLE: &str = ".grid { position: relative; overflow: auto; overflow-anchor: none; height: 170px } .grid-row { height: 34px } \
    .grid-body { position: relative } .grid-body > .grid-row { position: absolute; top: 0 }";

/// What somebody did in rows, as the page hears it.
#[derive(Clone, Copy)]
struct Heard {
    pressed: RwSignal<Vec<usize>>,
    chosen: RwSignal<BTreeSet<usize>>,
}

fn rows(id: &'static str, count: usize, heard: Heard) -> RowsModel {
    let Heard { pressed, chosen } = heard;
    RowsModel {
        id,
        headings: Signal::derive(|| vec!["Address".to_owned(), "Outcome".to_owned()]),
        count: Signal::derive(move || count),
        version: Signal::derive(move || chosen.with(BTreeSet::len) as u64),
        row: Callback::new(move |row| {
            let cell = |column: usize| {
                let look = if column == 1 { CellLook::With(Icon::Good, "good") } else { CellLook::Plain };
                GridCell { text: format!("{id} {row} {column}"), look, whole: (row == 2).then(|| format!("Whole {column}")) }
            };
            GridRow {
                number: row + 1,
                cells: (0..2).map(cell).collect(),
                button: (row != 3).then(|| format!("Details of {id} {row}")),
                choice: (row != 0).then(|| (chosen.with_untracked(|rows| rows.contains(&row)), format!("Select {row}"))),
            }
        }),
        template: Signal::derive(|| ("1fr 1fr 48px".to_owned(), 200)),
        shape: RowShape::Line,
        button: RowButton {
            icon: Icon::Next,
            heading: "Details",
            press: Callback::new(move |row| pressed.update(|pressed| pressed.push(row))),
        },
        choose: Some(Callback::new(move |(row, take)| {
            chosen.update(|rows| _ = if take { rows.insert(row) } else { rows.remove(&row) });
        })),
    }
}

/// Rows that are edited, with an address that is none.
fn sheet_of(rows: RowsModel) -> GridModel {
    GridModel {
        rows,
        sorted: Signal::derive(|| None),
        finding: Callback::new(|place| (place == (1, 0)).then(|| ("Not an address.".to_owned(), true))),
        tell: Callback::new(|_| {}),
        copied: Callback::new(|_| String::new()),
        selection: RwSignal::new(Selection::default()),
    }
}

fn all(selector: &str) -> Vec<Element> {
    let found = document().query_selector_all(selector).unwrap();
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
}

fn one<T: JsCast>(id: &str) -> T {
    document().get_element_by_id(id).unwrap_or_else(|| panic!("{id} is not in the page")).dyn_into().ok().unwrap()
}

fn bubbling(name: &str) -> Event {
    let init = EventInit::new();
    init.set_bubbles(true);
    Event::new_with_event_init_dict(name, &init).unwrap()
}

fn press_key(element: &Element, key: &str) {
    let init = KeyboardEventInit::new();
    init.set_bubbles(true);
    init.set_key(key);
    _ = element.dispatch_event(&KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap());
}

/// Waits until it is so, on a machine that is busy, too.
async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..100 {
        if is_so() {
            return;
        }
        clock::sleep(Millis(50)).await;
    }
}

#[wasm_bindgen_test]
async fn a_form_makes_the_row_that_it_shows_once() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    let owner = Owner::new();
    let made = owner.with(|| StoredValue::new(0));
    let sheet = owner.with(|| {
        let rows = rows("form", 5, Heard { pressed: RwSignal::new(Vec::new()), chosen: RwSignal::new(BTreeSet::new()) });
        let counted = Callback::new(move |row| {
            made.update_value(|made| *made += 1);
            rows.row.run(row)
        });
        sheet_of(RowsModel { row: counted, ..rows })
    });
    let mounted = owner.with(|| mount_to(place.clone(), move || view! { <RowForm sheet/> }));
    let texts = || all("#form-form, .field input").len();
    until(|| texts() == 3).await;
    assert_eq!((texts(), made.get_value()), (3, 1), "a heading and two fields");
    sheet.selection.set(Selection::at(2, 0));
    until(|| made.get_value() == 2).await;
    assert_eq!((one::<Element>("form-form").text_content().as_deref(), made.get_value()), (Some("Row 3"), 2));
    drop(mounted);
    place.remove();
}

#[wasm_bindgen_test]
async fn two_stand_on_one_page_and_one_of_them_is_only_read() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let style = document().create_element("style").unwrap();
    style.set_text_content(Some(STYLE));
    document().body().unwrap().append_child(&style).unwrap();
    document().body().unwrap().append_child(&place).unwrap();
    let owner = Owner::new();
    let heard = || Heard { pressed: RwSignal::new(Vec::new()), chosen: RwSignal::new(BTreeSet::new()) };
    let (edited, read) = owner.with(|| (heard(), heard()));
    let sheet = owner.with(|| sheet_of(rows("edited", 5, edited)));
    let table = owner.with(|| rows("read", 1000, read));
    let mounted =
        owner.with(|| mount_to(place.clone(), move || view! { <Grid label="Edited" sheet/><ReadOnlyTable label="Read" rows=table/> }));
    until(|| document().get_element_by_id("edited-cell-0-0").is_some() && document().get_element_by_id("read-cell-90-0").is_some()).await;

    let ids: Vec<String> = all("#edited, #edited [id], #read, #read [id]").iter().map(Element::id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each id stands there once");
    assert_eq!((all("#edited [role=gridcell]").len(), all("#read [role=cell]").len() > 0), (5 * 2, true));
    assert_eq!(one::<Element>("read").get_attribute("aria-rowcount").as_deref(), Some("1001"));
    assert!(all("#read [role=row]").len() < 300, "only rows near the view are in the page");

    // One tab stop where rows are edited; where they are read, what can be pressed has one each.
    assert_eq!(all("#edited [tabindex='0']").len(), 1);
    assert_eq!(all("#read .grid-cell[tabindex]").len(), 0);
    press_key(&one("edited-cell-0-0"), "ArrowDown");
    until(|| document().active_element().is_some_and(|element| element.id() == "edited-cell-1-0")).await;
    assert_eq!(sheet.selection.get_untracked(), Selection::at(1, 0));
    assert_eq!(document().active_element().map(|element| element.id()).as_deref(), Some("edited-cell-1-0"));
    assert_eq!(one::<Element>("edited-cell-1-0").get_attribute("aria-invalid").as_deref(), Some("true"));

    for key in ["x", "F2", "Delete"] {
        press_key(&one("read-cell-1-1"), key);
    }
    assert!(document().get_element_by_id("read-input").is_none(), "nothing is typed where rows are only read");
    let name = |id: &str| one::<Element>(id).get_attribute("aria-label");
    assert_eq!((name("read-cell-2-1").as_deref(), name("read-cell-1-1")), (Some("Whole 1"), None));
    let title = one::<Element>("read-cell-2-1").query_selector("[title]").unwrap().unwrap().get_attribute("title");
    assert_eq!(title.as_deref(), Some("Whole 1"));
    assert!(one::<HtmlElement>("read-cell-3-2").hidden() && !one::<HtmlElement>("read-cell-2-2").hidden());
    one::<HtmlElement>("read-cell-2-2").click();
    assert_eq!((read.pressed.get_untracked(), edited.pressed.get_untracked()), (vec![2], Vec::new()));

    let choice = |row: usize| one::<Element>(&format!("read-cell-{row}-0")).query_selector("input").unwrap().unwrap();
    let choice = |row: usize| choice(row).unchecked_into::<HtmlInputElement>();
    assert!(choice(0).hidden(), "not every row can be chosen");
    choice(4).set_checked(true);
    _ = choice(4).dispatch_event(&bubbling("change"));
    assert_eq!((read.chosen.get_untracked(), edited.chosen.get_untracked()), (BTreeSet::from([4]), BTreeSet::new()));
    read.chosen.set(BTreeSet::from([5]));
    until(|| choice(5).checked()).await;
    assert_eq!(
        (choice(4).checked(), choice(5).checked(), choice(5).get_attribute("aria-label").as_deref()),
        (false, true, Some("Select 5"))
    );

    // Far down, and back to a row's button.
    table.go_to_button(900);
    until(|| document().get_element_by_id("read-cell-900-1").is_some()).await;
    assert_eq!(one::<Element>("read-cell-900-1").text_content().as_deref(), Some("read 900 1"));
    assert!(document().get_element_by_id("read-cell-0-0").is_none());
    drop(mounted);
    place.remove();
    style.remove();
}
