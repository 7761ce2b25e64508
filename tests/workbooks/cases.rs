//! Workbooks as they were met: each is read as Excel shows it, and what was left out or is odd is told.

use super::build::{WorkbookPart, cells, ods, sheets, xlsx};
use super::{read, rows_of};
use guestlist::rows::List;
use guestlist::sheet::columns::{header_of, layout};
use guestlist::sheet::{self, DetectedFormat, Noticed, OtherKind, Table, UnreadableFile, Wanted};

/// The rows of the list that a file becomes, by the names of their columns.
fn list_of(bytes: &[u8], columns: &[&str]) -> Vec<Vec<String>> {
    let (_, table) = read(bytes).expect("it is a list");
    let layout = layout(&table, header_of(&table));
    let mut list = List::default();
    layout.add(table, &mut list, str::to_owned);
    (0..list.len()).map(|row| columns.iter().map(|name| list.row(row).cell(name).trim().to_owned()).collect()).collect()
}

fn noticed_in(bytes: &[u8]) -> Vec<Noticed> {
    read(bytes).expect("it is a list").0.noticed().to_vec()
}

#[test]
fn a_text_that_is_no_table_is_named() {
    for (text, kind, words) in [
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nEMAIL:ada@fabrikam.example\r\nEND:VCARD", OtherKind::VCard, "as CSV"),
        ("\u{feff}[\n  {\n    \"mail\": \"ada@fabrikam.example\"\n  }\n]", OtherKind::Json, "Export-Csv"),
        ("{\"value\":[{\"mail\":\"ada@fabrikam.example\"}]}", OtherKind::Json, "Export-Csv"),
        ("dn: cn=Ada,dc=fabrikam,dc=example\nmail: ada@fabrikam.example", OtherKind::Ldif, "csvde"),
    ] {
        let refused = read(text.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(refused, UnreadableFile::Other(kind), "{text}");
        assert!(refused.words().contains(words), "{}", refused.words());
    }
    assert!(read(b"[{x},mail\na,ada@fabrikam.example").is_ok());
}

#[test]
fn a_web_page_named_xls_is_read() {
    let page = include_bytes!("../cases/07-html-named-xls/members.xls");
    let expected = [["ada@fabrikam.example", "Ada Lovelace", "Fabrikam & Sons"], ["joerg@woodgrove.example", "Jörg Weber", "Woodgrove"]];
    assert_eq!(list_of(page, &["email", "displayName", "company"]), expected);
    assert_eq!(noticed_in(page), [Noticed::WebPage]);
    let page = b"<HTML><body><table><tr><td>Menu</td></tr></table><TABLE><TR><TD>Email<TD colspan=2>Name<TD>X\n<TR><TD>a@x.example<TD>A&nbsp;B<br>C<TD>&#228;<TD></TABLE>";
    assert_eq!(rows_of(page), [vec!["Email", "Name", "", "X"], vec!["a@x.example", "A B\nC", "ä", ""]]);
    assert_eq!(read(b"<!DOCTYPE html><p>Please sign in").map(|_| ()), Err(UnreadableFile::Other(OtherKind::WebPage)));
}

#[test]
fn what_a_web_page_hides_is_left_out_and_told_unless_it_is_asked_for() {
    let page = b"<html><table><col span=2><col style='mso-width-source:userset;display: none'><tr><th>Email<th style=\"DISPLAY:NONE\">Id</th><th>Salary<th>Name\
        <tr><td>a@x.example<td style='display:none'>1</td><td>10<td class=\"hidden not\">A\
        <tr height=0 style='display:none'><td>b@x.example<td style='display:none'>2<td>20<td>B\
        <tr hidden><td>c@x.example<td style='display:none'>3<td>30<td>C\
        <tr hidden=hidden><td><td><td><td>\
        <tbody style='visibility:collapse'><tr><td>d@x.example<td style='display:none'>4<td>40<td>D</tbody>\
        <tbody><tr><td>e@x.example<td style='display:none'>5<td>50<td aria-hidden=\"true\">E</table>";
    assert_eq!(rows_of(page), [["Email", "Name"], ["a@x.example", "A"], ["e@x.example", "E"]]);
    assert_eq!(noticed_in(page), [Noticed::WebPage, Noticed::Hidden { rows: 3, columns: 2, are_read: false }]);
    let wanted = Wanted { with_hidden: true, ..Wanted::default() };
    let (found, table) = sheet::read(page, &wanted, |_, _| {}).expect("it is a list");
    assert_eq!((table.len(), table.width(), table.cell(3, 3), table.cell(3, 2)), (7, 4, "C", "30"));
    assert_eq!(found.noticed(), [Noticed::WebPage, Noticed::Hidden { rows: 3, columns: 2, are_read: true }]);
    // A hidden cell that spans rows is hidden in each of them, and a hidden row is one that a cell spans.
    let page = b"<table><tr><td>Company<td hidden>Id<td>Email<tr><td rowspan=3>Fabrikam<td hidden rowspan=3>1<td>a@x.example<tr hidden><td>b@x.example<tr><td>c@x.example</table>";
    assert_eq!(rows_of(page), [["Company", "Email"], ["Fabrikam", "a@x.example"], ["Fabrikam", "c@x.example"]]);
}

#[test]
fn addresses_in_links_of_a_web_page_are_taken_as_those_of_a_workbook() {
    let page = b"<table><tr><th>Name<th>Email<th>Company<tr><td>Ada<td><a href=\"mailto:ada@x.example?subject=x\">Write</a><td><a href='https://x.example'>X</a>\
        <tr><td>Grace<td><a class=y HREF=mailto:grace%40x.example>Write</a><td><tr><td>Marie<td><a href='mailto:m@x.example'>marie@x.example</a><td></table>";
    assert_eq!(
        list_of(page, &["email", "displayName", "company"]),
        [["ada@x.example", "Ada", "X"], ["grace@x.example", "Grace", ""], ["marie@x.example", "Marie", ""]]
    );
    assert_eq!(noticed_in(page), [Noticed::WebPage, Noticed::Links(2)]);
    let page = b"<table><tr><th>Name<th>Contact<tr><td>Ada<td><a href='mailto:ada@x.example'><img src=x.png></a> <a href='https://x.example'><img src=y.png></a></table>";
    assert_eq!(rows_of(page)[1], ["Ada", "ada@x.example"]);
    // Behind names, which stay; hidden columns do not move them.
    let page =
        b"<table><tr><th hidden>Id<th>Name<th>Company<tr><td hidden>1<td><a href='mailto:ada@x.example'>Ada Lovelace</a><td>X</table>";
    assert_eq!(list_of(page, &["email", "displayName", "company"]), [["ada@x.example", "Ada Lovelace", "X"]]);
    assert_eq!(noticed_in(page).last(), Some(&Noticed::Links(1)));
}

#[test]
fn xml_of_excel_2003_is_read() {
    let xml = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="String">Email</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">Name</Data></Cell></Row><Row ss:Index="3"><Cell><Data ss:Type="String">a@x.example</Data></Cell><Cell/><Cell><Data ss:Type="String">A &amp; B</Data></Cell></Row><Row><Cell ss:Index="3"><Data ss:Type="Error">#N/A</Data></Cell></Row></Table></Worksheet></Workbook>"#;
    let empty: Vec<&str> = Vec::new();
    assert_eq!(rows_of(xml.as_bytes()), [vec!["Email", "", "Name"], empty, vec!["a@x.example", "", "A & B"], vec!["", "", "#N/A"]]);
    assert_eq!(noticed_in(xml.as_bytes()), [Noticed::ValuesOnly, Noticed::Errors { cells: 1, row: 3, column: 2 }]);
}

#[test]
fn of_several_sheets_of_xml_2003_one_is_asked_for() {
    let sheet = |name: &str, cell: &str, behind: &str| {
        format!(
            r#"<Worksheet ss:Name="{name}"><Table><Row><Cell><Data ss:Type="String">{cell}</Data></Cell></Row></Table>{behind}</Worksheet>"#
        )
    };
    let hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>";
    let sheets = sheet("Old &amp; gone", "x", hidden)
        + r#"<Worksheet ss:Name="Empty"/>"#
        + &sheet("First", "Email", "")
        + &sheet("Second", "a@x.example", "");
    let xml = format!(
        r#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{sheets}</Workbook>"#
    );
    let (found, table) = read(xml.as_bytes()).expect("it is a workbook");
    let DetectedFormat::Workbook { sheets, sheet, noticed, .. } = found else { panic!("it is a workbook") };
    let names: Vec<(&str, bool)> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.is_hidden)).collect();
    assert_eq!(names, [("Old & gone", true), ("First", false), ("Second", false)]);
    assert_eq!((sheet, table.cell(0, 0), noticed), (1, "Email", vec![Noticed::ValuesOnly, Noticed::Sheets { shown: 2, hidden: 1 }]));
    let wanted = Wanted { sheet: Some(2), ..Wanted::default() };
    let (found, table) = sheet::read(xml.as_bytes(), &wanted, |_, _| {}).expect("it is a workbook");
    assert_eq!((table.cell(0, 0), found.noticed()), ("a@x.example", &[Noticed::ValuesOnly][..]));
}

