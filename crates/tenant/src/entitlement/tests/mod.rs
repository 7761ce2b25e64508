//! Entitlement management as a client meets it: requests of Graph, answers, and time that is made up.

mod access;
mod approvals;
mod catalogs;
mod deliveries;
mod directory;
mod mails;
mod my_access;
mod my_access_accounts;
mod my_access_offers;
mod organizations;
mod packages;
mod policies;
mod questions;
mod shapes;
mod walks;

use super::Governance;
use crate::tests::{NOW, request};
use crate::{DOMAIN, Side, Tenant};
use graph::{Headers, Method, Reply, Request};
use serde_json::{Value, json};
use time::{Millis, Moment};

const ALL: [&str; 9] = [
    "EntitlementManagement.ReadWrite.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "Application.Read.All",
    "AppRoleAssignment.ReadWrite.All",
    "Sites.Read.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "User.Invite.All",
];
const OWN: [&str; 1] = ["EntitlementMgmt-SubjectAccess.ReadWrite"];
const PARTNERS: &str = "9e00b5c0-c070-4050-a000-c0ffee000001";
const ALPINE: &str = "9e00b5c0-c070-4050-a000-c0ffee000002";
const EXPENSES: &str = "a9911ca7-c070-4050-a000-c0ffee000006";
const SITE: &str = "https://contoso.sharepoint.com/sites/partners";
const EM: &str = "/identityGovernance/entitlementManagement";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Contoso, asked by whoever is named, at a time that is made up.
struct SampleClient {
    tenant: Tenant,
    now: Moment,
}

impl SampleClient {
    fn new() -> Self {
        let mut tenant = crate::tests::tenant("governance-admin", &ALL);
        // What is made here is all there is.
        tenant.governance = Governance::default();
        for name in ["user-admin", "member", "casey", "guest-inviter"] {
            grant(&mut tenant, name, &format!("{name}@{DOMAIN}"), &ALL);
        }
        grant(&mut tenant, "governance-admin", &format!("governance-admin@{DOMAIN}"), &ALL);
        grant(&mut tenant, "grace", "grace@fabrikam.example", &ALL);
        Self { tenant, now: NOW }
    }

    /// Somebody with permissions of their own, under a name of their own.
    fn with(mut self, token: &str, address: &str, scopes: &[&str]) -> Self {
        grant(&mut self.tenant, token, address, scopes);
        self
    }

    fn pass(&mut self, length: Millis) {
        self.now += length;
    }

    fn reply(&mut self, who: &str, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let mut asked: Request = request(method, &path.replace(' ', "%20"), body);
        asked.headers = Headers::default().with("Authorization", format!("Bearer {who}")).with("Content-Type", "application/json");
        self.tenant.answer(Side::Graph, &asked, self.now).answer.unwrap()
    }

