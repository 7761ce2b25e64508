//! Taking a catalog away. <https://learn.microsoft.com/graph/api/accesspackagecatalog-delete>

use crate::entitlement::{DeleteRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request};

/// 204 without a body. Refused while packages are in it.
#[derive(Clone, Copy, Debug)]
pub struct DeleteCatalog<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for DeleteCatalog<'_> {
    type Output = ();
    type Refusal = DeleteRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(one("catalogs", self.id))
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
    fn a_catalog_is_deleted_unless_packages_are_in_it() {
        let delete = DeleteCatalog { id: "a/b" };
        writes(&delete, "DELETE", &format!("{ROOT}/catalogs/a%2Fb"), &Value::Null);
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
