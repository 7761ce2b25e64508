//! What stands between the page and Graph may spoil an answer after the fact. Only Graph's own word that nothing was done is
//! believed; everything else is looked into before anything is sent again.

use crate::support::{GRAPH, Stopped, World, guests, letter, list, outcome_of, stored};
use graph::CommonRefusal;
use graph::{Headers, Reply};
use guestlist::bulk::{Ramp, RunStatus};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::{Entry, Stored, Writer};
use guestlist::jobs::invite::plan::{self, Choices, Plan};
use guestlist::letter::{Channel, Letter};
use guestlist::permissions;
use guestlist::protocol::{Action, StateMachine};
use guestlist::words::Explain;
use std::collections::BTreeMap;
use std::sync::Arc;
use tenant::Knobs;
use time::Millis;

#[test]
fn a_proxy_that_refuses_in_graphs_place_stops_the_run_after_three_and_is_called_so() {
    for how in ["400", "401", "413", "404", "404 empty", "item 400 empty", "item 401 empty"] {
        let world = World::with("guest-inviter");
        let plan = world.plan(&list(&guests(40, "fabrikam.example")), &[]);
        turn(&world, |knobs| (knobs.gateway, knobs.gateway_after, knobs.gateway_drops) = (how.into(), 1, true));
        let begun = world.now.get();
        let (run, _) = world.run(&plan);
        let tally = run.tally();
        assert_eq!(tally.invited, 1, "{how}");
        assert!(tally.not_sent >= 40 - 1 - 4 - 2 && tally.unsure + tally.not_sent == 39, "{how}: {tally:?}");
        let RunStatus::Halted(reason) = run.status(world.now.get()) else { panic!("{how}: it goes on") };
        assert_eq!(reason.refused().problem.common(), Some(CommonRefusal::NotGraphs), "{how}");
        assert!(world.now.get() - begun < Millis::minutes(5), "{how}: it takes {:?}", world.now.get() - begun);
    }
    for how in ["400", "401", "413", "404 empty"] {
        let world = world_of(Channel::Mailbox);
        let stored = begun(&world, 40, Channel::Mailbox);
        // The second letter and all after it.
        let mut run = Run::from_stored(&stored, true, world.now.get());
        let proxy = |_: usize, _: &mut Run| {
            if written(&world) > 0 {
                turn(&world, |knobs| (knobs.gateway, knobs.gateway_drops) = (how.into(), true));
            }
        };
        assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 1_000_000, proxy), Stopped::Done);
        let tally = run.tally();
        assert!(tally.letter_unsure <= 6, "{how}: {tally:?}");
        let RunStatus::Halted(reason) = run.status(world.now.get()) else { panic!("{how}: it goes on") };
        assert_eq!(reason.refused().problem.common(), Some(CommonRefusal::NotGraphs), "{how}");
    }
}

#[test]
fn letters_that_are_refused_alike_stop_the_run_though_invitations_are_accepted() {
    let world = world_of(Channel::Mailbox);
    let stored = begun(&world, 60, Channel::Mailbox);
    let mut run = Run::from_stored(&stored, true, world.now.get());
    let (mut now, mut flying): (_, std::collections::VecDeque<_>) = (world.now.get(), Default::default());
    // A letter is refused for a reason that nobody knows, and after it an invitation is accepted.
    for _ in 0..100_000 {
        match run.next(now) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) if request.path == "/me/sendMail" => {
                let body = r#"{"error":{"code":"ErrorMadeUp","message":"Not this one."}}"#.into();
                flying.push_back((ticket, Ok(Reply { status: 400, headers: Headers::default(), body })));
            }
            Action::Send(ticket, request) => flying.push_back((ticket, world.carry(&request).1)),
            Action::Done => break,
            wait => match (flying.pop_front(), wait) {
                (Some((ticket, answer)), _) => run.heard(ticket, &answer, now),
                (None, Action::WaitUntil(then)) => now = then,
                (None, _) => panic!("it needs somebody"),
            },
        }
        world.now.set(now);
    }
    let tally = run.tally();
    assert!(tally.open == 0 && tally.no_letter > 0 && tally.not_sent > 0, "{tally:?}");
    assert!(matches!(run.status(now), RunStatus::Halted(reason) if reason.refused().problem.code == "ErrorMadeUp"));
}

