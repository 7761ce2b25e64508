//! Microsoft Graph v1.0: who may ask what. What is read stands in `reads.rs`, inviting in `invitations.rs`.

use super::directory::Person;
use super::query::{Queried, Query};
use super::resources::{GraphCall, GraphRoute, Service};
use super::sign_in::step_up_claims;
use super::{Side, Tenant, TimedResponse, json_reply, split};
use base64::Engine;
use graph::{Answer, Headers, Method, Reply, Request};
use serde_json::{Value, json};
use std::sync::Arc;
use time::{Millis, Moment};

/// Graph's application id. Its challenges name it: dotnet/dev-proxy and field traces of `WWW-Authenticate`.
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
/// <https://learn.microsoft.com/graph/json-batching>, the sample answer's 405.
pub(super) const NOT_ALLOWED: &str = "Specified HTTP method is not allowed for the request target.";
const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// Who asks: the person and the permissions of the token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) id: String,
    pub(super) scopes: Vec<String>,
    /// The token came from a sign-in that answered a claims challenge.
    pub(super) stepped_up: bool,
}

/// What one request did, before the headers of the response are added.
pub(super) struct Handled {
    pub(super) answer: Answer,
    pub(super) after: Millis,
}

impl From<Reply> for Handled {
    fn from(reply: Reply) -> Self {
        Self { answer: Ok(reply), after: Millis(0) }
    }
}

impl From<Result<Reply, Reply>> for Handled {
    fn from(reply: Result<Reply, Reply>) -> Self {
        let (Ok(reply) | Err(reply)) = reply;
        reply.into()
    }
}

impl Tenant {
    pub(super) fn graph_origin(&mut self, request: &Request, now: Moment) -> TimedResponse {
        if let Some(path) = request.path.strip_prefix("/v1.0") {
            let inner = Request { path: path.into(), ..request.clone() };
            let mut done = if request.method == Method::Options { preflight(request).into() } else { self.past_gateway(&inner, now) };
            done.after = done.after + Millis(i64::from(self.knobs.latency_ms));
            let answer = done.answer.map(|reply| self.with_response_headers(reply, request, now));
            return TimedResponse { answer, after: done.after };
        }
        TimedResponse { answer: Ok(self.rooms(Side::Graph, request, now)), after: Millis(0) }
    }

    pub(super) fn graph(&mut self, request: &Request, now: Moment) -> Handled {
        let caller = match self.sign_in.caller(request.headers.get("Authorization"), now) {
            Ok(caller) => caller,
            Err(message) => {
                let reply = self.unauthorized(message, "");
                self.note(request, &Ok(reply.clone()), now);
                return reply.into();
            }
        };
        if split(&request.path).0.eq_ignore_ascii_case("/$batch") && request.method == Method::Post {
            return self.batch(&caller, request, now);
        }
        self.one(&caller, request, now)
    }

    /// One request, alone or in a batch.
    pub(super) fn one(&mut self, caller: &Caller, request: &Request, now: Moment) -> Handled {
        let mut done = self.route(caller, request, now).unwrap_or_else(Handled::from);
        if let Ok(reply) = &mut done.answer {
            in_format(reply, request.headers.get("Accept").unwrap_or_default());
        }
        self.note(request, &done.answer, now);
        done
    }

    /// # Errors
    /// The refusal, where it is found before anything is done.
    fn route(&mut self, caller: &Caller, request: &Request, now: Moment) -> Result<Handled, Reply> {
        let me = self.directory.by_id(&caller.id).filter(|me| !me.is_deleted()).cloned();
        self.route_for(me, caller, request, now)
    }

