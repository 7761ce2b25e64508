//! Texts of cells: the list that sheets share (ECMA-376 Part 1, 18.4.9), runs of rich text, and characters that XML cannot hold.

use super::package::{XlsxPackage, attributes, local};
use crate::sheet::workbook::parts::PartReader;
use crate::sheet::{MOST_TEXT, UnreadableFile};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, Event};
use std::borrow::Cow;

/// The shared texts, one behind the other.
#[derive(Default)]
pub struct SharedTexts {
    text: String,
    ends: Vec<usize>,
}

impl SharedTexts {
    pub fn read(package: &mut XlsxPackage<'_>, path: &str) -> Result<Self, UnreadableFile> {
        let mut markup = package.part(path)?;
        let mut texts = Self::default();
        let (mut buffer, mut room) = (Vec::new(), TextBuffers::default());
        loop {
            match markup.next(&mut buffer)? {
                Event::Start(tag) if local(tag.name().as_ref()) == "si" => {
                    rich(&mut markup, "si", &mut texts.text, &mut room)?;
                    texts.ends.push(texts.text.len());
                }
                Event::Eof => return Ok(texts),
                _ => {}
            }
        }
    }

    pub fn get(&self, place: usize) -> Option<&str> {
        let start = place.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(place)?)
    }
}

/// Room for the markup and the run of text in hand, used again for every text.
#[derive(Default)]
pub struct TextBuffers {
    buffer: Vec<u8>,
    piece: String,
}

/// Adds the text of an element, up to its end: its runs joined, without the reading aids of East Asian texts (18.4.6).
pub fn rich(markup: &mut PartReader<'_, '_>, closing: &str, into: &mut String, room: &mut TextBuffers) -> Result<(), UnreadableFile> {
    let (mut is_aid, mut is_kept) = (false, false);
    let mut is_text = false;
    let TextBuffers { buffer, piece } = room;
    piece.clear();
    loop {
        if into.len() + piece.len() > MOST_TEXT {
            return Err(UnreadableFile::TooMuchText);
        }
        match markup.next(buffer)? {
            Event::Start(tag) => match local(tag.name().as_ref()) {
                "rPh" => is_aid = true,
                "t" => {
                    is_kept = attributes(&tag).any(|attribute| attribute == ("xml:space", "preserve"));
                    is_text = !is_aid;
                    piece.clear();
                }
                _ => {}
            },
            Event::Text(text) if is_text => piece.push_str(&text.xml10_content()),
            Event::CData(text) if is_text => piece.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if is_text => push_reference(&reference, piece)?,
            Event::End(tag) => match local(tag.name().as_ref()) {
                "rPh" => is_aid = false,
                "t" => {
                    is_text = false;
                    let text = if is_kept { piece.as_str() } else { piece.trim_matches([' ', '\t', '\r', '\n']) };
                    into.push_str(&decoded(text));
                }
                name if name == closing => return Ok(()),
                _ => {}
            },
            Event::Eof => return Err(UnreadableFile::Damaged("it ends within a text".into())),
            _ => {}
        }
    }
}

/// Adds what `&amp;` or `&#228;` stands for.
///
/// # Errors
/// It is an entity of the file's own, which is not looked up.
pub fn push_reference(reference: &BytesRef<'_>, into: &mut String) -> Result<(), UnreadableFile> {
    let known = unescape(&format!("&{};", reference.as_ref())).map(String::from);
    into.push_str(&known.map_err(|error| UnreadableFile::Damaged(error.to_string()))?);
    Ok(())
}

/// A text with its `_x000D_` decoded, once: `_x005F_` stands for an underscore that begins none (22.9.2.19).
pub fn decoded(text: &str) -> Cow<'_, str> {
    if !text.as_bytes().windows(2).any(|pair| pair == b"_x") {
        return text.into();
    }
    let unit = |text: &str| {
        let digits = text.strip_prefix("_x")?.get(..4)?;
        let is_whole = text.as_bytes().get(6) == Some(&b'_') && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_whole.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
    };
    let (mut decoded, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(place) = rest.find("_x") {
        decoded.push_str(&rest[..place]);
        rest = &rest[place..];
        // A character beyond the first 65,536 is written as two.
        let mut units = Vec::new();
        while let Some(unit) = unit(rest) {
            units.push(unit);
            rest = &rest[7..];
        }
        if units.is_empty() {
            decoded.push_str("_x");
            rest = &rest[2..];
        }
        decoded.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
    decoded.push_str(rest);
    decoded.into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_are_decoded_once() {
        let check = |text: &str, expected: &str| assert_eq!(super::decoded(text), expected, "{text}");
        check("ada@fabrikam.example_x000D_", "ada@fabrikam.example\r");
        check("room_x005F_x0041_", "room_x0041_");
        check("_x0041__x00e4_", "Aä");
        check("_xD83D__xDE00_", "😀");
        check("_xD83D_x", "\u{fffd}x");
        check("_x004_ _xyz_ __x0041_ _x", "_x004_ _xyz_ _A _x");
        check("_xö041_", "_xö041_");
        check("_x0041x, _x+041_", "_x0041x, _x+041_");
    }
}
