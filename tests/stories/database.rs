//! The browser's database in memory: carries out the same transactions as IndexedDB does.

use guestlist::storage::{
    Committed, Denied, Range, Records, SEQUENCE, Store, StoreChange, StoreQuery, Transaction, appended_key, highest, number_in,
};
use std::collections::BTreeMap;

/// What goes wrong with one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// Nothing was read or written: a full disk, private mode.
    NotDone,
    /// It was written, but the browser did not say so in time.
    DoneUnheard,
}

#[derive(Clone, Debug, Default)]
pub struct Database {
    stores: BTreeMap<Store, BTreeMap<String, String>>,
    /// How often something was written.
    pub written: usize,
    /// What becomes of the next transaction that is attempted.
    pub refusal: Option<StoreFault>,
}

impl Database {
    pub fn put(&mut self, store: Store, key: &str, text: &str) {
        self.written += 1;
        self.stores.entry(store).or_default().insert(key.into(), text.into());
    }

    pub fn get(&self, store: Store, key: &str) -> Option<&str> {
        self.stores.get(&store)?.get(key).map(String::as_str)
    }

    pub fn range(&self, store: Store, prefix: &str) -> Records {
        let records = self.stores.get(&store).into_iter().flat_map(|records| records.range(prefix.to_owned()..));
        records.take_while(|(key, _)| key.starts_with(prefix)).map(|(key, text)| (key.clone(), text.clone())).collect()
    }

    /// What is answered to these questions.
    pub fn ask(&self, queries: &[StoreQuery]) -> Vec<Records> {
        queries.iter().map(|query| self.answer(query)).collect()
    }

    fn answer(&self, query: &StoreQuery) -> Records {
        let without_texts = |records: Records| records.into_iter().map(|(key, _)| (key, String::new())).collect();
        match query {
            StoreQuery::Texts(range) => self.range(range.store, &range.prefix),
            StoreQuery::Keys(range) => without_texts(self.range(range.store, &range.prefix)),
            StoreQuery::LastKeys => {
                let last: BTreeMap<String, String> = self
                    .range(Store::Entries, "")
                    .into_iter()
                    .filter_map(|(key, _)| Some((key.split_once('/')?.0.to_owned(), key)))
                    .collect();
                last.into_values().map(|key| (key, String::new())).collect()
            }
        }
    }

    pub fn commit(&mut self, transaction: &Transaction) -> Committed {
        let is_as_expected = |(store, key, text): &(Store, String, Option<String>)| self.get(*store, key) == text.as_deref();
        if !transaction.expects.iter().all(is_as_expected) {
            return Committed::Conflict;
        }
        self.written += 1;
        for change in &transaction.changes {
            match change {
                StoreChange::Put(store, key, text) => self.put(*store, key, text),
                StoreChange::Append(prefix, text) => {
                    let keys = self.stores.get(&Store::Entries).into_iter().flat_map(BTreeMap::keys).map(String::as_str);
                    let number = self.get(Store::Entries, SEQUENCE).and_then(number_in).unwrap_or_else(|| highest(keys)) + 1;
                    self.put(Store::Entries, SEQUENCE, &u64::to_string(&number));
                    self.put(Store::Entries, &appended_key(prefix, number), text);
                }
                StoreChange::Remove(store, key) => _ = self.stores.entry(*store).or_default().remove(key),
                StoreChange::RemoveAll(range) => {
                    self.stores.entry(range.store).or_default().retain(|key, _| !key.starts_with(&range.prefix))
                }
            }
        }
        Committed::Done
    }

    /// Reads these ranges in one transaction, unless [`Self::refusal`] says otherwise.
    pub fn read(&mut self, ranges: &[Range]) -> Result<Vec<Records>, Denied> {
        match self.refusal.take() {
            Some(_) => Err(Denied("its database does not answer".into())),
            None => Ok(ranges.iter().map(|range| self.range(range.store, &range.prefix)).collect()),
        }
    }

    /// As [`Self::commit`], unless [`Self::refusal`] says otherwise.
    pub fn attempt(&mut self, transaction: &Transaction) -> Result<Committed, Denied> {
        match self.refusal.take() {
            Some(StoreFault::NotDone) => Err(Denied("the disk is full".into())),
            Some(StoreFault::DoneUnheard) => {
                self.commit(transaction);
                Err(Denied("its database does not answer".into()))
            }
            None => Ok(self.commit(transaction)),
        }
    }
}
