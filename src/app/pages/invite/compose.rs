//! What is said to all of the guests.

use crate::app::desk::Desk;
use crate::app::parts::field::{Field, described};
use guestlist::letter::microsoft::LONG_TEXT;
use guestlist::letter::{copy_problem, landing, languages, template};
use guestlist::words::grouped;
use leptos::prelude::*;

#[component]
pub fn Letter() -> impl IntoView {
    let desk = Desk::here();
    let letter = move || desk.letter.get();
    let message_error = move || {
        desk.guests.with(|guests| {
            desk.letter.with(|letter| {
                let unknown =
                    template::parse(&letter.message).fields().map(|(name, _)| name).find(|name| guests.list().column(name).is_none());
                unknown.map_or_else(String::new, |name| format!("The list has no column for {{{{{name}}}}}."))
            })
        })
    };
    let message_hint = move || {
        desk.guests.with(|guests| {
            let list = guests.list();
            let fields: Vec<String> = list.columns().iter().map(|column| format!("{{{{{}}}}}", column.name)).collect();
            let length = desk.letter.with(|letter| {
                let longest = list.rows().take(2000).map(|row| letter.text_for(row).chars().count()).max();
                longest.unwrap_or_else(|| letter.message.chars().count())
            });
            let warning = if length > LONG_TEXT { " Longer texts were seen to vanish." } else { "" };
            format!(
                "Plain text. Fields: {}; {{{{displayName|guest}}}} says “guest” where the name is missing. {} of {} characters.{warning}",
                fields.join(", "),
                grouped(length),
                grouped(LONG_TEXT)
            )
        })
    };
    let language_hint = move || {
        if letter().message.trim().is_empty() {
            "Acts on Microsoft’s own text. A language column in the list goes before it.".to_owned()
        } else {
            "Has no effect: Microsoft ignores the language once there is a message. Write the message in your guests’ language.".to_owned()
        }
    };
    let landing_error = move || {
        desk.config.with_value(|config| {
            landing::check(&letter().lands_on, &config.redirect_hosts).err().map_or_else(String::new, |problem| problem.words())
        })
    };
    let languages = languages::PORTAL.map(|(tag, name)| view! { <option value=tag lang=tag>{name}</option> });
    view! {
        <section aria-labelledby="letter-title">
            <h2 id="letter-title">"Letter"</h2>
            <Field id="message" label="Message" hint=Signal::derive(message_hint) error=Signal::derive(message_error)>
                <textarea id="message" class="input" rows="6" aria-describedby=described("message") aria-invalid=move || (!message_error().is_empty()).then_some("true") prop:value=move || letter().message
                    on:input=move |event| desk.compose(|letter| letter.message = event_target_value(&event))></textarea>
            </Field>
            <Field id="language" label="Language" hint=Signal::derive(language_hint) error="">
                <select id="language" class="input" aria-describedby=described("language") prop:value=move || letter().language
                    on:change=move |event| desk.compose(|letter| letter.language = event_target_value(&event))>
                    <option value="">"Microsoft chooses"</option>{languages.collect_view()}
                </select>
            </Field>
            <Field id="lands-on" label="Guests land on" hint=Signal::derive(move || format!("After accepting, guests land on {}", letter().lands_on)) error=Signal::derive(landing_error)>
                <input id="lands-on" class="input" type="url" inputmode="url" spellcheck="false" aria-describedby=described("lands-on") aria-invalid=move || (!landing_error().is_empty()).then_some("true")
                    prop:value=move || letter().lands_on on:input=move |event| desk.compose(|letter| letter.lands_on = event_target_value(&event))/>
            </Field>
            <Field id="copy-to" label="Copy to" hint="One address at most: Microsoft sends a copy to one only." error=Signal::derive(move || copy_problem(&letter().copy_to).unwrap_or_default())>
                <input id="copy-to" class="input" inputmode="email" autocomplete="email" spellcheck="false" aria-describedby=described("copy-to") aria-invalid=move || copy_problem(&letter().copy_to).map(|_| "true")
                    prop:value=move || letter().copy_to on:input=move |event| desk.compose(|letter| letter.copy_to = event_target_value(&event))/>
            </Field>
            <Field id="send-by" label="Send by" hint="Microsoft sends the mail that the preview shows." error="">
                <select id="send-by" class="input" aria-describedby=described("send-by")><option value="microsoft">"Microsoft’s mail"</option></select>
            </Field>
        </section>
    }
}
