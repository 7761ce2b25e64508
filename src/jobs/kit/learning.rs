//! What follows from answers, for one kit.

use super::events::{self, KitChange, KitEvent};
use super::facts::{self, KitFacts, KitWay};
use super::outcome::KitOutcome;
use super::steps::PERMISSION;
use super::{KitJob, KitStep, making, taking_back};
use crate::bulk::journal::NotSent;
use crate::bulk::{Happened, Job, Learned, LostAnswer, Marks, NoBudget, Recalled, RowAt, Sighted, Task, unanswered};
use crate::entitlement::kit::{KitItem, KitPart, KitPartOrigin};
use crate::refused::Refused;
use graph::page::Pages;
use graph::{CommonRefusal, Problem, Reply, Request};
use time::Millis;

/// How soon it is looked whether something has appeared.
const SEE_AFTER: Millis = Millis(500);

/// What a look tells of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KitSight {
    /// It is not there, and is to be made; or it is, and is to be deleted.
    ToDo,
    /// There is nothing to do for it.
    Settled(KitChange),
    /// It was made, and is not shown yet.
    Waits,
    Ends(KitOutcome),
}

impl KitSight {
    pub(super) fn there(item: KitItem, id: &str, origin: KitPartOrigin) -> Self {
        Self::Settled(KitChange::There(KitPart { item, id: id.into(), origin }))
    }
}

/// What an answer to making or deleting a thing tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ChangeAnswer {
    /// It was made.
    There(KitPart),
    /// There is nothing more to do for it.
    Settled(KitChange),
    /// It is refused for a while, since what was done before is not known everywhere yet.
    Waits(Refused),
    /// It is there already, maybe made by what left before and was not seen.
    LooksAgain,
    Ends(KitOutcome),
}

impl KitFacts {
    /// What is asked next to look at a thing.
    fn look(&self, item: KitItem) -> Request {
        let next = self.pages.as_deref().and_then(Pages::next).cloned();
        next.unwrap_or_else(|| match self.way {
            KitWay::Make => self.calls().find(item),
            KitWay::TakeBack => taking_back::find(self.calls(), item),
        })
    }

    /// What a look tells of the next thing; `origin` is where it comes from if it is there.
    fn sight(&mut self, origin: KitPartOrigin, reply: &Reply, root: &str) -> Result<Option<KitSight>, Problem> {
        let item = self.item(KitStep::Find);
        match self.way {
            KitWay::Make => making::sight(self, item, origin, reply, root),
            KitWay::TakeBack => taking_back::sight(self, item, reply, root),
        }
    }

    /// Goes on to the thing after this.
    fn settle(&mut self, change: KitChange) -> Learned<KitJob> {
        let stays = if let KitChange::Kept(item) = &change { taking_back::carries_others(*item) } else { false };
        self.learn(change);
        if stays || self.next().is_none() { Learned::Ended(self.ending(Vec::new())) } else { Learned::Next(KitStep::Find, Millis(0)) }
    }

    /// What is not there, or still in use, is waited for. What was waited for long enough to be taken back stays, and the rest goes.
    fn waits(&mut self, is_over: bool) -> Learned<KitJob> {
        let item = self.item(KitStep::Change);
        if is_over && self.way == KitWay::TakeBack { self.settle(KitChange::Kept(item)) } else { Learned::NotYet }
    }

    /// How it ends where nothing is left to do.
    fn ending(&self, not_taken: Vec<String>) -> KitOutcome {
        if self.way == KitWay::TakeBack {
            let kept: Vec<KitItem> = self.kept.iter().copied().chain(self.left()).collect();
            return if kept.is_empty() { KitOutcome::TakenBack } else { KitOutcome::Kept(kept) };
        }
        let package = self.calls().id(KitItem::Package).to_owned();
        let is_own = self.parts.iter().any(|part| part.origin == KitPartOrigin::Made);
        if is_own { KitOutcome::Made { package, not_taken } } else { KitOutcome::WasThere { package } }
    }

    /// Where a kit is gone on with that has ended so.
    pub(super) fn again(&self, outcome: &KitOutcome) -> KitStep {
        match outcome {
            KitOutcome::Unsure(_) => KitStep::Change,
            KitOutcome::NotSeen(_) => KitStep::See,
            // Only what was made last is still to be seen.
            _ if self.way == KitWay::Make && self.next().is_none() => KitStep::See,
            _ => KitStep::Find,
        }
    }

    /// What was made is waited for until it appears, where that matters.
    fn made(&mut self, part: KitPart) -> Learned<KitJob> {
        let waits = self.calls().see(part.item).is_some();
        if !waits {
            return self.settle(KitChange::There(part));
        }
        self.learn(KitChange::There(part));
        Learned::Next(KitStep::See, SEE_AFTER)
    }

    fn seen(&mut self, reply: &Reply, root: &str) -> Result<Learned<KitJob>, Problem> {
        let item = self.item(KitStep::See);
        let Some((part, not_taken)) = making::seen(self, item, reply, root)? else { return Ok(Learned::NotYet) };
        let learned = self.settle(KitChange::There(part));
        Ok(if let Learned::Ended(_) = learned { Learned::Ended(self.ending(not_taken)) } else { learned })
    }
}

impl Job for KitJob {
    type Step = KitStep;
    type Facts = KitFacts;
    type Outcome = KitOutcome;
    type Event = KitEvent;
    type Budget = NoBudget;

    fn request(&self, task: &Task<Self>, step: KitStep) -> Request {
        let facts = task.facts();
        let item = facts.item(step);
        match (step, facts.way) {
            (KitStep::Change, KitWay::Make) => facts.calls().make(item),
            (KitStep::Change, KitWay::TakeBack) => taking_back::delete(facts.calls(), item),
            (KitStep::See, _) => facts.calls().see(item).unwrap_or_else(|| facts.calls().find(item)),
            (KitStep::Find, _) => facts.look(item),
        }
    }

