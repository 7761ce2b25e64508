//! What a workbook of Excel 97 (.xls, MS-XLS) will take, before a reader is let at it. The reader makes room for the rectangle that
//! a sheet says it has, and copies a text for every cell that names it: a few kilobytes can claim gigabytes.

use crate::sheet::{MOST_CELLS, MOST_SHEETS, MOST_TEXT, OtherKind, UnreadableFile};
use cfb::CompoundFile;
use std::borrow::Cow;
use std::io::{Cursor, Read};

/// Types of records, by the sections of MS-XLS 2.4.
mod record {
    pub const BEGIN: u16 = 0x0809;
    pub const END: u16 = 0x000a;
    pub const FORMULA: u16 = 0x0006;
    pub const CONTINUE: u16 = 0x003c;
    pub const FILE_PASS: u16 = 0x002f;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00bd;
    pub const TEXTS: u16 = 0x00fc;
    pub const LABEL_OF_TEXTS: u16 = 0x00fd;
    pub const DIMENSIONS: u16 = 0x0200;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_OR_ERROR: u16 = 0x0205;
    pub const RK: u16 = 0x027e;
    pub const RICH_LABEL: u16 = 0x00d6;
}

/// Bytes of UTF-8 that a character of UTF-16 takes at most.
const MOST_OF_CHARACTER: usize = 3;
/// Bytes that a text takes at most.
const MOST_OF_TEXT: usize = 65_535 * MOST_OF_CHARACTER;

/// Looks through a compound file.
///
/// # Errors
/// It is locked, damaged, or takes more than can be read.
pub fn check(bytes: &[u8]) -> Result<(), UnreadableFile> {
    let open = |bytes| CompoundFile::open(Cursor::new(bytes));
    let mut file = open(Cow::Borrowed(bytes)).or_else(|_| open(filled_up(bytes))).map_err(|error| damaged(&error.to_string()))?;
    // A newer workbook behind a password (MS-OFFCRYPTO 2.3.4.4).
    // Rights that a sensitivity label brings (MS-OFFCRYPTO 1.3.3) lie in the same container.
    if file.exists("/EncryptedPackage") || file.exists("/\u{9}DRMContent") {
        return Err(UnreadableFile::Locked);
    }
    // A reader may take any stream of these names, wherever it lies, and the older one where the newer is damaged.
    let is_book = |name: &str| ["Workbook", "Book"].iter().any(|own| name.eq_ignore_ascii_case(own));
    let books: Vec<_> =
        file.walk().filter(|entry| entry.is_stream() && is_book(entry.name())).map(|entry| entry.path().to_owned()).collect();
    if books.is_empty() {
        let is_word = file.is_stream("/WordDocument");
        return Err(UnreadableFile::Other(if is_word { OtherKind::Word } else { OtherKind::Outlook }));
    }
    for book in books {
        let mut stream = Vec::new();
        file.open_stream(&book).and_then(|mut part| part.read_to_end(&mut stream)).map_err(|error| damaged(&error.to_string()))?;
        check_stream(&stream)?;
    }
    Ok(())
}

/// The same with so many sectors as its table of them has places for (MS-CFB 2.3): SheetJS does not mark those as free that lie behind
/// the end of the file.
fn filled_up(bytes: &[u8]) -> Cow<'_, [u8]> {
    const SECTOR: usize = 512;
    const SECTORS: usize = 128 * SECTOR;
    let mut bytes = bytes.to_vec();
    bytes.resize(SECTOR + bytes.len().saturating_sub(SECTOR).next_multiple_of(SECTORS), 0);
    bytes.into()
}

fn damaged(why: &str) -> UnreadableFile {
    UnreadableFile::Damaged(why.into())
}

fn check_stream(stream: &[u8]) -> Result<(), UnreadableFile> {
    let book = OldWorkbook::read(stream)?;
    let mut load = Load { left: stream.len(), ..Load::default() };
    for sheet in &book.sheets {
        let sheet = stream.get(*sheet..).ok_or_else(|| damaged("a sheet lies behind the end"))?;
        load.sheet(sheet, &book.texts)?;
    }
    Ok(())
}

