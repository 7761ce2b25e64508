//! The list itself: columns by name, rows of cells. Whatever is in a cell stays as it was typed, but for invisible marks around it, which
//! would make a name of nothing.
//!
//! Texts lie behind each other in one string that only grows, and each column is an array of spans into it: a hundred
//! thousand rows are a dozen allocations, a file's text is taken over as it is, and what an edit replaced is still there to
//! be had back.

use super::clutter::{bounds_without_marks, holds_marks, without_marks};
use super::fields::Column;
use std::ops::Range;

/// Where a cell's text lies in its list, in bytes: the start in the upper half, the length in the lower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span(u64);

impl Span {
    /// A list holds 4 GB of text at most, far beyond what is let in; what does not fit is empty.
    fn new(start: usize, end: usize) -> Self {
        match (u32::try_from(start), u32::try_from(end), u32::try_from(end.wrapping_sub(start))) {
            (Ok(start), Ok(_), Ok(length)) => Self(u64::from(start) << 32 | u64::from(length)),
            _ => Self::default(),
        }
    }

    const fn bounds(self) -> Range<usize> {
        let start = (self.0 >> 32) as usize;
        start..start + (self.0 & 0xffff_ffff) as usize
    }
}

#[derive(Clone, Debug)]
pub struct List {
    columns: Vec<Column>,
    text: String,
    /// By column, then by row.
    cells: Vec<Vec<Span>>,
    /// Of each row; they rise, and stay the same while rows around come and go.
    ids: Vec<u32>,
    next_id: u32,
}

/// One guest-to-be of a list.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    list: &'a List,
    /// From 0.
    pub place: usize,
}

/// Room that is made for new texts at once, in bytes: doubling tens of megabytes for one typed cell would be felt.
const ROOM: usize = 1 << 16;
/// Rows that are taken over at once.
const BLOCK: usize = 1024;

impl Default for List {
    fn default() -> Self {
        Self::from_columns(["email", "displayName", "firstName", "company"].map(Column::known).into())
    }
}

impl<'a> Row<'a> {
    pub fn id(self) -> u32 {
        self.list.ids.get(self.place).copied().unwrap_or(0)
    }

    /// What the row says in this column; nothing when there is no such row or column.
    pub fn cell(self, name: &str) -> &'a str {
        self.list.column(name).map_or("", |column| self.list.cell(self.place, column))
    }

    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.list.columns.len()).map(move |column| self.list.cell(self.place, column))
    }

    pub const fn list(self) -> &'a List {
        self.list
    }
}

impl List {
    pub fn from_columns(columns: Vec<Column>) -> Self {
        let cells = vec![Vec::new(); columns.len()];
        Self { columns, text: String::new(), cells, ids: Vec::new(), next_id: 1 }
    }

    /// The same columns without the rows, which go on to be numbered from where this one is.
    pub fn without_rows(&self) -> Self {
        Self { next_id: self.next_id, ..Self::from_columns(self.columns.clone()) }
    }

