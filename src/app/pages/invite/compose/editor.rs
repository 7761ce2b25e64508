//! One text: subject and message, with fields marked, offered while typing and fixed.

use super::edited_text::{EditedPart, EditedText};
use super::faults::Faults;
use crate::app::state::AppState;
use guestlist::letter::editing::{self, Mark};
use leptos::prelude::*;

#[component]
pub fn Editor(which: usize, own: bool) -> impl IntoView {
    let app = AppState::here();
    let language = app
        .draft
        .letter
        .with_untracked(|letter| which.checked_sub(1).and_then(|place| letter.variants.get(place)).map(|variant| variant.language.clone()));
    view! {
        {own.then(|| view! { <Marked id="subject" label="Subject" part=EditedPart { which, is_subject: true } own language=language.clone()/> })}
        <Marked id="message" label="Message" part=EditedPart { which, is_subject: false } own language/>
    }
}

#[component]
fn Marked(id: &'static str, label: &'static str, part: EditedPart, own: bool, language: Option<String>) -> impl IntoView {
    let app = AppState::here();
    let edited = EditedText::new(app, id, part, own);
    let EditedText { source, as_typed, offering, is_open, .. } = edited;
    let input = move |event| edited.typed(event_target_value(&event));
    let faults = Memo::new(move |_| {
        source.with(|source| app.draft.guests.with(|guests| as_typed.with(|as_typed| editing::faults(source, guests.list(), as_typed))))
    });
    let list = format!("{id}-offers");
    let described = format!("{id}-faults {id}-hint");
    let active = move || is_open.get().then(|| format!("{id}-offer-{}", offering.with(|offering| offering.active)));
    let control = if part.is_subject {
        view! {
            <input id=id class="input over-marks" autocomplete="off" aria-autocomplete="list" aria-haspopup="listbox" aria-controls=list.clone() aria-activedescendant=active aria-describedby=described
                lang=language aria-invalid=move || faults.with(|faults| (!faults.is_empty()).then_some("true"))
                prop:value=move || source.get() on:input=input on:keydown=move |event| edited.key(&event) on:click=move |_| edited.look() on:blur=move |_| edited.close()/>
        }.into_any()
    } else {
        view! {
            <textarea id=id class="input over-marks" rows="6" aria-autocomplete="list" aria-haspopup="listbox" aria-controls=list.clone() aria-activedescendant=active aria-describedby=described
                lang=language dir="auto" aria-invalid=move || faults.with(|faults| (!faults.is_empty()).then_some("true"))
                prop:value=move || source.get() on:input=input on:keydown=move |event| edited.key(&event) on:click=move |_| edited.look() on:blur=move |_| edited.close()></textarea>
        }.into_any()
    };
    view! {
        <div class="field">
            <div class="row"><label for=id class="label">{label}</label><span class="gap"></span>
                <button class="button small subtle" type="button" aria-label=format!("Insert a field into the {}", label.to_lowercase()) on:click=move |_| edited.insert()>"{{ }} Field"</button></div>
            <div class="editor" class:one-line=part.is_subject>
                <div class="marks" aria-hidden="true" dir="auto"><Marks source/>"\u{200b}"</div>
                {control}
            </div>
            <ul id=list class="offers" role="listbox" aria-label="Fields" hidden=move || !is_open.get()><Offers edited/></ul>
            <Faults edited faults/>
            <p id=format!("{id}-hint") class="hint">{if part.is_subject { "Fields work here, too." } else { "Plain text. Type { for a field: {{firstName|there}} says “there” where the name is missing; {{#if company}}…{{else}}…{{/if}} chooses." }}</p>
        </div>
    }
}

/// The text once more, below what is typed, with its fields marked.
#[component]
fn Marks(source: Memo<String>) -> impl IntoView {
    let app = AppState::here();
    move || {
        source.with(|source| {
            app.draft.guests.with(|guests| {
                let pieces = app.draft.letter.with(|letter| editing::marked(source, guests.list(), &letter.as_typed)).into_iter().map(
                    |(mark, text)| match mark {
                        Mark::Plain => view! { <span>{text.to_owned()}</span> }.into_any(),
                        Mark::Field => view! { <mark class="mark-field">{text.to_owned()}</mark> }.into_any(),
                        Mark::Wrong => view! { <mark class="mark-wrong">{text.to_owned()}</mark> }.into_any(),
                    },
                );
                pieces.collect_view()
            })
        })
    }
}

/// What is offered at the caret.
#[component]
fn Offers(edited: EditedText) -> impl IntoView {
    let EditedText { id, offering, .. } = edited;
    move || {
        offering.with(|offering| {
            let lines = offering.offers.iter().enumerate().map(|(place, offer)| {
                // Pressing must not take the focus from the text.
                let pressed = move |event: leptos::ev::MouseEvent| {
                    event.prevent_default();
                    edited.take(place);
                };
                view! {
                    <li id=format!("{id}-offer-{place}") class="offer" role="option" aria-selected=(place == offering.active).to_string() on:mousedown=pressed>
                        <code>{offer.name.clone()}</code>" "<span class="hint">{offer.words.clone()}</span></li>
                }
            });
            lines.collect_view()
        })
    }
}
