//! One kind of effect per file. Effects decide nothing.

pub mod address_bar;
pub mod ancestors;
pub mod clipboard;
pub mod clock;
pub mod domain;
pub mod download;
pub mod entries;
pub mod failed;
pub mod fetch;
pub mod file_input;
pub mod focus;
pub mod live_region;
pub mod lock;
pub mod notification;
pub mod other_tabs;
pub mod random;
pub mod reader;
pub mod store;
pub mod tab;
pub mod tab_icon;
pub mod typing;

use wasm_bindgen::JsCast;

/// Lets a future run beside everything else. It works before the first view is mounted, too.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}

pub fn window() -> web_sys::Window {
    web_sys::window().expect("the program runs in a page")
}

pub fn document() -> web_sys::Document {
    window().document().expect("a page has a document")
}

/// The one element of index.html that the program fills.
pub fn mount_point() -> web_sys::HtmlElement {
    let found = document().get_element_by_id("app").and_then(|element| element.dyn_into().ok());
    found.expect("index.html has an element with the id app")
}

/// Whether the page has less room than a table wants: 480 CSS pixels.
pub fn is_narrow() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < 480.0)
}

/// Whether another page has this one in a frame.
pub fn is_embedded() -> bool {
    let window = window();
    let own: &wasm_bindgen::JsValue = window.as_ref();
    window.top().ok().flatten().is_none_or(|top| {
        let top: &wasm_bindgen::JsValue = top.as_ref();
        top != own
    })
}
