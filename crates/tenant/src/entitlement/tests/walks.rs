//! Requests and assignments through made-up time.

use super::*;

#[test]
fn a_request_of_somebody_in_the_directory_is_delivered_by_the_clock() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    asking.policy(&package, open_policy());
    let mel = asking.member_id("member");
    let (_, told) = asking.ask("member", Method::Post, &format!("{EM}/assignmentRequests"), Some(&own(&package)));
    assert_eq!((&told["state"], &told["status"], &told["createdDateTime"]), (&json!("submitted"), &json!("Accepted"), &Value::Null));
    let id = told["id"].as_str().unwrap();
    let fresh = asking.request_now(id);
    assert_eq!((&fresh["createdDateTime"], &fresh["assignment"]["target"]["objectId"]), (&json!(asking.now.iso()), &json!(mel)));
    assert_eq!((&fresh["assignment"]["state"], asking.get("/assignments")["value"].clone()), (&Value::Null, json!([])));
    walk(&mut asking, id, &[(NOW_ON, SUBMITTED), (Millis(999), SUBMITTED), (Millis(1), DELIVERING), (Millis(1_999), DELIVERING)]);
    assert!(!asking.is_partner(&mel));
    walk(&mut asking, id, &[(Millis(1), DELIVERED)]);
    assert!(asking.is_partner(&mel));
    let request = asking.request_now(id);
    assert_eq!((&request["requestor"]["objectId"], &request["accessPackage"]["id"]), (&json!(mel), &json!(package)));
    assert_eq!(request["assignment"]["id"], fresh["assignment"]["id"]);
    assert_eq!((&request["completedDateTime"], &request["assignment"]["state"]), (&json!(asking.now.iso()), &json!("delivered")));
    let mine = asking.ask("member", Method::Get, &format!("{EM}/assignments/filterByCurrentUser(on='target')"), None).1;
    assert_eq!(mine["value"][0]["id"], request["assignment"]["id"]);
    // Nobody has it twice.
    let again = asking.refused("member", Method::Post, "/assignmentRequests", Some(&own(&package)));
    assert_eq!(again, (400, "ExistingAssignment".into()));
}

#[test]
fn a_long_jump_through_time_does_what_short_steps_do() {
    let end = |steps: i64| {
        let mut asking = SampleClient::new();
        let package = asking.partner_package();
        let mut members = open_policy();
        members["expiration"] = json!({"type": "afterDuration", "duration": "P1D"});
        asking.policy(&package, members);
        let id = ask_own(&mut asking, "member", &own(&package));
        for _ in 0..steps {
            asking.pass(Millis::days(2).0.checked_div(steps).map(Millis).unwrap());
            asking.get("/settings");
        }
        let request = asking.request_now(&id);
        let assignment = assignment_of(&mut asking, &id);
        let mut assignment = asking.get(&format!("/assignments/{assignment}"));
        assignment["id"] = Value::Null;
        (request["state"].clone(), request["completedDateTime"].clone(), assignment)
    };
    assert_eq!(end(1), end(1_000));
    assert_eq!(end(1).2["state"], "expired");
}

#[test]
fn what_begins_later_waits_and_can_be_canceled() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, open_policy());
    let mel = asking.member_id("member");
    let start = asking.now + Millis::days(3);
    let mut body = direct(&package, &policy, json!({"targetId": mel}));
    body["schedule"] = json!({"startDateTime": start.iso(), "expiration": {"type": "afterDuration", "duration": "P2D"}});
    let id = asking.post("/assignmentRequests", body.clone())["id"].as_str().unwrap().to_owned();
    walk(&mut asking, &id, &[(Millis::minutes(1), SCHEDULED)]);
    let open = asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&body));
    assert_eq!(open, (400, "ExistingOpenRequest".into()));
    // Its sample says 204, its text 200.
    for (status, knob) in [(200, 200), (204, 204)] {
        asking.tenant.knobs.cancel_status = knob;
        let before = asking.tenant.clone();
        assert_eq!(asking.reply("governance-admin", Method::Post, &format!("{EM}/assignmentRequests/{id}/cancel"), None).status, status);
        walk(&mut asking, &id, &[(NOW_ON, CANCELED)]);
        asking.tenant = before;
    }
    walk(&mut asking, &id, &[(Millis::days(2), SCHEDULED), (Millis::days(1), DELIVERED)]);
    assert!(asking.is_partner(&mel));
    let late = asking.refused("governance-admin", Method::Post, &format!("/assignmentRequests/{id}/cancel"), None);
    assert_eq!(late, (400, "RequestNotCancelable".into()));
    walk(&mut asking, &id, &[(Millis::days(1), DELIVERED)]);
    assert!(asking.is_partner(&mel), "two days from when it was delivered");
    asking.pass(Millis::days(1) + Millis::minutes(1));
    asking.get("/assignments");
    assert!(!asking.is_partner(&mel));
}

