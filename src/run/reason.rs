//! Why a run halts, as it is told.

use crate::words::{Explain, Words};
use graph::Problem;
use graph::problem::ProblemKind;
use time::Moment;

/// Why a run halts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HaltReason {
    /// What an answer told holds for every row.
    Refused(Problem),
    /// For long it could not be looked at who is in the directory.
    NoDirectory {
        /// What was met last. Of which kind it was is not written down.
        last: Problem,
        /// By the computer's clock.
        since: Option<Moment>,
    },
}

impl HaltReason {
    /// The last of many looks met this, none of which told since then who is in the directory.
    pub(super) fn no_directory(last: Problem, since: Moment) -> Self {
        Self::NoDirectory { last: Problem { kind: ProblemKind::Unknown, ..last }, since: Some(since) }
    }

    /// What was met last.
    pub const fn problem(&self) -> &Problem {
        match self {
            Self::Refused(problem) | Self::NoDirectory { last: problem, .. } => problem,
        }
    }
}

impl Explain for HaltReason {
    fn words(&self) -> Words {
        let words = match self {
            Self::NoDirectory { last, .. } if last.permission.is_none() => Words::new(
                "Microsoft's directory did not answer whether the guests who are left are here already.",
                "Nobody leaves unlooked at after a wait: somebody else may have invited them.",
                "Microsoft, or whoever looks after your network.",
                "Look at Microsoft's service health, or ask whether graph.microsoft.com is let through. “Try failed again” looks first and sends only where nobody is there.",
            ),
            _ => self.problem().words(),
        };
        match self {
            Self::NoDirectory { since: Some(since), .. } => {
                Words { why: format!("{} It has been so since {} UTC.", words.why, since.iso()[..16].replace('T', " ")), ..words }
            }
            _ => words,
        }
    }

    fn details(&self) -> String {
        self.problem().details()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_does_not_answer_is_told_with_since_when() {
        let reason = HaltReason::no_directory(super::super::refusals::unanswered(), Moment(1_795_344_203_000));
        let words = reason.words();
        assert!(words.what.contains("directory did not answer") && words.why.ends_with("since 2026-11-22 10:43 UTC."), "{words:?}");
        assert!(reason.details().starts_with("no status · No answer came."));
    }
}
