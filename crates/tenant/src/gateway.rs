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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, request, tenant};

    /// What comes of so many invitations, one after the other: statuses, 0 where nothing comes.
    fn statuses(turn: impl Fn(&mut Tenant), method: Method, path: &str, body: Option<&Value>) -> ([u16; 4], usize) {
        let mut tenant = tenant("guest-inviter", &["User.Read", "User.Invite.All"]);
        tenant.knobs.gateway = "502".into();
        turn(&mut tenant);
        let asked = request(method, path, body);
        let statuses = [(); 4].map(|()| tenant.answer(crate::Side::Graph, &asked, NOW).answer.map_or(0, |reply| reply.status));
        (statuses, tenant.outbox().len())
    }

    fn invitation() -> Value {
        json!({"invitedUserEmailAddress": "ada@x.example", "inviteRedirectUrl": "https://x.example/", "sendInvitationMessage": true})
    }

    #[test]
    fn so_many_answers_are_spoiled_after_so_many_requests() {
        let invited = |after: u32, times: u32, drops: bool| {
            let turn = |tenant: &mut Tenant| {
                (tenant.knobs.gateway_after, tenant.knobs.gateway_times, tenant.knobs.gateway_drops) = (after, times, drops)
            };
            statuses(turn, Method::Post, "/invitations", Some(&invitation()))
        };
        assert_eq!(invited(0, 0, false), ([502, 502, 502, 502], 4), "it is done all the same");
        assert_eq!(invited(0, 0, true), ([502, 502, 502, 502], 0));
        assert_eq!(invited(1, 2, true), ([201, 502, 502, 201], 2));
        assert_eq!(invited(2, 0, true), ([201, 201, 502, 502], 2));
        assert_eq!(
            statuses(|tenant| tenant.knobs.gateway = String::new(), Method::Post, "/invitations", Some(&invitation())),
            ([201; 4], 4)
        );
    }

    #[test]
    fn what_only_reads_passes_unless_the_knob_says_otherwise() {
        let batch = |method: &str, url: &str| json!({"requests": [{"id": "1", "method": method, "url": url}]});
        let read = |reads: bool, body: Option<&Value>| {
            let (method, path) = if body.is_some() { (Method::Post, "/$batch") } else { (Method::Get, "/me") };
            statuses(|tenant| tenant.knobs.gateway_reads = reads, method, path, body).0[0]
        };
        assert_eq!((read(false, None), read(true, None)), (200, 502));
        let (reading, writing) = (batch("GET", "/me"), batch("POST", "/invitations"));
        assert_eq!((read(false, Some(&reading)), read(true, Some(&reading)), read(false, Some(&writing))), (200, 502, 502));
    }

    #[test]
    fn a_gateway_speaks_for_itself_or_in_graphs_words() {
        let told = |how: &str| {
            let mut tenant = tenant("guest-inviter", &["User.Invite.All"]);
            tenant.knobs.gateway = how.into();
            let done = tenant.answer(crate::Side::Graph, &request(Method::Post, "/invitations", Some(&invitation())), NOW);
            (done.answer.map(|reply| (reply.status, reply.body)), done.after)
        };
        let code = |how: &str| serde_json::from_str::<Value>(&told(how).0.unwrap().1).unwrap()["error"]["code"].clone();
        assert_eq!((code("429 own"), code("503 own")), (json!("TooManyRequests"), json!("ServiceUnavailable")));
        assert_eq!(told("502 empty").0, Ok((502, String::new())));
        assert!(told("503").0.unwrap().1.contains("<h1>503</h1>"));
        assert_eq!((told("cut"), told("silent")), ((Err(Unreached::Lost), Millis(0)), (Err(Unreached::Lost), NEVER)));
    }

    #[test]
    fn items_of_a_batch_are_spoiled_one_by_one() {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All"]);
        let items = json!({"requests": [{"id": "a", "method": "POST", "url": "/invitations"}, {"id": "b", "method": "GET", "url": "/me"}]});
        let mut told = |how: &str| {
            tenant.knobs.gateway = how.into();
            let reply = tenant.answer(crate::Side::Graph, &request(Method::Post, "/$batch", Some(&items)), NOW).answer.unwrap();
            (reply.status, serde_json::from_str::<Value>(&reply.body).unwrap_or_default())
        };
        let (status, body) = told("item 504 empty");
        assert_eq!(
            (status, &body),
            (200, &json!({"responses": [{"id": "a", "status": 504, "headers": {}}, {"id": "b", "status": 504, "headers": {}}]}))
        );
        let page = told("item 504").1["responses"][0]["body"].clone();
        assert!(page.as_str().is_some_and(|page| page.contains("504")), "{page}");
        assert_eq!(told("504").0, 504);
    }
}
