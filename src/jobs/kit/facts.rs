//! What is known of a kit that is made or taken back.

use super::events::KitChange;
use super::{KitJob, KitRow, KitStep};
use crate::bulk::{Ending, Marks, Phase, Task, TaskState};
use crate::entitlement::kit::calls::KitCalls;
use crate::entitlement::kit::{Kit, KitItem, KitPart, KitPartOrigin};
use crate::protocol::collection::OpenPages;
use crate::refused::Refused;
use std::sync::Arc;

/// Whether a kit is made, or what was made of it is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitWay {
    Make,
    TakeBack,
}

/// What is known of a kit.
#[derive(Clone, Debug)]
pub struct KitFacts {
    pub(super) way: KitWay,
    pub(super) kit: Arc<Kit>,
    /// What is there, in the order in which it was found or made.
    pub(super) parts: Vec<KitPart>,
    /// What was there when it ended before: looked for anew, since any of it may have been deleted.
    pub(super) before: Vec<KitPart>,
    /// What may have left before it was sent once more: Graph says that it is there.
    pub(super) in_doubt: Option<KitItem>,
    /// What has left, and nothing was told of it since.
    pub(super) left: Option<KitItem>,
    /// Whether its end is what the journal told last.
    pub(super) is_over: bool,
    /// What was taken back, or was gone.
    pub(super) gone: Vec<KitItem>,
    /// What stays, though the run had made it.
    pub(super) kept: Vec<KitItem>,
    /// What the last answer told of a thing, to be written down.
    pub(super) latest: Option<KitChange>,
    /// Why it is asked again: what was made before is not known everywhere yet.
    pub(super) waits_for: Option<Refused>,
    /// Where a collection stands that is looked through.
    pub(super) pages: OpenPages,
}

impl KitFacts {
    pub(super) fn new(way: KitWay, row: &KitRow) -> Self {
        Self {
            way,
            kit: row.kit.clone(),
            parts: row.parts.clone(),
            before: Vec::new(),
            in_doubt: None,
            left: None,
            is_over: false,
            gone: Vec::new(),
            kept: Vec::new(),
            latest: None,
            waits_for: None,
            pages: None,
        }
    }

    pub const fn kit(&self) -> &Arc<Kit> {
        &self.kit
    }

    /// What is there.
    pub fn parts(&self) -> &[KitPart] {
        &self.parts
    }

    pub(super) fn calls(&self) -> KitCalls<'_> {
        KitCalls { kit: &self.kit, parts: &self.parts }
    }

    /// Which thing this step is about.
    pub fn item(&self, step: KitStep) -> KitItem {
        let next = if step == KitStep::See { self.parts.last().map(|part| part.item) } else { self.next() };
        next.unwrap_or(KitItem::Policy)
    }

    /// The thing that is next, until there is none.
    pub(super) fn next(&self) -> Option<KitItem> {
        match self.way {
            KitWay::Make => self.kit.items().into_iter().find(|item| self.calls().id(*item).is_empty()),
            KitWay::TakeBack => self.left().next(),
        }
    }

    /// What the run made and neither was taken back nor stays, the last first.
    pub(super) fn left(&self) -> impl Iterator<Item = KitItem> {
        let own = self.parts.iter().rev().filter(|part| part.origin == KitPartOrigin::Made).map(|part| part.item);
        own.filter(|item| !self.gone.contains(item) && !self.kept.contains(item))
    }

    /// How many things are done with.
    pub(super) const fn done(&self) -> usize {
        match self.way {
            KitWay::Make => self.parts.len(),
            KitWay::TakeBack => self.gone.len() + self.kept.len(),
        }
    }

    /// Takes over what was told of a thing. Told once more it changes nothing.
    pub(super) fn take(&mut self, change: &KitChange) {
        let add = |items: &mut Vec<KitItem>, item: KitItem| {
            if !items.contains(&item) {
                items.push(item);
            }
        };
        match change {
            KitChange::There(part) => {
                // Who made it is known.
                let known = self.before.iter().find(|known| known.is(part));
                let origin = known.map_or(part.origin, |known| known.origin);
                KitPart { origin, ..part.clone() }.note_among(&mut self.parts);
            }
            KitChange::Gone(item) => add(&mut self.gone, *item),
            KitChange::Kept(item) => add(&mut self.kept, *item),
        }
    }

    /// Where the next thing comes from if a look shows it.
    pub(super) fn origin(&self) -> KitPartOrigin {
        let is_own = self.way == KitWay::Make && self.in_doubt.is_some() && self.in_doubt == self.next();
        if is_own { KitPartOrigin::Made } else { KitPartOrigin::Found }
    }

    /// Looks for all of it anew.
    pub(super) fn begin_anew(&mut self) {
        self.in_doubt = None;
        for part in std::mem::take(&mut self.parts) {
            part.note_among(&mut self.before);
        }
    }

    /// The same, to be written down.
    pub(super) fn learn(&mut self, change: KitChange) {
        self.take(&change);
        self.latest = Some(change);
    }
}

/// Where a kit stands, in a word or two.
pub(super) fn word(task: &Task<KitJob>) -> &'static str {
    let facts = task.facts();
    match task.state() {
        TaskState::Ended(ended) => ended.outcome.name(),
        TaskState::At { phase: Phase::Unsure(_) | Phase::Looking, .. } => "No answer, looking",
        TaskState::At { step: KitStep::See, .. } => "Made, not yet seen",
        TaskState::At { step, .. } => word_of(facts.item(*step), facts.way),
    }
}

const fn word_of(item: KitItem, way: KitWay) -> &'static str {
    match (item, way) {
        (KitItem::Organization(_), KitWay::Make) => "Connecting organizations",
        (KitItem::Catalog, KitWay::Make) => "Making the catalog",
        (KitItem::Resource(_), KitWay::Make) => "Adding resources",
        (KitItem::Package, KitWay::Make) => "Making the package",
        (KitItem::Role(_), KitWay::Make) => "Adding roles",
        (KitItem::Policy, KitWay::Make) => "Making the policy",
        (KitItem::Organization(_), KitWay::TakeBack) => "Removing organizations",
        (KitItem::Catalog, KitWay::TakeBack) => "Removing the catalog",
        (KitItem::Resource(_), KitWay::TakeBack) => "Removing resources",
        (KitItem::Package, KitWay::TakeBack) => "Removing the package",
        (KitItem::Role(_), KitWay::TakeBack) => "Removing roles",
        (KitItem::Policy, KitWay::TakeBack) => "Removing the policy",
    }
}

pub(super) fn marks(task: &Task<KitJob>) -> Marks {
    let is_begun = task.facts().done() > 0 || task.outcome().is_some_and(|ended| ended.outcome.is_done());
    Marks { accepted: is_begun, seen: is_begun, ..Marks::default() }
}
