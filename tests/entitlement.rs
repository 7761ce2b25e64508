//! What entitlement management is asked, and what Microsoft documents as its answers, held against the published schema (`tests/schema`):
//! each operation once or more, and none left out.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "what cannot be read is a failure"))]

#[path = "stories/schema.rs"]
mod schema;

use graph::entitlement::access_packages::*;
use graph::entitlement::approvals::*;
use graph::entitlement::assignment_policies::*;
use graph::entitlement::assignment_requests::*;
use graph::entitlement::assignments::*;
use graph::entitlement::catalog_roles::*;
use graph::entitlement::catalogs::*;
use graph::entitlement::connected_organizations::*;
use graph::entitlement::resource_requests::*;
use graph::entitlement::resources::*;
use graph::entitlement::role_scopes::*;
use graph::entitlement::settings::*;
use graph::entitlement::*;
use graph::groups::*;
use graph::service_principals::SearchServicePrincipals;
use graph::sites::SearchSites;
use graph::tenants::{FindTenantByDomain, FindTenantById};
use graph::users::{AddUserSponsor, ListUserSponsors, RemoveUserSponsor};
use graph::{Headers, Operation, Reply};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Operations that were held against the schema, by their names.
#[derive(Default)]
struct HeldAgainstSchema(BTreeSet<String>);

impl HeldAgainstSchema {
    /// Its request, and this answer, which it has to read. `Value::Null` is no body.
    fn hold<O: Operation>(&mut self, operation: &O, status: u16, answer: &Value) {
        let body = if answer.is_null() { String::new() } else { answer.to_string() };
        let reply = Reply { status, headers: Headers::default(), body };
        let request = operation.request();
        schema::check(&request, &reply).unwrap_or_else(|found| panic!("{}: {found}", request.path));
        operation.read(&reply).map(|_| ()).unwrap_or_else(|problem| panic!("{}: {problem:?}", request.path));
        let name = std::any::type_name::<O>().rsplit("::").find(|part| part.starts_with(char::is_uppercase)).unwrap();
        self.0.insert(name.split('<').next().unwrap().to_owned());
    }
}

const GUID: &str = "00000000-0000-4000-8000-000000000001";
const ROOT: &str = "https://graph.microsoft.com";

fn page(of: &Value) -> Value {
    json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x", "value": [of]})
}

/// Examples of <https://learn.microsoft.com/graph/api/entitlementmanagement-list-catalogs> and its neighbours.
fn catalogs(held: &mut HeldAgainstSchema) {
    let catalog = json!({"id": GUID, "displayName": "sales", "description": "for employees working with sales and outside sales partners",
        "catalogType": "userManaged", "state": "published", "isExternallyVisible": true, "createdDateTime": "2020-12-15T23:50:23.23Z",
        "modifiedDateTime": "2020-12-15T23:50:23.23Z"});
    held.hold(&ListCatalogs { named: None }, 200, &page(&catalog));
    held.hold(&ListCatalogs { named: Some("o'neil a eq b") }, 200, &page(&catalog));
    held.hold(&GetCatalog { id: GUID }, 200, &catalog);
    let new = NewCatalog {
        display_name: "sales".into(),
        description: "for partners".into(),
        state: CatalogState::Published,
        is_externally_visible: true,
    };
    held.hold(&CreateCatalog { catalog: &new }, 201, &json!({"id": GUID, "displayName": "sales", "createdDateTime": null}));
    let draft = OwnChange::Catalog { state: Some(CatalogState::Unpublished), is_externally_visible: Some(false) };
    held.hold(&UpdateEntitlement { id: GUID, change: &draft.into() }, 204, &Value::Null);
    for kind in EntitlementKind::ALL {
        held.hold(&DeleteEntitlement { kind, id: GUID }, 204, &Value::Null);
    }
    let assignment = json!({"id": GUID, "principalId": GUID, "roleDefinitionId": "ae79f266-94d4-4dab-b730-feca7e132178",
        "directoryScopeId": null, "appScopeId": format!("/AccessPackageCatalog/{GUID}")});
    for of in [CatalogRolesOf::Catalog(GUID), CatalogRolesOf::Role(&CatalogRole::Owner)] {
        held.hold(&ListCatalogRoles { of }, 200, &page(&assignment));
    }
    held.hold(&AddCatalogRole { catalog: GUID, role: &CatalogRole::Owner, principal: GUID }, 201, &assignment);
    held.hold(&RemoveCatalogRole { id: GUID }, 204, &Value::Null);
}

