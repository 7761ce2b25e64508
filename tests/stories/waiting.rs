//! A run that waits, and what others do meanwhile: whoever is there once it goes on is left out, as *Resume* does it.

use crate::acts::{browser, checked, settled, tally, until, with_limit};
use crate::browser::Browser;
use crate::network::NetworkFault;
use crate::support::*;
use graph::Operation;
use graph::invitations::{CreateInvitation, Invitation};
use guestlist::bulk::Ramp;
use guestlist::bulk::RunStatus;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::allowance::TenantKind;
use guestlist::jobs::invite::journal::{Entry, RowEvent};
use guestlist::tab::{ResumeScope, RunIntent, TabReport};
use std::cell::Cell;
use std::rc::Rc;
use time::{Millis, Moment, Now};

/// Somebody else invites this guest, elsewhere.
fn invited_elsewhere(world: &World, email: &str) {
    let invitation = Invitation {
        invited_user_email_address: email.into(),
        invite_redirect_url: "https://myapps.microsoft.com".into(),
        send_invitation_message: true,
        ..Invitation::default()
    };
    assert_eq!(world.carry(&CreateInvitation { invitation: &invitation }.request()).1.map(|reply| reply.status), Ok(201));
}

fn meanwhile(browser: &mut Browser, window: usize, time: Millis) {
    let then = browser.now() + time;
    until(browser, window, then);
}

/// A run of so many guests in a tenant that may send ten a day, ten of whom are invited, and two hours later.
fn waiting_for_tomorrow(rows: usize, may_look: bool) -> Browser {
    let mut browser = with_limit(rows, TenantKind::NewUnpaid, false, 3);
    browser.may_look = may_look;
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    until(&mut browser, 0, MORNING + Millis::hours(2));
    assert_eq!(browser.world.mails().len(), 10);
    browser
}

fn assert_none_twice(world: &World, guests: usize) {
    let mails = world.mails();
    assert!(mails.values().all(|mails| *mails == 1), "{mails:?}");
    assert_eq!(mails.len(), guests);
}

#[test]
fn whom_somebody_else_invites_while_a_run_waits_for_tomorrow_is_left_out() {
    let mut browser = waiting_for_tomorrow(15, true);
    // The day is over for Microsoft, and the run waits some minutes more.
    until(&mut browser, 0, MORNING + Millis::hours(24) + Millis::minutes(5));
    invited_elsewhere(&browser.world, "guest12@fabrikam.example");
    invited_elsewhere(&browser.world, "guest13@fabrikam.example");
    // Nobody of this browser can have sent meanwhile.
    browser.sign_in(1, 1);
    browser.edit(1, |into, words| (*into, *words) = (list(&guests(15, "fabrikam.example")), letter()));
    browser.check(1);
    meanwhile(&mut browser, 1, Millis::minutes(1));
    browser.invite(1);
    meanwhile(&mut browser, 1, Millis::minutes(1));
    assert_eq!(browser.windows[1].report, Some(TabReport::OtherTab));
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_none_twice(&browser.world, 15);
    assert_eq!(tally(&browser, "run-1"), "13 invited, 2 skipped");
    let journal = browser.journal();
    let run = Run::from_stored(journal.run("run-1").unwrap(), true, browser.now());
    let (_, word, ended) = run.rows().nth(12).unwrap();
    let reason = ended.unwrap().outcome.words().unwrap().why;
    assert_eq!((word, reason.as_str()), ("Skipped", "Already invited, pending since 2026-11-23."), "in the words of Resume");
}

#[test]
fn without_the_directory_a_run_that_waited_goes_on_by_its_journal() {
    let mut browser = waiting_for_tomorrow(15, false);
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_none_twice(&browser.world, 15);
}

