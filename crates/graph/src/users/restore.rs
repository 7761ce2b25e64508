//! Taking a user back out of the recycle bin. <https://learn.microsoft.com/graph/api/directory-deleteditems-restore>

use super::{DELETING, GetUser, User};
use crate::refusal::{Recognised, first_within, same};
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Request, literal};
use serde::Serialize;

/// 200 with the [`User`], who is as before, with memberships and licences.
#[derive(Clone, Copy, Debug)]
pub struct RestoreUser<'a> {
    /// Object id, as it was before.
    pub id: &'a str,
}

/// Why nobody is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreRefusal {
    /// Not in the recycle bin: deleted more than 30 days ago, purged, or restored already.
    NotFound,
    /// Somebody else has the sign-in name or an address by now, such as the same guest, invited anew.
    Taken,
    /// The person's role does not cover it (it takes User Administrator, and more for whoever holds a privileged role), or the app lacks
    /// consent: Graph does not tell which.
    MissingPermission,
}

/// Fragments of messages. What a restore is refused with is not published; the first is what a second user with one name is refused with
/// (microsoft-graph-docs #1508), the others name what the documentation says can be in conflict.
const FRAGMENTS: [(&str, RestoreRefusal); 4] = [
    ("Another object with the same value", RestoreRefusal::Taken),
    ("userPrincipalName", RestoreRefusal::Taken),
    ("proxyAddresses", RestoreRefusal::Taken),
    ("proxy address", RestoreRefusal::Taken),
];

/// Codes. Of other objects with a value that is taken: microsoft-graph-docs #1508, and field reports.
const CODES: [(&str, RestoreRefusal); 1] = [("Request_MultipleObjectsWithSameKeyValue", RestoreRefusal::Taken)];

impl Refusal for RestoreRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match Recognised::by(problem) {
            Recognised::Common(CommonRefusal::NotFound) => Some(Self::NotFound),
            Recognised::Common(CommonRefusal::MissingPermission) => Some(Self::MissingPermission),
            // A table of invitations knows such a conflict, too.
            Recognised::Common(CommonRefusal::Unknown) | Recognised::Invitation(_) if matches!(problem.status, 400 | 409) => {
                first_within(&problem.message.to_ascii_lowercase(), &FRAGMENTS).or_else(|| same(&problem.code, &CODES))
            }
            _ => None,
        }
    }
}

/// Nothing is asked for, but a batch takes no POST without a body: <https://learn.microsoft.com/graph/json-batching>.
#[derive(Serialize)]
struct NoParameters {}

impl Operation for RestoreUser<'_> {
    type Output = User;
    type Refusal = RestoreRefusal;
    const SCOPES: &'static [&'static str] = DELETING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::post(format!("/directory/deletedItems/{}/restore", literal(self.id)), &NoParameters {})
    }

    /// Whoever is among the users again was restored. Reads lag behind, so that nobody there at once proves nothing yet:
    /// <https://learn.microsoft.com/graph/api/user-list>.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(GetUser { id: self.id }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reply};

    const RESTORE: RestoreUser<'_> = RestoreUser { id: "1" };

    #[test]
    fn a_user_is_restored_with_a_body_that_a_batch_takes() {
        let request = RestoreUser { id: "a'b" }.request();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/directory/deletedItems/a%27%27b/restore"));
        assert_eq!((request.headers.get("Content-Type"), request.body.as_deref()), (Some("application/json"), Some("{}")));
        assert_eq!(RestoreUser::SCOPES, ["User.DeleteRestore.All", "User.ReadWrite.All"]);
        assert_eq!(RestoreUser::PACE, PaceKind::DirectoryWrite);
        assert_eq!(RESTORE.after_loss(), AfterLoss::Look(GetUser { id: "1" }.request()));
        let body = r##"{"@odata.type":"#microsoft.graph.user","id":"1","displayName":"Ada"}"##;
        assert_eq!(RESTORE.read(&reply(200, body)).unwrap().id, "1");
    }

    #[test]
    fn each_refusal_is_told_apart() {
        let check = |status: u16, code: &str, message: &str, expected: Option<RestoreRefusal>| {
            assert_eq!(RESTORE.refusal(&problem(status, code, message)), expected, "{status} {code} {message}");
        };
        use RestoreRefusal as Why;
        check(404, "Request_ResourceNotFound", "Resource '1' does not exist.", Some(Why::NotFound));
        check(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.", Some(Why::MissingPermission));
        let taken = "Another object with the same value for property userPrincipalName already exists.";
        check(400, "Request_BadRequest", taken, Some(Why::Taken));
        check(409, "Request_MultipleObjectsWithSameKeyValue", "", Some(Why::Taken));
        check(400, "Request_BadRequest", "The userPrincipalName is in use.", Some(Why::Taken));
        check(400, "Request_BadRequest", "There is a conflict in proxyAddresses.", Some(Why::Taken));
        check(400, "Request_BadRequest", "A proxy address is in use.", Some(Why::Taken));
        check(400, "Request_BadRequest", "Something else.", None);
        check(400, "Request_BadRequest", "The Primary SMTP Address is an invalid value.", None);
        check(500, "InternalServerError", taken, None);
        check(409, "Directory_ConcurrencyViolation", "", None);
        assert!(common().iter().all(|problem| RESTORE.refusal(problem).is_none()));
    }
}
