//! One group. <https://learn.microsoft.com/graph/api/group-get>

use super::{Group, READING, SELECT};
use crate::users::UserRefusal;
use crate::{Operation, PaceKind, Request, literal};

/// 200 with the [`Group`] of this object id.
#[derive(Clone, Copy, Debug)]
pub struct GetGroup<'a> {
    /// Object id.
    pub id: &'a str,
}

impl Operation for GetGroup<'_> {
    type Output = Group;
    /// As of users.
    type Refusal = UserRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!("/groups/{}?$select={SELECT}", literal(self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn a_group_is_read_by_its_id() {
        let get = GetGroup { id: "a/b" };
        reads(&get, &format!("/groups/a%2Fb?$select={SELECT}"), "GroupMember.Read.All");
        assert_eq!(get.read(&reply(200, r#"{"id":"g","displayName":"Suppliers"}"#)).unwrap().display_name.as_deref(), Some("Suppliers"));
        refuses(
            &get,
            &[
                (404, "Request_ResourceNotFound", "", Some(UserRefusal::NotFound)),
                (403, "Authorization_RequestDenied", "", Some(UserRefusal::MissingPermission)),
            ],
        );
    }
}
