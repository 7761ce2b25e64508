//! What lies in this browser: texts under text keys in three stores, how they are read, and how they are changed. A
//! change is a transaction that is data, so that IndexedDB and the simulation of whole browsers carry out the same one.
//!
//! Nothing here is lost by an upgrade: every record tells its version and whose it is by itself, what cannot be read is
//! told and kept, and what earlier versions wrote is read as it lies.

pub mod allowance;
pub mod drafts;
pub mod journal;
pub mod letter_file;
pub mod overview;
pub mod record;
mod shapes;

pub(crate) use shapes::StoredEvent;

#[cfg(test)]
mod promise;

/// An object store of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Store {
    /// Drafts, templates, chosen columns.
    Drafts,
    /// What a run is about: list, letter, plan.
    Runs,
    /// What became of its rows.
    Entries,
}

impl Store {
    pub const ALL: [Self; 3] = [Self::Drafts, Self::Runs, Self::Entries];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::Runs => "runs",
            Self::Entries => "entries",
        }
    }
}

/// Keys and texts, in the order of the keys.
pub type Records = Vec<(String, String)>;

/// Every record of a store whose key begins with `prefix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    pub store: Store,
    pub prefix: String,
}

impl Range {
    pub fn with_prefix(store: Store, prefix: impl Into<String>) -> Self {
        Self { store, prefix: prefix.into() }
    }
}

/// What is asked of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreQuery {
    /// Keys and texts.
    Texts(Range),
    /// Keys, each with an empty text.
    Keys(Range),
    /// Of [`Store::Entries`] the last key of each run, with an empty text, whether it has a header in [`Store::Runs`] or not: what a run has
    /// written last, without a look at the rest.
    LastKeys,
}

impl StoreQuery {
    /// What it is about; for the last keys both are needed.
    pub const fn stores(&self) -> [Store; 2] {
        match self {
            Self::Texts(range) | Self::Keys(range) => [range.store; 2],
            Self::LastKeys => [Store::Runs, Store::Entries],
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreChange {
    Put(Store, String, String),
    /// Into [`Store::Entries`], under this prefix and the next number of the database's one sequence, which is counted on
    /// in the same transaction. So entries lie in the order in which they were written, whatever the clock says.
    Append(String, String),
    Remove(Store, String),
    RemoveAll(Range),
}

/// Changes that are made together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// What has to lie under these keys, or nothing is changed.
    pub expects: Vec<(Store, String, Option<String>)>,
    pub changes: Vec<StoreChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    Done,
    /// Something else lies there than was expected; nothing was changed.
    Conflict,
}

/// The browser would not read or write, in its words: private mode, a full disk, blocked site data, no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(pub String);

/// In [`Store::Entries`]: the last number of the sequence. No run has this key: theirs hold a slash.
pub const SEQUENCE: &str = "~sequence";

/// In [`Store::Entries`]: what keys begin with under which it lies, by tenant, what removed runs sent. Neither has a slash.
pub const REMOVED: &str = "~removed ";

/// The key of an appended record. It sorts behind what versions before 2 wrote, whose keys went on with the time.
pub fn appended_key(prefix: &str, number: u64) -> String {
    format!("{prefix}~{number:012}")
}

/// The number that stands in the record of the sequence; `None` when it is no number. Then [`highest`] is the last one.
pub fn number_in(record: &str) -> Option<u64> {
    record.parse().ok()
}

/// The highest number that was given to these keys of [`Store::Entries`]: the last of the sequence where its record is gone or
/// damaged, so that none is given twice.
pub fn highest<'a>(keys: impl IntoIterator<Item = &'a str>) -> u64 {
    keys.into_iter().map(number_of).max().unwrap_or(0)
}

/// The number that [`appended_key`] gave; 0 for what earlier versions wrote.
pub fn number_of(key: &str) -> u64 {
    key.rsplit_once('~').and_then(|(_, digits)| digits.parse().ok()).unwrap_or(0)
}
