//! My Access as people meet it: pages, forms, and time that is made up.

use super::*;

/// A form as browsers send it, from whoever has this cookie.
pub(super) fn send(asking: &mut SampleClient, session: &str, path: &str, form: &[(&str, &str)]) -> Reply {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let headers = Headers::default().with("Content-Type", "application/x-www-form-urlencoded").with("Cookie", session);
    let request = Request { method: Method::Post, path: format!("{BASE}{path}"), headers, body: Some(body) };
    asking.tenant.answer(Side::Graph, &request, asking.now).answer.unwrap()
}

pub(super) fn open(asking: &mut SampleClient, session: &str, path: &str) -> Reply {
    let mut request = Request::get(path);
    request.headers = Headers::default().with("Cookie", session);
    asking.tenant.answer(Side::Graph, &request, asking.now).answer.unwrap()
}

/// What a page below My Access says.
pub(super) fn page(asking: &mut SampleClient, session: &str, path: &str) -> String {
    let reply = open(asking, session, &format!("{BASE}{path}"));
    assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    reply.body
}

pub(super) const BASE: &str = "/@contoso.example";
pub(super) const PAT: &str = "pat@fabrikam.example";

/// The cookie of a reply.
pub(super) fn session_of(reply: &Reply) -> String {
    let cookie = reply.headers.get("Set-Cookie").unwrap_or_else(|| panic!("{}", reply.body));
    cookie.split(';').next().unwrap().to_owned()
}

/// Signs somebody in whose account needs no code; the cookie.
pub(super) fn enter(asking: &mut SampleClient, address: &str) -> String {
    session_of(&send(asking, "", "/sign-in", &[("user", address)]))
}

fn leads(reply: &Reply) -> String {
    assert_eq!(reply.status, 303, "{}", reply.body);
    reply.headers.get("Location").unwrap().strip_prefix(BASE).unwrap().to_owned()
}

/// Whoever is signed in asks for a package; the page of the request.
pub(super) fn ask_for(asking: &mut SampleClient, session: &str, package: &str, form: &[(&str, &str)]) -> String {
    leads(&send(asking, session, &format!("/access-packages/{package}"), form))
}

/// The state that a page of a request names.
fn state_on(asking: &mut SampleClient, session: &str, path: &str) -> String {
    let body = page(asking, session, path);
    body.split("<th scope=\"row\">State</th><td><b>").nth(1).unwrap_or_else(|| panic!("{body}")).split('<').next().unwrap().to_owned()
}

/// A package for people from outside after these stages; the package.
fn approved_for_outsiders(asking: &mut SampleClient, stages: Vec<Value>) -> String {
    let package = asking.partner_package();
    let mut members = approved_by(stages);
    members["allowedTargetScope"] = json!("allExternalUsers");
    asking.policy(&package, members);
    package
}

