//! Kits: from nothing to a package that partners can ask for, and back.

mod faults;
mod killing;
mod making;
mod refusals;
mod taking_back;

use crate::support::{GRAPH, Stopped, World};
use graph::entitlement::resources::OriginSystem;
use graph::entitlement::{AnswerForm, LocalizedText, PolicyQuestion};
use graph::{Answer, Reply, Request};
use guestlist::entitlement::kit::{
    Kit, KitApprover, KitAudience, KitCatalog, KitEnd, KitExtension, KitOrganization, KitResource, KitRole, KitStage, KitStages, KitTerm,
};
use guestlist::jobs::kit::{KitEntry, KitOutcome, KitRow, KitRun, KitWay};
use identity::scopes::Scopes;
use serde_json::{Value, json};
use std::sync::Arc;
use tenant::Knobs;
use time::Millis;

const EM: &str = "/identityGovernance/entitlementManagement";
const ALL: [&str; 4] = ["EntitlementManagement.ReadWrite.All", "Group.ReadWrite.All", "GroupMember.Read.All", "User.Read.All"];
const SITE: &str = "https://contoso.sharepoint.com/sites/partners";
const EXPENSES: &str = "a9911ca7-c070-4050-a000-c0ffee000006";
const APPROVER_ROLE: &str = "a9911ca7-c070-4050-a000-c0ffee000036";

