//! Guests of a run are taken back and restored in a browser of two windows: what is written down, who may, and that a browser which is
//! killed at any moment loses nobody and deletes nobody twice.

use crate::acts::*;
use crate::browser::{Browser, Death, TestPerson};
use crate::spoiling::times;
use crate::support::*;
use guestlist::jobs::recycle_bin::journal::{RecycleHeader, RecycleKind};
use guestlist::jobs::recycle_bin::{OwnGuest, RecycleTally};
use guestlist::jobs::withdraw::AppRoleAccess;
use guestlist::jobs::{recycling, restore, withdraw};
use guestlist::letter::{Channel, Letter};
use guestlist::permissions;
use guestlist::storage::Store;
use guestlist::tab::{ResumeScope, RunIntent, TabReport};
use time::Millis;

/// A browser in which a User Administrator has invited so many guests by `run-1`, and a colleague is about.
fn with_guests(count: usize) -> Browser {
    let mut browser = browser_of(&[permissions::DELETING]);
    invite(&mut browser, 0, count);
    browser
}

/// Two windows of a User Administrator, and a colleague who may invite, all with these permissions.
fn browser_of(more: &[&'static str]) -> Browser {
    let world = World::new();
    let people = ["user-admin", "guest-inviter"].map(|name| {
        let mut all = permissions::base();
        all.extend([permissions::DIRECTORY].iter().chain(more).copied());
        world.sign_in(name, all).unwrap();
        TestPerson::from_world(&world)
    });
    let mut browser = Browser::new(world, people.into(), 2);
    for window in 0..2 {
        browser.sign_in(window, 0);
    }
    browser
}

/// Invites so many guests, the same each time.
fn invite(browser: &mut Browser, window: usize, count: usize) {
    browser.edit(window, |into, letter_| (*into, *letter_) = (list(&guests(count, "fabrikam.example")), letter()));
    checked(browser, window);
    assert_eq!(invited(browser, window), TabReport::Carried);
}

/// What is confirmed: everybody of the run who can be taken back, or brought back.
fn header(browser: &Browser, id: &str, kind: RecycleKind, of: &str) -> RecycleHeader {
    let (journal, person) = (browser.journal(), &browser.people[0].owner);
    let recycled = journal.recycled(person);
    let guests = match kind {
        RecycleKind::Withdraw => withdraw::plan::plan(journal.run(of).unwrap(), None, &|id| recycled.is_withdrawn(id)).guests,
        RecycleKind::Restore => restore::plan::of(journal.recycle(of).unwrap(), &recycled, None, browser.wall()).guests,
    };
    RecycleHeader { id: id.into(), kind, of: of.into(), begun: browser.wall(), guests }
}

fn wanted(browser: &mut Browser, window: usize, header: RecycleHeader) -> TabReport {
    assert!(browser.want(window, RunIntent::Recycle(Box::new(header))));
    settled(browser, window)
}

fn withdrawn(browser: &mut Browser, window: usize) -> TabReport {
    let header = header(browser, "withdrawal-1", RecycleKind::Withdraw, "run-1");
    wanted(browser, window, header)
}

fn tally_of(browser: &Browser, id: &str) -> RecycleTally {
    let journal = browser.journal();
    recycling::run(journal.recycle(id).expect("it is stored"), true, AppRoleAccess::Hidden).tally()
}

fn guests_of(browser: &Browser, id: &str) -> Vec<OwnGuest> {
    browser.journal().recycle(id).expect("it is stored").header.guests.clone()
}

/// The users of Contoso among these guests.
fn here(browser: &Browser, guests: &[OwnGuest]) -> usize {
    let users = browser.world.tenant.borrow().users(browser.now() + Millis::hours(1));
    guests.iter().filter(|guest| users.iter().any(|user| user["id"] == guest.id)).count()
}

fn count_of_invited_before(browser: &Browser) -> usize {
    let (journal, person) = (browser.journal(), &browser.people[0].owner);
    let before = journal.invited_before(person);
    journal.runs[0].addresses().filter(|(_, address)| before.get(address).is_some()).count()
}

#[test]
fn who_was_taken_back_may_be_invited_anew_and_who_was_restored_counts_as_invited() {
    let mut browser = with_guests(12);
    assert_eq!(count_of_invited_before(&browser), 12);
    assert_eq!(withdrawn(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally_of(&browser, "withdrawal-1").sentence(), "12 withdrawn");
    let guests = guests_of(&browser, "withdrawal-1");
    assert_eq!((here(&browser, &guests), count_of_invited_before(&browser)), (0, 0));
    assert_eq!(withdrawn(&mut browser, 1), TabReport::NobodyToMove, "nobody is taken back twice");

    let back = header(&browser, "restore-1", RecycleKind::Restore, "withdrawal-1");
    let three = RecycleHeader { guests: back.guests[..3].to_vec(), ..back };
    assert_eq!(wanted(&mut browser, 1, three.clone()), TabReport::Carried);
    assert_eq!(tally_of(&browser, "restore-1").sentence(), "3 restored");
    assert_eq!((here(&browser, &guests), count_of_invited_before(&browser)), (3, 3));
    assert_eq!(wanted(&mut browser, 0, RecycleHeader { id: "restore-2".into(), ..three }), TabReport::NobodyToMove);

    // Nine of them are invited anew, each by one more mail; the three who are back are left out.
    invite(&mut browser, 0, 12);
    assert_eq!(tally(&browser, "run-2"), "9 invited, 3 skipped");
    assert_eq!(count_of_invited_before(&browser), 12, "what was sent after the withdrawal counts");
    // Whoever was brought back can be taken back again.
    let again = header(&browser, "withdrawal-2", RecycleKind::Withdraw, "run-1");
    assert_eq!(again.guests.len(), 3);
    assert_eq!(wanted(&mut browser, 0, again), TabReport::Carried);
    assert_eq!(count_of_invited_before(&browser), 9);
}

#[test]
fn a_browser_killed_at_twenty_moments_deletes_each_guest_once_and_forgets_nobody() {
    // What is written: the beginning, and then each guest's leaving, acceptance and end, some at a time.
    for death in [Death::Before, Death::After] {
        for moment in 0..20 {
            let mut browser = with_guests(7);
            let mut header = header(&browser, "withdrawal-1", RecycleKind::Withdraw, "run-1");
            header.begun = browser.wall();
            assert!(browser.want(0, RunIntent::Recycle(Box::new(header.clone()))));
            let mut written = 0;
            let mut last = browser.database.written;
            while browser.windows[0].is_open && browser.windows[0].report.is_none() {
                if written == moment {
                    browser.death = Some(death);
                }
                browser.step(0);
                browser.pass();
                if browser.database.written != last {
                    (last, written) = (browser.database.written, written + 1);
                }
            }
            let is_stored = browser.journal().recycle("withdrawal-1").is_some();
            let report = if is_stored { resumed(&mut browser, 1, "withdrawal-1") } else { wanted(&mut browser, 1, header) };
            assert_eq!(report, TabReport::Carried, "{death:?} {moment}");
            let guests = guests_of(&browser, "withdrawal-1");
            assert_eq!(tally_of(&browser, "withdrawal-1").sentence(), "7 withdrawn", "{death:?} {moment}");
            assert_eq!((guests.len(), here(&browser, &guests)), (7, 0), "{death:?} {moment}");
            for guest in &guests {
                assert_eq!(times(&browser.world, "DELETE", &format!("/users/{}", guest.id)), 1, "{death:?} {moment}");
            }
        }
    }
}

#[test]
fn only_who_began_a_withdrawal_goes_on_with_it_and_a_colleague_takes_back_nobody_of_anothers_run() {
    let mut browser = with_guests(5);
    let header = header(&browser, "withdrawal-1", RecycleKind::Withdraw, "run-1");
    browser.sign_in(1, 1);
    let other = TabReport::OtherPerson(browser.people[0].owner.username.clone());
    assert_eq!(wanted(&mut browser, 1, header), other);
    assert!(browser.journal().recycles.is_empty());
    assert_eq!(withdrawn(&mut browser, 0), TabReport::Carried);
    assert_eq!(resumed(&mut browser, 1, "withdrawal-1"), other);
    let back = self::header(&browser, "restore-1", RecycleKind::Restore, "withdrawal-1");
    assert_eq!(wanted(&mut browser, 1, back), other);
}

#[test]
fn a_run_that_is_not_over_is_left_to_itself_first() {
    let mut browser = with_draft(12);
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    until_written(&mut browser, 0, 8);
    browser.kill(0, true);
    let header = header(&browser, "withdrawal-1", RecycleKind::Withdraw, "run-1");
    assert!(!header.guests.is_empty());
    assert_eq!(wanted(&mut browser, 1, header), TabReport::Unfinished);
}

#[test]
fn trying_failed_rows_again_writes_to_nobody_who_was_taken_back() {
    let mut browser = browser_of(&[permissions::DELETING, "Mail.Send"]);
    let own = Letter { subject: "Welcome".into(), message: "Accept here: {{redeemUrl}}".into(), channel: Channel::Mailbox, ..letter() };
    browser.edit(0, |into, letter| (*into, *letter) = (list("ada@no-mail.example\nbob@no-mail.example"), own));
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, "run-1"), "2 invited without a letter");
    let header = header(&browser, "withdrawal-1", RecycleKind::Withdraw, "run-1");
    let (one, other) = (header.guests[0].row, header.guests[1].row);
    let first = RecycleHeader { guests: header.guests[..1].to_vec(), ..header };
    assert_eq!(wanted(&mut browser, 0, first), TabReport::Carried);
    assert_eq!(tally_of(&browser, "withdrawal-1").sentence(), "1 withdrawn");
    let asked = |browser: &Browser| browser.world.tenant.borrow().log().iter().filter(|line| line.path.ends_with("/sendMail")).count();
    let before = asked(&browser);
    for (scope, letters) in [(ResumeScope::Rows([one].into()), 0), (ResumeScope::Failed, 1), (ResumeScope::Rows([one, other].into()), 2)] {
        assert!(browser.want(0, RunIntent::Resume { run: "run-1".into(), scope: scope.clone() }));
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
        assert_eq!(asked(&browser) - before, letters, "{scope:?}");
    }
}