#[test]
fn somebody_from_outside_asks_waits_comes_in_and_gets_it() {
    let mut asking = SampleClient::new();
    let casey = asking.member_id("casey");
    let package = approved_for_outsiders(&mut asking, vec![stage(&casey)]);
    let pat = enter(&mut asking, PAT);
    assert!(page(&mut asking, &pat, "").contains(">Partners</a>"));
    let offer = page(&mut asking, &pat, &format!("/access-packages/{package}"));
    assert!(
        offer.contains("<li>Sales partners <span class=\"quiet\">Member</span>")
            && offer.contains("<th scope=\"row\">Approval</th><td>Required</td>")
    );
    let path = ask_for(&mut asking, &pat, &package, &[("justification", "We sell with you")]);
    assert_eq!(state_on(&mut asking, &pat, &path), "Submitted");
    asking.pass(Millis::seconds(1));
    assert_eq!(state_on(&mut asking, &pat, &path), "Pending approval");
    assert!(page(&mut asking, &pat, "/request-history").contains("<td>Pending approval</td>"));
    assert!(asking.tenant.directory.by_address(PAT).is_none());
    let approver = enter(&mut asking, "casey@contoso.example");
    assert!(page(&mut asking, &approver, "/request-approvals").contains(">Partners</a></td><td>pat@fabrikam.example</td>"));
    let mail = asking.tenant.outbox()[0].clone();
    let place = mail.link.split_once('#').unwrap().1.to_owned();
    let request = page(&mut asking, &approver, &place);
    assert!(request.contains("<th scope=\"row\">Business justification</th><td>We sell with you</td>"), "{request}");
    assert_eq!(leads(&decide(&mut asking, &approver, &place, "Approve")), "/request-approvals");
    assert!(page(&mut asking, &approver, "/request-approvals").contains("Nothing waits for you."));
    assert_eq!(state_on(&mut asking, &pat, &path), "Delivering");
    asking.pass(Millis::days(1));
    let waiting = page(&mut asking, &pat, &path);
    assert!(waiting.contains("You get access once you have come in.") && waiting.contains("action=\"/@contoso.example/accept\""));
    let told: Vec<&str> = asking.tenant.outbox().iter().filter(|mail| mail.to == PAT).map(|mail| mail.kind).collect();
    assert_eq!(told, ["accessDelivered"]);
    // Who signs in again is asked, too.
    let again = send(&mut asking, "", "/sign-in", &[("user", PAT), ("to", &format!("{BASE}{path}"))]);
    assert_eq!(leads(&again), format!("/accept?to={BASE}{path}"));
    let pat = session_of(&again);
    assert!(page(&mut asking, &pat, &format!("/accept?to={BASE}{path}")).contains("<h1>Review permissions</h1>"));
    assert_eq!(leads(&send(&mut asking, &pat, "/accept", &[("to", &format!("{BASE}{path}"))])), path);
    asking.pass(Millis::seconds(2));
    assert_eq!(state_on(&mut asking, &pat, &path), "Delivered");
    let delivered = page(&mut asking, &pat, &path);
    assert!(delivered.contains("<a href=\"https://myapps.microsoft.com/?tenantid="), "{delivered}");
    let person = asking.person(PAT);
    assert!(asking.is_partner(&person.id) && person.external_user_state == Some("Accepted"));
    let request = asking.request_now(place.rsplit('/').next().unwrap());
    assert_eq!((&request["requestType"], &request["requestor"]["objectId"]), (&json!("userAdd"), &json!(person.id)));
}

fn decide(asking: &mut SampleClient, session: &str, path: &str, decision: &str) -> Reply {
    let body = page(asking, session, path);
    let stage = body.split("name=\"stage\" value=\"").nth(1).unwrap_or_else(|| panic!("{body}")).split('"').next().unwrap().to_owned();
    send(asking, session, path, &[("stage", &stage), ("decision", decision), ("justification", "Known <b>")])
}

#[test]
fn the_same_form_twice_is_one_request() {
    let mut asking = SampleClient::new();
    let (package, _) = external(&mut asking);
    let pat = enter(&mut asking, PAT);
    let first = ask_for(&mut asking, &pat, &package, &[]);
    assert_eq!(ask_for(&mut asking, &pat, &package, &[]), first);
    assert_eq!(asking.get("/assignmentRequests")["value"].as_array().unwrap().len(), 1);
    let offer = page(&mut asking, &pat, &format!("/access-packages/{package}"));
    assert!(offer.contains("You have a request") && !offer.contains("Submit request"), "{offer}");
    // Once it is there, too.
    asking.tenant.knobs.outsiders_at_once = true;
    asking.pass(Millis::minutes(1));
    assert_eq!(state_on(&mut asking, &pat, &first), "Delivered");
    let twice = send(&mut asking, &pat, &format!("/access-packages/{package}"), &[]);
    assert!(twice.status == 400 && twice.body.contains("ExistingAssignment"), "{}", twice.body);
    assert_eq!(asking.get("/assignmentRequests")["value"].as_array().unwrap().len(), 1);
}

