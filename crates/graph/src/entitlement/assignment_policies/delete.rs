//! Taking a policy away. <https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-delete>

use crate::entitlement::{DeleteRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};

/// 204 without a body. For some seconds it can still be read (terraform-provider-azuread waits for the 404).
#[derive(Clone, Copy, Debug)]
pub struct DeleteAssignmentPolicy<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for DeleteAssignmentPolicy<'_> {
    type Output = ();
    type Refusal = DeleteRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(one("assignmentPolicies", self.id))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// What is gone is not found the second time.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommonRefusal;
    use crate::entitlement::{EntitlementRefusal, ROOT};
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::Value;

    #[test]
    fn a_policy_is_deleted_unless_assignments_use_it() {
        let delete = DeleteAssignmentPolicy { id: "a/b" };
        writes(&delete, "DELETE", &format!("{ROOT}/assignmentPolicies/a%2Fb"), &Value::Null);
        assert_eq!((delete.after_loss(), delete.read(&reply(204, ""))), (AfterLoss::Repeat, Ok(())));
        assert_eq!(delete.read(&reply(200, "<html>")).unwrap_err().common(), Some(CommonRefusal::Unreadable));
        refuses(
            &delete,
            &[
                (400, "NewCode", "", Some(DeleteRefusal::InUse)),
                (404, "NewCode", "", Some(DeleteRefusal::Any(EntitlementRefusal::NotFound))),
                (403, "UnAuthorized", "", Some(DeleteRefusal::Any(EntitlementRefusal::NotAuthorized))),
            ],
        );
    }
}
