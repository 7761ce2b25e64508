//! What is kept of the signed-in person in this browser: letters, chosen columns. Nothing of it is read while nobody is signed in.

use super::accounts::Accounts;
use crate::app::effects::store;
use guestlist::letter::template_library::{LetterTexts, NamedTemplate, Preselected};
use guestlist::owner::Owner;
use guestlist::sheet::columns::Remembered;
use guestlist::storage::drafts;
use guestlist::storage::{Committed, Denied, Records, Transaction};

async fn own(accounts: &'static Accounts) -> Result<(Owner, Records), Denied> {
    let owner = accounts.person().ok_or_else(|| Denied("nobody is signed in".into()))?;
    let records = store::read(vec![drafts::range(&owner)]).await?.pop().unwrap_or_default();
    Ok((owner, records))
}

async fn write(accounts: &'static Accounts, transaction: impl FnOnce(&Owner) -> Transaction) -> Result<(), Denied> {
    let owner = accounts.person().ok_or_else(|| Denied("nobody is signed in".into()))?;
    match store::commit(transaction(&owner)).await? {
        Committed::Done => Ok(()),
        Committed::Conflict => Err(Denied("another tab changed it at the same time".into())),
    }
}

/// Writes what nobody misses, unless something lies there that has to stay.
async fn write_over(accounts: &'static Accounts, transaction: impl FnOnce(&Owner, &Records) -> Option<Transaction>) {
    if let Ok((owner, records)) = own(accounts).await
        && let Some(transaction) = transaction(&owner, &records)
    {
        _ = store::commit(transaction).await;
    }
}

/// Letters that are kept under a name, by name, and the names of those that this version cannot read.
///
/// # Errors
/// That the browser would not read.
pub async fn letters(accounts: &'static Accounts) -> Result<(Vec<NamedTemplate>, Vec<String>), Denied> {
    own(accounts).await.map(|(owner, records)| drafts::letters(&owner, &records))
}

/// Keeps a letter, in the place of one that has its name.
///
/// # Errors
/// That the browser would not write.
pub async fn keep_letter(accounts: &'static Accounts, letter: &NamedTemplate) -> Result<(), Denied> {
    write(accounts, |owner| drafts::keep_letter(owner, letter)).await
}

/// Forgets the letter of exactly this name.
///
/// # Errors
/// That the browser would not write.
pub async fn forget_letter(accounts: &'static Accounts, name: &str) -> Result<(), Denied> {
    write(accounts, |owner| drafts::forget_letter(owner, name)).await
}

/// Which letter a new draft begins with.
pub async fn preselected(accounts: &'static Accounts) -> Preselected {
    own(accounts).await.map(|(owner, records)| drafts::preselected(&owner, &records)).unwrap_or_default()
}

pub async fn keep_preselected(accounts: &'static Accounts, preselected: &Preselected) {
    write_over(accounts, |owner, records| drafts::keep_preselected(owner, records, preselected)).await;
}

/// What was sent last is what the next letter begins with.
pub async fn remember_sent(accounts: &'static Accounts, texts: LetterTexts) {
    if !texts.is_empty() {
        let before = preselected(accounts).await;
        keep_preselected(accounts, &Preselected { last: Some(texts), ..before }).await;
    }
}

/// What was chosen for the columns of a file with these headings.
pub async fn columns(accounts: &'static Accounts, fingerprint: &str) -> Option<Remembered> {
    own(accounts).await.ok().and_then(|(owner, records)| drafts::columns(&owner, &records, fingerprint))
}

/// Keeps what was chosen for the columns of a file.
pub async fn keep_columns(accounts: &'static Accounts, fingerprint: &str, chosen: &Remembered) {
    write_over(accounts, |owner, records| drafts::keep_columns(owner, records, fingerprint, chosen)).await;
}
