//! Which permissions of Microsoft Graph are asked for, and when. Least first: what only some features need is asked when they are used.

use identity::scopes::Scopes;

/// To see who is signed in, and the name and domains of the tenant.
pub const ONESELF: &str = "User.Read";
/// The least permission of `POST /invitations`.
pub const INVITING: &str = "User.Invite.All";
/// Asked at every sign-in.
pub const BASE: [&str; 2] = [ONESELF, INVITING];
/// Asked when *Check* is to see who is here already: `User.ReadBasic.All` shows neither user type nor state.
pub const DIRECTORY: &str = "User.Read.All";
/// Asked when *Check* is to look for mail contacts, too: no permission on users shows them.
/// <https://learn.microsoft.com/graph/api/orgcontact-list>
pub const CONTACTS: &str = "OrgContact.Read.All";
/// Asked when somebody wants the day's allowance to be worked out instead of answering one question: `User.Read` shows neither the
/// tenant's age nor its subscriptions. <https://learn.microsoft.com/graph/api/organization-list>
pub const SUBSCRIPTION: &str = "Organization.Read.All";
/// Asked when somebody wants to take guests back, or to restore them: of what suffices it changes nothing else.
/// <https://learn.microsoft.com/graph/permissions-reference#userdeleterestoreall>
pub const DELETING: &str = "User.DeleteRestore.All";

/// Asked when somebody opens *Self-service*: of what suffices it changes nothing.
/// <https://learn.microsoft.com/graph/permissions-reference#entitlementmanagementreadall>
pub const ENTITLEMENT: &str = "EntitlementManagement.Read.All";

/// Asked when somebody changes what *Self-service* shows: of what suffices it changes nothing else.
/// <https://learn.microsoft.com/graph/permissions-reference#entitlementmanagementreadwriteall>
pub const ENTITLEMENT_CHANGES: &str = "EntitlementManagement.ReadWrite.All";

/// What every sign-in asks for.
pub fn base() -> Scopes {
    BASE.into_iter().collect()
}

/// What an administrator allows for the whole tenant: what every sign-in asks for, reading the directory, and `more`.
pub fn for_everybody(more: Option<&str>) -> Scopes {
    BASE.into_iter().chain([DIRECTORY]).chain(more).collect()
}
