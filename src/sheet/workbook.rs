//! Workbooks of Excel and LibreOffice. Formulas are never executed: the value that the program saved is read.
//!
//! A file of a few kilobytes may claim, or unpack to, gigabytes. So a container is looked through first (`parts`, `old`), cells are
//! read one by one and not as the rectangle they lie in (`cells`), and what goes beyond a limit is refused by its name.

mod cells;
mod format;
mod ods;
mod old;
mod parts;
mod xlsb;
mod xlsx;

use super::{DetectedFormat, MOST_ROWS, MOST_SHEETS, Noticed, Sheet, Table, UnreadableFile, Wanted};
use calamine::{Cell, DataRef, DataType, ExcelDateTime, Reader, SheetVisible, Xls, Xlsb};
pub(super) use cells::{Occurrences, SheetCells};
use format::Format;
use parts::WorkbookKind;
use std::borrow::Cow;
use std::io::Cursor;
pub(super) use xlsx::links;

/// Whether these bytes are a ZIP (`.xlsx`, `.xlsb`, `.ods`) or a compound file (`.xls`), by their first ones.
pub fn is_workbook(bytes: &[u8]) -> bool {
    is_archive(bytes) || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads one sheet: the wanted one, else the first visible one with cells.
///
/// # Errors
/// The file is damaged, locked or too large, or has no cells at all.
pub fn read(bytes: &[u8], wanted: &Wanted, progress: &mut impl FnMut(usize, usize)) -> Result<(DetectedFormat, Table), UnreadableFile> {
    let mut sheets = Sheets { wanted: wanted.sheet, with_hidden: wanted.with_hidden, ..Sheets::default() };
    let mut progress = Progress { of: 0, told: progress };
    if !is_archive(bytes) {
        read_old(bytes, &mut sheets, &mut progress)?;
        return sheets.end();
    }
    match parts::check(bytes)? {
        WorkbookKind::Ods => {
            sheets.has_values_only = true;
            ods::read(bytes, &mut sheets, &mut progress)?;
        }
        WorkbookKind::Xlsx => xlsx::read(bytes, &mut sheets, &mut progress)?,
        WorkbookKind::Xlsb => {
            parts::unpack_all(bytes)?;
            sheets.has_values_only = true;
            let mut book = Xlsb::new(Cursor::new(xlsb::readable(bytes))).map_err(damaged)?;
            for (name, is_hidden) in about(book.sheets_metadata()) {
                sheets.add(name.clone(), is_hidden, |cells| {
                    let mut reader = book.worksheet_cells_reader(&name).map_err(damaged)?;
                    progress.of = reader.dimensions().end.0 as usize;
                    fill(cells, &mut progress, || reader.next_cell().map_err(damaged))
                })?;
            }
        }
    }
    sheets.end()
}

/// A compound file: a workbook of Excel 97, or a newer one behind a password (MS-OFFCRYPTO 1.3.3).
fn read_old(bytes: &[u8], sheets: &mut Sheets, progress: &mut Progress<'_>) -> Result<(), UnreadableFile> {
    old::check(bytes)?;
    sheets.has_values_only = true;
    let mut book = match Xls::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(calamine::XlsError::Password) => return Err(UnreadableFile::Locked),
        Err(error) => return Err(damaged(error)),
    };
    for (name, is_hidden) in about(book.sheets_metadata()) {
        sheets.add(name.clone(), is_hidden, |cells| {
            let range = book.worksheet_range(&name).map_err(damaged)?;
            let (top, left) = range.start().unwrap_or_default();
            range.used_cells().try_for_each(|(row, column, cell)| {
                progress.row(row);
                push(cells, top.saturating_add(row as u32), left.saturating_add(column as u32), cell)
            })
        })?;
    }
    Ok(())
}

fn damaged(error: impl ToString) -> UnreadableFile {
    UnreadableFile::Damaged(error.to_string())
}

/// The name of each sheet, and whether it is hidden.
fn about(sheets: &[calamine::Sheet]) -> Vec<(String, bool)> {
    sheets.iter().map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect()
}

fn push(cells: &mut SheetCells, row: u32, column: u32, cell: &impl DataType) -> Result<(), UnreadableFile> {
    if cell.is_error() {
        cells.errors.note(row, column);
    }
    cells.push(row, column, &text_of(cell))
}