/// Examples of <https://learn.microsoft.com/graph/api/accesspackagecatalog-list-resources> and its neighbours.
fn resources(held: &mut HeldAgainstSchema) {
    let role = json!({"id": GUID, "displayName": "Member", "originSystem": "AadGroup", "originId": format!("Member_{GUID}"),
        "description": null});
    let scope = json!({"id": GUID, "displayName": "Root", "description": "Root Scope", "originId": GUID, "originSystem": "AadGroup",
        "isRootScope": true});
    let resource = json!({"id": GUID, "displayName": "example group", "description": "a group whose members are assigned", "originId": GUID,
        "originSystem": "AadGroup", "createdDateTime": "2023-06-28T01:19:48.4216782Z", "roles": [role], "scopes": [scope]});
    held.hold(&ListCatalogResources { catalog: GUID, origin: None }, 200, &page(&resource));
    held.hold(&ListCatalogResources { catalog: GUID, origin: Some(GUID) }, 200, &page(&resource));
    held.hold(&ListResourceRoles { catalog: GUID, resource: GUID, system: &OriginSystem::Group }, 200, &page(&role));
    let new = NewResource { display_name: "Test group".into(), origin_id: GUID.into(), origin_system: OriginSystem::Group };
    let told = |kind: &str| json!({"id": GUID, "requestType": kind, "state": "delivered"});
    held.hold(&AddResource { catalog: GUID, resource: &new }, 201, &told("adminAdd"));
    held.hold(&RemoveResource { catalog: GUID, resource: GUID }, 201, &told("adminRemove"));
    let resource: AccessPackageResource = serde_json::from_value(resource).unwrap();
    let role = NewRoleScope::of(&resource, ResourceRole::member(GUID)).unwrap();
    let made = json!({"id": format!("{GUID}_{GUID}"), "createdDateTime": "2023-06-28T01:19:48.4216782Z"});
    held.hold(&AddRoleScope { package: GUID, role: &role }, 201, &made);
    held.hold(&RemoveRoleScope { package: GUID, id: &format!("{GUID}_{GUID}") }, 204, &Value::Null);
}

fn package() -> Value {
    json!({"id": GUID, "displayName": "Access package for testing", "description": "Sales", "isHidden": false,
        "createdDateTime": "2019-01-27T18:19:50.74Z", "modifiedDateTime": "2019-01-27T18:19:50.74Z"})
}

/// Examples of <https://learn.microsoft.com/graph/api/entitlementmanagement-list-accesspackages> and its neighbours.
fn packages(held: &mut HeldAgainstSchema) {
    let mut whole = package();
    whole["catalog"] = json!({"id": GUID, "displayName": "sales"});
    whole["assignmentPolicies"] = json!([policy()]);
    whole["resourceRoleScopes"] = json!([{"id": format!("{GUID}_{GUID}"), "createdDateTime": "2023-06-28T01:19:48.4216782Z",
        "role": {"id": GUID, "originId": format!("Member_{GUID}"), "originSystem": "AadGroup"}, "scope": {"id": GUID, "isRootScope": true}}]);
    for (named, detail) in [
        (PackageName::Any, PackageDetail::Whole),
        (PackageName::Is("sales"), PackageDetail::Policies),
        (PackageName::Contains("sale"), PackageDetail::Catalog),
    ] {
        held.hold(&ListAccessPackages { named, detail }, 200, &page(&whole));
    }
    held.hold(&GetAccessPackage { id: GUID, detail: PackageDetail::Whole }, 200, &whole);
    let new = NewAccessPackage { display_name: "sales reps".into(), description: "outside".into(), is_hidden: true };
    held.hold(&CreateAccessPackage { catalog: GUID, package: &new }, 201, &package());
    let own = OwnChange::AccessPackage { is_hidden: Some(false) };
    let change = EntitlementChange { display_name: Some("Access Package New Name".into()), description: Some("outside".into()), own };
    held.hold(&UpdateEntitlement { id: GUID, change: &change }, 204, &Value::Null);
    held.hold(&FindRequestablePackages, 200, &page(&package()));
    let wanted = json!({"policyId": GUID, "policyDisplayName": "Require approval", "policyDescription": "x",
        "isApprovalRequiredForAdd": true, "isApprovalRequiredForUpdate": false, "allowCustomAssignmentSchedule": true,
        "isRequestorJustificationRequired": true, "questions": [question()],
        "schedule": {"startDateTime": null, "recurrence": null, "expiration": {"endDateTime": null, "duration": null, "type": "noExpiration"}}});
    held.hold(&GetPolicyRequirements { package: GUID }, 200, &page(&wanted));
}

