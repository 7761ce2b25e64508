//! Workbooks that were made to take the machine's memory, or its time: each is refused with a sentence that names what it is, and
//! reading it takes no more memory than an honest workbook of the largest size.

mod build;
mod cases;

use build::{WorkbookPart, cells, lie, ods, ods_of, sheets, xlsx, zipped};
use guestlist::sheet::{self, DetectedFormat, Table, UnreadableFile, Wanted};
use zip::CompressionMethod;

fn read(bytes: &[u8]) -> Result<(DetectedFormat, Table), UnreadableFile> {
    sheet::read(bytes, &Wanted::default(), |_, _| {})
}

/// The most memory this process has held since the last call, in MB; nothing where the system does not tell (proc(5)).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    Some(kilobytes / 1000)
}

/// Reads a file that is to be refused with a sentence that has this in it; MB that it took.
fn refused(name: &str, bytes: &[u8], words: &str) -> u64 {
    peak();
    let before = peak().unwrap_or(0);
    let read = read(bytes).map(|(found, table)| (found, table.len(), table.width()));
    let taken = peak().unwrap_or(0).saturating_sub(before);
    eprintln!("{name}: {} KB, took {taken} MB: {read:?}", bytes.len() / 1000);
    let told = read.expect_err(name).words();
    assert!(told.contains(words), "{name}: {told}");
    taken
}

/// MB beyond which a refusal came too late. An honest list of the largest size takes more.
const MUCH: u64 = 400;

