//! Nobody is invited twice and nobody carries on somebody else's run, whatever two windows, two people and a wrong clock do.

use crate::acts::*;
use crate::browser::{Browser, Death, TestPerson};
use crate::database::StoreFault;
use crate::support::*;
use guestlist::jobs::invite::journal::{Entry, RowEvent, Writer};
use guestlist::letter::{Channel, Letter};
use guestlist::owner::Owner;
use guestlist::storage::{SEQUENCE, Store, drafts};
use guestlist::tab::{Locked, RunIntent, Tab, TabAction, TabReport};
use time::Millis;

#[test]
fn two_windows_with_one_draft_send_each_guest_one_mail() {
    let mut browser = with_draft(12);
    checked(&mut browser, 0);
    checked(&mut browser, 1);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    match invited(&mut browser, 1) {
        TabReport::NothingLeft(changes) => {
            assert_eq!((changes.by_another_tab, changes.left), (12, 0));
            assert!(changes.sentence(browser.wall()).starts_with("12 of these guests were invited from another tab"));
        }
        other => panic!("{other:?}"),
    }
    assert_one_mail_each(&browser, 12);
    assert_eq!(browser.journal().runs.len(), 1, "nothing of the second is left behind");
}

#[test]
fn two_windows_at_the_same_time_send_each_guest_one_mail() {
    let mut browser = with_draft(12);
    checked(&mut browser, 0);
    checked(&mut browser, 1);
    let first = browser.invite(0).unwrap();
    until_written(&mut browser, 0, 4);
    browser.invite(1).unwrap();
    browser.step(1);
    while browser.windows[1].report.is_none() {
        browser.step(1);
    }
    assert_eq!(browser.windows[1].report.take(), Some(TabReport::OtherTab));
    assert_eq!(browser.journal().runs.len(), 1, "a run that was refused is not stored");
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, &first), "12 invited");
    assert!(matches!(invited(&mut browser, 1), TabReport::NothingLeft(_)));
    assert_one_mail_each(&browser, 12);
}

#[test]
fn a_window_that_is_killed_at_its_first_writing_leaves_the_draft_or_the_run() {
    for death in [Death::Before, Death::After] {
        let mut browser = with_draft(5);
        checked(&mut browser, 0);
        browser.invite(0).unwrap();
        browser.death = Some(death);
        while browser.windows[0].is_open {
            browser.step(0);
            browser.pass();
        }
        let owner = browser.people[0].owner.clone();
        let records = browser.database.read(&[drafts::range(&owner)]).unwrap().remove(0);
        let has_draft = matches!(drafts::draft(&owner, &records).0, drafts::Kept::Draft(_));
        assert_eq!((has_draft, browser.journal().runs.len()), if death == Death::Before { (true, 0) } else { (false, 1) });
        // The other window still shows the draft, and invites once.
        checked(&mut browser, 1);
        assert_eq!(invited(&mut browser, 1), TabReport::Carried);
        if death == Death::After {
            assert_eq!(resumed(&mut browser, 1, "run-1"), TabReport::Carried);
            assert_eq!(tally(&browser, "run-1"), "5 skipped");
        }
        assert_one_mail_each(&browser, 5);
    }
}

#[test]
fn a_run_is_resumed_without_those_whom_another_run_invited_meanwhile() {
    let mut browser = with_draft(12);
    // Guests who are late to appear are not found by looking.
    browser.world.tenant.borrow_mut().knobs.delay_ms = 3_600_000;
    checked(&mut browser, 0);
    checked(&mut browser, 1);
    let first = browser.invite(0).unwrap();
    until_written(&mut browser, 0, 4);
    browser.kill(0, true);
    let second = browser.invite(1).unwrap();
    assert_eq!(settled(&mut browser, 1), TabReport::Carried);
    assert_eq!(resumed(&mut browser, 1, &first), TabReport::Carried);
    assert_one_mail_each(&browser, 12);
    assert!(tally(&browser, &first).ends_with("11 skipped"), "{}", tally(&browser, &first));
    assert!(tally(&browser, &second).starts_with("11 sent but not found"), "{}", tally(&browser, &second));
}

