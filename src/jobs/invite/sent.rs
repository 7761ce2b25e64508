//! What a run's journal tells of requests for invitations that left, for the day's allowance. Each counts that may have left, whatever came
//! of it: whether Microsoft counts what it was too busy for is not known.

use super::journal::{Entry, RowEvent, Stored};
use crate::jobs::invite::allowance::{DAY, Sent};
use crate::jobs::invite::outcome::Outcome;
use std::collections::{BTreeSet, HashMap};
use time::Moment;

impl Stored {
    /// When its invitations left, or may have; nothing where all of that is longer ago than a day.
    pub fn sent(&self, now: Moment) -> Sent {
        if self.entries.iter().all(|entry| entry.at + DAY <= now) {
            return Sent::default();
        }
        let times = self.times(now);
        let mut at: Vec<Option<Moment>> = Vec::new();
        let mut guests = BTreeSet::new();
        // The last entry of each row, and which of `at` it is.
        let mut last: HashMap<u32, (&RowEvent, Option<usize>)> = HashMap::new();
        for (entry, time) in self.entries.iter().zip(times) {
            let before = last.get(&entry.row).copied();
            let mut place = None;
            guests.extend(guest(&entry.what).map(str::to_owned));
            match (&entry.what, before) {
                // Before it is tried again it is looked for: nothing leaves.
                (RowEvent::Left, Some((RowEvent::Ended(Outcome::Unsure | Outcome::NotFound { .. }), _))) => {}
                (RowEvent::Left, _) => {
                    place = Some(at.len());
                    at.push(Some(time));
                }
                (_, Some((RowEvent::Left, Some(left)))) if has_stayed(entry) => at[left] = None,
                _ => {}
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

/// Whether this, right after a row was to leave, says that it has not: it never left this machine, or the run ended before it did.
const fn has_stayed(entry: &Entry) -> bool {
    entry.never_left || matches!(entry.what, RowEvent::Ended(Outcome::NotSent(_)))
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
    use crate::jobs::invite::plan::{Planned, RowAction};

    const NOW: Moment = Moment(1_795_344_203_000);

    /// A run of three rows, the third of which is sent again by intention, with these entries: row, minutes from now, what.
    fn stored(entries: &[(u32, i64, RowEvent)]) -> Stored {
        let planned = |row: u32| Planned { action: if row == 3 { RowAction::Resend } else { RowAction::Invite }, ..planned(row) };
        let header = header(NOW, (1..=3).map(planned).collect());
        let at = |minutes: i64| NOW + time::Millis::minutes(minutes);
        let entry = |(row, minutes, what): &(u32, i64, RowEvent)| Entry {
            row: *row,
            what: what.clone(),
            at: at(*minutes),
            halted: None,
            never_left: false,
        };
        Stored::new(header, entries.iter().map(entry).collect())
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
        // Throttled, and sent again: Microsoft may count both.
        check(&[(1, -9, Left), (1, -8, NotDone), (1, -5, Left), (1, -4, NotDone)], &[-9, -5]);
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
        let throttled = refusal(429, "TooManyRequests");
        // Of a new guest, and of one who gets another mail by intention.
        for (row, answers, expected) in [
            (1, vec![offline()], 0),
            (1, vec![Err(Unreached::NoToken)], 0),
            (1, vec![busy.clone(), offline(), lost()], 2),
            (1, vec![throttled.clone(), refusal(401, "InvalidAuthenticationToken"), throttled], 3),
            (1, vec![lost(), offline()], 1),
            (1, vec![broken.clone(), busy.clone()], 2),
            (1, vec![lost(), offline(), lost()], 2),
            (3, vec![offline()], 0),
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
                    Action::SignIn(_) if left.len() > 0 => run.signed_in(),
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
        use RowEvent::{Ended, Left, LinkWanted, NotDone, NotSeen};
        let has_stayed = |what: &RowEvent, never_left: bool| {
            let mut stored = stored(&[(1, -9, Left), (1, -8, what.clone())]);
            stored.entries[1].never_left = never_left;
            stored.sent(NOW).at.is_empty()
        };
        for put_back in [NotDone, NotSeen, LinkWanted { guest: "g".into(), seen: true }] {
            assert!(has_stayed(&put_back, true) && !has_stayed(&put_back, false), "{put_back:?}");
        }
        assert!(has_stayed(&Ended(Outcome::NotSent(NotSent::Stopped)), false) && !has_stayed(&Ended(Outcome::Unsure), false));
    }

    #[test]
    fn whoever_was_made_is_known_as_ones_own_by_whichever_entry_names_them() {
        let known = |what: RowEvent| stored(&[(1, -9, RowEvent::Left), (1, -8, what)]).sent(NOW).guests.into_iter().collect::<Vec<_>>();
        let guest = || "g".to_owned();
        for what in [
            RowEvent::Created { guest: guest(), redeem: None },
            RowEvent::LinkWanted { guest: guest(), seen: true },
            RowEvent::LetterDue { guest: guest(), redeem: None, seen: false },
            RowEvent::LetterLeft { guest: guest(), redeem: None, seen: false },
            RowEvent::Ended(Outcome::Invited { guest: guest(), redeem: None, seen: true }),
            RowEvent::Ended(Outcome::NotFound { guest: guest(), redeem: None }),
        ] {
            assert_eq!(known(what.clone()), ["g"], "{what:?}");
        }
        for what in [RowEvent::NotDone, RowEvent::NotSeen, RowEvent::Ended(Outcome::Unsure)] {
            assert_eq!(known(what.clone()), [""; 0], "{what:?}");
        }
    }
}
