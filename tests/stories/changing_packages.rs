//! Access packages, their catalogs and policies, changed by somebody: what stands there afterwards, and what is said where nothing was changed.

use crate::support::{GRAPH, Stopped, World};
use graph::Request;
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::assignment_policies::AssignmentPolicy;
use graph::entitlement::{EntitlementChange, Expiration, IsoDuration, OwnChange};
use guestlist::entitlement::changing::{Change, ChangeFailure, Changed, Changing};
use guestlist::entitlement::holders;
use guestlist::entitlement::inventory::{Inventory, InventoryReading};
use guestlist::words::Explain;
use identity::scopes::Scopes;
use serde_json::{Value, json};
use time::Millis;

const EM: &str = "/identityGovernance/entitlementManagement";
const WRITING: &str = "EntitlementManagement.ReadWrite.All";

fn signed_in(who: &str) -> World {
    let world = World::new();
    sign_in(&world, who);
    world
}

fn sign_in(world: &World, who: &str) {
    let mut scopes = Scopes::default();
    scopes.extend([WRITING, "User.Read.All"]);
    world.sign_in(who, scopes).unwrap();
}

fn read(world: &World, mut reading: InventoryReading) -> Inventory {
    assert_eq!(world.drive(&mut reading, |_| {}, 1000), Stopped::Done);
    reading.finish().unwrap()
}

fn package(world: &World, name: &str) -> AccessPackage {
    let all = read(world, InventoryReading::new(GRAPH)).packages;
    all.into_iter().find(|package| package.display_name.as_deref() == Some(name)).unwrap()
}

fn policy(world: &World, package: &AccessPackage) -> AssignmentPolicy {
    let id = &package.assignment_policies.as_ref().unwrap()[0].id;
    read(world, InventoryReading::of_policy(GRAPH, id)).policies.remove(0)
}

fn change(world: &World, package: &AccessPackage, wanted: Change) -> Result<Changed, ChangeFailure> {
    let mut changing = Changing::new(&package.id, true, wanted);
    assert_eq!(world.drive(&mut changing, |_| {}, 1000), Stopped::Done);
    changing.finish()
}

/// As the tenant holds it.
fn held(world: &World, path: &str) -> Value {
    let reply = world.carry(&Request::get(format!("{EM}/{path}"))).1.unwrap();
    serde_json::from_str(&reply.body).unwrap()
}

fn hidden(package: &AccessPackage) -> Change {
    Change::Update { id: package.id.clone(), change: OwnChange::AccessPackage { is_hidden: Some(true) }.into() }
}

/// The policy with another end.
fn ends_after(seen: &AssignmentPolicy, days: u32) -> Change {
    let mut terms = seen.terms.clone();
    terms.expiration = Expiration::After(IsoDuration::days(days));
    Change::Policy { seen: Box::new(seen.clone()), terms: Box::new(terms) }
}

#[test]
fn a_package_gets_another_name_and_is_hidden_and_comes_back_as_it_is_then() {
    let world = signed_in("governance-admin");
    let sales = package(&world, "Sales partner access");
    let renamed = EntitlementChange { display_name: Some("Partners".into()), ..OwnChange::AccessPackage { is_hidden: Some(true) }.into() };
    let Ok(Changed::Package(now, not_taken)) = change(&world, &sales, Change::Update { id: sales.id.clone(), change: renamed }) else {
        panic!("changed")
    };
    assert_eq!((now.display_name.as_deref(), now.is_hidden, not_taken), (Some("Partners"), true, vec![]));
    // Nothing else is different.
    let mut expected = sales.clone();
    (expected.display_name, expected.is_hidden, expected.modified_date_time) =
        (Some("Partners".into()), true, now.modified_date_time.clone());
    assert_eq!(*now, expected);
}

#[test]
fn what_a_catalog_becomes_holds_for_all_packages_in_it() {
    let world = signed_in("governance-admin");
    let mut all = read(&world, InventoryReading::new(GRAPH));
    let sales = package(&world, "Sales partner access");
    let catalog = sales.catalog.clone().unwrap().id;
    let wanted = OwnChange::Catalog { state: None, is_externally_visible: Some(false) }.into();
    let Ok(Changed::Package(now, _)) = change(&world, &sales, Change::Update { id: catalog, change: wanted }) else { panic!("changed") };
    all.replace(*now);
    assert_eq!(all, read(&world, InventoryReading::new(GRAPH)));
    assert!(all.packages.iter().all(|package| !package.catalog.as_ref().unwrap().is_externally_visible));
}

