//! Taking a connected organization away. <https://learn.microsoft.com/graph/api/connectedorganization-delete>

use crate::entitlement::{DeleteRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};

/// 204 without a body. Refused while people of it are in the directory by entitlement management.
#[derive(Clone, Copy, Debug)]
pub struct DeleteConnectedOrganization<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for DeleteConnectedOrganization<'_> {
    type Output = ();
    type Refusal = DeleteRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(one("connectedOrganizations", self.id))
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
    fn a_connected_organization_is_deleted_unless_people_came_by_it() {
        let delete = DeleteConnectedOrganization { id: "a/b" };
        writes(&delete, "DELETE", &format!("{ROOT}/connectedOrganizations/a%2Fb"), &Value::Null);
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
