//! `POST /$batch`: up to twenty requests in one. <https://learn.microsoft.com/graph/json-batching>
//!
//! What is wrong with the batch itself refuses all of it, before anything is done; then each item is judged alone.

use super::graph_api::{Caller, Handled, refusal};
use super::{Tenant, payload};
use graph::{Headers, Method, Reply, Request, Unreached};
use json::{Members, Raw, text};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use time::{Millis, Moment};

const MOST: usize = 20;

#[derive(Deserialize)]
struct BatchRequest {
    requests: Vec<Asked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    id: Option<String>,
    method: Option<String>,
    url: Option<String>,
    #[serde(default)]
    depends_on: Option<Vec<String>>,
    #[serde(default)]
    headers: Option<Members>,
    body: Option<Raw>,
}

/// An item that can be carried out.
struct ValidItem {
    id: String,
    depends_on: Vec<String>,
    /// `None`: a method of HTTP that nothing here has.
    request: Option<Request>,
}

#[derive(Serialize)]
struct BatchReplies {
    responses: Vec<BatchReply>,
}

#[derive(Serialize)]
struct BatchReply {
    id: String,
    status: u16,
    headers: BTreeMap<String, String>,
    body: Option<Raw>,
}

impl Tenant {
    pub(super) fn batch(&mut self, caller: &Caller, request: &Request, now: Moment) -> Handled {
        let items = match read(request) {
            Ok(items) => items,
            Err(reply) => return reply.into(),
        };
        let mut responses: Vec<BatchReply> = Vec::new();
        let (mut after, mut cut) = (Millis(0), false);
        for ValidItem { id, depends_on, request: item } in items {
            let failed = |on: &String| responses.iter().any(|done| done.id.eq_ignore_ascii_case(on) && done.status >= 400);
            let own_id = item.as_ref().and_then(|item| item.headers.get("client-request-id")).or(request.headers.get("client-request-id"));
            let own_id = own_id.map(str::to_owned);
            let done: Handled = match item {
                _ if depends_on.iter().any(failed) => refusal(424, "FailedDependency", "A dependency failed.").into(),
                None => refusal(405, "Request_BadRequest", super::graph_api::NOT_ALLOWED).into(),
                Some(item) => self.one(caller, &item, now),
            };
            after = after.max(done.after);
            match done.answer {
                // The others are done all the same: only the way back is cut.
                Err(_) => cut = true,
                Ok(reply) => {
                    let reply = if reply.status >= 400 { self.identified(reply, None, own_id.as_deref(), now) } else { reply };
                    responses.push(BatchReply::from_reply(id, &reply));
                }
            }
        }
        if cut {
            return Handled { answer: Err(Unreached::Lost), after };
        }
        // Answers come in any order.
        responses.reverse();
        let body = serde_json::to_string(&BatchReplies { responses }).unwrap_or_default();
        let headers = Headers::default().with("Content-Type", "application/json").with("Cache-Control", "no-store");
        Handled { answer: Ok(Reply { status: 200, headers, body }), after }
    }
}

