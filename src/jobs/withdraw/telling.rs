//! How the endings of a withdrawal are told.

use super::plan::{NotOwn, WithdrawPlan};
use crate::bulk::RunStatus;
use crate::jobs::recycle_bin as bin;
use crate::jobs::recycle_bin::{RecycleClass, RecycleOutcome, RecycleTally, WhyKept};
use crate::words::Words;
use graph::users::Assignment;

/// Cause, who can fix it, next step; nothing for what went well, and for what no withdrawal ends with.
#[rustfmt::skip]
pub fn words(outcome: &RecycleOutcome) -> Option<Words> {
    let w = Words::new;
    Some(match outcome {
        RecycleOutcome::Withdrawn { seen: false } => w("Microsoft accepted the deletion; the guest was not seen in the recycle bin.", "The directory needs some time to spread the news, or could not be read.", "Nobody needs to do anything.", "Look into deleted users in the Entra admin center if you want to be sure."),
        RecycleOutcome::WasGone => w("Somebody else had deleted this guest.", "The guest lies in the recycle bin, and this run did not put them there.", "Nobody needs to do anything.", "A User Administrator can restore the guest within 30 days."),
        RecycleOutcome::Missing => w("This guest is neither among the users nor in the recycle bin.", "Somebody deleted the guest for good, or the directory does not show them yet, shortly after the invitation.", "Nobody needs to do anything.", "“Try failed again” looks once more in some minutes."),
        RecycleOutcome::Kept(kept) => kept_words(*kept),
        RecycleOutcome::Refused(refused) => bin::refusal(refused),
        RecycleOutcome::Unsure => w("It is not known whether this guest was deleted.", "No answer came that tells, and neither the recycle bin nor the directory told either.", "A User Administrator can look in the Entra admin center.", "“Try failed again” looks first and deletes only who has not accepted and has been given nothing."),
        RecycleOutcome::NotSent(why) => bin::not_sent(*why),
        RecycleOutcome::Withdrawn { seen: true } | RecycleOutcome::Restored { .. } | RecycleOutcome::WasThere | RecycleOutcome::GoneForGood | RecycleOutcome::Taken => return None,
    })
}

#[rustfmt::skip]
fn kept_words(kept: WhyKept) -> Words {
    let (what, why) = match kept {
        WhyKept::Accepted => ("The guest has accepted and was not deleted.", "Only who has not accepted is withdrawn."),
        WhyKept::NotPending => ("The guest was not deleted.", "Microsoft does not say that the invitation still waits."),
        WhyKept::NotTheGuest => ("The user was not deleted.", "Microsoft shows no guest here any more: somebody made the account a member, or it is another one."),
        WhyKept::ThereBefore => ("This guest was there before the run and was not deleted.", "Microsoft answers an invitation alike whether it makes a guest or finds one who has not accepted; this one was created earlier."),
        WhyKept::AppRole => ("The guest may use an application and was not deleted.", "Somebody assigned it since the invitation, so the guest seems to be wanted."),
        WhyKept::Assigned(assignment) => (match assignment {
            Assignment::Group => "The guest is a member of a group and was not deleted.",
            Assignment::DirectoryRole => "The guest holds a role of the directory and was not deleted.",
            Assignment::AdministrativeUnit => "The guest belongs to an administrative unit and was not deleted.",
            Assignment::OtherMembership => "The guest is a member of something and was not deleted.",
            Assignment::License => "The guest has a licence and was not deleted.",
        }, "Somebody assigned it since the invitation, so the guest seems to be wanted."),
    };
    Words::new(what, why, "A User Administrator can delete the guest in the Entra admin center.", "Ask whoever looks after this guest whether they are still wanted.")
}

/// `2 never sent, 1 withdrawn already`: why rows are left out of a withdrawal; nothing where none is.
pub fn left_out(plan: &WithdrawPlan) -> String {
    bin::left_out(&plan.others, |why| match why {
        NotOwn::Skipped => "left out by the run",
        NotOwn::Refused => "refused by Microsoft",
        NotOwn::NotSent => "never sent",
        NotOwn::Resent => "in the directory before and sent again",
        NotOwn::Found => "found by a look, so that nobody knows who made them",
        NotOwn::Unsure => "unsure",
        NotOwn::Withdrawn => "withdrawn already",
    })
}

/// `Finished: 12 withdrawn, 1 kept.` or `Stopped. 260 of 1,451 withdrawn; 1,191 not done.`
pub fn ending(status: &RunStatus, tally: &RecycleTally) -> String {
    bin::ending(status, tally, RecycleClass::Withdrawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::recycle_bin::{every_ending, tally};

    #[test]
    fn every_ending_but_the_best_is_told_in_whole_sentences() {
        for outcome in every_ending() {
            let is_of_restoring = matches!(
                outcome,
                RecycleOutcome::Restored { .. } | RecycleOutcome::WasThere | RecycleOutcome::GoneForGood | RecycleOutcome::Taken
            );
            let Some(Words { what, why, who, next }) = words(&outcome) else {
                assert!(is_of_restoring || outcome == RecycleOutcome::Withdrawn { seen: true }, "{outcome:?}");
                continue;
            };
            assert!(!is_of_restoring && [&what, &why, &who, &next].iter().all(|text| text.ends_with('.')), "{outcome:?}");
            if matches!(outcome, RecycleOutcome::Kept(_)) {
                assert!(what.contains("not deleted"), "{what}");
            }
        }
    }

    #[test]
    fn why_rows_are_left_out_is_told_by_their_number() {
        let others = vec![(1, NotOwn::NotSent), (2, NotOwn::Withdrawn), (3, NotOwn::NotSent)];
        assert_eq!(left_out(&WithdrawPlan { guests: Vec::new(), others }), "2 never sent, 1 withdrawn already");
        assert_eq!(left_out(&WithdrawPlan::default()), "");
    }

    #[test]
    fn the_end_of_a_withdrawal_tells_what_is_left_only_where_something_is() {
        use RecycleClass::{Kept, NotSent, Withdrawn};
        let stopped = tally([(Withdrawn, 260), (NotSent, 1191)]);
        assert_eq!(ending(&RunStatus::Stopped, &stopped), "Stopped. 260 of 1,451 withdrawn; 1,191 not done.");
        assert_eq!(ending(&RunStatus::Stopped, &tally([(Withdrawn, 3)])), "Stopped. 3 of 3 withdrawn.");
        assert_eq!(ending(&RunStatus::Finished, &tally([(Withdrawn, 3), (Kept, 1)])), "Finished: 3 withdrawn, 1 kept.");
    }
}
