//! The worker: reads and writes files off the page's thread. It is a program of its own, loaded when somebody first
//! reaches for one.
//!
//! It says `ready`; then it is asked one of three things:
//!
//! - `{ size, wanted, onto, unseen }`: a file of so many bytes, a JSON [`Wanted`], a JSON [`Onto`], and whether rows may be added
//!   unseen. The bytes follow as any number of `{ piece }` and are read while they come. It answers with any number of
//!   `{ done, of, part }` and then with `{ words }`, why it cannot be read, or with `{ list, from, text, spans }`, the rows, and
//!   `{ checks, keys, domains, faults }`, what was found in them. Unless they may be added unseen and all columns are certain,
//!   `{ found, from, text, ends, rows }` comes before these: the table at which somebody looks. Each text is what was told before, up
//!   to `from`, and `text` behind it. Where the beginning of a long file tells that its encoding is a guess,
//!   `{ beginning, ends, rows }` comes first: the table of the part that was told by then.
//! - `{ text, ends, rows }`: a table to be written as a workbook. It answers with `{ book }` or `{ words }`.
//! - `{ letters, tenant }`: JSON [`OutgoingMessage`]s to be written as files and, where they are to be printed on a sheet, the tenant's
//!   name. It answers likewise.
//!
//! The page ends the worker to cancel.

// The same turning of domains into ASCII as the page's own.
#[path = "app/effects/domain.rs"]
mod domain;

