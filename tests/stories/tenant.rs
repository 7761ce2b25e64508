//! The sample tenant answers like Microsoft, and refuses what Microsoft refuses.

use crate::support::{World, invitation_of, letter, list};
use graph::Operation;
use graph::invitations::{CreateInvitation, Invitation, MessageInfo, Recipient};
use graph::{Answer, Headers, Method, Reply, Request, Unreached, batch, users};
use guestlist::permissions::{self, DIRECTORY};
use guestlist::rows::Address;
use guestlist::words::Explain;
use identity::scopes;
use serde_json::{Value, json};
use tenant::{Knobs, Side};
use time::Millis;

fn ask(world: &World, request: &Request) -> Reply {
    world.carry(request).1.unwrap()
}

fn body(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap()
}

fn only(names: &[&str]) -> scopes::Scopes {
    let mut scopes = scopes::Scopes::default();
    scopes.extend(names.iter().copied());
    scopes
}

fn invitation(address: &str) -> Invitation {
    let list = list(address);
    let parsed = Address::parse(address);
    parsed.map_or_else(
        |_| Invitation {
            invited_user_email_address: address.into(),
            invite_redirect_url: "https://myapps.microsoft.com".into(),
            ..Invitation::default()
        },
        |parsed| invitation_of(&letter(), list.row(0), &parsed),
    )
}

#[test]
fn the_error_catalogue_of_invitations() {
    let check = |who: &str, knobs: Knobs, address: &str, status: u16, fragment: &str| {
        let world = World::with(who);
        world.tenant.borrow_mut().knobs = knobs;
        let reply = ask(&world, &CreateInvitation { invitation: &invitation(address) }.request());
        assert_eq!(reply.status, status, "{address}: {}", reply.body);
        assert!(reply.body.contains(fragment), "{address}: {}", reply.body);
        assert!(body(&reply)["error"]["innerError"]["request-id"].is_string());
        assert!(world.mails().is_empty(), "a refused invitation sends no mail");
    };
    let usual = Knobs::default;
    check("guest-inviter", usual(), "x@contoso.example", 400, "is a verified domain of this directory");
    check("guest-inviter", usual(), "casey@tailspin.example", 400, "already exists in the directory as object ID");
    check("guest-inviter", usual(), "blocked@fabrikam.example", 412, "the account is blocked from signing in");
    check("guest-inviter", usual(), "a+b@fabrikam.example", 400, "Primary SMTP Address is an invalid value");
    check("guest-inviter", usual(), "a@refused.example", 400, "allow/deny list");
    check("guest-inviter", usual(), "a@abuse.example", 403, "due to suspicious activity");
    check("guest-inviter", Knobs { suspicious: true, ..usual() }, "a@fabrikam.example", 403, "due to suspicious activity");
    check(
        "guest-inviter",
        Knobs { blocked_domains: "x.example fabrikam.example".into(), ..usual() },
        "a@fabrikam.example",
        400,
        "not allowed",
    );
    check(
        "guest-inviter",
        Knobs { cross_tenant_blocked: "fabrikam.example".into(), ..usual() },
        "a@fabrikam.example",
        400,
        "cross-tenant access settings",
    );
    check(
        "guest-inviter",
        Knobs { allow_invites_from: "none".into(), ..usual() },
        "a@fabrikam.example",
        403,
        "Guest invitations not allowed",
    );
    check("member", usual(), "a@fabrikam.example", 403, "Guest invitations not allowed");
    check("guest-inviter", Knobs { quota_writes: 0, ..usual() }, "a@fabrikam.example", 429, "Please retry");
}

#[test]
fn members_may_invite_where_the_setting_says_so() {
    let world = World::with("member");
    world.tenant.borrow_mut().knobs.allow_invites_from = "adminsGuestInvitersAndAllMembers".into();
    assert_eq!(ask(&world, &CreateInvitation { invitation: &invitation("a@fabrikam.example") }.request()).status, 201);
}

#[test]
fn a_missing_scope_is_a_real_403() {
    let world = World::new();
    world.sign_in("guest-inviter", only(&["User.Read"])).unwrap();
    assert_eq!(ask(&world, &CreateInvitation { invitation: &invitation("a@fabrikam.example") }.request()).status, 403);
    assert_eq!(ask(&world, &users::FindUsersByAddress { address: "a@fabrikam.example" }.request()).status, 403);
    assert_eq!(ask(&world, &users::GetMe.request()).status, 200);
    world.session.replace(None);
    assert_eq!(world.carry(&users::GetMe.request()).1, Err(Unreached::NoToken), "without a token nothing is asked");
}

