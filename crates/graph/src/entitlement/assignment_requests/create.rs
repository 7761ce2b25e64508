//! An administrator assigns, extends and ends access. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentrequests>

use super::{AssignmentRequest, ListAssignmentRequests, RequestType};
use crate::entitlement::members::{all, object};
use crate::entitlement::{EntitlementRefusal, QuestionAnswer, ROOT, Schedule, WRITING_OWN};
use crate::refusal::own;
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Request};
use serde_json::{Value, json};
use time::Moment;

/// 201 with the [`AssignmentRequest`], which is carried out later. Entra writes nobody of it.
#[derive(Clone, Copy, Debug)]
pub struct CreateAssignmentRequest<'a> {
    /// The package's id. Of a change it is not sent: a lost answer is looked for by it.
    pub package: &'a str,
    /// What is to be.
    pub change: RequestedChange<'a>,
    /// Why, for whoever decides and for the record.
    pub justification: Option<&'a str>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub enum RequestedChange<'a> {
    /// Access for somebody in the directory.
    AssignById {
        /// Object id.
        target: &'a str,
        /// By which terms.
        terms: NewAssignment<'a>,
    },
    /// Access for somebody who may not be in the directory yet: entitlement management makes the guest, without writing to them. For a guest
    /// who is there and blocked it fails, where the id works (microsoft-graph-docs #16952).
    AssignByAddress {
        /// SMTP address.
        email: &'a str,
        /// By which terms.
        terms: NewAssignment<'a>,
        /// As the service takes it.
        spelling: AddressSpelling,
    },
    /// Another schedule, or other answers, for access that there is.
    Extend {
        /// The assignment's id.
        assignment: &'a str,
        /// From when, and until when.
        schedule: &'a Schedule,
    },
    /// The end of access.
    Remove {
        /// The assignment's id.
        assignment: &'a str,
    },
    /// Access for the signed-in person, by whichever policy covers them.
    AskForOneself {
        /// To what the policy asks.
        answers: &'a [QuestionAnswer],
    },
}

/// By which terms access is assigned.
#[derive(Clone, Copy, Debug)]
pub struct NewAssignment<'a> {
    /// The policy's id; it has to cover the person.
    pub policy: &'a str,
    /// From when, and until when, where the policy's own terms are not meant.
    pub schedule: Option<&'a Schedule>,
    /// To what the policy asks.
    pub answers: &'a [QuestionAnswer],
}

/// How a request by address is spelled. The schema of v1.0 has the one, the documentation's example 5 sends the other, which is beta's; which
/// of them the service takes is not known, so whoever asks tries one, then the other, and remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressSpelling {
    /// `assignment`
    Assignment,
    /// `accessPackageAssignment`
    AccessPackageAssignment,
}

impl AddressSpelling {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Assignment => "assignment",
            Self::AccessPackageAssignment => "accessPackageAssignment",
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Assignment => Self::AccessPackageAssignment,
            Self::AccessPackageAssignment => Self::Assignment,
        }
    }
}

/// Why a request is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewRequestRefusal {
    /// 400 "You don't meet policy requirements to request this entitlement.": the policy does not cover the person, also where an
    /// administrator assigns (entra-docs #967). The code is not public.
    PolicyDoesNotCover,
    /// 400 "No valid policy was found in the request". The code is not public.
    NoValidPolicy,
    /// They have it already. Neither code nor text is public: our reading of texts that say so.
    AlreadyAssigned,
    /// Another request is still open. As above.
    RequestOpen,
    /// They have what may not be had beside it. As above.
    Incompatible,
    /// A question that has to be answered was not, an answer does not fit, or a reason is missing. As above.
    AnswersNotTaken,
    /// The policy lets nobody say from when and for how long. As above.
    ScheduleNotTaken,
    /// What is to be changed or ended has ended. As above.
    Ended,
    /// There is nobody of this id; or somebody named by address is a guest who may not sign in, where the id works (microsoft-graph-docs
    /// #16952). As above.
    PersonNotFound,
    /// As of any call; what is not found is the package, the policy, the assignment or the person.
    Any(EntitlementRefusal),
}

