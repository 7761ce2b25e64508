//! The texts of the letter: one for everybody, and one for each language that wants its own.

use super::editor::Editor;
use crate::app::effects::focus;
use crate::app::parts::field::Field;
use crate::app::state::AppState;
use guestlist::letter::{Variant, languages};
use guestlist::rows::language::is_language;
use guestlist::rows::view;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

#[component]
pub fn Texts() -> impl IntoView {
    let app = AppState::here();
    // 0 is the text for everybody else, the others follow in their order.
    let chosen = RwSignal::new(0_usize);
    let tags = Memo::new(move |_| {
        app.draft.letter.with(|letter| letter.variants.iter().map(|variant| variant.language.clone()).collect::<Vec<_>>())
    });
    // The text that was removed last, and where it stood.
    let removed: RwSignal<Option<(usize, Variant)>> = RwSignal::new(None);
    let which = Memo::new(move |_| chosen.get().min(tags.with(Vec::len)));
    let own = Memo::new(move |_| app.draft.letter.with(|letter| !letter.channel.is_microsoft()));
    let add = move |event| {
        let tag = event_target_value(&event);
        if !tag.is_empty() && !tags.with_untracked(|tags| tags.contains(&tag)) {
            app.draft.compose(|letter| letter.variants.push(Variant { language: tag, ..Variant::default() }));
            chosen.set(tags.with_untracked(Vec::len));
            focus::later("message");
        }
    };
    let offered = move || {
        let there = tags.get();
        let wanted = app.draft.guests.with(|guests| {
            let mut wanted: Vec<String> = {
                let list = guests.list();
                let tags = list.column("language").map(|column| view::values(list, column)).unwrap_or_default();
                tags.into_iter().map(|(tag, _)| languages::general(tag.trim()).to_owned()).collect()
            };
            wanted.dedup();
            wanted
        });
        let known = languages::PORTAL.iter().map(|(tag, _)| languages::general(tag).to_owned());
        let mut tags: Vec<String> = wanted.into_iter().filter(|tag| is_language(tag) && !tag.is_empty()).collect();
        tags.extend(known);
        let mut offered: Vec<String> = Vec::new();
        for tag in tags {
            if !there.contains(&tag) && !offered.contains(&tag) {
                offered.push(tag);
            }
        }
        offered.into_iter().map(|tag| view! { <option value=tag.clone() lang=tag.clone()>{languages::name(&tag)}</option> }).collect_view()
    };
    let remove = move |_| {
        let place = which.get_untracked();
        if place > 0 {
            let tag = tags.with_untracked(|tags| tags[place - 1].clone());
            let before = app.draft.letter.with_untracked(|letter| letter.variants[place - 1].clone());
            app.draft.compose(|letter| _ = letter.variants.remove(place - 1));
            removed.set(Some((place - 1, before)));
            chosen.set(place - 1);
            app.announcer.politely(format!("The text in {} was removed.", languages::name(&tag)));
            focus::later("back");
        }
    };
    let back = move |_| {
        if let Some((place, variant)) = removed.get_untracked() {
            removed.set(None);
            let there = tags.with_untracked(|tags| tags.contains(&variant.language));
            if !there {
                app.draft.compose(|letter| letter.variants.insert(place.min(letter.variants.len()), variant));
                chosen.set(place + 1);
            }
            focus::later("message");
        }
    };
    let keys = move |event: KeyboardEvent| {
        let count = tags.with_untracked(Vec::len) + 1;
        let to = match event.key().as_str() {
            "ArrowRight" => (which.get_untracked() + 1) % count,
            "ArrowLeft" => (which.get_untracked() + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        chosen.set(to);
        focus::later(format!("text-{to}"));
    };
    let tab = move |place: usize, tag: String| {
        let here = move || which.get() == place;
        let words = if tag.is_empty() { "All other guests".to_owned() } else { languages::name(&tag) };
        view! {
            <button id=format!("text-{place}") class="tab" role="tab" type="button" aria-controls="text" lang=tag aria-selected=move || here().to_string()
                tabindex=move || if here() { "0" } else { "-1" } on:keydown=keys on:click=move |_| chosen.set(place)>{words}</button>
        }
    };
    let tabs = move || {
        let tags = tags.get();
        (!tags.is_empty()).then(|| {
            let all = std::iter::once(String::new()).chain(tags).enumerate().map(|(place, tag)| tab(place, tag));
            view! { <div class="text-tabs" role="tablist" aria-label="Texts">{all.collect_view()}</div> }
        })
    };
    let has_tabs = Memo::new(move |_| tags.with(|tags| !tags.is_empty()));
    view! {
        {tabs}
        <div id="text" role=move || has_tabs.get().then_some("tabpanel") aria-labelledby=move || has_tabs.get().then(|| format!("text-{}", which.get()))>
            {move || view! { <Editor which=which.get() own=own.get()/> }}
            <Show when=move || { which.get() == 0 }><Language/></Show>
            <Show when=move || { which.get() != 0 }><p><button class="button subtle" type="button" on:click=remove>"Remove this language"</button></p></Show>
        </div>
        <div class="row tools">
            <label class="label" for="add-language">"Add a text in"</label>
            <select id="add-language" class="input" prop:value=move || { tags.track(); "" } on:change=add><option value="">"another language …"</option>{offered}</select>
            <Show when=move || removed.with(Option::is_some)><button id="back" class="button subtle" type="button" on:click=back>"Undo removing"</button></Show>
        </div>
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
