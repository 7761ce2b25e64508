//! What My Access offers to whom, and how it asks.

use super::my_access::{BASE, PAT, ask_for, enter, open, page, send};
use super::*;

#[test]
fn what_a_policy_asks_is_a_field_and_what_is_missing_is_told_with_what_was_typed() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let mut members = open_policy();
    members["requestApprovalSettings"] = json!({"isRequestorJustificationRequired": true});
    let localizations = json!([]);
    let choice = |name: &str| json!({"actualValue": name, "text": format!("In {name}"), "localizations": localizations});
    members["questions"] = json!([
        {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q2", "text": "Why <now>?", "sequence": 1, "isRequired": false},
        {"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "q1", "text": "Where?", "sequence": 0, "isRequired": true,
            "choices": [choice("Asia"), choice("Europe")]},
    ]);
    asking.policy(&package, members);
    let mel = enter(&mut asking, "MEMBER@contoso.example");
    let path = format!("/access-packages/{package}");
    let offer = page(&mut asking, &mel, &path);
    let places = ["Where? (required)", "<option value=\"Asia\">In Asia</option>", "Why &lt;now&gt;?", "Business justification (required)"]
        .map(|text| offer.find(text).unwrap_or_else(|| panic!("{text}: {offer}")));
    assert!(places.is_sorted(), "{offer}");
    let mut check = |form: &[(&str, &str)], code: &str| {
        let told = send(&mut asking, &mel, &path, form);
        assert!(told.status == 400 && told.body.contains(code), "{code}: {}", told.body);
        told.body
    };
    check(&[("answer-q1", "Asia")], "JustificationRequired");
    let kept = check(&[("justification", "<i>"), ("answer-q2", "\"><b>"), ("answer-q1", "")], "AnswerRequired");
    assert!(kept.contains(">&lt;i&gt;</textarea>") && kept.contains(">&quot;&gt;&lt;b&gt;</textarea>"), "{kept}");
    let kept = check(&[("answer-q1", "Asia"), ("answer-nobody", "x"), ("justification", "Work")], "InvalidAnswer");
    assert!(kept.contains("<option value=\"Asia\" selected>"), "{kept}");
    check(&[("answer-q1", "Mars"), ("justification", "Work")], "InvalidAnswer");
    ask_for(&mut asking, &mel, &package, &[("answer-q1", "Asia"), ("answer-q2", " "), ("justification", "Work")]);
    let again = send(&mut asking, &mel, &path, &[("answer-q1", "Asia")]);
    assert!(
        again.status == 400 && again.body.contains("JustificationRequired") && again.body.contains("You have a request"),
        "{}",
        again.body
    );
    let request = asking.get("/assignmentRequests")["value"][0].clone();
    let answers = request["answers"].as_array().unwrap().iter().map(|answer| answer["value"].clone()).collect::<Vec<_>>();
    assert_eq!((&request["justification"], answers), (&json!("Work"), vec![json!("Asia")]));
}

