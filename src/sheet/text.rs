//! Comma-, semicolon- and tab-separated text: in UTF-8, whatever encoding it came in.

use super::history::before;
use super::open_quotes::{self, QuoteRuns};
use super::plain_record::{CutRecord, PlainRecords, found};
use super::{Cuts, Delimiter, DetectedFormat, Encoding, MARK, MOST_ROWS, Noticed, Quote, Table, UnreadableFile, Wanted};

/// The delimiter that cuts the first lines into the most, and the most even, cells; Excel's own `sep=;` line decides.
pub fn delimiter_of(text: &[u8]) -> Delimiter {
    let history = before(text);
    if let Some(own) = history.delimiter {
        return own;
    }
    let text = &text[history.length..];
    let score = |delimiter: Delimiter| {
        let counts = cells_of_lines(text, delimiter.byte());
        let usual = counts.iter().copied().max_by_key(|count| counts.iter().filter(|other| *other == count).count()).unwrap_or(0);
        let even = counts.iter().filter(|count| **count == usual).count();
        if usual > 1 { even * 1000 + usual } else { 0 }
    };
    // Of equals, the first.
    Delimiter::USUAL.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(Delimiter::Comma)
}

/// Cells in each of the first records, as this delimiter would cut them outside of quotes.
fn cells_of_lines(text: &[u8], delimiter: u8) -> Vec<usize> {
    const LINES: usize = 30;
    let text = &text[..text.len().min(200_000)];
    let (mut counts, mut place, mut cells, mut any, mut begins) = (Vec::new(), 0, 1, false, true);
    // Where a cell was opened, behind how many.
    let mut opened: Option<(usize, usize)> = None;
    while counts.len() < LINES {
        let Some(byte) = text.get(place).copied() else {
            // A quote that nothing closes is a sign.
            let Some((open, before)) = opened.take() else { break };
            (place, cells, any, begins) = (open + 1, before, true, false);
            continue;
        };
        place += 1;
        if opened.is_some() {
            any |= !byte.is_ascii_whitespace() && byte != b'"';
            if byte == b'"' {
                opened = None;
            }
            continue;
        }
        match byte {
            b'"' if begins || text.get(place.wrapping_sub(2)) == Some(&b'"') => opened = Some((place - 1, cells)),
            b'\n' | b'\r' => {
                if any {
                    counts.push(cells);
                }
                (cells, any) = (1, false);
            }
            byte if byte == delimiter => {
                cells += 1;
                any = true;
            }
            byte => any |= !byte.is_ascii_whitespace(),
        }
        begins = matches!(byte, b' ' | b'\n' | b'\r') && (begins || byte != b' ') || byte == delimiter;
    }
    if any {
        counts.push(cells);
    }
    counts
}

/// Single quotes where they stand around a cell of every line at the beginning and double ones around none; else double ones.
fn quote_of(text: &[u8], delimiter: Delimiter) -> Quote {
    const LINES: usize = 30;
    let lines = || text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).take(LINES);
    let stands = |line: &[u8], quote: u8| {
        let pieces = || line.split(|byte| *byte == delimiter.byte());
        let opened = pieces().filter(|piece| piece.starts_with(&[quote])).count();
        opened > 0 && opened == pieces().filter(|piece| piece.ends_with(&[quote])).count()
    };
    let single = lines().next().is_some() && lines().all(|line| stands(line, b'\''));
    if single && !lines().any(|line| stands(line, b'"')) { Quote::Single } else { Quote::Double }
}

/// Text that is cut into a table while it comes, in pieces of any length. Every record is a row; blank lines are none.
pub struct Cutter {
    delimiter: Delimiter,
    quote: Quote,
    /// Cuts what plain records are not.
    reader: csv_core::Reader,
    /// Unless quotes may be marked otherwise.
    plain: Option<PlainRecords>,
    /// Whether the reader has come to the end of a record, and no other has begun.
    is_between: bool,
    /// Bytes at the beginning that are no cells: a byte order mark, Excel's own line.
    skipped: usize,
    /// Zero bytes, which are left out.
    zeros: usize,
    /// Whether there were other signs for whose sake a text may have to be read again.
    is_odd: bool,
    /// Whether a cell holds a line break.
    has_breaks: bool,
    /// Quotes of the records that are not plain.
    quotes: QuoteRuns,
    /// Whether the text ended within a quoted cell.
    is_open: bool,
    /// Records that have been cut whole, and whether all of them are UTF-8.
    table: Table,
    is_utf8: bool,
    /// Texts of cells that the table does not have yet, and room for more behind `filled`.
    room: Vec<u8>,
    filled: usize,
    /// Where the record in hand begins.
    start: usize,
    /// Where this text is cut.
    cuts: Cuts,
    record: Vec<usize>,
}

