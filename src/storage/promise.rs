//! What this version leaves in a browser, kind by kind, held against `tests/fixtures/promise/version-2`: each record there is read into
//! what the program works with and written again byte for byte. So a name on disk changes by a migration or not at all; what it was before
//! stays in a folder of its version and has to be read as the same. Kinds of `record::RECYCLING` lie in the folder of that version.

mod samples;

use super::record::{self, RecordEnvelope};
use super::{Records, StoreChange, appended_key, drafts, journal, letter_file};
use crate::bulk::Ramp;
use crate::jobs::invite::allowance::Terms;
use crate::jobs::invite::journal::{Header, RowEvent, Stored};
use crate::jobs::invite::outcome::{NoLetter, NotSent, Outcome};
use crate::jobs::invite::plan::{PlanStep, RowAction, Skip};
use crate::jobs::recycle_bin::journal::{RecycleHeader, RecycleKind};
use crate::jobs::recycle_bin::{RecycleEvent, RecycleOutcome, WhyKept};
use crate::letter::Channel;
use crate::letter::template_library::Preselected;
use crate::owner::Owner;
use crate::rows::Row;
use crate::rows::address::AddressProblem;
use crate::sheet::columns::FieldSource;
use crate::storage::drafts::Draft;
use crate::storage::journal::Journal;
use samples::{
    NOW, ada, bob, draft, entries, header, least, list, move_entries, named, preselected, recycle_header, remembered, removed,
    run_invitations, summary, terms, writer,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// A kind of record.
struct RecordKind {
    /// By which it is written.
    version: u32,
    /// Of its file, which holds one record in each line.
    name: &'static str,
    /// What the program works with, written.
    written: Vec<String>,
    /// Reads a record into what the program works with, and writes that again; nothing where it cannot be read.
    again: fn(&str) -> Option<String>,
}

fn kinds() -> Vec<RecordKind> {
    fn kind<T: Serialize + DeserializeOwned>(name: &'static str, bodies: &[T]) -> RecordKind {
        let written = bodies.iter().map(|body| record::write(&ada(), body)).collect();
        RecordKind { version: record::VERSION, name, written, again: again::<T> }
    }
    let kind_of = |name: &'static str, written: Vec<String>, again: fn(&str) -> Option<String>| RecordKind {
        version: record::VERSION,
        name,
        written,
        again,
    };
    let run = Stored::new(header(), Vec::new());
    let pieces = [
        journal::begin(&ada(), &header()).swap_remove(1),
        journal::take_over("run", &bob(), &writer("bob"), NOW).changes.swap_remove(0),
        journal::append(&run, &ada(), &entries()).changes.swap_remove(0),
    ];
    let rows = drafts::rows_record(&ada(), &list().rows().collect::<Vec<_>>());
    let recycles = [RecycleKind::Withdraw, RecycleKind::Restore].map(recycle_header);
    let moves = [
        journal::begin_recycle(&ada(), &recycles[0]).swap_remove(1),
        journal::append_to("moves", &addresses_of(&recycles[0]), &ada(), &move_entries()).changes.swap_remove(0),
    ];
    vec![
        kind("header", &[header(), Header { id: "empty".into(), ..least() }]),
        kind_of("pieces", pieces.into_iter().map(text_of).collect(), piece_again),
        kind("draft", &[draft(), Draft::default()]),
        kind_of("rows", vec![rows], rows_again),
        kind("letter", &[named()]),
        kind_of("letter-file", vec![letter_file::write(&named())], file_again),
        kind("preselected", &[preselected(), Preselected::default()]),
        kind("columns", &[remembered()]),
        kind("allowance", &[terms(), Terms::default()]),
        kind("removed", &[removed()]),
        kind("summary", &[summary()]),
        kind("invitations", &[run_invitations()]),
        kind_of("not-mine", drafts::disown(&ada()).changes.into_iter().map(text_of).collect(), again::<bool>),
        RecordKind {
            version: record::RECYCLING,
            name: "recycle-header",
            written: recycles.iter().map(|header| text_of(journal::begin_recycle(&ada(), header).swap_remove(0))).collect(),
            again: recycle_again,
        },
        RecordKind {
            version: record::RECYCLING,
            name: "recycle-pieces",
            written: moves.into_iter().map(text_of).collect(),
            again: move_again,
        },
    ]
}

