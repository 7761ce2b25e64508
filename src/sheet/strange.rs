//! How strange the words of a text look: what gives away that bytes were read in an encoding that they are not in.

/// Which letters stand together in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CharacterClass {
    Latin,
    Greek,
    Cyrillic,
    /// Of a script that is not mixed with others within a word either.
    Other,
    /// Of a script that is written without blanks, so that Latin letters may follow.
    EastAsian,
    /// Quotes, dashes and the like, which stand beside letters in any text.
    Punctuation,
    /// `§`, `÷`, `¸`: nothing that stands within a word.
    Symbol,
    Blank,
    /// No text has these: control characters, private ones, and what could not be read.
    Broken,
}

const fn kind(sign: char) -> CharacterClass {
    match sign {
        '\0'..='\u{8}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => CharacterClass::Broken,
        '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => CharacterClass::Broken,
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{17f}' => CharacterClass::Latin,
        '\u{218}'..='\u{21b}' | '\u{1e00}'..='\u{1eff}' => CharacterClass::Latin,
        '\u{386}' | '\u{388}'..='\u{3ce}' => CharacterClass::Greek,
        '\u{401}'..='\u{45f}' | '\u{490}' | '\u{491}' => CharacterClass::Cyrillic,
        '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{652}' | '\u{e01}'..='\u{e4e}' => CharacterClass::Other,
        '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ffee}' => CharacterClass::EastAsian,
        ' ' | '\t' | '\r' | '\n' | '\u{a0}' => CharacterClass::Blank,
        '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '–' | '—' | '…' | '·' | '™' | '®' | '°' | '¿' | '¡' => {
            CharacterClass::Punctuation
        }
        sign if sign.is_ascii() => CharacterClass::Punctuation,
        _ => CharacterClass::Symbol,
    }
}

const fn is_letter(kind: CharacterClass) -> bool {
    matches!(
        kind,
        CharacterClass::Latin | CharacterClass::Greek | CharacterClass::Cyrillic | CharacterClass::Other | CharacterClass::EastAsian
    )
}

/// Points for every sign beyond ASCII that does not fit to its neighbours. Names and towns in the encoding that they were
/// written in have next to none, whatever their language; in another one about one for each sign.
pub fn strangeness(text: &str) -> usize {
    let mut signs = text.chars().peekable();
    let (mut before, mut points) = ('\n', 0);
    while let Some(sign) = signs.next() {
        let after = signs.peek().copied().unwrap_or('\n');
        if !sign.is_ascii() {
            points += points_for(before, sign, after);
        }
        before = sign;
    }
    points
}

fn points_for(before: char, sign: char, after: char) -> usize {
    let around = [kind(before), kind(after)];
    let within = around.into_iter().filter(|kind| is_letter(*kind)).count();
    match kind(sign) {
        CharacterClass::Broken => 3,
        CharacterClass::Blank => 0,
        // An apostrophe (O’Brien) or a middle dot (Gal·la) stands between letters, and a dash between names.
        CharacterClass::Punctuation if within == 2 && !matches!(sign, '’' | '·') && !after.is_uppercase() => 2,
        CharacterClass::Punctuation => 0,
        CharacterClass::Symbol => within,
        CharacterClass::EastAsian if around == [CharacterClass::Latin; 2] => 4,
        CharacterClass::EastAsian => 0,
        own => {
            let mixed = around.into_iter().filter(|kind| is_letter(*kind) && *kind != own).count();
            // `MŸller`, `RenŽ`: a capital within a word, where small letters stand beside it.
            let is_inner = is_letter(around[0]) && sign.is_uppercase() && (before.is_lowercase() || after.is_lowercase());
            2 * mixed + if is_inner { 2 } else { 0 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_strange_and_what_was_misread_is() {
        let plain = [
            "Jürgen Müller, Bäckerei Köhler, JÜRGEN MÜLLER",
            "O’Brien, “Café Étoile”, Müller–Schmidt, Acme™",
            "Łukasz Wiśniewski, Łódź; Şükrü Çağlar, İstanbul; Győr",
            "Иван Петров, Київ; Γιώργος Παπαδόπουλος, Άρτα",
            "יוסף כהן; محمد حسن; สมชาย",
            "山田 太郎, ABC商事, 株式会社ABC; 김철수; 王伟",
            "Ionuț Mureșan, Brașov; Nguyễn Văn Đức",
        ];
        plain.iter().for_each(|text| assert_eq!(strangeness(text), 0, "{text}"));
        for text in
            ["MŸller", "RenŽ", "BŠcker", "‚ber ‰ J¸rgen", "M殀ler", "Mьller", "J�rgen", "ЊариЯ", "€ванов", "Gar\u{8d}on", "Fran�ois"]
        {
            assert!(strangeness(text) > 0, "{text}");
        }
    }

    #[test]
    fn each_sign_has_its_points() {
        let check = |text: &str, expected: usize| assert_eq!(strangeness(text), expected, "{text:?}");
        check("a\u{fffd}b", 3);
        check("\u{81}", 3);
        check("a\u{a0}b", 0);
        check("a–b", 2);
        check("a–B", 0);
        check("a–", 0);
        check("a’b", 0);
        check("a·b", 0);
        check("a§b", 2);
        check("a§ ", 1);
        check("§", 0);
        check("a日b", 4);
        check("a日", 0);
        check("日a", 0);
        check("aьb", 4);
        check("aь", 2);
        check("ьa", 2);
        check("ьь", 0);
        check("aÄb", 2);
        check("aÄ", 2);
        check("AÄb", 2);
        check("AÄB", 0);
        check("aÄB", 2);
        check(" Äb", 0);
        check("Ä", 0);
        check("αьא", 8);
        check("Ä日", 2);
    }
}
