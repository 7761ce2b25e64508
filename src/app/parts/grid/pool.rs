//! The grid's rows in the DOM: a pool of them that is filled with whichever rows are in view. Written straight to the DOM,
//! and only where something differs: there is no signal and no view per cell.

use super::model::GridModel;
use super::selection::Selection;
use super::viewport::ROW;
use crate::app::effects::document;
use guestlist::words::shortened;
use leptos::prelude::Callable;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

/// Characters of a cell that are put into the page; no column shows more.
const MOST_SHOWN: usize = 1000;
/// What is said of a cell whose text is made of others.
pub const MADE: &str = "Made from first and last name; type to change it";

/// Every row that has an element.
#[derive(Default)]
pub struct Pool {
    slots: Vec<Slot>,
    columns: usize,
}

struct Slot {
    element: HtmlElement,
    row: Option<usize>,
    cells: Vec<CellOf>,
    remove: HtmlElement,
}

struct CellOf {
    element: HtmlElement,
    text: HtmlElement,
    shown: CellState,
}

/// What an element shows now.
#[derive(Default, PartialEq, Eq)]
struct CellState {
    text: String,
    /// The text is made of other cells.
    is_made: bool,
    finding: Option<bool>,
    is_here: bool,
    is_selected: bool,
}

fn make(tag: &str, class: &str) -> HtmlElement {
    let element: HtmlElement = document().create_element(tag).expect("the name is one of HTML's").unchecked_into();
    element.set_class_name(class);
    element
}

fn set(element: &Element, name: &str, value: &str) {
    _ = element.set_attribute(name, value);
}

fn set_or_not(element: &Element, name: &str, value: Option<&str>) {
    _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

impl Slot {
    fn new(columns: usize, remove_icon: &Node) -> Self {
        let element = make("div", "grid-row");
        set(&element, "role", "row");
        let cells = (0..columns)
            .map(|column| {
                let cell = make("div", "grid-cell");
                set(&cell, "role", if column == 0 { "rowheader" } else { "gridcell" });
                set(&cell, "aria-colindex", &(column + 1).to_string());
                cell.set_tab_index(-1);
                let text = make("span", "grid-text");
                set(&text, "dir", "auto");
                _ = cell.append_child(&text);
                _ = element.append_child(&cell);
                CellOf { element: cell, text, shown: CellState::default() }
            })
            .collect();
        let last = make("div", "grid-cell narrow");
        set(&last, "role", "gridcell");
        set(&last, "aria-colindex", &(columns + 1).to_string());
        let remove = make("button", "button subtle small grid-remove");
        set(&remove, "type", "button");
        remove.set_tab_index(-1);
        if let Ok(icon) = remove_icon.clone_node_with_deep(true) {
            _ = remove.append_child(&icon);
        }
        _ = last.append_child(&remove);
        _ = element.append_child(&last);
        Self { element, row: None, cells, remove }
    }

    /// Gives the row another place.
    fn take(&mut self, row: usize, sheet: GridModel) {
        self.row = Some(row);
        set(&self.element, "aria-rowindex", &(row + 2).to_string());
        _ = self.element.style().set_property("transform", &format!("translateY({}px)", row * ROW));
        for (column, cell) in self.cells.iter().enumerate() {
            cell.element.set_id(&sheet.id_of_cell(row, column));
        }
        self.remove.set_id(&sheet.id_of_cell(row, self.cells.len()));
        set(&self.remove, "aria-label", &format!("Remove row {}", row + 1));
    }

    fn paint(&mut self, row: usize, sheet: GridModel, selection: &Selection) {
        set(&self.element, "data-number", &sheet.number.run(row).to_string());
        for (column, cell) in self.cells.iter_mut().enumerate() {
            let (text, is_made) = sheet.cell.run((row, column));
            let now = CellState {
                text: shortened(&text, MOST_SHOWN).into_owned(),
                is_made,
                finding: sheet.finding.run((row, column)).map(|(_, is_error)| is_error),
                is_here: selection.is_at(row, column),
                is_selected: selection.holds(row, column),
            };
            cell.paint(now, sheet);
        }
        self.remove.set_tab_index(if selection.is_at(row, self.cells.len()) { 0 } else { -1 });
    }
}

impl CellOf {
    fn paint(&mut self, now: CellState, sheet: GridModel) {
        if self.shown == now {
            return;
        }
        if self.shown.text != now.text {
            self.text.set_text_content(Some(&now.text));
        }
        if self.shown.is_made != now.is_made {
            self.text.set_class_name(if now.is_made { "grid-text made" } else { "grid-text" });
            set_or_not(&self.element, "aria-description", now.is_made.then_some(MADE));
        }
        if self.shown.is_here != now.is_here {
            self.element.set_tab_index(if now.is_here { 0 } else { -1 });
        }
        if self.shown.is_selected != now.is_selected {
            set_or_not(&self.element, "aria-selected", now.is_selected.then_some("true"));
        }
        if self.shown.finding != now.finding {
            self.element.set_class_name(match now.finding {
                None => "grid-cell",
                Some(true) => "grid-cell bad",
                Some(false) => "grid-cell odd",
            });
            set_or_not(&self.element, "aria-invalid", (now.finding == Some(true)).then_some("true"));
            set_or_not(&self.element, "aria-describedby", now.finding.map(|_| sheet.id_of_detail()).as_deref());
        }
        self.shown = now;
    }
}

impl Pool {
    /// Shows these rows, which rise; those with an element already keep it, and with it the focus.
    pub fn show(&mut self, body: &HtmlElement, remove_icon: &Node, rows: &[usize], sheet: GridModel, selection: &Selection) {
        let columns = sheet.columns();
        if self.columns != columns {
            body.set_text_content(None);
            *self = Self { columns, ..Self::default() };
        }
        // Elements whose rows are gone are taken out, filled with others, and put where those belong: the order in the DOM
        // is the order of the rows, and the element with the focus is never moved.
        let (mut kept, mut free): (Vec<Slot>, Vec<Slot>) =
            std::mem::take(&mut self.slots).into_iter().partition(|slot| slot.row.is_some_and(|row| rows.binary_search(&row).is_ok()));
        for slot in &free {
            slot.element.remove();
        }
        kept.reverse();
        for row in rows {
            if kept.last().is_some_and(|slot| slot.row == Some(*row)) {
                self.slots.extend(kept.pop());
                continue;
            }
            let mut slot = free.pop().unwrap_or_else(|| Slot::new(columns, remove_icon));
            slot.take(*row, sheet);
            let before = kept.last().map(|slot| slot.element.clone());
            _ = body.insert_before(&slot.element, before.as_ref().map(AsRef::as_ref));
            self.slots.push(slot);
        }
        for slot in &mut self.slots {
            if let Some(row) = slot.row {
                slot.paint(row, sheet, selection);
            }
        }
    }
}