/// Withdraws until so many entries lie in the journal, and kills the window.
fn interrupted(browser: &mut Browser, window: usize, entries: usize) {
    let header = header(browser, "withdrawal-1", RecycleKind::Withdraw, "run-1");
    assert!(browser.want(window, RunIntent::Recycle(Box::new(header))));
    let entries = browser.database.range(Store::Entries, "").len() + entries;
    until_written(browser, window, entries);
    browser.kill(window, true);
}

#[test]
fn who_was_invited_anew_stays_so_when_the_withdrawal_before_that_is_resumed() {
    let mut browser = with_guests(1);
    // Its beginning, the leaving, and that Graph accepted it.
    interrupted(&mut browser, 0, 3);
    assert_eq!(count_of_invited_before(&browser), 0);
    browser.open(0, Some(0));
    invite(&mut browser, 0, 1);
    assert_eq!((tally(&browser, "run-2").as_str(), count_of_invited_before(&browser)), ("1 invited", 1));
    assert_eq!(resumed(&mut browser, 1, "withdrawal-1"), TabReport::Carried);
    assert_eq!(tally_of(&browser, "withdrawal-1").sentence(), "1 withdrawn");
    assert_eq!(count_of_invited_before(&browser), 1);
}

#[test]
fn who_is_back_under_an_earlier_id_counts_as_invited() {
    let mut browser = with_guests(1);
    assert_eq!(withdrawn(&mut browser, 0), TabReport::Carried);
    invite(&mut browser, 0, 1);
    let second = header(&browser, "withdrawal-2", RecycleKind::Withdraw, "run-2");
    assert_eq!(wanted(&mut browser, 0, second), TabReport::Carried);
    assert_eq!(count_of_invited_before(&browser), 0);
    let back = header(&browser, "restore-1", RecycleKind::Restore, "withdrawal-1");
    assert_eq!(wanted(&mut browser, 0, back), TabReport::Carried);
    assert_eq!((tally_of(&browser, "restore-1").sentence().as_str(), count_of_invited_before(&browser)), ("1 restored", 1));
}

