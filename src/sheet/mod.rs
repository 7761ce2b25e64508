//! Files and pasted cells as tables. Reading never fails as a whole for what stands in a cell: whatever is there stays as it
//! was written, nothing is executed, and every record of the file is a row of the table.
//!
//! `detect` finds the encoding of a text and `text` its delimiter, `workbook` reads sheets, `columns` finds the header row and what each column means.
//! The readers run in the worker (`src/files.rs`); the page only needs [`Table`] and [`columns`].

#[cfg(feature = "sheets")]
mod beginning;
pub mod columns;
#[cfg(feature = "sheets")]
pub mod detect;
mod encoding;
pub mod formula;
#[cfg(feature = "sheets")]
pub mod history;
#[cfg(feature = "sheets")]
mod incoming;
#[cfg(feature = "sheets")]
mod joined;
mod limits;
#[cfg(feature = "sheets")]
mod markup;
mod matching;
mod notes;
mod noticed;
#[cfg(feature = "sheets")]
mod open_quotes;
#[cfg(feature = "sheets")]
mod parts;
#[cfg(feature = "sheets")]
mod plain_record;
mod row_addresses;
#[cfg(feature = "sheets")]
mod sample;
mod sections;
#[cfg(feature = "sheets")]
mod strange;
mod table;
mod tables;
#[cfg(feature = "sheets")]
pub mod text;
mod totals;
#[cfg(feature = "sheets")]
pub mod workbook;
#[cfg(feature = "sheets")]
pub mod write;

use crate::rows::Column;
use crate::rows::checks::Context;
#[cfg(feature = "sheets")]
use beginning::FileKind;
#[cfg(feature = "sheets")]
use detect::DetectedEncoding;
pub use encoding::{Encoding, EncodingSample, SEPARATOR};
#[cfg(feature = "sheets")]
pub use incoming::IncomingText;
pub use limits::{FarCell, MOST_BYTES, MOST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, MOST_TEXT, OtherKind, UnreadableFile};
pub use noticed::Noticed;
#[cfg(feature = "sheets")]
use parts::MixedText;
use serde::{Deserialize, Serialize};
#[cfg(feature = "sheets")]
use std::borrow::Cow;
pub use table::{Cuts, Table};

/// The byte order mark, in front of a text that says so that it is Unicode.
const MARK: &str = "\u{feff}";

/// What separates cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    Comma,
    Semicolon,
    Tab,
    Bar,
    Colon,
    Caret,
    Tilde,
}

impl Delimiter {
    pub const ALL: [Self; 7] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Bar, Self::Colon, Self::Caret, Self::Tilde];
    /// Those that are looked for; the others stand in times and names, and a file or a person has to say so.
    pub const USUAL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Bar];

    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
            Self::Colon => b':',
            Self::Caret => b'^',
            Self::Tilde => b'~',
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Comma => "Comma",
            Self::Semicolon => "Semicolon",
            Self::Tab => "Tab",
            Self::Bar => "Vertical bar",
            Self::Colon => "Colon",
            Self::Caret => "Caret (^)",
            Self::Tilde => "Tilde (~)",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| delimiter.name() == name)
    }
}

/// What stands around a cell that holds delimiters or line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quote {
    Double,
    Single,
    /// Quotes are text like any other.
    None,
}

impl Quote {
    pub const ALL: [Self; 3] = [Self::Double, Self::Single, Self::None];

    pub const fn byte(self) -> Option<u8> {
        match self {
            Self::Double => Some(b'"'),
            Self::Single => Some(b'\''),
            Self::None => None,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Double => "Double quotes (\")",
            Self::Single => "Single quotes (')",
            Self::None => "Nothing",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quote| quote.name() == name)
    }
}

/// What a person wants otherwise than it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub encoding: Option<Encoding>,
    pub delimiter: Option<Delimiter>,
    pub quote: Option<Quote>,
    /// Place of the sheet in its workbook, from 0.
    pub sheet: Option<usize>,
    /// Rows and columns of a workbook that are not shown in it are wanted, too.
    #[serde(default)]
    pub with_hidden: bool,
}

/// The list that a file's rows are meant for: its columns, and what it is held against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onto {
    pub columns: Vec<Column>,
    pub context: Context,
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub name: String,
    pub rows: usize,
    pub is_hidden: bool,
}

/// How a file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DetectedFormat {
    /// With the rows by which somebody sees whether the encoding is right, unless it is certain.
    Text { encoding: Encoding, delimiter: Delimiter, quote: Quote, noticed: Vec<Noticed>, looks: Vec<EncodingSample> },
    Workbook {
        sheets: Vec<Sheet>,
        sheet: usize,
        /// Rows of the sheet above the table's first.
        above: usize,
        noticed: Vec<Noticed>,
        /// Of markup: how its bytes became text, and, where that is not said in it, rows to see by whether it is right.
        encoding: Option<Encoding>,
        looks: Vec<EncodingSample>,
    },
}

