//! Everything that needs a browser. The library decides, this does.
//!
//! [`start`] reads config.json, finds the authority, takes up what a sign-in handed over, and mounts the frame.

mod desk;
mod drive;
mod effects;
mod frame;
mod pages;
mod parts;
mod routes;
mod runner;
mod session;

use desk::Desk;
use effects::{address_bar, fetch, store};
use guestlist::config::{Config, Wrong};
use guestlist::identity::Authority;
use leptos::prelude::*;

/// Why the page cannot begin.
#[derive(Clone, Debug)]
enum SetUpNeeded {
    NoConfig(String),
    Wrong(Vec<Wrong>),
    /// The authority could not be discovered.
    Discovery(String),
}

pub fn start() {
    std::panic::set_hook(Box::new(|panic| effects::failed::show(&panic.to_string())));
    crate::app::effects::spawn(async {
        match prepare().await {
            Ok((config, authority)) => {
                // The root owner lives as long as the page: what the desk holds must never be cleaned up.
                let owner = Owner::new();
                let desk = owner.with(|| Desk::new(config, authority));
                let was_at_work = session::land(desk).await;
                desk.draft.set(store::draft().await.unwrap_or_default());
                desk.draft_waits.set(!was_at_work && !desk.draft.with_untracked(|draft| draft.list.rows.is_empty()));
                desk.read_runs().await;
                address_bar::on_hash_change(move || desk.follow_address());
                mount(move || {
                    provide_context(desk);
                    view! { <frame::Frame/> }
                });
                desk.begin();
                runner::ask_before_leaving();
                std::mem::forget(owner);
            }
            Err(needed) => mount(move || view! { <pages::set_up::SetUp needed=needed.clone()/> }),
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

async fn prepare() -> Result<(Config, Authority), SetUpNeeded> {
    let text = fetch::text("config.json").await.map_err(SetUpNeeded::NoConfig)?;
    let config = Config::read(&text).map_err(SetUpNeeded::Wrong)?;
    if let Some(authority) = Authority::known(&config) {
        return Ok((config, authority));
    }
    let document = fetch::text(&Authority::discovery_url(&config)).await.map_err(SetUpNeeded::Discovery)?;
    let authority = Authority::discovered(&config, &document).map_err(SetUpNeeded::Discovery)?;
    Ok((config, authority))
}
