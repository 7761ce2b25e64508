//! One mail, Microsoft's or one's own, and what is to be said about it.

use crate::app::parts::notice::{Notice, Tone};
use guestlist::letter::template::{Filled, PieceSource};
use guestlist::letter::{microsoft, own_message};
use leptos::prelude::*;

fn line(name: &'static str, text: String) -> impl IntoView {
    view! { <div class="mail-line"><dt>{name}</dt><dd><bdi>{text}</bdi></dd></div> }
}

/// The text, with what the list did not say marked.
fn text(text: Filled) -> impl IntoView {
    let pieces = text.pieces.into_iter().map(|(source, piece)| match source {
        PieceSource::Typed => view! { <span>{piece}</span> }.into_any(),
        PieceSource::Value => view! { <bdi>{piece}</bdi> }.into_any(),
        PieceSource::Fallback => view! { <mark class="fallback" title="Fallback: the list has no value">{piece}</mark> }.into_any(),
        PieceSource::Gap => view! { <mark class="gap-mark" title="A gap: the list has no value and the field no fallback">"⌷"<span class="unseen">"(missing)"</span></mark> }.into_any(),
    });
    view! { <blockquote class="mail-text" dir="auto">{pieces.collect_view()}</blockquote> }
}

#[component]
pub fn Microsoft(mail: microsoft::InvitationPreview) -> impl IntoView {
    view! {
        {mail.notes.into_iter().map(|note| view! { <Notice tone=Tone::Warning><p>{note}</p></Notice> }).collect_view()}
        <div class="mail" lang=mail.language>
            <dl class="mail-head">
                {line("From", mail.from)}{line("To", mail.to)}{mail.copy.map(|copy| line("Cc", copy))}{mail.reply_to.map(|reply| line("Reply to", reply))}
            </dl>
            <p class="mail-subject">{mail.subject}</p>
            <p class="mail-warning">{mail.warning}</p>
            <p class="hint"><bdi>{mail.inviter}</bdi><br/><bdi>{mail.organization}</bdi></p>
            {(!mail.text.pieces.is_empty()).then(|| text(mail.text))}
            <p><span class="mail-button">{mail.button}</span></p>
            <p class="hint breakable">{mail.redirect_url}<br/>{mail.footer}<br/><span lang="en">{mail.privacy}</span></p>
        </div>
        <p class="hint">"Sender, subject, warning, button and footer are Microsoft’s and cannot be changed; both sender and subject have changed lately and are what is expected."</p>
    }
}

#[component]
pub fn Own(mail: own_message::OwnMessagePreview) -> impl IntoView {
    view! {
        {mail.notes.into_iter().map(|note| view! { <Notice tone=Tone::Warning><p>{note}</p></Notice> }).collect_view()}
        <div class="mail" lang=mail.language>
            <dl class="mail-head">
                {mail.from.map(|from| line("From", from))}{line("To", mail.to)}{mail.copy.map(|copy| line("Cc", copy))}{mail.blind_copy.map(|copy| line("Bcc", copy))}
            </dl>
            <p class="mail-subject">{mail.subject}</p>
            {text(mail.text)}
        </div>
    }
}

/// What makes the letter look like spam, or fail to arrive as it was meant.
#[component]
pub fn Remarks(remarks: Memo<Vec<String>>) -> impl IntoView {
    move || {
        let lines = remarks.get().into_iter().map(|words| view! { <li>{words}</li> }).collect::<Vec<_>>();
        (!lines.is_empty()).then(|| view! { <Notice tone=Tone::Info><strong>"Worth a look"</strong><ul aria-label="Worth a look">{lines.collect_view()}</ul></Notice> })
    }
}
