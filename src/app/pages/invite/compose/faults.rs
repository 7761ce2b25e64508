//! What is wrong in a text, with what fixes it.

use super::edited_text::EditedText;
use crate::app::effects::focus;
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::state::AppState;
use guestlist::letter::editing::{self, LetterIssue, TextFix};
use leptos::prelude::*;

#[component]
pub(super) fn Faults(edited: EditedText, faults: Memo<Vec<LetterIssue>>) -> impl IntoView {
    let (app, EditedText { id, source, as_typed, .. }) = (AppState::here(), edited);
    let translate = move |_| {
        let text = source.with_untracked(|source| {
            app.draft
                .guests
                .with_untracked(|guests| as_typed.with_untracked(|as_typed| editing::translated(source, guests.list(), as_typed)))
        });
        if let Some(text) = text {
            edited.put(&text, text.len());
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
            edited.put(&text, fix.span.start + fix.by.len());
        }
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
        <ul id=format!("{id}-faults") class="faults error" role="list">{told}</ul>
        <Show when=several><p><button class="button small" type="button" on:click=translate>"Change all of them to fields"</button></p></Show>
        <ul class="faults" role="list">{stays}</ul>
    }
}
