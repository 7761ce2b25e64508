//! Runs as they lie in this browser, and what each has to write.
//!
//! A run's header stands in one store; in another stands what became of its rows, piece by piece in the order of one
//! sequence: `{run}/~{number}`. Each piece tells its version, tenant and person, and each entry its row, address and state,
//! whatever else can be read of it. An entry or header that cannot be read blocks its run: its addresses count as invited,
//! and it is kept.

use super::record::{self, Envelope, Unread, VERSION};
use super::{Change, Records, SEQUENCE, Store, Transaction, number_of};
use crate::outcome::Outcome;
use crate::owner::Owner;
use crate::rows::{Address, ByAddress};
use crate::run::journal::{Entry, Header, Stored, What, Writer, invited_before};
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Every run of this browser, in every tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    /// Oldest first.
    pub runs: Vec<Arc<Stored>>,
    pub unreadable: Vec<Unreadable>,
    /// As it lay under [`SEQUENCE`].
    sequence: Option<String>,
}

/// A run that cannot be read whole. Nothing of it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Unreadable {
    pub id: String,
    /// As far as it could be read.
    pub owner: Owner,
    pub begun: Option<Moment>,
    pub why: Unread,
    /// Everybody it names: they count as invited.
    pub addresses: Vec<Address>,
    /// Its records as they lie, by store, for whoever can make something of them.
    pub runs: Records,
    pub entries: Records,
}

impl Unreadable {
    /// Whether it is not known whom it may have invited, so that nobody may be.
    pub fn hides_addresses(&self) -> bool {
        self.addresses.is_empty()
    }

    /// Its records as a file.
    pub fn as_file(&self) -> String {
        let object = |records: &Records| records.iter().map(|(key, text)| (key.clone(), Value::from(text.as_str()))).collect();
        let (runs, entries): (serde_json::Map<String, Value>, serde_json::Map<String, Value>) = (object(&self.runs), object(&self.entries));
        Value::Object([("runs".to_owned(), Value::Object(runs)), ("entries".to_owned(), Value::Object(entries))].into_iter().collect())
            .to_string()
    }
}

/// What stands for a row in a piece of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It may have left.
    Leaving,
    /// Nothing came of it for certain.
    NotSent,
    Invited,
    Unsure,
}

impl State {
    const fn of(what: &What) -> Self {
        match what {
            What::Left => Self::Leaving,
            What::Ended(Outcome::Unsure) => Self::Unsure,
            what if what.is_or_may_be_invited() => Self::Invited,
            _ => Self::NotSent,
        }
    }
}

/// A piece of the journal. `E` is an entry, read whole or left as text.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Piece<E> {
    Begun(Moment),
    TakenOver(Moment, Writer),
    Entries(Vec<E>),
}

#[derive(Serialize, Deserialize)]
struct Line<W> {
    row: u32,
    address: String,
    state: State,
    at: Moment,
    what: W,
}

/// What every entry tells, also where the rest cannot be read.
#[derive(Deserialize)]
struct Outside {
    #[serde(default)]
    address: String,
}

/// The changes that begin a run: its header, and its place in the sequence.
pub fn begin(owner: &Owner, header: &Header) -> Vec<Change> {
    vec![
        Change::Put(Store::Runs, header.id.clone(), record::write(owner, header)),
        Change::Append(format!("{}/", header.id), record::write(owner, &Piece::<()>::Begun(header.begun))),
    ]
}

/// Writes down what became of rows, by this person.
pub fn append(run: &Stored, by: &Owner, entries: &[Entry]) -> Transaction {
    let addresses: HashMap<u32, &str> = run.header.plan.rows.iter().map(|row| (row.row, row.email.as_str())).collect();
    append_to(&run.header.id, &addresses, by, entries)
}

