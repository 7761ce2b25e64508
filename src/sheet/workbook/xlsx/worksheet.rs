//! One sheet (ECMA-376 Part 1, 18.3.1.99), read in one pass and cell by cell.

use super::columns::Columns;
use super::links::{self, Link, MOST_LINKS};
use super::package::{XlsxPackage, attribute, attributes, is_true, local};
use super::{XlsxWorkbook, texts};
use crate::sheet::workbook::Progress;
use crate::sheet::workbook::cells::SheetCells;
use crate::sheet::workbook::format::general;
use crate::sheet::workbook::parts::PartReader;
use crate::sheet::{Noticed, UnreadableFile};
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Merged ranges that are kept.
const MOST_MERGED: usize = 100_000;

/// A rectangle of cells: first and last row, first and last column.
type Area = [u32; 4];

/// What a sheet holds beside its cells.
#[derive(Default)]
struct Beside {
    /// Whether rows and columns that are not shown are read, too.
    with_hidden: bool,
    columns: Columns,
    hidden_rows: usize,
    links: Vec<Link>,
    /// Links whose targets stand in another part.
    targets: Vec<(Area, String)>,
    merged: Vec<Area>,
}

/// Reads a sheet, and notes what somebody should know of it.
pub fn read(
    package: &mut XlsxPackage<'_>,
    path: &str,
    book: &XlsxWorkbook,
    cells: &mut SheetCells,
    with_hidden: bool,
    progress: &mut Progress<'_>,
) -> Result<(), UnreadableFile> {
    let mut beside = Beside { with_hidden, ..Beside::default() };
    read_part(&mut package.part(path)?, book, cells, &mut beside, progress)?;
    if cells.is_counted() {
        return Ok(());
    }
    cells.put_in_order();
    if !beside.targets.is_empty() {
        let relations = package.relations(path)?;
        let (rows, columns) = cells.last();
        let targets = std::mem::take(&mut beside.targets);
        let linked = targets.into_iter().filter_map(|(area, relation)| Some((area, links::address_of(&relations.get(&relation)?.target)?)));
        let each = linked.flat_map(|([top, bottom, left, right], address)| {
            let columns = left..=right.min(columns + beside.columns.hidden());
            let rows = top..=bottom.min(rows);
            rows.flat_map(move |row| columns.clone().map(move |column| (row, column))).map(move |at| (at, address.clone()))
        });
        for ((row, column), address) in each.take(MOST_LINKS) {
            beside.links.extend(beside.columns.place(column).map(|column| Link { row, column, address }));
        }
    }
    let spread = spread(cells, &beside)?;
    let linked = links::apply(cells, std::mem::take(&mut beside.links))?;
    cells.within_columns(|place| beside.columns.origin(place))?;
    let columns = beside.columns.seen.iter().filter(|is_seen| **is_seen).count();
    let noticed = &mut cells.noticed;
    if beside.hidden_rows + columns > 0 {
        noticed.push(Noticed::Hidden { rows: beside.hidden_rows, columns, are_read: with_hidden });
    }
    noticed.extend((linked > 0).then_some(Noticed::Links(linked)));
    noticed.extend((spread > 0).then_some(Noticed::Merged(spread)));
    Ok(())
}

fn read_part(
    markup: &mut PartReader<'_, '_>,
    book: &XlsxWorkbook,
    cells: &mut SheetCells,
    beside: &mut Beside,
    progress: &mut Progress<'_>,
) -> Result<(), UnreadableFile> {
    let mut reading =
        SheetReading { book, cells, beside, progress, at: CellPosition::default(), cell: OpenCell::default(), is_sheet: false };
    let mut buffer = Vec::with_capacity(1024);
    while reading.read_next(markup, &mut buffer)? {}
    if reading.is_sheet { Ok(()) } else { Err(UnreadableFile::Damaged("a part of it is no sheet".into())) }
}

/// A sheet while it is read.
struct SheetReading<'r, 'p> {
    book: &'r XlsxWorkbook,
    cells: &'r mut SheetCells,
    beside: &'r mut Beside,
    progress: &'r mut Progress<'p>,
    at: CellPosition,
    cell: OpenCell,
    /// Whether it is one at all.
    is_sheet: bool,
}