    /// As somebody who need not be in the directory: at My Access people from outside ask before they are.
    ///
    /// # Errors
    /// As [`Self::route`].
    pub(super) fn route_for(&mut self, me: Option<Arc<Person>>, caller: &Caller, request: &Request, now: Moment) -> Result<Handled, Reply> {
        let (path, pairs) = split(&request.path);
        let (route, ids) = GraphRoute::find(path)?;
        // GET /invitations is in the schema but not implemented: 404 with HTML (msgraph-sdk-powershell #262).
        if route.pattern == "invitations" && request.method == Method::Get {
            return Err(html_404());
        }
        let call = route.call(request, path)?;
        let queried = Queried { name: &format!("{} {}", route.pattern, ids.join(" ")), options: call.options, kind: route.kind };
        let query = Query::read(&pairs, &request.headers, &queried)?;
        if !caller.has_any(call.scopes) {
            return Err(route.without_permission());
        }
        if self.knobs.step_up && !caller.stepped_up && request.method != Method::Get {
            let claims = base64::engine::general_purpose::STANDARD.encode(step_up_claims().to_string());
            let proof = format!(", error=\"insufficient_claims\", claims=\"{claims}\"");
            return Err(self.unauthorized("TokenCreatedWithOutdatedPolicies", &proof));
        }
        let Some(me) = me else {
            return Err(self.unauthorized("The user no longer exists.", ""));
        };
        match route.service {
            Service::Directory if me.is_guest() => Err(insufficient()),
            Service::Entitlement if !self.knobs.governance_licensed => Err(route.without_permission()),
            _ => Ok((call.handler)(self, &GraphCall { me, caller, ids, query, kind: route.kind, request, now })),
        }
    }

    /// 401 with a challenge, as RFC 9110, 11.6.1 asks for; `proof` is what has to be proved before anything is written.
    /// <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
    fn unauthorized(&self, message: &str, proof: &str) -> Reply {
        let mut reply = refusal(401, "InvalidAuthenticationToken", message);
        let identity = &self.origins.identity;
        let words = format!("Bearer realm=\"\", authorization_uri=\"{identity}/common/oauth2/authorize\", client_id=\"{GRAPH_ID}\"{proof}");
        reply.headers = reply.headers.with("WWW-Authenticate", words);
        reply
    }

    /// A refusal with the ids and the time that are its own. <https://learn.microsoft.com/graph/errors>
    pub(super) fn identified(&mut self, mut reply: Reply, id: Option<&str>, client: Option<&str>, now: Moment) -> Reply {
        let id = id.map_or_else(|| self.ids.guid(), Into::into);
        if let Ok(mut body) = serde_json::from_str::<Value>(&reply.body)
            && body["error"].is_object()
        {
            // Without a zone: the samples of learn.microsoft.com/graph/errors.
            let date = now.iso();
            let date = date.split(['.', 'Z']).next().unwrap_or_default();
            body["error"]["innerError"] = json!({"date": date, "request-id": id, "client-request-id": client.unwrap_or(&id)});
            reply.body = body.to_string();
        }
        reply
    }

    /// Ids on every answer, and what browsers may read. The list of exposed headers is Dev Proxy's imitation of Graph:
    /// dotnet/dev-proxy @ 2c616405, DevProxy.Abstractions/Utils/ProxyUtils.cs.
    fn with_response_headers(&mut self, mut reply: Reply, request: &Request, now: Moment) -> Reply {
        let mut exposed = "ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, \
            ReadWriteConsistencyToken, SdkVersion, WWW-Authenticate, x-ms-client-gcc-tenant"
            .to_owned();
        if self.knobs.expose_retry_after {
            exposed.push_str(", Retry-After");
        }
        let id = self.ids.guid();
        if reply.status >= 400 {
            reply = self.identified(reply, Some(&id), request.headers.get("client-request-id"), now);
        }
        reply.headers = reply.headers.with("request-id", id).with("Access-Control-Allow-Origin", "*");
        reply.headers = reply.headers.with("Access-Control-Expose-Headers", exposed);
        if let Some(id) = request.headers.get("client-request-id") {
            reply.headers = reply.headers.with("client-request-id", id);
        }
        reply
    }
}

impl Caller {
    /// Whether the token carries one of these permissions.
    pub(super) fn has_any(&self, scopes: &[&str]) -> bool {
        scopes.iter().any(|scope| self.scopes.iter().any(|granted| granted.eq_ignore_ascii_case(scope)))
    }
}

