//! What has to be said about the draft: one waits from an earlier visit, another tab changed it, it cannot be read or kept, or
//! an earlier version of the page left one that names no owner.

use crate::app::effects::{clock, download};
use crate::app::parts::notice::{Notice, Tone};
use crate::app::state::AppState;
use guestlist::storage::Denied;
use guestlist::tab::drafting::{DraftIntent, Keeping};
use guestlist::words::count;
use leptos::prelude::*;

#[component]
pub(super) fn DraftNotices() -> impl IntoView {
    view! { <LeftBehind/><Keeps/><Waiting/> }
}

/// A draft of an earlier visit is here already; it can be gone on with or thrown away, and had back after that.
#[component]
fn Waiting() -> impl IntoView {
    let app = AppState::here();
    let words = move || {
        let guests = app.draft.guests.with(|guests| count(guests.list().len(), "guest", "guests"));
        format!("Your draft is still here: {guests}, {}.", clock::ago(app.draft.touched.get()))
    };
    let undo = move |_| app.draft.take_back();
    move || {
        if app.draft.waits.get() {
            let (go_on, discard) = (move |_| app.draft.wait(false), move |_| app.draft.discard());
            view! {
                <Notice tone=Tone::Info>
                    <p>{words}</p>
                    <div class="row">
                        <button class="button" type="button" on:click=go_on>"Continue"</button>
                        <button class="button" type="button" on:click=discard>"Discard"</button>
                    </div>
                </Notice>
            }
            .into_any()
        } else if app.draft.discarded.with(Option::is_some) {
            view! { <Notice tone=Tone::Info><p>"The draft was discarded."</p><button class="button" type="button" on:click=undo>"Undo"</button></Notice> }.into_any()
        } else {
            ().into_any()
        }
    }
}

/// Whether what is composed is being written down, where it is not.
#[component]
fn Keeps() -> impl IntoView {
    let app = AppState::here();
    move || {
        match app.draft.keeping.get() {
        Keeping::Reading => view! { <p class="hint" role="status">"Reading what lies in this browser …"</p> }.into_any(),
        Keeping::Kept => ().into_any(),
        Keeping::ChangedElsewhere => view! {
            <Notice tone=Tone::Warning><strong>"This draft was changed in another tab."</strong>
                <p>"What you do here is not written down until you choose which of the two stays."</p>
                <div class="row"><button class="button" type="button" on:click=move |_| app.draft.settle_soon(DraftIntent::Open)>"Use the other tab’s draft"</button>
                    <button class="button" type="button" on:click=move |_| app.draft.settle_soon(DraftIntent::KeepThis)>"Keep this one"</button></div></Notice>
        }
        .into_any(),
        Keeping::Unreadable(why, records) => {
            let file = serde_json::to_string(&records).unwrap_or_default();
            view! {
                <Notice tone=Tone::Warning><strong>"Your draft cannot be read by this version of the page."</strong>
                    <p>{why.words()}" It is kept as it is; what you compose meanwhile is not written down."</p>
                    <div class="row"><button class="button" type="button" on:click=move |_| download::offer("guestlist-draft.json", "application/json", &file.clone().into())>"Download"</button>
                        <button class="button" type="button" on:click=move |_| app.draft.settle_soon(DraftIntent::PutAside)>"Put it aside and begin a new one"</button></div></Notice>
            }
            .into_any()
        }
        Keeping::Denied(why) => view! {
            <Notice tone=Tone::Warning><strong>"This browser does not keep your draft."</strong><p>{format!("It says: {why}. Your list and message are lost when this tab is closed.")}</p></Notice>
        }
        .into_any(),
    }
    }
}

/// What an earlier version left here names no owner, or one that is written otherwise now; it is shown once somebody says that it is theirs.
#[component]
fn LeftBehind() -> impl IntoView {
    let app = AppState::here();
    let refused = RwSignal::new(String::new());
    let settle = move |mine: bool| {
        crate::app::effects::spawn(async move {
            if let Err(Denied(why)) = app.draft.settle(if mine { DraftIntent::Claim } else { DraftIntent::Disown }).await {
                refused.set(format!("This browser did not write it down: {why}."));
            }
        });
    };
    move || {
        app.draft.unclaimed.get().map(|left| {
            let draft = left.has_draft.then(|| format!("a draft with {}", count(left.rows, "row", "rows")));
            let letters = (left.letters > 0).then(|| "letters that were kept or sent last".to_owned());
            let what = [draft, letters].into_iter().flatten().collect::<Vec<_>>().join(" and ");
            view! {
                <Notice tone=Tone::Info><strong>"An earlier version of this page left something in this browser."</strong>
                    <p>{if left.is_own { format!("It is yours: {what}. It was kept under another spelling of the address of Graph.") } else { format!("It is {what}. Nothing of it is shown or sent until you say that it is yours.") }}</p>
                    {move || (!refused.with(String::is_empty)).then(|| view! { <p class="error">{refused.get()}</p> })}
                    <div class="row"><button class="button" type="button" on:click=move |_| settle(true)>{if left.is_own { "Take it over" } else { "It is mine" }}</button>
                        {(!left.is_own).then(|| view! { <button class="button" type="button" on:click=move |_| settle(false)>"It is not mine"</button> })}</div></Notice>
            }
        })
    }
}
