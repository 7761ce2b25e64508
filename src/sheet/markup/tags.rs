//! What a tag says: its name, and its attributes.

use super::entities::plain;
use std::borrow::Cow;

/// Where a tag ends: at the bracket that is not within quotes.
pub fn end_of(tag: &str) -> usize {
    let mut quote = None;
    for (place, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return place,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that never closes: the first bracket then.
    tag.find('>').unwrap_or(tag.len())
}

/// The name of a tag in small letters, without prefix, with the slash of one that closes.
pub fn name_of(tag: &str) -> String {
    let end = tag.find(|character: char| character.is_whitespace()).unwrap_or(tag.len());
    let name = tag[..end].trim_end_matches('/').to_ascii_lowercase();
    match (name.strip_prefix('/'), name.rsplit_once(':')) {
        (Some(_), Some((_, own))) => format!("/{own}"),
        (_, Some((_, own))) => own.to_owned(),
        _ => name,
    }
}

/// The number in an attribute.
pub fn number(tag: &str, name: &str) -> Option<usize> {
    let lower = tag.to_ascii_lowercase();
    let place = lower.find(name)? + name.len();
    let digits: String = lower[place..].trim_start_matches(['=', '"', '\'', ' ']).chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The text of an attribute.
pub fn text_of<'a>(tag: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let place = tag.to_ascii_lowercase().find(name)? + name.len();
    let value = tag.get(place..)?.trim_start_matches(['=', ' ']);
    let text = match value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
        Some(quote) => value[1..].split(quote).next(),
        None => value.split_whitespace().next(),
    };
    text.map(plain)
}

/// Whether an element of a page is hidden: by its own style, or by the attribute for that. What style sheets say is not looked at.
pub fn is_hidden(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    let style: String = lower.split_whitespace().collect();
    // The attribute stands outside of quotes, with a value or without.
    let mut outside = lower.split(['"', '\'']).step_by(2).flat_map(str::split_whitespace);
    style.contains("display:none")
        || style.contains("visibility:collapse")
        || outside.any(|word| word.split(['=', '/']).next() == Some("hidden"))
}
