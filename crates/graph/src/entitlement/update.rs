//! Changing what stands below entitlement management and has a name and a description. A policy is replaced as a whole instead.

use super::catalogs::CatalogState;
use super::connected_organizations::ConnectedOrganizationState;
use super::members::object;
use super::{ACCEPTED, EntitlementKind, EntitlementRefusal, NO_CONTENT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};
use serde_json::{Value, json};

/// 204 without a body; of a connected organization 202, with it as it is but for its sources.
/// <https://learn.microsoft.com/graph/api/accesspackage-update>,
/// <https://learn.microsoft.com/graph/api/accesspackagecatalog-update>,
/// <https://learn.microsoft.com/graph/api/connectedorganization-update>
#[derive(Clone, Copy, Debug)]
pub struct UpdateEntitlement<'a> {
    /// Graph's.
    pub id: &'a str,
    /// What is to be different.
    pub change: &'a EntitlementChange,
}

/// What is to be different; what is left out stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitlementChange {
    /// Another name.
    pub display_name: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// What only this kind has.
    pub own: OwnChange,
}

/// What is to be different of what only one kind has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnChange {
    /// Of a package.
    AccessPackage {
        /// Whether it can be asked for by its link alone.
        is_hidden: Option<bool>,
    },
    /// Of a catalog.
    Catalog {
        /// Whether its packages can be asked for.
        state: Option<CatalogState>,
        /// Whether people of other organisations can ask for its packages.
        is_externally_visible: Option<bool>,
    },
    /// Of a connected organization.
    ConnectedOrganization {
        /// Whether it counts as chosen.
        state: Option<ConnectedOrganizationState>,
    },
}

impl From<OwnChange> for EntitlementChange {
    /// Name and description stay.
    fn from(own: OwnChange) -> Self {
        Self { display_name: None, description: None, own }
    }
}

impl OwnChange {
    const fn kind(&self) -> EntitlementKind {
        match self {
            Self::AccessPackage { .. } => EntitlementKind::AccessPackage,
            Self::Catalog { .. } => EntitlementKind::Catalog,
            Self::ConnectedOrganization { .. } => EntitlementKind::ConnectedOrganization,
        }
    }

    fn members(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::AccessPackage { is_hidden } => vec![("isHidden", json!(is_hidden))],
            Self::Catalog { state, is_externally_visible } => {
                vec![("state", json!(state)), ("isExternallyVisible", json!(is_externally_visible))]
            }
            Self::ConnectedOrganization { state } => vec![("state", json!(state))],
        }
    }
}

impl Operation for UpdateEntitlement<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let EntitlementChange { display_name, description, own } = self.change;
        let named = [("displayName", json!(display_name)), ("description", json!(description))];
        Request::patch(own.kind().path(self.id), &object(named.into_iter().chain(own.members())))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        let is_organization = self.change.own.kind() == EntitlementKind::ConnectedOrganization;
        reply.carried_out(&[if is_organization { ACCEPTED } else { NO_CONTENT }])
    }

    /// The same change twice is the same.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{refuses, reply, writes};

    #[test]
    fn only_what_is_to_be_different_is_said() {
        let check = |change: EntitlementChange, collection: &str, body: Value, (status, answer): (u16, &str)| {
            let update = UpdateEntitlement { id: "a/b", change: &change };
            writes(&update, "PATCH", &format!("{ROOT}/{collection}/a%2Fb"), &body);
            assert_eq!((update.read(&reply(status, answer)), update.after_loss()), (Ok(()), AfterLoss::Repeat), "{collection}");
            assert!([200, 202, 204].iter().filter(|other| **other != status).all(|other| update.read(&reply(*other, "")).is_err()));
            refuses(&update, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
        };
        let hidden = OwnChange::AccessPackage { is_hidden: Some(true) };
        check(hidden.into(), "accessPackages", json!({"isHidden": true}), (204, ""));
        let renamed = EntitlementChange {
            display_name: Some("Sales".into()),
            description: Some(String::new()),
            own: OwnChange::AccessPackage { is_hidden: None },
        };
        check(renamed, "accessPackages", json!({"displayName": "Sales", "description": ""}), (204, ""));
        let draft = OwnChange::Catalog { state: Some(CatalogState::Unpublished), is_externally_visible: Some(false) };
        check(draft.into(), "catalogs", json!({"state": "unpublished", "isExternallyVisible": false}), (204, ""));
        let configured = OwnChange::ConnectedOrganization { state: Some(ConnectedOrganizationState::Configured) };
        let answer = r#"{"id":"o","state":"configured","identitySources":null}"#;
        check(configured.into(), "connectedOrganizations", json!({"state": "configured"}), (202, answer));
    }
}
