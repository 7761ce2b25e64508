//! One letter, filled in for many guests: its texts are read once.

use super::template::{self, Filled, Template};
use super::values::{MergeContext, Values};
use super::{Channel, Letter, LetterText, RenderedLetter};
use crate::rows::{Address, List, Row, names};
use graph::invitations::{Invitation, MessageInfo, Recipient};
use std::ops::Range;

/// A letter that is ready to be filled in.
pub struct Renderer<'a> {
    letter: &'a Letter,
    merge_context: &'a MergeContext,
    /// Every text with its subject and its message.
    texts: Vec<(LetterText<'a>, Template<'a>, Template<'a>)>,
}

impl<'a> Renderer<'a> {
    pub fn new(letter: &'a Letter, merge_context: &'a MergeContext) -> Self {
        let texts = letter.texts().map(|text| (text, template::parse(text.subject), template::parse(text.message))).collect();
        Self { letter, merge_context, texts }
    }

    pub const fn letter(&self) -> &'a Letter {
        self.letter
    }

    /// The letter of one guest; `redeem` is the personal link, in letters of one's own.
    pub fn written(&self, row: Row<'_>, redeem: Option<&str>) -> RenderedLetter {
        let text = self.letter.text_of(row);
        RenderedLetter {
            language: text.language.into(),
            subject: self.fill(text.subject, text.language, row, redeem).text().trim().into(),
            text: self.fill(text.message, text.language, row, redeem),
        }
    }

    /// Characters of the guest's message.
    pub fn length(&self, row: Row<'_>, redeem: Option<&str>) -> usize {
        let text = self.letter.text_of(row);
        let filled = self.fill(text.message, text.language, row, redeem);
        filled.pieces.iter().map(|(_, piece)| piece.chars().count()).sum()
    }

    /// The invitation of one guest. Only in Microsoft's own mail does it carry the message.
    pub fn invitation(&self, row: Row<'_>, address: &Address, channel: Channel) -> Invitation {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let info = channel.is_microsoft().then(|| {
            let message = filled(&self.written(row, None).text.text());
            let language = filled(row.cell("language")).or_else(|| filled(&self.letter.language));
            let copy = self.letter.copy_for(row).map(|address| Recipient::to(&address));
            MessageInfo {
                // Ignored beside a custom text; left out so that nobody relies on it.
                message_language: language.filter(|_| message.is_none()),
                customized_message_body: message,
                cc_recipients: copy.into_iter().collect(),
            }
        });
        Invitation {
            invited_user_email_address: address.as_str().into(),
            invited_user_display_name: filled(&names::display_name(row)),
            // Never as it was typed. Graph refuses an empty one.
            invite_redirect_url: self.letter.redirect_for(row).map(|url| url.as_str().to_owned()).unwrap_or_default(),
            send_invitation_message: channel.is_microsoft(),
            invited_user_message_info: info.filter(|info| *info != MessageInfo::default()),
        }
    }

    fn fill(&self, source: &str, language: &str, row: Row<'_>, redeem: Option<&str>) -> Filled {
        let values = Values { letter: self.letter, row, merge_context: self.merge_context, language, redeem };
        let own = |text: &&str| std::ptr::eq(*text, source);
        let read = self.texts.iter().find_map(
            |(text, subject, message)| {
                if own(&text.message) { Some(message) } else { own(&text.subject).then_some(subject) }
            },
        );
        match read {
            Some(read) => read.fill(|name| values.get(name)),
            None => template::parse(source).fill(|name| values.get(name)),
        }
    }
}

/// Which letters of a list are the longest and the shortest, found some rows at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// Rows that were looked at.
    pub seen: usize,
    /// Place in the list and characters.
    pub longest: Option<(usize, usize)>,
    pub shortest: Option<(usize, usize)>,
}

