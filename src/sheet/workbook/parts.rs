//! The parts of the archive that a workbook is, and what they unpack to. The archive's headers may say anything, so every part is
//! looked at while it is unpacked.

use crate::sheet::{MOST_CELL, OtherKind, UnreadableFile};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;
use zip::ZipArchive;
use zip::read::ZipFile;

/// Bytes that all parts together may unpack to.
const MOST_UNPACKED: u64 = 500_000_000;
/// Bytes that a sheet may unpack to. It is read without being kept: 100,000 rows of 8 columns take 40 to 70 MB.
const MOST_OF_SHEET: u64 = 300_000_000;
/// Bytes that the list of texts may unpack to, which is kept.
pub const MOST_OF_TEXTS: u64 = 100_000_000;
/// Brackets of a sheet or of the list of texts: a cell takes four or six.
const MOST_BRACKETS: u64 = 64_000_000;
/// Brackets of everything else that is kept, such as formats: of each a reader makes a few hundred bytes.
const MOST_OTHER_BRACKETS: u64 = 1_000_000;
/// Bytes between two brackets of a sheet or of the list of texts, all of which a reader keeps at once: a cell's text, where each
/// character may be written as `&#x1F600;`.
const MOST_BETWEEN: usize = MOST_CELL * 10;
/// Bytes that are unpacked at once; fewer than [`MOST_BETWEEN`].
const PIECE: usize = 1 << 16;
/// Elements within each other, which a reader remembers until they are closed. Spreadsheets have a dozen.
const MOST_WITHIN: usize = 1000;
/// Files in an archive. A workbook has a dozen, and one for each sheet, chart and picture.
const MOST_FILES: usize = 20_000;

/// What kind of workbook an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkbookKind {
    Xlsx,
    Xlsb,
    Ods,
}

/// Looks through an archive by the names of its parts.
///
/// # Errors
/// It has more files than can be read, is no archive, or none of a workbook.
pub fn check(bytes: &[u8]) -> Result<WorkbookKind, UnreadableFile> {
    // How many files there are stands at the end too, but may not be true. Each has this signature (APPNOTE 4.3.12).
    if bytes.windows(4).filter(|window| window == b"PK\x01\x02").count() > MOST_FILES {
        return Err(UnreadableFile::TooManyFiles);
    }
    let book = ZipArchive::new(Cursor::new(bytes)).map_err(|error| UnreadableFile::Damaged(error.to_string()))?;
    let has = |name: &str| book.index_for_name(name).is_some();
    let any = |test: &dyn Fn(&str) -> bool| book.file_names().filter_map(Result::ok).any(|name| test(name.as_ref()));
    let is_office = any(&|name| name.eq_ignore_ascii_case("[Content_Types].xml")) || any(&|name| name.to_ascii_lowercase().contains("xl/"));
    let is_apple = any(&|name| name.starts_with("Index/") || name == "Index.zip");
    let other = match () {
        // A document of Numbers has tables, one of Keynote slides (the archive's own parts; Apple documents none of it).
        () if is_apple && any(&|name| name.contains("Index/Tables/") || name.contains("CalculationEngine")) => Some(OtherKind::Numbers),
        () if is_apple && any(&|name| name.contains("Slide")) => Some(OtherKind::Keynote),
        () if is_apple => Some(OtherKind::Pages),
        () if any(&|name| name.starts_with("word/")) => Some(OtherKind::Word),
        () if !is_office && !has("content.xml") && !has("xl/workbook.xml") && !has("xl/workbook.bin") && !book.is_empty() => {
            Some(OtherKind::Archive)
        }
        () => None,
    };
    match other {
        Some(other) => Err(UnreadableFile::Other(other)),
        None if has("xl/workbook.bin") => Ok(WorkbookKind::Xlsb),
        None if has("content.xml") => Ok(WorkbookKind::Ods),
        None => Ok(WorkbookKind::Xlsx),
    }
}

