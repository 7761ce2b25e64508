//! Handing a file to the person.

use wasm_bindgen::{JsCast, JsValue};

/// Offers `content`, a text or bytes, as a file of this name.
pub fn offer(name: &str, kind: &str, content: &JsValue) {
    _ = try_to(name, kind, content);
}

fn try_to(name: &str, kind: &str, content: &JsValue) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_blob_sequence_and_options(&js_sys::Array::of1(content), &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = super::document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}
