//! Whether somebody holds a role of an application. <https://learn.microsoft.com/graph/api/user-list-approleassignments>

use super::UserRefusal;
use crate::{Operation, PaceKind, Page, Request, literal};
use json::{Members, text};
use serde::Deserialize;

/// 200 with a page of at most one [`AppRoleAssignment`], also of those that come with a group: one says that there are any. No link leads
/// to the rest (microsoft-graph-docs-contrib #6525).
#[derive(Clone, Copy, Debug)]
pub struct ListAppRoles<'a> {
    /// Object id.
    pub id: &'a str,
}

/// A role of an application, or the access to it where it defines none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Members")]
pub struct AppRoleAssignment {
    /// Of the assignment.
    pub id: String,
    /// What the application is called.
    pub resource_display_name: Option<String>,
}

impl From<Members> for AppRoleAssignment {
    fn from(members: Members) -> Self {
        let told = |name| members.get(name).and_then(text);
        Self { id: told("id").unwrap_or_default(), resource_display_name: told("resourceDisplayName") }
    }
}

impl Operation for ListAppRoles<'_> {
    type Output = Page<AppRoleAssignment>;
    type Refusal = UserRefusal;
    /// `User.Read.All` does not suffice. Of the two that do, Microsoft marks the second as the lesser; it lets an app give any role of any
    /// application to anybody, the first changes nothing.
    const SCOPES: &'static [&'static str] = &["Directory.Read.All", "AppRoleAssignment.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!("/users/{}/appRoleAssignments?$top=1", literal(self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reads, reply};

    const LIST: ListAppRoles<'_> = ListAppRoles { id: "1" };

    #[test]
    fn one_app_role_says_that_there_are_any() {
        reads(&ListAppRoles { id: "a'b" }, "/users/a%27%27b/appRoleAssignments?$top=1", "Directory.Read.All");
        assert_eq!(LIST.read(&reply(200, r#"{"value":[]}"#)).unwrap().value, []);
        let body = r#"{"value":[{"id":"r","appRoleId":"00000000-0000-0000-0000-000000000000","resourceDisplayName":"Wiki"}]}"#;
        let held = AppRoleAssignment { id: "r".into(), resource_display_name: Some("Wiki".into()) };
        assert_eq!(LIST.read(&reply(200, body)).unwrap().value, [held]);
    }

    #[test]
    fn each_refusal_is_told_apart() {
        assert_eq!(LIST.refusal(&problem(404, "Request_ResourceNotFound", "")), Some(UserRefusal::NotFound));
        assert_eq!(LIST.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(UserRefusal::MissingPermission));
        assert!(common().iter().all(|problem| LIST.refusal(problem).is_none()));
    }
}
