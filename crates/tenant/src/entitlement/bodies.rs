//! Bodies that entitlement management takes. microsoftgraph/msgraph-metadata @ f54f11b6, schemas/v1.0-Prod.csdl; what the schema has not and
//! the documentation sends is named where it stands.

use crate::graph_api::refusal;
use crate::payload::{self, Enumeration, MemberKind, Shape};
use graph::{Reply, Request};
use serde_json::{Map, Value};

const TEXT: MemberKind = MemberKind::Text;
const FLAG: MemberKind = MemberKind::Bool;
const TIME: MemberKind = MemberKind::Time;
const DURATION: MemberKind = MemberKind::Duration;
/// An object of which only the id counts.
const ANY: MemberKind = MemberKind::Some;

type ShapeMembers = &'static [(&'static str, MemberKind)];

const fn shape(name: &'static str, members: ShapeMembers) -> Shape {
    Shape { name, members, is_open: false }
}

static CATALOG_STATE: Enumeration = Enumeration { name: "accessPackageCatalogState", members: &["unpublished", "published"] };
static TARGET_SCOPE: Enumeration = Enumeration {
    name: "allowedTargetScope",
    members: &[
        "notSpecified",
        "specificDirectoryUsers",
        "specificConnectedOrganizationUsers",
        "specificDirectoryServicePrincipals",
        "allMemberUsers",
        "allDirectoryUsers",
        "allDirectoryServicePrincipals",
        "allConfiguredConnectedOrganizationUsers",
        "allExternalUsers",
        "allDirectoryAgentIdentities",
    ],
};
static EXPIRATION_TYPE: Enumeration =
    Enumeration { name: "expirationPatternType", members: &["notSpecified", "noExpiration", "afterDateTime", "afterDuration"] };
static VISIBILITY: Enumeration = Enumeration { name: "approverInformationVisibility", members: &["default", "notVisible", "visible"] };
static REVIEW_EXPIRATION: Enumeration =
    Enumeration { name: "accessReviewExpirationBehavior", members: &["keepAccess", "removeAccess", "acceptAccessRecommendation"] };
static ORGANIZATION_STATE: Enumeration = Enumeration { name: "connectedOrganizationState", members: &["configured", "proposed"] };
static SOCIAL: Enumeration = Enumeration { name: "socialIdentitySourceType", members: &["facebook"] };
static LIFECYCLE: Enumeration =
    Enumeration { name: "accessPackageExternalUserLifecycleAction", members: &["none", "blockSignIn", "blockSignInAndDelete"] };
pub(super) static REQUEST_TYPE: Enumeration = Enumeration {
    name: "accessPackageRequestType",
    members: &["userAdd", "userUpdate", "userRemove", "adminAdd", "adminUpdate", "adminRemove", "onBehalfAdd", "approverRemove"],
};

pub(super) static CATALOG: Shape = shape(
    "accessPackageCatalog",
    &[
        ("id", TEXT),
        ("displayName", TEXT),
        ("description", TEXT),
        ("state", MemberKind::Named(&CATALOG_STATE)),
        ("isExternallyVisible", FLAG),
        ("catalogType", TEXT),
        ("createdDateTime", TIME),
        ("modifiedDateTime", TIME),
    ],
);
pub(super) static PACKAGE: Shape = shape(
    "accessPackage",
    &[
        ("id", TEXT),
        ("displayName", TEXT),
        ("description", TEXT),
        ("isHidden", FLAG),
        ("catalog", ANY),
        ("createdDateTime", TIME),
        ("modifiedDateTime", TIME),
    ],
);
static RESOURCE: Shape = shape(
    "accessPackageResource",
    &[
        ("id", TEXT),
        ("originId", TEXT),
        ("originSystem", TEXT),
        ("displayName", TEXT),
        ("description", TEXT),
        ("attributes", ANY),
        ("environment", ANY),
        ("roles", ANY),
        ("scopes", ANY),
    ],
);
pub(super) static RESOURCE_REQUEST: Shape = shape(
    "accessPackageResourceRequest",
    &[("requestType", MemberKind::Named(&REQUEST_TYPE)), ("resource", MemberKind::One(&RESOURCE)), ("catalog", ANY)],
);
static ROLE: Shape = shape(
    "accessPackageResourceRole",
    &[
        ("id", TEXT),
        ("originId", TEXT),
        ("originSystem", TEXT),
        ("displayName", TEXT),
        ("description", TEXT),
        ("type", TEXT),
        ("resource", MemberKind::One(&RESOURCE)),
    ],
);
static SCOPE: Shape = shape(
    "accessPackageResourceScope",
    &[
        ("id", TEXT),
        ("originId", TEXT),
        ("originSystem", TEXT),
        ("displayName", TEXT),
        ("description", TEXT),
        ("isRootScope", FLAG),
        ("resource", MemberKind::One(&RESOURCE)),
    ],
);
pub(super) static ROLE_SCOPE: Shape =
    shape("accessPackageResourceRoleScope", &[("id", TEXT), ("role", MemberKind::One(&ROLE)), ("scope", MemberKind::One(&SCOPE))]);

