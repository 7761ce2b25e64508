//! What a run's journal tells of invitations that left, for the day's allowance: whatever may have left counts.

use super::journal::{RowEvent, Stored};
use crate::jobs::invite::allowance::{DAY, Sent};
use crate::jobs::invite::outcome::Outcome;
use crate::jobs::invite::plan::RowAction;
use std::collections::{BTreeSet, HashMap};
use time::Moment;

impl Stored {
    /// When its invitations left, or may have; nothing where all of that is longer ago than a day.
    pub fn sent(&self, now: Moment) -> Sent {
        if self.entries.iter().all(|entry| entry.at + DAY <= now) {
            return Sent::default();
        }
        let asked_again: BTreeSet<u32> =
            self.header.plan.rows.iter().filter(|row| row.action == RowAction::Resend).map(|row| row.row).collect();
        let times = self.times(now);
        let mut at: Vec<Option<Moment>> = Vec::new();
        let mut guests = BTreeSet::new();
        // The last entry of each row, and which of `at` it is.
        let mut last: HashMap<u32, (&RowEvent, Option<usize>)> = HashMap::new();
        for (entry, time) in self.entries.iter().zip(times) {
            let before = last.get(&entry.row).copied();
            let mut place = None;
            match (&entry.what, before) {
                // Before it is tried again it is looked for: nothing leaves.
                (RowEvent::Left, Some((RowEvent::Ended(Outcome::Unsure | Outcome::NotFound { .. }), _))) => {}
                (RowEvent::Left, _) => {
                    place = Some(at.len());
                    at.push(Some(time));
                }
                (what, Some((RowEvent::Left, Some(left)))) if what.undoes_leaving(asked_again.contains(&entry.row)) => at[left] = None,
                (what, _) => guests.extend(guest(what).map(str::to_owned)),
            }
            last.insert(entry.row, (&entry.what, place));
        }
        Sent { at: at.into_iter().flatten().collect(), guests }
    }

    /// When each entry was written, as far as clocks can be believed: no earlier than one before it, and if its time lies ahead, no later
    /// than the next one whose time does not.
    fn times(&self, now: Moment) -> Vec<Moment> {
        let mut latest = Moment(i64::MIN);
        let mut times: Vec<Moment> = Vec::with_capacity(self.entries.len());
        for entry in self.entries.iter() {
            if entry.at <= now {
                latest = latest.max(entry.at);
            }
            times.push(if entry.at <= now { latest } else { entry.at });
        }
        let mut next = now;
        for time in times.iter_mut().rev() {
            if *time > now {
                *time = next;
            } else {
                next = *time;
            }
        }
        times
    }
}

impl RowEvent {
    /// Whether this, right after a row left, says for certain that nothing of that was done: it never left this machine, or met a service
    /// that was too busy. A guest who is there already (`is_known`) is asked for anew also after an answer was lost, and written down as
    /// not done, though it may be. So is a row that may have been sent before ([`Self::NotSeen`]).
    pub(super) const fn undoes_leaving(&self, is_known: bool) -> bool {
        match self {
            Self::NotDone => !is_known,
            Self::Ended(Outcome::NotSent(_)) => true,
            _ => false,
        }
    }
}

