//! A run that has halted says why after a reload, too, in the same words, and offers the same commands.

use crate::database::Database;
use crate::support::*;
use guestlist::bulk::{Ramp, RunStatus};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Entry;
use guestlist::jobs::invite::plan::Plan;
use guestlist::owner::Owner;
use guestlist::rows::List;
use guestlist::storage::journal::{Journal, append, begin};
use guestlist::storage::{Store, Transaction};
use identity::Session;
use time::{Millis, Moment};

/// What lies in a browser once these entries were written down, each by itself.
fn written(plan: &Plan, list: &List, entries: &[Entry]) -> Database {
    let (mut database, run) = (Database::default(), stored(plan, list, Vec::new()));
    let owner = Owner { person: "ada".into(), ..run.owner.clone() };
    database.commit(&Transaction { expects: Vec::new(), changes: begin(&owner, &run.header) });
    for entry in entries {
        database.commit(&append(&run, &owner, std::slice::from_ref(entry)));
    }
    database
}

/// The run as a page reads it that is loaded anew.
fn read_again(database: &Database) -> Run {
    let journal = Journal::read(&database.range(Store::Runs, ""), &database.range(Store::Entries, ""));
    assert_eq!((journal.runs.len(), journal.unreadable.len()), (1, 0));
    Run::from_stored(&journal.runs[0], true, MORNING)
}

fn gateway(world: &World, how: &str, reads: bool) {
    let knobs = &mut world.tenant.borrow_mut().knobs;
    (knobs.gateway, knobs.gateway_drops, knobs.gateway_reads) = (how.into(), true, reads);
}

/// Drives to the end and adds to the journal.
fn carried_out(world: &World, run: &mut Run, journal: &mut Vec<Entry>) {
    assert_eq!(world.drive(run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1_000_000), Stopped::Done);
}

#[test]
fn why_a_run_has_halted_is_the_same_after_a_reload() {
    for (how, reads) in [("403", false), ("403 empty", true), ("407", true), ("404", false), ("item 400 empty", false), ("", false)] {
        let world = World::with("guest-inviter");
        let list = list(&guests(12, "fabrikam.example"));
        let plan = world.plan(&list, &[]);
        gateway(&world, how, reads);
        world.tenant.borrow_mut().knobs.suspicious = how.is_empty();
        let (mut run, mut journal) = world.run(&plan);
        let status = run.status(world.now.get());
        assert!(matches!(status, RunStatus::Halted(_)), "{how}: {status:?}");
        let mut again = read_again(&written(&plan, &list, &journal));
        assert_eq!((again.status(MORNING), again.tally(), again.halted_at()), (status, run.tally(), run.halted_at()), "{how}");
        // A version before this one wrote no reason down, and a later one may write what nobody here knows.
        let mut other = written(&plan, &list, &journal);
        for (key, text) in other.range(Store::Entries, "run-1/") {
            other.put(Store::Entries, &key, &text.replace("\"halted\":{\"kind\":\"", "\"halted\":{\"kind\":\"OfLaterVersions"));
        }
        let by_rows = if how.is_empty() { run.status(world.now.get()) } else { RunStatus::Stopped };
        assert_eq!(read_again(&other).status(MORNING), by_rows, "{how}");
        // Taken up in part, once what stood in the way is gone: what held does not hold any more, before a reload and after.
        gateway(&world, "", false);
        world.tenant.borrow_mut().knobs.suspicious = false;
        for wanted in [6, 12] {
            again.try_again(|row| plan.rows[..wanted].iter().any(|own| own.row == row), world.now.get());
            carried_out(&world, &mut again, &mut journal);
            let status = if wanted == 12 { RunStatus::Finished } else { RunStatus::Stopped };
            assert_eq!(again.status(world.now.get()), status, "{how}");
            again = read_again(&written(&plan, &list, &journal));
            assert_eq!(again.status(MORNING), status, "{how}, read again");
        }
        run = again;
        world.assert_none_lost_none_doubled(&plan, &run);
    }
}

#[test]
fn a_run_that_halted_and_broke_off_still_says_why_at_its_end() {
    let list = list(&guests(6, "fabrikam.example"));
    // The tab dies once the halt is on disk, while the first guest is still looked for.
    let died_after = |steps: usize| {
        let world = World::with("guest-inviter");
        let plan = world.plan(&list, &[]);
        gateway(&world, "403", false);
        let mut run = Run::new(&plan, Ramp::Careful, true, world.now.get());
        let mut journal: Vec<Entry> = Vec::new();
        world.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), steps);
        journal.iter().any(|entry| entry.halted.is_some()).then_some((world, plan, journal))
    };
    let (world, plan, mut journal) = (1..100).find_map(died_after).unwrap();
    let mut again = read_again(&written(&plan, &list, &journal));
    assert_eq!(again.tally().open, 1);
    carried_out(&world, &mut again, &mut journal);
    let status = again.status(world.now.get());
    assert!(matches!(status, RunStatus::Halted(_)), "{status:?}");
    assert_eq!(read_again(&written(&plan, &list, &journal)).status(MORNING), status);
}

#[test]
fn whoever_has_signed_in_since_a_block_may_try_again_also_after_a_reload() {
    let world = World::with("guest-inviter");
    let list = list(&guests(3, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    world.tenant.borrow_mut().knobs.suspicious = true;
    let (_, journal) = world.run(&plan);
    let again = read_again(&written(&plan, &list, &journal));
    // As the tab keeps it.
    let kept = || -> Session { serde_json::from_str(&serde_json::to_string(&*world.session.borrow()).unwrap()).unwrap() };
    let is_barred = |signed_in: Option<Moment>| again.status(MORNING).is_barred(signed_in > again.halted_at());
    assert!(is_barred(kept().signed_in));
    world.now.set(world.now.get() + Millis::minutes(50));
    world.renew().unwrap();
    assert!(is_barred(kept().signed_in), "fresh tokens are no sign-in");
    assert!(is_barred(None), "a version before this one did not keep it");
    world.sign_in_again().unwrap();
    assert!(!is_barred(kept().signed_in));
}
