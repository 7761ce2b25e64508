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
    let unknown = one.common().filter(|_| one.was_not_done() && other.was_not_done() && one.common() == other.common());
    one.code == other.code
        && match unknown {
            Some(CommonRefusal::Forbidden) => true,
            Some(CommonRefusal::Unknown) => one.message == other.message,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: &str, message: &str) -> Problem {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        Problem::from_reply(&Reply { status, headers: Headers::default(), body })
    }

    #[test]
    fn refusals_that_nobody_can_explain_are_the_same_by_code_and_where_that_says_little_by_words() {
        let check = |one: &Problem, other: &Problem, expected: bool| {
            assert_eq!((is_as_unknown_as(one, other), is_as_unknown_as(other, one)), (expected, expected), "{one:?} {other:?}");
        };
        check(&refused(403, "Odd", "One."), &refused(403, "Odd", "Another."), true);
        check(&refused(403, "Odd", "One."), &refused(403, "Odder", "One."), false);
        check(&refused(400, "Odd", "One."), &refused(400, "Odd", "One."), true);
        check(&refused(400, "Odd", "One."), &refused(400, "Odd", "Another."), false);
        check(&refused(400, "Odd", "One."), &refused(400, "Odder", "One."), false);
        check(&refused(400, "Odd", "One."), &refused(403, "Odd", "One."), false);
        let known = refused(404, "Request_ResourceNotFound", "One.");
        check(&known, &known, false);
        // It may have been done, so it is no refusal.
        let in_doubt = refused(500, "Odd", "One.");
        check(&in_doubt, &in_doubt, false);
        check(&in_doubt, &refused(400, "Odd", "One."), false);
    }

    #[test]
    fn what_nothing_came_back_for_is_told_so() {
        assert_eq!(unanswered().problem.message, "No answer came.");
    }
}