/// Who was made.
fn guest(what: &RowEvent) -> Option<&str> {
    match what {
        RowEvent::Created { guest, .. }
        | RowEvent::LinkWanted { guest, .. }
        | RowEvent::LetterDue { guest, .. }
        | RowEvent::LetterLeft { guest, .. } => Some(guest),
        RowEvent::Ended(outcome) => outcome.guest().map(String::as_str),
        RowEvent::Left | RowEvent::NotDone | RowEvent::NotSeen => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::invite::examples::{header, planned};
    use crate::jobs::invite::journal::Entry;
    use crate::jobs::invite::outcome::NotSent;
    use crate::jobs::invite::plan::Planned;

    const NOW: Moment = Moment(1_795_344_203_000);

    /// A run of three rows, the third of which is sent again by intention, with these entries: row, minutes from now, what.
    fn stored(entries: &[(u32, i64, RowEvent)]) -> Stored {
        let planned = |row: u32| Planned { action: if row == 3 { RowAction::Resend } else { RowAction::Invite }, ..planned(row) };
        let header = header(NOW, (1..=3).map(planned).collect());
        let at = |minutes: i64| NOW + time::Millis::minutes(minutes);
        Stored::new(
            header,
            entries.iter().map(|(row, minutes, what)| Entry { row: *row, what: what.clone(), at: at(*minutes), halted: None }).collect(),
        )
    }

    #[test]
    fn what_may_have_left_counts_and_what_certainly_has_not_does_not() {
        use RowEvent::{Ended, Left, LinkWanted, NotDone, NotSeen};
        let created = || RowEvent::Created { guest: "g".into(), redeem: None };
        let check = |entries: &[(u32, i64, RowEvent)], minutes: &[i64]| {
            let sent = stored(entries).sent(NOW);
            let told: Vec<i64> = sent.at.iter().map(|at| (*at - NOW).0 / 60_000).collect();
            assert_eq!(told, minutes, "{entries:?}");
            assert_eq!(sent.guests.len(), usize::from(!minutes.is_empty() && entries.iter().any(|(.., what)| guest(what).is_some())));
        };
        check(&[], &[]);
        check(&[(1, -9, Left)], &[-9]);
        check(&[(1, -9, Left), (1, -8, created()), (2, -7, Left), (2, -6, Ended(Outcome::Unsure))], &[-9, -7]);
        // Throttled, or never out of this machine.
        check(&[(1, -9, Left), (1, -8, NotDone), (1, -5, Left), (1, -4, NotDone)], &[]);
        check(&[(1, -9, Left), (1, -8, Ended(Outcome::NotSent(NotSent::Stopped)))], &[]);
        // Refused: Microsoft may count it. Tried again, it leaves once more.
        let refused = graph::Problem::from_reply(&graph::Reply { status: 400, headers: Default::default(), body: String::new() });
        check(&[(1, -9, Left), (1, -8, Ended(Outcome::Refused(refused.into()))), (1, -5, NotDone), (1, -5, Left)], &[-9, -5]);
        // Lost, not seen, sent once more.
        check(&[(1, -9, Left), (1, -6, NotSeen), (1, -5, Left), (1, -4, NotSeen)], &[-9, -5]);
        // What is looked for before it is tried again does not leave.
        check(&[(1, -900, Left), (1, -890, Ended(Outcome::Unsure)), (1, -5, Left)], &[-900]);
        // A link that got lost with an answer is asked for once more.
        check(&[(3, -9, Left), (3, -8, NotDone), (3, -8, Left)], &[-9, -8]);
        check(&[(1, -9, Left), (1, -8, LinkWanted { guest: "g".into(), seen: true }), (1, -7, Left)], &[-9, -7]);
        // Longer ago than a day.
        check(&[(1, -1450, Left), (1, -1450, created())], &[]);
    }

    /// A run counts what it sends by the same rule as whoever reads its journal afterwards.
    #[test]
    fn a_run_and_its_journal_count_alike() {
        use crate::bulk::Ramp;
        use crate::jobs::invite::Run;
        use crate::jobs::invite::allowance::{Allowance, Terms};
        use crate::protocol::{Action, StateMachine};
        use graph::{Reply, Unreached};
        let refusal = |status: u16, code: &str| {
            let body = format!(r#"{{"error":{{"code":"{code}","message":""}}}}"#);
            Ok(Reply { status, headers: Default::default(), body })
        };
        let nobody = || {
            let body = r#"{"responses":[{"id":"0","status":200,"body":{"value":[]}}]}"#.to_owned();
            Ok(Reply { status: 200, headers: Default::default(), body })
        };
        let (lost, offline) = (|| Err(Unreached::Lost), || Err(Unreached::Offline));
        let (busy, broken) = (refusal(503, "ServiceUnavailable"), refusal(500, "Broken"));
        // Of a new guest, and of one who gets another mail by intention.
        for (row, answers, expected) in [
            (1, vec![offline()], 0),
            (1, vec![busy.clone(), offline(), lost()], 1),
            (1, vec![lost(), offline()], 2),
            (1, vec![broken.clone(), busy.clone()], 2),
            (1, vec![lost(), offline(), lost()], 3),
            (3, vec![offline()], 1),
            (3, vec![busy.clone(), lost()], 2),
        ] {
            let mut begun = stored(&[]);
            begun.header.plan.rows.retain(|planned| planned.row == row);
            let mut run = Run::new(&begun.header.plan, Ramp::Careful, true, NOW);
            run.allow(Allowance::new(Terms::default(), Sent::default()));
            let (mut now, mut left) = (NOW, answers.clone().into_iter());
            for _ in 0..1000 {
                match run.next(now) {
                    Action::Record(entries) => {
                        begun.entries.extend(entries);
                        run.recorded();
                    }
                    Action::Send(ticket, request) => {
                        let answer = if request.body.as_deref().is_some_and(|body| body.contains("/invitations")) {
                            let Some(answer) = left.next() else { break };
                            answer
                        } else {
                            nobody()
                        };
                        run.heard(ticket, &answer, now);
                    }
                    Action::WaitUntil(then) => now = then,
                    _ => break,
                }
                if left.len() == 0 && run.is_settled() {
                    let counted = run.allowance_used(now).unwrap();
                    assert_eq!((counted, begun.sent(now).at.len()), (expected, expected), "row {row}: {answers:?}");
                    break;
                }
            }
        }
    }

    #[test]
    fn a_clock_that_was_wrong_makes_nothing_older() {
        let times = |minutes: &[i64]| {
            let entries: Vec<(u32, i64, RowEvent)> = minutes.iter().map(|at| (1, *at, RowEvent::Left)).collect();
            stored(&entries).times(NOW).iter().map(|at| (*at - NOW).0 / 60_000).collect::<Vec<_>>()
        };
        assert_eq!(times(&[-30, -20, -10]), [-30, -20, -10]);
        assert_eq!(times(&[-30, -3000, -10]), [-30, -30, -10], "set back");
        assert_eq!(times(&[-30, 5000, -10, 6000]), [-30, -10, -10, 0], "set ahead");
    }

    #[test]
    fn only_what_certainly_never_left_gives_its_place_in_the_day_back() {
        for is_known in [false, true] {
            assert_eq!(RowEvent::NotDone.undoes_leaving(is_known), !is_known);
            assert!(RowEvent::Ended(Outcome::NotSent(NotSent::Stopped)).undoes_leaving(is_known));
            for may_have_left in [RowEvent::Left, RowEvent::NotSeen, RowEvent::Ended(Outcome::Unsure)] {
                assert!(!may_have_left.undoes_leaving(is_known), "{may_have_left:?}");
            }
        }
    }
}