fn question() -> Value {
    json!({"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": GUID, "isRequired": true, "isAnswerEditable": true,
        "sequence": 1, "text": "Where?", "localizations": [{"languageCode": "de", "text": "Wo?"}], "isMultipleSelectionAllowed": false,
        "choices": [{"actualValue": "EU", "text": "Europe", "localizations": [{"languageCode": "de", "text": "Europa"}]}]})
}

/// The second example of <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentpolicies>, with a question.
fn policy() -> Value {
    json!({"id": GUID, "displayName": "policy for external access requests", "description": "two stages of approval",
        "createdDateTime": "2020-12-18T20:18:02.587Z", "modifiedDateTime": "2020-12-18T20:18:02.65Z",
        "allowedTargetScope": "specificConnectedOrganizationUsers",
        "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": GUID}],
        "expiration": {"type": "afterDuration", "duration": "P365D"}, "questions": [question()],
        "requestorSettings": {"enableTargetsToSelfAddAccess": true, "enableTargetsToSelfUpdateAccess": true,
            "enableTargetsToSelfRemoveAccess": true, "allowCustomAssignmentSchedule": false, "enableOnBehalfRequestorsToAddAccess": false,
            "enableOnBehalfRequestorsToUpdateAccess": false, "enableOnBehalfRequestorsToRemoveAccess": false, "onBehalfRequestors": []},
        "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "isApprovalRequiredForUpdate": false, "stages": [
            {"durationBeforeAutomaticDenial": "P14D", "isApproverJustificationRequired": false, "isEscalationEnabled": true,
                "durationBeforeEscalation": "P7D", "primaryApprovers": [{"@odata.type": "#microsoft.graph.internalSponsors"}],
                "fallbackPrimaryApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "userId": GUID},
                    {"@odata.type": "#microsoft.graph.groupMembers", "groupId": GUID}],
                "escalationApprovers": [{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1}],
                "fallbackEscalationApprovers": [{"@odata.type": "#microsoft.graph.externalSponsors"}],
                "approverInformationVisibility": "notVisible"}]},
        "reviewSettings": {"isEnabled": true, "expirationBehavior": "keepAccess", "isRecommendationEnabled": true,
            "isReviewerJustificationRequired": true, "isSelfReview": false,
            "schedule": {"startDateTime": "2022-07-02T06:59:59.998Z", "expiration": {"duration": "P14D", "type": "afterDuration"},
                "recurrence": {"pattern": {"type": "absoluteMonthly", "interval": 3, "month": 0, "dayOfMonth": 0, "daysOfWeek": []},
                    "range": {"type": "noEnd", "numberOfOccurrences": 0}}},
            "primaryReviewers": [{"@odata.type": "#microsoft.graph.groupMembers", "groupId": GUID}], "fallbackReviewers": []},
        "notificationSettings": {"isAssignmentNotificationDisabled": true}, "automaticRequestSettings": null,
        "accessPackage": {"id": GUID, "displayName": "Sales"}})
}

