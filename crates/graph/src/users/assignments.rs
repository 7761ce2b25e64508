//! One user with what somebody assigned: memberships and licences. <https://learn.microsoft.com/graph/api/user-get>
//!
//! App roles are asked for by themselves ([`super::ListAppRoles`]): one request expands one relationship
//! (<https://learn.microsoft.com/graph/query-parameters#expand>), and they take another permission.

use super::{READING, User, UserRefusal};
use crate::{Operation, PaceKind, Request, literal};
use json::{Members, text};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// 200 with the [`AssignedUser`] of this object id.
#[derive(Clone, Copy, Debug)]
pub struct GetAssignments<'a> {
    /// Object id.
    pub id: &'a str,
}

/// Who somebody is, and what was assigned to them. An answer that leaves out memberships or licences is unreadable: it must not pass for
/// nothing assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignedUser {
    /// Object id, unique in the tenant.
    pub id: String,
    /// Main SMTP address.
    pub mail: Option<String>,
    /// `Member`, `Guest` or null.
    pub user_type: Option<String>,
    /// `PendingAcceptance`, `Accepted` or null.
    pub external_user_state: Option<String>,
    /// ISO 8601.
    pub created_date_time: Option<String>,
    assigned: Vec<Assignment>,
}

/// What any answer about a user may hold is read by the same program as in those.
impl<'de> Deserialize<'de> for AssignedUser {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = <&RawValue>::deserialize(deserializer)?.get();
        let User { id, mail, user_type, external_user_state, created_date_time, .. } =
            serde_json::from_str(body).map_err(D::Error::custom)?;
        let members: Members = serde_json::from_str(body).map_err(D::Error::custom)?;
        let needed = |name: &'static str| members.get(name).ok_or_else(|| D::Error::missing_field(name));
        let objects = |name| serde_json::from_str::<Vec<Members>>(needed(name)?.get()).map_err(D::Error::custom);
        needed("id")?;
        // About 20 at most, without a link to the rest, and sometimes fewer than there are (microsoft-graph-docs-contrib #3591).
        let mut assigned: Vec<Assignment> = objects("memberOf")?.iter().map(Assignment::by_membership).collect();
        // Also those that come with a group.
        assigned.extend(objects("assignedLicenses")?.iter().map(|_| Assignment::License));
        Ok(Self { id, mail, user_type, external_user_state, created_date_time, assigned })
    }
}

/// What was assigned to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// A group, of whatever kind: also one whose members Entra finds by a rule, which this permission does not show.
    Group,
    /// A role of the directory.
    DirectoryRole,
    /// An administrative unit.
    AdministrativeUnit,
    /// Membership in something that has no name here.
    OtherMembership,
    /// A licence.
    License,
}

impl AssignedUser {
    /// Whether the invitation waits for the guest.
    pub fn is_pending(&self) -> bool {
        self.external_user_state.as_deref() == Some("PendingAcceptance")
    }

    /// Everything that was assigned, as far as this answer shows it; none of it where nothing was.
    pub fn assignments(&self) -> impl Iterator<Item = Assignment> {
        self.assigned.iter().copied()
    }
}

impl Assignment {
    /// Of what somebody is a direct member of, only the type is read. Without a permission for its type Graph shows type and id all the same:
    /// <https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects>.
    fn by_membership(of: &Members) -> Self {
        match of.get("@odata.type").and_then(text).as_deref() {
            Some("#microsoft.graph.group") => Self::Group,
            Some("#microsoft.graph.directoryRole") => Self::DirectoryRole,
            Some("#microsoft.graph.administrativeUnit") => Self::AdministrativeUnit,
            _ => Self::OtherMembership,
        }
    }
}

