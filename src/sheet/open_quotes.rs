//! Quotes that are never closed. Each would take the guests below it into its cell; so it is read as a sign like any other, its line
//! ends the record, and it is told. And quotes within quoted cells that somebody forgot to double, as in `"Ada "Countess" King"`
//! and in `"Zur Post" Inn`.

use super::history::before;
use super::{Delimiter, MARK, Noticed, Quote, Table};
use std::ops::Range;

/// A text in which such quotes are marked as signs of their cells, and what is told of them.
pub(super) struct MendedText {
    pub text: Vec<u8>,
    pub noticed: Noticed,
}

/// How a text is cut.
struct Scanner<'a> {
    text: &'a [u8],
    delimiter: u8,
    quote: u8,
}

const fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

impl Scanner<'_> {
    /// Where a cell ends that goes on here outside of quotes.
    fn end_of_cell(&self, from: usize) -> usize {
        let is_end = |byte: &u8| *byte == self.delimiter || is_break(*byte);
        self.text[from..].iter().position(is_end).map_or(self.text.len(), |length| from + length)
    }

    /// The quote that closes the cell which is opened here; two quotes are one sign of it.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut place = open + 1;
        loop {
            place += self.text.get(place..)?.iter().position(|byte| *byte == self.quote)?;
            if self.text.get(place + 1) != Some(&self.quote) {
                return Some(place);
            }
            place += 2;
        }
    }

    /// Whether nothing but blanks stands between this quote and the end of its cell.
    fn closes(&self, quote: usize) -> bool {
        self.text[quote + 1..self.end_of_cell(quote + 1)].trim_ascii().is_empty()
    }

    /// The quotes within the cell that is opened here which are not doubled and do not end it, and the one that ends it on the same line;
    /// nothing where one of them seems to open another cell, or is marked by a backslash.
    fn inner_quotes(&self, open: usize) -> Option<(Vec<usize>, usize)> {
        let (mut inner, mut place) = (Vec::new(), open + 1);
        loop {
            let byte = *self.text.get(place)?;
            let is_double = self.text.get(place + 1) == Some(&self.quote);
            match self.text[place - 1] {
                _ if is_break(byte) && !inner.is_empty() => return None,
                _ if byte != self.quote => {}
                // Behind one that is not doubled the first of two is its counterpart.
                _ if is_double && inner.len() % 2 == 1 && self.closes(place + 1) => {
                    inner.push(place);
                    return Some((inner, place + 1));
                }
                _ if is_double => place += 1,
                _ if self.closes(place) => return Some((inner, place)),
                before if before == self.delimiter || before == b'\\' => return None,
                _ => inner.push(place),
            }
            place += 1;
        }
    }

    /// Where a cell ends that begins with quoted words and goes on without quotes, `"Zur Post" Inn`: these are signs of it.
    fn end_behind_quoted_words(&self, open: usize) -> Option<usize> {
        let close = self.closing(open)?;
        let end = self.end_of_cell(close + 1);
        let (words, behind) = (&self.text[open + 1..close], &self.text[close + 1..end]);
        let needs_quotes = |byte: &u8| *byte == self.delimiter || *byte == self.quote || is_break(*byte);
        let is_plain = !words.iter().any(needs_quotes) && !words.ends_with(b"\\") && !behind.contains(&self.quote);
        (is_plain && !words.trim_ascii().is_empty() && !behind.trim_ascii().is_empty()).then_some(end)
    }

    /// Adds a cell whose quotes are all signs of it.
    fn quote_cell(&self, text: &mut Vec<u8>, cell: Range<usize>) {
        text.push(self.quote);
        for byte in &self.text[cell] {
            text.extend(std::iter::repeat_n(*byte, if *byte == self.quote { 2 } else { 1 }));
        }
        text.push(self.quote);
    }

    /// Cells of the record that begins here, with this quote read as a sign.
    fn cells(&self, from: usize, sign: Option<usize>) -> usize {
        let (mut place, mut cells) = (from, 1);
        loop {
            let is_open = self.text.get(place) == Some(&self.quote) && Some(place) != sign;
            let behind = if is_open { self.closing(place).unwrap_or(place) } else { place };
            place = self.end_of_cell(behind) + 1;
            if self.text.get(place - 1) != Some(&self.delimiter) {
                return cells;
            }
            cells += 1;
        }
    }

    /// Whether the quote that opens a cell here is never closed: none follows; or the next one, on a line below, opens a cell itself,
    /// and both lines are records of as many cells.
    fn is_open(&self, record: usize, open: usize) -> bool {
        let Some(close) = self.closing(open) else { return true };
        let is_end = |byte: u8| byte == self.delimiter || is_break(byte);
        let opens = is_end(self.text[close - 1]) && self.text.get(close + 1).is_some_and(|byte| !is_end(*byte));
        let Some(line) = self.text[open..close].iter().rposition(|byte| is_break(*byte)).filter(|_| opens) else { return false };
        let cells = self.cells(record, Some(open));
        cells > 1 && cells == self.cells(open + line + 1, None)
    }

    /// Each quote that is never closed, with its row and column.
    fn open_quotes(&self) -> Vec<(usize, usize, usize)> {
        let (mut open, mut place, mut row) = (Vec::new(), 0, 0);
        while place < self.text.len() {
            if is_break(self.text[place]) {
                place += 1;
                continue;
            }
            let record = place;
            for column in 0.. {
                let mut behind = place;
                if self.text.get(place) == Some(&self.quote) {
                    if self.is_open(record, place) {
                        open.push((place, row, column));
                    } else {
                        behind = self.closing(place).unwrap_or(place);
                    }
                }
                place = self.end_of_cell(behind) + 1;
                if self.text.get(place - 1) != Some(&self.delimiter) {
                    break;
                }
            }
            row += 1;
        }
        open
    }
}