/// A run of twelve guests that is paused after the first, and goes on after this long, while somebody else invites two more; how long it
/// was, and by which the computer's clock was set meanwhile.
fn paused_for(pause: Millis, clock: Millis) -> World {
    let world = World::with("guest-inviter");
    let plan = world.plan(&list(&guests(12, "fabrikam.example")), &[]);
    let mut run = Run::new(&plan, Ramp::AtTheLimit, true, world.now.get());
    let first = world.drive_while(
        &mut run,
        |_| {},
        10_000,
        |_, run| {
            if world.mails().len() == 1 {
                run.pause();
            }
        },
    );
    assert_eq!(first, Stopped::Idle);
    let left = 12 - world.mails().len();
    assert!(left >= 2, "it paused too late");
    world.now.set(world.now.get() + pause);
    world.clock.set(clock);
    invited_elsewhere(&world, "guest10@fabrikam.example");
    invited_elsewhere(&world, "guest11@fabrikam.example");
    run.go_on();
    let looking = Cell::new(false);
    let ended = world.drive_while(
        &mut run,
        |_| {},
        10_000,
        |_, run| {
            looking.set(looking.get() || run.status(world.now.get()) == RunStatus::LookingAgain);
        },
    );
    assert_eq!(ended, Stopped::Done);
    assert!(looking.get() || pause < Millis::minutes(2), "it says that it looks");
    assert_eq!(run.tally().sentence(), "10 invited, 2 skipped");
    assert_eq!(run.found_meanwhile(), 2);
    world
}

#[test]
fn a_pause_of_some_minutes_is_long_enough_for_somebody_else() {
    assert_none_twice(&paused_for(Millis::minutes(6), Millis(0)), 12);
    assert_none_twice(&paused_for(Millis::hours(14), Millis::hours(-13)), 12);
    // A clock that measures waits may stand still while a computer sleeps.
    assert_none_twice(&paused_for(Millis::minutes(1), Millis::hours(9)), 12);
}

#[test]
fn a_look_that_fails_lets_nobody_go_before_it_has_told() {
    let mut browser = browser();
    let bad = Rc::new(Cell::new(None));
    browser.ways = Box::new({
        let bad = Rc::clone(&bad);
        move |_| (Millis(60), bad.take())
    });
    browser.sign_in(0, 0);
    browser.edit(0, |into, words| (*into, *words) = (list(&guests(4, "fabrikam.example")), letter()));
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    while browser.run(0).is_none() {
        browser.step(0);
        browser.pass();
    }
    browser.run(0).unwrap().pause();
    browser.settle(1000);
    browser.world.now.set(browser.now() + Millis::hours(10));
    browser.world.sign_in_for_all("guest-inviter");
    invited_elsewhere(&browser.world, "guest0@fabrikam.example");
    for fault in [
        NetworkFault::Offline,
        NetworkFault::CutAfter,
        NetworkFault::Instead(503, "<html>"),
        NetworkFault::Instead(429, crate::network::THROTTLED),
    ] {
        bad.set(Some(fault.clone()));
        browser.run(0).unwrap().go_on();
        meanwhile(&mut browser, 0, Millis(200));
        assert_eq!(browser.world.mails().len(), 1, "{fault:?}");
        browser.run(0).unwrap().pause();
        meanwhile(&mut browser, 0, Millis::minutes(10));
    }
    // A proxy that answers in Graph's place tells of nobody: nothing leaves before somebody has seen to it.
    bad.set(Some(NetworkFault::Instead(404, "<html>")));
    browser.run(0).unwrap().go_on();
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, "run-1"), "4 not sent");
    browser.want(0, RunIntent::Resume { run: "run-1".into(), scope: ResumeScope::Failed });
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_none_twice(&browser.world, 4);
    assert_eq!(tally(&browser, "run-1"), "3 invited, 1 skipped");
}

/// The answer to an invitation was lost, the guest was looked for in vain, and appears while the row waits to be sent once more.
#[test]
fn who_was_looked_for_in_vain_is_looked_for_once_more_when_the_row_has_waited() {
    for pause in [Millis::minutes(3), Millis::hours(20)] {
        let world = World::with("guest-inviter");
        let plan = world.plan(&list("ada@lost-reply.example"), &[]);
        world.tenant.borrow_mut().knobs.delay_ms = 240_000;
        let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
        let is_in_vain = Cell::new(false);
        let write = |entries: &Vec<Entry>| {
            is_in_vain.set(is_in_vain.get() || entries.iter().any(|entry| entry.what == RowEvent::NotSeen));
        };
        let stopped = world.drive_while(&mut run, write, 10_000, |_, run| {
            if is_in_vain.get() {
                run.pause();
            }
        });
        assert_eq!(stopped, Stopped::Idle);
        world.now.set(world.now.get() + pause);
        run.go_on();
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done);
        assert_none_twice(&world, 1);
        assert_eq!(run.tally().sentence(), "1 invited", "{pause:?}");
    }
}

