//! Whom restoring can bring back: of a withdrawal as it is written down, or of some of its rows.

use crate::jobs::recycle_bin::journal::{RecycledGuests, StoredRecycle};
use crate::jobs::recycle_bin::{OwnGuest, RecycleEntry, RecycleEvent, RecycleOutcome};
use std::collections::{HashMap, HashSet};
use time::{Millis, Moment};

/// For so long Graph keeps who was deleted: <https://learn.microsoft.com/graph/api/directory-deleteditems-list>.
pub const KEPT: Millis = Millis::days(30);

/// Whom restoring would bring back, and why not the others, in the order of the withdrawal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestorePlan {
    pub guests: Vec<OwnGuest>,
    /// By [`crate::rows::Row::id`].
    pub others: Vec<(u32, NotRestorable)>,
}

/// Why a row is not among those that can be brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRestorable {
    /// The withdrawal deleted nobody here.
    NotDeleted,
    /// Nobody knows whether it did: trying that again tells.
    Unsure,
    /// 30 days have passed.
    TooLate,
    /// Brought back before.
    Restored,
}

/// Whom restoring can bring back of a withdrawal as it is stored, of these rows if only some are wanted. `recycled` tells whom an earlier
/// one brought back.
pub fn of(withdrawal: &StoredRecycle, recycled: &RecycledGuests<'_>, rows: Option<&[u32]>, now: Moment) -> RestorePlan {
    let RestorePlan { guests, mut others } = plan(&withdrawal.header.guests, &withdrawal.entries, rows, now);
    let (guests, back): (Vec<OwnGuest>, Vec<OwnGuest>) = guests.into_iter().partition(|guest| recycled.is_withdrawn(&guest.id));
    others.extend(back.into_iter().map(|guest| (guest.row, NotRestorable::Restored)));
    RestorePlan { guests, others }
}

/// Whom restoring can bring back of a withdrawal of these guests, with what is written down of it, of these rows if only some are wanted.
/// `now` by the computer's clock; Graph has the last word.
pub fn plan(guests: &[OwnGuest], entries: &[RecycleEntry], rows: Option<&[u32]>, now: Moment) -> RestorePlan {
    let wanted: Option<HashSet<u32>> = rows.map(|rows| rows.iter().copied().collect());
    let last: HashMap<u32, &RecycleEntry> = entries.iter().map(|entry| (entry.row, entry)).collect();
    let mut plan = RestorePlan::default();
    for guest in guests.iter().filter(|guest| wanted.as_ref().is_none_or(|wanted| wanted.contains(&guest.row))) {
        match last.get(&guest.row).map_or(Some(NotRestorable::NotDeleted), |entry| why_not(entry, now)) {
            None => plan.guests.push(guest.clone()),
            Some(why) => plan.others.push((guest.row, why)),
        }
    }
    plan
}

fn why_not(last: &RecycleEntry, now: Moment) -> Option<NotRestorable> {
    match &last.what {
        RecycleEvent::Accepted | RecycleEvent::Ended(RecycleOutcome::Withdrawn { .. }) => {
            (now - last.at >= KEPT).then_some(NotRestorable::TooLate)
        }
        RecycleEvent::Left
        | RecycleEvent::NotSeen
        | RecycleEvent::NotThere { in_doubt: true }
        | RecycleEvent::Ended(RecycleOutcome::Unsure) => Some(NotRestorable::Unsure),
        RecycleEvent::NotDone | RecycleEvent::NotThere { in_doubt: false } | RecycleEvent::Ended(_) => Some(NotRestorable::NotDeleted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::recycle_bin::every_ending;

    const NOW: Moment = Moment(1_795_344_203_000);

    fn guest(row: u32) -> OwnGuest {
        OwnGuest { row, email: format!("guest{row}@x.example"), id: format!("g{row}"), left: Moment(0) }
    }

    fn entry(row: u32, what: RecycleEvent, at: Moment) -> RecycleEntry {
        RecycleEntry { row, what, at, halted: None, never_left: false }
    }

    #[test]
    fn only_whom_the_withdrawal_deleted_can_be_brought_back_and_only_for_thirty_days() {
        let mut all: Vec<RecycleEvent> = every_ending().into_iter().map(RecycleEvent::Ended).collect();
        all.extend([RecycleEvent::Left, RecycleEvent::NotDone, RecycleEvent::NotSeen, RecycleEvent::Accepted]);
        all.extend([false, true].map(|in_doubt| RecycleEvent::NotThere { in_doubt }));
        for event in all {
            let told = |at: Moment| {
                let entries = [entry(1, RecycleEvent::Left, at), entry(1, event.clone(), at)];
                let plan = plan(&[guest(1)], &entries, None, NOW);
                (plan.guests.len(), plan.others.first().map(|(_, why)| *why))
            };
            use RecycleEvent::*;
            match &event {
                Accepted | Ended(RecycleOutcome::Withdrawn { .. }) => {
                    assert_eq!(told(NOW - KEPT), (0, Some(NotRestorable::TooLate)), "{event:?}");
                    assert_eq!(told(NOW - KEPT + Millis(1)), (1, None), "{event:?}");
                }
                Left | NotSeen | NotThere { in_doubt: true } | Ended(RecycleOutcome::Unsure) => {
                    assert_eq!(told(NOW), (0, Some(NotRestorable::Unsure)), "{event:?}");
                }
                _ => assert_eq!(told(NOW), (0, Some(NotRestorable::NotDeleted)), "{event:?}"),
            }
        }
    }

    #[test]
    fn a_selection_is_kept_to_and_whoever_never_left_was_not_deleted() {
        let guests = [guest(1), guest(2), guest(3)];
        let gone = RecycleEvent::Ended(RecycleOutcome::Withdrawn { seen: true });
        let entries = [entry(1, gone.clone(), NOW), entry(3, gone, NOW)];
        let rows = |plan: &RestorePlan| plan.guests.iter().map(|guest| guest.row).collect::<Vec<_>>();
        let all = plan(&guests, &entries, None, NOW);
        assert_eq!((rows(&all), all.others), (vec![1, 3], vec![(2, NotRestorable::NotDeleted)]));
        let some = plan(&guests, &entries, Some(&[3, 9]), NOW);
        assert_eq!((rows(&some), some.others), (vec![3], vec![]));
    }
}