/// Looks, in records that come in pieces, for quotes that neither open or close a cell nor are doubled.
#[derive(Default)]
pub(super) struct QuoteRuns {
    /// The last byte that was no quote.
    before: Option<u8>,
    /// How many quotes stand behind it so far.
    quotes: usize,
    /// Whether there may be such a quote in a quoted cell.
    pub has_inner: bool,
}

impl QuoteRuns {
    pub(super) fn meet(&mut self, bytes: &[u8], delimiter: u8, quote: u8) {
        let is_edge = |byte: Option<u8>| byte.is_none_or(|byte| byte == delimiter || is_break(byte));
        let mut rest = bytes;
        while let [first, behind @ ..] = rest {
            if *first == quote {
                self.quotes += 1;
                rest = behind;
                continue;
            }
            let (opens, closes, is_even) = (is_edge(self.before), is_edge(Some(*first)), self.quotes.is_multiple_of(2));
            self.has_inner |= self.quotes > 0 && if opens { is_even && !closes } else { is_even == closes };
            let plain = memchr::memchr(quote, rest).unwrap_or(rest.len());
            (self.before, self.quotes) = (Some(rest[plain - 1]), 0);
            rest = &rest[plain..];
        }
    }
}

/// The text with quotes within quoted cells doubled that are not, and around words at a cell's beginning, if it has any.
pub(super) fn doubled(text: &[u8], delimiter: Delimiter, quote: Quote) -> Option<Vec<u8>> {
    let scanner = Scanner { text, delimiter: delimiter.byte(), quote: quote.byte()? };
    let (mut doubled, mut done) = (Vec::new(), 0);
    let mut place = text.strip_prefix(MARK.as_bytes()).map_or(0, |text| MARK.len() + before(text).length);
    while place < text.len() {
        let mut behind = place;
        let is_quoted = text[place] == scanner.quote;
        if let Some(end) = is_quoted.then(|| scanner.end_behind_quoted_words(place)).flatten() {
            doubled.extend_from_slice(&text[done..place]);
            scanner.quote_cell(&mut doubled, place..end);
            (behind, done) = (end, end);
        } else if is_quoted {
            let (inner, close) = scanner.inner_quotes(place).or_else(|| Some((Vec::new(), scanner.closing(place)?))).unwrap_or_default();
            for quote in inner {
                doubled.extend_from_slice(&text[done..=quote]);
                done = quote;
            }
            behind = behind.max(close + 1);
        }
        place = scanner.end_of_cell(behind) + 1;
    }
    doubled.extend_from_slice(&text[done..]);
    (done > 0).then_some(doubled)
}

