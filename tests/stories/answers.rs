//! What Graph and mailboxes answer beside success: as public reports have it (`tests/cases`), and as the sample tenant can be told to.

use crate::acts::{assert_one_mail_each, checked, invited, resumed, tally, with_draft};
use crate::support::*;
use graph::CommonRefusal;
use graph::Operation;
use graph::invitations::InvitationRefusal;
use graph::{Headers, Method, Reply, Request, users};
use guestlist::bulk::{Ending, Ramp, RunStatus};
use guestlist::jobs::invite::journal::{Entry, Stored, Writer};
use guestlist::jobs::invite::plan::{self, Choices, Plan, PlanStep, RowAction};
use guestlist::jobs::invite::refusals::InviteRefusal;
use guestlist::jobs::invite::{Run, export};
use guestlist::letter::{Channel, Letter};
use guestlist::lookup::Lookup;
use guestlist::owner::Owner;
use guestlist::permissions;
use guestlist::protocol::{Action, StateMachine};
use guestlist::rows::{Address, List};
use guestlist::tab::TabReport;
use guestlist::words::Explain;
use guestlist::words::Words;
use identity::scopes::Scopes;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tenant::Knobs;
use time::Millis;

/// A file of a case.
fn case(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(path)).unwrap()
}

fn case_json(path: &str) -> Value {
    serde_json::from_str(&case(path)).unwrap()
}

fn turn(world: &World, change: impl FnOnce(&mut Knobs)) {
    change(&mut world.tenant.borrow_mut().knobs);
}

fn all(words: &Words) -> String {
    [words.what.as_str(), &words.why, &words.who, &words.next].join(" ")
}

/// Drives a machine to its end against answers that are written down: of every item that it asks for, method and path.
fn against<M: StateMachine>(machine: &mut M, answer: impl Fn(&str, &str) -> Value) -> Vec<String> {
    let (mut now, mut asked) = (MORNING, Vec::new());
    loop {
        match machine.next(now) {
            Action::Record(_) => machine.recorded(),
            Action::Send(ticket, request) => {
                let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
                let responses: Vec<Value> = body["requests"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| {
                        let (method, url) = (item["method"].as_str().unwrap(), item["url"].as_str().unwrap());
                        asked.push(format!("{method} {}", url.split(['?', '/']).nth(1).unwrap()));
                        let mut answer = answer(method, url);
                        answer["id"] = item["id"].clone();
                        answer
                    })
                    .collect();
                let body = json!({ "responses": responses }).to_string();
                now += Millis(100);
                machine.heard(ticket, &Ok(Reply { status: 200, headers: Headers::default(), body }), now);
            }
            Action::WaitUntil(then) => now = then,
            Action::Done => return asked,
            _ => panic!("it needs somebody"),
        }
    }
}

/// A plan for the guest of an exchange, whom nobody knows yet.
fn planned(exchange: &Value) -> Plan {
    let list = list(exchange["list"].as_str().unwrap().split(',').next().unwrap());
    plan::plan(&list, &letter(), &Default::default(), &Default::default(), &Default::default(), &Choices::default())
}

fn carried_out(exchange: &Value, run: &mut Run) -> Vec<String> {
    let of = |method: &str| {
        let exchange = exchange["exchange"].as_array().unwrap();
        exchange.iter().find(|one| one["request"].as_str().unwrap().starts_with(method)).unwrap()["answer"].clone()
    };
    against(run, |method, _| of(method))
}

// Cases 24 and 25
#[test]
fn an_answer_that_does_not_tell_is_looked_into_and_who_is_found_counts_as_invited() {
    for name in ["24-300-multiple-choices/exchange-found.json", "25-504-but-done/exchange.json"] {
        let exchange = case_json(name);
        let mut run = Run::new(&planned(&exchange), Ramp::Careful, true, MORNING);
        assert_eq!(carried_out(&exchange, &mut run), ["POST invitations", "GET users"], "{name}");
        let outcome = &run.ended(1).unwrap().outcome;
        assert_eq!((outcome.name(), outcome.redeem()), ("Invited", None), "{name}: its link is not known");
        assert_eq!(run.tally().sentence(), "1 invited", "{name}");
    }
}

