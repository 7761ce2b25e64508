//! Opening the chat of two people. <https://learn.microsoft.com/graph/api/chat-post>

use super::{Chat, ChatRefusal};
use crate::{AfterLoss, Operation, PaceKind, Request, VERSION, literal};
use serde::Serialize;

/// 201 with the [`Chat`] of two people, by id or sign-in name; where there is one already, Graph answers with that.
#[derive(Clone, Copy, Debug)]
pub struct CreateOneOnOneChat<'a> {
    /// Graph's, without a version: a member is named by its address.
    pub root: &'a str,
    /// The signed-in person.
    pub me: &'a str,
    /// Whoever is to be written to.
    pub other: &'a str,
}

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

impl Operation for CreateOneOnOneChat<'_> {
    type Output = Chat;
    type Refusal = ChatRefusal;
    const SCOPES: &'static [&'static str] = &["Chat.Create", "Chat.ReadWrite"];
    const PACE: PaceKind = PaceKind::Chat;

    fn request(&self) -> Request {
        let member = |user: &str| Member {
            kind: "#microsoft.graph.aadUserConversationMember",
            roles: ["owner"],
            user: format!("{}{VERSION}/users('{}')", self.root, literal(user).replace("%40", "@")),
        };
        Request::post("/chats", &NewChat { chat_type: "oneOnOne", members: [member(self.me), member(self.other)] })
    }

    /// Opening a chat twice opens it once.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reply};

    const CHAT: CreateOneOnOneChat<'_> =
        CreateOneOnOneChat { root: "https://graph.microsoft.com", me: "1", other: "o'neil@contoso.example" };

    #[test]
    fn a_chat_of_two_names_both_by_address() {
        let request = CHAT.request();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/chats"));
        let member = |user: &str| {
            let user = format!("https://graph.microsoft.com/v1.0/users('{user}')");
            serde_json::json!({"@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": ["owner"], "user@odata.bind": user})
        };
        let body: serde_json::Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        assert_eq!(body, serde_json::json!({"chatType": "oneOnOne", "members": [member("1"), member("o%27%27neil@contoso.example")]}));
        assert_eq!((CreateOneOnOneChat::SCOPES[0], CreateOneOnOneChat::PACE), ("Chat.Create", PaceKind::Chat));
        assert_eq!((CHAT.after_loss(), CHAT.read(&reply(201, r#"{"id":"c"}"#)).unwrap().id.as_str()), (AfterLoss::Repeat, "c"));
    }

    #[test]
    fn who_is_not_there_is_told_from_what_is_not_allowed() {
        assert_eq!(CHAT.refusal(&problem(404, "NotFound", "")), Some(ChatRefusal::NotFound));
        assert_eq!(
            CHAT.refusal(&problem(403, "Forbidden", "Missing scope permissions on the request.")),
            Some(ChatRefusal::MissingPermission)
        );
        assert!(common().iter().all(|problem| CHAT.refusal(problem).is_none()));
    }
}
