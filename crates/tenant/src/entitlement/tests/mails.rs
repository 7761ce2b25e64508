//! Mails about requests and access: to whom, of which kind, when, and how often.

use super::*;

/// Kind and recipient of all mails, in their order.
fn mails(asking: &mut SampleClient) -> Vec<String> {
    asking.get("/settings");
    asking.tenant.outbox().iter().map(|mail| format!("{} {}", mail.kind, mail.to)).collect()
}

/// A package that Casey decides about, and that ends after so many days; Mel's request for it.
fn asked_by_mel(asking: &mut SampleClient, days: u32, members: &[(&str, Value)]) -> String {
    let package = asking.partner_package();
    let mut policy = approved_by(vec![stage(&asking.member_id("casey"))]);
    policy["expiration"] = json!({"type": "afterDuration", "duration": format!("P{days}D")});
    for (name, value) in members {
        policy[*name] = value.clone();
    }
    asking.policy(&package, policy);
    let mut body = own(&package);
    body["justification"] = json!("Work");
    let id = ask_own(asking, "member", &body);
    asking.pass(Millis::seconds(1));
    id
}

/// Casey decides the stage that is first; three seconds later what follows is done.
fn decide(asking: &mut SampleClient, id: &str, result: &str) {
    let path = format!("/accessPackageAssignmentApprovals/{id}/stages");
    let stage = asking.get(&path)["value"][0]["id"].as_str().unwrap().to_owned();
    let body = json!({"reviewResult": result, "justification": "Not this year"});
    assert_eq!(asking.ask("casey", Method::Patch, &format!("{EM}{path}/{stage}"), Some(&body)).0, 204);
    asking.pass(Millis::seconds(3));
}

const CASEY: &str = "casey@tailspin.example";
const MEL: &str = "member@contoso.example";

#[test]
fn approver_and_requestor_are_told_once_of_each_step_until_access_has_ended() {
    let mut asking = SampleClient::new();
    let id = asked_by_mel(&mut asking, 30, &[]);
    let mut expected = vec![format!("approvalRequest {CASEY}")];
    assert_eq!(mails(&mut asking), expected);
    let first = &asking.tenant.outbox()[0];
    assert_eq!(first.subject, "Action required: Approve or deny request by 2027-01-19");
    assert_eq!(first.link, format!("http://graph/@contoso.example#/request-approvals/{id}"));
    assert!(first.text.contains("Mel Member asks for access to Partners.\nJustification: Work\n") && first.text.ends_with(&first.link));
    decide(&mut asking, &id, "Approve");
    expected.extend([format!("requestApproved {CASEY}"), format!("accessDelivered {MEL}")]);
    assert_eq!(asking.tenant.outbox().len(), 2, "as long as it is being delivered");
    for (days, more) in
        [(0, None), (15, None), (1, Some("accessEnding")), (12, None), (1, Some("accessEnding")), (1, Some("accessEnded")), (400, None)]
    {
        asking.pass(Millis::days(days));
        expected.extend(more.map(|kind| format!("{kind} {MEL}")));
        assert_eq!(mails(&mut asking), expected, "{days}");
    }
    let subjects: Vec<&str> = asking.tenant.outbox().iter().map(|mail| mail.subject.as_str()).collect();
    let (approved, delivered) = ("Request approved for Mel Member to Partners", "You now have access to Partners");
    let ending = "Extend access for Partners by 2027-02-14";
    assert_eq!(subjects[1..], [approved, delivered, ending, ending, "Access has ended for Partners"]);
}

#[test]
fn a_long_jump_through_time_writes_what_short_steps_write() {
    let all = |steps: i64| {
        let mut asking = SampleClient::new();
        let id = asked_by_mel(&mut asking, 20, &[]);
        decide(&mut asking, &id, "Approve");
        for _ in 0..steps {
            asking.pass(Millis(Millis::days(50).0.checked_div(steps).unwrap()));
            asking.get("/settings");
        }
        asking.tenant.outbox().to_vec()
    };
    assert_eq!((all(1), all(1).len()), (all(1_000), 6));
}

