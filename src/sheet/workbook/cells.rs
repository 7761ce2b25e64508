//! The cells of one sheet while they are read, in any order, within what a list may hold.

use crate::sheet::{Cuts, FarCell, MOST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Noticed, Table, UnreadableFile};

/// A cell: its row and its column in the sheet, and where its text lies.
#[derive(Clone, Copy)]
struct CellSpan {
    row: u32,
    column: u32,
    start: u32,
    end: u32,
}

/// How many cells of a kind there are, and where in the sheet the first is: row and column, from 0.
#[derive(Default)]
pub struct Occurrences {
    cells: usize,
    first: Option<(u32, u32)>,
}

impl Occurrences {
    pub fn note(&mut self, row: u32, column: u32) {
        self.cells += 1;
        self.first.get_or_insert((row, column));
    }

    /// What is to be told of them, with their number, row and column.
    pub fn told(&self, notice: impl Fn(usize, usize, usize) -> Noticed) -> Option<Noticed> {
        self.first.map(|(row, column)| notice(self.cells, row as usize, column as usize))
    }
}

/// Cells of a sheet, and the rectangle they lie in.
#[derive(Default)]
pub struct SheetCells {
    text: String,
    cells: Vec<CellSpan>,
    /// First and last row, first and last column.
    bounds: Option<[u32; 4]>,
    /// Only the rectangle is wanted.
    is_counted: bool,
    /// The first so many cells are in the order of the sheet, each in a place of its own.
    ordered: usize,
    /// What somebody should know of the sheet.
    pub noticed: Vec<Noticed>,
    /// Cells with errors such as #N/A in place of values.
    pub errors: Occurrences,
    /// Cells with a formula whose value was not stored.
    pub without_value: Occurrences,
}

impl SheetCells {
    /// For a sheet of which only the number of rows is told.
    pub fn counted() -> Self {
        Self { is_counted: true, ..Self::default() }
    }

    /// Rows from the first that has text to the last.
    pub fn rows(&self) -> usize {
        self.bounds.map_or(0, |[first, last, ..]| ((last - first) as usize).saturating_add(1))
    }

    fn columns(&self) -> usize {
        self.bounds.map_or(0, |[.., first, last]| ((last - first) as usize).saturating_add(1))
    }

    /// Takes a cell; one without text is none.
    ///
    /// # Errors
    /// The rectangle of all cells, or their text, is more than can be read.
    pub fn push(&mut self, row: u32, column: u32, text: &str) -> Result<(), UnreadableFile> {
        if text.is_empty() {
            return Ok(());
        }
        if text.len() > MOST_CELL && text.chars().count() > MOST_CELL {
            return Err(UnreadableFile::LongCell);
        }
        self.reach(row, column)?;
        if self.is_counted {
            return Ok(());
        }
        // A cell that comes twice counts twice.
        if self.cells.len() >= MOST_CELLS {
            return Err(UnreadableFile::TooManyCells { rows: self.rows(), columns: self.columns() });
        }
        let (start, end) = (self.text.len(), self.text.len() + text.len());
        if end > MOST_TEXT {
            return Err(UnreadableFile::TooMuchText);
        }
        let is_next = self.cells.last().is_none_or(|last| (last.row, last.column) < (row, column));
        self.ordered += usize::from(is_next && self.ordered == self.cells.len());
        self.text.push_str(text);
        // Both fit: MOST_TEXT is far less.
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        self.cells.push(CellSpan { row, column, start: number(start), end: number(end) });
        Ok(())
    }

    /// What is to be told of formulas without values and of errors.
    pub fn told(&self) -> impl Iterator<Item = Noticed> {
        let without_value = self.without_value.told(|cells, row, column| Noticed::NoValues { cells, row, column });
        let errors = self.errors.told(|cells, row, column| Noticed::Errors { cells, row, column });
        without_value.into_iter().chain(errors)
    }

