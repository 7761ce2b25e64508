//! A job that the program does not have, on the engine that it has: whether somebody who reads "Add a job" in `src/README.md` gets the
//! write-ahead, the looks, the paces and the endings for what is stated in `job.rs`.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a broken test may panic"))]

mod daily;
mod earlier_versions;
mod job;
mod left_out;
mod proxies;
mod retries;
mod sleeping;
mod statuses;

use graph::{Answer, Headers, Reply, Request, Unreached};
use guestlist::bulk::journal::{JournalEntry, NotSent};
use guestlist::bulk::{Bulk, HaltReason, Ramp, RunStatus, Seen, ShownRows, Task};
use guestlist::protocol::{Action, StateMachine};
use job::{Withdraw, WithdrawEvent, Withdrawal};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use time::{Millis, Moment};

/// What becomes of a request on its way.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Arrives,
    /// It arrives, and its answer does not.
    Lost,
    /// It does not arrive, and nobody is told.
    Vanishes,
    Offline,
    Status(u16, &'static str),
}

/// A directory of guests; `true` may sign in.
struct GuestDirectory {
    guests: BTreeMap<String, bool>,
    /// What becomes of the next requests about a guest: by method and id, in their order.
    fates: BTreeMap<(&'static str, String), Vec<Fate>>,
    asked: Vec<String>,
    deletions: usize,
    /// Who was blocked, in this order.
    blocked: Vec<String>,
    now: Moment,
}

impl GuestDirectory {
    fn with(guests: usize) -> Self {
        let guests = (1..=guests).map(|number| (format!("g{number}"), true)).collect();
        Self { guests, fates: BTreeMap::new(), asked: Vec::new(), deletions: 0, blocked: Vec::new(), now: Moment(1_000_000) }
    }

    fn meets(&mut self, method: &'static str, id: &str, fates: &[Fate]) {
        self.fates.insert((method, id.into()), fates.to_vec());
    }

