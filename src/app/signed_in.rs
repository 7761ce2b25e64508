//! The one entry point from what every visitor loads into the rest of the program.
//!
//! With `--cfg split`, which `cargo xtask build` sets, what only [`enter`] reaches becomes a WebAssembly module of its own
//! (crate `wasm_split_helpers`); without it the program is one module and the entry point is a call.

use super::areas::{self, NOT_LOADED, NotLoaded, PageArea, ShowRoute};
use super::effects::{address_bar, clock, other_tabs};
use super::mount::mount;
use super::parts::grid::{RowsModel, read_only_table};
use super::routes::Route;
use super::start_config::{SetUpNeeded, StartConfig};
use super::state::accounts::landing;
use super::state::{AppState, runner, session};
use super::{embedded, frame, pages};
use futures_util::future::{Either, join, select};
use futures_util::{FutureExt, pin_mut};
use leptos::prelude::*;
use time::Millis;

/// What is wanted of the rest.
pub enum EntryPoint {
    /// The signed-out page stays: whoever comes back to it by the browser's *Back* is told why.
    SignedOut,
    SignedIn(StartConfig),
    /// The page is in a frame, and nobody knows yet whose.
    Embedded(StartConfig),
    SetUp(SetUpNeeded),
}

/// Loads the rest of the program and hands over to it.
///
/// # Errors
/// A sentence for the user: it could not be loaded.
pub async fn open(entry: EntryPoint) -> Result<(), &'static str> {
    fetch().await?;
    #[cfg(split)]
    let entered = enter(entry).await.map_err(|NotLoaded| NOT_LOADED);
    #[cfg(not(split))]
    let entered = enter(entry).map_err(|NotLoaded| NOT_LOADED);
    entered
}

/// Loads the rest of the program, once.
///
/// # Errors
/// A sentence for the user: it could not be loaded. It may be tried again.
pub async fn fetch() -> Result<(), &'static str> {
    #[cfg(split)]
    load().await.map_err(|_| NOT_LOADED)?;
    Ok(())
}

#[cfg_attr(split, leptos::wasm_split::wasm_split(signed_in, wasm_split_path = ::leptos::wasm_split, preload(load), fallible))]
fn enter(entry: EntryPoint) -> Result<(), NotLoaded> {
    take_up(entry);
    Ok(())
}

/// Whatever is wanted of the rest.
type TakeUp = fn(EntryPoint);

/// Loads the area behind a way in: a module of its own where the program is cut, a call where it is not.
macro_rules! load {
    ($way_in:ident) => {
        || {
            async {
                #[cfg(split)]
                let loaded = $way_in().await;
                #[cfg(not(split))]
                let loaded = $way_in();
                loaded.map(|(show, _)| show)
            }
            .boxed_local()
        }
    };
}

/// The way into *Activity*, with all that it stands on as one of its pointers: so the cutter leaves there what both use, and does not make a
/// module for every set of areas.
#[cfg_attr(split, leptos::wasm_split::wasm_split(activity, wasm_split_path = ::leptos::wasm_split, fallible))]
fn activity() -> Result<(ShowRoute, TakeUp), NotLoaded> {
    let show: ShowRoute = |route| match route {
        Route::Run { .. } => view! { <pages::run::OneRun/> }.into_any(),
        _ => view! { <pages::runs::Runs/> }.into_any(),
    };
    Ok((show, take_up))
}

/// The way into *Self-service*.
#[cfg_attr(split, leptos::wasm_split::wasm_split(self_service, wasm_split_path = ::leptos::wasm_split, fallible))]
fn self_service() -> Result<(ShowRoute, TakeUp), NotLoaded> {
    let show: ShowRoute = |route| match route {
        Route::Package(_) => view! { <pages::self_service::Package/> }.into_any(),
        Route::PackageMap { .. } => view! { <pages::self_service::PackageMap/> }.into_any(),
        _ => view! { <pages::self_service::Packages/> }.into_any(),
    };
    Ok((show, take_up))
}

#[inline(never)]
fn take_up(entry: EntryPoint) {
    // What areas show and nothing here does lies here by being named.
    std::hint::black_box(read_only_table as fn(&'static str, RowsModel) -> AnyView);
    match entry {
        EntryPoint::SignedOut => other_tabs::reload_when_restored(),
        EntryPoint::SetUp(needed) => mount(move || view! { <pages::set_up::SetUp needed/> }),
        EntryPoint::SignedIn(place) => super::effects::spawn(work(place)),
        EntryPoint::Embedded(place) => super::effects::spawn(async move {
            if embedded::show(&place).await {
                work(place).await;
            }
        }),
    }
}

/// From here on reading what lies in the browser is slow.
const SLOW: Millis = Millis::seconds(1);

/// Takes up what a sign-in handed over and what lies in this browser, and shows the page.
async fn work(place: StartConfig) {
    // The root owner lives as long as the page: what the state holds must never be cleaned up.
    let owner = Owner::new();
    let app = owner.with(|| AppState::new(place));
    let was_at_work = landing::land(app.accounts, app.navigator).await;
    areas::fetch([(PageArea::Activity, load!(activity)), (PageArea::SelfService, load!(self_service))]);
    other_tabs::reload_when_restored();
    session::follow_other_tabs(app);
    let loading = async {
        let runs = async {
            match app.navigator.route.get_untracked() {
                Route::Run { id, .. } => app.runs.open(id).await,
                _ => app.runs.read().await,
            }
        };
        join(app.draft.load(), runs).await;
        app.draft.wait(!was_at_work && !app.draft.guests.with_untracked(|guests| guests.list().is_empty()));
    };
    pin_mut!(loading);
    // A disk that is slow, or does not answer, keeps nobody from seeing the page.
    let is_slow = match select(&mut loading, clock::sleep(SLOW).boxed_local()).await {
        Either::Left(_) => false,
        Either::Right(_) => true,
    };
    address_bar::on_hash_change(move || app.navigator.follow_address());
    mount(move || {
        provide_context(app);
        view! { <frame::Frame/> }
    });
    app.begin();
    runner::ask_before_leaving(app);
    std::mem::forget(owner);
    if is_slow {
        loading.await;
    }
}
