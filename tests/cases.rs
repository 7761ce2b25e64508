//! Lists as people really have them. Each folder of `tests/cases` with an `expected.json` holds inputs, how they are to be read,
//! the rows as the list should hold them once every repair that is offered was accepted, what is to be found in them before that,
//! and sentences that must or must not be true. A folder more is a case more; a sentence that `sentences` does not know is a failure.
//!
//! A field that a row does not name is not asserted. Rows that repeat an address are not removed, and names not turned. Folders
//! without `expected.json` are what Graph, Entra or a host answers: the stories that read them say what is to come of it.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a case that cannot be read is a failure"))]

mod sentences;

use guestlist::letter::template;
use guestlist::rows::checks::Context;
use guestlist::rows::repairs::{Fix, repairs};
use guestlist::rows::{Address, Column, Guests, List, Row, names, quick_add};
use guestlist::sheet::columns::{Layout, header_of, layout};
use guestlist::sheet::{self, DetectedFormat, Noticed, Table, UnreadableFile, Wanted};
use sentences::{for_input, is_true, word_for};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

type ExpectedRows = Vec<BTreeMap<String, Option<String>>>;

#[derive(Deserialize)]
struct CaseFile {
    inputs: Vec<String>,
    #[serde(default)]
    read: ReadExpectation,
    rows: RowsOf,
    problems: Vec<ExpectedProblem>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
    #[serde(default)]
    acceptable_instead: Vec<String>,
}

impl CaseFile {
    /// Inputs that are named and are none: what is said of them would never be asserted.
    fn unknown_inputs(&self) -> Vec<&str> {
        let sentences = self.must.iter().chain(&self.must_not).filter_map(|sentence| for_input(sentence)).map(|(input, _)| input);
        let of_rows = if let RowsOf::ByInput(of) = &self.rows { of.keys().map(String::as_str).collect() } else { Vec::new() };
        let is_unknown = |input: &&str| !self.inputs.iter().any(|known| known == input);
        sentences.chain(of_rows).filter(is_unknown).collect()
    }
}

/// How a file is to be read.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadExpectation {
    encoding: Option<String>,
    delimiter: Option<String>,
    /// The row of the file, from 1, or words that describe it.
    header_row: Option<serde_json::Value>,
    sheet: Option<String>,
    format: Option<String>,
    line_end: Option<String>,
    #[serde(default)]
    unpacked_once: bool,
}

/// The same for every input, or by its name.
#[derive(Deserialize)]
#[serde(untagged)]
enum RowsOf {
    Each(ExpectedRows),
    ByInput(BTreeMap<String, ExpectedRows>),
}

#[derive(Deserialize)]
struct ExpectedProblem {
    /// From 1, below the headings. Problems of the file as a whole have none.
    row: Option<usize>,
    field: Option<String>,
    why: String,
}

/// An input as the page reads it.
struct CaseInput {
    input: String,
    bytes: Vec<u8>,
    /// Of pasted text there is neither.
    file: Option<(DetectedFormat, Table, Layout)>,
    /// Before repairs and once all of them were accepted.
    guests: Guests,
    fixed: Guests,
    /// The case's letter.
    letter: String,
}

fn read_file(bytes: &[u8]) -> Result<(DetectedFormat, Table, Layout, List), UnreadableFile> {
    let (found, table) = sheet::read(bytes, &Wanted::default(), |_, _| {})?;
    let layout = layout(&table, header_of(&table));
    let mut list = List::default();
    layout.add(table.clone(), &mut list, str::to_owned);
    Ok((found, table, layout, list))
}

fn read_text(text: &str) -> List {
    let mut list = List::default();
    let reading = quick_add::read(text).unwrap();
    assert!(reading.unread.is_empty(), "{:?}", reading.unread);
    reading.rows.iter().for_each(|cells| _ = list.add(cells));
    list
}

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case)
}

/// The list held against Contoso's domain and the case's letter.
fn checked(list: List, letter: &str) -> Guests {
    let letter = template::parse(letter);
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let context = Context {
        own: vec!["contoso.example".into()],
        fields: owned(letter.needed()),
        used: owned(letter.fields().into_iter().map(|field| field.name).collect()),
        ..Context::default()
    };
    Guests::from_list(list, context)
}

