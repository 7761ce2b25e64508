//! The *Add guests* box.

use super::import::Import;
use crate::app::desk::Desk;
use crate::app::effects::{domain, focus};
use crate::app::parts::field::{Field, described};
use guestlist::rows::quick_add::{self, MOST_BYTES};
use guestlist::words::count;
use leptos::prelude::*;

#[component]
pub fn Add(import: Import) -> impl IntoView {
    let desk = Desk::here();
    let (text, error) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let node = NodeRef::<leptos::html::Textarea>::new();
    let add = move || {
        let typed = text.get_untracked();
        if typed.trim().is_empty() {
            error.set("Type or paste at least one address.".into());
            return focus::now("add-guests");
        }
        if typed.contains('\t') {
            text.set(String::new());
            error.set(String::new());
            return import.paste(&typed);
        }
        match quick_add::read(&typed) {
            Err(too_long) => error.set(format!(
                "That is {} KB; this box takes up to {} KB. Nothing was added. Paste it in parts.",
                too_long.bytes / 1000,
                MOST_BYTES / 1000
            )),
            Ok(mut reading) => {
                for (_, text) in reading.rows.iter_mut().flatten().filter(|(column, _)| column.name == "email") {
                    *text = domain::ascii(text);
                }
                let added = reading.rows.len();
                if added > 0 {
                    desk.draft_waits.set(false);
                    desk.edit(|guests| guests.add(&reading.rows));
                    desk.say(format!("{} added.", count(added, "guest", "guests")));
                }
                // What could not be read stays in the box, to be mended there.
                let left: Vec<String> = reading.unread.iter().map(|unread| unread.text.clone()).collect();
                error.set(match reading.unread.first() {
                    None => String::new(),
                    Some(first) => {
                        format!("{} no address and stayed here (line {}).", count(left.len(), "entry has", "entries have"), first.line)
                    }
                });
                text.set(left.join("\n"));
            }
        }
        focus::now("add-guests");
    };
    // Outside of the reactive value: a megabyte of text is looked at once, on Add.
    let shortcut = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            add();
        }
    };
    view! {
        <Field id="add-guests" label="Add guests" hint="Name <mail>, mail, or cells pasted from a sheet; one or many." error>
            <textarea id="add-guests" node_ref=node class="input" rows="3" spellcheck="false" autocomplete="off" aria-describedby=described("add-guests")
                aria-invalid=move || (!error.with(String::is_empty)).then_some("true")
                prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event)) on:keydown=shortcut></textarea>
        </Field>
        <button class="button" type="button" on:click=move |_| add()>"Add"</button>
    }
}
