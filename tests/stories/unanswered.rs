//! Looking that comes to nothing for hours: every wait has an end that is told, but for that of a network that is away.

use crate::acts::{browser, checked, settled, tally};
use crate::browser::Browser;
use crate::network::{HTML, NetworkFault, THROTTLED};
use crate::support::*;
use graph::Request;
use guestlist::bulk::{HaltReason, RunStatus};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::outcome::Outcome;
use guestlist::tab::{ResumeScope, RunIntent, TabReport};
use guestlist::words::Explain;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use time::{Millis, Moment};

fn is_of(request: &Request, what: &str) -> bool {
    request.body.as_deref().is_some_and(|body| body.contains(what))
}

/// A browser in which a run of so many guests is about to send, and what happens to looks from then on, if anything.
fn about_to_send(guests_: usize) -> (Browser, Rc<RefCell<Option<NetworkFault>>>) {
    let (mut browser, looks) = (browser(), Rc::new(RefCell::new(None)));
    browser.sign_in(0, 0);
    browser.edit(0, |into, words| (*into, *words) = (list(&guests(guests_, "fabrikam.example")), letter()));
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    while browser.run(0).is_none() {
        browser.step(0);
        browser.pass();
    }
    browser.ways = Box::new({
        let looks = Rc::clone(&looks);
        move |request| (Millis(60), looks.borrow().clone().filter(|_| !is_of(request, "/invitations")))
    });
    (browser, looks)
}

const FAILING: [NetworkFault; 6] = [
    NetworkFault::Instead(503, HTML),
    NetworkFault::Instead(500, "{}"),
    NetworkFault::Instead(502, ""),
    NetworkFault::Instead(429, THROTTLED),
    NetworkFault::CutAfter,
    NetworkFault::Silence,
];

fn since(begun: Moment, browser: &Browser) -> Millis {
    browser.now() - begun
}

#[test]
fn what_is_in_doubt_is_not_looked_for_without_an_end() {
    for fault in FAILING {
        let (mut browser, looks) = about_to_send(3);
        looks.replace(Some(fault.clone()));
        // The answer to the first invitation is lost.
        let (lost, failing) = (Cell::new(false), Rc::clone(&looks));
        browser.ways = Box::new(move |request| {
            let is_first = is_of(request, "/invitations") && !lost.replace(true);
            let look = failing.borrow().clone().filter(|_| !is_of(request, "/invitations"));
            (Millis(60), if is_first { Some(NetworkFault::CutAfter) } else { look })
        });
        let begun = browser.now();
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
        assert_eq!(tally(&browser, "run-1"), "2 invited, 1 unsure", "{fault:?}");
        assert!((Millis::minutes(10)..Millis::hours(2)).contains(&since(begun, &browser)), "{fault:?}: {:?}", since(begun, &browser));
        let run = Run::from_stored(browser.journal().run("run-1").unwrap(), true, browser.now());
        let words = run.rows().find_map(|(.., ended)| ended.filter(|ended| ended.outcome == Outcome::Unsure)?.outcome.words()).unwrap();
        assert!(words.what.contains("not known") && words.next.contains("looks first"), "{words:?}");
        // Tried again by a person, it is looked for first.
        looks.replace(None);
        browser.want(0, RunIntent::Resume { run: "run-1".into(), scope: ResumeScope::Failed });
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
        assert_eq!(tally(&browser, "run-1"), "3 invited");
        assert!(browser.world.mails().values().all(|mails| *mails == 1));
    }
}

/// A run of four guests that was paused for a long time after the first, so that the others are looked at before they leave.
fn stale() -> (Browser, Rc<RefCell<Option<NetworkFault>>>) {
    let (mut browser, looks) = about_to_send(4);
    while browser.world.mails().is_empty() {
        browser.step(0);
        browser.pass();
    }
    browser.run(0).unwrap().pause();
    browser.settle(1000);
    let later = browser.now() + Millis::minutes(20);
    browser.world.now.set(later);
    browser.run(0).unwrap().go_on();
    (browser, looks)
}

#[test]
fn a_look_before_leaving_that_cannot_be_had_halts_the_run_and_says_what_and_since_when() {
    for fault in FAILING {
        let (mut browser, looks) = stale();
        looks.replace(Some(fault.clone()));
        let begun = browser.now();
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
        assert_eq!((tally(&browser, "run-1").as_str(), browser.world.mails().len()), ("1 invited, 3 not sent", 1), "{fault:?}");
        assert!((Millis::minutes(10)..Millis::hours(2)).contains(&since(begun, &browser)), "{fault:?}: {:?}", since(begun, &browser));
        let run = Run::from_stored(browser.journal().run("run-1").unwrap(), true, browser.now());
        let RunStatus::Halted(reason) = run.status(browser.now()) else { panic!("{fault:?}: it says nothing") };
        let HaltReason::NoDirectory { since: Some(first), .. } = &reason else { panic!("{fault:?}: {reason:?}") };
        assert!(*first >= begun && *first - begun < Millis::minutes(1), "{fault:?}: since the first look that failed, not the last");
        let words = reason.words();
        let all = [words.what, words.why, words.who, words.next, reason.details()].join(" ");
        for told in ["directory", "did not answer", "since 2026-11-22", "UTC", "Try failed again"] {
            assert!(all.contains(told), "{fault:?}: {told}: {all}");
        }
        looks.replace(None);
        browser.want(0, RunIntent::Resume { run: "run-1".into(), scope: ResumeScope::Failed });
        assert_eq!(settled(&mut browser, 0), TabReport::Carried);
        assert_eq!(tally(&browser, "run-1"), "4 invited");
        assert!(browser.world.mails().values().all(|mails| *mails == 1));
    }
}

#[test]
fn a_network_that_is_away_for_hours_is_waited_for_and_said() {
    let (mut browser, looks) = stale();
    looks.replace(Some(NetworkFault::Offline));
    let back = browser.now() + Millis::hours(9);
    crate::acts::until(&mut browser, 0, back);
    let now = browser.now();
    assert_eq!(browser.run(0).map(|run| run.status(now)), Some(RunStatus::Offline));
    browser.world.sign_in_for_all("guest-inviter");
    looks.replace(None);
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, "run-1"), "4 invited");
    // Also while guests are looked for who are invited, or may be.
    let (mut browser, looks) = about_to_send(1);
    looks.replace(Some(NetworkFault::Offline));
    let later = browser.now() + Millis::minutes(5);
    crate::acts::until(&mut browser, 0, later);
    let now = browser.now();
    assert_eq!(browser.run(0).map(|run| run.status(now)), Some(RunStatus::Offline));
}