// Case 24
#[test]
fn who_is_not_found_after_an_answer_that_does_not_tell_stays_unsure_and_may_be_tried_again() {
    let exchange = case_json("24-300-multiple-choices/exchange-absent.json");
    let mut run = Run::new(&planned(&exchange), Ramp::Careful, true, MORNING);
    let asked = carried_out(&exchange, &mut run);
    // Several looks before it is sent once more, which is the last time by itself.
    assert_eq!((&*asked[0], &*asked[1]), ("POST invitations", "GET users"));
    let posts: Vec<usize> = (0..asked.len()).filter(|place| asked[*place].starts_with("POST")).collect();
    assert!(posts.len() <= 2 && posts.get(1).is_none_or(|second| *second > 5), "{asked:?}");
    let outcome = &run.ended(1).unwrap().outcome;
    assert_eq!((outcome.name(), outcome.is_failure()), ("Unsure", true));
    run.try_failed_again(MORNING);
    assert_eq!(carried_out(&exchange, &mut run)[0], "GET users");
}

/// The plan for a paste, with the directory as a case has it.
fn plan_of_case(name: &str, choices: &Choices) -> Plan {
    let directory = case_json(&format!("{name}/directory.json"));
    let list = list(&case(&format!("{name}/paste.txt")));
    let mut look = Lookup::new(GRAPH, list.rows().map(|row| Address::parse(row.cell("email")).unwrap()));
    against(&mut look, |_, url| {
        let body = match url.split(['?', '/']).nth(1) {
            Some("users") => json!({"value": directory["users"]}),
            Some("me") if url.starts_with("/me?") => json!({"id": "me"}),
            _ => json!({"value": []}),
        };
        json!({"status": 200, "body": body})
    });
    plan::plan(&list, &letter(), &look.finish().unwrap(), &Default::default(), &Default::default(), choices)
}

fn skipped(plan: &Plan) -> String {
    if let PlanStep::Skip(skip) = &plan.rows[0].step { skip.words() } else { "not skipped".into() }
}

// Case 27
#[test]
fn an_external_member_who_has_not_accepted_can_be_invited_again() {
    let plan = plan_of_case("27-external-member", &Choices::default());
    assert_eq!(skipped(&plan), "Invited as an external member, pending since 2026-03-02.");
    assert_eq!(plan.rows[0].choices(), [RowAction::Skip, RowAction::Resend]);
    assert!(plan.sentence(0).ends_with("1 row is skipped: 1 is invited already, as an external member."), "{}", plan.sentence(0));
    let again = plan_of_case("27-external-member", &Choices { known: Some(RowAction::Resend), ..Choices::default() });
    assert_eq!(again.invitations(), 1);
    // And the tenant takes it.
    let world = World::with("guest-inviter");
    let list = list("Mia <mia@woodgrove.example>\nCasey <casey@tailspin.example>");
    let plan = world.plan_as(&list, &[], &Choices { known: Some(RowAction::Resend), ..Choices::default() });
    assert_eq!((plan.rows[0].action, plan.rows[1].action), (RowAction::Resend, RowAction::Skip));
    assert!(plan.rows[0].note.as_deref().is_some_and(|note| note.contains("external member")), "{:?}", plan.rows[0].note);
    let people = world.tenant.borrow().users(world.now.get()).len();
    let (run, _) = world.run(&plan);
    assert_eq!((run.tally().sentence().as_str(), world.mails().len()), ("1 invited, 1 skipped", 1));
    assert_eq!(world.tenant.borrow().users(world.now.get()).len(), people);
}

// Cases 28 and 29
#[test]
fn guests_without_a_state_or_a_mail_are_guests_already() {
    for (name, words) in [("28-self-service-guest", "Already a guest."), ("29-address-in-other-mails", "Already a guest since 2026-05-04.")]
    {
        let plan = plan_of_case(name, &Choices::default());
        assert_eq!((skipped(&plan).as_str(), plan.invitations()), (words, 0), "{name}");
    }
}

