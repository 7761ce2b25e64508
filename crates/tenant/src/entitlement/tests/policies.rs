//! Policies, whole and in part.

use super::*;
use crate::query::Query;
use crate::resources::{GraphCall, GraphRoute};

impl SampleClient {
    /// `PUT`, whose method the carrier may not know: the table's own call, asked by the administrator.
    fn put(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let path = format!("{EM}{path}");
        let (route, ids) = GraphRoute::find(&path).unwrap();
        let call = route.calls.iter().find(|call| call.method == "PUT").expect("a policy is put");
        let (caller, _) = self.tenant.sign_in.access["governance-admin"].clone();
        assert!(caller.has_any(call.scopes));
        let me = self.tenant.directory.by_id(&caller.id).unwrap().clone();
        let request = request(Method::Post, &path, Some(body));
        let (now, query) = (self.now, Query::default());
        let asked = GraphCall { me, caller: &caller, ids, query, kind: route.kind, request: &request, now };
        let reply = (call.handler)(&mut self.tenant, &asked).answer.unwrap();
        (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
    }
}

#[test]
fn a_policy_is_answered_short_and_read_whole() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let member = asking.member_id("member");
    let mut members = approved_by(vec![stage(&member)]);
    members["AllowedTargetScope"] = Value::Null;
    members.as_object_mut().unwrap().remove("AllowedTargetScope");
    members["allowedTargetScope"] = json!("AllMemberUsers");
    members["questions"] = json!([{"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "text": "Why?", "isRequired": true,
        "sequence": 1, "localizations": [{"languageCode": "de", "text": "Warum?"}], "isSingleLineQuestion": true}]);
    let made = asking.post("/assignmentPolicies", policy_body(&package, members));
    assert_eq!((made.get("accessPackage"), &made["createdDateTime"]), (None, &Value::Null));
    let id = made["id"].as_str().unwrap();
    let read = asking.get(&format!("/assignmentPolicies/{id}?$expand=accessPackage,catalog"));
    assert_eq!((&read["accessPackage"]["id"], &read["catalog"]["displayName"]), (&json!(package), &json!("General")));
    assert_eq!((&read["allowedTargetScope"], &read["expiration"]["type"]), (&json!("allMemberUsers"), &json!("noExpiration")));
    assert_eq!(read["requestApprovalSettings"]["stages"][0]["primaryApprovers"][0], single(&member));
    assert_eq!(read["questions"][0]["id"].as_str().map(str::len), Some(36));
    for (filter, count) in [(format!("accessPackage/id eq '{package}'"), 1), (format!("accessPackage/id eq {NOBODY}"), 0)] {
        assert_eq!(asking.get(&format!("/assignmentPolicies?$filter={filter}"))["value"].as_array().unwrap().len(), count, "{filter}");
    }
    let location =
        asking.reply("governance-admin", Method::Post, &format!("{EM}/assignmentPolicies"), Some(&policy_body(&package, json!({}))));
    assert!(location.headers.get("Location").unwrap().contains("azurewebsites.net"));
}