// Browsers compile well what is called often, and nothing that is called once, however long it loops: what is done for every row and cell
// stands in functions of its own.
impl SheetReading<'_, '_> {
    /// Reads what comes next; false at the end.
    #[inline(never)]
    fn read_next(&mut self, markup: &mut PartReader<'_, '_>, buffer: &mut Vec<u8>) -> Result<bool, UnreadableFile> {
        match markup.next(buffer)? {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "c" => self.read_cell(&tag, markup)?,
                "row" => {
                    self.at.begin_row(&tag);
                    self.progress.row(self.at.row as usize);
                }
                name => self.note(name, &tag),
            },
            Event::End(tag) if local(tag.name().as_ref()) == "row" => self.at.row = self.at.row.saturating_add(1),
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    /// Takes what stands around the cells.
    fn note(&mut self, name: &str, tag: &BytesStart<'_>) {
        let area = || attribute(tag, "ref").and_then(|area| area_of(&area));
        let beside = &mut *self.beside;
        match name {
            "col" if attributes(tag).any(|(name, value)| hides_line(local(name), value, "width")) => beside.columns.hide(tag),
            "dimension" => {
                self.is_sheet = true;
                self.progress.of = area().map_or(0, |[_, last, ..]| last as usize);
            }
            "sheetData" => {
                self.is_sheet = true;
                beside.columns.close(beside.with_hidden);
            }
            "mergeCell" if beside.merged.len() < MOST_MERGED => beside.merged.extend(area()),
            "hyperlink" if beside.targets.len() < MOST_LINKS && !self.cells.is_counted() => {
                beside.targets.extend(area().zip(attribute(tag, "id")));
            }
            _ => {}
        }
    }

    /// Reads a cell that begins with this tag.
    fn read_cell(&mut self, tag: &BytesStart<'_>, markup: &mut PartReader<'_, '_>) -> Result<(), UnreadableFile> {
        let Self { at, cell, cells, beside, .. } = self;
        cell.begin(tag, at);
        cell.read(markup)?;
        let text = cell.shown(self.book, cells.is_counted());
        let is_read = beside.with_hidden || !at.is_hidden && beside.columns.place(at.column).is_some();
        if cell.lacks_value() && is_read {
            cells.without_value.note(at.row, at.column);
        }
        if !text.is_empty() {
            let place = beside.columns.see(at.column);
            if at.is_hidden && !at.is_told {
                (at.is_told, beside.hidden_rows) = (true, beside.hidden_rows + 1);
            }
            if let (Some(place), false) = (place, at.is_hidden && !beside.with_hidden) {
                cells.push(at.row, place, &text)?;
                beside.take(cell, (at.row, at.column), place, cells);
            }
        }
        at.column = at.column.saturating_add(1);
        Ok(())
    }
}

/// Where in the sheet a cell stands, from 0.
#[derive(Default)]
struct CellPosition {
    row: u32,
    column: u32,
    /// Whether the row is hidden, and counted as such.
    is_hidden: bool,
    is_told: bool,
}

impl CellPosition {
    /// Where it stands may be said; report servers do not say it.
    fn begin_row(&mut self, tag: &BytesStart<'_>) {
        let mut is_hidden = false;
        for (name, value) in attributes(tag) {
            match local(name) {
                "r" => self.row = value.trim().parse().map_or(self.row, |number: u32| number.saturating_sub(1)),
                name => is_hidden |= hides_line(name, value, "ht"),
            }
        }
        (self.column, self.is_hidden, self.is_told) = (0, is_hidden, false);
    }
}

/// Whether this attribute makes a row or column one that is hidden, filtered away, folded, or of no height or width. `zeroHeight` of the
/// sheet (18.3.1.81) hides rows that the sheet does not list, and those have no cells.
fn hides_line(name: &str, value: &str, size: &str) -> bool {
    name == "hidden" && is_true(Some(value)) || name == size && value.trim().parse::<f64>().is_ok_and(|size| size == 0.0)
}

/// A cell while it is read.
#[derive(Default)]
struct OpenCell {
    kind: String,
    style: usize,
    value: String,
    formula: String,
    /// Whether there is a formula, be it one that another cell spells out, and an element for its value.
    has_formula: bool,
    has_value: bool,
    /// Room for the markup in hand.
    buffer: Vec<u8>,
    room: texts::TextBuffers,
}

impl OpenCell {
    /// Where it stands may be said; report servers do not say it.
    fn begin(&mut self, tag: &BytesStart<'_>, at: &mut CellPosition) {
        self.kind.clear();
        self.style = 0;
        self.value.clear();
        self.formula.clear();
        (self.has_formula, self.has_value) = (false, false);
        for (name, value) in attributes(tag) {
            match name {
                "r" => (at.row, at.column) = place_of(value).unwrap_or((at.row, at.column)),
                "s" => self.style = value.trim().parse().unwrap_or(0),
                "t" => self.kind.push_str(value),
                _ => {}
            }
        }
    }