/// A world with a gateway in front of Graph, from after the plan on.
fn turn(world: &World, change: impl FnOnce(&mut Knobs)) {
    change(&mut world.tenant.borrow_mut().knobs);
}

/// Looks for somebody by address, since the log was so long.
fn lookups(world: &World, since: usize) -> usize {
    world.tenant.borrow().log()[since..].iter().filter(|line| line.path.starts_with("/users?$filter")).count()
}

fn invitations(world: &World) -> usize {
    world.tenant.borrow().log().iter().filter(|line| line.path == "/invitations").count()
}

/// What a write may be answered with after it was carried out, as a whole and as an item of a batch.
const DOUBTFUL: [&str; 43] = [
    "300",
    "300 empty",
    "304 empty",
    "400",
    "401",
    "401 empty",
    "404 empty",
    "422",
    "item 300 empty",
    "item 400 empty",
    "item 401",
    "item 401 empty",
    "item 404",
    "200",
    "200 empty",
    "204 empty",
    "302",
    "307",
    "408",
    "429",
    "429 empty",
    "499",
    "500",
    "500 empty",
    "500 own",
    "502",
    "502 empty",
    "503",
    "503 empty",
    "504",
    "504 own",
    "509",
    "509 own",
    "item 200",
    "item 201 empty",
    "item 302",
    "item 408",
    "item 429 empty",
    "item 500 own",
    "item 502",
    "item 503",
    "item 503 empty",
    "cut",
];

