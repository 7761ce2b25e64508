//! Every way a guest can end who was to be withdrawn or restored; the tally.
//!
//! One type for both, since to the engine both are one job: of these a withdrawal never ends as restored, nor the other way round. What each
//! ending means, each course says in words of its own.

use crate::bulk::Ending;
use crate::bulk::journal::NotSent;
use crate::refused::Refused;
use crate::words::grouped;
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
    Assigned(Assignment),
    AppRole,
}

impl Ending for RecycleOutcome {
    const CLASSES: usize = 11;

    fn class(&self) -> usize {
        match self {
            Self::Withdrawn { .. } => 0,
            Self::WasGone => 1,
            Self::Missing => 2,
            Self::Kept(_) => 3,
            Self::Restored { .. } => 4,
            Self::WasThere => 5,
            Self::GoneForGood => 6,
            Self::Taken => 7,
            Self::Refused(_) => 8,
            Self::Unsure => 9,
            Self::NotSent(_) => 10,
        }
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

    /// Also whoever was found nowhere: the directory may not have shown them yet.
    fn is_failure(&self) -> bool {
        matches!(self, Self::Missing | Self::GoneForGood | Self::Taken | Self::Refused(_) | Self::Unsure | Self::NotSent(_))
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
    pub withdrawn: usize,
    pub was_gone: usize,
    pub missing: usize,
    pub kept: usize,
    pub restored: usize,
    pub was_there: usize,
    pub gone_for_good: usize,
    pub taken: usize,
    pub refused: usize,
    pub unsure: usize,
    pub not_sent: usize,
    /// Not ended yet.
    pub open: usize,
}

/// What each class is called in a sentence.
const WORDS: [&str; RecycleOutcome::CLASSES] = [
    "withdrawn",
    "gone already",
    "not found",
    "kept",
    "restored",
    "there already",
    "gone for good",
    "with an address that is taken",
    "refused",
    "unsure",
    "not done",
];

impl RecycleTally {
    /// Of so many guests by [`Ending::class`], and so many that have not ended.
    pub fn from_classes(classes: &[usize], open: usize) -> Self {
        let of = |class: usize| classes.get(class).copied().unwrap_or(0);
        Self {
            withdrawn: of(0),
            was_gone: of(1),
            missing: of(2),
            kept: of(3),
            restored: of(4),
            was_there: of(5),
            gone_for_good: of(6),
            taken: of(7),
            refused: of(8),
            unsure: of(9),
            not_sent: of(10),
            open,
        }
    }

    const fn classes(&self) -> [usize; RecycleOutcome::CLASSES] {
        [
            self.withdrawn,
            self.was_gone,
            self.missing,
            self.kept,
            self.restored,
            self.was_there,
            self.gone_for_good,
            self.taken,
            self.refused,
            self.unsure,
            self.not_sent,
        ]
    }

    pub fn total(&self) -> usize {
        self.done() + self.open
    }

    /// Guests that have ended.
    pub fn done(&self) -> usize {
        self.classes().iter().sum()
    }

    /// Guests that can be tried again: those for which [`Ending::is_failure`] holds.
    pub const fn failed(&self) -> usize {
        self.missing + self.gone_for_good + self.taken + self.refused + self.unsure + self.not_sent
    }

    /// `2 withdrawn, 1 kept`; groups without guests are left out.
    pub fn sentence(&self) -> String {
        let mut sentence = String::new();
        for (number, word) in self.classes().into_iter().zip(WORDS).filter(|(number, _)| *number > 0) {
            if !sentence.is_empty() {
                sentence.push_str(", ");
            }
            sentence.push_str(&grouped(number));
            sentence.push(' ');
            sentence.push_str(word);
        }
        if sentence.is_empty() { "nothing to do".into() } else { sentence }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Each ending once.
    pub(crate) fn every_ending() -> Vec<RecycleOutcome> {
        use RecycleOutcome::{GoneForGood, Missing, NotSent, Refused, Restored, Taken, Unsure, WasGone, WasThere, Withdrawn};
        let kept = [
            WhyKept::Accepted,
            WhyKept::NotPending,
            WhyKept::NotTheGuest,
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
    fn every_guest_is_counted_once_and_sums_match() {
        let tally = RecycleTally::from_classes(&[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], 2048);
        assert_eq!((tally.total(), tally.done()), (4095, 2047));
        let told = "1 withdrawn, 2 gone already, 4 not found, 8 kept, 16 restored, 32 there already, 64 gone for good, 128 with an address that \
                    is taken, 256 refused, 512 unsure, 1,024 not done";
        assert_eq!(tally.sentence(), told);
        assert_eq!(RecycleTally::default().sentence(), "nothing to do");
    }
}
