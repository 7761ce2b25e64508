//! What a tab does with runs: begin one, resume, take over, remove, and stop when somebody signs out. The tab says what is
//! next and is told what came of it; locks, the database and Graph belong to the shell, and to the simulation of whole
//! browsers, which drives this same machine.
//!
//! Beginning is one transaction: take the lock of the tenant → read every run anew → hold the plan against them, and look
//! again where the directory can be read → only then write the run down, clear the draft, and carry it out. Resuming and
//! trying again go the same way.

mod changes;
mod deciding;
pub mod drafting;
mod intent;

use crate::bulk::journal::JournalEntry;
use crate::jobs::invite::Run;
use crate::jobs::invite::allowance::Allowance;
use crate::jobs::invite::journal::{Entry, Stored};
use crate::jobs::invite::plan::{RowAction, Skip, skip_found};
use crate::jobs::recycle_bin::journal::{RecycleHeader, StoredRecycle};
use crate::jobs::recycle_bin::{RecycleEntry, RecycleRun};
use crate::jobs::recycling;
use crate::jobs::withdraw::AppRoleAccess;
use crate::lookup::{Match, TenantSnapshot};
use crate::owner::Owner;
use crate::protocol::{ReadFailure, StateMachine};
use crate::rows::Address;
use crate::storage::allowance;
use crate::storage::drafts::{self, Revision};
use crate::storage::journal::{self, Journal};
use crate::storage::{Committed, Denied, Range, Records, Store, StoredEvent, Transaction};
pub use changes::Changes;
pub use intent::{Beginning, Carrying, Locked, Moving, ResumeScope, RunIntent, TabReport};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use time::{Millis, Moment, Now};

/// What the shell is to do next; it tells the tab what came of it.
pub enum TabAction {
    /// Take this lock, without waiting. Told by [`Tab::locked`].
    Lock(String),
    /// Read these ranges, in one transaction. Told by [`Tab::read`].
    Read(Vec<Range>),
    /// Look who owns these addresses by now. Told by [`Tab::looked`].
    Look(Vec<Address>),
    /// Told by [`Tab::committed`].
    Commit(Transaction),
    /// Carry this run out; write down what it records by [`Tab::append`]. Told by [`Tab::carried`].
    Carry(Box<Carrying>),
    /// The same of a run that takes guests back, or restores them; by [`Tab::append_moves`].
    Move(Box<Moving>),
    /// Release the lock; ask for the next thing at once.
    Unlock,
    /// Nothing to do. With what came of the last thing that was wanted, once.
    Rest(Option<TabReport>),
}

/// What a look is for.
enum Looking {
    Begin(Box<Beginning>, Revision),
    Resume(Box<Carrying>),
}

#[derive(Default)]
enum TabWork {
    #[default]
    Idle,
    ToLock(RunIntent),
    Locking(RunIntent),
    ToRead(RunIntent),
    Reading(RunIntent),
    ToLook(Looking, Vec<Address>),
    Looking(Looking),
    ToCommit(Transaction, TabCommit),
    Committing(TabCommit),
    ToCarry(Box<Carrying>),
    ToMove(Box<Moving>),
    Carrying(String, HashMap<u32, String>),
    ToUnlock(TabReport),
    ToReport(TabReport),
}

/// What follows when a transaction is done.
enum TabCommit {
    Begin(Box<Beginning>),
    Recycle(Box<RecycleHeader>),
    TakeOver(String),
    Report(Box<TabReport>, RunIntent),
}

#[derive(Default)]
pub struct Tab {
    person: Option<Owner>,
    may_look: bool,
    /// Whether the token may read who holds roles of applications.
    app_roles: AppRoleAccess,
    /// How far the computer's clock, which is what is written down, stands ahead of the one that waits are measured by.
    ahead: Millis,
    work: TabWork,
    /// What the tenant may send in a day, for the run that is about to be carried out.
    allowance: Option<Allowance>,
    /// When what lies here was read last; whom the directory shows was looked up after that.
    as_of: Option<Now>,
    /// Whoever wanted what is at work has signed out since. It is given up, whoever signs in next.
    is_given_up: bool,
}

/// The lock that a tab holds while it sends or changes runs of a tenant.
pub fn lock_name(tenant: &str) -> String {
    format!("guestlist-run-{tenant}")
}

