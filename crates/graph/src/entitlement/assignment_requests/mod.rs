//! Asking for access, for more time, and for its end. <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequest>

mod cancel;
mod create;
mod get;
mod list;
mod list_own;
mod reprocess;

pub use cancel::{CancelRefusal, CancelRequest};
pub use create::{AddressSpelling, CreateAssignmentRequest, NewAssignment, NewRequestRefusal, RequestedChange};
pub use get::GetAssignmentRequest;
pub use list::ListAssignmentRequests;
pub use list_own::{ListOwnRequests, OwnRequests};
pub use reprocess::{ReprocessRefusal, ReprocessRequest};

use super::access_packages::AccessPackage;
use super::assignments::PackageAssignment;
use super::{PackageSubject, QuestionAnswer, Schedule, nullable};
use crate::enumeration::enumeration;
use serde::Deserialize;

enumeration! {
    /// What is asked for, and by whom. Written in either capitalisation, answered in lower camel case.
    pub enum RequestType {
        /// Nothing is said.
        NotSpecified = "notSpecified",
        /// Access, by whoever is to have it.
        UserAdd = "userAdd",
        /// A change, by whoever has it.
        UserUpdate = "userUpdate",
        /// The end, by whoever has it.
        UserRemove = "userRemove",
        /// Access, by an administrator.
        AdminAdd = "adminAdd",
        /// A change, by an administrator.
        AdminUpdate = "adminUpdate",
        /// The end, by an administrator.
        AdminRemove = "adminRemove",
        /// Access, by a rule.
        SystemAdd = "systemAdd",
        /// A change, by a rule.
        SystemUpdate = "systemUpdate",
        /// The end, by a rule or because time is over.
        SystemRemove = "systemRemove",
        /// Access, by somebody for somebody else.
        OnBehalfAdd = "onBehalfAdd",
        /// The end, by an approver.
        ApproverRemove = "approverRemove",
    }
}

enumeration! {
    /// Where a request stands.
    pub enum RequestState {
        /// It has arrived.
        Submitted = "submitted",
        /// Somebody has to say yes.
        PendingApproval = "pendingApproval",
        /// It was agreed to, and begins later.
        Scheduled = "scheduled",
        /// It is carried out. For people who are not in the directory yet this may last until they first sign in.
        Delivering = "delivering",
        /// It is carried out.
        Delivered = "delivered",
        /// Some of the roles are missing.
        PartiallyDelivered = "partiallyDelivered",
        /// It failed.
        DeliveryFailed = "deliveryFailed",
        /// Somebody said no, or nobody said yes in time.
        Denied = "denied",
        /// It was taken back.
        Canceled = "canceled",
    }
}

impl RequestState {
    /// Whether something is still to come of it: nobody asks again meanwhile. A word that is not known may be anything, so it is.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Submitted | Self::PendingApproval | Self::Scheduled | Self::Delivering | Self::Other(_))
    }
}

/// A request. What it is of comes only where it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AssignmentRequest {
    /// Graph's; that of its approval, too.
    pub id: String,
    /// What is asked for.
    pub request_type: Option<RequestType>,
    /// Where it stands.
    pub state: Option<RequestState>,
    /// The same in more words, which are no enumeration: `Accepted`, `PendingApprovalEscalated`, `Delivered`, or why it failed.
    pub status: Option<String>,
    /// ISO 8601; null in the answer that made it.
    pub created_date_time: Option<String>,
    /// ISO 8601.
    pub completed_date_time: Option<String>,
    /// Why, by whoever asked.
    pub justification: Option<String>,
    /// From when, and how long.
    #[serde(deserialize_with = "nullable")]
    pub schedule: Schedule,
    /// What was asked, answered.
    #[serde(deserialize_with = "nullable")]
    pub answers: Vec<QuestionAnswer>,
    /// Who asked; where an administrator assigned, who is to have it ("the subject who requested or, if a direct assignment, was assigned":
    /// <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequest>).
    pub requestor: Option<PackageSubject>,
    /// Of what.
    pub access_package: Option<AccessPackage>,
    /// What it is, or is to be.
    pub assignment: Option<PackageAssignment>,
}

/// Statuses in which a request can be taken back. <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-cancel>
const CANCELABLE: [&str; 4] = ["accepted", "pendingApproval", "pendingNotBefore", "pendingApprovalEscalated"];

impl AssignmentRequest {
    /// Whether something is still to come of it.
    pub fn is_open(&self) -> bool {
        self.state.as_ref().is_none_or(RequestState::is_open)
    }

    /// Whether it can be taken back.
    pub fn can_be_canceled(&self) -> bool {
        self.status.as_deref().is_some_and(|status| CANCELABLE.iter().any(|one| one.eq_ignore_ascii_case(status)))
    }

    /// Whether it can be carried out once more, within 14 days after it ended.
    /// <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-reprocess>
    pub const fn can_be_reprocessed(&self) -> bool {
        matches!(self.state, Some(RequestState::DeliveryFailed | RequestState::PartiallyDelivered))
    }

    /// Whom it is for, by object id or address: whoever is to have it, else whoever asked.
    pub fn is_for(&self, person: &str) -> bool {
        let target = self.assignment.as_ref().and_then(|assignment| assignment.target.as_ref());
        [target, self.requestor.as_ref()].into_iter().flatten().any(|subject| subject.is(person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> AssignmentRequest {
        serde_json::from_str(text).unwrap()
    }

    // Case 45
    #[test]
    fn what_is_delivering_is_under_way_and_its_person_has_no_id_yet() {
        let first = read(include_str!("../../../tests/cases/45-assignment-limbo/first.json"));
        assert!(first.is_open() && first.is_for("ADA@fabrikam.example"));
        assert_eq!(first.assignment.unwrap().target.unwrap().object_id, None);
        let later = read(include_str!("../../../tests/cases/45-assignment-limbo/later.json"));
        let ada = "0000000a-0000-4000-8000-00000000000a";
        assert!(!later.is_open() && later.is_for(ada) && !later.can_be_reprocessed());
        assert_eq!(
            later.assignment.as_ref().and_then(|assignment| assignment.access_package_id.as_deref()),
            Some("aaaaaaaa-0000-4000-8000-000000000001")
        );
        let partly = read(include_str!("../../../tests/cases/45-assignment-limbo/partly.json"));
        assert!(!partly.is_open() && partly.can_be_reprocessed());
    }

    #[test]
    fn what_can_be_taken_back_is_told_by_its_status() {
        let check = |status: &str, expected: bool| {
            let request = AssignmentRequest { status: Some(status.into()), ..AssignmentRequest::default() };
            assert_eq!(request.can_be_canceled(), expected, "{status}");
        };
        for status in ["Accepted", "PendingApproval", "pendingNotBefore", "PendingApprovalEscalated"] {
            check(status, true);
        }
        for status in ["Delivering", "Delivered", "Denied", ""] {
            check(status, false);
        }
        // What is not known may still come to something.
        assert!(read(r#"{"id":"r","state":"Thinking"}"#).is_open() && read(r#"{"id":"r"}"#).is_open());
    }
}
