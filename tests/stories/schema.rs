//! What is said to Graph, and what the sample tenant answers, held against a slice of the published schema (`tests/schema`): members
//! that a type has, values of the right type, and `$select` of what there is.

use graph::{Method, Reply, Request};
use serde_json::{Map, Value};
use std::sync::LazyLock;

static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../schema/v1.0.json")).expect("the slice of the schema is JSON"));

/// Members that Microsoft documents for v1.0 and its schema does not have, with their types.
///
/// The three ids of an assignment that is asked for: <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentrequests>,
/// example 1. The last is beta's name for `assignment`, which example 5 of that page sends for somebody who is named by address.
const UNDECLARED: [(&str, &str, &str); 4] = [
    ("accessPackageAssignment", "targetId", "String"),
    ("accessPackageAssignment", "assignmentPolicyId", "String"),
    ("accessPackageAssignment", "accessPackageId", "String"),
    ("accessPackageAssignmentRequest", "accessPackageAssignment", "accessPackageAssignment"),
];

/// Collections that Microsoft documents as null, where the schema has lists alone: in the answer of
/// <https://learn.microsoft.com/graph/api/connectedorganization-update>.
const NULL_COLLECTIONS: [(&str, &str); 1] = [("connectedOrganization", "identitySources")];

/// Where a path begins, and what is there.
const ROOTS: [(&str, &str); 6] = [
    ("groups", "Collection(group)"),
    ("identityGovernance", "identityGovernance"),
    ("roleManagement", "roleManagement"),
    ("servicePrincipals", "Collection(servicePrincipal)"),
    ("sites", "Collection(site)"),
    ("tenantRelationships", "tenantRelationship"),
];

