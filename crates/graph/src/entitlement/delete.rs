//! Taking away what stands below entitlement management and others may use.

use super::{DeleteRefusal, EntitlementKind, NO_CONTENT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};

/// 204 without a body. What is refused, and for how long it may still be read, depends on what it is ([`EntitlementKind`]).
/// <https://learn.microsoft.com/graph/api/accesspackage-delete>,
/// <https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-delete>,
/// <https://learn.microsoft.com/graph/api/accesspackagecatalog-delete>,
/// <https://learn.microsoft.com/graph/api/connectedorganization-delete>
#[derive(Clone, Copy, Debug)]
pub struct DeleteEntitlement<'a> {
    /// What it is.
    pub kind: EntitlementKind,
    /// Graph's.
    pub id: &'a str,
}

impl Operation for DeleteEntitlement<'_> {
    type Output = ();
    type Refusal = DeleteRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(self.kind.path(self.id))
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
    fn each_is_deleted_by_its_id_unless_something_is_in_the_way() {
        let collections = ["accessPackages", "assignmentPolicies", "catalogs", "connectedOrganizations"];
        for (kind, collection) in EntitlementKind::ALL.into_iter().zip(collections) {
            let delete = DeleteEntitlement { kind, id: "a/b" };
            writes(&delete, "DELETE", &format!("{ROOT}/{collection}/a%2Fb"), &Value::Null);
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
}
