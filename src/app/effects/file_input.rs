//! Letting the person choose a file, and reading it.

use super::document;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlElement, ReadableStreamDefaultReader};

/// Opens the browser's own choice of files for the file input with this id.
pub fn open(id: &str) {
    if let Some(input) = document().get_element_by_id(id).and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
        input.click();
    }
}

/// A file's text; `None` when it cannot be read.
pub async fn text(file: &File) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// Gives a file's bytes piece by piece, as they come from the disk, until `each` wants no more; `None` when they cannot be
/// read to the end.
pub async fn pieces(file: &File, mut each: impl FnMut(Uint8Array) -> bool) -> Option<()> {
    let reader = file.stream().get_reader().unchecked_into::<ReadableStreamDefaultReader>();
    loop {
        let read = JsFuture::from(reader.read()).await.ok()?;
        let Ok(piece) = Reflect::get(&read, &"value".into()).ok()?.dyn_into() else { return Some(()) };
        if !each(piece) {
            _ = reader.cancel();
            return Some(());
        }
    }
}
