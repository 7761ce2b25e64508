//! Taking somebody out of a group. <https://learn.microsoft.com/graph/api/group-delete-members>

use super::members::{MemberRefusal, WRITING};
use crate::{AfterLoss, NO_CONTENT, Operation, PaceKind, Problem, Reply, Request, literal};

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct RemoveMember<'a> {
    /// Object id.
    pub group: &'a str,
    /// Object id.
    pub member: &'a str,
}

impl Operation for RemoveMember<'_> {
    type Output = ();
    type Refusal = MemberRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    /// Without `/$ref` the person would be deleted, given the rights.
    fn request(&self) -> Request {
        Request::delete(format!("/groups/{}/members/{}/$ref", literal(self.group), literal(self.member)))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// Who is out of it is refused as not being in it.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::Value;

    #[test]
    fn a_reference_is_removed_and_not_the_person() {
        let remove = RemoveMember { group: "g", member: "u" };
        writes(&remove, "DELETE", "/groups/g/members/u/$ref", &Value::Null);
        assert_eq!((remove.read(&reply(204, "")), remove.after_loss()), (Ok(()), AfterLoss::Repeat));
        let not_in_it = "One or more removed object references do not exist for the following modified properties: 'members'.";
        refuses(
            &remove,
            &[
                (400, "Request_BadRequest", not_in_it, Some(MemberRefusal::NotMember)),
                (404, "Request_ResourceNotFound", not_in_it, Some(MemberRefusal::NotMember)),
                (404, "Request_ResourceNotFound", "", Some(MemberRefusal::NotFound)),
            ],
        );
    }
}
