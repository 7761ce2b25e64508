//! Delivering somebody's roles once more. <https://learn.microsoft.com/graph/api/accesspackageassignment-reprocess>

use crate::entitlement::{ACCEPTED, EntitlementRefusal, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};
use serde_json::json;

/// 202 without a body: what is missing is delivered.
#[derive(Clone, Copy, Debug)]
pub struct ReprocessAssignment<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for ReprocessAssignment<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    /// A batch takes no POST without a body: <https://learn.microsoft.com/graph/json-batching>.
    fn request(&self) -> Request {
        Request::post(format!("{}/reprocess", one("assignments", self.id)), &json!({}))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[ACCEPTED])
    }

    /// What has arrived is not delivered twice.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{refuses, reply, writes};

    #[test]
    fn an_assignment_is_delivered_once_more() {
        let reprocess = ReprocessAssignment { id: "a" };
        writes(&reprocess, "POST", &format!("{ROOT}/assignments/a/reprocess"), &json!({}));
        assert_eq!((reprocess.read(&reply(202, "")), reprocess.after_loss()), (Ok(()), AfterLoss::Repeat));
        refuses(&reprocess, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
