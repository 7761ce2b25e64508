//! What is asked of whoever asks, and what is refused.

use super::*;

/// The questions of a policy that somebody has to answer, with their ids.
fn asked(asking: &mut SampleClient, required: bool) -> (String, String, String) {
    let package = asking.partner_package();
    let mut members = open_policy();
    members["requestApprovalSettings"] = json!({"isRequestorJustificationRequired": required, "stages": []});
    members["requestorSettings"]["allowCustomAssignmentSchedule"] = json!(!required);
    members["questions"] = json!([
        {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "text": "Which project?", "isRequired": required, "sequence": 1},
        {"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "text": "Where?", "isRequired": false, "sequence": 2,
            "choices": [{"actualValue": "here", "text": "Here"}, {"actualValue": "there", "text": "There"}]},
    ]);
    let policy = asking.policy(&package, members);
    let questions = asking.get(&format!("/assignmentPolicies/{policy}"))["questions"].clone();
    let id = |place: usize| questions[place]["id"].as_str().unwrap().to_owned();
    (package, id(0), id(1))
}

fn answer(question: &str, value: &str) -> Value {
    json!({"@odata.type": "#microsoft.graph.accessPackageAnswerString", "value": value,
        "answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": question}})
}

#[test]
fn a_policy_gets_its_answers_and_its_reason() {
    let mut asking = SampleClient::new();
    let (package, which, place) = asked(&mut asking, true);
    let body = |justification: &str, answers: Value| {
        let mut body = own(&package);
        body["justification"] = json!(justification);
        body["answers"] = answers;
        body
    };
    let mut scheduled = body("Work", json!([answer(&which, "Alpine")]));
    scheduled["schedule"] = json!({"expiration": {"type": "noExpiration"}});
    let refused = [
        (body("", json!([answer(&which, "Alpine")])), "JustificationRequired"),
        (body("Work", json!([])), "AnswerRequired"),
        (body("Work", json!([answer(&which, " ")])), "AnswerRequired"),
        (body("Work", json!([answer(&which, "Alpine"), answer(&place, "elsewhere")])), "InvalidAnswer"),
        (body("Work", json!([answer(&which, "Alpine"), answer(NOBODY, "x")])), "InvalidAnswer"),
        (body("Work", json!([{"value": "x"}])), "InvalidModel"),
        (scheduled, "CustomScheduleNotAllowed"),
    ];
    for (body, code) in refused {
        assert_eq!(asking.refused("member", Method::Post, "/assignmentRequests", Some(&body)), (400, code.into()), "{body}");
    }
    let good = body("Work", json!([answer(&which, "Alpine"), answer(&place, "there")]));
    let (status, told) = asking.ask("member", Method::Post, &format!("{EM}/assignmentRequests"), Some(&good));
    assert_eq!(status, 201, "{told}");
    let read = asking.get(&format!("/assignmentRequests/{}", told["id"].as_str().unwrap()));
    assert_eq!((&read["justification"], &read["answers"][1]["value"]), (&json!("Work"), &json!("there")));
    // What nobody has to answer may stay away.
    let (package, ..) = asked(&mut asking, false);
    let (status, told) = asking.ask("casey", Method::Post, &format!("{EM}/assignmentRequests"), Some(&own(&package)));
    assert_eq!(status, 201, "{told}");
}

#[test]
fn each_refusal_of_a_request_has_its_code() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let members = asking.policy(&package, json!({"allowedTargetScope": "allMemberUsers"}));
    let nobody = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    let other = asking.partner_package();
    let (mel, grace) = (asking.member_id("member"), asking.id_of("grace@fabrikam.example"));
    let by_id = |policy: &str, id: &str| direct(&package, policy, json!({"targetId": id}));
    let by_address = |policy: &str, address: &str| direct(&package, policy, json!({"target": {"email": address}}));
    let mut check = |who: &str, body: Value, expected: (u16, &str)| {
        let told = asking.refused(who, Method::Post, "/assignmentRequests", Some(&body));
        assert_eq!((told.0, told.1.as_str()), expected, "{body}");
    };
    let admin = "governance-admin";
    check(admin, by_id(&members, &grace), (400, "PolicyRequirementsNotMet"));
    check(admin, by_address(&nobody, "ada@nowhere.example"), (400, "PolicyRequirementsNotMet"));
    check(admin, by_id(&nobody, NOBODY), (400, "SubjectNotFound"));
    check(admin, by_address(&nobody, "no address"), (400, "SubjectNotFound"));
    check(admin, by_address(&nobody, "blocked@fabrikam.example"), (400, "SubjectNotFound"));
    check(admin, by_id(NOBODY, &mel), (404, "AssignmentPolicyNotFound"));
    check(admin, direct(NOBODY, &members, json!({"targetId": mel})), (404, "AccessPackageNotFound"));
    check(admin, direct(&other, &members, json!({"targetId": mel})), (400, "NoValidPolicy"));
    check(admin, json!({"requestType": "adminAdd", "assignment": {"accessPackageId": package, "targetId": mel}}), (400, "NoValidPolicy"));
    check(admin, json!({"requestType": "adminSomething"}), (400, "InvalidModel"));
    check(admin, json!({"requestType": "onBehalfAdd"}), (400, "InvalidModel"));
    check(admin, json!({"requestState": "submitted"}), (400, "InvalidModel"));
    check(admin, about("adminRemove", NOBODY), (404, "AssignmentNotFound"));
    check(admin, about("adminUpdate", NOBODY), (404, "AssignmentNotFound"));
    // Nobody asks for somebody else, not even an administrator.
    let mut for_other = own(&package);
    for_other["assignment"]["targetId"] = json!(mel);
    check(admin, for_other, (400, "NoValidPolicy"));
    check("member", own(&package), (400, "PolicyRequirementsNotMet"));
    let told = asking.ask("member", Method::Post, &format!("{EM}/assignmentRequests"), Some(&own(&package))).1;
    assert_eq!(told["error"]["message"], "You don't meet policy requirements to request this entitlement.");
    asking.tenant.knobs.direct_policy_for_outsiders = true;
    asking.post("/assignmentRequests", by_address(&nobody, "ada@nowhere.example"));
    let on = asking.refused("member", Method::Get, "/assignmentRequests/filterByCurrentUser(on='nobody')", None);
    assert_eq!(on, (400, "InvalidFilter".into()));
    let on = asking.refused("member", Method::Get, "/assignments/filterByCurrentUser(on='approver')", None);
    assert_eq!(on, (400, "InvalidFilter".into()));
    let requests = asking.get("/assignmentRequests?$filter=state eq 'Submitted'")["value"].clone();
    let id = requests[0]["id"].as_str().unwrap().to_owned();
    let callback = json!({"source": "x", "type": "y", "data": {}});
    let path = format!("/assignmentRequests/{id}/resume");
    assert_eq!(asking.refused(admin, Method::Post, &path, Some(&callback)), (400, "RequestNotWaiting".into()));
    assert_eq!(asking.refused(admin, Method::Delete, &format!("/assignmentRequests/{id}"), None), (400, "RequestNotDeletable".into()));
}

