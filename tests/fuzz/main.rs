//! Whatever bytes come, every reader reads them: none panics, and no row is lost. Inputs are made by changing good ones at
//! random. A check begins with the same ones each time; `FUZZ_SECONDS=600 cargo test --test fuzz` begins elsewhere, goes on for
//! longer and prints its seed, and `FUZZ_SEED` repeats a run.
//! `formats` has the number formats of workbooks, `sections` lists that were put together.

mod formats;
#[path = "../simulation/rng.rs"]
#[expect(dead_code, reason = "the simulation uses more of it")]
mod rng;
mod sections;

use guestlist::letter::editing;
use guestlist::letter::template::{self, PieceSource};
use guestlist::letter::{OutgoingMessage, html, mime};
use guestlist::rows::{Address, Column, Guests, List, clip, quick_add, repairs};
use guestlist::sheet::columns::{header_of, layout};
use guestlist::sheet::{self, DetectedFormat, Encoding, IncomingText, Noticed, Quote, Table, Wanted, detect, formula, text, write};
use rng::Rng;
use std::io::{Cursor, Write};
use std::time::{Duration, SystemTime};

const GOOD: [&str; 6] = [
    "Email,Name\r\nada@fabrikam.example,\"Lovelace, Ada\"\r\nbob@fabrikam.example,Bob\r\n",
    "Nachname;Vorname;E-Mail\nMüller;Jürgen;j@fabrikam.example\n;;\nx;y;z\n",
    "version:v1.0\nEmail address to invite [inviteeEmail] Required,Redirection url [inviteRedirectURL] Required\na@b.example,https://c.example\n",
    "\"Ada\" <ada@a.example>; bob@a.example, Lovelace, Ada <c@a.example>\n\nnobody",
    "a\tb\r\n\"two\nlines\"\t\"say \"\"hi\"\"\"\r\n",
    "Dear {{displayName|guest}}, {{#if company}} {{ {{x}} }} {{y|}} }}{{",
];
const BITS: [&[u8]; 16] =
    [b"\"", b",", b";", b"\t", b"\n", b"\r", b"@", b"<", b">", b"{{", b"}}", b"\xff", b"\x00", b"\xe2\x80\x8b", b"|", b"=1+1"];

fn changed(rng: &mut Rng, good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=rng.below(8) {
        let place = rng.below(bytes.len() + 1);
        match rng.below(5) {
            0 => {
                let bits = BITS[rng.below(BITS.len())];
                bytes.splice(place..place, bits.iter().copied());
            }
            1 if place < bytes.len() => bytes[place] = u8::try_from(rng.below(256)).unwrap_or(0),
            2 => bytes.truncate(place),
            3 => {
                let end = (place + rng.below(20)).min(bytes.len());
                bytes.drain(place..end);
            }
            _ => {
                let end = (place + rng.below(40)).min(bytes.len());
                let again = bytes[place..end].to_vec();
                bytes.splice(place..place, again);
            }
        }
    }
    bytes
}

/// Every row of a table is on the list, or was blank, or is headings or told to be left out.
fn nothing_is_lost(table: &Table) {
    let layout = layout(table, header_of(table));
    let mut guests = Guests::default();
    let mut told = None;
    guests.grow("a file".into(), |list: &mut List| told = Some(layout.add(table.clone(), list, str::to_owned)));
    let told = told.unwrap_or_default();
    assert_eq!(told.rows + told.blank + told.left_out, table.len());
    // Headings alone are left out without a word.
    assert!(told.left_out <= usize::from(layout.header.is_some()) || !layout.told().is_empty());
    assert_eq!(guests.list().len(), told.rows);
    let summary = guests.checks().summary();
    assert_eq!(summary.rows, told.rows);
    for repair in repairs::repairs(guests.list(), guests.checks()) {
        guests.fix(&repair, None, str::to_owned);
    }
    while guests.undo().is_some() {}
    assert!(guests.list().is_empty());
}