/// Content-Type and annotations as `Accept` asks for them: `odata.metadata=none` leaves out all but links and numbers.
/// <https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_ControllingtheAmountofControlInforma>
fn in_format(reply: &mut Reply, accept: &str) {
    let Some((_, kind)) = reply.headers.0.iter_mut().find(|(name, kind)| name == "Content-Type" && kind == "application/json") else {
        return;
    };
    if reply.status >= 400 {
        return;
    }
    *kind = JSON.to_owned();
    if accept.to_ascii_lowercase().replace(' ', "").contains("odata.metadata=none") {
        *kind = JSON.replace("minimal", "none");
        let mut body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
        without_annotations(&mut body);
        reply.body = body.to_string();
    }
}

fn without_annotations(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !name.contains("@odata.") || name == "@odata.nextLink" || name == "@odata.count");
            members.values_mut().for_each(without_annotations);
        }
        Value::Array(values) => values.iter_mut().for_each(without_annotations),
        _ => {}
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

fn html_404() -> Reply {
    let headers = Headers::default().with("Content-Type", "text/html");
    Reply { status: 404, headers, body: "<html><body>404 - File or directory not found.</body></html>".into() }
}

pub(super) fn refusal(status: u16, code: &str, message: &str) -> Reply {
    json_reply(status, &json!({"error": {"code": code, "message": message, "innerError": {}}}))
}

pub(super) fn insufficient() -> Reply {
    refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, asked, request, tenant};

    #[test]
    fn a_guest_sees_nobody_and_keeps_what_is_their_own() {
        let mut tenant = tenant("guest-inviter", &["User.Read", "User.Read.All"]);
        let grace = tenant.directory.by_address("grace@fabrikam.example").unwrap().id.clone();
        let statuses = |tenant: &mut Tenant| {
            ["/users", "/users/$count", "/me"].map(|path| {
                let mut question = request(Method::Get, path, None);
                question.headers = question.headers.with("ConsistencyLevel", "eventual");
                asked(tenant, &question, NOW).0
            })
        };
        assert_eq!(statuses(&mut tenant), [200, 200, 200]);
        for (caller, _) in tenant.sign_in.access.values_mut() {
            caller.id.clone_from(&grace);
        }
        assert_eq!(statuses(&mut tenant), [403, 403, 200]);
    }

    #[test]
    fn answers_without_metadata_have_none_at_any_depth() {
        let mut tenant = tenant("guest-inviter", &["User.Read"]);
        let mut question = request(Method::Get, "/me/memberOf?$top=1", None);
        let (_, full) = asked(&mut tenant, &question, NOW);
        assert_eq!(full["value"][0]["@odata.type"], "#microsoft.graph.directoryRole");
        question.headers = question.headers.with("Accept", "application/json; odata.metadata=none");
        let (_, bare) = asked(&mut tenant, &question, NOW);
        assert_eq!((bare.get("@odata.context"), bare["value"][0].get("@odata.type")), (None, None));
        assert_eq!(bare["value"][0]["displayName"], full["value"][0]["displayName"]);
        let cast = asked(&mut tenant, &request(Method::Get, "/me/memberOf/graph.directoryRole", None), NOW).1;
        assert_eq!(cast["value"][0].get("@odata.type"), None);
    }

    #[test]
    fn every_page_leads_to_the_next_until_all_were_seen() {
        let mut tenant = tenant("guest-inviter", &["User.Read.All"]);
        let all = asked(&mut tenant, &request(Method::Get, "/users?$select=id", None), NOW).1["value"].as_array().unwrap().len();
        let (mut path, mut pages) = ("/users?$select=id&$top=2".to_owned(), 0);
        loop {
            let (status, body) = asked(&mut tenant, &request(Method::Get, &path, None), NOW);
            assert_eq!(status, 200, "{body}");
            pages += 1;
            let Some(next) = body["@odata.nextLink"].as_str() else { break };
            path = next.strip_prefix("http://graph/v1.0").unwrap().to_owned();
        }
        assert_eq!(pages, all.div_ceil(2));
    }
}
