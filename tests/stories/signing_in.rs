//! Stories of signing in, against the sample tenant's identity platform; and the attacks that must not work.

use crate::support::{IDENTITY, PAGE, REDIRECT, Stopped, World, encode, guests, list, now_or_never};
use graph::{Headers, Method, Reply, Request};
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Entry;
use guestlist::permissions;
use guestlist::words::Explain;
use identity::authorize::{Interaction, Pending, RedirectResult, parse_redirect};
use identity::problem::Remedy;
use identity::scopes;
use identity::session::TokenState;
use tenant::{CLIENT_ID, DOMAIN, Knobs, Side};
use time::Millis;

/// A question, and the answer after picking this person and accepting.
fn answered(world: &World, name: &str) -> (Pending, String) {
    let (question, pending) =
        world.client().authorization_request(permissions::base(), "#/invite", &Interaction::default(), &world.random());
    let answer = world.walk(&question, name);
    (pending, answer)
}

fn redeemed(world: &World, pending: Pending, answer: &str) -> Result<String, String> {
    match parse_redirect(answer, Some(&pending)) {
        RedirectResult::Code(code) => {
            let redeemed =
                now_or_never(world.client().exchange_code(code, pending, world.now.get(), &|request| world.carry_token_request(request)));
            redeemed.map(|(account, _)| account.username).map_err(|auth_error| auth_error.details())
        }
        other => Err(format!("{other:?}")),
    }
}

/// Posts to the token endpoint as `origin`.
fn token(world: &World, form: &[(&str, &str)], origin: Option<&str>) -> (u16, serde_json::Value) {
    let headers = origin.map_or_else(Headers::default, |origin| Headers::default().with("Origin", origin));
    let request = Request { method: Method::Post, path: format!("/{DOMAIN}/oauth2/v2.0/token"), headers, body: Some(encode(form)) };
    let reply = world.tenant.borrow_mut().answer(Side::Identity, &request, world.now.get()).answer.unwrap();
    (reply.status, serde_json::from_str(&reply.body).unwrap())
}

fn authorize(world: &World, change: &[(&str, &str)]) -> Reply {
    let (question, _) = world.client().authorization_request(permissions::base(), "#/invite", &Interaction::default(), &world.random());
    let mut url = url::Url::parse(&question).unwrap();
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| !change.iter().any(|(changed, _)| changed == name)).collect();
    url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(change.iter().filter(|(_, value)| !value.is_empty()));
    world.visit(Method::Get, url.as_str(), &[])
}

#[test]
fn signing_in_names_the_person_and_the_permissions() {
    let world = World::new();
    let (pending, answer) = answered(&world, "guest-inviter");
    assert!(answer.starts_with('#'), "the code travels in the fragment");
    assert_eq!(redeemed(&world, pending, &answer).as_deref(), Ok("guest-inviter@contoso.example"));
    world.sign_in("user-admin", permissions::base()).unwrap();
    let session = world.session.borrow().clone().unwrap();
    assert!(session.may("User.Invite.All") && !session.may(permissions::DIRECTORY));
    assert_eq!(session.account.tenant_id, tenant::TENANT_ID);
}

#[test]
fn a_replayed_code_is_refused() {
    let world = World::new();
    let (pending, answer) = answered(&world, "guest-inviter");
    assert!(redeemed(&world, pending.clone(), &answer).is_ok());
    assert!(redeemed(&world, pending, &answer).unwrap_err().contains("AADSTS54005"));
}

#[test]
fn an_answer_with_a_wrong_state_is_not_read() {
    let world = World::new();
    let (pending, answer) = answered(&world, "guest-inviter");
    let forged = answer.replace("state=", "state=x");
    assert!(redeemed(&world, pending, &forged).unwrap_err().contains("NotOurs"));
}

