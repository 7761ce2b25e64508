//! Groups, which packages give membership of. <https://learn.microsoft.com/graph/api/resources/group>

mod add_member;
mod create;
mod get;
mod members;
mod remove_member;
mod search;

pub use add_member::AddMember;
pub use create::{CreateGroup, CreateGroupRefusal, NewGroup};
pub use get::GetGroup;
pub use members::MemberRefusal;
pub use remove_member::RemoveMember;
pub use search::SearchGroups;

use serde::Deserialize;

const SELECT: &str = "id,displayName,description,mail,mailEnabled,mailNickname,securityEnabled,groupTypes,membershipRule,\
                      onPremisesSyncEnabled,isAssignableToRole";

/// What shows all of [`SELECT`]: `Group.ReadBasic.All` shows the name alone.
/// <https://learn.microsoft.com/graph/permissions-reference#groupreadbasicall>
const READING: &[&str] =
    &["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

/// A group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Group {
    /// Object id.
    pub id: String,
    /// It need not be unique.
    pub display_name: Option<String>,
    /// For showing.
    pub description: Option<String>,
    /// Main address, where it has a mailbox.
    pub mail: Option<String>,
    /// Whether mail can be sent to it.
    pub mail_enabled: Option<bool>,
    /// What its address begins with; unique in the tenant.
    pub mail_nickname: Option<String>,
    /// Whether it gives access.
    pub security_enabled: Option<bool>,
    /// `Unified`: a Microsoft 365 group. `DynamicMembership`: one whose members a rule finds.
    pub group_types: Option<Vec<String>>,
    /// That rule.
    pub membership_rule: Option<String>,
    /// Whether its members are those of a group on premises.
    pub on_premises_sync_enabled: Option<bool>,
    /// Whether roles of the directory can be given to it: then it takes more to change its members.
    pub is_assignable_to_role: Option<bool>,
}

/// Why a package cannot give membership of a group.
/// <https://learn.microsoft.com/entra/id-governance/entitlement-management-catalog-create>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsuitableGroup {
    /// Its members are found by a rule.
    Dynamic,
    /// Its members come from a group on premises.
    Synced,
    /// It is Exchange's: a distribution list, or a security group with mail.
    OfExchange,
}

impl Group {
    /// Why a package cannot give membership of it; `None` where it can, provided that whoever asks has a say over it.
    pub fn unsuitable(&self) -> Option<UnsuitableGroup> {
        let is_of = |kind: &str| self.group_types.iter().flatten().any(|own| own.eq_ignore_ascii_case(kind));
        match self {
            _ if is_of("DynamicMembership") => Some(UnsuitableGroup::Dynamic),
            Self { on_premises_sync_enabled: Some(true), .. } => Some(UnsuitableGroup::Synced),
            Self { mail_enabled: Some(true), .. } if !is_of("Unified") => Some(UnsuitableGroup::OfExchange),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_cannot_give_is_told_with_its_reason() {
        let check = |text: &str, expected: Option<UnsuitableGroup>| {
            assert_eq!(serde_json::from_str::<Group>(text).unwrap().unsuitable(), expected, "{text}");
        };
        check(r#"{"groupTypes":[],"mailEnabled":false,"securityEnabled":true,"onPremisesSyncEnabled":null}"#, None);
        check(r#"{"groupTypes":["Unified"],"mailEnabled":true,"securityEnabled":false}"#, None);
        check(r#"{"groupTypes":["DynamicMembership","Unified"],"mailEnabled":true}"#, Some(UnsuitableGroup::Dynamic));
        check(r#"{"groupTypes":[],"onPremisesSyncEnabled":true,"mailEnabled":true}"#, Some(UnsuitableGroup::Synced));
        check(r#"{"groupTypes":[],"mailEnabled":true,"securityEnabled":true}"#, Some(UnsuitableGroup::OfExchange));
        check("{}", None);
    }
}
