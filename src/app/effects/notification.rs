//! Words on the desktop while the page is not looked at.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationPermission};

/// Asks the person when the browser does not know yet; `false` where they, the browser or the embedding page refuse.
pub async fn allowed() -> bool {
    // Some browsers have none at all.
    if !js_sys::Reflect::has(&super::window(), &"Notification".into()).unwrap_or(false) {
        return false;
    }
    let Ok(asking) = Notification::request_permission() else { return false };
    _ = JsFuture::from(asking).await;
    Notification::permission() == NotificationPermission::Granted
}

/// Shows `words`; where that is no longer allowed, nothing happens.
pub fn show(words: &str) {
    _ = Notification::new(words);
}
