//! Who is in the directory. <https://learn.microsoft.com/graph/api/user-list>

mod app_roles;
mod assignments;
mod delete;
mod find_by_address;
mod find_deleted;
mod get;
mod get_deleted;
mod made_since;
mod me;
mod my_roles;
mod restore;
mod sponsors;

pub use app_roles::{AppRoleAssignment, ListAppRoles};
pub use assignments::{AssignedUser, Assignment, GetAssignments};
pub use delete::DeleteUser;
pub use find_by_address::FindUsersByAddress;
pub use find_deleted::FindDeletedUsers;
pub use get::{GetUser, UserRefusal};
pub use get_deleted::{DeletedUser, GetDeletedUser};
pub use made_since::{ListMadeSince, MadePlace};
pub use me::GetMe;
pub use my_roles::ListMyRoles;
pub use restore::{RestoreRefusal, RestoreUser};
pub use sponsors::{AddUserSponsor, ListUserSponsors, RemoveUserSponsor, SponsorRefusal};

use serde::Deserialize;

const SELECT: &str =
    "id,displayName,mail,userPrincipalName,userType,externalUserState,externalUserStateChangeDateTime,accountEnabled,createdDateTime";

/// What shows all of [`SELECT`]: `User.ReadBasic.All` suffices for Graph, and shows neither type nor state.
/// <https://learn.microsoft.com/graph/permissions-reference#userreadbasicall>
const READING: &[&str] = &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

/// What deletes a user and restores one. permissions.json marks both as least for deleting and the first for restoring; it changes nothing
/// else. <https://learn.microsoft.com/graph/permissions-reference#userdeleterestoreall>
const DELETING: &[&str] = &["User.DeleteRestore.All", "User.ReadWrite.All"];

/// The properties of a user that are asked for. `User.Read.All` shows them all, `User.ReadBasic.All` neither `user_type` nor the state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct User {
    /// Object id, unique in the tenant.
    pub id: String,
    /// What address books show.
    pub display_name: Option<String>,
    /// Main SMTP address.
    pub mail: Option<String>,
    /// Sign-in name; that of a guest is made by Entra and holds `#EXT#`.
    pub user_principal_name: Option<String>,
    /// `Member`, `Guest` or null.
    pub user_type: Option<String>,
    /// `PendingAcceptance`, `Accepted` or null.
    pub external_user_state: Option<String>,
    /// ISO 8601.
    pub external_user_state_change_date_time: Option<String>,
    /// `Some(false)`: blocked from signing in.
    pub account_enabled: Option<bool>,
    /// ISO 8601.
    pub created_date_time: Option<String>,
}

/// Who was made, and when; with how many there are of them in all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct MadeUsers {
    /// Of all that match, also those that this answer does not hold.
    #[serde(rename = "@odata.count", default)]
    pub count: usize,
    /// At most 999.
    pub value: Vec<MadeUser>,
}

/// What [`ListMadeSince`] asks of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MadeUser {
    /// Object id.
    pub id: String,
    /// ISO 8601.
    pub created_date_time: Option<String>,
}

/// A directory role. <https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DirectoryRole {
    /// For showing alone.
    pub display_name: String,
    /// The same in every tenant, as in [`INVITING_ROLES`].
    pub role_template_id: String,
}

/// Template ids of the roles that may invite while `allowInvitesFrom` is `adminsAndGuestInviters`: three by
/// <https://learn.microsoft.com/graph/api/resources/authorizationpolicy>, and Directory Writers, who hold
/// `microsoft.directory/users/inviteGuest` by
/// <https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>. Who holds none of them may be allowed to
/// all the same: Graph has the last word.
pub const INVITING_ROLES: [&str; 4] = [
    "62e90394-69f5-4237-9190-012177145e10", // Global Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1", // User Administrator
    "95e79109-95c0-4d8e-aee3-d01accf2d47b", // Guest Inviter
    "9360feb5-f418-4baa-8175-e2a00bac4301", // Directory Writers
];