#[test]
fn a_clock_that_was_set_back_leaves_the_journal_in_its_order() {
    let mut browser = with_draft(6);
    let letter = Letter { subject: "Welcome".into(), message: "Accept here: {{redeemUrl}}".into(), channel: Channel::Mailbox, ..letter() };
    browser.edit(0, |_, own| *own = letter.clone());
    checked(&mut browser, 0);
    let run = browser.invite(0).unwrap();
    until_written(&mut browser, 0, 6);
    browser.skew = Millis::minutes(-10);
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, &run), "6 invited");
    browser.skew = Millis::minutes(30);
    assert!(!browser.journal().run(&run).unwrap().is_unfinished());
    assert_eq!(resumed(&mut browser, 1, &run), TabReport::Carried);
    assert_one_mail_each(&browser, 6);
}

/// A finished run of twelve guests, of which one record is changed.
fn damaged(store: Store, change: impl Fn(&str) -> String) -> Browser {
    let mut browser = with_draft(12);
    browser.world.tenant.borrow_mut().knobs.delay_ms = 3_600_000;
    checked(&mut browser, 0);
    checked(&mut browser, 1);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    let records = browser.database.range(store, "");
    let (key, text) = records.iter().find(|(key, _)| key != SEQUENCE && (store == Store::Runs || key.ends_with('3'))).unwrap();
    browser.database.put(store, key, &change(text));
    browser
}

#[test]
fn what_cannot_be_read_is_not_taken_for_nothing_done() {
    type Damage = fn(&str) -> String;
    let broken: [(Store, Damage); 5] = [
        (Store::Runs, |text| text.replace("\"v\":2", "\"v\":3")),
        (Store::Runs, |text| text.replace("\"Invite\"", "\"Summon\"")),
        (Store::Entries, |text| text.replace("\"v\":2", "\"v\":3")),
        (Store::Entries, |text| text.replace("\"what\":", "\"why\":")),
        (Store::Entries, |text| text[..text.len() / 2].to_owned()),
    ];
    for (store, change) in broken {
        let mut browser = damaged(store, change);
        let journal = browser.journal();
        assert_eq!((journal.runs.len(), journal.unreadable.len()), (0, 1), "{store:?}");
        assert!(matches!(invited(&mut browser, 1), TabReport::NothingLeft(_)), "{store:?}");
        checked(&mut browser, 1);
        assert_eq!(browser.windows[1].checked.as_ref().unwrap().0.invitations(), 0, "the plan counts them as invited");
        assert_eq!(resumed(&mut browser, 1, "run-1"), TabReport::Unreadable("run-1".into()));
        assert_one_mail_each(&browser, 12);
        assert_eq!(browser.journal(), journal, "and it is kept");
    }
}

#[test]
fn a_run_that_hides_whom_it_invited_keeps_everybody_from_being_invited() {
    let mut browser = damaged(Store::Runs, |_| "{".into());
    browser.database.refusal = None;
    for (key, _) in browser.database.range(Store::Entries, "") {
        browser.database.put(Store::Entries, &key, "{");
    }
    assert_eq!(invited(&mut browser, 1), TabReport::Unreadable("run-1".into()));
    assert_one_mail_each(&browser, 12);
}

#[test]
fn a_database_that_does_not_answer_sends_nothing() {
    let mut browser = with_draft(4);
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    browser.database.refusal = Some(StoreFault::NotDone);
    assert!(matches!(settled(&mut browser, 0), TabReport::NotRead(_)));
    browser.invite(0).unwrap();
    // Until it has looked: what follows is written, and the browser does not say so.
    while browser.windows[0].report.is_none() {
        browser.database.refusal = browser.has_looked(0).then_some(StoreFault::DoneUnheard);
        browser.step(0);
        browser.pass();
    }
    browser.database.refusal = None;
    assert!(matches!(browser.windows[0].report.take(), Some(TabReport::NotWritten(_))));
    assert_eq!((browser.journal().runs.len(), browser.world.mails().len()), (1, 0));
    assert_eq!(resumed(&mut browser, 0, "run-2"), TabReport::Carried);
    assert_one_mail_each(&browser, 4);
}

