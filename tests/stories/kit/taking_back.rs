//! A kit that stopped half-way is taken back: only what its run made, and nothing that somebody uses by now.

use super::*;
use guestlist::bulk::{Ending, Phase};
use guestlist::entitlement::kit::KitItem;
use guestlist::jobs::kit::{KitFacts, KitStep, to_take_back};

/// Makes the kit and stops after so many steps of the run. Nothing once it was made before that.
fn stopped_after(world: &World, steps: usize) -> Option<(KitOutcome, Vec<KitEntry>)> {
    let mut made = run(KitWay::Make, &rows(kit(world)), GRAPH, &[]);
    let mut journal = Vec::new();
    let stops = |step: usize, made: &mut KitRun| {
        if step == steps {
            made.stop(world.now.get());
        }
    };
    let stopped = world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, stops);
    assert_eq!(stopped, Stopped::Done);
    let outcome = made.ended(1).unwrap().outcome.clone();
    outcome.is_failure().then_some((outcome, journal))
}

fn take_back(world: &World, journal: &[KitEntry]) -> Option<KitOutcome> {
    let rows = to_take_back(&rows(kit(world)), journal);
    (!rows.is_empty()).then(|| carry_out(world, KitWay::TakeBack, &rows).0)
}

#[test]
fn from_every_half_way_state_the_tenant_is_left_as_it_was() {
    let mut states = 0;
    for steps in 0.. {
        let world = world();
        let before = everything(&world);
        let Some((outcome, journal)) = stopped_after(&world, steps) else { break };
        let told = take_back(&world, &journal);
        assert!(matches!(told, None | Some(KitOutcome::TakenBack)), "stopped after {steps}, {outcome:?}: {told:?}");
        assert!(everything(&world) == before, "stopped after {steps}, {outcome:?}");
        states += usize::from(told.is_some());
    }
    assert!(states > 50, "{states}");
}

#[test]
fn after_a_refusal_at_any_step_the_tenant_is_left_as_it_was() {
    let mut refused = 0;
    for steps in 0.. {
        let world = world();
        let before = everything(&world);
        let (outcome, journal) = until_licence_ends(&world, steps);
        if outcome.is_done() {
            break;
        }
        assert!(outcome.refused().is_some_and(|refused| refused.problem.code == "UnAuthorized"), "{outcome:?}");
        refused += 1;
        let told = take_back(&world, &journal);
        assert!(matches!(told, None | Some(KitOutcome::TakenBack)), "{steps}: {told:?}");
        assert!(everything(&world) == before, "{steps}");
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn what_was_on_its_way_when_the_run_was_stopped_is_looked_for_and_taken_back_as_well() {
    for is_dropped in [false, true] {
        for place in 0..10 {
            let world = world();
            let before = everything(&world);
            let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
            turn(&world, |knobs| {
                (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = ("silent".into(), u32::try_from(place).unwrap(), 1);
                knobs.gateway_drops = is_dropped;
            });
            let mut journal = Vec::new();
            let stops = |_: usize, made: &mut KitRun| {
                let task = &made.tasks()[0];
                if task.facts().parts().len() == place && task.phase() == Some((KitStep::Change, Phase::Sent)) {
                    made.stop(world.now.get());
                }
            };
            world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, stops);
            turn(&world, |knobs| knobs.gateway.clear());
            assert!(matches!(made.ended(1).unwrap().outcome, KitOutcome::Unsure(_)), "{place}");
            assert_eq!(take_back(&world, &journal), Some(KitOutcome::TakenBack), "{place} {is_dropped}");
            assert!(everything(&world) == before, "{place} {is_dropped}");
        }
    }
}

#[test]
fn what_was_made_before_somebody_tried_again_is_taken_back_as_well() {
    for place in 0..9 {
        let world = world();
        let before = everything(&world);
        let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
        let mut journal = Vec::new();
        // Stopped when something was made and had not appeared, or its answer had not come.
        turn(&world, |knobs| (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = ("silent".into(), place, 1));
        let stops = |_: usize, made: &mut KitRun| {
            let (task, place) = (&made.tasks()[0], usize::try_from(place).unwrap());
            let is_waiting = matches!(task.phase(), Some((KitStep::See, _) | (KitStep::Change, Phase::Sent)));
            if task.facts().parts().len() >= place && is_waiting {
                made.stop(world.now.get());
            }
        };
        world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, stops);
        turn(&world, |knobs| knobs.gateway.clear());
        made.try_again(|_| true, world.now.get());
        let ends = |_: usize, made: &mut KitRun| {
            if made.tasks()[0].facts().parts().len() == 9 {
                turn(&world, |knobs| knobs.governance_licensed = false);
            }
        };
        world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, ends);
        turn(&world, |knobs| knobs.governance_licensed = true);
        let refused = made.ended(1).unwrap().outcome.refused().map(|refused| refused.problem.code.as_str());
        assert_eq!(refused, Some("UnAuthorized"), "{place}: {:?}", made.ended(1));
        assert_eq!(take_back(&world, &journal), Some(KitOutcome::TakenBack), "{place}");
        assert!(everything(&world) == before, "{place}");
    }
}

/// Stopped once the policy was made, before it was seen.
fn with_policy(world: &World) -> Vec<KitEntry> {
    let mut made = run(KitWay::Make, &rows(kit(world)), GRAPH, &[]);
    let mut journal = Vec::new();
    let stops = |_: usize, made: &mut KitRun| {
        let has_policy = |facts: &KitFacts| facts.parts().iter().any(|part| part.item == KitItem::Policy);
        if has_policy(made.tasks()[0].facts()) {
            made.stop(world.now.get());
        }
    };
    world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, stops);
    assert!(made.ended(1).unwrap().outcome.is_failure());
    journal
}

