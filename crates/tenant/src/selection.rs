//! What of a person an answer shows: the properties of user and orgContact, and `$select`.
//! microsoftgraph/msgraph-metadata @ f54f11b6, schemas/v1.0-Prod.csdl.

use super::directory::Person;
use serde_json::{Map, Value, json};

/// What Graph shows of a user unless `$select` names something else. <https://learn.microsoft.com/graph/api/user-list>
const DEFAULT: &str =
    "businessPhones,displayName,givenName,id,jobTitle,mail,mobilePhone,officeLocation,preferredLanguage,surname,userPrincipalName";
/// What `User.ReadBasic.All` shows: the permission's description.
const BASIC: [&str; 6] = ["id", "displayName", "givenName", "surname", "mail", "userPrincipalName"];

/// Properties of a user that nobody at Contoso has a value of: answered with null, or with an empty collection.
const EMPTY: &str = "aboutMe ageGroup city companyName consentProvidedForMinor country department employeeHireDate \
    employeeId employeeLeaveDateTime employeeOrgData employeeType faxNumber givenName isResourceAccount jobTitle \
    lastPasswordChangeDateTime legalAgeGroupClassification mailNickname mobilePhone mySite officeLocation \
    onPremisesDistinguishedName onPremisesDomainName onPremisesImmutableId onPremisesLastSyncDateTime onPremisesSamAccountName \
    onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName passwordPolicies passwordProfile postalCode \
    preferredDataLocation preferredName securityIdentifier showInAddressList signInSessionsValidFromDateTime state streetAddress \
    surname usageLocation deletedDateTime";
const EMPTY_COLLECTIONS: &str = "assignedLicenses assignedPlans businessPhones identities imAddresses interests \
    licenseAssignmentStates onPremisesProvisioningErrors pastProjects provisionedPlans responsibilities schools \
    serviceProvisioningErrors skills";

const OF_CONTACT: &str = "id addresses companyName department displayName givenName jobTitle mail mailNickname phones proxyAddresses \
    surname onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSyncEnabled serviceProvisioningErrors";

/// Whether a directory type has a property of this name, in any case.
pub(super) fn has(kind: &str, name: &str) -> bool {
    let is_it = |own: &str| own.eq_ignore_ascii_case(name);
    match kind {
        "user" => EMPTY.split_whitespace().chain(EMPTY_COLLECTIONS.split_whitespace()).any(is_it),
        "orgContact" => OF_CONTACT.split_whitespace().any(is_it),
        _ => false,
    }
}

/// What `$select` names, in any case, of these members.
pub(super) fn only(all: Value, select: Option<&str>) -> Map<String, Value> {
    let Value::Object(mut members) = all else { return Map::new() };
    if let Some(names) = select {
        members.retain(|own, _| names.split(',').any(|name| name.trim().eq_ignore_ascii_case(own)));
    }
    members
}

impl Person {
    /// Everything that Contoso knows of a person.
    pub(super) fn full(&self) -> Value {
        json!({
            "id": self.id, "displayName": self.display_name, "mail": self.mail,
            "userPrincipalName": self.user_principal_name, "userType": self.user_type,
            "externalUserState": self.external_user_state, "externalUserStateChangeDateTime": self.state_changed,
            "creationType": self.creation_type, "accountEnabled": self.account_enabled,
            "otherMails": self.other_mails, "proxyAddresses": self.proxy_addresses,
            "preferredLanguage": self.preferred_language, "createdDateTime": self.created.iso(),
            "assignedLicenses": self.licenses(),
        })
    }

    /// What `$select` names, or what Graph shows by default. `basic`: as `User.ReadBasic.All` shows it. What is empty, or may not be
    /// seen, is null; a user is an open type, so of a name that no user has nothing comes
    /// (msgraph-sdk-dotnet #1181: "it doesn't fail, but nothing comes").
    pub(super) fn selected(&self, select: Option<&str>, basic: bool) -> Map<String, Value> {
        let full = self.full();
        let mut shown = Map::new();
        for name in select.unwrap_or(DEFAULT).split(',').map(str::trim) {
            let held = full.as_object().and_then(|full| full.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)));
            let empty = |names: &'static str| names.split_whitespace().find(|own| own.eq_ignore_ascii_case(name));
            let found = match held {
                Some((own, value)) => Some((own.as_str(), value.clone())),
                None => empty(EMPTY).map(|own| (own, Value::Null)).or_else(|| empty(EMPTY_COLLECTIONS).map(|own| (own, json!([])))),
            };
            if let Some((own, value)) = found {
                let hidden = if value.is_array() { json!([]) } else { Value::Null };
                shown.insert(own.into(), if basic && !BASIC.contains(&own) { hidden } else { value });
            }
        }
        shown
    }
}
