//! What can be asked here: paths, methods, permissions and query options.

use super::graph_api::refusal;
use super::query;
use graph::{Method, Reply};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    Me,
    MyMemberships,
    MyRoles,
    /// A cast to a type that nobody at Contoso is a member of.
    MyGroups,
    SendMail,
    Messages,
    Chats,
    ChatMessages,
    Organization,
    Users,
    UserCount,
    User,
    AppRoleAssignments,
    DeletedUsers,
    DeletedUser,
    Restore,
    Contacts,
    Invitations,
}

/// Method, the delegated permissions of which any suffices, and the query options.
/// microsoftgraph/microsoft-graph-devx-content @ 6cbd6bbd, permissions/new/permissions.json.
/// Reading `deletedItems` and purging are not in that file; learn.microsoft.com/graph/api/directory-deleteditems-list names User.Read.All,
/// learn.microsoft.com/graph/api/directory-deleteditems-delete User.ReadWrite.All. That User.DeleteRestore.All purges, too, is our reading.
pub(super) struct AllowedCall {
    pub(super) method: Method,
    pub(super) scopes: &'static [&'static str],
    pub(super) options: &'static [&'static str],
}

impl Resource {
    /// The resource of a path, and the id in it. Names compare without case (learn.microsoft.com/graph/use-the-api), ids stand in
    /// a segment of their own or in brackets, and a cast may leave out `microsoft.`.
    ///
    /// # Errors
    /// The first segment that there is no resource for: microsoft-graph-docs #21648.
    pub(super) fn from_path(path: &str) -> Result<(Self, String), Reply> {
        let mut segments: Vec<String> = Vec::new();
        for segment in path.trim_matches('/').split('/') {
            match segment.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
                Some((name, key)) => segments.extend([name.to_owned(), key.trim_matches('\'').replace("''", "'")]),
                None => segments.push(segment.to_owned()),
            }
        }
        let name = |place: usize| {
            let lower = segments.get(place).map(|segment| segment.to_ascii_lowercase()).unwrap_or_default();
            lower.strip_prefix("microsoft.graph.").map_or(lower.clone(), |kind| format!("graph.{kind}"))
        };
        let names: Vec<String> = (0..segments.len()).map(name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let id = |place: usize| segments.get(place).map(|id| percent_decoded(id)).unwrap_or_default();
        let resource = match names.as_slice() {
            ["me"] => Self::Me,
            ["me", "memberof" | "transitivememberof"] => Self::MyMemberships,
            ["me", "memberof" | "transitivememberof", "graph.directoryrole"] => Self::MyRoles,
            ["me", "memberof" | "transitivememberof", "graph.group" | "graph.administrativeunit"] => Self::MyGroups,
            ["me", "sendmail" | "graph.sendmail"] => Self::SendMail,
            ["me", "messages"] => Self::Messages,
            ["chats"] => Self::Chats,
            ["chats", _, "messages"] => return Ok((Self::ChatMessages, id(1))),
            ["organization"] => Self::Organization,
            ["users"] => Self::Users,
            ["users", "$count"] => Self::UserCount,
            ["users", _] => return Ok((Self::User, id(1))),
            ["users", _, "approleassignments"] => return Ok((Self::AppRoleAssignments, id(1))),
            ["directory", "deleteditems", "graph.user"] => Self::DeletedUsers,
            ["directory", "deleteditems", one] | ["directory", "deleteditems", one, "graph.user"] if !one.starts_with("graph.") => {
                return Ok((Self::DeletedUser, id(2)));
            }
            ["directory", "deleteditems", _, "restore" | "graph.restore"] => return Ok((Self::Restore, id(2))),
            ["contacts"] => Self::Contacts,
            ["invitations"] => Self::Invitations,
            _ => {
                let unknown = unknown(&names);
                let segment = segments.get(unknown).map_or("", String::as_str);
                return Err(refusal(400, "BadRequest", &format!("Resource not found for the segment '{segment}'.")));
            }
        };
        Ok((resource, String::new()))
    }

    /// What can be asked of it by this method.
    pub(super) fn offer(self, method: Method) -> Option<AllowedCall> {
        let call = self.call(method == Method::Delete);
        (call.method == method).then_some(call)
    }

