//! The worker: reads and writes files off the page's thread. It is a program of its own, loaded when somebody first opens a file.
//!
//! It says `ready`; then a message is either a `{ file, wanted, onto }`, a `File`, a JSON [`Wanted`] and, where rows may be
//! added unseen, a JSON [`Onto`], and is answered by any number of `{ done, of }` and one of `{ found, list, text, spans,
//! checks, keys, domains, faults }`, a checked list, when every column is certain, `{ found, text, ends, rows }`, a table, when
//! somebody has to look, and `{ words }`; or a table to be written as a workbook, `{ text, ends, rows }`, or letters to be
//! written as files, `{ letters, tenant }`, JSON [`Sealed`]s and, where they are to be printed on a sheet, the tenant's name;
//! both are answered by `{ book }` or `{ words }`. The page ends the worker to cancel.

// The same turning of domains into ASCII as the page's own.
#[path = "app/effects/domain.rs"]
mod domain;

use guestlist::letter::{Sealed, parcel};
use guestlist::rows::checks::Checks;
use guestlist::rows::{Judged, List};
use guestlist::sheet::columns::{header_of, layout};
use guestlist::sheet::{self, Cuts, Encoding, Found, Onto, Table, Wanted};
use js_sys::{BigUint64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use std::borrow::Cow;
use std::cell::Cell;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent, TextDecoder};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

thread_local! {
    /// Whether there has been a message.
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
}

fn main() {
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        IS_ASKED.set(true);
        let get = |name: &str| Reflect::get(&event.data(), &name.into()).unwrap_or_default();
        let text_of = |name: &str| get(name).as_string().unwrap_or_default();
        let (file, wanted, onto) = (get("file").unchecked_into::<File>(), text_of("wanted"), text_of("onto"));
        let (text, letters) = (get("text"), get("letters").as_string());
        if let Some(letters) = letters {
            answer(&write_letters(&letters, get("tenant").as_string()));
        } else if text.is_undefined() {
            spawn_local(
                async move { answer(&read(&file, &wanted, &onto).await.unwrap_or_else(|words| message(&[("words", words.into())]))) },
            );
        } else {
            answer(&write(&text, &get("ends"), &get("rows")));
        }
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // Listens as long as the worker lives.
    heard.forget();
    answer(&message(&[("ready", true.into())]));
    spawn_local(warm_up());
}

