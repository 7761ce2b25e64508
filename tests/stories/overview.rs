//! What is kept beside finished runs, so that a start need not read them whole: it says what they say, and nothing depends on it.

use crate::acts::*;
use crate::browser::{Browser, Death};
use guestlist::jobs::invite::allowance::DAY;
use guestlist::owner::Owner;
use guestlist::rows::Address;
use guestlist::storage::overview::{Overview, OverviewReading};
use guestlist::storage::{Committed, Range, Store, StoreChange, StoreQuery, Transaction};
use guestlist::tab::{RunIntent, TabReport};
use time::Millis;

/// More than are read whole at each start.
const MANY: usize = 700;

/// A browser in which somebody has invited many guests by `run-1`, to its end.
fn with_finished() -> Browser {
    with_guests(MANY)
}

fn with_guests(guests: usize) -> Browser {
    let mut browser = with_draft(guests);
    checked(&mut browser, 0);
    assert_eq!(invited(&mut browser, 0), TabReport::Carried);
    browser
}

fn inviter(browser: &Browser) -> Owner {
    browser.people[0].owner.clone()
}

/// Asks about the guests of that run.
fn about() -> OverviewReading {
    OverviewReading::of_invitations((0..MANY).map(|number| Address::parse(&format!("guest{number}@fabrikam.example")).unwrap()))
}

/// Runs that are read whole.
fn read_whole(browser: &Browser, with_invitations: bool, open: Option<&str>) -> Vec<String> {
    let mut reading = if with_invitations { OverviewReading::of_invitations([]) } else { OverviewReading::of_list(open.map(Into::into)) };
    reading.heard_first(&browser.database.ask(&reading.asks_first())).unwrap();
    let mut whole = Vec::new();
    while let Some(queries) = reading.asks() {
        _ = reading.heard(&browser.database.ask(&queries), browser.wall());
        whole.extend(queries.into_iter().filter_map(|query| match query {
            StoreQuery::Texts(Range { store: Store::Runs, prefix }) => Some(prefix),
            _ => None,
        }));
    }
    whole
}

/// What a list of runs shows.
fn listed(overview: &Overview) -> Vec<(String, String, bool)> {
    overview.summaries().map(|run| (run.id.clone(), run.tally.sentence(), run.is_unfinished)).collect()
}

/// Keys of what is kept beside runs.
fn kept(browser: &Browser) -> Vec<String> {
    let is_kept = |key: &String| key.starts_with("~summary") || key.starts_with("~invitations");
    browser.database.range(Store::Entries, "~").into_iter().map(|(key, _)| key).filter(is_kept).collect()
}

#[test]
fn a_finished_run_is_read_whole_once_and_listed_the_same_from_then_on() {
    let mut browser = with_finished();
    assert_eq!(read_whole(&browser, false, None), ["run-1"]);
    let first = browser.overview(OverviewReading::of_list(None));
    assert_eq!(listed(&first), [("run-1".to_owned(), "700 invited".to_owned(), false)]);
    for with_invitations in [false, true] {
        assert!(read_whole(&browser, with_invitations, None).is_empty());
    }
    let again = browser.overview(about());
    assert_eq!(listed(&again), listed(&first));
    let summary = again.summaries().next().unwrap();
    assert!(summary.belongs_to(&inviter(&browser)) && summary.carrier().is(&inviter(&browser)));
    assert!(!summary.belongs_to(&browser.people[1].owner));
    // Whom it invited, and how much of the allowance that took, for a day.
    let (person, journal) = (inviter(&browser), browser.journal());
    assert_eq!(again.before(&person), journal.before(&person));
    assert!(again.before(&person).as_of > 0);
    for (later, count) in [(Millis(0), MANY), (DAY, 0)] {
        let (kept, whole) = (again.sent(&person, browser.wall() + later), journal.sent(&person, browser.wall()));
        assert_eq!(kept.at.len(), count);
        assert!(count == 0 || kept == whole);
    }
    // A page about it has its rows.
    assert_eq!(read_whole(&browser, false, Some("run-1")), ["run-1"]);
    assert!(browser.overview(OverviewReading::of_list(Some("run-1".into()))).whole.run("run-1").is_some());
    assert!(again.whole.run("run-1").is_none());
}

