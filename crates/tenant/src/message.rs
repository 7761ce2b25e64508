//! Messages as a mailbox takes them, in JSON or as Internet messages: RFC 5322 headers, RFC 2047 encoded words, RFC 2046 parts in base64. It shares
//! nothing with the page's writer, so that it cannot share its mistakes.

use super::graph_api::refusal;
use super::payload;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use graph::{Reply, Request};

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
        let read = request.body.as_deref().and_then(read);
        return read.ok_or_else(|| refusal(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content."));
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

/// Reads what Graph takes as `text/plain`: a whole message in base64.
/// <https://learn.microsoft.com/graph/outlook-send-mime-message>
pub(super) fn read(body: &str) -> Option<Message> {
    let bytes = STANDARD.decode(body.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let headers = headers(head);
    let value = |name: &str| headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.as_str());
    let mut message = Message {
        to: addresses(value("To")),
        cc: addresses(value("Cc")),
        bcc: addresses(value("Bcc")),
        subject: decoded(value("Subject")),
        language: value("Content-Language").into(),
        ..Message::default()
    };
    let boundary = value("Content-Type").split_once("boundary=")?.1.trim_matches('"').to_owned();
    for part in body.split(&format!("--{boundary}")).skip(1) {
        let Some((head, body)) = part.trim_start_matches("\r\n").split_once("\r\n\r\n") else { continue };
        let body: String = body.split_whitespace().collect();
        let body = String::from_utf8(STANDARD.decode(body).ok()?).ok()?;
        if head.contains("text/html") { message.html = body } else { message.text = body.replace("\r\n", "\n") }
    }
    Some(message)
}

/// Names and values; folded lines are one.
fn headers(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    unfolded.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

fn decoded(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?UTF-8?B?") {
        // Blanks between encoded words do not count (RFC 2047 §6.2).
        text.push_str(if before.trim().is_empty() { "" } else { before });
        let (word, next) = word.split_once("?=").unwrap_or((word, ""));
        text.push_str(&String::from_utf8_lossy(&STANDARD.decode(word).unwrap_or_default()));
        rest = next;
    }
    text + rest
}

fn addresses(value: &str) -> Vec<String> {
    let found = value.split(',').map(|one| one.split_once('<').map_or(one, |(_, inside)| inside.trim_end_matches(['>', ' '])));
    found.map(|one| one.trim().to_owned()).filter(|one| one.contains('@')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read() {
        let text = "To: =?UTF-8?B?w4RkYQ==?=\r\n <ada@x.example>\r\nCc: a@y.example,\r\n b@y.example\r\nSubject: =?UTF-8?B?w7w=?=\r\n =?UTF-8?B?w7Y=?=\r\n\
            Content-Language: de\r\nContent-Type: multipart/alternative;\r\n boundary=\"x_y\"\r\n\r\n--x_y\r\nContent-Type: text/plain\r\n\r\nSGk=\r\n\
            --x_y\r\nContent-Type: text/html\r\n\r\nPGI+SGk8L2I+\r\n--x_y--\r\n";
        let message = read(&STANDARD.encode(text)).unwrap();
        assert_eq!((message.to.as_slice(), message.cc.len(), message.subject.as_str()), (["ada@x.example".to_owned()].as_slice(), 2, "üö"));
        assert_eq!((message.text.as_str(), message.html.as_str(), message.language.as_str()), ("Hi", "<b>Hi</b>", "de"));
        assert_eq!(read("%%%"), None);
    }
}
