//! What assignments bring and take away, and what becomes of people from outside.

use super::*;

#[test]
fn what_ends_takes_the_access_and_then_the_guest() {
    let walked = |action: &str, duration: &str| {
        let mut asking = SampleClient::new();
        asking.tenant.knobs.outsiders_at_once = true;
        let settings = json!({"externalUserLifecycleAction": action, "durationUntilExternalUserDeletedAfterBlocked": duration});
        assert_eq!(asking.ask("governance-admin", Method::Patch, &format!("{EM}/settings"), Some(&settings)), (204, Value::Null));
        let (package, policy) = external(&mut asking);
        let mut body = direct(&package, &policy, json!({"target": {"email": "ada@nowhere.example"}}));
        body["schedule"] = json!({"expiration": {"type": "afterDateTime", "endDateTime": (asking.now + Millis::days(5)).iso()}});
        let id = asking.post("/assignmentRequests", body)["id"].as_str().unwrap().to_owned();
        asking.pass(just_under(5));
        let assignment = assignment_of(&mut asking, &id);
        let mut told = Vec::new();
        for wait in [Millis(0), Millis(1), just_under(10), Millis(1)] {
            asking.pass(wait);
            let state = asking.get(&format!("/assignments/{assignment}"))["state"].as_str().unwrap().to_owned();
            let ada = asking.person("ada@nowhere.example");
            told.push((state, asking.is_partner(&ada.id), ada.account_enabled, ada.is_deleted()));
        }
        told
    };
    let all =
        |states: [(&str, bool, bool, bool); 4]| states.map(|(state, partner, enabled, gone)| (state.to_owned(), partner, enabled, gone));
    let before = ("delivered", true, true, false);
    let blocked = ("expired", false, false, false);
    let ends = [
        ("blockSignInAndDelete", [before, blocked, blocked, ("expired", false, false, true)]),
        ("blockSignIn", [before, blocked, blocked, blocked]),
        ("none", [before, ("expired", false, true, false), ("expired", false, true, false), ("expired", false, true, false)]),
    ];
    for (action, expected) in ends {
        assert_eq!(walked(action, "P10D"), all(expected), "{action}");
    }
}

#[test]
fn only_whom_entitlement_management_brought_in_is_blocked_and_only_after_the_last_assignment() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.outsiders_at_once = true;
    let (package, policy) = external(&mut asking);
    let grace = asking.id_of("grace@fabrikam.example");
    let request = asking.assign(&package, &policy, &grace);
    asking.pass(Millis::minutes(1));
    let assignment = assignment_of(&mut asking, &request);
    asking.post("/assignmentRequests", about("adminRemove", &assignment));
    asking.pass(Millis::minutes(1));
    assert_eq!(asking.get(&format!("/assignments/{assignment}"))["state"], "expired");
    assert!(asking.person("grace@fabrikam.example").account_enabled);
    // Somebody with two packages keeps the second, and the group that both give.
    let (other, second) = external(&mut asking);
    let mut assignments = Vec::new();
    for (package, policy) in [(&package, &policy), (&other, &second)] {
        let body = direct(package, policy, json!({"target": {"email": "ada@nowhere.example"}}));
        let id = asking.post("/assignmentRequests", body)["id"].as_str().unwrap().to_owned();
        asking.pass(Millis::minutes(1));
        assignments.push(assignment_of(&mut asking, &id));
    }
    let ada = asking.id_of("ada@nowhere.example");
    for (assignment, is_left) in assignments.iter().zip([true, false]) {
        asking.post("/assignmentRequests", about("adminRemove", assignment));
        asking.pass(Millis::minutes(1));
        asking.get("/settings");
        let person = asking.person("ada@nowhere.example");
        assert_eq!((person.account_enabled, asking.is_partner(&ada)), (is_left, is_left));
    }
    // Blocked, they are not found by address, and by id they are, which lets them in again.
    let by_address = direct(&package, &policy, json!({"target": {"email": "ada@nowhere.example"}}));
    let told = asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&by_address));
    assert_eq!(told, (400, "SubjectNotFound".into()));
    asking.assign(&package, &policy, &ada);
    asking.pass(Millis::days(40));
    asking.get("/settings");
    let person = asking.person("ada@nowhere.example");
    assert_eq!((person.account_enabled, person.is_deleted()), (true, false));
}

