//! Somebody as entitlement management knows them. <https://learn.microsoft.com/graph/api/resources/accesspackagesubject>

use super::connected_organizations::ConnectedOrganization;
use crate::enumeration::enumeration;
use serde::Deserialize;

enumeration! {
    /// Who may be given access.
    pub enum SubjectType {
        /// Nothing is said.
        NotSpecified = "notSpecified",
        /// A person.
        User = "user",
        /// An app.
        ServicePrincipal = "servicePrincipal",
    }
}

enumeration! {
    /// Whether the lifecycle of the tenant's settings holds for a guest.
    pub enum SubjectLifecycle {
        /// Nothing is said.
        NotDefined = "notDefined",
        /// It does not.
        NotGoverned = "notGoverned",
        /// It does: when the last assignment ends, what the settings say happens.
        Governed = "governed",
    }
}

/// Who asked, or whom something is for. Somebody who was named by address has no object id until they are in the directory, and sometimes
/// nothing but the address for good (microsoft-graph-docs-contrib #2664).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PackageSubject {
    /// In the directory.
    pub object_id: Option<String>,
    /// As it was given, or main address.
    pub email: Option<String>,
    /// What address books show.
    pub display_name: Option<String>,
    /// Sign-in name.
    pub principal_name: Option<String>,
    /// Person or app.
    pub subject_type: Option<SubjectType>,
    /// Global cloud only.
    pub subject_lifecycle: Option<SubjectLifecycle>,
    /// Where they come from; only where it was asked for.
    pub connected_organization: Option<ConnectedOrganization>,
}

impl PackageSubject {
    /// Whether this is who has this object id or address, whatever its case.
    pub fn is(&self, id_or_address: &str) -> bool {
        let texts = [&self.object_id, &self.email, &self.principal_name];
        texts.into_iter().flatten().any(|text| text.eq_ignore_ascii_case(id_or_address))
    }
}