#[test]
fn whoever_may_not_ask_is_told_so_without_a_name_and_with_the_cause() {
    let mut asking = SampleClient::new();
    let (package, policy) = external(&mut asking);
    let catalog = asking.general();
    let pat = enter(&mut asking, PAT);
    let path = format!("{BASE}/access-packages/{package}");
    let patch = |asking: &mut SampleClient, path: &str, body: Value| {
        assert_eq!(asking.ask("governance-admin", Method::Patch, &format!("{EM}{path}"), Some(&body)).0, 204);
    };
    let put = |asking: &mut SampleClient, members: Value| {
        let body = policy_body(&package, members);
        assert_eq!(asking.ask("governance-admin", Method::Put, &format!("{EM}/assignmentPolicies/{policy}"), Some(&body)).0, 200);
    };
    let check = |asking: &mut SampleClient, cause: &str| {
        for reply in [open(asking, &pat, &path), send(asking, &pat, &format!("/access-packages/{package}"), &[])] {
            assert_eq!(reply.status, 403, "{cause}");
            assert!(reply.body.contains("You don&#39;t meet policy requirements to request this entitlement."), "{}", reply.body);
            assert!(reply.body.contains("PolicyRequirementsNotMet") && reply.body.contains(cause), "{cause}: {}", reply.body);
            assert!(!reply.body.contains("Partners"), "{}", reply.body);
        }
        assert!(!page(asking, &pat, "").contains("Partners"));
    };
    assert!(page(&mut asking, &pat, "").contains("Partners"));
    patch(&mut asking, &format!("/catalogs/{catalog}"), json!({"state": "unpublished"}));
    check(&mut asking, "CatalogUnpublished");
    patch(&mut asking, &format!("/catalogs/{catalog}"), json!({"state": "published", "isExternallyVisible": false}));
    check(&mut asking, "CatalogHiddenFromOutsiders");
    let casey = enter(&mut asking, "casey@contoso.example");
    assert!(open(&mut asking, &casey, &path).body.contains("NotCoveredByPolicy"), "it is hidden from others");
    patch(&mut asking, &format!("/catalogs/{catalog}"), json!({"isExternallyVisible": true}));
    asking.tenant.knobs.blocked_domains = "fabrikam.example".into();
    check(&mut asking, "DomainBlocked");
    // Of somebody of Contoso's own the domain does not count.
    asking.tenant.knobs.blocked_domains.push_str(" tailspin.example");
    assert!(open(&mut asking, &casey, &path).body.contains("NotCoveredByPolicy"));
    asking.tenant.knobs.blocked_domains.clear();
    put(&mut asking, json!({"allowedTargetScope": "allExternalUsers"}));
    check(&mut asking, "PolicyTakesNoRequests");
    put(&mut asking, json!({}));
    check(&mut asking, "PolicyTakesNoRequests");
    put(&mut asking, open_policy());
    check(&mut asking, "NotCoveredByPolicy");
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}/assignmentPolicies/{policy}"), None).0, 204);
    check(&mut asking, "NoPolicy");
    assert_eq!(asking.ask("governance-admin", Method::Delete, &format!("{EM}/accessPackages/{package}"), None).0, 204);
    for id in [NOBODY, package.as_str()] {
        let gone = open(&mut asking, &pat, &format!("{BASE}/access-packages/{id}"));
        assert!(gone.status == 404 && gone.body.contains("AccessPackageNotFound"), "{}", gone.body);
    }
    assert_eq!(asking.get("/assignmentRequests")["value"], json!([]));
}

#[test]
fn a_hidden_package_is_found_by_its_link_alone_and_an_incompatible_one_is_not_asked_for() {
    let mut asking = SampleClient::new();
    let (package, _) = external(&mut asking);
    let hidden = format!("{EM}/accessPackages/{package}");
    assert_eq!(asking.ask("governance-admin", Method::Patch, &hidden, Some(&json!({"isHidden": true}))).0, 204);
    let pat = enter(&mut asking, PAT);
    assert!(!page(&mut asking, &pat, "/access-packages").contains("Partners"));
    assert!(page(&mut asking, &pat, &format!("/access-packages/{package}")).contains("Submit request"));
    let group = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/groups/{ALPINE}")});
    let path = format!("{EM}/accessPackages/{package}/incompatibleGroups/$ref");
    assert_eq!(asking.ask("governance-admin", Method::Post, &path, Some(&group)).0, 204);
    let grace = asking.id_of("grace@fabrikam.example");
    let link = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{grace}")});
    assert_eq!(asking.ask("user-admin", Method::Post, &format!("/groups/{ALPINE}/members/$ref"), Some(&link)).0, 204);
    let grace = enter(&mut asking, "grace@fabrikam.example");
    let told = open(&mut asking, &grace, &format!("{BASE}/access-packages/{package}"));
    assert!(told.status == 403 && told.body.contains("IncompatibleAccess") && !told.body.contains("Submit request"), "{}", told.body);
}

