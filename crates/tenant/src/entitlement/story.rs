//! What partners can ask Contoso for when its story begins: one package as it should be, and one with all that is worth a look.

use super::Governance;
use super::access::RoleAssignmentRecord;
use super::resources::CatalogResource;
use super::role_scopes::RoleScopeRecord;
use super::stored::StoredObject;
use crate::contoso::CREATED;
use crate::directory::Directory;
use crate::groups::Groups;
use crate::partners::PartnerTenant;
use serde_json::{Value, json};

/// The catalog for partners.
const PARTNERS: &str = "9e4e2a10-c070-4050-a000-c0ffee00000b";
const FABRIKAM: &str = "9e4e2a10-c070-4050-a000-c0ffee00000c";
const WOODGROVE: &str = "9e4e2a10-c070-4050-a000-c0ffee00000d";
const SALES: &str = "9e4e2a10-c070-4050-a000-c0ffee00000e";
const ALPINE: &str = "9e4e2a10-c070-4050-a000-c0ffee00000f";

impl Governance {
    /// As Contoso has it from the start.
    pub(crate) fn of_contoso(people: &Directory, groups: &Groups) -> Self {
        let mut all = Self::default();
        let stored = |id: &str, parent: &str, body: Value| StoredObject::new(id.into(), parent.into(), body, CREATED);
        all.catalogs.add(stored(
            PARTNERS,
            "",
            json!({"displayName": "Partners", "description": "What people of partner organizations can ask for.", "catalogType": "userManaged",
                "state": "published", "isExternallyVisible": true}),
        ));
        if let Some(owner) = people.by_address("governance-admin@contoso.example") {
            let id = "9e4e2a10-c070-4050-a000-c0ffee000016".into();
            all.role_assignments.push(RoleAssignmentRecord::owner(id, owner, PARTNERS, CREATED));
        }
        for (id, domain, state) in [(FABRIKAM, "fabrikam.example", "configured"), (WOODGROVE, "woodgrove.example", "proposed")] {
            let Some(partner) = PartnerTenant::by_domain(domain) else { continue };
            let source = json!({"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "tenantId": partner.id,
                "displayName": partner.name});
            let body = json!({"displayName": partner.name, "description": domain, "state": state, "identitySources": [source]});
            all.organizations.add(stored(id, "", body));
        }
        let package = |name: &str, description: &str, is_hidden: bool| json!({"displayName": name, "description": description, "isHidden": is_hidden});
        let sales = package("Sales partner access", "The partner site and the shared folders of people who sell with us.", false);
        let alpine = package("Project Alpine", "Everything that people of the project work with.", true);
        all.packages.add(stored(SALES, PARTNERS, sales));
        all.packages.add(stored(ALPINE, PARTNERS, alpine));
        let approver = people.by_address("user-admin@contoso.example").map(|person| person.id.clone()).unwrap_or_default();
        all.policies.add(stored("9e4e2a10-c070-4050-a000-c0ffee000010", SALES, fabrikam(&approver)));
        all.policies.add(stored("9e4e2a10-c070-4050-a000-c0ffee000011", ALPINE, anybody()));
        for (number, name, package) in [(12, "Sales partners", SALES), (13, "Project Alpine", ALPINE)] {
            let Some(group) = groups.living().find(|group| group.display_name == name) else { continue };
            let id = format!("9e4e2a10-c070-4050-a000-c0ffee0000{number}");
            let resource = CatalogResource::of_group(id, PARTNERS.into(), group, CREATED);
            all.role_scopes.push(RoleScopeRecord::new(package.into(), &resource.id, format!("Member_{}", group.id), CREATED));
            all.resources.push(resource);
        }
        all
    }
}

fn fabrikam(approver: &str) -> Value {
    let choices = ["Europe", "Americas", "Asia"].map(|name| json!({"actualValue": name, "text": name, "localizations": []}));
    json!({
        "displayName": "Fabrikam people", "description": "People of Fabrikam, once somebody of ours agrees.",
        "allowedTargetScope": "specificConnectedOrganizationUsers",
        "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": FABRIKAM,
            "description": "Fabrikam"}],
        "expiration": {"type": "afterDuration", "duration": "P90D", "endDateTime": null},
        "requestorSettings": requestors(),
        "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "isApprovalRequiredForUpdate": false, "isRequestorJustificationRequired": true,
            "stages": [{"durationBeforeAutomaticDenial": "P14D", "isApproverJustificationRequired": true, "isEscalationEnabled": false,
                "durationBeforeEscalation": "PT0S", "approverInformationVisibility": "default",
                "primaryApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "userId": approver, "description": "Uma Admin"}],
                "fallbackPrimaryApprovers": [], "escalationApprovers": [], "fallbackEscalationApprovers": []}]},
        "questions": [{"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "9e4e2a10-c070-4050-a000-c0ffee000014",
            "text": "Which region do you work in?", "isRequired": true, "isAnswerEditable": true, "sequence": 0, "localizations": [],
            "isMultipleSelectionAllowed": false,
            "choices": choices}],
        "reviewSettings": null, "notificationSettings": null, "automaticRequestSettings": null,
    })
}

fn anybody() -> Value {
    json!({
        "displayName": "Anybody with the link", "description": "People of whichever organization.",
        "allowedTargetScope": "allExternalUsers", "specificAllowedTargets": [],
        "expiration": {"type": "noExpiration", "duration": null, "endDateTime": null},
        "requestorSettings": requestors(),
        "requestApprovalSettings": {"isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": false,
            "isRequestorJustificationRequired": false, "stages": []},
        "questions": [], "reviewSettings": null, "notificationSettings": null, "automaticRequestSettings": null,
    })
}

/// Whoever may ask may ask for themselves: for access and for its end.
fn requestors() -> Value {
    json!({"enableTargetsToSelfAddAccess": true, "enableTargetsToSelfUpdateAccess": false, "enableTargetsToSelfRemoveAccess": true,
        "allowCustomAssignmentSchedule": false, "enableOnBehalfRequestorsToAddAccess": false, "enableOnBehalfRequestorsToUpdateAccess": false,
        "enableOnBehalfRequestorsToRemoveAccess": false, "onBehalfRequestors": []})
}