/// # Errors
/// 400 when the batch as a whole is refused.
fn read(request: &Request) -> Result<Vec<ValidItem>, Reply> {
    let bad = |words: &str| refusal(400, "BadRequest", words);
    let batch = request.body.as_deref().filter(|_| payload::is_json(request)).and_then(|body| serde_json::from_str(body).ok());
    let Some(BatchRequest { requests }) = batch else { return Err(bad("Invalid batch payload format.")) };
    // OfficeDev/microsoft-teams-apps-company-communicator #337: an empty batch is refused.
    if requests.is_empty() {
        return Err(bad("Invalid batch payload format."));
    }
    if requests.len() > MOST {
        return Err(bad("Number of batch request steps exceeds the maximum value of 20."));
    }
    let is_sequential = requests.iter().skip(1).any(|asked| asked.depends_on.as_ref().is_some_and(|on| !on.is_empty()));
    let mut items: Vec<ValidItem> = Vec::new();
    for asked in requests {
        let (Some(id), Some(method), Some(url)) = (asked.id, asked.method, asked.url) else {
            return Err(bad("A batch item needs id, method and url."));
        };
        if items.iter().any(|item| item.id.eq_ignore_ascii_case(&id)) {
            return Err(bad("Request Id has to be unique in a batch."));
        }
        let method = method.to_ascii_uppercase();
        let parsed = Method::parse(&method).filter(|method| *method != Method::Options);
        if parsed.is_none() && !["PUT", "HEAD"].contains(&method.as_str()) {
            return Err(bad("A batch item needs id, method and url."));
        }
        let headers = asked.headers.unwrap_or_default().0.into_iter().filter_map(|(name, value)| Some((name, text(&value)?)));
        let headers = Headers(headers.collect());
        // Softeria/ms-365-mcp-server #677, msgraph-sdk-dotnet #2628: one write without a body or a Content-Type refuses all.
        let needs_body = ["POST", "PATCH", "PUT"].contains(&method.as_str());
        if headers.get("Content-Type").is_none() && (needs_body || asked.body.is_some()) || needs_body && asked.body.is_none() {
            return Err(bad(&format!("Write request id : {id} does not contain Content-Type header or body.")));
        }
        let depends_on = asked.depends_on.unwrap_or_default();
        // msgraph-sdk-dotnet-core #891: whom an item waits for stands before it.
        if depends_on.iter().any(|on| items.iter().all(|item| !item.id.eq_ignore_ascii_case(on))) {
            return Err(bad(&format!("Invalid dependency for request Id: {id}.")));
        }
        // microsoft-graph-docs #16280.
        if let Some(before) = items.last().filter(|_| is_sequential)
            && !matches!(depends_on.as_slice(), [one] if one.eq_ignore_ascii_case(&before.id))
        {
            return Err(bad("Batch should be either fully sequential or fully parallel."));
        }
        let mut inner = parsed.map(|method| {
            let body = asked.body.map(|body| body.get().to_owned());
            Request { method, path: format!("/{}", url.trim_start_matches('/')), headers, body }
        });
        if let Some(inner) = inner.as_mut().filter(|inner| !payload::is_json(inner)) {
            // What is no JSON travels as a string.
            inner.body = inner.body.take().map(|body| serde_json::from_str(&body).unwrap_or(body));
        }
        items.push(ValidItem { id, depends_on, request: inner });
    }
    Ok(items)
}

