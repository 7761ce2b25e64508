//! Binary workbooks (MS-XLSB), before a reader is let at them. The reader passes over errors of formulas, and over cells that do
//! not say their column because it is the next one; SheetJS writes most of its cells so. Both are put into the forms that it knows.

use super::parts::MOST_OF_TEXTS;
use std::borrow::Cow;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Types of records, by the sections of MS-XLSB 2.4.
mod record {
    /// `BrtCellBlank`, the first of those with a cell.
    pub const CELL: u16 = 0x0001;
    pub const CELL_ERROR: u16 = 0x0003;
    /// `BrtFmlaError`, the last of those whose cell begins with its column.
    pub const FORMULA_ERROR: u16 = 0x000b;
    /// `BrtShortBlank` to `BrtShortIsst`: like those from `BrtCellBlank` on, but without the column.
    pub const SHORT: u16 = 0x000c;
    pub const LAST_SHORT: u16 = 0x0012;
    /// Bytes that each of them has at least: the reader relies on it.
    pub const SHORTEST: [usize; 7] = [4, 8, 5, 5, 12, 8, 8];
}

/// Bytes of a column, and of an error with its column and its format (`Cell`, 2.5.9; `BErr`, 2.5.97.2).
const COLUMN: usize = 4;
const ERROR: usize = 9;

/// The same workbook with cells that the reader sees. What is damaged stays as it is: the reader says so.
pub fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    rewritten(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
}

fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut book = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut sheets: Vec<Option<(String, Vec<u8>)>> = Vec::new();
    for place in 0..book.len() {
        let part = book.by_index(place).ok()?;
        let name = part.name().ok()?.into_owned();
        let mut sheet = Vec::new();
        if name.contains("worksheets/") && name.ends_with(".bin") {
            part.take(MOST_OF_TEXTS).read_to_end(&mut sheet).ok()?;
        }
        sheets.push(spelt_out(&sheet).map(|sheet| (name, sheet)));
    }
    if sheets.iter().all(Option::is_none) {
        return None;
    }
    let mut readable = ZipWriter::new(Cursor::new(Vec::new()));
    for (place, sheet) in sheets.into_iter().enumerate() {
        match sheet {
            Some((name, sheet)) => {
                readable.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).ok()?;
                readable.write_all(&sheet).ok()?;
            }
            None => readable.raw_copy_file(book.by_index_raw(place).ok()?).ok()?,
        }
    }
    Some(readable.finish().ok()?.into_inner())
}

/// A sheet whose cells all say their columns and whose errors are plain ones; nothing where they do already.
fn spelt_out(sheet: &[u8]) -> Option<Vec<u8>> {
    let mut spelt = Vec::with_capacity(sheet.len() * 3 / 2);
    let (mut place, mut next, mut is_changed) = (0, 0_u32, false);
    while place < sheet.len() {
        let from = place;
        let kind = u16::try_from(number(sheet, &mut place, 2)?).ok()?;
        let length = number(sheet, &mut place, 4)? as usize;
        let data = sheet.get(place..place.checked_add(length)?)?;
        place += length;
        let column = || data.first_chunk::<COLUMN>().map(|column| u32::from_le_bytes(*column));
        match kind {
            record::SHORT..=record::LAST_SHORT => {
                let short = kind - record::SHORT;
                let kind = short + record::CELL;
                if length < record::SHORTEST[usize::from(short)] {
                    return None;
                }
                spelt.extend([kind.to_le_bytes()[0]]);
                push_length(&mut spelt, COLUMN + length);
                spelt.extend(next.to_le_bytes());
                spelt.extend(data);
            }
            record::FORMULA_ERROR => {
                spelt.extend([record::CELL_ERROR.to_le_bytes()[0], ERROR.to_le_bytes()[0]]);
                spelt.extend(data.get(..ERROR)?);
            }
            _ => spelt.extend(&sheet[from..place]),
        }
        is_changed |= (record::FORMULA_ERROR..=record::LAST_SHORT).contains(&kind);
        next = match kind {
            record::CELL..=record::FORMULA_ERROR => column()?.saturating_add(1),
            record::SHORT..=record::LAST_SHORT => next.saturating_add(1),
            _ => next,
        };
    }
    is_changed.then_some(spelt)
}

