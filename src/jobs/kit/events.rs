//! What is written down of a kit, and what it tells whoever reads it.

use super::facts::{KitFacts, KitWay};
use super::outcome::KitOutcome;
use super::{KitJob, KitStep};
use crate::bulk::{Happened, LostAnswer, Recalled};
use crate::entitlement::kit::{KitItem, KitPart};

/// What is written down of a kit that is made or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitEvent {
    /// This is about to be made, or deleted, or may have been; from here on only a look can tell.
    Leaves(KitItem),
    /// It came to nothing for certain, and is done again.
    NotDone(KitStep),
    /// It left, no answer came, and a look did not show it: it may be done once more, and whether it arrived the first time nobody knows.
    NotSeen,
    /// What was learnt of a thing, if something was, and what is next.
    Reached {
        step: KitStep,
        change: Option<KitChange>,
    },
    Ended(KitOutcome),
}

/// What was learnt of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitChange {
    /// It is there.
    There(KitPart),
    /// It was taken back, or somebody else had deleted it.
    Gone(KitItem),
    /// It is in use, and stays.
    Kept(KitItem),
}

pub(super) fn event(facts: &KitFacts, happened: Happened<'_, KitJob>) -> KitEvent {
    match happened {
        Happened::Leaves(step) => KitEvent::Leaves(facts.item(step)),
        Happened::PutBack { in_doubt: true, .. } => KitEvent::NotSeen,
        Happened::PutBack { step, .. } => KitEvent::NotDone(step),
        Happened::Reached(step) => KitEvent::Reached { step, change: facts.latest.clone() },
        Happened::Ended(outcome) => KitEvent::Ended(outcome.clone()),
    }
}

pub(super) fn remember(facts: &mut KitFacts, event: &KitEvent) -> Recalled<KitJob> {
    let was_over = std::mem::take(&mut facts.is_over);
    match event {
        KitEvent::Leaves(item) => {
            facts.left = Some(*item);
            Recalled::Left(KitStep::Change, LostAnswer::Look)
        }
        KitEvent::NotDone(step) => {
            // It had ended, and somebody tried again.
            let step = begins_with(*step);
            facts.left = None;
            if was_over && facts.way == KitWay::Make && step == KitStep::Find {
                facts.begin_anew();
            }
            Recalled::NotDone(step)
        }
        KitEvent::NotSeen => Recalled::NotSeen(KitStep::Change, KitOutcome::Unsure(facts.item(KitStep::Change))),
        KitEvent::Reached { step, change } => {
            match change {
                Some(change) => {
                    facts.left = None;
                    facts.take(change);
                }
                // It is looked for once more after it left.
                None if *step == KitStep::Find && facts.left.is_some() => facts.in_doubt = facts.left,
                None => {}
            }
            Recalled::Reached { step: begins_with(*step), is_done: true }
        }
        KitEvent::Ended(outcome) => {
            facts.is_over = true;
            Recalled::Ended(outcome.clone())
        }
    }
}

/// Nothing is made or deleted before it was looked at in the same run.
const fn begins_with(step: KitStep) -> KitStep {
    if matches!(step, KitStep::Change) { KitStep::Find } else { step }
}

/// What is there of a kit by what was written down of making it.
pub fn parts_of<'e>(events: impl Iterator<Item = &'e KitEvent>) -> Vec<KitPart> {
    let mut parts: Vec<KitPart> = Vec::new();
    for event in events {
        if let KitEvent::Reached { change: Some(KitChange::There(part)), .. } = event {
            part.note_among(&mut parts);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::kit::KitPartOrigin;
    use crate::entitlement::kit::tests::kit;
    use crate::jobs::kit::KitRow;
    use std::sync::Arc;

    fn facts(way: KitWay, parts: Vec<KitPart>) -> KitFacts {
        KitFacts::new(way, &KitRow { row: 1, kit: Arc::new(kit()), parts })
    }

    fn part(item: KitItem, id: &str) -> KitPart {
        KitPart { item, id: id.into(), origin: KitPartOrigin::Made }
    }

    #[test]
    fn what_is_written_down_leads_back_to_where_the_kit_stood() {
        let mut before = facts(KitWay::Make, vec![]);
        before.learn(KitChange::There(part(KitItem::Organization(0), "o")));
        let reached = event(&before, Happened::Reached(KitStep::Find));
        let mut after = facts(KitWay::Make, vec![]);
        assert!(matches!(remember(&mut after, &reached), Recalled::Reached { step: KitStep::Find, is_done: true }));
        assert_eq!((after.parts(), after.item(KitStep::Find)), (before.parts(), KitItem::Catalog));
        assert_eq!(after.item(KitStep::See), KitItem::Organization(0));
        let leaves = event(&after, Happened::Leaves(KitStep::Change));
        assert_eq!(leaves, KitEvent::Leaves(KitItem::Catalog));
        assert!(matches!(remember(&mut after, &leaves), Recalled::Left(KitStep::Change, LostAnswer::Look)));
        let put_back = |in_doubt: bool| event(&facts(KitWay::Make, vec![]), Happened::PutBack { step: KitStep::Change, in_doubt });
        assert!(matches!(remember(&mut after, &put_back(false)), Recalled::NotDone(KitStep::Find)), "it is looked at first");
        let unsure = KitOutcome::Unsure(KitItem::Catalog);
        assert!(matches!(remember(&mut after, &put_back(true)), Recalled::NotSeen(KitStep::Change, told) if told == unsure));
        let ended = event(&after, Happened::Ended(&unsure));
        assert!(matches!(remember(&mut after, &ended), Recalled::Ended(told) if told == unsure));
        let change = event(&after, Happened::Reached(KitStep::Change));
        assert!(matches!(remember(&mut after, &change), Recalled::Reached { step: KitStep::Find, .. }));
    }

    #[test]
    fn what_was_made_goes_from_the_last_to_the_first_and_what_was_found_is_left_alone() {
        let found = KitPart { origin: KitPartOrigin::Found, ..part(KitItem::Catalog, "c") };
        let parts = vec![part(KitItem::Organization(0), "o"), found, part(KitItem::Resource(0), "r"), part(KitItem::Package, "k")];
        let mut facts = facts(KitWay::TakeBack, parts);
        for (item, change) in [
            (KitItem::Package, KitChange::Gone(KitItem::Package)),
            (KitItem::Resource(0), KitChange::Kept(KitItem::Resource(0))),
            (KitItem::Organization(0), KitChange::Gone(KitItem::Organization(0))),
        ] {
            assert_eq!(facts.next(), Some(item));
            facts.learn(change.clone());
            remember(&mut facts, &KitEvent::Reached { step: KitStep::Find, change: Some(change) });
        }
        assert_eq!((facts.next(), facts.done()), (None, 3));
    }

    #[test]
    fn what_is_there_is_read_from_what_was_written_down_once_for_each_thing() {
        let reached = |change: Option<KitChange>| KitEvent::Reached { step: KitStep::Find, change };
        let there = |id: &str| reached(Some(KitChange::There(part(KitItem::Resource(0), id))));
        let events = [there(""), reached(None), there("r"), KitEvent::NotSeen];
        assert_eq!(parts_of(events.iter()), [part(KitItem::Resource(0), "r")]);
    }
}
