//! Something on the way that answers looks in Graph's place: it says nothing of who may read, and nothing of what becomes of writes.

use crate::job::Withdrawal;
use crate::{Fate, GuestDirectory, drive, ended, run};
use guestlist::bulk::{Ramp, RunStatus};
use guestlist::protocol::{Action, StateMachine};
use time::Millis;

#[test]
fn who_has_waited_is_looked_at_also_after_a_proxy_has_kept_back_an_answer() {
    let (mut directory, mut journal) = (GuestDirectory::with(2), Vec::new());
    directory.meets("DELETE", "g1", &[Fate::Lost]);
    directory.meets("GET", "g1", &[Fate::Status(404, "")]);
    let mut run = run(2, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, 3);
    assert_eq!(directory.asked, ["PATCH g1", "DELETE g1", "GET g1"]);
    assert!(!run.may_look_no_more(), "Graph has not said so");
    assert_eq!(run.status(directory.now), RunStatus::Going, "what left has left, and halts nobody");
    run.recorded();
    drive(&mut run, &mut directory, &mut journal, 4);
    assert_eq!(directory.asked[3..], ["PATCH g2"]);
    run.recorded();
    run.pause();
    assert_eq!(run.next(directory.now), Action::Idle);
    // Somebody else deletes the second meanwhile.
    directory.guests.remove("g2");
    directory.now += Millis::minutes(6);
    run.go_on();
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(directory.asked[4..], ["GET g2"]);
    assert_eq!(ended(&run), [Withdrawal::Unsure, Withdrawal::WasGone]);
}

#[test]
fn a_look_that_a_proxy_refuses_is_not_counted_among_refused_writes() {
    let (mut directory, mut journal) = (GuestDirectory::with(16), Vec::new());
    directory.meets("DELETE", "g1", &[Fate::Lost]);
    directory.meets("GET", "g1", &[Fate::Status(404, "")]);
    // Five of them travel together, twice.
    (2..=11).for_each(|guest| directory.meets("DELETE", &format!("g{guest}"), &[Fate::Status(404, "")]));
    let mut run = run(16, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(run.status(directory.now), RunStatus::Finished, "twice in a row is no reason to halt");
    assert_eq!(run.classes(), [5, 0, 0, 11, 0]);
}
