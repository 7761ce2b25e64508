//! Lists that were put together: what stands above the headings, files that were joined, with headings in other words and another
//! order, totals, notes, and further tables with titles. Every guest is on the list with their address, or stands in a table that is told.

use super::go_on;
use crate::rng::Rng;
use guestlist::rows::List;
use guestlist::sheet::Table;
use guestlist::sheet::columns::{header_of, layout};
use std::collections::HashSet;

/// Headings, and the place of the addresses among them.
const HEADINGS: [(&[&str], usize); 5] = [
    (&["Email", "Name", "Company"], 0),
    (&["Name", "Company", "Email"], 2),
    (&["E-Mail", "Vorname", "Nachname"], 0),
    (&["Company", "E-mail address", "Name"], 1),
    (&["First name", "Last name", "Email", "Department"], 2),
];
const WORDS: [&str; 8] = ["Ada", "Total Energies", "Müller, Jürgen", "", "愛子", "Sum", "0012", "E-Mail Marketing GmbH"];
const PREAMBLE: [&[&str]; 5] =
    [&["Guest list 2026"], &["Exported", "2026-11-26"], &["Topic", "Kick-off"], &["Organizer", "mia@contoso.example"], &[]];
const TOTALS: [&[&str]; 3] = [&["Total", "", "12"], &["Summe: 3"], &["Razem", "12"]];
const NOTES: [&[&str]; 4] = [&[], &["Copyright (c) Adatum"], &["Made by:", "mia@contoso.example"], &["3 rows"]];
const TITLES: [&str; 3] = ["Host Details", "Panelisten", "Vertrieb"];

#[derive(Default)]
struct Made {
    table: Table,
    addresses: Vec<String>,
}

impl Made {
    /// So many guests below these headings; their addresses.
    fn guests(&mut self, rng: &mut Rng, (headings, email): (&[&str], usize), most: usize) -> Vec<String> {
        let mut here = Vec::new();
        for _ in 0..=rng.below(most) {
            let address = format!("g{}@x.example", self.addresses.len());
            let cells = (0..headings.len()).map(|place| if place == email { address.as_str() } else { WORDS[rng.below(WORDS.len())] });
            self.table.push(cells);
            self.addresses.push(address.clone());
            here.push(address);
        }
        here
    }
}

#[test]
fn nobody_is_lost_between_headings() {
    go_on(|rng, _| {
        let mut made = Made::default();
        for _ in 0..rng.below(3) {
            made.table.push(PREAMBLE[rng.below(PREAMBLE.len())].iter().copied());
        }
        // Tables with titles come one after the other; the files that were joined are one table.
        let has_titles = rng.below(3) == 0;
        let mut tables: Vec<Vec<String>> = Vec::new();
        for table in 0..if has_titles { rng.below(3) + 2 } else { 1 } {
            if has_titles {
                made.table.push([TITLES[table % TITLES.len()]]);
            }
            let mut addresses = Vec::new();
            for _ in 0..if has_titles { 1 } else { rng.below(3) + 1 } {
                let shape = HEADINGS[rng.below(HEADINGS.len())];
                made.table.push(shape.0.iter().copied());
                addresses.extend(made.guests(rng, shape, 6));
            }
            tables.push(addresses);
        }
        if rng.below(2) == 0 {
            made.table.push(TOTALS[rng.below(TOTALS.len())].iter().copied());
        }
        for _ in 0..rng.below(4) {
            made.table.push(NOTES[rng.below(NOTES.len())].iter().copied());
        }
        let Made { table, addresses } = made;
        let shown = || (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join(",")).collect::<Vec<_>>().join("\n");
        let layout = layout(&table, header_of(&table));
        let mut list = List::default();
        layout.add(table.clone(), &mut list, str::to_owned);
        let found: HashSet<&str> = (0..list.len()).map(|row| list.row(row).cell("email")).filter(|email| !email.is_empty()).collect();
        let is_there = |address: &String| found.contains(address.as_str());
        let most = tables.iter().map(Vec::len).max().unwrap_or_default();
        assert!(tables.iter().any(|table| table.len() == most && table.iter().all(is_there)), "the largest is read:\n{}", shown());
        assert!(found.iter().all(|email| email.contains('@')), "addresses stand in their column: {found:?}\n{}", shown());
        assert!(!found.contains("mia@contoso.example"), "who made it is no guest:\n{}", shown());
        if !addresses.iter().all(is_there) {
            assert!(has_titles && !layout.is_certain(), "somebody is missing:\n{}", shown());
            let told = layout.told().join(" ");
            assert!(told.contains("table") && told.contains("left out"), "{told}\n{}", shown());
        }
    });
}