#[test]
fn what_waits_can_be_withdrawn_and_what_somebody_has_extended_and_given_up() {
    let mut asking = SampleClient::new();
    let casey = asking.member_id("casey");
    let package = asking.partner_package();
    let mut members = approved_by(vec![stage(&casey)]);
    members["expiration"] = json!({"type": "afterDuration", "duration": "P10D"});
    asking.policy(&package, members);
    let (mel, approver) = (enter(&mut asking, "member@contoso.example"), enter(&mut asking, "casey@contoso.example"));
    let path = ask_for(&mut asking, &mel, &package, &[]);
    asking.pass(Millis::seconds(1));
    assert_eq!(leads(&send(&mut asking, &mel, &format!("{path}/cancel"), &[])), path);
    assert_eq!(state_on(&mut asking, &mel, &path), "Canceled");
    let late = send(&mut asking, &mel, &format!("{path}/cancel"), &[]);
    assert!(late.status == 400 && late.body.contains("RequestNotCancelable"), "{}", late.body);
    let path = ask_for(&mut asking, &mel, &package, &[]);
    asking.pass(Millis::seconds(1));
    decide(&mut asking, &approver, &path.replace("request-history", "request-approvals"), "Approve");
    asking.pass(Millis::days(4));
    let offer = page(&mut asking, &mel, &format!("/access-packages/{package}"));
    let action = |what: &str| {
        let place = offer.find(&format!("/{what}\"><button>")).unwrap_or_else(|| panic!("{what}: {offer}"));
        let start = offer[..place].rfind("action=\"").unwrap();
        format!("{}/{what}", offer[start + "action=\"".len()..place].strip_prefix(BASE).unwrap())
    };
    assert!(offer.contains("Delivered, until 2027-01-25"), "{offer}");
    for stranger in [enter(&mut asking, PAT), approver] {
        let told = send(&mut asking, &stranger, &action("remove"), &[]);
        assert!(told.status == 404 && told.body.contains("AssignmentNotFound"), "{}", told.body);
    }
    let extension = leads(&send(&mut asking, &mel, &action("extend"), &[]));
    asking.pass(Millis::minutes(1));
    assert_eq!(state_on(&mut asking, &mel, &extension), "Access extended");
    assert!(page(&mut asking, &mel, "").contains("Delivered, until 2027-01-29"));
    let removal = leads(&send(&mut asking, &mel, &action("remove"), &[]));
    assert_eq!(leads(&send(&mut asking, &mel, &action("remove"), &[])), removal, "once");
    asking.pass(Millis::minutes(1));
    assert_eq!(state_on(&mut asking, &mel, &removal), "Access removed");
    assert_eq!(state_on(&mut asking, &mel, &path), "Access expired");
    assert!(page(&mut asking, &mel, "").contains("Expired on 2027-01-19"));
    assert!(page(&mut asking, &mel, &format!("/access-packages/{package}")).contains("Submit request"), "once more");
    let other = enter(&mut asking, "guest-inviter@contoso.example");
    assert!(!page(&mut asking, &other, "").contains("Expired on"));
    let over = send(&mut asking, &mel, &action("extend"), &[]);
    assert!(over.status == 400 && over.body.contains("AssignmentNotActive"), "{}", over.body);
}