fn read_everything(bytes: &[u8]) {
    if let Ok((found, table)) = sheet::read(bytes, &Wanted::default(), |_, _| {}) {
        nothing_is_lost(&table);
        // It comes in pieces of any length, and is the same.
        if let Some(mut incoming) = IncomingText::begin(bytes, &Wanted::default(), bytes.len()) {
            bytes.chunks(bytes.len() % 7 + 1).for_each(|piece| incoming.feed(piece).expect("it is short"));
            // What looks odd is read again as a whole.
            let read = incoming.end().expect("it is short");
            assert!(read.is_none_or(|read| read == (found, table.clone())));
        }
        let book = write::workbook(&table).expect("memory is no disk");
        let again = sheet::read(&book, &Wanted::default(), |_, _| {});
        // XML holds no control characters: of a table that has nothing else an empty sheet is left.
        let is_seen =
            |character: char| !character.is_control() && !character.is_whitespace() && !matches!(character, '\u{fffe}' | '\u{ffff}');
        let shows = (0..table.len()).any(|row| table.row(row).any(|cell| cell.chars().any(is_seen)));
        assert!(!shows || again.is_ok(), "{again:?}");
    }
    let text = String::from_utf8_lossy(bytes);
    let start = text.trim_ascii_start().to_ascii_lowercase();
    let is_plain = !text.contains(['"', '\0']) && !["sep=", "#type ", "\u{feff}"].iter().any(|word| start.starts_with(word));
    if is_plain {
        let delimiter = text::delimiter_of(text.as_bytes());
        let wanted = Wanted { quote: Some(Quote::Double), ..Wanted::default() };
        let mut cutter = text::Cutter::new(text.as_bytes(), &wanted, 0);
        cutter.feed(text.as_bytes()).expect("it is short");
        let table = cutter.end().expect("it is short").expect("it is UTF-8");
        let lines: Vec<&str> = text.split(['\n', '\r']).filter(|line| !line.is_empty()).collect();
        let cells = |line: &&str| line.bytes().filter(|byte| *byte == delimiter.byte()).count() + 1;
        assert_eq!((0..table.len()).map(|row| table.row(row).count()).collect::<Vec<_>>(), lines.iter().map(cells).collect::<Vec<_>>());
    }
    let reading = quick_add::read(&text).expect("it is short");
    assert!(reading.rows.iter().flatten().all(|(column, _)| !column.name.is_empty()));
    let rows = clip::read(&text);
    assert_eq!(clip::read(&clip::write(rows.iter().map(|row| row.iter().map(String::as_str)))), rows);
    assert_eq!(formula::restored(&formula::defused(&text)), text);
    no_letter_is_lost(&text);
    for line in text.lines() {
        _ = Address::parse(line).map(|address| assert!(Address::parse_parts(address.as_str()).is_ok()));
        _ = Column::from_heading(line);
    }
}

/// Everything that was typed and is no field is in the filled text, in its order; what cannot be meant is named where it
/// stands; and a text whose fields are nothing is never longer than what was typed.
fn no_letter_is_lost(text: &str) {
    let template = template::parse(text);
    let filled = template.fill(|_| None);
    assert!(filled.text().len() <= text.len());
    let fields = template.fields();
    for span in fields.iter().map(|field| &field.span).chain(template.mistakes.iter().map(|mistake| &mistake.span)) {
        assert!(text.get(span.clone()).is_some_and(|typed| typed.starts_with("{{")), "{text:?}");
    }
    if fields.iter().all(|field| !field.is_condition) {
        let mut typed = String::new();
        let mut done = 0;
        for field in &fields {
            typed.push_str(&text[done..field.span.start]);
            done = field.span.end;
        }
        typed.push_str(&text[done..]);
        let pieces = filled.pieces.iter().filter(|(source, _)| *source == PieceSource::Typed);
        assert_eq!(pieces.map(|(_, text)| text.as_str()).collect::<String>(), typed);
    }
    every_issue_can_be_shown_and_fixed(text);
}

/// The marked text is the text; each fault stands in it, and fixing it changes only what it says.
fn every_issue_can_be_shown_and_fixed(text: &str) {
    let list = List::default();
    assert_eq!(editing::marked(text, &list, &[]).iter().map(|(_, part)| *part).collect::<String>(), text);
    for fault in editing::faults(text, &list, &[]) {
        assert!(text.get(fault.span.clone()).is_some_and(|typed| !typed.is_empty()), "{text:?}");
        if let Some(fix) = fault.fix {
            assert!(text.get(fix.span.clone()).is_some(), "{text:?}");
        }
        // Once it is meant as it stands, nothing is said of it any more.
        if let Some(typed) = fault.as_typed {
            let left = editing::faults(text, &list, std::slice::from_ref(&typed));
            assert!(left.iter().all(|fault| fault.as_typed.as_ref() != Some(&typed)), "{text:?}");
        }
    }
    assert_ne!(editing::translated(text, &list, &[]).as_deref(), Some(text));
}

