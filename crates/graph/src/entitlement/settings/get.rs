//! The settings. <https://learn.microsoft.com/graph/api/entitlementmanagementsettings-get>

use super::EntitlementSettings;
use crate::entitlement::{EntitlementRefusal, READING, ROOT, get_request};
use crate::{Operation, PaceKind, Request};

/// 200 with the [`EntitlementSettings`].
#[derive(Clone, Copy, Debug)]
pub struct GetEntitlementSettings;

impl Operation for GetEntitlementSettings {
    type Output = EntitlementSettings;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{ROOT}/settings"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::IsoDuration;
    use crate::entitlement::settings::ExternalUserLifecycleAction;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn what_happens_to_guests_is_read() {
        reads(&GetEntitlementSettings, &format!("{ROOT}/settings"), "EntitlementManagement.Read.All");
        let body = r#"{"durationUntilExternalUserDeletedAfterBlocked":"P30D","externalUserLifecycleAction":"BlockSignInAndDelete"}"#;
        let expected = EntitlementSettings {
            external_user_lifecycle_action: Some(ExternalUserLifecycleAction::BlockSignInAndDelete),
            duration_until_external_user_deleted_after_blocked: Some(IsoDuration::days(30)),
        };
        assert_eq!(GetEntitlementSettings.read(&reply(200, body)), Ok(expected));
        refuses(&GetEntitlementSettings, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
