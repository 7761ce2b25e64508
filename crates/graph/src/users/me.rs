//! Who is signed in. <https://learn.microsoft.com/graph/api/user-get>

use super::User;
use crate::{NoRefusal, Operation, PaceKind, Request};

/// 200 with the signed-in [`User`], without state and dates.
#[derive(Clone, Copy, Debug)]
pub struct GetMe;

impl Operation for GetMe {
    type Output = User;
    type Refusal = NoRefusal;
    /// `User.ReadBasic.All` suffices for Graph, and shows no user type.
    const SCOPES: &'static [&'static str] =
        &["User.Read", "User.ReadWrite", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get("/me?$select=id,displayName,mail,userPrincipalName,userType")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, reads, reply};

    #[test]
    fn whoever_is_signed_in_is_read() {
        reads(&GetMe, "/me?$select=id,displayName,mail,userPrincipalName,userType", "User.Read");
        let me = GetMe.read(&reply(200, r#"{"id":"1","displayName":"Gita","mail":null}"#)).unwrap();
        assert_eq!((me.id.as_str(), me.display_name.as_deref(), me.mail), ("1", Some("Gita"), None));
        assert_eq!(GetMe.read(&reply(401, "")).unwrap_err().status, 401);
        assert!(common().iter().all(|problem| GetMe.refusal(problem).is_none()));
    }
}