#[test]
fn twelve_guests_behind_a_gateway_that_says_503_after_the_fact_get_one_mail_each() {
    let world = World::with("guest-inviter");
    let list = list(&guests(12, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    // The first guest is answered; the batch after that is carried out and answered by the gateway.
    turn(&world, |knobs| (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = ("503".into(), 1, 1));
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!((run.tally().sentence(), world.mails().len(), invitations(&world)), ("12 invited".into(), 12, 12));
}

#[test]
fn whatever_a_gateway_says_after_the_fact_is_looked_into_first() {
    for how in DOUBTFUL {
        for ramp in [Ramp::Careful, Ramp::AtTheLimit] {
            let world = World::with("guest-inviter");
            let list = list(&guests(30, "fabrikam.example"));
            let plan = world.plan(&list, &[]);
            turn(&world, |knobs| (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = (how.into(), 1, 2));
            let mut run = Run::new(&plan, ramp, true, world.now.get());
            assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 1_000_000), Stopped::Done, "{how}");
            world.assert_none_lost_none_doubled(&plan, &run);
            assert_eq!((run.tally().sentence(), invitations(&world)), ("30 invited".into(), 30), "{how}");
        }
    }
}

#[test]
fn a_guest_whose_answer_a_gateway_always_spoils_is_found_and_nobody_else_waits_for_it() {
    let world = World::with("guest-inviter");
    let list = list(&format!("first@fabrikam.example\n{}{}", guests(5, "gateway.example"), guests(20, "fabrikam.example")));
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!((run.tally().sentence(), invitations(&world)), ("26 invited".into(), 26));
}

#[test]
fn graphs_own_word_that_it_is_busy_is_believed_without_looking() {
    for how in ["503 own", "429 own", "item 503 own", "item 429 own"] {
        let world = World::with("guest-inviter");
        let list = list(&guests(12, "fabrikam.example"));
        let plan = world.plan(&list, &[]);
        turn(&world, |knobs| {
            (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = (how.into(), 1, 2);
            knobs.gateway_drops = true;
        });
        let (since, begun) = (world.tenant.borrow().log().len(), world.now.get());
        let (run, _) = world.run(&plan);
        world.assert_none_lost_none_doubled(&plan, &run);
        assert_eq!((run.tally().sentence(), lookups(&world, since)), ("12 invited".into(), 0), "{how}");
        assert!(world.now.get() - begun < Millis::seconds(30), "{how}: {:?}", world.now.get() - begun);
    }
}

#[test]
fn only_graphs_own_refusal_is_believed_without_looking() {
    for (how, ending) in [
        ("400 own", "1 invited, 1 refused"),
        ("item 404 own", "1 invited, 1 refused"),
        ("400", "2 invited"),
        ("401", "2 invited"),
        ("item 401 empty", "2 invited"),
        ("404 empty", "2 invited"),
        ("413", "2 invited"),
        ("item 400 empty", "2 invited"),
        ("item 404", "2 invited"),
    ] {
        for drops in [true, false] {
            let world = World::with("guest-inviter");
            let list = list("a@fabrikam.example\nb@fabrikam.example");
            let plan = world.plan(&list, &[]);
            turn(&world, |knobs| (knobs.gateway, knobs.gateway_times, knobs.gateway_drops) = (how.into(), 1, drops));
            let since = world.tenant.borrow().log().len();
            let (run, _) = world.run(&plan);
            world.assert_none_lost_none_doubled(&plan, &run);
            assert_eq!(run.tally().sentence(), ending, "{how}, dropped: {drops}");
            assert_eq!(lookups(&world, since) == 0, how.ends_with("own"), "{how}, dropped: {drops}");
        }
    }
}

/// Once a gateway's own sign-in has ended it may say so in Graph's place, after the fact.
#[test]
fn a_token_is_renewed_whoever_does_not_take_it_and_nothing_is_sent_again_unlooked_at() {
    for (how, looks) in [("401", true), ("item 401 empty", true), ("401 own", false)] {
        let world = World::with("guest-inviter");
        let plan = world.plan(&list(&guests(3, "fabrikam.example")), &[]);
        turn(&world, |knobs| (knobs.gateway, knobs.gateway_times, knobs.gateway_drops) = (how.into(), 1, !looks));
        let (since, token) = (world.tenant.borrow().log().len(), world.session.borrow().clone().unwrap().tokens.access);
        let (run, _) = world.run(&plan);
        world.assert_none_lost_none_doubled(&plan, &run);
        assert_eq!((run.tally().sentence(), invitations(&world)), ("3 invited".into(), 3), "{how}");
        assert_eq!(lookups(&world, since) > 0, looks, "{how}");
        assert_ne!(world.session.borrow().clone().unwrap().tokens.access.reveal(), token.reveal(), "{how}");
    }
}

#[test]
fn a_proxy_that_lets_nothing_through_stops_the_run_after_one_guest_and_is_called_so() {
    for (how, reads) in [("403", false), ("403 empty", true), ("item 403", false), ("407", true), ("451 empty", false)] {
        for drops in [true, false] {
            let world = World::with("guest-inviter");
            let list = list(&guests(30, "fabrikam.example"));
            let plan = world.plan(&list, &[]);
            turn(&world, |knobs| {
                (knobs.gateway, knobs.gateway_drops, knobs.gateway_reads) = (how.into(), drops, reads);
            });
            let (mut run, mut journal) = world.run(&plan);
            world.assert_none_lost_none_doubled(&plan, &run);
            // Who was invited all the same is found where looking is not barred, too.
            let is_found = !drops && !reads;
            let ending = if is_found { "1 invited, 29 not sent" } else { "1 unsure, 29 not sent" };
            assert_eq!(run.tally().sentence(), ending, "{how}, dropped: {drops}");
            let RunStatus::Halted(reason) = run.status(world.now.get()) else { panic!("{how}: it goes on") };
            let words = reason.words();
            assert!(words.what.contains("in Microsoft's place") && !words.who.contains("permission"), "{words:?}");
            // The proxy is fixed: looked into first, and nobody twice.
            turn(&world, |knobs| knobs.gateway.clear());
            run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
            run.try_failed_again(world.now.get());
            assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1_000_000), Stopped::Done);
            world.assert_none_lost_none_doubled(&plan, &run);
            assert_eq!((run.tally().sentence(), world.mails().len()), ("30 invited".into(), 30), "{how}, dropped: {drops}");
        }
    }
}

#[test]
fn a_proxy_that_knows_no_users_says_nothing_of_guests() {
    let world = World::with("guest-inviter");
    let plan = world.plan(&list(&guests(6, "fabrikam.example")), &[]);
    let mut run = Run::new(&plan, Ramp::AtTheLimit, true, world.now.get());
    let (mut now, mut answers): (_, std::collections::VecDeque<_>) = (world.now.get(), Default::default());
    loop {
        match run.next(now) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) if !request.body.as_deref().is_some_and(|body| body.contains("/invitations")) => {
                answers.push_back((ticket, Ok(Reply { status: 404, headers: Headers::default(), body: "<html>".into() })));
            }
            Action::Send(ticket, request) => answers.push_back((ticket, world.carry(&request).1)),
            Action::Done => break,
            wait => match (answers.pop_front(), wait) {
                (Some((ticket, answer)), _) => run.heard(ticket, &answer, now),
                (None, Action::WaitUntil(then)) => now = then,
                (None, wait) => panic!("{wait:?}"),
            },
        }
        world.now.set(now);
    }
    assert_eq!(run.rows().map(|(_, word, _)| word).collect::<Vec<_>>(), ["Invited, not verified"; 6]);
}

