//! The list of guests: what is wrong with it and how that is fixed, which rows are looked at, and the grid.

mod fixing;
mod tools;

use crate::app::effects::{domain, focus, is_narrow};
use crate::app::parts::grid::{Arrangement, Block, Grid, GridEvent, GridModel, RowForm, Selection};
use crate::app::routes::Route;
use crate::app::state::AppState;
use crate::app::state::organization::Who;
use guestlist::letter::{Letter, template};
use guestlist::rows::checks::Context;
use guestlist::rows::view::{View, VisibleRows};
use guestlist::rows::{clip, guests, names};
use guestlist::words::count;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What the parts of this section share.
#[derive(Clone, Copy)]
struct GuestTable {
    app: AppState,
    view: RwSignal<View>,
    shown: RwSignal<VisibleRows>,
    arrangement: RwSignal<Arrangement>,
    /// The list's columns that are shown, in order.
    visible: Memo<Vec<usize>>,
    sheet: GridModel,
}

impl GuestTable {
    fn look(self, change: impl FnOnce(&mut View)) {
        self.view.update(change);
        let rows = self.app.draft.guests.with_untracked(|guests| self.view.with_untracked(|view| view.query(guests.list())));
        let guest = self.app.navigator.route.with_untracked(|route| if let Route::Invite { guest, .. } = route { *guest } else { 0 });
        self.app.navigator.adjust(Route::Invite { guest, rows });
        self.take_up();
    }

    /// Looks anew which rows the view shows.
    fn refresh(self) {
        let shown = self
            .app
            .draft
            .guests
            .with_untracked(|guests| self.view.with_untracked(|view| VisibleRows::for_view(view, guests.list(), guests.checks())));
        self.shown.set(shown);
    }

    /// Shows what the view says, and says so.
    fn take_up(self) {
        self.refresh();
        let rows = self.sheet.count.get_untracked();
        self.sheet.selection.update(|selection| *selection = Selection::at(selection.row.min(rows.saturating_sub(1)), selection.column));
        let sorted = self.view.with_untracked(|view| view.sorted).and_then(|(column, descends)| {
            let heading = self.headings().get(column).cloned()?;
            Some(format!("Sorted by {heading}, {}. ", if descends { "descending" } else { "ascending" }))
        });
        self.app.announcer.politely(format!("{}{}.", sorted.unwrap_or_default(), count(rows, "row", "rows")));
    }

    /// Changes the guests; what is shown stays where it is.
    fn edit<T>(self, change: impl FnOnce(&mut guests::Guests) -> T) -> T {
        let newest = self.app.draft.guests.with_untracked(|guests| guests.list().ids().last().copied().unwrap_or(0));
        let told = self.app.draft.edit(change);
        if self.shown.with_untracked(|shown| *shown != VisibleRows::All) {
            self.app.draft.guests.with_untracked(|guests| self.shown.update(|shown| shown.keep(guests.list(), newest)));
        }
        told
    }

    fn ids(self, rows: std::ops::Range<usize>) -> Vec<u32> {
        self.app.draft.guests.with_untracked(|guests| self.shown.with_untracked(|shown| shown.ids(guests.list(), rows)))
    }

    /// Headings of all columns of the list.
    fn headings(self) -> Vec<String> {
        self.app.draft.guests.with(|guests| guests.list().columns().iter().map(|column| column.heading.clone()).collect())
    }

    /// Columns of the list that are shown from this one to that.
    fn columns(self, from: usize, to: usize) -> Vec<usize> {
        self.visible.with_untracked(|visible| visible.iter().copied().skip(from).take((to + 1).saturating_sub(from)).collect())
    }

    fn remove(self, ids: BTreeSet<u32>) {
        let number = ids.len();
        self.edit(|guests| guests.remove(&ids));
        self.app.announcer.politely(format!("{} removed.", count(number, "row", "rows")));
        let selection = self.sheet.selection.get_untracked();
        if self.sheet.count.get_untracked() > 0 {
            self.sheet.go(selection.row.min(selection.from.0), selection.column)
        } else {
            focus::later("add-guests")
        }
    }

