//! Making kits, and taking back what a run made that stopped half-way: to the engine both are one job. A row is a kit.
//!
//! The same three steps are done for one thing of the kit after the other: it is looked whether it is there, else it is made, and where that
//! matters it is waited for until it appears. What is there already and is the same counts as there; something of its name with other
//! contents is not taken over. Taking back goes through what the run itself made from the last to the first, and leaves what is in use.
//!
//! Made by a run is what its own request was accepted for, or what a look found after that request's answer was lost: right before it
//! left, nothing of the kind was there.
//!
//! `steps.rs` is what is done, `facts.rs` what is known of a kit, `making.rs` and `taking_back.rs` what answers mean for each thing,
//! `learning.rs` what follows, `events.rs` what is written down, `outcome.rs` every way it can end, `telling.rs` the words for that.

mod events;
mod facts;
mod learning;
mod making;
mod outcome;
mod steps;
mod taking_back;
mod telling;

use crate::bulk::journal::JournalEntry;
use crate::bulk::{Bulk, Ending, Ramp, Task};
use crate::entitlement::kit::{Kit, KitCatalog, KitItem, KitOrganization, KitPart, KitPartOrigin};
pub use events::{KitChange, KitEvent, parts_of};
pub use facts::{KitFacts, KitWay};
pub use outcome::{KitClass, KitOutcome, tally_sentence};
use std::collections::BTreeMap;
use std::sync::Arc;
pub use steps::KitStep;
pub use telling::{halt_words, words};

/// A kit that is made, or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitRow {
    pub row: u32,
    pub kit: Arc<Kit>,
    /// Of what is taken back: what is there, and who made it.
    pub parts: Vec<KitPart>,
}

/// Makes kits, or takes them back.
pub struct KitJob {
    /// Where Graph is: pages that lead elsewhere are not followed.
    root: String,
}

/// Kits being made, or taken back.
pub type KitRun = Bulk<KitJob>;

/// What is written down of a kit.
pub type KitEntry = JournalEntry<KitEvent>;

/// A run of these kits, to be begun or, with what its journal tells, gone on with. `root` is Graph's, without a version. The token has to
/// hold `EntitlementManagement.ReadWrite.All`.
///
/// # Errors
/// Two rows whose kits would make the same thing, each before the other's shows: they go in runs one after the other.
pub fn run(way: KitWay, rows: &[KitRow], root: &str, entries: &[KitEntry]) -> Result<KitRun, [u32; 2]> {
    if way == KitWay::Make {
        check_apart(rows)?;
    }
    let tasks = rows.iter().map(|row| Task::new(row.row, KitFacts::new(way, row)));
    Ok(KitRun::begin(KitJob { root: root.into() }, tasks, Ramp::Careful, true).remembering(entries))
}

fn check_apart(rows: &[KitRow]) -> Result<(), [u32; 2]> {
    let mut makers: BTreeMap<(KitItem, String), u32> = BTreeMap::new();
    for row in rows {
        for made in makes(&row.kit) {
            let first = *makers.entry(made).or_insert(row.row);
            if first != row.row {
                return Err([first, row.row]);
            }
        }
    }
    Ok(())
}

/// What a kit makes unless it is there, by what it is looked for by: the kind, at place 0, and a name.
fn makes(kit: &Kit) -> Vec<(KitItem, String)> {
    let mut all = Vec::new();
    for organization in kit.organizations() {
        if let KitOrganization::ByDomain { domain, name, tenant } = organization {
            let names = [Some(format!("@{domain}")), Some(name.clone()), tenant.clone()];
            all.extend(names.into_iter().flatten().map(|name| (KitItem::Organization(0), name.to_lowercase())));
        }
    }
    match &kit.catalog {
        KitCatalog::New { name, .. } => all.push((KitItem::Catalog, name.to_lowercase())),
        KitCatalog::Existing { id, .. } => all.push((KitItem::Package, format!("{id} {}", kit.name).to_lowercase())),
    }
    all
}

/// What can be taken back of a run: of each kit that has ended half-way, where the run itself made something of it.
pub fn to_take_back(rows: &[KitRow], entries: &[KitEntry]) -> Vec<KitRow> {
    let half_made = |row: &KitRow| {
        let own = || entries.iter().filter(|entry| entry.row == row.row).map(|entry| &entry.what);
        let Some(KitEvent::Ended(outcome)) = own().next_back() else { return None };
        let mut parts = parts_of(own());
        if let KitOutcome::Unsure(item) = outcome {
            // It is looked for by its name.
            KitPart { item: *item, id: String::new(), origin: KitPartOrigin::Made }.note_among(&mut parts);
        }
        let is_own = parts.iter().any(|part| part.origin == KitPartOrigin::Made);
        (outcome.is_failure() && is_own).then(|| KitRow { parts, ..row.clone() })
    };
    rows.iter().filter_map(half_made).collect()
}
