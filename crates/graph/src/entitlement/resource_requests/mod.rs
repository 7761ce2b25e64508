//! Bringing resources into a catalog, and out of it: no other call does. <https://learn.microsoft.com/graph/api/resources/accesspackageresourcerequest>

mod add;
mod remove;

pub use add::{AddResource, NewResource};
pub use remove::RemoveResource;

use super::EntitlementRefusal;
use super::assignment_requests::{RequestState, RequestType};
use crate::refusal::own;
use crate::{Problem, Refusal};
use serde::Deserialize;

/// What a 201 tells, also of a removal. Delivered or not, the resources of the catalog show it only some seconds later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceRequest {
    /// Graph's.
    pub id: String,
    /// What was asked.
    pub request_type: Option<RequestType>,
    /// `delivered` or `deliveryFailed` in the documentation.
    pub state: Option<RequestState>,
}

/// Why a resource is not brought into a catalog, or not out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceRefusal {
    /// 400 `ResourceNotFoundInOriginSystem`: there is no such group, or it was made a moment ago; the latter passes within four minutes.
    NotThereYet,
    /// 400 `ResourceAlreadyOnboarded`: it is in the catalog already.
    AlreadyThere,
    /// 400 `CallerNotResourceOwner`: the person has no say over the group, app or site (microsoft-graph-docs-contrib #8474, #3682).
    NotOwner,
    /// 400 `InvalidDeleteResourceHasEntitlements`: a package uses it, or did so a moment ago (terraform-provider-azuread #1091, #1175).
    InUse,
    /// The group is dynamic, synced from on-premises or Exchange's. Neither code nor text is public: our reading of texts that say so.
    Unsuitable,
    /// As of any call.
    Any(EntitlementRefusal),
}

const CODES: [(u16, &str, ResourceRefusal); 4] = [
    (400, "ResourceNotFoundInOriginSystem", ResourceRefusal::NotThereYet),
    (400, "ResourceAlreadyOnboarded", ResourceRefusal::AlreadyThere),
    (400, "CallerNotResourceOwner", ResourceRefusal::NotOwner),
    (400, "InvalidDeleteResourceHasEntitlements", ResourceRefusal::InUse),
];

const FRAGMENTS: [(u16, &str, ResourceRefusal); 3] = [
    (400, "dynamic", ResourceRefusal::Unsuitable),
    (400, "on-premises", ResourceRefusal::Unsuitable),
    (400, "mail-enabled", ResourceRefusal::Unsuitable),
];

impl Refusal for ResourceRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        own(problem, &CODES, &FRAGMENTS).or_else(|| EntitlementRefusal::told_by(problem).map(Self::Any))
    }
}
