//! The sample tenant refuses what Graph refuses, in its words where they are known. The sources stand in `crates/tenant`, beside
//! each rule.

use crate::rng::Rng;
use crate::support::{GRAPH, World};
use graph::{Headers, Method, Reply, Request};
use identity::scopes;
use serde_json::{Value, json};
use std::sync::LazyLock;
use tenant::Side;

static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../schema/v1.0.json")).expect("the slice of the schema is JSON"));

const EVENTUAL: (&str, &str) = ("ConsistencyLevel", "eventual");

fn ask(world: &World, request: &Request) -> Reply {
    world.carry(request).1.unwrap()
}

fn body(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.body))
}

fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::get(path.replace(' ', "%20").replace('"', "%22"));
    for (name, value) in headers {
        request.headers = request.headers.with(name, *value);
    }
    ask(world, &request)
}

fn post(world: &World, path: &str, kind: &str, text: &str) -> Reply {
    let headers = if kind.is_empty() { Headers::default() } else { Headers::default().with("Content-Type", kind) };
    ask(world, &Request { method: Method::Post, path: path.into(), headers, body: Some(text.into()) })
}

/// Status, code and a part of the message.
fn assert_refused(reply: &Reply, status: u16, code: &str, words: &str) {
    assert_eq!(reply.status, status, "{}", reply.body);
    let error = &body(reply)["error"];
    assert_eq!(error["code"], code, "{error}");
    assert!(error["message"].as_str().unwrap().contains(words), "{error}");
}

fn signed_in(name: &str, permissions: &[&str]) -> World {
    let world = World::new();
    let mut all = scopes::Scopes::default();
    all.extend(permissions.iter().copied());
    world.sign_in(name, all).unwrap();
    world
}

fn invitation(change: &Value) -> Value {
    let mut body = json!({"invitedUserEmailAddress": "ada@fabrikam.example", "inviteRedirectUrl": "https://myapps.microsoft.com"});
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn is_guid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.chars().all(|one| one == '-' || one.is_ascii_hexdigit())
}

#[test]
fn what_is_wrong_with_a_batch_refuses_all_of_it() {
    let world = World::with("guest-inviter");
    let batch = |requests: Value| post(&world, "/$batch", "application/json", &json!({ "requests": requests }).to_string());
    let read = |id: &str, on: &[&str]| json!({"id": id, "method": "GET", "url": "/me", "dependsOn": on});
    let write = json!({"id": "w", "method": "POST", "url": "/invitations", "body": invitation(&json!({}))});
    let typed = json!({"Content-Type": "application/json"});
    let mut named = write.clone();
    named["headers"] = typed.clone();
    // A body without Content-Type, and a write without a body: nothing is done, whatever stands beside it.
    assert_refused(
        &batch(json!([read("1", &[]), named, {"id": "2", "method": "POST", "url": "/invitations", "body": {}}])),
        400,
        "BadRequest",
        "id : 2 does not contain Content-Type header or body",
    );
    assert_refused(
        &batch(json!([{"id": "3", "method": "POST", "url": "/invitations", "headers": typed}])),
        400,
        "BadRequest",
        "id : 3 does not",
    );
    assert_refused(&batch(json!([write])), 400, "BadRequest", "id : w does not");
    // Dependencies stand before, exist, and make a chain or none.
    assert_refused(&batch(json!([read("1", &["2"]), read("2", &[])])), 400, "BadRequest", "Invalid dependency");
    assert_refused(&batch(json!([read("1", &[]), read("2", &["9"])])), 400, "BadRequest", "Invalid dependency");
    assert_refused(&batch(json!([read("1", &[]), read("2", &["2"])])), 400, "BadRequest", "Invalid dependency");
    assert_refused(
        &batch(json!([read("1", &[]), read("2", &[]), read("3", &["1"])])),
        400,
        "BadRequest",
        "fully sequential or fully parallel",
    );
    assert_eq!(batch(json!([read("a", &[]), read("b", &["A"]), read("c", &["b"])])).status, 200);
    // No batch at all.
    assert_refused(&batch(json!([])), 400, "BadRequest", "");
    assert_refused(&post(&world, "/$batch", "text/plain", &json!({"requests": [read("1", &[])]}).to_string()), 400, "BadRequest", "");
    assert_refused(&batch(json!([{"id": "1", "method": "FROB", "url": "/me"}])), 400, "BadRequest", "");
    // And none of it invited anybody.
    assert!(world.tenant.borrow().log().iter().all(|line| line.path != "/invitations"));
}