    /// Reads up to its end.
    fn read(&mut self, markup: &mut PartReader<'_, '_>) -> Result<(), UnreadableFile> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let read = self.read_into(markup, &mut buffer);
        self.buffer = buffer;
        read
    }

    fn read_into(&mut self, markup: &mut PartReader<'_, '_>, buffer: &mut Vec<u8>) -> Result<(), UnreadableFile> {
        // Which text comes: of the value or of the formula.
        let (mut is_value, mut is_formula) = (false, false);
        loop {
            let event = markup.next(buffer)?;
            let text = match &event {
                Event::Start(tag) => {
                    match local(tag.name().as_ref()) {
                        "v" => (is_value, self.has_value) = (true, true),
                        "f" => (is_formula, self.has_formula) = (true, true),
                        "is" => texts::rich(markup, "is", &mut self.value, &mut self.room)?,
                        _ => {}
                    }
                    continue;
                }
                Event::End(tag) => {
                    match local(tag.name().as_ref()) {
                        "c" => return Ok(()),
                        "v" => is_value = false,
                        "f" => is_formula = false,
                        _ => {}
                    }
                    continue;
                }
                Event::Text(text) => text.xml10_content(),
                Event::CData(text) => text.xml10_content(),
                Event::GeneralRef(reference) if is_value || is_formula => {
                    texts::push_reference(reference, if is_value { &mut self.value } else { &mut self.formula })?;
                    continue;
                }
                Event::Eof => return Err(UnreadableFile::Damaged("it ends within a cell".into())),
                _ => continue,
            };
            if is_value {
                self.value.push_str(&text);
            } else if is_formula {
                self.formula.push_str(&text);
            }
        }
    }

    /// Whether it is a formula whose value was never calculated, as libraries write it. An empty text is a value (18.3.1.96).
    fn lacks_value(&self) -> bool {
        self.has_formula && self.value.is_empty() && !(self.has_value && self.kind == "str")
    }

    /// What Excel shows; for a sheet that is counted whether it shows anything.
    fn shown<'a>(&'a self, book: &'a XlsxWorkbook, is_counted: bool) -> Cow<'a, str> {
        let format = book.formats.get(self.style).and_then(Option::as_deref);
        let text = |text: Cow<'a, str>| match format.and_then(|format| format.show_text(&text)) {
            Some(shown) if !text.is_empty() => shown.into(),
            _ => text,
        };
        match self.kind.as_str() {
            "s" => text(self.value.trim().parse().ok().and_then(|place| book.texts.get(place)).unwrap_or_default().into()),
            "inlineStr" => text(self.value.as_str().into()),
            "str" => text(texts::decoded(&self.value)),
            "b" => match self.value.trim() {
                "" => "".into(),
                value => if is_true(Some(value)) { "TRUE" } else { "FALSE" }.into(),
            },
            "e" | "d" => self.value.trim().into(),
            _ if is_counted => self.value.trim().into(),
            _ => number(self.value.trim(), format, book.is_1904),
        }
    }
}

/// A number as its format shows it. What is no number stays as it is written.
fn number<'a>(written: &'a str, format: Option<&crate::sheet::workbook::format::Format>, is_1904: bool) -> Cow<'a, str> {
    match format {
        None if is_plain(written) => written.into(),
        format => match written.parse::<f64>() {
            Ok(value) => format.map_or_else(|| general(value), |format| format.show(value, is_1904)).into(),
            Err(_) => written.into(),
        },
    }
}

