//! Who comes to My Access, by which hint, and how they sign in.

use super::my_access::{BASE, PAT, enter, open, page, send, session_of};
use super::*;

const KIM: &str = "kim@nowhere.example";

/// The code that was mailed last.
fn mailed(asking: &SampleClient) -> String {
    let mail = asking.tenant.outbox().iter().rfind(|mail| mail.kind == "oneTimeCode" && mail.to == KIM).unwrap();
    mail.text.split_once(": ").unwrap().1.lines().next().unwrap().to_owned()
}

#[test]
fn every_name_of_the_tenant_leads_there_and_no_other() {
    let mut asking = SampleClient::new();
    for hint in ["contoso.example", "CONTOSO.EXAMPLE", "contoso.onmicrosoft.com", crate::TENANT_ID] {
        for path in ["", "/", "/access-packages", &format!("/access-packages/{NOBODY}")] {
            let reply = open(&mut asking, "", &format!("/@{hint}{path}"));
            assert!(reply.status == 200 && reply.body.contains("Pick an account"), "{hint}{path}");
        }
    }
    for hint in ["fabrikam.example", "FAB21CA3-c070-4050-a000-c0ffee000008"] {
        let partner = open(&mut asking, "", &format!("/@{hint}/access-packages/{NOBODY}"));
        assert!(partner.status == 404 && partner.body.contains("My Access of Fabrikam"), "{}", partner.body);
    }
    for (hint, shown) in
        [("nobody.example", "nobody.example"), ("%3Cb%3E", "%3Cb%3E"), ("<b>", "&lt;b&gt;"), ("", ""), ("/@contoso.example", "")]
    {
        let reply = open(&mut asking, "", &format!("/@{hint}"));
        assert!(reply.status == 400 && reply.body.contains(&format!("AADSTS90002: Tenant '{shown}' not found.")), "{}", reply.body);
    }
    assert_eq!(open(&mut asking, "", "/@contoso.example/nowhere").status, 200, "whoever is not signed in is asked first");
    let mel = enter(&mut asking, "member@contoso.example");
    assert_eq!(open(&mut asking, &mel, "/@contoso.example/nowhere").status, 404);
}

#[test]
fn the_picker_offers_contosos_people_three_from_outside_and_any_other_address() {
    let mut asking = SampleClient::new();
    let reply = open(&mut asking, "", "/@contoso.example/access-packages");
    for name in ["member@contoso.example", "governance-admin@contoso.example", PAT, "sam@outlook.example", KIM] {
        assert!(reply.body.contains(&format!("<button>{name}</button>")), "{name}");
    }
    assert!(reply.body.contains("<input type=\"hidden\" name=\"to\" value=\"/@contoso.example/access-packages\">"));
    assert!(!reply.body.contains("grace@") && !reply.body.contains("#EXT#"), "guests type their address");
    let policy = reply.headers.get("Content-Security-Policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let script = open(&mut asking, "", "/_tenant/my-access.js");
    assert_eq!((script.status, script.headers.get("Content-Type")), (200, Some("text/javascript")));
    for page in ["access-packages", "request-history", "request-approvals"] {
        assert!(script.body.contains(page), "mails lead to {page}");
    }
    assert!(reply.body.contains("<script src=\"/_tenant/my-access.js\" defer></script>"));
}

#[test]
fn whoever_signs_in_goes_on_where_they_wanted_to_and_nowhere_else() {
    let mut asking = SampleClient::new();
    let mut goes = |to: &str| {
        let reply = send(&mut asking, "", "/sign-in", &[("user", PAT), ("to", to)]);
        (reply.status, reply.headers.get("Location").unwrap().to_owned())
    };
    let there = format!("{BASE}/access-packages/{NOBODY}");
    assert_eq!(goes(&there), (303, there));
    for elsewhere in
        ["", "//evil.example", "/@contoso.example.evil", "https://evil.example", "/@contoso.example/\r\nX: 1", "/@contoso.example\\x"]
    {
        assert_eq!(goes(elsewhere), (303, BASE.to_owned()), "{elsewhere}");
    }
    let pat = enter(&mut asking, PAT);
    assert!(page(&mut asking, &pat, "").contains("My Access · pat@fabrikam.example"));
    assert_eq!(send(&mut asking, &pat, "/sign-out", &[]).status, 303);
    assert!(page(&mut asking, &pat, "").contains("Pick an account"));
    assert!(page(&mut asking, "my-access-session=x; other=1", "").contains("Pick an account"));
    let posted = send(&mut asking, "", "/request-approvals/x", &[("decision", "Approve")]);
    assert_eq!((posted.status, posted.headers.get("Location")), (303, Some(BASE)));
}

#[test]
fn a_one_time_code_is_mailed_and_good_once_for_half_an_hour() {
    let mut asking = SampleClient::new();
    let enter_with = |asking: &mut SampleClient, code: &str| {
        let reply = send(asking, "", "/sign-in", &[("user", KIM), ("code", code)]);
        assert_eq!(reply.status == 303, reply.headers.get("Set-Cookie").is_some());
        (reply.status, reply.body)
    };
    // Without a code there is nothing to guess.
    assert_eq!(enter_with(&mut asking, "12345678").0, 400);
    let first = send(&mut asking, "", "/sign-in", &[("user", "Kim@nowhere.example")]);
    assert!(first.status == 200 && first.body.contains("We just sent a code to <b>kim@nowhere.example</b>"), "{}", first.body);
    let code = mailed(&asking);
    assert!(code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit()) && !first.body.contains(&code), "{code}");
    let (status, told) = enter_with(&mut asking, "00000000");
    assert!(status == 400 && told.contains("That code didn’t work") && !told.contains(&code), "{told}");
    assert_eq!(enter_with(&mut asking, &format!(" {code} ")).0, 303);
    assert_eq!(enter_with(&mut asking, &code).0, 400, "once");
    send(&mut asking, "", "/sign-in", &[("user", KIM)]);
    let old = mailed(&asking);
    send(&mut asking, "", "/sign-in", &[("user", KIM)]);
    assert_eq!(enter_with(&mut asking, &old).0, 400, "another one was sent");
    let last = mailed(&asking);
    assert_ne!(old, last);
    asking.pass(Millis::minutes(30));
    let before = asking.tenant.clone();
    assert_eq!(enter_with(&mut asking, &last).0, 303);
    asking.tenant = before;
    asking.pass(Millis(1));
    assert_eq!(enter_with(&mut asking, &last).0, 400);
    let lines = serde_json::to_string(asking.tenant.log()).unwrap();
    assert!(!lines.contains(&last) && !lines.contains(&code));
}

