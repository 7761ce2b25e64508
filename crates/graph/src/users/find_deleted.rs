//! Who is in the recycle bin. <https://learn.microsoft.com/graph/api/directory-deleteditems-list>

use super::{READING, User};
use crate::{Operation, PaceKind, Page, ReadRefusal, Request, literal};

/// 200 with a page of deleted users with this address: restorable for 30 days, and in the way of nothing but a surprise.
#[derive(Clone, Copy, Debug)]
pub struct FindDeletedUsers<'a> {
    /// An SMTP address; it is not checked.
    pub address: &'a str,
}

impl Operation for FindDeletedUsers<'_> {
    type Output = Page<User>;
    type Refusal = ReadRefusal;
    /// Not in permissions.json: <https://learn.microsoft.com/graph/api/directory-deleteditems-list#permissions>.
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let it = literal(self.address);
        Request::get(format!(
            "/directory/deletedItems/microsoft.graph.user?$filter=mail%20eq%20'{it}'&$select=id,displayName,mail,userType"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{problem, reads, reply};

    #[test]
    fn the_recycle_bin_is_asked_for_an_address() {
        let path =
            "/directory/deletedItems/microsoft.graph.user?$filter=mail%20eq%20'a%27%27b%40x.example'&$select=id,displayName,mail,userType";
        let find = FindDeletedUsers { address: "a'b@x.example" };
        reads(&find, path, "User.Read.All");
        assert_eq!(find.read(&reply(200, r#"{"value":[{"id":"1"}]}"#)).unwrap().value[0].id, "1");
        assert_eq!(find.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(ReadRefusal::MissingPermission));
    }
}
