//! Tables that stand one below the other, as meeting and registration tools write them, and files that were joined to one: which
//! rows hold headings, where another table begins, and which of the tables is the list.

use super::totals::is_total;
use super::{MOST_COLUMNS, Table};
use crate::rows::{headings, without_marks};
use std::collections::HashSet;
use std::ops::Range;

/// Headings, and the rows below them up to the next ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TablePart {
    /// The row that says what the table is called, alone above its headings.
    pub title: Option<usize>,
    pub header: usize,
    /// The rows below the headings.
    pub rows: Range<usize>,
    /// The headings stand there because a file was joined to the one above: no other table begins.
    pub is_joined: bool,
}

/// A cell without the byte order mark that joining files leaves in it, and without blanks and other marks around it.
pub(super) fn without_mark(cell: &str) -> &str {
    without_marks(cell).trim()
}

pub(super) fn cells(table: &Table, row: usize) -> impl Iterator<Item = &str> {
    table.row(row).map(without_mark)
}

/// Cells with something in them.
pub(super) fn filled(table: &Table, row: usize) -> impl Iterator<Item = &str> {
    cells(table, row).filter(|cell| !cell.is_empty())
}

/// Whether a row holds headings, one of them of an email column.
pub(super) fn is_heading(table: &Table, row: usize) -> bool {
    !table.row_text(row).contains('@') && cells(table, row).any(headings::is_address)
}

/// Everything that stands below headings: those that are known, and those in the row that is said to hold some.
pub(super) fn parts(table: &Table, header: Option<usize>) -> Vec<TablePart> {
    let mut parts: Vec<TablePart> = Vec::new();
    // The headings of the table in hand, and what they and those of all files joined to it say.
    let mut first = 0;
    let mut said = HashSet::new();
    for row in headings_of(table, header) {
        // Whoever stands alone above headings that stand there once more is a guest, or a note.
        let is_again = parts.iter().any(|part| part.header == first && part.title.is_none()) && are_same(table, Some(first), Some(row));
        let title = title_above(table, row).filter(|title| !is_again && parts.last().is_none_or(|part| *title > part.header));
        let is_joined = Some(row) != header && title.is_none() && !parts.is_empty() && belongs(table, first, row);
        let names = names(table, row);
        let is_joined = is_joined && said.union(&names).count() <= MOST_COLUMNS;
        if let Some(part) = parts.last_mut() {
            part.rows.end = title.unwrap_or(row);
        }
        if !is_joined {
            first = row;
            said.clear();
        }
        said.extend(names);
        parts.push(TablePart { title, header: row, rows: row + 1..table.len(), is_joined });
    }
    parts
}

/// Rows with headings, rising: those that name a column which has addresses below, or, where none has, all that name one; those that
/// stand there once more, as at the end of an empty file; and this one.
fn headings_of(table: &Table, header: Option<usize>) -> Vec<usize> {
    const BELOW: usize = 200;
    let has_addresses = |row: usize| {
        let below = || (row + 1..table.len()).take(BELOW);
        let places = cells(table, row).enumerate().filter(|(_, cell)| headings::is_address(cell)).map(|(place, _)| place);
        places.into_iter().any(|place| below().any(|other| table.cell(other, place).contains('@')))
    };
    let without_at = table.rows_without_at(0..table.len());
    let named: Vec<usize> = without_at.filter(|row| is_heading(table, *row) && !is_said_by_guests(table, *row)).collect();
    let sure: Vec<usize> = named.iter().copied().filter(|row| has_addresses(*row)).collect();
    let is_one = |row: &usize| sure.is_empty() || sure.iter().any(|known| known == row || are_same(table, Some(*known), Some(*row)));
    let mut rows: Vec<usize> = named.iter().copied().filter(is_one).collect();
    if let Some(header) = header.filter(|header| !rows.contains(header)) {
        rows.push(header);
        rows.sort_unstable();
    }
    rows
}