#[test]
fn a_gateway_that_drops_everything_for_five_minutes_costs_time_and_no_guest() {
    for how in ["503", "502 empty", "cut"] {
        let world = World::with("guest-inviter");
        let list = list(&guests(200, "fabrikam.example"));
        let plan = world.plan(&list, &[]);
        let mut run = Run::new(&plan, Ramp::AtTheLimit, true, world.now.get());
        let begun = world.now.get();
        let breaks = |_: usize, _: &mut Run| {
            let since = world.now.get() - begun;
            let is_broken = since > Millis::seconds(1) && since < Millis::minutes(5);
            turn(&world, |knobs| {
                knobs.gateway = if is_broken { how.into() } else { String::new() };
                (knobs.gateway_drops, knobs.gateway_reads) = (true, true);
            });
        };
        assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 1_000_000, breaks), Stopped::Done);
        world.assert_none_lost_none_doubled(&plan, &run);
        assert_eq!(run.tally().sentence(), "200 invited", "{how}");
        assert!(world.now.get() - begun < Millis::minutes(12), "{how}: {:?}", world.now.get() - begun);
    }
}

/// A run of letters of one's own, before anything has left.
fn begun(world: &World, count: usize, channel: Channel) -> Arc<Stored> {
    let list = list(&guests(count, "fabrikam.example"));
    let own = Letter { subject: "Welcome".into(), message: "{{redeemUrl}}".into(), channel, ..letter() };
    let known = world.look_up(&list);
    let merge_context = plan::merge_context(&known, &BTreeMap::new());
    let plan = plan::plan(&list, &own, &known, &merge_context, &Default::default(), &Choices::default());
    let mut stored = stored(&plan, &list, Vec::new());
    stored.header.letter = own;
    stored.header.writer = Writer { id: known.me.id.clone(), mail: known.me.mail.clone(), graph: crate::support::GRAPH.into() };
    Arc::new(stored)
}

fn world_of(channel: Channel) -> World {
    let world = World::new();
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY]);
    all.extend(channel.scopes().iter().copied());
    world.sign_in("guest-inviter", all).unwrap();
    world
}

