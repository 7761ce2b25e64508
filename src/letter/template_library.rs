//! Letters that are kept under a name: in this browser, and as files that can be passed on.

use super::{Letter, Variant};
use crate::rows::language::is_language;
use serde::{Deserialize, Serialize};

/// What is kept of a letter: its words, and not whom it goes to or how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterTexts {
    #[serde(default)]
    pub subject: String,
    pub message: String,
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub variants: Vec<Variant>,
}

/// A letter under its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedTemplate {
    pub name: String,
    pub texts: LetterTexts,
}

/// Which letter a new draft begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preselected {
    /// Name of the one that was made the default.
    pub default: Option<String>,
    /// What was sent last.
    pub last: Option<LetterTexts>,
}

/// What a file of a letter begins with.
#[derive(Serialize, Deserialize)]
struct TemplateFile {
    guestlist: String,
    version: u32,
    letter: NamedTemplate,
}

const KIND: &str = "letter";
const VERSION: u32 = 1;
/// Longer ones are no letters, and would fill the browser's store.
const MOST: usize = 200_000;

impl LetterTexts {
    pub fn from_letter(letter: &Letter) -> Self {
        Self {
            subject: letter.subject.clone(),
            message: letter.message.clone(),
            language: letter.language.clone(),
            variants: letter.variants.clone(),
        }
    }

    /// Puts these words into a letter; everything else of it stays but what was meant as it stands in the words before.
    pub fn put_into(self, letter: &mut Letter) {
        let Self { subject, message, language, variants } = self;
        (letter.subject, letter.message, letter.language, letter.variants) = (subject, message, language, variants);
        letter.as_typed.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.message.trim().is_empty() && self.variants.iter().all(|variant| variant.message.trim().is_empty())
    }
}

/// A letter as a file.
pub fn write(named: &NamedTemplate) -> String {
    let file = TemplateFile { guestlist: KIND.into(), version: VERSION, letter: named.clone() };
    serde_json::to_string(&file).expect("names and texts are strings")
}

/// A letter of a file.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn read(text: &str) -> Result<NamedTemplate, String> {
    if text.len() > MOST {
        return Err("This file is too large to be a letter.".into());
    }
    let file: TemplateFile = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|_| "This file holds no letter. A letter is a file that this page has written with “Download as a file”.".to_owned())?;
    match file {
        TemplateFile { guestlist, .. } if guestlist != KIND => Err(format!("This file holds a {guestlist}, not a letter.")),
        TemplateFile { version, .. } if version > VERSION => Err("This letter was written by a newer version of this page.".into()),
        TemplateFile { letter, .. } if letter.name.trim().is_empty() => Err("This letter has no name.".into()),
        TemplateFile { letter: named, .. } => {
            match named.texts.variants.iter().find(|variant| !is_language(&variant.language) || variant.language.is_empty()) {
                Some(variant) => Err(format!("“{}” is no language.", variant.language)),
                None => Ok(NamedTemplate { name: named.name.trim().chars().take(80).collect(), ..named }),
            }
        }
    }
}

/// A name that no letter of these has: `Partners`, `Partners 2`, `Partners 3`.
pub fn free_name(wanted: &str, there: &[NamedTemplate]) -> String {
    let taken = |name: &str| there.iter().any(|letter| letter.name.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{wanted} {number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> NamedTemplate {
        let variant = Variant { language: "de".into(), subject: "Hallo".into(), message: "Grüß Gott {{fullName}}".into() };
        NamedTemplate { name: name.into(), texts: LetterTexts { message: "Hi".into(), variants: vec![variant], ..LetterTexts::default() } }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let text = write(&named("Partners"));
        assert_eq!(read(&text), Ok(named("Partners")));
        assert_eq!(read(&format!("\u{feff}{text}")), Ok(named("Partners")));
        let refused = |text: &str, expected: &str| assert!(read(text).unwrap_err().contains(expected), "{text}");
        refused("", "no letter");
        refused("{}", "no letter");
        refused(&text.replace(":\"letter\"", ":\"run\""), "a run");
        refused(&text.replace("\"version\":1", "\"version\":2"), "newer");
        refused(&text.replace("Partners", " "), "no name");
        refused(&text.replace("\"de\"", "\"Deutsch!\""), "no language");
        refused(&" ".repeat(MOST + 1), "too large");
    }

    #[test]
    fn only_the_words_are_kept() {
        let mut letter = Letter { redirect_url: "https://x.example".into(), copy_to: "a@b.example".into(), ..Letter::default() };
        named("x").texts.put_into(&mut letter);
        assert_eq!((letter.redirect_url.as_str(), letter.message.as_str(), letter.variants.len()), ("https://x.example", "Hi", 1));
        assert_eq!(LetterTexts::from_letter(&letter), named("x").texts);
        assert!(LetterTexts::default().is_empty() && !named("x").texts.is_empty());
    }

    #[test]
    fn names_do_not_meet() {
        assert_eq!(free_name("A", &[]), "A");
        assert_eq!(free_name("A", &[named("a"), named("A 2")]), "A 3");
    }
}
