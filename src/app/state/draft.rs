//! The draft: what is being composed, and carrying out what [`Drafting`] wants of list, letter and database, one thing at a time.

use super::accounts::Accounts;
use super::organization::{OrganizationState, Who};
use super::state_signal::StateSignal;
use crate::app::effects::{clock, spawn, store};
use futures_util::lock::Mutex;
use guestlist::jobs::invite::plan::{self, Choices};
use guestlist::letter::Letter;
use guestlist::letter::values::MergeContext;
use guestlist::rows::checks::Context;
use guestlist::rows::language::is_language;
use guestlist::rows::{Guests, List, Row};
use guestlist::storage::Denied;
use guestlist::storage::drafts::{self, Draft, Revision, Unclaimed};
use guestlist::tab::drafting::{DraftAction, DraftIntent, Drafting, Keeping};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::{Millis, Moment};

/// From an edit until it is written down.
const KEEP: Millis = Millis(100);
/// Chunks of rows that are made ready at once: the page stays quick while a long list is written.
const AT_ONCE: usize = 4;

thread_local! {
    /// One thing at a time: the next one builds on its revision.
    static WORKING: Arc<Mutex<()>> = Arc::default();
}

/// A draft that was thrown away, with all that could be undone in it.
#[derive(Clone)]
pub struct Discarded {
    guests: Guests,
    letter: Letter,
    choices: Choices,
}

/// What is being composed.
pub struct DraftState {
    pub guests: StateSignal<Guests>,
    pub letter: StateSignal<Letter>,
    /// What is to be done for rows, where somebody chose otherwise than the plan.
    pub choices: StateSignal<Choices>,
    /// What letters say beside the list.
    pub merge_context: Memo<MergeContext>,
    /// When guests or letter were changed last.
    pub touched: StateSignal<Moment>,
    /// Whether what is composed is being written down.
    pub keeping: StateSignal<Keeping>,
    /// What an earlier version left here that names no owner.
    pub unclaimed: StateSignal<Option<Unclaimed>>,
    /// The draft lay here when the page opened, and nobody has said yet what is to become of it.
    pub waits: StateSignal<bool>,
    /// The draft that was thrown away last, while it can still be had back.
    pub discarded: StateSignal<Option<Discarded>>,
    /// Counts changes of guests and letter.
    edits: StoredValue<u32>,
    drafting: StoredValue<Drafting>,
    accounts: &'static Accounts,
}

impl DraftState {
    pub(super) fn new(accounts: &'static Accounts, organization: &'static OrganizationState) -> Self {
        let (guests, letter) = (StateSignal::new(Guests::default()), StateSignal::new(Letter::default()));
        let (choices, touched) = (StateSignal::new(Choices::default()), StateSignal::new(Moment::default()));
        let (keeping, unclaimed) = (StateSignal::new(Keeping::Reading), StateSignal::new(None));
        let (waits, discarded) = (StateSignal::new(false), StateSignal::new(None));
        let merge_context = Memo::new(move |_| {
            let tags: BTreeSet<String> =
                letter.with(|letter: &Letter| letter.texts().map(|text| text.language.to_owned()).chain([String::new()]).collect());
            let today = tags.into_iter().filter(|tag| is_language(tag)).map(|tag| (tag.clone(), clock::today(&tag))).collect();
            organization.who.with(|who| {
                if let Who::Read(known) = who {
                    plan::merge_context(known, &today)
                } else {
                    MergeContext { today, ..MergeContext::default() }
                }
            })
        });
        let (edits, drafting) = (StoredValue::new(0), StoredValue::new(Drafting::default()));
        Self { guests, letter, choices, merge_context, touched, keeping, unclaimed, waits, discarded, edits, drafting, accounts }
    }

    /// Gives the letter its defaults, once somebody is signed in.
    pub(super) fn begin(&'static self) {
        let Some(account) = self.accounts.account.get_untracked() else { return };
        // Also where a draft names the usual place of a tenant that was signed in to before.
        let is_usual = self.letter.with_untracked(|letter| self.accounts.place.config.is_default_redirect_url(&letter.redirect_url));
        if is_usual || self.letter.with_untracked(|letter| letter.redirect_url.is_empty()) {
            let redirect = self.accounts.place.config.default_redirect_url(&account.tenant_id);
            self.letter.update(|letter| letter.redirect_url = redirect);
        }
    }

    /// Changes the guests and keeps them.
    pub fn edit<T>(&'static self, change: impl FnOnce(&mut Guests) -> T) -> T {
        let told = self.guests.change(change);
        self.keep_soon();
        told
    }

    /// Changes the letter and keeps it.
    pub fn compose(&'static self, change: impl FnOnce(&mut Letter)) {
        self.letter.update(change);
        self.keep_soon();
    }

    /// Changes what is chosen for rows and keeps it.
    pub fn choose(&'static self, change: impl FnOnce(&mut Choices)) {
        self.choices.update(change);
        self.keep_soon();
    }

    /// Throws the draft away, in a way that can be undone.
    pub fn discard(&'static self) {
        let (guests, letter, choices) = (self.guests.get_untracked(), self.letter.get_untracked(), self.choices.get_untracked());
        self.discarded.set(Some(Discarded { guests, letter, choices }));
        self.clear();
    }

