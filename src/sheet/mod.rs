//! Files and pasted cells as tables. Reading never fails as a whole for what stands in a cell: whatever is there stays as it
//! was written, nothing is executed, and every record of the file is a row of the table.
//!
//! `detect` finds the encoding of a text and `text` its delimiter, `workbook` reads sheets, `columns` finds the header row and what each column means.
//! The readers run in the worker (`src/files.rs`); the page only needs [`Table`] and [`columns`].

pub mod columns;
#[cfg(feature = "sheets")]
pub mod detect;
mod encoding;
pub mod formula;
#[cfg(feature = "sheets")]
pub mod history;
#[cfg(feature = "sheets")]
mod joined;
mod limits;
#[cfg(feature = "sheets")]
mod markup;
mod matching;
mod notes;
mod noticed;
mod sections;
#[cfg(feature = "sheets")]
mod strange;
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
use detect::DetectedEncoding;
pub use encoding::{Encoding, EncodingSample, SEPARATOR};
pub use limits::{FarCell, MOST_BYTES, MOST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, MOST_TEXT, OtherKind, UnreadableFile};
pub use noticed::Noticed;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The byte order mark, in front of a text that says so that it is Unicode.
const MARK: &str = "\u{feff}";

/// Cells of one sheet: a row is a range of cells. Rows may have different lengths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    text: String,
    cuts: Cuts,
}

/// Where the one text of a table is cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    /// Where each cell ends, in bytes of the text.
    pub ends: Vec<u32>,
    /// The number of cells up to the end of each row.
    pub rows: Vec<u32>,
}

impl Cuts {
    /// The cells of a row, by their place among all; none when there is no such row.
    fn cells(&self, row: usize) -> Range<usize> {
        let end = |row: usize| self.rows.get(row).map_or(0, |end| *end as usize);
        let first = row.checked_sub(1).map_or(0, end);
        first..end(row).max(first)
    }

    fn bounds(&self, cell: usize) -> Range<usize> {
        cell.checked_sub(1).map_or(0, |before| self.ends[before] as usize)..self.ends[cell] as usize
    }

    /// Where a cell lies in the text, in bytes; nowhere when the row is shorter.
    pub fn span(&self, row: usize, column: usize) -> Range<usize> {
        let cells = self.cells(row);
        let cell = cells.start + column;
        if cell < cells.end { self.bounds(cell) } else { 0..0 }
    }
}

impl Table {
    /// Takes a table apart, to be carried between threads.
    pub fn into_parts(self) -> (String, Cuts) {
        (self.text, self.cuts)
    }

    /// Puts a table together again; `None` when the parts do not fit.
    pub fn from_parts(text: String, cuts: Cuts) -> Option<Self> {
        let is_whole = cuts.ends.iter().all(|end| text.is_char_boundary(*end as usize));
        let fits = cuts.rows.last().copied().unwrap_or(0) as usize == cuts.ends.len();
        (cuts.ends.is_sorted() && cuts.rows.is_sorted() && is_whole && fits).then_some(Self { text, cuts })
    }

    /// Cells as they were copied.
    pub fn from_rows(rows: &[Vec<String>]) -> Self {
        let mut table = Self::default();
        for row in rows {
            table.push(row.iter().map(String::as_str));
        }
        table
    }

    #[cfg(test)]
    fn from_cells(rows: &[&[&str]]) -> Self {
        let mut table = Self::default();
        rows.iter().for_each(|row| table.push(row.iter().copied()));
        table
    }

    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for cell in cells {
            self.text.push_str(cell);
            self.cuts.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        self.cuts.rows.push(u32::try_from(self.cuts.ends.len()).unwrap_or(u32::MAX));
    }

    pub const fn len(&self) -> usize {
        self.cuts.rows.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.cuts.rows.is_empty()
    }

