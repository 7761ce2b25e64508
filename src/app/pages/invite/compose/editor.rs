//! One text: subject and message, with fields marked, offered while typing and fixed.

use crate::app::effects::{focus, typing};
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::state::AppState;
use guestlist::letter::Letter;
use guestlist::letter::editing::{self, Mark, TextFix};
use guestlist::words::count;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::ops::Range;

/// Of which text which part is edited.
#[derive(Clone, Copy, PartialEq, Eq)]
struct EditedPart {
    which: usize,
    is_subject: bool,
}

impl EditedPart {
    fn text_in(self, letter: &Letter) -> &str {
        match (self.which.checked_sub(1).and_then(|place| letter.variants.get(place)), self.is_subject) {
            (Some(variant), true) => &variant.subject,
            (Some(variant), false) => &variant.message,
            (None, true) => &letter.subject,
            (None, false) => &letter.message,
        }
    }

    fn set(self, letter: &mut Letter, text: String) {
        let place = self.which.checked_sub(1).and_then(|place| letter.variants.get_mut(place));
        *match (place, self.is_subject) {
            (Some(variant), true) => &mut variant.subject,
            (Some(variant), false) => &mut variant.message,
            (None, true) => &mut letter.subject,
            (None, false) => &mut letter.message,
        } = text;
    }
}

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

/// What is offered at the caret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Offering {
    /// Bytes of the source.
    typed: Range<usize>,
    offers: Vec<editing::Completion>,
    active: usize,
}

