//! The list of guests: what is wrong with it and how that is mended, which rows are looked at, and the grid.

use crate::app::desk::{Desk, Who};
use crate::app::effects::{domain, focus};
use crate::app::parts::grid::{Block, Did, Grid, Hand, Sheet};
use crate::app::parts::icon::{Glyph, Icon};
use guestlist::letter::template;
use guestlist::rows::checks::Context;
use guestlist::rows::findings::Kind;
use guestlist::rows::repairs::{Repair, repairs};
use guestlist::rows::view::{Only, Shown, View};
use guestlist::rows::{clip, guests};
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What the parts of this section share.
#[derive(Clone, Copy)]
struct Table {
    desk: Desk,
    view: RwSignal<View>,
    shown: RwSignal<Shown>,
    sheet: Sheet,
}

impl Table {
    fn look(self, change: impl FnOnce(&mut View)) {
        self.view.update(change);
        let shown =
            self.desk.guests.with_untracked(|guests| self.view.with_untracked(|view| Shown::of(view, guests.list(), guests.checks())));
        self.shown.set(shown);
        let rows = self.sheet.count.get_untracked();
        self.sheet.hand.update(|hand| *hand = Hand::at(hand.row.min(rows.saturating_sub(1)), hand.column));
        let sorted = self.view.with_untracked(|view| view.sorted).and_then(|(column, descends)| {
            let heading = self.sheet.headings.with_untracked(|headings| headings.get(column).cloned())?;
            Some(format!("Sorted by {heading}, {}. ", if descends { "descending" } else { "ascending" }))
        });
        self.desk.say(format!("{}{}.", sorted.unwrap_or_default(), count(rows, "row", "rows")));
    }

    /// Changes the guests; what is shown stays where it is.
    fn edit<T>(self, change: impl FnOnce(&mut guests::Guests) -> T) -> T {
        let newest = self.desk.guests.with_untracked(|guests| guests.list().ids().last().copied().unwrap_or(0));
        let told = self.desk.edit(change);
        if self.shown.with_untracked(|shown| *shown != Shown::All) {
            self.desk.guests.with_untracked(|guests| self.shown.update(|shown| shown.keep(guests.list(), newest)));
        }
        told
    }

    fn ids(self, rows: std::ops::Range<usize>) -> Vec<u32> {
        self.desk.guests.with_untracked(|guests| self.shown.with_untracked(|shown| shown.ids(guests.list(), rows)))
    }

    fn columns(self) -> usize {
        self.desk.guests.with_untracked(|guests| guests.list().columns().len())
    }

    fn remove(self, ids: BTreeSet<u32>) {
        let number = ids.len();
        self.edit(|guests| guests.remove(&ids));
        self.desk.say(format!("{} removed.", count(number, "row", "rows")));
        let hand = self.sheet.hand.get_untracked();
        if self.sheet.count.get_untracked() > 0 {
            self.sheet.go(hand.row.min(hand.from.0), hand.column)
        } else {
            focus::later("add-guests")
        }
    }

    fn undo(self, again: bool) {
        let name = self.edit(|guests| if again { guests.redo() } else { guests.undo() });
        self.desk.say(match (name, again) {
            (None, false) => "There is nothing to undo.".into(),
            (None, true) => "There is nothing to do again.".into(),
            (Some(name), false) => format!("Undone: {name}."),
            (Some(name), true) => format!("Done again: {name}."),
        });
    }

