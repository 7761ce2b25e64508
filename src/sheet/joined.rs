//! Text files that were joined to one: each may bring a byte order mark, lines of Excel or PowerShell, and a delimiter of its own,
//! in the middle of the text, and within a line where the file before did not end its last one. Each is cut by its own.

use super::history::before;
use super::tables::{filled, is_heading};
use super::text::Cutter;
use super::{Delimiter, MARK, Noticed, Quote, Table, Wanted};
use crate::rows::headings;
use memchr::memmem;
use std::borrow::Cow;
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

/// Whether a byte order mark stands anywhere in a table: within a line it may begin a file, or be a sign of width zero.
pub(super) fn has_mark(table: &Table) -> bool {
    memmem::find(table.text.as_bytes(), MARK.as_bytes()).is_some()
}

/// The text with a line's end before each file that was joined to one whose last line had none: within a line, its byte order mark
/// stands behind as many cells as a row has, and before headings, or cells of another row. Elsewhere it is a sign of width zero, as
/// it is found in what was copied from web pages.
pub(super) fn with_line_ends<'a>(text: &'a [u8], wanted: &Wanted) -> Cow<'a, [u8]> {
    if memmem::find(text.get(MARK.len()..).unwrap_or_default(), MARK.as_bytes()).is_none() {
        return text.into();
    }
    let (delimiter, quote) = Cutter::new(text, wanted, 0).signs();
    let (mut whole, mut taken, mut row) = (Vec::with_capacity(text.len()), 0, None);
    for (_, record) in records(text, quote) {
        let line = &text[record.clone()];
        let mut from = 0;
        if line.starts_with(MARK.as_bytes()) {
            (from, row) = (MARK.len(), None);
        }
        for place in memmem::find_iter(line, MARK.as_bytes()).filter(|place| *place > 0) {
            let (own, behind) = (&line[from..place], &line[place + MARK.len()..]);
            let behind = &behind[..memmem::find(behind, MARK.as_bytes()).unwrap_or(behind.len())];
            if is_quoted(own, quote) || !is_end(own, behind, row, delimiter) {
                continue;
            }
            whole.extend_from_slice(&text[taken..record.start + place]);
            whole.push(b'\n');
            (taken, from, row) = (record.start + place, place + MARK.len(), None);
        }
        row = row.or_else(|| Some(cells_of(&line[from..], delimiter)));
    }
    whole.extend_from_slice(&text[taken..]);
    whole.into()
}

/// Whether a quote is open at the end of a part of a record.
fn is_quoted(part: &[u8], quote: Quote) -> bool {
    quote.byte().is_some_and(|quote| memchr::memchr_iter(quote, part).count() % 2 == 1)
}

/// Whether a file ends with this, and another begins with what stands behind its mark. `row` is how many cells its first row has,
/// where that is above.
fn is_end(own: &[u8], behind: &[u8], row: Option<usize>, delimiter: Delimiter) -> bool {
    let has_at = |part: &[u8]| part.contains(&b'@');
    let is_whole = match row {
        Some(row) => cells_of(own, delimiter) >= row,
        None => has_at(own) || begins_file(own) && !own.ends_with(&[delimiter.byte()]),
    };
    let is_row = || cells_of(behind, delimiter) > 1 || cells_of(own, delimiter) == 1 && has_at(own) && has_at(behind);
    is_whole && !own.trim_ascii().is_empty() && !behind.trim_ascii().is_empty() && (begins_file(behind) || is_row())
}

/// How many cells a line has.
fn cells_of(line: &[u8], delimiter: Delimiter) -> usize {
    let wanted = Wanted { delimiter: Some(delimiter), ..Wanted::default() };
    cut(line, &wanted).map_or(0, |table| table.cells_in(0))
}

/// Whether a line is the first one of a file, as far as it alone can tell: headings, cut by whatever delimiter, or a line of Excel
/// or PowerShell.
pub(super) fn begins_file(line: &[u8]) -> bool {
    let is_heading = || std::str::from_utf8(line).is_ok_and(|line| headings::is_address(line.trim().trim_matches(['"', '\''])));
    before(line).length > 0 || is_heading() || headings_of(line, None).is_some()
}

/// Cells that end with a heading of addresses, as where a file of one column without a byte order mark was joined to one whose last line
/// had no end. Of several columns rows with too many cells tell it.
pub(super) fn glued(table: &Table) -> Option<Noticed> {
    let own = table.row(0).map(str::trim).find(|heading| headings::is_address(heading))?;
    let is_alone = |row: usize| table.cells_in(row) == 1;
    // A list has few endings of domains, most often the one of the row above.
    let mut plain = "";
    let is_glued = |row: &usize| {
        // What follows has one column.
        let Some(column) = table.cells_in(*row).checked_sub(1).filter(|_| *row + 1 == table.len() || is_alone(*row + 1)) else {
            return false;
        };
        let cell = table.cell(*row, column);
        if let Some(end) = long_ending(cell).filter(|end| *end != plain) {
            if is_ending_and_heading(end) && cell.contains('@') {
                return true;
            }
            plain = end;
        }
        let is_address = |row: usize| is_alone(row) && table.cell(row, 0).contains('@');
        let is_list = || *row + 1 < table.len() && (*row + 1..table.len()).all(is_address);
        !is_alone(*row) && !cell.contains('@') && is_word_and_heading(cell.trim_end(), own) && is_list()
    };
    let mut rows = (1..table.len()).filter(is_glued);
    let row = rows.next()?;
    Some(Noticed::Glued { cells: 1 + rows.count(), row, column: table.cells_in(row) - 1 })
}