#[test]
fn accounts_that_may_not_come_in_are_told_by_number() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.cross_tenant_blocked = "outlook.example tailspin.example".into();
    for (user, number) in [
        ("nobody@contoso.example", 50034),
        ("nobody@contoso.onmicrosoft.com", 50034),
        ("<b>", 50034),
        ("", 50034),
        ("blocked@fabrikam.example", 50057),
        ("sam@outlook.example", 500_213),
    ] {
        let reply = send(&mut asking, "", "/sign-in", &[("user", user)]);
        assert!(
            reply.status == 400 && reply.body.contains(&format!("AADSTS{number}:")) && !reply.body.contains("<b>"),
            "{user}: {}",
            reply.body
        );
    }
    // A member stays one, wherever their mail is.
    session_of(&send(&mut asking, "", "/sign-in", &[("user", "casey@tailspin.example")]));
    let grace = enter(&mut asking, "grace@fabrikam.example");
    let id = asking.id_of("grace@fabrikam.example");
    asking.tenant.directory.change(&id, |person| person.account_enabled = false);
    assert!(page(&mut asking, &grace, "").contains("Pick an account"), "who was blocked meanwhile");
}

#[test]
fn whoever_was_assigned_by_address_gets_it_when_they_come_in() {
    let mut asking = SampleClient::new();
    let (package, policy) = external(&mut asking);
    let body = direct(&package, &policy, json!({"target": {"email": KIM}}));
    let id = asking.post("/assignmentRequests", body)["id"].as_str().unwrap().to_owned();
    walk(&mut asking, &id, &[(Millis::minutes(1), DELIVERING)]);
    send(&mut asking, "", "/sign-in", &[("user", KIM)]);
    let code = mailed(&asking);
    let kim = session_of(&send(&mut asking, "", "/sign-in", &[("user", KIM), ("code", &code)]));
    walk(&mut asking, &id, &[(Millis::minutes(1), DELIVERING)]);
    for _ in 0..2 {
        assert_eq!(send(&mut asking, &kim, "/accept", &[]).status, 303);
    }
    walk(&mut asking, &id, &[(Millis::seconds(2), DELIVERED)]);
    assert!(page(&mut asking, &kim, "").contains("Delivered, without an end"));
    assert!(asking.tenant.outbox().iter().all(|mail| mail.kind == "oneTimeCode"), "an administrator's assignment tells nobody");
    // Whoever is in already accepts nothing.
    let mel = enter(&mut asking, "member@contoso.example");
    assert_eq!(send(&mut asking, &mel, "/accept", &[]).status, 303);
    assert_eq!(asking.person("member@contoso.example").external_user_state, None);
}

#[test]
fn without_its_licence_nothing_is_shown_or_asked_for() {
    let mut asking = SampleClient::new();
    let (package, _) = external(&mut asking);
    let pat = enter(&mut asking, PAT);
    asking.tenant.knobs.governance_licensed = false;
    for reply in [open(&mut asking, &pat, BASE), send(&mut asking, &pat, &format!("/access-packages/{package}"), &[])] {
        assert!(reply.status == 403 && reply.body.contains("UnAuthorized"), "{}", reply.body);
    }
    asking.tenant.knobs.governance_licensed = true;
    assert_eq!(asking.get("/assignmentRequests")["value"], json!([]));
}

#[test]
fn without_one_time_passcodes_whoever_has_no_account_does_not_come_in() {
    let mut asking = SampleClient::new();
    asking.tenant.knobs.one_time_passcodes = false;
    let told = send(&mut asking, "", "/sign-in", &[("user", KIM)]);
    assert!(told.status == 400 && told.body.contains("We couldn’t find an account"), "{}", told.body);
    assert!(asking.tenant.outbox().is_empty());
    enter(&mut asking, "sam@outlook.example");
}