#[test]
fn cells_of_a_web_page_that_span_rows_stand_in_each() {
    let page = b"<table><tr><th>Company<th>Name<th>Email<tr><td rowspan=2>X<td>A<td>a@x.example<tr><td>B<td>b@x.example<tr><td>Y<td rowspan='2'>C<td>c@x.example<tr><td>Z<td>d@x.example</table>";
    let expected = [
        ["Company", "Name", "Email"],
        ["X", "A", "a@x.example"],
        ["X", "B", "b@x.example"],
        ["Y", "C", "c@x.example"],
        ["Z", "C", "d@x.example"],
    ];
    assert_eq!(rows_of(page), expected);
    assert_eq!(noticed_in(page), [Noticed::WebPage, Noticed::Merged(2)]);
}

#[test]
fn the_encoding_of_a_web_page_that_does_not_say_it_is_looked_at() {
    let page = "<table><tr><th>Email</th><th>Name</th></tr><tr><td>j@x.example</td><td>Jürgen Müller</td></tr><tr><td>r@x.example</td><td>René Garçon</td></tr></table>";
    // Mac Roman.
    let mac: Vec<u8> = page
        .chars()
        .map(|sign| match sign {
            'ü' => 0x9f,
            'é' => 0x8e,
            'ç' => 0x8d,
            sign => u8::try_from(sign).expect("ASCII"),
        })
        .collect();
    let mac = mac.as_slice();
    let (found, table) = read(mac).expect("it is a list");
    let DetectedFormat::Workbook { encoding: Some(encoding), noticed, looks, .. } = found else { panic!("it has an encoding") };
    assert_eq!((table.cell(1, 1), noticed.last()), ("Jürgen Müller", Some(&Noticed::Guessed(encoding))));
    assert!(looks.len() > 1 && looks[0].rows[0].contains("Jürgen Müller") && !looks[0].rows[0].contains('<'), "{looks:?}");
    // One that says it, UTF-8, and what somebody says are no guess.
    let is_guess = |bytes: &[u8]| noticed_in(bytes).iter().any(|noticed| matches!(noticed, Noticed::Guessed(_)));
    assert!(!is_guess(page.as_bytes()));
    assert!(!is_guess(&[b"<meta charset=windows-1252>", mac].concat()));
}

