//! Runs as they lie in this browser, and what each has to write.
//!
//! A run's header stands in one store; in another stands what became of its rows, piece by piece in the order of one
//! sequence: `{run}/~{number}`. Each piece tells its version, tenant and person, and each entry its row, address and state,
//! whatever else can be read of it. An entry or header that cannot be read blocks its run: its addresses count as invited,
//! and it is kept.

use super::overview;
use super::record::{self, RecordEnvelope, UnreadReason};
use super::shapes::{EntryAddress, Line, Piece, StoredEvent, is_of_version_1};
use super::{REMOVED, Records, SEQUENCE, Store, StoreChange, Transaction, highest, number_of};
use crate::bulk::journal::{JournalEntry, StoredRun};
use crate::jobs::invite::journal::{Entry, Header, RowEvent, Stored, TakenBack, Writer, invited_after, invited_before};
use crate::jobs::recycle_bin::RecycleEvent;
use crate::jobs::recycle_bin::journal::{RecycleHeader, RecycledGuests, StoredRecycle};
use crate::owner::Owner;
use crate::rows::{Address, ByAddress};
use json::{Members, text};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use time::Moment;

/// Every run of this browser, in every tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    /// Oldest first.
    pub runs: Vec<Arc<Stored>>,
    /// Runs that took guests of others back, or restored them, oldest first.
    pub recycles: Vec<Arc<StoredRecycle>>,
    pub unreadable: Vec<UnreadableRun>,
    /// As it lay under [`SEQUENCE`].
    sequence: Option<String>,
    /// The highest number of the sequence that something lies under.
    last: u64,
    /// What lies under keys that begin with [`REMOVED`].
    pub(super) removed: Records,
}

/// What this browser sent before, as of when a plan was made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EarlierInvitations {
    /// With when (ISO 8601, or words).
    pub invited: ByAddress<String>,
    /// The last number of the sequence by then.
    pub as_of: u64,
}

/// A run that cannot be read whole. Nothing of it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadableRun {
    pub id: String,
    /// As far as it could be read.
    pub owner: Owner,
    pub begun: Option<Moment>,
    pub why: UnreadReason,
    /// Everybody it names: they count as invited.
    pub addresses: Vec<Address>,
    /// It may have invited others, too, so that nobody may be invited.
    pub hides_addresses: bool,
    /// Its records as they lie, by store, for whoever can make something of them.
    pub runs: Records,
    pub entries: Records,
}

impl UnreadableRun {
    /// Its records as a file.
    pub fn as_file(&self) -> String {
        let file: BTreeMap<&str, BTreeMap<&str, &str>> =
            [("runs", &self.runs), ("entries", &self.entries)].map(|(store, records)| (store, by_key(records))).into();
        serde_json::to_string(&file).unwrap_or_default()
    }
}

fn by_key(records: &Records) -> BTreeMap<&str, &str> {
    records.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect()
}

/// The changes that begin a run: its header, and its place in the sequence.
pub fn begin(owner: &Owner, header: &Header) -> Vec<StoreChange> {
    begun::<RowEvent>(&header.id, owner, header, header.begun)
}

/// The changes that begin a run that takes guests back, or restores them.
pub fn begin_recycle(owner: &Owner, header: &RecycleHeader) -> Vec<StoreChange> {
    begun::<RecycleEvent>(&header.id, owner, header, header.begun)
}

fn begun<E: StoredEvent>(id: &str, owner: &Owner, header: &impl Serialize, at: Moment) -> Vec<StoreChange> {
    vec![
        StoreChange::Put(Store::Runs, id.to_owned(), record::write_as(E::VERSION, owner, header)),
        StoreChange::Append(format!("{id}/"), record::write_as(E::VERSION, owner, &Piece::<()>::Begun(at))),
    ]
}

/// Writes down what became of rows, by this person.
pub fn append(run: &Stored, by: &Owner, entries: &[Entry]) -> Transaction {
    let addresses: HashMap<u32, &str> = run.header.plan.rows.iter().map(|row| (row.row, row.email.as_str())).collect();
    append_to(&run.header.id, &addresses, by, entries)
}