#[test]
fn basic_profiles_hide_type_and_state() {
    let world = World::new();
    world.sign_in("guest-inviter", only(&["User.Read", "User.ReadBasic.All"])).unwrap();
    let found = body(&ask(&world, &users::FindUsersByAddress { address: "linus@fabrikam.example" }.request()));
    assert!(found["value"][0]["mail"].is_string() && found["value"][0]["externalUserState"].is_null(), "{found}");
}

#[test]
fn an_invitation_echoes_its_input_and_fills_what_was_not_set_with_null() {
    let world = World::with("guest-inviter");
    let sent = Invitation {
        invited_user_display_name: Some("Ada".into()),
        send_invitation_message: true,
        invited_user_message_info: Some(MessageInfo {
            cc_recipients: vec![Recipient::to("one@contoso.example"), Recipient::to("two@contoso.example")],
            ..MessageInfo::default()
        }),
        ..invitation("ada@fabrikam.example")
    };
    let created = body(&ask(&world, &CreateInvitation { invitation: &sent }.request()));
    assert_eq!((created["status"].as_str(), created["invitedUserType"].as_str()), (Some("PendingAcceptance"), Some("Guest")));
    assert_eq!(created["invitedUserMessageInfo"]["messageLanguage"], Value::Null);
    // The second copy is dropped in silence.
    assert_eq!(world.tenant.borrow().outbox()[0].cc, ["one@contoso.example"]);
    let plain = Invitation { invited_user_message_info: None, ..invitation("bob@fabrikam.example") };
    let created = body(&ask(&world, &CreateInvitation { invitation: &plain }.request()));
    assert_eq!(created["invitedUserMessageInfo"]["ccRecipients"], json!([{"emailAddress": {"name": null, "address": null}}]));
    let guest = world.tenant.borrow().users(world.now.get()).into_iter().find(|user| user["mail"] == "bob@fabrikam.example").unwrap();
    assert_eq!(guest["userPrincipalName"], "bob_fabrikam.example#EXT#@contoso.onmicrosoft.com");
    assert_eq!((guest["creationType"].as_str(), guest["externalUserState"].as_str()), (Some("Invitation"), Some("PendingAcceptance")));
}

#[test]
fn inviting_again_keeps_the_guest_and_mints_a_new_link() {
    let world = World::with("guest-inviter");
    let first = body(&ask(&world, &CreateInvitation { invitation: &invitation("ada@fabrikam.example") }.request()));
    let second = body(&ask(&world, &CreateInvitation { invitation: &invitation("ADA@fabrikam.example") }.request()));
    assert_eq!(first["invitedUser"]["id"], second["invitedUser"]["id"]);
    assert_ne!(first["inviteRedeemUrl"], second["inviteRedeemUrl"]);
}

#[test]
fn resetting_wants_the_permission_the_role_and_a_known_address() {
    let reset = |world: &World, address: &str| {
        let id =
            world.tenant.borrow().users(world.now.get()).into_iter().find(|user| user["mail"] == "grace@fabrikam.example").unwrap()["id"]
                .clone();
        let body = json!({"invitedUserEmailAddress": address, "inviteRedirectUrl": "https://myapps.microsoft.com", "resetRedemption": true, "invitedUser": {"id": id}});
        ask(world, &Request::post("/invitations", &body)).status
    };
    assert_eq!(reset(&World::with("guest-inviter"), "grace@fabrikam.example"), 403);
    // The role does not do without the permission: entra-docs docs/external-id/reset-redemption-status.md.
    assert_eq!(reset(&World::with("user-admin"), "grace@fabrikam.example"), 403);
    let world = World::new();
    world.sign_in("user-admin", only(&["User.Read", "User.ReadWrite.All"])).unwrap();
    assert_eq!(reset(&world, "new@fabrikam.example"), 400);
    assert_eq!(reset(&world, "grace@fabrikam.example"), 201);
    let grace = world.tenant.borrow().users(world.now.get()).into_iter().find(|user| user["mail"] == "grace@fabrikam.example").unwrap();
    assert_eq!(grace["externalUserState"], "PendingAcceptance");
}