fn policies(held: &mut HeldAgainstSchema) {
    held.hold(&ListAssignmentPolicies { package: Some(GUID) }, 200, &page(&policy()));
    held.hold(&GetAssignmentPolicy { id: GUID }, 200, &policy());
    let short = json!({"id": GUID, "displayName": "New Policy", "description": "policy for assignment"});
    let read: AssignmentPolicy = serde_json::from_value(policy()).unwrap();
    held.hold(&CreateAssignmentPolicy { package: GUID, terms: &read.terms }, 201, &short);
    let mut changed = read;
    changed.terms.automatic = Some(AutomaticRequests { gives_access: true, takes_access: true, grace_period: Some("P7D".into()) });
    changed.terms.targets = AllowedTargets::All(TargetScope::AllExternalUsers);
    changed.terms.review = Some(PolicyReview::default());
    held.hold(&ReplaceAssignmentPolicy { policy: &changed }, 200, &short);
    // Each way to name somebody.
    let named = |name: &str| SubjectSet::User { id: GUID.into(), description: Some(name.into()) };
    let rule = SubjectSet::Rule { rule: "(user.department -eq \"Sales\")".into(), description: None };
    let app = SubjectSet::ServicePrincipal { id: GUID.into(), description: None };
    let levels = [SubjectSet::RequestorManager { level: 2 }, SubjectSet::TargetManager { level: 4 }];
    let sponsors = [SubjectSet::InternalSponsors, SubjectSet::ExternalSponsors, SubjectSet::TargetUserSponsors];
    let all = [named("Ada"), SubjectSet::group(GUID), SubjectSet::organization(GUID), rule, app].into_iter().chain(levels).chain(sponsors);
    let targets = AllowedTargets::Named(TargetKind::Users, NamedTargets::new(all.collect()).unwrap());
    held.hold(&CreateAssignmentPolicy { package: GUID, terms: &PolicyTerms { targets, ..PolicyTerms::default() } }, 201, &short);
}

