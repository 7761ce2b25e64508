//! Messages that stay beside what they are about: what happened, why, who can fix it, the next step, the details.

use super::copy::Copy;
use super::icon::{Glyph, Icon};
use guestlist::words::Words;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Info,
    Warning,
    Danger,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Info => "notice",
            Self::Warning => "notice notice-warning",
            Self::Danger => "notice notice-danger",
        }
    }
    const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::Bad,
        }
    }
}

/// A message bar around whatever is said in it.
#[component]
pub fn Notice(tone: Tone, children: Children) -> impl IntoView {
    let role = if tone == Tone::Danger { "alert" } else { "status" };
    view! { <div class=tone.class() role=role><Glyph icon=tone.icon()/><div class="notice-body">{children()}</div></div> }
}

/// The four answers and the details of a problem.
#[component]
pub fn Problem(words: Words, #[prop(into)] details: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let copied = details.clone();
    view! {
        <Notice tone=Tone::Danger>
            <strong>{words.what}</strong>
            <p>{words.why}</p>
            <p><span class="label">"Who can fix it: "</span>{words.who}</p>
            <p><span class="label">"Next step: "</span>{words.next}</p>
            <details class="details"><summary>"Details"</summary><code>{details}</code></details>
            <div class="row">{children.map(|children| children())}<Copy label="Copy details" text=copied/></div>
        </Notice>
    }
}