#[test]
fn a_denial_tells_the_requestor_why_and_silence_tells_both() {
    let mut asking = SampleClient::new();
    let id = asked_by_mel(&mut asking, 30, &[]);
    decide(&mut asking, &id, "Deny");
    asking.pass(Millis::days(9));
    assert_eq!(mails(&mut asking), [format!("approvalRequest {CASEY}"), format!("requestDenied {MEL}")]);
    assert!(asking.tenant.outbox()[1].text.contains("Reason: Not this year"));
    let mut asking = SampleClient::new();
    asked_by_mel(&mut asking, 30, &[]);
    asking.pass(Millis::days(9));
    let expected = [format!("approvalRequest {CASEY}"), format!("approvalExpired {CASEY}"), format!("requestExpired {MEL}")];
    assert_eq!(mails(&mut asking), expected);
}

#[test]
fn a_request_is_forwarded_once_to_those_alone_who_may_decide_now() {
    let mut asking = SampleClient::new();
    let (casey, uma) = (asking.member_id("casey"), asking.member_id("user-admin"));
    let mut escalating = stage(&casey);
    escalating["isEscalationEnabled"] = json!(true);
    escalating["durationBeforeEscalation"] = json!("P1D");
    escalating["escalationApprovers"] = json!([single(&casey), single(&uma)]);
    let package = asking.partner_package();
    asking.policy(&package, approved_by(vec![escalating.clone(), escalating]));
    let id = ask_own(&mut asking, "member", &own(&package));
    asking.pass(Millis::days(2));
    let mut expected = vec![format!("approvalRequest {CASEY}"), "approvalForwarded user-admin@contoso.example".into()];
    assert_eq!(mails(&mut asking), expected);
    decide(&mut asking, &id, "Approve");
    expected.extend(["requestApproved", "approvalRequest"].map(|kind| format!("{kind} {CASEY}")));
    // The second stage begins, and is not forwarded yet.
    expected.insert(3, "requestApproved user-admin@contoso.example".into());
    let mut found = mails(&mut asking);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    let subjects: Vec<&str> = asking.tenant.outbox().iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects[0], "Approve or deny the request by 08:00 UTC on 2027-01-19");
    assert_eq!(subjects[1], "Action required: Approve or deny forwarded request by 2027-01-19");
    assert_eq!(subjects.last(), Some(&"Action required: Approve or deny the request by 2027-01-21 for Mel Member"));
}

#[test]
fn what_an_administrator_assigns_tells_nobody() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let mut members = open_policy();
    members["expiration"] = json!({"type": "afterDuration", "duration": "P20D"});
    let policy = asking.policy(&package, members);
    let mel = asking.member_id("member");
    asking.assign(&package, &policy, &mel);
    asking.pass(Millis::days(50));
    assert_eq!(mails(&mut asking), [""; 0]);
}

#[test]
fn a_policy_can_be_silent_about_access_and_tells_of_an_end_only_whoever_may_extend_it() {
    let mut asking = SampleClient::new();
    let id = asked_by_mel(&mut asking, 30, &[("notificationSettings", json!({"isAssignmentNotificationDisabled": true}))]);
    decide(&mut asking, &id, "Approve");
    asking.pass(Millis::days(50));
    assert_eq!(mails(&mut asking), [format!("approvalRequest {CASEY}"), format!("requestApproved {CASEY}")]);
    let mut asking = SampleClient::new();
    let settings = json!({"enableTargetsToSelfAddAccess": true, "enableTargetsToSelfUpdateAccess": false});
    let id = asked_by_mel(&mut asking, 30, &[("requestorSettings", settings)]);
    decide(&mut asking, &id, "Approve");
    asking.pass(Millis::days(50));
    assert_eq!(mails(&mut asking)[2..], [format!("accessDelivered {MEL}"), format!("accessEnded {MEL}")]);
}

