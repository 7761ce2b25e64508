//! A letter as an Internet message, the form that Graph's `sendMail`, Outlook's unsent drafts and every mail program read:
//! RFC 5322, with RFC 2045 to 2047 for what is not ASCII. Plain text and HTML stand side by side (RFC 2046 §5.1.4).
//!
//! The crate that writes all of MIME weighs as much as a sixth of the page; this is the part that letters need.

use super::html;
use super::outgoing::OutgoingMessage;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Cannot stand in base64, so it never stands in a part.
const BOUNDARY: &str = "=_guestlist_letter";
/// RFC 2047 §2: an encoded word has 75 characters at most; `=?UTF-8?B?` and `?=` take twelve of them.
const WORD_BYTES: usize = 45;
/// RFC 2045 §6.8: a line of base64 has 76 characters at most.
const LINE: usize = 76;

/// The message in ASCII, its lines ended by CRLF. Who sends it is left to whoever does. `is_unsent`: with `X-Unsent: 1`, which
/// lets Outlook for Windows open the file as a draft; a habit of mail programs, in no standard.
pub fn write(message: &OutgoingMessage, is_unsent: bool) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
    };
    line("To", &mailbox(&message.to_name, &message.to));
    line("Cc", &list(&message.copy));
    // Mail servers take this line out before they deliver.
    line("Bcc", &list(&message.blind_copy));
    line("Subject", &words(&message.subject, "Subject: ".len()));
    line("X-Unsent", if is_unsent { "1" } else { "" });
    // RFC 3282.
    line("Content-Language", &message.language.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect::<String>());
    line("MIME-Version", "1.0");
    line("Content-Type", &format!("multipart/alternative;\r\n boundary=\"{BOUNDARY}\""));
    text.push_str("\r\n");
    part(&mut text, "plain", &message.text.replace("\r\n", "\n").replace('\n', "\r\n"));
    part(&mut text, "html", &html::page(&message.text, &message.language, message.link()));
    text.push_str(&format!("--{BOUNDARY}--\r\n"));
    text
}

