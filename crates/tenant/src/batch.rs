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
