//! Letters that are kept under a name.

use super::{Letter, Variant};

/// What is kept of a letter: its words, and not whom it goes to or how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterTexts {
    pub subject: String,
    pub message: String,
    pub language: String,
    pub variants: Vec<Variant>,
}

/// A letter under its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedTemplate {
    pub name: String,
    pub texts: LetterTexts,
}

/// Which letter a new draft begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preselected {
    /// Name of the one that was made the default.
    pub default: Option<String>,
    /// What was sent last.
    pub last: Option<LetterTexts>,
}

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
    fn only_the_words_are_kept() {
        let mut letter = Letter { redirect_url: "https://x.example".into(), copy_to: "a@b.example".into(), ..Letter::default() };
        named("x").texts.put_into(&mut letter);
        assert_eq!((letter.redirect_url.as_str(), letter.message.as_str(), letter.variants.len()), ("https://x.example", "Hi", 1));
        assert_eq!(LetterTexts::from_letter(&letter), named("x").texts);
        assert!(LetterTexts::default().is_empty() && !named("x").texts.is_empty());
        let without_message = LetterTexts { message: " ".into(), ..named("x").texts };
        assert!(!without_message.is_empty() && !LetterTexts { variants: Vec::new(), ..named("x").texts }.is_empty());
        assert!(LetterTexts { variants: vec![Variant::default()], ..without_message }.is_empty());
    }

    #[test]
    fn names_do_not_meet() {
        assert_eq!(free_name("A", &[]), "A");
        assert_eq!(free_name("A", &[named("a"), named("A 2")]), "A 3");
    }
}
