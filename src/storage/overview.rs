//! The runs of this browser, as far as it takes to list them and to say whom they invited.
//!
//! A finished run is read whole once. What follows from it then is kept beside its entries: a [`RunSummary`], and apart from it, as that is
//! long, its [`RunInvitations`]. Both say up to which entry they hold (`covers`): where the last key of the run is another one, somebody has
//! written since, and the run is read whole again. So nothing depends on them, and each can be thrown away. Where a run has become
//! unreadable it is told once it is read whole again: at each start as many of the latest runs are as cost no time, and the one that a page
//! is about. Before anything is sent all runs are read whole all the same ([`crate::tab`]).

use super::journal::{EarlierInvitations, Journal};
use super::shapes::KeptInvitations;
use super::{REMOVED, Range, Records, Store, StoreChange, StoreQuery, Transaction, highest, number_of, record};
use crate::jobs::invite::Run;
use crate::jobs::invite::allowance::{DAY, Sent};
use crate::jobs::invite::journal::{InvitedRow, Stored, note};
use crate::jobs::invite::outcome::Tally;
use crate::owner::Owner;
use crate::rows::{Address, ByAddress};
use std::collections::HashSet;
use std::sync::Arc;
use time::Moment;

/// In [`Store::Entries`]: what keys begin with under which summaries lie, by run. None has a slash, which would make it a record of a run.
const SUMMARY: &str = "~summary ";
/// The same of whom a run invited.
const INVITATIONS: &str = "~invitations ";

