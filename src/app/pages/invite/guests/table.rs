//! The table of guests: its list, which rows of it are shown, and what somebody does in the grid.

use crate::app::effects::{domain, focus};
use crate::app::parts::grid::{Arrangement, Block, GridEvent, GridModel, Selection};
use crate::app::routes::Route;
use crate::app::state::AppState;
use guestlist::rows::view::{View, VisibleRows};
use guestlist::rows::{clip, guests};
use guestlist::words::count;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What the parts of this section share.
#[derive(Clone, Copy)]
pub(super) struct GuestTable {
    pub(super) app: AppState,
    pub(super) view: RwSignal<View>,
    pub(super) shown: RwSignal<VisibleRows>,
    pub(super) arrangement: RwSignal<Arrangement>,
    /// The list's columns that are shown, in order.
    pub(super) visible: Memo<Vec<usize>>,
    pub(super) sheet: GridModel,
}

impl GuestTable {
    pub(super) fn look(self, change: impl FnOnce(&mut View)) {
        self.view.update(change);
        let rows = self.app.draft.guests.with_untracked(|guests| self.view.with_untracked(|view| view.query(guests.list())));
        let guest = self.app.navigator.route.with_untracked(|route| if let Route::Invite { guest, .. } = route { *guest } else { 0 });
        self.app.navigator.adjust(Route::Invite { guest, rows });
        self.take_up();
    }

    /// Looks anew which rows the view shows.
    pub(super) fn refresh(self) {
        let shown = self
            .app
            .draft
            .guests
            .with_untracked(|guests| self.view.with_untracked(|view| VisibleRows::for_view(view, guests.list(), guests.checks())));
        self.shown.set(shown);
    }

    /// Shows what the view says, and says so.
    pub(super) fn take_up(self) {
        self.refresh();
        let rows = self.sheet.rows.count.get_untracked();
        self.sheet.selection.update(|selection| *selection = Selection::at(selection.row.min(rows.saturating_sub(1)), selection.column));
        let sorted = self.view.with_untracked(|view| view.sorted).and_then(|(column, descends)| {
            let heading = self.headings().get(column).cloned()?;
            Some(format!("Sorted by {heading}, {}. ", if descends { "descending" } else { "ascending" }))
        });
        self.app.announcer.politely(format!("{}{}.", sorted.unwrap_or_default(), count(rows, "row", "rows")));
    }

    /// Changes the guests; what is shown stays where it is.
    pub(super) fn edit<T>(self, change: impl FnOnce(&mut guests::Guests) -> T) -> T {
        let newest = self.app.draft.guests.with_untracked(|guests| guests.list().ids().last().copied().unwrap_or(0));
        let told = self.app.draft.edit(change);
        if self.shown.with_untracked(|shown| *shown != VisibleRows::All) {
            self.app.draft.guests.with_untracked(|guests| self.shown.update(|shown| shown.keep(guests.list(), newest)));
        }
        told
    }

    pub(super) fn ids(self, rows: std::ops::Range<usize>) -> Vec<u32> {
        self.app.draft.guests.with_untracked(|guests| self.shown.with_untracked(|shown| shown.ids(guests.list(), rows)))
    }

    /// Headings of all columns of the list.
    pub(super) fn headings(self) -> Vec<String> {
        self.app.draft.guests.with(|guests| guests.list().columns().iter().map(|column| column.heading.clone()).collect())
    }

    /// Columns of the list that are shown from this one to that.
    pub(super) fn columns(self, from: usize, to: usize) -> Vec<usize> {
        self.visible.with_untracked(|visible| visible.iter().copied().skip(from).take((to + 1).saturating_sub(from)).collect())
    }

    pub(super) fn remove(self, ids: BTreeSet<u32>) {
        let number = ids.len();
        self.edit(|guests| guests.remove(&ids));
        self.app.announcer.politely(format!("{} removed.", count(number, "row", "rows")));
        let selection = self.sheet.selection.get_untracked();
        if self.sheet.rows.count.get_untracked() > 0 {
            self.sheet.go(selection.row.min(selection.from.0), selection.column)
        } else {
            focus::later("add-guests")
        }
    }

    pub(super) fn undo(self, again: bool) {
        let name = self.edit(|guests| if again { guests.redo() } else { guests.undo() });
        self.app.announcer.politely(match (name, again) {
            (None, false) => "There is nothing to undo.".into(),
            (None, true) => "There is nothing to do again.".into(),
            (Some(name), false) => format!("Undone: {name}."),
            (Some(name), true) => format!("Done again: {name}."),
        });
    }

