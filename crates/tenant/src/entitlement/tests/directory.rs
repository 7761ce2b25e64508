//! What access is delivered to: groups, applications, sites; and sponsors.

use super::*;

fn link(id: &str) -> Value {
    json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")})
}

#[test]
fn groups_are_listed_searched_and_read() {
    let mut asking = SampleClient::new();
    let mut count = |query: &str| {
        let (status, told) = asking.ask("member", Method::Get, &format!("/groups?{query}"), None);
        (status, told["value"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(count(""), (200, 5));
    assert_eq!(count("$filter=displayName eq 'sales partners'"), (200, 1));
    assert_eq!(count("$filter=startswith(displayName,'All')"), (200, 1));
    assert_eq!(count("$filter=groupTypes/any(c:c eq 'Unified')"), (200, 1));
    assert_eq!(count("$filter=mailEnabled eq true and securityEnabled eq true"), (200, 1));
    assert_eq!(count("$filter=onPremisesSyncEnabled eq true"), (200, 1));
    let (status, told) = asking.ask("member", Method::Get, &format!("/groups/{PARTNERS}?$select=id,displayName,mailEnabled"), None);
    assert_eq!((status, &told["displayName"], told.get("description")), (200, &json!("Sales partners"), None));
    assert_eq!(asking.ask("member", Method::Get, &format!("/groups/{NOBODY}"), None).0, 404);
    assert_eq!(asking.ask("grace", Method::Get, "/groups", None).0, 403, "a guest sees none");
}

#[test]
fn members_are_added_bound_and_removed_by_whoever_may() {
    let mut asking = SampleClient::new();
    let (mel, casey, grace) = (asking.member_id("member"), asking.member_id("casey"), asking.id_of("grace@fabrikam.example"));
    let members = format!("/groups/{PARTNERS}/members");
    let add = |asking: &mut SampleClient, who: &str, id: &str| {
        let (status, told) = asking.ask(who, Method::Post, &format!("{members}/$ref"), Some(&link(id)));
        (status, told["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(add(&mut asking, "user-admin", &grace), (204, String::new()));
    assert_eq!(add(&mut asking, "user-admin", &grace), (400, "Request_BadRequest".into()));
    assert_eq!(add(&mut asking, "user-admin", NOBODY), (404, "Request_ResourceNotFound".into()));
    for who in ["guest-inviter", "member"] {
        assert_eq!(add(&mut asking, who, &mel), (403, "Authorization_RequestDenied".into()), "{who}");
    }
    let shown = asking.ask("member", Method::Get, &format!("{members}?$select=id"), None).1["value"].clone();
    assert_eq!(shown, json!([{"id": grace, "@odata.type": "#microsoft.graph.user"}]));
    let group = format!("/groups/{PARTNERS}");
    let bind = |ids: &[&str]| json!({"members@odata.bind": ids.iter().map(|id| link(id)["@odata.id"].clone()).collect::<Vec<_>>()});
    // All or none.
    assert_eq!(asking.ask("user-admin", Method::Patch, &group, Some(&bind(&[&mel, &grace]))).0, 400);
    assert_eq!(asking.ask("user-admin", Method::Patch, &group, Some(&bind(&[&mel, NOBODY]))).0, 404);
    assert!(!asking.is_partner(&mel));
    assert_eq!(asking.ask("user-admin", Method::Patch, &group, Some(&bind(&[&mel, &casey]))).0, 204);
    let (status, told) = asking.ask("user-admin", Method::Patch, &group, Some(&bind(&[mel.as_str(); 21])));
    assert!(status == 400 && told["error"]["message"].as_str().unwrap().contains("the most is 20"), "{told}");
    let mut remove = |id: &str| asking.ask("user-admin", Method::Delete, &format!("{members}/{id}/$ref"), None).0;
    assert_eq!((remove(&mel), remove(&mel)), (204, 404));
    // Somebody else fills these.
    for number in 3..=5 {
        let path = format!("/groups/9e00b5c0-c070-4050-a000-c0ffee00000{number}/members/$ref");
        assert_eq!(asking.ask("user-admin", Method::Post, &path, Some(&link(&mel))).0, 400, "{path}");
    }
    // Without `/$ref` the user would be deleted: there is no such path.
    assert_eq!(asking.ask("user-admin", Method::Delete, &format!("{members}/{casey}"), None).0, 400);
}

#[test]
fn whoever_makes_a_group_owns_it_and_a_deleted_one_is_listed_for_a_while() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.group_gone_ms = 5_000;
    let body = |name: &str| json!({"displayName": name, "mailEnabled": false, "mailNickname": "x", "securityEnabled": true});
    let mut missing = body("x");
    missing.as_object_mut().unwrap().remove("mailNickname");
    let (status, told) = asking.ask("member", Method::Post, "/groups", Some(&missing));
    assert_eq!((status, &told["error"]["code"]), (400, &json!("Request_BadRequest")), "{told}");
    let mut with_mail = body("Newsletter");
    with_mail["mailEnabled"] = json!(true);
    assert_eq!(asking.ask("member", Method::Post, "/groups", Some(&with_mail)).0, 400, "Exchange makes those");
    with_mail["groupTypes"] = json!(["Unified"]);
    assert_eq!(asking.ask("member", Method::Post, "/groups", Some(&with_mail)).0, 201);
    let id = asking.ask("member", Method::Post, "/groups", Some(&body("Suppliers"))).1["id"].as_str().unwrap().to_owned();
    let owners = asking.ask("member", Method::Get, &format!("/groups/{id}/owners?$select=id"), None).1;
    assert_eq!(owners["value"][0]["id"], json!(asking.member_id("member")));
    let grace = asking.id_of("grace@fabrikam.example");
    assert_eq!(asking.ask("member", Method::Post, &format!("/groups/{id}/members/$ref"), Some(&link(&grace))).0, 204);
    let mut assignable = body("Admins");
    assignable["isAssignableToRole"] = json!(true);
    let admins = asking.ask("governance-admin", Method::Post, "/groups", Some(&assignable)).1["id"].as_str().unwrap().to_owned();
    assert_eq!(asking.ask("user-admin", Method::Post, &format!("/groups/{admins}/members/$ref"), Some(&link(&grace))).0, 403);
    assert_eq!(asking.ask("member", Method::Delete, &format!("/groups/{id}"), None).0, 204);
    assert_eq!(asking.ask("member", Method::Get, &format!("/groups/{id}"), None).0, 200);
    asking.pass(Millis::seconds(5));
    assert_eq!(asking.ask("member", Method::Get, &format!("/groups/{id}"), None).0, 404);
}

#[test]
fn who_was_just_made_is_not_present_for_groups_and_applications() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.delay_ms = 5_000;
    let invitation = json!({"invitedUserEmailAddress": "ada@nowhere.example", "inviteRedirectUrl": "https://page.example/"});
    let (status, told) = asking.ask("guest-inviter", Method::Post, "/invitations", Some(&invitation));
    assert_eq!(status, 201, "{told}");
    let ada = told["invitedUser"]["id"].as_str().unwrap().to_owned();
    let role = json!({"principalId": ada, "resourceId": EXPENSES, "appRoleId": "a9911ca7-c070-4050-a000-c0ffee000026"});
    let told = |asking: &mut SampleClient| {
        let member = asking.ask("user-admin", Method::Post, &format!("/groups/{PARTNERS}/members/$ref"), Some(&link(&ada))).0;
        (member, asking.ask("user-admin", Method::Post, &format!("/users/{ada}/appRoleAssignments"), Some(&role)).0)
    };
    assert_eq!(told(&mut asking), (404, 400));
    asking.pass(Millis::seconds(5));
    assert_eq!(told(&mut asking), (204, 201));
}

#[test]
fn roles_of_applications_are_assigned_once_and_removed() {
    let mut asking = SampleClient::new().with("writer", &format!("user-admin@{DOMAIN}"), &["AppRoleAssignment.ReadWrite.All"]);
    let listed =
        asking.ask("member", Method::Get, "/servicePrincipals?$filter=displayName eq 'Contoso Expenses'&$select=id,appId,appRoles", None).1;
    let application = listed["value"][0].clone();
    let role = application["appRoles"][1]["id"].as_str().unwrap().to_owned();
    let mel = asking.member_id("member");
    let body = |role: &str| json!({"principalId": mel, "resourceId": EXPENSES, "appRoleId": role});
    let to_application = format!("/servicePrincipals/{EXPENSES}/appRoleAssignedTo");
    let by_app_id = format!("/servicePrincipals(appId='{}')/appRoleAssignedTo", application["appId"].as_str().unwrap());
    let of_user = format!("/users/{mel}/appRoleAssignments");
    assert_eq!(asking.ask("writer", Method::Post, &to_application, Some(&body(&role))).0, 403, "both permissions are needed");
    assert_eq!(asking.ask("guest-inviter", Method::Post, &to_application, Some(&body(&role))).0, 403);
    let (status, made) = asking.ask("user-admin", Method::Post, &by_app_id, Some(&body(&role)));
    assert_eq!((status, &made["principalDisplayName"], &made["appRoleId"]), (201, &json!("Mel Member"), &json!(role)));
    for path in [&to_application, &of_user] {
        let (status, told) = asking.ask("user-admin", Method::Post, path, Some(&body(&role)));
        assert_eq!((status, &told["error"]["message"]), (400, &json!("Permission being assigned already exists on the object")));
        assert_eq!(asking.ask("user-admin", Method::Get, path, None).1["value"][0]["id"], made["id"], "{path}");
    }
    assert_eq!(asking.ask("user-admin", Method::Post, &of_user, Some(&body(NOBODY))).0, 400);
    let elsewhere = json!({"principalId": asking.member_id("casey"), "resourceId": EXPENSES, "appRoleId": role});
    assert_eq!(asking.ask("user-admin", Method::Post, &of_user, Some(&elsewhere)).0, 400);
    let id = made["id"].as_str().unwrap();
    let of_other = format!("/users/{}/appRoleAssignments", asking.member_id("casey"));
    let mut remove = |path: &str| asking.ask("user-admin", Method::Delete, &format!("{path}/{id}"), None).0;
    assert_eq!(remove(&of_other), 404, "it is another user's");
    assert_eq!((remove(&to_application), remove(&of_user)), (204, 404));
    assert_eq!(asking.ask("member", Method::Get, &format!("/servicePrincipals/{NOBODY}"), None).0, 404);
}

#[test]
fn a_user_has_up_to_five_sponsors_and_the_inviter_first() {
    let mut asking = SampleClient::new();
    let invitation = json!({"invitedUserEmailAddress": "ada@nowhere.example", "inviteRedirectUrl": "https://page.example/"});
    let ada =
        asking.ask("guest-inviter", Method::Post, "/invitations", Some(&invitation)).1["invitedUser"]["id"].as_str().unwrap().to_owned();
    let path = format!("/users/{ada}/sponsors");
    let inviter = asking.member_id("guest-inviter");
    let listed = |asking: &mut SampleClient| asking.ask("user-admin", Method::Get, &format!("{path}?$select=id"), None).1["value"].clone();
    assert_eq!(listed(&mut asking), json!([{"id": inviter, "@odata.type": "#microsoft.graph.user"}]));
    let mut named = invitation.clone();
    named["invitedUserEmailAddress"] = json!("bo@nowhere.example");
    named["invitedUserSponsors"] = json!([{"id": NOBODY}]);
    assert_eq!(asking.ask("guest-inviter", Method::Post, "/invitations", Some(&named)).0, 400);
    named["invitedUserSponsors"] = json!([{"id": asking.member_id("casey")}]);
    let bo = asking.ask("guest-inviter", Method::Post, "/invitations", Some(&named)).1["invitedUser"]["id"].as_str().unwrap().to_owned();
    assert_eq!(asking.tenant.directory.by_id(&bo).unwrap().sponsors, [asking.member_id("casey")]);
    let add = |asking: &mut SampleClient, who: &str, id: &str| asking.ask(who, Method::Post, &format!("{path}/$ref"), Some(&link(id))).0;
    assert_eq!((add(&mut asking, "guest-inviter", &inviter), add(&mut asking, "user-admin", NOBODY)), (403, 404));
    assert_eq!(add(&mut asking, "user-admin", &inviter), 400, "already one");
    for name in ["member", "casey", "user-admin", "governance-admin"] {
        let id = asking.member_id(name);
        assert_eq!(add(&mut asking, "user-admin", &id), 204, "{name}");
    }
    let sixth = asking.member_id("no-mailbox");
    assert_eq!(add(&mut asking, "user-admin", &sixth), 400);
    let mut remove = || asking.ask("user-admin", Method::Delete, &format!("{path}/{inviter}/$ref"), None).0;
    assert_eq!((remove(), remove()), (204, 404));
}

#[test]
fn sites_are_searched_and_the_tenants_pages_show_who_is_in() {
    let mut asking = SampleClient::new();
    let mut count =
        |words: &str| asking.ask("member", Method::Get, &format!("/sites?search={words}"), None).1["value"].as_array().unwrap().len();
    assert_eq!((count("partner"), count("*"), count("elsewhere")), (1, 1, 0));
    let page = |asking: &mut SampleClient, method: Method, path: &str, body: Option<String>| {
        let headers = Headers::default().with("Content-Type", "application/json");
        let request = Request { method, path: path.into(), headers, body };
        asking.tenant.answer(Side::Graph, &request, asking.now).answer.unwrap()
    };
    let told: Value = serde_json::from_str(&page(&mut asking, Method::Get, "/_tenant/sites.json", None).body).unwrap();
    assert_eq!((&told["sites"][0]["webUrl"], &told["sites"][0]["members"]), (&json!(SITE), &json!([])));
    let home = page(&mut asking, Method::Get, "/", None).body;
    assert!(home.contains("<td>Sales partners</td>") && home.contains("<td>Partner site</td>"));
    let mut first = |address: &str| {
        let body = json!({ "address": address }).to_string();
        page(&mut asking, Method::Post, "/_tenant/first-sign-in", Some(body)).status
    };
    assert_eq!((first("linus@fabrikam.example"), first("nobody@x.example"), first("blocked@fabrikam.example")), (200, 404, 404));
    assert_eq!(asking.person("linus@fabrikam.example").external_user_state, Some("Accepted"));
}
