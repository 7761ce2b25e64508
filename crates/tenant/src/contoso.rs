//! The story that the tenant starts with: who works at Contoso and who is a guest already.

use super::IdGenerator;
use super::directory::{Deletion, Directory, Person, Role};
use super::groups::{GroupKind, GroupRecord, Groups};
use super::sites::SiteRecord;
use time::Moment;

pub const TENANT_ID: &str = "5e1ec7ed-c070-4050-a000-c0ffee000001";
/// The registration of this page: a single-page application with one redirect URI.
pub const CLIENT_ID: &str = "9e57115f-c070-4050-a000-c0ffee000002";
pub const DOMAIN: &str = "contoso.example";
pub(super) const NAME: &str = "Contoso";
pub(super) const INITIAL_DOMAIN: &str = "contoso.onmicrosoft.com";
/// Another registration, of platform `web`, to show what that mistake leads to.
pub(super) const WEB_CLIENT_ID: &str = "9e57115f-c070-4050-a000-c0ffee000003";

/// 2024-03-01T09:00:00Z, when everybody of the story was made.
pub(super) const CREATED: Moment = Moment(1_709_283_600_000);

// Role templates: entra-docs docs/identity/role-based-access-control/permissions-reference.md
pub(super) const GUEST_INVITER: Role = Role { name: "Guest Inviter", template: "95e79109-95c0-4d8e-aee3-d01accf2d47b" };
pub(super) const USER_ADMINISTRATOR: Role = Role { name: "User Administrator", template: "fe930be7-5e62-47db-91af-98c3a49a38b1" };
pub(super) const DIRECTORY_WRITERS: Role = Role { name: "Directory Writers", template: "9360feb5-f418-4baa-8175-e2a00bac4301" };
pub(super) const DIRECTORY_READERS: Role = Role { name: "Directory Readers", template: "88d8e3e3-8f55-4a1e-953a-9b9898b8876b" };
pub(super) const GOVERNANCE: Role = Role { name: "Identity Governance Administrator", template: "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e" };

/// Somebody of Contoso's own, with a mailbox.
fn member(ids: &mut IdGenerator, name: &str, display: &str, roles: Vec<Role>) -> Person {
    Person {
        id: ids.guid(),
        display_name: display.into(),
        mail: Some(format!("{name}@{DOMAIN}")),
        user_principal_name: format!("{name}@{DOMAIN}"),
        user_type: "Member",
        account_enabled: true,
        created: CREATED,
        preferred_language: Some("en-US".into()),
        roles,
        ..Person::default()
    }
}

pub(super) fn directory(ids: &mut IdGenerator) -> Directory {
    let mut people = vec![
        member(ids, "guest-inviter", "Gita Inviter", vec![GUEST_INVITER]),
        member(ids, "user-admin", "Uma Admin", vec![USER_ADMINISTRATOR]),
        member(ids, "governance-admin", "Gus Governor", vec![GOVERNANCE]),
        member(ids, "member", "Mel Member", vec![]),
        Person { mail: None, ..member(ids, "no-mailbox", "Noa Nomail", vec![GUEST_INVITER]) },
        member(ids, "directory-writer", "Dora Writer", vec![DIRECTORY_READERS, DIRECTORY_WRITERS]),
    ];
    // A consultant who is a member although the address is elsewhere.
    people.push(Person { mail: Some("casey@tailspin.example".into()), ..member(ids, "casey", "Casey Consultant", vec![]) });

    let mut guest = |address: &str, display: &str, state: &'static str, changed: &str| Person {
        id: ids.guid(),
        display_name: display.into(),
        mail: Some(address.into()),
        user_principal_name: guest_upn(address),
        user_type: "Guest",
        external_user_state: Some(state),
        state_changed: Some(changed.into()),
        creation_type: Some("Invitation"),
        account_enabled: true,
        created: CREATED,
        other_mails: vec![address.into()],
        ..Person::default()
    };
    people.push(guest("grace@fabrikam.example", "Grace Accepted", "Accepted", "2026-02-11T09:30:00Z"));
    people.push(guest("linus@fabrikam.example", "Linus Pending", "PendingAcceptance", "2026-05-03T14:05:00Z"));
    // Invited, and made a member before accepting.
    people.push(Person {
        user_type: "Member",
        ..guest("mia@woodgrove.example", "Mia Member-to-be", "PendingAcceptance", "2026-03-02T08:11:00Z")
    });
    people.push(Person { account_enabled: false, ..guest("blocked@fabrikam.example", "Bob Blocked", "Accepted", "2025-12-01T08:00:00Z") });
    people.push(Person {
        deleted: Some(Deletion::AsStoryBegan),
        ..guest("gone@fabrikam.example", "Gwen Gone", "Accepted", "2026-01-15T08:00:00Z")
    });
    people.push(Person {
        deleted: Some(Deletion::AsStoryBegan),
        ..guest("left@fabrikam.example", "Lea Left", "Accepted", "2026-01-16T08:00:00Z")
    });
    Directory::new(people)
}

