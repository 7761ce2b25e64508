//! A tab may be killed at any moment. Whatever that moment is, resuming loses nothing and sends nothing twice.

use crate::support::{Stopped, World, guests, list, stored};
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Entry;
use guestlist::jobs::invite::outcome::Outcome;

/// Kills the run after `steps` steps, resumes it from the journal, and finishes. Whether it was killed at all.
fn killed_after(steps: usize, text: &str) -> bool {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs.delay_ms = 3000;
    let list = list(text);
    let plan = world.plan(&list, &[]);
    let mut journal: Vec<Entry> = Vec::new();
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    let stopped = world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps);
    drop(run);
    let unfinished = stored(&plan, &list, journal.clone()).is_unfinished();
    assert_eq!(unfinished, stopped == Stopped::Killed && unfinished, "a finished run is not offered again");
    let mut run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
    assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1_000_000), Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    let tally = run.tally();
    assert_eq!(tally.invited, world.mails().len(), "killed after {steps} steps: {tally:?}");
    assert!(!stored(&plan, &list, journal).is_unfinished());
    stopped == Stopped::Killed
}

#[test]
fn killed_at_every_single_step_nothing_is_lost_or_doubled() {
    let text = format!(
        "first@fabrikam.example\nr@refused.example\nt@throttled.example\nl@lost-reply.example\nf@flaky.example\n{}",
        guests(12, "fabrikam.example")
    );
    let mut steps = 0;
    while killed_after(steps, &text) {
        steps += 1;
    }
    assert!(steps > 20, "the run has more than {steps} steps");
}

#[test]
fn who_may_have_been_invited_is_not_called_unsent_when_trying_again_is_stopped() {
    for steps in 0.. {
        let world = World::with("guest-inviter");
        // Accepted by Graph, and never seen.
        let list = list("a@ghost.example");
        let plan = world.plan(&list, &[]);
        let (mut run, mut journal) = world.run(&plan);
        assert!(matches!(run.ended(1).map(|ended| &ended.outcome), Some(Outcome::NotFound { .. })));
        run.try_again(|_| true, world.now.get());
        let stopped = world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps);
        if steps % 2 == 1 {
            run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
        }
        run.stop(world.now.get());
        assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 100_000), Stopped::Done);
        let ended = &run.ended(1).expect("it has ended").outcome;
        assert!(!matches!(ended, Outcome::NotSent(_)), "{steps} steps: {ended:?}");
        if stopped != Stopped::Killed {
            assert!(steps > 10, "{steps} steps");
            return;
        }
    }
}

#[test]
fn who_may_have_been_invited_is_not_called_unsent_when_the_run_is_stopped() {
    // The answer to the invitation gets lost, and nobody is ever seen.
    for steps in 0.. {
        let kill = steps % 2 == 1;
        let world = World::with("guest-inviter");
        world.tenant.borrow_mut().knobs.delay_ms = u32::MAX;
        let list = list("a@lost-reply.example");
        let plan = world.plan(&list, &[]);
        let mut journal = Vec::new();
        let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
        let stopped = world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps);
        let sent = world.mails().values().sum::<usize>();
        if kill {
            run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
        }
        run.stop(world.now.get());
        assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 100_000), Stopped::Done);
        let ended = &run.ended(1).expect("it has ended").outcome;
        assert!(sent == 0 || !matches!(ended, Outcome::NotSent(_)), "{steps} steps, killed: {kill}: {ended:?} {journal:?}");
        if stopped != Stopped::Killed {
            assert!(steps > 10, "{steps} steps");
            return;
        }
    }
}

#[test]
fn a_row_that_leaves_twice_and_is_never_seen_is_left_to_a_person_however_often_the_tab_is_killed() {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs.delay_ms = u32::MAX;
    let list = list("a@lost-reply.example");
    let plan = world.plan(&list, &[]);
    let mut journal: Vec<Entry> = Vec::new();
    for life in 1..40 {
        let mut run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
        if world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), life) == Stopped::Done {
            break;
        }
    }
    assert!(world.mails().values().sum::<usize>() <= 2, "{journal:?}");
}

#[test]
fn a_run_that_was_stopped_says_so_also_when_it_is_read_again() {
    let world = World::with("guest-inviter");
    let list = list(&guests(12, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut journal = Vec::new();
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 5);
    run.stop(world.now.get());
    assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 100_000), Stopped::Done);
    let (invited, left) = (run.tally().invited, run.tally().not_sent);
    assert!(invited > 0 && invited + left == 12, "{:?}", run.tally());
    let words = format!("Stopped. {invited} of 12 invited; {left} not sent.");
    let again = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
    for run in [run, again] {
        assert_eq!(run.status(world.now.get()).ending(&run.tally()), words);
    }
}

#[test]
fn a_row_in_the_journal_is_never_sent_without_looking() {
    let world = World::with("guest-inviter");
    let list = list("a@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let mut journal = Vec::new();
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    // One step: the entry is written, the request has not left.
    world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1);
    assert_eq!(journal.len(), 1);
    let before = world.tenant.borrow().log().len();
    let mut run = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
    world.drive(&mut run, |_: &Vec<Entry>| {}, 1_000_000);
    let tenant = world.tenant.borrow();
    assert!(tenant.log()[before].path.starts_with("/users?"), "{}", tenant.log()[before].path);
    assert_eq!(run.tally().sentence(), "1 invited");
}
