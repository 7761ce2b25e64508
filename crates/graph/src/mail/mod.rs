//! The signed-in person's own mailbox: sending a message, and laying one down as a draft. Both take a whole Internet message
//! in base64, so that plain text and HTML travel together.
//! <https://learn.microsoft.com/graph/api/user-sendmail>, <https://learn.microsoft.com/graph/api/user-post-messages>

mod draft;
mod send;

pub use draft::{CreateDraft, DraftRefusal};
pub use send::{SendMail, SendMailRefusal};

use crate::{Headers, Method, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Messages that Exchange Online lets one mailbox send in a minute. Microsoft Q&A 2258712.
pub const PER_MINUTE: usize = 30;
/// Requests of one app to one mailbox at the same time. <https://learn.microsoft.com/graph/throttling-limits>, "Outlook".
pub const AT_ONCE: usize = 4;

/// What [`SendMail`] is answered with once the message was accepted. Another success is not Graph's.
pub const ACCEPTED: u16 = 202;

fn raw(path: &str, message: &str) -> Request {
    let headers = Headers::default().with("Content-Type", "text/plain");
    Request { method: Method::Post, path: path.into(), headers, body: Some(STANDARD.encode(message)) }
}