/// Whether a number is written as it is shown without a format: digits that begin and end with none that say nothing.
fn is_plain(written: &str) -> bool {
    let digits = written.strip_prefix('-').unwrap_or(written);
    let (whole, behind) = digits.split_once('.').unwrap_or((digits, "1"));
    let all = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let is_short = digits.len() <= 15 || !digits.contains('.');
    is_short && all(whole) && all(behind) && !behind.ends_with('0') && (whole == "0" || !whole.starts_with('0')) && written != "-0"
}

impl Beside {
    /// What a cell says beside its text.
    fn take(&mut self, cell: &OpenCell, at: (u32, u32), place: u32, cells: &mut SheetCells) {
        if cell.kind == "e" {
            cells.errors.note(at.0, at.1);
        }
        if !cell.formula.is_empty()
            && self.links.len() < MOST_LINKS
            && !cells.is_counted()
            && let Some(address) = links::address_of_formula(&cell.formula)
        {
            self.links.push(Link { row: at.0, column: place, address });
        }
    }
}

/// Cells that span several rows stand in each of them; how many did.
fn spread(cells: &mut SheetCells, beside: &Beside) -> Result<usize, UnreadableFile> {
    let (mut spread, last) = (0, cells.last().0);
    for [top, bottom, left, _] in &beside.merged {
        let place = beside.columns.place(*left).filter(|_| bottom > top);
        let text = place.and_then(|place| Some((place, cells.get(*top, place)?.to_owned())));
        if let Some((place, text)) = text {
            spread += 1;
            for row in top + 1..=(*bottom).min(last) {
                cells.push(row, place, &text)?;
            }
        }
    }
    cells.put_in_order();
    Ok(spread)
}

/// `B7` as row and column from 0.
fn place_of(place: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0_u32, 0_u32);
    for byte in place.trim().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                column = column.checked_mul(26)?.checked_add(u32::from(byte.to_ascii_uppercase() - b'A') + 1)?;
            }
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
            b'$' => {}
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// `A1:C3`, or one cell.
fn area_of(area: &str) -> Option<Area> {
    let (first, last) = area.split_once(':').unwrap_or((area, area));
    let ((top, left), (bottom, right)) = (place_of(first)?, place_of(last)?);
    Some([top.min(bottom), top.max(bottom), left.min(right), left.max(right)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_a_format_are_shown_in_fifteen_digits_and_whole_ones_as_they_are_written() {
        let check = |written: &str, expected: &str| assert_eq!(number(written, None, false), expected, "{written}");
        for written in
            ["0", "7", "-12", "10", "0.5", "-0.25", "1.05", "12345678.901234", "12345678901234567890", "", "-", "abc", "1.x", "x.5"]
        {
            check(written, written);
        }
        check("-0", "0");
        check("007", "7");
        check("00.5", "0.5");
        check(".5", "0.5");
        check("1.", "1");
        check("1.50", "1.5");
        check("-3.0", "-3");
        check("1e3", "1000");
        check("1.5E-3", "0.0015");
        check("0.30000000000000004", "0.3");
        check("12345678.90123456", "12345678.9012346");
    }

    #[test]
    fn places_are_letters_and_digits() {
        let check = |place: &str, expected: Option<(u32, u32)>| assert_eq!(place_of(place), expected, "{place}");
        check("A1", Some((0, 0)));
        check(" b7 ", Some((6, 1)));
        check("$AA$10", Some((9, 26)));
        check("XFD1048576", Some((1_048_575, 16_383)));
        for none in ["", "A", "7", "A0", "A1B", "A-1", "A99999999999", "AAAAAAAAAAAA1"] {
            check(none, None);
        }
        assert_eq!(area_of("C3:A1"), Some([0, 2, 0, 2]));
        assert_eq!((area_of("B2"), area_of("B2:")), (Some([1, 1, 1, 1]), None));
    }

    #[test]
    fn a_line_is_hidden_when_it_is_said_or_has_no_size() {
        let check = |name: &str, value: &str, expected: bool| assert_eq!(hides_line(name, value, "ht"), expected, "{name}={value}");
        check("hidden", "1", true);
        check("hidden", "true", true);
        check("hidden", "0", false);
        check("ht", "0", true);
        check("ht", " 0.0 ", true);
        check("ht", "15.75", false);
        check("ht", "", false);
        check("customHeight", "1", false);
        check("outlineLevel", "0", false);
    }
}