#[test]
fn what_a_package_gives_reaches_groups_applications_and_sites_and_those_who_have_it_already() {
    let mut asking = SampleClient::new();
    let general = asking.general();
    let package = asking.partner_package();
    let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    let mel = asking.member_id("member");
    let id = asking.assign(&package, &policy, &mel);
    asking.pass(Millis::minutes(1));
    let application = asking.onboard(&general, EXPENSES, "AadApplication");
    let site = asking.onboard(&general, SITE, "SharePointOnline");
    let role = "a9911ca7-c070-4050-a000-c0ffee000036";
    let scope = asking.gives(&package, &application, (role, EXPENSES, "AadApplication"));
    asking.gives(&package, &site, ("5", SITE, "SharePointOnline"));
    let held = |asking: &mut SampleClient| {
        let roles = asking.ask("user-admin", Method::Get, &format!("/users/{mel}/appRoleAssignments"), None).1;
        let sites = asking.tenant.sites_json().body;
        (roles["value"].as_array().unwrap().len(), sites.contains("\"role\":\"Members\",\"userPrincipalName\":\"member@contoso.example\""))
    };
    assert_eq!(held(&mut asking), (0, false));
    asking.pass(Millis::seconds(2));
    assert_eq!(held(&mut asking), (1, true));
    assert_eq!(
        asking.ask("governance-admin", Method::Delete, &format!("{EM}/accessPackages/{package}/resourceRoleScopes/{scope}"), None).0,
        200
    );
    assert_eq!(held(&mut asking), (0, true));
    let assignment = assignment_of(&mut asking, &id);
    asking.post("/assignmentRequests", about("adminRemove", &assignment));
    asking.pass(Millis::minutes(1));
    assert_eq!(held(&mut asking), (0, false));
}

#[test]
fn a_delivery_may_fail_in_part_or_whole_and_is_done_once_more() {
    for (fault, state) in [("partial", "partiallyDelivered"), ("failed", "deliveryFailed")] {
        let mut asking = SampleClient::new();
        let general = asking.general();
        let package = asking.partner_package();
        let site = asking.onboard(&general, SITE, "SharePointOnline");
        asking.gives(&package, &site, ("5", SITE, "SharePointOnline"));
        let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
        asking.tenant.knobs.delivery_fault = fault.into();
        let mel = asking.member_id("member");
        let id = asking.assign(&package, &policy, &mel);
        asking.pass(Millis::minutes(1));
        assert_eq!(asking.state(&id).0, state);
        let assignment = assignment_of(&mut asking, &id);
        assert_eq!(asking.get(&format!("/assignments/{assignment}"))["state"], state);
        let path = format!("/assignmentRequests/{id}/reprocess");
        asking.tenant.knobs.delivery_fault.clear();
        asking.pass(Millis::days(14));
        assert_eq!(asking.refused("governance-admin", Method::Post, &path, None), (400, "RequestNotReprocessable".into()));
        asking.tenant.knobs.reprocess_days = 15;
        assert_eq!(asking.reply("governance-admin", Method::Post, &format!("{EM}{path}"), None).status, 202);
        walk(&mut asking, &id, &[(NOW_ON, DELIVERING), (Millis::seconds(2), DELIVERED)]);
        assert_eq!(asking.refused("governance-admin", Method::Post, &path, None), (400, "RequestNotReprocessable".into()));
        // A role that somebody took away comes back.
        asking.tenant.groups.by_id_mut(PARTNERS).unwrap().members.clear();
        assert_eq!(asking.reply("governance-admin", Method::Post, &format!("{EM}/assignments/{assignment}/reprocess"), None).status, 202);
        asking.pass(Millis::seconds(2));
        asking.get("/settings");
        assert!(asking.is_partner(&mel), "{fault}");
    }
    let mut asking = SampleClient::new();
    for (path, expected) in [("x", (400, "InvalidRequestId")), (NOBODY, (404, "RequestNotFound"))] {
        let told = asking.refused("governance-admin", Method::Post, &format!("/assignmentRequests/{path}/reprocess"), None);
        assert_eq!((told.0, told.1.as_str()), expected);
    }
    assert_eq!(asking.refused("governance-admin", Method::Post, &format!("/assignments/{NOBODY}/reprocess"), None).0, 404);
}