#[test]
fn a_code_of_another_sign_in_does_not_fit_the_verifier() {
    let world = World::new();
    let (_, stolen) = answered(&world, "user-admin");
    let (own, answer) = answered(&world, "guest-inviter");
    let code = |answer: &str| {
        url::form_urlencoded::parse(answer.trim_start_matches('#').as_bytes()).find(|(name, _)| name == "code").unwrap().1.into_owned()
    };
    let injected = answer.replace(&code(&answer), &code(&stolen));
    assert!(redeemed(&world, own, &injected).unwrap_err().contains("AADSTS501481"));
}

#[test]
fn a_code_lives_ten_minutes() {
    let world = World::new();
    let (pending, answer) = answered(&world, "guest-inviter");
    world.now.set(world.now.get() + Millis::minutes(11));
    assert!(redeemed(&world, pending, &answer).unwrap_err().contains("AADSTS70008"));
}

#[test]
fn a_wrong_nonce_and_a_foreign_audience_are_refused() {
    let world = World::new();
    // A token for another app: the answer of the token endpoint, looked at as if it were meant for us.
    let (pending, answer) = answered(&world, "guest-inviter");
    let other = identity::authorize::Client { client_id: "9e57115f-c070-4050-a000-c0ffee00ffff", ..world.client() };
    let RedirectResult::Code(code) = parse_redirect(&answer, Some(&pending)) else { panic!("a code") };
    let carry = |request: identity::token::HttpRequest| {
        let body = String::from_utf8(request.body().clone()).unwrap().replace("9e57115f-c070-4050-a000-c0ffee00ffff", CLIENT_ID);
        let (parts, _) = request.into_parts();
        world.carry_token_request(identity::token::http::Request::from_parts(parts, body.into_bytes()))
    };
    let refused = now_or_never(other.exchange_code(code, pending, world.now.get(), &carry)).unwrap_err();
    assert!(refused.details().contains("aud"), "{}", refused.details());
    // A question of ours whose nonce was changed on the way.
    let (question, pending) =
        world.client().authorization_request(permissions::base(), "#/invite", &Interaction::default(), &world.random());
    let answer = world.walk(&question.replace("nonce=", "nonce=x"), "guest-inviter");
    assert!(redeemed(&world, pending, &answer).unwrap_err().contains("nonce"));
}

#[test]
fn renewals_end_24_hours_after_the_first_issue_however_often_they_are_used() {
    let world = World::with("guest-inviter");
    for _ in 0..23 {
        world.now.set(world.now.get() + Millis::hours(1));
        world.renew().unwrap();
    }
    world.now.set(world.now.get() + Millis::hours(1));
    let refused = world.renew().unwrap_err();
    assert!(refused.details().contains("AADSTS700084") && refused.drop_refresh_token);
    assert_eq!(refused.remedy(), Remedy::SignIn);
    assert_eq!(world.session.borrow().as_ref().unwrap().token_state(world.now.get() + Millis::hours(2)), TokenState::SignIn);
}

#[test]
fn a_member_needs_an_administrator_where_consent_is_reserved() {
    let world = World::new();
    world.tenant.borrow_mut().knobs.admin_consent_required = true;
    let auth_error = world.sign_in("guest-inviter", permissions::base()).unwrap_err();
    assert_eq!(auth_error.remedy(), Remedy::AdminConsent);
    // An administrator allows it for everybody, by the link that the page offers.
    let link = scopes::admin_consent_url(&world.authority, CLIENT_ID, REDIRECT, &permissions::for_everybody(None));
    let page = world.visit(Method::Get, &link, &[]);
    assert!(page.body.contains("everyone in Contoso"), "{}", page.body);
    let back =
        world.visit(Method::Post, "/adminconsent", &[("scope", "User.Read User.Invite.All User.Read.All"), ("redirect_uri", REDIRECT)]);
    assert!(matches!(parse_redirect(&back.headers.get("Location").unwrap().replace(REDIRECT, ""), None), RedirectResult::AdminConsented));
    world.sign_in("guest-inviter", permissions::base()).unwrap();
}