/// Examples of <https://learn.microsoft.com/graph/api/connectedorganization-update> and its neighbours.
fn organizations(held: &mut HeldAgainstSchema) {
    let organization = |sources: Value| {
        json!({"id": GUID, "displayName": "Connected organization name", "description": "Connected organization description",
            "createdDateTime": "2020-06-08T20:13:53.7099947Z", "modifiedDateTime": "2020-06-08T20:13:53.7099947Z", "state": "configured",
            "identitySources": sources})
    };
    let tenant = json!([{"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "displayName": "Contoso", "tenantId": GUID}]);
    held.hold(&ListConnectedOrganizations { named: Some("Contoso") }, 200, &page(&organization(tenant.clone())));
    let user =
        json!({"@odata.type": "#microsoft.graph.user", "id": GUID, "displayName": "Ada", "mail": null, "userPrincipalName": "a@x.example"});
    let group = json!({"@odata.type": "#microsoft.graph.group", "id": GUID, "displayName": "Sponsors"});
    let mut whole = organization(tenant);
    whole["internalSponsors"] = json!([user]);
    whole["externalSponsors"] = json!([group]);
    held.hold(&GetConnectedOrganization { id: GUID }, 200, &whole);
    for source in [
        IdentitySource::domain("example.com"),
        IdentitySource::tenant(GUID, "Contoso"),
        IdentitySource::CrossCloudTenant { id: GUID.into(), cloud: "microsoftonline.us".into(), name: None },
        IdentitySource::Federation { domain: "example.com".into(), issuer: Some("https://x.example".into()), name: None },
        IdentitySource::Social { provider: "facebook".into(), name: None },
    ] {
        let new = NewConnectedOrganization {
            display_name: "Connected organization name".into(),
            description: "Connected organization description".into(),
            source,
            state: ConnectedOrganizationState::Configured,
        };
        held.hold(&CreateConnectedOrganization { organization: &new }, 201, &organization(json!([])));
    }
    let configured = OwnChange::ConnectedOrganization { state: Some(ConnectedOrganizationState::Configured) };
    held.hold(&UpdateEntitlement { id: GUID, change: &configured.into() }, 202, &organization(Value::Null));
    for side in [SponsorSide::Internal, SponsorSide::External] {
        held.hold(&ListSponsors { organization: GUID, side }, 200, &json!({"value": [user, group]}));
        for sponsor in [SponsorToAdd::User(GUID), SponsorToAdd::Group(GUID)] {
            held.hold(&AddSponsor { root: ROOT, organization: GUID, side, sponsor }, 204, &Value::Null);
        }
        held.hold(&RemoveSponsor { organization: GUID, side, sponsor: GUID }, 204, &Value::Null);
    }
    let told = json!({"@odata.context": "x", "tenantId": GUID, "federationBrandName": null, "displayName": "Contoso",
        "defaultDomainName": "contoso.com"});
    held.hold(&FindTenantByDomain { domain: "contoso.com" }, 200, &told);
    held.hold(&FindTenantById { id: GUID }, 200, &told);
    held.hold(&ListUserSponsors { id: GUID }, 200, &json!({"value": [user, group]}));
    held.hold(&AddUserSponsor { root: ROOT, id: GUID, sponsor: SponsorToAdd::User(GUID) }, 204, &Value::Null);
    held.hold(&RemoveUserSponsor { id: GUID, sponsor: GUID }, 204, &Value::Null);
}

fn asked(kind: &str) -> Value {
    json!({"id": GUID, "requestType": kind, "state": "submitted", "status": "Accepted", "createdDateTime": null, "completedDateTime": null,
        "justification": "Need access to New Hire access package", "schedule": {"startDateTime": null, "recurrence": null,
            "expiration": {"endDateTime": null, "duration": null, "type": "notSpecified"}},
        "answers": [{"@odata.type": "#microsoft.graph.accessPackageAnswerString", "value": "EU", "displayValue": "Europe",
            "answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": GUID}}]})
}

/// Examples of <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentrequests> and its neighbours.
fn requests(held: &mut HeldAgainstSchema) {
    let question: PolicyQuestion = serde_json::from_value(question()).unwrap();
    let answers = [QuestionAnswer::to(&question, "EU")];
    let schedule =
        Schedule { start: Some("2027-01-01T00:00:00Z".into()), expiration: Expiration::After(IsoDuration::days(90)), recurrence: None };
    let terms = NewAssignment { policy: GUID, schedule: Some(&schedule), answers: &answers };
    for (change, kind) in [
        (RequestedChange::AssignById { target: GUID, terms }, "adminAdd"),
        (RequestedChange::AssignByAddress { email: "a@x.example", terms, spelling: AddressSpelling::Assignment }, "adminAdd"),
        (RequestedChange::AssignByAddress { email: "a@x.example", terms, spelling: AddressSpelling::AccessPackageAssignment }, "AdminAdd"),
        (RequestedChange::Extend { assignment: GUID, schedule: &schedule }, "adminUpdate"),
        (RequestedChange::Remove { assignment: GUID }, "adminRemove"),
        (RequestedChange::AskForOneself { answers: &answers }, "userAdd"),
    ] {
        held.hold(&CreateAssignmentRequest { package: GUID, change, justification: Some("Project") }, 201, &asked(kind));
    }
    let target = json!({"objectId": GUID, "email": "a@x.example", "displayName": "Ada", "principalName": "a@x.example",
        "subjectType": "user", "subjectLifecycle": "governed"});
    let assignment = json!({"id": GUID, "state": "delivered", "status": "Delivered", "expiredDateTime": null, "schedule": null,
        "target": target, "accessPackage": package(), "assignmentPolicy": policy()});
    let mut whole = asked("userAdd");
    whole["requestor"] = target.clone();
    whole["accessPackage"] = package();
    whole["assignment"] = assignment.clone();
    held.hold(&ListAssignmentRequests { package: None, state: None }, 200, &page(&whole));
    let pending = RequestState::PendingApproval;
    held.hold(&ListAssignmentRequests { package: Some(GUID), state: Some(&pending) }, 200, &page(&whole));
    held.hold(&ListOwnRequests { of: OwnRequests::Approver }, 200, &page(&whole));
    held.hold(&GetAssignmentRequest { id: GUID }, 200, &whole);
    held.hold(&CancelRequest { id: GUID }, 200, &Value::Null);
    held.hold(&ReprocessRequest { id: GUID }, 202, &Value::Null);
    let state = PackageAssignmentState::Delivered;
    let list = ListPackageAssignments { package: Some(GUID), policy: Some(GUID), target: Some(GUID), state: Some(&state) };
    held.hold(&list, 200, &page(&assignment));
    held.hold(&GetPackageAssignment { id: GUID }, 200, &assignment);
    held.hold(&ReprocessAssignment { id: GUID }, 202, &Value::Null);
}

/// Examples of <https://learn.microsoft.com/graph/api/approvalstage-update> and its neighbours.
fn approvals(held: &mut HeldAgainstSchema) {
    let stage = json!({"id": GUID, "displayName": null, "status": "InProgress", "assignedToMe": true, "reviewResult": "NotReviewed",
        "reviewedBy": null, "reviewedDateTime": null, "justification": ""});
    held.hold(&ListOwnApprovals, 200, &page(&json!({"id": GUID})));
    held.hold(&GetApproval { id: GUID }, 200, &json!({"id": GUID, "stages": [stage]}));
    held.hold(&ListApprovalStages { approval: GUID }, 200, &page(&stage));
    let decided = json!({"id": GUID, "status": "Completed", "reviewResult": "Approved", "reviewedBy": {"id": GUID, "displayName": "Ada"},
        "reviewedDateTime": "2021-01-30T13:13:13Z", "justification": "OK"});
    held.hold(&GetApprovalStage { approval: GUID, stage: GUID }, 200, &decided);
    for (decision, justification) in [(ApprovalDecision::Approve, Some("OK")), (ApprovalDecision::Deny, None)] {
        held.hold(&DecideStage { approval: GUID, stage: GUID, decision, justification }, 204, &Value::Null);
    }
    let settings =
        json!({"id": GUID, "durationUntilExternalUserDeletedAfterBlocked": "P30D", "externalUserLifecycleAction": "blockSignInAndDelete"});
    held.hold(&GetEntitlementSettings, 200, &settings);
    let change = EntitlementSettings {
        external_user_lifecycle_action: Some(ExternalUserLifecycleAction::Nothing),
        duration_until_external_user_deleted_after_blocked: Some(IsoDuration::days(30)),
    };
    held.hold(&UpdateEntitlementSettings { change: &change }, 204, &Value::Null);
}

/// Examples of <https://learn.microsoft.com/graph/api/group-post-groups> and its neighbours.
fn directory(held: &mut HeldAgainstSchema) {
    let group = json!({"id": GUID, "displayName": "Library Assist", "description": "Self help", "mail": null, "mailEnabled": false,
        "mailNickname": "library", "securityEnabled": true, "groupTypes": [], "membershipRule": null, "onPremisesSyncEnabled": null,
        "isAssignableToRole": null});
    held.hold(&SearchGroups { text: "Lib" }, 200, &page(&group));
    held.hold(&GetGroup { id: GUID }, 200, &group);
    let new = NewGroup { display_name: "Library Assist".into(), description: "Self help".into(), mail_nickname: "library".into() };
    held.hold(&CreateGroup { group: &new }, 201, &group);
    held.hold(&AddMember { root: ROOT, group: GUID, member: GUID }, 204, &Value::Null);
    held.hold(&RemoveMember { group: GUID, member: GUID }, 204, &Value::Null);
    let app = json!({"id": GUID, "appId": GUID, "displayName": "Wiki", "accountEnabled": true, "servicePrincipalType": "Application",
        "appRoles": [{"id": GUID, "displayName": "Reader", "description": "Reads", "value": "read", "isEnabled": true,
            "allowedMemberTypes": ["User"], "origin": "Application"}]});
    held.hold(&SearchServicePrincipals { text: "Wi" }, 200, &page(&app));
    let site = json!({"id": "contoso.sharepoint.com,1,2", "displayName": "Community", "webUrl": "https://contoso.sharepoint.com/c"});
    held.hold(&SearchSites { text: "Community" }, 200, &page(&site));
}

/// Names of the types below these folders that are operations.
fn operations(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            operations(&path, names);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let implemented = text.lines().filter_map(|line| line.strip_prefix("impl Operation for "));
            names.extend(implemented.filter_map(|rest| rest.split(['<', ' ']).next()).map(str::to_owned));
        }
    }
}

