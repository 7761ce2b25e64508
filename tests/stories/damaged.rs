//! Records that are damaged, gone, or somebody else's by now: nobody is invited twice over them, and nothing is lost.

use crate::acts::*;
use crate::browser::{Browser, WindowStep};
use crate::database::StoreFault;
use crate::network::{HTML, NetworkFault};
use crate::support::*;
use guestlist::letter::template_library::{LetterTexts, NamedTemplate};
use guestlist::letter::{Channel, Letter};
use guestlist::storage::drafts::{self, Draft, Kept};
use guestlist::storage::{SEQUENCE, Store, StoreChange, Transaction};
use guestlist::tab::drafting::{self, Keeping};
use guestlist::tab::{ResumeScope, RunIntent, TabReport};
use time::Millis;

/// A run that was killed when so many entries had been written.
fn killed_after(browser: &mut Browser, entries: usize, cut: bool) -> String {
    checked(browser, 0);
    let run = browser.invite(0).expect("a plan was made");
    until_written(browser, 0, entries);
    browser.kill(0, cut);
    run
}

fn assert_none_doubled(browser: &Browser) {
    let mails = browser.world.mails();
    assert!(mails.values().all(|times| *times == 1), "{mails:?}");
}

#[test]
fn a_run_that_hides_whom_it_invited_keeps_others_from_being_resumed() {
    let mut browser = with_draft(12);
    // Nobody is visible in time.
    browser.world.tenant.borrow_mut().knobs.delay_ms = 3_600_000;
    checked(&mut browser, 1);
    let first = killed_after(&mut browser, 4, true);
    let second = browser.invite(1).unwrap();
    settled(&mut browser, 1);
    browser.database.put(Store::Runs, &second, "{");
    for (key, _) in browser.database.range(Store::Entries, &format!("{second}/")) {
        browser.database.put(Store::Entries, &key, "{");
    }
    for scope in [ResumeScope::Open, ResumeScope::Failed] {
        assert!(browser.want(1, RunIntent::Resume { run: first.clone(), scope }));
        assert_eq!(settled(&mut browser, 1), TabReport::Unreadable(second.clone()));
    }
    assert_none_doubled(&browser);
    // Once it is removed, the other goes on.
    assert!(browser.want(1, RunIntent::Remove { run: second }));
    assert_eq!(settled(&mut browser, 1), TabReport::Removed);
    assert_eq!(resumed(&mut browser, 1, &first), TabReport::Carried);
}

#[test]
fn a_counter_that_is_damaged_or_gone_begins_nowhere_anew() {
    let own = Letter { subject: "Welcome".into(), message: "Accept here: {{redeemUrl}}".into(), channel: Channel::Mailbox, ..letter() };
    for pieces in 4..20 {
        let mut browser = with_draft(6);
        browser.edit(0, |_, words| *words = own.clone());
        let run = killed_after(&mut browser, pieces, false);
        browser.world.now.set(browser.now() + Millis::minutes(1));
        browser.arrive();
        match pieces % 2 {
            0 => browser.database.put(Store::Entries, SEQUENCE, "x"),
            _ => {
                let change = StoreChange::Remove(Store::Entries, SEQUENCE.into());
                browser.database.commit(&Transaction { expects: Vec::new(), changes: vec![change] });
            }
        }
        resumed(&mut browser, 1, &run);
        assert!(!browser.journal().run(&run).unwrap().is_unfinished(), "{pieces} pieces");
        browser.kill(1, false);
        browser.open(1, Some(0));
        resumed(&mut browser, 1, &run);
        assert_none_doubled(&browser);
    }
}

#[test]
fn a_run_of_an_earlier_version_leaves_out_whom_a_later_one_invited_whatever_the_clock_said() {
    let mut browser = with_draft(12);
    browser.world.tenant.borrow_mut().knobs.delay_ms = 3_600_000;
    let first = killed_after(&mut browser, 4, true);
    // As version 1 had left it.
    let stored = browser.journal().run(&first).unwrap().clone();
    let keys = browser.database.range(Store::Entries, "");
    let changes = keys.into_iter().map(|(key, _)| StoreChange::Remove(Store::Entries, key)).collect();
    browser.database.commit(&Transaction { expects: Vec::new(), changes });
    browser.database.put(Store::Runs, &first, &serde_json::to_string(&stored.header).unwrap());
    let entries = serde_json::to_string(&stored.entries).unwrap();
    browser.database.put(Store::Entries, &format!("{first}/{:016}/{:08}", stored.header.begun.0, 1), &entries);
    browser.skew = Millis::minutes(-30);
    browser.settle_draft(1, drafting::DraftIntent::Open);
    browser.edit(1, |own, words| (*own, *words) = (list(&guests(12, "fabrikam.example")), letter()));
    checked(&mut browser, 1);
    assert_eq!(invited(&mut browser, 1), TabReport::Carried);
    assert_eq!(resumed(&mut browser, 1, &first), TabReport::Carried);
    assert_none_doubled(&browser);
}