fn sign_in(world: &World, who: &str, permissions: &[&'static str]) {
    let mut scopes = Scopes::default();
    scopes.extend(permissions.iter().copied());
    world.sign_in(who, scopes).unwrap();
}

/// A world in which the Identity Governance Administrator has signed in.
fn world() -> World {
    let world = World::new();
    sign_in(&world, "governance-admin", &ALL);
    world
}

fn turn(world: &World, turn: impl FnOnce(&mut Knobs)) {
    turn(&mut world.tenant.borrow_mut().knobs);
}

/// Status and body.
fn ask(world: &World, request: &Request) -> (u16, Value) {
    let answer: Answer = world.carry(request).1;
    let Reply { status, body, .. } = answer.unwrap();
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// What a path below entitlement management's holds.
fn list(world: &World, path: &str) -> Vec<Value> {
    let (status, told) = ask(world, &Request::get(format!("{EM}{path}").replace(' ', "%20")));
    assert_eq!(status, 200, "{path}: {told}");
    told["value"].as_array().unwrap().clone()
}

/// The id of what is made.
fn make(world: &World, path: &str, body: &Value) -> String {
    let (status, told) = ask(world, &Request::post(path.to_owned(), body));
    assert_eq!(status, 201, "{path} {body}: {told}");
    told["id"].as_str().unwrap().into()
}

fn group_id(world: &World, name: &str) -> String {
    let path = format!("/groups?$filter=displayName%20eq%20'{}'", name.replace(' ', "%20"));
    ask(world, &Request::get(path)).1["value"][0]["id"].as_str().unwrap().into()
}

fn role(system: OriginSystem, origin: &str, name: &str, role: &str) -> KitRole {
    KitRole { resource: KitResource { system, origin: origin.into(), name: name.into() }, role: role.into(), role_name: role.into() }
}

/// A kit for people of an organization that is not connected, with a group, an app and a site.
fn kit(world: &World) -> Kit {
    let group = group_id(world, "Sales partners");
    Kit {
        name: "Project Birch".into(),
        description: "What the project works with.".into(),
        is_hidden: false,
        catalog: KitCatalog::New { name: "Projects".into(), description: "For projects.".into(), is_externally_visible: true },
        audience: KitAudience::Organizations(vec![by_domain("adatum.example", "Adatum")]),
        roles: vec![
            role(OriginSystem::Group, &group, "Sales partners", &format!("Member_{group}")),
            role(OriginSystem::Application, EXPENSES, "Contoso Expenses", APPROVER_ROLE),
            role(OriginSystem::Site, SITE, "Partner site", "5"),
        ],
        stages: KitStages::from(KitStage {
            approvers: vec![KitApprover::Person { id: world.id_of("user-admin"), name: "Uma Admin".into() }],
            fallback: vec![],
            decided_within: 14,
            needs_reason: true,
            escalation: None,
        }),
        asks_reason: true,
        questions: vec![PolicyQuestion {
            id: None,
            text: "Which project?".into(),
            is_answer_editable: false,
            sequence: 0,
            localizations: vec![LocalizedText { language_code: "de".into(), text: "Welches Projekt?".into() }],
            is_required: true,
            form: AnswerForm::Text { is_single_line: true, pattern: None },
        }],
        term: KitTerm { end: KitEnd::After(90), extension: KitExtension::WithApproval, review: None },
    }
}

fn by_domain(domain: &str, name: &str) -> KitOrganization {
    KitOrganization::ByDomain { domain: domain.into(), name: name.into(), tenant: None }
}

/// Fabrikam, which is connected by its tenant and under this name.
fn fabrikam(world: &World) -> KitOrganization {
    let known = list(world, "/connectedOrganizations?$filter=displayName eq 'Fabrikam'").remove(0);
    let tenant = known["identitySources"][0]["tenantId"].as_str().unwrap().to_owned();
    KitOrganization::ByDomain { domain: "fabrikam.example".into(), name: "Fabrikam".into(), tenant: Some(tenant) }
}

fn rows(kit: Kit) -> Vec<KitRow> {
    vec![KitRow { row: 1, kit: Arc::new(kit), parts: vec![] }]
}

/// A run of kits that share nothing.
fn run(way: KitWay, rows: &[KitRow], root: &str, entries: &[KitEntry]) -> KitRun {
    guestlist::jobs::kit::run(way, rows, root, entries).ok().unwrap()
}

/// Goes on with a run, to its end.
fn finish(world: &World, run: &mut KitRun, journal: &mut Vec<KitEntry>) -> KitOutcome {
    assert_eq!(world.drive(run, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000), Stopped::Done);
    run.ended(1).unwrap().outcome.clone()
}

/// Makes a kit, or takes it back, to the end.
fn carry_out(world: &World, way: KitWay, rows: &[KitRow]) -> (KitOutcome, Vec<KitEntry>) {
    let mut journal = Vec::new();
    let outcome = finish(world, &mut run(way, rows, GRAPH, &[]), &mut journal);
    (outcome, journal)
}

/// Makes the kit in a tenant whose licence ends at this step of the run, and is there again once the run is over.
fn until_licence_ends(world: &World, steps: usize) -> (KitOutcome, Vec<KitEntry>) {
    let mut made = run(KitWay::Make, &rows(kit(world)), GRAPH, &[]);
    let mut journal = Vec::new();
    let ends = |step: usize, _: &mut KitRun| {
        if step == steps {
            turn(world, |knobs| knobs.governance_licensed = false);
        }
    };
    world.drive_while(&mut made, |entries: &Vec<KitEntry>| journal.extend(entries.clone()), 100_000, ends);
    turn(world, |knobs| knobs.governance_licensed = true);
    (made.ended(1).unwrap().outcome.clone(), journal)
}

/// Everything of entitlement management that a kit can change.
fn everything(world: &World) -> Vec<Value> {
    let mut all = Vec::new();
    for path in ["/connectedOrganizations", "/catalogs", "/assignmentPolicies?$expand=accessPackage"] {
        all.extend(list(world, path));
    }
    all.extend(list(world, "/accessPackages?$expand=catalog,resourceRoleScopes($expand=role,scope)"));
    for catalog in list(world, "/catalogs") {
        all.extend(list(world, &format!("/catalogs/{}/resources", catalog["id"].as_str().unwrap())));
    }
    all
}

/// How many there are: organizations, catalogs, resources, packages, roles, policies.
fn numbers(world: &World) -> [usize; 6] {
    let catalogs = list(world, "/catalogs");
    let resources = |catalog: &Value| list(world, &format!("/catalogs/{}/resources", catalog["id"].as_str().unwrap())).len();
    let packages = list(world, "/accessPackages?$expand=resourceRoleScopes($expand=role,scope)");
    [
        list(world, "/connectedOrganizations").len(),
        catalogs.len(),
        catalogs.iter().map(resources).sum(),
        packages.len(),
        packages.iter().map(|package| package["resourceRoleScopes"].as_array().unwrap().len()).sum(),
        list(world, "/assignmentPolicies").len(),
    ]
}

/// What [`numbers`] are when the kit was made once.
fn with_kit(before: [usize; 6]) -> [usize; 6] {
    let added = [1, 1, 3, 1, 3, 1];
    std::array::from_fn(|place| before[place] + added[place])
}

fn is_made(outcome: &KitOutcome) -> bool {
    matches!(outcome, KitOutcome::Made { not_taken, .. } if not_taken.is_empty())
}

fn pass(world: &World, length: Millis) {
    world.now.set(world.now.get() + length);
}

fn organization_members(id: &Value) -> Value {
    json!({"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id})
}
