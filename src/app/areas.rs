//! Areas of the signed-in page that are WebAssembly modules of their own: each is loaded once, right after signing in, and shown when
//! somebody goes there. Their ways in stand in `signed_in.rs`.

use super::effects::{document, focus, spawn};
use super::parts::notice::{Notice, Tone};
use super::routes::Route;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use std::cell::Cell;

pub const NOT_LOADED: &str = "A part of the page could not be loaded. Check the network, then load the page again.";

pub struct NotLoaded;

#[cfg(split)]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageArea {
    /// What has been done: the runs of this browser, and each of them.
    Activity,
    /// What partners can ask for themselves.
    SelfService,
}

/// How many there are.
const COUNT: usize = 2;

/// Shows the page of an area that a route leads to.
pub type ShowRoute = fn(&Route) -> AnyView;

pub type AreaLoading = LocalBoxFuture<'static, Result<ShowRoute, NotLoaded>>;

/// Loads an area. It may be tried again.
pub type LoadArea = fn() -> AreaLoading;

thread_local! {
    static LOAD: Cell<[Option<LoadArea>; COUNT]> = const { Cell::new([None; COUNT]) };
    static LOADED: Cell<[Option<ShowRoute>; COUNT]> = const { Cell::new([None; COUNT]) };
}

fn put<T: Copy>(place: &Cell<[Option<T>; COUNT]>, area: PageArea, value: T) {
    let mut all = place.get();
    all[area as usize] = Some(value);
    place.set(all);
}

/// Loads all areas, so that none is missed when the network goes, or when the host puts a newer version in place.
pub fn fetch(areas: [(PageArea, LoadArea); COUNT]) {
    for (area, load_area) in areas {
        LOAD.with(|all| put(all, area, load_area));
        spawn(async move { _ = load(area).await });
    }
}

async fn load(area: PageArea) -> Result<ShowRoute, NotLoaded> {
    let loaded = LOAD.get()[area as usize].ok_or(NotLoaded)?().await?;
    LOADED.with(|all| put(all, area, loaded));
    Ok(loaded)
}

/// A page of an area, with its heading until it is there.
#[component]
pub fn AreaPage(area: PageArea, route: Route) -> impl IntoView {
    let title = route.title();
    let loaded = RwSignal::new_local(LOADED.get()[area as usize]);
    let has_failed = RwSignal::new(false);
    let get = move || {
        has_failed.set(false);
        spawn(async move {
            match load(area).await {
                Ok(show) => {
                    // The heading that has it by now goes.
                    let has_focus = document().active_element().is_some_and(|element| element.id() == "view");
                    if loaded.try_set(Some(show)).is_none() && has_focus {
                        focus::later("view");
                    }
                }
                Err(NotLoaded) => _ = has_failed.try_set(true),
            }
        });
    };
    if loaded.with_untracked(Option::is_none) {
        get();
    }
    let waiting = move || {
        if has_failed.get() {
            view! { <Notice tone=Tone::Danger><p>{NOT_LOADED}</p><button class="button" type="button" on:click=move |_| get()>"Try again"</button></Notice> }.into_any()
        } else {
            view! { <p class="hint" role="status">"Loading …"</p> }.into_any()
        }
    };
    move || match loaded.get() {
        Some(show) => show(&route),
        None => view! { <h1 id="view" tabindex="-1">{title}</h1>{waiting} }.into_any(),
    }
}