/// The text with its open quotes as signs, if it has any.
pub(super) fn mended(text: &[u8], delimiter: Delimiter, quote: Quote) -> Option<MendedText> {
    let quote = quote.byte()?;
    let text = text.strip_prefix(MARK.as_bytes()).unwrap_or(text);
    let (leading, text) = text.split_at(before(text).length);
    let scanner = Scanner { text, delimiter: delimiter.byte(), quote };
    let open = scanner.open_quotes();
    let (_, row, column) = *open.first()?;
    let (mut mended, mut done) = (leading.to_vec(), 0);
    for (place, ..) in &open {
        let end = scanner.end_of_cell(*place);
        mended.extend_from_slice(&text[done..*place]);
        scanner.quote_cell(&mut mended, *place..end);
        done = end;
    }
    mended.extend_from_slice(&text[done..]);
    Some(MendedText { text: mended, noticed: Noticed::OpenQuotes { quotes: open.len(), row, column } })
}

/// Whether a table in which cells hold line breaks looks as if a quote had been closed by one that opens another cell: beside the break
/// there is a quote, or an address behind it.
pub(super) fn are_likely(table: &Table, quote: Quote) -> bool {
    let Some(quote) = quote.byte() else { return false };
    let quote = char::from(quote);
    table
        .cells_with_breaks()
        .any(|(row, column)| table.row_text(row).contains(quote) || behind_break(table.cell(row, column)).contains('@'))
}

fn behind_break(cell: &str) -> &str {
    cell.find(['\n', '\r']).map_or("", |place| &cell[place..])
}