/// Rounds of `round` for as long as somebody wants; five seconds of the same rounds if nobody says.
fn go_on(mut round: impl FnMut(&mut Rng, u64)) {
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("FUZZ_SECONDS");
    let seed = number("FUZZ_SEED").unwrap_or_else(|| seconds.map_or(1, |_| u64::from(now().subsec_nanos()))) | 1;
    let until = now() + Duration::from_secs(seconds.unwrap_or(5));
    eprintln!("FUZZ_SEED={seed}");
    let mut rng = Rng::new(seed);
    let mut rounds = 0;
    while now() < until {
        round(&mut rng, rounds);
        rounds += 1;
    }
    eprintln!("{rounds} rounds");
    assert!(rounds > 100);
}

#[test]
fn no_text_makes_the_letter_lose_anything() {
    const TAGS: [&str; 46] = [
        "{{#if a}}",
        "{{#if b}}",
        "{{else}}",
        "{{/if}}",
        "{{a}}",
        "{{b|c}}",
        "{{",
        "}}",
        "\n",
        " ",
        "x",
        "\u{202e}",
        "{{ñ|}}",
        "{",
        "*|",
        "|*",
        "«",
        "»",
        "<<",
        ">>",
        "%%",
        "[",
        "]",
        "${",
        "}",
        "<%",
        "%>",
        "name",
        "İ",
        "if ",
        "|default:“",
        "}}}",
        "@firstname",
        " OR \"",
        "f(x,",
        "”",
        "{{#name}}",
        "{{^name}}",
        "{{/name}}",
        "#",
        "^",
        "/",
        "end",
        "@f('",
        "')?['name']",
        "unless ",
    ];
    go_on(|rng, _| {
        let text: String = (0..rng.below(24)).map(|_| TAGS[rng.below(TAGS.len())]).collect();
        no_letter_is_lost(&text);
    });
}

/// Whatever stands in names, addresses, subjects and texts: a message is ASCII in short lines, has the headers that were meant
/// and no other, and holds the text that was meant; its page holds no markup but its own.
#[test]
fn no_words_break_out_of_a_message() {
    const BITS: [&str; 16] = [
        "a",
        " ",
        "\r\n",
        "\n",
        "\nBcc: x@evil.example",
        "ü",
        "日本語",
        "\u{202e}",
        "\"",
        "\\",
        "<b>",
        "=?UTF-8?B?eA==?=",
        ",",
        ";",
        "https://x.example/?a&b",
        "\0",
    ];
    go_on(|rng, _| {
        let mut words = |most: usize| (0..rng.below(most)).map(|_| BITS[rng.below(BITS.len())]).collect::<String>();
        let letter = OutgoingMessage {
            to: words(6),
            to_name: words(30),
            copy: vec![words(4), words(4)],
            subject: words(40),
            text: words(200),
            language: words(3),
            ..OutgoingMessage::default()
        };
        let message = mime::write(&letter, true);
        let are_plain = [&letter.to, &letter.copy[0], &letter.copy[1]].iter().all(|address| address.is_ascii());
        assert!(message.is_ascii() || !are_plain, "{message}");
        let (head, body) = message.split_once("\r\n\r\n").expect("a message has a head");
        let names: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(':').next()).collect();
        let known = ["To", "Cc", "Subject", "X-Unsent", "Content-Language", "MIME-Version", "Content-Type"];
        assert!(names.iter().all(|name| known.contains(name)), "{head}");
        assert!(body.split("\r\n").all(|line| line.len() <= 76), "{body}");
        let page = html::page(&letter.text, &letter.language, None);
        let own = [
            "<!doctype html>",
            "<html",
            "</html>",
            "<head>",
            "</head>",
            "<meta ",
            "<body ",
            "</body>",
            "<p ",
            "</p>",
            "<br>",
            "<a href=\"",
            "</a>",
        ];
        let strange = page.match_indices('<').find(|(place, _)| !own.iter().any(|tag| page[*place..].starts_with(tag)));
        assert_eq!(strange, None, "{page}");
    });
}

