//! Up to twenty requests in one. <https://learn.microsoft.com/graph/json-batching>

use super::{Answer, Headers, Problem, Reply, Request};
use serde_json::{Map, Value, json};

/// More than this and the whole batch is refused.
pub const MOST: usize = 20;

/// One request that carries `requests`, at most [`MOST`]; ids are their places.
pub fn pack(requests: &[Request]) -> Request {
    let items: Vec<Value> = requests.iter().enumerate().map(|(place, request)| item(place, request)).collect();
    Request::post("/$batch", &json!({ "requests": items }))
}

fn item(place: usize, request: &Request) -> Value {
    let mut item = json!({"id": place.to_string(), "method": request.method.as_str(), "url": request.path});
    let headers: Map<String, Value> = request.headers.0.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    if !headers.is_empty() {
        item["headers"] = Value::Object(headers);
    }
    if let Some(body) = &request.body {
        item["body"] = serde_json::from_str(body).unwrap_or(Value::Null);
    }
    item
}

/// The answers in the order of the requests, matched by id, for `count` requests. An item that the batch does not
/// answer comes back as `None`: it may have been done.
///
/// # Errors
/// The problem of the batch as a whole, when it was refused.
pub fn unpack(reply: &Reply, count: usize) -> Result<Vec<Option<Reply>>, Problem> {
    let body: Value = reply.read()?;
    let mut answers = vec![None; count];
    for item in body["responses"].as_array().into_iter().flatten() {
        let place = item["id"].as_str().and_then(|id| id.parse::<usize>().ok());
        if let (Some(slot), Some(status)) = (place.and_then(|place| answers.get_mut(place)), item["status"].as_u64()) {
            *slot = Some(Reply {
                status: u16::try_from(status).unwrap_or(500),
                headers: headers(&item["headers"]),
                body: match &item["body"] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                },
            });
        }
    }
    Ok(answers)
}

fn headers(value: &Value) -> Headers {
    let pairs = value.as_object().into_iter().flatten();
    Headers(pairs.map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), Into::into))).collect())
}

/// One answer for each of `count` requests: what became of the batch became of each of them.
pub fn each(answer: &Answer, count: usize) -> Vec<Answer> {
    match answer {
        Err(unreached) => vec![Err(*unreached); count],
        Ok(reply) => match unpack(reply, count) {
            Ok(items) => items.into_iter().map(|item| item.ok_or(super::Unreached::Lost)).collect(),
            Err(_) => vec![Ok(reply.clone()); count],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(answers[1], Err(crate::graph::Unreached::Lost));
        assert_eq!(answers[2].as_ref().ok().and_then(|reply| reply.headers.retry_after()), Some(crate::time::Millis::seconds(7)));
    }

    #[test]
    fn a_refused_batch_refuses_each() {
        let reply = Reply { status: 401, headers: Headers::default(), body: String::new() };
        assert_eq!(each(&Ok(reply.clone()), 2), vec![Ok(reply.clone()), Ok(reply)]);
    }
}
