//! What stands around a mail address when it was copied from somewhere: prefixes, quotes, brackets, bullets, a second address,
//! full-width signs, invisible marks; and what is no mail address but Exchange's own name of a mailbox.

use super::spelling::is_same_address;
use std::ops::Range;

/// Zero-width and directional marks that survive copying from mails and sheets.
pub const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}')
}

/// A cell without invisible marks around what stands in it, and without anything if it shows nothing but blanks, fillers and such marks.
/// Marks between letters join them, or keep them apart, and stay; so does a joiner behind the last one, as Malayalam and Sinhala need it.
pub fn without_marks(cell: &str) -> &str {
    &cell[bounds_without_marks(cell)]
}

/// Whether a sign shows nothing. Hangul's fillers and the empty pattern of Braille are letters and a sign by their classes.
const fn is_mark(sign: char) -> bool {
    is_invisible(sign) || matches!(sign, '\u{3164}' | '\u{ffa0}' | '\u{2800}')
}

/// Whether such marks stand anywhere in a text. Most texts have none, so that their cells need not be looked at one by one.
pub(super) fn holds_marks(text: &str) -> bool {
    // Each begins with one of few bytes. Bytes that begin a sign beyond ASCII have their two highest bits set, which is looked for eight at
    // a time: most texts have hardly any.
    const HIGHEST: u64 = 0x8080_8080_8080_8080;
    let begins_mark = |place: usize| {
        matches!(text.as_bytes()[place], 0xc2 | 0xcd | 0xd8 | 0xe1..=0xe3 | 0xef) && text[place..].chars().next().is_some_and(is_mark)
    };
    let (eights, rest) = text.as_bytes().as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        let mut begins = eight & eight << 1 & HIGHEST;
        while begins != 0 {
            if begins_mark(number * 8 + begins.trailing_zeros() as usize / 8) {
                return true;
            }
            begins &= begins - 1;
        }
    }
    (text.len() - rest.len()..text.len()).any(begins_mark)
}

/// Where that lies in the cell, in bytes.
pub(super) fn bounds_without_marks(cell: &str) -> Range<usize> {
    // Hardly any cell has marks.
    let edges = [cell.as_bytes().first(), cell.as_bytes().last()];
    if edges.iter().all(|edge| edge.is_none_or(u8::is_ascii_graphic)) {
        return 0..cell.len();
    }
    let is_around = |sign: char| sign.is_whitespace() || is_mark(sign);
    let behind = cell.trim_start_matches(is_around);
    let inner = behind.trim_end_matches(|sign| is_around(sign) && !matches!(sign, '\u{200c}' | '\u{200d}'));
    // Blanks that were typed stay.
    let begin = cell.len() - if cell[..cell.len() - behind.len()].contains(is_mark) { behind.len() } else { cell.len() };
    let end = if behind[inner.len()..].contains(is_mark) { cell.len() - behind.len() + inner.len() } else { cell.len() };
    begin..end
}

/// The ASCII sign that a full-width form, a small form or an ideographic stop stands for; every other character itself.
/// Unicode, block "Halfwidth and Fullwidth Forms"; UTS #46 counts the ideographic stops as dots.
pub(super) fn narrowed(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3000}' => ' ',
        '\u{3002}' | '\u{ff61}' => '.',
        '\u{fe6b}' => '@',
        other => other,
    }
}

/// By which sentences end or words are joined in Greek, Armenian, Hebrew, Arabic, Indic, Canadian, Mongolian and Japanese.
#[rustfmt::skip]
const PUNCTUATION: &str = "\u{37e}\u{387}\u{55a}\u{55b}\u{55c}\u{55d}\u{55e}\u{55f}\u{589}\u{58a}\u{5be}\u{5c0}\u{5c3}\u{60c}\u{60d}\u{61b}\u{61e}\u{61f}\u{66a}\u{66b}\u{66c}\u{66d}\u{6d4}\u{964}\u{965}\u{1400}\u{1801}\u{1802}\u{1803}\u{1806}\u{30a0}";

