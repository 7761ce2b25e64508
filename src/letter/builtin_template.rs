//! The letter that comes with this page, in nine languages. It says the same by Microsoft's mail, where the button is, and in
//! letters of one's own, where the link is. Each stands in a file of its own: a subject, a blank line, the message.

use super::template_library::LetterTexts;
use super::{Channel, Letter, LetterText, Variant};

/// Its name in the template library.
pub const NAME: &str = "Welcome, in nine languages";

/// BCP 47 tag and file; the first is for everybody else.
const FILES: [(&str, &str); 9] = [
    ("en", include_str!("builtin_template/en.txt")),
    ("de", include_str!("builtin_template/de.txt")),
    ("es", include_str!("builtin_template/es.txt")),
    ("fr", include_str!("builtin_template/fr.txt")),
    ("it", include_str!("builtin_template/it.txt")),
    ("ja", include_str!("builtin_template/ja.txt")),
    ("nl", include_str!("builtin_template/nl.txt")),
    ("pl", include_str!("builtin_template/pl.txt")),
    ("pt", include_str!("builtin_template/pt.txt")),
];

/// Each language's text.
pub fn each() -> impl Iterator<Item = LetterText<'static>> {
    FILES.iter().map(|(language, file)| {
        let (subject, message) = file.split_once("\n\n").unwrap_or(("", file));
        LetterText { subject, message: message.trim_end(), language }
    })
}

/// Chooses who brings the letter. One of one's own needs words and the link: where there are no words yet, these are taken. Answers with
/// what stood there before, so that it can be had back.
pub fn send_by(letter: &mut Letter, channel: Channel) -> Option<LetterTexts> {
    letter.channel = channel;
    let before = LetterTexts::from_letter(letter);
    let needs = !channel.is_microsoft() && before.is_empty();
    needs.then(|| {
        welcome().put_into(letter);
        before
    })
}

pub fn welcome() -> LetterTexts {
    let variant =
        |text: LetterText<'_>| Variant { language: text.language.into(), subject: text.subject.into(), message: text.message.into() };
    let mut all: Vec<Variant> = each().map(variant).collect();
    let first = all.remove(0);
    LetterTexts { subject: first.subject, message: first.message, language: "en-US".into(), variants: all }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::template;

    #[test]
    fn a_way_that_needs_a_letter_takes_the_built_in_one_where_there_is_none() {
        for channel in Channel::ALL {
            let mut letter =
                Letter { subject: "Hi".into(), language: "fr".into(), redirect_url: "https://x.example".into(), ..Letter::default() };
            let was = letter.clone();
            let before = send_by(&mut letter, channel);
            assert_eq!(before.is_some(), !channel.is_microsoft(), "{channel:?}");
            let has_link = letter.texts().all(|text| template::parse(text.message).names("redeemUrl") && !text.subject.is_empty());
            assert_eq!(has_link, before.is_some(), "{channel:?}");
            assert_eq!((letter.channel, letter.redirect_url.as_str()), (channel, "https://x.example"));
            if let Some(before) = before {
                before.put_into(&mut letter);
            }
            assert_eq!(letter, Letter { channel, ..was });
        }
        // Whoever has written something keeps it.
        let mut letter = Letter { message: "Hi".into(), ..Letter::default() };
        assert_eq!(send_by(&mut letter, Channel::Files), None);
        assert_eq!(letter.message, "Hi");
        let variant = Variant { language: "de".into(), message: "Hallo".into(), ..Variant::default() };
        let mut letter = Letter { variants: vec![variant], ..Letter::default() };
        assert_eq!(send_by(&mut letter, Channel::Teams), None);
    }
}
