//! One user of the recycle bin. <https://learn.microsoft.com/graph/api/directory-deleteditems-get>

use super::{READING, UserRefusal};
use crate::{Operation, PaceKind, Request, literal};
use serde::Deserialize;

/// 200 with the [`DeletedUser`] of this object id. Unlike the list it needs no cast to `microsoft.graph.user`: the documentation has none,
/// and manicminer/hamilton, msgraph/users.go, does without.
#[derive(Clone, Copy, Debug)]
pub struct GetDeletedUser<'a> {
    /// Object id, as it was before.
    pub id: &'a str,
}

/// Who lies in the recycle bin, and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeletedUser {
    /// Object id, as it was before.
    pub id: String,
    /// Main SMTP address.
    pub mail: Option<String>,
    /// ISO 8601; 30 days later the user is gone for good.
    pub deleted_date_time: Option<String>,
}

impl Operation for GetDeletedUser<'_> {
    type Output = DeletedUser;
    /// Not there: purged, restored, never deleted, or not yet.
    type Refusal = UserRefusal;
    /// Not in permissions.json: <https://learn.microsoft.com/graph/api/directory-deleteditems-get#permissions>.
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!("/directory/deletedItems/{}?$select=id,mail,deletedDateTime", literal(self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reads, reply};

    #[test]
    fn the_recycle_bin_is_asked_for_one_of_its_users() {
        let get = GetDeletedUser { id: "a'b" };
        reads(&get, "/directory/deletedItems/a%27%27b?$select=id,mail,deletedDateTime", "User.Read.All");
        let body = r##"{"@odata.type":"#microsoft.graph.user","id":"1","mail":"a@x.example","deletedDateTime":"2026-11-22T10:43:23Z"}"##;
        let deleted = get.read(&reply(200, body)).unwrap();
        assert_eq!((deleted.id.as_str(), deleted.mail.as_deref()), ("1", Some("a@x.example")));
        assert_eq!(deleted.deleted_date_time.as_deref(), Some("2026-11-22T10:43:23Z"));
    }

    #[test]
    fn each_refusal_is_told_apart() {
        let get = GetDeletedUser { id: "1" };
        assert_eq!(get.refusal(&problem(404, "Request_ResourceNotFound", "")), Some(UserRefusal::NotFound));
        assert_eq!(get.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(UserRefusal::MissingPermission));
        assert!(common().iter().all(|problem| get.refusal(problem).is_none()));
    }
}
