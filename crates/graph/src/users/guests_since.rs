//! Guests who were made lately. <https://learn.microsoft.com/graph/aad-advanced-queries>

use super::{GuestUsers, READING};
use crate::{Operation, PaceKind, ReadRefusal, Request};
use time::Moment;

/// 200 with [`GuestUsers`]: guests who were made since then, by whomever, and their number. At most 999 of them are listed; the number
/// stands for the rest, so that further pages are not followed. Deleted ones are missing.
#[derive(Clone, Copy, Debug)]
pub struct ListGuestsSince {
    /// By Microsoft's clock, to the second.
    pub then: Moment,
}

impl Operation for ListGuestsSince {
    type Output = GuestUsers;
    type Refusal = ReadRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let path = format!(
            "/users?$filter=userType%20eq%20'Guest'%20and%20createdDateTime%20ge%20{}&$count=true&$select=id,createdDateTime&$top=999",
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
    fn guests_are_counted_from_a_moment_on() {
        let list = ListGuestsSince { then: Moment(1_795_344_203_000) };
        let path = "/users?$filter=userType%20eq%20'Guest'%20and%20createdDateTime%20ge%202026-11-22T10:43:23Z\
                    &$count=true&$select=id,createdDateTime&$top=999";
        reads(&list, path, "User.Read.All");
        assert_eq!(list.request().headers.get("ConsistencyLevel"), Some("eventual"));
        let guests =
            list.read(&reply(200, r#"{"@odata.count":1200,"value":[{"id":"1","createdDateTime":"2026-11-22T11:00:00Z"}]}"#)).unwrap();
        assert_eq!((guests.count, guests.value.len()), (1200, 1));
        assert_eq!(list.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(ReadRefusal::MissingPermission));
    }
}