impl CaseInput {
    fn from_case(case: &str, input: &str) -> Result<Self, UnreadableFile> {
        let folder = folder(case);
        let bytes = fs::read(folder.join(input)).unwrap();
        let letter = fs::read_to_string(folder.join("letter.txt")).unwrap_or_default();
        let (file, list) = if input.ends_with(".txt") {
            (None, read_text(std::str::from_utf8(&bytes).unwrap()))
        } else {
            let (found, table, layout, list) = read_file(&bytes)?;
            (Some((found, table, layout)), list)
        };
        let guests = checked(list.clone(), &letter);
        let mut fixed = checked(list, &letter);
        // A repair may bring another one to light.
        for _ in 0..3 {
            for repair in repairs(fixed.list(), fixed.checks()) {
                if !matches!(repair.fix, Fix::Duplicates | Fix::TurnedName) {
                    fixed.fix(&repair, None, str::to_owned);
                }
            }
        }
        Ok(Self { input: input.to_owned(), bytes, file, guests, fixed, letter })
    }

    fn has(&self, noticed: impl Fn(&Noticed) -> bool) -> bool {
        self.file.as_ref().is_some_and(|(found, ..)| found.noticed().iter().any(noticed))
    }

    fn is_added_unseen(&self) -> bool {
        !self.has(|_| true) && self.file.as_ref().is_none_or(|(.., layout)| layout.is_certain())
    }

