//! What was read of entitlement management, for the pages of *Self-service* alone: it is made when the first of them is opened, so that its
//! code lies in that area.

use super::AppState;
use super::accounts::Accounts;
use super::drive;
use super::state_signal::StateSignal;
use crate::app::effects::spawn;
use graph::entitlement::assignment_policies::AssignmentPolicy;
use graph::entitlement::assignments::PackageAssignment;
use graph::entitlement::resources::AccessPackageResource;
use guestlist::entitlement::changing::{Change, ChangeFailure, Changed, Changing};
use guestlist::entitlement::inventory::{Inventory, InventoryReading};
use guestlist::permissions::{DIRECTORY, ENTITLEMENT};
use guestlist::protocol::ReadFailure;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// How reading packages goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InventoryProgress {
    /// Nothing is read.
    Idle,
    /// So many packages came.
    Reading(usize),
    Failed(ReadFailure),
}

/// What was read of a catalog.
type CatalogContents = Result<Vec<AccessPackageResource>, ReadFailure>;

/// What was read of access packages.
pub struct AccessPackages {
    /// What was read last.
    pub inventory: StateSignal<Option<Arc<Inventory>>>,
    pub progress: StateSignal<InventoryProgress>,
    /// What is in catalogs, by their ids.
    pub contents: StateSignal<BTreeMap<String, CatalogContents>>,
    /// What people are called, by their object ids.
    pub people: StateSignal<BTreeMap<String, String>>,
    /// What Microsoft did not take over of the policy that was changed last: the package, and names of Graph's members.
    pub not_taken: StateSignal<Option<(String, Vec<String>)>>,
    /// Packages that were deleted here: for some seconds they can still be read.
    deleted: StateSignal<BTreeSet<String>>,
    /// How many changes were made here: what was read meanwhile may be older than they are.
    changes: AtomicU32,
    accounts: &'static Accounts,
}

thread_local! {
    static PART: OnceCell<&'static AccessPackages> = const { OnceCell::new() };
}