#[test]
fn who_was_there_before_the_row_left_is_not_called_invited_by_it() {
    for (minutes, outcome) in [(90, "1 unsure"), (30, "1 invited")] {
        let world = World::with("guest-inviter");
        world.tenant.borrow_mut().knobs.delay_ms = u32::try_from(Millis::minutes(minutes).0).unwrap() + 30_000;
        invited_elsewhere(&world, "ada@fabrikam.example");
        world.now.set(world.now.get() + Millis::minutes(minutes));
        let plan = world.plan(&list("ada@fabrikam.example"), &[]);
        assert_eq!(plan.invitations(), 1, "nobody sees the guest yet");
        {
            let knobs = &mut world.tenant.borrow_mut().knobs;
            (knobs.gateway, knobs.gateway_times, knobs.gateway_drops) = ("502 empty".into(), 1, true);
        }
        let (run, journal) = world.run(&plan);
        assert_none_twice(&world, 1);
        // Within what clocks may differ nobody can tell.
        assert_eq!(run.tally().sentence(), outcome, "{minutes} minutes");
        let read_again = Run::resume(&plan, Ramp::Careful, &journal, true, world.now.get());
        assert_eq!(read_again.tally().sentence(), outcome);
        // Tried again, it is looked for and not sent.
        let mut run = read_again;
        run.try_failed_again(world.now.get());
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 10_000), Stopped::Done);
        assert_none_twice(&world, 1);
        assert_eq!(run.tally().sentence(), outcome);
    }
}

/// The first request breaks on the way there, and whoever is asked after that is too busy for ever.
#[test]
fn a_service_that_stays_busy_is_not_asked_for_ever_about_a_row_in_doubt() {
    let mut browser = browser();
    let asked = Rc::new(Cell::new(0));
    browser.ways = Box::new({
        let asked = Rc::clone(&asked);
        move |request| {
            if !request.body.as_deref().is_some_and(|body| body.contains("/invitations")) {
                return (Millis(60), None);
            }
            asked.set(asked.get() + 1);
            (
                Millis(60),
                Some(if asked.get() == 1 { NetworkFault::CutBefore } else { NetworkFault::Instead(429, crate::network::THROTTLED) }),
            )
        }
    });
    browser.sign_in(0, 0);
    browser.edit(0, |into, words| (*into, *words) = (list(&guests(1, "fabrikam.example")), letter()));
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, "run-1"), "1 unsure");
    assert!((8..=12).contains(&asked.get()), "{}", asked.get());
    assert_none_twice(&browser.world, 0);
}

#[test]
fn rows_that_have_waited_too_long_leave_hardly_more_slowly() {
    let took = |waited: Millis| {
        let world = World::with("guest-inviter");
        let plan = plan_of(600);
        let begun = world.now.get();
        let mut run = Run::new(&plan, Ramp::AtTheLimit, true, begun);
        run.is_as_of(Now { steady: begun - waited, wall: begun - waited });
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, usize::MAX), Stopped::Done);
        world.assert_none_lost_none_doubled(&plan, &run);
        let tenant = world.tenant.borrow();
        let written: Vec<Moment> = tenant.log().iter().filter(|line| line.path == "/invitations").map(|line| line.at).collect();
        let looks = tenant.log().iter().filter(|line| line.path.starts_with("/users?$filter")).count();
        (written[550] - begun, looks)
    };
    let ((fresh, none), (stale, looks)) = (took(Millis(0)), took(Millis::minutes(6)));
    assert!(none == 0 && (600..620).contains(&looks), "each is looked at once: {looks}");
    assert!(stale.0 * 10 < fresh.0 * 12, "{stale:?} instead of {fresh:?}");
}
