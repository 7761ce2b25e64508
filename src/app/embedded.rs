//! The page in a frame: it is found out whose frame that is before anything that the browser keeps is read.

use super::effects::{address_bar, ancestors};
use super::mount::mount;
use super::pages::entrance::{Entrance, NotHere};
use super::parts::full_window::FullWindow;
use super::start_config::StartConfig;
use super::state::accounts::remembered;
use guestlist::embedding::{FramePolicy, frame_policy};
use leptos::prelude::*;

/// Shows what may be shown in this frame. Whether somebody is at work here, or comes back from signing in: then nothing is shown yet.
pub async fn show(place: &StartConfig) -> bool {
    let (around, is_listed) = match ancestors::listed() {
        Some(origins) => (origins, true),
        None => (ancestors::ask(&place.config.parents).await, false),
    };
    match frame_policy(false, &around, &place.config.parents) {
        FramePolicy::Allowed(chain) => {
            remembered::keep_under(chain);
            let is_at_work = remembered::is_expected();
            if !is_at_work {
                mount(|| view! { <Outside/> });
            }
            is_at_work
        }
        FramePolicy::TopLevel | FramePolicy::Refused => {
            let strangers = if is_listed { strangers(around, &place.config.parents) } else { Vec::new() };
            mount(move || view! { <Refused strangers/> });
            false
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
