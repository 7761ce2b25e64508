//! A table: the cells of one sheet, or of a text.

#[cfg(feature = "sheets")]
use super::Noticed;
use super::{FarCell, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, UnreadableFile};
use std::ops::Range;

/// Cells of one sheet: a row is a range of cells. Rows may have different lengths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub(super) text: String,
    cuts: Cuts,
    /// Rows without an @, rising: of a list they are few, and all that are no guests are among them.
    without_at: Vec<u32>,
    /// Rows of the sheet above the first of these, with nothing in them.
    above: usize,
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
    #[inline]
    fn cells(&self, row: usize) -> Range<usize> {
        let end = |row: usize| self.rows.get(row).map_or(0, |end| *end as usize);
        let first = row.checked_sub(1).map_or(0, end);
        first..end(row).max(first)
    }

    #[inline]
    fn bounds(&self, cell: usize) -> Range<usize> {
        cell.checked_sub(1).map_or(0, |before| self.ends[before] as usize)..self.ends[cell] as usize
    }

    /// Where all cells of a row lie in the text, in bytes.
    fn row(&self, row: usize) -> Range<usize> {
        let cells = self.cells(row);
        let end = |cells: usize| cells.checked_sub(1).map_or(0, |last| self.ends[last] as usize);
        end(cells.start)..end(cells.end)
    }

    /// Where a cell lies in the text, in bytes; nowhere when the row is shorter.
    #[inline]
    pub fn span(&self, row: usize, column: usize) -> Range<usize> {
        let cells = self.cells(row);
        let cell = cells.start + column;
        if cell < cells.end { self.bounds(cell) } else { 0..0 }
    }
}