fn fill<'a>(
    cells: &mut SheetCells,
    progress: &mut Progress<'_>,
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, UnreadableFile>,
) -> Result<(), UnreadableFile> {
    while let Some(cell) = next()? {
        let (row, column) = cell.get_position();
        progress.row(row as usize);
        push(cells, row, column, cell.get_value())?;
    }
    Ok(())
}

/// Tells how far reading is, now and then.
struct Progress<'a> {
    /// Rows that the sheet says it has.
    of: usize,
    told: &'a mut dyn FnMut(usize, usize),
}

impl Progress<'_> {
    fn row(&mut self, row: usize) {
        if row.is_multiple_of(2000) {
            let row = row.min(MOST_ROWS);
            (self.told)(row, self.of.clamp(row, MOST_ROWS));
        }
    }
}

/// The sheets of a workbook while they are read, and the cells of the one that is wanted.
#[derive(Default)]
struct Sheets {
    wanted: Option<usize>,
    /// Whether rows and columns that are not shown are read, too.
    with_hidden: bool,
    /// Whether number formats, hidden rows and links are not seen in this kind of file.
    has_values_only: bool,
    sheets: Vec<Sheet>,
    /// The place of the sheet that is to be read as far as is known, and what became of it.
    chosen: Option<(usize, Result<SheetCells, UnreadableFile>)>,
    /// Why the first sheet that is damaged cannot be read.
    damage: Option<UnreadableFile>,
}

impl Sheets {
    /// Reads the next sheet. One that cannot be read, a chart perhaps, has no rows; the others are not to suffer.
    fn add(
        &mut self,
        name: String,
        is_hidden: bool,
        read: impl FnOnce(&mut SheetCells) -> Result<(), UnreadableFile>,
    ) -> Result<(), UnreadableFile> {
        let place = self.sheets.len();
        if place >= MOST_SHEETS {
            return Err(UnreadableFile::TooManySheets);
        }
        let is_better = match self.wanted {
            Some(wanted) => wanted == place,
            None => self.chosen.as_ref().is_none_or(|(chosen, _)| self.sheets[*chosen].is_hidden && !is_hidden),
        };
        let mut cells = if is_better { SheetCells::default() } else { SheetCells::counted() };
        let read = read(&mut cells);
        let rows = cells.rows();
        match read {
            Err(damage @ UnreadableFile::Damaged(_)) => {
                self.damage.get_or_insert(damage);
                self.sheets.push(Sheet { name, rows: 0, is_hidden });
                return Ok(());
            }
            // Who asks for a sheet gets it, be it blank.
            read if is_better && (rows > 0 || read.is_err() || self.wanted.is_some()) => self.chosen = Some((place, read.map(|()| cells))),
            _ => {}
        }
        self.sheets.push(Sheet { name, rows, is_hidden });
        Ok(())
    }

    fn end(self) -> Result<(DetectedFormat, Table), UnreadableFile> {
        let (sheet, cells) = self.chosen.ok_or_else(|| self.damage.unwrap_or(UnreadableFile::NoSheet))?;
        let mut cells = cells?;
        cells.within_columns(|column| column)?;
        let mut noticed = std::mem::take(&mut cells.noticed);
        noticed.extend(cells.told());
        noticed.splice(0..0, self.wanted.is_none().then(|| Noticed::for_sheets(&self.sheets)).flatten());
        noticed.extend(self.has_values_only.then_some(Noticed::ValuesOnly));
        let table = cells.table();
        let found =
            DetectedFormat::Workbook { sheets: self.sheets, sheet, above: table.number(0) - 1, noticed, encoding: None, looks: Vec::new() };
        Ok((found, table))
    }
}

/// A cell as a person would type it.
fn text_of(cell: &impl DataType) -> Cow<'_, str> {
    if let Some(text) = cell.get_string().or_else(|| cell.get_datetime_iso()).or_else(|| cell.get_duration_iso()) {
        return text.into();
    }
    if let Some(moment) = cell.get_datetime() {
        return date(&moment).into();
    }
    if let Some(yes) = cell.get_bool() {
        return if yes { "TRUE" } else { "FALSE" }.into();
    }
    let number = cell.get_int().map(|number| number.to_string()).or_else(|| cell.get_float().map(|number| number.to_string()));
    number.or_else(|| cell.get_error().map(ToString::to_string)).unwrap_or_default().into()
}

