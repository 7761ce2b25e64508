//! The guests being composed: the list, what is wrong with it, and every step that led there. All changes go through here,
//! so that each can be undone, is checked, and is written down.

use super::checks::{Checks, Context};
use super::fields::Column;
use super::list::{List, Row, Span};
use super::repairs::{Fix, Repair};
use super::view::replaced;
use crate::words::{count, grouped};
use std::collections::BTreeSet;

/// Steps that can be undone.
const STEPS: usize = 200;
/// Rows that change together from which on looking at all of them is quicker than at each.
const MANY: usize = 2000;
/// Rows that are written down together, by id.
pub const CHUNK: u32 = 500;

/// Something done to a list; applying it answers what undoes it.
#[derive(Clone, Debug)]
enum ListChange {
    /// Row id, column, and what stands there then.
    Cells(Vec<(u32, usize, Span)>),
    Add(Vec<Column>),
    Drop(usize),
    /// Ids that rise, and their cells row by row.
    Insert(Vec<u32>, Vec<Span>),
    Take(Vec<u32>),
}

/// Changes that belong together, and what they are called.
#[derive(Clone, Debug)]
struct UndoStep {
    name: String,
    changes: Vec<ListChange>,
}

/// What has to be written down of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dirty {
    /// Everything that was written before is void.
    pub all: bool,
    /// Chunks of [`CHUNK`] ids.
    pub chunks: BTreeSet<u32>,
}

#[derive(Clone, Debug, Default)]
pub struct Guests {
    list: List,
    checks: Checks,
    undo: Vec<UndoStep>,
    redo: Vec<UndoStep>,
    dirty: Dirty,
    /// Counts every change.
    edits: u64,
    /// Counts how often the list was held against something else.
    looks: u64,
}

impl Guests {
    pub fn from_list(list: List, context: Context) -> Self {
        let checks = Checks::for_list(&list, context);
        Self { list, checks, dirty: Dirty { all: true, ..Dirty::default() }, ..Self::default() }
    }

    /// Takes the place of these guests, as they were when they were put away.
    pub fn become_again(&mut self, guests: Self) {
        *self = Self { dirty: Dirty { all: true, ..Dirty::default() }, edits: self.edits + 1, ..guests };
    }

    pub const fn list(&self) -> &List {
        &self.list
    }

    pub const fn checks(&self) -> &Checks {
        &self.checks
    }

    /// Differs from what it was whenever the list has changed.
    pub const fn edits(&self) -> u64 {
        self.edits
    }

    /// Differs from what it was whenever the list or what is said of it has changed.
    pub const fn version(&self) -> u64 {
        self.edits + self.looks
    }

    /// Holds the list against something else than before.
    pub fn hold_against(&mut self, context: Context) {
        if *self.checks.context() != context {
            self.checks = Checks::for_list(&self.list, context);
            self.looks += 1;
        }
    }

    /// What has changed since this was last asked.
    pub fn take_dirty(&mut self) -> Dirty {
        std::mem::take(&mut self.dirty)
    }

    /// Whether there is something to write down.
    pub fn is_dirty(&self) -> bool {
        self.dirty != Dirty::default()
    }