/// Whether rows with addresses nearby say in the same column what seems to be the heading of an email column: `E-mail` as the way
/// somebody wants to be written to.
fn is_said_by_guests(table: &Table, row: usize) -> bool {
    const NEARBY: usize = 500;
    let Some(place) = table.row(row).position(|cell| headings::is_address(without_mark(cell))) else { return false };
    let said = table.cell(row, place);
    let nearby = row.saturating_sub(NEARBY)..table.len().min(row + NEARBY);
    nearby.into_iter().any(|other| table.cell(other, place) == said && table.row_text(other).contains('@'))
}

/// The row that says what a table is called: the only cell of the last row above its headings.
pub(super) fn title_above(table: &Table, header: usize) -> Option<usize> {
    let above = (0..header).rev().find(|row| !table.is_blank(*row))?;
    let is_alone = table.row(above).next().is_some_and(|cell| !cell.trim().is_empty()) && filled(table, above).count() == 1;
    let is_title = is_alone && !table.row_text(above).contains('@') && !is_total(table, above, true);
    (is_title && filled(table, header).count() > 1).then_some(above)
}

/// The headings in a row, whatever their case.
fn names(table: &Table, row: usize) -> HashSet<String> {
    filled(table, row).map(str::to_lowercase).collect()
}

/// Whether headings are those of one more file of people: half of them stand in the first headings, too, or most of both are
/// fields of people.
fn belongs(table: &Table, first: usize, row: usize) -> bool {
    let fields = |row| filled(table, row).filter(|cell| headings::meaning(cell).is_some_and(|meaning| !meaning.is_guess)).count();
    let (these, those) = (names(table, first), names(table, row));
    let shared = these.intersection(&those).count();
    let are_people = |row, of: usize| fields(row) * 2 >= of;
    shared * 2 >= these.len().min(those.len()) || are_people(first, these.len()) && are_people(row, those.len())
}

/// The headings of the table with the most different addresses, of equals the first.
pub(super) fn largest(table: &Table) -> Option<usize> {
    let parts = parts(table, None);
    let tables: Vec<&[TablePart]> = parts.chunk_by(|_, next| next.is_joined).collect();
    let [_, _, ..] = tables.as_slice() else { return parts.first().map(|part| part.header) };
    let addresses = |parts: &&&[TablePart]| {
        let rows = parts.iter().flat_map(|part| part.rows.clone());
        rows.filter_map(|row| table.row(row).find(|cell| cell.contains('@'))).map(str::to_lowercase).collect::<HashSet<String>>().len()
    };
    tables.iter().rev().max_by_key(addresses).and_then(|parts| parts.first()).map(|part| part.header)
}

/// Rows that are offered for the one with the headings: the first ones, those that name an email column wherever they stand, and
/// this one.
pub fn header_choices(table: &Table, header: Option<usize>) -> Vec<usize> {
    const FIRST: usize = 10;
    const MOST: usize = 100;
    let mut rows: Vec<usize> = (0..table.len().min(FIRST)).collect();
    rows.extend(table.rows_without_at(FIRST..table.len()).filter(|row| is_heading(table, *row)).take(MOST - FIRST));
    if let Some(header) = header.filter(|header| !rows.contains(header)) {
        rows.push(header);
        rows.sort_unstable();
    }
    rows
}

/// One past the last cell with something in it.
pub(super) fn last_filled(table: &Table, row: usize) -> usize {
    cells(table, row).enumerate().filter(|(_, cell)| !cell.is_empty()).last().map_or(0, |(place, _)| place + 1)
}

/// Whether two rows hold the same headings in the same places.
pub(super) fn are_same(table: &Table, one: Option<usize>, other: Option<usize>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    let heading = |row, place| without_mark(table.cell(row, place)).to_lowercase();
    (0..last_filled(table, one).max(last_filled(table, other))).all(|place| heading(one, place) == heading(other, place))
}

/// Whether a cell is an address and nothing else.
pub(super) fn is_address(cell: &str) -> bool {
    let cell = cell.trim();
    cell.contains('@') && (cell.contains('<') || !cell.contains(char::is_whitespace)) && !cell.contains(": ")
}

