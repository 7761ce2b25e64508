//! Having a package no longer give a role. <https://learn.microsoft.com/graph/api/accesspackage-delete-resourcerolescopes>

use crate::entitlement::{EntitlementRefusal, NO_CONTENT, OK, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request, literal};

/// 204 by the documentation, 200 as it was measured.
#[derive(Clone, Copy, Debug)]
pub struct RemoveRoleScope<'a> {
    /// The package's id.
    pub package: &'a str,
    /// Of the [`super::RoleScope`].
    pub id: &'a str,
}

impl Operation for RemoveRoleScope<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(format!("{}/resourceRoleScopes/{}", one("accessPackages", self.package), literal(self.id)))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[OK, NO_CONTENT])
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
    use crate::entitlement::ROOT;
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::Value;

    #[test]
    fn a_role_is_taken_out_of_a_package() {
        let remove = RemoveRoleScope { package: "k", id: "r_s" };
        writes(&remove, "DELETE", &format!("{ROOT}/accessPackages/k/resourceRoleScopes/r_s"), &Value::Null);
        assert_eq!((remove.read(&reply(200, "")), remove.read(&reply(204, ""))), (Ok(()), Ok(())));
        assert_eq!(remove.read(&reply(200, "<html>")).unwrap_err().common(), Some(CommonRefusal::Unreadable));
        assert_eq!(remove.after_loss(), AfterLoss::Repeat);
        refuses(&remove, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