    pub const fn len(&self) -> usize {
        self.ids.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The rows that are wanted by their ids, with all their columns.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(u32) -> bool) -> Self {
        let mut list = self.without_rows();
        for row in self.rows().filter(|row| wanted(row.id())) {
            list.restore(row.id(), &row.cells().collect::<Vec<_>>());
        }
        list
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub fn row(&self, place: usize) -> Row<'_> {
        Row { list: self, place }
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len()).map(|place| self.row(place))
    }

    /// Where the row with this id stands.
    pub fn place(&self, id: u32) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// A cell's text; empty where there is no cell.
    pub fn cell(&self, place: usize, column: usize) -> &str {
        self.cells.get(column).and_then(|spans| spans.get(place)).map_or("", |span| self.read(*span))
    }

    /// How long a cell's text is, in bytes, and where it begins: quicker than the text, by which most cells need not be told from
    /// what is looked for.
    pub(super) fn glance(&self, place: usize, column: usize) -> (usize, Option<u8>) {
        let span = self.cells.get(column).and_then(|spans| spans.get(place)).copied().unwrap_or_default().bounds();
        (span.len(), self.text.as_bytes().get(span.start).copied().filter(|_| !span.is_empty()))
    }

    pub(super) fn put(&mut self, place: usize, column: usize, span: Span) -> Span {
        std::mem::replace(&mut self.cells[column][place], span)
    }

    fn read(&self, span: Span) -> &str {
        self.text.get(span.bounds()).unwrap_or_default()
    }

    /// Lays a text down, to be pointed to by cells.
    pub(super) fn write(&mut self, text: &str) -> Span {
        if text.is_empty() {
            return Span::default();
        }
        if self.text.len() + text.len() > self.text.capacity() {
            self.text.reserve_exact(text.len().max(ROOM));
        }
        let start = self.text.len();
        let span = Span::new(start, start + text.len());
        if span != Span::default() {
            self.text.push_str(text);
        }
        span
    }

    /// Adds columns that are not there yet, with nothing in their cells.
    pub(super) fn add_columns(&mut self, columns: &[Column]) -> Vec<Column> {
        let new: Vec<Column> = columns.iter().filter(|column| self.column(&column.name).is_none()).cloned().collect();
        for column in &new {
            self.columns.push(column.clone());
            self.cells.push(vec![Span::default(); self.ids.len()]);
        }
        new
    }

    /// Takes the last columns off again.
    pub(super) fn drop_columns(&mut self, count: usize) -> Vec<Column> {
        let left = self.columns.len() - count;
        self.cells.truncate(left);
        self.columns.split_off(left)
    }

    /// Takes a text over as it is, with this many rows whose cells lie in it: `span` tells where, in bytes, by row and by place in `columns`.
    pub fn adopt(&mut self, text: String, columns: &[Column], rows: usize, span: impl Fn(usize, usize) -> Range<usize>) {
        self.add_columns(columns);
        let (before, base) = (self.ids.len(), self.text.len());
        let has_marks = holds_marks(&text);
        if base == 0 {
            self.text = text;
        } else {
            self.text.push_str(&text);
        }
        // Of two columns of one name the first is it.
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate() {
            let own = self.column(&column.name).filter(|own| places.iter().all(|(_, known)| known != own));
            places.extend(own.map(|own| (place, own)));
        }
        places.iter().for_each(|(_, column)| self.cells[*column].reserve_exact(rows));
        // Some rows at a time, so that where their cells lie is read from memory once and not for each column.
        for from in (0..rows).step_by(BLOCK) {
            for (place, column) in &places {
                let block = (from..rows.min(from + BLOCK)).map(|row| span(row, *place));
                let block = block.map(|span| base + span.start..base + span.end);
                let cells = &mut self.cells[*column];
                if has_marks {
                    cells.extend(block.map(|span| {
                        let bounds = bounds_without_marks(self.text.get(span.clone()).unwrap_or_default());
                        Span::new(span.start + bounds.start, span.start + bounds.end)
                    }));
                } else {
                    cells.extend(block.map(|span| Span::new(span.start, span.end)));
                }
            }
        }
        self.number(before + rows);
    }

    /// The id of the next row that is added.
    pub(crate) const fn next_id(&self) -> u32 {
        self.next_id
    }

    /// New rows get ids from here on, unless there are such already.
    pub(crate) fn number_from(&mut self, next_id: u32) {
        self.next_id = self.next_id.max(next_id);
    }

    /// Numbers rows at the end, so that there are this many; what their cells lack stays empty.
    fn number(&mut self, rows: usize) {
        let new = u32::try_from(rows - self.ids.len()).unwrap_or(u32::MAX);
        self.ids.extend(self.next_id..self.next_id.saturating_add(new));
        self.next_id += new;
        for spans in &mut self.cells {
            spans.resize(rows, Span::default());
        }
    }

    /// Takes the rows of another list over, as new ones at the end.
    pub fn take_over(&mut self, other: Self) {
        let Self { columns, text, cells, ids, .. } = other;
        if self.text.is_empty() && self.is_empty() && columns.starts_with(&self.columns) {
            (self.columns, self.text, self.cells) = (columns, text, cells);
            self.number(ids.len());
        } else {
            self.adopt(text, &columns, ids.len(), |row, column| cells[column][row].bounds());
        }
    }

    /// What a list is made of, to be carried between threads: its columns, the text of all cells, and where each lies in it,
    /// by column, then by row.
    pub fn parts(&self) -> (&[Column], &str, impl Iterator<Item = Vec<u64>>) {
        (&self.columns, &self.text, self.cells.iter().map(|spans| spans.iter().map(|span| span.0).collect()))
    }

    /// Puts a list together of its parts; its rows are numbered from 1. A cell that lies nowhere is empty.
    pub fn from_parts(columns: Vec<Column>, text: String, spans: Vec<Vec<u64>>) -> Self {
        let rows = spans.iter().map(Vec::len).min().unwrap_or(0);
        let mut cells: Vec<Vec<Span>> = spans.into_iter().map(|spans| spans.into_iter().map(Span).collect()).collect();
        cells.resize(columns.len(), Vec::new());
        let mut list = Self { columns, text, cells, ids: Vec::new(), next_id: 1 };
        list.number(rows);
        list
    }

    /// Adds a row of name-value pairs; names that are new become columns. Answers its id.
    pub fn add(&mut self, cells: &[(Column, String)]) -> u32 {
        let columns: Vec<Column> = cells.iter().map(|(column, _)| column.clone()).collect();
        self.add_columns(&columns);
        for spans in &mut self.cells {
            spans.push(Span::default());
        }
        let place = self.ids.len();
        self.ids.push(self.next_id);
        self.next_id += 1;
        for (column, text) in cells {
            if let Some(column) = self.column(&column.name) {
                self.set(place, column, text);
            }
        }
        self.next_id - 1
    }

    /// Puts texts into a column, which is added if need be, from a row on.
    pub fn fill(&mut self, column: &Column, from: usize, texts: &[impl AsRef<str>]) {
        self.add_columns(std::slice::from_ref(column));
        let Some(place) = self.column(&column.name) else { return };
        for (row, text) in texts.iter().enumerate() {
            self.set(from + row, place, text.as_ref());
        }
    }

    pub fn set(&mut self, place: usize, column: usize, text: &str) {
        if place < self.len() && column < self.columns.len() {
            let span = self.write(without_marks(text));
            self.put(place, column, span);
        }
    }

    /// Takes rows out, by rising ids; answers their cells, row by row.
    pub(super) fn take(&mut self, ids: &[u32]) -> Vec<Span> {
        let places: Vec<usize> = ids.iter().filter_map(|id| self.place(*id)).collect();
        let taken = places.iter().flat_map(|place| self.cells.iter().map(|spans| spans[*place])).collect();
        // Everything before the first stays where it is.
        let Some(first) = places.first().copied() else { return taken };
        let mut gone = vec![false; self.len() - first];
        places.iter().for_each(|place| gone[place - first] = true);
        let stays = |place: usize| place < first || !gone[place - first];
        retain(&mut self.ids, stays);
        for spans in &mut self.cells {
            retain(spans, stays);
        }
        taken
    }

    /// Puts rows back that were taken out, by rising ids, with their cells row by row.
    pub(super) fn give_back(&mut self, ids: &[u32], cells: &[Span]) {
        let width = self.columns.len();
        let mut merged: Vec<(u32, Option<usize>)> = self.ids.iter().map(|id| (*id, None)).collect();
        merged.extend(ids.iter().enumerate().map(|(place, id)| (*id, Some(place))));
        merged.sort_unstable();
        for (column, spans) in self.cells.iter_mut().enumerate() {
            let mut old = spans.iter().copied();
            let whole = merged.iter().map(|(_, from)| match from {
                Some(place) => cells.get(place * width + column).copied().unwrap_or_default(),
                None => old.next().unwrap_or_default(),
            });
            *spans = whole.collect();
        }
        self.ids = merged.into_iter().map(|(id, _)| id).collect();
    }

    /// Puts a kept row where its id belongs.
    pub fn restore(&mut self, id: u32, cells: &[impl AsRef<str>]) {
        let spans: Vec<Span> =
            (0..self.columns.len()).map(|column| cells.get(column).map_or_else(Span::default, |text| self.write(text.as_ref()))).collect();
        if self.ids.last().is_none_or(|last| *last < id) {
            self.ids.push(id);
            for (column, span) in self.cells.iter_mut().zip(spans) {
                column.push(span);
            }
        } else if self.place(id).is_none() {
            self.give_back(&[id], &spans);
        }
        self.next_id = self.next_id.max(id + 1);
    }
}

