//! What is said to the guests, by whom, and where they land.

mod edited_text;
mod editor;
mod faults;
pub mod letter_templates;
mod report;
mod template_library;
mod texts;

use crate::app::parts::field::Field;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::state::{AppState, session};
use guestlist::letter::{Channel, builtin_template, copy_problem, redirect};
use leptos::prelude::*;

#[component]
pub fn Letter() -> impl IntoView {
    let app = AppState::here();
    let letter = move || app.draft.letter.get();
    let channel = Memo::new(move |_| app.draft.letter.with(|letter| letter.channel));
    let redirect_error = move || {
        let checked = redirect::check(&letter().redirect_url, &app.accounts.place.config.redirect_hosts);
        checked.err().map_or_else(String::new, |problem| problem.words())
    };
    let copy_error = move || app.draft.letter.with(|letter| copy_problem(&letter.copy_to, letter.channel)).unwrap_or_default();
    let blind_error = move || app.draft.letter.with(|letter| copy_problem(&letter.blind_copy_to, letter.channel)).unwrap_or_default();
    let copy_hint = move || {
        if channel.get().is_microsoft() {
            "One address at most: Microsoft sends a copy to one only. A column Copy to in the list goes before it."
        } else {
            "Several with commas between them. A column Copy to in the list goes before it."
        }
    };
    let channels = Channel::ALL.map(|channel| {
        let chosen = app.draft.letter.with_untracked(|letter| letter.channel == channel);
        view! { <option value=channel.name() selected=chosen>{channel.words()}</option> }
    });
    // What stood here before a letter was taken because the way of sending needs one.
    let taken = RwSignal::new(None);
    let choose = move |event| {
        if let Some(channel) = Channel::from_name(&event_target_value(&event)) {
            let mut before = None;
            app.draft.compose(|letter| before = builtin_template::send_by(letter, channel));
            if before.is_some() {
                app.announcer.politely(format!("There was no letter yet: “{}” is taken.", builtin_template::NAME));
            }
            taken.set(before);
        }
    };
    view! {
        <section aria-labelledby="letter-title">
            <h2 id="letter-title">"Letter"</h2>
            <Field label="Send by" hint=Signal::derive(move || channel.get().hint().to_owned()) error="" let:ids>
                <select id=ids.control class="input" aria-describedby=ids.described prop:value=move || channel.get().name() on:change=choose>{channels.collect_view()}</select>
            </Field>
            <Allowed/>
            <letter_templates::LetterTemplates taken/>
            <texts::Texts/>
            <report::Report/>
            <Field label="Guests land on" hint=Signal::derive(move || format!("After accepting, guests land on {}", letter().redirect_url)) error=Signal::derive(redirect_error) let:ids>
                <input id=ids.control class="input" type="url" inputmode="url" spellcheck="false" aria-describedby=ids.described aria-invalid=move || (!redirect_error().is_empty()).then_some("true")
                    prop:value=move || letter().redirect_url on:input=move |event| app.draft.compose(|letter| letter.redirect_url = event_target_value(&event))/>
            </Field>
            <Field label="Copy to" hint=Signal::derive(move || copy_hint().to_owned()) error=Signal::derive(copy_error) let:ids>
                <input id=ids.control class="input" inputmode="email" autocomplete="email" spellcheck="false" aria-describedby=ids.described aria-invalid=move || (!copy_error().is_empty()).then_some("true")
                    prop:value=move || letter().copy_to on:input=move |event| app.draft.compose(|letter| letter.copy_to = event_target_value(&event))/>
            </Field>
            <Show when=move || matches!(channel.get(), Channel::Mailbox | Channel::Drafts | Channel::Files)>
                <Field label="Bcc" hint="Gets a copy that the guest does not see, the personal link with it." error=Signal::derive(blind_error) let:ids>
                    <input id=ids.control class="input" inputmode="email" autocomplete="email" spellcheck="false" aria-describedby=ids.described aria-invalid=move || (!blind_error().is_empty()).then_some("true")
                        prop:value=move || letter().blind_copy_to on:input=move |event| app.draft.compose(|letter| letter.blind_copy_to = event_target_value(&event))/>
                </Field>
            </Show>
        </section>
    }
}

/// The permission that the chosen way needs, asked for when it is chosen.
#[component]
fn Allowed() -> impl IntoView {
    let app = AppState::here();
    let missing = Memo::new(move |_| {
        let wanted = app.draft.letter.with(|letter| letter.channel.scopes());
        app.accounts.scopes.with(|scopes| wanted.iter().copied().filter(|scope| !scopes.contains(scope)).collect::<Vec<&'static str>>())
    });
    let no_mailbox = move || {
        let needs_one = app.draft.letter.with(|letter| letter.channel.needs_mailbox());
        needs_one && app.organization.snapshot().is_some_and(|known| !known.has_mailbox())
    };
    view! {
        <Show when=no_mailbox>
            <Notice tone=Tone::Warning><strong>"Your account has no mail address in this tenant."</strong><p>"It hardly has a mailbox to send from. Choose Files, or let somebody with a mailbox send the letters."</p></Notice>
        </Show>
        <Show when=move || missing.with(|missing| !missing.is_empty())>
            <p><button class="button" type="button" on:click=move |_| session::allow(app, &missing.get_untracked())>{move || format!("Allow {}", missing.get().join(" and "))}</button>
                " "<span class="hint">"Your draft is kept. Without it you can write and check, and not send."</span></p>
        </Show>
    }
}
