//! How often and how slowly something is asked again, until that is enough.

use crate::job::{WithdrawEvent, Withdrawal};
use crate::{Fate, GuestDirectory, batches, drive, ended, run};
use guestlist::bulk::Ramp;
use guestlist::bulk::journal::{JournalEntry, NotSent};
use guestlist::protocol::{Action, StateMachine};
use time::{Millis, Moment};

/// How a guest ends who meets this at each request of this method; how often that was asked, and how long it took.
fn meeting(method: &'static str, fates: &[Fate]) -> (Withdrawal, usize, Millis) {
    let mut directory = GuestDirectory::with(1);
    if method == "GET" {
        directory.meets("DELETE", "g1", &[Fate::Lost]);
    }
    directory.meets(method, "g1", fates);
    let begun = directory.now;
    let mut run = run(1, Ramp::Careful, &Vec::new());
    drive(&mut run, &mut directory, &mut Vec::new(), usize::MAX);
    let asked = directory.asked.iter().filter(|asked| asked.starts_with(method)).count();
    (ended(&run).remove(0), asked, directory.now - begun)
}

#[test]
fn whoever_is_asked_to_wait_again_and_again_is_refused_after_eight_times() {
    for method in ["PATCH", "DELETE"] {
        for (status, code) in [(429, "TooManyRequests"), (503, "ServiceUnavailable"), (401, "InvalidAuthenticationToken")] {
            let meets = |times| meeting(method, &vec![Fate::Status(status, code); times]);
            let (outcome, asked, _) = meets(8);
            assert_eq!((outcome, asked), (Withdrawal::Deleted, 9), "{method} {status}");
            let (outcome, asked, _) = meets(30);
            assert!(matches!(outcome, Withdrawal::Refused(refused) if refused.problem.status == status), "{method} {status}");
            assert_eq!(asked, 9, "{method} {status}");
        }
    }
}

#[test]
fn what_harms_nobody_is_repeated_eight_times_without_an_answer() {
    assert_eq!(meeting("PATCH", &[Fate::Lost; 8]).0, Withdrawal::Deleted);
    let (outcome, asked, took) = meeting("PATCH", &[Fate::Lost; 30]);
    assert!(matches!(outcome, Withdrawal::Refused(refused) if refused.problem.message == "No answer came."));
    assert_eq!(asked, 9);
    assert!(took > Millis::seconds(2 + 4 + 8 + 16 + 32 + 64 + 64 + 64), "{took:?}");
}

#[test]
fn without_a_network_waits_grow_to_a_minute_and_no_further() {
    let (outcome, asked, took) = meeting("PATCH", &[Fate::Offline; 40]);
    assert_eq!((outcome, asked), (Withdrawal::Deleted, 41));
    let waits = Millis::seconds(2 + 4 + 8 + 16 + 32 + 35 * 64);
    assert!(took >= waits && took < waits + Millis::minutes(1), "{took:?}");
}

#[test]
fn looks_that_come_to_nothing_leave_a_guest_unsure_after_half_an_hour() {
    for fate in [Fate::Lost, Fate::Status(502, ""), Fate::Status(429, "TooManyRequests"), Fate::Status(401, "InvalidAuthenticationToken")] {
        let (outcome, asked, took) = meeting("GET", &vec![fate; 23]);
        assert_eq!((outcome, asked), (Withdrawal::Deleted, 24));
        assert!(took > Millis::minutes(15), "waits grow: {took:?}");
        let (outcome, asked, took) = meeting("GET", &vec![fate; 60]);
        assert_eq!((outcome, asked), (Withdrawal::Unsure, 24));
        assert!(took < Millis::minutes(40), "{took:?}");
    }
}

#[test]
fn looks_without_a_network_never_count_as_too_many() {
    let (outcome, asked, took) = meeting("GET", &[Fate::Offline; 60]);
    assert_eq!((outcome, asked), (Withdrawal::Deleted, 61));
    assert!(took > Millis::minutes(50), "{took:?}");
    // Five of them make waits longer, so that 18 others are not yet enough, and 19 are.
    for (others, expected) in [(18, Withdrawal::Deleted), (19, Withdrawal::Unsure)] {
        let fates: Vec<Fate> = [vec![Fate::Offline; 10], vec![Fate::Status(502, ""); others]].concat();
        assert_eq!(meeting("GET", &fates).0, expected, "{others}");
    }
}

#[test]
fn a_guest_who_stayed_unsure_is_looked_for_and_sent_once_more_when_a_person_wants_that() {
    let mut directory = GuestDirectory::with(1);
    directory.meets("DELETE", "g1", &[Fate::Vanishes, Fate::Vanishes]);
    let (mut run, mut journal) = (run(1, Ramp::Careful, &Vec::new()), Vec::new());
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(ended(&run), [Withdrawal::Unsure]);
    let before = directory.asked.len();
    run.try_again(|_| true, directory.now);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(ended(&run), [Withdrawal::Deleted]);
    assert_eq!(directory.asked[before..].first().map(String::as_str), Some("GET g1"));
}

