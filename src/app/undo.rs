//! The window in which a run that is about to begin can be taken back.

use super::parts::{dialog, ids};
use super::routes::Route;
use super::state::AppState;
use guestlist::words::count;
use leptos::html;
use leptos::prelude::*;

/// A modal dialog while something is about to begin: what is composed cannot be changed meanwhile. Esc undoes it.
#[component]
pub fn Undo() -> impl IntoView {
    let app = AppState::here();
    let pending = app.undo_window.pending;
    let node = NodeRef::<html::Dialog>::new();
    let (title, told) = (ids::fresh("undo"), ids::fresh("undo"));
    // Whoever goes elsewhere takes it back.
    Effect::new(move |before: Option<Route>| {
        let route = app.navigator.route.get();
        if before.is_some_and(|before| !before.same_view(&route)) {
            app.undo_window.undo();
        }
        route
    });
    dialog::follow(node, Signal::derive(move || pending.with(Option::is_some)));
    let what = move || pending.with(|pending| pending.as_ref().map(|pending| pending.what.clone())).unwrap_or_default();
    let left = move || pending.with(|pending| pending.as_ref().map(|pending| count(pending.seconds as usize, "second", "seconds")));
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=title.clone() aria-describedby=told.clone() on:close=move |_| app.undo_window.undo()>
            <h2 id=title.clone()>{what}</h2>
            <p id=told.clone()>"It begins in "{left}". Nothing has left yet."</p>
            <div class="row end">
                <button class="button" type="button" autofocus on:click=move |_| app.undo_window.undo()>"Undo"</button>
                <button class="button primary" type="button" on:click=move |_| app.undo_window.begin_now()>"Begin now"</button>
            </div>
        </dialog>
    }
}
