//! Who is in the directory. <https://learn.microsoft.com/graph/api/user-list>

use super::{Request, literal};
use serde::Deserialize;
use time::Moment;

const SELECT: &str =
    "id,displayName,mail,userPrincipalName,userType,externalUserState,externalUserStateChangeDateTime,accountEnabled,createdDateTime";

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

/// One page of a collection. What follows (`@odata.nextLink`) is not read.
#[derive(Clone, Debug, Deserialize)]
pub struct Page<T> {
    /// In the order they came.
    pub value: Vec<T>,
}

/// A guest, and since when; with how many there are of them in all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct GuestUsers {
    /// Of all that match, also those that this answer does not hold.
    #[serde(rename = "@odata.count", default)]
    pub count: usize,
    /// At most 999.
    pub value: Vec<GuestUser>,
}

/// What [`guests_since`] asks of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GuestUser {
    /// Object id.
    pub id: String,
    /// ISO 8601.
    pub created_date_time: Option<String>,
}

/// Guests who were made since then, by whomever: at most 999 of them, and their number. Deleted ones are missing.
/// <https://learn.microsoft.com/graph/aad-advanced-queries>
pub fn guests_since(then: Moment) -> Request {
    let path = format!(
        "/users?$filter=userType%20eq%20'Guest'%20and%20createdDateTime%20ge%20{}&$count=true&$select=id,createdDateTime&$top=999",
        then.iso()
    );
    let mut request = Request::get(path);
    request.headers = request.headers.with("ConsistencyLevel", "eventual");
    request
}

/// 200 with the signed-in [`User`], without state and dates. Needs `User.Read`.
pub fn me() -> Request {
    Request::get("/me?$select=id,displayName,mail,userPrincipalName,userType")
}

/// Directory roles of the signed-in user, also those held through groups.
pub fn my_roles() -> Request {
    Request::get("/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId")
}

/// 200 with the [`User`] of this object id; 404 where there is none, or none yet.
pub fn by_id(id: &str) -> Request {
    Request::get(format!("/users/{}?$select={SELECT}", literal(id)))
}

/// Everybody who owns this address, by any of the properties that can hold it: a [`Page`] of [`User`]s. Works without advanced query
/// parameters. entra-docs docs/external-id/customize-invitation-api.md.
pub fn by_address(address: &str) -> Request {
    let it = literal(address);
    Request::get(format!(
        "/users?$filter=mail%20eq%20'{it}'%20or%20userPrincipalName%20eq%20'{it}'%20or%20otherMails/any(o:o%20eq%20'{it}')\
         %20or%20proxyAddresses/any(p:p%20eq%20'SMTP:{it}')&$select={SELECT}"
    ))
}

/// Deleted users with this address: restorable for 30 days, and in the way of nothing but a surprise.
pub fn deleted_by_address(address: &str) -> Request {
    let it = literal(address);
    Request::get(format!("/directory/deletedItems/microsoft.graph.user?$filter=mail%20eq%20'{it}'&$select=id,displayName,mail,userType"))
}

/// A mail contact: an address in the organisation's address book, and nobody who could sign in.
/// <https://learn.microsoft.com/graph/api/resources/orgcontact>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrgContact {
    /// What address books show.
    pub display_name: Option<String>,
}

/// Mail contacts with this address. <https://learn.microsoft.com/graph/api/orgcontact-list>
pub fn contact_by_address(address: &str) -> Request {
    let it = literal(address);
    Request::get(format!(
        "/contacts?$filter=mail%20eq%20'{it}'%20or%20proxyAddresses/any(p:p%20eq%20'SMTP:{it}')&$select=id,displayName,mail"
    ))
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
