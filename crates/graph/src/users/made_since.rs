//! Who was made by an invitation lately. <https://learn.microsoft.com/graph/aad-advanced-queries>

use super::{MadeUsers, READING};
use crate::{Operation, PaceKind, ReadRefusal, Request};
use time::Moment;

/// 200 with [`MadeUsers`]: users who were made by invitations since then, by whomever and as whatever type, and their number. At most 999 of
/// them are listed; the number stands for the rest, so that further pages are not followed.
///
/// `creationType` and `createdDateTime` can be filtered by, both in an advanced query: comments of the model User,
/// microsoftgraph/msgraph-sdk-dotnet @ 24e68f7f. The recycle bin takes the options that the type of the cast takes:
/// <https://learn.microsoft.com/graph/api/directory-deleteditems-list#optional-query-parameters>.
#[derive(Clone, Copy, Debug)]
pub struct ListMadeSince {
    /// By Microsoft's clock, to the second.
    pub then: Moment,
    /// Where they are looked for: who is deleted is in one place alone, once that is seen.
    pub place: MadePlace,
}

/// Where users are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadePlace {
    /// Among the users.
    Directory,
    /// Deleted within 30 days, and not for good. Since 2025 its documentation asks whoever reads it for a role, too.
    RecycleBin,
}

impl Operation for ListMadeSince {
    type Output = MadeUsers;
    type Refusal = ReadRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let collection = match self.place {
            MadePlace::Directory => "/users",
            MadePlace::RecycleBin => "/directory/deletedItems/microsoft.graph.user",
        };
        let path = format!(
            "{collection}?$filter=creationType%20eq%20'Invitation'%20and%20createdDateTime%20ge%20{}&$count=true&$select=id,createdDateTime&$top=999",
            self.then.iso()
        );
        let mut request = Request::get(path);
        request.headers = request.headers.with("ConsistencyLevel", "eventual");
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{problem, reads, reply};

    #[test]
    fn whoever_was_invited_is_counted_from_a_moment_on_wherever_they_are_by_now() {
        let query = "?$filter=creationType%20eq%20'Invitation'%20and%20createdDateTime%20ge%202026-11-22T10:43:23Z\
                     &$count=true&$select=id,createdDateTime&$top=999";
        for (place, collection) in
            [(MadePlace::Directory, "/users"), (MadePlace::RecycleBin, "/directory/deletedItems/microsoft.graph.user")]
        {
            let list = ListMadeSince { then: Moment(1_795_344_203_000), place };
            reads(&list, &format!("{collection}{query}"), "User.Read.All");
            assert_eq!(list.request().headers.get("ConsistencyLevel"), Some("eventual"));
            let body = r#"{"@odata.count":1200,"value":[{"id":"1","createdDateTime":"2026-11-22T11:00:00Z"}]}"#;
            let made = list.read(&reply(200, body)).unwrap();
            assert_eq!((made.count, made.value.len()), (1200, 1));
            assert_eq!(list.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(ReadRefusal::MissingPermission));
        }
    }
}