fn owner_of(text: &str) -> Option<Owner> {
    serde_json::from_str::<RecordEnvelope<'_>>(text).ok().map(|envelope| envelope.owner)
}

fn again<T: Serialize + DeserializeOwned>(text: &str) -> Option<String> {
    Some(record::write(&owner_of(text)?, &record::read::<T>(text).ok()?))
}

/// A piece of the journal beside the header of its run.
fn piece_again(text: &str) -> Option<String> {
    let header = ("run".to_owned(), record::write(&ada(), &header()));
    let journal = Journal::read(&vec![header], &vec![(appended_key("run/", 1), text.to_owned())]);
    let (run, by) = (journal.run("run")?, owner_of(text)?);
    let change = match (run.takers.first(), run.entries.is_empty()) {
        (Some(taker), _) => journal::take_over("run", taker, &run.header.writer, NOW).changes.swap_remove(0),
        (None, true) => journal::begin(&by, &run.header).swap_remove(1),
        (None, false) => journal::append(run, &by, &run.entries).changes.swap_remove(0),
    };
    Some(text_of(change))
}

/// The header of a run that moves guests.
fn recycle_again(text: &str) -> Option<String> {
    let stored = Journal::read(&vec![("moves".to_owned(), text.to_owned())], &Records::new()).recycle("moves").cloned()?;
    Some(text_of(journal::begin_recycle(&stored.owner, &stored.header).swap_remove(0)))
}

/// A piece of its journal beside that header.
fn move_again(text: &str) -> Option<String> {
    let header = recycle_header(RecycleKind::Withdraw);
    let runs = vec![("moves".to_owned(), text_of(journal::begin_recycle(&ada(), &header).swap_remove(0)))];
    let stored = Journal::read(&runs, &vec![(appended_key("moves/", 1), text.to_owned())]).recycle("moves").cloned()?;
    let by = owner_of(text)?;
    Some(text_of(match stored.entries.is_empty() {
        true => journal::begin_recycle(&by, &stored.header).swap_remove(1),
        false => journal::append_to("moves", &addresses_of(&stored.header), &by, &stored.entries).changes.swap_remove(0),
    }))
}

fn addresses_of(header: &RecycleHeader) -> HashMap<u32, &str> {
    header.guests.iter().map(|guest| (guest.row, guest.email.as_str())).collect()
}

/// Rows of a draft beside its head.
fn rows_again(text: &str) -> Option<String> {
    let prefix = ada().prefix();
    let head = record::write(&ada(), &Draft { list: list().without_rows(), ..Draft::default() });
    let records: Records = vec![(format!("{prefix}draft"), head), (format!("{prefix}rows/00000000"), text.to_owned())];
    let (drafts::Kept::Draft(draft), _) = drafts::draft(&ada(), &records) else { return None };
    Some(drafts::rows_record(&owner_of(text)?, &draft.list.rows().collect::<Vec<Row<'_>>>()))
}

/// A letter that lies where a person has put it.
fn file_again(text: &str) -> Option<String> {
    letter_file::read(text).ok().map(|letter| letter_file::write(&letter))
}

fn text_of(change: StoreChange) -> String {
    match change {
        StoreChange::Put(_, _, text) | StoreChange::Append(_, text) => text,
        other => panic!("{other:?}"),
    }
}

/// Where records of a version lie, this one or an earlier one that had an envelope.
fn folder(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/promise/version-{version}"))
}

/// The records of a kind as a version left them; none where it had no such kind.
fn kept_by(version: u32, kind: &RecordKind) -> Vec<String> {
    let text = std::fs::read_to_string(folder(version).join(format!("{}.jsonl", kind.name))).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn kept(kind: &RecordKind) -> Vec<String> {
    kept_by(kind.version, kind)
}

#[test]
fn every_kind_of_record_is_written_as_it_lies_in_browsers_and_read_from_there() {
    for kind in kinds() {
        let kept = kept(&kind);
        assert_eq!(kind.written, kept, "{}", kind.name);
        // What an earlier version left is the same in another form.
        for version in 2..=kind.version {
            assert!(folder(version).is_dir(), "what version {version} left stays");
            for (earlier, text) in kept_by(version, &kind).iter().zip(&kept) {
                assert_eq!((kind.again)(earlier).as_ref(), Some(text), "{} of version {version}", kind.name);
            }
        }
    }
    for version in [record::VERSION, record::RECYCLING] {
        let files = std::fs::read_dir(folder(version)).unwrap().count();
        assert_eq!(files, kinds().iter().filter(|kind| kind.version == version).count(), "each file belongs to a kind");
    }
}

/// Where the members of all objects stand: lists without places.
fn members(value: &Value, path: &str, found: &mut Vec<(String, String)>, pointer: &str) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                let (path, pointer) = (format!("{path}.{name}"), format!("{pointer}/{name}"));
                found.push((path.clone(), pointer.clone()));
                members(inner, &path, found, &pointer);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, inner)| members(inner, path, found, &format!("{pointer}/{place}")));
        }
        _ => {}
    }
}

