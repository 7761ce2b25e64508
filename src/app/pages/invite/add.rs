//! The *Add guests* box: what is typed or pasted into it becomes guests by *Add*, Enter, a comma, pasting, or leaving it.

use super::import::Import;
use crate::app::effects::{clock, document, domain, focus};
use crate::app::parts::field::Field;
use crate::app::state::AppState;
use crate::app::state::accounts::remembered;
use guestlist::rows::quick_add::{self, MOST_BYTES};
use guestlist::words::count;
use leptos::prelude::*;
use time::Millis;
use wasm_bindgen::JsCast;

const BOX: &str = "add-guests";
const BUTTON: &str = "add-guests-now";
/// From leaving the box until what stands in it is added: whatever was pressed stays where it is until it is released.
const LEFT: Millis = Millis(250);

/// What stands in the box.
#[derive(Clone, Copy)]
pub struct Adding {
    app: AppState,
    import: Import,
    text: RwSignal<String>,
    error: RwSignal<String>,
}

impl Adding {
    pub fn new(app: AppState, import: Import) -> Self {
        let typed = app.accounts.person().and_then(|person| remembered::typed(&person)).unwrap_or_default();
        Self { app, import, text: RwSignal::new(typed), error: RwSignal::default() }
    }

    /// What stands in the box outlives a reload.
    fn keep(self) {
        if let (Some(text), Some(person)) = (self.text.try_get(), self.app.accounts.person()) {
            remembered::keep_typed(&person, &text);
        }
    }

    /// Adds what can be read; the rest stays in the box, to be fixed there.
    fn add(self) {
        let typed = self.text.get_untracked();
        if typed.contains('\t') {
            self.text.set(String::new());
            self.error.set(String::new());
            return self.import.paste(&typed);
        }
        match quick_add::read(&typed) {
            Err(too_long) => self.error.set(format!(
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
                    self.app.draft.wait(false);
                    self.app.draft.edit(|guests| guests.add(&reading.rows));
                    self.app.announcer.politely(format!("{} added.", count(added, "guest", "guests")));
                }
                let left: Vec<String> = reading.unread.iter().map(|unread| unread.text.clone()).collect();
                self.error.set(match reading.unread.first() {
                    None => String::new(),
                    Some(first) => {
                        format!("{} no address and stayed here (line {}).", count(left.len(), "entry has", "entries have"), first.line)
                    }
                });
                self.text.set(left.join("\n"));
            }
        }
    }

    /// Adds what can be read, if that is anything; whether it was.
    fn add_if_any(self) -> bool {
        let is_any =
            self.text.with_untracked(|text| text.contains('\t') || quick_add::read(text).is_ok_and(|reading| !reading.rows.is_empty()));
        if is_any {
            self.add();
        }
        is_any
    }

    /// Adds what was left in the box; what to do about it where it cannot be read.
    pub fn settle(self) -> Option<String> {
        let is_empty = || self.text.with_untracked(|text| text.trim().is_empty());
        if !is_empty() {
            self.add();
        }
        (!is_empty()).then(|| "Something in “Add guests” has no address. Fix it there, or empty the box.".into())
    }

    fn pressed_add(self) {
        if self.text.with_untracked(|text| text.trim().is_empty()) {
            self.error.set("Type or paste at least one address.".into());
        } else {
            self.add();
        }
        focus::now(BOX);
    }

    /// A comma or semicolon behind an address adds it, and so does pasting.
    fn typed(self, event: &web_sys::Event) {
        self.text.set(event_target_value(event));
        let Some(event) = event.dyn_ref::<web_sys::InputEvent>() else { return };
        let is_end = matches!(event.data().as_deref(), Some("," | ";")) && self.text.with_untracked(|text| text.ends_with([',', ';']));
        if is_end || event.input_type() == "insertFromPaste" {
            self.add_if_any();
        }
    }

    fn key(self, event: &web_sys::KeyboardEvent) {
        if event.key() != "Enter" || event.is_composing() || event.shift_key() {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            self.pressed_add();
        } else if self.add_if_any() {
            event.prevent_default();
        }
    }

    /// Adds what was left in the box where the page goes before that was due. Whoever has signed out leaves nothing behind.
    fn gone(self) {
        let is_typed = self.text.try_with_untracked(|text| !text.contains('\t')).unwrap_or(false);
        if is_typed && self.app.accounts.person().is_some() {
            self.add_if_any();
            self.keep();
        }
    }

    /// The box, or its button, was left. From the one to the other is not leaving.
    fn left(self, event: &web_sys::FocusEvent) {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Element>().ok());
        if to.is_some_and(|to| [BOX, BUTTON].contains(&to.id().as_str())) {
            return;
        }
        crate::app::effects::spawn(async move {
            clock::sleep(LEFT).await;
            let is_back = document().active_element().is_some_and(|element| [BOX, BUTTON].contains(&element.id().as_str()));
            // The page may be gone by then.
            if !is_back && self.text.try_get_untracked().is_some() {
                self.add_if_any();
            }
        });
    }
}

#[component]
pub fn Add(adding: Adding) -> impl IntoView {
    let Adding { text, error, .. } = adding;
    on_cleanup(move || adding.gone());
    Effect::new(move || adding.keep());
    view! {
        <Field id=BOX label="Add guests" hint="Name <mail>, mail, or cells pasted from a sheet; one or many. Enter adds them." error let:ids>
            <textarea id=ids.control class="input" rows="3" spellcheck="false" autocomplete="off" aria-describedby=ids.described
                aria-invalid=move || (!error.with(String::is_empty)).then_some("true")
                prop:value=move || text.get() on:input=move |event| adding.typed(&event) on:keydown=move |event| adding.key(&event)
                on:blur=move |event| adding.left(&event)></textarea>
        </Field>
        <button id=BUTTON class="button" type="button" on:click=move |_| adding.pressed_add() on:blur=move |event| adding.left(&event)>"Add"</button>
    }
}