impl Tab {
    /// Somebody is signed in from here on. What somebody else wanted is given up first.
    pub fn sign_in(&mut self, person: Owner) {
        if self.person.as_ref().is_some_and(|before| !before.is(&person)) {
            self.sign_out();
        }
        self.person = Some(person);
    }

    /// Nobody is signed in. Nothing more is written or sent.
    pub fn sign_out(&mut self) {
        self.person = None;
        self.is_given_up = !self.is_idle();
    }

    /// In whose name something is at work.
    fn at_work(&self) -> Option<&Owner> {
        self.person.as_ref().filter(|_| !self.is_given_up)
    }

    pub const fn person(&self) -> Option<&Owner> {
        self.person.as_ref()
    }

    pub const fn is_idle(&self) -> bool {
        matches!(self.work, TabWork::Idle)
    }

    /// The run that is carried out here.
    pub fn carries(&self) -> Option<&str> {
        if let TabWork::Carrying(run, _) = &self.work { Some(run) } else { None }
    }

    /// Begins with what is wanted; `false` while something else is at work. `may_look`: the token may read the directory.
    pub fn want(&mut self, intent: RunIntent, may_look: bool) -> bool {
        let is_idle = self.is_idle();
        if is_idle {
            self.may_look = may_look;
            self.work = if self.person.is_some() { TabWork::ToLock(intent) } else { TabWork::ToReport(TabReport::SignedOut) };
        }
        is_idle
    }

    /// How far the computer's clock stands ahead of the moments that the tab is told.
    pub const fn wall_clock(&mut self, ahead: Millis) {
        self.ahead = ahead;
    }

    /// Whether the token may read who holds roles of applications.
    pub const fn reads_app_roles(&mut self, access: AppRoleAccess) {
        self.app_roles = access;
    }

    /// What is to be done next.
    pub fn next_action(&mut self) -> TabAction {
        let Some(person) = self.at_work().cloned() else { return self.next_given_up() };
        match std::mem::take(&mut self.work) {
            TabWork::ToLock(intent) => {
                self.work = TabWork::Locking(intent);
                TabAction::Lock(lock_name(&person.tenant))
            }
            TabWork::ToRead(intent) => {
                let own = if intent == RunIntent::DeleteAll { drafts::owned_range() } else { drafts::revision_range(&person) };
                self.work = TabWork::Reading(intent);
                TabAction::Read(vec![
                    Range::with_prefix(Store::Runs, ""),
                    Range::with_prefix(Store::Entries, ""),
                    own,
                    allowance::range(&person),
                ])
            }
            TabWork::ToLook(looking, addresses) => {
                self.work = TabWork::Looking(looking);
                TabAction::Look(addresses)
            }
            TabWork::ToCommit(transaction, then) => {
                self.work = TabWork::Committing(then);
                TabAction::Commit(transaction)
            }
            TabWork::ToCarry(mut carrying) => {
                if let Some(allowance) = self.allowance.take() {
                    carrying.run.allow(allowance);
                }
                if let Some(as_of) = self.as_of.take() {
                    carrying.run.is_as_of(as_of);
                }
                let addresses = carrying.stored.header.plan.rows.iter().map(|row| (row.row, row.email.clone())).collect();
                self.work = TabWork::Carrying(carrying.stored.header.id.clone(), addresses);
                TabAction::Carry(carrying)
            }
            TabWork::ToMove(moving) => {
                let RecycleHeader { id, guests, .. } = &moving.stored.header;
                self.work = TabWork::Carrying(id.clone(), guests.iter().map(|guest| (guest.row, guest.email.clone())).collect());
                TabAction::Move(moving)
            }
            TabWork::ToUnlock(report) => {
                self.work = TabWork::ToReport(report);
                TabAction::Unlock
            }
            TabWork::ToReport(report) => TabAction::Rest(Some(report)),
            waiting => {
                self.work = waiting;
                TabAction::Rest(None)
            }
        }
    }

