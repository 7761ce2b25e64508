//! The draft: read for whoever is signed in, written down a moment after each edit, and never over what another tab wrote.

use super::desk::Desk;
use super::effects::{clock, store};
use super::kept;
use futures_util::lock::{Mutex, OwnedMutexGuard};
use guestlist::letter::Letter;
use guestlist::rows::checks::Context;
use guestlist::rows::{Guests, List, Row};
use guestlist::storage::drafts::{self, Draft, Kept, Revision};
use guestlist::storage::record::Unread;
use guestlist::storage::{Committed, Denied, Records};
use guestlist::time::Millis;
use leptos::prelude::*;
use std::sync::Arc;

/// Whether what is composed is being written down.
#[derive(Clone, Debug, PartialEq)]
pub enum Keeping {
    /// What lies here is still being read.
    Reading,
    Kept,
    /// Another tab has written the draft since this one read it: nothing is written until somebody says which one stays.
    ChangedElsewhere,
    /// What lies here cannot be read by this version, and is not overwritten.
    Unreadable(Unread, Records),
    /// The browser does not write; in its words.
    Denied(String),
}

/// From an edit until it is written down.
const KEEP: Millis = Millis(100);
/// Chunks of rows that are made ready at once: the page stays quick while a long list is written.
const AT_ONCE: usize = 4;

thread_local! {
    /// One writing at a time: the next one builds on its revision.
    static WRITING: Arc<Mutex<()>> = Arc::default();
}

/// Whoever writes holds it until it is written.
async fn turn() -> OwnedMutexGuard<()> {
    WRITING.with(Arc::clone).lock_owned().await
}

impl Desk {
    /// Reads the draft of whoever is signed in, in the place of what is composed here.
    pub async fn load_draft(self) {
        let Some(owner) = self.person() else { return };
        match store::read(vec![drafts::range(&owner)]).await {
            Ok(read) => {
                let (kept, revision) = drafts::draft(&owner, &read.concat());
                self.revision.set_value(revision);
                // Somebody may have begun to compose while a slow disk was read.
                let is_composing = self.keeping.get_untracked() == Keeping::Reading && self.edits.get_value() > 0;
                match kept {
                    Kept::Unreadable(why, records) if is_composing => self.keeping.set(Keeping::Unreadable(why, records)),
                    Kept::Draft(_) if is_composing => self.keeping.set(Keeping::ChangedElsewhere),
                    Kept::Nothing if is_composing => {
                        let _turn = turn().await;
                        self.write_draft(true).await;
                    }
                    Kept::Nothing => self.show_draft(Draft::default(), Keeping::Kept),
                    Kept::Draft(draft) => self.show_draft(*draft, Keeping::Kept),
                    Kept::Unreadable(why, records) => self.show_draft(Draft::default(), Keeping::Unreadable(why, records)),
                }
                self.unclaimed.set(kept::unclaimed(self).await);
            }
            Err(Denied(why)) => self.keeping.set(Keeping::Denied(why)),
        }
    }

    fn show_draft(self, draft: Draft, keeping: Keeping) {
        let lands_on = self.letter.with_untracked(|letter| letter.lands_on.clone());
        self.guests.update(|guests| *guests = Guests::of(draft.list, guests.checks().context().clone()));
        // It lies there as it is.
        self.guests.update_untracked(|guests| _ = guests.take_dirty());
        let is_new = draft.letter == Letter::default();
        self.letter.set(if is_new { Letter { lands_on, ..Letter::default() } } else { draft.letter });
        self.choices.set(draft.choices);
        self.touched.set(draft.touched);
        self.keeping.set(keeping);
    }

    /// Nothing of anybody is shown here any more.
    pub fn forget_draft(self) {
        self.guests.set(Guests::of(List::default(), Context::default()));
        self.guests.update_untracked(|guests| _ = guests.take_dirty());
        self.letter.set(Letter::default());
        self.choices.set(Default::default());
        self.revision.set_value(Revision::default());
        self.keeping.set(Keeping::Reading);
        self.unclaimed.set(None);
        self.draft_waits.set(false);
        self.discarded.set(None);
    }

    /// Many edits in a row are kept once, a moment after the last.
    pub fn keep_soon(self) {
        self.touched.set(clock::now());
        let edit = self.edits.get_value() + 1;
        self.edits.set_value(edit);
        crate::app::effects::spawn(async move {
            clock::sleep(KEEP).await;
            if self.edits.get_value() == edit {
                self.keep_draft().await;
            }
        });
    }

    /// Writes down what has changed of the draft.
    pub async fn keep_draft(self) {
        let _turn = turn().await;
        match self.keeping.get_untracked() {
            Keeping::Kept => self.write_draft(false).await,
            Keeping::Denied(_) => self.write_draft(true).await,
            Keeping::Reading | Keeping::ChangedElsewhere | Keeping::Unreadable(..) => {}
        }
    }

    /// `whole`: what has changed is not known.
    async fn write_draft(self, whole: bool) {
        let Some(owner) = self.person() else { return };
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
        let mut chunks = Vec::with_capacity(dirty.chunks.len());
        for chunk in dirty.chunks {
            let rows = self.guests.with_untracked(|guests| drafts::rows_record(&owner, &guests.chunk(chunk).collect::<Vec<Row<'_>>>()));
            chunks.push((chunk, rows));
            if chunks.len() % AT_ONCE == 0 {
                clock::sleep(Millis(0)).await;
            }
        }
        let (transaction, next) = drafts::keep(&owner, &self.revision.get_value(), &draft, dirty.all, chunks);
        let now = match store::commit(transaction).await {
            Ok(Committed::Done) => {
                self.revision.set_value(next);
                Keeping::Kept
            }
            Ok(Committed::Conflict) => Keeping::ChangedElsewhere,
            Err(Denied(why)) => Keeping::Denied(why),
        };
        if self.keeping.with_untracked(|before| *before != now) && self.person().is_some_and(|person| person.is(&owner)) {
            self.keeping.set(now);
        }
    }

    /// What another tab wrote stays; what is composed here is given up for it.
    pub fn use_other_draft(self) {
        crate::app::effects::spawn(self.load_draft());
    }

    /// What is composed here stays, over what another tab wrote.
    pub fn keep_this_draft(self) {
        crate::app::effects::spawn(async move {
            let Some(owner) = self.person() else { return };
            let _turn = turn().await;
            if let Ok(read) = store::read(vec![drafts::revision_range(&owner)]).await {
                self.revision.set_value(drafts::revision(&owner, &read.concat()));
                self.write_draft(true).await;
            }
        });
    }

    /// Puts a draft that cannot be read aside, and begins a new one.
    pub fn put_draft_aside(self) {
        let Keeping::Unreadable(_, records) = self.keeping.get_untracked() else { return };
        crate::app::effects::spawn(async move {
            let Some(owner) = self.person() else { return };
            let _turn = turn().await;
            let (transaction, next) = drafts::put_aside(&owner, &self.revision.get_value(), &records);
            if store::commit(transaction).await == Ok(Committed::Done) {
                self.revision.set_value(next);
                self.write_draft(true).await;
            }
        });
    }
}
