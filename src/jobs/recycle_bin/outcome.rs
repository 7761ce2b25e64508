//! Every way a guest can end who was to be withdrawn or restored; the tally.
//!
//! One type for both, since to the engine both are one job: of these a withdrawal never ends as restored, nor the other way round. What each
//! ending means, each course says in words of its own.

use crate::bulk::Ending;
use crate::bulk::journal::NotSent;
use crate::refused::Refused;
use crate::words::tallied;
use graph::users::Assignment;

/// How a guest ended. Exactly one of these, for every row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecycleOutcome {
    /// Graph accepted the deletion; `seen` when the guest was then found in the recycle bin.
    Withdrawn {
        seen: bool,
    },
    /// Somebody else had deleted them: they lie in the recycle bin.
    WasGone,
    /// Neither among the users nor in the recycle bin: deleted for good, or too new to be shown.
    Missing,
    /// Looked at first, and not deleted.
    Kept(WhyKept),
    /// Graph accepted the restore; `seen` when the guest was then found among the users.
    Restored {
        seen: bool,
    },
    /// Among the users already.
    WasThere,
    /// Neither in the recycle bin nor among the users.
    GoneForGood,
    /// Not restored: somebody else has the sign-in name or an address by now.
    Taken,
    Refused(Refused),
    /// It left, nothing came back, and looking did not tell.
    Unsure,
    NotSent(NotSent),
}

/// Why a guest was not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyKept {
    Accepted,
    /// Microsoft does not say that the invitation waits, nor that it was accepted.
    NotPending,
    /// No guest any more, or somebody else came back.
    NotTheGuest,
    /// Made before the run that counts them as its own.
    ThereBefore,
    Assigned(Assignment),
    AppRole,
}

/// The groups that endings are counted by; the place of each is its [`Ending::class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecycleClass {
    Withdrawn,
    WasGone,
    Missing,
    Kept,
    Restored,
    WasThere,
    GoneForGood,
    Taken,
    Refused,
    Unsure,
    NotSent,
}

impl RecycleClass {
    /// All, in their order, and what each is called in a sentence.
    const ALL: [(Self, &str); 11] = [
        (Self::Withdrawn, "withdrawn"),
        (Self::WasGone, "gone already"),
        (Self::Missing, "not found"),
        (Self::Kept, "kept"),
        (Self::Restored, "restored"),
        (Self::WasThere, "there already"),
        (Self::GoneForGood, "gone for good"),
        (Self::Taken, "with an address that is taken"),
        (Self::Refused, "refused"),
        (Self::Unsure, "unsure"),
        (Self::NotSent, "not done"),
    ];

    pub(super) const fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether who ended so can be tried again. Also whoever was found nowhere: the directory may not have shown them yet.
    const fn is_failure(self) -> bool {
        matches!(self, Self::Missing | Self::GoneForGood | Self::Taken | Self::Refused | Self::Unsure | Self::NotSent)
    }
}

impl RecycleOutcome {
    pub const fn group(&self) -> RecycleClass {
        match self {
            Self::Withdrawn { .. } => RecycleClass::Withdrawn,
            Self::WasGone => RecycleClass::WasGone,
            Self::Missing => RecycleClass::Missing,
            Self::Kept(_) => RecycleClass::Kept,
            Self::Restored { .. } => RecycleClass::Restored,
            Self::WasThere => RecycleClass::WasThere,
            Self::GoneForGood => RecycleClass::GoneForGood,
            Self::Taken => RecycleClass::Taken,
            Self::Refused(_) => RecycleClass::Refused,
            Self::Unsure => RecycleClass::Unsure,
            Self::NotSent(_) => RecycleClass::NotSent,
        }
    }
}

impl Ending for RecycleOutcome {
    const CLASSES: usize = RecycleClass::ALL.len();

    fn class(&self) -> usize {
        self.group() as usize
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Withdrawn { seen: true } => "Withdrawn",
            Self::Withdrawn { seen: false } => "Withdrawn, not verified",
            Self::WasGone => "Was gone already",
            Self::Missing => "Not found",
            Self::Kept(WhyKept::Accepted) => "Kept: accepted",
            Self::Kept(WhyKept::NotPending) => "Kept: not pending",
            Self::Kept(WhyKept::NotTheGuest) => "Kept: not the guest",
            Self::Kept(WhyKept::ThereBefore) => "Kept: there before",
            Self::Kept(WhyKept::Assigned(_) | WhyKept::AppRole) => "Kept: in use",
            Self::Restored { seen: true } => "Restored",
            Self::Restored { seen: false } => "Restored, not verified",
            Self::WasThere => "Was there already",
            Self::GoneForGood => "Gone for good",
            Self::Taken => "Address taken",
            Self::Refused(_) => "Refused",
            Self::Unsure => "Unsure",
            Self::NotSent(_) => "Not done",
        }
    }

    fn is_done(&self) -> bool {
        matches!(self, Self::Withdrawn { .. } | Self::WasGone | Self::Restored { .. } | Self::WasThere)
    }

    fn is_failure(&self) -> bool {
        self.group().is_failure()
    }

    fn needs_person(&self) -> bool {
        false
    }

    fn may_be_done(&self) -> bool {
        *self == Self::Unsure
    }

    fn comes_to_nothing(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Unsure | Self::NotSent(_))
    }

    fn not_sent(&self) -> Option<NotSent> {
        if let Self::NotSent(why) = self { Some(*why) } else { None }
    }

    fn refused(&self) -> Option<&Refused> {
        if let Self::Refused(refused) = self { Some(refused) } else { None }
    }
}