    /// The cells of a row; none when there is no such row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        self.cuts.cells(row).map(|cell| &self.text[self.cuts.bounds(cell)])
    }

    /// All cells of a row as one text, without anything between them.
    fn row_text(&self, row: usize) -> &str {
        let cells = self.cuts.cells(row);
        let last = cells.clone().last();
        last.map_or("", |last| &self.text[self.cuts.bounds(cells.start).start..self.cuts.bounds(last).end])
    }

    /// A cell; empty when the row is shorter.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        &self.text[self.cuts.span(row, column)]
    }

    /// Cells of the longest row.
    pub fn width(&self) -> usize {
        let mut before = 0;
        self.cuts
            .rows
            .iter()
            .map(|end| {
                let width = *end - before;
                before = *end;
                width as usize
            })
            .max()
            .unwrap_or(0)
    }

    /// The table itself, if a list can hold it.
    ///
    /// # Errors
    /// It has more rows than [`MOST_ROWS`], more cells than [`MOST_CELLS`], or something beyond [`MOST_COLUMNS`].
    pub fn within_limits(self) -> Result<Self, UnreadableFile> {
        let (rows, columns) = (self.len(), self.width());
        if rows > MOST_ROWS + 1 {
            return Err(UnreadableFile::TooManyRows);
        }
        if rows.saturating_mul(columns) > MOST_CELLS {
            return Err(UnreadableFile::TooManyCells { rows, columns });
        }
        let is_far = |(_, cell): &(usize, &str)| !cell.trim().is_empty();
        let mut far = (0..rows).filter(|_| columns > MOST_COLUMNS).map(|row| self.row(row).enumerate().skip(MOST_COLUMNS).find(is_far));
        let far = far.find_map(|cell| cell).map(|(column, text)| FarCell::new(None, column, text));
        far.map_or(Ok(self), |cell| Err(UnreadableFile::FarCell(cell)))
    }

    /// Whether nothing but blanks stands in the row.
    pub fn is_blank(&self, row: usize) -> bool {
        // Most cells begin with something that is plainly no blank.
        let is_solid = |cell: &str| cell.as_bytes().first().is_some_and(u8::is_ascii_graphic);
        self.row(row).all(|cell| !is_solid(cell) && cell.trim().is_empty())
    }
}

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
    if let Some(other) = markup::other_kind(bytes) {
        return Err(UnreadableFile::Other(other));
    }
    if let Some(kind) = markup::kind_of(bytes) {
        let said = wanted.encoding.or_else(|| markup::encoding_of(bytes)).map(DetectedEncoding::certain);
        let judged = said.unwrap_or_else(|| detect::judge(bytes));
        let (found, table) = markup::read(kind, &detect::decode(bytes, judged.encoding), judged.encoding, wanted)?;
        // What the page itself says, and UTF-8, need no look.
        return Ok((if wanted.encoding.is_none() && judged.is_certain { found } else { found.with_looks(bytes, judged) }, table));
    }
    let cut = |text: &[u8], encoding: Encoding| {
        let mut cutter = text::Cutter::new(text, wanted, text.len());
        cutter.feed(text)?;
        let found = cutter.found(encoding);
        Ok(cutter.end()?.map(|table| {
            let (table, otherwise) = history::read_again(text, wanted, &found, table);
            let uneven = history::uneven(text, &found, &table);
            (found.and(otherwise).and(uneven), table)
        }))
    };
    let judged = wanted.encoding.map_or_else(|| detect::judge(bytes), DetectedEncoding::certain);
    if judged.encoding == Encoding::Utf8
        && let Some(read) = cut(bytes, judged.encoding)?
    {
        return Ok(read);
    }
    // What was decoded is UTF-8, so there is a table.
    let text = detect::decode(bytes, judged.encoding);
    let (found, table) = cut(text.as_bytes(), judged.encoding)?.ok_or_else(|| UnreadableFile::Damaged("it is no text".into()))?;
    Ok((found.with_looks(bytes, judged), table))
}

/// Begins to read a file of `size` bytes while it comes, if it can be read so: as text in UTF-8, by what its first bytes look
/// like. That is right also when [`text::Cutter::end`] finds at last that it is not.
#[cfg(feature = "sheets")]
pub fn begin(head: &[u8], wanted: &Wanted, size: usize) -> Option<text::Cutter> {
    let is_utf8 = || wanted.encoding.map_or_else(|| detect::begins_as_utf8(head), |encoding| encoding == Encoding::Utf8);
    let is_text = !workbook::is_workbook(head) && markup::kind_of(head).is_none() && markup::other_kind(head).is_none();
    (is_text && is_utf8()).then(|| text::Cutter::new(head, wanted, size))
}

/// Whether a table that was cut while its text came is to be read again, when all is there: something in it says that it was to
/// be cut or decoded otherwise.
#[cfg(feature = "sheets")]
pub fn is_to_be_read_again(table: &Table, wanted: &Wanted) -> bool {
    history::is_odd(table) || history::is_uneven(table) || wanted.encoding.is_none() && detect::has_escapes(table.text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let words = UnreadableFile::FarCell(FarCell::new(None, 16_383, "x")).words();
        assert!(words.starts_with("“x” stands in column XFD, the table's column number 16,384; up to 500 columns can be read."), "{words}");
    }

    #[test]
    fn tables_survive_being_taken_apart() {
        let mut table = Table::default();
        table.push(["a", "", "ü"]);
        table.push([]);
        table.push(["x"]);
        assert_eq!((table.len(), table.width(), table.cell(0, 2), table.cell(2, 0), table.cell(2, 5)), (3, 3, "ü", "x", ""));
        assert!(table.is_blank(1) && !table.is_blank(0));
        assert_eq!(table.row(9).count(), 0);
        let (text, cuts) = table.clone().into_parts();
        assert_eq!(Table::from_parts(text.clone(), cuts.clone()), Some(table));
        assert_eq!(Table::from_parts(text.clone(), Cuts { rows: vec![2], ..cuts }), None);
        assert_eq!(Table::from_parts(text, Cuts { ends: vec![2], rows: vec![1] }), None, "a cut within a character");
    }
}