#[test]
fn what_was_begun_with_guests_ends_before_more_is_done_with_them() {
    let mut browser = with_guests(5);
    interrupted(&mut browser, 0, 4);
    let second = header(&browser, "withdrawal-2", RecycleKind::Withdraw, "run-1");
    assert_eq!(wanted(&mut browser, 1, second.clone()), TabReport::Unfinished);
    assert_eq!(resumed(&mut browser, 1, "withdrawal-1"), TabReport::Carried);
    assert_eq!(wanted(&mut browser, 1, second), TabReport::NobodyToMove);
}

#[test]
fn whom_a_later_run_restored_an_earlier_one_does_not_delete() {
    let mut browser = browser_of(&[]);
    invite(&mut browser, 0, 4);
    assert_eq!(withdrawn(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally_of(&browser, "withdrawal-1").failed(), 4, "nobody may delete");
    sign_in_to_delete(&mut browser);
    let second = header(&browser, "withdrawal-2", RecycleKind::Withdraw, "run-1");
    assert_eq!(wanted(&mut browser, 0, second), TabReport::Carried);
    let mut back = header(&browser, "restore-1", RecycleKind::Restore, "withdrawal-2");
    back.guests.pop();
    assert_eq!(wanted(&mut browser, 0, back), TabReport::Carried);
    let guests = guests_of(&browser, "withdrawal-1");
    assert_eq!(here(&browser, &guests), 3);
    let rows = guests.iter().map(|guest| guest.row).collect();
    for scope in [ResumeScope::Failed, ResumeScope::Rows(rows)] {
        assert!(browser.want(0, RunIntent::Resume { run: "withdrawal-1".into(), scope }));
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    }
    assert_eq!(here(&browser, &guests), 3);
}

#[test]
fn a_run_is_removed_with_its_withdrawals_and_nothing_is_left_behind() {
    let mut browser = with_guests(4);
    assert_eq!(withdrawn(&mut browser, 0), TabReport::Carried);
    let back = header(&browser, "restore-1", RecycleKind::Restore, "withdrawal-1");
    assert_eq!(wanted(&mut browser, 0, back), TabReport::Carried);
    assert!(browser.want(0, RunIntent::Remove { run: "run-1".into() }));
    assert_eq!(settled(&mut browser, 0), TabReport::Removed);
    let left: Vec<String> =
        browser.database.range(Store::Entries, "").into_iter().map(|(key, _)| key).filter(|key| key.contains('/')).collect();
    assert!(left.is_empty() && browser.database.range(Store::Runs, "").is_empty(), "{left:?}");
    assert!(browser.journal().is_empty());
}

#[test]
fn what_earlier_versions_cannot_read_blocks_that_withdrawal_alone() {
    let mut browser = with_guests(6);
    assert_eq!(withdrawn(&mut browser, 0), TabReport::Carried);
    // As a version that knows nothing of withdrawals sees it: a newer record.
    for store in [Store::Runs, Store::Entries] {
        for (key, text) in browser.database.range(store, "").into_iter().filter(|(key, _)| key.starts_with("withdrawal-1")) {
            assert!(text.contains("\"v\":3"), "{text}");
            browser.database.put(store, &key, &text.replace("\"v\":3", "\"v\":4"));
        }
    }
    let (journal, person) = (browser.journal(), browser.people[0].owner.clone());
    assert_eq!((journal.runs.len(), journal.recycles.len(), journal.unreadable.len()), (1, 0, 1));
    assert!(journal.blocks(&person).is_none(), "others may be invited");
    assert_eq!(journal.unreadable[0].addresses.len(), 6);
    assert_eq!(count_of_invited_before(&browser), 6, "whom it names count as invited");
    let sent = |journal: &guestlist::storage::journal::Journal| journal.sent(&person, browser.wall()).at.len();
    assert_eq!(sent(&journal), 6, "nothing of it counts towards the day's allowance");
}

#[test]
fn deletions_that_are_refused_halt_the_run_and_can_be_tried_again() {
    let mut browser = with_guests(4);
    let guests = header(&browser, "withdrawal-1", RecycleKind::Withdraw, "run-1").guests;
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY]);
    browser.world.sign_in("user-admin", all).unwrap();
    browser.people[0] = TestPerson::from_world(&browser.world);
    assert_eq!(withdrawn(&mut browser, 0), TabReport::Carried);
    let tally = tally_of(&browser, "withdrawal-1");
    assert_eq!((tally.total(), tally.failed(), here(&browser, &guests)), (4, 4, 4), "{}", tally.sentence());
    sign_in_to_delete(&mut browser);
    assert!(browser.want(1, RunIntent::Resume { run: "withdrawal-1".into(), scope: ResumeScope::Failed }));
    assert_eq!(settled(&mut browser, 1), TabReport::Carried);
    assert_eq!((tally_of(&browser, "withdrawal-1").sentence().as_str(), here(&browser, &guests)), ("4 withdrawn", 0));
}

fn sign_in_to_delete(browser: &mut Browser) {
    crate::spoiling::sign_in_to_delete(&browser.world, &[]);
    browser.people[0] = TestPerson::from_world(&browser.world);
}
