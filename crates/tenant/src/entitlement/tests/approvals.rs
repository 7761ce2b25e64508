//! Stages that people decide.

use super::*;

const APPROVALS: &str = "/accessPackageAssignmentApprovals";
const APPROVE: &str = "Approve";

/// A request of Mel's that these people decide, stage by stage.
fn pending(asking: &mut SampleClient, stages: Vec<Value>) -> String {
    let package = asking.partner_package();
    asking.policy(&package, approved_by(stages));
    let (status, told) = asking.ask("member", Method::Post, &format!("{EM}/assignmentRequests"), Some(&own(&package)));
    assert_eq!(status, 201, "{told}");
    asking.pass(Millis::seconds(1));
    told["id"].as_str().unwrap().to_owned()
}

fn stages_of(asking: &mut SampleClient, who: &str, id: &str) -> Value {
    let (status, told) = asking.ask(who, Method::Get, &format!("{EM}{APPROVALS}/{id}/stages"), None);
    assert_eq!(status, 200, "{told}");
    told["value"].clone()
}

/// Status and code of a decision about the stage of this number.
fn decide(asking: &mut SampleClient, who: &str, (id, number): (&str, usize), result: &str) -> (u16, String) {
    let stage = stages_of(asking, "governance-admin", id)[number]["id"].as_str().unwrap().to_owned();
    let body = json!({"reviewResult": result, "justification": "Known"});
    asking.refused(who, Method::Patch, &format!("{APPROVALS}/{id}/stages/{stage}"), Some(&body))
}

fn mine(asking: &mut SampleClient, who: &str) -> Value {
    let (status, told) = asking.ask(who, Method::Get, &format!("{EM}{APPROVALS}/filterByCurrentUser(on='approver')"), None);
    assert_eq!(status, 200, "{told}");
    told["value"].clone()
}

