//! The words around an invitation: one letter for the list, one text per guest, and what Microsoft makes of it.

#[cfg(feature = "sheets")]
pub mod archive;
pub mod builtin_template;
pub mod channel;
pub mod editing;
pub mod foreign;
pub mod html;
pub mod languages;
pub mod links;
pub mod lints;
pub mod microsoft;
pub mod mime;
pub mod outgoing;
pub mod own_message;
pub mod redirect;
pub mod renderer;
pub mod template;
pub mod template_library;
pub mod values;

use crate::rows::language::{is_language, lookup};
use crate::rows::{Address, List, Row, view};
pub use channel::Channel;
pub use outgoing::OutgoingMessage;
use redirect::{RedirectProblem, RedirectUrl};
use template::Filled;
use values::MergeContext;

/// What the person composes once for the whole list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// With fields of the row; empty means Microsoft's own text.
    pub message: String,
    /// Of letters of one's own; Microsoft's subject cannot be changed.
    pub subject: String,
    /// The same in other languages.
    pub variants: Vec<Variant>,
    /// Of the message, and of Microsoft's own text when there is none; empty means that Microsoft chooses. BCP 47 tag.
    pub language: String,
    pub redirect_url: String,
    /// One address by Microsoft's mail, several in letters of one's own, or nothing.
    pub copy_to: String,
    /// In letters of one's own: who gets a copy that nobody sees.
    pub blind_copy_to: String,
    pub channel: Channel,
    /// What looks like a placeholder of another program and is meant as it stands.
    pub as_typed: Vec<String>,
}

/// The text for guests of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variant {
    /// BCP 47 tag.
    pub language: String,
    pub subject: String,
    pub message: String,
}

/// The text that a guest gets, before it is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterText<'a> {
    pub subject: &'a str,
    pub message: &'a str,
    /// BCP 47 tag; empty when nobody said.
    pub language: &'a str,
}

/// One guest's letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenderedLetter {
    /// BCP 47 tag; empty when nobody said.
    pub language: String,
    pub subject: String,
    pub text: Filled,
}

impl Letter {
    /// Which text fits a guest: the row's own message, else that of the variant for the row's language, `de-AT` then `de`, else
    /// the default one.
    pub fn text_of<'a>(&'a self, row: Row<'a>) -> LetterText<'a> {
        let own = row.cell("message");
        let wanted = row.cell("language").trim();
        let variant = lookup(wanted, self.variants.iter().map(|variant| variant.language.as_str())).map(|place| &self.variants[place]);
        let (subject, message, language) = match variant {
            Some(variant) => (variant.subject.as_str(), variant.message.as_str(), variant.language.as_str()),
            None => (self.subject.as_str(), self.message.as_str(), self.language.as_str()),
        };
        let subject = if subject.trim().is_empty() { &self.subject } else { subject };
        if own.trim().is_empty() {
            LetterText { subject, message, language }
        } else {
            LetterText { subject, message: own, language: wanted }
        }
    }

    /// Every text that some guest may get, the default one first.
    pub fn texts(&self) -> impl Iterator<Item = LetterText<'_>> {
        let default = LetterText { subject: &self.subject, message: &self.message, language: &self.language };
        std::iter::once(default).chain(self.variants.iter().map(|variant| LetterText {
            subject: &variant.subject,
            message: &variant.message,
            language: &variant.language,
        }))
    }

    /// Whether no text of it has words.
    pub fn is_unwritten(&self) -> bool {
        self.texts().all(|text| text.message.trim().is_empty())
    }

    /// The letter of one guest; `redeem` is the personal link, in letters of one's own.
    pub fn written(&self, row: Row<'_>, merge_context: &MergeContext, redeem: Option<&str>) -> RenderedLetter {
        renderer::Renderer::new(self, merge_context).written(row, redeem)
    }

    /// The message of one guest in Microsoft's mail.
    pub fn text_for(&self, row: Row<'_>, merge_context: &MergeContext) -> String {
        self.written(row, merge_context, None).text.text()
    }

    /// Who gets a copy: whom the row says, else whom the letter does.
    pub fn copy_for(&self, row: Row<'_>) -> Option<String> {
        [row.cell("cc"), &self.copy_to].into_iter().map(str::trim).find(|copy| !copy.is_empty()).map(str::to_owned)
    }

    /// Where one guest is led after accepting: where the row says, else where the letter does. Whether the host is allowed is asked before
    /// (`plan::blocking_issues`).
    ///
    /// # Errors
    /// What stands there is no address that can be sent.
    pub fn redirect_for(&self, row: Row<'_>) -> Result<RedirectUrl, RedirectProblem> {
        RedirectUrl::parse(self.typed_redirect(row))
    }

    /// The same to be shown: as it is sent or, if it cannot be, as it was typed.
    pub fn redirect_url_for(&self, row: Row<'_>) -> String {
        let sent = self.redirect_for(row).map(|url| url.as_str().to_owned());
        sent.unwrap_or_else(|_| self.typed_redirect(row).to_owned())
    }

    fn typed_redirect<'a>(&'a self, row: Row<'a>) -> &'a str {
        let own = row.cell("redirectUrl").trim();
        if own.is_empty() { self.redirect_url.trim() } else { own }
    }
}

