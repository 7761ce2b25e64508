//! Everything that needs a browser. The library decides, this does.
//!
//! What every visitor loads ends at [`signed_out`]: config.json is read, the authority is found, and somebody may sign in. All
//! that comes after it stands behind the one entry point in [`signed_in`], is a WebAssembly module of its own, and is fetched while
//! the visitor is still reading.

mod areas;
mod effects;
mod embedded;
mod frame;
mod mount;
mod pages;
mod parts;
mod routes;
mod signed_in;
mod signed_out;
mod start_config;
mod state;
mod undo;

use leptos::prelude::*;
use mount::mount;
use signed_in::EntryPoint;
use start_config::prepare;
use state::accounts::remembered;

pub fn start() {
    std::panic::set_hook(Box::new(|panic| effects::failed::show(&panic.to_string())));
    effects::spawn(async {
        // In a frame nothing that the browser keeps is looked at before it is known whose frame that is.
        remembered::forget_earlier();
        let is_embedded = effects::is_embedded();
        let is_at_work = !is_embedded && remembered::is_expected();
        // Somebody who comes back from signing in, or is at work here: config.json and the rest come side by side.
        if is_embedded || is_at_work {
            effects::spawn(async { _ = signed_in::fetch().await });
        }
        let opened = match prepare().await {
            Ok(place) if is_embedded => signed_in::open(EntryPoint::Embedded(place)).await,
            Ok(place) if is_at_work => signed_in::open(EntryPoint::SignedIn(place)).await,
            Ok(place) => {
                mount(move || view! { <signed_out::SignedOut place/> });
                // Fetched into the browser's cache for the way back; if that fails now, it is tried again then.
                _ = signed_in::open(EntryPoint::SignedOut).await;
                Ok(())
            }
            Err(needed) => signed_in::open(EntryPoint::SetUp(needed)).await,
        };
        if let Err(words) = opened {
            effects::failed::show(words);
        }
    });
}