/// As [`append`], where the addresses of the run's rows are at hand.
pub fn append_to(id: &str, addresses: &HashMap<u32, &str>, by: &Owner, entries: &[Entry]) -> Transaction {
    let line = |entry: &Entry| Line {
        row: entry.row,
        address: addresses.get(&entry.row).copied().unwrap_or_default().to_owned(),
        state: State::of(&entry.what),
        at: entry.at,
        what: entry.what.clone(),
    };
    let text = record::write(by, &Piece::Entries(entries.iter().map(line).collect::<Vec<_>>()));
    Transaction { expects: Vec::new(), changes: vec![Change::Append(format!("{id}/"), text)] }
}

/// Writes down that this person carries the run on from here.
pub fn take_over(run: &str, by: &Owner, writer: &Writer, now: Moment) -> Transaction {
    let text = record::write(by, &Piece::<()>::TakenOver(now, writer.clone()));
    Transaction { expects: Vec::new(), changes: vec![Change::Append(format!("{run}/"), text)] }
}

impl Journal {
    /// Reads all of both stores. It never fails: what cannot be read is told.
    pub fn read(runs: &Records, entries: &Records) -> Self {
        let mut pieces: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (key, text) in entries {
            if let Some((run, _)) = key.split_once('/') {
                pieces.entry(run).or_default().push((key, text));
            }
        }
        let sequence = entries.iter().find(|(key, _)| key == SEQUENCE).map(|(_, number)| number.clone());
        let mut journal = Self { sequence, ..Self::default() };
        for (id, text) in runs {
            let own = pieces.remove(id.as_str()).unwrap_or_default();
            match read_run(id, text, &own) {
                Ok(stored) => {
                    // Few, and almost in order: put where they belong.
                    let place = journal.runs.iter().rposition(|run| run.header.begun <= stored.header.begun).map_or(0, |place| place + 1);
                    journal.runs.insert(place, Arc::new(stored));
                }
                Err(why) => journal.unreadable.push(unreadable(id, Some(text), &own, why)),
            }
        }
        // What is written of a run whose header is gone.
        journal.unreadable.extend(pieces.into_iter().map(|(id, own)| unreadable(id, None, &own, Unread::Unknown)));
        journal
    }

    /// Addresses that runs of this browser invited in this person's tenant, or may have, with when (ISO 8601, or words).
    pub fn invited_before(&self, person: &Owner) -> ByAddress<String> {
        let runs = self.runs.iter().map(AsRef::as_ref).filter(|run: &&Stored| run.owner.is_of_tenant(person));
        let mut before = invited_before(runs, &person.tenant);
        for run in self.unreadable.iter().filter(|run| run.may_be_of_tenant(person)) {
            let at = run.begun.map_or_else(|| "an earlier day".to_owned(), Moment::iso);
            for address in &run.addresses {
                before.set(address, Some(at.clone()));
            }
        }
        before
    }

    /// The run that keeps everybody from being invited in this person's tenant, if there is one: nobody knows whom it invited.
    pub fn blocks(&self, person: &Owner) -> Option<&Unreadable> {
        self.unreadable.iter().find(|run| run.hides_addresses() && run.may_be_of_tenant(person))
    }

    /// Removes these runs. The sequence goes with the last of all, unless somebody went on with it since this was read: runs of
    /// other tenants are under other locks, and numbers that are given again would overwrite theirs.
    pub fn remove<'a>(&self, ids: impl IntoIterator<Item = &'a str>, leaves_none: bool) -> Transaction {
        let mut transaction = Transaction::default();
        for id in ids {
            transaction.changes.push(Change::RemoveAll(super::Range::of(Store::Entries, format!("{id}/"))));
            transaction.changes.push(Change::Remove(Store::Runs, id.to_owned()));
        }
        if leaves_none {
            transaction.expects.push((Store::Entries, SEQUENCE.into(), self.sequence.clone()));
            transaction.changes.push(Change::Remove(Store::Entries, SEQUENCE.into()));
        }
        transaction
    }

    pub fn run(&self, id: &str) -> Option<&Arc<Stored>> {
        self.runs.iter().find(|run| run.header.id == id)
    }
}

