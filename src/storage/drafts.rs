//! Drafts, kept letters and chosen columns, each under its owner. What earlier versions wrote names no owner: it is shown to
//! nobody until somebody says that it is theirs.

use super::record::{self, UnreadReason};
use super::shapes::StoredRow;
use super::{Range, Records, Store, StoreChange, Transaction};
use crate::jobs::invite::plan::Choices;
use crate::letter::Letter;
use crate::letter::template_library::{NamedTemplate, Preselected};
use crate::owner::{OWNED, Owner};
use crate::rows::checks::{FNV_OFFSET, hash};
use crate::rows::{List, Row};
use crate::sheet::columns::Remembered;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::Moment;

/// What is being composed, kept until it is sent or discarded. The rows of the list are written apart, some at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub list: List,
    pub letter: Letter,
    /// What somebody chose for rows, by their ids.
    pub choices: Choices,
    pub touched: Moment,
}

const DRAFT: &str = "draft";
const ROWS: &str = "rows/";
const LETTERS: &str = "letters/";
const COLUMNS: &str = "columns/";
const PRESELECTED: &str = "preselected";
/// Counts how often the draft was written, so that two tabs do not overwrite each other's.
const REVISION: &str = "revision";
/// Drafts that could not be read, each under its revision.
const ASIDE: &str = "aside/";
/// Of records that somebody has signed out.
const SIGNED_OUT: &str = "signed-out/";
/// Says that what names no owner is not this person's.
const NOT_MINE: &str = "not-mine";

/// A draft as it lies here.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Kept {
    #[default]
    Nothing,
    Draft(Box<Draft>),
    /// It cannot be read, and is kept as it is: its records.
    Unreadable(UnreadReason, Records),
}

/// Which writing of a draft lies here, as its record says; none before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision(Option<String>);

impl Revision {
    /// Of the next writing. A record that is no number is counted on from the beginning.
    fn next(&self) -> Self {
        let number: u64 = self.0.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
        Self(Some(number.saturating_add(1).to_string()))
    }

    fn text(&self) -> String {
        self.0.clone().unwrap_or_default()
    }
}

/// What belongs to one person, but for runs.
pub fn range(owner: &Owner) -> Range {
    Range::with_prefix(Store::Drafts, owner.prefix())
}

/// Where the revision of this person's draft stands.
pub fn revision_range(owner: &Owner) -> Range {
    Range::with_prefix(Store::Drafts, format!("{}{REVISION}", owner.prefix()))
}

/// The revision of this person's draft among these records.
pub fn revision(owner: &Owner, records: &Records) -> Revision {
    Revision(text_of(owner, records, REVISION).map(str::to_owned))
}

/// The draft among the records of [`range`], with its revision.
pub fn draft(owner: &Owner, records: &Records) -> (Kept, Revision) {
    let prefix = owner.prefix();
    let own = records.iter().filter_map(|(key, text)| Some((key.strip_prefix(prefix.as_str())?, text.as_str())));
    let kept = match assembled_of(own) {
        None => Kept::Nothing,
        Some(Ok(draft)) => Kept::Draft(Box::new(draft)),
        Some(Err(why)) => {
            let is_of_draft = |key: &str| key.strip_prefix(prefix.as_str()).is_some_and(|key| key == DRAFT || key.starts_with(ROWS));
            Kept::Unreadable(why, records.iter().filter(|(key, _)| is_of_draft(key)).cloned().collect())
        }
    };
    (kept, revision(owner, records))
}

fn texts(records: &Records) -> impl Iterator<Item = (&str, &str)> + Clone {
    records.iter().map(|(key, text)| (key.as_str(), text.as_str()))
}

/// The draft among records whose keys begin with no owner; nothing where there is none.
fn assembled_of<'a>(records: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Option<Result<Draft, UnreadReason>> {
    let (_, head) = records.clone().find(|(key, _)| *key == DRAFT)?;
    Some(assembled(head, records.filter(|(key, _)| key.starts_with(ROWS)).map(|(_, text)| text)))
}

fn assembled<'a>(head: &str, rows: impl Iterator<Item = &'a str>) -> Result<Draft, UnreadReason> {
    let mut draft: Draft = record::read(head)?;
    for chunk in rows {
        for StoredRow { id, cells } in record::read::<Vec<StoredRow>>(chunk)? {
            draft.list.restore(id, &cells);
        }
    }
    Ok(draft)
}

