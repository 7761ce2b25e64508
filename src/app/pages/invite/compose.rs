//! The list of guests, and what is said to all of them.

use crate::app::desk::Desk;
use crate::app::effects::domain;
use crate::app::parts::field::{Field, described};
use crate::app::parts::grid::{Grid, Sheet};
use guestlist::letter::microsoft::LONG_TEXT;
use guestlist::letter::{copy_problem, landing, languages, template};
use guestlist::rows::checks::{self, Finding};
use guestlist::words::{count, grouped};
use leptos::prelude::*;

#[component]
pub fn Guests() -> impl IntoView {
    let desk = Desk::here();
    let findings = Memo::new(move |_| {
        let known = desk.known();
        desk.draft.with(|draft| checks::check(&draft.list, known.as_ref().map(|known| &known.organization)))
    });
    let sheet = Sheet {
        headings: Memo::new(move |_| {
            desk.draft.with(|draft| draft.list.columns.iter().map(|column| column.heading.clone()).collect::<Vec<_>>())
        })
        .into(),
        rows: Memo::new(move |_| desk.draft.with(|draft| draft.list.rows.iter().map(|row| row.id).collect::<Vec<_>>())).into(),
        cell: Callback::new(move |(row, column): (usize, usize)| {
            desk.draft.with(|draft| draft.list.rows.get(row).and_then(|row| row.cells.get(column)).cloned().unwrap_or_default())
        }),
        finding: Callback::new(move |place: (usize, usize)| findings.with(|findings| of_cell(findings, place))),
        set: Callback::new(move |(row, column, text): (usize, usize, String)| {
            desk.compose(|draft| {
                let text = if draft.list.column("email") == Some(column) { domain::ascii(&text) } else { text };
                draft.list.set(row, column, &text);
            })
        }),
        remove: Callback::new(move |row: usize| desk.compose(|draft| draft.list.remove(row))),
    };
    let summary = move || {
        let (rows, bad) =
            (sheet.rows.with(Vec::len), findings.with(|findings| findings.chunk_by(|one, other| one.row == other.row).count()));
        match (rows, bad) {
            (0, _) => "Nobody yet. Add the first guest above.".to_owned(),
            (rows, 0) => format!("{}, all ready.", count(rows, "guest", "guests")),
            (rows, bad) => format!(
                "{}: {} ready, {} (F8 goes to the next).",
                count(rows, "guest", "guests"),
                grouped(rows - bad),
                count(bad, "problem", "problems")
            ),
        }
    };
    view! {
        <section aria-labelledby="guests-title">
            <h2 id="guests-title">"Guests"</h2>
            <p class="hint">{summary}</p>
            <Show when=move || sheet.rows.with(|rows| !rows.is_empty())><Grid label="Guests" sheet/></Show>
        </section>
    }
}

/// What is wrong with one cell; findings come in the order of their rows.
fn of_cell(findings: &[Finding], (row, column): (usize, usize)) -> Option<String> {
    let start = findings.partition_point(|finding| finding.row < row);
    let own = findings[start..].iter().take_while(|finding| finding.row == row);
    own.filter(|finding| finding.column == column).map(|finding| finding.text.clone()).next()
}

#[component]
pub fn Letter() -> impl IntoView {
    let desk = Desk::here();
    let letter = move || desk.draft.with(|draft| draft.letter.clone());
    let message_error = move || {
        desk.draft.with(|draft| {
            let unknown: Vec<&str> = template::parse(&draft.letter.message)
                .fields()
                .map(|(name, _)| name)
                .filter(|name| draft.list.column(name).is_none())
                .collect();
            unknown.first().map_or_else(String::new, |name| format!("The list has no column for {{{{{name}}}}}."))
        })
    };
    let message_hint = move || {
        desk.draft.with(|draft| {
            let fields: Vec<String> = draft.list.columns.iter().map(|column| format!("{{{{{}}}}}", column.name)).collect();
            let longest = draft.list.rows.iter().take(2000).map(|row| draft.letter.text_for(&draft.list, row).chars().count()).max();
            let length = longest.unwrap_or_else(|| draft.letter.message.chars().count());
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
                    on:input=move |event| desk.compose(|draft| draft.letter.message = event_target_value(&event))></textarea>
            </Field>
            <Field id="language" label="Language" hint=Signal::derive(language_hint) error="">
                <select id="language" class="input" aria-describedby=described("language") prop:value=move || letter().language
                    on:change=move |event| desk.compose(|draft| draft.letter.language = event_target_value(&event))>
                    <option value="">"Microsoft chooses"</option>{languages.collect_view()}
                </select>
            </Field>
            <Field id="lands-on" label="Guests land on" hint=Signal::derive(move || format!("After accepting, guests land on {}", letter().lands_on)) error=Signal::derive(landing_error)>
                <input id="lands-on" class="input" type="url" inputmode="url" spellcheck="false" aria-describedby=described("lands-on") aria-invalid=move || (!landing_error().is_empty()).then_some("true")
                    prop:value=move || letter().lands_on on:input=move |event| desk.compose(|draft| draft.letter.lands_on = event_target_value(&event))/>
            </Field>
            <Field id="copy-to" label="Copy to" hint="One address at most: Microsoft sends a copy to one only." error=Signal::derive(move || copy_problem(&letter().copy_to).unwrap_or_default())>
                <input id="copy-to" class="input" inputmode="email" autocomplete="email" spellcheck="false" aria-describedby=described("copy-to") aria-invalid=move || copy_problem(&letter().copy_to).map(|_| "true")
                    prop:value=move || letter().copy_to on:input=move |event| desk.compose(|draft| draft.letter.copy_to = event_target_value(&event))/>
            </Field>
            <Field id="send-by" label="Send by" hint="Microsoft sends the mail that the preview shows." error="">
                <select id="send-by" class="input" aria-describedby=described("send-by")><option value="microsoft">"Microsoft’s mail"</option></select>
            </Field>
        </section>
    }
}
