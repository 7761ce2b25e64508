//! The types of entitlement management: what can be filtered by, and what leads from one to another.
//! microsoftgraph/msgraph-metadata @ f54f11b6, schemas/v1.0-Prod.csdl.

use crate::filter::{ObjectType, Property};
use crate::resources::Service;

type Navigations = &'static [(&'static str, &'static ObjectType)];

const fn object(name: &'static str, properties: &'static [Property], navigations: Navigations) -> ObjectType {
    ObjectType { name, service: Service::Entitlement, properties, navigations }
}

const NAMED: &[Property] = &[Property::guid("id"), Property::text("displayName").by_prefix().by_part()];

pub(crate) static CATALOG: ObjectType = object(
    "accessPackageCatalog",
    &[
        Property::guid("id"),
        Property::text("displayName").by_prefix().by_part(),
        Property::text("state"),
        Property::text("catalogType"),
        Property::flag("isExternallyVisible"),
    ],
    &[("resources", &RESOURCE), ("accessPackages", &PACKAGE)],
);
pub(crate) static PACKAGE: ObjectType = object(
    "accessPackage",
    &[
        Property::guid("id"),
        Property::text("displayName").by_prefix().by_part(),
        Property::flag("isHidden"),
        Property::guid("catalog/id"),
        Property::time("createdDateTime"),
    ],
    &[
        ("catalog", &CATALOG),
        ("assignmentPolicies", &POLICY),
        ("resourceRoleScopes", &ROLE_SCOPE),
        ("incompatibleAccessPackages", &PACKAGE),
        ("accessPackagesIncompatibleWith", &PACKAGE),
        ("incompatibleGroups", &GROUP),
    ],
);
pub(crate) static POLICY: ObjectType = object(
    "accessPackageAssignmentPolicy",
    &[
        Property::guid("id"),
        Property::text("displayName").by_prefix().by_part(),
        Property::guid("accessPackage/id"),
        Property::guid("catalog/id"),
        Property::text("allowedTargetScope"),
    ],
    &[("accessPackage", &PACKAGE), ("catalog", &CATALOG), ("questions", &QUESTION), ("customExtensionStageSettings", &STAGE_SETTING)],
);
static QUESTION: ObjectType = object("accessPackageQuestion", &[], &[]);
/// Kept as it was sent.
static STAGE_SETTING: ObjectType = object("customExtensionStageSetting", &[], &[("customExtension", &EXTENSION)]);
static EXTENSION: ObjectType = object("customCalloutExtension", &[], &[]);
pub(crate) static RESOURCE: ObjectType = object(
    "accessPackageResource",
    &[Property::guid("id"), Property::text("displayName"), Property::text("originId"), Property::text("originSystem")],
    &[("roles", &ROLE), ("scopes", &SCOPE)],
);
pub(crate) static ROLE: ObjectType = object(
    "accessPackageResourceRole",
    &[Property::text("originId"), Property::text("originSystem"), Property::text("displayName"), Property::guid("resource/id")],
    &[("resource", &RESOURCE)],
);
pub(crate) static SCOPE: ObjectType =
    object("accessPackageResourceScope", &[Property::text("originId"), Property::text("originSystem")], &[("resource", &RESOURCE)]);
pub(crate) static ROLE_SCOPE: ObjectType = object("accessPackageResourceRoleScope", &[], &[("role", &ROLE), ("scope", &SCOPE)]);
pub(crate) static ORGANIZATION: ObjectType = object(
    "connectedOrganization",
    &[Property::guid("id"), Property::text("displayName").by_prefix().by_part(), Property::text("state")],
    &[("internalSponsors", &SPONSOR), ("externalSponsors", &SPONSOR)],
);
pub(crate) static SPONSOR: ObjectType = object("user", NAMED, &[]);
pub(crate) static GROUP: ObjectType = object("group", NAMED, &[]);
pub(crate) static REQUEST: ObjectType = object(
    "accessPackageAssignmentRequest",
    &[
        Property::guid("id"),
        Property::text("state"),
        Property::text("requestType"),
        Property::time("createdDateTime"),
        Property::guid("accessPackage/id"),
        Property::guid("requestor/objectId"),
        Property::guid("assignment/id"),
    ],
    &[("requestor", &SUBJECT), ("accessPackage", &PACKAGE), ("assignment", &ASSIGNMENT)],
);
pub(crate) static ASSIGNMENT: ObjectType = object(
    "accessPackageAssignment",
    &[
        Property::guid("id"),
        Property::text("state"),
        Property::guid("accessPackage/id"),
        Property::guid("assignmentPolicy/id"),
        Property::guid("target/objectId"),
        Property::text("target/email"),
    ],
    &[("target", &SUBJECT), ("accessPackage", &PACKAGE), ("assignmentPolicy", &POLICY)],
);
pub(crate) static SUBJECT: ObjectType =
    object("accessPackageSubject", &[Property::guid("objectId"), Property::text("email")], &[("connectedOrganization", &ORGANIZATION)]);
pub(crate) static APPROVAL: ObjectType = object("approval", &[Property::guid("id")], &[("stages", &STAGE)]);
pub(crate) static STAGE: ObjectType = object("approvalStage", &[Property::guid("id")], &[]);
pub(crate) static SETTINGS: ObjectType = object("entitlementManagementSettings", &[], &[]);
pub(crate) static ROLE_ASSIGNMENT: ObjectType = object(
    "unifiedRoleAssignment",
    &[Property::guid("id"), Property::guid("principalId"), Property::guid("roleDefinitionId"), Property::text("appScopeId")],
    &[],
);