    /// Status and body.
    fn ask(&mut self, who: &str, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let reply = self.reply(who, method, path, body);
        (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
    }

    /// What the administrator reads below entitlement management.
    fn get(&mut self, path: &str) -> Value {
        let (status, body) = self.ask("governance-admin", Method::Get, &format!("{EM}{path}"), None);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// What the administrator makes below entitlement management.
    fn post(&mut self, path: &str, body: Value) -> Value {
        let (status, told) = self.ask("governance-admin", Method::Post, &format!("{EM}{path}"), Some(&body));
        assert_eq!(status, 201, "{path} {body}: {told}");
        told
    }

    /// Status and code of what is refused, of anybody.
    fn refused(&mut self, who: &str, method: Method, path: &str, body: Option<&Value>) -> (u16, String) {
        let (status, told) = self.ask(who, method, &format!("{EM}{path}"), body);
        (status, told["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    fn id_of(&self, address: &str) -> String {
        self.tenant.directory.by_address(address).unwrap_or_else(|| panic!("nobody is {address}")).id.clone()
    }

    fn member_id(&self, name: &str) -> String {
        self.id_of(&format!("{name}@{DOMAIN}"))
    }

    /// The id of the catalog that is always there.
    fn general(&mut self) -> String {
        self.get("/catalogs?$filter=displayName eq 'General'")["value"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Brings something into a catalog and waits until it is listed; the catalog's resource.
    fn onboard(&mut self, catalog: &str, origin: &str, system: &str) -> String {
        let resource = json!({"originId": origin, "originSystem": system});
        self.post("/resourceRequests", json!({"requestType": "adminAdd", "resource": resource, "catalog": {"id": catalog}}));
        self.pass(Millis::seconds(10));
        let listed = self.get(&format!("/catalogs/{catalog}/resources?$filter=originId eq '{origin}'"));
        listed["value"][0]["id"].as_str().unwrap_or_else(|| panic!("{listed}")).to_owned()
    }

    fn package(&mut self, catalog: &str, name: &str) -> String {
        let body = json!({"displayName": name, "description": name, "catalog": {"id": catalog}});
        self.post("/accessPackages", body)["id"].as_str().unwrap().to_owned()
    }

    /// Lets a package give a role of a resource; the id of that.
    fn gives(&mut self, package: &str, resource: &str, (role, origin, system): (&str, &str, &str)) -> String {
        let body = role_scope(resource, (role, origin, system));
        self.post(&format!("/accessPackages/{package}/resourceRoleScopes"), body)["id"].as_str().unwrap().to_owned()
    }

    /// A package that makes people members of the group of partners.
    fn partner_package(&mut self) -> String {
        let catalog = self.general();
        let known = self.get(&format!("/catalogs/{catalog}/resources?$filter=originId eq '{PARTNERS}'"));
        let resource = match known["value"][0]["id"].as_str() {
            Some(id) => id.to_owned(),
            None => self.onboard(&catalog, PARTNERS, "AadGroup"),
        };
        let package = self.package(&catalog, "Partners");
        self.gives(&package, &resource, (&format!("Member_{PARTNERS}"), PARTNERS, "AadGroup"));
        package
    }

    /// A policy with these members beside name and package.
    fn policy(&mut self, package: &str, members: Value) -> String {
        let body = policy_body(package, members);
        self.post("/assignmentPolicies", body)["id"].as_str().unwrap().to_owned()
    }

    /// An administrator assigns a package to somebody by id; the id of the request.
    fn assign(&mut self, package: &str, policy: &str, target: &str) -> String {
        self.post("/assignmentRequests", direct(package, policy, json!({"targetId": target})))["id"].as_str().unwrap().to_owned()
    }

    fn request_now(&mut self, id: &str) -> Value {
        self.get(&format!("/assignmentRequests/{id}?$expand=assignment($expand=target),requestor,accessPackage"))
    }

    fn state(&mut self, id: &str) -> (String, String) {
        let request = self.request_now(id);
        (request["state"].as_str().unwrap().to_owned(), request["status"].as_str().unwrap().to_owned())
    }

    fn is_partner(&self, person: &str) -> bool {
        self.tenant.groups.by_id(PARTNERS).unwrap().members.iter().any(|member| member == person)
    }

    fn person(&self, address: &str) -> crate::directory::Person {
        self.tenant.directory.known_as(address).next().unwrap_or_else(|| panic!("nobody is {address}")).as_ref().clone()
    }
}

fn grant(tenant: &mut Tenant, token: &str, address: &str, scopes: &[&str]) {
    let id = tenant.directory.by_address(address).unwrap_or_else(|| panic!("nobody is {address}")).id.clone();
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let caller = crate::graph_api::Caller { id, scopes, stepped_up: false };
    tenant.sign_in.access.insert(token.into(), (caller, NOW + Millis::days(4_000)));
}

fn role_scope(resource: &str, (role, origin, system): (&str, &str, &str)) -> Value {
    json!({
        "role": {"originId": role, "originSystem": system, "displayName": "Member",
            "resource": {"id": resource, "originId": origin, "originSystem": system}},
        "scope": {"originId": origin, "originSystem": system, "isRootScope": true},
    })
}

fn policy_body(package: &str, members: Value) -> Value {
    let mut body = json!({"displayName": "Policy", "description": "", "accessPackage": {"id": package}});
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Everybody in the directory may ask, and gets it at once.
fn open_policy() -> Value {
    json!({"allowedTargetScope": "allDirectoryUsers", "requestorSettings": {
        "enableTargetsToSelfAddAccess": true, "enableTargetsToSelfUpdateAccess": true, "enableTargetsToSelfRemoveAccess": true}})
}

fn single(id: &str) -> Value {
    json!({"@odata.type": "#microsoft.graph.singleUser", "userId": id})
}

/// A stage that this person decides within four days.
fn stage(approver: &str) -> Value {
    json!({"durationBeforeAutomaticDenial": "P4D", "isApproverJustificationRequired": false, "isEscalationEnabled": false,
        "primaryApprovers": [single(approver)], "fallbackPrimaryApprovers": [], "escalationApprovers": [], "fallbackEscalationApprovers": []})
}

/// As [`open_policy`], after these stages.
fn approved_by(stages: Vec<Value>) -> Value {
    let mut policy = open_policy();
    policy["requestApprovalSettings"] = json!({"isApprovalRequiredForAdd": true, "isApprovalRequiredForUpdate": false, "stages": stages});
    policy
}

fn direct(package: &str, policy: &str, target: Value) -> Value {
    let mut assignment = target;
    assignment["accessPackageId"] = json!(package);
    assignment["assignmentPolicyId"] = json!(policy);
    json!({"requestType": "adminAdd", "assignment": assignment})
}

fn own(package: &str) -> Value {
    json!({"requestType": "userAdd", "assignment": {"accessPackageId": package}})
}

fn about(kind: &str, assignment: &str) -> Value {
    json!({"requestType": kind, "assignment": {"id": assignment}})
}

/// Walks through made-up time: after each of these waits a request is in this state.
fn walk(asking: &mut SampleClient, request: &str, steps: &[(Millis, (&str, &str))]) {
    for (wait, (state, status)) in steps {
        asking.pass(*wait);
        assert_eq!(asking.state(request), ((*state).to_owned(), (*status).to_owned()), "after {wait:?}");
    }
}

const SUBMITTED: (&str, &str) = ("submitted", "Accepted");
const PENDING: (&str, &str) = ("pendingApproval", "PendingApproval");
const ESCALATED: (&str, &str) = ("pendingApproval", "PendingApprovalEscalated");
const SCHEDULED: (&str, &str) = ("scheduled", "PendingNotBefore");
const DELIVERING: (&str, &str) = ("delivering", "Delivering");
const DELIVERED: (&str, &str) = ("delivered", "Delivered");
const DENIED: (&str, &str) = ("denied", "Denied");
const CANCELED: (&str, &str) = ("canceled", "Canceled");
const NOW_ON: Millis = Millis(0);

/// A moment less than so many days.
fn just_under(days: i64) -> Millis {
    Millis(Millis::days(days).0 - 1)
}

fn ask_own(asking: &mut SampleClient, who: &str, body: &Value) -> String {
    let (status, told) = asking.ask(who, Method::Post, &format!("{EM}/assignmentRequests"), Some(body));
    assert_eq!(status, 201, "{told}");
    told["id"].as_str().unwrap().to_owned()
}

/// The assignment that a request brought.
fn assignment_of(asking: &mut SampleClient, request: &str) -> String {
    asking.request_now(request)["assignment"]["id"].as_str().unwrap_or_else(|| panic!("no assignment")).to_owned()
}

/// A package for whoever is from outside, with its policy.
fn external(asking: &mut SampleClient) -> (String, String) {
    let package = asking.partner_package();
    let mut members = open_policy();
    members["allowedTargetScope"] = json!("allExternalUsers");
    let policy = asking.policy(&package, members);
    (package, policy)
}
