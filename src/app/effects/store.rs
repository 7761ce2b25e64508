//! IndexedDB: the draft, and the journal of runs. Everything is JSON text under a text key.

use crate::app::desk::Draft;
use guestlist::letter::shelf::{Named, Preselected};
use guestlist::rows::guests::Dirty;
use guestlist::run::journal::{Entry, Header, Stored};
use guestlist::sheet::columns::Remembered;
use guestlist::time::Moment;
use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::pin::Pin;
use std::sync::Arc;
use wasm_bindgen::JsValue;

const NAME: &str = "guestlist";
const DRAFTS: &str = "drafts";
const RUNS: &str = "runs";
const ENTRIES: &str = "entries";

/// The browser would not read or write: private mode, a full disk, or blocked site data.
#[derive(Clone, Debug)]
pub struct Denied(pub String);

type Done<T> = Pin<Box<dyn Future<Output = Result<T, Denied>>>>;

impl From<idb::Error> for Denied {
    fn from(error: idb::Error) -> Self {
        Self(error.to_string())
    }
}

async fn open() -> Result<Database, Denied> {
    let mut request = Factory::new()?.open(NAME, Some(1))?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        for name in [DRAFTS, RUNS, ENTRIES] {
            if !database.store_names().contains(&name.to_owned()) {
                _ = database.create_object_store(name, ObjectStoreParams::new());
            }
        }
    });
    Ok(request.await?)
}

async fn put(store: &'static str, key: String, value: &impl Serialize) -> Result<(), Denied> {
    let text = serde_json::to_string(value).map_err(|error| Denied(error.to_string()))?;
    put_text(store, key, text).await
}

