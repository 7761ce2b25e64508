//! From guest to guest: the next, any, the next with something odd, the longest and the shortest letter, or one that is searched.

use super::subject::{guest, hosts};
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::parts::menu::Menu;
use crate::app::routes::Route;
use crate::app::state::AppState;
use guestlist::letter::lints::{Setting, is_odd};
use guestlist::letter::own_message;
use guestlist::letter::renderer::{Lengths, Renderer};
use guestlist::words::grouped;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

fn count(app: AppState) -> usize {
    app.draft.guests.with(|guests| guests.list().len())
}

fn go(app: AppState, to: usize) {
    let count = untrack(move || count(app));
    if count > 0 {
        let to = to.min(count - 1);
        let rows =
            app.navigator.route.with_untracked(|route| if let Route::Invite { rows, .. } = route { rows.clone() } else { String::new() });
        app.navigator.adjust(Route::Invite { guest: to, rows });
        app.announcer.politely(format!("Guest {} of {}.", grouped(to + 1), grouped(count)));
    }
}

fn step(app: AppState, by: isize) {
    go(app, untrack(move || guest(app)).saturating_add_signed(by));
}

/// Bound in the preview only: elsewhere Alt+← is the browser's Back.
pub fn keys(app: AppState, event: &KeyboardEvent) {
    let by = match event.key().as_str() {
        "ArrowLeft" if event.alt_key() => -1,
        "ArrowRight" if event.alt_key() => 1,
        _ => return,
    };
    event.prevent_default();
    step(app, by);
}

/// The next guest, round the end, whose letter lacks something or reads oddly.
fn next_odd(app: AppState) -> Option<usize> {
    let (hosts, merge_context) = untrack(move || (hosts(app), app.draft.merge_context.get()));
    let from = untrack(move || guest(app)) + 1;
    app.draft.guests.with_untracked(|guests| {
        app.draft.letter.with_untracked(|letter| {
            let (list, renderer) = (guests.list(), Renderer::new(letter, &merge_context));
            let redeem = (!letter.channel.is_microsoft()).then_some(own_message::SAMPLE_LINK);
            let setting = Setting { by_microsoft: letter.channel.is_microsoft(), hosts: &hosts };
            (0..list.len()).map(|ahead| (from + ahead) % list.len()).find(|place| {
                let row = list.row(*place);
                is_odd(letter, row, &renderer.written(row, redeem), redeem, setting)
            })
        })
    })
}

fn lengths(app: AppState) -> Lengths {
    let mut lengths = Lengths::default();
    app.draft.guests.with_untracked(|guests| {
        app.draft.letter.with_untracked(|letter| {
            app.draft
                .merge_context
                .with_untracked(|merge_context| lengths.measure(guests.list(), &Renderer::new(letter, merge_context), usize::MAX))
        });
    });
    lengths
}

#[component]
pub fn Stepping() -> impl IntoView {
    let app = AppState::here();
    let found = RwSignal::new(String::new());
    let random = move |()| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
        let any = (js_sys::Math::random() * untrack(move || count(app)) as f64) as usize;
        go(app, any);
    };
    let odd = move |()| match next_odd(app) {
        Some(place) => go(app, place),
        None => app.announcer.politely("Nothing odd in any letter."),
    };
    let longest = move |()| _ = lengths(app).longest.map(|(place, _)| go(app, place));
    let shortest = move |()| _ = lengths(app).shortest.map(|(place, _)| go(app, place));
    let items = vec![
        ("Random guest", Callback::new(random)),
        ("Next with a problem", Callback::new(odd)),
        ("Longest letter", Callback::new(longest)),
        ("Shortest letter", Callback::new(shortest)),
    ];
    let search = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let wanted = found.get_untracked().trim().to_lowercase();
        if wanted.is_empty() {
            return;
        }
        let from = untrack(move || guest(app)) + 1;
        let place = app.draft.guests.with_untracked(|guests| {
            let list = guests.list();
            (0..list.len()).map(|ahead| (from + ahead) % list.len()).find(|place| {
                let row = list.row(*place);
                ["email", "displayName", "firstName", "lastName", "company"]
                    .iter()
                    .any(|name| row.cell(name).to_lowercase().contains(&wanted))
            })
        });
        match place {
            Some(place) => go(app, place),
            None => app.announcer.politely("No such guest."),
        }
    };
    let is_first = move || guest(app) == 0;
    let is_last = move || guest(app) + 1 >= count(app);
    view! {
        <div class="row">
            <h2>"Preview"</h2><span class="gap"></span>
            <button class="button subtle" type="button" aria-label="Previous guest" title="Previous guest (Alt+←)" aria-disabled=move || is_first().to_string() on:click=move |_| step(app, -1)><Glyph icon=Icon::Previous/></button>
            <span class="hint">{move || if count(app) == 0 { "Nobody yet".to_owned() } else { format!("{} of {}", grouped(guest(app) + 1), grouped(count(app))) }}</span>
            <button class="button subtle" type="button" aria-label="Next guest" title="Next guest (Alt+→)" aria-disabled=move || is_last().to_string() on:click=move |_| step(app, 1)><Glyph icon=Icon::Next/></button>
            <Show when=move || { count(app) > 1 }><Menu label="Go to another guest" items=items.clone()>"Go to"</Menu></Show>
        </div>
        <Show when=move || { count(app) > 1 }>
            <form class="row tools" role="search" aria-label="Preview" on:submit=search>
                <input class="input grow" type="search" aria-label="Search guests to preview" placeholder="Name, address or company" prop:value=move || found.get() on:input=move |event| found.set(event_target_value(&event))/>
                <button class="button subtle" type="submit">"Find"</button>
            </form>
        </Show>
    }
}
