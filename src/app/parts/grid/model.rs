//! What the grid shows, whom it tells, and where the hand is.

use super::selection::{Block, Selection};
use super::viewport::{scroll_to, viewport};
use crate::app::effects::{clock, focus, spawn};
use leptos::prelude::*;

/// What the grid shows and whom it tells. All closures are cheap and may be called often.
#[derive(Clone, Copy)]
pub struct GridModel {
    /// Of its element; those of its cells, headings and fields begin with it.
    pub id: &'static str,
    pub headings: Signal<Vec<String>>,
    /// The column that the rows are sorted by, and whether it descends.
    pub sorted: Signal<Option<(usize, bool)>>,
    pub count: Signal<usize>,
    /// Differs whenever what is in the cells may have changed.
    pub version: Signal<u64>,
    /// What the cell shows, and whether it is made of other cells.
    pub cell: Callback<(usize, usize), (String, bool)>,
    /// What is to be said of a cell, and whether it is an error.
    pub finding: Callback<(usize, usize), Option<(String, bool)>>,
    /// The row's number as people know it.
    pub number: Callback<usize, usize>,
    pub tell: Callback<GridEvent>,
    /// What is selected, as text for the clipboard.
    pub copied: Callback<Block, String>,
    pub selection: RwSignal<Selection>,
    /// `grid-template-columns` of every row, and the least width of a row in CSS pixels.
    pub template: Signal<(String, i32)>,
}

/// What somebody did.
#[derive(Clone, Debug)]
pub enum GridEvent {
    Typed {
        row: usize,
        column: usize,
        text: String,
    },
    Cleared(Block),
    /// The first row of the block goes into the others.
    FilledDown(Block),
    Pasted {
        row: usize,
        column: usize,
        text: String,
    },
    Removed {
        from: usize,
        to: usize,
    },
    Undo,
    Redo,
    Sort(usize),
    /// To this many CSS pixels.
    Resized {
        column: usize,
        width: i32,
    },
    /// To the next problem, or back to the one before.
    NextProblem {
        back: bool,
    },
}

impl GridModel {
    /// What the ids of all cells begin with.
    pub(super) fn id_of_cells(self) -> String {
        format!("{}-cell-", self.id)
    }

    pub(super) fn id_of_cell(self, row: usize, column: usize) -> String {
        format!("{}-cell-{row}-{column}", self.id)
    }

    /// What the ids of all headings begin with.
    pub(super) fn id_of_heads(self) -> String {
        format!("{}-head-", self.id)
    }

    pub(super) fn id_of_head(self, column: usize) -> String {
        format!("{}-head-{column}", self.id)
    }

    /// Of the form's heading, which says what row it shows.
    pub(super) fn id_of_form(self) -> String {
        format!("{}-form", self.id)
    }

    /// Of the field that a cell is typed in.
    pub(super) fn id_of_input(self) -> String {
        format!("{}-input", self.id)
    }

    /// Of what is said of the cell under the hand.
    pub(super) fn id_of_detail(self) -> String {
        format!("{}-detail", self.id)
    }

    /// Columns with text; the row's button is one more.
    pub(super) fn columns(self) -> usize {
        self.headings.with_untracked(Vec::len)
    }

    pub(super) fn last(self) -> (usize, usize) {
        (self.count.get_untracked().saturating_sub(1), self.columns())
    }

    /// Puts the hand on a cell, and the focus with it.
    pub fn go(self, row: usize, column: usize) {
        let last = self.last();
        self.put(Selection::at(row.min(last.0), column.min(last.1)));
    }

    pub(super) fn put(self, selection: Selection) {
        self.selection.set(selection);
        if let Some(view) = viewport(self.id) {
            scroll_to(&view, selection.row);
        }
        // Where the hand is then: keys may come quicker than frames.
        spawn(async move {
            clock::frame().await;
            // The grid may be gone.
            if let Some(selection) = self.selection.try_get_untracked().filter(|selection| !selection.is_typing) {
                focus::now(&self.id_of_cell(selection.row, selection.column));
            }
        });
    }
}
