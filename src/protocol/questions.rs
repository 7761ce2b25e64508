//! Questions that can be asked twice without harm, since they only read or make something what it is to be, asked in batches until each has
//! its answer, whoever asks them. What gets none is asked again so often, and after longer and longer waits.

use super::{Action, Cost, Dispatch, Hold, Ticket};
use graph::{Again, Answer, PaceKind, Problem, Request, Unreached, batch};
use std::collections::VecDeque;
use time::{Millis, Moment};

/// Batches that are on their way at the same time.
const AT_ONCE: usize = 2;
/// A request that got no answer is asked again this often.
const TRIES: u32 = 4;

/// A question, and how often it was asked in vain.
#[derive(Clone, Debug)]
pub struct AskedQuestion<Q> {
    pub question: Q,
    tries: u32,
}

/// Questions that wait and those that are on their way.
pub struct Questions<Q> {
    waiting: VecDeque<AskedQuestion<Q>>,
    on_its_way: Dispatch<Vec<AskedQuestion<Q>>>,
    total: usize,
}

impl<Q> Default for Questions<Q> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), on_its_way: Dispatch::default(), total: 0 }
    }
}

impl<Q> Questions<Q> {
    /// Asks this, too, after what waits.
    pub fn ask(&mut self, question: Q) {
        self.waiting.push_back(AskedQuestion { question, tries: 0 });
        self.total += 1;
    }

    /// Asks this, too, before what waits.
    pub fn ask_first(&mut self, question: Q) {
        self.waiting.push_front(AskedQuestion { question, tries: 0 });
        self.total += 1;
    }

    /// What waits to be asked.
    pub fn waiting(&self) -> impl Iterator<Item = &Q> {
        self.waiting.iter().map(|asked| &asked.question)
    }

    /// Asks no more of what waits but what is to stay.
    pub fn keep(&mut self, stays: impl Fn(&Q) -> bool) {
        self.waiting.retain(|asked| stays(&asked.question));
    }

    /// How many of how many questions are answered.
    pub fn progress(&self) -> (usize, usize) {
        let open = self.waiting.len() + self.on_its_way.all().map(Vec::len).sum::<usize>();
        (self.total.saturating_sub(open), self.total)
    }

    /// What was waited for long enough, with the answers that it will not get.
    pub fn overdue(&mut self, now: Moment) -> Option<(Ticket, Vec<AskedQuestion<Q>>, Vec<Answer>)> {
        self.on_its_way.overdue(now)
    }

    /// What is to be done now. Questions travel together that are alike by `kind`, so that none is taken along by another.
    pub fn next<R, K: PartialEq>(&mut self, kind: impl Fn(&Q) -> K, request: impl Fn(&Q) -> Request, now: Moment) -> Action<R> {
        if self.waiting.is_empty() && self.on_its_way.is_empty() {
            return Action::Done;
        }
        if let Some(gate) = self.on_its_way.gate() {
            return gate;
        }
        if self.waiting.is_empty() || self.on_its_way.len() >= AT_ONCE {
            return self.on_its_way.wait();
        }
        if let Hold::Until(then) = self.on_its_way.hold(PaceKind::DirectoryRead, false, now) {
            return Action::WaitUntil(self.on_its_way.until().map_or(then, |until| until.min(then)));
        }
        let first = self.waiting.front().map(|asked| kind(&asked.question));
        let alike = self.waiting.iter().take(batch::MOST).take_while(|asked| Some(kind(&asked.question)) == first);
        let count = alike.count();
        let questions: Vec<AskedQuestion<Q>> = self.waiting.drain(..count).collect();
        let requests: Vec<Request> = questions.iter().map(|asked| request(&asked.question)).collect();
        self.on_its_way.send(PaceKind::DirectoryRead, questions, &requests, Cost::Nothing, now)
    }

    /// An answer came: to what, and one for each question. `None` when it was given up before.
    pub fn arrived(&mut self, ticket: Ticket, answer: &Answer, now: Moment) -> Option<(Vec<AskedQuestion<Q>>, Vec<Answer>)> {
        self.on_its_way.arrived(ticket, answer, now)
    }

    /// There is a fresh token.
    pub fn signed_in(&mut self) {
        self.on_its_way.open_gate();
    }

    /// The answer was a page, and there is another: that is asked for next.
    pub fn go_on(&mut self, question: Q) {
        self.waiting.push_front(AskedQuestion { question, tries: 0 });
    }

    /// No answer came: it is asked again, unless that was done often enough. Then the question comes back.
    pub fn unreached(&mut self, asked: AskedQuestion<Q>, unreached: Unreached, now: Moment) -> Option<Q> {
        if asked.tries >= TRIES {
            return Some(asked.question);
        }
        match unreached {
            Unreached::Lost | Unreached::Offline => self.later(asked, None, now),
            Unreached::NoToken => self.once_signed_in(asked, None),
        }
        None
    }

    /// The answer tells of a problem: it is asked again where that may help, unless that was done often enough. Then the question comes
    /// back, and what is to be told of it is for whoever asked.
    pub fn refused(&mut self, asked: AskedQuestion<Q>, problem: &Problem, now: Moment) -> Option<Q> {
        match problem.again(asked.tries) {
            _ if problem.wants_fresh_token() && asked.tries < TRIES => self.once_signed_in(asked, problem.claims().map(Into::into)),
            Again::After(wait) if asked.tries < TRIES * 2 => self.later(asked, Some(wait), now),
            // What a gateway says of its own is no word of Graph's.
            Again::LookFirst if asked.tries < TRIES => self.later(asked, problem.retry_after, now),
            _ => return Some(asked.question),
        }
        None
    }

    /// Asks the same again, once everybody has been quiet for so long.
    fn later(&mut self, asked: AskedQuestion<Q>, wait: Option<Millis>, now: Moment) {
        let wait = wait.unwrap_or(Millis::seconds(1 << asked.tries));
        self.on_its_way.quiet(PaceKind::DirectoryRead, wait, now);
        self.waiting.push_back(AskedQuestion { tries: asked.tries + 1, ..asked });
    }

    fn once_signed_in(&mut self, asked: AskedQuestion<Q>, claims: Option<String>) {
        self.on_its_way.refuse_token(claims);
        self.waiting.push_front(AskedQuestion { tries: asked.tries + 1, ..asked });
    }
}
