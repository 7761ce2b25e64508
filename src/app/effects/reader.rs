//! The worker that reads and writes files: started when somebody reaches for a file, ended to cancel.

use guestlist::letter::OutgoingMessage;
use guestlist::rows::checks::Checks;
use guestlist::rows::{List, RowFindings};
use guestlist::sheet::{Cuts, DetectedFormat, Onto, Table, Wanted};
use js_sys::{Array, BigUint64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// What the worker tells.
pub enum WorkerNews {
    Progress {
        done: f64,
        of: f64,
    },
    /// The beginning of a table at which somebody has to look, and how it is read; the rest is still being read.
    Begun(Box<(DetectedFormat, Table)>),
    /// A table at which somebody has to look, and how it was read.
    Read(Box<(DetectedFormat, Table)>),
    /// Its rows as they are to be added, if its columns are what they were found to be; where nobody has to look, this alone.
    Listed(Box<Listed>),
    /// The bytes of a file.
    Written(Uint8Array),
    /// Why the file cannot be read, as a sentence for the user.
    Failed(String),
}

/// A file as a list that was looked at.
pub struct Listed {
    pub list: List,
    pub checks: Checks,
    /// What the file's columns are, in a sentence.
    pub columns: String,
}

const BROKEN: &str = "The part of this page that handles files has stopped: the file takes more memory than there is, or met a fault of this page. Nothing else is affected. Try again; if it stops once more, save the list as .csv or split it in parts.";
const NOT_STARTED: &str = "The part of this page that handles files could not be loaded. Check the network, then try again.";

/// A worker, and what it is to be told once it is ready. Dropping it ends it at once.
struct Thread {
    worker: Worker,
    state: Cell<WorkerState>,
    waiting: RefCell<Vec<Object>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WorkerState {
    Loading,
    Ready,
    Broken,
}

impl Thread {
    fn tell(&self, parts: &[(&str, JsValue)]) {
        let message = Object::new();
        for (name, value) in parts {
            _ = Reflect::set(&message, &(*name).into(), value);
        }
        if self.state.get() == WorkerState::Ready { self.post(&message) } else { self.waiting.borrow_mut().push(message) }
    }

    fn ready(&self) {
        self.state.set(WorkerState::Ready);
        self.waiting.take().iter().for_each(|message| self.post(message));
    }

    /// A piece of a file is handed over, not copied.
    fn post(&self, message: &Object) {
        let piece = Reflect::get(message, &"piece".into()).ok().and_then(|piece| piece.dyn_into::<Uint8Array>().ok());
        let buffers: Array = piece.iter().map(Uint8Array::buffer).collect();
        _ = self.worker.post_message_with_transfer(message, &buffers);
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A worker that loads, or has loaded, and has not been asked anything.
pub struct Started {
    thread: Rc<Thread>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _broke: Closure<dyn FnMut()>,
}

/// A file being read or written. Dropping it ends the worker at once.
pub struct WorkerTask {
    thread: Rc<Thread>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _broke: Closure<dyn FnMut()>,
}

impl WorkerTask {
    /// Hands over the bytes that follow in the file.
    pub fn piece(&self, bytes: Uint8Array) {
        self.thread.tell(&[("piece", bytes.into())]);
    }
}

/// Starts the worker, so that it is there when a file has been chosen.
pub fn start() -> Result<Started, String> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&path(), &options).map_err(|_| NOT_STARTED.to_owned())?;
    let thread = Rc::new(Thread { worker, state: Cell::new(WorkerState::Loading), waiting: RefCell::default() });
    let (ready, broken) = (Rc::clone(&thread), Rc::clone(&thread));
    // Before it is asked it says one thing: that it is ready.
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |_| ready.ready());
    let broke = Closure::<dyn FnMut()>::new(move || broken.state.set(WorkerState::Broken));
    listen(&thread, &heard, &broke);
    Ok(Started { thread, _heard: heard, _broke: broke })
}

fn listen(thread: &Thread, heard: &Closure<dyn FnMut(MessageEvent)>, broke: &Closure<dyn FnMut()>) {
    thread.worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    thread.worker.set_onerror(Some(broke.as_ref().unchecked_ref()));
}

/// Reads a file of `size` bytes, which are handed over by [`WorkerTask::piece`], with the worker that was started for it if there
/// is one; `told` hears how far it is and, last, what became of it. Its rows are made ready for the list `onto`; where they may be
/// added `unseen` and nothing in the file is to be looked at, nobody looks.
pub fn read(
    size: f64,
    wanted: &Wanted,
    onto: &Onto,
    unseen: bool,
    started: Option<Started>,
    told: impl Fn(WorkerNews) + 'static,
) -> Result<WorkerTask, String> {
    let wanted = serde_json::to_string(wanted).unwrap_or_default();
    let onto = serde_json::to_string(onto).unwrap_or_default();
    ask(started, &[("size", size.into()), ("wanted", wanted.into()), ("onto", onto.into()), ("unseen", unseen.into())], told)
}

/// Writes a table as a workbook.
pub fn write(table: Table, told: impl Fn(WorkerNews) + 'static) -> Result<WorkerTask, String> {
    let (text, Cuts { ends, rows }) = table.into_parts();
    let numbers = |numbers: &[u32]| Uint32Array::from(numbers).into();
    ask(None, &[("text", Uint8Array::from(text.as_bytes()).into()), ("ends", numbers(&ends)), ("rows", numbers(&rows))], told)
}

/// Writes letters as mail files in a ZIP or, with the tenant's name, as a sheet to be printed.
pub fn write_letters(letters: &[OutgoingMessage], tenant: Option<&str>, told: impl Fn(WorkerNews) + 'static) -> Result<WorkerTask, String> {
    let letters = serde_json::to_string(letters).unwrap_or_default();
    let tenant = tenant.map_or(JsValue::UNDEFINED, JsValue::from_str);
    ask(None, &[("letters", letters.into()), ("tenant", tenant)], told)
}

fn ask(started: Option<Started>, parts: &[(&str, JsValue)], told: impl Fn(WorkerNews) + 'static) -> Result<WorkerTask, String> {
    let Started { thread, .. } = match started.filter(|started| started.thread.state.get() != WorkerState::Broken) {
        Some(started) => started,
        None => start()?,
    };
    thread.tell(parts);
    let told = Rc::new(told);
    let heard = Closure::<dyn FnMut(MessageEvent)>::new({
        let (thread, told) = (Rc::clone(&thread), Rc::clone(&told));
        let (mut list, mut text) = (None, String::new());
        move |event: MessageEvent| match heard(&event.data(), &mut text) {
            Some(WorkerMessage::News(news)) => told(news),
            Some(WorkerMessage::Ready) => thread.ready(),
            Some(WorkerMessage::List(columns, rows)) => list = Some((columns, rows)),
            Some(WorkerMessage::Checks(checks)) => {
                if let Some((columns, list)) = list.take() {
                    told(WorkerNews::Listed(Box::new(Listed { list, checks, columns })));
                }
            }
            None => {}
        }
    });
    let broken = Rc::clone(&thread);
    let broke = Closure::<dyn FnMut()>::new(move || {
        // What has said that it is ready was loaded.
        let words = if broken.state.replace(WorkerState::Broken) == WorkerState::Loading { NOT_STARTED } else { BROKEN };
        told(WorkerNews::Failed(words.into()));
    });
    listen(&thread, &heard, &broke);
    Ok(WorkerTask { thread, _heard: heard, _broke: broke })
}

/// Where the worker lies: `xtask` gives it a new name with every build, so that an old one never meets a new page.
fn path() -> String {
    let boot = super::document().get_element_by_id("boot");
    let name = boot.and_then(|boot| boot.get_attribute("data-files")).unwrap_or_else(|| "files_loader.js".into());
    super::address_bar::resolve(&name)
}

/// One message of the worker.
enum WorkerMessage {
    /// It may be asked, once.
    Ready,
    News(WorkerNews),
    /// The columns in the file, and its rows; what was found in them follows.
    List(String, List),
    Checks(Checks),
}

/// Understands a message. The table's `text` comes in parts.
fn heard(data: &JsValue, text: &mut String) -> Option<WorkerMessage> {
    let get = |name: &str| Reflect::get(data, &name.into()).unwrap_or_default();
    let text_of = |name: &str| get(name).as_string();
    let bytes = |name: &str| get(name).unchecked_into::<Uint8Array>().to_vec();
    let numbers = |name: &str| get(name).unchecked_into::<Uint32Array>().to_vec();
    if get("ready").is_truthy() {
        return Some(WorkerMessage::Ready);
    }
    if let (Some(done), Some(of)) = (get("done").as_f64(), get("of").as_f64()) {
        if text.is_empty() {
            text.reserve_exact(of as usize);
        }
        // What is not UTF-8 is not gone on from.
        text.push_str(&String::from_utf8(bytes("part")).unwrap_or_default());
        return Some(WorkerMessage::News(WorkerNews::Progress { done, of }));
    }
    if let Some(words) = text_of("words") {
        return Some(WorkerMessage::News(WorkerNews::Failed(words)));
    }
    if let Ok(book) = get("book").dyn_into() {
        return Some(WorkerMessage::News(WorkerNews::Written(book)));
    }
    if let Some(checks) = text_of("checks") {
        let judged = RowFindings {
            keys: get("keys").unchecked_into::<BigUint64Array>().to_vec(),
            domains: numbers("domains"),
            faults: get("faults").unchecked_into::<Uint16Array>().to_vec(),
        };
        return Some(WorkerMessage::Checks(Checks::from_parts(&checks, judged)?));
    }
    // The list goes on from the same text.
    let table = |found: Option<String>, text: &str| {
        let found: DetectedFormat = serde_json::from_str(&found?).ok()?;
        let table = Table::from_parts(text.to_owned(), Cuts { ends: numbers("ends"), rows: numbers("rows") })?;
        let table = table.below(found.above());
        Some(Box::new((found, table)))
    };
    if let Some(found) = text_of("beginning") {
        return Some(WorkerMessage::News(WorkerNews::Begun(table(Some(found), text)?)));
    }
    text.truncate(Some(get("from").as_f64()? as usize).filter(|from| text.is_char_boundary(*from))?);
    text.push_str(&String::from_utf8(bytes("text")).ok()?);
    if let Some(list) = text_of("list") {
        let (words, columns) = serde_json::from_str(&list).ok()?;
        let spans = get("spans").dyn_into::<Array>().ok()?;
        let spans = spans.iter().map(|spans| spans.unchecked_into::<BigUint64Array>().to_vec());
        return Some(WorkerMessage::List(words, List::from_parts(columns, std::mem::take(text), spans.collect())));
    }
    Some(WorkerMessage::News(WorkerNews::Read(table(text_of("found"), text)?)))
}
