//! The runs of this browser, as far as it takes to list them and to say whom they invited.
//!
//! A finished run is read whole once. What follows from it then is kept beside its entries: a [`RunSummary`], and apart from it, as that is
//! long, its [`RunInvitations`]. Both say up to which entry they hold (`covers`): where the last key of the run is another one, somebody has
//! written since, and the run is read whole again. So nothing depends on them, and each can be thrown away. Before anything is sent all
//! runs are read whole all the same ([`crate::tab`]).

use super::journal::{EarlierInvitations, Journal};
use super::{REMOVED, Range, Records, Store, StoreChange, StoreQuery, Transaction, highest, number_of, record};
use crate::jobs::invite::Run;
use crate::jobs::invite::allowance::{DAY, Sent};
use crate::jobs::invite::journal::{InvitedRow, Stored, note};
use crate::jobs::invite::outcome::Tally;
use crate::owner::Owner;
use crate::rows::ByAddress;
use std::sync::Arc;
use time::Moment;

/// In [`Store::Entries`]: what keys begin with under which summaries lie, by run. None has a slash, which would make it a record of a run.
const SUMMARY: &str = "~summary ";
/// The same of whom a run invited.
const INVITATIONS: &str = "~invitations ";

/// What a list of runs shows of one that invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    pub id: String,
    /// The last key under which something of the run lies.
    pub covers: String,
    /// Who began it.
    pub owner: Owner,
    /// Who took it over since; the last of them carries it on.
    pub takers: Vec<Owner>,
    pub begun: Moment,
    /// The number of its beginning in the database's sequence.
    pub begun_at: u64,
    /// When something was written of it last, by the computer's clock.
    pub written: Moment,
    pub tally: Tally,
    /// Whether some row has no outcome yet.
    pub is_unfinished: bool,
}

/// Whom a run invited, or may have, and what of the day's allowance that took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunInvitations {
    /// [`RunSummary::covers`]
    pub covers: String,
    pub rows: Vec<InvitedRow>,
    /// As of when this was made.
    pub sent: Sent,
}

impl RunSummary {
    fn new(stored: &Stored, covers: String) -> Self {
        let header = &stored.header;
        Self {
            id: header.id.clone(),
            covers,
            owner: stored.owner.clone(),
            takers: stored.takers.clone(),
            begun: header.begun,
            begun_at: stored.begun_at,
            written: stored.entries.iter().map(|entry| entry.at).max().unwrap_or(header.begun),
            tally: Run::resume(&header.plan, header.ramp, &stored.entries, true, header.begun).tally(),
            is_unfinished: stored.is_unfinished(),
        }
    }

    /// Whether it is shown to this person: who began it or took it over.
    pub fn belongs_to(&self, person: &Owner) -> bool {
        self.owner.is(person) || self.takers.iter().any(|taker| taker.is(person))
    }

    /// Who carries it on.
    pub fn carrier(&self) -> &Owner {
        self.takers.last().unwrap_or(&self.owner)
    }
}

impl RunInvitations {
    fn new(stored: &Stored, covers: String, now: Moment) -> Self {
        Self { covers, rows: stored.invited_rows(), sent: stored.sent(now) }
    }
}

/// One run of an [`Overview`].
#[derive(Clone, Debug, PartialEq)]
struct OverviewRun {
    summary: Arc<RunSummary>,
    /// Where they were asked for.
    invitations: Option<RunInvitations>,
}

/// Every run of this browser, in every tenant, as of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// Oldest first.
    runs: Vec<OverviewRun>,
    /// What was read whole: whatever is not finished, cannot be read, moves guests, or is open.
    pub whole: Journal,
    /// The highest number of the sequence that something lies under.
    last: u64,
    /// What is to be kept from now on, and thrown away.
    to_keep: Vec<Transaction>,
}

impl Overview {
    /// Runs that invite, oldest first.
    pub fn summaries(&self) -> impl Iterator<Item = &Arc<RunSummary>> {
        self.runs.iter().map(|run| &run.summary)
    }

    /// Whom runs of this browser invited in this person's tenant, or may have, as of now; that is asked of an overview with invitations.
    pub fn before(&self, person: &Owner) -> EarlierInvitations {
        let (mut invited, taken_back) = (ByAddress::default(), self.whole.taken_back(person));
        for run in self.runs.iter().filter(|run| run.summary.owner.is_of_tenant(person)) {
            note(run.invitations.iter().flat_map(|known| &known.rows), &taken_back, &mut invited);
        }
        EarlierInvitations { invited: self.whole.with_unreadable(invited, person, |_| true), as_of: self.last }
    }

