//! Text files that were joined to one: each may bring a byte order mark, lines of Excel or PowerShell, and a delimiter of its own,
//! in the middle of the text. Each is cut by its own.

use super::history::before;
use super::tables::{filled, is_heading};
use super::text::Cutter;
use super::{Delimiter, MARK, Noticed, Quote, Table, Wanted};
use std::ops::Range;

/// Bytes of a line with headings.
const MOST: usize = 4000;

/// The records of a text, by quotes: the line on which each begins, from 1, and where it stands. Blank lines are none.
pub(super) fn records(text: &[u8], quote: Quote) -> impl Iterator<Item = (usize, Range<usize>)> {
    let (mut place, mut line) = (0, 1);
    std::iter::from_fn(move || {
        while place < text.len() {
            let (from, begins, mut is_quoted) = (place, line, false);
            loop {
                match text.get(place) {
                    Some(b'\n' | b'\r') => {
                        let is_one = text[place..].starts_with(b"\r\n");
                        let end = place;
                        place += 1 + usize::from(is_one);
                        line += 1;
                        if !is_quoted {
                            if from == end {
                                break;
                            }
                            return Some((begins, from..end));
                        }
                    }
                    Some(byte) => {
                        is_quoted ^= Some(*byte) == quote.byte();
                        place += 1;
                    }
                    None => return Some((begins, from..place)),
                }
            }
        }
        None
    })
}

/// Whether rows of a table look as if another file began there: with a mark, a line of Excel or PowerShell, or headings that are
/// cut by another delimiter.
pub(super) fn is_joined(table: &Table) -> bool {
    let begins = |row: usize| {
        let first = table.first_byte(row);
        first.is_some_and(|byte| matches!(byte, b'#' | b's' | b'S' | b'"' | b'\xef')) && is_begin(table.cell(row, 0))
    };
    // Headings stand in rows without an @.
    let is_cut_otherwise = |row: usize| {
        let mut filled = filled(table, row);
        filled.next().is_some_and(|first| filled.next().is_none() && headings_of(first.as_bytes(), None).is_some())
    };
    (1..table.len()).any(begins) || table.width() > 1 && table.rows_without_at(0..table.len()).any(is_cut_otherwise)
}

fn is_begin(first: &str) -> bool {
    first.starts_with(MARK) || before(first.as_bytes()).length > 0
}

/// The delimiter that makes headings of a line which are none as the line is cut now.
fn headings_of(line: &[u8], now: Option<Delimiter>) -> Option<Delimiter> {
    if line.len() > MOST || line.contains(&b'@') {
        return None;
    }
    let is_cut = |delimiter: Delimiter| {
        let wanted = Wanted { delimiter: Some(delimiter), ..Wanted::default() };
        line.contains(&delimiter.byte())
            && cut(line, &wanted).is_some_and(|table| table.len() == 1 && filled(&table, 0).count() > 1 && is_heading(&table, 0))
    };
    match now {
        Some(now) if is_cut(now) => None,
        _ => Delimiter::USUAL.into_iter().find(|delimiter| Some(*delimiter) != now && is_cut(*delimiter)),
    }
}

/// Where the headings of the file stand that begins here, behind its mark and lines of other programs.
fn headings_from(text: &[u8], from: usize) -> usize {
    let from = from + if text[from..].starts_with(MARK.as_bytes()) { MARK.len() } else { 0 };
    from + before(&text[from..]).length
}

fn cut(text: &[u8], wanted: &Wanted) -> Option<Table> {
    Cutter::new(text, wanted, text.len()).cut(text).ok()?
}

