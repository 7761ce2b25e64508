//! What a run says of itself while it is under way.

use crate::{Fate, GuestDirectory, drive, run};
use guestlist::bulk::{Ramp, RunStatus};
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