/// Whether this is a sign beyond ASCII that belongs in no address: a quote, a dash, an ellipsis, a bullet, a picture, what was not
/// read. Letters, marks and digits of any script may stand in one, and so may what Catalan,
/// Hebrew and Japanese write within a word. Unicode has most of these signs in blocks of their own. IDNA disallows all of them in
/// domains (RFC 5892, 2 and 3); UTS #46 makes letters of some: `™` becomes `tm`.
pub(super) fn is_sign(character: char) -> bool {
    match character {
        '\u{b7}' => false,
        mark if is_invisible(mark) => false,
        // Latin-1, letters that modify others, punctuation to arrows, radicals, ideographic and vertical signs, half and full forms.
        '\u{80}'..='\u{bf}' | '\u{d7}' | '\u{f7}' | '\u{2b0}'..='\u{2ff}' | '\u{2000}'..='\u{245f}' | '\u{2500}'..='\u{2bff}' => {
            !character.is_alphabetic()
        }
        '\u{2e00}'..='\u{3029}' | '\u{3030}'..='\u{303f}' | '\u{3200}'..='\u{33ff}' | '\u{ff00}'..='\u{ffff}' => !character.is_alphabetic(),
        '\u{2460}'..='\u{24ff}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}' => true,
        '\u{1f000}'..='\u{1fbff}' | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'.. => true,
        other => PUNCTUATION.contains(other),
    }
}

/// The text in ASCII signs where it has full-width ones, without invisible marks, and without signs beside an @.
pub(super) fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|character| !is_invisible(*character)).map(narrowed).collect();
    if text.is_ascii() {
        return text;
    }
    let halves: Vec<&str> = text.split('@').collect();
    let last = halves.len() - 1;
    let half = |(place, half): (usize, &&str)| {
        let half = if place > 0 { half.trim_start_matches(is_around) } else { half };
        if place < last { half.trim_end_matches(is_around) } else { half }.to_owned()
    };
    halves.iter().enumerate().map(half).collect::<Vec<_>>().join("@")
}

/// The text with a hyphen in place of each dash within a word, as word processors write it; nothing where there is none.
/// Unicode, property `Dash`.
pub(super) fn hyphenated(text: &str) -> Option<String> {
    let is_dash = |sign: char| matches!(sign, '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}');
    let mut found = String::with_capacity(text.len());
    for (place, sign) in text.char_indices() {
        let (before, behind) = (text[..place].chars().next_back(), text[place..].chars().nth(1));
        let is_within = [before, behind].into_iter().all(|beside| beside.is_some_and(char::is_alphanumeric));
        found.push(if is_dash(sign) && is_within { '-' } else { sign });
    }
    (found != text).then_some(found)
}

/// Whether this is a sign that can be taken away from an end of an address. Of what was not read nobody knows whether it was a letter.
fn is_around(character: char) -> bool {
    is_sign(character) && character != char::REPLACEMENT_CHARACTER || character == '·'
}

/// Whether this is a name by which Exchange knows a mailbox: a distinguished name (`legacyExchangeDN`), alone, as an X500 or
/// X400 proxy address, or wrapped in an SMTP address (`IMCEAEX-…`).
/// <https://learn.microsoft.com/troubleshoot/exchange/email-delivery/imceaex-ndr>
pub(super) fn is_exchange_name(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['<', '\'', '"', '[']);
    let text = ["smtp:", "mailto:"].iter().fold(text, |text, prefix| without_prefix(text, prefix));
    ["/o=", "/c=", "x500:", "x400:", "ex:/", "imceaex-", "imceax500-"].iter().any(|start| without_prefix(text, start).len() < text.len())
        || text.contains("/cn=Recipients/") && !text.contains('@')
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> &'a str {
    let is_there = text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if is_there { text[prefix.len()..].trim_start() } else { text }
}

