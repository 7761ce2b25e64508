//! Bringing somebody into a group. <https://learn.microsoft.com/graph/api/group-post-members>

use super::members::{MemberRefusal, WRITING};
use crate::{AfterLoss, NO_CONTENT, Operation, PaceKind, Problem, Reply, Request, VERSION, literal};
use serde_json::json;

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct AddMember<'a> {
    /// Graph's, without a version: a member is named by an address.
    pub root: &'a str,
    /// Object id.
    pub group: &'a str,
    /// Object id.
    pub member: &'a str,
}

impl Operation for AddMember<'_> {
    type Output = ();
    type Refusal = MemberRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let body = json!({"@odata.id": format!("{}{VERSION}/directoryObjects/{}", self.root, literal(self.member))});
        Request::post(format!("/groups/{}/members/$ref", literal(self.group)), &body)
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// Who is in it is refused as being in it.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{refuses, reply, writes};

    #[test]
    fn a_member_is_named_by_address() {
        let add = AddMember { root: "https://graph.microsoft.com", group: "g", member: "u" };
        writes(&add, "POST", "/groups/g/members/$ref", &json!({"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/u"}));
        assert_eq!((add.read(&reply(204, "")), add.after_loss()), (Ok(()), AfterLoss::Repeat));
        let twice = "One or more added object references already exist for the following modified properties: 'members'.";
        let unknown = "Resource 'u' does not exist or one of its queried reference-property objects are not present.";
        let synced = "Unable to update the specified properties for on-premises mastered Directory Sync objects.";
        refuses(
            &add,
            &[
                (400, "Request_BadRequest", twice, Some(MemberRefusal::AlreadyMember)),
                (404, "Request_ResourceNotFound", unknown, Some(MemberRefusal::NotFound)),
                (400, "Request_BadRequest", synced, Some(MemberRefusal::ManagedElsewhere)),
                (400, "Request_BadRequest", "The group has dynamic membership.", Some(MemberRefusal::ManagedElsewhere)),
                (403, "Authorization_RequestDenied", "Insufficient privileges.", Some(MemberRefusal::MissingPermission)),
                (400, "Request_BadRequest", "Something else.", None),
            ],
        );
    }
}
