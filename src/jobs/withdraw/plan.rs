//! Whom a withdrawal can take back: of a run as it is stored, or of some of its rows.
//!
//! Only a guest whose own 201 is written down counts. The journal tells it by [`RowEvent::Created`] with a redeem link: that is written when
//! Graph has answered an invitation, and for nothing else. It does not count where somebody who was there already was asked for: by the
//! plan (*Resend*), or after a look had found them and only their link was asked for once more ([`RowEvent::LinkWanted`]). Whom a look found
//! after a lost answer has no such entry. What entries of earlier versions do not tell does not count either.
//!
//! Graph answers 201 also for somebody who was there and had not accepted. When the row left goes along ([`OwnGuest::left`]), so that the look
//! before a deletion can tell them apart.

use crate::jobs::invite::journal::{RowEvent, Stored};
use crate::jobs::invite::outcome::Outcome;
use crate::jobs::invite::plan::{PlanStep, RowAction};
use crate::jobs::recycle_bin::OwnGuest;
use std::collections::{HashMap, HashSet};
use time::Moment;

/// A withdrawal of more guests than this is confirmed by typing.
pub const UNTYPED_MOST: usize = 25;

/// Whom a withdrawal would take back, and why not the others, in the order of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WithdrawPlan {
    pub guests: Vec<OwnGuest>,
    /// By [`crate::rows::Row::id`].
    pub others: Vec<(u32, NotOwn)>,
}

/// Why a row is not among those that can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOwn {
    /// Not invited by this run: left out.
    Skipped,
    /// Not invited by this run: Microsoft refused.
    Refused,
    /// Not invited by this run: nothing has left that may have arrived.
    NotSent,
    /// Invited again, and not made by this run.
    Resent,
    /// Found by a look, so that nobody knows who made them.
    Found,
    /// Nobody knows whether they were invited, or once more.
    Unsure,
    /// Taken back before.
    Withdrawn,
}

impl WithdrawPlan {
    /// Whether somebody has to type what they are about to do.
    pub const fn needs_typing(&self) -> bool {
        self.guests.len() > UNTYPED_MOST
    }
}

/// What the journal tells of a row.
#[derive(Default)]
struct JournalledRow<'a> {
    /// When it left first, since when it has not come to nothing for certain.
    left: Option<Moment>,
    /// Whom Graph made for it, by its own answer, and when it had left.
    own: Option<(&'a str, Moment)>,
    /// A look had found somebody, whose link was asked for once more.
    was_found: bool,
    last: Option<&'a RowEvent>,
}

/// Whom a withdrawal of this run can take back, of these rows if only some are wanted. `is_withdrawn`: whether an earlier one took back the
/// guest with this object id.
pub fn plan(run: &Stored, rows: Option<&[u32]>, is_withdrawn: &dyn Fn(&str) -> bool) -> WithdrawPlan {
    let wanted: Option<HashSet<u32>> = rows.map(|rows| rows.iter().copied().collect());
    let mut told: HashMap<u32, JournalledRow> = HashMap::new();
    for entry in &run.entries {
        let row = told.entry(entry.row).or_default();
        match &entry.what {
            RowEvent::Left => _ = row.left.get_or_insert(entry.at),
            RowEvent::NotDone if row.own.is_none() => row.left = None,
            RowEvent::LinkWanted { .. } => row.was_found = true,
            RowEvent::Created { guest, redeem: Some(_) } if !row.was_found && !guest.is_empty() => {
                row.own = Some((guest, *row.left.get_or_insert(entry.at)));
            }
            _ => {}
        }
        row.last = Some(&entry.what);
    }
    let mut plan = WithdrawPlan::default();
    for planned in run.header.plan.rows.iter().filter(|planned| wanted.as_ref().is_none_or(|wanted| wanted.contains(&planned.row))) {
        let row = told.remove(&planned.row).unwrap_or_default();
        let invites = matches!(planned.step, PlanStep::Invite(_));
        match own_of(invites, planned.action, &row) {
            Ok((id, _)) if is_withdrawn(id) => plan.others.push((planned.row, NotOwn::Withdrawn)),
            Ok((id, left)) => plan.guests.push(OwnGuest { row: planned.row, email: planned.email.clone(), id: id.into(), left }),
            Err(why) => plan.others.push((planned.row, why)),
        }
    }
    plan
}

