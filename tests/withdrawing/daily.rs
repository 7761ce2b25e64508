//! A limit of so many in a day: how a run keeps to it, what it counts of others, and what it says meanwhile.

use crate::job::{Withdraw, Withdrawal};
use crate::{Fate, GuestDirectory, WithdrawJournal, drive, ended, run};
use graph::{Problem, Reply, Request};
use guestlist::bulk::{Budget, Bulk, Ramp, RunStatus, Task};
use guestlist::protocol::{Action, StateMachine};
use serde_json::Value;
use std::collections::BTreeSet;
use time::{Millis, Moment};

/// What tells who was blocked, as if it were a guest.
pub const BLOCKED: &str = "blocked";

const DAY: Millis = Millis::hours(24);

/// So many guests may be blocked in a day, whoever does it.
pub struct DailyBlocks {
    most: usize,
    /// Before this there is no limit.
    from: Moment,
    left: Vec<Moment>,
    /// Guests whom others blocked.
    others: BTreeSet<String>,
}

impl DailyBlocks {
    fn of(most: usize, from: Moment) -> Self {
        Self { most, from, left: Vec::new(), others: BTreeSet::new() }
    }

    fn used(&self, now: Moment) -> usize {
        self.left.iter().filter(|then| now - **then < DAY).count() + self.others.len()
    }
}

impl Budget for DailyBlocks {
    fn is_limited(&self, now: Moment) -> bool {
        now >= self.from
    }

    fn left(&self, now: Moment) -> Option<usize> {
        self.is_limited(now).then(|| self.most.saturating_sub(self.used(now)))
    }

    fn free_from(&self, now: Moment) -> Option<Moment> {
        let first = self.left.iter().find(|then| now - **then < DAY);
        first.filter(|_| self.left(now) == Some(0)).map(|then| *then + DAY)
    }

    fn leave(&mut self, number: usize, now: Moment) -> Moment {
        self.left.extend(vec![now; number]);
        now
    }

    fn never_left(&mut self, at: Moment) {
        let place = self.left.iter().position(|then| *then == at).unwrap();
        self.left.remove(place);
    }

    fn is_own(&mut self, id: &str) {
        self.others.remove(id);
    }

    fn is_to_be_told(&self, wanted: usize, _now: Moment) -> bool {
        wanted > 0
    }

    fn questions(_now: Moment) -> Vec<Request> {
        vec![Request::get(format!("/users/{BLOCKED}"))]
    }

    fn learn(&mut self, replies: &[&Reply], is_own: &dyn Fn(&str) -> bool, _now: Moment) -> Result<(), Problem> {
        let reply = replies[0];
        if !reply.is_success() {
            return Err(Problem::from_reply(reply));
        }
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        let blocked = body["value"].as_array().unwrap().iter().map(|id| id.as_str().unwrap());
        self.others = blocked.filter(|id| !is_own(id)).map(Into::into).collect();
        Ok(())
    }
}

/// A run that may block so many in a day.
fn limited(guests: usize, most: usize) -> Bulk<Withdraw> {
    let mut run = run(guests, Ramp::AtTheLimit, &WithdrawJournal::new());
    run.hold_to(DailyBlocks::of(most, Moment(0)));
    run
}

/// How often others were counted.
fn counts(directory: &GuestDirectory) -> usize {
    directory.asked.iter().filter(|asked| **asked == format!("GET {BLOCKED}")).count()
}

fn to_its_end(run: &mut Bulk<Withdraw>, directory: &mut GuestDirectory) {
    drive(run, directory, &mut Vec::new(), usize::MAX);
}

#[test]
fn a_limit_holds_by_the_computers_clock_however_far_that_is_ahead() {
    for ahead in [Millis(0), Millis::hours(5), Millis::hours(-5)] {
        let mut directory = GuestDirectory::with(3);
        let (begun, wall) = (directory.now, directory.now + ahead);
        let mut run = run(3, Ramp::AtTheLimit, &WithdrawJournal::new());
        run.wall_clock(ahead);
        run.hold_to(DailyBlocks::of(2, wall));
        assert_eq!(run.status(directory.now), RunStatus::Going, "nothing holds it back yet");
        to_its_end(&mut run, &mut directory);
        assert_eq!(ended(&run), vec![Withdrawal::Deleted; 3], "{ahead:?}");
        assert!(directory.now - begun >= DAY, "{ahead:?}: the third waits for the next day");
        assert!(!run.goes_by_own(directory.now), "others were counted");
    }
}

#[test]
fn before_a_limit_holds_by_the_computers_clock_everybody_leaves() {
    let mut directory = GuestDirectory::with(3);
    let begun = directory.now;
    let mut run = run(3, Ramp::AtTheLimit, &WithdrawJournal::new());
    run.wall_clock(Millis::hours(-5));
    run.hold_to(DailyBlocks::of(2, begun));
    to_its_end(&mut run, &mut directory);
    assert_eq!((ended(&run), counts(&directory)), (vec![Withdrawal::Deleted; 3], 0));
    assert!(directory.now - begun < Millis::minutes(1));
}

