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
    /// By row and column.
    pub cell: Callback<(usize, usize), GridCell>,
    /// The row's number as people know it.
    pub number: Callback<usize, usize>,
    /// `grid-template-columns` of every row, and the least width of a row in CSS pixels.
    pub template: Signal<(String, i32)>,
    pub shape: RowShape,
    pub button: RowButton,
    /// Where rows can be chosen.
    pub choice: Option<RowChoice>,
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

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridCell {
    pub text: String,
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
    /// What it does to this row; nothing where it has none.
    pub label: Callback<usize, Option<String>>,
    pub press: Callback<usize>,
}

/// A box in each row by which it is chosen.
#[derive(Clone, Copy)]
pub struct RowChoice {
    /// Whether a row is chosen, and what its box is called; nothing where it cannot be.
    pub state: Callback<usize, Option<(bool, String)>>,
    pub choose: Callback<(usize, bool)>,
}

impl RowsModel {
    /// What the ids of all cells begin with.
    pub(super) fn id_of_cells(self) -> String {
        format!("{}-cell-", self.id)
    }

    pub(super) fn id_of_cell(self, row: usize, column: usize) -> String {
        format!("{}-cell-{row}-{column}", self.id)
    }

    /// Columns with text; the row's button is one more.
    pub(super) fn columns(self) -> usize {
        self.headings.with_untracked(Vec::len)
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