#[test]
fn batches_are_at_most_twenty_judged_alone_and_answered_in_any_order() {
    let world = World::with("guest-inviter");
    let status = |items: Value| ask(&world, &Request::post("/$batch", &json!({"requests": items}))).status;
    let item = |id: usize| json!({"id": id.to_string(), "method": "GET", "url": "/me"});
    assert_eq!(status((0..21).map(item).collect()), 400);
    assert_eq!(status(json!([item(1), item(1)])), 400);
    assert_eq!(status(json!([{"id": "1"}])), 400);
    let requests = [
        users::GetMe.request(),
        users::GetUser { id: "nobody" }.request(),
        CreateInvitation { invitation: &invitation("a@fabrikam.example") }.request(),
    ];
    let answers = batch::each(&Ok(ask(&world, &batch::pack(&requests))), 3);
    let statuses: Vec<u16> = answers.iter().map(|answer: &Answer| answer.as_ref().unwrap().status).collect();
    assert_eq!(statuses, [200, 404, 201]);
    let dependent = json!({"requests": [{"id": "1", "method": "GET", "url": "/users/nobody"}, {"id": "2", "method": "GET", "url": "/me", "dependsOn": ["1"]}]});
    let told = body(&ask(&world, &Request::post("/$batch", &dependent)));
    assert!(told["responses"].as_array().unwrap().iter().any(|item| item["id"] == "2" && item["status"] == 424), "{told}");
    // The log has the items one by one.
    assert!(world.tenant.borrow().log().iter().any(|line| line.path == "/users/nobody" && line.status == 404));
}

#[test]
fn users_are_paged_filtered_and_guarded() {
    let world = World::with("guest-inviter");
    let mut next = Some("/users?$select=id&$top=4".to_owned());
    let mut seen = 0;
    while let Some(path) = next {
        let page = body(&ask(&world, &Request::get(path)));
        seen += page["value"].as_array().unwrap().len();
        next = page["@odata.nextLink"].as_str().map(|link| link.split("/v1.0").nth(1).unwrap().to_owned());
    }
    assert_eq!(seen, world.tenant.borrow().users(world.now.get()).len());
    let status = |path: &str| ask(&world, &Request::get(path)).status;
    assert_eq!(status("/users?$filter=endsWith(mail,'x')"), 400);
    assert_eq!(status("/users?$skip=1"), 400);
    assert_eq!(status("/invitations"), 404);
    assert_eq!(status("/nothing"), 400);
    let guests = body(&ask(&world, &Request::get("/users?$filter=userType%20eq%20'Guest'&$select=mail")));
    assert_eq!(guests["value"].as_array().unwrap().len(), 3);
}

#[test]
fn a_new_guest_is_seen_only_after_the_delay() {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs.delay_ms = 5000;
    let created = body(&ask(&world, &CreateInvitation { invitation: &invitation("ada@fabrikam.example") }.request()));
    let look = users::GetUser { id: created["invitedUser"]["id"].as_str().unwrap() }.request();
    assert_eq!(ask(&world, &look).status, 404);
    world.now.set(world.now.get() + Millis::seconds(5));
    assert_eq!(ask(&world, &look).status, 200);
}

#[test]
fn the_quota_counts_a_window_and_says_how_long_to_wait() {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs = Knobs { quota_writes: 2, quota_window_ms: 10_000, ..Knobs::default() };
    let send = |name: &str| ask(&world, &CreateInvitation { invitation: &invitation(&format!("{name}@fabrikam.example")) }.request());
    assert_eq!((send("a").status, send("b").status), (201, 201));
    let refused = send("c");
    assert_eq!((refused.status, refused.headers.retry_after()), (429, Some(Millis::seconds(10))));
    world.now.set(world.now.get() + Millis::seconds(10));
    assert_eq!(send("c").status, 201);
}

#[test]
fn browsers_may_ask_and_read_what_graph_exposes() {
    let world = World::with("guest-inviter");
    let headers = Headers::default().with("Access-Control-Request-Headers", "authorization,client-request-id");
    let preflight = Request { method: Method::Options, path: "/v1.0/me".into(), headers, body: None };
    let told = world.tenant.borrow_mut().answer(Side::Graph, &preflight, world.now.get()).answer.unwrap();
    assert_eq!((told.status, told.headers.get("Access-Control-Allow-Headers")), (200, Some("authorization,client-request-id")));
    let exposed = |world: &World| ask(world, &users::GetMe.request()).headers.get("Access-Control-Expose-Headers").unwrap().to_owned();
    assert!(exposed(&world).contains("Retry-After"));
    world.tenant.borrow_mut().knobs.expose_retry_after = false;
    assert!(!exposed(&world).contains("Retry-After"));
    assert_eq!(ask(&world, &users::GetMe.request()).headers.get("client-request-id"), Some("story"));
}

