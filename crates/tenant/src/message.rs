//! Messages as a mailbox takes them, in JSON or as Internet messages, whatever form these have. What reads them shares nothing with the page's
//! writer, so that it cannot share its mistakes.

use super::graph_api::refusal;
use super::payload;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use graph::{Reply, Request};
use mail_parser::{Address, MessageParser, PartType};

/// A message, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) to: Vec<String>,
    pub(super) cc: Vec<String>,
    pub(super) bcc: Vec<String>,
    pub(super) subject: String,
    /// BCP 47 tag, as `Content-Language` says.
    pub(super) language: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// The message of `sendMail` or of a draft: MIME as `text/plain`, else JSON.
/// <https://learn.microsoft.com/graph/api/user-sendmail>, <https://learn.microsoft.com/graph/api/user-post-messages>
///
/// # Errors
/// What cannot be read, and headers that are not one's own to set (msgraph-sdk-dotnet #2105).
pub(super) fn from_request(request: &Request, is_draft: bool) -> Result<Message, Reply> {
    let kind = request.headers.get("Content-Type").unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("text/plain") {
        return read(request.body.as_deref().unwrap_or_default());
    }
    let body = payload::read(request, if is_draft { &payload::MESSAGE } else { &payload::SEND_MAIL })?;
    let message = if is_draft { &body } else { &body["message"] };
    for header in message["internetMessageHeaders"].as_array().into_iter().flatten() {
        let name = header["name"].as_str().unwrap_or_default();
        if !name.to_ascii_lowercase().starts_with("x-") {
            let words = format!("The internet message header name '{name}' should start with 'x-' or 'X-'.");
            return Err(refusal(400, "InvalidInternetMessageHeader", &words));
        }
    }
    let recipients = |name: &str| {
        let addresses = message[name].as_array().into_iter().flatten().map(|one| one["emailAddress"]["address"].as_str());
        addresses.map(|address| address.unwrap_or_default().to_owned()).collect()
    };
    let content = message["body"]["content"].as_str().unwrap_or_default().to_owned();
    let is_html = message["body"]["contentType"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("html"));
    let (text, html) = if is_html { (String::new(), content) } else { (content, String::new()) };
    Ok(Message {
        to: recipients("toRecipients"),
        cc: recipients("ccRecipients"),
        bcc: recipients("bccRecipients"),
        subject: message["subject"].as_str().unwrap_or_default().into(),
        language: String::new(),
        text,
        html,
    })
}

