//! Journals of versions that wrote no reason down why a run had halted: the rows tell.

use crate::job::{WithdrawEvent, WithdrawStep, Withdrawal};
use crate::run_status_of;
use graph::{Headers, Problem, Reply};
use guestlist::bulk::journal::{JournalEntry, NotSent};
use guestlist::bulk::{HaltReason, RunStatus};
use guestlist::refused::Refused;
use serde_json::json;
use time::Moment;

fn refused(status: u16, code: &str) -> Refused {
    let body = json!({"error": {"code": code, "message": ""}}).to_string();
    Problem::from_reply(&Reply { status, headers: Headers::default(), body }).into()
}

fn entry(row: u32, what: WithdrawEvent) -> JournalEntry<WithdrawEvent> {
    JournalEntry { row, what, at: Moment(i64::from(row)), halted: None, never_left: false }
}

fn ended(row: u32, outcome: &Withdrawal) -> JournalEntry<WithdrawEvent> {
    entry(row, WithdrawEvent::Ended(outcome.clone()))
}

/// The status of a run whose first row was refused, and whose others ended so.
fn status(refused: &Refused, others: &Withdrawal) -> RunStatus {
    let mut journal = vec![ended(1, &Withdrawal::Refused(refused.clone()))];
    journal.extend((2..=4).map(|row| ended(row, others)));
    run_status_of(&journal)
}

#[test]
fn others_that_were_left_off_tell_that_a_refusal_nobody_can_explain_held_for_all() {
    let left = Withdrawal::NotDone(NotSent::Halted);
    let odd = refused(403, "Odd");
    let kept = |name| Refused { written_as: Some(name), ..refused(404, "Request_ResourceNotFound") };
    for unexplained in [odd.clone(), refused(400, "Odd"), kept("Unknown"), kept("Forbidden")] {
        assert_eq!(status(&unexplained, &left), RunStatus::Halted(HaltReason::Refused(unexplained.clone())));
    }
    // What holds for all is told by itself.
    let denied = refused(403, "Authorization_RequestDenied");
    assert_eq!(status(&denied, &Withdrawal::Deleted), RunStatus::Halted(HaltReason::Refused(denied)));
    assert_eq!(status(&odd, &Withdrawal::Deleted), RunStatus::Finished, "nobody was left off for it");
    assert_eq!(status(&odd, &Withdrawal::NotDone(NotSent::Stopped)), RunStatus::Stopped, "a person wanted no more");
}

#[test]
fn a_refusal_that_is_one_rows_own_or_leaves_in_doubt_was_not_why_the_others_were_left_off() {
    let left = Withdrawal::NotDone(NotSent::Halted);
    let known = Refused { written_as: Some("OwnDomain"), ..refused(400, "Odd") };
    for other in [refused(404, "Request_ResourceNotFound"), known, refused(500, "Odd"), refused(400, "")] {
        assert_eq!(status(&other, &left), RunStatus::Stopped, "{other:?}");
    }
}

#[test]
fn what_became_of_others_that_were_on_their_way_leaves_a_run_halted_until_somebody_takes_up_what_had_ended() {
    let denied = refused(403, "Authorization_RequestDenied");
    let mut journal = vec![ended(1, &Withdrawal::Refused(denied.clone())), ended(2, &Withdrawal::NotDone(NotSent::Halted))];
    for row in [3, 4] {
        journal.extend([entry(row, WithdrawEvent::Leaves), ended(row, &Withdrawal::Deleted)]);
    }
    assert_eq!(run_status_of(&journal), RunStatus::Halted(HaltReason::Refused(denied)));
    for row in [1, 2] {
        journal.extend([entry(row, WithdrawEvent::NotDone(WithdrawStep::Block)), ended(row, &Withdrawal::Deleted)]);
    }
    assert_eq!(run_status_of(&journal), RunStatus::Finished);
}