#[test]
fn knobs_are_turned_by_name_and_nonsense_is_refused() {
    let world = World::new();
    let turn = |json: &str| {
        let headers = Headers::default().with("Content-Type", "application/json");
        let request = Request { method: Method::Post, path: "/_tenant/knobs".into(), headers, body: Some(json.into()) };
        world.tenant.borrow_mut().answer(Side::Graph, &request, world.now.get()).answer.unwrap().status
    };
    assert_eq!(turn(r#"{"delayMs": 7}"#), 200);
    assert_eq!(world.tenant.borrow().knobs.delay_ms, 7);
    assert_eq!((turn(r#"{"nonsense": 7}"#), turn(r#"{"delayMs": "long"}"#), turn("[]")), (400, 400, 400));
}

#[test]
fn names_and_texts_are_escaped_wherever_the_tenant_shows_them() {
    let world = World::with("guest-inviter");
    let nasty = Invitation {
        invited_user_display_name: Some("<img src=x onerror=alert(1)>".into()),
        send_invitation_message: true,
        invited_user_message_info: Some(MessageInfo {
            customized_message_body: Some("<script>alert(1)</script>".into()),
            ..MessageInfo::default()
        }),
        ..invitation("ada@fabrikam.example")
    };
    assert_eq!(ask(&world, &CreateInvitation { invitation: &nasty }.request()).status, 201);
    for path in ["/", "/mail/0"] {
        let page = world.tenant.borrow_mut().answer(Side::Graph, &Request::get(path), world.now.get()).answer.unwrap().body;
        assert!(!page.contains("<script>") && !page.contains("<img"), "{path}");
    }
}

#[test]
fn scopes_asked_first_are_the_least() {
    assert_eq!(permissions::base().iter().collect::<Vec<_>>(), ["User.Read", "User.Invite.All"]);
    assert!(!permissions::base().contains(DIRECTORY));
}

#[test]
fn by_default_who_has_a_role_for_it_may_invite_directory_writers_too() {
    for (who, status) in
        [("guest-inviter", 201), ("user-admin", 201), ("directory-writer", 201), ("governance-admin", 403), ("member", 403)]
    {
        let world = World::with(who);
        let reply = ask(&world, &CreateInvitation { invitation: &invitation("ada@fabrikam.example") }.request());
        assert_eq!((reply.status, world.mails().len()), (status, usize::from(status == 201)), "{who}: {}", reply.body);
        // And *Check* says the same.
        assert_eq!(world.look_up(&list("ada@fabrikam.example")).has_inviting_role(), status == 201, "{who}");
    }
    // But nobody where nobody may.
    let world = World::with("directory-writer");
    world.tenant.borrow_mut().knobs.allow_invites_from = "none".into();
    assert_eq!(ask(&world, &CreateInvitation { invitation: &invitation("ada@fabrikam.example") }.request()).status, 403);
    // And not as members.
    let world = World::new();
    world.sign_in("directory-writer", only(&["User.Invite.All", "User.ReadWrite.All"])).unwrap();
    let mut request = CreateInvitation { invitation: &invitation("bob@fabrikam.example") }.request();
    request.body = request.body.map(|body| body.replacen('{', r#"{"invitedUserType":"Member","#, 1));
    assert_eq!(ask(&world, &request).status, 403);
}

#[test]
fn access_tokens_and_refresh_tokens_end_by_the_tenants_clock() {
    let world = World::with("guest-inviter");
    let hours = |hours: i64| world.tenant.borrow_mut().knobs.clock_hours = hours;
    let me = || ask(&world, &Request::get("/me"));
    hours(1);
    assert_eq!(me().status, 200);
    // 75 minutes have passed there, and none on this computer.
    hours(2);
    let refused = me();
    assert_eq!((refused.status, refused.headers.get("WWW-Authenticate").is_some()), (401, true), "{}", refused.body);
    world.renew().unwrap();
    assert_eq!(me().status, 200);
    hours(23);
    world.renew().unwrap();
    hours(24);
    assert!(world.renew().unwrap_err().details().contains("AADSTS700084"));
    world.sign_in_again().unwrap();
    assert_eq!(me().status, 200);
}

#[test]
fn who_was_deleted_is_in_the_recycle_bin_for_thirty_days_of_the_tenants_clock() {
    let world = World::with("guest-inviter");
    let deleted = list("gone@fabrikam.example");
    let note = || world.plan(&deleted, &[]).rows[0].note.clone();
    let hours = |hours: i64| {
        world.tenant.borrow_mut().knobs.clock_hours = hours;
        world.sign_in_for_all("guest-inviter");
    };
    assert!(note().is_some_and(|note| note.contains("deleted")), "{:?}", note());
    hours(30 * 24 - 1);
    assert!(note().is_some_and(|note| note.contains("deleted")), "{:?}", note());
    hours(30 * 24);
    assert_eq!(note(), None);
    let bin = ask(&world, &Request::get("/directory/deletedItems/microsoft.graph.user"));
    assert_eq!(body(&bin)["value"], json!([]));
}