impl Table {
    /// An empty table with room for so many bytes of text.
    #[cfg(feature = "sheets")]
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), ..Self::default() }
    }

    /// Takes a table apart, to be carried between threads.
    pub fn into_parts(self) -> (String, Cuts) {
        (self.text, self.cuts)
    }

    /// What a table is carried between threads as.
    pub fn parts(&self) -> (&str, &Cuts) {
        (&self.text, &self.cuts)
    }

    /// Puts a table together again; `None` when the parts do not fit.
    pub fn from_parts(text: String, cuts: Cuts) -> Option<Self> {
        let is_whole = cuts.ends.iter().all(|end| text.is_char_boundary(*end as usize));
        let fits = cuts.rows.last().copied().unwrap_or(0) as usize == cuts.ends.len();
        if !(cuts.ends.is_sorted() && cuts.rows.is_sorted() && is_whole && fits) {
            return None;
        }
        let mut table = Self { text, cuts, ..Self::default() };
        table.look_for_at(0);
        Some(table)
    }

    /// The table below so many rows of its sheet.
    pub fn below(self, above: usize) -> Self {
        Self { above, ..self }
    }

    /// The number of a row in its sheet, from 1.
    pub const fn number(&self, row: usize) -> usize {
        self.above + row + 1
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
    pub(super) fn from_cells(rows: &[&[&str]]) -> Self {
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
        self.look_for_at(self.len() - 1);
    }

    /// Adds rows that were cut from a text, if each of their cells is text; whether they are. The cuts are those of this text alone.
    #[cfg(feature = "sheets")]
    pub(super) fn append(&mut self, text: &[u8], cuts: &Cuts) -> bool {
        let Ok(text) = std::str::from_utf8(text) else { return false };
        // What is valid as a whole may be cut within a character by bytes that are not.
        if !cuts.ends.iter().all(|end| text.is_char_boundary(*end as usize)) {
            return false;
        }
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (bytes, cells, rows) = (number(self.text.len()), number(self.cuts.ends.len()), self.len());
        self.text.push_str(text);
        self.cuts.ends.extend(cuts.ends.iter().map(|end| bytes.saturating_add(*end)));
        self.cuts.rows.extend(cuts.rows.iter().map(|end| cells.saturating_add(*end)));
        self.look_for_at(rows);
        true
    }

    /// Looks which of the rows from this one on have no @.
    fn look_for_at(&mut self, from: usize) {
        let text = self.text.as_bytes();
        let is_without = |row: &u32| !text[self.cuts.row(*row as usize)].contains(&b'@');
        let rows = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        self.without_at.extend((rows(from)..rows(self.cuts.rows.len())).filter(is_without));
    }

    /// Rows without an @ among these, rising.
    pub(super) fn rows_without_at(&self, rows: Range<usize>) -> impl Iterator<Item = usize> {
        let from = self.without_at.partition_point(|row| (*row as usize) < rows.start);
        self.without_at[from..].iter().map(|row| *row as usize).take_while(move |row| *row < rows.end)
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

    /// How many cells a row has.
    pub(super) fn cells_in(&self, row: usize) -> usize {
        self.cuts.cells(row).len()
    }

    /// All cells of a row as one text, without anything between them.
    pub(super) fn row_text(&self, row: usize) -> &str {
        &self.text[self.cuts.row(row)]
    }

    /// The first byte of a row, by which most rows are told from what is looked for.
    pub(super) fn first_byte(&self, row: usize) -> Option<u8> {
        self.text.as_bytes()[self.cuts.row(row)].first().copied()
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

    /// The row and the column of the cell with this byte of the text.
    #[cfg(feature = "sheets")]
    fn cell_at(&self, place: usize) -> (usize, usize) {
        let cell = self.cuts.ends.partition_point(|end| *end as usize <= place);
        let row = self.cuts.rows.partition_point(|end| *end as usize <= cell);
        (row, cell - self.cuts.cells(row).start)
    }

    /// Rows and columns of the cells that hold line breaks.
    #[cfg(feature = "sheets")]
    pub(super) fn cells_with_breaks(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut behind = 0;
        std::iter::from_fn(move || {
            let place = behind + memchr::memchr2(b'\n', b'\r', &self.text.as_bytes()[behind..])?;
            let (row, column) = self.cell_at(place);
            behind = self.cuts.span(row, column).end;
            Some((row, column))
        })
    }

    /// Where signs stand that could not be read when the text was decoded, which are U+FFFD since; but for the last, where the text is cut off
    /// within it.
    #[cfg(feature = "sheets")]
    pub(super) fn unread(&self, is_cut_off: bool) -> Option<Noticed> {
        const UNREAD: char = char::REPLACEMENT_CHARACTER;
        let (row, column) = self.cell_at(self.text.find(UNREAD)?);
        let signs = self.text.matches(UNREAD).count().saturating_sub(usize::from(is_cut_off));
        (signs > 0).then_some(Noticed::Unread { signs, row, column })
    }

    /// Whether nothing but blanks stands in the row.
    pub fn is_blank(&self, row: usize) -> bool {
        // Nearly every row begins with a sign that is plainly no blank.
        !self.first_byte(row).is_some_and(|byte| byte.is_ascii_graphic()) && self.row_text(row).trim().is_empty()
    }

    /// Rows with nothing but blanks, rising.
    pub(super) fn blank_rows(&self) -> Vec<usize> {
        self.rows_without_at(0..self.len()).filter(|row| self.is_blank(*row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn parts_that_do_not_fit_make_no_table() {
        let whole = |text: &str, ends: &[u32], rows: &[u32]| {
            Table::from_parts(text.to_owned(), Cuts { ends: ends.to_vec(), rows: rows.to_vec() }).is_some()
        };
        assert!(whole("ab", &[1, 2], &[1, 2]) && whole("", &[], &[]) && whole("", &[], &[0, 0]));
        assert!(!whole("ab", &[2, 1], &[1, 2]), "ends fall");
        assert!(!whole("ab", &[1, 2, 2], &[2, 1, 3]), "rows fall");
        assert!(!whole("ab", &[1, 3], &[1, 2]), "a cell beyond the text");
        assert!(!whole("ab", &[1, 2], &[1]) && !whole("ab", &[1], &[]) && !whole("", &[], &[1]), "a cell too many or too few");
    }

    #[test]
    fn rows_without_an_address_are_known_however_they_came() {
        let cells: &[&[&str]] = &[&["Email"], &["a@x.example", "A"], &[" "], &["B"], &[], &["@"], &["\u{a0}", ""], &["é"]];
        let pushed = Table::from_cells(cells);
        let rows: Vec<Vec<String>> = cells.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        let (text, cuts) = pushed.clone().into_parts();
        let again = Table::from_parts(text, cuts.clone()).unwrap();
        let mut appended = Table::default();
        appended.push(["first", "@"]);
        assert!(appended.append(pushed.text.as_bytes(), &cuts));
        for table in [&pushed, &again, &Table::from_rows(&rows)] {
            assert_eq!(table.rows_without_at(0..8).collect::<Vec<_>>(), [0, 2, 3, 4, 6, 7]);
            assert_eq!(table.rows_without_at(2..6).collect::<Vec<_>>(), [2, 3, 4]);
            assert_eq!(table.rows_without_at(5..6).count(), 0);
            assert_eq!(table.blank_rows(), [2, 4, 6]);
            assert_eq!((table.first_byte(0), table.first_byte(4), table.first_byte(7)), (Some(b'E'), None, Some(0xc3)));
            assert_eq!((table.cells_in(1), table.cells_in(4), table.cells_in(9)), (2, 0, 0));
            assert_eq!((table.row_text(1), table.row_text(4), table.cell(1, 2), table.cell(4, 0)), ("a@x.exampleA", "", "", ""));
            assert_eq!(table.parts(), (pushed.text.as_str(), &cuts));
        }
        assert_eq!(appended.rows_without_at(0..9).collect::<Vec<_>>(), [1, 3, 4, 5, 7, 8]);
        assert_eq!((appended.cell(0, 0), appended.cell(2, 1), appended.cell(8, 0), appended.len()), ("first", "A", "é", 9));
        assert!(!appended.append(b"\xff", &Cuts { ends: vec![1], rows: vec![1] }));
        assert!(!appended.append("é".as_bytes(), &Cuts { ends: vec![1, 2], rows: vec![2] }));
        assert_eq!(appended.len(), 9);
        assert!(Table::default().is_empty() && !pushed.is_empty());
    }

    #[test]
    fn a_table_is_as_large_as_a_list_may_be() {
        let check = |rows: usize, width: usize, expected: Option<UnreadableFile>| {
            let mut table = Table::default();
            table.push(std::iter::repeat_n("", width));
            (1..rows).for_each(|_| table.push(["x"]));
            assert_eq!(table.within_limits().err(), expected, "{rows} {width}");
        };
        check(MOST_ROWS + 1, 2, None);
        check(MOST_ROWS + 2, 2, Some(UnreadableFile::TooManyRows));
        check(MOST_CELLS / 400, 400, None);
        check(MOST_CELLS / 400 + 1, 400, Some(UnreadableFile::TooManyCells { rows: MOST_CELLS / 400 + 1, columns: 400 }));
    }
}
