//! What lies in a browser of a tenant's allowance: what is known of the tenant, which is remembered for everybody of it who signs in
//! here, and what the journal tells of invitations that left lately.

use super::journal::{Journal, Piece, Unreadable};
use super::record::{self, Envelope};
use super::{Change, Range, Records, Store, Transaction};
use crate::allowance::{Sent, Terms};
use crate::owner::Owner;
use crate::time::Moment;
use serde::Deserialize;
use serde_json::value::RawValue;

fn key(person: &Owner) -> String {
    format!("{}allowance", person.tenant_prefix())
}

/// Where it lies what is known of this person's tenant.
pub fn range(person: &Owner) -> Range {
    Range::of(Store::Drafts, key(person))
}

/// What is known of this person's tenant, among the records of [`range`]; nothing where nobody was asked, or this version cannot read it.
pub fn terms(person: &Owner, records: &Records) -> Terms {
    text(person, records).and_then(|text| record::read(text).ok()).unwrap_or_default()
}

/// Keeps what is known, in the place of what lies there; `None` where this version cannot read that: it stays as it is.
pub fn keep(person: &Owner, records: &Records, terms: &Terms) -> Option<Transaction> {
    let may_replace = text(person, records).is_none_or(|text| record::read::<Terms>(text).is_ok());
    let nobody = Owner { person: String::new(), username: String::new(), ..person.clone() };
    let change = Change::Put(Store::Drafts, key(person), record::write(&nobody, terms));
    may_replace.then(|| Transaction { expects: Vec::new(), changes: vec![change] })
}

/// Leaves nothing of it.
pub fn forget(person: &Owner) -> Change {
    Change::Remove(Store::Drafts, key(person))
}

fn text<'a>(person: &Owner, records: &'a Records) -> Option<&'a str> {
    let key = key(person);
    records.iter().find(|(own, _)| *own == key).map(|(_, text)| text.as_str())
}

/// What a line of the journal tells also where the rest of it cannot be read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Outside {
    state: String,
    at: Option<Moment>,
}

impl Journal {
    /// Invitations in this person's tenant that left this browser within the last day, or may have. Runs that were removed are missing.
    pub fn sent(&self, person: &Owner, now: Moment) -> Sent {
        let mut sent = Sent::default();
        for run in self.runs.iter().filter(|run| run.owner.is_of_tenant(person)) {
            let of_run = run.sent(now);
            sent.at.extend(of_run.at);
            sent.guests.extend(of_run.guests);
        }
        for run in self.unreadable.iter().filter(|run| run.may_be_of_tenant(person)) {
            sent.at.extend(run.sent(now));
        }
        sent
    }
}

impl Unreadable {
    /// When something of it left, as far as that can be read; as often as it names somebody, when it was begun, where it cannot.
    fn sent(&self, now: Moment) -> Vec<Moment> {
        let mut sent = Vec::new();
        for (_, text) in &self.entries {
            match lines(text) {
                Some(lines) => sent
                    .extend(lines.iter().filter(|line| matches!(line.state.as_str(), "leaving" | "")).map(|line| line.at.unwrap_or(now))),
                None => sent.extend(std::iter::repeat_n(self.begun.unwrap_or(now), self.addresses.len())),
            }
        }
        sent
    }
}

/// The lines of a piece; none of one that tells of something else.
fn lines(text: &str) -> Option<Vec<Outside>> {
    let Envelope { body, .. } = serde_json::from_str::<Envelope<'_>>(text).ok()?;
    match serde_json::from_str::<Piece<&RawValue>>(body.get()).ok()? {
        Piece::Begun(_) | Piece::TakenOver(..) => Some(Vec::new()),
        Piece::Entries(lines) => Some(lines.iter().map(|line| serde_json::from_str(line.get()).unwrap_or_default()).collect()),
    }
}
