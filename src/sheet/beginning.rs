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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_how_they_begin() {
        let check = |bytes: &[u8], expected: FileKind| assert_eq!(kind_of(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        let (html, xml) = (FileKind::Markup(MarkupKind::Html), FileKind::Markup(MarkupKind::Xml2003));
        let other = FileKind::Other;
        check(b"%PDF-1.7", other(OtherKind::Pdf));
        check(b"%PD", FileKind::Text);
        check(b"\x89PNG\r\n", other(OtherKind::Picture));
        check(b"\xff\xd8\xff\xe0", other(OtherKind::Picture));
        check(b"GIF89a", other(OtherKind::Picture));
        check(b"GIF;Email", FileKind::Text);
        check(b"{\\rtf1", other(OtherKind::Word));
        check(b" BEGIN:VCARD\n", other(OtherKind::VCard));
        check(b"{ \"value\": []}", other(OtherKind::Json));
        check(b"[ {\"a\":1}]", other(OtherKind::Json));
        check(b"{\"a\",b", FileKind::Text);
        check(b"[{a\":1", FileKind::Text);
        check(b"a\":b", FileKind::Text);
        check(b"dn: cn=Ada\n", other(OtherKind::Ldif));
        check(b"dn:: Y249\n", other(OtherKind::Ldif));
        check(b"version: 1\n\ndn: cn=Ada", other(OtherKind::Ldif));
        check(b"version: 1\nEmail", FileKind::Text);
        check(b"Email\ndn: cn=Ada", FileKind::Text);
        check(b"dn;Email", FileKind::Text);
        for begin in ["<!DOCTYPE html>", "<html>", "<table>", "<head>", "<body>", "<meta x>", "<style>", "<div>"] {
            check(begin.as_bytes(), html);
        }
        check(b"<?xml version='1.0'?><html>", html);
        check(b"<!-- x --><table>", html);
        check(b"<?xml version='1.0'?><p>", FileKind::Text);
        check(b"<p><table>", FileKind::Text);
        check(b"<?xml?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", xml);
        check(b"<html xmlns:x='urn:schemas-microsoft-com:office:spreadsheet'>", html);
        check(b"Email <html>", FileKind::Text);
        check(b"\xff\xfe<\0t\0a\0b\0l\0e\0>\0", html);
    }

    #[test]
    fn pages_name_their_encoding() {
        let check = |text: &[u8], expected: Option<Encoding>| assert_eq!(encoding_of(text), expected, "{}", String::from_utf8_lossy(text));
        check(b"<meta charset=\"windows-1250\">", Some(Encoding::Windows1250));
        check(b"<meta content='text/html; charset= ISO-8859-2'>", Some(Encoding::Iso8859_2));
        check(b"<?xml version='1.0' encoding='shift_jis'?>", Some(Encoding::ShiftJis));
        check(b"<?xml encoding='utf-8'?><meta charset=koi8-r>", Some(Encoding::Koi8R));
        check(b"<meta charset=x-unknown>", None);
        check(b"<html>", None);
        check(b"\xff\xfe<\0meta charset=utf-8>", None);
        check(b"\xfe\xff\0<meta charset=utf-8>", None);
    }
}