    /// Invitations in this person's tenant that left this browser within the last day, or may have; asked as [`Self::before`].
    pub fn sent(&self, person: &Owner, now: Moment) -> Sent {
        let recent = |run: &&OverviewRun| run.summary.owner.is_of_tenant(person) && run.summary.written + DAY > now;
        let runs = self.runs.iter().filter(recent).filter_map(|run| run.invitations.as_ref()).map(|known| known.sent.clone());
        let written = |summary: &RunSummary| [(summary.begun_at, summary.begun), (number_of(&summary.covers), summary.written)];
        let written = || self.runs.iter().flat_map(|run| written(&run.summary)).collect();
        let mut sent = self.whole.sent_by_removed(person);
        sent.extend(runs);
        sent.at.extend(self.whole.sent_by_unreadable(person, |_| true, written, now));
        sent
    }

    /// What keeps what was found out, so that the next start need not read these runs whole, a transaction for each. Nobody has to wait
    /// for it, and where somebody has removed the run meanwhile nothing of it is kept.
    pub fn take_what_is_to_keep(&mut self) -> Vec<Transaction> {
        std::mem::take(&mut self.to_keep)
    }
}

/// Leaves nothing of what is kept beside a run.
pub(super) fn forget(id: &str) -> [StoreChange; 2] {
    [SUMMARY, INVITATIONS].map(|kind| StoreChange::Remove(Store::Entries, format!("{kind}{id}")))
}

/// How an [`Overview`] is read: what is asked first, then, of runs of which nothing is kept that still holds, all.
pub struct OverviewReading {
    with_invitations: bool,
    /// A run that is wanted whole in any case.
    open: Option<String>,
}

/// What was answered first.
pub struct OverviewBegun {
    with_invitations: bool,
    kept: Vec<OverviewRun>,
    /// Runs that are to be read whole.
    whole: Vec<String>,
    removed: Records,
    /// What is kept of runs that are gone.
    orphans: Vec<String>,
    last: u64,
}

impl OverviewReading {
    pub const fn new(with_invitations: bool, open: Option<String>) -> Self {
        Self { with_invitations, open }
    }

    pub fn asks(&self) -> Vec<StoreQuery> {
        let entries = |prefix: &str| Range::with_prefix(Store::Entries, prefix);
        let invitations =
            if self.with_invitations { StoreQuery::Texts(entries(INVITATIONS)) } else { StoreQuery::Keys(entries(INVITATIONS)) };
        vec![
            StoreQuery::Keys(Range::with_prefix(Store::Runs, "")),
            StoreQuery::LastKeys,
            StoreQuery::Texts(entries(REMOVED)),
            StoreQuery::Texts(entries(SUMMARY)),
            invitations,
        ]
    }

    /// Hears the answers to what [`Self::asks`]; `None` where there are not as many.
    pub fn heard(&self, answers: &[Records]) -> Option<OverviewBegun> {
        let [headers, last_keys, removed, summaries, invitations] = answers else { return None };
        // What runs there are, with their last key: of some the header is gone, of others the entries.
        let mut runs: Records = headers.iter().map(|(id, _)| (id.clone(), String::new())).collect();
        for (key, _) in last_keys {
            let Some((id, _)) = key.split_once('/') else { continue };
            match runs.iter_mut().find(|(known, _)| known == id) {
                Some((_, last)) => last.clone_from(key),
                None => runs.push((id.to_owned(), key.clone())),
            }
        }
        let is_there = |id: &str| headers.iter().any(|(known, _)| known == id);
        let mut kept = Vec::new();
        for (id, last) in runs.iter().filter(|(id, _)| is_there(id)) {
            if let Some(run) = self.kept(id, last, summaries, invitations) {
                insert(&mut kept, run);
            }
        }
        let holds = |id: &str| kept.iter().any(|run: &OverviewRun| run.summary.id == id);
        let whole = runs.iter().map(|(id, _)| id).filter(|id| !holds(id) || self.open.as_ref() == Some(id)).cloned().collect();
        let all = under(SUMMARY, summaries).chain(under(INVITATIONS, invitations));
        let orphans = all.map(|(id, _)| id).filter(|id| !is_there(id)).map(str::to_owned).collect();
        let last = highest(last_keys.iter().map(|(key, _)| key.as_str()));
        Some(OverviewBegun { with_invitations: self.with_invitations, kept, whole, removed: removed.clone(), orphans, last })
    }

