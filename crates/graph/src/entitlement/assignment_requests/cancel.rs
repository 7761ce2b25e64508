//! Taking a request back. <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-cancel>

use super::GetAssignmentRequest;
use crate::entitlement::{EntitlementRefusal, NO_CONTENT, OK, WRITING_OWN, one};
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Reply, Request};
use serde_json::json;

/// 200 without a body by the documentation's text, 204 by its example.
#[derive(Clone, Copy, Debug)]
pub struct CancelRequest<'a> {
    /// Graph's.
    pub id: &'a str,
}

/// Why a request is not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelRefusal {
    /// It is too late: [`super::AssignmentRequest::can_be_canceled`]. 400 or 409; the code is not public, and our reading is that they can mean
    /// nothing else.
    TooLate,
    /// As of any call.
    Any(EntitlementRefusal),
}

impl Refusal for CancelRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        let is_too_late =
            || matches!(problem.status, 400 | 409) && problem.common() == Some(CommonRefusal::Unknown) && problem.was_not_done();
        EntitlementRefusal::told_by(problem).map(Self::Any).or_else(|| is_too_late().then_some(Self::TooLate))
    }
}

impl Operation for CancelRequest<'_> {
    type Output = ();
    type Refusal = CancelRefusal;
    const SCOPES: &'static [&'static str] = WRITING_OWN;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    /// A batch takes no POST without a body: <https://learn.microsoft.com/graph/json-batching>.
    fn request(&self) -> Request {
        Request::post(format!("{}/cancel", one("assignmentRequests", self.id)), &json!({}))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[OK, NO_CONTENT])
    }

    /// Its state shows it.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(GetAssignmentRequest { id: self.id }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn a_request_is_taken_back_unless_it_is_too_late() {
        let cancel = CancelRequest { id: "r" };
        writes(&cancel, "POST", &format!("{ROOT}/assignmentRequests/r/cancel"), &json!({}));
        assert_eq!((cancel.read(&reply(200, "")), cancel.read(&reply(204, ""))), (Ok(()), Ok(())));
        assert_eq!(looks(&cancel), GetAssignmentRequest { id: "r" }.request());
        assert_eq!(CancelRequest::SCOPES[0], "EntitlementMgmt-SubjectAccess.ReadWrite");
        refuses(
            &cancel,
            &[
                (400, "NewCode", "", Some(CancelRefusal::TooLate)),
                (404, "NewCode", "", Some(CancelRefusal::Any(EntitlementRefusal::NotFound))),
                (409, "NewCode", "", Some(CancelRefusal::TooLate)),
                (412, "NewCode", "", None),
                (500, "NewCode", "", None),
            ],
        );
    }
}
