//! Workbooks made by hand, part by part, of any size.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A part of a workbook: its name, what it begins with, what it repeats how often, and what it ends with.
pub struct WorkbookPart(pub &'static str, pub String, pub (String, usize), pub String);

impl WorkbookPart {
    pub fn whole(name: &'static str, text: impl Into<String>) -> Self {
        Self(name, text.into(), (String::new(), 0), String::new())
    }
}

/// A ZIP of parts.
pub fn zipped(parts: Vec<WorkbookPart>, method: CompressionMethod) -> Vec<u8> {
    let mut book = ZipWriter::new(Cursor::new(Vec::new()));
    for WorkbookPart(name, head, (piece, times), tail) in parts {
        book.start_file(name, SimpleFileOptions::default().compression_method(method)).expect("memory is no disk");
        book.write_all(head.as_bytes()).expect("memory is no disk");
        let some = times.min(1000);
        let pieces = piece.repeat(some);
        for _ in 0..times.checked_div(some).unwrap_or(0) {
            book.write_all(pieces.as_bytes()).expect("memory is no disk");
        }
        book.write_all(piece.repeat(times.checked_rem(some).unwrap_or(0)).as_bytes()).expect("memory is no disk");
        book.write_all(tail.as_bytes()).expect("memory is no disk");
    }
    book.finish().expect("memory is no disk").into_inner()
}

const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// What every `.xlsx` has, for so many sheets that are all the same part.
fn frame(sheets: usize) -> Vec<WorkbookPart> {
    let sheet = |number: usize| format!(r#"<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>"#);
    let list: String = (1..=sheets).map(sheet).collect();
    let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>"#;
    let rels = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    vec![
        WorkbookPart::whole("_rels/.rels", RELS),
        WorkbookPart::whole("xl/workbook.xml", format!("{book}{list}</sheets></workbook>")),
        WorkbookPart::whole("xl/_rels/workbook.xml.rels", rels),
    ]
}

/// The one worksheet, whose data are these.
pub fn cells(head: &str, piece: &str, times: usize) -> WorkbookPart {
    WorkbookPart(
        "xl/worksheets/sheet1.xml",
        format!("<worksheet><sheetData>{head}"),
        (piece.into(), times),
        "</sheetData></worksheet>".into(),
    )
}

/// A workbook of one sheet, and other parts.
pub fn xlsx(parts: Vec<WorkbookPart>) -> Vec<u8> {
    sheets(1, parts)
}

/// A workbook of so many sheets that are all the same part.
pub fn sheets(sheets: usize, parts: Vec<WorkbookPart>) -> Vec<u8> {
    zipped(frame(sheets).into_iter().chain(parts).collect(), CompressionMethod::Deflated)
}

/// A spreadsheet of LibreOffice with these rows.
pub fn ods(rows: &str) -> Vec<u8> {
    let tables = format!(r#"<table:table table:name="S">{rows}</table:table>"#);
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    ods_of(&content, "")
}

/// One of this content, of which the manifest says this.
pub fn ods_of(content: &str, said: &str) -> Vec<u8> {
    let parts = vec![
        WorkbookPart::whole("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        WorkbookPart::whole("META-INF/manifest.xml", format!("<manifest:manifest>{said}</manifest:manifest>")),
        WorkbookPart::whole("content.xml", content),
    ];
    zipped(parts, CompressionMethod::Deflated)
}

/// Says in the headers of the archive that the largest part unpacks to so many bytes (APPNOTE 4.4.9).
pub fn lie(mut bytes: Vec<u8>, truth: u32, claim: u32) -> Vec<u8> {
    let (truth, claim) = (truth.to_le_bytes(), claim.to_le_bytes());
    let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, window)| *window == truth).map(|(place, _)| place).collect();
    assert!(!places.is_empty());
    places.iter().for_each(|place| bytes[*place..place + 4].copy_from_slice(&claim));
    bytes
}