/// How many of the guests are in the directory.
fn guests_there(world: &World) -> usize {
    let users = world.tenant.borrow().users(world.now.get());
    users
        .iter()
        .filter(|user| user["mail"].as_str().is_some_and(|mail| mail.starts_with("guest") && mail.ends_with("@fabrikam.example")))
        .count()
}

/// How many letters, drafts and chat messages there are.
fn written(world: &World) -> usize {
    let tenant = world.tenant.borrow();
    tenant.outbox().len() + tenant.drafts().len() + tenant.said().len()
}

#[test]
fn a_letter_that_a_gateway_spoils_the_answer_of_is_never_sent_again_by_itself() {
    for channel in [Channel::Mailbox, Channel::Drafts, Channel::Teams] {
        for how in DOUBTFUL.into_iter().filter(|how| !how.starts_with("item")) {
            let world = world_of(channel);
            let stored = begun(&world, 6, channel);
            let mut run = Run::from_stored(&stored, true, world.now.get());
            let has_begun = std::cell::Cell::new(false);
            let breaks = |_: usize, run: &mut Run| {
                // The first letter has gone out and the guests are invited; the next two are spoiled.
                if run.tally().invited > 0 && guests_there(&world) == 6 && !has_begun.replace(true) {
                    turn(&world, |knobs| (knobs.gateway, knobs.gateway_times) = (how.into(), 2));
                }
            };
            assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 1_000_000, breaks), Stopped::Done, "{channel:?} {how}");
            let tally = run.tally();
            assert_eq!((tally.total(), tally.invited + tally.letter_unsure), (6, 6), "{channel:?} {how}: {tally:?}");
            assert_eq!(tally.letter_unsure, 2, "{channel:?} {how}: {tally:?}");
            assert_eq!(written(&world), 6, "{channel:?} {how}: {tally:?}");
        }
    }
}

#[test]
fn a_letter_that_graph_itself_was_too_busy_for_is_sent_later() {
    for how in ["503 own", "429 own"] {
        let world = world_of(Channel::Mailbox);
        let stored = begun(&world, 6, Channel::Mailbox);
        let mut run = Run::from_stored(&stored, true, world.now.get());
        let has_begun = std::cell::Cell::new(false);
        let breaks = |_: usize, run: &mut Run| {
            if run.tally().invited == 1 && !has_begun.replace(true) {
                turn(&world, |knobs| (knobs.gateway, knobs.gateway_times, knobs.gateway_drops) = (how.into(), 3, true));
            }
        };
        assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 1_000_000, breaks), Stopped::Done);
        assert_eq!((run.tally().sentence(), written(&world)), ("6 invited".into(), 6), "{how}");
    }
}

#[test]
fn a_link_that_a_gateway_swallowed_is_asked_for_again_and_nobody_hears_of_it() {
    for how in ["503", "item 504", "200 empty"] {
        let world = world_of(Channel::Mailbox);
        let stored = begun(&world, 6, Channel::Mailbox);
        turn(&world, |knobs| (knobs.gateway, knobs.gateway_times) = (how.into(), 1));
        let mut run = Run::from_stored(&stored, true, world.now.get());
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 1_000_000), Stopped::Done);
        assert_eq!((run.tally().sentence(), written(&world)), ("6 invited".into(), 6), "{how}");
        assert!(world.tenant.borrow().outbox().iter().all(|mail| mail.kind == "letter"), "Microsoft wrote, too");
    }
}

#[test]
fn without_the_directory_what_a_gateway_spoiled_stays_unsure() {
    let world = World::new();
    world.sign_in("guest-inviter", permissions::base()).unwrap();
    let list = list("first@fabrikam.example\na@gateway.example\nb@fabrikam.example");
    let plan: Plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(outcome_of(&plan, &run, "a@gateway.example"), "Unsure");
}