#[test]
fn a_policy_that_gets_another_end_keeps_everything_else() {
    let world = signed_in("governance-admin");
    let sales = package(&world, "Sales partner access");
    let seen = policy(&world, &sales);
    let path = format!("assignmentPolicies/{}", seen.id);
    let mut before = held(&world, &path);
    let Ok(Changed::Package(now, not_taken)) = change(&world, &sales, ends_after(&seen, 30)) else { panic!("changed") };
    assert_eq!(not_taken, Vec::<String>::new());
    assert_eq!(now.assignment_policies.unwrap()[0].terms.expiration, Expiration::After(IsoDuration::days(30)));
    let mut after = held(&world, &path);
    assert_eq!(after["expiration"]["duration"], json!("P30D"));
    for one in [&mut before, &mut after] {
        one["expiration"] = Value::Null;
        one["modifiedDateTime"] = Value::Null;
    }
    assert_eq!(before, after);
}

#[test]
fn a_policy_that_somebody_changed_meanwhile_stays_as_they_left_it() {
    let world = signed_in("governance-admin");
    let sales = package(&world, "Sales partner access");
    let seen = policy(&world, &sales);
    assert!(change(&world, &sales, ends_after(&seen, 30)).is_ok());
    let failure = change(&world, &sales, ends_after(&seen, 60)).unwrap_err();
    assert_eq!(failure, ChangeFailure::ChangedMeanwhile);
    assert_eq!(held(&world, &format!("assignmentPolicies/{}", seen.id))["expiration"]["duration"], json!("P30D"));
}

#[test]
fn what_a_tenant_does_not_take_over_of_a_policy_is_named() {
    let world = signed_in("governance-admin");
    world.tenant.borrow_mut().knobs.dropped_settings = "isRequestorJustificationRequired".into();
    let alpine = package(&world, "Project Alpine");
    let seen = policy(&world, &alpine);
    let mut terms = seen.terms.clone();
    terms.approval.is_requestor_justification_required = true;
    let wanted = Change::Policy { seen: Box::new(seen), terms: Box::new(terms) };
    let Ok(Changed::Package(_, not_taken)) = change(&world, &alpine, wanted) else { panic!("changed") };
    assert_eq!(not_taken, ["requestApprovalSettings/isRequestorJustificationRequired"]);
}

#[test]
fn a_package_that_somebody_has_stays_and_one_that_nobody_has_goes_for_good() {
    let world = signed_in("governance-admin");
    let (sales, alpine) = (package(&world, "Sales partner access"), package(&world, "Project Alpine"));
    let policy = policy(&world, &sales).id;
    let body = json!({"requestType": "adminAdd", "assignment": {"target": {"email": "ada@fabrikam.example"}, "accessPackageId": sales.id,
        "assignmentPolicyId": policy}});
    assert_eq!(world.carry(&Request::post(format!("{EM}/assignmentRequests"), &body)).1.unwrap().status, 201);
    world.now.set(world.now.get() + Millis::minutes(5));
    let who = holders::in_words(&read(&world, InventoryReading::of_holders(GRAPH, &sales.id)).holders);
    assert_eq!(who.as_deref(), Some("1 person has it: ada."));
    let failure = change(&world, &sales, Change::Delete).unwrap_err();
    assert!(matches!(failure, ChangeFailure::InUse(_)), "{failure:?}");
    assert!(failure.words().what.contains("somebody still has"), "{failure:?}");

    assert_eq!(holders::in_words(&read(&world, InventoryReading::of_holders(GRAPH, &alpine.id)).holders), None);
    assert_eq!(change(&world, &alpine, Change::Delete), Ok(Changed::Gone));
    world.now.set(world.now.get() + Millis::minutes(5));
    let left = read(&world, InventoryReading::new(GRAPH)).packages;
    assert_eq!(left.iter().map(|package| package.id.clone()).collect::<Vec<_>>(), [sales.id]);
    // By somebody else, or once more.
    assert_eq!(change(&world, &alpine, Change::Delete), Ok(Changed::Gone));
    let failure = change(&world, &alpine, hidden(&alpine)).unwrap_err();
    assert_eq!(failure.words().what, "It is not there any more.");
}

