//! Saying yes or no. <https://learn.microsoft.com/graph/api/resources/approval>
//!
//! An approval has the id of its request ([`super::assignment_requests::AssignmentRequest`]), which holds who asked, for what, and the
//! answers.

mod decide;
mod get;
mod list_own;
mod list_stages;

pub use decide::{ApprovalDecision, DecideStage, DecisionRefusal};
pub use get::{GetApproval, GetApprovalStage};
pub use list_own::ListOwnApprovals;
pub use list_stages::ListApprovalStages;

use super::nullable;
use crate::enumeration::enumeration;
use serde::Deserialize;

/// What shows approvals. The description of the first says that it lets somebody approve, and no administrator has to consent to it;
/// permissions.json does not list it. Which is right is not known, so it is tried first.
const READING_APPROVALS: &[&str] = super::READING_OWN;

/// What decides. As above.
const DECIDING: &[&str] = super::WRITING_OWN;

const COLLECTION: &str = "accessPackageAssignmentApprovals";

enumeration! {
    /// How far a stage has come. <https://learn.microsoft.com/graph/api/resources/approvalstage>
    pub enum StageStatus {
        /// It has not begun.
        Initializing = "Initializing",
        /// Somebody has to decide.
        InProgress = "InProgress",
        /// Somebody has decided.
        Completed = "Completed",
        /// Nobody has decided in time.
        Expired = "Expired",
    }
}

enumeration! {
    /// What was decided. The words that decide are others ([`ApprovalDecision`]).
    pub enum ReviewResult {
        /// Nothing yet.
        NotReviewed = "NotReviewed",
        /// Yes.
        Approved = "Approved",
        /// No.
        Denied = "Denied",
    }
}

/// What has to be decided on a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Approval {
    /// That of the request.
    pub id: String,
    /// In their order; only where they were asked for.
    #[serde(deserialize_with = "nullable")]
    pub stages: Vec<ApprovalStage>,
}

/// One step of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApprovalStage {
    /// Graph's.
    pub id: String,
    /// As the policy names it.
    pub display_name: Option<String>,
    /// How far it has come.
    pub status: Option<StageStatus>,
    /// Whether the signed-in person may decide.
    pub assigned_to_me: Option<bool>,
    /// What was decided.
    pub review_result: Option<ReviewResult>,
    /// By whom.
    pub reviewed_by: Option<Reviewer>,
    /// ISO 8601.
    pub reviewed_date_time: Option<String>,
    /// Why.
    pub justification: Option<String>,
}

impl ApprovalStage {
    /// Whether the signed-in person can decide now.
    pub fn waits_for_me(&self) -> bool {
        let is_decided = self.review_result.as_ref().is_some_and(|result| *result != ReviewResult::NotReviewed);
        self.status == Some(StageStatus::InProgress) && self.assigned_to_me == Some(true) && !is_decided
    }
}

/// Who decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reviewer {
    /// Object id.
    pub id: Option<String>,
    /// What address books show.
    pub display_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_waits_for_somebody_until_it_is_decided() {
        let check = |text: &str, expected: bool| {
            assert_eq!(serde_json::from_str::<ApprovalStage>(text).unwrap().waits_for_me(), expected, "{text}");
        };
        check(r#"{"status":"InProgress","assignedToMe":true,"reviewResult":"NotReviewed"}"#, true);
        check(r#"{"status":"inProgress","assignedToMe":true,"reviewResult":null}"#, true);
        check(r#"{"status":"InProgress","assignedToMe":false,"reviewResult":"NotReviewed"}"#, false);
        check(r#"{"status":"InProgress","assignedToMe":true,"reviewResult":"Approved"}"#, false);
        check(r#"{"status":"Expired","assignedToMe":true,"reviewResult":"NotReviewed"}"#, false);
        check(r#"{"assignedToMe":null}"#, false);
    }
}
