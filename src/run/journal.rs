//! What must be on disk before a request may leave, and what is needed to go on after a crash.

use super::Gait;
use crate::graph::invitations::RedeemUrl;
use crate::letter::Letter;
use crate::outcome::Outcome;
use crate::plan::{Plan, Step};
use crate::rows::{Address, ByAddress, List};
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that happened to one row. The last entry of a row counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// [`crate::rows::Row::id`]
    pub row: u32,
    pub what: What,
    pub at: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// It may have left; from here on only a look can tell.
    Left,
    /// It came to nothing for certain and may be sent again.
    NotDone,
    Created {
        guest: String,
        redeem: Option<RedeemUrl>,
    },
    /// The guest is invited; the letter has not left.
    LetterDue {
        guest: String,
        redeem: Option<RedeemUrl>,
        seen: bool,
    },
    /// The letter may have left; from here on only a person can tell.
    LetterLeft {
        guest: String,
        redeem: Option<RedeemUrl>,
        seen: bool,
    },
    Ended(Outcome),
}

/// Everything about a run but its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub id: String,
    pub tenant_id: String,
    pub tenant: String,
    pub by: String,
    pub begun: Moment,
    pub list: List,
    pub letter: Letter,
    pub plan: Plan,
    #[serde(default)]
    pub gait: Gait,
    /// Who writes the letters.
    #[serde(default)]
    pub writer: Writer,
}

/// Who sends letters of their own, as Graph has to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// Of the user.
    pub id: String,
    pub mail: Option<String>,
    /// Root of Graph, which chats name their members by.
    pub graph: String,
}

/// A run as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub header: Header,
    /// In the order in which they were written.
    pub entries: Vec<Entry>,
}

impl Stored {
    /// Whether some row has no outcome yet.
    pub fn is_unfinished(&self) -> bool {
        let last: BTreeMap<u32, &What> = self.entries.iter().map(|entry| (entry.row, &entry.what)).collect();
        let planned = self.header.plan.rows.iter().filter(|row| matches!(row.step, Step::Invite(_)));
        planned.into_iter().any(|row| !matches!(last.get(&row.row), Some(What::Ended(_))))
    }
}

/// Addresses that these runs invited in this tenant, or may have, with when (ISO 8601): a second run skips them.
pub fn invited_before<'a>(runs: impl IntoIterator<Item = &'a Stored>, tenant_id: &str) -> ByAddress<String> {
    let mut before = ByAddress::default();
    for run in runs.into_iter().filter(|run| run.header.tenant_id == tenant_id) {
        let addresses: BTreeMap<u32, Address> =
            run.header.plan.rows.iter().filter_map(|row| Some((row.row, Address::parse(&row.email).ok()?))).collect();
        for entry in &run.entries {
            let Some(address) = addresses.get(&entry.row) else { continue };
            match &entry.what {
                What::Left | What::Created { .. } | What::LetterDue { .. } | What::LetterLeft { .. } => {
                    before.set(address, Some(entry.at.iso()))
                }
                What::Ended(Outcome::Invited { .. } | Outcome::NotFound { .. } | Outcome::NoLetter { .. } | Outcome::Unsure) => {
                    before.set(address, Some(entry.at.iso()));
                }
                What::NotDone | What::Ended(_) => before.set(address, None),
            }
        }
    }
    before
}
