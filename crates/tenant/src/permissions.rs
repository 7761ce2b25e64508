//! The delegated permissions of Graph that somebody can consent to.

/// Delegated permissions that exist here, with what the consent page says and whether they need an administrator
/// (microsoft-graph-devx-content, permissions.json).
pub(super) const PERMISSIONS: [(&str, &str, bool); 24] = [
    ("User.Read", "Sign you in and read your profile", false),
    ("User.ReadBasic.All", "Read all users' basic profiles", false),
    ("Mail.Send", "Send mail as you", false),
    ("User.Invite.All", "Invite guest users to the organization", true),
    ("User.Read.All", "Read all users' full profiles", true),
    ("Organization.Read.All", "Read organization information", true),
    ("OrgContact.Read.All", "Read organizational contacts", true),
    ("Mail.ReadWrite", "Read and write access to your mail", false),
    ("Chat.Create", "Create chats", false),
    ("ChatMessage.Send", "Send chat messages", false),
    ("User.DeleteRestore.All", "Delete and restore all users", true),
    ("User.ReadWrite.All", "Read and write all users' full profiles", true),
    ("Directory.Read.All", "Read directory data", true),
    ("EntitlementManagement.Read.All", "Read all entitlement management resources", true),
    ("EntitlementManagement.ReadWrite.All", "Read and write all entitlement management resources", true),
    (
        "EntitlementMgmt-SubjectAccess.ReadWrite",
        "Read and write entitlement management resources related to self-service operations",
        false,
    ),
    ("Group.Read.All", "Read all groups", true),
    ("Group.ReadWrite.All", "Read and write all groups", true),
    ("GroupMember.Read.All", "Read group memberships", true),
    ("GroupMember.ReadWrite.All", "Read and write group memberships", true),
    ("Application.Read.All", "Read applications", true),
    ("AppRoleAssignment.ReadWrite.All", "Manage app permission grants and app role assignments", true),
    ("Sites.Read.All", "Read items in all site collections", false),
    ("CrossTenantInformation.ReadBasic.All", "Read cross-tenant basic information", false),
];
