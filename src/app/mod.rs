//! Everything that needs a browser. The library decides, this does.
//!
//! What every visitor loads ends at [`signed_out`]: config.json is read, the authority is found, and somebody may sign in. All
//! that comes after it stands behind the one entry point in [`signed_in`], is a WebAssembly module of its own, and is fetched while
//! the visitor is still reading.

mod effects;
mod embedded;
mod frame;
mod pages;
mod parts;
mod routes;
mod signed_in;
mod signed_out;
mod state;

use effects::{address_bar, fetch};
use guestlist::config::{Config, Wrong};
use guestlist::words::discovery;
use identity::Authority;
use leptos::prelude::*;
use signed_in::EntryPoint;
use state::accounts;

/// What is known before anybody signs in.
#[derive(Clone)]
struct StartConfig {
    config: Config,
    authority: Authority,
}

/// Why the page cannot begin.
#[derive(Clone, Debug)]
enum SetUpNeeded {
    NoConfig(String),
    /// And the file's text, which may not even be meant to be config.json.
    Wrong(Vec<Wrong>, String),
    /// The authority could not be discovered: why, where, and what came from there.
    Discovery {
        why: String,
        url: String,
        document: Option<String>,
    },
}

pub fn start() {
    std::panic::set_hook(Box::new(|panic| effects::failed::show(&panic.to_string())));
    effects::spawn(async {
        // In a frame nothing that the browser keeps is looked at before it is known whose frame that is.
        accounts::forget_earlier();
        let is_embedded = effects::is_embedded();
        let is_at_work = !is_embedded && accounts::is_expected();
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

/// Replaces the static frame of index.html, which has the same shape, so that nothing shifts.
fn mount<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static)
where
    V::State: 'static,
{
    let root = effects::mount_point();
    root.set_inner_html("");
    mount_to(root, view).forget();
}

async fn prepare() -> Result<StartConfig, SetUpNeeded> {
    let text = fetch::text("config.json").await.map_err(SetUpNeeded::NoConfig)?;
    let config = match Config::read(&text) {
        Ok(config) => config,
        Err(wrong) => return Err(SetUpNeeded::Wrong(wrong, text)),
    };
    let slip = |wrong| SetUpNeeded::Wrong(vec![wrong], String::from("{}"));
    config.check_redirect(&address_bar::here(), &address_bar::resolve(&config.redirect_uri)).map_err(slip)?;
    if let Some(authority) = config.known_authority().map_err(slip)? {
        return Ok(StartConfig { config, authority });
    }
    let url = Authority::discovery_url(&config.authority_settings());
    let document = match fetch::text(&url).await {
        Ok(document) => document,
        Err(why) => return Err(SetUpNeeded::Discovery { why, url, document: None }),
    };
    match Authority::discovered(&config.authority_settings(), &document) {
        Ok(authority) => Ok(StartConfig { config, authority }),
        Err(problem) => Err(SetUpNeeded::Discovery { why: discovery::sentence(&problem), url, document: Some(document) }),
    }
}
