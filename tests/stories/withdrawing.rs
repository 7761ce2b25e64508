//! Guests are taken back whom a run of this browser made: each is looked at first, and nobody who accepted or was given something is deleted,
//! whatever happens to answers, and whenever the tab is killed.

use crate::spoiling::*;
use crate::support::*;
use graph::users::{Assignment, DeleteUser};
use graph::{Operation, Request};
use guestlist::bulk::{HaltReason, Ramp, RunStatus};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::{Entry, Stored};
use guestlist::jobs::recycle_bin::RecycleClass::{NotSent, Refused, Unsure, Withdrawn};
use guestlist::jobs::recycle_bin::{OwnGuest, RecycleEntry, RecycleEvent, RecycleOutcome, RecycleRun, WhyKept, halt_words};
use guestlist::jobs::withdraw;
use guestlist::jobs::withdraw::AppRoleAccess;
use guestlist::jobs::withdraw::plan::NotOwn;
use guestlist::permissions;
use tenant::GuestAssignment;
use time::Millis;

fn assign(world: &World, guest: &OwnGuest, what: GuestAssignment) {
    assert!(world.tenant.borrow_mut().assign(&guest.email, what, world.now.get()));
}

fn delete(guest: &OwnGuest) -> Request {
    DeleteUser { id: &guest.id }.request()
}

/// Holds how each guest ended against what the tenant holds: nobody is said to be gone who is not, or to be kept who is, nobody was deleted
/// twice, and the sums match.
fn assert_true(world: &World, guests: &[OwnGuest], run: &RecycleRun, case: &str) {
    let tally = run.tally();
    assert_eq!((tally.total(), tally.open), (guests.len(), 0), "{case}: {tally:?}");
    for (guest, ending) in guests.iter().zip(endings(run)) {
        let is_here = is_user(world, guest);
        match &ending {
            RecycleOutcome::Withdrawn { .. } | RecycleOutcome::WasGone | RecycleOutcome::Missing => assert!(!is_here, "{case}: {ending:?}"),
            RecycleOutcome::Kept(_) | RecycleOutcome::NotSent(_) | RecycleOutcome::Refused(_) => assert!(is_here, "{case}: {ending:?}"),
            RecycleOutcome::Unsure => {}
            other => panic!("{case}: {other:?}"),
        }
        assert!(times(world, "DELETE", &format!("/users/{}", guest.id)) <= 1, "{case}");
        assert!(is_here || is_in_bin(world, guest), "{case}");
    }
}

#[test]
fn everybody_whom_a_run_made_is_taken_back_and_lies_in_the_recycle_bin() {
    let (world, stored, guests) = made(60, &[]);
    let (run, journal) = withdrawn(&world, &guests);
    assert_eq!(endings(&run), vec![GONE; 60]);
    assert!(guests.iter().all(|guest| is_in_bin(&world, guest)));
    assert_true(&world, &guests, &run, "all");
    let status = run.status(world.now.get());
    assert_eq!(withdraw::ending(&status, &run.tally()), "Finished: 60 withdrawn.");
    // What is written down says so to the next tab, and a second withdrawal leaves them out.
    assert_eq!(endings(&withdrawal(&guests, &journal)), endings(&run));
    let again = withdraw::plan::plan(&stored, None, &|id| guests.iter().any(|guest| guest.id == id));
    assert!(again.guests.is_empty() && again.others.iter().all(|(_, why)| *why == NotOwn::Withdrawn));
}

#[test]
fn who_accepted_or_was_given_something_is_kept_and_says_why() {
    let (world, stored, guests) = made(8, &["Directory.Read.All"]);
    assert!(accept(&world, &stored, &guests[0]));
    let given = [GuestAssignment::Group, GuestAssignment::License, GuestAssignment::DirectoryRole, GuestAssignment::AppRole];
    guests[1..].iter().zip(given).for_each(|(guest, what)| assign(&world, guest, what));
    elsewhere(&world, &delete(&guests[5]), 204);
    elsewhere(&world, &delete(&guests[6]), 204);
    elsewhere(&world, &Request::delete(format!("/directory/deletedItems/{}", guests[6].id)), 204);
    let (run, _) = withdrawn(&world, &guests);
    let assigned = |what: Assignment| RecycleOutcome::Kept(WhyKept::Assigned(what));
    let expected = [
        RecycleOutcome::Kept(WhyKept::Accepted),
        assigned(Assignment::Group),
        assigned(Assignment::License),
        assigned(Assignment::DirectoryRole),
        RecycleOutcome::Kept(WhyKept::AppRole),
        RecycleOutcome::WasGone,
        RecycleOutcome::Missing,
        GONE,
    ];
    assert_eq!(endings(&run), expected);
    assert_eq!(run.tally().sentence(), "1 withdrawn, 1 gone already, 1 not found, 5 kept");
    assert!(guests[..5].iter().all(|guest| is_user(&world, guest)) && is_in_bin(&world, &guests[5]) && is_in_bin(&world, &guests[7]));
    for outcome in &expected[..7] {
        assert!(withdraw::words(outcome).is_some(), "{outcome:?}");
    }
}