/// One test, because the memory that is measured is the whole process's.
#[test]
fn what_was_made_to_take_the_memory_is_refused_with_a_sentence() {
    let cell = |at: &str| format!(r#"<row><c r="{at}" t="inlineStr"><is><t>x</t></is></c></row>"#);
    let sparse = |far: &str| xlsx(vec![cells(&format!("{}{}", cell("A1"), cell(far)), "", 0)]);
    let short = |text: &str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    let long = "x".repeat(30_000);
    let strings = |head: &str, piece: &str, times: usize| {
        let head = format!("<sst{head}>");
        WorkbookPart("xl/sharedStrings.xml", head, (piece.into(), times), "</sst>".into())
    };
    let shared = r#"<row><c t="s"><v>0</v></c></row>"#;
    let number = "<row><c><v>1</v></c></row>";
    let packed = cells("<row>", &short("x"), 100_000);
    let length = u32::try_from(packed.1.len() + packed.2.0.len() * packed.2.1 + packed.3.len()).unwrap();
    let ods_cell = |columns: usize, text: &str| {
        format!(
            r#"<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let ods_row = |rows: usize, cells: &str| format!(r#"<table:table-row table:number-rows-repeated="{rows}">{cells}</table:table-row>"#);
    let files = [
        ("two cells at opposite corners", sparse("XFD1048576"), "rows"),
        ("a stray cell far down and right", sparse("XFD100000"), "cells"),
        ("320 MB of cells", xlsx(vec![cells("", &format!("<row>{}</row>", short(&long)), 10_600)]), "200 MB of text"),
        ("320 MB of formulas", xlsx(vec![cells("", &format!("<row><c><f>{long}</f></c></row>"), 10_600)]), "unpack"),
        ("500 MB in several sheets", sheets(3, vec![cells("", &format!("<row><c><f>{long}</f></c></row>"), 6_000)]), "unpack"),
        ("the same, and its size is a lie", lie(xlsx(vec![packed]), length, 1000), "larger than its declared"),
        ("a cell of 280 MB", xlsx(vec![cells("<row><c t=\"inlineStr\"><is><t>", "xxxxxxxxxxxxxxxx", 17_500_000)]), "characters"),
        (
            "a cell of 28 MB whose text is not looked at",
            xlsx(vec![cells("<row><c><is><t><![CDATA[", "xxxxxxxxxxxxxxxx", 1_750_000)]),
            "characters",
        ),
        ("an attribute of 28 MB", xlsx(vec![cells("<row x=\"", "xxxxxxxxxxxxxxxx", 1_750_000)]), "a tag, a comment or blanks"),
        ("28 MB of blanks between rows", xlsx(vec![cells("<row></row>", " \n              ", 1_750_000)]), "a tag, a comment or blanks"),
        ("a comment of 28 MB", xlsx(vec![cells("<row></row><!-- ", "xxxxxxxxxxxxxxxx", 1_750_000)]), "a tag, a comment or blanks"),
        (
            "a few cells and one far to the right",
            sparse("XFD3"),
            "“x” stands in cell XFD3, the table's column number 16,384; up to 500 columns",
        ),
        ("a sheet of Excel 97 that says it has 16 million cells", claims_all(EXCEL_97), "cells"),
        ("one long text, often", xlsx(vec![strings("", &format!("<si><t>{long}</t></si>"), 1), cells("", shared, 90_000)]), "text"),
        ("a list of texts that unpacks to 120 MB", xlsx(vec![strings("", "<si><t/></si>", 9_300_000), cells("", shared, 1)]), "unpack"),
        (
            "a million cell formats",
            xlsx(vec![
                WorkbookPart(
                    "xl/styles.xml",
                    "<styleSheet><cellXfs>".into(),
                    ("<xf/>".into(), 3_000_000),
                    "</cellXfs></styleSheet>".into(),
                ),
                cells("", number, 1),
            ]),
            "parts",
        ),
        ("an element in an element in an element", xlsx(vec![cells("", "<a>", 70_000_000)]), "parts"),
        (
            "a binary workbook whose sheet unpacks to 320 MB",
            zipped(
                vec![
                    WorkbookPart::whole("xl/workbook.bin", "x"),
                    WorkbookPart("xl/worksheets/sheet1.bin", String::new(), ("\0".repeat(1000), 320_000), String::new()),
                ],
                CompressionMethod::Deflated,
            ),
            "unpack",
        ),
        ("ten thousand sheets", sheets(10_000, vec![cells("", number, 1)]), "sheets"),
        (
            "sixty thousand files",
            zipped(
                (0..60_000).map(|number| WorkbookPart::whole(Box::leak(format!("x{number}").into_boxed_str()), "x")).collect(),
                CompressionMethod::Stored,
            ),
            "files",
        ),
        ("a cell that is repeated over all columns of many rows", ods(&ods_row(3000, &ods_cell(16_384, "x"))), "cells"),
        ("a row that is repeated", ods(&ods_row(1_000_000, &ods_cell(1, "x"))), "rows"),
        ("a long text that is repeated", ods(&ods_row(90_000, &ods_cell(100, &"x".repeat(1000)))), "text"),
        ("blanks that are counted", ods(&ods_row(1, &ods_cell(1, r#"<text:s text:c="2000000000"/>"#))), "text"),
    ];
    // Nobody makes room for what it says, so that this one can be read.
    let boastful = xlsx(vec![strings(r#" uniqueCount="999999999999999""#, "<si><t>x</t></si>", 1), cells("", shared, 1)]);
    assert_eq!(rows_of(&boastful), [["x"]]);
    let mut most = 0;
    for (name, bytes, words) in files {
        assert!(bytes.len() < 6_000_000, "{name}: {}", bytes.len());
        let taken = refused(name, &bytes, words);
        assert!(taken < MUCH, "{name}: {taken} MB");
        most = most.max(taken);
    }
    eprintln!("at most {most} MB");
}

/// A workbook of Excel 97, as xlwt 1.3.0 writes it: two sheets, of which one is hidden.
const EXCEL_97: &[u8] = include_bytes!("list.xls");

/// The same, but every sheet says that it fills all rows and columns there are (Dimensions, MS-XLS 2.4.90).
fn claims_all(book: &[u8]) -> Vec<u8> {
    let mut book = book.to_vec();
    let head = [0x00, 0x02, 0x0e, 0x00];
    let places: Vec<usize> = (0..book.len() - 18).filter(|place| book[*place..].starts_with(&head)).collect();
    assert_eq!(places.len(), 2, "a record for each sheet");
    for place in places {
        book[place + 4..place + 18].copy_from_slice(&[0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
    }
    book
}

#[test]
fn a_workbook_of_excel_97_is_read_as_it_was_saved() {
    let expected = [
        ["Email", "Name", "Since", "Number"],
        ["g1@fabrikam.example", "Grüße Łukasz 1 日本", "2026-11-01", "1.5"],
        ["g2@fabrikam.example", "Grüße Łukasz 2 日本", "2026-11-02", "3"],
        ["g3@fabrikam.example", "Grüße Łukasz 3 日本", "2026-11-03", "4.5"],
    ];
    assert_eq!(rows_of(EXCEL_97), expected);
    let (DetectedFormat::Workbook { sheets, sheet, .. }, _) = read(EXCEL_97).unwrap() else { panic!("it is a workbook") };
    let sheets: Vec<_> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.is_hidden)).collect();
    assert_eq!((sheets, sheet), (vec![("Gäste", false), ("Hidden", true)], 0));
}

fn rows_of(bytes: &[u8]) -> Vec<Vec<String>> {
    let (_, table) = read(bytes).expect("it is honest");
    (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect()
}

#[test]
fn spreadsheets_of_libre_office_are_read_as_they_were_saved() {
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let text = |text: &str| format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#);
    let value = |kind: &str, name: &str, value: &str| {
        format!(r#"<table:table-cell office:value-type="{kind}" office:{name}="{value}"><text:p>as shown</text:p></table:table-cell>"#)
    };
    let blank = |columns: usize, rows: usize| {
        format!(
            r#"<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}"/></table:table-row>"#
        )
    };
    let note = "<office:annotation><dc:date>2026-11-23</dc:date><text:p>not &amp; <![CDATA[this]]></text:p></office:annotation>";
    let rows = [
        "<table:table-column/>".to_owned(),
        row(&(text("E-mail") + &text("Note"))),
        row(&(text("a&amp;b &lt;<text:span>c</text:span>&gt;")
            + &text("one<text:s text:c=\"3\"/>two<text:tab/>three</text:p><text:p>fo<![CDATA[u]]>r<text:line-break/>five"))),
        blank(16_384, 2),
        row(&(value("float", "value", "007.50") + &value("date", "date-value", "2026-11-23") + &value("boolean", "boolean-value", "true"))),
        row(&format!(
            r#"<table:table-cell office:value-type="string"> &lt;<![CDATA[x]]>{note} <text:p>kept</text:p> </table:table-cell><table:covered-table-cell/>{}"#,
            text("far")
        )),
        row(r#"<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>twice</text:p></table:table-cell>"#),
        blank(16_384, 1_048_000),
    ];
    let expected: [&[&str]; 7] = [
        &["E-mail", "Note"],
        &["a&b <c>", "one   two\tthree\nfour\nfive"],
        &[],
        &[],
        &["7.5", "2026-11-23", "TRUE"],
        &["kept", "", "far"],
        &["twice", "twice"],
    ];
    assert_eq!(rows_of(&ods(&rows.concat())), expected);
}

#[test]
fn spreadsheets_of_libre_office_say_which_sheets_are_hidden_and_what_is_locked() {
    let style = |name: &str, shown: &str| {
        format!(r#"<style:style style:name="{name}"><style:table-properties table:display="{shown}"/></style:style>"#)
    };
    let table = |name: &str, style: &str| {
        let cell = format!(r#"<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>"#);
        format!(r#"<table:table table:name="{name}" table:style-name="{style}"><table:table-row>{cell}</table:table-row></table:table>"#)
    };
    let content = style("ta1", "false") + &style("ta2", "true") + &table("Old", "ta1") + &table("Guests", "ta2") + &table("More", "ta3");
    let content = format!("<office:document-content>{content}</office:document-content>");
    let (found, table) = read(&ods_of(&content, "")).unwrap();
    let DetectedFormat::Workbook { sheets, sheet, .. } = found else { panic!("it is a workbook") };
    let sheets: Vec<_> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.is_hidden)).collect();
    assert_eq!((sheets, sheet, table.cell(0, 0)), (vec![("Old", true), ("Guests", false), ("More", false)], 1, "Guests"));
    let entry = |inside: &str| format!(r#"<manifest:file-entry manifest:full-path="content.xml">{inside}</manifest:file-entry>"#);
    assert!(read(&ods_of(&content, &entry(""))).is_ok());
    assert_eq!(read(&ods_of(&content, &entry("<manifest:encryption-data/>"))).unwrap_err(), UnreadableFile::Locked);
    // One that ends too early.
    let cut = |at: &str| read(&ods_of(&content[..content.find(at).unwrap()], "")).map(|_| ()).unwrap_err();
    for at in ["</text:p>", "</table:table-row>"] {
        assert!(matches!(cut(at), UnreadableFile::Damaged(_)), "{at}");
    }
}

#[test]
fn what_is_repeated_is_refused_by_the_size_that_it_would_have() {
    let cell = |columns: &str| {
        format!(
            r#"<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>x</text:p></table:table-cell>"#
        )
    };
    let row = |rows: &str, cells: &str| format!(r#"<table:table-row table:number-rows-repeated="{rows}">{cells}</table:table-row>"#);
    let refused = |rows: &str| read(&ods(rows)).map(|_| ()).unwrap_err();
    assert_eq!(refused(&row("3000", &cell("16384"))), UnreadableFile::TooManyCells { rows: 3000, columns: 16_384 });
    assert_eq!(refused(&row("200000", &cell("1"))), UnreadableFile::TooManyRows);
    // What stands nowhere is none.
    assert_eq!(
        rows_of(&ods(&(row("0", &cell("2")) + &row("1", &(cell("0") + &cell("2"))) + &row("2", &cell("1"))))),
        [vec!["x", "x"], vec!["x"], vec!["x"]]
    );
}

/// An entity that stands for ten of another, which stands for ten of another: none of them is looked up.
#[test]
fn entities_of_a_files_own_stand_for_nothing() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"#;
    let cell = r#"<row><c t="inlineStr"><is><t>x&b;</t></is></c></row><row><c><v>1</v></c></row>"#;
    let WorkbookPart(name, head, piece, tail) = cells(cell, "", 0);
    assert!(read(&xlsx(vec![WorkbookPart(name, format!("{bomb}{head}"), piece, tail)])).is_err());
    let rows =
        r#"<table:table-row><table:table-cell office:value-type="string"><text:p>x&b;y</text:p></table:table-cell></table:table-row>"#;
    assert_eq!(rows_of(&ods(rows)), [["xy"]]);
}

#[test]
fn how_far_reading_is_gets_told() {
    let told = |bytes: &[u8]| {
        let mut told = Vec::new();
        sheet::read(bytes, &Wanted::default(), |done, of| told.push((done, of))).unwrap();
        told
    };
    let rows = cells("", "<row><c><v>1</v></c></row>", 5000);
    let WorkbookPart(name, head, piece, tail) = cells("", "<row><c><v>1</v></c></row>", 5000);
    let said = WorkbookPart(name, head.replace("<sheetData>", r#"<dimension ref="A1:B5001"/><sheetData>"#), piece, tail);
    assert_eq!(told(&xlsx(vec![rows])), [(0, 0), (2000, 2000), (4000, 4000)]);
    assert_eq!(told(&xlsx(vec![said])), [(0, 5000), (2000, 5000), (4000, 5000)]);
}

/// What could be read stays readable: 100,000 rows of 8 columns, most of whose texts stand in the list of texts.
#[test]
fn an_honest_workbook_of_the_largest_size_is_read() {
    let strings = WorkbookPart(
        "xl/sharedStrings.xml",
        "<sst uniqueCount=\"2\">".into(),
        ("<si><t>Email</t></si><si><t>a@b.example</t></si>".into(), 1),
        "</sst>".into(),
    );
    let row = format!("<row>{}</row>", r#"<c t="s"><v>1</v></c>"#.repeat(8));
    let bytes = xlsx(vec![strings, cells(r#"<row><c t="s"><v>0</v></c></row>"#, &row, 100_000)]);
    let (_, table) = read(&bytes).unwrap();
    assert_eq!((table.len(), table.width(), table.cell(0, 0), table.cell(100_000, 7)), (100_001, 8, "Email", "a@b.example"));
}
