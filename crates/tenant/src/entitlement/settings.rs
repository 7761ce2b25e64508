//! What becomes of people from outside, as it is set. <https://learn.microsoft.com/graph/api/resources/entitlementmanagementsettings>

use super::bodies;
use super::object_view::found;
use crate::recycle_bin::no_content;
use crate::resources::GraphCall;
use crate::{Tenant, date_time, json_reply, selection};
use graph::Reply;
use serde_json::{Value, json};

impl Tenant {
    pub(super) fn lifecycle_settings(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        self.needs_reader(asked)?;
        let settings = &self.governance.settings;
        let all = json!({"id": "singleton", "externalUserLifecycleAction": settings.action,
            "durationUntilExternalUserDeletedAfterBlocked": settings.duration});
        let mut shown = selection::only(all, asked.query.select.as_deref());
        shown.insert("@odata.context".into(), json!(self.context("identityGovernance/entitlementManagement/settings/$entity")));
        Ok(json_reply(200, &Value::Object(shown)))
    }

    pub(super) fn change_lifecycle_settings(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::SETTINGS)?;
        self.needs_governor(asked)?;
        if let Some(action) = body.get("externalUserLifecycleAction").and_then(Value::as_str) {
            self.governance.settings.action = action.to_owned();
        }
        if let Some(duration) = body.get("durationUntilExternalUserDeletedAfterBlocked").and_then(Value::as_str) {
            found(date_time::duration(duration), ("", "InvalidModel", "Model is not valid."))?;
            self.governance.settings.duration = duration.to_owned();
        }
        Ok(no_content())
    }
}