#[test]
fn what_is_written_since_is_seen() {
    let mut browser = with_finished();
    browser.overview(OverviewReading::of_list(None));
    // A colleague takes it over, which is all that is written.
    browser.sign_in(1, 1);
    let writer = guestlist::jobs::invite::journal::Writer::default();
    assert!(browser.want(1, RunIntent::TakeOver { run: "run-1".into(), writer }));
    settled(&mut browser, 1);
    assert_eq!(read_whole(&browser, false, None), ["run-1"]);
    let overview = browser.overview(OverviewReading::of_list(None));
    let summary = overview.summaries().next().unwrap();
    assert!(summary.carrier().is(&browser.people[1].owner) && summary.belongs_to(&inviter(&browser)));
    assert!(read_whole(&browser, false, None).is_empty(), "and kept again");
}

#[test]
fn what_is_kept_can_be_damaged_or_lost() {
    let mut browser = with_finished();
    browser.overview(OverviewReading::of_list(None));
    let whole = browser.journal().before(&inviter(&browser));
    let text = |browser: &Browser, key: &str| browser.database.get(Store::Entries, key).unwrap().to_owned();
    let (summary, invitations) = (text(&browser, "~summary run-1"), text(&browser, "~invitations run-1"));
    let damage = [
        ("~summary run-1", "garbage".to_owned()),
        ("~summary run-1", summary.replace("\"v\":2", "\"v\":4")),
        ("~summary run-1", summary.replace("run-1/~", "run-1/~9")),
        ("~summary run-1", summary.replace("\"id\":\"run-1\"", "\"id\":\"run-2\"")),
        ("~invitations run-1", "[]".to_owned()),
        ("~invitations run-1", invitations.replace("run-1/~", "run-1/~9")),
        ("~invitations run-1", invitations.replace("@fabrikam", "")),
    ];
    for (key, damaged) in damage {
        browser.database.put(Store::Entries, key, &damaged);
        let overview = browser.overview(about());
        assert_eq!(listed(&overview), [("run-1".to_owned(), "700 invited".to_owned(), false)], "{damaged}");
        assert_eq!(overview.before(&inviter(&browser)), whole, "{damaged}");
        assert_eq!((text(&browser, "~summary run-1"), text(&browser, "~invitations run-1")), (summary.clone(), invitations.clone()));
    }
    for key in ["~summary run-1", "~invitations run-1"] {
        browser.database.commit(&Transaction { changes: vec![StoreChange::Remove(Store::Entries, key.into())], ..Transaction::default() });
        assert_eq!(read_whole(&browser, false, None), ["run-1"], "{key}");
        assert_eq!(browser.overview(about()).before(&inviter(&browser)), whole);
    }
}

#[test]
fn of_what_is_unfinished_or_cannot_be_read_nothing_is_kept() {
    let mut browser = with_draft(3);
    checked(&mut browser, 0);
    browser.invite(0).unwrap();
    browser.death = Some(Death::After);
    while browser.windows[0].is_open {
        browser.step(0);
        browser.pass();
    }
    let overview = browser.overview(OverviewReading::of_list(None));
    assert_eq!(listed(&overview), [("run-1".to_owned(), "nothing to do".to_owned(), true)]);
    assert!(kept(&browser).is_empty() && overview.whole.run("run-1").is_some());
    // What cannot be read blocks as ever, and is told each time.
    browser.database.put(Store::Runs, "run-1", "garbage");
    for _ in 0..2 {
        let overview = browser.overview(about());
        assert_eq!((listed(&overview).len(), overview.whole.unreadable.len()), (0, 1));
    }
    // So does what is written of a run whose header is gone.
    browser.database.commit(&Transaction { changes: vec![StoreChange::Remove(Store::Runs, "run-1".into())], ..Transaction::default() });
    assert_eq!(browser.overview(OverviewReading::of_list(None)).whole.unreadable.len(), 1);
    assert!(kept(&browser).is_empty());
}

