//! The icon in the browser's tab, which shows how far a run is.

use std::cell::Cell;

thread_local! {
    static SHOWN: Cell<Option<usize>> = const { Cell::new(None) };
}

fn link() -> Option<web_sys::Element> {
    super::document().query_selector("link[rel=icon]").ok().flatten()
}

/// A ring that closes as the run goes on. The policy lets images be data.
pub fn show_progress(percent: usize) {
    let Some(link) = link().filter(|_| SHOWN.replace(Some(percent)) != Some(percent)) else { return };
    if link.get_attribute("data-own").is_none() {
        _ = link.set_attribute("data-own", &link.get_attribute("href").unwrap_or_default());
    }
    let ring = format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='12' fill='none' stroke='%23999' stroke-width='6'/%3E%3Ccircle cx='16' cy='16' r='12' fill='none' stroke='%230f6cbd' stroke-width='6' pathLength='100' stroke-dasharray='{percent} 100' transform='rotate(-90 16 16)'/%3E%3C/svg%3E"
    );
    _ = link.set_attribute("href", &ring);
}

/// The icon as it was.
pub fn restore() {
    SHOWN.set(None);
    if let Some((link, own)) = link().and_then(|link| Some((link.clone(), link.get_attribute("data-own")?))) {
        _ = link.set_attribute("href", &own);
    }
}