#[test]
fn whoever_may_only_read_is_told_who_can_change_it() {
    let world = signed_in("governance-admin");
    let sales = package(&world, "Sales partner access");
    let wanted = [hidden(&sales), ends_after(&policy(&world, &sales), 30), Change::Delete];
    sign_in(&world, "member");
    for wanted in wanted {
        let failure = change(&world, &sales, wanted).unwrap_err();
        let words = failure.words();
        assert!(words.who.contains("Identity Governance Administrator"), "{words:?}");
        assert!(failure.details().contains("UnAuthorized"), "{}", failure.details());
    }
    sign_in(&world, "governance-admin");
    assert_eq!(package(&world, "Sales partner access"), sales);
}

#[test]
fn where_an_answer_is_lost_it_is_asked_for_again_and_made_once() {
    for gateway in ["503", "502 empty", "item 504", "429 own", "cut"] {
        for drops in [false, true] {
            let world = signed_in("governance-admin");
            let sales = package(&world, "Sales partner access");
            let seen = policy(&world, &sales);
            for wanted in [hidden(&sales), ends_after(&seen, 30)] {
                let mut tenant = world.tenant.borrow_mut();
                (tenant.knobs.gateway, tenant.knobs.gateway_times, tenant.knobs.gateway_drops) = (gateway.into(), 1, drops);
                drop(tenant);
                let made = change(&world, &sales, wanted);
                assert!(matches!(made, Ok(Changed::Package(..))), "{gateway} {drops} {made:?}");
            }
            let now = package(&world, "Sales partner access");
            let ends = now.assignment_policies.unwrap().remove(0).terms.expiration;
            assert_eq!((now.is_hidden, ends), (true, Expiration::After(IsoDuration::days(30))), "{gateway} {drops}");
        }
    }
}

#[test]
fn where_no_answer_comes_at_all_nobody_says_that_nothing_was_changed() {
    for gateway in ["cut", "item 504", "502 empty"] {
        let wanted: [fn(&AccessPackage, &AssignmentPolicy) -> Change; 3] =
            [|sales, _| hidden(sales), |_, seen| ends_after(seen, 30), |_, _| Change::Delete];
        for wanted in wanted {
            let world = signed_in("governance-admin");
            let sales = package(&world, "Sales partner access");
            let wanted = wanted(&sales, &policy(&world, &sales));
            world.tenant.borrow_mut().knobs.gateway = gateway.into();
            let made = change(&world, &sales, wanted.clone());
            // A policy is looked at before it is sent again, and is seen to be as it was to be.
            let is_told =
                if matches!(wanted, Change::Policy { .. }) { made.is_ok() } else { matches!(made, Err(ChangeFailure::Unsure(_))) };
            assert!(is_told, "{gateway} {wanted:?} {made:?}");
        }
    }
}

#[test]
fn trying_again_after_a_lost_answer_finds_the_policy_as_it_was_to_be() {
    let world = signed_in("governance-admin");
    let sales = package(&world, "Sales partner access");
    let seen = policy(&world, &sales);
    assert!(change(&world, &sales, ends_after(&seen, 30)).is_ok());
    // As whoever saves once more what they see in their form.
    assert!(matches!(change(&world, &sales, ends_after(&seen, 30)), Ok(Changed::Package(..))));
    assert_eq!(change(&world, &sales, ends_after(&seen, 31)).unwrap_err(), ChangeFailure::ChangedMeanwhile);
}

#[test]
fn what_somebody_changes_between_two_tries_is_not_overwritten() {
    let world = signed_in("governance-admin");
    let sales = package(&world, "Sales partner access");
    let seen = policy(&world, &sales);
    {
        let knobs = &mut world.tenant.borrow_mut().knobs;
        (knobs.gateway, knobs.gateway_times, knobs.gateway_drops) = ("503".into(), 1, true);
    }
    let mut changing = Changing::new(&sales.id, true, ends_after(&seen, 30));
    // Reading, then sending, whose answer tells nothing.
    assert_eq!(world.drive(&mut changing, |_| {}, 4), Stopped::Killed);
    let mut others = Changing::new(&sales.id, true, ends_after(&seen, 60));
    assert_eq!(world.drive(&mut others, |_| {}, 1000), Stopped::Done);
    assert!(others.finish().is_ok());
    assert_eq!(world.drive(&mut changing, |_| {}, 1000), Stopped::Done);
    assert!(changing.finish().is_err());
    assert_eq!(held(&world, &format!("assignmentPolicies/{}", seen.id))["expiration"]["duration"], json!("P60D"));
}
