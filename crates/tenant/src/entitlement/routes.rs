//! What of entitlement management can be asked. What is not here is 404, whatever the schema says.
//! microsoftgraph/microsoft-graph-devx-content @ 6cbd6bbd, permissions/new/permissions.json; that
//! `EntitlementMgmt-SubjectAccess.ReadWrite` reaches approvals depends on a knob (`approvals.rs`).

use super::types::{
    APPROVAL, ASSIGNMENT, CATALOG, GROUP, ORGANIZATION, PACKAGE, POLICY, REQUEST, RESOURCE, ROLE, ROLE_ASSIGNMENT, ROLE_SCOPE, SETTINGS,
    SPONSOR, STAGE,
};
use crate::filter::ObjectType;
use crate::resources::{AllowedCall, GraphRoute, ScopeList, Service, get, post, write};

pub(super) const READING: ScopeList = &["EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"];
pub(super) const WRITING: ScopeList = &["EntitlementManagement.ReadWrite.All"];
/// What is somebody's own.
const OWN_READING: ScopeList =
    &["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"];
const OWN_WRITING: ScopeList = &["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.ReadWrite.All"];

/// Options of a collection and of one object.
const LIST: &[&str] = &["$count", "$expand", "$filter", "$format", "$select", "$skiptoken", "$top"];
const ONE: &[&str] = &["$expand", "$format", "$select"];

/// A path below entitlement management.
macro_rules! em {
    ($path:literal) => {
        concat!("identityGovernance/entitlementManagement/", $path)
    };
}

const fn route(pattern: &'static str, kind: &'static ObjectType, calls: &'static [AllowedCall]) -> GraphRoute {
    GraphRoute { pattern, service: Service::Entitlement, kind, calls }
}