#[test]
fn whoever_has_a_package_gives_it_back_or_extends_it_only_where_the_policy_lets_them() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let casey = asking.member_id("casey");
    let mut members = approved_by(vec![stage(&casey)]);
    for name in ["enableTargetsToSelfUpdateAccess", "enableTargetsToSelfRemoveAccess"] {
        members["requestorSettings"][name] = json!(false);
    }
    members["requestApprovalSettings"]["isApprovalRequiredForUpdate"] = json!(true);
    members["requestApprovalSettings"]["isApprovalRequiredForAdd"] = json!(false);
    let policy = asking.policy(&package, members);
    let mel = asking.member_id("member");
    let id = asking.assign(&package, &policy, &mel);
    asking.pass(Millis::minutes(1));
    let assignment = assignment_of(&mut asking, &id);
    let told = |asking: &mut SampleClient, kind: &str| {
        asking.refused("member", Method::Post, "/assignmentRequests", Some(&about(kind, &assignment)))
    };
    for kind in ["userUpdate", "userRemove"] {
        assert_eq!(told(&mut asking, kind), (400, "PolicyRequirementsNotMet".into()), "{kind}");
    }
    let stored = asking.tenant.governance.policies.by_id_mut(&policy).unwrap();
    stored.body["requestorSettings"] = open_policy()["requestorSettings"].clone();
    // Whoever is no longer covered gives it back and extends it no more.
    let stored = asking.tenant.governance.policies.by_id_mut(&policy).unwrap();
    stored.body["allowedTargetScope"] = json!("allExternalUsers");
    assert_eq!(told(&mut asking, "userUpdate"), (400, "PolicyRequirementsNotMet".into()));
    let before = asking.tenant.clone();
    let (status, made) = asking.ask("member", Method::Post, &format!("{EM}/assignmentRequests"), Some(&about("userRemove", &assignment)));
    assert_eq!(status, 201, "{made}");
    asking.tenant = before;
    let stored = asking.tenant.governance.policies.by_id_mut(&policy).unwrap();
    stored.body["allowedTargetScope"] = json!("allDirectoryUsers");
    // What is extended is decided, what is given back is not.
    let states = |asking: &mut SampleClient, kind: &str| {
        let (status, made) = asking.ask("member", Method::Post, &format!("{EM}/assignmentRequests"), Some(&about(kind, &assignment)));
        assert_eq!(status, 201, "{made}");
        asking.pass(Millis::seconds(1));
        asking.state(made["id"].as_str().unwrap()).0
    };
    assert_eq!((states(&mut asking, "userUpdate"), states(&mut asking, "userRemove")), ("pendingApproval".into(), "delivering".into()));
}

#[test]
fn requests_and_assignments_are_shown_to_those_whom_they_concern() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, open_policy());
    let mel = asking.member_id("member");
    let id = asking.assign(&package, &policy, &mel);
    asking.pass(Millis::minutes(1));
    let assignment = assignment_of(&mut asking, &id);
    let read = |asking: &mut SampleClient, who: &str, path: &str| asking.refused(who, Method::Get, path, None).0;
    let path = format!("/assignmentRequests/{id}");
    assert_eq!((read(&mut asking, "member", &path), read(&mut asking, "casey", &path)), (200, 403));
    assert_eq!(read(&mut asking, "casey", &format!("/assignments/{assignment}")), 403);
    let created = |asking: &mut SampleClient, who: &str| {
        let path = format!("{EM}/assignments/filterByCurrentUser(on='createdBy')");
        asking.ask(who, Method::Get, &path, None).1["value"].as_array().unwrap().len()
    };
    assert_eq!((created(&mut asking, "governance-admin"), created(&mut asking, "member")), (1, 0));
    // A request without stages has no approval.
    assert_eq!(asking.refused("governance-admin", Method::Get, &format!("/accessPackageAssignmentApprovals/{id}"), None).0, 404);
}
