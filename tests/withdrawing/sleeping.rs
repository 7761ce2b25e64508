//! A computer that sleeps in the midst of a run: what was about to leave is looked at before it does.

use crate::job::{Withdraw, WithdrawEvent, Withdrawal};
use crate::{Fate, GuestDirectory, drive, ended, run};
use guestlist::bulk::journal::NotSent;
use guestlist::bulk::{Bulk, HaltReason, Ramp, RunStatus, Task};
use guestlist::protocol::StateMachine;
use time::{Millis, Now};

/// What is asked of a guest whose deletion was written down as leaving right before the computer slept this long, counted from when all
/// guests were looked at; and how that ends. `is_gone`: somebody else has deleted the guest meanwhile.
fn asleep_for(sleep: Millis, is_gone: bool) -> (Vec<String>, Withdrawal) {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    let begun = directory.now;
    let mut run = run(1, Ramp::Careful, &journal);
    run.is_as_of(Now { steady: begun, wall: begun });
    drive(&mut run, &mut directory, &mut journal, 2);
    assert_eq!(journal[1].what, WithdrawEvent::Leaves);
    if is_gone {
        directory.guests.clear();
    }
    directory.now = begun + sleep;
    run.recorded();
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    (directory.asked[1..].to_vec(), ended(&run).remove(0))
}

#[test]
fn what_was_written_down_as_leaving_before_a_sleep_is_looked_at_first() {
    let asked = |what: &[&str]| what.iter().map(ToString::to_string).collect::<Vec<_>>();
    let long = Millis::minutes(5) + Millis(1);
    assert_eq!(asleep_for(long, true), (asked(&["GET g1"]), Withdrawal::WasGone));
    assert_eq!(asleep_for(long, false), (asked(&["GET g1", "DELETE g1"]), Withdrawal::Deleted));
    assert_eq!(asleep_for(Millis::minutes(5), false), (asked(&["DELETE g1"]), Withdrawal::Deleted), "that was a short sleep");
}

#[test]
fn a_run_that_cannot_look_before_a_later_step_halts_and_waits_for_a_person() {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    directory.meets("GET", "g1", &[Fate::Status(502, "")].repeat(60));
    let begun = directory.now;
    let mut run = run(1, Ramp::Careful, &journal);
    run.is_as_of(Now { steady: begun, wall: begun });
    drive(&mut run, &mut directory, &mut journal, 2);
    directory.now = begun + Millis::minutes(6);
    run.recorded();
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert!(matches!(run.status(directory.now), RunStatus::Halted(HaltReason::NoDirectory { .. })), "{:?}", run.status(directory.now));
    assert_eq!(directory.deletions, 0, "nobody leaves unlooked");
    assert_eq!(ended(&run), [Withdrawal::NotDone(NotSent::Halted)]);
}

#[test]
fn who_may_not_read_the_directory_goes_on_after_a_sleep_without_a_look() {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    let begun = directory.now;
    let mut run = Bulk::begin(Withdraw, [Task::new(1, "g1".to_owned())].into_iter(), Ramp::Careful, false);
    run.is_as_of(Now { steady: begun, wall: begun });
    drive(&mut run, &mut directory, &mut journal, 2);
    directory.now = begun + Millis::minutes(6);
    run.recorded();
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!((directory.asked[1..].to_vec(), ended(&run)), (vec!["DELETE g1".to_owned()], vec![Withdrawal::Deleted]));
}