#[test]
fn items_of_a_batch_are_refused_one_by_one_with_ids_of_their_own() {
    let world = World::with("guest-inviter");
    let items = json!({"requests": [
        {"id": "1", "method": "GET", "url": "/nothing"},
        {"id": "2", "method": "PUT", "url": "/me", "headers": {"Content-Type": "application/json"}, "body": {}},
        {"id": "3", "method": "get", "url": "me", "headers": {"client-request-id": "mine"}},
        {"id": "4", "method": "GET", "url": "/users/nobody", "headers": {"client-request-id": "mine"}},
        {"id": "5", "method": "POST", "url": "/invitations", "headers": {"Content-Type": "text/plain"}, "body": invitation(&json!({}))},
    ]});
    let told = body(&post(&world, "/$batch", "application/json", &items.to_string()));
    let item = |id: &str| told["responses"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone();
    let status: Vec<u64> = ["1", "2", "3", "4", "5"].iter().map(|id| item(id)["status"].as_u64().unwrap()).collect();
    assert_eq!(status, [400, 405, 200, 404, 400], "{told}");
    let inner = |id: &str| item(id)["body"]["error"]["innerError"].clone();
    assert!(is_guid(inner("1")["request-id"].as_str().unwrap()) && inner("1")["request-id"] != inner("2")["request-id"], "{told}");
    assert_eq!((inner("4")["client-request-id"].as_str(), inner("1")["client-request-id"].as_str()), (Some("mine"), Some("story")));
    assert_eq!(inner("1")["date"].as_str().map(str::len), Some("2026-11-22T10:03:23".len()));
}

#[test]
fn bodies_are_json_of_the_declared_type_or_refused() {
    let world = World::with("guest-inviter");
    let good = invitation(&json!({})).to_string();
    let unreadable = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.";
    for (kind, text) in [
        ("text/plain", good.as_str()),
        ("", &good),
        ("application/json", "{\"invited"),
        ("application/json", "[]"),
        ("application/json", ""),
    ] {
        assert_refused(&post(&world, "/invitations", kind, text), 400, "BadRequest", unreadable);
    }
    let refused = |change: Value, words: &str| {
        assert_refused(&post(&world, "/invitations", "application/json", &invitation(&change).to_string()), 400, "BadRequest", words);
    };
    refused(json!({"invitedUserEmail": "x"}), "The property 'invitedUserEmail' does not exist on type 'microsoft.graph.invitation'");
    refused(json!({"invitedUserMessageInfo": {"body": "x"}}), "'body' does not exist on type 'microsoft.graph.invitedUserMessageInfo'");
    refused(json!({"sendInvitationMessage": "true"}), "Cannot convert the literal 'true' to the expected type 'Edm.Boolean'");
    refused(json!({"invitedUserDisplayName": 5}), "Cannot convert the literal '5' to the expected type 'Edm.String'");
    refused(json!({"invitedUserDisplayName": ["Ada"]}), "An unexpected 'StartArray' node");
    refused(
        json!({"invitedUserMessageInfo": {"ccRecipients": {"emailAddress": {"address": "x@y.example"}}}}),
        "A 'StartArray' node was expected",
    );
    refused(json!({"invitedUserMessageInfo": "hello"}), "A 'StartObject' node was expected");
    refused(json!({"inviteRedirectUrl": null}), "does not allow null values");
    refused(json!({"invitedUserType": "Alien"}), "invitedUserType");
    assert!(world.tenant.borrow().outbox().is_empty());
    // Annotations, nulls, further members of a user and parameters of the media type pass.
    let fine = invitation(
        &json!({"@odata.type": "#microsoft.graph.invitation", "invitedUserDisplayName": null, "invitedUser": {"jobTitle": "x"}}),
    );
    assert_eq!(post(&world, "/invitations", "application/json; charset=utf-8", &fine.to_string()).status, 201);
}

/// Every member of a type with its declared type, inherited ones among them.
fn members(kind: &str) -> Vec<(String, &'static str)> {
    let declared = &SCHEMA["types"][kind];
    let own = declared["members"].as_object().into_iter().flatten();
    let own = own.filter_map(|(name, kind)| Some((name.clone(), kind.as_str()?)));
    own.chain(declared["base"].as_str().into_iter().flat_map(members)).collect()
}

/// A value of a declared type; nothing for types that the slice leaves out, and what would have to be filled in.
fn example(declared: &str) -> Option<Value> {
    Some(match declared.trim_end_matches('!') {
        "String" => "x".into(),
        "Boolean" => true.into(),
        "DateTimeOffset" => "2026-11-21T10:00:00Z".into(),
        "Binary" => "AA==".into(),
        kind if kind.starts_with("Collection(") => Value::Array(Vec::new()),
        kind if !declared.ends_with('!') && !kind.starts_with(char::is_uppercase) => Value::Null,
        kind => SCHEMA["enums"][kind].as_array()?.first()?.clone(),
    })
}

#[test]
fn every_member_that_the_schema_declares_may_stand_in_a_body() {
    let check = |path: &str, permissions: &[&str], kind: &str, sound: &Value, wrap: &dyn Fn(Value) -> Value| {
        for (name, declared) in members(kind) {
            let Some(value) = example(declared) else { continue };
            let mut body = sound.clone();
            let is_set = !body[&name].is_null();
            body[&name] = if is_set { continue } else { value };
            // Each at a mailbox and a chat of its own, which are busy for a while.
            let world = signed_in("guest-inviter", permissions);
            let reply = post(&world, path, "application/json", &wrap(body).to_string());
            assert!((200..300).contains(&reply.status), "{kind}.{name}: {}", reply.body);
        }
    };
    let whole = |body: Value| body;
    let (letter, said) = (json!({"toRecipients": [{"emailAddress": {"address": "ada@x.example"}}]}), json!({"body": {"content": "Hi"}}));
    check("/me/messages", &["Mail.ReadWrite"], "message", &letter, &whole);
    check("/me/sendMail", &["Mail.Send"], "message", &letter, &|message| json!({ "message": message }));
    check("/chats/48:notes/messages", &["ChatMessage.Send"], "chatMessage", &said, &whole);
    let member = |name: &str| {
        json!({"@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": ["owner"],
            "user@odata.bind": format!("{GRAPH}/v1.0/users('{name}@contoso.example')")})
    };
    let (me, other) = (member("guest-inviter"), member("member"));
    check("/chats", &["Chat.Create"], "chat", &json!({"chatType": "oneOnOne", "members": [me, other]}), &whole);
    let among = |member: Value| json!({"chatType": "oneOnOne", "members": [member, other]});
    check("/chats", &["Chat.Create"], "aadUserConversationMember", &me, &among);
    let info = json!({"ccRecipients": [{"emailAddress": {"address": "cc@x.example"}}]});
    check("/invitations", &["User.Invite.All"], "invitedUserMessageInfo", &info, &|info| {
        invitation(&json!({"invitedUserMessageInfo": info}))
    });
}

#[test]
fn query_options_are_taken_or_refused_and_never_passed_over() {
    let world = World::with("guest-inviter");
    let refused = |path: &str, code: &str, words: &str| assert_refused(&get(&world, path, &[]), 400, code, words);
    refused("/users?$search=\"displayName:ada\"", "Request_UnsupportedQuery", "'ConsistencyLevel: eventual'");
    refused("/users?$orderby=accountEnabled", "Request_UnsupportedQuery", "Unsupported sort property 'accountEnabled' for 'User'.");
    refused(
        "/users?$orderby=displayName&$filter=userType eq 'Guest'",
        "Request_UnsupportedQuery",
        "Sorting not supported for current query.",
    );
    refused("/users?$frobnicate=1", "Request_BadRequest", "Unrecognized query argument specified: '$frobnicate'.");
    refused("/users?select=id", "Request_BadRequest", "Unrecognized query argument specified: 'select'.");
    refused("/me?$filter=mail eq 'x'", "Request_BadRequest", "'$filter'");
    refused("/users?$filter=", "BadRequest", "Invalid filter clause");
    refused("/users?$filter=nothing eq 'x'", "BadRequest", "Could not find a property named 'nothing' on type 'microsoft.graph.user'.");
    // Also where an index finds nobody whom the other half could be asked of.
    refused("/users?$filter=mail eq 'nobody' and nothing eq 'x'", "BadRequest", "'nothing'");
    refused("/users?$filter=mail eq 'x'&$filter=id eq 'x'", "BadRequest", "more than once");
    refused("/users?$skiptoken=abc", "Directory_ExpiredPageToken", "page token value has expired");
    refused("/users?$skip=1", "Request_BadRequest", "'$skip' is not supported by the service.");
    refused("/users?$top=1000", "Request_UnsupportedQuery", "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.");
    refused("/users?$top=0", "Request_UnsupportedQuery", "Invalid page size");
    refused("/users?$top=many", "BadRequest", "many");
    refused("/users?$count=perhaps", "BadRequest", "perhaps");
    refused("/users/$count", "Request_BadRequest", "$count is not currently supported.");
    refused(
        "/users?$filter=endsWith(mail,'x')",
        "Request_UnsupportedQuery",
        "Try adding $count=true query parameter and ConsistencyLevel:eventual header",
    );
    assert_refused(&get(&world, "/users?$filter=endsWith(mail,'x')", &[EVENTUAL]), 400, "Request_UnsupportedQuery", "endsWith");
    assert_refused(
        &get(&world, "/users?$search=displayName:ada", &[EVENTUAL]),
        400,
        "BadRequest",
        "character ':' is not valid at position 11",
    );
    assert_refused(&get(&world, "/users?$search=\"nothing:ada\"", &[EVENTUAL]), 400, "Request_UnsupportedQuery", "unsupported property");
    assert_eq!(get(&world, "/users?$TOP=999&$SELECT=ID", &[]).status, 200);
}

fn mails(reply: &Reply) -> Vec<String> {
    let found = body(reply);
    found["value"].as_array().unwrap().iter().map(|user| user["mail"].as_str().unwrap_or("-").split('@').next().unwrap().into()).collect()
}

#[test]
fn searches_orders_counts_and_endings_are_answered_where_they_may_be() {
    let world = World::with("guest-inviter");
    let found = |path: &str, headers: &[(&str, &str)]| mails(&get(&world, path, headers));
    assert_eq!(found("/users?$search=\"displayName:pend\"", &[EVENTUAL]), ["linus"]);
    assert_eq!(found("/users?$search=\"mail:grace@\" OR \"displayName:linus\"", &[EVENTUAL]), ["grace", "linus"]);
    assert_eq!(found("/users?$search=\"displayName:linus\" AND \"mail:grace\"", &[EVENTUAL]), [""; 0]);
    assert_eq!(found("/users?$filter=startswith(mail,'li')", &[]), ["linus"]);
    assert_eq!(found("/users?$filter=mail in ('linus@fabrikam.example','GRACE@fabrikam.example')", &[]), ["grace", "linus"]);
    assert_eq!(found("/users?$count=true&$filter=endsWith(mail,'tailspin.example')", &[EVENTUAL]), ["casey"]);
    assert_eq!(found("/users?$count=true&$filter=userType ne 'Member' and not(startswith(mail,'b'))", &[EVENTUAL]), ["grace", "linus"]);
    let names = found("/users?$orderby=displayName desc&$top=2", &[]);
    assert_eq!(names, ["user-admin", "-"]);
    // The number of all: with the header, on the first page, and not without it.
    let counted = |path: &str, headers: &[(&str, &str)]| body(&get(&world, path, headers))["@odata.count"].clone();
    let all = world.tenant.borrow().users(world.now.get()).len();
    assert_eq!(counted("/users?$count=true&$top=1", &[EVENTUAL]), all);
    assert_eq!(counted("/users?$count=true&$top=1", &[]), Value::Null);
    assert_eq!(counted("/users?$count=false", &[EVENTUAL]), Value::Null);
    let number = get(&world, "/users/$count?$filter=userType eq 'Guest'", &[EVENTUAL]);
    assert_eq!((number.body.as_str(), number.headers.get("Content-Type")), ("3", Some("text/plain")));
    // A token is worth nothing for another question, and the next page is of the collection that was asked.
    let next = |path: &str| body(&get(&world, path, &[]))["@odata.nextLink"].as_str().unwrap().split("/v1.0").nth(1).unwrap().to_owned();
    let link = next("/users?$top=1");
    assert_eq!(get(&world, &link, &[]).status, 200);
    assert_refused(&get(&world, &format!("{link}&$orderby=displayName"), &[]), 400, "Directory_ExpiredPageToken", "");
}

#[test]
fn roles_come_in_pages_like_every_other_collection() {
    let world = World::with("directory-writer");
    let names = |page: &Value| -> Vec<String> {
        page["value"].as_array().unwrap().iter().map(|role| role["displayName"].as_str().unwrap().to_owned()).collect()
    };
    for path in ["/me/memberOf", "/me/transitiveMemberOf/microsoft.graph.directoryRole"] {
        let first = body(&get(&world, &format!("{path}?$top=1&$count=true&$select=displayName"), &[EVENTUAL]));
        assert_eq!((names(&first), &first["@odata.count"]), (vec!["Directory Readers".into()], &json!(2)));
        assert!(first["value"][0]["id"].is_null() && first["@odata.context"].as_str().unwrap().ends_with("(displayName)"), "{first}");
        let link = first["@odata.nextLink"].as_str().unwrap();
        let second = body(&get(&world, link.strip_prefix("http://localhost:8082/v1.0").unwrap(), &[EVENTUAL]));
        assert_eq!((names(&second), &second["@odata.count"]), (vec!["Directory Writers".into()], &Value::Null));
        assert!(second["@odata.nextLink"].is_null());
    }
    let whole = body(&get(&world, "/me/memberOf", &[]));
    assert!(whole["value"].as_array().unwrap().len() == 2 && whole["@odata.nextLink"].is_null(), "{whole}");
    assert_refused(&get(&world, "/me/memberOf?$skiptoken=abc", &[]), 400, "Directory_ExpiredPageToken", "");
}

#[test]
fn a_page_may_hold_fewer_than_were_asked_for() {
    let world = World::with("guest-inviter");
    let length = |path: &str| body(&get(&world, path, &[]))["value"].as_array().unwrap().len();
    let all = length("/users");
    let turn = |size: u32| world.tenant.borrow_mut().knobs.page_size = size;
    turn(3);
    assert_eq!((length("/users"), length("/users?$top=2"), length("/users?$top=999")), (3, 2, 3));
    turn(0);
    assert_eq!((length("/users"), length("/users?$top=2")), (all, 2));
}

#[test]
fn the_next_page_of_deleted_users_is_one_of_deleted_users() {
    let world = World::with("guest-inviter");
    let first = get(&world, "/directory/deletedItems/graph.user?$top=1&$select=mail", &[]);
    assert_eq!(mails(&first), ["gone"]);
    let link = body(&first)["@odata.nextLink"].as_str().unwrap().to_owned();
    let path = link.strip_prefix("http://localhost:8082/v1.0").unwrap();
    assert!(path.starts_with("/directory/deletedItems/graph.user?"), "{link}");
    let second = get(&world, path, &[]);
    assert_eq!(mails(&second), ["left"]);
    assert!(body(&second)["@odata.nextLink"].is_null());
    let page = get(&world, "/directory/deletedItems/microsoft.graph.user?$filter=mail eq 'gone@fabrikam.example'", &[]);
    assert_eq!(mails(&page), ["gone"]);
    assert_eq!(mails(&get(&world, "/users?$filter=mail eq 'gone@fabrikam.example'", &[])), [""; 0]);
}

#[test]
fn paths_compare_without_case_and_casts_may_be_short() {
    let world = World::with("user-admin");
    let status = |path: &str| get(&world, path, &[]).status;
    for path in [
        "/ME",
        "/Users?$top=1",
        "/users('user-admin@contoso.example')",
        "/Users/User-Admin@contoso.example",
        "/me/transitiveMemberOf/graph.directoryRole",
        "/Me/MemberOf/Microsoft.Graph.DirectoryRole",
        "/me/memberOf/microsoft.graph.group",
        "/me/memberOf",
        "/Directory/DeletedItems/Graph.User",
    ] {
        assert_eq!(status(path), 200, "{path}");
    }
    let roles = body(&get(&world, "/me/memberOf/graph.directoryRole", &[]));
    assert_eq!(roles["value"][0]["displayName"], "User Administrator");
    for (path, segment) in [
        ("/nothing", "nothing"),
        ("/me/nothing", "nothing"),
        ("/users/x/nothing", "nothing"),
        ("/me/memberOf/graph.frob", "graph.frob"),
        ("/directory/deletedItems", "deletedItems"),
    ] {
        assert_refused(&get(&world, path, &[]), 400, "BadRequest", &format!("Resource not found for the segment '{segment}'."));
    }
    for (method, path) in [(Method::Patch, "/me"), (Method::Delete, "/invitations"), (Method::Post, "/organization")] {
        let request = Request { method, path: path.into(), headers: Headers::default(), body: None };
        assert_refused(&ask(&world, &request), 405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
    }
}

#[test]
fn refusals_of_invitations_are_in_graphs_words() {
    let world = World::with("guest-inviter");
    let invite = |world: &World, change: Value| post(world, "/invitations", "application/json", &invitation(&change).to_string());
    let own = "This user cannot be invited because the domain of the user's email address is a verified domain of this directory.";
    assert_refused(&invite(&world, json!({"invitedUserEmailAddress": "x@contoso.example"})), 400, "BadRequest", own);
    let blocked = "but the account is blocked from signing in. If the account is unblocked, they can use that account to sign in";
    assert_refused(&invite(&world, json!({"invitedUserEmailAddress": "blocked@fabrikam.example"})), 412, "PreconditionFailed", blocked);
    // As a member only by an administrator, and Guest Inviter is none.
    assert_refused(&invite(&world, json!({"invitedUserType": "Member"})), 403, "Authorization_RequestDenied", "");
    let created = body(&invite(&World::with("user-admin"), json!({"invitedUserType": "Member"})));
    assert_eq!(created["invitedUserType"], "Member");
    assert_eq!(created["invitedUser"]["userPrincipalName"], "ada_fabrikam.example#EXT#@contoso.onmicrosoft.com");
    assert!(created["@odata.context"].as_str().unwrap().ends_with("/v1.0/$metadata#invitations/$entity"));
}

#[test]
fn answers_have_graphs_shape() {
    let world = World::with("guest-inviter");
    // What is empty is null; what has no value of many is an empty list; what nobody has does not come.
    let me = body(&get(&world, "/me?$Select=id,jobTitle,businessPhones,externalUserState,frobnication,MAIL", &[]));
    assert_eq!((&me["jobTitle"], &me["businessPhones"], &me["externalUserState"]), (&Value::Null, &json!([]), &Value::Null));
    assert!(me.get("jobTitle").is_some() && me.get("externalUserState").is_some() && me.get("frobnication").is_none(), "{me}");
    assert_eq!(me["mail"], "guest-inviter@contoso.example");
    assert_eq!(body(&get(&world, "/me", &[])).as_object().unwrap().len(), 12);
    let guid = get(&world, "/users/nobody", &[]);
    let inner = &body(&guid)["error"]["innerError"];
    assert_eq!(inner["date"].as_str().map(str::len), Some("2026-11-22T10:03:23".len()));
    assert!(
        is_guid(inner["request-id"].as_str().unwrap()) && Some(inner["request-id"].as_str().unwrap()) == guid.headers.get("request-id")
    );
    // `Accept` chooses the annotations.
    let plain = get(&world, "/users?$top=1", &[("Accept", "application/json;odata.metadata=none")]);
    assert!(body(&plain)["@odata.context"].is_null() && body(&plain)["@odata.nextLink"].is_string());
    assert!(plain.headers.get("Content-Type").unwrap().contains("odata.metadata=none"));
    let usual = get(&world, "/users?$top=1", &[]);
    assert!(body(&usual)["@odata.context"].is_string() && usual.headers.get("Content-Type").unwrap().contains("odata.metadata=minimal"));
    // Without a token, a challenge says where to get one, and demands no claims.
    let request = Request::get("/v1.0/me");
    let refused = world.tenant.borrow_mut().answer(Side::Graph, &request, world.now.get()).answer.unwrap();
    let challenge = refused.headers.get("WWW-Authenticate").unwrap();
    assert_eq!(refused.status, 401);
    assert!(challenge.contains("authorization_uri=\"http://localhost:8081/common/oauth2/authorize\"") && !challenge.contains("claims"));
}

#[test]
fn letters_may_come_as_json() {
    let world = signed_in("guest-inviter", &["User.Read", "Mail.Send", "Mail.ReadWrite"]);
    let message = json!({
        "subject": "Welcome", "body": {"contentType": "HTML", "content": "<a href=\"https://x.example/redeem?rd=1&amp;a=2\">Go</a>"},
        "toRecipients": [{"emailAddress": {"address": "ada@fabrikam.example", "name": "Ada"}}],
        "bccRecipients": [{"emailAddress": {"address": "boss@contoso.example"}}],
        "internetMessageHeaders": [{"name": "x-guestlist", "value": "1"}],
    });
    let send = |body: Value| post(&world, "/me/sendMail", "application/json", &body.to_string());
    // Parameters compare without case, and Microsoft's own sample puts the boolean in quotes.
    assert_eq!(send(json!({"Message": message, "saveToSentItems": "false"})).status, 202);
    {
        let tenant = world.tenant.borrow();
        let mail = &tenant.outbox()[0];
        assert_eq!((mail.subject.as_str(), mail.to.as_str(), mail.bcc.len()), ("Welcome", "ada@fabrikam.example", 1));
        assert_eq!(mail.redeem_url, "https://x.example/redeem?rd=1&a=2");
    }
    assert_eq!(post(&world, "/me/messages", "application/json", &message.to_string()).status, 201);
    assert_eq!(world.tenant.borrow().drafts().len(), 1);
    assert_refused(
        &send(json!({"message": {"saveToSentItems": true}})),
        400,
        "RequestBodyRead",
        "does not exist on type 'microsoft.graph.message'",
    );
    let forged = json!({"message": {"internetMessageHeaders": [{"name": "List-Unsubscribe", "value": "x"}]}});
    assert_refused(&send(forged), 400, "InvalidInternetMessageHeader", "'List-Unsubscribe' should start with 'x-' or 'X-'.");
    assert_refused(&send(json!({"message": {"subject": "To nobody"}})), 400, "ErrorInvalidRecipients", "");
    assert_refused(&post(&world, "/me/sendMail", "text/plain", "no base64!"), 400, "ErrorMimeContentInvalidBase64String", "");
    assert_refused(&post(&world, "/me/sendMail", "", &json!({"message": message}).to_string()), 400, "BadRequest", "Unable to read JSON");
}

/// A condition as it is meant, beside its text.
enum Meant {
    Is(&'static str, String),
    Begins(&'static str, String),
    Ends(&'static str, String),
    Both(Box<Meant>, Box<Meant>),
    Either(Box<Meant>, Box<Meant>),
    Not(Box<Meant>),
}

impl Meant {
    fn made(rng: &mut impl FnMut(usize) -> usize, people: &[Value], depth: usize) -> Self {
        const NAMES: [&str; 6] = ["id", "mail", "userPrincipalName", "userType", "otherMails", "externalUserState"];
        if depth > 0 && rng(3) > 0 {
            let mut one = || Box::new(Self::made(rng, people, depth - 1));
            let (left, right) = (one(), one());
            return match rng(5) {
                0 => Self::Not(left),
                1 | 2 => Self::Both(left, right),
                _ => Self::Either(left, right),
            };
        }
        let name = NAMES[rng(NAMES.len())];
        let value = &people[rng(people.len())][name];
        let text = value.as_str().or(value[0].as_str()).unwrap_or("o'nobody@fabrikam.example").to_owned();
        let text = if rng(4) == 0 { text.to_uppercase() } else { text };
        let can_begin = ["mail", "userPrincipalName", "otherMails"].contains(&name);
        match rng(4) {
            0 if can_begin => Self::Begins(name, text.chars().take(rng(4)).collect()),
            1 if can_begin => Self::Ends(name, text.chars().skip(rng(20)).collect()),
            _ => Self::Is(name, text),
        }
    }

    fn text(&self) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let of = |name: &str, term: &dyn Fn(&str) -> String| {
            if name == "otherMails" { format!("{name}/any(o:{})", term("o")) } else { term(name) }
        };
        match self {
            Self::Is(name, text) if text.len() % 2 == 0 => of(name, &|it| format!("{it} in ('zzz', {})", quoted(text))),
            Self::Is(name, text) => of(name, &|it| format!("{it} eq {}", quoted(text))),
            Self::Begins(name, text) => of(name, &|it| format!("startswith({it},{})", quoted(text))),
            Self::Ends(name, text) => of(name, &|it| format!("endsWith({it}, {})", quoted(text))),
            Self::Both(one, other) => format!("({}) and ({})", one.text(), other.text()),
            Self::Either(one, other) => format!("({}) or ({})", one.text(), other.text()),
            Self::Not(other) => format!("not({})", other.text()),
        }
    }

    fn fits(&self, person: &Value) -> bool {
        let any = |name: &str, test: &dyn Fn(&str) -> bool| match &person[name] {
            Value::String(text) => test(&text.to_lowercase()),
            Value::Array(texts) => texts.iter().any(|text| test(&text.as_str().unwrap().to_lowercase())),
            _ => false,
        };
        match self {
            Self::Is(name, wanted) => any(name, &|text| text == wanted.to_lowercase()),
            Self::Begins(name, start) => any(name, &|text| text.starts_with(&start.to_lowercase())),
            Self::Ends(name, end) => any(name, &|text| text.ends_with(&end.to_lowercase())),
            Self::Both(one, other) => one.fits(person) && other.fits(person),
            Self::Either(one, other) => one.fits(person) || other.fits(person),
            Self::Not(other) => !other.fits(person),
        }
    }
}

#[test]
fn a_filter_finds_whom_it_means_however_they_are_looked_up() {
    let world = World::with("guest-inviter");
    for name in ["o.neil", "ada", "ada-2"] {
        let change = json!({"invitedUserEmailAddress": format!("{name}@fabrikam.example")});
        assert_eq!(post(&world, "/invitations", "application/json", &invitation(&change).to_string()).status, 201);
    }
    let people = world.tenant.borrow().users(world.now.get());
    let mut numbers = Rng::new(1);
    let mut rng = move |sides: usize| numbers.below(sides);
    let mut found_somebody = 0;
    for _ in 0..1500 {
        let meant = Meant::made(&mut rng, &people, 3);
        let filter = graph::literal(&meant.text().replace('\'', "\u{1}")).replace("%01", "%27");
        let reply = get(&world, &format!("/users?$count=true&$select=id&$filter={filter}"), &[EVENTUAL]);
        assert_eq!(reply.status, 200, "{}: {}", meant.text(), reply.body);
        let found: Vec<Value> = body(&reply)["value"].as_array().unwrap().iter().map(|person| person["id"].clone()).collect();
        let wanted: Vec<Value> = people.iter().filter(|person| meant.fits(person)).map(|person| person["id"].clone()).collect();
        assert_eq!(found, wanted, "{}", meant.text());
        found_somebody += usize::from(!wanted.is_empty());
    }
    assert!(found_somebody > 500, "{found_somebody}");
}

#[test]
fn a_page_token_is_good_for_its_own_collection_alone() {
    let world = signed_in("guest-inviter", &["User.Read", "User.Read.All", "OrgContact.Read.All"]);
    let first = body(&get(&world, "/users?$top=1", &[]));
    let (_, token) = first["@odata.nextLink"].as_str().unwrap().rsplit_once('=').unwrap();
    let status = |path: &str| get(&world, &format!("{path}?$skiptoken={token}"), &[]);
    assert_eq!(status("/users").status, 200);
    for elsewhere in ["/contacts", "/me/memberOf", "/me/transitiveMemberOf", "/directory/deletedItems/microsoft.graph.user"] {
        assert_refused(&status(elsewhere), 400, "Directory_ExpiredPageToken", "page token");
    }
}

#[test]
fn a_contact_has_no_sign_in_name_to_be_found_or_sorted_by() {
    let world = signed_in("guest-inviter", &["User.Read", "OrgContact.Read.All"]);
    assert_refused(&get(&world, "/contacts?$orderby=userPrincipalName", &[]), 400, "Request_UnsupportedQuery", "OrgContact");
    let search = get(&world, "/contacts?$search=\"userPrincipalName:connie\"", &[EVENTUAL]);
    assert_refused(&search, 400, "Request_UnsupportedQuery", "unsupported property");
    assert_eq!(get(&world, "/contacts?$search=\"displayName:connie\"&$orderby=displayName&$count=true", &[EVENTUAL]).status, 200);
}

#[test]
fn an_invitation_goes_to_an_address_and_to_somebody_who_is_there() {
    let world = World::with("guest-inviter");
    let invite = |change: &Value| post(&world, "/invitations", "application/json", &invitation(change).to_string());
    for address in ["a@b@x.example", "a@x..example", "a@.com", "a@x.example.", "a..b@x.example"] {
        assert_refused(&invite(&json!({"invitedUserEmailAddress": address})), 400, "BadRequest", "Primary SMTP Address");
    }
    let nobody = json!({"invitedUser": {"id": "00000000-0000-4000-8000-000000000000"}});
    assert_refused(&invite(&nobody), 404, "Request_ResourceNotFound", "does not exist");
    assert!(world.mails().is_empty());
}
