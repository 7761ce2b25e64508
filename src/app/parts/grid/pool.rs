//! Rows in the DOM: a pool of them that is filled with whichever rows are in view. Written straight to the DOM, and only where
//! something differs: there is no signal and no view per cell.

use super::model::GridModel;
use super::rows::{CellLook, GridCell, GridRow, MADE, RowsModel};
use super::selection::Selection;
use crate::app::effects::document;
use crate::app::parts::icon;
use guestlist::words::shortened;
use leptos::prelude::Callable;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Characters of a cell that are put into the page; no column shows more.
const MOST_SHOWN: usize = 1000;
/// Characters of a cell beyond which the mouse is told all of it, where no field can be opened.
const MOST_SEEN: usize = 24;

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
    choice: Option<HtmlInputElement>,
    button: HtmlElement,
}

struct CellOf {
    element: HtmlElement,
    text: HtmlElement,
    shown: CellState,
}

/// What an element shows now.
#[derive(Default, PartialEq, Eq)]
struct CellState {
    cell: GridCell,
    finding: Option<bool>,
    is_here: bool,
    is_selected: bool,
}

/// Where rows can be edited: what they belong to, and where the hand is.
#[derive(Clone, Copy)]
pub struct EditedGrid<'a> {
    pub sheet: GridModel,
    pub selection: &'a Selection,
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
    fn new(rows: RowsModel, columns: usize, is_edited: bool) -> Self {
        let element = make("div", "grid-row");
        set(&element, "role", "row");
        let role = if is_edited { "gridcell" } else { "cell" };
        let mut choice = None;
        let cells = (0..columns)
            .map(|column| {
                let cell = make("div", "grid-cell");
                set(&cell, "role", if column == 0 { "rowheader" } else { role });
                set(&cell, "aria-colindex", &(column + 1).to_string());
                if is_edited {
                    cell.set_tab_index(-1);
                }
                if column == 0 && rows.choose.is_some() {
                    let input: HtmlInputElement = make("input", "grid-choice").unchecked_into();
                    input.set_type("checkbox");
                    _ = cell.append_child(&input);
                    choice = Some(input);
                }
                let text = make("span", "grid-text");
                set(&text, "dir", "auto");
                _ = cell.append_child(&text);
                _ = element.append_child(&cell);
                CellOf { element: cell, text, shown: CellState::default() }
            })
            .collect();
        let last = make("div", "grid-cell narrow");
        set(&last, "role", role);
        set(&last, "aria-colindex", &(columns + 1).to_string());
        let button = make("button", "button subtle small grid-button");
        set(&button, "type", "button");
        if is_edited {
            button.set_tab_index(-1);
        }
        _ = button.append_child(&icon::element(rows.button.icon));
        _ = last.append_child(&button);
        _ = element.append_child(&last);
        Self { element, row: None, cells, choice, button }
    }

    /// Gives the row another place.
    fn take(&mut self, row: usize, rows: RowsModel) {
        self.row = Some(row);
        set(&self.element, "aria-rowindex", &(row + 2).to_string());
        _ = self.element.style().set_property("transform", &format!("translateY({}px)", row * rows.shape.height()));
        for (column, cell) in self.cells.iter().enumerate() {
            cell.element.set_id(&rows.id_of_cell(row, column));
        }
        self.button.set_id(&rows.id_of_cell(row, self.cells.len()));
    }

    fn paint(&mut self, row: usize, rows: RowsModel, hand: Option<EditedGrid<'_>>) {
        let GridRow { number, cells, button, choice } = rows.row.run(row);
        set(&self.element, "data-number", &number.to_string());
        let shown = cells.into_iter().chain(std::iter::repeat_with(GridCell::default));
        for ((column, cell), GridCell { text, whole, look }) in self.cells.iter_mut().enumerate().zip(shown) {
            let now = CellState {
                cell: GridCell { text: shortened(&text, MOST_SHOWN).into_owned(), whole, look },
                finding: hand.and_then(|hand| hand.sheet.finding.run((row, column))).map(|(_, is_error)| is_error),
                is_here: hand.is_some_and(|hand| hand.selection.is_at(row, column)),
                is_selected: hand.is_some_and(|hand| hand.selection.holds(row, column)),
            };
            cell.paint(now, hand);
        }
        self.button.set_hidden(button.is_none());
        set_or_not(&self.button, "aria-label", button.as_deref());
        if let Some(hand) = hand {
            self.button.set_tab_index(if hand.selection.is_at(row, self.cells.len()) { 0 } else { -1 });
        }
        if let Some(input) = &self.choice {
            input.set_hidden(choice.is_none());
            let (is_chosen, label) = choice.unwrap_or_default();
            input.set_checked(is_chosen);
            set(input, "aria-label", &label);
        }
    }
}