/// As [`append`], to any run, where the addresses of its rows are at hand.
pub(crate) fn append_to<E: StoredEvent>(id: &str, addresses: &HashMap<u32, &str>, by: &Owner, entries: &[JournalEntry<E>]) -> Transaction {
    let line = |entry| Line::from_entry(entry, addresses.get(&entry.row).copied().unwrap_or_default());
    let text = record::write_as(E::VERSION, by, &Piece::Entries(entries.iter().map(line).collect::<Vec<_>>()));
    Transaction { expects: Vec::new(), changes: vec![StoreChange::Append(format!("{id}/"), text)] }
}

/// Writes down that this person carries the run on from here.
pub fn take_over(run: &str, by: &Owner, writer: &Writer, now: Moment) -> Transaction {
    let text = record::write(by, &Piece::<()>::TakenOver(now, writer.clone()));
    Transaction { expects: Vec::new(), changes: vec![StoreChange::Append(format!("{run}/"), text)] }
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
        let last = highest(entries.iter().map(|(key, _)| key.as_str()));
        let removed = entries.iter().filter(|(key, _)| key.starts_with(REMOVED)).cloned().collect();
        let mut journal = Self { sequence, last, removed, ..Self::default() };
        for (id, text) in runs {
            journal.read_one(id, Some(text), &pieces.remove(id.as_str()).unwrap_or_default());
        }
        for (id, own) in pieces {
            journal.read_one(id, None, &own);
        }
        journal
    }

    /// Reads one run, by its header and what is written of it, and puts it where it belongs.
    pub(super) fn read_one(&mut self, id: &str, header: Option<&str>, pieces: &[(&str, &str)]) {
        let read = match header.map(|text| (record::version_of(text), text)) {
            Some((record::RECYCLING, text)) => {
                read_recycle(id, text, pieces).map(|stored| insert(&mut self.recycles, stored, |header| header.begun))
            }
            Some((_, text)) => read_run(id, text, pieces).map(|stored| insert(&mut self.runs, stored, |header| header.begun)),
            // Something is written of a run whose header is gone.
            None => Err(UnreadReason::Unknown),
        };
        if let Err(why) = read {
            self.unreadable.push(unreadable(id, header, pieces, why));
        }
    }

    /// Whom runs of this browser invited in this person's tenant, or may have, as of now.
    pub fn before(&self, person: &Owner) -> EarlierInvitations {
        EarlierInvitations { invited: self.invited_before(person), as_of: self.last }
    }

    /// Addresses that runs of this browser invited in this person's tenant, or may have, with when (ISO 8601, or words).
    pub fn invited_before(&self, person: &Owner) -> ByAddress<String> {
        self.with_unreadable(invited_before(self.by_tenant(person), &person.tenant, &self.taken_back(person)), person, |_| true)
    }

    /// Of those whom something is told of since: a second mail that was meant when the plan was made would be a third one.
    pub fn invited_since(&self, before: &EarlierInvitations, person: &Owner) -> ByAddress<String> {
        let after = invited_after(self.by_tenant(person), &person.tenant, &self.taken_back(person), before.as_of);
        self.with_unreadable(after, person, |run| run.last() > before.as_of)
    }

    /// Where guests of this person's tenant are by what was taken back and restored here.
    pub fn recycled(&self, person: &Owner) -> RecycledGuests<'_> {
        RecycledGuests::read(self.recycles.iter().map(AsRef::as_ref).filter(|run: &&StoredRecycle| run.owner.is_of_tenant(person)))
    }

    /// Whom runs of this browser took back in this person's tenant: they may be invited anew.
    pub fn taken_back(&self, person: &Owner) -> TakenBack {
        let (mut taken, recycled) = (TakenBack::default(), self.recycled(person));
        for (guest, recycled) in recycled.withdrawn() {
            if let Some(address) = Address::from_record(&guest.email)
                && taken.get(&address).is_none_or(|known| *known < recycled.number)
            {
                taken.set(&address, Some(recycled.number));
            }
        }
        // Another guest with that address may be back.
        for address in recycled.restored().filter_map(|guest| Address::from_record(&guest.email)) {
            taken.set(&address, None);
        }
        taken
    }

    fn by_tenant(&self, person: &Owner) -> impl Iterator<Item = &Stored> {
        self.runs.iter().map(AsRef::as_ref).filter(|run: &&Stored| run.owner.is_of_tenant(person))
    }

    /// With the addresses of runs that cannot be read; when those were invited a run that can be read knows better.
    pub(super) fn with_unreadable(
        &self,
        mut invited: ByAddress<String>,
        person: &Owner,
        counts: impl Fn(&UnreadableRun) -> bool,
    ) -> ByAddress<String> {
        for run in self.unreadable.iter().filter(|run| run.may_be_of_tenant(person) && counts(run)) {
            let at = run.begun.map_or_else(|| "an earlier day".to_owned(), Moment::iso);
            for address in run.addresses.iter().filter(|address| invited.get(address).is_none()).collect::<Vec<_>>() {
                invited.set(address, Some(at.clone()));
            }
        }
        invited
    }

    /// The run that keeps everybody from being invited in this person's tenant, if there is one: nobody knows whom it invited.
    pub fn blocks(&self, person: &Owner) -> Option<&UnreadableRun> {
        self.unreadable.iter().find(|run| run.hides_addresses && run.may_be_of_tenant(person))
    }

    /// Removes these runs. The sequence goes with the last of all, unless somebody went on with it since this was read: runs of
    /// other tenants are under other locks, and numbers that are given again would overwrite theirs.
    pub fn remove<'a>(&self, ids: impl IntoIterator<Item = &'a str>, leaves_none: bool) -> Transaction {
        let mut transaction = Transaction::default();
        for id in ids {
            transaction.changes.push(StoreChange::RemoveAll(super::Range::with_prefix(Store::Entries, format!("{id}/"))));
            transaction.changes.push(StoreChange::Remove(Store::Runs, id.to_owned()));
            transaction.changes.extend(overview::forget(id));
        }
        if leaves_none {
            transaction.expects.push((Store::Entries, SEQUENCE.into(), self.sequence.clone()));
            transaction.changes.push(StoreChange::Remove(Store::Entries, SEQUENCE.into()));
        }
        transaction
    }

    pub fn run(&self, id: &str) -> Option<&Arc<Stored>> {
        self.runs.iter().find(|run| run.header.id == id)
    }

    pub fn recycle(&self, id: &str) -> Option<&Arc<StoredRecycle>> {
        self.recycles.iter().find(|run| run.header.id == id)
    }

    /// The runs that moved guests of this one, and those that moved those guests again.
    pub fn recycles_of(&self, id: &str) -> Vec<&Arc<StoredRecycle>> {
        let of = |id: &str| self.recycles.iter().filter(|run| run.header.of == id).collect::<Vec<_>>();
        let own = of(id);
        let again = own.iter().flat_map(|run| of(&run.header.id)).collect::<Vec<_>>();
        [own, again].concat()
    }

    /// The run that invited the guests of this one, if it lies here.
    pub fn origin(&self, run: &StoredRecycle) -> Option<&Arc<Stored>> {
        self.run(&run.header.of).or_else(|| self.run(&self.recycle(&run.header.of)?.header.of))
    }

    /// How many runs lie here, of whatever kind.
    pub fn len(&self) -> usize {
        self.runs.len() + self.recycles.len() + self.unreadable.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl UnreadableRun {
    /// The highest number of the sequence that something of it lies under.
    fn last(&self) -> u64 {
        highest(self.entries.iter().map(|(key, _)| key.as_str()))
    }

    /// Whether it is of this person's tenant, or nobody knows.
    pub fn may_be_of_tenant(&self, person: &Owner) -> bool {
        self.owner.tenant.is_empty() || self.owner.is_of_tenant(person)
    }
}

/// Few, and almost in order: put where they belong.
fn insert<H, E>(runs: &mut Vec<Arc<StoredRun<H, E>>>, stored: StoredRun<H, E>, begun: impl Fn(&H) -> Moment) {
    let place = runs.iter().rposition(|run| begun(&run.header) <= begun(&stored.header)).map_or(0, |place| place + 1);
    runs.insert(place, Arc::new(stored));
}

fn read_run(id: &str, text: &str, pieces: &[(&str, &str)]) -> Result<Stored, UnreadReason> {
    let header: Header = record::read(text)?;
    if header.id != id {
        return Err(UnreadReason::Unknown);
    }
    let mut stored = Stored::new(header, Vec::new());
    if let Some(owner) = owner_of(text) {
        stored.owner = owner;
    }
    for (key, text) in pieces {
        let piece = if is_of_version_1(text) { version_1(text)? } else { read_piece(text)? };
        if let Some(writer) = take_in(&mut stored, key, text, piece)? {
            stored.header.writer = writer;
        }
    }
    Ok(stored)
}

fn read_recycle(id: &str, text: &str, pieces: &[(&str, &str)]) -> Result<StoredRecycle, UnreadReason> {
    let header: RecycleHeader = record::read_as(record::RECYCLING, text)?;
    let owner = owner_of(text).filter(|_| header.id == id).ok_or(UnreadReason::Unknown)?;
    let mut stored = StoredRecycle::begun_by(owner, header, Vec::new());
    for (key, text) in pieces {
        let piece = read_piece(text)?;
        _ = take_in(&mut stored, key, text, piece)?;
    }
    Ok(stored)
}

/// What a piece tells of a run; with who carries its letters from here on, where it tells that.
fn take_in<H, E>(
    stored: &mut StoredRun<H, E>,
    key: &str,
    text: &str,
    piece: Piece<JournalEntry<E>>,
) -> Result<Option<Writer>, UnreadReason> {
    let number = number_of(key);
    match piece {
        Piece::Begun(_) => stored.begun_at = number,
        Piece::TakenOver(_, writer) => {
            stored.takers.push(owner_of(text).ok_or(UnreadReason::Unknown)?);
            return Ok(Some(writer));
        }
        Piece::Entries(entries) => {
            if number > 0 {
                stored.numbers.push((stored.entries.len(), number));
            }
            stored.entries.extend(entries);
        }
    }
    Ok(None)
}

fn owner_of(text: &str) -> Option<Owner> {
    serde_json::from_str::<RecordEnvelope<'_>>(text).ok().map(|envelope| envelope.owner).filter(|owner| !owner.tenant.is_empty())
}

fn version_1(text: &str) -> Result<Piece<Entry>, UnreadReason> {
    serde_json::from_str(text).map(Piece::Entries).map_err(|_| UnreadReason::Unknown)
}

fn read_piece<E: StoredEvent>(text: &str) -> Result<Piece<JournalEntry<E>>, UnreadReason> {
    Ok(match record::read_as::<Piece<Line<'_, E>>>(E::VERSION, text)? {
        Piece::Begun(at) => Piece::Begun(at),
        Piece::TakenOver(at, writer) => Piece::TakenOver(at, writer),
        Piece::Entries(lines) => Piece::Entries(lines.into_iter().map(JournalEntry::from).collect()),
    })
}