#[test]
fn a_check_behind_a_gateway_asks_again_and_sees_everybody() {
    for how in ["503", "502 empty", "200", "401", "item 401 empty", "item 504"] {
        let world = World::with("guest-inviter");
        turn(&world, |knobs| (knobs.gateway, knobs.gateway_times, knobs.gateway_reads) = (how.into(), 2, true));
        let list = list("linus@fabrikam.example\nnew@fabrikam.example");
        let known = world.look_up(&list);
        assert!(known.blind.is_none() && known.people.get(&guestlist::rows::Address::parse("linus@fabrikam.example").unwrap()).is_some());
    }
}

#[test]
fn a_silent_server_is_given_up_after_a_while_and_looked_into() {
    for drops in [false, true] {
        let world = World::with("guest-inviter");
        let list = list(&guests(30, "fabrikam.example"));
        let plan = world.plan(&list, &[]);
        turn(&world, |knobs| {
            (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = ("silent".into(), 2, 2);
            knobs.gateway_drops = drops;
        });
        let begun = world.now.get();
        let (run, journal) = world.run(&plan);
        world.assert_none_lost_none_doubled(&plan, &run);
        assert_eq!((run.tally().sentence(), world.mails().len()), ("30 invited".into(), 30));
        let took = world.now.get() - begun;
        assert!(Millis::seconds(100) < took && took < Millis::minutes(10), "{took:?}");
        assert!(!stored(&plan, &list, journal).is_unfinished());
    }
}

#[test]
fn a_server_that_is_silent_to_everything_is_asked_again_until_it_speaks() {
    let world = World::with("guest-inviter");
    let list = list(&guests(30, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::AtTheLimit, true, world.now.get());
    let begun = world.now.get();
    let breaks = |_: usize, _: &mut Run| {
        let is_silent = world.now.get() - begun < Millis::minutes(7);
        turn(&world, |knobs| {
            knobs.gateway = if is_silent { "silent".into() } else { String::new() };
            knobs.gateway_reads = true;
        });
    };
    assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 1_000_000, breaks), Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!((run.tally().sentence(), world.mails().len()), ("30 invited".into(), 30));
}

#[test]
fn stop_ends_within_seconds_though_the_server_is_silent() {
    for (ramp, after, reads) in [(Ramp::Careful, 0, true), (Ramp::AtTheLimit, 3, true), (Ramp::AtTheLimit, 1, false)] {
        let world = World::with("guest-inviter");
        let list = list(&guests(200, "fabrikam.example"));
        let plan = world.plan(&list, &[]);
        turn(&world, |knobs| (knobs.gateway, knobs.gateway_after, knobs.gateway_reads) = ("silent".into(), after, reads));
        let mut run = Run::new(&plan, ramp, true, world.now.get());
        let begun = world.now.get();
        let pressed = std::cell::Cell::new(None);
        let mut journal: Vec<Entry> = Vec::new();
        let stop = |_: usize, run: &mut Run| {
            if pressed.get().is_none() && world.now.get() - begun > Millis::seconds(5) {
                pressed.set(Some(world.now.get()));
                run.stop(world.now.get());
            }
        };
        // A person presses whenever it likes: the harness wakes often enough for that.
        let done = world.drive_ticking(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), stop);
        assert_eq!(done, Stopped::Done);
        let waited = world.now.get() - pressed.get().unwrap();
        assert!(waited <= Millis::seconds(3), "{waited:?}");
        world.assert_none_lost_none_doubled(&plan, &run);
        let tally = run.tally();
        assert!(tally.unsure > 0 && tally.invited + tally.unsure == world.mails().len(), "{tally:?}");
        // Tried again once the server speaks: looked into first, and nobody twice.
        turn(&world, |knobs| knobs.gateway.clear());
        run.try_failed_again(world.now.get());
        assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1_000_000), Stopped::Done);
        world.assert_none_lost_none_doubled(&plan, &run);
        assert_eq!(run.tally().sentence(), "200 invited");
        assert!(!stored(&plan, &list, journal).is_unfinished());
    }
}