/// A number in so many bytes at most, seven bits in each, the lowest first (2.1.4).
fn number(sheet: &[u8], place: &mut usize, most: usize) -> Option<u32> {
    let mut number = 0;
    for byte in 0..most {
        let bits = *sheet.get(*place)?;
        *place += 1;
        number |= u32::from(bits & 0x7f) << (7 * byte);
        if bits < 0x80 {
            break;
        }
    }
    Some(number)
}

fn push_length(spelt: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        spelt.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    spelt.push((length & 0x7f) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_given_their_columns_and_errors_of_formulas_are_errors() {
        // A row; a real number in column 2; a short one; a formula's error in column 5; a short text.
        let sheet = [
            &[0x00, 4, 7, 0, 0, 0][..],
            &[0x05, 16, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
            &[0x0f, 5, 9, 0, 0, 0, 1],
            &[0x0b, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0x2a, 0, 0, 0],
            &[0x12, 8, 0, 0, 0, 0, 3, 0, 0, 0],
        ];
        let expected = [
            sheet[0],
            sheet[1],
            &[0x04, 9, 3, 0, 0, 0, 9, 0, 0, 0, 1],
            &[0x03, 9, 5, 0, 0, 0, 0, 0, 0, 0, 0x2a],
            &[0x07, 12, 6, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0],
        ];
        assert_eq!(spelt_out(&sheet.concat()), Some(expected.concat()));
        assert_eq!(spelt_out(&sheet[..2].concat()), None, "nothing is to be changed");
        assert_eq!(spelt_out(&sheet.concat()[..30]), None, "it is cut off");
        assert_eq!(spelt_out(&[0x0d, 4, 0, 0, 0, 0]), None, "there is no number in it");
        let long = [&[0x11, 0x84, 0x02][..], &[0; 260]].concat();
        assert_eq!(spelt_out(&long).unwrap()[..7], [0x06, 0x88, 0x02, 0, 0, 0, 0]);
    }

    #[test]
    fn lengths_have_seven_bits_in_each_byte() {
        let check = |length: usize, expected: &[u8]| {
            let mut written = Vec::new();
            push_length(&mut written, length);
            assert_eq!((written.as_slice(), number(&written, &mut 0, 4)), (expected, u32::try_from(length).ok()), "{length}");
        };
        check(0, &[0]);
        check(127, &[0x7f]);
        check(128, &[0x80, 0x01]);
        check(255, &[0xff, 0x01]);
        check(16_384, &[0x80, 0x80, 0x01]);
        assert_eq!((number(&[0x85, 0x81, 0x01], &mut 0, 2), number(&[0x85], &mut 0, 2)), (Some(133), None));
    }

    #[test]
    fn only_sheets_are_rewritten() {
        let short = [0x0f, 5, 9, 0, 0, 0, 1];
        let check = |name: &str, expected: bool| {
            let mut book = ZipWriter::new(Cursor::new(Vec::new()));
            for name in ["xl/workbook.bin", name] {
                book.start_file(name, SimpleFileOptions::default()).unwrap();
                book.write_all(&short).unwrap();
            }
            let book = book.finish().unwrap().into_inner();
            let readable = readable(&book);
            assert_eq!(matches!(readable, Cow::Owned(_)), expected, "{name}");
            let mut parts = ZipArchive::new(Cursor::new(readable)).unwrap();
            let mut part = |name: &str| {
                let mut bytes = Vec::new();
                parts.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
                bytes
            };
            assert_eq!(part("xl/workbook.bin"), short, "{name}");
            assert_eq!(part(name).len(), if expected { short.len() + COLUMN } else { short.len() }, "{name}");
        };
        check("xl/worksheets/sheet1.bin", true);
        check("xl/sharedStrings.bin", false);
        check("xl/worksheets/_rels/sheet1.bin.rels", false);
    }
}
