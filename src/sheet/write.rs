//! A table as a workbook that Excel opens: one sheet of texts, its first row kept in view (ECMA-376 part 1, 18.3 and 18.2).
//! Every cell is an inline text, so nothing in it is ever a formula, a number or a date.
//!
//! The crate that writes all of what workbooks can be is half as large again as everything else in the worker.

use super::Table;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Report" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const SHEETS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const OPEN: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>"#;
const CLOSE: &str = "</sheetData></worksheet>";

/// The bytes of an `.xlsx`.
///
/// # Errors
/// A sentence for the user. Writing to memory has no way to fail but its size.
pub fn workbook(table: &Table) -> Result<Vec<u8>, String> {
    pack(table).map_err(|error| format!("The workbook could not be written: {error}."))
}

fn pack(table: &Table) -> Result<Vec<u8>, ZipError> {
    let mut book = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [("[Content_Types].xml", TYPES), ("_rels/.rels", ROOT), ("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", SHEETS)];
    for (name, body) in parts {
        book.start_file(name, SimpleFileOptions::default())?;
        book.write_all(HEAD.as_bytes())?;
        book.write_all(body.as_bytes())?;
    }
    book.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())?;
    let mut text = format!("{HEAD}{OPEN}");
    for row in 0..table.len() {
        text.push_str("<row>");
        for cell in table.row(row) {
            text.push_str(r#"<c t="inlineStr"><is><t xml:space="preserve">"#);
            escape(&mut text, cell);
            text.push_str("</t></is></c>");
        }
        text.push_str("</row>");
        if text.len() > 1 << 16 {
            book.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    text.push_str(CLOSE);
    book.write_all(text.as_bytes())?;
    Ok(book.finish()?.into_inner())
}

/// What XML cannot hold is left out (XML 1.0, 2.2); Excel shows 32,767 characters of a cell at most and refuses longer ones.
fn escape(text: &mut String, cell: &str) {
    const MOST: usize = 32_767;
    for character in cell.chars().take(MOST) {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '\r' => text.push_str("&#13;"),
            '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => text.push(character),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let rows = [["Email", "Note"], ["a@x.example", "=1+1 <b>&amp;</b>\n  two  "], ["007", "ü 日本 😀\u{1}"]];
        let mut table = Table::default();
        for row in rows {
            table.push(row);
        }
        let bytes = workbook(&table).unwrap();
        let (_, read) = crate::sheet::workbook::read(&bytes, &crate::sheet::Wanted::default(), &mut |_, _| {}).unwrap();
        let cells: Vec<Vec<&str>> = (0..read.len()).map(|row| read.row(row).collect()).collect();
        assert_eq!(cells[..2], rows[..2]);
        assert_eq!(cells[2], ["007", "ü 日本 😀"]);
    }
}