#[test]
fn a_last_look_that_fails_keeps_everybody_from_being_invited() {
    for status in [502, 500, 404, 403, 300] {
        let mut browser = with_draft(60);
        checked(&mut browser, 0);
        // Somebody else invites them meanwhile.
        browser.world.session.replace(Some(browser.people[1].session.clone()));
        let plan = browser.world.plan(&list(&guests(60, "fabrikam.example")), &[]);
        browser.world.run(&plan);
        browser.world.now.set(browser.now() + Millis::minutes(1));
        browser.ways = Box::new(move |request| {
            let body = request.body.as_deref().unwrap_or_default();
            let is_look = body.contains("/users?") && !body.contains("/me?");
            (Millis(60), is_look.then_some(NetworkFault::Instead(status, HTML)))
        });
        browser.invite(0).unwrap();
        assert!(matches!(settled(&mut browser, 0), TabReport::NotLooked(_)), "status {status}");
        assert_none_doubled(&browser);
    }
}

#[test]
fn a_draft_that_cannot_be_read_stays_when_something_else_is_sent() {
    let mut browser = with_draft(3);
    let key = format!("{}draft", browser.people[0].owner.prefix());
    let newer = browser.database.get(Store::Drafts, &key).unwrap().replace("\"v\":2", "\"v\":3");
    browser.database.put(Store::Drafts, &key, &newer);
    browser.settle_draft(0, drafting::DraftIntent::Open);
    browser.edit(0, |own, words| (*own, *words) = (list(&guests(2, "tailspin.example")), letter()));
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_eq!(browser.database.get(Store::Drafts, &key), Some(newer.as_str()));
}

#[test]
fn a_revision_that_cannot_be_read_holds_nothing_up() {
    let mut browser = with_draft(3);
    let key = format!("{}revision", browser.people[0].owner.prefix());
    browser.database.put(Store::Drafts, &key, "x");
    browser.settle_draft(0, drafting::DraftIntent::Open);
    browser.edit(0, |own, _| *own = list(&guests(4, "fabrikam.example")));
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    assert_eq!(browser.world.mails().len(), 4);
}

/// A draft, a letter and the last choice as version 1 wrote them.
fn leave_behind(browser: &mut Browser) {
    let draft = Draft { list: list("old@tailspin.example"), letter: letter(), ..Draft::default() };
    browser.database.put(Store::Drafts, "draft", &serde_json::to_string(&draft).unwrap());
    let named = NamedTemplate { name: "Partners".into(), texts: LetterTexts::from_letter(&letter()) };
    browser.database.put(Store::Drafts, "letters/Partners", &serde_json::to_string(&named).unwrap());
    browser.database.put(Store::Drafts, "preselected", "{}");
}

#[test]
fn what_an_earlier_version_left_becomes_one_persons_and_is_asked_about_once() {
    let mut browser = with_draft(1);
    leave_behind(&mut browser);
    let [ada, bob] = [0, 1].map(|person: usize| browser.people[person].owner.clone());
    // Ada has a letter of the same name, and a draft.
    let own = NamedTemplate { name: "Partners".into(), texts: LetterTexts::default() };
    browser.database.commit(&drafts::keep_letter(&ada, &own));
    browser.sign_out(1);
    browser.sign_in(1, 1);
    browser.settle_draft(0, drafting::DraftIntent::Open);
    assert!([0, 1].iter().all(|window| browser.windows[*window].drafting.unclaimed().is_some()), "both are asked");
    assert_eq!(browser.windows[0].list.len(), 1, "nothing of it is shown before that");
    browser.is_draft_quick = false;
    for window in [0, 1] {
        assert!(browser.settle_draft(window, drafting::DraftIntent::Claim));
    }
    // Both say so at the same time, and go on in turn.
    assert!(browser.settle(100));
    let all = browser.database.range(Store::Drafts, "");
    assert_eq!((drafts::unclaimed(&ada, &all), drafts::draft(&bob, &all).0), (None, Kept::Nothing));
    assert_eq!((browser.windows[0].list.len(), browser.windows[0].drafting.unclaimed()), (2, None));
    assert_eq!(*browser.windows[0].drafting.keeping(), Keeping::Kept);
    let Kept::Draft(kept) = drafts::draft(&ada, &all).0 else { panic!("her draft is gone") };
    assert_eq!(kept.list, browser.windows[0].list);
    assert_eq!(browser.windows[1].drafting.unclaimed(), None, "who was late is not asked again");
    let names: Vec<String> = drafts::letters(&ada, &all).0.into_iter().map(|letter| letter.name).collect();
    assert_eq!(names, ["Partners", "Partners (earlier)"]);
}

