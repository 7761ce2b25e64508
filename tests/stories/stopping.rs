//! A tab may be killed at any moment. Whatever that moment is, resuming loses nothing and sends nothing twice.

use crate::support::{Stopped, World, guests, list, stored};
use guestlist::outcome::Outcome;
use guestlist::run::journal::Entry;
use guestlist::run::{Gait, Run};

/// Kills the run after `steps` steps, resumes it from the journal, and finishes. Whether it was killed at all.
fn killed_after(steps: usize, text: &str) -> bool {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs.delay_ms = 3000;
    let list = list(text);
    let plan = world.plan(&list, &[]);
    let mut journal: Vec<Entry> = Vec::new();
    let mut run = Run::new(&plan, Gait::Careful, true, world.now.get());
    let stopped = world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps);
    drop(run);
    let unfinished = stored(&plan, &list, journal.clone()).is_unfinished();
    assert_eq!(unfinished, stopped == Stopped::Killed && unfinished, "a finished run is not offered again");
    let mut run = Run::resume(&plan, Gait::Careful, &journal, true, world.now.get());
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
    for (address, kill) in ["a@ghost.example", "a@lost-reply.example"].into_iter().flat_map(|address| [(address, false), (address, true)]) {
        let before = |world: &World| {
            let list = list(address);
            let plan = world.plan(&list, &[]);
            // Nobody is seen, so that a lost answer stays unanswered.
            world.tenant.borrow_mut().knobs.delay_ms = u32::MAX;
            let (run, journal) = world.run(&plan);
            (plan, run, journal)
        };
        let mut steps = 0;
        loop {
            let world = World::with("guest-inviter");
            let (plan, mut run, mut journal) = before(&world);
            let first = run.ended(1).expect("it has ended").outcome.clone();
            assert!(matches!(first, Outcome::NotFound { .. } | Outcome::Unsure), "{first:?}");
            run.try_again(|_| true, world.now.get());
            let sent = world.mails().values().sum::<usize>();
            let stopped = world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps);
            if kill {
                run = Run::resume(&plan, Gait::Careful, &journal, true, world.now.get());
            }
            run.stop(world.now.get());
            assert_eq!(world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 100_000), Stopped::Done);
            let ended = run.ended(1).expect("it has ended").outcome.clone();
            assert!(!matches!(ended, Outcome::NotSent(_)), "{address}, {steps} steps, {sent} mails, killed: {kill}");
            if stopped != Stopped::Killed {
                break;
            }
            steps += 1;
        }
        assert!(steps > 10, "{address}: {steps} steps");
    }
}

#[test]
fn who_may_have_been_invited_is_not_called_unsent_when_the_run_is_stopped() {
    // The answer to the invitation gets lost, and nobody is ever seen.
    for (steps, kill) in (0..).flat_map(|steps| [(steps, false), (steps, true)]) {
        let world = World::with("guest-inviter");
        world.tenant.borrow_mut().knobs.delay_ms = u32::MAX;
        let list = list("a@lost-reply.example");
        let plan = world.plan(&list, &[]);
        let mut journal = Vec::new();
        let mut run = Run::new(&plan, Gait::Careful, true, world.now.get());
        let stopped = world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps);
        let sent = world.mails().values().sum::<usize>();
        if kill {
            run = Run::resume(&plan, Gait::Careful, &journal, true, world.now.get());
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
fn a_row_in_the_journal_is_never_sent_without_looking() {
    let world = World::with("guest-inviter");
    let list = list("a@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let mut journal = Vec::new();
    let mut run = Run::new(&plan, Gait::Careful, true, world.now.get());
    // One step: the entry is written, the request has not left.
    world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1);
    assert_eq!(journal.len(), 1);
    let before = world.tenant.borrow().log().len();
    let mut run = Run::resume(&plan, Gait::Careful, &journal, true, world.now.get());
    world.drive(&mut run, |_: &Vec<Entry>| {}, 1_000_000);
    let tenant = world.tenant.borrow();
    assert!(tenant.log()[before].path.starts_with("/users?"), "{}", tenant.log()[before].path);
    assert_eq!(run.tally().sentence(), "1 invited");
}
