//! Taking a user out of the tenant. <https://learn.microsoft.com/graph/api/user-delete>

use super::{DELETING, GetDeletedUser, UserRefusal};
use crate::{AfterLoss, NO_CONTENT, Operation, PaceKind, Problem, Reply, Request, literal};

/// 204 without a body: the user lies in the recycle bin for 30 days, with memberships and licences, and can be restored
/// ([`super::RestoreUser`]).
#[derive(Clone, Copy, Debug)]
pub struct DeleteUser<'a> {
    /// Object id.
    pub id: &'a str,
}

impl Operation for DeleteUser<'_> {
    type Output = ();
    /// Nobody there: deleted already, or made a moment ago. Besides the permission it takes one of the roles User Administrator and
    /// Privileged Authentication Administrator, and more for users who hold a privileged role.
    type Refusal = UserRefusal;
    const SCOPES: &'static [&'static str] = DELETING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::delete(format!("/users/{}", literal(self.id)))
    }

    /// A page that a gateway serves as a success has deleted nobody.
    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// Whoever lies in the recycle bin was deleted. That nobody is found among users would not tell a deletion from a read that lags.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(GetDeletedUser { id: self.id }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommonRefusal;
    use crate::operation::testing::{common, problem, reply};

    const DELETE: DeleteUser<'_> = DeleteUser { id: "1" };

    #[test]
    fn a_user_is_deleted_by_an_id_that_cannot_break_out() {
        let request = DeleteUser { id: "a'b/c" }.request();
        assert_eq!((request.method.as_str(), request.path.as_str(), request.body), ("DELETE", "/users/a%27%27b%2Fc", None));
        assert_eq!(DeleteUser::SCOPES, ["User.DeleteRestore.All", "User.ReadWrite.All"]);
        assert_eq!(DeleteUser::PACE, PaceKind::DirectoryWrite);
        let look = "/directory/deletedItems/1?$select=id,mail,deletedDateTime";
        assert_eq!(DELETE.after_loss(), AfterLoss::Look(Request::get(look)));
    }

    #[test]
    fn only_graphs_own_success_has_deleted_somebody() {
        assert_eq!(DELETE.read(&reply(204, "")), Ok(()));
        for (status, body) in [(200, "<html>"), (200, "{}"), (202, "")] {
            assert_eq!(DELETE.read(&reply(status, body)).unwrap_err().common(), Some(CommonRefusal::Unreadable), "{status} {body}");
        }
    }

    #[test]
    fn each_refusal_is_told_apart() {
        let denied = problem(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        assert_eq!(DELETE.refusal(&denied), Some(UserRefusal::MissingPermission));
        assert_eq!(DELETE.refusal(&problem(404, "Request_ResourceNotFound", "")), Some(UserRefusal::NotFound));
        assert!(common().iter().all(|problem| DELETE.refusal(problem).is_none()));
        // A gateway knows nobody.
        assert_eq!(DELETE.refusal(&Problem::from_reply(&reply(404, "<html>"))), None);
    }
}