/// Most particular first.
const FRAGMENTS: [(u16, &str, NewRequestRefusal); 17] = [
    (400, "meet policy requirements", NewRequestRefusal::PolicyDoesNotCover),
    (400, "No valid policy was found", NewRequestRefusal::NoValidPolicy),
    (400, "open request", NewRequestRefusal::RequestOpen),
    (400, "pending request", NewRequestRefusal::RequestOpen),
    (409, "open request", NewRequestRefusal::RequestOpen),
    (409, "pending request", NewRequestRefusal::RequestOpen),
    (400, "already assigned", NewRequestRefusal::AlreadyAssigned),
    (400, "already has", NewRequestRefusal::AlreadyAssigned),
    (400, "already exist", NewRequestRefusal::AlreadyAssigned),
    (409, "already", NewRequestRefusal::AlreadyAssigned),
    (400, "incompatible", NewRequestRefusal::Incompatible),
    (400, "justification", NewRequestRefusal::AnswersNotTaken),
    (400, "question", NewRequestRefusal::AnswersNotTaken),
    (400, "answer", NewRequestRefusal::AnswersNotTaken),
    (400, "schedule", NewRequestRefusal::ScheduleNotTaken),
    (400, "has ended", NewRequestRefusal::Ended),
    (400, "was not found", NewRequestRefusal::PersonNotFound),
];

impl Refusal for NewRequestRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        let by_text = || (problem.common() == Some(CommonRefusal::Unknown)).then(|| own(problem, &[], &FRAGMENTS)).flatten();
        EntitlementRefusal::told_by(problem).map(Self::Any).or_else(by_text)
    }
}

impl CreateAssignmentRequest<'_> {
    /// Which of those that were looked at this may have made: one of its kind for the same person or assignment, from this moment on, by
    /// Graph's clock, or without a moment. One that is older says nothing of it.
    pub fn among<'r>(&self, looked: &'r [AssignmentRequest], since: Moment) -> Option<&'r AssignmentRequest> {
        let is_of = |request: &AssignmentRequest, id: &str| request.assignment.as_ref().is_some_and(|assignment| assignment.id == id);
        looked.iter().find(|request| {
            let is_same = match self.change {
                RequestedChange::AssignById { target: person, .. } | RequestedChange::AssignByAddress { email: person, .. } => {
                    request.is_for(person)
                }
                RequestedChange::Extend { assignment, .. } | RequestedChange::Remove { assignment } => is_of(request, assignment),
                // Its answer lists the person's own alone.
                RequestedChange::AskForOneself { .. } => true,
            };
            let is_late = request.created_date_time.as_deref().and_then(Moment::from_graph).is_none_or(|created| created >= since);
            is_same && is_late && request.request_type.as_ref() == Some(&self.request_type())
        })
    }

    const fn request_type(&self) -> RequestType {
        match self.change {
            RequestedChange::AssignById { .. } | RequestedChange::AssignByAddress { .. } => RequestType::AdminAdd,
            RequestedChange::Extend { .. } => RequestType::AdminUpdate,
            RequestedChange::Remove { .. } => RequestType::AdminRemove,
            RequestedChange::AskForOneself { .. } => RequestType::UserAdd,
        }
    }

    fn body(&self) -> Value {
        let (mut spelling, mut schedule, mut answers) = (AddressSpelling::Assignment, None, [].as_slice());
        let assignment = match self.change {
            RequestedChange::AssignById { target, terms } => {
                (schedule, answers) = (terms.schedule, terms.answers);
                json!({"targetId": target, "assignmentPolicyId": terms.policy, "accessPackageId": self.package})
            }
            RequestedChange::AssignByAddress { email, terms, spelling: own } => {
                (schedule, answers, spelling) = (terms.schedule, terms.answers, own);
                json!({"target": {"email": email}, "assignmentPolicyId": terms.policy, "accessPackageId": self.package})
            }
            RequestedChange::Extend { assignment, schedule: own } => {
                schedule = Some(own);
                json!({ "id": assignment })
            }
            RequestedChange::Remove { assignment } => json!({ "id": assignment }),
            RequestedChange::AskForOneself { answers: own } => {
                answers = own;
                json!({"accessPackageId": self.package})
            }
        };
        let answers = if answers.is_empty() { Value::Null } else { all(answers, QuestionAnswer::write) };
        object([
            ("requestType", self.request_type().as_str().into()),
            (spelling.as_str(), assignment),
            ("schedule", schedule.map(Schedule::write).into()),
            ("justification", self.justification.into()),
            ("answers", answers),
        ])
    }
}