#[test]
fn who_waits_for_the_next_day_says_so_and_until_when() {
    let mut directory = GuestDirectory::with(3);
    let mut run = limited(3, 2);
    for _ in 0..1000 {
        match run.next(directory.now) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) => {
                let answer = directory.answer(&request);
                run.heard(ticket, &answer, directory.now);
            }
            Action::WaitUntil(then) if then - directory.now > Millis::hours(1) => {
                assert_eq!(run.status(directory.now), RunStatus::WaitingForAllowance(then));
                return;
            }
            Action::WaitUntil(then) => directory.now = then,
            other => panic!("{other:?}"),
        }
    }
    panic!("it does not wait");
}

/// The answer that said who was blocked came late: others were counted meanwhile.
#[test]
fn whoever_turns_out_to_be_done_by_this_run_counts_no_more_as_done_by_others() {
    let mut directory = GuestDirectory::with(3);
    directory.meets("PATCH", "g1", &[Fate::Lost]);
    // So that this one leaves last.
    directory.meets("PATCH", "g3", &[Fate::Status(429, "TooManyRequests")]);
    let mut run = limited(3, 5);
    let (begun, mut journal) = (directory.now, Vec::new());
    drive(&mut run, &mut directory, &mut journal, 1);
    assert_eq!((journal.len(), counts(&directory)), (1, 1), "it is to be asked for again");
    run.recorded();
    run.pause();
    assert_eq!(run.next(directory.now), Action::Idle);
    // Ten minutes after the first count was answered.
    directory.now = begun + Millis(200) + Millis::minutes(10);
    run.go_on();
    to_its_end(&mut run, &mut directory);
    assert_eq!(directory.asked[2], format!("GET {BLOCKED}"), "before anybody else leaves");
    let first_steps: Vec<&str> = directory.asked.iter().filter_map(|asked| asked.strip_prefix("PATCH ")).collect();
    assert_eq!((first_steps, counts(&directory)), (vec!["g1", "g2", "g3", "g1", "g3"], 2));
    assert_eq!(ended(&run), vec![Withdrawal::Deleted; 3]);
    assert!(directory.now - begun < Millis::hours(1), "nobody waits for the next day");
}

#[test]
fn whom_others_blocked_is_counted_as_theirs() {
    for (most, waits) in [(4, true), (5, false)] {
        let mut directory = GuestDirectory::with(3);
        directory.blocked = vec!["somebody".into(), "else".into()];
        let (begun, mut run) = (directory.now, limited(3, most));
        to_its_end(&mut run, &mut directory);
        assert_eq!(ended(&run), vec![Withdrawal::Deleted; 3]);
        assert_eq!(directory.now - begun >= DAY, waits, "{most}");
    }
}

#[test]
fn who_may_not_read_the_directory_counts_nobody() {
    let mut directory = GuestDirectory::with(3);
    let tasks = (1..=3).map(|number| Task::new(number, format!("g{number}")));
    let mut blind = Bulk::begin(Withdraw, tasks, Ramp::Careful, false);
    blind.hold_to(DailyBlocks::of(9, Moment(0)));
    to_its_end(&mut blind, &mut directory);
    assert_eq!((ended(&blind), counts(&directory)), (vec![Withdrawal::Deleted; 3], 0));
}

#[test]
fn who_is_told_that_others_may_not_be_counted_does_not_ask_again() {
    let mut directory = GuestDirectory::with(3);
    directory.meets("GET", BLOCKED, &[Fate::Status(403, "Authorization_RequestDenied")]);
    let mut run = limited(3, 9);
    to_its_end(&mut run, &mut directory);
    assert_eq!((ended(&run), counts(&directory)), (vec![Withdrawal::Deleted; 3], 1));
}

#[test]
fn counting_that_comes_to_nothing_is_tried_five_times_and_told() {
    let mut directory = GuestDirectory::with(3);
    directory.meets("GET", BLOCKED, &[Fate::Status(500, "Odd"); 9]);
    let mut run = limited(3, 9);
    let (begun, mut is_tried_again) = (directory.now, 0);
    assert!(!run.goes_by_own(directory.now));
    while directory.blocked.is_empty() {
        match run.next(directory.now) {
            Action::Record(_) => run.recorded(),
            Action::Send(ticket, request) => {
                let answer = directory.answer(&request);
                run.heard(ticket, &answer, directory.now);
            }
            Action::WaitUntil(then) => {
                assert_eq!(run.status(directory.now), RunStatus::Counting);
                directory.now = then;
                assert_eq!(run.status(directory.now), RunStatus::Going, "it may ask again now");
                is_tried_again += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((is_tried_again, counts(&directory)), (4, 5));
    assert_eq!(directory.now - begun, Millis::seconds(2 + 4 + 8 + 16));
    assert!(run.goes_by_own(directory.now));
    to_its_end(&mut run, &mut directory);
    assert_eq!(ended(&run), vec![Withdrawal::Deleted; 3]);
}

#[test]
fn nobody_leaves_while_others_are_counted() {
    let directory = GuestDirectory::with(3);
    let mut run = limited(3, 2);
    let Action::Send(_, request) = run.next(directory.now) else { panic!("others are counted") };
    assert!(request.body.is_some_and(|body| body.contains(BLOCKED)));
    assert!(matches!(run.next(directory.now), Action::WaitUntil(_)));
    assert_eq!(run.to_start(), 3);
}
