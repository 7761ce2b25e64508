//! Changing the settings. <https://learn.microsoft.com/graph/api/entitlementmanagementsettings-update>

use super::EntitlementSettings;
use crate::entitlement::{EntitlementRefusal, NO_CONTENT, ROOT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};

/// 204 without a body. It takes Identity Governance Administrator.
#[derive(Clone, Copy, Debug)]
pub struct UpdateEntitlementSettings<'a> {
    /// What is to be different. A word that the schema does not have cannot be read by the service.
    pub change: &'a EntitlementSettings,
}

impl Operation for UpdateEntitlementSettings<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::patch(format!("{ROOT}/settings"), self.change)
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
    use crate::entitlement::settings::ExternalUserLifecycleAction;
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::json;

    #[test]
    fn only_what_is_to_be_different_is_said() {
        let action = Some(ExternalUserLifecycleAction::BlockSignIn);
        let change = EntitlementSettings { external_user_lifecycle_action: action, ..EntitlementSettings::default() };
        let update = UpdateEntitlementSettings { change: &change };
        writes(&update, "PATCH", &format!("{ROOT}/settings"), &json!({"externalUserLifecycleAction": "blockSignIn"}));
        assert_eq!((update.read(&reply(204, "")), update.after_loss()), (Ok(()), AfterLoss::Repeat));
        refuses(&update, &[(400, "InvalidModel", "", Some(EntitlementRefusal::InvalidModel))]);
    }
}
