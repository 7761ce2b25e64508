//! Long lists: time grows with the rows and not with their square, every ramp keeps its promise, and every fault at every
//! stage leaves nobody out and nobody invited twice.

use crate::support::{Stopped, World, guests, list, simulated};
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Entry;
use guestlist::protocol::StateMachine;
use tenant::Knobs;

#[test]
fn ten_times_the_rows_take_about_ten_times_as_long() {
    // Noise of a shared machine may spoil one of three; a run that looked through all rows each time would take a hundred times
    // as long in each.
    let is_linear = |_: i32| simulated(10_000) < 30.0 * simulated(1_000);
    assert!((0..3).any(is_linear), "ten times the rows take more than thirty times as long");
}

#[test]
fn the_careful_ramp_sends_five_and_looks_before_it_goes_on() {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs.delay_ms = 3000;
    let plan = world.plan(&list(&guests(200, "fabrikam.example")), &[]);
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, usize::MAX), Stopped::Done);
    let tenant = world.tenant.borrow();
    let paths: Vec<&str> = tenant.log().iter().filter(|line| line.status != 404).map(|line| line.path.as_str()).collect();
    let sixth = paths.iter().enumerate().filter(|(_, path)| **path == "/invitations").nth(5).map(|(place, _)| place);
    let first_seen = paths.iter().position(|path| path.starts_with("/users/") && path.contains("$select"));
    assert!(first_seen < sixth, "the sixth invitation leaves after a guest has appeared");
    assert_eq!(run.tally().sentence(), "200 invited");
}

#[test]
fn at_the_limit_keeps_just_below_the_published_quota() {
    let world = World::with("guest-inviter");
    let plan = world.plan(&list(&guests(4000, "fabrikam.example")), &[]);
    let begun = world.now.get();
    let mut run = Run::new(&plan, Ramp::AtTheLimit, true, begun);
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, usize::MAX), Stopped::Done);
    let tenant = world.tenant.borrow();
    assert_eq!(tenant.log().iter().filter(|line| line.status == 429).count(), 0, "never faster than asked");
    let took = (world.now.get() - begun).0;
    // 99 % of twenty a second, and a moment at the end for the last guests to be seen.
    assert!(took < 4000 * 50 * 100 / 99 + 2000, "{took} ms");
    assert_eq!(run.tally().sentence(), "4,000 invited");
}

/// One fault, and when it begins: with the first guest, in the middle, or with the last ones.
#[derive(Clone, Copy, Debug)]
enum LateFault {
    Domain(&'static str),
    Quota,
    Token,
    Killed,
    Slept,
}

#[test]
fn every_fault_at_every_stage_loses_nobody_and_doubles_nobody() {
    let domains = ["refused", "flaky", "throttled", "lost-reply", "late", "ghost", "slow"].map(LateFault::Domain);
    for fault in domains.into_iter().chain([LateFault::Quota, LateFault::Token, LateFault::Killed, LateFault::Slept]) {
        for (stage, place) in [("first", 0), ("middle", 30), ("last", 59)] {
            for ramp in [Ramp::Careful, Ramp::AtTheLimit] {
                suffer(fault, place, ramp).unwrap_or_else(|words| panic!("{fault:?} at the {stage} row, {ramp:?}: {words}"));
            }
        }
    }
}

fn suffer(fault: LateFault, place: usize, ramp: Ramp) -> Result<(), String> {
    let world = World::with("guest-inviter");
    let mut lines: Vec<String> = (0..60).map(|row| format!("guest{row}@fabrikam.example")).collect();
    if let LateFault::Domain(domain) = fault {
        lines[place] = format!("guest{place}@{domain}.example");
    }
    let plan = world.plan(&list(&lines.join("\n")), &[]);
    let mut journal: Vec<Entry> = Vec::new();
    let mut run = Run::new(&plan, ramp, true, world.now.get());
    let mut struck = false;
    let mut meanwhile = |_: usize, run: &mut Run| {
        let tally = run.tally();
        if struck || tally.total() - tally.open < place {
            return;
        }
        struck = true;
        match fault {
            LateFault::Quota => world.tenant.borrow_mut().knobs = Knobs { quota_writes: 4, quota_window_ms: 9000, ..Knobs::default() },
            LateFault::Token => world.now.set(world.now.get() + time::Millis::minutes(80)),
            LateFault::Slept => world.now.set(world.now.get() + time::Millis::hours(20)),
            LateFault::Domain(_) | LateFault::Killed => {}
        }
    };
    // A killed tab stops anywhere; three steps a row is about where the row's turn is.
    let steps = if matches!(fault, LateFault::Killed) { 2 + place } else { usize::MAX };
    let stopped = world.drive_while(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps, &mut meanwhile);
    if stopped == Stopped::Killed {
        run = Run::resume(&plan, ramp, &journal, true, world.now.get());
        if world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), usize::MAX) != Stopped::Done {
            return Err("it does not end".into());
        }
    } else if stopped != Stopped::Done {
        return Err(format!("{stopped:?}"));
    }
    world.assert_none_lost_none_doubled(&plan, &run);
    let tally = run.tally();
    let expected = match fault {
        LateFault::Domain("refused") => (59, 1, 0),
        LateFault::Domain("ghost") => (59, 0, 1),
        _ => (60, 0, 0),
    };
    let found = (tally.invited, tally.refused, tally.not_found);
    if found == expected && run.next(world.now.get()) == guestlist::protocol::Action::Done { Ok(()) } else { Err(format!("{tally:?}")) }
}