/// The records of a stream: their types and what they hold.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, 0)?, u16_at(stream, 2)?);
        let data = stream.get(4..4 + usize::from(length))?;
        stream = &stream[4 + data.len()..];
        Some((kind, data))
    })
}

fn u16_at(data: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(place..place + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(place..place + 4)?.try_into().ok()?))
}

/// What stands before the sheets.
#[derive(Default)]
struct OldWorkbook {
    /// Where each sheet begins.
    sheets: Vec<usize>,
    /// Bytes that each text takes at most.
    texts: Vec<usize>,
}

impl OldWorkbook {
    fn read(stream: &[u8]) -> Result<Self, UnreadableFile> {
        let mut book = Self::default();
        let mut records = records(stream).peekable();
        while let Some((kind, data)) = records.next() {
            match kind {
                record::FILE_PASS if u16_at(data, 0) != Some(0) => return Err(UnreadableFile::Locked),
                record::BOUND_SHEET => book.sheets.extend(u32_at(data, 0).map(|place| place as usize)),
                record::TEXTS => {
                    let mut parts = vec![data.get(8..).unwrap_or_default()];
                    while let Some((_, more)) = records.next_if(|(kind, _)| *kind == record::CONTINUE) {
                        parts.push(more);
                    }
                    // Of several lists the last one counts.
                    book.texts.clear();
                    TextList { parts: &parts, place: 0 }.lengths(&mut book.texts);
                }
                record::END => break,
                _ => {}
            }
            if book.sheets.len() > MOST_SHEETS {
                return Err(UnreadableFile::TooManySheets);
            }
        }
        Ok(book)
    }
}

/// The list of texts (MS-XLS 2.4.265), in the parts that records cut it into.
struct TextList<'a> {
    parts: &'a [&'a [u8]],
    place: usize,
}

impl TextList<'_> {
    fn lengths(mut self, into: &mut Vec<usize>) {
        while let Some(characters) = self.text() {
            into.push(characters * MOST_OF_CHARACTER);
        }
    }

    /// Goes over a text (MS-XLS 2.5.293), which has so many characters. `None` behind the last.
    fn text(&mut self) -> Option<usize> {
        self.turn()?;
        let (characters, mut is_wide) = (usize::from(u16_at(self.rest(), 0)?), *self.rest().get(2)?);
        self.place += 3;
        let runs = if is_wide & 8 == 0 { 0 } else { self.number(2)? };
        let extra = if is_wide & 4 == 0 { 0 } else { self.number(4)? };
        let mut left = characters;
        while left > 0 {
            // A text that goes on in the next part says there how wide its characters are.
            if self.rest().is_empty() {
                self.turn()?;
                is_wide = *self.rest().first()?;
                self.place += 1;
            }
            let width = 1 + usize::from(is_wide & 1);
            let here = left.min(self.rest().len() / width);
            if here == 0 {
                return None;
            }
            self.place += here * width;
            left -= here;
        }
        self.skip(runs * 4 + extra)?;
        Some(characters)
    }

    fn rest(&self) -> &[u8] {
        self.parts.first().and_then(|part| part.get(self.place..)).unwrap_or_default()
    }

    /// To the next part, where this one has ended.
    fn turn(&mut self) -> Option<()> {
        while self.rest().is_empty() {
            self.parts = self.parts.get(1..).filter(|parts| !parts.is_empty())?;
            self.place = 0;
        }
        Some(())
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        let number = if bytes == 2 { usize::from(u16_at(self.rest(), 0)?) } else { u32_at(self.rest(), 0)? as usize };
        self.place += bytes;
        Some(number)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            self.turn()?;
            let here = bytes.min(self.rest().len());
            self.place += here;
            bytes -= here;
        }
        Some(())
    }
}

/// What all sheets together take.
#[derive(Default)]
struct Load {
    cells: usize,
    text: usize,
    /// Bytes of records that are left: sheets lie beside each other.
    left: usize,
}