/// What can be told of a run that cannot be read.
fn unreadable(id: &str, header: Option<&str>, pieces: &[(&str, &str)], why: UnreadReason) -> UnreadableRun {
    let outside = header.and_then(members).unwrap_or_default();
    let body = outside.get("body").and_then(|body| members(body.get())).unwrap_or(outside);
    let writer = body.get("writer").and_then(|writer| members(writer.get())).unwrap_or_default();
    let said = |members: &Members, name: &str| members.get(name).and_then(text).unwrap_or_default();
    let owner = header.into_iter().chain(pieces.iter().map(|(_, text)| *text)).find_map(owner_of).unwrap_or_else(|| Owner {
        cloud: said(&writer, "graph"),
        tenant: said(&body, "tenant_id"),
        person: said(&writer, "id"),
        username: said(&body, "by"),
    });
    let plan = body.get("plan").and_then(|plan| members(plan.get()));
    let rows = plan.and_then(|plan| serde_json::from_str::<Vec<Members>>(plan.get("rows")?.get()).ok());
    let planned: Option<Vec<String>> = rows.and_then(|rows| rows.iter().map(|row| row.get("email").and_then(text)).collect());
    let guests = || serde_json::from_str::<Vec<EntryAddress>>(body.get("guests")?.get()).ok();
    let planned = planned.or_else(|| Some(guests()?.into_iter().map(|guest| guest.address).collect()));
    let named: Vec<Option<Vec<String>>> = pieces.iter().map(|(_, text)| named_in(text)).collect();
    let hides_addresses = planned.is_none() && (named.is_empty() || named.iter().any(Option::is_none));
    let texts = planned.into_iter().chain(named.into_iter().flatten()).flatten();
    let mut addresses: Vec<Address> = texts.filter_map(|text| Address::from_record(&text)).collect();
    addresses.sort_by_key(Address::key);
    addresses.dedup_by_key(|address| address.key());
    let records = |texts: &[(&str, &str)]| texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    UnreadableRun {
        id: id.into(),
        owner,
        begun: body.get("begun").and_then(|begun| begun.get().parse().ok()).map(Moment),
        why,
        hides_addresses,
        addresses,
        runs: header.map(|text| (id.to_owned(), text.to_owned())).into_iter().collect(),
        entries: records(pieces),
    }
}