/// Signs that end an address: Microsoft allows none of them in one. Behind a `?` stands the subject of a link.
fn ends_address(character: char) -> bool {
    character.is_whitespace() || "?<>()[]{}\"|;:,/\\、“”„«»‹›〈〉《》".contains(character)
}

/// The addresses that stand in a text, each once, in the order of the text; of Exchange's proxy addresses the primary one
/// first, which is marked by `SMTP:` in capitals.
/// <https://learn.microsoft.com/exchange/recipients/user-mailboxes/email-addresses>
pub(super) fn addresses(text: &str) -> Vec<String> {
    let text = plain(text);
    let mut found: Vec<String> = Vec::new();
    for span in spans(&text) {
        let word = &text[span.clone()];
        if !found.iter().any(|known| is_same_address(known, word)) {
            let is_primary = text[..span.start].ends_with("SMTP:") && !text.starts_with("SMTP:");
            found.insert(if is_primary { 0 } else { found.len() }, word.to_owned());
        }
    }
    found
}

/// Where addresses stand in a plain text.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for (end, sign) in text.char_indices().chain([(text.len(), ' ')]) {
        if !ends_address(sign) {
            continue;
        }
        let is_beside = |sign: char| matches!(sign, '\'' | '.' | '`' | '!' | '?') || is_around(sign);
        let word = text[start..end].trim_start_matches(is_beside);
        let from = end - word.len();
        let word = word.trim_end_matches(is_beside);
        if is_like_one(word) && !is_exchange_name(word) {
            found.push(from..from + word.len());
        }
        start = end + sign.len_utf8();
    }
    found
}

/// Something, an @, and something with a dot.
fn is_like_one(word: &str) -> bool {
    word.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.trim_matches('.').contains('.'))
}

/// The one address that a text holds, without what stands around it and without blanks inside; nothing where there is none,
/// or more than one, or where nobody knows whether a blank parts it.
pub(super) fn bare(text: &str) -> Option<String> {
    let text = plain(text);
    let text = text.trim();
    if is_exchange_name(text) && addresses(text).is_empty() {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = addresses(text);
    let seam = match words.as_slice() {
        [before, behind] if !text.contains(ends_bracket) && before.starts_with(|letter: char| letter.is_ascii_lowercase()) => {
            Seam::between(before, behind)
        }
        _ => Seam::Words,
    };
    if found.len() > 1 || !found.is_empty() && seam == Seam::Unknown {
        return None;
    }
    if found.is_empty() || seam == Seam::Torn {
        let joined = addresses(&words.concat());
        if joined.len() == 1 {
            found = joined;
        }
    }
    found.pop()
}

/// The bullets of Word's and PowerPoint's libraries that are letters once they are copied out of their fonts, Courier New and Wingdings.
pub(super) const BULLETS: [char; 5] = ['o', 'v', 'q', 'ü', 'Ø'];

/// What a blank is between two words, one of which is an address by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seam {
    /// It stands within the address: `e f@x.example`.
    Torn,
    /// It stands between the address and a name, a title, a bullet: `mr dan@x.example`.
    Words,
    /// Nobody knows: `jane. doe@x.example`, `ada@x.co. uk`.
    Unknown,
}

impl Seam {
    fn between(before: &str, behind: &str) -> Self {
        const JOINS: [char; 5] = ['.', '-', '_', '\'', '+'];
        let is_letter = |text: &str| text.len() == 1 && text.starts_with(|letter: char| letter.is_ascii_alphabetic());
        // An initial stands in front of an address that begins with it.
        let is_word = before.starts_with(BULLETS) || behind.starts_with(before);
        match behind.contains('@') {
            _ if before.ends_with(JOINS) || behind.starts_with(JOINS) => Self::Unknown,
            true if is_letter(before) && !is_word => Self::Torn,
            // No ending of a domain is one letter.
            false if is_letter(behind) || before.rsplit('.').next().is_some_and(is_letter) => Self::Torn,
            _ => Self::Words,
        }
    }
}