#[test]
fn two_stages_are_decided_one_after_the_other() {
    let mut asking = SampleClient::new();
    let (casey, uma) = (asking.member_id("casey"), asking.member_id("user-admin"));
    let id = pending(&mut asking, vec![stage(&casey), stage(&uma)]);
    assert_eq!((mine(&mut asking, "casey"), mine(&mut asking, "user-admin")), (json!([{"id": id}]), json!([])));
    for (who, expected) in [("member", json!([{"id": id}])), ("casey", json!([]))] {
        let (_, told) = asking.ask(who, Method::Get, &format!("{EM}{APPROVALS}/filterByCurrentUser(on='target')"), None);
        assert_eq!(told["value"], expected, "{who}");
    }
    let seen = |asking: &mut SampleClient, who: &str| {
        let stages = stages_of(asking, who, &id);
        let one = |stage: &Value| (stage["status"].as_str().unwrap().to_owned(), stage["assignedToMe"] == json!(true));
        stages.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let expected = |all: [(&str, bool); 2]| all.map(|(status, is_mine)| (status.to_owned(), is_mine)).to_vec();
    assert_eq!(seen(&mut asking, "casey"), expected([("InProgress", true), ("Initializing", false)]));
    // The second stage is nobody's as yet.
    assert_eq!(decide(&mut asking, "user-admin", (&id, 1), APPROVE), (403, "UnAuthorized".into()));
    assert_eq!(decide(&mut asking, "casey", (&id, 0), "approve"), (204, String::new()));
    assert_eq!((mine(&mut asking, "casey"), mine(&mut asking, "user-admin")), (json!([]), json!([{"id": id}])));
    assert_eq!(seen(&mut asking, "user-admin"), expected([("Completed", false), ("InProgress", true)]));
    let first = stages_of(&mut asking, "casey", &id)[0].clone();
    assert_eq!((&first["reviewResult"], &first["justification"]), (&json!("Approved"), &json!("Known")));
    assert_eq!((&first["reviewedBy"]["id"], &first["reviewedDateTime"]), (&json!(casey), &json!(asking.now.iso())));
    assert_eq!(decide(&mut asking, "user-admin", (&id, 1), APPROVE).0, 204);
    asking.pass(Millis::seconds(2));
    assert_eq!(asking.state(&id).0, "delivered");
    let mel = asking.member_id("member");
    assert!(asking.is_partner(&mel));
}

#[test]
fn a_denial_at_any_stage_ends_the_request() {
    for denied in 0..2 {
        let mut asking = SampleClient::new();
        let casey = asking.member_id("casey");
        let id = pending(&mut asking, vec![stage(&casey), stage(&casey)]);
        for number in 0..=denied {
            let result = if number == denied { "Deny" } else { APPROVE };
            assert_eq!(decide(&mut asking, "casey", (&id, number), result).0, 204);
        }
        assert_eq!(asking.state(&id), ("denied".into(), "Denied".into()));
        assert_eq!(stages_of(&mut asking, "casey", &id)[denied]["reviewResult"], "Denied");
        assert_eq!(mine(&mut asking, "casey"), json!([]));
        assert_eq!(decide(&mut asking, "casey", (&id, denied), APPROVE), (409, "ApprovalAlreadyCompleted".into()));
    }
}

#[test]
fn each_refusal_of_a_decision_has_its_status() {
    let mut asking = SampleClient::new();
    let (casey, uma, mel) = (asking.member_id("casey"), asking.member_id("user-admin"), asking.member_id("member"));
    let mut first = stage(&casey);
    first["primaryApprovers"] = json!([single(&casey), single(&uma), single(&mel)]);
    first["isApproverJustificationRequired"] = json!(true);
    let id = pending(&mut asking, vec![first]);
    let stage = stages_of(&mut asking, "casey", &id)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("{APPROVALS}/{id}/stages/{stage}");
    let mut check = |who: &str, path: &str, body: Value, expected: (u16, &str)| {
        let told = asking.refused(who, Method::Patch, path, Some(&body));
        assert_eq!((told.0, told.1.as_str()), expected, "{who} {path} {body}");
    };
    let approve = json!({"reviewResult": APPROVE, "justification": "Known"});
    // Their own request, although they are named; and whoever is not.
    check("member", &path, approve.clone(), (403, "UnAuthorized"));
    check("governance-admin", &path, approve.clone(), (403, "UnAuthorized"));
    check("casey", &format!("{APPROVALS}/{NOBODY}/stages/{stage}"), approve.clone(), (404, "ApprovalNotFound"));
    check("casey", &format!("{APPROVALS}/{id}/stages/{NOBODY}"), approve.clone(), (404, "ApprovalStageNotFound"));
    check("casey", &path, json!({"reviewResult": "Approved", "justification": "Known"}), (400, "InvalidModel"));
    check("casey", &path, json!({"decision": "Approve"}), (400, "InvalidModel"));
    check("casey", &path, json!({"reviewResult": APPROVE, "justification": " "}), (400, "JustificationRequired"));
    check("casey", &format!("{APPROVALS}/{id}/steps/{stage}"), approve.clone(), (404, "ResourceNotFound"));
    check("user-admin", &path, approve.clone(), (204, ""));
    check("casey", &path, approve, (409, "ApprovalAlreadyCompleted"));
    let read = |asking: &mut SampleClient, who: &str, path: &str| asking.refused(who, Method::Get, path, None).0;
    assert_eq!(read(&mut asking, "guest-inviter", &format!("{APPROVALS}/{id}")), 403);
    assert_eq!(read(&mut asking, "casey", &format!("{APPROVALS}/{id}?$expand=stages")), 200);
    assert_eq!(read(&mut asking, "casey", &format!("{APPROVALS}/{id}/stages/{stage}")), 200);
    assert_eq!(read(&mut asking, "casey", &format!("{APPROVALS}/{id}/stages/{NOBODY}")), 404);
    assert_eq!(read(&mut asking, "casey", &format!("{APPROVALS}/{NOBODY}/stages")), 404);
    assert_eq!(read(&mut asking, "casey", &format!("{APPROVALS}/filterByCurrentUser(on='target')")), 200);
    assert_eq!(read(&mut asking, "casey", &format!("{APPROVALS}/filterByCurrentUser(on='manager')")), 400);
}

#[test]
fn a_decision_after_the_request_was_canceled_is_too_late() {
    let mut asking = SampleClient::new();
    let casey = asking.member_id("casey");
    let id = pending(&mut asking, vec![stage(&casey)]);
    let stranger = asking.refused("guest-inviter", Method::Post, &format!("/assignmentRequests/{id}/cancel"), None);
    assert_eq!(stranger, (403, "UnAuthorized".into()));
    assert_eq!(asking.reply("member", Method::Post, &format!("{EM}/assignmentRequests/{id}/cancel"), None).status, 200);
    assert_eq!(decide(&mut asking, "casey", (&id, 0), APPROVE).0, 409);
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}/assignmentRequests/{id}"), None).0, 204);
}