/// Bytes that are cut before they are put into the table: so few stay near the processor until then.
pub(super) const PIECE: usize = 1 << 18;

impl Cutter {
    /// Begins with the first piece of a text of about `size` bytes. The piece has to be fed as well.
    pub fn new(head: &[u8], wanted: &Wanted, size: usize) -> Self {
        let mark = if head.starts_with(MARK.as_bytes()) { MARK.len() } else { 0 };
        let text = &head[mark..];
        let delimiter = wanted.delimiter.unwrap_or_else(|| delimiter_of(text));
        let quote = wanted.quote.unwrap_or_else(|| quote_of(text, delimiter));
        let mut reader = csv_core::ReaderBuilder::new();
        reader.delimiter(delimiter.byte()).quoting(quote.byte().is_some()).quote(quote.byte().unwrap_or_default());
        Self {
            delimiter,
            quote,
            reader: reader.build(),
            plain: Some(PlainRecords::new(delimiter, quote)),
            is_between: false,
            skipped: mark + before(text).length,
            zeros: 0,
            is_odd: false,
            has_breaks: false,
            quotes: QuoteRuns::default(),
            is_open: false,
            table: Table::with_capacity(size),
            is_utf8: true,
            room: Vec::new(),
            filled: 0,
            start: 0,
            cuts: Cuts::default(),
            record: vec![0; 64],
        }
    }

    /// How the text is read, from bytes in this encoding.
    pub fn found(&self, encoding: Encoding) -> DetectedFormat {
        let noticed = (self.zeros > 0).then_some(Noticed::Zeros(self.zeros)).into_iter().collect();
        DetectedFormat::Text { encoding, delimiter: self.delimiter, quote: self.quote, noticed, looks: Vec::new() }
    }

    /// The same, with a backslash before quotes that are text.
    pub(super) fn escaped(mut self) -> Self {
        let (delimiter, quote) = (self.delimiter.byte(), self.quote.byte());
        self.reader = csv_core::ReaderBuilder::new()
            .delimiter(delimiter)
            .quoting(quote.is_some())
            .quote(quote.unwrap_or_default())
            .escape(Some(b'\\'))
            .build();
        self.plain = None;
        self
    }