#[test]
fn what_was_there_before_is_left_alone() {
    let world = world();
    let other = Kit { name: "Project Cedar".into(), roles: kit(&world).roles[..1].to_vec(), ..kit(&world) };
    carry_out(&world, KitWay::Make, &rows(other));
    let before = everything(&world);
    let journal = with_policy(&world);
    assert_eq!(take_back(&world, &journal), Some(KitOutcome::TakenBack));
    assert_eq!(everything(&world), before);
}

#[test]
fn who_uses_it_is_found_on_whichever_page() {
    let world = world();
    let before = everything(&world);
    let journal = with_policy(&world);
    turn(&world, |knobs| knobs.page_size = 1);
    let told = take_back(&world, &journal);
    turn(&world, |knobs| knobs.page_size = 0);
    assert_eq!(told, Some(KitOutcome::TakenBack));
    assert!(everything(&world) == before);
    let journal = with_policy(&world);
    let organization = list(&world, "/connectedOrganizations?$filter=displayName eq 'Adatum'").remove(0);
    let other = make(&world, &format!("{EM}/accessPackages"), &json!({"displayName": "Other", "catalog": {"id": partners(&world)}}));
    let body = json!({"displayName": "Other", "accessPackage": {"id": other}, "allowedTargetScope": "specificConnectedOrganizationUsers",
        "specificAllowedTargets": [organization_members(&organization["id"])], "expiration": {"type": "noExpiration"}});
    make(&world, &format!("{EM}/assignmentPolicies"), &body);
    turn(&world, |knobs| knobs.page_size = 1);
    assert_eq!(take_back(&world, &journal), Some(KitOutcome::Kept(vec![KitItem::Organization(0)])));
}

fn partners(world: &World) -> Value {
    list(world, "/catalogs?$filter=displayName eq 'Partners'")[0]["id"].clone()
}

