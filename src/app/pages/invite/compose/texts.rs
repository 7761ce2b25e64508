//! The texts of the letter: one for everybody, and one for each language that wants its own.

use super::editor::Editor;
use crate::app::effects::focus;
use crate::app::parts::field::Field;
use crate::app::state::AppState;
use guestlist::letter::{Variant, languages};
use guestlist::rows::view;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The texts of the letter, of which one is shown.
#[derive(Clone, Copy)]
struct TextTabs {
    app: AppState,
    /// Languages that have a text of their own.
    tags: Memo<Vec<String>>,
    /// The text that somebody chose: 0 is the one for everybody else, the others follow in their order.
    chosen: RwSignal<usize>,
    /// The text that is shown.
    shown: Memo<usize>,
    /// The text that was removed last, and where it stood.
    removed: RwSignal<Option<(usize, Variant)>>,
}

impl TextTabs {
    fn new(app: AppState) -> Self {
        let tags = Memo::new(move |_| {
            app.draft.letter.with(|letter| letter.variants.iter().map(|variant| variant.language.clone()).collect::<Vec<_>>())
        });
        let chosen = RwSignal::new(0);
        let shown = Memo::new(move |_| chosen.get().min(tags.with(Vec::len)));
        Self { app, tags, chosen, shown, removed: RwSignal::new(None) }
    }

    fn has(self, tag: &String) -> bool {
        self.tags.with_untracked(|tags| tags.contains(tag))
    }

    fn add(self, tag: String) {
        if !tag.is_empty() && !self.has(&tag) {
            self.app.draft.compose(|letter| letter.variants.push(Variant { language: tag, ..Variant::default() }));
            self.chosen.set(self.tags.with_untracked(Vec::len));
            focus::later("message");
        }
    }

    /// Removes the text that is shown; the one for everybody else stays.
    fn remove(self) {
        let Some(place) = self.shown.get_untracked().checked_sub(1) else { return };
        let before = self.app.draft.letter.with_untracked(|letter| letter.variants[place].clone());
        let words = format!("The text in {} was removed.", languages::name(&before.language));
        self.app.draft.compose(|letter| _ = letter.variants.remove(place));
        self.removed.set(Some((place, before)));
        self.chosen.set(place);
        self.app.announcer.politely(words);
        focus::later("back");
    }

    fn put_back(self) {
        let Some((place, variant)) = self.removed.get_untracked() else { return };
        self.removed.set(None);
        if !self.has(&variant.language) {
            self.app.draft.compose(|letter| letter.variants.insert(place.min(letter.variants.len()), variant));
            self.chosen.set(place + 1);
        }
        focus::later("message");
    }

    /// As tabs are moved in by keys.
    fn key(self, event: &KeyboardEvent) {
        let (shown, count) = (self.shown.get_untracked(), self.tags.with_untracked(Vec::len) + 1);
        let to = match event.key().as_str() {
            "ArrowRight" => (shown + 1) % count,
            "ArrowLeft" => (shown + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        self.chosen.set(to);
        focus::later(format!("text-{to}"));
    }
}

#[component]
pub fn Texts() -> impl IntoView {
    let app = AppState::here();
    let texts = TextTabs::new(app);
    let TextTabs { tags, shown, removed, .. } = texts;
    let own = Memo::new(move |_| app.draft.letter.with(|letter| !letter.channel.is_microsoft()));
    let has_tabs = Memo::new(move |_| tags.with(|tags| !tags.is_empty()));
    view! {
        <Tabs texts/>
        <div id="text" role=move || has_tabs.get().then_some("tabpanel") aria-labelledby=move || has_tabs.get().then(|| format!("text-{}", shown.get()))>
            {move || view! { <Editor which=shown.get() own=own.get()/> }}
            <Show when=move || { shown.get() == 0 }><Language/></Show>
            <Show when=move || { shown.get() != 0 }><p><button class="button subtle" type="button" on:click=move |_| texts.remove()>"Remove this language"</button></p></Show>
        </div>
        <div class="row tools">
            <label class="label" for="add-language">"Add a text in"</label>
            <select id="add-language" class="input" prop:value=move || { tags.track(); "" } on:change=move |event| texts.add(event_target_value(&event))><option value="">"another language …"</option><Offered tags/></select>
            <Show when=move || removed.with(Option::is_some)><button id="back" class="button subtle" type="button" on:click=move |_| texts.put_back()>"Undo removing"</button></Show>
        </div>
    }
}

/// A tab for each text, once there are several.
#[component]
fn Tabs(texts: TextTabs) -> impl IntoView {
    let tab = move |place: usize, tag: String| {
        let here = move || texts.shown.get() == place;
        let words = if tag.is_empty() { "All other guests".to_owned() } else { languages::name(&tag) };
        view! {
            <button id=format!("text-{place}") class="tab" role="tab" type="button" aria-controls="text" lang=tag aria-selected=move || here().to_string()
                tabindex=move || if here() { "0" } else { "-1" } on:keydown=move |event| texts.key(&event) on:click=move |_| texts.chosen.set(place)>{words}</button>
        }
    };
    move || {
        let tags = texts.tags.get();
        (!tags.is_empty()).then(|| {
            let all = std::iter::once(String::new()).chain(tags).enumerate().map(|(place, tag)| tab(place, tag));
            view! { <div class="text-tabs" role="tablist" aria-label="Texts">{all.collect_view()}</div> }
        })
    }
}

/// Languages that have no text yet, those of the list first.
#[component]
fn Offered(tags: Memo<Vec<String>>) -> impl IntoView {
    let app = AppState::here();
    move || {
        let of_rows = app.draft.guests.with(|guests| {
            let list = guests.list();
            let values = list.column("language").map(|column| view::values(list, column)).unwrap_or_default();
            values.into_iter().map(|(tag, _)| tag.to_owned()).collect::<Vec<_>>()
        });
        let offered = tags.with(|there| languages::offered(of_rows.iter().map(String::as_str), there));
        offered.into_iter().map(|tag| view! { <option value=tag.clone() lang=tag.clone()>{languages::name(&tag)}</option> }).collect_view()
    }
}

/// Of the text for everybody else.
#[component]
fn Language() -> impl IntoView {
    let app = AppState::here();
    let hint = move || {
        app.draft.letter.with(|letter| {
            if !letter.channel.is_microsoft() {
                "Dates in the message follow it."
            } else if letter.message.trim().is_empty() {
                "Acts on Microsoft’s own text. A language column in the list goes before it."
            } else {
                "Dates in the message follow it. Microsoft itself ignores it once there is a message; add a text for each language instead."
            }
        })
    };
    let options = languages::PORTAL.map(|(tag, name)| view! { <option value=tag lang=tag>{name}</option> });
    view! {
        <Field label="Language" hint=Signal::derive(move || hint().to_owned()) error="" let:ids>
            <select id=ids.control class="input" aria-describedby=ids.described prop:value=move || app.draft.letter.with(|letter| letter.language.clone())
                on:change=move |event| app.draft.compose(|letter| letter.language = event_target_value(&event))>
                <option value="">{move || app.draft.letter.with(|letter| if letter.channel.is_microsoft() { "Microsoft chooses" } else { "This page’s" })}</option>{options.collect_view()}
            </select>
        </Field>
    }
}
