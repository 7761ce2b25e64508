//! Refusals that nobody can explain: whether another one is the same.

use crate::refused::Refused;
use graph::{CommonRefusal, Headers, Problem, Reply};

/// What a row ends with for which nothing came back, however often it was asked.
pub fn unanswered() -> Refused {
    let problem = Problem::from_reply(&Reply { status: 0, headers: Headers::default(), body: String::new() });
    Problem { message: "No answer came.".into(), ..problem }.into()
}

/// Whether two refusals are the same, of those that this page cannot explain. Of 403 the code tells; other codes stand for much, so there
/// the words have to be the same, too.
pub(super) fn is_as_unknown_as(one: &Problem, other: &Problem) -> bool {
    let unknown = one.common().filter(|_| one.was_not_done() && one.common() == other.common());
    one.code == other.code
        && match unknown {
            Some(CommonRefusal::Forbidden) => true,
            Some(CommonRefusal::Unknown) => one.message == other.message,
            _ => false,
        }
}