/// A run of the first person that was killed on its way.
fn interrupted() -> (Browser, String) {
    let mut browser = with_draft(12);
    checked(&mut browser, 0);
    let run = browser.invite(0).unwrap();
    until_written(&mut browser, 0, 4);
    browser.kill(0, false);
    browser.sign_out(1);
    (browser, run)
}

#[test]
fn somebody_elses_run_is_carried_on_only_by_who_says_so_and_every_entry_tells_who() {
    let (mut browser, run) = interrupted();
    let sent = browser.world.mails().len();
    browser.sign_in(1, 1);
    let journal = browser.journal();
    assert!(!journal.run(&run).unwrap().belongs_to(&browser.people[1].owner));
    assert_eq!(resumed(&mut browser, 1, &run), TabReport::OtherPerson("guest-inviter@contoso.example".into()));
    assert!(browser.want(1, RunIntent::Remove { run: run.clone() }));
    assert!(matches!(settled(&mut browser, 1), TabReport::OtherPerson(_)));
    assert_eq!((browser.world.mails().len(), browser.journal()), (sent, journal));

    let writer = browser.people[1].writer();
    assert!(browser.want(1, RunIntent::TakeOver { run: run.clone(), writer: writer.clone() }));
    assert_eq!(settled(&mut browser, 1), TabReport::Carried);
    assert_eq!(tally(&browser, &run), "12 invited");
    assert_one_mail_each(&browser, 12);
    let journal = browser.journal();
    let stored = journal.run(&run).unwrap();
    assert_eq!((stored.carrier(), &stored.header.writer), (&browser.people[1].owner, &writer));
    assert!(stored.belongs_to(&browser.people[0].owner), "who began it still sees it");
    let by = |person: usize| {
        let own = format!("\"person\":\"{}\"", browser.people[person].owner.person);
        browser.database.range(Store::Entries, "").iter().filter(|(_, text)| text.contains(&own)).count()
    };
    assert!(by(0) >= 3 && by(1) > 3, "{} {}", by(0), by(1));
    // Now it is not the first person's any more.
    browser.open(0, Some(0));
    assert_eq!(resumed(&mut browser, 0, &run), TabReport::OtherPerson("user-admin@contoso.example".into()));
}

#[test]
fn a_run_of_another_tenant_is_refused() {
    let (mut browser, run) = interrupted();
    let elsewhere = Owner { tenant: "another-tenant".into(), person: "x.another-tenant".into(), ..browser.people[0].owner.clone() };
    browser.people.push(TestPerson { owner: elsewhere, session: browser.people[1].session.clone() });
    browser.sign_in(1, 2);
    let sent = browser.world.mails().len();
    assert_eq!(resumed(&mut browser, 1, &run), TabReport::OtherTenant);
    let writer = Writer::default();
    assert!(browser.want(1, RunIntent::TakeOver { run, writer }));
    assert_eq!(settled(&mut browser, 1), TabReport::OtherTenant);
    assert_eq!(browser.world.mails().len(), sent);
}

#[test]
fn a_refusal_in_a_later_run_does_not_free_an_address_that_an_earlier_run_invited() {
    let mut browser = with_draft(3);
    browser.world.tenant.borrow_mut().knobs.delay_ms = 3_600_000;
    checked(&mut browser, 0);
    checked(&mut browser, 1);
    let begun = browser.journal();
    assert!(begun.runs.is_empty());
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    // Written by hand: a run that met a refusal for all of them afterwards.
    let journal = browser.journal();
    let mut header = journal.runs[0].header.clone();
    header.id = "run-later".into();
    let owner = browser.people[0].owner.clone();
    let changes = guestlist::storage::journal::begin(&owner, &header);
    let transaction = guestlist::storage::Transaction { expects: Vec::new(), changes };
    browser.database.commit(&transaction);
    let refused = |row: u32| Entry { row, what: RowEvent::NotDone, at: browser.wall(), halted: None, never_left: false };
    let entries: Vec<Entry> = header.plan.rows.iter().map(|row| refused(row.row)).collect();
    let later = browser.journal().run("run-later").unwrap().clone();
    browser.database.commit(&guestlist::storage::journal::append(&later, &owner, &entries));
    assert!(matches!(invited(&mut browser, 1), TabReport::NothingLeft(_)));
    checked(&mut browser, 1);
    assert_eq!(browser.windows[1].checked.as_ref().unwrap().0.invitations(), 0);
    assert_one_mail_each(&browser, 3);
}

