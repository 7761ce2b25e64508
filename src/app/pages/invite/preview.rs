//! The mail as Microsoft will send it, per guest.

use crate::app::desk::Desk;
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::parts::notice::{Notice, Tone};
use crate::app::routes::Route;
use guestlist::letter::microsoft::{self, Sender};
use guestlist::rows::Row;
use leptos::prelude::*;

#[component]
pub fn Preview() -> impl IntoView {
    let desk = Desk::here();
    let count = move || desk.guests.with(|guests| guests.list().len());
    let guest =
        move || desk.route.with(|route| if let Route::Invite { guest, .. } = route { (*guest).min(count().saturating_sub(1)) } else { 0 });
    let step = move |by: isize| {
        let count = count();
        if count > 0 {
            let to = guest().saturating_add_signed(by).min(count - 1);
            let rows = desk.route.with_untracked(|route| if let Route::Invite { rows, .. } = route { rows.clone() } else { String::new() });
            desk.adjust(Route::Invite { guest: to, rows });
            desk.say(format!("Guest {} of {count}.", to + 1));
        }
    };
    // Bound here only: elsewhere Alt+← is the browser's Back.
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" if event.alt_key() => -1,
            "ArrowRight" if event.alt_key() => 1,
            _ => return,
        };
        event.prevent_default();
        step(by);
    };
    let mail = Memo::new_with_compare(
        move |_| {
            let known = desk.known()?;
            let sender = Sender { me: &known.me, organization: &known.organization };
            Some(desk.guests.with(|guests| desk.letter.with(|letter| microsoft::preview(letter, guests.list().row(guest()), sender))))
        },
        |_, _| true,
    );
    let whose = move || desk.guests.with(|guests| who(guests.list().row(guest())));
    view! {
        <section class="preview card" role="region" aria-label="Preview" on:keydown=keys>
            <div class="row">
                <h2>"Preview"</h2><span class="gap"></span>
                <button class="button subtle" type="button" aria-label="Previous guest" title="Previous guest (Alt+←)" aria-disabled=move || (guest() == 0).to_string() on:click=move |_| step(-1)><Glyph icon=Icon::Previous/></button>
                <span class="hint">{move || if count() == 0 { "Nobody yet".to_owned() } else { format!("{} of {}", guest() + 1, count()) }}</span>
                <button class="button subtle" type="button" aria-label="Next guest" title="Next guest (Alt+→)" aria-disabled=move || (guest() + 1 >= count()).to_string() on:click=move |_| step(1)><Glyph icon=Icon::Next/></button>
            </div>
            <p class="hint">"Sender, subject, warning, button and footer are Microsoft’s and cannot be changed; both sender and subject have changed lately and are what is expected. For "<bdi>{whose}</bdi></p>
            {move || match mail.get() {
                None => view! { <div class="skeleton mail"></div> }.into_any(),
                Some(mail) => view! { <Mail mail/> }.into_any(),
            }}
        </section>
    }
}

fn who(row: Row<'_>) -> String {
    let said = ["displayName", "email"].into_iter().map(|name| row.cell(name)).find(|text| !text.trim().is_empty());
    let nobody = if row.list().is_empty() { "nobody yet" } else { "a row without an address" };
    format!("{}.", said.unwrap_or(nobody))
}

#[component]
fn Mail(mail: microsoft::Preview) -> impl IntoView {
    let line = |name: &'static str, text: String| view! { <div class="mail-line"><dt>{name}</dt><dd><bdi>{text}</bdi></dd></div> };
    view! {
        {mail.notes.into_iter().map(|note| view! { <Notice tone=Tone::Warning><p>{note}</p></Notice> }).collect_view()}
        <div class="mail" lang=mail.language>
            <dl class="mail-head">
                {line("From", mail.from)}{line("To", mail.to)}{mail.copy.map(|copy| line("Cc", copy))}{mail.reply_to.map(|reply| line("Reply to", reply))}
            </dl>
            <p class="mail-subject">{mail.subject}</p>
            <p class="mail-warning">{mail.warning}</p>
            {(!mail.text.is_empty()).then(|| view! { <p class="hint"><bdi>{mail.inviter}</bdi></p><blockquote class="mail-text" dir="auto">{mail.text}</blockquote> })}
            <p><span class="mail-button">{mail.button}</span></p>
            <p class="hint breakable">{mail.lands_on}<br/>{mail.footer}</p>
        </div>
    }
}
