//! One guest's letter with all that is needed to carry it. It holds the personal link, so it prints nothing.

use super::addresses;
use super::renderer::Renderer;
use crate::rows::{Address, Row, names};
use graph::invitations::RedeemUrl;
use serde::{Deserialize, Serialize};

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMessage {
    pub to: String,
    pub to_name: String,
    pub copy: Vec<String>,
    pub blind_copy: Vec<String>,
    pub subject: String,
    /// With the personal link filled in.
    pub text: String,
    /// BCP 47 tag; empty when nobody said.
    pub language: String,
    pub redeem: Option<RedeemUrl>,
}

impl OutgoingMessage {
    /// The letter of this row. Without a link, fields that ask for it stay empty.
    pub fn for_row(renderer: &Renderer<'_>, row: Row<'_>, redeem: Option<&RedeemUrl>) -> Self {
        let letter = renderer.letter();
        let written = renderer.written(row, redeem.map(RedeemUrl::reveal));
        let all = |text: &str| addresses(text).map(str::to_owned).collect();
        let to = Address::from_record(row.cell("email"))
            .map_or_else(|| row.cell("email").trim().to_owned(), |address| address.as_str().to_owned());
        Self {
            to,
            to_name: names::display_name(row).into_owned(),
            copy: all(&letter.copy_for(row).unwrap_or_default()),
            blind_copy: all(&letter.blind_copy_to),
            subject: written.subject,
            text: written.text.text(),
            language: written.language,
            redeem: redeem.cloned(),
        }
    }

    /// The link itself, for whatever carries the letter.
    pub fn link(&self) -> Option<&str> {
        self.redeem.as_ref().map(RedeemUrl::reveal)
    }

    /// `mailto:` with subject and text, for a mail program (RFC 6068). Longer ones than programs take leave the text out.
    pub fn mailto(&self) -> String {
        /// Of an address that every program takes: the limit of Internet Explorer, which Windows still keeps.
        const MOST: usize = 2000;
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
        let head = format!("mailto:{}?subject={}", encoded(&self.to).replace("%40", "@"), encoded(&self.subject));
        let whole = format!("{head}&body={}", encoded(&self.text.replace("\r\n", "\n").replace('\n', "\r\n")));
        if whole.len() > MOST { head } else { whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::Letter;
    use crate::letter::values::MergeContext;
    use crate::rows::{Column, List};

    #[test]
    fn a_mail_program_gets_what_it_takes() {
        let outgoing = |text: &str| OutgoingMessage {
            to: "ada@x.example".into(),
            subject: "Hi & bye?".into(),
            text: text.into(),
            ..OutgoingMessage::default()
        };
        assert_eq!(outgoing("a\nü").mailto(), "mailto:ada@x.example?subject=Hi%20%26%20bye%3F&body=a%0D%0A%C3%BC");
        let head = "mailto:ada@x.example?subject=Hi%20%26%20bye%3F";
        let fits = 2000 - head.len() - "&body=".len();
        assert_eq!(outgoing(&"x".repeat(fits)).mailto().len(), 2000);
        assert_eq!(outgoing(&"x".repeat(fits + 1)).mailto(), head);
    }

    #[test]
    fn a_letter_goes_to_the_guest_of_its_row_with_their_link_and_copies() {
        let letter = Letter {
            subject: "For {{firstName}}".into(),
            message: "Here: {{redeemUrl}}".into(),
            language: "en".into(),
            copy_to: "boss@contoso.example; desk@contoso.example".into(),
            blind_copy_to: "archive@contoso.example, ".into(),
            ..Letter::default()
        };
        let merge_context = MergeContext::default();
        let renderer = Renderer::new(&letter, &merge_context);
        let mut list = List::default();
        for email in [" ada@fabrikam.example ", " Ada at Fabrikam "] {
            let cells = [("email", email), ("firstName", "Ada"), ("lastName", "Sato")];
            list.add(&cells.map(|(heading, cell)| (Column::from_heading(heading), cell.to_owned())));
        }
        let link = RedeemUrl::new("https://redeem.example/x".into());
        let outgoing = OutgoingMessage::for_row(&renderer, list.row(0), Some(&link));
        assert_eq!((outgoing.to.as_str(), outgoing.to_name.as_str()), ("ada@fabrikam.example", "Ada Sato"));
        assert_eq!((outgoing.subject.as_str(), outgoing.text.as_str()), ("For Ada", "Here: https://redeem.example/x"));
        assert_eq!(
            (outgoing.copy.join(" "), outgoing.blind_copy.join(" ")),
            ("boss@contoso.example desk@contoso.example".into(), "archive@contoso.example".into())
        );
        assert_eq!((outgoing.language.as_str(), outgoing.link()), ("en", Some("https://redeem.example/x")));
        let outgoing = OutgoingMessage::for_row(&renderer, list.row(1), None);
        assert_eq!((outgoing.to.as_str(), outgoing.text.as_str(), outgoing.link()), ("Ada at Fabrikam", "Here: ", None));
    }
}