async fn all<T: DeserializeOwned>(store: &'static str, prefix: String) -> Result<Vec<T>, Denied> {
    // What an older version wrote and this one cannot read is left where it is.
    Ok(all_texts(store, prefix).await?.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
}

// The three ways to the database are boxed and know no types: each stands in the program once.

fn put_text(store: &'static str, key: String, text: String) -> Done<()> {
    Box::pin(async move {
        let database = open().await?;
        let transaction = database.transaction(&[store], TransactionMode::ReadWrite)?;
        transaction.object_store(store)?.put(&JsValue::from_str(&text), Some(&JsValue::from_str(&key)))?.await?;
        transaction.commit()?.await?;
        database.close();
        Ok(())
    })
}

fn all_texts(store: &'static str, prefix: String) -> Done<Vec<String>> {
    Box::pin(async move {
        let database = open().await?;
        let transaction = database.transaction(&[store], TransactionMode::ReadOnly)?;
        let values = transaction.object_store(store)?.get_all(Some(Query::KeyRange(range(&prefix)?)), None)?.await?;
        database.close();
        Ok(values.iter().filter_map(JsValue::as_string).collect())
    })
}

fn remove(store: &'static str, what: Query) -> Done<()> {
    Box::pin(async move {
        let database = open().await?;
        let transaction = database.transaction(&[store], TransactionMode::ReadWrite)?;
        transaction.object_store(store)?.delete(what)?.await?;
        transaction.commit()?.await?;
        database.close();
        Ok(())
    })
}

fn range(prefix: &str) -> Result<KeyRange, Denied> {
    let (from, to) = (JsValue::from_str(prefix), JsValue::from_str(&format!("{prefix}\u{ffff}")));
    Ok(KeyRange::bound(&from, &to, None, None)?)
}

/// Some rows of a draft's list.
#[derive(Deserialize)]
struct KeptRow {
    id: u32,
    cells: Vec<String>,
}

/// The draft as it was left, if there is one.
pub async fn draft() -> Option<Draft> {
    let mut draft: Draft = all(DRAFTS, "draft".into()).await.ok()?.pop()?;
    let chunks: Vec<Vec<KeptRow>> = all(DRAFTS, "rows/".into()).await.ok()?;
    for row in chunks.iter().flatten() {
        draft.list.restore(row.id, &row.cells);
    }
    Some(draft)
}

/// Writes the draft and those of its rows that have changed, in one transaction. `rows` says what a chunk holds. A draft
/// that cannot be kept still works; nothing else depends on it.
pub async fn keep_draft(draft: &Draft, dirty: &Dirty, rows: impl Fn(u32) -> String + 'static) {
    let head = serde_json::to_string(draft).unwrap_or_default();
    _ = write_draft(head, dirty.clone(), Box::new(rows)).await;
}

fn write_draft(head: String, dirty: Dirty, rows: Box<dyn Fn(u32) -> String>) -> Done<()> {
    Box::pin(async move {
        let database = open().await?;
        let transaction = database.transaction(&[DRAFTS], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(DRAFTS)?;
        let put = |key: &str, text: &str| store.put(&JsValue::from_str(text), Some(&JsValue::from_str(key)));
        if dirty.all {
            store.delete(Query::KeyRange(range("rows/")?))?.await?;
        }
        put("draft", &head)?.await?;
        for chunk in dirty.chunks {
            // A breath between chunks: the page stays quick while a long list is written.
            put(&format!("rows/{chunk:08}"), &rows(chunk))?.await?;
        }
        transaction.commit()?.await?;
        database.close();
        Ok(())
    })
}

/// What was chosen for the columns of a file with these headings.
pub async fn columns(fingerprint: &str) -> Option<Remembered> {
    all(DRAFTS, format!("columns/{fingerprint}")).await.ok()?.pop()
}

/// Keeps what was chosen for the columns of a file.
pub async fn keep_columns(fingerprint: &str, chosen: &Remembered) {
    _ = put(DRAFTS, format!("columns/{fingerprint}"), chosen).await;
}

/// Letters that are kept under a name, by name.
pub async fn letters() -> Vec<Named> {
    all(DRAFTS, "letters/".into()).await.unwrap_or_default()
}

/// Keeps a letter, in the place of one that has its name.
///
/// # Errors
/// That the browser would not write.
pub async fn keep_letter(letter: &Named) -> Result<(), Denied> {
    put(DRAFTS, format!("letters/{}", letter.name), letter).await
}

/// Forgets the letter of exactly this name.
///
/// # Errors
/// That the browser would not write.
pub async fn forget_letter(name: &str) -> Result<(), Denied> {
    remove(DRAFTS, Query::Key(JsValue::from_str(&format!("letters/{name}")))).await
}

/// Which letter a new draft begins with.
pub async fn preselected() -> Preselected {
    all(DRAFTS, "preselected".into()).await.ok().and_then(|mut found| found.pop()).unwrap_or_default()
}

pub async fn keep_preselected(preselected: &Preselected) {
    _ = put(DRAFTS, "preselected".into(), preselected).await;
}

/// A new run, before anything of it leaves.
///
/// # Errors
/// That it could not be written; then nothing may leave.
pub async fn begin_run(header: &Header) -> Result<(), Denied> {
    put(RUNS, header.id.clone(), header).await
}

/// More of a run's journal. `number` counts these calls within one page load.
///
/// # Errors
/// That it could not be written; then nothing may leave.
pub async fn write(run: &str, now: Moment, number: u32, entries: &[Entry]) -> Result<(), Denied> {
    put(ENTRIES, format!("{run}/{:016}/{number:08}", now.0), &entries).await
}

/// Every run of this browser, oldest first, with its journal.
///
/// # Errors
/// That the browser would not read.
pub fn runs() -> Done<Vec<Arc<Stored>>> {
    Box::pin(async move {
        let headers: Vec<Header> = all(RUNS, String::new()).await?;
        let mut runs: Vec<Arc<Stored>> = Vec::new();
        for header in headers {
            let chunks: Vec<Vec<Entry>> = all(ENTRIES, format!("{}/", header.id)).await?;
            // Few, and almost in order: put where they belong.
            let place = runs.iter().rposition(|run| run.header.begun <= header.begun).map_or(0, |place| place + 1);
            runs.insert(place, Arc::new(Stored::new(header, chunks.into_iter().flatten().collect())));
        }
        Ok(runs)
    })
}

/// Wipes a run and its journal from this browser.
///
/// # Errors
/// That the browser would not write.
pub async fn wipe(run: &str) -> Result<(), Denied> {
    remove(ENTRIES, Query::KeyRange(range(&format!("{run}/"))?)).await?;
    remove(RUNS, Query::KeyRange(range(run)?)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use guestlist::run::journal::What;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn entries_come_back_in_the_order_in_which_they_were_written() {
        let header = Header {
            id: "store-test".into(),
            tenant_id: "t".into(),
            tenant: "Contoso".into(),
            by: "me".into(),
            begun: Moment(5),
            list: guestlist::rows::List::default(),
            letter: guestlist::letter::Letter::default(),
            plan: guestlist::plan::Plan::default(),
            gait: guestlist::run::Gait::Careful,
            writer: guestlist::run::journal::Writer::default(),
        };
        begin_run(&header).await.unwrap_or_else(|denied| panic!("{denied:?}"));
        for number in [0, 1, 2, 10] {
            let entry = Entry { row: number, what: What::Left, at: Moment(7) };
            write("store-test", Moment(7), number, &[entry]).await.unwrap_or_else(|denied| panic!("{denied:?}"));
        }
        let found = runs().await.unwrap_or_default().into_iter().find(|run| run.header.id == "store-test");
        let rows: Vec<u32> = found.iter().flat_map(|run| &run.entries).map(|entry| entry.row).collect();
        assert_eq!(rows, [0, 1, 2, 10]);
        assert!(wipe("store-test").await.is_ok());
        assert!(runs().await.unwrap_or_default().iter().all(|run| run.header.id != "store-test"));
    }

    #[wasm_bindgen_test]
    async fn letters_are_kept_under_their_names() {
        let named = |name: &str, message: &str| {
            let texts = guestlist::letter::shelf::Texts { message: message.into(), ..Default::default() };
            Named { name: name.into(), texts }
        };
        for letter in [named("Test", "one"), named("Test 2", "two"), named("Test", "three")] {
            assert!(keep_letter(&letter).await.is_ok());
        }
        assert_eq!(letters().await, [named("Test", "three"), named("Test 2", "two")]);
        assert!(forget_letter("Test").await.is_ok());
        assert_eq!(letters().await, [named("Test 2", "two")]);
        assert!(forget_letter("Test 2").await.is_ok());
    }

    #[wasm_bindgen_test]
    async fn a_draft_survives() {
        let mut kept = Draft::default();
        kept.letter.message = "Dear {{displayName}}".into();
        let row = |chunk: u32| format!(r#"[{{"id":{},"cells":["a@x.example"]}}]"#, chunk * 500 + 1);
        keep_draft(&kept, &Dirty { all: true, chunks: [0, 1].into() }, row).await;
        keep_draft(&kept, &Dirty { all: false, chunks: [2].into() }, row).await;
        let found = draft().await.unwrap_or_default();
        assert_eq!((found.letter.message.as_str(), found.list.ids()), ("Dear {{displayName}}", [1, 501, 1001].as_slice()));
        keep_draft(&kept, &Dirty { all: true, ..Dirty::default() }, row).await;
        assert!(draft().await.unwrap_or_default().list.is_empty());
    }
}