/// The record with one member under another name, or without it.
fn changed(record: &Value, pointer: &str, rename: bool) -> String {
    let mut record = record.clone();
    let (object, name) = pointer.rsplit_once('/').unwrap();
    let object = record.pointer_mut(object).and_then(Value::as_object_mut).unwrap();
    let inner = object.remove(name).unwrap();
    if rename {
        object.insert(format!("{name}~"), inner);
    }
    record.to_string()
}

#[test]
fn a_member_that_is_renamed_or_dropped_does_not_go_unseen() {
    for kind in kinds() {
        let (mut all, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for text in kept(&kind) {
            let record: Value = serde_json::from_str(&text).unwrap();
            let mut found = Vec::new();
            members(&record, "", &mut found, "");
            for (path, pointer) in found {
                let is_noticed = |rename: bool| (kind.again)(&changed(&record, &pointer, rename)).as_ref() != Some(&text);
                // One place where it is noticed is enough: what is empty may be left out.
                if !seen.contains(&path) && is_noticed(true) && is_noticed(false) {
                    seen.insert(path.clone());
                }
                all.insert(path);
            }
        }
        let unseen: Vec<&String> = all.difference(&seen).collect();
        assert!(all.len() > 4 && unseen.is_empty(), "{}: {unseen:?}", kind.name);
    }
}

/// What the values of an enum are called on disk, as its reader says when it meets another.
fn names<T: DeserializeOwned>() -> Vec<String> {
    names_in::<T>(r#""~""#)
}

/// Those of the enum that stands in this text as `~`.
fn names_in<T: DeserializeOwned>(text: &str) -> Vec<String> {
    let refusal = serde_json::from_str::<T>(text).err().expect("no value is called so").to_string();
    let (_, expected) = refusal.split_once("expected ").unwrap();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_value_of_an_enum_is_among_the_kept_records() {
    let all: String = kinds().iter().flat_map(kept).collect();
    let check = |names: Vec<String>, number: usize| {
        assert_eq!(names.len(), number, "{names:?}");
        for name in names {
            assert!(all.contains(&format!("\"{name}\"")), "{name}");
        }
    };
    check(names::<RowEvent>(), 8);
    check(names::<Outcome>(), 7);
    check(names::<NotSent>(), 2);
    check(names::<NoLetter>(), 4);
    check(names::<PlanStep>(), 2);
    check(names::<Skip>(), 12);
    check(names::<AddressProblem>(), 13);
    check(names::<RowAction>(), 4);
    check(names::<Channel>(), 6);
    check(names::<Ramp>(), 2);
    check(names_in::<Outcome>(r#"{"Refused":{"kind":"~"}}"#), 31);
    check(names::<FieldSource>(), 4);
    check(names::<RecycleKind>(), 2);
    check(names::<RecycleEvent>(), 6);
    check(names::<RecycleOutcome>(), 11);
    check(names::<WhyKept>(), 6);
    check(names_in::<WhyKept>(r#"{"assigned":"~"}"#), 5);
}