fn ends_bracket(character: char) -> bool {
    ends_address(character) && !character.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_address_is_found_in_what_stands_around_it() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(bare(text).as_deref(), expected, "{text:?}");
        for text in [
            "SMTP:ada@a.example",
            "smtp:ada@a.example",
            "MAILTO: ada@a.example",
            "mailto:ada@a.example?subject=Hi",
            "mailto:ada@a.example?subject=Hello%20there&body=x",
            "'ada@a.example'",
            "<'ada@a.example'>",
            "<<ada@a.example>>",
            "ada@a.example<mailto:ada@a.example>",
            "Ada [mailto:ada@a.example]",
            "ada@a.example (work)",
            "Ada Lovelace ada@a.example",
            "“ada@a.example”",
            "‘ada@a.example’",
            "„ada@a.example“",
            "«ada@a.example»",
            "‹ada@a.example›",
            "ada@a.example”",
            "ada@a.example –",
            "ada@a.example…",
            "•ada@a.example",
            "· ada@a.example",
            "★ada★@a.example",
            "“ada”@a.example",
            "✉️ ada@a.example™",
            "\u{f0b7}ada@a.example²",
            "\u{93}ada@a.example\u{94}",
            "ada@a.example.",
            "ada@a.example,",
            "ada@a.example;",
            "a\u{200b}da@a\u{ad}.example",
            "ａｄａ＠ａ．ｅｘａｍｐｌｅ",
            "ada@a。example",
            "ada @ a.example",
            "a da@a.example",
            "Ada ada@a.example",
            "ada ada@a.example;",
            "ada ada@a.example",
            "a ada@a.example",
            "mr ada@a.example",
            "von ada@a.example",
            "mail: ada@a.example",
            "o ada@a.example",
            "v\tada@a.example",
            "ü ada@a.example",
            "ada@a.example ada",
            "ada@a.example work",
            "ada@a.exampl e",
            "ada@a.e xample",
            "SMTP:ada@a.example;X500:/o=Fabrikam/ou=x/cn=Recipients/cn=ada",
            "X500:/o=Fabrikam/ou=x/cn=Recipients/cn=ada;SMTP:ada@a.example",
        ] {
            check(text, Some("ada@a.example"));
        }
        check("ada@a.example ::: ada@b.example", None);
        check("x500:/o=Fabrikam/ou=First/cn=Recipients/cn=ada", None);
        check("IMCEAEX-_o=Fabrikam_ou=First_cn=Recipients_cn=ada@fabrikam.example", None);
        check("nobody", None);
        check("", None);
        // What nobody knows is not put together, nor is a half taken for the whole.
        for text in ["mr. ada@a.example", "jane. ada@a.example", "jane .ada@a.example", "ada@a.co. uk", "ada@a.co .uk"] {
            check(text, None);
        }
    }

    #[test]
    fn a_text_holds_marks_wherever_one_stands_in_it() {
        for mark in (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|sign| is_mark(*sign)) {
            for before in 0..9 {
                let text = format!("{}{mark}{}", "a".repeat(before), "é".repeat(before));
                assert!(holds_marks(&text), "{text:?}");
            }
        }
        for text in ["", "Ada", "Zoé Müller, Łódź, 王小明, Ωμέγα, علی, „Ada“ – 100 €, \u{a0}ＡＢ, 👩💻, \u{2010}\u{3000}"]
        {
            assert!(!holds_marks(text), "{text:?}");
        }
    }

    #[test]
    fn marks_around_a_cell_go_and_those_within_stay() {
        let check = |cell: &str, expected: &str| assert_eq!(without_marks(cell), expected, "{cell:?}");
        for mark in
            "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{2060}\u{2066}\u{206e}\u{feff}\u{ad}\u{61c}\u{180e}\u{3164}\u{2800}".chars()
        {
            for cell in [format!("{mark}"), format!(" {mark}\u{a0}"), format!("{mark} {mark}{mark}")] {
                check(&cell, "");
            }
            check(&format!("{mark}Ada"), "Ada");
            check(&format!(" {mark} Ada L"), "Ada L");
        }
        for mark in "\u{200b}\u{200e}\u{202c}\u{2069}\u{feff}".chars() {
            check(&format!("Ada{mark}"), "Ada");
            check(&format!("\u{2068}Zoé {mark} "), "Zoé");
        }
        for cell in
            ["", " ", " Ada ", "Ada\u{200b}Lovelace", "علی\u{200c}رضا", "രമേശ\u{d4d}\u{200d}", "Zoé ", "\u{a0}Zoé", "👩\u{200d}💻", "王"]
        {
            check(cell, cell);
        }
    }

    #[test]
    fn what_was_not_read_is_never_taken_away() {
        assert_eq!(bare("\u{fffd}ada@a.example").as_deref(), Some("\u{fffd}ada@a.example"));
        assert_eq!(bare("ada\u{fffd}@a.example").as_deref(), Some("ada\u{fffd}@a.example"));
    }

    #[test]
    fn signs_are_told_from_letters_marks_and_digits_of_any_script() {
        for sign in "“”„‟‘’‚«»‹›–—‐‑−…•★™®©℠№°²½①Ⓐ€´¨˜×÷§、「」〈〉〜。¡¿✉🎉🅰␀؟،।־՞\u{37e}゠\u{fe0f}\u{f0b7}\u{fffd}\u{93}".chars()
        {
            assert!(is_sign(sign), "{sign:?}");
        }
        for letters in [
            "éßøłñıªºµ·ʼ",
            "jose\u{301}",
            "иванй",
            "νίκος",
            "אָבְרָ",
            "مُحَمَّدآ٣",
            "हिन्दी़",
            "สมชาย่้",
            "ພາສາລາວ່",
            "ខ្មែរ",
            "မြန်မာ့",
            "བོད་".trim_end_matches('་'),
            "한글",
            "がく々〆〇ー",
            "が\u{3099}・",
            "ｶﾞ".trim_end_matches('ﾞ'),
            "王伟𠮷",
            "ℓÅΩK",
            "ქართული",
            "አማርኛ",
            "ᐃᓄᒃ",
            "azAZ09.-_",
        ] {
            assert_eq!(letters.chars().find(|letter| is_sign(*letter)), None, "{letters}");
        }
    }

    #[test]
    fn addresses_that_stand_together_are_told_apart() {
        let check = |text: &str, expected: &[&str]| assert_eq!(addresses(text), expected, "{text:?}");
        check("a@x.example ::: b@y.example", &["a@x.example", "b@y.example"]);
        check("a@x.example; b@y.example,c@z.example", &["a@x.example", "b@y.example", "c@z.example"]);
        check("a@x.example/b@y.example\nA@X.example", &["a@x.example", "b@y.example"]);
        check("smtp:old@x.example;SMTP:new@x.example", &["new@x.example", "old@x.example"]);
        check("a@x.example | b", &["a@x.example"]);
        check("a@fabrikam, @x.example; a@.example; b@y.example", &["b@y.example"]);
    }

    #[test]
    fn names_of_mailboxes_are_told_from_addresses() {
        let check = |text: &str, expected: bool| assert_eq!(is_exchange_name(text), expected, "{text:?}");
        check("/o=Fabrikam/ou=First/cn=Recipients/cn=ada", true);
        check("Fabrikam/ou=First/cn=Recipients/cn=ada", true);
        check("<X500:/o=Fabrikam/cn=ada", true);
        check("Fabrikam/ou=First/cn=Recipients/cn=ada, ada@fabrikam.example", false);
        check("ada@fabrikam.example", false);
        check("Recipients", false);
    }
}
