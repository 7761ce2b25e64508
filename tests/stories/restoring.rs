//! Guests whom a withdrawal deleted are brought back, for 30 days.

use crate::spoiling::*;
use crate::support::*;
use graph::users::{DeleteUser, RestoreUser};
use graph::{Operation, Request};
use guestlist::bulk::{Ramp, RunStatus};
use guestlist::jobs::recycle_bin::RecycleClass::{NotSent, Refused, Restored, Unsure, Withdrawn};
use guestlist::jobs::recycle_bin::{OwnGuest, RecycleEntry, RecycleEvent, RecycleOutcome, RecycleRun, halt_words};
use guestlist::jobs::restore;
use guestlist::jobs::restore::plan::NotRestorable;
use guestlist::permissions;
use tenant::GuestAssignment;
use time::Millis;

const BACK: RecycleOutcome = RecycleOutcome::Restored { seen: true };

fn restoring(guests: &[OwnGuest], journal: &[RecycleEntry]) -> RecycleRun {
    restore::run(guests, Ramp::Careful, journal, true)
}

fn restored(world: &World, guests: &[OwnGuest]) -> RecycleRun {
    let mut run = restoring(guests, &[]);
    finish(world, &mut run, &mut Vec::new());
    run
}

/// Holds how each guest ended against what the tenant holds.
fn assert_true(world: &World, guests: &[OwnGuest], run: &RecycleRun, case: &str) {
    let tally = run.tally();
    assert_eq!((tally.total(), tally.open), (guests.len(), 0), "{case}: {tally:?}");
    for (guest, ending) in guests.iter().zip(endings(run)) {
        let is_here = is_user(world, guest);
        match &ending {
            RecycleOutcome::Restored { .. } | RecycleOutcome::WasThere => assert!(is_here, "{case}: {ending:?}"),
            RecycleOutcome::GoneForGood | RecycleOutcome::Taken | RecycleOutcome::NotSent(_) | RecycleOutcome::Refused(_) => {
                assert!(!is_here, "{case}: {ending:?}");
            }
            RecycleOutcome::Unsure => {}
            other => panic!("{case}: {other:?}"),
        }
        let path = format!("/directory/deletedItems/{}/restore", guest.id);
        assert!(times(world, "POST", &path) <= 1, "{case}");
    }
}

#[test]
fn everybody_who_was_withdrawn_is_back_as_before() {
    let (world, guests, journal) = taken_back(30);
    let plan = restore::plan::plan(&guests, &journal, None, world.now.get());
    assert_eq!((plan.guests.as_slice(), plan.others.len()), (guests.as_slice(), 0));
    let run = restored(&world, &plan.guests);
    assert_eq!(endings(&run), vec![BACK; 30]);
    assert_true(&world, &guests, &run, "all");
    assert_eq!(restore::ending(&run.status(world.now.get()), &run.tally()), "Finished: 30 restored.");
    // And can be withdrawn once more.
    assert_eq!(withdrawn(&world, &guests).0.tally().count(Withdrawn), 30);
}

#[test]
fn who_is_back_already_gone_for_good_or_replaced_is_told_apart() {
    let (world, guests, _) = taken_back(4);
    elsewhere(&world, &RestoreUser { id: &guests[0].id }.request(), 200);
    elsewhere(&world, &Request::delete(format!("/directory/deletedItems/{}", guests[1].id)), 204);
    let body = serde_json::json!({"invitedUserEmailAddress": guests[2].email, "inviteRedirectUrl": "https://myapps.microsoft.com"});
    elsewhere(&world, &Request::post("/invitations", &body), 201);
    let mut run = restored(&world, &guests);
    let expected = [RecycleOutcome::WasThere, RecycleOutcome::GoneForGood, RecycleOutcome::Taken, BACK];
    assert_eq!(endings(&run), expected);
    assert!(expected[..3].iter().all(|outcome| restore::words(outcome).is_some()));
    assert_true(&world, &guests, &run, "told apart");
    // Once the other is gone the way is free.
    let other = world.tenant.borrow().users(world.now.get()).into_iter().find(|user| user["mail"] == guests[2].email.as_str()).unwrap();
    elsewhere(&world, &DeleteUser { id: other["id"].as_str().unwrap() }.request(), 204);
    run.try_failed_again(world.now.get());
    finish(&world, &mut run, &mut Vec::new());
    assert_eq!(endings(&run), [RecycleOutcome::WasThere, RecycleOutcome::GoneForGood, BACK, BACK]);
}

#[test]
fn after_thirty_days_nobody_is_offered_and_graph_restores_nobody() {
    let (world, guests, journal) = taken_back(2);
    let later = world.now.get() + Millis::days(30);
    let plan = restore::plan::plan(&guests, &journal, None, later);
    assert!(plan.guests.is_empty() && plan.others.iter().all(|(_, why)| *why == NotRestorable::TooLate));
    world.tenant.borrow_mut().knobs.clock_hours = 30 * 24;
    sign_in_to_delete(&world, &[]);
    assert_eq!(endings(&restored(&world, &guests)), vec![RecycleOutcome::GoneForGood; 2]);
}

