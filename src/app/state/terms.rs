//! What is known of the tenant that decides how many invitations may leave in a day, as it lies in this browser.

use super::AppState;
use crate::app::effects::{clock, other_tabs, spawn, store};
use futures_util::lock::Mutex;
use guestlist::jobs::invite::allowance::{Allowance, Forecast, Terms};
use guestlist::owner::Owner;
use guestlist::storage::{Committed, allowance};
use leptos::prelude::*;
use std::sync::Arc;

thread_local! {
    /// One change after the other of what is known of the tenant.
    static CHANGING: Arc<Mutex<()>> = Arc::default();
}

/// What becomes of invitations that are to leave, by what is known of the tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// Whether they pass what every tenant may send, or what a person allows.
    pub is_to_be_told: bool,
    /// Nothing where all may leave now.
    pub forecast: Option<Forecast>,
}

/// What becomes of so many invitations beside what was counted, as what is known of the tenant changes.
pub fn outlook(app: AppState, counted: Allowance, wanted: usize) -> Memo<Outlook> {
    Memo::new(move |_| {
        let (counted, now) = (counted.clone().under(app.runs.terms.get()), clock::now());
        Outlook { is_to_be_told: counted.is_to_be_told(wanted, now), forecast: counted.forecast(wanted, now) }
    })
}

/// Changes what is known of the tenant: here, for what is sent now, for the next time, and in other tabs. What another tab was told
/// meanwhile stays where this says nothing else.
pub async fn change(app: AppState, change: impl Fn(Terms) -> Terms) {
    app.runs.learn(change(app.runs.terms.get_untracked()));
    let _turn = CHANGING.with(Arc::clone).lock_owned().await;
    while let Some(person) = app.accounts.person() {
        let Ok(records) = store::read(vec![allowance::range(&person)]).await.map(|read| read.concat()) else { return };
        let terms = change(allowance::terms(&person, &records));
        let Some(transaction) = allowance::keep(&person, &records, &terms) else { return };
        match store::commit(transaction).await {
            Ok(Committed::Conflict) => {}
            Ok(Committed::Done) if app.accounts.person().is_some_and(|still| still.is(&person)) => {
                app.runs.learn(terms);
                return other_tabs::tell(&word_of(&person));
            }
            Ok(Committed::Done) | Err(_) => return,
        }
    }
}

/// Returns once what was changed of it before is written down, as far as the browser does.
pub async fn written() {
    drop(CHANGING.with(Arc::clone).lock_owned().await);
}

/// Reads anew what is known of the tenant when another tab tells that it was changed.
pub fn hear(app: AppState, word: &str) {
    let Some(person) = app.accounts.person().filter(|person| word == word_of(person)) else { return };
    spawn(async move {
        let read = store::read(vec![allowance::range(&person)]).await;
        if let Ok(records) = read
            && app.accounts.person().is_some_and(|still| still.is(&person))
        {
            app.runs.learn(allowance::terms(&person, &records.concat()));
        }
    });
}

fn word_of(person: &Owner) -> String {
    format!("terms {}", person.tenant_prefix())
}
