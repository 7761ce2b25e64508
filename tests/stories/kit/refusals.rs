//! Each refusal of each step, met as it is met in a tenant, and told in words that name who can act.

use super::*;
use graph::Operation;
use graph::entitlement::assignment_policies::{GetAssignmentPolicy, PolicyReview, PolicyTerms, ReplaceAssignmentPolicy};
use graph::entitlement::{Expiration, IsoDuration, Recurrence, RecurrenceKind, Schedule};
use guestlist::entitlement::kit::{KitItem, KitPartOrigin};
use guestlist::jobs::kit::{KitStep, parts_of, to_take_back, words};

const CATALOG_CREATOR: &str = "ba92d953-d8e0-4e39-a797-0cbedb0a89e8";
const PACKAGE_MANAGER: &str = "7f480852-ebdc-47d4-87de-0d8498384a83";

/// How the kit ends, with who can act.
fn ends(world: &World, kit: &Kit) -> (KitOutcome, String) {
    let (outcome, _) = carry_out(world, KitWay::Make, &rows(kit.clone()));
    let told = words(KitWay::Make, &outcome, kit).unwrap_or_else(|| panic!("{outcome:?}"));
    (outcome, format!("{} {}", told.what, told.who))
}

fn is_refused_at(outcome: &KitOutcome, item: KitItem, code: &str) -> bool {
    matches!(outcome, KitOutcome::Refused(at, refused) if *at == item && refused.problem.code == code)
}

/// Gives a person a role of entitlement management, in a catalog or everywhere.
fn give(world: &World, who: &str, role: &str, catalog: Option<&str>) {
    let scope = catalog.map(|id| format!("/AccessPackageCatalog/{id}"));
    let mut body = json!({"principalId": world.id_of(who), "roleDefinitionId": role});
    match scope {
        Some(scope) => body["appScopeId"] = json!(scope),
        None => body["directoryScopeId"] = json!("/"),
    }
    make(world, "/roleManagement/entitlementManagement/roleAssignments", &body);
}

#[test]
fn without_a_role_or_a_licence_nothing_is_made() {
    let world = world();
    let kit = kit(&world);
    let before = numbers(&world);
    sign_in(&world, "member", &ALL);
    let (outcome, told) = ends(&world, &kit);
    assert!(is_refused_at(&outcome, KitItem::Organization(0), "UnAuthorized"), "{outcome:?}");
    assert!(told.contains("Adatum") && told.contains("Identity Governance Administrator"), "{told}");
    sign_in(&world, "governance-admin", &ALL);
    assert_eq!(numbers(&world), before);
    turn(&world, |knobs| knobs.governance_licensed = false);
    assert!(is_refused_at(&ends(&world, &kit).0, KitItem::Organization(0), "UnAuthorized"));
    turn(&world, |knobs| knobs.governance_licensed = true);
    assert_eq!(numbers(&world), before);
}

#[test]
fn a_catalog_creator_makes_a_catalog_and_may_not_bring_in_what_is_not_their_own() {
    let world = world();
    let kit = Kit { audience: KitAudience::AllConfigured, ..kit(&world) };
    let partners = list(&world, "/catalogs?$filter=displayName eq 'Partners'")[0]["id"].as_str().unwrap().to_owned();
    give(&world, "member", PACKAGE_MANAGER, Some(&partners));
    sign_in(&world, "member", &ALL);
    let (outcome, told) = ends(&world, &kit);
    assert!(is_refused_at(&outcome, KitItem::Catalog, "UnAuthorized"), "{outcome:?}");
    assert!(told.contains("“Projects”") && told.contains("catalog creator"), "{told}");
    sign_in(&world, "governance-admin", &ALL);
    give(&world, "member", CATALOG_CREATOR, None);
    sign_in(&world, "member", &ALL);
    let (outcome, told) = ends(&world, &kit);
    assert!(is_refused_at(&outcome, KitItem::Resource(0), "CallerNotResourceOwner"), "{outcome:?}");
    assert!(told.contains("“Sales partners”") && told.contains("An owner of it"), "{told}");
    assert!(list(&world, "/catalogs").iter().any(|catalog| catalog["displayName"] == "Projects"));
}

