//! Changing a catalog. <https://learn.microsoft.com/graph/api/accesspackagecatalog-update>

use super::CatalogState;
use crate::entitlement::{EntitlementRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};
use serde::Serialize;

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct UpdateCatalog<'a> {
    /// Graph's.
    pub id: &'a str,
    /// What is to be different.
    pub change: &'a CatalogChange,
}

/// What is to be different; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogChange {
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Another description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether its packages can be asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CatalogState>,
    /// Whether people of other organisations can ask for its packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_externally_visible: Option<bool>,
}

impl Operation for UpdateCatalog<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::patch(one("catalogs", self.id), self.change)
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
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
    fn only_what_is_to_be_different_is_said() {
        let change = CatalogChange { state: Some(CatalogState::Unpublished), is_externally_visible: Some(false), ..Default::default() };
        let update = UpdateCatalog { id: "c", change: &change };
        writes(&update, "PATCH", &format!("{ROOT}/catalogs/c"), &json!({"state": "unpublished", "isExternallyVisible": false}));
        assert_eq!((update.after_loss(), update.read(&reply(204, ""))), (AfterLoss::Repeat, Ok(())));
        refuses(&update, &[(404, "CatalogNotFound", "", Some(EntitlementRefusal::NotFound))]);
    }
}