#[test]
fn whoever_extends_is_told_of_the_new_end_alone() {
    let mut asking = SampleClient::new();
    let id = asked_by_mel(&mut asking, 10, &[]);
    decide(&mut asking, &id, "Approve");
    let assignment = assignment_of(&mut asking, &id);
    asking.pass(Millis::days(2));
    let mut longer = about("userUpdate", &assignment);
    longer["schedule"] = json!({"expiration": {"type": "afterDuration", "duration": "P20D"}});
    ask_own(&mut asking, "member", &longer);
    asking.pass(Millis::days(19));
    assert_eq!(mails(&mut asking)[3..], [format!("accessEnding {MEL}")]);
    // What is given up does not end by its time.
    ask_own(&mut asking, "member", &about("userRemove", &assignment));
    asking.pass(Millis::days(50));
    assert_eq!(mails(&mut asking).len(), 4);
}

#[test]
fn somebody_from_outside_is_told_to_come_in_and_not_once_more_when_they_have() {
    let mut asking = SampleClient::new();
    let (package, _) = external(&mut asking);
    asking.tenant.knobs.delivery_fault = "failed".into();
    grant(&mut asking.tenant, "linus", "linus@fabrikam.example", &ALL);
    let id = ask_own(&mut asking, "linus", &own(&package));
    asking.pass(Millis::minutes(1));
    assert_eq!(mails(&mut asking), ["accessDelivered linus@fabrikam.example"]);
    assert!(asking.tenant.first_sign_in("linus@fabrikam.example", asking.now));
    asking.pass(Millis::minutes(1));
    assert_eq!((asking.state(&id).0.as_str(), mails(&mut asking).len()), ("deliveryFailed", 1));
    asking.tenant.knobs.delivery_fault.clear();
    assert_eq!(asking.ask("governance-admin", Method::Post, &format!("{EM}/assignmentRequests/{id}/reprocess"), None).0, 202);
    asking.pass(Millis::minutes(1));
    assert_eq!((asking.state(&id).0.as_str(), mails(&mut asking).len()), ("delivered", 1));
}

#[test]
fn where_others_may_decide_from_the_first_moment_all_are_asked_once() {
    let mut asking = SampleClient::new();
    let (casey, uma) = (asking.member_id("casey"), asking.member_id("user-admin"));
    let mut at_once = stage(&casey);
    at_once["isEscalationEnabled"] = json!(true);
    at_once["durationBeforeEscalation"] = json!("PT0S");
    at_once["escalationApprovers"] = json!([single(&uma)]);
    let package = asking.partner_package();
    asking.policy(&package, approved_by(vec![at_once]));
    ask_own(&mut asking, "member", &own(&package));
    asking.pass(Millis::days(1));
    assert_eq!(mails(&mut asking), [format!("approvalRequest {CASEY}"), "approvalRequest user-admin@contoso.example".into()]);
    assert_eq!(asking.tenant.outbox()[0].subject, "Action required: Approve or deny request by 2027-01-19");
}

#[test]
fn nobody_writes_to_whoever_was_deleted_and_a_subject_is_one_line() {
    let mut asking = SampleClient::new();
    let id = asked_by_mel(&mut asking, 30, &[]);
    let request = asking.request_now(&id);
    let package = format!("{EM}/accessPackages/{}", request["accessPackage"]["id"].as_str().unwrap());
    assert_eq!(asking.ask("governance-admin", Method::Patch, &package, Some(&json!({"displayName": "A\r\nBcc: b"}))).0, 204);
    decide(&mut asking, &id, "Approve");
    asking.pass(Millis::days(1));
    assert_eq!(mails(&mut asking).len(), 3);
    assert_eq!(asking.tenant.outbox()[2].subject, "You now have access to A  Bcc: b");
    let mel = asking.member_id("member");
    assert_eq!(asking.ask("user-admin", Method::Delete, &format!("/users/{mel}"), None).0, 204);
    asking.pass(Millis::days(50));
    assert_eq!(mails(&mut asking).len(), 3);
}
