//! Teams chats. <https://learn.microsoft.com/graph/api/chat-post>, <https://learn.microsoft.com/graph/api/chat-post-messages>

use super::{Request, literal};
use serde::{Deserialize, Serialize};

/// The chat that everybody has with oneself.
pub const OWN_NOTES: &str = "48:notes";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewChat {
    chat_type: &'static str,
    members: [Member; 2],
}

#[derive(Serialize)]
struct Member {
    #[serde(rename = "@odata.type")]
    kind: &'static str,
    roles: [&'static str; 1],
    #[serde(rename = "user@odata.bind")]
    user: String,
}

/// What a 201 tells.
#[derive(Clone, Debug, Deserialize)]
pub struct Chat {
    /// What [`send_message`] takes.
    pub id: String,
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

/// The chat of two people, by id or sign-in name; when there is one, Graph answers with that. 201 with [`Chat`]. `root` is Graph's,
/// without a version. Needs `Chat.Create`.
pub fn create_one_on_one(root: &str, me: &str, other: &str) -> Request {
    let member = |user: &str| Member {
        kind: "#microsoft.graph.aadUserConversationMember",
        roles: ["owner"],
        user: format!("{root}/v1.0/users('{}')", literal(user).replace("%40", "@")),
    };
    Request::post("/chats", &NewChat { chat_type: "oneOnOne", members: [member(me), member(other)] })
}

/// Says something, in HTML. Needs `ChatMessage.Send`.
pub fn send_message(chat: &str, html: &str) -> Request {
    Request::post(format!("/chats/{}/messages", literal(chat)), &NewMessage { body: MessageBody { content_type: "html", content: html } })
}
