//! What is asked to restore a guest, and what answers mean.

use crate::jobs::recycle_bin::{BinLook, Course, LookReason, MoveAnswer, MovingFacts, Question, RecycleOutcome, are_there};
use graph::users::{GetUser, RestoreRefusal, RestoreUser};
use graph::{Operation, Problem, Reply, Request};
use serde::de::Error;
use time::Millis;

struct Restoring;

pub(super) const RESTORING: &dyn Course = &Restoring;

impl Course for Restoring {
    /// Whoever is restored twice is restored once.
    fn looks_first(&self) -> Option<Millis> {
        None
    }

    fn moves(&self, id: &str) -> Request {
        RestoreUser { id }.request()
    }

    fn users(&self, id: &str) -> Request {
        GetUser { id }.request()
    }

    fn goal(&self) -> Question {
        Question::Users
    }

    fn begins(&self, why: LookReason) -> Question {
        if why == LookReason::First { Question::Bin } else { Question::Users }
    }

    fn answered(&self, id: &str, reply: &Reply) -> Result<MoveAnswer, Problem> {
        let restore = RestoreUser { id };
        match restore.read(reply) {
            Ok(user) if user.id.eq_ignore_ascii_case(id) => Ok(MoveAnswer::Accepted),
            // Whoever answers without naming the guest may be no Graph.
            Ok(_) => Err(reply.unreadable(&serde_json::Error::custom("it does not name who was restored"))),
            Err(problem) => match restore.refusal(&problem) {
                Some(RestoreRefusal::NotFound) => Ok(MoveAnswer::NotThere),
                Some(RestoreRefusal::Taken) => Ok(MoveAnswer::Ends(RecycleOutcome::Taken)),
                Some(RestoreRefusal::MissingPermission) | None => Err(problem),
            },
        }
    }

    fn looked(&self, guest: &MovingFacts, question: Question, why: LookReason, reply: &Reply) -> Result<BinLook, Problem> {
        Ok(match (question, are_there(&guest.id, reply)?, why) {
            (Question::Bin, true, _) => BinLook::Nothing,
            (Question::Bin, false, _) => BinLook::Ask(Question::Users),
            (_, true, LookReason::First) => BinLook::Ends(self.had_moved()),
            (_, true, _) => BinLook::Moved,
            (_, false, LookReason::First) => BinLook::Ends(self.nowhere()),
            (_, false, _) => BinLook::Nothing,
        })
    }

    fn moved(&self, seen: bool) -> RecycleOutcome {
        RecycleOutcome::Restored { seen }
    }

    fn had_moved(&self) -> RecycleOutcome {
        RecycleOutcome::WasThere
    }

    fn nowhere(&self) -> RecycleOutcome {
        RecycleOutcome::GoneForGood
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::recycle_bin::Proof;
    use graph::{CommonRefusal, Headers};
    use time::Moment;

    fn guest() -> MovingFacts {
        MovingFacts::new("g".into(), Moment(0))
    }

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, headers: Headers::default(), body: body.into() }
    }

    fn refused(status: u16, code: &str, message: &str) -> Reply {
        reply(status, &serde_json::json!({"error": {"code": code, "message": message}}).to_string())
    }

    #[test]
    fn only_graphs_own_word_says_that_somebody_was_restored_or_cannot_be() {
        let answered = |reply: &Reply| RESTORING.answered("g", reply);
        assert_eq!(answered(&reply(200, r#"{"id":"G"}"#)), Ok(MoveAnswer::Accepted));
        assert_eq!(answered(&refused(404, "Request_ResourceNotFound", "")), Ok(MoveAnswer::NotThere));
        let taken = refused(400, "Request_BadRequest", "Another object with the same value for property userPrincipalName already exists.");
        assert_eq!(answered(&taken), Ok(MoveAnswer::Ends(RecycleOutcome::Taken)));
        for (answer, expected) in [
            (reply(200, "{}"), CommonRefusal::Unreadable),
            (reply(200, "<html>"), CommonRefusal::Unreadable),
            (reply(404, "<html>"), CommonRefusal::NotGraphs),
            (refused(403, "Authorization_RequestDenied", ""), CommonRefusal::MissingPermission),
            (refused(400, "Request_BadRequest", "Something else."), CommonRefusal::Unknown),
        ] {
            assert_eq!(answered(&answer).unwrap_err().common(), Some(expected), "{answer:?}");
        }
    }

    #[test]
    fn a_look_tells_who_is_back_from_who_lies_in_the_recycle_bin_and_who_is_nowhere() {
        let (here, nobody) = (reply(200, r#"{"id":"g"}"#), refused(404, "Request_ResourceNotFound", ""));
        let looked = |question: Question, why: LookReason, reply: &Reply| RESTORING.looked(&guest(), question, why, reply).unwrap();
        let (first, lost, again) = (LookReason::First, LookReason::Lost, LookReason::Again);
        assert_eq!([first, lost, again].map(|why| RESTORING.begins(why)), [Question::Bin, Question::Users, Question::Users]);
        for why in [first, lost, again] {
            assert_eq!(looked(Question::Bin, why, &here), BinLook::Nothing);
            assert_eq!(looked(Question::Bin, why, &nobody), BinLook::Ask(Question::Users));
        }
        assert_eq!(looked(Question::Users, first, &here), BinLook::Ends(RecycleOutcome::WasThere));
        assert_eq!(looked(Question::Users, first, &nobody), BinLook::Ends(RecycleOutcome::GoneForGood));
        for why in [lost, again] {
            assert_eq!([&here, &nobody].map(|reply| looked(Question::Users, why, reply)), [BinLook::Moved, BinLook::Nothing]);
        }
        assert!(RESTORING.looked(&guest(), Question::Users, lost, &reply(404, "<html>")).is_err(), "a gateway knows nobody");
    }

    #[test]
    fn how_a_guest_ends_follows_from_what_graph_said_and_what_was_seen() {
        use RecycleOutcome::{GoneForGood, Restored, Unsure, WasThere};
        let ended = |proof: Proof| [true, false].map(|seen| RESTORING.ended(proof, seen));
        assert_eq!(ended(Proof::Accepted), [Restored { seen: true }, Restored { seen: false }]);
        assert_eq!(ended(Proof::NotThere { in_doubt: false }), [WasThere, GoneForGood]);
        assert_eq!(ended(Proof::NotThere { in_doubt: true }), [Restored { seen: true }, Unsure]);
    }
}