    /// Whatever was under way is given up; the lock is released when the shell has told what it was doing.
    fn next_given_up(&mut self) -> TabAction {
        let action = match std::mem::take(&mut self.work) {
            TabWork::Idle => TabAction::Rest(None),
            TabWork::ToLock(_) => TabAction::Rest(Some(TabReport::SignedOut)),
            TabWork::ToRead(_)
            | TabWork::ToLook(..)
            | TabWork::ToCommit(..)
            | TabWork::ToCarry(_)
            | TabWork::ToMove(_)
            | TabWork::ToUnlock(_) => {
                self.work = TabWork::ToReport(TabReport::SignedOut);
                TabAction::Unlock
            }
            TabWork::ToReport(_) => TabAction::Rest(Some(TabReport::SignedOut)),
            waiting => {
                self.work = waiting;
                TabAction::Rest(None)
            }
        };
        self.is_given_up &= !self.is_idle();
        action
    }

    pub fn locked(&mut self, locked: Locked) {
        let TabWork::Locking(intent) = std::mem::take(&mut self.work) else { return };
        self.work = match locked {
            Locked::Here => TabWork::ToRead(intent),
            Locked::Elsewhere => TabWork::ToReport(TabReport::OtherTab),
            Locked::Unavailable(why) => TabWork::ToReport(TabReport::NoLocks(why)),
        };
    }

    /// What the ranges of [`TabAction::Read`] held, in their order.
    pub fn read(&mut self, read: Result<Vec<Records>, Denied>, now: Moment) {
        let TabWork::Reading(intent) = std::mem::take(&mut self.work) else { return };
        let (Some(person), Ok(read)) = (self.at_work().cloned(), &read) else {
            self.work = TabWork::ToUnlock(read.err().map_or(TabReport::SignedOut, TabReport::NotRead));
            return;
        };
        let [runs, entries, own, terms] = read.as_slice() else {
            self.work = TabWork::ToUnlock(TabReport::NotRead(Denied("the database answered something else".into())));
            return;
        };
        let journal = Journal::read(runs, entries);
        // Counted anew from what lies here: other tabs, and earlier lives of this one, have sent, too.
        let mut counted = Allowance::new(allowance::terms(&person, terms), journal.sent(&person, now + self.ahead));
        if let RunIntent::Begin(beginning) = &intent
            && let Some(lately) = &beginning.lately
        {
            counted.see(lately, |_| false);
        }
        self.allowance = Some(counted);
        self.as_of = Some(Now { steady: now, wall: now + self.ahead });
        let next = match intent {
            RunIntent::Begin(beginning) => deciding::begin(&person, self.may_look, *beginning, &journal, drafts::revision(&person, own)),
            RunIntent::Recycle(header) => deciding::recycle(&person, *header, &journal, now + self.ahead),
            RunIntent::Resume { run, scope } if journal.recycle(&run).is_some() => {
                let take_up = |run: &mut RecycleRun, may: &dyn Fn(u32) -> bool| {
                    run.wall_clock(self.ahead);
                    scope.set_going(run, may, now);
                };
                deciding::go_on_moving(&person, (self.may_look, self.app_roles), &run, take_up, &journal)
            }
            RunIntent::Resume { run, scope } => {
                let take_up = |run: &mut Run, may: &dyn Fn(u32) -> bool| {
                    run.wall_clock(self.ahead);
                    scope.set_going(run, may, now);
                };
                deciding::resume(&person, self.may_look, &run, take_up, &journal, now)
            }
            RunIntent::TakeOver { run, writer } => deciding::take_over(&person, run, &writer, &journal, now + self.ahead),
            RunIntent::Remove { run } => deciding::remove(&person, &run, &journal, now + self.ahead),
            RunIntent::DeleteAll => Ok(deciding::delete_all(&person, &journal, own)),
        };
        self.work = next.unwrap_or_else(TabWork::ToUnlock);
    }