#[test]
fn what_somebody_wanted_is_not_done_in_the_name_of_who_signs_in_next() {
    let mut browser = with_draft(4);
    checked(&mut browser, 0);
    let run = browser.invite(0).unwrap();
    browser.step(0);
    browser.sign_out(0);
    browser.sign_in(0, 1);
    assert_eq!(settled(&mut browser, 0), TabReport::SignedOut);
    assert!(browser.journal().run(&run).is_none());
    assert_eq!(browser.world.mails().len(), 0);
    // In the middle of a run, too, and for somebody who signs in again.
    for (round, next) in [1, 0].into_iter().enumerate() {
        checked(&mut browser, 1);
        let run = browser.invite(1).unwrap();
        let written = browser.database.range(Store::Entries, "").len();
        until_written(&mut browser, 1, written + 4);
        browser.sign_out(1);
        browser.sign_in(1, next);
        assert!(browser.windows[1].tab.append(&[]).is_none(), "nothing more is written");
        let written = browser.database.range(Store::Entries, "").len();
        settled(&mut browser, 1);
        assert_eq!(browser.database.range(Store::Entries, "").len(), written);
        assert!(browser.journal().run(&run).unwrap().is_unfinished());
        assert!(browser.world.mails().len() < 4 * (round + 1));
        browser.sign_in(1, 0);
        assert_eq!(resumed(&mut browser, 1, &run), TabReport::Carried);
        browser.edit(1, |into, letter_| (*into, *letter_) = (list(&guests(4, "other.example")), letter()));
    }
}

#[test]
fn numbers_go_on_when_another_tenants_last_run_is_removed_meanwhile() {
    let mut browser = with_draft(4);
    checked(&mut browser, 0);
    let elsewhere =
        Owner { tenant: "t2".into(), person: "x.t2".into(), username: "x@t2.example".into(), ..browser.people[0].owner.clone() };
    let mut other = Tab::default();
    other.sign_in(elsewhere);
    assert!(other.want(RunIntent::DeleteAll, true));
    assert!(matches!(other.next_action(), TabAction::Lock(_)));
    other.locked(Locked::Here);
    let TabAction::Read(ranges) = other.next_action() else { panic!("it reads") };
    // What it read is older than what it writes.
    let read = browser.database.read(&ranges);
    other.read(read, browser.wall());
    let run = browser.invite(0).unwrap();
    until_written(&mut browser, 0, 4);
    loop {
        match other.next_action() {
            TabAction::Commit(transaction) => other.committed(browser.database.attempt(&transaction)),
            TabAction::Read(ranges) => other.read(browser.database.read(&ranges), browser.wall()),
            TabAction::Unlock => {}
            TabAction::Rest(report) => break assert_eq!(report, Some(TabReport::Deleted)),
            _ => panic!("nothing is looked for"),
        }
    }
    assert_eq!(settled(&mut browser, 0), TabReport::Carried);
    assert_eq!(tally(&browser, &run), "4 invited");
    let pieces = browser.database.range(Store::Entries, "").len() - 1;
    assert_eq!(browser.database.get(Store::Entries, SEQUENCE), Some(pieces.to_string().as_str()), "no number was given twice");
    assert_eq!(browser.journal().run(&run).unwrap().begun_at, 1);
}

#[test]
fn nothing_is_left_after_deleting() {
    let (mut browser, run) = interrupted();
    browser.open(0, Some(0));
    browser.edit(0, |into, _| *into = list(&guests(2, "other.example")));
    assert!(browser.want(0, RunIntent::DeleteAll));
    assert_eq!(settled(&mut browser, 0), TabReport::Deleted);
    assert!(browser.journal().run(&run).is_none());
    for store in Store::ALL {
        assert_eq!(browser.database.range(store, ""), []);
    }
}
