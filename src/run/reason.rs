//! Why a run halts, as it is told and as the journal keeps it.

use crate::words::{Explain, Words};
use graph::Problem;
use graph::problem::ProblemKind;
use serde::{Deserialize, Serialize};
use time::{Millis, Moment};

/// Why a run halts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "HaltRecord", into = "HaltRecord")]
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

/// The form on disk: a problem, of one kind more, and since when.
#[derive(Serialize, Deserialize)]
struct HaltRecord {
    kind: HaltKind,
    status: u16,
    code: String,
    message: String,
    request_id: Option<String>,
    retry_after: Option<Millis>,
    #[serde(default)]
    permission: Option<String>,
    claims: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Moment>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum HaltKind {
    Refused(ProblemKind),
    Run(RunHaltKind),
}

#[derive(Serialize, Deserialize)]
enum RunHaltKind {
    NoDirectory,
}

impl From<HaltReason> for HaltRecord {
    fn from(reason: HaltReason) -> Self {
        let (kind, problem, since) = match reason {
            HaltReason::Refused(problem) => (HaltKind::Refused(problem.kind), problem, None),
            HaltReason::NoDirectory { last, since } => (HaltKind::Run(RunHaltKind::NoDirectory), last, since),
        };
        let Problem { kind: _, status, code, message, request_id, retry_after, permission, claims } = problem;
        Self { kind, status, code, message, request_id, retry_after, permission, claims, since }
    }
}

impl From<HaltRecord> for HaltReason {
    fn from(record: HaltRecord) -> Self {
        let HaltRecord { kind, status, code, message, request_id, retry_after, permission, claims, since } = record;
        let problem = |kind| Problem { kind, status, code, message, request_id, retry_after, permission, claims };
        match kind {
            HaltKind::Refused(kind) => Self::Refused(problem(kind)),
            HaltKind::Run(RunHaltKind::NoDirectory) => Self::NoDirectory { last: problem(ProblemKind::Unknown), since },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_earlier_versions_wrote_is_read_and_written_alike() {
        for stored in [
            r#"{"kind":"Throttled","status":429,"code":"TooManyRequests","message":"m","request_id":"r","retry_after":2000,"permission":null,"claims":null}"#,
            r#"{"kind":"MissingPermission","status":403,"code":"c","message":"","request_id":null,"retry_after":null,"permission":"Mail.Send","claims":null}"#,
            r#"{"kind":"NoDirectory","status":503,"code":"","message":"","request_id":null,"retry_after":null,"permission":null,"claims":null,"since":1795344203000}"#,
        ] {
            let reason: HaltReason = serde_json::from_str(stored).unwrap();
            assert_eq!(serde_json::to_string(&reason).unwrap(), stored);
            assert_eq!(matches!(reason, HaltReason::NoDirectory { .. }), stored.contains("since"));
        }
        let later = r#"{"kind":"OfLaterVersions","status":0,"code":"","message":"","request_id":null,"retry_after":null,"claims":null}"#;
        assert!(serde_json::from_str::<HaltReason>(later).is_err());
    }

    #[test]
    fn a_directory_that_does_not_answer_is_told_with_since_when() {
        let reason = HaltReason::no_directory(super::super::refusals::unanswered(), Moment(1_795_344_203_000));
        let words = reason.words();
        assert!(words.what.contains("directory did not answer") && words.why.ends_with("since 2026-11-22 10:43 UTC."), "{words:?}");
        assert!(reason.details().starts_with("no status · No answer came."));
    }
}