/// Languages that rows ask for and that have no text of their own beside others that do, with the number of rows; those with
/// the most first.
pub fn unanswered(letter: &Letter, list: &List) -> Vec<(String, usize)> {
    let Some(column) = list.column("language").filter(|_| !letter.variants.is_empty()) else { return Vec::new() };
    let mut found: Vec<(String, usize)> = Vec::new();
    for (tag, rows) in view::values(list, column) {
        let tag = tag.trim();
        let own = languages::general(&letter.language);
        let answered = lookup(tag, letter.variants.iter().map(|variant| variant.language.as_str()).chain([own]));
        if tag.is_empty() || !is_language(tag) || answered.is_some() {
            continue;
        }
        let general = languages::general(tag);
        match found.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(general)) {
            Some((_, number)) => *number += rows,
            None => found.push((general.to_owned(), rows)),
        }
    }
    found.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    found
}

/// What is wrong with the copy address: Microsoft honours exactly one.
pub fn copy_problem(text: &str, channel: Channel) -> Option<String> {
    if channel.is_microsoft() && addresses(text).count() > 1 {
        return Some("Microsoft sends a copy to one address only. Use a group's address to reach several people.".into());
    }
    addresses(text).find_map(|address| Address::parse(address).err()).map(super::rows::address::AddressProblem::words)
}

