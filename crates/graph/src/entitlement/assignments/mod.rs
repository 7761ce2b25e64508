//! Who has a package. <https://learn.microsoft.com/graph/api/resources/accesspackageassignment>
//!
//! Nothing is made or deleted here (msgraph-sdk-powershell #2493): that is asked for ([`super::assignment_requests`]).

mod get;
mod list;
mod reprocess;

pub use get::GetPackageAssignment;
pub use list::ListPackageAssignments;
pub use reprocess::ReprocessAssignment;

use super::access_packages::AccessPackage;
use super::{PackageSubject, Schedule, nullable};
use crate::enumeration::enumeration;
use serde::Deserialize;

enumeration! {
    /// Whether somebody has it.
    pub enum PackageAssignmentState {
        /// Not yet. For people who are not in the directory yet this may last until they first sign in.
        Delivering = "delivering",
        /// Some of the roles are missing.
        PartiallyDelivered = "partiallyDelivered",
        /// They have.
        Delivered = "delivered",
        /// They had.
        Expired = "expired",
        /// It failed.
        DeliveryFailed = "deliveryFailed",
    }
}

/// Somebody's package. What it is of comes only where it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PackageAssignment {
    /// Graph's; none in a request whose assignment is not there yet.
    pub id: String,
    /// Whether they have it.
    pub state: Option<PackageAssignmentState>,
    /// The same in more words, which are no enumeration.
    pub status: Option<String>,
    /// ISO 8601.
    pub expired_date_time: Option<String>,
    /// From when, and how long.
    #[serde(deserialize_with = "nullable")]
    pub schedule: Schedule,
    /// Who.
    pub target: Option<PackageSubject>,
    /// What.
    pub access_package: Option<AccessPackage>,
    /// By which terms.
    pub assignment_policy: Option<AssignedPolicy>,
    /// Documented for requests, and not in the schema.
    pub access_package_id: Option<String>,
    /// As above.
    pub assignment_policy_id: Option<String>,
}

/// The policy that somebody was assigned by. Its terms are read by themselves: there may be tens of thousands of assignments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AssignedPolicy {
    /// Graph's.
    pub id: String,
    /// For showing.
    pub display_name: Option<String>,
}
