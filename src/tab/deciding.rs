//! What follows from what lies in this browser: whether a run may be begun, resumed, taken over or removed by this person, and
//! which of its rows are left out.

use super::{Beginning, Carrying, Changes, Looking, Moving, RunIntent, TabCommit, TabReport, TabWork};
use crate::jobs::invite::Run;
use crate::jobs::invite::journal::{Stored, Writer, invited_since};
use crate::jobs::invite::outcome::Outcome;
use crate::jobs::invite::plan::{Plan, PlanStep, RowAction, Skip};
use crate::jobs::recycle_bin::RecycleRun;
use crate::jobs::recycle_bin::journal::{RecycleHeader, RecycleKind, StoredRecycle};
use crate::jobs::withdraw::{self, AppRoleAccess};
use crate::jobs::{recycling, restore};
use crate::owner::Owner;
use crate::rows::Address;
use crate::storage::allowance;
use crate::storage::drafts::{self, Revision};
use crate::storage::journal::{self, Journal};
use crate::storage::{Records, Transaction};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use time::Moment;

/// Holds the plan against what this browser invited since it was made.
pub(super) fn begin(
    person: &Owner,
    may_look: bool,
    mut beginning: Beginning,
    journal: &Journal,
    revision: Revision,
) -> Result<TabWork, TabReport> {
    if !beginning.header.tenant_id.eq_ignore_ascii_case(&person.tenant) {
        return Err(TabReport::OtherTenant);
    }
    if let Some(hidden) = journal.blocks(person) {
        return Err(TabReport::Unreadable(hidden.id.clone()));
    }
    let (now, since) = (journal.invited_before(person), journal.invited_since(&beginning.before, person));
    let Beginning { header, before, changes, .. } = &mut beginning;
    leave_out(&mut header.plan, |_, address| {
        let at = since.get(address).or_else(|| now.get(address).filter(|at| before.invited.get(address) != Some(at)))?;
        changes.note_tab(at);
        Some(Skip::InvitedBefore(at.clone()))
    });
    let addresses = if may_look { addresses_to_look_up(&beginning.header.plan) } else { Vec::new() };
    if addresses.is_empty() {
        return commit_beginning(person, beginning, revision);
    }
    Ok(TabWork::ToLook(Looking::Begin(Box::new(beginning), revision), addresses))
}

pub(super) fn resume(
    person: &Owner,
    may_look: bool,
    id: &str,
    take_up: impl FnOnce(&mut Run, &dyn Fn(u32) -> bool),
    journal: &Journal,
    now: Moment,
) -> Result<TabWork, TabReport> {
    let stored = own_run(person, id, journal)?;
    if let Some(hidden) = journal.blocks(person) {
        return Err(TabReport::Unreadable(hidden.id.clone()));
    }
    let mut run = Run::from_stored(stored, may_look, now);
    let recycled = journal.recycled(person);
    let withdrawn: BTreeSet<u32> = recycled.withdrawn_of(id).map(|(row, _)| row).collect();
    take_up(&mut run, &|row| !withdrawn.contains(&row));
    let others = invited_since(stored, journal.runs.iter().map(AsRef::as_ref), &journal.taken_back(person));
    let hidden = journal.unreadable.iter().filter(|other| other.may_be_of_tenant(person)).flat_map(|other| &other.addresses);
    let hidden: BTreeSet<String> = hidden.map(Address::key).collect();
    let mut changes = Changes::default();
    let mut left_out = Vec::new();
    for (row, address) in stored.addresses() {
        let at = others.get(&address).cloned().or_else(|| hidden.contains(&address.key()).then(|| "an earlier day".to_owned()));
        if let Some(at) = at {
            left_out.push((row, Skip::InvitedBefore(at)));
        }
    }
    changes.left_out(run.leave_out(skipped(&left_out), now), &left_out);
    let to_invite: BTreeSet<u32> = if may_look { run.rows_to_start().collect() } else { BTreeSet::new() };
    let addresses = stored.addresses().filter(|(row, _)| to_invite.contains(row)).map(|(_, address)| address).collect::<Vec<_>>();
    let carrying = Box::new(Carrying { stored: Arc::clone(stored), run, changes });
    Ok(if addresses.is_empty() { TabWork::ToCarry(carrying) } else { TabWork::ToLook(Looking::Resume(carrying), addresses) })
}

