//! What a tab does with the draft: show what lies in this browser, write down what is composed and never over what another tab
//! wrote, put one aside that cannot be read, and settle whose that is which an earlier version left.
//!
//! As [`super::Tab`] this says what is next and is told what came of it. List and letter belong to the shell.

use crate::owner::Owner;
use crate::storage::drafts::{self, Draft, Kept, Revision, Unclaimed};
use crate::storage::record::UnreadReason;
use crate::storage::{Committed, Denied, Range, Records, Store, Transaction};

/// Whether what is composed is being written down.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Keeping {
    /// What lies here is still being read.
    #[default]
    Reading,
    Kept,
    /// Another tab has written the draft since this one read it: nothing is written until somebody says which one stays.
    ChangedElsewhere,
    /// What lies here cannot be read by this version, and is not overwritten.
    Unreadable(UnreadReason, Records),
    /// The browser does not write; in its words.
    Denied(String),
}

/// What is wanted of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftIntent {
    /// What lies here, in the place of what is composed.
    Open,
    /// What is composed is written down.
    Keep,
    /// What is composed stays, over what another tab wrote.
    KeepThis,
    /// A draft that cannot be read makes room for a new one.
    PutAside,
    /// What an earlier version left is this person's.
    Claim,
    /// It is somebody else's, and stays for them. Not of what names this person.
    Disown,
}

/// What the shell is to do next; it tells what came of it.
#[derive(Debug, PartialEq)]
pub enum DraftAction {
    /// Read these ranges, in one transaction. Told by [`Drafting::read`].
    Read(Vec<Range>),
    /// Show this in the place of what is composed; then ask for the next thing.
    Show(Box<Draft>),
    /// Put this to what is composed, which may be nothing; then ask for the next thing.
    Add(Box<Draft>),
    /// Say what is composed, by [`Drafting::composed`]: what has changed of it, or the whole.
    Compose { whole: bool },
    /// Told by [`Drafting::committed`].
    Commit(Transaction),
    /// Nothing to do. Why the last thing that was wanted did not come about, if it did not.
    Rest(Result<(), Denied>),
}

#[derive(Default)]
enum DraftWork {
    #[default]
    Idle,
    ToRead(DraftIntent),
    Reading(DraftIntent),
    ToShow(Draft),
    ToAdd(Draft, Transaction),
    ToCompose {
        whole: bool,
        with: Option<Transaction>,
    },
    Composing(Option<Transaction>),
    ToCommit(Transaction, DraftCommit),
    Committing(DraftCommit),
    ToRest(Result<(), Denied>),
}

/// What is being written; with the revision that the draft has then.
#[derive(Clone, Debug, PartialEq, Eq)]
enum DraftCommit {
    Draft(Revision),
    /// The draft, with what was claimed.
    Claimed(Revision),
    /// Room for a new one.
    Aside(Revision),
    /// What an earlier version left, where no draft is among it that can be read.
    Claim(Revision),
    Disown,
}

/// The draft of a tab.
#[derive(Default)]
pub struct Drafting {
    person: Option<Owner>,
    /// Of the draft as this tab read or wrote it last.
    revision: Revision,
    keeping: Keeping,
    unclaimed: Option<Unclaimed>,
    /// Somebody has begun to compose while a slow disk is read.
    is_composed: bool,
    /// What an earlier version left has been put to what is composed, and is not this person's yet.
    has_added: bool,
    work: DraftWork,
}

impl Drafting {
    /// Somebody is signed in from here on, of whom nothing is shown yet.
    pub fn sign_in(&mut self, person: Owner) {
        if self.person.as_ref().is_none_or(|before| !before.is(&person)) {
            *self = Self { person: Some(person), ..Self::default() };
        }
    }

    /// Nothing of anybody is shown or written any more.
    pub fn sign_out(&mut self) {
        *self = Self::default();
    }

    pub const fn keeping(&self) -> &Keeping {
        &self.keeping
    }

    /// What an earlier version left here that names no owner, for this person to say whether it is theirs.
    pub const fn unclaimed(&self) -> Option<&Unclaimed> {
        self.unclaimed.as_ref()
    }

    /// The revision of what is composed, as far as that is what lies here: a run that is begun takes it away.
    pub fn own_revision(&self) -> Option<Revision> {
        matches!(self.keeping, Keeping::Kept | Keeping::Denied(_)).then(|| self.revision.clone())
    }

