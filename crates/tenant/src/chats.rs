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
        let (Some(to), Some(html)) = (to, body["body"]["content"].as_str()) else {
            return refusal(404, "NotFound", "The chat was not found.");
        };
        self.chats.said.push(ChatMessage { from: me.user_principal_name.clone(), to, html: html.into(), at: now.iso() });
        json_reply(201, &json!({"id": self.chats.said.len().to_string(), "messageType": "message"}))
    }
}
