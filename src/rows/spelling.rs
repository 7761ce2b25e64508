//! Spellings of one address. Only the domain is surely without case (RFC 5321, 2.4), but no mail service tells two people apart by
//! capitals, or by whether é is one character or two: as macOS writes it, an e and an accent (Unicode Standard Annex 15).

use std::borrow::Cow;

/// What all spellings of an address share: lower case, and composed characters (NFC, as RFC 6532, 3.1, wants it in mail).
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let has_capitals = text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if has_capitals { text.to_ascii_lowercase().into() } else { text.into() };
    }
    // Which of two small sigmas is written depends on what stands behind it.
    let small = text.chars().flat_map(char::to_lowercase).map(|letter| if letter == 'ς' { 'σ' } else { letter });
    composed(small).into()
}

/// Whether two texts are spellings of one address.
pub fn is_same_address(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || !one.is_ascii() && !other.is_ascii() && folded(one) == folded(other)
}

#[cfg(target_arch = "wasm32")]
fn composed(letters: impl Iterator<Item = char>) -> String {
    js_sys::JsString::from(letters.collect::<String>()).normalize("NFC").into()
}

#[cfg(not(target_arch = "wasm32"))]
fn composed(letters: impl Iterator<Item = char>) -> String {
    unicode_normalization::UnicodeNormalization::nfc(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_the_same_and_no_others_are() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(is_same_address(one, other), expected, "{one:?} {other:?}");
            assert_eq!(folded(one) == folded(other), expected, "{one:?} {other:?}");
        };
        check("Ada@x.example", "ada@X.example", true);
        check("rené@x.example", "rene\u{301}@x.example", true);
        check("RENÉ@x.example", "rene\u{301}@x.example", true);
        check("RENE\u{301}@x.example", "rené@x.example", true);
        check("müller@x.example", "MÜLLER@X.EXAMPLE", true);
        check("müller@x.example", "muller@x.example", false);
        check("müller@x.example", "möller@x.example", false);
        check("иван@x.example", "Иван@x.example", true);
        check("йод@x.example", "\u{418}\u{306}ОД@x.example", true);
        check("νίκος@x.example", "ΝΊΚΟΣ@x.example", true);
        check("νίκος.α@x.example", "ΝΊΚΟΣ.Α@x.example", true);
        // Two accents on one letter, in either order, and one of them in the letter.
        check("nguyễn@x.example", "nguye\u{302}\u{303}n@x.example", true);
        check("việt@x.example", "vie\u{323}\u{302}t@x.example", true);
        check("việt@x.example", "vie\u{302}\u{323}t@x.example", true);
        check("한글@x.example", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}@x.example", true);
        check("がく@x.example", "か\u{3099}く@x.example", true);
        check("Åsa@x.example", "\u{212b}sa@x.example", true);
        check("straße@x.example", "strasse@x.example", false);
        check("ａda@x.example", "ada@x.example", false);
    }
}