fn members(text: &str) -> Option<Members> {
    serde_json::from_str(text).ok()
}

/// The addresses that a piece of the journal names, entry by entry; `None` when it may name others.
fn named_in(text: &str) -> Option<Vec<String>> {
    let RecordEnvelope { body, .. } = serde_json::from_str::<RecordEnvelope<'_>>(text).ok()?;
    match serde_json::from_str::<Piece<&RawValue>>(body.get()).ok()? {
        Piece::Begun(_) | Piece::TakenOver(..) => Some(Vec::new()),
        Piece::Entries(lines) => {
            lines.into_iter().map(|line| serde_json::from_str::<EntryAddress>(line.get()).ok().map(|line| line.address)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::invite::examples;
    use crate::jobs::invite::journal::RowEvent;
    use crate::storage::appended_key;

    fn owner(person: &str) -> Owner {
        Owner { cloud: "https://graph".into(), tenant: "t".into(), person: format!("{person}.t"), username: format!("{person}@t.example") }
    }

    fn header() -> Header {
        examples::header(Moment(5), (1..=3).map(examples::planned).collect())
    }

    /// The records of a run of Ada's whose first guest is invited and whose second one has left, taken over by Bob.
    fn records() -> (Records, Records) {
        let (ada, stored) = (owner("ada"), Stored::new(header(), Vec::new()));
        let entry = |row: u32, what: RowEvent| Entry { row, what, at: Moment(7), halted: None, never_left: false };
        let created = RowEvent::Created { guest: "g".into(), redeem: None };
        let mut changes = begin(&ada, &stored.header);
        changes.extend(append(&stored, &ada, &[entry(1, created), entry(2, RowEvent::Left)]).changes);
        changes.extend(take_over("run", &owner("bob"), &Writer { id: "bob".into(), ..Writer::default() }, Moment(9)).changes);
        let (mut runs, mut entries) = (Records::new(), Records::new());
        for change in changes {
            match change {
                StoreChange::Put(_, key, text) => runs.push((key, text)),
                StoreChange::Append(prefix, text) => entries.push((appended_key(&prefix, entries.len() as u64 + 1), text)),
                StoreChange::Remove(..) | StoreChange::RemoveAll(_) => {}
            }
        }
        (runs, entries)
    }

    #[test]
    fn a_run_is_read_as_it_was_written_and_tells_who_carries_it_on() {
        let (runs, entries) = records();
        let journal = Journal::read(&runs, &entries);
        let stored = journal.run("run").unwrap();
        assert_eq!((stored.header.plan.rows.len(), stored.entries.len(), stored.begun_at), (3, 2, 1));
        assert_eq!((stored.owner.clone(), stored.carrier().clone(), stored.header.writer.id.as_str()), (owner("ada"), owner("bob"), "bob"));
        assert!(stored.belongs_to(&owner("ada")) && !stored.belongs_to(&owner("cleo")));
        let before = journal.invited_before(&owner("cleo"));
        let invited = |row: u32| before.get(&Address::parse(&format!("guest{row}@fabrikam.example")).unwrap()).is_some();
        assert_eq!([invited(1), invited(2), invited(3)], [true, true, false]);
        let entry = &entries[1].1;
        for told in ["\"person\":\"ada.t\"", "\"address\":\"guest2@fabrikam.example\"", "\"state\":\"leaving\"", "\"v\":2"] {
            assert!(entry.contains(told), "{told} in {entry}");
        }
    }

    #[test]
    fn that_something_never_left_is_written_where_it_is_so_and_nowhere_else() {
        let (runs, _) = records();
        let entry = |never_left: bool| Entry { row: 1, what: RowEvent::NotDone, at: Moment(7), halted: None, never_left };
        let written = |never_left: bool| {
            let StoreChange::Append(_, text) =
                append(&Stored::new(header(), Vec::new()), &owner("ada"), &[entry(never_left)]).changes.swap_remove(0)
            else {
                panic!("an entry is appended")
            };
            text
        };
        for never_left in [true, false] {
            let text = written(never_left);
            assert_eq!(text.contains("never_left"), never_left, "versions before find what they wrote: {text}");
            let journal = Journal::read(&runs, &vec![(appended_key("run/", 1), text)]);
            assert_eq!(journal.run("run").unwrap().entries, [entry(never_left)]);
        }
    }

    #[test]
    fn what_cannot_be_read_blocks_its_run_and_counts_as_invited() {
        let check = |damage: fn(&mut Records, &mut Records), why: UnreadReason, addresses: usize, blocks: bool| {
            let (mut runs, mut entries) = records();
            damage(&mut runs, &mut entries);
            let journal = Journal::read(&runs, &entries);
            assert_eq!((journal.runs.len(), journal.unreadable.len()), (0, 1));
            let run = &journal.unreadable[0];
            assert_eq!((run.why, run.addresses.len()), (why, addresses), "{run:?}");
            assert_eq!(run.runs.len() + run.entries.len(), runs.len() + entries.len(), "it is kept whole");
            assert_eq!(journal.blocks(&owner("cleo")).is_some(), blocks);
        };
        check(|runs, _| runs[0].1 = runs[0].1.replace("\"Careful\"", "\"Reckless\""), UnreadReason::Unknown, 3, false);
        check(|runs, _| runs[0].1 = runs[0].1.replace("\"v\":2", "\"v\":4"), UnreadReason::Newer, 3, false);
        check(|runs, _| runs[0].1.truncate(40), UnreadReason::Unknown, 2, false);
        check(|runs, _| _ = runs.pop(), UnreadReason::Unknown, 2, false);
        check(|_, entries| entries[1].1 = entries[1].1.replace("\"Left\"", "\"Teleported\""), UnreadReason::Unknown, 3, false);
        check(|_, entries| entries[1].1 = entries[1].1.replace("\"v\":2", "\"v\":9"), UnreadReason::Newer, 3, false);
        check(|_, entries| entries[1].1 = "garbage".into(), UnreadReason::Unknown, 3, false);
        check(
            |runs, entries| {
                runs[0].1 = "garbage".into();
                entries.truncate(1);
            },
            UnreadReason::Unknown,
            0,
            false,
        );
        // A piece of which nobody knows whom it is about.
        check(
            |runs, entries| {
                runs[0].1 = "garbage".into();
                entries.push(("run/0000000000000007/00000001".into(), "[{\"row\":3,\"what\":\"Left\",\"at\":7}]".into()));
            },
            UnreadReason::Unknown,
            2,
            true,
        );
        check(|runs, entries| (runs[0].1, *entries) = ("garbage".into(), Records::new()), UnreadReason::Unknown, 0, true);
    }
}
