//! What is there in the end, and that nothing is made that is there.

use super::*;
use guestlist::entitlement::audience::{Sight, Visitor, VisitorAccount};
use guestlist::entitlement::inventory::{Inventory, InventoryReading};
use guestlist::entitlement::kit::blueprints::KitBlueprint;
use guestlist::entitlement::kit::faults::faults;
use guestlist::entitlement::kit::plan::plan;
use guestlist::entitlement::kit::preview::KitPreview;
use guestlist::entitlement::kit::{KitEscalation, KitItem, KitPartOrigin, KitReview, KitReviewers, KitStages};
use guestlist::jobs::kit::KitStep;

#[test]
fn from_nothing_to_a_package_that_those_whom_it_is_for_can_ask_for() {
    let world = world();
    let before = numbers(&world);
    let kit = Kit { audience: KitAudience::Organizations(vec![fabrikam(&world)]), ..kit(&world) };
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(kit));
    assert!(is_made(&outcome), "{outcome:?}");
    // It was connected already.
    let mut expected = with_kit(before);
    expected[0] -= 1;
    assert_eq!(numbers(&world), expected);
    let package = outcome.package().unwrap().to_owned();
    let requirements = |who: &str| {
        sign_in(&world, who, &["EntitlementMgmt-SubjectAccess.ReadWrite"]);
        ask(&world, &Request::post(format!("{EM}/accessPackages/{package}/getApplicablePolicyRequirements"), &json!({}))).1["value"].clone()
    };
    let of_grace = requirements("grace_fabrikam.example#EXT#");
    assert_eq!(of_grace.as_array().unwrap().len(), 1);
    let only = &of_grace[0];
    let demands =
        ["isApprovalRequiredForAdd", "isApprovalRequiredForUpdate", "isRequestorJustificationRequired"].map(|name| only[name] == true);
    assert_eq!((demands, &only["policyDisplayName"]), ([true; 3], &json!("Project Birch")));
    assert_eq!((&only["questions"][0]["text"], &only["schedule"]["expiration"]["duration"]), (&json!("Which project?"), &json!("P90D")));
    assert_eq!(requirements("member"), json!([]), "it is for nobody of Contoso");
}

#[test]
fn an_organization_that_is_not_connected_is_connected_first() {
    let world = world();
    let before = numbers(&world);
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    assert!(is_made(&outcome), "{outcome:?}");
    assert_eq!(numbers(&world), with_kit(before));
    let organization = list(&world, "/connectedOrganizations?$filter=displayName eq 'Adatum'").remove(0);
    assert_eq!(
        (&organization["state"], &organization["identitySources"][0]["domainName"]),
        (&json!("configured"), &json!("adatum.example"))
    );
    let policies = list(&world, "/assignmentPolicies?$filter=displayName eq 'Project Birch'");
    assert_eq!(policies[0]["specificAllowedTargets"], json!([organization_members(&organization["id"])]));
}

#[test]
fn what_was_shown_beforehand_is_what_is_written_and_in_this_order() {
    let world = world();
    let kit = kit(&world);
    let planned: Vec<Request> = plan(&kit).into_iter().filter_map(|entry| entry.make).collect();
    let mut made = run(KitWay::Make, &rows(kit), GRAPH, &[]);
    let (mut written, mut journal) = (Vec::new(), Vec::new());
    loop {
        use guestlist::protocol::{Action, StateMachine};
        match made.next(world.now.get()) {
            Action::Record(entries) => {
                journal.extend(entries);
                made.recorded();
            }
            Action::Send(ticket, request) => {
                let batch: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
                let posts = batch["requests"].as_array().unwrap().iter().filter(|item| item["method"] == "POST");
                written.extend(posts.map(|item| (item["url"].as_str().unwrap().to_owned(), item["body"].clone())));
                let answer = world.carry(&request).1;
                made.heard(ticket, &answer, world.now.get());
            }
            Action::WaitUntil(then) => world.now.set(then),
            Action::Done => break,
            other => panic!("{other:?}"),
        }
    }
    // What stood there for ids that nobody knew then.
    let known = |text: &str| {
        made.tasks()[0].facts().parts().iter().fold(text.to_owned(), |text, part| match part.item {
            KitItem::Organization(place) => text.replace(&format!("ORGANIZATION-{}", place + 1), &part.id),
            KitItem::Catalog => text.replace("CATALOG", &part.id),
            KitItem::Resource(place) => text.replace(&format!("RESOURCE-{}", place + 1), &part.id),
            KitItem::Package => text.replace("PACKAGE", &part.id),
            KitItem::Role(_) | KitItem::Policy => text,
        })
    };
    let filled = |request: &Request| {
        let body: Value = serde_json::from_str(&known(request.body.as_deref().unwrap())).unwrap();
        (known(&request.path), body)
    };
    assert_eq!(written, planned.iter().map(filled).collect::<Vec<_>>());
}