#[test]
fn the_token_endpoint_keeps_the_rules_for_single_page_applications() {
    let world = World::new();
    let check = |form: &[(&str, &str)], origin: Option<&str>, number: u32| {
        let (status, body) = token(&world, form, origin);
        let expected = if body["error"] == "invalid_client" { 401 } else { 400 };
        assert_eq!((status, body["error_codes"][0].as_u64()), (expected, Some(u64::from(number))), "{body}");
        assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{number}: ")));
        assert!(body["correlation_id"].is_string() && body["trace_id"].is_string() && body["timestamp"].is_string());
    };
    let code = [("client_id", CLIENT_ID), ("grant_type", "authorization_code"), ("code", "nonsense")];
    check(&code, None, 9_002_327);
    check(&code, Some(PAGE), 9_002_313);
    check(&[("client_id", "9e57115f-c070-4050-a000-c0ffee000003"), ("grant_type", "authorization_code")], Some(PAGE), 9_002_326);
    check(&[("client_id", "nobody"), ("grant_type", "authorization_code")], Some(PAGE), 700_016);
    check(&[("grant_type", "authorization_code")], Some(PAGE), 900_144);
    check(&[("client_id", CLIENT_ID), ("grant_type", "password")], Some(PAGE), 70003);
    check(&[("client_id", CLIENT_ID), ("client_secret", "x"), ("grant_type", "authorization_code")], Some(PAGE), 700_025);
}

#[test]
fn the_authorize_endpoint_refuses_what_entra_refuses() {
    let world = World::new();
    let shown = |change: &[(&str, &str)], number: &str| {
        let page = authorize(&world, change);
        assert!(page.headers.get("Location").is_none() && page.body.contains(number), "{change:?}: {}", page.body);
    };
    // Never back to an address that is not registered.
    shown(&[("redirect_uri", "http://evil.example/auth.html")], "AADSTS50011");
    shown(&[("redirect_uri", "http://localhost:8080/auth.html/")], "AADSTS50011");
    shown(&[("redirect_uri", "http://localhost:8080/AUTH.html")], "AADSTS50011");
    shown(&[("client_id", "nobody")], "AADSTS700016");
    let returned = |change: &[(&str, &str)], error: &str| {
        let page = authorize(&world, change);
        let to = page.headers.get("Location").unwrap_or_else(|| panic!("{change:?}: {}", page.body));
        assert!(to.starts_with(REDIRECT) && to.contains(&format!("error={error}")) && to.contains("state="), "{change:?}: {to}");
    };
    returned(&[("code_challenge", "")], "invalid_request");
    returned(&[("code_challenge_method", "plain")], "invalid_request");
    returned(&[("code_challenge", "short")], "invalid_request");
    returned(&[("response_type", "token")], "unsupported_response_type");
    returned(&[("scope", "openid Files.Delete.Everything")], "invalid_client");
    returned(&[("prompt", "none")], "login_required");
    returned(&[("claims", "eyJhY2Nlc3NfdG9rZW4iOnt9fQ==")], "invalid_request");
    returned(&[("claims", "[]")], "invalid_request");
    assert!(
        authorize(&world, &[("response_mode", "query"), ("prompt", "none")]).headers.get("Location").unwrap().contains("auth.html?error")
    );
}

#[test]
fn silent_questions_want_a_session_and_consent() {
    let world = World::new();
    answered(&world, "guest-inviter");
    let location = |change: &[(&str, &str)]| authorize(&world, change).headers.get("Location").map(str::to_owned).unwrap_or_default();
    assert!(location(&[("prompt", "none")]).contains("code="), "signed in and allowed");
    assert!(location(&[("prompt", "none"), ("scope", "openid User.Read.All")]).contains("interaction_required"));
    assert!(location(&[("prompt", "none"), ("login_hint", "user-admin@contoso.example")]).contains("login_required"));
    assert!(authorize(&world, &[("prompt", "select_account")]).body.contains("Pick an account"));
    assert!(authorize(&world, &[("prompt", "login")]).body.contains("Pick an account"));
    assert!(authorize(&world, &[("prompt", "consent")]).body.contains("Permissions requested"));
}