impl AccessPackages {
    /// The part of this page; it begins to read where nothing was read.
    pub fn of(app: AppState) -> &'static Self {
        let part = PART.with(|part| *part.get_or_init(|| app.made_late(|| Self::new(app))));
        let is_idle = part.progress.with_untracked(|progress| *progress == InventoryProgress::Idle);
        if is_idle && part.inventory.with_untracked(Option::is_none) {
            part.read();
        }
        part
    }

    fn new(app: AppState) -> Self {
        app.accounts.when_forgotten(|| {
            if let Some(part) = PART.with(|part| part.get().copied()) {
                part.forget();
            }
        });
        let (inventory, progress) = (StateSignal::new(None), StateSignal::new(InventoryProgress::Idle));
        let (contents, people) = (StateSignal::new(BTreeMap::new()), StateSignal::new(BTreeMap::new()));
        let (not_taken, deleted) = (StateSignal::new(None), StateSignal::new(BTreeSet::new()));
        Self { inventory, progress, contents, people, not_taken, deleted, changes: AtomicU32::new(0), accounts: app.accounts }
    }

    fn forget(&'static self) {
        self.inventory.set(None);
        self.progress.set(InventoryProgress::Idle);
        self.contents.set(BTreeMap::new());
        self.not_taken.set(None);
        self.deleted.set(BTreeSet::new());
        self.people.set(BTreeMap::new());
    }

    /// Whether the present token may read it.
    pub fn may_read(&'static self) -> bool {
        self.accounts.scopes.with(|scopes| scopes.contains(ENTITLEMENT))
    }

    /// Reads packages and organizations, again. What was read before stays until it is read anew.
    pub fn read(&'static self) {
        if !self.accounts.may(ENTITLEMENT) {
            return;
        }
        self.progress.set(InventoryProgress::Reading(0));
        spawn(async move {
            let progress = self.progress;
            let shown = move |reading: &InventoryReading| progress.set(InventoryProgress::Reading(reading.packages()));
            let read = loop {
                let before = self.changes.load(Ordering::Relaxed);
                let read = self.finished(InventoryReading::new(self.accounts.graph()), true, &shown).await;
                if read.is_err() || self.changes.load(Ordering::Relaxed) == before {
                    break read;
                }
            };
            if self.is_somebody_here() {
                match read {
                    Ok(mut inventory) => {
                        self.deleted.with_untracked(|deleted| inventory.packages.retain(|package| !deleted.contains(&package.id)));
                        self.contents.set(BTreeMap::new());
                        self.inventory.set(Some(Arc::new(inventory)));
                        self.progress.set(InventoryProgress::Idle);
                    }
                    Err(failure) => self.progress.set(InventoryProgress::Failed(failure)),
                }
            }
        });
    }

    /// Reads what is in a catalog, unless that is known.
    pub fn read_contents(&'static self, catalog: String) {
        if self.contents.with_untracked(|contents| matches!(contents.get(&catalog), Some(Ok(_)))) {
            return;
        }
        spawn(async move {
            let read = self.finished(InventoryReading::of_catalog(self.accounts.graph(), &catalog), false, &|_| {}).await;
            if self.is_somebody_here() {
                let resources = read.map(|mut inventory| inventory.resources.remove(&catalog).unwrap_or_default());
                self.contents.update(|contents| _ = contents.insert(catalog, resources));
            }
        });
    }

    /// Reads a policy as it is now, to be edited.
    pub async fn policy(&'static self, id: &str) -> Result<AssignmentPolicy, ReadFailure> {
        let read = self.finished(InventoryReading::of_policy(self.accounts.graph(), id), false, &|_| {}).await?;
        read.policies.into_iter().next().ok_or(ReadFailure::Unreached)
    }

    /// Reads who has a package.
    pub async fn holders(&'static self, package: &str) -> Result<Vec<PackageAssignment>, ReadFailure> {
        let read = self.finished(InventoryReading::of_holders(self.accounts.graph(), package), false, &|_| {}).await?;
        Ok(read.holders)
    }

    /// Changes a package, its catalog or a policy, and shows how it is then; whether all of it was taken over.
    pub async fn change(&'static self, package: &str, change: Change) -> Result<bool, ChangeFailure> {
        let are_roles_known = self.inventory.with_untracked(|read| read.as_ref().is_some_and(|read| read.are_roles_known));
        let changing = Changing::new(package, are_roles_known, change);
        let changed = match drive::read(self.accounts, changing, false, &|_| {}).await {
            Ok(changing) => changing.finish()?,
            // The loop ended before: somebody has to sign in.
            Err(_) => return Err(ChangeFailure::SignIn),
        };
        self.changes.fetch_add(1, Ordering::Relaxed);
        let mut is_whole = true;
        if !self.is_somebody_here() {
            return Ok(is_whole);
        }
        let Some(read) = self.inventory.get_untracked() else { return Ok(is_whole) };
        let mut read = Arc::unwrap_or_clone(read);
        match changed {
            Changed::Gone => {
                self.deleted.update(|deleted| _ = deleted.insert(package.to_owned()));
                read.packages.retain(|one| one.id != package);
            }
            Changed::Package(now, not_taken) => {
                is_whole = not_taken.is_empty();
                self.not_taken.set((!not_taken.is_empty()).then(|| (package.to_owned(), not_taken)));
                read.replace(*now);
            }
        }
        self.inventory.set(Some(Arc::new(read)));
        Ok(is_whole)
    }

    /// Reads what people are called, as far as the present token may: nobody is asked for a permission for that.
    pub fn read_people(&'static self, mut ids: BTreeSet<String>) {
        self.people.with_untracked(|people| ids.retain(|id| !people.contains_key(id)));
        if ids.is_empty() || !self.accounts.may(DIRECTORY) {
            return;
        }
        spawn(async move {
            let read = self.finished(InventoryReading::of_people(self.accounts.graph(), ids), false, &|_| {}).await;
            if let (Ok(inventory), true) = (read, self.is_somebody_here()) {
                self.people.update(|people| people.extend(inventory.people));
            }
        });
    }

    fn is_somebody_here(&'static self) -> bool {
        self.accounts.account.with_untracked(Option::is_some)
    }

    async fn finished(
        &'static self,
        reading: InventoryReading,
        can_be_stopped: bool,
        shown: &dyn Fn(&InventoryReading),
    ) -> Result<Inventory, ReadFailure> {
        drive::read(self.accounts, reading, can_be_stopped, shown).await?.finish()
    }
}