impl Unreadable {
    /// Whether it is of this person's tenant, or nobody knows.
    pub fn may_be_of_tenant(&self, person: &Owner) -> bool {
        self.owner.tenant.is_empty() || self.owner.is_of_tenant(person)
    }
}

fn read_run(id: &str, text: &str, pieces: &[(&str, &str)]) -> Result<Stored, Unread> {
    let header: Header = record::read(text)?;
    if header.id != id {
        return Err(Unread::Unknown);
    }
    let mut stored = Stored::new(header, Vec::new());
    if let Some(owner) = owner_of(text) {
        stored.owner = owner;
    }
    for (key, text) in pieces {
        let number = number_of(key);
        match read_piece(text)? {
            Piece::Begun(_) => stored.begun_at = number,
            Piece::TakenOver(_, writer) => {
                stored.takers.push(owner_of(text).ok_or(Unread::Unknown)?);
                stored.header.writer = writer;
            }
            Piece::Entries(entries) => {
                if number > 0 {
                    stored.numbers.push((stored.entries.len(), number));
                }
                stored.entries.extend(entries);
            }
        }
    }
    Ok(stored)
}

fn owner_of(text: &str) -> Option<Owner> {
    serde_json::from_str::<Envelope<'_>>(text).ok().map(|envelope| envelope.owner).filter(|owner| !owner.tenant.is_empty())
}

fn read_piece(text: &str) -> Result<Piece<Entry>, Unread> {
    if text.starts_with('[') {
        return serde_json::from_str(text).map(Piece::Entries).map_err(|_| Unread::Unknown);
    }
    Ok(match record::read::<Piece<Line<What>>>(text)? {
        Piece::Begun(at) => Piece::Begun(at),
        Piece::TakenOver(at, writer) => Piece::TakenOver(at, writer),
        Piece::Entries(lines) => Piece::Entries(lines.into_iter().map(|Line { row, at, what, .. }| Entry { row, what, at }).collect()),
    })
}

/// What can be told of a run that cannot be read.
fn unreadable(id: &str, header: Option<&str>, pieces: &[(&str, &str)], why: Unread) -> Unreadable {
    let header_value: Value = header.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let body = if header_value["body"].is_object() { &header_value["body"] } else { &header_value };
    let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let owner = header.into_iter().chain(pieces.iter().map(|(_, text)| *text)).find_map(owner_of).unwrap_or_else(|| Owner {
        cloud: said(&body["writer"]["graph"]),
        tenant: said(&body["tenant_id"]),
        person: said(&body["writer"]["id"]),
        username: said(&body["by"]),
    });
    let planned = body["plan"]["rows"].as_array().into_iter().flatten().map(|row| said(&row["email"]));
    let mut addresses: Vec<Address> =
        planned.chain(pieces.iter().flat_map(|(_, text)| named_in(text))).filter_map(|text| Address::parse(&text).ok()).collect();
    addresses.sort_by_key(Address::key);
    addresses.dedup_by_key(|address| address.key());
    let records = |texts: &[(&str, &str)]| texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    Unreadable {
        id: id.into(),
        owner,
        begun: body["begun"].as_i64().map(Moment),
        why,
        addresses,
        runs: header.map(|text| (id.to_owned(), text.to_owned())).into_iter().collect(),
        entries: records(pieces),
    }
}

/// The addresses that a piece of the journal names, entry by entry.
fn named_in(text: &str) -> Vec<String> {
    let lines = match serde_json::from_str::<Envelope<'_>>(text) {
        Ok(Envelope { v, body, .. }) if v >= VERSION => match serde_json::from_str::<Piece<&RawValue>>(body.get()) {
            Ok(Piece::Entries(lines)) => lines,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    lines.into_iter().filter_map(|line| serde_json::from_str::<Outside>(line.get()).ok()).map(|line| line.address).collect()
}
