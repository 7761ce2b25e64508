//! What is said to Graph, and what the sample tenant answers, held against a slice of the published schema (`tests/schema`): members
//! that a type has, values of the right type, and `$select` of what there is.

use graph::{Method, Reply, Request};
use serde_json::{Map, Value};
use std::sync::LazyLock;

static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../schema/v1.0.json")).expect("the slice of the schema is JSON"));

/// Holds a request that was accepted, and its answer, against the schema. Items of a batch are looked at one by one.
///
/// # Errors
/// What is not of the schema, in a sentence.
pub fn check(request: &Request, reply: &Reply) -> Result<(), String> {
    if request.path == "/$batch" {
        return check_items(request, reply);
    }
    if !reply.is_success() {
        return Ok(());
    }
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let kind = match segments.as_slice() {
        ["invitations"] => "invitation",
        ["me"] | ["users"] | ["users", _] | ["directory", "deletedItems", _] => "user",
        ["directory", "deletedItems", _, "restore"] => "directoryObject",
        ["users", _, "appRoleAssignments"] => "appRoleAssignment",
        ["me", "transitiveMemberOf", _] => "directoryRole",
        ["organization"] => "organization",
        ["contacts"] => "orgContact",
        ["me", "messages"] => "message",
        ["chats"] => "chat",
        ["chats", _, "messages"] => "chatMessage",
        _ => return Ok(()),
    };
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "$select" => selection(kind, &value)?,
            "$expand" => expansion(kind, &value)?,
            _ => {}
        }
    }
    let is_json = request.headers.get("Content-Type").is_some_and(|kind| kind.starts_with("application/json"));
    if let (Method::Post, true, Some(text)) = (request.method, is_json, &request.body) {
        object(kind, &serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))?, text)?;
    }
    let Ok(answer) = serde_json::from_str::<Map<String, Value>>(&reply.body) else { return Ok(()) };
    match answer.get("value").and_then(Value::as_array) {
        Some(values) => values.iter().try_for_each(|one| check_type(kind, one, &reply.body)),
        None => object(kind, &answer, &reply.body),
    }
}

/// # Errors
/// The first of these properties that the type does not have.
fn selection(kind: &str, names: &str) -> Result<(), String> {
    let unknown = names.split(',').find(|name| member(kind, name).is_none());
    unknown.map_or(Ok(()), |name| Err(format!("$select={names}: {kind} has no {name}")))
}

/// One relationship, and what of its objects is selected.
fn expansion(kind: &str, text: &str) -> Result<(), String> {
    let (name, options) = text.split_once('(').unwrap_or((text, ""));
    let declared = member(kind, name).ok_or_else(|| format!("$expand={text}: {kind} has no {name}"))?;
    let related = declared.trim_end_matches('!').trim_start_matches("Collection(").trim_end_matches(')');
    options.trim_end_matches(')').strip_prefix("$select=").map_or(Ok(()), |names| selection(related, names))
}

fn check_items(request: &Request, reply: &Reply) -> Result<(), String> {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (asked, told) = (read(request.body.as_deref().unwrap_or_default()), read(&reply.body));
    for response in told["responses"].as_array().into_iter().flatten() {
        let Some(item) = asked["requests"].as_array().into_iter().flatten().find(|item| item["id"] == response["id"]) else {
            return Err(format!("an answer to what nobody asked: {response}"));
        };
        let headers = item["headers"].as_object().into_iter().flatten();
        let headers = headers.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let inner = Request {
            method: Method::parse(&text(&item["method"])).unwrap_or(Method::Get),
            path: text(&item["url"]),
            headers: graph::Headers(headers),
            body: item.get("body").map(Value::to_string),
        };
        let status = u16::try_from(response["status"].as_u64().unwrap_or_default()).unwrap_or_default();
        check(&inner, &Reply { status, headers: graph::Headers::default(), body: response["body"].to_string() })?;
    }
    Ok(())
}