const SPREADSHEET: &[u8] = br#"<office:spreadsheet><table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>Email</text:p></table:table-cell><table:table-cell table:number-columns-repeated="3"/></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1.5"/><table:table-cell table:number-columns-repeated="9" office:value-type="string"><text:p>a@b.example<text:s text:c="2"/>&amp;<text:tab/></text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"#;

/// An archive with these parts.
fn zipped<T: AsRef<[u8]> + ?Sized>(parts: &[(&str, &T)]) -> Vec<u8> {
    let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in parts {
        book.start_file(*name, stored).expect("memory is no disk");
        book.write_all(part.as_ref()).expect("memory is no disk");
    }
    book.finish().expect("memory is no disk").into_inner()
}

/// Lines in some encoding, changed at random, with nothing that separates or quotes; every line is a row, whatever the bytes are
/// taken for, and what is a guess says so. Reading all of it takes ten times as long as judging, so that one in sixteen is read.
#[test]
fn no_bytes_make_the_detector_panic_or_lose_a_line() {
    const WORDS: [&[u8]; 12] = [
        b"a@x.example",
        b"M\xfcller",
        b"M\x9fller",
        b"\x8eR\x93c \x91\xbe\x98Y",
        b"\xc8\xcb\xcf\xce",
        b"\x88\xe2\xe0\xed",
        b"\xd5un\xf5r\xe9",
        b"\x1b$B;3ED\x1b(B",
        b"\xe5\xb1\xb1\xe7\x94\xb0",
        b"\x81",
        b"\xff\xfe",
        b"",
    ];
    go_on(|rng, round| {
        let end: &[u8] = [&b"\n"[..], b"\r\n", b"\r"][rng.below(3)];
        let mut bytes = Vec::new();
        for _ in 0..rng.below(12) {
            for _ in 0..rng.below(4) {
                bytes.extend_from_slice(WORDS[rng.below(WORDS.len())]);
            }
            if rng.below(4) == 0 {
                bytes.push(u8::try_from(rng.below(256)).unwrap_or(0));
            }
            bytes.extend_from_slice(end);
        }
        let judged = detect::judge(&bytes);
        assert!(!judged.is_certain || detect::has_mark(&bytes) || std::str::from_utf8(&bytes).is_ok());
        if !round.is_multiple_of(16) {
            return;
        }
        let encoding = Encoding::all().nth(rng.below(40)).unwrap_or(judged.encoding);
        let wanted = Wanted { encoding: (rng.below(2) == 0).then_some(encoding), ..Wanted::default() };
        let Ok((DetectedFormat::Text { encoding, noticed, looks, quote: Quote::Double, .. }, table)) =
            sheet::read(&bytes, &wanted, |_, _| {})
        else {
            return;
        };
        let is_guess = wanted.encoding.is_none() && !judged.is_certain;
        assert_eq!(noticed.iter().any(|noticed| matches!(noticed, Noticed::Guessed(_))), is_guess, "{bytes:?}");
        assert!(looks.len() <= 3 && looks.iter().all(|look| look.rows.len() <= 3));
        for look in &looks {
            let whole = |row: usize| look.marked(row, &looks).into_iter().map(|(piece, _)| piece).collect::<String>();
            assert!(look.rows.iter().enumerate().all(|(row, text)| whole(row) == *text));
        }
        let text = detect::decode(&bytes, encoding);
        // The Japanese word holds a semicolon while it is not decoded: two addresses in one line are two guests then.
        if !text.contains(['"', '\'', '\\', '\0', '\u{feff}', ';']) {
            let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty()).count();
            assert_eq!(table.len(), lines, "{text:?}");
        }
        nothing_is_lost(&table);
    });
}

#[test]
fn no_bytes_make_a_reader_panic_or_lose_a_row() {
    let mut book = Table::default();
    for line in GOOD {
        book.push(line.split(','));
    }
    let book = write::workbook(&book).expect("memory is no disk");
    go_on(|rng, round| {
        let good = GOOD[rng.below(GOOD.len())].as_bytes();
        read_everything(&changed(rng, good));
        if round.is_multiple_of(4) {
            read_everything(&changed(rng, &book));
            read_everything(&zipped(&[("content.xml", &changed(rng, SPREADSHEET))]));
        }
    });
}
