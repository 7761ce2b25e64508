//! How the endings of restoring are told.

use super::plan::{NotRestorable, RestorePlan};
use crate::bulk::RunStatus;
use crate::jobs::recycle_bin as bin;
use crate::jobs::recycle_bin::{RecycleClass, RecycleOutcome, RecycleTally};
use crate::words::Words;

/// Cause, who can fix it, next step; nothing for what went well, and for what no restoring ends with.
#[rustfmt::skip]
pub fn words(outcome: &RecycleOutcome) -> Option<Words> {
    let w = Words::new;
    Some(match outcome {
        RecycleOutcome::Restored { seen: false } => w("Microsoft accepted the restore; the guest was not seen since.", "The directory needs some time to spread the news, or could not be read.", "Nobody needs to do anything.", "Look for the guest in the Entra admin center if you want to be sure."),
        RecycleOutcome::WasThere => w("This guest is among the users already.", "Somebody else restored the guest, or the deletion of a moment ago does not show yet.", "Nobody needs to do anything.", "If you withdrew the guest just now, look once more in some minutes."),
        RecycleOutcome::GoneForGood => w("This guest is neither in the recycle bin nor among the users.", "30 days have passed or somebody deleted the guest for good; a deletion of a moment ago may not show yet.", "Nobody can restore who is gone for good.", "Invite the guest anew. If you withdrew them just now, “Try failed again” in some minutes."),
        RecycleOutcome::Taken => w("The guest was not restored: somebody else has the same sign-in name or address by now.", "Most often the same person was invited anew.", "A User Administrator can look who has it, in the Entra admin center.", "Keep the new guest, or have the address freed and “Try failed again”."),
        RecycleOutcome::Refused(refused) => bin::refusal(refused),
        RecycleOutcome::Unsure => w("It is not known whether this guest was restored.", "No answer came that tells, and the directory did not tell either.", "A User Administrator can look in the Entra admin center.", "“Try failed again” looks first; restoring twice harms nobody."),
        RecycleOutcome::NotSent(why) => bin::not_sent(*why),
        RecycleOutcome::Restored { seen: true } | RecycleOutcome::Withdrawn { .. } | RecycleOutcome::WasGone | RecycleOutcome::Missing | RecycleOutcome::Kept(_) => return None,
    })
}

/// `2 not deleted by this withdrawal`: why guests are left out of restoring; nothing where none is.
pub fn left_out(plan: &RestorePlan) -> String {
    bin::left_out(&plan.others, |why| match why {
        NotRestorable::NotDeleted => "not deleted by this withdrawal",
        NotRestorable::Unsure => "unsure, which “Try failed again” may settle",
        NotRestorable::TooLate => "deleted more than 30 days ago",
        NotRestorable::Restored => "restored already",
    })
}

/// `Finished: 12 restored, 1 gone for good.` or `Stopped. 2 of 9 restored; 7 not done.`
pub fn ending(status: &RunStatus, tally: &RecycleTally) -> String {
    bin::ending(status, tally, RecycleClass::Restored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::recycle_bin::{every_ending, tally};

    #[test]
    fn every_ending_but_the_best_is_told_in_whole_sentences() {
        for outcome in every_ending() {
            let is_of_withdrawing = matches!(
                outcome,
                RecycleOutcome::Withdrawn { .. } | RecycleOutcome::WasGone | RecycleOutcome::Missing | RecycleOutcome::Kept(_)
            );
            let Some(Words { what, why, who, next }) = words(&outcome) else {
                assert!(is_of_withdrawing || outcome == RecycleOutcome::Restored { seen: true }, "{outcome:?}");
                continue;
            };
            assert!(!is_of_withdrawing && [what, why, who, next].iter().all(|text| text.ends_with('.')), "{outcome:?}");
        }
    }

    #[test]
    fn the_end_of_restoring_is_told_by_how_many_are_back() {
        use RecycleClass::{GoneForGood, NotSent, Restored};
        assert_eq!(ending(&RunStatus::Stopped, &tally([(Restored, 2), (NotSent, 7)])), "Stopped. 2 of 9 restored; 7 not done.");
        let finished = tally([(Restored, 2), (GoneForGood, 1)]);
        assert_eq!(ending(&RunStatus::Finished, &finished), "Finished: 2 restored, 1 gone for good.");
    }
}