#[test]
fn whoever_claims_letters_does_not_write_over_what_another_tab_composed() {
    let mut browser = with_draft(3);
    let named = NamedTemplate { name: "Partners".into(), texts: LetterTexts::from_letter(&letter()) };
    browser.database.put(Store::Drafts, "letters/Partners", &serde_json::to_string(&named).unwrap());
    browser.settle_draft(0, drafting::DraftIntent::Open);
    browser.edit(1, |into, _| *into = list(&guests(8, "fabrikam.example")));
    browser.is_draft_quick = false;
    assert!(browser.settle_draft(0, drafting::DraftIntent::Claim));
    assert!(browser.settle(100));
    assert_eq!(*browser.windows[0].drafting.keeping(), Keeping::ChangedElsewhere);
    browser.edit(0, |into, _| *into = list(&guests(2, "other.example")));
    assert!(browser.settle(100));
    let ada = browser.people[0].owner.clone();
    let Kept::Draft(kept) = drafts::draft(&ada, &browser.database.range(Store::Drafts, &ada.prefix())).0 else { panic!("it is gone") };
    assert_eq!(kept.list.len(), 8, "the other tab's is as it was");
    // Once that is settled, the letters can be claimed.
    browser.settle_draft(0, drafting::DraftIntent::KeepThis);
    assert!(browser.settle(100));
    browser.settle_draft(0, drafting::DraftIntent::Claim);
    assert!(browser.settle(100));
    assert_eq!(drafts::letters(&ada, &browser.database.range(Store::Drafts, &ada.prefix())).0.len(), 1);
}

#[test]
fn what_was_left_is_added_once_also_where_the_disk_refuses_at_first() {
    let mut browser = with_draft(3);
    leave_behind(&mut browser);
    browser.settle_draft(0, drafting::DraftIntent::Open);
    browser.is_draft_quick = false;
    assert!(browser.settle_draft(0, drafting::DraftIntent::Claim));
    while browser.windows[0].list.len() == 3 {
        browser.step(0);
    }
    browser.database.refusal = Some(StoreFault::NotDone);
    assert!(browser.settle(100));
    assert!(matches!(browser.windows[0].drafting.keeping(), Keeping::Denied(_)));
    assert!(browser.settle_draft(0, drafting::DraftIntent::Claim));
    assert!(browser.settle(100));
    assert_eq!((browser.windows[0].list.len(), browser.windows[0].drafting.keeping()), (4, &Keeping::Kept));
    assert_eq!(browser.windows[0].drafting.unclaimed(), None);
}

#[test]
fn a_draft_that_another_tab_has_put_aside_is_settled_in_this_one() {
    let mut browser = with_draft(3);
    let key = format!("{}draft", browser.people[0].owner.prefix());
    browser.database.put(Store::Drafts, &key, "{damaged");
    for window in [0, 1] {
        browser.settle_draft(window, drafting::DraftIntent::Open);
        browser.edit(window, |into, _| *into = list(&guests(2 + window, "tailspin.example")));
    }
    browser.settle_draft(0, drafting::DraftIntent::PutAside);
    assert_eq!(*browser.windows[0].drafting.keeping(), Keeping::Kept);
    browser.settle_draft(1, drafting::DraftIntent::PutAside);
    assert_eq!(*browser.windows[1].drafting.keeping(), Keeping::ChangedElsewhere, "it is asked which one stays");
    browser.settle_draft(1, drafting::DraftIntent::KeepThis);
    assert_eq!(*browser.windows[1].drafting.keeping(), Keeping::Kept);
    assert!(browser.database.range(Store::Drafts, "").iter().any(|(_, text)| text == "{damaged"), "it is still there");
}

