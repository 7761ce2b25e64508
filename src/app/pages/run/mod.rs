//! One run: where it stands, what can be done with it, and how each row ended.
//!
//! `invitations.rs` is a run that invites, with its parts; `recycle.rs` one that takes guests back or restores them, which `taking_back.rs`
//! asks about. `progress.rs` and `outcome_table.rs` belong to both.

mod commands;
mod details;
mod invitations;
mod letters;
mod outcome_table;
mod outcomes;
mod progress;
mod recycle;
mod reports;
mod seen_row;
mod subject;
mod taking_back;

use crate::app::effects::clock;
use crate::app::routes::Route;
use crate::app::state::{AppState, open_runs};
use invitations::Invitations;
use leptos::prelude::*;
use recycle::Recycle;

#[component]
pub fn OneRun() -> impl IntoView {
    let app = AppState::here();
    let id =
        Memo::new(move |_| app.navigator.route.with(|route| if let Route::Run { id, .. } = route { id.clone() } else { String::new() }));
    // Comparing whole runs costs more than showing them again.
    let stored =
        Memo::new_with_compare(move |_| app.runs.own.with(|runs| runs.iter().find(|run| run.header.id == id.get()).cloned()), |_, _| true);
    let moved = Memo::new_with_compare(
        move |_| app.runs.recycles.with(|runs| runs.iter().find(|run| run.header.id == id.get()).cloned()),
        |_, _| true,
    );
    let shown = Memo::new_with_compare(
        move |_| {
            let running = app.runs.running.get().filter(|shown| shown.run == id.get());
            let invited = || stored.get().map(|stored| open_runs::at_rest(&stored));
            running.or_else(invited).or_else(|| moved.get().map(|moved| open_runs::recycle_at_rest(&moved)))
        },
        |_, _| true,
    );
    crate::app::effects::spawn(app.runs.read());
    let title = move || {
        let invited = stored.with(|stored| stored.as_ref().map(|stored| ("Run", stored.header.begun)));
        let told = invited.or_else(|| moved.with(|moved| moved.as_ref().map(|moved| (moved.header.kind.name(), moved.header.begun))));
        told.map_or_else(|| "Run".to_owned(), |(name, begun)| format!("{name} of {}", clock::shown(begun)))
    };
    let is_moved = Memo::new(move |_| moved.with(Option::is_some));
    view! {
        <h1 id="view" tabindex="-1">{title}</h1>
        <Show when=move || shown.with(Option::is_some) fallback=|| view! { <p class="hint">"This browser has no such run. "<a class="link" href=Route::Runs.hash()>"All runs"</a></p> }>
            {move || if is_moved.get() { view! { <Recycle moved shown/> }.into_any() } else { view! { <Invitations stored shown/> }.into_any() }}
        </Show>
    }
}