    fn did(self, did: Did) {
        match did {
            Did::Typed { row, column, text } => {
                let Some(id) = self.ids(row..row + 1).pop() else { return };
                let is_email = self.desk.guests.with_untracked(|guests| guests.list().column("email") == Some(column));
                let text = if is_email { domain::ascii(&text) } else { text };
                self.edit(|guests| guests.set(id, column, &text));
            }
            Did::Cleared(block) => {
                let cells = self.block(block).into_iter().map(|(id, column)| (id, column, String::new()));
                self.edit(|guests| guests.set_each("Clearing", cells));
            }
            Did::FilledDown(Block { rows, columns }) => {
                let first = self.desk.guests.with_untracked(|guests| {
                    let place = self.shown.with_untracked(|shown| shown.place(guests.list(), rows.0)).unwrap_or(0);
                    (columns.0..=columns.1).map(|column| guests.list().cell(place, column).to_owned()).collect::<Vec<_>>()
                });
                let below = Block { rows: (rows.0 + 1, rows.1), columns };
                let cells = self.block(below).into_iter().map(|(id, column)| (id, column, first[column - columns.0].clone()));
                let filled = self.edit(|guests| guests.set_each("Filling down", cells));
                self.desk.say(format!("{} filled.", count(filled, "cell", "cells")));
            }
            Did::Pasted { row, column, text } => {
                let mut block = clip::read(&text);
                if let Some(email) =
                    self.desk.guests.with_untracked(|guests| guests.list().column("email")).and_then(|email| email.checked_sub(column))
                {
                    block.iter_mut().filter_map(|cells| cells.get_mut(email)).for_each(|cell| *cell = domain::ascii(cell));
                }
                let ids = self.ids(row..row + block.len());
                let columns: Vec<usize> = (column..self.columns()).collect();
                self.edit(|guests| guests.paste(&ids, &columns, &block));
                self.desk.say(format!("{} pasted.", count(block.len(), "row", "rows")));
            }
            Did::Removed { from, to } => self.remove(self.ids(from..to + 1).into_iter().collect()),
            Did::Undo => self.undo(false),
            Did::Redo => self.undo(true),
            Did::Sort(column) => self.look(|view| {
                view.sorted = match view.sorted {
                    Some((own, false)) if own == column => Some((column, true)),
                    Some((own, true)) if own == column => None,
                    _ => Some((column, false)),
                }
            }),
            Did::NextProblem { back } => self.next_problem(back),
        }
    }

    /// Ids and columns of the cells of a block.
    fn block(self, block: Block) -> Vec<(u32, usize)> {
        let columns = block.columns.0..=block.columns.1.min(self.columns().saturating_sub(1));
        self.ids(block.rows.0..block.rows.1 + 1).into_iter().flat_map(|id| columns.clone().map(move |column| (id, column))).collect()
    }

