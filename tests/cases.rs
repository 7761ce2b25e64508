//! Lists as people really have them. Each folder of `tests/cases` holds inputs and an `expected.json`: the rows as the list
//! should hold them once every repair that is offered was accepted, and what is to be found in them before that. A folder more
//! is a case more. Folders of other categories than `list`, `paste` and lists of invitations are passed over.
//!
//! A field that a row does not name is not asserted. Rows that repeat an address are not removed, and names not turned.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a case that cannot be read is a failure"))]

use guestlist::letter::template;
use guestlist::rows::checks::Context;
use guestlist::rows::repairs::{Mend, repairs};
use guestlist::rows::{Address, Column, Guests, List, names, quick_add};
use guestlist::sheet::columns::{Layout, header_of, layout};
use guestlist::sheet::{self, Found, Wanted};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Expected {
    category: String,
    #[serde(default)]
    inputs: Vec<String>,
    #[serde(default)]
    rows: Vec<BTreeMap<String, serde_json::Value>>,
    #[serde(default)]
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    /// From 1, below the headings. Problems of the file as a whole have none.
    row: Option<usize>,
    field: Option<String>,
}

fn of_file(bytes: &[u8]) -> (Found, Layout, List) {
    let (found, table) = sheet::read(bytes, &Wanted::default(), |_, _| {}).unwrap();
    let layout = layout(&table, header_of(&table));
    let mut list = List::default();
    layout.add(table, &mut list, str::to_owned);
    (found, layout, list)
}

fn of_text(text: &str) -> List {
    let mut list = List::default();
    let reading = quick_add::read(text).unwrap();
    assert!(reading.unread.is_empty(), "{:?}", reading.unread);
    reading.rows.iter().for_each(|cells| _ = list.add(cells));
    list
}

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case)
}

/// The list of an input, held against Contoso's domain and the case's letter.
fn guests(folder: &Path, input: &str) -> Guests {
    let bytes = fs::read(folder.join(input)).unwrap();
    let list = if input.ends_with(".txt") { of_text(&String::from_utf8(bytes).unwrap()) } else { of_file(&bytes).2 };
    let letter = fs::read_to_string(folder.join("letter.txt")).unwrap_or_default();
    let letter = template::parse(&letter);
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let context = Context {
        own: vec!["contoso.example".into()],
        fields: owned(letter.needed()),
        used: owned(letter.fields().into_iter().map(|field| field.name).collect()),
        ..Context::default()
    };
    Guests::of(list, context)
}

fn mended(guests: &mut Guests) {
    // A repair may bring another one to light.
    for _ in 0..3 {
        for repair in repairs(guests.list(), guests.checks()) {
            if !matches!(repair.mend, Mend::Duplicates | Mend::TurnedName) {
                guests.mend(&repair, None);
            }
        }
    }
}

/// What a row says in a field. Of what is no address there is nothing.
fn says(list: &List, place: usize, field: &str) -> String {
    let row = list.row(place);
    match field {
        "email" => Address::parse(row.cell("email")).map_or_else(|_| String::new(), |address| address.as_str().to_owned()),
        "displayName" => names::value(row, field).into_owned(),
        _ => row.cell(field).trim().to_owned(),
    }
}

fn check(folder: &Path, input: &str, expected: &Expected) {
    let name = folder.join(input);
    let mut guests = guests(folder, input);
    assert_eq!(guests.list().len(), expected.rows.len(), "rows of {}", name.display());
    for problem in &expected.problems {
        let (Some(row), Some(field)) = (problem.row, &problem.field) else { continue };
        let column = guests.list().column(field).unwrap_or_else(|| panic!("{}: no column {field}", name.display()));
        let words = guests.checks().words(guests.list(), row - 1, column);
        assert!(words.is_some(), "{}: nothing is said of {field} in row {row}", name.display());
    }
    for place in 0..guests.list().len() {
        let is_expected = expected.problems.iter().any(|problem| problem.row == Some(place + 1));
        assert!(is_expected || !guests.checks().is_error(place), "{}: row {} has an error", name.display(), place + 1);
    }
    mended(&mut guests);
    for (place, row) in expected.rows.iter().enumerate() {
        for (field, value) in row.iter().filter_map(|(field, value)| Some((field, value.as_str()?))) {
            let known = if Column::FIELDS.contains(&field.as_str()) { field.clone() } else { Column::own(field).name };
            assert_eq!(says(guests.list(), place, &known), value, "{}: {field} in row {}", name.display(), place + 1);
        }
    }
}

#[test]
fn lists_are_read_as_their_people_meant_them() {
    let mut cases = 0;
    for entry in fs::read_dir(folder("")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(folder.join("expected.json")) else { continue };
        let expected: Expected = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let is_list = matches!(expected.category.as_str(), "list" | "paste" | "invitation");
        let is_input = |input: &&String| *input != "letter.txt" && !input.ends_with(".json");
        for input in expected.inputs.iter().filter(|_| is_list && !expected.rows.is_empty()).filter(is_input) {
            check(&folder, input, &expected);
            cases += 1;
        }
    }
    assert!(cases >= 7, "{cases}");
}

#[test]
fn what_is_left_out_or_chosen_is_told() {
    let of = |case: &str, input: &str| of_file(&fs::read(folder(case).join(input)).unwrap()).1;
    let teams = of("18-teams-attendance", "attendance.csv");
    assert_eq!(
        teams.told(),
        [
            "Above the headings 8 rows are left out.",
            "Guests get the addresses in “Email”. There are addresses in “Participant ID (UPN)”, too.",
            "Below follows another table (“3. In-Meeting Activities”); its 4 rows are left out."
        ]
    );
    let google = of("15-google-contacts", "google-new.csv");
    assert_eq!(google.told(), ["Guests get the addresses in “E-mail 1 - Value”. There are addresses in “E-mail 2 - Value”, too."]);
    assert!(!google.is_certain());
    assert_eq!(of("30-local-part-case", "list.csv").columns_words(), "2 columns, all known.");
}

#[test]
fn a_greeting_falls_back_where_a_cell_said_nothing_in_a_word() {
    let folder = folder("22-null-words");
    let mut guests = guests(&folder, "guests.csv");
    mended(&mut guests);
    let letter = fs::read_to_string(folder.join("letter.txt")).unwrap();
    let filled = |place: usize| {
        let row = guests.list().row(place);
        template::parse(&letter).fill(|field| Some(names::value(row, field))).text()
    };
    assert!(filled(0).starts_with("Hello there,") && filled(3).starts_with("Hello Nan,"), "{} {}", filled(0), filled(3));
}

#[test]
fn exchanges_names_of_mailboxes_are_called_so() {
    let guests = guests(&folder("21-x500-addresses"), "outlook.csv");
    let says = |place| guests.checks().words(guests.list(), place, 0).map(|(words, _)| words).unwrap_or_default();
    assert!(says(0).contains("Exchange") && says(0).ends_with("ada@fabrikam.example stands in E-mail 2 Address."), "{}", says(0));
    assert!(says(2).contains("Exchange"), "{}", says(2));
}