#[test]
fn what_is_protected_or_no_list_is_named_with_a_way_out() {
    let words = |bytes: &[u8]| read(bytes).expect_err("it cannot be read").words();
    let locked = words(include_bytes!("../cases/08-encrypted-workbook/guests.xlsx"));
    assert!(locked.contains("password or a sensitivity label") && locked.contains("save a copy") && locked.contains("paste"), "{locked}");
    assert!(words(b"%PDF-1.7\n...").contains("PDF"));
    let archive = |name: &'static str| super::zipped(vec![WorkbookPart::whole(name, "x")], zip::CompressionMethod::Stored);
    assert!(words(&archive("Index/Tables/Tile.iwa")).contains("Numbers"));
    assert!(words(&archive("Index/Document.iwa")).contains("Pages"));
    assert!(words(&archive("Index/Slide.iwa")).contains("Keynote"));
    assert!(words(&archive("word/document.xml")).contains("Word"));
    assert!(words(&archive("list.csv")).contains("Unpack"));
}

#[test]
fn addresses_behind_cells_are_found_and_seen_ones_win() {
    let book = include_bytes!("../cases/09-xlsx-mailto-links/contacts.xlsx");
    let expected = [
        ["ada@fabrikam.example", "Ada Lovelace", "Fabrikam"],
        ["grace@woodgrove.example", "Grace Hopper", "Woodgrove"],
        ["linus@adatum.example", "Linus Pauling", "Adatum"],
        ["marie@fabrikam.example", "Marie Curie", "Fabrikam"],
    ];
    assert_eq!(list_of(book, &["email", "displayName", "company"]), expected);
    assert_eq!(noticed_in(book), [Noticed::Links(3)]);
}

/// A workbook of these rows, with something behind them.
fn book(rows: &str, behind: &str) -> Vec<u8> {
    let WorkbookPart(name, head, piece, tail) = cells(rows, "", 0);
    xlsx(vec![WorkbookPart(name, head, piece, tail.replace("</sheetData>", &format!("</sheetData>{behind}")))])
}