    fn undo(self, again: bool) {
        let name = self.edit(|guests| if again { guests.redo() } else { guests.undo() });
        self.app.announcer.politely(match (name, again) {
            (None, false) => "There is nothing to undo.".into(),
            (None, true) => "There is nothing to do again.".into(),
            (Some(name), false) => format!("Undone: {name}."),
            (Some(name), true) => format!("Done again: {name}."),
        });
    }

    fn did(self, did: GridEvent) {
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
    fn block(self, block: Block) -> Vec<(u32, usize)> {
        let columns = self.columns(block.columns.0, block.columns.1);
        self.ids(block.rows.0..block.rows.1 + 1)
            .into_iter()
            .flat_map(|id| columns.clone().into_iter().map(move |column| (id, column)))
            .collect()
    }

    fn next_problem(self, back: bool) {
        let (selection, rows) = (self.sheet.selection.get_untracked(), self.sheet.count.get_untracked());
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

fn sheet(
    app: AppState,
    shown: RwSignal<VisibleRows>,
    view: RwSignal<View>,
    arrangement: RwSignal<Arrangement>,
    visible: Memo<Vec<usize>>,
) -> GridModel {
    let column = move |place: usize| visible.with_untracked(|visible| visible.get(place).copied());
    let headings = Memo::new(move |_| {
        app.draft.guests.with(|guests| {
            let columns = guests.list().columns();
            visible.with(|visible| visible.iter().filter_map(|column| Some(columns.get(*column)?.heading.clone())).collect::<Vec<_>>())
        })
    });
    let place = move |row: usize| app.draft.guests.with_untracked(|guests| shown.with_untracked(|shown| shown.place(guests.list(), row)));
    GridModel {
        headings: headings.into(),
        sorted: Memo::new(move |_| {
            let (column, descends) = view.with(|view| view.sorted)?;
            Some((visible.with(|visible| visible.iter().position(|own| *own == column))?, descends))
        })
        .into(),
        template: Memo::new(move |_| {
            let count = app.draft.guests.with(|guests| guests.list().columns().len());
            arrangement.with(|arrangement| arrangement.template(count))
        })
        .into(),
        count: Memo::new(move |_| app.draft.guests.with(|guests| shown.with(|shown| shown.len(guests.list())))).into(),
        version: Signal::derive(move || {
            shown.track();
            app.draft.guests.with(guests::Guests::version)
        }),
        cell: Callback::new(move |(row, shown): (usize, usize)| {
            let (Some(place), Some(column)) = (place(row), column(shown)) else { return Default::default() };
            app.draft.guests.with_untracked(|guests| {
                let (text, is_made) = names::shown(guests.list(), place, column);
                (text.into_owned(), is_made)
            })
        }),
        finding: Callback::new(move |(row, shown): (usize, usize)| {
            let (place, column) = (place(row)?, column(shown)?);
            app.draft.guests.with_untracked(|guests| guests.checks().words(guests.list(), place, column))
        }),
        number: Callback::new(move |row: usize| place(row).unwrap_or(row) + 1),
        tell: Callback::new(|_| {}),
        copied: Callback::new(move |block: Block| {
            app.draft.guests.with_untracked(|guests| {
                let list = guests.list();
                let rows = (block.rows.0..=block.rows.1).filter_map(|row| shown.with_untracked(|shown| shown.place(list, row)));
                let columns: Vec<usize> = (block.columns.0..=block.columns.1).filter_map(column).collect();
                clip::write(rows.map(|place| columns.iter().map(move |column| names::shown(list, place, *column).0)))
            })
        }),
        selection: RwSignal::new(Selection::default()),
    }
}

/// `awaited` says that rows may come: the grid is made then, unseen, so that they only have to be filled in.
#[component]
pub fn Guests(awaited: ReadSignal<bool>) -> impl IntoView {
    let app = AppState::here();
    let (view, shown) = (RwSignal::new(View::default()), RwSignal::new(VisibleRows::All));
    let arrangement = RwSignal::new(Arrangement::default());
    let visible = Memo::new(move |_| {
        let count = app.draft.guests.with(|guests| guests.list().columns().len());
        arrangement.with(|arrangement| arrangement.shown(count))
    });
    let mut table = GuestTable { app, view, shown, arrangement, visible, sheet: sheet(app, shown, view, arrangement, visible) };
    table.sheet.tell = Callback::new(move |did| table.did(did));
    // What the list is held against changes with the tenant and with the message.
    Effect::new(move || {
        let own = app.organization.who.with(|who| match who {
            Who::Read(known) => known.organization.verified_domains.iter().map(|domain| domain.name.clone()).collect(),
            _ => Vec::new(),
        });
        let needed = |text: &str| template::parse(text).needed().into_iter().map(str::to_owned).collect::<Vec<_>>();
        let used = |letter: &Letter| {
            let texts = std::iter::once(&letter.message).chain(letter.variants.iter().map(|variant| &variant.message));
            let mut used: Vec<String> = texts
                .flat_map(|text| template::parse(text).fields().into_iter().map(|field| field.name.to_owned()).collect::<Vec<_>>())
                .collect();
            used.sort_unstable();
            used.dedup();
            used
        };
        let context = app.draft.letter.with(|letter| Context {
            own,
            fields: needed(&letter.message),
            used: used(letter),
            variants: letter.variants.iter().map(|variant| (variant.language.clone(), needed(&variant.message))).collect(),
        });
        if app.draft.guests.with_untracked(|guests| *guests.checks().context() != context) {
            app.draft.hold_against(context);
            table.refresh();
        }
    });
    // The address may say which rows are shown: from a link, after a reload, or going back.
    Effect::new(move || {
        let said = app.navigator.route.with(|route| if let Route::Invite { rows, .. } = route { rows.clone() } else { String::new() });
        let (now, wanted) = app
            .draft
            .guests
            .with_untracked(|guests| (view.with_untracked(|view| view.query(guests.list())), View::from_query(&said, guests.list())));
        if now != said && view.with_untracked(|view| *view != wanted) {
            view.set(wanted);
            table.take_up();
        }
    });
    // A list that was replaced as a whole is looked at as a whole.
    Effect::new(move || {
        if app.draft.guests.with(|guests| guests.list().is_empty()) && view.with_untracked(|view| !view.is_plain()) {
            view.set(View::default());
            shown.set(VisibleRows::All);
        }
    });
    // A grid is of little use on a narrow page.
    let as_form = RwSignal::new(is_narrow());
    let any = Memo::new(move |_| app.draft.guests.with(|guests| !guests.list().is_empty()));
    let touched = Memo::new(move |_| app.draft.guests.with(|guests| guests.undoes().is_some() || guests.redoes().is_some()));
    view! {
        <section aria-labelledby="guests-title">
            <h2 id="guests-title" tabindex="-1">"Guests"</h2>
            <tools::Summary table/>
            <Show when=move || touched.get()><tools::Undo table/></Show>
            <Show when=move || any.get() || awaited.get()><div class="guests" hidden=move || !any.get()>
                <fixing::Repairs table/>
                <tools::Tools table/>
                <label class="row"><input type="checkbox" prop:checked=move || as_form.get() on:change=move |event| as_form.set(event_target_checked(&event))/>" One row at a time"</label>
                {move || if as_form.get() { view! { <RowForm sheet=table.sheet/> }.into_any() } else { view! { <Grid label="Guests" sheet=table.sheet/> }.into_any() }}
            </div></Show>
        </section>
    }
}