#[test]
fn a_package_that_somebody_has_or_asks_for_stays_with_all_that_it_stands_on() {
    let world = world();
    let journal = with_policy(&world);
    let package = list(&world, "/accessPackages?$filter=displayName eq 'Project Birch'").remove(0);
    let policy = list(&world, "/assignmentPolicies?$filter=displayName eq 'Project Birch'").remove(0);
    let target = json!({"target": {"email": "ada@adatum.example"}, "accessPackageId": package["id"], "assignmentPolicyId": policy["id"]});
    make(&world, &format!("{EM}/assignmentRequests"), &json!({"requestType": "adminAdd", "assignment": target}));
    let check = |what: &str| {
        let before = everything(&world);
        let Some(KitOutcome::Kept(kept)) = take_back(&world, &journal) else { panic!("{what}") };
        assert_eq!(kept.len(), kit(&world).items().len(), "{what}: {kept:?}");
        assert!(everything(&world) == before, "{what}");
    };
    check("it is under way");
    pass(&world, Millis::minutes(5));
    assert!(world.tenant.borrow_mut().first_sign_in("ada@adatum.example", world.now.get()));
    pass(&world, Millis::minutes(5));
    check("she has it");
}

#[test]
fn what_others_have_built_on_since_stays_and_the_rest_goes() {
    let world = world();
    let journal = with_policy(&world);
    let organization = list(&world, "/connectedOrganizations?$filter=displayName eq 'Adatum'").remove(0);
    let catalog = list(&world, "/catalogs?$filter=displayName eq 'Projects'").remove(0);
    let other = make(&world, &format!("{EM}/accessPackages"), &json!({"displayName": "Other", "catalog": {"id": catalog["id"]}}));
    // The admin center writes names beside ids, and others write ids as they like.
    let mut named = organization_members(&json!(organization["id"].as_str().unwrap().to_uppercase()));
    named["description"] = json!("Adatum");
    let body = json!({"displayName": "Other", "accessPackage": {"id": other}, "allowedTargetScope": "specificConnectedOrganizationUsers",
        "specificAllowedTargets": [named], "expiration": {"type": "noExpiration"}});
    make(&world, &format!("{EM}/assignmentPolicies"), &body);
    let told = take_back(&world, &journal);
    assert_eq!(told, Some(KitOutcome::Kept(vec![KitItem::Catalog, KitItem::Organization(0)])));
    assert!(list(&world, "/accessPackages?$filter=displayName eq 'Project Birch'").is_empty());
    assert!(list(&world, &format!("/catalogs/{}/resources", catalog["id"].as_str().unwrap())).is_empty());
}

#[test]
fn one_thing_that_stays_in_use_keeps_nothing_else() {
    // Somebody else has built a package in the catalog, of one of its resources or of none.
    let check = |gives_resource: bool, expected: &[KitItem]| {
        let world = world();
        let journal = with_policy(&world);
        let catalog = list(&world, "/catalogs?$filter=displayName eq 'Projects'").remove(0);
        let other = make(&world, &format!("{EM}/accessPackages"), &json!({"displayName": "Other", "catalog": {"id": catalog["id"]}}));
        if gives_resource {
            let resources = list(&world, &format!("/catalogs/{}/resources", catalog["id"].as_str().unwrap()));
            let group = resources.iter().find(|resource| resource["originSystem"] == "AadGroup").unwrap();
            let system = &group["originSystem"];
            let member = format!("Member_{}", group["originId"].as_str().unwrap());
            let resource = json!({"id": group["id"], "originId": group["originId"], "originSystem": system});
            let body = json!({"role": {"originId": member, "originSystem": system, "resource": resource},
                "scope": {"originId": group["originId"], "originSystem": system, "isRootScope": true}});
            make(&world, &format!("{EM}/accessPackages/{other}/resourceRoleScopes"), &body);
        }
        assert_eq!(take_back(&world, &journal), Some(KitOutcome::Kept(expected.to_vec())));
        let left = list(&world, &format!("/catalogs/{}/resources", catalog["id"].as_str().unwrap())).len();
        assert_eq!(left, usize::from(gives_resource));
        assert!(list(&world, "/connectedOrganizations?$filter=displayName eq 'Adatum'").is_empty());
    };
    check(true, &[KitItem::Resource(0), KitItem::Catalog]);
    check(false, &[KitItem::Catalog]);
}

