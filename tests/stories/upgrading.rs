//! What the page of an earlier version left in a browser is all there for this one. The fixtures were recorded by driving it:
//! tests/fixtures/promise.

use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::{Entry, Stored};
use guestlist::jobs::invite::plan::RowAction;
use guestlist::letter::Channel;
use guestlist::owner::Owner;
use guestlist::permissions;
use guestlist::rows::Address;
use guestlist::storage::drafts::{self, Draft, Kept};
use guestlist::storage::journal::Journal;
use guestlist::storage::{Committed, Records, Store};
use guestlist::tab::drafting::{DraftAction, DraftIntent, Drafting};
use serde_json::Value;
use std::sync::Arc;
use time::Moment;

use super::database::Database;
use super::support::{Stopped, World, list};

/// The database of a fixture.
fn recorded(name: &str) -> Database {
    let path = format!("{}/tests/fixtures/promise/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let fixture: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut database = Database::default();
    for store in Store::ALL {
        for (key, text) in fixture["database"]["stores"][store.name()].as_object().into_iter().flatten() {
            database.put(store, key, text.as_str().unwrap());
        }
    }
    database
}

fn all(database: &Database, store: Store) -> Records {
    database.range(store, "")
}

fn inviter() -> Owner {
    Owner {
        cloud: "http://localhost:8082".into(),
        tenant: "5e1ec7ed-c070-4050-a000-c0ffee000001".into(),
        person: "9e57115f-c070-4050-a000-c0ffee00000a".into(),
        username: "guest-inviter@contoso.example".into(),
    }
}

fn somebody_else() -> Owner {
    Owner { person: "somebody-else".into(), username: "user-admin@contoso.example".into(), ..inviter() }
}

fn only_run(database: &Database) -> Arc<Stored> {
    let journal = Journal::read(&all(database, Store::Runs), &all(database, Store::Entries));
    assert_eq!((journal.runs.len(), journal.unreadable.len()), (1, 0));
    Arc::clone(&journal.runs[0])
}

#[test]
fn a_draft_without_an_owner_is_shown_to_nobody_until_somebody_claims_it() {
    let mut database = recorded("draft");
    assert_eq!(drafts::draft(&inviter(), &all(&database, Store::Drafts)).0, Kept::Nothing);
    let left = drafts::unclaimed(&inviter(), &all(&database, Store::Drafts)).unwrap();
    assert_eq!((left.rows, left.has_draft), (1200, true));
    // Somebody to whom it does not belong is not asked again, and leaves it for others.
    assert_eq!(database.commit(&drafts::disown(&somebody_else())), Committed::Done);
    assert_eq!(drafts::unclaimed(&somebody_else(), &all(&database, Store::Drafts)), None);
    let left = drafts::unclaimed(&inviter(), &all(&database, Store::Drafts)).unwrap();
    assert_eq!(database.commit(&drafts::claim(&inviter(), &left, &Vec::new()).0), Committed::Done);
    let (Kept::Draft(draft), _) = drafts::draft(&inviter(), &all(&database, Store::Drafts)) else { panic!("it can be read") };
    assert_eq!((draft.list.len(), draft.letter.channel, draft.letter.variants.len()), (1200, Channel::Drafts, 8));
    assert_eq!((draft.choices.known, draft.choices.rows.get(&1199)), (Some(RowAction::Resend), Some(&RowAction::Skip)));
    let columns: Vec<&str> = draft.list.columns().iter().map(|column| column.heading.as_str()).collect();
    assert!(columns.contains(&"Kürzel"), "{columns:?}");
    assert_eq!(drafts::unclaimed(&inviter(), &all(&database, Store::Drafts)), None);
    assert_eq!(drafts::draft(&somebody_else(), &all(&database, Store::Drafts)).0, Kept::Nothing);
}

#[test]
fn kept_letters_and_columns_become_those_of_whoever_claims_them() {
    let mut database = recorded("letters");
    let left = drafts::unclaimed(&inviter(), &all(&database, Store::Drafts)).unwrap();
    assert_eq!(database.commit(&drafts::claim(&inviter(), &left, &Vec::new()).0), Committed::Done);
    let own = database.range(Store::Drafts, &inviter().prefix());
    let (letters, unread) = drafts::letters(&inviter(), &own);
    let names: Vec<&str> = letters.iter().map(|letter| letter.name.as_str()).collect();
    assert_eq!((names, unread.len()), (vec!["Für Partner & Söhne", "Lieferanten 2026"], 0));
    let preselected = drafts::preselected(&inviter(), &own);
    assert_eq!(preselected.default.as_deref(), Some("Für Partner & Söhne"));
    assert!(preselected.last.is_some());
    assert!(drafts::columns(&inviter(), &own, "mail\u{1f}full nmae\u{1f}badge").is_some());
    assert!(all(&database, Store::Drafts).iter().all(|(key, _)| key.starts_with(&inviter().prefix())), "nothing is left behind");
}

#[test]
fn what_an_earlier_version_kept_under_another_spelling_of_graph_is_found_again() {
    let own = Owner { cloud: "https://graph.contoso.example".into(), ..inviter() };
    for spelling in ["https://Graph.Contoso.example", "https://graph.contoso.example:443", "https://graph.contoso.example/"] {
        let mut database = recorded("letters");
        for (key, text) in all(&recorded("draft"), Store::Drafts) {
            database.put(Store::Drafts, &key, &text);
        }
        // Kept by an earlier version, which took the root as config.json wrote it.
        let earlier = Owner { cloud: spelling.into(), ..own.clone() };
        let left = drafts::unclaimed(&earlier, &all(&database, Store::Drafts)).unwrap();
        assert_eq!(database.commit(&drafts::claim(&earlier, &left, &Vec::new()).0), Committed::Done);
        assert_eq!(drafts::draft(&own, &all(&database, Store::Drafts)).0, Kept::Nothing, "it lies elsewhere");
        let left = drafts::unclaimed(&own, &all(&database, Store::Drafts)).unwrap_or_else(|| panic!("{spelling}"));
        assert_eq!((left.rows, left.has_draft, left.letters > 0), (1200, true, true));
        assert_eq!(drafts::unclaimed(&Owner { person: "somebody-else".into(), ..own.clone() }, &all(&database, Store::Drafts)), None);
        assert_eq!(database.commit(&drafts::claim(&own, &left, &Vec::new()).0), Committed::Done);
        let records = all(&database, Store::Drafts);
        let (Kept::Draft(draft), _) = drafts::draft(&own, &records) else { panic!("it can be read") };
        assert_eq!((draft.list.len(), drafts::letters(&own, &records).0.len()), (1200, 2));
        assert!(drafts::columns(&own, &records, "mail\u{1f}full nmae\u{1f}badge").is_some());
        assert!(records.iter().all(|(key, _)| key.starts_with(&own.prefix())), "nothing is left behind");
        assert_eq!(drafts::unclaimed(&own, &records), None);
    }
}

#[test]
fn what_is_somebodys_own_under_another_spelling_of_graph_cannot_be_declined() {
    let own = Owner { cloud: "https://graph.contoso.example".into(), ..inviter() };
    let earlier = Owner { cloud: "https://graph.contoso.example/".into(), ..own.clone() };
    let mut database = recorded("letters");
    // Theirs, kept by an earlier version; beside it what names nobody, of which they say under either spelling that it is not theirs.
    let draft = Draft { list: list("ada@fabrikam.example"), ..Draft::default() };
    database.commit(&drafts::keep(&earlier, &Default::default(), &draft, true, Vec::new()).0);
    for owner in [&earlier, &own] {
        database.commit(&drafts::disown(owner));
    }
    let mut drafting = Drafting::default();
    drafting.sign_in(own.clone());
    let settled = |drafting: &mut Drafting, database: &mut Database, intent: DraftIntent| {
        drafting.want(intent);
        loop {
            match drafting.next_action() {
                DraftAction::Read(ranges) => drafting.read(database.read(&ranges)),
                DraftAction::Compose { .. } => drafting.composed(&draft, true, Vec::new()),
                DraftAction::Commit(transaction) => drafting.committed(database.attempt(&transaction)),
                DraftAction::Show(_) | DraftAction::Add(_) => {}
                DraftAction::Rest(result) => return result.unwrap(),
            }
        }
    };
    settled(&mut drafting, &mut database, DraftIntent::Open);
    assert_eq!(drafting.unclaimed().map(|left| (left.rows, left.is_own)), Some((1, true)), "nothing hides their own");
    let before = all(&database, Store::Drafts);
    settled(&mut drafting, &mut database, DraftIntent::Disown);
    assert!(drafting.unclaimed().is_some() && all(&database, Store::Drafts) == before, "their own is not declined");
    settled(&mut drafting, &mut database, DraftIntent::Claim);
    settled(&mut drafting, &mut database, DraftIntent::Open);
    assert!(matches!(drafts::draft(&own, &all(&database, Store::Drafts)).0, Kept::Draft(kept) if kept.list.len() == 1));
    assert_eq!(drafting.unclaimed(), None, "what names nobody stays declined");
    // Who had never declined anything here is asked about what names nobody, whatever they said under another spelling.
    let mut database = recorded("letters");
    database.commit(&drafts::keep(&earlier, &Default::default(), &draft, true, Vec::new()).0);
    database.commit(&drafts::disown(&earlier));
    let mut drafting = Drafting::default();
    drafting.sign_in(own.clone());
    for intent in [DraftIntent::Open, DraftIntent::Claim, DraftIntent::Open] {
        settled(&mut drafting, &mut database, intent);
    }
    assert_eq!(drafting.unclaimed().map(|left| (left.letters > 0, left.is_own)), Some((true, false)));
    settled(&mut drafting, &mut database, DraftIntent::Disown);
    settled(&mut drafting, &mut database, DraftIntent::Open);
    assert_eq!(drafting.unclaimed(), None);
}

#[test]
fn deleting_leaves_nothing_under_another_spelling_of_graph_either() {
    let mut browser = crate::acts::with_draft(2);
    let owner = browser.people[0].owner.clone();
    let earlier = Owner { cloud: format!("{}/", owner.cloud), ..owner.clone() };
    let others = Owner { person: "somebody-else".into(), ..earlier.clone() };
    for owner in [&earlier, &others] {
        browser.database.commit(&drafts::keep(owner, &Default::default(), &Draft::default(), true, Vec::new()).0);
    }
    assert!(browser.want(0, guestlist::tab::RunIntent::DeleteAll));
    assert_eq!(crate::acts::settled(&mut browser, 0), guestlist::tab::TabReport::Deleted);
    let left = all(&browser.database, Store::Drafts);
    assert!(!left.is_empty() && left.iter().all(|(key, _)| key.starts_with(&others.prefix())), "{left:?}");
}

#[test]
fn finished_and_killed_runs_are_as_they_were() {
    let check = |name: &str, rows: usize, entries: usize, is_unfinished: bool, open: usize| {
        let stored = only_run(&recorded(name));
        assert_eq!((stored.header.plan.rows.len(), stored.entries.len(), stored.is_unfinished()), (rows, entries, is_unfinished), "{name}");
        assert!(stored.belongs_to(&inviter()) && stored.carrier().is(&inviter()) && !stored.belongs_to(&somebody_else()), "{name}");
        let run = Run::from_stored(&stored, true, Moment(0));
        assert_eq!((run.tally().open, run.tally().total()), (open, rows), "{name}");
    };
    check("finished", 30, 70, false, 0);
    check("killed-inviting", 120, 123, true, 99);
    check("killed-letters", 24, 89, true, 15);
}

#[test]
fn killed_runs_come_to_their_end_and_write_to_nobody_who_was_written_to() {
    let check = |name: &str, invited: usize| {
        let world = World::new();
        let mut all = permissions::base();
        all.extend([permissions::DIRECTORY, "Mail.Send"]);
        world.sign_in("guest-inviter", all).unwrap();
        let stored = only_run(&recorded(name));
        let ended: Vec<String> = {
            let run = Run::from_stored(&stored, true, world.now.get());
            let rows = stored.header.plan.rows.iter();
            rows.filter(|row| run.ended(row.row).is_some()).map(|row| row.email.clone()).collect()
        };
        let mut run = Run::from_stored(&stored, true, world.now.get());
        assert_eq!(world.drive(&mut run, |_: &Vec<Entry>| {}, 1_000_000), Stopped::Done, "{name}");
        let tally = run.tally();
        assert_eq!((tally.open, tally.total()), (0, stored.header.plan.rows.len()), "{name}");
        let mails = world.mails();
        assert!(mails.values().all(|times| *times == 1), "{name}: {mails:?}");
        assert!(ended.iter().all(|email| !mails.contains_key(email)), "{name}: somebody who had ended was written to");
        assert_eq!(mails.len(), invited, "{name}: {tally:?}");
    };
    // 59 had not left; 20 may have, and nobody of them is in this tenant. 20 more were created and 21 had ended.
    check("killed-inviting", 79);
    // 15 letters were due; one may have left, and 8 had ended.
    check("killed-letters", 15);
}

#[test]
fn whom_an_earlier_version_invited_counts_as_invited() {
    let check = |name: &str, invited: usize| {
        let database = recorded(name);
        let journal = Journal::read(&all(&database, Store::Runs), &all(&database, Store::Entries));
        let before = journal.invited_before(&inviter());
        let addresses = journal.runs[0].addresses().filter(|(_, address)| before.get(address).is_some());
        let mut keys: Vec<String> = addresses.map(|(_, address)| Address::key(&address)).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), invited, "{name}");
    };
    check("finished", 22);
    check("killed-inviting", 61);
    check("killed-letters", 24);
}

#[test]
fn an_address_that_only_an_earlier_version_took_counts_as_invited_still() {
    // As a list from a mail program has it: a mark between the letters that nobody sees, and full-width letters.
    let check = |typed: &str, asked: &str| {
        let mut database = recorded("finished");
        for (key, text) in all(&database, Store::Runs) {
            database.put(Store::Runs, &key, &text.replace("g1@fabrikam.example", typed));
        }
        let journal = Journal::read(&all(&database, Store::Runs), &all(&database, Store::Entries));
        assert_eq!((journal.runs.len(), journal.unreadable.len()), (1, 0));
        let before = journal.invited_before(&inviter());
        assert!(before.get(&Address::from_record(asked).unwrap()).is_some(), "{typed:?}");
    };
    check("g\u{200b}1@fabrikam.example", "g1@fabrikam.example");
    check("g1@fabrikam.example\u{2060}", "g1@fabrikam.example");
    check("ｇ1@fabrikam.example", "ｇ1@fabrikam.example");
}