/// The table with a row for each cell, where all are addresses, without headings, and no two columns could be of the same guests.
#[cfg(feature = "sheets")]
pub(super) fn lists_of_addresses(table: &Table) -> Option<Table> {
    let rows = || (0..table.len()).filter(|row| !table.is_blank(*row));
    let cells = || rows().flat_map(|row| filled(table, row));
    let is_list = || rows().nth(1).is_none() && cells().nth(1).is_some() || rows().any(|row| filled(table, row).nth(2).is_some());
    if !cells().all(is_address) || !is_list() {
        return None;
    }
    let mut lists = Table::default();
    cells().for_each(|cell| lists.push([cell]));
    Some(lists)
}

/// Whether a row above the headings is a guest: a cell is an address and nothing else, and none is a label.
pub(super) fn is_guest(table: &Table, row: usize) -> bool {
    cells(table, row).any(is_address) && !cells(table, row).any(is_label)
}

/// Whether a cell says what stands in the next one: `Organizer:`, `Exported by`.
pub(super) fn is_label(cell: &str) -> bool {
    const BY: [&str; 8] = ["by", "par", "por", "von", "durch", "door", "da", "przez"];
    let mut words = cell.split_whitespace();
    let last = words.next_back().unwrap_or_default();
    last.ends_with([':', '：']) || words.next().is_some() && BY.contains(&last)
}

/// Whether a row shows how a template is filled in. Entra's begins so: the row is to be replaced, and often stays.
/// <https://learn.microsoft.com/entra/external-id/tutorial-bulk-invite>
pub(super) fn is_example(table: &Table, row: usize) -> bool {
    const WORDS: [&str; 10] = ["example", "beispiel", "exemple", "ejemplo", "voorbeeld", "esempio", "exemplo", "przykład", "例", "示例"];
    let first = table.row(row).map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default();
    let word = first.split_once([':', '：']).map(|(word, _)| word.trim().to_lowercase());
    word.is_some_and(|word| WORDS.contains(&word.as_str()))
}