    fn next_problem(self, back: bool) {
        let (hand, rows) = (self.sheet.hand.get_untracked(), self.sheet.count.get_untracked());
        let found = self.desk.guests.with_untracked(|guests| {
            self.shown.with_untracked(|shown| {
                let next = |step: usize| if back { (hand.row + rows - step) % rows } else { (hand.row + step) % rows };
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
                self.desk.say(words);
                self.sheet.go(row, column);
            }
            None => self.desk.say("No problems."),
        }
    }
}

fn sheet(desk: Desk, shown: RwSignal<Shown>, view: RwSignal<View>) -> Sheet {
    let headings = Memo::new(move |_| {
        desk.guests.with(|guests| guests.list().columns().iter().map(|column| column.heading.clone()).collect::<Vec<_>>())
    });
    let place = move |row: usize| desk.guests.with_untracked(|guests| shown.with_untracked(|shown| shown.place(guests.list(), row)));
    Sheet {
        headings: headings.into(),
        sorted: Memo::new(move |_| view.with(|view| view.sorted)).into(),
        count: Memo::new(move |_| desk.guests.with(|guests| shown.with(|shown| shown.len(guests.list())))).into(),
        version: Signal::derive(move || {
            shown.track();
            desk.guests.with(guests::Guests::version)
        }),
        cell: Callback::new(move |(row, column): (usize, usize)| {
            let Some(place) = place(row) else { return String::new() };
            desk.guests.with_untracked(|guests| guests.list().cell(place, column).to_owned())
        }),
        finding: Callback::new(move |(row, column): (usize, usize)| {
            let place = place(row)?;
            desk.guests.with_untracked(|guests| guests.checks().words(guests.list(), place, column))
        }),
        number: Callback::new(move |row: usize| place(row).unwrap_or(row) + 1),
        tell: Callback::new(|_| {}),
        copied: Callback::new(move |block: Block| {
            desk.guests.with_untracked(|guests| {
                let list = guests.list();
                let rows = (block.rows.0..=block.rows.1).filter_map(|row| shown.with_untracked(|shown| shown.place(list, row)));
                clip::write(rows.map(|place| (block.columns.0..=block.columns.1).map(move |column| list.cell(place, column))))
            })
        }),
        hand: RwSignal::new(Hand::default()),
    }
}

#[component]
pub fn Guests() -> impl IntoView {
    let desk = Desk::here();
    // What the list is held against changes with the tenant and with the message.
    Effect::new(move || {
        let own = desk.who.with(|who| match who {
            Who::Read(known) => known.organization.verified_domains.iter().map(|domain| domain.name.clone()).collect(),
            _ => Vec::new(),
        });
        let fields = desk.letter.with(|letter| {
            let parsed = template::parse(&letter.message);
            parsed.fields().filter(|(_, fallback)| fallback.is_none()).map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>()
        });
        let context = Context { own, fields: fields.into_iter().collect() };
        if desk.guests.with_untracked(|guests| *guests.checks().context() != context) {
            desk.guests.update(|guests| guests.hold_against(context));
        }
    });
    let (view, shown) = (RwSignal::new(View::default()), RwSignal::new(Shown::All));
    let mut table = Table { desk, view, shown, sheet: sheet(desk, shown, view) };
    table.sheet.tell = Callback::new(move |did| table.did(did));
    // A list that was replaced as a whole is looked at as a whole.
    Effect::new(move || {
        if desk.guests.with(|guests| guests.list().is_empty()) && view.with_untracked(|view| !view.is_plain()) {
            view.set(View::default());
            shown.set(Shown::All);
        }
    });
    let any = Memo::new(move |_| desk.guests.with(|guests| !guests.list().is_empty()));
    let touched = Memo::new(move |_| desk.guests.with(|guests| guests.undoes().is_some() || guests.redoes().is_some()));
    view! {
        <section aria-labelledby="guests-title">
            <h2 id="guests-title">"Guests"</h2>
            <Summary table/>
            <Show when=move || touched.get()><Undo table/></Show>
            <Show when=move || any.get()>
                <Repairs table/>
                <Tools table/>
                <Grid label="Guests" sheet=table.sheet/>
            </Show>
        </section>
    }
}

/// How many rows there are and how they are; each number is a filter.
#[component]
fn Summary(table: Table) -> impl IntoView {
    let desk = table.desk;
    let summary = Memo::new(move |_| desk.guests.with(|guests| guests.checks().summary()));
    let words = move || {
        let summary = summary.get();
        let problems = summary.errors + summary.warnings;
        match summary.rows {
            0 => "Nobody yet. Add the first guest above.".to_owned(),
            rows if problems == 0 => format!("{}, all ready.", count(rows, "guest", "guests")),
            rows => format!(
                "{}: {} ready, {} (F8 goes to the next).",
                count(rows, "guest", "guests"),
                grouped(summary.ready),
                count(problems, "problem", "problems")
            ),
        }
    };
    let filter = move |only: Only, words: String| {
        let (mine, chosen) = (only.clone(), only);
        view! {
            <button class="button subtle" type="button" aria-pressed=move || table.view.with(|view| view.only == mine).to_string()
                on:click=move |_| { let only = chosen.clone(); table.look(|view| view.only = if view.only == only { Only::All } else { only }) }>{words}</button>
        }
    };
    let kinds = move || {
        desk.guests.with(|guests| {
            Kind::ALL
                .into_iter()
                .map(|kind| (kind, guests.checks().count_of(kind)))
                .filter(|(_, number)| *number > 0)
                .map(|(kind, number)| filter(Only::Kind(kind), count(number, kind.words().0, kind.words().1)))
                .collect_view()
        })
    };
    let numbers = move || {
        let summary = summary.get();
        (summary.rows > 0 && summary.errors + summary.warnings > 0).then(|| {
            view! {
                {filter(Only::All, count(summary.rows, "row", "rows"))}
                {filter(Only::Ready, format!("{} ready", grouped(summary.ready)))}
                {(summary.errors > 0).then(|| filter(Only::Errors, count(summary.errors, "error", "errors")))}
                {(summary.warnings > 0).then(|| filter(Only::Warnings, count(summary.warnings, "warning", "warnings")))}
                {kinds()}
            }
        })
    };
    view! {
        <p class="hint">{words}</p>
        <div class="row filters" role="group" aria-label="Show rows">{numbers}</div>
    }
}

#[component]
fn Undo(table: Table) -> impl IntoView {
    let name = move |again: bool| {
        table.desk.guests.with(|guests| {
            let (verb, name) = if again { ("Redo", guests.redoes()) } else { ("Undo", guests.undoes()) };
            (name.map_or_else(|| verb.to_owned(), |name| format!("{verb}: {name}")), name.is_none())
        })
    };
    let button = move |again: bool| {
        view! { <button class="button subtle" type="button" aria-disabled=move || name(again).1.to_string() on:click=move |_| table.undo(again)>{move || name(again).0}</button> }
    };
    view! { <div class="row" role="group" aria-label="Undo">{button(false)}{button(true)}</div> }
}

/// Mistakes that many rows have, each with what mends them all.
#[component]
fn Repairs(table: Table) -> impl IntoView {
    const MOST: usize = 6;
    let found = Memo::new(move |_| table.desk.guests.with(|guests| repairs(guests.list(), guests.checks())));
    let apply = move |repair: &Repair, one: Option<u32>| {
        let mended = table.edit(|guests| guests.mend(repair, one));
        table.desk.say(format!("{} mended.", count(mended, "row", "rows")));
        focus::later("guests-title");
    };
    let line = move |repair: Repair| {
        let (all, first) = (repair.clone(), repair.clone());
        let one_by_one = move |_| {
            // To the first of them, where it can be looked at before the next.
            let Some(id) = first.rows.first().copied() else { return };
            apply(&first, Some(id));
        };
        view! {
            <li class="row"><Glyph icon=Icon::Warning/><span>{repair.words()}"."</span>
                <button class="button small" type="button" aria-label=format!("{}: {}", repair.verb(), repair.words()) on:click=move |_| apply(&all, None)>{repair.verb()}</button>
                {(repair.rows.len() > 1).then(|| view! { <button class="button subtle small" type="button" aria-label=format!("Only the first: {}", repair.words()) on:click=one_by_one>"Only the first"</button> })}
            </li>
        }
    };
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <ul class="repairs" aria-label="Repairs">{move || found.get().into_iter().take(MOST).map(line).collect_view()}</ul>
        </Show>
    }
}

/// Looking for something, replacing it, and the domains of the list.
#[component]
fn Tools(table: Table) -> impl IntoView {
    let (find, with, column) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(None::<usize>));
    let replace = move |_| {
        let rows = table.ids(0..table.sheet.count.get_untracked());
        let replaced = find.with_untracked(|find| {
            with.with_untracked(|with| table.edit(|guests| guests.replace(&rows, column.get_untracked(), find, with)))
        });
        table.desk.say(format!("{} changed.", count(replaced, "cell", "cells")));
    };
    let domains = move || {
        table.desk.guests.with(|guests| {
            let domains = guests.checks().domains();
            let more = domains.len().saturating_sub(50);
            let lines = domains.into_iter().take(50).map(|(domain, rows)| {
                let (own, mine) = (domain.to_owned(), domain.to_owned());
                view! {
                    <button class="button subtle small" type="button" aria-pressed=move || table.view.with(|view| view.only == Only::Domain(mine.clone())).to_string()
                        on:click=move |_| { let only = Only::Domain(own.clone()); table.look(|view| view.only = if view.only == only { Only::All } else { only }) }>{format!("{domain} {}", grouped(rows))}</button>
                }
            });
            view! { {lines.collect_view()}{(more > 0).then(|| view! { <span class="hint">{format!("and {} more", grouped(more))}</span> })} }
        })
    };
    let open = RwSignal::new(false);
    let columns = move || {
        table
            .sheet
            .headings
            .get()
            .into_iter()
            .enumerate()
            .map(|(column, heading)| view! { <option value=column.to_string()>{heading}</option> })
            .collect_view()
    };
    view! {
        <div class="row tools">
            <label class="label" for="find">"Find"</label>
            <input id="find" class="input" type="search" autocomplete="off" spellcheck="false" prop:value=move || table.view.with(|view| view.text.clone())
                on:input=move |event| { let text = event_target_value(&event); find.set(text.clone()); table.look(|view| view.text = text); }/>
            <Show when=move || table.view.with(|view| !view.is_plain())>
                <button class="button subtle" type="button" on:click=move |_| { find.set(String::new()); table.look(|view| *view = View::default()); focus::now("find"); }>"Clear all"</button>
            </Show>
            <button class="button subtle" type="button" on:click=move |_| table.did(Did::NextProblem { back: false })>"Next problem"</button>
        </div>
        <details class="details" on:toggle=move |_| open.update(|open| *open = !*open)><summary>"Replace, domains"</summary>
            <div class="row tools">
                <label class="label" for="replace-with">"Replace what was found with"</label>
                <input id="replace-with" class="input" autocomplete="off" on:input=move |event| with.set(event_target_value(&event))/>
                <label class="label" for="replace-in">"in"</label>
                <select id="replace-in" class="input" on:change=move |event| column.set(event_target_value(&event).parse().ok())><option value="">"all columns"</option>{columns}</select>
                <button class="button" type="button" aria-disabled=move || find.with(|find| find.trim().is_empty()).to_string() on:click=replace>"Replace all"</button>
            </div>
            <div class="row" role="group" aria-label="Domains">{move || open.get().then(domains)}</div>
        </details>
        <Show when=move || table.sheet.count.get() == 0><p class="hint">"No row fits. "{move || table.view.with(|view| if view.text.is_empty() { String::new() } else { format!("Nothing holds “{}”.", view.text) })}</p></Show>
    }
}
