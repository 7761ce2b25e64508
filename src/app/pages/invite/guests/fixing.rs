//! Mistakes that many rows have: fixed all at once, or one by one with each change shown before it is made.

use super::table::GuestTable;
use crate::app::effects::{domain, focus};
use crate::app::parts::icon::{Glyph, Icon};
use guestlist::rows::repairs::{Fix, Repair, repairs};
use guestlist::words::{count, grouped};
use leptos::prelude::*;

/// A repair that is gone through one by one, and the id of the row that was decided last.
#[derive(Clone)]
struct FixStep {
    fix: Fix,
    after: u32,
}

impl FixStep {
    /// The row to be decided, if this repair is the one.
    fn row(&self, repair: &Repair) -> Option<u32> {
        repair.rows.iter().copied().find(|id| *id > self.after).filter(|_| self.fix == repair.fix)
    }
}

#[derive(Clone, Copy)]
struct Fixing {
    table: GuestTable,
    found: Memo<Vec<Repair>>,
    step: RwSignal<Option<FixStep>>,
}

impl Fixing {
    fn all(self, repair: &Repair) {
        let fixed = self.table.edit(|guests| guests.fix(repair, None, domain::ascii));
        self.table.app.announcer.politely(format!("{} fixed.", count(fixed, "row", "rows")));
        self.step.set(None);
        focus::later("guests-title");
    }

    /// Goes on after a row; to the next one, if there is one.
    fn go_on(self, fix: &Fix, after: u32) {
        let step = FixStep { fix: fix.clone(), after };
        let is_next = self.found.with_untracked(|found| found.iter().any(|repair| step.row(repair).is_some()));
        if is_next {
            self.step.set(Some(step));
            focus::later("fix-one");
        } else {
            self.table.app.announcer.politely("That was the last one.");
            self.stop();
        }
    }

    fn stop(self) {
        self.step.set(None);
        focus::later("guests-title");
    }

    fn one(self, repair: &Repair, id: u32) {
        self.table.edit(|guests| guests.fix(repair, Some(id), domain::ascii));
        self.go_on(&repair.fix, id);
    }

    /// `Row 214: “ana@fabrikam.con” becomes “ana@fabrikam.com”.`
    fn words(self, repair: &Repair, id: u32) -> String {
        self.table.app.draft.guests.with_untracked(|guests| {
            let list = guests.list();
            let Some(place) = list.place(id) else { return String::new() };
            let row = grouped(place + 1);
            let change = |(column, fixed): &(usize, String)| {
                let becomes = if fixed.is_empty() { "is emptied".into() } else { format!("becomes “{fixed}”") };
                format!("“{}” {becomes}", list.cell(place, *column))
            };
            let changes: Vec<String> = repair.fix.changes(list, place).iter().map(change).collect();
            match changes.as_slice() {
                [] => format!("Row {row}: “{}” stands in an earlier row.", list.row(place).cell("email")),
                changes => format!("Row {row}: {}.", changes.join(", ")),
            }
        })
    }
}

/// The repairs that are offered, the largest first.
#[component]
pub(super) fn Repairs(table: GuestTable) -> impl IntoView {
    const MOST: usize = 6;
    let found = Memo::new(move |_| table.app.draft.guests.with(|guests| repairs(guests.list(), guests.checks())));
    let fixing = Fixing { table, found, step: RwSignal::new(None) };
    let lines = move || {
        let step = fixing.step.get();
        let line = |repair: Repair| match step.as_ref().and_then(|step| step.row(&repair)) {
            Some(id) => view! { <One fixing repair id/> }.into_any(),
            None => view! { <Many fixing repair/> }.into_any(),
        };
        found.get().into_iter().take(MOST).map(line).collect_view()
    };
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <ul class="repairs" aria-label="Repairs">{lines}</ul>
        </Show>
    }
}

#[component]
fn Many(fixing: Fixing, repair: Repair) -> impl IntoView {
    let (words, verb, fix) = (repair.words(), repair.verb(), repair.fix.clone());
    let label = format!("One by one: {words}");
    let singly = (repair.rows.len() > 1).then(|| {
        view! { <button class="button subtle small" type="button" aria-label=label on:click=move |_| fixing.go_on(&fix, 0)>"One by one"</button> }
    });
    view! {
        <li class="row"><Glyph icon=Icon::Warning/><span>{words.clone()}"."</span>
            <button class="button small" type="button" aria-label=format!("{verb}: {words}") on:click=move |_| fixing.all(&repair)>{verb.clone()}</button>
            {singly}
        </li>
    }
}

/// The next row of a repair that is gone through, with what becomes of it.
#[component]
fn One(fixing: Fixing, repair: Repair, id: u32) -> impl IntoView {
    let words = fixing.words(&repair, id);
    let verb = if repair.fix == Fix::Duplicates { "Remove this row" } else { "Change this one" };
    let left = repair.rows.iter().filter(|other| **other > id).count();
    let fix = repair.fix.clone();
    view! {
        <li class="row"><Glyph icon=Icon::Warning/><span id="fix-words"><bdi>{words}</bdi>{format!(" {}.", count(left, "more row", "more rows"))}</span>
            <button id="fix-one" class="button small" type="button" aria-describedby="fix-words" on:click=move |_| fixing.one(&repair, id)>{verb}</button>
            <button class="button subtle small" type="button" on:click=move |_| fixing.go_on(&fix, id)>"Leave it"</button>
            <button class="button subtle small" type="button" on:click=move |_| fixing.stop()>"Stop"</button>
        </li>
    }
}
