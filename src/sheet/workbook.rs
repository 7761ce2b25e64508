//! Workbooks of Excel and LibreOffice. Formulas are never executed: the value that the program saved is read.

use super::{Found, MOST_ROWS, Sheet, Table, Unreadable};
use calamine::{Data, ExcelDateTime, Reader, SheetVisible, open_workbook_auto_from_rs};
use std::borrow::Cow;
use std::io::Cursor;

/// Whether these bytes are a ZIP (`.xlsx`, `.xlsb`, `.ods`) or a compound file (`.xls`), by their first ones.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// Reads one sheet: the wanted one, else the first visible one with cells.
///
/// # Errors
/// The file is damaged or too long, or has no cells at all.
pub fn read(bytes: &[u8], wanted: Option<usize>, progress: &mut impl FnMut(usize, usize)) -> Result<(Found, Table), Unreadable> {
    let damaged = |error: calamine::Error| Unreadable::Damaged(error.to_string());
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(damaged)?;
    let about: Vec<(String, bool)> =
        book.sheets_metadata().iter().map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect();
    let (mut sheets, mut ranges) = (Vec::new(), Vec::new());
    for (name, is_hidden) in about {
        // A sheet that cannot be read, a chart perhaps, has no rows; the others are not to suffer.
        let range = book.worksheet_range(&name).unwrap_or_default();
        sheets.push(Sheet { name, rows: range.height(), is_hidden });
        ranges.push(range);
    }
    let first = |hidden: bool| sheets.iter().position(|sheet| sheet.rows > 0 && sheet.is_hidden == hidden);
    let sheet = wanted.filter(|place| *place < sheets.len()).or_else(|| first(false)).or_else(|| first(true)).ok_or(Unreadable::NoSheet)?;
    let range = &ranges[sheet];
    if range.height() > MOST_ROWS + 1 {
        return Err(Unreadable::TooManyRows);
    }
    let mut table = Table::default();
    for (place, row) in range.rows().enumerate() {
        if place % 2000 == 0 {
            progress(place, range.height());
        }
        let texts: Vec<Cow<'_, str>> = row.iter().map(text_of).collect();
        table.push(texts.iter().map(AsRef::as_ref));
    }
    Ok((Found::Workbook { sheets, sheet }, table))
}

/// A cell as a person would type it.
fn text_of(cell: &Data) -> Cow<'_, str> {
    match cell {
        Data::Empty => "".into(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.as_str().into(),
        Data::Int(number) => number.to_string().into(),
        Data::Float(number) => number.to_string().into(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        Data::DateTime(moment) => date(moment).into(),
        Data::Error(error) => error.to_string().into(),
    }
}

/// `2026-11-23`, with the time of day only when there is one.
fn date(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}