/// The records that have to lie as they did for the draft to be written: nobody else wrote it meanwhile.
pub fn unchanged(owner: &Owner, revision: &Revision) -> (Store, String, Option<String>) {
    (Store::Drafts, format!("{}{REVISION}", owner.prefix()), revision.0.clone())
}

/// The record of some rows of a draft.
pub fn rows_record(owner: &Owner, rows: &[Row<'_>]) -> String {
    record::write(owner, &rows)
}

/// Writes the draft and those chunks of its rows that have changed (each a [`rows_record`]); `anew`: there are no others.
/// [`super::Committed::Conflict`] where another tab has written it since this revision. Also what its revision is then.
pub fn keep(owner: &Owner, revision: &Revision, draft: &Draft, anew: bool, chunks: Vec<(u32, String)>) -> (Transaction, Revision) {
    let prefix = owner.prefix();
    let next = revision.next();
    let mut changes = Vec::new();
    if anew {
        changes.push(StoreChange::RemoveAll(Range::with_prefix(Store::Drafts, format!("{prefix}{ROWS}"))));
    }
    changes.push(StoreChange::Put(Store::Drafts, format!("{prefix}{DRAFT}"), record::write(owner, draft)));
    changes.push(StoreChange::Put(Store::Drafts, format!("{prefix}{REVISION}"), next.text()));
    let rows = chunks.into_iter().map(|(chunk, rows)| StoreChange::Put(Store::Drafts, format!("{prefix}{ROWS}{chunk:08}"), rows));
    changes.extend(rows);
    (Transaction { expects: vec![unchanged(owner, revision)], changes }, next)
}

/// Leaves no draft, when it has become a run: nothing where another tab has written it since. Joins another transaction.
pub fn clear(owner: &Owner, revision: &Revision) -> (Vec<StoreChange>, Revision) {
    let (prefix, next) = (owner.prefix(), revision.next());
    let changes = vec![
        StoreChange::RemoveAll(Range::with_prefix(Store::Drafts, format!("{prefix}{ROWS}"))),
        StoreChange::Remove(Store::Drafts, format!("{prefix}{DRAFT}")),
        StoreChange::Put(Store::Drafts, format!("{prefix}{REVISION}"), next.text()),
    ];
    (changes, next)
}

/// Puts a draft that cannot be read aside, so that a new one can be kept; what was put aside stays for a version that can
/// read it. Also what the revision is then.
pub fn put_aside(owner: &Owner, revision: &Revision, unreadable: &Records) -> (Transaction, Revision) {
    let (mut changes, next) = clear(owner, revision);
    let prefix = owner.prefix();
    for (key, text) in unreadable {
        if let Some(key) = key.strip_prefix(prefix.as_str()) {
            let aside = format!("{prefix}{ASIDE}{}/{key}", next.text());
            changes.push(StoreChange::Put(Store::Drafts, aside, text.clone()));
        }
    }
    (Transaction { expects: vec![unchanged(owner, revision)], changes }, next)
}

fn put<T: Serialize>(owner: &Owner, key: &str, body: &T) -> Transaction {
    let change = StoreChange::Put(Store::Drafts, format!("{}{key}", owner.prefix()), record::write(owner, body));
    Transaction { expects: Vec::new(), changes: vec![change] }
}

/// What lies under this key of a person's.
fn text_of<'a>(owner: &Owner, records: &'a Records, key: &str) -> Option<&'a str> {
    let key = format!("{}{key}", owner.prefix());
    records.iter().find(|(own, _)| *own == key).map(|(_, text)| text.as_str())
}

fn find<T: DeserializeOwned>(owner: &Owner, records: &Records, key: &str) -> Option<T> {
    text_of(owner, records, key).and_then(|text| record::read(text).ok())
}

/// Letters that are kept under a name, by name, and the names of those that cannot be read.
pub fn letters(owner: &Owner, records: &Records) -> (Vec<NamedTemplate>, Vec<String>) {
    let prefix = format!("{}{LETTERS}", owner.prefix());
    let (mut letters, mut unread) = (Vec::new(), Vec::new());
    for (name, text) in records.iter().filter_map(|(key, text)| Some((key.strip_prefix(prefix.as_str())?, text))) {
        match record::read(text) {
            Ok(letter) => letters.push(letter),
            Err(_) => unread.push(name.to_owned()),
        }
    }
    (letters, unread)
}