#[test]
fn nobody_decides_and_the_request_is_denied() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let casey = asking.member_id("casey");
    asking.policy(&package, approved_by(vec![stage(&casey)]));
    let id = ask_own(&mut asking, "member", &own(&package));
    let steps = [(Millis::seconds(1), PENDING), (just_under(4), PENDING), (Millis(1), DENIED)];
    walk(&mut asking, &id, &steps);
    let stages = asking.get(&format!("/accessPackageAssignmentApprovals/{id}/stages"));
    assert_eq!((&stages["value"][0]["status"], &stages["value"][0]["reviewResult"]), (&json!("Expired"), &json!("NotReviewed")));
    // What was denied can be deleted, and is asked for again.
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}/assignmentRequests/{id}"), None).0, 204);
    assert_eq!(
        asking.refused("governance-admin", Method::Get, &format!("/assignmentRequests/{id}"), None),
        (404, "RequestNotFound".into())
    );
    assert_eq!(asking.get("/assignmentRequests")["value"], json!([]));
    ask_own(&mut asking, "member", &own(&package));
}

#[test]
fn a_stage_is_escalated_and_then_others_may_decide_too() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let (casey, uma) = (asking.member_id("casey"), asking.member_id("user-admin"));
    let mut first = stage(&casey);
    first["isEscalationEnabled"] = json!(true);
    first["durationBeforeEscalation"] = json!("P1D");
    first["escalationApprovers"] = json!([single(&uma)]);
    asking.policy(&package, approved_by(vec![first]));
    let id = ask_own(&mut asking, "member", &own(&package));
    walk(&mut asking, &id, &[(Millis::seconds(1), PENDING)]);
    let count = |who: &str, asking: &mut SampleClient| {
        let path = format!("{EM}/accessPackageAssignmentApprovals/filterByCurrentUser(on='approver')");
        asking.ask(who, Method::Get, &path, None).1["value"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((count("casey", &mut asking), count("user-admin", &mut asking)), (1, 0));
    walk(&mut asking, &id, &[(Millis::days(1), ESCALATED)]);
    assert_eq!((count("casey", &mut asking), count("user-admin", &mut asking)), (1, 1));
}

#[test]
fn an_administrators_assignment_waits_for_approval_where_the_tenant_is_such() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let casey = asking.member_id("casey");
    let policy = asking.policy(&package, approved_by(vec![stage(&casey)]));
    let (mel, uma) = (asking.member_id("member"), asking.member_id("user-admin"));
    let id = asking.assign(&package, &policy, &mel);
    walk(&mut asking, &id, &[(Millis::seconds(10), DELIVERED)]);
    asking.tenant.knobs.approval_for_direct = true;
    let id = asking.assign(&package, &policy, &uma);
    walk(&mut asking, &id, &[(Millis::seconds(10), PENDING)]);
}

#[test]
fn somebody_is_assigned_by_address_made_a_guest_without_a_mail_and_delivered_to_at_the_first_sign_in() {
    for spelling in ["assignment", "accessPackageAssignment"] {
        let mut asking = SampleClient::new();
        asking.tenant.knobs.address_spelling = spelling.into();
        let (package, policy) = external(&mut asking);
        let body = |name: &str| {
            let mut body = direct(&package, &policy, json!({"target": {"email": "ada@nowhere.example"}}));
            let assignment = body.as_object_mut().unwrap().remove("assignment").unwrap();
            body[name] = assignment;
            body
        };
        let other = if spelling == "assignment" { "accessPackageAssignment" } else { "assignment" };
        let told = asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&body(other)));
        assert_eq!(told, (400, "InvalidModel".into()), "{other}");
        let id = asking.post("/assignmentRequests", body(spelling))["id"].as_str().unwrap().to_owned();
        assert!(asking.tenant.directory.by_address("ada@nowhere.example").is_none());
        walk(&mut asking, &id, &[(Millis::seconds(1), DELIVERING), (Millis::days(9), DELIVERING)]);
        let ada = asking.person("ada@nowhere.example");
        assert_eq!((ada.user_type, ada.external_user_state), ("Guest", Some("PendingAcceptance")));
        assert!(asking.tenant.outbox().is_empty() && !asking.is_partner(&ada.id));
        let target = asking.request_now(&id)["assignment"]["target"].clone();
        assert_eq!((&target["objectId"], &target["subjectLifecycle"]), (&json!(ada.id), &json!("governed")));
        assert!(asking.tenant.first_sign_in("ada@nowhere.example", asking.now));
        walk(&mut asking, &id, &[(Millis::seconds(1), DELIVERING), (Millis::seconds(1), DELIVERED)]);
        assert!(asking.is_partner(&ada.id));
        let organization = asking.get("/connectedOrganizations")["value"][0].clone();
        assert_eq!((&organization["state"], &organization["displayName"]), (&json!("proposed"), &json!("nowhere.example")));
    }
}