fn retain<T>(values: &mut Vec<T>, stays: impl Fn(usize) -> bool) {
    let mut place = 0;
    values.retain(|_| {
        place += 1;
        stays(place - 1)
    });
}

/// Two lists are one when the same rows say the same, wherever their texts lie.
impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        let says = |list: &Self, other: &Self| (0..list.len()).all(|place| list.row(place).cells().eq(other.row(place).cells()));
        self.columns == other.columns && self.ids == other.ids && self.next_id == other.next_id && says(self, other)
    }
}

impl Eq for List {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_is_nothing_however_it_comes_in() {
        let columns = ["email", "displayName", "firstName"].map(Column::from_heading);
        let check = |list: &List, place: usize, expected: &str| {
            assert_eq!(["displayName", "firstName"].map(|name| list.row(place).cell(name)), [expected, ""]);
        };
        let text = "a@x.example\u{feff}Ada\u{200e}\u{200b}".to_owned();
        let mut list = List::from_columns(columns.to_vec());
        list.adopt(text, &columns, 1, |_, column| [0..11, 11..20, 20..23][column].clone());
        list.adopt("é@x.example\u{feff}Bob\u{200e}\u{200b}".into(), &columns, 1, |_, column| [0..12, 12..21, 21..24][column].clone());
        check(&list, 0, "Ada");
        check(&list, 1, "Bob");
        assert_eq!((list.cell(0, 0), list.cell(1, 0)), ("a@x.example", "é@x.example"));
        list.add(&columns.clone().into_iter().zip(["c@x.example", "\u{feff}Cy", "\u{2060}"].map(str::to_owned)).collect::<Vec<_>>());
        check(&list, 2, "Cy");
        list.set(2, 1, " Cy Young\u{200e}");
        check(&list, 2, " Cy Young");
    }