/// The shortest ending of a domain, and the shortest heading.
const LEAST: [usize; 2] = [2, 4];

/// What stands behind the last dot of a cell, if it may be the ending of a domain and a heading.
fn long_ending(cell: &str) -> Option<&str> {
    // Byte by byte: most endings are short.
    let dot = cell.bytes().rposition(|byte| byte == b'.')?;
    Some(&cell[dot + 1..]).filter(|end| end.len() >= LEAST[0] + LEAST[1])
}

/// `exampleE-Mail`, as in `ada@fabrikam.exampleE-Mail`; the endings of domains `email` and `mail` are none.
fn is_ending_and_heading(end: &str) -> bool {
    let end = end.trim_end();
    if end.bytes().all(|byte| byte.is_ascii_lowercase()) && !headings::ends_as_address(end) {
        return false;
    }
    // Where no capital begins the heading, its first word says enough: `.guide E-Mail` ends with `de E-Mail`.
    let says_mail = |heading: &str| {
        let word = heading.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
        headings::is_address(word) || heading.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("e-"))
    };
    let begins = |(place, letter): (usize, char)| {
        let (domain, heading) = end.split_at(place);
        let is_start = letter.is_uppercase() && domain.ends_with(char::is_lowercase) || letter.is_alphabetic() && !letter.is_ascii();
        place >= LEAST[0]
            && domain.chars().all(char::is_alphabetic)
            && letter.is_alphanumeric()
            && (is_start || says_mail(heading))
            && headings::is_address(heading)
    };
    end.char_indices().any(begins)
}

