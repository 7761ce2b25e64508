//! A row by itself: what is counted, what is put back, and what ends it.

mod things;

use super::*;
use crate::bulk::budget::NoBudget;
use crate::bulk::job::Recalled;
use graph::{Again, Headers, PaceKind, Request};

#[derive(Clone, Copy, Debug, PartialEq)]
enum TestStep {
    /// Would be noticed if it were done twice.
    Make,
    /// Can be done twice.
    Change,
    /// Only reads.
    See,
    /// Would be noticed, too.
    Tell,
}

impl Step for TestStep {
    const ALL: &'static [Self] = &[Self::Make, Self::Change, Self::See, Self::Tell];

    fn lane(self) -> PaceKind {
        PaceKind::DirectoryWrite
    }

    fn effect(self) -> Effect {
        match self {
            Self::Make | Self::Tell => Effect::Noticed,
            Self::Change => Effect::Repeatable,
            Self::See => Effect::Reads,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum TestEnding {
    Done,
    NeverSeen,
    Refused,
    Unsure,
    NotSent(NotSent),
}

impl Ending for TestEnding {
    const CLASSES: usize = 1;

    fn class(&self) -> usize {
        0
    }

    fn name(&self) -> &'static str {
        ""
    }

    fn is_done(&self) -> bool {
        *self == Self::Done
    }

    fn is_failure(&self) -> bool {
        !self.is_done()
    }

    fn needs_person(&self) -> bool {
        false
    }

    fn may_be_done(&self) -> bool {
        *self == Self::Unsure
    }

    fn comes_to_nothing(&self) -> bool {
        matches!(self, Self::Refused | Self::NotSent(_))
    }

    fn not_sent(&self) -> Option<NotSent> {
        None
    }

    fn refused(&self) -> Option<&Refused> {
        None
    }
}

/// What is written down of such a row.
#[derive(Clone, Debug, PartialEq)]
enum TestEvent {
    Leaves(TestStep),
    PutBack(TestStep, bool),
    Reached(TestStep),
    Ended(TestEnding),
}

/// What is to become of a row.
#[derive(Clone, Copy, Debug)]
struct TestFacts {
    after_loss: LostAnswer,
    /// What follows where it cannot be seen, and from an answer.
    then: fn() -> Learned<TestJob>,
    /// How often it was looked at from the first page on.
    looked_anew: usize,
    thing: usize,
}

struct TestJob;

impl Job for TestJob {
    type Step = TestStep;
    type Facts = TestFacts;
    type Outcome = TestEnding;
    type Event = TestEvent;
    type Budget = NoBudget;

    fn request(&self, _: &Task<Self>, _: TestStep) -> Request {
        Request::get(String::new())
    }

    fn look(&self, _: &Task<Self>, _: TestStep) -> Request {
        Request::get(String::new())
    }

    fn look_anew(&self, facts: &mut TestFacts) {
        facts.looked_anew += 1;
    }

    fn permission(&self, _: &TestFacts, _: TestStep, _: bool) -> &'static str {
        ""
    }

    fn learn(&self, row: RowAt<'_, Self>, _: &Reply) -> Result<Learned<Self>, Problem> {
        Ok((row.facts.then)())
    }

    fn looked(&self, _: RowAt<'_, Self>, _: &Reply, _: bool) -> Result<Sighted<Self>, Problem> {
        Ok(Sighted::Nobody)
    }

    fn cannot_read(&self, row: RowAt<'_, Self>) -> Learned<Self> {
        (row.facts.then)()
    }

    fn never_seen(&self, _: &TestFacts, _: TestStep) -> TestEnding {
        TestEnding::NeverSeen
    }

    fn refused(&self, _: &TestFacts, _: TestStep, _: Refused) -> TestEnding {
        TestEnding::Refused
    }

    fn unsure(&self, _: &TestFacts, _: TestStep) -> TestEnding {
        TestEnding::Unsure
    }

    fn left_off(&self, _: &TestFacts, _: TestStep, why: NotSent) -> TestEnding {
        TestEnding::NotSent(why)
    }

    fn after_loss(&self, facts: &TestFacts, _: TestStep, _: u32) -> LostAnswer {
        facts.after_loss
    }

    fn halts(&self, _: TestStep, _: &Refused) -> bool {
        false
    }

    fn again(&self, _: &mut TestFacts, _: &TestEnding) -> Option<TestStep> {
        Some(TestStep::Make)
    }

    fn event(&self, _: &TestFacts, happened: Happened<'_, Self>) -> TestEvent {
        match happened {
            Happened::Leaves(step) => TestEvent::Leaves(step),
            Happened::PutBack { step, in_doubt } => TestEvent::PutBack(step, in_doubt),
            Happened::Reached(step) => TestEvent::Reached(step),
            Happened::Ended(ending) => TestEvent::Ended(ending.clone()),
        }
    }

    fn remember(&self, _: &mut TestFacts, _: &TestEvent) -> Option<Recalled<Self>> {
        None
    }

    fn outcome_of(_: &TestEvent) -> Option<&TestEnding> {
        None
    }

    fn thing(facts: &TestFacts) -> usize {
        facts.thing
    }

    fn word(_: &Task<Self>) -> &'static str {
        ""
    }
}