    /// Cuts the next piece.
    ///
    /// # Errors
    /// There are more than [`MOST_ROWS`] records.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), UnreadableFile> {
        let rest = &piece[self.skipped.min(piece.len())..];
        self.skipped -= piece.len() - rest.len();
        rest.chunks(PIECE).try_for_each(|piece| self.cut_piece(piece))
    }

    fn cut_piece(&mut self, piece: &[u8]) -> Result<(), UnreadableFile> {
        if !self.is_utf8 {
            return Ok(());
        }
        let mut rest = piece;
        let solid: Vec<u8>;
        if has_odd_sign(rest) {
            self.is_odd = true;
            solid = rest.iter().copied().filter(|byte| *byte != 0).collect();
            self.zeros += rest.len() - solid.len();
            rest = &solid;
        }
        self.room.resize(self.room.len().max(self.filled + rest.len()), 0);
        while !rest.is_empty() {
            rest = &rest[self.step(rest)?.0..];
        }
        self.hand_over();
        Ok(())
    }

    /// Puts the records that have been cut whole into the table.
    fn hand_over(&mut self) {
        let cells = self.cuts.rows.last().map_or(0, |cells| *cells as usize);
        // What is left is of the record in hand.
        let left: Vec<u32> = self.cuts.ends.drain(cells..).map(|end| end - number(self.start)).collect();
        self.is_utf8 &= self.table.append(&self.room[..self.start], &self.cuts);
        self.cuts.rows.clear();
        self.cuts.ends = left;
        self.room.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
    }

    /// Whether there are backslashes, escapes or zero bytes in the text.
    pub(super) const fn is_odd(&self) -> bool {
        self.is_odd
    }

    /// Whether a cell holds a line break.
    pub(super) fn has_breaks(&self) -> bool {
        self.has_breaks || has_break(&self.room[self.start..self.filled])
    }

    /// Whether quotes may stand within a quoted cell that are not doubled.
    pub(super) const fn has_inner_quotes(&self) -> bool {
        self.quotes.has_inner
    }

    /// Whether the table of a text that has ended looks as if quotes in it were never closed.
    pub(super) fn lacks_quotes(&self) -> impl Fn(&Table) -> bool + use<> {
        let (is_open, has_breaks, quote) = (self.is_open, self.has_breaks(), self.quote);
        move |table| is_open || has_breaks && open_quotes::are_likely(table, quote)
    }

    /// Ends the text. Within a quoted cell, one more line's end is a sign of it; it is taken away again.
    ///
    /// # Errors
    /// As of [`Cutter::feed`].
    pub(super) fn close(&mut self) -> Result<(), UnreadableFile> {
        self.room.resize(self.room.len().max(self.filled + 1), 0);
        let filled = self.filled;
        self.step(b"\n")?;
        self.is_open = self.filled > filled;
        while self.is_utf8 && !self.step(&[])?.1 {}
        if self.is_open {
            self.filled = filled;
            self.start = filled;
            self.cuts.ends.iter_mut().next_back().into_iter().for_each(|end| *end = number(filled));
        }
        self.hand_over();
        Ok(())
    }

    /// What stands between cells, and around them.
    pub(super) const fn signs(&self) -> (Delimiter, Quote) {
        (self.delimiter, self.quote)
    }

    /// The records that have been cut whole.
    pub(super) const fn so_far(&self) -> &Table {
        &self.table
    }

    /// Their text; the table's begins with it.
    pub fn whole(&self) -> &[u8] {
        self.table.text.as_bytes()
    }

    /// The table, however wide it is; nothing when its cells are not UTF-8.
    ///
    /// # Errors
    /// As of [`Cutter::feed`].
    pub fn end(mut self) -> Result<Option<Table>, UnreadableFile> {
        self.close()?;
        Ok(self.is_utf8.then_some(self.table))
    }

    /// The table of a text that is here as a whole.
    ///
    /// # Errors
    /// As of [`Cutter::end`] and [`Table::within_limits`].
    pub(super) fn cut(mut self, text: &[u8]) -> Result<Option<Table>, UnreadableFile> {
        self.feed(text)?;
        self.end()?.map(Table::within_limits).transpose()
    }

    /// Reads up to the end of a record; how many bytes, and whether everything has been read. No bytes end the text.
    fn step(&mut self, bytes: &[u8]) -> Result<(usize, bool), UnreadableFile> {
        use csv_core::ReadRecordResult as Read;
        if self.is_between
            && let Some(taken) = self.plain_step(bytes)?
        {
            return Ok((taken, false));
        }
        let (read, taken, written, ends) = self.reader.read_record(bytes, &mut self.room[self.filled..], &mut self.record);
        if let Some(quote) = self.quote.byte() {
            self.quotes.meet(&bytes[..taken], self.delimiter.byte(), quote);
        }
        self.filled += written;
        self.cuts.ends.extend(self.record[..ends].iter().map(|end| number(self.start + end)));
        self.is_between = matches!(read, Read::Record);
        if self.is_between {
            self.has_breaks |= has_break(&self.room[self.start..self.filled]);
            self.end_record()?;
        }
        Ok((taken, matches!(read, Read::End)))
    }

    /// Takes a plain record, or a line's end where none has begun; how many bytes.
    fn plain_step(&mut self, bytes: &[u8]) -> Result<Option<usize>, UnreadableFile> {
        if matches!(bytes.first(), Some(b'\n' | b'\r')) {
            return Ok(Some(1));
        }
        let (start, cells) = (self.start, self.cuts.ends.len());
        let Self { plain: Some(plain), room, cuts, .. } = self else { return Ok(None) };
        let Some(CutRecord { taken, filled, has_breaks }) = plain.cut(bytes, &mut room[start..], |end| cuts.ends.push(number(start + end)))
        else {
            cuts.ends.truncate(cells);
            return Ok(None);
        };
        self.filled += filled;
        self.has_breaks |= has_breaks;
        self.end_record()?;
        Ok(Some(taken))
    }

    fn end_record(&mut self) -> Result<(), UnreadableFile> {
        if self.table.len() + self.cuts.rows.len() > MOST_ROWS {
            return Err(UnreadableFile::TooManyRows);
        }
        self.cuts.rows.push(number(self.cuts.ends.len()));
        self.start = self.filled;
        Ok(())
    }
}

