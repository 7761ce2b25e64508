//! Sponsors of a guest. <https://learn.microsoft.com/graph/api/user-list-sponsors>

use crate::entitlement::connected_organizations::Sponsor;
use crate::users::{READING, UserRefusal};
use crate::{Operation, PaceKind, Page, Request, literal};

/// 200 with a page of [`Sponsor`], people and groups.
#[derive(Clone, Copy, Debug)]
pub struct ListUserSponsors<'a> {
    /// Object id.
    pub id: &'a str,
}

impl Operation for ListUserSponsors<'_> {
    type Output = Page<Sponsor>;
    type Refusal = UserRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!("/users/{}/sponsors", literal(self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn sponsors_are_people_and_groups() {
        let list = ListUserSponsors { id: "u" };
        reads(&list, "/users/u/sponsors", "User.Read.All");
        let body = r##"{"value":[{"@odata.type":"#microsoft.graph.user","id":"s","displayName":"Ada"}]}"##;
        assert_eq!(list.read(&reply(200, body)).unwrap().value[0].id, "s");
        refuses(&list, &[(404, "Request_ResourceNotFound", "", Some(UserRefusal::NotFound))]);
    }
}
