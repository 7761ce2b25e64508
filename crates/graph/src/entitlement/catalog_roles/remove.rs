//! Taking somebody's role in a catalog away. <https://learn.microsoft.com/graph/api/unifiedroleassignment-delete>

use super::COLLECTION;
use crate::entitlement::{EntitlementRefusal, NO_CONTENT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request, literal};

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct RemoveCatalogRole<'a> {
    /// Of the [`super::CatalogRoleAssignment`].
    pub id: &'a str,
}

impl Operation for RemoveCatalogRole<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(format!("{COLLECTION}/{}", literal(self.id)))
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
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::Value;

    #[test]
    fn a_role_is_taken_away() {
        let remove = RemoveCatalogRole { id: "a" };
        writes(&remove, "DELETE", "/roleManagement/entitlementManagement/roleAssignments/a", &Value::Null);
        assert_eq!((remove.read(&reply(204, "")), remove.after_loss()), (Ok(()), AfterLoss::Repeat));
        refuses(&remove, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