    /// Widens the rectangle to this place, where a cell will be.
    ///
    /// # Errors
    /// It is more than can be read.
    pub fn reach(&mut self, row: u32, column: u32) -> Result<(), UnreadableFile> {
        let [top, bottom, left, right] = self.bounds.unwrap_or([row, row, column, column]);
        if self.bounds.is_some() && (top..=bottom).contains(&row) && (left..=right).contains(&column) {
            return Ok(());
        }
        self.bounds = Some([top.min(row), bottom.max(row), left.min(column), right.max(column)]);
        if self.is_counted {
            return Ok(());
        }
        let (rows, columns) = (self.rows(), self.columns());
        if rows > MOST_ROWS + 1 {
            return Err(UnreadableFile::TooManyRows);
        }
        if rows.saturating_mul(columns) > MOST_CELLS { Err(UnreadableFile::TooManyCells { rows, columns }) } else { Ok(()) }
    }

    /// Makes sure that nothing but blanks stands beyond [`MOST_COLUMNS`]. `origin` is where a column stands in the sheet.
    ///
    /// # Errors
    /// Something does.
    pub fn within_columns(&self, origin: impl Fn(u32) -> u32) -> Result<(), UnreadableFile> {
        let left = self.bounds.map_or(0, |[.., left, _]| left);
        let mut far = self.cells.iter().filter(|cell| (cell.column - left) as usize >= MOST_COLUMNS);
        let text = |cell: &CellSpan| self.text.get(cell.start as usize..cell.end as usize).unwrap_or_default();
        far.find(|cell| !text(cell).trim().is_empty()).map_or(Ok(()), |cell| {
            Err(UnreadableFile::FarCell(FarCell::new(Some(cell.row as usize), origin(cell.column) as usize, text(cell))))
        })
    }

    /// Whether only the rectangle is wanted, and no cell is kept.
    pub const fn is_counted(&self) -> bool {
        self.is_counted
    }

    /// The last row and the last column that have text.
    pub fn last(&self) -> (u32, u32) {
        self.bounds.map_or((0, 0), |[_, row, _, column]| (row, column))
    }

