//! Teams chats: `POST /chats` and `POST /chats/{id}/messages`.
//! <https://learn.microsoft.com/graph/api/chat-post>, <https://learn.microsoft.com/graph/api/chat-post-messages>

use super::directory::Person;
use super::graph_api::{Handled, refusal};
use super::{Tenant, json_reply, payload};
use graph::{Reply, Request};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use time::Moment;

/// What was said to somebody, as `GET /_tenant/chats.json` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChatMessage {
    pub from: String,
    /// Sign-in name.
    pub to: String,
    pub html: String,
    /// ISO 8601.
    pub at: String,
}

#[derive(Clone, Default)]
pub(super) struct Chats {
    /// The other's sign-in name, by the chat's id.
    open: BTreeMap<String, String>,
    said: Vec<ChatMessage>,
}

impl Chats {
    pub(super) fn said(&self) -> &[ChatMessage] {
        &self.said
    }
}

impl Tenant {
    pub(super) fn open_chat(&mut self, me: &Person, request: &Request) -> Handled {
        let body = match payload::read(request, &payload::CHAT) {
            Ok(body) => body,
            Err(refused) => return refused.into(),
        };
        // The members' declared type is abstract, so each has to say which it is: learn.microsoft.com/graph/api/chat-post.
        let is_typed = |member: &Value| member["@odata.type"] == "#microsoft.graph.aadUserConversationMember";
        if !body["members"].as_array().is_some_and(|members| members.iter().all(is_typed)) {
            return refusal(400, "BadRequest", "Each member of a chat needs the type microsoft.graph.aadUserConversationMember.").into();
        }
        let bound = |member: &Value| {
            let link = member["user@odata.bind"].as_str()?.strip_prefix(&format!("{}/v1.0/users(", self.origins.graph))?.to_owned();
            Some(link.trim_end_matches(')').trim_matches('\'').to_owned())
        };
        let names: Vec<String> = body["members"].as_array().into_iter().flatten().filter_map(bound).collect();
        let member = |name: &String| {
            let is_meant = |person: &&Arc<Person>| person.id == *name || person.owns(name);
            self.directory.known_as(name).find(|person| is_meant(person) && !person.is_deleted() && !person.is_guest())
        };
        let people: Option<Vec<&Arc<Person>>> = names.iter().map(member).collect();
        match people.as_deref() {
            Some([one, other]) if body["chatType"] == "oneOnOne" && one.id != other.id && (one.id == me.id || other.id == me.id) => {
                let other = if one.id == me.id { other } else { one };
                let id = format!("19:{}_{}@unq.gbl.spaces", me.id, other.id);
                let name = other.user_principal_name.clone();
                self.chats.open.insert(id.clone(), name);
                json_reply(201, &json!({"@odata.context": self.context("chats/$entity"), "id": id, "chatType": "oneOnOne"})).into()
            }
            Some([_, _]) => refusal(400, "BadRequest", "A oneOnOne chat has two different members, the caller among them.").into(),
            _ => refusal(404, "NotFound", "A member of the chat was not found in the tenant.").into(),
        }
    }

