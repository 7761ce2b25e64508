//! Microsoft Graph v1.0: who may ask what, and what is read. Inviting stands in `invitations.rs`.

use super::directory::Person;
use super::sign_in::step_up_claims;
use super::{Side, Tenant, Told, contoso, filter, json_reply, split, value};
use crate::graph::{Answer, Headers, Method, Reply, Request, Unreached};
use crate::json::{Members, Raw, text};
use crate::time::{Millis, Moment};
use base64::Engine;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Delegated scopes per path and method, any of which suffices.
/// microsoftgraph/microsoft-graph-devx-content @ 6cbd6bbd, permissions/new/permissions.json.
/// `deletedItems` is not in that file; learn.microsoft.com/graph/api/directory-deleteditems-list names User.Read.All.
const SCOPES: [(&str, Method, &[&str]); 13] = [
    ("/me", Method::Get, &["User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"]),
    ("/me/memberOf", Method::Get, &["User.Read", "Directory.Read.All", "GroupMember.Read.All"]),
    ("/me/transitiveMemberOf", Method::Get, &["User.Read", "User.Read.All", "Directory.Read.All", "GroupMember.Read.All"]),
    ("/organization", Method::Get, &["User.Read", "User.Read.All", "Organization.Read.All", "Directory.Read.All"]),
    ("/users", Method::Get, &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"]),
    ("/users/{id}", Method::Get, &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"]),
    ("/directory/deletedItems", Method::Get, &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"]),
    ("/contacts", Method::Get, &["OrgContact.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"]),
    ("/invitations", Method::Post, &["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]),
    ("/me/sendMail", Method::Post, &["Mail.Send"]),
    ("/me/messages", Method::Post, &["Mail.ReadWrite"]),
    ("/chats", Method::Post, &["Chat.Create", "Chat.ReadWrite"]),
    ("/chats/{id}/messages", Method::Post, &["ChatMessage.Send", "Chat.ReadWrite"]),
];

/// Who asks: the person and the permissions of the token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) id: String,
    pub(super) scopes: Vec<String>,
    /// The token came from a sign-in that answered a claims challenge.
    pub(super) stepped_up: bool,
}

/// What one request did, before it is dressed for the wire.
pub(super) struct Done {
    pub(super) answer: Answer,
    pub(super) after: Millis,
}

impl From<Reply> for Done {
    fn from(reply: Reply) -> Self {
        Self { answer: Ok(reply), after: Millis(0) }
    }
}

impl Tenant {
    pub(super) fn graph_origin(&mut self, request: &Request, now: Moment) -> Told {
        if let Some(path) = request.path.strip_prefix("/v1.0") {
            let inner = Request { path: path.into(), ..request.clone() };
            let mut done = if request.method == Method::Options { preflight(request).into() } else { self.past_gateway(&inner, now) };
            done.after = done.after + Millis(i64::from(self.knobs.latency_ms));
            let answer = done.answer.map(|reply| self.dressed(reply, request));
            return Told { answer, after: done.after };
        }
        Told { answer: Ok(self.rooms(Side::Graph, request, now)), after: Millis(0) }
    }

    pub(super) fn graph(&mut self, request: &Request, now: Moment) -> Done {
        let caller = match self.sign_in.caller(request.headers.get("Authorization"), now) {
            Ok(caller) => caller,
            Err(message) => {
                let reply = refusal(401, "InvalidAuthenticationToken", message);
                self.note(request, &Ok(reply.clone()), now);
                return reply.into();
            }
        };
        if split(&request.path).0 == "/$batch" && request.method == Method::Post {
            return self.batch(&caller, request, now);
        }
        self.one(&caller, request, now)
    }

    fn one(&mut self, caller: &Caller, request: &Request, now: Moment) -> Done {
        let done = self.route(caller, request, now);
        self.note(request, &done.answer, now);
        done
    }

    fn route(&mut self, caller: &Caller, request: &Request, now: Moment) -> Done {
        let (path, query) = split(&request.path);
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let template = match segments.as_slice() {
            ["me"] => "/me",
            ["me", "memberOf", ..] => "/me/memberOf",
            ["me", "transitiveMemberOf", ..] => "/me/transitiveMemberOf",
            ["me", "sendMail"] => "/me/sendMail",
            ["me", "messages"] => "/me/messages",
            ["chats"] => "/chats",
            ["chats", _, "messages"] => "/chats/{id}/messages",
            ["organization"] => "/organization",
            ["users"] => "/users",
            ["users", _] => "/users/{id}",
            ["directory", "deletedItems", "microsoft.graph.user"] => "/directory/deletedItems",
            ["contacts"] => "/contacts",
            // GET /invitations is in the schema but not implemented: 404 with HTML (msgraph-sdk-powershell #262).
            ["invitations"] if request.method == Method::Get => return html_404().into(),
            ["invitations"] => "/invitations",
            _ => return refusal(404, "Request_ResourceNotFound", "Resource not found for the segment.").into(),
        };
        let Some((_, _, enough)) = SCOPES.iter().find(|(path, method, _)| *path == template && *method == request.method) else {
            return refusal(405, "Request_BadRequest", "The method is not allowed for this resource.").into();
        };
        if !enough.iter().any(|scope| caller.scopes.iter().any(|granted| granted.eq_ignore_ascii_case(scope))) {
            let of_mailbox = matches!(template, "/me/sendMail" | "/me/messages");
            let (code, words) = if of_mailbox {
                ("ErrorAccessDenied", "Access is denied. Check credentials and try again.")
            } else {
                ("Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
            };
            return refusal(403, code, words).into();
        }
        if self.knobs.step_up && !caller.stepped_up && request.method != Method::Get {
            return self.challenge().into();
        }
        let Some(me) = self.directory.by_id(&caller.id).cloned() else {
            return refusal(401, "InvalidAuthenticationToken", "The user no longer exists.").into();
        };
        let select = value(&query, "$select");
        match segments.as_slice() {
            ["me"] => json_reply(200, &me.selected(select, false)).into(),
            ["me", what @ ("sendMail" | "messages")] => self.mail(&me, *what == "messages", request, now),
            ["chats"] => self.open_chat(&me, request),
            ["chats", chat, _] => self.say(&me, &percent_decoded(chat), request, now).into(),
            ["me", _, ..] => json_reply(200, &roles(&me)).into(),
            ["organization"] => json_reply(200, &organization()).into(),
            ["invitations"] => self.invite(&me, request, now),
            // A guest sees nobody: entra-docs docs/fundamentals/users-default-permissions.md
            _ if me.is_guest() => refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.").into(),
            ["users", id] => self.user(caller, &percent_decoded(id), select, now).into(),
            ["contacts"] => self.contacts(&query),
            ["users"] => self.list(caller, &query, false, request, now).into(),
            _ => self.list(caller, &query, true, request, now).into(),
        }
    }

    /// What has to be proved before anything is written. <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
    fn challenge(&self) -> Reply {
        let mut reply = refusal(401, "InvalidAuthenticationToken", "TokenCreatedWithOutdatedPolicies");
        let claims = base64::engine::general_purpose::STANDARD.encode(step_up_claims().to_string());
        let identity = &self.origins.identity;
        let words = format!(
            "Bearer realm=\"\", authorization_uri=\"{identity}/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"{claims}\""
        );
        reply.headers = reply.headers.with("WWW-Authenticate", words);
        reply
    }

    fn user(&self, caller: &Caller, id: &str, select: Option<&str>, now: Moment) -> Reply {
        let found = self
            .directory
            .known_as(id)
            .filter(|person| !person.deleted && person.visible_from <= now)
            .find(|person| person.id == id || person.user_principal_name.eq_ignore_ascii_case(id));
        match found {
            Some(person) => json_reply(200, &person.selected(select, only_basic(caller))),
            None => refusal(
                404,
                "Request_ResourceNotFound",
                &format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present."),
            ),
        }
    }

    fn contacts(&self, query: &[(String, String)]) -> Done {
        let mut found = Vec::new();
        for contact in contoso::contacts() {
            match value(query, "$filter").map_or(Ok(true), |filter| filter::fits(filter, &contact)) {
                Ok(true) => found.push(contact.selected(value(query, "$select"), true)),
                Ok(false) => {}
                Err(message) => return refusal(400, "Request_UnsupportedQuery", &message).into(),
            }
        }
        json_reply(200, &json!({"@odata.context": format!("{}/v1.0/$metadata#contacts", self.origins.graph), "value": found})).into()
    }

    fn list(&self, caller: &Caller, query: &[(String, String)], deleted: bool, request: &Request, now: Moment) -> Reply {
        if value(query, "$count").is_some() && request.headers.get("ConsistencyLevel") != Some("eventual") {
            return refusal(400, "Request_UnsupportedQuery", "$count is not currently supported without the ConsistencyLevel header.");
        }
        if value(query, "$skip").is_some() {
            return refusal(400, "Request_BadRequest", "The query specified in the URI is not valid: $skip is not supported.");
        }
        let filter = value(query, "$filter");
        let mut found = Vec::new();
        let people: Vec<&Arc<Person>> = match filter.and_then(filter::named) {
            Some(names) => {
                let mut named: Vec<&Arc<Person>> = Vec::new();
                for person in names.iter().flat_map(|name| self.directory.known_as(name)) {
                    if named.iter().all(|other| other.id != person.id) {
                        named.push(person);
                    }
                }
                named
            }
            None => self.directory.all().collect(),
        };
        for person in people.into_iter().filter(|person| person.deleted == deleted && person.visible_from <= now) {
            match filter.map_or(Ok(true), |filter| filter::fits(filter, person)) {
                Ok(true) => found.push(person.selected(value(query, "$select"), only_basic(caller))),
                Ok(false) => {}
                Err(message) => return refusal(400, "Request_UnsupportedQuery", &message),
            }
        }
        // Pages hold 100 by default, 999 at most; nextLink is opaque and ends the pages by its absence.
        let size = value(query, "$top").and_then(|top| top.parse().ok()).unwrap_or(100_usize).clamp(1, 999);
        let start = value(query, "$skiptoken").and_then(|token| token.parse().ok()).unwrap_or(0_usize);
        let page: Vec<Value> = found.iter().skip(start).take(size).cloned().collect();
        let mut body = json!({"@odata.context": format!("{}/v1.0/$metadata#users", self.origins.graph), "value": page});
        if start + size < found.len() {
            let mut next = url::form_urlencoded::Serializer::new(String::new());
            next.extend_pairs(query.iter().filter(|(name, _)| name != "$skiptoken"));
            next.append_pair("$skiptoken", &(start + size).to_string());
            body["@odata.nextLink"] = json!(format!("{}/v1.0/users?{}", self.origins.graph, next.finish()));
        }
        json_reply(200, &body)
    }

    /// <https://learn.microsoft.com/graph/json-batching>: at most 20 items with unique ids; each judged alone; a
    /// failed predecessor makes its dependants 424.
    fn batch(&mut self, caller: &Caller, request: &Request, now: Moment) -> Done {
        let Some(Batch { requests: items }) = request.body.as_deref().and_then(|body| serde_json::from_str(body).ok()) else {
            return refusal(400, "BadRequest", "Invalid batch payload format.").into();
        };
        if items.len() > 20 {
            return refusal(400, "BadRequest", "Number of batch request steps exceeds the maximum value of 20.").into();
        }
        let mut responses: Vec<Item> = Vec::new();
        let (mut after, mut cut) = (Millis(0), false);
        for item in items {
            let (Some(id), Some(method), Some(url)) = (item.id, item.method.as_deref().and_then(Method::parse), item.url) else {
                return refusal(400, "BadRequest", "A batch item needs id, method and url.").into();
            };
            let same = |response: &Item| response.id.eq_ignore_ascii_case(&id);
            if responses.iter().any(same) {
                return refusal(400, "BadRequest", "Request Id has to be unique in a batch.").into();
            }
            let blocked = item.depends_on.iter().any(|on| responses.iter().any(|done| done.id == *on && done.status >= 400));
            if blocked {
                responses.push(Item::of(id, &refusal(424, "FailedDependency", "A dependency failed.")));
                continue;
            }
            let headers = item.headers.0.into_iter().filter_map(|(name, value)| Some((name, text(&value)?)));
            let inner = Request {
                method,
                path: format!("/{}", url.trim_start_matches('/')),
                headers: Headers(headers.collect()),
                body: item.body.map(|body| body.get().to_owned()),
            };
            let done = self.one(caller, &inner, now);
            after = after.max(done.after);
            match done.answer {
                // The others are done all the same: only the way back is cut.
                Err(_) => cut = true,
                Ok(reply) => responses.push(Item::of(id, &reply)),
            }
        }
        if cut {
            return Done { answer: Err(Unreached::Lost), after };
        }
        // Answers come in any order.
        responses.reverse();
        let body = serde_json::to_string(&Responses { responses }).unwrap_or_default();
        let headers = Headers::default().with("Content-Type", "application/json").with("Cache-Control", "no-store");
        Done { answer: Ok(Reply { status: 200, headers, body }), after }
    }

    /// Ids on every answer, and what browsers may read. The list of exposed headers is Dev Proxy's imitation of Graph:
    /// dotnet/dev-proxy @ 2c616405, DevProxy.Abstractions/Utils/ProxyUtils.cs.
    fn dressed(&mut self, mut reply: Reply, request: &Request) -> Reply {
        let mut exposed = "ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, \
            ReadWriteConsistencyToken, SdkVersion, WWW-Authenticate, x-ms-client-gcc-tenant"
            .to_owned();
        if self.knobs.expose_retry_after {
            exposed.push_str(", Retry-After");
        }
        let id = self.mint.guid();
        if let (true, Ok(mut body)) = (reply.status >= 400, serde_json::from_str::<Value>(&reply.body)) {
            body["error"]["innerError"]["request-id"] = json!(id);
            body["error"]["innerError"]["client-request-id"] = json!(request.headers.get("client-request-id").unwrap_or(&id));
            reply.body = body.to_string();
        }
        reply.headers = reply.headers.with("request-id", id).with("Access-Control-Allow-Origin", "*");
        reply.headers = reply.headers.with("Access-Control-Expose-Headers", exposed);
        if let Some(id) = request.headers.get("client-request-id") {
            reply.headers = reply.headers.with("client-request-id", id);
        }
        reply
    }
}

/// <https://learn.microsoft.com/graph/json-batching>
#[derive(Deserialize)]
struct Batch {
    requests: Vec<Asked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    id: Option<String>,
    method: Option<String>,
    url: Option<String>,
    #[serde(default)]
    depends_on: Vec<String>,
    #[serde(default)]
    headers: Members,
    body: Option<Raw>,
}

#[derive(Serialize)]
struct Responses {
    responses: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    status: u16,
    headers: BTreeMap<String, String>,
    body: Option<Raw>,
}

impl Item {
    fn of(id: String, reply: &Reply) -> Self {
        // Header names come in lower case here: https://learn.microsoft.com/graph/json-batching#sample
        let headers = reply.headers.0.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        let body = if reply.status < 400 {
            RawValue::from_string(reply.body.clone()).unwrap_or_default()
        } else {
            let mut body: Value = serde_json::from_str(&reply.body).unwrap_or(Value::Null);
            if body.is_object() {
                body["error"]["innerError"]["request-id"] = json!(format!("batch-item-{id}"));
            }
            RawValue::from_string(body.to_string()).unwrap_or_default()
        };
        Self { id, status: reply.status, headers, body: Some(body) }
    }
}

fn preflight(request: &Request) -> Reply {
    let asked = request.headers.get("Access-Control-Request-Headers").unwrap_or("authorization");
    let headers = Headers::default()
        .with("Access-Control-Allow-Methods", "GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS")
        .with("Access-Control-Allow-Headers", asked)
        .with("Access-Control-Max-Age", "3600");
    Reply { status: 200, headers, body: String::new() }
}

fn only_basic(caller: &Caller) -> bool {
    let full = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
    !caller.scopes.iter().any(|scope| full.contains(&scope.as_str()))
}

fn roles(me: &Person) -> Value {
    let roles = me.roles.iter().map(|role| {
        json!({"@odata.type": "#microsoft.graph.directoryRole", "id": role.template, "displayName": role.name, "roleTemplateId": role.template})
    });
    json!({"value": roles.collect::<Vec<_>>()})
}

/// With `User.Read` Graph shows only these properties (learn.microsoft.com/graph/api/organization-list).
fn organization() -> Value {
    json!({"value": [{"id": contoso::TENANT_ID, "displayName": contoso::NAME, "verifiedDomains": [
        {"name": contoso::DOMAIN, "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email, OfficeCommunicationsOnline"},
        {"name": contoso::INITIAL_DOMAIN, "isDefault": false, "isInitial": true, "type": "Managed", "capabilities": "Email"},
    ]}]})
}

fn percent_decoded(segment: &str) -> String {
    // A `+` of a path is a plus, unlike in a form.
    url::form_urlencoded::parse(segment.replace('+', "%2B").as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

fn html_404() -> Reply {
    let headers = Headers::default().with("Content-Type", "text/html");
    Reply { status: 404, headers, body: "<html><body>404 - File or directory not found.</body></html>".into() }
}

pub(super) fn refusal(status: u16, code: &str, message: &str) -> Reply {
    json_reply(status, &json!({"error": {"code": code, "message": message, "innerError": {}}}))
}