impl CellOf {
    fn paint(&mut self, now: CellState, hand: Option<EditedGrid<'_>>) {
        if self.shown == now {
            return;
        }
        if (&self.shown.cell.text, &self.shown.cell.whole) != (&now.cell.text, &now.cell.whole) {
            self.text.set_text_content(Some(&now.cell.text));
            if hand.is_none() {
                let whole = now.cell.whole.as_deref();
                let long = Some(now.cell.text.as_str()).filter(|text| text.chars().nth(MOST_SEEN).is_some());
                set_or_not(&self.text, "title", whole.or(long));
                set_or_not(&self.element, "aria-label", whole);
            }
        }
        if self.shown.cell.look != now.cell.look {
            self.look(now.cell.look);
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
            let told = hand.filter(|_| now.finding.is_some()).map(|hand| hand.sheet.id_of_detail());
            set_or_not(&self.element, "aria-describedby", told.as_deref());
        }
        self.shown = now;
    }

    fn look(&self, look: CellLook) {
        if let CellLook::With(..) = self.shown.cell.look
            && let Some(icon) = self.text.previous_element_sibling()
        {
            icon.remove();
        }
        let class = match look {
            CellLook::Plain => "grid-text",
            CellLook::Made => "grid-text made",
            CellLook::With(_, class) => &format!("grid-text {class}"),
        };
        self.text.set_class_name(class);
        set_or_not(&self.element, "aria-description", (look == CellLook::Made).then_some(MADE));
        if let CellLook::With(icon, class) = look {
            let icon = icon::element(icon);
            set(&icon, "class", &format!("icon {class}"));
            _ = self.element.insert_before(&icon, Some(&self.text));
        }
    }
}

impl Pool {
    /// Shows these rows, which rise; those with an element already keep it, and with it the focus.
    pub fn show(&mut self, body: &HtmlElement, rows: RowsModel, places: &[usize], hand: Option<EditedGrid<'_>>) {
        let columns = rows.columns();
        if self.columns != columns {
            body.set_text_content(None);
            *self = Self { columns, ..Self::default() };
        }
        // Elements whose rows are gone are taken out, filled with others, and put where those belong: the order in the DOM
        // is the order of the rows, and the element with the focus is never moved.
        let (mut kept, mut free): (Vec<Slot>, Vec<Slot>) =
            std::mem::take(&mut self.slots).into_iter().partition(|slot| slot.row.is_some_and(|row| places.binary_search(&row).is_ok()));
        for slot in &free {
            slot.element.remove();
        }
        kept.reverse();
        for row in places {
            if kept.last().is_some_and(|slot| slot.row == Some(*row)) {
                self.slots.extend(kept.pop());
                continue;
            }
            let mut slot = free.pop().unwrap_or_else(|| Slot::new(rows, columns, hand.is_some()));
            slot.take(*row, rows);
            let before = kept.last().map(|slot| slot.element.clone());
            _ = body.insert_before(&slot.element, before.as_ref().map(AsRef::as_ref));
            self.slots.push(slot);
        }
        for slot in &mut self.slots {
            if let Some(row) = slot.row {
                slot.paint(row, rows, hand);
            }
        }
    }
}