impl Lengths {
    /// Looks at the next rows, up to `most` of them.
    pub fn measure(&mut self, list: &List, renderer: &Renderer<'_>, most: usize) {
        let range: Range<usize> = self.seen..list.len().min(self.seen + most);
        for place in range.clone() {
            let length = renderer.length(list.row(place), None);
            if self.longest.is_none_or(|(_, longest)| length > longest) {
                self.longest = Some((place, length));
            }
            if self.shortest.is_none_or(|(_, shortest)| length < shortest) {
                self.shortest = Some((place, length));
            }
        }
        self.seen = range.end.max(self.seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::Variant;
    use crate::rows::Column;

    #[test]
    fn what_is_pressed_is_what_is_written() {
        let mut list = List::default();
        for (name, language, message) in
            [("Ada", "", ""), ("Jo", "de", ""), ("Bartholomew", "", ""), ("Li", "fr", "{{firstName}}, bonjour")]
        {
            let cell = |heading: &str, text: &str| (Column::from_heading(heading), text.to_owned());
            list.add(&[cell("firstName", name), cell("language", language), cell("message", message)]);
        }
        let variant = Variant { language: "de".into(), subject: String::new(), message: "Hallo {{firstName}}, schön!".into() };
        let letter = Letter {
            subject: "For {{firstName}}".into(),
            message: "Hi {{firstName}}".into(),
            variants: vec![variant],
            ..Letter::default()
        };
        let merge_context = MergeContext::default();
        let renderer = Renderer::new(&letter, &merge_context);
        for row in list.rows() {
            assert_eq!(renderer.written(row, None), letter.written(row, &merge_context, None));
            assert_eq!(renderer.length(row, None), letter.text_for(row, &merge_context).chars().count());
        }
        assert_eq!(renderer.written(list.row(1), None).subject, "For Jo");
        let mut lengths = Lengths::default();
        while lengths.seen < list.len() {
            lengths.measure(&list, &renderer, 3);
        }
        assert_eq!((lengths.longest, lengths.shortest), (Some((1, 16)), Some((0, 6))));
    }

    #[test]
    fn of_letters_as_long_as_each_other_the_first_is_shown() {
        let mut list = List::default();
        for name in ["Ada", "Zoë", "Li", "Jo", "Bea"] {
            list.add(&[(Column::from_heading("firstName"), name.to_owned())]);
        }
        let letter = Letter { message: "Hi {{firstName}}".into(), ..Letter::default() };
        let merge_context = MergeContext::default();
        let renderer = Renderer::new(&letter, &merge_context);
        let mut lengths = Lengths::default();
        lengths.measure(&list, &renderer, 2);
        assert_eq!(lengths, Lengths { seen: 2, longest: Some((0, 6)), shortest: Some((0, 6)) });
        lengths.measure(&list, &renderer, 9);
        assert_eq!(lengths, Lengths { seen: 5, longest: Some((0, 6)), shortest: Some((2, 5)) });
        // What was looked at is not looked at again in a list that became shorter.
        lengths.measure(&List::default(), &renderer, 9);
        assert_eq!(lengths.seen, 5);
    }

    #[test]
    fn only_microsofts_mail_carries_message_language_and_copy() {
        let mut list = List::default();
        let cells = [("email", "ada@fabrikam.example"), ("firstName", "Ada"), ("language", "de")];
        list.add(&cells.map(|(heading, cell)| (Column::from_heading(heading), cell.to_owned())));
        let address = Address::parse("ada@fabrikam.example").unwrap();
        let letter = Letter {
            redirect_url: "https://myapps.microsoft.com".into(),
            copy_to: "boss@contoso.example".into(),
            language: "fr".into(),
            ..Letter::default()
        };
        let merge_context = MergeContext::default();
        let renderer = Renderer::new(&letter, &merge_context);
        let invitation = |channel: Channel| renderer.invitation(list.row(0), &address, channel);
        let sent = invitation(Channel::Microsoft);
        assert_eq!(
            (sent.invited_user_email_address.as_str(), sent.invited_user_display_name.as_deref()),
            ("ada@fabrikam.example", Some("Ada"))
        );
        assert_eq!((sent.invite_redirect_url.as_str(), sent.send_invitation_message), ("https://myapps.microsoft.com/", true));
        let info = sent.invited_user_message_info.unwrap();
        assert_eq!((info.message_language.as_deref(), info.customized_message_body, info.cc_recipients.len()), (Some("de"), None, 1));
        let silent = invitation(Channel::Mailbox);
        assert_eq!((silent.invited_user_message_info, silent.send_invitation_message), (None, false));
        // Nothing is said of a mail that is Microsoft's alone.
        let plain = Letter::default();
        let mut list = List::default();
        list.add(&[(Column::from_heading("email"), "ada@fabrikam.example".to_owned())]);
        let sent = Renderer::new(&plain, &merge_context).invitation(list.row(0), &address, Channel::Microsoft);
        assert_eq!((sent.invited_user_message_info, sent.invited_user_display_name, sent.invite_redirect_url.as_str()), (None, None, ""));
    }
}
