//! What a workbook unpacks to, before a reader is let at it. The archive's headers may say anything, so every part is unpacked
//! once and thrown away.

use crate::sheet::{MOST_CELL, MOST_CELLS, MOST_TEXT, OtherKind, UnreadableFile};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{BufReader, Cursor, Read};
use zip::ZipArchive;

/// Bytes that all parts together may unpack to.
const MOST_UNPACKED: u64 = 500_000_000;
/// Bytes that a sheet may unpack to. It is read without being kept: 100,000 rows of 8 columns take 40 to 70 MB.
const MOST_OF_SHEET: u64 = 300_000_000;
/// Bytes that the list of texts may unpack to, which is kept.
pub const MOST_OF_TEXTS: u64 = 100_000_000;
/// Brackets of a sheet or of the list of texts: a cell takes four or six. A reader remembers each that is never closed.
const MOST_BRACKETS: u64 = 64_000_000;
/// Brackets of everything else that is kept, such as formats: of each a reader makes a few hundred bytes.
const MOST_OTHER_BRACKETS: u64 = 1_000_000;
/// Bytes between two brackets of a sheet or of the list of texts, all of which a reader keeps at once: a cell's text, where each
/// character may be written as `&#x1F600;`.
const MOST_BETWEEN: usize = MOST_CELL * 10;
/// Files in an archive. A workbook has a dozen, and one for each sheet, chart and picture.
const MOST_FILES: usize = 20_000;

/// What kind of workbook an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkbookKind {
    Xlsx,
    Xlsb,
    Ods,
}

/// Looks through an archive.
///
/// # Errors
/// It unpacks to more than can be read, or is no archive.
pub fn check(bytes: &[u8]) -> Result<WorkbookKind, UnreadableFile> {
    // How many files there are stands at the end too, but may not be true. Each has this signature (APPNOTE 4.3.12).
    if bytes.windows(4).filter(|window| window == b"PK\x01\x02").count() > MOST_FILES {
        return Err(UnreadableFile::TooManyFiles);
    }
    let mut book = ZipArchive::new(Cursor::new(bytes)).map_err(|error| UnreadableFile::Damaged(error.to_string()))?;
    let mut total = 0;
    for place in 0..book.len() {
        // What cannot be unpacked the reader meets as well, if it needs it.
        if let Ok(part) = book.by_index(place) {
            let name = part.name().map(|name| name.to_ascii_lowercase().replace('\\', "/")).unwrap_or_default();
            total += unpack(&name, BufReader::with_capacity(1 << 16, part), MOST_UNPACKED - total)?;
        }
    }
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
    if let Some(other) = other {
        return Err(UnreadableFile::Other(other));
    }
    let kind = match () {
        () if has("xl/workbook.bin") => WorkbookKind::Xlsb,
        () if has("content.xml") => WorkbookKind::Ods,
        () => WorkbookKind::Xlsx,
    };
    if kind == WorkbookKind::Xlsx {
        let texts = |name: &&str| name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let names: Vec<String> = book.file_names().filter_map(Result::ok).filter(|name| texts(&name.as_ref())).map(Into::into).collect();
        for name in names {
            check_texts(&mut book, &name)?;
        }
    }
    Ok(kind)
}

/// Unpacks one part; how many bytes it has. `left` is what is left for it of all.
fn unpack(name: &str, mut part: impl Read, left: u64) -> Result<u64, UnreadableFile> {
    let file = name.rsplit('/').next().unwrap_or_default();
    let is_texts = file.starts_with("sharedstrings");
    // By these names readers look for what they keep whole, wherever they lie.
    let is_kept = is_texts || file.ends_with(".rels") || ["styles", "theme", "workbook"].iter().any(|kept| file.starts_with(kept));
    let most = if is_kept { MOST_OF_TEXTS } else { MOST_OF_SHEET }.min(left);
    let is_markup = file.ends_with(".xml") || file.ends_with(".rels");
    let most_brackets = if is_kept && !is_texts { MOST_OTHER_BRACKETS } else { MOST_BRACKETS };
    let has_cells = is_texts || file == "content.xml" || name.contains("worksheets/");
    let (mut total, mut brackets, mut between) = (0, 0, Between::default());
    let mut some = vec![0; 1 << 16];
    while let Ok(read @ 1..) = part.read(&mut some) {
        total += read as u64;
        if is_markup {
            for (place, piece) in some[..read].split(|byte| *byte == b'<').enumerate() {
                brackets += u64::from(place > 0);
                if !has_cells {
                    continue;
                }
                if place > 0 {
                    between = Between::default();
                }
                between.take(piece);
                if between.length > MOST_BETWEEN {
                    return Err(if between.is_text() {
                        UnreadableFile::LongCell
                    } else {
                        UnreadableFile::LongMarkup { part: name.into() }
                    });
                }
            }
        }
        if total > most {
            return Err(UnreadableFile::Unpacked { part: name.into(), most });
        }
        if brackets > most_brackets {
            return Err(UnreadableFile::TooManyParts { part: name.into() });
        }
    }
    Ok(total)
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

/// Readers make room for as many texts as the list says it has.
fn check_texts(book: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<(), UnreadableFile> {
    let Ok(part) = book.by_name(name) else { return Ok(()) };
    let mut markup = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match markup.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "sst" => {
                let count = tag.try_get_attribute("uniqueCount").ok().flatten().map(|count| count.value.trim().parse::<u64>());
                let most = (MOST_CELLS as u64).min(MOST_TEXT as u64);
                return match count {
                    // What is no number is not heeded, but what is too great to be one is not read either.
                    Some(Ok(count)) if count > most => Err(UnreadableFile::TooManyTexts),
                    _ => Ok(()),
                };
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            _ => {}
        }
    }
}