static SINGLE_USER: Shape = shape("singleUser", &[("userId", TEXT), ("description", TEXT)]);
static GROUP_MEMBERS: Shape = shape("groupMembers", &[("groupId", TEXT), ("description", TEXT)]);
static ORGANIZATION_MEMBERS: Shape = shape("connectedOrganizationMembers", &[("connectedOrganizationId", TEXT), ("description", TEXT)]);
static REQUESTOR_MANAGER: Shape = shape("requestorManager", &[("managerLevel", MemberKind::Number)]);
static TARGET_MANAGER: Shape = shape("targetManager", &[("managerLevel", MemberKind::Number)]);
static INTERNAL_SPONSORS: Shape = shape("internalSponsors", &[]);
static EXTERNAL_SPONSORS: Shape = shape("externalSponsors", &[]);
static TARGET_SPONSORS: Shape = shape("targetUserSponsors", &[]);
static RULE_MEMBERS: Shape = shape("attributeRuleMembers", &[("membershipRule", TEXT), ("description", TEXT)]);
static SINGLE_PRINCIPAL: Shape = shape("singleServicePrincipal", &[("servicePrincipalId", TEXT), ("description", TEXT)]);
static SUBJECT_SET: MemberKind = MemberKind::OneOf(&[
    &SINGLE_USER,
    &GROUP_MEMBERS,
    &ORGANIZATION_MEMBERS,
    &REQUESTOR_MANAGER,
    &TARGET_MANAGER,
    &INTERNAL_SPONSORS,
    &EXTERNAL_SPONSORS,
    &TARGET_SPONSORS,
    &RULE_MEMBERS,
    &SINGLE_PRINCIPAL,
]);
const SUBJECT_SETS: MemberKind = MemberKind::Many(&SUBJECT_SET);

static EXPIRATION: Shape =
    shape("expirationPattern", &[("type", MemberKind::Named(&EXPIRATION_TYPE)), ("duration", DURATION), ("endDateTime", TIME)]);
static SCHEDULE: Shape =
    shape("entitlementManagementSchedule", &[("startDateTime", TIME), ("expiration", MemberKind::One(&EXPIRATION)), ("recurrence", ANY)]);