/// How many guests ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecycleTally {
    /// By [`Ending::class`].
    ended: [usize; RecycleOutcome::CLASSES],
    /// Not ended yet.
    pub open: usize,
}

impl RecycleTally {
    /// Of so many guests by [`Ending::class`], and so many that have not ended.
    pub fn from_classes(classes: &[usize], open: usize) -> Self {
        let mut tally = Self { open, ..Self::default() };
        tally.ended.iter_mut().zip(classes).for_each(|(ended, number)| *ended = *number);
        tally
    }

    /// Guests that ended so.
    pub const fn count(&self, class: RecycleClass) -> usize {
        self.ended[class as usize]
    }

    /// The others.
    #[must_use]
    pub const fn without(mut self, class: RecycleClass) -> Self {
        self.ended[class as usize] = 0;
        self
    }

    pub fn total(&self) -> usize {
        self.done() + self.open
    }

    /// Guests that have ended.
    pub fn done(&self) -> usize {
        self.ended.iter().sum()
    }

    /// Guests that can be tried again: those for which [`Ending::is_failure`] holds.
    pub fn failed(&self) -> usize {
        self.groups().filter(|(class, ..)| class.is_failure()).map(|(.., number)| number).sum()
    }

    /// `2 withdrawn, 1 kept`; groups without guests are left out.
    pub fn sentence(&self) -> String {
        tallied(self.groups().map(|(_, word, number)| (number, word)))
    }

    fn groups(&self) -> impl Iterator<Item = (RecycleClass, &'static str, usize)> {
        RecycleClass::ALL.into_iter().zip(self.ended).map(|((class, word), number)| (class, word, number))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// So many guests of each of these classes.
    pub(crate) fn tally<const N: usize>(classes: [(RecycleClass, usize); N]) -> RecycleTally {
        let mut tally = RecycleTally::default();
        classes.iter().for_each(|(class, number)| tally.ended[*class as usize] = *number);
        tally
    }

    /// Each ending once.
    pub(crate) fn every_ending() -> Vec<RecycleOutcome> {
        use RecycleOutcome::{GoneForGood, Missing, NotSent, Refused, Restored, Taken, Unsure, WasGone, WasThere, Withdrawn};
        let kept = [
            WhyKept::Accepted,
            WhyKept::NotPending,
            WhyKept::NotTheGuest,
            WhyKept::ThereBefore,
            WhyKept::AppRole,
            WhyKept::Assigned(Assignment::Group),
            WhyKept::Assigned(Assignment::DirectoryRole),
            WhyKept::Assigned(Assignment::AdministrativeUnit),
            WhyKept::Assigned(Assignment::OtherMembership),
            WhyKept::Assigned(Assignment::License),
        ];
        let mut all = vec![
            Withdrawn { seen: true },
            Withdrawn { seen: false },
            WasGone,
            Missing,
            Restored { seen: true },
            Restored { seen: false },
            WasThere,
            GoneForGood,
            Taken,
            Refused(crate::bulk::unanswered()),
            Unsure,
            NotSent(crate::bulk::journal::NotSent::Stopped),
            NotSent(crate::bulk::journal::NotSent::Halted),
        ];
        all.extend(kept.map(RecycleOutcome::Kept));
        all
    }

    #[test]
    fn what_an_ending_means_for_the_run_is_told_apart() {
        use RecycleOutcome::{GoneForGood, Missing, NotSent, Refused, Restored, Taken, Unsure, WasGone, WasThere, Withdrawn};
        for ending in every_ending() {
            // Whether it is done, is a failure, needs a person, may be done, comes to nothing.
            let expected = match &ending {
                Withdrawn { .. } | WasGone | Restored { .. } | WasThere => [true, false, false, false, false],
                RecycleOutcome::Kept(_) => [false; 5],
                Missing | GoneForGood | Taken => [false, true, false, false, false],
                Refused(_) | NotSent(_) => [false, true, false, false, true],
                Unsure => [false, true, false, true, true],
            };
            let told = [ending.is_done(), ending.is_failure(), ending.needs_person(), ending.may_be_done(), ending.comes_to_nothing()];
            assert_eq!(told, expected, "{ending:?}");
            assert_eq!(
                (ending.refused().is_some(), ending.not_sent().is_some()),
                (matches!(ending, Refused(_)), matches!(ending, NotSent(_)))
            );
            let mut classes = [0; RecycleOutcome::CLASSES];
            classes[ending.class()] = 1;
            let tally = RecycleTally::from_classes(&classes, 0);
            assert_eq!((tally.total(), tally.failed() == 1), (1, ending.is_failure()), "{ending:?}");
        }
    }

    #[test]
    fn every_class_stands_at_its_place() {
        assert!(RecycleClass::ALL.iter().enumerate().all(|(place, (class, _))| *class as usize == place));
        assert!(RecycleClass::ALL.iter().all(|(class, word)| class.word() == *word));
    }

    #[test]
    fn every_guest_is_counted_once_and_sums_match() {
        let tally = RecycleTally::from_classes(&[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], 2048);
        assert_eq!((tally.total(), tally.done()), (4095, 2047));
        let told = "1 withdrawn, 2 gone already, 4 not found, 8 kept, 16 restored, 32 there already, 64 gone for good, 128 with an address that \
                    is taken, 256 refused, 512 unsure, 1,024 not done";
        assert_eq!(tally.sentence(), told);
        assert_eq!(tally.failed(), 4 + 64 + 128 + 256 + 512 + 1024);
        assert_eq!((tally.count(RecycleClass::Kept), tally.without(RecycleClass::Kept).total()), (8, 4095 - 8));
        assert_eq!(RecycleTally::default().sentence(), "nothing to do");
    }
}
