//! What other programs leave in a text file beside its cells: lines before the headings, records that were quoted once more as
//! a whole, quotes that are marked by a backslash, zero bytes.

use super::columns::{header_of, layout};
use super::tables::filled;
use super::text::Cutter;
use super::{Delimiter, DetectedFormat, MARK, Noticed, Table, Wanted, joined};

/// The lines before a text's first record.
pub(super) struct LeadingLines {
    /// In bytes, line ends included.
    pub length: usize,
    /// What Excel's own `sep=;` line says, in whatever case.
    pub delimiter: Option<Delimiter>,
}

/// Excel's `sep=` line and PowerShell's `#TYPE` line, which `Export-Csv` writes unless it is told not to.
/// <https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/export-csv>
pub(super) fn before(text: &[u8]) -> LeadingLines {
    let mut before = LeadingLines { length: 0, delimiter: None };
    loop {
        let rest = &text[before.length..];
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let line = rest[..end].trim_ascii();
        let line = line.strip_prefix(b"\"").map_or(line, |line| line.strip_suffix(b"\"").unwrap_or(line));
        let begins = |word: &[u8]| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        // A tab behind it was trimmed. A program may have filled the line up to the number of columns.
        let sign = begins(b"sep=").then(|| line.get(4).copied().unwrap_or(b'\t'));
        let sign = sign.filter(|sign| !sign.is_ascii_alphanumeric() && line.iter().skip(5).all(|more| more == sign || more == &b','));
        if sign.is_none() && !begins(b"#type ") {
            return before;
        }
        let own = Delimiter::ALL.into_iter().find(|delimiter| Some(delimiter.byte()) == sign);
        before.delimiter = before.delimiter.or(own);
        let ends = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        before.length += (end + ends).min(rest.len());
    }
}

/// Whether a table that was cut as it should be looks as if its text wanted to be cut otherwise, whatever signs it has.
pub(super) fn is_odd(table: &Table) -> bool {
    is_packed(table) || joined::is_joined(table)
}

/// Whether backslashes seem to mark quotes: both stay in the cell, or it ends there and the row becomes longer.
pub(super) fn has_backslashes(table: &Table) -> bool {
    table.text.contains('\\') && (table.text.contains("\\\"") || !is_even(table))
}

/// Whether each row, but for plain headings, is one cell that could be cut into several.
fn is_packed(table: &Table) -> bool {
    let is_one = |row: usize| filled(table, row).count() < 2;
    let could_be_cut = |row: usize| table.cell(row, 0).contains(|sign| ",;\t|".contains(sign));
    table.len() > 1 && could_be_cut(1) && (1..table.len()).all(is_one)
}

fn is_even(table: &Table) -> bool {
    let first = (0..table.len()).find(|row| !table.is_blank(*row)).map(|row| table.cells_in(row));
    (0..table.len()).all(|row| Some(table.cells_in(row)) == first || table.is_blank(row))
}

/// Reads an odd table otherwise, where that makes an even one of it.
pub(super) fn read_again(text: &[u8], wanted: &Wanted, found: &DetectedFormat, table: Table) -> (Table, Option<Noticed>) {
    let DetectedFormat::Text { delimiter, quote, .. } = found else { return (table, None) };
    if !is_odd(&table) && !has_backslashes(&table) {
        return (table, None);
    }
    if let Some(joined) = joined::is_joined(&table).then(|| joined::read(text, wanted, *delimiter, *quote)).flatten() {
        return joined;
    }
    if wanted.quote.is_some() || wanted.delimiter.is_some() {
        return (table, None);
    }
    if is_packed(&table) {
        return unpacked(&table).map_or((table, None), |inner| (inner, Some(Noticed::Packed)));
    }
    escaped(text).map_or((table, None), |escaped| (escaped, Some(Noticed::Backslashes)))
}

/// The table of a text in which backslashes mark quotes, if that makes an even one.
fn escaped(text: &[u8]) -> Option<Table> {
    cut(text, true).filter(|escaped| is_even(escaped) && escaped.width() > 1)
}

/// Whether backslashes mark the quotes that seem to be open in a text.
pub(super) fn is_escaped(text: &[u8], wanted: &Wanted, table: &Table) -> bool {
    let is_found = wanted.quote.is_none() && wanted.delimiter.is_none();
    is_found && text.windows(2).any(|pair| pair == b"\\\"") && has_backslashes(table) && escaped(text).is_some()
}