#[test]
fn the_sign_in_pages_cannot_be_framed_or_reached_by_an_opener() {
    let world = World::new();
    let page = authorize(&world, &[]);
    assert_eq!(page.headers.get("X-Frame-Options"), Some("DENY"));
    assert_eq!(page.headers.get("Cross-Origin-Opener-Policy"), Some("same-origin"));
    assert!(page.headers.get("Content-Security-Policy").unwrap().contains("frame-ancestors 'none'"));
}

#[test]
fn signing_out_ends_the_session_and_returns_to_registered_pages_only() {
    let world = World::new();
    answered(&world, "guest-inviter");
    let out = world.client().sign_out_url(Some("guest-inviter@contoso.example")).unwrap();
    assert_eq!(world.visit(Method::Get, &out, &[]).headers.get("Location"), Some(REDIRECT));
    assert!(authorize(&world, &[]).body.contains("Pick an account"));
    let elsewhere = format!("{IDENTITY}/{DOMAIN}/oauth2/v2.0/logout?post_logout_redirect_uri=http%3A%2F%2Fevil.example%2F");
    assert_eq!(world.visit(Method::Get, &elsewhere, &[]).headers.get("Location"), None);
}

#[test]
fn a_step_up_challenge_is_met_by_signing_in_again() {
    let world = World::with("guest-inviter");
    let list = list(&guests(30, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    world.tenant.borrow_mut().knobs.step_up = true;
    let mut journal: Vec<Entry> = Vec::new();
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    let stopped = world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 10_000);
    assert_eq!((stopped, world.mails().len()), (Stopped::SignInNeeded, 0));
    assert_eq!(
        world.auth_error.borrow().as_ref().map(|auth_error| auth_error.words().what),
        Some("Microsoft wants you to prove who you are once more.".to_owned())
    );
    // Nothing between Graph's header and the identity platform but what the page does itself; renewing proves nothing.
    world.renew().unwrap();
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::SignInNeeded);
    world.sign_in_again().unwrap_or_else(|auth_error| panic!("{}", auth_error.details()));
    let mut run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "30 invited");
}

const FAULTS: [&str; 7] = ["busy", "busyRetry", "throttled", "garbled", "portal", "proxy", "cut"];

