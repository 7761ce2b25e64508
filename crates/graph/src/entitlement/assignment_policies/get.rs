//! One policy. <https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-get>

use super::AssignmentPolicy;
use crate::entitlement::{EntitlementRefusal, READING, get_request, one};
use crate::{Operation, PaceKind, Request};

/// 200 with the [`AssignmentPolicy`] of this id, with its package and with the extensions that PUT would reset. Its questions come with it
/// unasked (our reading: the documentation counts them among the properties); [`AssignmentPolicy::unshown`] tells where they do not.
#[derive(Clone, Copy, Debug)]
pub struct GetAssignmentPolicy<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for GetAssignmentPolicy<'_> {
    type Output = AssignmentPolicy;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let expand = "accessPackage,customExtensionStageSettings($expand=customExtension)";
        get_request(format!("{}?$expand={expand}", one("assignmentPolicies", self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::assignment_policies::{AllowedTargets, TargetScope};
    use crate::entitlement::{Expiration, IsoDuration, ROOT};
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn a_policy_is_read_with_what_a_put_would_reset() {
        let get = GetAssignmentPolicy { id: "a/b" };
        let path = format!("{ROOT}/assignmentPolicies/a%2Fb?$expand=accessPackage,customExtensionStageSettings($expand=customExtension)");
        reads(&get, &path, "EntitlementManagement.Read.All");
        let body = r#"{"id":"p","displayName":"All Users","allowedTargetScope":"allDirectoryUsers","specificAllowedTargets":[],
            "expiration":{"duration":"P365D","type":"afterDuration"},"requestApprovalSettings":{"isApprovalRequiredForAdd":false,"stages":[]}}"#;
        let policy = get.read(&reply(200, body)).unwrap();
        assert_eq!(policy.terms.targets, AllowedTargets::All(TargetScope::AllUsers));
        assert_eq!(policy.terms.expiration, Expiration::After(IsoDuration::days(365)));
        refuses(&get, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
