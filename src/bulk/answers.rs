//! What an answer means: for each row that was asked for, and for the run as a whole.

use super::index::{Ask, Place};
use super::job::{Effect, Job, Step};
use super::looking::ReadAccess;
use super::ramp::CANARIES;
use super::refusals::is_as_unknown_as;
use super::task::{Phase, TaskUpdate};
use super::{Bulk, HaltReason, InFlight, Mode, NotSent};
use crate::refused::Refused;
use graph::{Again, Answer, Problem, Reply, Unreached};
use time::{Millis, Moment};

/// So often in a row the same refusal that nobody can explain is taken to hold for all: asking on may count as suspicious. The same
/// holds for something on the way that answers in Graph's place: each further write would be in doubt.
const ALIKE: u32 = 3;

/// What may turn out to hold for all rows at a step.
#[derive(Default)]
pub(super) struct Unexplained {
    /// The last refusal that nobody can explain, and how often in a row it came.
    last: Option<Problem>,
    times: u32,
    /// The status of the last refusal that was not Graph's, and how often in a row one came. Requests that were on their way together
    /// count once.
    on_the_way: (u16, u32),
}

impl Unexplained {
    /// Notes what became of requests that were on their way together, where something refused them in Graph's place. Whether that has
    /// come so often that it seems to hold for all.
    const fn note_on_the_way(&mut self, status: u16) -> bool {
        let (last, times) = self.on_the_way;
        self.on_the_way = (status, if last == status { times + 1 } else { 1 });
        self.on_the_way.1 >= ALIKE
    }

    /// Notes a refusal. Whether it has come so often that it seems to hold for all.
    fn note(&mut self, problem: &Problem) -> bool {
        let is_again = self.last.as_ref().is_some_and(|last| is_as_unknown_as(last, problem));
        self.times = if is_again { self.times + 1 } else { u32::from(is_as_unknown_as(problem, problem)) };
        self.last = Some(problem.clone());
        self.times >= ALIKE
    }
}

impl<J: Job> Bulk<J> {
    pub(super) fn landed(&mut self, asked: InFlight<J::Step>, answers: &[Answer], now: Moment) {
        let (ask, places) = match asked {
            InFlight::Rows(ask, places) => (ask, places),
            InFlight::Budget => return self.counted(answers, now),
        };
        for (place, answer) in places.into_iter().zip(answers) {
            self.answered(ask, place, answer, now);
        }
        self.heed_refusals_on_the_way(ask, answers, now);
        if self.stopped {
            self.dispatch.open_gate();
            self.end_those_left(NotSent::Stopped, now);
        } else if matches!(self.mode, Mode::Halted(_)) {
            self.end_those_left(NotSent::Halted, now);
        }
    }

    fn answered(&mut self, ask: Ask<J::Step>, place: Place, answer: &Answer, now: Moment) {
        let at = self.at(now);
        match answer {
            Err(unreached) => {
                match unreached {
                    Unreached::Lost => self.unanswered(ask, now),
                    Unreached::NoToken => self.dispatch.refuse_token(None),
                    Unreached::Offline => {}
                }
                let job = &self.job;
                let entry = self.index.change(place, |task| task.unreached(job, *unreached, at));
                self.account(place, entry.as_ref());
                self.journal.extend(entry);
                self.heed_failed_look(place, None, now);
            }
            Ok(reply) => {
                let job = &self.job;
                match self.index.change(place, |task| task.told(job, reply, at)) {
                    Ok(told) => self.succeeded(ask, place, told, now),
                    Err(problem) => {
                        let permission = self.job.permission(&self.index.at(place).facts, ask.step, ask.is_look);
                        self.refused(ask, place, Refused::new(problem, permission), now);
                    }
                }
            }
        }
    }

    fn succeeded(&mut self, ask: Ask<J::Step>, place: Place, told: TaskUpdate<J::Event>, now: Moment) {
        if !ask.is_look {
            self.unexplained[ask.step.place()] = Unexplained::default();
            if ask.effect() != Effect::Reads {
                self.dispatch.accepted(ask.lane());
            }
        }
        if ask == Ask::first() {
            self.proven = true;
            if self.index.counts().accepted <= CANARIES {
                self.canaries_since = Some(now);
            }
        }
        self.account(place, told.entry.as_ref());
        self.made(place);
        self.found_meanwhile += usize::from(told.was_others);
        self.journal.extend(told.entry);
    }

    fn refused(&mut self, ask: Ask<J::Step>, place: Place, refused: Refused, now: Moment) {
        let problem = &refused.problem;
        let (at, task) = (self.at(now), self.index.at(place));
        let is_checking = matches!(task.phase(), Some((_, Phase::Checking)));
        let tries = task.tries();
        let again = if ask.effect() == Effect::Noticed { problem.again(tries) } else { problem.again_harmless(tries + task.failed_looks) };
        // A page that is not there any more says nothing of who may read: the look begins anew.
        let again = if ask.is_look && again == Again::Never && task.is_on_a_later_page() { Again::After(Millis(0)) } else { again };
        if let (Again::After(_) | Again::LookFirst, Some(wait)) = (again, problem.retry_after) {
            self.dispatch.quiet(ask.lane(), wait, now);
        }
        if again == Again::LookFirst {
            self.unanswered(ask, now);
        }
        if problem.wants_fresh_token() {
            self.dispatch.refuse_token(problem.claims().map(Into::into));
        }
        let halts = if ask.effect() != Effect::Reads {
            self.job.halts(ask.step, &refused) || self.unexplained[ask.step.place()].note(problem)
        } else {
            // Nobody leaves unlooked at because something on the way keeps the answers back; of some jobs nobody at all.
            is_checking && again == Again::Never && (self.job.looks_first().is_some() || !problem.is_graphs_denial())
        };
        if ask.effect() == Effect::Reads && again == Again::Never {
            self.can_look = false;
            if self.reading == ReadAccess::Allowed && problem.is_graphs_denial() {
                self.reading = ReadAccess::NoMore;
            }
        }
        let job = &self.job;
        let entry = self.index.change(place, |task| task.refused(job, refused.clone(), again, at));
        self.account(place, entry.as_ref());
        self.journal.extend(entry);
        if halts {
            self.halt(HaltReason::Refused(refused), now);
        } else if ask.is_look {
            self.heed_failed_look(place, Some(refused), now);
        }
    }

    /// Something on the way that refuses one request after the other, in Graph's place, does so with all. What became of those that left
    /// is looked into as ever.
    fn heed_refusals_on_the_way(&mut self, ask: Ask<J::Step>, answers: &[Answer], now: Moment) {
        let is_alike = |asked: &InFlight<J::Step>| matches!(asked, InFlight::Rows(other, _) if *other == ask);
        if ask.effect() == Effect::Reads || self.dispatch.all().any(is_alike) {
            return;
        }
        // Most are answers of Graph's own, which are not read once more.
        let refused = answers.iter().flatten().filter(|reply: &&Reply| reply.status >= 400);
        if let Some(problem) = refused.map(Problem::from_reply).find(Problem::is_refused_on_the_way)
            && self.unexplained[ask.step.place()].note_on_the_way(problem.status)
        {
            self.halt(HaltReason::Refused(problem.into()), now);
        }
    }

    /// Whether a write was done is not known. Before more of them get into the same doubt, the next one goes alone.
    fn unanswered(&mut self, ask: Ask<J::Step>, now: Moment) {
        if ask == Ask::first() {
            self.proven = false;
        }
        if ask.effect() == Effect::Noticed {
            self.dispatch.unanswered(ask.lane(), now);
        }
    }
}
