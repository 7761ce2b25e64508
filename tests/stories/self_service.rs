//! Access that partners get by packages: what the sample tenant answers to whoever has signed in, and whom it lets into the group.

use crate::rng::Rng;
use crate::support::World;
use graph::Request;
use guestlist::entitlement::audience::{Sight, Visitor, VisitorAccount, sight};
use guestlist::entitlement::inventory::{Inventory, InventoryReading};
use guestlist::entitlement::suggestions::{self, Suggestion};
use guestlist::protocol::{Action, StateMachine};
use identity::scopes::Scopes;
use serde_json::{Value, json};
use time::Millis;

const EM: &str = "/identityGovernance/entitlementManagement";
const ALL: [&str; 3] = ["EntitlementManagement.ReadWrite.All", "GroupMember.Read.All", "User.Read.All"];
const OWN: [&str; 1] = ["EntitlementMgmt-SubjectAccess.ReadWrite"];
const ADA: &str = "ada@fabrikam.example";

fn sign_in(world: &World, who: &str, permissions: &[&'static str]) {
    let mut scopes = Scopes::default();
    scopes.extend(permissions.iter().copied());
    world.sign_in(who, scopes).unwrap();
}

/// Status and body.
fn ask(world: &World, request: &Request) -> (u16, Value) {
    let reply = world.carry(request).1.unwrap();
    (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
}

fn get(world: &World, path: &str) -> Value {
    let (status, told) = ask(world, &Request::get(format!("{EM}{path}").replace(' ', "%20")));
    assert_eq!(status, 200, "{path}: {told}");
    told
}

/// The id of what is made.
fn make(world: &World, path: &str, body: &Value) -> String {
    let (status, told) = ask(world, &Request::post(format!("{EM}{path}"), body));
    assert_eq!(status, 201, "{path} {body}: {told}");
    told["id"].as_str().unwrap().into()
}

fn pass(world: &World, length: Millis) {
    world.now.set(world.now.get() + length);
}

/// A package that makes people members of the first security group, by a policy for a connected organization; package, policy, group.
fn kit(world: &World) -> (String, String, String) {
    let groups = ask(world, &Request::get("/groups?$filter=displayName%20eq%20'Sales%20partners'")).1;
    let group = groups["value"][0]["id"].as_str().unwrap().to_owned();
    let catalog = make(world, "/catalogs", &json!({"displayName": "Partners", "isExternallyVisible": true}));
    let add = json!({"requestType": "adminAdd", "catalog": {"id": catalog}, "resource": {"originId": group, "originSystem": "AadGroup"}});
    make(world, "/resourceRequests", &add);
    let package = make(world, "/accessPackages", &json!({"displayName": "Project", "catalog": {"id": catalog}}));
    pass(world, Millis::seconds(5));
    let resource = get(world, &format!("/catalogs/{catalog}/resources?$filter=originId eq '{group}'"))["value"][0]["id"].clone();
    let role = json!({
        "role": {"originId": format!("Member_{group}"), "originSystem": "AadGroup", "displayName": "Member",
            "resource": {"id": resource, "originId": group, "originSystem": "AadGroup"}},
        "scope": {"originId": group, "originSystem": "AadGroup", "isRootScope": true},
    });
    make(world, &format!("/accessPackages/{package}/resourceRoleScopes"), &role);
    let organization = get(world, "/connectedOrganizations?$filter=displayName eq 'Fabrikam'")["value"][0]["id"].clone();
    let members = json!({"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": organization});
    let policy = json!({"displayName": "Fabrikam", "accessPackage": {"id": package}, "specificAllowedTargets": [members],
        "allowedTargetScope": "specificConnectedOrganizationUsers", "expiration": {"type": "afterDuration", "duration": "P90D"}});
    let policy = make(world, "/assignmentPolicies", &policy);
    (package, policy, group)
}

#[test]
fn a_partner_who_is_assigned_by_address_is_in_the_group_from_their_first_sign_in_until_the_assignment_ends() {
    let world = World::new();
    sign_in(&world, "governance-admin", &ALL);
    let (package, policy, group) = kit(&world);
    let body = json!({"requestType": "adminAdd",
        "assignment": {"target": {"email": ADA}, "accessPackageId": package, "assignmentPolicyId": policy}});
    let request = make(&world, "/assignmentRequests", &body);
    let members = || {
        let listed = ask(&world, &Request::get(format!("/groups/{group}/members"))).1;
        listed["value"].as_array().unwrap().iter().map(|member| member["mail"].clone()).collect::<Vec<_>>()
    };
    pass(&world, Millis::minutes(5));
    let state = |world: &World| get(world, &format!("/assignmentRequests/{request}"))["state"].clone();
    assert_eq!((state(&world), members()), (json!("delivering"), vec![]));
    assert!(world.mails().is_empty(), "nobody is told");
    assert!(world.tenant.borrow_mut().first_sign_in(ADA, world.now.get()));
    pass(&world, Millis::minutes(1));
    assert_eq!((state(&world), members()), (json!("delivered"), vec![json!(ADA)]));
    // By the tenant's clock 90 days pass, and then 30 more.
    let ada = |world: &World| {
        let users = world.tenant.borrow().users(world.now.get());
        users.into_iter().find(|user| user["mail"] == ADA).map(|user| user["accountEnabled"].clone())
    };
    world.tenant.borrow_mut().knobs.clock_hours = 24 * 91;
    sign_in(&world, "governance-admin", &ALL);
    assert_eq!((members(), ada(&world)), (vec![], Some(json!(false))));
    world.tenant.borrow_mut().knobs.clock_hours = 24 * 122;
    sign_in(&world, "governance-admin", &ALL);
    get(&world, "/settings");
    assert_eq!(ada(&world), None);
}

#[test]
fn who_has_consented_to_the_smallest_permission_reads_what_is_their_own_and_nothing_else() {
    let world = World::new();
    sign_in(&world, "member", &OWN);
    let (status, told) = ask(&world, &Request::get(format!("{EM}/assignmentRequests/filterByCurrentUser(on='target')")));
    assert_eq!((status, &told["value"]), (200, &json!([])));
    for path in ["/catalogs", "/accessPackages", "/assignments", "/settings"] {
        let (status, told) = ask(&world, &Request::get(format!("{EM}{path}")));
        assert_eq!((status, &told["error"]["code"]), (403, &json!("UnAuthorized")), "{path}");
    }
    // The larger permission is not enough without a role.
    sign_in(&world, "member", &ALL);
    let (status, told) = ask(&world, &Request::get(format!("{EM}/catalogs")));
    assert_eq!((status, &told["error"]["code"]), (403, &json!("UnAuthorized")));
}

#[test]
fn twenty_people_are_assigned_in_one_batch_and_each_is_answered_alone() {
    let world = World::new();
    sign_in(&world, "governance-admin", &ALL);
    let (package, policy, _) = kit(&world);
    let item = |number: usize| {
        // One of them has an address that the policy does not cover.
        let domain = if number == 7 { "elsewhere.example" } else { "fabrikam.example" };
        json!({"id": number.to_string(), "method": "POST", "url": format!("{EM}/assignmentRequests"),
            "headers": {"Content-Type": "application/json"}, "body": {"requestType": "adminAdd", "assignment": {
                "target": {"email": format!("guest{number}@{domain}")}, "accessPackageId": package, "assignmentPolicyId": policy}}})
    };
    let batch = json!({"requests": (0..20).map(item).collect::<Vec<_>>()});
    let (status, told) = ask(&world, &Request::post("/$batch", &batch));
    assert_eq!(status, 200);
    for answer in told["responses"].as_array().unwrap() {
        assert_eq!(answer["status"], if answer["id"] == "7" { 400 } else { 201 }, "{answer}");
    }
    pass(&world, Millis::minutes(1));
    let listed = get(&world, &format!("/assignmentRequests?$filter=accessPackage/id eq '{package}' and state eq 'Delivering'"));
    assert_eq!(listed["value"].as_array().unwrap().len(), 19);
}

/// Whoever asks for packages in this story: the sign-in name, and who that is.
fn visitors(world: &World) -> Vec<(&'static str, Visitor)> {
    let user = |address: &str| {
        let found = ask(world, &Request::get(format!("/users?$filter=mail%20eq%20'{address}'&$select=id,userType"))).1["value"][0].clone();
        let groups = ask(world, &Request::get(format!("/users/{}/memberOf?$select=id", found["id"].as_str().unwrap()))).1;
        let groups = groups["value"].as_array().into_iter().flatten().filter_map(|group| group["id"].as_str().map(str::to_owned));
        VisitorAccount { id: found["id"].as_str().unwrap().into(), is_guest: found["userType"] == "Guest", groups: groups.collect() }
    };
    let fabrikam = get(world, "/connectedOrganizations?$filter=displayName eq 'Fabrikam'")["value"][0]["id"].as_str().unwrap().to_owned();
    vec![
        ("member", Visitor { account: Some(user("member@contoso.example")), organization: None }),
        ("user-admin", Visitor { account: Some(user("user-admin@contoso.example")), organization: None }),
        ("grace_fabrikam.example#EXT#", Visitor { account: Some(user("grace@fabrikam.example")), organization: Some(fabrikam) }),
    ]
}

/// A policy of whichever kind, for whomever.
fn random_policy(random: &mut Rng, people: &[(&str, Visitor)], organizations: &[String], group: &str) -> Value {
    let kind = |name: &str, member: &str, id: &str| json!({"@odata.type": format!("#microsoft.graph.{name}"), member: id});
    let one = &people[random.below(people.len())].1;
    let person = kind("singleUser", "userId", &one.account.as_ref().unwrap().id);
    let organization = kind("connectedOrganizationMembers", "connectedOrganizationId", &organizations[random.below(organizations.len())]);
    let (scope, targets) = match random.below(7) {
        0 => ("notSpecified", vec![]),
        1 => ("specificDirectoryUsers", vec![person]),
        2 => ("specificDirectoryUsers", vec![person, kind("groupMembers", "groupId", group)]),
        3 => ("allMemberUsers", vec![]),
        4 => ("allDirectoryUsers", vec![]),
        5 => ("specificConnectedOrganizationUsers", vec![organization]),
        _ => (["allConfiguredConnectedOrganizationUsers", "allExternalUsers"][random.below(2)], vec![]),
    };
    json!({"displayName": scope, "allowedTargetScope": scope, "specificAllowedTargets": targets,
        "requestorSettings": {"enableTargetsToSelfAddAccess": random.below(5) > 0}, "expiration": {"type": "noExpiration"}})
}

#[test]
fn what_the_page_says_somebody_sees_is_what_the_tenant_lets_them_ask_for() {
    const PACKAGES: usize = 1700;
    let world = World::new();
    sign_in(&world, "governance-admin", &ALL);
    let group = ask(&world, &Request::get("/groups?$filter=displayName%20eq%20'Sales%20partners'")).1["value"][0]["id"].clone();
    let people = visitors(&world);
    let listed = get(&world, "/connectedOrganizations");
    let organizations: Vec<String> = listed["value"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let mut random = Rng::new(1);
    let catalogs: Vec<String> = (0..4)
        .map(|number| {
            let state = if number < 2 { "published" } else { "unpublished" };
            make(&world, "/catalogs", &json!({"displayName": format!("C{number}"), "state": state, "isExternallyVisible": number % 2 == 0}))
        })
        .collect();
    let mut packages = Vec::new();
    for number in 0..PACKAGES {
        // Most catalogs are open.
        let catalog = &catalogs[[0, 0, 0, 0, 1, 1, 2, 3][random.below(8)]];
        let package = make(&world, "/accessPackages", &json!({"displayName": format!("P{number}"), "catalog": {"id": catalog}}));
        for _ in 0..random.below(4) {
            let mut policy = random_policy(&mut random, &people, &organizations, group.as_str().unwrap());
            policy["accessPackage"] = json!({"id": package});
            make(&world, "/assignmentPolicies", &policy);
        }
        packages.push(package);
    }
    let inventory = read(&world);
    assert_eq!(inventory.packages.len(), PACKAGES + 2);
    let (mut can, mut cannot) = (0, 0);
    for (name, visitor) in &people {
        sign_in(&world, name, &OWN);
        for package in &packages {
            let (status, told) =
                ask(&world, &Request::post(format!("{EM}/accessPackages/{package}/getApplicablePolicyRequirements"), &json!({})));
            assert_eq!(status, 200, "{told}");
            let first = told["value"][0]["policyId"].as_str();
            match sight(inventory.package(package).unwrap(), visitor, &inventory) {
                Sight::CanAsk(policy) => {
                    can += 1;
                    assert_eq!(first, Some(policy.id.as_str()), "{name} {package}");
                }
                Sight::Cannot(why) => {
                    cannot += 1;
                    assert_eq!(first, None, "{name} {package} {why:?}");
                }
            }
        }
    }
    assert!(can > 500 && cannot > 500 && can + cannot > 5000, "{can} {cannot}");
}

/// Reads packages as the page does.
fn read(world: &World) -> Inventory {
    let mut reading = InventoryReading::new(crate::support::GRAPH);
    loop {
        match reading.next(world.now.get()) {
            Action::Send(ticket, request) => {
                let answer = world.carry(&request).1;
                reading.heard(ticket, &answer, world.now.get());
            }
            Action::WaitUntil(then) => world.now.set(then),
            Action::Done => return reading.finish().unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_catalog_is_worth_a_look_until_somebody_owns_it() {
    let world = World::with("governance-admin");
    sign_in(&world, "governance-admin", &ALL);
    let roles = "/roleManagement/entitlementManagement/roleAssignments";
    // Whoever makes it owns it.
    let catalog = make(&world, "/catalogs", &json!({"displayName": "Events", "isExternallyVisible": true}));
    let package = make(&world, "/accessPackages", &json!({"displayName": "Summit", "catalog": {"id": catalog}}));
    let is_told = || {
        let inventory = read(&world);
        let found = inventory.package(&package).unwrap();
        suggestions::of_package(found, &inventory).contains(&Suggestion::NoOwner)
    };
    assert!(!is_told());
    let filter = format!("{roles}?$filter=appScopeId%20eq%20'/AccessPackageCatalog/{catalog}'");
    let owner = ask(&world, &Request::get(filter)).1["value"][0].clone();
    assert_eq!(ask(&world, &Request::delete(format!("{roles}/{}", owner["id"].as_str().unwrap()))).0, 204);
    assert!(is_told());
    let again =
        json!({"principalId": owner["principalId"], "roleDefinitionId": owner["roleDefinitionId"], "appScopeId": owner["appScopeId"]});
    assert_eq!(ask(&world, &Request::post(roles, &again)).0, 201);
    assert!(!is_told());
}