impl DetectedFormat {
    #[cfg(feature = "sheets")]
    fn and(mut self, more: impl IntoIterator<Item = Noticed>) -> Self {
        let (Self::Text { noticed, .. } | Self::Workbook { noticed, .. }) = &mut self;
        noticed.extend(more);
        self
    }

    /// With rows as this encoding and others read them, and that it is a guess if it is one.
    #[cfg(feature = "sheets")]
    fn with_looks(mut self, bytes: &[u8], DetectedEncoding { encoding, is_certain }: DetectedEncoding) -> Self {
        let guessed = if is_certain { detect::judge(bytes).encoding } else { encoding };
        let delimiter = if let Self::Text { delimiter, .. } = self { Some(delimiter) } else { None };
        let (Self::Text { looks, .. } | Self::Workbook { looks, .. }) = &mut self;
        *looks = detect::looks(bytes, encoding, guessed, delimiter);
        self.and((!is_certain).then_some(Noticed::Guessed(encoding)))
    }

    /// Rows of a sheet above the first of the table.
    pub const fn above(&self) -> usize {
        if let Self::Workbook { above, .. } = self { *above } else { 0 }
    }

    /// What somebody should know of it before rows are added.
    pub fn noticed(&self) -> &[Noticed] {
        let (Self::Text { noticed, .. } | Self::Workbook { noticed, .. }) = self;
        noticed
    }
}

/// Reads a file. `progress` hears how many of how many rows are done.
///
/// # Errors
/// [`UnreadableFile`]: nothing is read then.
#[cfg(feature = "sheets")]
pub fn read(bytes: &[u8], wanted: &Wanted, mut progress: impl FnMut(usize, usize)) -> Result<(DetectedFormat, Table), UnreadableFile> {
    if bytes.len() > MOST_BYTES {
        return Err(UnreadableFile::TooManyBytes(bytes.len()));
    }
    if workbook::is_workbook(bytes) {
        return workbook::read(bytes, wanted, &mut progress);
    }
    let kind = beginning::kind_of(bytes);
    if let FileKind::Other(other) = kind {
        return Err(UnreadableFile::Other(other));
    }
    if let FileKind::Markup(kind) = kind {
        let said = wanted.encoding.or_else(|| beginning::encoding_of(bytes)).map(DetectedEncoding::certain);
        let judged = said.unwrap_or_else(|| detect::judge(bytes));
        let (found, table) = markup::read(kind, &detect::decode(bytes, judged.encoding), judged.encoding, wanted)?;
        // What the page itself says, and UTF-8, need no look.
        return Ok((if wanted.encoding.is_none() && judged.is_certain { found } else { found.with_looks(bytes, judged) }, table));
    }
    let judged = wanted.encoding.map_or_else(|| detect::judge(bytes), DetectedEncoding::certain);
    if judged.encoding == Encoding::Utf8
        && let Some(read) = cut(bytes, judged.encoding, wanted)?
    {
        return Ok(read);
    }
    let is_mixed = !detect::is_cut_off(bytes) && detect::may_be_mixed(bytes, wanted.encoding);
    let mixed = is_mixed.then(|| MixedText::from_text(bytes)).flatten();
    let others = mixed.as_ref().map_or(Cow::Borrowed(bytes), |mixed| Cow::Owned(mixed.others()));
    // What their lines begin with is no mark of a file.
    let judged = if mixed.is_some() && wanted.encoding.is_none() { DetectedEncoding::guessed(detect::guess(&others)) } else { judged };
    let text = mixed.as_ref().map_or_else(|| detect::decode(bytes, judged.encoding), |mixed| Cow::Owned(mixed.decoded(judged.encoding)));
    // What was decoded is UTF-8, so there is a table.
    let (found, table) = cut(text.as_bytes(), judged.encoding, wanted)?.ok_or_else(|| UnreadableFile::Damaged("it is no text".into()))?;
    let is_cut_off = judged.encoding == Encoding::Utf8 && detect::is_cut_off(bytes);
    let unread = table.unread(is_cut_off).into_iter().chain(is_cut_off.then_some(Noticed::CutOff));
    if wanted.encoding.is_none() && mixed.is_none() && judged == DetectedEncoding::certain(Encoding::Utf8) {
        return Ok((found.and(unread), table));
    }
    Ok((found.with_looks(&others, judged).and(mixed.map(|_| Noticed::Encodings)).and(unread), table))
}