/// Browsers compile a function well only once it has run for a while. So, while a person looks for their file, a made-up one
/// is read again and again, for a moment at a time, until the first message comes.
async fn warm_up() {
    const ROUNDS: usize = 20;
    let row = |number: usize| format!("guest.{number}@partner{}.example,Jürgen {number},\"Sales, {number}\"\r\n", number % 50);
    let text: String = std::iter::once("Email,Name,Department\r\n".to_owned()).chain((0..2000).map(row)).collect();
    for _ in 0..ROUNDS {
        if let Ok((found, table)) = sheet::read(text.as_bytes(), &Wanted::default(), decode, |_, _| {}) {
            _ = arrange(&found, table, Some(Onto::default()));
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
    let spans = get(message, "spans").dyn_into::<js_sys::Array>().unwrap_or_default();
    let values = ["text", "ends", "rows", "keys", "domains", "faults", "book"].iter().map(|name| get(message, name)).chain(spans.iter());
    let buffers: js_sys::Array = values.filter(JsValue::is_object).map(|value| get(&value, "buffer")).collect();
    scope().post_message_with_transfer(message, &buffers).unwrap_throw();
}

fn message(parts: &[(&str, JsValue)]) -> JsValue {
    let message = Object::new();
    for (name, value) in parts {
        Reflect::set(&message, &(*name).into(), value).unwrap_throw();
    }
    message.into()
}

/// Bytes of a file that are asked for at once.
const PIECE: usize = 1 << 21;

async fn read(file: &File, wanted: &str, onto: &str) -> Result<JsValue, String> {
    let size = file.size() as usize;
    if size > sheet::MOST_BYTES {
        return Err(sheet::Unreadable::TooManyBytes(size).words());
    }
    let wanted: Wanted = serde_json::from_str(wanted).unwrap_or_default();
    let read = match read_as_it_comes(file, size, &wanted).await? {
        Some(read) => read,
        None => sheet::read(&bytes(file.array_buffer()).await?.to_vec(), &wanted, decode, tell).map_err(|unreadable| unreadable.words())?,
    };
    Ok(arrange(&read.0, read.1, serde_json::from_str(onto).ok()))
}

/// Reads text in UTF-8, cutting one piece while the next is on its way; nothing when the file is something else.
async fn read_as_it_comes(file: &File, size: usize, wanted: &Wanted) -> Result<Option<(Found, Table)>, String> {
    let ask = |start: usize| file.slice_with_f64_and_f64(start as f64, (start + PIECE) as f64).map(|piece| piece.array_buffer());
    let (mut start, mut next) = (0, ask(0));
    let (mut piece, mut cutter) = (Vec::new(), None);
    while let Ok(promise) = next {
        let bytes = bytes(promise).await?;
        start += PIECE;
        next = if start < size { ask(start) } else { Err(JsValue::NULL) };
        piece.resize(bytes.length() as usize, 0);
        bytes.copy_to(&mut piece);
        if cutter.is_none() {
            cutter = sheet::begin(&piece, wanted, size);
        }
        let Some(cutter) = &mut cutter else { return Ok(None) };
        cutter.feed(&piece).map_err(|unreadable| unreadable.words())?;
        tell(start.min(size), size);
    }
    let Some(cutter) = cutter else { return Ok(None) };
    let found = Found::Text { encoding: Encoding::Utf8, delimiter: cutter.delimiter };
    Ok(cutter.end().map_err(|unreadable| unreadable.words())?.map(|table| (found, table)))
}

async fn bytes(promise: js_sys::Promise) -> Result<Uint8Array, String> {
    let buffer = JsFuture::from(promise).await;
    buffer
        .map(|buffer| Uint8Array::new(&buffer))
        .map_err(|_| "The file could not be opened. It may have been moved or changed since it was chosen.".into())
}

fn tell(done: usize, of: usize) {
    answer(&message(&[("done", (done as f64).into()), ("of", (of as f64).into())]));
}

/// A list where nobody has to say what the columns are, else the table.
fn arrange(found: &Found, table: Table, onto: Option<Onto>) -> JsValue {
    let found = serde_json::to_string(found).unwrap_or_default().into();
    let layout = layout(&table, header_of(&table));
    match onto {
        Some(Onto { columns, context }) if layout.is_certain() => {
            let width = table.width();
            let mut list = List::of_columns(columns);
            layout.add(table, &mut list, domain::ascii);
            let (checks, Judged { keys, domains, faults }) = Checks::of(&list, context).into_parts();
            let (columns, text, spans) = list.into_parts();
            let spans: js_sys::Array = spans.iter().map(|spans| BigUint64Array::from(spans.as_slice())).collect();
            message(&[
                ("found", found),
                ("list", serde_json::to_string(&(width, columns)).unwrap_or_default().into()),
                ("text", Uint8Array::from(text.as_bytes()).into()),
                ("spans", spans.into()),
                ("checks", checks.into()),
                ("keys", BigUint64Array::from(keys.as_slice()).into()),
                ("domains", Uint32Array::from(domains.as_slice()).into()),
                ("faults", Uint16Array::from(faults.as_slice()).into()),
            ])
        }
        _ => {
            let (text, Cuts { ends, rows }) = table.into_parts();
            let numbers = |numbers: &[u32]| Uint32Array::from(numbers).into();
            let text = Uint8Array::from(text.as_bytes()).into();
            message(&[("found", found), ("text", text), ("ends", numbers(&ends)), ("rows", numbers(&rows))])
        }
    }
}

fn write(text: &JsValue, ends: &JsValue, rows: &JsValue) -> JsValue {
    let text = String::from_utf8(Uint8Array::new(text).to_vec()).unwrap_or_default();
    let cuts = Cuts { ends: Uint32Array::new(ends).to_vec(), rows: Uint32Array::new(rows).to_vec() };
    let table = Table::of_parts(text, cuts).unwrap_or_default();
    match sheet::write::workbook(&table) {
        Ok(book) => message(&[("book", Uint8Array::from(book.as_slice()).into())]),
        Err(words) => message(&[("words", words.into())]),
    }
}

fn write_letters(letters: &str, tenant: Option<String>) -> JsValue {
    let letters: Vec<Sealed> = serde_json::from_str(letters).unwrap_or_default();
    let bytes = match tenant {
        Some(tenant) => Ok(parcel::sheet(&letters, &tenant).into_bytes()),
        None => parcel::mails(&letters),
    };
    match bytes {
        Ok(bytes) => message(&[("book", Uint8Array::from(bytes.as_slice()).into())]),
        Err(words) => message(&[("words", words.into())]),
    }
}

/// UTF-8 as it is, everything else by the platform: every encoding of the Encoding standard, and none of its tables in the
/// program.
fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    if encoding == Encoding::Utf8 {
        return String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    }
    let decoder = TextDecoder::new_with_label(encoding.label()).unwrap_throw();
    decoder.decode_with_u8_array(bytes).unwrap_or_default().into()
}
