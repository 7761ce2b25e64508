//! Refusals for want of a permission, in sentences that name the one that this very operation needs.

use super::Words;

/// What needs a permission, as it stands in a sentence, and whether only an administrator can consent to it.
/// microsoftgraph/microsoft-graph-devx-content @ 6cbd6bbd, permissions/new/permissions.json.
fn operation(permission: &str) -> (&'static str, bool) {
    match permission {
        "User.Invite.All" => ("inviting guests", true),
        "User.Read" => ("reading who you are", false),
        "User.Read.All" => ("looking up who is here already", true),
        "OrgContact.Read.All" => ("looking up mail contacts", true),
        "User.DeleteRestore.All" => ("deleting and restoring users", true),
        "Mail.Send" => ("sending from your mailbox", false),
        "Mail.ReadWrite" => ("laying down drafts in your mailbox", false),
        "Chat.Create" => ("opening a chat", false),
        "ChatMessage.Send" => ("writing into a chat", false),
        "EntitlementManagement.Read.All" => ("reading access packages", true),
        "EntitlementManagement.ReadWrite.All" => ("changing access packages", true),
        _ => ("this", true),
    }
}

/// The words of a refusal that may be for want of this permission, the least of an operation's `SCOPES`.
pub(super) fn words(permission: &str) -> Words {
    let (operation, takes_administrator) = operation(permission);
    let why = match permission {
        "User.Invite.All" => "Either the app has no consent for it, or your role does not let you invite guests.",
        "User.DeleteRestore.All" => "Either the app has no consent for it, or your role does not let you delete or restore users.",
        "EntitlementManagement.Read.All" | "EntitlementManagement.ReadWrite.All" => {
            "The app has no consent for it, you have no role in entitlement management, or your organization has no license for it; Microsoft does not say which."
        }
        _ => "Either the app has no consent for it, or your account may not use it.",
    };
    let who = match (takes_administrator, permission) {
        (_, "User.Invite.All") => {
            format!("An administrator can consent to {permission} for this app, or give you the role Guest Inviter.")
        }
        (_, "User.DeleteRestore.All") => {
            format!("An administrator can consent to {permission} for this app, or give you the role User Administrator.")
        }
        (_, "EntitlementManagement.Read.All") => format!(
            "An administrator can consent to {permission} for this app, or give you a role: Identity Governance Administrator or Global Reader for all packages, Catalog reader for those of a catalog."
        ),
        (_, "EntitlementManagement.ReadWrite.All") => format!(
            "An administrator can consent to {permission} for this app, or give you a role: Identity Governance Administrator for all packages, catalog owner or package manager for those of a catalog."
        ),
        (true, _) => format!("An administrator can consent to {permission} for this app."),
        (false, _) => format!("You can allow {permission} for yourself, unless the tenant reserves that to administrators."),
    };
    let next = match (takes_administrator, permission) {
        (_, "EntitlementManagement.Read.All" | "EntitlementManagement.ReadWrite.All") => {
            "Ask your administrator, then sign in again; a new role takes a few minutes."
        }
        (true, _) => "Ask your administrator, sign in again, and try what is left; nobody is invited twice.",
        (false, _) => "Allow it once more, then try what is left; nobody is invited twice.",
    };
    Words::new(&format!("Microsoft refused: {operation} needs the permission {permission}."), why, &who, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 11] = [
        "User.Invite.All",
        "User.Read",
        "User.Read.All",
        "OrgContact.Read.All",
        "User.DeleteRestore.All",
        "Mail.Send",
        "Mail.ReadWrite",
        "Chat.Create",
        "ChatMessage.Send",
        "EntitlementManagement.Read.All",
        "EntitlementManagement.ReadWrite.All",
    ];

    #[test]
    fn each_operation_names_its_own_permission_and_no_other() {
        for permission in ALL {
            let Words { what, why, who, next } = words(permission);
            let all = [what.as_str(), &why, &who, &next].join(" ");
            let named =
                |name: &&str| all.split(|sign: char| !sign.is_alphanumeric() && sign != '.').any(|word| word.trim_matches('.') == *name);
            assert_eq!(ALL.into_iter().filter(|name| named(name)).collect::<Vec<_>>(), [permission], "{all}");
            assert!(!what.contains("this needs") && [&what, &why, &who, &next].iter().all(|text| text.ends_with('.')), "{all}");
        }
    }
}
