//! Rows of a file as several encodings read them, so that somebody sees which one is right before anything is added.

use super::importing::Import;
use guestlist::sheet::EncodingSample;
use leptos::prelude::*;

/// The encoding that the file is read in comes first; the signs that the others read otherwise are marked.
#[component]
pub(super) fn Looks(import: Import, looks: Vec<EncodingSample>) -> impl IntoView {
    let lines = looks.iter().enumerate().map(|(place, look)| {
        let encoding = look.encoding;
        let rows = (0..look.rows.len()).map(|row| {
            let pieces = look.marked(row, &looks).into_iter().map(|(text, is_changed)| {
                if is_changed { view! { <mark class="changed">{text}</mark> }.into_any() } else { text.into_any() }
            });
            view! { <div><bdi>{pieces.collect_view()}</bdi></div> }
        });
        let choose = move |_| import.read_otherwise(|wanted| wanted.encoding = Some(encoding));
        let choice = if place == 0 {
            "Read like this now".into_any()
        } else {
            let name = format!("Read like this: {}", encoding.name());
            view! { <button class="button small" type="button" aria-label=name on:click=choose>"Read like this"</button> }.into_any()
        };
        view! { <tr role="row"><th role="rowheader">{encoding.name()}</th><td role="cell">{rows.collect_view()}</td><td role="cell">{choice}</td></tr> }
    });
    let lines = lines.collect_view();
    (!looks.is_empty()).then(|| view! {
        <div class="scroll" id="looks" tabindex="0" role="group" aria-label="Encodings, scrollable"><table class="plain stacked" role="table"><caption class="unseen">"Rows in several encodings"</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader">"Encoding"</th><th role="columnheader">"These rows"</th><th role="columnheader">"Choice"</th></tr></thead>
            <tbody role="rowgroup">{lines}</tbody></table></div>
    })
}