#[test]
fn a_put_replaces_the_whole_and_what_is_left_out_is_lost() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let id = asking.policy(
        &package,
        json!({"allowedTargetScope": "allMemberUsers", "description": "kept?",
        "expiration": {"type": "afterDuration", "duration": "P180D"}, "requestorSettings": {"enableTargetsToSelfAddAccess": true}}),
    );
    let path = format!("/assignmentPolicies/{id}");
    let mut whole = asking.get(&format!("{path}?$expand=accessPackage"));
    whole["expiration"]["duration"] = json!("P90D");
    let (status, told) = asking.put(&path, &whole);
    assert_eq!((status, &told["id"]), (200, &json!(id)), "{told}");
    let read = asking.get(&path);
    for name in ["displayName", "description", "allowedTargetScope", "requestorSettings", "createdDateTime"] {
        assert_eq!(read[name], whole[name], "{name}");
    }
    assert_eq!(read["expiration"]["duration"], "P90D");
    let bare = json!({"id": id, "displayName": "Bare", "accessPackage": {"id": package}});
    assert_eq!(asking.put(&path, &bare).0, 200);
    let read = asking.get(&path);
    assert_eq!(
        (&read["allowedTargetScope"], &read["description"], &read["requestorSettings"]["enableTargetsToSelfAddAccess"]),
        (&json!("notSpecified"), &Value::Null, &json!(false))
    );
    let code = |told: (u16, Value)| (told.0, told.1["error"]["code"].as_str().unwrap_or_default().to_owned());
    assert_eq!(code(asking.put(&format!("/assignmentPolicies/{NOBODY}"), &bare)), (404, "AssignmentPolicyNotFound".into()));
    let other = json!({"id": NOBODY, "displayName": "Other", "accessPackage": {"id": package}});
    assert_eq!(code(asking.put(&path, &other)), (400, "InvalidModel".into()));
    // A review that is off goes back as it was read, or as null, and not with empty fields.
    for (review, expected) in [
        (json!({"isEnabled": false, "schedule": {"expiration": {"duration": null, "type": "notSpecified"}}}), 200),
        (Value::Null, 200),
        (json!({"isEnabled": false, "schedule": {"expiration": {"duration": "", "type": "notSpecified"}}}), 400),
    ] {
        let mut body = bare.clone();
        body["reviewSettings"] = review;
        let told = asking.put(&path, &body);
        assert_eq!(told.0, expected, "{body}");
        assert!(expected == 200 || told.1["error"]["code"] == "AccessReviewWrongDurationForRecurrenceType");
    }
    asking.tenant.knobs.reviews_removed = true;
    let mut reviewed = bare.clone();
    reviewed["customExtensionStageSettings"] = json!([{"stage": "assignmentRequestCreated"}]);
    assert_eq!(asking.put(&path, &reviewed).0, 200);
    let expanded = asking.get(&format!("{path}?$expand=accessPackage,questions,customExtensionStageSettings($expand=customExtension)"));
    assert_eq!(
        (&expanded["customExtensionStageSettings"][0]["stage"], &expanded["questions"]),
        (&json!("assignmentRequestCreated"), &json!([]))
    );
    assert_eq!(asking.get(&path).get("customExtensionStageSettings"), None);
    reviewed["reviewSettings"] = json!({"isEnabled": true, "isSelfReview": true});
    let told = asking.put(&path, &reviewed);
    assert_eq!((told.0, &told.1["error"]["message"]), (404, &json!("BusinessFlow not found")));
}

#[test]
fn each_refusal_of_a_policy_has_its_code() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let mut check = |members: Value, expected: (u16, &str)| {
        let body = policy_body(&package, members);
        let told = asking.refused("governance-admin", Method::Post, "/assignmentPolicies", Some(&body));
        assert_eq!((told.0, told.1.as_str()), expected, "{body}");
    };
    let approval = |stages: Value| json!({"requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": stages}});
    check(approval(json!([])), (400, "InvalidApprovalStages"));
    check(approval(json!([{}, {}, {}, {}])), (400, "InvalidApprovalStages"));
    check(json!({"allowedTargetScope": "NoSubjects"}), (400, "InvalidModel"));
    check(json!({"expiration": {"type": "duration", "duration": "P1D"}}), (400, "InvalidModel"));
    check(json!({"expiration": {"type": "afterDuration", "duration": "1 day"}}), (400, "InvalidModel"));
    check(json!({"allowedTargetScope": "specificDirectoryUsers", "specificAllowedTargets": [{"userId": NOBODY}]}), (400, "InvalidModel"));
    check(json!({"allowedTargetScope": "specificDirectoryUsers", "specificAllowedTargets": []}), (400, "InvalidAllowedTargets"));
    let unknown = json!({"allowedTargetScope": "specificConnectedOrganizationUsers", "specificAllowedTargets": [
        {"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": NOBODY}]});
    check(unknown.clone(), (400, "InvalidAllowedTargets"));
    check(json!({"accessPackage": {"id": NOBODY}}), (404, "AccessPackageNotFound"));
    check(json!({"displayName": ""}), (400, "InvalidModel"));
    check(json!({"questions": [{"text": "Why?"}]}), (400, "InvalidModel"));
    asking.tenant.knobs.unknown_organizations = true;
    asking.post("/assignmentPolicies", policy_body(&package, unknown));
    let told = asking.refused("governance-admin", Method::Get, "/assignmentPolicies?$filter=accessPackage/id eq 'x'", None);
    assert_eq!(told, (400, "InvalidFilter".into()));
    let (_, told) = asking.ask("governance-admin", Method::Get, &format!("{EM}/assignmentPolicies?$filter=accessPackage/id eq 'x'"), None);
    assert!(told["error"]["message"].as_str().unwrap().starts_with("OData query is invalid: Unrecognized Guid format"), "{told}");
    for path in [format!("/catalogs/{NOBODY}/assignmentPolicies"), format!("/accessPackages/{package}/assignmentPolicies")] {
        assert_eq!(asking.refused("governance-admin", Method::Post, &path, Some(&json!({}))).0, 404, "{path}");
    }
}