#[test]
fn others_wait_half_a_minute_for_the_first_one_to_go_all_the_way() {
    let mut directory = GuestDirectory::with(2);
    directory.meets("DELETE", "g1", &[Fate::Vanishes]);
    // The second is seen to begin by the wait that it is told.
    directory.meets("PATCH", "g2", &[Fate::Status(400, "Odd")]);
    let (begun, mut journal) = (directory.now, Vec::new());
    let mut run = run(2, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, 3);
    assert_eq!((directory.asked.last().map(String::as_str), journal[2].row), (Some("PATCH g2"), 2));
    // Each answer takes a fifth of a second.
    assert_eq!(directory.now - begun, Millis::seconds(30) + Millis(400));
}

#[test]
fn nobody_waits_for_a_first_one_that_has_ended() {
    let mut directory = GuestDirectory::with(3);
    directory.meets("DELETE", "g1", &[Fate::Status(400, "Odd")]);
    let begun = directory.now;
    let mut run = run(3, Ramp::Careful, &Vec::new());
    drive(&mut run, &mut directory, &mut Vec::new(), usize::MAX);
    assert_eq!(ended(&run)[1..], [Withdrawal::Deleted, Withdrawal::Deleted]);
    assert!(directory.now - begun < Millis::seconds(15), "{:?}", directory.now - begun);
}

#[test]
fn what_left_before_a_tab_died_and_is_not_seen_leaves_once_more_and_never_again() {
    let entry = |what| JournalEntry { row: 1, what, at: Moment(0), halted: None, never_left: false };
    let mut journal = vec![entry(WithdrawEvent::Blocked), entry(WithdrawEvent::Leaves)];
    let mut directory = GuestDirectory::with(1);
    directory.meets("DELETE", "g1", &[Fate::Vanishes; 9]);
    let mut run = run(1, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(directory.asked.iter().filter(|asked| *asked == "DELETE g1").count(), 1);
    assert_eq!(ended(&run), [Withdrawal::Unsure]);
}

#[test]
fn what_may_have_been_done_stays_in_doubt_though_it_is_refused_the_second_time() {
    assert_eq!(meeting("DELETE", &[Fate::Vanishes, Fate::Status(400, "Odd")]).0, Withdrawal::Unsure);
    assert!(matches!(meeting("DELETE", &[Fate::Status(400, "Odd")]).0, Withdrawal::Refused(_)));
}

#[test]
fn only_those_are_tried_again_who_are_wanted() {
    let (mut directory, mut journal) = (GuestDirectory::with(4), Vec::new());
    directory.meets("DELETE", "g1", &[Fate::Status(403, "Authorization_RequestDenied")]);
    let mut run = run(4, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    run.try_failed_of(|row| row == 2, directory.now);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!((run.classes(), directory.guests.contains_key("g2")), ([1, 0, 1, 0, 2].as_slice(), false));
}

#[test]
fn nobody_else_leaves_while_the_first_one_is_on_its_way_unless_an_earlier_tab_has_seen_one_accepted() {
    let directory = GuestDirectory::with(22);
    let mut anew = run(22, Ramp::AtTheLimit, &Vec::new());
    assert!(matches!(anew.next(directory.now), Action::Send(..)));
    assert!(matches!(anew.next(directory.now), Action::WaitUntil(_)));
    let deleted = WithdrawEvent::Ended(Withdrawal::Deleted);
    let journal = vec![JournalEntry { row: 1, what: deleted, at: Moment(0), halted: None, never_left: false }];
    let mut resumed = run(22, Ramp::AtTheLimit, &journal);
    assert!(matches!(resumed.next(directory.now), Action::Send(..)));
    assert_eq!(resumed.to_start(), 1, "twenty leave together");
}

#[test]
fn whoever_is_on_their_way_as_somebody_stops_goes_no_further() {
    let (mut directory, mut journal) = (GuestDirectory::with(2), Vec::new());
    let mut run = run(2, Ramp::Careful, &journal);
    let Action::Send(ticket, request) = run.next(directory.now) else { panic!("the first one is blocked") };
    run.stop(directory.now);
    run.heard(ticket, &directory.answer(&request), directory.now);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!((directory.deletions, ended(&run)), (0, vec![Withdrawal::NotDone(NotSent::Stopped); 2]));
}

#[test]
fn where_no_answer_comes_to_those_who_left_together_the_next_one_goes_alone() {
    let mut directory = GuestDirectory::with(60);
    (2..=21).for_each(|guest| directory.meets("PATCH", &format!("g{guest}"), &[Fate::Vanishes]));
    let sizes = batches(&mut run(60, Ramp::AtTheLimit, &Vec::new()), &mut directory, "PATCH");
    assert_eq!(sizes[..4], [1, 20, 1, 20]);
}

#[test]
fn after_a_deletion_whose_answer_is_lost_nothing_is_changed_for_two_seconds() {
    let mut directory = GuestDirectory::with(2);
    directory.meets("DELETE", "g1", &[Fate::Lost]);
    let mut run = run(2, Ramp::AtTheLimit, &Vec::new());
    let mut lost = None;
    while run.open() > 0 {
        match run.next(directory.now) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) => {
                let asked = directory.asked.len();
                run.heard(ticket, &directory.answer(&request), directory.now);
                let is_change = directory.asked[asked..].iter().any(|asked| !asked.starts_with("GET"));
                assert!(!is_change || lost.is_none_or(|lost| directory.now >= lost + Millis::seconds(2)), "{:?}", directory.asked);
                if directory.asked.last().is_some_and(|asked| asked == "DELETE g1") {
                    lost = Some(directory.now);
                }
            }
            Action::WaitUntil(then) => directory.now = then,
            other => panic!("{other:?}"),
        }
    }
}
