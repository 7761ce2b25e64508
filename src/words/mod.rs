//! What a person is told when something went wrong: what any call of Graph may meet is told by `graph` and `needed`, what the identity
//! platform refuses by `identity`, and `redemption` is what guests may be told. Whoever else refuses says it in the same four answers.

pub mod discovery;
pub(crate) mod graph;
pub mod identity;
mod needed;
pub mod redemption;

use std::borrow::Cow;

/// The four answers that a person needs. Sentences, without codes: those stand under "details".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub what: String,
    /// Why it happened.
    pub why: String,
    /// Who can fix it, and where.
    pub who: String,
    /// The next step of the person who reads this.
    pub next: String,
}

impl Words {
    pub fn new(what: &str, why: &str, who: &str, next: &str) -> Self {
        Self { what: what.into(), why: why.into(), who: who.into(), next: next.into() }
    }
}

/// Something that went wrong, told to a person.
pub trait Explain {
    /// Without codes.
    fn words(&self) -> Words;
    /// Codes and ids, for support. No token, code or redeem link can be in it.
    fn details(&self) -> String;
}

/// "1 guest", "41 guests". English has two plural categories, `one` and `other`, and for whole numbers `one` is 1 alone (Unicode CLDR,
/// cardinal rules of `en`), so nothing has to be asked of the browser. Counts of other languages come with their translations.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(number)) }
}

/// `1797` as `1,797`: what `Intl.NumberFormat` says for `en`, the language of this page whatever the browser speaks. Sentences with numbers
/// are made in the library, which the worker and the tests share and which asks no browser; a journey holds them against `Intl`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `Fabrikam, Northwind and 3 others`
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `2 invited, 1 refused`: how many are in which group; those without anybody are left out.
pub fn tallied(groups: impl IntoIterator<Item = (usize, &'static str)>) -> String {
    let mut sentence = String::new();
    for (number, word) in groups.into_iter().filter(|(number, _)| *number > 0) {
        let before = if sentence.is_empty() { "" } else { ", " };
        sentence.extend([before, &grouped(number), " ", word]);
    }
    if sentence.is_empty() { "nothing to do".into() } else { sentence }
}

/// The beginning of a text that is longer than this many characters, and that it goes on.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_listed_with_an_and_before_the_last() {
        let check = |names: &[&str], expected: &str| {
            assert_eq!(super::listed(&names.iter().map(ToString::to_string).collect::<Vec<_>>()), expected);
        };
        check(&[], "");
        check(&["Fabrikam"], "Fabrikam");
        check(&["Fabrikam", "Northwind"], "Fabrikam and Northwind");
        check(&["Fabrikam", "Northwind", "3 others"], "Fabrikam, Northwind and 3 others");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(super::grouped(7), "7");
        assert_eq!(super::grouped(1797), "1,797");
        assert_eq!(super::grouped(1_234_567), "1,234,567");
        assert_eq!(super::count(1, "guest", "guests"), "1 guest");
        assert_eq!(super::count(0, "guest", "guests"), "0 guests");
    }
}