    /// Whether a row that lies on the list in the end is like this.
    fn any(&self, is_so: impl Fn(Row<'_>) -> bool) -> bool {
        self.fixed.list().rows().any(is_so)
    }

    fn any_cell(&self, is_so: impl Fn(&str) -> bool) -> bool {
        let columns = self.fixed.list().columns();
        self.any(|row| columns.iter().any(|column| is_so(row.cell(&column.name))))
    }

    /// What is said of a field of a row, which counts from 1.
    fn words(&self, row: usize, field: &str) -> String {
        let column = self.guests.list().column(field).unwrap_or_else(|| panic!("{}: no column {field}", self.input));
        self.guests.checks().words(self.guests.list(), row - 1, column).map(|(words, _)| words).unwrap_or_default()
    }

    fn filled(&self, place: usize) -> String {
        let row = self.fixed.list().row(place);
        template::parse(&self.letter).fill(|field| Some(names::value(row, field))).text()
    }
}

/// What a row says in a field. Of what is no address there is nothing.
fn says(row: Row<'_>, field: &str) -> String {
    match field {
        "email" => Address::parse(row.cell("email")).map_or_else(|_| String::new(), |address| address.as_str().to_owned()),
        "displayName" => names::value(row, field).into_owned(),
        _ => row.cell(field).trim().to_owned(),
    }
}

fn check_how_it_is_read(read: &ReadExpectation, reading: &CaseInput) {
    let name = &reading.input;
    let Some((found, table, layout)) = &reading.file else { return };
    if let Some(row) = read.header_row.as_ref().and_then(serde_json::Value::as_u64) {
        let header = layout.header.unwrap();
        if let DetectedFormat::Text { encoding, .. } = found {
            // Lines above may have been taken off, so it is looked for in the file.
            let text = sheet::detect::decode(&reading.bytes, *encoding);
            let line = text.split(['\r', '\n']).filter(|line| !line.is_empty()).nth(usize::try_from(row).unwrap() - 1).unwrap();
            assert!(line.contains(table.cell(header, 0)), "{name}: {line}");
        } else {
            assert_eq!(header + 1, usize::try_from(row).unwrap(), "{name}");
        }
    }
    match found {
        DetectedFormat::Text { encoding, delimiter, .. } => {
            let of = read.encoding.as_deref().unwrap_or("UTF-8").split(" (").next().unwrap().replace("16LE", "16");
            assert!(encoding.name().contains(&of), "{name}: {} is not {of}", encoding.name());
            let named = match read.delimiter.as_deref() {
                Some("tab") => b'\t',
                Some(sign) => sign.as_bytes()[0],
                None => b',',
            };
            assert_eq!(delimiter.byte(), named, "{name}");
        }
        DetectedFormat::Workbook { sheets, sheet, .. } => {
            assert!(read.sheet.as_ref().is_none_or(|named| sheets[*sheet].name == *named), "{name}");
            assert!(read.format.as_deref() != Some("HTML") || reading.has(|noticed| *noticed == Noticed::WebPage), "{name}");
        }
    }
    assert!(read.line_end.is_none() || !reading.bytes.contains(&b'\n'), "{name}");
    assert_eq!(read.unpacked_once, reading.has(|noticed| *noticed == Noticed::Packed), "{name}");
}

fn check(reading: &CaseInput, expected: &CaseFile, rows: &ExpectedRows) {
    let name = &reading.input;
    check_how_it_is_read(&expected.read, reading);
    assert_eq!(reading.guests.list().len(), rows.len(), "rows of {name}");
    for problem in &expected.problems {
        let (Some(row), Some(field)) = (problem.row, &problem.field) else { continue };
        let (words, word) = (reading.words(row, field), word_for(&problem.why));
        assert!(words.contains(word), "{name}: of {field} in row {row} is said: “{words}”, without “{word}”");
    }
    let may_need_repair = expected.acceptable_instead.iter().any(|instead| instead.contains("repair"));
    for place in 0..rows.len() {
        let is_expected = expected.problems.iter().any(|problem| problem.row == Some(place + 1));
        let guests = if may_need_repair { &reading.fixed } else { &reading.guests };
        assert!(is_expected || !guests.checks().is_error(place), "{name}: row {} has an error", place + 1);
    }
    for (place, row) in rows.iter().enumerate() {
        for (field, value) in row.iter().filter_map(|(field, value)| Some((field, value.as_ref()?))) {
            let known = if Column::FIELDS.contains(&field.as_str()) { field.clone() } else { Column::own(field).name };
            assert_eq!(says(reading.fixed.list().row(place), &known), *value, "{name}: {field} in row {}", place + 1);
        }
    }
    for sentence in &expected.must {
        assert_ne!(is_true(sentence, reading), Some(false), "{name}: not so: {sentence}");
    }
    for sentence in &expected.must_not {
        assert_ne!(is_true(sentence, reading), Some(true), "{name}: {sentence}");
    }
}

/// A file that is refused is refused with a sentence that says what it is and how to go on.
fn check_refusal(words: &str, expected: &CaseFile) {
    for sentence in &expected.must {
        let named: &[&str] = match sentence.as_str() {
            "the words name password or sensitivity label" => &["password", "sensitivity label"],
            "the words name a way out: save without protection, or paste the cells" => &["save a copy", "paste"],
            _ => panic!("nobody knows what is meant by “{sentence}”"),
        };
        assert!(named.iter().all(|named| words.contains(named)), "{sentence}: {words}");
    }
    for sentence in &expected.must_not {
        assert!(!words.to_lowercase().contains(sentence.split(' ').next_back().unwrap()), "{sentence}: {words}");
    }
}

#[test]
fn lists_are_read_as_their_people_meant_them() {
    let mut cases = 0;
    for entry in fs::read_dir(folder("")).unwrap() {
        let folder = entry.unwrap().path();
        let case = folder.file_name().unwrap().to_str().unwrap();
        let Ok(text) = fs::read_to_string(folder.join("expected.json")) else { continue };
        let expected: CaseFile = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(expected.unknown_inputs().is_empty(), "{case}: there is no {:?}", expected.unknown_inputs());
        for input in expected.inputs.iter().filter(|input| *input != "letter.txt") {
            eprintln!("{case}/{input}");
            let rows = match &expected.rows {
                RowsOf::Each(rows) => rows,
                RowsOf::ByInput(of) => &of[input],
            };
            match CaseInput::from_case(case, input) {
                Ok(reading) => check(&reading, &expected, rows),
                Err(unreadable) => {
                    assert!(rows.is_empty(), "{case}/{input}: {}", unreadable.words());
                    check_refusal(&unreadable.words(), &expected);
                }
            }
            cases += 1;
        }
    }
    assert!(cases >= 25, "{cases}");
}

#[test]
fn an_input_that_is_misspelt_is_a_failure() {
    let expected = |must: &str, rows: &str| {
        let text = format!(r#"{{"inputs": ["list.csv"], "rows": {rows}, "problems": [], "must": ["{must}"]}}"#);
        serde_json::from_str::<CaseFile>(&text).unwrap()
    };
    assert!(expected("list.csv: 3 rows", "[]").unknown_inputs().is_empty());
    assert!(expected("3 rows", r#"{"list.csv": []}"#).unknown_inputs().is_empty());
    assert_eq!(expected("lst.csv: 3 rows", "[]").unknown_inputs(), ["lst.csv"]);
    assert_eq!(expected("3 rows", r#"{"list.csv": [], "lits.csv": []}"#).unknown_inputs(), ["lits.csv"]);
}

/// A copy that nobody reads says nothing.
#[test]
fn each_file_of_a_case_is_read_by_a_test() {
    fn sources(folder: &Path, found: &mut Vec<String>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("node_modules") {
                sources(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "mjs") {
                found.push(fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut texts = Vec::new();
    ["src", "crates", "tests", "xtask/src"].iter().for_each(|part| sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &mut texts));
    for folder in fs::read_dir(folder("")).unwrap().map(|entry| entry.unwrap().path()) {
        let case = folder.file_name().unwrap().to_str().unwrap();
        let expected = fs::read_to_string(folder.join("expected.json")).unwrap_or_default();
        let readers: Vec<&String> =
            if expected.is_empty() { texts.iter().filter(|text| text.contains(case)).collect() } else { Vec::new() };
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
            let is_input = !expected.is_empty() && (file == "expected.json" || expected.contains(&format!("\"{file}\"")));
            assert!(is_input || readers.iter().any(|text| text.contains(&file)), "nobody reads {case}/{file}");
        }
    }
}

#[test]
fn what_is_left_out_or_chosen_is_told() {
    let of = |case: &str, input: &str| read_file(&fs::read(folder(case).join(input)).unwrap()).unwrap().2;
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
    assert_eq!(
        google.told(),
        [
            "Guests get the addresses in “E-mail 1 - Value”. There are addresses in “E-mail 2 - Value”, too.",
            "In 1 row that address is labelled as private and another as of work, which is taken instead."
        ]
    );
    assert!(!google.is_certain());
    assert_eq!(of("30-local-part-case", "list.csv").columns_words(), "2 columns, all known.");
}

/// As HubSpot exports contacts: some have a work address, and who has none there can be given the other. Where half of a few have one,
/// the other is proposed.
#[test]
fn who_has_no_address_in_the_proposed_column_is_offered_the_one_of_another() {
    let half = "Record ID,First Name,Work email,Email\n1,Ada,ada@fabrikam.example,ada@x.example\n2,Bob,,bob@x.example\n";
    let (.., layout, _) = read_file(half.as_bytes()).unwrap();
    assert_eq!(layout.told(), ["Guests get the addresses in “Email”. There are addresses in “Work email”, too."]);
    let text = half.to_owned() + "3,Cy,cy@fabrikam.example,cy@x.example\n";
    let (.., layout, list) = read_file(text.as_bytes()).unwrap();
    assert_eq!(layout.told(), ["Guests get the addresses in “Work email”. There are addresses in “Email”, too."]);
    let guests = checked(list, "Hello");
    let offered: Vec<String> =
        repairs(guests.list(), guests.checks()).iter().map(|repair| repair.words() + ": " + &repair.verb()).collect();
    assert_eq!(offered, ["1 row has no address but one in Email 4: Take it from Email 4"]);
}

/// As Salesforce exports a report, with its title and its filters above.
#[test]
fn a_report_is_read_without_what_stands_around_its_table() {
    let text = "\"Adatum guests\"\r\n\"Organizer\",\"mia@adatum.example\"\r\n\r\n\"Salutation\",\"First Name\",\"Last Name\",\"Title\",\"Email\"\r\n\"Ms.\",\"Ada\",\"Lovelace\",\"CEO\",\"ada@fabrikam.example\"\r\n\r\n\r\n\"Adatum guests\"\r\n\"Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved.\"\r\n\"Confidential Information - Do Not Distribute\"\r\n\"Generated By: Mia Admin 26.11.2026 10:15\"\r\n\"Adatum\"\r\n";
    let (found, _, layout, list) = read_file(text.as_bytes()).unwrap();
    assert!(found.noticed().is_empty(), "{:?}", found.noticed());
    assert_eq!((list.len(), list.row(0).cell("jobTitle"), list.row(0).cell("email")), (1, "CEO", "ada@fabrikam.example"));
    assert_eq!(
        layout.told(),
        [
            "Above the headings 1 row is left out.",
            "Above the headings 1 row has addresses, as where files were joined; they are left out.",
            "Below the guests 5 rows look like notes and are left out."
        ]
    );
}

#[test]
fn a_greeting_falls_back_where_a_cell_said_nothing_in_a_word() {
    let reading = CaseInput::from_case("22-null-words", "guests.csv").unwrap();
    let greetings: Vec<String> = (0..5).map(|place| reading.filled(place).lines().next().unwrap_or_default().to_owned()).collect();
    assert_eq!(greetings, ["Hello there,", "Hello there,", "Hello there,", "Hello Nan,", "Hello Jennifer,"]);
}

#[test]
fn exchanges_names_of_mailboxes_are_called_so() {
    let reading = CaseInput::from_case("21-x500-addresses", "outlook.csv").unwrap();
    let words = reading.words(1, "email");
    assert!(words.contains("Exchange") && words.ends_with("ada@fabrikam.example stands in E-mail 2 Address."), "{words}");
}
