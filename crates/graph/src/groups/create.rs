//! Making a security group. <https://learn.microsoft.com/graph/api/group-post-groups>

use super::{Group, SELECT};
use crate::invitations::InvitationRefusal;
use crate::refusal::Recognised;
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Request, literal};
use serde_json::json;

/// 201 with the [`Group`], of which the person is an owner. Other services know it some seconds to minutes later.
#[derive(Clone, Copy, Debug)]
pub struct CreateGroup<'a> {
    /// What it is to be.
    pub group: &'a NewGroup,
}

/// A group that gives access, without mail, whose members are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// It need not be unique.
    pub display_name: String,
    /// For showing.
    pub description: String,
    /// Graph wants one also where there is no mail; what a lost answer is looked for by. At most 64 characters, without blanks and signs
    /// such as `@ ( ) \ [ ] " ; : < > ,`.
    pub mail_nickname: String,
}

/// Why no group is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateGroupRefusal {
    /// The person's role does not cover it, or the app lacks consent: Graph does not tell which.
    MissingPermission,
    /// No more directory objects may be made: by this person, or in this tenant.
    ObjectQuota,
    /// 400 `Request_BadRequest`: something of what is said is not taken, such as signs in the nickname.
    NotTaken,
}

impl Refusal for CreateGroupRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match Recognised::by(problem) {
            Recognised::Common(CommonRefusal::MissingPermission) => Some(Self::MissingPermission),
            Recognised::Invitation(InvitationRefusal::ObjectQuota) => Some(Self::ObjectQuota),
            Recognised::Common(CommonRefusal::Unknown) if problem.status == 400 && problem.code == "Request_BadRequest" => {
                Some(Self::NotTaken)
            }
            _ => None,
        }
    }
}

impl Operation for CreateGroup<'_> {
    type Output = Group;
    type Refusal = CreateGroupRefusal;
    const SCOPES: &'static [&'static str] = &["Group.ReadWrite.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let NewGroup { display_name, description, mail_nickname } = self.group;
        let body = json!({
            "displayName": display_name, "description": description, "mailNickname": mail_nickname,
            "mailEnabled": false, "securityEnabled": true,
        });
        Request::post("/groups", &body)
    }

    /// The group of this nickname shows it. Reads lag behind, so that none at once proves nothing yet.
    fn after_loss(&self) -> AfterLoss {
        let nickname = literal(&self.group.mail_nickname);
        AfterLoss::Look(Request::get(format!("/groups?$filter=mailNickname%20eq%20'{nickname}'&$select={SELECT}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn a_group_is_made_with_all_that_graph_wants_and_looked_for_by_its_nickname() {
        let group = NewGroup { display_name: "Suppliers".into(), description: "May see".into(), mail_nickname: "suppliers-1".into() };
        let create = CreateGroup { group: &group };
        let body = json!({"displayName": "Suppliers", "description": "May see", "mailNickname": "suppliers-1", "mailEnabled": false,
            "securityEnabled": true});
        writes(&create, "POST", "/groups", &body);
        assert_eq!(create.read(&reply(201, r#"{"id":"g","groupTypes":[]}"#)).unwrap().unsuitable(), None);
        assert!(looks(&create).path.starts_with("/groups?$filter=mailNickname%20eq%20'suppliers-1'&$select=id,"));
        refuses(
            &create,
            &[
                (403, "Authorization_RequestDenied", "", Some(CreateGroupRefusal::MissingPermission)),
                (403, "Directory_QuotaExceeded", "", Some(CreateGroupRefusal::ObjectQuota)),
                (400, "NewCode", "", None),
                (400, "Request_BadRequest", "Invalid value specified for property 'mailNickname'.", Some(CreateGroupRefusal::NotTaken)),
            ],
        );
    }
}
