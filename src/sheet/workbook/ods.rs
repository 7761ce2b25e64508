//! Spreadsheets of LibreOffice: `content.xml` of OpenDocument 1.3, part 3. Read cell by cell, because a row or a cell of two
//! lines may stand for millions (19.675, 19.679).

use super::cells::SheetCells;
use super::parts::{PartReader, UnpackLimit};
use super::{Progress, Sheets};
use crate::sheet::{MOST_TEXT, UnreadableFile};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::Cursor;
use zip::ZipArchive;

/// Rows and columns of a spreadsheet; what is repeated beyond them is blank (LibreOffice's own limits).
const MOST_REPEATED: u32 = 1_048_576;

/// Reads every sheet.
///
/// # Errors
/// The file is damaged or locked, or has more cells than can be read.
pub fn read(bytes: &[u8], sheets: &mut Sheets, progress: &mut Progress<'_>) -> Result<(), UnreadableFile> {
    let mut book = ZipArchive::new(Cursor::new(bytes)).map_err(|error| UnreadableFile::Damaged(error.to_string()))?;
    if is_locked(&mut book) {
        return Err(UnreadableFile::Locked);
    }
    let content = book.by_name("content.xml").map_err(|error| UnreadableFile::Damaged(error.to_string()))?;
    let mut markup = PartReader::new(content, &UnpackLimit::default());
    let mut hidden = HashSet::new();
    let mut style = None;
    let mut buffer = Vec::new();
    loop {
        match markup.next(&mut buffer)? {
            Event::Start(tag) => match tag.name().as_ref() {
                "style:style" => style = attribute(&tag, "style:name"),
                "style:table-properties" if attribute(&tag, "table:display").as_deref() == Some("false") => hidden.extend(style.take()),
                "table:table" => {
                    let name = attribute(&tag, "table:name").unwrap_or_default();
                    let is_hidden = attribute(&tag, "table:style-name").is_some_and(|style| hidden.contains(&style));
                    sheets.add(name, is_hidden, |cells| read_table(&mut markup, cells, progress))?;
                }
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Whether the manifest names a part that is encrypted (OpenDocument 1.3, part 2, 4.4).
fn is_locked(book: &mut ZipArchive<Cursor<&[u8]>>) -> bool {
    let Ok(manifest) = book.by_name("META-INF/manifest.xml") else { return false };
    let mut markup = PartReader::new(manifest, &UnpackLimit::default());
    let mut buffer = Vec::new();
    loop {
        match markup.next(&mut buffer) {
            Ok(Event::Start(tag)) if tag.name().as_ref() == "manifest:encryption-data" => return true,
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = tag.try_get_attribute(name).ok()??.value;
    unescape(&value).ok().map(Into::into)
}

/// How often a row or a cell stands there.
fn repeated(tag: &BytesStart<'_>, name: &str) -> u32 {
    attribute(tag, name).and_then(|times| times.trim().parse().ok()).unwrap_or(1).min(MOST_REPEATED)
}

fn read_table(markup: &mut PartReader<'_, '_>, cells: &mut SheetCells, progress: &mut Progress<'_>) -> Result<(), UnreadableFile> {
    let mut buffer = Vec::new();
    let mut row = 0_u32;
    let mut texts: Vec<CellText> = Vec::new();
    let (mut rows, mut column) = (1, 0_u32);
    loop {
        match markup.next(&mut buffer)? {
            Event::Start(tag) => match tag.name().as_ref() {
                "table:table-row" => {
                    (rows, column) = (repeated(&tag, "table:number-rows-repeated"), 0);
                    texts.clear();
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    let columns = repeated(&tag, "table:number-columns-repeated");
                    let text = text_of(markup, &tag)?;
                    if !text.is_empty() {
                        texts.push(CellText { column, columns, is_error: is_error(&tag, &text), text });
                    } else if attribute(&tag, "table:formula").is_some() && attribute(&tag, "office:value-type").is_none() {
                        cells.without_value.note(row, column);
                    }
                    column = column.saturating_add(columns);
                }
                _ => {}
            },
            Event::End(tag) if tag.name().as_ref() == "table:table-row" => {
                add_rows(cells, &texts, row, rows)?;
                row = row.saturating_add(rows);
                progress.row(row as usize);
            }
            Event::End(tag) if tag.name().as_ref() == "table:table" => return Ok(()),
            Event::Eof => return Err(UnreadableFile::Damaged("it ends within a sheet".into())),
            _ => {}
        }
    }
}

/// A text of the row in hand, and the cells in which it stands.
struct CellText {
    /// The first of so many.
    column: u32,
    columns: u32,
    text: String,
    is_error: bool,
}

/// Whether a cell holds an error in place of a value: LibreOffice says so by an attribute of its own, other programs save what
/// the formula shows (OpenFormula 1.3, 5.12).
fn is_error(tag: &BytesStart<'_>, text: &str) -> bool {
    const NAMES: [&str; 7] = ["#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"];
    let is_said = || attribute(tag, "calcext:value-type").as_deref() == Some("error");
    let is_named = || (NAMES.contains(&text) || text.starts_with("Err:")) && attribute(tag, "table:formula").is_some();
    is_said() || is_named()
}

/// Adds the cells of a row, which stands there so many times, from this row of the sheet on.
fn add_rows(cells: &mut SheetCells, texts: &[CellText], row: u32, rows: u32) -> Result<(), UnreadableFile> {
    for CellText { column, columns, .. } in texts.iter().filter(|text| text.columns > 0 && rows > 0) {
        cells.reach(row, *column)?;
        cells.reach(row.saturating_add(rows - 1), column.saturating_add(columns - 1))?;
    }
    let kept = if cells.is_counted() || texts.is_empty() { 0 } else { rows };
    for row in (0..kept).map(|place| row.saturating_add(place)) {
        for CellText { column: first, columns, text, is_error } in texts {
            for column in (0..*columns).map(|place| first.saturating_add(place)) {
                if *is_error {
                    cells.errors.note(row, column);
                }
                cells.push(row, column, text)?;
            }
        }
    }
    Ok(())
}

/// The text of a cell, up to its end: the value it was saved with where there is one, else its paragraphs.
fn text_of(markup: &mut PartReader<'_, '_>, tag: &BytesStart<'_>) -> Result<String, UnreadableFile> {
    let value = |name: &str| attribute(tag, name);
    let number = |text: String| text.trim().parse::<f64>().map_or(text, |number| number.to_string());
    let truth = |text: String| text.to_ascii_uppercase();
    let saved = value("office:value")
        .map(number)
        .or_else(|| value("office:boolean-value").map(truth))
        .or_else(|| ["office:date-value", "office:time-value", "office:string-value"].into_iter().find_map(value));
    let is_shown = saved.as_deref().unwrap_or_default().is_empty() && value("office:value-type").is_some();
    let mut shown = String::new();
    let (mut paragraphs, mut depth, mut noted) = (0, 0_usize, 0_usize);
    let mut buffer = Vec::new();
    loop {
        if shown.len() > MOST_TEXT {
            return Err(UnreadableFile::TooMuchText);
        }
        match markup.next(&mut buffer)? {
            Event::Start(tag) => {
                depth += 1;
                match tag.name().as_ref() {
                    // What somebody noted beside the cell is not in it.
                    "office:annotation" => noted = noted.max(depth),
                    _ if noted > 0 => {}
                    "text:p" => {
                        if paragraphs > 0 {
                            shown.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "text:tab" => shown.push('\t'),
                    "text:line-break" => shown.push('\n'),
                    "text:s" => {
                        let blanks = attribute(&tag, "text:c").and_then(|count| count.trim().parse().ok()).unwrap_or(1_usize);
                        if blanks > MOST_TEXT {
                            return Err(UnreadableFile::TooMuchText);
                        }
                        shown.extend(std::iter::repeat_n(' ', blanks));
                    }
                    _ => {}
                }
            }
            Event::End(_) => {
                let Some(outside) = depth.checked_sub(1) else { break };
                if depth == noted {
                    noted = 0;
                }
                depth = outside;
            }
            Event::Text(text) if noted == 0 && depth > 0 => shown.push_str(&text.xml10_content()),
            Event::CData(text) if noted == 0 && depth > 0 => shown.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if noted == 0 && depth > 0 => {
                // An entity of the file's own stands for nothing: it is not looked up.
                let known = unescape(&format!("&{};", reference.as_ref())).ok().map(String::from);
                shown.push_str(&known.unwrap_or_default());
            }
            Event::Eof => return Err(UnreadableFile::Damaged("it ends within a cell".into())),
            _ => {}
        }
    }
    Ok(if is_shown { shown } else { saved.unwrap_or_default() })
}
