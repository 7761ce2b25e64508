//! Every way a kit can end.

use crate::bulk::Ending;
use crate::bulk::journal::NotSent;
use crate::entitlement::kit::KitItem;
use crate::refused::Refused;
use crate::words::tallied;

/// How a kit ended that was to be made, or to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitOutcome {
    /// All of it is there, and this run made some of it.
    Made {
        /// The package's id.
        package: String,
        /// Settings of the policy that Microsoft took and did not keep, by Graph's names.
        not_taken: Vec<String>,
    },
    /// All of it was there.
    WasThere {
        package: String,
    },
    /// Something of its name is there, with other contents.
    Differs(KitItem),
    /// Somebody chose it, and it is not there any more.
    Missing(KitItem),
    Refused(KitItem, Refused),
    /// It was accepted, and did not appear within four minutes.
    NotSeen(KitItem),
    /// It left, nothing came back, and looking did not tell.
    Unsure(KitItem),
    NotSent(NotSent),
    /// Nothing of what the run had made is left.
    TakenBack,
    /// These stay: they are in use.
    Kept(Vec<KitItem>),
}

/// The groups that endings are counted by; the place of each is its [`Ending::class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitClass {
    Made,
    WasThere,
    Differs,
    Missing,
    Refused,
    NotSeen,
    Unsure,
    NotSent,
    TakenBack,
    Kept,
}

impl KitClass {
    /// All, in their order, and what each is called in a sentence.
    const ALL: [(Self, &'static str); 10] = [
        (Self::Made, "made"),
        (Self::WasThere, "there already"),
        (Self::Differs, "with another of its name"),
        (Self::Missing, "with something missing"),
        (Self::Refused, "refused"),
        (Self::NotSeen, "not seen"),
        (Self::Unsure, "unsure"),
        (Self::NotSent, "not done"),
        (Self::TakenBack, "taken back"),
        (Self::Kept, "kept in part"),
    ];
}

/// `2 made, 1 refused`: how many kits ended how, by [`Ending::class`]; groups without any are left out.
pub fn tally_sentence(classes: &[usize]) -> String {
    tallied(classes.iter().copied().zip(KitClass::ALL.map(|(_, word)| word)))
}

impl KitOutcome {
    pub const fn group(&self) -> KitClass {
        match self {
            Self::Made { .. } => KitClass::Made,
            Self::WasThere { .. } => KitClass::WasThere,
            Self::Differs(_) => KitClass::Differs,
            Self::Missing(_) => KitClass::Missing,
            Self::Refused(..) => KitClass::Refused,
            Self::NotSeen(_) => KitClass::NotSeen,
            Self::Unsure(_) => KitClass::Unsure,
            Self::NotSent(_) => KitClass::NotSent,
            Self::TakenBack => KitClass::TakenBack,
            Self::Kept(_) => KitClass::Kept,
        }
    }

    /// The id of the package that can be asked for now.
    pub fn package(&self) -> Option<&str> {
        if let Self::Made { package, .. } | Self::WasThere { package } = self { Some(package) } else { None }
    }
}

impl Ending for KitOutcome {
    const CLASSES: usize = KitClass::ALL.len();

    fn class(&self) -> usize {
        self.group() as usize
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Made { not_taken, .. } if !not_taken.is_empty() => "Made, settings missing",
            Self::Made { .. } => "Made",
            Self::WasThere { .. } => "Was there already",
            Self::Differs(_) => "Another of its name",
            Self::Missing(_) => "Something is missing",
            Self::Refused(..) => "Refused",
            Self::NotSeen(_) => "Accepted, not seen",
            Self::Unsure(_) => "Unsure",
            Self::NotSent(_) => "Not done",
            Self::TakenBack => "Taken back",
            Self::Kept(_) => "Kept in part",
        }
    }

    fn is_done(&self) -> bool {
        matches!(self, Self::Made { .. } | Self::WasThere { .. } | Self::TakenBack)
    }

    fn is_failure(&self) -> bool {
        !self.is_done()
    }

    fn needs_person(&self) -> bool {
        false
    }

    fn may_be_done(&self) -> bool {
        matches!(self, Self::Unsure(_))
    }

    fn comes_to_nothing(&self) -> bool {
        matches!(self, Self::Differs(_) | Self::Missing(_) | Self::Refused(..) | Self::Unsure(_) | Self::NotSent(_))
    }

    fn not_sent(&self) -> Option<NotSent> {
        if let Self::NotSent(why) = self { Some(*why) } else { None }
    }

    fn refused(&self) -> Option<&Refused> {
        if let Self::Refused(_, refused) = self { Some(refused) } else { None }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::bulk::unanswered;

    /// One of each.
    pub(in crate::jobs::kit) fn every_ending() -> Vec<KitOutcome> {
        vec![
            KitOutcome::Made { package: "k".into(), not_taken: vec![] },
            KitOutcome::Made { package: "k".into(), not_taken: vec!["expiration".into()] },
            KitOutcome::WasThere { package: "k".into() },
            KitOutcome::Differs(KitItem::Package),
            KitOutcome::Missing(KitItem::Catalog),
            KitOutcome::Refused(KitItem::Resource(0), unanswered()),
            KitOutcome::NotSeen(KitItem::Resource(0)),
            KitOutcome::Unsure(KitItem::Policy),
            KitOutcome::NotSent(NotSent::Stopped),
            KitOutcome::NotSent(NotSent::Halted),
            KitOutcome::TakenBack,
            KitOutcome::Kept(vec![KitItem::Package, KitItem::Catalog]),
        ]
    }

    #[test]
    fn each_ending_is_counted_under_its_own_group_and_either_done_or_to_be_tried_again() {
        let all = every_ending();
        assert!(KitClass::ALL.iter().enumerate().all(|(place, (class, _))| *class as usize == place));
        assert!(KitClass::ALL.iter().all(|(class, _)| all.iter().any(|outcome| outcome.group() == *class)));
        assert_eq!(tally_sentence(&[2, 0, 0, 0, 1]), "2 made, 1 refused");
        for outcome in all {
            assert_ne!(outcome.is_done(), outcome.is_failure(), "{outcome:?}");
            assert_eq!(outcome.package().is_some(), matches!(outcome.group(), KitClass::Made | KitClass::WasThere));
        }
    }
}