    pub(super) fn send_message(&mut self, me: &Person, chat: &str, request: &Request, now: Moment) -> Reply {
        let body = match payload::read(request, &payload::CHAT_MESSAGE) {
            Ok(body) => body,
            Err(refused) => return refused,
        };
        let to = if chat == "48:notes" { Some(me.user_principal_name.clone()) } else { self.chats.open.get(chat).cloned() };
        let Some(to) = to else { return refusal(404, "NotFound", "The chat was not found.") };
        // Softeria/ms-365-mcp-server #129.
        let Some(html) = body["body"]["content"].as_str() else { return refusal(400, "BadRequest", "Missing body content") };
        self.chats.said.push(ChatMessage { from: me.user_principal_name.clone(), to, html: html.into(), at: now.iso() });
        json_reply(201, &json!({"id": self.chats.said.len().to_string(), "messageType": "message"}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, asked, request, tenant};
    use graph::Method;

    fn chat(names: &[&str], kind: &str) -> Value {
        let member = |name: &&str| {
            json!({"@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": ["owner"],
                "user@odata.bind": format!("http://graph/v1.0/users('{name}')")})
        };
        json!({"chatType": kind, "members": names.iter().map(member).collect::<Vec<_>>()})
    }

    fn opened(tenant: &mut Tenant, body: &Value) -> (u16, Value) {
        asked(tenant, &request(Method::Post, "/chats", Some(body)), NOW)
    }

    #[test]
    fn a_chat_has_two_members_of_the_tenant_the_caller_among_them() {
        let mut tenant = tenant("guest-inviter", &["Chat.Create"]);
        let mut check =
            |names: &[&str], kind: &str, status: u16| assert_eq!(opened(&mut tenant, &chat(names, kind)).0, status, "{names:?} {kind}");
        let (me, other) = ("guest-inviter@contoso.example", "member@contoso.example");
        check(&[me, other], "oneOnOne", 201);
        check(&[other, me], "oneOnOne", 201);
        check(&[me, other], "group", 400);
        check(&[me, me], "oneOnOne", 400);
        check(&[other, "user-admin@contoso.example"], "oneOnOne", 400);
        check(&[me], "oneOnOne", 404);
        check(&[me, "nobody@contoso.example"], "oneOnOne", 404);
        check(&[me, "grace@fabrikam.example"], "oneOnOne", 404);
        check(&[me, "gone@fabrikam.example"], "oneOnOne", 404);
        let mut untyped = chat(&[me, other], "oneOnOne");
        untyped["members"][1]["@odata.type"] = json!("#microsoft.graph.conversationMember");
        assert_eq!(opened(&mut tenant, &untyped).0, 400);
        let id = |name: &str| tenant.directory.by_address(name).unwrap().id.clone();
        let by_id = chat(&[&id(me), &id(other)], "oneOnOne");
        assert_eq!(opened(&mut tenant, &by_id).0, 201);
    }

    #[test]
    fn a_message_goes_to_the_other_whoever_is_named_first() {
        let mut tenant = tenant("guest-inviter", &["Chat.Create", "ChatMessage.Send"]);
        let (me, other) = ("guest-inviter@contoso.example", "member@contoso.example");
        for names in [[me, other], [other, me]] {
            let id = opened(&mut tenant, &chat(&names, "oneOnOne")).1["id"].as_str().unwrap().to_owned();
            let message = json!({"body": {"contentType": "html", "content": "<p>Hi</p>"}});
            assert_eq!(asked(&mut tenant, &request(Method::Post, &format!("/chats/{id}/messages"), Some(&message)), NOW).0, 201);
            assert_eq!(asked(&mut tenant, &request(Method::Post, "/chats/48:notes/messages", Some(&message)), NOW).0, 201);
            assert_eq!(asked(&mut tenant, &request(Method::Post, "/chats/unknown/messages", Some(&message)), NOW).0, 404);
        }
        for empty in [json!({}), json!({"body": null}), json!({"body": {"contentType": "html", "content": null}})] {
            let (status, told) = asked(&mut tenant, &request(Method::Post, "/chats/48:notes/messages", Some(&empty)), NOW);
            assert_eq!((status, &told["error"]["message"]), (400, &json!("Missing body content")), "{empty}");
            assert_eq!(asked(&mut tenant, &request(Method::Post, "/chats/unknown/messages", Some(&empty)), NOW).0, 404);
        }
        let to: Vec<&str> = tenant.said().iter().map(|said| said.to.as_str()).collect();
        assert_eq!(to, [other, me, other, me]);
        let said = &tenant.said()[0];
        assert_eq!((said.from.as_str(), said.html.as_str(), &said.at), (me, "<p>Hi</p>", &NOW.iso()));
    }
}