    /// Takes back what was thrown away last.
    pub fn take_back(&'static self) {
        if let Some(Discarded { guests, letter, choices }) = self.discarded.get_untracked() {
            self.edit(|now| now.become_again(guests));
            self.choose(|now| *now = choices);
            self.compose(|now| *now = letter);
        }
        self.discarded.set(None);
    }

    /// Leaves only what every new letter begins with.
    fn clear(&'static self) {
        self.edit(|guests| *guests = Guests::from_list(List::default(), guests.checks().context().clone()));
        self.compose(|letter| *letter = Letter { redirect_url: std::mem::take(&mut letter.redirect_url), ..Letter::default() });
        self.choose(|choices| *choices = Choices::default());
        self.waits.set(false);
    }

    /// Of the draft as it lies here, if it is what is composed.
    pub fn own_revision(&'static self) -> Option<Revision> {
        self.drafting.with_value(Drafting::own_revision)
    }

    /// What the list is held against has changed.
    pub fn hold_against(&'static self, context: Context) {
        self.guests.update(|guests| guests.hold_against(context));
    }

    /// Whether somebody has to say what becomes of the draft that lay here.
    pub fn wait(&'static self, waits: bool) {
        self.waits.set(waits);
    }

    /// Reads the draft of whoever is signed in, in the place of what is composed here.
    pub async fn load(&'static self) {
        let Some(owner) = self.accounts.person() else { return };
        self.drafting.update_value(|drafting| drafting.sign_in(owner));
        _ = self.settle(DraftIntent::Open).await;
    }

    /// Writes down what has changed of the draft.
    pub async fn keep(&'static self) {
        _ = self.settle(DraftIntent::Keep).await;
    }

    /// Many edits in a row are kept once, a moment after the last.
    fn keep_soon(&'static self) {
        self.touched.set(clock::now());
        self.drafting.update_value(Drafting::edited);
        let edit = self.edits.get_value() + 1;
        self.edits.set_value(edit);
        spawn(async move {
            clock::sleep(KEEP).await;
            if self.edits.get_value() == edit {
                self.keep().await;
            }
        });
    }

    pub fn settle_soon(&'static self, intent: DraftIntent) {
        spawn(async move { _ = self.settle(intent).await });
    }

    /// Carries out what is wanted of the draft, once what was wanted before has come to its end.
    ///
    /// # Errors
    /// Why it did not come about, where the browser did not read or write.
    pub async fn settle(&'static self, intent: DraftIntent) -> Result<(), Denied> {
        let _turn = WORKING.with(Arc::clone).lock_owned().await;
        self.drafting.update_value(|drafting| _ = drafting.want(intent));
        loop {
            let action = self.drafting.try_update_value(Drafting::next_action).expect("the state lives as long as the page");
            match action {
                DraftAction::Read(ranges) => {
                    let read = store::read(ranges).await;
                    self.drafting.update_value(|drafting| drafting.read(read));
                }
                DraftAction::Show(draft) => self.show(*draft),
                DraftAction::Add(draft) => self.add(*draft),
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

    fn show_keeping(&'static self) {
        self.drafting.with_value(|drafting| {
            if self.keeping.with_untracked(|shown| shown != drafting.keeping()) {
                self.keeping.set(drafting.keeping().clone());
            }
            if self.unclaimed.with_untracked(|shown| shown.as_ref() != drafting.unclaimed()) {
                self.unclaimed.set(drafting.unclaimed().cloned());
            }
        });
    }

    fn show(&'static self, draft: Draft) {
        let redirect_url = self.letter.with_untracked(|letter| letter.redirect_url.clone());
        self.guests.update(|guests| *guests = Guests::from_list(draft.list, guests.checks().context().clone()));
        // It lies there as it is.
        self.guests.change_untracked(|guests| _ = guests.take_dirty());
        let is_new = draft.letter == Letter::default();
        self.letter.set(if is_new { Letter { redirect_url, ..Letter::default() } } else { draft.letter });
        self.choices.set(draft.choices);
        self.touched.set(draft.touched);
    }

    /// Beside what is composed here already; a letter only where there is none.
    fn add(&'static self, draft: Draft) {
        let is_unwritten = self.letter.with_untracked(Letter::is_unwritten);
        if is_unwritten && self.guests.with_untracked(|guests| guests.list().is_empty()) {
            return self.show(draft);
        }
        self.guests.update(|guests| _ = guests.grow("rows of an earlier draft".into(), |list| list.take_over(draft.list)));
        if is_unwritten {
            self.letter.set(draft.letter);
        }
    }

    /// What is composed, and records of those chunks of its rows that have changed, or of all: whether there are no others.
    async fn composed(&'static self, whole: bool) -> (Draft, bool, Vec<(u32, String)>) {
        let mut dirty = self.guests.change_untracked(Guests::take_dirty);
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
        let owner = self.accounts.person().unwrap_or_default();
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
    pub(super) fn forget(&'static self) {
        self.guests.set(Guests::from_list(List::default(), Context::default()));
        self.guests.change_untracked(|guests| _ = guests.take_dirty());
        self.letter.set(Letter::default());
        self.choices.set(Default::default());
        self.drafting.update_value(Drafting::sign_out);
        self.keeping.set(Keeping::Reading);
        self.unclaimed.set(None);
        self.waits.set(false);
        self.discarded.set(None);
    }
}
