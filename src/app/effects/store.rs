//! IndexedDB: reads ranges and carries out transactions, which are data (`guestlist::storage`). Everything is text under a
//! text key.

use super::clock;
use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, try_join_all};
use guestlist::storage::{
    Committed, Denied, Range, Records, SEQUENCE, Store, StoreChange, StoreQuery, Transaction, appended_key, highest, number_in,
};
use idb::{CursorDirection, DatabaseEvent, Factory, KeyRange, ObjectStore, ObjectStoreParams, Query, TransactionResult};
use js_sys::{Array, Object, Promise, Reflect};
use std::collections::BTreeSet;
use time::Millis;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbTransaction};

const NAME: &str = "guestlist";
/// A database that does not answer, as a damaged profile's, is given up after this.
const PATIENCE: Millis = Millis::seconds(10);
const NO_ANSWER: &str = "its database does not answer";

type StoreFuture<T> = LocalBoxFuture<'static, Result<T, Denied>>;

/// What the browser said.
struct BrowserError(String);

impl From<idb::Error> for BrowserError {
    fn from(error: idb::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<JsValue> for BrowserError {
    fn from(thrown: JsValue) -> Self {
        let message = Reflect::get(&thrown, &"message".into()).ok().and_then(|message| message.as_string());
        Self(message.unwrap_or_else(|| "it gave no reason".into()))
    }
}

/// What each range holds, all as of one moment.
///
/// # Errors
/// [`Denied`], after ten seconds at the latest.
pub fn read(ranges: Vec<Range>) -> StoreFuture<Vec<Records>> {
    ask(ranges.into_iter().map(StoreQuery::Texts).collect())
}

/// What is answered to each question, all as of one moment.
///
/// # Errors
/// [`Denied`], after ten seconds at the latest.
pub fn ask(queries: Vec<StoreQuery>) -> StoreFuture<Vec<Records>> {
    in_time(
        async move {
            let database = open().await?;
            let transaction = begin(&database, queries.iter().flat_map(StoreQuery::stores), None)?;
            let answers = try_join_all(queries.iter().map(|query| answer(&transaction, query))).await?;
            database.close();
            Ok(answers)
        }
        .boxed_local(),
    )
}

async fn answer(transaction: &idb::Transaction, query: &StoreQuery) -> Result<Records, BrowserError> {
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    let (StoreQuery::Texts(Range { store, prefix }) | StoreQuery::Keys(Range { store, prefix })) = query else {
        return last_keys(transaction).await;
    };
    let store = transaction.object_store(store.name())?;
    let keys = store.get_all_keys(Some(Query::KeyRange(keys_with(prefix)?)), None)?;
    if let StoreQuery::Keys(_) = query {
        return Ok(keys.await?.into_iter().map(|key| (text(key), String::new())).collect());
    }
    let texts = store.get_all(Some(Query::KeyRange(keys_with(prefix)?)), None)?;
    Ok(keys.await?.into_iter().map(text).zip(texts.await?.into_iter().map(text)).collect())
}

/// The last key of each run. Those that have a header are asked for at once; between and around their keys those are looked for that have
/// none, of which there are hardly ever any.
async fn last_keys(transaction: &idb::Transaction) -> Result<Records, BrowserError> {
    let headers = transaction.object_store(Store::Runs.name())?.get_all_keys(None, None)?.await?;
    let store = transaction.object_store(Store::Entries.name())?;
    let mut runs: Vec<String> = headers.into_iter().filter_map(|id| id.as_string()).collect();
    runs.sort_unstable();
    let ends: Vec<[String; 2]> = runs.iter().map(|id| [format!("{id}/"), format!("{id}/\u{ffff}")]).collect();
    // What begins with `~` is of no run.
    let (from, to) = (ends.iter().map(|[_, end]| end.as_str()), ends.iter().map(|[begin, _]| begin.as_str()));
    let gaps: Vec<(&str, &str)> = std::iter::once("").chain(from).zip(to.chain(["~"])).filter(|(from, to)| from < to).collect();
    let first = gaps.iter().map(|(from, to)| edge(&store, from, to, CursorDirection::Next));
    for (found, (_, to)) in try_join_all(first).await?.into_iter().zip(&gaps) {
        let mut next = found;
        while let Some((run, _)) = next.as_deref().and_then(|key| key.split_once('/')) {
            let after = format!("{run}/\u{ffff}");
            runs.push(run.to_owned());
            next = edge(&store, &after, to, CursorDirection::Next).await?;
        }
    }
    let last = runs.iter().map(|id| (format!("{id}/"), format!("{id}/\u{ffff}")));
    let last = last.map(async |(from, to)| edge(&store, &from, &to, CursorDirection::Prev).await);
    Ok(try_join_all(last).await?.into_iter().flatten().map(|key| (key, String::new())).collect())
}

/// The first key between these two, or the last one.
async fn edge(store: &ObjectStore, from: &str, to: &str, direction: CursorDirection) -> Result<Option<String>, BrowserError> {
    let range = KeyRange::bound(&JsValue::from_str(from), &JsValue::from_str(to), None, None)?;
    let cursor = store.open_key_cursor(Some(Query::KeyRange(range)), Some(direction))?.await?;
    Ok(cursor.map(|cursor| cursor.key()).transpose()?.and_then(|key| key.as_string()))
}

/// Carries a transaction out, wholly or not at all, and waits until the disk has it.
///
/// # Errors
/// [`Denied`], after ten seconds at the latest. Then it may have been carried out all the same.
pub fn commit(transaction: Transaction) -> StoreFuture<Committed> {
    in_time(
        async move {
            let database = open().await?;
            let expected = transaction.expects.iter().map(|(store, ..)| *store);
            let changed = transaction.changes.iter().map(|change| match change {
                StoreChange::Put(store, ..) | StoreChange::Remove(store, _) | StoreChange::RemoveAll(Range { store, .. }) => *store,
                StoreChange::Append(..) => Store::Entries,
            });
            let open = begin(&database, expected.chain(changed), Some("strict"))?;
            match carry_out(&open, &transaction).await {
                Ok(Committed::Done) => {}
                otherwise => {
                    // What was put before is taken back; a browser that has given up the transaction itself says no.
                    _ = open.abort();
                    database.close();
                    return otherwise;
                }
            }
            let result = open.commit()?.await;
            database.close();
            match result? {
                TransactionResult::Committed => Ok(Committed::Done),
                TransactionResult::Aborted => Err(BrowserError("it took back what was written; its room may be used up".into())),
            }
        }
        .boxed_local(),
    )
}

/// Makes the changes in an open transaction, unless something else lies there than was expected.
async fn carry_out(open: &idb::Transaction, transaction: &Transaction) -> Result<Committed, BrowserError> {
    for (store, key, text) in &transaction.expects {
        if get(open, *store, key).await? != *text {
            return Ok(Committed::Conflict);
        }
    }
    for change in &transaction.changes {
        match change {
            StoreChange::Put(store, key, text) => put(open, *store, key, text).await?,
            StoreChange::Append(prefix, text) => {
                let next = last_in(open).await? + 1;
                put(open, Store::Entries, SEQUENCE, &next.to_string()).await?;
                put(open, Store::Entries, &appended_key(prefix, next), text).await?;
            }
            StoreChange::Remove(store, key) => open.object_store(store.name())?.delete(Query::Key(JsValue::from_str(key)))?.await?,
            StoreChange::RemoveAll(Range { store, prefix }) => {
                open.object_store(store.name())?.delete(Query::KeyRange(keys_with(prefix)?))?.await?;
            }
        }
    }
    Ok(Committed::Done)
}

/// Asks the browser not to clear the database when room gets short. It may say no; nothing depends on it.
/// <https://developer.mozilla.org/docs/Web/API/StorageManager/persist>
pub async fn ask_to_persist() {
    let storage = Reflect::get(&super::window().navigator(), &"storage".into()).unwrap_or_default();
    let persist = Reflect::get(&storage, &"persist".into()).ok().and_then(|persist| persist.dyn_into::<js_sys::Function>().ok());
    if let Some(asked) = persist.and_then(|persist| persist.call0(&storage).ok()).and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        _ = JsFuture::from(asked).await;
    }
}

fn in_time<T: 'static>(work: LocalBoxFuture<'static, Result<T, BrowserError>>) -> StoreFuture<T> {
    async move {
        // It goes on by itself: the database answers also when nobody waits any more, and calls what is to be there still.
        let (tell, told) = oneshot::channel();
        super::spawn(async move { _ = tell.send(work.await) });
        match clock::within(PATIENCE, told).await {
            Some(Ok(done)) => done.map_err(|BrowserError(words)| Denied(words.trim_end_matches('.').to_owned())),
            Some(Err(_)) | None => Err(Denied(NO_ANSWER.into())),
        }
    }
    .boxed_local()
}

