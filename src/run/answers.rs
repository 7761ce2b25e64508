//! What an answer means: for each row that was asked for, and for the run as a whole.

use super::checking::ReadAccess;
use super::index::Place;
use super::journal::RowEvent;
use super::ramp::CANARIES;
use super::refusals::{halts_letters, halts_the_run, is_as_unknown_as};
use super::request_kind::RequestKind;
use super::stage::TaskStage;
use super::{HaltReason, Mode, Run};
use crate::outcome::{NotSent, Outcome};
use graph::{Again, Answer, Problem, Unreached, batch};
use time::Moment;

/// So often in a row the same refusal that nobody can explain is taken to hold for all: asking on may count as suspicious. The same
/// holds for something on the way that answers in Graph's place: each further letter would be in doubt.
const ALIKE: u32 = 3;

/// What may turn out to hold for all rows of one kind.
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

impl Run {
    fn answered(&mut self, kind: RequestKind, place: Place, answer: &Answer, now: Moment) {
        let at = self.at(now);
        let problem = match answer {
            Ok(reply) => match self.index.change(place, |task| task.told(kind, reply, at)) {
                Ok(entry) => {
                    self.unexplained[kind as usize] = Unexplained::default();
                    if kind.is_of_letters() {
                        self.letter_pace.accepted();
                    }
                    if kind == RequestKind::Invite {
                        self.proven = true;
                        self.pace.accepted();
                        if self.index.accepted() <= CANARIES {
                            self.canaries_since = Some(now);
                        }
                    }
                    self.account(place, entry.as_ref());
                    self.made(place);
                    let is_left_out = entry.as_ref().is_some_and(|entry| matches!(entry.what, RowEvent::Ended(Outcome::Skipped(_))));
                    self.found_meanwhile += usize::from(is_left_out);
                    self.unrecorded.extend(entry);
                    return;
                }
                Err(problem) => problem.for_permission(self.index.at(place).permission(kind)),
            },
            Err(unreached) => {
                if *unreached == Unreached::Lost {
                    self.unanswered(kind, now);
                }
                let entry = self.index.change(place, |task| task.unreached(kind, *unreached, at));
                self.account(place, entry.as_ref());
                self.unrecorded.extend(entry);
                return self.heed_failed_look(place, None, now);
            }
        };
        let tries = self.index.at(place).tries();
        let is_checking = matches!(self.index.at(place).stage, TaskStage::Checking { .. });
        let failed_looks = self.index.at(place).failed_looks;
        let again = if kind.reaches_somebody() { problem.again(tries) } else { problem.again_harmless(tries + failed_looks) };
        if let (Again::After(_) | Again::LookFirst, Some(wait)) = (again, problem.retry_after) {
            if kind.is_of_letters() { self.letter_pace.quiet(wait, now) } else { self.pace.quiet(wait, now) }
        }
        if again == Again::LookFirst {
            self.unanswered(kind, now);
        }
        if again == Again::AfterSignIn {
            self.needs_sign_in = Some(problem.claims.clone());
        }
        let halts = match kind {
            RequestKind::Invite => halts_the_run(&problem) || self.unexplained[kind as usize].note(&problem),
            RequestKind::Letter => halts_letters(&problem) || self.unexplained[kind as usize].note(&problem),
            // Nobody leaves unlooked at because something on the way keeps the answers back.
            RequestKind::Look if is_checking => again == Again::Never && !problem.is_graphs_denial(),
            RequestKind::Look | RequestKind::Verify | RequestKind::Chat | RequestKind::Count => false,
        };
        if matches!(kind, RequestKind::Look | RequestKind::Verify) && again == Again::Never {
            self.can_look = false;
            if self.reading == ReadAccess::Allowed && problem.is_graphs_denial() {
                self.reading = ReadAccess::NoMore;
            }
        }
        let entry = self.index.change(place, |task| task.refused(kind, problem.clone(), again, at));
        self.account(place, entry.as_ref());
        self.unrecorded.extend(entry);
        if halts {
            self.halt(HaltReason::Refused(problem), now);
        } else if kind == RequestKind::Look {
            self.heed_failed_look(place, Some(problem), now);
        }
    }

    /// Something on the way that refuses one request after the other, in Graph's place, does so with all. What became of those that left
    /// is looked into as ever.
    fn heed_refusals_on_the_way(&mut self, kind: RequestKind, answers: &[Answer], now: Moment) {
        if !kind.reaches_somebody() || self.flights.all().any(|(other, _)| *other == kind) {
            return;
        }
        // Most are answers of Graph's own, which are not read once more.
        let refused = answers.iter().flatten().filter(|reply| reply.status >= 400);
        if let Some(problem) = refused.map(Problem::from_reply).find(Problem::is_refused_on_the_way)
            && self.unexplained[kind as usize].note_on_the_way(problem.status)
        {
            self.halt(HaltReason::Refused(problem), now);
        }
    }

    pub(super) fn landed(&mut self, (kind, places): (RequestKind, Vec<Place>), answer: &Answer, now: Moment) {
        if kind == RequestKind::Count {
            return self.counted(answer, now);
        }
        let answers = if kind.is_of_letters() { vec![answer.clone()] } else { batch::each(answer, places.len()) };
        for (place, answer) in places.into_iter().zip(&answers) {
            self.answered(kind, place, answer, now);
        }
        self.heed_refusals_on_the_way(kind, &answers, now);
        if self.stopped {
            self.needs_sign_in = None;
            self.end_those_left(NotSent::Stopped, now);
        } else if matches!(self.mode, Mode::Halted(_)) {
            self.end_those_left(NotSent::Halted, now);
        }
    }

    /// Whether a write was done is not known. Before more of them get into the same doubt, the next one goes alone.
    fn unanswered(&mut self, kind: RequestKind, now: Moment) {
        match kind {
            RequestKind::Invite => {
                self.proven = false;
                self.pace.unanswered(now);
            }
            RequestKind::Letter => self.letter_pace.unanswered(now),
            RequestKind::Look | RequestKind::Verify | RequestKind::Chat | RequestKind::Count => {}
        }
    }
}