const NOW: Now = Now { steady: Moment(1_000_000), wall: Moment(1_800_000_000_000) };

fn ended() -> Learned<TestJob> {
    Learned::Ended(TestEnding::Done)
}

fn row(step: TestStep, phase: Phase, after_loss: LostAnswer) -> Task<TestJob> {
    let mut task = Task::new(1, TestFacts { after_loss, then: ended, looked_anew: 0, thing: 0 });
    task.stand(step, phase, 0);
    task
}

fn what(entry: Option<JournalEntry<TestEvent>>) -> Option<TestEvent> {
    entry.map(|entry| entry.what)
}

fn outcome(task: &Task<TestJob>) -> Option<&TestEnding> {
    task.outcome().map(|ended| &ended.outcome)
}

fn reply() -> Reply {
    Reply { status: 200, headers: Headers::default(), body: String::new() }
}

#[test]
fn what_may_be_repeated_is_asked_so_often_and_ends_after_that() {
    for (step, last) in [(TestStep::Make, TestEnding::Unsure), (TestStep::Change, TestEnding::Refused)] {
        let mut task = row(step, Phase::Due(Moment(0)), LostAnswer::Repeat);
        for lost in 0..TRIES {
            let tries = task.tries();
            task.left(&TestJob, false, NOW.steady);
            assert_eq!(what(task.unreached(&TestJob, Unreached::Lost, NOW)), Some(TestEvent::PutBack(step, false)), "{step:?} {lost}");
            assert_eq!(task.phase(), Some((step, Phase::Due(NOW.steady + Millis::backoff(tries)))), "the wait grows");
            assert_eq!(task.tries(), tries + 1);
            assert_eq!(task.history.lost, if step == TestStep::Make { lost + 1 } else { 0 });
        }
        task.left(&TestJob, false, NOW.steady);
        task.unreached(&TestJob, Unreached::Lost, NOW);
        assert_eq!(outcome(&task), Some(&last));
    }
}

#[test]
fn what_never_left_is_told_so_and_asked_without_an_end() {
    let mut task = row(TestStep::Make, Phase::Sent, LostAnswer::Look);
    for _ in 0..100 {
        let entry = task.unreached(&TestJob, Unreached::Offline, NOW).unwrap();
        assert_eq!((entry.never_left, task.is_offline()), (true, true));
        task.left(&TestJob, false, NOW.steady);
    }
    assert_eq!((task.history.lost, task.tries()), (0, Millis::LONGEST_BACKOFF));
    let mut task = row(TestStep::Make, Phase::Sent, LostAnswer::Look);
    assert!(task.unreached(&TestJob, Unreached::NoToken, NOW).unwrap().never_left);
    assert_eq!((task.phase(), task.tries()), (Some((TestStep::Make, Phase::Due(NOW.steady))), 0));
}

