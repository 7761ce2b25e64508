//! The draft: carries out what [`Drafting`] wants of list, letter and database, one thing at a time.

use super::effects::{clock, store};
use super::state::AppState;
use futures_util::lock::Mutex;
use guestlist::letter::Letter;
use guestlist::rows::checks::Context;
use guestlist::rows::{Guests, List, Row};
use guestlist::storage::Denied;
use guestlist::storage::drafts::{self, Draft};
use guestlist::tab::drafting::{DraftAction, DraftIntent, Drafting, Keeping};
use leptos::prelude::*;
use std::sync::Arc;
use time::Millis;

/// From an edit until it is written down.
const KEEP: Millis = Millis(100);
/// Chunks of rows that are made ready at once: the page stays quick while a long list is written.
const AT_ONCE: usize = 4;

thread_local! {
    /// One thing at a time: the next one builds on its revision.
    static WORKING: Arc<Mutex<()>> = Arc::default();
}

impl AppState {
    /// Reads the draft of whoever is signed in, in the place of what is composed here.
    pub async fn load_draft(self) {
        let Some(owner) = self.person() else { return };
        self.drafting.update_value(|drafting| drafting.sign_in(owner));
        _ = self.settle(DraftIntent::Open).await;
    }

    /// Writes down what has changed of the draft.
    pub async fn keep_draft(self) {
        _ = self.settle(DraftIntent::Keep).await;
    }

    /// Many edits in a row are kept once, a moment after the last.
    pub fn keep_soon(self) {
        self.touched.set(clock::now());
        self.drafting.update_value(Drafting::edited);
        let edit = self.edits.get_value() + 1;
        self.edits.set_value(edit);
        crate::app::effects::spawn(async move {
            clock::sleep(KEEP).await;
            if self.edits.get_value() == edit {
                self.keep_draft().await;
            }
        });
    }

    pub fn settle_soon(self, intent: DraftIntent) {
        crate::app::effects::spawn(async move { _ = self.settle(intent).await });
    }

    /// Carries out what is wanted of the draft, once what was wanted before has come to its end.
    ///
    /// # Errors
    /// Why it did not come about, where the browser did not read or write.
    pub async fn settle(self, intent: DraftIntent) -> Result<(), Denied> {
        let _turn = WORKING.with(Arc::clone).lock_owned().await;
        self.drafting.update_value(|drafting| _ = drafting.want(intent));
        loop {
            let action = self.drafting.try_update_value(Drafting::next_action).expect("the state lives as long as the page");
            match action {
                DraftAction::Read(ranges) => {
                    let read = store::read(ranges).await;
                    self.drafting.update_value(|drafting| drafting.read(read));
                }
                DraftAction::Show(draft) => self.show_draft(*draft),
                DraftAction::Add(draft) => self.add_draft(*draft),
                DraftAction::Compose { whole } => {
                    let (draft, anew, chunks) = self.composed(whole).await;
                    self.drafting.update_value(|drafting| drafting.composed(&draft, anew, chunks));
                }
                DraftAction::Commit(transaction) => {
                    let committed = store::commit(transaction).await;
                    self.drafting.update_value(|drafting| drafting.committed(committed));
                }
                DraftAction::Rest(done) => {
                    self.show_keeping();
                    return done;
                }
            }
        }
    }

    fn show_keeping(self) {
        self.drafting.with_value(|drafting| {
            if self.keeping.with_untracked(|shown| shown != drafting.keeping()) {
                self.keeping.set(drafting.keeping().clone());
            }
            if self.unclaimed.with_untracked(|shown| shown.as_ref() != drafting.unclaimed()) {
                self.unclaimed.set(drafting.unclaimed().cloned());
            }
        });
    }

    fn show_draft(self, draft: Draft) {
        let redirect_url = self.letter.with_untracked(|letter| letter.redirect_url.clone());
        self.guests.update(|guests| *guests = Guests::from_list(draft.list, guests.checks().context().clone()));
        // It lies there as it is.
        self.guests.update_untracked(|guests| _ = guests.take_dirty());
        let is_new = draft.letter == Letter::default();
        self.letter.set(if is_new { Letter { redirect_url, ..Letter::default() } } else { draft.letter });
        self.choices.set(draft.choices);
        self.touched.set(draft.touched);
    }

    /// Beside what is composed here already; a letter only where there is none.
    fn add_draft(self, draft: Draft) {
        let is_unwritten = self.letter.with_untracked(Letter::is_unwritten);
        if is_unwritten && self.guests.with_untracked(|guests| guests.list().is_empty()) {
            return self.show_draft(draft);
        }
        self.guests.update(|guests| _ = guests.grow("rows of an earlier draft".into(), |list| list.take_over(draft.list)));
        if is_unwritten {
            self.letter.set(draft.letter);
        }
    }

    /// What is composed, and records of those chunks of its rows that have changed, or of all: whether there are no others.
    async fn composed(self, whole: bool) -> (Draft, bool, Vec<(u32, String)>) {
        let mut dirty = self.guests.try_update_untracked(Guests::take_dirty).unwrap_or_default();
        dirty.all |= whole;
        let draft = Draft {
            list: self.guests.with_untracked(|guests| guests.list().without_rows()),
            letter: self.letter.get_untracked(),
            choices: self.choices.get_untracked(),
            touched: self.touched.get_untracked(),
        };
        if dirty.all {
            dirty.chunks = self.guests.with_untracked(Guests::chunks);
        }
        let owner = self.person().unwrap_or_default();
        let mut chunks = Vec::with_capacity(dirty.chunks.len());
        for chunk in dirty.chunks {
            let rows = self.guests.with_untracked(|guests| drafts::rows_record(&owner, &guests.chunk(chunk).collect::<Vec<Row<'_>>>()));
            chunks.push((chunk, rows));
            if chunks.len() % AT_ONCE == 0 {
                clock::sleep(Millis(0)).await;
            }
        }
        (draft, dirty.all, chunks)
    }

    /// Nothing of anybody is shown here any more.
    pub fn forget_draft(self) {
        self.guests.set(Guests::from_list(List::default(), Context::default()));
        self.guests.update_untracked(|guests| _ = guests.take_dirty());
        self.letter.set(Letter::default());
        self.choices.set(Default::default());
        self.drafting.update_value(Drafting::sign_out);
        self.keeping.set(Keeping::Reading);
        self.unclaimed.set(None);
        self.draft_waits.set(false);
        self.discarded.set(None);
    }
}