/// A run of 60 guests that begins after so much of an hour's token, while the token endpoint fails `times` times like this.
fn run_with_a_faulty_token_endpoint(fault: &str, times: u32, after: Millis) -> World {
    let world = World::with("guest-inviter");
    let list = list(&guests(60, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let begun = world.now.get() + after;
    world.now.set(begun);
    world.tenant.borrow_mut().knobs = Knobs { token_fault: fault.into(), token_fault_times: times, ..Knobs::default() };
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "60 invited", "{fault}");
    assert!(!world.tenant.borrow().log().iter().any(|line| line.status == 401), "{fault}: no bad token was sent");
    world
}

#[test]
fn a_hiccup_of_the_token_endpoint_with_minutes_left_is_not_noticed() {
    for fault in FAULTS {
        // 75 minutes are the token's life; four are left.
        let world = run_with_a_faulty_token_endpoint(fault, u32::MAX, Millis::minutes(71));
        assert!(world.renewal.borrow().waits(world.now.get()).is_some(), "{fault}: it was asked, and is asked again later");
    }
}

#[test]
fn a_hiccup_of_the_token_endpoint_after_the_token_ended_is_waited_out() {
    for fault in FAULTS {
        let began = Millis::minutes(76);
        let world = run_with_a_faulty_token_endpoint(fault, 4, began);
        let took = world.now.get() - (crate::support::MORNING + began);
        // Four waits: 2, 4, 8 and 16 seconds, or three seconds each where the service says so.
        let least = if ["busyRetry", "throttled"].contains(&fault) { 12 } else { 30 };
        assert!(took >= Millis::seconds(least) && took < Millis::minutes(5), "{fault}: {took:?}");
    }
}

#[test]
fn each_way_a_sign_in_can_end_is_told_by_its_name() {
    let check = |number: u32, what: &str, remedy: Remedy| {
        let world = World::with("guest-inviter");
        let list = list(&guests(3, "fabrikam.example"));
        let plan = world.plan(&list, &[]);
        world.tenant.borrow_mut().knobs.refresh_error = number;
        let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
        // Refused with minutes left: what can be done with the token is done.
        world.now.set(world.now.get() + Millis::minutes(72));
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done, "AADSTS{number}");
        let plan = world.plan(&crate::support::list("late@fabrikam.example"), &[]);
        world.now.set(world.now.get() + Millis::minutes(4));
        let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::SignInNeeded, "AADSTS{number}");
        let auth_error = world.auth_error.borrow().clone().unwrap();
        assert_eq!((auth_error.words().what.as_str(), auth_error.remedy()), (what, remedy));
        assert!(auth_error.details().contains(&format!("AADSTS{number}")), "{}", auth_error.details());
        assert_eq!(run.tally().open, 1, "no row ends over it");
    };
    check(700_084, "Your sign-in has ended.", Remedy::SignIn);
    check(50173, "Your sign-in was revoked.", Remedy::SignIn);
    check(70043, "Your organisation wants you to sign in again.", Remedy::SignIn);
    check(50057, "This account is disabled.", Remedy::OtherAccount);
    check(65001, "A permission of this page was withdrawn.", Remedy::Consent);
    check(53003, "A Conditional Access policy does not let you in.", Remedy::Nothing);
    check(50076, "Microsoft asks for one more proof.", Remedy::SignIn);
}

#[test]
fn a_token_of_another_type_is_not_taken() {
    let world = World::new();
    world.tenant.borrow_mut().knobs.token_type = "pop".into();
    assert!(world.sign_in("guest-inviter", permissions::base()).unwrap_err().details().contains("token_type"));
    world.tenant.borrow_mut().knobs.token_type = "bearer".into();
    world.sign_in("guest-inviter", permissions::base()).unwrap();
    world.tenant.borrow_mut().knobs.token_type = "mac".into();
    assert!(world.renew().unwrap_err().details().contains("token_type"));
}

#[test]
fn a_permission_that_is_not_known_here_keeps_nobody_from_inviting() {
    let world = World::new();
    let mut wanted = permissions::base();
    wanted.extend(["EntitlementManagement.ReadWrite.Everything"]);
    let auth_error = world.sign_in("guest-inviter", wanted).unwrap_err();
    assert_eq!(auth_error.words().what, "Microsoft does not know the permission EntitlementManagement.ReadWrite.Everything here.");
    assert!(auth_error.words().next.starts_with("Go on without"));
    world.sign_in("guest-inviter", permissions::base()).unwrap();
    assert!(world.session.borrow().as_ref().unwrap().may("User.Invite.All"));
}

#[test]
fn what_is_wrong_with_an_app_registration_is_told_by_its_name() {
    let check = |turn: fn(&mut Knobs), what: &str| {
        let world = World::new();
        turn(&mut world.tenant.borrow_mut().knobs);
        let auth_error = world.sign_in("guest-inviter", permissions::base()).unwrap_err();
        assert_eq!((auth_error.words().what.as_str(), auth_error.remedy()), (what, Remedy::Configure), "{}", auth_error.details());
        world.tenant.borrow_mut().knobs = Knobs::default();
        world.sign_in("guest-inviter", permissions::base()).unwrap();
    };
    let platform = "The redirect URI is registered for the wrong platform.";
    check(|knobs| knobs.token_error = 9_002_326, platform);
    check(|knobs| knobs.token_error = 7_000_218, platform);
    check(|knobs| knobs.token_error = 70002, platform);
    check(|knobs| knobs.token_error = 7_000_112, "The app of this page is switched off in this tenant.");
    check(|knobs| knobs.sign_in_error = 7_000_112, "The app of this page is switched off in this tenant.");
    check(|knobs| knobs.sign_in_error = 500_014, "Microsoft Graph is switched off in this tenant.");
    check(|knobs| knobs.token_error = 700_016, "Microsoft does not know this app in this tenant.");
    check(|knobs| knobs.sign_in_error = 650_053, "Microsoft does not know the permission OrgContact.Read.All here.");
}