/// Cells with lines that look like records of their own: with an address, and cut into as many cells as the first record, or, of the
/// last line, as what follows in the row makes it.
pub(super) fn swallowed(table: &Table, delimiter: Delimiter) -> Option<Noticed> {
    let delimiter = char::from(delimiter.byte());
    let is_address = |cell: &str| {
        let cell = cell.trim().trim_matches('"');
        cell.contains('@') && !cell.contains(char::is_whitespace)
    };
    let width = table.cells_in(0);
    let holds_record = |row: usize, column: usize, cell: &str| {
        let mut lines = behind_break(cell).split(['\n', '\r']).peekable();
        std::iter::from_fn(|| Some((lines.next()?, lines.peek().is_none()))).any(|(line, is_last)| {
            let more = if is_last { table.cells_in(row) - column - 1 } else { 0 };
            let cells = line.split(delimiter).count();
            cells > 1 && cells + more == width && line.split(delimiter).any(is_address)
        })
    };
    let mut found = table.cells_with_breaks().filter(|(row, column)| holds_record(*row, *column, table.cell(*row, *column)));
    let (row, column) = found.next()?;
    Some(Noticed::Swallowed { cells: 1 + found.count(), row, column })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{DetectedFormat, IncomingText, Wanted, read};

    /// Rows with a bar between cells, and what is told; the same of a text that comes in pieces.
    fn check(text: &str, expected: &[&str], noticed: &[Noticed]) {
        let (found, table) = read(text.as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
        let rows: Vec<String> = (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join("|")).collect();
        assert_eq!((rows, found.noticed()), (expected.iter().map(|row| (*row).to_owned()).collect(), noticed), "{text:?}");
        for piece in [1, 7, text.len()] {
            let mut incoming = IncomingText::begin(text.as_bytes(), &Wanted::default(), text.len()).unwrap();
            text.as_bytes().chunks(piece).for_each(|piece| incoming.feed(piece).unwrap());
            let read = incoming.end().unwrap();
            let is_odd = noticed.iter().any(|noticed| matches!(noticed, Noticed::OpenQuotes { .. } | Noticed::Swallowed { .. }));
            assert!(read.is_none_or(|read| !is_odd && read == (found.clone(), table.clone())), "{text:?}");
        }
    }

    const fn open(quotes: usize, row: usize, column: usize) -> Noticed {
        Noticed::OpenQuotes { quotes, row, column }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_a_sign() {
        check(
            "Email,Company\na@x.example,Acme\nb@x.example,\"Bolt 5\nc@x.example,Cog\nd@x.example,Dot\n",
            &["Email|Company", "a@x.example|Acme", "b@x.example|\"Bolt 5", "c@x.example|Cog", "d@x.example|Dot"],
            &[open(1, 2, 1)],
        );
        for (delimiter, end) in [(";", "\n"), ("\t", "\r\n"), ("|", "\r"), (",", "")] {
            let text = "Email;Name;Company\na@x.example;\"Bob;B\nb@x.example;Cid;C\nc@x.example;\"Dan; D\";\"two\nlines\"";
            let text = text.replace('\n', if end.is_empty() { "\n" } else { end }).replace(';', delimiter) + end;
            let (_, table) = read(text.as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
            assert_eq!((table.len(), table.cell(1, 1), table.cell(2, 0)), (4, "\"Bob", "b@x.example"), "{text:?}");
            assert_eq!(table.cell(3, 1), format!("Dan{delimiter} D"), "{text:?}");
        }
        // In the first cell, where it could hide which sign separates cells; on the last line; and an inch behind a quoted name.
        check("\"Name;Email\nA;a@x.example\nB;b@x.example\n", &["\"Name|Email", "A|a@x.example", "B|b@x.example"], &[open(1, 0, 0)]);
        check("Email,Name\na@x.example,\"A", &["Email|Name", "a@x.example|\"A"], &[open(1, 1, 1)]);
        check(
            "Email,Name\na@x.example,\"Pipe 5\"\"\nb@x.example,B\n",
            &["Email|Name", "a@x.example|\"Pipe 5\"\"", "b@x.example|B"],
            &[open(1, 1, 1)],
        );
        check(
            "\u{feff}sep=,\nEmail,Name\n\na@x.example,\"A\nb@x.example,B\n",
            &["Email|Name", "a@x.example|\"A", "b@x.example|B"],
            &[open(1, 1, 1)],
        );
    }

    #[test]
    fn a_quote_is_not_closed_by_one_that_opens_another_cell() {
        check(
            "Email,Company\nb@x.example,\"Bolt 5\nc@x.example,Cog\nd@x.example,\"Dot, Inc\"\ne@x.example,E\n",
            &["Email|Company", "b@x.example|\"Bolt 5", "c@x.example|Cog", "d@x.example|Dot, Inc", "e@x.example|E"],
            &[open(1, 1, 1)],
        );
        check(
            "\"Email\",\"Name\"\n\"a@x.example\",\"A\n\"b@x.example\",\"B, K\"\n\"c@x.example\",\"C\"\n",
            &["Email|Name", "a@x.example|\"A", "b@x.example|B, K", "c@x.example|C"],
            &[open(1, 1, 1)],
        );
        check(
            "\"Name\",\"Email\"\n\"Bob,\"b@x.example\"\n\"Ada, K\",\"a@x.example\"\n",
            &["Name|Email", "Bob,b@x.example\"", "Ada, K|a@x.example"],
            &[Noticed::Uneven { rows: 1, line: 2 }],
        );
        check(
            "Email,Name\na@x.example,\"A\nb@x.example,\"B\nc@x.example,\"C\nd@x.example,D\n",
            &["Email|Name", "a@x.example|\"A", "b@x.example|\"B", "c@x.example|\"C", "d@x.example|D"],
            &[open(3, 1, 1)],
        );
    }

    #[test]
    fn quotes_within_cells_are_signs_of_them_where_nobody_doubled_them() {
        let name = |written: &str, expected: &str| {
            let (guest, others) = (format!("a@x.example|{expected}|1"), ["Email|Name|Table", "b@x.example|B, K|2"]);
            let text = format!("Email,Name,Table\na@x.example,{written},1\nb@x.example,\"B, K\",2\n");
            let expected = [others[0].to_owned(), guest, others[1].to_owned()];
            for text in [text.clone(), format!("\u{feff}{text}")] {
                let (found, table) = read(text.as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
                let rows: Vec<String> = (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join("|")).collect();
                assert_eq!((rows, found.noticed()), (expected.to_vec(), &[][..]), "{text:?}");
                let mut incoming = IncomingText::begin(text.as_bytes(), &Wanted::default(), text.len()).unwrap();
                text.as_bytes().chunks(5).for_each(|piece| incoming.feed(piece).unwrap());
                assert!(incoming.end().unwrap().is_none_or(|(_, again)| again == table), "{text:?}");
            }
        };
        name("\"Ada \"Countess\" King\"", "Ada \"Countess\" King");
        name("\"Ada \"Countess\"\"", "Ada \"Countess\"");
        name("\"\"Countess\" Ada\"", "\"Countess\" Ada");
        name("\"King, Ada \"Countess\" L.\"", "King, Ada \"Countess\" L.");
        name("\"Ada \"the \"Countess\"\" King\"", "Ada \"the \"Countess\" King");
        name("\"Bolt 5\" long\"", "Bolt 5\" long");
        name("\"Ada \"\"Countess\"\" King\"", "Ada \"Countess\" King");
        name("\"\"\"Countess\"\" Ada\"", "\"Countess\" Ada");
        name("\"Ada \"\"Countess\"\"\"", "Ada \"Countess\"");
        name("\"Zur Post\" Inn", "\"Zur Post\" Inn");
        name("\"Zur Post\"-Inn ", "\"Zur Post\"-Inn ");
        name("\"King, Ada\" L.", "King, Ada L.");
        name("\"Ada\" ", "Ada ");
        name("\"\"", "");
        name("Bolt 5\" long", "Bolt 5\" long");
    }

    #[test]
    fn a_quote_is_closed_by_one_that_ends_its_cell_or_stands_behind_text() {
        let check = |text: &str| assert!(mended(text.as_bytes(), Delimiter::Comma, Quote::Double).is_none(), "{text:?}");
        check("Email,Name\na@x.example,\"A\nb@x.example,\"\nc@x.example,C\n");
        check("Email,Name\na@x.example,\"A\nb@x.example,\",x\nc@x.example,C\n");
        check("Email,Name\na@x.example,\"A\nb@x.example,two\"x\nc@x.example,C\n");
        check("Name\n\"A\n\"B\nC\n");
    }

    #[test]
    fn cells_that_hold_line_breaks_stay() {
        check(
            "Email,Note\na@x.example,\"one\ntwo, \"\"three\"\"\n\nfour\"\nb@x.example,B\n",
            &["Email|Note", "a@x.example|one\ntwo, \"three\"\n\nfour", "b@x.example|B"],
            &[],
        );
        check(
            "Email,Note\na@x.example,\"He wrote:\n\"hello\" and left\"\nb@x.example,B\n",
            &["Email|Note", "a@x.example|He wrote:\n\"hello\" and left", "b@x.example|B"],
            &[],
        );
        check(
            "Email,Note\na@x.example,\"Ann Smith, CEO\nann@x.example\nCall me\"\n",
            &["Email|Note", "a@x.example|Ann Smith, CEO\nann@x.example\nCall me"],
            &[],
        );
    }

    #[test]
    fn cells_that_hold_lines_like_records_are_told() {
        check(
            "Email,Company\nb@x.example,\"Bolt 5\nc@x.example,Pipe 5\"\nd@x.example,D\n",
            &["Email|Company", "b@x.example|Bolt 5\nc@x.example,Pipe 5", "d@x.example|D"],
            &[Noticed::Swallowed { cells: 1, row: 1, column: 1 }],
        );
        check(
            "Email,Name,City\nb@x.example,\"Bo\nc@x.example,Cy,Rome\nd@x.example,5\",Oslo\n",
            &["Email|Name|City", "b@x.example|Bo\nc@x.example,Cy,Rome\nd@x.example,5|Oslo"],
            &[Noticed::Swallowed { cells: 1, row: 1, column: 1 }],
        );
        check(
            "Email,Company\nb@x.example,\"Bolt 5\nc@x.example,Pipe 5\"\nd@x.example,\"D\ne@x.example,E\"\n",
            &["Email|Company", "b@x.example|Bolt 5\nc@x.example,Pipe 5", "d@x.example|D\ne@x.example,E"],
            &[Noticed::Swallowed { cells: 2, row: 1, column: 1 }],
        );
        // The last line of a cell goes on with the cells behind it.
        check(
            "Email,Name,City\nb@x.example,\"Bo\nc@x.example,Cy\",Rome\n",
            &["Email|Name|City", "b@x.example|Bo\nc@x.example,Cy|Rome"],
            &[Noticed::Swallowed { cells: 1, row: 1, column: 1 }],
        );
        check(
            "Email,Name,City,Note\nb@x.example,B,Rome,\"one\nc@x.example,two\"\n",
            &["Email|Name|City|Note", "b@x.example|B|Rome|one\nc@x.example,two"],
            &[],
        );
        // One address is no record, where there is one column alone.
        check("Email\n\"b@x.example\nc@x.example\"\nd@x.example\n", &["Email", "b@x.example\nc@x.example", "d@x.example"], &[]);
        // Neither are words beside an address.
        check(
            "Email,Note\nb@x.example,\"one\nwrite to c@x.example, please\nthree\"\n",
            &["Email|Note", "b@x.example|one\nwrite to c@x.example, please\nthree"],
            &[],
        );
    }

    #[test]
    fn open_quotes_in_long_files_and_in_other_encodings_lose_nobody() {
        let row = |number: usize| format!("g{number}@fabrikam.example;Jürgen;Köln\n");
        let mut rows: Vec<String> = (0..60_000).map(row).collect();
        rows[100] = "g100@fabrikam.example;\"Jürgen;Köln\n".into();
        let text = "Email;Name;City\n".to_owned() + &rows.concat();
        let latin: Vec<u8> = text.chars().map(|sign| u8::try_from(sign).unwrap()).collect();
        for bytes in [text.as_bytes(), &latin] {
            let mut incoming = IncomingText::begin(&bytes[..bytes.len().min(1 << 21)], &Wanted::default(), bytes.len()).unwrap();
            bytes.chunks(1 << 21).for_each(|piece| incoming.feed(piece).unwrap());
            assert_eq!(incoming.end(), Ok(None));
            let (found, table) = read(bytes, &Wanted::default(), |_, _| {}).unwrap();
            assert!(matches!(found, DetectedFormat::Text { delimiter: Delimiter::Semicolon, .. }));
            assert!(found.noticed().contains(&open(1, 101, 1)));
            assert_eq!((table.len(), table.cell(101, 1), table.cell(60_000, 0)), (60_001, "\"Jürgen", "g59999@fabrikam.example"));
        }
    }
}