pub(crate) static ROUTES: &[GraphRoute] = &[
    route(
        em!("catalogs"),
        &CATALOG,
        &[
            get(READING, LIST, |tenant, asked| tenant.list_catalogs(asked).into()),
            post(WRITING, |tenant, asked| tenant.create_catalog(asked).into()),
        ],
    ),
    route(
        em!("catalogs/{}"),
        &CATALOG,
        &[
            get(READING, ONE, |tenant, asked| tenant.catalog(asked).into()),
            write("PATCH", WRITING, |tenant, asked| tenant.update_catalog(asked).into()),
            write("DELETE", WRITING, |tenant, asked| tenant.delete_catalog(asked).into()),
        ],
    ),
    route(em!("catalogs/{}/resources"), &RESOURCE, &[get(READING, LIST, |tenant, asked| tenant.list_resources(asked).into())]),
    route(em!("catalogs/{}/resourceRoles"), &ROLE, &[get(READING, LIST, |tenant, asked| tenant.list_resource_roles(asked).into())]),
    route(em!("resourceRequests"), &RESOURCE, &[post(WRITING, |tenant, asked| tenant.request_resource(asked).into())]),
    route(
        em!("accessPackages"),
        &PACKAGE,
        &[
            get(READING, LIST, |tenant, asked| tenant.list_packages(asked).into()),
            post(WRITING, |tenant, asked| tenant.create_package(asked).into()),
        ],
    ),
    route(
        em!("accessPackages/filterByCurrentUser(on)|graph.filterByCurrentUser(on)"),
        &PACKAGE,
        &[get(OWN_READING, LIST, |tenant, asked| tenant.requestable_packages(asked).into())],
    ),
    route(
        em!("accessPackages/{}"),
        &PACKAGE,
        &[
            get(READING, ONE, |tenant, asked| tenant.package(asked).into()),
            write("PATCH", WRITING, |tenant, asked| tenant.update_package(asked).into()),
            write("DELETE", WRITING, |tenant, asked| tenant.delete_package(asked).into()),
        ],
    ),
    route(
        em!("accessPackages/{}/getApplicablePolicyRequirements|graph.getApplicablePolicyRequirements"),
        &PACKAGE,
        &[post(OWN_READING, |tenant, asked| tenant.policy_requirements(asked).into())],
    ),
    route(em!("accessPackages/{}/resourceRoleScopes"), &ROLE_SCOPE, &[post(WRITING, |tenant, asked| tenant.add_role_scope(asked).into())]),
    route(
        em!("accessPackages/{}/resourceRoleScopes/{}"),
        &ROLE_SCOPE,
        &[write("DELETE", WRITING, |tenant, asked| tenant.remove_role_scope(asked).into())],
    ),
    route(
        em!("accessPackages/{}/incompatibleAccessPackages"),
        &PACKAGE,
        &[get(READING, LIST, |tenant, asked| tenant.incompatible(asked, "incompatibleAccessPackages").into())],
    ),
    route(
        em!("accessPackages/{}/accessPackagesIncompatibleWith"),
        &PACKAGE,
        &[get(READING, LIST, |tenant, asked| tenant.incompatible(asked, "accessPackagesIncompatibleWith").into())],
    ),
    route(
        em!("accessPackages/{}/incompatibleGroups"),
        &GROUP,
        &[get(READING, LIST, |tenant, asked| tenant.incompatible(asked, "incompatibleGroups").into())],
    ),
    route(
        em!("accessPackages/{}/incompatibleAccessPackages/$ref"),
        &PACKAGE,
        &[post(WRITING, |tenant, asked| tenant.add_incompatible(asked, false).into())],
    ),
    route(
        em!("accessPackages/{}/incompatibleGroups/$ref"),
        &GROUP,
        &[post(WRITING, |tenant, asked| tenant.add_incompatible(asked, true).into())],
    ),
    route(
        em!("accessPackages/{}/incompatibleAccessPackages/{}/$ref"),
        &PACKAGE,
        &[write("DELETE", WRITING, |tenant, asked| tenant.remove_incompatible(asked, false).into())],
    ),
    route(
        em!("accessPackages/{}/incompatibleGroups/{}/$ref"),
        &GROUP,
        &[write("DELETE", WRITING, |tenant, asked| tenant.remove_incompatible(asked, true).into())],
    ),
    route(
        em!("assignmentPolicies"),
        &POLICY,
        &[
            get(READING, LIST, |tenant, asked| tenant.list_policies(asked).into()),
            post(WRITING, |tenant, asked| tenant.create_policy(asked).into()),
        ],
    ),
    route(
        em!("assignmentPolicies/{}"),
        &POLICY,
        &[
            get(READING, ONE, |tenant, asked| tenant.policy(asked).into()),
            write("PUT", WRITING, |tenant, asked| tenant.replace_policy(asked).into()),
            write("DELETE", WRITING, |tenant, asked| tenant.delete_policy(asked).into()),
        ],
    ),
    route(
        em!("connectedOrganizations"),
        &ORGANIZATION,
        &[
            get(READING, LIST, |tenant, asked| tenant.list_organizations(asked).into()),
            post(WRITING, |tenant, asked| tenant.create_organization(asked).into()),
        ],
    ),
    route(
        em!("connectedOrganizations/{}"),
        &ORGANIZATION,
        &[
            get(READING, ONE, |tenant, asked| tenant.organization_one(asked).into()),
            write("PATCH", WRITING, |tenant, asked| tenant.update_organization(asked).into()),
            write("DELETE", WRITING, |tenant, asked| tenant.delete_organization(asked).into()),
        ],
    ),
    route(
        em!("connectedOrganizations/{}/internalSponsors"),
        &SPONSOR,
        &[get(READING, LIST, |tenant, asked| tenant.organization_sponsors(asked, true).into())],
    ),
    route(
        em!("connectedOrganizations/{}/internalSponsors/$ref"),
        &SPONSOR,
        &[post(WRITING, |tenant, asked| tenant.add_organization_sponsor(asked, true).into())],
    ),
    route(
        em!("connectedOrganizations/{}/internalSponsors/{}/$ref"),
        &SPONSOR,
        &[write("DELETE", WRITING, |tenant, asked| tenant.remove_organization_sponsor(asked, true).into())],
    ),
    route(
        em!("connectedOrganizations/{}/externalSponsors"),
        &SPONSOR,
        &[get(READING, LIST, |tenant, asked| tenant.organization_sponsors(asked, false).into())],
    ),
    route(
        em!("connectedOrganizations/{}/externalSponsors/$ref"),
        &SPONSOR,
        &[post(WRITING, |tenant, asked| tenant.add_organization_sponsor(asked, false).into())],
    ),
    route(
        em!("connectedOrganizations/{}/externalSponsors/{}/$ref"),
        &SPONSOR,
        &[write("DELETE", WRITING, |tenant, asked| tenant.remove_organization_sponsor(asked, false).into())],
    ),
    route(
        em!("assignmentRequests"),
        &REQUEST,
        &[
            get(READING, LIST, |tenant, asked| tenant.list_requests(asked).into()),
            post(OWN_WRITING, |tenant, asked| tenant.submit_request(asked).into()),
        ],
    ),
    route(
        em!("assignmentRequests/filterByCurrentUser(on)|graph.filterByCurrentUser(on)"),
        &REQUEST,
        &[get(OWN_READING, LIST, |tenant, asked| tenant.my_requests(asked).into())],
    ),
    route(
        em!("assignmentRequests/{}"),
        &REQUEST,
        &[
            get(READING, ONE, |tenant, asked| tenant.request_one(asked).into()),
            write("DELETE", WRITING, |tenant, asked| tenant.delete_request(asked).into()),
        ],
    ),
    route(
        em!("assignmentRequests/{}/cancel|graph.cancel"),
        &REQUEST,
        &[post(OWN_WRITING, |tenant, asked| tenant.cancel_request(asked).into())],
    ),
    route(
        em!("assignmentRequests/{}/reprocess|graph.reprocess"),
        &REQUEST,
        &[post(WRITING, |tenant, asked| tenant.reprocess_request(asked).into())],
    ),
    route(
        em!("assignmentRequests/{}/resume|graph.resume"),
        &REQUEST,
        &[post(WRITING, |tenant, asked| tenant.resume_request(asked).into())],
    ),
    route(em!("assignments"), &ASSIGNMENT, &[get(READING, LIST, |tenant, asked| tenant.list_assignments(asked).into())]),
    route(
        em!("assignments/filterByCurrentUser(on)|graph.filterByCurrentUser(on)"),
        &ASSIGNMENT,
        &[get(OWN_READING, LIST, |tenant, asked| tenant.my_assignments(asked).into())],
    ),
    route(
        em!("assignments/additionalAccess(accessPackageId,incompatibleAccessPackageId)"),
        &ASSIGNMENT,
        &[get(READING, LIST, |tenant, asked| tenant.additional_access(asked).into())],
    ),
    route(em!("assignments/{}"), &ASSIGNMENT, &[get(READING, ONE, |tenant, asked| tenant.assignment_one(asked).into())]),
    route(
        em!("assignments/{}/reprocess|graph.reprocess"),
        &ASSIGNMENT,
        &[post(WRITING, |tenant, asked| tenant.reprocess_assignment(asked).into())],
    ),
    route(
        em!("accessPackageAssignmentApprovals/filterByCurrentUser(on)|graph.filterByCurrentUser(on)"),
        &APPROVAL,
        &[get(OWN_READING, LIST, |tenant, asked| tenant.my_approvals(asked).into())],
    ),
    route(em!("accessPackageAssignmentApprovals/{}"), &APPROVAL, &[get(OWN_READING, ONE, |tenant, asked| tenant.approval(asked).into())]),
    route(
        em!("accessPackageAssignmentApprovals/{}/stages"),
        &STAGE,
        &[get(OWN_READING, LIST, |tenant, asked| tenant.approval_stages(asked).into())],
    ),
    route(
        em!("accessPackageAssignmentApprovals/{}/stages/{}"),
        &STAGE,
        &[
            get(OWN_READING, ONE, |tenant, asked| tenant.approval_stage(asked).into()),
            write("PATCH", OWN_WRITING, |tenant, asked| tenant.decide_stage(asked).into()),
        ],
    ),
    route(
        em!("settings"),
        &SETTINGS,
        &[
            get(READING, ONE, |tenant, asked| tenant.lifecycle_settings(asked).into()),
            write("PATCH", WRITING, |tenant, asked| tenant.change_lifecycle_settings(asked).into()),
        ],
    ),
    route(
        "roleManagement/entitlementManagement/roleAssignments",
        &ROLE_ASSIGNMENT,
        &[
            get(READING, LIST, |tenant, asked| tenant.list_role_assignments(asked).into()),
            post(WRITING, |tenant, asked| tenant.assign_catalog_role(asked).into()),
        ],
    ),
    route(
        "roleManagement/entitlementManagement/roleAssignments/{}",
        &ROLE_ASSIGNMENT,
        &[write("DELETE", WRITING, |tenant, asked| tenant.remove_catalog_role(asked).into())],
    ),
];