/// The table that the cells of another are the rows of, if they make an even one; below plain headings, or without any, each row has
/// one address.
fn unpacked(table: &Table) -> Option<Table> {
    let is_plain = filled(table, 0).count() > 1;
    let lines: Vec<&str> = (usize::from(is_plain)..table.len()).map(|row| table.cell(row, 0)).collect();
    let inner =
        cut(lines.join("\n").as_bytes(), false).filter(|inner| inner.len() == lines.len() && inner.width() > 1 && is_even(inner))?;
    // One address in each row, which stands alone: it is no list of addresses, nor of names in a mail program's way.
    let is_alone = |cell: &str| !cell.trim().contains(|sign: char| sign.is_whitespace() || "<>;:".contains(sign));
    let has_one = |row: usize| {
        let mut addresses = inner.row(row).filter(|cell| cell.contains('@'));
        addresses.next().is_some_and(is_alone) && addresses.next().is_none()
    };
    if !is_plain {
        return (!lines[0].contains('@') || (0..inner.len()).all(has_one)).then_some(inner);
    }
    let headings = filled(table, 0).count();
    if !(0..inner.len()).all(|row| has_one(row) && inner.row(row).count() == headings) {
        return None;
    }
    let mut whole = Table::default();
    whole.push(table.row(0));
    (0..inner.len()).for_each(|row| whole.push(inner.row(row)));
    Some(whole)
}

/// Whether rows have so many cells that some may stand under wrong headings.
pub fn is_uneven(table: &Table) -> bool {
    uneven_rows(table).is_some()
}

fn uneven_rows(table: &Table) -> Option<(usize, usize)> {
    if is_even(table) { None } else { layout(table, header_of(table)).uneven(table) }
}

/// That rows have so many cells that some may stand under wrong headings, if they have.
pub(super) fn uneven(text: &[u8], found: &DetectedFormat, table: &Table) -> Option<Noticed> {
    let DetectedFormat::Text { quote, .. } = found else { return None };
    let (rows, first) = uneven_rows(table)?;
    let text = text.strip_prefix(MARK.as_bytes()).unwrap_or(text);
    let is_cell = |record: &std::ops::Range<usize>| before(&text[record.clone()]).length == 0;
    let line = joined::records(text, *quote).filter(|(_, record)| is_cell(record)).nth(first).map_or(first + 1, |(line, _)| line);
    Some(Noticed::Uneven { rows, line })
}