/// `2026-11-23`, with the time of day only when there is one, and without the day when there is none.
fn date(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    if moment.is_duration() || value < 1.0 {
        let is_whole = (value * 86_400.0).round() % 60.0 == 0.0;
        let code = if moment.is_duration() { "[h]:mm:ss" } else { "hh:mm:ss" };
        return Format::from_code(if is_whole && !moment.is_duration() { "hh:mm" } else { code }).show(value, false);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    /// Adds sheets: whether each is hidden, and how many rows it has or that it is damaged.
    fn read_sheets(sheets: &[(bool, Option<u32>)], wanted: Option<usize>) -> Result<(usize, Vec<Noticed>), UnreadableFile> {
        let mut all = Sheets { wanted, ..Sheets::default() };
        for (place, (is_hidden, rows)) in sheets.iter().enumerate() {
            all.add(format!("S{place}"), *is_hidden, |cells| match rows {
                Some(rows) => (0..*rows).try_for_each(|row| cells.push(row, 0, "x")),
                None => Err(damaged(format!("sheet {place}"))),
            })?;
        }
        let (found, _) = all.end()?;
        let DetectedFormat::Workbook { sheet, noticed, .. } = found else { unreachable!("it is a workbook") };
        Ok((sheet, noticed))
    }

    #[test]
    fn the_first_sheet_that_is_shown_and_has_rows_is_read() {
        let check = |sheets: &[(bool, Option<u32>)], expected: usize, shown: Option<usize>| {
            let hidden = sheets.iter().filter(|(is_hidden, rows)| *is_hidden && rows.is_some()).count();
            let noticed = match shown {
                None => Vec::new(),
                Some(0) => vec![Noticed::HiddenSheet { hidden }],
                Some(shown) => vec![Noticed::Sheets { shown, hidden }],
            };
            assert_eq!(read_sheets(sheets, None), Ok((expected, noticed)), "{sheets:?}");
        };
        check(&[(false, Some(2))], 0, None);
        check(&[(false, Some(1)), (false, Some(9))], 0, Some(2));
        check(&[(false, Some(1)), (true, Some(9))], 0, None);
        check(&[(true, Some(1)), (false, Some(1))], 1, None);
        // What Excel shows is empty then, and somebody has to know.
        check(&[(true, Some(1)), (true, Some(1))], 0, Some(0));
        check(&[(true, Some(1)), (false, Some(0))], 0, Some(0));
        check(&[(false, Some(0)), (false, Some(1))], 1, None);
        check(&[(true, Some(1)), (false, Some(0)), (false, Some(1)), (false, Some(1))], 2, Some(2));
        // One that is damaged is left out.
        check(&[(false, None), (false, Some(1))], 1, None);
        check(&[(false, Some(1)), (false, None)], 0, None);
        assert_eq!(read_sheets(&[(false, None), (false, None)], None), Err(damaged("sheet 0")));
        assert_eq!(read_sheets(&[(false, Some(0))], None), Err(UnreadableFile::NoSheet));
        // Who asks for one gets it, be it blank, and knows that there are others.
        assert_eq!(read_sheets(&[(false, Some(1)), (false, Some(0)), (false, Some(1))], Some(1)), Ok((1, Vec::new())));
    }

    #[test]
    fn days_have_a_time_only_where_there_is_one_and_times_no_day() {
        let check = |value: f64, kind: ExcelDateTimeType, expected: &str| {
            assert_eq!(date(&ExcelDateTime::new(value, kind, false)), expected, "{value}");
        };
        check(46_349.0, ExcelDateTimeType::DateTime, "2026-11-23");
        check(46_349.5, ExcelDateTimeType::DateTime, "2026-11-23 12:00:00");
        check(46_349.0 + 1.0 / 86_400.0, ExcelDateTimeType::DateTime, "2026-11-23 00:00:01");
        check(1.0, ExcelDateTimeType::DateTime, "1900-01-01");
        check(0.395_833_333_333_333_3, ExcelDateTimeType::DateTime, "09:30");
        check(0.75, ExcelDateTimeType::DateTime, "18:00");
        check(61.0 / 86_400.0, ExcelDateTimeType::DateTime, "00:01:01");
        check(0.5 + 61.0 / 86_400.0, ExcelDateTimeType::DateTime, "12:01:01");
        check(0.25, ExcelDateTimeType::TimeDelta, "6:00:00");
        check(1.5, ExcelDateTimeType::TimeDelta, "36:00:00");
    }
}