#[test]
fn buttons_stand_where_the_policy_lets_people_alone() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let mut members = open_policy();
    members["requestorSettings"] = json!({"enableTargetsToSelfAddAccess": true});
    members["expiration"] = json!({"type": "afterDuration", "duration": "P10D"});
    asking.policy(&package, members);
    let mel = enter(&mut asking, "member@contoso.example");
    ask_for(&mut asking, &mel, &package, &[]);
    asking.pass(Millis::minutes(1));
    let offer = page(&mut asking, &mel, &format!("/access-packages/{package}"));
    assert!(offer.contains("Delivered, until") && !offer.contains("Extend access") && !offer.contains("Remove access"), "{offer}");
    let assignment = asking.get("/assignments")["value"][0]["id"].as_str().unwrap().to_owned();
    // What never ends is not extended.
    let policy = asking.get("/assignmentPolicies")["value"][0]["id"].as_str().unwrap().to_owned();
    let stored = asking.tenant.governance.policies.by_id_mut(&policy).unwrap();
    let before = std::mem::replace(&mut stored.body["requestorSettings"], open_policy()["requestorSettings"].clone());
    for (kind, is_extended) in [("afterDuration", true), ("noExpiration", false)] {
        asking.tenant.governance.policies.by_id_mut(&policy).unwrap().body["expiration"]["type"] = json!(kind);
        let offer = page(&mut asking, &mel, &format!("/access-packages/{package}"));
        assert_eq!((offer.contains("Extend access"), offer.contains("Remove access")), (is_extended, true), "{kind}");
    }
    asking.tenant.governance.policies.by_id_mut(&policy).unwrap().body["requestorSettings"] = before;
    let told = send(&mut asking, &mel, &format!("/assignments/{assignment}/remove"), &[]);
    assert!(told.status == 400 && told.body.contains("PolicyRequirementsNotMet"), "{}", told.body);
}

#[test]
fn names_are_text_wherever_they_stand() {
    const HOSTILE: &str = "<script>alert(\"1\")</script>'&";
    let mut asking = SampleClient::new();
    let (package, policy) = external(&mut asking);
    let body = json!({"displayName": HOSTILE, "description": HOSTILE});
    assert_eq!(asking.ask("governance-admin", Method::Patch, &format!("{EM}/accessPackages/{package}"), Some(&body)).0, 204);
    let mut members = approved_by(vec![stage(&asking.member_id("casey"))]);
    members["allowedTargetScope"] = json!("allExternalUsers");
    members["displayName"] = json!(HOSTILE);
    members["description"] = json!(HOSTILE);
    let put = policy_body(&package, members);
    assert_eq!(asking.ask("governance-admin", Method::Put, &format!("{EM}/assignmentPolicies/{policy}"), Some(&put)).0, 200);
    let hostile = "o'neil@fabrikam.example";
    let (pat, casey) = (enter(&mut asking, hostile), enter(&mut asking, "casey@contoso.example"));
    let mut all = String::new();
    for path in ["", "/request-history", &format!("/access-packages/{package}")] {
        all.push_str(&page(&mut asking, &pat, path));
    }
    let path = ask_for(&mut asking, &pat, &package, &[("justification", HOSTILE)]);
    asking.pass(Millis::seconds(1));
    for path in ["/request-history", &path] {
        all.push_str(&page(&mut asking, &pat, path));
    }
    let inbox = path.replace("request-history", "request-approvals");
    for path in ["/request-approvals", &inbox] {
        all.push_str(&page(&mut asking, &casey, path));
    }
    all.push_str(&open(&mut asking, "", "/").body);
    all.push_str(&open(&mut asking, "", "/mail/0").body);
    assert!(all.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;") && all.contains("o&#39;neil@fabrikam.example"));
    for raw in ["<script>", "o'neil", "alert(\""] {
        assert!(!all.contains(raw), "{raw}");
    }
    let mail = asking.tenant.outbox()[0].clone();
    let link = format!("<a href=\"{0}\" rel=\"noreferrer\">{0}</a>", mail.link);
    assert!(all.contains(&link), "{link}");
}

#[test]
fn of_equally_specific_policies_people_choose_one() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let named = |name: &str, scope: &str| {
        let mut members = open_policy();
        members["allowedTargetScope"] = json!(scope);
        members["displayName"] = json!(name);
        members
    };
    let wide = asking.policy(&package, named("Anybody here", "allDirectoryUsers"));
    let short = asking.policy(&package, named("Two <days>", "allMemberUsers"));
    let mel = enter(&mut asking, "member@contoso.example");
    let path = format!("/access-packages/{package}");
    assert!(page(&mut asking, &mel, &path).contains("Two &lt;days&gt;"), "the more specific one alone");
    let long = asking.policy(&package, named("Sixty days", "allMemberUsers"));
    let choice = page(&mut asking, &mel, &path);
    assert!(choice.contains("Select a policy") && !choice.contains("Submit request") && !choice.contains("Anybody here"), "{choice}");
    for (policy, name) in [(&short, "Two &lt;days&gt;"), (&long, "Sixty days")] {
        assert!(choice.contains(&format!("<a href=\"{BASE}{path}?policy={policy}\">{name}</a>")), "{choice}");
        let offer = page(&mut asking, &mel, &format!("{path}?policy={policy}"));
        assert!(offer.contains(&format!("name=\"policy\" value=\"{policy}\"")) && offer.contains(name), "{offer}");
    }
    assert!(page(&mut asking, &mel, &format!("{path}?policy={wide}")).contains("Select a policy"));
    ask_for(&mut asking, &mel, &package, &[("policy", &long)]);
    asking.pass(Millis::minutes(1));
    let assigned = asking.get("/assignments?$expand=assignmentPolicy")["value"][0].clone();
    assert_eq!(assigned["assignmentPolicy"]["displayName"], "Sixty days");
}