#[test]
fn approvers_are_found_in_groups_among_sponsors_and_by_the_fallback() {
    let mut asking = SampleClient::new();
    let domain = json!({"displayName": "Fabrikam", "identitySources": [
        {"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "fabrikam.example", "displayName": "Fabrikam"}]});
    let organization = asking.post("/connectedOrganizations", domain)["id"].as_str().unwrap().to_owned();
    let (casey, grace) = (asking.member_id("casey"), asking.id_of("grace@fabrikam.example"));
    let link = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{casey}")});
    let set = |kind: &str| json!([{"@odata.type": format!("#microsoft.graph.{kind}")}]);
    let group = json!([{"@odata.type": "#microsoft.graph.groupMembers", "groupId": ALPINE}]);
    let manager = json!([{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1}]);
    let count = |primary: &Value, asking: &mut SampleClient| {
        let before = asking.tenant.clone();
        let package = asking.partner_package();
        let mut first = stage(&casey);
        first["primaryApprovers"] = primary.clone();
        first["fallbackPrimaryApprovers"] = json!([single(&asking.member_id("user-admin"))]);
        let mut members = approved_by(vec![first]);
        members["allowedTargetScope"] = json!("allConfiguredConnectedOrganizationUsers");
        asking.policy(&package, members);
        let (status, told) = asking.ask("grace", Method::Post, &format!("{EM}/assignmentRequests"), Some(&own(&package)));
        assert_eq!(status, 201, "{told}");
        asking.pass(Millis::seconds(1));
        let found = ["casey", "user-admin"].map(|who| mine(asking, who).as_array().unwrap().len());
        asking.tenant = before;
        found
    };
    // Nobody is asked first, so the fallback is.
    for primary in [&set("internalSponsors"), &set("externalSponsors"), &set("targetUserSponsors"), &group, &manager] {
        assert_eq!(count(primary, &mut asking), [0, 1], "{primary}");
    }
    let sponsors = format!("{EM}/connectedOrganizations/{organization}");
    for kind in ["internalSponsors", "externalSponsors"] {
        assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{sponsors}/{kind}/$ref"), Some(&link)).0, 204);
        assert_eq!(count(&set(kind), &mut asking), [1, 0], "{kind}");
    }
    // A group that sponsors means its members; here it has none, and then one.
    let sponsors = format!("{sponsors}/externalSponsors");
    let partners = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/groups/{PARTNERS}")});
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{sponsors}/{casey}/$ref"), None).0, 204);
    assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{sponsors}/$ref"), Some(&partners)).0, 204);
    assert_eq!(count(&set("externalSponsors"), &mut asking), [0, 1]);
    assert_eq!(asking.ask("user-admin", Method::Post, &format!("/groups/{PARTNERS}/members/$ref"), Some(&link)).0, 204);
    assert_eq!(count(&set("externalSponsors"), &mut asking), [1, 0]);
    assert_eq!(asking.ask("user-admin", Method::Post, &format!("/users/{grace}/sponsors/$ref"), Some(&link)).0, 204);
    assert_eq!(count(&set("targetUserSponsors"), &mut asking), [1, 0]);
    assert_eq!(asking.ask("user-admin", Method::Post, &format!("/groups/{ALPINE}/members/$ref"), Some(&link)).0, 204);
    assert_eq!(count(&group, &mut asking), [1, 0]);
}

#[test]
fn whether_the_smallest_permission_approves_is_the_tenants() {
    let mut asking = SampleClient::new().with("own-casey", &format!("casey@{DOMAIN}"), &OWN);
    let casey = asking.member_id("casey");
    let id = pending(&mut asking, vec![stage(&casey)]);
    let refused = (403, "UnAuthorized".to_owned());
    let listed = format!("{APPROVALS}/filterByCurrentUser(on='approver')");
    for path in [listed.clone(), format!("{APPROVALS}/{id}"), format!("{APPROVALS}/{id}/stages")] {
        assert_eq!(asking.refused("own-casey", Method::Get, &path, None), refused, "{path}");
    }
    assert_eq!(decide(&mut asking, "own-casey", (&id, 0), APPROVE), refused);
    // It reads the requests that wait for somebody, all the same.
    let path = "/assignmentRequests/filterByCurrentUser(on='approver')?$expand=requestor,accessPackage";
    let (status, told) = asking.ask("own-casey", Method::Get, &format!("{EM}{path}"), None);
    assert_eq!((status, &told["value"][0]["id"]), (200, &json!(id)));
    assert_eq!(told["value"][0]["requestor"]["displayName"], "Mel Member");
    asking.tenant.knobs.approvals_by_subject_access = true;
    assert_eq!(asking.refused("own-casey", Method::Get, &listed, None).0, 200);
    assert_eq!(decide(&mut asking, "own-casey", (&id, 0), APPROVE).0, 204);
}
