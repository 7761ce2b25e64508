//! What happens to guests when their last assignment ends. <https://learn.microsoft.com/graph/api/resources/entitlementmanagementsettings>

mod get;
mod update;

pub use get::GetEntitlementSettings;
pub use update::UpdateEntitlementSettings;

use super::IsoDuration;
use crate::enumeration::enumeration;
use serde::{Deserialize, Serialize};

enumeration! {
    /// What happens to a guest that entitlement management made, or that was made governed.
    pub enum ExternalUserLifecycleAction {
        /// Nothing.
        Nothing = "none",
        /// They can no longer sign in.
        BlockSignIn = "blockSignIn",
        /// They can no longer sign in, and are deleted later.
        BlockSignInAndDelete = "blockSignInAndDelete",
    }
}

/// What happens to guests. In a change, what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntitlementSettings {
    /// What happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_user_lifecycle_action: Option<ExternalUserLifecycleAction>,
    /// How long they are blocked before they are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_until_external_user_deleted_after_blocked: Option<IsoDuration>,
}