fn texts(row: usize, attributes: &str, texts: &[&str]) -> String {
    let cell = |(place, text): (usize, &&str)| {
        let column = char::from(b'A' + u8::try_from(place).expect("few columns"));
        let text = match text.strip_prefix('=') {
            Some(formula) => format!(r#"t="str"><f>{formula}</f><v>Write</v>"#),
            None => format!(r#"t="inlineStr"><is><t>{text}</t></is>"#),
        };
        format!(r#"<c r="{column}{row}" {text}</c>"#)
    };
    format!(
        r#"<row r="{row}" {attributes}>{}</row>"#,
        texts.iter().enumerate().filter(|(_, text)| !text.is_empty()).map(cell).collect::<String>()
    )
}

#[test]
fn names_that_are_links_stay_and_their_addresses_get_a_column() {
    let rows = texts(1, "", &["Name", "Company"])
        + &texts(2, "", &["=HYPERLINK(\"mailto:a@x.example\",\"Write\")", "X"]).replace("<v>Write", "<v>Ada")
        + &texts(3, "", &["=HYPERLINK(\"mailto:b@x.example\",\"Write\")", "X"]).replace("<v>Write", "<v>Bob");
    assert_eq!(rows_of(&book(&rows, "")), [["Name", "Company", "Email"], ["Ada", "X", "a@x.example"], ["Bob", "X", "b@x.example"]]);
    let rows = texts(1, "", &["Name", "Contact"])
        + &texts(2, "", &["Ada", "=HYPERLINK(\"mailto:a@x.example\",\"Write\")"])
        + &texts(3, "", &["Bob", "=HYPERLINK(\"mailto:b@x.example\",\"Write\")"]);
    assert_eq!(rows_of(&book(&rows, "")), [["Name", "Contact"], ["Ada", "a@x.example"], ["Bob", "b@x.example"]]);
}

#[test]
fn links_behind_some_cells_fill_in_for_those_that_show_no_address() {
    let write = |address: &str| format!("=HYPERLINK(\"mailto:{address}\",\"Write\")");
    let (zero, one, two) = (write("n0@x.example"), write("n1@x.example"), write("n2@x.example"));
    let check = |heading: &str, contacts: [&str; 3]| {
        let rows = contacts.iter().enumerate().map(|(place, contact)| texts(place + 3, "", &[&format!("N{place}"), contact]));
        let book = book(&(texts(1, "", &["Guests"]) + &texts(2, "", &["Who", heading]) + &rows.collect::<String>()), "");
        let expected = [["N0", "n0@x.example"], ["N1", "n1@x.example"], ["N2", "n2@x.example"]];
        assert_eq!(rows_of(&book)[1..], [&[["Who", heading]][..], &expected].concat(), "{contacts:?}");
    };
    for heading in ["Kontakt", "Contact", "E-Mail"] {
        check(heading, [&zero, "n1@x.example", "n2@x.example"]);
        check(heading, ["n0@x.example", "n1@x.example", &two]);
        check(heading, ["n0@x.example", &one, &two]);
        check(heading, [&zero, &one, &two]);
    }
    // Typed addresses that are links themselves are what they show.
    let rows = texts(1, "", &["Kontakt"])
        + &texts(2, "", &[&zero])
        + &texts(3, "", &["=HYPERLINK(\"mailto:other@x.example\",\"x\")"]).replace("<v>Write", "<v>n1@x.example");
    assert_eq!(rows_of(&book(&rows, "")), [["Kontakt"], ["n0@x.example"], ["n1@x.example"]]);
}

#[test]
fn the_heading_of_linked_addresses_stands_among_the_headings() {
    let linked = |row: usize, name: &str| {
        texts(row, "", &["=HYPERLINK(\"mailto:a@x.example\",\"Write\")", "X"])
            .replace("<v>Write", &format!("<v>{name}"))
            .replace("mailto:a@", &format!("mailto:{name}@"))
    };
    let rows = texts(1, "", &["Name", "Company"]) + &texts(2, "", &["Ada", "X"]) + &linked(3, "Bob") + &linked(4, "Cy");
    let expected = [&["Name", "Company", "Email"][..], &["Ada", "X"], &["Bob", "X", "Bob@x.example"], &["Cy", "X", "Cy@x.example"]];
    assert_eq!(rows_of(&book(&rows, "")), expected);
    // A name that is an address by mistake makes no addresses of the others.
    let rows = texts(1, "", &["Name", "Company"]) + &texts(2, "", &["ada@x.example", "X"]) + &linked(3, "Bob");
    let expected = [&["Name", "Company", "Email"][..], &["ada@x.example", "X"], &["Bob", "X", "Bob@x.example"]];
    assert_eq!(rows_of(&book(&rows, "")), expected);
    // Without headings there is none.
    let rows = linked(1, "Ada") + &linked(2, "Bob");
    assert_eq!(rows_of(&book(&rows, "")), [["Ada", "X", "Ada@x.example"], ["Bob", "X", "Bob@x.example"]]);
}

#[test]
fn rows_are_numbered_as_in_the_sheet() {
    let row = |row: usize, cells: [&str; 2]| texts(row, "", &["", cells[0], cells[1]]);
    let rows = row(3, ["Email", "Name"]) + &row(4, ["a@x.example", "A"]) + &row(5, ["b@x.example", "B"]) + &row(7, ["Total", "2"]);
    let (found, table) = read(&book(&rows, "")).unwrap();
    let header = header_of(&table);
    assert_eq!(layout(&table, header).told(), ["Row 7 looks like a total and is left out."]);
    assert_eq!((found.above(), table.number(header.unwrap())), (2, 3));
    // As the page puts it together.
    let (text, cuts) = table.clone().into_parts();
    assert_eq!(Table::from_parts(text, cuts).map(|again| again.below(found.above())), Some(table));
}

#[test]
fn columns_with_nothing_in_them_are_left_out() {
    let rows = texts(1, "", &["Guests of the fair"])
        + &texts(3, "", &["", "", "Email", "Name", "", "Table"])
        + &texts(4, "", &["", "", "a@x.example", "A", "", "7"]);
    let book = book(&rows, "");
    assert_eq!(list_of(&book, &["email", "displayName", "table"]), [["a@x.example", "A", "7"]]);
    let (_, table) = read(&book).unwrap();
    let mut list = List::from_columns(Vec::new());
    layout(&table, header_of(&table)).add(table, &mut list, str::to_owned);
    assert_eq!(list.columns().iter().map(|column| column.heading.as_str()).collect::<Vec<_>>(), ["Email", "Name", "Table"]);
}

#[test]
fn times_of_day_are_times_and_days_are_counted_from_1900_or_1904() {
    let expected = [
        ["ada@fabrikam.example", "Ada Lovelace", "09:30", "2026-11-23"],
        ["grace@woodgrove.example", "Grace Hopper", "14:05", "2026-11-23"],
    ];
    let columns = ["email", "displayName", "arrival", "day"];
    assert_eq!(list_of(include_bytes!("../cases/11-xlsx-time-of-day/slots-1900.xlsx"), &columns), expected);
    assert_eq!(list_of(include_bytes!("../cases/11-xlsx-time-of-day/slots-1904.xlsx"), &columns), expected);
}

#[test]
fn padded_numbers_keep_their_zeros() {
    let book = include_bytes!("../cases/12-xlsx-padded-numbers/badges.xlsx");
    let expected = [["ada@fabrikam.example", "0000012", "01067", "3"], ["grace@woodgrove.example", "1234567", "80331", "12"]];
    assert_eq!(list_of(book, &["email", "badgeNumber", "postalCode", "visits"]), expected);
    assert_eq!(noticed_in(book), []);
}

#[test]
fn exports_of_report_servers_and_reading_aids_are_read() {
    let report = include_bytes!("../cases/13-xlsx-report-export/report.xlsx");
    let expected = [["ada@fabrikam.example", "Ada Lovelace", "Fabrikam & Sons"], ["grace@woodgrove.example", "Grace Hopper", ""]];
    assert_eq!(list_of(report, &["email", "displayName", "company"]), expected);
    let names = include_bytes!("../cases/14-xlsx-furigana-escapes/meibo.xlsx");
    let expected = [["taro@fabrikam.example", "山田 太郎", ""], ["ada@fabrikam.example", "Ada Lovelace", "room_x0041_"]];
    assert_eq!(list_of(names, &["email", "displayName", "備考"]), expected);
}

#[test]
fn what_is_hidden_is_left_out_and_told_unless_it_is_asked_for() {
    let rows = texts(1, "", &["Email", "Salary", "Name"])
        + &texts(2, "", &["a@x.example", "1", "A"])
        + &texts(3, r#"hidden="1""#, &["b@x.example", "2", "B"])
        + &texts(4, r#"ht="0" customHeight="1""#, &["c@x.example", "3", "C"])
        + &texts(5, r#"hidden="true""#, &[]);
    let WorkbookPart(name, head, piece, tail) = cells(&rows, "", 0);
    let head =
        head.replace("<sheetData>", r#"<cols><col min="2" max="2" hidden="1"/><col min="9" max="20" hidden="1"/></cols><sheetData>"#);
    let book = xlsx(vec![WorkbookPart(name, head, piece, tail)]);
    assert_eq!(rows_of(&book), [["Email", "Name"], ["a@x.example", "A"]]);
    assert_eq!(noticed_in(&book), [Noticed::Hidden { rows: 2, columns: 1, are_read: false }]);
    let words = noticed_in(&book)[0].words();
    assert_eq!(words, "2 rows and 1 column of the sheet are hidden or filtered away. They were left out.");
    let wanted = Wanted { with_hidden: true, ..Wanted::default() };
    let (found, table) = sheet::read(&book, &wanted, |_, _| {}).expect("it is a list");
    assert_eq!((table.len(), table.width(), table.cell(3, 2)), (4, 3, "C"));
    assert_eq!(found.noticed(), [Noticed::Hidden { rows: 2, columns: 1, are_read: true }]);
}

#[test]
fn what_stands_far_to_the_right_is_named_where_it_stands_in_the_sheet() {
    let far = |text: &str| format!(r#"<row r="3"><c r="XFD3" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c></row>"#);
    let rows = |text: &str| texts(1, "", &["", "Email"]) + &texts(2, "", &["", "a@x.example"]) + &far(text);
    let expected = sheet::FarCell { row: Some(2), column: 16_383, text: "x".into() };
    let refused = |book: &[u8]| read(book).expect_err("it is too wide");
    assert_eq!(refused(&book(&rows(" x "), "")), UnreadableFile::FarCell(expected.clone()));
    // With columns between that are left out.
    let WorkbookPart(name, head, piece, tail) = cells(&rows("x"), "", 0);
    let head = head.replace("<sheetData>", r#"<cols><col min="3" max="90" hidden="1"/></cols><sheetData>"#);
    assert_eq!(refused(&xlsx(vec![WorkbookPart(name, head, piece, tail)])), UnreadableFile::FarCell(expected));
    // Blanks are nothing.
    let (_, table) = read(&book(&rows("  "), "")).expect("it is a list");
    assert_eq!(table.cell(1, 0), "a@x.example");
}

#[test]
fn merged_cells_stand_in_each_row_and_errors_are_told() {
    let rows = texts(2, "", &["", "Guests of 2026"])
        + &texts(3, "", &["", "Company", "Contact"])
        + &texts(4, "", &["", "", "Email", "Name"])
        + &texts(5, "", &["", "Fabrikam", "a@x.example", "A"])
        + &texts(6, "", &["", "", "b@x.example", "B"])
        + r#"<row r="7"><c r="B7" t="e"><v>#N/A</v></c><c r="C7" t="inlineStr"><is><t>c@x.example</t></is></c></row>"#;
    let merged =
        r#"<mergeCells><mergeCell ref="B2:D2"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:D3"/><mergeCell ref="B5:B6"/></mergeCells>"#;
    let book = book(&rows, merged);
    assert_eq!(
        list_of(&book, &["email", "displayName", "company"]),
        [["a@x.example", "A", "Fabrikam"], ["b@x.example", "B", "Fabrikam"], ["c@x.example", "", "#N/A"]]
    );
    assert_eq!(noticed_in(&book), [Noticed::Merged(2), Noticed::Errors { cells: 1, row: 6, column: 1 }]);
    assert!(noticed_in(&book)[1].words().ends_with("It stands in B7."), "{}", noticed_in(&book)[1].words());
}

#[test]
fn formulas_without_a_stored_value_are_told() {
    let rows = texts(1, "", &["Email", "Name"])
        + r#"<row r="2"><c r="A2" t="inlineStr"><is><t>a@x.example</t></is></c><c r="B2"><f>C2&amp;D2</f><v></v></c></row>"#
        + r#"<row r="3"><c r="A3" t="inlineStr"><is><t>b@x.example</t></is></c><c r="B3"><f t="shared" si="0"/></c></row>"#
        + r#"<row r="4"><c r="A4" t="inlineStr"><is><t>c@x.example</t></is></c><c r="B4" t="str"><f>""</f><v></v></c></row>"#
        + r#"<row r="5"><c r="A5" t="inlineStr"><is><t>d@x.example</t></is></c><c r="B5" t="str"><f>E5</f><v>D</v></c></row>"#
        + r#"<row r="6" ht="0"><c r="A6" t="inlineStr"><is><t>e@x.example</t></is></c><c r="B6"><f>E5</f></c></row>"#;
    let noticed = noticed_in(&book(&rows, ""));
    assert_eq!(noticed[1..], [Noticed::NoValues { cells: 2, row: 1, column: 1 }], "and one hidden row: {noticed:?}");
    let words = "2 formulas have no stored value, and are read as empty: open the file in Excel and save it once. The first stands in B2.";
    assert_eq!(noticed[1].words(), words);
    // In the other kinds that are markup.
    let book = ods(
        r#"<table:table-row><table:table-cell office:value-type="string"><text:p>a@x.example</text:p></table:table-cell><table:table-cell table:formula="of:=[.C1]"/><table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/></table:table-row>"#,
    );
    assert!(noticed_in(&book).contains(&Noticed::NoValues { cells: 1, row: 0, column: 1 }));
    let xml = r#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="String">a@x.example</Data></Cell><Cell ss:Formula="=RC[1]"/><Cell ss:Formula="=&quot;&quot;"><Data ss:Type="String"></Data></Cell></Row></Table></Worksheet></Workbook>"#;
    assert!(noticed_in(xml.as_bytes()).contains(&Noticed::NoValues { cells: 1, row: 0, column: 1 }));
}

/// As SheetJS 0.18.5 writes them: three columns from B2 on, #REF! in C4 and #N/A in D4.
#[test]
fn errors_in_cells_are_told_of_every_kind_of_workbook() {
    let told = Noticed::Errors { cells: 2, row: 3, column: 2 };
    let expected = [vec!["Email", "Name", "Company"], vec!["a@x.example", "A", "Fabrikam"], vec!["b@x.example", "#REF!", "#N/A"]];
    for book in [&include_bytes!("errors.xls")[..], include_bytes!("errors.xlsb")] {
        assert_eq!(rows_of(book), expected);
        assert_eq!(noticed_in(book), [told, Noticed::ValuesOnly]);
    }
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let text = |text: &str, more: &str| {
        format!(r#"<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>"#)
    };
    let is_error = r#"office:string-value="" calcext:value-type="error""#;
    let book = ods(&[
        row(&(text("Email", "") + &text("Name", ""))),
        row(&(text("#N/A", "") + &text("Fehler:502", is_error))),
        row(&(text("#REF!", r#"table:formula="of:=[#REF!]" table:number-columns-repeated="2""#))),
    ]
    .concat());
    assert_eq!(rows_of(&book)[1..], [["#N/A", "Fehler:502"], ["#REF!", "#REF!"]]);
    assert_eq!(noticed_in(&book)[0], Noticed::Errors { cells: 3, row: 1, column: 1 });
}

#[test]
fn which_of_several_sheets_it_is_gets_asked() {
    let two = sheets(2, vec![cells(&texts(1, "", &["Email"]), "", 0)]);
    assert_eq!(noticed_in(&two), [Noticed::Sheets { shown: 2, hidden: 0 }]);
    let wanted = Wanted { sheet: Some(1), ..Wanted::default() };
    let (found, _) = sheet::read(&two, &wanted, |_, _| {}).expect("it is a list");
    assert_eq!((found.noticed(), matches!(found, DetectedFormat::Workbook { sheet: 1, .. })), (&[][..], true));
}

#[test]
fn cells_are_shown_as_excel_shows_what_stands_in_them() {
    let cell = |kind: &str, inside: &str| format!(r#"<c t="{kind}">{inside}</c>"#);
    let cells = [
        cell("str", "<v>007</v>\n<f>A1&amp;B1</f>\n"),
        cell("str", "<f>B1</f><v>Fabrikam &amp; <![CDATA[<Sons>]]></v>"),
        cell("b", "<v>1</v>"),
        cell("b", "<v>0</v>"),
        cell("b", "<v></v>"),
        cell("d", "<v>2026-11-23</v>"),
        cell("n", "<f>1+1</f><v>2</v>"),
        cell(
            "inlineStr",
            "<is><r><t>山</t></r><rPh sb=\"0\" eb=\"1\"><t>ヤ&amp;<![CDATA[マ]]></t></rPh><r><t>田<![CDATA[<x>]]></t></r></is>",
        ),
    ];
    let rows = format!("<row>{}</row>", cells.concat());
    assert_eq!(rows_of(&book(&rows, "")), [["007", "Fabrikam & <Sons>", "TRUE", "FALSE", "", "2026-11-23", "2", "山田<x>"]]);
    assert_eq!(noticed_in(&book(&rows, "")), []);
    let cut = |at: &str| {
        let WorkbookPart(name, head, ..) = super::cells(&rows, "", 0);
        read(&xlsx(vec![WorkbookPart::whole(name, &head[..head.find(at).expect("it is there")])])).map(|_| ())
    };
    for at in ["</v>", "</c>", "</t>"] {
        assert!(matches!(cut(at), Err(UnreadableFile::Damaged(_))), "{at}");
    }
}

#[test]
fn formats_of_texts_and_of_numbers_are_those_of_the_styles() {
    let code = |number: usize, code: &str| format!(r#"<numFmt numFmtId="{number}" formatCode="{code}"/>"#);
    let long = |length: usize| format!("&quot;{}&quot;0", "k".repeat(length - 3));
    let codes = code(164, "&quot;Dr. &quot;@") + &code(165, &long(1000)) + &code(166, &long(1001)) + &code(167, "General");
    let styles = format!(
        r#"<styleSheet><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="10"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="9"/></cellXfs></styleSheet>"#
    );
    let text = |style: usize, text: &str| format!(r#"<c s="{style}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let number = |style: usize| format!(r#"<c s="{style}"><v>5</v></c>"#);
    // A day that is written as such is no number.
    let day = r#"<c s="5" t="d"><v>2026</v></c>"#;
    let row = format!("<row>{}{}{}{day}</row>", text(1, "Ada"), text(1, ""), [0, 2, 3, 4, 5, 9].map(number).concat());
    let book = xlsx(vec![cells(&row, "", 0), WorkbookPart::whole("xl/styles.xml", styles)]);
    assert_eq!(rows_of(&book), [["Dr. Ada", "", "5", &format!("{}5", "k".repeat(997)), "5", "5", "500%", "5", "2026"]]);
}

#[test]
fn parts_are_found_where_a_workbook_says_that_they_lie() {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>"#
        )
    };
    let relations = |relations: &str| format!("<Relationships>{relations}</Relationships>");
    let sheet = |name: &str, state: &str, id: &str| format!(r#"<sheet name="{name}" {state} r:id="{id}"/>"#);
    let named = sheet("Gone", r#"state="hidden""#, "a") + &sheet("Guests", r#"state="visible""#, "b") + &sheet("More", "", "a");
    let rows = r#"<worksheet><cols><col min="1" max="1" width="9"/></cols><sheetData><row><c t="s"><v>1</v></c><c s="1"><v>0.5</v></c></row></sheetData></worksheet>"#;
    let parts = vec![
        WorkbookPart::whole("_rels/.rels", relations(&relation("x", "officeDocument", "/book/main.xml"))),
        WorkbookPart::whole("book/main.xml", format!("<workbook><sheets>{named}</sheets></workbook>")),
        WorkbookPart::whole(
            "book/_rels/main.xml.rels",
            relations(
                &(relation("a", "worksheet", "one.xml")
                    + &relation("b", "worksheet", "../sheets/two.xml")
                    + &relation("c", "sharedStrings", "texts.xml")
                    + &relation("d", "styles", "looks.xml")),
            ),
        ),
        WorkbookPart::whole("book/one.xml", "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"),
        WorkbookPart::whole("sheets/two.xml", rows),
        WorkbookPart::whole("book/texts.xml", "<sst><si><t>no</t></si><si><t>Ada</t></si><extLst><ext/></extLst></sst>"),
        WorkbookPart::whole("book/looks.xml", r#"<styleSheet><cellXfs><xf/><xf numFmtId="9"/></cellXfs><dxfs/></styleSheet>"#),
        WorkbookPart::whole("xl/x.xml", ""),
    ];
    let book = super::zipped(parts, zip::CompressionMethod::Stored);
    assert_eq!(rows_of(&book), [["Ada", "50%"]]);
    let (DetectedFormat::Workbook { sheets, sheet, .. }, _) = read(&book).expect("it is a list") else { panic!("it is a workbook") };
    assert_eq!((sheets.iter().map(|sheet| sheet.is_hidden).collect::<Vec<_>>(), sheet), (vec![true, false, false], 1));
}

#[test]
fn links_are_found_behind_hidden_columns() {
    let rows = texts(1, "", &["Name", "", "", "", "", "", "Contact"])
        + &texts(2, "", &["Ada", "", "", "", "", "", "write"])
        + &texts(3, "", &["Bob", "", "", "", "", "", "write"]);
    let hyperlinks = r#"<hyperlinks><hyperlink ref="G2" r:id="h1"/><hyperlink ref="G3" r:id="h2"/></hyperlinks>"#;
    let WorkbookPart(name, head, piece, tail) = cells(&rows, "", 0);
    let head = head.replace("<sheetData>", r#"<cols><col min="2" max="6" hidden="1"/></cols><sheetData>"#);
    let tail = tail.replace("</sheetData>", &format!("</sheetData>{hyperlinks}"));
    let link = |id: &str, to: &str| format!(r#"<Relationship Id="{id}" Type="x/hyperlink" Target="mailto:{to}" TargetMode="External"/>"#);
    let links = format!("<Relationships>{}{}</Relationships>", link("h1", "a@x.example"), link("h2", "b@x.example"));
    let book = xlsx(vec![WorkbookPart(name, head, piece, tail), WorkbookPart::whole("xl/worksheets/_rels/sheet1.xml.rels", links)]);
    assert_eq!(rows_of(&book), [["Name", "Contact"], ["Ada", "a@x.example"], ["Bob", "b@x.example"]]);
    assert_eq!(noticed_in(&book), [Noticed::Links(2)]);
}

#[test]
fn a_hidden_column_alone_is_told_and_rows_that_do_not_say_their_number_are_counted() {
    let row = r#"<row customHeight="1" ht="20" hidden="0"><c t="e"><v>#N/A</v></c><c><v>1</v></c></row>"#;
    let WorkbookPart(name, head, piece, tail) = cells(&(row.to_owned() + row), "", 0);
    let head = head.replace(
        "<sheetData>",
        r#"<sheetViews><sheetView/></sheetViews><cols><col min="1" max="1" width="20"/><col min="2" max="2" hidden="1"/></cols><sheetData>"#,
    );
    let book = xlsx(vec![WorkbookPart(name, head, piece, tail)]);
    assert_eq!(rows_of(&book), [["#N/A"], ["#N/A"]]);
    assert_eq!(
        noticed_in(&book),
        [Noticed::Hidden { rows: 0, columns: 1, are_read: false }, Noticed::Errors { cells: 2, row: 0, column: 0 }]
    );
}

#[test]
fn a_cell_may_be_full_of_characters_that_are_written_by_their_numbers() {
    let cell = format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "&#x1F600;".repeat(32_767));
    assert_eq!(rows_of(&book(&cell, "")), [["😀".repeat(32_767)]]);
}

#[test]
fn so_many_merged_cells_are_read_at_most() {
    let rows = texts(1, "", &["Email"]) + &texts(2, "", &["a@x.example"]);
    let merged = format!("<mergeCells>{}</mergeCells>", r#"<mergeCell ref="A1:A2"/>"#.repeat(100_001));
    assert_eq!(noticed_in(&book(&rows, &merged)), [Noticed::Merged(100_000)]);
}