fn cut(text: &[u8], escapes: bool) -> Option<Table> {
    let cutter = Cutter::new(text, &Wanted::default(), text.len());
    let cutter = if escapes { cutter.escaped() } else { cutter };
    cutter.cut(text).ok()?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::read;

    fn rows(text: &str) -> (Vec<Vec<String>>, Vec<Noticed>) {
        let (found, table) = read(text.as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
        let DetectedFormat::Text { noticed, .. } = found else { panic!("a text") };
        ((0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect(), noticed)
    }

    #[test]
    fn lines_before_the_headings_are_passed_over() {
        let check = |text: &str, first: &[&str]| assert_eq!(rows(text).0[0], first, "{text:?}");
        check("#TYPE System.Object\r\n\"Name\",\"Email\"\r\n", &["Name", "Email"]);
        check("\u{feff}#Type Selected.X\nName;Email\n", &["Name", "Email"]);
        check("SEP=;\r\na,b;c\r\n", &["a,b", "c"]);
        check("Sep=\t\na,b\tc\n", &["a,b", "c"]);
        check("\"sep=|\"\na|b\n", &["a", "b"]);
        check("#TYPE X\nsep=;\na;b\n", &["a", "b"]);
        check("sep=;\ra;b\rc;d\r", &["a", "b"]);
        check("sep=:\na,b:c\n", &["a,b", "c"]);
        check("sep=^\na^b\n", &["a", "b"]);
        check("sep=#\na;b\n", &["a", "b"]);
        check("sep=;;;\na;b\n", &["a", "b"]);
        check("sep=x,b\nc,d\n", &["sep=x", "b"]);
        check("separate,b\nc,d\n", &["separate", "b"]);
        check("#TYPEWRITER,b\nc,d\n", &["#TYPEWRITER", "b"]);
    }

    #[track_caller]
    fn check_one(text: &str) {
        assert!(!rows(text).1.contains(&Noticed::Packed), "{text:?}");
    }

    #[test]
    fn rows_with_another_number_of_cells_than_headings_are_told() {
        let check = |text: &str, expected: Option<(usize, usize)>| {
            let noticed = rows(text).1;
            assert_eq!(noticed, expected.map(|(rows, line)| Noticed::Uneven { rows, line }).into_iter().collect::<Vec<_>>(), "{text:?}");
        };
        check("Email,Name\n\na@x.example,\"A\nB\"\nb@x.example,Lovelace, Ada\nc@x.example\n", Some((1, 5)));
        check("#TYPE X\r\nName;Email;Company\r\nA,a@x.example;X\r\n", Some((1, 3)));
        check("Name,Company,Email\nAda,a@x.example\nBob,B,b@x.example\n", Some((1, 2)));
        check("Email,Name,Company\na@x.example Ada,Fabrikam\n", Some((1, 2)));
        // A row that was broken in two.
        check("Name,Company,Email\nAda,Fabri\nkam,a@x.example\n", Some((2, 2)));
        // Empty cells at the end may be missing, as in files of Excel: it is the same for each sixteen rows.
        let row = |number: usize| if number < 16 { format!("a{number}@x.example,A\n") } else { format!("a{number}@x.example,A,B,\n") };
        check(&std::iter::once("Email,Name,Company,Notes\n".to_owned()).chain((1..40).map(row)).collect::<String>(), None);
        // Empty cells at the end, blank lines, and what stands above or below the table.
        check("Email,Name,,\na@x.example,A\nb@x.example,B,,,,\n\nc@x.example,\n", None);
        check("Guests of the fair\nEmail,Name\na@x.example,A\nTotal,1,2\n", None);
        check("Email\na@x.example\n", None);
        let text = "Email,Name\n".to_owned() + &"a@x.example,A\n".repeat(3) + "b@x.example,B,C\n";
        let mut incoming = crate::sheet::IncomingText::begin(text.as_bytes(), &Wanted::default(), 0).unwrap();
        incoming.feed(text.as_bytes()).unwrap();
        assert_eq!(incoming.end(), Ok(None));
    }

    #[test]
    fn records_that_were_quoted_once_more_are_unpacked() {
        let (cells, noticed) = rows("\"Email,\"\"Name\"\"\"\n\"a@x.example,\"\"Ada, K.\"\"\"\n\"b@x.example,Bob\"\n");
        assert_eq!((cells[1].clone(), noticed), (vec!["a@x.example".to_owned(), "Ada, K.".to_owned()], vec![Noticed::Packed]));
        let unpacked = |text: &str, expected: &[&[&str]]| {
            let (cells, noticed) = rows(text);
            assert_eq!(
                (cells.iter().map(|row| row.iter().map(|cell| cell.trim()).collect::<Vec<_>>()).collect::<Vec<_>>(), noticed),
                (expected.iter().map(|row| row.to_vec()).collect(), vec![Noticed::Packed]),
                "{text:?}"
            );
        };
        // Plain headings, a delimiter behind each row, no headings at all.
        unpacked(
            "Email,Name\n\"a@x.example,\"\"Ada, K.\"\"\"\n\"b@x.example,Bob\"\n",
            &[&["Email", "Name"], &["a@x.example", "Ada, K."], &["b@x.example", "Bob"]],
        );
        unpacked("\"Email,Name\",\n\"a@x.example,\"\"Ada, K.\"\"\",\n", &[&["Email", "Name"], &["a@x.example", "Ada, K."]]);
        unpacked("\"a@x.example,\"\"Ada, K.\"\"\"\n\"b@x.example,Bob\"\n", &[&["a@x.example", "Ada, K."], &["b@x.example", "Bob"]]);
        check_one("Email,Name\n\"Lovelace, Ada\"\n");
        check_one("\"Lovelace, Ada <a@x.example>\"\n\"Hopper, Grace <b@x.example>\"\n");
        // One column whose cells hold commas is one column.
        let check = |text: &str| assert_eq!((rows(text).0[1].len(), rows(text).1), (1, Vec::new()), "{text:?}");
        check("Name\n\"Lovelace, Ada\"\n\"Hopper, Grace\"\n");
        check("\"a@x.example, b@x.example\"\n\"c@x.example, d@x.example\"\n");
        check("\"Last, first\"\n\"Lovelace, Ada\"\nHopper\n");
    }

    #[test]
    fn backslashes_before_quotes_are_read_where_that_makes_the_rows_even() {
        let (cells, noticed) = rows("Email,Name,Note\na@x.example,\"Ada \\\"K\\\" L\",\"x, y\"\nb@x.example,Bob,z\n");
        assert_eq!(
            (cells[1].clone(), noticed),
            (vec!["a@x.example".into(), "Ada \"K\" L".into(), "x, y".to_owned()], vec![Noticed::Backslashes])
        );
        let (cells, noticed) = rows("Email,Folder\na@x.example,\"C:\\guests\\\"\nb@x.example,\"D:\\\"\n");
        assert_eq!((cells[1][1].as_str(), cells[2][1].as_str(), noticed), ("C:\\guests\\", "D:\\", vec![]));
    }

    #[test]
    fn carriage_returns_end_lines_and_zero_bytes_are_none_of_the_text() {
        assert_eq!(rows("Name;Email\rAda;a@x.example\rBob;b@x.example\r").0.len(), 3);
        let (cells, noticed) = rows("Name,Em\0ail\nAda,a@x.\0example\n");
        assert_eq!((cells[0][1].as_str(), cells[1][1].as_str(), noticed), ("Email", "a@x.example", vec![Noticed::Zeros(2)]));
    }

    #[test]
    fn lines_before_the_headings_end_where_the_first_record_begins() {
        let check = |text: &str, length: usize, delimiter: Option<Delimiter>| {
            let found = before(text.as_bytes());
            assert_eq!((found.length, found.delimiter), (length, delimiter), "{text:?}");
        };
        check("sep=;\r\na", 7, Some(Delimiter::Semicolon));
        check("sep=;\ra", 6, Some(Delimiter::Semicolon));
        check("sep=;", 5, Some(Delimiter::Semicolon));
        check("sep=", 4, Some(Delimiter::Tab));
        check("sep=;\nsep=,\na", 12, Some(Delimiter::Semicolon));
        check("sep=;,,\na", 8, Some(Delimiter::Semicolon));
        check("sep=;;,\na", 8, Some(Delimiter::Semicolon));
        check("sep=;x\na", 0, None);
        check("sep=#\na", 6, None);
        check("\"sep=;\na", 7, Some(Delimiter::Semicolon));
        check(" #type x \n#TYPE y\na", 18, None);
        check("#type\n", 0, None);
        check("", 0, None);
    }

    #[test]
    fn what_looks_odd_is_one_cell_or_has_backslashes() {
        let odd = |rows: &[&[&str]]| is_packed(&Table::from_cells(rows));
        assert!(odd(&[&["Email,Name"], &["a@x.example,A"]]) && odd(&[&["Email", "Name"], &["a;A", ""]]));
        assert!(!odd(&[&["a,b"]]) && !odd(&[&["Email"], &["a@x.example"]]) && !odd(&[&["a,b"], &["c,d"], &["e", "f"]]));
        let marked = |rows: &[&[&str]]| has_backslashes(&Table::from_cells(rows));
        assert!(marked(&[&["a\\\"b"]]) && marked(&[&["a", "b\\"], &["c"]]));
        assert!(!marked(&[&["a\\b"], &[""], &["c"]]) && !marked(&[&["a", "b"], &["c"]]) && !marked(&[&["a\""], &["c"]]));
    }

    #[test]
    fn packed_rows_are_left_where_they_make_no_even_table() {
        let check = |rows: &[&[&str]], expected: Option<usize>| {
            assert_eq!(unpacked(&Table::from_cells(rows)).map(|table| table.len()), expected, "{rows:?}");
        };
        check(&[&["Email,Name"], &["a@x.example,A"]], Some(2));
        check(&[&["Email,Name"], &["a@x.example,A,B"]], None);
        check(&[&["Email"], &["a@x.example"]], None);
        check(&[&["a@x.example,A"], &["b@x.example,B"]], Some(2));
        check(&[&["a@x.example,A"], &["b@x.example,c@x.example"]], None);
        check(&[&["a@x.example,A"], &["Bob,B"]], None);
        check(&[&["a@x.example,A"], &["B <b@x.example>,B"]], None);
        check(&[&["Email", "Name"], &["a@x.example,A"], &["b@x.example,B"]], Some(3));
        check(&[&["Email", "Name"], &["a@x.example,A"], &["Bob,B"]], None);
        check(&[&["Email", "Name", "Town"], &["a@x.example,A"]], None);
        check(&[&["Email,Name"], &["\"a@x.example\nb\",A"]], Some(2));
    }
}
