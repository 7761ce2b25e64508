//! What other programs leave in a text file beside its cells: lines before the headings, records that were quoted once more as
//! a whole, quotes that are marked by a backslash, zero bytes.

use super::text::Cutter;
use super::{Delimiter, Noticed, Table, Wanted};

/// The lines before a text's first record.
pub(super) struct Before {
    /// In bytes, line ends included.
    pub length: usize,
    /// What Excel's own `sep=;` line says, in whatever case.
    pub delimiter: Option<Delimiter>,
}

/// Excel's `sep=` line and PowerShell's `#TYPE` line, which `Export-Csv` writes unless it is told not to.
/// <https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/export-csv>
pub(super) fn before(text: &[u8]) -> Before {
    let mut before = Before { length: 0, delimiter: None };
    loop {
        let rest = &text[before.length..];
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let line = rest[..end].trim_ascii();
        let line = line.strip_prefix(b"\"").map_or(line, |line| line.strip_suffix(b"\"").unwrap_or(line));
        let begins = |word: &[u8]| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let own = begins(b"sep=").then(|| line.get(4).copied().unwrap_or(b'\t'));
        let own = own.and_then(|own| Delimiter::ALL.into_iter().find(|delimiter| delimiter.byte() == own));
        if own.is_none() && !begins(b"#type ") {
            return before;
        }
        before.delimiter = before.delimiter.or(own);
        let ends = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        before.length += (end + ends).min(rest.len());
    }
}

/// Whether a table that was cut as it should be looks as if its text wanted to be cut otherwise.
pub fn is_odd(table: &Table) -> bool {
    let is_packed = table.len() > 1 && table.width() == 1 && table.cell(0, 0).contains(|character| ",;\t|".contains(character));
    // Of a quote that was marked both stay in the cell, or it ends there and the row becomes longer.
    is_packed || table.text.contains('\\') && (table.text.contains("\\\"") || !is_even(table))
}

fn is_even(table: &Table) -> bool {
    let mut widths = (0..table.len()).filter(|row| !table.is_blank(*row)).map(|row| table.row(row).count());
    let first = widths.next();
    widths.all(|width| Some(width) == first)
}

/// Reads an odd table otherwise, where that makes an even one of it.
pub(super) fn read_again(text: &[u8], wanted: &Wanted, table: Table) -> (Table, Option<Noticed>) {
    if !is_odd(&table) || wanted.quote.is_some() || wanted.delimiter.is_some() {
        return (table, None);
    }
    if table.width() == 1 {
        let lines: Vec<&str> = (0..table.len()).map(|row| table.cell(row, 0)).collect();
        let inner = cut(lines.join("\n").as_bytes(), false);
        // The first line holds headings, or it is a list of addresses in each cell.
        let unpacked = inner.filter(|inner| inner.len() == table.len() && inner.width() > 1 && is_even(inner) && !lines[0].contains('@'));
        return unpacked.map_or((table, None), |inner| (inner, Some(Noticed::Packed)));
    }
    let escaped = cut(text, true).filter(|escaped| is_even(escaped) && escaped.width() > 1);
    escaped.map_or((table, None), |escaped| (escaped, Some(Noticed::Backslashes)))
}

fn cut(text: &[u8], escapes: bool) -> Option<Table> {
    let cutter = Cutter::new(text, &Wanted::default(), text.len());
    let mut cutter = if escapes { cutter.escaped() } else { cutter };
    cutter.feed(text).ok()?;
    cutter.end().ok()?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Found, read};

    fn rows(text: &str) -> (Vec<Vec<String>>, Vec<Noticed>) {
        let (found, table) = read(text.as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
        let Found::Text { noticed, .. } = found else { panic!("a text") };
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
        check("separate,b\nc,d\n", &["separate", "b"]);
        check("#TYPEWRITER,b\nc,d\n", &["#TYPEWRITER", "b"]);
    }

    #[test]
    fn records_that_were_quoted_once_more_are_unpacked() {
        let (cells, noticed) = rows("\"Email,\"\"Name\"\"\"\n\"a@x.example,\"\"Ada, K.\"\"\"\n\"b@x.example,Bob\"\n");
        assert_eq!((cells[1].clone(), noticed), (vec!["a@x.example".to_owned(), "Ada, K.".to_owned()], vec![Noticed::Packed]));
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
}