    /// The text in a place, as far as cells have been put in order.
    pub fn get(&self, row: u32, column: u32) -> Option<&str> {
        let ordered = &self.cells[..self.ordered];
        let place = ordered.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column)).ok()?;
        self.text.get(ordered[place].start as usize..ordered[place].end as usize)
    }

    /// Row, column and text of each cell, as far as cells have been put in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32, &str)> {
        let text = |cell: &CellSpan| self.text.get(cell.start as usize..cell.end as usize).unwrap_or_default();
        self.cells[..self.ordered].iter().map(move |cell| (cell.row, cell.column, text(cell)))
    }

    /// Rows from the first that has text to the last, cells from the first column that has some to the row's last.
    pub fn table(mut self) -> Table {
        let Some([top, bottom, left, _]) = self.bounds else { return Table::default() };
        self.put_in_order();
        let mut cuts = Cuts::default();
        let mut cells = self.cells.iter().peekable();
        let mut end = 0;
        for row in top..=bottom {
            let first = cuts.ends.len();
            while let Some(cell) = cells.next_if(|cell| cell.row == row) {
                cuts.ends.resize(first + (cell.column - left) as usize, end);
                end = cell.end;
                cuts.ends.push(end);
            }
            cuts.rows.push(u32::try_from(cuts.ends.len()).unwrap_or(u32::MAX));
        }
        // The cuts are those of this text.
        Table::from_parts(self.text, cuts).unwrap_or_default().below(top as usize)
    }

    /// Puts cells that came in any order in that of the sheet; of two in one place the later one counts.
    pub fn put_in_order(&mut self) {
        if self.ordered == self.cells.len() {
            return;
        }
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        let mut text = String::with_capacity(self.text.len());
        let mut cells: Vec<CellSpan> = Vec::with_capacity(self.cells.len());
        for cell in &self.cells {
            if let Some(before) = cells.pop_if(|before| (before.row, before.column) == (cell.row, cell.column)) {
                text.truncate(before.start as usize);
            }
            let start = u32::try_from(text.len()).unwrap_or(u32::MAX);
            text.push_str(&self.text[cell.start as usize..cell.end as usize]);
            cells.push(CellSpan { start, end: start + (cell.end - cell.start), ..*cell });
        }
        self.ordered = cells.len();
        (self.text, self.cells) = (text, cells);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[(u32, u32, &str)]) -> Vec<Vec<String>> {
        let mut all = SheetCells::default();
        for (row, column, text) in cells {
            all.push(*row, *column, text).unwrap();
        }
        let rows = all.rows();
        let table = all.table();
        assert_eq!(table.len(), rows);
        (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect()
    }

    #[test]
    fn cells_find_their_place_in_whatever_order_they_come() {
        let empty: &[&str] = &[];
        assert_eq!(table(&[]), Vec::<Vec<String>>::new());
        assert_eq!(table(&[(4, 2, "a"), (4, 4, "b"), (6, 3, "c")]), [&["a", "", "b"][..], empty, &["", "c"]]);
        assert_eq!(table(&[(6, 3, "c"), (4, 4, "b"), (4, 2, "a")]), [&["a", "", "b"][..], empty, &["", "c"]]);
        assert_eq!(table(&[(0, 0, "old"), (0, 1, "x"), (0, 0, "ü")]), [["ü", "x"]]);
        assert_eq!(table(&[(9, 9, ""), (0, 0, "a"), (0, 1, "")]), [["a"]]);
        assert_eq!(table(&[(0, 0, "a"), (0, 1, "old"), (0, 1, "new"), (1, 0, "b")]), [vec!["a", "new"], vec!["b"]]);
    }

    #[test]
    fn a_cell_is_found_once_it_stands_in_order() {
        let mut cells = SheetCells::default();
        for (row, column, text) in [(2, 1, "a"), (2, 3, "b"), (5, 0, "c"), (4, 4, "late")] {
            cells.push(row, column, text).unwrap();
        }
        let found =
            |cells: &SheetCells| [(2, 1), (2, 2), (2, 3), (5, 0), (4, 4)].map(|(row, column)| cells.get(row, column).map(str::to_owned));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(found(&cells), [some("a"), None, some("b"), some("c"), None]);
        cells.put_in_order();
        assert_eq!(found(&cells), [some("a"), None, some("b"), some("c"), some("late")]);
    }

    #[test]
    fn a_sheet_is_as_large_as_a_list_may_be_wherever_it_stands() {
        let check = |first: (u32, u32), last: (u32, u32), expected: Result<(), UnreadableFile>| {
            let mut cells = SheetCells::default();
            cells.push(first.0, first.1, "x").unwrap();
            assert_eq!(cells.push(last.0, last.1, "x"), expected, "{first:?} {last:?}");
        };
        let (rows, cells) = (u32::try_from(MOST_ROWS).unwrap(), u32::try_from(MOST_CELLS).unwrap());
        check((7, 0), (rows + 7, 0), Ok(()));
        check((7, 0), (rows + 8, 0), Err(UnreadableFile::TooManyRows));
        check((900, 16_000), (1899, 16_099), Ok(()));
        check((0, 5), (cells / 1000 - 1, 1004), Ok(()));
        check((0, 5), (cells / 1000, 1004), Err(UnreadableFile::TooManyCells { rows: MOST_CELLS / 1000 + 1, columns: 1000 }));
    }

    #[test]
    fn a_cell_holds_as_many_characters_as_excel_allows_however_many_bytes_they_take() {
        let check = |text: String, expected: Result<(), UnreadableFile>| assert_eq!(SheetCells::default().push(0, 0, &text), expected);
        check("x".repeat(MOST_CELL), Ok(()));
        check("ü".repeat(MOST_CELL), Ok(()));
        check("x".repeat(MOST_CELL + 1), Err(UnreadableFile::LongCell));
        check("ü".repeat(MOST_CELL + 1), Err(UnreadableFile::LongCell));
    }

    #[test]
    fn columns_are_counted_from_the_first_with_text() {
        let check = |last: u32, expected: Result<(), UnreadableFile>| {
            let mut cells = SheetCells::default();
            cells.push(3, 400, "a").unwrap();
            cells.push(4, last, "b").unwrap();
            assert_eq!(cells.within_columns(|column| column), expected, "{last}");
        };
        check(450, Ok(()));
        check(899, Ok(()));
        check(900, Err(UnreadableFile::FarCell(FarCell::new(Some(4), 900, "b"))));
    }

    #[test]
    fn what_is_only_counted_has_no_limit() {
        let mut cells = SheetCells::counted();
        assert!(cells.is_counted() && !SheetCells::default().is_counted());
        for row in [0, 1_048_575] {
            assert_eq!(cells.push(row, row % 16_384, "x"), Ok(()));
        }
        assert_eq!(cells.rows(), 1_048_576);
    }
}
