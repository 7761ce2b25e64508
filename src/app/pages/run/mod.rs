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

use crate::app::effects::{clock, spawn};
use crate::app::routes::Route;
use crate::app::state::{AppState, open_runs};
use guestlist::storage::overview::Overview;
use invitations::Invitations;
use leptos::prelude::*;
use recycle::Recycle;
use std::sync::Arc;

#[component]
pub fn OneRun() -> impl IntoView {
    let app = AppState::here();
    let id =
        Memo::new(move |_| app.navigator.route.with(|route| if let Route::Run { id, .. } = route { id.clone() } else { String::new() }));
    // Comparing whole runs costs more than showing them again.
    let stored = Memo::new_with_compare(move |_| app.runs.opened.get().filter(|run| run.header.id == id.get()), |_, _| true);
    let summary = move || app.runs.own.with(|runs| runs.iter().find(|run| run.id == id.get()).cloned());
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
    Effect::new(move || spawn(app.runs.open(id.get())));
    on_cleanup(move || app.runs.close());
    let title = move || {
        let invited = summary().map(|run| ("Run", run.begun));
        let told = invited.or_else(|| moved.with(|moved| moved.as_ref().map(|moved| (moved.header.kind.name(), moved.header.begun))));
        told.map_or_else(|| "Run".to_owned(), |(name, begun)| format!("{name} of {}", clock::shown(begun)))
    };
    let is_moved = Memo::new(move |_| moved.with(Option::is_some));
    view! {
        <h1 id="view" tabindex="-1">{title}</h1>
        <Show when=move || shown.with(Option::is_some) fallback=move || view! { <NotShown id is_there=Signal::derive(move || summary().is_some())/> }>
            {move || if is_moved.get() { view! { <Recycle moved shown/> }.into_any() } else { view! { <Invitations stored shown/> }.into_any() }}
        </Show>
    }
}

/// A run that is not in memory: it is being read, or this browser has none with that id.
#[component]
fn NotShown(id: Memo<String>, is_there: Signal<bool>) -> impl IntoView {
    let app = AppState::here();
    let is_read = move || app.runs.all.with(Option::is_some);
    let is_broken = move || {
        let is_it = |all: &Arc<Overview>| all.whole.unreadable.iter().any(|run| run.id == id.get());
        app.runs.all.with(|all| all.iter().flatten().any(is_it))
    };
    move || match is_there.get() || !is_read() {
        _ if is_broken() => {
            view! { <p class="hint">"This run cannot be read. "<a class="link" href=Route::Runs.hash()>"What can be done with it"</a></p> }
                .into_any()
        }
        true => view! { <p class="hint" role="status">"Reading the run …"</p> }.into_any(),
        false => {
            view! { <p class="hint">"This browser has no such run. "<a class="link" href=Route::Runs.hash()>"All runs"</a></p> }.into_any()
        }
    }
}