    fn says(list: &List) -> Vec<(u32, Vec<&str>)> {
        list.rows().map(|row| (row.id(), row.cells().collect())).collect()
    }

    fn three() -> List {
        let mut list = List::from_columns(vec![Column::from_heading("email")]);
        for name in ["a", "b", "c"] {
            list.add(&[(Column::from_heading("email"), name.into())]);
        }
        list
    }

    #[test]
    fn wanted_rows_keep_their_columns_and_ids() {
        let columns = ["email", "company"].map(|name| Column { name: name.into(), heading: name.into() });
        let mut list = List::from_columns(columns.to_vec());
        for number in 1..=4 {
            let [email, company] = columns.clone();
            list.add(&[(email, format!("g{number}@a.example")), (company, format!("C{number}"))]);
        }
        let only = list.only(|id| id % 2 == 0);
        assert_eq!(says(&only), [(2, vec!["g2@a.example", "C2"]), (4, vec!["g4@a.example", "C4"])]);
        assert_eq!(only.columns(), list.columns());
    }

    #[test]
    fn a_new_column_leaves_earlier_rows_whole() {
        let mut list = three();
        list.add(&[(Column::from_heading("Badge"), "7".into())]);
        assert_eq!((list.row(0).cell("badge"), list.row(3).cell("badge"), list.row(3).cell("email")), ("", "7", ""));
        list.set(0, 1, "8");
        assert_eq!(list.row(0).cell("badge"), "8");
        assert_eq!(list.row(9).cell("badge"), "");
    }

    #[test]
    fn rows_taken_out_come_back_where_they_were() {
        let mut list = three();
        let whole = list.clone();
        let taken = list.take(&[1, 3]);
        assert_eq!(says(&list), [(2, vec!["b"])]);
        list.give_back(&[1, 3], &taken);
        assert_eq!(list, whole);
    }

    #[test]
    fn a_typed_cell_does_not_double_the_text_of_a_long_list() {
        let text = "a".repeat(2_000_000).into_boxed_str();
        let mut list = List::default();
        list.adopt(text.into(), &[Column::from_heading("email")], 1, |_, _| 0..9);
        for (row, typed) in ["b", "c", "d"].into_iter().enumerate() {
            list.add(&[]);
            list.set(row, 0, typed);
        }
        assert_eq!((list.row(2).cell("email"), list.text.capacity() < 2_100_000), ("d", true));
    }

