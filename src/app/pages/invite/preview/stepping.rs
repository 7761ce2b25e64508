//! From guest to guest: the next, any, the next with something odd, the longest and the shortest letter, or one that is searched.

use super::{guest, hosts};
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

fn count(desk: AppState) -> usize {
    desk.guests.with(|guests| guests.list().len())
}

fn go(desk: AppState, to: usize) {
    let count = untrack(move || count(desk));
    if count > 0 {
        let to = to.min(count - 1);
        let rows = desk.route.with_untracked(|route| if let Route::Invite { rows, .. } = route { rows.clone() } else { String::new() });
        desk.adjust(Route::Invite { guest: to, rows });
        desk.say(format!("Guest {} of {}.", grouped(to + 1), grouped(count)));
    }
}

fn step(desk: AppState, by: isize) {
    go(desk, untrack(move || guest(desk)).saturating_add_signed(by));
}

/// Bound in the preview only: elsewhere Alt+← is the browser's Back.
pub fn keys(desk: AppState, event: &KeyboardEvent) {
    let by = match event.key().as_str() {
        "ArrowLeft" if event.alt_key() => -1,
        "ArrowRight" if event.alt_key() => 1,
        _ => return,
    };
    event.prevent_default();
    step(desk, by);
}

/// The next guest, round the end, whose letter lacks something or reads oddly.
fn next_odd(desk: AppState) -> Option<usize> {
    let (hosts, around) = untrack(move || (hosts(desk), desk.around.get()));
    let from = untrack(move || guest(desk)) + 1;
    desk.guests.with_untracked(|guests| {
        desk.letter.with_untracked(|letter| {
            let (list, press) = (guests.list(), Renderer::new(letter, &around));
            let redeem = (!letter.channel.is_microsoft()).then_some(own_message::SAMPLE_LINK);
            let setting = Setting { by_microsoft: letter.channel.is_microsoft(), hosts: &hosts };
            (0..list.len()).map(|ahead| (from + ahead) % list.len()).find(|place| {
                let row = list.row(*place);
                is_odd(letter, row, &press.written(row, redeem), redeem, setting)
            })
        })
    })
}

fn lengths(desk: AppState) -> Lengths {
    let mut lengths = Lengths::default();
    desk.guests.with_untracked(|guests| {
        desk.letter.with_untracked(|letter| {
            desk.around.with_untracked(|around| lengths.look(guests.list(), &Renderer::new(letter, around), usize::MAX))
        });
    });
    lengths
}

#[component]
pub fn Stepping() -> impl IntoView {
    let desk = AppState::here();
    let found = RwSignal::new(String::new());
    let random = move |()| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
        let any = (js_sys::Math::random() * untrack(move || count(desk)) as f64) as usize;
        go(desk, any);
    };
    let odd = move |()| match next_odd(desk) {
        Some(place) => go(desk, place),
        None => desk.say("Nothing odd in any letter."),
    };
    let longest = move |()| _ = lengths(desk).longest.map(|(place, _)| go(desk, place));
    let shortest = move |()| _ = lengths(desk).shortest.map(|(place, _)| go(desk, place));
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
        let from = untrack(move || guest(desk)) + 1;
        let place = desk.guests.with_untracked(|guests| {
            let list = guests.list();
            (0..list.len()).map(|ahead| (from + ahead) % list.len()).find(|place| {
                let row = list.row(*place);
                ["email", "displayName", "firstName", "lastName", "company"]
                    .iter()
                    .any(|name| row.cell(name).to_lowercase().contains(&wanted))
            })
        });
        match place {
            Some(place) => go(desk, place),
            None => desk.say("No such guest."),
        }
    };
    let is_first = move || guest(desk) == 0;
    let is_last = move || guest(desk) + 1 >= count(desk);
    view! {
        <div class="row">
            <h2>"Preview"</h2><span class="gap"></span>
            <button class="button subtle" type="button" aria-label="Previous guest" title="Previous guest (Alt+←)" aria-disabled=move || is_first().to_string() on:click=move |_| step(desk, -1)><Glyph icon=Icon::Previous/></button>
            <span class="hint">{move || if count(desk) == 0 { "Nobody yet".to_owned() } else { format!("{} of {}", grouped(guest(desk) + 1), grouped(count(desk))) }}</span>
            <button class="button subtle" type="button" aria-label="Next guest" title="Next guest (Alt+→)" aria-disabled=move || is_last().to_string() on:click=move |_| step(desk, 1)><Glyph icon=Icon::Next/></button>
            <Show when=move || { count(desk) > 1 }><Menu id="go-to" label="Go to another guest" items=items.clone()>"Go to"</Menu></Show>
        </div>
        <Show when=move || { count(desk) > 1 }>
            <form class="row tools" role="search" aria-label="Preview" on:submit=search>
                <input class="input grow" type="search" aria-label="Search guests to preview" placeholder="Name, address or company" prop:value=move || found.get() on:input=move |event| found.set(event_target_value(&event))/>
                <button class="button subtle" type="submit">"Find"</button>
            </form>
        </Show>
    }
}