#[test]
fn a_setting_may_be_taken_and_not_kept() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.dropped_settings = "isRequestorJustificationRequired requestorManager".into();
    let package = asking.partner_package();
    let manager = json!({"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1});
    let id = asking.policy(
        &package,
        json!({"requestApprovalSettings": {"isApprovalRequiredForAdd": true,
        "isRequestorJustificationRequired": true, "stages": [{"primaryApprovers": [manager]}]}}),
    );
    let read = asking.get(&format!("/assignmentPolicies/{id}"))["requestApprovalSettings"].clone();
    assert_eq!(read.get("isRequestorJustificationRequired"), None);
    assert_eq!(read["stages"][0]["primaryApprovers"], json!([]));
}

#[test]
fn a_policy_by_which_somebody_has_a_package_stays() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, json!({"allowedTargetScope": "notSpecified"}));
    let mel = asking.member_id("member");
    asking.assign(&package, &policy, &mel);
    asking.pass(Millis::minutes(1));
    let path = format!("/assignmentPolicies/{policy}");
    assert_eq!(asking.refused("governance-admin", Method::Delete, &path, None), (400, "PolicyHasAssignments".into()));
    let assignment = asking.get("/assignments")["value"][0]["id"].as_str().unwrap().to_owned();
    asking.post("/assignmentRequests", about("adminRemove", &assignment));
    asking.pass(Millis::minutes(1));
    asking.tenant.knobs.package_gone_ms = 2_000;
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}{path}"), None).0, 204);
    asking.get(&path);
    asking.pass(Millis::seconds(2));
    assert_eq!(asking.refused("governance-admin", Method::Get, &path, None), (404, "AssignmentPolicyNotFound".into()));
}

#[test]
fn what_is_sent_back_as_it_was_read_stays_as_it_was() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let question = json!({"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "text": "Why?", "isRequired": true});
    let id = asking.policy(&package, json!({"questions": [question], "requestApprovalSettings": null, "expiration": null}));
    let path = format!("/assignmentPolicies/{id}");
    let whole = asking.get(&format!("{path}?$expand=accessPackage"));
    assert_eq!((&whole["requestApprovalSettings"]["stages"], &whole["expiration"]["type"]), (&json!([]), &json!("noExpiration")));
    assert_eq!(asking.put(&path, &whole).0, 200);
    let again = asking.get(&format!("{path}?$expand=accessPackage"));
    assert_eq!(again, whole, "the question has the id that it had");
    // A policy does not move to another package.
    let mut moved = whole;
    moved["accessPackage"] = json!({"id": asking.partner_package()});
    assert_eq!(asking.put(&path, &moved).1["error"]["code"], "InvalidModel");
}