// Case 26
#[test]
fn a_used_up_quota_of_objects_stops_the_run_and_what_is_left_goes_later() {
    let world = World::with("guest-inviter");
    turn(&world, |knobs| knobs.object_quota = 7);
    let rows = case("26-directory-quota/list.csv");
    let list = list(&rows.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>().join("\n"));
    let plan = world.plan(&list, &[]);
    assert_eq!(plan.invitations(), 20);
    let (run, mut journal) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    let tally = run.tally();
    assert_eq!((tally.invited, world.mails().len()), (7, 7), "who was invited before stays so");
    // Of what was on its way already each row has its own answer.
    assert!((1..=5).contains(&tally.refused) && tally.not_sent == 13 - tally.refused, "{tally:?}");
    let RunStatus::Halted(reason) = run.status(world.now.get()) else { panic!("it goes on") };
    assert_eq!(InviteRefusal::told_by(reason.refused()), InviteRefusal::Invitation(InvitationRefusal::ObjectQuota));
    assert_eq!(reason.refused().permission, None);
    let words = all(&reason.words());
    assert!(words.contains("directory objects") && !words.contains("permission") && !words.contains("consent"), "{words}");
    // An administrator has made room.
    turn(&world, |knobs| knobs.object_quota = 0);
    let mut run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
    run.try_failed_again(world.now.get());
    assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1_000_000), Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!((run.tally().sentence(), world.mails().len()), ("20 invited".into(), 20));
}

#[test]
fn an_administrator_may_make_more_objects_than_others() {
    let world = World::with("user-admin");
    turn(&world, |knobs| knobs.object_quota = 1);
    let plan = world.plan(&list(&guests(4, "fabrikam.example")), &[]);
    assert_eq!(world.run(&plan).0.tally().sentence(), "4 invited");
}

#[test]
fn a_403_that_nobody_knows_is_no_missing_permission_and_three_in_a_row_are_enough() {
    let world = World::with("guest-inviter");
    let plan = world.plan(&list(&format!("a@forbidden.example\n{}b@forbidden.example\n", guests(6, "fabrikam.example"))), &[]);
    let (run, _) = world.run(&plan);
    assert_eq!(run.tally().sentence(), "6 invited, 2 refused", "of single guests it says nothing about the others");
    let refused = run.ended(plan.rows[0].row).unwrap().outcome.refused().unwrap().clone();
    let words = all(&guestlist::jobs::invite::words(&refused));
    assert!(
        InviteRefusal::told_by(&refused) == InviteRefusal::Common(CommonRefusal::Forbidden)
            && !words.contains("permission is missing:")
            && !words.contains("Guest Inviter"),
        "{words}"
    );
    let world = World::with("guest-inviter");
    let plan = world.plan(&list(&format!("{}{}", guests(9, "forbidden.example"), guests(9, "fabrikam.example"))), &[]);
    let (run, _) = world.run(&plan);
    assert_eq!(run.tally().sentence(), "3 refused, 15 not sent");
    assert!(
        matches!(run.status(world.now.get()), RunStatus::Halted(reason) if reason.refused().problem.common() == Some(CommonRefusal::Forbidden))
    );
}

fn world_of(name: &str, scopes: impl IntoIterator<Item = &'static str>) -> World {
    let world = World::new();
    let mut all = Scopes::default();
    all.extend(scopes);
    world.sign_in(name, all).unwrap();
    world
}

/// A run of letters of one's own, before anything has left.
fn begun(world: &World, count: usize, channel: Channel) -> Arc<Stored> {
    let guests: List = list(&guests(count, "fabrikam.example"));
    let own = Letter { subject: "Welcome".into(), message: "{{redeemUrl}}".into(), channel, ..letter() };
    let known = world.look_up(&guests);
    let plan = plan::plan(&guests, &own, &known, &plan::merge_context(&known, &BTreeMap::new()), &Default::default(), &Choices::default());
    let mut stored = stored(&plan, &guests, Vec::new());
    stored.header.letter = own;
    stored.header.writer = Writer { id: known.me.id.clone(), mail: known.me.mail.clone(), graph: GRAPH.into() };
    Arc::new(stored)
}