fn has_break(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether a text has zero bytes, escapes or backslashes, which few have.
fn has_odd_sign(text: &[u8]) -> bool {
    const SIGNS: [u8; 3] = [0, 0x1b, b'\\'];
    let (eights, rest) = text.as_chunks();
    let has_any = |eights: &[[u8; 8]]| eights.iter().fold(0, |any, eight| any | found(*eight, SIGNS)) != 0;
    eights.chunks(8).any(has_any) || rest.iter().any(|byte| SIGNS.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found_outside_of_quotes() {
        let check = |text: &str, expected: Delimiter| assert_eq!(delimiter_of(text.as_bytes()), expected, "{text:?}");
        check("a,b\nc,d", Delimiter::Comma);
        check("a;b\n\"c, d, e\";f", Delimiter::Semicolon);
        check("email\tname\na@b.example\tLovelace, Ada", Delimiter::Tab);
        check("a|b|c\n1|2|3", Delimiter::Bar);
        check("sep=;\na,b;c", Delimiter::Semicolon);
        check("only@one.example\n", Delimiter::Comma);
        check("", Delimiter::Comma);
    }

    /// Cuts a text that comes in pieces of so many bytes.
    fn cut(text: &str, wanted: &Wanted, piece: usize) -> Table {
        let head = &text.as_bytes()[..text.len().min(piece.max(100))];
        let mut cutter = Cutter::new(head, wanted, 0);
        cutter.feed(head).unwrap();
        text.as_bytes()[head.len()..].chunks(piece).for_each(|piece| cutter.feed(piece).unwrap());
        cutter.end().unwrap().unwrap()
    }

    fn rows_of(table: &Table) -> Vec<Vec<String>> {
        (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect()
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        rows_of(&cut(text, &Wanted::default(), 1000))
    }

    #[test]
    fn cells_stay_as_they_were_written() {
        assert_eq!(
            cells("a,b\r\n007, x \r\n\r\n=1+1,12345678901234567890\n"),
            [["a", "b"], ["007", " x "], ["=1+1", "12345678901234567890"]]
        );
        assert_eq!(cells("a;\"b \"\"q\"\"\nc\";d\ne;f;g\nh"), [vec!["a", "b \"q\"\nc", "d"], vec!["e", "f", "g"], vec!["h"]]);
        assert_eq!(cells("sep=;\na;b"), [["a", "b"]]);
        // An open quote takes the rest here; nothing is lost and nothing panics.
        assert_eq!(cells("a,b\n\"c,d\ne,f"), [vec!["a", "b"], vec!["c,d\ne,f"]]);
    }

    #[test]
    fn quotes_are_found_and_can_be_said_otherwise() {
        let check = |text: &str, expected: Quote| assert_eq!(quote_of(text.as_bytes(), Delimiter::Comma), expected, "{text:?}");
        check("'a, b',c\n'd',e\n", Quote::Single);
        check("a,b\n'c',d\n", Quote::Double);
        check("'a',\"b\"\n'c',d\n", Quote::Double);
        check("'s Heeren,O'Neil\n'=1+1,x\n", Quote::Double);
        check("\"a\",b\n", Quote::Double);
        check("", Quote::Double);
        let rows = |text: &str, quote: Option<Quote>| {
            rows_of(&cut(text, &Wanted { delimiter: Some(Delimiter::Comma), quote, ..Wanted::default() }, 3))
        };
        assert_eq!(rows("'Lovelace, Ada','o''clock'\n", None), [["Lovelace, Ada", "o'clock"]]);
        assert_eq!(rows("\"5,6\n7\",8\n", Some(Quote::None)), [["\"5", "6"], ["7\"", "8"]]);
        assert_eq!(rows("'a',b\n", Some(Quote::Double)), [["'a'", "b"]]);
    }

    /// Made-up files of every awkward shape: rows of the table are the records that were written.
    #[test]
    fn no_record_is_lost() {
        let mut rng = 1_u64;
        let mut pick = move |sides: u64| {
            rng = rng.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (rng >> 33) % sides
        };
        for _ in 0..500 {
            let delimiter = Delimiter::ALL[usize::try_from(pick(4)).unwrap()];
            let (rows, columns) = (pick(20) + 1, pick(6) + 2);
            let mut expected: Vec<Vec<String>> = Vec::new();
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter.byte()).from_writer(Vec::new());
            for _ in 0..rows {
                let row: Vec<String> = (0..columns)
                    .map(|_| {
                        (0..pick(5))
                            .map(|_| ["a", "ü", "\"", ",", ";", "\t", "|", "\n", " ", "=", "0", "日"][usize::try_from(pick(12)).unwrap()])
                            .collect()
                    })
                    .collect();
                writer.write_record(&row).unwrap();
                expected.push(row);
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let wanted = Wanted { delimiter: Some(delimiter), quote: Some(Quote::Double), ..Wanted::default() };
            for piece in [usize::try_from(pick(7) + 1).unwrap(), text.len()] {
                assert_eq!(rows_of(&cut(&text, &wanted, piece)), expected, "{text:?}");
            }
        }
    }

    /// Whatever stands in a text, it is cut as the csv crate cuts it.
    #[test]
    fn records_that_are_not_plain_are_cut_as_the_csv_crate_does() {
        let mut rng = 7_u64;
        let mut pick = move |sides: u64| {
            rng = rng.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((rng >> 33) % sides).unwrap()
        };
        let wanted = Wanted { delimiter: Some(Delimiter::Comma), quote: Some(Quote::Double), ..Wanted::default() };
        for _ in 0..3000 {
            let signs = ["a", "ü", "a longer cell", "\"", "\"", ",", ",", "\n", "\r", "\r\n", " ", "\"a\""];
            let text: String = std::iter::once("x,y\n").chain((0..pick(40)).map(|_| signs[pick(12)])).collect();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            for piece in [pick(30) + 1, text.len()] {
                let mut cutter = Cutter::new(text.as_bytes(), &wanted, 0);
                text.as_bytes().chunks(piece).for_each(|piece| cutter.feed(piece).unwrap());
                assert_eq!(rows_of(&cutter.end().unwrap().unwrap()), expected, "{text:?} {piece}");
            }
        }
    }

    #[test]
    fn the_most_even_delimiter_is_taken_and_of_equals_the_first() {
        let check = |text: &str, expected: Delimiter| assert_eq!(delimiter_of(text.as_bytes()), expected, "{text:?}");
        check("a;b,c\nd;e,f\n", Delimiter::Comma);
        check("a;b;c,d\ne;f;g,h\n", Delimiter::Semicolon);
        check("a;b,c,d\ne;f,g\n", Delimiter::Semicolon);
        check("a;b,c,d,e,f\ng;h,i,j,k,l\nm;n\n", Delimiter::Semicolon);
        check("a;b\nc\nd\n,,,,\n", Delimiter::Comma);
        check("a;b\nc;d\n\n ; \n,,,\n", Delimiter::Semicolon);
        check("a,\"b;c;d\ne;f\"\ng,h\n", Delimiter::Comma);
        // What stands behind the first thirty lines does not count.
        check(&("a;b\n".repeat(30) + &"c,d\n".repeat(90)), Delimiter::Semicolon);
        assert_eq!(cells_of_lines(&b"a,b\r\n,\n \n\nc".repeat(2), b','), [2, 2, 2, 2, 1]);
        assert_eq!(cells_of_lines(&b"a\n".repeat(40), b',').len(), 30);
    }

    #[test]
    fn delimiters_count_outside_of_the_quotes_around_cells() {
        let check = |text: &str, expected: &[usize]| assert_eq!(cells_of_lines(text.as_bytes(), b','), expected, "{text:?}");
        check("\"a\"\n", &[1]);
        check("x,\"a\"\n", &[2]);
        check("\"a,b\",c\n", &[2]);
        check("a, \"b,c\"\n", &[2]);
        check("a\n\"b,c\"\r\"d,e\"\n", &[1, 1, 1]);
        check("\"say \"\"hi, you\"\"\",c\n", &[2]);
        // Within a cell a quote is a sign: of inches, say.
        check("5\" pipe, 6\" pipe,c\n", &[3]);
        check("5 \"pipe, a\" b,c\n", &[3]);
        // One that nothing closes is a sign, too.
        check("\",b\nc,d\n", &[2, 2]);
        check("a,\"b,c\nd", &[3, 1]);
        // Lines without a sign count as little with quotes as without.
        check("\" \"\n\"\"\n \na\n", &[1]);
    }

    #[test]
    fn open_quotes_are_looked_for_where_cells_hold_line_breaks_or_the_text_ends_in_one() {
        let check = |pieces: &[&str], expected: (bool, bool)| {
            let mut cutter = Cutter::new(pieces[0].as_bytes(), &Wanted::default(), 0);
            pieces.iter().for_each(|piece| cutter.feed(piece.as_bytes()).unwrap());
            let has_breaks = cutter.has_breaks();
            cutter.close().unwrap();
            assert_eq!((has_breaks, cutter.lacks_quotes()(cutter.so_far())), expected, "{pieces:?}");
        };
        check(&["a,b\nc,d"], (false, false));
        check(&["a,\"b\nc\"\n"], (true, false));
        check(&["a,\"b\n\"\"c\"\"\"\n"], (true, true));
        check(&["a,\"b\nc@x.example\"\n"], (true, true));
        check(&["a,\"b"], (false, true));
        check(&["\"", "abc"], (false, true));
    }

    #[test]
    fn single_quotes_stand_on_both_sides_of_a_cell_in_every_line() {
        let check = |text: &str, expected: Quote| assert_eq!(quote_of(text.as_bytes(), Delimiter::Comma), expected, "{text:?}");
        check("'a',b\n\nc,'d'\r\n", Quote::Single);
        check("'a',b\n'c,d\n", Quote::Double);
        check("'a',b\nc',d\n", Quote::Double);
        check("'a',b\n'c',\"d\"\n", Quote::Double);
        check("\n \n", Quote::Double);
        check(&("'a',b\n".repeat(30) + "c,d\n"), Quote::Single);
    }

    #[test]
    fn odd_signs_are_seen_wherever_they_stand() {
        for sign in [0, 0x1b, b'\\'] {
            for length in [1, 7, 8, 9, 64, 65, 71, 130] {
                for place in 0..length {
                    let mut text = vec![b'a'; length];
                    assert!(!has_odd_sign(&text));
                    text[place] = sign;
                    assert!(has_odd_sign(&text), "{sign} {place} {length}");
                    text[place % 8] = sign;
                    assert!(has_odd_sign(&text), "{sign} {place} {length}, twice");
                }
            }
        }
    }

    #[test]
    fn as_many_records_as_a_list_may_have_are_cut() {
        for (line, quoted) in [("a\n", false), ("\"a\"\"\"\n", true)] {
            let read = |rows: usize| {
                let text = line.repeat(rows);
                Cutter::new(text.as_bytes(), &Wanted::default(), text.len()).cut(text.as_bytes()).map(|table| table.unwrap().len())
            };
            assert_eq!(read(MOST_ROWS + 1), Ok(MOST_ROWS + 1), "{quoted}");
            assert_eq!(read(MOST_ROWS + 2), Err(UnreadableFile::TooManyRows), "{quoted}");
        }
    }

    #[test]
    fn zero_bytes_are_counted_and_what_is_no_utf_8_makes_no_table() {
        let mut cutter = Cutter::new(b"a\0,b\n", &Wanted::default(), 0);
        assert!(!cutter.is_odd() && cutter.found(Encoding::Utf8).noticed().is_empty());
        cutter.feed(b"a\0,b\n").unwrap();
        cutter.feed(b"\0\0c,d\ne").unwrap();
        assert!(cutter.is_odd());
        assert_eq!(cutter.found(Encoding::Utf8).noticed(), [Noticed::Zeros(3)]);
        assert_eq!(cutter.whole(), b"abcd");
        assert_eq!(rows_of(&cutter.end().unwrap().unwrap()), [vec!["a", "b"], vec!["c", "d"], vec!["e"]]);
        let mut cutter = Cutter::new(b"a,b\n", &Wanted::default(), 0);
        cutter.feed(b"a,\xff\n").unwrap();
        cutter.feed(b"c,d\n").unwrap();
        assert!(cutter.whole().is_empty());
        assert_eq!(cutter.end(), Ok(None));
    }
}