impl BatchReply {
    fn from_reply(id: String, reply: &Reply) -> Self {
        // Header names come in lower case here: https://learn.microsoft.com/graph/json-batching#sample
        let headers = reply.headers.0.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        let body = RawValue::from_string(reply.body.clone()).or_else(|_| RawValue::from_string(serde_json::json!(reply.body).to_string()));
        let body = if reply.body.is_empty() { None } else { body.ok() };
        Self { id, status: reply.status, headers, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, asked, request, tenant};
    use serde_json::{Value, json};

    fn sent(items: &[Value]) -> (u16, Value) {
        let mut tenant = tenant("guest-inviter", &["User.Read", "User.Invite.All"]);
        asked(&mut tenant, &request(Method::Post, "/$batch", Some(&json!({"requests": items}))), NOW)
    }

    fn me(id: &str) -> Value {
        json!({"id": id, "method": "GET", "url": "/me"})
    }

    /// Ids and statuses, in the order of the ids.
    fn statuses(items: &[Value]) -> Vec<(String, u64)> {
        let (status, body) = sent(items);
        assert_eq!(status, 200, "{body}");
        let responses = body["responses"].as_array().unwrap().iter();
        let mut all: Vec<_> = responses.map(|one| (one["id"].as_str().unwrap().to_owned(), one["status"].as_u64().unwrap())).collect();
        all.sort();
        all
    }

    #[test]
    fn a_batch_holds_one_to_twenty_requests_with_ids_of_their_own() {
        let many = |count: usize| sent(&(0..count).map(|number| me(&number.to_string())).collect::<Vec<_>>()).0;
        assert_eq!((many(0), many(1), many(20), many(21)), (400, 200, 200, 400));
        assert_eq!(sent(&[me("1"), me("1")]).0, 400);
        for missing in ["id", "method", "url"] {
            let mut item = me("1");
            item.as_object_mut().unwrap().remove(missing);
            assert_eq!(sent(&[item]).0, 400, "{missing}");
        }
    }

    #[test]
    fn what_depends_on_a_failure_is_not_done() {
        let after = |id: &str, on: &str| json!({"id": id, "method": "GET", "url": "/me", "dependsOn": [on]});
        let nowhere = json!({"id": "1", "method": "GET", "url": "/nowhere"});
        let told = |all: &[(&str, u64)]| all.iter().map(|(id, status)| ((*id).to_owned(), *status)).collect::<Vec<_>>();
        assert_eq!(statuses(&[nowhere, after("2", "1"), after("3", "2")]), told(&[("1", 400), ("2", 424), ("3", 424)]));
        assert_eq!(statuses(&[me("1"), after("2", "1")]), told(&[("1", 200), ("2", 200)]));
        assert_eq!(statuses(&[me("1"), json!({"id": "2", "method": "head", "url": "/me"})]), told(&[("1", 200), ("2", 405)]));
    }

    #[test]
    fn a_refusal_in_a_batch_has_ids_of_its_own() {
        let (_, body) = sent(&[me("1"), json!({"id": "2", "method": "GET", "url": "/nowhere", "headers": {"client-request-id": "own"}})]);
        let one = |id: &str| body["responses"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone();
        assert_eq!(one("2")["body"]["error"]["innerError"]["client-request-id"], "own");
        assert_eq!(
            (&one("1")["body"]["userPrincipalName"], &one("1")["body"]["error"]),
            (&json!("guest-inviter@contoso.example"), &Value::Null)
        );
    }

    #[test]
    fn items_that_write_have_a_body_and_its_type() {
        let json_type = json!({"Content-Type": "application/json"});
        let is_taken = |method: &str, headers: &Value, body: Option<Value>| {
            let mut item = json!({"id": "1", "method": method, "url": "/me", "headers": headers});
            if let Some(body) = body {
                item["body"] = body;
            }
            sent(&[item]).0 == 200
        };
        for method in ["POST", "PATCH", "PUT"] {
            assert!(is_taken(method, &json_type, Some(json!({}))), "{method}");
            assert!(!is_taken(method, &json_type, None) && !is_taken(method, &json!({}), Some(json!({}))), "{method}");
        }
        assert!(is_taken("GET", &json!({}), None) && is_taken("GET", &json_type, None) && is_taken("GET", &json_type, Some(json!({}))));
        assert!(
            !is_taken("GET", &json!({}), Some(json!({}))) && !is_taken("OPTIONS", &json!({}), None) && !is_taken("BREW", &json!({}), None)
        );
    }

    #[test]
    fn a_batch_is_in_sequence_as_a_whole_or_not_at_all() {
        let check = |on: &[&[&str]], expected: u16| {
            let items: Vec<Value> = on
                .iter()
                .enumerate()
                .map(|(place, on)| json!({"id": place.to_string(), "method": "GET", "url": "/me", "dependsOn": on}))
                .collect();
            assert_eq!(sent(&items).0, expected, "{on:?}");
        };
        check(&[&[], &[], &[]], 200);
        check(&[&[], &["0"], &["1"]], 200);
        check(&[&[], &["0"], &[]], 400);
        check(&[&[], &["0"], &["0"]], 400);
        check(&[&[], &["0"], &["0", "1"]], 400);
        check(&[&[], &[], &["1"]], 400);
        check(&[&["1"], &[]], 400);
        check(&[&[], &["7"]], 400);
    }

    #[test]
    fn what_is_no_json_travels_as_a_string() {
        use base64::Engine;
        let text = "To: ada@x.example\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=\r\n--x--";
        let body = base64::engine::general_purpose::STANDARD.encode(text);
        let mut tenant = tenant("guest-inviter", &["Mail.Send"]);
        let item = json!({"id": "1", "method": "POST", "url": "/me/sendMail", "headers": {"Content-Type": "text/plain"}, "body": body});
        let (_, answer) = asked(&mut tenant, &request(Method::Post, "/$batch", Some(&json!({"requests": [item]}))), NOW);
        assert_eq!((&answer["responses"][0]["status"], tenant.outbox().len()), (&json!(202), 1), "{answer}");
        assert_eq!((tenant.outbox()[0].to.as_str(), tenant.outbox()[0].text.as_str()), ("ada@x.example", "Hi"));
    }
}