impl Load {
    fn sheet(&mut self, stream: &[u8], texts: &[usize]) -> Result<(), UnreadableFile> {
        // First and last row, first and last column.
        let mut bounds: Option<[usize; 4]> = None;
        // Charts begin and end within a sheet.
        let mut depth = 0_u32;
        for (kind, data) in records(stream) {
            self.left = self.left.checked_sub(data.len() + 4).ok_or_else(|| damaged("its sheets lie over each other"))?;
            let place = || Some((usize::from(u16_at(data, 0)?), usize::from(u16_at(data, 2)?)));
            match kind {
                record::BEGIN => depth += 1,
                record::END if depth > 1 => depth -= 1,
                record::END => break,
                _ if depth > 1 => {}
                record::DIMENSIONS => self.rectangle(said(data).ok_or_else(|| damaged("a sheet's size cannot be read"))?)?,
                record::FORMULA
                | record::MUL_RK
                | record::LABEL_OF_TEXTS
                | record::NUMBER
                | record::LABEL
                | record::BOOL_OR_ERROR
                | record::RK
                | record::RICH_LABEL => {
                    let Some((row, column)) = place() else { continue };
                    let cells = if kind == record::MUL_RK { data.len().saturating_sub(6) / 6 } else { 1 };
                    let [top, bottom, left, right] = bounds.unwrap_or([row, row, column, column]);
                    bounds = Some([top.min(row), bottom.max(row), left.min(column), right.max(column + cells.saturating_sub(1))]);
                    if kind == record::LABEL_OF_TEXTS {
                        let text = u32_at(data, 6).and_then(|text| texts.get(text as usize)).copied().unwrap_or(MOST_OF_TEXT);
                        self.text += text;
                        if self.text > MOST_TEXT {
                            return Err(UnreadableFile::TooMuchText);
                        }
                    }
                }
                _ => {}
            }
        }
        let [top, bottom, left, right] = bounds.unwrap_or_default();
        self.rectangle((bottom - top + 1, right - left + 1))
    }

    fn rectangle(&mut self, (rows, columns): (usize, usize)) -> Result<(), UnreadableFile> {
        self.cells = self.cells.saturating_add(rows.saturating_mul(columns));
        if self.cells > MOST_CELLS { Err(UnreadableFile::TooManyCells { rows, columns }) } else { Ok(()) }
    }
}

