//! Refusals that nobody can explain: whether another one is the same.

use graph::problem::ProblemKind;
use graph::{Headers, Problem, Reply};

/// What a row ends with for which nothing came back, however often it was asked.
pub fn unanswered() -> Problem {
    let problem = Problem::from_reply(&Reply { status: 0, headers: Headers::default(), body: String::new() });
    Problem { kind: ProblemKind::ServiceBusy, message: "No answer came.".into(), ..problem }
}

/// Whether two refusals are the same, of those that this page cannot explain. Of 403 the code tells; other codes stand for much, so there
/// the words have to be the same, too.
pub(super) fn is_as_unknown_as(one: &Problem, other: &Problem) -> bool {
    let is_unknown = matches!(one.kind, ProblemKind::Forbidden | ProblemKind::Unknown) && one.kind == other.kind && one.was_not_done();
    is_unknown && one.code == other.code && (one.kind == ProblemKind::Forbidden || one.message == other.message)
}