#[component]
fn Marked(id: &'static str, label: &'static str, part: EditedPart, own: bool, language: Option<String>) -> impl IntoView {
    let app = AppState::here();
    let source = Memo::new(move |_| app.draft.letter.with(|letter| part.text_in(letter).to_owned()));
    let offering = RwSignal::new(Offering::default());
    let is_open = Memo::new(move |_| offering.with(|offering| !offering.offers.is_empty()));
    let look = move || {
        let Some(caret) = typing::caret(id) else { return };
        let found = source.with_untracked(|source| {
            let caret = editing::bytes_of_utf16(source, caret);
            let typed = editing::being_typed(source, caret)?;
            let offers = app.draft.guests.with_untracked(|guests| editing::offers(guests.list(), &source[typed.clone()], own));
            Some(Offering { typed, offers, active: 0 })
        });
        let found = found.unwrap_or_default();
        if !found.offers.is_empty() && !is_open.get_untracked() {
            app.announcer.politely(format!("{}. Arrow keys choose, Enter takes.", count(found.offers.len(), "field", "fields")));
        }
        offering.set(found);
    };
    let input = move |event| {
        app.draft.compose(|letter| part.set(letter, event_target_value(&event)));
        look();
    };
    let take = move |place: usize| {
        let Offering { typed, offers, .. } = offering.get_untracked();
        let Some(offer) = offers.get(place) else { return };
        let (text, caret) = source.with_untracked(|source| editing::taken(source, &typed, &offer.name));
        offering.set(Offering::default());
        let place = editing::utf16_of_bytes(&text, caret);
        typing::replace(id, &text, place);
    };
    let keys = move |event: KeyboardEvent| {
        if !is_open.get_untracked() {
            return;
        }
        let step = |by: usize| offering.update(|offering| offering.active = (offering.active + by) % offering.offers.len());
        match event.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(offering.with_untracked(|offering| offering.offers.len()) - 1),
            "Enter" | "Tab" if !event.shift_key() => take(offering.with_untracked(|offering| offering.active)),
            "Escape" => offering.set(Offering::default()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        focus::into_view(&format!("{id}-offer-{}", offering.with_untracked(|offering| offering.active)));
    };
    let insert = move |_| {
        typing::insert(id, "{{");
        look();
    };
    let marks = move || {
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
    };
    let as_typed = Memo::new(move |_| app.draft.letter.with(|letter| letter.as_typed.clone()));
    let faults = Memo::new(move |_| {
        source.with(|source| app.draft.guests.with(|guests| as_typed.with(|as_typed| editing::faults(source, guests.list(), as_typed))))
    });
    let translate = move |_| {
        let text = source.with_untracked(|source| {
            app.draft
                .guests
                .with_untracked(|guests| as_typed.with_untracked(|as_typed| editing::translated(source, guests.list(), as_typed)))
        });
        if let Some(text) = text {
            let end = editing::utf16_of_bytes(&text, text.len());
            typing::replace(id, &text, end);
        }
    };
    // One button for all pays when there are several.
    let several = move || faults.with(|faults| faults.iter().filter(|fault| fault.as_typed.is_some() && fault.fix.is_some()).count() > 1);
    // What stands in this text and is meant as it stands.
    let kept = move || {
        as_typed.with(|all| source.with(|source| all.iter().filter(|kept| source.contains(kept.as_str())).cloned().collect::<Vec<_>>()))
    };
    let point = move |typed: String| {
        app.draft.compose(|letter| letter.as_typed.retain(|kept| *kept != typed));
        focus::later(id);
    };
    let leave = move |typed: String| {
        app.announcer.politely(format!("{typed} stays as it is."));
        app.draft.compose(|letter| letter.as_typed.push(typed));
        focus::later(id);
    };
    let apply = move |fix: TextFix| {
        let mut text = source.get_untracked();
        // The text may have changed since.
        if text.is_char_boundary(fix.span.start) && text.is_char_boundary(fix.span.end) && fix.span.end <= text.len() {
            text.replace_range(fix.span.clone(), &fix.by);
            let caret = editing::utf16_of_bytes(&text, fix.span.start + fix.by.len());
            typing::replace(id, &text, caret);
        }
    };
    let list = format!("{id}-offers");
    let described = format!("{id}-faults {id}-hint");
    let active = move || is_open.get().then(|| format!("{id}-offer-{}", offering.with(|offering| offering.active)));
    let control = if part.is_subject {
        view! {
            <input id=id class="input over-marks" autocomplete="off" aria-autocomplete="list" aria-haspopup="listbox" aria-controls=list.clone() aria-activedescendant=active aria-describedby=described
                lang=language aria-invalid=move || faults.with(|faults| (!faults.is_empty()).then_some("true"))
                prop:value=move || source.get() on:input=input on:keydown=keys on:click=move |_| look() on:blur=move |_| offering.set(Offering::default())/>
        }.into_any()
    } else {
        view! {
            <textarea id=id class="input over-marks" rows="6" aria-autocomplete="list" aria-haspopup="listbox" aria-controls=list.clone() aria-activedescendant=active aria-describedby=described
                lang=language dir="auto" aria-invalid=move || faults.with(|faults| (!faults.is_empty()).then_some("true"))
                prop:value=move || source.get() on:input=input on:keydown=keys on:click=move |_| look() on:blur=move |_| offering.set(Offering::default())></textarea>
        }.into_any()
    };
    let offers = move || {
        offering.with(|offering| {
            let lines = offering.offers.iter().enumerate().map(|(place, offer)| {
                // Pressing must not take the focus from the text.
                let pressed = move |event: leptos::ev::MouseEvent| {
                    event.prevent_default();
                    take(place);
                };
                view! {
                    <li id=format!("{id}-offer-{place}") class="offer" role="option" aria-selected=(place == offering.active).to_string() on:mousedown=pressed>
                        <code>{offer.name.clone()}</code>" "<span class="hint">{offer.words.clone()}</span></li>
                }
            });
            lines.collect_view()
        })
    };
    let told = move || {
        let lines = faults.get().into_iter().map(|fault| {
            let fix = fault.fix.map(|fix| {
                let words = fix.words.clone();
                view! { " "<button class="button small" type="button" on:click=move |_| apply(fix.clone())>{words}</button> }
            });
            let left = fault.as_typed.map(|typed| {
                let label = format!("Leave it as it is: {typed}");
                view! { " "<button class="button small subtle" type="button" aria-label=label on:click=move |_| leave(typed.clone())>"Leave it as it is"</button> }
            });
            view! { <li><Glyph icon=Icon::Bad/>" "{fault.words}{fix}{left}</li> }
        });
        lines.collect_view()
    };
    let stays = move || {
        let lines = kept().into_iter().map(|typed| {
            let words = format!("{typed} is sent as it stands.");
            let label = format!("Undo: point at {typed} again");
            view! { <li class="hint">{words}" "<button class="button small subtle" type="button" aria-label=label on:click=move |_| point(typed.clone())>"Undo"</button></li> }
        });
        lines.collect_view()
    };
    view! {
        <div class="field">
            <div class="row"><label for=id class="label">{label}</label><span class="gap"></span>
                <button class="button small subtle" type="button" aria-label=format!("Insert a field into the {}", label.to_lowercase()) on:click=insert>"{{ }} Field"</button></div>
            <div class="editor" class:one-line=part.is_subject>
                <div class="marks" aria-hidden="true" dir="auto">{marks}"\u{200b}"</div>
                {control}
            </div>
            <ul id=list class="offers" role="listbox" aria-label="Fields" hidden=move || !is_open.get()>{offers}</ul>
            <ul id=format!("{id}-faults") class="faults error" role="list">{told}</ul>
            <Show when=several><p><button class="button small" type="button" on:click=translate>"Change all of them to fields"</button></p></Show>
            <ul class="faults" role="list">{stays}</ul>
            <p id=format!("{id}-hint") class="hint">{if part.is_subject { "Fields work here, too." } else { "Plain text. Type { for a field: {{firstName|there}} says “there” where the name is missing; {{#if company}}…{{else}}…{{/if}} chooses." }}</p>
        </div>
    }
}
