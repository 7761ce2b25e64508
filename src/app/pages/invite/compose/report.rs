//! What the letters come to over the whole list: how long they are, which values are missing, which languages have no text.

use crate::app::effects::clock;
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::routes::Route;
use crate::app::state::AppState;
use guestlist::jobs::invite::plan;
use guestlist::letter::microsoft::LONG_TEXT;
use guestlist::letter::renderer::{Lengths, Renderer};
use guestlist::letter::{languages, unanswered};
use guestlist::rows::view::{Only, View};
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use time::Millis;

/// What was found, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
struct LetterReport {
    lengths: Lengths,
    /// A column and how many rows lack it.
    gaps: Vec<(String, usize)>,
    /// A language and how many rows want it without a text of its own.
    unanswered: Vec<(String, usize)>,
}

/// From the last key until the whole list is gone through.
const PAUSE: Millis = Millis(150);
/// Rows between two frames.
const SOME: usize = 2000;

#[component]
pub fn Report() -> impl IntoView {
    let app = AppState::here();
    let found = RwSignal::new(LetterReport::default());
    let round = StoredValue::new(0_u32);
    Effect::new(move || {
        app.draft.guests.track();
        app.draft.letter.track();
        app.draft.merge_context.track();
        round.update_value(|round| *round += 1);
        let own = round.get_value();
        crate::app::effects::spawn(async move {
            clock::sleep(PAUSE).await;
            let mut lengths = Lengths::default();
            loop {
                // The page may be gone, or the letter another one.
                if round.try_get_value() != Some(own) {
                    return;
                }
                let is_done = app.draft.guests.with_untracked(|guests| {
                    app.draft.letter.with_untracked(|letter| {
                        app.draft
                            .merge_context
                            .with_untracked(|merge_context| lengths.measure(guests.list(), &Renderer::new(letter, merge_context), SOME))
                    });
                    lengths.seen >= guests.list().len()
                });
                if is_done {
                    break;
                }
                clock::frame().await;
            }
            let (gaps, unanswered) = app.draft.guests.with_untracked(|guests| {
                app.draft.letter.with_untracked(|letter| (plan::gaps(guests.list(), letter), unanswered(letter, guests.list())))
            });
            found.set(LetterReport { lengths, gaps, unanswered });
        });
    });
    let has_text = move || app.draft.letter.with(|letter| letter.texts().any(|text| !text.message.trim().is_empty()));
    let is_long = move || {
        let longest = found.with(|found| found.lengths.longest.map_or(0, |(_, length)| length));
        longest > LONG_TEXT && app.draft.letter.with(|letter| letter.channel.is_microsoft())
    };
    let lengths = move || {
        let limit = app
            .draft
            .letter
            .with(|letter| if letter.channel.is_microsoft() { format!(" of {}", grouped(LONG_TEXT)) } else { String::new() });
        let typed = app.draft.letter.with(|letter| letter.message.chars().count());
        found.with(|found| match (found.lengths.longest, found.lengths.shortest) {
            (Some((_, longest)), Some((_, shortest))) if longest != shortest => {
                format!("{} to {}{limit} characters once filled in.", grouped(shortest), grouped(longest))
            }
            (Some((_, longest)), _) => format!("{}{limit} characters once filled in.", grouped(longest)),
            _ => format!("{}{limit} characters.", grouped(typed)),
        })
    };
    let show = move |column: String| {
        let view = View { only: Only::Value(column, String::new()), ..View::default() };
        let rows = app.draft.guests.with_untracked(|guests| view.query(guests.list()));
        let guest = app.navigator.route.with_untracked(|route| if let Route::Invite { guest, .. } = route { *guest } else { 0 });
        app.navigator.go(&Route::Invite { guest, rows });
        crate::app::effects::focus::later("guests-title");
    };
    let gaps = move || {
        let lines = found.get().gaps.into_iter().map(|(column, rows)| {
            let words = format!("{} no value for {{{{{column}}}}}.", count(rows, "guest has", "guests have"));
            let label = format!("Show rows without {column}");
            let wanted = column.clone();
            view! { <li><Glyph icon=Icon::Warning/>" "{words}" "<button class="button small" type="button" on:click=move |_| show(wanted.clone())>{label}</button></li> }
        });
        lines.collect_view()
    };
    let unanswered = move || {
        let lines = found.get().unanswered.into_iter().map(|(tag, rows)| {
            let add = tag.clone();
            let name = languages::name(&tag);
            let words = format!("{} {name}; they get the text for all others.", count(rows, "guest reads", "guests read"));
            let add = move |_| {
                app.draft.compose(|letter| letter.variants.push(guestlist::letter::Variant { language: add.clone(), ..Default::default() }))
            };
            view! { <li>{words}" "<button class="button small" type="button" on:click=add>{format!("Add a text in {name}")}</button></li> }
        });
        lines.collect_view()
    };
    view! {
        <Show when=has_text>
            <div class="field" role="group" aria-label="Letters of this list">
                <p class="hint" class:caution=is_long>{lengths}{move || is_long().then_some(" Microsoft publishes no limit; longer texts were seen to vanish.")}</p>
                <ul class="faults" role="list">{gaps}{unanswered}</ul>
            </div>
        </Show>
    }
}
