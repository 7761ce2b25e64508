//! What people do in a browser of two windows, each to its end.

use crate::browser::{Browser, TestPerson, WindowStep};
use crate::support::*;
use guestlist::jobs::invite::allowance::TenantKind;
use guestlist::permissions;
use guestlist::storage::Store;
use guestlist::tab::{ResumeScope, RunIntent, TabReport};
use tenant::Knobs;
use time::Moment;

/// A browser with two windows, and two people of Contoso who may invite.
pub fn browser() -> Browser {
    let world = World::new();
    let people = ["guest-inviter", "user-admin"].map(|name| {
        let mut all = permissions::base();
        all.extend([permissions::DIRECTORY, "Mail.Send"]);
        world.sign_in(name, all).unwrap();
        TestPerson::from_world(&world)
    });
    Browser::new(world, people.into(), 2)
}

/// A draft of this person with so many guests, and both windows open on it.
pub fn with_draft(rows: usize) -> Browser {
    let mut browser = browser();
    browser.sign_in(0, 0);
    browser.edit(0, |into, letter_| (*into, *letter_) = (list(&guests(rows, "fabrikam.example")), letter()));
    browser.sign_in(1, 0);
    browser
}

/// *Check* to its end.
pub fn checked(browser: &mut Browser, window: usize) {
    browser.check(window);
    assert!(browser.settle(100_000));
}

/// *Invite* after a check, to its end.
pub fn invited(browser: &mut Browser, window: usize) -> TabReport {
    browser.invite(window).expect("a plan was made");
    settled(browser, window)
}

pub fn settled(browser: &mut Browser, window: usize) -> TabReport {
    assert!(browser.settle(200_000), "it comes to an end");
    browser.windows[window].report.take().expect("it was reported how it ended")
}

pub fn resumed(browser: &mut Browser, window: usize, run: &str) -> TabReport {
    assert!(browser.want(window, RunIntent::Resume { run: run.into(), scope: ResumeScope::Open }));
    settled(browser, window)
}

pub fn assert_one_mail_each(browser: &Browser, guests: usize) {
    let mails = browser.world.mails();
    let twice: Vec<_> = mails.iter().filter(|(_, mails)| **mails > 1).collect();
    assert!(twice.is_empty(), "written to more than once: {twice:?}");
    assert_eq!(mails.len(), guests);
}

/// How the rows of a run have ended.
pub fn tally(browser: &Browser, run: &str) -> String {
    let journal = browser.journal();
    let stored = journal.run(run).expect("the run is stored");
    guestlist::jobs::invite::Run::from_stored(stored, true, browser.wall()).tally().sentence()
}

/// A browser whose first person has said this of Contoso, which is so: paid or not, so many days old.
pub fn with_limit(rows: usize, kind: TenantKind, paid: bool, age_days: u32) -> Browser {
    let mut browser = with_draft(rows);
    set_knobs(&browser, |knobs| {
        (knobs.paid, knobs.age_days) = (paid, age_days);
        // A sign-in that lasts for days; those that do not have a story of their own.
        knobs.access_token_seconds = 40 * 24 * 3600;
    });
    browser.set_tenant_kind(0, kind);
    sign_in_anew(&mut browser);
    browser
}

pub fn set_knobs(browser: &Browser, change: impl FnOnce(&mut Knobs)) {
    change(&mut browser.world.tenant.borrow_mut().knobs);
}

/// Everybody signs in anew, as after a day.
pub fn sign_in_anew(browser: &mut Browser) {
    for person in 0..browser.people.len() {
        let name = browser.people[person].owner.username.split('@').next().unwrap().to_owned();
        let mut all = permissions::base();
        all.extend([permissions::DIRECTORY, "Mail.Send"]);
        browser.world.sign_in(&name, all).unwrap();
        browser.people[person] = TestPerson::from_world(&browser.world);
    }
}

/// Lets this window do what it does by itself until then.
pub fn until(browser: &mut Browser, window: usize, then: Moment) {
    while browser.now() < then {
        if browser.step(window) != WindowStep::Did {
            let next = browser.wakes().into_iter().chain(browser.network.next()).min();
            browser.world.now.set(next.unwrap_or(then).clamp(browser.now(), then));
            browser.arrive();
        }
    }
}

/// Steps a window until so many entries lie in the journal.
pub fn until_written(browser: &mut Browser, window: usize, entries: usize) {
    for _ in 0..1_000_000 {
        if browser.database.range(Store::Entries, "").len() >= entries {
            return;
        }
        browser.step(window);
        browser.pass();
    }
    panic!("there are never {entries} entries");
}