    pub fn looked(&mut self, looked: Result<TenantSnapshot, ReadFailure>, now: Moment) {
        let TabWork::Looking(looking) = std::mem::take(&mut self.work) else { return };
        let (Some(person), Ok(known)) = (self.at_work().cloned(), &looked) else {
            self.work = TabWork::ToUnlock(looked.err().map_or(TabReport::SignedOut, TabReport::NotLooked));
            return;
        };
        let here = |address: &Address| known.people.get(address).and_then(|found: &Match| skip_found(found));
        self.work = match looking {
            Looking::Begin(mut beginning, revision) => {
                let Beginning { header, changes, .. } = &mut *beginning;
                deciding::leave_out(&mut header.plan, |action, address| {
                    let skip = here(address).filter(|_| action != RowAction::Resend)?;
                    changes.in_directory += 1;
                    Some(skip)
                });
                deciding::commit_beginning(&person, *beginning, revision).unwrap_or_else(TabWork::ToUnlock)
            }
            Looking::Resume(mut carrying) => {
                let to_invite: BTreeSet<u32> = carrying.run.rows_to_start().collect();
                let rows = carrying.stored.addresses().filter(|(row, _)| to_invite.contains(row));
                let left_out: Vec<(u32, Skip)> = rows.filter_map(|(row, address)| Some((row, here(&address)?))).collect();
                carrying.changes.in_directory += carrying.run.leave_out(deciding::skipped(&left_out), now);
                TabWork::ToCarry(carrying)
            }
        };
    }

    pub fn committed(&mut self, committed: Result<Committed, Denied>) {
        let TabWork::Committing(then) = std::mem::take(&mut self.work) else { return };
        self.work = match (committed, then) {
            (Err(denied), _) => TabWork::ToUnlock(TabReport::NotWritten(denied)),
            // Somebody changed the draft between reading and writing: from the reading on, once more.
            (Ok(Committed::Conflict), TabCommit::Begin(beginning)) => TabWork::ToRead(RunIntent::Begin(beginning)),
            (Ok(Committed::Conflict), TabCommit::Recycle(header)) => TabWork::ToRead(RunIntent::Recycle(header)),
            // Somebody of another tenant wrote a run meanwhile.
            (Ok(Committed::Conflict), TabCommit::Report(_, intent)) => TabWork::ToRead(intent),
            (Ok(Committed::Conflict), TabCommit::TakeOver(_)) => {
                TabWork::ToUnlock(TabReport::NotWritten(Denied("another tab changed it at the same time".into())))
            }
            (Ok(Committed::Done), TabCommit::Begin(beginning)) => {
                let Beginning { header, changes, .. } = *beginning;
                let mut stored = Stored::new(header, Vec::new());
                stored.owner = self.at_work().cloned().unwrap_or_default();
                let stored = Arc::new(stored);
                // Times of waiting begin at zero: nothing has left yet.
                let run = Run::from_stored(&stored, self.may_look, stored.header.begun);
                TabWork::ToCarry(Box::new(Carrying { stored, run, changes }))
            }
            (Ok(Committed::Done), TabCommit::Recycle(header)) => {
                let owner = self.at_work().cloned().unwrap_or_default();
                let stored = Arc::new(StoredRecycle::begun_by(owner, *header, Vec::new()));
                let run = recycling::run(&stored, self.may_look, self.app_roles);
                TabWork::ToMove(Box::new(Moving { stored, run }))
            }
            (Ok(Committed::Done), TabCommit::TakeOver(run)) => TabWork::ToRead(RunIntent::Resume { run, scope: ResumeScope::Open }),
            (Ok(Committed::Done), TabCommit::Report(report, _)) => TabWork::ToUnlock(*report),
        };
    }

    /// What writes these entries of the run that is carried out; `None` when whoever carried it has signed out: then
    /// nothing may leave.
    pub fn append(&self, entries: &[Entry]) -> Option<Transaction> {
        self.written(entries)
    }

    /// As [`Self::append`], of a run that takes guests back, or restores them.
    pub fn append_moves(&self, entries: &[RecycleEntry]) -> Option<Transaction> {
        self.written(entries)
    }

    fn written<E: StoredEvent>(&self, entries: &[JournalEntry<E>]) -> Option<Transaction> {
        let (TabWork::Carrying(run, addresses), Some(person)) = (&self.work, self.at_work()) else { return None };
        let addresses = entries.iter().filter_map(|entry| Some((entry.row, addresses.get(&entry.row)?.as_str()))).collect();
        Some(journal::append_to(run, &addresses, person, entries))
    }

    /// The run has ended, or goes no further in this tab.
    pub fn carried(&mut self) {
        if matches!(self.work, TabWork::Carrying(..)) {
            self.work = TabWork::ToUnlock(TabReport::Carried);
        }
    }
}
