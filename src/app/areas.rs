//! Areas of the signed-in page that are WebAssembly modules of their own: each is loaded once, right after signing in, and shown when
//! somebody goes there. Their ways in stand in `signed_in.rs`.

use super::effects::{document, focus, spawn};
use super::parts::notice::{Notice, Tone};
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

/// What has been done: the runs of this browser, and each of them.
#[derive(Clone, Copy)]
pub struct Activity {
    pub runs: fn() -> AnyView,
    pub run: fn() -> AnyView,
}

pub type AreaLoading = LocalBoxFuture<'static, Result<Activity, NotLoaded>>;

/// Loads an area. It may be tried again.
pub type LoadArea = fn() -> AreaLoading;

thread_local! {
    static LOAD: Cell<Option<LoadArea>> = const { Cell::new(None) };
    static LOADED: Cell<Option<Activity>> = const { Cell::new(None) };
}

/// Loads all areas, so that none is missed when the network goes, or when the host puts a newer version in place.
pub fn fetch(activity: LoadArea) {
    LOAD.set(Some(activity));
    spawn(async { _ = load().await });
}

async fn load() -> Result<Activity, NotLoaded> {
    let loaded = LOAD.get().ok_or(NotLoaded)?().await?;
    LOADED.set(Some(loaded));
    Ok(loaded)
}

/// A page of *Activity*, with its heading until it is there.
#[component]
pub fn ActivityPage(
    /// Of the page, until its own is there.
    title: &'static str,
    page: fn(Activity) -> AnyView,
) -> impl IntoView {
    let loaded = RwSignal::new_local(LOADED.get());
    let has_failed = RwSignal::new(false);
    let get = move || {
        has_failed.set(false);
        spawn(async move {
            match load().await {
                Ok(activity) => {
                    // The heading that has it by now goes.
                    let has_focus = document().active_element().is_some_and(|element| element.id() == "view");
                    if loaded.try_set(Some(activity)).is_none() && has_focus {
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
        Some(activity) => page(activity),
        None => view! { <h1 id="view" tabindex="-1">{title}</h1>{waiting} }.into_any(),
    }
}