#[test]
fn a_look_that_fails_again_waits_and_the_first_failure_is_remembered() {
    let refused = unanswered;
    let mut task = row(TestStep::Make, Phase::Looking, LostAnswer::Look);
    assert!(task.refused(&TestJob, refused(), Again::AfterSignIn, NOW).is_none());
    assert_eq!(task.phase(), Some((TestStep::Make, Phase::Unsure(NOW.steady))), "a fresh token is used at once");
    assert_eq!((task.failed_looks, task.looks_fail_since), (1, NOW.wall));
    let later = Now { steady: NOW.steady + Millis(500), wall: NOW.wall + Millis(500) };
    task.left(&TestJob, true, later.steady);
    assert!(task.refused(&TestJob, refused(), Again::AfterSignIn, later).is_none());
    assert_eq!(task.phase(), Some((TestStep::Make, Phase::Unsure(later.steady + Millis::backoff(1)))), "and not again and again");
    assert_eq!((task.failed_looks, task.looks_fail_since), (2, NOW.wall));
}

#[test]
fn an_answer_to_what_changes_settles_what_was_in_doubt_and_one_to_a_question_does_not() {
    for (step, stays) in [(TestStep::Make, false), (TestStep::Change, false), (TestStep::See, true)] {
        let mut task = row(step, Phase::Sent, LostAnswer::Look);
        task.facts.then = || Learned::Next(TestStep::Tell, Millis(7));
        task.about = (TestStep::Tell, 0);
        task.history.earlier = Some(Box::new(TestEnding::Unsure));
        assert!(task.told(&TestJob, &reply(), NOW).is_ok_and(|update| what(update.entry) == Some(TestEvent::Reached(TestStep::Tell))));
        assert_eq!(task.phase(), Some((TestStep::Tell, Phase::Due(NOW.steady + Millis(7)))));
        assert_eq!(task.history.earlier.is_some(), stays, "{step:?}");
    }
}

#[test]
fn when_a_row_left_first_is_known_as_long_as_it_may_have_been_done() {
    for in_doubt in [true, false] {
        let mut task = row(TestStep::Make, Phase::Sent, LostAnswer::Look);
        task.history.first_left = Some(NOW.wall);
        task.history.earlier = in_doubt.then(|| Box::new(TestEnding::Unsure));
        let entry = task.put_back(&TestJob, TestStep::Make, NOW.steady, 3, NOW);
        assert_eq!(entry.what, TestEvent::PutBack(TestStep::Make, in_doubt));
        assert_eq!((task.history.first_left.is_some(), task.tries()), (in_doubt, 3));
    }
}

#[test]
fn what_is_not_there_yet_is_asked_for_after_longer_and_longer_waits() {
    let mut task = row(TestStep::See, Phase::Sent, LostAnswer::Repeat);
    for (waited, wait) in (1..).zip(WAITS) {
        assert!(task.advance(&TestJob, Learned::NotYet, NOW).is_none());
        assert_eq!((task.phase(), task.history.waited), (Some((TestStep::See, Phase::Due(NOW.steady + Millis::seconds(wait)))), waited));
    }
    task.advance(&TestJob, Learned::NotYet, NOW);
    assert_eq!(outcome(&task), Some(&TestEnding::NeverSeen));
}

#[test]
fn what_is_waited_for_may_be_asked_to_wait_as_well() {
    let mut task = row(TestStep::Make, Phase::Sent, LostAnswer::Look);
    let sent = |task: &mut Task<TestJob>| task.stand(TestStep::Make, Phase::Sent, task.tries());
    for _ in 1..WAITS.len() {
        task.advance(&TestJob, Learned::NotYet, NOW);
        sent(&mut task);
    }
    task.refused(&TestJob, unanswered(), Again::After(Millis(9)), NOW);
    assert_eq!((task.phase(), task.tries()), (Some((TestStep::Make, Phase::Due(NOW.steady + Millis(9)))), 1));
    sent(&mut task);
    task.advance(&TestJob, Learned::NotYet, NOW);
    assert!(task.outcome().is_none() && task.history.has_waited(), "it may be there by now");
    sent(&mut task);
    task.advance(&TestJob, ended(), NOW);
    assert_eq!(outcome(&task), Some(&TestEnding::Done));
}