/// Unpacks every part and throws it away, for a reader that keeps what it reads.
///
/// # Errors
/// It unpacks to more than can be read.
pub fn unpack_all(bytes: &[u8]) -> Result<(), UnreadableFile> {
    let mut book = ZipArchive::new(Cursor::new(bytes)).map_err(|error| UnreadableFile::Damaged(error.to_string()))?;
    let left = UnpackLimit::default();
    for place in 0..book.len() {
        // What cannot be unpacked the reader meets as well, if it needs it.
        if let Ok(part) = book.by_index(place)
            && let Err(error) = std::io::copy(&mut PartContent::new(part, &left), &mut std::io::sink())
        {
            too_large(&error).map_or(Ok(()), Err)?;
        }
    }
    Ok(())
}

/// Bytes to which the parts that are still to be read may unpack, all together.
#[derive(Clone)]
pub struct UnpackLimit(Rc<Cell<u64>>);

impl Default for UnpackLimit {
    fn default() -> Self {
        Self(Rc::new(Cell::new(MOST_UNPACKED)))
    }
}

type PackedPart<'a, 'b> = ZipFile<'a, Cursor<&'b [u8]>>;

/// A part of an archive while it is unpacked. What goes beyond a limit ends it with an error, which [`PartReader`] finds again.
struct PartContent<'a, 'b> {
    part: PackedPart<'a, 'b>,
    /// As the archive names it, in lower case.
    name: String,
    /// Bytes that it has unpacked to so far, those that it may unpack to, and those that are left for all parts.
    unpacked: u64,
    most: u64,
    left: UnpackLimit,
    brackets: u64,
    /// Nothing when it is no markup.
    most_brackets: Option<u64>,
    /// What stands behind the last bracket; of markup without cells nobody asks.
    between: Option<Between>,
}

impl<'a, 'b> PartContent<'a, 'b> {
    fn new(part: PackedPart<'a, 'b>, left: &UnpackLimit) -> Self {
        let name = part.name().map(|name| name.to_ascii_lowercase().replace('\\', "/")).unwrap_or_default();
        let file = name.rsplit('/').next().unwrap_or_default();
        let is_texts = file.starts_with("sharedstrings");
        // By these names readers look for what they keep whole, wherever they lie.
        let is_kept = is_texts || file.ends_with(".rels") || ["styles", "theme", "workbook"].iter().any(|kept| file.starts_with(kept));
        let most = if is_kept { MOST_OF_TEXTS } else { MOST_OF_SHEET };
        let is_markup = file.ends_with(".xml") || file.ends_with(".rels");
        let most_brackets = is_markup.then_some(if is_kept && !is_texts { MOST_OTHER_BRACKETS } else { MOST_BRACKETS });
        let has_cells = is_texts || file == "content.xml" || name.contains("worksheets/");
        let between = has_cells.then(Between::default);
        Self { part, name, unpacked: 0, most, left: left.clone(), brackets: 0, most_brackets, between }
    }

    fn look(&mut self, bytes: &[u8]) -> Result<(), UnreadableFile> {
        let length = bytes.len() as u64;
        self.unpacked += length;
        let left = self.left.0.get();
        if self.unpacked > self.most {
            return Err(UnreadableFile::Unpacked { part: Some(self.name.clone()), most: self.most });
        }
        if length > left {
            return Err(UnreadableFile::Unpacked { part: None, most: MOST_UNPACKED });
        }
        self.left.0.set(left - length);
        let Some(most_brackets) = self.most_brackets else { return Ok(()) };
        self.brackets += memchr::memchr_iter(b'<', bytes).count() as u64;
        if self.brackets > most_brackets {
            return Err(UnreadableFile::TooManyParts { part: self.name.clone() });
        }
        let Some(between) = &mut self.between else { return Ok(()) };
        match between.go_on(bytes) {
            true => Ok(()),
            false if between.is_text() => Err(UnreadableFile::LongCell),
            false => Err(UnreadableFile::LongMarkup { part: self.name.clone() }),
        }
    }
}

impl Read for PartContent<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(PIECE);
        let read = self.part.read(&mut into[..most])?;
        self.look(&into[..read]).map_err(io::Error::other)?;
        Ok(read)
    }
}

fn too_large(error: &io::Error) -> Option<UnreadableFile> {
    error.get_ref()?.downcast_ref::<UnreadableFile>().cloned()
}

