//! Changing a policy, which is replacing it. <https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-update>

use super::{AssignmentPolicy, PolicyRefusal};
use crate::entitlement::{WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Request};

/// 200 with the [`AssignmentPolicy`], short. What was read goes back whole, with what was changed in [`AssignmentPolicy::terms`]: what a PUT
/// leaves out is lost.
#[derive(Clone, Copy, Debug)]
pub struct ReplaceAssignmentPolicy<'a> {
    /// As [`super::GetAssignmentPolicy`] read it, with changes.
    pub policy: &'a AssignmentPolicy,
}

impl Operation for ReplaceAssignmentPolicy<'_> {
    type Output = AssignmentPolicy;
    type Refusal = PolicyRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::put(one("assignmentPolicies", &self.policy.id), &self.policy.whole())
    }

    /// The same whole twice is the same.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::{Expiration, ROOT};
    use crate::operation::testing::{refuses, reply, writes};
    use crate::{Headers, Problem, Reply};
    use serde_json::{Value, json};

    #[test]
    fn a_policy_goes_back_whole() {
        let mut policy = AssignmentPolicy::from(json!({"id": "p", "new": [1], "accessPackage": {"id": "k", "displayName": "x"}}));
        policy.terms.expiration = Expiration::Never;
        let replace = ReplaceAssignmentPolicy { policy: &policy };
        let body = json!({"id": "p", "new": [1], "accessPackage": {"id": "k"}, "expiration": {"type": "noExpiration"}});
        writes(&replace, "PUT", &format!("{ROOT}/assignmentPolicies/p"), &body);
        assert_eq!(replace.after_loss(), AfterLoss::Repeat);
        assert_eq!(replace.read(&reply(200, r#"{"id":"p","displayName":"All Users"}"#)).unwrap().terms.display_name, "All Users");
        refuses(&replace, &[(404, "NewCode", "BusinessFlow not found", Some(PolicyRefusal::ReviewGone))]);
    }

    // Case 47
    #[test]
    fn a_refused_review_is_told_as_one() {
        let answer: Value = serde_json::from_str(include_str!("../../../tests/cases/47-review-block-in-put/refusal.json")).unwrap();
        let reply = Reply { status: 400, headers: Headers::default(), body: answer["body"].to_string() };
        let policy = AssignmentPolicy::from(json!({"id": "p"}));
        let refusal = ReplaceAssignmentPolicy { policy: &policy }.refusal(&Problem::from_reply(&reply));
        assert_eq!(refusal, Some(PolicyRefusal::WrongReviewDuration));
    }
}