#[test]
fn a_policy_of_somebody_else_keeps_the_package_and_its_roles() {
    let world = world();
    let journal = with_policy(&world);
    let package = list(&world, "/accessPackages?$filter=displayName eq 'Project Birch'").remove(0);
    let body = json!({"displayName": "Other", "accessPackage": {"id": package["id"]}, "allowedTargetScope": "allExternalUsers"});
    make(&world, &format!("{EM}/assignmentPolicies"), &body);
    let Some(KitOutcome::Kept(kept)) = take_back(&world, &journal) else { panic!("it stays") };
    assert!(kept.contains(&KitItem::Package) && !kept.contains(&KitItem::Policy), "{kept:?}");
    let roles = list(&world, "/accessPackages?$filter=displayName eq 'Project Birch'&$expand=resourceRoleScopes($expand=role,scope)");
    assert_eq!(roles[0]["resourceRoleScopes"].as_array().unwrap().len(), 3);
}

#[test]
fn a_role_that_somebody_else_has_added_keeps_the_package_and_its_roles() {
    let world = world();
    let journal = with_policy(&world);
    let package = list(&world, "/accessPackages?$filter=displayName eq 'Project Birch'&$expand=catalog").remove(0);
    let resources = list(&world, &format!("/catalogs/{}/resources", package["catalog"]["id"].as_str().unwrap()));
    let group = resources.iter().find(|resource| resource["originSystem"] == "AadGroup").unwrap();
    let system = &group["originSystem"];
    let owner = format!("Owner_{}", group["originId"].as_str().unwrap());
    let resource = json!({"id": group["id"], "originId": group["originId"], "originSystem": system});
    let body = json!({"role": {"originId": owner, "originSystem": system, "resource": resource},
        "scope": {"originId": group["originId"], "originSystem": system, "isRootScope": true}});
    make(&world, &format!("{EM}/accessPackages/{}/resourceRoleScopes", package["id"].as_str().unwrap()), &body);
    let Some(KitOutcome::Kept(kept)) = take_back(&world, &journal) else { panic!("it stays") };
    assert!(kept.contains(&KitItem::Package) && kept.contains(&KitItem::Role(0)), "{kept:?}");
}

#[test]
fn a_package_that_another_run_had_begun_keeps_what_that_had_made() {
    let world = world();
    // The first run is stopped after its first role, the second before its policy.
    let stop_at = |item: KitItem| {
        let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
        let mut journal = Vec::new();
        let stops = |_: usize, made: &mut KitRun| {
            let task = &made.tasks()[0];
            if task.phase().is_some_and(|(step, _)| task.facts().item(step) == item) {
                made.stop(world.now.get());
            }
        };
        world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, stops);
        journal
    };
    stop_at(KitItem::Role(1));
    let before = everything(&world);
    let journal = stop_at(KitItem::Policy);
    assert!(everything(&world) != before);
    assert_eq!(take_back(&world, &journal), Some(KitOutcome::TakenBack));
    assert!(everything(&world) == before);
}

#[test]
fn taking_back_survives_lost_answers_and_killed_tabs() {
    for place in 0..10 {
        for (how, is_dropped) in [("cut", false), ("cut", true), ("item 503 own", true)] {
            let world = world();
            let before = everything(&world);
            let journal = with_policy(&world);
            turn(&world, |knobs| {
                (knobs.gateway, knobs.gateway_after, knobs.gateway_times, knobs.gateway_drops) = (how.into(), place, 1, is_dropped);
            });
            let told = take_back(&world, &journal);
            turn(&world, |knobs| knobs.gateway.clear());
            assert_eq!(told, Some(KitOutcome::TakenBack), "{how} {is_dropped} at {place}");
            assert!(everything(&world) == before, "{how} {is_dropped} at {place}");
        }
    }
    let mut killed = 0;
    for steps in 0.. {
        let world = world();
        let before = everything(&world);
        let rows = to_take_back(&rows(kit(&world)), &with_policy(&world));
        let mut journal = Vec::new();
        let mut first = run(KitWay::TakeBack, &rows, GRAPH, &[]);
        let stopped = world.drive(&mut first, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), steps);
        if stopped == Stopped::Done {
            break;
        }
        assert_eq!(stopped, Stopped::Killed);
        killed += 1;
        let mut next = run(KitWay::TakeBack, &rows, GRAPH, &journal);
        assert_eq!(finish(&world, &mut next, &mut journal), KitOutcome::TakenBack, "killed after {steps}");
        assert!(everything(&world) == before, "killed after {steps}");
    }
    assert!(killed > 50, "{killed}");
}

