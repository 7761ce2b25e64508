//! A letter as a file that can be passed on. Whoever has one counts on it as on what lies in the browser.

use super::shapes::LetterFile;
use crate::letter::template_library::NamedTemplate;
use crate::rows::language::is_language;

const KIND: &str = "letter";
const VERSION: u32 = 1;
/// Longer ones are no letters, and would fill the browser's store.
const MOST: usize = 200_000;

/// A letter as a file.
pub fn write(named: &NamedTemplate) -> String {
    let file = LetterFile { guestlist: KIND.into(), version: VERSION, letter: named.clone() };
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
    let file: LetterFile = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|_| "This file holds no letter. A letter is a file that this page has written with “Download as a file”.".to_owned())?;
    match file {
        LetterFile { guestlist, .. } if guestlist != KIND => Err(format!("This file holds a {guestlist}, not a letter.")),
        LetterFile { version, .. } if version > VERSION => Err("This letter was written by a newer version of this page.".into()),
        LetterFile { letter, .. } if letter.name.trim().is_empty() => Err("This letter has no name.".into()),
        LetterFile { letter: named, .. } => {
            match named.texts.variants.iter().find(|variant| !is_language(&variant.language) || variant.language.is_empty()) {
                Some(variant) => Err(format!("“{}” is no language.", variant.language)),
                None => Ok(NamedTemplate { name: named.name.trim().chars().take(80).collect(), ..named }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::Variant;
    use crate::letter::template_library::LetterTexts;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let variant = Variant { language: "de".into(), subject: "Hallo".into(), message: "Grüß Gott {{fullName}}".into() };
        let texts = LetterTexts { message: "Hi".into(), variants: vec![variant], ..LetterTexts::default() };
        let named = NamedTemplate { name: "Partners".into(), texts };
        let text = write(&named);
        assert_eq!(read(&text).as_ref(), Ok(&named));
        assert_eq!(read(&format!("\u{feff}{text}")), Ok(named));
        let refused = |text: &str, expected: &str| assert!(read(text).unwrap_err().contains(expected), "{text}");
        refused("", "no letter");
        refused("{}", "no letter");
        refused(&text.replace(":\"letter\"", ":\"run\""), "a run");
        refused(&text.replace("\"version\":1", "\"version\":2"), "newer");
        refused(&text.replace("Partners", " "), "no name");
        refused(&text.replace("\"de\"", "\"Deutsch!\""), "no language");
        refused(&" ".repeat(MOST + 1), "too large");
    }
}