/// Groups: two that access can be given by, and three that entitlement management does not fill.
pub(super) fn groups() -> Groups {
    let group = |id: &str, display: &str, kind: GroupKind| GroupRecord {
        display_name: display.into(),
        kind,
        ..GroupRecord::new(format!("9e00b5c0-c070-4050-a000-c0ffee0000{id}"), CREATED)
    };
    Groups::new(vec![
        group("01", "Sales partners", GroupKind::Security),
        group("02", "Project Alpine", GroupKind::Unified),
        group("03", "All employees", GroupKind::Dynamic),
        group("04", "Finance on-premises", GroupKind::Synced),
        group("05", "Newsletter", GroupKind::MailEnabled),
    ])
}

pub(super) fn sites() -> Vec<SiteRecord> {
    vec![SiteRecord { url: "https://contoso.sharepoint.com/sites/partners", display_name: "Partner site", members: Vec::new() }]
}

/// Mail contacts of the organisation's address book.
pub(super) fn contacts() -> [Person; 1] {
    let address = "connie@fabrikam.example";
    [Person {
        id: "c0117ac7-c070-4050-a000-c0ffee000004".into(),
        display_name: "Connie Contact".into(),
        mail: Some(address.into()),
        proxy_addresses: vec![format!("SMTP:{address}")],
        ..Person::default()
    }]
}

/// `ada_fabrikam.example#EXT#@contoso.onmicrosoft.com`
pub(super) fn guest_upn(address: &str) -> String {
    format!("{}#EXT#@{INITIAL_DOMAIN}", address.replace('@', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_begins_with_people_whom_graph_shows_in_full() {
        let people = directory(&mut IdGenerator { seed: 7, made: 0 });
        for person in people.all() {
            assert_eq!((person.id.len(), person.created, person.visible_from), (36, CREATED, Moment(0)), "{}", person.display_name);
            if person.user_principal_name.contains("#EXT#") {
                assert_eq!((person.other_mails.as_slice(), person.mail.as_ref()), (person.mail.as_slice(), person.other_mails.first()));
                assert!(person.creation_type == Some("Invitation") && person.state_changed.is_some(), "{}", person.display_name);
            } else {
                assert_eq!(
                    (person.preferred_language.as_deref(), person.account_enabled),
                    (Some("en-US"), true),
                    "{}",
                    person.display_name
                );
            }
        }
        let of = |address: &str| {
            people.by_address(address).map(|person| (person.user_principal_name.as_str(), person.account_enabled, person.user_type))
        };
        assert_eq!(of("grace@fabrikam.example"), Some(("grace_fabrikam.example#EXT#@contoso.onmicrosoft.com", true, "Guest")));
        assert_eq!(of("blocked@fabrikam.example").map(|(_, is_enabled, _)| is_enabled), Some(false));
        assert_eq!(of("mia@woodgrove.example").map(|(.., user_type)| user_type), Some("Member"));
        assert_eq!((of("gone@fabrikam.example"), people.all().filter(|person| person.is_deleted()).count()), (None, 2));
    }

    #[test]
    fn the_address_book_has_one_contact() {
        let [connie] = contacts();
        assert_eq!((connie.id.len(), connie.display_name.as_str()), (36, "Connie Contact"));
        assert_eq!(
            (connie.mail.as_deref(), connie.proxy_addresses.as_slice()),
            (Some("connie@fabrikam.example"), ["SMTP:connie@fabrikam.example".to_owned()].as_slice())
        );
    }
}
