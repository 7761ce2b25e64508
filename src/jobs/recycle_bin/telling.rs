//! The words that withdrawing and restoring have in common.

use super::outcome::{RecycleClass, RecycleTally};
use crate::bulk::journal::NotSent;
use crate::bulk::{HaltReason, RunStatus};
use crate::refused::Refused;
use crate::words::{Explain, Words, grouped, tallied};
use graph::CommonRefusal;

/// What was refused: cause, who can fix it, next step.
pub fn refusal(refused: &Refused) -> Words {
    let words = refused.words();
    let next = match refused.problem.common() {
        Some(CommonRefusal::MissingPermission) => {
            "Ask your administrator, sign in again, and try what is left; each guest is looked at first."
        }
        Some(CommonRefusal::NotGraphs) => "Ask them to let graph.microsoft.com through. “Try failed again” looks first.",
        _ => return words,
    };
    Words { next: next.into(), ..words }
}

/// Why a run has halted.
pub fn halt_words(reason: &HaltReason) -> Words {
    reason.told(refusal, silent)
}

fn silent() -> Words {
    Words::new(
        "Microsoft's directory did not answer how the guests who are left stand.",
        "Nobody is deleted or restored unlooked at: somebody may have accepted, or may need what was given to them since.",
        "Microsoft, or whoever looks after your network.",
        "Look at Microsoft's service health, or ask whether graph.microsoft.com is let through. “Try failed again” looks first.",
    )
}

/// Whether asking again is in vain until somebody else has changed something: a role or a permission that was given since comes with the next
/// sign-in. `has_signed_in`: somebody signed in after the run halted.
pub fn is_barred(status: &RunStatus, has_signed_in: bool) -> bool {
    let RunStatus::Halted(HaltReason::Refused(refused)) = status else { return false };
    refused.problem.common() == Some(CommonRefusal::MissingPermission) && !has_signed_in
}

/// Why nothing left for a guest.
pub(in crate::jobs) fn not_sent(why: NotSent) -> Words {
    match why {
        NotSent::Stopped => {
            Words::new("Nothing was changed.", "The run was stopped before this guest.", "You can.", "“Try failed again” goes on.")
        }
        NotSent::Halted => Words::new(
            "Nothing was changed.",
            "The run stopped for a reason that holds for every guest.",
            "The page of the run tells the reason.",
            "Fix that first; then “Try failed again” goes on.",
        ),
    }
}

/// `2 never sent, 1 withdrawn already`: how many rows are left out for which reason, in the order in which these are met; nothing where none
/// is.
pub(in crate::jobs) fn left_out<W: Copy>(others: &[(u32, W)], word: fn(W) -> &'static str) -> String {
    let mut groups: Vec<(&'static str, usize)> = Vec::new();
    for (_, why) in others {
        let word = word(*why);
        match groups.iter_mut().find(|(own, _)| *own == word) {
            Some((_, number)) => *number += 1,
            None => groups.push((word, 1)),
        }
    }
    if groups.is_empty() { String::new() } else { tallied(groups.into_iter().map(|(word, number)| (number, word))) }
}

/// `Finished: 12 withdrawn, 1 kept.` or `Stopped. 260 of 1,451 withdrawn; 1,191 not done.` `goal` is how guests were to end.
pub(in crate::jobs) fn ending(status: &RunStatus, tally: &RecycleTally, goal: RecycleClass) -> String {
    if !matches!(status, RunStatus::Stopped | RunStatus::Halted(_)) {
        return format!("Finished: {}.", tally.sentence());
    }
    let rest = tally.without(goal);
    let mut told = format!("Stopped. {} of {} {}", grouped(tally.count(goal)), grouped(tally.total()), goal.word());
    if rest.total() > 0 {
        told.push_str("; ");
        told.push_str(&rest.sentence());
    }
    told.push('.');
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::unanswered;
    use graph::{Headers, Problem, Reply};
    use time::Moment;

    fn refused(status: u16, code: &str) -> Refused {
        let body = if code.is_empty() { String::new() } else { serde_json::json!({"error": {"code": code, "message": ""}}).to_string() };
        Refused::new(Problem::from_reply(&Reply { status, headers: Headers::default(), body }), "User.DeleteRestore.All")
    }

    #[test]
    fn what_is_refused_is_told_without_a_word_of_inviting() {
        let missing = refusal(&refused(403, "Authorization_RequestDenied"));
        assert!(missing.what.contains("User.DeleteRestore.All") && missing.who.contains("User Administrator"), "{missing:?}");
        for (status, code) in
            [(403, "Authorization_RequestDenied"), (502, ""), (403, ""), (403, "NewCode2027"), (400, "Odd"), (503, "Busy")]
        {
            let Words { what, why, who, next } = refusal(&refused(status, code));
            let all = [what, why, who, next].join(" ");
            assert!(!all.contains("invite") && !all.contains("nobody is there"), "{all}");
        }
    }

    #[test]
    fn a_directory_that_does_not_answer_is_told_with_since_when() {
        let words = halt_words(&HaltReason::no_directory(unanswered(), Moment(1_795_344_203_000)));
        assert!(words.what.contains("directory did not answer") && words.why.ends_with("since 2026-11-22 10:43 UTC."), "{words:?}");
        let halted = halt_words(&HaltReason::Refused(refused(403, "Authorization_RequestDenied")));
        assert_eq!(halted, refusal(&refused(403, "Authorization_RequestDenied")));
    }

    #[test]
    fn who_lacks_a_permission_is_barred_until_the_next_sign_in() {
        let halted = |refused: Refused| RunStatus::Halted(HaltReason::Refused(refused));
        let missing = || halted(refused(403, "Authorization_RequestDenied"));
        assert!(is_barred(&missing(), false) && !is_barred(&missing(), true));
        assert!(!is_barred(&halted(refused(403, "")), false) && !is_barred(&RunStatus::Stopped, false));
        assert!(!is_barred(&RunStatus::Halted(HaltReason::no_directory(unanswered(), Moment(0))), false));
    }
}
