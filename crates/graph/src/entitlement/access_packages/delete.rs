//! Taking a package away. <https://learn.microsoft.com/graph/api/accesspackage-delete>

use crate::entitlement::{DeleteRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};

/// 204 without a body. Refused while there are assignments, also of deleted users: each is removed first, and that takes minutes.
#[derive(Clone, Copy, Debug)]
pub struct DeleteAccessPackage<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for DeleteAccessPackage<'_> {
    type Output = ();
    type Refusal = DeleteRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(one("accessPackages", self.id))
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
    fn a_package_is_deleted_unless_somebody_has_it() {
        let delete = DeleteAccessPackage { id: "a/b" };
        writes(&delete, "DELETE", &format!("{ROOT}/accessPackages/a%2Fb"), &Value::Null);
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