    /// What is kept of this run, where it still holds: both, since they are thrown away together.
    fn kept(&self, id: &str, last: &str, summaries: &Records, invitations: &Records) -> Option<OverviewRun> {
        let text = |kind, records| under(kind, records).find(|(of, _)| *of == id).map(|(_, text)| text);
        let (summary, invited) = (text(SUMMARY, summaries)?, text(INVITATIONS, invitations)?);
        let summary: RunSummary = record::read(summary).ok().filter(|summary: &RunSummary| summary.covers == last && summary.id == id)?;
        let invitations = match self.with_invitations {
            true => Some(record::read(invited).ok().filter(|known: &RunInvitations| known.covers == last)?),
            false => None,
        };
        Some(OverviewRun { summary: Arc::new(summary), invitations })
    }
}

/// Records whose key begins so, by the rest of it.
fn under<'a>(prefix: &str, records: &'a Records) -> impl Iterator<Item = (&'a str, &'a str)> {
    records.iter().filter_map(move |(key, text)| Some((key.strip_prefix(prefix)?, text.as_str())))
}

impl OverviewBegun {
    /// Asked next: header and entries of each run, one after the other.
    pub fn asks(&self) -> Vec<StoreQuery> {
        let both = |id: &String| [Range::with_prefix(Store::Runs, id), Range::with_prefix(Store::Entries, format!("{id}/"))];
        self.whole.iter().flat_map(both).map(StoreQuery::Texts).collect()
    }

    /// Hears the answers; `None` where there are not as many. `now` by the computer's clock.
    pub fn heard(&self, answers: Vec<Records>, now: Moment) -> Option<Overview> {
        if answers.len() != self.whole.len() * 2 {
            return None;
        }
        let (mut headers, mut entries) = (Records::new(), self.removed.clone());
        for (place, records) in answers.into_iter().enumerate() {
            if place % 2 == 0 { &mut headers } else { &mut entries }.extend(records);
        }
        // An id may begin with another one.
        headers.retain(|(id, _)| self.whole.contains(id));
        headers.dedup_by(|one, other| one.0 == other.0);
        let last_piece = |id: &str| entries.iter().rfind(|(key, _)| key.split_once('/').is_some_and(|(run, _)| run == id)).cloned();
        let journal = Journal::read(&headers, &entries);
        let (mut runs, mut to_keep) = (self.kept.clone(), Vec::new());
        for stored in &journal.runs {
            let id = &stored.header.id;
            if runs.iter().any(|run| run.summary.id == *id) {
                continue;
            }
            // By now more may lie there than when the last keys were read.
            let last = last_piece(id);
            let covers = last.as_ref().map(|(key, _)| key.clone()).unwrap_or_default();
            let summary = RunSummary::new(stored, covers.clone());
            let is_to_keep = !summary.is_unfinished && number_of(&covers) > 0;
            let invitations = (self.with_invitations || is_to_keep).then(|| RunInvitations::new(stored, covers, now));
            if let (true, Some(last), Some(invitations)) = (is_to_keep, last, &invitations) {
                to_keep.push(keep(&summary, invitations, last));
            }
            insert(&mut runs, OverviewRun { summary: Arc::new(summary), invitations: invitations.filter(|_| self.with_invitations) });
        }
        if !self.orphans.is_empty() {
            to_keep.push(Transaction { changes: self.orphans.iter().flat_map(|id| forget(id)).collect(), ..Transaction::default() });
        }
        let last = self.last.max(highest(entries.iter().map(|(key, _)| key.as_str())));
        Some(Overview { runs, whole: journal, last, to_keep })
    }
}

/// Few, and almost in order: put where [`Journal::read`] puts them, too.
fn insert(runs: &mut Vec<OverviewRun>, run: OverviewRun) {
    let is_before = |other: &OverviewRun| (other.summary.begun, &other.summary.id) < (run.summary.begun, &run.summary.id);
    let place = runs.iter().rposition(is_before).map_or(0, |place| place + 1);
    runs.insert(place, run);
}

/// Keeps both beside the run, as long as what was read of it last still lies there.
fn keep(summary: &RunSummary, invitations: &RunInvitations, (key, text): (String, String)) -> Transaction {
    let put = |kind: &str, text: String| StoreChange::Put(Store::Entries, format!("{kind}{}", summary.id), text);
    Transaction {
        expects: vec![(Store::Entries, key, Some(text))],
        changes: vec![put(SUMMARY, record::write(&summary.owner, summary)), put(INVITATIONS, record::write(&summary.owner, invitations))],
    }
}