#[test]
fn a_choice_that_cannot_be_read_is_not_written_over() {
    let mut browser = with_draft(1);
    let owner = browser.people[0].owner.clone();
    let key = format!("{}preselected", owner.prefix());
    browser.database.put(
        Store::Drafts,
        &key,
        r#"{"v":3,"owner":{"cloud":"","tenant":"","person":"","username":""},"body":{"default":"Partners"}}"#,
    );
    let own = browser.database.range(Store::Drafts, &owner.prefix());
    let before = drafts::preselected(&owner, &own);
    assert_eq!(drafts::keep_preselected(&owner, &own, &before), None);
    assert!(drafts::keep_preselected(&owner, &Vec::new(), &before).is_some());
}

#[test]
fn deleting_leaves_a_run_to_whoever_took_it_over() {
    let mut browser = with_draft(12);
    let run = killed_after(&mut browser, 4, false);
    browser.sign_out(1);
    browser.sign_in(1, 1);
    let writer = browser.people[1].writer();
    assert!(browser.want(1, RunIntent::TakeOver { run: run.clone(), writer }));
    assert_eq!(settled(&mut browser, 1), TabReport::Carried);
    browser.open(0, Some(0));
    assert!(browser.want(0, RunIntent::DeleteAll));
    assert_eq!(settled(&mut browser, 0), TabReport::Deleted);
    assert!(browser.journal().run(&run).is_some(), "whoever carries it on still knows whom it invited");
    browser.kill(0, false);
    assert!(browser.want(1, RunIntent::DeleteAll));
    assert_eq!(settled(&mut browser, 1), TabReport::Deleted);
    assert!(browser.journal().runs.is_empty());
}

/// The answer to an invitation gets lost, and the guest appears after four minutes: until the journal says that they were looked
/// for in vain.
fn looked_for_in_vain() -> Browser {
    let mut browser = browser();
    browser.world.tenant.borrow_mut().knobs.delay_ms = 240_000;
    browser.sign_in(0, 0);
    browser.edit(0, |into, words| (*into, *words) = (list("ada@lost-reply.example"), letter()));
    browser.sign_in(1, 0);
    checked(&mut browser, 0);
    checked(&mut browser, 1);
    browser.invite(0).expect("a plan was made");
    while !browser.database.range(Store::Entries, "").iter().any(|(_, text)| text.contains("NotSeen")) {
        if browser.step(0) != WindowStep::Did {
            let next = browser.wakes().into_iter().chain(browser.network.next()).min().expect("something is to come");
            browser.world.now.set(next.max(browser.now()));
            browser.arrive();
        }
    }
    assert_one_mail_each(&browser, 1);
    browser
}

#[test]
fn who_was_looked_for_in_vain_is_invited_by_no_other_tab() {
    let forbidden = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges","innerError":{}}}"#;
    for fault in [None, Some(NetworkFault::Offline), Some(NetworkFault::Instead(403, forbidden))] {
        let mut browser = looked_for_in_vain();
        let own = fault.clone();
        browser.ways = Box::new(move |request| {
            let is_invitation = request.body.as_deref().is_some_and(|body| body.contains("/invitations"));
            (Millis(60), own.clone().filter(|_| is_invitation))
        });
        if fault.is_some() {
            for _ in 0..20 {
                browser.step(0);
                browser.pass();
            }
        }
        browser.kill(0, true);
        browser.ways = Box::new(|_| (Millis(60), None));
        assert!(matches!(invited(&mut browser, 1), TabReport::NothingLeft(_)), "{fault:?}");
        assert_one_mail_each(&browser, 1);
    }
}

#[test]
fn who_was_looked_for_in_vain_is_looked_for_before_being_sent_again() {
    for (may_look, ending) in [(false, "1 unsure"), (true, "1 invited")] {
        let mut browser = looked_for_in_vain();
        browser.kill(0, true);
        browser.world.now.set(browser.now() + Millis::minutes(10));
        browser.may_look = may_look;
        assert_eq!(resumed(&mut browser, 1, "run-1"), TabReport::Carried);
        assert_eq!(tally(&browser, "run-1"), ending);
        assert_one_mail_each(&browser, 1);
    }
}
