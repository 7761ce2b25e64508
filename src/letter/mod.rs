//! The words around an invitation: one letter for the list, one text per guest, and what Microsoft makes of it.

pub mod landing;
pub mod languages;
pub mod microsoft;
pub mod template;

use crate::graph::invitations::{Invitation, MessageInfo, Recipient};
use crate::rows::{Address, Row};
use serde::{Deserialize, Serialize};

/// What the person composes once for the whole list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// With `{{fields}}` of the row; empty means Microsoft's own text.
    pub message: String,
    /// Acts on Microsoft's default text only; empty means Microsoft chooses.
    pub language: String,
    pub lands_on: String,
    /// One address, or nothing.
    pub copy_to: String,
}

impl Letter {
    /// The text of one guest: from the row's own message, if it has one, else from the letter's.
    pub fn text_for(&self, row: Row<'_>) -> String {
        let own = row.cell("message");
        template::parse(if own.trim().is_empty() { &self.message } else { own })
            .fill(|name| row.list().column(name).map(|_| row.cell(name)))
    }

    /// Who gets a copy: whom the row says, else whom the letter does.
    pub fn copy_for(&self, row: Row<'_>) -> Option<String> {
        [row.cell("cc"), &self.copy_to].into_iter().map(str::trim).find(|copy| !copy.is_empty()).map(str::to_owned)
    }

    /// Where one guest lands: where the row says, else where the letter does.
    pub fn lands_on_for<'a>(&'a self, row: Row<'a>) -> &'a str {
        let own = row.cell("redirectUrl").trim();
        if own.is_empty() { self.lands_on.trim() } else { own }
    }

    /// The invitation of one guest, by Microsoft's mail.
    pub fn invitation(&self, row: Row<'_>, address: &Address) -> Invitation {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let message = filled(&self.text_for(row));
        let language = filled(row.cell("language")).or_else(|| filled(&self.language));
        let copy = self.copy_for(row).map(|address| Recipient::to(&address));
        let info = MessageInfo {
            // Ignored beside a custom text; left out so that nobody relies on it.
            message_language: language.filter(|_| message.is_none()),
            customized_message_body: message,
            cc_recipients: copy.into_iter().collect(),
        };
        Invitation {
            invited_user_email_address: address.as_str().into(),
            invited_user_display_name: filled(row.cell("displayName")),
            invite_redirect_url: self.lands_on_for(row).into(),
            send_invitation_message: true,
            invited_user_message_info: Some(info).filter(|info| *info != MessageInfo::default()),
        }
    }
}

/// What is wrong with the copy address: Microsoft honours exactly one.
pub fn copy_problem(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if text.matches('@').count() > 1 || text.contains([';', ',']) {
        return Some("Microsoft sends a copy to one address only. Use a group's address to reach several people.".into());
    }
    Address::parse(text).err().map(super::rows::address::AddressProblem::words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{List, quick_add};

    fn list() -> List {
        let mut list = List::default();
        for cells in quick_add::read("Ada <b>L</b> <ada@fabrikam.example>").unwrap().rows {
            list.add(&cells);
        }
        list
    }

    #[test]
    fn a_custom_text_leaves_the_language_out() {
        let list = list();
        let address = Address::parse("ada@fabrikam.example").unwrap();
        let invitation = |message: &str| {
            let letter =
                Letter { message: message.into(), language: "de-DE".into(), copy_to: "boss@contoso.example".into(), ..Letter::default() };
            letter.invitation(list.row(0), &address).invited_user_message_info.unwrap()
        };
        let info = invitation("Hi {{displayName}}");
        assert_eq!((info.customized_message_body.as_deref(), info.message_language.as_deref()), (Some("Hi Ada <b>L</b>"), None));
        let info = invitation("  ");
        assert_eq!((info.customized_message_body.as_deref(), info.message_language.as_deref()), (None, Some("de-DE")));
        assert_eq!(info.cc_recipients.len(), 1);
    }

    #[test]
    fn one_copy_address_exactly() {
        assert_eq!(copy_problem(" "), None);
        assert_eq!(copy_problem("boss@contoso.example"), None);
        assert!(copy_problem("a@contoso.example; b@contoso.example").unwrap().contains("one address only"));
        assert!(copy_problem("boss").is_some());
    }
}
