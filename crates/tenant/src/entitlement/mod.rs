//! Entitlement management: who may ask for what, what comes of it by the clock, and to what it is delivered.
//! <https://learn.microsoft.com/graph/api/resources/entitlementmanagement-overview>
//!
//! `routes` says what can be asked, `types` what can be filtered by and expanded, `bodies` what can be sent, `access` who may; a file per
//! resource answers. `evaluation` says which policy covers whom, `walk` how requests and assignments go on by the clock, `delivery` what they
//! bring, `notices` what is written to people meanwhile, `lifecycle` what becomes of people from outside;
//! `my_access` is the pages for those who ask and those who decide.

mod access;
mod agenda;
mod approvals;
mod assignments;
mod bodies;
mod catalogs;
mod decisions;
mod delivery;
mod evaluation;
mod lifecycle;
pub(super) mod my_access;
mod notices;
mod object_view;
mod organizations;
mod packages;
mod policies;
mod record_set;
mod requests;
mod resources;
mod role_scopes;
pub(super) mod routes;
mod settings;
mod stored;
mod story;
mod submission;
pub(crate) mod types;
mod walk;

#[cfg(test)]
mod tests;

use super::Tenant;
use super::graph_api::refusal;
use agenda::Agenda;
use assignments::AssignmentRecord;
use graph::Reply;
use lifecycle::{LifecycleSettings, OutsiderRecord};
use my_access::Visits;
use organizations::SponsorRecord;
use packages::Incompatibility;
use record_set::RecordSet;
use resources::CatalogResource;
use role_scopes::RoleScopeRecord;
use stored::{StoredObject, StoredSet};
use time::Millis;
use walk::RequestRecord;

/// All that entitlement management holds. Catalogs, packages, policies and organizations are kept as they were sent, since what is sent is
/// what is answered; whatever moves by the clock is kept as records.
#[derive(Clone)]
pub(super) struct Governance {
    catalogs: StoredSet,
    packages: StoredSet,
    policies: StoredSet,
    organizations: StoredSet,
    sponsors: Vec<SponsorRecord>,
    resources: Vec<CatalogResource>,
    role_scopes: Vec<RoleScopeRecord>,
    incompatible: Vec<Incompatibility>,
    requests: RecordSet<RequestRecord>,
    assignments: RecordSet<AssignmentRecord>,
    role_assignments: Vec<access::RoleAssignmentRecord>,
    settings: LifecycleSettings,
    outsiders: Vec<OutsiderRecord>,
    agenda: Agenda,
    visits: Visits,
}

/// The catalog that every tenant has.
const GENERAL: &str = "9e4e2a10-c070-4050-a000-c0ffee00000a";

impl Default for Governance {
    fn default() -> Self {
        let body = serde_json::json!({"displayName": "General", "description": "Built-in catalog.", "catalogType": "serviceDefault",
            "state": "published", "isExternallyVisible": true});
        Self {
            catalogs: StoredSet::new(StoredObject::new(GENERAL.into(), String::new(), body, crate::contoso::CREATED)),
            packages: StoredSet::default(),
            policies: StoredSet::default(),
            organizations: StoredSet::default(),
            sponsors: Vec::new(),
            resources: Vec::new(),
            role_scopes: Vec::new(),
            incompatible: Vec::new(),
            requests: RecordSet::default(),
            assignments: RecordSet::default(),
            role_assignments: Vec::new(),
            settings: LifecycleSettings::default(),
            outsiders: Vec::new(),
            agenda: Agenda::default(),
            visits: Visits::default(),
        }
    }
}

/// One refusal for a missing permission, role and licence: msgraph-metadata #327, terraform-provider-azuread #1226, msgraph-sdk-powershell
/// #881 and #1482.
pub(super) fn unauthorized() -> Reply {
    let words = "User is not authorized to perform the operation. Reason: The caller is not authorized.";
    refusal(403, "UnAuthorized", words)
}

/// Of paths that the schema has and the service has not: msgraph-sdk-powershell #1970, #2329 and #2493. The code is ours.
pub(super) fn no_resource(path: &str) -> Reply {
    let words = format!("No HTTP resource was found that matches the request URI 'https://elm.internal.azurewebsites.net/api/v1.0{path}'.");
    refusal(404, "ResourceNotFound", &words)
}

/// A refusal whose code Microsoft does not document: the code is ours.
fn refused(code: &str, words: &str) -> Reply {
    refusal(400, code, words)
}

fn millis(knob: u32) -> Millis {
    Millis(i64::from(knob))
}

/// The id of a role or subject, which is the same each time: of two hashes of what it is.
fn derived_id(of: &str) -> String {
    let hash = |salt: &str| super::directory::key(&format!("{salt}{of}"));
    let (one, other) = (format!("{:016x}", hash("1")), format!("{:016x}", hash("2")));
    format!("{}-{}-4{}-a{}-{}", &one[..8], &one[8..12], &one[13..], &other[1..4], &other[4..])
}

impl Tenant {
    /// A `201` whose Location names a host that is not Graph's: msgraph-sdk-powershell #2373.
    fn answer_created(&self, set: &str, mut shown: serde_json::Map<String, serde_json::Value>) -> Reply {
        let id = shown.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
        shown.insert("@odata.context".into(), self.context(&format!("{set}/$entity")).into());
        let mut reply = super::json_reply(201, &serde_json::Value::Object(shown));
        reply.headers = reply.headers.with("Location", format!("https://elm.internal.azurewebsites.net/api/v1.0/{set}('{id}')"));
        reply
    }
}
