//! What is met by one step, or by one thing, and what of that holds for the next.

use super::*;

#[test]
fn what_was_met_before_counts_for_one_step_that_is_noticed() {
    let met = |task: &mut Task<TestJob>| task.history.lost = 1;
    let mut task = row(TestStep::Make, Phase::Sent, LostAnswer::Look);
    met(&mut task);
    task.reach(TestStep::Change);
    task.reach(TestStep::See);
    task.reach(TestStep::Make);
    assert_eq!(task.history.lost, 1, "what is between does not matter, nor the same step again");
    task.reach(TestStep::Tell);
    assert_eq!(task.history.lost, 0);
    met(&mut task);
    task.reach(TestStep::Tell);
    assert_eq!(task.history.lost, 1);
}

#[test]
fn what_was_met_by_one_thing_says_nothing_of_the_next_whatever_the_step_is() {
    for step in [TestStep::Make, TestStep::See] {
        let mut task = row(TestStep::Make, Phase::Sent, LostAnswer::Look);
        task.history = History { lost: 2, first_left: Some(NOW.wall), earlier: Some(Box::new(TestEnding::Unsure)), waited: 0 };
        task.reach(TestStep::Make);
        assert!(task.history.is_in_doubt(), "it is the same");
        task.facts.thing = 1;
        task.reach(step);
        assert!(!task.history.is_in_doubt() && task.history.first_left.is_none(), "{step:?}");
    }
}

#[test]
fn what_is_refused_until_something_else_is_there_is_put_back_for_certain_and_not_asked_for_ever() {
    let mut task = row(TestStep::Make, Phase::Sent, LostAnswer::Look);
    task.facts.then = || Learned::NotYet;
    for wait in WAITS {
        assert!(
            task.told(&TestJob, &reply(), NOW).is_ok_and(|update| what(update.entry) == Some(TestEvent::PutBack(TestStep::Make, false)))
        );
        assert_eq!(task.phase(), Some((TestStep::Make, Phase::Due(NOW.steady + Millis::seconds(wait)))));
        task.left(&TestJob, false, NOW.steady);
    }
    assert!(task.told(&TestJob, &reply(), NOW).is_ok_and(|update| what(update.entry) == Some(TestEvent::Ended(TestEnding::NeverSeen))));
}
