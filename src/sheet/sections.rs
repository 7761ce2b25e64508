//! Rows below the headings that are no guests: headings that stand there once more, because files were joined, and further
//! tables with headings of their own, as meeting and registration tools write them below the first.

use super::Table;
use crate::rows::headings;
use crate::words::{count, grouped};
use std::collections::HashMap;

/// What stands below the headings beside guests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    /// Rows with headings, rising.
    again: Vec<usize>,
    /// From these rows on cells stand in another order: the place of each column. Rising.
    orders: Vec<(usize, Vec<usize>)>,
    /// The first row of another table; it and all below are left out.
    end: Option<usize>,
    /// How many rows that is, and what the other table is called.
    other: (usize, String),
}

/// A cell without the byte order mark that joining files leaves in it.
pub fn without_mark(cell: &str) -> &str {
    cell.trim_start_matches('\u{feff}').trim()
}

fn cells(table: &Table, row: usize) -> impl Iterator<Item = &str> {
    table.row(row).map(without_mark)
}

/// Whether a row holds headings, one of them of an email column.
pub fn is_heading(table: &Table, row: usize) -> bool {
    table.row(row).all(|cell| !cell.contains('@')) && cells(table, row).any(headings::is_address)
}

impl Sections {
    /// Of a table whose headings stand in this row, and whose addresses in this column.
    pub fn of(table: &Table, header: usize, email: usize) -> Self {
        let mut sections = Self::default();
        let headings: Vec<&str> = cells(table, header).collect();
        for row in header + 1..table.len() {
            // Nearly every row has an address, and is no heading.
            if table.cell(row, email).contains('@') || !is_heading(table, row) {
                continue;
            }
            match order(&headings, &cells(table, row).collect::<Vec<_>>()) {
                Some(order) => {
                    sections.again.push(row);
                    sections.orders.push((row, order));
                }
                None => {
                    // What another table is called stands alone above its headings.
                    let is_title = |row: usize| cells(table, row).filter(|cell| !cell.is_empty()).count() == 1;
                    let title = Some(row - 1).filter(|above| *above > header && is_title(*above));
                    let from = title.unwrap_or(row);
                    let name = title.and_then(|title| cells(table, title).find(|cell| !cell.is_empty())).unwrap_or_default();
                    sections.other = (table.len() - from, name.to_owned());
                    sections.end = Some(from);
                    break;
                }
            }
        }
        if sections.orders.iter().all(|(_, order)| order.iter().enumerate().all(|(place, to)| place == *to)) {
            sections.orders.clear();
        }
        sections
    }

    /// Whether a row is none of the table's own.
    pub fn leaves_out(&self, row: usize) -> bool {
        self.end.is_some_and(|end| row >= end) || self.again.binary_search(&row).is_ok()
    }

    /// Where a column stands in this row.
    pub fn place(&self, row: usize, column: usize) -> usize {
        let order = self.orders.partition_point(|(from, _)| *from <= row);
        order.checked_sub(1).and_then(|place| self.orders[place].1.get(column).copied()).unwrap_or(column)
    }

    /// What is left out or read otherwise, in sentences.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if !self.again.is_empty() {
            let rows: Vec<String> = self.again.iter().take(3).map(|row| grouped(row + 1)).collect();
            let more = if self.again.len() > rows.len() { " and others" } else { "" };
            let once_more = if self.again.len() == 1 { "The headings stand once more in row" } else { "The headings stand again in rows" };
            let otherwise = if self.orders.is_empty() { "" } else { ", in another order, which is followed" };
            words.push(format!("{once_more} {}{more}{otherwise}; they are left out.", rows.join(", ")));
        }
        if self.end.is_some() {
            let name = if self.other.1.is_empty() { String::new() } else { format!(" (“{}”)", self.other.1) };
            words.push(format!("Below follows another table{name}; its {} left out.", count(self.other.0, "row is", "rows are")));
        }
        words
    }
}

/// Where each heading stands among others; nothing where those are not the same ones.
fn order(headings: &[&str], others: &[&str]) -> Option<Vec<usize>> {
    let trimmed = |cells: &[&str]| cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    if trimmed(headings) != trimmed(others) {
        return None;
    }
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, other) in others.iter().enumerate().rev() {
        places.entry(other.to_lowercase()).or_default().push(place);
    }
    headings[..trimmed(headings)].iter().map(|heading| places.get_mut(&heading.to_lowercase())?.pop()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let mut table = Table::default();
        rows.iter().for_each(|row| table.push(row.iter().copied()));
        table
    }

    #[test]
    fn headings_of_joined_files_are_left_out_and_their_order_is_followed() {
        let joined = table(&[&["Email", "Name"], &["a@x.example", "A"], &["\u{feff}name", "Email "], &["B", "b@x.example"], &["C", ""]]);
        let sections = Sections::of(&joined, 0, 0);
        assert_eq!((1..5).map(|row| sections.leaves_out(row)).collect::<Vec<_>>(), [false, true, false, false]);
        assert_eq!((sections.place(1, 0), sections.place(3, 0), sections.place(4, 1)), (0, 1, 0));
        assert_eq!(sections.words(), ["The headings stand once more in row 3, in another order, which is followed; they are left out."]);
        let same = table(&[&["Email", "Name"], &["a@x.example", "A"], &["Email", "Name", ""], &["b@x.example", "B"]]);
        let sections = Sections::of(&same, 0, 0);
        assert_eq!((sections.leaves_out(2), sections.place(3, 0)), (true, 0));
        assert_eq!(sections.words(), ["The headings stand once more in row 3; they are left out."]);
    }

    #[test]
    fn further_tables_are_left_out_with_their_titles() {
        let all = table(&[
            &["Name", "Email", "Role"],
            &["A", "a@x.example", "Guest"],
            &["B", "", "Guest"],
            &["3. Activities"],
            &["Name", "Joined", "Email"],
            &["A", "9:00", "a@x.example"],
        ]);
        let sections = Sections::of(&all, 0, 1);
        assert_eq!((1..6).map(|row| sections.leaves_out(row)).collect::<Vec<_>>(), [false, false, true, true, true]);
        assert_eq!(sections.words(), ["Below follows another table (“3. Activities”); its 3 rows are left out."]);
    }

    #[test]
    fn a_table_without_either_says_nothing() {
        let plain = table(&[&["Name", "Email"], &["A", "a@x.example"], &["Email", ""], &["", ""]]);
        // A person called Email without an address is odd, and no heading of this table.
        let sections = Sections::of(&plain, 0, 1);
        assert!(!sections.leaves_out(1) && sections.place(1, 1) == 1);
    }
}