#[test]
fn a_resource_that_appeared_late_is_deleted_by_its_id_in_another_tab_as_well() {
    let mut killed = 0;
    for steps in 0.. {
        let world = world();
        let before = everything(&world);
        turn(&world, |knobs| knobs.resource_ms = 20_000);
        let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
        let mut journal = Vec::new();
        let stops = |_: usize, made: &mut KitRun| {
            let task = &made.tasks()[0];
            if task.phase().is_some_and(|(step, _)| step == KitStep::See && task.facts().item(step) == KitItem::Resource(0)) {
                made.stop(world.now.get());
            }
        };
        world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, stops);
        pass(&world, Millis::minutes(1));
        let rows = to_take_back(&rows(kit(&world)), &journal);
        let mut journal = Vec::new();
        let mut first = run(KitWay::TakeBack, &rows, GRAPH, &[]);
        let stopped = world.drive(&mut first, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), steps);
        if stopped == Stopped::Done {
            break;
        }
        killed += 1;
        let mut next = run(KitWay::TakeBack, &rows, GRAPH, &journal);
        assert_eq!(finish(&world, &mut next, &mut journal), KitOutcome::TakenBack, "killed after {steps}");
        assert!(everything(&world) == before, "killed after {steps}");
    }
    assert!(killed > 5, "{killed}");
}

#[test]
fn a_role_that_is_in_doubt_is_gone_with_its_package() {
    let world = world();
    let before = everything(&world);
    let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
    let mut journal = Vec::new();
    turn(&world, |knobs| (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = ("silent".into(), 6, 1));
    let stops = |_: usize, made: &mut KitRun| {
        let task = &made.tasks()[0];
        if task.facts().item(KitStep::Change) == KitItem::Role(0) && task.phase() == Some((KitStep::Change, Phase::Sent)) {
            made.stop(world.now.get());
        }
    };
    world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, stops);
    turn(&world, |knobs| knobs.gateway.clear());
    assert_eq!(made.ended(1).unwrap().outcome, KitOutcome::Unsure(KitItem::Role(0)));
    let package = list(&world, "/accessPackages?$filter=displayName eq 'Project Birch'").remove(0);
    let path = format!("{EM}/accessPackages/{}", package["id"].as_str().unwrap());
    for role in
        list(&world, "/accessPackages?$expand=resourceRoleScopes($expand=role,scope)").iter().filter(|one| one["id"] == package["id"])
    {
        for scope in role["resourceRoleScopes"].as_array().unwrap() {
            ask(&world, &Request::delete(format!("{path}/resourceRoleScopes/{}", scope["id"].as_str().unwrap())));
        }
    }
    assert_eq!(ask(&world, &Request::delete(path)).0, 204);
    assert_eq!(take_back(&world, &journal), Some(KitOutcome::TakenBack));
    assert!(everything(&world) == before);
}

#[test]
fn what_somebody_else_has_deleted_meanwhile_counts_as_gone() {
    let world = world();
    let before = everything(&world);
    let journal = with_policy(&world);
    let package = list(&world, "/accessPackages?$filter=displayName eq 'Project Birch'").remove(0);
    assert_eq!(ask(&world, &Request::delete(format!("{EM}/accessPackages/{}", package["id"].as_str().unwrap()))).0, 204);
    assert_eq!(take_back(&world, &journal), Some(KitOutcome::TakenBack));
    assert_eq!(everything(&world), before);
}

#[test]
fn a_kit_that_was_made_or_is_not_over_is_not_taken_back() {
    let world = world();
    let (outcome, journal) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    assert!(is_made(&outcome) && take_back(&world, &journal).is_none());
    let world = self::world();
    let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
    let mut journal = Vec::new();
    world.drive(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 30);
    assert!(take_back(&world, &journal).is_none());
}
