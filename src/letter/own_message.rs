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
