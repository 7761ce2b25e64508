//! Which directory roles the signed-in person holds. <https://learn.microsoft.com/graph/api/user-list-transitivememberof>

use super::DirectoryRole;
use crate::{NoRefusal, Operation, PaceKind, Page, Request};

/// 200 with a page of [`DirectoryRole`]s, also those held through groups. Roles that are only eligible (PIM) are missing.
#[derive(Clone, Copy, Debug)]
pub struct ListMyRoles;

impl Operation for ListMyRoles {
    type Output = Page<DirectoryRole>;
    type Refusal = NoRefusal;
    const SCOPES: &'static [&'static str] = &["User.Read", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get("/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, reads, reply};
    use crate::users::INVITING_ROLES;

    #[test]
    fn roles_are_read_by_their_templates() {
        let path = "/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId";
        reads(&ListMyRoles, path, "User.Read");
        let body = format!(r#"{{"value":[{{"id":"1","displayName":"x","roleTemplateId":"{}"}}]}}"#, INVITING_ROLES[2]);
        let page = ListMyRoles.read(&reply(200, &body)).unwrap();
        assert_eq!((page.value[0].role_template_id.as_str(), page.next_link), (INVITING_ROLES[2], None));
        assert!(common().iter().all(|problem| ListMyRoles.refusal(problem).is_none()));
    }
}