    #[test]
    fn kept_rows_come_to_stand_by_their_ids_in_whatever_order_they_come_and_once_each() {
        let mut list = List::from_columns(vec![Column::from_heading("email")]);
        for (id, name) in [(4, "d"), (9, "i"), (2, "b"), (5, "e"), (9, "again"), (2, "again")] {
            list.restore(id, &[name]);
        }
        assert_eq!(says(&list), [(2, vec!["b"]), (4, vec!["d"]), (5, vec!["e"]), (9, vec!["i"])]);
        assert_eq!(list.add(&[]), 10);
    }

    #[test]
    fn what_is_written_beside_the_list_is_left_out() {
        let mut list = three();
        list.set(3, 0, "d");
        list.set(0, 1, "x");
        list.set(7, 7, "x");
        assert_eq!(list, three());
    }

    #[test]
    fn lists_are_one_when_the_same_rows_say_the_same() {
        let check = |change: fn(&mut List), expected: bool| {
            let mut list = three();
            change(&mut list);
            assert_eq!((list == three(), three() == list), (expected, expected), "{list:?}");
        };
        check(|_| {}, true);
        check(|list| list.set(1, 0, "b"), true);
        check(|list| list.set(1, 0, "B"), false);
        check(|list| _ = list.add(&[]), false);
        check(|list| _ = list.take(&[3]), false);
        check(|list| _ = list.add_columns(&[Column::own("Badge")]), false);
        check(|list| list.columns[0].heading = "Mail".into(), false);
        check(|list| list.ids = vec![1, 2, 4], false);
        check(|list| list.number_from(9), false);
    }

    #[test]
    fn a_list_that_is_empty_keeps_its_columns_and_what_was_taken_out_of_it() {
        let mut other = List::from_columns(vec![Column::own("Badge")]);
        other.add(&[(Column::own("Badge"), "7".into())]);
        let mut list = List::from_columns(vec![Column::from_heading("email")]);
        list.take_over(other.clone());
        assert_eq!((list.row(0).cell("badge"), list.columns().len(), list.row(0).cell("email")), ("7", 2, ""));
        let mut list = three();
        let taken = list.take(&[1, 2, 3]);
        let mut other = three();
        other.set(0, 0, "ada@fabrikam.example");
        list.take_over(other);
        list.give_back(&[1, 2, 3], &taken);
        let names: Vec<&str> = list.rows().map(|row| row.cell("email")).collect();
        assert_eq!(names, ["a", "b", "c", "ada@fabrikam.example", "b", "c"]);
    }

    #[test]
    fn a_files_text_is_taken_over_as_it_is() {
        let columns = ["email", "Badge"].map(Column::from_heading);
        let rows = [[0..1, 1..5], [5..5, 5..7]];
        let mut list = List::default();
        let text = String::from("aüüé");
        list.adopt(text, &columns, 2, |row, column| rows[row][column].clone());
        assert_eq!(says(&list), [(1, vec!["a", "", "", "", "üü"]), (2, vec!["", "", "", "", "é"])]);
        list.adopt("xy".into(), &columns[..1], 1, |_, _| 1..2);
        assert_eq!((list.row(2).id(), list.row(2).cell("email"), list.row(2).cell("badge")), (3, "y", ""));
    }

    #[test]
    fn a_list_survives_being_taken_apart_and_taken_over() {
        let mut whole = three();
        whole.add(&[(Column::from_heading("Badge"), "7".into())]);
        let (columns, text, spans) = whole.parts();
        let (columns, text) = (columns.to_vec(), text.to_owned());
        let again = List::from_parts(columns.clone(), text.clone(), spans.collect());
        assert_eq!(again, whole);
        // Numbers that fit nothing are empty cells, and no panic.
        assert_eq!(List::from_parts(columns, text, vec![vec![u64::MAX], vec![1 << 40 | 9]]).row(0).cell("email"), "");
        assert_eq!(List::from_parts(Vec::new(), String::new(), Vec::new()).len(), 0);
        let mut empty = List::from_columns(whole.columns()[..1].to_vec());
        empty.next_id = 9;
        empty.take_over(again.clone());
        assert_eq!((empty.ids(), empty.row(3).cell("badge")), (&[9, 10, 11, 12][..], "7"));
        empty.take_over(again);
        assert_eq!((empty.len(), empty.row(4).id(), empty.row(4).cell("email"), empty.row(7).cell("badge")), (8, 13, "a", "7"));
    }
}
