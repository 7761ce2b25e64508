//! What is kept beside a finished run.

use crate::jobs::invite::allowance::Sent;
use crate::jobs::invite::journal::InvitedRow;
use crate::jobs::invite::outcome::Tally;
use crate::owner::Owner;
use crate::rows::Address;
use crate::storage::overview::{RunInvitations, RunSummary};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Moment;

#[derive(Serialize, Deserialize)]
#[serde(remote = "RunSummary")]
struct RunSummaryShape {
    id: String,
    covers: String,
    owner: Owner,
    takers: Vec<Owner>,
    begun: Moment,
    begun_at: u64,
    written: Moment,
    tally: Tally,
    is_unfinished: bool,
    bytes: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RunInvitations")]
struct RunInvitationsShape {
    covers: String,
    rows: Vec<InvitedRow>,
    sent: Sent,
}

stored_as!(RunSummaryShape => RunSummary, RunInvitationsShape => RunInvitations);

/// Rows of each class of endings, in the order of [`crate::bulk::Ending::class`], and those that have not ended.
impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { invited, not_found, no_letter, letter_unsure, refused, unsure, not_sent, skipped, open } = *self;
        [invited, not_found, no_letter, letter_unsure, refused, unsure, not_sent, skipped, open].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [classes @ .., open] = <[usize; 9]>::deserialize(deserializer)?;
        Ok(Self::from_classes(&classes, open))
    }
}

/// The same as it is read where only some rows are asked about: none is copied before it is known to be one of them.
#[derive(Deserialize)]
pub(in crate::storage) struct KeptInvitations<'a> {
    pub(in crate::storage) covers: &'a str,
    #[serde(borrow)]
    pub(in crate::storage) rows: Vec<(&'a str, u64, Moment)>,
    pub(in crate::storage) sent: Sent,
}

/// As a list of three, since there are as many as rows.
impl Serialize for InvitedRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.address.as_str(), self.number, self.at).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for InvitedRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (address, number, at) = <(String, u64, Moment)>::deserialize(deserializer)?;
        let address = Address::from_record(&address).ok_or_else(|| D::Error::custom("no address"))?;
        Ok(Self { address, number, at })
    }
}