/// Whom this row made, for certain as far as the journal tells, and when it had left.
fn own_of<'a>(invites: bool, action: RowAction, row: &JournalledRow<'a>) -> Result<(&'a str, Moment), NotOwn> {
    let last = match row.last {
        _ if !invites => return Err(NotOwn::Skipped),
        Some(last) => last,
        None => return Err(NotOwn::NotSent),
    };
    if action == RowAction::Resend && last.is_or_may_be_invited() {
        return Err(NotOwn::Resent);
    }
    let guest = match last {
        RowEvent::LinkWanted { guest, .. }
        | RowEvent::Created { guest, .. }
        | RowEvent::LetterDue { guest, .. }
        | RowEvent::LetterLeft { guest, .. }
        | RowEvent::Ended(Outcome::Invited { guest, .. } | Outcome::NotFound { guest, .. } | Outcome::NoLetter { guest, .. }) => guest,
        RowEvent::Left | RowEvent::NotSeen | RowEvent::Ended(Outcome::Unsure) => return Err(NotOwn::Unsure),
        // Whoever was made before stays made, whatever became of asking once more.
        RowEvent::NotDone | RowEvent::Ended(Outcome::NotSent(_) | Outcome::Refused(_)) if row.own.is_some() => return Err(NotOwn::Unsure),
        RowEvent::NotDone | RowEvent::Ended(Outcome::NotSent(_)) => return Err(NotOwn::NotSent),
        RowEvent::Ended(Outcome::Refused(_)) => return Err(NotOwn::Refused),
        RowEvent::Ended(Outcome::Skipped(_)) => return Err(NotOwn::Skipped),
    };
    row.own.filter(|(own, _)| own == guest).ok_or(NotOwn::Found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::journal::NotSent;
    use crate::bulk::unanswered;
    use crate::jobs::invite::examples::{header, planned};
    use crate::jobs::invite::journal::Entry;
    use crate::jobs::invite::outcome::NoLetter;
    use crate::jobs::invite::plan::{Planned, Skip};
    use graph::invitations::RedeemUrl;

    fn run(planned: Planned, events: &[RowEvent]) -> Stored {
        let entry = |what: &RowEvent| Entry { row: planned.row, what: what.clone(), at: Moment(1), halted: None, never_left: false };
        let entries = events.iter().map(entry).collect();
        Stored::new(header(Moment(0), vec![planned]), entries)
    }

    /// What becomes of the only row of a run: nothing where it can be taken back.
    fn told(action: RowAction, events: &[RowEvent]) -> Option<NotOwn> {
        let plan = plan(&run(Planned { action, ..planned(1) }, events), None, &|_| false);
        assert_eq!(plan.guests.len() + plan.others.len(), 1);
        let own = OwnGuest { row: 1, email: "guest1@fabrikam.example".into(), id: "g".into(), left: Moment(1) };
        assert!(plan.guests.iter().all(|guest| *guest == own));
        plan.others.first().map(|(_, why)| *why)
    }

    fn link() -> Option<RedeemUrl> {
        Some(RedeemUrl::new("link".into()))
    }

    fn created(guest: &str) -> RowEvent {
        RowEvent::Created { guest: guest.into(), redeem: link() }
    }

    /// Every event, with whom it names.
    fn every_event(guest: &str) -> Vec<(RowEvent, bool)> {
        let id = || guest.to_owned();
        let mut all = vec![
            (RowEvent::Left, false),
            (RowEvent::NotDone, false),
            (RowEvent::NotSeen, false),
            (RowEvent::LinkWanted { guest: id(), seen: true }, true),
            (RowEvent::Ended(Outcome::Refused(unanswered())), false),
            (RowEvent::Ended(Outcome::Unsure), false),
            (RowEvent::Ended(Outcome::NotSent(NotSent::Stopped)), false),
            (RowEvent::Ended(Outcome::NotSent(NotSent::Halted)), false),
            (RowEvent::Ended(Outcome::Skipped(Skip::Chosen)), false),
        ];
        for redeem in [None, link()] {
            all.push((RowEvent::Created { guest: id(), redeem: redeem.clone() }, true));
            for seen in [false, true] {
                let redeem = || redeem.clone();
                all.push((RowEvent::LetterDue { guest: id(), redeem: redeem(), seen }, true));
                all.push((RowEvent::LetterLeft { guest: id(), redeem: redeem(), seen }, true));
                all.push((RowEvent::Ended(Outcome::Invited { guest: id(), redeem: redeem(), seen }), true));
                all.push((RowEvent::Ended(Outcome::NotFound { guest: id(), redeem: redeem() }), true));
                let why = [NoLetter::Refused(unanswered()), NoLetter::Unsure, NoLetter::NotSent(NotSent::Stopped), NoLetter::NoLink];
                all.extend(why.map(|why| (RowEvent::Ended(Outcome::NoLetter { guest: id(), redeem: redeem(), seen, why }), true)));
            }
        }
        all
    }

    #[test]
    fn whoever_graph_made_for_a_row_can_be_taken_back_whatever_came_after_that_names_them() {
        for action in [RowAction::Invite, RowAction::OnlyAdd] {
            for (event, names) in every_event("g") {
                let expected = match &event {
                    _ if names => None,
                    RowEvent::Ended(Outcome::Skipped(_)) => Some(NotOwn::Skipped),
                    _ => Some(NotOwn::Unsure),
                };
                assert_eq!(told(action, &[RowEvent::Left, created("g"), event.clone()]), expected, "{event:?}");
            }
        }
    }

    #[test]
    fn without_an_answer_of_graphs_own_nobody_counts_as_made() {
        for (event, names) in every_event("g") {
            let expected = match &event {
                RowEvent::Created { redeem: Some(_), .. } => None,
                _ if names => Some(NotOwn::Found),
                RowEvent::NotDone | RowEvent::Ended(Outcome::NotSent(_)) => Some(NotOwn::NotSent),
                RowEvent::Ended(Outcome::Refused(_)) => Some(NotOwn::Refused),
                RowEvent::Ended(Outcome::Skipped(_)) => Some(NotOwn::Skipped),
                _ => Some(NotOwn::Unsure),
            };
            assert_eq!(told(RowAction::Invite, &[RowEvent::Left, event.clone()]), expected, "{event:?}");
        }
        assert_eq!(told(RowAction::Invite, &[]), Some(NotOwn::NotSent));
    }

    #[test]
    fn who_was_found_by_a_look_does_not_become_ones_own_by_asking_for_the_link() {
        let wanted = RowEvent::LinkWanted { guest: "g".into(), seen: true };
        let ended = RowEvent::Ended(Outcome::Invited { guest: "g".into(), redeem: link(), seen: true });
        for (event, names) in every_event("g").into_iter().chain([(ended, true)]) {
            let events = [RowEvent::Left, wanted.clone(), RowEvent::Left, created("g"), event.clone()];
            assert_eq!(told(RowAction::Invite, &events) == Some(NotOwn::Found), names, "{event:?}");
            assert_ne!(told(RowAction::Invite, &events), None, "{event:?}");
        }
    }

    #[test]
    fn who_is_invited_again_was_not_made_here() {
        for (event, _) in every_event("g") {
            let told = told(RowAction::Resend, &[RowEvent::Left, created("g"), event.clone()]);
            assert!(told.is_some() && (told == Some(NotOwn::Resent)) == event.is_or_may_be_invited(), "{event:?} {told:?}");
        }
    }

    #[test]
    fn another_guest_than_whom_graph_named_is_nobodys() {
        for (event, names) in every_event("another") {
            let expected = matches!(event, RowEvent::Created { redeem: Some(_), .. });
            if names && !expected {
                assert_eq!(told(RowAction::Invite, &[RowEvent::Left, created("g"), event.clone()]), Some(NotOwn::Found), "{event:?}");
            }
        }
        // Never seen, sent once more, and made then.
        let events = [RowEvent::Left, created("first"), RowEvent::Left, RowEvent::NotSeen, RowEvent::Left, created("g")];
        assert_eq!(told(RowAction::Invite, &events), None);
        // Never seen, looked for again, and found by that: the same as was made.
        let seen = |guest: &str| RowEvent::Ended(Outcome::Invited { guest: guest.into(), redeem: None, seen: true });
        let missed = || RowEvent::Ended(Outcome::NotFound { guest: "g".into(), redeem: link() });
        assert_eq!(told(RowAction::Invite, &[RowEvent::Left, created("g"), missed(), RowEvent::Left, seen("g")]), None);
        assert_eq!(told(RowAction::Invite, &[RowEvent::Left, created("g"), missed(), RowEvent::Left, seen("h")]), Some(NotOwn::Found));
        assert_eq!(told(RowAction::Invite, &[RowEvent::Created { guest: String::new(), redeem: link() }]), Some(NotOwn::Found));
    }

    #[test]
    fn whoever_the_plan_skips_or_an_earlier_withdrawal_took_back_is_left_out_and_a_selection_is_kept_to() {
        let skipped = Planned { step: PlanStep::Skip(Skip::Chosen), ..planned(1) };
        let mut stored = run(skipped, &[]);
        stored.header.plan.rows.extend([2, 3, 4].map(planned));
        let made = |row: u32, guest: &str| Entry { row, what: created(guest), at: Moment(1), halted: None, never_left: false };
        stored.entries = vec![made(2, "two"), made(4, "four"), made(3, "three"), made(9, "nobody")];
        let all = plan(&stored, None, &|id| id == "three");
        let rows = |plan: &WithdrawPlan| plan.guests.iter().map(|guest| guest.row).collect::<Vec<_>>();
        assert_eq!((rows(&all), all.others), (vec![2, 4], vec![(1, NotOwn::Skipped), (3, NotOwn::Withdrawn)]));
        let some = plan(&stored, Some(&[4, 1, 9]), &|_| false);
        assert_eq!((rows(&some), some.others), (vec![4], vec![(1, NotOwn::Skipped)]));
    }

    #[test]
    fn a_guest_is_as_old_as_when_their_row_left_first_unless_that_came_to_nothing() {
        let check = |events: &[RowEvent], expected: i64| {
            let mut stored = run(planned(1), events);
            stored.entries.iter_mut().zip(1..).for_each(|(entry, at)| entry.at = Moment(at));
            let guests = plan(&stored, None, &|_| false).guests;
            assert_eq!(guests.iter().map(|guest| guest.left).collect::<Vec<_>>(), [Moment(expected)], "{events:?}");
        };
        let (left, not_done, not_seen) = (|| RowEvent::Left, || RowEvent::NotDone, || RowEvent::NotSeen);
        check(&[left(), created("g")], 1);
        check(&[created("g")], 1);
        check(&[left(), not_seen(), left(), created("g")], 1);
        check(&[left(), not_done(), left(), created("g")], 3);
        check(&[left(), not_done(), created("g")], 3);
        check(&[left(), created("g"), left(), not_done(), left(), created("g")], 1);
    }

    #[test]
    fn more_than_twenty_five_are_confirmed_by_typing() {
        let guest = |row: u32| OwnGuest { row, email: String::new(), id: String::new(), left: Moment(0) };
        let needs = |guests: u32| WithdrawPlan { guests: (0..guests).map(guest).collect(), others: Vec::new() }.needs_typing();
        assert_eq!([0, 25, 26].map(needs), [false, false, true]);
    }
}
