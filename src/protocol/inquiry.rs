//! What is learnt by [`Questions`] alone. Whoever inquires says what an answer means; asking, waiting and asking again are here.

use super::{Action, AskedQuestion, Questions, StateMachine, Ticket};
use crate::refused::Refused;
use graph::{Answer, Problem, Reply, Request, Unreached};
use time::Moment;

/// Why nothing was learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFailure {
    /// Graph refused it.
    Refused(Refused),
    /// No answer came, however often it was asked.
    Unreached,
    /// Somebody wanted no more of it.
    Stopped,
}

/// One of the questions.
pub trait InquiryQuestion {
    /// The first page of a collection, or the next.
    fn request(&self) -> Request;
    /// What can be done without. It is asked apart, so that a question which is not answered takes no other with it.
    fn is_optional(&self) -> bool;
    /// What is asked for where the answer is that it is missing.
    fn permission(&self) -> &'static str;
    /// It got no answer that tells, and is asked once more: what it becomes then. `may_be_done`: it may have been carried out.
    fn again(&mut self, _may_be_done: bool) {}
}

/// Something that is learnt so; it is a [`StateMachine`] by that.
pub trait Inquiry {
    type Question: InquiryQuestion;
    fn questions(&mut self) -> &mut Questions<Self::Question>;
    /// Whether it is of no use to go on.
    fn is_over(&self) -> bool;
    /// Whether this was all that was asked; else there are further pages.
    ///
    /// # Errors
    /// What the answer tells instead.
    fn learn(&mut self, question: &mut Self::Question, reply: &Reply) -> Result<bool, Problem>;
    /// This was asked often enough and came to nothing.
    fn give_up(&mut self, question: Self::Question, why: ReadFailure);
}

impl<I: Inquiry> StateMachine for I {
    type Record = std::convert::Infallible;

    fn next(&mut self, now: Moment) -> Action<Self::Record> {
        if let Some((ticket, asked, answers)) = self.questions().overdue(now) {
            landed(self, asked, &answers, now);
            return Action::Abandon(ticket);
        }
        if self.is_over() {
            return Action::Done;
        }
        self.questions().next(I::Question::is_optional, I::Question::request, now)
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        if let Some((asked, answers)) = self.questions().arrived(ticket, answer, now) {
            landed(self, asked, &answers, now);
        }
    }

    fn signed_in(&mut self) {
        self.questions().signed_in();
    }
}

fn landed<I: Inquiry>(inquiry: &mut I, asked: Vec<AskedQuestion<I::Question>>, answers: &[Answer], now: Moment) {
    for (mut asked, answer) in asked.into_iter().zip(answers) {
        let given_up = match answer {
            Err(unreached) => {
                asked.question.again(*unreached == Unreached::Lost);
                inquiry.questions().unreached(asked, *unreached, now).map(|question| (question, ReadFailure::Unreached))
            }
            Ok(reply) => match inquiry.learn(&mut asked.question, reply) {
                Ok(true) => None,
                Ok(false) => {
                    inquiry.questions().go_on(asked.question);
                    None
                }
                Err(problem) => {
                    let refused = Refused::new(problem, asked.question.permission());
                    asked.question.again(!refused.problem.was_not_done());
                    let question = inquiry.questions().refused(asked, &refused.problem, now);
                    question.map(|question| (question, ReadFailure::Refused(refused)))
                }
            },
        };
        if let Some((question, why)) = given_up {
            inquiry.give_up(question, why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::Headers;

    /// Asks for two things, of which it can do without the second.
    #[derive(Default)]
    struct Both {
        questions: Questions<bool>,
        learnt: Vec<bool>,
        given_up: Vec<(bool, ReadFailure)>,
    }

    impl InquiryQuestion for bool {
        fn request(&self) -> Request {
            Request::get(format!("/{self}"))
        }

        fn is_optional(&self) -> bool {
            *self
        }

        fn permission(&self) -> &'static str {
            "User.Read"
        }
    }

    impl Inquiry for Both {
        type Question = bool;

        fn questions(&mut self) -> &mut Questions<bool> {
            &mut self.questions
        }

        fn is_over(&self) -> bool {
            self.given_up.iter().any(|(is_optional, _)| !is_optional)
        }

        fn learn(&mut self, question: &mut bool, reply: &Reply) -> Result<bool, Problem> {
            reply.read::<serde_json::Value>()?;
            self.learnt.push(*question);
            Ok(true)
        }

        fn give_up(&mut self, question: bool, why: ReadFailure) {
            self.given_up.push((question, why));
        }
    }

    /// Inquires to the end; `answers` says status and body of each answer, nothing where none comes. How many requests left comes back, too.
    fn inquired(answers: impl Fn(&str) -> Option<(u16, &'static str)>) -> (Both, usize) {
        let (mut both, mut now, mut sent) = (Both::default(), Moment(0), 0);
        [false, true].into_iter().for_each(|question| both.questions.ask(question));
        loop {
            match both.next(now) {
                Action::Send(ticket, request) => {
                    sent += 1;
                    let asked = request.body.as_deref().unwrap_or_default();
                    let answer = answers(if asked.contains("/true") { "/true" } else { "/false" });
                    let told = |(status, body)| format!(r#"{{"responses":[{{"id":"0","status":{status},"body":{body}}}]}}"#);
                    let answer = answer.map(|answer| Reply { status: 200, headers: Headers::default(), body: told(answer) });
                    both.heard(ticket, &answer.ok_or(Unreached::Lost), now);
                }
                Action::WaitUntil(then) => now = then,
                Action::Done => return (both, sent),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn what_is_never_answered_is_given_up_alone() {
        let (both, sent) = inquired(|path| (path == "/false").then_some((200, "{}")));
        assert_eq!((both.learnt, both.given_up, sent), (vec![false], vec![(true, ReadFailure::Unreached)], 1 + 5));
    }

    #[test]
    fn what_is_refused_is_told_with_the_permission_that_it_needs_and_ends_what_cannot_do_without() {
        let denied = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}"#;
        let (both, _) = inquired(|_| Some((403, denied)));
        let [(false, ReadFailure::Refused(refused)), ..] = &both.given_up[..] else { panic!("{:?}", both.given_up) };
        assert_eq!((refused.permission.as_deref(), both.learnt), (Some("User.Read"), vec![]));
    }
}
