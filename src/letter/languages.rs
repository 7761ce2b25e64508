//! Languages of Microsoft's own text. Graph publishes no list; these are the display languages of the Entra portal.
//! entra-docs, "Manage portal settings and preferences".

use crate::rows::language::is_language;

/// BCP 47 tag and the language's own name.
pub const PORTAL: [(&str, &str); 19] = [
    ("en-US", "English"),
    ("de-DE", "Deutsch"),
    ("es-ES", "Español"),
    ("fr-FR", "Français"),
    ("it-IT", "Italiano"),
    ("ja-JP", "日本語"),
    ("id-ID", "Bahasa Indonesia"),
    ("ko-KR", "한국어"),
    ("pt-BR", "Português (Brasil)"),
    ("ru-RU", "Русский"),
    ("zh-Hans", "中文(简体)"),
    ("zh-Hant", "中文(繁體)"),
    ("cs-CZ", "Čeština"),
    ("nl-NL", "Nederlands"),
    ("hu-HU", "Magyar"),
    ("pt-PT", "Português (Portugal)"),
    ("pl-PL", "Polski"),
    ("sv-SE", "Svenska"),
    ("tr-TR", "Türkçe"),
];

/// The language without its region, where one text serves all of its regions.
pub fn general(tag: &str) -> &str {
    let primary = tag.split('-').next().unwrap_or_default();
    if ["pt", "zh"].iter().any(|split| split.eq_ignore_ascii_case(primary)) { tag } else { primary }
}

/// What the language calls itself; the tag itself when that is not known here.
pub fn name(tag: &str) -> String {
    let exact = PORTAL.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag));
    let found = exact.or_else(|| PORTAL.iter().find(|(known, _)| general(known).eq_ignore_ascii_case(general(tag))));
    // `pt` means any of its regions.
    let any = || PORTAL.iter().find(|(known, _)| known.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(tag)));
    let name = found.map(|(_, name)| *name).or_else(|| any().and_then(|(_, name)| name.split(['(', ' ']).next()));
    name.unwrap_or(tag).to_owned()
}

/// Languages in which a text can be added: first those that rows ask for, then the portal's, each once and without its region. Those that
/// have a text already are left out.
pub fn offered<'a>(of_rows: impl IntoIterator<Item = &'a str>, there: &[String]) -> Vec<String> {
    let of_rows = of_rows.into_iter().map(str::trim).filter(|tag| !tag.is_empty() && is_language(tag));
    let mut offered: Vec<String> = Vec::new();
    for tag in of_rows.chain(PORTAL.iter().map(|(tag, _)| *tag)).map(general) {
        if !there.iter().chain(&offered).any(|known| known.eq_ignore_ascii_case(tag)) {
            offered.push(tag.to_owned());
        }
    }
    offered
}

/// What the button of a letter of one's own says, in the letter's language; in English where that is not known here.
pub fn accept(tag: &str) -> &'static str {
    const WORDS: [(&str, &str); 9] = [
        ("en", "Accept the invitation"),
        ("de", "Einladung annehmen"),
        ("es", "Aceptar la invitación"),
        ("fr", "Accepter l’invitation"),
        ("it", "Accetta l’invito"),
        ("nl", "Uitnodiging accepteren"),
        ("pl", "Przyjmij zaproszenie"),
        ("pt", "Aceitar o convite"),
        ("ja", "招待を承諾する"),
    ];
    let primary = tag.split('-').next().unwrap_or_default();
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(primary)).map_or(WORDS[0].1, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_the_rows_are_offered_first_and_each_once() {
        let offered = offered(["DE-at", " fr ", "no language", "", "de", "ja-JP", "is"], &["fr".to_owned()]);
        assert_eq!(offered[..4], ["DE", "ja", "is", "en"]);
        assert_eq!(offered.iter().filter(|tag| tag.eq_ignore_ascii_case("de")).count(), 1);
        assert!(!offered.contains(&"fr".to_owned()) && offered.contains(&"pt-BR".to_owned()) && offered.contains(&"pt-PT".to_owned()));
    }

    #[test]
    fn languages_are_called_what_they_call_themselves() {
        for (tag, expected) in [
            ("de", "Deutsch"),
            ("DE-at", "Deutsch"),
            ("pt-PT", "Português (Portugal)"),
            ("pt", "Português"),
            ("zh", "中文"),
            ("pt-AO", "pt-AO"),
            ("tlh", "tlh"),
        ] {
            assert_eq!(name(tag), expected);
        }
        assert_eq!(
            [accept("pt-BR"), accept("ja"), accept("tlh"), accept("")],
            ["Aceitar o convite", "招待を承諾する", accept("en"), accept("en")]
        );
        assert_eq!([general("fr-CA"), general("zh-Hant"), general("")], ["fr", "zh-Hant", ""]);
    }
}
