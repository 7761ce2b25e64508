//! A second mail that somebody wants is sent once, in however many windows they want it, and whatever lies beside it.

use crate::acts::*;
use crate::browser::Browser;
use crate::support::*;
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::invite::plan::{Choices, RowAction};
use guestlist::storage::{Store, StoreChange, Transaction};
use guestlist::tab::{TabReport, drafting};
use time::Millis;

/// A later version wrote this run's header, as far as this one can tell.
fn make_unreadable(browser: &mut Browser, run: &str) {
    let header = browser.database.get(Store::Runs, run).unwrap();
    let unknown = header.replace("\"gait\":\"Careful\"", "\"gait\":\"Reckless\"");
    assert_ne!(header, unknown);
    browser.database.put(Store::Runs, run, &unknown);
}

#[test]
fn a_second_mail_that_two_windows_want_is_sent_once() {
    for (hours_ahead, is_unreadable) in [(0, false), (1, false), (0, true), (1, true)] {
        let mut browser = with_draft(2);
        browser.skew = Millis::hours(hours_ahead);
        checked(&mut browser, 0);
        assert_eq!(invited(&mut browser, 0), TabReport::Carried);
        browser.skew = Millis::default();
        browser.world.now.set(browser.now() + Millis::minutes(5));
        if is_unreadable {
            make_unreadable(&mut browser, "run-1");
        }
        browser.edit(0, |own, words| (*own, *words) = (list(&guests(2, "fabrikam.example")), letter()));
        browser.settle_draft(1, drafting::DraftIntent::Open);
        for window in [0, 1] {
            browser.windows[window].choices = Choices { known: Some(RowAction::Resend), ..Choices::default() };
            checked(&mut browser, window);
        }
        assert_eq!(invited(&mut browser, 0), TabReport::Carried);
        let report = invited(&mut browser, 1);
        assert!(matches!(report, TabReport::NothingLeft(_)), "{hours_ahead} h ahead, unreadable: {is_unreadable}: {report:?}");
        assert!(browser.world.mails().values().all(|mails| *mails == 2), "{:?}", browser.world.mails());
    }
}

/// As version 1 left it: what it wrote has no place in the sequence.
fn as_version_1_left(browser: &mut Browser, stored: &Stored) {
    let id = &stored.header.id;
    let prefix = format!("{id}/");
    let keys = browser.database.range(Store::Entries, &prefix).into_iter().filter(|(key, _)| key.starts_with(&prefix));
    let changes = keys.map(|(key, _)| StoreChange::Remove(Store::Entries, key)).collect();
    browser.database.commit(&Transaction { expects: Vec::new(), changes });
    browser.database.put(Store::Runs, id, &serde_json::to_string(&stored.header).unwrap());
    if !stored.entries.is_empty() {
        let entries = serde_json::to_string(&stored.entries).unwrap();
        browser.database.put(Store::Entries, &format!("{id}/{:016}/{:08}", stored.header.begun.0, 1), &entries);
    }
}

#[test]
fn of_two_runs_of_an_earlier_version_the_second_leaves_out_whom_the_first_has_invited_by_now() {
    for is_resumed_by_version_1 in [false, true] {
        let mut browser = with_draft(8);
        // Nobody sees the others: the directory may not be read.
        browser.world.tenant.borrow_mut().knobs.delay_ms = 3_600_000;
        checked(&mut browser, 0);
        checked(&mut browser, 1);
        let first = browser.invite(0).unwrap();
        until_written(&mut browser, 0, 2);
        browser.kill(0, false);
        let killed = browser.journal().run(&first).unwrap().clone();
        // Somebody began anew, twenty minutes later, and that was killed before anybody was invited.
        let mut second = Stored::new(killed.header.clone(), Vec::new());
        second.header.id = "run-second".into();
        second.header.begun = killed.header.begun + Millis::minutes(20);
        as_version_1_left(&mut browser, &killed);
        as_version_1_left(&mut browser, &second);
        browser.world.now.set(browser.now() + Millis::minutes(40));
        browser.arrive();
        assert_eq!(resumed(&mut browser, 1, &first), TabReport::Carried);
        if is_resumed_by_version_1 {
            let resumed = browser.journal().run(&first).unwrap().clone();
            as_version_1_left(&mut browser, &resumed);
        }
        browser.kill(1, false);
        browser.open(1, Some(0));
        resumed(&mut browser, 1, "run-second");
        assert_one_mail_each(&browser, 8);
    }
}