#[test]
fn an_approver_is_told_who_was_first_and_decides_nothing_that_is_not_theirs() {
    let mut asking = SampleClient::new();
    let (casey, uma, mel_id) = (asking.member_id("casey"), asking.member_id("user-admin"), asking.member_id("member"));
    let mut first = stage(&casey);
    first["primaryApprovers"] = json!([single(&casey), single(&uma), single(&mel_id)]);
    first["isApproverJustificationRequired"] = json!(true);
    let package = asking.partner_package();
    asking.policy(&package, approved_by(vec![first]));
    let enter_all = ["member", "casey", "user-admin", "guest-inviter"].map(|name| enter(&mut asking, &format!("{name}@contoso.example")));
    let [mel, casey, uma, stranger] = enter_all;
    let path = ask_for(&mut asking, &mel, &package, &[("justification", "<script>")]);
    asking.pass(Millis::seconds(1));
    let inbox = path.replace("request-history", "request-approvals");
    for other in [&mel, &stranger] {
        assert!(page(&mut asking, other, "/request-approvals").contains("Nothing waits for you."));
        let told = open(&mut asking, other, &format!("{BASE}{inbox}"));
        assert!(told.status == 404 && !told.body.contains("Partners"), "{}", told.body);
    }
    let body = page(&mut asking, &casey, &inbox);
    assert!(body.contains("<td>&lt;script&gt;</td>") && body.contains("Reason (required)"), "{body}");
    let stage = body.split("name=\"stage\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = |decision, reason| [("stage", stage.as_str()), ("decision", decision), ("justification", reason)];
    let told = send(&mut asking, &casey, &inbox, &form("Deny", " "));
    assert!(told.status == 400 && told.body.contains("JustificationRequired"), "{}", told.body);
    let told = send(&mut asking, &casey, &inbox, &form("Perhaps", "Why <b> not"));
    assert!(told.status == 400 && told.body.contains("InvalidModel") && told.body.contains("Why &lt;b&gt; not"), "{}", told.body);
    for other in [&mel, &stranger] {
        assert_eq!(send(&mut asking, other, &inbox, &form("Approve", "Mine")).status, 404);
    }
    assert_eq!(leads(&send(&mut asking, &uma, &inbox, &form("Deny", "Not <b> now"))), "/request-approvals");
    let late = send(&mut asking, &casey, &inbox, &form("Approve", "Known"));
    assert_eq!(late.status, 409);
    assert!(late.body.contains("ApprovalAlreadyCompleted") && late.body.contains("Denied by Uma Admin"), "{}", late.body);
    assert!(late.body.contains(": Not &lt;b&gt; now</li>"), "{}", late.body);
    let denied = page(&mut asking, &mel, &path);
    assert!(
        denied.contains("Your request was denied.") && denied.contains("<th scope=\"row\">Reason</th><td>Not &lt;b&gt; now</td>"),
        "{denied}"
    );
    assert!(!denied.contains("Cancel request") && !denied.contains("<h2>Resources</h2>"), "{denied}");
    assert!(page(&mut asking, &casey, &inbox).contains("Denied by Uma Admin"));
}

#[test]
fn each_state_of_a_request_is_told() {
    let mut asking = SampleClient::new();
    let casey = asking.member_id("casey");
    let mut escalating = stage(&casey);
    escalating["isEscalationEnabled"] = json!(true);
    escalating["durationBeforeEscalation"] = json!("P1D");
    let mut members = approved_by(vec![escalating]);
    members["expiration"] = json!({"type": "afterDuration", "duration": "P10D"});
    let package = asking.partner_package();
    asking.policy(&package, members);
    let (mel, approver) = (enter(&mut asking, "member@contoso.example"), enter(&mut asking, "casey@contoso.example"));
    let path = ask_for(&mut asking, &mel, &package, &[]);
    asking.pass(Millis::seconds(1));
    assert!(page(&mut asking, &mel, &path).contains("Somebody has to approve your request."));
    asking.pass(Millis::days(2));
    assert!(page(&mut asking, &mel, &path).contains("Your request was forwarded"));
    asking.pass(Millis::days(3));
    assert_eq!(state_on(&mut asking, &mel, &path), "Expired", "nobody decided");
    let approved = |asking: &mut SampleClient| {
        let path = ask_for(asking, &mel, &package, &[]);
        asking.pass(Millis::seconds(1));
        decide(asking, &approver, &path.replace("request-history", "request-approvals"), "Approve");
        path
    };
    asking.tenant.knobs.delivery_fault = "failed".into();
    let path = approved(&mut asking);
    assert_eq!(state_on(&mut asking, &mel, &path), "Delivering");
    asking.pass(Millis::minutes(1));
    assert_eq!(state_on(&mut asking, &mel, &path), "Undelivered");
    assert!(asking.tenant.outbox().iter().all(|mail| mail.kind != "accessDelivered"));
    asking.tenant.knobs.delivery_fault.clear();
    let path = approved(&mut asking);
    asking.pass(Millis::minutes(1));
    assert_eq!(state_on(&mut asking, &mel, &path), "Delivered");
    asking.pass(Millis::days(11));
    assert_eq!(state_on(&mut asking, &mel, &path), "Access expired");
}

#[test]
fn requests_of_others_are_nobodys_to_see_or_cancel() {
    let mut asking = SampleClient::new();
    let casey = asking.member_id("casey");
    let package = approved_for_outsiders(&mut asking, vec![stage(&casey)]);
    let (pat, sam) = (enter(&mut asking, PAT), enter(&mut asking, "sam@outlook.example"));
    let path = ask_for(&mut asking, &pat, &package, &[]);
    asking.pass(Millis::seconds(1));
    for other in ["", "/request-history"] {
        assert!(!page(&mut asking, &sam, other).contains("Pending approval"));
    }
    for reply in [open(&mut asking, &sam, &format!("{BASE}{path}")), send(&mut asking, &sam, &format!("{path}/cancel"), &[])] {
        assert!(reply.status == 404 && reply.body.contains("RequestNotFound"), "{}", reply.body);
    }
    // Whoever was made a guest meanwhile still has what they asked for before.
    let body = json!({"invitedUserEmailAddress": PAT, "inviteRedirectUrl": "https://page.example/"});
    assert_eq!(asking.ask("guest-inviter", Method::Post, "/invitations", Some(&body)).0, 201);
    assert_eq!(state_on(&mut asking, &pat, &path), "Pending approval");
    assert_eq!(ask_for(&mut asking, &pat, &package, &[]), path);
    assert_eq!(leads(&send(&mut asking, &pat, &format!("{path}/cancel"), &[])), path);
    assert_eq!(state_on(&mut asking, &pat, &path), "Canceled");
}

#[test]
fn contosos_own_packages_are_asked_for_by_their_links() {
    let mut asking = SampleClient::new();
    asking.tenant.governance = Governance::of_contoso(&asking.tenant.directory, &asking.tenant.groups);
    let packages = asking.get("/accessPackages?$select=id,displayName")["value"].clone();
    let id = |name: &str| {
        let found = packages.as_array().unwrap().iter().find(|package| package["displayName"] == name).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    let (sales, alpine) = (id("Sales partner access"), id("Project Alpine"));
    let [pat, sam] = [PAT, "sam@outlook.example"].map(|address| enter(&mut asking, address));
    for (who, is_offered) in [(&pat, true), (&sam, false)] {
        let offers = page(&mut asking, who, "");
        assert_eq!((offers.contains("Sales partner access"), offers.contains("Project Alpine")), (is_offered, false));
    }
    let path = format!("/access-packages/{sales}");
    assert!(open(&mut asking, &sam, &format!("{BASE}{path}")).body.contains("NotCoveredByPolicy"));
    let offer = page(&mut asking, &pat, &path);
    let question = offer.split("name=\"answer-").nth(1).unwrap().split('"').next().unwrap();
    let answer = format!("answer-{question}");
    let asked = ask_for(&mut asking, &pat, &sales, &[(&answer, "Europe"), ("justification", "We sell with you")]);
    asking.pass(Millis::seconds(1));
    let uma = enter(&mut asking, "user-admin@contoso.example");
    let inbox = asked.replace("request-history", "request-approvals");
    let waiting = page(&mut asking, &uma, &inbox);
    assert!(waiting.contains("Which region do you work in?<br><b>Europe</b>") && waiting.contains("<td>Fabrikam</td>"), "{waiting}");
    decide(&mut asking, &uma, &inbox, "Approve");
    ask_for(&mut asking, &sam, &alpine, &[]);
    asking.pass(Millis::seconds(1));
    for (who, address, group) in [(&pat, PAT, PARTNERS), (&sam, "sam@outlook.example", ALPINE)] {
        assert_eq!(send(&mut asking, who, "/accept", &[]).status, 303);
        asking.pass(Millis::seconds(2));
        asking.get("/settings");
        let members = asking.tenant.groups.by_id(group).unwrap().members.clone();
        assert!(members.contains(&asking.id_of(address)), "{address}");
    }
}

#[test]
fn a_later_stage_is_nobodys_yet_and_a_fresh_proof_is_not_asked_for() {
    let mut asking = SampleClient::new();
    let (casey, uma) = (asking.member_id("casey"), asking.member_id("user-admin"));
    let package = approved_for_outsiders(&mut asking, vec![stage(&casey), stage(&uma)]);
    // Whoever comes to My Access has just signed in.
    asking.tenant.knobs.step_up = true;
    let pat = enter(&mut asking, PAT);
    let path = ask_for(&mut asking, &pat, &package, &[]);
    asking.pass(Millis::seconds(1));
    let inbox = path.replace("request-history", "request-approvals");
    let [casey, uma] = ["casey@contoso.example", "user-admin@contoso.example"].map(|address| enter(&mut asking, address));
    assert!(page(&mut asking, &uma, &inbox).contains("There is nothing for you to decide here."));
    decide(&mut asking, &casey, &inbox, "Approve");
    let waiting = page(&mut asking, &uma, &inbox);
    assert!(waiting.contains("name=\"decision\" value=\"Deny\""), "{waiting}");
    decide(&mut asking, &uma, &inbox, "Deny");
    assert_eq!(state_on(&mut asking, &pat, &path), "Denied");
}

#[test]
fn whoever_has_access_is_led_to_each_resource() {
    let mut asking = SampleClient::new();
    let (package, _) = external(&mut asking);
    let catalog = asking.general();
    let site = asking.onboard(&catalog, SITE, "SharePointOnline");
    asking.gives(&package, &site, ("5", SITE, "SharePointOnline"));
    let pat = enter(&mut asking, PAT);
    let path = ask_for(&mut asking, &pat, &package, &[]);
    asking.tenant.knobs.outsiders_at_once = true;
    asking.tenant.knobs.delivery_fault = "partial".into();
    asking.pass(Millis::minutes(1));
    assert_eq!(state_on(&mut asking, &pat, &path), "Partially delivered");
    let links = ["<a href=\"https://myapps.microsoft.com/?tenantid=", &format!("<a href=\"{SITE}\" rel=\"noreferrer\">Partner site</a>")];
    let (given, offered) = (page(&mut asking, &pat, &path), page(&mut asking, &pat, &format!("/access-packages/{package}")));
    for link in links {
        assert!(given.contains(link) && !offered.contains(link), "{link}: {given}");
    }
    assert!(offered.contains("<li>Partner site <span class=\"quiet\">Members</span></li>"), "{offered}");
}