#[test]
fn who_was_there_before_is_kept_where_the_directory_could_not_be_read_when_they_were_invited() {
    let world = World::new();
    world.sign_in("user-admin", permissions::base()).unwrap();
    let list = list("linus@fabrikam.example\nada@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let (run, journal) = world.run(&plan);
    assert_eq!(run.tally().invited, 2);
    let guests = withdraw::plan::plan(&stored(&plan, &list, journal), None, NOBODY).guests;
    assert_eq!(guests.len(), 2, "Microsoft answered alike");
    sign_in_to_delete(&world, &[]);
    let (run, journal) = withdrawn(&world, &guests);
    let kept = RecycleOutcome::Kept(WhyKept::ThereBefore);
    assert_eq!(endings(&run), [kept.clone(), GONE]);
    assert!(withdraw::words(&kept).unwrap().what.starts_with("This guest was there before the run"));
    assert_true(&world, &guests, &run, "there before");
    assert_eq!(endings(&withdrawal(&guests, &journal)), endings(&run), "and its journal says so");
}

#[test]
fn roles_of_applications_are_looked_at_only_where_they_may_be_read() {
    for (may_read, access, is_kept) in [
        (true, AppRoleAccess::Readable, true),
        (false, AppRoleAccess::Hidden, false),
        // Graph knows better.
        (false, AppRoleAccess::Readable, false),
    ] {
        let more: &[&str] = if may_read { &["Directory.Read.All"] } else { &[] };
        let (world, _, guests) = made(1, more);
        assign(&world, &guests[0], GuestAssignment::AppRole);
        let mut run = withdraw::run(&guests, Ramp::Careful, &[], true, access);
        finish(&world, &mut run, &mut Vec::new());
        assert_eq!(is_user(&world, &guests[0]), is_kept, "{may_read} {access:?}");
    }
    let of = |held: &[&str]| AppRoleAccess::of(|scope| held.contains(&scope));
    assert_eq!([of(&["User.Read.All"]), of(&["Directory.Read.All"])], [AppRoleAccess::Hidden, AppRoleAccess::Readable]);
}

#[test]
fn only_guests_of_ones_own_are_planned_and_a_selection_is_kept_to() {
    let world = World::new();
    sign_in_to_delete(&world, &[]);
    let list = list("ada@fabrikam.example\nr@refused.example\nl@lost-reply.example\nlinus@fabrikam.example\nbob@fabrikam.example");
    let plan = world.plan(&list, &[]);
    let (run, journal) = world.run(&plan);
    let stored = stored(&plan, &list, journal);
    assert_eq!(outcome_of(&plan, &run, "l@lost-reply.example"), "Invited");
    let row = |email: &str| plan.rows.iter().find(|row| row.email == email).unwrap().row;
    let planned = withdraw::plan::plan(&stored, None, NOBODY);
    let emails: Vec<&str> = planned.guests.iter().map(|guest| guest.email.as_str()).collect();
    assert_eq!(emails, ["ada@fabrikam.example"]);
    let others = [
        // Went in one batch with the lost answer, and was refused when it was sent once more.
        ("r@refused.example", NotOwn::Unsure),
        ("l@lost-reply.example", NotOwn::Found),
        ("linus@fabrikam.example", NotOwn::Skipped),
        ("bob@fabrikam.example", NotOwn::Found),
    ];
    assert_eq!(planned.others, others.map(|(email, why)| (row(email), why)));
    let some = |email: &str| withdraw::plan::plan(&stored, Some(&[row(email)]), NOBODY);
    assert_eq!((some("bob@fabrikam.example").guests, some("ada@fabrikam.example").others), (vec![], vec![]));
    let (run, _) = withdrawn(&world, &planned.guests);
    assert_eq!(endings(&run), [GONE]);
    assert!(!is_user(&world, &planned.guests[0]));
}

#[test]
fn a_deletion_that_shows_late_is_waited_for_and_one_that_never_shows_is_not_verified() {
    for (delay, expected) in [(20_000, GONE), (u32::MAX, RecycleOutcome::Withdrawn { seen: false })] {
        let (world, _, guests) = made(7, &[]);
        world.tenant.borrow_mut().knobs.delay_ms = delay;
        let begun = world.now.get();
        let (run, _) = withdrawn(&world, &guests);
        assert_eq!(endings(&run), vec![expected; 7]);
        assert!(world.now.get() - begun < Millis::minutes(10));
    }
}

#[test]
fn a_run_without_the_role_or_the_permission_halts_after_the_first_guest_and_goes_on_with_it() {
    for (who, scopes) in
        [("guest-inviter", &[permissions::DIRECTORY, permissions::DELETING][..]), ("user-admin", &[permissions::DIRECTORY])]
    {
        let (world, _, guests) = made(30, &[]);
        let mut all = permissions::base();
        all.extend(scopes.iter().copied());
        world.sign_in(who, all).unwrap();
        let (mut run, mut journal) = withdrawn(&world, &guests);
        assert_eq!(run.tally().sentence(), "1 refused, 29 not done", "{who}");
        let status = run.status(world.now.get());
        let RunStatus::Halted(reason) = &status else { panic!("{who}: {status:?}") };
        let words = halt_words(reason);
        assert!(words.what.contains("User.DeleteRestore.All") && words.who.contains("User Administrator"), "{words:?}");
        assert_eq!(withdrawal(&guests, &journal).status(world.now.get()), status, "also for whoever opens it later");
        assert_true(&world, &guests, &run, who);
        sign_in_to_delete(&world, &[]);
        run.try_failed_again(world.now.get());
        finish(&world, &mut run, &mut journal);
        assert_eq!(endings(&run), vec![GONE; 30]);
    }
}

#[test]
fn nobody_is_deleted_unlooked_at_where_the_directory_may_not_be_read() {
    for can_look in [false, true] {
        let (world, _, guests) = made(30, &[]);
        let mut all = permissions::base();
        all.extend([permissions::DELETING]);
        world.sign_in("user-admin", all).unwrap();
        let mut run = withdraw::run(&guests, Ramp::AtTheLimit, &[], can_look, AppRoleAccess::Hidden);
        finish(&world, &mut run, &mut Vec::new());
        assert_eq!(run.tally().sentence(), "30 not done");
        let RunStatus::Halted(HaltReason::Refused(refused)) = run.status(world.now.get()) else { panic!("it goes on") };
        assert_eq!(refused.permission.as_deref(), Some("User.Read.All"));
        sign_in_to_delete(&world, &[]);
        run.try_failed_again(world.now.get());
        finish(&world, &mut run, &mut Vec::new());
        assert_eq!(run.tally().count(Withdrawn), 30);
    }
}

#[test]
fn whoever_accepts_while_the_run_waits_is_kept() {
    // Paused, throttled, or written down as leaving when the tab died.
    let (base, stored, guests) = made(3, &[]);
    for paused_at in 0..30 {
        let world = base.clone();
        let mut run = withdrawal(&guests, &[]);
        let mut journal = Vec::new();
        world.drive(&mut run, |entries: &Vec<RecycleEntry>| journal.extend(entries.clone()), paused_at);
        run.pause();
        // What was on its way comes to nothing, as after a long sleep.
        world.now.set(world.now.get() + Millis::minutes(2));
        let accepted: Vec<bool> = guests.iter().map(|guest| accept(&world, &stored, guest)).collect();
        run.go_on();
        let mut again = withdrawal(&guests, &journal);
        finish(&world, &mut again, &mut journal);
        assert_true(&world, &guests, &again, "resumed");
        for (guest, has_accepted) in guests.iter().zip(accepted) {
            assert_eq!(is_user(&world, guest), has_accepted, "paused at {paused_at}");
        }
    }
}

#[test]
fn a_look_holds_for_half_a_minute() {
    for (seconds, expected) in [(29, GONE), (31, RecycleOutcome::Kept(WhyKept::Accepted))] {
        let (world, stored, guests) = made(1, &[]);
        let (mut run, mut has_waited) = (withdrawal(&guests, &[]), false);
        let meanwhile = |_: usize, run: &mut RecycleRun| {
            let has_looked = world.tenant.borrow().log().iter().any(|line| line.path.contains("memberOf"));
            if has_looked && !has_waited && run.is_settled() {
                has_waited = true;
                world.now.set(world.now.get() + Millis::seconds(seconds));
                assert!(accept(&world, &stored, &guests[0]));
            }
        };
        assert_eq!(world.drive_while(&mut run, |_: &Vec<RecycleEntry>| {}, 100_000, meanwhile), Stopped::Done);
        assert_eq!(endings(&run), [expected], "{seconds}");
    }
}

/// A run of six guests, of whom the first has accepted and the second is in a group.
fn two_kept() -> (World, Stored, Vec<OwnGuest>) {
    let (world, stored, guests) = made(6, &["Directory.Read.All"]);
    assert!(accept(&world, &stored, &guests[0]));
    assign(&world, &guests[1], GuestAssignment::Group);
    (world, stored, guests)
}

const STAGES: [SpoiledStage; 3] = [SpoiledStage::Look, SpoiledStage::Delete, SpoiledStage::Bin];

#[test]
fn each_fault_at_each_stage_leaves_nobody_in_doubt_untold() {
    let (base, _, guests) = two_kept();
    for (stage, spoil) in STAGES.into_iter().flat_map(|stage| SPOILS.map(|spoil| (stage, spoil))) {
        for (after, count) in [(0, 1), (1, 1), (1, 2), (0, usize::MAX)] {
            // Without a network, and with tokens that nobody takes, it is waited for ever.
            if count == usize::MAX && matches!(spoil, Spoil::Offline | Spoil::Expired) {
                continue;
            }
            let case = format!("{stage:?} {spoil:?} {after} {count}");
            let world = base.clone();
            let mut run = SpoiledRun::new(withdrawal(&guests, &[]), stage, spoil, after, count);
            let mut journal = Vec::new();
            finish(&world, &mut run, &mut journal);
            let run = run.run;
            assert_true(&world, &guests, &run, &case);
            assert!(is_user(&world, &guests[0]) && is_user(&world, &guests[1]), "{case}");
            let read_again = withdrawal(&guests, &journal);
            assert_eq!((endings(&read_again), read_again.status(world.now.get())), (endings(&run), run.status(world.now.get())), "{case}");
            let tally = run.tally();
            let whole = "4 withdrawn, 2 kept";
            match (stage, spoil, count) {
                (SpoiledStage::Bin, ..) => assert_eq!(tally.sentence(), whole, "{case}"),
                (SpoiledStage::Look, Spoil::Denied, _) => {
                    assert!(tally.count(NotSent) > 0 && tally.count(Refused) == 0, "{case}: {tally:?}")
                }
                (SpoiledStage::Delete, Spoil::Denied, _) => {
                    assert!(tally.count(Refused) > 0 && matches!(run.status(world.now.get()), RunStatus::Halted(_)), "{case}: {tally:?}");
                }
                (SpoiledStage::Look, _, usize::MAX) => {
                    assert_eq!(
                        (tally.count(NotSent), times(&world, "DELETE", &format!("/users/{}", guests[2].id))),
                        (6, 0),
                        "{case}: {tally:?}"
                    );
                    assert!(matches!(run.status(world.now.get()), RunStatus::Halted(HaltReason::NoDirectory { .. })), "{case}");
                }
                (SpoiledStage::Delete, Spoil::Throttled | Spoil::Busy, usize::MAX) => {
                    assert_eq!(tally.count(Refused), 4, "{case}: {tally:?}")
                }
                // Lost twice, it is for a person to decide.
                (SpoiledStage::Delete, Spoil::Lost(false) | Spoil::Page(false) | Spoil::ItemPage(false), 2) => {
                    assert!(tally.count(Withdrawn) + tally.count(Unsure) == 4 && tally.count(Unsure) <= 1, "{case}: {tally:?}");
                }
                (SpoiledStage::Delete, _, usize::MAX) if !spoil_is_done(spoil) => assert_eq!(tally.count(Unsure), 4, "{case}: {tally:?}"),
                _ => assert_eq!(tally.sentence(), whole, "{case}"),
            }
        }
    }
}

const fn spoil_is_done(spoil: Spoil) -> bool {
    matches!(spoil, Spoil::Lost(true) | Spoil::Page(true) | Spoil::ItemPage(true))
}

#[test]
fn a_tab_that_is_killed_at_any_moment_deletes_nobody_who_accepted_since_and_is_finished_by_the_next() {
    let faults = [
        None,
        Some((SpoiledStage::Delete, Spoil::Lost(true))),
        Some((SpoiledStage::Delete, Spoil::Page(false))),
        Some((SpoiledStage::Delete, Spoil::Throttled)),
        Some((SpoiledStage::Look, Spoil::Busy)),
        Some((SpoiledStage::Bin, Spoil::Lost(false))),
    ];
    let (base, stored, guests) = two_kept();
    for fault in faults {
        for steps in 0.. {
            let case = format!("{fault:?}, killed after {steps} steps");
            let world = base.clone();
            world.tenant.borrow_mut().knobs.delay_ms = 3000;
            let (stage, spoil) = fault.unwrap_or((SpoiledStage::Delete, Spoil::Offline));
            let mut journal = Vec::new();
            let mut run = SpoiledRun::new(withdrawal(&guests, &[]), stage, spoil, 1, usize::from(fault.is_some()));
            let stopped = world.drive(&mut run, |entries: &Vec<RecycleEntry>| journal.extend(entries.clone()), steps);
            drop(run);
            let has_accepted = accept(&world, &stored, &guests[3]);
            if is_user(&world, &guests[4]) {
                assign(&world, &guests[4], GuestAssignment::License);
            }
            let kept: Vec<bool> = guests.iter().map(|guest| is_user(&world, guest)).collect();
            let mut next = withdrawal(&guests, &journal);
            finish(&world, &mut next, &mut journal);
            assert_true(&world, &guests, &next, &case);
            for place in [0, 1, 3, 4] {
                assert_eq!(is_user(&world, &guests[place]), kept[place], "{case}: {place}");
            }
            assert_eq!(has_accepted, kept[3], "{case}");
            assert_eq!(endings(&withdrawal(&guests, &journal)), endings(&next), "{case}: and its journal says so");
            if stopped == Stopped::Done {
                assert!(steps > 15, "{case}");
                break;
            }
        }
    }
}

#[test]
fn a_run_is_taken_up_from_whatever_was_written_down_of_it() {
    let (world, _, guests) = two_kept();
    let mut whole = Vec::new();
    let mut run = SpoiledRun::new(withdrawal(&guests, &[]), SpoiledStage::Delete, Spoil::Lost(false), 1, 1);
    finish(&world, &mut run, &mut whole);
    assert!(whole.iter().any(|entry| entry.what == RecycleEvent::NotSeen), "one was put back in doubt");
    for written in 0..=whole.len() {
        // In the tenant as the run left it, and in one of which nothing has been done.
        let mut journal = whole[..written].to_vec();
        let mut again = withdrawal(&guests, &journal);
        finish(&world, &mut again, &mut journal);
        assert_true(&world, &guests, &again, "after it was done");
        let has_left = |guest: &OwnGuest| journal[..written].iter().any(|entry| entry.row == guest.row && entry.what == RecycleEvent::Left);
        for (guest, ending) in guests.iter().zip(endings(&again)).skip(2) {
            assert_eq!(ending, if has_left(guest) { GONE } else { RecycleOutcome::WasGone }, "{written}");
        }
    }
}

#[test]
fn who_stops_keeps_the_rest_and_nobody_is_called_untouched_who_may_be_gone() {
    let (base, _, guests) = made(6, &[]);
    for steps in 0.. {
        let world = base.clone();
        let (mut run, mut journal) = (withdrawal(&guests, &[]), Vec::new());
        let stopped = world.drive(&mut run, |entries: &Vec<RecycleEntry>| journal.extend(entries.clone()), steps);
        if steps % 2 == 1 {
            run = withdrawal(&guests, &journal);
        }
        run.stop(world.now.get());
        finish(&world, &mut run, &mut journal);
        assert_true(&world, &guests, &run, &format!("stopped after {steps} steps"));
        if stopped == Stopped::Done {
            return;
        }
        run.try_failed_again(world.now.get());
        finish(&world, &mut run, &mut journal);
        assert_true(&world, &guests, &run, &format!("tried again after {steps} steps"));
        assert_eq!(run.tally().count(Withdrawn), 6, "{steps}");
    }
}

#[test]
fn what_stays_unsure_is_told_by_trying_again() {
    let (base, stored, guests) = made(1, &[]);
    for is_done in [false, true] {
        // Deleted or not, the answer is lost, and the run is stopped before a look tells.
        let stopped_after = |steps: usize| {
            let (world, mut journal) = (base.clone(), Vec::new());
            let mut run = SpoiledRun::new(withdrawal(&guests, &[]), SpoiledStage::Delete, Spoil::Lost(is_done), 0, 2);
            world.drive(&mut run, |entries: &Vec<RecycleEntry>| journal.extend(entries.clone()), steps);
            let mut run = run.run;
            run.stop(world.now.get());
            finish(&world, &mut run, &mut journal);
            (endings(&run) == [RecycleOutcome::Unsure]).then_some((world, run, journal))
        };
        let (world, mut run, mut journal) = (1..20).find_map(stopped_after).unwrap();
        assert_eq!(accept(&world, &stored, &guests[0]), !is_done);
        run.try_failed_again(world.now.get());
        finish(&world, &mut run, &mut journal);
        assert_eq!(endings(&run), [if is_done { GONE } else { RecycleOutcome::Kept(WhyKept::Accepted) }]);
        assert_true(&world, &guests, &run, "tried again");
    }
}

#[test]
fn whoever_accepts_while_a_lost_deletion_is_looked_for_is_neither_deleted_nor_called_kept() {
    let (world, stored, guests) = made(1, &[]);
    let mut run = SpoiledRun::new(withdrawal(&guests, &[]), SpoiledStage::Delete, Spoil::Lost(false), 0, 1);
    let begun = world.now.get();
    let mut has_accepted = false;
    let meanwhile = |_: usize, _: &mut SpoiledRun| {
        if !has_accepted && world.now.get() - begun > Millis::seconds(30) {
            has_accepted = accept(&world, &stored, &guests[0]);
        }
    };
    assert_eq!(world.drive_while(&mut run, |_: &Vec<RecycleEntry>| {}, 100_000, meanwhile), Stopped::Done);
    assert!(has_accepted && is_user(&world, &guests[0]));
    assert_eq!(endings(&run.run), [RecycleOutcome::Unsure]);
}

#[test]
fn a_large_withdrawal_keeps_below_the_quota_and_looks_at_nobody_long_before() {
    let (world, _, guests) = made(600, &[]);
    let before = world.tenant.borrow().log().len();
    let (run, _) = withdrawn(&world, &guests);
    assert_eq!(run.tally().count(Withdrawn), 600);
    let tenant = world.tenant.borrow();
    let lines = &tenant.log()[before..];
    assert!(lines.iter().all(|line| line.status != 429));
    let looks = lines.iter().filter(|line| line.path.contains("memberOf")).count();
    assert!((600..700).contains(&looks), "{looks}");
    for guest in &guests {
        let at = |method: &str, part: &str| {
            lines.iter().rfind(|line| line.method == method && line.path.contains(&guest.id) && line.path.contains(part)).unwrap().at
        };
        assert!(at("DELETE", "") - at("GET", "memberOf") <= Millis::seconds(31));
    }
}

#[test]
fn a_run_that_was_resent_is_not_taken_back() {
    let (world, stored_run, _) = made(2, &[]);
    let list = stored_run.header.list.clone();
    let choices =
        guestlist::jobs::invite::plan::Choices { known: Some(guestlist::jobs::invite::plan::RowAction::Resend), ..Default::default() };
    let plan = world.plan_as(&list, std::slice::from_ref(&stored_run), &choices);
    let (mut run, mut journal): (Run, Vec<Entry>) = (Run::new(&plan, Ramp::Careful, true, world.now.get()), Vec::new());
    world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 100_000);
    let again = withdraw::plan::plan(&stored(&plan, &list, journal), None, NOBODY);
    assert_eq!((again.guests.len(), again.others.iter().map(|(_, why)| *why).collect::<Vec<_>>()), (0, vec![NotOwn::Resent; 2]));
}
