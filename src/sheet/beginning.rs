//! What a file is that is no workbook, and what it says of itself, by how it begins.

use super::markup::MarkupKind;
use super::{Encoding, OtherKind, detect};

/// Bytes at the beginning that are looked at.
const HEAD: usize = 4000;

/// The beginning without zeros, in small letters: enough to know markup by, whatever its encoding.
fn head(bytes: &[u8]) -> String {
    let head: Vec<u8> = bytes.iter().take(HEAD).copied().filter(u8::is_ascii).filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&head).trim_start().to_ascii_lowercase()
}

/// What a file is that is no workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Text that is cut into cells, as far as can be seen.
    Text,
    /// Markup that is to hold a table.
    Markup(MarkupKind),
    /// Nothing that holds a table.
    Other(OtherKind),
}

/// What a file is, by its first bytes.
pub fn kind_of(bytes: &[u8]) -> FileKind {
    let head = head(bytes);
    if let Some(other) = other_kind(bytes, &head) {
        return FileKind::Other(other);
    }
    markup_kind(&head).map_or(FileKind::Text, FileKind::Markup)
}

fn markup_kind(head: &str) -> Option<MarkupKind> {
    if !head.starts_with('<') {
        return None;
    }
    let starts = |words: &[&str]| words.iter().any(|word| head.starts_with(word));
    match () {
        () if head.contains("urn:schemas-microsoft-com:office:spreadsheet") && head.starts_with("<?xml") => Some(MarkupKind::Xml2003),
        () if starts(&["<!doctype html", "<html", "<table", "<head", "<body", "<meta", "<style", "<div"]) => Some(MarkupKind::Html),
        () if starts(&["<?xml", "<!--"]) && (head.contains("<html") || head.contains("<table")) => Some(MarkupKind::Html),
        () => None,
    }
}

fn other_kind(bytes: &[u8], head: &str) -> Option<OtherKind> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(OtherKind::Pdf),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => Some(OtherKind::Picture),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some(OtherKind::Word),
        _ => text_kind(head),
    }
}

/// What a text is that is no table, by how it begins, in lower case.
fn text_kind(head: &str) -> Option<OtherKind> {
    let signs: String = head.chars().filter(|sign| !sign.is_whitespace()).take(3).collect();
    let is_json = signs.starts_with("{\"") || signs == "[{\"";
    let is_directory = head.starts_with("dn: ") || head.starts_with("dn:: ") || head.starts_with("version: 1\n") && head.contains("\ndn:");
    match () {
        () if head.starts_with("begin:vcard") => Some(OtherKind::VCard),
        () if is_json && head.contains("\":") => Some(OtherKind::Json),
        () if is_directory => Some(OtherKind::Ldif),
        () => None,
    }
}

/// The encoding that the page itself names, of those that can be read.
pub fn encoding_of(bytes: &[u8]) -> Option<Encoding> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return None;
    }
    let head = head(bytes);
    let place = head.find("charset=").map(|place| place + 8).or_else(|| head.find("encoding=").map(|place| place + 9))?;
    let label: String = head[place..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|character| character.is_ascii_alphanumeric() || "-_".contains(*character))
        .collect();
    detect::from_label(&label)
}