/// Reads what Graph takes as `text/plain`: a whole message in base64, which may be broken into lines.
/// <https://learn.microsoft.com/graph/outlook-send-mime-message>
///
/// # Errors
/// What is no base64, and what has no header to begin with. Codes: Exchange's own list,
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode>.
pub(super) fn read(body: &str) -> Result<Message, Reply> {
    let base64: String = body.split_ascii_whitespace().collect();
    let bytes = STANDARD
        .decode(base64)
        .map_err(|_| refusal(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content."))?;
    let read = MessageParser::default().parse(&bytes).filter(|read| !read.headers().is_empty());
    let read = read.ok_or_else(|| refusal(400, "ErrorMimeContentInvalid", "The MIME content is invalid."))?;
    let (mut text, mut html) = (Vec::new(), Vec::new());
    for part in read.text_bodies().chain(read.html_bodies()) {
        // A body of one kind alone counts as both.
        let (kind, body) = match &part.body {
            PartType::Text(body) => (&mut text, body),
            PartType::Html(body) => (&mut html, body),
            _ => continue,
        };
        if !kind.contains(body) {
            kind.push(body.clone());
        }
    }
    Ok(Message {
        to: addresses(read.to()),
        cc: addresses(read.cc()),
        bcc: addresses(read.bcc()),
        subject: read.subject().unwrap_or_default().into(),
        language: read.header_raw("Content-Language").unwrap_or_default().trim().into(),
        text: text.join("\n").replace("\r\n", "\n"),
        html: html.join("\n"),
    })
}

/// Of somebody without an address the name, which nobody can write to.
fn addresses(field: Option<&Address<'_>>) -> Vec<String> {
    let people = field.into_iter().flat_map(Address::iter);
    people.filter_map(|one| one.address().or(one.name())).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        read(&STANDARD.encode(text)).unwrap()
    }

    #[test]
    fn a_message_is_read() {
        let text = "To: =?UTF-8?B?w4RkYQ==?=\r\n <ada@x.example>\r\nCc: a@y.example,\r\n b@y.example\r\nSubject: =?UTF-8?B?w7w=?=\r\n =?UTF-8?B?w7Y=?=\r\n\
            Content-Language: de\r\nContent-Type: multipart/alternative;\r\n boundary=\"x_y\"\r\n\r\n--x_y\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=\r\n\
            --x_y\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+SGk8L2I+\r\n--x_y--\r\n";
        let message = message(text);
        assert_eq!((message.to.as_slice(), message.cc.len(), message.subject.as_str()), (["ada@x.example".to_owned()].as_slice(), 2, "üö"));
        assert_eq!((message.text.as_str(), message.html.as_str(), message.language.as_str()), ("Hi", "<b>Hi</b>", "de"));
    }

    #[test]
    fn a_message_may_have_any_form_that_the_standards_know() {
        let check = |head: &str, body: &str, expected: (&str, &str)| {
            for line_end in ["\n", "\r\n"] {
                let text = format!("To: ada@x.example\nSubject: Hi\nMIME-Version: 1.0\n{head}\n\n{body}").replace('\n', line_end);
                let read = message(&text);
                assert_eq!((read.text.trim_end(), read.html.trim_end()), expected, "{text}");
                assert_eq!((read.to.as_slice(), read.subject.as_str()), (["ada@x.example".to_owned()].as_slice(), "Hi"), "{text}");
            }
        };
        // As Microsoft's own sample is written: learn.microsoft.com/graph/api/user-sendmail.
        let printable = "Content-Type: text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable";
        check(printable, "Gr=FC=DFe, a long =\nline", ("Grüße, a long line", ""));
        check("Content-Type: text/plain", "Hi\n\nAda", ("Hi\n\nAda", ""));
        check("X-Other: 1", "Hi", ("Hi", ""));
        check("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit", "<b>für</b>", ("", "<b>für</b>"));
        check("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", "w7xiZXI=", ("über", ""));
        check("Content-Type: text/plain; charset=shift_jis\nContent-Transfer-Encoding: base64", "k/qWew==", ("日本", ""));
        let parts =
            "--b\nContent-Type: text/plain\nContent-Transfer-Encoding: 7bit\n\nHi\n--b\nContent-Type: text/html\n\n<b>Hi</b>\n--b--\n";
        check("Content-Type: multipart/alternative; boundary=b", parts, ("Hi", "<b>Hi</b>"));
        let nested = format!(
            "--a\nContent-Type: multipart/alternative; boundary=\"b\"\n\n{parts}\n--a\nContent-Type: text/calendar\n\
             Content-Disposition: attachment\n\nBEGIN:VCALENDAR\n--a--\n"
        );
        check("Content-Type: multipart/mixed; boundary=\"a\"", &nested, ("Hi", "<b>Hi</b>"));
    }

    #[test]
    fn base64_may_be_broken_into_lines_and_nothing_else_may_stand_in_it() {
        let whole = STANDARD.encode(format!("To: ada@x.example\nSubject: Hi\n\n{}", "Hi ".repeat(40)));
        let lines: Vec<&str> = whole.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        for line_end in ["\n", "\r\n"] {
            assert_eq!(read(&lines.join(line_end)).unwrap(), read(&whole).unwrap());
        }
        let code = |body: &str| {
            let refused: serde_json::Value = serde_json::from_str(&read(body).unwrap_err().body).unwrap();
            refused["error"]["code"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            (code("%%%"), code("SGk")),
            ("ErrorMimeContentInvalidBase64String".into(), "ErrorMimeContentInvalidBase64String".into())
        );
        assert_eq!(code(""), "ErrorMimeContentInvalid");
    }

    #[test]
    fn whoever_has_a_name_alone_is_nobody_to_write_to() {
        let message = message("To: Team: ada@x.example, Bob <bob@x.example>;\nCc: nobody\n\nHi");
        assert_eq!((message.to.join(" "), message.cc.join(" ")), ("ada@x.example bob@x.example".into(), "nobody".into()));
    }
}
