//! Collections come in pages; what is found does not depend on how many objects a page holds.

use crate::support::{MORNING, World, list};
use guestlist::lookup::{Match, TenantSnapshot};
use guestlist::permissions;
use guestlist::rows::Address;
use tenant::Knobs;
use time::Millis;

/// What *Check* finds where a page holds so many.
fn known(page_size: u32) -> TenantSnapshot {
    let world = World::new();
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY, permissions::CONTACTS, permissions::SUBSCRIPTION]);
    world.sign_in("directory-writer", all).unwrap();
    world.tenant.borrow_mut().knobs = Knobs { page_size, ..Knobs::default() };
    let addresses = ["grace", "linus", "gone", "connie", "new"].map(|name| format!("{name}@fabrikam.example"));
    world.look_with(&list(&addresses.join("\n")), |look| look.and_contacts().and_subscription().and_lately(MORNING - Millis::days(1)))
}

#[test]
fn roles_people_and_contacts_are_found_on_whatever_page_they_stand() {
    let whole = known(0);
    assert_eq!((whole.roles.len(), whole.has_inviting_role(), whole.blind.as_ref()), (2, true, None));
    let found = |name: &str| whole.people.get(&Address::parse(&format!("{name}@fabrikam.example")).unwrap());
    assert!(matches!(found("gone"), Some(Match::Deleted { .. })) && matches!(found("linus"), Some(Match::Pending { .. })));
    for page_size in [1, 2] {
        assert_eq!(known(page_size), whole, "{page_size}");
    }
}
