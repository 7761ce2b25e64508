//! What is asked to withdraw a guest, and what answers mean.

use crate::jobs::made_before::is_made_before;
use crate::jobs::recycle_bin::{BinLook, Course, LookReason, MoveAnswer, MovingFacts, Question, RecycleOutcome, WhyKept, are_there};
use graph::users::{AssignedUser, DeleteUser, GetAssignments, ListAppRoles, UserRefusal};
use graph::{Operation, Problem, Reply, Request};
use time::Millis;

/// For how long a look before a deletion holds. Requests that wait for others leave within it; the directory itself lags behind by about as
/// much.
const FRESH: Millis = Millis::seconds(30);

struct Withdrawing {
    /// Whether roles of applications are looked at, too.
    sees_app_roles: bool,
}

pub(super) const WITH_APP_ROLES: &dyn Course = &Withdrawing { sees_app_roles: true };
pub(super) const WITHOUT_APP_ROLES: &dyn Course = &Withdrawing { sees_app_roles: false };

impl Course for Withdrawing {
    fn looks_first(&self) -> Option<Millis> {
        Some(FRESH)
    }

    fn moves(&self, id: &str) -> Request {
        DeleteUser { id }.request()
    }

    fn users(&self, id: &str) -> Request {
        GetAssignments { id }.request()
    }

    fn goal(&self) -> Question {
        Question::Bin
    }

    fn begins(&self, why: LookReason) -> Question {
        if why == LookReason::First { Question::Users } else { Question::Bin }
    }

    fn answered(&self, id: &str, reply: &Reply) -> Result<MoveAnswer, Problem> {
        let delete = DeleteUser { id };
        match delete.read(reply) {
            Ok(()) => Ok(MoveAnswer::Accepted),
            Err(problem) if delete.refusal(&problem) == Some(UserRefusal::NotFound) => Ok(MoveAnswer::NotThere),
            Err(problem) => Err(problem),
        }
    }

    /// Whoever may be deleted already is looked at like any other before that is done once more: they may have accepted meanwhile.
    fn looked(&self, guest: &MovingFacts, question: Question, why: LookReason, reply: &Reply) -> Result<BinLook, Problem> {
        let id = guest.id.as_str();
        match question {
            Question::Bin => Ok(match (are_there(id, reply)?, why) {
                (true, LookReason::First) => BinLook::Ends(self.had_moved()),
                (true, _) => BinLook::Moved,
                (false, LookReason::First) => BinLook::Ends(self.nowhere()),
                (false, _) => BinLook::Ask(Question::Users),
            }),
            Question::Users => {
                let get = GetAssignments { id };
                match get.read(reply) {
                    Ok(user) => Ok(match why_kept(guest, &user) {
                        Some(kept) => kept_as(kept, why),
                        None if self.sees_app_roles => BinLook::Ask(Question::AppRoles),
                        None => BinLook::Nothing,
                    }),
                    Err(problem) if get.refusal(&problem) == Some(UserRefusal::NotFound) => {
                        Ok(if why == LookReason::First { BinLook::Ask(Question::Bin) } else { BinLook::Nothing })
                    }
                    Err(problem) => Err(problem),
                }
            }
            Question::AppRoles => {
                let list = ListAppRoles { id };
                match list.read(reply) {
                    Ok(page) if page.value.is_empty() => Ok(BinLook::Nothing),
                    Ok(_) => Ok(kept_as(WhyKept::AppRole, why)),
                    // They are looked at only where they may be read. Who is gone meanwhile is told so by deleting.
                    Err(problem) if list.refusal(&problem).is_some() => Ok(BinLook::Nothing),
                    Err(problem) => Err(problem),
                }
            }
        }
    }

    fn moved(&self, seen: bool) -> RecycleOutcome {
        RecycleOutcome::Withdrawn { seen }
    }

    fn had_moved(&self) -> RecycleOutcome {
        RecycleOutcome::WasGone
    }

    fn nowhere(&self) -> RecycleOutcome {
        RecycleOutcome::Missing
    }
}

/// What speaks against deleting somebody, if anything does. Whom the id names is who was invited; their address may have changed since. Graph
/// answers an invitation alike whether it made the guest or found them there, not having accepted: when they were made tells.
fn why_kept(guest: &MovingFacts, user: &AssignedUser) -> Option<WhyKept> {
    let is_guest = user.user_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("Guest"));
    match user.external_user_state.as_deref() {
        _ if !user.id.eq_ignore_ascii_case(&guest.id) || !is_guest => Some(WhyKept::NotTheGuest),
        Some("Accepted") => Some(WhyKept::Accepted),
        _ if !user.is_pending() => Some(WhyKept::NotPending),
        _ if is_made_before(user.created_date_time.as_deref(), guest.left) => Some(WhyKept::ThereBefore),
        _ => user.assignments().next().map(WhyKept::Assigned),
    }
}