/// Cuts each of the joined files by its own delimiter; nothing where there is only one.
pub(super) fn read(text: &[u8], wanted: &Wanted, own: Delimiter, quote: Quote) -> Option<(Table, Option<Noticed>)> {
    let mut parts: Vec<(usize, Delimiter)> = vec![(0, own)];
    for (place, (_, record)) in records(text, quote).enumerate() {
        let line = &text[record.clone()];
        let now = parts.last().map_or(own, |(_, delimiter)| *delimiter);
        let history = before(line.strip_prefix(MARK.as_bytes()).unwrap_or(line));
        let is_begin = line.starts_with(MARK.as_bytes()) || history.length > 0;
        // Of several lines before the headings, the first begins the file.
        let goes_on = parts.last().is_some_and(|(from, _)| record.start <= headings_from(text, *from));
        let headings = headings_of(line.strip_prefix(MARK.as_bytes()).unwrap_or(line), Some(now)).filter(|_| wanted.delimiter.is_none());
        let delimiter = history.delimiter.or(headings).unwrap_or(now);
        match parts.last_mut() {
            Some(last) if place == 0 || goes_on => last.1 = delimiter,
            _ if is_begin || headings.is_some() => parts.push((record.start, delimiter)),
            _ => {}
        }
    }
    let [_, _, ..] = parts.as_slice() else { return None };
    let mut joined = Table::default();
    for (place, (from, delimiter)) in parts.iter().enumerate() {
        let end = parts.get(place + 1).map_or(text.len(), |(next, _)| *next);
        let part = cut(&text[*from..end], &Wanted { delimiter: Some(wanted.delimiter.unwrap_or(*delimiter)), ..wanted.clone() })?;
        (0..part.len()).for_each(|row| joined.push(part.row(row)));
    }
    let is_mixed = wanted.delimiter.is_none() && parts.iter().any(|(_, delimiter)| *delimiter != parts[0].1);
    Some((joined.within_limits().ok()?, is_mixed.then_some(Noticed::Delimiters)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::List;
    use crate::sheet::columns::{header_of, layout};

    /// Address and whole name of each guest.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) -> Vec<Noticed> {
        let (found, table) = crate::sheet::read(text.as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
        let layout = layout(&table, header_of(&table));
        let mut list = List::default();
        layout.add(table, &mut list, str::to_owned);
        let name = |row| ["displayName", "firstName", "lastName"].map(|name| list.row(row).cell(name)).concat();
        let found_rows: Vec<String> = (0..list.len()).map(|row| format!("{} {}", list.row(row).cell("email"), name(row))).collect();
        assert_eq!(found_rows, expected, "{text:?}");
        assert!(!layout.is_certain(), "{text:?}");
        found.noticed().to_vec()
    }

    #[test]
    fn each_of_joined_files_is_read_by_its_own_marks() {
        let both = ["a@x.example A, K.", "b@x.example B, L."];
        let quoted = "\"Email\",\"Name\"\r\n\"a@x.example\",\"A, K.\"\r\n";
        for mark in ["\u{feff}", "#TYPE Selected.User\r\n", "sep=,\r\n", "\u{feff}#TYPE X\r\n", "\u{feff}sep=,\r\n#TYPE X\r\n"] {
            let noticed = check(&format!("{mark}{quoted}{mark}\"Email\",\"Name\"\r\n\"b@x.example\",\"B, L.\"\r\n"), &both);
            assert_eq!(noticed, [], "{mark:?}");
            check(&format!("{quoted}{mark}\"Name\",\"Email\"\r\n\"B, L.\",\"b@x.example\"\r\n"), &both);
        }
        // Without headings of its own.
        check(
            &format!("{quoted}\u{feff}\"b@x.example\",\"B, L.\"\r\n{quoted}"),
            &["a@x.example A, K.", "b@x.example B, L.", "a@x.example A, K."],
        );
    }

    #[test]
    fn each_of_joined_files_is_read_by_its_own_delimiter() {
        let expected = ["a@x.example A", "b@x.example BC", "c@x.example DE", "d@x.example D"];
        let text = "Email,Name\na@x.example,A\nE-Mail;Vorname;Nachname\nb@x.example;B;C\nc@x.example;D;E\nEmail,Name\nd@x.example,D\n";
        assert_eq!(check(text, &expected), [Noticed::Delimiters]);
        assert_eq!(check(&text.replace("E-Mail;", "\u{feff}E-Mail;").replace('\n', "\r"), &expected), [Noticed::Delimiters]);
        let text = "Email;Name\na@x.example;A\nsep=,\nName,Email\nB,b@x.example\n";
        assert_eq!(check(text, &["a@x.example A", "b@x.example B"]), [Noticed::Delimiters]);
    }

    #[test]
    fn records_know_their_lines() {
        let of =
            |text: &str| records(text.as_bytes(), Quote::Double).map(|(line, range)| (line, text[range].to_owned())).collect::<Vec<_>>();
        assert_eq!(of("a\r\n\r\n\"b\nc\",d\re"), [(1, "a".into()), (3, "\"b\nc\",d".into()), (5, "e".to_owned())]);
    }

    #[test]
    fn quotes_and_line_ends_of_every_kind_keep_records_whole() {
        let check = |text: &str, quote: Quote, expected: &[(usize, &str)]| {
            let found: Vec<(usize, &str)> = records(text.as_bytes(), quote).map(|(line, range)| (line, &text[range])).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("a\nb\r\nc\rd", Quote::Double, &[(1, "a"), (2, "b"), (3, "c"), (4, "d")]);
        check("\n\r\n\r\ra\n", Quote::Double, &[(5, "a")]);
        check("'a\nb'\nc", Quote::Single, &[(1, "'a\nb'"), (3, "c")]);
        check("\"a\nb\"\nc", Quote::None, &[(1, "\"a"), (2, "b\""), (3, "c")]);
        check("\"a\r\nb", Quote::Double, &[(1, "\"a\r\nb")]);
        check("", Quote::Double, &[]);
    }

    #[test]
    fn another_file_begins_with_a_mark_a_line_of_a_program_or_headings_cut_otherwise() {
        let check = |rows: &[&[&str]], expected: bool| assert_eq!(is_joined(&Table::from_cells(rows)), expected, "{rows:?}");
        let (headings, guest): (&[&str], &[&str]) = (&["Email", "Name"], &["a@x.example", "A"]);
        check(&[headings, guest, &["\u{feff}Email", "Name"]], true);
        check(&[headings, guest, &["#TYPE X"]], true);
        check(&[headings, guest, &["sep=,"]], true);
        check(&[headings, guest, &["SEP=;"]], true);
        check(&[headings, guest, &["Email;Name"]], true);
        check(&[headings, guest, &["Email;Name", ""]], true);
        check(&[headings, guest, &["Email;Name", "x"]], false);
        check(&[headings, guest, &["Company;Name"]], false);
        check(&[headings, guest, &["Sepia", "A"]], false);
        check(&[&["Email;Name"], &["a@x.example;A"]], false);
        check(&[&["\u{feff}Email", "Name"], guest], false);
    }

    #[test]
    fn a_delimiter_makes_headings_of_a_line() {
        let check = |line: &str, now: Option<Delimiter>, expected: Option<Delimiter>| {
            assert_eq!(headings_of(line.as_bytes(), now), expected, "{:?}", &line[..line.len().min(30)]);
        };
        check("Email;Name", Some(Delimiter::Comma), Some(Delimiter::Semicolon));
        check("Email;Name", Some(Delimiter::Semicolon), None);
        check("Email;Name", None, Some(Delimiter::Semicolon));
        check("Email,Name;Town", Some(Delimiter::Semicolon), Some(Delimiter::Comma));
        check("Email;a@x.example", Some(Delimiter::Comma), None);
        check("Email", Some(Delimiter::Comma), None);
        check("Email;", Some(Delimiter::Comma), None);
        check("Town;Name", Some(Delimiter::Comma), None);
        let long = |length: usize| format!("Email;{}", "x".repeat(length - 6));
        check(&long(MOST), Some(Delimiter::Comma), Some(Delimiter::Semicolon));
        check(&long(MOST + 1), Some(Delimiter::Comma), None);
    }

    #[test]
    fn a_delimiter_that_was_chosen_is_that_of_every_file() {
        let read = |text: &str, delimiter: Option<Delimiter>| {
            let wanted = Wanted { delimiter, ..Wanted::default() };
            read(text.as_bytes(), &wanted, Delimiter::Comma, Quote::Double).map(|(table, noticed)| (table.len(), table.width(), noticed))
        };
        let text = "Email,Name\na@x.example,A\n\u{feff}Email;Name;Town\nb@x.example;B;C\n";
        assert_eq!(read(text, None), Some((4, 3, Some(Noticed::Delimiters))));
        assert_eq!(read(text, Some(Delimiter::Comma)), Some((4, 2, None)));
        assert_eq!(read("Email,Name\na@x.example,A\n", None), None);
        assert_eq!(read("\u{feff}sep=,\nEmail,Name\na@x.example,A\n", None), None);
        assert_eq!(read("Email;Name\na@x.example;A\n", None), None, "the first file has one delimiter");
    }
}