static REQUESTOR_SETTINGS: Shape = shape(
    "accessPackageAssignmentRequestorSettings",
    &[
        ("allowCustomAssignmentSchedule", FLAG),
        ("enableOnBehalfRequestorsToAddAccess", FLAG),
        ("enableOnBehalfRequestorsToRemoveAccess", FLAG),
        ("enableOnBehalfRequestorsToUpdateAccess", FLAG),
        ("enableTargetsToSelfAddAccess", FLAG),
        ("enableTargetsToSelfRemoveAccess", FLAG),
        ("enableTargetsToSelfUpdateAccess", FLAG),
        ("onBehalfRequestors", SUBJECT_SETS),
    ],
);
static APPROVAL_STAGE: Shape = shape(
    "accessPackageApprovalStage",
    &[
        ("approverInformationVisibility", MemberKind::Named(&VISIBILITY)),
        ("durationBeforeAutomaticDenial", DURATION),
        ("durationBeforeEscalation", DURATION),
        ("escalationApprovers", SUBJECT_SETS),
        ("fallbackEscalationApprovers", SUBJECT_SETS),
        ("fallbackPrimaryApprovers", SUBJECT_SETS),
        ("isApproverJustificationRequired", FLAG),
        ("isEscalationEnabled", FLAG),
        ("primaryApprovers", SUBJECT_SETS),
    ],
);
static STAGES: MemberKind = MemberKind::One(&APPROVAL_STAGE);
static APPROVAL_SETTINGS: Shape = shape(
    "accessPackageAssignmentApprovalSettings",
    &[
        ("isApprovalRequiredForAdd", FLAG),
        ("isApprovalRequiredForUpdate", FLAG),
        ("isRequestorJustificationRequired", FLAG),
        ("stages", MemberKind::Many(&STAGES)),
    ],
);
static REVIEW_SETTINGS: Shape = shape(
    "accessPackageAssignmentReviewSettings",
    &[
        ("expirationBehavior", MemberKind::Named(&REVIEW_EXPIRATION)),
        ("fallbackReviewers", SUBJECT_SETS),
        ("isEnabled", FLAG),
        ("isRecommendationEnabled", FLAG),
        ("isReviewerJustificationRequired", FLAG),
        ("isSelfReview", FLAG),
        ("primaryReviewers", SUBJECT_SETS),
        ("schedule", MemberKind::One(&SCHEDULE)),
    ],
);
static NOTIFICATIONS: Shape = shape("accessPackageNotificationSettings", &[("isAssignmentNotificationDisabled", FLAG)]);
static AUTOMATIC: Shape = shape(
    "accessPackageAutomaticRequestSettings",
    &[
        ("gracePeriodBeforeAccessRemoval", DURATION),
        ("removeAccessWhenTargetLeavesAllowedTargets", FLAG),
        ("requestAccessForAllowedTargets", FLAG),
    ],
);
static LOCALIZED: Shape = shape("accessPackageLocalizedText", &[("languageCode", MemberKind::Needed), ("text", TEXT)]);
static LOCALIZED_TEXT: MemberKind = MemberKind::One(&LOCALIZED);
const LOCALIZATIONS: MemberKind = MemberKind::Many(&LOCALIZED_TEXT);
static CHOICE: Shape = shape("accessPackageAnswerChoice", &[("actualValue", TEXT), ("text", TEXT), ("localizations", LOCALIZATIONS)]);
static CHOICES: MemberKind = MemberKind::One(&CHOICE);
static TEXT_QUESTION: Shape = shape(
    "accessPackageTextInputQuestion",
    &[
        ("id", TEXT),
        ("isAnswerEditable", FLAG),
        ("isRequired", FLAG),
        ("localizations", LOCALIZATIONS),
        ("sequence", MemberKind::Number),
        ("text", TEXT),
        ("isSingleLineQuestion", FLAG),
        ("regexPattern", TEXT),
    ],
);
static CHOICE_QUESTION: Shape = shape(
    "accessPackageMultipleChoiceQuestion",
    &[
        ("id", TEXT),
        ("isAnswerEditable", FLAG),
        ("isRequired", FLAG),
        ("localizations", LOCALIZATIONS),
        ("sequence", MemberKind::Number),
        ("text", TEXT),
        ("choices", MemberKind::Many(&CHOICES)),
        ("isMultipleSelectionAllowed", FLAG),
    ],
);
static QUESTION: MemberKind = MemberKind::OneOf(&[&TEXT_QUESTION, &CHOICE_QUESTION]);

pub(super) static POLICY: Shape = shape(
    "accessPackageAssignmentPolicy",
    &[
        ("id", TEXT),
        ("displayName", TEXT),
        ("description", TEXT),
        ("allowedTargetScope", MemberKind::Named(&TARGET_SCOPE)),
        ("specificAllowedTargets", SUBJECT_SETS),
        ("expiration", MemberKind::One(&EXPIRATION)),
        ("requestorSettings", MemberKind::One(&REQUESTOR_SETTINGS)),
        ("requestApprovalSettings", MemberKind::One(&APPROVAL_SETTINGS)),
        ("reviewSettings", MemberKind::One(&REVIEW_SETTINGS)),
        ("notificationSettings", MemberKind::One(&NOTIFICATIONS)),
        ("automaticRequestSettings", MemberKind::One(&AUTOMATIC)),
        ("questions", MemberKind::Many(&QUESTION)),
        ("customExtensionStageSettings", ANY),
        ("accessPackage", ANY),
        ("catalog", ANY),
        ("createdDateTime", TIME),
        ("modifiedDateTime", TIME),
    ],
);

static DOMAIN_SOURCE: Shape = shape("domainIdentitySource", &[("domainName", TEXT), ("displayName", TEXT)]);
static TENANT_SOURCE: Shape = shape("azureActiveDirectoryTenant", &[("tenantId", TEXT), ("displayName", TEXT)]);
static CLOUD_SOURCE: Shape =
    shape("crossCloudAzureActiveDirectoryTenant", &[("tenantId", TEXT), ("displayName", TEXT), ("cloudInstance", MemberKind::Needed)]);
static FEDERATION_SOURCE: Shape = shape("externalDomainFederation", &[("domainName", TEXT), ("displayName", TEXT), ("issuerUri", TEXT)]);
static SOCIAL_SOURCE: Shape =
    shape("socialIdentitySource", &[("displayName", TEXT), ("socialIdentitySourceType", MemberKind::Named(&SOCIAL))]);