    /// Rows of one chunk.
    pub fn chunk(&self, chunk: u32) -> impl Iterator<Item = Row<'_>> {
        let (from, to) = (chunk * CHUNK, (chunk + 1).saturating_mul(CHUNK));
        let start = self.list.ids().partition_point(|id| *id < from);
        let end = self.list.ids().partition_point(|id| *id < to);
        (start..end).map(|place| self.list.row(place))
    }

    pub fn chunks(&self) -> BTreeSet<u32> {
        self.list.ids().iter().map(|id| id / CHUNK).collect()
    }

    // What a person does. Each is one step.

    pub fn set(&mut self, id: u32, column: usize, text: &str) {
        self.set_each("Typing", std::iter::once((id, column, text.to_owned())));
    }

    /// Writes cells. Those that say so already are left alone. Answers how many were written.
    pub fn set_each(&mut self, name: &str, cells: impl Iterator<Item = (u32, usize, String)>) -> usize {
        let mut changed = Vec::new();
        for (id, column, text) in cells {
            if let Some(place) = self.list.place(id)
                && column < self.list.columns().len()
                && self.list.cell(place, column) != text
            {
                changed.push((id, column, self.list.write(&text)));
            }
        }
        let written = changed.len();
        self.step(name.into(), vec![ListChange::Cells(changed)]);
        written
    }

    /// Adds rows of name-value pairs.
    pub fn add(&mut self, rows: &[Vec<(Column, String)>]) -> usize {
        self.grow(count(rows.len(), "added guest", "added guests"), |list| {
            for cells in rows {
                list.add(cells);
            }
        })
    }

    /// Adds whatever `grow` puts at the end of the list, in one step. Answers how many rows that is.
    pub fn grow(&mut self, name: String, grow: impl FnOnce(&mut List)) -> usize {
        self.grow_looked_at(name, grow, None)
    }

    /// Adds the rows of a list that was looked at elsewhere, in one step. Answers how many rows that is.
    pub fn take_in(&mut self, name: String, list: List, checks: Checks) -> usize {
        let is_alike = list.columns().starts_with(self.list.columns()) && checks.context() == self.checks.context();
        let holds = self.list.is_empty() && is_alike;
        self.grow_looked_at(name, |own| own.take_over(list), holds.then_some(checks))
    }

    /// Adds rows; what was found in the whole list is said where somebody has looked already.
    fn grow_looked_at(&mut self, name: String, grow: impl FnOnce(&mut List), checks: Option<Checks>) -> usize {
        let (columns, rows) = (self.list.columns().len(), self.list.len());
        grow(&mut self.list);
        let new = self.list.ids()[rows..].to_vec();
        let added = self.list.columns().len() - columns;
        if new.is_empty() && added == 0 {
            return 0;
        }
        let count = new.len();
        match checks {
            Some(checks) => {
                self.edits += 1;
                self.touch(&new);
                self.checks = checks;
            }
            None => self.learn(&new),
        }
        self.remember(UndoStep { name, changes: vec![ListChange::Take(new), ListChange::Drop(added)] });
        count
    }

    pub fn remove(&mut self, ids: &BTreeSet<u32>) {
        let ids: Vec<u32> = ids.iter().copied().filter(|id| self.list.place(*id).is_some()).collect();
        let name = count(ids.len(), "removed row", "removed rows");
        self.step(name, vec![ListChange::Take(ids)]);
    }

    /// Fixes every row of a repair, or only `one` of them. Returns how many were fixed. `clean` may rewrite an address, as the page does
    /// with domains beyond ASCII.
    pub fn fix(&mut self, repair: &Repair, one: Option<u32>, clean: impl Fn(&str) -> String) -> usize {
        let rows: BTreeSet<u32> = repair.rows.iter().copied().filter(|id| one.is_none_or(|one| one == *id)).collect();
        if repair.fix == Fix::Duplicates {
            self.remove(&rows);
            return rows.len();
        }
        let places = rows.iter().filter_map(|id| Some((*id, self.list.place(*id)?)));
        let changes = places.map(|(id, place)| (id, repair.fix.changes(&self.list, place))).filter(|(_, changes)| !changes.is_empty());
        let changes: Vec<(u32, Vec<(usize, String)>)> = changes.collect();
        let fixed = changes.len();
        let cells = changes.into_iter().flat_map(|(id, cells)| cells.into_iter().map(move |(column, text)| (id, column, text)));
        let email = self.list.column("email");
        let cells = cells.map(|(id, column, text)| (id, column, if Some(column) == email { clean(&text) } else { text }));
        self.set_each(&repair.verb(), cells);
        fixed
    }

    /// Replaces a text wherever it stands in one column of these rows, or in all of them. Answers in how many cells.
    pub fn replace(&mut self, rows: &[u32], column: Option<usize>, find: &str, with: &str) -> usize {
        let columns: Vec<usize> = column.map_or_else(|| (0..self.list.columns().len()).collect(), |column| vec![column]);
        let mut cells = Vec::new();
        for (id, place) in rows.iter().filter_map(|id| Some((*id, self.list.place(*id)?))) {
            cells.extend(columns.iter().filter_map(|column| Some((id, *column, replaced(self.list.cell(place, *column), find, with)?))));
        }
        let name = format!("{} replaced", grouped(cells.len()));
        self.set_each(&name, cells.into_iter())
    }

    /// Puts a block of cells where the hand is: over the rows that are shown there, and as new rows past their end.
    pub fn paste(&mut self, rows: &[u32], columns: &[usize], block: &[Vec<String>]) {
        let mut changes = Vec::new();
        let missing = block.len().saturating_sub(rows.len());
        let mut rows = rows.to_vec();
        if missing > 0 {
            let before = self.list.len();
            for _ in 0..missing {
                rows.push(self.list.add(&[]));
            }
            let new = self.list.ids()[before..].to_vec();
            self.learn(&new);
            changes.push(ListChange::Take(new));
        }
        let mut cells = Vec::new();
        for (id, texts) in rows.iter().zip(block) {
            for (column, text) in columns.iter().zip(texts) {
                cells.push((*id, *column, self.list.write(text)));
            }
        }
        let back = self.apply(ListChange::Cells(cells));
        changes.insert(0, back);
        self.remember(UndoStep { name: "Paste".into(), changes });
    }

    /// Undoes the last step; its name.
    pub fn undo(&mut self) -> Option<String> {
        let step = self.undo.pop()?;
        let back = self.carry_out(step);
        let name = back.name.clone();
        self.redo.push(back);
        Some(name)
    }

    /// Does again what was undone last; its name.
    pub fn redo(&mut self) -> Option<String> {
        let step = self.redo.pop()?;
        let back = self.carry_out(step);
        let name = back.name.clone();
        self.undo.push(back);
        Some(name)
    }

    /// What would be undone.
    pub fn undoes(&self) -> Option<&str> {
        self.undo.last().map(|step| step.name.as_str())
    }

    /// What would be done again.
    pub fn redoes(&self) -> Option<&str> {
        self.redo.last().map(|step| step.name.as_str())
    }

    fn step(&mut self, name: String, changes: Vec<ListChange>) {
        let is_empty = |change: &ListChange| {
            matches!(change, ListChange::Cells(cells) if cells.is_empty()) || matches!(change, ListChange::Take(ids) if ids.is_empty())
        };
        if changes.iter().all(is_empty) {
            return;
        }
        let back = self.carry_out(UndoStep { name, changes });
        self.remember(back);
    }

    fn remember(&mut self, step: UndoStep) {
        self.redo.clear();
        self.undo.push(step);
        if self.undo.len() > STEPS {
            self.undo.remove(0);
        }
    }

    /// Applies every change of a step; what undoes them, in the order in which it has to be done.
    fn carry_out(&mut self, step: UndoStep) -> UndoStep {
        let mut changes: Vec<ListChange> = step.changes.into_iter().map(|change| self.apply(change)).collect();
        changes.reverse();
        UndoStep { name: step.name, changes }
    }

    fn apply(&mut self, change: ListChange) -> ListChange {
        self.edits += 1;
        match change {
            ListChange::Cells(mut cells) => {
                let mut places = BTreeSet::new();
                for (id, column, span) in &mut cells {
                    let Some(place) = self.list.place(*id) else { continue };
                    *span = self.list.put(place, *column, *span);
                    places.insert(place);
                    self.dirty.chunks.insert(*id / CHUNK);
                }
                // The same cell may stand there twice: the first of them is what was there before.
                cells.reverse();
                if places.len() > MANY {
                    self.look_at_all();
                } else {
                    let places: Vec<usize> = places.into_iter().collect();
                    self.checks.again(&self.list, &places);
                }
                ListChange::Cells(cells)
            }
            ListChange::Add(columns) => {
                let added = self.list.add_columns(&columns);
                self.look_at_all();
                ListChange::Drop(added.len())
            }
            ListChange::Drop(count) => {
                let columns = self.list.drop_columns(count);
                self.look_at_all();
                ListChange::Add(columns)
            }
            ListChange::Insert(ids, cells) => {
                self.list.give_back(&ids, &cells);
                self.learn(&ids);
                ListChange::Take(ids)
            }
            ListChange::Take(ids) => {
                let places: Vec<usize> = ids.iter().filter_map(|id| self.list.place(*id)).collect();
                self.touch(&ids);
                if places.len() <= MANY {
                    self.checks.leave(&places);
                }
                let cells = self.list.take(&ids);
                if places.len() > MANY {
                    self.look_at_all();
                }
                ListChange::Insert(ids, cells)
            }
        }
    }

    /// Rows have come in.
    fn learn(&mut self, ids: &[u32]) {
        self.edits += 1;
        self.touch(ids);
        if ids.len() > MANY {
            return self.look_at_all();
        }
        let places: Vec<usize> = ids.iter().filter_map(|id| self.list.place(*id)).collect();
        self.checks.join(&self.list, &places);
    }

    /// These rows, by rising ids, have to be written down.
    fn touch(&mut self, ids: &[u32]) {
        let mut rest = ids;
        while let Some(id) = rest.first() {
            let chunk = id / CHUNK;
            self.dirty.chunks.insert(chunk);
            rest = &rest[rest.partition_point(|id| id / CHUNK == chunk)..];
        }
    }

    fn look_at_all(&mut self) {
        self.checks = Checks::for_list(&self.list, self.checks.context().clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::rows::checks::Context;
    use crate::rows::findings::FindingKind;
    use crate::rows::repairs::repairs;

    fn guests(addresses: &[&str]) -> Guests {
        let mut guests = Guests::default();
        let rows: Vec<Vec<(Column, String)>> =
            addresses.iter().map(|address| vec![(Column::from_heading("email"), (*address).into())]).collect();
        guests.add(&rows);
        guests
    }

    fn says(guests: &Guests) -> Vec<&str> {
        guests.list().rows().map(|row| row.cell("email")).collect()
    }

    #[test]
    fn steps_are_undone_and_done_again_by_name() {
        let mut guests = guests(&["a@fabrikam.con", "b@fabrikam.con", "A@fabrikam.con"]);
        let found = repairs(guests.list(), guests.checks());
        assert_eq!(guests.fix(&found[0], None, str::to_owned), 3);
        assert_eq!(says(&guests), ["a@fabrikam.com", "b@fabrikam.com", "A@fabrikam.com"]);
        guests.paste(&[3], &[0, 1], &[vec!["x".into(), "X".into()], vec!["y".into()]]);
        assert_eq!((says(&guests), guests.list().row(2).cell("displayName")), (vec!["a@fabrikam.com", "b@fabrikam.com", "x", "y"], "X"));
        guests.remove(&BTreeSet::from([1, 2]));
        assert_eq!(guests.undoes(), Some("2 removed rows"));
        let names: Vec<String> = std::iter::from_fn(|| guests.undo()).collect();
        assert_eq!(names, ["2 removed rows", "Paste", "Change to .com", "3 added guests"]);
        assert!(guests.list().is_empty() && guests.undo().is_none());
        let names: Vec<String> = std::iter::from_fn(|| guests.redo()).collect();
        assert_eq!(names, ["3 added guests", "Change to .com", "Paste", "2 removed rows"]);
        assert_eq!(says(&guests), ["x", "y"]);
    }

    /// A list that was looked at elsewhere is worth the same as one that was looked at here.
    #[test]
    fn rows_that_were_looked_at_elsewhere_are_taken_in_as_they_are() {
        let context = Context { own: vec!["contoso.example".into()], ..Context::default() };
        let other = guests(&["a@fabrikam.example", "A@fabrikam.example", "x@contoso.example", "c"]).list;
        let whole = Checks::for_list(&other, context.clone());
        let again = || {
            let (found, judged) = whole.clone().into_parts();
            Checks::from_parts(&found, judged).unwrap()
        };
        for (before, held) in [(vec![], context.clone()), (vec!["a@fabrikam.example"], context), (vec![], Context::default())] {
            let mut guests = guests(&before);
            guests.hold_against(held.clone());
            assert_eq!(guests.take_in("a file".into(), other.clone(), again()), 4);
            let expected = Checks::for_list(guests.list(), held);
            assert_eq!(guests.checks().summary(), expected.summary(), "{before:?}");
            let words = |checks: &Checks| (0..guests.list().len()).map(|place| checks.words(guests.list(), place, 0)).collect::<Vec<_>>();
            assert_eq!(words(guests.checks()), words(&expected));
            assert_eq!(guests.take_dirty().chunks.len(), 1);
            assert_eq!(guests.undo().as_deref(), Some("a file"));
            assert_eq!(guests.list().len(), before.len());
        }
    }

    #[test]
    fn what_changed_is_written_down_and_no_more() {
        let mut guests = Guests::default();
        let rows = vec![vec![(Column::from_heading("email"), "a@fabrikam.example".into())]; 1200];
        guests.add(&rows);
        assert_eq!(guests.take_dirty().chunks.len(), 3);
        guests.set(700, 0, "b@fabrikam.example");
        guests.set(700, 0, "b@fabrikam.example");
        assert_eq!(guests.take_dirty(), Dirty { all: false, chunks: BTreeSet::from([1]) });
        assert_eq!(guests.chunk(1).count(), 500);
        assert_eq!(guests.undo().as_deref(), Some("Typing"));
        assert_eq!(guests.chunks().len(), 3);
    }

    #[test]
    fn a_list_that_comes_whole_is_written_down_whole() {
        let mut one = guests(&["a@fabrikam.example"]);
        let whole = Dirty { all: true, ..Dirty::default() };
        assert_eq!(Guests::from_list(one.list().clone(), Context::default()).take_dirty(), whole);
        assert_eq!(Guests::default().take_dirty(), Dirty::default());
        let before = one.edits();
        let put_away = guests(&["b@fabrikam.example"]);
        one.become_again(put_away);
        assert_eq!(one.take_dirty(), whole);
        assert_eq!(says(&one), ["b@fabrikam.example"]);
        assert!(one.edits() > before);
        assert_eq!(one.undo().as_deref(), Some("1 added guest"));
    }

    #[test]
    fn every_change_is_noticed_and_is_to_be_written_down() {
        let other = guests(&["b@fabrikam.example"]);
        let check = |name: &str, change: &dyn Fn(&mut Guests), expected: bool| {
            let list = guests(&["a@fabrikam.example"]).list().clone();
            let mut guests = Guests::from_list(list, Context::default());
            guests.take_dirty();
            let (edits, version) = (guests.edits(), guests.version());
            assert!(!guests.is_dirty());
            change(&mut guests);
            let is_edited = guests.edits() != edits;
            assert_eq!((is_edited, guests.is_dirty(), guests.undoes().is_some()), (expected, expected, expected), "{name}");
            assert!(guests.version() != version || !is_edited, "{name}");
        };
        check("set", &|guests| guests.set(1, 0, "ada@fabrikam.example"), true);
        check("add", &|guests| _ = guests.add(&[vec![]]), true);
        check("remove", &|guests| guests.remove(&BTreeSet::from([1])), true);
        check("take in", &|guests| _ = guests.take_in("a file".into(), other.list.clone(), other.checks.clone()), true);
        check("paste", &|guests| guests.paste(&[1], &[0], &[vec!["b".into()], vec!["c".into()]]), true);
        check("the same", &|guests| guests.set(1, 0, "a@fabrikam.example"), false);
        check("no such row", &|guests| guests.set(2, 0, "b@fabrikam.example"), false);
        check("no such column", &|guests| guests.set(1, 4, "b@fabrikam.example"), false);
        check("nobody", &|guests| _ = guests.add(&[]), false);
        check("nobody to remove", &|guests| guests.remove(&BTreeSet::from([2])), false);
        let mut empty = Guests::default();
        assert_eq!((empty.take_in("a file".into(), other.list.clone(), other.checks.clone()), empty.edits()), (1, 1));
    }

    #[test]
    fn what_is_said_of_a_list_is_another_version_of_it_and_no_edit() {
        let mut guests = guests(&["a@fabrikam.example"]);
        let (edits, version) = (guests.edits(), guests.version());
        guests.hold_against(Context::default());
        assert_eq!((guests.edits(), guests.version()), (edits, version));
        guests.hold_against(Context { own: vec!["fabrikam.example".into()], ..Context::default() });
        assert_eq!((guests.edits(), guests.checks().summary().errors), (edits, 1));
        assert!(guests.version() > version);
    }

    #[test]
    fn a_column_without_rows_is_a_step_of_its_own() {
        let mut guests = guests(&["a@fabrikam.example"]);
        let columns = guests.list().columns().len();
        assert_eq!(guests.grow("Column".into(), |list| list.fill(&Column::own("Badge"), 0, &["7"])), 0);
        assert_eq!((guests.list().columns().len(), guests.list().row(0).cell("badge")), (columns + 1, "7"));
        assert_eq!((guests.undo().as_deref(), guests.list().columns().len()), (Some("Column"), columns));
        assert_eq!(guests.redoes(), Some("Column"));
        assert_eq!(guests.redo().as_deref(), Some("Column"));
        assert_eq!((guests.redoes(), guests.undoes(), guests.list().columns().len()), (None, Some("Column"), columns + 1));
    }

    #[test]
    fn one_row_of_a_repair_is_fixed_alone() {
        let mut guests = guests(&["a@fabrikam.con", "b@fabrikam.con", "A@fabrikam.con"]);
        let found = repairs(guests.list(), guests.checks());
        assert_eq!(guests.fix(&found[0], Some(2), str::to_owned), 1);
        assert_eq!(says(&guests), ["a@fabrikam.con", "b@fabrikam.com", "A@fabrikam.con"]);
        assert_eq!(guests.fix(&found[0], Some(7), str::to_owned), 0);
    }

    #[test]
    fn two_hundred_steps_are_kept() {
        let mut guests = guests(&["0"]);
        for number in 1..=250 {
            guests.set(1, 0, &number.to_string());
        }
        assert_eq!(std::iter::from_fn(|| guests.undo()).count(), 200);
        assert_eq!(says(&guests), ["50"]);
        assert_eq!(std::iter::from_fn(|| guests.redo()).count(), 200);
        assert_eq!(says(&guests), ["250"]);
    }

    #[test]
    fn thousands_of_rows_that_change_together_are_looked_at_as_well() {
        let addresses: Vec<String> = (0..2500).map(|number| format!("guest{}@fabrikam.con", number % 2400)).collect();
        let mut guests = guests(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
        let check = |guests: &Guests, rows: usize, duplicates: usize, typos: usize| {
            let checks = guests.checks();
            let found = (checks.summary().rows, checks.count_of(FindingKind::Duplicate), checks.count_of(FindingKind::Typo));
            assert_eq!(found, (rows, duplicates, typos));
        };
        check(&guests, 2500, 100, 2500);
        let ids = guests.list().ids().to_vec();
        assert_eq!(guests.replace(&ids[..2400], None, ".con", ".com"), 2400);
        check(&guests, 2500, 0, 100);
        guests.remove(&ids[..2450].iter().copied().collect());
        check(&guests, 50, 0, 50);
        guests.undo();
        check(&guests, 2500, 0, 100);
        guests.undo();
        check(&guests, 2500, 100, 2500);
        guests.undo();
        check(&guests, 0, 0, 0);
    }

    #[test]
    fn texts_are_replaced_in_the_rows_that_are_shown() {
        let mut guests = guests(&["a@old.example", "b@OLD.example", "c@old.example"]);
        assert_eq!(guests.replace(&[1, 2], None, "old", "new"), 2);
        assert_eq!(says(&guests), ["a@new.example", "b@new.example", "c@old.example"]);
    }

    /// Whatever is done, undoing all of it leads back, and what is found is what looking at everything finds.
    #[test]
    fn undoing_everything_leads_back() {
        for seed in 1..40_u64 {
            let mut rng = Rng::new(seed);
            let mut pick = move |sides: usize| rng.below(sides);
            let mut guests = guests(&["a@x.example", "b@x.example", "a@x.example"]);
            let texts = ["a@x.example", "B@x.example", "", "c@gmial.com"];
            let mut lists = vec![guests.list().clone()];
            for _ in 0..60 {
                let ids = guests.list().ids().to_vec();
                let before = guests.undo.len();
                match pick(5) {
                    0 => _ = guests.add(&[vec![(Column::own(["Badge", "Table"][pick(2)]), texts[pick(4)].into())]]),
                    1 if !ids.is_empty() => guests.remove(&BTreeSet::from([ids[pick(ids.len())], ids[pick(ids.len())]])),
                    2 if !ids.is_empty() => guests.paste(&ids[pick(ids.len())..], &[0, 1], &vec![vec![texts[pick(4)].into()]; 3]),
                    3 => _ = guests.replace(&ids, None, "x", "z"),
                    _ if !ids.is_empty() => guests.set(ids[pick(ids.len())], 0, texts[pick(4)]),
                    _ => {}
                }
                if guests.undo.len() > before {
                    lists.push(guests.list().clone());
                }
                let whole = Checks::for_list(guests.list(), Context::default());
                assert_eq!(guests.checks().summary(), whole.summary(), "seed {seed}");
            }
            while let Some(list) = lists.pop() {
                let rows = |list: &List| list.rows().map(|row| row.cells().map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>();
                assert_eq!((rows(guests.list()), guests.list().columns()), (rows(&list), list.columns()), "seed {seed}");
                guests.undo();
            }
        }
    }
}