/// The first row from this one on, below headings, that does not belong to them: lines of dashes, as consoles and Markdown draw them,
/// SurveyMonkey's row of what kind each question is, and the rows up to Qualtrics' own names of columns.
pub(super) fn below_headings(table: &Table, from: usize) -> usize {
    /// Qualtrics writes them as JSON in the third row.
    /// <https://www.qualtrics.com/support/survey-platform/data-and-analysis-module/data/download-data/understanding-your-dataset/>
    const COLUMN_NAMES: &str = "{\"ImportId\"";
    const QUESTION_KINDS: [&str; 6] =
        ["response", "open-ended response", "offene antwort", "réponse ouverte", "respuesta abierta", "open antwoord"];
    let is_kind = |cell: &str| QUESTION_KINDS.contains(&cell.to_lowercase().as_str());
    let is_dashes = |cell: &str| cell.len() > 1 && cell.chars().all(|sign| matches!(sign, '-' | '=' | ':' | '+' | '_' | '─' | '—'));
    let has_names = |row: &usize| cells(table, *row).any(|cell| cell.starts_with(COLUMN_NAMES));
    let names = (from..table.len()).take(2).find(has_names).map(|row| row + 1);
    let is_of_headings = |row: &usize| {
        !table.row_text(*row).contains('@')
            && filled(table, *row).next().is_some()
            && (filled(table, *row).all(is_dashes) || filled(table, *row).all(is_kind))
    };
    names.unwrap_or_else(|| from + (from..table.len()).take(1).filter(is_of_headings).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A webinar report as Zoom writes it.
    const WEBINAR: &[&[&str]] = &[
        &["Attendee Report"],
        &["Topic", "Webinar ID", "Actual Start Time"],
        &["Kick-off", "123 4567", "Nov 3, 2026"],
        &["Host Details"],
        &["Attended", "User Name (Original Name)", "Email", "Join Time"],
        &["Yes", "Mia", "mia@contoso.example", "9:00"],
        &["Panelist Details"],
        &["Attended", "User Name (Original Name)", "Email", "Join Time"],
        &["Yes", "Ada", "ada@a.example", "9:00"],
        &["Yes", "Bob", "bob@a.example", "9:00"],
        &["Attendee Details"],
        &["Attended", "User Name (Original Name)", "First Name", "Last Name", "Email", "Join Time"],
        &["Yes", "Cleo", "Cleo", "C", "cleo@a.example", "9:00"],
        &["Yes", "Dan", "Dan", "D", "dan@a.example", "9:00"],
        &["No", "Eve", "Eve", "E", "eve@a.example", "--"],
    ];

    #[test]
    fn of_several_tables_the_largest_is_proposed_and_the_others_can_be_chosen() {
        let rows = Table::from_cells(WEBINAR);
        assert_eq!(largest(&rows), Some(11));
        assert!([4, 7, 11].iter().all(|row| header_choices(&rows, Some(11)).contains(row)));
        let titles: Vec<Option<usize>> = parts(&rows, None).iter().map(|part| part.title).collect();
        assert_eq!(titles, [Some(3), Some(6), Some(10)]);
    }

    #[test]
    fn a_table_about_something_else_is_no_joined_file() {
        let meeting = Table::from_cells(&[
            &["Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)", "Participants"],
            &["1", "Kick-off", "9:00", "10:00", "mia@contoso.example", "60", "2"],
            &["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"],
            &["Ada", "ada@a.example", "9:00", "10:00", "60", "Yes"],
            &["Bob", "bob@a.example", "9:00", "10:00", "60", "Yes"],
        ]);
        assert_eq!(largest(&meeting), Some(2));
        let joined =
            Table::from_cells(&[&["Email", "Name"], &["a@a.example", "A"], &["E-Mail", "Vorname", "Nachname"], &["b@b.example", "B", "C"]]);
        assert_eq!(parts(&joined, None).iter().map(|part| part.is_joined).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn rows_that_belong_to_the_headings_are_no_guests() {
        let check = |rows: &[&[&str]], expected: usize| assert_eq!(below_headings(&Table::from_cells(rows), 1), expected, "{rows:?}");
        let (headings, guest): (&[&str], &[&str]) = (&["Email", "Name"], &["a@x.example", "A"]);
        check(&[headings, &["---", ":---:"], guest], 2);
        check(&[headings, &["", "=====  "], guest], 2);
        check(&[headings, &["Open-Ended Response", "Open-Ended Response"], guest], 2);
        check(&[headings, &["Your address?", "Your name?"], &[r#"{"ImportId":"QID1"}"#, r#"{"ImportId":"QID2"}"#], guest], 3);
        check(&[headings, guest], 1);
        check(&[headings, &["-", "A"], guest], 1);
        check(&[headings, &["-", "-"], guest], 1);
        check(&[headings, &["not known", "Open"], guest], 1);
        check(&[headings], 1);
    }

    #[test]
    fn joined_files_have_no_more_columns_than_one_may_have() {
        let joined = |named: fn(usize) -> usize| {
            let mut table = Table::default();
            for file in 0..4 {
                let more: Vec<String> = (0..200 * file.min(1)).map(|column| format!("Answer {} {column}", named(file))).collect();
                table.push(["Email", "Name"].into_iter().chain(more.iter().map(String::as_str)));
                table.push([format!("a{file}@a.example").as_str(), "Ada"]);
            }
            let columns = crate::sheet::columns::layout(&table, Some(0)).columns.len();
            (columns, parts(&table, None).iter().map(|part| part.is_joined).collect::<Vec<_>>())
        };
        assert_eq!(joined(|_| 0), (202, vec![false, true, true, true]));
        assert_eq!(joined(|file| file), (402, vec![false, true, true, false]));
    }

    #[test]
    fn a_cell_is_an_address_a_label_or_neither() {
        let check = |cell: &str, expected: (bool, bool)| assert_eq!((is_address(cell), is_label(cell)), expected, "{cell:?}");
        check(" a@x.example ", (true, false));
        check("Ada <a@x.example>", (true, false));
        check("Ada a@x.example", (false, false));
        check("Ada: <a@x.example>", (false, false));
        check("mailto:a@x.example", (true, false));
        check("Ada", (false, false));
        check("Organizer:", (false, true));
        check("主催者：", (false, true));
        check("Exported by", (false, true));
        check("by", (false, false));
        check("By Ada", (false, false));
        check("", (false, false));
    }

    #[test]
    fn titles_stand_alone_above_headings() {
        let check = |rows: &[&[&str]], expected: Option<usize>| {
            assert_eq!(title_above(&Table::from_cells(rows), rows.len() - 1), expected, "{rows:?}");
        };
        let headings: &[&str] = &["Name", "Email"];
        check(&[&["Guests"], headings], Some(0));
        check(&[&["Guests", ""], &[""], headings], Some(0));
        check(&[&["Other"], &["Guests"], headings], Some(1));
        check(&[&["", "Guests"], headings], None);
        check(&[&["Guests", "2026"], headings], None);
        check(&[&["a@x.example"], headings], None);
        check(&[&["Total"], headings], None);
        check(&[&["Guests"], &["Email"]], None);
        check(&[headings], None);
    }

    #[test]
    fn headings_are_the_same_in_whatever_case() {
        let check = |one: &[&str], other: &[&str], expected: bool| {
            assert_eq!(are_same(&Table::from_cells(&[one, other]), Some(0), Some(1)), expected, "{one:?} {other:?}");
        };
        check(&["Email", "Name"], &["\u{feff}EMAIL", "name ", ""], true);
        check(&["Email", "Name"], &["Email"], false);
        check(&["Email"], &["Email", "Name"], false);
        check(&["Email", "Name"], &["Name", "Email"], false);
        let table = Table::from_cells(&[&["Email"]]);
        assert!(!are_same(&table, None, Some(0)) && !are_same(&table, Some(0), None) && !are_same(&table, None, None));
        assert_eq!([&["a", "", "b", ""][..], &["", " "], &[]].map(|row| last_filled(&Table::from_cells(&[row]), 0)), [3, 0, 0]);
        assert_eq!(without_mark("\u{feff}\u{feff} Email "), "Email");
        assert_eq!(without_mark("\u{200b}Email\u{200e}"), "Email");
    }

    #[test]
    fn lists_hold_addresses_alone() {
        let check = |rows: &[&[&str]], expected: Option<usize>| {
            assert_eq!(lists_of_addresses(&Table::from_cells(rows)).map(|table| table.len()), expected, "{rows:?}");
        };
        check(&[&["a@x.example", "b@x.example"]], Some(2));
        check(&[&[""], &["a@x.example", "", "b@x.example"], &[]], Some(2));
        check(&[&["a@x.example"]], None);
        check(&[&["a@x.example"], &["b@x.example"]], None);
        check(&[&["a@x.example", "b@x.example"], &["c@x.example", "d@x.example"]], None);
        check(&[&["a@x.example", "b@x.example", "c@x.example"], &["d@x.example"]], Some(4));
        check(&[&["a@x.example", "b@x.example", "Ada"]], None);
        check(&[], None);
    }

    #[test]
    fn examples_of_templates_say_so() {
        let check = |cells: &[&str], expected: bool| assert_eq!(is_example(&Table::from_cells(&[cells]), 0), expected, "{cells:?}");
        check(&["Example: a@x.example"], true);
        check(&["", " BEISPIEL : a@x.example"], true);
        check(&["例：a@x.example"], true);
        check(&["Example", "a@x.example"], false);
        check(&["Ada: a@x.example"], false);
        check(&["a@x.example", "Example: no"], false);
    }

    #[test]
    fn rows_to_choose_from_are_the_first_and_those_with_headings() {
        let mut table = Table::default();
        (0..12).for_each(|_| table.push(["a@x.example", "A"]));
        table.push(["Email", "Name"]);
        table.push(["b@x.example", "B"]);
        let first: Vec<usize> = (0..10).collect();
        let with = |more: &[usize]| [&first, more].concat();
        assert_eq!(header_choices(&table, None), with(&[12]));
        assert_eq!(header_choices(&table, Some(3)), with(&[12]));
        assert_eq!(header_choices(&table, Some(11)), with(&[11, 12]));
        assert_eq!(header_choices(&table, Some(13)), with(&[12, 13]));
        (0..200).for_each(|_| table.push(["Email", "Name"]));
        assert_eq!(header_choices(&table, None).len(), 100);
        assert_eq!(header_choices(&Table::from_cells(&[&["Email"]]), None), [0]);
    }

    #[test]
    fn a_guest_above_the_headings_has_an_address_and_no_label() {
        let check = |cells: &[&str], expected: bool| assert_eq!(is_guest(&Table::from_cells(&[cells]), 0), expected, "{cells:?}");
        check(&["Ada", "a@x.example"], true);
        check(&["Organizer:", "a@x.example"], false);
        check(&["Ada", "written to a@x.example"], false);
        check(&["Ada"], false);
    }

    #[test]
    fn of_equal_tables_the_first_is_proposed() {
        let check = |rows: &[&[&str]], expected: Option<usize>| assert_eq!(largest(&Table::from_cells(rows)), expected, "{rows:?}");
        let (one, other): (&[&str], &[&str]) = (&["Attended", "Email", "Join Time"], &["Meeting", "User Email", "Duration"]);
        let guest = |address: &'static str| ["Yes", address, "9:00"];
        let (a, b, c, big_a) = (guest("a@x.example"), guest("b@x.example"), guest("c@x.example"), guest("A@x.example"));
        check(&[one, &a, &["Host"], other, &b], Some(0));
        check(&[one, &a, &["Host"], other, &b, &c], Some(3));
        check(&[one, &a, &b, &["Host"], other, &c, &c, &c], Some(0));
        check(&[one, &a, &["Host"], other, &b, &["Host"], other, &big_a, &a], Some(0));
        check(&[&a], None);
        check(&[one], Some(0));
        check(&[&["Name"], &["Ada"]], None);
    }

    #[test]
    fn a_word_of_guests_is_no_heading() {
        let check = |rows: &[&[&str]], expected: bool| {
            assert_eq!(is_said_by_guests(&Table::from_cells(rows), 1), expected, "{rows:?}");
        };
        let guest: &[&str] = &["a@x.example", "Email"];
        check(&[guest, &["", "Email"]], true);
        check(&[&["", ""], &["", "Email"], guest], true);
        check(&[guest, &["", "Phone"]], false);
        check(&[&["a@x.example", "Phone"], &["", "Email"]], false);
        check(&[&["Ada", "Email"], &["", "Email"]], false);
        assert!(is_said_by_guests(&Table::from_cells(&[&["", "Email"], guest]), 0));
    }

    #[test]
    fn headings_that_stand_there_once_more_begin_a_part_be_it_empty() {
        let check = |rows: &[&[&str]], expected: &[(usize, Option<usize>)]| {
            let parts: Vec<_> = parts(&Table::from_cells(rows), None).iter().map(|part| (part.header, part.title)).collect();
            assert_eq!(parts, expected, "{rows:?}");
        };
        let (headings, guest): (&[&str], &[&str]) = (&["Email", "Name"], &["a@x.example", "A"]);
        check(&[headings, guest, headings], &[(0, None), (2, None)]);
        check(&[headings, guest, &["Mail", "Name"]], &[(0, None)]);
        // Headings are no title of those below them.
        check(&[&["Email"], headings, guest], &[(0, None), (1, None)]);
    }

    #[test]
    fn another_file_of_people_shares_headings_or_has_fields_of_people() {
        let check = |one: &[&str], other: &[&str], expected: bool| {
            assert_eq!(belongs(&Table::from_cells(&[one, other]), 0, 1), expected, "{one:?} {other:?}");
        };
        check(&["Email", "Code", "Seat"], &["EMAIL", "Hall"], true);
        check(&["Code", "Seat", "Hall"], &["Code", "x", "y"], false);
        check(&["Code", "Seat", "Hall", "Row"], &["Code", "Seat", "y", "z"], true);
        check(&["Email", "Name"], &["E-Mail", "Vorname"], true);
        check(&["Email", "Name", "Seat", "Hall"], &["E-Mail", "x", "Vorname", "y"], true);
        check(&["Email", "Seat", "Hall"], &["E-Mail", "Vorname"], false);
        check(&["E-Mail", "Vorname"], &["Email", "Seat", "Hall"], false);
    }
}