#[test]
fn who_manages_packages_of_a_catalog_adds_no_resources_and_makes_packages_of_those_that_are_there() {
    let world = world();
    let partners = list(&world, "/catalogs?$filter=displayName eq 'Partners'")[0]["id"].as_str().unwrap().to_owned();
    give(&world, "member", PACKAGE_MANAGER, Some(&partners));
    let catalog = KitCatalog::Existing { id: partners, name: "Partners".into(), is_externally_visible: true, is_published: true };
    let kit = Kit { audience: KitAudience::AllConfigured, catalog, ..kit(&world) };
    sign_in(&world, "member", &ALL);
    let (outcome, told) = ends(&world, &kit);
    assert!(is_refused_at(&outcome, KitItem::Resource(1), "UnAuthorized"), "the first is there: {outcome:?}");
    assert!(told.contains("“Contoso Expenses”") && told.contains("owner of the catalog"), "{told}");
    let small = Kit { roles: kit.roles[..1].to_vec(), ..kit };
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(small));
    assert!(is_made(&outcome), "{outcome:?}");
}

#[test]
fn groups_that_somebody_else_fills_are_refused_by_name() {
    for name in ["All employees", "Finance on-premises", "Newsletter"] {
        let world = world();
        let group = group_id(&world, name);
        let roles = vec![role(OriginSystem::Group, &group, name, &format!("Member_{group}"))];
        let (outcome, told) = ends(&world, &Kit { roles, ..kit(&world) });
        assert!(is_refused_at(&outcome, KitItem::Resource(0), "ResourceNotSupported"), "{outcome:?}");
        assert!(told.contains(name) && told.contains("An owner of the group"), "{told}");
    }
}

#[test]
fn a_group_that_is_not_there_is_waited_for_and_then_told() {
    let world = world();
    let begun = world.now.get();
    let roles =
        vec![role(OriginSystem::Group, "00000000-0000-4000-8000-000000000000", "Gone", "Member_00000000-0000-4000-8000-000000000000")];
    let (outcome, told) = ends(&world, &Kit { roles, ..kit(&world) });
    assert!(is_refused_at(&outcome, KitItem::Resource(0), "ResourceNotFoundInOriginSystem"), "{outcome:?}");
    assert!(told.contains("“Gone”") && world.now.get() - begun >= Millis::minutes(4), "{told}");
}

#[test]
fn what_somebody_chose_and_another_has_deleted_is_told() {
    let world = world();
    let gone = "00000000-0000-4000-8000-000000000000";
    let catalog = KitCatalog::Existing { id: gone.into(), name: "Old".into(), is_externally_visible: true, is_published: true };
    let (outcome, told) = ends(&world, &Kit { catalog, ..kit(&world) });
    assert_eq!(outcome, KitOutcome::Missing(KitItem::Catalog));
    assert!(told.contains("“Old”"), "{told}");
    let partners = list(&world, "/catalogs?$filter=displayName eq 'Partners'")[0]["id"].as_str().unwrap().to_owned();
    for (is_externally_visible, is_published) in [(false, true), (true, false)] {
        let catalog = KitCatalog::Existing { id: partners.clone(), name: "Partners".into(), is_externally_visible, is_published };
        let (outcome, told) = ends(&world, &Kit { catalog, ..kit(&world) });
        assert_eq!(outcome, KitOutcome::Differs(KitItem::Catalog), "somebody has changed it since");
        assert!(told.contains("when you chose it"), "{told}");
    }
    let connected = KitOrganization::Connected { id: gone.into(), name: "Old".into() };
    let (outcome, _) = ends(&world, &Kit { audience: KitAudience::Organizations(vec![connected]), ..kit(&world) });
    assert_eq!(outcome, KitOutcome::Missing(KitItem::Organization(0)));
}

