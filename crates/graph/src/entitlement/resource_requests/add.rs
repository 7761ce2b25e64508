//! Bringing a group, an app or a site into a catalog. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-resourcerequests>

use super::{ResourceRefusal, ResourceRequest};
use crate::entitlement::resources::{ListCatalogResources, OriginSystem};
use crate::entitlement::{ROOT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde::Serialize;
use serde_json::json;

/// 201 with a [`ResourceRequest`]. It takes a role of the catalog and a say over the resource itself. Groups that are dynamic, synced or
/// have mailboxes alone are refused.
#[derive(Clone, Copy, Debug)]
pub struct AddResource<'a> {
    /// The catalog's id.
    pub catalog: &'a str,
    /// What is brought in.
    pub resource: &'a NewResource,
}

/// A group, an app or a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewResource {
    /// For showing.
    pub display_name: String,
    /// As [`OriginSystem`] says.
    pub origin_id: String,
    /// Where it comes from.
    pub origin_system: OriginSystem,
}

impl Operation for AddResource<'_> {
    type Output = ResourceRequest;
    type Refusal = ResourceRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let body = json!({"requestType": "adminAdd", "resource": self.resource, "catalog": {"id": self.catalog}});
        Request::post(format!("{ROOT}/resourceRequests"), &body)
    }

    /// The catalog shows it, some seconds later. Once more would be refused as being there already.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(ListCatalogResources { catalog: self.catalog, origin: Some(&self.resource.origin_id) }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::EntitlementRefusal;
    use crate::entitlement::assignment_requests::RequestState;
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn a_group_is_added_by_its_origin_and_looked_for_by_it() {
        let resource = NewResource { display_name: "Test group".into(), origin_id: "g".into(), origin_system: OriginSystem::Group };
        let add = AddResource { catalog: "c", resource: &resource };
        let body = json!({"requestType": "adminAdd", "catalog": {"id": "c"},
            "resource": {"displayName": "Test group", "originId": "g", "originSystem": "AadGroup"}});
        writes(&add, "POST", &format!("{ROOT}/resourceRequests"), &body);
        let told = add.read(&reply(201, r#"{"id":"r","requestType":"adminAdd","state":"delivered"}"#)).unwrap();
        assert_eq!(told.state, Some(RequestState::Delivered));
        assert_eq!(looks(&add), ListCatalogResources { catalog: "c", origin: Some("g") }.request());
        let onboarded = "The specified resource is already onboarded to ELM.";
        refuses(
            &add,
            &[
                (400, "ResourceNotFoundInOriginSystem", "", Some(ResourceRefusal::NotThereYet)),
                (400, "ResourceAlreadyOnboarded", onboarded, Some(ResourceRefusal::AlreadyThere)),
                (400, "CallerNotResourceOwner", "The caller is not the resource owner.", Some(ResourceRefusal::NotOwner)),
                (404, "CatalogNotFound", "", Some(ResourceRefusal::Any(EntitlementRefusal::NotFound))),
                (400, "NewCode", "Groups with dynamic membership can not be added.", Some(ResourceRefusal::Unsuitable)),
                (400, "NewCode", "", None),
            ],
        );
    }
}
