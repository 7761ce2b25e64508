//! Graph is obeyed: Retry-After speaks for all, and nothing is lost on the way.

use crate::support::{Stopped, World, guests, list};
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Entry;
use tenant::Knobs;
use time::{Millis, Moment};

#[test]
fn a_throttled_row_waits_and_everybody_with_it() {
    let world = World::with("guest-inviter");
    let list = list(&format!("first@fabrikam.example\na@throttled.example\n{}", guests(20, "fabrikam.example")));
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "22 invited");
    let tenant = world.tenant.borrow();
    let throttled = tenant.log().iter().position(|line| line.status == 429).unwrap_or_else(|| panic!("a 429"));
    let later = &tenant.log()[throttled..];
    // Both requests that may be on the way at that moment were sent before the 429 was heard.
    let early = later.iter().filter(|line| line.path == "/invitations" && line.at == later[0].at).count();
    assert!(later.iter().filter(|line| line.path == "/invitations").count() > early, "the rest went later");
}

#[test]
fn a_tight_quota_delivers_all_and_asks_no_earlier_than_told() {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs = Knobs { quota_writes: 10, quota_window_ms: 10_000, ..Knobs::default() };
    let list = list(&guests(60, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!((run.tally().sentence(), world.mails().len()), ("60 invited".into(), 60));
    let tenant = world.tenant.borrow();
    let refused = tenant.log().iter().filter(|line| line.status == 429).count();
    // Ten fit into each window; each window may be overrun by what was on the way when the 429 came.
    assert!(refused <= 6 * 10, "{refused} throttled");
}

#[test]
fn an_expired_token_is_renewed_in_mid_run_and_no_row_notices() {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs.access_token_seconds = 1;
    world.renew().unwrap_or_else(|auth_error| panic!("{auth_error:?}"));
    let list = list(&guests(100, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "100 invited");
    assert!(!world.tenant.borrow().log().iter().any(|line| line.status == 401), "none was sent that had ended");
}

#[test]
fn a_token_that_graph_refuses_before_its_time_is_renewed_in_mid_run() {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs.access_token_seconds = 1;
    world.renew().unwrap_or_else(|auth_error| panic!("{auth_error:?}"));
    let list = list(&guests(100, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    // As where this computer's clock is behind, or the token was revoked.
    if let Some(session) = world.session.borrow_mut().as_mut() {
        session.tokens.expires = world.now.get() + Millis::hours(1);
    }
    world.now.set(world.now.get() + Millis::seconds(2));
    let (run, _) = world.run(&plan);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "100 invited");
    assert!(world.tenant.borrow().log().iter().any(|line| line.status == 401), "the token was refused");
}

#[test]
fn after_a_day_the_run_waits_for_a_person_and_then_goes_on() {
    let world = World::with("guest-inviter");
    let list = list(&guests(20, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    // The laptop is closed in mid-run and opened the next day: the clock jumps past the life of the refresh token.
    let sleep = |step: usize, _: &mut Run| {
        if step == 8 {
            world.now.set(world.now.get() + Millis::hours(25));
        }
    };
    assert_eq!(world.drive_while(&mut run, |_: &Vec<Entry>| {}, 10_000, sleep), Stopped::SignInNeeded);
    assert!(run.tally().open > 0);
    world.sign_in_for_all("guest-inviter");
    guestlist::protocol::StateMachine::signed_in(&mut run);
    assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "20 invited");
}

/// How long a run of 200 guests takes when the computer's clock is set midway, and the times that its journal tells.
fn when_the_clock_is_set(by: Millis) -> (Millis, Vec<Moment>) {
    let world = World::with("guest-inviter");
    world.tenant.borrow_mut().knobs = Knobs { quota_writes: 50, quota_window_ms: 10_000, ..Knobs::default() };
    let list = list(&guests(200, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
    let begun = world.now.get();
    let mut times: Vec<Moment> = Vec::new();
    let set = |_: usize, _: &mut Run| {
        if world.now.get() - begun > Millis::seconds(8) {
            world.clock.set(by);
        }
    };
    let done = world.drive_while(&mut run, |entries: &Vec<Entry>| times.extend(entries.iter().map(|entry| entry.at)), 100_000, set);
    assert_eq!(done, Stopped::Done);
    world.assert_none_lost_none_doubled(&plan, &run);
    assert_eq!(run.tally().sentence(), "200 invited");
    (world.now.get() - begun, times)
}

#[test]
fn a_clock_that_is_set_changes_what_is_written_and_not_how_long_it_takes() {
    let (undisturbed, _) = when_the_clock_is_set(Millis(0));
    for by in [Millis::minutes(-10), Millis::minutes(10), Millis::hours(30)] {
        let (took, times) = when_the_clock_is_set(by);
        // A clock that is set ahead looks like a computer that slept: who is to be invited next is looked at once more.
        assert!(took >= undisturbed && took.0 - undisturbed.0 < 1000, "{by:?}: {took:?} instead of {undisturbed:?}");
        let steps: Vec<Millis> = times.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| step.0.abs() > 300_000).collect();
        assert!(matches!(steps.as_slice(), [step] if (step.0 - by.0).abs() < 60_000), "the journal tells the computer's time: {steps:?}");
    }
}