#[test]
fn what_has_the_same_name_and_other_contents_is_not_taken_over() {
    let check = |change: &dyn Fn(&World), item: KitItem| {
        let world = world();
        carry_out(&world, KitWay::Make, &rows(kit(&world)));
        change(&world);
        let before = everything(&world);
        let (outcome, told) = ends(&world, &kit(&world));
        assert_eq!(outcome, KitOutcome::Differs(item));
        assert!(told.contains("another") && told.ends_with("You can."), "{told}");
        assert_eq!(everything(&world), before, "nothing of it is changed");
    };
    let patch = |world: &World, path: &str, body: &Value| {
        let request = Request { method: graph::Method::Patch, ..Request::post(path.to_owned(), body) };
        assert_eq!(ask(world, &request).0, 204);
    };
    let id_of = |world: &World, collection: &str, name: &str| {
        let found = list(world, &format!("/{collection}?$filter=displayName eq '{name}'")).remove(0);
        format!("{EM}/{collection}/{}", found["id"].as_str().unwrap())
    };
    check(&|world| patch(world, &id_of(world, "catalogs", "Projects"), &json!({"state": "unpublished"})), KitItem::Catalog);
    let package = |world: &World| id_of(world, "accessPackages", "Project Birch");
    check(&|world| patch(world, &package(world), &json!({"description": "Another."})), KitItem::Package);
    let add_policy = |world: &World| {
        let package = package(world).rsplit('/').next().unwrap().to_owned();
        let body = json!({"displayName": "For all", "allowedTargetScope": "allExternalUsers", "accessPackage": {"id": package}});
        make(world, &format!("{EM}/assignmentPolicies"), &body);
    };
    check(&add_policy, KitItem::Package);
    // What the kit does not say is something else, too.
    let more = |change: &dyn Fn(&mut PolicyTerms)| {
        let changes = |world: &World| {
            let id = id_of(world, "assignmentPolicies", "Project Birch").rsplit('/').next().unwrap().to_owned();
            let get = GetAssignmentPolicy { id: &id };
            let mut policy = get.read(&world.carry(&get.request()).1.unwrap()).unwrap();
            change(&mut policy.terms);
            assert_eq!(ask(world, &ReplaceAssignmentPolicy { policy: &policy }.request()).0, 200);
        };
        check(&changes, KitItem::Package);
    };
    more(&|terms| terms.questions.push(PolicyQuestion { id: None, sequence: 1, text: "More?".into(), ..terms.questions[0].clone() }));
    let quarterly = Schedule {
        start: Some("2027-01-01T00:00:00Z".into()),
        expiration: Expiration::After(IsoDuration::days(14)),
        recurrence: Some(Recurrence { kind: RecurrenceKind::Monthly, interval: 3 }),
    };
    more(&|terms| terms.review = Some(PolicyReview { schedule: quarterly.clone(), ..PolicyReview::default() }));
}

#[test]
fn a_domain_of_a_tenant_that_is_connected_under_another_name_is_told() {
    let world = world();
    // Fabrikam is known by its tenant, which no domain names.
    let audience = KitAudience::Organizations(vec![by_domain("fabrikam.example", "Fabrikam Incorporated")]);
    let (outcome, told) = ends(&world, &Kit { audience: audience.clone(), ..kit(&world) });
    assert_eq!(outcome, KitOutcome::Differs(KitItem::Organization(0)));
    assert!(told.contains("under another name"), "{told}");
    let KitOrganization::ByDomain { domain, tenant, .. } = fabrikam(&world) else { panic!("it is known by its domain") };
    let known = KitOrganization::ByDomain { domain, name: "Fabrikam Incorporated".into(), tenant };
    let (outcome, _) = carry_out(&world, KitWay::Make, &rows(Kit { audience: KitAudience::Organizations(vec![known]), ..kit(&world) }));
    assert!(is_made(&outcome), "{outcome:?}");
}

#[test]
fn an_organization_of_the_same_name_is_not_taken_for_it() {
    let of = |domain: &str, tenant: Option<&str>| {
        let tenant = tenant.map(Into::into);
        KitAudience::Organizations(vec![KitOrganization::ByDomain { domain: domain.into(), name: "Fabrikam".into(), tenant }])
    };
    let other = "00000000-0000-4000-8000-00000000000f";
    for (domain, tenant) in [("fabrikam-tools.example", None), ("fabrikam-tools.example", Some(other)), ("fabrikam.example", None)] {
        let world = world();
        let before = everything(&world);
        let (outcome, told) = ends(&world, &Kit { audience: of(domain, tenant), ..kit(&world) });
        assert_eq!(outcome, KitOutcome::Differs(KitItem::Organization(0)), "{domain} {tenant:?}");
        assert!(told.contains("by a tenant"), "{told}");
        assert!(everything(&world) == before, "{domain} {tenant:?}");
    }
}

/// Makes the kit; before this step of the run, something happens.
fn meanwhile(world: &World, is_time: impl Fn(&KitRun) -> bool, what: impl Fn(&World)) -> KitOutcome {
    let mut made = run(KitWay::Make, &rows(kit(world)), GRAPH, &[]);
    let mut has_happened = false;
    let happens = |_: usize, made: &mut KitRun| {
        if !has_happened && is_time(made) {
            has_happened = true;
            what(world);
        }
    };
    assert_eq!(world.drive_while(&mut made, |_: &Vec<KitEntry>| {}, 100_000, happens), Stopped::Done);
    made.ended(1).unwrap().outcome.clone()
}

