//! Carrying a request out once more. <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-reprocess>

use crate::entitlement::{ACCEPTED, EntitlementRefusal, WRITING, one};
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Reply, Request};
use serde_json::json;

/// 202 without a body: what did not arrive is delivered once more. Within 14 days after it ended.
#[derive(Clone, Copy, Debug)]
pub struct ReprocessRequest<'a> {
    /// Graph's.
    pub id: &'a str,
}

/// Why a request is not carried out once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReprocessRefusal {
    /// It is in no state for that ([`super::AssignmentRequest::can_be_reprocessed`]), or ended more than 14 days ago. 400 or 409; the code is
    /// not public, and our reading is that they can mean nothing else.
    NotNow,
    /// As of any call.
    Any(EntitlementRefusal),
}

impl Refusal for ReprocessRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        let is_not_now =
            || matches!(problem.status, 400 | 409) && problem.common() == Some(CommonRefusal::Unknown) && problem.was_not_done();
        EntitlementRefusal::told_by(problem).map(Self::Any).or_else(|| is_not_now().then_some(Self::NotNow))
    }
}

impl Operation for ReprocessRequest<'_> {
    type Output = ();
    type Refusal = ReprocessRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    /// A batch takes no POST without a body: <https://learn.microsoft.com/graph/json-batching>.
    fn request(&self) -> Request {
        Request::post(format!("{}/reprocess", one("assignmentRequests", self.id)), &json!({}))
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
    fn a_request_that_failed_is_carried_out_once_more() {
        let reprocess = ReprocessRequest { id: "r" };
        writes(&reprocess, "POST", &format!("{ROOT}/assignmentRequests/r/reprocess"), &json!({}));
        assert_eq!((reprocess.read(&reply(202, "")), reprocess.after_loss()), (Ok(()), AfterLoss::Repeat));
        refuses(
            &reprocess,
            &[
                (400, "NewCode", "", Some(ReprocessRefusal::NotNow)),
                (409, "NewCode", "", Some(ReprocessRefusal::NotNow)),
                (412, "NewCode", "", None),
                (404, "NewCode", "", Some(ReprocessRefusal::Any(EntitlementRefusal::NotFound))),
            ],
        );
    }
}
