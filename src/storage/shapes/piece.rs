//! A piece of a run's journal, read whole or only for what each line tells whatever else stands in it.

use super::problem;
use crate::bulk::HaltReason;
use crate::jobs::invite::journal::{Entry, RowEvent, Writer};
use crate::jobs::invite::outcome::Outcome;
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
pub(in crate::storage) struct Line<'a> {
    row: u32,
    address: Cow<'a, str>,
    state: RowState,
    at: Moment,
    what: Cow<'a, RowEvent>,
    /// Versions that know nothing of it read past it, and so does this one past what it does not know.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "problem::if_known")]
    halted: Option<Box<HaltReason>>,
}

/// What stands for a row in a piece of the journal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RowState {
    /// It may have left.
    Leaving,
    /// Nothing came of it for certain.
    NotSent,
    Invited,
    Unsure,
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

impl RowState {
    const fn from_event(what: &RowEvent) -> Self {
        match what {
            RowEvent::Left => Self::Leaving,
            RowEvent::NotSeen | RowEvent::Ended(Outcome::Unsure) => Self::Unsure,
            what if what.is_or_may_be_invited() => Self::Invited,
            _ => Self::NotSent,
        }
    }
}

impl EntrySummary {
    /// Whether a request may have left with it, as far as it can be read.
    pub(in crate::storage) fn may_have_left(&self) -> bool {
        matches!(self.state.as_str(), "leaving" | "")
    }
}

impl<'a> Line<'a> {
    pub(in crate::storage) fn from_entry(entry: &'a Entry, address: &'a str) -> Self {
        let Entry { row, what, at, halted } = entry;
        let state = RowState::from_event(what);
        Self { row: *row, address: address.into(), state, at: *at, what: Cow::Borrowed(what), halted: halted.clone() }
    }
}

impl From<Line<'_>> for Entry {
    fn from(line: Line<'_>) -> Self {
        let Line { row, at, what, halted, .. } = line;
        Self { row, what: what.into_owned(), at, halted }
    }
}