async fn open() -> Result<IdbDatabase, BrowserError> {
    let mut request = Factory::new()?.open(NAME, Some(1))?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        for store in Store::ALL {
            if !database.store_names().contains(&store.name().to_owned()) {
                _ = database.create_object_store(store.name(), ObjectStoreParams::new());
            }
        }
    });
    Ok(IdbDatabase::from(request.await?))
}

/// A transaction over these stores; with a durability it writes. `idb` 0.6 knows no durability, so the browser is asked
/// itself. <https://developer.mozilla.org/docs/Web/API/IDBDatabase/transaction#durability>
fn begin(database: &IdbDatabase, stores: impl Iterator<Item = Store>, durability: Option<&str>) -> Result<idb::Transaction, BrowserError> {
    Ok(idb::Transaction::from(raw(database, stores, durability)?))
}

fn raw(database: &IdbDatabase, stores: impl Iterator<Item = Store>, durability: Option<&str>) -> Result<IdbTransaction, BrowserError> {
    let names: Array = stores.collect::<BTreeSet<Store>>().into_iter().map(|store| JsValue::from_str(store.name())).collect();
    let options = Object::new();
    if let Some(durability) = durability {
        Reflect::set(&options, &"durability".into(), &durability.into())?;
    }
    let transaction: js_sys::Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    let mode = if durability.is_some() { "readwrite" } else { "readonly" };
    Ok(transaction.call3(database, &names, &mode.into(), &options)?.dyn_into()?)
}