static SOURCE: MemberKind = MemberKind::OneOf(&[&DOMAIN_SOURCE, &TENANT_SOURCE, &CLOUD_SOURCE, &FEDERATION_SOURCE, &SOCIAL_SOURCE]);

pub(super) static ORGANIZATION: Shape = shape(
    "connectedOrganization",
    &[
        ("id", TEXT),
        ("displayName", TEXT),
        ("description", TEXT),
        ("identitySources", MemberKind::Many(&SOURCE)),
        ("state", MemberKind::Named(&ORGANIZATION_STATE)),
        ("createdDateTime", TIME),
        ("modifiedDateTime", TIME),
    ],
);
pub(super) static SETTINGS: Shape = shape(
    "entitlementManagementSettings",
    &[
        ("id", TEXT),
        ("durationUntilExternalUserDeletedAfterBlocked", DURATION),
        ("externalUserLifecycleAction", MemberKind::Named(&LIFECYCLE)),
    ],
);

static SUBJECT: Shape = shape("accessPackageSubject", &[("objectId", TEXT), ("email", TEXT), ("displayName", TEXT)]);
/// The three ids are documented and not in the schema: <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentrequests>.
static ASSIGNMENT: Shape = shape(
    "accessPackageAssignment",
    &[
        ("id", TEXT),
        ("targetId", TEXT),
        ("assignmentPolicyId", TEXT),
        ("accessPackageId", TEXT),
        ("target", MemberKind::One(&SUBJECT)),
        ("assignmentPolicy", ANY),
        ("accessPackage", ANY),
        ("schedule", MemberKind::One(&SCHEDULE)),
    ],
);
static ANSWERED: Shape = Shape { name: "accessPackageQuestion", members: &[("id", TEXT)], is_open: true };
static ANSWER_STRING: Shape =
    shape("accessPackageAnswerString", &[("value", TEXT), ("displayValue", TEXT), ("answeredQuestion", MemberKind::One(&ANSWERED))]);
static ANSWER: MemberKind = MemberKind::OneOf(&[&ANSWER_STRING]);
/// With the member of beta that the documentation of v1.0 sends.
pub(super) static REQUEST: Shape = shape(
    "accessPackageAssignmentRequest",
    &[
        ("id", TEXT),
        ("requestType", MemberKind::Named(&REQUEST_TYPE)),
        ("assignment", MemberKind::One(&ASSIGNMENT)),
        ("accessPackageAssignment", MemberKind::One(&ASSIGNMENT)),
        ("accessPackage", ANY),
        ("justification", TEXT),
        ("answers", MemberKind::Many(&ANSWER)),
        ("schedule", MemberKind::One(&SCHEDULE)),
    ],
);
pub(super) static DECISION: Shape = shape("approvalStage", &[("id", TEXT), ("reviewResult", TEXT), ("justification", TEXT)]);
pub(super) static CALLBACK: Shape = shape("customExtensionCallback", &[("source", TEXT), ("type", TEXT), ("data", ANY)]);
pub(super) static ROLE_ASSIGNMENT: Shape = shape(
    "unifiedRoleAssignment",
    &[
        ("id", TEXT),
        ("principalId", TEXT),
        ("roleDefinitionId", TEXT),
        ("appScopeId", TEXT),
        ("directoryScopeId", TEXT),
        ("condition", TEXT),
    ],
);
pub(super) static REFERENCE: Shape = shape("directoryObject", &[]);

/// The body of a request, with names of enumerations as the schema spells them.
///
/// # Errors
/// 400 `InvalidModel`, whatever is wrong with it: microsoft-graph-docs #9895, #14493.
pub(super) fn read(request: &Request, shape: &'static Shape) -> Result<Map<String, Value>, Reply> {
    match payload::read(request, shape) {
        Ok(Value::Object(mut body)) => {
            payload::respell(&mut body, shape);
            Ok(body)
        }
        _ => Err(invalid_model()),
    }
}

/// A text of a body; empty where there is none.
pub(super) fn text<'a>(body: &'a Map<String, Value>, name: &str) -> &'a str {
    member(body, name).as_str().unwrap_or_default()
}

/// A member of a body; null where it is missing.
pub(super) fn member<'a>(body: &'a Map<String, Value>, name: &str) -> &'a Value {
    body.get(name).unwrap_or(&Value::Null)
}

/// What a body names by its id, in a navigation: `{"catalog": {"id": …}}`.
pub(super) fn named_id<'a>(body: &'a Map<String, Value>, name: &str) -> &'a str {
    member(body, name)["id"].as_str().unwrap_or_default()
}

pub(super) fn invalid_model() -> Reply {
    refusal(400, "InvalidModel", "Model is not valid.")
}
