//! Whatever happens to a request on its way: nothing is made twice, and nothing is missing.

use super::*;
use guestlist::entitlement::kit::{KitItem, KitPartOrigin};
use guestlist::jobs::kit::{KitStep, to_take_back};

/// Requests of the whole kit that write.
const WRITES: u32 = 10;

/// Whether the gateway has spoiled the answer at this place: then it has counted further, and spoils whatever comes from there on.
fn was_met(world: &World, place: u32) -> bool {
    turn(world, |knobs| (knobs.gateway_after, knobs.gateway_times) = (place + 1, 0));
    let answer: Answer = world.carry(&Request::post(format!("{EM}/catalogs"), &json!({}))).1;
    answer.map_or(true, |reply| reply.status != 400)
}

/// Makes the kit with the answer to one request spoiled so, for each of them.
fn check(how: &str, is_dropped: bool, reads: bool, requests: u32) {
    for place in 0..requests {
        let world = world();
        let (before, rows) = (numbers(&world), rows(kit(&world)));
        turn(&world, |knobs| {
            (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = (how.into(), place, 1);
            (knobs.gateway_drops, knobs.gateway_reads) = (is_dropped, reads);
        });
        let (outcome, journal) = carry_out(&world, KitWay::Make, &rows);
        assert!(is_made(&outcome), "{how} {is_dropped} at {place}: {outcome:?}");
        assert!(was_met(&world, place) && !was_met(&world, 1000), "{how} {is_dropped} at {place}");
        turn(&world, |knobs| knobs.gateway.clear());
        assert_eq!(numbers(&world), with_kit(before), "{how} {is_dropped} at {place}");
        // Another tab reads the same of the journal.
        let again = run(KitWay::Make, &rows, GRAPH, &journal);
        assert_eq!(again.ended(1).map(|ended| &ended.outcome), Some(&outcome));
    }
}

#[test]
fn an_answer_that_is_lost_is_looked_up_at_each_step() {
    check("cut", false, false, WRITES);
    check("silent", false, false, WRITES);
    check("502", false, false, WRITES);
}

#[test]
fn a_request_that_never_arrived_is_sent_once_more_at_each_step() {
    check("cut", true, false, WRITES);
    check("503", true, false, WRITES);
}

#[test]
fn who_is_asked_to_wait_waits_at_each_step() {
    check("item 429 own", true, false, WRITES);
    check("item 503 own", true, false, WRITES);
    check("429 own", true, false, WRITES);
}

#[test]
fn a_look_whose_answer_is_spoiled_is_made_again() {
    check("cut", true, true, 26);
    check("item 503 own", true, true, 26);
}

#[test]
fn two_lost_answers_of_different_things_do_not_count_together() {
    let world = world();
    let before = numbers(&world);
    // The first five writes arrive, and none of their answers.
    turn(&world, |knobs| (knobs.gateway, knobs.gateway_times) = ("cut".into(), 5));
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    assert!(is_made(&outcome), "{outcome:?}");
    assert_eq!(numbers(&world), with_kit(before));
}

#[test]
fn what_is_there_already_when_it_is_sent_once_more_is_the_runs_own() {
    let world = world();
    let before = everything(&world);
    // The first resource is accepted, its answer lost, and it appears only after it was sent once more.
    turn(&world, |knobs| {
        knobs.resource_ms = 150_000;
        (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = ("cut".into(), 2, 1);
    });
    let mut kit = kit(&world);
    kit.roles.truncate(1);
    let rows = rows(kit);
    let mut made = run(KitWay::Make, &rows, GRAPH, &[]);
    let mut journal = Vec::new();
    let ends = |_: usize, made: &mut KitRun| {
        if made.tasks()[0].facts().item(KitStep::Find) == KitItem::Package {
            made.stop(world.now.get());
        }
    };
    world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, ends);
    let part = made.tasks()[0].facts().parts().iter().find(|part| part.item == KitItem::Resource(0)).unwrap();
    assert_eq!(part.origin, KitPartOrigin::Made);
    let rows = to_take_back(&rows, &journal);
    assert_eq!(carry_out(&world, KitWay::TakeBack, &rows).0, KitOutcome::TakenBack);
    assert!(everything(&world) == before);
}

#[test]
fn what_nobody_answers_ends_unsure_and_is_looked_for_when_it_is_tried_again() {
    let world = world();
    let before = numbers(&world);
    // The package, and all that follows.
    turn(&world, |knobs| (knobs.gateway, knobs.gateway_after, knobs.gateway_drops) = ("cut".into(), 5, true));
    let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
    let mut journal = Vec::new();
    let outcome = finish(&world, &mut made, &mut journal);
    assert_eq!(outcome, KitOutcome::Unsure(KitItem::Package));
    turn(&world, |knobs| knobs.gateway.clear());
    made.try_again(|_| true, world.now.get());
    let outcome = finish(&world, &mut made, &mut journal);
    assert!(is_made(&outcome), "{outcome:?}");
    assert_eq!(numbers(&world), with_kit(before));
}
