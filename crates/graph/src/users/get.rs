//! One user by id. <https://learn.microsoft.com/graph/api/user-get>

use super::{READING, SELECT, User};
use crate::{CommonRefusal, Operation, PaceKind, Problem, Refusal, Request, literal};

/// 200 with the [`User`] of this object id.
#[derive(Clone, Copy, Debug)]
pub struct GetUser<'a> {
    /// Object id.
    pub id: &'a str,
}

/// Why nobody is shown, or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserRefusal {
    /// There is nobody, or nobody yet: reads lag behind what was made.
    NotFound,
    /// The person's role does not cover it, or the app lacks consent: Graph does not tell which.
    MissingPermission,
}

impl Refusal for UserRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match problem.common() {
            Some(CommonRefusal::NotFound) => Some(Self::NotFound),
            Some(CommonRefusal::MissingPermission) => Some(Self::MissingPermission),
            _ => None,
        }
    }
}

impl Operation for GetUser<'_> {
    type Output = User;
    type Refusal = UserRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!("/users/{}?$select={SELECT}", literal(self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reads, reply};

    #[test]
    fn a_user_is_asked_for_by_an_id_that_cannot_break_out() {
        let path = "/users/a%27%27b?$select=id,displayName,mail,userPrincipalName,userType,externalUserState,\
                    externalUserStateChangeDateTime,accountEnabled,createdDateTime";
        reads(&GetUser { id: "a'b" }, path, "User.Read.All");
        assert_eq!(GetUser { id: "1" }.read(&reply(200, r#"{"id":"1"}"#)).unwrap().id, "1");
    }

    #[test]
    fn who_is_not_there_is_told_from_who_may_not_be_seen() {
        let refusal = |problem: &Problem| GetUser { id: "1" }.refusal(problem);
        assert_eq!(refusal(&problem(404, "Request_ResourceNotFound", "")), Some(UserRefusal::NotFound));
        assert_eq!(refusal(&problem(403, "Authorization_RequestDenied", "")), Some(UserRefusal::MissingPermission));
        assert!(common().iter().all(|problem| refusal(problem).is_none()));
        // A gateway knows nobody.
        assert_eq!(refusal(&Problem::from_reply(&reply(404, "<html>"))), None);
    }
}
