//! Comma-, semicolon- and tab-separated text, in whatever encoding it comes.

use super::{Cuts, Delimiter, Encoding, MOST_ROWS, Table, Unreadable};

/// The encoding that these bytes seem to be in: by byte order mark, by the zeros of UTF-16, as valid UTF-8, else as what
/// Excel writes in Western Europe.
pub fn encoding_of(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => return Encoding::Utf8,
        [0xff, 0xfe, ..] => return Encoding::Utf16Le,
        [0xfe, 0xff, ..] => return Encoding::Utf16Be,
        _ => {}
    }
    let head = &bytes[..bytes.len().min(4000)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Western text in UTF-16 has a zero in nearly every second byte.
    if head.len() > 3 && odd > head.len() / 4 && even < odd / 4 {
        Encoding::Utf16Le
    } else if head.len() > 3 && even > head.len() / 4 && odd < even / 4 {
        Encoding::Utf16Be
    } else if std::str::from_utf8(bytes).is_ok() {
        Encoding::Utf8
    } else {
        Encoding::Windows1252
    }
}

/// The delimiter that cuts the first lines into the most, and the most even, cells; Excel's own `sep=;` line decides.
pub fn delimiter_of(text: &str) -> Delimiter {
    if let Some(own) = excels_word(text) {
        return own;
    }
    let score = |delimiter: Delimiter| {
        let counts: Vec<usize> = cells_of_lines(text, delimiter.byte()).into_iter().filter(|count| *count > 0).collect();
        let usual = counts.iter().copied().max_by_key(|count| counts.iter().filter(|other| *other == count).count()).unwrap_or(0);
        let even = counts.iter().filter(|count| **count == usual).count();
        if usual > 1 { even * 1000 + usual } else { 0 }
    };
    // Of equals, the first.
    Delimiter::ALL.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(Delimiter::Comma)
}

/// `sep=;` in the first line.
fn excels_word(text: &str) -> Option<Delimiter> {
    let line = text.lines().next()?.trim().trim_matches('"');
    let own = line.strip_prefix("sep=")?.bytes().next().unwrap_or(b'\t');
    Delimiter::ALL.into_iter().find(|delimiter| delimiter.byte() == own)
}

/// Cells in each of the first records, as this delimiter would cut them outside of quotes.
fn cells_of_lines(text: &str, delimiter: u8) -> Vec<usize> {
    const LINES: usize = 30;
    let (mut counts, mut cells, mut quoted, mut any) = (Vec::new(), 1, false, false);
    for byte in text.bytes().take(200_000) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                if any {
                    counts.push(cells);
                }
                (cells, any) = (1, false);
                if counts.len() >= LINES {
                    return counts;
                }
            }
            _ if byte == delimiter && !quoted => {
                cells += 1;
                any = true;
            }
            _ => any |= !byte.is_ascii_whitespace(),
        }
    }
    if any {
        counts.push(cells);
    }
    counts
}

/// Reads text. Every record is a row; blank lines are none.
///
/// # Errors
/// There are more than [`MOST_ROWS`] records.
pub fn read(text: &str, wanted: Option<Delimiter>, progress: &mut impl FnMut(usize, usize)) -> Result<(Delimiter, Table), Unreadable> {
    let delimiter = wanted.unwrap_or_else(|| delimiter_of(text));
    let body = if excels_word(text).is_some() { text.split_once('\n').map_or("", |(_, body)| body) } else { text };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter.byte()).has_headers(false).flexible(true).from_reader(body.as_bytes());
    let (mut cells, mut ends, mut rows) = (Vec::with_capacity(body.len()), Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    // Records may have any length and bytes, so there is nothing left that could fail.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        if rows.len() > MOST_ROWS {
            return Err(Unreadable::TooManyRows);
        }
        if rows.len() % 10_000 == 0 {
            progress(usize::try_from(reader.position().byte()).unwrap_or(0), body.len());
        }
        let start = cells.len();
        cells.extend_from_slice(record.as_slice());
        ends.extend((0..record.len()).filter_map(|cell| record.range(cell)).map(|cell| number(start + cell.end)));
        rows.push(number(ends.len()));
    }
    // Valid text that was cut at ASCII signs is valid.
    let table = String::from_utf8(cells).ok().and_then(|text| Table::of_parts(text, Cuts { ends, rows }));
    Ok((delimiter, table.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf16 = |text: &str, le: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if le { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let check = |bytes: &[u8], expected: Encoding| assert_eq!(encoding_of(bytes), expected, "{bytes:?}");
        check(b"", Encoding::Utf8);
        check(b"a,b", Encoding::Utf8);
        check("Jürgen".as_bytes(), Encoding::Utf8);
        check(b"J\xfcrgen", Encoding::Windows1252);
        check(b"\xef\xbb\xbfa", Encoding::Utf8);
        check(b"\xff\xfea\0", Encoding::Utf16Le);
        check(&utf16("Email;Name\r\n", true), Encoding::Utf16Le);
        check(&utf16("Email;Name\r\n", false), Encoding::Utf16Be);
    }

    #[test]
    fn delimiters_are_found_outside_of_quotes() {
        let check = |text: &str, expected: Delimiter| assert_eq!(delimiter_of(text), expected, "{text:?}");
        check("a,b\nc,d", Delimiter::Comma);
        check("a;b\n\"c, d, e\";f", Delimiter::Semicolon);
        check("email\tname\na@b.example\tLovelace, Ada", Delimiter::Tab);
        check("a|b|c\n1|2|3", Delimiter::Bar);
        check("sep=;\na,b;c", Delimiter::Semicolon);
        check("only@one.example\n", Delimiter::Comma);
        check("", Delimiter::Comma);
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        let (_, table) = read(text, None, &mut |_, _| {}).unwrap();
        (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect()
    }

    #[test]
    fn cells_stay_as_they_were_written() {
        assert_eq!(
            cells("a,b\r\n007, x \r\n\r\n=1+1,12345678901234567890\n"),
            [["a", "b"], ["007", " x "], ["=1+1", "12345678901234567890"]]
        );
        assert_eq!(cells("a;\"b \"\"q\"\"\nc\";d\ne;f;g\nh"), [vec!["a", "b \"q\"\nc", "d"], vec!["e", "f", "g"], vec!["h"]]);
        assert_eq!(cells("sep=;\na;b"), [["a", "b"]]);
        // An open quote takes the rest; nothing is lost and nothing panics.
        assert_eq!(cells("a,b\n\"c,d\ne,f"), [vec!["a", "b"], vec!["c,d\ne,f"]]);
    }

    /// Made-up files of every awkward shape: rows of the table are the records that were written.
    #[test]
    fn no_record_is_lost() {
        let mut dice = 1_u64;
        let mut throw = move |sides: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        for _ in 0..500 {
            let delimiter = Delimiter::ALL[usize::try_from(throw(4)).unwrap()];
            let (rows, columns) = (throw(20) + 1, throw(6) + 2);
            let mut expected: Vec<Vec<String>> = Vec::new();
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter.byte()).from_writer(Vec::new());
            for _ in 0..rows {
                let row: Vec<String> = (0..columns)
                    .map(|_| {
                        (0..throw(5))
                            .map(|_| ["a", "ü", "\"", ",", ";", "\t", "|", "\n", " ", "=", "0", "日"][usize::try_from(throw(12)).unwrap()])
                            .collect()
                    })
                    .collect();
                writer.write_record(&row).unwrap();
                expected.push(row);
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let (_, table) = read(&text, Some(delimiter), &mut |_, _| {}).unwrap();
            let found: Vec<Vec<String>> = (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