#[test]
fn a_stop_ends_what_has_not_left_and_a_halt_leaves_alone_what_only_reads() {
    let leave_off = |step, phase, why, then| {
        let mut task = row(step, phase, LostAnswer::Look);
        task.facts.then = then;
        let entry = what(task.leave_off(&TestJob, why, NOW));
        (entry, outcome(&task).cloned())
    };
    let not_sent = |why| (Some(TestEvent::Ended(TestEnding::NotSent(why))), Some(TestEnding::NotSent(why)));
    let due = Phase::Due(NOW.steady);
    for why in [NotSent::Stopped, NotSent::Halted] {
        for phase in [due, Phase::Recorded] {
            assert_eq!(leave_off(TestStep::Make, phase, why, ended), not_sent(why));
            assert_eq!(leave_off(TestStep::Change, phase, why, ended), not_sent(why));
        }
        for phase in [Phase::Sent, Phase::Looking, Phase::Checking] {
            assert_eq!(leave_off(TestStep::Make, phase, why, ended), (None, None), "what is on its way is waited for");
        }
    }
    assert_eq!(leave_off(TestStep::See, due, NotSent::Halted, ended), (None, None));
    assert_eq!(leave_off(TestStep::Make, Phase::Unsure(NOW.steady), NotSent::Halted, ended), (None, None));
    let done = (Some(TestEvent::Ended(TestEnding::Done)), Some(TestEnding::Done));
    assert_eq!(leave_off(TestStep::See, due, NotSent::Stopped, ended), done, "what waits to be seen goes on as if it were there");
    assert_eq!(leave_off(TestStep::See, due, NotSent::Stopped, || Learned::Next(TestStep::Tell, Millis(0))), not_sent(NotSent::Stopped));
    assert_eq!(leave_off(TestStep::See, due, NotSent::Stopped, || Learned::NotYet), (None, None));
    let unsure = (Some(TestEvent::Ended(TestEnding::Unsure)), Some(TestEnding::Unsure));
    assert_eq!(leave_off(TestStep::Make, Phase::Unsure(NOW.steady), NotSent::Stopped, ended), unsure);
}

#[test]
fn a_look_goes_on_among_pages_for_a_minute() {
    let mut task = row(TestStep::Make, Phase::Looking, LostAnswer::Look);
    task.begin_look(&TestJob, NOW.steady);
    assert_eq!((task.facts.looked_anew, task.is_on_a_later_page()), (1, false));
    for (passed, anew) in [(0, 1), (60_000, 1), (60_001, 2)] {
        task.page_from = Some(NOW);
        task.begin_look(&TestJob, NOW.steady + Millis(passed));
        assert_eq!((task.facts.looked_anew, task.is_on_a_later_page()), (anew, anew == 1), "{passed}");
    }
}

#[test]
fn a_refusal_is_asked_again_only_where_that_may_help() {
    let refused = unanswered;
    let check = |again, expected: Option<Phase>| {
        let mut task = row(TestStep::Change, Phase::Sent, LostAnswer::Repeat);
        task.refused(&TestJob, refused(), again, NOW);
        assert_eq!(task.phase().map(|(_, phase)| phase), expected, "{again:?}");
    };
    check(Again::Never, None);
    check(Again::After(Millis(9)), Some(Phase::Due(NOW.steady + Millis(9))));
    check(Again::AfterSignIn, Some(Phase::Due(NOW.steady)));
    check(Again::LookFirst, Some(Phase::Due(NOW.steady + Millis::backoff(0))));
}

#[test]
fn who_is_tried_again_is_looked_for_where_it_may_have_been_done_and_looking_tells() {
    let tried = |ending: TestEnding, after_loss| {
        let mut task = row(TestStep::Make, Phase::Sent, after_loss);
        (task.history.lost, task.failed_looks) = (2, 3);
        task.end(&TestJob, ending, NOW);
        let entry = what(task.again(&TestJob, NOW));
        assert!(entry.is_none() || (task.history.lost, task.failed_looks) == (0, 0));
        (entry, task.phase().map(|(_, phase)| phase))
    };
    let put_back = (Some(TestEvent::PutBack(TestStep::Make, false)), Some(Phase::Due(NOW.steady)));
    assert_eq!(tried(TestEnding::Unsure, LostAnswer::Look), (Some(TestEvent::Leaves(TestStep::Make)), Some(Phase::Unsure(NOW.steady))));
    assert_eq!(tried(TestEnding::Unsure, LostAnswer::Repeat), put_back);
    assert_eq!(tried(TestEnding::Refused, LostAnswer::Look), put_back);
    assert_eq!(tried(TestEnding::Done, LostAnswer::Look), (None, None));
}