#[test]
fn each_request_and_its_documented_answer_is_of_the_published_schema() {
    let mut held = HeldAgainstSchema::default();
    let all = [catalogs, resources, packages, policies, organizations, requests, approvals, directory];
    all.iter().for_each(|hold| hold(&mut held));
    let mut names = BTreeSet::new();
    for folder in ["entitlement", "groups", "service_principals", "sites", "tenants", "users/sponsors"] {
        operations(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/graph/src").join(folder), &mut names);
    }
    assert_eq!(held.0, names, "each operation is held against the schema");
}

#[test]
fn a_request_by_address_in_the_spelling_of_the_documentation_is_an_exception_of_one_member() {
    let terms = NewAssignment { policy: GUID, schedule: None, answers: &[] };
    let by_address = |spelling| {
        let change = RequestedChange::AssignByAddress { email: "a@x.example", terms, spelling };
        let body = CreateAssignmentRequest { package: GUID, change, justification: None }.request().body.unwrap();
        serde_json::from_str::<Value>(&body).unwrap()
    };
    let (ours, documented) = (by_address(AddressSpelling::Assignment), by_address(AddressSpelling::AccessPackageAssignment));
    assert_eq!(ours["assignment"], documented["accessPackageAssignment"]);
    assert_eq!((documented.get("assignment"), ours.get("accessPackageAssignment")), (None, None));
}