/// Holds against what lies here by now whom a person confirmed to be taken back, or restored. `now` by the computer's clock.
pub(super) fn recycle(person: &Owner, mut header: RecycleHeader, journal: &Journal, now: Moment) -> Result<TabWork, TabReport> {
    let recycled = journal.recycled(person);
    let (is_unfinished, guests) = match header.kind {
        RecycleKind::Withdraw => {
            let stored = own_run(person, &header.of, journal)?;
            (stored.is_unfinished(), withdraw::plan::plan(stored, None, &|id| recycled.is_withdrawn(id)).guests)
        }
        RecycleKind::Restore => {
            let stored = own_recycle(person, &header.of, journal)?;
            (stored.is_unfinished(), restore::plan::of(stored, &recycled, None, now).guests)
        }
    };
    // What of the same guests is under way comes to its end first.
    let is_open = |run: &Arc<StoredRecycle>| run.owner.is(person) && run.is_unfinished();
    if is_unfinished || journal.recycles_of(&header.of).into_iter().any(is_open) {
        return Err(TabReport::Unfinished);
    }
    let still: HashSet<(u32, &str)> = guests.iter().map(|guest| (guest.row, guest.id.as_str())).collect();
    header.guests.retain(|guest| still.contains(&(guest.row, guest.id.as_str())));
    if header.guests.is_empty() {
        return Err(TabReport::NobodyToMove);
    }
    let transaction = Transaction { expects: Vec::new(), changes: journal::begin_recycle(person, &header) };
    Ok(TabWork::ToCommit(transaction, TabCommit::Recycle(Box::new(header))))
}

pub(super) fn go_on_moving(
    person: &Owner,
    (may_look, app_roles): (bool, AppRoleAccess),
    id: &str,
    take_up: impl FnOnce(&mut RecycleRun, &dyn Fn(u32) -> bool),
    journal: &Journal,
) -> Result<TabWork, TabReport> {
    let stored = Arc::clone(own_recycle(person, id, journal)?);
    let mut run = recycling::run(&stored, may_look, app_roles);
    // Whom a later run has moved is that run's.
    let recycled = journal.recycled(person);
    let moved: BTreeSet<u32> =
        stored.header.guests.iter().filter(|guest| recycled.was_moved_since(&guest.id, &stored)).map(|guest| guest.row).collect();
    take_up(&mut run, &|row| !moved.contains(&row));
    Ok(TabWork::ToMove(Box::new(Moving { stored, run })))
}

/// The run with this id that moves guests, if it is this person's.
fn own_recycle<'a>(person: &Owner, id: &str, journal: &'a Journal) -> Result<&'a Arc<StoredRecycle>, TabReport> {
    let stored = journal.recycle(id).ok_or(TabReport::Gone)?;
    if !stored.owner.is_of_tenant(person) {
        return Err(TabReport::OtherTenant);
    }
    if !stored.owner.is(person) {
        return Err(TabReport::OtherPerson(stored.owner.username.clone()));
    }
    Ok(stored)
}

/// These rows, with how they end where they are left out.
pub(super) fn skipped(rows: &[(u32, Skip)]) -> impl Iterator<Item = (u32, Outcome)> {
    rows.iter().map(|(row, skip)| (*row, Outcome::Skipped(skip.clone())))
}

/// The run with this id, if this person carries it on.
fn own_run<'a>(person: &Owner, id: &str, journal: &'a Journal) -> Result<&'a Arc<Stored>, TabReport> {
    let stored = readable(id, journal)?;
    if !stored.owner.is_of_tenant(person) {
        return Err(TabReport::OtherTenant);
    }
    if !stored.carrier().is(person) {
        return Err(TabReport::OtherPerson(stored.carrier().username.clone()));
    }
    Ok(stored)
}

fn readable<'a>(id: &str, journal: &'a Journal) -> Result<&'a Arc<Stored>, TabReport> {
    if journal.unreadable.iter().any(|run| run.id == id) {
        return Err(TabReport::Unreadable(id.to_owned()));
    }
    journal.run(id).ok_or(TabReport::Gone)
}