/// Cuts a text in UTF-8; nothing where it is none.
#[cfg(feature = "sheets")]
fn cut(text: &[u8], encoding: Encoding, wanted: &Wanted) -> Result<Option<(DetectedFormat, Table)>, UnreadableFile> {
    let mut text = joined::with_line_ends(text, wanted);
    let mut cutter = text::Cutter::new(&text, wanted, text.len());
    cutter.feed(&text)?;
    cutter.close()?;
    let ((delimiter, quote), lacks_quotes) = (cutter.signs(), cutter.lacks_quotes());
    let (mut found, mut open, mut has_breaks) = (cutter.found(encoding), None, cutter.has_breaks());
    let has_inner_quotes = cutter.has_inner_quotes();
    let Some(mut table) = cutter.end()? else { return Ok(None) };
    let mut otherwise = None;
    if lacks_quotes(&table)
        && !history::is_escaped(&text, wanted, &table)
        && let Some(mended) = open_quotes::mended(&text, delimiter, quote)
    {
        (otherwise, open) = (Some(mended.text), Some(mended.noticed));
    }
    if has_inner_quotes && let Some(doubled) = open_quotes::doubled(otherwise.as_deref().unwrap_or(&text), delimiter, quote) {
        otherwise = Some(doubled);
    }
    if let Some(otherwise) = otherwise {
        let signs = Wanted { delimiter: Some(delimiter), quote: Some(quote), ..wanted.clone() };
        let mut cutter = text::Cutter::new(&otherwise, &signs, otherwise.len());
        cutter.feed(&otherwise)?;
        (found, has_breaks) = (cutter.found(encoding), cutter.has_breaks());
        let Some(again) = cutter.end()? else { return Ok(None) };
        (text, table) = (Cow::Owned(otherwise), again);
    }
    // A line of addresses may be wider than any table.
    let table = lists(&table, wanted).unwrap_or(table).within_limits()?;
    let (table, otherwise) = history::read_again(&text, wanted, &found, table);
    let uneven = history::uneven(&text, &found, &table);
    let swallowed = has_breaks.then(|| open_quotes::swallowed(&table, delimiter)).flatten();
    let glued = joined::glued(&table);
    Ok(Some((found.and(otherwise).and(open).and(swallowed).and(uneven).and(glued), table)))
}

/// The table with a guest in each row, if it is cut by a delimiter that nobody chose and holds addresses alone.
#[cfg(feature = "sheets")]
fn lists(table: &Table, wanted: &Wanted) -> Option<Table> {
    wanted.delimiter.is_none().then(|| tables::lists_of_addresses(table)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_utf_8_that_ends_within_a_sign_is_utf_8() {
        let check = |text: &[u8], expected: Encoding, noticed: &[Noticed], last: &str| {
            let (found, table) = read(text, &Wanted::default(), |_, _| {}).unwrap();
            let DetectedFormat::Text { encoding, .. } = found else { panic!("a text") };
            assert_eq!(
                (encoding, found.noticed(), table.cell(table.len() - 1, 1)),
                (expected, noticed, last),
                "{}",
                String::from_utf8_lossy(text)
            );
        };
        let text = "Email,Name\na@x.example,Jürgen\nb@x.example,Łukasz\nc@x.example,Zo€".as_bytes();
        for left_out in [1, 2] {
            let cut_off = &text[..text.len() - left_out];
            check(cut_off, Encoding::Utf8, &[Noticed::CutOff], "Zo�");
            check(&[MARK.as_bytes(), cut_off].concat(), Encoding::Utf8, &[Noticed::CutOff], "Zo�");
        }
        // Signs that were not read by another program stand in it besides.
        let unread = Noticed::Unread { signs: 1, row: 1, column: 1 };
        let text = "Email,Name\na@x.example,J�rgen\nb@x.example,Zoé".as_bytes();
        check(&text[..text.len() - 1], Encoding::Utf8, &[unread, Noticed::CutOff], "Zo�");
        let guessed = Noticed::Guessed(Encoding::Windows1250);
        check(b"Email,Name\na@x.example,Ren\xe9", Encoding::Windows1250, &[guessed], "René");
    }

    #[test]
    fn texts_are_as_wide_as_what_stands_in_them() {
        let commas = |number: usize| ",".repeat(number);
        let check = |text: &str, expected: Option<(usize, &str)>| {
            let refused = read(text.as_bytes(), &Wanted::default(), |_, _| {}).map(|(_, table)| table.len()).err();
            let expected = expected.map(|(column, text)| UnreadableFile::FarCell(FarCell::new(None, column, text)));
            assert_eq!(refused, expected, "{:?}", &text[..30]);
        };
        // As Excel writes a sheet in whose last column once something stood.
        check(&format!("Email,Name{0}\na@x.example,Ada{0}\n", commas(16_382)), None);
        check(&format!("Email,Name{}\na@x.example,Ada\n,{} ,\n", commas(16_382), commas(600)), None);
        check(&format!("Email,Name\na@x.example,Ada\n{}x\n", commas(499)), None);
        check(&format!("Email,Name\na@x.example,Ada\n{}x\n", commas(500)), Some((500, "x")));
        check(&format!("Email,Name\na@x.example,Ada\n{}x\n", commas(16_383)), Some((16_383, "x")));
        // A line of addresses is no row of a table.
        let line = (0..501).map(|number| format!("Guest {number} <g{number}@x.example>")).collect::<Vec<_>>().join("; ");
        check(&line, None);
        assert_eq!(read(line.as_bytes(), &Wanted::default(), |_, _| {}).map(|(_, table)| (table.len(), table.width())), Ok((501, 1)));
        let words = UnreadableFile::FarCell(FarCell::new(None, 16_383, "x")).words();
        assert!(words.starts_with("“x” stands in column XFD, the table's column number 16,384; up to 500 columns can be read."), "{words}");
    }
}