#[test]
fn the_same_kit_once_more_makes_nothing_and_finds_the_package() {
    let world = world();
    let (first, _) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    let before = everything(&world);
    let (second, journal) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    assert_eq!(second, KitOutcome::WasThere { package: first.package().unwrap().into() });
    assert_eq!(everything(&world), before);
    assert!(guestlist::jobs::kit::to_take_back(&rows(kit(&world)), &journal).is_empty(), "nothing of it was made by the second run");
}

#[test]
fn what_lies_on_several_pages_is_found_all_the_same() {
    let world = world();
    turn(&world, |knobs| knobs.page_size = 1);
    let (first, _) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    assert!(is_made(&first), "{first:?}");
    let (second, _) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    assert_eq!(second.package(), first.package());
    assert!(matches!(second, KitOutcome::WasThere { .. }), "{second:?}");
}

#[test]
fn another_kit_of_the_same_catalog_shares_what_is_there() {
    let world = world();
    carry_out(&world, KitWay::Make, &rows(kit(&world)));
    let before = numbers(&world);
    let other = Kit { name: "Project Cedar".into(), roles: kit(&world).roles[..1].to_vec(), ..kit(&world) };
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(other));
    assert!(is_made(&outcome), "{outcome:?}");
    let added: Vec<usize> = numbers(&world).iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(added, [0, 0, 0, 1, 1, 1]);
}

#[test]
fn a_group_that_was_made_a_moment_ago_and_a_slow_catalog_are_waited_for() {
    let world = world();
    turn(&world, |knobs| (knobs.group_onboard_ms, knobs.resource_ms) = (150_000, 60_000));
    let body = json!({"displayName": "Birch", "mailEnabled": false, "mailNickname": "birch", "securityEnabled": true});
    let group = make(&world, "/groups", &body);
    let mut kit = kit(&world);
    kit.roles.push(role(OriginSystem::Group, &group, "Birch", &format!("Member_{group}")));
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(kit));
    assert!(is_made(&outcome), "{outcome:?}");
}

#[test]
fn what_somebody_else_brings_into_the_catalog_meanwhile_is_waited_for_and_theirs() {
    let world = world();
    turn(&world, |knobs| knobs.resource_ms = 20_000);
    let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
    let (mut journal, mut is_added) = (Vec::new(), false);
    let adds = |_: usize, made: &mut KitRun| {
        let task = &made.tasks()[0];
        if !is_added && task.phase().is_some_and(|(step, _)| step == KitStep::Change && task.facts().item(step) == KitItem::Resource(0)) {
            is_added = true;
            let catalog = &list(&world, "/catalogs?$filter=displayName eq 'Projects'")[0]["id"];
            let resource = json!({"originId": group_id(&world, "Sales partners"), "originSystem": "AadGroup"});
            let body = json!({"requestType": "adminAdd", "catalog": {"id": catalog}, "resource": resource});
            make(&world, &format!("{EM}/resourceRequests"), &body);
        }
    };
    world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, adds);
    assert!(is_made(&made.ended(1).unwrap().outcome));
    let part = made.tasks()[0].facts().parts().iter().find(|part| part.item == KitItem::Resource(0)).unwrap().clone();
    assert!(part.origin == KitPartOrigin::Found && !part.id.is_empty(), "{part:?}");
}

