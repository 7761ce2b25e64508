//! What the signed-in person has to meet to get a package. <https://learn.microsoft.com/graph/api/accesspackage-getapplicablepolicyrequirements>

use crate::entitlement::{EntitlementRefusal, PolicyQuestion, READING_OWN, Schedule, nullable, one};
use crate::{AfterLoss, Operation, PaceKind, Page, Request};
use serde::Deserialize;
use serde_json::json;

/// 200 with a page of [`PolicyRequirements`], one for each policy that covers the person: none where no policy does, which is no error.
#[derive(Clone, Copy, Debug)]
pub struct GetPolicyRequirements<'a> {
    /// The package's id.
    pub package: &'a str,
}

/// What one policy wants. <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestrequirements>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyRequirements {
    /// The policy's id.
    pub policy_id: Option<String>,
    /// For showing.
    pub policy_display_name: Option<String>,
    /// For showing.
    pub policy_description: Option<String>,
    /// Whether somebody has to say yes.
    #[serde(deserialize_with = "nullable")]
    pub is_approval_required_for_add: bool,
    /// Whether somebody has to say yes to changes.
    #[serde(deserialize_with = "nullable")]
    pub is_approval_required_for_update: bool,
    /// Whether a reason has to be given.
    #[serde(deserialize_with = "nullable")]
    pub is_requestor_justification_required: bool,
    /// Whether one may say from when and for how long.
    #[serde(deserialize_with = "nullable")]
    pub allow_custom_assignment_schedule: bool,
    /// What is asked.
    #[serde(deserialize_with = "nullable")]
    pub questions: Vec<PolicyQuestion>,
    /// How long access lasts.
    #[serde(deserialize_with = "nullable")]
    pub schedule: Schedule,
}

impl Operation for GetPolicyRequirements<'_> {
    type Output = Page<PolicyRequirements>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING_OWN;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    /// A batch takes no POST without a body: <https://learn.microsoft.com/graph/json-batching>.
    fn request(&self) -> Request {
        Request::post(format!("{}/getApplicablePolicyRequirements", one("accessPackages", self.package)), &json!({}))
    }

    /// It only reads.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{refuses, reply};

    #[test]
    fn nothing_that_is_wanted_is_told_from_no_policy() {
        let get = GetPolicyRequirements { package: "k" };
        let request = get.request();
        assert_eq!((request.method.as_str(), request.body.as_deref()), ("POST", Some("{}")));
        assert_eq!(request.path, format!("{ROOT}/accessPackages/k/getApplicablePolicyRequirements"));
        assert_eq!((get.after_loss(), GetPolicyRequirements::SCOPES[0]), (AfterLoss::Repeat, "EntitlementMgmt-SubjectAccess.ReadWrite"));
        let body = r#"{"value":[{"policyId":"p","policyDisplayName":"All","policyDescription":null,"isApprovalRequiredForAdd":false,
            "isApprovalRequiredForUpdate":false,"allowCustomAssignmentSchedule":false,"questions":[],"schedule":null}]}"#;
        let nothing =
            PolicyRequirements { policy_id: Some("p".into()), policy_display_name: Some("All".into()), ..PolicyRequirements::default() };
        assert_eq!(get.read(&reply(200, body)).unwrap().value, [nothing]);
        assert_eq!(get.read(&reply(200, r#"{"value":[]}"#)).unwrap().value, []);
        refuses(&get, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
