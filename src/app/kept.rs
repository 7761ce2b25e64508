//! What is kept of the signed-in person in this browser: draft, letters, chosen columns, what is known of the tenant. Nothing of it is read while nobody
//! is signed in.

use super::effects::{other_tabs, store};
use super::state::AppState;
use futures_util::lock::Mutex;
use guestlist::jobs::invite::allowance::Terms;
use guestlist::letter::template_library::{NamedTemplate, Preselected};
use guestlist::owner::Owner;
use guestlist::sheet::columns::Remembered;
use guestlist::storage::allowance;
use guestlist::storage::drafts;
use guestlist::storage::{Committed, Denied, Records, Transaction};
use leptos::prelude::GetUntracked;
use std::sync::Arc;

thread_local! {
    /// One change after the other of what is known of the tenant.
    static CHANGING: Arc<Mutex<()>> = Arc::default();
}

async fn own(app: AppState) -> Result<(Owner, Records), Denied> {
    let owner = app.person().ok_or_else(|| Denied("nobody is signed in".into()))?;
    let records = store::read(vec![drafts::range(&owner)]).await?.pop().unwrap_or_default();
    Ok((owner, records))
}

async fn write(app: AppState, transaction: impl FnOnce(&Owner) -> Transaction) -> Result<(), Denied> {
    let owner = app.person().ok_or_else(|| Denied("nobody is signed in".into()))?;
    match store::commit(transaction(&owner)).await? {
        Committed::Done => Ok(()),
        Committed::Conflict => Err(Denied("another tab changed it at the same time".into())),
    }
}

/// Writes what nobody misses, unless something lies there that has to stay.
async fn write_over(app: AppState, transaction: impl FnOnce(&Owner, &Records) -> Option<Transaction>) {
    if let Ok((owner, records)) = own(app).await
        && let Some(transaction) = transaction(&owner, &records)
    {
        _ = store::commit(transaction).await;
    }
}

/// Letters that are kept under a name, by name, and the names of those that this version cannot read.
///
/// # Errors
/// That the browser would not read.
pub async fn letters(app: AppState) -> Result<(Vec<NamedTemplate>, Vec<String>), Denied> {
    own(app).await.map(|(owner, records)| drafts::letters(&owner, &records))
}

/// Keeps a letter, in the place of one that has its name.
///
/// # Errors
/// That the browser would not write.
pub async fn keep_letter(app: AppState, letter: &NamedTemplate) -> Result<(), Denied> {
    write(app, |owner| drafts::keep_letter(owner, letter)).await
}

/// Forgets the letter of exactly this name.
///
/// # Errors
/// That the browser would not write.
pub async fn forget_letter(app: AppState, name: &str) -> Result<(), Denied> {
    write(app, |owner| drafts::forget_letter(owner, name)).await
}

/// Which letter a new draft begins with.
pub async fn preselected(app: AppState) -> Preselected {
    own(app).await.map(|(owner, records)| drafts::preselected(&owner, &records)).unwrap_or_default()
}

pub async fn keep_preselected(app: AppState, preselected: &Preselected) {
    write_over(app, |owner, records| drafts::keep_preselected(owner, records, preselected)).await;
}

/// Changes what is known of the tenant: here, for what is sent now, for the next time, and in other tabs. What another tab was told
/// meanwhile stays where this says nothing else.
pub async fn change_terms(app: AppState, change: impl Fn(Terms) -> Terms) {
    app.learn(change(app.terms.get_untracked()));
    let _turn = CHANGING.with(Arc::clone).lock_owned().await;
    while let Some(person) = app.person() {
        let Ok(records) = store::read(vec![allowance::range(&person)]).await.map(|read| read.concat()) else { return };
        let terms = change(allowance::terms(&person, &records));
        let Some(transaction) = allowance::keep(&person, &records, &terms) else { return };
        match store::commit(transaction).await {
            Ok(Committed::Conflict) => {}
            Ok(Committed::Done) if app.person().is_some_and(|still| still.is(&person)) => {
                app.learn(terms);
                return other_tabs::tell(&terms_word(&person));
            }
            Ok(Committed::Done) | Err(_) => return,
        }
    }
}

/// Returns once what was changed of it before is written down, as far as the browser does.
pub async fn terms_written() {
    drop(CHANGING.with(Arc::clone).lock_owned().await);
}

/// Reads anew what is known of the tenant when another tab tells that it was changed.
pub fn hear_of_terms(app: AppState, word: &str) {
    let Some(person) = app.person().filter(|person| word == terms_word(person)) else { return };
    super::effects::spawn(async move {
        let read = store::read(vec![allowance::range(&person)]).await;
        if let Ok(records) = read
            && app.person().is_some_and(|still| still.is(&person))
        {
            app.learn(allowance::terms(&person, &records.concat()));
        }
    });
}

fn terms_word(person: &Owner) -> String {
    format!("terms {}", person.tenant_prefix())
}

/// What was chosen for the columns of a file with these headings.
pub async fn columns(app: AppState, fingerprint: &str) -> Option<Remembered> {
    own(app).await.ok().and_then(|(owner, records)| drafts::columns(&owner, &records, fingerprint))
}

/// Keeps what was chosen for the columns of a file.
pub async fn keep_columns(app: AppState, fingerprint: &str, chosen: &Remembered) {
    write_over(app, |owner, records| drafts::keep_columns(owner, records, fingerprint, chosen)).await;
}