    pub(super) fn did(self, did: GridEvent) {
        match did {
            GridEvent::Typed { row, column, text } => {
                let (Some(id), Some(column)) = (self.ids(row..row + 1).pop(), self.columns(column, column).pop()) else { return };
                let is_email = self.app.draft.guests.with_untracked(|guests| guests.list().column("email") == Some(column));
                let text = if is_email { domain::ascii(&text) } else { text };
                self.edit(|guests| guests.set(id, column, &text));
            }
            GridEvent::Cleared(block) => {
                let cells = self.block(block).into_iter().map(|(id, column)| (id, column, String::new()));
                self.edit(|guests| guests.set_each("Clearing", cells));
            }
            GridEvent::FilledDown(Block { rows, columns }) => {
                let first = self.app.draft.guests.with_untracked(|guests| {
                    let place = self.shown.with_untracked(|shown| shown.place(guests.list(), rows.0)).unwrap_or(0);
                    let cells =
                        self.columns(columns.0, columns.1).into_iter().map(|column| (column, guests.list().cell(place, column).to_owned()));
                    cells.collect::<BTreeMap<_, _>>()
                });
                let below = Block { rows: (rows.0 + 1, rows.1), columns };
                let cells = self.block(below).into_iter().map(|(id, column)| (id, column, first.get(&column).cloned().unwrap_or_default()));
                let filled = self.edit(|guests| guests.set_each("Filling down", cells));
                self.app.announcer.politely(format!("{} filled.", count(filled, "cell", "cells")));
            }
            GridEvent::Pasted { row, column, text } => {
                let mut block = clip::read(&text);
                let columns = self.columns(column, usize::MAX - 1);
                let email = self.app.draft.guests.with_untracked(|guests| guests.list().column("email"));
                if let Some(email) = columns.iter().position(|column| Some(*column) == email) {
                    block.iter_mut().filter_map(|cells| cells.get_mut(email)).for_each(|cell| *cell = domain::ascii(cell));
                }
                let ids = self.ids(row..row + block.len());
                self.edit(|guests| guests.paste(&ids, &columns, &block));
                self.app.announcer.politely(format!("{} pasted.", count(block.len(), "row", "rows")));
            }
            GridEvent::Removed { from, to } => self.remove(self.ids(from..to + 1).into_iter().collect()),
            GridEvent::Undo => self.undo(false),
            GridEvent::Redo => self.undo(true),
            GridEvent::Resized { column, width } => {
                if let Some(column) = self.columns(column, column).pop() {
                    self.arrangement.update(|arrangement| arrangement.resize(column, width));
                }
            }
            GridEvent::Sort(shown) => self.look(|view| {
                let Some(column) = self.columns(shown, shown).pop() else { return };
                view.sorted = match view.sorted {
                    Some((own, false)) if own == column => Some((column, true)),
                    Some((own, true)) if own == column => None,
                    _ => Some((column, false)),
                }
            }),
            GridEvent::NextProblem { back } => self.next_problem(back),
        }
    }

    /// Ids and columns of the cells of a block.
    pub(super) fn block(self, block: Block) -> Vec<(u32, usize)> {
        let columns = self.columns(block.columns.0, block.columns.1);
        self.ids(block.rows.0..block.rows.1 + 1)
            .into_iter()
            .flat_map(|id| columns.clone().into_iter().map(move |column| (id, column)))
            .collect()
    }

    pub(super) fn next_problem(self, back: bool) {
        let (selection, rows) = (self.sheet.selection.get_untracked(), self.sheet.rows.count.get_untracked());
        let found = self.app.draft.guests.with_untracked(|guests| {
            self.shown.with_untracked(|shown| {
                let next = |step: usize| if back { (selection.row + rows - step) % rows } else { (selection.row + step) % rows };
                let row = (1..=rows)
                    .map(next)
                    .find(|row| shown.place(guests.list(), *row).is_some_and(|place| guests.checks().is_found(place)))?;
                let place = shown.place(guests.list(), row)?;
                let column = guests.checks().column(guests.list(), place)?;
                let (words, _) = guests.checks().words(guests.list(), place, column)?;
                Some((row, column, format!("Row {}, {}: {words}", place + 1, guests.list().columns()[column].heading)))
            })
        });
        match found {
            Some((row, column, words)) => {
                self.app.announcer.politely(words);
                // A hidden column is shown when there is something wrong in it.
                self.arrangement.update(|arrangement| arrangement.hide(column, false));
                let column = self.visible.with_untracked(|visible| visible.iter().position(|own| *own == column)).unwrap_or(0);
                self.sheet.go(row, column);
            }
            None => self.app.announcer.politely("No problems."),
        }
    }
}
