//! A tab that ends in the middle, and the next one, which goes on with what the journal tells.

use super::*;
use guestlist::bulk::Phase;
use guestlist::entitlement::kit::{KitItem, KitPartOrigin};
use guestlist::jobs::kit::KitStep;

/// Makes the kit in tabs each of which ends after so many steps, until one of them comes to the end.
fn in_tabs_of(world: &World, steps: usize) -> (KitOutcome, usize) {
    let mut journal: Vec<KitEntry> = Vec::new();
    for tab in 1.. {
        let mut made = run(KitWay::Make, &rows(kit(world)), GRAPH, &journal);
        let limit = if tab == 1 { steps } else { 100_000 };
        let mut written = Vec::new();
        let stopped = world.drive(&mut made, |entries: &Vec<KitEntry>| written.extend(entries.clone()), limit);
        journal.extend(written);
        match stopped {
            Stopped::Done => return (made.ended(1).unwrap().outcome.clone(), tab),
            Stopped::Killed => {}
            other => panic!("{other:?}"),
        }
    }
    unreachable!("there is always another tab")
}

#[test]
fn a_tab_that_is_killed_anywhere_makes_nothing_twice_and_the_next_one_finishes() {
    let mut killed = 0;
    for steps in 0.. {
        let world = world();
        let before = numbers(&world);
        let (outcome, tabs) = in_tabs_of(&world, steps);
        assert!(is_made(&outcome), "killed after {steps}: {outcome:?}");
        assert_eq!(numbers(&world), with_kit(before), "killed after {steps}");
        if tabs == 1 {
            break;
        }
        killed += 1;
    }
    assert!(killed > 60, "{killed}");
}

#[test]
fn a_tab_that_is_killed_while_it_waits_for_what_is_not_known_yet_goes_on() {
    for steps in (20..60).step_by(4) {
        let world = world();
        turn(&world, |knobs| (knobs.group_onboard_ms, knobs.resource_ms) = (100_000, 20_000));
        let body = json!({"displayName": "Birch", "mailEnabled": false, "mailNickname": "birch", "securityEnabled": true});
        let group = make(&world, "/groups", &body);
        let rows = || {
            let own = role(OriginSystem::Group, &group, "Birch", &format!("Member_{group}"));
            rows(Kit { roles: vec![own], ..kit(&world) })
        };
        let before = numbers(&world);
        let mut journal = Vec::new();
        let mut first = run(KitWay::Make, &rows(), GRAPH, &[]);
        let stopped = world.drive(&mut first, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), steps);
        assert_eq!(stopped, Stopped::Killed, "killed after {steps}");
        let mut next = run(KitWay::Make, &rows(), GRAPH, &journal);
        let outcome = finish(&world, &mut next, &mut journal);
        assert!(is_made(&outcome), "killed after {steps}: {outcome:?}");
        let added: Vec<usize> = numbers(&world).iter().zip(before).map(|(after, before)| after - before).collect();
        assert_eq!(added, [1, 1, 1, 1, 1, 1], "killed after {steps}");
    }
}

#[test]
fn a_run_that_waited_for_an_hour_looks_before_it_goes_on() {
    let world = world();
    let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
    let mut journal = Vec::new();
    let before = numbers(&world);
    let pauses = |_: usize, made: &mut KitRun| {
        let task = &made.tasks()[0];
        if matches!(task.phase(), Some((KitStep::Change, Phase::Due(_)))) && task.facts().item(KitStep::Change) == KitItem::Catalog {
            made.pause();
        }
    };
    assert_eq!(world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 1000, pauses), Stopped::Idle);
    pass(&world, Millis::minutes(50));
    // Somebody else makes the catalog meanwhile.
    make(&world, &format!("{EM}/catalogs"), &json!({"displayName": "Projects", "state": "published", "isExternallyVisible": true}));
    made.go_on();
    let outcome = finish(&world, &mut made, &mut journal);
    assert!(is_made(&outcome), "{outcome:?}");
    assert_eq!(numbers(&world), with_kit(before), "there is one catalog of that name");
    let origin = |item: KitItem| made.tasks()[0].facts().parts().iter().find(|part| part.item == item).unwrap().origin;
    assert_eq!([KitItem::Catalog, KitItem::Package].map(origin), [KitPartOrigin::Found, KitPartOrigin::Made]);
}