    fn look(&self, task: &Task<Self>, step: KitStep) -> Request {
        task.facts().look(task.facts().item(step))
    }

    fn look_anew(&self, facts: &mut KitFacts) {
        facts.pages = None;
    }

    fn permission(&self, _facts: &KitFacts, _step: KitStep, _is_look: bool) -> &'static str {
        PERMISSION
    }

    fn learn(&self, row: RowAt<'_, Self>, reply: &Reply) -> Result<Learned<Self>, Problem> {
        let RowAt { facts, step, history } = row;
        facts.latest = None;
        match step {
            KitStep::Find => Ok(match facts.sight(facts.origin(), reply, &self.root)? {
                None => Learned::Next(KitStep::Find, Millis(0)),
                // It is there, and not shown yet.
                Some(KitSight::ToDo) if facts.origin() == KitPartOrigin::Made => Learned::NotYet,
                Some(KitSight::ToDo) => Learned::Next(KitStep::Change, Millis(0)),
                Some(KitSight::Settled(change)) => facts.settle(change),
                Some(KitSight::Waits) => facts.waits(history.has_waited()),
                Some(KitSight::Ends(outcome)) => Learned::Ended(outcome),
            }),
            KitStep::See => facts.seen(reply, &self.root),
            KitStep::Change => {
                let item = facts.item(step);
                let answer = match facts.way {
                    KitWay::Make => making::made(facts.calls(), item, history.is_in_doubt(), reply)?,
                    KitWay::TakeBack => taking_back::deleted(facts, item, reply)?,
                };
                Ok(match answer {
                    ChangeAnswer::There(part) => facts.made(part),
                    ChangeAnswer::Settled(change) => facts.settle(change),
                    ChangeAnswer::Ends(outcome) => Learned::Ended(outcome),
                    ChangeAnswer::LooksAgain => {
                        facts.in_doubt = Some(item);
                        Learned::Next(KitStep::Find, SEE_AFTER)
                    }
                    ChangeAnswer::Waits(refused) => {
                        facts.waits_for = Some(refused);
                        facts.waits(history.has_waited())
                    }
                })
            }
        }
    }

    fn looked(&self, row: RowAt<'_, Self>, reply: &Reply, is_check: bool) -> Result<Sighted<Self>, Problem> {
        let facts = row.facts;
        facts.latest = None;
        // Right before it was sent for, nothing of the kind was there.
        let origin = if is_check { KitPartOrigin::Found } else { KitPartOrigin::Made };
        Ok(match facts.sight(origin, reply, &self.root)? {
            None => Sighted::Partly,
            Some(KitSight::ToDo | KitSight::Waits) => Sighted::Nobody,
            Some(KitSight::Settled(KitChange::There(part))) if origin == KitPartOrigin::Made => Sighted::Done(facts.made(part)),
            Some(KitSight::Settled(change)) => Sighted::Done(facts.settle(change)),
            Some(KitSight::Ends(outcome)) => Sighted::Another(outcome),
        })
    }

    fn never_seen(&self, facts: &KitFacts, step: KitStep) -> KitOutcome {
        let item = facts.item(step);
        match (facts.way, step) {
            (KitWay::TakeBack, _) => facts.ending(Vec::new()),
            (KitWay::Make, KitStep::Change) => KitOutcome::Refused(item, facts.waits_for.clone().unwrap_or_else(unanswered)),
            (KitWay::Make, _) => KitOutcome::NotSeen(item),
        }
    }

    fn refused(&self, facts: &KitFacts, step: KitStep, refused: Refused) -> KitOutcome {
        KitOutcome::Refused(facts.item(step), refused)
    }

    fn unsure(&self, facts: &KitFacts, step: KitStep) -> KitOutcome {
        KitOutcome::Unsure(facts.item(step))
    }

    fn left_off(&self, _facts: &KitFacts, _step: KitStep, why: NotSent) -> KitOutcome {
        KitOutcome::NotSent(why)
    }

    fn after_loss(&self, _facts: &KitFacts, step: KitStep, _lost: u32) -> LostAnswer {
        if step == KitStep::Change { LostAnswer::Look } else { LostAnswer::Repeat }
    }

    /// For want of a role of its catalog one kit is refused, and another need not be.
    fn halts(&self, _step: KitStep, refused: &Refused) -> bool {
        refused.holds_for_all(refused.problem.common().unwrap_or(CommonRefusal::Unknown))
    }

    fn again(&self, facts: &mut KitFacts, outcome: &KitOutcome) -> Option<KitStep> {
        (facts.pages, facts.latest) = (None, None);
        facts.kept.clear();
        let step = facts.again(outcome);
        if facts.way == KitWay::Make && step == KitStep::Find {
            facts.begin_anew();
        }
        Some(step)
    }

    fn event(&self, facts: &KitFacts, happened: Happened<'_, Self>) -> KitEvent {
        events::event(facts, happened)
    }

    fn remember(&self, facts: &mut KitFacts, event: &KitEvent) -> Option<Recalled<Self>> {
        Some(events::remember(facts, event))
    }

    fn outcome_of(event: &KitEvent) -> Option<&KitOutcome> {
        if let KitEvent::Ended(outcome) = event { Some(outcome) } else { None }
    }

    fn thing(facts: &KitFacts) -> usize {
        facts.done()
    }

    fn word(task: &Task<Self>) -> &'static str {
        facts::word(task)
    }

    fn marks(task: &Task<Self>) -> Marks {
        facts::marks(task)
    }
}