async fn get(transaction: &idb::Transaction, store: Store, key: &str) -> Result<Option<String>, BrowserError> {
    let found = transaction.object_store(store.name())?.get(Query::Key(JsValue::from_str(key)))?.await?;
    Ok(found.and_then(|text| text.as_string()))
}

/// The last number of the sequence.
async fn last_in(transaction: &idb::Transaction) -> Result<u64, BrowserError> {
    let record = get(transaction, Store::Entries, SEQUENCE).await?;
    if let Some(number) = record.as_deref().and_then(number_in) {
        return Ok(number);
    }
    let keys = transaction.object_store(Store::Entries.name())?.get_all_keys(None, None)?.await?;
    let keys: Vec<String> = keys.into_iter().filter_map(|key| key.as_string()).collect();
    Ok(highest(keys.iter().map(String::as_str)))
}

async fn put(transaction: &idb::Transaction, store: Store, key: &str, text: &str) -> Result<(), BrowserError> {
    transaction.object_store(store.name())?.put(&JsValue::from_str(text), Some(&JsValue::from_str(key)))?.await?;
    Ok(())
}

fn keys_with(prefix: &str) -> Result<KeyRange, BrowserError> {
    let (from, to) = (JsValue::from_str(prefix), JsValue::from_str(&format!("{prefix}\u{ffff}")));
    Ok(KeyRange::bound(&from, &to, None, None)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn change(changes: Vec<StoreChange>) -> Transaction {
        Transaction { expects: Vec::new(), changes }
    }

    async fn keys(store: Store, prefix: &str) -> Vec<String> {
        let read = read(vec![Range::with_prefix(store, prefix)]).await.unwrap_or_else(|denied| panic!("{denied:?}"));
        read.into_iter().flatten().map(|(key, _)| key).collect()
    }

    #[wasm_bindgen_test]
    async fn what_is_appended_is_numbered_on_whatever_the_clock_says() {
        for text in ["one", "two"] {
            let appended = commit(change(vec![StoreChange::Append("store-test/".into(), text.into())])).await;
            assert_eq!(appended, Ok(Committed::Done));
        }
        let keys = keys(Store::Entries, "store-test/").await;
        assert_eq!(keys.len(), 2);
        assert!(keys[0] < keys[1] && keys.iter().all(|key| guestlist::storage::number_of(key) > 0), "{keys:?}");
        let wiped = change(vec![StoreChange::RemoveAll(Range::with_prefix(Store::Entries, "store-test/"))]);
        assert_eq!(commit(wiped).await, Ok(Committed::Done));
    }

    #[wasm_bindgen_test]
    async fn of_each_run_the_last_key_is_found_without_its_texts() {
        let put = |key: &str| StoreChange::Put(Store::Entries, key.into(), "x".into());
        let keys = ["last-a/0000/00000001", "last-a/~000000000007", "last-ab/~000000000009", "last-c/~000000000002", "~last-of-none"];
        let header = StoreChange::Put(Store::Runs, "last-ab".into(), "x".into());
        let puts = ["last-a/~000000000003", "last-ac/~000000000001"].iter().chain(&keys).map(|key| put(key)).chain([header]);
        assert_eq!(commit(change(puts.collect())).await, Ok(Committed::Done));
        let asked = ask(vec![StoreQuery::LastKeys, StoreQuery::Keys(Range::with_prefix(Store::Entries, "last-a/"))]).await;
        let told = |answer: &Records| {
            assert!(answer.iter().all(|(_, text)| text.is_empty()));
            answer.iter().map(|(key, _)| key.clone()).filter(|key| key.starts_with("last-")).collect::<Vec<_>>()
        };
        let answers: Vec<_> = asked.unwrap_or_default().iter().map(told).collect();
        let mut last = answers[0].clone();
        last.sort_unstable();
        assert_eq!(last, ["last-a/~000000000007", "last-ab/~000000000009", "last-ac/~000000000001", "last-c/~000000000002"]);
        assert_eq!(answers[1].len(), 3);
        let wiped = [(Store::Entries, "last-"), (Store::Entries, "~last-of-none"), (Store::Runs, "last-ab")];
        let wiped = wiped.map(|(store, prefix)| StoreChange::RemoveAll(Range::with_prefix(store, prefix)));
        assert_eq!(commit(change(wiped.into())).await, Ok(Committed::Done));
    }

    #[wasm_bindgen_test]
    async fn nothing_is_changed_where_something_else_lies_than_was_expected() {
        let key = || "conflict-test".to_owned();
        let put = |expected: Option<&str>, text: &str| Transaction {
            expects: vec![(Store::Drafts, key(), expected.map(Into::into))],
            changes: vec![StoreChange::Put(Store::Runs, key(), text.into()), StoreChange::Put(Store::Drafts, key(), text.into())],
        };
        assert_eq!(commit(put(None, "a")).await, Ok(Committed::Done));
        assert_eq!(commit(put(None, "b")).await, Ok(Committed::Conflict));
        assert_eq!(commit(put(Some("a"), "c")).await, Ok(Committed::Done));
        let found = read(vec![Range::with_prefix(Store::Runs, key()), Range::with_prefix(Store::Drafts, key())]).await;
        assert_eq!(found, Ok(vec![vec![(key(), "c".into())], vec![(key(), "c".into())]]));
        let removed = change(vec![StoreChange::Remove(Store::Runs, key()), StoreChange::Remove(Store::Drafts, key())]);
        assert_eq!(commit(removed).await, Ok(Committed::Done));
        assert!(keys(Store::Runs, &key()).await.is_empty());
    }

    #[wasm_bindgen_test]
    async fn a_counter_that_is_gone_or_damaged_gives_no_number_twice() {
        let append = || change(vec![StoreChange::Append("count-test/".into(), "x".into())]);
        assert_eq!(commit(append()).await, Ok(Committed::Done));
        for damage in [StoreChange::Put(Store::Entries, SEQUENCE.into(), "x".into()), StoreChange::Remove(Store::Entries, SEQUENCE.into())]
        {
            assert_eq!(commit(change(vec![damage])).await, Ok(Committed::Done));
            assert_eq!(commit(append()).await, Ok(Committed::Done));
        }
        assert_eq!(keys(Store::Entries, "count-test/").await.len(), 3);
        let wiped = change(vec![StoreChange::RemoveAll(Range::with_prefix(Store::Entries, "count-test/"))]);
        assert_eq!(commit(wiped).await, Ok(Committed::Done));
    }

    /// Chromium aborts a transaction whose disk is full after every request has succeeded.
    #[wasm_bindgen_test]
    async fn a_transaction_that_the_browser_takes_back_is_not_done() {
        let prototype = js_sys::eval("IDBTransaction.prototype").unwrap_or_default();
        let commit_of = Reflect::get(&prototype, &"commit".into()).unwrap_or_default();
        let abort = Reflect::get(&prototype, &"abort".into()).unwrap_or_default();
        _ = Reflect::set(&prototype, &"commit".into(), &abort);
        let told = commit(change(vec![StoreChange::Put(Store::Drafts, "abort-test".into(), "x".into())])).await;
        _ = Reflect::set(&prototype, &"commit".into(), &commit_of);
        assert!(told.is_err(), "{told:?}");
        assert!(keys(Store::Drafts, "abort-test").await.is_empty());
    }

    #[wasm_bindgen_test]
    async fn what_is_written_is_asked_to_be_on_the_disk() {
        let Ok(database) = open().await else { panic!("there is a database") };
        let durability = |durability| {
            let transaction = raw(&database, [Store::Entries].into_iter(), durability).ok();
            transaction.and_then(|transaction| Reflect::get(&transaction, &"durability".into()).ok()).and_then(|found| found.as_string())
        };
        assert_eq!(durability(Some("strict")).as_deref(), Some("strict"));
        assert_eq!(durability(None).as_deref(), Some("default"));
        database.close();
    }
}
