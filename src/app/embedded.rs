//! The page in a frame: it is found out whose frame that is before anything that the browser keeps is read.

use super::effects::{address_bar, ancestors, is_embedded};
use super::pages::welcome::Entrance;
use super::parts::dialog::Dialog;
use super::state::accounts;
use super::{StartConfig, mount, signed_in};
use guestlist::embedding::{FramePolicy, frame_policy};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// Shows what may be shown in this frame.
pub async fn show(place: StartConfig) {
    let (around, is_listed) = match ancestors::listed() {
        Some(origins) => (origins, true),
        None => (ancestors::ask(&place.config.parents).await, false),
    };
    match frame_policy(false, &around, &place.config.parents) {
        FramePolicy::Allowed(chain) => {
            accounts::keep_under(chain);
            if accounts::is_expected() {
                signed_in::work(place).await;
            } else {
                mount(|| view! { <Outside/> });
            }
        }
        FramePolicy::TopLevel | FramePolicy::Refused => {
            let strangers = if is_listed { strangers(around, &place.config.parents) } else { Vec::new() };
            mount(move || view! { <Refused strangers/> });
        }
    }
}

/// What a visitor sees in a frame before anybody has signed in.
#[component]
fn Outside() -> impl IntoView {
    address_bar::title("Sign in · Guestlist");
    view! {
        <header class="top"><span class="brand">"Guestlist"</span><span class="gap"></span><FullWindow/></header>
        <nav class="main-nav" aria-label="Main"></nav>
        <main class="main" id="main"><Entrance><NotHere/></Entrance></main>
    }
}

/// Why nobody signs in here, and the ways to where they can.
#[component]
pub fn NotHere() -> impl IntoView {
    view! {
        <p class="notice">"Microsoft does not allow its sign-in page inside another page. Use “Open full window” above to sign in."</p>
        <p class="hint">"If that opens nothing, as in the SharePoint app, open this address in a browser: "<code class="breakable">{address_bar::here()}</code></p>
    }
}

/// The way out of a frame, when the page is in one: Microsoft refuses to be framed. Some apps open no windows for what they show
/// (SharePoint/sp-dev-docs #1656), and some frames may not: then the address is told instead.
///
/// The window that comes of it begins signed out, as any that another page opens (`guestlist::embedding`).
#[component]
pub fn FullWindow() -> impl IntoView {
    let is_shut = RwSignal::new(false);
    let open = move |event: MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            is_shut.set(!address_bar::open(&address_bar::here()));
        }
    };
    is_embedded().then(|| {
        view! {
            <a class="link" href=address_bar::here() target="_blank" rel="noopener" on:click=open>"Open full window"</a>
            <Dialog title="No window opened" open=is_shut>
                <p>"The app or the page around this one lets it open no windows, and Microsoft’s sign-in page opens nowhere else. Open this address in a browser:"</p>
                <p><code class="breakable">{move || is_shut.get().then(address_bar::here)}</code></p>
            </Dialog>
        }
    })
}

/// Who would have to be allowed, each once.
fn strangers(around: Vec<String>, parents: &[String]) -> Vec<String> {
    let mut strangers: Vec<String> = around.into_iter().filter(|origin| !parents.contains(origin)).collect();
    strangers.sort();
    strangers.dedup();
    strangers
}

/// Nothing can be pressed here but the way out: whoever framed the page may have laid something over it.
#[component]
fn Refused(strangers: Vec<String>) -> impl IntoView {
    address_bar::title("Not allowed here · Guestlist");
    let who = if strangers.is_empty() {
        view! { <p>"This browser does not tell which site that is, and it did not answer when it was asked. The README says under “Embed it” what belongs into its page."</p> }.into_any()
    } else {
        let origins = strangers.into_iter().map(|origin| match origin.as_str() {
            "null" | "" => {
                view! { <li>"a page without an address of its own, which cannot be allowed: a sandboxed one, for instance"</li> }.into_any()
            }
            _ => view! { <li><code class="breakable">{origin}</code></li> }.into_any(),
        });
        view! { <p>"These sites are around it:"</p><ul>{origins.collect_view()}</ul> }.into_any()
    };
    view! {
        <header class="top"><span class="brand">"Guestlist"</span><span class="gap"></span><FullWindow/></header>
        <nav class="main-nav" aria-label="Main"></nav>
        <main class="main" id="main">
            <div class="welcome card">
                <h1 id="view" tabindex="-1">"Not allowed here"</h1>
                <p>"This page is shown inside another site that is not allowed to embed it. So nobody is signed in here, and nothing that is kept in this browser is shown. Use “Open full window” above."</p>
                <h2>"For who runs this page"</h2>
                <p>"Every site that the page is shown inside of has to stand in “embed.parents” of config.json, by its origin, such as https://contoso.sharepoint.com."</p>
                {who}
            </div>
        </main>
    }
}
