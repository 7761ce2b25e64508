//! The browser's database in memory: carries out the same transactions as IndexedDB does.

use guestlist::storage::{Change, Committed, Records, SEQUENCE, Store, Transaction, appended_key};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Database {
    stores: BTreeMap<Store, BTreeMap<String, String>>,
}

impl Database {
    pub fn put(&mut self, store: Store, key: &str, text: &str) {
        self.stores.entry(store).or_default().insert(key.into(), text.into());
    }

    pub fn get(&self, store: Store, key: &str) -> Option<&str> {
        self.stores.get(&store)?.get(key).map(String::as_str)
    }

    pub fn range(&self, store: Store, prefix: &str) -> Records {
        let records = self.stores.get(&store).into_iter().flatten();
        records.filter(|(key, _)| key.starts_with(prefix)).map(|(key, text)| (key.clone(), text.clone())).collect()
    }

    pub fn commit(&mut self, transaction: &Transaction) -> Committed {
        let is_as_expected = |(store, key, text): &(Store, String, Option<String>)| self.get(*store, key) == text.as_deref();
        if !transaction.expects.iter().all(is_as_expected) {
            return Committed::Conflict;
        }
        for change in &transaction.changes {
            match change {
                Change::Put(store, key, text) => self.put(*store, key, text),
                Change::Append(prefix, text) => {
                    let number = self.get(Store::Entries, SEQUENCE).map_or(0, |number| number.parse().unwrap()) + 1;
                    self.put(Store::Entries, SEQUENCE, &u64::to_string(&number));
                    self.put(Store::Entries, &appended_key(prefix, number), text);
                }
                Change::Remove(store, key) => _ = self.stores.entry(*store).or_default().remove(key),
                Change::RemoveAll(range) => self.stores.entry(range.store).or_default().retain(|key, _| !key.starts_with(&range.prefix)),
            }
        }
        Committed::Done
    }
}