/// Functions and actions that tell something, with what that is. All others tell nothing, or what they are called of.
const CALLS: [(&str, &str); 3] = [
    ("findTenantInformationByDomainName", "tenantInformation"),
    ("findTenantInformationByTenantId", "tenantInformation"),
    ("getApplicablePolicyRequirements", "Collection(accessPackageAssignmentRequestRequirements)"),
];

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
        ["users", _, "sponsors"] => "directoryObject",
        ["me", "transitiveMemberOf", _] => "directoryRole",
        ["organization"] => "organization",
        ["contacts"] => "orgContact",
        ["me", "messages"] => "message",
        ["chats"] => "chat",
        ["chats", _, "messages"] => "chatMessage",
        segments => match at_path(segments)? {
            Some(kind) => kind,
            None => return Ok(()),
        },
    };
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "$select" => selection(kind, &value)?,
            "$expand" => expansion(kind, &value)?,
            "$filter" => filter(kind, &value)?,
            _ => {}
        }
    }
    let is_json = request.headers.get("Content-Type").is_some_and(|kind| kind.starts_with("application/json"));
    if let (Method::Post | Method::Put | Method::Patch, true, Some(text)) = (request.method, is_json, &request.body) {
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

/// Relationships, and what of their objects is selected and expanded in turn.
fn expansion(kind: &str, text: &str) -> Result<(), String> {
    for one in split_outside(text, ',') {
        let (name, options) = one.split_once('(').unwrap_or((one, ""));
        let declared = member(kind, name).ok_or_else(|| format!("$expand={text}: {kind} has no {name}"))?;
        for option in split_outside(options.strip_suffix(')').unwrap_or(options), ';') {
            match option.split_once('=') {
                Some(("$select", names)) => selection(inner(declared), names)?,
                Some(("$expand", nested)) => expansion(inner(declared), nested)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// The parts of a text between these signs, but those within brackets.
fn split_outside(text: &str, sign: char) -> Vec<&str> {
    let mut depth = 0;
    let is_cut = |other: char| {
        depth += i32::from(other == '(') - i32::from(other == ')');
        other == sign && depth == 0
    };
    text.split(is_cut).filter(|part| !part.is_empty()).collect()
}

/// What stands before `eq`, or first in `contains` and `startswith`, where it is a path of members.
fn filter(kind: &str, text: &str) -> Result<(), String> {
    // Without literals, which stand between quotes.
    let outside: String = text.split('\'').step_by(2).collect();
    let mut parts = outside.split([' ', '(', ',']).peekable();
    while let Some(part) = parts.next() {
        let is_path = parts.peek() == Some(&"eq") && !part.contains([':', ')']);
        let path = if matches!(part, "contains" | "startswith") { parts.next() } else { is_path.then_some(part) };
        let mut kind = kind;
        for name in path.into_iter().flat_map(|path| path.split('/')) {
            kind = inner(member(kind, name).ok_or_else(|| format!("$filter={text}: {kind} has no {name}"))?);
        }
    }
    Ok(())
}

/// What a type is one of, or a collection of.
fn inner(declared: &'static str) -> &'static str {
    let kind = declared.trim_end_matches('!');
    kind.strip_prefix("Collection(").map_or(kind, |kind| kind.trim_end_matches(')'))
}

/// What is at a path, segment by segment; `None` where that is not of these roots, or nothing that is said or told: a reference, an action.
///
/// # Errors
/// The first segment that is nothing of the schema's.
fn at_path(segments: &[&str]) -> Result<Option<&'static str>, String> {
    let Some((_, root)) = segments.first().and_then(|first| ROOTS.iter().find(|(name, _)| name == first)) else { return Ok(None) };
    let mut declared: &'static str = root;
    for segment in &segments[1..] {
        let name = segment.split('(').next().unwrap_or_default();
        if let Some((_, told)) = CALLS.iter().find(|(call, _)| *call == name) {
            declared = told;
        } else if matches!(name, "$ref" | "cancel" | "reprocess") {
            return Ok(None);
        } else if declared.starts_with("Collection(") {
            declared = if name == "filterByCurrentUser" { declared } else { inner(declared) };
        } else {
            declared = member(declared, name).ok_or_else(|| format!("{}: {declared} has no {name}", segments.join("/")))?;
        }
    }
    Ok(Some(inner(declared)))
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
    let documented = || UNDECLARED.iter().find(|(of, member, _)| (*of, *member) == (kind, name)).map(|(.., declared)| *declared);
    own.or_else(documented)
        .or_else(|| if name == "id" && kind == "entity" { Some("String") } else { member(declared["base"].as_str()?, name) })
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
        let is_left_out = value.is_null() && NULL_COLLECTIONS.contains(&(kind, name));
        if annotation.is_empty() && !is_left_out {
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
        "Int32" => value.is_i64(),
        "Duration" => value.as_str().is_some_and(|text| text.starts_with('P')),
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

#[test]
fn what_is_not_of_the_schema_is_found_in_each_part_of_a_path() {
    let found = |request: Request, body: &str| {
        let reply = Reply { status: 200, headers: graph::Headers::default(), body: body.into() };
        check(&request, &reply).is_err()
    };
    let get = |path: &str| Request::get(format!("/identityGovernance/entitlementManagement/{path}"));
    let policy = r##"{"id": "p", "expiration": {"duration": "P9D"}, "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.singleUser", "userId": "u"}]}"##;
    assert!(!found(get("assignmentPolicies/p?$expand=accessPackage($select=id;$expand=catalog),questions"), policy));
    assert!(!found(get("assignments?$filter=accessPackage/id%20eq%20'k'%20and%20contains(status,'x')"), "{}"));
    for path in [
        "assignmentPolicy/p",
        "catalogs/c/things",
        "assignmentPolicies/p?$expand=accessPackage($expand=groups)",
        "assignmentPolicies/p?$expand=accessPackage,package",
        "assignments?$filter=accessPackage/name%20eq%20'k'",
        "assignments?$filter=contains(name,'k')",
    ] {
        assert!(found(get(path), "{}"), "{path}");
    }
    for body in [
        r#"{"expiration": {"duration": "90"}}"#,
        r#"{"expiration": {"type": "quarterly"}}"#,
        r##"{"specificAllowedTargets": [{"@odata.type": "#microsoft.graph.singleUser", "groupId": "g"}]}"##,
        r#"{"questions": [{"sequence": "1"}]}"#,
    ] {
        assert!(found(get("assignmentPolicies/p"), body), "{body}");
        let put = Request::put("/identityGovernance/entitlementManagement/assignmentPolicies/p", &serde_json::json!({}));
        assert!(found(Request { body: Some(body.into()), ..put }, "{}"), "{body}");
    }
    // A reference and an action are about nothing that is said or told.
    let reference = serde_json::json!({"@odata.id": "https://graph.microsoft.com/v1.0/users/u"});
    assert!(!found(Request::post("/groups/g/members/$ref", &reference), ""));
    assert!(!found(Request::post("/identityGovernance/entitlementManagement/assignments/a/reprocess", &serde_json::json!({})), ""));
}
