//! Changing a connected organization. <https://learn.microsoft.com/graph/api/connectedorganization-update>

use super::{ConnectedOrganization, ConnectedOrganizationState};
use crate::entitlement::{EntitlementRefusal, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde::Serialize;

/// 202 with the [`ConnectedOrganization`], without its sources.
#[derive(Clone, Copy, Debug)]
pub struct UpdateConnectedOrganization<'a> {
    /// Graph's.
    pub id: &'a str,
    /// What is to be different.
    pub change: &'a ConnectedOrganizationChange,
}

/// What is to be different; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectedOrganizationChange {
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Another description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it counts as chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ConnectedOrganizationState>,
}

impl Operation for UpdateConnectedOrganization<'_> {
    type Output = ConnectedOrganization;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::patch(one("connectedOrganizations", self.id), self.change)
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
    use serde_json::json;

    #[test]
    fn only_what_is_to_be_different_is_said_and_the_answer_shows_no_sources() {
        let change =
            ConnectedOrganizationChange { state: Some(ConnectedOrganizationState::Configured), ..ConnectedOrganizationChange::default() };
        let update = UpdateConnectedOrganization { id: "o", change: &change };
        writes(&update, "PATCH", &format!("{ROOT}/connectedOrganizations/o"), &json!({"state": "configured"}));
        let told = update.read(&reply(202, r#"{"id":"o","state":"configured","identitySources":null}"#)).unwrap();
        assert_eq!((told.identity_sources, update.after_loss()), (vec![], AfterLoss::Repeat));
        refuses(&update, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
