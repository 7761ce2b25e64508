//! What an answer means: for each row that was asked for, and for the run as a whole.

use super::index::{Ask, Counts, Place};
use super::job::{Effect, Job};
use super::looking::ReadAccess;
use super::ramp::CANARIES;
use super::refusals::is_as_unknown_as;
use super::task::TaskUpdate;
use super::{Bulk, HaltReason, InFlight, Mode, NotSent, Whole};
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
    pub(super) fn landed(&mut self, asked: InFlight, answers: &[Answer], now: Moment) {
        let (ask, places) = match asked {
            InFlight::Rows(ask, places) => (ask, places),
            InFlight::Budget => return self.counted(answers, now),
        };
        for (place, answer) in places.into_iter().zip(answers) {
            self.answered(ask, place, answer, now);
        }
        if let Some(problem) = self.whole.refused_on_the_way(ask, answers) {
            self.halt(HaltReason::Refused(problem.into()), now);
        }
        if self.whole.stopped {
            self.whole.dispatch.open_gate();
            self.end_those_left(NotSent::Stopped, now);
        } else if matches!(self.whole.mode, Mode::Halted(_)) {
            self.end_those_left(NotSent::Halted, now);
        }
    }

    fn answered(&mut self, ask: Ask, place: Place, answer: &Answer, now: Moment) {
        let at = self.at(now);
        match answer {
            Err(unreached) => {
                self.whole.unreached(ask, *unreached, now);
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
                        let permission = self.job.permission(&self.index.at(place).facts, ask.step(), ask.is_look);
                        self.refused(ask, place, Refused::new(problem, permission), now);
                    }
                }
            }
        }
    }

    fn succeeded(&mut self, ask: Ask, place: Place, told: TaskUpdate<J::Event>, now: Moment) {
        self.whole.succeeded(ask, self.index.counts(), now);
        self.account(place, told.entry.as_ref());
        self.made(place);
        self.whole.found_meanwhile += usize::from(told.was_others);
        self.journal.extend(told.entry);
    }

    fn refused(&mut self, ask: Ask, place: Place, refused: Refused, now: Moment) {
        let at = self.at(now);
        let holds_for_all = match ask.effect {
            // Nobody leaves unlooked at because something on the way keeps the answers back; of some jobs nobody at all.
            Effect::Reads => self.job.looks_first().is_some() || !refused.problem.is_graphs_denial(),
            _ => self.job.halts(ask.step(), &refused),
        };
        let (again, halts) = self.whole.refused(ask, self.index.at(place).attempts(), &refused.problem, holds_for_all, now);
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
}

/// How often a row was asked before it was refused, and where.
pub(super) struct Attempts {
    pub(super) tries: u32,
    pub(super) failed_looks: u32,
    /// Nothing has left, and it is looked at whether somebody else has done it meanwhile.
    pub(super) is_checking: bool,
    pub(super) is_on_a_later_page: bool,
}

impl Whole {
    /// No answer came.
    fn unreached(&mut self, ask: Ask, unreached: Unreached, now: Moment) {
        match unreached {
            Unreached::Lost => self.unanswered(ask, now),
            Unreached::NoToken => self.dispatch.refuse_token(None),
            Unreached::Offline => {}
        }
    }

    fn succeeded(&mut self, ask: Ask, counts: &Counts, now: Moment) {
        if !ask.is_look {
            self.unexplained[ask.step_place] = Unexplained::default();
            if ask.effect != Effect::Reads {
                self.dispatch.accepted(ask.lane);
            }
        }
        if ask.is_first() {
            self.proven = true;
            if counts.accepted <= CANARIES {
                self.canaries_since = Some(now);
            }
        }
    }

    /// When the row is asked again, and whether every other one would be refused the same: something that changes for a reason that
    /// `holds_for_all` or comes again and again, a look before that where it does.
    fn refused(&mut self, ask: Ask, attempts: Attempts, problem: &Problem, holds_for_all: bool, now: Moment) -> (Again, bool) {
        let Attempts { tries, failed_looks, is_checking, is_on_a_later_page } = attempts;
        let again = if ask.effect == Effect::Noticed { problem.again(tries) } else { problem.again_harmless(tries + failed_looks) };
        // A page that is not there any more says nothing of who may read: the look begins anew.
        let again = if ask.is_look && again == Again::Never && is_on_a_later_page { Again::After(Millis(0)) } else { again };
        if let (Again::After(_) | Again::LookFirst, Some(wait)) = (again, problem.retry_after) {
            self.dispatch.quiet(ask.lane, wait, now);
        }
        if again == Again::LookFirst {
            self.unanswered(ask, now);
        }
        if problem.wants_fresh_token() {
            self.dispatch.refuse_token(problem.claims().map(Into::into));
        }
        if ask.effect != Effect::Reads {
            return (again, holds_for_all || self.unexplained[ask.step_place].note(problem));
        }
        if again == Again::Never {
            self.can_look = false;
            if self.reading == ReadAccess::Allowed && problem.is_graphs_denial() {
                self.reading = ReadAccess::NoMore;
            }
        }
        (again, is_checking && again == Again::Never && holds_for_all)
    }

    /// Something on the way that refuses one request after the other, in Graph's place, does so with all: what it answered the last of them.
    /// What became of those that left is looked into as ever.
    fn refused_on_the_way(&mut self, ask: Ask, answers: &[Answer]) -> Option<Problem> {
        let is_alike = |asked: &InFlight| matches!(asked, InFlight::Rows(other, _) if *other == ask);
        if ask.effect == Effect::Reads || self.dispatch.all().any(is_alike) {
            return None;
        }
        // Most are answers of Graph's own, which are not read once more.
        let refused = answers.iter().flatten().filter(|reply: &&Reply| reply.status >= 400);
        let problem = refused.map(Problem::from_reply).find(Problem::is_refused_on_the_way)?;
        self.unexplained[ask.step_place].note_on_the_way(problem.status).then_some(problem)
    }

    /// Whether a write was done is not known. Before more of them get into the same doubt, the next one goes alone.
    fn unanswered(&mut self, ask: Ask, now: Moment) {
        if ask.is_first() {
            self.proven = false;
        }
        if ask.effect == Effect::Noticed {
            self.dispatch.unanswered(ask.lane, now);
        }
    }
}
