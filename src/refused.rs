//! What was refused, as the page works with it. What it means, whoever asked tells by it.

use graph::{CommonRefusal, Problem};

/// What Graph refused, and for want of which permission that may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What the answer told.
    pub problem: Problem,
    /// The permission that what was asked for needs, where it may be refused for want of it: `Mail.Send`.
    pub permission: Option<String>,
    /// What it was taken for when it was written down, by its name on disk, where its facts do not tell that again: not all of them lie
    /// there, and earlier versions told refusals apart in other ways.
    pub written_as: Option<&'static str>,
}

impl Refused {
    /// Met while asking for what needs this permission.
    pub fn new(problem: Problem, permission: &str) -> Self {
        let permission = problem.may_lack_permission().then(|| permission.to_owned());
        Self { permission, ..problem.into() }
    }

    /// Whether every further request like it would meet this, which is `common`: something on the way lets nothing through, a proxy that wants
    /// a sign-in of its own or forbids Graph; a permission is missing; or nobody can meet what is demanded.
    pub fn holds_for_all(&self, common: CommonRefusal) -> bool {
        match common {
            CommonRefusal::MissingPermission => true,
            CommonRefusal::NotGraphs => matches!(self.problem.status, 403 | 407 | 451),
            CommonRefusal::ClaimsChallenge => self.problem.is_unreadable_challenge(),
            _ => false,
        }
    }

    /// Whether nobody can explain it.
    pub fn is_unexplained(&self) -> bool {
        match self.written_as {
            Some(name) => matches!(name, "Forbidden" | "Unknown"),
            None => matches!(self.problem.common(), Some(CommonRefusal::Forbidden | CommonRefusal::Unknown)),
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, permission: None, written_as: None }
    }
}