/// The declared type of a member, inherited ones among them.
fn member(kind: &str, name: &str) -> Option<&'static str> {
    let declared = SCHEMA["types"].get(kind)?;
    let own = declared["members"][name].as_str();
    own.or_else(|| if name == "id" && kind == "entity" { Some("String") } else { member(declared["base"].as_str()?, name) })
}

fn object(kind: &str, members: &Map<String, Value>, whole: &str) -> Result<(), String> {
    // What says that it is of a derived type is held against that.
    let named = members.get("@odata.type").and_then(Value::as_str).and_then(|name| name.strip_prefix("#microsoft.graph."));
    let kind = named.unwrap_or(kind);
    for (name, value) in members {
        let (name, annotation) = name.split_once('@').unwrap_or((name, ""));
        if name.is_empty() {
            continue;
        }
        let declared = member(kind, name).ok_or_else(|| format!("{kind} has no {name}: {whole}"))?;
        if annotation.is_empty() {
            check_type(declared, value, whole)?;
        }
    }
    Ok(())
}

fn check_type(declared: &str, value: &Value, whole: &str) -> Result<(), String> {
    let kind = declared.trim_end_matches('!');
    if let Some(inner) = kind.strip_prefix("Collection(") {
        let values = value.as_array().ok_or_else(|| format!("{value} is no {declared}: {whole}"))?;
        return values.iter().try_for_each(|value| check_type(inner.trim_end_matches(')'), value, whole));
    }
    let fits = match kind {
        _ if value.is_null() => !declared.ends_with('!'),
        "String" | "Binary" => value.is_string(),
        "Boolean" => value.is_boolean(),
        "Guid" => value.as_str().is_some_and(|text| text.len() == 36),
        "DateTimeOffset" => value.as_str().is_some_and(|text| text.len() >= 20 && text.ends_with('Z')),
        _ => match (SCHEMA["enums"][kind].as_array(), value) {
            // Values of an enumeration compare without case in samples of Microsoft's.
            (Some(names), Value::String(own)) => names.iter().any(|name| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(own))),
            (None, Value::Object(members)) if SCHEMA["types"].get(kind).is_some() => {
                return object(kind, members, whole);
            }
            (names, _) => names.is_none() && SCHEMA["types"].get(kind).is_none(),
        },
    };
    if fits { Ok(()) } else { Err(format!("{value} is no {declared}: {whole}")) }
}

#[test]
fn what_is_not_of_the_schema_is_found() {
    let reply = |body: &str| Reply { status: 200, headers: graph::Headers::default(), body: body.into() };
    let found = |request: &Request, body: &str| check(request, &reply(body)).is_err();
    let me = Request::get("/me?$select=id,mail");
    assert!(!found(&me, r#"{"@odata.context": "x", "id": "1", "mail": null, "otherMails": []}"#));
    assert!(found(&Request::get("/me?$select=id,e-mail"), "{}"));
    let ada = |expand: &str| Request::get(format!("/users/1?$expand={expand}"));
    assert!(!found(&ada("memberOf($select=id)"), r#"{"memberOf": [{"id": "2"}]}"#));
    assert!(found(&ada("membersOf"), "{}"));
    assert!(found(&ada("memberOf($select=name)"), "{}"));
    assert!(found(&ada("memberOf"), r##"{"memberOf": [{"@odata.type": "#microsoft.graph.directoryRole", "mail": "x"}]}"##));
    assert!(found(&ada("memberOf"), r#"{"assignedLicenses": [{"skuId": "x"}]}"#));
    assert!(found(&Request::get("/users/1/appRoleAssignments"), r#"{"value": [{"appRoleId": null}]}"#));
    assert!(found(&Request::post("/directory/deletedItems/1/restore", &serde_json::json!({})), r#"{"mail": "x"}"#));
    assert!(found(&me, r#"{"mial": "x"}"#));
    assert!(found(&me, r#"{"accountEnabled": "true"}"#));
    assert!(found(&me, r#"{"otherMails": null}"#));
    let invitation =
        Request::post("/invitations", &serde_json::json!({"invitedUserMessageInfo": {"ccRecipients": [{"emailAddress": "x"}]}}));
    assert!(found(&invitation, "{}"));
}