#[test]
fn what_was_set_never_to_end_does_not_end_after_it_was_processed_once_more() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, json!({"expiration": {"type": "afterDuration", "duration": "P1D"}}));
    let mel = asking.member_id("member");
    let id = asking.assign(&package, &policy, &mel);
    asking.pass(Millis::minutes(1));
    let assignment = assignment_of(&mut asking, &id);
    let end = |asking: &mut SampleClient| asking.get(&format!("/assignments/{assignment}"))["schedule"]["expiration"].clone();
    assert_eq!(end(&mut asking)["type"], "afterDateTime");
    let mut never = about("adminUpdate", &assignment);
    // What says nothing of an end changes none.
    asking.post("/assignmentRequests", never.clone());
    asking.pass(Millis::minutes(1));
    assert_eq!(end(&mut asking)["type"], "afterDateTime");
    never["schedule"] = json!({"expiration": {"type": "noExpiration"}});
    asking.post("/assignmentRequests", never);
    asking.pass(Millis::minutes(1));
    let path = format!("{EM}/assignments/{assignment}/reprocess");
    assert_eq!(asking.reply("governance-admin", Method::Post, &path, None).status, 202);
    asking.pass(Millis::minutes(1));
    assert_eq!(end(&mut asking)["type"], "noExpiration");
    asking.pass(Millis::days(400));
    assert!(asking.get(&format!("/assignments/{assignment}"))["state"] == "delivered" && asking.is_partner(&mel));
}

#[test]
fn what_waits_for_a_first_sign_in_can_be_taken_away_and_asked_for_anew() {
    let mut asking = SampleClient::new();
    let (package, policy) = external(&mut asking);
    let body = direct(&package, &policy, json!({"target": {"email": "ada@nowhere.example"}}));
    let id = asking.post("/assignmentRequests", body.clone())["id"].as_str().unwrap().to_owned();
    walk(&mut asking, &id, &[(Millis::minutes(1), DELIVERING)]);
    let open = asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&body));
    assert_eq!(open, (400, "ExistingOpenRequest".into()));
    let assignment = assignment_of(&mut asking, &id);
    asking.post("/assignmentRequests", about("adminRemove", &assignment));
    let twice = asking.refused("governance-admin", Method::Post, "/assignmentRequests", Some(&about("adminRemove", &assignment)));
    assert_eq!(twice, (400, "ExistingOpenRequest".into()));
    walk(&mut asking, &id, &[(Millis::seconds(2), DELIVERING), (Millis::seconds(1), CANCELED)]);
    assert!(!asking.tenant.first_sign_in("ada@nowhere.example", asking.now), "blocked after the last assignment");
    let ada = asking.id_of("ada@nowhere.example");
    let id = asking.assign(&package, &policy, &ada);
    walk(&mut asking, &id, &[(Millis::minutes(1), DELIVERING)]);
    assert!(asking.tenant.first_sign_in("ada@nowhere.example", asking.now));
    walk(&mut asking, &id, &[(Millis::seconds(2), DELIVERED)]);
}

#[test]
fn outsiders_are_delivered_to_at_once_where_the_tenant_is_such() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.outsiders_at_once = true;
    let (package, policy) = external(&mut asking);
    let body = direct(&package, &policy, json!({"target": {"email": "ada@nowhere.example"}}));
    let id = asking.post("/assignmentRequests", body)["id"].as_str().unwrap().to_owned();
    walk(&mut asking, &id, &[(Millis::seconds(3), DELIVERED)]);
}

#[test]
fn an_assignment_is_extended_by_an_administrator_and_by_whoever_has_it() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let mut members = open_policy();
    members["expiration"] = json!({"type": "afterDuration", "duration": "P10D"});
    asking.policy(&package, members);
    let mel = asking.member_id("member");
    let id = ask_own(&mut asking, "member", &own(&package));
    asking.pass(Millis::days(9));
    let assignment = assignment_of(&mut asking, &id);
    let mut longer = about("adminUpdate", &assignment);
    longer["schedule"] = json!({"expiration": {"type": "afterDuration", "duration": "P10D"}});
    asking.post("/assignmentRequests", longer.clone());
    asking.pass(Millis::days(9));
    asking.get("/settings");
    assert!(asking.is_partner(&mel));
    longer["requestType"] = json!("userUpdate");
    ask_own(&mut asking, "member", &longer);
    asking.pass(Millis::days(9));
    asking.get("/settings");
    assert!(asking.is_partner(&mel));
    ask_own(&mut asking, "member", &about("userRemove", &assignment));
    asking.pass(Millis::minutes(1));
    asking.get("/settings");
    assert!(!asking.is_partner(&mel));
    let over = asking.refused("member", Method::Post, "/assignmentRequests", Some(&about("userRemove", &assignment)));
    assert_eq!(over, (400, "AssignmentNotActive".into()));
    let others = asking.refused("casey", Method::Post, "/assignmentRequests", Some(&about("userRemove", &assignment)));
    assert_eq!(others, (400, "NoValidPolicy".into()));
}

#[test]
fn a_knob_that_is_turned_meanwhile_counts() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    asking.policy(&package, open_policy());
    let id = ask_own(&mut asking, "member", &own(&package));
    asking.tenant.knobs.request_ms = 5_000;
    walk(&mut asking, &id, &[(Millis(4_999), SUBMITTED), (Millis(1), DELIVERING), (Millis(2_000), DELIVERED)]);
}