    fn call(self, is_deletion: bool) -> AllowedCall {
        const USERS: &[&str] = &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
        const DELETED: &[&str] = &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
        const DELETING: &[&str] = &["User.DeleteRestore.All", "User.ReadWrite.All"];
        const MEMBERSHIPS: &[&str] = &["User.Read", "User.Read.All", "Directory.Read.All", "GroupMember.Read.All"];
        let get = |scopes, options| AllowedCall { method: Method::Get, scopes, options };
        let post = |scopes| AllowedCall { method: Method::Post, scopes, options: query::NONE };
        let delete = || AllowedCall { method: Method::Delete, scopes: DELETING, options: query::NONE };
        match self {
            Self::User | Self::DeletedUser if is_deletion => delete(),
            Self::Me => get(&["User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"], query::ONE),
            Self::MyMemberships | Self::MyRoles | Self::MyGroups => get(MEMBERSHIPS, query::ROLES),
            Self::Organization => get(&["User.Read", "User.Read.All", "Organization.Read.All", "Directory.Read.All"], query::ONE),
            Self::Users => get(USERS, query::USERS),
            Self::UserCount => get(USERS, &["$filter", "$search"]),
            Self::User => get(USERS, query::USER),
            Self::AppRoleAssignments => get(&["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"], query::ROLES),
            Self::DeletedUsers => get(DELETED, query::COLLECTION),
            Self::DeletedUser => get(DELETED, query::ONE),
            Self::Restore => post(DELETING),
            Self::Contacts => get(&["OrgContact.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"], query::COLLECTION),
            Self::Invitations => post(&["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]),
            Self::SendMail => post(&["Mail.Send"]),
            Self::Messages => post(&["Mail.ReadWrite"]),
            Self::Chats => post(&["Chat.Create", "Chat.ReadWrite"]),
            Self::ChatMessages => post(&["ChatMessage.Send", "Chat.ReadWrite"]),
        }
    }
}

/// The place of the first segment that leads nowhere.
fn unknown(names: &[&str]) -> usize {
    let second: &[&str] = match names.first() {
        Some(&"me") => &["memberof", "transitivememberof", "sendmail", "messages"],
        Some(&"directory") if names.get(1) == Some(&"deleteditems") => {
            let is_cast = names.get(2).is_some_and(|name| name.starts_with("graph."));
            return names.len().min(if is_cast { 3 } else { 4 }) - 1;
        }
        Some(&"directory") => return names.len().min(2) - 1,
        Some(&"users" | &"chats" | &"organization" | &"contacts" | &"invitations") => return names.len().min(3) - 1,
        _ => return 0,
    };
    if names.get(1).is_some_and(|name| second.contains(name)) { names.len().min(3) - 1 } else { names.len().min(2) - 1 }
}

fn percent_decoded(segment: &str) -> String {
    // A `+` of a path is a plus, unlike in a form.
    url::form_urlencoded::parse(segment.replace('+', "%2B").as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_resource_however_it_is_written() {
        let check = |path: &str, resource: Resource, id: &str| {
            let found = Resource::from_path(path).unwrap_or_else(|refused| panic!("{path}: {}", refused.body));
            assert_eq!(found, (resource, id.to_owned()), "{path}");
        };
        check("/me", Resource::Me, "");
        check("/ME/", Resource::Me, "");
        check("/me/memberOf", Resource::MyMemberships, "");
        check("/me/transitiveMemberOf/microsoft.graph.directoryRole", Resource::MyRoles, "");
        check("/me/memberOf/graph.group", Resource::MyGroups, "");
        check("/me/sendMail", Resource::SendMail, "");
        check("/me/microsoft.graph.sendMail", Resource::SendMail, "");
        check("/me/messages", Resource::Messages, "");
        check("/chats", Resource::Chats, "");
        check("/chats/19:a%40b/messages", Resource::ChatMessages, "19:a@b");
        check("/organization", Resource::Organization, "");
        check("/users", Resource::Users, "");
        check("/users/$count", Resource::UserCount, "");
        check("/users/a+b%2B%40x", Resource::User, "a+b+@x");
        check("/users('o''neil')", Resource::User, "o'neil");
        check("/directory/deletedItems/microsoft.graph.user", Resource::DeletedUsers, "");
        check("/contacts", Resource::Contacts, "");
        check("/invitations", Resource::Invitations, "");
    }

    #[test]
    fn the_first_segment_that_leads_nowhere_is_named() {
        let check = |path: &str, segment: &str| {
            let refused = Resource::from_path(path).unwrap_err();
            assert!(refused.status == 400 && refused.body.contains(&format!("segment '{segment}'.")), "{path}: {}", refused.body);
        };
        check("/groups", "groups");
        check("/me/photo", "photo");
        check("/me/memberOf/graph.device", "graph.device");
        check("/me/messages/1", "1");
        check("/directory/roles", "roles");
        check("/directory/deletedItems/graph.group", "graph.group");
        check("/users/1/manager", "manager");
        check("/invitations/1", "1");
        check("/directory", "directory");
    }
}
