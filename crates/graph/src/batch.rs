//! Up to twenty requests in one. <https://learn.microsoft.com/graph/json-batching>

use super::{Answer, Headers, Problem, Reply, Request};
use json::{Members, Raw, text};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// More than this and the whole batch is refused.
pub const MOST: usize = 20;

#[derive(Serialize)]
struct BatchBody<'a> {
    requests: Vec<BatchItem<'a>>,
}

#[derive(Serialize)]
struct BatchItem<'a> {
    id: String,
    method: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "is_empty", serialize_with = "as_object")]
    headers: &'a Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
}

fn is_empty(headers: &&Headers) -> bool {
    headers.0.is_empty()
}

fn as_object<S: Serializer>(headers: &&Headers, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(headers.0.len()))?;
    for (name, value) in &headers.0 {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// One request that carries `requests`, at most [`MOST`], which is not checked; ids are their places. A body that is not JSON is left
/// out: messages of [`super::mail`] travel alone.
pub fn pack(requests: &[Request]) -> Request {
    let mut items = Vec::new();
    for (place, request) in requests.iter().enumerate() {
        let body = request.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        items.push(BatchItem {
            id: place.to_string(),
            method: request.method.as_str(),
            url: &request.path,
            headers: &request.headers,
            body,
        });
    }
    Request::post("/$batch", &BatchBody { requests: items })
}

#[derive(Deserialize)]
struct BatchResponses {
    responses: Vec<BatchResponse>,
}

#[derive(Deserialize)]
struct BatchResponse {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Members,
    body: Option<Raw>,
}

/// The answers in the order of the requests, matched by id, for `count` requests. An item that the batch does not answer comes back as
/// `None`: it may have been done.
///
/// # Errors
/// The problem of the batch as a whole, when it was refused or cannot be read.
pub fn unpack(reply: &Reply, count: usize) -> Result<Vec<Option<Reply>>, Problem> {
    let BatchResponses { responses } = reply.read()?;
    let mut answers = vec![None; count];
    for BatchResponse { id, status, headers, body } in responses {
        if let Some(slot) = id.parse::<usize>().ok().and_then(|place| answers.get_mut(place)) {
            let joined = |value: &str| serde_json::from_str::<Vec<String>>(value).map(|all| all.join(", "));
            let pairs = headers
                .0
                .into_iter()
                .map(|(name, value)| (name, text(&value).or_else(|| joined(value.get()).ok()).unwrap_or_else(|| value.get().into())));
            let body = body.map_or_else(String::new, |body| text(&body).unwrap_or_else(|| body.get().into()));
            *slot = Some(Reply { status, headers: Headers(pairs.collect()), body });
        }
    }
    Ok(answers)
}

/// One answer for each of `count` requests: what became of the batch became of each of them. A success that cannot be read tells
/// of none of them, so each is lost.
pub fn each(answer: &Answer, count: usize) -> Vec<Answer> {
    match answer {
        Err(unreached) => vec![Err(*unreached); count],
        Ok(reply) => match unpack(reply, count) {
            Ok(items) => items.into_iter().map(|item| item.ok_or(super::Unreached::Lost)).collect(),
            Err(_) if reply.is_success() => vec![Err(super::Unreached::Lost); count],
            Err(_) => vec![Ok(reply.clone()); count],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_are_matched_by_id_in_any_order_and_the_missing_one_is_lost() {
        let body = json!({"responses": [
            {"id": "2", "status": 429, "headers": {"retry-after": "7"}, "body": {"error": {"code": "TooManyRequests"}}},
            {"id": "0", "status": 200, "body": {"value": []}},
            {"id": "99", "status": 200},
        ]});
        let reply = Reply { status: 200, headers: Headers::default(), body: body.to_string() };
        let answers = each(&Ok(reply), 3);
        assert_eq!(answers[0].as_ref().map(|reply| reply.status), Ok(200));
        assert_eq!(answers[1], Err(crate::Unreached::Lost));
        assert_eq!(answers[2].as_ref().ok().and_then(|reply| reply.headers.retry_after()), Some(time::Millis::seconds(7)));
    }

    #[test]
    fn a_batch_whose_answer_cannot_be_read_loses_each() {
        for body in ["", "<html>", "{}", r#"{"id":"1"}"#] {
            let reply = Reply { status: 200, headers: Headers::default(), body: body.into() };
            assert_eq!(each(&Ok(reply), 2), vec![Err(crate::Unreached::Lost); 2], "{body}");
        }
    }

    #[test]
    fn a_refused_batch_refuses_each() {
        let reply = Reply { status: 401, headers: Headers::default(), body: String::new() };
        assert_eq!(each(&Ok(reply.clone()), 2), vec![Ok(reply.clone()), Ok(reply)]);
    }

    #[test]
    fn a_request_is_packed_with_its_place_and_only_with_the_headers_that_it_has() {
        let plain = Request::get("/me");
        let counted = Request { headers: Headers::default().with("ConsistencyLevel", "eventual"), ..Request::get("/users") };
        let packed: serde_json::Value = serde_json::from_str(&pack(&[plain, counted]).body.unwrap()).unwrap();
        let items = json!([
            {"id": "0", "method": "GET", "url": "/me"},
            {"id": "1", "method": "GET", "url": "/users", "headers": {"ConsistencyLevel": "eventual"}},
        ]);
        assert_eq!(packed, json!({ "requests": items }));
    }
}