#[test]
fn a_run_of_an_earlier_version_is_read_whole_each_time() {
    let mut browser = with_finished();
    // Its entries had no number.
    let entries = browser.database.range(Store::Entries, "run-1/");
    let wiped = StoreChange::RemoveAll(Range::with_prefix(Store::Entries, "run-1/"));
    browser.database.commit(&Transaction { changes: vec![wiped], ..Transaction::default() });
    for (place, (_, text)) in entries.iter().enumerate() {
        browser.database.put(Store::Entries, &format!("run-1/0001795344203000/{place:08}"), text);
    }
    assert_eq!(listed(&browser.overview(about())), [("run-1".to_owned(), "700 invited".to_owned(), false)]);
    assert!(kept(&browser).is_empty());
}

#[test]
fn nothing_is_left_of_a_run_that_is_removed() {
    let mut browser = with_finished();
    browser.overview(OverviewReading::of_list(None));
    assert_eq!(kept(&browser), ["~invitations run-1", "~summary run-1"]);
    let late = {
        browser.database.put(Store::Entries, "~summary run-1", "garbage");
        let mut reading = OverviewReading::of_list(None);
        reading.heard_first(&browser.database.ask(&reading.asks_first())).unwrap();
        let queries = reading.asks().unwrap();
        reading.heard(&browser.database.ask(&queries), browser.wall()).remove(0)
    };
    assert!(browser.want(0, RunIntent::Remove { run: "run-1".into() }));
    assert_eq!(settled(&mut browser, 0), TabReport::Removed);
    assert!(kept(&browser).is_empty());
    // Another tab that read the run before keeps nothing of it after that.
    assert_eq!(browser.database.commit(&late), Committed::Conflict);
    // An earlier version that removes the run knows nothing of what lies beside it: the next start throws that away.
    for key in ["~summary run-1", "~invitations run-1", "~invitations run-2"] {
        browser.database.put(Store::Entries, key, "{}");
    }
    assert!(listed(&browser.overview(OverviewReading::of_list(None))).is_empty());
    assert!(kept(&browser).is_empty());
}

#[test]
fn whoever_deletes_all_leaves_nothing_beside_their_runs_either() {
    let mut browser = with_finished();
    browser.overview(OverviewReading::of_list(None));
    assert!(browser.want(0, RunIntent::DeleteAll));
    assert_eq!(settled(&mut browser, 0), TabReport::Deleted);
    assert!(kept(&browser).is_empty());
}

#[test]
fn a_run_that_is_removed_while_it_is_read_is_not_there() {
    let mut browser = with_finished();
    let mut reading = OverviewReading::of_list(None);
    assert!(reading.heard_first(&[]).is_none());
    reading.heard_first(&browser.database.ask(&reading.asks_first())).unwrap();
    assert!(browser.want(0, RunIntent::Remove { run: "run-1".into() }));
    settled(&mut browser, 0);
    let queries = reading.asks().unwrap();
    assert!(reading.heard(&browser.database.ask(&queries), browser.wall()).is_empty());
    let overview = reading.end().0;
    assert!(listed(&overview).is_empty() && overview.whole.is_empty());
}

#[test]
fn a_run_that_has_become_unreadable_is_told_once_it_is_read_whole() {
    // A small one at the next start.
    let mut browser = with_guests(3);
    browser.overview(OverviewReading::of_list(None));
    assert_eq!(read_whole(&browser, false, None), ["run-1"]);
    browser.database.put(Store::Runs, "run-1", "garbage");
    let overview = browser.overview(OverviewReading::of_list(None));
    assert_eq!((listed(&overview).len(), overview.whole.unreadable.len(), kept(&browser).len()), (0, 1, 0));
    // A large one when its page is opened, and from then on.
    let mut browser = with_finished();
    browser.overview(OverviewReading::of_list(None));
    browser.database.put(Store::Runs, "run-1", "garbage");
    assert_eq!(listed(&browser.overview(OverviewReading::of_list(None))).len(), 1);
    for open in [Some("run-1".to_owned()), None] {
        let overview = browser.overview(OverviewReading::of_list(open));
        assert_eq!((listed(&overview).len(), overview.whole.unreadable.len(), kept(&browser).len()), (0, 1, 0));
    }
}
