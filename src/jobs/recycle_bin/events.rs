//! What is written down of a guest, and what it tells whoever reads it.

use super::facts::{MovingFacts, Proof};
use super::outcome::RecycleOutcome;
use super::{Recycle, RecycleStep};
use crate::bulk::{Happened, LostAnswer, Recalled};

/// What is written down of a guest who is moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecycleEvent {
    /// It may have left; from here on only a look can tell.
    Left,
    /// It came to nothing for certain and may be done again, after another look.
    NotDone,
    /// It left, no answer came, and the guest had not moved when they were looked for: it may be done once more, and whether it arrived the
    /// first time nobody knows.
    NotSeen,
    /// Graph accepted it.
    Accepted,
    /// Graph said that nobody was there; `in_doubt`: it may have been done before.
    NotThere {
        in_doubt: bool,
    },
    Ended(RecycleOutcome),
}

pub(super) fn event(facts: &MovingFacts, happened: Happened<'_, Recycle>) -> RecycleEvent {
    match happened {
        Happened::Leaves(_) => RecycleEvent::Left,
        Happened::PutBack { in_doubt: true, .. } => RecycleEvent::NotSeen,
        Happened::PutBack { .. } | Happened::Reached(RecycleStep::Move) => RecycleEvent::NotDone,
        Happened::Reached(RecycleStep::Verify) => match facts.proof {
            Proof::Accepted => RecycleEvent::Accepted,
            Proof::NotThere { in_doubt } => RecycleEvent::NotThere { in_doubt },
        },
        Happened::Ended(outcome) => RecycleEvent::Ended(outcome.clone()),
    }
}

pub(super) fn remember(facts: &mut MovingFacts, event: &RecycleEvent) -> Recalled<Recycle> {
    let mut verify = |proof: Proof| {
        facts.proof = proof;
        Recalled::Reached { step: RecycleStep::Verify, is_done: true }
    };
    match event {
        RecycleEvent::Left => Recalled::Left(RecycleStep::Move, LostAnswer::Look),
        RecycleEvent::NotDone => Recalled::NotDone(RecycleStep::Move),
        RecycleEvent::NotSeen => Recalled::NotSeen(RecycleStep::Move, RecycleOutcome::Unsure),
        RecycleEvent::Accepted => verify(Proof::Accepted),
        RecycleEvent::NotThere { in_doubt } => verify(Proof::NotThere { in_doubt: *in_doubt }),
        RecycleEvent::Ended(outcome) => Recalled::Ended(outcome.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Moment;

    fn facts() -> MovingFacts {
        MovingFacts::new("g".into(), Moment(0))
    }

    #[test]
    fn what_is_written_down_leads_back_to_where_the_guest_stood() {
        let put_back = |in_doubt: bool| event(&facts(), Happened::PutBack { step: RecycleStep::Move, in_doubt });
        assert!(matches!(remember(&mut facts(), &put_back(false)), Recalled::NotDone(RecycleStep::Move)));
        assert!(matches!(remember(&mut facts(), &put_back(true)), Recalled::NotSeen(RecycleStep::Move, RecycleOutcome::Unsure)));
        let left = event(&facts(), Happened::Leaves(RecycleStep::Move));
        assert!(matches!(remember(&mut facts(), &left), Recalled::Left(RecycleStep::Move, LostAnswer::Look)));
        for proof in [Proof::Accepted, Proof::NotThere { in_doubt: false }, Proof::NotThere { in_doubt: true }] {
            let reached = event(&MovingFacts { proof, ..facts() }, Happened::Reached(RecycleStep::Verify));
            let mut again = facts();
            assert!(matches!(remember(&mut again, &reached), Recalled::Reached { step: RecycleStep::Verify, is_done: true }));
            assert_eq!(again.proof, proof, "{reached:?}");
        }
        let ended = event(&facts(), Happened::Ended(&RecycleOutcome::WasGone));
        assert!(matches!(remember(&mut facts(), &ended), Recalled::Ended(RecycleOutcome::WasGone)));
    }
}