/// Bytes of runs that are read whole at each start though something is kept of them: some 500 rows.
const SMALL: usize = 256 << 10;

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
    /// Of all its records.
    pub bytes: usize,
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
    fn new(stored: &Stored, covers: String, bytes: usize) -> Self {
        let header = &stored.header;
        Self {
            bytes,
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
    /// What is whole in memory: whatever is not finished, cannot be read, moves guests, or is open.
    pub whole: Journal,
    /// The highest number of the sequence that something lies under.
    last: u64,
}

impl Overview {
    /// Runs that invite, oldest first.
    pub fn summaries(&self) -> impl Iterator<Item = &Arc<RunSummary>> {
        self.runs.iter().map(|run| &run.summary)
    }

    /// Whom of those that were asked about runs of this browser invited in this person's tenant, or may have, as of now; others may be among
    /// them. Only of an overview that was read for that.
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
}

/// Leaves nothing of what is kept beside a run.
pub(super) fn forget(id: &str) -> [StoreChange; 2] {
    [SUMMARY, INVITATIONS].map(|kind| StoreChange::Remove(Store::Entries, format!("{kind}{id}")))
}

/// How an [`Overview`] is read: what is asked first, then run by run all of those of which nothing is kept that still holds.
pub struct OverviewReading {
    /// Whom of those that runs invited somebody asks about, by [`Address::key`]; nothing where nobody does.
    asked_about: Option<HashSet<String>>,
    /// A run that is wanted whole in any case.
    open: Option<String>,
    overview: Overview,
    /// Runs that are to be read whole, those together that are asked for together; the next ones last.
    to_read: Vec<Vec<String>>,
    /// What is kept of runs that are gone.
    orphans: Vec<String>,
}

impl OverviewReading {
    /// What it takes to list runs. `open`: one that is wanted whole in any case.
    pub fn of_list(open: Option<String>) -> Self {
        Self { asked_about: None, open, overview: Overview::default(), to_read: Vec::new(), orphans: Vec::new() }
    }

    /// Whether these were invited before, and what of the day's allowance is used: [`Overview::before`] and [`Overview::sent`].
    pub fn of_invitations(asked_about: impl IntoIterator<Item = Address>) -> Self {
        Self { asked_about: Some(asked_about.into_iter().map(|address| address.key()).collect()), ..Self::of_list(None) }
    }

    pub fn asks_first(&self) -> Vec<StoreQuery> {
        let entries = |prefix: &str| Range::with_prefix(Store::Entries, prefix);
        let invitations = match self.asked_about {
            Some(_) => StoreQuery::Texts(entries(INVITATIONS)),
            None => StoreQuery::Keys(entries(INVITATIONS)),
        };
        vec![
            StoreQuery::Keys(Range::with_prefix(Store::Runs, "")),
            StoreQuery::LastKeys,
            StoreQuery::Texts(entries(REMOVED)),
            StoreQuery::Texts(entries(SUMMARY)),
            invitations,
        ]
    }

    /// Hears the answers to [`Self::asks_first`]; `None` where there are not as many.
    pub fn heard_first(&mut self, answers: &[Records]) -> Option<()> {
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
        for (id, last) in runs.into_iter().rev() {
            let kept = if is_there(&id) { self.kept(&id, &last, summaries, invitations) } else { None };
            if kept.is_none() || self.open.as_ref() == Some(&id) {
                self.to_read.push(vec![id]);
            }
            if let Some(run) = kept {
                insert(&mut self.overview.runs, run);
            }
        }
        let mut room = SMALL;
        let mut small = Vec::new();
        for summary in self.overview.runs.iter().rev().map(|run| &run.summary).filter(|summary| self.open.as_ref() != Some(&summary.id)) {
            if let Some(rest) = room.checked_sub(summary.bytes) {
                room = rest;
                small.push(summary.id.clone());
            }
        }
        if !small.is_empty() {
            self.to_read.push(small);
        }
        let all = under(SUMMARY, summaries).chain(under(INVITATIONS, invitations));
        self.orphans = all.map(|(id, _)| id).filter(|id| !is_there(id)).map(str::to_owned).collect();
        self.overview.whole.removed.clone_from(removed);
        self.overview.last = highest(last_keys.iter().map(|(key, _)| key.as_str()));
        Some(())
    }

    /// What is kept of this run, where it still holds: both, since they are thrown away together.
    fn kept(&self, id: &str, last: &str, summaries: &Records, invitations: &Records) -> Option<OverviewRun> {
        let text = |kind, records| under(kind, records).find(|(of, _)| *of == id).map(|(_, text)| text);
        let (summary, invited) = (text(SUMMARY, summaries)?, text(INVITATIONS, invitations)?);
        let summary: RunSummary = record::read(summary).ok().filter(|summary: &RunSummary| summary.covers == last && summary.id == id)?;
        let invitations = match &self.asked_about {
            Some(asked_about) => {
                let content = record::content(invited).ok()?;
                let known: KeptInvitations<'_> =
                    serde_json::from_str(&content).ok().filter(|known: &KeptInvitations<'_>| known.covers == last)?;
                let mut rows = Vec::new();
                for (text, number, at) in known.rows {
                    let address = Address::from_record(text)?;
                    if asked_about.contains(&address.key()) {
                        rows.push(InvitedRow { address, number, at });
                    }
                }
                Some(RunInvitations { covers: known.covers.into(), rows, sent: known.sent })
            }
            None => None,
        };
        Some(OverviewRun { summary: Arc::new(summary), invitations })
    }

    /// Header and entries of the next runs that are to be read whole, one after the other; `None` once all have been.
    pub fn asks(&self) -> Option<Vec<StoreQuery>> {
        let both = |id: &String| [Range::with_prefix(Store::Runs, id), Range::with_prefix(Store::Entries, format!("{id}/"))];
        Some(self.to_read.last()?.iter().flat_map(both).map(StoreQuery::Texts).collect())
    }

    /// Hears the answers to [`Self::asks`]. `now` by the computer's clock. What keeps what was found out, so that the next start need not
    /// read these runs whole: nobody has to wait for it, and where somebody has removed a run meanwhile nothing of it is kept.
    pub fn heard(&mut self, answers: &[Records], now: Moment) -> Vec<Transaction> {
        let ids = self.to_read.pop().unwrap_or_default();
        ids.iter().zip(answers.chunks(2)).filter_map(|(id, answers)| self.read_whole(id, answers, now)).collect()
    }

    fn read_whole(&mut self, id: &str, answers: &[Records], now: Moment) -> Option<Transaction> {
        let [headers, entries] = answers else { return None };
        // Another id may begin with this one.
        let header = headers.iter().find(|(known, _)| known == id).map(|(_, text)| text.as_str());
        let pieces: Vec<(&str, &str)> = entries.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
        let Overview { runs, whole, last } = &mut self.overview;
        let known = runs.iter().position(|run| run.summary.id == id);
        if header.is_none() && pieces.is_empty() {
            known.map(|place| runs.remove(place));
            return None;
        }
        whole.read_one(id, header, &pieces);
        *last = (*last).max(highest(pieces.iter().map(|(key, _)| *key)));
        let Some(stored) = whole.run(id).cloned() else {
            // It moves guests, or cannot be read, or no more.
            return known.map(|place| Transaction { changes: forget(&runs.remove(place).summary.id).into(), ..Transaction::default() });
        };
        let is_finished = !stored.is_unfinished();
        if is_finished && self.open.as_deref() != Some(id) {
            whole.runs.retain(|run| run.header.id != id);
        }
        if known.is_some() {
            return None;
        }
        // By now more may lie there than when the last keys were read.
        let covers = pieces.last().map_or("", |(key, _)| *key);
        let bytes = pieces.iter().map(|(_, text)| text.len()).sum::<usize>() + header.map_or(0, str::len);
        let summary = RunSummary::new(&stored, covers.to_owned(), bytes);
        let is_to_keep = is_finished && number_of(covers) > 0;
        let invitations = (self.asked_about.is_some() || is_to_keep).then(|| RunInvitations::new(&stored, covers.to_owned(), now));
        let piece = pieces.last().filter(|_| is_to_keep);
        let to_keep = piece.and_then(|piece| Some(keep(&summary, invitations.as_ref()?, *piece)));
        insert(runs, OverviewRun { summary: Arc::new(summary), invitations: invitations.filter(|_| self.asked_about.is_some()) });
        to_keep
    }

    /// The overview once all has been read, and what throws away what is kept of runs that are gone.
    pub fn end(self) -> (Overview, Option<Transaction>) {
        let changes: Vec<StoreChange> = self.orphans.iter().flat_map(|id| forget(id)).collect();
        (self.overview, (!changes.is_empty()).then(|| Transaction { changes, ..Transaction::default() }))
    }
}

/// Records whose key begins so, by the rest of it.
fn under<'a>(prefix: &str, records: &'a Records) -> impl Iterator<Item = (&'a str, &'a str)> {
    records.iter().filter_map(move |(key, text)| Some((key.strip_prefix(prefix)?, text.as_str())))
}

/// Few, and almost in order: put where [`Journal::read`] puts them, too.
fn insert(runs: &mut Vec<OverviewRun>, run: OverviewRun) {
    let is_before = |other: &OverviewRun| (other.summary.begun, &other.summary.id) < (run.summary.begun, &run.summary.id);
    let place = runs.iter().rposition(is_before).map_or(0, |place| place + 1);
    runs.insert(place, run);
}

/// Keeps both beside the run, as long as what was read of it last still lies there.
fn keep(summary: &RunSummary, invitations: &RunInvitations, (key, text): (&str, &str)) -> Transaction {
    let put = |kind: &str, text: String| StoreChange::Put(Store::Entries, format!("{kind}{}", summary.id), text);
    Transaction {
        expects: vec![(Store::Entries, key.to_owned(), Some(text.to_owned()))],
        changes: vec![put(SUMMARY, record::write(&summary.owner, summary)), put(INVITATIONS, record::write(&summary.owner, invitations))],
    }
}
