//! What every call of Graph is, as a type: its request, how its answer is read, why it may be refused, and what a lost answer means.
//! One file each, in the folder of its resource.

use crate::{CommonRefusal, Method, Problem, Reply, Request};
use serde::de::DeserializeOwned;

/// One call of Graph, with everything that it is asked with. Whoever carries it adds Graph's root and a token.
pub trait Operation {
    /// What a success tells.
    type Output: DeserializeOwned;
    /// Every way this very call is refused that somebody can act on. What any call may meet (a token that has ended, a throttle, a
    /// gateway's own word) is told by [`Problem::common`].
    type Refusal: Refusal;
    /// Delegated permissions, any of which suffices for all that is read here, least first. Where nothing else is named:
    /// <https://learn.microsoft.com/graph/permissions-reference> and microsoft-graph-devx-content @ 6cbd6bbd,
    /// permissions/new/permissions.json.
    const SCOPES: &'static [&'static str];
    /// Which of Microsoft's limits it counts against.
    const PACE: PaceKind;

    /// What is asked; the same each time.
    fn request(&self) -> Request;

    /// What the reply tells: the body of a success, where nothing else is named.
    ///
    /// # Errors
    /// The problem that the reply tells of; a success in another shape is one too ([`Problem::is_unreadable`]).
    fn read(&self, reply: &Reply) -> Result<Self::Output, Problem> {
        reply.read()
    }

    /// Which of its own refusals this is; `None` where it is none of them.
    fn refusal(&self, problem: &Problem) -> Option<Self::Refusal> {
        Self::Refusal::told_by(problem)
    }

    /// What to do where the answer is lost: it may have been done. Unless something else is said, what only reads is asked once more, and
    /// of what changes something a person is asked.
    fn after_loss(&self) -> AfterLoss {
        if self.request().method == Method::Get { AfterLoss::Repeat } else { AfterLoss::AskPerson }
    }
}

/// Every way a call is refused that somebody can act on.
pub trait Refusal: Sized {
    /// Which of them this is; `None` where it is none of them.
    fn told_by(problem: &Problem) -> Option<Self>;
}

/// Limits that are counted apart. <https://learn.microsoft.com/graph/throttling-limits>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaceKind {
    /// Makes or changes an object of the directory: 3,000 per 150 s for one app in a tenant.
    DirectoryWrite,
    /// Reads the directory: at least 3,500 resource units per 10 s for one app in a tenant.
    DirectoryRead,
    /// The signed-in person's mailbox: [`crate::mail::AT_ONCE`] at the same time, [`crate::mail::PER_MINUTE`] that send.
    Mailbox,
    /// Teams.
    Chat,
}

/// What to do where nobody knows whether a call was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterLoss {
    /// The same once more: it harms nobody when it is done twice.
    Repeat,
    /// This request shows whether it was done.
    Look(Request),
    /// Graph cannot tell, so that only a person can say.
    AskPerson,
}

/// Of a call that is refused for no reason of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRefusal {}

impl Refusal for NoRefusal {
    fn told_by(_: &Problem) -> Option<Self> {
        None
    }
}

/// Of a call that reads what a permission, or the person's role, decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadRefusal {
    /// The role does not cover it, or the app lacks consent for one of [`Operation::SCOPES`]: Graph does not tell which.
    MissingPermission,
}

impl Refusal for ReadRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        (problem.common() == Some(CommonRefusal::MissingPermission)).then_some(Self::MissingPermission)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::{AfterLoss, Operation, PaceKind};
    use crate::{Headers, Problem, Reply, Request};
    use serde_json::Value;
    use std::fmt::Debug;

    /// A reply with this body.
    pub(crate) fn reply(status: u16, body: &str) -> Reply {
        Reply { status, headers: Headers::default(), body: body.into() }
    }

    /// What Graph says with this code and message.
    pub(crate) fn problem(status: u16, code: &str, message: &str) -> Problem {
        let body = serde_json::json!({"error": {"code": code, "message": message}});
        Problem::from_reply(&reply(status, &body.to_string()))
    }

    /// Holds an operation that only reads against what it is to ask.
    pub(crate) fn reads<O: Operation>(operation: &O, path: &str, least: &str) {
        let request = operation.request();
        assert_eq!((request.method.as_str(), request.path.as_str(), request.body), ("GET", path, None));
        assert_eq!((O::SCOPES[0], O::PACE), (least, super::PaceKind::DirectoryRead));
        assert_eq!(operation.after_loss(), AfterLoss::Repeat);
    }

    /// Holds an operation that changes something against what it is to ask; `Value::Null` where it has no body.
    pub(crate) fn writes<O: Operation>(operation: &O, method: &str, path: &str, body: &Value) {
        let Request { method: own, path: own_path, headers, body: own_body } = operation.request();
        let said = own_body.as_deref().map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
        assert_eq!((own.as_str(), own_path.as_str(), &said), (method, path, body));
        assert_eq!(headers.get("Content-Type").is_some(), own_body.is_some());
        assert_eq!(O::PACE, PaceKind::DirectoryWrite);
    }

    /// Holds what an operation is refused for against what status, code and message tell, and that what is nobody's own is not its either.
    pub(crate) fn refuses<O>(operation: &O, expected: &[(u16, &str, &str, Option<O::Refusal>)])
    where
        O: Operation<Refusal: Debug + PartialEq>,
    {
        for (status, code, message, refusal) in expected {
            assert_eq!(operation.refusal(&problem(*status, code, message)), *refusal, "{status} {code} {message}");
        }
        assert!(common().iter().all(|problem| operation.refusal(problem).is_none()));
    }

    /// The request that shows whether it was done.
    pub(crate) fn looks<O: Operation>(operation: &O) -> Request {
        let AfterLoss::Look(look) = operation.after_loss() else { panic!("it is never asked twice unseen") };
        look
    }

    /// Problems that are nobody's own: the token has ended, a throttle, a gateway, a code that nobody knows.
    pub(crate) fn common() -> [Problem; 4] {
        [
            problem(401, "InvalidAuthenticationToken", ""),
            problem(429, "TooManyRequests", ""),
            Problem::from_reply(&reply(502, "<html>")),
            problem(403, "NewCode", "made up"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{common, problem};
    use super::*;

    struct Post;

    impl Operation for Post {
        type Output = ();
        type Refusal = NoRefusal;
        const SCOPES: &'static [&'static str] = &[];
        const PACE: PaceKind = PaceKind::DirectoryWrite;

        fn request(&self) -> Request {
            Request::post("/x", &())
        }
    }

    #[test]
    fn what_changes_something_is_not_asked_once_more_unless_it_says_so() {
        assert_eq!(Post.after_loss(), AfterLoss::AskPerson);
        assert!(common().iter().all(|problem| Post.refusal(problem).is_none()));
    }

    #[test]
    fn a_read_is_refused_for_want_of_a_permission_and_for_nothing_else() {
        let missing = problem(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        assert_eq!(ReadRefusal::told_by(&missing), Some(ReadRefusal::MissingPermission));
        assert!(common().iter().all(|problem| ReadRefusal::told_by(problem).is_none()));
    }
}
