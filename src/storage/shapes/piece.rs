//! A piece of a run's journal, read whole or only for what each line tells whatever else stands in it.

use super::super::record;
use super::problem;
use crate::bulk::HaltReason;
use crate::bulk::journal::JournalEntry;
use crate::jobs::invite::journal::{RowEvent, Writer};
use crate::jobs::invite::outcome::Outcome;
use crate::jobs::recycle_bin::{RecycleEvent, RecycleOutcome};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use time::Moment;

/// A piece of the journal. `E` is an entry, read whole or left as text.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::storage) enum Piece<E> {
    Begun(Moment),
    TakenOver(Moment, Writer),
    Entries(Vec<E>),
}

/// An entry, with what it tells also where the rest of it cannot be read: address and state.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "E: Serialize", deserialize = "E: DeserializeOwned"))]
pub(in crate::storage) struct Line<'a, E: Clone> {
    row: u32,
    address: Cow<'a, str>,
    state: RowState,
    at: Moment,
    what: Cow<'a, E>,
    /// Versions that know nothing of it read past it, and so does this one past what it does not know.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "problem::if_known")]
    halted: Option<Box<HaltReason>>,
    /// Versions before this member read past it, and count as they did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    never_left: bool,
}

/// What stands for a row in a piece of the journal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RowState {
    /// An invitation may have left.
    Leaving,
    /// Nothing came of it for certain.
    NotSent,
    Invited,
    Unsure,
    /// A guest may be on the way into the recycle bin, or out of it.
    Moving,
    Moved,
    NotMoved,
}

/// What lies in the journal of a row.
pub(crate) trait StoredEvent: Clone + Serialize + DeserializeOwned {
    /// Of the records that hold it.
    const VERSION: u32;
    fn state(&self) -> RowState;
}

/// Whom a line is about.
#[derive(Deserialize)]
pub(in crate::storage) struct EntryAddress {
    pub(in crate::storage) address: String,
}

/// What counts of a line for the day's allowance.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::storage) struct EntrySummary {
    state: String,
    pub(in crate::storage) at: Option<Moment>,
}

/// Whether a piece is the bare array of entries that version 1 wrote.
pub(in crate::storage) fn is_of_version_1(piece: &str) -> bool {
    piece.starts_with('[')
}

impl StoredEvent for RowEvent {
    const VERSION: u32 = record::VERSION;

    fn state(&self) -> RowState {
        match self {
            Self::Left => RowState::Leaving,
            Self::NotSeen | Self::Ended(Outcome::Unsure) => RowState::Unsure,
            what if what.is_or_may_be_invited() => RowState::Invited,
            _ => RowState::NotSent,
        }
    }
}

impl StoredEvent for RecycleEvent {
    const VERSION: u32 = record::RECYCLING;

    fn state(&self) -> RowState {
        match self {
            Self::Left => RowState::Moving,
            Self::NotSeen | Self::NotThere { in_doubt: true } | Self::Ended(RecycleOutcome::Unsure) => RowState::Unsure,
            Self::Accepted | Self::Ended(RecycleOutcome::Withdrawn { .. } | RecycleOutcome::Restored { .. }) => RowState::Moved,
            Self::NotDone | Self::NotThere { .. } | Self::Ended(_) => RowState::NotMoved,
        }
    }
}

impl EntrySummary {
    /// Whether a request may have left with it, as far as it can be read.
    pub(in crate::storage) fn may_have_left(&self) -> bool {
        matches!(self.state.as_str(), "leaving" | "")
    }
}

impl<'a, E: StoredEvent> Line<'a, E> {
    pub(in crate::storage) fn from_entry(entry: &'a JournalEntry<E>, address: &'a str) -> Self {
        let JournalEntry { row, what, at, halted, never_left } = entry;
        let (what, halted) = (Cow::Borrowed(what), halted.clone());
        Self { row: *row, address: address.into(), state: what.state(), at: *at, what, halted, never_left: *never_left }
    }
}

impl<E: Clone> From<Line<'_, E>> for JournalEntry<E> {
    fn from(line: Line<'_, E>) -> Self {
        let Line { row, at, what, halted, never_left, .. } = line;
        Self { row, what: what.into_owned(), at, halted, never_left }
    }
}
