//! What a run says of itself while it is under way.

use crate::job::Withdrawal;
use crate::{Fate, GuestDirectory, drive, ended, run};
use guestlist::bulk::{Ramp, RunStatus, Task};
use guestlist::protocol::{Action, StateMachine};
use time::Millis;

#[test]
fn once_the_first_step_is_done_for_all_the_run_says_for_how_many_another_follows() {
    let (mut directory, mut told) = (GuestDirectory::with(2), Vec::new());
    let mut run = run(2, Ramp::Careful, &Vec::new());
    loop {
        let status = run.status(directory.now);
        if told.last() != Some(&status) {
            told.push(status);
        }
        match run.next(directory.now) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) => {
                let answer = directory.answer(&request);
                run.heard(ticket, &answer, directory.now);
            }
            Action::WaitUntil(then) => directory.now = then,
            Action::Done => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, [RunStatus::Going, RunStatus::FollowingUp(1), RunStatus::Finished], "the first goes all the way alone");
}

#[test]
fn what_is_seen_as_soon_as_it_is_done_keeps_the_canaries_waiting_for_nothing() {
    let mut directory = GuestDirectory::with(20);
    let begun = directory.now;
    drive(&mut run(20, Ramp::Careful, &Vec::new()), &mut directory, &mut Vec::new(), usize::MAX);
    assert_eq!(directory.deletions, 20);
    assert!(directory.now - begun < Millis::seconds(15), "{:?}", directory.now - begun);
}

#[test]
fn without_a_network_the_run_says_so_until_something_comes_back() {
    let (mut directory, mut told) = (GuestDirectory::with(1), Vec::new());
    directory.meets("PATCH", "g1", &[Fate::Offline]);
    let mut run = run(1, Ramp::Careful, &Vec::new());
    for _ in 0..7 {
        match run.next(directory.now) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) => {
                let answer = directory.answer(&request);
                run.heard(ticket, &answer, directory.now);
                told.push(run.status(directory.now));
            }
            Action::WaitUntil(then) => directory.now = then,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, [RunStatus::Offline, RunStatus::FollowingUp(1), RunStatus::Finished]);
}

#[test]
fn a_run_knows_how_much_of_it_is_left_and_whether_anything_is_on_its_way() {
    let (mut directory, mut journal) = (GuestDirectory::with(3), Vec::new());
    let mut run = run(3, Ramp::AtTheLimit, &journal);
    assert_eq!((run.open(), run.to_start(), run.is_settled()), (3, 3, true));
    assert_eq!(run.tasks().iter().map(Task::row).collect::<Vec<_>>(), [1, 2, 3]);
    let Action::Send(ticket, request) = run.next(directory.now) else { panic!("the first one leaves") };
    assert_eq!((run.open(), run.to_start(), run.is_settled()), (3, 2, false), "an answer is to come");
    run.heard(ticket, &directory.answer(&request), directory.now);
    assert!(!run.is_settled(), "what it told is to be written down");
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!((run.open(), run.to_start(), run.is_settled()), (0, 0, true));
}

#[test]
fn while_whoever_has_waited_is_looked_at_the_run_says_so() {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    let mut run = run(1, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, 1);
    run.recorded();
    directory.now += Millis::minutes(6);
    let Action::Send(..) = run.next(directory.now) else { panic!("the guest is looked at") };
    assert_eq!(run.status(directory.now), RunStatus::LookingAgain);
}

#[test]
fn a_directory_that_may_not_be_read_any_more_is_asked_no_second_time() {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    directory.meets("DELETE", "g1", &[Fate::Lost]);
    directory.meets("GET", "g1", &[Fate::Status(403, "Authorization_RequestDenied")]);
    let mut run = run(1, Ramp::Careful, &journal);
    assert!(!run.may_look_no_more());
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert!(run.may_look_no_more());
    assert_eq!(
        (directory.asked.as_slice(), ended(&run)),
        (["PATCH g1", "DELETE g1", "GET g1"].map(String::from).as_slice(), vec![Withdrawal::Unsure])
    );
}

#[test]
fn what_is_written_down_is_dated_by_the_computers_clock() {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    let (begun, ahead) = (directory.now, Millis::hours(1));
    let mut run = run(1, Ramp::Careful, &journal);
    run.wall_clock(ahead);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert!(journal.iter().all(|entry| entry.at >= begun + ahead && entry.at <= directory.now + ahead), "{journal:?}");
}
