//! Number formats in workbooks: whatever a format code says and whatever number a cell holds, the workbook is read, every cell
//! is there, and no number but zero is left out because its format would not show it. Formats of nothing but semicolons, which hide
//! what a cell holds, are not among them.

use super::{go_on, zipped};
use crate::rng::Rng;
use guestlist::sheet::{self, Wanted};
use std::fmt::Write;

/// Pieces that format codes are made of (ECMA-376 Part 1, 18.8.31), whole ones and broken ones, as XML.
#[rustfmt::skip]
const PIECES: [&str; 64] = [
    "0", "00", "000", "#", "##", "?", ".", ",", "%", "E+", "e-", "E", "General", "general", "@", "yyyy", "yy", "e", "gg", "mmmmm", "mmm",
    "mm", "m", "dddd", "dd", "d", "hh", "h", "ss", "s", ".000", "AM/PM", "a/p", ":", "/", "-", " ", "[h]", "[mm]", "[ss", "[&lt;=5]",
    "[&lt;&gt;1e9]", "[&gt;", "[=]", "[Red]", "[$€-407]", "[$-F800]", "[$-", "[", "]", ";", ";;", "\\", "_", "*", "&quot;", "&quot;D-&quot;",
    "年", "\u{202e}", "&#1;", "T", "U\u{308}", "(", ")",
];
const VALUES: [&str; 16] = [
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e-12",
    "60",
    "2958465.999999999",
    "2958466",
    "-693594",
    "1e308",
    "-1e308",
    "5e-324",
    "1e400",
    "nan",
    "x",
];
/// Formats in a workbook, and numbers that are shown in each.
const FORMATS: usize = 60;
const NUMBERS: usize = 8;

const BOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const MAIN: &str = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

fn number(rng: &mut Rng) -> String {
    match rng.below(6) {
        0 => VALUES[rng.below(VALUES.len())].to_owned(),
        1 => rng.below(3_000_000).to_string(),
        2 => format!("-{}", rng.below(1_000_000_000)),
        3 => format!("{}.{}", rng.below(100_000), rng.below(1_000_000)),
        4 => format!("0.{}", rng.below(1_000_000_000)),
        _ => format!("{}e{}", rng.below(1000), rng.below(40)),
    }
}

/// A format code, or the number of a format that is built in; and of how many zeros it is made, if of nothing else.
fn format(rng: &mut Rng) -> (Result<String, usize>, Option<usize>) {
    match rng.below(16) {
        0 => (Err(rng.below(60)), None),
        1 | 2 => {
            let zeros = rng.below(12) + 1;
            (Ok("0".repeat(zeros)), Some(zeros))
        }
        _ => {
            let code: String = (0..=rng.below(10)).map(|_| PIECES[rng.below(PIECES.len())]).collect();
            (Ok(if code.trim_matches(';').is_empty() { "0".to_owned() } else { code }), None)
        }
    }
}

/// A whole number of up to 15 digits, as a format of so many zeros shows it.
fn padded(value: &str, zeros: usize) -> Option<String> {
    let value: i64 = value.parse().ok()?;
    let sign = if value < 0 { "-" } else { "" };
    (value.abs() < 1_000_000_000_000_000).then(|| format!("{sign}{:0zeros$}", value.abs()))
}

/// A round is a workbook with 480 cells.
#[test]
fn no_number_format_makes_the_reader_panic_or_lose_a_cell() {
    go_on(|rng, _| {
        let formats: Vec<_> = (0..FORMATS).map(|_| format(rng)).collect();
        let numbers: Vec<Vec<String>> = (0..FORMATS).map(|_| (0..NUMBERS).map(|_| number(rng)).collect()).collect();
        let (mut codes, mut styles, mut rows) = (String::new(), String::new(), String::new());
        for (place, ((format, _), numbers)) in formats.iter().zip(&numbers).enumerate() {
            let id = format.as_ref().map_or_else(|built_in| *built_in, |_| 200 + place);
            if let Ok(code) = format {
                _ = write!(codes, r#"<numFmt numFmtId="{id}" formatCode="{code}"/>"#);
            }
            _ = write!(styles, r#"<xf numFmtId="{id}"/>"#);
            let cells: String = numbers.iter().map(|number| format!(r#"<c s="{place}"><v>{number}</v></c>"#)).collect();
            _ = write!(rows, r#"<row>{cells}<c s="{place}" t="inlineStr"><is><t>text</t></is></c></row>"#);
        }
        let days = if rng.below(2) == 0 { r#"<workbookPr date1904="1"/>"# } else { "" };
        let book = zipped(&[
            ("_rels/.rels", MAIN),
            ("xl/workbook.xml", &BOOK.replace("<sheets>", &format!("{days}<sheets>"))),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
            ("xl/styles.xml", &format!("<styleSheet><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>")),
            ("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ]);
        let (_, table) = sheet::read(&book, &Wanted::default(), |_, _| {}).expect("it is a workbook");
        assert_eq!(table.len(), FORMATS);
        for (row, ((format, zeros), numbers)) in formats.iter().zip(&numbers).enumerate() {
            assert_eq!(table.row(row).count(), NUMBERS + 1, "{format:?}");
            for (shown, number) in table.row(row).zip(numbers) {
                let is_nothing = number.parse::<f64>().is_ok_and(|value| value == 0.0);
                assert!(is_nothing || !shown.is_empty(), "{number} as {format:?}");
                if let Some(expected) = zeros.and_then(|zeros| padded(number, zeros)) {
                    assert_eq!(shown, expected, "{number} as {format:?}");
                }
            }
            assert!(table.cell(row, NUMBERS).contains("text"), "{format:?}: {}", table.cell(row, NUMBERS));
        }
    });
}