#[test]
fn whom_the_withdrawal_kept_is_not_restored() {
    let (world, _, guests) = made(2, &[]);
    assert!(world.tenant.borrow_mut().assign(&guests[0].email, GuestAssignment::Group, world.now.get()));
    let (_, journal) = withdrawn(&world, &guests);
    let plan = restore::plan::plan(&guests, &journal, None, world.now.get());
    assert_eq!((plan.guests, plan.others), (vec![guests[1].clone()], vec![(guests[0].row, NotRestorable::NotDeleted)]));
}

#[test]
fn a_run_without_the_role_halts_after_the_first_guest() {
    let (world, guests, _) = taken_back(30);
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY, permissions::DELETING]);
    world.sign_in("guest-inviter", all).unwrap();
    let mut run = restored(&world, &guests);
    assert_eq!(run.tally().sentence(), "1 refused, 29 not done");
    let RunStatus::Halted(reason) = run.status(world.now.get()) else { panic!("it goes on") };
    assert!(halt_words(&reason).what.contains("User.DeleteRestore.All"));
    sign_in_to_delete(&world, &[]);
    run.try_failed_again(world.now.get());
    finish(&world, &mut run, &mut Vec::new());
    assert_eq!(endings(&run), vec![BACK; 30]);
}

#[test]
fn each_fault_at_each_stage_leaves_nobody_in_doubt_untold() {
    let stages = [SpoiledStage::Restore, SpoiledStage::User];
    let (base, guests, _) = taken_back(6);
    for (stage, spoil) in stages.into_iter().flat_map(|stage| SPOILS.map(|spoil| (stage, spoil))) {
        for (after, count) in [(0, 1), (1, 1), (0, usize::MAX)] {
            if count == usize::MAX && matches!(spoil, Spoil::Offline | Spoil::Expired) {
                continue;
            }
            let case = format!("{stage:?} {spoil:?} {after} {count}");
            let world = base.clone();
            let mut run = SpoiledRun::new(restoring(&guests, &[]), stage, spoil, after, count);
            let mut journal = Vec::new();
            finish(&world, &mut run, &mut journal);
            let run = run.run;
            assert_true(&world, &guests, &run, &case);
            let tally = run.tally();
            match (stage, spoil, count) {
                (SpoiledStage::Restore, Spoil::Denied, _) => {
                    assert!(tally.count(Refused) > 0 && tally.count(NotSent) > 0, "{case}: {tally:?}")
                }
                (SpoiledStage::Restore, Spoil::Throttled | Spoil::Busy, usize::MAX) => {
                    assert_eq!(tally.count(Refused), 6, "{case}: {tally:?}")
                }
                (SpoiledStage::Restore, Spoil::Lost(false) | Spoil::Page(false) | Spoil::ItemPage(false), usize::MAX) => {
                    assert_eq!(tally.count(Unsure), 6, "{case}: {tally:?}");
                }
                _ => assert_eq!(tally.sentence(), "6 restored", "{case}"),
            }
            assert_eq!(endings(&restoring(&guests, &journal)), endings(&run), "{case}: and its journal says so");
        }
    }
}

#[test]
fn a_tab_that_is_killed_at_any_moment_is_finished_by_the_next() {
    let (base, guests, _) = taken_back(4);
    for fault in [None, Some(Spoil::Lost(true)), Some(Spoil::Page(false)), Some(Spoil::Throttled)] {
        for steps in 0.. {
            let case = format!("{fault:?}, killed after {steps} steps");
            let world = base.clone();
            world.tenant.borrow_mut().knobs.delay_ms = 3000;
            let (mut journal, spoil) = (Vec::new(), fault.unwrap_or(Spoil::Offline));
            let mut run = SpoiledRun::new(restoring(&guests, &[]), SpoiledStage::Restore, spoil, 1, usize::from(fault.is_some()));
            let stopped = world.drive(&mut run, |entries: &Vec<RecycleEntry>| journal.extend(entries.clone()), steps);
            drop(run);
            let mut next = restoring(&guests, &journal);
            finish(&world, &mut next, &mut journal);
            assert_true(&world, &guests, &next, &case);
            // A second silence is for a person to decide.
            let tally = next.tally();
            assert!(
                tally.count(Restored) + tally.count(Unsure) == 4 && tally.count(Unsure) <= usize::from(fault == Some(Spoil::Page(false))),
                "{case}: {tally:?}"
            );
            if stopped == Stopped::Done {
                assert!(steps > 10 && journal.iter().any(|entry| entry.what == RecycleEvent::Accepted), "{case}");
                break;
            }
        }
    }
}
