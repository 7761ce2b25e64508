//! One part of one text while it is edited: what stands in it, and the fields that are offered at the caret.

use crate::app::effects::{focus, typing};
use crate::app::state::AppState;
use guestlist::letter::Letter;
use guestlist::letter::editing;
use guestlist::words::count;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::ops::Range;

/// Of which text which part is edited.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct EditedPart {
    pub(super) which: usize,
    pub(super) is_subject: bool,
}

impl EditedPart {
    pub(super) fn text_in(self, letter: &Letter) -> &str {
        match (self.which.checked_sub(1).and_then(|place| letter.variants.get(place)), self.is_subject) {
            (Some(variant), true) => &variant.subject,
            (Some(variant), false) => &variant.message,
            (None, true) => &letter.subject,
            (None, false) => &letter.message,
        }
    }

    pub(super) fn set(self, letter: &mut Letter, text: String) {
        let place = self.which.checked_sub(1).and_then(|place| letter.variants.get_mut(place));
        *match (place, self.is_subject) {
            (Some(variant), true) => &mut variant.subject,
            (Some(variant), false) => &mut variant.message,
            (None, true) => &mut letter.subject,
            (None, false) => &mut letter.message,
        } = text;
    }
}

/// What is offered at the caret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offering {
    /// Bytes of the source.
    typed: Range<usize>,
    pub(super) offers: Vec<editing::Completion>,
    pub(super) active: usize,
}

/// One part of one text while it is edited.
#[derive(Clone, Copy)]
pub(super) struct EditedText {
    app: AppState,
    /// Of the element that it is typed in.
    pub(super) id: &'static str,
    part: EditedPart,
    /// It goes into a letter of one's own.
    own: bool,
    pub(super) source: Memo<String>,
    /// What looks like a placeholder of another program and is meant as it stands.
    pub(super) as_typed: Memo<Vec<String>>,
    pub(super) offering: RwSignal<Offering>,
    pub(super) is_open: Memo<bool>,
}

impl EditedText {
    pub(super) fn new(app: AppState, id: &'static str, part: EditedPart, own: bool) -> Self {
        let source = Memo::new(move |_| app.draft.letter.with(|letter| part.text_in(letter).to_owned()));
        let offering = RwSignal::new(Offering::default());
        let is_open = Memo::new(move |_| offering.with(|offering| !offering.offers.is_empty()));
        let as_typed = Memo::new(move |_| app.draft.letter.with(|letter| letter.as_typed.clone()));
        Self { app, id, part, own, source, as_typed, offering, is_open }
    }

    /// Looks what is to be offered at the caret.
    pub(super) fn look(self) {
        let Some(caret) = typing::caret(self.id) else { return };
        let found = self.source.with_untracked(|source| {
            let caret = editing::bytes_of_utf16(source, caret);
            let typed = editing::being_typed(source, caret)?;
            let offers = self.app.draft.guests.with_untracked(|guests| editing::offers(guests.list(), &source[typed.clone()], self.own));
            Some(Offering { typed, offers, active: 0 })
        });
        let found = found.unwrap_or_default();
        if !found.offers.is_empty() && !self.is_open.get_untracked() {
            self.app.announcer.politely(format!("{}. Arrow keys choose, Enter takes.", count(found.offers.len(), "field", "fields")));
        }
        self.offering.set(found);
    }

    pub(super) fn typed(self, text: String) {
        self.app.draft.compose(|letter| self.part.set(letter, text));
        self.look();
    }

    /// Puts a text in its place, with the caret behind these bytes of it.
    pub(super) fn put(self, text: &str, caret: usize) {
        typing::replace(self.id, text, editing::utf16_of_bytes(text, caret));
    }

    /// Begins a field at the caret.
    pub(super) fn insert(self) {
        typing::insert(self.id, "{{");
        self.look();
    }

    pub(super) fn close(self) {
        self.offering.set(Offering::default());
    }

    /// Takes the offer in this place.
    pub(super) fn take(self, place: usize) {
        let Offering { typed, offers, .. } = self.offering.get_untracked();
        let Some(offer) = offers.get(place) else { return };
        let (text, caret) = self.source.with_untracked(|source| editing::taken(source, &typed, &offer.name));
        self.close();
        self.put(&text, caret);
    }

    /// Keys that choose among what is offered.
    pub(super) fn key(self, event: &KeyboardEvent) {
        if !self.is_open.get_untracked() {
            return;
        }
        let step = |by: usize| self.offering.update(|offering| offering.active = (offering.active + by) % offering.offers.len());
        match event.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(self.offering.with_untracked(|offering| offering.offers.len()) - 1),
            "Enter" | "Tab" if !event.shift_key() => self.take(self.offering.with_untracked(|offering| offering.active)),
            "Escape" => self.close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        focus::into_view(&format!("{}-offer-{}", self.id, self.offering.with_untracked(|offering| offering.active)));
    }
}