    fn item(&mut self, method: &str, url: &str) -> (Fate, Value) {
        let id = url.trim_start_matches("/users/").split('?').next().unwrap_or_default().to_owned();
        self.asked.push(format!("{method} {id}"));
        let fates = self.fates.iter_mut().find(|((of, about), _)| *of == method && *about == id).map(|(_, fates)| fates);
        let fate = fates.filter(|fates| !fates.is_empty()).map_or(Fate::Arrives, |fates| fates.remove(0));
        if matches!(fate, Fate::Vanishes | Fate::Offline) {
            return (fate, Value::Null);
        }
        if let Fate::Status(status, code) = fate {
            return (fate, json!({"status": status, "body": {"error": {"code": code, "message": ""}}}));
        }
        let known = self.guests.contains_key(&id);
        let answer = match method {
            _ if id == daily::BLOCKED => json!({"status": 200, "body": {"value": self.blocked}}),
            _ if !known => json!({"status": 404, "body": {"error": {"code": "Request_ResourceNotFound", "message": ""}}}),
            "PATCH" => {
                self.blocked.push(id.clone());
                self.guests.insert(id, false);
                json!({"status": 204})
            }
            "DELETE" => {
                self.guests.remove(&id);
                self.deletions += 1;
                json!({"status": 204})
            }
            _ => json!({"status": 200, "body": {"id": id}}),
        };
        (fate, answer)
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        let mut responses = Vec::new();
        for item in body["requests"].as_array().unwrap() {
            let (fate, mut answer) = self.item(item["method"].as_str().unwrap(), item["url"].as_str().unwrap());
            match fate {
                Fate::Offline => return Err(Unreached::Offline),
                Fate::Lost | Fate::Vanishes => {}
                Fate::Arrives | Fate::Status(..) => {
                    answer["id"] = item["id"].clone();
                    responses.push(answer);
                }
            }
        }
        Ok(Reply { status: 200, headers: Headers::default(), body: json!({ "responses": responses }).to_string() })
    }
}

type WithdrawJournal = Vec<JournalEntry<WithdrawEvent>>;

fn run(guests: usize, ramp: Ramp, journal: &WithdrawJournal) -> Bulk<Withdraw> {
    let tasks = (1..=guests).map(|number| Task::new(u32::try_from(number).unwrap(), format!("g{number}")));
    Bulk::begin(Withdraw, tasks, ramp, true).remembering(journal)
}

/// Drives a run until it is done, waits for a person, or has recorded so many entries that it is killed: then before anything leaves.
fn drive(run: &mut Bulk<Withdraw>, directory: &mut GuestDirectory, journal: &mut WithdrawJournal, killed_at: usize) {
    for _ in 0..100_000 {
        match run.next(directory.now) {
            Action::Record(entries) => {
                // What stands in the journal as leaving for the first time has not left.
                let left_before: BTreeSet<u32> =
                    journal.iter().filter(|entry| entry.what == WithdrawEvent::Leaves).map(|entry| entry.row).collect();
                let leaving: BTreeSet<u32> =
                    entries.iter().filter(|entry| entry.what == WithdrawEvent::Leaves).map(|entry| entry.row).collect();
                assert!(
                    leaving.difference(&left_before).all(|row| directory.guests.contains_key(&format!("g{row}"))),
                    "it was deleted before it was written"
                );
                journal.extend(entries);
                if journal.len() >= killed_at {
                    return;
                }
                run.recorded();
            }
            Action::Send(ticket, request) => {
                let answer = directory.answer(&request);
                directory.now += Millis(200);
                run.heard(ticket, &answer, directory.now);
            }
            Action::WaitUntil(then) => directory.now = then.max(directory.now),
            Action::SignIn(_) => run.signed_in(),
            Action::Abandon(_) => {}
            Action::WaitForReply | Action::Idle | Action::Done => return,
        }
    }
    panic!("it does not come to an end");
}

fn ended(run: &Bulk<Withdraw>) -> Vec<Withdrawal> {
    run.rows().map(|(.., ended)| ended.unwrap().outcome.clone()).collect()
}

#[test]
fn everybody_is_blocked_and_deleted_once() {
    let (mut directory, mut journal) = (GuestDirectory::with(250), Vec::new());
    let mut run = run(250, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!((run.classes(), run.open()), ([250, 0, 0, 0, 0].as_slice(), 0));
    assert_eq!((directory.guests.len(), directory.deletions), (0, 250));
    assert_eq!(run.status(directory.now), RunStatus::Finished);
    assert_eq!(directory.asked[..2], ["PATCH g1", "DELETE g1"], "the first goes all the way, alone");
    assert_eq!(run.quota_used(directory.now), 500);
    // 500 writes keep below the quota.
    assert!(directory.now - Moment(1_000_000) >= Millis::seconds(24), "{:?}", directory.now);
}

#[test]
fn a_lost_answer_is_repeated_where_that_harms_nobody_and_else_looked_into() {
    let (mut directory, mut journal) = (GuestDirectory::with(3), Vec::new());
    directory.meets("PATCH", "g1", &[Fate::Lost]);
    directory.meets("DELETE", "g2", &[Fate::Lost]);
    directory.meets("DELETE", "g3", &[Fate::Vanishes]);
    let mut run = run(3, Ramp::AtTheLimit, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(ended(&run), vec![Withdrawal::Deleted; 3]);
    let times = |what: &str| directory.asked.iter().filter(|asked| *asked == what).count();
    assert_eq!((times("PATCH g1"), times("GET g1"), times("DELETE g1")), (2, 0, 1));
    assert_eq!((times("GET g2"), times("DELETE g2")), (1, 1), "it was seen to be gone");
    assert!(times("GET g3") > 5 && times("DELETE g3") == 2, "it was there for two minutes, so it is sent once more");
}

#[test]
fn who_was_deleted_by_somebody_else_is_told_apart() {
    let (mut directory, mut journal) = (GuestDirectory::with(2), Vec::new());
    directory.guests.remove("g2");
    let mut run = run(2, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(ended(&run), [Withdrawal::Deleted, Withdrawal::WasGone]);
}

#[test]
fn whoever_waits_long_between_the_steps_is_looked_at_before_the_second_one() {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    let mut run = run(1, Ramp::Careful, &journal);
    run.is_as_of(time::Now { steady: directory.now, wall: directory.now });
    drive(&mut run, &mut directory, &mut journal, 1);
    assert_eq!(journal[0].what, WithdrawEvent::Blocked);
    run.recorded();
    run.pause();
    assert_eq!(run.next(directory.now), Action::Idle);
    directory.now += Millis::minutes(6);
    run.go_on();
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(directory.asked[..3], ["PATCH g1", "GET g1", "DELETE g1"]);
    assert_eq!(ended(&run), [Withdrawal::Deleted]);
}

#[test]
fn a_tab_that_is_killed_anywhere_deletes_nobody_twice_and_finishes_in_the_next() {
    let faulty = || {
        let mut directory = GuestDirectory::with(7);
        directory.meets("DELETE", "g1", &[Fate::Vanishes]);
        directory.meets("DELETE", "g2", &[Fate::Lost]);
        directory.meets("DELETE", "g3", &[Fate::Status(429, "TooManyRequests")]);
        directory.meets("PATCH", "g4", &[Fate::Lost, Fate::Offline]);
        directory
    };
    let mut whole = Vec::new();
    drive(&mut run(7, Ramp::Careful, &Vec::new()), &mut faulty(), &mut whole, usize::MAX);
    assert!(whole.iter().any(|entry| entry.what == WithdrawEvent::NotSeen), "the first is put back in doubt");
    for killed_at in 1..whole.len() {
        let (mut directory, mut journal) = (faulty(), Vec::new());
        drive(&mut run(7, Ramp::Careful, &journal), &mut directory, &mut journal, killed_at);
        let in_doubt: Vec<u32> = (1..=7).filter(|row| is_in_doubt(&journal, *row)).collect();
        let before = directory.asked.len();
        let mut next = run(7, Ramp::Careful, &journal);
        drive(&mut next, &mut directory, &mut journal, usize::MAX);
        // A second silence about the first guest is for a person to decide.
        let is_unsure = ended(&next)[0] == Withdrawal::Unsure;
        assert_eq!(directory.deletions + usize::from(is_unsure), 7, "killed at {killed_at}");
        assert_eq!(ended(&next)[1..], vec![Withdrawal::Deleted; 6], "killed at {killed_at}");
        for row in in_doubt {
            let first = directory.asked[before..].iter().find(|asked| asked.ends_with(&format!(" g{row}")));
            assert_eq!(first, Some(&format!("GET g{row}")), "what may have been deleted is looked at first");
        }
        let again = run(7, Ramp::Careful, &journal);
        assert_eq!(ended(&again), ended(&next), "and its journal says so");
    }
}

#[test]
fn a_refusal_that_holds_for_all_halts_the_run_and_it_can_be_tried_again() {
    let (mut directory, mut journal) = (GuestDirectory::with(4), Vec::new());
    directory.meets("DELETE", "g1", &[Fate::Status(403, "Authorization_RequestDenied")]);
    let mut run = run(4, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    let halted = run.status(directory.now);
    assert!(
        matches!(&halted, RunStatus::Halted(HaltReason::Refused(refused)) if refused.permission.as_deref() == Some("User.ReadWrite.All"))
    );
    assert_eq!((run.classes(), directory.deletions), ([0, 0, 1, 0, 3].as_slice(), 0));
    assert_eq!(run_status_of(&journal), halted, "also for whoever opens it later");
    let told = journal.iter().find(|entry| entry.halted.is_some()).map(|entry| entry.at);
    assert!(told.is_some_and(|at| run.halted_at() == Some(at) && self::run(4, Ramp::Careful, &journal).halted_at() == Some(at)));
    run.try_failed_again(directory.now);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!((run.classes(), directory.deletions), ([4, 0, 0, 0, 0].as_slice(), 4));
}

/// Whether the journal leaves open whether this guest was deleted.
fn is_in_doubt(journal: &WithdrawJournal, row: u32) -> bool {
    let last = journal.iter().rfind(|entry| entry.row == row).map(|entry| &entry.what);
    matches!(last, Some(WithdrawEvent::Leaves | WithdrawEvent::NotSeen))
}

#[test]
fn a_role_that_is_missing_for_the_first_step_costs_one_row() {
    let mut directory = GuestDirectory::with(250);
    (1..=250).for_each(|guest| directory.meets("PATCH", &format!("g{guest}"), &[Fate::Status(403, "Authorization_RequestDenied")]));
    let mut run = run(250, Ramp::AtTheLimit, &Vec::new());
    drive(&mut run, &mut directory, &mut Vec::new(), usize::MAX);
    assert_eq!((run.classes(), directory.asked.len()), ([0, 0, 1, 0, 249].as_slice(), 1));
}

fn run_status_of(journal: &WithdrawJournal) -> RunStatus {
    run(4, Ramp::Careful, journal).status(Moment(0))
}

#[test]
fn who_stops_keeps_the_rest_and_what_is_in_doubt_stays_so() {
    let (mut directory, mut journal) = (GuestDirectory::with(3), Vec::new());
    directory.meets("DELETE", "g1", &[Fate::Vanishes]);
    let mut run = run(3, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, 3);
    run.recorded();
    run.stop(directory.now);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(run.status(directory.now), RunStatus::Stopped);
    assert_eq!(ended(&run)[0], Withdrawal::Unsure);
    assert!(ended(&run)[1..].iter().all(|outcome| *outcome == Withdrawal::NotDone(NotSent::Stopped)), "{:?}", ended(&run));
}

#[test]
fn waiting_for_the_network_never_counts_as_having_asked_too_often() {
    let (mut directory, mut journal) = (GuestDirectory::with(1), Vec::new());
    let mut fates = vec![Fate::Offline; 40];
    fates.push(Fate::Status(429, "TooManyRequests"));
    directory.meets("PATCH", "g1", &fates);
    let mut run = run(1, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(ended(&run), [Withdrawal::Deleted]);
}

#[test]
fn a_view_follows_without_looking_through_all_rows() {
    let (mut directory, mut journal) = (GuestDirectory::with(30), Vec::new());
    let mut run = run(30, Ramp::Careful, &journal);
    let (all, seen) = run.changed_since(Seen::default());
    assert_eq!(all.len(), 30);
    let mut shown = ShownRows::default();
    shown.follow(&run, |outcome| outcome == Some(&Withdrawal::Deleted));
    assert!(shown.places().is_empty());
    assert_eq!((run.place_of(3), run.place_of(31)), (Some(2), None));
    drive(&mut run, &mut directory, &mut journal, 2);
    let (changed, _) = run.changed_since(seen);
    assert_eq!(changed, [0], "only the first has been touched");
    run.recorded();
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    shown.follow(&run, |outcome| outcome == Some(&Withdrawal::Deleted));
    assert_eq!(shown.places()[..], (0..30).collect::<Vec<_>>());
}

/// Sizes of the batches of this method, in the order in which they left.
fn batches(run: &mut Bulk<Withdraw>, directory: &mut GuestDirectory, method: &str) -> Vec<usize> {
    let (mut sizes, mut journal) = (Vec::new(), Vec::new());
    for _ in 0..100_000 {
        let before = directory.asked.len();
        match run.next(directory.now) {
            Action::Record(entries) => {
                journal.extend(entries);
                run.recorded();
            }
            Action::Send(ticket, request) => {
                let answer = directory.answer(&request);
                let size = directory.asked[before..].iter().filter(|asked| asked.starts_with(method)).count();
                sizes.extend((size > 0).then_some(size));
                run.heard(ticket, &answer, directory.now);
            }
            Action::WaitUntil(then) => directory.now = then,
            Action::SignIn(_) => run.signed_in(),
            _ => return sizes,
        }
    }
    panic!("it does not come to an end");
}

#[test]
fn one_goes_first_and_alone_then_five_then_ever_more() {
    let sizes = batches(&mut run(400, Ramp::Careful, &Vec::new()), &mut GuestDirectory::with(400), "PATCH");
    assert_eq!(sizes[..2], [1, 4]);
    let (mut accepted, mut most) = (0, Vec::new());
    for size in &sizes {
        most.push(match accepted {
            0 => 1,
            1..5 => 4,
            5..40 => 5,
            40..120 => 10,
            _ => 20,
        });
        accepted += size;
    }
    assert!(sizes.iter().zip(&most).all(|(size, most)| size <= most), "{sizes:?}");
    assert!(sizes.contains(&20) && sizes.contains(&10), "{sizes:?}");
    assert_eq!(sizes.iter().sum::<usize>(), 400);
    let sizes = batches(&mut run(50, Ramp::AtTheLimit, &Vec::new()), &mut GuestDirectory::with(50), "PATCH");
    assert_eq!(sizes, [1, 20, 20, 9]);
}

#[test]
fn whoever_was_lost_before_travels_alone() {
    let mut directory = GuestDirectory::with(4);
    for id in ["g2", "g3", "g4"] {
        directory.meets("DELETE", id, &[Fate::Vanishes]);
    }
    let sizes = batches(&mut run(4, Ramp::AtTheLimit, &Vec::new()), &mut directory, "DELETE");
    assert_eq!(sizes, [1, 3, 1, 1, 1]);
}

#[test]
fn a_refused_token_is_renewed_before_anything_else_leaves() {
    let (mut directory, mut journal) = (GuestDirectory::with(2), Vec::new());
    directory.meets("DELETE", "g1", &[Fate::Status(401, "InvalidAuthenticationToken")]);
    let mut run = run(2, Ramp::Careful, &journal);
    let mut signed_in = 0;
    for _ in 0..1000 {
        match run.next(directory.now) {
            Action::Record(entries) => {
                journal.extend(entries);
                run.recorded();
            }
            Action::Send(ticket, request) => {
                let answer = directory.answer(&request);
                run.heard(ticket, &answer, directory.now);
            }
            Action::WaitUntil(then) => directory.now = then,
            Action::SignIn(claims) => {
                assert_eq!((claims, run.status(directory.now)), (None, RunStatus::SignInNeeded));
                assert_eq!(run.next(directory.now), Action::SignIn(None), "it waits for that");
                signed_in += 1;
                run.signed_in();
            }
            _ => break,
        }
    }
    assert_eq!((signed_in, ended(&run)), (1, vec![Withdrawal::Deleted; 2]));
}

#[test]
fn the_same_refusal_that_nobody_can_explain_halts_the_run_the_third_time_in_a_row() {
    let refused = |directory: &mut GuestDirectory, guest: usize, code: &'static str| {
        directory.meets("DELETE", &format!("g{guest}"), &[Fate::Status(403, code)]);
    };
    for (codes, expected) in [
        (["Odd", "Odd", "Odd"].as_slice(), vec![0, 0, 3, 0, 3]),
        (&["Odd", "Odder", "Odd", "Odder"], vec![2, 0, 4, 0, 0]),
        (&["Odd", "Odd"], vec![4, 0, 2, 0, 0]),
    ] {
        let mut directory = GuestDirectory::with(6);
        codes.iter().enumerate().for_each(|(place, code)| refused(&mut directory, place + 1, code));
        let mut run = run(6, Ramp::Careful, &Vec::new());
        drive(&mut run, &mut directory, &mut Vec::new(), usize::MAX);
        let told: usize = run.classes().iter().sum();
        assert_eq!(told, 6);
        if expected[4] > 0 {
            assert!(matches!(run.status(directory.now), RunStatus::Halted(_)), "{codes:?}: {:?}", run.classes());
            assert!(run.classes()[2] >= 3, "{codes:?}: {:?}", run.classes());
        } else {
            assert_eq!(run.classes(), expected, "{codes:?}");
        }
    }
}

#[test]
fn who_may_not_look_leaves_in_doubt_what_is_in_doubt() {
    let mut directory = GuestDirectory::with(2);
    directory.meets("DELETE", "g1", &[Fate::Lost]);
    directory.meets("GET", "g1", &[Fate::Status(403, "Authorization_RequestDenied")]);
    let mut journal = Vec::new();
    let mut run = run(2, Ramp::Careful, &journal);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(ended(&run), [Withdrawal::Unsure, Withdrawal::Deleted]);
    assert!(run.may_look_no_more());
    let again = directory.asked.len();
    run.try_again(|row| row == 1, directory.now);
    drive(&mut run, &mut directory, &mut journal, usize::MAX);
    assert_eq!(ended(&run)[0], Withdrawal::Unsure, "{:?}", &directory.asked[again..]);
}

#[test]
fn whoever_is_asked_to_wait_waits_and_says_until_when() {
    let mut directory = GuestDirectory::with(1);
    directory.meets("PATCH", "g1", &[Fate::Status(429, "TooManyRequests"), Fate::Status(503, "ServiceUnavailable")]);
    let mut run = run(1, Ramp::Careful, &Vec::new());
    let begun = directory.now;
    drive(&mut run, &mut directory, &mut Vec::new(), usize::MAX);
    assert_eq!(ended(&run), [Withdrawal::Deleted]);
    assert!(directory.now - begun >= Millis::seconds(2 + 4), "waits grow: {:?}", directory.now - begun);
}
