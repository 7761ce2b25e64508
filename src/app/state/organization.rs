//! What was read of whoever is signed in and of their organisation.

use super::accounts::Accounts;
use super::drive;
use super::navigator::Navigator;
use super::state_signal::StateSignal;
use crate::app::effects::spawn;
use guestlist::lookup::{Lookup, TenantSnapshot};
use guestlist::protocol::ReadFailure;

/// What was read of the signed-in person and the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Reading,
    Read(Box<TenantSnapshot>),
    Failed(ReadFailure),
}

/// What is known of the organisation.
pub struct OrganizationState {
    pub who: StateSignal<Who>,
    accounts: &'static Accounts,
    navigator: &'static Navigator,
}

impl OrganizationState {
    pub(super) fn new(accounts: &'static Accounts, navigator: &'static Navigator) -> Self {
        let who = StateSignal::new(Who::Reading);
        Self { who, accounts, navigator }
    }

    /// Reads, again, who is here.
    pub fn read(&'static self) {
        self.who.set(Who::Reading);
        spawn(async move {
            let look = Lookup::new(self.accounts.graph(), []);
            let found = drive::look_up(self.accounts, look, None).await;
            if self.accounts.account.with_untracked(Option::is_none) {
                return;
            }
            self.navigator.is_about(Some(found.as_ref().map_or("", |known| &known.organization.display_name)));
            self.who.set(found.map_or_else(Who::Failed, |known| Who::Read(Box::new(known))));
        });
    }

    /// What is known of person and tenant, when it is.
    pub fn snapshot(&'static self) -> Option<TenantSnapshot> {
        self.who.with(|who| if let Who::Read(known) = who { Some((**known).clone()) } else { None })
    }

    pub(super) fn forget(&'static self) {
        self.who.set(Who::Reading);
    }
}