impl Operation for GetAssignments<'_> {
    type Output = AssignedUser;
    type Refusal = UserRefusal;
    /// Expanded memberships need nothing further: <https://learn.microsoft.com/answers/a/1290747> says so of an app's own permission.
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!(
            "/users/{}?$select=id,mail,userType,externalUserState,createdDateTime,assignedLicenses&$expand=memberOf($select=id)",
            literal(self.id)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommonRefusal;
    use crate::operation::testing::{common, problem, reads, reply};

    const GET: GetAssignments<'_> = GetAssignments { id: "1" };

    fn read(licenses: &str, memberships: &str) -> AssignedUser {
        let body = format!(
            r#"{{"id":"1","mail":"a@x.example","userType":"Guest","externalUserState":"PendingAcceptance",
            "createdDateTime":"2026-11-22T10:43:23Z","assignedLicenses":{licenses},"memberOf":{memberships}}}"#
        );
        GET.read(&reply(200, &body)).unwrap()
    }

    #[test]
    fn a_user_is_asked_for_with_memberships_and_licences() {
        let path = "/users/a%27%27b?$select=id,mail,userType,externalUserState,createdDateTime,assignedLicenses\
                    &$expand=memberOf($select=id)";
        reads(&GetAssignments { id: "a'b" }, path, "User.Read.All");
    }

    #[test]
    fn what_was_assigned_is_told_apart_from_nothing() {
        let check = |licenses: &str, memberships: &str, expected: &[Assignment]| {
            assert_eq!(read(licenses, memberships).assignments().collect::<Vec<_>>(), expected, "{licenses} {memberships}");
        };
        check("[]", "[]", &[]);
        check(r#"[{"skuId":"s","disabledPlans":[]}]"#, "[]", &[Assignment::License]);
        check("[]", r##"[{"@odata.type":"#microsoft.graph.group","id":"g"}]"##, &[Assignment::Group]);
        check("[]", r##"[{"@odata.type":"#microsoft.graph.directoryRole","id":"r"}]"##, &[Assignment::DirectoryRole]);
        check("[]", r##"[{"@odata.type":"#microsoft.graph.administrativeUnit","id":"u"}]"##, &[Assignment::AdministrativeUnit]);
        check("[]", r#"[{"id":"x"}]"#, &[Assignment::OtherMembership]);
        check(
            r#"[{"skuId":"s"}]"#,
            r##"[{"@odata.type":"#microsoft.graph.group","id":"g"},{"@odata.type":"#microsoft.graph.new","id":"n"}]"##,
            &[Assignment::Group, Assignment::OtherMembership, Assignment::License],
        );
    }

    #[test]
    fn who_waits_is_told_from_who_accepted() {
        let user = read("[]", "[]");
        assert!(user.is_pending());
        assert_eq!((user.mail.as_deref(), user.user_type.as_deref()), (Some("a@x.example"), Some("Guest")));
        for state in [Some("Accepted".to_owned()), None] {
            assert!(!AssignedUser { external_user_state: state, ..user.clone() }.is_pending());
        }
    }

    #[test]
    fn an_answer_that_leaves_something_out_does_not_pass_for_nothing_assigned() {
        for body in [
            r#"{"id":"1"}"#,
            r#"{"assignedLicenses":[],"memberOf":[]}"#,
            r#"{"id":"1","assignedLicenses":[]}"#,
            r#"{"id":"1","memberOf":[]}"#,
            r#"{"id":"1","assignedLicenses":null,"memberOf":[]}"#,
            r#"{"id":"1","assignedLicenses":[],"memberOf":null}"#,
        ] {
            assert_eq!(GET.read(&reply(200, body)).unwrap_err().common(), Some(CommonRefusal::Unreadable), "{body}");
        }
    }

    #[test]
    fn each_refusal_is_told_apart() {
        assert_eq!(GET.refusal(&problem(404, "Request_ResourceNotFound", "")), Some(UserRefusal::NotFound));
        assert_eq!(GET.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(UserRefusal::MissingPermission));
        assert!(common().iter().all(|problem| GET.refusal(problem).is_none()));
    }
}
