//! The letter that comes with this page, in nine languages. It says the same by Microsoft's mail, where the button is, and in
//! letters of one's own, where the link is. Each stands in a file of its own: a subject, a blank line, the message.

use super::shelf::Texts;
use super::{Text, Variant};

/// What the shelf calls it.
pub const NAME: &str = "Welcome, in nine languages";

/// BCP 47 tag and file; the first is for everybody else.
const FILES: [(&str, &str); 9] = [
    ("en", include_str!("shipped/en.txt")),
    ("de", include_str!("shipped/de.txt")),
    ("es", include_str!("shipped/es.txt")),
    ("fr", include_str!("shipped/fr.txt")),
    ("it", include_str!("shipped/it.txt")),
    ("ja", include_str!("shipped/ja.txt")),
    ("nl", include_str!("shipped/nl.txt")),
    ("pl", include_str!("shipped/pl.txt")),
    ("pt", include_str!("shipped/pt.txt")),
];

/// Each language's text.
pub fn each() -> impl Iterator<Item = Text<'static>> {
    FILES.iter().map(|(language, file)| {
        let (subject, message) = file.split_once("\n\n").unwrap_or(("", file));
        Text { subject, message: message.trim_end(), language }
    })
}

pub fn welcome() -> Texts {
    let variant = |text: Text<'_>| Variant { language: text.language.into(), subject: text.subject.into(), message: text.message.into() };
    let mut all: Vec<Variant> = each().map(variant).collect();
    let first = all.remove(0);
    Texts { subject: first.subject, message: first.message, language: "en-US".into(), variants: all }
}