use guestlist::letter::{OutgoingMessage, archive};
use guestlist::rows::checks::Checks;
use guestlist::rows::{List, RowFindings};
use guestlist::sheet::columns::{header_of, layout};
use guestlist::sheet::{self, Cuts, DetectedFormat, IncomingText, Onto, Table, UnreadableFile, Wanted};
use js_sys::{Array, BigUint64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

thread_local! {
    /// Whether there has been a message.
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
    /// The file that comes.
    static COMING: RefCell<Option<IncomingFile>> = const { RefCell::new(None) };
}

fn main() {
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        IS_ASKED.set(true);
        let get = |name: &str| Reflect::get(&event.data(), &name.into()).unwrap_or_default();
        if let Ok(piece) = get("piece").dyn_into() {
            // What comes after an answer is not looked at.
            if let Some(coming) = COMING.take() {
                go_on(coming, piece);
            }
        } else if let Some(size) = get("size").as_f64() {
            let text_of = |name: &str| get(name).as_string().unwrap_or_default();
            let file = IncomingFile::new(size as usize, &text_of("wanted"), &text_of("onto"), get("unseen").is_truthy());
            go_on(file, Uint8Array::default());
        } else if let Some(letters) = get("letters").as_string() {
            answer(&write_letters(&letters, get("tenant").as_string()));
        } else {
            answer(&write(&get("text"), &get("ends"), &get("rows")));
        }
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // Listens as long as the worker lives.
    heard.forget();
    answer(&message(&[("ready", true.into())]));
    spawn_local(warm_up());
}

/// Browsers compile a function well only once it has run for a while. So, while a person looks for their file, a made-up one
/// is read again and again, for a moment at a time, until the first message comes; now and then in an encoding that has to be guessed,
/// which takes longer. It is text alone: what workbooks need is called often enough while one is read, and compiling it keeps the
/// machine busy.
async fn warm_up() {
    const ROUNDS: usize = 20;
    let row = |number: usize| format!("guest.{number}@partner{}.example,Jürgen {number},\"Sales, {number}\"\r\n", number % 50);
    let text: String = std::iter::once("Email,Name,Department\r\n".to_owned()).chain((0..2000).map(row)).collect();
    let in_latin: Vec<u8> = text.chars().filter_map(|sign| u8::try_from(sign).ok()).collect();
    for round in 1..=ROUNDS {
        let bytes = if round % 4 == 0 { &in_latin } else { text.as_bytes() };
        if let Ok(read) = sheet::read(bytes, &Wanted::default(), |_, _| {}) {
            arrange(read, 0, Onto::default(), true, |_| {});
        }
        let turn = js_sys::Promise::new(&mut |resolve, _| _ = scope().set_timeout_with_callback(&resolve));
        if JsFuture::from(turn).await.is_err() || IS_ASKED.get() {
            return;
        }
    }
}

/// Buffers in a message are handed over, not copied.
fn answer(message: &JsValue) {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    let spans = get(message, "spans").dyn_into::<Array>().unwrap_or_default();
    let values =
        ["part", "text", "ends", "rows", "keys", "domains", "faults", "book"].iter().map(|name| get(message, name)).chain(spans.iter());
    let buffers: Array = values.filter(JsValue::is_object).map(|value| get(&value, "buffer")).collect();
    scope().post_message_with_transfer(message, &buffers).unwrap_throw();
}

fn message(parts: &[(&str, JsValue)]) -> JsValue {
    let message = Object::new();
    for (name, value) in parts {
        Reflect::set(&message, &(*name).into(), value).unwrap_throw();
    }
    message.into()
}

/// A table, and how much of its text the page has already.
type ReadTable = ((DetectedFormat, Table), usize);

/// Bytes that are looked at, and cut, at once.
const PIECE: usize = 1 << 21;

/// A file that is read while it comes.
struct IncomingFile {
    size: usize,
    wanted: Wanted,
    onto: Onto,
    /// Whether rows may be added unseen.
    unseen: bool,
    /// All that has come, for the case that it is not what it looked like.
    pieces: Vec<Uint8Array>,
    had: usize,
    /// What has come and was not looked at.
    unread: Vec<u8>,
    way: ReadMode,
}

enum ReadMode {
    /// The beginning has not been looked at.
    Unknown,
    /// It looks like text in an encoding that its beginning tells, and is cut piece by piece. The page has so much of the table's text.
    ByPieces(Box<IncomingText>, usize),
    /// It is something else, and read when all of it is there.
    AsAWhole,
}

impl IncomingFile {
    fn new(size: usize, wanted: &str, onto: &str, unseen: bool) -> Self {
        let wanted = serde_json::from_str(wanted).unwrap_or_default();
        let onto = serde_json::from_str(onto).unwrap_or_default();
        Self { size, wanted, onto, unseen, pieces: Vec::new(), had: 0, unread: Vec::new(), way: ReadMode::Unknown }
    }

    /// Takes the bytes that follow; the table once all are there.
    fn take(&mut self, piece: Uint8Array) -> Result<Option<ReadTable>, UnreadableFile> {
        self.had += piece.length() as usize;
        if !matches!(self.way, ReadMode::AsAWhole) {
            append(&mut self.unread, &piece);
        }
        self.pieces.push(piece);
        let is_whole = self.had >= self.size;
        if is_whole || self.unread.len() >= PIECE {
            self.look()?;
        }
        if is_whole { self.end().map(Some) } else { Ok(None) }
    }

    fn look(&mut self) -> Result<(), UnreadableFile> {
        if matches!(self.way, ReadMode::Unknown) {
            let text = IncomingText::begin(&self.unread, &self.wanted, self.size);
            self.way = text.map_or(ReadMode::AsAWhole, |text| ReadMode::ByPieces(Box::new(text), 0));
        }
        if let ReadMode::ByPieces(text, told) = &mut self.way {
            text.feed(&self.unread)?;
            tell(self.had, self.size, &text.whole()[*told..]);
            if *told == 0
                && self.had < self.size
                && let Some((found, table)) = text.guessed()
            {
                show_beginning(found, table);
            }
            *told = text.whole().len();
        }
        self.unread.clear();
        Ok(())
    }

    fn end(&mut self) -> Result<ReadTable, UnreadableFile> {
        if let ReadMode::ByPieces(text, told) = std::mem::replace(&mut self.way, ReadMode::AsAWhole)
            // What looks odd is looked at again as a whole.
            && let Some(read) = text.end()?
        {
            return Ok((read, told));
        }
        let mut bytes = Vec::with_capacity(self.had);
        self.pieces.drain(..).for_each(|piece| append(&mut bytes, &piece));
        Ok((sheet::read(&bytes, &self.wanted, |done, of| tell(done, of, &[]))?, 0))
    }
}

fn append(bytes: &mut Vec<u8>, piece: &Uint8Array) {
    let at = bytes.len();
    bytes.resize(at + piece.length() as usize, 0);
    piece.copy_to(&mut bytes[at..]);
}

/// Takes more of a file, and answers when it is whole or cannot be read.
fn go_on(mut coming: IncomingFile, piece: Uint8Array) {
    match coming.take(piece) {
        Ok(None) => COMING.set(Some(coming)),
        Ok(Some((read, from))) => arrange(read, from, coming.onto, coming.unseen, answer),
        Err(unreadable) => answer(&message(&[("words", unreadable.words().into())])),
    }
}

/// How much of how much is done, and a part of the table's text.
fn tell(done: usize, of: usize, part: &[u8]) {
    let part = Uint8Array::from(part).into();
    answer(&message(&[("done", (done as f64).into()), ("of", (of as f64).into()), ("part", part)]));
}

/// Shows the beginning of a table at which somebody has to look, whatever follows.
fn show_beginning(found: &DetectedFormat, table: &Table) {
    let (_, Cuts { ends, rows }) = table.parts();
    let found = serde_json::to_string(found).unwrap_or_default();
    answer(&message(&[("beginning", found.into()), ("ends", numbers(ends)), ("rows", numbers(rows))]));
}

fn numbers(numbers: &[u32]) -> JsValue {
    Uint32Array::from(numbers).into()
}

/// Answers with the table where somebody has to look at it, and with the list that its rows become as its columns were found, be it
/// ahead of time. The list goes ahead of what is found in it, so that both threads are at work.
fn arrange((found, table): (DetectedFormat, Table), mut from: usize, onto: Onto, unseen: bool, answer: impl Fn(&JsValue)) {
    let Onto { columns, context } = onto;
    let behind = |text: &str, from: usize| Uint8Array::from(&text.as_bytes()[from..]).into();
    let layout = layout(&table, header_of(&table));
    if !(unseen && layout.is_certain() && found.noticed().is_empty()) {
        let (text, Cuts { ends, rows }) = table.parts();
        answer(&message(&[
            ("found", serde_json::to_string(&found).unwrap_or_default().into()),
            ("from", (from as f64).into()),
            ("text", behind(text, from)),
            ("ends", numbers(ends)),
            ("rows", numbers(rows)),
        ]));
        from = text.len();
    }
    let words = layout.summary();
    let mut list = List::from_columns(columns);
    layout.add(table, &mut list, domain::ascii);
    let (columns, text, spans) = list.parts();
    let spans: Array = spans.map(|spans| BigUint64Array::from(spans.as_slice())).collect();
    answer(&message(&[
        ("list", serde_json::to_string(&(words, columns)).unwrap_or_default().into()),
        ("from", (from as f64).into()),
        ("text", behind(text, from)),
        ("spans", spans.into()),
    ]));
    let (checks, RowFindings { keys, domains, faults }) = Checks::for_list(&list, context).into_parts();
    answer(&message(&[
        ("checks", checks.into()),
        ("keys", BigUint64Array::from(keys.as_slice()).into()),
        ("domains", Uint32Array::from(domains.as_slice()).into()),
        ("faults", Uint16Array::from(faults.as_slice()).into()),
    ]));
}

fn write(text: &JsValue, ends: &JsValue, rows: &JsValue) -> JsValue {
    let text = String::from_utf8(Uint8Array::new(text).to_vec()).unwrap_or_default();
    let cuts = Cuts { ends: Uint32Array::new(ends).to_vec(), rows: Uint32Array::new(rows).to_vec() };
    let table = Table::from_parts(text, cuts).unwrap_or_default();
    match sheet::write::workbook(&table) {
        Ok(book) => message(&[("book", Uint8Array::from(book.as_slice()).into())]),
        Err(words) => message(&[("words", words.into())]),
    }
}

fn write_letters(letters: &str, tenant: Option<String>) -> JsValue {
    let letters: Vec<OutgoingMessage> = serde_json::from_str(letters).unwrap_or_default();
    let bytes = match tenant {
        Some(tenant) => Ok(archive::sheet(&letters, &tenant).into_bytes()),
        None => archive::mails(&letters),
    };
    match bytes {
        Ok(bytes) => message(&[("book", Uint8Array::from(bytes.as_slice()).into())]),
        Err(words) => message(&[("words", words.into())]),
    }
}