impl Operation for CreateAssignmentRequest<'_> {
    type Output = AssignmentRequest;
    type Refusal = NewRequestRefusal;
    /// The first suffices for oneself alone; for others it takes the second, and a role.
    const SCOPES: &'static [&'static str] = WRITING_OWN;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::post(format!("{ROOT}/assignmentRequests"), &self.body())
    }

    /// The package's requests show it ([`Self::among`]); of one's own, one's own do. Where they do not, sending it again does no harm either:
    /// a second one for the same person is refused while the first is open, or once they have it.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(match self.change {
            RequestedChange::AskForOneself { .. } => super::ListOwnRequests { of: super::OwnRequests::Target }.request(),
            _ => ListAssignmentRequests { package: Some(self.package), state: None }.request(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::assignment_requests::{ListOwnRequests, OwnRequests, RequestState};
    use crate::entitlement::{AnswerForm, Expiration, PolicyQuestion};
    use crate::operation::testing::{looks, refuses, reply, writes};

    const TERMS: NewAssignment<'_> = NewAssignment { policy: "p", schedule: None, answers: &[] };

    fn create(change: RequestedChange<'_>) -> CreateAssignmentRequest<'_> {
        CreateAssignmentRequest { package: "k", change, justification: None }
    }

    fn check(change: RequestedChange<'_>, body: &Value) {
        writes(&create(change), "POST", &format!("{ROOT}/assignmentRequests"), body);
    }

    #[test]
    fn each_kind_is_written_as_its_example_is() {
        let by_id = RequestedChange::AssignById { target: "u", terms: TERMS };
        check(
            by_id,
            &json!({"requestType": "adminAdd", "assignment": {"targetId": "u", "assignmentPolicyId": "p", "accessPackageId": "k"}}),
        );
        for spelling in [AddressSpelling::Assignment, AddressSpelling::AccessPackageAssignment] {
            let assignment = json!({"target": {"email": "a@x.example"}, "assignmentPolicyId": "p", "accessPackageId": "k"});
            let by_address = RequestedChange::AssignByAddress { email: "a@x.example", terms: TERMS, spelling };
            check(by_address, &json!({"requestType": "adminAdd", spelling.as_str(): assignment}));
            assert_eq!(spelling.other().other(), spelling);
        }
        let schedule = Schedule { expiration: Expiration::At("2027-01-01T00:00:00Z".into()), ..Schedule::default() };
        let extended = json!({"expiration": {"type": "afterDateTime", "endDateTime": "2027-01-01T00:00:00Z"}});
        let extend = RequestedChange::Extend { assignment: "a", schedule: &schedule };
        check(extend, &json!({"requestType": "adminUpdate", "assignment": {"id": "a"}, "schedule": extended}));
        check(RequestedChange::Remove { assignment: "a" }, &json!({"requestType": "adminRemove", "assignment": {"id": "a"}}));
        let question = PolicyQuestion {
            id: Some("q".into()),
            text: "Why?".into(),
            localizations: vec![],
            is_required: true,
            is_answer_editable: false,
            sequence: 0,
            form: AnswerForm::Text { is_single_line: true, pattern: None },
        };
        let answers = [QuestionAnswer::to(&question, "So")];
        let written = json!([{"@odata.type": "#microsoft.graph.accessPackageAnswerString", "value": "So",
            "answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q"}}]);
        let own = RequestedChange::AskForOneself { answers: &answers };
        check(own, &json!({"requestType": "userAdd", "answers": written, "assignment": {"accessPackageId": "k"}}));
        let whole = NewAssignment { schedule: Some(&schedule), answers: &answers, ..TERMS };
        let with_reason =
            CreateAssignmentRequest { justification: Some("Project"), ..create(RequestedChange::AssignById { target: "u", terms: whole }) };
        let body = json!({"requestType": "adminAdd", "justification": "Project", "schedule": extended, "answers": written,
            "assignment": {"targetId": "u", "assignmentPolicyId": "p", "accessPackageId": "k"}});
        writes(&with_reason, "POST", &format!("{ROOT}/assignmentRequests"), &body);
    }

    #[test]
    fn an_answer_tells_that_it_is_under_way() {
        let remove = create(RequestedChange::Remove { assignment: "a" });
        let body = r#"{"id":"r","requestType":"AdminRemove","state":"submitted","status":"Accepted","createdDateTime":null,
            "schedule":{"startDateTime":null,"recurrence":null,"expiration":{"endDateTime":null,"duration":null,"type":"notSpecified"}},
            "answers":[]}"#;
        let told = remove.read(&reply(201, body)).unwrap();
        assert_eq!((told.state.as_ref(), told.can_be_canceled()), (Some(&RequestState::Submitted), true));
        assert_eq!(told.request_type, Some(RequestType::AdminRemove));
    }

    #[test]
    fn a_lost_request_is_looked_for_by_person_and_package_and_never_sent_twice_unseen() {
        let by_address =
            create(RequestedChange::AssignByAddress { email: "ada@x.example", terms: TERMS, spelling: AddressSpelling::Assignment });
        assert_eq!(looks(&by_address), ListAssignmentRequests { package: Some("k"), state: None }.request());
        let own = create(RequestedChange::AskForOneself { answers: &[] });
        assert_eq!(looks(&own), ListOwnRequests { of: OwnRequests::Target }.request());
        let request = |id: &str, kind: &str, email: &str, created: Value| -> AssignmentRequest {
            serde_json::from_value(json!({"id": id, "requestType": kind, "createdDateTime": created,
                "assignment": {"id": "a", "target": {"email": email}}}))
            .unwrap()
        };
        let looked = [
            request("1", "adminAdd", "bob@x.example", Value::Null),
            request("2", "adminRemove", "ada@x.example", Value::Null),
            request("3", "adminAdd", "ada@x.example", "2026-11-27T10:00:00Z".into()),
            request("4", "AdminAdd", "Ada@x.example", "2026-11-27T12:00:00.123Z".into()),
        ];
        let found = |change: RequestedChange<'_>, since: &str| {
            create(change).among(&looked, Moment::from_graph(since).unwrap()).map(|request| request.id.clone())
        };
        assert_eq!(found(by_address.change, "2026-11-27T11:00:00Z").as_deref(), Some("4"));
        assert_eq!(found(by_address.change, "2026-11-27T12:00:00Z").as_deref(), Some("4"), "within the second");
        assert_eq!(found(by_address.change, "2026-11-27T13:00:00Z"), None);
        assert_eq!(found(RequestedChange::Remove { assignment: "a" }, "2026-11-27T13:00:00Z").as_deref(), Some("2"));
        assert_eq!(found(RequestedChange::Remove { assignment: "b" }, "2026-11-27T09:00:00Z"), None);
    }

    #[test]
    fn each_refusal_is_told_apart() {
        use NewRequestRefusal as Why;
        let uncovered = "You don't meet policy requirements to request this entitlement.";
        refuses(
            &create(RequestedChange::Remove { assignment: "a" }),
            &[
                (400, "NewCode", uncovered, Some(Why::PolicyDoesNotCover)),
                (400, "NewCode", "No valid policy was found in the request.", Some(Why::NoValidPolicy)),
                (400, "NewCode", "The target already has an open request.", Some(Why::RequestOpen)),
                (409, "NewCode", "There is a pending request already.", Some(Why::RequestOpen)),
                (400, "NewCode", "The target already has an assignment.", Some(Why::AlreadyAssigned)),
                (409, "NewCode", "It exists already.", Some(Why::AlreadyAssigned)),
                (400, "NewCode", "The target has access that is incompatible with this access package.", Some(Why::Incompatible)),
                (400, "NewCode", "A justification is required.", Some(Why::AnswersNotTaken)),
                (400, "NewCode", "A required question is left out.", Some(Why::AnswersNotTaken)),
                (400, "NewCode", "An answer is none of the choices.", Some(Why::AnswersNotTaken)),
                (400, "NewCode", "The policy does not allow a custom schedule.", Some(Why::ScheduleNotTaken)),
                (400, "NewCode", "The assignment has ended.", Some(Why::Ended)),
                (400, "NewCode", "The target was not found.", Some(Why::PersonNotFound)),
                (409, "Directory_ConcurrencyViolation", "It is already being changed.", None),
                (400, "InvalidModel", "Model is not valid.", Some(Why::Any(EntitlementRefusal::InvalidModel))),
                (403, "UnAuthorized", "", Some(Why::Any(EntitlementRefusal::NotAuthorized))),
                (404, "NewCode", "", Some(Why::Any(EntitlementRefusal::NotFound))),
                (400, "NewCode", "", None),
            ],
        );
    }
}