/// Addresses between commas and semicolons.
pub fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';']).map(str::trim).filter(|address| !address.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Column, List, quick_add};

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
            renderer::Renderer::new(&letter, &MergeContext::default())
                .invitation(list.row(0), &address, Channel::Microsoft)
                .invited_user_message_info
                .unwrap()
        };
        let info = invitation("Hi {{displayName}}");
        assert_eq!((info.customized_message_body.as_deref(), info.message_language.as_deref()), (Some("Hi Ada <b>L</b>"), None));
        let info = invitation("  ");
        assert_eq!((info.customized_message_body.as_deref(), info.message_language.as_deref()), (None, Some("de-DE")));
        assert_eq!(info.cc_recipients.len(), 1);
    }

    #[test]
    fn each_guest_gets_the_text_of_their_language() {
        let variant = |language: &str, subject: &str, message: &str| Variant {
            language: language.into(),
            subject: subject.into(),
            message: message.into(),
        };
        let letter = Letter {
            subject: "Welcome".into(),
            message: "Hi {{firstName}}".into(),
            variants: vec![variant("de", "Willkommen", "Hallo {{firstName}}"), variant("pt-BR", "", "Oi {{firstName}}")],
            ..Letter::default()
        };
        let mut list = List::default();
        for (language, message) in [("", ""), ("de-AT", ""), ("pt-BR", ""), ("pt-PT", ""), ("fr", ""), ("de", "Servus {{firstName}}")] {
            let cells = [("email", "a@b.example"), ("firstName", "Ada"), ("language", language), ("message", message)];
            list.add(&cells.map(|(name, cell)| (crate::rows::Column::from_heading(name), cell.to_owned())));
        }
        let written: Vec<_> = list
            .rows()
            .map(|row| letter.written(row, &MergeContext::default(), None))
            .map(|written| (written.language.clone(), written.subject.clone(), written.text.text()))
            .collect();
        let expected = [
            ("", "Welcome", "Hi Ada"),
            ("de", "Willkommen", "Hallo Ada"),
            ("pt-BR", "Welcome", "Oi Ada"),
            ("", "Welcome", "Hi Ada"),
            ("", "Welcome", "Hi Ada"),
            ("de", "Willkommen", "Servus Ada"),
        ];
        assert_eq!(written, expected.map(|(language, subject, text)| (language.to_owned(), subject.to_owned(), text.to_owned())));
    }

    #[test]
    fn one_copy_address_exactly() {
        let check = |text: &str| copy_problem(text, Channel::Microsoft);
        assert_eq!(check(" "), None);
        assert_eq!(check("boss@contoso.example"), None);
        assert!(check("a@contoso.example; b@contoso.example").unwrap().contains("one address only"));
        assert!(check("boss").is_some());
        assert_eq!(copy_problem("a@contoso.example; b@contoso.example", Channel::Mailbox), None);
        assert!(copy_problem("a@contoso.example, b", Channel::Mailbox).is_some());
    }

    fn row(cells: &[(&str, &str)]) -> List {
        let mut list = List::default();
        let cells: Vec<_> = cells.iter().map(|(heading, cell)| (Column::from_heading(heading), (*cell).to_owned())).collect();
        list.add(&cells);
        list
    }

    #[test]
    fn languages_that_rows_ask_for_and_no_text_has_are_counted() {
        let variant = |language: &str| Variant { language: language.into(), ..Variant::default() };
        let letter = Letter { language: "en-US".into(), variants: vec![variant("de"), variant("pt-BR")], ..Letter::default() };
        let mut list = List::default();
        for language in ["de-AT", "it", "it", "es-MX", "es-AR", "ES", "", "en-GB", "pt-BR", "pt-PT", "all of them"] {
            list.add(&[(Column::from_heading("language"), language.to_owned())]);
        }
        let check = |letter: &Letter, list: &List, expected: &[(&str, usize)]| {
            assert_eq!(unanswered(letter, list), expected.iter().map(|(tag, rows)| ((*tag).to_owned(), *rows)).collect::<Vec<_>>());
        };
        check(&letter, &list, &[("ES", 3), ("it", 2), ("pt-PT", 1)]);
        // One text alone is for everybody.
        check(&Letter::default(), &list, &[]);
        check(&letter, &row(&[("email", "ada@fabrikam.example")]), &[]);
    }

    #[test]
    fn a_letter_is_written_as_soon_as_one_language_has_words() {
        let variant = |message: &str| Variant { language: "de".into(), subject: "Hallo".into(), message: message.into() };
        let check = |message: &str, variants: Vec<Variant>, expected: bool| {
            let letter = Letter { subject: "Hi".into(), message: message.into(), variants, ..Letter::default() };
            assert_eq!(letter.is_unwritten(), expected, "{letter:?}");
        };
        check("", vec![], true);
        check(" \n", vec![variant(" ")], true);
        check("Welcome", vec![], false);
        check("", vec![variant("Willkommen")], false);
    }

    #[test]
    fn what_the_row_says_of_copy_and_landing_goes_before_the_letter() {
        let check = |letter: &str, row_says: &str, expected: Option<&str>| {
            let letter = Letter { copy_to: letter.into(), redirect_url: letter.into(), ..Letter::default() };
            let list = row(&[("cc", row_says), ("redirectUrl", row_says)]);
            assert_eq!(letter.copy_for(list.row(0)).as_deref(), expected);
            assert_eq!(letter.redirect_url_for(list.row(0)), expected.unwrap_or_default());
        };
        check("", "", None);
        check(" ", " ", None);
        check(" boss@contoso.example ", "", Some("boss@contoso.example"));
        check("boss@contoso.example", " desk@contoso.example ", Some("desk@contoso.example"));
        let letter = Letter { redirect_url: "HTTPS://MyApps.example".into(), ..Letter::default() };
        assert_eq!(letter.redirect_url_for(row(&[("email", "")]).row(0)), "https://myapps.example/");
    }
}