/// `AdaEmail`, where a capital begins the heading or it is that of the column of addresses; `Gmail` is a word.
fn is_word_and_heading(cell: &str, own: &str) -> bool {
    let behind = |before: &str, begins_word: bool| match before.chars().next_back() {
        Some(last) if begins_word => last.is_alphanumeric() && !last.is_uppercase(),
        Some(last) => last.is_alphanumeric() && before.chars().nth(1).is_some(),
        None => false,
    };
    let begins =
        |(place, letter): (usize, char)| letter.is_uppercase() && behind(&cell[..place], true) && headings::is_address(&cell[place..]);
    cell.strip_suffix(own).is_some_and(|before| behind(before, false)) || cell.char_indices().any(begins)
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
    fn a_file_that_was_joined_to_one_without_a_last_line_end_begins_at_its_mark() {
        let check = |text: &str, expected: &[&str]| {
            check(text, expected);
            let mut incoming = crate::sheet::IncomingText::begin(text.as_bytes(), &Wanted::default(), text.len()).unwrap();
            incoming.feed(text.as_bytes()).unwrap();
            assert_eq!(incoming.end(), Ok(None), "{text:?}");
        };
        let both = ["a@x.example A", "b@x.example B"];
        check("\u{feff}Email\r\na@x.example\u{feff}Email\r\nb@x.example\r\n", &["a@x.example ", "b@x.example "]);
        check("Email\u{feff}Email\na@x.example\n", &["a@x.example "]);
        check("Name;Email\nA;a@x.example\u{feff}Name;Email\nB;b@x.example\n", &both);
        check("Email;Name\na@x.example;A\u{feff}mail;name\nb@x.example;B\n", &both);
        check("Email;Name\na@x.example;A\u{feff}Name,Email\nB,b@x.example\n", &both);
        check("Email;Name\na@x.example;A\u{feff}sep=,\nName,Email\nB,b@x.example\n", &both);
        check("\"Email\",\"Name\"\n\"a@x.example\",\"A\"\u{feff}\"Email\",\"Name\"\n\"b@x.example\",\"B\"\n", &both);
        for text in ["Email\na@x.example\u{feff}b@x.example\n", "Email;Name\na@x.example;A\u{feff}b@x.example;B\n"] {
            let expected = text.replace('\u{feff}', "\n\u{feff}");
            assert_eq!(with_line_ends(text.as_bytes(), &Wanted::default()), expected.as_bytes());
        }
        let three = ["a@x.example ", "b@x.example ", "c@x.example "];
        check("Email\na@x.example\u{feff}Email\nb@x.example\u{feff}Email\nc@x.example", &three);
    }

    #[test]
    fn a_heading_behind_an_address_is_told() {
        let glued = Noticed::Glued { cells: 1, row: 1, column: 0 };
        let (found, _) = crate::sheet::read(b"Email\na@x.exampleEmail\nb@x.example\n", &Wanted::default(), |_, _| {}).unwrap();
        assert_eq!(found.noticed(), [glued]);
        // In whatever words, and behind the last cell of a row.
        let check = |text: &str, expected: Option<Noticed>| {
            let (found, _) = crate::sheet::read(text.as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
            assert_eq!(found.noticed(), expected.as_slice(), "{text}");
        };
        for heading in ["Email", "Mail", "E-Mail", "email", "E-mail address", "Adresse e-mail", "Courriel", "メールアドレス", "Guest email"]
        {
            for own in ["E-Mail", "Email", "mail"] {
                check(&format!("{own}\na@x.example{heading}\nb@x.example\n"), Some(glued));
                check(&format!("{own}\na@x.com{heading}\n"), Some(glued));
                let behind_address = Noticed::Glued { cells: 1, row: 1, column: 1 };
                check(&format!("{own};Email 2\na@x.example;c@x.com{heading}\nb@x.example\n"), Some(behind_address));
            }
        }
        let behind_name = Noticed::Glued { cells: 1, row: 2, column: 1 };
        for end in ["AdaEmail", "Ada LovelaceE-Mail", "王伟Courriel", "R2D2Guest email", "AdaE-mail address"] {
            check(&format!("Email,Name\na@x.example,A\nb@x.example,{end}\nc@x.example\nd@x.example\n"), Some(behind_name));
        }
        check("email,name\na@x.example,A\nb@x.example,Adaemail\nc@x.example\n", Some(behind_name));
        for text in [
            "Email\na@fabrikam.email\nb@fabrikam.mail\nC@FABRIKAM.EMAIL\nd@x.gmail\n",
            "Email\na@x.example (E-Mail)\nb@x.example Email\nC@X.EXAMPLE (E-MAIL)\nd@x.guide E-Mail\ne@x.guide e-mail\n",
            "Email,Source\na@x.example,Gmail\nb@x.example\n",
            "mail,Source\na@x.example,Gmail\nb@x.example\n",
            "Email,Source\na@x.example,E-Mail\nb@x.example\n",
            "Email,Source\na@x.example,WebMail\nb@x.example\nc@x.example,Letter\n",
            "Email,Source\na@x.example,private Email\nb@x.example\n",
            "Email,Source\na@x.example,WebMail\nb@x.example,HotMail\n",
        ] {
            check(text, None);
        }
        let check = |rows: &[&str], expected: Option<Noticed>| {
            let rows: Vec<Vec<String>> = rows.iter().map(|cell| vec![(*cell).to_owned()]).collect();
            assert_eq!(super::glued(&Table::from_rows(&rows)), expected, "{rows:?}");
        };
        check(&["E-Mail", "a@x.example", "b@x.exampleE-Mail", "c@y.exampleE-Mail "], Some(Noticed::Glued { cells: 2, row: 2, column: 0 }));
        check(&["mail", "a@gmail", "b@x.mail", "mail", "c@hotmail.example"], None);
        check(&["Guests", "a@x.exampleGuests"], None);
    }

    #[test]
    fn a_mark_within_a_row_is_a_sign_of_width_zero() {
        let check = |text: &str| assert_eq!(with_line_ends(text.as_bytes(), &Wanted::default()), text.as_bytes(), "{text:?}");
        check("Email;Name\na@x.example;Ada\u{feff}Lovelace\n");
        check("Email;Name\na@x.example;Ada\u{feff}\n");
        check("Email;Name;Town\na@x.example;Ada\u{feff}Lovelace;Rome\n");
        check("Name;Email\nAda;\u{feff}a@x.example\n");
        check("Name;\u{feff}Email\nAda;a@x.example\n");
        check("Email;\u{feff}Email 2\na@x.example;\u{feff}b@x.example\n");
        check("Email\na\u{feff}da@x.example\nada@mail.fab\u{feff}rikam.example\n");
        check("Email;Note\na@x.example;\"one\u{feff}Email;Name\"\n");
        check("\u{feff}\u{feff}Email\na@x.example\n\u{feff}Email\nb@x.example\n");
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
        check("Email;Town,Email", Some(Delimiter::Semicolon), None);
        check("Email;Town,Email", Some(Delimiter::Comma), None);
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
        // Without headings of its own a file has the delimiter of the one above.
        assert_eq!(read("Email;Name\na@x.example;A\n\u{feff}b@x.example;B, C, D\n", Some(Delimiter::Semicolon)), Some((3, 2, None)));
        assert_eq!(read("sep=;\nEmail;Name\na@x.example;A\n\u{feff}b@x.example;B, C, D\n", None), Some((3, 2, None)));
        assert_eq!(read("Email,Name\na@x.example,A\n", None), None);
        assert_eq!(read("\u{feff}sep=,\nEmail,Name\na@x.example,A\n", None), None);
        assert_eq!(read("Email;Name\na@x.example;A\n", None), None, "the first file has one delimiter");
    }
}