#[test]
fn stop_waits_a_moment_for_a_server_that_is_only_slow() {
    let world = World::with("guest-inviter");
    turn(&world, |knobs| knobs.latency_ms = 3000);
    let list = list(&guests(40, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::AtTheLimit, true, world.now.get());
    let begun = world.now.get();
    let stop = |_: usize, run: &mut Run| {
        if world.now.get() - begun > Millis::seconds(4) {
            run.stop(world.now.get());
        }
    };
    assert_eq!(world.drive_ticking(&mut run, |_: &Vec<Entry>| {}, stop), Stopped::Done);
    let tally = run.tally();
    assert_eq!((tally.unsure, tally.invited), (0, world.mails().len()), "{tally:?}");
}

#[test]
fn a_run_that_was_halted_can_be_stopped_while_it_looks_at_a_silent_server() {
    let world = World::with("guest-inviter");
    turn(&world, |knobs| knobs.delay_ms = 60_000);
    let lost = guests(4, "lost-reply.example");
    let list = list(&format!("first@fabrikam.example\n{lost}x@abuse.example\n{}", guests(5, "fabrikam.example")));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    let pressed = std::cell::Cell::new(None);
    let stop = |_: usize, run: &mut Run| {
        turn(&world, |knobs| {
            if knobs.suspicious {
                (knobs.gateway, knobs.gateway_reads) = ("silent".into(), true);
            }
        });
        if run.tally().not_sent > 0 && pressed.get().is_none() {
            pressed.set(Some(world.now.get()));
            run.stop(world.now.get());
        }
    };
    assert_eq!(world.drive_ticking(&mut run, |_: &Vec<Entry>| {}, stop), Stopped::Done);
    assert!(world.now.get() - pressed.get().unwrap() <= Millis::seconds(3));
    world.assert_none_lost_none_doubled(&plan, &run);
}

#[test]
fn a_letter_to_a_silent_server_stays_unsure_and_the_others_go() {
    let world = world_of(Channel::Mailbox);
    let stored = begun(&world, 6, Channel::Mailbox);
    let mut run = Run::from_stored(&stored, true, world.now.get());
    let has_begun = std::cell::Cell::new(false);
    let breaks = |_: usize, run: &mut Run| {
        if run.tally().invited > 0 && guests_there(&world) == 6 && !has_begun.replace(true) {
            turn(&world, |knobs| (knobs.gateway, knobs.gateway_times) = ("silent".into(), 1));
        }
    };
    assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 1_000_000, breaks), Stopped::Done);
    assert_eq!((run.tally().sentence(), written(&world)), ("5 invited, 1 invited with an unsure letter".into(), 6));
}

#[test]
fn a_check_of_a_silent_server_comes_to_an_end() {
    let world = World::with("guest-inviter");
    turn(&world, |knobs| (knobs.gateway, knobs.gateway_reads) = ("silent".into(), true));
    let begun = world.now.get();
    let mut look = guestlist::lookup::Lookup::new(GRAPH, []);
    assert_eq!(world.drive(&mut look, |never| match *never {}, 1_000), Stopped::Done);
    assert_eq!(look.finish().err(), Some(guestlist::protocol::ReadFailure::Unreached));
    assert!(world.now.get() - begun < Millis::minutes(4), "{:?}", world.now.get() - begun);
}

#[test]
fn what_a_stop_ends_while_the_journal_is_written_is_written_too() {
    let world = World::with("guest-inviter");
    let list = list(&guests(3, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    let guestlist::protocol::Action::Record(mut journal) = guestlist::protocol::StateMachine::next(&mut run, world.now.get()) else {
        panic!()
    };
    run.stop(world.now.get());
    guestlist::protocol::StateMachine::recorded(&mut run);
    assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1_000), Stopped::Done);
    assert!(!stored(&plan, &list, journal).is_unfinished() && world.mails().is_empty());
}
