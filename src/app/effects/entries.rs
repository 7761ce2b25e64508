//! Keys of this window's history entries, which no other window has and no other origin reads. Browsers without the Navigation
//! API have none: Safari before 26.2, Firefox before 147. web-sys does not know it, so it is reached by name.
//! <https://developer.mozilla.org/docs/Web/API/NavigationHistoryEntry/key>

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The present one.
pub fn current() -> Option<String> {
    key(&get(&navigation()?, "currentEntry")?)
}

/// Those of this page around the present one, without another site's between.
pub fn around() -> Vec<String> {
    let entries = || {
        let navigation = navigation()?;
        get(&navigation, "entries")?.dyn_into::<Function>().ok()?.call0(&navigation).ok()
    };
    entries().map(|entries| Array::from(&entries).iter().filter_map(|entry| key(&entry)).collect()).unwrap_or_default()
}

fn navigation() -> Option<JsValue> {
    get(&super::window(), "navigation")
}

fn key(entry: &JsValue) -> Option<String> {
    get(entry, "key")?.as_string()
}

/// A member, if there is one.
fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|member| !member.is_undefined() && !member.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_present_entry_is_among_those_around_it() {
        let current = current().expect("Chromium has the Navigation API");
        assert!(current.len() > 20 && around().contains(&current));
    }
}