#[test]
fn a_disabled_app_is_told_as_the_token_endpoint_reports_it() {
    let world = World::new();
    let case: serde_json::Value = serde_json::from_str(include_str!("../cases/40-app-disabled-or-no-redirect/token.json")).unwrap();
    let (pending, answer) = answered(&world, "guest-inviter");
    let RedirectResult::Code(code) = parse_redirect(&answer, Some(&pending)) else { panic!("a code") };
    let carry = |_: identity::token::HttpRequest| {
        let mut response = identity::token::HttpResponse::new(case["answer"]["body"].to_string().into_bytes());
        *response.status_mut() = identity::token::http::StatusCode::BAD_REQUEST;
        std::future::ready(Ok::<_, std::io::Error>(response))
    };
    let words = now_or_never(world.client().exchange_code(code, pending, world.now.get(), &carry)).unwrap_err().words();
    assert!(words.what.contains("switched off") && words.who.contains("Enterprise applications"), "{words:?}");
}

#[test]
fn an_app_without_any_redirect_uri_is_told_on_microsofts_page_alone() {
    let world = World::new();
    world.sign_in("guest-inviter", permissions::base()).unwrap();
    world.tenant.borrow_mut().knobs.sign_in_error = 500_113;
    let page = authorize(&world, &[]);
    assert!(page.headers.get("Location").is_none() && page.body.contains("AADSTS500113"), "{}", page.body);
}

#[test]
fn a_clock_that_is_set_while_somebody_is_signed_in_is_told_by_the_next_renewal() {
    for (seconds, what) in [(-12 * 3600, "about 12 hours ahead"), (12 * 3600, "about 12 hours behind")] {
        let world = World::with("guest-inviter");
        // The identity platform's clock, which is right, differs from the computer's by now.
        world.tenant.borrow_mut().knobs.identity_clock_seconds = seconds;
        let auth_error = world.renew().unwrap_err();
        assert_eq!(auth_error.words().what, format!("This computer's clock is {what}."));
        assert!(!auth_error.passes() && !auth_error.drop_refresh_token, "once the clock is right the sign-in goes on");
        world.tenant.borrow_mut().knobs.identity_clock_seconds = 240;
        world.renew().unwrap();
    }
}

#[test]
fn a_clock_that_differs_is_told_and_ends_nothing_in_a_loop() {
    let world = World::new();
    for seconds in [240, -240, 300] {
        world.tenant.borrow_mut().knobs.identity_clock_seconds = seconds;
        world.sign_in("guest-inviter", permissions::base()).unwrap_or_else(|auth_error| panic!("{seconds}: {}", auth_error.details()));
    }
    // Times are counted from when the answer came, so the session does not notice either.
    assert_eq!(world.session.borrow().as_ref().unwrap().token_state(world.now.get()), TokenState::Good);
    world.renew().unwrap();
    for (seconds, what) in [(600, "about 10 minutes behind"), (-7200, "about 2 hours ahead")] {
        world.tenant.borrow_mut().knobs.identity_clock_seconds = seconds;
        let auth_error = world.sign_in("guest-inviter", permissions::base()).unwrap_err();
        assert_eq!(auth_error.words().what, format!("This computer's clock is {what}."));
        assert_eq!(auth_error.remedy(), Remedy::Nothing, "signing in again is not offered as a cure");
    }
}
