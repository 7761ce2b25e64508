//! What this tab remembers across a full-page redirect, and nothing longer. Never `localStorage`.

fn storage() -> Option<web_sys::Storage> {
    super::window().session_storage().ok().flatten()
}

/// Remembers a text; `false` where storage is denied.
pub fn put(name: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Reads and forgets at once: what is single-use is gone before it is used.
pub fn take(name: &str) -> Option<String> {
    let text = get(name)?;
    forget(name);
    Some(text)
}

pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        _ = storage.remove_item(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_is_taken_is_gone() {
        assert!(put("tab-test", "once"));
        assert_eq!(take("tab-test").as_deref(), Some("once"));
        assert_eq!(take("tab-test"), None);
    }
}