#[test]
fn a_refusal_for_want_of_consent_names_the_permission_of_what_was_asked() {
    const ALL: [&str; 6] = ["User.Invite.All", "User.Read.All", "OrgContact.Read.All", "Mail.Send", "Mail.ReadWrite", "ChatMessage.Send"];
    let check = |words: &Words, permission: &str| {
        let said = all(words);
        // `User.Read.All` is in no other name, and none is in another.
        assert_eq!(ALL.into_iter().filter(|name| said.contains(name)).collect::<Vec<_>>(), [permission], "{said}");
    };
    // Inviting.
    let world = world_of("user-admin", ["User.Read", "User.Read.All"]);
    let plan = world.plan(&list(&guests(3, "fabrikam.example")), &[]);
    let (run, _) = world.run(&plan);
    assert_eq!(run.tally().sentence(), "1 refused, 2 not sent");
    check(&run.ended(plan.rows[0].row).unwrap().outcome.words().unwrap(), "User.Invite.All");
    // Looking.
    let world = world_of("guest-inviter", permissions::BASE);
    let known = world.look_up(&list("ada@fabrikam.example"));
    check(&known.blind.expect("nobody may be looked up").words(), "User.Read.All");
    // Letters.
    for channel in [Channel::Mailbox, Channel::Drafts, Channel::Teams] {
        let world = world_of("guest-inviter", permissions::BASE);
        let stored = begun(&world, 5, channel);
        let mut run = Run::from_stored(&stored, false, world.now.get());
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 1_000_000), Stopped::Done);
        assert_eq!(run.tally().sentence(), "1 invited without a letter, 4 not sent", "{channel:?}");
        let RunStatus::Halted(reason) = run.status(world.now.get()) else { panic!("{channel:?}: it goes on") };
        let permission = *channel.scopes().last().unwrap();
        assert_eq!(reason.refused().permission.as_deref(), Some(permission));
        check(&reason.words(), permission);
    }
}

// Case 43
#[test]
fn letters_that_come_back_are_called_handed_over_and_can_be_had_as_files() {
    let expected = case_json("43-sender-restricted/case.json");
    let times = expected["sendMail"]["times"].as_u64().unwrap() as usize;
    let mut wanted: Vec<&str> = permissions::BASE.to_vec();
    wanted.extend([permissions::DIRECTORY, "Mail.Send"]);
    let world = world_of("guest-inviter", wanted);
    turn(&world, |knobs| knobs.mail_fault = "returned".into());
    let stored = begun(&world, times, Channel::Mailbox);
    let mut run = Run::from_stored(&stored, true, world.now.get());
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 1_000_000), Stopped::Done);
    assert_eq!(run.tally().invited, times, "202 is all that anybody is told");
    let tenant = world.tenant.borrow();
    assert_eq!(tenant.outbox().len(), times);
    let code = expected["afterwards_in_inbox"][0]["code"].as_str().unwrap();
    assert!(tenant.outbox().iter().all(|mail| mail.kind == "undeliverable" && mail.text.contains(code)));
    let said = run.undelivered(&stored.header.plan).join(" ");
    for word in ["handed to your mailbox", "Inbox", "Undeliverable", code, "Restricted entities", "files"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    for words in [said, run.status(world.now.get()).ending(&run.tally()), stored.header.plan.sentence(0)] {
        assert!(!words.contains("were delivered") && !words.contains("was delivered"), "{words}");
    }
    assert_eq!(export::letters(&stored, &run, &|_| true).len(), times);
}

#[test]
fn runs_stay_their_owners_however_graph_is_written_in_the_configuration() {
    let mut browser = with_draft(5);
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    let owner = browser.people[0].owner.clone();
    for written in ["http://localhost:8082/", "HTTP://LOCALHOST:8082", "https://graph.microsoft.com"] {
        let same = Owner { cloud: written.into(), ..owner.clone() };
        let before = browser.journal().invited_before(&same);
        let is_known = |number: usize| before.get(&Address::parse(&format!("guest{number}@fabrikam.example")).unwrap()).is_some();
        assert!((0..5).all(is_known), "{written}");
        browser.people[0].owner = same;
        browser.sign_in(1, 0);
        assert_eq!(resumed(&mut browser, 1, "run-1"), TabReport::Carried, "{written}");
    }
    assert_eq!(tally(&browser, "run-1"), "5 invited");
    assert_one_mail_each(&browser, 5);
}

#[test]
fn a_guest_whose_only_mail_is_another_one_is_found_by_the_question_that_is_asked() {
    // The question asks for every property that can hold an address, as case 29 needs it.
    let Request { method, path, .. } = users::FindUsersByAddress { address: "ada@fabrikam.example" }.request();
    assert_eq!(method, Method::Get);
    for property in ["mail%20eq", "userPrincipalName%20eq", "otherMails/any", "proxyAddresses/any"] {
        assert!(path.contains(property), "{property}");
    }
}
