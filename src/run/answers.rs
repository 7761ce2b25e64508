//! What an answer means: for each row that was asked for, and for the run as a whole.

use super::gait::CANARIES;
use super::journal::What;
use super::kind::Kind;
use super::ledger::Place;
use super::stage::Stage;
use super::{Mode, Run};
use crate::graph::{Again, Answer, Problem, Unreached, batch};
use crate::outcome::{NotSent, Outcome};
use crate::time::Moment;

/// So often in a row the same refusal that nobody can explain is taken to hold for all: asking on may count as suspicious.
const ALIKE: u32 = 3;

/// The last refusal that nobody can explain, and how often in a row it came.
#[derive(Default)]
pub(super) struct Unexplained {
    last: Option<Problem>,
    times: u32,
}

impl Unexplained {
    /// Notes a refusal. Whether it has come so often that it seems to hold for all.
    fn note(&mut self, problem: &Problem) -> bool {
        let is_again = self.last.as_ref().is_some_and(|last| last.is_as_unknown_as(problem));
        self.times = if is_again { self.times + 1 } else { u32::from(problem.is_as_unknown_as(problem)) };
        self.last = Some(problem.clone());
        self.times >= ALIKE
    }
}

impl Run {
    fn answered(&mut self, kind: Kind, place: Place, answer: &Answer, now: Moment) {
        let at = self.at(now);
        let problem = match answer {
            Ok(reply) => match self.ledger.change(place, |errand| errand.told(kind, reply, at)) {
                Ok(entry) => {
                    if kind.reaches_somebody() {
                        self.unexplained = Unexplained::default();
                    }
                    if kind.is_of_letters() {
                        self.letter_pace.accepted();
                    }
                    if kind == Kind::Invite {
                        self.proven = true;
                        self.pace.accepted();
                        if self.ledger.accepted() <= CANARIES {
                            self.canaries_since = Some(now);
                        }
                    }
                    self.account(place, answer, entry.as_ref());
                    let is_left_out = entry.as_ref().is_some_and(|entry| matches!(entry.what, What::Ended(Outcome::Skipped(_))));
                    self.found_meanwhile += usize::from(is_left_out);
                    self.unrecorded.extend(entry);
                    return;
                }
                Err(problem) => problem.of_what_needs(self.ledger.at(place).permission(kind)),
            },
            Err(unreached) => {
                if *unreached == Unreached::Lost {
                    self.unanswered(kind, now);
                }
                    self.made(place);
                let entry = self.ledger.change(place, |errand| errand.unreached(kind, *unreached, at));
                self.account(place, answer, entry.as_ref());
                self.unrecorded.extend(entry);
                return;
            }
        };
        let tries = self.ledger.at(place).tries();
        let is_checking = matches!(self.ledger.at(place).stage, Stage::Checking { .. });
        let again = if kind.reaches_somebody() { problem.again(tries) } else { problem.again_harmless(tries) };
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
            Kind::Invite => problem.halts_the_run() || self.unexplained.note(&problem),
            Kind::Letter => problem.halts_letters() || self.unexplained.note(&problem),
            // Nobody leaves unlooked at because something on the way keeps the answers back.
            Kind::Look if is_checking => again == Again::Never && !problem.is_graphs_denial(),
            Kind::Look | Kind::Verify | Kind::Chat | Kind::Count => false,
        };
        if matches!(kind, Kind::Look | Kind::Verify) && again == Again::Never {
            self.can_look = false;
            self.may_look &= !problem.is_graphs_denial();
        }
        let entry = self.ledger.change(place, |errand| errand.refused(kind, problem.clone(), again, at));
        self.account(place, answer, entry.as_ref());
        self.unrecorded.extend(entry);
        if halts && !matches!(self.mode, Mode::Halted(_)) {
            self.mode = Mode::Halted(Box::new(problem));
            self.end_those_left(NotSent::Halted, now);
        }
    }

    pub(super) fn landed(&mut self, (kind, places): (Kind, Vec<Place>), answer: &Answer, now: Moment) {
        if kind == Kind::Count {
            return self.counted(answer, now);
        }
        let answers = if kind.is_of_letters() { vec![answer.clone()] } else { batch::each(answer, places.len()) };
        for (place, answer) in places.into_iter().zip(answers) {
            self.answered(kind, place, &answer, now);
        }
        if self.stopped {
            self.needs_sign_in = None;
            self.end_those_left(NotSent::Stopped, now);
        } else if matches!(self.mode, Mode::Halted(_)) {
            self.end_those_left(NotSent::Halted, now);
        }
    }

    /// Whether a write was done is not known. Before more of them get into the same doubt, the next one goes alone.
    fn unanswered(&mut self, kind: Kind, now: Moment) {
        match kind {
            Kind::Invite => {
                self.proven = false;
                self.pace.unanswered(now);
            }
            Kind::Letter => self.letter_pace.unanswered(now),
            Kind::Look | Kind::Verify | Kind::Chat | Kind::Count => {}
        }
    }
}
