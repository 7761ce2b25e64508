//! Files that are named like workbooks and are markup: the web page that portals call an Excel export, and the XML of Excel 2003.
//! Read leniently and without a browser: tags, the characters between them, and the names of Western European letters.

mod entities;
mod tags;

use super::workbook::links::{self, Link, MOST_LINKS};
use super::workbook::{Occurrences, SheetCells};
use super::{DetectedFormat, Encoding, MOST_CELL, Noticed, OtherKind, Sheet, Table, UnreadableFile, Wanted};
use entities::plain;
use tags::{end_of, is_hidden, name_of, number, text_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkupKind {
    Html,
    /// SpreadsheetML 2003, which Excel wrote before `.xlsx`.
    Xml2003,
}

/// Reads the cells of the largest table of a page, or of the wanted sheet of a workbook, else of the first one with cells that is
/// not hidden. Rows and columns of a page that are hidden are left out, unless they are wanted.
///
/// # Errors
/// There is no table, or more than can be read.
pub fn read(kind: MarkupKind, text: &str, encoding: Encoding, wanted: &Wanted) -> Result<(DetectedFormat, Table), UnreadableFile> {
    let with_hidden = wanted.with_hidden || kind == MarkupKind::Xml2003;
    let mut reader = MarkupTables { kind, with_hidden, sheet: String::new(), tables: Vec::new(), open: Vec::new() };
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        reader.text(&rest[..start]);
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let end = end_of(rest);
        let tag = rest.get(1..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        let name = name_of(tag);
        if matches!(name.as_str(), "script" | "style") {
            // What stands in them is no text.
            let close = format!("</{name}");
            let end = rest.as_bytes().windows(close.len()).position(|window| window.eq_ignore_ascii_case(close.as_bytes()));
            rest = end.map_or("", |end| &rest[end..]);
            continue;
        }
        reader.tag(&name, tag)?;
    }
    reader.end(encoding, wanted.sheet)
}

/// Tables while they are read. One within another is a table of its own.
struct MarkupTables {
    kind: MarkupKind,
    with_hidden: bool,
    /// The name of the sheet in hand.
    sheet: String,
    tables: Vec<MarkupTable>,
    /// Those that are open, the innermost last.
    open: Vec<usize>,
}

#[derive(Default)]
struct MarkupTable {
    sheet: String,
    is_hidden: bool,
    with_hidden: bool,
    table: Table,
    /// Nothing where a cell is left out.
    row: Vec<Option<String>>,
    /// The cell in hand.
    cell: Option<String>,
    /// Whether the group of rows, the row and the cell in hand are hidden.
    is_group_hidden: bool,
    is_row_hidden: bool,
    is_cell_hidden: bool,
    /// By column, whether all its cells are hidden (`<col>`), and whether hidden ones hold something.
    columns: Vec<bool>,
    seen: Vec<bool>,
    /// Hidden rows that hold something.
    hidden_rows: usize,
    /// The address in a link of the cell in hand, and in those of the row, with their places in it.
    link: Option<String>,
    row_links: Vec<(usize, String)>,
    links: Vec<Link>,
    /// How many more columns and rows it spans.
    cells: usize,
    rows: usize,
    /// By column, for how many more rows a cell above spans this place, and what it says.
    down: Vec<(usize, Option<String>)>,
    /// Cells that span several rows.
    merged: usize,
    /// Of XML 2003: whether the cell in hand is a formula without a value so far, all of these, and those with errors.
    lacks_value: bool,
    without_value: Occurrences,
    errors: Occurrences,
}

/// Columns and rows that a cell may span, or be moved by.
const MOST_SPAN: usize = 1000;
/// Columns whose `<col>` is looked at: those of a sheet of Excel.
const MOST_COLUMNS: usize = 16_384;

impl MarkupTables {
    fn innermost(&mut self) -> Option<&mut MarkupTable> {
        self.open.last().and_then(|place| self.tables.get_mut(*place))
    }

    fn text(&mut self, text: &str) {
        // Behind a sheet's cells stands whether it is shown.
        if self.open.is_empty() && matches!(text.trim(), "SheetHidden" | "SheetVeryHidden") {
            self.tables.iter_mut().filter(|rows| rows.sheet == self.sheet).for_each(|rows| rows.is_hidden = true);
        }
        if let Some(cell) = self.innermost().and_then(|rows| rows.cell.as_mut()) {
            cell.push_str(&plain(text));
        }
    }

    fn tag(&mut self, name: &str, tag: &str) -> Result<(), UnreadableFile> {
        let is_xml = self.kind == MarkupKind::Xml2003;
        match name {
            "worksheet" if is_xml => {
                self.sheet = text_of(tag, "ss:name").unwrap_or_default().into_owned();
                return Ok(());
            }
            "table" => {
                self.open.push(self.tables.len());
                let is_hidden = !is_xml && is_hidden(tag);
                self.tables.push(MarkupTable {
                    sheet: self.sheet.clone(),
                    is_hidden,
                    with_hidden: self.with_hidden,
                    ..MarkupTable::default()
                });
                return Ok(());
            }
            "/table" => {
                if let Some(rows) = self.innermost() {
                    rows.end_row()?;
                }
                self.open.pop();
                return Ok(());
            }
            _ => {}
        }
        let Some(rows) = self.innermost() else { return Ok(()) };
        match name {
            "tr" | "row" => {
                rows.end_row()?;
                // XML 2003 leaves blank rows out and counts on (ss:Index).
                let blank = number(tag, "ss:index").filter(|_| is_xml).unwrap_or(0).saturating_sub(rows.table.len() + 1);
                for _ in 0..blank.min(super::MOST_ROWS) {
                    rows.table.push([]);
                }
                rows.is_row_hidden = rows.is_group_hidden || !is_xml && is_hidden(tag);
            }
            "thead" | "tbody" | "tfoot" | "/thead" | "/tbody" | "/tfoot" => {
                rows.end_row()?;
                rows.is_group_hidden = is_hidden(tag);
            }
            "col" => {
                let last = rows.columns.len() + number(tag, "span").unwrap_or(1).clamp(1, MOST_SPAN);
                rows.columns.resize(last.min(MOST_COLUMNS), is_hidden(tag));
            }
            "a" if rows.cell.is_some() && rows.link.is_none() && !is_xml => {
                rows.link = text_of(tag, "href").and_then(|target| links::address_of(&target));
            }
            "/tr" | "/row" => rows.end_row()?,
            "td" | "th" | "cell" => {
                rows.end_cell()?;
                if is_xml && let Some(place) = number(tag, "ss:index") {
                    let place = place.saturating_sub(1).min(MOST_SPAN);
                    rows.row.resize(place.max(rows.row.len()), Some(String::new()));
                }
                rows.cell = Some(String::new());
                rows.is_cell_hidden = !is_xml && is_hidden(tag);
                rows.lacks_value = is_xml && text_of(tag, "ss:formula").is_some();
                let more = number(tag, if is_xml { "ss:mergeacross" } else { "colspan" }).unwrap_or(0);
                rows.cells = more.saturating_sub(usize::from(!is_xml)).min(MOST_SPAN);
                // In XML 2003 the cells of the next rows say where they stand.
                rows.rows = number(tag, "rowspan").filter(|_| !is_xml).unwrap_or(1).clamp(1, MOST_SPAN) - 1;
                if tag.ends_with('/') {
                    rows.end_cell()?;
                }
            }
            "data" if is_xml => {
                rows.lacks_value = false;
                if text_of(tag, "ss:type").as_deref() == Some("Error") {
                    rows.errors.note(number_of(rows.table.len()), number_of(rows.row.len()));
                }
            }
            "/td" | "/th" | "/cell" => rows.end_cell()?,
            "br" | "br/" | "/p" | "/div" => {
                if let Some(cell) = &mut rows.cell {
                    cell.push('\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(mut self, encoding: Encoding, wanted: Option<usize>) -> Result<(DetectedFormat, Table), UnreadableFile> {
        while let Some(rows) = self.innermost() {
            rows.end_row()?;
            self.open.pop();
        }
        if self.kind == MarkupKind::Html {
            let weight = |table: &Table| (0..table.len()).filter(|row| table.row(*row).filter(|cell| !cell.is_empty()).count() > 1).count();
            // Pages lay out with tables, too: the one with the most rows of several cells is the list.
            let best = self.tables.into_iter().rev().max_by_key(|rows| (weight(&rows.table), rows.table.len()));
            self.tables = best.map(|rows| MarkupTable { sheet: "Web page".into(), ..rows }).into_iter().collect();
        }
        let about = |rows: &MarkupTable| Sheet { name: rows.sheet.clone(), rows: rows.table.len(), is_hidden: rows.is_hidden };
        let sheets: Vec<Sheet> = self.tables.iter().map(about).collect();
        let is_shown = |sheet: &Sheet| sheet.rows > 0 && !sheet.is_hidden;
        let first = || sheets.iter().position(is_shown).or_else(|| sheets.iter().position(|sheet| sheet.rows > 0));
        let sheet = wanted.filter(|place| *place < sheets.len()).or_else(first).ok_or(UnreadableFile::Other(OtherKind::WebPage))?;
        let MarkupTable { mut table, merged, errors, without_value, hidden_rows, seen, links, .. } = self.tables.swap_remove(sheet);
        let mut noticed = vec![if self.kind == MarkupKind::Html { Noticed::WebPage } else { Noticed::ValuesOnly }];
        noticed.extend(wanted.is_none().then(|| Noticed::for_sheets(&sheets)).flatten());
        let columns = seen.into_iter().filter(|is_seen| *is_seen).count();
        noticed.extend((hidden_rows + columns > 0).then_some(Noticed::Hidden { rows: hidden_rows, columns, are_read: self.with_hidden }));
        if !links.is_empty() {
            let linked = apply(&mut table, links)?;
            noticed.extend((linked > 0).then_some(Noticed::Links(linked)));
        }
        noticed.extend((merged > 0).then_some(Noticed::Merged(merged)));
        noticed.extend(without_value.told(|cells, row, column| Noticed::NoValues { cells, row, column }));
        noticed.extend(errors.told(|cells, row, column| Noticed::Errors { cells, row, column }));
        let (table, encoding) = (table.within_limits()?, Some(encoding));
        Ok((DetectedFormat::Workbook { sheets, sheet, above: table.number(0) - 1, noticed, encoding, looks: Vec::new() }, table))
    }
}

/// Puts addresses of links into a table, as those of a workbook; how many.
fn apply(table: &mut Table, links: Vec<Link>) -> Result<usize, UnreadableFile> {
    let mut cells = SheetCells::default();
    for row in 0..table.len() {
        for (column, text) in (0_u32..).zip(table.row(row)) {
            cells.push(number_of(row), column, text)?;
        }
    }
    let linked = links::apply(&mut cells, links)?;
    *table = cells.table();
    Ok(linked)
}

/// The number of a row or column: there are far fewer.
fn number_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl MarkupTable {
    /// What is put in place of this cell: nothing where it is hidden and not wanted.
    fn shown(&mut self, text: String) -> Option<String> {
        let place = self.row.len();
        if !self.is_cell_hidden && self.columns.get(place) != Some(&true) {
            return Some(text);
        }
        if !text.is_empty() {
            self.seen.resize(self.seen.len().max(place + 1), false);
            self.seen[place] = true;
        }
        self.with_hidden.then_some(text)
    }

    fn end_cell(&mut self) -> Result<(), UnreadableFile> {
        if let Some(cell) = self.cell.take() {
            if std::mem::take(&mut self.lacks_value) {
                self.without_value.note(number_of(self.table.len()), number_of(self.row.len()));
            }
            let text = cell.lines().map(|line| line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
            let text = text.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
            if text.chars().count() > MOST_CELL {
                return Err(UnreadableFile::LongCell);
            }
            self.take_down();
            if self.rows > 0 && !text.is_empty() {
                self.merged += 1;
            }
            let link = self.link.take();
            // A picture in place of words.
            let text = if text.is_empty() { link.clone().unwrap_or_default() } else { text };
            self.row_links.extend(link.map(|address| (self.row.len(), address)));
            // What a cell spans beside its own place is blank.
            let spanned = std::iter::once(text).chain(std::iter::repeat_n(String::new(), self.cells));
            for text in spanned {
                let text = self.shown(text);
                if self.rows > 0 {
                    self.down.resize(self.down.len().max(self.row.len() + 1), (0, None));
                    self.down[self.row.len()] = (self.rows, text.clone());
                }
                self.row.push(text);
            }
            (self.cells, self.rows) = (0, 0);
        }
        Ok(())
    }

    /// Repeats what cells above say that reach down into the next places of this row.
    fn take_down(&mut self) {
        while let Some((rows, text)) = self.down.get_mut(self.row.len()).filter(|(rows, _)| *rows > 0) {
            *rows -= 1;
            self.row.push(text.clone());
        }
    }

    fn end_row(&mut self) -> Result<(), UnreadableFile> {
        self.end_cell()?;
        if !self.row.is_empty() {
            self.take_down();
            let is_hidden = std::mem::take(&mut self.is_row_hidden);
            if is_hidden && self.row.iter().flatten().any(|text| !text.is_empty()) {
                self.hidden_rows += 1;
            }
            if (self.with_hidden || !is_hidden) && self.row.iter().any(Option::is_some) {
                for (place, address) in std::mem::take(&mut self.row_links) {
                    if self.row[place].is_some() && self.links.len() < MOST_LINKS {
                        let column = number_of(self.row[..place].iter().flatten().count());
                        self.links.push(Link { row: number_of(self.table.len()), column, address });
                    }
                }
                self.table.push(self.row.iter().flatten().map(String::as_str));
            }
            self.row.clear();
            self.row_links.clear();
        }
        match () {
            () if self.table.len() > super::MOST_ROWS + 1 => Err(UnreadableFile::TooManyRows),
            () if self.table.text.len() > super::MOST_TEXT => Err(UnreadableFile::TooMuchText),
            () => Ok(()),
        }
    }
}
