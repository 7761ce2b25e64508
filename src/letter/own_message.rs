//! A letter of one's own, before it is sent.

use super::Letter;
use super::template::Filled;
use super::values::MergeContext;
use crate::rows::Row;
use graph::users::User;

/// Stands where the guest's personal link will.
pub const SAMPLE_LINK: &str = "(the guest’s personal link)";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnMessagePreview {
    /// BCP 47 tag; empty when nobody said.
    pub language: String,
    pub from: Option<String>,
    pub to: String,
    pub copy: Option<String>,
    pub blind_copy: Option<String>,
    pub subject: String,
    pub text: Filled,
    /// What is missing, and why.
    pub notes: Vec<String>,
}

pub fn preview(letter: &Letter, row: Row<'_>, me: &User, merge_context: &MergeContext) -> OwnMessagePreview {
    let written = letter.written(row, merge_context, Some(SAMPLE_LINK));
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut notes = Vec::new();
    let mailbox = me.mail.clone().filter(|mail| !mail.is_empty());
    if letter.channel.needs_mailbox() && mailbox.is_none() {
        notes.push("Your account has no mailbox in this tenant, so nothing can be sent from it. Choose Files, or let somebody with a mailbox send it.".into());
    }
    if !letter.channel.is_microsoft() && !written.text.text().contains(SAMPLE_LINK) {
        notes.push("The text has no {{redeemUrl}}, so the guest could not accept.".into());
    }
    OwnMessagePreview {
        language: written.language,
        from: mailbox,
        to: row.cell("email").trim().into(),
        copy: letter.copy_for(row),
        blind_copy: filled(&letter.blind_copy_to),
        subject: written.subject,
        text: written.text,
        notes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::Channel;
    use crate::rows::{Column, List};

    fn shown(letter: &Letter, mail: Option<&str>) -> OwnMessagePreview {
        let mut list = List::default();
        let cells = [("email", " ada@fabrikam.example "), ("firstName", "Ada"), ("language", "de")];
        list.add(&cells.map(|(heading, cell)| (Column::from_heading(heading), cell.to_owned())));
        let me = User { mail: mail.map(Into::into), ..User::default() };
        preview(letter, list.row(0), &me, &MergeContext::default())
    }

    fn letter(channel: Channel, message: &str) -> Letter {
        Letter { channel, subject: "For {{firstName}}".into(), message: message.into(), ..Letter::default() }
    }

    #[test]
    fn the_preview_shows_who_gets_what() {
        let message = "Hi {{firstName}}: {{redeemUrl}}";
        let copies = Letter {
            copy_to: "boss@contoso.example".into(),
            blind_copy_to: " desk@contoso.example ".into(),
            ..letter(Channel::Mailbox, message)
        };
        let preview = shown(&copies, Some("gita@contoso.example"));
        assert_eq!((preview.from.as_deref(), preview.to.as_str()), (Some("gita@contoso.example"), "ada@fabrikam.example"));
        assert_eq!((preview.copy.as_deref(), preview.blind_copy.as_deref()), (Some("boss@contoso.example"), Some("desk@contoso.example")));
        assert_eq!((preview.subject.as_str(), preview.text.text()), ("For Ada", format!("Hi Ada: {SAMPLE_LINK}")));
        assert_eq!(preview.notes, [""; 0]);
        let preview = shown(&Letter { blind_copy_to: " ".into(), ..letter(Channel::Mailbox, message) }, Some("gita@contoso.example"));
        assert_eq!((preview.copy, preview.blind_copy), (None, None));
    }

    #[test]
    fn what_keeps_the_letter_from_being_of_use_is_noted() {
        let check = |channel: Channel, message: &str, mail: Option<&str>, expected: &[&str]| {
            let notes = shown(&letter(channel, message), mail).notes;
            assert_eq!(notes.len(), expected.len(), "{channel:?}: {notes:?}");
            assert!(notes.iter().zip(expected).all(|(note, expected)| note.contains(expected)), "{channel:?}: {notes:?}");
        };
        let mail = Some("gita@contoso.example");
        check(Channel::Mailbox, "{{redeemUrl}}", mail, &[]);
        check(Channel::Mailbox, "{{redeemUrl}}", None, &["no mailbox"]);
        check(Channel::Drafts, "{{redeemUrl}}", Some(""), &["no mailbox"]);
        check(Channel::Files, "{{redeemUrl}}", None, &[]);
        check(Channel::Files, "Welcome", None, &["no {{redeemUrl}}"]);
        check(Channel::Mailbox, "Welcome", None, &["no mailbox", "no {{redeemUrl}}"]);
        check(Channel::Microsoft, "Welcome", None, &[]);
    }
}