/// The markup of a part, of which nobody expects that every element is closed by its own name.
pub struct PartReader<'a, 'b> {
    reader: Reader<BufReader<PartContent<'a, 'b>>>,
    /// Elements that have not been closed.
    within: usize,
}

impl<'a, 'b> PartReader<'a, 'b> {
    pub fn new(part: PackedPart<'a, 'b>, left: &UnpackLimit) -> Self {
        let mut reader = Reader::from_reader(BufReader::with_capacity(PIECE, PartContent::new(part, left)));
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Self { reader, within: 0 }
    }

    /// What follows, of which the text lies in `buffer`. Behind the end, again and again, [`Event::Eof`].
    ///
    /// # Errors
    /// It is damaged, or more than can be read.
    pub fn next<'e>(&mut self, buffer: &'e mut Vec<u8>) -> Result<Event<'e>, UnreadableFile> {
        buffer.clear();
        let event = self.reader.read_event_into(buffer).map_err(|error| {
            let too_large = if let quick_xml::Error::Io(error) = &error { too_large(error) } else { None };
            too_large.unwrap_or_else(|| UnreadableFile::Damaged(error.to_string()))
        })?;
        match event {
            Event::Start(_) => self.within += 1,
            Event::End(_) => self.within = self.within.saturating_sub(1),
            _ => {}
        }
        if self.within > MOST_WITHIN {
            return Err(UnreadableFile::TooManyParts { part: self.reader.get_ref().get_ref().name.clone() });
        }
        Ok(event)
    }
}

/// What stands between two brackets `<`: a tag, and text behind it.
#[derive(Default)]
struct Between {
    /// Bytes.
    length: usize,
    /// The first of them.
    head: Vec<u8>,
    is_tag_closed: bool,
    /// Whether anything but blanks stands behind the tag.
    is_filled: bool,
}

impl Between {
    /// Text whose markup is not to be looked at (XML 1.0, 2.7).
    const CDATA: &[u8] = b"![CDATA[";

    /// Takes the bytes that follow, at most [`PIECE`]; false when more than [`MOST_BETWEEN`] stand between two brackets.
    fn go_on(&mut self, bytes: &[u8]) -> bool {
        // Between brackets within these bytes there are fewer.
        let first = memchr::memchr(b'<', bytes);
        self.take(&bytes[..first.unwrap_or(bytes.len())]);
        if self.length > MOST_BETWEEN {
            return false;
        }
        if let Some(last) = memchr::memrchr(b'<', bytes) {
            *self = Self::default();
            self.take(&bytes[last + 1..]);
        }
        true
    }

    fn take(&mut self, piece: &[u8]) {
        self.length += piece.len();
        self.head.extend(piece.iter().take(Self::CDATA.len() - self.head.len()));
        let text = match piece.iter().position(|byte| *byte == b'>').filter(|_| !self.is_tag_closed) {
            Some(end) => &piece[end + 1..],
            None if self.is_tag_closed => piece,
            None => return,
        };
        self.is_tag_closed = true;
        self.is_filled = self.is_filled || !text.trim_ascii_start().is_empty();
    }