/// Keeps a letter, in the place of one that has its name.
pub fn keep_letter(owner: &Owner, letter: &NamedTemplate) -> Transaction {
    put(owner, &format!("{LETTERS}{}", letter.name), letter)
}

/// Forgets the letter of exactly this name.
pub fn forget_letter(owner: &Owner, name: &str) -> Transaction {
    let change = StoreChange::Remove(Store::Drafts, format!("{}{LETTERS}{name}", owner.prefix()));
    Transaction { expects: Vec::new(), changes: vec![change] }
}

/// Which letter a new draft begins with.
pub fn preselected(owner: &Owner, records: &Records) -> Preselected {
    find(owner, records, PRESELECTED).unwrap_or_default()
}

/// `None` where what lies there cannot be read by this version: it stays as it is.
pub fn keep_preselected(owner: &Owner, records: &Records, preselected: &Preselected) -> Option<Transaction> {
    may_replace::<Preselected>(owner, records, PRESELECTED).then(|| put(owner, PRESELECTED, preselected))
}

/// What was chosen for the columns of a file with these headings.
pub fn columns(owner: &Owner, records: &Records, fingerprint: &str) -> Option<Remembered> {
    find(owner, records, &format!("{COLUMNS}{fingerprint}"))
}

/// As [`keep_preselected`].
pub fn keep_columns(owner: &Owner, records: &Records, fingerprint: &str, chosen: &Remembered) -> Option<Transaction> {
    let key = format!("{COLUMNS}{fingerprint}");
    may_replace::<Remembered>(owner, records, &key).then(|| put(owner, &key, chosen))
}

/// Whether nothing lies there, or what this version can read.
fn may_replace<T: DeserializeOwned>(owner: &Owner, records: &Records, key: &str) -> bool {
    text_of(owner, records, key).is_none_or(|text| record::read::<T>(text).is_ok())
}

/// What an earlier version left that names no owner, or that names this person under another spelling of the root of Graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclaimed {
    /// Of the draft.
    pub rows: usize,
    pub letters: usize,
    pub has_draft: bool,
    /// It names this person: nobody has to say whose it is.
    pub is_own: bool,
    /// By their keys without any owner, and with the keys that they lie under.
    records: Records,
    keys: Vec<String>,
}

/// What lies in the whole of [`Store::Drafts`] under another spelling of this owner, else what lies there without any, unless it is nothing
/// or this person has said that it is not theirs.
pub fn unclaimed(owner: &Owner, all: &Records) -> Option<Unclaimed> {
    let not_mine = format!("{}{NOT_MINE}", owner.prefix());
    // One after the other: rows of two drafts must not be mixed.
    let is_missed = |rest: &str| rest == DRAFT || rest == PRESELECTED || rest.starts_with(LETTERS);
    let other_spelling = |key: &'_ str| owner.under_other_spelling(key).filter(|rest| is_missed(rest)).map(|rest| key.len() - rest.len());
    let other_prefix = all.iter().find_map(|(key, _)| other_spelling(key).map(|length| &key[..length]));
    let without_owner = |key: &str| match other_prefix {
        Some(prefix) => key.strip_prefix(prefix).map(str::to_owned),
        None => (!key.starts_with(OWNED) && !key.starts_with(SIGNED_OUT)).then(|| key.to_owned()),
    };
    let left = all.iter().filter_map(|(key, text)| Some(((without_owner(key)?, text.clone()), key.clone())));
    let (records, keys): (Records, Vec<String>) = left.unzip();
    let draft = assembled_of(texts(&records));
    let is_empty =
        |draft: &Draft| draft.list.is_empty() && draft.letter.texts().all(|text| text.message.is_empty() && text.subject.is_empty());
    let has_draft = draft.as_ref().is_some_and(|draft| draft.as_ref().map_or(true, |draft| !is_empty(draft)));
    let letters = records.iter().filter(|(key, _)| key.starts_with(LETTERS) || key == PRESELECTED).count();
    let said = all.iter().any(|(key, _)| *key == not_mine);
    let rows = draft.and_then(Result::ok).map_or(0, |draft| draft.list.len());
    let is_own = other_prefix.is_some();
    ((is_own || !said) && (has_draft || letters > 0)).then_some(Unclaimed { rows, letters, has_draft, is_own, records, keys })
}