    pub const fn is_idle(&self) -> bool {
        matches!(self.work, DraftWork::Idle)
    }

    /// Something was changed by hand.
    pub fn edited(&mut self) {
        self.is_composed = true;
    }

    /// Begins with what is wanted; `false` while something else is at work, or nobody is signed in.
    pub fn want(&mut self, intent: DraftIntent) -> bool {
        let Some(person) = self.person.as_ref().filter(|_| self.is_idle()) else { return false };
        self.work = match (intent, &self.keeping) {
            (DraftIntent::Open | DraftIntent::Claim | DraftIntent::KeepThis, _) => DraftWork::ToRead(intent),
            (DraftIntent::Keep, Keeping::Kept) => DraftWork::ToCompose { whole: false, with: None },
            // What the browser has not written before is not known.
            (DraftIntent::Keep, Keeping::Denied(_)) => DraftWork::ToCompose { whole: true, with: None },
            (DraftIntent::PutAside, Keeping::Unreadable(_, records)) => {
                let (transaction, revision) = drafts::put_aside(person, &self.revision, records);
                DraftWork::ToCommit(transaction, DraftCommit::Aside(revision))
            }
            (DraftIntent::Disown, _) if self.unclaimed.as_ref().is_some_and(|left| left.is_own) => DraftWork::ToRest(Ok(())),
            (DraftIntent::Disown, _) => DraftWork::ToCommit(drafts::disown(person), DraftCommit::Disown),
            (DraftIntent::Keep | DraftIntent::PutAside, _) => DraftWork::ToRest(Ok(())),
        };
        true
    }

    /// What is to be done next.
    pub fn next_action(&mut self) -> DraftAction {
        let Some(person) = &self.person else { return DraftAction::Rest(Ok(())) };
        match std::mem::take(&mut self.work) {
            DraftWork::ToRead(intent) => {
                self.work = DraftWork::Reading(intent);
                let range =
                    if intent == DraftIntent::KeepThis { drafts::revision_range(person) } else { Range::with_prefix(Store::Drafts, "") };
                DraftAction::Read(vec![range])
            }
            DraftWork::ToShow(draft) => {
                (self.is_composed, self.has_added) = (false, false);
                self.work = DraftWork::ToRest(Ok(()));
                DraftAction::Show(Box::new(draft))
            }
            DraftWork::ToAdd(draft, with) => {
                self.has_added = true;
                self.work = DraftWork::ToCompose { whole: true, with: Some(with) };
                DraftAction::Add(Box::new(draft))
            }
            DraftWork::ToCompose { whole, with } => {
                self.work = DraftWork::Composing(with);
                DraftAction::Compose { whole }
            }
            DraftWork::ToCommit(transaction, committing) => {
                self.work = DraftWork::Committing(committing);
                DraftAction::Commit(transaction)
            }
            DraftWork::ToRest(result) => DraftAction::Rest(result),
            waiting => {
                self.work = waiting;
                DraftAction::Rest(Ok(()))
            }
        }
    }

    /// What the range of [`DraftAction::Read`] held.
    pub fn read(&mut self, read: Result<Vec<Records>, Denied>) {
        let DraftWork::Reading(intent) = std::mem::take(&mut self.work) else { return };
        let Some(person) = self.person.clone() else { return };
        let records = match read {
            Ok(read) => read.concat(),
            Err(denied) => {
                if intent == DraftIntent::Open {
                    self.keeping = Keeping::Denied(denied.0.clone());
                }
                self.work = DraftWork::ToRest(Err(denied));
                return;
            }
        };
        self.work = match intent {
            DraftIntent::KeepThis => {
                self.revision = drafts::revision(&person, &records);
                DraftWork::ToCompose { whole: true, with: None }
            }
            DraftIntent::Claim => self.claim(&person, &records),
            DraftIntent::Open | DraftIntent::Keep | DraftIntent::PutAside | DraftIntent::Disown => self.open(&person, &records),
        };
    }

    fn open(&mut self, person: &Owner, records: &Records) -> DraftWork {
        let (kept, revision) = drafts::draft(person, records);
        let is_composing = self.is_composed && self.keeping == Keeping::Reading;
        self.revision = revision;
        self.unclaimed = drafts::unclaimed(person, records);
        let (keeping, draft) = match kept {
            Kept::Unreadable(why, records) => (Keeping::Unreadable(why, records), Draft::default()),
            Kept::Draft(_) if is_composing => (Keeping::ChangedElsewhere, Draft::default()),
            Kept::Draft(draft) => (Keeping::Kept, *draft),
            Kept::Nothing => (Keeping::Kept, Draft::default()),
        };
        let is_to_write = is_composing && keeping == Keeping::Kept;
        self.keeping = keeping;
        match is_composing {
            true if is_to_write => DraftWork::ToCompose { whole: true, with: None },
            true => DraftWork::ToRest(Ok(())),
            false => DraftWork::ToShow(draft),
        }
    }