    /// Whether it is long for its text, as that of a cell.
    fn is_text(&self) -> bool {
        self.is_filled || self.head == Self::CDATA
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn an_archive_has_so_many_files_at_most() {
        assert!(matches!(check(&b"PK\x01\x02".repeat(MOST_FILES)), Err(UnreadableFile::Damaged(_))));
        assert_eq!(check(&b"PK\x01\x02".repeat(MOST_FILES + 1)), Err(UnreadableFile::TooManyFiles));
    }

    #[test]
    fn an_archive_is_known_by_the_names_of_its_parts() {
        let check = |name: &str, expected: Result<WorkbookKind, OtherKind>| {
            assert_eq!(super::check(&zipped(name, b"x")), expected.map_err(UnreadableFile::Other), "{name}");
        };
        check("xl/workbook.xml", Ok(WorkbookKind::Xlsx));
        check("XL/Workbook.xml", Ok(WorkbookKind::Xlsx));
        check("[content_types].xml", Ok(WorkbookKind::Xlsx));
        check("xl/workbook.bin", Ok(WorkbookKind::Xlsb));
        check("content.xml", Ok(WorkbookKind::Ods));
        check("Index/Tables/Tile.iwa", Err(OtherKind::Numbers));
        check("Index/CalculationEngine.iwa", Err(OtherKind::Numbers));
        check("Index/Slide-1.iwa", Err(OtherKind::Keynote));
        check("Index/Document.iwa", Err(OtherKind::Pages));
        check("Index.zip", Err(OtherKind::Pages));
        check("word/document.xml", Err(OtherKind::Word));
        check("Slides/list.csv", Err(OtherKind::Archive));
        assert_eq!(super::check(&ZipWriter::new(Cursor::new(Vec::new())).finish().unwrap().into_inner()), Ok(WorkbookKind::Xlsx));
    }

    #[test]
    fn elements_stand_within_so_many_others() {
        let read = |depth: usize| {
            let bytes = zipped("x.xml", "<a>".repeat(depth).as_bytes());
            let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
            let mut markup = PartReader::new(archive.by_name("x.xml").unwrap(), &UnpackLimit::default());
            let mut buffer = Vec::new();
            loop {
                match markup.next(&mut buffer) {
                    Ok(Event::Eof) => return Ok(()),
                    Ok(_) => {}
                    Err(error) => return Err(error),
                }
            }
        };
        assert_eq!(read(MOST_WITHIN), Ok(()));
        assert_eq!(read(MOST_WITHIN + 1), Err(UnreadableFile::TooManyParts { part: "x.xml".into() }));
    }

    #[test]
    fn a_part_unpacks_to_so_many_bytes_and_brackets_at_most() {
        let unpack = |name: &str, content: &[u8], most: u64, left: u64| {
            let bytes = zipped(name, content);
            let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
            let mut content = PartContent::new(archive.by_index(0).unwrap(), &UnpackLimit(Rc::new(Cell::new(left))));
            content.most = most;
            std::io::copy(&mut content, &mut std::io::sink()).map_err(|error| too_large(&error).unwrap())
        };
        assert_eq!(unpack("a.bin", &[7; 10], 10, 10), Ok(10));
        assert_eq!(unpack("a.bin", &[7; 10], 9, 10), Err(UnreadableFile::Unpacked { part: Some("a.bin".into()), most: 9 }));
        assert_eq!(unpack("a.bin", &[7; 10], 10, 9), Err(UnreadableFile::Unpacked { part: None, most: MOST_UNPACKED }));
        let brackets = |number: u64| unpack("xl/Styles.xml", &b"<".repeat(usize::try_from(number).unwrap()), u64::MAX, u64::MAX);
        assert_eq!(brackets(MOST_OTHER_BRACKETS), Ok(MOST_OTHER_BRACKETS));
        assert_eq!(brackets(MOST_OTHER_BRACKETS + 1), Err(UnreadableFile::TooManyParts { part: "xl/styles.xml".into() }));
    }

    #[test]
    fn what_stands_between_brackets_is_a_text_or_markup() {
        let read = |pieces: &[&[u8]]| {
            let mut between = Between::default();
            (pieces.iter().all(|piece| between.go_on(piece)), between.is_text())
        };
        assert_eq!(read(&[b"<t>text"]), (true, true));
        assert_eq!(read(&[b"<t", b">", b" \n", b"text"]), (true, true));
        assert_eq!(read(&[b"<t>text</t>  \n"]), (true, false));
        assert_eq!(read(&[b"<t a='text'"]), (true, false));
        assert_eq!(read(&[b"<![CDA", b"TA[text"]), (true, true));
        assert_eq!(read(&[b"<!-- text"]), (true, false));
        let text = [b"<t>".to_vec(), vec![b'x'; MOST_BETWEEN - 2]].concat();
        assert_eq!(read(&text.chunks(PIECE).collect::<Vec<_>>()), (true, true));
        assert_eq!(read(&[&text.chunks(PIECE).collect::<Vec<_>>()[..], &[b"x"]].concat()), (false, true));
        // What stands before a bracket is over.
        assert_eq!(read(&[&text.chunks(PIECE).collect::<Vec<_>>()[..], &[b"</t>", b"x"]].concat()), (true, true));
    }
}