fn part(text: &mut String, kind: &str, body: &str) {
    text.push_str(&format!("--{BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    let body = STANDARD.encode(body);
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(LINE.min(rest.len()));
        text.push_str(line);
        text.push_str("\r\n");
        rest = next;
    }
}

fn list(addresses: &[String]) -> String {
    // RFC 5322 §2.1.1: lines of 78 characters are asked for.
    addresses.iter().map(|one| address(one)).filter(|one| !one.is_empty()).collect::<Vec<_>>().join(",\r\n ")
}

/// An address without what would end it; what is left of one that was none reaches nobody. Letters beyond ASCII stay as they
/// are (RFC 6532): encoded words may not stand here.
fn address(text: &str) -> String {
    let ends = |sign: char| sign.is_control() || sign.is_whitespace() || "<>()[]\\,;:\"".contains(sign);
    text.chars().filter(|sign| !ends(*sign)).collect()
}

/// `Ada <ada@fabrikam.example>`, as RFC 5322 §3.4 wants names.
fn mailbox(name: &str, address: &str) -> String {
    let (name, address) = (plain(name), self::address(address));
    match name.trim() {
        "" => address,
        name if name.is_ascii() => format!("\"{}\"\r\n <{address}>", name.replace('\\', "\\\\").replace('"', "\\\"")),
        name => format!("{}\r\n <{address}>", words(name, "To: ".len())),
    }
}

/// What a header cannot hold becomes a blank, so that no value can begin another header.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A value of a header, in encoded words where it is not ASCII or would look like one (RFC 2047), folded behind `taken`
/// characters of its first line.
fn words(value: &str, taken: usize) -> String {
    let value = plain(value);
    let value = value.trim();
    if value.is_ascii() && !value.contains("=?") && value.len() + taken <= 76 {
        return value.to_owned();
    }
    let mut words: Vec<String> = vec![String::new()];
    for character in value.chars() {
        // A character is never cut in two (RFC 2047 §5); the first word leaves room for the header's name.
        let most = if words.len() == 1 { WORD_BYTES.saturating_sub(taken) } else { WORD_BYTES };
        if words.last().is_some_and(|word| word.len() + character.len_utf8() > most) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let encoded: Vec<String> =
        words.iter().filter(|word| !word.is_empty()).map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect();
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_ascii_short_and_ended_by_crlf() {
        let message = OutgoingMessage {
            to: "ada@fabrikam.example".into(),
            to_name: "Ada \"the first\" Lovelace".into(),
            copy: ["boss@contoso.example", "desk@contoso.example"].map(str::to_owned).into(),
            subject: "Willkommen bei Contoso, liebe Geschäftsfreundinnen und Geschäftsfreunde – schön, dass Sie da sind! 🎉🎉🎉".into(),
            text: "Liebe Ada,\n\nschön.\n".into(),
            language: "de".into(),
            ..OutgoingMessage::default()
        };
        let text = write(&message, true);
        assert!(text.is_ascii());
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.split("\r\n").all(|line| line.len() <= 78), "{text}");
        assert!(text.contains("To: \"Ada \\\"the first\\\" Lovelace\"\r\n <ada@fabrikam.example>\r\n"), "{text}");
        assert!(text.contains("X-Unsent: 1\r\n") && text.contains("Content-Language: de\r\n") && !text.contains("Bcc"), "{text}");
        assert!(!write(&message, false).contains("X-Unsent"));
    }

    #[test]
    fn no_value_begins_another_header() {
        let message = OutgoingMessage {
            to: "a@b.example".into(),
            to_name: "Ada\r\nBcc: spy@evil.example".into(),
            subject: "Hi\nX-Evil: 1\r\n\r\nbody".into(),
            language: "de\r\nX-Evil: 1".into(),
            ..OutgoingMessage::default()
        };
        let text = write(&message, false);
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X-Evil")), "{head}");
    }

    #[test]
    fn subjects_are_encoded_where_they_must_be() {
        let check = |subject: &str, expected: &str| assert_eq!(words(subject, 9), expected, "{subject}");
        check("Welcome", "Welcome");
        check(" Welcome ", "Welcome");
        check("=?UTF-8?B?x?=", "=?UTF-8?B?PT9VVEYtOD9CP3g/PQ==?=");
        check("ü", "=?UTF-8?B?w7w=?=");
        check("", "");
    }

    /// What stands in the part of this kind.
    fn read_part(text: &str, kind: &str) -> String {
        let (_, rest) =
            text.split_once(&format!("Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")).unwrap();
        let (body, _) = rest.split_once(&format!("--{BOUNDARY}")).unwrap();
        assert!(body.lines().all(|line| line.len() <= LINE), "{body}");
        String::from_utf8(STANDARD.decode(body.replace("\r\n", "")).unwrap()).unwrap()
    }

    #[test]
    fn text_and_page_say_the_same() {
        let text = format!("Liebe Ada,\nschön, {}\r\nGita", "dass Sie kommen ".repeat(9));
        let written = write(
            &OutgoingMessage {
                to: "ada@fabrikam.example".into(),
                text: text.clone(),
                language: "de-AT".into(),
                ..OutgoingMessage::default()
            },
            false,
        );
        assert!(written.starts_with("To: ada@fabrikam.example\r\nContent-Language: de-AT\r\n"), "{written}");
        assert_eq!(read_part(&written, "plain"), text.replace("\r\n", "\n").replace('\n', "\r\n"));
        assert_eq!(read_part(&written, "html"), html::page(&text, "de-AT", None));
        assert!(written.ends_with(&format!("\r\n--{BOUNDARY}--\r\n")));
    }

    #[test]
    fn everybody_who_gets_the_letter_stands_in_its_head() {
        let check = |to_name: &str, to: &str, expected: &str| assert_eq!(mailbox(to_name, to), expected, "{to_name}");
        check("", "ada@fabrikam.example", "ada@fabrikam.example");
        check("Ada \\ L", "ada@fabrikam.example", "\"Ada \\\\ L\"\r\n <ada@fabrikam.example>");
        check("Zoë", "zoe@fabrikam.example", "=?UTF-8?B?Wm/Dqw==?=\r\n <zoe@fabrikam.example>");
        check("Ada", "ada@fabrikam.example>, <spy@evil.example", "\"Ada\"\r\n <ada@fabrikam.examplespy@evil.example>");
        let message = OutgoingMessage {
            copy: ["boss@contoso.example", " ", "jörg@contoso.example"].map(str::to_owned).into(),
            blind_copy: vec!["archive@contoso.example".into()],
            ..OutgoingMessage::default()
        };
        let text = write(&message, false);
        assert!(text.starts_with("Cc: boss@contoso.example,\r\n jörg@contoso.example\r\nBcc: archive@contoso.example\r\nMIME"), "{text}");
    }

    #[test]
    fn long_subjects_are_folded_and_stay_whole() {
        let check = |subject: &str, lines: usize| {
            let folded = words(subject, 9);
            let parts: Vec<&str> = folded.split("\r\n ").collect();
            assert_eq!(parts.len(), lines, "{folded}");
            assert!(parts.iter().enumerate().all(|(place, part)| part.len() + if place == 0 { 9 } else { 1 } <= 76), "{folded}");
            let text = |part: &&str| String::from_utf8(STANDARD.decode(part.strip_prefix("=?UTF-8?B?")?.strip_suffix("?=")?).ok()?).ok();
            assert_eq!(parts.iter().filter_map(text).collect::<String>(), subject);
        };
        assert_eq!(words(&"x".repeat(67), 9), "x".repeat(67));
        check(&"x".repeat(68), 2);
        check(&"ü".repeat(18), 1);
        check(&"ü".repeat(19), 2);
        check(&format!("{}{}", "ü".repeat(18), "x".repeat(45)), 2);
        check(&format!("{}{}", "ü".repeat(18), "x".repeat(46)), 3);
        check(&"🎉".repeat(31), 3);
    }
}