/// Rows and columns of the rectangle that a sheet says it has (MS-XLS 2.4.90). `None` where its end comes before its beginning.
fn said(data: &[u8]) -> Option<(usize, usize)> {
    let (top, bottom, left, right) = if data.len() < 14 {
        (u16_at(data, 0)?.into(), u16_at(data, 2)?.into(), u16_at(data, 4)?, u16_at(data, 6)?)
    } else {
        (u32_at(data, 0)?, u32_at(data, 4)?, u16_at(data, 8)?, u16_at(data, 10)?)
    };
    if bottom == 0 || right == 0 {
        return Some((1, 1));
    }
    let left = if left > 0xff || right < left { 0 } else { left };
    Some((bottom.checked_sub(top).filter(|rows| *rows > 0)? as usize, usize::from(right - left)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let mut record = kind.to_le_bytes().to_vec();
        record.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
        record.extend(data);
        record
    }

    fn file(stream: &[u8]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    /// A workbook with these texts and one sheet of these records.
    fn book(texts: &[u8], sheet: &[Vec<u8>]) -> Vec<u8> {
        let texts = record(record::TEXTS, &[&[0; 8], texts].concat());
        let place = u32::try_from(texts.len() + 4 + 8 + 4).unwrap();
        let bound = record(record::BOUND_SHEET, &[&place.to_le_bytes()[..], &[0, 0, 0, 0]].concat());
        file(&[texts, bound, record(record::END, &[]), sheet.concat(), record(record::END, &[])].concat())
    }

    fn label(row: u16, column: u16, text: u32) -> Vec<u8> {
        record(record::LABEL_OF_TEXTS, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &text.to_le_bytes()].concat())
    }

    fn dimensions(rows: u32, columns: u16) -> Vec<u8> {
        record(record::DIMENSIONS, &[&[0; 4][..], &rows.to_le_bytes(), &[0; 2], &columns.to_le_bytes(), &[0; 2]].concat())
    }

    #[test]
    fn a_sheet_of_usual_size_may_be_read() {
        let texts = [&[2, 0, 0][..], b"ab", &[1, 0, 1, 0xfc, 0]].concat();
        assert_eq!(check(&book(&texts, &[dimensions(65_536, 100), label(0, 0, 0), label(65_535, 3, 1)])), Ok(()));
    }

    #[test]
    fn what_a_sheet_claims_is_refused_before_room_is_made() {
        let claimed = book(&[], &[dimensions(65_536, 256)]);
        assert!(claimed.len() < 30_000);
        assert_eq!(check(&claimed), Err(UnreadableFile::TooManyCells { rows: 65_536, columns: 256 }));
        assert_eq!(
            check(&book(&[], &[label(0, 0, 9), label(65_535, 255, 9)])),
            Err(UnreadableFile::TooManyCells { rows: 65_536, columns: 256 })
        );
        let twice = [dimensions(60_000, 100), dimensions(60_000, 100)];
        assert_eq!(check(&book(&[], &twice)), Err(UnreadableFile::TooManyCells { rows: 60_000, columns: 100 }));
        let backwards = record(record::DIMENSIONS, &[9, 0, 0, 0, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        assert!(matches!(check(&book(&[], &[backwards])), Err(UnreadableFile::Damaged(_))));
    }

    #[test]
    fn a_long_text_that_many_cells_name_is_refused() {
        // Its characters go on in the next record, where they are wide.
        let long = 8000_u16;
        let texts = [&long.to_le_bytes()[..], &[0], &vec![b'x'; 5000]].concat();
        let more = [&[1][..], &[0x61, 0].repeat(3000)].concat();
        let first = record(record::TEXTS, &[&[0; 8], &texts[..]].concat());
        let next = record(record::CONTINUE, &more);
        let place = u32::try_from(first.len() + next.len() + 4 + 8 + 4).unwrap();
        let bound = record(record::BOUND_SHEET, &[&place.to_le_bytes()[..], &[0, 0, 0, 0]].concat());
        let with = |cells: u16| {
            let cells: Vec<u8> = (0..cells).flat_map(|row| label(row, 0, 0)).collect();
            file(&[&first[..], &next, &bound, &record(record::END, &[]), &cells, &record(record::END, &[])].concat())
        };
        assert_eq!(check(&with(8000)), Ok(()));
        assert_eq!(check(&with(9000)), Err(UnreadableFile::TooMuchText));
        // One that is not in the list may be as long as any.
        let unknown = |cells: u16| book(&[], &(0..cells).map(|row| label(row, 0, 0)).collect::<Vec<_>>());
        let most = u16::try_from(MOST_TEXT / (65_535 * 3)).unwrap();
        assert_eq!((check(&unknown(most)), check(&unknown(most + 1))), (Ok(()), Err(UnreadableFile::TooMuchText)));
    }

    #[test]
    fn texts_are_measured_however_they_are_cut_into_records() {
        let check = |parts: &[&[u8]], expected: &[usize]| {
            let mut lengths = Vec::new();
            TextList { parts, place: 0 }.lengths(&mut lengths);
            assert_eq!(lengths, expected.iter().map(|characters| characters * MOST_OF_CHARACTER).collect::<Vec<_>>(), "{parts:?}");
        };
        let next: &[u8] = &[3, 0, 0, b'x', b'y', b'z'];
        let before_next = |text: &[u8], characters: usize| {
            check(&[&[text, next].concat()], &[characters, 3]);
            check(&[text, next], &[characters, 3]);
        };
        before_next(&[2, 0, 0, b'a', b'b'], 2);
        before_next(&[2, 0, 1, b'a', 0, 0xac, 0x20], 2);
        before_next(&[0, 0, 0], 0);
        // Runs of fonts, phonetic marks, and both, behind the characters.
        before_next(&[&[1, 0, 8, 2, 0, b'a'][..], &[7; 8]].concat(), 1);
        before_next(&[&[1, 0, 4, 3, 0, 0, 0, b'a'][..], &[7; 3]].concat(), 1);
        before_next(&[&[1, 0, 13, 1, 0, 5, 0, 0, 0, b'a', 0][..], &[7; 9]].concat(), 1);
        // What is cut within the characters says anew how wide they are, what is cut behind them does not.
        check(&[&[4, 0, 1, b'a', 0], &[&[0, b'b', b'c', b'd'][..], next].concat()], &[4, 3]);
        check(&[&[3, 0, 0, b'a'], &[&[1, b'b', 0, b'c', 0][..], next].concat()], &[3, 3]);
        check(&[&[1, 0, 8, 2, 0, b'a', 7, 7], &[7; 5], &[&[7][..], next].concat()], &[1, 3]);
        // A list that ends within a text.
        check(&[next, &[5, 0, 0, b'a']], &[3]);
        check(&[next, &[2, 0, 1, b'a', 0, b'b']], &[3]);
        check(&[next, &[2, 0]], &[3]);
        check(&[], &[]);
    }

    #[test]
    fn a_table_of_sectors_is_filled_up_to_what_it_has_places_for() {
        let check = |length: usize, expected: usize| assert_eq!(filled_up(&vec![1; length]).len(), expected, "{length}");
        check(512, 512);
        check(513, 512 + 65_536);
        check(512 + 65_536, 512 + 65_536);
        check(512 + 65_537, 512 + 131_072);
        assert_eq!(filled_up(&[1; 513])[511..515], [1, 1, 0, 0]);
    }

    #[test]
    fn only_what_stands_before_the_sheets_is_of_the_workbook() {
        let locked = |by: u8| record(record::FILE_PASS, &[by, 0]);
        let end = || record(record::END, &[]);
        assert_eq!(check(&file(&[end(), locked(1)].concat())), Ok(()));
        // A way to lock it by which nothing is.
        assert_eq!(check(&file(&[locked(0), end()].concat())), Ok(()));
        let sheets = |number: usize| OldWorkbook::read(&record(record::BOUND_SHEET, &[0; 8]).repeat(number)).map(|book| book.sheets.len());
        assert_eq!((sheets(MOST_SHEETS), sheets(MOST_SHEETS + 1)), (Ok(MOST_SHEETS), Err(UnreadableFile::TooManySheets)));
    }

    #[test]
    fn cells_take_the_rectangle_that_they_stand_in() {
        // Numbers of a row in one record: row, first column, six bytes for each, last column.
        let numbers = |row: u16, column: u16, cells: usize| {
            record(record::MUL_RK, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &vec![0; cells * 6], &[0; 2]].concat())
        };
        let refused = Err(UnreadableFile::TooManyCells { rows: 65_536, columns: 256 });
        assert_eq!(check(&book(&[], &[label(0, 3, 0), numbers(65_535, 0, 256)])), refused);
        assert_eq!(check(&book(&[], &[label(0, 0, 0), numbers(65_535, 200, 56)])), refused);
        // Wherever it stands.
        assert_eq!(check(&book(&[], &[label(60_000, 0, 0), numbers(60_199, 1, 99)])), Ok(()));
        assert_eq!(check(&book(&[], &[label(0, 200, 0), numbers(59_999, 201, 9)])), Ok(()));
        let mut load = Load::default();
        assert_eq!(load.rectangle((MOST_CELLS / 100, 100)), Ok(()));
        assert_eq!(load.rectangle((1, 1)), Err(UnreadableFile::TooManyCells { rows: 1, columns: 1 }));
    }

    #[test]
    fn the_size_of_a_sheet_is_said_in_two_forms() {
        let wide = |top: u32, bottom: u32, left: u16, right: u16| {
            said(&[&top.to_le_bytes()[..], &bottom.to_le_bytes(), &left.to_le_bytes(), &right.to_le_bytes(), &[0; 2]].concat())
        };
        assert_eq!(wide(2, 70_000, 3, 8), Some((69_998, 5)));
        assert_eq!((wide(0, 0, 0, 0), wide(3, 0, 0, 9), wide(0, 9, 0, 0)), (Some((1, 1)), Some((1, 1)), Some((1, 1))));
        assert_eq!((wide(5, 5, 0, 1), wide(6, 5, 0, 1)), (None, None));
        // Columns that cannot be begin with the first.
        assert_eq!((wide(0, 1, 255, 256), wide(0, 1, 256, 257)), (Some((1, 1)), Some((1, 257))));
        assert_eq!((wide(0, 1, 5, 6), wide(0, 1, 5, 5), wide(0, 1, 5, 4)), (Some((1, 1)), Some((1, 0)), Some((1, 4))));
        let narrow = [2_u16, 9, 3, 8, 0].map(u16::to_le_bytes).concat();
        assert_eq!((said(&narrow), said(&narrow[..7])), (Some((7, 5)), None));
    }

    #[test]
    fn a_sheet_goes_on_behind_a_chart() {
        let begin = || record(record::BEGIN, &[0; 16]);
        let chart = [begin(), label(65_535, 255, 0), record(record::END, &[])];
        let with = |last: Vec<u8>| book(&[], &[&[begin(), label(0, 0, 0)][..], &chart, &[last]].concat());
        assert_eq!(check(&with(label(9, 9, 0))), Ok(()));
        assert_eq!(check(&with(label(65_535, 255, 0))), Err(UnreadableFile::TooManyCells { rows: 65_536, columns: 256 }));
    }

    #[test]
    fn nothing_that_a_reader_may_take_instead_is_missed() {
        // Two lists of texts, of which the last counts.
        let list = |texts: &[u8]| record(record::TEXTS, &[&[0; 8], texts].concat());
        let lists = [list(&[1, 0, 0, b'x']), list(&[&[0xff, 0x1f, 0][..], &[b'y'; 0x1fff]].concat())].concat();
        let place = u32::try_from(lists.len() + 4 + 8 + 4).unwrap();
        let bound = |place: u32| record(record::BOUND_SHEET, &[&place.to_le_bytes()[..], &[0, 0, 0, 0]].concat());
        let cells: Vec<u8> = (0..9000).flat_map(|row| label(row, 0, 0)).collect();
        let end = || record(record::END, &[]);
        assert_eq!(check(&file(&[&lists[..], &bound(place), &end(), &cells, &end()].concat())), Err(UnreadableFile::TooMuchText));
        // A stream of the same name in a folder.
        let claims = [bound(16), end(), dimensions(65_536, 256), end()].concat();
        let mut nested = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        nested.create_storage("/A").unwrap();
        nested.create_stream("/A/Workbook").unwrap().write_all(&claims).unwrap();
        nested.create_stream("/Workbook").unwrap().write_all(&end()).unwrap();
        nested.flush().unwrap();
        assert!(matches!(check(&nested.into_inner().into_inner()), Err(UnreadableFile::TooManyCells { .. })));
        assert!(matches!(check(&file(&[bound(9999), end()].concat())), Err(UnreadableFile::Damaged(_))));
    }

    #[test]
    fn what_is_locked_or_no_workbook_is_told_so() {
        assert_eq!(check(&file(&record(record::FILE_PASS, &[1, 0]))), Err(UnreadableFile::Locked));
        let mut other = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        other.create_stream("/WordDocument").unwrap();
        assert_eq!(check(&other.into_inner().into_inner()), Err(UnreadableFile::Other(OtherKind::Word)));
        assert!(matches!(check(b"\xd0\xcf\x11\xe0 and no more"), Err(UnreadableFile::Damaged(_))));
    }
}
