//! Apps of the tenant, with the roles that they define. <https://learn.microsoft.com/graph/api/resources/serviceprincipal>

mod search;

pub use search::SearchServicePrincipals;

use serde::Deserialize;

/// What somebody has of an app that defines no roles. <https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto>
pub const DEFAULT_APP_ROLE: &str = "00000000-0000-0000-0000-000000000000";

/// An app in this tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServicePrincipal {
    /// Object id, in this tenant.
    pub id: String,
    /// The same in every tenant.
    pub app_id: Option<String>,
    /// It need not be unique.
    pub display_name: Option<String>,
    /// Whether anybody can sign in to it.
    pub account_enabled: Option<bool>,
    /// `Application`, `ManagedIdentity`, …
    pub service_principal_type: Option<String>,
    /// Enabled or not, for people or apps.
    pub app_roles: Vec<AppRole>,
}

impl ServicePrincipal {
    /// The roles that can be given to people.
    pub fn roles_for_people(&self) -> impl Iterator<Item = &AppRole> {
        let is_for_people = |role: &&AppRole| role.is_enabled && role.allowed_member_types.iter().any(|kind| kind == "User");
        self.app_roles.iter().filter(is_for_people)
    }
}

/// A role that an app defines. <https://learn.microsoft.com/graph/api/resources/approle>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppRole {
    /// The same in every tenant.
    pub id: String,
    /// For showing.
    pub display_name: Option<String>,
    /// For showing.
    pub description: Option<String>,
    /// What tokens say.
    pub value: Option<String>,
    /// Whether it can be given at all.
    pub is_enabled: bool,
    /// `User`, `Application` or both.
    pub allowed_member_types: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_enabled_roles_for_people_can_be_given_to_them() {
        let role = |id: &str, is_enabled: bool, kind: &str| AppRole {
            id: id.into(),
            is_enabled,
            allowed_member_types: vec![kind.into()],
            ..AppRole::default()
        };
        let app_roles = vec![role("1", true, "User"), role("2", false, "User"), role("3", true, "Application")];
        let app = ServicePrincipal { app_roles, ..ServicePrincipal::default() };
        assert_eq!(app.roles_for_people().map(|role| role.id.as_str()).collect::<Vec<_>>(), ["1"]);
    }
}
