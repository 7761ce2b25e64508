//! Changing a package. <https://learn.microsoft.com/graph/api/accesspackage-update>

use crate::entitlement::{EntitlementRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};
use serde::Serialize;

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct UpdateAccessPackage<'a> {
    /// Graph's.
    pub id: &'a str,
    /// What is to be different.
    pub change: &'a AccessPackageChange,
}

/// What is to be different; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessPackageChange {
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Another description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it can be asked for by its link alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_hidden: Option<bool>,
}

impl Operation for UpdateAccessPackage<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::patch(one("accessPackages", self.id), self.change)
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
        let change = AccessPackageChange { is_hidden: Some(true), ..AccessPackageChange::default() };
        let update = UpdateAccessPackage { id: "k", change: &change };
        writes(&update, "PATCH", &format!("{ROOT}/accessPackages/k"), &json!({"isHidden": true}));
        assert_eq!((update.after_loss(), update.read(&reply(204, ""))), (AfterLoss::Repeat, Ok(())));
        refuses(&update, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