/// Makes what was left this person's. Where they have a draft of their own, the rows of the one that was left are to go to it
/// in the same transaction ([`Unclaimed::draft`]); of a letter whose name they have, both are kept. Also what the revision of
/// their draft is then.
pub fn claim(owner: &Owner, unclaimed: &Unclaimed, own: &Records) -> (Transaction, Revision) {
    let prefix = owner.prefix();
    let has = |key: &str| own.iter().any(|(own, _)| own.strip_prefix(prefix.as_str()) == Some(key));
    let (has_draft, is_readable) = (has(DRAFT), unclaimed.draft().is_some());
    let revision = revision(owner, own);
    let mut expects = vec![unchanged(owner, &revision)];
    let mut changes = Vec::new();
    for ((key, text), lies_under) in unclaimed.records.iter().zip(&unclaimed.keys) {
        // Somebody else may have claimed it meanwhile.
        expects.push((Store::Drafts, lies_under.clone(), Some(text.clone())));
        changes.push(StoreChange::Remove(Store::Drafts, lies_under.clone()));
        // What was said of records without an owner under another spelling is asked again: it may have been meant for the person's own.
        if key == REVISION || key == NOT_MINE {
            continue;
        }
        let is_of_draft = key == DRAFT || key.starts_with(ROWS);
        let text = record::rewrap(owner, text).unwrap_or_else(|| text.clone());
        let (key, text) = match key.strip_prefix(LETTERS) {
            _ if is_of_draft && has_draft && is_readable => continue,
            _ if is_of_draft && has_draft => (format!("{ASIDE}earlier/{key}"), text),
            Some(name) if has(key) => renamed(owner, name, text),
            None if has(key) => continue,
            _ => (key.clone(), text),
        };
        changes.push(StoreChange::Put(Store::Drafts, format!("{prefix}{key}"), text));
    }
    let next = revision.next();
    changes.push(StoreChange::Put(Store::Drafts, format!("{prefix}{REVISION}"), next.text()));
    (Transaction { expects, changes }, next)
}

/// A letter under another name, beside one that has its own: its key and record.
fn renamed(owner: &Owner, name: &str, text: String) -> (String, String) {
    let name = format!("{name} (earlier)");
    let key = format!("{LETTERS}{name}");
    match record::read::<NamedTemplate>(&text) {
        Ok(letter) => (key, record::write(owner, &NamedTemplate { name, ..letter })),
        Err(_) => (key, text),
    }
}

impl Unclaimed {
    /// The draft that was left, where it can be read.
    pub fn draft(&self) -> Option<Draft> {
        assembled_of(texts(&self.records))?.ok()
    }
}

/// Says that what names no owner is somebody else's; it stays for them.
pub fn disown(owner: &Owner) -> Transaction {
    put(owner, NOT_MINE, &true)
}

/// Where it stands that this person has signed out: not among what belongs to them, and without saying who it is, since it stays
/// when everything of theirs is deleted.
pub fn sign_out_range(owner: &Owner) -> Range {
    Range::with_prefix(Store::Drafts, format!("{SIGNED_OUT}{:016x}", hash(FNV_OFFSET, &owner.prefix())))
}

/// Writes down that this person has signed out; `unlike` is no text that was written before.
pub fn sign_out(owner: &Owner, unlike: &str) -> Transaction {
    let Range { store, prefix } = sign_out_range(owner);
    Transaction { expects: Vec::new(), changes: vec![StoreChange::Put(store, prefix, unlike.to_owned())] }
}

/// Where everybody's drafts lie that name an owner, for [`delete`].
pub fn owned_range() -> Range {
    Range::with_prefix(Store::Drafts, OWNED)
}

/// Removes everything of this person but their runs, among the records of [`owned_range`].
pub fn delete(owner: &Owner, owned: &Records) -> Vec<StoreChange> {
    let other = owned.iter().map(|(key, _)| key).filter(|key| owner.under_other_spelling(key).is_some());
    let other = other.map(|key| StoreChange::Remove(Store::Drafts, key.clone()));
    std::iter::once(StoreChange::RemoveAll(range(owner))).chain(other).collect()
}
