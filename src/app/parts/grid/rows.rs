//! What rows show, wherever they stand: in a grid that can be edited, or in a table that is only read.

use super::scrolling::{scroll_to, viewport};
use crate::app::effects::{clock, focus, spawn};
use crate::app::parts::icon::Icon;
use leptos::prelude::*;

/// What is said of a cell whose text is made of others.
pub const MADE: &str = "Made from first and last name; type to change it";

/// What rows show and what can be done with one. All closures are cheap and may be called often.
#[derive(Clone, Copy)]
pub struct RowsModel {
    /// Of the element around all rows; those of cells, headings and fields begin with it.
    pub id: &'static str,
    pub headings: Signal<Vec<String>>,
    pub count: Signal<usize>,
    /// Tells whenever what is in the cells may have changed.
    pub version: Signal<u64>,
    /// What a row shows, by its place among those that are shown.
    pub row: Callback<usize, GridRow>,
    /// `grid-template-columns` of every row, and the least width of a row in CSS pixels.
    pub template: Signal<(String, i32)>,
    pub shape: RowShape,
    pub button: RowButton,
    /// Where rows can be chosen: a box was ticked, or no longer is.
    pub choose: Option<Callback<(usize, bool)>>,
}

/// How a row is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowShape {
    /// Cells stand beside each other.
    Line,
    /// For narrow pages: below each other, with the button beside them.
    Card,
}

impl RowShape {
    /// Of a row, in CSS pixels; in parts.css `--row` is the same.
    pub(super) const fn height(self) -> usize {
        match self {
            Self::Line => 34,
            Self::Card => 60,
        }
    }
}

/// What a row shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridRow {
    /// As people know it.
    pub number: usize,
    /// One for each heading.
    pub cells: Vec<GridCell>,
    /// What the button does to this row; nothing where it has none.
    pub button: Option<String>,
    /// Whether it is chosen, and what its box is called; nothing where it cannot be.
    pub choice: Option<(bool, String)>,
}

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridCell {
    pub text: String,
    /// What a text stands for that is short for it: told to the mouse and to assistive technology, where rows are only read.
    pub whole: Option<String>,
    pub look: CellLook,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellLook {
    #[default]
    Plain,
    /// The text is made of other cells.
    Made,
    /// With an icon before it, and of a class of its own.
    With(Icon, &'static str),
}

/// The button at the end of each row.
#[derive(Clone, Copy)]
pub struct RowButton {
    pub icon: Icon,
    /// Of its column.
    pub heading: &'static str,
    pub press: Callback<usize>,
}

impl RowsModel {
    /// What the ids of all cells begin with.
    pub(super) fn id_of_cells(self) -> String {
        format!("{}-cell-", self.id)
    }

    pub(super) fn id_of_cell(self, row: usize, column: usize) -> String {
        format!("{}-cell-{row}-{column}", self.id)
    }

    pub(super) fn cell(self, row: usize, column: usize) -> GridCell {
        self.row.run(row).cells.into_iter().nth(column).unwrap_or_default()
    }

    /// Columns with text; the row's button is one more.
    pub(super) fn columns(self) -> usize {
        self.headings.with_untracked(Vec::len)
    }

    /// How many columns there are with the button's, as ARIA counts them.
    pub(super) fn all_columns(self) -> String {
        (self.headings.with(Vec::len) + 1).to_string()
    }

    /// How many rows there are with that of the headings.
    pub(super) fn all_rows(self) -> String {
        (self.count.get() + 1).to_string()
    }

    /// Brings this row into view, and the focus to its button.
    pub fn go_to_button(self, row: usize) {
        if let Some(view) = viewport(self.id) {
            scroll_to(&view, self.shape.height(), row);
        }
        spawn(async move {
            clock::frame().await;
            focus::now(&self.id_of_cell(row, self.headings.try_with_untracked(Vec::len).unwrap_or(0)));
        });
    }
}