#[test]
fn a_period_is_asked_for_where_the_policy_allows_it() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let policy = asking.policy(&package, open_policy());
    let mel = enter(&mut asking, "member@contoso.example");
    let path = format!("/access-packages/{package}");
    assert!(page(&mut asking, &mel, &path).contains("<input type=\"date\" name=\"until\""));
    let told = send(&mut asking, &mel, &path, &[("from", "soon")]);
    assert!(told.status == 400 && told.body.contains("InvalidModel") && told.body.contains("value=\"soon\""), "{}", told.body);
    let mut closed = open_policy();
    closed["requestorSettings"]["allowCustomAssignmentSchedule"] = json!(false);
    let put = |asking: &mut SampleClient, members: Value| {
        let body = policy_body(&package, members);
        assert_eq!(asking.ask("governance-admin", Method::Put, &format!("{EM}/assignmentPolicies/{policy}"), Some(&body)).0, 200);
    };
    put(&mut asking, closed);
    assert!(!page(&mut asking, &mel, &path).contains("type=\"date\""));
    let told = send(&mut asking, &mel, &path, &[("until", "2027-02-01")]);
    assert!(told.status == 400 && told.body.contains("CustomScheduleNotAllowed"), "{}", told.body);
    put(&mut asking, open_policy());
    let asked = ask_for(&mut asking, &mel, &package, &[("from", "2027-01-20"), ("until", "2027-02-01")]);
    asking.pass(Millis::minutes(1));
    assert!(page(&mut asking, &mel, &asked).contains("<b>Scheduled</b>"));
    asking.pass(Millis::days(6));
    assert!(page(&mut asking, &mel, "").contains("Delivered, until 2027-02-01T00:00:00Z"));
}

#[test]
fn questions_are_in_the_language_of_the_browser_where_the_policy_has_it() {
    let mut asking = SampleClient::new();
    let package = asking.partner_package();
    let mut members = open_policy();
    let localized = |all: &[(&str, &str)]| -> Value {
        all.iter().map(|(code, text)| json!({"languageCode": code, "text": text})).collect::<Vec<_>>().into()
    };
    members["questions"] = json!([{"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "q", "text": "Where?",
        "localizations": localized(&[("de", "Wo?"), ("de-AT", "Wo denn?"), ("fr-FR", "Où ?")]),
        "choices": [{"actualValue": "x", "text": "There", "localizations": localized(&[("de", "Dort")])}]}]);
    asking.policy(&package, members);
    let mel = enter(&mut asking, "member@contoso.example");
    let mut check = |languages: &str, question: &str, choice: &str| {
        let mut request = Request::get(format!("{BASE}/access-packages/{package}"));
        request.headers = Headers::default().with("Cookie", mel.as_str()).with("Accept-Language", languages);
        let body = asking.tenant.answer(Side::Graph, &request, asking.now).answer.unwrap().body;
        assert!(body.contains(&format!("<label>{question}<br>")) && body.contains(&format!("<option value=\"x\">{choice}<")), "{body}");
    };
    check("de-DE,de;q=0.9,en", "Wo?", "Dort");
    check("de-AT", "Wo denn?", "Dort");
    check("FR", "Où ?", "There");
    check("", "Where?", "There");
    check("pl", "Where?", "There");
}