    /// The rows that were left go to those that are composed, in the same transaction that gives all of it to this person.
    fn claim(&mut self, person: &Owner, records: &Records) -> DraftWork {
        let Some(left) = drafts::unclaimed(person, records) else {
            return DraftWork::ToRest(Err(Denied("it does not lie here any more".into())));
        };
        if drafts::revision(person, records) != self.revision {
            self.keeping = Keeping::ChangedElsewhere;
        }
        if self.own_revision().is_none() {
            return DraftWork::ToRest(Err(Denied("the draft that lies here has to be settled first".into())));
        }
        let (claim, revision) = drafts::claim(person, &left, records);
        match left.draft() {
            Some(_) if self.has_added => DraftWork::ToCompose { whole: true, with: Some(claim) },
            Some(draft) => DraftWork::ToAdd(draft, claim),
            None => DraftWork::ToCommit(claim, DraftCommit::Claim(revision)),
        }
    }

    /// What is composed, and which chunks of its rows have changed; `anew`: there are no others.
    pub fn composed(&mut self, draft: &Draft, anew: bool, chunks: Vec<(u32, String)>) {
        let DraftWork::Composing(with) = std::mem::take(&mut self.work) else { return };
        let Some(person) = &self.person else { return };
        let (mut transaction, revision) = drafts::keep(person, &self.revision, draft, anew, chunks);
        let committing = if with.is_some() { DraftCommit::Claimed } else { DraftCommit::Draft };
        // What is composed stands last, over the records of the draft that has gone into it.
        let Transaction { expects, changes } = with.unwrap_or_default();
        transaction.expects.extend(expects);
        transaction.changes.splice(0..0, changes);
        self.work = DraftWork::ToCommit(transaction, committing(revision));
    }

    pub fn committed(&mut self, committed: Result<Committed, Denied>) {
        let DraftWork::Committing(committing) = std::mem::take(&mut self.work) else { return };
        let elsewhere = || Err(Denied("another tab changed it at the same time".into()));
        self.work = match (committing, committed) {
            (DraftCommit::Draft(revision), Ok(Committed::Done)) => {
                self.revision = revision;
                self.keeping = Keeping::Kept;
                DraftWork::ToRest(Ok(()))
            }
            (DraftCommit::Claimed(revision), Ok(Committed::Done)) => {
                self.revision = revision;
                (self.keeping, self.unclaimed, self.has_added) = (Keeping::Kept, None, false);
                DraftWork::ToRest(Ok(()))
            }
            (DraftCommit::Draft(_) | DraftCommit::Aside(_), Ok(Committed::Conflict)) => {
                self.keeping = Keeping::ChangedElsewhere;
                DraftWork::ToRest(elsewhere())
            }
            // Somebody else was first: what was put to what is composed is not this person's.
            (DraftCommit::Claimed(_) | DraftCommit::Claim(_), Ok(Committed::Conflict)) => DraftWork::ToRead(DraftIntent::Open),
            (DraftCommit::Draft(_) | DraftCommit::Claimed(_), Err(denied)) => {
                self.keeping = Keeping::Denied(denied.0.clone());
                DraftWork::ToRest(Err(denied))
            }
            (DraftCommit::Aside(revision), Ok(Committed::Done)) => {
                self.revision = revision;
                DraftWork::ToCompose { whole: true, with: None }
            }
            (DraftCommit::Claim(revision), Ok(Committed::Done)) => {
                self.revision = revision;
                let has_draft = self.unclaimed.take().is_some_and(|left| left.has_draft);
                if has_draft { DraftWork::ToRead(DraftIntent::Open) } else { DraftWork::ToRest(Ok(())) }
            }
            (DraftCommit::Disown, Ok(Committed::Done)) => {
                self.unclaimed = None;
                DraftWork::ToRest(Ok(()))
            }
            (_, Ok(Committed::Conflict)) => DraftWork::ToRest(elsewhere()),
            (_, Err(denied)) => DraftWork::ToRest(Err(denied)),
        };
    }
}
