//! The address, the history and the title.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// The fragment with its `#`; empty when there is none.
pub fn hash() -> String {
    super::window().location().hash().unwrap_or_default()
}

/// The whole address, fragment and all.
pub fn here() -> String {
    super::window().location().href().unwrap_or_default()
}

/// Goes to a view; Back leads here again.
pub fn set_hash(hash: &str) {
    _ = super::window().location().set_hash(hash);
}

/// Changes the address in place: no history entry, no event.
pub fn replace_hash(hash: &str) {
    if let Ok(history) = super::window().history() {
        _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(hash));
    }
}

pub fn back() {
    if let Ok(history) = super::window().history() {
        _ = history.back();
    }
}

pub fn on_hash_change(heard: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(heard);
    _ = super::window().add_event_listener_with_callback("hashchange", closure.as_ref().unchecked_ref());
    // Listens as long as the page lives.
    closure.forget();
}

/// Leaves the page for this address.
pub fn go(url: &str) {
    _ = super::window().location().assign(url);
}

/// Opens a window of its own, which learns nothing of this one; whether one came.
pub fn open(url: &str) -> bool {
    // Asked to keep its opener from it, the browser would not say whether there is a window.
    let Some(opened) = super::window().open_with_url_and_target(url, "_blank").ok().flatten() else { return false };
    _ = opened.set_opener(&wasm_bindgen::JsValue::NULL);
    true
}

/// A path relative to the page, as a full address without query and fragment.
pub fn resolve(path: &str) -> String {
    let base = super::document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(path, &base).map_or_else(|_| path.to_owned(), |url| url.href())
}

pub fn title(text: &str) {
    super::document().set_title(text);
}