#[test]
fn a_group_that_is_gone_lets_the_delivery_fail() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    assert_eq!(asking.ask("user-admin", Method::Delete, &format!("/groups/{PARTNERS}"), None).0, 204);
    let mel = asking.member_id("member");
    let id = asking.assign(&package, &policy, &mel);
    asking.pass(Millis::minutes(1));
    assert_eq!(asking.state(&id), ("deliveryFailed".into(), "DeliveryFailed".into()));
}

#[test]
fn a_blocked_domain_is_not_covered_and_not_let_in() {
    let mut asking = SampleClient::new();
    let (package, policy) = external(&mut asking);
    let body = direct(&package, &policy, json!({"target": {"email": "ada@nowhere.example"}}));
    let id = asking.post("/assignmentRequests", body.clone())["id"].as_str().unwrap().to_owned();
    asking.tenant.knobs.blocked_domains = "nowhere.example".into();
    asking.pass(Millis::seconds(1));
    let (state, status) = asking.state(&id);
    assert!(state == "deliveryFailed" && status.contains("blocked"), "{state} {status}");
    let told = asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&body));
    assert_eq!(told, (400, "PolicyRequirementsNotMet".into()));
    asking.tenant.knobs.blocked_domains.clear();
    let path = format!("{EM}/assignmentRequests/{id}/reprocess");
    assert_eq!(asking.reply("governance-admin", Method::Post, &path, None).status, 202);
    walk(&mut asking, &id, &[(NOW_ON, DELIVERING)]);
}

#[test]
fn who_was_a_member_before_stays_one() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    let mel = asking.member_id("member");
    asking.tenant.groups.by_id_mut(PARTNERS).unwrap().members.push(mel.clone());
    let id = asking.assign(&package, &policy, &mel);
    asking.pass(Millis::minutes(1));
    let assignment = assignment_of(&mut asking, &id);
    asking.post("/assignmentRequests", about("adminRemove", &assignment));
    asking.pass(Millis::minutes(1));
    assert_eq!(asking.get(&format!("/assignments/{assignment}"))["state"], "expired");
    assert!(asking.is_partner(&mel));
}

#[test]
fn days_until_a_guest_is_deleted_count_from_the_last_block() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.outsiders_at_once = true;
    let (package, policy) = external(&mut asking);
    let body = direct(&package, &policy, json!({"target": {"email": "ada@nowhere.example"}}));
    let first = asking.post("/assignmentRequests", body)["id"].as_str().unwrap().to_owned();
    asking.pass(Millis::minutes(1));
    asking.get("/settings");
    let ada = asking.id_of("ada@nowhere.example");
    let end = |asking: &mut SampleClient, request: &str| {
        let assignment = assignment_of(asking, request);
        asking.post("/assignmentRequests", about("adminRemove", &assignment));
        asking.pass(Millis::minutes(1));
    };
    end(&mut asking, &first);
    asking.pass(Millis::days(20));
    let second = asking.assign(&package, &policy, &ada);
    asking.pass(Millis::minutes(1));
    end(&mut asking, &second);
    let is_deleted = |asking: &mut SampleClient, days: i64| {
        asking.pass(Millis::days(days));
        asking.get("/settings");
        asking.person("ada@nowhere.example").is_deleted()
    };
    assert_eq!((is_deleted(&mut asking, 15), is_deleted(&mut asking, 14), is_deleted(&mut asking, 1)), (false, false, true));
}

#[test]
fn who_is_not_to_be_deleted_any_more_is_not() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.outsiders_at_once = true;
    let (package, policy) = external(&mut asking);
    for name in ["ada", "bo"] {
        let body = direct(&package, &policy, json!({"target": {"email": format!("{name}@nowhere.example")}}));
        let id = asking.post("/assignmentRequests", body)["id"].as_str().unwrap().to_owned();
        asking.pass(Millis::minutes(1));
        let assignment = assignment_of(&mut asking, &id);
        asking.post("/assignmentRequests", about("adminRemove", &assignment));
        asking.pass(Millis::minutes(1));
    }
    // Two people of one domain belong to one organization.
    assert_eq!(asking.get("/connectedOrganizations")["value"].as_array().unwrap().len(), 1);
    let settings = json!({"externalUserLifecycleAction": "blockSignIn"});
    assert_eq!(asking.ask("governance-admin", Method::Patch, &format!("{EM}/settings"), Some(&settings)).0, 204);
    asking.pass(Millis::days(40));
    asking.get("/settings");
    let ada = asking.person("ada@nowhere.example");
    assert_eq!((ada.account_enabled, ada.is_deleted()), (false, false));
}
