//! A gateway in front of Graph that spoils answers: the request may have been carried out all the same.
//!
//! The knob `gateway` says how: a status, with `empty` for no body or `own` for an error in Graph's own JSON, else the
//! gateway's own page in HTML; `item` says it of each writing item of a batch instead of the batch as a whole; `cut` breaks the
//! connection; `silent` never answers.

use super::graph_api::{Handled, refusal};
use super::{NEVER, Tenant, json_reply};
use graph::{Headers, Method, Reply, Request, Unreached};
use serde_json::{Value, json};
use time::{Millis, Moment};

/// Remembers how many requests it has seen.
#[derive(Clone, Default)]
pub(super) struct Gateway {
    seen: u32,
}

impl Tenant {
    /// Graph, as it is reached through the gateway.
    pub(super) fn past_gateway(&mut self, request: &Request, now: Moment) -> Handled {
        if self.knobs.gateway.is_empty() || !(self.knobs.gateway_reads || writes(request)) {
            return self.graph(request, now);
        }
        self.gateway.seen += 1;
        let (seen, after, times) = (self.gateway.seen, self.knobs.gateway_after, self.knobs.gateway_times);
        if seen <= after || times > 0 && seen - after > times {
            return self.graph(request, now);
        }
        let done = if self.knobs.gateway_drops { None } else { Some(self.graph(request, now)) };
        spoiled(&self.knobs.gateway, request, done)
    }
}

fn writes(request: &Request) -> bool {
    let method_writes = |item: &Value| item["method"].as_str().and_then(Method::parse).is_some_and(Method::writes);
    match items(request) {
        Some(items) => items.iter().any(method_writes),
        None => request.method.writes(),
    }
}

/// The items of a batch; `None` when it is none.
fn items(request: &Request) -> Option<Vec<Value>> {
    let body: Value = serde_json::from_str(request.body.as_deref().filter(|_| request.path == "/$batch")?).ok()?;
    body["requests"].as_array().cloned()
}

fn spoiled(how: &str, request: &Request, done: Option<Handled>) -> Handled {
    let says = |word: &str| how.split_whitespace().any(|own| own == word);
    let after = done.as_ref().map_or(Millis(0), |done| done.after);
    if says("silent") {
        return Handled { answer: Err(Unreached::Lost), after: NEVER };
    }
    if says("cut") {
        return Handled { answer: Err(Unreached::Lost), after };
    }
    let status = how.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(503);
    let reply = match () {
        () if says("own") => refusal(status, if status == 429 { "TooManyRequests" } else { "ServiceUnavailable" }, "Please retry later."),
        () if says("empty") => Reply { status, headers: Headers::default(), body: String::new() },
        () => page(status),
    };
    match items(request).filter(|_| says("item")) {
        Some(items) => {
            let responses: Vec<Value> = items.iter().map(|item| response(&item["id"], &reply)).collect();
            Handled { answer: Ok(json_reply(200, &json!({ "responses": responses }))), after }
        }
        None => Handled { answer: Ok(reply), after },
    }
}

fn response(id: &Value, reply: &Reply) -> Value {
    let mut response = json!({"id": id, "status": reply.status, "headers": {}});
    if !reply.body.is_empty() {
        response["body"] = serde_json::from_str(&reply.body).unwrap_or_else(|_| json!(reply.body));
    }
    response
}

/// What a gateway says of its own.
pub(super) fn page(status: u16) -> Reply {
    let mut headers = Headers::default().with("Content-Type", "text/html");
    if (300..400).contains(&status) {
        headers = headers.with("Location", "/elsewhere");
    }
    Reply { status, headers, body: format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>") }
}