pub(super) fn take_over(person: &Owner, id: String, writer: &Writer, journal: &Journal, now: Moment) -> Result<TabWork, TabReport> {
    let stored = readable(&id, journal)?;
    if !stored.owner.is_of_tenant(person) {
        return Err(TabReport::OtherTenant);
    }
    let transaction = journal::take_over(&id, person, writer, now);
    Ok(TabWork::ToCommit(transaction, TabCommit::TakeOver(id)))
}

pub(super) fn remove(person: &Owner, id: &str, journal: &Journal, now: Moment) -> Result<TabWork, TabReport> {
    let with_it: Vec<&str> = journal.recycles_of(id).iter().map(|run| run.header.id.as_str()).collect();
    let leaves_none = journal.len() == 1 + with_it.len();
    match journal.unreadable.iter().find(|run| run.id == id) {
        Some(unreadable) if !unreadable.owner.is_unknown() && !unreadable.owner.is(person) => {
            return Err(TabReport::OtherPerson(unreadable.owner.username.clone()));
        }
        Some(_) => {}
        None => _ = own_run(person, id, journal)?,
    }
    let mut transaction = journal.remove([id].into_iter().chain(with_it), leaves_none);
    transaction.changes.push(journal.keep_sent(person, id, now));
    Ok(TabWork::ToCommit(transaction, TabCommit::Report(Box::new(TabReport::Removed), RunIntent::Remove { run: id.to_owned() })))
}

pub(super) fn delete_all(person: &Owner, journal: &Journal, owned: &Records) -> TabWork {
    let runs = journal.runs.iter().filter(|run| run.carrier().is(person)).map(|run| run.header.id.as_str());
    let unreadable = journal.unreadable.iter().filter(|run| run.owner.is(person)).map(|run| run.id.as_str());
    // What somebody took over stays with what was done to its guests.
    let is_left = |run: &StoredRecycle| journal.origin(run).is_none_or(|origin| origin.carrier().is(person));
    let recycles = journal.recycles.iter().filter(|run| run.owner.is(person) && is_left(run)).map(|run| run.header.id.as_str());
    let ids: Vec<&str> = runs.chain(unreadable).chain(recycles).collect();
    let leaves_none = ids.len() == journal.len();
    let mut transaction = journal.remove(ids, leaves_none);
    transaction.changes.extend(drafts::delete(person, owned));
    transaction.changes.extend(allowance::forget(person));
    TabWork::ToCommit(transaction, TabCommit::Report(Box::new(TabReport::Deleted), RunIntent::DeleteAll))
}

/// Skips the rows of a plan for which there is a reason by now. What was skipped before stays so: more than what was
/// confirmed is never sent.
pub(super) fn leave_out(plan: &mut Plan, mut reason: impl FnMut(RowAction, &Address) -> Option<Skip>) {
    for row in &mut plan.rows {
        if let (PlanStep::Invite(_), Some(address)) = (&row.step, Address::from_record(&row.email))
            && let Some(skip) = reason(row.action, &address)
        {
            row.step = PlanStep::Skip(skip);
            row.action = RowAction::Skip;
        }
    }
}

/// Whoever gets a new link by intention is there already.
fn addresses_to_look_up(plan: &Plan) -> Vec<Address> {
    let invited = plan.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_)) && row.action != RowAction::Resend);
    invited.filter_map(|row| Address::from_record(&row.email)).collect()
}

pub(super) fn commit_beginning(person: &Owner, mut beginning: Beginning, revision: Revision) -> Result<TabWork, TabReport> {
    beginning.changes.left = beginning.header.plan.invitations();
    if beginning.changes.left == 0 {
        return Err(TabReport::NothingLeft(beginning.changes));
    }
    let mut transaction = Transaction { expects: Vec::new(), changes: journal::begin(person, &beginning.header) };
    // A draft that another tab has changed since stays as it is there.
    if beginning.draft.as_ref() == Some(&revision) {
        transaction.expects.push(drafts::unchanged(person, &revision));
        transaction.changes.extend(drafts::clear(person, &revision).0);
    }
    Ok(TabWork::ToCommit(transaction, TabCommit::Begin(Box::new(beginning))))
}