#[test]
fn what_is_deleted_while_the_kit_is_made_ends_it_at_what_needs_it() {
    let at =
        |item: KitItem| move |made: &KitRun| made.tasks()[0].phase().is_some_and(|(step, _)| made.tasks()[0].facts().item(step) == item);
    let delete = |world: &World, collection: &str, name: &str| {
        let found = list(world, &format!("/{collection}?$filter=displayName eq '{name}'")).remove(0);
        let path = format!("{EM}/{collection}/{}", found["id"].as_str().unwrap());
        assert_eq!(ask(world, &Request::delete(path)).0, 204);
    };
    let world = world();
    let outcome = meanwhile(&world, at(KitItem::Package), |world| delete(world, "catalogs", "Projects"));
    assert!(is_refused_at(&outcome, KitItem::Package, "CatalogNotFound"), "{outcome:?}");
    let world = self::world();
    let is_about_to_add = |made: &KitRun| {
        let task = &made.tasks()[0];
        task.phase().is_some_and(|(step, _)| step == KitStep::Change && task.facts().item(step) == KitItem::Role(1))
    };
    let begun = world.now.get();
    let outcome = meanwhile(&world, is_about_to_add, |world| delete(world, "accessPackages", "Project Birch"));
    assert!(is_refused_at(&outcome, KitItem::Role(1), "AccessPackageNotFound"), "{outcome:?}");
    assert!(world.now.get() - begun >= Millis::minutes(4), "what was added a moment ago may not be found yet");
    let world = self::world();
    let outcome = meanwhile(&world, at(KitItem::Role(1)), |world| delete(world, "accessPackages", "Project Birch"));
    assert!(matches!(outcome, KitOutcome::Refused(KitItem::Role(1), _)), "{outcome:?}");
    let world = self::world();
    let outcome = meanwhile(&world, at(KitItem::Policy), |world| delete(world, "connectedOrganizations", "Adatum"));
    assert!(is_refused_at(&outcome, KitItem::Policy, "InvalidAllowedTargets"), "{outcome:?}");
}

#[test]
fn what_was_deleted_since_it_ended_is_made_anew_when_it_is_tried_again() {
    let delete = |world: &World, collection: &str, name: &str| {
        let found = list(world, &format!("/{collection}?$filter=displayName eq '{name}'")).remove(0);
        let path = format!("{EM}/{collection}/{}", found["id"].as_str().unwrap());
        assert_eq!(ask(world, &Request::delete(path)).0, 204);
    };
    for collection in ["accessPackages", "connectedOrganizations", "all of it"] {
        for is_another_tab in [false, true] {
            let world = world();
            let before = numbers(&world);
            let mut made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &[]);
            let mut journal = Vec::new();
            let ends = |_: usize, made: &mut KitRun| {
                let task = &made.tasks()[0];
                if task.phase().is_some_and(|(step, _)| task.facts().item(step) == KitItem::Role(1)) {
                    turn(&world, |knobs| knobs.governance_licensed = false);
                }
            };
            world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, ends);
            turn(&world, |knobs| knobs.governance_licensed = true);
            assert!(is_refused_at(&made.ended(1).unwrap().outcome, KitItem::Role(1), "UnAuthorized"));
            match collection {
                "accessPackages" => delete(&world, collection, "Project Birch"),
                "connectedOrganizations" => delete(&world, collection, "Adatum"),
                _ => {
                    let rows = to_take_back(&rows(kit(&world)), &journal);
                    assert_eq!(carry_out(&world, KitWay::TakeBack, &rows).0, KitOutcome::TakenBack);
                    assert_eq!(numbers(&world), before);
                }
            }
            if is_another_tab {
                made = run(KitWay::Make, &rows(kit(&world)), GRAPH, &journal);
            }
            made.try_failed_again(world.now.get());
            let outcome = finish(&world, &mut made, &mut journal);
            assert!(is_made(&outcome), "{collection}: {outcome:?}");
            assert_eq!(numbers(&world), with_kit(before), "{collection}");
            // Whatever was made is the run's own, as the next tab reads it.
            let parts = parts_of(journal.iter().map(|entry| &entry.what));
            assert!(parts.iter().all(|part| part.origin == KitPartOrigin::Made && !part.id.is_empty()), "{parts:?}");
            let again = run(KitWay::Make, &rows(kit(&world)), GRAPH, &journal);
            assert_eq!(again.tasks()[0].facts().parts(), made.tasks()[0].facts().parts(), "{collection}");
        }
    }
}

#[test]
fn a_refusal_can_be_tried_again_once_somebody_has_acted() {
    let world = world();
    let before = numbers(&world);
    let (outcome, mut journal) = until_licence_ends(&world, 40);
    assert!(matches!(&outcome, KitOutcome::Refused(_, refused) if refused.problem.code == "UnAuthorized"), "{outcome:?}");
    // In another tab, too.
    let mut next = run(KitWay::Make, &rows(kit(&world)), GRAPH, &journal);
    next.try_failed_again(world.now.get());
    let outcome = finish(&world, &mut next, &mut journal);
    assert!(is_made(&outcome), "{outcome:?}");
    assert_eq!(numbers(&world), with_kit(before));
}
