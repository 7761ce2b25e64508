//! Making a policy. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentpolicies>

use super::{AssignmentPolicy, ListAssignmentPolicies, PolicyRefusal, PolicyTerms};
use crate::entitlement::{ROOT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde_json::json;

/// 201 with a short [`AssignmentPolicy`]: what was sent in relationships does not come back.
#[derive(Clone, Copy, Debug)]
pub struct CreateAssignmentPolicy<'a> {
    /// The package's id.
    pub package: &'a str,
    /// What it says.
    pub terms: &'a PolicyTerms,
}

impl CreateAssignmentPolicy<'_> {
    /// Which of the package's policies this would have made: the one of its name.
    pub fn among<'p>(&self, looked: &'p [AssignmentPolicy]) -> Option<&'p AssignmentPolicy> {
        looked.iter().find(|policy| policy.terms.display_name == self.terms.display_name)
    }
}

impl Operation for CreateAssignmentPolicy<'_> {
    type Output = AssignmentPolicy;
    type Refusal = PolicyRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    /// A POST below a catalog or a package is no call of the service (msgraph-sdk-powershell #1970).
    fn request(&self) -> Request {
        let mut body = self.terms.said();
        body["accessPackage"] = json!({ "id": self.package });
        Request::post(format!("{ROOT}/assignmentPolicies"), &body)
    }

    /// The package's policies show it ([`Self::among`]): at most ten.
    /// <https://learn.microsoft.com/entra/id-governance/governance-service-limits>
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(ListAssignmentPolicies { package: Some(self.package) }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::{EntitlementRefusal, Expiration};
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn a_policy_is_made_for_a_package_and_looked_for_by_its_name() {
        let terms = PolicyTerms {
            display_name: "New Policy".into(),
            description: "policy for assignment".into(),
            expiration: Expiration::Never,
            ..PolicyTerms::default()
        };
        let create = CreateAssignmentPolicy { package: "k", terms: &terms };
        let body = json!({
            "displayName": "New Policy", "description": "policy for assignment", "allowedTargetScope": "notSpecified",
            "specificAllowedTargets": [], "expiration": {"type": "noExpiration"},
            "requestorSettings": {"enableTargetsToSelfAddAccess": false, "enableTargetsToSelfUpdateAccess": false,
                "enableTargetsToSelfRemoveAccess": false, "allowCustomAssignmentSchedule": false,
                "enableOnBehalfRequestorsToAddAccess": false, "enableOnBehalfRequestorsToUpdateAccess": false,
                "enableOnBehalfRequestorsToRemoveAccess": false, "onBehalfRequestors": []},
            "requestApprovalSettings": {"isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": false, "stages": []},
            "accessPackage": {"id": "k"}});
        writes(&create, "POST", &format!("{ROOT}/assignmentPolicies"), &body);
        let made = create.read(&reply(201, r#"{"id":"p","displayName":"New Policy","description":null}"#)).unwrap();
        assert_eq!((made.id.as_str(), made.package.as_deref()), ("p", None));
        assert_eq!(looks(&create), ListAssignmentPolicies { package: Some("k") }.request());
        assert_eq!(create.among(std::slice::from_ref(&made)), Some(&made));
        let other = PolicyTerms::default();
        assert_eq!(CreateAssignmentPolicy { terms: &other, ..create }.among(&[made]), None);
        refuses(
            &create,
            &[
                (400, "InvalidApprovalStages", "", Some(PolicyRefusal::InvalidApprovalStages)),
                (404, "NewCode", "", Some(PolicyRefusal::Any(EntitlementRefusal::NotFound))),
            ],
        );
    }
}
