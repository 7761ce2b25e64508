//! Copying.

use wasm_bindgen_futures::JsFuture;

/// Copies; `false` where the browser or the embedding page refuses.
pub async fn copy(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&super::window().navigator(), &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| clipboard.is_undefined()) {
        return false;
    }
    JsFuture::from(super::window().navigator().clipboard().write_text(text)).await.is_ok()
}
