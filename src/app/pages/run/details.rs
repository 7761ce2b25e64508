//! One row's own story: what became of it, what to do, the guest, and, when asked for, the link and the letter.

use super::seen_row::SeenRow;
use crate::app::effects::{address_bar, clock, download};
use crate::app::parts::copy::Copy;
use crate::app::state::AppState;
use guestlist::bulk::Ending;
use guestlist::jobs::invite::outcome::Ended;
use guestlist::letter::channel::MAIL_FILES;
use guestlist::letter::{OutgoingMessage, mime};
use guestlist::words::{Explain, Words};
use leptos::prelude::*;

#[component]
pub(super) fn Details(row: SeenRow) -> impl IntoView {
    let revealed = RwSignal::new(false);
    let SeenRow { email, name, ended, letter, channel, .. } = row;
    let Ended { outcome, at } = ended;
    let details = outcome.refused().map_or_else(|| format!("{} · {}", outcome.name(), at.iso()), Explain::details);
    let link = outcome.redeem().map(|link| link.reveal().to_owned());
    let guest = outcome.guest().cloned();
    view! {
        <p><strong><bdi>{email}</bdi></strong>" "<bdi>{name}</bdi></p>
        <p class="nowrap">{outcome.name()}", "<time datetime=at.iso()>{clock::shown(at)}</time></p>
        <p><span class="label">"Send by: "</span>{channel.words()}</p>
        {outcome.words().map(|words| view! { <WordsOf words/> })}
        {guest.map(|guest| {
            let page = AppState::here().accounts.place.authority.user_page(&guest);
            view! {
                <p class="breakable"><span class="label">"Guest id: "</span><code>{guest.clone()}</code></p><Copy label="Copy guest id" text=guest/>
                {page.map(|page| view! { <a class="button" href=page target="_blank" rel="noopener">"Open in the admin center"</a> })}
            }
        })}
        {link.map(|link| { let link = StoredValue::new(link); view! {
            <Show when=move || revealed.get() fallback=move || view! { <button class="button" type="button" on:click=move |_| revealed.set(true)>"Show redeem link"</button> }>
                <p class="hint">"Personal: whoever has this link can try to accept in the guest’s place."</p>
                <p class="breakable"><code>{move || link.get_value()}</code></p><Copy label="Copy redeem link" text=Signal::derive(move || link.get_value())/>
                {letter.clone().map(|letter| view! { <Letter letter/> })}
            </Show>
        } })}
        <details class="details"><summary>"Technical details"</summary><code>{details.clone()}</code></details>
        <Copy label="Copy details" text=details/>
    }.into_any()
}

/// The four answers.
#[component]
pub(super) fn WordsOf(words: Words) -> impl IntoView {
    view! { <p>{words.what}</p><p>{words.why}</p><p><span class="label">"Who can fix it: "</span>{words.who}</p><p><span class="label">"Next step: "</span>{words.next}</p> }
}

/// The letter that goes with the link, to be passed on by hand.
#[component]
fn Letter(letter: OutgoingMessage) -> impl IntoView {
    let (text, language, subject) = (letter.text.clone(), letter.language.clone(), letter.subject.clone());
    let is_whole = letter.mailto().contains("&body=");
    // Made when it is asked for: the link in it stands in no address of this page.
    let outgoing = letter.clone();
    let write = move |_| address_bar::go(&outgoing.mailto());
    let save = move |_| download::offer(&format!("{}.eml", letter.to), "message/rfc822", &mime::write(&letter, true).into());
    view! {
        <h3>"Letter"</h3>
        <p><strong><bdi>{subject}</bdi></strong></p>
        <blockquote class="mail-text breakable" dir="auto" lang=language>{text.clone()}</blockquote>
        <div class="row tools">
            <Copy label="Copy letter" text=text/>
            <button class="button" type="button" on:click=write>"Write in my mail program"</button>
            <button class="button" type="button" on:click=save>"Download .eml"</button>
        </div>
        <p class="hint">{MAIL_FILES}</p>
        {(!is_whole).then(|| view! { <p class="hint">"The letter is too long to be handed to a mail program; copy it there."</p> })}
    }
}
