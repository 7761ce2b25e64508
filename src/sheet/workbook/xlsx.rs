//! Workbooks of Excel since 2007 (`.xlsx`, ECMA-376 Part 1), read from their own parts, because what a sheet shows is more than
//! its values: number formats, hidden rows and columns, links behind cells, merged cells.

mod columns;
pub mod links;
mod package;
mod styles;
mod texts;
mod worksheet;

use super::format::Format;
use super::{Progress, Sheets};
use crate::sheet::UnreadableFile;
use package::{XlsxPackage, attribute};
use quick_xml::events::Event;
use std::rc::Rc;
use texts::SharedTexts;

/// What all sheets share.
#[derive(Default)]
struct XlsxWorkbook {
    texts: SharedTexts,
    /// The number format of each cell style; nothing for `General`.
    formats: Vec<Option<Rc<Format>>>,
    /// Whether days are counted from 1904 (18.2.28).
    is_1904: bool,
}

/// A sheet as the workbook names it.
struct SheetEntry {
    name: String,
    is_hidden: bool,
    relation: String,
}

/// Reads every sheet.
///
/// # Errors
/// The file is damaged, or has more cells than can be read.
pub fn read(bytes: &[u8], sheets: &mut Sheets, progress: &mut Progress<'_>) -> Result<(), UnreadableFile> {
    let mut package = XlsxPackage::open(bytes)?;
    let path = package.workbook()?;
    let relations = package.relations(&path)?;
    let (named, is_1904) = read_workbook(&mut package, &path)?;
    let mut book = XlsxWorkbook { is_1904, ..XlsxWorkbook::default() };
    // Some writers do not say where these two lie, which is the same in every workbook.
    let shared = |kind: &str, usual: &str| {
        let said = relations.values().find(|relation| relation.kind() == kind).map(|relation| relation.target.clone());
        said.or_else(|| package.has(usual).then(|| usual.to_owned()))
    };
    let (texts, styles) = (shared("sharedStrings", "xl/sharedStrings.xml"), shared("styles", "xl/styles.xml"));
    if let Some(path) = texts.filter(|path| package.has(path)) {
        book.texts = SharedTexts::read(&mut package, &path)?;
    }
    if let Some(path) = styles.filter(|path| package.has(path)) {
        book.formats = styles::read(&mut package, &path)?;
    }
    let with_hidden = sheets.with_hidden;
    for sheet in named {
        let target = relations.get(&sheet.relation).map(|relation| relation.target.as_str());
        sheets.add(sheet.name, sheet.is_hidden, |cells| {
            let target = target.ok_or_else(|| UnreadableFile::Damaged("a sheet is named that is not there".into()))?;
            worksheet::read(&mut package, target, &book, cells, with_hidden, progress)
        })?;
    }
    Ok(())
}

/// The sheets in their order (18.2.20), and whether days are counted from 1904.
fn read_workbook(package: &mut XlsxPackage<'_>, path: &str) -> Result<(Vec<SheetEntry>, bool), UnreadableFile> {
    let mut markup = package.part(path)?;
    let (mut named, mut is_1904) = (Vec::new(), false);
    let mut buffer = Vec::new();
    loop {
        match markup.next(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "sheet" => named.push(SheetEntry {
                    name: attribute(&tag, "name").unwrap_or_default(),
                    is_hidden: attribute(&tag, "state").is_some_and(|state| state != "visible"),
                    relation: attribute(&tag, "id").unwrap_or_default(),
                }),
                "workbookPr" => is_1904 = package::is_true(attribute(&tag, "date1904").as_deref()),
                _ => {}
            },
            Event::Eof => return Ok((named, is_1904)),
            _ => {}
        }
    }
}
