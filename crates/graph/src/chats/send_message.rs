//! Saying something in a chat. <https://learn.microsoft.com/graph/api/chat-post-messages>

use super::ChatRefusal;
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request, literal};
use serde::{Deserialize, Serialize};

/// 201 with the message, of which nothing but its id is looked at: that there is one tells Graph's success from another.
#[derive(Clone, Copy, Debug)]
pub struct SendChatMessage<'a> {
    /// [`super::Chat::id`], or [`super::OWN_NOTES`].
    pub chat: &'a str,
    /// What is said. Teams leaves out what it does not allow.
    pub html: &'a str,
}

#[derive(Serialize)]
struct NewMessage<'a> {
    body: MessageBody<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageBody<'a> {
    content_type: &'static str,
    content: &'a str,
}

#[derive(Deserialize)]
struct SentMessage {
    #[serde(rename = "id")]
    _id: String,
}

impl Operation for SendChatMessage<'_> {
    type Output = ();
    type Refusal = ChatRefusal;
    const SCOPES: &'static [&'static str] = &["ChatMessage.Send", "Chat.ReadWrite"];
    const PACE: PaceKind = PaceKind::Chat;

    fn request(&self) -> Request {
        let body = NewMessage { body: MessageBody { content_type: "html", content: self.html } };
        Request::post(format!("/chats/{}/messages", literal(self.chat)), &body)
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.read::<SentMessage>().map(drop)
    }

    /// The permission shows nothing of what was said.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::AskPerson
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommonRefusal;
    use crate::operation::testing::{common, problem, reply};

    const SAID: SendChatMessage<'_> = SendChatMessage { chat: "19:a@unq.gbl.spaces", html: "<p>\"Hello\"" };

    #[test]
    fn what_is_said_is_html_and_never_said_again_unasked() {
        let request = SAID.request();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/chats/19%3Aa%40unq.gbl.spaces/messages"));
        assert_eq!(request.body.as_deref(), Some(r#"{"body":{"contentType":"html","content":"<p>\"Hello\""}}"#));
        assert_eq!((SendChatMessage::SCOPES[0], SendChatMessage::PACE), ("ChatMessage.Send", PaceKind::Chat));
        assert_eq!(SAID.after_loss(), AfterLoss::AskPerson);
        assert_eq!(SAID.read(&reply(201, r#"{"id":"m"}"#)), Ok(()));
        assert_eq!(SAID.read(&reply(200, "{}")).unwrap_err().common(), Some(CommonRefusal::Unreadable));
    }

    #[test]
    fn a_chat_that_is_gone_is_told_from_what_is_not_allowed() {
        assert_eq!(SAID.refusal(&problem(404, "NotFound", "")), Some(ChatRefusal::NotFound));
        assert_eq!(SAID.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(ChatRefusal::MissingPermission));
        assert!(common().iter().all(|problem| SAID.refusal(problem).is_none()));
    }
}