#[test]
fn everything_that_a_kit_can_say_is_taken_and_kept() {
    let world = world();
    let person = |name: &str| KitApprover::Person { id: world.id_of(name), name: name.into() };
    let group = KitApprover::Group { id: group_id(&world, "Sales partners"), name: "Sales partners".into() };
    let stage = |approvers: Vec<KitApprover>| KitStage {
        approvers,
        fallback: vec![person("member")],
        decided_within: 10,
        needs_reason: false,
        escalation: Some(KitEscalation { after: 3, approvers: vec![person("governance-admin"), group.clone()] }),
    };
    let stages = KitStages::new(vec![
        stage(vec![KitApprover::InternalSponsors]),
        stage(vec![KitApprover::ExternalSponsors, KitApprover::Manager]),
        stage(vec![person("user-admin")]),
    ])
    .unwrap();
    let reviewers = KitReviewers::Others(vec![person("member")]);
    let review = KitReview { begins: "2027-01-01T00:00:00Z".into(), every: 3, open_for: 14, reviewers };
    let full = Kit {
        is_hidden: true,
        stages,
        questions: KitBlueprint::SupplierPortal.kit(world.now.get()).questions,
        term: KitTerm { end: KitEnd::On("2027-06-30T00:00:00Z".into()), extension: KitExtension::WithoutApproval, review: Some(review) },
        ..kit(&world)
    };
    assert_eq!(faults(&full, world.now.get()), []);
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(full.clone()));
    assert!(is_made(&outcome), "{outcome:?}");
    let (again, _) = carry_out(&world, KitWay::Make, &rows(full));
    assert_eq!(again, KitOutcome::WasThere { package: outcome.package().unwrap().into() });
}

/// What is there, as the page reads it.
fn inventory(world: &World) -> Inventory {
    let mut reading = InventoryReading::new(GRAPH);
    assert_eq!(world.drive(&mut reading, |never| match *never {}, 1000), Stopped::Done);
    reading.finish().unwrap()
}

#[test]
fn who_sees_a_kit_is_told_beforehand_as_the_tenant_says_once_it_is_made() {
    let (mut can, mut cannot) = (0, 0);
    let audiences: [fn(&World) -> KitAudience; 5] = [
        |world| KitAudience::Organizations(vec![fabrikam(world)]),
        |_| KitAudience::Organizations(vec![by_domain("adatum.example", "Adatum")]),
        |world| KitAudience::Organizations(vec![by_domain("adatum.example", "Adatum"), fabrikam(world)]),
        |_| KitAudience::AllConfigured,
        |_| KitAudience::Anybody,
    ];
    for audience in audiences {
        for is_externally_visible in [true, false] {
            let world = world();
            let catalog = KitCatalog::New { name: "Projects".into(), description: String::new(), is_externally_visible };
            let asks = audience(&world);
            let kit = Kit { audience: asks.clone(), catalog, ..kit(&world) };
            let before = inventory(&world);
            let preview = KitPreview::new(&kit, &before);
            let KitOrganization::ByDomain { domain, tenant, .. } = fabrikam(&world) else { panic!("it is known by its domain") };
            let of_fabrikam = preview.from_domain(&domain, tenant.as_deref());
            assert!(of_fabrikam.organization.is_some(), "it is connected");
            let account = |name: &str, is_guest: bool| Some(VisitorAccount { id: world.id_of(name), is_guest, groups: vec![] });
            let visitors = [
                ("grace_fabrikam.example#EXT#", Visitor { account: account("grace_fabrikam.example#EXT#", true), ..of_fabrikam }),
                ("member", Visitor { account: account("member", false), organization: None }),
            ];
            let (outcome, _) = carry_out(&world, KitWay::Make, &rows(kit));
            let package = outcome.package().unwrap().to_owned();
            for (name, visitor) in visitors {
                sign_in(&world, name, &["EntitlementMgmt-SubjectAccess.ReadWrite"]);
                let path = format!("{EM}/accessPackages/{package}/getApplicablePolicyRequirements");
                let told = ask(&world, &Request::post(path, &json!({}))).1["value"].as_array().unwrap().len();
                let expected = usize::from(matches!(preview.sight(&visitor), Sight::CanAsk(_)));
                assert_eq!(told, expected, "{name} {asks:?} {is_externally_visible}");
                (can, cannot) = (can + expected, cannot + 1 - expected);
            }
        }
    }
    assert_eq!((can, cannot), (4, 16));
}

#[test]
fn settings_that_are_not_kept_are_told_also_where_the_answer_was_lost() {
    let world = world();
    let rows = rows(kit(&world));
    turn(&world, |knobs| {
        knobs.dropped_settings = "isRequestorJustificationRequired".into();
        (knobs.gateway, knobs.gateway_after, knobs.gateway_times) = ("cut".into(), 9, 1);
    });
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows);
    assert!(matches!(&outcome, KitOutcome::Made { not_taken, .. } if not_taken.len() == 1), "{outcome:?}");
}

