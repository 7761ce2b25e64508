//! A list from a file or from pasted cells: opened, dropped or pasted, read, its columns matched, its rows added to the
//! guests.

mod encodings;
mod importing;
mod layout;

pub use importing::Import;

use crate::app::effects::file_input;
use crate::app::parts::notice::{Notice, Tone};
use guestlist::rows::Guests;
use guestlist::sheet::{MOST_BYTES, MOST_ROWS};
use guestlist::words::grouped;
use importing::ImportStage;
use leptos::prelude::*;
use web_sys::{DragEvent, HtmlInputElement};

/// What can be read, and what is explained because people choose it for a list.
const ACCEPTED: &str = ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods,.xml,.htm,.html,.numbers,.pages,.pdf,text/csv";

#[component]
pub fn FromFile(import: Import) -> impl IntoView {
    let over = window_event_listener(leptos::ev::dragover, move |event: DragEvent| {
        event.prevent_default();
        import.expect();
    });
    let dropped = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            import.open(file);
        }
    });
    on_cleanup(move || {
        over.remove();
        dropped.remove();
    });
    let chosen = move |event: leptos::ev::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            import.open(file);
        }
        // So that the same file can be chosen once more.
        input.set_value("");
    };
    view! {
        <input id="file" type="file" hidden accept=ACCEPTED on:change=chosen/>
        {move || match import.stage.get() {
            ImportStage::Idle => view! { <Offer import/> }.into_any(),
            ImportStage::Reading { name } => view! {
                <div class="row"><p class="looking" role="status"><progress max=move || import.progress.get().1.to_string() value=move || import.progress.get().0.to_string() aria-label="Reading"></progress>{format!("Reading {name} …")}</p>
                    <button id="reading" class="button" type="button" on:click=move |_| import.close()>"Cancel"</button></div>
            }.into_any(),
            ImportStage::Failed { name, words } => view! {
                <div id="file-failed" tabindex="-1"><Notice tone=Tone::Danger><strong>{format!("{name} could not be read.")}</strong><p>{words}</p>
                    {import.file.with_value(Option::is_some).then(|| view! { <button class="button" type="button" on:click=move |_| import.read(true)>"Try again"</button> })}
                </Notice></div><Offer import/>
            }.into_any(),
            ImportStage::Open => view! { <layout::Open import/> }.into_any(),
            ImportStage::Added { name, words, columns, opened } => {
                let (opened, edits) = (StoredValue::new(opened), import.app.draft.guests.with_untracked(Guests::edits));
                // Once something else was changed, taking the rows back would take that back too.
                let is_last = move || import.app.draft.guests.with(|guests| guests.edits() == edits);
                view! {
                    <p id="file-added" class="row" tabindex="-1"><span><bdi>{name}</bdi>{format!(": {words} {columns}")}</span>
                        <Show when=is_last><button class="button subtle" type="button" on:click=move |_| import.reopen(opened.get_value())>"How it was read …"</button></Show></p>
                    <Offer import/>
                }.into_any()
            }
        }}
    }
}

#[component]
fn Offer(import: Import) -> impl IntoView {
    let open = move |_| {
        import.expect();
        file_input::open("file");
    };
    let limits = format!(
        "CSV or Excel, up to {} rows and {} MB; or drop it anywhere. It is read in this browser and not uploaded.",
        grouped(MOST_ROWS),
        MOST_BYTES / 1_000_000
    );
    view! { <div class="row tools"><button id="open-file" class="button" type="button" on:pointerenter=move |_| import.expect() on:click=open>"Import file …"</button><span class="hint">{limits}</span></div> }
}