/// Where a deletion may still be under way, nobody can say that the guest stays.
const fn kept_as(kept: WhyKept, why: LookReason) -> BinLook {
    match why {
        LookReason::Lost => BinLook::Ends(RecycleOutcome::Unsure),
        LookReason::First | LookReason::Again => BinLook::Ends(RecycleOutcome::Kept(kept)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::made_before::CLOCKS;
    use crate::jobs::recycle_bin::Proof;
    use graph::Headers;
    use graph::users::Assignment;
    use serde_json::{Value, json};
    use time::Moment;

    const LEFT: Moment = Moment(1_795_344_203_000);

    const REASONS: [LookReason; 3] = [LookReason::First, LookReason::Lost, LookReason::Again];

    fn reply(status: u16, body: &Value) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        Reply { status, headers: Headers::default(), body }
    }

    fn guest() -> MovingFacts {
        MovingFacts::new("g".into(), LEFT)
    }

    fn not_found() -> Reply {
        reply(404, &json!({"error": {"code": "Request_ResourceNotFound", "message": ""}}))
    }

    fn denied() -> Reply {
        reply(403, &json!({"error": {"code": "Authorization_RequestDenied", "message": ""}}))
    }

    fn user(change: impl FnOnce(&mut Value)) -> Reply {
        let mut user = json!({"id": "g", "mail": "a@x.example", "userType": "Guest", "externalUserState": "PendingAcceptance",
            "createdDateTime": "2026-11-22T10:43:23Z", "assignedLicenses": [], "memberOf": []});
        change(&mut user);
        reply(200, &user)
    }

    fn look(course: &dyn Course, question: Question, why: LookReason, reply: &Reply) -> BinLook {
        course.looked(&guest(), question, why, reply).unwrap()
    }

    #[test]
    fn a_look_begins_where_a_deletion_would_show_and_ends_with_app_roles_where_they_may_be_read() {
        assert_eq!(REASONS.map(|why| WITH_APP_ROLES.begins(why)), [Question::Users, Question::Bin, Question::Bin]);
        for why in REASONS {
            assert_eq!(look(WITHOUT_APP_ROLES, Question::Users, why, &user(|_| {})), BinLook::Nothing, "{why:?}");
            assert_eq!(look(WITH_APP_ROLES, Question::Users, why, &user(|_| {})), BinLook::Ask(Question::AppRoles), "{why:?}");
            for unseen in [reply(200, &json!({"value": []})), denied(), not_found()] {
                assert_eq!(look(WITH_APP_ROLES, Question::AppRoles, why, &unseen), BinLook::Nothing, "{why:?}");
            }
        }
    }

    #[test]
    fn who_accepted_holds_something_or_is_another_is_not_deleted() {
        let check = |reply: &Reply, question: Question, kept: WhyKept| {
            assert_eq!(look(WITH_APP_ROLES, question, LookReason::First, reply), BinLook::Ends(RecycleOutcome::Kept(kept)), "{reply:?}");
            assert_eq!(look(WITH_APP_ROLES, question, LookReason::Again, reply), BinLook::Ends(RecycleOutcome::Kept(kept)), "{reply:?}");
            // What was lost may be done at any moment.
            assert_eq!(look(WITH_APP_ROLES, question, LookReason::Lost, reply), BinLook::Ends(RecycleOutcome::Unsure), "{reply:?}");
        };
        let users = |change: fn(&mut Value), kept: WhyKept| check(&user(change), Question::Users, kept);
        users(|user| user["externalUserState"] = json!("Accepted"), WhyKept::Accepted);
        users(|user| user["externalUserState"] = Value::Null, WhyKept::NotPending);
        users(|user| user["externalUserState"] = json!("New"), WhyKept::NotPending);
        users(|user| user["userType"] = json!("Member"), WhyKept::NotTheGuest);
        users(|user| user["userType"] = Value::Null, WhyKept::NotTheGuest);
        users(|user| user["id"] = json!("another"), WhyKept::NotTheGuest);
        users(|user| user["createdDateTime"] = json!((LEFT - CLOCKS - Millis::seconds(1)).iso()), WhyKept::ThereBefore);
        users(|user| user["assignedLicenses"] = json!([{"skuId": "s"}]), WhyKept::Assigned(Assignment::License));
        for (kind, assignment) in [
            ("group", Assignment::Group),
            ("directoryRole", Assignment::DirectoryRole),
            ("administrativeUnit", Assignment::AdministrativeUnit),
            ("newThing", Assignment::OtherMembership),
        ] {
            let reply = user(|user| user["memberOf"] = json!([{"@odata.type": format!("#microsoft.graph.{kind}"), "id": "m"}]));
            check(&reply, Question::Users, WhyKept::Assigned(assignment));
        }
        check(&reply(200, &json!({"value": [{"id": "r"}]})), Question::AppRoles, WhyKept::AppRole);
    }

    #[test]
    fn the_address_may_differ_creation_by_what_clocks_do_and_capitals_do_not_count() {
        for created in [json!((LEFT - CLOCKS).iso()), json!("2027-01-01T00:00:00Z"), Value::Null] {
            let reply = user(|user| {
                (user["mail"], user["createdDateTime"], user["id"]) = (json!("new@y.example"), created.clone(), json!("G"));
                user["userType"] = json!("guest");
            });
            assert_eq!(look(WITHOUT_APP_ROLES, Question::Users, LookReason::First, &reply), BinLook::Nothing, "{created}");
        }
    }

    #[test]
    fn who_is_not_among_the_users_is_looked_for_in_the_recycle_bin() {
        let (first, lost, again) = (LookReason::First, LookReason::Lost, LookReason::Again);
        assert_eq!(look(WITHOUT_APP_ROLES, Question::Users, first, &not_found()), BinLook::Ask(Question::Bin));
        for why in [lost, again] {
            assert_eq!(look(WITHOUT_APP_ROLES, Question::Users, why, &not_found()), BinLook::Nothing, "neither here nor there");
        }
        let in_bin = reply(200, &json!({"id": "g", "deletedDateTime": "2026-11-22T10:43:23Z"}));
        let bin = |why: LookReason, reply: &Reply| look(WITHOUT_APP_ROLES, Question::Bin, why, reply);
        assert_eq!(
            [first, lost, again].map(|why| bin(why, &in_bin)),
            [BinLook::Ends(RecycleOutcome::WasGone), BinLook::Moved, BinLook::Moved]
        );
        for nobody in [not_found(), reply(200, &json!({})), reply(200, &json!({"id": "another"}))] {
            let ask = || BinLook::Ask(Question::Users);
            assert_eq!([first, lost, again].map(|why| bin(why, &nobody)), [BinLook::Ends(RecycleOutcome::Missing), ask(), ask()]);
        }
    }

    #[test]
    fn an_answer_that_does_not_tell_lets_nobody_leave() {
        let unreadable =
            [reply(200, &json!({"id": "g"})), reply(200, &Value::Null), denied(), reply(404, &Value::Null), reply(503, &Value::Null)];
        for (answer, question) in unreadable.iter().flat_map(|answer| [Question::Users, Question::Bin].map(|question| (answer, question))) {
            // The recycle bin is asked for no more than an id.
            let is_told = question == Question::Bin && answer.status == 200 && !answer.body.is_empty();
            let told = WITH_APP_ROLES.looked(&guest(), question, LookReason::First, answer);
            assert_eq!(told.is_ok(), is_told, "{question:?} {answer:?}");
        }
        for answer in [reply(200, &json!({})), reply(403, &Value::Null), reply(502, &Value::Null)] {
            assert!(WITH_APP_ROLES.looked(&guest(), Question::AppRoles, LookReason::First, &answer).is_err(), "{answer:?}");
        }
    }

    #[test]
    fn only_graphs_own_word_says_that_somebody_was_deleted_or_was_not_there() {
        let answered = |reply: &Reply| WITH_APP_ROLES.answered("g", reply);
        assert_eq!(answered(&reply(204, &Value::Null)), Ok(MoveAnswer::Accepted));
        assert_eq!(answered(&not_found()), Ok(MoveAnswer::NotThere));
        for answer in [reply(200, &json!({})), reply(404, &Value::Null), denied()] {
            assert!(answered(&answer).is_err(), "{answer:?}");
        }
    }

    #[test]
    fn how_a_guest_ends_follows_from_what_graph_said_and_what_was_seen() {
        use RecycleOutcome::{Missing, Unsure, WasGone, Withdrawn};
        let ended = |proof: Proof| [true, false].map(|seen| WITH_APP_ROLES.ended(proof, seen));
        assert_eq!(ended(Proof::Accepted), [Withdrawn { seen: true }, Withdrawn { seen: false }]);
        assert_eq!(ended(Proof::NotThere { in_doubt: false }), [WasGone, Missing]);
        assert_eq!(ended(Proof::NotThere { in_doubt: true }), [Withdrawn { seen: true }, Unsure]);
    }
}