#[test]
fn each_blueprint_becomes_a_package() {
    let world = world();
    for blueprint in KitBlueprint::ALL {
        let mut new = Kit { name: blueprint.name().into(), roles: kit(&world).roles, ..blueprint.kit(world.now.get()) };
        if let KitAudience::Organizations(organizations) = &mut new.audience {
            organizations.push(by_domain("adatum.example", "Adatum"));
        }
        new.stages[0].approvers.push(KitApprover::Person { id: world.id_of("user-admin"), name: "Uma Admin".into() });
        if let Some(escalation) = &mut new.stages[0].escalation {
            escalation.approvers.push(KitApprover::Person { id: world.id_of("member"), name: "Mel Member".into() });
        }
        assert_eq!(faults(&new, world.now.get()), [], "{blueprint:?}");
        let (outcome, _) = carry_out(&world, KitWay::Make, &rows(new));
        assert!(is_made(&outcome), "{blueprint:?}: {outcome:?}");
    }
}

#[test]
fn what_microsoft_takes_and_does_not_keep_is_told_in_the_end() {
    let world = world();
    turn(&world, |knobs| knobs.dropped_settings = "isRequestorJustificationRequired".into());
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(kit(&world)));
    let KitOutcome::Made { not_taken, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(not_taken, ["requestApprovalSettings/isRequestorJustificationRequired"]);
}

#[test]
fn several_kits_that_share_nothing_are_made_in_one_run() {
    let world = world();
    let before = numbers(&world);
    let kit = kit(&world);
    let of = |row: u32| {
        let catalog = KitCatalog::New { name: format!("Catalog {row}"), description: String::new(), is_externally_visible: true };
        let audience = KitAudience::Organizations(vec![by_domain(&format!("partner{row}.example"), &format!("Partner {row}"))]);
        let kit = Kit { name: format!("Project {row}"), catalog, audience, ..kit.clone() };
        KitRow { row, kit: Arc::new(kit), parts: vec![] }
    };
    let rows: Vec<KitRow> = (1..=3).map(of).collect();
    let mut made = run(KitWay::Make, &rows, GRAPH, &[]);
    finish(&world, &mut made, &mut Vec::new());
    assert!((1..=3).all(|row| is_made(&made.ended(row).unwrap().outcome)));
    let added: Vec<usize> = numbers(&world).iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(added, [3, 3, 9, 3, 9, 3]);
}

#[test]
fn kits_that_would_make_the_same_thing_do_not_go_in_one_run() {
    let world = world();
    let of = |catalog: &KitCatalog, organization: KitOrganization| Kit {
        catalog: catalog.clone(),
        audience: KitAudience::Organizations(vec![organization]),
        ..kit(&world)
    };
    let new = |name: &str| KitCatalog::New { name: name.into(), description: String::new(), is_externally_visible: true };
    let there = |id: &str| KitCatalog::Existing { id: id.into(), name: "C".into(), is_externally_visible: true, is_published: true };
    let check = |one: Kit, other: Kit, expected: bool| {
        let rows = [(3, one), (7, other)].map(|(row, kit)| KitRow { row, kit: Arc::new(kit), parts: vec![] });
        let refused = guestlist::jobs::kit::run(KitWay::Make, &rows, GRAPH, &[]).err();
        assert_eq!(refused, expected.then_some([3, 7]));
        assert!(guestlist::jobs::kit::run(KitWay::TakeBack, &rows, GRAPH, &[]).is_ok(), "nothing is made");
    };
    let (a, b) = (|| by_domain("a.example", "A"), || by_domain("b.example", "B"));
    check(of(&new("X"), a()), of(&new("Y"), b()), false);
    check(of(&new("X"), a()), of(&new("x"), b()), true);
    check(of(&new("X"), a()), of(&new("Y"), by_domain("A.example", "B")), true);
    check(of(&new("X"), a()), of(&new("Y"), by_domain("b.example", "A")), true);
    check(of(&there("c"), a()), of(&there("d"), b()), false);
    check(of(&there("c"), a()), of(&there("C"), b()), true);
    check(of(&there("c"), a()), Kit { name: "Project Cedar".into(), ..of(&there("c"), b()) }, false);
}
