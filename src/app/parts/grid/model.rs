//! What the grid shows, whom it tells, and where the hand is.

use super::rows::RowsModel;
use super::scrolling::{scroll_to, viewport};
use super::selection::{Block, Selection};
use crate::app::effects::{clock, focus, spawn};
use leptos::prelude::*;

/// What the grid shows and whom it tells.
#[derive(Clone, Copy)]
pub struct GridModel {
    pub rows: RowsModel,
    /// The column that the rows are sorted by, and whether it descends.
    pub sorted: Signal<Option<(usize, bool)>>,
    /// What is to be said of a cell, and whether it is an error.
    pub finding: Callback<(usize, usize), Option<(String, bool)>>,
    pub tell: Callback<GridEvent>,
    /// What is selected, as text for the clipboard.
    pub copied: Callback<Block, String>,
    pub selection: RwSignal<Selection>,
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
    /// What the ids of all headings begin with.
    pub(super) fn id_of_heads(self) -> String {
        format!("{}-head-", self.rows.id)
    }

    pub(super) fn id_of_head(self, column: usize) -> String {
        format!("{}-head-{column}", self.rows.id)
    }

    /// Of the form's heading, which says what row it shows.
    pub(super) fn id_of_form(self) -> String {
        format!("{}-form", self.rows.id)
    }

    /// Of the field that a cell is typed in.
    pub(super) fn id_of_input(self) -> String {
        format!("{}-input", self.rows.id)
    }

    /// Of what is said of the cell under the hand.
    pub(super) fn id_of_detail(self) -> String {
        format!("{}-detail", self.rows.id)
    }

    pub(super) fn last(self) -> (usize, usize) {
        (self.rows.count.get_untracked().saturating_sub(1), self.rows.columns())
    }

    /// Puts the hand on a cell, and the focus with it.
    pub fn go(self, row: usize, column: usize) {
        let last = self.last();
        self.put(Selection::at(row.min(last.0), column.min(last.1)));
    }

    pub(super) fn put(self, selection: Selection) {
        self.selection.set(selection);
        if let Some(view) = viewport(self.rows.id) {
            scroll_to(&view, self.rows.shape.height(), selection.row);
        }
        // Where the hand is then: keys may come quicker than frames.
        spawn(async move {
            clock::frame().await;
            // The grid may be gone.
            if let Some(selection) = self.selection.try_get_untracked().filter(|selection| !selection.is_typing) {
                focus::now(&self.rows.id_of_cell(selection.row, selection.column));
            }
        });
    }
}
